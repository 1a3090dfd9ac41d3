// SPDX-License-Identifier: MIT
//
// The `cmath` module: functions of complex numbers. Inverse functions by W. Kahan's formulas
// ("Branch cuts for complex elementary functions", 1987), which keep their accuracy near the cuts;
// infinities and NaNs are left to the C library, whose special values are those of C17's annex G,
// as Python's are. Nothing here has state.
#include "vm/modules/math_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include <complex.h>
#undef I
#include <float.h>
#include <math.h>

typedef double complex Complex;

static inline Complex pair(double real, double imaginary) {
    return CMPLX(real, imaginary);
}

static int number(Value v, Complex *out) {
    if (value_is_object(v) && value_is_instance(v, &complex_type)) {
        ComplexObject *c = (ComplexObject *)value_object(v);
        *out = pair(c->real, c->imaginary);
        return 0;
    }
    if (value_is_object(v) && !value_is_exact_float(v) && value_type(v) != &int_type) {
        Value method;
        int found = value_lookup_special(v, name___complex__, &method);
        if (found < 0)
            return -1;
        if (found) { // complex() knows what the method may give
            ref_release(method);
            Value c = value_call_one(value_from_object(&complex_type), v);
            if (value_is_null(c))
                return -1;
            ComplexObject *o = (ComplexObject *)value_object(c);
            *out = pair(o->real, o->imaginary);
            ref_release(c);
            return 0;
        }
    }
    double d;
    if (value_to_double(v, &d) < 0)
        return -1;
    *out = pair(d, 0);
    return 0;
}

static bool is_finite(Complex z) {
    return isfinite(creal(z)) && isfinite(cimag(z));
}

static Value result(Complex z) {
    return complex_new(creal(z), cimag(z));
}

// ---- roots and inverses ----------------------------------------------------------------

static Complex root(Complex z) {
    double a = creal(z), b = cimag(z);
    if (!is_finite(z))
        return csqrt(z);
    if (a == 0 && b == 0)
        return pair(0, b);
    double x = fabs(a), y = fabs(b), s;
    if (x < DBL_MIN && y < DBL_MIN && (x > 0 || y > 0)) { // subnormal: scaled up
        x = ldexp(x, 54);
        s = ldexp(sqrt((x + hypot(x, ldexp(y, 54))) / 2), -27);
    } else {
        x /= 8;
        s = 2 * sqrt(x + hypot(x, y / 8));
    }
    double d = y / (2 * s);
    return a >= 0 ? pair(s, copysign(d, b)) : pair(d, copysign(s, b));
}

#define LARGE (DBL_MAX / 4)
static bool is_large(Complex z) {
    return fabs(creal(z)) > LARGE || fabs(cimag(z)) > LARGE;
}

// log(|z| / 2), for the inverse functions of large numbers.
static double log_of_half(Complex z) {
    return log(hypot(creal(z) / 2, cimag(z) / 2));
}

static Complex arc_cosine(Complex z) {
    if (!is_finite(z))
        return cacos(z);
    double a = creal(z), b = cimag(z);
    if (is_large(z)) {
        double size = log_of_half(z) + M_LN2 * 2;
        return pair(atan2(fabs(b), a), a < 0 ? -copysign(size, b) : copysign(size, -b));
    }
    Complex s = root(pair(1 - a, -b)), t = root(pair(1 + a, b));
    return pair(2 * atan2(creal(s), creal(t)), asinh(creal(t) * cimag(s) - cimag(t) * creal(s)));
}

static Complex arc_hyperbolic_cosine(Complex z) {
    if (isnan(cimag(z)) && isfinite(creal(z)))
        return pair(NAN, NAN); // the C library has an imaginary part for 0
    if (!is_finite(z))
        return cacosh(z);
    double a = creal(z), b = cimag(z);
    if (is_large(z))
        return pair(log_of_half(z) + M_LN2 * 2, atan2(b, a));
    Complex s = root(pair(a - 1, b)), t = root(pair(a + 1, b));
    return pair(asinh(creal(s) * creal(t) + cimag(s) * cimag(t)), 2 * atan2(cimag(s), creal(t)));
}

