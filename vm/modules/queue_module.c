// SPDX-License-Identifier: MIT
//
// _queue.SimpleQueue: an unbounded first-in first-out queue on which threads may wait.
//
// The ring (items head, head + 1, ... modulo capacity, a power of two) is guarded by the object's
// lock. Who finds it empty waits on the word `puts`, which every put() advances after it has let go
// of the lock: a getter reads the word before it looks into the ring, so the kernel does not let it
// sleep if something was put since. A put() wakes one getter if there are waiters; the getter
// counts itself before it sleeps, and both use sequentially consistent operations, so one sees the
// other.
#include "locks/futex.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <math.h>
#include <time.h>

typedef struct {
    Object header;
    Value *items;
    int64_t capacity, head, length;
    uint32_t puts;    // atomic
    uint32_t waiters; // atomic
} Queue;

static Type queue_type;
static Value queue_empty_error;

static Queue *queue_of(Value v) {
    return (Queue *)value_object(v);
}

static Value queue_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (type == &queue_type && (nargs || !value_is_null(kwnames))) {
        if (!value_is_null(kwnames))
            return raise_type_error("SimpleQueue() takes no keyword arguments");
        return raise_type_error("SimpleQueue() takes no positional arguments");
    }
    Queue *q = object_allocate(type);
    return q ? value_from_object(q) : VALUE_NULL;
}

static void queue_drop(Object *self) {
    Queue *q = (Queue *)self;
    object_lock(self);
    Value *items = q->items;
    int64_t head = q->head, capacity = q->capacity, length = q->length;
    q->items = NULL;
    q->capacity = q->length = 0;
    object_unlock(self);
    for (int64_t i = 0; i < length; i++)
        ref_release(items[(head + i) & (capacity - 1)]);
    buffer_free(items);
}
static void queue_destroy(Object *self) {
    queue_drop(self);
    type_free_instance(self);
}
static void queue_traverse(Object *self, GcVisitor *visitor) {
    Queue *q = (Queue *)self;
    for (int64_t i = 0; i < q->length; i++)
        gc_visit(visitor, q->items[(q->head + i) & (q->capacity - 1)]);
}

// item is consumed.
static int put(Queue *q, Value item) {
    Value *spare = NULL;
    int64_t spare_capacity = 0;
    object_lock(&q->header);
    while (q->length == q->capacity) {
        if (spare_capacity > q->capacity) {
            for (int64_t i = 0; i < q->length; i++)
                spare[i] = q->items[(q->head + i) & (q->capacity - 1)];
            Value *old = q->items;
            q->items = spare;
            q->capacity = spare_capacity;
            q->head = 0;
            spare = old;
            break;
        }
        int64_t wanted = q->capacity ? 2 * q->capacity : 8;
        object_unlock(&q->header);
        buffer_free(spare);
        spare = buffer_allocate((size_t)wanted * sizeof(Value));
        if (!spare) {
            ref_release(item);
            raise_memory_error();
            return -1;
        }
        spare_capacity = wanted;
        object_lock(&q->header);
    }
    q->items[(q->head + q->length) & (q->capacity - 1)] = item;
    __atomic_store_n(&q->length, q->length + 1, __ATOMIC_RELAXED);
    object_unlock(&q->header);
    buffer_free(spare);
    __atomic_add_fetch(&q->puts, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&q->waiters, __ATOMIC_SEQ_CST))
        futex_wake(&q->puts);
    return 0;
}

// The oldest item, or VALUE_NULL.
static Value take(Queue *q) {
    Value item = VALUE_NULL;
    Value *old = NULL;
    object_lock(&q->header);
    if (q->length) {
        item = q->items[q->head];
        field_forget_locked(&q->items[q->head], 1);
        q->head = (q->head + 1) & (q->capacity - 1);
        __atomic_store_n(&q->length, q->length - 1, __ATOMIC_RELAXED);
        if (q->length == 0 && q->capacity > 1024) { // give the memory of a burst back
            old = q->items;
            q->items = NULL;
            q->capacity = q->head = 0;
        }
    }
    object_unlock(&q->header);
    buffer_free(old);
    return item;
}

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

