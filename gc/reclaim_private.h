// SPDX-License-Identifier: MIT
//
// Between gc/reclaim.c and vm/runtime/thread.c.
#ifndef LOCKSMITH_GC_RECLAIM_PRIVATE_H
#define LOCKSMITH_GC_RECLAIM_PRIVATE_H

struct Thread;

// Visits all threads with the threads lock held; the world may be running.
void threads_visit(void (*visit)(struct Thread *thread, void *context), void *context);
// Around fork: no other thread is within the lock.
void reclaim_fork_prepare(void);
void reclaim_fork_done(void);

#endif
