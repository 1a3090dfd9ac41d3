// SPDX-License-Identifier: MIT
//
// Asynchronous generators: generators (generator.c) whose `yield` gives a wrapped value, and which
// are driven by awaitables: asend() and __anext__() make an AsyncSend, athrow() and aclose() an
// AsyncThrow. What such an awaitable meets unwrapped, something awaited inside yields to the event
// loop; a wrapped value is its result.
//
// One awaitable runs a generator at a time: it claims Generator.awaited.
#include "locks/claim.h"
#include "vm/modules/struct_sequence.h"
#include "vm/runtime/errors.h"
#include "vm/types/async_internal.h"
#include "vm/types/exceptions.h"
#include "vm/types/type.h"
#include "vm/types/generic_alias.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"

// ---- wrapped values ------------------------------------------------------------------------

// Constant after it is made.
typedef struct {
    Object header;
    Value value;
} Wrapped;

static Type wrapped_type;

Value async_generator_wrap(Value value) {
    Wrapped *w = object_allocate(&wrapped_type);
    if (!w)
        return raise_memory_error();
    w->value = ref_new(value);
    return value_from_object(w);
}

static void wrapped_destroy(Object *self) {
    ref_release(((Wrapped *)self)->value);
    object_free_fixed(self);
}
static void wrapped_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Wrapped *)self)->value);
}

static Type wrapped_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "async_generator_wrapped_value",
    .basic_size = sizeof(Wrapped),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = wrapped_destroy,
    .traverse = wrapped_traverse,
};

// ---- the awaitables ------------------------------------------------------------------------

enum { AWAIT_FRESH, AWAIT_RUNNING, AWAIT_CLOSED };

// The state is relaxed, any thread: who resumes the generator itself is decided by its claim.
typedef struct {
    Object header;
    Generator *generator; // owned
    Value argument;       // AsyncSend: what is sent first. AsyncThrow: the arguments of athrow(), a
                          // tuple, or VALUE_NULL: aclose()
    uint32_t state;       // AWAIT_*
} Awaitable;

static Type send_type, throw_type;

static inline Awaitable *awaitable_of(Value v) {
    return (Awaitable *)value_object(v);
}
static inline uint32_t state_of(const Awaitable *a) {
    return __atomic_load_n(&a->state, __ATOMIC_RELAXED);
}
static inline void set_state(Awaitable *a, uint32_t state) {
    __atomic_store_n(&a->state, state, __ATOMIC_RELAXED);
}
static inline void let_go(Generator *g) {
    __atomic_store_n(&g->awaited, 0, __ATOMIC_RELEASE);
}
static inline void set_closed(Generator *g) {
    __atomic_store_n(&g->closed, true, __ATOMIC_RELAXED);
}
static inline bool is_finished(const Generator *g) {
    return __atomic_load_n(&g->state, __ATOMIC_ACQUIRE) == GENERATOR_FINISHED;
}
static inline bool is_stop(void) {
    return error_matches(&exception_StopAsyncIteration) || error_matches(&exception_GeneratorExit);
}

static Value awaitable_new(Type *type, Value generator, Value argument) {
    Awaitable *a = object_allocate(type);
    if (!a) {
        ref_release(argument);
        return raise_memory_error();
    }
    ref_retain(generator);
    a->generator = (Generator *)value_object(generator);
    a->argument = argument;
    a->state = AWAIT_FRESH;
    return value_from_object(a);
}

static void awaitable_destroy(Object *self) {
    Awaitable *a = (Awaitable *)self;
    ref_release_object(a->generator);
    ref_release(a->argument);
    object_free_fixed(self);
}
static void awaitable_traverse(Object *self, GcVisitor *visitor) {
    gc_visit_object(visitor, ((Awaitable *)self)->generator);
    gc_visit(visitor, ((Awaitable *)self)->argument);
}

// What the generator gave (taken), as the awaitable's: a value for the event loop, or VALUE_NULL
// with the result in *returned or an exception.
static Value unwrap_to(Generator *g, Value result, Value *returned) {
    *returned = VALUE_NULL;
    if (value_is_null(result)) {
        if (is_stop())
            set_closed(g);
        let_go(g);
        return result;
    }
    if (!value_is_exactly(result, &wrapped_type))
        return result;
    *returned = ref_new(((Wrapped *)value_object(result))->value);
    ref_release(result);
    let_go(g);
    return VALUE_NULL;
}

