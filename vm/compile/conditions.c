// SPDX-License-Identifier: MIT
//
// Truth: comparisons, and/or, and jumps that depend on an expression. A condition compares and
// jumps in one instruction where it can.
#include "vm/compile/compiler.h"
#include "vm/types/set.h"

uint16_t compare_op(AstCompareOp op) {
    static const uint16_t ops[] = {
        [AST_EQ] = OP_EQ, [AST_NOT_EQ] = OP_NE,     [AST_LT] = OP_LT, [AST_LT_E] = OP_LE,
        [AST_GT] = OP_GT, [AST_GT_E] = OP_GE,       [AST_IS] = OP_IS, [AST_IS_NOT] = OP_IS_NOT,
        [AST_IN] = OP_IN, [AST_NOT_IN] = OP_NOT_IN,
    };
    return ops[op];
}

// The instruction that jumps if the comparison's result is sense.
static uint16_t branch_op(AstCompareOp op, bool sense) {
    static const uint16_t ops[][2] = {
        [AST_EQ] = {OP_IF_NOT_EQ, OP_IF_EQ}, [AST_NOT_EQ] = {OP_IF_NOT_NE, OP_IF_NE},
        [AST_LT] = {OP_IF_NOT_LT, OP_IF_LT}, [AST_LT_E] = {OP_IF_NOT_LE, OP_IF_LE},
        [AST_GT] = {OP_IF_NOT_GT, OP_IF_GT}, [AST_GT_E] = {OP_IF_NOT_GE, OP_IF_GE},
        [AST_IS] = {OP_IF_IS_NOT, OP_IF_IS}, [AST_IS_NOT] = {OP_IF_IS, OP_IF_IS_NOT},
        [AST_IN] = {OP_IF_NOT_IN, OP_IF_IN}, [AST_NOT_IN] = {OP_IF_IN, OP_IF_NOT_IN},
    };
    return ops[op][sense];
}

static bool is_none(const AstExpr *e) {
    return constant_is(e, AST_CONSTANT_NONE);
}

// Something literal is compared with `is`: CPython warns.
static void check_is(Compiler *c, const AstExpr *e) {
    const AstExpr *left = e->compare.left;
    for (uint32_t i = 0; i < e->compare.comparators.count; i++) {
        const AstExpr *right = e->compare.comparators.items[i];
        AstCompareOp op = e->compare.ops[i];
        if (op == AST_IS || op == AST_IS_NOT) {
            const AstExpr *sides[] = {left, right};
            for (int s = 0; s < 2; s++) {
                if (sides[s]->kind != AST_CONSTANT)
                    continue;
                switch (sides[s]->constant.kind) {
                case AST_CONSTANT_NONE:
                case AST_CONSTANT_TRUE:
                case AST_CONSTANT_FALSE:
                case AST_CONSTANT_ELLIPSIS:
                    continue;
                default:
                    compile_warn(c, position_of_expr(e),
                                 op == AST_IS ? "\"is\" with a literal. Did you mean \"==\"?"
                                              : "\"is not\" with a literal. Did you mean \"!=\"?");
                    return;
                }
            }
        }
        left = right;
    }
}

// The right side of `in`: a display of constants becomes one constant.
static Reg compile_comparator(Compiler *c, AstCompareOp op, AstExpr *right, Reg destination) {
    if (op >= AST_IN && (right->kind == AST_LIST || right->kind == AST_SET)) {
        AstExpr tuple = {.kind = AST_TUPLE, .tuple = {.elts = right->list.elts, .ctx = AST_LOAD}};
        fold_expression(c, &tuple);
        if (tuple.kind == AST_CONSTANT && c->unit->reachable) {
            Value v = constant_value(c, &tuple.constant);
            if (right->kind == AST_SET) {
                v = frozenset_from_iterable(v);
                if (value_is_null(v)) {
                    error_clear(); // something unhashable: let it fail when it runs
                    return compile_operand_in(c, right, destination);
                }
                v = compiler_own(c, v);
            }
            Reg r = reg_is_temp(destination) ? destination : temp_push(c);
            emit_constant(c, r, v);
            return r;
        }
    }
    return compile_operand_in(c, right, destination);
}

// A middle operand of a chain is read twice. *hidden tells whether the result is a hidden local.
static Reg compile_middle(Compiler *c, AstExpr *e, const AstExpr *later, bool *hidden) {
    Symbol *symbol;
    *hidden = false;
    if (e->kind == AST_NAME && is_fast_name(c, e->name.id, &symbol) &&
        (!(symbol->flags & SYMBOL_NAMED_EXPR) || is_simple(later)))
        return compile_operand(c, e);
    *hidden = true;
    Reg r = hidden_push(c);
    compile_into(c, e, r);
    return r;
}