static Complex arc_hyperbolic_sine(Complex z) {
    if (!is_finite(z))
        return casinh(z);
    double a = creal(z), b = cimag(z);
    if (is_large(z)) {
        double size = log_of_half(z) + M_LN2 * 2;
        return pair(copysign(size, a), atan2(b, fabs(a)));
    }
    Complex s = root(pair(1 + b, -a)), t = root(pair(1 - b, a));
    return pair(asinh(creal(s) * cimag(t) - creal(t) * cimag(s)),
                atan2(b, creal(s) * creal(t) - cimag(s) * cimag(t)));
}

static Complex arc_hyperbolic_tangent(Complex z) {
    if (!is_finite(z))
        return catanh(z);
    double a = creal(z), b = cimag(z);
    if (a < 0 || (a == 0 && signbit(a))) {
        Complex r = arc_hyperbolic_tangent(pair(-a, -b));
        return pair(-creal(r), -cimag(r));
    }
    double y = fabs(b);
    const double root_large = sqrt(LARGE);
    if (a > root_large || y > root_large) {
        double h = hypot(a / 2, b / 2); // may be as large as DBL_MAX / 2
        return pair(a / 4 / h / h, -copysign(M_PI / 2, -b));
    }
    if (a == 1 && y < sqrt(DBL_MIN)) {
        if (y == 0)
            return pair(INFINITY, b);
        return pair(-log(sqrt(y) / sqrt(hypot(y, 2))), copysign(atan2(2, -y) / 2, b));
    }
    return pair(log1p(4 * a / ((1 - a) * (1 - a) + y * y)) / 4,
                -atan2(-2 * b, (1 - a) * (1 + a) - y * y) / 2);
}

// f(z) = -i g(i z)
static Complex turned(Complex z, Complex (*function)(Complex)) {
    Complex r = function(pair(-cimag(z), creal(z)));
    return pair(cimag(r), -creal(r));
}
static Complex arc_sine(Complex z) {
    return turned(z, arc_hyperbolic_sine);
}
static Complex arc_tangent(Complex z) {
    return turned(z, arc_hyperbolic_tangent);
}

static Complex logarithm(Complex z) {
    double a = fabs(creal(z)), b = fabs(cimag(z)), size;
    if (!is_finite(z))
        return clog(z);
    if (a > LARGE || b > LARGE) {
        size = log(hypot(a / 2, b / 2)) + M_LN2;
    } else if (a < DBL_MIN && b < DBL_MIN) {
        if (a == 0 && b == 0)
            return pair(-INFINITY, atan2(cimag(z), creal(z)));
        size = log(hypot(ldexp(a, DBL_MANT_DIG), ldexp(b, DBL_MANT_DIG))) - DBL_MANT_DIG * M_LN2;
    } else {
        double h = hypot(a, b);
        if (h >= 0.71 && h <= 1.73) { // near 1 the logarithm of the size loses its digits
            double larger = a > b ? a : b, smaller = a > b ? b : a;
            size = log1p((larger - 1) * (larger + 1) + smaller * smaller) / 2;
        } else {
            size = log(h);
        }
    }
    return pair(size, atan2(cimag(z), creal(z)));
}

// ---- exponentials ----------------------------------------------------------------------

static double log_large(void) {
    return log(LARGE);
} // beyond it exp and cosh may overflow

static Complex exponential(Complex z) {
    double a = creal(z), b = cimag(z);
    if (!is_finite(z))
        return cexp(z);
    if (a > log_large()) {
        double size = exp(a - 1);
        return pair(size * cos(b) * M_E, size * sin(b) * M_E);
    }
    double size = exp(a);
    return pair(size * cos(b), size * sin(b));
}

