// SPDX-License-Identifier: MIT
//
// Start-up and internals of importing; what everybody uses is in vm/types/module.h.
#ifndef LOCKSMITH_VM_RUNTIME_IMPORT_H
#define LOCKSMITH_VM_RUNTIME_IMPORT_H

#include "vm/types/function.h"
#include "vm/value.h"

extern int import_optimize_level; // 0, 1 (-O), 2 (-OO); set before anything is imported

void import_start(void);  // makes sys.modules, builtins and sys; ends the process on failure
void import_finish(void); // drops sys.modules
bool import_is_native(Value name);
// Compiles a file (path_value is what tracebacks show). SyntaxError, OSError.
Value import_compile_file(const char *path, Value path_value);

#endif
