// SPDX-License-Identifier: MIT
//
// _asyncio.FutureIter: what `await future` drives. While the future is pending it yields the future
// once, marked as one that is waited for, which tells the task what to wait for; resumed after
// that, its result is the future's.
//
// The future is taken out of its field, under the object's lock, when that is over.
#include "vm/modules/asyncio_internal.h"
#include "vm/types/exceptions.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value future; // VALUE_NULL: finished
} FutureIterator;

static FutureIterator *iterator_of(Value v) {
    return (FutureIterator *)value_object(v);
}

Value future_iterator_new(Value self) {
    if (future_check(future_of(self)) < 0)
        return VALUE_NULL;
    FutureIterator *iterator = object_allocate_exact(&asyncio_future_iterator_type,
                                                     sizeof(FutureIterator), HEAP_CONTAINER);
    if (!iterator)
        return VALUE_NULL;
    iterator->future = ref_new(self);
    return value_from_object(iterator);
}

static Value iterator_resume(Value self, Value value, Value *returned) {
    FutureIterator *iterator = iterator_of(self);
    *returned = VALUE_NULL;
    Value future = field_load(&iterator->header, &iterator->future);
    if (value_is_null(future)) {
        *returned = none_new();
        return VALUE_NULL;
    }
    Future *f = future_of(future);
    if (future_state(f) == FUTURE_PENDING) {
        if (LIKELY(!future_change_blocking(f, true)))
            return future;
        raise_error(&exception_RuntimeError, "await wasn't used with future");
    } else {
        field_clear(&iterator->header, &iterator->future);
        *returned = future_result(future);
    }
    ref_release(future);
    return VALUE_NULL;
}

static Value iterator_step(Value self, Value value) {
    Value returned, v = iterator_resume(self, value, &returned);
    if (value_is_null(v) && !value_is_null(returned)) {
        raise_stop_iteration(value_is_none(returned) ? VALUE_NULL : returned);
        ref_release(returned);
    }
    return v;
}

static Value iterator_next(Value self) {
    return iterator_step(self, VALUE_NONE);
}

static Value iterator_close(Value self) {
    field_clear(value_object(self), &iterator_of(self)->future);
    return none_new();
}

// The instance that throw(class, value) stands for.
static Value make_exception(Value class, Value value) {
    if (value_is_instance(value, (Type *)value_object(class)))
        return ref_new(value);
    if (value_is_none(value))
        return value_call_none(class);
    return value_is_tuple(value) ? value_call_tuple(class, value, VALUE_NULL)
                                 : value_call_one(class, value);
}

static Value iterator_throw(Value self, const Value *args, size_t nargs) {
    Value type = args[0], value = nargs > 1 ? args[1] : VALUE_NONE;
    Value traceback = nargs > 2 ? args[2] : VALUE_NONE, exception;
    if (!value_is_none(traceback) && !value_is_exactly(traceback, &traceback_type))
        return raise_type_error("throw() third argument must be a traceback");
    if (value_has_flag(type, TYPE_TYPE_SUBCLASS) &&
        type_is_subtype((Type *)value_object(type), &exception_BaseException)) {
        exception = make_exception(type, value);
    } else if (value_has_flag(type, TYPE_EXCEPTION_SUBCLASS)) {
        if (!value_is_none(value))
            return raise_type_error("instance exception may not have a separate value");
        exception = ref_new(type);
    } else {
        return raise_type_error(
            "exceptions must be classes deriving BaseException or instances of such a class");
    }
    field_clear(value_object(self), &iterator_of(self)->future);
    if (value_is_null(exception))
        return exception;
    if (!value_is_none(traceback) && value_has_flag(exception, TYPE_EXCEPTION_SUBCLASS))
        exception_set_traceback(exception, ref_new(traceback));
    raise_object(exception);
    ref_release(exception);
    return VALUE_NULL;
}

static void iterator_destroy(Object *self) {
    ref_release(((FutureIterator *)self)->future);
    object_free_exact(self, sizeof(FutureIterator), HEAP_CONTAINER);
}
static void iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((FutureIterator *)self)->future);
}
static void iterator_clear(Object *self) {
    field_clear(self, &((FutureIterator *)self)->future);
}

static const NativeDef iterator_methods[] = {
    DEF_ONE("send", iterator_step, NULL),
    DEF_FIXED("throw", iterator_throw, 1, 3, NULL),
    DEF_NONE("close", iterator_close, NULL),
    DEF_END,
};

Type asyncio_future_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_asyncio.FutureIter",
    .basic_size = sizeof(FutureIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .clear = iterator_clear,
    .iter = object_self_iter,
    .next = iterator_next,
    .send = iterator_resume,
    .methods = iterator_methods,
};
