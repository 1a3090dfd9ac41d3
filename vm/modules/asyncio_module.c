// SPDX-License-Identifier: MIT
//
// _asyncio: the module, the loop that runs in a thread (Thread.running_loop, the thread's own),
// which tasks run, and what the types need of the library.
//
// _current_tasks and _all_tasks are a dict and a WeakSet that the program sees; they guard
// themselves. A loop has its one entry of the dict from the thread in which it runs.
#include "vm/modules/asyncio_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

Value asyncio_names[ASYNCIO_NAME_COUNT];
Value asyncio_context_keyword, asyncio_message_keyword;
static Value current_tasks, all_tasks; // made once in a process

static const char *const name_texts[ASYNCIO_NAME_COUNT] = {
    [NAME_ADD_DONE_CALLBACK] = "add_done_callback",
    [NAME_BLOCKING] = "_asyncio_future_blocking",
    [NAME_CALL_EXCEPTION_HANDLER] = "call_exception_handler",
    [NAME_CALL_SOON] = "call_soon",
    [NAME_CANCEL] = "cancel",
    [NAME_DISCARD] = "discard",
    [NAME_GET_DEBUG] = "get_debug",
    [NAME_GET_EVENT_LOOP] = "get_event_loop",
    [NAME_GET_LOOP] = "get_loop",
    [NAME_LOOP] = "_loop",
    [NAME_RESULT] = "result",
};

// ---- what the library has --------------------------------------------------------------------

static const struct {
    const char *module, *name;
} import_texts[ASYNCIO_IMPORT_COUNT] = {
    [IMPORT_CANCELLED_ERROR] = {"asyncio.exceptions", "CancelledError"},
    [IMPORT_INVALID_STATE_ERROR] = {"asyncio.exceptions", "InvalidStateError"},
    [IMPORT_EVENT_LOOP_POLICY] = {"asyncio.events", "get_event_loop_policy"},
    [IMPORT_FUTURE_REPR] = {"asyncio.base_futures", "_future_repr"},
    [IMPORT_TASK_REPR] = {"asyncio.base_tasks", "_task_repr"},
    [IMPORT_TASK_GET_STACK] = {"asyncio.base_tasks", "_task_get_stack"},
    [IMPORT_TASK_PRINT_STACK] = {"asyncio.base_tasks", "_task_print_stack"},
    [IMPORT_IS_COROUTINE] = {"asyncio.coroutines", "iscoroutine"},
    [IMPORT_EXTRACT_STACK] = {"traceback", "extract_stack"},
};
// Set once each, by compare-and-swap (release), and never released.
static Value imported[ASYNCIO_IMPORT_COUNT];

