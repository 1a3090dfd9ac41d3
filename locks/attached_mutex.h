// SPDX-License-Identifier: MIT
//
// AttachedMutex: a Mutex that only attached threads take, and that whoever has it keeps no longer
// than it stays attached (it may stop the world meanwhile). Under a GIL no other thread is attached
// then, so it is nothing; builds with assertions look whether that is so.
#ifndef LOCKSMITH_LOCKS_ATTACHED_MUTEX_H
#define LOCKSMITH_LOCKS_ATTACHED_MUTEX_H

#include "locks/mutex.h"

#if LOCKSMITH_LOCKING_GIL
typedef struct {
    bool held; // kept only with assertions; the GIL orders it
} AttachedMutex;
static inline void attached_mutex_lock(AttachedMutex *mutex) {
    assert(!mutex->held);
#ifndef NDEBUG
    mutex->held = true;
#endif
    (void)mutex;
}
static inline void attached_mutex_unlock(AttachedMutex *mutex) {
    assert(mutex->held);
#ifndef NDEBUG
    mutex->held = false;
#endif
    (void)mutex;
}
#else
typedef struct {
    Mutex mutex;
} AttachedMutex;
static inline void attached_mutex_lock(AttachedMutex *mutex) {
    mutex_lock(&mutex->mutex);
}
static inline void attached_mutex_unlock(AttachedMutex *mutex) {
    mutex_unlock(&mutex->mutex);
}
#endif

#endif
