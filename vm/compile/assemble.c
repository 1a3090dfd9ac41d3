// SPDX-License-Identifier: MIT
//
// From a unit's instruction list to a Code: final register numbers, jump threading, instruction
// addresses, and the tables of handlers and positions.
//
// Jumps of 16 bits that do not reach become a short jump around or to a 32-bit one. Which ones are
// too far depends on the addresses and the other way round, so the two steps repeat; a jump never
// gets short again, so that ends.
#include "vm/compile/compiler.h"
#include "vm/runtime/options.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdlib.h>

static const uint8_t cache_words[] = {
#define OP(name, format, cache) cache,
#include "vm/interp/opcodes.def"
#undef OP
};

enum { DELETED = 1, LONG = 2, UNREACHABLE = 4 };

typedef struct {
    Compiler *c;
    Unit *u;
    uint32_t count;
    uint32_t *targets; // instruction each jump goes to
    uint8_t *state;
    uint32_t *entered; // how many jumps and handlers go to each instruction
    uint32_t *words;   // address of each instruction, and of the end
    uint32_t locals;   // hidden ones included
} Assembler;

static bool is_jump(const Instr *i) {
    return i->target != NO_LABEL;
}
static bool is_short_jump(uint16_t op) {
    return opcode_formats[op][2] == 'j';
}

// May be retargeted to an earlier instruction.
static bool may_go_back(uint16_t op) {
    switch (op) {
    case OP_JUMP_IF_TRUE:
    case OP_JUMP_IF_FALSE:
    case OP_JUMP_IF_NONE:
    case OP_JUMP_IF_NOT_NONE:
        return true;
    default:
        return (op >= OP_IF_LT && op <= OP_IF_GE) || (op >= OP_IF_LT_INT && op <= OP_IF_GE_INT) ||
               (op >= OP_IF_IS && op <= OP_IF_NOT_IN);
    }
}

// The jump that is taken when op is not, or OP_NOP.
static uint16_t opposite_of(uint16_t op) {
    if (op >= OP_IF_LT && op <= OP_IF_GE)
        return (uint16_t)(op - OP_IF_LT + OP_IF_NOT_LT);
    if (op >= OP_IF_NOT_LT && op <= OP_IF_NOT_GE)
        return (uint16_t)(op - OP_IF_NOT_LT + OP_IF_LT);
    if (op >= OP_IF_LT_INT && op <= OP_IF_GE_INT)
        return (uint16_t)(op - OP_IF_LT_INT + OP_IF_NOT_LT_INT);
    if (op >= OP_IF_NOT_LT_INT && op <= OP_IF_NOT_GE_INT)
        return (uint16_t)(op - OP_IF_NOT_LT_INT + OP_IF_LT_INT);
    switch (op) {
    case OP_IF_IS:
        return OP_IF_IS_NOT;
    case OP_IF_IS_NOT:
        return OP_IF_IS;
    case OP_IF_IN:
        return OP_IF_NOT_IN;
    case OP_IF_NOT_IN:
        return OP_IF_IN;
    case OP_JUMP_IF_TRUE:
        return OP_JUMP_IF_FALSE;
    case OP_JUMP_IF_FALSE:
        return OP_JUMP_IF_TRUE;
    case OP_JUMP_IF_NONE:
        return OP_JUMP_IF_NOT_NONE;
    case OP_JUMP_IF_NOT_NONE:
        return OP_JUMP_IF_NONE;
    default:
        return OP_NOP;
    }
}

static bool only_deleted(const Assembler *a, uint32_t from, uint32_t to) {
    for (; from < to; from++)
        if (!(a->state[from] & DELETED))
            return false;
    return true;
}

// ---- jumps ---------------------------------------------------------------------------------

