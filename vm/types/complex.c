// SPDX-License-Identifier: MIT
//
// complex: pairs of doubles. Immutable, so nothing here locks.
#include "vm/runtime/errors.h"
#include "vm/types/float_internal.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>

typedef struct {
    double real, imaginary;
} Pair;

static inline bool value_is_complex(Value v) {
    return value_is_object(v) && value_is_instance(v, &complex_type);
}
static inline Pair pair_of(Value v) {
    ComplexObject *c = (ComplexObject *)value_object(v);
    return (Pair){c->real, c->imaginary};
}

static Value make(Type *type, Pair p) {
    ComplexObject *c = object_allocate(type);
    if (UNLIKELY(!c))
        return VALUE_NULL;
    c->real = p.real;
    c->imaginary = p.imaginary;
    return value_from_object(c);
}

Value complex_new(double real, double imaginary) {
    return make(&complex_type, (Pair){real, imaginary});
}

static void complex_destroy(Object *self) {
    if (LIKELY(self->type == &complex_type))
        object_free_fixed(self);
    else
        type_free_instance(self);
}

// ---- arithmetic ------------------------------------------------------------------------

// 1: *out is v; 0: v is no number that complex mixes with; -1: an exception.
static int operand(Value v, Pair *out) {
    out->imaginary = 0;
    if (value_is_complex(v)) {
        *out = pair_of(v);
        return 1;
    }
    if (value_is_any_float(v)) {
        out->real = float_value(v);
        return 1;
    }
    if (value_is_any_int(v))
        return int_to_double(v, &out->real) < 0 ? -1 : 1;
    return 0;
}

#define OPERANDS(x, y)                                                                             \
    Pair x, y;                                                                                     \
    {                                                                                              \
        int ok = operand(a, &x);                                                                   \
        if (ok > 0)                                                                                \
            ok = operand(b, &y);                                                                   \
        if (ok <= 0)                                                                               \
            return ok < 0 ? VALUE_NULL : not_implemented_new();                                    \
    }

static inline Pair multiply(Pair x, Pair y) {
    return (Pair){x.real * y.real - x.imaginary * y.imaginary,
                  x.real * y.imaginary + x.imaginary * y.real};
}

// Scaled by the larger part of the divisor, so that squares do not overflow (Smith 1962).
static bool divide(Pair x, Pair y, Pair *out) {
    double real = fabs(y.real), imaginary = fabs(y.imaginary);
    if (real >= imaginary) {
        if (real == 0)
            return false;
        double ratio = y.imaginary / y.real, denominator = y.real + y.imaginary * ratio;
        *out = (Pair){(x.real + x.imaginary * ratio) / denominator,
                      (x.imaginary - x.real * ratio) / denominator};
    } else if (imaginary >= real) {
        double ratio = y.real / y.imaginary, denominator = y.real * ratio + y.imaginary;
        *out = (Pair){(x.real * ratio + x.imaginary) / denominator,
                      (x.imaginary * ratio - x.real) / denominator};
    } else {
        *out = (Pair){NAN, NAN};
    }
    return true;
}

static Value complex_add(Value a, Value b) {
    OPERANDS(x, y)
    return complex_new(x.real + y.real, x.imaginary + y.imaginary);
}
static Value complex_subtract(Value a, Value b) {
    OPERANDS(x, y)
    return complex_new(x.real - y.real, x.imaginary - y.imaginary);
}
static Value complex_multiply(Value a, Value b) {
    OPERANDS(x, y)
    return make(&complex_type, multiply(x, y));
}
static Value complex_true_divide(Value a, Value b) {
    OPERANDS(x, y)
    Pair result;
    if (!divide(x, y, &result))
        return raise_error(&exception_ZeroDivisionError, "complex division by zero");
    return make(&complex_type, result);
}

// ---- powers ----------------------------------------------------------------------------

static Pair power_unsigned(Pair x, int n) {
    Pair result = {1, 0}, square = x;
    for (; n > 0; n >>= 1) {
        if (n & 1)
            result = multiply(result, square);
        square = multiply(square, square);
    }
    return result;
}

