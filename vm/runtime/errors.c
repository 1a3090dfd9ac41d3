// SPDX-License-Identifier: MIT
//
// The pending exception: raising from C, testing, taking, reporting what cannot be raised.
#include "vm/runtime/errors.h"
#include "gc/reserve.h"
#include "vm/interp/frame.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/runtime/audit.h"
#include "vm/types/type.h"
#include <errno.h>
#include <stdio.h>

void error_restore(Value exception) {
    Thread *thread = thread_current();
    Value old = thread->exception;
    thread->exception = exception;
    ref_release(old);
}

Value error_take(void) {
    Thread *thread = thread_current();
    Value v = thread->exception;
    thread->exception = VALUE_NULL;
    return v;
}

void error_clear(void) {
    error_restore(VALUE_NULL);
}

// exception (consumed) becomes pending, with what is being handled as its context.
static void set_pending(Value exception) {
    Value handled = thread_handled();
    if (!value_is_null(handled) && !value_same(handled, exception)) {
        // The chain of contexts must not become a ring: cut it where it leads back to exception.
        // (A program may have made a ring of others: a bound ends the walk.)
        Value walk = ref_new(handled);
        for (int steps = 0; !value_is_null(walk) && steps < 10000; steps++) {
            Exception *e = (Exception *)value_object(walk);
            Value next = field_load(&e->header, &e->context);
            if (!value_is_null(next) && value_same(next, exception)) {
                ref_release(next);
                exception_set_context(walk, VALUE_NULL);
                next = VALUE_NULL;
            }
            ref_release(walk);
            walk = next;
        }
        ref_release(walk);
        exception_set_context(exception, ref_new(handled));
    }
    error_restore(exception);
}

static Value raise_with(Type *type, const Value *args, size_t nargs) {
    Value exception = exception_new(type, args, nargs);
    if (!value_is_null(exception))
        set_pending(exception);
    return VALUE_NULL;
}

static Value raise_va(Type *type, const char *format, va_list args) {
    if (!format)
        return raise_with(type, NULL, 0);
    Value message = str_format_va(format, args);
    if (value_is_null(message))
        return VALUE_NULL;
    raise_with(type, &message, 1);
    ref_release(message);
    return VALUE_NULL;
}

Value raise_error(Type *type, const char *format, ...) {
    va_list args;
    va_start(args, format);
    raise_va(type, format, args);
    va_end(args);
    return VALUE_NULL;
}

int raise_int(Type *type, const char *format, ...) {
    va_list args;
    va_start(args, format);
    raise_va(type, format, args);
    va_end(args);
    return -1;
}

Value raise_key_error(Value key) {
    return raise_with(&exception_KeyError, &key, 1);
}

Value raise_stop_iteration(Value value) {
    return raise_with(&exception_StopIteration, &value, value_is_null(value) ? 0 : 1);
}

Value raise_errno_path(int errno_value, Value path) {
    if (errno_value == EINTR && thread_check_signals() < 0)
        return VALUE_NULL;
    Value args[3] = {value_from_int(errno_value), str_from_cstr(strerror(errno_value)), path};
    if (value_is_null(args[1]))
        return VALUE_NULL;
    Value exception = value_call(value_from_object(&exception_OSError), args,
                                 value_is_null(path) ? 2 : 3, VALUE_NULL);
    ref_release(args[1]);
    if (!value_is_null(exception))
        set_pending(exception);
    return VALUE_NULL;
}

Value raise_errno(int errno_value) {
    return raise_errno_path(errno_value, VALUE_NULL);
}

Value raise_object(Value exception) {
    if (value_has_flag(exception, TYPE_TYPE_SUBCLASS) &&
        type_is_subtype((Type *)value_object(exception), &exception_BaseException)) {
        Value made = value_call_none(exception);
        if (value_is_null(made))
            return VALUE_NULL;
        if (!value_has_flag(made, TYPE_EXCEPTION_SUBCLASS)) {
            raise_type_error("calling %R should have returned an instance of BaseException, not %R",
                             exception, value_from_object(value_type(made)));
            ref_release(made);
            return VALUE_NULL;
        }
        set_pending(made);
        return VALUE_NULL;
    }
    if (value_has_flag(exception, TYPE_EXCEPTION_SUBCLASS)) {
        set_pending(ref_new(exception));
        return VALUE_NULL;
    }
    return raise_type_error("exceptions must derive from BaseException");
}

Value raise_arguments(const char *function, size_t nargs, int min, int max) {
    if (min == max)
        return raise_type_error("%s expected %d argument%s, got %zu", function, min,
                                min == 1 ? "" : "s", nargs);
    if ((int64_t)nargs < min)
        return raise_type_error("%s expected at least %d argument%s, got %zu", function, min,
                                min == 1 ? "" : "s", nargs);
    return raise_type_error("%s expected at most %d argument%s, got %zu", function, max,
                            max == 1 ? "" : "s", nargs);
}

bool error_matches(Type *type) {
    Value pending = thread_current()->exception;
    return !value_is_null(pending) && value_is_instance(pending, type);
}