static void note_passed(Assembler *a, uint32_t i, uint32_t t, int line) {
    line_note(a->c, a->u, i, line, LINE_TAKEN);
    a->u->lines[a->u->line_count - 1].end = t;
}
// Jump i goes past jump t, say a break or continue: that has a line of its own, and so may have
// what begins with it and what it goes past itself.
static void note_taken(Assembler *a, uint32_t i, uint32_t t) {
    Unit *u = a->u;
    uint32_t count = u->line_count; // the notes before those of i
    for (uint32_t k = 0; k < count; k++)
        if (u->lines[k].at == t && u->lines[k].kind == LINE_BEFORE)
            note_passed(a, i, t, u->lines[k].line);
    int line = u->code[t].position.line;
    if (line > 0 && line != u->code[i].position.line)
        note_passed(a, i, t, line);
    for (uint32_t k = 0; k < count; k++)
        if (u->lines[k].at == t && u->lines[k].kind == LINE_TAKEN)
            note_passed(a, i, u->lines[k].end, u->lines[k].line);
}

// Jump i becomes a return: its own line comes first, then what it would have passed, and the return
// is where that ends.
static void passed_before(Assembler *a, uint32_t i) {
    Unit *u = a->u;
    Position *position = &u->code[i].position;
    for (uint32_t k = 0; k < u->line_count; k++) {
        ExtraLine *l = &u->lines[k];
        if (l->at != i || l->kind != LINE_TAKEN)
            continue;
        int line = l->line;
        if (position->line > 0) {
            l->line = position->line;
            *position = (Position){line, line, -1, -1};
        }
        l->kind = LINE_BEFORE;
        l->end = i;
    }
}

static void inherit_position(Instr *instr, const Instr *from) {
    if (instr->position.line <= 0)
        instr->position = from->position;
}

// Jump i, if it has no line of its own, takes that of the first jump or statement it passes.
static void take_first_passed(Assembler *a, uint32_t i) {
    const Unit *u = a->u;
    Position *position = &u->code[i].position;
    if (position->line > 0)
        return;
    for (uint32_t k = 0; k < u->line_count; k++)
        if (u->lines[k].at == i && u->lines[k].kind == LINE_TAKEN) {
            *position = (Position){u->lines[k].line, u->lines[k].line, -1, -1};
            return;
        }
}

// A jump to a jump goes to the latter's target; the targets further down are final when this looks
// at them.
static void thread_jumps(Assembler *a) {
    Instr *code = a->u->code;
    for (uint32_t i = 0; i < a->count; i++)
        if (is_jump(&code[i]))
            a->targets[i] = a->u->labels[code[i].target].position;
    for (uint32_t i = a->count; i-- > 0;) {
        if (!is_jump(&code[i]))
            continue;
        uint32_t t = a->targets[i];
        if (t <= i || t >= a->count)
            continue;
        if (code[t].op == OP_JUMP) {
            note_taken(a, i, t);
            a->targets[i] = t = a->targets[t];
        }
        if (t >= a->count)
            continue;
        if (code[i].op == OP_JUMP) {
            if (code[t].op == OP_JUMP_BACK && a->targets[t] <= i) {
                note_taken(a, i, t);
                code[i].op = OP_JUMP_BACK;
                take_first_passed(a, i);
                a->targets[i] = a->targets[t];
            } else if (code[t].op == OP_RETURN_NONE) {
                note_taken(a, i, t);
                passed_before(a, i);
                code[i].op = OP_RETURN_NONE;
                code[i].b = code[t].b; // the same is live here
                inherit_position(&code[i], &code[t]);
                code[i].target = NO_LABEL;
            }
        } else if (code[t].op == OP_JUMP_BACK && a->targets[t] <= i && may_go_back(code[i].op)) {
            a->targets[i] = a->targets[t];
        }
    }
}

static bool ends_path(uint16_t op) {
    return op == OP_JUMP || op == OP_JUMP_BACK || op == OP_RETURN || op == OP_RETURN_NONE ||
           op == OP_RAISE || op == OP_RERAISE;
}

