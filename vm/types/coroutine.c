// SPDX-License-Identifier: MIT
//
// Coroutines: generators (generator.c) that are awaited, not iterated. Their own are the iterator
// that
// __await__() gives, the warning about one that was never awaited, and where one was made
// (cr_origin).
#include "vm/runtime/errors.h"
#include "vm/types/exceptions.h"
#include "vm/types/type.h"
#include "vm/types/generator.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// ---- what can be awaited -------------------------------------------------------------------

static bool is_awaitable_generator(Value v) {
    if (value_is_exactly(v, &coroutine_type))
        return true;
    return value_is_exactly(v, &generator_type) &&
           ((const Generator *)value_object(v))->code->flags & CODE_ITERABLE_COROUTINE;
}

Value coroutine_awaitable(Value v, const char *message) {
    if (is_awaitable_generator(v))
        return ref_new(v);
    UnaryFunction await = value_type(v)->await;
    if (!await)
        return raise_type_error(message, v);
    Value iterator = await(v);
    if (value_is_null(iterator))
        return iterator;
    if (is_awaitable_generator(iterator))
        raise_type_error("__await__() returned a coroutine");
    else if (!value_type(iterator)->next)
        raise_type_error("__await__() returned non-iterator of type '%T'", iterator);
    else
        return iterator;
    ref_release(iterator);
    return VALUE_NULL;
}

// ---- the iterator of __await__() -----------------------------------------------------------

// Constant after it is made.
typedef struct {
    Object header;
    Value coroutine;
} CoroutineWrapper;

static Type coroutine_wrapper_type;
static inline Value wrapped(Value self) {
    return ((CoroutineWrapper *)value_object(self))->coroutine;
}

static Value coroutine_await(Value self) {
    CoroutineWrapper *w = object_allocate(&coroutine_wrapper_type);
    if (!w)
        return raise_memory_error();
    w->coroutine = ref_new(self);
    return value_from_object(w);
}

static Value wrapper_next(Value self) {
    return generator_send(wrapped(self), VALUE_NONE);
}
static Value wrapper_send(Value self, Value value) {
    return generator_send(wrapped(self), value);
}
static Value wrapper_throw(Value self, const Value *args, size_t nargs) {
    return generator_throw(wrapped(self), args, nargs);
}
static Value wrapper_close(Value self) {
    return generator_close(wrapped(self));
}

static void wrapper_destroy(Object *self) {
    ref_release(((CoroutineWrapper *)self)->coroutine);
    object_free_fixed(self);
}
static void wrapper_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((CoroutineWrapper *)self)->coroutine);
}

static const NativeDef wrapper_methods[] = {
    DEF_ONE("send", wrapper_send, "Resume the coroutine with a value."),
    DEF_FIXED("throw", wrapper_throw, 1, 3, "Raise an exception where the coroutine waits."),
    DEF_NONE("close", wrapper_close, "Raise GeneratorExit where the coroutine waits."),
    DEF_END,
};

static Type coroutine_wrapper_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "coroutine_wrapper",
    .basic_size = sizeof(CoroutineWrapper),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = wrapper_destroy,
    .traverse = wrapper_traverse,
    .iter = object_self_iter,
    .next = wrapper_next,
    .methods = wrapper_methods,
};

// ---- never awaited -------------------------------------------------------------------------

// The library's warnings module knows how to show where the coroutine was made. 1: it warned, 0: it
// cannot, -1.
static int warn_by_library(Value coroutine) {
    Value warnings = import_module_cstr("warnings"), function;
    if (value_is_null(warnings))
        return -1;
    Value name = str_intern_cstr("_warn_unawaited_coroutine");
    int found = value_is_null(name) ? -1 : value_lookup_attr(warnings, name, &function);
    ref_release(name);
    ref_release(warnings);
    if (found <= 0)
        return found;
    Value result = value_call_one(function, coroutine);
    ref_release(function);
    ref_release(result);
    return value_is_null(result) ? -1 : 1;
}