// timeout_ns < 0: no limit.
static Value get(Queue *q, bool block, int64_t timeout_ns) {
    int64_t deadline = timeout_ns >= 0 ? now_ns() + timeout_ns : -1;
    for (;;) {
        uint32_t seen = __atomic_load_n(&q->puts, __ATOMIC_SEQ_CST);
        Value item = take(q);
        if (!value_is_null(item))
            return item;
        if (!block || (deadline >= 0 && now_ns() >= deadline)) {
            Value empty = value_call_none(queue_empty_error);
            if (!value_is_null(empty))
                raise_object(empty);
            ref_release(empty);
            return VALUE_NULL;
        }
        __atomic_add_fetch(&q->waiters, 1, __ATOMIC_SEQ_CST);
        thread_detach();
        futex_wait(&q->puts, seen, deadline);
        thread_attach();
        __atomic_sub_fetch(&q->waiters, 1, __ATOMIC_SEQ_CST);
        if (thread_check_signals() < 0)
            return VALUE_NULL;
    }
}

static Value queue_put(Value self, const Value *args, size_t nargs, Value kwnames) {
    // Nothing to wait for: block and timeout are there to resemble Queue.put.
    static const char *const names[] = {"item", "block", "timeout", NULL};
    Value v[3];
    if (arguments_parse("put", args, nargs, kwnames, names, 0, 3, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_null(v[1]) && value_truth(v[1]) < 0)
        return VALUE_NULL;
    return put(queue_of(self), ref_new(v[0])) < 0 ? VALUE_NULL : none_new();
}

static Value queue_put_nowait(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"item", NULL};
    Value v[1];
    if (arguments_parse("put_nowait", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return put(queue_of(self), ref_new(v[0])) < 0 ? VALUE_NULL : none_new();
}

static Value queue_get(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"block", "timeout", NULL};
    Value v[2];
    if (arguments_parse("get", args, nargs, kwnames, names, 0, 2, 0, v) < 0)
        return VALUE_NULL;
    int block = value_is_null(v[0]) ? 1 : value_truth(v[0]);
    if (block < 0)
        return VALUE_NULL;
    int64_t timeout_ns = -1;
    if (block && !value_is_null(v[1]) && !value_is_none(v[1])) {
        double seconds;
        if (value_to_double(v[1], &seconds) < 0) {
            if (error_matches(&exception_TypeError)) {
                error_clear();
                raise_type_error("'%T' object cannot be interpreted as an integer", v[1]);
            }
            return VALUE_NULL;
        }
        if (isnan(seconds))
            return raise_value_error("Invalid value NaN (not a number)");
        if (seconds < 0)
            return raise_value_error("'timeout' must be a non-negative number");
        if (seconds > 9223372036.0)
            return raise_error(&exception_OverflowError, "timeout value is too large");
        timeout_ns = (int64_t)ceil(seconds * 1e9);
    }
    return get(queue_of(self), block, timeout_ns);
}

static Value queue_get_nowait(Value self) {
    return get(queue_of(self), false, -1);
}
static int64_t queue_length(Value self) {
    return __atomic_load_n(&queue_of(self)->length, __ATOMIC_RELAXED);
}
static Value queue_is_empty(Value self) {
    return bool_new(queue_length(self) == 0);
}
static Value queue_size(Value self) {
    return value_from_int(queue_length(self));
}

static const NativeDef queue_methods[] = {
    DEF_NONE("empty", queue_is_empty,
             "empty($self, /)\n--\n\nTrue if nothing was in the queue at that moment."),
    DEF_VECTOR("get", queue_get,
               "get($self, /, block=True, timeout=None)\n--\n\n"
               "Takes the oldest item; waits for one if block, at most timeout seconds."),
    DEF_NONE("get_nowait", queue_get_nowait,
             "get_nowait($self, /)\n--\n\nTakes the oldest item or raises Empty."),
    DEF_VECTOR("put", queue_put,
               "put($self, /, item, block=True, timeout=None)\n--\n\n"
               "Puts an item in; block and timeout mean nothing here."),
    DEF_VECTOR("put_nowait", queue_put_nowait,
               "put_nowait($self, /, item)\n--\n\nPuts an item in."),
    DEF_NONE("qsize", queue_size,
             "qsize($self, /)\n--\n\nHow many items there were at that moment."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, "See PEP 585"),
    DEF_END,
};

static Type queue_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_queue.SimpleQueue",
    .basic_size = sizeof(Queue),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .doc = "SimpleQueue()\n--\n\nA simple, unbounded, reentrant FIFO queue.",
    .call_new = queue_new,
    .destroy = queue_destroy,
    .traverse = queue_traverse,
    .clear = queue_drop,
    .methods = queue_methods,
};

static int queue_fill(Value module) {
    if (exception_class_add(module, &queue_empty_error, "_queue", "Empty",
                            value_from_object(&exception_Exception),
                            "Exception raised by Queue.get(block=0)/get_nowait().") < 0)
        return -1;
    return module_add_type(module, &queue_type);
}

const NativeModule module_queue = {"_queue", "A queue of the C level.", NULL, queue_fill};
