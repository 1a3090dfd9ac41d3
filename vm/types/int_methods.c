// SPDX-License-Identifier: MIT
//
// int, the type: its slots, its constructor and its methods.
//
// Slots answer NotImplemented when an operand is no int; numbers of other kinds know how to deal
// with ints themselves.
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int_internal.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- slots -----------------------------------------------------------------------------------

#define SLOT_BINARY(name, function)                                                                \
    static Value name(Value a, Value b) {                                                          \
        if (UNLIKELY(!value_is_any_int(a) || !value_is_any_int(b)))                                \
            return not_implemented_new();                                                          \
        return function(a, b);                                                                     \
    }
SLOT_BINARY(slot_add, int_add)
SLOT_BINARY(slot_subtract, int_subtract)
SLOT_BINARY(slot_multiply, int_multiply)
SLOT_BINARY(slot_true_divide, int_true_divide)
SLOT_BINARY(slot_floor_divide, int_floor_divide)
SLOT_BINARY(slot_modulo, int_modulo)
SLOT_BINARY(slot_divmod, int_divmod)
SLOT_BINARY(slot_lshift, int_lshift)
SLOT_BINARY(slot_rshift, int_rshift)
SLOT_BINARY(slot_and, int_and)
SLOT_BINARY(slot_or, int_or)
SLOT_BINARY(slot_xor, int_xor)

static Value slot_power(Value a, Value b) {
    if (UNLIKELY(!value_is_any_int(a) || !value_is_any_int(b)))
        return not_implemented_new();
    return int_power(a, b, VALUE_NONE);
}

static Value slot_power_modulo(Value a, Value b, Value modulus) {
    if (!value_is_any_int(a) || !value_is_any_int(b) ||
        (!value_is_none(modulus) && !value_is_any_int(modulus)))
        return not_implemented_new();
    return int_power(a, b, modulus);
}

static Value slot_compare(Value a, Value b, CompareOperator op) {
    if (UNLIKELY(!value_is_any_int(a) || !value_is_any_int(b)))
        return not_implemented_new();
    int order = int_compare(a, b);
    switch (op) {
    case COMPARE_LT:
        return bool_new(order < 0);
    case COMPARE_LE:
        return bool_new(order <= 0);
    case COMPARE_EQ:
        return bool_new(order == 0);
    case COMPARE_NE:
        return bool_new(order != 0);
    case COMPARE_GT:
        return bool_new(order > 0);
    default:
        return bool_new(order >= 0);
    }
}

static void int_destroy(Object *self) {
    if (LIKELY(self->type == &int_type))
        object_free_exact(
            self, sizeof(IntObject) + (size_t)int_limb_count((IntObject *)self) * sizeof(mp_limb_t),
            HEAP_LEAF);
    else
        type_free_instance(self);
}

static Value slot_absolute(Value self) {
    return int_sign(self) < 0 ? int_negative(self) : int_exact(self);
}

static Value slot_to_float(Value self) {
    double d;
    return int_to_double(self, &d) < 0 ? VALUE_NULL : float_new(d);
}

static int slot_boolean(Value self) {
    return int_sign(self) != 0;
}

// ---- int() -----------------------------------------------------------------------------------

// A buffer's bytes as text, or VALUE_NULL with an exception.
static Value from_bytes_text(const void *data, size_t length, int base) {
    Value shown = bytes_new(data, length < 200 ? length : 200);
    if (value_is_null(shown))
        return shown;
    Value result = int_from_ascii(data, length, base, shown);
    ref_release(shown);
    return result;
}

// What __int__ or __trunc__ gave becomes an exact int. Consumes it.
static Value accept_int(Value given, const char *method) {
    if (value_is_null(given) || value_is_int(given))
        return given;
    if (value_is_any_int(given)) {
        if (!value_is_exactly(given, &int_type) &&
            warn(&exception_DeprecationWarning, 1,
                 "%s returned non-int (type %T).  The ability to return an instance of a strict "
                 "subclass of int is deprecated, and may be removed in a future version of Python.",
                 method, given) < 0) {
            ref_release(given);
            return VALUE_NULL;
        }
        Value exact = int_exact(given);
        ref_release(given);
        return exact;
    }
    raise_type_error("%s returned non-int (type %T)", method, given);
    ref_release(given);
    return VALUE_NULL;
}

static Value exact_from_index(Value v) {
    Value index = value_index(v);
    if (value_is_null(index) || value_is_int(index))
        return index;
    Value exact = int_exact(index);
    ref_release(index);
    return exact;
}