// A result (taken, if there is one) as StopIteration.
static Value stop_with(Value returned) {
    if (!value_is_null(returned)) {
        raise_stop_iteration(returned);
        ref_release(returned);
    }
    return VALUE_NULL;
}

static Value unwrap(Generator *g, Value result) {
    Value returned, v = unwrap_to(g, result, &returned);
    return value_is_null(v) ? stop_with(returned) : v;
}

static Value drive(Generator *g, Value value) {
    Value self = value_from_object(g), returned, result = generator_resume(self, value, &returned);
    if (value_is_null(result) && !value_is_null(returned))
        return generator_raise_stop(self, returned);
    return result;
}

static Value throw_in(Generator *g, const Value *args, size_t nargs, bool into_awaited) {
    Value self = value_from_object(g), returned,
          result = generator_throw_into(self, args, nargs, into_awaited, &returned);
    if (value_is_null(result) && !value_is_null(returned))
        return generator_raise_stop(self, returned);
    return result;
}

static Value awaitable_close(Value self) {
    set_state(awaitable_of(self), AWAIT_CLOSED);
    return none_new();
}

// ---- asend() -------------------------------------------------------------------------------

static Value send_reused(void) {
    return raise_error(&exception_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
}

static Value resume_send(Value self, Value value, Value *returned) {
    Awaitable *a = awaitable_of(self);
    *returned = VALUE_NULL;
    if (state_of(a) == AWAIT_CLOSED)
        return send_reused();
    if (state_of(a) == AWAIT_FRESH) {
        if (!claim_word(&a->generator->awaited, 0, 1))
            return raise_error(&exception_RuntimeError,
                               "anext(): asynchronous generator is already running");
        if (value_is_none(value))
            value = a->argument;
        set_state(a, AWAIT_RUNNING);
    }
    Value result = unwrap_to(a->generator, drive(a->generator, value), returned);
    if (value_is_null(result))
        set_state(a, AWAIT_CLOSED);
    return result;
}

static Value send_send(Value self, Value value) {
    Value returned, v = resume_send(self, value, &returned);
    return value_is_null(v) ? stop_with(returned) : v;
}

static Value send_next(Value self) {
    return send_send(self, VALUE_NONE);
}

static Value send_throw(Value self, const Value *args, size_t nargs) {
    Awaitable *a = awaitable_of(self);
    if (state_of(a) == AWAIT_CLOSED)
        return send_reused();
    Value result = unwrap(a->generator, throw_in(a->generator, args, nargs, false));
    if (value_is_null(result))
        set_state(a, AWAIT_CLOSED);
    return result;
}

static const NativeDef send_methods[] = {
    DEF_ONE("send", send_send, "Go on with a value from the event loop."),
    DEF_FIXED("throw", send_throw, 1, 3, "Raise an exception where the generator waits."),
    DEF_NONE("close", awaitable_close, "Give up."),
    DEF_END,
};

static Type send_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "async_generator_asend",
    .basic_size = sizeof(Awaitable),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = awaitable_destroy,
    .traverse = awaitable_traverse,
    .await = object_self_iter,
    .iter = object_self_iter,
    .next = send_next,
    .send = resume_send,
    .methods = send_methods,
};

// ---- athrow() and aclose() -----------------------------------------------------------------

