// SPDX-License-Identifier: MIT
//
// The _thread module's types.
#ifndef LOCKSMITH_VM_MODULES_THREAD_LOCK_H
#define LOCKSMITH_VM_MODULES_THREAD_LOCK_H

#include "locks/mutex.h"
#include "vm/object.h"

extern Type lock_type, rlock_type, local_type;

Value lock_new(void);
// Makes a new lock one that is let go once and for all.
void lock_make_sentinel(Value lock);
// Lets go of a lock if it is held; for a thread's sentinel. Never fails, runs no Python code.
void lock_release_quietly(Value lock);

#endif
