// SPDX-License-Identifier: MIT
//
// The global interpreter lock, used by vm/runtime/thread.c through these functions, which
// are empty with LOCKSMITH_LOCKING=object. The `interval` form (Pitrou 2009, Python 3.2's):
// a thread that waits longer than the switch interval asks the holder to drop the lock, and
// the holder, having dropped it on request, waits until another thread has taken it.
//
// Whoever waits for the lock is detached (Thread.state): only a thread that has it attaches.
#ifndef LOCKSMITH_LOCKS_GIL_H
#define LOCKSMITH_LOCKS_GIL_H

#include <stdint.h>

struct Thread;

#if LOCKSMITH_LOCKING_GIL
void gil_take(struct Thread *thread);  // blocks; errno survives; clears the thread's WANT_GIL_DROP
void gil_drop(struct Thread *thread);  // the caller holds it
void gil_yield(struct Thread *thread); // drops it, lets a waiter have it, takes it again
// In the child, before it runs anything: the lock is the caller's.
void gil_after_fork(struct Thread *thread);
#else
static inline void gil_take(struct Thread *thread) { (void)thread; }
static inline void gil_drop(struct Thread *thread) { (void)thread; }
static inline void gil_yield(struct Thread *thread) { (void)thread; }
static inline void gil_after_fork(struct Thread *thread) { (void)thread; }
#endif

// The switch interval in microseconds (sys.setswitchinterval); kept, without effect, where
// there is no GIL.
void gil_set_interval(uint64_t microseconds);
uint64_t gil_interval(void);

#endif
