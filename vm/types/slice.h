// SPDX-License-Identifier: MIT
//
// slice objects, turning one into positions of a sequence, and taking a slice without an object.
#ifndef LOCKSMITH_VM_TYPES_SLICE_H
#define LOCKSMITH_VM_TYPES_SLICE_H

#include "vm/object.h"

typedef struct {
    Object header;
    Value start, stop, step; // constant
} Slice;

extern Type slice_type;
static inline Slice *slice_of(Value v) {
    return (Slice *)value_object(v);
}
static inline bool value_is_slice(Value v) {
    return value_is_exactly(v, &slice_type);
}

// Any of the three may be VALUE_NULL for None; borrowed. New reference.
Value slice_new(Value start, Value stop, Value step);

// Step 1: the three as numbers, too big ones clamped, step never 0 nor INT64_MIN. May run Python
// code
// (__index__). 0, or -1 with TypeError / ValueError "slice step cannot be zero".
int slice_unpack(Value slice, int64_t *start, int64_t *stop, int64_t *step);
// Step 2: clamps start and stop to a sequence of `length` items and gives how many the slice
// selects. Pure arithmetic, so it may be done with the sequence locked.
int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step);
// Both steps, for sequences whose length cannot change. The number selected, or -1.
int64_t slice_indices(Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step);
// With integers of any size: new references to ints in *start, *stop, *step, as slice.indices()
// and ranges need them. length is an int >= 0 (borrowed). 0 or -1.
int slice_indices_big(Value slice, Value length, Value *start, Value *stop, Value *step);

// container[start:stop] of exactly a str, bytes, tuple or list, with small ints or None: a new
// reference, or VALUE_NULL, with MemoryError, or without an exception if it is something else. Runs
// no Python code.
Value slice_take(Value container, Value start, Value stop);

// A start or stop passed to a method such as list.index: too big ones are clamped.
int slice_bound(Value v, int64_t *out);

void slice_start(void);

#endif