static Value throw_reused(void) {
    return raise_error(&exception_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
}

// An exception is pending and ends the awaitable: aclose() is done when the generator is.
static Value throw_ended(Awaitable *a) {
    let_go(a->generator);
    set_state(a, AWAIT_CLOSED);
    if (value_is_null(a->argument) && is_stop()) {
        error_clear();
        raise_stop_iteration(VALUE_NULL);
    }
    return VALUE_NULL;
}

// What the generator gave to an aclose() (taken): it must not yield any more.
static Value closing(Awaitable *a, Value result) {
    if (value_is_null(result))
        return throw_ended(a);
    if (!value_is_exactly(result, &wrapped_type))
        return result;
    ref_release(result);
    let_go(a->generator);
    set_state(a, AWAIT_CLOSED);
    return raise_error(&exception_RuntimeError, "async generator ignored GeneratorExit");
}

static Value throw_first(Awaitable *a, Value value) {
    Generator *g = a->generator;
    bool is_close = value_is_null(a->argument);
    if (!claim_word(&g->awaited, 0, 1)) {
        set_state(a, AWAIT_CLOSED);
        return raise_error(&exception_RuntimeError, "%s: asynchronous generator is already running",
                           is_close ? "aclose()" : "athrow()");
    }
    if (__atomic_load_n(&g->closed, __ATOMIC_RELAXED)) {
        let_go(g);
        set_state(a, AWAIT_CLOSED);
        return raise_error(&exception_StopAsyncIteration, NULL);
    }
    if (!value_is_none(value)) {
        let_go(g);
        return raise_error(&exception_RuntimeError,
                           "can't send non-None value to a just-started coroutine");
    }
    set_state(a, AWAIT_RUNNING);
    if (is_close) {
        set_closed(g);
        Value exit = value_from_object(&exception_GeneratorExit);
        return closing(a, throw_in(g, &exit, 1, true));
    }
    const Tuple *args = tuple_of(a->argument);
    Value result = unwrap(g, throw_in(g, args->items, (size_t)tuple_length(a->argument), true));
    return value_is_null(result) ? throw_ended(a) : result;
}

static Value throw_send(Value self, Value value) {
    Awaitable *a = awaitable_of(self);
    if (state_of(a) == AWAIT_CLOSED)
        return throw_reused();
    if (is_finished(a->generator)) {
        set_state(a, AWAIT_CLOSED);
        return raise_stop_iteration(VALUE_NULL);
    }
    if (state_of(a) == AWAIT_FRESH)
        return throw_first(a, value);
    Value result = drive(a->generator, value);
    return value_is_null(a->argument) ? closing(a, result) : unwrap(a->generator, result);
}

static Value throw_next(Value self) {
    return throw_send(self, VALUE_NONE);
}

static Value throw_throw(Value self, const Value *args, size_t nargs) {
    Awaitable *a = awaitable_of(self);
    if (state_of(a) == AWAIT_CLOSED)
        return throw_reused();
    Value result = throw_in(a->generator, args, nargs, false);
    if (!value_is_null(a->argument))
        return unwrap(a->generator, result);
    if (!value_is_null(result))
        return closing(a, result);
    if (is_stop()) {
        error_clear();
        raise_stop_iteration(VALUE_NULL);
    }
    return VALUE_NULL;
}

static const NativeDef throw_methods[] = {
    DEF_ONE("send", throw_send, "Go on with a value from the event loop."),
    DEF_FIXED("throw", throw_throw, 1, 3, "Raise an exception where the generator waits."),
    DEF_NONE("close", awaitable_close, "Give up."),
    DEF_END,
};

static Type throw_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "async_generator_athrow",
    .basic_size = sizeof(Awaitable),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = awaitable_destroy,
    .traverse = awaitable_traverse,
    .await = object_self_iter,
    .iter = object_self_iter,
    .next = throw_next,
    .methods = throw_methods,
};

// ---- hooks ---------------------------------------------------------------------------------

// Before the generator is driven for the first time. 0, or -1.
static int call_hooks(Value self) {
    Generator *g = (Generator *)value_object(self);
    if (__atomic_exchange_n(&g->hooked, true, __ATOMIC_RELAXED))
        return 0;
    Thread *thread = thread_current();
    // Only the thread that set `hooked` gets here; the finalizer is read when nobody has the
    // generator any more.
    g->origin =
        value_is_null(thread->async_finalizer) ? VALUE_NULL : ref_new(thread->async_finalizer);
    if (value_is_null(thread->async_first))
        return 0;
    Value first = ref_new(thread->async_first), result = value_call_one(first, self);
    ref_release(first);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

bool async_generator_finalize(Generator *g) {
    if (value_is_null(g->origin) || g->closed)
        return false;
    Value pending = error_take(), self = value_from_object(g),
          result = value_call_one(g->origin, self);
    if (value_is_null(result))
        error_report_unraisable(NULL, self);
    ref_release(result);
    if (!value_is_null(pending))
        error_restore(pending);
    return true;
}

static Value hooks_class;

static int set_hook(Value *hook, Value v, const char *what) {
    if (value_is_null(v))
        return 0;
    if (!value_is_none(v) && !value_is_callable(v))
        return raise_int(&exception_TypeError, "callable %s expected, got %T", what, v);
    Value old = *hook;
    *hook = value_is_none(v) ? VALUE_NULL : ref_new(v);
    ref_release(old);
    return 0;
}

static Value set_hooks(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"firstiter", "finalizer", NULL};
    Value v[2];
    Thread *thread = thread_current();
    if (arguments_parse("set_asyncgen_hooks", args, nargs, kwnames, names, 0, 2, 0, v) < 0 ||
        set_hook(&thread->async_finalizer, v[1], "finalizer") < 0 ||
        set_hook(&thread->async_first, v[0], "firstiter") < 0)
        return VALUE_NULL;
    return none_new();
}

