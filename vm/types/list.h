// SPDX-License-Identifier: MIT
//
// list. length, capacity and items are guarded by the list's lock; an old array is given to
// reclaim_array. Functions here take the lock themselves, but single items may be read without it
// (gc/field.h).
//
// For those readers, in whatever order they look, items[0..length) must be slots in use of one
// array:
//   - a longer array is filled and published (items) before the length that needs it;
//   - length is made smaller before a shorter array is published, and 0 before there is none;
//   - an array never comes back to a list it was taken from (sort works in a copy).
// A reader loads items, then length, then items again: if that is the same array, it was the list's
// when the length was read, and an index below the length was in use then. It loads the word there,
// and looks at the length again: an item that is being appended where another was taken off may be
// seen only after the list is as long. That is all for a number or an object of its own
// (field_is_sure): the word was in use after the reader began. For other objects, as what is beyond
// the length keeps old words, the reader looks at the length and at items once more when it has its
// reference. (Or VALUE_NULL lies there: field_forget_locked.)
#ifndef LOCKSMITH_VM_TYPES_LIST_H
#define LOCKSMITH_VM_TYPES_LIST_H

#include "vm/object.h"

typedef struct {
    Object header;
    int64_t length;
    int64_t capacity;
    Value *items; // from buffer_allocate, or NULL with capacity 0
} List;

extern Type list_type, list_iterator_type, list_reverse_iterator_type;

typedef struct {
    Object header;
    Value list;    // VALUE_NULL once exhausted; guarded by the iterator's lock
    int64_t index; // the same
} ListIterator;

static inline List *list_of(Value v) {
    return (List *)value_object(v);
}
static inline bool value_is_list(Value v) {
    return value_has_flag(v, TYPE_LIST_SUBCLASS);
}

// Number of items at some moment during the call.
static inline int64_t list_length(Value v) {
    return __atomic_load_n(&list_of(v)->length, __ATOMIC_RELAXED);
}
// ---- inline fast paths, for the interpreter too; v is any list ----------------------------
// The item as a new reference, or VALUE_NULL (no exception) if index, taken as unsigned, is out of
// range.
ALWAYS_INLINE Value list_get_locked(List *list, uint64_t index, bool in_register) {
    Value v = VALUE_NULL;
    object_read_lock(&list->header);
    if (LIKELY(index < (uint64_t)list->length)) {
        v = field_raw(&list->items[index]);
        field_retain_locked(v, in_register);
    }
    object_read_unlock(&list->header);
    return v;
}
// The same after an attempt without the lock; not inline.
Value list_get_contended(List *list, uint64_t index);
Value list_get_contended_register(List *list, uint64_t index);

// The item that has a negative index; as above.
ALWAYS_INLINE Value list_get_from_end_locked(List *list, int64_t index, bool in_register) {
    Value v = VALUE_NULL;
    object_read_lock(&list->header);
    uint64_t at = (uint64_t)(index + list->length);
    if (LIKELY(at < (uint64_t)list->length)) {
        v = field_raw(&list->items[at]);
        field_retain_locked(v, in_register);
    }
    object_read_unlock(&list->header);
    return v;
}
Value list_get_from_end_contended(List *list, int64_t index);
Value list_get_from_end_contended_register(List *list, int64_t index);

