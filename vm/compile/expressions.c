// SPDX-License-Identifier: MIT
//
// Code for expressions: operands, operators, attributes, items, sequences, yield. Displays of dicts
// and strings, calls, comparisons and comprehensions have files of their own.
//
// The destination rule: compile_into writes to a local only with its last instruction, because
// until then the expression may still read the local, or raise, which must leave it as it was. A
// temporary destination nobody can see, so it serves as scratch space.
#include "vm/compile/compiler.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"

enum { RUN_MAX = 64 }; // elements of a display gathered in registers at once

bool is_simple(const AstExpr *e) {
    return e->kind == AST_NAME || e->kind == AST_CONSTANT;
}

uint16_t operator_op(AstOperator op, bool inplace) {
    static const uint16_t plain[] = {
        [AST_ADD] = OP_ADD,
        [AST_SUB] = OP_SUBTRACT,
        [AST_MULT] = OP_MULTIPLY,
        [AST_DIV] = OP_TRUE_DIVIDE,
        [AST_MOD] = OP_MODULO,
        [AST_POW] = OP_POWER,
        [AST_L_SHIFT] = OP_LSHIFT,
        [AST_R_SHIFT] = OP_RSHIFT,
        [AST_BIT_OR] = OP_OR,
        [AST_BIT_XOR] = OP_XOR,
        [AST_BIT_AND] = OP_AND,
        [AST_FLOOR_DIV] = OP_FLOOR_DIVIDE,
        [AST_MAT_MULT] = OP_MATRIX_MULTIPLY,
    };
    return (uint16_t)(plain[op] + (inplace ? OP_INPLACE_ADD - OP_ADD : 0));
}

uint16_t operator_int_op(AstOperator op, bool inplace) {
    switch (op) {
    case AST_ADD:
        return inplace ? OP_INPLACE_ADD_INT : OP_ADD_INT;
    case AST_SUB:
        return inplace ? OP_INPLACE_SUBTRACT_INT : OP_SUBTRACT_INT;
    case AST_MULT:
        return inplace ? OP_NOP : OP_MULTIPLY_INT;
    case AST_FLOOR_DIV:
        return inplace ? OP_NOP : OP_FLOOR_DIVIDE_INT;
    case AST_MOD:
        return inplace ? OP_NOP : OP_MODULO_INT;
    case AST_BIT_AND:
        return inplace ? OP_NOP : OP_AND_INT;
    case AST_L_SHIFT:
        return inplace ? OP_NOP : OP_LSHIFT_INT;
    case AST_R_SHIFT:
        return inplace ? OP_NOP : OP_RSHIFT_INT;
    default:
        return OP_NOP;
    }
}

// The local that e is, if it is one, or that e binds as a named expression.
static Symbol *fast_symbol(Compiler *c, const AstExpr *e) {
    Symbol *symbol;
    if (e->kind == AST_NAME)
        return is_fast_name(c, e->name.id, &symbol) ? symbol : NULL;
    if (e->kind == AST_NAMED_EXPR)
        return is_fast_name(c, e->named_expr.target->name.id, &symbol) ? symbol : NULL;
    return NULL;
}

static Reg fast_operand(Compiler *c, AstExpr *e, Symbol *symbol) {
    Position saved = c->unit->position;
    c->unit->position = position_of_expr(e);
    if (e->kind == AST_NAME) {
        compile_check_local(c, symbol);
    } else {
        compile_into(c, e->named_expr.value, (Reg)symbol->slot);
        assigned_add(c->unit, (Reg)symbol->slot);
    }
    c->unit->position = saved;
    return (Reg)symbol->slot;
}

Reg compile_operand_in(Compiler *c, AstExpr *e, Reg destination) {
    Symbol *symbol = fast_symbol(c, e);
    if (symbol)
        return fast_operand(c, e, symbol);
    Reg r = reg_is_temp(destination) ? destination : temp_push(c);
    compile_into(c, e, r);
    return r;
}

Reg compile_operand(Compiler *c, AstExpr *e) {
    return compile_operand_in(c, e, 0);
}

Reg compile_operand_before(Compiler *c, AstExpr *e, Reg destination, const AstExpr *later) {
    Symbol *symbol = fast_symbol(c, e);
    if (symbol && (symbol->flags & SYMBOL_NAMED_EXPR) && later && !is_simple(later)) {
        Reg r = reg_is_temp(destination) ? destination : temp_push(c);
        emit(c, OP_MOVE, r, fast_operand(c, e, symbol), 0);
        return r;
    }
    return compile_operand_in(c, e, destination);
}

