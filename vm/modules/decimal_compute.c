// SPDX-License-Identifier: MIT
//
// Methods of Context that compute: the operators and methods of Decimal with all operands as
// arguments, which may be ints, in that context.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// ---- one operand -------------------------------------------------------------------------------

static Value compute_unary(Value self, Value x, DecimalUnary *compute) {
    DecimalOperand a;
    if (decimal_operand_require(&a, x) < 0)
        return VALUE_NULL;
    Value result = decimal_compute_one(decimal_context_of(self), &a.view, compute);
    decimal_operand_close(&a);
    return result;
}

// Rounded to the context, and nothing else: a NaN stays as it is.
static int apply(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    if (decimal_copy(result, a) < 0)
        return -1;
    return decimal_finish(result, s);
}

#define UNARY(name, compute)                                                                       \
    static Value context_##name(Value self, Value x) {                                             \
        return compute_unary(self, x, compute);                                                    \
    }
UNARY(abs, decimal_absolute)
UNARY(apply, apply)
UNARY(exp, decimal_exp)
UNARY(ln, decimal_ln)
UNARY(log10, decimal_log10)
UNARY(logb, decimal_logb)
UNARY(logical_invert, decimal_invert)
UNARY(minus, decimal_minus)
UNARY(next_minus, decimal_next_minus)
UNARY(next_plus, decimal_next_plus)
UNARY(normalize, decimal_normalize)
UNARY(plus, decimal_plus)
UNARY(sqrt, decimal_square_root)
UNARY(to_integral_exact, decimal_to_integral_exact)
UNARY(to_integral_value, decimal_to_integral_value)
#undef UNARY

typedef bool Predicate(const DecimalView *v, const DecimalContext *c);
static Value ask(Value self, Value x, Predicate *predicate) {
    DecimalOperand a;
    if (decimal_operand_require(&a, x) < 0)
        return VALUE_NULL;
    bool answer = predicate(&a.view, decimal_context_of(self));
    decimal_operand_close(&a);
    return bool_new(answer);
}

static bool is_finite(const DecimalView *v, const DecimalContext *c) {
    return v->kind == DECIMAL_FINITE;
}
static bool is_infinite(const DecimalView *v, const DecimalContext *c) {
    return v->kind == DECIMAL_INFINITE;
}
static bool is_nan(const DecimalView *v, const DecimalContext *c) {
    return decimal_view_is_nan(v);
}
static bool is_qnan(const DecimalView *v, const DecimalContext *c) {
    return v->kind == DECIMAL_QUIET_NAN;
}
static bool is_snan(const DecimalView *v, const DecimalContext *c) {
    return v->kind == DECIMAL_SIGNALING_NAN;
}
static bool is_signed(const DecimalView *v, const DecimalContext *c) {
    return v->negative;
}
static bool is_zero(const DecimalView *v, const DecimalContext *c) {
    return decimal_view_is_zero(v);
}

#define PREDICATE(name, predicate)                                                                 \
    static Value context_##name(Value self, Value x) {                                             \
        return ask(self, x, predicate);                                                            \
    }
PREDICATE(is_finite, is_finite)
PREDICATE(is_infinite, is_infinite)
PREDICATE(is_nan, is_nan)
PREDICATE(is_normal, decimal_is_normal)
PREDICATE(is_qnan, is_qnan)
PREDICATE(is_signed, is_signed)
PREDICATE(is_snan, is_snan)
PREDICATE(is_subnormal, decimal_is_subnormal)
PREDICATE(is_zero, is_zero)
#undef PREDICATE

static int check_decimal(Value x) {
    return value_is_decimal(x) ? 0 : raise_int(&exception_TypeError, "argument must be a Decimal");
}
static Value context_canonical(Value self, Value x) {
    return check_decimal(x) < 0 ? VALUE_NULL : ref_new(x);
}
static Value context_is_canonical(Value self, Value x) {
    return check_decimal(x) < 0 ? VALUE_NULL : bool_new(true);
}

