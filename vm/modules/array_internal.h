// SPDX-License-Identifier: MIT
//
// What the files of the array module share, and vm/types/iterators.c.
#ifndef LOCKSMITH_VM_MODULES_ARRAY_INTERNAL_H
#define LOCKSMITH_VM_MODULES_ARRAY_INTERNAL_H

#include "vm/types/brief.h"

// One kind of item.
typedef struct {
    char code;
    uint8_t size;
    bool is_signed; // of integers
    bool is_integer;
    const char *format; // of the buffer protocol
} ItemKind;

// Everything but the kind (constant) is guarded by the lock. While a lasting view is held
// (viewers.lasting > 0) the length and the place of the items stay; the items may change under a
// view's eyes. Who moves items or takes them away locks by array_lock_to_change, which parts with
// brief views; a single item is set in place.
typedef struct {
    Object header;
    int64_t length, capacity; // items
    uint8_t *data;            // from buffer_allocate; NULL while capacity is 0
    Viewers viewers;
    const ItemKind *kind;
} Array;

extern Type array_type, array_iterator_type;
extern const NativeDef array_methods[];

static inline Array *array_of(Value v) {
    return (Array *)value_object(v);
}
static inline bool value_is_array(Value v) {
    return value_is_exactly(v, &array_type) ||
           (value_is_object(v) && type_is_subtype(value_type(v), &array_type));
}
static inline ViewedMemory array_memory(Array *a) {
    return (ViewedMemory){&a->viewers, &a->data, &a->data, &a->capacity, a->kind->size};
}
static inline bool array_lock_to_change(Array *a) { // false: MemoryError
    return object_lock_to_change(&a->header, array_memory(a));
}
static inline int64_t array_length(Value v) {
    return __atomic_load_n(&array_of(v)->length, __ATOMIC_RELAXED);
}

// ---- array_items.c ---------------------------------------------------------------------------

const ItemKind *array_kind(uint32_t code); // NULL: none
Value array_unpack(const ItemKind *kind, const uint8_t *from);
// v into 8 bytes of room at to (as many as the kind has are used). 0 or -1. May run Python code.
int array_pack(const ItemKind *kind, Value v, uint8_t *to);

// The same for an item that is a number in the Value itself and fits: else false, and nothing has
// happened.
bool array_pack_plain(const ItemKind *kind, Value v, uint8_t *to);

// ---- array_module.c: changing and reading ------------------------------------------------------

Value array_make(Type *type, const ItemKind *kind);
// Which items to replace; worked out from the length under the lock.
typedef struct {
    enum { ARRAY_END, ARRAY_AT, ARRAY_ITEM, ARRAY_SLICE, ARRAY_REPEAT } where;
    // ARRAY_AT: insert before start (clamped); ARRAY_ITEM: the one at start, negative from the end
    // (IndexError); ARRAY_SLICE: as slice_unpack gave; ARRAY_REPEAT: put all there is `start` times
    // more behind it
    int64_t start, stop;
} ArrayPlace;
// A view was in the way: true if it is gone, now that those that nobody holds have been let go of.
bool array_exports_are_over(Array *a);
// Replaces them by count items, at one moment. 0 or -1.
int array_splice(Array *a, ArrayPlace place, const uint8_t *items, int64_t count);
// Inserts an item before index (clamped; ARRAY_LENGTH_MAX: at the end), which is counted in the
// array as it is before v is converted. That may run Python code. 0 or -1.
#define ARRAY_LENGTH_MAX ((int64_t)1 << 46)
int array_insert(Array *a, int64_t index, Value v);
// The item as a new reference; VALUE_NULL without an exception if index is out of range. A negative
// one counts from the end.
Value array_get(Array *a, int64_t index);
// The items as they were at one moment, in a buffer (buffer_free). -1 with MemoryError.
int array_snapshot(Array *a, uint8_t **items, int64_t *count);
// The place of the first item from start on, before stop, that equals v: -1 none, -2 error. With
// `counting` how many there are. Numbers are looked for at one moment, running no code.
int64_t array_find(Array *a, Value v, int64_t start, int64_t stop, bool counting);
Value array_copy(Value self);               // an exact array, as it is at one moment
int array_extend(Value self, Value source); // by an array of the same kind or any iterable
Value array_reconstruct(Value self, const Value *args, size_t nargs);

#endif
