// SPDX-License-Identifier: MIT
//
// The type Decimal and those of its methods that compute. Each takes the context to compute in as
// its last argument, and else computes in the current one.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/type.h"

// ---- arguments ---------------------------------------------------------------------------------

// f(context=None)
static DecimalContext *only_context(const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"context", NULL};
    static const ArgumentList list = {.names = names, .kinds = "O", .positional = 1};
    Value context = VALUE_NULL;
    if (nargs || !value_is_null(kwnames))
        if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){&context}) < 0)
            return NULL;
    return decimal_context_argument(context);
}

// f(other, context=None)
static DecimalContext *other_and_context(const Value *args, size_t nargs, Value kwnames,
                                         Value *other) {
    static const char *const names[] = {"other", "context", NULL};
    static const ArgumentList list = {
        .names = names, .kinds = "OO", .required = 1, .positional = 2};
    Value context = VALUE_NULL;
    if (LIKELY(nargs == 1 && value_is_null(kwnames)))
        *other = args[0];
    else if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){other, &context}) < 0)
        return NULL;
    return decimal_context_argument(context);
}

// ---- one operand -------------------------------------------------------------------------------

static Value compute_unary(Value self, DecimalContext *c, DecimalUnary *compute, int rounding) {
    DecimalSettings s;
    DecimalNumber result;
    DecimalView view = decimal_view_of(self);
    decimal_settings_load(c, &s);
    if (rounding >= 0)
        s.rounding = (DecimalRounding)rounding;
    decimal_init(&result);
    if (compute(&result, &view, &s) == 0)
        return decimal_finish_with(c, &result, s.status);
    decimal_clear(&result);
    return VALUE_NULL;
}

#define UNARY(name, compute)                                                                       \
    static Value method_##name(Value self, const Value *args, size_t nargs, Value kwnames) {       \
        DecimalContext *c = only_context(args, nargs, kwnames);                                    \
        return c ? compute_unary(self, c, compute, -1) : VALUE_NULL;                               \
    }
UNARY(exp, decimal_exp)
UNARY(ln, decimal_ln)
UNARY(log10, decimal_log10)
UNARY(logb, decimal_logb)
UNARY(logical_invert, decimal_invert)
UNARY(next_minus, decimal_next_minus)
UNARY(next_plus, decimal_next_plus)
UNARY(normalize, decimal_normalize)
UNARY(sqrt, decimal_square_root)
#undef UNARY

// f(rounding=None, context=None)
static Value to_integral(Value self, const Value *args, size_t nargs, Value kwnames,
                         DecimalUnary *compute) {
    static const char *const names[] = {"rounding", "context", NULL};
    static const ArgumentList list = {.names = names, .kinds = "OO", .positional = 2};
    Value how = VALUE_NULL, context = VALUE_NULL;
    if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){&how, &context}) < 0)
        return VALUE_NULL;
    DecimalContext *c = decimal_context_argument(context);
    int rounding = -1;
    if (!c)
        return VALUE_NULL;
    if (!value_is_null(how) && !value_is_none(how) && (rounding = decimal_rounding_parse(how)) < 0)
        return VALUE_NULL;
    return compute_unary(self, c, compute, rounding);
}
static Value method_to_integral(Value self, const Value *args, size_t nargs, Value kwnames) {
    return to_integral(self, args, nargs, kwnames, decimal_to_integral_value);
}
static Value method_to_integral_exact(Value self, const Value *args, size_t nargs, Value kwnames) {
    return to_integral(self, args, nargs, kwnames, decimal_to_integral_exact);
}

// ---- two and three -----------------------------------------------------------------------------

static Value compute_binary(Value self, Value other, DecimalContext *c, DecimalBinary *compute) {
    DecimalOperand b;
    if (decimal_operand_require(&b, other) < 0)
        return VALUE_NULL;
    DecimalView a = decimal_view_of(self);
    Value result = decimal_compute_two(c, &a, &b.view, compute);
    decimal_operand_close(&b);
    return result;
}

