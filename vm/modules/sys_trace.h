// SPDX-License-Identifier: MIT
//
// Functions of sys that have a file of their own.
#ifndef LOCKSMITH_VM_MODULES_SYS_TRACE_H
#define LOCKSMITH_VM_MODULES_SYS_TRACE_H

#include "vm/object.h"

extern const NativeDef sys_trace_functions[];

#endif
