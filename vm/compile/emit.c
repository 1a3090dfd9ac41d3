// SPDX-License-Identifier: MIT
//
// Emitting instructions into the unit being compiled: registers, labels, protected regions, and
// which locals are known to be bound.
//
// Definite assignment: unit->assigned has a bit for each local that is bound on every path to the
// current point. A forward label keeps the intersection of what its jumps bring. A loop's head,
// entered again from further down, and an exception handler, entered from anywhere in its region,
// start from the state at the entry: variables only become unbound through del, and those that have
// one (unit->deletable) are dropped from the state there.
#include "vm/compile/compiler.h"

enum { TEMPS_MAX = 0x7000, LOCALS_MAX = 0x7f00 };

_Noreturn static void too_many(Compiler *c, const char *what) {
    compile_error(c, c->unit->position, "too many %s", what);
}

// ---- instructions --------------------------------------------------------------------------

static Instr *append(Compiler *c, uint16_t op) {
    Unit *u = c->unit;
    if (u->count == u->capacity) {
        uint32_t capacity = u->capacity * 2;
        Instr *grown = arena_allocate(c->arena, capacity * sizeof(Instr));
        memcpy(grown, u->code, u->count * sizeof(Instr));
        u->code = grown;
        u->capacity = capacity;
    }
    Instr *i = &u->code[u->count++];
    i->op = op;
    i->target = NO_LABEL;
    i->position = u->position;
    return i;
}

static void ends_path(Unit *u, uint16_t op) {
    switch (op) {
    case OP_RETURN:
    case OP_RETURN_NONE:
    case OP_RAISE:
    case OP_RERAISE:
    case OP_JUMP:
    case OP_JUMP_BACK:
        u->reachable = false;
    }
}

void emit(Compiler *c, uint16_t op, uint32_t a, uint32_t b, uint32_t operand_c) {
    Unit *u = c->unit;
    if (!u->reachable)
        return;
    Instr *i = append(c, op);
    i->a = (uint16_t)a;
    i->b = (uint16_t)b;
    i->c = (uint16_t)operand_c;
    ends_path(u, op);
}

void emit_wide(Compiler *c, uint16_t op, uint32_t a, uint32_t bc) {
    emit(c, op, a, bc & 0xffff, bc >> 16);
}

void emit_constant(Compiler *c, Reg destination, Value constant) {
    if (!c->unit->reachable)
        return;
    if (value_is_int(constant)) {
        int64_t n = value_int(constant);
        if (n >= INT32_MIN && n <= INT32_MAX) {
            emit_wide(c, OP_LOAD_INT, destination, (uint32_t)(int32_t)n);
            return;
        }
    }
    emit_wide(c, OP_LOAD_CONST, destination, unit_constant(c, constant));
}

void emit_return(Compiler *c, Reg r) {
    // b: the temporaries that may be live besides r; made a register number in assemble.c.
    Unit *u = c->unit;
    uint32_t top = u->top;
    if (reg_is_temp(r) && r - REG_TEMP + 1u == top)
        top--;
    emit(c, OP_RETURN, r, top, 0);
}

void emit_return_none(Compiler *c) {
    emit(c, OP_RETURN_NONE, 0, c->unit->top, 0); // b: as above
}

// ---- which locals are bound ----------------------------------------------------------------

uint64_t *assigned_copy(Compiler *c) {
    Unit *u = c->unit;
    uint64_t *copy = arena_allocate(c->arena, u->assigned_words * sizeof *copy + 1);
    for (uint32_t i = 0; i < u->assigned_words; i++)
        copy[i] = u->assigned[i] & ~u->deletable[i];
    return copy;
}

bool assigned_test(const Unit *u, Reg local) {
    return !u->reachable || (u->assigned[local / 64] >> (local % 64) & 1);
}

void assigned_add(Unit *u, Reg local) {
    if (local < u->locals)
        u->assigned[local / 64] |= (uint64_t)1 << (local % 64);
}

void assigned_remove(Unit *u, Reg local) {
    if (local < u->locals)
        u->assigned[local / 64] &= ~((uint64_t)1 << (local % 64));
}

// ---- labels --------------------------------------------------------------------------------

Label label_new(Compiler *c) {
    Unit *u = c->unit;
    ARRAY_RESERVE(c, u->labels, u->label_count, u->label_capacity);
    u->labels[u->label_count] = (LabelInfo){.position = NOT_BOUND};
    return u->label_count++;
}

