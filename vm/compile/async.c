// SPDX-License-Identifier: MIT
//
// Code for await, async for and async with. `await x` is `yield from` of x's awaitable iterator;
// the steps that look up __await__, __aiter__ and so on, and that wrap what an asynchronous
// generator yields, are native functions that the code holds as constants.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"
#include "vm/types/exceptions.h"
#include "vm/types/generator.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// ---- the native steps ----------------------------------------------------------------------

static Value native_awaitable(Value self, Value v) {
    return coroutine_awaitable(v, "object %T can't be used in 'await' expression");
}

static Value native_await(Value self, Value v) {
    Value iterator = native_awaitable(self, v);
    if (value_is_exactly(iterator, &coroutine_type) && generator_delegates(iterator)) {
        ref_release(iterator);
        return raise_error(&exception_RuntimeError, "coroutine is being awaited already");
    }
    return iterator;
}

// What __aenter__() and __aexit__() gave is named in the error.
static Value native_entered(Value self, Value v) {
    return coroutine_awaitable(
        v, "'async with' received an object from __aenter__ that does not implement __await__: %T");
}
static Value native_exited(Value self, Value v) {
    return coroutine_awaitable(
        v, "'async with' received an object from __aexit__ that does not implement __await__: %T");
}

static Value native_wrap(Value self, Value v) {
    return async_generator_wrap(v);
}

static Value native_aiter(Value self, Value v) {
    UnaryFunction aiter = value_type(v)->aiter;
    if (!aiter)
        return raise_type_error("'async for' requires an object with __aiter__ method, got %T", v);
    Value iterator = aiter(v);
    if (value_is_null(iterator) || value_type(iterator)->anext)
        return iterator;
    raise_type_error(
        "'async for' received an object from __aiter__ that does not implement __anext__: %T",
        iterator);
    ref_release(iterator);
    return VALUE_NULL;
}

static Value native_anext(Value self, Value iterator) {
    UnaryFunction anext = value_type(iterator)->anext;
    if (!anext)
        return raise_type_error("'async for' requires an iterator with __anext__ method, got %T",
                                iterator);
    Value v = anext(iterator);
    if (value_is_null(v))
        return v;
    Value result = native_awaitable(self, v);
    if (value_is_null(result)) {
        Value cause = error_take();
        raise_type_error("'async for' received an invalid object from __anext__: %T", v);
        Value error = error_take();
        exception_set_cause(error, ref_new(cause));
        exception_set_context(error, cause);
        error_restore(error);
    }
    ref_release(v);
    return result;
}

// (the bound __aexit__, what __aenter__() gives)
static Value native_aenter(Value self, Value manager) {
    Value enter, leave;
    int found = value_lookup_special(manager, name___aenter__, &enter);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_type_error(
            "'%T' object does not support the asynchronous context manager protocol", manager);
    Value aexit = str_intern_cstr("__aexit__");
    found = value_is_null(aexit) ? -1 : value_lookup_special(manager, aexit, &leave);
    ref_release(aexit);
    if (found <= 0) {
        ref_release(enter);
        if (!found)
            raise_type_error(
                "'%T' object does not support the asynchronous context manager protocol "
                "(missed __aexit__ method)",
                manager);
        return VALUE_NULL;
    }
    Value entered = value_call_none(enter);
    ref_release(enter);
    if (value_is_null(entered)) {
        ref_release(leave);
        return VALUE_NULL;
    }
    Value pair[2] = {leave, entered};
    return tuple_from_owned(pair, 2);
}

static const NativeDef def_await = DEF_ONE("await", native_await, NULL);
static const NativeDef def_entered = DEF_ONE("await_entered", native_entered, NULL);
static const NativeDef def_exited = DEF_ONE("await_exited", native_exited, NULL);
static const NativeDef def_wrap = DEF_ONE("wrap", native_wrap, NULL);
static const NativeDef def_aiter = DEF_ONE("aiter", native_aiter, NULL);
static const NativeDef def_anext = DEF_ONE("anext", native_anext, NULL);
static const NativeDef def_aenter = DEF_ONE("aenter", native_aenter, NULL);
const NativeDef *const compile_async_natives[] = {&def_await, &def_entered, &def_exited, &def_wrap,
                                                  &def_aiter, &def_anext,   &def_aenter, NULL};

// ---- calling them --------------------------------------------------------------------------

// destination = def(argument); the window lies above everything in use.
void emit_native_call(Compiler *c, const NativeDef *def, Reg argument, Reg destination) {
    Unit *u = c->unit;
    if (!u->reachable)
        return;
    uint32_t mark = u->top;
    Value function = compiler_own(c, native_function_new(def, VALUE_NULL, VALUE_NULL));
    temp_reserve(c, mark + FRAME_WORDS + 1);
    emit_constant(c, temp_at(mark + FRAME_FUNCTION), function);
    emit(c, OP_MOVE, temp_at(mark + FRAME_WORDS), argument, 0);
    emit(c, OP_CALL, temp_at(mark), 1, destination);
    u->top = mark;
}

void compile_await_value(Compiler *c, Reg awaitable, Reg destination) {
    emit_native_call(c, &def_await, awaitable, awaitable);
    emit_yield_from(c, destination, awaitable);
}

