// SPDX-License-Identifier: MIT
//
// Comprehensions and generator expressions: each is a nested function of one parameter, the
// iterator of its outermost iterable, which the enclosing scope evaluates.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"

typedef struct {
    AstExpr *e;
    ComprehensionKind kind;
    AstComprehensionSeq *generators;
    Reg result; // the list, set or dict
} Comprehension;

static void compile_element(Compiler *c, Comprehension *k) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    Position saved = u->position;
    switch (k->kind) {
    case LIST_COMPREHENSION:
    case SET_COMPREHENSION: {
        Reg r = compile_operand(c, k->e->comp.elt);
        u->position = position_of_expr(k->e->comp.elt);
        emit(c, k->kind == LIST_COMPREHENSION ? OP_LIST_APPEND : OP_SET_ADD, k->result, r, 0);
        break;
    }
    case DICT_COMPREHENSION: {
        Reg key = compile_operand_before(c, k->e->dict_comp.key, 0, k->e->dict_comp.value);
        Reg value = compile_operand(c, k->e->dict_comp.value);
        u->position = position_of_expr(k->e->dict_comp.key);
        u->position.end_line = k->e->dict_comp.value->end_line;
        u->position.end_column = k->e->dict_comp.value->end_column;
        emit(c, OP_MAP_ADD, k->result, key, value);
        break;
    }
    default: {
        Reg r = compile_operand(c, k->e->comp.elt);
        u->position = position_of_expr(k->e->comp.elt);
        compile_async_yield(c, &r);
        Reg sent = reg_is_temp(r) ? r : temp_push(c);
        emit(c, OP_YIELD, sent, r, u->top);
        emit(c, OP_CLEAR, sent, 0, 0);
        break;
    }
    }
    u->position = saved;
    u->top = mark;
}

static void compile_generator(Compiler *c, Comprehension *k, uint32_t index);

static void compile_async_generator(Compiler *c, Comprehension *k, uint32_t index) {
    Unit *u = c->unit;
    AstComprehension *g = k->generators->items[index];
    uint32_t mark = u->top;
    Reg iterator = 0;
    if (index > 0) {
        iterator = hidden_push(c);
        compile_async_iter(c, g->iter, iterator);
    }
    AsyncLoop loop;
    Reg item = async_loop_begin(c, &loop, iterator);
    compile_store(c, g->target, item);
    u->top = mark;
    for (uint32_t i = 0; i < g->ifs.count; i++)
        compile_jump(c, g->ifs.items[i], false, loop.head);
    compile_generator(c, k, index + 1);
    emit_jump(c, loop.head);
    async_loop_end(c, &loop);
    if (index > 0)
        hidden_pop(c, iterator);
    else
        emit(c, OP_CLEAR, iterator, 0, 0);
    u->top = mark;
}

// The loop of one `for`, and within it the rest.
static void compile_generator(Compiler *c, Comprehension *k, uint32_t index) {
    compile_check_stack(c);
    if (index == k->generators->count) {
        compile_element(c, k);
        return;
    }
    Unit *u = c->unit;
    AstComprehension *g = k->generators->items[index];
    if (g->is_async) {
        compile_async_generator(c, k, index);
        return;
    }
    uint32_t mark = u->top;
    Reg iterator = 0; // the parameter
    if (index > 0) {
        iterator = temp_push(c);
        Reg r = compile_operand_in(c, g->iter, iterator);
        emit(c, OP_GET_ITER, iterator, r, 0);
    }
    uint32_t inner = u->top;
    Label body = label_new(c), next = label_new(c);
    bool reachable = u->reachable;
    emit_jump(c, next);
    u->reachable = reachable; // by way of FOR_ITER
    label_bind_loop(c, body);
    Reg item = compile_target_register(c, g->target);
    uint32_t first = u->count;
    compile_store(c, g->target, item);
    u->top = inner;
    if (u->count == first && g->target->line != u->position.line) // a local needs no instruction
        line_note(c, u, first, g->target->line, LINE_BEFORE);
    for (uint32_t i = 0; i < g->ifs.count; i++)
        compile_jump(c, g->ifs.items[i], false, next);
    compile_generator(c, k, index + 1);
    label_bind(c, next);
    emit_branch(c, OP_FOR_ITER, iterator, item, body);
    u->top = mark;
}

static Value compile_comprehension_code(Compiler *c, AstExpr *e, Scope *scope,
                                        AstComprehensionSeq *generators) {
    Unit *u = unit_enter(c, scope, scope->name, e->line);
    Comprehension k = {e, scope->comprehension, generators, 0};
    u->argument_count = 1;
    unit_prologue(c);
    u->position = position_of_expr(e);
    if (k.kind != GENERATOR_EXPRESSION) {
        static const uint16_t build[] = {[LIST_COMPREHENSION] = OP_BUILD_LIST,
                                         [SET_COMPREHENSION] = OP_BUILD_SET,
                                         [DICT_COMPREHENSION] = OP_BUILD_MAP};
        k.result = temp_push(c);
        emit(c, build[k.kind], k.result, k.result, 0);
    }
    compile_generator(c, &k, 0);
    if (k.kind != GENERATOR_EXPRESSION)
        emit_return(c, k.result);
    else
        emit_return_none(c);
    Value code = unit_assemble(c);
    unit_leave(c);
    return code;
}

void compile_comprehension(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    Scope *scope = scope_of_node(c, e);
    AstComprehensionSeq *generators =
        e->kind == AST_DICT_COMP ? &e->dict_comp.generators : &e->comp.generators;
    bool async_result = scope->is_async && scope->comprehension != GENERATOR_EXPRESSION;
    if (async_result && !u->scope->is_async)
        compile_error(c, u->position,
                      "asynchronous comprehension outside of an asynchronous function");
    uint32_t mark = u->top, base = call_window(c, destination);
    temp_reserve(c, base + FRAME_FUNCTION + 1);
    Value code = compile_comprehension_code(c, e, scope, generators);
    compile_make_function(c, base + FRAME_FUNCTION, 0, 0, code, scope);
    temp_reserve(c, base + FRAME_WORDS + 1);
    Reg argument = temp_at(base + FRAME_WORDS);
    AstExpr *iterable = generators->items[0]->iter;
    if (generators->items[0]->is_async) {
        compile_async_iter(c, iterable, argument);
    } else {
        Reg r = compile_operand_in(c, iterable, argument);
        emit(c, OP_GET_ITER, argument, r, 0);
    }
    if (async_result) {
        emit(c, OP_CALL, temp_at(base), 1, temp_at(base));
        u->top = base + 1;
        compile_await_value(c, temp_at(base), destination);
    } else {
        emit(c, OP_CALL, temp_at(base), 1, destination);
    }
    u->top = mark;
}
