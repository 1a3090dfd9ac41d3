// SPDX-License-Identifier: MIT
//
// Between gc/reclaim.c and vm/runtime/thread.c.
#ifndef LOCKSMITH_GC_RECLAIM_PRIVATE_H
#define LOCKSMITH_GC_RECLAIM_PRIVATE_H

#include "gc/header.h"
#include <stdbool.h>

struct Thread;
struct HeapBlock;

// An empty block of the heap that is in no bin: heap_block_release after a grace period, at once
// where LOCKSMITH_READS=locked. Called while a thread's heap is trimmed, also at the thread's end.
void reclaim_block(struct HeapBlock *block);

#if HEAP_IS_TRACED
// The collector, with the world stopped: frees what all threads have retired, for nobody is in the
// middle of reading it. Runs no Python code.
void reclaim_stopped(void);
#endif

// By thread.c under its lock, when a Thread becomes known to threads_visit (before it attaches
// first) and when it is forgotten (after it detached last).
void reclaim_thread_known(void);
void reclaim_thread_forgotten(void);
// The calling OS thread, known by now, was not started by a known thread and may attach when this
// returns: it has waited until all that was reclaimed without a grace period is out of its reach.
// Only if reclaim_adopts(): the kernel has the barrier for it.
bool reclaim_adopts(void);
void reclaim_thread_adopted(void);

// Visits all threads with the threads lock held; the world may be running.
void threads_visit(void (*visit)(struct Thread *thread, void *context), void *context);
// Around fork: no other thread is within the lock.
void reclaim_fork_prepare(void);
void reclaim_fork_done(void);

#endif