#define BINARY(name, compute)                                                                      \
    static Value method_##name(Value self, const Value *args, size_t nargs, Value kwnames) {       \
        Value other = VALUE_NULL;                                                                  \
        DecimalContext *c = other_and_context(args, nargs, kwnames, &other);                       \
        return c ? compute_binary(self, other, c, compute) : VALUE_NULL;                           \
    }
BINARY(compare, decimal_compare)
BINARY(compare_signal, decimal_compare_signal)
BINARY(compare_total, decimal_compare_total)
BINARY(compare_total_mag, decimal_compare_total_magnitude)
BINARY(logical_and, decimal_and)
BINARY(logical_or, decimal_or)
BINARY(logical_xor, decimal_xor)
BINARY(max, decimal_max)
BINARY(max_mag, decimal_max_magnitude)
BINARY(min, decimal_min)
BINARY(min_mag, decimal_min_magnitude)
BINARY(next_toward, decimal_next_toward)
BINARY(remainder_near, decimal_remainder_near)
BINARY(rotate, decimal_rotate)
BINARY(scaleb, decimal_scaleb)
BINARY(shift, decimal_shift)
#undef BINARY

static Value method_fma(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"other", "third", "context", NULL};
    static const ArgumentList list = {
        .names = names, .kinds = "OOO", .required = 2, .positional = 3};
    Value other, third, context = VALUE_NULL;
    if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){&other, &third, &context}) <
        0)
        return VALUE_NULL;
    DecimalContext *c = decimal_context_argument(context);
    DecimalOperand b, d;
    if (!c || decimal_operand_require(&b, other) < 0)
        return VALUE_NULL;
    if (decimal_operand_require(&d, third) < 0) {
        decimal_operand_close(&b);
        return VALUE_NULL;
    }
    DecimalSettings s;
    DecimalNumber result;
    DecimalView a = decimal_view_of(self);
    decimal_settings_load(c, &s);
    decimal_init(&result);
    int status = decimal_fma(&result, &a, &b.view, &d.view, &s);
    decimal_operand_close(&b);
    decimal_operand_close(&d);
    if (status == 0)
        return decimal_finish_with(c, &result, s.status);
    decimal_clear(&result);
    return VALUE_NULL;
}

static Value method_quantize(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"exp", "rounding", "context", NULL};
    static const ArgumentList list = {
        .names = names, .kinds = "OOO", .required = 1, .positional = 3};
    Value model, how = VALUE_NULL, context = VALUE_NULL;
    if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){&model, &how, &context}) < 0)
        return VALUE_NULL;
    DecimalContext *c = decimal_context_argument(context);
    if (!c)
        return VALUE_NULL;
    DecimalSettings s;
    decimal_settings_load(c, &s);
    if (!value_is_null(how) && !value_is_none(how)) {
        int rounding = decimal_rounding_parse(how);
        if (rounding < 0)
            return VALUE_NULL;
        s.rounding = (DecimalRounding)rounding;
    }
    DecimalOperand b;
    if (decimal_operand_require(&b, model) < 0)
        return VALUE_NULL;
    DecimalNumber result;
    DecimalView a = decimal_view_of(self);
    decimal_init(&result);
    int status = decimal_quantize(&result, &a, &b.view, &s);
    decimal_operand_close(&b);
    if (status == 0)
        return decimal_finish_with(c, &result, s.status);
    decimal_clear(&result);
    return VALUE_NULL;
}

// ---- what a number is --------------------------------------------------------------------------

static bool is_nonzero(const DecimalView *v) {
    return v->kind == DECIMAL_FINITE && v->count != 0;
}
static int64_t exponent_min(const DecimalContext *c) {
    return __atomic_load_n(&c->exponent_min, __ATOMIC_RELAXED);
}
bool decimal_is_normal(const DecimalView *v, const DecimalContext *c) {
    return is_nonzero(v) && decimal_view_adjusted(v) >= exponent_min(c);
}
bool decimal_is_subnormal(const DecimalView *v, const DecimalContext *c) {
    return is_nonzero(v) && decimal_view_adjusted(v) < exponent_min(c);
}

