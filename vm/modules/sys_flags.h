// SPDX-License-Identifier: MIT
#ifndef LOCKSMITH_VM_MODULES_SYS_FLAGS_H
#define LOCKSMITH_VM_MODULES_SYS_FLAGS_H

#include "vm/value.h"

int sys_flags_add(Value module); // sys.flags and the lists of options; 0 or -1

#endif
