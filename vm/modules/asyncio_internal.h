// SPDX-License-Identifier: MIT
//
// What the files of _asyncio share: futures (asyncio_future.c) and how one waits for them
// (asyncio_iterator.c), tasks (asyncio_task.c) and what a step of one does (asyncio_step.c), the
// loops that run and the library's functions (asyncio_module.c).
//
// Who may touch what: any thread may call any method. All words of a Future or Task are guarded by
// the object's lock; flags and the state are read without it, as atomics. The state becomes final
// once, in the section that also stores the result and takes the callbacks out, with release: who
// has read a final state (acquire) finds the result. Nothing but such a section holds the lock, so
// Python code (the loop's call_soon, `__eq__` of callbacks, finalisers) runs without it.
#ifndef LOCKSMITH_VM_MODULES_ASYNCIO_INTERNAL_H
#define LOCKSMITH_VM_MODULES_ASYNCIO_INTERNAL_H

#include "vm/modules/asyncio_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/str.h"

typedef enum { FUTURE_PENDING, FUTURE_CANCELLED, FUTURE_FINISHED } FutureState;

// A callback and the context it is to run in. context may be VALUE_NULL where call_soon gets none.
typedef struct {
    Value function, context;
} FutureCallback;

// The callbacks of a future in the order in which they were added: the first, which mostly is the
// only one, lies in the future itself (function VALUE_NULL: no first one).
typedef struct {
    FutureCallback first;
    FutureCallback *more; // from buffer_allocate, or NULL with capacity 0
    int64_t count, capacity;
} FutureCallbacks;

typedef struct {
    Object header;
    Value dict; // VALUE_NULL until used
    Value loop; // VALUE_NULL: __init__ was not called
    FutureCallbacks callbacks;
    Value result, exception;   // VALUE_NULL: none
    Value exception_traceback; // what the exception had when it was set; taken by who raises it
    Value source_traceback, cancel_message;
    Value cancelled_error; // what ended a task's coroutine, for who asks for the result first
    uint8_t state;         // FutureState
    bool log_traceback, blocking;
} Future;

typedef struct {
    Future future;
    Value coroutine, name, context; // VALUE_NULL: __init__ was not called
    Value waiter;                   // the future it waits for, or VALUE_NULL
    int64_t cancel_requests;        // atomic, as the flags are
    bool must_cancel, log_destroy_pending;
} Task;

extern Type asyncio_future_type, asyncio_task_type, asyncio_future_iterator_type, asyncio_step_type;

static inline Future *future_of(Value v) {
    return (Future *)value_object(v);
}
static inline Task *task_of(Value v) {
    return (Task *)value_object(v);
}
// Futures and tasks whose methods no class has replaced.
static inline bool future_is_exact(Value v) {
    return value_is_exactly(v, &asyncio_future_type) || value_is_exactly(v, &asyncio_task_type);
}
static inline FutureState future_state(const Future *f) {
    return __atomic_load_n(&f->state, __ATOMIC_ACQUIRE);
}
static inline bool asyncio_flag(const bool *flag) {
    return __atomic_load_n(flag, __ATOMIC_RELAXED);
}
static inline void asyncio_set_flag(bool *flag, bool value) {
    __atomic_store_n(flag, value, __ATOMIC_RELAXED);
}
// The flag becomes false; gives what it was. For what is mostly false.
static inline bool asyncio_take_flag(bool *flag) {
    return asyncio_flag(flag) && __atomic_exchange_n(flag, false, __ATOMIC_RELAXED);
}
// Somebody waits for the future, or what waits has been seen; gives what was so before.
static inline bool future_change_blocking(Future *f, bool blocking) {
    object_lock(&f->header);
    bool before = f->blocking;
    asyncio_set_flag(&f->blocking, blocking);
    object_unlock(&f->header);
    return before;
}

// ---- names and the library's functions (asyncio_module.c) ------------------------------------

