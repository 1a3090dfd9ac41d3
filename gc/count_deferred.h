// SPDX-License-Identifier: MIT
//
// Counting policy `deferred` (Deutsch and Bobrow, "An efficient, incremental, automatic garbage
// collector", CACM 1976; buffered as in the Gilectomy of 2017): registers of frames are not
// counted, so a count of zero does not say that an object is dead. It enters a table of its
// thread instead; the tables are settled with the world stopped, when the registers can be looked
// at (gc/settle.c). Included by gc/ref.h alone.
//
//   count, read as unsigned:
//     bit 0  COUNT_TABLED  the object is in a table
//     bit 1  COUNT_FRESH   see below
//     bit 2  COUNT_HELD    a register holds the object; while the world is stopped only
//     from bit 3 on        the references of fields and locals, in the ranges of gc/header.h
//   0 is a free slot, as everywhere: an ordinary object is never without both a reference and
//   COUNT_TABLED, as one update takes the last reference and sets the bit.
//   COUNT_LOST is one without a reference for which no table had room, for want of memory.
//   COUNT_DEAD (immortal by its range, so that nothing counts it) is an object that was found
//   dead and waits to be destroyed: it can be had no more.
//
// All threads count with atomic instructions. A count changes from and to zero at any time, by
// whoever found the object in a register, in a field without a lock, or in a weak reference. Whose
// update sets COUNT_TABLED enters it; what is in a table leaves it only with the world stopped.
//
// COUNT_FRESH | COUNT_TABLED without a reference (COUNT_OF_NEW): nobody has counted the object
// since its maker put it into a register (reg_from_new), so no field, and no other thread, has
// ever had it. A count that goes to zero leaves COUNT_FRESH out.
//
// Orders: as for atomic counts, though nothing depends on who sees the last reference go: the
// world stops before the object does.
#ifndef LOCKSMITH_GC_COUNT_DEFERRED_H
#define LOCKSMITH_GC_COUNT_DEFERRED_H

#include <assert.h>

#define COUNT_TABLED 1u
#define COUNT_FRESH 2u
#define COUNT_OF_NEW (COUNT_TABLED | COUNT_FRESH)
#define COUNT_HELD 4u
#define COUNT_LOST COUNT_FRESH
#define COUNT_DEAD 0xfffffff0u
#define COUNT_SHIFT 3

// gc/settle.c. The count of o has become zero: o enters the calling thread's table.
void settle_enter(Object *o);
void settle_release(Object *o); // a reference goes

ALWAYS_INLINE uint32_t count_range(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_RELAXED);
}
ALWAYS_INLINE uint32_t count_read(const Object *o) {
    uint32_t count = count_range(o);
    if (count >= COUNT_IMMORTAL)
        return count;
    return (count & COUNT_DEFERRED) | (count & ~COUNT_DEFERRED) >> COUNT_SHIFT;
}
ALWAYS_INLINE bool count_is_gone(const Object *o) {
    uint32_t count = count_range(o);
    return count == 0 || count == COUNT_DEAD;
}
ALWAYS_INLINE void count_increment(Object *o) {
    __atomic_fetch_add(&o->count, COUNT_ONE, __ATOMIC_RELAXED);
}
// True: the caller enters it.
ALWAYS_INLINE bool count_decrement(Object *o) {
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_RELAXED), less;
    do {
        assert(count >= COUNT_ONE); // what is released was counted
        less = count - COUNT_ONE;
        if (less < COUNT_ONE)
            less = COUNT_TABLED;
    } while (!__atomic_compare_exchange_n(&o->count, &count, less, true, __ATOMIC_ACQ_REL,
                                          __ATOMIC_RELAXED));
    return less == COUNT_TABLED && !(count & COUNT_TABLED);
}
ALWAYS_INLINE void count_add(Object *o, uint32_t n) {
    __atomic_fetch_add(&o->count, n * COUNT_ONE, __ATOMIC_RELAXED);
}
ALWAYS_INLINE bool count_try_increment(Object *o) {
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_ACQUIRE);
    do {
        if (count == 0)
            return false;
        if (count >= COUNT_IMMORTAL)
            return count != COUNT_DEAD;
    } while (!__atomic_compare_exchange_n(&o->count, &count, count + COUNT_ONE, true,
                                          __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE));
    return true;
}
// A register may share what a count of one seems to give to its holder alone.
ALWAYS_INLINE bool count_is_one(const Object *o) {
    return false;
}
// The n references lie in registers, where nothing is counted.
ALWAYS_INLINE bool count_is_exactly(const Object *o, uint32_t n) {
    return __atomic_load_n(&o->count, __ATOMIC_ACQUIRE) == COUNT_OF_NEW;
}
// No table has room for o, which the caller was to enter: whoever takes its last reference next
// tries again.
ALWAYS_INLINE void count_lose(Object *o) {
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&o->count, &count, (count & ~COUNT_TABLED) | COUNT_LOST,
                                        true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
}
// The caller's reference is the only one and was never anybody else's: it becomes a register's.
// False: somebody else counts o at the moment (who has found another object here).
ALWAYS_INLINE bool count_make_new(Object *o) {
    uint32_t count = COUNT_ONE;
    return __atomic_compare_exchange_n(&o->count, &count, COUNT_OF_NEW, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED);
}

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
ALWAYS_INLINE void count_release_other(Object *o) {
    settle_release(o);
}
// Whoever has counted a reference has done it where others see it; and a register's need not be.
ALWAYS_INLINE void count_mark_shared(Object *o) {
    (void)o;
}
ALWAYS_INLINE void count_make_immortal(Object *o) {
    __atomic_store_n(&o->count, COUNT_IMMORTAL_START, __ATOMIC_RELAXED);
}
ALWAYS_INLINE void count_revive(Object *o) {
    __atomic_store_n(&o->count, COUNT_ONE, SHARED_STORE);
}
ALWAYS_INLINE void count_make_deferred(Object *o) {
    // Whoever found an earlier object here may count this one up and down meanwhile.
    __atomic_fetch_or(&o->count, COUNT_DEFERRED, __ATOMIC_RELAXED);
}
ALWAYS_INLINE void count_make_ordinary(Object *o) {
    __atomic_fetch_and(&o->count, ~COUNT_DEFERRED, __ATOMIC_RELAXED);
}

#endif
