// SPDX-License-Identifier: MIT
//
// float: the type, its arithmetic, comparison, hash and methods. Immutable, so nothing here
// locks. A float is a flonum in its Value or a FloatObject; results go through float_new, which
// chooses. NaNs and infinities never fit a flonum, so a NaN always has an identity.
#include "vm/runtime/errors.h"
#include "vm/types/float_internal.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

Value float_new_slow(double d) {
    FloatObject *f = object_allocate_exact(&float_type, sizeof(FloatObject), HEAP_LEAF);
    if (UNLIKELY(!f))
        return VALUE_NULL;
    f->value = d;
    return value_from_object(f);
}

static void float_destroy(Object *self) {
    if (LIKELY(self->type == &float_type))
        object_free_exact(self, sizeof(FloatObject), HEAP_LEAF);
    else
        type_free_instance(self);
}

Value float_raise_range(void) {
    Value message = str_from_cstr("Numerical result out of range");
    if (value_is_null(message))
        return VALUE_NULL;
    Value e = value_call_two(value_from_object(&exception_OverflowError), value_from_int(ERANGE),
                             message);
    ref_release(message);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}

// ---- operands --------------------------------------------------------------------------

// 1: *out is v as a double; 0: v is no number that floats mix with; -1: an exception.
static inline int operand(Value v, double *out) {
    if (value_is_flonum(v)) {
        *out = value_flonum(v);
        return 1;
    }
    if (value_is_int(v)) {
        *out = (double)value_int(v);
        return 1;
    }
    if (value_is_instance(v, &float_type)) {
        *out = ((FloatObject *)value_object(v))->value;
        return 1;
    }
    if (value_is_any_int(v))
        return int_to_double(v, out) < 0 ? -1 : 1;
    return 0;
}

#define OPERANDS(x, y)                                                                             \
    double x, y;                                                                                   \
    {                                                                                              \
        int ok = operand(a, &x);                                                                   \
        if (UNLIKELY(ok <= 0))                                                                     \
            return ok < 0 ? VALUE_NULL : not_implemented_new();                                    \
        ok = operand(b, &y);                                                                       \
        if (UNLIKELY(ok <= 0))                                                                     \
            return ok < 0 ? VALUE_NULL : not_implemented_new();                                    \
    }

static Value float_add(Value a, Value b) {
    OPERANDS(x, y)
    return float_new(x + y);
}
static Value float_subtract(Value a, Value b) {
    OPERANDS(x, y)
    return float_new(x - y);
}
static Value float_multiply(Value a, Value b) {
    OPERANDS(x, y)
    return float_new(x * y);
}
static Value float_true_divide(Value a, Value b) {
    OPERANDS(x, y)
    if (UNLIKELY(y == 0))
        return raise_error(&exception_ZeroDivisionError, "float division by zero");
    return float_new(x / y);
}

// The remainder with the sign of a, exactly (C's fmod), quickly when the quotient is exact
// enough: the rounded quotient is at most one too large, and every step is representable.
static double remainder_truncated(double a, double b) {
    double x = fabs(a), y = fabs(b);
    if (x < y)
        return a;
    double quotient = trunc(x / y);
    if (!(quotient < 9007199254740992.0))
        return fmod(a, b);
    double rest = fma(-quotient, y, x);
    if (rest < 0)
        rest += y;
    else if (rest >= y)
        return fmod(a, b);
    return copysign(rest, a);
}

double float_modulo(double a, double b) {
    double rest = remainder_truncated(a, b);
    if (rest != 0) {
        if ((b < 0) != (rest < 0))
            rest += b;
        return rest;
    }
    return copysign(0.0, b);
}

static double floor_quotient(double a, double b) {
    double rest = remainder_truncated(a, b);
    double quotient = (a - rest) / b; // nearly a whole number
    if (rest != 0 && (b < 0) != (rest < 0))
        quotient -= 1;
    if (quotient == 0)
        return copysign(0.0, a / b);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1 : whole;
}

Value float_floor_divide(double a, double b) {
    if (b == 0)
        return raise_error(&exception_ZeroDivisionError, "float floor division by zero");
    return float_new(floor_quotient(a, b));
}
Value float_modulo_value(double a, double b) {
    if (b == 0)
        return raise_error(&exception_ZeroDivisionError, "float modulo");
    return float_new(float_modulo(a, b));
}