static void compile_chain(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    uint32_t mark = u->top, hidden_mark = u->hidden;
    Reg result = reg_is_temp(destination) ? destination : temp_push(c);
    uint32_t last = e->compare.comparators.count - 1;
    Label end = label_new(c);
    Reg left = compile_operand_before(c, e->compare.left, result, e->compare.comparators.items[0]);
    for (uint32_t i = 0;; i++) {
        AstExpr *right = e->compare.comparators.items[i];
        uint32_t inner = u->top;
        if (i == last) {
            Reg r = compile_comparator(c, e->compare.ops[i], right, 0);
            emit(c, compare_op(e->compare.ops[i]), result, left, r);
            u->top = inner;
            break;
        }
        bool hidden;
        Reg r = compile_middle(c, right, e->compare.comparators.items[i + 1], &hidden);
        emit(c, compare_op(e->compare.ops[i]), result, left, r);
        emit_branch(c, OP_JUMP_IF_FALSE_KEEP, result, 0, end);
        left = r;
    }
    label_bind(c, end);
    while (u->hidden > hidden_mark)
        hidden_pop(c, (Reg)(u->locals + u->hidden - 1));
    if (result != destination)
        emit(c, OP_MOVE, destination, result, 0);
    u->top = mark;
}

void compile_compare(Compiler *c, AstExpr *e, Reg destination) {
    check_is(c, e);
    if (e->compare.comparators.count > 1) {
        compile_chain(c, e, destination);
        return;
    }
    uint32_t mark = c->unit->top;
    AstExpr *right = e->compare.comparators.items[0];
    Reg a = compile_operand_before(c, e->compare.left, destination, right);
    Reg b = compile_comparator(c, e->compare.ops[0], right, 0);
    emit(c, compare_op(e->compare.ops[0]), destination, a, b);
    c->unit->top = mark;
}

// Jumps if (left op right) is sense; left is in a register.
static void compare_jump(Compiler *c, Reg left, AstCompareOp op, AstExpr *right, bool sense,
                         Label label) {
    uint32_t mark = c->unit->top;
    int number;
    if ((op == AST_IS || op == AST_IS_NOT) && is_none(right)) {
        emit_branch(c, (op == AST_IS) == sense ? OP_JUMP_IF_NONE : OP_JUMP_IF_NOT_NONE, left, 0,
                    label);
    } else if (op <= AST_GT_E && constant_small_int(right, &number)) {
        emit_branch(c,
                    (uint16_t)(branch_op(op, sense) - OP_IF_LT + OP_IF_LT_INT -
                               (sense ? 0 : OP_IF_NOT_LT - OP_IF_LT) +
                               (sense ? 0 : OP_IF_NOT_LT_INT - OP_IF_LT_INT)),
                    left, (uint16_t)number, label);
    } else {
        Reg r = compile_comparator(c, op, right, 0);
        emit_branch(c, branch_op(op, sense), left, r, label);
    }
    c->unit->top = mark;
}

// Can a chain be decided comparison by comparison, with nothing to clean up on the way?
static bool plain_chain(Compiler *c, const AstExpr *e) {
    for (uint32_t i = 0; i + 1 < e->compare.comparators.count; i++) {
        const AstExpr *middle = e->compare.comparators.items[i];
        const AstExpr *later = e->compare.comparators.items[i + 1];
        Symbol *symbol;
        if (middle->kind != AST_NAME || !is_fast_name(c, middle->name.id, &symbol) ||
            ((symbol->flags & SYMBOL_NAMED_EXPR) && !is_simple(later)))
            return false;
    }
    return true;
}

static void jump_compare(Compiler *c, AstExpr *e, bool sense, Label label) {
    Unit *u = c->unit;
    uint32_t mark = u->top, last = e->compare.comparators.count - 1;
    check_is(c, e);
    Reg left = compile_operand_before(c, e->compare.left, 0, e->compare.comparators.items[0]);
    if (last == 0) {
        compare_jump(c, left, e->compare.ops[0], e->compare.comparators.items[0], sense, label);
        u->top = mark;
        return;
    }
    Label past = sense ? label_new(c) : label;
    for (uint32_t i = 0; i < last; i++) {
        AstExpr *middle = e->compare.comparators.items[i];
        Reg r = compile_operand(c, middle); // a local, see plain_chain
        emit_branch(c, branch_op(e->compare.ops[i], false), left, r, past);
        left = r;
    }
    compare_jump(c, left, e->compare.ops[last], e->compare.comparators.items[last], sense, label);
    if (sense)
        label_bind(c, past);
    u->top = mark;
}

