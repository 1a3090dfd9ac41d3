// SPDX-License-Identifier: MIT
//
// Mutex `pthread`: the table of stripes. In the child of a fork all are free, since the forking
// thread has stopped the world (vm/runtime/thread.c).
#include "locks/object_lock_pthread.h"

PthreadLock pthread_stripes[PTHREAD_STRIPES] = {
    [0 ... PTHREAD_STRIPES - 1] = {PTHREAD_MUTEX_INITIALIZER}};
