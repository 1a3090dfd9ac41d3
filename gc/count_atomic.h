// SPDX-License-Identifier: MIT
//
// Counting policy `atomic`: one atomic read-modify-write an update, as in the Gilectomy. Included
// by gc/ref.h alone.
//
// With LOCKSMITH_PRIVATE=ON what only one thread has needs no atomic instruction here either. An
// object has one reference, the caller's: then no other thread can count it, or even look at
// its count, unless it finds the object without having a reference. That is what ref_mark_shared
// announces, here by OBJECT_FLAG_WEAK; and where reads take no lock, readers do it all the time. So
// without such readers a count of 1 and no flag, the count read with acquire, say that the word is
// the caller's alone: who set the flag had a reference then, which it has dropped since (release).
// The last reference goes by a plain store (ref_destroy_last), and a second one comes by one if the
// caller owns the first (count_second; a borrowed one could be borrowed by others too).
//
// Orders: an increment needs none (its maker already holds a reference); a decrement releases
// the maker's accesses to the object, and the one that reaches zero acquires everybody's
// before it destroys. The decrement is acq_rel rather than release plus a fence because the
// two cost the same on x86-64 and ThreadSanitizer does not see fences.
#ifndef LOCKSMITH_GC_COUNT_ATOMIC_H
#define LOCKSMITH_GC_COUNT_ATOMIC_H

ALWAYS_INLINE uint32_t count_read(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_RELAXED);
}
ALWAYS_INLINE void count_increment(Object *o) {
    __atomic_fetch_add(&o->count, 1, __ATOMIC_RELAXED);
}
ALWAYS_INLINE bool count_decrement(Object *o) {
    return __atomic_fetch_sub(&o->count, 1, __ATOMIC_ACQ_REL) == 1;
}
ALWAYS_INLINE void count_add(Object *o, uint32_t n) {
    __atomic_fetch_add(&o->count, n, __ATOMIC_RELAXED);
}
#if !LOCKSMITH_PRIVATE || LOCKSMITH_READS_OPTIMISTIC
#define COUNT_LAST_IS_PLAIN 0
#else
#define COUNT_LAST_IS_PLAIN 1
// o's count is 1, the caller's own reference. False: somebody may find o all the same.
ALWAYS_INLINE bool count_second(Object *o) {
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_ACQUIRE); // no other than what was seen
    if (count != 1 || (__atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) & OBJECT_FLAG_WEAK))
        return false;
    __atomic_store_n(&o->count, 2, __ATOMIC_RELAXED);
    return true;
}
#endif
// Acquire: what the last other holder did to the object before letting go is seen.
ALWAYS_INLINE bool count_is_one(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_ACQUIRE) == 1;
}
// Takes a reference unless the object is already dying (weak references). It acquires: who finds o
// without a lock and looks afterwards where it found it (gc/field.h) sees at least what was true
// when o got this count.
ALWAYS_INLINE bool count_try_increment(Object *o) {
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_ACQUIRE);
    do {
        if (count == 0)
            return false;
        if (count >= COUNT_IMMORTAL)
            return true;
    } while (!__atomic_compare_exchange_n(&o->count, &count, count + 1, true, __ATOMIC_ACQUIRE,
                                          __ATOMIC_ACQUIRE));
    return true;
}

ALWAYS_INLINE bool count_is_exactly(const Object *o, uint32_t n) {
    return __atomic_load_n(&o->count, __ATOMIC_ACQUIRE) == n;
}

#endif