static Value from_trunc(Value method) {
    if (warn(&exception_DeprecationWarning, 1,
             "The delegation of int() to __trunc__ is deprecated.") < 0)
        return VALUE_NULL;
    Value given = value_call_none(method);
    if (value_is_null(given))
        return given;
    Value result;
    if (value_is_any_int(given)) {
        result = int_exact(given);
    } else if (value_type(given)->index) {
        result = exact_from_index(given);
    } else {
        result = raise_type_error("__trunc__ returned non-Integral (type %T)", given);
    }
    ref_release(given);
    return result;
}

// int(v) for any v, exact.
static Value from_object(Value v) {
    if (LIKELY(value_is_int(v)))
        return v;
    if (value_is_flonum(v))
        return int_from_double(value_flonum(v));
    if (value_is_exact_str(v))
        return int_from_str(v, 10);
    Type *type = value_type(v);
    if (type->to_int)
        return accept_int(type->to_int(v), "__int__");
    if (type->index)
        return exact_from_index(v);
    Value trunc;
    int found = value_lookup_special(v, name___trunc__, &trunc);
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        Value result = from_trunc(trunc);
        ref_release(trunc);
        return result;
    }
    if (value_is_str(v))
        return int_from_str(v, 10);
    if (value_is_bytes(v))
        return from_bytes_text(bytes_data(v), (size_t)bytes_length(v), 10);
    if (type->get_buffer) {
        BufferView view;
        if (buffer_view_get_brief(v, &view) < 0)
            return VALUE_NULL;
        Value result = from_bytes_text(view.data, (size_t)view.length, 10);
        buffer_view_release(&view);
        return result;
    }
    return raise_type_error("int() argument must be a string, a bytes-like object or a real "
                            "number, not '%T'",
                            v);
}

static Value from_object_with_base(Value v, Value base_value) {
    int64_t base;
    if (value_to_size_clamped(base_value, &base) < 0)
        return VALUE_NULL;
    if ((base != 0 && base < 2) || base > 36)
        return raise_value_error("int() base must be >= 2 and <= 36, or 0");
    if (value_is_str(v))
        return int_from_str(v, (int)base);
    if (value_is_bytes(v))
        return from_bytes_text(bytes_data(v), (size_t)bytes_length(v), (int)base);
    if (value_is_bytearray(v)) {
        BufferView view;
        if (buffer_view_get_brief(v, &view) < 0)
            return VALUE_NULL;
        Value result = from_bytes_text(view.data, (size_t)view.length, (int)base);
        buffer_view_release(&view);
        return result;
    }
    return raise_type_error("int() can't convert non-string with explicit base");
}

static Value int_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value given[2] = {VALUE_NULL, VALUE_NULL};
    if (LIKELY(nargs == 1 && value_is_null(kwnames))) {
        given[0] = args[0];
    } else {
        static const char *const names[] = {"", "base", NULL};
        if (arguments_parse("int", args, nargs, kwnames, names, 1, 2, 0, given) < 0)
            return VALUE_NULL;
    }
    Value exact;
    if (value_is_null(given[0])) {
        if (!value_is_null(given[1]))
            return raise_type_error("int() missing string argument");
        exact = value_from_int(0);
    } else {
        exact = value_is_null(given[1]) ? from_object(given[0])
                                        : from_object_with_base(given[0], given[1]);
    }
    if (LIKELY(type == &int_type) || value_is_null(exact))
        return exact;
    Value result = int_as_type(type, exact);
    ref_release(exact);
    return result;
}

// ---- methods ---------------------------------------------------------------------------------

static Value method_bit_length(Value self) {
    return int_from_i64(int_bit_length(self));
}

static Value method_bit_count(Value self) {
    IntView view;
    int_view(&view, int_simple(self));
    return int_from_u64(view.count ? mpn_popcount(view.limbs, view.count) : 0);
}

static Value method_as_integer_ratio(Value self) {
    Value exact = int_exact(self);
    if (value_is_null(exact))
        return exact;
    return tuple_pair_owned(exact, value_from_int(1));
}

static Value method_getnewargs(Value self) {
    Value exact = int_exact(self);
    if (value_is_null(exact))
        return exact;
    return tuple_from_owned(&exact, 1);
}

static Value method_sizeof(Value self) {
    if (value_is_int(self))
        return value_from_int(sizeof(Value));
    if (value_is_bool(self)) // no IntObject
        return value_from_int(sizeof(Bool));
    return value_from_int((int64_t)type_instance_size(value_object(self)));
}

static Value method_format(Value self, Value spec) {
    if (!value_is_str(spec))
        return raise_type_error("__format__() argument must be str, not %G", spec);
    if (str_length(spec) == 0)
        return value_is_int(self) ? int_repr(self) : value_str(self);
    return format_spec_int(self, spec);
}