static Value import_now(AsyncioImport which) {
    Value module = import_module_cstr(import_texts[which].module);
    if (value_is_null(module))
        return module;
    Value v = value_getattr_cstr(module, import_texts[which].name);
    ref_release(module);
    if (value_is_null(v))
        return v;
    uint64_t none = VALUE_NULL.bits;
    if (!__atomic_compare_exchange_n(&imported[which].bits, &none, v.bits, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        ref_release(v);
    return field_published(&imported[which]);
}

Value asyncio_import(AsyncioImport which) {
    Value v = field_published(&imported[which]);
    return LIKELY(!value_is_null(v)) ? v : import_now(which);
}

int asyncio_call_soon(Value loop, Value function, Value argument, Value context) {
    Value method;
    if (UNLIKELY(value_is_null(loop)))
        return raise_int(&exception_RuntimeError, "uninitialized Future object");
    int unbound = value_get_method(loop, asyncio_names[NAME_CALL_SOON], &method);
    if (unbound < 0)
        return -1;
    Value args[4];
    size_t count = 0;
    if (unbound)
        args[count++] = loop;
    args[count++] = function;
    if (!value_is_null(argument))
        args[count++] = argument;
    Value keywords = VALUE_NULL;
    if (!value_is_null(context)) {
        args[count] = context;
        keywords = asyncio_context_keyword;
    }
    Value handle = value_call(method, args, count, keywords);
    ref_release(method);
    ref_release(handle);
    return value_is_null(handle) ? -1 : 0;
}

// ---- running loops ---------------------------------------------------------------------------

void asyncio_after_fork_in_child(void) {
    Thread *thread = thread_current();
    Value loop = thread->running_loop;
    thread->running_loop = VALUE_NULL;
    ref_release(loop);
}

Value asyncio_get_event_loop(void) {
    Value running = thread_current()->running_loop;
    if (!value_is_null(running))
        return ref_new(running);
    Value function = asyncio_import(IMPORT_EVENT_LOOP_POLICY);
    Value policy = value_is_null(function) ? function : value_call_none(function);
    if (value_is_null(policy))
        return policy;
    Value loop = value_call_method(policy, asyncio_names[NAME_GET_EVENT_LOOP], NULL, 0);
    ref_release(policy);
    return loop;
}

static Value module_get_event_loop(Value self) {
    return asyncio_get_event_loop();
}
static Value module_get_event_loop_at(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"stacklevel", NULL};
    Value v[1];
    if (arguments_parse("_get_event_loop", args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return VALUE_NULL;
    return asyncio_get_event_loop();
}

static Value module_get_running_loop(Value self) {
    Value running = thread_current()->running_loop;
    if (UNLIKELY(value_is_null(running)))
        return raise_error(&exception_RuntimeError, "no running event loop");
    return ref_new(running);
}
static Value module_ask_running_loop(Value self) {
    Value running = thread_current()->running_loop;
    return value_is_null(running) ? none_new() : ref_new(running);
}
static Value module_set_running_loop(Value self, Value loop) {
    Thread *thread = thread_current();
    Value old = thread->running_loop;
    thread->running_loop = value_is_none(loop) ? VALUE_NULL : ref_new(loop);
    ref_release(old);
    return none_new();
}

// ---- tasks -----------------------------------------------------------------------------------

int asyncio_enter_task(Value loop, Value task) {
    int64_t hash = value_hash(loop);
    if (hash == -1)
        return -1;
    Value other = dict_get_hashed(current_tasks, loop, hash);
    if (LIKELY(value_is_null(other)))
        return error_occurred() ? -1 : dict_set_hashed(current_tasks, loop, hash, task);
    raise_error(&exception_RuntimeError,
                "Cannot enter into task %R while another task %R is being executed.", task, other);
    ref_release(other);
    return -1;
}

int asyncio_leave_task(Value loop, Value task) {
    Value other = dict_get(current_tasks, loop);
    if (LIKELY(value_same(other, task))) {
        ref_release(other);
        return dict_delete(current_tasks, loop);
    }
    if (value_is_null(other) && error_occurred())
        return -1;
    raise_error(&exception_RuntimeError, "Leaving task %R does not match the current task %R.",
                task, value_is_null(other) ? VALUE_NONE : other);
    ref_release(other);
    return -1;
}

int asyncio_register_task(Value task) {
    Value result = value_call_method(all_tasks, name_add, &task, 1);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

static Value result_of(int status) {
    return status < 0 ? VALUE_NULL : none_new();
}
static Value module_enter_task(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"loop", "task", NULL};
    Value v[2];
    if (arguments_parse("_enter_task", args, nargs, kwnames, names, 0, 2, 2, v) < 0)
        return VALUE_NULL;
    return result_of(asyncio_enter_task(v[0], v[1]));
}
static Value module_leave_task(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"loop", "task", NULL};
    Value v[2];
    if (arguments_parse("_leave_task", args, nargs, kwnames, names, 0, 2, 2, v) < 0)
        return VALUE_NULL;
    return result_of(asyncio_leave_task(v[0], v[1]));
}
static Value module_register_task(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"task", NULL};
    Value v[1];
    if (arguments_parse("_register_task", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return result_of(asyncio_register_task(v[0]));
}
static Value module_unregister_task(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"task", NULL};
    Value v[1];
    if (arguments_parse("_unregister_task", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    Value result = value_call_method(all_tasks, asyncio_names[NAME_DISCARD], v, 1);
    ref_release(result);
    return value_is_null(result) ? result : none_new();
}

// ---- the module ------------------------------------------------------------------------------

static const NativeDef asyncio_functions[] = {
    DEF_NONE("get_event_loop", module_get_event_loop,
             "get_event_loop($module, /)\n--\n\n"
             "The loop that runs in this thread, or else what the policy gives."),
    DEF_VECTOR("_get_event_loop", module_get_event_loop_at,
               "_get_event_loop($module, /, stacklevel=3)\n--\n\n"),
    DEF_NONE("get_running_loop", module_get_running_loop,
             "get_running_loop($module, /)\n--\n\n"
             "The loop that runs in this thread. RuntimeError: there is none."),
    DEF_NONE("_get_running_loop", module_ask_running_loop,
             "_get_running_loop($module, /)\n--\n\n"
             "The loop that runs in this thread, or None."),
    DEF_ONE("_set_running_loop", module_set_running_loop,
            "_set_running_loop($module, loop, /)\n--\n\nFor loops: which runs in this thread."),
    DEF_VECTOR("_register_task", module_register_task,
               "_register_task($module, /, task)\n--\n\nPuts a task into _all_tasks."),
    DEF_VECTOR("_unregister_task", module_unregister_task,
               "_unregister_task($module, /, task)\n--\n\nTakes a task out of _all_tasks."),
    DEF_VECTOR("_enter_task", module_enter_task,
               "_enter_task($module, /, loop, task)\n--\n\n"
               "A step of task begins. RuntimeError: the loop has another one."),
    DEF_VECTOR("_leave_task", module_leave_task,
               "_leave_task($module, /, loop, task)\n--\n\nThe step of task is over."),
    DEF_END,
};

// A tuple of the one name, for ever.
static int make_keyword(Value *slot, const char *text) {
    if (!value_is_null(*slot))
        return 0;
    Value name = str_intern_cstr(text);
    *slot = tuple_pack(1, name);
    ref_release(name);
    return value_is_null(*slot) ? -1 : 0;
}

static int make_tasks(void) {
    if (value_is_null(current_tasks))
        current_tasks = dict_new();
    if (value_is_null(current_tasks))
        return -1;
    if (!value_is_null(all_tasks))
        return 0;
    Value module = import_module_cstr("weakref");
    Value class = value_is_null(module) ? module : value_getattr_cstr(module, "WeakSet");
    if (!value_is_null(class))
        all_tasks = value_call_none(class);
    ref_release(class);
    ref_release(module);
    return value_is_null(all_tasks) ? -1 : 0;
}

static int asyncio_fill(Value module) {
    for (int i = 0; i < ASYNCIO_NAME_COUNT; i++)
        if (value_is_null(asyncio_names[i]))
            asyncio_names[i] = str_intern_cstr(name_texts[i]);
    type_ready(&asyncio_future_iterator_type);
    type_ready(&asyncio_step_type);
    if (make_keyword(&asyncio_context_keyword, "context") < 0 ||
        make_keyword(&asyncio_message_keyword, "msg") < 0 || make_tasks() < 0 ||
        module_add_type(module, &asyncio_future_type) < 0 ||
        module_add_type(module, &asyncio_task_type) < 0 ||
        module_add(module, "_all_tasks", ref_new(all_tasks)) < 0)
        return -1;
    return module_add(module, "_current_tasks", ref_new(current_tasks));
}

const NativeModule module_asyncio = {"_asyncio", "Accelerator module for asyncio",
                                     asyncio_functions, asyncio_fill};
