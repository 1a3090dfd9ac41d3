// SPDX-License-Identifier: MIT
//
// Mutex `parking`: two bits of a byte and the parking lot (Pizlo 2016, WebKit's WTF::Lock). A
// waiter spins for a little while, then sleeps in a queue kept outside; one that has slept for
// more than a millisecond is handed the lock.
//
// The byte's other six bits are not the lock's and may change at any time: every update is a
// compare-and-swap that keeps them. Taking acquires, letting go releases.
//
// In an object it is the low byte of the header's shape_lock word, whose other bits are flags
// that any thread may set (object_set_flag), and which is written whole with the lock held
// (object_set_shape).
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_PARKING_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_PARKING_H

#include "gc/header.h"
#include <stdbool.h>

typedef uint8_t ParkingLock; // LOCK_BIT_LOCKED, LOCK_BIT_PARKED; 0 in both: free

void parking_lock_slow(ParkingLock *lock);
void parking_unlock_slow(ParkingLock *lock);

static inline void parking_lock(ParkingLock *lock) {
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED) & (uint8_t)~LOCK_BITS;
    if (__builtin_expect(!__atomic_compare_exchange_n(lock, &bits, bits | LOCK_BIT_LOCKED, false,
                                                      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
                         0))
        parking_lock_slow(lock);
}

static inline bool parking_try_lock(ParkingLock *lock) {
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
    while (!(bits & LOCK_BIT_LOCKED)) {
        if (__atomic_compare_exchange_n(lock, &bits, bits | LOCK_BIT_LOCKED, true, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return true;
    }
    return false;
}

static inline void parking_unlock(ParkingLock *lock) {
    uint8_t bits =
        (__atomic_load_n(lock, __ATOMIC_RELAXED) & (uint8_t)~LOCK_BITS) | LOCK_BIT_LOCKED;
    if (__builtin_expect(!__atomic_compare_exchange_n(lock, &bits, bits & (uint8_t)~LOCK_BIT_LOCKED,
                                                      false, __ATOMIC_RELEASE, __ATOMIC_RELAXED),
                         0))
        parking_unlock_slow(lock);
}

#if LOCKSMITH_MUTEX_PARKING
typedef ParkingLock ObjectMutex;
// The low byte of a little-endian word is its first.
static inline ObjectMutex *object_mutex(Object *o) {
    return (uint8_t *)&o->shape_lock;
}
static inline void object_mutex_lock(ObjectMutex *lock) {
    parking_lock(lock);
}
static inline bool object_mutex_try_lock(ObjectMutex *lock) {
    return parking_try_lock(lock);
}
static inline void object_mutex_unlock(ObjectMutex *lock) {
    parking_unlock(lock);
}
#endif

#endif