static Value get_hooks(Value self) {
    Thread *thread = thread_current();
    Value items[2] = {value_is_null(thread->async_first) ? VALUE_NONE : thread->async_first,
                      value_is_null(thread->async_finalizer) ? VALUE_NONE
                                                             : thread->async_finalizer};
    return struct_sequence_new(hooks_class, items);
}

const NativeDef async_generator_functions[] = {
    DEF_VECTOR("set_asyncgen_hooks", set_hooks,
               "What is called when an asynchronous generator is first iterated, and instead of "
               "closing it."),
    DEF_NONE("get_asyncgen_hooks", get_hooks,
             "The hooks of asynchronous generators, a named tuple."),
    DEF_END,
};

int async_generator_fill_sys(void) {
    static const char *const names[] = {"firstiter", "finalizer", NULL};
    hooks_class = struct_sequence_type("asyncgen_hooks", names);
    return value_is_null(hooks_class) ? -1 : 0;
}

// ---- the type ------------------------------------------------------------------------------

static Value generator_asend(Value self, Value value) {
    return call_hooks(self) < 0 ? VALUE_NULL : awaitable_new(&send_type, self, ref_new(value));
}
static Value generator_anext(Value self) {
    return generator_asend(self, VALUE_NONE);
}
static Value generator_aclose(Value self) {
    return call_hooks(self) < 0 ? VALUE_NULL : awaitable_new(&throw_type, self, VALUE_NULL);
}
static Value generator_athrow(Value self, const Value *args, size_t nargs) {
    if (call_hooks(self) < 0)
        return VALUE_NULL;
    Value tuple = tuple_from_array(args, (int64_t)nargs);
    return value_is_null(tuple) ? tuple : awaitable_new(&throw_type, self, tuple);
}

static Value get_running(Value self) {
    return bool_new(__atomic_load_n(&((Generator *)value_object(self))->awaited, __ATOMIC_RELAXED));
}

static const NativeDef generator_methods[] = {
    DEF_ONE("asend", generator_asend, "An awaitable that resumes the generator with a value."),
    DEF_FIXED("athrow", generator_athrow, 1, 3,
              "An awaitable that raises an exception in the generator."),
    DEF_NONE("aclose", generator_aclose,
             "An awaitable that raises GeneratorExit in the generator."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

static const GetSetDef generator_getsets[] = {
    {"__name__", generator_get_name, generator_set_name, "The name of the async generator."},
    {"__qualname__", generator_get_qualname, generator_set_qualname,
     "The qualified name of the async generator."},
    {"ag_await", generator_get_yieldfrom, NULL, "What it waits for, or None."},
    {"ag_code", generator_get_code, NULL, NULL},
    {"ag_frame", generator_get_frame, NULL, NULL},
    {"ag_running", get_running, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

Type async_generator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "async_generator",
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Value),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_NO_NEW | TYPE_HAS_FINALIZER | TYPE_HAS_DEL, // runs Python code
    .destroy = generator_destroy,
    .traverse = generator_traverse,
    .clear = generator_clear,
    .finalize = generator_finalize,
    .repr = generator_repr,
    .aiter = object_self_iter,
    .anext = generator_anext,
    .methods = generator_methods,
    .getsets = generator_getsets,
};

void async_generator_start(void) {
    type_ready(&async_generator_type);
    type_ready(&wrapped_type);
    type_ready(&send_type);
    type_ready(&throw_type);
    anext_start();
}
