// SPDX-License-Identifier: MIT
//
// What asynchronous generators give to modules sys and builtins.
#ifndef LOCKSMITH_VM_TYPES_ASYNC_INTERNAL_H
#define LOCKSMITH_VM_TYPES_ASYNC_INTERNAL_H

#include "vm/types/generator.h"

extern const NativeDef async_generator_functions[]; // sys.set_asyncgen_hooks and its like
int async_generator_fill_sys(void);
void anext_start(void);

#endif
