// SPDX-License-Identifier: MIT
//
// Mutex: the slow paths of locks/mutex.h.
//
// Mutex.bits: bit 0 locked, bit 1 somebody is parked. Written by compare-and-swap: by those who
// take it (acquire) and those who let it go (release). The parked bit is set by a thread that
// holds the bit's queue lock in its mind only: it sets the bit, then parks if the word is still
// "locked and parked" under the queue's lock; the unlocker that sees the bit updates the word
// under the same lock, so no wake-up is lost. It clears the bit, even if others stay: then the one
// it wakes sets it again, when it takes the mutex or sleeps once more, and until then unlocking is
// cheap. A waiter that has waited for long is handed the
// lock (the word stays locked), which keeps others from overtaking for ever.
//
// A thread that waits is detached from before its first sleep until it has the mutex: it may
// get the mutex while another has the GIL, or while the world is stopped. If it then finds that
// it will never attach again, because the interpreter ends, thread.c lets the mutex go for it
// (Thread.taken).
#include "locks/mutex.h"
#include "gc/header.h"
#include "locks/backoff.h"
#include "locks/parking.h"
#include "vm/runtime/thread.h"
#include <time.h>

#define LOCKED LOCK_BIT_LOCKED
#define PARKED LOCK_BIT_PARKED
#define HANDED 1 // tokens: the lock is yours already
#define MORE 2   // others still sleep: the parked bit is yours to set

#if LOCKSMITH_LOCKING_GIL
#define MAY_LOOK 0 // the holder cannot run while this thread has the GIL
#else
#define MAY_LOOK 1
#endif

#ifndef NDEBUG
_Thread_local bool mutex_forbidden;
#endif

static bool still_locked(void *context) {
    return __atomic_load_n(&((Mutex *)context)->bits, __ATOMIC_RELAXED) == (LOCKED | PARKED);
}

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

// Sleeps until it has the mutex (1), the deadline has passed (0; deadline < 0: none), or a signal
// arrived (-1). Needs no Thread, and may be called detached.
static int wait_for(Mutex *mutex, uint8_t bits, int64_t deadline, bool interruptible) {
    uint8_t taken = LOCKED; // what it is taken with
    Backoff looks;
    backoff_again(&looks);
    for (bool slept = false;;) {
        if (!(bits & LOCKED)) {
            if (__atomic_compare_exchange_n(&mutex->bits, &bits, bits | taken, true,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
                backoff_end(&looks);
                return 1;
            }
            continue;
        }
        if (MAY_LOOK && slept && !(bits & PARKED) && backoff(&looks)) {
            bits = __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED);
            continue;
        }
        if (!(bits & PARKED) &&
            !__atomic_compare_exchange_n(&mutex->bits, &bits, bits | PARKED, true, __ATOMIC_RELAXED,
                                         __ATOMIC_RELAXED))
            continue;
        taken = LOCKED; // whoever unlocks now looks after those who sleep
        int64_t left = -1;
        if (deadline >= 0) {
            left = deadline - now_ns();
            if (left <= 0)
                return 0;
        }
        uintptr_t token;
        switch (parking_park(mutex, still_locked, mutex, left, false, interruptible, &token)) {
        case PARK_WOKEN:
            if (token == HANDED)
                return 1;
            if (token == MORE)
                taken = LOCKED | PARKED;
            slept = true;
            backoff_again(&looks);
            break;
        case PARK_INTERRUPTED:
            return -1;
        case PARK_TIMEOUT:
            return 0;
        case PARK_INVALID:
            break;
        }
        bits = __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED);
    }
}

// Who calls it has found the mutex taken, so this is a wait, even if it is free by now.
int mutex_lock_timed(Mutex *mutex, int64_t timeout_ns, bool interruptible) {
    uint8_t bits;
    Backoff looks = {0};
    if (MAY_LOOK && timeout_ns != 0)
        looks = backoff_begin(false);
    do {
        bits = __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED);
        while (!(bits & LOCKED)) {
            if (__atomic_compare_exchange_n(&mutex->bits, &bits, bits | LOCKED, true,
                                            __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
                if (MAY_LOOK && timeout_ns != 0)
                    backoff_end(&looks);
                return 1;
            }
        }
        if (timeout_ns == 0)
            return 0;
    } while (MAY_LOOK && !(bits & PARKED) && backoff(&looks));
    int64_t deadline = -1;
    if (timeout_ns > 0) {
        int64_t now = now_ns();
        deadline = timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
    }
    Thread *thread = thread_current();
    if (!thread)
        return wait_for(mutex, bits, deadline, interruptible);
    thread_detach();
    int result = wait_for(mutex, bits, deadline, interruptible);
    if (result == 1)
        __atomic_store_n(&thread->taken, mutex, __ATOMIC_RELAXED);
    thread_attach();
    __atomic_store_n(&thread->taken, NULL, __ATOMIC_RELAXED);
    return result;
}

void mutex_lock_slow(Mutex *mutex) {
    mutex_lock_timed(mutex, -1, false);
}

// As in locks/object_lock_parking.c: who is woken looks after those who stay.
static uintptr_t decide(void *context, bool found, bool more, bool starving) {
    Mutex *mutex = context;
    if (found && starving) {
        // The release makes this holder's writes visible to later takers; the woken thread
        // itself gets them through the parking lot.
        __atomic_store_n(&mutex->bits, more ? LOCKED | PARKED : LOCKED, __ATOMIC_RELEASE);
        return HANDED;
    }
    __atomic_store_n(&mutex->bits, 0, __ATOMIC_RELEASE);
    return more ? MORE : 0;
}

void mutex_unlock_slow(Mutex *mutex) {
    uint8_t bits = __atomic_load_n(&mutex->bits, __ATOMIC_RELAXED);
    while (!(bits & PARKED)) {
        if (__atomic_compare_exchange_n(&mutex->bits, &bits, 0, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
            return;
    }
    parking_unpark_one(mutex, decide, mutex);
}