const char *decimal_number_class(const DecimalView *v, const DecimalContext *c) {
    static const char *const names[][2] = {{"+Zero", "-Zero"},
                                           {"+Subnormal", "-Subnormal"},
                                           {"+Normal", "-Normal"},
                                           {"+Infinity", "-Infinity"}};
    if (v->kind == DECIMAL_QUIET_NAN)
        return "NaN";
    if (v->kind == DECIMAL_SIGNALING_NAN)
        return "sNaN";
    int which = v->kind == DECIMAL_INFINITE ? 3 : v->count == 0 ? 0 : 1 + decimal_is_normal(v, c);
    return names[which][v->negative];
}

bool decimal_same_quantum(const DecimalView *a, const DecimalView *b) {
    if (decimal_view_is_nan(a) || decimal_view_is_nan(b))
        return decimal_view_is_nan(a) && decimal_view_is_nan(b);
    if (a->kind == DECIMAL_INFINITE || b->kind == DECIMAL_INFINITE)
        return a->kind == b->kind;
    return a->exponent == b->exponent;
}

static Value method_number_class(Value self, const Value *args, size_t nargs, Value kwnames) {
    DecimalContext *c = only_context(args, nargs, kwnames);
    DecimalView view = decimal_view_of(self);
    return c ? str_from_cstr(decimal_number_class(&view, c)) : VALUE_NULL;
}
static Value method_is_normal(Value self, const Value *args, size_t nargs, Value kwnames) {
    DecimalContext *c = only_context(args, nargs, kwnames);
    DecimalView view = decimal_view_of(self);
    return c ? bool_new(decimal_is_normal(&view, c)) : VALUE_NULL;
}
static Value method_is_subnormal(Value self, const Value *args, size_t nargs, Value kwnames) {
    DecimalContext *c = only_context(args, nargs, kwnames);
    DecimalView view = decimal_view_of(self);
    return c ? bool_new(decimal_is_subnormal(&view, c)) : VALUE_NULL;
}
static Value method_to_eng_string(Value self, const Value *args, size_t nargs, Value kwnames) {
    DecimalContext *c = only_context(args, nargs, kwnames);
    DecimalView view = decimal_view_of(self);
    return c ? decimal_text(&view, true, c) : VALUE_NULL;
}

static Value method_is_canonical(Value self) {
    return bool_new(true);
}
static Value method_is_finite(Value self) {
    return bool_new(decimal_of(self)->kind == DECIMAL_FINITE);
}
static Value method_is_infinite(Value self) {
    return bool_new(decimal_of(self)->kind == DECIMAL_INFINITE);
}
static Value method_is_nan(Value self) {
    return bool_new(decimal_of(self)->kind >= DECIMAL_QUIET_NAN);
}
static Value method_is_qnan(Value self) {
    return bool_new(decimal_of(self)->kind == DECIMAL_QUIET_NAN);
}
static Value method_is_snan(Value self) {
    return bool_new(decimal_of(self)->kind == DECIMAL_SIGNALING_NAN);
}
static Value method_is_signed(Value self) {
    return bool_new(decimal_of(self)->negative);
}
static Value method_is_zero(Value self) {
    return bool_new(!decimal_boolean(self));
}
static Value method_adjusted(Value self) {
    DecimalView view = decimal_view_of(self);
    return view.kind == DECIMAL_FINITE ? int_from_i64(decimal_view_adjusted(&view))
                                       : value_from_int(0);
}
static Value method_radix(Value self) {
    return decimal_from_i64(10);
}

// ---- copies ------------------------------------------------------------------------------------

static Value method_self(Value self) {
    return ref_new(self);
}
static Value method_deepcopy(Value self, Value memo) {
    return ref_new(self);
}

