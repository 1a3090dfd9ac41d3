// SPDX-License-Identifier: MIT
//
// Exponents and digits of decimal numbers: rounding to an exponent, scaling, moving digits, logic
// on digits.
#include "vm/modules/decimal_internal.h"

// ---- rounding to an exponent ------------------------------------------------------------------

// result = a, finite, with this exponent, rounded. *rest: what was dropped.
static int move_exponent(DecimalNumber *result, const DecimalView *a, int64_t exponent,
                         DecimalRounding rounding, DecimalRest *rest) {
    *rest = DECIMAL_REST_NONE;
    int done;
    if (a->exponent >= exponent) {
        done = decimal_scale_up(result, a, a->exponent - exponent);
    } else {
        done = decimal_copy(result, a);
        if (done == 0)
            done = decimal_scale_down(result, exponent - a->exponent, rest);
    }
    result->kind = DECIMAL_FINITE;
    result->negative = a->negative;
    result->exponent = exponent;
    return done < 0 ? -1 : decimal_round_rest(result, *rest, rounding);
}

int decimal_quantize(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                     DecimalSettings *s) {
    if (UNLIKELY(decimal_is_special(a) || decimal_is_special(b))) {
        int nan = decimal_propagate(result, a, b, NULL, s);
        if (nan)
            return nan < 0 ? -1 : 0;
        return a->kind == b->kind ? decimal_copy(result, a)
                                  : decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    }
    int64_t exponent = b->exponent, shift = a->exponent - exponent;
    if (exponent > s->exponent_max || exponent < decimal_etiny(s))
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    if (a->count == 0) {
        decimal_set_small(result, a->negative, 0, exponent);
        return decimal_finish(result, s);
    }
    if (a->digits + shift > s->precision)
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    DecimalRest rest;
    if (move_exponent(result, a, exponent, s->rounding, &rest) < 0)
        return -1;
    int64_t adjusted = result->exponent + result->digits - 1;
    if (result->digits > s->precision || adjusted > s->exponent_max)
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    if (shift < 0)
        s->status |= DECIMAL_ROUNDED;
    if (rest != DECIMAL_REST_NONE)
        s->status |= DECIMAL_INEXACT;
    return decimal_finish(result, s);
}

int decimal_rescale(DecimalNumber *result, const DecimalView *a, int64_t exponent,
                    DecimalSettings *s) {
    if (decimal_is_special(a))
        return decimal_copy(result, a);
    if (exponent > DECIMAL_MAX_EMAX + 1 || exponent < DECIMAL_MIN_ETINY - 1 ||
        (a->count > 0 && a->digits + a->exponent - exponent > DECIMAL_MAX_PREC + 1))
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    DecimalRest rest;
    if (move_exponent(result, a, exponent, s->rounding, &rest) < 0)
        return -1;
    if (a->exponent < exponent)
        s->status |= DECIMAL_ROUNDED;
    if (rest != DECIMAL_REST_NONE)
        s->status |= DECIMAL_INEXACT;
    if (result->count > 0 && result->exponent + result->digits - 1 < s->exponent_min)
        s->status |= DECIMAL_SUBNORMAL;
    return 0;
}

static int to_integral(DecimalNumber *result, const DecimalView *a, DecimalSettings *s,
                       bool report) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (a->kind == DECIMAL_INFINITE || a->exponent >= 0)
        return decimal_copy(result, a);
    DecimalRest rest;
    if (move_exponent(result, a, 0, s->rounding, &rest) < 0)
        return -1;
    if (report && a->count > 0)
        s->status |=
            rest == DECIMAL_REST_NONE ? DECIMAL_ROUNDED : DECIMAL_ROUNDED | DECIMAL_INEXACT;
    return 0;
}

int decimal_to_integral_exact(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return to_integral(result, a, s, true);
}
int decimal_to_integral_value(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return to_integral(result, a, s, false);
}

// ---- exponents --------------------------------------------------------------------------------