static void delete_instruction(Assembler *a, uint32_t i) {
    if (is_jump(&a->u->code[i]))
        a->entered[a->targets[i]]--;
    a->state[i] |= DELETED;
}

// What threading left without a way to it, jumps to the next instruction, and conditional jumps
// around a jump.
static void delete_needless(Assembler *a) {
    Instr *code = a->u->code;
    for (uint32_t i = 0; i < a->count; i++)
        if (is_jump(&code[i]))
            a->entered[a->targets[i]]++;
    for (uint32_t i = 0; i < a->u->region_count; i++)
        a->entered[a->u->labels[a->u->regions[i].handler].position]++;
    bool reachable = true;
    for (uint32_t i = 0; i < a->count; i++) {
        reachable |= a->entered[i] > 0;
        if (!reachable) {
            delete_instruction(a, i);
            a->state[i] |= UNREACHABLE;
        } else
            reachable = !ends_path(code[i].op);
    }
    uint32_t next = a->count; // the next instruction that stays
    for (uint32_t i = a->count; i-- > 0;) {
        if (a->state[i] & DELETED)
            continue;
        Instr *instr = &code[i];
        if ((instr->op == OP_JUMP && a->targets[i] > i && a->targets[i] <= next) ||
            (instr->op == OP_MOVE && instr->a == instr->b)) {
            bool has_line = instr->op == OP_JUMP && instr->position.line > 0 &&
                            (next == a->count || code[next].position.line != instr->position.line);
            if (has_line) { // a break that leads to the next instruction
                a->entered[a->targets[i]]--;
                instr->op = OP_NOP;
                instr->a = instr->b = instr->c = 0;
                instr->target = NO_LABEL;
            } else {
                delete_instruction(a, i);
                continue;
            }
        }
        if (instr->op == OP_NOP && next < a->count && code[next].op == OP_RETURN_NONE &&
            code[next].position.line <= 0 && !a->entered[next])
            code[next].position = instr->position;
        if (instr->op == OP_NOP && next < a->count &&
            code[next].position.line == instr->position.line) {
            a->entered[next] += a->entered[i];
            a->state[i] |= DELETED;
            continue;
        }
        // if (c) goto 1; goto 2; 1: ...  becomes  if (!c) goto 2;
        uint16_t opposite = is_jump(instr) ? opposite_of(instr->op) : OP_NOP;
        if (opposite != OP_NOP && next < a->count && !a->entered[next] &&
            (code[next].op == OP_JUMP ||
             (code[next].op == OP_JUMP_BACK && may_go_back(opposite))) &&
            a->targets[i] > next && only_deleted(a, next + 1, a->targets[i])) {
            note_taken(a, i, next);
            a->entered[a->targets[i]]--;
            a->targets[i] = a->targets[next];
            a->entered[a->targets[i]]++;
            instr->op = opposite;
            delete_instruction(a, next);
            next++;
            while (next < a->count && (a->state[next] & DELETED))
                next++;
        }
        next = i;
    }
}

// Is it a return that nobody wrote, or the end of a finally clause in which an exception goes on?
static bool is_ending(const Assembler *a, uint32_t i) {
    const Instr *code = a->u->code;
    if (code[i].op == OP_POP_HANDLED && i + 1 < a->count && !a->entered[i + 1])
        i++;
    return code[i].op == OP_RETURN_NONE || (code[i].op == OP_RERAISE && code[i].b == 1);
}

// Such an ending belongs to the statement it comes after, if that is only one.
static void place_returns(Assembler *a) {
    Instr *code = a->u->code, *before = NULL;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->state[i] & DELETED)
            continue;
        if (before && is_ending(a, i) && !a->entered[i] && !ends_path(before->op))
            inherit_position(&code[i], before);
        before = &code[i];
    }
}

