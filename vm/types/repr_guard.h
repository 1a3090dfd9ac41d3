// SPDX-License-Identifier: MIT
//
// Containers that contain themselves: which objects' repr() is running in this thread.
#ifndef LOCKSMITH_VM_TYPES_REPR_GUARD_H
#define LOCKSMITH_VM_TYPES_REPR_GUARD_H

#include "vm/object.h"

// 1: repr of v is already running in this thread (print dots). 0: it is noted as running, and
// repr_leave(v) must follow. -1: MemoryError or RecursionError. Runs no Python code.
int repr_enter(Value v);
void repr_leave(Value v); // keeps a pending exception

#endif
