// SPDX-License-Identifier: MIT
#ifndef LOCKSMITH_VM_MODULES_IMP_MODULE_H
#define LOCKSMITH_VM_MODULES_IMP_MODULE_H

#include <stdbool.h>

// The import lock that programs may take, under which finders written in Python are asked; whoever
// has it may take it again. May block (detached).
void imp_lock_take(void);
void imp_lock_drop(void);

// Around fork(), attached: the import lock is held meanwhile.
void imp_before_fork(void);
void imp_after_fork(bool child);

#endif
