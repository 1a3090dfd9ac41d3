// SPDX-License-Identifier: MIT
//
// tuple: immutable; items are set before anybody else sees it, and read without a lock.
#ifndef LOCKSMITH_VM_TYPES_TUPLE_H
#define LOCKSMITH_VM_TYPES_TUPLE_H

#include "vm/object.h"

typedef struct {
    Object header;
    int64_t length;
    Value items[];
} Tuple;

extern Type tuple_type, tuple_iterator_type;

typedef struct {
    Object header;
    Value tuple;   // VALUE_NULL once exhausted; guarded by the iterator's lock
    int64_t index; // the same
} TupleIterator;

static inline Tuple *tuple_of(Value v) {
    return (Tuple *)value_object(v);
}
static inline bool value_is_tuple(Value v) {
    return value_has_flag(v, TYPE_TUPLE_SUBCLASS);
}
static inline int64_t tuple_length(Value v) {
    return tuple_of(v)->length;
}
static inline Value tuple_item(Value v, int64_t i) {
    return tuple_of(v)->items[i];
} // borrowed

// A step of an iterator that nobody else has and that is not at its end: true with the item, as a
// register keeps it. False: the type's next slot has to be asked.
ALWAYS_INLINE bool tuple_iterator_next_register(TupleIterator *it, Value *item) {
    if (UNLIKELY(!ref_is_still_unshared(&it->header) || value_is_null(it->tuple)))
        return false;
    const Tuple *tuple = tuple_of(it->tuple);
    if (UNLIKELY(it->index >= tuple->length))
        return false;
    *item = tuple->items[it->index++];
    reg_retain(*item);
    return true;
}

Value tuple_empty(void);              // new reference to the shared ()
Value tuple_allocate(int64_t length); // items VALUE_NULL; fill before use
// An exact tuple, of which the caller stores all items (there is one at least) at once: before
// anything that allocates, fails, releases a reference or reaches a safepoint.
Value tuple_allocate_unfilled(int64_t length);
Value tuple_from_array(const Value *items, int64_t length); // items borrowed
Value tuple_from_owned(Value *items, int64_t length); // references moved in (released on failure)
Value tuple_pack(int64_t count, ...);                 // borrowed Values
Value tuple_from_iterable(Value iterable);            // exact tuple: itself. May run Python code.
// The pair (a, b), references consumed, also on failure.
Value tuple_pair_owned(Value a, Value b);
Value tuple_slice(Value v, int64_t start, int64_t end);
void tuple_start(void);

#endif
