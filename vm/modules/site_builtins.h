// SPDX-License-Identifier: MIT
//
// The builtins that CPython's site module adds for people at the prompt.
#ifndef LOCKSMITH_VM_MODULES_SITE_BUILTINS_H
#define LOCKSMITH_VM_MODULES_SITE_BUILTINS_H

#include "vm/value.h"

// Adds exit, quit, help, copyright, credits and license to the module. 0, or -1 with an exception.
int site_builtins_add(Value builtins);

#endif
