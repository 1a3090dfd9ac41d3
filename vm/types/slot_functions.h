// SPDX-License-Identifier: MIT
//
// The slots of classes written in Python: each looks up a dunder method on the type and calls
// it. Used by the table in type_slots.c, and by the interpreter, which does slot_getitem itself.
#ifndef LOCKSMITH_VM_TYPES_SLOT_FUNCTIONS_H
#define LOCKSMITH_VM_TYPES_SLOT_FUNCTIONS_H

#include "vm/types/type_internal.h"

#define SLOT_BINARY_OPERATORS(X)                                                                   \
    X(add, ADD, "+")                                                                               \
    X(sub, SUBTRACT, "-")                                                                          \
    X(mul, MULTIPLY, "*")                                                                          \
    X(truediv, TRUE_DIVIDE, "/")                                                                   \
    X(floordiv, FLOOR_DIVIDE, "//")                                                                \
    X(mod, MODULO, "%")                                                                            \
    X(pow, POWER, "**")                                                                            \
    X(matmul, MATRIX_MULTIPLY, "@")                                                                \
    X(lshift, LSHIFT, "<<")                                                                        \
    X(rshift, RSHIFT, ">>")                                                                        \
    X(and, AND, "&")                                                                               \
    X(or, OR, "|")                                                                                 \
    X(xor, XOR, "^")

#define X(name, OP, text)                                                                          \
    Value slot_binary_##name(Value a, Value b);                                                    \
    Value slot_inplace_##name(Value a, Value b);
SLOT_BINARY_OPERATORS(X)
#undef X
Value slot_binary_divmod(Value a, Value b);
Value slot_power_modulo(Value base, Value exponent, Value modulus);
Value slot_neg(Value self), slot_pos(Value self), slot_abs(Value self), slot_invert(Value self),
    slot_int(Value self), slot_float(Value self), slot_index(Value self), slot_repr(Value self),
    slot_str(Value self), slot_iter(Value self), slot_next(Value self), slot_await(Value self),
    slot_aiter(Value self), slot_anext(Value self);
int64_t slot_hash(Value self);
Value slot_compare(Value self, Value other, CompareOperator op);
Value slot_call(Value self, const Value *args, size_t nargs, Value kwnames);
Value slot_getattr(Value self, Value name);
int slot_setattr(Value self, Value name, Value value);
Value slot_descr_get(Value self, Value object, Value owner);
int slot_descr_set(Value self, Value object, Value value);
int slot_init(Value self, const Value *args, size_t nargs, Value kwnames);
void slot_finalize(Object *self);
int slot_bool(Value self);
int64_t slot_length(Value self);
Value slot_getitem(Value self, Value key);
int slot_setitem(Value self, Value key, Value value);
int slot_contains(Value self, Value item);

#endif
