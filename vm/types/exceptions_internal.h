// SPDX-License-Identifier: MIT
//
// Shared by exceptions*.c, exception_group.c, suggestions.c, traceback.c and codecs_engine.c.
#ifndef LOCKSMITH_VM_TYPES_EXCEPTIONS_INTERNAL_H
#define LOCKSMITH_VM_TYPES_EXCEPTIONS_INTERNAL_H

#include "vm/types/exceptions.h"

Value exception_args(Value v); // a tuple, new reference
// Sets these attributes of a UnicodeError (reason: borrowed str).
void unicode_error_update(Value exception, int64_t start, int64_t end, Value reason);
// Gives the classes with attributes of their own their sizes, members, init and str slots; before
// type_ready.
void exceptions_prepare_fields(void);
// The same for exception groups; and ExceptionGroup itself, once the classes in exceptions.def are
// ready.
void exception_group_prepare(void), exception_group_start(void);
// What may have been meant by the name that a NameError or AttributeError did not find: a str, or
// VALUE_NULL (also if the search failed; nothing is raised). May run Python code.
Value exception_suggestion(Value exception);

#endif