static Complex hyperbolic_cosine(Complex z) {
    double a = creal(z), b = cimag(z);
    if (!is_finite(z))
        return ccosh(z);
    if (fabs(a) > log_large()) {
        double less = a - copysign(1, a);
        return pair(cos(b) * cosh(less) * M_E, sin(b) * sinh(less) * M_E);
    }
    return pair(cos(b) * cosh(a), sin(b) * sinh(a));
}

static Complex hyperbolic_sine(Complex z) {
    double a = creal(z), b = cimag(z);
    if (!is_finite(z))
        return csinh(z);
    if (fabs(a) > log_large()) {
        double less = a - copysign(1, a);
        return pair(cos(b) * sinh(less) * M_E, sin(b) * cosh(less) * M_E);
    }
    return pair(cos(b) * sinh(a), sin(b) * cosh(a));
}

static Complex hyperbolic_tangent(Complex z) {
    double a = creal(z), b = cimag(z);
    if (!is_finite(z)) // Annex G has a real part of 0 where the other one is no number
        return a == 0 && isnan(b) ? pair(b, b) : ctanh(z);
    if (fabs(a) > log_large())
        return pair(copysign(1, a), 4 * sin(b) * cos(b) * exp(-2 * fabs(a)));
    double x = tanh(a), y = tan(b), c = 1 / cosh(a), d = 1 + x * y * (x * y);
    return pair(x * (1 + y * y) / d, y / d * c * c);
}

static Complex cosine(Complex z) {
    return hyperbolic_cosine(pair(-cimag(z), creal(z)));
}
static Complex sine(Complex z) {
    return turned(z, hyperbolic_sine);
}
static Complex tangent(Complex z) {
    return turned(z, hyperbolic_tangent);
}

// ---- checked functions -----------------------------------------------------------------

static Value range_checked(Complex z, Complex r) {
    if (UNLIKELY(!is_finite(r)) && is_finite(z))
        return math_range_error();
    return result(r);
}

// Functions that are defined everywhere but, some of them, at single points.
#define INVERSE(name, function)                                                                    \
    static Value cmath_##name(Value self, Value v) {                                               \
        Complex z;                                                                                 \
        if (number(v, &z) < 0)                                                                     \
            return VALUE_NULL;                                                                     \
        Complex r = function(z);                                                                   \
        return UNLIKELY(!is_finite(r)) && is_finite(z) ? math_domain_error() : result(r);          \
    }
INVERSE(acos, arc_cosine)
INVERSE(acosh, arc_hyperbolic_cosine)
INVERSE(asin, arc_sine)
INVERSE(asinh, arc_hyperbolic_sine)
INVERSE(atan, arc_tangent)
INVERSE(atanh, arc_hyperbolic_tangent)
INVERSE(sqrt, root)
#undef INVERSE

// Periodic ones have no value where the angle is infinite (unless it does not matter); the rule is
// in terms of the size a and the angle b.
#define PERIODIC(name, function, size, angle, matters)                                             \
    static Value cmath_##name(Value self, Value v) {                                               \
        Complex z;                                                                                 \
        if (number(v, &z) < 0)                                                                     \
            return VALUE_NULL;                                                                     \
        double a = size, b = angle;                                                                \
        if (UNLIKELY(isinf(b)) && (matters))                                                       \
            return math_domain_error();                                                            \
        return range_checked(z, function(z));                                                      \
    }
PERIODIC(exp, exponential, creal(z), cimag(z), isfinite(a) || a > 0)
PERIODIC(cosh, hyperbolic_cosine, creal(z), cimag(z), !isnan(a))
PERIODIC(sinh, hyperbolic_sine, creal(z), cimag(z), !isnan(a))
PERIODIC(tanh, hyperbolic_tangent, creal(z), cimag(z), isfinite(a))
PERIODIC(cos, cosine, cimag(z), creal(z), !isnan(a))
PERIODIC(sin, sine, cimag(z), creal(z), !isnan(a))
PERIODIC(tan, tangent, cimag(z), creal(z), isfinite(a))
#undef PERIODIC