enum { SIGN_KEPT, SIGN_DROPPED, SIGN_TURNED };
static Value copy_with(Value x, int sign) {
    DecimalOperand a;
    if (decimal_operand_require(&a, x) < 0)
        return VALUE_NULL;
    bool negative = sign == SIGN_KEPT     ? a.view.negative
                    : sign == SIGN_TURNED ? !a.view.negative
                                          : false;
    Value result = decimal_with_sign(&a.view, negative);
    decimal_operand_close(&a);
    return result;
}
static Value context_copy_abs(Value self, Value x) {
    return copy_with(x, SIGN_DROPPED);
}
static Value context_copy_negate(Value self, Value x) {
    return copy_with(x, SIGN_TURNED);
}
static Value context_copy_decimal(Value self, Value x) {
    return value_is_decimal(x) ? ref_new(x) : copy_with(x, SIGN_KEPT);
}

static Value context_number_class(Value self, Value x) {
    DecimalOperand a;
    if (decimal_operand_require(&a, x) < 0)
        return VALUE_NULL;
    const char *name = decimal_number_class(&a.view, decimal_context_of(self));
    decimal_operand_close(&a);
    return str_from_cstr(name);
}

static Value text_of(Value self, Value x, bool engineering) {
    DecimalOperand a;
    if (decimal_operand_require(&a, x) < 0)
        return VALUE_NULL;
    Value text = decimal_text(&a.view, engineering, decimal_context_of(self));
    decimal_operand_close(&a);
    return text;
}
static Value context_to_sci_string(Value self, Value x) {
    return text_of(self, x, false);
}
static Value context_to_eng_string(Value self, Value x) {
    return text_of(self, x, true);
}

// ---- several -----------------------------------------------------------------------------------

static int exactly(size_t nargs, size_t wanted) {
    return nargs == wanted
               ? 0
               : raise_int(&exception_TypeError, "function takes exactly %zu arguments (%zu given)",
                           wanted, nargs);
}

// Two operands; closed by the caller if 0 is given.
static int open_two(DecimalOperand *a, DecimalOperand *b, const Value *args, size_t nargs) {
    if (exactly(nargs, 2) < 0 || decimal_operand_require(a, args[0]) < 0)
        return -1;
    if (decimal_operand_require(b, args[1]) == 0)
        return 0;
    decimal_operand_close(a);
    return -1;
}

static Value compute_binary(Value self, const Value *args, size_t nargs, DecimalBinary *compute) {
    DecimalOperand a, b;
    if (open_two(&a, &b, args, nargs) < 0)
        return VALUE_NULL;
    Value result = decimal_compute_two(decimal_context_of(self), &a.view, &b.view, compute);
    decimal_operand_close(&a);
    decimal_operand_close(&b);
    return result;
}

#define BINARY(name, compute)                                                                      \
    static Value context_##name(Value self, const Value *args, size_t nargs) {                     \
        return compute_binary(self, args, nargs, compute);                                         \
    }
BINARY(add, decimal_add)
BINARY(compare, decimal_compare)
BINARY(compare_signal, decimal_compare_signal)
BINARY(compare_total, decimal_compare_total)
BINARY(compare_total_mag, decimal_compare_total_magnitude)
BINARY(divide, decimal_divide)
BINARY(divide_int, decimal_divide_integer)
BINARY(logical_and, decimal_and)
BINARY(logical_or, decimal_or)
BINARY(logical_xor, decimal_xor)
BINARY(max, decimal_max)
BINARY(max_mag, decimal_max_magnitude)
BINARY(min, decimal_min)
BINARY(min_mag, decimal_min_magnitude)
BINARY(multiply, decimal_multiply)
BINARY(next_toward, decimal_next_toward)
BINARY(quantize, decimal_quantize)
BINARY(remainder, decimal_remainder)
BINARY(remainder_near, decimal_remainder_near)
BINARY(rotate, decimal_rotate)
BINARY(scaleb, decimal_scaleb)
BINARY(shift, decimal_shift)
BINARY(subtract, decimal_subtract)
#undef BINARY

