// SPDX-License-Identifier: MIT
//
// Methods that bytes_ascii.c and bytearray.c give to the tables in bytes_methods.c.
#ifndef LOCKSMITH_VM_TYPES_BYTES_METHODS_H
#define LOCKSMITH_VM_TYPES_BYTES_METHODS_H

#include "vm/types/bytes_internal.h"

Value bytes_method_capitalize(Value self), bytes_method_lower(Value self),
    bytes_method_upper(Value self), bytes_method_swapcase(Value self),
    bytes_method_title(Value self);
Value bytes_method_isalnum(Value self), bytes_method_isalpha(Value self),
    bytes_method_isascii(Value self), bytes_method_isdigit(Value self),
    bytes_method_islower(Value self), bytes_method_isspace(Value self),
    bytes_method_istitle(Value self), bytes_method_isupper(Value self);
Value bytes_method_center(Value self, const Value *args, size_t nargs);
Value bytes_method_ljust(Value self, const Value *args, size_t nargs);
Value bytes_method_rjust(Value self, const Value *args, size_t nargs);
Value bytes_method_zfill(Value self, Value width);
Value bytes_method_expandtabs(Value self, const Value *args, size_t nargs, Value kwnames);

Value bytearray_method_append(Value self, Value item),
    bytearray_method_extend(Value self, Value iterable),
    bytearray_method_remove(Value self, Value item),
    bytearray_method_reduce_ex(Value self, Value protocol);
Value bytearray_method_insert(Value self, const Value *args, size_t nargs);
Value bytearray_method_pop(Value self, const Value *args, size_t nargs);
Value bytearray_method_reverse(Value self), bytearray_method_clear(Value self),
    bytearray_method_copy(Value self), bytearray_method_alloc(Value self),
    bytearray_method_reduce(Value self), bytearray_method_sizeof(Value self);

// hex() with its arguments, also for memoryview.
Value bytes_hex(const uint8_t *data, int64_t length, const Value *args, size_t nargs,
                Value kwnames);
// fromhex(): type is the class it was called on; exact: bytes_type or bytearray_type.
Value bytes_from_hex(Value type, Value text, Type *exact);

#endif