int complex_power_parts(double base_real, double base_imaginary, double exponent_real,
                        double exponent_imaginary, double *real, double *imaginary) {
    Pair x = {base_real, base_imaginary}, result;
    if (exponent_imaginary == 0 && exponent_real == floor(exponent_real) &&
        fabs(exponent_real) <= 100) {
        int n = (int)exponent_real;
        if (n > 0) {
            result = power_unsigned(x, n);
        } else if (!divide((Pair){1, 0}, power_unsigned(x, -n), &result)) {
            goto zero;
        }
    } else if (exponent_real == 0 && exponent_imaginary == 0) {
        result = (Pair){1, 0};
    } else if (x.real == 0 && x.imaginary == 0) {
        if (exponent_imaginary != 0 || exponent_real < 0)
            goto zero;
        result = (Pair){0, 0};
    } else {
        double size = hypot(x.real, x.imaginary), angle = atan2(x.imaginary, x.real);
        double length = pow(size, exponent_real), phase = angle * exponent_real;
        if (exponent_imaginary != 0) {
            length /= exp(angle * exponent_imaginary);
            phase += exponent_imaginary * log(size);
        }
        if (isinf(phase)) // cos() reports it, and CPython takes any such report for this
            goto zero;
        result = (Pair){length * cos(phase), length * sin(phase)};
    }
    if (isinf(result.real) || isinf(result.imaginary))
        return raise_int(&exception_OverflowError, "complex exponentiation");
    *real = result.real;
    *imaginary = result.imaginary;
    return 0;
zero:
    return raise_int(&exception_ZeroDivisionError, "0.0 to a negative or complex power");
}

static Value complex_power(Value a, Value b) {
    OPERANDS(x, y)
    Pair result;
    if (complex_power_parts(x.real, x.imaginary, y.real, y.imaginary, &result.real,
                            &result.imaginary) < 0)
        return VALUE_NULL;
    return make(&complex_type, result);
}

static Value complex_power_modulo(Value a, Value b, Value modulus) {
    OPERANDS(x, y)
    (void)x, (void)y; // who is no number is asked first
    return raise_value_error("complex modulo");
}

// ---- one operand -----------------------------------------------------------------------

static Value complex_exact(Value self) {
    return value_is_exactly(self, &complex_type) ? ref_new(self)
                                                 : make(&complex_type, pair_of(self));
}
static Value complex_negative(Value self) {
    Pair p = pair_of(self);
    return complex_new(-p.real, -p.imaginary);
}
static Value complex_conjugate(Value self) {
    Pair p = pair_of(self);
    return complex_new(p.real, -p.imaginary);
}
static Value complex_absolute(Value self) {
    Pair p = pair_of(self);
    double size = hypot(p.real, p.imaginary);
    if (isinf(size) && isfinite(p.real) && isfinite(p.imaginary))
        return raise_error(&exception_OverflowError, "absolute value too large");
    return float_new(size);
}
static int complex_boolean(Value self) {
    Pair p = pair_of(self);
    return p.real != 0 || p.imaginary != 0;
}
static Value complex_real(Value self) {
    return float_new(pair_of(self).real);
}
static Value complex_imag(Value self) {
    return float_new(pair_of(self).imaginary);
}

static int64_t part_hash(Value self, double d) {
    if (!isnan(d))
        return float_hash(d);
    uint64_t word = self.bits >> 4 | self.bits << 60; // by identity
    return word == UINT64_MAX ? -2 : (int64_t)word;
}

static int64_t complex_hash(Value self) {
    Pair p = pair_of(self);
    uint64_t hash =
        (uint64_t)part_hash(self, p.real) + 1000003u * (uint64_t)part_hash(self, p.imaginary);
    return hash == UINT64_MAX ? -2 : (int64_t)hash;
}

static Value complex_compare(Value self, Value other, CompareOperator op) {
    if (op != COMPARE_EQ && op != COMPARE_NE)
        return not_implemented_new();
    Pair x = pair_of(self);
    bool equal;
    if (value_is_complex(other)) {
        Pair y = pair_of(other);
        equal = x.real == y.real && x.imaginary == y.imaginary;
    } else if (value_is_any_float(other)) {
        equal = x.real == float_value(other) && x.imaginary == 0;
    } else if (value_is_any_int(other)) {
        if (x.imaginary != 0)
            return bool_new(op == COMPARE_NE);
        Value real = float_new(x.real); // floats compare with ints exactly
        if (value_is_null(real))
            return VALUE_NULL;
        Value result = value_compare(real, other, op);
        ref_release(real);
        return result;
    } else {
        return not_implemented_new();
    }
    return bool_new(equal == (op == COMPARE_EQ));
}

