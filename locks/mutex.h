// SPDX-License-Identifier: MIT
//
// Mutex: the lock for the VM's own C structures (tables, registries) and for Python's
// _thread.lock. One byte plus the parking lot, in every strategy. Waiting detaches the thread,
// so that a holder may reach a safepoint or stop the world.
#ifndef LOCKSMITH_LOCKS_MUTEX_H
#define LOCKSMITH_LOCKS_MUTEX_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint8_t bits; // LOCK_BIT_*; atomic
} Mutex;

#define MUTEX_INIT                                                                                 \
    { 0 }

#ifndef NDEBUG
// The calling thread has stopped the world. Who waits for a mutex may be handed it while he is
// stopped, and keep it: so it takes none that others may wait for.
extern _Thread_local bool mutex_forbidden;
#endif

void mutex_lock_slow(Mutex *mutex);
void mutex_unlock_slow(Mutex *mutex);

static inline void mutex_lock(Mutex *mutex) {
    assert(!mutex_forbidden);
    uint8_t expected = 0;
    if (!__atomic_compare_exchange_n(&mutex->bits, &expected, 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        mutex_lock_slow(mutex);
}
static inline bool mutex_try_lock(Mutex *mutex) {
    uint8_t bits = __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED);
    return !(bits & 1) && __atomic_compare_exchange_n(&mutex->bits, &bits, bits | 1, false,
                                                      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
static inline void mutex_unlock(Mutex *mutex) {
    uint8_t expected = 1;
    if (!__atomic_compare_exchange_n(&mutex->bits, &expected, 0, false, __ATOMIC_RELEASE,
                                     __ATOMIC_RELAXED))
        mutex_unlock_slow(mutex);
}
static inline bool mutex_is_locked(const Mutex *mutex) {
    return __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED) & 1;
}
// 1 taken, 0 timed out, -1 interrupted by a signal (the caller runs the handlers). ns < 0: no
// limit.
int mutex_lock_timed(Mutex *mutex, int64_t timeout_ns, bool interruptible);

#endif