static uint32_t extra_words(uint16_t op) { // of a jump that does not reach
    return op == OP_FOR_ITER || op == OP_IF_NOT_EXCEPTION ? 2 : 1;
}

// In bytes, of a jump that lies at `word`.
static int64_t distance_from(const Assembler *a, uint32_t word, uint32_t target) {
    return ((int64_t)a->words[target] - word - 1) * (int64_t)sizeof(Instruction);
}

static void address(Assembler *a) {
    const Instr *code = a->u->code;
    for (bool changed = true; changed;) {
        changed = false;
        uint32_t word = 0;
        for (uint32_t i = 0; i < a->count; i++) {
            a->words[i] = word;
            if (a->state[i] & DELETED)
                continue;
            word += 1u + cache_words[code[i].op];
            if (a->state[i] & LONG)
                word += extra_words(code[i].op);
        }
        a->words[a->count] = word;
        for (uint32_t i = 0; i < a->count; i++) {
            if ((a->state[i] & (DELETED | LONG)) || !is_jump(&code[i]) ||
                !is_short_jump(code[i].op))
                continue;
            int64_t distance = distance_from(a, a->words[i], a->targets[i]);
            if (distance < INT16_MIN || distance > INT16_MAX) {
                a->state[i] |= LONG;
                changed = true;
            }
        }
    }
}

// ---- instructions --------------------------------------------------------------------------

static uint16_t final_register(const Assembler *a, uint16_t r) {
    return reg_is_temp(r) ? (uint16_t)(a->locals + (r - REG_TEMP)) : r;
}

static void put_far(Assembler *a, Instruction *out, uint32_t word, uint32_t target) {
    int64_t distance = distance_from(a, word, target);
    *out = (Instruction){.op = distance < 0 ? OP_JUMP_BACK : OP_JUMP,
                         .b = (uint16_t)distance,
                         .c = (uint16_t)((uint32_t)distance >> 16)};
}

static void put_jump(Assembler *a, Instruction *out, uint32_t i) {
    const Instr *instr = &a->u->code[i];
    uint32_t word = a->words[i], target = a->targets[i];
    int64_t distance = distance_from(a, word, target);
    if (!is_short_jump(instr->op)) {
        out->b = (uint16_t)distance;
        out->c = (uint16_t)((uint32_t)distance >> 16);
    } else if (!(a->state[i] & LONG)) {
        out->c = (uint16_t)distance;
    } else if (extra_words(instr->op) == 2) { // over the jump that goes on, to the far one
        out->c = sizeof(Instruction);
        out[1] = (Instruction){.op = OP_JUMP, .b = sizeof(Instruction)};
        put_far(a, out + 2, word + 2, target);
    } else {
        out->op = opposite_of(instr->op);
        out->c = sizeof(Instruction);
        put_far(a, out + 1, word + 1, target);
    }
}

static void put_instructions(Assembler *a, Code *code) {
    const Unit *u = a->u;
    uint32_t count = a->words[a->count];
    code->word_count = count;
    code->instructions = buffer_allocate_zeroed((count ? count : 1) * sizeof(Instruction));
    if (!code->instructions)
        return;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->state[i] & DELETED)
            continue;
        const Instr *instr = &u->code[i];
        const char *format = opcode_formats[instr->op];
        Instruction *out = code->instructions + a->words[i];
        out->op = (uint8_t)instr->op;
        out->a = format[0] == 'r' ? final_register(a, instr->a) : instr->a;
        out->b = format[1] == 'r' ? final_register(a, instr->b) : instr->b;
        out->c = format[2] == 'r' ? final_register(a, instr->c) : instr->c;
        if (instr->op == OP_RETURN || instr->op == OP_RETURN_NONE)
            out->b = (uint16_t)(a->locals + instr->b);
        if (instr->op == OP_YIELD)
            out->c = (uint16_t)(a->locals + instr->c);
        out->temporaries = instruction_temporaries(out, a->locals);
        if (is_jump(instr))
            put_jump(a, out, i);
    }
}