static Value cmath_log(Value self, const Value *args, size_t nargs) {
    Complex z, base;
    if (number(args[0], &z) < 0)
        return VALUE_NULL;
    if (nargs > 1 && number(args[1], &base) < 0)
        return VALUE_NULL;
    Complex r = logarithm(z);
    if (nargs == 1)
        return creal(z) == 0 && cimag(z) == 0 ? math_domain_error() : result(r);
    if (creal(base) == 0 && cimag(base) == 0)
        return math_domain_error();
    Complex divisor = logarithm(base);
    if (creal(divisor) == 0 && cimag(divisor) == 0)
        return math_domain_error();
    Value top = result(r), bottom = result(divisor);
    Value quotient = VALUE_NULL;
    if (!value_is_null(top) && !value_is_null(bottom))
        quotient = value_binary(top, bottom, BINARY_TRUE_DIVIDE);
    ref_release(top);
    ref_release(bottom);
    return quotient;
}

static Value cmath_log10(Value self, Value v) {
    Complex z;
    if (number(v, &z) < 0)
        return VALUE_NULL;
    if (creal(z) == 0 && cimag(z) == 0)
        return math_domain_error();
    Complex r = logarithm(z);
    return complex_new(creal(r) / M_LN10, cimag(r) / M_LN10);
}

// ---- polar coordinates -----------------------------------------------------------------

static Value cmath_phase(Value self, Value v) {
    Complex z;
    return number(v, &z) < 0 ? VALUE_NULL : float_new(atan2(cimag(z), creal(z)));
}

static Value cmath_polar(Value self, Value v) {
    Complex z;
    if (number(v, &z) < 0)
        return VALUE_NULL;
    double size = hypot(creal(z), cimag(z));
    if (isinf(size) && is_finite(z))
        return math_range_error();
    Value r = float_new(size);
    Value phi = value_is_null(r) ? r : float_new(atan2(cimag(z), creal(z)));
    if (value_is_null(phi)) {
        ref_release(r);
        return phi;
    }
    return tuple_pair_owned(r, phi);
}

static Value cmath_rect(Value self, const Value *args, size_t nargs) {
    double r, phi;
    if (value_to_double(args[0], &r) < 0 || value_to_double(args[1], &phi) < 0)
        return VALUE_NULL;
    if (isinf(phi)) {
        if (r != 0 && !isnan(r))
            return math_domain_error();
        return r == 0 ? complex_new(0, 0) : complex_new(NAN, NAN);
    }
    if (phi == 0)
        return complex_new(r, isfinite(r) ? r * phi
                              : isnan(r)  ? 0
                                          : copysign(0, r) * copysign(1, phi));
    if (isinf(r) && isfinite(phi))
        return r > 0 ? complex_new(copysign(INFINITY, cos(phi)), copysign(INFINITY, sin(phi)))
                     : complex_new(-copysign(INFINITY, cos(phi)), -copysign(INFINITY, sin(phi)));
    if (isnan(phi) && r == 0)
        return complex_new(0, 0);
    if (isnan(phi) && isinf(r))
        return complex_new(INFINITY, NAN);
    return complex_new(r * cos(phi), r * sin(phi));
}

// ---- questions -------------------------------------------------------------------------

#define QUESTION(name, condition)                                                                  \
    static Value cmath_##name(Value self, Value v) {                                               \
        Complex z;                                                                                 \
        return number(v, &z) < 0 ? VALUE_NULL : bool_new(condition);                               \
    }
QUESTION(isfinite, is_finite(z))
QUESTION(isnan, isnan(creal(z)) || isnan(cimag(z)))
QUESTION(isinf, isinf(creal(z)) || isinf(cimag(z)))
#undef QUESTION

