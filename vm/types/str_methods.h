// SPDX-License-Identifier: MIT
//
// The methods of str that str_case.c and str_translate.c give to the table in str_methods.c.
#ifndef LOCKSMITH_VM_TYPES_STR_METHODS_H
#define LOCKSMITH_VM_TYPES_STR_METHODS_H

#include "vm/types/str.h"

Value str_method_capitalize(Value self), str_method_casefold(Value self),
    str_method_title(Value self), str_method_lower(Value self), str_method_upper(Value self),
    str_method_swapcase(Value self);
Value str_method_isascii(Value self), str_method_islower(Value self),
    str_method_isupper(Value self), str_method_istitle(Value self), str_method_isspace(Value self),
    str_method_isdecimal(Value self), str_method_isdigit(Value self),
    str_method_isnumeric(Value self), str_method_isalpha(Value self),
    str_method_isalnum(Value self), str_method_isidentifier(Value self),
    str_method_isprintable(Value self);
Value str_method_translate(Value self, Value table);
Value str_method_maketrans(Value self, const Value *args, size_t nargs, Value kwnames);

// Optional start and end arguments (args[first], args[first + 1]): 0 and INT64_MAX when absent or
// None. May run Python code. 0 or -1.
int range_arguments(const Value *args, size_t nargs, size_t first, int64_t *start, int64_t *end);
// Brought into a sequence of `length`: 0 <= end <= length, 0 <= start, which may exceed end.
static inline void range_adjust(int64_t length, int64_t *start, int64_t *end) {
    if (*end > length)
        *end = length;
    else if (*end < 0 && (*end += length) < 0)
        *end = 0;
    if (*start < 0 && (*start += length) < 0)
        *start = 0;
}
// 1 to 3 arguments, as find() and its kin take: -1 with TypeError.
int search_arguments_count(const char *function, size_t nargs);
Value str_replace(Value self, Value old, Value new, int64_t most); // most < 0: all

#endif