void coroutine_warn_unawaited(Value coroutine) {
    Value pending = error_take();
    int warned = warn_by_library(coroutine);
    if (warned <
        0) { // whatever is wrong with the library is reported; the warning comes all the same
        bool raised = error_matches(&exception_RuntimeWarning);
        error_report_unraisable(NULL, coroutine);
        warned = raised;
    }
    if (warned == 0) {
        Value qualname = generator_get_qualname(coroutine);
        warned = warn(&exception_RuntimeWarning, 1, "coroutine '%V' was never awaited", qualname);
        ref_release(qualname);
    }
    if (warned < 0)
        error_report_unraisable(NULL, coroutine);
    if (!value_is_null(pending))
        error_restore(pending);
}

// ---- where it was made ---------------------------------------------------------------------

Value coroutine_origin(Frame *caller, int depth) {
    int count = 0;
    for (Frame *f = caller; f && count < depth; f = frame_previous(f))
        count++;
    Value origin = tuple_allocate(count);
    if (value_is_null(origin))
        return origin;
    Frame *f = caller;
    for (int i = 0; i < count; i++, f = frame_previous(f)) {
        const Code *code = frame_code(f);
        Value entry[3] = {ref_new(code->filename), value_from_int(frame_line(f)),
                          ref_new(code->name)};
        Value item = tuple_from_owned(entry, 3);
        if (value_is_null(item)) {
            ref_release(origin);
            return item;
        }
        tuple_of(origin)->items[i] = item;
    }
    return origin;
}

static Value set_origin_depth(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"depth", NULL};
    Value v[1];
    int64_t depth;
    if (arguments_parse("set_coroutine_origin_tracking_depth", args, nargs, kwnames, names, 0, 1, 1,
                        v) < 0 ||
        value_to_i64(v[0], &depth) < 0)
        return VALUE_NULL;
    if (depth < 0)
        return raise_value_error("depth must be >= 0");
    thread_current()->origin_depth = depth > INT32_MAX ? INT32_MAX : (int32_t)depth;
    return none_new();
}

static Value get_origin_depth(Value self) {
    return value_from_int(thread_current()->origin_depth);
}

const NativeDef coroutine_functions[] = {
    DEF_VECTOR("set_coroutine_origin_tracking_depth", set_origin_depth,
               "set_coroutine_origin_tracking_depth($module, /, depth)\n--\n\nHow many calls "
               "cr_origin shows."),
    DEF_NONE("get_coroutine_origin_tracking_depth", get_origin_depth,
             "How many calls cr_origin shows."),
    DEF_END,
};

// ---- the type ------------------------------------------------------------------------------

static const NativeDef coroutine_methods[] = {
    DEF_ONE("send", generator_send, "send(value): resume by sending a value into coroutine."),
    DEF_FIXED("throw", generator_throw, 1, 3,
              "throw(exception): raise it in coroutine, where it waits."),
    DEF_NONE("close", generator_close,
             "close(): raise GeneratorExit inside coroutine and expect the end."),
    DEF_END,
};

static const GetSetDef coroutine_getsets[] = {
    {"__name__", generator_get_name, generator_set_name, "The name of the coroutine."},
    {"__qualname__", generator_get_qualname, generator_set_qualname,
     "The qualified name of the coroutine."},
    {"cr_await", generator_get_yieldfrom, NULL, "What it waits for, or None."},
    {"cr_code", generator_get_code, NULL, NULL},
    {"cr_frame", generator_get_frame, NULL, NULL},
    {"cr_running", generator_get_running, NULL, NULL},
    {"cr_suspended", generator_get_suspended, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

static const MemberDef coroutine_members[] = {
    {"cr_origin", offsetof(Generator, origin), true, true},
    {NULL, 0, false, false},
};

Type coroutine_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "coroutine",
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Value),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_NO_NEW | TYPE_HAS_FINALIZER | TYPE_HAS_DEL, // runs Python code
    .destroy = generator_destroy,
    .traverse = generator_traverse,
    .clear = generator_clear,
    .finalize = generator_finalize,
    .repr = generator_repr,
    .await = coroutine_await,
    .methods = coroutine_methods,
    .getsets = coroutine_getsets,
    .members = coroutine_members,
};

void coroutine_start(void) {
    type_ready(&coroutine_type);
    type_ready(&coroutine_wrapper_type);
}
