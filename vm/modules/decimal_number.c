// SPDX-License-Identifier: MIT
//
// Decimal numbers: their memory, rounding to the settings, exact conversions.
//
// Rounding goes as the specification's "finalize" does, in the order that libmpdec has: first the
// exponent's bounds (which round what is subnormal), then the precision. So a number is rounded
// only once.
#include "vm/modules/decimal_internal.h"

void decimal_init(DecimalNumber *n) {
    n->kind = DECIMAL_FINITE;
    n->negative = false;
    n->exponent = 0;
    n->digits = 1;
    n->count = 0;
    n->room = DECIMAL_LOCAL_LIMBS;
    n->limbs = n->local;
}

void decimal_clear(DecimalNumber *n) {
    if (UNLIKELY(n->limbs != n->local)) {
        buffer_free(n->limbs);
        n->limbs = n->local;
        n->room = DECIMAL_LOCAL_LIMBS;
    }
}

void decimal_set_special(DecimalNumber *result, DecimalKind kind, bool negative) {
    result->kind = (uint8_t)kind;
    result->negative = negative;
    result->exponent = 0;
    result->count = 0;
    result->digits = 1;
}

int decimal_copy_signed(DecimalNumber *result, const DecimalView *a, bool negative) {
    if (decimal_reserve(result, a->count) < 0)
        return -1;
    for (int64_t i = 0; i < a->count; i++)
        result->limbs[i] = a->limbs[i];
    result->kind = a->kind;
    result->negative = negative;
    result->exponent = a->exponent;
    result->digits = a->digits;
    result->count = a->count;
    return 0;
}

int decimal_copy(DecimalNumber *result, const DecimalView *a) {
    return decimal_copy_signed(result, a, a->negative);
}

int decimal_from_limbs(DecimalNumber *result, const mp_limb_t *limbs, int64_t count, bool negative,
                       int64_t exponent) {
    if (decimal_reserve(result, count) < 0)
        return -1;
    for (int64_t i = 0; i < count; i++)
        result->limbs[i] = limbs[i];
    result->kind = DECIMAL_FINITE;
    result->negative = negative;
    result->exponent = exponent;
    return decimal_settle(result, count);
}

// ---- rounding ---------------------------------------------------------------------------------

static int last_digit(const DecimalNumber *n) {
    return n->count == 0   ? 0
           : n->count == 1 ? (int)(n->limbs[0] % 10)
                           : (int)mpn_mod_1(n->limbs, n->count, 10);
}

static bool rounds_up(const DecimalNumber *n, DecimalRest rest, DecimalRounding rounding) {
    if (rest == DECIMAL_REST_NONE)
        return false;
    switch (rounding) {
    case DECIMAL_ROUND_UP:
        return true;
    case DECIMAL_ROUND_DOWN:
        return false;
    case DECIMAL_ROUND_CEILING:
        return !n->negative;
    case DECIMAL_ROUND_FLOOR:
        return n->negative;
    case DECIMAL_ROUND_HALF_UP:
        return rest >= DECIMAL_REST_HALF;
    case DECIMAL_ROUND_HALF_DOWN:
        return rest > DECIMAL_REST_HALF;
    case DECIMAL_ROUND_HALF_EVEN:
        return rest > DECIMAL_REST_HALF ||
               (rest == DECIMAL_REST_HALF && n->count > 0 && (n->limbs[0] & 1));
    case DECIMAL_ROUND_05UP:
        return last_digit(n) % 5 == 0;
    }
    return false;
}

// The magnitude becomes larger by one.
static int increment(DecimalNumber *n) {
    if (n->count == 0) {
        decimal_set_wide(n, 1);
        return 0;
    }
    if (LIKELY(n->limbs[0] != ~(mp_limb_t)0)) {
        n->limbs[0]++;
        // There are more digits than before only if it is 10^digits now.
        return __builtin_ctzll(n->limbs[0]) < n->digits ? 0 : decimal_settle(n, n->count);
    }
    if (decimal_grow(n, n->count + 1) < 0)
        return -1;
    mp_limb_t carry = mpn_add_1(n->limbs, n->limbs, n->count, 1);
    if (carry)
        n->limbs[n->count] = carry;
    return decimal_settle(n, n->count + (carry != 0));
}

