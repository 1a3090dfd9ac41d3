// SPDX-License-Identifier: MIT
//
// The builtins aiter() and anext(), and the awaitable of anext() with a default: it drives another
// awaitable, and where that ends with StopAsyncIteration its result is the default.
#include "vm/modules/builtins.h"
#include "vm/runtime/errors.h"
#include "vm/types/async_internal.h"
#include "vm/types/exceptions.h"
#include "vm/types/type.h"
#include "vm/types/str.h"

// Constant after it is made.
typedef struct {
    Object header;
    Value awaitable, fallback;
} AnextAwaitable;

static Type anext_type;

// The iterator behind the awaitable; new reference.
static Value iterator_of(Value self) {
    Value v = coroutine_awaitable(((AnextAwaitable *)value_object(self))->awaitable,
                                  "object %T can't be used in 'await' expression");
    if (value_is_null(v) || value_type(v)->next)
        return v;
    Value iterator = value_type(v)->await(v); // a coroutine
    ref_release(v);
    return iterator;
}

// What a step of the iterator gave.
static Value step(Value self, Value result) {
    if (value_is_null(result) && error_matches(&exception_StopAsyncIteration)) {
        error_clear();
        raise_stop_iteration(((AnextAwaitable *)value_object(self))->fallback);
    }
    return result;
}

static Value call(Value self, const char *method, const Value *args, size_t nargs) {
    Value iterator = iterator_of(self);
    if (value_is_null(iterator))
        return iterator;
    Value name = str_intern_cstr(method);
    Value result = value_is_null(name) ? name : value_call_method(iterator, name, args, nargs);
    ref_release(name);
    ref_release(iterator);
    return step(self, result);
}

static Value anext_next(Value self) {
    Value iterator = iterator_of(self);
    if (value_is_null(iterator))
        return iterator;
    Value result = value_type(iterator)->next(iterator);
    ref_release(iterator);
    return step(self, result);
}
static Value anext_send(Value self, Value value) {
    return call(self, "send", &value, 1);
}
static Value anext_throw(Value self, const Value *args, size_t nargs) {
    return call(self, "throw", args, nargs);
}
static Value anext_close(Value self) {
    return call(self, "close", NULL, 0);
}

static void anext_destroy(Object *self) {
    ref_release(((AnextAwaitable *)self)->awaitable);
    ref_release(((AnextAwaitable *)self)->fallback);
    object_free_fixed(self);
}
static void anext_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((AnextAwaitable *)self)->awaitable);
    gc_visit(visitor, ((AnextAwaitable *)self)->fallback);
}

static const NativeDef anext_methods[] = {
    DEF_ONE("send", anext_send, "Go on with a value from the event loop."),
    DEF_FIXED("throw", anext_throw, 1, 3, "Raise an exception where it waits."),
    DEF_NONE("close", anext_close, "Raise GeneratorExit where it waits."),
    DEF_END,
};

static Type anext_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "anext_awaitable",
    .basic_size = sizeof(AnextAwaitable),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = anext_destroy,
    .traverse = anext_traverse,
    .await = object_self_iter,
    .iter = object_self_iter,
    .next = anext_next,
    .methods = anext_methods,
};

static Value builtin_aiter(Value self, Value v) {
    UnaryFunction aiter = value_type(v)->aiter;
    if (!aiter)
        return raise_type_error("'%T' object is not an async iterable", v);
    Value iterator = aiter(v);
    if (!value_is_null(iterator) && !value_type(iterator)->anext) {
        raise_type_error("aiter() returned not an async iterator of type '%T'", iterator);
        ref_release(iterator);
        return VALUE_NULL;
    }
    return iterator;
}

static Value builtin_anext(Value self, const Value *args, size_t nargs) {
    UnaryFunction anext = value_type(args[0])->anext;
    if (!anext)
        return raise_type_error("'%T' object is not an async iterator", args[0]);
    Value awaitable = anext(args[0]);
    if (nargs == 1 || value_is_null(awaitable))
        return awaitable;
    AnextAwaitable *a = object_allocate(&anext_type);
    if (!a) {
        ref_release(awaitable);
        return raise_memory_error();
    }
    a->awaitable = awaitable;
    a->fallback = ref_new(args[1]);
    return value_from_object(a);
}

const NativeDef builtins_async_functions[] = {
    DEF_ONE("aiter", builtin_aiter,
            "aiter($module, async_iterable, /)\n--\n\nAn asynchronous iterator over it."),
    DEF_FIXED("anext", builtin_anext, 1, 2,
              "An awaitable for the iterator's next item, or for the default if there is none."),
    DEF_END,
};

void anext_start(void) {
    type_ready(&anext_type);
}