// ---- tables --------------------------------------------------------------------------------

static bool same_position(const Position *p, const Position *q) {
    return p->line == q->line && p->end_line == q->end_line && p->column == q->column &&
           p->end_column == q->end_column;
}

static bool put_positions(Assembler *a, Code *code) {
    const Position *last = NULL;
    uint32_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1) {
            code->positions = buffer_allocate((count ? count : 1) * sizeof(CodePosition));
            if (!code->positions)
                return false;
            code->position_count = count;
        }
        count = 0;
        last = NULL;
        for (uint32_t i = 0; i < a->count; i++) {
            if (a->state[i] & DELETED)
                continue;
            const Position *p = &a->u->code[i].position;
            if (last && same_position(last, p))
                continue;
            last = p;
            if (pass == 1)
                code->positions[count] =
                    options.debug_ranges
                        ? (CodePosition){a->words[i], p->line, p->end_line,
                                         p->line ? p->column : -1, p->line ? p->end_column : -1}
                        : (CodePosition){a->words[i], p->line, p->line, -1, -1};
            count++;
        }
    }
    return true;
}

// With its number above the kind: as they were noted.
static int by_word(const void *x, const void *y) {
    const CodeLine *p = x, *q = y;
    if (p->word != q->word)
        return p->word < q->word ? -1 : 1;
    return p->kind < q->kind ? -1 : p->kind > q->kind;
}

static bool put_extra_lines(Assembler *a, Code *code) {
    const Unit *u = a->u;
    if (!u->line_count)
        return true;
    code->extra_lines = buffer_allocate(u->line_count * sizeof(CodeLine));
    if (!code->extra_lines)
        return false;
    uint32_t count = 0;
    for (uint32_t i = 0; i < u->line_count; i++) {
        const ExtraLine *l = &u->lines[i];
        uint8_t gone =
            l->kind == LINE_TAKEN ? DELETED : UNREACHABLE; // others wait for what is next
        if (!(a->state[l->at] & gone))
            code->extra_lines[count++] = (CodeLine){a->words[l->at], a->words[l->end], l->line,
                                                    (uint32_t)l->kind | i << LINE_KIND_BITS};
    }
    code->extra_line_count = count;
    qsort(code->extra_lines, count, sizeof(CodeLine), by_word);
    for (uint32_t i = 0; i < count; i++)
        code->extra_lines[i].kind &= (1u << LINE_KIND_BITS) - 1;
    return true;
}

static int inner_first(const void *x, const void *y) {
    const Region *p = x, *q = y;
    if (p->level != q->level)
        return p->level > q->level ? -1 : 1;
    return p->start < q->start ? -1 : p->start > q->start;
}

static bool put_handlers(Assembler *a, Code *code) {
    Unit *u = a->u;
    if (!u->region_count)
        return true;
    qsort(u->regions, u->region_count, sizeof *u->regions, inner_first);
    CodeHandler *handlers = buffer_allocate(u->region_count * sizeof *handlers);
    if (!handlers)
        return false;
    code->handlers = handlers;
    uint32_t count = 0;
    for (uint32_t i = 0; i < u->region_count; i++) {
        const Region *r = &u->regions[i];
        CodeHandler h = {a->words[r->start], a->words[r->end],
                         a->words[u->labels[r->handler].position], a->locals + r->depth};
        if (h.start == h.end)
            continue;
        if (count && handlers[count - 1].end == h.start &&
            handlers[count - 1].handler == h.handler) {
            handlers[count - 1].end = h.end;
            continue;
        }
        handlers[count++] = h;
    }
    if (count > UINT16_MAX)
        compile_error(a->c, u->position, "too many exception handlers");
    code->handler_count = (uint16_t)count;
    return true;
}