int decimal_round_rest(DecimalNumber *n, DecimalRest rest, DecimalRounding rounding) {
    return rounds_up(n, rest, rounding) ? increment(n) : 0;
}

int decimal_set_largest(DecimalNumber *result, bool negative, const DecimalSettings *s) {
    if (decimal_power_of_ten(result, s->precision) < 0)
        return -1;
    mpn_sub_1(result->limbs, result->limbs, result->count, 1);
    result->count -= result->limbs[result->count - 1] == 0;
    result->digits = s->precision;
    result->kind = DECIMAL_FINITE;
    result->negative = negative;
    result->exponent = decimal_etop(s);
    return 0;
}

static int overflow(DecimalNumber *n, DecimalSettings *s) {
    s->status |= DECIMAL_OVERFLOW | DECIMAL_INEXACT | DECIMAL_ROUNDED;
    if (s->rounding == DECIMAL_ROUND_DOWN || s->rounding == DECIMAL_ROUND_05UP ||
        s->rounding == (n->negative ? DECIMAL_ROUND_CEILING : DECIMAL_ROUND_FLOOR))
        return decimal_set_largest(n, n->negative, s);
    decimal_set_special(n, DECIMAL_INFINITE, n->negative);
    return 0;
}

// Zeros are appended until the exponent is as low as clamping wants it.
static int fold_down(DecimalNumber *n, DecimalSettings *s) {
    int64_t shift = n->exponent - decimal_etop(s);
    if (n->count > 0) {
        DecimalNumber copy;
        decimal_init(&copy);
        DecimalView view = decimal_view(n);
        int result = decimal_copy(&copy, &view);
        view = decimal_view(&copy);
        if (result == 0)
            result = decimal_scale_up(n, &view, shift);
        decimal_clear(&copy);
        if (result < 0)
            return -1;
    }
    n->exponent -= shift;
    s->status |= DECIMAL_CLAMPED;
    return 0;
}

static int round_subnormal(DecimalNumber *n, DecimalSettings *s) {
    s->status |= DECIMAL_SUBNORMAL;
    int64_t etiny = decimal_etiny(s);
    if (n->exponent >= etiny)
        return 0;
    DecimalRest rest;
    if (decimal_scale_down(n, etiny - n->exponent, &rest) < 0)
        return -1;
    n->exponent = etiny;
    s->status |= DECIMAL_ROUNDED;
    if (rest == DECIMAL_REST_NONE)
        return 0;
    s->status |= DECIMAL_INEXACT | DECIMAL_UNDERFLOW;
    if (decimal_round_rest(n, rest, s->rounding) < 0)
        return -1;
    if (n->count == 0)
        s->status |= DECIMAL_CLAMPED;
    return 0;
}

static int bound_zero(DecimalNumber *n, DecimalSettings *s) {
    int64_t most = s->clamp ? decimal_etop(s) : s->exponent_max, least = decimal_etiny(s);
    int64_t exponent = n->exponent > most ? most : n->exponent < least ? least : n->exponent;
    if (exponent != n->exponent) {
        n->exponent = exponent;
        s->status |= DECIMAL_CLAMPED;
    }
    return 0;
}

static int bound_exponent(DecimalNumber *n, DecimalSettings *s) {
    if (n->count == 0)
        return bound_zero(n, s);
    int64_t adjusted = n->exponent + n->digits - 1;
    if (adjusted > s->exponent_max)
        return overflow(n, s);
    if (s->clamp && n->exponent > decimal_etop(s)) {
        if (adjusted < s->exponent_min)
            s->status |= DECIMAL_SUBNORMAL;
        return fold_down(n, s);
    }
    return adjusted < s->exponent_min ? round_subnormal(n, s) : 0;
}

// A NaN keeps the lowest digits of its information that fit.
static int bound_information(DecimalNumber *n, DecimalSettings *s) {
    int64_t most = s->precision - s->clamp;
    if (n->count == 0 || n->digits <= most)
        return 0;
    if (most > 0)
        return decimal_keep_low(n, most);
    decimal_set_wide(n, 0);
    return 0;
}

