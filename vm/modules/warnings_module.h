// SPDX-License-Identifier: MIT
//
// What other native modules ask of `_warnings`.
#ifndef LOCKSMITH_VM_MODULES_WARNINGS_MODULE_H
#define LOCKSMITH_VM_MODULES_WARNINGS_MODULE_H

#include "vm/object.h"

// A ResourceWarning about source, which was not closed; who shows it may tell where it was made.
// No exception may be pending. 0, or -1 if it became one. Runs Python code.
int warn_of_resource(Value source, const char *format, ...);

#endif
