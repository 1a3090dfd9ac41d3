// SPDX-License-Identifier: MIT
//
// Mutex `futex`: free, taken, taken and perhaps waited for; waiters sleep in the kernel on the
// word itself, without spinning first. Drepper, "Futexes are tricky" (2011), the mutex of
// section 6, with states as bits: LOCK_BIT_LOCKED, and LOCK_BIT_PARKED for "perhaps waited for".
//
// The word's other 30 bits are not the lock's and may change at any time. The kernel compares the
// whole word before it puts a thread to sleep, and a foreign change only makes it look again.
// Who is woken competes with whoever comes by: fast, and fair only by chance.
//
// In an object it is the header's shape_lock word.
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_FUTEX_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_FUTEX_H

#include "gc/header.h"
#include <stdbool.h>

typedef uint32_t FutexLock; // two bits; 0 in both: free

void futex_lock_slow(FutexLock *lock);
void futex_unlock_slow(FutexLock *lock);

// The low byte of a little-endian word is its first; the fast paths work on it alone, so that
// they fail only when a flag changes, not when the upper bits do.
static inline uint8_t *futex_lock_byte(FutexLock *lock) {
    return (uint8_t *)lock;
}

static inline void futex_lock(FutexLock *lock) {
    uint8_t *byte = futex_lock_byte(lock);
    uint8_t bits = __atomic_load_n(byte, __ATOMIC_RELAXED) & (uint8_t)~LOCK_BITS;
    if (__builtin_expect(!__atomic_compare_exchange_n(byte, &bits, bits | LOCK_BIT_LOCKED, false,
                                                      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
                         0))
        futex_lock_slow(lock);
}

static inline bool futex_try_lock(FutexLock *lock) {
    uint8_t *byte = futex_lock_byte(lock);
    uint8_t bits = __atomic_load_n(byte, __ATOMIC_RELAXED);
    while (!(bits & LOCK_BIT_LOCKED)) {
        if (__atomic_compare_exchange_n(byte, &bits, bits | LOCK_BIT_LOCKED, true, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

static inline void futex_unlock(FutexLock *lock) {
    uint8_t *byte = futex_lock_byte(lock);
    uint8_t bits =
        (__atomic_load_n(byte, __ATOMIC_RELAXED) & (uint8_t)~LOCK_BITS) | LOCK_BIT_LOCKED;
    if (__builtin_expect(!__atomic_compare_exchange_n(byte, &bits, bits & (uint8_t)~LOCK_BIT_LOCKED,
                                                      false, __ATOMIC_RELEASE, __ATOMIC_RELAXED),
                         0))
        futex_unlock_slow(lock);
}

#if LOCKSMITH_MUTEX_FUTEX
typedef FutexLock ObjectMutex;
static inline ObjectMutex *object_mutex(Object *o) {
    return &o->shape_lock;
}
static inline void object_mutex_lock(ObjectMutex *lock) {
    futex_lock(lock);
}
static inline bool object_mutex_try_lock(ObjectMutex *lock) {
    return futex_try_lock(lock);
}
static inline void object_mutex_unlock(ObjectMutex *lock) {
    futex_unlock(lock);
}
#endif

#endif
