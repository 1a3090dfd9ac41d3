// SPDX-License-Identifier: MIT
//
// Object locks: the slow paths, and the debug build's count of locks held.
// The protocol is that of locks/mutex.c, on a byte that has flags beside the lock's two bits.
#include "locks/object_lock.h"
#include "locks/parking.h"

#ifndef NDEBUG
_Thread_local int object_locks_held;
#endif

#if OBJECT_LOCK_IS_REAL

#define SPINS 60
#define HANDED 1

static bool still_locked(void *context) {
    return (__atomic_load_n(object_lock_byte(context), __ATOMIC_RELAXED) & LOCK_BITS) == LOCK_BITS;
}

void object_lock_slow(Object *o) {
    uint8_t *byte = object_lock_byte(o);
    uint8_t bits = __atomic_load_n(byte, __ATOMIC_RELAXED);
    for (int spins = 0;;) {
        if (!(bits & LOCK_BIT_LOCKED)) {
            if (__atomic_compare_exchange_n(byte, &bits, bits | LOCK_BIT_LOCKED, true,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
                return;
            continue;
        }
        if (spins < SPINS && !(bits & LOCK_BIT_PARKED)) {
            spins++;
            __builtin_ia32_pause();
            bits = __atomic_load_n(byte, __ATOMIC_RELAXED);
            continue;
        }
        if (!(bits & LOCK_BIT_PARKED) &&
            !__atomic_compare_exchange_n(byte, &bits, bits | LOCK_BIT_PARKED, true,
                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            continue;
        uintptr_t token;
        if (parking_park(o, still_locked, o, -1, false, false, &token) == PARK_WOKEN &&
            token == HANDED)
            return;
        bits = __atomic_load_n(byte, __ATOMIC_RELAXED);
    }
}

static uintptr_t decide(void *context, bool found, bool more, bool starving) {
    uint8_t *byte = object_lock_byte(context);
    uint8_t bits = __atomic_load_n(byte, __ATOMIC_RELAXED), wanted;
    do {
        wanted = bits & (uint8_t)~LOCK_BITS;
        if (more)
            wanted |= LOCK_BIT_PARKED;
        if (found && starving)
            wanted |= LOCK_BIT_LOCKED;
    } while (!__atomic_compare_exchange_n(byte, &bits, wanted, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    return found && starving ? HANDED : 0;
}

void object_unlock_slow(Object *o) {
    uint8_t *byte = object_lock_byte(o);
    uint8_t bits = __atomic_load_n(byte, __ATOMIC_RELAXED);
    while (!(bits & LOCK_BIT_PARKED)) { // the fast path met a flag just set
        if (__atomic_compare_exchange_n(byte, &bits, bits & (uint8_t)~LOCK_BITS, true,
                                        __ATOMIC_RELEASE, __ATOMIC_RELAXED))
            return;
    }
    parking_unpark_one(o, decide, o);
}

#endif