void compile_discard(Compiler *c, AstExpr *e) {
    uint32_t mark = c->unit->top;
    if (e->kind == AST_CONSTANT)
        return;
    if (fast_symbol(c, e)) {
        compile_operand(c, e);
        return;
    }
    Reg r = temp_push(c);
    compile_into(c, e, r);
    Unit *u = c->unit;
    Position position = u->position;
    if (u->count > 0)
        u->position = u->code[u->count - 1].position; // nothing new for who traces
    emit(c, OP_CLEAR, r, 0, 0);
    u->position = position;
    u->top = mark;
}

// ---- operators -----------------------------------------------------------------------------

// destination = left op e's right operand, e being the operation
static void emit_bin_op(Compiler *c, AstExpr *e, Reg destination, Reg left) {
    AstExpr *right = e->bin_op.right;
    uint16_t int_op = operator_int_op(e->bin_op.op, false);
    int number;
    if (int_op != OP_NOP && constant_small_int(right, &number)) {
        c->unit->position = position_of_expr(e);
        emit(c, int_op, destination, left, (uint16_t)number);
    } else {
        Reg r = compile_operand(c, right);
        c->unit->position = position_of_expr(e);
        emit(c, operator_op(e->bin_op.op, false), destination, left, r);
    }
}

// a + b + c + ...: the left operands may nest deeper than the C stack allows, so they are walked in
// a loop.
static void compile_bin_op(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    uint32_t mark = u->top, count = 1, i = 0;
    for (AstExpr *x = e; x->bin_op.left->kind == AST_BIN_OP; x = x->bin_op.left)
        count++;
    AstExpr *few[8] = {e}, **chain = few;
    if (count > 8)
        chain = arena_allocate(c->arena, count * sizeof *chain);
    for (AstExpr *x = e; i < count; x = x->bin_op.left)
        chain[i++] = x;
    Reg scratch = destination;
    if (count > 1 && !reg_is_temp(scratch))
        scratch = temp_push(c);
    uint32_t inner = u->top;
    AstExpr *first = chain[count - 1];
    Reg left = compile_operand_before(c, first->bin_op.left, scratch, first->bin_op.right);
    while (i-- > 0) {
        emit_bin_op(c, chain[i], i ? scratch : destination, left);
        left = scratch;
        u->top = inner;
    }
    u->top = mark;
}

static void compile_unary_op(Compiler *c, AstExpr *e, Reg destination) {
    static const uint16_t ops[] = {[AST_INVERT] = OP_INVERT,
                                   [AST_NOT] = OP_NOT,
                                   [AST_U_ADD] = OP_POSITIVE,
                                   [AST_U_SUB] = OP_NEGATIVE};
    uint32_t mark = c->unit->top;
    AstExpr *operand = e->unary_op.operand;
    if (e->unary_op.op == AST_NOT && operand->kind == AST_COMPARE &&
        operand->compare.comparators.count == 1 && operand->compare.ops[0] >= AST_IS) {
        // `not a in b` is `a not in b`, and so on: these give True or False alone.
        static const AstCompareOp opposite[] = {[AST_IS] = AST_IS_NOT,
                                                [AST_IS_NOT] = AST_IS,
                                                [AST_IN] = AST_NOT_IN,
                                                [AST_NOT_IN] = AST_IN};
        AstCompareOp op = opposite[operand->compare.ops[0]];
        AstExpr flipped = *operand;
        flipped.compare.ops = &op;
        compile_compare(c, &flipped, destination);
        return;
    }
    Reg r = compile_operand_in(c, operand, destination);
    emit(c, ops[e->unary_op.op], destination, r, 0);
    c->unit->top = mark;
}

static void compile_if_exp(Compiler *c, AstExpr *e, Reg destination) {
    Label otherwise = label_new(c), end = label_new(c);
    compile_jump(c, e->if_exp.test, false, otherwise);
    compile_into(c, e->if_exp.body, destination);
    emit_jump(c, end);
    label_bind(c, otherwise);
    compile_into(c, e->if_exp.orelse, destination);
    label_bind(c, end);
}

static void compile_named_expr(Compiler *c, AstExpr *e, Reg destination) {
    AstExpr *target = e->named_expr.target;
    forbid_debug(c, target->name.id, false, position_of_expr(target));
    Symbol *symbol = fast_symbol(c, e);
    if (symbol) {
        Reg r = fast_operand(c, e, symbol);
        if (r != destination)
            emit(c, OP_MOVE, destination, r, 0);
        return;
    }
    Reg hidden = hidden_push(c);
    compile_into(c, e->named_expr.value, hidden);
    c->unit->position = position_of_expr(target);
    compile_store_name(c, target->name.id, hidden);
    emit(c, OP_MOVE, destination, hidden, 0);
    hidden_pop(c, hidden);
}