static Value float_floor_divide_slot(Value a, Value b) {
    OPERANDS(x, y)
    return float_floor_divide(x, y);
}
static Value float_modulo_slot(Value a, Value b) {
    OPERANDS(x, y)
    return float_modulo_value(x, y);
}
static Value float_divmod(Value a, Value b) {
    OPERANDS(x, y)
    if (y == 0)
        return raise_error(&exception_ZeroDivisionError, "float divmod()");
    Value quotient = float_new(floor_quotient(x, y));
    if (value_is_null(quotient))
        return quotient;
    Value rest = float_new(float_modulo(x, y));
    if (value_is_null(rest)) {
        ref_release(quotient);
        return rest;
    }
    return tuple_pair_owned(quotient, rest);
}

Value float_power(double a, double b) {
    // C's pow agrees with Python on every special value but these two.
    if (UNLIKELY(a == 0 && b < 0 && isfinite(b)))
        return raise_error(&exception_ZeroDivisionError,
                           "0.0 cannot be raised to a negative power");
    if (UNLIKELY(a < 0 && isfinite(a) && isfinite(b) && b != floor(b))) {
        double real, imaginary;
        if (complex_power_parts(a, 0, b, 0, &real, &imaginary) < 0)
            return VALUE_NULL;
        return complex_new(real, imaginary);
    }
    double result = pow(a, b);
    if (UNLIKELY(isinf(result)) && isfinite(a) && isfinite(b))
        return float_raise_range();
    return float_new(result);
}

static Value float_power_slot(Value a, Value b) {
    OPERANDS(x, y)
    return float_power(x, y);
}

static Value float_power_modulo(Value a, Value b, Value modulus) {
    return raise_type_error("pow() 3rd argument not allowed unless all arguments are integers");
}

// ---- comparison ------------------------------------------------------------------------

// <0, 0, >0 for d against the int n, exactly. d is no NaN. 2: an exception.
static int compare_with_int(double d, Value n) {
    if (value_is_int(n)) {
        int64_t i = value_int(n);
        double as_double = (double)i;
        if (d != as_double)
            return d < as_double ? -1 : 1; // rounding is monotonic, so this holds exactly too
        int64_t back = (int64_t)as_double; // at most 2^62
        return back < i ? -1 : back > i;
    }
    int sign = int_sign(n);
    if (isinf(d))
        return d < 0 ? -1 : 1;
    int own = d < 0 ? -1 : d > 0;
    if (own != sign)
        return own < sign ? -1 : 1;
    double whole = trunc(d);
    Value truncated = int_from_double(whole);
    if (value_is_null(truncated))
        return 2;
    int order = int_compare(truncated, n);
    ref_release(truncated);
    if (order == 0)
        return d < whole ? -1 : d > whole;
    return order < 0 ? -1 : 1;
}

static Value float_compare(Value self, Value other, CompareOperator op) {
    double x = float_value(self), y;
    if (value_is_any_float(other)) {
        y = float_value(other);
    } else if (value_is_any_int(other)) {
        if (isnan(x))
            return bool_new(op == COMPARE_NE);
        int order = compare_with_int(x, other);
        if (order == 2)
            return VALUE_NULL;
        x = order;
        y = 0;
    } else {
        return not_implemented_new();
    }
    switch (op) {
    case COMPARE_LT:
        return bool_new(x < y);
    case COMPARE_LE:
        return bool_new(x <= y);
    case COMPARE_EQ:
        return bool_new(x == y);
    case COMPARE_NE:
        return bool_new(x != y);
    case COMPARE_GT:
        return bool_new(x > y);
    default:
        return bool_new(x >= y);
    }
}

