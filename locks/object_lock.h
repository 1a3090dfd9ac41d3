// SPDX-License-Identifier: MIT
//
// The lock of an object. With LOCKSMITH_LOCKING=gil every function here is empty.
//
// The leaf rule: while an object lock is held, nothing may run Python code, block, allocate,
// release a reference, reach a safepoint or take another object's lock (two at once only
// through object_lock_two, in address order). Deadlock is then impossible by construction.
// Debug builds count the locks a thread holds and assert zero at calls, allocations and
// safepoints (object_lock_assert_none).
//
// A thread that waits for an object lock stays attached, also while it sleeps, and taking an object
// lock is no safepoint. Stopping the world may thus have to wait for a waiter, but never for long
// and never in a circle: the holder reaches no safepoint, so it lets go without anyone's help, and
// the stopper would have had to wait for the holder anyway. To detach a waiter would be wrong
// with a mutex that goes to the next in line: it could go to a thread that is stopped, and then
// who takes that lock with the world stopped would wait for ever.
//
// Who lets go of a lock must hold a reference to the object until it has done so: as soon as
// the lock is free, another thread may drop the last other reference.
//
// The mutex itself (LOCKSMITH_MUTEX) is one header, locks/object_lock_<name>.h, which defines a
// lock that works on its own type anywhere (bench/locks measures them all in one binary) and, if it
// is the one chosen, how objects use it:
//   ObjectMutex                                  its type, in the object's header or elsewhere
//   ObjectMutex *object_mutex(Object *o)         the lock of o; objects may share one
//   void object_mutex_lock(ObjectMutex *)        taking acquires; errno survives
//   void object_mutex_unlock(ObjectMutex *)      letting go releases; errno survives
//   bool object_mutex_try_lock(ObjectMutex *)
// A new object's header word and lock_word (gc/header.h) are 0, which must mean "free".
// Flags and the shape id change beside the lock's bits in the header word at any time.
//
// In front of it, with LOCKSMITH_PRIVATE=ON, an object's owner needs no mutex until another thread
// wants it (locks/private.h); "holding the lock" then means being in a section on the object.
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_H

#include "gc/header.h"
#include "vm/value.h"
#include <assert.h>
#include <stdbool.h>

#ifndef NDEBUG
extern _Thread_local int object_locks_held;
#define OBJECT_LOCKS_COUNT(delta) (object_locks_held += (delta))
ALWAYS_INLINE void object_lock_assert_none(void) {
    assert(object_locks_held == 0);
}
#else
#define OBJECT_LOCKS_COUNT(delta) ((void)0)
ALWAYS_INLINE void object_lock_assert_none(void) {}
#endif

#if LOCKSMITH_LOCKING_GIL
#define OBJECT_LOCK_IS_REAL 0
#elif LOCKSMITH_LOCKING_OBJECT
#define OBJECT_LOCK_IS_REAL 1
#include "locks/private.h"
#include LOCKSMITH_MUTEX_HEADER
#else
#error "no locking policy selected"
#endif

#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
// What is left for objects that another thread has had to do with. Not inline, or all who take
// a lock would save registers for it.
void object_lock_common(Object *o);
void object_unlock_common(Object *o);
#endif
ALWAYS_INLINE void object_lock(Object *o) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    if (!private_try_enter(o))
        object_lock_common(o);
#elif OBJECT_LOCK_IS_REAL
    object_mutex_lock(object_mutex(o));
#else
    (void)o;
#endif
    OBJECT_LOCKS_COUNT(1);
}
ALWAYS_INLINE void object_unlock(Object *o) {
    OBJECT_LOCKS_COUNT(-1);
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    if (!private_leave())
        object_unlock_common(o);
#elif OBJECT_LOCK_IS_REAL
    object_mutex_unlock(object_mutex(o));
#else
    (void)o;
#endif
}
// The same in two parts, for paths where every instruction counts. True: the caller holds the lock
// as if by object_lock, and lets it go with object_leave (or with object_unlock, if it has let go
// in between). False: it does not, and should call a function that is not inline and takes it by
// object_lock: another thread has had to do with o. A constant true where that makes no difference.
ALWAYS_INLINE bool object_enter(Object *o) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    if (!private_try_enter(o))
        return false;
    OBJECT_LOCKS_COUNT(1);
#else
    object_lock(o);
#endif
    return true;
}
ALWAYS_INLINE void object_leave(Object *o) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    (void)o;
    assert(private_is_inside()); // who has let go in between may hold the mutex
    OBJECT_LOCKS_COUNT(-1);
    private_exit();
#else
    object_unlock(o);
#endif
}
// The same for who only reads, and has another way to do that. A constant false where reads take no
// lock and there is no cheaper one.
ALWAYS_INLINE bool object_enter_to_read(Object *o) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_READS_OPTIMISTIC && !LOCKSMITH_PRIVATE
    (void)o;
    return false;
#else
    return object_enter(o);
#endif
}
// The same for an object whose shape id is in the upper 24 bits of `shape`, the low byte of which
// is less than 64; false too if it is another.
ALWAYS_INLINE bool object_enter_shape(Object *o, uint32_t shape) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    if (!private_try_enter_shape(o, shape))
        return false;
    OBJECT_LOCKS_COUNT(1);
#else
    object_lock(o);
    if (UNLIKELY((__atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) ^ shape) >> SHAPE_SHIFT)) {
        object_unlock(o);
        return false;
    }
#endif
    return true;
}
// Without waiting: true if it is the caller's now.
ALWAYS_INLINE bool object_try_lock(Object *o) {
#if OBJECT_LOCK_IS_REAL
    if (!private_enter(o) && !object_mutex_try_lock(object_mutex(o)))
        return false;
#else
    (void)o;
#endif
    OBJECT_LOCKS_COUNT(1);
    return true;
}

