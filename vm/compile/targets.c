// SPDX-License-Identifier: MIT
//
// Code for assignments and deletions. Values are computed straight into the local they are for
// where nobody can tell the difference: the value's last instruction is then the assignment.
#include "vm/compile/compiler.h"
#include "vm/types/str.h"

enum { PARALLEL_MAX = 32 };

static bool is_unpacking(const AstExpr *target) {
    return target->kind == AST_TUPLE || target->kind == AST_LIST;
}

static Symbol *fast_target(Compiler *c, const AstExpr *target) {
    Symbol *symbol;
    if (target->kind == AST_NAME && is_fast_name(c, target->name.id, &symbol))
        return symbol;
    return NULL;
}

Reg compile_target_register(Compiler *c, AstExpr *target) {
    Symbol *symbol = fast_target(c, target);
    return symbol ? (Reg)symbol->slot : temp_push(c);
}

// ---- storing -------------------------------------------------------------------------------

// Are the targets locals that lie side by side, and their names in the line that is the position?
// A name in another line is an event of its own for who traces.
static bool is_row_of_locals(Compiler *c, const AstExprSeq *elts) {
    const Symbol *first = NULL;
    for (uint32_t i = 0; i < elts->count; i++) {
        const Symbol *symbol = fast_target(c, elts->items[i]);
        if (!symbol || elts->items[i]->line != c->unit->position.line)
            return false;
        first = first ? first : symbol;
        if (symbol->slot != first->slot + i)
            return false;
    }
    return first;
}

static void compile_unpack(Compiler *c, const AstExprSeq *elts, Reg value) {
    Unit *u = c->unit;
    if (is_row_of_locals(c, elts)) {
        Reg first = (Reg)fast_target(c, elts->items[0])->slot;
        if (value < first || value >= first + elts->count) {
            emit(c, OP_UNPACK_SEQUENCE, value, first, elts->count);
            for (uint32_t i = 0; i < elts->count; i++)
                assigned_add(u, (Reg)(first + i));
            return;
        }
    }
    uint32_t mark = u->top, star = UINT32_MAX;
    for (uint32_t i = 0; i < elts->count; i++) {
        if (elts->items[i]->kind != AST_STARRED)
            continue;
        if (star != UINT32_MAX)
            compile_error(c, u->position, "multiple starred expressions in assignment");
        star = i;
    }
    temp_reserve(c, mark + elts->count);
    if (star == UINT32_MAX) {
        emit(c, OP_UNPACK_SEQUENCE, value, temp_at(mark), elts->count);
    } else {
        uint32_t before = star, after = elts->count - star - 1;
        if (before > 255 || after > 255)
            compile_error(c, u->position, "too many expressions in star-unpacking assignment");
        emit(c, OP_UNPACK_EX, value, temp_at(mark), before | after << 8);
    }
    for (uint32_t i = 0; i < elts->count; i++) {
        AstExpr *e = elts->items[i];
        compile_store(c, e->kind == AST_STARRED ? e->starred.value : e, temp_at(mark + i));
    }
    u->top = mark;
}

void compile_store(Compiler *c, AstExpr *target, Reg value) {
    compile_check_stack(c);
    Unit *u = c->unit;
    Position saved = u->position;
    uint32_t mark = u->top;
    u->position = position_of_expr(target);
    switch (target->kind) {
    case AST_NAME:
        compile_store_name(c, target->name.id, value);
        break;
    case AST_ATTRIBUTE: {
        forbid_debug(c, target->attribute.attr, false, u->position);
        Reg object = compile_operand(c, target->attribute.value);
        u->position = attribute_position(target, u->position);
        emit(c, OP_STORE_ATTR, object, value, unit_name(c, target->attribute.attr));
        break;
    }
    case AST_SUBSCRIPT: {
        AstExpr *slice = target->subscript.slice;
        Reg object = compile_operand_before(c, target->subscript.value, 0, slice);
        Reg index = compile_operand(c, slice);
        emit(c, OP_STORE_ITEM, object, index, value);
        break;
    }
    case AST_TUPLE:
    case AST_LIST:
        compile_unpack(c, &target->tuple.elts, value);
        break;
    case AST_STARRED:
        compile_error(c, u->position, "starred assignment target must be in a list or tuple");
    default:
        compile_error(c, u->position, "cannot assign to expression");
    }
    u->top = mark;
    u->position = saved;
}