// ---- attributes and items ------------------------------------------------------------------

// Where an attribute is reported: on the line of its name, if that is not where the expression
// begins.
Position attribute_position(const AstExpr *attribute, Position position) {
    if (position.line != attribute->end_line) {
        position.line = attribute->end_line;
        int length = (int)attribute->attribute.attr->length;
        if (length <= attribute->end_column) {
            position.column = attribute->end_column - length;
        } else {
            position.column = -1;
            position.end_column = -1;
        }
    }
    return position;
}

static void compile_attribute(Compiler *c, AstExpr *e, Reg destination) {
    uint32_t mark = c->unit->top;
    Reg object = compile_operand_in(c, e->attribute.value, destination);
    c->unit->position = attribute_position(e, c->unit->position);
    emit(c, OP_LOAD_ATTR, destination, object, unit_name(c, e->attribute.attr));
    c->unit->top = mark;
}

// A slice whose parts are all constants: made once.
static bool constant_slice(Compiler *c, const AstExpr *e, Value *out) {
    Value parts[3] = {VALUE_NULL, VALUE_NULL, VALUE_NULL};
    const AstExpr *exprs[3] = {e->slice.lower, e->slice.upper, e->slice.step};
    for (int i = 0; i < 3; i++)
        if (exprs[i] && !expression_constant(c, exprs[i], &parts[i]))
            return false;
    *out = compiler_own(c, slice_new(parts[0], parts[1], parts[2]));
    return true;
}

void compile_slice(Compiler *c, AstExpr *e, Reg destination) {
    Value constant;
    if (constant_slice(c, e, &constant)) {
        emit_constant(c, destination, constant);
        return;
    }
    uint32_t mark = c->unit->top;
    if (reg_is_temp(destination) && destination == temp_at(mark - 1))
        c->unit->top--;
    Reg first = temp_at(c->unit->top);
    AstExpr *parts[3] = {e->slice.lower, e->slice.upper, e->slice.step};
    uint32_t count = e->slice.step ? 3 : 2;
    for (uint32_t i = 0; i < count; i++) {
        Reg r = temp_push(c);
        if (parts[i])
            compile_into(c, parts[i], r);
        else
            emit_constant(c, r, VALUE_NONE);
    }
    emit(c, OP_BUILD_SLICE, destination, first, count);
    c->unit->top = mark;
}

// The name of the type that e is sure to have, or NULL.
const char *expression_type(Compiler *c, const AstExpr *e) {
    switch (e->kind) {
    case AST_TUPLE:
        return "tuple";
    case AST_LIST:
    case AST_LIST_COMP:
        return "list";
    case AST_DICT:
    case AST_DICT_COMP:
        return "dict";
    case AST_SET:
    case AST_SET_COMP:
        return "set";
    case AST_GENERATOR_EXP:
        return "generator";
    case AST_LAMBDA:
        return "function";
    case AST_JOINED_STR:
    case AST_FORMATTED_VALUE:
        return "str";
    case AST_CONSTANT:
        return type_full_name(value_type(constant_value(c, &e->constant)));
    default:
        return NULL;
    }
}

// Warns of what cannot work; a comma may be missing.
static void check_subscript(Compiler *c, const AstExpr *value, const AstExpr *slice) {
    const char *type = expression_type(c, value);
    if (!type)
        return;
    bool indexed = !strcmp(type, "tuple") || !strcmp(type, "list") || !strcmp(type, "str") ||
                   !strcmp(type, "bytes");
    if (!indexed && value->kind != AST_DICT && value->kind != AST_DICT_COMP) {
        compile_warn(c, c->unit->position,
                     "'%s' object is not subscriptable; perhaps you missed a comma?", type);
        return;
    }
    const char *index = indexed ? expression_type(c, slice) : NULL;
    if (index && strcmp(index, "int") && strcmp(index, "bool") && strcmp(index, "slice"))
        compile_warn(c, c->unit->position,
                     "%s indices must be integers or slices, not %s; perhaps you missed a comma?",
                     type, index);
}

bool emit_load_item(Compiler *c, Reg destination, Reg object, const AstExpr *slice) {
    int number;
    if (constant_small_int(slice, &number)) {
        emit(c, OP_LOAD_ITEM_INT, destination, object, (uint16_t)number);
        return true;
    }
    if (slice->kind != AST_CONSTANT || !c->unit->reachable)
        return false;
    uint32_t index = unit_constant(c, constant_value(c, &slice->constant));
    if (index > UINT16_MAX)
        return false;
    emit(c, OP_LOAD_ITEM_CONST, destination, object, index);
    return true;
}

