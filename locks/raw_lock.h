// SPDX-License-Identifier: MIT
//
// RawLock: for the runtime's own small tables whose critical sections neither run Python code,
// allocate objects, block, nor reach a safepoint. Waiting for it does not detach. Under a GIL
// only attached threads may use it, and it is nothing.
#ifndef LOCKSMITH_LOCKS_RAW_LOCK_H
#define LOCKSMITH_LOCKS_RAW_LOCK_H

#include <pthread.h>

#if LOCKSMITH_LOCKING_GIL
typedef struct {
    char unused;
} RawLock;
#define RAW_LOCK_INIT                                                                              \
    { 0 }
static inline void raw_lock(RawLock *lock) {
    (void)lock;
}
static inline void raw_unlock(RawLock *lock) {
    (void)lock;
}
#else
typedef pthread_mutex_t RawLock;
#define RAW_LOCK_INIT PTHREAD_MUTEX_INITIALIZER
static inline void raw_lock(RawLock *lock) {
    pthread_mutex_lock(lock);
}
static inline void raw_unlock(RawLock *lock) {
    pthread_mutex_unlock(lock);
}
#endif

#endif