static Value tuple_of_symbols(Compiler *c, Symbol *const *symbols, uint32_t count) {
    Value tuple = count ? tuple_allocate(count) : tuple_empty();
    compiler_check(c, tuple);
    for (uint32_t i = 0; i < count; i++)
        tuple_of(tuple)->items[i] = ref_new(compile_name(c, symbols[i]->name));
    return tuple;
}

static Value local_names(Assembler *a) {
    Compiler *c = a->c;
    const Scope *scope = a->u->scope;
    Value hidden = constant_str(c, "");
    Value tuple = a->locals ? tuple_allocate(a->locals) : tuple_empty();
    compiler_check(c, tuple);
    Value *items = tuple_of(tuple)->items;
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        const Symbol *s = scope->symbols[i];
        if (s->binding == BINDING_CELL ||
            (s->binding == BINDING_LOCAL && scope->kind == SCOPE_FUNCTION))
            items[s->slot] = ref_new(compile_name(c, s->name));
    }
    if (scope->class_cell)
        items[scope->class_cell->slot] = ref_new(compile_name(c, scope->class_cell->name));
    for (uint32_t i = 0; i < a->locals; i++)
        if (value_is_null(items[i]))
            items[i] = ref_new(hidden);
    return tuple;
}

static bool put_constants(Assembler *a, Code *code) {
    const Unit *u = a->u;
    code->constants = buffer_allocate((u->constant_count ? u->constant_count : 1) * sizeof(Value));
    if (!code->constants)
        return false;
    for (uint32_t i = 0; i < u->constant_count; i++)
        code->constants[i] = ref_new(u->constants[i]);
    code->constant_count = u->constant_count;
    return true;
}

// The arrays live until the next unit is assembled.
static void scratch_arrays(Assembler *a) {
    Compiler *c = a->c;
    size_t count = a->count + 1, size = count * (3 * sizeof(uint32_t) + 1);
    if (size > c->scratch_size) {
        c->scratch_size = size * 2;
        c->scratch = arena_allocate(c->arena, c->scratch_size);
    }
    a->targets = (uint32_t *)c->scratch;
    a->entered = a->targets + count;
    a->words = a->entered + count;
    a->state = (uint8_t *)(a->words + count);
    memset(a->entered, 0, count * sizeof *a->entered);
    memset(a->state, 0, count);
}

Value unit_assemble(Compiler *c) {
    Unit *u = c->unit;
    Assembler a = {.c = c, .u = u, .count = u->count, .locals = u->locals + u->hidden_max};
    scratch_arrays(&a);
    thread_jumps(&a);
    delete_needless(&a);
    place_returns(&a);
    address(&a);

    Code *code = code_allocate();
    if (!code)
        compile_fail(c);
    Value value = compiler_own(c, value_from_object(code));
    code->flags = u->flags;
    code->argument_count = (uint16_t)u->argument_count;
    code->positional_only_count = (uint16_t)u->positional_only_count;
    code->keyword_only_count = (uint16_t)u->keyword_only_count;
    code->local_count = (uint16_t)a.locals;
    code->register_count = (uint16_t)(a.locals + u->top_max);
    code->first_line = u->first_line;
    code->name = ref_new(u->name);
    code->qualname = ref_new(u->qualname);
    code->filename = ref_new(c->filename);
    put_instructions(&a, code);
    if (!code->instructions || !put_positions(&a, code) || !put_extra_lines(&a, code) ||
        !put_handlers(&a, code) || !put_constants(&a, code)) {
        raise_memory_error();
        compile_fail(c);
    }
    code->names = compiler_check(c, u->name_count ? tuple_from_array(u->names, u->name_count)
                                                  : tuple_empty());
    code->local_names = local_names(&a);
    code->cell_names = tuple_of_symbols(c, u->scope->cells, u->scope->cell_count);
    code->free_names = tuple_of_symbols(c, u->scope->free, u->scope->free_count);
#ifndef NDEBUG
    code_verify(code);
#endif
    return value;
}