int decimal_normalize(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (decimal_copy(result, a) < 0 || decimal_finish(result, s) < 0)
        return -1;
    if (result->kind != DECIMAL_FINITE)
        return 0;
    if (result->count == 0) {
        result->exponent = 0;
        return 0;
    }
    int64_t most = s->clamp ? decimal_etop(s) : s->exponent_max;
    return decimal_strip(result, most - result->exponent);
}

int decimal_logb(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (a->kind == DECIMAL_INFINITE) {
        decimal_set_special(result, DECIMAL_INFINITE, false);
        return 0;
    }
    if (a->count == 0) {
        decimal_set_special(result, DECIMAL_INFINITE, true);
        s->status |= DECIMAL_DIVISION_BY_ZERO;
        return 0;
    }
    int64_t adjusted = decimal_adjusted(a);
    decimal_set_small(result, adjusted < 0, (mp_limb_t)(adjusted < 0 ? -adjusted : adjusted), 0);
    return decimal_finish(result, s);
}

// The whole number that b, an operand that tells how far, must be: within +-limit. false: it is
// none.
static bool distance(const DecimalView *b, int64_t limit, int64_t *out) {
    if (decimal_is_special(b) || b->exponent != 0 || b->count > 1)
        return false;
    mp_limb_t n = b->count ? b->limbs[0] : 0;
    if (n > (mp_limb_t)limit)
        return false;
    *out = b->negative ? -(int64_t)n : (int64_t)n;
    return true;
}

// Exponents beyond these are beyond all settings, with however many digits.
#define EXPONENT_HIGH 2000000000000000001
#define EXPONENT_LOW (-4000000000000000001)

