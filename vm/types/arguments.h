// SPDX-License-Identifier: MIT
//
// Integers among the arguments of native functions, as the C types that CPython keeps them in: what
// does not fit is an OverflowError in its words. All give 0, or -1 with an exception; v is
// borrowed, and its __index__ may run Python code.
#ifndef LOCKSMITH_VM_TYPES_ARGUMENTS_H
#define LOCKSMITH_VM_TYPES_ARGUMENTS_H

#include "vm/object.h"

// A size or position: "Python int too large to convert to C ssize_t".
int size_argument(Value v, int64_t *out);
// A C int: "Python int too large to convert to C int". VALUE_NULL, an argument that was not given,
// leaves *out as it is.
int int_argument(Value v, int *out);
// A C int where CPython parses its arguments by a format (its "i"): "signed integer is greater than
// maximum", or "less than minimum".
int int_format_argument(Value v, int *out);
// An integer; one that does not fit raises `error` with this text, in which %T is v's type.
int argument_by_index(Value v, int64_t *out, Type *error, const char *format);

// Whether v is a number: one with __index__, __int__ or __float__, or a complex. No Python code
// runs.
bool value_is_number(Value v);

#endif