void compile_jump(Compiler *c, AstExpr *e, bool sense, Label label) {
    compile_check_stack(c);
    Unit *u = c->unit;
    Position saved = u->position;
    bool truth;
    if (constant_truth(c, e, &truth)) {
        u->position = position_of_expr(e);
        if (truth == sense)
            emit_jump(c, label);
        u->position = saved;
        return;
    }
    switch (e->kind) {
    case AST_UNARY_OP:
        if (e->unary_op.op == AST_NOT) {
            compile_jump(c, e->unary_op.operand, !sense, label);
            return;
        }
        break;
    case AST_BOOL_OP: {
        // The operands that decide early jump to label, or past the rest.
        bool early = e->bool_op.op == AST_OR; // truth that decides
        const AstExprSeq *values = &e->bool_op.values;
        Label past = early == sense ? label : label_new(c);
        for (uint32_t i = 0; i + 1 < values->count; i++)
            compile_jump(c, values->items[i], early, past);
        compile_jump(c, values->items[values->count - 1], sense, label);
        if (past != label)
            label_bind(c, past);
        return;
    }
    case AST_IF_EXP: {
        Label otherwise = label_new(c), end = label_new(c);
        compile_jump(c, e->if_exp.test, false, otherwise);
        compile_jump(c, e->if_exp.body, sense, label);
        emit_jump(c, end);
        label_bind(c, otherwise);
        compile_jump(c, e->if_exp.orelse, sense, label);
        label_bind(c, end);
        return;
    }
    case AST_COMPARE:
        if (plain_chain(c, e)) {
            u->position = position_of_expr(e);
            jump_compare(c, e, sense, label);
            u->position = saved;
            return;
        }
        break;
    default:
        break;
    }
    uint32_t mark = u->top;
    Reg r = compile_operand(c, e);
    u->position = position_of_expr(e);
    emit_branch(c, sense ? OP_JUMP_IF_TRUE : OP_JUMP_IF_FALSE, r, 0, label);
    u->position = saved;
    u->top = mark;
}

// The value of and/or. An operand that decides is kept where it is and moved to the destination at
// the end, so that a local destination is written last.
void compile_bool_op(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    const AstExprSeq *values = &e->bool_op.values;
    uint16_t jump = e->bool_op.op == AST_AND ? OP_JUMP_IF_FALSE : OP_JUMP_IF_TRUE;
    uint16_t jump_keep = e->bool_op.op == AST_AND ? OP_JUMP_IF_FALSE_KEEP : OP_JUMP_IF_TRUE_KEEP;
    uint32_t last = values->count - 1, mark = u->top;
    Label end = label_new(c), kept = NO_LABEL;
    Reg scratch = reg_is_temp(destination) ? destination : temp_push(c);
    struct {
        Label label;
        Reg r;
    } stubs[4];
    uint32_t stub_count = 0;
    for (uint32_t i = 0; i < last; i++) {
        AstExpr *value = values->items[i];
        Symbol *symbol;
        if (value->kind == AST_NAME && stub_count < 4 && is_fast_name(c, value->name.id, &symbol)) {
            Reg r = compile_operand(c, value);
            if (r == destination) { // x = x or ...
                emit_branch(c, jump, r, 0, end);
            } else {
                stubs[stub_count].label = label_new(c);
                stubs[stub_count].r = r;
                emit_branch(c, jump, r, 0, stubs[stub_count++].label);
            }
            continue;
        }
        compile_into(c, value, scratch);
        if (scratch == destination) {
            emit_branch(c, jump_keep, scratch, 0, end);
        } else {
            if (kept == NO_LABEL)
                kept = label_new(c);
            emit_branch(c, jump_keep, scratch, 0, kept);
        }
    }
    compile_into(c, values->items[last], destination);
    for (uint32_t i = 0; i < stub_count; i++) {
        emit_jump(c, end);
        label_bind(c, stubs[i].label);
        emit(c, OP_MOVE, destination, stubs[i].r, 0);
    }
    if (kept != NO_LABEL) {
        emit_jump(c, end);
        label_bind(c, kept);
        emit(c, OP_MOVE, destination, scratch, 0);
    }
    label_bind(c, end);
    u->top = mark;
}
