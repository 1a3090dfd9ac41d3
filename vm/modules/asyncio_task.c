// SPDX-License-Identifier: MIT
//
// _asyncio.Task: a future whose result a coroutine computes, in steps that the loop calls
// (asyncio_step.c). asyncio_internal.h says who may touch what. What the program sees is what
// CPython's does: Lib/asyncio/tasks.py, and its tests.
//
// A task that is not done either has a step coming by call_soon, or waits for the future in
// `waiter`, one of whose callbacks is its wake-up.
#include "vm/modules/asyncio_internal.h"
#include "vm/modules/contextvars_module.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/generator.h"
#include "vm/types/generic_alias.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static int64_t names_given; // atomic: Task-1, Task-2, ...

// ---- its beginning and its end ---------------------------------------------------------------

// 1, 0, -1.
static int is_coroutine(Value v) {
    if (LIKELY(value_is_exactly(v, &coroutine_type)))
        return 1;
    Value function = asyncio_import(IMPORT_IS_COROUTINE);
    Value answer = value_is_null(function) ? function : value_call_one(function, v);
    int truth = value_is_null(answer) ? -1 : value_truth(answer);
    ref_release(answer);
    return truth;
}

// New reference.
static Value make_name(Value given) {
    if (value_is_null(given) || value_is_none(given))
        return str_format("Task-%lld",
                          (long long)__atomic_add_fetch(&names_given, 1, __ATOMIC_RELAXED));
    return value_is_exactly(given, &str_type) ? ref_new(given) : value_str(given);
}

static int task_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"coro", "loop", "name", "context", NULL};
    Value v[4];
    if (arguments_parse("Task", args, nargs, kwnames, names, 0, 1, 1, v) < 0 ||
        future_start(self, v[1]) < 0)
        return -1;
    Task *t = task_of(self);
    int good = is_coroutine(v[0]);
    if (good <= 0) {
        asyncio_set_flag(&t->log_destroy_pending, false);
        return good < 0 ? -1
                        : raise_int(&exception_TypeError, "a coroutine was expected, got %R", v[0]);
    }
    Value name = make_name(v[2]);
    if (value_is_null(name))
        return -1;
    Value context =
        value_is_null(v[3]) || value_is_none(v[3]) ? contextvars_copy_current() : ref_new(v[3]);
    if (value_is_null(context)) {
        ref_release(name);
        return -1;
    }
    Value coroutine = ref_new(v[0]);
    object_lock(value_object(self));
    Value old[] = {field_swap_locked(&t->coroutine, coroutine), field_swap_locked(&t->name, name),
                   field_swap_locked(&t->context, context),
                   field_swap_locked(&t->waiter, VALUE_NULL)};
    asyncio_set_flag(&t->must_cancel, false);
    asyncio_set_flag(&t->log_destroy_pending, true);
    __atomic_store_n(&t->cancel_requests, 0, __ATOMIC_RELAXED);
    object_unlock(value_object(self));
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        ref_release(old[i]);
    return task_step_soon(self, VALUE_NULL) < 0 ? -1 : asyncio_register_task(self);
}

static void task_drop(Object *self) {
    Task *t = (Task *)self;
    field_clear(self, &t->coroutine);
    field_clear(self, &t->name);
    field_clear(self, &t->context);
    field_clear(self, &t->waiter);
    future_drop(self);
}
static void task_destroy(Object *self) {
    task_drop(self);
    type_free_instance(self);
}
static void task_traverse(Object *self, GcVisitor *visitor) {
    Task *t = (Task *)self;
    future_traverse(self, visitor);
    gc_visit(visitor, t->coroutine);
    gc_visit(visitor, t->name);
    gc_visit(visitor, t->context);
    gc_visit(visitor, t->waiter);
}

// A task that nobody will step any more is reported.
static void task_finalize(Object *object) {
    Value self = value_from_object(object);
    Task *t = (Task *)object;
    if (UNLIKELY(future_state(&t->future) == FUTURE_PENDING &&
                 asyncio_flag(&t->log_destroy_pending))) {
        Value pending = error_take(), context = dict_new();
        Value message = str_from_cstr("Task was destroyed but it is pending!");
        if (value_is_null(context) || value_is_null(message) ||
            dict_set_cstr(context, "message", message) < 0 ||
            dict_set_cstr(context, "task", self) < 0) {
            ref_release(context);
            context = VALUE_NULL;
        }
        ref_release(message);
        future_call_handler(self, context);
        if (!value_is_null(pending))
            error_restore(pending);
    }
    future_finalize(object);
}

