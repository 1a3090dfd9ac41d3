// SPDX-License-Identifier: MIT
//
// What vm/runtime/thread.c asks of the _thread module.
#ifndef LOCKSMITH_VM_MODULES_THREAD_MODULE_H
#define LOCKSMITH_VM_MODULES_THREAD_MODULE_H

#include "vm/value.h"

// A thread with this serial number ends: the _local objects in its Thread.locals (a dict) drop
// the attributes they keep for it. Runs Python code.
void thread_module_drop_locals(Value locals, int64_t serial);

#endif
