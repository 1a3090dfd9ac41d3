// SPDX-License-Identifier: MIT
//
// Exception classes that native modules bring, made when the module is first imported.
#ifndef LOCKSMITH_VM_MODULES_EXCEPTION_CLASS_H
#define LOCKSMITH_VM_MODULES_EXCEPTION_CLASS_H

#include "vm/object.h"

// The class module.name(base), base a class or a tuple of classes; doc may be NULL. New reference.
// A module's fill keeps it in a static variable, so that it is made once in a process.
Value exception_class_new(const char *module, const char *name, Value base, const char *doc);
// The same into *slot unless there is one already, and into the module under this name. 0 or -1.
int exception_class_add(Value module, Value *slot, const char *module_name, const char *name,
                        Value base, const char *doc);

#endif