static Value context_copy_sign(Value self, const Value *args, size_t nargs) {
    DecimalOperand a, b;
    if (open_two(&a, &b, args, nargs) < 0)
        return VALUE_NULL;
    Value result = decimal_with_sign(&a.view, b.view.negative);
    decimal_operand_close(&a);
    decimal_operand_close(&b);
    return result;
}

static Value context_same_quantum(Value self, const Value *args, size_t nargs) {
    DecimalOperand a, b;
    if (open_two(&a, &b, args, nargs) < 0)
        return VALUE_NULL;
    bool same = decimal_same_quantum(&a.view, &b.view);
    decimal_operand_close(&a);
    decimal_operand_close(&b);
    return bool_new(same);
}

static Value context_divmod(Value self, const Value *args, size_t nargs) {
    DecimalContext *c = decimal_context_of(self);
    DecimalOperand a, b;
    if (open_two(&a, &b, args, nargs) < 0)
        return VALUE_NULL;
    DecimalSettings s;
    DecimalNumber quotient, remainder;
    decimal_settings_load(c, &s);
    decimal_init(&quotient);
    decimal_init(&remainder);
    int status = decimal_divmod(&quotient, &remainder, &a.view, &b.view, &s);
    decimal_operand_close(&a);
    decimal_operand_close(&b);
    if (status == 0 && decimal_context_signal(c, s.status) == 0)
        return pair_owned(decimal_make(&decimal_type, &quotient),
                          decimal_make(&decimal_type, &remainder));
    decimal_clear(&quotient);
    decimal_clear(&remainder);
    return VALUE_NULL;
}

// compute takes three operands.
static Value compute_three(Value self, const Value *three,
                           int (*compute)(DecimalNumber *, const DecimalView *, const DecimalView *,
                                          const DecimalView *, DecimalSettings *)) {
    DecimalContext *c = decimal_context_of(self);
    DecimalOperand o[3];
    int opened = 0, status = -1;
    while (opened < 3 && decimal_operand_require(&o[opened], three[opened]) == 0)
        opened++;
    DecimalSettings s;
    DecimalNumber result;
    decimal_settings_load(c, &s);
    decimal_init(&result);
    if (opened == 3)
        status = compute(&result, &o[0].view, &o[1].view, &o[2].view, &s);
    while (opened > 0)
        decimal_operand_close(&o[--opened]);
    if (status == 0)
        return decimal_finish_with(c, &result, s.status);
    decimal_clear(&result);
    return VALUE_NULL;
}

static Value context_fma(Value self, const Value *args, size_t nargs) {
    return exactly(nargs, 3) < 0 ? VALUE_NULL : compute_three(self, args, decimal_fma);
}

static Value context_power(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"a", "b", "modulo", NULL};
    static const ArgumentList list = {
        .names = names, .kinds = "OOO", .required = 2, .positional = 3};
    Value v[3] = {VALUE_NULL, VALUE_NULL, VALUE_NULL};
    if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){&v[0], &v[1], &v[2]}) < 0)
        return VALUE_NULL;
    if (value_is_null(v[2]) || value_is_none(v[2]))
        return compute_binary(self, v, 2, decimal_power);
    return compute_three(self, v, decimal_power_modulo);
}

// ---- making ------------------------------------------------------------------------------------

static Value context_create_decimal(Value self, const Value *args, size_t nargs) {
    if (nargs > 1)
        return raise_type_error("function takes at most 1 argument (%zu given)", nargs);
    return decimal_convert_rounded(nargs ? args[0] : value_from_int(0), decimal_context_of(self));
}

static Value context_create_decimal_from_float(Value self, Value x) {
    Value exact = decimal_from_float(value_from_object(&decimal_type), x);
    if (value_is_null(exact))
        return exact;
    Value result = compute_unary(self, exact, apply);
    ref_release(exact);
    return result;
}

// ---- the context itself ------------------------------------------------------------------------

