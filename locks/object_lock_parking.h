// SPDX-License-Identifier: MIT
//
// Object lock `parking`: two bits in the low byte of the header's shape_lock word and the
// parking lot. Included by locks/object_lock.h alone.
//
// The byte's other six bits are flags that any thread may set at any time (object_set_flag),
// and the word's upper bits change under the lock (object_set_shape): every update here is a
// compare-and-swap of the byte that keeps the flags. Taking acquires, letting go releases.
//
// A waiter stays attached. The leaf rule makes that safe: a holder never reaches a safepoint,
// so it lets go without anyone's help, and whoever stops the world would have had to wait for
// the holder anyway. It also means that taking an object lock is no safepoint.
//
// Who lets go of a lock must hold a reference to the object until it has done so: as soon as
// the byte says "free", another thread may drop the last other reference.
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_PARKING_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_PARKING_H

#define LOCK_BITS (LOCK_BIT_LOCKED | LOCK_BIT_PARKED)

void object_lock_slow(Object *o);
void object_unlock_slow(Object *o);

// The low byte of a little-endian word is its first.
static inline uint8_t *object_lock_byte(Object *o) { return (uint8_t *)&o->shape_lock; }

static inline void object_lock(Object *o) {
    uint8_t *byte = object_lock_byte(o);
    uint8_t bits = __atomic_load_n(byte, __ATOMIC_RELAXED) & (uint8_t)~LOCK_BITS;
    if (__builtin_expect(!__atomic_compare_exchange_n(byte, &bits, bits | LOCK_BIT_LOCKED, false,
                                                      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED),
                         0))
        object_lock_slow(o);
    OBJECT_LOCKS_COUNT(1);
}

static inline void object_unlock(Object *o) {
    OBJECT_LOCKS_COUNT(-1);
    uint8_t *byte = object_lock_byte(o);
    uint8_t bits =
        (__atomic_load_n(byte, __ATOMIC_RELAXED) & (uint8_t)~LOCK_BITS) | LOCK_BIT_LOCKED;
    if (__builtin_expect(!__atomic_compare_exchange_n(byte, &bits,
                                                      bits & (uint8_t)~LOCK_BIT_LOCKED, false,
                                                      __ATOMIC_RELEASE, __ATOMIC_RELAXED),
                         0))
        object_unlock_slow(o);
}

// The second of two, in address order (object_lock_two). As waiters stay attached, there is
// no difference.
static inline void object_lock_second(Object *o) { object_lock(o); }

#endif