int decimal_finish_rounded(DecimalNumber *n, DecimalRest rest, DecimalSettings *s) {
    s->status |= DECIMAL_ROUNDED;
    if (rest == DECIMAL_REST_NONE)
        return 0;
    s->status |= DECIMAL_INEXACT;
    if (decimal_round_rest(n, rest, s->rounding) < 0)
        return -1;
    if (LIKELY(n->digits <= s->precision))
        return 0;
    // All digits were 9.
    if (decimal_scale_down(n, 1, &rest) < 0)
        return -1;
    n->exponent++;
    return bound_exponent(n, s);
}

static int finish_slowly(DecimalNumber *n, DecimalSettings *s) {
    if (n->kind != DECIMAL_FINITE)
        return n->kind == DECIMAL_INFINITE ? 0 : bound_information(n, s);
    if (bound_exponent(n, s) < 0)
        return -1;
    if (n->kind != DECIMAL_FINITE || n->digits <= s->precision)
        return 0;
    DecimalRest rest;
    int64_t shift = n->digits - s->precision;
    if (decimal_scale_down(n, shift, &rest) < 0)
        return -1;
    n->exponent += shift;
    return decimal_finish_rounded(n, rest, s);
}

int decimal_finish(DecimalNumber *result, DecimalSettings *s) {
    int64_t adjusted = result->exponent + result->digits - 1;
    if (LIKELY(result->kind == DECIMAL_FINITE && result->digits <= s->precision &&
               adjusted <= s->exponent_max && adjusted >= s->exponent_min && !s->clamp))
        return 0;
    return finish_slowly(result, s);
}

// ---- NaNs -------------------------------------------------------------------------------------

int decimal_propagate(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                      const DecimalView *c, DecimalSettings *s) {
    const DecimalView *operands[3] = {a, b, c}, *chosen = NULL;
    for (int i = 0; i < 3 && operands[i]; i++) {
        if (operands[i]->kind == DECIMAL_SIGNALING_NAN) {
            s->status |= DECIMAL_INVALID_OPERATION;
            chosen = operands[i];
            break;
        }
        if (!chosen && operands[i]->kind == DECIMAL_QUIET_NAN)
            chosen = operands[i];
    }
    if (!chosen)
        return 0;
    if (decimal_copy(result, chosen) < 0)
        return -1;
    result->kind = DECIMAL_QUIET_NAN;
    result->exponent = 0;
    return bound_information(result, s) < 0 ? -1 : 1;
}

// ---- whole numbers ----------------------------------------------------------------------------

// The digits before the point; *rest tells about those behind it.
static int whole_part(DecimalNumber *n, const DecimalView *a, DecimalRest *rest) {
    *rest = DECIMAL_REST_NONE;
    if (a->exponent >= 0)
        return decimal_scale_up(n, a, a->exponent);
    if (decimal_copy(n, a) < 0)
        return -1;
    return decimal_scale_down(n, -a->exponent, rest);
}

// As the above, of a with a negative exponent that is not 0: -1, or is there nothing behind the
// point and is what is before it odd?
static int inspect(const DecimalView *a, bool odd) {
    if (-a->exponent >= a->digits)
        return false;
    DecimalNumber n;
    DecimalRest rest;
    decimal_init(&n);
    int result = whole_part(&n, a, &rest);
    if (result == 0)
        result = rest == DECIMAL_REST_NONE && (!odd || (n.limbs[0] & 1));
    decimal_clear(&n);
    return result;
}

int decimal_is_integral(const DecimalView *a) {
    return a->count == 0 || a->exponent >= 0 ? true : inspect(a, false);
}

int decimal_is_odd(const DecimalView *a) {
    if (a->count == 0 || a->exponent > 0)
        return false;
    return a->exponent == 0 ? (int)(a->limbs[0] & 1) : inspect(a, true);
}

int decimal_to_limbs(const DecimalView *a, mp_limb_t **out, int64_t *count) {
    DecimalNumber n;
    DecimalRest rest;
    decimal_init(&n);
    int result = whole_part(&n, a, &rest);
    if (result == 0) {
        *count = n.count;
        if (n.limbs != n.local) {
            *out = n.limbs; // n's memory goes over
            return 0;
        }
        *out = buffer_allocate((size_t)(n.count + 1) * sizeof **out);
        if (*out) {
            memcpy(*out, n.limbs, (size_t)n.count * sizeof **out);
        } else {
            raise_memory_error();
            result = -1;
        }
    }
    decimal_clear(&n);
    return result;
}
