// SPDX-License-Identifier: MIT
//
// The parts of the builtins module that live in files of their own.
#ifndef LOCKSMITH_VM_MODULES_BUILTINS_H
#define LOCKSMITH_VM_MODULES_BUILTINS_H

#include "vm/object.h"

extern const NativeDef builtins_code_functions[];  // compile, eval, exec, globals, locals
extern const NativeDef builtins_async_functions[]; // aiter, anext (vm/types/anext.c)
extern const NativeDef builtins_iter_functions[];  // all, any, max, min, sorted, sum
extern const NativeDef builtins_input_functions[]; // input

// str(v) is written to a file. 0, or -1 with an exception; runs Python code.
int builtins_write(Value file, Value v);

#endif
