// SPDX-License-Identifier: MIT
//
// The parking lot: threads wait on an address, in queues kept here and not in the lock, so
// that a lock needs two bits (after WebKit's WTF::ParkingLot, Pizlo 2016).
//
// The functions here may be called with or without a Thread (vm/runtime/thread.h). None runs
// Python code.
#ifndef LOCKSMITH_LOCKS_PARKING_H
#define LOCKSMITH_LOCKS_PARKING_H

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    PARK_WOKEN,       // an unpark chose this thread
    PARK_INVALID,     // validate said no: never slept
    PARK_TIMEOUT,     // the deadline passed
    PARK_INTERRUPTED, // a signal arrived (only when interruptible, only the main thread)
} ParkResult;

// Sleeps on address until unparked, unless validate(context), called with the queue's lock
// held, says no. timeout_ns < 0: for ever. If detach is true the thread is detached (see
// vm/runtime/thread.h) while it sleeps. token_out (may be NULL) receives what unpark handed over.
ParkResult parking_park(const void *address, bool (*validate)(void *context), void *context,
                        int64_t timeout_ns, bool detach, bool interruptible, uintptr_t *token_out);

// Wakes the longest waiter, if any. decide runs with the queue's lock held before the waiter is
// woken and gives the token it receives: the place to update the lock word. found: there is a
// waiter; more: others stay; starving: it has waited for more than a millisecond, so that a
// lock should be handed to it rather than be left to whoever comes first. As everybody waits until
// who was handed a lock runs, nobody is starving within a millisecond after the last one was: or
// more threads than cores would do nothing but wake each other.
typedef uintptr_t (*ParkDecide)(void *context, bool found, bool more, bool starving);
void parking_unpark_one(const void *address, ParkDecide decide, void *context);
void parking_unpark_all(const void *address);

// This thread's interruptible waits are ended by parking_interrupt_main from now on.
void parking_set_main(void);
// Ends the main thread's interruptible wait, if it is in one, and makes the next one return at
// once (until parking_clear_interrupt). Async-signal-safe.
void parking_interrupt_main(void);
void parking_clear_interrupt(void);

// Around fork: no other thread is within the queues' locks; the child has no waiters.
void parking_fork_prepare(void);
void parking_fork_parent(void);
void parking_fork_child(void);

#endif
