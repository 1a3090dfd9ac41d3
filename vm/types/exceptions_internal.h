// SPDX-License-Identifier: MIT
//
// Shared by exceptions.c and exceptions_fields.c.
#ifndef LOCKSMITH_VM_TYPES_EXCEPTIONS_INTERNAL_H
#define LOCKSMITH_VM_TYPES_EXCEPTIONS_INTERNAL_H

#include "vm/types/exceptions.h"

Value exception_args(Value v); // a tuple, new reference
// Gives the classes with attributes of their own their sizes, members, init and str slots; before type_ready.
void exceptions_prepare_fields(void);

#endif