int exception_matches(Value exception, Value wanted) {
    if (value_is_tuple(wanted)) {
        // Every item is looked at before any is compared.
        for (int64_t i = 0; i < tuple_length(wanted); i++) {
            Value item = tuple_item(wanted, i);
            if (!value_is_tuple(item) &&
                exception_matches(value_from_object(&exception_BaseException), item) < 0)
                return -1;
        }
        for (int64_t i = 0; i < tuple_length(wanted); i++) {
            int status = exception_matches(exception, tuple_item(wanted, i));
            if (status)
                return status;
        }
        return 0;
    }
    if (!value_has_flag(wanted, TYPE_TYPE_SUBCLASS) ||
        !type_is_subtype((Type *)value_object(wanted), &exception_BaseException))
        return raise_int(&exception_TypeError,
                         "catching classes that do not inherit from BaseException is not allowed");
    Type *type = value_has_flag(exception, TYPE_TYPE_SUBCLASS) ? (Type *)value_object(exception)
                                                               : value_type(exception);
    return type_is_subtype(type, (Type *)value_object(wanted));
}

Value error_take_stop_iteration(void) {
    if (!error_matches(&exception_StopIteration))
        return VALUE_NULL;
    Value exception = error_take();
    StopIterationObject *stop = (StopIterationObject *)value_object(exception);
    Value v = field_load(&stop->base.header, &stop->value);
    ref_release(exception);
    return value_is_null(v) ? none_new() : v;
}

// Stores an attribute of the pending exception if it is of the type and has none yet.
static void set_pending_field(Type *type, uint32_t index, Value v) {
    Value pending = thread_current()->exception;
    if (value_is_null(pending) || !value_is_instance(pending, type))
        return;
    Value *slot = (Value *)((char *)value_object(pending) + sizeof(Exception)) + index;
    if (value_is_null(field_raw(slot)))
        field_store(value_object(pending), slot, ref_new(v));
}

void error_set_name(Value name) {
    set_pending_field(&exception_NameError, 0, name);
}

void error_set_name_object(Value name, Value object) {
    set_pending_field(&exception_AttributeError, 0, name);
    set_pending_field(&exception_AttributeError, 1, object);
}

void error_add_traceback(Frame *frame) {
    Value exception = error_take();
    if (UNLIKELY(value_is_null(exception))) { // who failed forgot to say why
        assert(!"a failure without an exception");
        raise_error(&exception_SystemError, "error return without exception set");
        exception = error_take();
    }
    Value frame_value = frame_object(frame);
    if (value_is_null(frame_value)) {
        error_restore(exception);
        return;
    }
    Traceback *t = object_allocate_exact(&traceback_type, sizeof(Traceback), HEAP_CONTAINER);
    if (!t) {
        ref_release(frame_value);
        error_restore(exception);
        return;
    }
    t->frame = frame_value;
    t->last = (int32_t)frame_word(frame) * 2;
    t->line = frame_line(frame);
    exception_push_traceback(exception, value_from_object(t), &t->next);
    error_restore(exception);
}

// ---- reporting ------------------------------------------------------------------------

void error_unraisable_default(Value exception, Value message, Value object) {
    Value file = sys_get("stderr");
    if (value_is_null(file) || value_is_none(file)) {
        ref_release(file);
        return;
    }
    Value text = VALUE_NULL;
    if (!value_is_none(object)) {
        Value repr = value_repr(object);
        if (value_is_null(repr)) {
            error_clear();
            repr = str_from_cstr("<object repr() failed>");
        }
        text = value_is_none(message) ? str_format("Exception ignored in: %V\n", repr)
                                      : str_format("%V: %V\n", message, repr);
        ref_release(repr);
    } else if (!value_is_none(message)) {
        text = str_format("%V:\n", message);
    } else {
        text = str_from_cstr("Exception ignored:\n");
    }
    Value r = value_is_null(text) ? VALUE_NULL : value_call_method(file, name_write, &text, 1);
    ref_release(text);
    ref_release(r);
    if (error_occurred())
        error_clear();
    if (error_display(exception, file) < 0)
        error_clear();
    r = value_call_method(file, name_flush, NULL, 0);
    ref_release(r);
    if (error_occurred())
        error_clear();
    ref_release(file);
}

void error_report_unraisable(const char *message, Value context) {
    Value exception = error_take();
    if (value_is_null(exception))
        return;
    Value object = value_is_null(context) ? VALUE_NONE : context,
          place = exception_traceback(exception);
    if (value_is_null(place) &&
        thread_current()->frame) { // raised by C code: shown where that was called
        error_restore(exception);
        error_add_traceback(thread_current()->frame);
        exception = error_take();
    }
    ref_release(place);
    Value text = message ? str_from_cstr(message) : none_new();
    Value hook = sys_get("unraisablehook");
    if (value_is_null(hook) || value_is_exactly(hook, &native_function_type)) {
        error_unraisable_default(exception, text, object);
    } else {
        Value maker = sys_get("UnraisableHookArgs");
        Value traceback = exception_traceback(exception);
        if (value_is_null(traceback))
            traceback = none_new();
        Value items[5] = {value_from_object(value_type(exception)), exception, traceback, text,
                          object};
        Value tuple = tuple_from_array(items, 5);
        Value args = value_is_null(maker) || value_is_null(tuple) ? VALUE_NULL
                                                                  : value_call_one(maker, tuple);
        Value r = value_is_null(args) || audit("sys.unraisablehook", 2, hook, args) < 0
                      ? VALUE_NULL
                      : value_call_one(hook, args);
        if (error_occurred()) { // the hook itself failed: fall back on the default for its error
            Value second = error_take();
            error_unraisable_default(second, VALUE_NONE, hook);
            ref_release(second);
        }
        ref_release(r);
        ref_release(args);
        ref_release(tuple);
        ref_release(traceback);
        ref_release(maker);
    }
    ref_release(hook);
    ref_release(text);
    ref_release(exception);
}