static void compile_subscript(Compiler *c, AstExpr *e, Reg destination) {
    uint32_t mark = c->unit->top;
    AstExpr *slice = e->subscript.slice;
    check_subscript(c, e->subscript.value, slice);
    Reg object = compile_operand_before(c, e->subscript.value, destination, slice);
    if (!emit_load_item(c, destination, object, slice)) {
        Reg index = compile_operand(c, slice);
        emit(c, OP_LOAD_ITEM, destination, object, index);
    }
    c->unit->top = mark;
}

// ---- lists, sets, tuples -------------------------------------------------------------------

static bool all_constant(const AstExprSeq *elts) {
    for (uint32_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind != AST_CONSTANT)
            return false;
    return true;
}

static bool any_starred(const AstExprSeq *elts) {
    for (uint32_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind == AST_STARRED)
            return true;
    return false;
}

// The constant that a set display of those items is made a copy of: a frozenset of a first one's
// items in that one's order, as CPython's compiler makes it, so that the sets have the same order.
static Value frozenset_constant(Compiler *c, Value items) {
    Value once = compiler_own(c, frozenset_from_iterable(items));
    Value list = compiler_own(c, list_from_iterable(once));
    return compiler_own(c, frozenset_from_iterable(list));
}

// prefilled: that many elements are in destination, destination + 1, ..., the uppermost
// temporaries.
void compile_sequence(Compiler *c, uint16_t build, const AstExprSeq *elts, Reg destination,
                      uint32_t prefilled) {
    Unit *u = c->unit;
    bool scratch = reg_is_temp(destination);
    bool in_place = scratch && destination - REG_TEMP + (prefilled ? prefilled : 1) == u->top;
    uint32_t run = in_place ? destination - REG_TEMP : u->top; // where elements are gathered
    uint32_t after = in_place ? run + 1 : u->top, next = 0;
    bool starred = any_starred(elts);
    bool constants = build != OP_BUILD_TUPLE && elts->count >= 3 && all_constant(elts);

    if (!starred && !constants && prefilled + elts->count <= RUN_MAX) {
        temp_reserve(c, run + prefilled);
        for (; next < elts->count; next++) {
            Reg r = temp_push(c);
            compile_into(c, elts->items[next], r);
        }
        emit(c, build, destination, temp_at(run), prefilled + elts->count);
        u->top = after;
        return;
    }

    bool set = build == OP_BUILD_SET;
    if (constants && !prefilled) { // a copy of a constant
        AstExpr tuple = {.kind = AST_TUPLE, .tuple = {.elts = *elts, .ctx = AST_LOAD}};
        fold_expression(c, &tuple);
        if (tuple.kind == AST_CONSTANT) {
            if (u->reachable) {
                Value constant = constant_value(c, &tuple.constant);
                if (set)
                    constant = frozenset_constant(c, constant);
                emit_wide(c, set ? OP_SET_OF_CONST : OP_LIST_OF_CONST, destination,
                          unit_constant(c, constant));
            }
            u->top = after;
            return;
        }
    }

    // A list or set is made first and then added to.
    Reg whole = scratch ? destination : temp_at(run);
    uint32_t above = scratch ? after : run + 1;
    temp_reserve(c, run + prefilled);
    uint32_t count = prefilled;
    if (!constants)
        for (; next < elts->count && elts->items[next]->kind != AST_STARRED && count < RUN_MAX;
             next++, count++) {
            Reg r = temp_push(c);
            compile_into(c, elts->items[next], r);
        }
    emit(c, set ? OP_BUILD_SET : OP_BUILD_LIST, whole, temp_at(run), count);
    temp_reserve(c, above);
    if (constants) { // all at once
        AstExpr tuple = {.kind = AST_TUPLE, .tuple = {.elts = *elts, .ctx = AST_LOAD}};
        fold_expression(c, &tuple);
        Reg r = temp_push(c);
        compile_into(c, &tuple, r);
        emit(c, set ? OP_SET_UPDATE : OP_LIST_EXTEND, whole, r, 0);
        next = elts->count;
    }
    for (; next < elts->count; next++) {
        u->top = above;
        AstExpr *e = elts->items[next];
        bool star = e->kind == AST_STARRED;
        Reg r = compile_operand(c, star ? e->starred.value : e);
        if (star)
            emit(c, set ? OP_SET_UPDATE : OP_LIST_EXTEND, whole, r, 0);
        else
            emit(c, set ? OP_SET_ADD : OP_LIST_APPEND, whole, r, 0);
    }
    if (build == OP_BUILD_TUPLE)
        emit(c, OP_LIST_TO_TUPLE, destination, whole, 0);
    else if (whole != destination)
        emit(c, OP_MOVE, destination, whole, 0);
    u->top = after;
}