// As list_try_get asks it.
ALWAYS_INLINE bool list_has_length(const uint64_t *length, uint64_t index, int64_t wanted) {
    return wanted < 0 ? compare_long_above_acquire(length, index)
                      : compare_long_acquire(length, (uint64_t)wanted);
}
// Without the lock: true with the item, or VALUE_NULL if index is out of range, in *item. With
// `wanted`, which is a constant or at least 0, only while that is the length; -1: any.
ALWAYS_INLINE bool list_try_get(const List *list, uint64_t index, int64_t wanted, bool in_register,
                                Value *item) {
    const uint64_t *items = (const uint64_t *)(const void *)&list->items,
                   *length = (const uint64_t *)(const void *)&list->length;
    uint64_t word = __atomic_load_n(items, SHARED_LOAD);
    const Value *array = (const Value *)word;
    if (UNLIKELY(!compare_long_above_acquire(length, index))) {
        *item = VALUE_NULL;
        return true;
    }
    if (UNLIKELY(!compare_long_acquire(items, word)))
        return false;
    *item = field_raw(&array[index]);
    if (UNLIKELY(!list_has_length(length, index, wanted)))
        return false;
    FieldHold hold = field_try_hold_loaded(&array[index], *item, true, in_register);
    if (LIKELY(field_is_sure(hold)))
        return true;
    if (UNLIKELY(hold == FIELD_LOST))
        return false;
    if (LIKELY(list_has_length(length, index, wanted) && compare_long_acquire(items, word)))
        return true;
    field_undo(hold, *item);
    return false;
}
ALWAYS_INLINE Value list_get_fast(List *list, uint64_t index) {
    if (FIELD_READS_UNLOCKED) {
        Value item;
        return LIKELY(list_try_get(list, index, -1, false, &item))
                   ? item
                   : list_get_contended(list, index);
    }
    return list_get_locked(list, index, false);
}
// The same as a register keeps it.
ALWAYS_INLINE Value list_get_register(List *list, uint64_t index) {
    if (FIELD_READS_UNLOCKED) {
        Value item;
        return LIKELY(list_try_get(list, index, -1, true, &item))
                   ? item
                   : list_get_contended_register(list, index);
    }
    return list_get_locked(list, index, true);
}
// The same for a negative index: the item was there while the list had the length that index was
// counted from.
ALWAYS_INLINE Value list_get_from_end_register(List *list, int64_t index) {
    if (FIELD_READS_UNLOCKED) {
        int64_t length = __atomic_load_n(&list->length, SHARED_LOAD);
        Value item;
        return LIKELY(list_try_get(list, (uint64_t)(index + length), length, true, &item))
                   ? item
                   : list_get_from_end_contended_register(list, index);
    }
    return list_get_from_end_locked(list, index, true);
}
// Stores item (consumed) and gives the old one, whose reference is the caller's. A negative index
// counts from the end. VALUE_NULL: it is out of range, and item is still the caller's.
ALWAYS_INLINE Value list_swap_locked(List *list, int64_t index, Value item) {
    if (UNLIKELY(index < 0))
        index += list->length;
    return LIKELY((uint64_t)index < (uint64_t)list->length)
               ? field_swap_locked(&list->items[index], item)
               : VALUE_NULL;
}
Value list_swap_contended(List *list, int64_t index, Value item); // not inline
ALWAYS_INLINE Value list_swap_fast(List *list, int64_t index, Value item) {
    if (UNLIKELY(!object_enter(&list->header)))
        return list_swap_contended(list, index, item);
    Value old = list_swap_locked(list, index, item);
    object_leave(&list->header);
    return old;
}
int list_append_slow(List *list, Value item); // takes the lock, makes room if need be
// item consumed, also on failure. 0 or -1 (MemoryError).
ALWAYS_INLINE int list_append_fast(List *list, Value item) {
    if (UNLIKELY(!object_enter(&list->header)))
        return list_append_slow(list, item);
    int64_t length = list->length;
    if (UNLIKELY(length >= list->capacity)) {
        object_leave(&list->header);
        return list_append_slow(list, item);
    }
    field_raw_store(&list->items[length], item);
    __atomic_store_n(&list->length, length + 1, SHARED_STORE);
    object_leave(&list->header);
    return 0;
}
// The two ways on from the fast paths below, which have looked once whether others can reach the
// iterator: a second look might find that they no longer can.
Value list_iterator_finish(
    ListIterator *iterator); // nobody's: the end. Lets go of the list; VALUE_NULL
