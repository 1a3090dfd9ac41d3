// SPDX-License-Identifier: MIT
//
// The functions of sys that look at frames and trace them.
#include "vm/interp/trace.h"
#include "vm/modules/sys_trace.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include <stdlib.h>

static Value sys_settrace(Value self, Value function) {
    if (audit("sys.settrace", 0) < 0)
        return VALUE_NULL;
    if (trace_set(function) < 0)
        return VALUE_NULL;
    return trace_result_of_native(thread_current(), none_new(), "settrace");
}
static Value sys_setprofile(Value self, Value function) {
    if (audit("sys.setprofile", 0) < 0)
        return VALUE_NULL;
    if (profile_set(function) < 0)
        return VALUE_NULL;
    return trace_result_of_native(thread_current(), none_new(), "setprofile");
}
static Value sys_gettrace(Value self) {
    return trace_get();
}
static Value sys_getprofile(Value self) {
    return profile_get();
}

static Value sys_call_tracing(Value self, Value function, Value arguments) {
    if (!value_is_tuple(arguments))
        return raise_type_error("call_tracing() argument 2 must be tuple, not %G", arguments);
    return trace_call_tracing(function, arguments);
}
static Value call_tracing(Value self, const Value *args, size_t nargs) {
    return sys_call_tracing(self, args[0], args[1]);
}

static Value sys_getframe(Value self, const Value *args, size_t nargs) {
    int depth = 0;
    if (nargs && int_argument(args[0], &depth) < 0)
        return VALUE_NULL;
    Frame *frame = thread_current()->frame;
    while (frame && depth-- > 0)
        frame = frame_previous(frame);
    if (!frame)
        return raise_value_error("call stack is not deep enough");
    Value object = frame_object(frame);
    if (!value_is_null(object) && audit("sys._getframe", 1, object) < 0) {
        ref_release(object);
        return VALUE_NULL;
    }
    return object;
}

// ---- of all threads ------------------------------------------------------------------------

// Those that run Python code. The frames belong to them: what is asked of one is asked with the
// world stopped, but not under the lock of thread_each, since it makes objects.
typedef struct {
    Thread **items;
    size_t count, room;
} Threads;

static void add_thread(Thread *thread, void *context) {
    Threads *threads = context;
    if (!thread->frame)
        return;
    if (threads->count < threads->room)
        threads->items[threads->count] = thread;
    threads->count++;
}
static Value frame_of(Thread *thread) {
    return frame_object_of_thread(thread->frame, thread->id);
}
static Value exception_of_thread(Thread *thread) {
    Value handled = VALUE_NULL;
    for (HandledItem *item = thread->handled; item && value_is_null(handled); item = item->previous)
        handled = item->exception;
    if (value_is_null(handled))
        return tuple_pack(3, VALUE_NONE, VALUE_NONE, VALUE_NONE);
    Value traceback = exception_traceback(handled);
    Value result = tuple_pack(3, value_from_object(value_type(handled)), handled,
                              value_is_null(traceback) ? VALUE_NONE : traceback);
    ref_release(traceback);
    return result;
}
static int put(Value dict, const Thread *thread, Value v) { // v consumed
    Value id = int_from_u64(thread->id);
    int status = value_is_null(v) || value_is_null(id) ? -1 : dict_set(dict, id, v);
    ref_release(v);
    ref_release(id);
    return status;
}
static Value collect(Value (*what)(Thread *thread)) {
    Value dict = dict_new();
    if (value_is_null(dict))
        return dict;
    Threads threads = {0};
    int status = 0;
    thread_stop_world();
    thread_each(add_thread, &threads);
    threads.room = threads.count;
    threads.items = malloc((threads.count + 1) * sizeof *threads.items);
    if (threads.items) {
        threads.count = 0;
        thread_each(add_thread, &threads);
        for (size_t i = 0; i < threads.count && status == 0; i++)
            status = put(dict, threads.items[i], what(threads.items[i]));
    }
    thread_start_world();
    if (!threads.items)
        status = (raise_memory_error(), -1);
    free(threads.items);
    if (status < 0) {
        ref_release(dict);
        return VALUE_NULL;
    }
    return dict;
}
static Value sys_current_frames(Value self) {
    if (audit("sys._current_frames", 0) < 0)
        return VALUE_NULL;
    return collect(frame_of);
}
static Value sys_current_exceptions(Value self) {
    if (audit("sys._current_exceptions", 0) < 0)
        return VALUE_NULL;
    return collect(exception_of_thread);
}

