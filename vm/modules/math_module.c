// SPDX-License-Identifier: MIT
//
// The `math` module: functions of floats by the C library, with Python's exceptions, and the table
// of all. Nothing here has state.
#include "vm/modules/math_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include <errno.h>
#include <limits.h>
#include <math.h>

Value math_domain_error(void) {
    return raise_value_error("math domain error");
}
Value math_range_error(void) {
    return raise_error(&exception_OverflowError, "math range error");
}

static inline int number(Value v, double *out) {
    if (LIKELY(value_is_flonum(v))) {
        *out = value_flonum(v);
        return 0;
    }
    if (value_is_int(v)) {
        *out = (double)value_int(v);
        return 0;
    }
    return value_to_double(v, out);
}

// ---- functions of one number -----------------------------------------------------------

// The result r of f(x), checked: a NaN out of a number is outside the domain; an infinity out of a
// finite number is an overflow if f grows without bounds, else a pole.
static inline Value checked(double x, double r, bool grows) {
    if (UNLIKELY(!isfinite(r))) {
        if (isnan(r) && !isnan(x))
            return math_domain_error();
        if (isinf(r) && isfinite(x))
            return grows ? math_range_error() : math_domain_error();
    }
    return float_new(r);
}

#define FUNCTION(name, grows)                                                                      \
    static Value math_##name(Value self, Value v) {                                                \
        double x;                                                                                  \
        if (UNLIKELY(number(v, &x) < 0))                                                           \
            return VALUE_NULL;                                                                     \
        return checked(x, name(x), grows);                                                         \
    }
FUNCTION(acos, false)
FUNCTION(acosh, false)
FUNCTION(asin, false)
FUNCTION(asinh, false)
FUNCTION(atan, false)
FUNCTION(atanh, false)
FUNCTION(cbrt, false)
FUNCTION(cos, false)
FUNCTION(cosh, true)
FUNCTION(erf, false)
FUNCTION(erfc, false)
FUNCTION(exp, true)
FUNCTION(exp2, true)
FUNCTION(expm1, true)
FUNCTION(fabs, false)
FUNCTION(log1p, false)
FUNCTION(sin, false)
FUNCTION(sinh, true)
FUNCTION(sqrt, false)
FUNCTION(tan, false)
FUNCTION(tanh, false)
#undef FUNCTION

static Value by_errno(Value v, double (*function)(double)) {
    double x;
    if (number(v, &x) < 0)
        return VALUE_NULL;
    double r = function(x);
    if (errno == EDOM)
        return math_domain_error();
    if (errno == ERANGE)
        return math_range_error();
    return float_new(r);
}
static Value math_gamma_function(Value self, Value v) {
    return by_errno(v, math_gamma);
}
static Value math_lgamma_function(Value self, Value v) {
    return by_errno(v, math_lgamma);
}

static Value math_degrees(Value self, Value v) {
    double x;
    return number(v, &x) < 0 ? VALUE_NULL : float_new(x * (180.0 / M_PI));
}
static Value math_radians(Value self, Value v) {
    double x;
    return number(v, &x) < 0 ? VALUE_NULL : float_new(x * (M_PI / 180.0));
}
static Value math_isfinite(Value self, Value v) {
    double x;
    return number(v, &x) < 0 ? VALUE_NULL : bool_new(isfinite(x));
}
static Value math_isinf(Value self, Value v) {
    double x;
    return number(v, &x) < 0 ? VALUE_NULL : bool_new(isinf(x));
}
static Value math_isnan(Value self, Value v) {
    double x;
    return number(v, &x) < 0 ? VALUE_NULL : bool_new(isnan(x));
}
static Value math_ulp(Value self, Value v) {
    double x;
    if (number(v, &x) < 0)
        return VALUE_NULL;
    if (isnan(x))
        return float_new(x);
    x = fabs(x);
    if (isinf(x))
        return float_new(x);
    double next = nextafter(x, INFINITY);
    return float_new(isinf(next) ? x - nextafter(x, -INFINITY) : next - x);
}