// d modulo the Mersenne prime 2^61 - 1, where 2^61 is 1, so powers of two rotate; equal to
// the hash of an equal int or Fraction.
int64_t float_hash(double d) {
    if (!isfinite(d))
        return isnan(d) ? 0 : d > 0 ? 314159 : -314159;
    if (d >= -0x1p52 && d <= 0x1p52 && d == (double)(int64_t)d) {
        int64_t n = (int64_t)d;
        return n == -1 ? -2 : n;
    }
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t mantissa = bits & (((uint64_t)1 << 52) - 1);
    int exponent = (int)(bits >> 52 & 0x7ff);
    if (exponent)
        mantissa |= (uint64_t)1 << 52;
    else
        exponent = 1;
    int shift = (exponent - 1075) % 61;
    if (shift < 0)
        shift += 61;
    const uint64_t prime = ((uint64_t)1 << 61) - 1;
    uint64_t residue = shift ? ((mantissa << shift) & prime) | mantissa >> (61 - shift) : mantissa;
    if (residue == prime)
        residue = 0;
    int64_t hash = bits >> 63 ? -(int64_t)residue : (int64_t)residue;
    return hash == -1 ? -2 : hash;
}

static int64_t float_hash_slot(Value self) {
    double d = float_value(self);
    if (UNLIKELY(isnan(d))) { // by identity
        uint64_t word = self.bits >> 4 | self.bits << 60;
        return word == UINT64_MAX ? -2 : (int64_t)word;
    }
    return float_hash(d);
}

// ---- one operand -----------------------------------------------------------------------

static Value float_exact(Value self) {
    return value_is_exact_float(self) ? ref_new(self) : float_new(float_value(self));
}
static Value float_negative(Value self) {
    return float_new(-float_value(self));
}
static Value float_absolute(Value self) {
    return float_new(fabs(float_value(self)));
}
static int float_boolean(Value self) {
    return float_value(self) != 0;
}
static Value float_trunc(Value self) {
    return int_from_double(float_value(self));
}
static Value float_floor(Value self) {
    return int_from_double(floor(float_value(self)));
}
static Value float_ceil(Value self) {
    return int_from_double(ceil(float_value(self)));
}
static Value float_repr(Value self) {
    return float_repr_double(float_value(self));
}

// ---- rounding --------------------------------------------------------------------------

static int layout(double d, char code, int precision, char *out, size_t capacity) {
    StrBuilder b;
    str_builder_start(&b);
    float_format(&b, d, code, precision, false, false);
    Value text = str_builder_finish(&b);
    if (value_is_null(text))
        return -1;
    str_copy_bounded(text, out, capacity);
    ref_release(text);
    return 0;
}

Value float_round(double d, int64_t digits) {
    // Beyond these the number stays as it is, or nothing is left of it.
    if (!isfinite(d) || d == 0 || digits > 323)
        return float_new(d);
    if (digits < -308)
        return float_new(copysign(0.0, d));
    uint64_t scaled;
    if (digits >= 0 && digits <= 19 && float_scaled(d, (int)digits, &scaled) &&
        scaled <= (uint64_t)1 << 53) // two exact numbers, one division: rounded once
        return float_new(copysign((double)scaled / float_powers_of_ten[digits], d));
    // The slow way, through decimal text that is exact or correctly rounded.
    if (digits >= 0 && fabs(d) >= 0x1p52)
        return float_new(d);
    char text[800];
    if (digits >= 0) {
        if (layout(d, 'f', (int)digits, text, sizeof text) < 0)
            return VALUE_NULL;
    } else {
        if (layout(fabs(d), 'e', 766, text, sizeof text) < 0) // all digits there are
            return VALUE_NULL;
        int64_t exponent = atoi(strchr(text, 'e') + 1); // of the first digit
        int64_t places = exponent + digits;             // digits after the first that stay
        if (places >= 0) {
            if (layout(d, 'e', (int)places, text, sizeof text) < 0)
                return VALUE_NULL;
        } else {
            // Less than one unit of that place: the unit if above its half, else nothing.
            bool above = text[0] > '5' ||
                         (text[0] == '5' && strspn(text + 1, ".0") != strcspn(text + 1, "e"));
            if (places < -1 || !above)
                return float_new(copysign(0.0, d));
            snprintf(text, sizeof text, "%s1e%d", d < 0 ? "-" : "", (int)-digits);
        }
    }
    double result = 0;
    float_parse_ascii(text, text + strlen(text), &result);
    if (isinf(result))
        return raise_error(&exception_OverflowError, "rounded value too large to represent");
    return float_new(result);
}