bool label_is_used(const Unit *u, Label label) {
    return u->labels[label].used;
}

// A jump from here to a label further down.
static void label_join(Compiler *c, Label label) {
    Unit *u = c->unit;
    LabelInfo *l = &u->labels[label];
    if (!l->used) {
        l->used = true;
        l->assigned = arena_allocate(c->arena, u->assigned_words * sizeof(uint64_t) + 1);
        memcpy(l->assigned, u->assigned, u->assigned_words * sizeof(uint64_t));
    } else {
        for (uint32_t i = 0; i < u->assigned_words; i++)
            l->assigned[i] &= u->assigned[i];
    }
}

void label_bind(Compiler *c, Label label) {
    Unit *u = c->unit;
    LabelInfo *l = &u->labels[label];
    l->position = u->count;
    if (!l->used)
        return;
    if (u->reachable) {
        for (uint32_t i = 0; i < u->assigned_words; i++)
            u->assigned[i] &= l->assigned[i];
    } else {
        memcpy(u->assigned, l->assigned, u->assigned_words * sizeof(uint64_t));
        u->reachable = true;
    }
}

void label_bind_loop(Compiler *c, Label label) {
    Unit *u = c->unit;
    label_bind(c, label);
    for (uint32_t i = 0; i < u->assigned_words; i++)
        u->assigned[i] &= ~u->deletable[i];
}

void label_bind_handler(Compiler *c, Label label, const uint64_t *assigned, bool reachable) {
    Unit *u = c->unit;
    u->labels[label].position = u->count;
    u->reachable = reachable;
    memcpy(u->assigned, assigned, u->assigned_words * sizeof(uint64_t));
}

void emit_jump(Compiler *c, Label label) {
    Unit *u = c->unit;
    if (!u->reachable)
        return;
    bool back = u->labels[label].position != NOT_BOUND;
    if (!back)
        label_join(c, label);
    append(c, back ? OP_JUMP_BACK : OP_JUMP)->target = label;
    u->reachable = false;
}

// The condition that is true when op's is false, or OP_NOP.
static uint16_t inverse_of(uint16_t op) {
    if (op >= OP_IF_LT && op <= OP_IF_GE)
        return (uint16_t)(op - OP_IF_LT + OP_IF_NOT_LT);
    if (op >= OP_IF_NOT_LT && op <= OP_IF_NOT_GE)
        return (uint16_t)(op - OP_IF_NOT_LT + OP_IF_LT);
    if (op >= OP_IF_LT_INT && op <= OP_IF_GE_INT)
        return (uint16_t)(op - OP_IF_LT_INT + OP_IF_NOT_LT_INT);
    if (op >= OP_IF_NOT_LT_INT && op <= OP_IF_NOT_GE_INT)
        return (uint16_t)(op - OP_IF_NOT_LT_INT + OP_IF_LT_INT);
    return OP_NOP;
}

// May the instruction jump backward? (Those that may have a safepoint.)
static bool may_jump_back(uint16_t op) {
    return !(op >= OP_IF_NOT_LT && op <= OP_IF_NOT_GE) &&
           !(op >= OP_IF_NOT_LT_INT && op <= OP_IF_NOT_GE_INT);
}

void emit_branch(Compiler *c, uint16_t op, uint32_t a, uint32_t b, Label label) {
    Unit *u = c->unit;
    if (!u->reachable)
        return;
    bool back = u->labels[label].position != NOT_BOUND;
    if (back && !may_jump_back(op)) {
        Label past = label_new(c);
        emit_branch(c, inverse_of(op), a, b, past);
        emit_jump(c, label);
        label_bind(c, past);
        return;
    }
    if (!back)
        label_join(c, label);
    Instr *i = append(c, op);
    i->a = (uint16_t)a;
    i->b = (uint16_t)b;
    i->target = label;
}

// ---- registers -----------------------------------------------------------------------------

Reg temp_push(Compiler *c) {
    temp_reserve(c, c->unit->top + 1);
    return temp_at(c->unit->top - 1);
}

void temp_reserve(Compiler *c, uint32_t top) {
    Unit *u = c->unit;
    u->top = top;
    if (top > u->top_max) {
        if (top > TEMPS_MAX)
            too_many(c, "intermediate values in one expression");
        u->top_max = top;
    }
}

