// SPDX-License-Identifier: MIT
//
// Reclaiming memory that a reader without a lock might still see: it is retired, and freed
// only after every attached thread has passed a safepoint (quiescent-state based reclamation;
// McKenney and Slingwine 1998, and the global-sequence form that FreeBSD's SMR and PEP 703
// use). Under a GIL nobody reads without the lock and retiring is freeing.
#ifndef LOCKSMITH_GC_RECLAIM_H
#define LOCKSMITH_GC_RECLAIM_H

#include "gc/heap.h"
#include "vm/value.h"

// Frees buffer (from buffer_allocate) after a grace period, or at once as long as there is one
// thread only. Never runs Python code.
void reclaim_buffer(void *buffer);
// The same for the array that an object had (NULL allowed): freed at once where
// LOCKSMITH_READS=locked makes every reader hold the lock. The array of an object that dies has no
// readers, for they hold a reference to its owner: buffer_free will do.
void reclaim_array(void *buffer);
// The same for an array that was replaced in a critical section in which object_has_no_readers()
// was `unread`: then at once.
static inline void reclaim_replaced(void *buffer, bool unread) {
    if (unread)
        buffer_free(buffer);
    else
        reclaim_array(buffer);
}
// Drops a reference after a grace period (a value inside a retired cache entry). May run
// Python code at a later safepoint of some thread, never inside this call.
void reclaim_reference(Value v);
// Drops a reference at the calling thread's next safepoint, without a grace period: for code that
// holds the reference by right but may not run a finaliser where it is.
void reclaim_give_back(Value v);
// While this number stays what it is, an object that the calling thread, attached, once found alive
// is still a slot of the heap, whose header may be looked at. Only with
// LOCKSMITH_READS=optimistic.
uint64_t reclaim_moment(void);

// Called by thread.c: at safepoints (cheap when nothing waits), when a thread detaches (a
// detached thread counts as quiescent), attaches, and ends.
void reclaim_quiescent(void);
void reclaim_thread_attach(void);
void reclaim_thread_detach(void);
void reclaim_thread_exit(void);

#endif
