// SPDX-License-Identifier: MIT
//
// Mutex `pthread`: the C library's pthread_mutex_t, default kind: what a program uses that has
// no lock of its own.
//
// Its 40 bytes do not go into an object's header. The objects share a table of mutexes (stripes)
// and find theirs by a hash of the address. Compared with a mutex in each object:
//   + objects stay 16 bytes, and nothing has to be made at first use or freed at death;
//   - the lock is never in the object's own cache line;
//   - two unrelated objects contend once in PTHREAD_STRIPES pairs.
// Two objects of one stripe have one lock, taken once (object_lock_two in locks/object_lock.h,
// which orders by the lock's address, not the object's). That two objects may share a lock is
// one more reason why none is taken under another.
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_PTHREAD_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_PTHREAD_H

#include "gc/header.h"
#include <pthread.h>
#include <stdbool.h>

typedef struct {
    _Alignas(64) pthread_mutex_t mutex; // alone in its line, so that stripes do not disturb others
} PthreadLock;

static inline void pthread_lock(PthreadLock *lock) {
    pthread_mutex_lock(&lock->mutex);
}
static inline bool pthread_try_lock(PthreadLock *lock) {
    return pthread_mutex_trylock(&lock->mutex) == 0;
}
static inline void pthread_unlock(PthreadLock *lock) {
    pthread_mutex_unlock(&lock->mutex);
}

#define PTHREAD_STRIPE_BITS 10
#define PTHREAD_STRIPES (1 << PTHREAD_STRIPE_BITS)
extern PthreadLock pthread_stripes[PTHREAD_STRIPES];

// Fibonacci hashing: neighbours in memory get stripes far apart.
static inline PthreadLock *pthread_stripe_of(const void *address) {
    uint64_t hash = (uint64_t)(uintptr_t)address * 0x9e3779b97f4a7c15ULL;
    return &pthread_stripes[hash >> (64 - PTHREAD_STRIPE_BITS)];
}

#if LOCKSMITH_MUTEX_PTHREAD
typedef PthreadLock ObjectMutex;
static inline ObjectMutex *object_mutex(Object *o) {
    return pthread_stripe_of(o);
}
static inline void object_mutex_lock(ObjectMutex *lock) {
    pthread_lock(lock);
}
static inline bool object_mutex_try_lock(ObjectMutex *lock) {
    return pthread_try_lock(lock);
}
static inline void object_mutex_unlock(ObjectMutex *lock) {
    pthread_unlock(lock);
}
#endif

#endif
