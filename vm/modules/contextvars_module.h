// SPDX-License-Identifier: MIT
//
// What _contextvars gives to other modules.
#ifndef LOCKSMITH_VM_MODULES_CONTEXTVARS_MODULE_H
#define LOCKSMITH_VM_MODULES_CONTEXTVARS_MODULE_H

#include "vm/object.h"

// copy_context(): a new reference, or VALUE_NULL with MemoryError. Runs no Python code.
Value contextvars_copy_current(void);

// ---- variables of native modules ---------------------------------------------------------------
// None of these runs Python code.

// A variable without a default. New reference, or VALUE_NULL with MemoryError.
Value contextvars_variable_new(const char *name);
// What the variable is in the calling thread's context: a new reference, or VALUE_NULL without an
// exception if it has no value there.
Value contextvars_get(Value variable);
int contextvars_set(Value variable, Value value); // borrowed; -1 with MemoryError

// For who looks at a variable all the time: a number that stands for the values of all variables in
// the calling thread's current context. It changes when one of them is set or another context is
// entered, and no number comes twice. So who has seen the same number before knows what a variable
// is, and that it is alive until the thread does something of that kind. 0: no number yet, which
// says nothing; contextvars_number_state gives one (0 if the thread has no context).
uint64_t contextvars_state(void);
uint64_t contextvars_number_state(void);

#endif