Value list_iterator_next_shared(ListIterator *iterator); // others': the next item or the end
// The next item as a new reference, VALUE_NULL (no exception) at the end.
ALWAYS_INLINE Value list_iterator_next_fast(ListIterator *iterator) {
    if (LIKELY(ref_is_still_unshared(&iterator->header))) {
        if (UNLIKELY(value_is_null(iterator->list)))
            return VALUE_NULL;
        Value v = list_get_fast(list_of(iterator->list), (uint64_t)iterator->index);
        if (LIKELY(!value_is_null(v))) {
            iterator->index++;
            return v;
        }
        return list_iterator_finish(iterator);
    }
    return list_iterator_next_shared(iterator);
}
// The same as a register keeps it.
ALWAYS_INLINE Value list_iterator_next_register(ListIterator *iterator) {
    if (LIKELY(ref_is_still_unshared(&iterator->header))) {
        if (UNLIKELY(value_is_null(iterator->list)))
            return VALUE_NULL;
        Value v = list_get_register(list_of(iterator->list), (uint64_t)iterator->index);
        if (LIKELY(!value_is_null(v))) {
            iterator->index++;
            return v;
        }
        return list_iterator_finish(iterator);
    }
    return reg_from_local(list_iterator_next_shared(iterator));
}

Value list_new(void);
Value list_new_sized(int64_t capacity);
Value list_from_array(const Value *items, int64_t length); // items borrowed
Value list_from_owned(Value *items, int64_t length);       // references moved in
Value list_from_iterable(Value iterable);
int list_append(Value list, Value item); // item borrowed
// For who changes a list in several steps at one moment (heapq). The first gives 0 with the lock
// held, or -1 with MemoryError and without it; the second wants the lock and an item.
int list_append_and_lock(List *list, Value item); // item borrowed
Value list_take_last_locked(List *list);          // its reference
void list_unlock_shrinking(List *list);           // after items were taken out
int list_append_owned(Value list, Value item);    // item consumed, also on failure
// A negative index counts from the end at the moment of the access; IndexError.
Value list_get(Value list, int64_t index);           // new reference
int list_set(Value list, int64_t index, Value item); // item borrowed
int list_delete(Value list, int64_t index);
// list.remove(): takes out the first item that is equal. 0, or -1 (ValueError: there is none). May
// run Python code.
int list_remove(Value list, Value item);
int list_extend(Value list, Value iterable);
int list_insert(Value list, int64_t index, Value item);
Value list_pop(Value list, int64_t index);
// start and end as a slice's with step 1, brought into bounds at the moment of the copy.
Value list_slice(Value list, int64_t start, int64_t end);
Value list_to_tuple(Value list); // atomic snapshot
// The same of a list that nobody wants any more, and which is empty then.
Value list_into_tuple(Value list);
// The items as new references in out, at one moment, if there are no more than `room`: their
// number. Else -1 (no exception), and out is untouched.
int64_t list_copy_small(Value list, Value *out, int64_t room);
// A snapshot of the items as new references in a buffer (buffer_free it after releasing each);
// -1 on MemoryError. For algorithms that must not hold the lock.
int list_snapshot(Value list, Value **items_out, int64_t *length_out);
// Replaces items start..end (a slice's with step 1, brought into bounds at that moment) by count
// owned references (released on failure). 0 or -1. Runs Python code only by releasing what it
// removed.
int list_splice(Value list, int64_t start, int64_t end, Value *owned, int64_t count);
// Appends count owned references (released on failure) at one moment.
int list_extend_owned(Value list, Value *owned, int64_t count);
// list *= times (at least 1), at one moment. 0 or -1.
int list_repeat_in_place(Value list, int64_t times);
// `times` references more to each.
void list_retain_repeated(const Value *items, int64_t length, int64_t times);
int64_t list_capacity_for(int64_t length); // what a list growing to length makes room for
int list_clear(Value list);                // 0
int list_sort(Value list, Value key_or_none, bool reverse);
int list_reverse(Value list);
// Position of item from start on (start <= i < stop, at most the length): >= 0, -1 absent, -2
// error.
int64_t list_find(Value list, Value item, int64_t start, int64_t stop);
void list_start(void);

#endif