int decimal_scaleb(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                   DecimalSettings *s) {
    int nan = decimal_propagate(result, a, b, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    int64_t by;
    if (!distance(b, 2 * (s->exponent_max + s->precision), &by))
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    if (decimal_copy(result, a) < 0)
        return -1;
    if (a->kind == DECIMAL_INFINITE)
        return 0;
    result->exponent += by; // at most 1e18 + 4e18, at least -2e18 - 4e18
    if (result->exponent > EXPONENT_HIGH)
        result->exponent = EXPONENT_HIGH;
    if (result->exponent < EXPONENT_LOW)
        result->exponent = EXPONENT_LOW;
    return decimal_finish(result, s);
}

// ---- moving digits ----------------------------------------------------------------------------

// What shift and rotate do with NaNs, infinities and a bad second operand: 1 if it was such a case.
static int move_special(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                        DecimalSettings *s, int64_t *by) {
    int nan = decimal_propagate(result, a, b, NULL, s);
    if (nan)
        return nan;
    if (!distance(b, s->precision, by)) {
        decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
        return 1;
    }
    if (a->kind == DECIMAL_INFINITE)
        return decimal_copy(result, a) < 0 ? -1 : 1;
    return 0;
}

int decimal_shift(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                  DecimalSettings *s) {
    int64_t by;
    int special = move_special(result, a, b, s, &by);
    if (special)
        return special < 0 ? -1 : 0;
    result->kind = DECIMAL_FINITE;
    result->negative = a->negative;
    result->exponent = a->exponent;
    if (by >= 0) {
        DecimalNumber low; // only digits that stay are moved
        decimal_init(&low);
        int done = decimal_copy(&low, a);
        if (done == 0)
            done = decimal_keep_low(&low, s->precision - by);
        DecimalView view = decimal_view(&low);
        if (done == 0)
            done = decimal_scale_up(result, &view, by);
        decimal_clear(&low);
        return done;
    }
    DecimalRest rest;
    if (decimal_copy(result, a) < 0 || decimal_keep_low(result, s->precision) < 0)
        return -1;
    return decimal_scale_down(result, -by, &rest);
}

int decimal_rotate(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                   DecimalSettings *s) {
    int64_t by;
    int special = move_special(result, a, b, s, &by);
    if (special)
        return special < 0 ? -1 : 0;
    if (by < 0)
        by += s->precision;
    DecimalNumber high, low;
    DecimalRest rest;
    decimal_init(&high);
    decimal_init(&low);
    int done = decimal_copy(&high, a);
    if (done == 0)
        done = decimal_keep_low(&high, s->precision);
    DecimalView view = decimal_view(&high);
    if (done == 0)
        done = decimal_copy(&low, &view);
    if (done == 0)
        done = decimal_scale_down(&low, s->precision - by, &rest);
    if (done == 0)
        done = decimal_keep_low(&high, s->precision - by);
    view = decimal_view(&high);
    if (done == 0)
        done = decimal_scale_up(result, &view, by);
    if (done == 0 && low.count > 0) { // fits: result + low < 10^precision
        int64_t count = (result->count > low.count ? result->count : low.count) + 1;
        done = decimal_grow(result, count);
        if (done == 0) {
            memset(result->limbs + result->count, 0,
                   (size_t)(count - result->count) * sizeof *result->limbs);
            mpn_add(result->limbs, result->limbs, count, low.limbs, low.count);
            done = decimal_settle(result, count);
        }
    }
    result->kind = DECIMAL_FINITE;
    result->negative = a->negative;
    result->exponent = a->exponent;
    decimal_clear(&high);
    decimal_clear(&low);
    return done;
}

// ---- logic on digits --------------------------------------------------------------------------

typedef enum { LOGIC_AND, LOGIC_OR, LOGIC_XOR } Logic;

// The digits of a as an operand of logic, right-aligned in `count` places: 0, 1 if one is above 1,
// -1.
static int logic_digits(const DecimalView *a, char *out, int64_t count) {
    memset(out, '0', (size_t)(count - a->digits));
    if (decimal_digits(a, out + (count - a->digits)) < 0)
        return -1;
    for (int64_t i = count - a->digits; i < count; i++)
        if (out[i] > '1')
            return 1;
    return 0;
}

static bool logic_operand(const DecimalView *a) {
    return a->kind == DECIMAL_FINITE && !a->negative && a->exponent == 0;
}

static int combine(DecimalNumber *result, const DecimalView *a, const DecimalView *b, Logic logic,
                   DecimalSettings *s) {
    if (!logic_operand(a) || !logic_operand(b))
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    int64_t count = a->digits > b->digits ? a->digits : b->digits;
    char local[160];
    char *left = count <= 80 ? local : buffer_allocate((size_t)count * 2);
    if (!left) {
        raise_memory_error();
        return -1;
    }
    char *right = left + count;
    int done = logic_digits(a, left, count);
    if (done == 0)
        done = logic_digits(b, right, count);
    if (done == 0) {
        for (int64_t i = 0; i < count; i++) {
            int x = left[i] & 1, y = right[i] & 1;
            left[i] = (char)('0' + (logic == LOGIC_AND  ? (x & y)
                                    : logic == LOGIC_OR ? (x | y)
                                                        : (x ^ y)));
        }
        decimal_set_small(result, false, 0, 0);
        int64_t kept = count < s->precision ? count : s->precision;
        done = decimal_from_digits(result, left + (count - kept), kept);
    } else if (done > 0) {
        done = decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    }
    if (left != local)
        buffer_free(left);
    return done;
}

int decimal_and(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                DecimalSettings *s) {
    return combine(result, a, b, LOGIC_AND, s);
}
int decimal_or(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
               DecimalSettings *s) {
    return combine(result, a, b, LOGIC_OR, s);
}
int decimal_xor(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                DecimalSettings *s) {
    return combine(result, a, b, LOGIC_XOR, s);
}

// As an exclusive or with as many ones as the precision has digits.
int decimal_invert(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    if (!logic_operand(a))
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    DecimalNumber ones;
    decimal_init(&ones);
    int done = decimal_set_largest(&ones, false, s);
    if (done == 0) {
        mpn_divexact_1(ones.limbs, ones.limbs, ones.count, 9);
        ones.exponent = 0;
        done = decimal_settle(&ones, ones.count);
    }
    DecimalView view = decimal_view(&ones);
    if (done == 0)
        done = combine(result, a, &view, LOGIC_XOR, s);
    decimal_clear(&ones);
    return done;
}
