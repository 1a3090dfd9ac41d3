// SPDX-License-Identifier: MIT
//
// Generators as other C code drives them. See generator.c for the states.
#ifndef LOCKSMITH_VM_TYPES_GENERATOR_H
#define LOCKSMITH_VM_TYPES_GENERATOR_H

#include "vm/interp/frame.h"

// A generator or a coroutine: what `yield from` and `await` drive without a method call.
static inline bool generator_is_delegate(Value v) {
    return value_is_exactly(v, &generator_type) || value_is_exactly(v, &coroutine_type);
}
// Is it suspended in a `yield from` or await? Claims it for a moment, so this is for who will
// resume it.
bool generator_delegates(Value generator);
const char *generator_kind(const Type *type); // "generator", "coroutine", "async generator"

// Sends value (borrowed). The yielded value; or VALUE_NULL with *returned the result (new
// reference) if it returned; or VALUE_NULL twice with an exception. Runs Python code.
Value generator_resume(Value generator, Value value, Value *returned);
// The same for any iterator, as `yield from` drives it; a StopIteration of its methods is taken.
Value iterator_send(Value iterator, Value value, Value *returned);
// The step of one that is no delegate by its methods: what they give, StopIteration and all.
Value iterator_send_plainly(Value iterator, Value value);
Value generator_close(Value generator); // None, or VALUE_NULL
// throw(*args): as generator_resume. With into_awaited, GeneratorExit is thrown into what the
// generator waits for, too; else that is closed.
Value generator_throw_into(Value generator, const Value *args, size_t nargs, bool into_awaited,
                           Value *returned);
// What its result becomes for who called send() or next(): StopIteration or StopAsyncIteration.
// Takes returned.
Value generator_raise_stop(Value generator, Value returned);
// An exception (taken) leaves the frame of a generator of this type: what its caller sees (PEP
// 479).
Value generator_wrap_stop(const Type *type, Value exception);

// ---- coroutines (vm/types/coroutine.c) ------------------------------------------------------
extern const NativeDef coroutine_functions[]; // of module sys
// The iterator that `await v` drives, or VALUE_NULL. The message names v's type by %T.
Value coroutine_awaitable(Value v, const char *message);
Value coroutine_origin(Frame *caller, int depth); // cr_origin: a tuple
void coroutine_warn_unawaited(Value coroutine);   // leaves nothing pending
void coroutine_start(void);

// ---- asynchronous generators (vm/types/async_generator.c, anext.c) --------------------------
// What `yield` in an asynchronous generator gives to its awaitables: tells the value from what
// awaited things yield.
Value async_generator_wrap(Value value);
// Its finalizer hook runs instead of closing it. False: there is none.
bool async_generator_finalize(Generator *g);
void async_generator_start(void);

// ---- for the types that share the structure (vm/types/generator.c) --------------------------
Value generator_get_running(Value self), generator_get_suspended(Value self),
    generator_get_yieldfrom(Value self), generator_get_code(Value self),
    generator_get_frame(Value self), generator_get_name(Value self),
    generator_get_qualname(Value self), generator_repr(Value self);
int generator_set_name(Value self, Value value), generator_set_qualname(Value self, Value value);
Value generator_send(Value self, Value value),
    generator_throw(Value self, const Value *args, size_t nargs);
void generator_destroy(Object *self), generator_traverse(Object *self, GcVisitor *visitor),
    generator_clear(Object *self), generator_finalize(Object *self);
// Would its finaliser run anything? Of one that nobody can resume meanwhile.
bool generator_needs_close(Object *generator);

#endif