Value decimal_with_sign(const DecimalView *v, bool negative) {
    DecimalView view = *v;
    view.negative = negative;
    return decimal_make_view(&decimal_type, &view);
}
static Value method_copy_abs(Value self) {
    DecimalView view = decimal_view_of(self);
    return decimal_with_sign(&view, false);
}
static Value method_copy_negate(Value self) {
    DecimalView view = decimal_view_of(self);
    return decimal_with_sign(&view, !view.negative);
}

static Value method_copy_sign(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value other = VALUE_NULL;
    DecimalOperand b;
    if (!other_and_context(args, nargs, kwnames, &other) || decimal_operand_require(&b, other) < 0)
        return VALUE_NULL;
    DecimalView view = decimal_view_of(self);
    bool negative = b.view.negative;
    decimal_operand_close(&b);
    return decimal_with_sign(&view, negative);
}

static Value method_same_quantum(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value other = VALUE_NULL;
    DecimalOperand b;
    if (!other_and_context(args, nargs, kwnames, &other) || decimal_operand_require(&b, other) < 0)
        return VALUE_NULL;
    DecimalView view = decimal_view_of(self);
    bool same = decimal_same_quantum(&view, &b.view);
    decimal_operand_close(&b);
    return bool_new(same);
}

static Value method_sizeof(Value self) {
    const Decimal *d = decimal_of(self);
    size_t size = type_instance_size(value_object(self));
    if (d->limbs != d->inside)
        size += d->count * sizeof(mp_limb_t);
    return int_from_u64(size);
}

static Value get_imag(Value self) {
    return decimal_from_i64(0);
}

static const GetSetDef decimal_getsets[] = {
    {"real", method_self, NULL, NULL},
    {"imag", get_imag, NULL, NULL},
    {NULL},
};

// ---- the type ----------------------------------------------------------------------------------

#define WITH_CONTEXT "($self, /, context=None)\n--\n\n"
#define WITH_OTHER "($self, /, other, context=None)\n--\n\n"
#define ALONE "($self, /)\n--\n\n"