static Value cmath_isclose(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"a", "b", "rel_tol", "abs_tol", NULL};
    Value v[4];
    if (arguments_parse("isclose", args, nargs, kwnames, names, 0, 2, 2, v) < 0)
        return VALUE_NULL;
    Complex a, b;
    double relative = 1e-9, absolute = 0;
    if (number(v[0], &a) < 0 || number(v[1], &b) < 0 ||
        (!value_is_null(v[2]) && value_to_double(v[2], &relative) < 0) ||
        (!value_is_null(v[3]) && value_to_double(v[3], &absolute) < 0))
        return VALUE_NULL;
    if (relative < 0 || absolute < 0)
        return raise_value_error("tolerances must be non-negative");
    if (creal(a) == creal(b) && cimag(a) == cimag(b))
        return bool_new(true);
    if (isinf(creal(a)) || isinf(cimag(a)) || isinf(creal(b)) || isinf(cimag(b)))
        return bool_new(false);
    double difference = hypot(creal(a) - creal(b), cimag(a) - cimag(b));
    return bool_new(difference <= relative * hypot(creal(b), cimag(b)) ||
                    difference <= relative * hypot(creal(a), cimag(a)) || difference <= absolute);
}

// ---- the module ------------------------------------------------------------------------

static const NativeDef cmath_functions[] = {
    DEF_ONE("acos", cmath_acos, "The inverse of cos."),
    DEF_ONE("acosh", cmath_acosh, "The inverse of cosh."),
    DEF_ONE("asin", cmath_asin, "The inverse of sin."),
    DEF_ONE("asinh", cmath_asinh, "The inverse of sinh."),
    DEF_ONE("atan", cmath_atan, "The inverse of tan."),
    DEF_ONE("atanh", cmath_atanh, "The inverse of tanh."),
    DEF_ONE("cos", cmath_cos, "The cosine."),
    DEF_ONE("cosh", cmath_cosh, "The hyperbolic cosine."),
    DEF_ONE("exp", cmath_exp, "e to the power z."),
    DEF_VECTOR("isclose", cmath_isclose,
               "isclose($module, a, b, *, rel_tol=1e-09, abs_tol=0.0)\n--\n\n"
               "Whether two numbers are nearly equal."),
    DEF_ONE("isfinite", cmath_isfinite, "Whether both parts are finite."),
    DEF_ONE("isinf", cmath_isinf, "Whether a part is infinite."),
    DEF_ONE("isnan", cmath_isnan, "Whether a part is a NaN."),
    DEF_FIXED("log", cmath_log, 1, 2, "The logarithm, natural or to a base."),
    DEF_ONE("log10", cmath_log10, "The logarithm to base 10."),
    DEF_ONE("phase", cmath_phase, "The angle of a number."),
    DEF_ONE("polar", cmath_polar, "The size and the angle of a number."),
    DEF_FIXED("rect", cmath_rect, 2, 2, "The number of a size and an angle."),
    DEF_ONE("sin", cmath_sin, "The sine."),
    DEF_ONE("sinh", cmath_sinh, "The hyperbolic sine."),
    DEF_ONE("sqrt", cmath_sqrt, "The square root with the positive real part."),
    DEF_ONE("tan", cmath_tan, "The tangent."),
    DEF_ONE("tanh", cmath_tanh, "The hyperbolic tangent."),
    DEF_END,
};

static int cmath_fill(Value module) {
    if (module_add(module, "pi", float_new(M_PI)) < 0 ||
        module_add(module, "e", float_new(M_E)) < 0 ||
        module_add(module, "tau", float_new(2 * M_PI)) < 0 ||
        module_add(module, "inf", float_new(INFINITY)) < 0 ||
        module_add(module, "infj", complex_new(0, INFINITY)) < 0 ||
        module_add(module, "nanj", complex_new(0, NAN)) < 0)
        return -1;
    return module_add(module, "nan", float_new(NAN));
}

const NativeModule module_cmath = {
    .name = "cmath",
    .doc = "Mathematical functions of complex numbers.",
    .functions = cmath_functions,
    .fill = cmath_fill,
};