static Value math_frexp(Value self, Value v) {
    double x;
    if (number(v, &x) < 0)
        return VALUE_NULL;
    int exponent = 0;
    if (isfinite(x) && x != 0)
        x = frexp(x, &exponent);
    Value fraction = float_new(x);
    return value_is_null(fraction) ? fraction
                                   : tuple_pair_owned(fraction, value_from_int(exponent));
}

static Value math_modf(Value self, Value v) {
    double x, whole;
    if (number(v, &x) < 0)
        return VALUE_NULL;
    double rest = modf(x, &whole);
    Value parts[2] = {float_new(rest), float_new(whole)};
    if (value_is_null(parts[0]) || value_is_null(parts[1])) {
        ref_release(parts[0]);
        ref_release(parts[1]);
        return VALUE_NULL;
    }
    return tuple_pair_owned(parts[0], parts[1]);
}

// ---- to whole numbers ------------------------------------------------------------------

static inline Value whole(double d) {
    if (LIKELY(d >= -0x1p61 && d <= 0x1p61))
        return value_from_int((int64_t)d);
    return int_from_double(d);
}

// By the special method if the type has one, else through float.
static Value by_method(Value v, Value name, double (*rounding)(double)) {
    Value method;
    int found = value_lookup_special(v, name, &method);
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        Value result = value_call_none(method);
        ref_release(method);
        return result;
    }
    double d;
    return value_to_double(v, &d) < 0 ? VALUE_NULL : whole(rounding(d));
}

