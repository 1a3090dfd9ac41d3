// SPDX-License-Identifier: MIT
//
// bool: the two objects True and False. They are ints for every function of int.h, with their
// number in a Value of their own (int_simple), and no other instance can be made.
#include "vm/runtime/errors.h"
#include "vm/types/int_internal.h"
#include "vm/types/type.h"

// The words of Values cannot be written as constants of type Value in C: 2n + 1 (vm/value.h).
Bool true_object = {OBJECT_STATIC(&bool_type), {3}};
Bool false_object = {OBJECT_STATIC(&bool_type), {1}};

static Value true_text, false_text; // set once by bool_start, kept for ever

static Value bool_repr(Value self) {
    return ref_new(value_same(self, VALUE_TRUE) ? true_text : false_text);
}

static Value bool_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(!value_is_null(kwnames)))
        return raise_type_error("bool() takes no keyword arguments");
    if (UNLIKELY(nargs > 1))
        return raise_arguments("bool", nargs, 0, 1);
    if (nargs == 0)
        return bool_new(false);
    int truth = value_truth(args[0]);
    return truth < 0 ? VALUE_NULL : bool_new(truth);
}

#define SLOT_LOGICAL(name, operator, base)                                                         \
    static Value name(Value a, Value b) {                                                          \
        if (LIKELY(value_is_bool(a) && value_is_bool(b)))                                          \
            return bool_new(value_same(a, VALUE_TRUE) operator value_same(b, VALUE_TRUE));         \
        if (!value_is_any_int(a) || !value_is_any_int(b))                                          \
            return not_implemented_new();                                                          \
        return base(a, b);                                                                         \
    }
SLOT_LOGICAL(bool_and, &, int_and)
SLOT_LOGICAL(bool_or, |, int_or)
SLOT_LOGICAL(bool_xor, ^, int_xor)

Type bool_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "bool",
    .basic_size = sizeof(Bool),
    .kind = HEAP_LEAF,
    .flags = TYPE_INT_SUBCLASS | TYPE_IMMUTABLE | TYPE_PATMA_SELF,
    .base = &int_type,
    .doc =
        "bool(x) -> bool\n\nTrue if x counts as true, else False. There are no other bools, and\n"
        "no classes derived from this one.",
    .call_new = bool_call_new,
    .repr = bool_repr,
    .binary = {[BINARY_AND] = bool_and, [BINARY_OR] = bool_or, [BINARY_XOR] = bool_xor},
};

void bool_start(void) {
    true_text = str_intern_cstr("True");
    false_text = str_intern_cstr("False");
    type_ready(&bool_type);
}
