// SPDX-License-Identifier: MIT
//
// Operators. The rule for a op b: if b's type is a proper subtype of a's and has a slot of its
// own, b is asked first; then a; then b. NotImplemented means "ask the other". Sequences come
// last, with concatenation and repetition.
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/type.h"

static const char *const operator_texts[BINARY_COUNT] = {
    [BINARY_ADD] = "+",
    [BINARY_SUBTRACT] = "-",
    [BINARY_MULTIPLY] = "*",
    [BINARY_TRUE_DIVIDE] = "/",
    [BINARY_MODULO] = "%",
    [BINARY_FLOOR_DIVIDE] = "//",
    [BINARY_POWER] = "** or pow()",
    [BINARY_MATRIX_MULTIPLY] = "@",
    [BINARY_LSHIFT] = "<<",
    [BINARY_RSHIFT] = ">>",
    [BINARY_AND] = "&",
    [BINARY_OR] = "|",
    [BINARY_XOR] = "^",
    [BINARY_DIVMOD] = "divmod()",
};

static inline bool not_implemented(Value v) {
    return value_same(v, VALUE_NOT_IMPLEMENTED);
}

// The result, or NotImplemented (a new reference).
static Value ask_both(Value a, Value b, BinaryOperator op) {
    Type *type_a = value_type(a), *type_b = value_type(b);
    BinaryFunction slot_a = type_a->binary[op];
    BinaryFunction slot_b = type_a != type_b ? type_b->binary[op] : NULL;
    if (slot_b == slot_a)
        slot_b = NULL;
    if (slot_a) {
        if (slot_b && type_is_subtype(type_b, type_a)) {
            Value v = slot_b(a, b);
            if (!not_implemented(v))
                return v;
            ref_release(v);
            slot_b = NULL;
        }
        Value v = slot_a(a, b);
        if (!not_implemented(v))
            return v;
        ref_release(v);
    }
    if (slot_b)
        return slot_b(a, b);
    return not_implemented_new();
}

static Value repeat(Value (*slot)(Value, Value), Value sequence, Value count) {
    if (!value_is_any_int(count) && !value_type(count)->index)
        return raise_type_error("can't multiply sequence by non-int of type '%T'", count);
    int64_t times;
    if (value_to_size(count, &times) < 0)
        return VALUE_NULL;
    Value n = int_from_i64(times);
    Value v = value_is_null(n) ? n : slot(sequence, n);
    ref_release(n);
    return v;
}

static Value unsupported(Value a, Value b, const char *text, BinaryOperator op, bool inplace) {
    if (op == BINARY_RSHIFT && !inplace && value_is_exactly(a, &native_function_type) &&
        !strcmp(((NativeFunction *)value_object(a))->def->name, "print"))
        return raise_type_error(
            "unsupported operand type(s) for >>: '%T' and '%T'. Did you mean \"print(<message>, "
            "file=<output_stream>)\"?",
            a, b);
    return raise_type_error("unsupported operand type(s) for %s: '%T' and '%T'", text, a, b);
}

Value value_binary(Value a, Value b, BinaryOperator op) {
    Value v = ask_both(a, b, op);
    if (LIKELY(!not_implemented(v)))
        return v;
    ref_release(v);
    if (op == BINARY_ADD) {
        Type *type = value_type(a);
        if (type->concatenate)
            return type->concatenate(a, b);
    } else if (op == BINARY_MULTIPLY) {
        if (value_type(a)->repeat)
            return repeat(value_type(a)->repeat, a, b);
        if (value_type(b)->repeat)
            return repeat(value_type(b)->repeat, b, a);
    }
    return unsupported(a, b, operator_texts[op], op, false);
}

Value value_binary_try(Value a, Value b, BinaryOperator op, bool in_place) {
    BinaryFunction slot = in_place ? value_type(a)->inplace[op] : NULL;
    if (slot) {
        Value v = slot(a, b);
        if (!not_implemented(v))
            return v;
        ref_release(v);
    }
    return ask_both(a, b, op);
}

Value value_inplace(Value a, Value b, BinaryOperator op) {
    Type *type = value_type(a);
    // A class that inherits a native __iadd__ uses it whatever its __add__ is; a native type asks b
    // first.
    if (op == BINARY_ADD && type->inplace_concatenate && !type->inplace[op] &&
        (type_flags(type) & TYPE_HEAP))
        return type->inplace_concatenate(a, b);
    Value v = value_binary_try(a, b, op, true);
    if (LIKELY(!not_implemented(v)))
        return v;
    ref_release(v);
    if (op == BINARY_ADD) {
        if (type->inplace_concatenate)
            return type->inplace_concatenate(a, b);
        if (type->concatenate)
            return type->concatenate(a, b);
    } else if (op == BINARY_MULTIPLY) {
        if (type->inplace_repeat)
            return repeat(type->inplace_repeat, a, b);
        if (type->repeat)
            return repeat(type->repeat, a, b);
        if (value_type(b)->repeat)
            return repeat(value_type(b)->repeat, b, a);
    }
    char text[8];
    const char *plain = op == BINARY_POWER ? "**" : operator_texts[op];
    size_t length = strlen(plain);
    memcpy(text, plain, length);
    memcpy(text + length, "=", 2);
    return unsupported(a, b, text, op, true);
}

Value value_power(Value base, Value exponent, Value modulus) {
    if (value_is_none(modulus))
        return value_binary(base, exponent, BINARY_POWER);
    // The slots of all three are asked, a subtype of the base's type first.
    Type *types[3] = {value_type(base), value_type(exponent), value_type(modulus)};
    Value (*slots[3])(Value, Value, Value) = {types[0]->power_modulo, types[1]->power_modulo,
                                              types[2]->power_modulo};
    if (slots[1] == slots[0])
        slots[1] = NULL;
    if (slots[2] == slots[0] || slots[2] == slots[1])
        slots[2] = NULL;
    if (slots[0] && slots[1] && type_is_subtype(types[1], types[0])) {
        Value (*first)(Value, Value, Value) = slots[1];
        slots[1] = slots[0];
        slots[0] = first;
    }
    for (int i = 0; i < 3; i++) {
        if (!slots[i])
            continue;
        Value v = slots[i](base, exponent, modulus);
        if (!not_implemented(v))
            return v;
        ref_release(v);
    }
    return raise_type_error("unsupported operand type(s) for ** or pow(): '%T', '%T', '%T'", base,
                            exponent, modulus);
}

// ---- one operand -------------------------------------------------------------------------------

#define UNARY(function, slot, text)                                                                \
    Value function(Value v) {                                                                      \
        UnaryFunction f = value_type(v)->slot;                                                     \
        return f ? f(v) : raise_type_error("bad operand type for " text ": '%T'", v);              \
    }
UNARY(value_negative, negative, "unary -")
UNARY(value_positive, positive, "unary +")
UNARY(value_invert, invert, "unary ~")
UNARY(value_absolute, absolute, "abs()")