static Value math_floor(Value self, Value v) {
    if (value_is_int(v))
        return v;
    if (value_is_exact_float(v))
        return whole(floor(float_value(v)));
    return by_method(v, name___floor__, floor);
}
static Value math_ceil(Value self, Value v) {
    if (value_is_int(v))
        return v;
    if (value_is_exact_float(v))
        return whole(ceil(float_value(v)));
    return by_method(v, name___ceil__, ceil);
}
static Value math_trunc(Value self, Value v) {
    if (value_is_int(v))
        return v;
    if (value_is_exact_float(v))
        return whole(trunc(float_value(v)));
    Value method;
    int found = value_lookup_special(v, name___trunc__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_type_error("type %T doesn't define __trunc__ method", v);
    Value result = value_call_none(method);
    ref_release(method);
    return result;
}

// ---- logarithms ------------------------------------------------------------------------

// n = *fraction * 2^result, fraction in [0.5, 1]: for ints beyond the range of double. n > 0.
static int64_t int_frexp(Value n, double *fraction) {
    IntObject *o = (IntObject *)value_object(n);
    int64_t bits = int_bit_length(n);
    // The top 64 bits, the last one set if any below is: then rounding to 53 is right.
    int64_t low = bits - 64, limb = low / 64;
    int shift = (int)(low % 64);
    uint64_t top = o->limbs[limb] >> shift;
    bool sticky = shift && (o->limbs[limb] << (64 - shift)) != 0;
    if (shift)
        top |= o->limbs[limb + 1] << (64 - shift);
    for (int64_t i = 0; i < limb && !sticky; i++)
        sticky = o->limbs[i] != 0;
    *fraction = ldexp((double)(top | sticky), -64);
    return bits;
}

// 0, or -1 with ValueError.
static int logarithm(Value v, double (*function)(double), double *out) {
    if (value_is_any_int(v) && !value_is_int(v)) {
        if (int_sign(v) <= 0) {
            math_domain_error();
            return -1;
        }
        double x;
        if (int_to_double(v, &x) == 0) {
            *out = function(x);
            return 0;
        }
        if (!error_matches(&exception_OverflowError))
            return -1;
        error_clear();
        int64_t exponent = int_frexp(v, &x);
        *out = function(x) + function(2.0) * (double)exponent;
        return 0;
    }
    double x;
    if (number(v, &x) < 0)
        return -1;
    if (UNLIKELY(x <= 0)) {
        math_domain_error();
        return -1;
    }
    *out = function(x);
    return 0;
}

static Value math_log(Value self, const Value *args, size_t nargs) {
    if (nargs < 1 || nargs > 2)
        return raise_type_error("math.log requires 1 to 2 arguments");
    double x, base;
    if (logarithm(args[0], log, &x) < 0)
        return VALUE_NULL;
    if (nargs == 1)
        return float_new(x);
    if (logarithm(args[1], log, &base) < 0)
        return VALUE_NULL;
    if (base == 0)
        return raise_error(&exception_ZeroDivisionError, "float division by zero");
    return float_new(x / base);
}
static Value math_log2(Value self, Value v) {
    double x;
    return logarithm(v, log2, &x) < 0 ? VALUE_NULL : float_new(x);
}
static Value math_log10(Value self, Value v) {
    double x;
    return logarithm(v, log10, &x) < 0 ? VALUE_NULL : float_new(x);
}

// ---- functions of two numbers ----------------------------------------------------------

#define TWO_NUMBERS(x, y)                                                                          \
    double x, y;                                                                                   \
    if (number(args[0], &x) < 0 || number(args[1], &y) < 0)                                        \
        return VALUE_NULL;

static Value math_atan2(Value self, const Value *args, size_t nargs) {
    TWO_NUMBERS(y, x)
    return float_new(atan2(y, x));
}
static Value math_copysign(Value self, const Value *args, size_t nargs) {
    TWO_NUMBERS(x, y)
    return float_new(copysign(x, y));
}
static Value math_nextafter(Value self, const Value *args, size_t nargs) {
    TWO_NUMBERS(x, y)
    return float_new(nextafter(x, y));
}
static Value math_fmod(Value self, const Value *args, size_t nargs) {
    TWO_NUMBERS(x, y)
    double r = fmod(x, y);
    if (isnan(r) && !isnan(x) && !isnan(y))
        return math_domain_error();
    return float_new(r);
}
static Value math_remainder(Value self, const Value *args, size_t nargs) {
    TWO_NUMBERS(x, y)
    double r = remainder(x, y);
    if (isnan(r) && !isnan(x) && !isnan(y))
        return math_domain_error();
    return float_new(r);
}
static Value math_pow(Value self, const Value *args, size_t nargs) {
    TWO_NUMBERS(x, y)
    double r = pow(x, y);
    if (UNLIKELY(!isfinite(r)) && isfinite(x) && isfinite(y)) {
        if (isnan(r) || x == 0)
            return math_domain_error();
        return math_range_error();
    }
    return float_new(r);
}

static Value math_ldexp(Value self, const Value *args, size_t nargs) {
    double x;
    if (number(args[0], &x) < 0)
        return VALUE_NULL;
    if (!value_is_any_int(args[1]))
        return raise_type_error("Expected an int as second argument to ldexp.");
    int64_t exponent;
    if (!int_to_i64(args[1], &exponent))
        exponent = int_sign(args[1]) < 0 ? INT64_MIN : INT64_MAX;
    if (x == 0 || !isfinite(x))
        return float_new(x);
    if (exponent > INT_MAX)
        return math_range_error();
    if (exponent < INT_MIN)
        return float_new(copysign(0.0, x));
    double r = ldexp(x, (int)exponent);
    return isinf(r) ? math_range_error() : float_new(r);
}

static Value math_isclose(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"a", "b", "rel_tol", "abs_tol", NULL};
    double a, b, relative = 1e-9, absolute = 0;
    if (LIKELY(nargs == 2 && value_is_null(kwnames))) {
        if (number(args[0], &a) < 0 || number(args[1], &b) < 0)
            return VALUE_NULL;
    } else {
        Value v[4];
        if (arguments_parse("isclose", args, nargs, kwnames, names, 0, 2, 2, v) < 0 ||
            number(v[0], &a) < 0 || number(v[1], &b) < 0 ||
            (!value_is_null(v[2]) && number(v[2], &relative) < 0) ||
            (!value_is_null(v[3]) && number(v[3], &absolute) < 0))
            return VALUE_NULL;
    }
    if (relative < 0 || absolute < 0)
        return raise_value_error("tolerances must be non-negative");
    if (a == b)
        return bool_new(true);
    if (isinf(a) || isinf(b))
        return bool_new(false);
    double difference = fabs(b - a);
    return bool_new(difference <= fabs(relative * b) || difference <= fabs(relative * a) ||
                    difference <= absolute);
}

