// SPDX-License-Identifier: MIT
//
// Mutex `parking`: the slow paths. The protocol is that of locks/mutex.c, on a byte that has
// foreign bits beside the lock's two. locks/parking.pml is its model.
#include "locks/object_lock_parking.h"
#include "locks/backoff.h"
#include "locks/parking.h"

#define HANDED 1 // tokens: the lock is yours already
#define MORE 2   // others still sleep: the parked bit is yours to set

static bool still_locked(void *context) {
    return (__atomic_load_n((ParkingLock *)context, __ATOMIC_RELAXED) & LOCK_BITS) == LOCK_BITS;
}

void parking_lock_slow(ParkingLock *lock) {
    Backoff looks = backoff_begin(true);
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
    uint8_t taken = LOCK_BIT_LOCKED; // what it is taken with
    for (;;) {
        if (!(bits & LOCK_BIT_LOCKED)) {
            if (__atomic_compare_exchange_n(lock, &bits, bits | taken, true, __ATOMIC_ACQUIRE,
                                            __ATOMIC_RELAXED))
                break;
            continue;
        }
        if (!(bits & LOCK_BIT_PARKED) && backoff(&looks)) {
            bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
            continue;
        }
        if (!(bits & LOCK_BIT_PARKED) &&
            !__atomic_compare_exchange_n(lock, &bits, bits | LOCK_BIT_PARKED, true,
                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            continue;
        taken = LOCK_BIT_LOCKED; // whoever unlocks now looks after those who sleep
        uintptr_t token;
        if (parking_park(lock, still_locked, lock, -1, false, false, &token) == PARK_WOKEN) {
            if (token == HANDED)
                break;
            if (token == MORE)
                taken = LOCK_BITS;
            backoff_again(&looks);
        }
        bits = __atomic_load_n(lock, __ATOMIC_RELAXED);
    }
    backoff_end(&looks);
}

// The parked bit is not set for those who stay: that is left to the one who is woken (MORE), when
// it has the lock or sleeps again. Until it runs, which takes a thousand times as long as most
// critical sections, nobody else need be woken, and the lock changes hands as if nobody slept.
static uintptr_t decide(void *context, bool found, bool more, bool starving) {
    ParkingLock *lock = context;
    uint8_t bits = __atomic_load_n(lock, __ATOMIC_RELAXED), wanted;
    do {
        wanted = bits & (uint8_t)~LOCK_BITS;
        if (found && starving)
            wanted |= more ? LOCK_BITS : LOCK_BIT_LOCKED;
    } while (!__atomic_compare_exchange_n(lock, &bits, wanted, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    return found && starving ? HANDED : more ? MORE : 0;
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