static const NativeDef decimal_methods[] = {
    DEF_VECTOR("exp", method_exp, "exp" WITH_CONTEXT "e to that power."),
    DEF_VECTOR("ln", method_ln, "ln" WITH_CONTEXT "The natural logarithm."),
    DEF_VECTOR("log10", method_log10, "log10" WITH_CONTEXT "The logarithm to the base 10."),
    DEF_VECTOR("next_minus", method_next_minus,
               "next_minus" WITH_CONTEXT "The next smaller number that the context has."),
    DEF_VECTOR("next_plus", method_next_plus,
               "next_plus" WITH_CONTEXT "The next larger number that the context has."),
    DEF_VECTOR("normalize", method_normalize,
               "normalize" WITH_CONTEXT "The same number without zeros at its end."),
    DEF_VECTOR(
        "to_integral", method_to_integral,
        "to_integral($self, /, rounding=None, context=None)\n--\n\nTo an integer, silently."),
    DEF_VECTOR(
        "to_integral_exact", method_to_integral_exact,
        "to_integral_exact($self, /, rounding=None, context=None)\n--\n\nTo an integer, with "
        "signals if digits are lost."),
    DEF_VECTOR("to_integral_value", method_to_integral,
               "to_integral_value($self, /, rounding=None, context=None)\n--\n\nTo an integer, "
               "silently."),
    DEF_VECTOR("sqrt", method_sqrt, "sqrt" WITH_CONTEXT "The square root."),
    DEF_VECTOR("compare", method_compare, "compare" WITH_OTHER "-1, 0, 1 or NaN, as a Decimal."),
    DEF_VECTOR("compare_signal", method_compare_signal,
               "compare_signal" WITH_OTHER "As compare(), but every NaN signals."),
    DEF_VECTOR("max", method_max, "max" WITH_OTHER "The larger number."),
    DEF_VECTOR("max_mag", method_max_mag, "max_mag" WITH_OTHER "The larger one without signs."),
    DEF_VECTOR("min", method_min, "min" WITH_OTHER "The smaller number."),
    DEF_VECTOR("min_mag", method_min_mag, "min_mag" WITH_OTHER "The smaller one without signs."),
    DEF_VECTOR("next_toward", method_next_toward,
               "next_toward" WITH_OTHER "The next number in that direction."),
    DEF_VECTOR(
        "quantize", method_quantize,
        "quantize($self, /, exp, rounding=None, context=None)\n--\n\nRounded to the exponent "
        "of exp.\n\n>>> Decimal('2.675').quantize(Decimal('0.01'))\nDecimal('2.68')\n"),
    DEF_VECTOR("remainder_near", method_remainder_near,
               "remainder_near" WITH_OTHER "What remains of self - n * other, n the nearest int."),
    DEF_VECTOR(
        "fma", method_fma,
        "fma($self, /, other, third, context=None)\n--\n\nself * other + third, rounded once.\n\n"
        ">>> Decimal('1.5').fma(4, 1)\nDecimal('7.0')\n"),
    DEF_NONE("is_canonical", method_is_canonical, "is_canonical" ALONE "True."),
    DEF_NONE("is_finite", method_is_finite, "is_finite" ALONE "Neither infinite nor a NaN."),
    DEF_NONE("is_infinite", method_is_infinite, "is_infinite" ALONE "Infinite, of either sign."),
    DEF_NONE("is_nan", method_is_nan, "is_nan" ALONE "A NaN, quiet or signaling."),
    DEF_NONE("is_qnan", method_is_qnan, "is_qnan" ALONE "A quiet NaN."),
    DEF_NONE("is_snan", method_is_snan, "is_snan" ALONE "A signaling NaN."),
    DEF_NONE("is_signed", method_is_signed, "is_signed" ALONE "With a minus sign."),
    DEF_NONE("is_zero", method_is_zero, "is_zero" ALONE "Zero, of either sign."),
    DEF_VECTOR("is_normal", method_is_normal,
               "is_normal" WITH_CONTEXT "Neither zero nor subnormal, infinite or a NaN."),
    DEF_VECTOR("is_subnormal", method_is_subnormal,
               "is_subnormal" WITH_CONTEXT "Too small for the full precision."),
    DEF_NONE("adjusted", method_adjusted, "adjusted" ALONE "The exponent of the first digit."),
    DEF_NONE("canonical", method_self, "canonical" ALONE "The number itself."),
    DEF_NONE("conjugate", method_self, "conjugate" ALONE "The number itself."),
    DEF_NONE("radix", method_radix, "radix" ALONE "Decimal(10)."),
    DEF_NONE("copy_abs", method_copy_abs, "copy_abs" ALONE "The number without its sign."),
    DEF_NONE("copy_negate", method_copy_negate, "copy_negate" ALONE "With the other sign."),
    DEF_VECTOR("logb", method_logb, "logb" WITH_CONTEXT "adjusted() as a Decimal."),
    DEF_VECTOR("logical_invert", method_logical_invert,
               "logical_invert" WITH_CONTEXT "Each digit, 0 or 1, inverted."),
    DEF_VECTOR("number_class", method_number_class,
               "number_class" WITH_CONTEXT "What kind of number it is, in a word."),
    DEF_VECTOR("to_eng_string", method_to_eng_string,
               "to_eng_string" WITH_CONTEXT "As text whose exponent is a multiple of 3."),
    DEF_VECTOR("compare_total", method_compare_total,
               "compare_total" WITH_OTHER "Compares what the numbers are written as.\n\n"
               ">>> Decimal('1.0').compare_total(1)\nDecimal('-1')\n"),
    DEF_VECTOR("compare_total_mag", method_compare_total_mag,
               "compare_total_mag" WITH_OTHER "The same without signs."),
    DEF_VECTOR("copy_sign", method_copy_sign,
               "copy_sign" WITH_OTHER "With the sign of other.\n\n"
               ">>> Decimal(5).copy_sign(Decimal('-0'))\nDecimal('-5')\n"),
    DEF_VECTOR("logical_and", method_logical_and, "logical_and" WITH_OTHER "Digit by digit."),
    DEF_VECTOR("logical_or", method_logical_or, "logical_or" WITH_OTHER "Digit by digit."),
    DEF_VECTOR("logical_xor", method_logical_xor, "logical_xor" WITH_OTHER "Digit by digit."),
    DEF_VECTOR("rotate", method_rotate, "rotate" WITH_OTHER "The digits, turned by other places."),
    DEF_VECTOR("same_quantum", method_same_quantum,
               "same_quantum" WITH_OTHER "Whether both have the same exponent."),
    DEF_VECTOR("scaleb", method_scaleb, "scaleb" WITH_OTHER "The exponent plus other."),
    DEF_VECTOR("shift", method_shift, "shift" WITH_OTHER "The digits, moved by other places."),
    DEF_CLASS_ONE("from_float", decimal_from_float,
                  "from_float($type, f, /)\n--\n\nExactly the number that a float is.\n\n"
                  ">>> Decimal.from_float(0.375)\nDecimal('0.375')\n"),
    DEF_NONE("as_tuple", decimal_as_tuple, "as_tuple" ALONE "Sign, digits and exponent."),
    DEF_NONE("as_integer_ratio", decimal_ratio,
             "as_integer_ratio" ALONE "Two ints without a common factor whose ratio it is."),
    DEF_NONE("__copy__", method_self, "The number itself."),
    DEF_ONE("__deepcopy__", method_deepcopy, "The number itself."),
    DEF_FIXED("__format__", decimal_format_method, 0, -1, "As text, as the format says."),
    DEF_NONE("__reduce__", decimal_reduce, "How to pickle it."),
    DEF_FIXED("__round__", decimal_round, 0, -1, "Rounded to an int, or to decimal places."),
    DEF_NONE("__ceil__", decimal_ceil, "The next int that is not smaller."),
    DEF_NONE("__floor__", decimal_floor, "The next int that is not larger."),
    DEF_NONE("__trunc__", decimal_to_int, "The int that is nearest on the way to 0."),
    DEF_NONE("__complex__", decimal_to_complex, "As a complex."),
    DEF_NONE("__sizeof__", method_sizeof, "Memory it takes, in bytes."),
    DEF_END,
};