void compile_await_entered(Compiler *c, Reg awaitable, Reg destination) {
    emit_native_call(c, &def_entered, awaitable, awaitable);
    emit_yield_from(c, destination, awaitable);
}

void compile_await_exited(Compiler *c, Reg awaitable, Reg destination) {
    emit_native_call(c, &def_exited, awaitable, awaitable);
    emit_yield_from(c, destination, awaitable);
}

void compile_await(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    if (u->scope->kind != SCOPE_FUNCTION && !u->scope->is_async)
        compile_error(c, u->position, "'await' outside function");
    if (!u->scope->is_async && !u->scope->comprehension)
        compile_error(c, u->position, "'await' outside async function");
    uint32_t mark = u->top;
    Reg r = temp_push(c);
    compile_into(c, e->await.value, r);
    compile_await_value(c, r, destination);
    u->top = mark;
}

void compile_async_yield(Compiler *c, Reg *value) {
    Unit *u = c->unit;
    if (!u->scope->is_async)
        return;
    Reg wrapped = reg_is_temp(*value) ? *value : temp_push(c);
    emit_native_call(c, &def_wrap, *value, wrapped);
    *value = wrapped;
}

// ---- async for -----------------------------------------------------------------------------

void compile_async_iter(Compiler *c, AstExpr *iterable, Reg destination) {
    uint32_t mark = c->unit->top;
    Reg r = temp_push(c);
    compile_into(c, iterable, r);
    emit_native_call(c, &def_aiter, r, destination);
    c->unit->top = mark;
}

Reg async_loop_begin(Compiler *c, AsyncLoop *loop, Reg iterator) {
    Unit *u = c->unit;
    loop->head = label_new(c);
    loop->end = label_new(c);
    loop->position = u->position;
    loop->depth = u->top;
    label_bind_loop(c, loop->head);
    loop->assigned = assigned_copy(c);
    loop->handler = label_new(c);
    Reg item = temp_push(c);
    block_push(c, BLOCK_CLEANUP, loop->handler, loop->depth);
    emit_native_call(c, &def_anext, iterator, item);
    emit_yield_from(c, item, item);
    block_pop(c);
    return item;
}

void async_loop_end(Compiler *c, AsyncLoop *loop) {
    Unit *u = c->unit;
    u->position = loop->position;
    label_bind_handler(c, loop->handler, loop->assigned, label_is_used(u, loop->handler));
    u->top = loop->depth;
    Reg exception = temp_push(c), class = temp_push(c);
    Label other = label_new(c);
    if (u->reachable)
        emit_constant(c, class, value_from_object(&exception_StopAsyncIteration));
    emit_branch(c, OP_IF_NOT_EXCEPTION, exception, class, other);
    emit(c, OP_CLEAR, exception, 0, 0);
    emit_jump(c, loop->end);
    label_bind(c, other);
    emit(c, OP_RERAISE, exception, 0, 0);
    label_bind(c, loop->end);
    u->top = loop->depth;
}

void compile_async_for(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    if (!u->scope->is_async || u->scope->comprehension)
        compile_error(c, u->position, "'async for' outside async function");
    Position position = u->position;
    uint32_t mark = u->top;
    Reg iterator = hidden_push(c);
    compile_async_iter(c, s->for_.iter, iterator);
    u->position = position;
    Label end = label_new(c);
    AsyncLoop loop;
    Reg item = async_loop_begin(c, &loop, iterator);
    Block *b = block_push(c, BLOCK_FOR, NO_LABEL, 0);
    b->reg = iterator;
    b->on_break = end;
    b->on_continue = loop.head;
    compile_store(c, s->for_.target, item);
    u->top = mark;
    compile_statements(c, &s->for_.body);
    position_nowhere(c); // for who traces: the loop's line comes with its next item
    emit_jump(c, loop.head);
    u->position = position;
    block_pop(c);
    async_loop_end(c, &loop);
    hidden_pop(c, iterator);
    compile_statements(c, &s->for_.orelse);
    label_bind(c, end);
    u->top = mark;
}

// ---- async with ----------------------------------------------------------------------------

void emit_async_enter(Compiler *c, Reg exit_function, Reg manager) {
    Reg pair = temp_push(c);
    emit_native_call(c, &def_aenter, manager, pair);
    emit(c, OP_UNPACK_SEQUENCE, pair, exit_function, 2);
    c->unit->top--;
}

void emit_async_exit(Compiler *c, Reg exit_function) {
    Unit *u = c->unit;
    uint32_t mark = u->top, base = mark;
    temp_reserve(c, base + FRAME_WORDS + 3);
    emit(c, OP_MOVE, temp_at(base + FRAME_FUNCTION), exit_function, 0);
    for (uint32_t i = 0; i < 3; i++)
        emit_constant(c, temp_at(base + FRAME_WORDS + i), VALUE_NONE);
    emit(c, OP_CALL, temp_at(base), 3, temp_at(base));
    u->top = base + 1;
    compile_await_exited(c, temp_at(base), temp_at(base));
    emit(c, OP_CLEAR, temp_at(base), 0, 0);
    u->top = mark;
}
