// SPDX-License-Identifier: MIT
//
// `_tracemalloc`: what start-up needs of it.
#ifndef LOCKSMITH_VM_MODULES_TRACEMALLOC_MODULE_H
#define LOCKSMITH_VM_MODULES_TRACEMALLOC_MODULE_H

void tracemalloc_start(void); // begins to count if the options say so

#endif