static void flush_standard_file(const char *name) {
    Value file = sys_get(name);
    if (!value_is_null(file) && !value_is_none(file)) {
        Value r = value_call_method(file, name_flush, NULL, 0);
        ref_release(r);
        error_clear();
    }
    ref_release(file);
}

static int exit_code_of(Value exception) {
    Value code;
    if (value_lookup_attr_cstr(exception, "code", &code) <= 0) {
        error_clear();
        return 1;
    }
    int result = 1;
    int64_t n;
    if (value_is_none(code)) {
        result = 0;
    } else if (value_has_flag(code, TYPE_INT_SUBCLASS) || value_is_int(code)) {
        result = value_to_i64(code, &n) == 0 ? (int)(n & 0xff) : 255;
        error_clear();
    } else {
        flush_standard_file("stdout");
        Value text = value_str(code), file = sys_get("stderr");
        if (!value_is_null(text) && !value_is_null(file) && !value_is_none(file)) {
            Value line = str_format("%V\n", text);
            ref_release(value_call_method(file, name_write, &line, 1));
            ref_release(line);
        }
        error_clear();
        ref_release(text);
        ref_release(file);
        flush_standard_file("stderr");
    }
    ref_release(code);
    return result;
}

bool error_exit_by_interrupt;

int error_print_and_exit_code(void) {
    Value exception = error_take();
    if (value_is_null(exception))
        return 0;
    if (value_is_instance(exception, &exception_SystemExit)) {
        int code = exit_code_of(exception);
        ref_release(exception);
        return code;
    }
    error_exit_by_interrupt = value_is_instance(exception, &exception_KeyboardInterrupt);
    if (value_is_instance(exception, &exception_MemoryError))
        reserve_release(); // so that it can be shown
    flush_standard_file("stdout");
    sys_set("last_type", value_from_object(value_type(exception)));
    sys_set("last_value", exception);
    Value traceback = exception_traceback(exception);
    if (value_is_null(traceback))
        traceback = none_new();
    sys_set("last_traceback", traceback);
    Value hook = sys_get("excepthook");
    if (value_is_null(hook)) {
        Value file = sys_get("stderr");
        if (!value_is_null(file) && !value_is_none(file))
            error_display(exception, file);
        ref_release(file);
    } else {
        Value args[3] = {value_from_object(value_type(exception)), exception, traceback};
        if (audit("sys.excepthook", 4, hook, args[0], args[1], args[2]) < 0)
            error_clear(); // a RuntimeError there would mean: no hook; it has no say here
        Value r = value_call(hook, args, 3, VALUE_NULL);
        if (value_is_null(r)) {
            Value second = error_take();
            if (value_is_instance(second, &exception_SystemExit)) {
                int code = exit_code_of(second);
                ref_release(second);
                ref_release(hook);
                ref_release(traceback);
                ref_release(exception);
                return code;
            }
            Value file = sys_get("stderr");
            if (!value_is_null(file) && !value_is_none(file)) {
                Value text = str_from_cstr("Error in sys.excepthook:\n");
                ref_release(value_call_method(file, name_write, &text, 1));
                ref_release(text);
                error_display(second, file);
                text = str_from_cstr("\nOriginal exception was:\n");
                ref_release(value_call_method(file, name_write, &text, 1));
                ref_release(text);
                error_display(exception, file);
            }
            ref_release(file);
            ref_release(second);
        }
        ref_release(r);
    }
    error_clear();
    flush_standard_file("stderr");
    ref_release(hook);
    ref_release(traceback);
    ref_release(exception);
    return error_exit_by_interrupt ? 130 : 1;
}

int warn(Type *category, int stack_level, const char *format, ...) {
    va_list list;
    va_start(list, format);
    Value message = str_format_va(format, list);
    va_end(list);
    if (value_is_null(message))
        return -1;
    Value pending = error_take();
    Value module = import_module_cstr("_warnings");
    Value args[3] = {message, value_from_object(category), value_from_int(stack_level)};
    Value r = value_is_null(module) ? VALUE_NULL : value_call_method(module, name_warn, args, 3);
    ref_release(module);
    ref_release(message);
    if (value_is_null(r)) {
        ref_release(pending);
        return -1;
    }
    ref_release(r);
    if (!value_is_null(pending))
        error_restore(pending);
    return 0;
}
