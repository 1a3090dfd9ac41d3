// SPDX-License-Identifier: MIT
//
// The iterators of collections.deque, forward and backward. One that finds the deque changed raises
// RuntimeError and is at its end. A step holds the locks of the iterator and of the deque.
#include "vm/modules/collections_module.h"
#include "vm/modules/deque.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/function.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value deque;    // constant
    int64_t given;  // items given so far; guarded by the lock
    int64_t length; // of the deque when the iteration began; 0 after a failure
    uint64_t mutations;
} DequeIterator;

static Value iterator_new(Type *type, Value deque) {
    DequeIterator *it = object_allocate(type);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    Deque *d = deque_of(deque);
    it->deque = ref_new(deque);
    object_read_lock(&d->header);
    it->length = d->length;
    it->mutations = d->mutations;
    object_read_unlock(&d->header);
    return value_from_object(it);
}
Value deque_iter(Value self) {
    return iterator_new(&deque_iterator_type, self);
}
Value deque_reversed(Value self) {
    return iterator_new(&deque_reverse_iterator_type, self);
}

static Value iterator_step(Value self, bool backward) {
    DequeIterator *it = (DequeIterator *)value_object(self);
    Deque *d = deque_of(it->deque);
    Value item = VALUE_NULL;
    bool mutated = false;
    object_lock_two(&it->header, &d->header);
    if (UNLIKELY(d->mutations != it->mutations)) {
        it->length = 0;
        mutated = true;
    } else if (it->given < it->length) {
        item = field_raw(deque_slot(d, backward ? it->length - 1 - it->given : it->given));
        ref_retain(item);
        it->given++;
    }
    object_unlock_two(&it->header, &d->header);
    if (UNLIKELY(mutated))
        return raise_error(&exception_RuntimeError, "deque mutated during iteration");
    return item;
}
static Value deque_iterator_next(Value self) {
    return iterator_step(self, false);
}
static Value deque_reverse_iterator_next(Value self) {
    return iterator_step(self, true);
}

static void iterator_destroy(Object *self) {
    ref_release(((DequeIterator *)self)->deque);
    object_free_fixed(self);
}
static void iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((DequeIterator *)self)->deque);
}

static Value iterator_length_hint(Value self) {
    DequeIterator *it = (DequeIterator *)value_object(self);
    object_lock(&it->header);
    int64_t left = it->length - it->given;
    object_unlock(&it->header);
    return value_from_int(left < 0 ? 0 : left);
}

static Value iterator_reduce_method(Value self) {
    DequeIterator *it = (DequeIterator *)value_object(self);
    object_lock(&it->header);
    int64_t given = it->given;
    object_unlock(&it->header);
    Value arguments = tuple_pack(2, it->deque, value_from_int(given));
    if (value_is_null(arguments))
        return VALUE_NULL;
    return tuple_pair_owned(ref_new(value_from_object(value_type(self))), arguments);
}

// _deque_iterator(deque, given=0): for pickle.
static Value iterator_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords(type_name(type), kwnames) < 0 ||
        arguments_count(type_name(type), nargs, 1, 2) < 0)
        return VALUE_NULL;
    if (!value_is_instance(args[0], &deque_type))
        return raise_type_error("argument 1 must be collections.deque, not %T", args[0]);
    int64_t given = 0;
    if (nargs > 1 && size_argument(args[1], &given) < 0)
        return VALUE_NULL;
    Value iterator = iterator_new(type, args[0]);
    if (!value_is_null(iterator)) {
        DequeIterator *it = (DequeIterator *)value_object(iterator);
        it->given = given < 0 ? 0 : given > it->length ? it->length : given;
    }
    return iterator;
}

static const NativeDef iterator_methods[] = {
    DEF_NONE("__length_hint__", iterator_length_hint, "Items left."),
    DEF_NONE("__reduce__", iterator_reduce_method, "How to pickle the iterator."),
    DEF_END,
};

Type deque_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_collections._deque_iterator",
    .basic_size = sizeof(DequeIterator),
    .kind = HEAP_CONTAINER,
    .call_new = iterator_call_new,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .iter = object_self_iter,
    .next = deque_iterator_next,
    .methods = iterator_methods,
};

Type deque_reverse_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_collections._deque_reverse_iterator",
    .basic_size = sizeof(DequeIterator),
    .kind = HEAP_CONTAINER,
    .call_new = iterator_call_new,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .iter = object_self_iter,
    .next = deque_reverse_iterator_next,
    .methods = iterator_methods,
};