static Value complex_repr(Value self) {
    Pair p = pair_of(self);
    StrBuilder b;
    str_builder_start(&b);
    bool alone = p.real == 0 && !signbit(p.real);
    if (!alone) {
        str_builder_char(&b, '(');
        float_format(&b, p.real, 'r', 0, false, false);
        if (isnan(p.imaginary) || !signbit(p.imaginary))
            str_builder_char(&b, '+');
    }
    float_format(&b, p.imaginary, 'r', 0, false, false);
    str_builder_char(&b, 'j');
    if (!alone)
        str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

// ---- making ----------------------------------------------------------------------------

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// "1", "2j", "1+2j", "j", in parentheses or not, blanks outside and just inside them.
static bool parse(const char *p, const char *end, Pair *out) {
    while (p < end && is_blank(*p))
        p++;
    while (end > p && is_blank(end[-1]))
        end--;
    if (p < end && *p == '(') {
        if (end[-1] != ')' || end - p < 2)
            return false;
        p++;
        end--;
        while (p < end && is_blank(*p))
            p++;
        while (end > p && is_blank(end[-1]))
            end--;
    }
    if (p == end)
        return false;
    *out = (Pair){0, 0};
    double first = 0;
    const char *after = float_parse_ascii(p, end, &first);
    if (after) {
        p = after;
        if (p == end || (*p != 'j' && *p != 'J')) {
            out->real = first;
            if (p == end)
                return true;
            if (*p != '+' && *p != '-')
                return false;
            after = float_parse_ascii(p, end, &out->imaginary);
            if (after) {
                p = after;
            } else {
                out->imaginary = *p == '-' ? -1 : 1;
                p++;
            }
        } else {
            out->imaginary = first;
        }
    } else {
        out->imaginary = 1;
        if (*p == '+' || *p == '-')
            out->imaginary = *p++ == '-' ? -1 : 1;
    }
    return p + 1 == end && (*p == 'j' || *p == 'J');
}

// Does a text that is no number have an underscore that is not between digits (or one, and a NUL
// behind it)? CPython looks for these first, up to what can stand in no number in any script.
static bool has_odd_underscore(Value text) {
    uint32_t previous = 0;
    bool any = false;
    for (int64_t i = 0; i < str_length(text); i++) {
        uint32_t c = str_at(text, i);
        if (c >= 0x80)
            c = char_decimal(c) >= 0 ? '0' : char_is_space(c) ? ' ' : '?';
        if (c == 0)
            return any;
        bool digit = c >= '0' && c <= '9', after_digit = previous >= '0' && previous <= '9';
        if (c == '_' ? !after_digit : previous == '_' && !digit)
            return true;
        if (c == '?')
            return false;
        any |= c == '_';
        previous = c;
    }
    return previous == '_';
}

static Value from_text(Type *type, Value text) {
    char small[FLOAT_TEXT_SMALL], *owned;
    size_t length;
    Pair p;
    const char *prepared = float_number_text(text, small, &owned, &length);
    bool ok = prepared && parse(prepared, prepared + length, &p);
    buffer_free(owned);
    if (ok)
        return make(type, p);
    if (has_odd_underscore(text))
        return raise_value_error("could not convert string to complex: %R", text);
    return raise_value_error("complex() arg is a malformed string");
}

// What v.__complex__() gives: 1 with a complex in *out, 0 if there is no such method, -1.
static int by_special_method(Value v, Value *out) {
    Value method;
    int found = value_lookup_special(v, name___complex__, &method);
    if (found <= 0)
        return found;
    Value c = value_call_none(method);
    ref_release(method);
    if (value_is_null(c))
        return -1;
    if (!value_is_complex(c)) {
        raise_type_error("__complex__ returned non-complex (type %T)", c);
    } else if (value_is_exactly(c, &complex_type) ||
               warn(&exception_DeprecationWarning, 1,
                    "__complex__ returned non-complex (type %T).  The ability to return an "
                    "instance of a strict subclass of complex is deprecated, and may be removed "
                    "in a future version of Python.",
                    c) == 0) {
        *out = c;
        return 1;
    }
    ref_release(c);
    return -1;
}

// What float(v) gives: a subclass of float may have a __float__ of its own.
static int part_to_double(Value v, double *out) {
    if (!value_is_any_float(v) || value_is_exact_float(v))
        return value_to_double(v, out);
    Value f = value_call_one(value_from_object(&float_type), v);
    if (value_is_null(f))
        return -1;
    *out = float_value(f);
    ref_release(f);
    return 0;
}

static bool is_number(Value v) {
    Type *type = value_type(v);
    return value_is_any_int(v) || value_is_any_float(v) || value_is_complex(v) || type->to_float ||
           type->index;
}

static Value complex_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"real", "imag", NULL};
    Value v[2];
    if (arguments_parse("complex", args, nargs, kwnames, names, 0, 2, 0, v) < 0)
        return VALUE_NULL;
    if (value_is_null(v[0]))
        v[0] = value_from_int(0);
    Value real = v[0], imaginary = v[1];
    if (type == &complex_type && value_is_exactly(real, &complex_type) && value_is_null(imaginary))
        return ref_new(real);
    if (value_is_str(real)) {
        if (!value_is_null(imaginary))
            return raise_type_error("complex() can't take second arg if first is a string");
        return from_text(type, real);
    }
    if (!value_is_null(imaginary) && value_is_str(imaginary))
        return raise_type_error("complex() second arg can't be a string");
    Value converted = VALUE_NULL;
    if (!value_is_exact_float(real) && value_type(real) != &int_type) { // those have no such method
        int found = by_special_method(real, &converted);
        if (found < 0)
            return VALUE_NULL;
        if (found)
            real = converted;
    }
    Pair result = {0, 0};
    bool real_is_complex = false;
    if (!is_number(real)) {
        raise_type_error("complex() first argument must be a string or a number, not '%T'", real);
        goto failed;
    }
    if (!value_is_null(imaginary) && !is_number(imaginary)) {
        raise_type_error("complex() second argument must be a number, not '%T'", imaginary);
        goto failed;
    }
    if (value_is_complex(real)) {
        result = pair_of(real);
        real_is_complex = true;
    } else if (part_to_double(real, &result.real) < 0) {
        goto failed;
    }
    if (!value_is_null(imaginary)) {
        Pair second = {0, 0};
        bool second_is_complex = value_is_complex(imaginary);
        if (second_is_complex)
            second = pair_of(imaginary);
        else if (part_to_double(imaginary, &second.real) < 0)
            goto failed;
        // real + imaginary * 1j, without touching the signs of zeros that need not be added.
        if (second_is_complex)
            result.real -= second.imaginary;
        if (real_is_complex)
            result.imaginary += second.real;
        else
            result.imaginary = second.real;
    }
    ref_release(converted);
    return make(type, result);