// ---- a, b = x, y ---------------------------------------------------------------------------

typedef struct {
    enum { VALUE_IN_REGISTER, VALUE_CONSTANT } kind;
    Reg r;
    Value constant;
} Pending;

static bool has_starred(const AstExprSeq *elts) {
    for (uint32_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind == AST_STARRED)
            return true;
    return false;
}

static bool parallel_possible(const AstExpr *target, const AstExpr *value) {
    return is_unpacking(target) && (value->kind == AST_TUPLE || value->kind == AST_LIST) &&
           target->tuple.elts.count == value->tuple.elts.count && value->tuple.elts.count > 0 &&
           value->tuple.elts.count <= PARALLEL_MAX && !has_starred(&target->tuple.elts) &&
           !has_starred(&value->tuple.elts);
}

// Every value is computed before the first store; locals and constants are read only when they are
// stored, unless a store before that changes them.
static void compile_parallel(Compiler *c, AstExpr *target, AstExpr *value) {
    Unit *u = c->unit;
    const AstExprSeq *targets = &target->tuple.elts, *values = &value->tuple.elts;
    uint32_t mark = u->top, count = values->count;
    Pending pending[PARALLEL_MAX];
    Symbol *fast[PARALLEL_MAX];
    bool all_fast = true, nested = false, named = false;
    for (uint32_t i = 0; i < count; i++) {
        fast[i] = fast_target(c, targets->items[i]);
        all_fast &= fast[i] != NULL;
        nested |= is_unpacking(targets->items[i]);
        named |= !is_simple(values->items[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        AstExpr *e = values->items[i];
        if (e->kind == AST_CONSTANT) {
            pending[i] =
                (Pending){.kind = VALUE_CONSTANT, .constant = constant_value(c, &e->constant)};
            continue;
        }
        pending[i].kind = VALUE_IN_REGISTER;
        Symbol *symbol;
        if (!nested && e->kind == AST_NAME && is_fast_name(c, e->name.id, &symbol) &&
            !((symbol->flags & SYMBOL_NAMED_EXPR) && named)) {
            bool stays = true;
            for (uint32_t j = 0; j < i; j++)
                stays &= fast[j] != symbol;
            if (stays) {
                pending[i].r = compile_operand(c, e);
                continue;
            }
        }
        if (i == count - 1 && all_fast) {
            // The last value may go straight to its local if no one reads or writes that in
            // between.
            bool direct = true;
            for (uint32_t j = 0; j < i; j++)
                direct &= fast[j] != fast[i] &&
                          !(pending[j].kind == VALUE_IN_REGISTER && pending[j].r == fast[i]->slot);
            if (direct) {
                pending[i].r = (Reg)fast[i]->slot;
                compile_into(c, e, pending[i].r);
                continue;
            }
        }
        pending[i].r = temp_push(c);
        compile_into(c, e, pending[i].r);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t inner = u->top;
        Reg r = pending[i].r;
        if (pending[i].kind == VALUE_CONSTANT) {
            r = compile_target_register(c, targets->items[i]);
            emit_constant(c, r, pending[i].constant);
        }
        compile_store(c, targets->items[i], r);
        u->top = inner;
    }
    u->top = mark;
}

// ---- assignment statements -----------------------------------------------------------------

static void compile_single(Compiler *c, AstExpr *target, AstExpr *value) {
    uint32_t mark = c->unit->top;
    Reg r;
    if (parallel_possible(target, value)) {
        compile_parallel(c, target, value);
        return;
    }
    if (fast_target(c, target)) {
        r = compile_target_register(c, target);
        compile_into(c, value, r);
    } else {
        r = compile_operand_before(c, value, 0, is_simple(target) ? NULL : target);
    }
    compile_store(c, target, r);
    c->unit->top = mark;
}

void compile_assign(Compiler *c, AstStmt *s) {
    const AstExprSeq *targets = &s->assign.targets;
    AstExpr *value = s->assign.value;
    if (targets->count == 1) {
        compile_single(c, targets->items[0], value);
        return;
    }
    bool unpacking = false;
    for (uint32_t i = 0; i < targets->count; i++)
        unpacking |= is_unpacking(targets->items[i]);
    if (value->kind == AST_CONSTANT && !unpacking) {
        for (uint32_t i = 0; i < targets->count; i++)
            compile_single(c, targets->items[i], value);
        return;
    }
    // The value is read once for each target, so it has to be in a local.
    Symbol *first = fast_target(c, targets->items[0]);
    if (first && !unpacking && !(first->flags & SYMBOL_NAMED_EXPR)) {
        compile_into(c, value, (Reg)first->slot);
        for (uint32_t i = 0; i < targets->count; i++)
            compile_store(c, targets->items[i], (Reg)first->slot);
        return;
    }
    Reg hidden = hidden_push(c);
    compile_into(c, value, hidden);
    for (uint32_t i = 0; i < targets->count; i++)
        compile_store(c, targets->items[i], hidden);
    hidden_pop(c, hidden);
}

// ---- x += y --------------------------------------------------------------------------------

// destination = left op= value
static void emit_inplace(Compiler *c, AstStmt *s, Reg destination, Reg left) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    AstExpr *value = s->aug_assign.value;
    uint16_t int_op = operator_int_op(s->aug_assign.op, true);
    int number;
    if (int_op != OP_NOP && constant_small_int(value, &number)) {
        u->position = position_of_stmt(s);
        emit(c, int_op, destination, left, (uint16_t)number);
    } else {
        Reg r = compile_operand(c, value);
        u->position = position_of_stmt(s);
        emit(c, operator_op(s->aug_assign.op, true), destination, left, r);
    }
    u->top = mark;
}

// An operand that is read twice: a local, or a hidden local with a copy.
static Reg compile_twice(Compiler *c, AstExpr *e, const AstExpr *later) {
    Symbol *symbol;
    if (e->kind == AST_NAME && is_fast_name(c, e->name.id, &symbol) &&
        (!(symbol->flags & SYMBOL_NAMED_EXPR) || is_simple(later)))
        return compile_operand(c, e);
    Reg r = hidden_push(c);
    compile_into(c, e, r);
    return r;
}

static void compile_aug_attribute(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *target = s->aug_assign.target;
    Position position = attribute_position(target, position_of_expr(target));
    uint32_t hidden_mark = u->hidden;
    forbid_debug(c, target->attribute.attr, false, position_of_expr(target));
    Reg object = compile_twice(c, target->attribute.value, s->aug_assign.value);
    Reg r = temp_push(c);
    u->position = position;
    emit(c, OP_LOAD_ATTR, r, object, unit_name(c, target->attribute.attr));
    emit_inplace(c, s, r, r);
    u->position = position;
    emit(c, OP_STORE_ATTR, object, r, unit_name(c, target->attribute.attr));
    if (u->hidden > hidden_mark)
        hidden_pop(c, object);
}

static void compile_aug_subscript(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *target = s->aug_assign.target, *slice = target->subscript.slice;
    uint32_t hidden_mark = u->hidden;
    bool constant = slice->kind == AST_CONSTANT;
    Reg object = compile_twice(c, target->subscript.value, constant ? s->aug_assign.value : target);
    Reg index = constant ? 0 : compile_twice(c, slice, s->aug_assign.value);
    Reg r = temp_push(c);
    u->position = position_of_expr(target);
    if (!emit_load_item(c, r, object, slice)) {
        uint32_t mark = u->top;
        Reg key = constant ? compile_operand(c, slice) : index;
        emit(c, OP_LOAD_ITEM, r, object, key);
        u->top = mark;
    }
    emit_inplace(c, s, r, r);
    if (constant) {
        index = temp_push(c);
        compile_into(c, slice, index);
    }
    u->position = position_of_expr(target);
    emit(c, OP_STORE_ITEM, object, index, r);
    while (u->hidden > hidden_mark)
        hidden_pop(c, (Reg)(u->locals + u->hidden - 1));
}

void compile_aug_assign(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *target = s->aug_assign.target;
    uint32_t mark = u->top;
    switch (target->kind) {
    case AST_NAME: {
        Symbol *symbol = fast_target(c, target);
        u->position = position_of_expr(target);
        if (symbol) {
            Reg slot = (Reg)symbol->slot, left = slot;
            compile_check_local(c, symbol);
            if ((symbol->flags & SYMBOL_NAMED_EXPR) && !is_simple(s->aug_assign.value)) {
                left = temp_push(c);
                emit(c, OP_MOVE, left, slot, 0);
            }
            emit_inplace(c, s, slot, left);
        } else {
            forbid_debug(c, target->name.id, false, u->position);
            Reg r = temp_push(c);
            compile_load_name(c, target->name.id, r);
            emit_inplace(c, s, r, r);
            u->position = position_of_expr(target);
            compile_store_name(c, target->name.id, r);
        }
        break;
    }
    case AST_ATTRIBUTE:
        compile_aug_attribute(c, s);
        break;
    case AST_SUBSCRIPT:
        compile_aug_subscript(c, s);
        break;
    default:
        compile_error(c, u->position, "invalid node type for augmented assignment");
    }
    u->top = mark;
}

// ---- x: int = y ----------------------------------------------------------------------------

void compile_ann_assign(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *target = s->ann_assign.target, *annotation = s->ann_assign.annotation;
    uint32_t mark = u->top;
    bool evaluated = u->scope->kind != SCOPE_FUNCTION; // annotations are evaluated here
    if (s->ann_assign.value)
        compile_single(c, target, s->ann_assign.value);
    switch (target->kind) {
    case AST_NAME:
        forbid_debug(c, target->name.id, false, u->position);
        if (s->ann_assign.simple && evaluated) {
            Reg value = temp_push(c);
            compile_annotation(c, annotation, value);
            Reg mapping = temp_push(c);
            emit(c, OP_LOAD_NAME, mapping, unit_name_plain(c, c->n_annotations), 0);
            Reg name = temp_push(c);
            if (u->reachable)
                emit_constant(
                    c, name,
                    compile_name(c, mangle_name(c, u->scope->private_name, target->name.id)));
            emit(c, OP_STORE_ITEM, mapping, name, value);
        }
        break;
    case AST_ATTRIBUTE:
        forbid_debug(c, target->attribute.attr, false, u->position);
        if (!s->ann_assign.value)
            compile_discard(c, target->attribute.value);
        break;
    case AST_SUBSCRIPT:
        if (!s->ann_assign.value) {
            compile_discard(c, target->subscript.value);
            compile_discard(c, target->subscript.slice);
        }
        break;
    default:
        compile_error(c, u->position, "invalid node type for annotated assignment");
    }
    u->top = mark;
    if (!s->ann_assign.simple && evaluated && !(c->future & FUTURE_ANNOTATIONS))
        compile_discard(c, annotation);
    u->top = mark;
}

// ---- del -----------------------------------------------------------------------------------

void compile_delete(Compiler *c, AstExpr *target) {
    compile_check_stack(c);
    Unit *u = c->unit;
    Position saved = u->position;
    uint32_t mark = u->top;
    u->position = position_of_expr(target);
    switch (target->kind) {
    case AST_NAME:
        compile_delete_name(c, target->name.id);
        break;
    case AST_ATTRIBUTE: {
        forbid_debug(c, target->attribute.attr, true, u->position);
        Reg object = compile_operand(c, target->attribute.value);
        u->position = attribute_position(target, u->position);
        emit(c, OP_DELETE_ATTR, object, 0, unit_name(c, target->attribute.attr));
        break;
    }
    case AST_SUBSCRIPT: {
        AstExpr *slice = target->subscript.slice;
        Reg object = compile_operand_before(c, target->subscript.value, 0, slice);
        Reg index = compile_operand(c, slice);
        emit(c, OP_DELETE_ITEM, object, index, 0);
        break;
    }
    case AST_TUPLE:
    case AST_LIST:
        for (uint32_t i = 0; i < target->tuple.elts.count; i++)
            compile_delete(c, target->tuple.elts.items[i]);
        break;
    default:
        compile_error(c, u->position, "cannot delete expression");
    }
    u->top = mark;
    u->position = saved;
}