static Value float_round_method(Value self, const Value *args, size_t nargs) {
    double d = float_value(self);
    if (nargs == 0 || value_is_none(args[0]))
        return int_from_double(nearbyint(d));
    int64_t digits;
    if (value_to_size_clamped(args[0], &digits) < 0)
        return VALUE_NULL;
    return float_round(d, digits);
}

// ---- methods ---------------------------------------------------------------------------

static Value float_is_integer(Value self) {
    double d = float_value(self);
    // Beyond 2**53 all are, but what is not finite.
    return bool_new(fabs(d) < 0x1p53 ? (double)(int64_t)d == d : isfinite(d));
}

static Value float_as_integer_ratio(Value self) {
    double d = float_value(self);
    if (isinf(d))
        return raise_error(&exception_OverflowError, "cannot convert Infinity to integer ratio");
    if (isnan(d))
        return raise_value_error("cannot convert NaN to integer ratio");
    int exponent;
    double fraction = frexp(d, &exponent);
    int64_t mantissa = (int64_t)(fraction * 0x1p53);
    exponent -= 53;
    if (mantissa == 0) {
        exponent = 0;
    } else {
        int zeros = __builtin_ctzll((uint64_t)mantissa);
        if (exponent < 0 && zeros > -exponent)
            zeros = -exponent;
        if (exponent >= 0)
            zeros = 0;
        mantissa >>= zeros;
        exponent += zeros;
    }
    Value top, bottom;
    if (exponent >= 0) {
        top = int_lshift(value_from_int(mantissa), value_from_int(exponent));
        bottom = value_from_int(1);
    } else {
        top = value_from_int(mantissa);
        bottom = int_lshift(value_from_int(1), value_from_int(-exponent));
    }
    if (value_is_null(top) || value_is_null(bottom)) {
        ref_release(top);
        ref_release(bottom);
        return VALUE_NULL;
    }
    return tuple_pair_owned(top, bottom);
}

static Value float_hex(Value self) {
    return float_hex_text(float_value(self));
}

static Value float_fromhex(Value class, Value text) {
    if (!value_is_str(text))
        return raise_type_error("bad argument type for built-in operation");
    Value f = float_fromhex_text(text);
    if (value_is_null(f) || value_same(class, value_from_object(&float_type)))
        return f;
    Value result = value_call_one(class, f);
    ref_release(f);
    return result;
}

static Value float_getformat(Value class, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("float.__getformat__", kwnames) < 0)
        return VALUE_NULL;
    if (nargs != 1)
        return raise_type_error("float.__getformat__() takes exactly one argument (%zu given)",
                                nargs);
    if (!value_is_str(args[0]))
        return raise_type_error("__getformat__() argument must be str, not %G", args[0]);
    if (!str_equal_cstr(args[0], "double") && !str_equal_cstr(args[0], "float"))
        return raise_value_error("__getformat__() argument 1 must be 'double' or 'float'");
    return str_from_cstr("IEEE, little-endian");
}

static Value float_format_method(Value self, Value spec) {
    if (!value_is_str(spec))
        return raise_type_error("__format__() argument must be str, not %G", spec);
    if (str_length(spec) == 0)
        return value_str(self);
    return format_spec_float(self, spec);
}

static Value float_getnewargs(Value self) {
    Value f = float_new(float_value(self));
    if (value_is_null(f))
        return f;
    Value result = tuple_from_array(&f, 1);
    ref_release(f);
    return result;
}

static Value float_imag(Value self) {
    return float_new(0.0);
}

// ---- making ----------------------------------------------------------------------------

static Value from_value(Value v) {
    if (value_is_exact_float(v))
        return ref_new(v);
    if (value_is_int(v))
        return float_new((double)value_int(v));
    if (value_is_exact_str(v))
        return float_from_str(v);
    Type *type = value_type(v);
    // A float's own conversion gives it as it is; a str with __float__ converts by that.
    if (type->to_float || type->index || value_is_any_float(v)) {
        double d;
        if (type->to_float && (type_flags(type) & TYPE_HEAP) &&
            type->to_float != float_type.to_float) {
            Value f = type->to_float(v);
            if (value_is_null(f) || value_is_exact_float(f))
                return f;
            if (!value_is_any_float(f)) {
                raise_type_error("%T.__float__ returned non-float (type %T)", v, f);
                ref_release(f);
                return VALUE_NULL;
            }
            int warned =
                warn(&exception_DeprecationWarning, 1,
                     "%T.__float__ returned non-float (type %T).  The ability to return an "
                     "instance of a strict subclass of float is deprecated, and may be "
                     "removed in a future version of Python.",
                     v, f);
            d = float_value(f);
            ref_release(f);
            return warned < 0 ? VALUE_NULL : float_new(d);
        }
        if (value_to_double(v, &d) < 0)
            return VALUE_NULL;
        return float_new(d);
    }
    return float_parse_value(v);
}

