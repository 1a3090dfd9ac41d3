// SPDX-License-Identifier: MIT
//
// Mutex `futex`: the slow paths (Drepper 2011).
//
// No wake-up is lost: a thread sleeps only while the word has both bits, which it has set or
// seen; whoever clears them wakes one sleeper after. That one takes the lock with both bits, as
// it cannot know whether others sleep; the last of them thus makes one system call in vain.
#include "locks/object_lock_futex.h"
#include "locks/futex.h"
#include <errno.h>

void futex_lock_slow(FutexLock *lock) {
    int saved_errno = errno;
    uint32_t word = __atomic_load_n(lock, __ATOMIC_RELAXED);
    for (;;) {
        if (!(word & LOCK_BIT_LOCKED)) {
            if (__atomic_compare_exchange_n(lock, &word, word | LOCK_BITS, true, __ATOMIC_ACQUIRE,
                                            __ATOMIC_RELAXED))
                break;
            continue;
        }
        if (!(word & LOCK_BIT_PARKED) &&
            !__atomic_compare_exchange_n(lock, &word, word | LOCK_BIT_PARKED, true,
                                         __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            continue;
        futex_wait(lock, word | LOCK_BIT_PARKED, -1);
        word = __atomic_load_n(lock, __ATOMIC_RELAXED);
    }
    errno = saved_errno;
}

void futex_unlock_slow(FutexLock *lock) {
    uint8_t bits = __atomic_fetch_and(futex_lock_byte(lock), (uint8_t)~LOCK_BITS, __ATOMIC_RELEASE);
    if (bits & LOCK_BIT_PARKED) {
        int saved_errno = errno;
        futex_wake(lock);
        errno = saved_errno;
    }
}