// To a multiple of 10^-digits, the nearest, ties to the even multiple.
static Value method_round(Value self, const Value *args, size_t nargs) {
    if (nargs == 0)
        return int_exact(self);
    Value digits = value_index(args[0]);
    if (value_is_null(digits))
        return digits;
    if (int_sign(digits) >= 0) {
        ref_release(digits);
        return int_exact(self);
    }
    Value places = int_negative(digits);
    ref_release(digits);
    if (value_is_null(places))
        return places;
    // A unit more than a digit longer than the number rounds it to 0: no need to compute it.
    if (!value_is_int(places) || value_int(places) > int_bit_length(self) / 3 + 2) {
        ref_release(places);
        return value_from_int(0);
    }
    Value unit = int_power(value_from_int(10), places, VALUE_NONE);
    ref_release(places);
    if (value_is_null(unit))
        return unit;
    Value remainder = int_modulo(self, unit), result = VALUE_NULL;
    if (!value_is_null(remainder)) {
        Value down = int_subtract(self, remainder),
              twice = int_multiply(remainder, value_from_int(2));
        if (!value_is_null(down) && !value_is_null(twice)) {
            int order = int_compare(twice, unit);
            if (order == 0) { // is the multiple below odd?
                Value quotient = int_floor_divide(down, unit);
                order = value_is_null(quotient) ? -2 : int_low_64_bits(quotient) & 1 ? 1 : -1;
                ref_release(quotient);
            }
            if (order != -2)
                result = order > 0 ? int_add(down, unit) : ref_new(down);
        }
        ref_release(down);
        ref_release(twice);
    }
    ref_release(remainder);
    ref_release(unit);
    return result;
}

// 1: little, 0: big, -1: error. VALUE_NULL means the default, big.
static int byte_order(const char *function, Value order) {
    if (value_is_null(order))
        return 0;
    if (!value_is_str(order))
        return raise_int(&exception_TypeError, "%s() argument 'byteorder' must be str, not %G",
                         function, order);
    if (str_equal_cstr(order, "little"))
        return 1;
    if (str_equal_cstr(order, "big"))
        return 0;
    return raise_int(&exception_ValueError, "byteorder must be either 'little' or 'big'");
}

static Value method_to_bytes(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"length", "byteorder", "signed", NULL};
    Value given[3];
    if (arguments_parse("to_bytes", args, nargs, kwnames, names, 0, 2, 0, given) < 0)
        return VALUE_NULL;
    int64_t length = 1;
    if (!value_is_null(given[0])) {
        Value index = value_index(given[0]);
        if (value_is_null(index))
            return index;
        bool fits = int_to_i64(index, &length);
        ref_release(index);
        if (!fits)
            return raise_error(&exception_OverflowError,
                               "Python int too large to convert to C ssize_t");
    }
    int is_signed = 0;
    if (!value_is_null(given[1]) && !value_is_str(given[1])) {
        byte_order("to_bytes", given[1]);
        return VALUE_NULL;
    }
    if (!value_is_null(given[2]) && (is_signed = value_truth(given[2])) < 0)
        return VALUE_NULL;
    int little = byte_order("to_bytes", given[1]);
    if (little < 0)
        return VALUE_NULL;
    if (length < 0)
        return raise_value_error("length argument must be non-negative");
    uint8_t *data;
    Value result = bytes_allocate(length, &data);
    if (value_is_null(result))
        return result;
    if (int_to_bytes(self, data, (size_t)length, little, is_signed) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

// bytes(v), but for what bytes() takes as a length or refuses without an encoding.
static Value bytes_of_argument(Value v) {
    Type *type = value_type(v);
    if (value_is_str(v) || (type->index && !type->get_buffer && !type->iter)) {
        Value method;
        int found = value_lookup_special(v, name___bytes__, &method);
        if (found < 0)
            return VALUE_NULL;
        if (!found)
            return raise_type_error("cannot convert '%T' object to bytes", v);
        ref_release(method);
    }
    return bytes_from_object(v);
}

static Value method_from_bytes(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"bytes", "byteorder", "signed", NULL};
    Value given[3];
    if (arguments_parse("from_bytes", args, nargs, kwnames, names, 0, 2, 1, given) < 0)
        return VALUE_NULL;
    if (!value_is_null(given[1]) && !value_is_str(given[1])) {
        byte_order("from_bytes", given[1]);
        return VALUE_NULL;
    }
    int is_signed = 0;
    if (!value_is_null(given[2]) && (is_signed = value_truth(given[2])) < 0)
        return VALUE_NULL;
    int little = byte_order("from_bytes", given[1]);
    if (little < 0)
        return VALUE_NULL;
    Value bytes = bytes_of_argument(given[0]);
    if (value_is_null(bytes))
        return bytes;
    Value number =
        int_from_bytes(bytes_data(bytes), (size_t)bytes_length(bytes), little, is_signed);
    ref_release(bytes);
    if (value_is_null(number) || value_same(class, value_from_object(&int_type)))
        return number;
    Value result = value_call_one(class, number);
    ref_release(number);
    return result;
}

