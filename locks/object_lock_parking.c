// SPDX-License-Identifier: MIT
//
// Mutex `parking`: the slow paths. The protocol is that of locks/mutex.c, on a byte that has
// foreign bits beside the lock's two. locks/parking.pml is its model.
#include "locks/object_lock_parking.h"
#include "locks/parking.h"

#define SPINS 60
#define HANDED 1 // token: the lock is yours already

static bool still_locked(void *context) {
    return (__atomic_load_n((ParkingLock *)context, __ATOMIC_RELAXED) & LOCK_BITS) == LOCK_BITS;
}

void parking_lock_slow(ParkingLock *lock) {
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
    for (int spins = 0;;) {
        if (!(bits & LOCK_BIT_LOCKED)) {
            if (__atomic_compare_exchange_n(lock, &bits, bits | LOCK_BIT_LOCKED, true,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
                return;
            continue;
        }
        if (spins < SPINS && !(bits & LOCK_BIT_PARKED)) {
            spins++;
            __builtin_ia32_pause();
            bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
            continue;
        }
        if (!(bits & LOCK_BIT_PARKED) &&
            !__atomic_compare_exchange_n(lock, &bits, bits | LOCK_BIT_PARKED, true,
                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            continue;
        uintptr_t token;
        if (parking_park(lock, still_locked, lock, -1, false, false, &token) == PARK_WOKEN &&
            token == HANDED)
            return;
        bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
    }
}

static uintptr_t decide(void *context, bool found, bool more, bool starving) {
    ParkingLock *lock = context;
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED), wanted;
    do {
        wanted = bits & (uint8_t)~LOCK_BITS;
        if (more)
            wanted |= LOCK_BIT_PARKED;
        if (found && starving)
            wanted |= LOCK_BIT_LOCKED;
    } while (!__atomic_compare_exchange_n(lock, &bits, wanted, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    return found && starving ? HANDED : 0;
}

void parking_unlock_slow(ParkingLock *lock) {
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
    while (!(bits & LOCK_BIT_PARKED)) { // the fast path met a flag just set
        if (__atomic_compare_exchange_n(lock, &bits, bits & (uint8_t)~LOCK_BITS, true,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            return;
    }
    parking_unpark_one(lock, decide, lock);
}