// ---- lengths ---------------------------------------------------------------------------

enum { FEW = 16 };

static Value norm_of(double *values, int64_t count) {
    double max = 0;
    bool has_nan = false;
    for (int64_t i = 0; i < count; i++) {
        values[i] = fabs(values[i]);
        has_nan |= isnan(values[i]);
        if (values[i] > max)
            max = values[i];
    }
    return float_new(math_norm(values, count, max, has_nan));
}

static Value math_hypot(Value self, const Value *args, size_t nargs) {
    double few[FEW], *values = few;
    if (nargs > FEW && !(values = buffer_allocate(nargs * sizeof(double))))
        return raise_memory_error();
    Value result = VALUE_NULL;
    size_t i;
    for (i = 0; i < nargs; i++)
        if (number(args[i], &values[i]) < 0)
            break;
    if (i == nargs)
        result = norm_of(values, (int64_t)nargs);
    if (values != few)
        buffer_free(values);
    return result;
}

static Value math_dist(Value self, const Value *args, size_t nargs) {
    Value p = tuple_from_iterable(args[0]);
    if (value_is_null(p))
        return p;
    Value q = tuple_from_iterable(args[1]);
    if (value_is_null(q)) {
        ref_release(p);
        return q;
    }
    Value result = VALUE_NULL;
    double few[FEW], *values = few;
    int64_t count = tuple_length(p), i;
    if (tuple_length(q) != count) {
        raise_value_error("both points must have the same number of dimensions");
        goto done;
    }
    if (count > FEW && !(values = buffer_allocate((size_t)count * sizeof(double)))) {
        values = few;
        raise_memory_error();
        goto done;
    }
    for (i = 0; i < count; i++) {
        double a, b;
        if (number(tuple_item(p, i), &a) < 0 || number(tuple_item(q, i), &b) < 0)
            goto done;
        values[i] = a - b;
    }
    result = norm_of(values, count);
done:
    if (values != few)
        buffer_free(values);
    ref_release(p);
    ref_release(q);
    return result;
}

// ---- the module ------------------------------------------------------------------------

