// SPDX-License-Identifier: MIT
//
// Counting policy `none`: nothing is counted and nothing is ever freed, neither by a last
// reference nor by the collector. The floor that no way of counting can beat, for one thread and
// programs short enough for the memory; no finaliser runs and no weak reference dies. Included by
// gc/ref.h alone.
#ifndef LOCKSMITH_GC_COUNT_NONE_H
#define LOCKSMITH_GC_COUNT_NONE_H

// Every object has more than one reference: nothing is changed in place as if it had one.
ALWAYS_INLINE uint32_t count_range(const Object *o) {
    return 2;
}
ALWAYS_INLINE uint32_t count_read(const Object *o) {
    return 2;
}
ALWAYS_INLINE void count_increment(Object *o) {}
ALWAYS_INLINE bool count_decrement(Object *o) {
    return false;
}
ALWAYS_INLINE void count_add(Object *o, uint32_t n) {}
ALWAYS_INLINE bool count_is_one(const Object *o) {
    return false;
}
ALWAYS_INLINE bool count_try_increment(Object *o) {
    return true;
}
ALWAYS_INLINE void count_mark_shared(Object *o) {}
ALWAYS_INLINE void count_make_immortal(Object *o) {}
ALWAYS_INLINE void count_revive(Object *o) {}

ALWAYS_INLINE bool count_is_exactly(const Object *o, uint32_t n) {
    return false;
}

#endif