// Reading lists, dicts, sets, attributes, cells (LOCKSMITH_READS).
// With LOCKSMITH_READS=optimistic the fast paths of gc/field.h come first, and these are for what
// they leave: reads of many words at one moment, and reads that met a writer.
#if LOCKSMITH_READS_LOCKED || LOCKSMITH_READS_OPTIMISTIC || LOCKSMITH_LOCKING_GIL
ALWAYS_INLINE void object_read_lock(Object *o) {
    object_lock(o);
}
ALWAYS_INLINE void object_read_unlock(Object *o) {
    object_unlock(o);
}
#else
#error "no read policy selected"
#endif

// Both locks, in order of the locks' addresses; a and b may be the same object, or two objects
// that share one lock.
ALWAYS_INLINE void object_lock_two(Object *a, Object *b) {
#if OBJECT_LOCK_IS_REAL
    ObjectMutex *first = object_mutex(a), *second = object_mutex(b);
    if (first > second) {
        ObjectMutex *other = first;
        first = second;
        second = other;
    }
    if (!private_enter_two(a, b)) {
        object_mutex_lock(first);
        if (first != second)
            object_mutex_lock(second);
    }
#else
    (void)a, (void)b;
#endif
    OBJECT_LOCKS_COUNT(1);
}
ALWAYS_INLINE void object_unlock_two(Object *a, Object *b) {
    OBJECT_LOCKS_COUNT(-1);
#if OBJECT_LOCK_IS_REAL
    ObjectMutex *first = object_mutex(a), *second = object_mutex(b);
    if (!private_leave()) {
        object_mutex_unlock(first);
        if (first != second)
            object_mutex_unlock(second);
    }
#else
    (void)a, (void)b;
#endif
}

// Nobody but the caller held o's lock, or was in a private section on it, when this looked.
// Acquires: who sees the lock free sees all that its last holder did.
ALWAYS_INLINE bool object_lock_is_free(const Object *o) {
#if OBJECT_LOCK_IS_REAL
    // The byte that the mutexes with bits in the header change (LOCKSMITH_READS=optimistic has no
    // others).
    uint8_t bits = __atomic_load_n((const uint8_t *)&o->shape_lock, __ATOMIC_ACQUIRE);
    return !(bits & LOCK_BIT_LOCKED) && private_allows_reading(o, bits);
#else
    (void)o;
    return true;
#endif
}

// o's lock is held, and was before: certainly nobody else held it in between, so all that the
// caller found then still holds. A constant where it is always or never certain.
ALWAYS_INLINE bool object_lock_was_mine_alone(void) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    // In a section: the object is private now, so no other thread has ever held its lock.
    return private_is_inside();
#else
    return !OBJECT_LOCK_IS_REAL;
#endif
}

// o's lock is held. Certainly no other thread has ever looked into o under the sequence lock of
// gc/field.h, which begins by object_lock_is_free: so what is taken out of o now has no readers.
ALWAYS_INLINE bool object_has_no_readers(const Object *o) {
    (void)o;
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    assert(object_locks_held && (!private_is_inside() || private_is_own(o)));
#endif
    return object_lock_was_mine_alone();
}

// Sets a flag in the header's lock byte (never cleared again).
ALWAYS_INLINE void object_set_flag(Object *o, uint8_t flag) {
#if OBJECT_LOCK_IS_REAL
    __atomic_fetch_or(&o->shape_lock, (uint32_t)flag, __ATOMIC_RELAXED);
#else
    o->shape_lock |= flag;
#endif
}
// From now on o's lock is its mutex, as if another thread had had to do with it: what has come into
// o may have readers that came another way. By its owner, or who has just had its lock; no section
// on it is open.
ALWAYS_INLINE void object_make_common(Object *o) {
#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
    object_set_flag(o, OBJECT_FLAG_REVOKED | OBJECT_FLAG_COMMON);
#else
    (void)o;
#endif
}
ALWAYS_INLINE bool object_has_flag(const Object *o, uint8_t flag) {
    return __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) & flag;
}

// The same for an object that no other thread can reach.
ALWAYS_INLINE void object_set_flag_private(Object *o, uint8_t flag) {
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    __atomic_store_n(&o->shape_lock, word | flag, __ATOMIC_RELAXED);
}

// Changes the shape id. The caller holds the object's lock (or the object is unseen).
ALWAYS_INLINE void object_set_shape(Object *o, uint32_t shape_id) {
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

// The same for an object of which no other thread knows (ref_is_private).
ALWAYS_INLINE void object_set_shape_private(Object *o, uint32_t shape_id) {
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    __atomic_store_n(&o->shape_lock, (word & 0xffu) | shape_id << SHAPE_SHIFT, __ATOMIC_RELAXED);
}

// Both at once: o's shape changes, and its lock, held by the caller, is let go.
ALWAYS_INLINE void object_unlock_with_shape(Object *o, uint32_t shape_id) {
#if OBJECT_LOCK_IS_REAL && (LOCKSMITH_MUTEX_PARKING || LOCKSMITH_MUTEX_FUTEX)
    // One atomic update instead of two, if nobody waits and no flag changes at this moment.
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    uint32_t next = (word & (0xffu & ~LOCK_BIT_LOCKED)) | shape_id << SHAPE_SHIFT;
    if (__builtin_expect(!(word & LOCK_BIT_PARKED), 1) && (word & LOCK_BIT_LOCKED) &&
        __atomic_compare_exchange_n(&o->shape_lock, &word, next, false, __ATOMIC_RELEASE,
                                    __ATOMIC_RELAXED)) {
        OBJECT_LOCKS_COUNT(-1);
        return;
    }
#endif
    object_set_shape(o, shape_id);
    object_unlock(o);
}

#endif
