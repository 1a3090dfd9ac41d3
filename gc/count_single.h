// SPDX-License-Identifier: MIT
//
// What the policies with one word for all threads share: no object has an owner, and the word
// that says whether an object is immortal or deferred is the count itself. Included by gc/ref.h
// alone.
#ifndef LOCKSMITH_GC_COUNT_SINGLE_H
#define LOCKSMITH_GC_COUNT_SINGLE_H

ALWAYS_INLINE bool count_is_own(const Object *o) {
    return false;
}
ALWAYS_INLINE void count_increment_own(Object *o) {}
ALWAYS_INLINE void count_release_own(Object *o) {}
ALWAYS_INLINE bool count_try_increment_own(Object *o) {
    return false;
}
ALWAYS_INLINE void count_increment_other(Object *o) {
    count_increment(o);
}
ALWAYS_INLINE bool count_try_increment_other(Object *o) {
    return count_try_increment(o);
}
#ifndef COUNT_LAST_IS_PLAIN
#define COUNT_LAST_IS_PLAIN 0
#endif
ALWAYS_INLINE void count_release_other(Object *o) {
    if (count_decrement(o))
        ref_destroy(o);
}
#define COUNT_RELEASE_SEES_RANGE
ALWAYS_INLINE void count_release_seen(Object *o, uint32_t range) {
    if (COUNT_LAST_IS_PLAIN && range == 1)
        ref_destroy_last(o);
    else
        count_release_other(o);
}
ALWAYS_INLINE bool count_is_gone(const Object *o) {
    return count_read(o) == 0;
}
#if COUNT_IS_KEPT
ALWAYS_INLINE uint32_t count_range(const Object *o) {
    return count_read(o);
}
// Whoever has a reference has counted it where others see it, but others may not take its word as
// theirs alone (gc/count_atomic.h).
ALWAYS_INLINE void count_mark_shared(Object *o) {
#if COUNT_LAST_IS_PLAIN
    __atomic_fetch_or(&o->shape_lock, OBJECT_FLAG_WEAK, __ATOMIC_RELAXED);
#else
    (void)o;
#endif
}
ALWAYS_INLINE void count_make_immortal(Object *o) {
    __atomic_store_n(&o->count, COUNT_IMMORTAL_START, __ATOMIC_RELAXED);
}
ALWAYS_INLINE void count_revive(Object *o) {
    __atomic_store_n(&o->count, 1, SHARED_STORE);
}
#endif
ALWAYS_INLINE void count_make_deferred(Object *o) {
#if LOCKSMITH_READS_OPTIMISTIC
    // Whoever found an earlier object here may count this one up and down meanwhile.
    __atomic_fetch_or(&o->count, COUNT_DEFERRED, __ATOMIC_RELAXED);
#else
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_RELAXED);
    if (count < COUNT_DEFERRED)
        __atomic_store_n(&o->count, count | COUNT_DEFERRED, __ATOMIC_RELAXED);
#endif
}
ALWAYS_INLINE void count_make_ordinary(Object *o) {
    __atomic_fetch_and(&o->count, ~COUNT_DEFERRED, __ATOMIC_RELAXED);
}

#endif