// ---- cancelling ------------------------------------------------------------------------------

static int task_cancel_with(Value self, Value message) {
    Task *t = task_of(self);
    asyncio_set_flag(&t->future.log_traceback, false);
    if (future_state(&t->future) != FUTURE_PENDING)
        return 0;
    __atomic_add_fetch(&t->cancel_requests, 1, __ATOMIC_RELAXED);
    Value waiter = field_load(value_object(self), &t->waiter);
    if (!value_is_null(waiter)) {
        // It stays: it may be a task that ignores this, and has to be cancelled again.
        int cancelled = asyncio_cancel(waiter, message);
        ref_release(waiter);
        if (cancelled)
            return cancelled;
    }
    field_store(value_object(self), &t->future.cancel_message, ref_new(message));
    asyncio_set_flag(&t->must_cancel, true);
    return 1;
}

int asyncio_cancel(Value awaited, Value message) {
    int answer = -1;
    if (value_is_null(message))
        message = VALUE_NONE;
    if (thread_enter_recursive(" while calling a Python object") < 0)
        return -1;
    if (value_is_exactly(awaited, &asyncio_task_type)) {
        answer = task_cancel_with(awaited, message);
    } else if (value_is_exactly(awaited, &asyncio_future_type)) {
        bool done;
        if (future_finish_cancelled(awaited, message, &done) == 0)
            answer = done;
    } else {
        Value method = value_getattr(awaited, asyncio_names[NAME_CANCEL]);
        Value result = value_is_null(method)
                           ? method
                           : value_call(method, &message, 0, asyncio_message_keyword);
        answer = value_is_null(result) ? -1 : value_truth(result);
        ref_release(result);
        ref_release(method);
    }
    thread_leave_recursive();
    return answer;
}

