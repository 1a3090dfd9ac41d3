// SPDX-License-Identifier: MIT
//
// Object locks: the debug build's count of locks held.
#include "locks/object_lock.h"

#ifndef NDEBUG
_Thread_local int object_locks_held;
#endif
