// SPDX-License-Identifier: MIT
#ifndef LOCKSMITH_VM_MODULES_IMP_MODULE_H
#define LOCKSMITH_VM_MODULES_IMP_MODULE_H

#include <stdbool.h>

// Around fork(), attached: the import lock is held meanwhile.
void imp_before_fork(void);
void imp_after_fork(bool child);

#endif