static Value get_zero(Value self) {
    return value_from_int(0);
}
static Value get_one(Value self) {
    return value_from_int(1);
}

const NativeDef int_methods[] = {
    DEF_NONE("bit_length", method_bit_length,
             "bit_length($self, /)\n--\n\nHow many bits the magnitude takes in binary.\n\n"
             ">>> (-8).bit_length()\n4"),
    DEF_NONE("bit_count", method_bit_count,
             "bit_count($self, /)\n--\n\nHow many bits of the magnitude are ones.\n\n"
             ">>> (-7).bit_count()\n3"),
    DEF_NONE("conjugate", int_exact, "The number itself: it has no imaginary part."),
    DEF_VECTOR("to_bytes", method_to_bytes,
               "to_bytes($self, /, length=1, byteorder='big', *, signed=False)\n--\n\n"
               "The number as bytes; with signed, in two's complement."),
    DEF_CLASS("from_bytes", method_from_bytes,
              "from_bytes($type, /, bytes, byteorder='big', *, signed=False)\n--\n\n"
              "The number that bytes stand for; with signed, in two's complement."),
    DEF_NONE("as_integer_ratio", method_as_integer_ratio,
             "as_integer_ratio($self, /)\n--\n\nThe pair (self, 1).\n\n>>> "
             "(12).as_integer_ratio()\n(12, 1)"),
    DEF_FIXED("__round__", method_round, 0, 1,
              "The nearest multiple of 10**-ndigits, ties to even."),
    DEF_NONE("__trunc__", int_exact, "The number itself."),
    DEF_NONE("__floor__", int_exact, "The number itself."),
    DEF_NONE("__ceil__", int_exact, "The number itself."),
    DEF_ONE("__format__", method_format,
            "__format__($self, format_spec, /)\n--\n\nText as a format specification says."),
    DEF_NONE("__getnewargs__", method_getnewargs,
             "__getnewargs__($self, /)\n--\n\nFor copy and pickle."),
    DEF_NONE("__sizeof__", method_sizeof,
             "__sizeof__($self, /)\n--\n\nBytes that the object takes."),
    DEF_END,
};

const GetSetDef int_getsets[] = {
    {"real", int_exact, NULL, "the real part: the number itself"},
    {"imag", get_zero, NULL, "the imaginary part: 0"},
    {"numerator", int_exact, NULL, "the number itself"},
    {"denominator", get_one, NULL, "always 1"},
    {NULL, NULL, NULL, NULL},
};

Type int_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "int",
    .basic_size = sizeof(IntObject),
    .item_size = sizeof(mp_limb_t),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_INT_SUBCLASS | TYPE_IMMUTABLE | TYPE_PATMA_SELF,
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\n"
           "A whole number of any size, from a number or from text. Without an argument 0; of a\n"
           "number the part before the point. Text may have a sign and surrounding spaces; base 0\n"
           "means that a prefix as in source code says the base.\n\n>>> int('0x1f', base=0)\n31",
    .call_new = int_call_new,
    .destroy = int_destroy,
    .repr = int_repr,
    .hash = int_hash,
    .compare = slot_compare,
    .binary = {[BINARY_ADD] = slot_add,
               [BINARY_SUBTRACT] = slot_subtract,
               [BINARY_MULTIPLY] = slot_multiply,
               [BINARY_TRUE_DIVIDE] = slot_true_divide,
               [BINARY_FLOOR_DIVIDE] = slot_floor_divide,
               [BINARY_MODULO] = slot_modulo,
               [BINARY_POWER] = slot_power,
               [BINARY_LSHIFT] = slot_lshift,
               [BINARY_RSHIFT] = slot_rshift,
               [BINARY_AND] = slot_and,
               [BINARY_OR] = slot_or,
               [BINARY_XOR] = slot_xor,
               [BINARY_DIVMOD] = slot_divmod},
    .power_modulo = slot_power_modulo,
    .negative = int_negative,
    .positive = int_exact,
    .absolute = slot_absolute,
    .invert = int_invert,
    .to_int = int_exact,
    .to_float = slot_to_float,
    .index = int_exact,
    .boolean = slot_boolean,
    .methods = int_methods,
    .getsets = int_getsets,
};

void int_start(void) {
    type_ready(&int_type);
}
