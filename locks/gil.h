// SPDX-License-Identifier: MIT
//
// The global interpreter lock, used by vm/runtime/thread.c through these functions, which
// are empty with LOCKSMITH_LOCKING=object. Two forms (LOCKSMITH_GIL):
//
//   interval  Pitrou 2009, Python 3.2's: a thread that waits longer than the switch interval
//             asks the holder to drop the lock, and the holder, having dropped it on request,
//             waits until another thread has taken it (locks/gil.c)
//   ticks     Python 2's: the holder lets go of the lock and takes it again at every hundredth
//   safepoint,
//             whether anybody waits or not, and nobody waits for another to have taken it
//             (locks/gil_ticks.c)
//
// Whoever waits for the lock is detached (Thread.state): only a thread that has it attaches.
#ifndef LOCKSMITH_LOCKS_GIL_H
#define LOCKSMITH_LOCKS_GIL_H

#include <stdbool.h>
#include <stdint.h>

struct Thread;

#if LOCKSMITH_LOCKING_GIL
void gil_take(struct Thread *thread);  // blocks; errno survives; clears the thread's WANT_GIL_DROP
void gil_drop(struct Thread *thread);  // the caller holds it
void gil_yield(struct Thread *thread); // drops it, lets a waiter have it, takes it again
// In the child, before it runs anything: the lock is the caller's.
void gil_after_fork(struct Thread *thread);
#else
static inline void gil_take(struct Thread *thread) {
    (void)thread;
}
static inline void gil_drop(struct Thread *thread) {
    (void)thread;
}
static inline void gil_yield(struct Thread *thread) {
    (void)thread;
}
static inline void gil_after_fork(struct Thread *thread) {
    (void)thread;
}
#endif

// GIL_TICK at every safepoint: should it take its slow path? There gil_ticks_over: should the
// thread let others have the lock? Both by the holder of the GIL alone.
#if LOCKSMITH_GIL_TICKS
extern int32_t gil_ticks_left; // until the next release; written by who has the GIL, ordered by it
#define GIL_TICK() (--gil_ticks_left <= 0)
bool gil_ticks_over(void); // starts counting anew if they are
#else
#define GIL_TICK() 0
static inline bool gil_ticks_over(void) {
    return false;
}
#endif

// The switch interval in microseconds (sys.setswitchinterval); kept, without effect, where
// there is no GIL or it counts ticks.
void gil_set_interval(uint64_t microseconds);
uint64_t gil_interval(void);

#endif