// ---- breakpoint() and audit hooks ----------------------------------------------------------

// The callable that a dotted name means; a new reference, VALUE_NULL with an exception.
static Value named(const char *name) {
    const char *dot = strrchr(name, '.');
    Value module_name = dot ? str_from_utf8(name, (size_t)(dot - name)) : str_from_cstr("builtins");
    char text[256];
    str_copy_bounded(module_name, text, sizeof text);
    ref_release(module_name);
    Value module = import_module_cstr(text);
    if (value_is_null(module))
        return module;
    Value found = value_getattr_cstr(module, dot ? dot + 1 : name);
    ref_release(module);
    return found;
}

// $PYTHONBREAKPOINT says what to call: nothing, or pdb.set_trace if it is not set (PEP 553).
static Value sys_breakpointhook(Value self, const Value *args, size_t nargs, Value kwnames) {
    const char *name = getenv("PYTHONBREAKPOINT");
    if (!name || !*name)
        name = "pdb.set_trace";
    if (!strcmp(name, "0"))
        return none_new();
    Value hook = named(name);
    if (value_is_null(hook)) {
        if (!error_matches(&exception_ImportError) && !error_matches(&exception_AttributeError))
            return VALUE_NULL;
        error_clear();
        return warn(&exception_RuntimeWarning, 0, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"",
                    name) < 0
                   ? VALUE_NULL
                   : none_new();
    }
    Value result = value_call(hook, args, nargs, kwnames);
    ref_release(hook);
    return trace_result_of_native(thread_current(), result, "breakpointhook");
}

static Value sys_audit(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("expected str for argument 'event', not %T", args[0]);
    if (!audit_on())
        return none_new();
    Value arguments = nargs > 1 ? tuple_from_array(args + 1, (int64_t)nargs - 1) : tuple_empty();
    int status = value_is_null(arguments) ? -1 : audit_event(args[0], arguments);
    ref_release(arguments);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value sys_addaudithook(Value self, Value hook) {
    return audit_add_hook(hook) < 0 ? VALUE_NULL : none_new();
}

const NativeDef sys_trace_functions[] = {
    DEF_VECTOR("breakpointhook", sys_breakpointhook, "What breakpoint() calls."),
    DEF_FIXED("audit", sys_audit, 1, -1, "audit(event, *args): tells the audit hooks."),
    DEF_ONE("addaudithook", sys_addaudithook, "Adds a hook that is called with every audit event."),
    DEF_ONE("settrace", sys_settrace, "Trace functions called from now on, in this thread."),
    DEF_NONE("gettrace", sys_gettrace, "The function set with settrace(), or None."),
    DEF_ONE("setprofile", sys_setprofile, "Profile from now on, in this thread."),
    DEF_NONE("getprofile", sys_getprofile, "The function set with setprofile(), or None."),
    DEF_FIXED("call_tracing", call_tracing, 2, 2,
              "Call func(*args), traced although a trace function is running."),
    DEF_FIXED("_getframe", sys_getframe, 0, 1, "The frame some calls up."),
    DEF_NONE("_current_frames", sys_current_frames, "The innermost frame of each thread."),
    DEF_NONE("_current_exceptions", sys_current_exceptions,
             "The exception that each thread is handling."),
    DEF_END,
};
