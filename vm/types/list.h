// SPDX-License-Identifier: MIT
//
// list. length, capacity and items are guarded by the list's lock; an old array is given to
// reclaim_array. Functions here take the lock themselves.
#ifndef LOCKSMITH_VM_TYPES_LIST_H
#define LOCKSMITH_VM_TYPES_LIST_H

#include "vm/object.h"

typedef struct {
    Object header;
    int64_t length;
    int64_t capacity;
    Value *items; // from buffer_allocate, or NULL with capacity 0
} List;

extern Type list_type, list_iterator_type;

typedef struct {
    Object header;
    Value list;    // VALUE_NULL once exhausted; guarded by the iterator's lock
    int64_t index; // the same
} ListIterator;

static inline List *list_of(Value v) { return (List *)value_object(v); }
static inline bool value_is_list(Value v) { return value_has_flag(v, TYPE_LIST_SUBCLASS); }

// Number of items at some moment during the call.
static inline int64_t list_length(Value v) {
    return __atomic_load_n(&list_of(v)->length, __ATOMIC_RELAXED);
}
Value list_new(void);
Value list_new_sized(int64_t capacity);
Value list_from_array(const Value *items, int64_t length); // items borrowed
Value list_from_owned(Value *items, int64_t length);       // references moved in
Value list_from_iterable(Value iterable);
int list_append(Value list, Value item);                   // item borrowed
int list_append_owned(Value list, Value item);             // item consumed, also on failure
Value list_get(Value list, int64_t index);                 // new reference; IndexError; no negative
int list_set(Value list, int64_t index, Value item);       // item borrowed; IndexError "list assignment index out of range"
int list_extend(Value list, Value iterable);
int list_insert(Value list, int64_t index, Value item);
Value list_pop(Value list, int64_t index);
Value list_slice(Value list, int64_t start, int64_t end);
Value list_to_tuple(Value list);                           // atomic snapshot
// A snapshot of the items as new references in a buffer (buffer_free it after releasing each);
// -1 on MemoryError. For algorithms that must not hold the lock.
int list_snapshot(Value list, Value **items_out, int64_t *length_out);
int list_sort(Value list, Value key_or_none, bool reverse);
int list_reverse(Value list);
void list_start(void);

#endif
