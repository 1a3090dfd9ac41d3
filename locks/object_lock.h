// SPDX-License-Identifier: MIT
//
// The lock of an object. With LOCKSMITH_LOCKING=gil every function here is empty.
//
// The leaf rule: while an object lock is held, nothing may run Python code, block, allocate,
// release a reference, reach a safepoint or take another object's lock (two at once only
// through object_lock_two, in address order). Deadlock is then impossible by construction.
// Debug builds count the locks a thread holds and assert zero at calls, allocations and
// safepoints (object_lock_assert_none).
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_H

#include "gc/header.h"
#include <assert.h>
#include <stdbool.h>

#ifndef NDEBUG
extern _Thread_local int object_locks_held;
#define OBJECT_LOCKS_COUNT(delta) (object_locks_held += (delta))
static inline void object_lock_assert_none(void) {
    assert(object_locks_held == 0);
}
#else
#define OBJECT_LOCKS_COUNT(delta) ((void)0)
static inline void object_lock_assert_none(void) {}
#endif

#if LOCKSMITH_LOCKING_GIL

static inline void object_lock(Object *o) {
    (void)o;
    OBJECT_LOCKS_COUNT(1);
}
static inline void object_unlock(Object *o) {
    (void)o;
    OBJECT_LOCKS_COUNT(-1);
}
#define OBJECT_LOCK_IS_REAL 0

#elif LOCKSMITH_LOCKING_OBJECT

#include "locks/object_lock_parking.h"
#define OBJECT_LOCK_IS_REAL 1

#else
#error "no locking policy selected"
#endif

// Reading lists, dicts, sets, attributes, cells (LOCKSMITH_READS).
// With LOCKSMITH_READS=optimistic the fast paths of gc/field.h come first, and these are for what
// they leave: reads of many words at one moment, and reads that met a writer.
#if LOCKSMITH_READS_LOCKED || LOCKSMITH_READS_OPTIMISTIC || LOCKSMITH_LOCKING_GIL
static inline void object_read_lock(Object *o) {
    object_lock(o);
}
static inline void object_read_unlock(Object *o) {
    object_unlock(o);
}
#else
#error "no read policy selected"
#endif

// Both locks, in address order; a and b may be the same object.
static inline void object_lock_two(Object *a, Object *b) {
#if OBJECT_LOCK_IS_REAL
    if (a == b) {
        object_lock(a);
    } else {
        Object *first = a < b ? a : b, *second = a < b ? b : a;
        object_lock(first);
        object_lock_second(second);
    }
#else
    (void)a, (void)b;
    OBJECT_LOCKS_COUNT(1);
#endif
}
static inline void object_unlock_two(Object *a, Object *b) {
#if OBJECT_LOCK_IS_REAL
    object_unlock(a);
    if (a != b)
        object_unlock(b);
#else
    (void)a, (void)b;
    OBJECT_LOCKS_COUNT(-1);
#endif
}

// Nobody held o's lock when this looked. Acquires: who sees the lock free sees all that its last
// holder did.
static inline bool object_lock_is_free(const Object *o) {
#if OBJECT_LOCK_IS_REAL
    return (__atomic_load_n(object_lock_byte((Object *)o), __ATOMIC_ACQUIRE) & LOCK_BIT_LOCKED) ==
           0;
#else
    (void)o;
    return true;
#endif
}

// Sets a flag in the header's lock byte (never cleared again).
static inline void object_set_flag(Object *o, uint8_t flag) {
#if OBJECT_LOCK_IS_REAL
    __atomic_fetch_or(&o->shape_lock, (uint32_t)flag, __ATOMIC_RELAXED);
#else
    o->shape_lock |= flag;
#endif
}
static inline bool object_has_flag(const Object *o, uint8_t flag) {
    return __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) & flag;
}

// Changes the shape id. The caller holds the object's lock (or the object is unseen).
static inline void object_set_shape(Object *o, uint32_t shape_id) {
#if OBJECT_LOCK_IS_REAL
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&o->shape_lock, &word,
                                        (word & 0xffu) | (shape_id << SHAPE_SHIFT), true,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
#else
    o->shape_lock = (o->shape_lock & 0xffu) | (shape_id << SHAPE_SHIFT);
#endif
}

#endif
