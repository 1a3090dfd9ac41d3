// SPDX-License-Identifier: MIT
//
// sys.breakpointhook.
#ifndef LOCKSMITH_VM_MODULES_SYS_BREAKPOINT_H
#define LOCKSMITH_VM_MODULES_SYS_BREAKPOINT_H

#include "vm/object.h"

extern const NativeDef sys_breakpoint_functions[];

#endif