static Value task_cancel(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"msg", NULL};
    Value v[1];
    if (arguments_parse("cancel", args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return VALUE_NULL;
    int cancelled = task_cancel_with(self, value_is_null(v[0]) ? VALUE_NONE : v[0]);
    return cancelled < 0 ? VALUE_NULL : bool_new(cancelled);
}

static Value task_cancelling(Value self) {
    return value_from_int(__atomic_load_n(&task_of(self)->cancel_requests, __ATOMIC_RELAXED));
}

static Value task_uncancel(Value self) {
    int64_t *requests = &task_of(self)->cancel_requests;
    int64_t count = __atomic_load_n(requests, __ATOMIC_RELAXED);
    while (count > 0 && !__atomic_compare_exchange_n(requests, &count, count - 1, true,
                                                     __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
    }
    return value_from_int(count > 0 ? count - 1 : 0);
}

// ---- the other methods -----------------------------------------------------------------------

static Value task_set_result(Value self, Value result) {
    return raise_error(&exception_RuntimeError, "Task does not support set_result operation");
}
static Value task_set_exception(Value self, Value exception) {
    return raise_error(&exception_RuntimeError, "Task does not support set_exception operation");
}

static Value call_library(AsyncioImport which, const Value *args, size_t nargs) {
    Value function = asyncio_import(which);
    return value_is_null(function) ? function : value_call(function, args, nargs, VALUE_NULL);
}

static Value task_get_stack(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"limit", NULL};
    Value v[1];
    if (arguments_parse("get_stack", args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    Value all[] = {self, value_is_null(v[0]) ? VALUE_NONE : v[0]};
    return call_library(IMPORT_TASK_GET_STACK, all, 2);
}

static Value task_print_stack(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"limit", "file", NULL};
    Value v[2];
    if (arguments_parse("print_stack", args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    Value all[] = {self, value_is_null(v[0]) ? VALUE_NONE : v[0],
                   value_is_null(v[1]) ? VALUE_NONE : v[1]};
    return call_library(IMPORT_TASK_PRINT_STACK, all, 3);
}

static Value task_repr(Value self) {
    return future_check(future_of(self)) < 0 ? VALUE_NULL
                                             : call_library(IMPORT_TASK_REPR, &self, 1);
}

static Value field_or_none(Value self, const Value *slot) {
    Value v = field_load(value_object(self), slot);
    return value_is_null(v) ? none_new() : v;
}
static Value task_get_name(Value self) {
    return field_or_none(self, &task_of(self)->name);
}
static Value task_set_name(Value self, Value given) {
    Value name = value_is_exactly(given, &str_type) ? ref_new(given) : value_str(given);
    if (value_is_null(name))
        return name;
    field_store(value_object(self), &task_of(self)->name, name);
    return none_new();
}
static Value task_get_coro(Value self) {
    return field_or_none(self, &task_of(self)->coroutine);
}
static Value get_waiter(Value self) {
    return field_or_none(self, &task_of(self)->waiter);
}
static Value get_must_cancel(Value self) {
    return bool_new(asyncio_flag(&task_of(self)->must_cancel));
}
static Value get_log_destroy_pending(Value self) {
    return bool_new(asyncio_flag(&task_of(self)->log_destroy_pending));
}
static int set_log_destroy_pending(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    int truth = value_truth(value);
    if (truth >= 0)
        asyncio_set_flag(&task_of(self)->log_destroy_pending, truth);
    return truth < 0 ? -1 : 0;
}

static const NativeDef task_methods[] = {
    DEF_ONE("set_result", task_set_result, "set_result($self, result, /)\n--\n\nNot for tasks."),
    DEF_ONE("set_exception", task_set_exception,
            "set_exception($self, exception, /)\n--\n\nNot for tasks."),
    DEF_VECTOR("cancel", task_cancel,
               "cancel($self, /, msg=None)\n--\n\n"
               "The coroutine gets a CancelledError at its next step. It may catch it.\n"
               "False: the task is done already."),
    DEF_NONE("cancelling", task_cancelling,
             "cancelling($self, /)\n--\n\nHow many requests to cancel it are not taken back."),
    DEF_NONE("uncancel", task_uncancel,
             "uncancel($self, /)\n--\n\n"
             "Takes one request to cancel it back; gives how many are left."),
    DEF_VECTOR("get_stack", task_get_stack,
               "get_stack($self, /, *, limit=None)\n--\n\n"
               "The frame in which the coroutine is suspended, or those of the traceback with\n"
               "which it ended, the oldest first, as a list of at most limit."),
    DEF_VECTOR("print_stack", task_print_stack,
               "print_stack($self, /, *, limit=None, file=None)\n--\n\n"
               "Prints what get_stack() gives, to sys.stderr if no file is given."),
    DEF_NONE("get_name", task_get_name, "get_name($self, /)\n--\n\nThe name."),
    DEF_ONE("set_name", task_set_name, "set_name($self, value, /)\n--\n\nGives it a name."),
    DEF_NONE("get_coro", task_get_coro, "get_coro($self, /)\n--\n\nThe coroutine."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, "See PEP 585"),
    DEF_END,
};

static const GetSetDef task_getsets[] = {
    {"_log_destroy_pending", get_log_destroy_pending, set_log_destroy_pending, NULL},
    {"_must_cancel", get_must_cancel, NULL, NULL},
    {"_coro", task_get_coro, NULL, NULL},
    {"_fut_waiter", get_waiter, NULL, NULL},
    {NULL},
};

static Value task_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

Type asyncio_task_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_asyncio.Task",
    .basic_size = sizeof(Task),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_HAS_FINALIZER | TYPE_HAS_DEL,
    .dict_offset = offsetof(Future, dict),
    .base = &asyncio_future_type,
    .doc = "Task(coro, *, loop=None, name=None, context=None)\n--\n\n"
           "A coroutine that a loop runs.",
    .call_new = task_new,
    .init = task_init,
    .destroy = task_destroy,
    .traverse = task_traverse,
    .clear = task_drop,
    .finalize = task_finalize,
    .repr = task_repr,
    .iter = future_iterator_new,
    .await = future_iterator_new,
    .methods = task_methods,
    .getsets = task_getsets,
};
