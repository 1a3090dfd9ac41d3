// SPDX-License-Identifier: MIT
//
// range: immutable arithmetic progressions of ints of any size, and their iterators.
#ifndef LOCKSMITH_VM_TYPES_RANGE_H
#define LOCKSMITH_VM_TYPES_RANGE_H

#include "vm/object.h"

typedef struct {
    Object header;
    Value start, stop, step, length; // exact ints; constant
} Range;

// Iterator of a range whose bounds and step all fit a Value. `stop` is current plus a whole
// number of steps, so the end is current == stop whatever the direction. current is guarded by the
// iterator's lock (only one thread: range_iterator_next_fast).
typedef struct {
    Object header;
    int64_t current, stop, step;
    int64_t start; // for pickle
} RangeIterator;

extern Type range_type, range_iterator_type, long_range_iterator_type;
static inline Range *range_of(Value v) {
    return (Range *)value_object(v);
}

Value range_new(Value start, Value stop, Value step); // exact ints, borrowed; ValueError for step 0
// The iterator over start, start + step, ... before stop, made without a range object. All three
// must satisfy value_int_fits, and step must not be 0.
Value range_iterator_new(int64_t start, int64_t stop, int64_t step);

// With the lock held, or nobody else having the iterator.
ALWAYS_INLINE Value range_iterator_step(RangeIterator *it) {
    int64_t current = it->current;
    if (UNLIKELY(current == it->stop))
        return VALUE_NULL;
    it->current = current + it->step;
    return value_from_int(current);
}
Value range_iterator_next_shared(RangeIterator *it); // takes the lock
// The next number, or VALUE_NULL at the end.
ALWAYS_INLINE Value range_iterator_next_fast(RangeIterator *it) {
    if (REGISTERS_ARE_COUNTED && COUNT_IS_KEPT)
        return LIKELY(ref_is_still_unshared(&it->header)) ? range_iterator_step(it)
                                                          : range_iterator_next_shared(it);
    if (UNLIKELY(!object_enter(&it->header)))
        return range_iterator_next_shared(it);
    Value v = range_iterator_step(it);
    object_leave(&it->header);
    return v;
}

void range_start(void);

#endif