static int64_t load(const int64_t *word) {
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}
static Value context_etiny(Value self) {
    const DecimalContext *c = decimal_context_of(self);
    return int_from_i64(load(&c->exponent_min) - (load(&c->precision) - 1));
}
static Value context_etop(Value self) {
    const DecimalContext *c = decimal_context_of(self);
    return int_from_i64(load(&c->exponent_max) - (load(&c->precision) - 1));
}
static Value context_radix(Value self) {
    return decimal_from_i64(10);
}
static Value context_copy(Value self) {
    return decimal_context_copy(decimal_context_of(self), true);
}
static Value context_clear_flags(Value self) {
    signal_dict_set_bits(decimal_context_of(self)->flags, 0);
    return none_new();
}
static Value context_clear_traps(Value self) {
    signal_dict_set_bits(decimal_context_of(self)->traps, 0);
    return none_new();
}

#define ONE "($self, x, /)\n--\n\n"
#define TWO "($self, x, y, /)\n--\n\n"
#define ALONE "($self, /)\n--\n\n"
#define DEF_TWO(name, fn, doc) DEF_FIXED(name, fn, 0, -1, name TWO doc)

const NativeDef decimal_context_methods[] = {
    DEF_ONE("abs", context_abs, "abs" ONE "The number without its sign."),
    DEF_ONE("exp", context_exp, "exp" ONE "e to the power x."),
    DEF_ONE("ln", context_ln, "ln" ONE "The natural logarithm."),
    DEF_ONE("log10", context_log10, "log10" ONE "The logarithm to the base 10."),
    DEF_ONE("logb", context_logb, "logb" ONE "The exponent of the first digit."),
    DEF_ONE("logical_invert", context_logical_invert, "logical_invert" ONE "Inverts each digit."),
    DEF_ONE("minus", context_minus, "minus" ONE "-x."),
    DEF_ONE("next_minus", context_next_minus, "next_minus" ONE "The next smaller number."),
    DEF_ONE("next_plus", context_next_plus, "next_plus" ONE "The next larger number."),
    DEF_ONE("normalize", context_normalize, "normalize" ONE "x without zeros at its end."),
    DEF_ONE("plus", context_plus, "plus" ONE "+x: x rounded."),
    DEF_ONE("to_integral", context_to_integral_value, "to_integral" ONE "To an integer."),
    DEF_ONE("to_integral_exact", context_to_integral_exact,
            "to_integral_exact" ONE "To an integer, with signals if digits are lost."),
    DEF_ONE("to_integral_value", context_to_integral_value,
            "to_integral_value" ONE "To an integer."),
    DEF_ONE("sqrt", context_sqrt, "sqrt" ONE "The square root."),
    DEF_TWO("add", context_add, "x + y."),
    DEF_TWO("compare", context_compare, "-1, 0, 1 or NaN, as a Decimal."),
    DEF_TWO("compare_signal", context_compare_signal, "The same, but every NaN signals."),
    DEF_TWO("divide", context_divide, "x / y."),
    DEF_TWO("divide_int", context_divide_int, "x // y, rounded towards 0."),
    DEF_TWO("divmod", context_divmod, "x // y and x % y."),
    DEF_TWO("max", context_max, "The larger number."),
    DEF_TWO("max_mag", context_max_mag, "The larger one without signs."),
    DEF_TWO("min", context_min, "The smaller number."),
    DEF_TWO("min_mag", context_min_mag, "The smaller one without signs."),
    DEF_TWO("multiply", context_multiply, "x * y."),
    DEF_TWO("next_toward", context_next_toward, "The number next to x on the way to y."),
    DEF_TWO("quantize", context_quantize, "x rounded to the exponent of y."),
    DEF_TWO("remainder", context_remainder, "x % y, with the sign of x."),
    DEF_TWO("remainder_near", context_remainder_near,
            "What remains of x - n * y, n the nearest int."),
    DEF_TWO("subtract", context_subtract, "x - y."),
    DEF_VECTOR("power", context_power,
               "power($self, /, a, b, modulo=None)\n--\n\na ** b, or a ** b % modulo."),
    DEF_FIXED("fma", context_fma, 0, -1, "fma($self, x, y, z, /)\n--\n\nx * y + z, rounded once."),
    DEF_NONE("Etiny", context_etiny, "Etiny" ALONE "The least exponent of a subnormal number."),
    DEF_NONE("Etop", context_etop, "Etop" ALONE "The largest exponent at full precision."),
    DEF_NONE("radix", context_radix, "radix" ALONE "Decimal(10)."),
    DEF_ONE("is_canonical", context_is_canonical, "is_canonical" ONE "True."),
    DEF_ONE("is_finite", context_is_finite, "is_finite" ONE "Neither infinite nor a NaN."),
    DEF_ONE("is_infinite", context_is_infinite, "is_infinite" ONE "Infinite, of either sign."),
    DEF_ONE("is_nan", context_is_nan, "is_nan" ONE "A NaN, quiet or signaling."),
    DEF_ONE("is_normal", context_is_normal, "is_normal" ONE "Of the full precision."),
    DEF_ONE("is_qnan", context_is_qnan, "is_qnan" ONE "A quiet NaN."),
    DEF_ONE("is_signed", context_is_signed, "is_signed" ONE "With a minus sign."),
    DEF_ONE("is_snan", context_is_snan, "is_snan" ONE "A signaling NaN."),
    DEF_ONE("is_subnormal", context_is_subnormal,
            "is_subnormal" ONE "Too small for the full precision."),
    DEF_ONE("is_zero", context_is_zero, "is_zero" ONE "Zero, of either sign."),
    DEF_ONE("_apply", context_apply, "x rounded."),
    DEF_ONE("canonical", context_canonical, "canonical" ONE "x itself."),
    DEF_ONE("copy_abs", context_copy_abs, "copy_abs" ONE "x without its sign, not rounded."),
    DEF_ONE("copy_decimal", context_copy_decimal, "copy_decimal" ONE "x, not rounded."),
    DEF_ONE("copy_negate", context_copy_negate, "copy_negate" ONE "With the other sign."),
    DEF_ONE("number_class", context_number_class, "number_class" ONE "What x is, in a word."),
    DEF_ONE("to_sci_string", context_to_sci_string, "to_sci_string" ONE "As text."),
    DEF_ONE("to_eng_string", context_to_eng_string,
            "to_eng_string" ONE "As text whose exponent is a multiple of 3."),
    DEF_TWO("compare_total", context_compare_total, "Compares what the numbers are written as."),
    DEF_TWO("compare_total_mag", context_compare_total_mag, "The same without signs."),
    DEF_TWO("copy_sign", context_copy_sign, "x with the sign of y."),
    DEF_TWO("logical_and", context_logical_and, "Digit by digit."),
    DEF_TWO("logical_or", context_logical_or, "Digit by digit."),
    DEF_TWO("logical_xor", context_logical_xor, "Digit by digit."),
    DEF_TWO("rotate", context_rotate, "The digits of x, turned by y places."),
    DEF_TWO("same_quantum", context_same_quantum, "Whether both have the same exponent."),
    DEF_TWO("scaleb", context_scaleb, "x with y added to its exponent."),
    DEF_TWO("shift", context_shift, "The digits of x, moved by y places."),
    DEF_NONE("clear_flags", context_clear_flags, "clear_flags" ALONE "Sets all flags to False."),
    DEF_NONE("clear_traps", context_clear_traps, "clear_traps" ALONE "Sets all traps to False."),
    DEF_NONE("__copy__", context_copy, "A context with the same settings."),
    DEF_NONE("__reduce__", decimal_context_reduce, "How to pickle it."),
    DEF_NONE("copy", context_copy, "copy" ALONE "A context with the same settings."),
    DEF_FIXED("create_decimal", context_create_decimal, 0, -1,
              "create_decimal($self, num=\"0\", /)\n--\n\nDecimal(num), rounded."),
    DEF_ONE("create_decimal_from_float", context_create_decimal_from_float,
            "create_decimal_from_float($self, f, /)\n--\n\nA float as a Decimal, rounded."),
    DEF_END,
};
