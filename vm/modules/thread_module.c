// SPDX-License-Identifier: MIT
//
// The `_thread` module: threads, their identity, the types of thread_lock.c and thread_local.c.
#include "vm/modules/thread_module.h"
#include "vm/modules/struct_sequence.h"
#include "vm/modules/thread_lock.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/signals.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

static Value except_hook_args; // the type _ExceptHookArgs; set by fill, kept for ever

static Value thread_start_new(Value self, const Value *args, size_t nargs) {
    if (!value_is_callable(args[0]))
        return raise_type_error("first arg must be callable");
    if (!value_is_tuple(args[1]))
        return raise_type_error("2nd arg must be a tuple");
    if (nargs == 3 && !value_is_dict(args[2]))
        return raise_type_error("optional 3rd arg must be a dictionary");
    uint64_t ident;
    if (thread_spawn(args[0], args[1], nargs == 3 ? args[2] : VALUE_NULL, &ident) < 0)
        return VALUE_NULL;
    return int_from_u64(ident);
}

static Value thread_allocate_lock(Value self) {
    return lock_new();
}

static Value thread_exit_thread(Value self) {
    return raise_object(value_from_object(&exception_SystemExit));
}

static Value thread_get_ident(Value self) {
    return int_from_u64(thread_current()->id);
}

static Value thread_get_native_id(Value self) {
    return int_from_i64(syscall(SYS_gettid));
}

static Value thread_count_running(Value self) {
    return int_from_i64(thread_count());
}

static Value thread_set_stack_size(Value self, const Value *args, size_t nargs) {
    int64_t size = 0;
    if (nargs == 0)
        return int_from_i64((int64_t)thread_stack_size(0));
    if (value_to_i64(args[0], &size) < 0)
        return VALUE_NULL;
    if (size < 0)
        return raise_value_error("size must be 0 or a positive value");
    if (size > 0 && size < 32768)
        return raise_value_error("size not valid: %lld bytes", (long long)size);
    return int_from_i64((int64_t)thread_stack_size(size ? (size_t)size : SIZE_MAX));
}

static Value thread_interrupt_main(Value self, const Value *args, size_t nargs) {
    int64_t number = SIGINT;
    if (nargs == 1 && value_to_i64(args[0], &number) < 0)
        return VALUE_NULL;
    if (number < 1 || number >= NSIG)
        return raise_value_error("signal number out of range");
    Value handler = signals_get_handler((int)number);
    // Without a Python handler there is nothing to run.
    if (value_is_object(handler) && !value_is_none(handler))
        signals_trip((int)number);
    ref_release(handler);
    return thread_check_signals() < 0 ? VALUE_NULL : none_new();
}

static Value thread_set_sentinel(Value self) {
    Thread *thread = thread_current();
    Value lock = lock_new();
    if (value_is_null(lock))
        return lock;
    lock_make_sentinel(lock);
    Value old = thread->sentinel;
    thread->sentinel_release = lock_release_quietly;
    thread->sentinel = ref_new(lock);
    ref_release(old);
    return lock;
}

// ---- uncaught exceptions of threads ------------------------------------------------------------