static const NativeDef math_functions[] = {
    DEF_ONE("acos", math_acos, "The angle whose cosine is x, between 0 and pi."),
    DEF_ONE("acosh", math_acosh, "The inverse of cosh."),
    DEF_ONE("asin", math_asin, "The angle whose sine is x, between -pi/2 and pi/2."),
    DEF_ONE("asinh", math_asinh, "The inverse of sinh."),
    DEF_ONE("atan", math_atan, "The angle whose tangent is x, between -pi/2 and pi/2."),
    DEF_FIXED("atan2", math_atan2, 2, 2, "The angle of the point (x, y), given as y, x."),
    DEF_ONE("atanh", math_atanh, "The inverse of tanh."),
    DEF_ONE("cbrt", math_cbrt, "The cube root."),
    DEF_ONE("ceil", math_ceil, "The smallest int that is not below x."),
    DEF_FIXED("comb", math_comb, 2, 2, "How many ways there are to choose k of n things."),
    DEF_FIXED("copysign", math_copysign, 2, 2, "The size of x with the sign of y."),
    DEF_ONE("cos", math_cos, "The cosine of x radians."),
    DEF_ONE("cosh", math_cosh, "The hyperbolic cosine."),
    DEF_ONE("degrees", math_degrees, "Radians as degrees."),
    DEF_FIXED("dist", math_dist, 2, 2, "The distance between two points."),
    DEF_ONE("erf", math_erf, "The error function."),
    DEF_ONE("erfc", math_erfc, "One minus the error function."),
    DEF_ONE("exp", math_exp, "e to the power x."),
    DEF_ONE("exp2", math_exp2, "2 to the power x."),
    DEF_ONE("expm1", math_expm1, "exp(x) - 1, accurate for small x."),
    DEF_ONE("fabs", math_fabs, "The size of x, as a float."),
    DEF_ONE("factorial", math_factorial, "The product of the ints from 1 to n."),
    DEF_ONE("floor", math_floor, "The largest int that is not above x."),
    DEF_FIXED("fmod", math_fmod, 2, 2, "The remainder of x / y with the sign of x."),
    DEF_ONE("frexp", math_frexp, "(m, e) with x == m * 2**e and 0.5 <= abs(m) < 1."),
    DEF_ONE("fsum", math_fsum, "The sum of numbers, rounded only once."),
    DEF_ONE("gamma", math_gamma_function, "The gamma function."),
    DEF_FIXED("gcd", math_gcd, 0, -1, "The greatest common divisor."),
    DEF_FIXED("hypot", math_hypot, 0, -1, "The distance of a point from the origin."),
    DEF_VECTOR("isclose", math_isclose,
               "isclose($module, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n--\n\n"
               "Whether two numbers are nearly equal."),
    DEF_ONE("isfinite", math_isfinite, "Neither an infinity nor a NaN."),
    DEF_ONE("isinf", math_isinf, "An infinity of either sign."),
    DEF_ONE("isnan", math_isnan, "Not a number."),
    DEF_ONE("isqrt", math_isqrt, "The square root, rounded down to an int."),
    DEF_FIXED("lcm", math_lcm, 0, -1, "The least common multiple."),
    DEF_FIXED("ldexp", math_ldexp, 2, 2, "x * 2**i."),
    DEF_ONE("lgamma", math_lgamma_function, "The logarithm of the size of gamma(x)."),
    DEF_FIXED("log", math_log, 0, -1, "The logarithm of x, natural or to a base."),
    DEF_ONE("log10", math_log10, "The logarithm to base 10."),
    DEF_ONE("log1p", math_log1p, "log(1 + x), accurate for small x."),
    DEF_ONE("log2", math_log2, "The logarithm to base 2."),
    DEF_ONE("modf", math_modf,
            "The fractional and the whole part, both floats with the sign of x."),
    DEF_FIXED("nextafter", math_nextafter, 2, 2, "The float next to x on the way to y."),
    DEF_FIXED("perm", math_perm, 1, 2, "How many ways there are to choose k of n things in order."),
    DEF_FIXED("pow", math_pow, 2, 2, "x to the power y, as a float."),
    DEF_VECTOR("prod", math_prod,
               "prod($module, iterable, /, *, start=1)\n--\n\nThe product of the items and start."),
    DEF_ONE("radians", math_radians, "Degrees as radians."),
    DEF_FIXED("remainder", math_remainder, 2, 2, "x minus the multiple of y nearest to it."),
    DEF_ONE("sin", math_sin, "The sine of x radians."),
    DEF_ONE("sinh", math_sinh, "The hyperbolic sine."),
    DEF_ONE("sqrt", math_sqrt, "The square root."),
    DEF_ONE("tan", math_tan, "The tangent of x radians."),
    DEF_ONE("tanh", math_tanh, "The hyperbolic tangent."),
    DEF_ONE("trunc", math_trunc, "x without what follows the point, as an int."),
    DEF_ONE("ulp", math_ulp, "The value of the last bit of x."),
    DEF_END,
};

static int math_fill(Value module) {
    math_integer_start();
    if (module_add(module, "pi", float_new(M_PI)) < 0 ||
        module_add(module, "e", float_new(M_E)) < 0 ||
        module_add(module, "tau", float_new(2 * M_PI)) < 0 ||
        module_add(module, "inf", float_new(INFINITY)) < 0)
        return -1;
    return module_add(module, "nan", float_new(NAN));
}

const NativeModule module_math = {
    .name = "math",
    .doc = "Mathematical functions.",
    .functions = math_functions,
    .fill = math_fill,
};
