// SPDX-License-Identifier: MIT
//
// What the files of _functools share.
#ifndef LOCKSMITH_VM_MODULES_FUNCTOOLS_MODULE_H
#define LOCKSMITH_VM_MODULES_FUNCTOOLS_MODULE_H

#include "vm/object.h"

extern Type partial_type, comparison_key_type, lru_cache_type;
int functools_cache_start(void); // once, when the module is made

#endif
