// SPDX-License-Identifier: MIT
//
// Counting policy `tracing`: no reference is counted. Objects die when the collector (gc/trace.c),
// with the world stopped, does not reach them; so neither fields nor registers nor locals of C code
// cost anything, and nothing is changed in place because it has one reference. Included by gc/ref.h
// alone.
//
// How C code's locals keep their objects: the collector looks at the C stacks of all threads and
// takes every word that points into a live slot of the heap for a reference (gc/roots.h). The
// alternative, pins that locals count, was not taken: what a native function gets and returns,
// and what moves from a local to a field, is the same word of the same type everywhere in the
// VM, so pins would have to be counted up and down at every such place, which is most of the cost
// of counting, while the stacks cost nothing but at a collection. The price is that a stale word
// may keep an object for another collection.
//
// The count word is what the heap needs: 0 free or found dead, 1 alive, or in the immortal range.
#ifndef LOCKSMITH_GC_COUNT_TRACING_H
#define LOCKSMITH_GC_COUNT_TRACING_H

#include "gc/roots.h"

// To who asks whether it may do without counting: an ordinary object that others refer to as well.
ALWAYS_INLINE uint32_t count_range(const Object *o) {
    return 2;
}
ALWAYS_INLINE uint32_t count_read(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_RELAXED);
}
ALWAYS_INLINE void count_increment(Object *o) {}
ALWAYS_INLINE bool count_decrement(Object *o) {
    return false;
}
ALWAYS_INLINE void count_add(Object *o, uint32_t n) {}
ALWAYS_INLINE bool count_is_one(const Object *o) {
    return false;
}
// False for what the collector has found dead and not yet destroyed.
ALWAYS_INLINE bool count_try_increment(Object *o) {
    return count_read(o) != 0;
}
ALWAYS_INLINE void count_mark_shared(Object *o) {}
ALWAYS_INLINE void count_make_immortal(Object *o) {
    __atomic_store_n(&o->count, COUNT_IMMORTAL_START, __ATOMIC_RELAXED);
    roots_add_immortal(o);
}
ALWAYS_INLINE void count_revive(Object *o) {
    __atomic_store_n(&o->count, 1, __ATOMIC_RELAXED);
}

ALWAYS_INLINE bool count_is_exactly(const Object *o, uint32_t n) {
    return false;
}

#endif
