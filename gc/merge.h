// SPDX-License-Identifier: MIT
//
// Where a thread counts its own objects' references apart from all others (gc/count_biased.h),
// somebody must add up the two counts of an object when its owner cannot be the one who frees it.
// This is what threads, safepoints and the collector do for that; elsewhere it is nothing.
//
// Called by vm/runtime/thread.c and gc/collect.c only.
#ifndef LOCKSMITH_GC_MERGE_H
#define LOCKSMITH_GC_MERGE_H

#include <stdbool.h>

struct Thread;

#if LOCKSMITH_REFCOUNT_BIASED

// A thread's number is its serial. False: numbers or memory have run out.
bool merge_thread_create(struct Thread *thread);
void merge_thread_free(struct Thread *thread);
// The calling OS thread counts as `thread` from now on, before it touches an object.
void merge_thread_start(struct Thread *thread);
// Attached, after its last use of an object: others merge what it owned, as they come to it.
void merge_thread_exit(struct Thread *thread);
// In the child of a fork: a thread that is not there any more.
void merge_thread_forget(struct Thread *thread);
// At a safepoint that finds WANT_MERGE: merges what was queued for the caller or left behind by
// detached threads. Runs Python code.
void merge_pending(void);
// The thread has just detached and sees WANT_MERGE. Runs no Python code.
void merge_left_behind(struct Thread *thread);
// Merges everything that is queued for anybody (before a collection). Runs Python code.
void merge_all(void);
// Around fork: no other thread is within the queues' locks.
void merge_fork_prepare(void);
void merge_fork_done(void);

#else

static inline bool merge_thread_create(struct Thread *thread) {
    return true;
}
static inline void merge_thread_free(struct Thread *thread) {}
static inline void merge_thread_start(struct Thread *thread) {}
static inline void merge_thread_exit(struct Thread *thread) {}
static inline void merge_thread_forget(struct Thread *thread) {}
static inline void merge_pending(void) {}
static inline void merge_left_behind(struct Thread *thread) {}
static inline void merge_all(void) {}
static inline void merge_fork_prepare(void) {}
static inline void merge_fork_done(void) {}

#endif
#endif