Type decimal_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "decimal.Decimal",
    .basic_size = sizeof(Decimal),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "Decimal(value='0', context=None)\n--\n\nA decimal number: of an int, a text, a float, "
           "a tuple (sign, digits, exponent) or a Decimal, exactly.",
    .call_new = decimal_call_new,
    .destroy = decimal_destroy,
    .repr = decimal_repr,
    .str = decimal_str,
    .hash = decimal_hash,
    .compare = decimal_compare_slot,
    .binary[BINARY_ADD] = decimal_binary_add,
    .binary[BINARY_SUBTRACT] = decimal_binary_subtract,
    .binary[BINARY_MULTIPLY] = decimal_binary_multiply,
    .binary[BINARY_TRUE_DIVIDE] = decimal_binary_divide,
    .binary[BINARY_FLOOR_DIVIDE] = decimal_binary_floor_divide,
    .binary[BINARY_MODULO] = decimal_binary_remainder,
    .binary[BINARY_POWER] = decimal_binary_power,
    .binary[BINARY_DIVMOD] = decimal_binary_divmod,
    .power_modulo = decimal_power_slot,
    .negative = decimal_negative,
    .positive = decimal_positive,
    .absolute = decimal_absolute_slot,
    .boolean = decimal_boolean,
    .to_int = decimal_to_int,
    .to_float = decimal_to_float,
    .methods = decimal_methods,
    .getsets = decimal_getsets,
};