// Interned when the module is filled.
typedef enum {
    NAME_ADD_DONE_CALLBACK,
    NAME_BLOCKING,
    NAME_CALL_EXCEPTION_HANDLER,
    NAME_CALL_SOON,
    NAME_CANCEL,
    NAME_DISCARD,
    NAME_GET_DEBUG,
    NAME_GET_EVENT_LOOP,
    NAME_GET_LOOP,
    NAME_LOOP,
    NAME_RESULT,
    ASYNCIO_NAME_COUNT
} AsyncioName;
extern Value asyncio_names[ASYNCIO_NAME_COUNT];
extern Value asyncio_context_keyword, asyncio_message_keyword; // ("context",) and ("msg",)

// Imported at the first use, since the library imports this module before it has them.
typedef enum {
    IMPORT_CANCELLED_ERROR,
    IMPORT_INVALID_STATE_ERROR,
    IMPORT_EVENT_LOOP_POLICY,
    IMPORT_FUTURE_REPR,
    IMPORT_TASK_REPR,
    IMPORT_TASK_GET_STACK,
    IMPORT_TASK_PRINT_STACK,
    IMPORT_IS_COROUTINE,
    IMPORT_EXTRACT_STACK,
    ASYNCIO_IMPORT_COUNT
} AsyncioImport;
// Borrowed, for ever; VALUE_NULL with an exception. May run Python code.
Value asyncio_import(AsyncioImport which);
// Raises InvalidStateError(text), text as a new reference or VALUE_NULL. VALUE_NULL.
Value asyncio_raise_invalid_state(Value text);

// The running loop, or what the policy gives: a new reference, VALUE_NULL with an exception.
Value asyncio_get_event_loop(void);
// loop.call_soon(function, argument, context=context); argument and context may be VALUE_NULL. 0,
// -1.
int asyncio_call_soon(Value loop, Value function, Value argument, Value context);
// Which task runs in a loop. 0, or -1 with RuntimeError.
int asyncio_enter_task(Value loop, Value task);
int asyncio_leave_task(Value loop, Value task);
int asyncio_register_task(Value task); // in _all_tasks

// ---- futures (asyncio_future.c) ---------------------------------------------------------------

// What __init__ does; loop VALUE_NULL or None: asyncio_get_event_loop(). 0, -1.
int future_start(Value self, Value loop);
void future_drop(Object *self); // the fields that it owns
void future_traverse(Object *self, GcVisitor *visitor);
void future_finalize(Object *self);

// 0, or -1 with RuntimeError: __init__ was not called.
int future_check(const Future *f);
// The result as a new reference in *out: 1; what is to be raised instead: 0; an error: -1.
int future_outcome(Value self, Value *out);
// The same with what is to be raised raised: VALUE_NULL then.
Value future_result(Value self);
// How a future ends; true in *done if it was pending. 0, or -1: call_soon has failed.
int future_finish(Value self, Value result, bool *done); // result borrowed
int future_finish_cancelled(Value self, Value message_or_null, bool *done);
// set_exception(): 0, or -1 with what it complains of.
int future_finish_exception(Value self, Value exception);
int future_add_callback(Value self, Value function, Value context); // 0, -1
// The CancelledError to raise; a new reference or VALUE_NULL.
Value future_cancelled_error(Value self);
// Calls loop.call_exception_handler(context) with source_traceback added (context taken, may be
// VALUE_NULL), and reports what that raises.
void future_call_handler(Value self, Value context);

// ---- waiting for one (asyncio_iterator.c) -----------------------------------------------------

Value future_iterator_new(Value self); // the slots iter and await

// ---- tasks (asyncio_task.c) ------------------------------------------------------------------

// cancel(msg=message) of a future or task of any kind, or of anything else by its method: 0, 1 as
// its answer's truth is, -1.
int asyncio_cancel(Value awaited, Value message);

// ---- their steps (asyncio_step.c) ------------------------------------------------------------

// The task's next step comes by call_soon, with an exception (borrowed) if there is one. 0, -1.
int task_step_soon(Value self, Value exception_or_null);

#endif
