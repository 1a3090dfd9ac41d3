// SPDX-License-Identifier: MIT
//
// Object locks: the debug build's count of locks held, and the way of those that are not private.
#include "locks/object_lock.h"

#ifndef NDEBUG
_Thread_local int object_locks_held;
#endif

#if OBJECT_LOCK_IS_REAL && LOCKSMITH_PRIVATE
void object_lock_common(Object *o) {
    private_give_up(o);
    object_mutex_lock(object_mutex(o));
}
void object_unlock_common(Object *o) {
    object_mutex_unlock(object_mutex(o));
}
#endif
