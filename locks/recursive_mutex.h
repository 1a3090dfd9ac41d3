// SPDX-License-Identifier: MIT
//
// RecursiveMutex: a Mutex that its holder may take again. For native objects that a C library, or a
// long operation that calls Python code, uses for as long as it runs: what is called meanwhile may
// come back to the same object, other threads wait, detached.
//
// `holder` is written by the thread that has the mutex alone. Others read it too, relaxed: they can
// only find another's id or 0 there, never their own, so whatever they read says "not I".
#ifndef LOCKSMITH_LOCKS_RECURSIVE_MUTEX_H
#define LOCKSMITH_LOCKS_RECURSIVE_MUTEX_H

#include "locks/mutex.h"
#include "vm/runtime/thread.h"

// All zero: free.
typedef struct {
    Mutex mutex;
    uint64_t holder; // Thread.id, 0: none; atomic, see above
    uint32_t depth;  // the holder's
} RecursiveMutex;

static inline bool recursive_mutex_is_own(const RecursiveMutex *lock) {
    return __atomic_load_n(&lock->holder, __ATOMIC_RELAXED) == thread_current()->id;
}
// May block, detached.
static inline void recursive_mutex_lock(RecursiveMutex *lock) {
    if (!recursive_mutex_is_own(lock)) {
        mutex_lock(&lock->mutex);
        __atomic_store_n(&lock->holder, thread_current()->id, __ATOMIC_RELAXED);
    }
    lock->depth++;
}
static inline void recursive_mutex_unlock(RecursiveMutex *lock) {
    if (--lock->depth)
        return;
    __atomic_store_n(&lock->holder, 0, __ATOMIC_RELAXED);
    mutex_unlock(&lock->mutex);
}

#endif