Reg hidden_push(Compiler *c) {
    Unit *u = c->unit;
    uint32_t index = u->hidden++;
    if (u->hidden > u->hidden_max)
        u->hidden_max = u->hidden;
    if (u->locals + u->hidden > LOCALS_MAX)
        too_many(c, "local variables");
    return (Reg)(u->locals + index);
}

void hidden_pop(Compiler *c, Reg hidden) {
    emit(c, OP_CLEAR, hidden, 0, 0);
    c->unit->hidden--;
}

void hidden_pop_quietly(Compiler *c) {
    c->unit->hidden--;
}

// ---- names ---------------------------------------------------------------------------------

static void name_table_grow(Compiler *c, NameTable *t) {
    uint32_t size = t->size ? t->size * 2 : 16;
    const AstName **keys = arena_allocate(c->arena, size * sizeof *keys);
    uint32_t *values = arena_allocate(c->arena, size * sizeof *values);
    for (uint32_t i = 0; i < t->size; i++) {
        if (!t->keys[i])
            continue;
        uint32_t j = t->keys[i]->index * 0x9e3779b1u >> 7 & (size - 1);
        while (keys[j])
            j = (j + 1) & (size - 1);
        keys[j] = t->keys[i];
        values[j] = t->values[i];
    }
    t->keys = keys;
    t->values = values;
    t->size = size;
}

uint32_t unit_name_plain(Compiler *c, const AstName *name) {
    Unit *u = c->unit;
    if (!u->reachable)
        return 0;
    NameTable *t = &u->name_table;
    if (t->count * 2 >= t->size)
        name_table_grow(c, t);
    uint32_t i = name->index * 0x9e3779b1u >> 7 & (t->size - 1);
    for (; t->keys[i]; i = (i + 1) & (t->size - 1))
        if (t->keys[i] == name)
            return t->values[i];
    if (u->name_count > UINT16_MAX)
        too_many(c, "names");
    ARRAY_RESERVE(c, u->names, u->name_count, u->name_capacity);
    u->names[u->name_count] = compile_name(c, name);
    t->keys[i] = name;
    t->values[i] = u->name_count;
    t->count++;
    return u->name_count++;
}

uint32_t unit_name(Compiler *c, const AstName *name) {
    return unit_name_plain(c, mangle_name(c, c->unit->scope->private_name, name));
}

// ---- blocks and the regions their handlers protect -----------------------------------------

Block *block_push(Compiler *c, BlockKind kind, Label handler, uint32_t depth) {
    Unit *u = c->unit;
    // Weighed as CPython counts them, so that the same programs are refused.
    static const uint8_t weights[] = {
        [BLOCK_HANDLER] = 2, [BLOCK_NAMED_HANDLER] = 0, [BLOCK_CLEANUP] = 0,
        [BLOCK_VALUE] = 0,   [BLOCK_WHILE] = 1,         [BLOCK_FOR] = 1,
        [BLOCK_TRY] = 1,     [BLOCK_FINALLY] = 1,       [BLOCK_FINALLY_END] = 1,
        [BLOCK_WITH] = 1};
    uint32_t nested = weights[kind];
    for (uint32_t i = 0; i < u->block_count; i++)
        nested += weights[u->blocks[i].kind];
    if ((nested > BLOCKS_MAX && weights[kind]) || u->block_count == BLOCKS_ROOM)
        too_many(c, "statically nested blocks");
    Block *b = &u->blocks[u->block_count++];
    *b = (Block){.kind = kind,
                 .handler = handler,
                 .depth = depth,
                 .open = handler == NO_LABEL ? NOT_BOUND : u->count,
                 .on_break = NO_LABEL,
                 .on_continue = NO_LABEL,
                 .position = u->position};
    return b;
}

// What was emitted since the region was opened is protected by the block's handler.
void region_close(Compiler *c, Block *b) {
    Unit *u = c->unit;
    if (b->open == NOT_BOUND)
        return;
    uint32_t start = b->open;
    b->open = NOT_BOUND;
    if (start == u->count)
        return;
    u->labels[b->handler].used = true;
    ARRAY_RESERVE(c, u->regions, u->region_count, u->region_capacity);
    u->regions[u->region_count++] =
        (Region){start, u->count, b->handler, b->depth, (uint32_t)(b - u->blocks)};
}

