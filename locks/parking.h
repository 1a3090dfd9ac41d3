// SPDX-License-Identifier: MIT
//
// The parking lot: threads wait on an address, in queues kept here and not in the lock, so
// that a lock needs two bits (after WebKit's WTF::ParkingLot, Pizlo 2016).
#ifndef LOCKSMITH_LOCKS_PARKING_H
#define LOCKSMITH_LOCKS_PARKING_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    PARK_WOKEN,       // an unpark chose this thread
    PARK_INVALID,     // validate said no: never slept
    PARK_TIMEOUT,     // the deadline passed
    PARK_INTERRUPTED, // a signal arrived (only when interruptible)
} ParkResult;

// Sleeps on address until unparked, unless validate(context), called with the queue's lock
// held, says no. timeout_ns < 0: for ever. If detach is true the thread is detached (see
// vm/runtime/thread.h) while it sleeps. token_out (may be NULL) receives what unpark handed over.
ParkResult parking_park(const void *address, bool (*validate)(void *context), void *context,
                        int64_t timeout_ns, bool detach, bool interruptible, uintptr_t *token_out);
// Wakes the longest waiter, if any. decide(context, found, more_waiters) runs with the queue's lock
// held before the waiter is woken and gives the token it receives: the place to update the lock word.
void parking_unpark_one(const void *address,
                        uintptr_t (*decide)(void *context, bool found, bool more_waiters),
                        void *context);
void parking_unpark_all(const void *address);
// Wakes every thread that parks interruptibly on the main thread's behalf (signal arrived).
// Async-signal-safe.
void parking_interrupt_main(void);

#endif
