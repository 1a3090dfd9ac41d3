// SPDX-License-Identifier: MIT
//
// What _contextvars gives to other modules.
#ifndef LOCKSMITH_VM_MODULES_CONTEXTVARS_MODULE_H
#define LOCKSMITH_VM_MODULES_CONTEXTVARS_MODULE_H

#include "vm/object.h"

// copy_context(): a new reference, or VALUE_NULL with MemoryError. Runs no Python code.
Value contextvars_copy_current(void);

#endif