failed:
    ref_release(converted);
    return VALUE_NULL;
}

static Value complex_getnewargs(Value self) {
    Value parts[2] = {complex_real(self), complex_imag(self)};
    if (value_is_null(parts[0]) || value_is_null(parts[1])) {
        ref_release(parts[0]);
        ref_release(parts[1]);
        return VALUE_NULL;
    }
    return tuple_pair_owned(parts[0], parts[1]);
}

static Value complex_format_method(Value self, Value spec) {
    if (!value_is_str(spec))
        return raise_type_error("__format__() argument must be str, not %G", spec);
    if (str_length(spec) == 0)
        return value_str(self);
    return format_spec_complex(self, spec);
}

static const NativeDef complex_methods[] = {
    DEF_NONE("conjugate", complex_conjugate, "The number with its imaginary part negated."),
    DEF_NONE("__complex__", complex_exact, "The number as an exact complex."),
    DEF_NONE("__getnewargs__", complex_getnewargs, NULL),
    DEF_ONE("__format__", complex_format_method,
            "The text laid out as a format specification says."),
    DEF_END,
};

static const GetSetDef complex_getsets[] = {
    {"real", complex_real, NULL, "the real part of a complex number"},
    {"imag", complex_imag, NULL, "the imaginary part of a complex number"},
    {NULL},
};

Type complex_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "complex",
    .basic_size = sizeof(ComplexObject),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE,
    .doc = "complex(real=0, imag=0)\n--\n\nA complex number, from its parts or a text.",
    .call_new = complex_call_new,
    .destroy = complex_destroy,
    .repr = complex_repr,
    .hash = complex_hash,
    .compare = complex_compare,
    .binary = {[BINARY_ADD] = complex_add,
               [BINARY_SUBTRACT] = complex_subtract,
               [BINARY_MULTIPLY] = complex_multiply,
               [BINARY_TRUE_DIVIDE] = complex_true_divide,
               [BINARY_POWER] = complex_power},
    .power_modulo = complex_power_modulo,
    .negative = complex_negative,
    .positive = complex_exact,
    .absolute = complex_absolute,
    .boolean = complex_boolean,
    .methods = complex_methods,
    .getsets = complex_getsets,
};

void complex_start(void) {
    type_ready(&complex_type);
}