static Value float_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (LIKELY(type == &float_type && nargs == 1 && value_is_null(kwnames)))
        return from_value(args[0]);
    if ((type == &float_type || type->init == float_type.init) &&
        arguments_no_keywords("float", kwnames) < 0)
        return VALUE_NULL;
    if (UNLIKELY(nargs > 1))
        return raise_type_error("float expected at most 1 argument, got %zu", nargs);
    Value f = nargs ? from_value(args[0]) : float_new(0.0);
    if (type == &float_type || value_is_null(f))
        return f;
    double d = float_value(f);
    ref_release(f);
    FloatObject *o = object_allocate(type);
    if (!o)
        return VALUE_NULL;
    o->value = d;
    return value_from_object(o);
}

static const NativeDef float_methods[] = {
    DEF_NONE("conjugate", float_exact, "The number itself, as it has no imaginary part."),
    DEF_NONE("__trunc__", float_trunc, "The whole part, as an int."),
    DEF_NONE("__floor__", float_floor, "The largest int that is not above."),
    DEF_NONE("__ceil__", float_ceil, "The smallest int that is not below."),
    DEF_FIXED("__round__", float_round_method, 0, 1,
              "__round__($self, ndigits=None, /)\n--\n\n"
              "Rounded to so many decimals, or to an int; halves go to the even neighbour."),
    DEF_NONE("as_integer_ratio", float_as_integer_ratio,
             "Two ints, the second positive, whose quotient is exactly this number.\n\n"
             ">>> (0.75).as_integer_ratio()\n(3, 4)"),
    DEF_CLASS_ONE(
        "fromhex", float_fromhex,
        "The float that a hexadecimal text stands for.\n\n>>> float.fromhex('0x1.8p2')\n6.0"),
    DEF_NONE("hex", float_hex,
             "An exact hexadecimal text of the number.\n\n>>> (6.0).hex()\n'0x1.8000000000000p+2'"),
    DEF_NONE("is_integer", float_is_integer, "Whether the number is whole."),
    DEF_NONE("__getnewargs__", float_getnewargs, NULL),
    DEF_CLASS("__getformat__", float_getformat, "How C doubles or floats lie in memory."),
    DEF_ONE("__format__", float_format_method, "The text laid out as a format specification says."),
    DEF_END,
};

static const GetSetDef float_getsets[] = {
    {"real", float_exact, NULL, "the real part"},
    {"imag", float_imag, NULL, "the imaginary part"},
    {NULL},
};

Type float_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "float",
    .basic_size = sizeof(FloatObject),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_PATMA_SELF,
    .doc = "float(x=0, /)\n--\n\nA floating-point number, from a number or a text.",
    .call_new = float_call_new,
    .destroy = float_destroy,
    .repr = float_repr,
    .hash = float_hash_slot,
    .compare = float_compare,
    .binary = {[BINARY_ADD] = float_add,
               [BINARY_SUBTRACT] = float_subtract,
               [BINARY_MULTIPLY] = float_multiply,
               [BINARY_TRUE_DIVIDE] = float_true_divide,
               [BINARY_FLOOR_DIVIDE] = float_floor_divide_slot,
               [BINARY_MODULO] = float_modulo_slot,
               [BINARY_POWER] = float_power_slot,
               [BINARY_DIVMOD] = float_divmod},
    .power_modulo = float_power_modulo,
    .negative = float_negative,
    .positive = float_exact,
    .absolute = float_absolute,
    .to_int = float_trunc,
    .to_float = float_exact,
    .boolean = float_boolean,
    .methods = float_methods,
    .getsets = float_getsets,
};

void float_start(void) {
    type_ready(&float_type);
}