void block_pop(Compiler *c) {
    Unit *u = c->unit;
    region_close(c, &u->blocks[u->block_count - 1]);
    u->block_count--;
}

// ---- units ---------------------------------------------------------------------------------

// Hash tables of a used unit are emptied; large ones cost more to empty than to make anew.
enum { TABLE_KEPT = 256 };

static void unit_recycle(Unit *u) {
    Unit clean = {
        .code = u->code,
        .capacity = u->capacity,
        .labels = u->labels,
        .label_capacity = u->label_capacity,
        .lines = u->lines,
        .line_capacity = u->line_capacity,
        .regions = u->regions,
        .region_capacity = u->region_capacity,
        .blocks = u->blocks,
        .constants = u->constants,
        .constant_capacity = u->constant_capacity,
        .names = u->names,
        .name_capacity = u->name_capacity,
    };
    if (u->constant_table_size && u->constant_table_size <= TABLE_KEPT) {
        clean.constant_keys = u->constant_keys;
        clean.constant_values = u->constant_values;
        clean.constant_table_size = u->constant_table_size;
        memset(clean.constant_keys, 0, u->constant_table_size * sizeof *u->constant_keys);
    }
    if (u->name_table.size && u->name_table.size <= TABLE_KEPT) {
        clean.name_table = u->name_table;
        clean.name_table.count = 0;
        memset(clean.name_table.keys, 0, u->name_table.size * sizeof *u->name_table.keys);
    }
    *u = clean;
}

static Unit *unit_new(Compiler *c) {
    Unit *u = c->spare_units;
    if (u) {
        c->spare_units = u->parent;
        unit_recycle(u);
        return u;
    }
    u = NEW(c, Unit);
    u->blocks = arena_allocate(c->arena, BLOCKS_ROOM * sizeof *u->blocks);
    u->capacity = 64;
    u->code = arena_allocate(c->arena, u->capacity * sizeof(Instr));
    return u;
}

// A function's locals: which are bound from the start, and which may become unbound.
static void start_locals(Unit *u, const Scope *scope) {
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        const Symbol *symbol = scope->symbols[i];
        if (symbol->binding != BINDING_LOCAL)
            continue;
        if (i < scope->parameter_count)
            assigned_add(u, (Reg)symbol->slot);
        if (symbol->flags & SYMBOL_DELETED)
            u->deletable[symbol->slot / 64] |= (uint64_t)1 << (symbol->slot % 64);
    }
}

// ---- lines without an instruction ----------------------------------------------------------

void line_note(Compiler *c, Unit *u, uint32_t at, int line, CodeLineKind kind) {
    ARRAY_RESERVE(c, u->lines, u->line_count, u->line_capacity);
    u->lines[u->line_count++] = (ExtraLine){at, at, line, kind};
}

uint32_t line_begins(Compiler *c, CodeLineKind kind) {
    Unit *u = c->unit;
    if (!u->reachable || u->position.line <= 0)
        return NOT_BOUND;
    line_note(c, u, u->count, u->position.line, kind);
    return u->line_count - 1;
}

void line_ends(Compiler *c, uint32_t index) {
    if (index != NOT_BOUND)
        c->unit->lines[index].end = c->unit->count;
}

Unit *unit_enter(Compiler *c, Scope *scope, const AstName *name, int first_line) {
    Unit *u = unit_new(c);
    u->parent = c->unit;
    u->scope = scope;
    u->name = compile_name(c, name);
    u->first_line = first_line;
    u->reachable = true;
    u->locals = scope->local_count;
    u->assigned_words = (u->locals + 63) / 64;
    u->assigned = arena_allocate(c->arena, u->assigned_words * 2 * sizeof(uint64_t) + 1);
    u->deletable = u->assigned + u->assigned_words;
    u->position = (Position){first_line, first_line, 0, 0};
    c->unit = u;
    if (u->locals > LOCALS_MAX)
        too_many(c, "local variables");
    if (scope->kind == SCOPE_FUNCTION)
        start_locals(u, scope);
    return u;
}

void unit_leave(Compiler *c) {
    Unit *u = c->unit;
    c->unit = u->parent;
    u->parent = c->spare_units;
    c->spare_units = u;
}