// ---- yield ---------------------------------------------------------------------------------

static void compile_yield(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    if (u->scope->kind != SCOPE_FUNCTION)
        compile_error(c, u->position, "'yield' outside function");
    uint32_t mark = u->top;
    Reg r;
    if (e->yield.value) {
        r = compile_operand_in(c, e->yield.value, destination);
    } else {
        r = reg_is_temp(destination) ? destination : temp_push(c);
        emit_constant(c, r, VALUE_NONE);
    }
    compile_async_yield(c, &r);
    emit(c, OP_YIELD, destination, r, u->top);
    u->top = mark;
}

static void compile_yield_from(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    if (u->scope->kind != SCOPE_FUNCTION)
        compile_error(c, u->position, "'yield' outside function");
    if (u->scope->is_async && !u->scope->comprehension)
        compile_error(c, u->position, "'yield from' inside async function");
    uint32_t mark = u->top;
    Reg iterator = temp_push(c);
    Reg operand = compile_operand_in(c, e->yield_from.value, iterator);
    emit(c, OP_GET_YIELD_FROM_ITER, iterator, operand, 0);
    emit_yield_from(c, destination, iterator);
    u->top = mark;
}

void emit_yield_from(Compiler *c, Reg destination, Reg iterator) {
    Reg sent = temp_push(c);
    emit_constant(c, sent, VALUE_NONE);
    emit(c, OP_YIELD_FROM, destination, iterator, sent);
    emit(c, OP_CLEAR, sent, 0, 0);
    c->unit->top--;
}

// ---- all -----------------------------------------------------------------------------------

void compile_into(Compiler *c, AstExpr *e, Reg destination) {
    compile_check_stack(c);
    Unit *u = c->unit;
    Position saved = u->position;
    u->position = position_of_expr(e);
    switch (e->kind) {
    case AST_BOOL_OP:
        compile_bool_op(c, e, destination);
        break;
    case AST_NAMED_EXPR:
        compile_named_expr(c, e, destination);
        break;
    case AST_BIN_OP:
        compile_bin_op(c, e, destination);
        break;
    case AST_UNARY_OP:
        compile_unary_op(c, e, destination);
        break;
    case AST_LAMBDA:
        compile_lambda(c, e, destination);
        break;
    case AST_IF_EXP:
        compile_if_exp(c, e, destination);
        break;
    case AST_DICT:
        compile_dict(c, e, destination);
        break;
    case AST_SET:
        compile_sequence(c, OP_BUILD_SET, &e->set.elts, destination, 0);
        break;
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_DICT_COMP:
    case AST_GENERATOR_EXP:
        compile_comprehension(c, e, destination);
        break;
    case AST_AWAIT:
        compile_await(c, e, destination);
        break;
    case AST_YIELD:
        compile_yield(c, e, destination);
        break;
    case AST_YIELD_FROM:
        compile_yield_from(c, e, destination);
        break;
    case AST_COMPARE:
        compile_compare(c, e, destination);
        break;
    case AST_CALL:
        compile_call(c, e, destination);
        break;
    case AST_FORMATTED_VALUE:
        compile_formatted_value(c, e, destination);
        break;
    case AST_JOINED_STR:
        compile_joined_str(c, e, destination);
        break;
    case AST_CONSTANT:
        if (u->reachable)
            emit_constant(c, destination, constant_value(c, &e->constant));
        break;
    case AST_ATTRIBUTE:
        compile_attribute(c, e, destination);
        break;
    case AST_SUBSCRIPT:
        compile_subscript(c, e, destination);
        break;
    case AST_STARRED:
        compile_error(c, u->position, "can't use starred expression here");
    case AST_NAME:
        compile_load_name(c, e->name.id, destination);
        break;
    case AST_LIST:
        compile_sequence(c, OP_BUILD_LIST, &e->list.elts, destination, 0);
        break;
    case AST_TUPLE:
        compile_sequence(c, OP_BUILD_TUPLE, &e->tuple.elts, destination, 0);
        break;
    case AST_SLICE:
        compile_slice(c, e, destination);
        break;
    }
    u->position = saved;
}