static int write_text(Value file, Value text_consumed) {
    if (value_is_null(text_consumed))
        return -1;
    Value result = value_call_method(file, name_write, &text_consumed, 1);
    ref_release(text_consumed);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

static Value thread_excepthook(Value self, Value args) {
    if (!value_is_instance(args, (Type *)value_object(except_hook_args)))
        return raise_type_error("_thread.excepthook argument type must be ExceptHookArgs");
    Value type = tuple_item(args, 0), exception = tuple_item(args, 1);
    Value traceback = tuple_item(args, 2), thread = tuple_item(args, 3);
    if (value_same(type, value_from_object(&exception_SystemExit)))
        return none_new();
    Value file = sys_get("stderr");
    if (value_is_null(file) || value_is_none(file)) {
        ref_release(file);
        if (value_is_none(thread))
            return none_new();
        // What the thread was started with, if sys.stderr is gone by now.
        file = value_getattr_cstr(thread, "_stderr");
        if (value_is_null(file))
            return file;
        if (value_is_none(file))
            return file;
    }
    Value name = VALUE_NULL, text;
    if (!value_is_none(thread) && value_lookup_attr(thread, name_name, &name) < 0)
        error_clear();
    if (!value_is_null(name))
        text = str_format("Exception in thread %V:\n", name);
    else
        text = str_format("Exception in thread %llu:\n", (unsigned long long)thread_current()->id);
    ref_release(name);
    int result = write_text(file, text);
    if (result == 0 && !value_is_none(exception)) {
        if (!value_is_none(traceback)) {
            Value own = exception_traceback(exception);
            if (value_is_null(own))
                exception_set_traceback(exception, ref_new(traceback));
            ref_release(own);
        }
        result = error_display(exception, file);
    }
    if (result == 0)
        ref_release(value_call_method(file, name_flush, NULL, 0));
    ref_release(file);
    if (result < 0 || error_occurred())
        return VALUE_NULL;
    return none_new();
}

static const NativeDef thread_functions[] = {
    DEF_FIXED("start_new_thread", thread_start_new, 2, 3,
              "start_new_thread(function, args[, kwargs])\n\nRuns function in a new thread."),
    DEF_FIXED("start_new", thread_start_new, 2, 3, "The same as start_new_thread()."),
    DEF_NONE("allocate_lock", thread_allocate_lock, "A new lock."),
    DEF_NONE("allocate", thread_allocate_lock, "The same as allocate_lock()."),
    DEF_NONE("exit", thread_exit_thread, "Ends this thread, by SystemExit."),
    DEF_NONE("exit_thread", thread_exit_thread, "The same as exit()."),
    DEF_FIXED("interrupt_main", thread_interrupt_main, 0, 1,
              "interrupt_main(signum=signal.SIGINT, /)\n--\n\n"
              "As if the signal had arrived: its handler runs in the main thread."),
    DEF_NONE("get_ident", thread_get_ident, "A number that no other running thread has."),
    DEF_NONE("get_native_id", thread_get_native_id, "The kernel's number of this thread."),
    DEF_NONE("_count", thread_count_running, "Threads started from Python and not yet ended."),
    DEF_FIXED("stack_size", thread_set_stack_size, 0, 1,
              "stack_size([size])\n\nThe C stack of threads to come, 0: the default."),
    DEF_NONE("_set_sentinel", thread_set_sentinel,
             "A new lock that is let go when this thread ends."),
    DEF_ONE("_excepthook", thread_excepthook, "Shows a thread's uncaught exception."),
    DEF_END,
};

static int thread_fill(Value module) {
    static const char *const fields[] = {"exc_type", "exc_value", "exc_traceback", "thread", NULL};
    if (value_is_null(except_hook_args)) {
        except_hook_args = struct_sequence_type("_thread._ExceptHookArgs", fields);
        if (value_is_null(except_hook_args))
            return -1;
    }
    if (module_add_type(module, &lock_type) < 0 ||
        module_add(module, "LockType", ref_new(value_from_object(&lock_type))) < 0 ||
        module_add_type(module, &rlock_type) < 0 || module_add_type(module, &local_type) < 0 ||
        module_add(module, "_ExceptHookArgs", ref_new(except_hook_args)) < 0 ||
        module_add(module, "error", ref_new(value_from_object(&exception_RuntimeError))) < 0)
        return -1;
    Value limit = value_flonum_from_double(9223372036.0);
    return module_add(module, "TIMEOUT_MAX", limit);
}

const NativeModule module__thread = {
    "_thread",
    "Threads and the locks between them: what the threading module is built on.",
    thread_functions,
    thread_fill,
};
