// SPDX-License-Identifier: MIT
//
// Mutex `ticket`: take a number, wait until it is served: first come, first served (the ticket
// lock with proportional backoff of Mellor-Crummey and Scott 1991, section 2.2). Taking is one
// atomic addition, letting go a plain store.
//
// A waiter pauses for as long as those before it should need, a bounded number of times, and
// then gives its core away between looks (sched_yield). It never sleeps: to know whom to wake,
// letting go would have to look, and would be no plain store any more. With more threads than cores
// each hand-over may cost a change of context, for the lock always goes to the next in line,
// running or not: the collapse by preemption that the literature knows of FIFO spin locks. Progress
// needs a scheduler that lets every runnable thread run in the end (SCHED_OTHER does).
//
// In an object it is the header's lock_word: builds with this mutex have headers of 24 bytes.
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_TICKET_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_TICKET_H

#include "gc/header.h"
#include <stdbool.h>

typedef struct {
    uint32_t next; // the number the next comer gets: atomic addition by every comer
    uint32_t
        serving; // whose turn it is: written by the holder (release), read by waiters (acquire)
} TicketLock;    // free while both are equal; they wrap round

void ticket_lock_slow(TicketLock *lock, uint32_t ticket);

static inline void ticket_lock(TicketLock *lock) {
    uint32_t ticket = __atomic_fetch_add(&lock->next, 1, __ATOMIC_RELAXED);
    if (__builtin_expect(__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != ticket, 0))
        ticket_lock_slow(lock, ticket);
}

// If nobody else has drawn the number being served, it is still being served.
static inline bool ticket_try_lock(TicketLock *lock) {
    uint32_t ticket = __atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE);
    return __atomic_compare_exchange_n(&lock->next, &ticket, ticket + 1, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

static inline void ticket_unlock(TicketLock *lock) {
    uint32_t ticket = __atomic_load_n(&lock->serving, __ATOMIC_RELAXED);
    __atomic_store_n(&lock->serving, ticket + 1, __ATOMIC_RELEASE);
}

#if LOCKSMITH_MUTEX_TICKET
typedef TicketLock ObjectMutex;
static inline ObjectMutex *object_mutex(Object *o) {
    return (TicketLock *)&o->lock_word;
}
static inline void object_mutex_lock(ObjectMutex *lock) {
    ticket_lock(lock);
}
static inline bool object_mutex_try_lock(ObjectMutex *lock) {
    return ticket_try_lock(lock);
}
static inline void object_mutex_unlock(ObjectMutex *lock) {
    ticket_unlock(lock);
}
#endif

#endif
