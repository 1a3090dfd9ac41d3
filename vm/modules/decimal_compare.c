// SPDX-License-Identifier: MIT
//
// Order of decimal numbers: comparisons, maximum and minimum, neighbours.
#include "vm/modules/decimal_internal.h"

// ---- order ------------------------------------------------------------------------------------

// The magnitudes of two finite numbers with as many digits before the point, neither 0.
static int order_aligned(const DecimalView *a, const DecimalView *b) {
    if (a->exponent == b->exponent)
        return decimal_compare_magnitudes(a->limbs, a->count, b->limbs, b->count);
    if (a->exponent < b->exponent) {
        int order = order_aligned(b, a);
        return order == -2 ? order : -order;
    }
    int64_t shift = a->exponent - b->exponent; // a's digits + shift are b's digits
    if (b->digits <= DECIMAL_WIDE_DIGITS) {
        DecimalWide left = decimal_wide(a->limbs, a->count) * decimal_wide_power(shift),
                    right = decimal_wide(b->limbs, b->count);
        return left < right ? -1 : left > right;
    }
    DecimalNumber scaled;
    decimal_init(&scaled);
    int order = -2;
    if (decimal_scale_up(&scaled, a, shift) == 0)
        order = decimal_compare_magnitudes(scaled.limbs, scaled.count, b->limbs, b->count);
    decimal_clear(&scaled);
    return order;
}

int decimal_order_magnitudes(const DecimalView *a, const DecimalView *b) {
    if (a->count == 0 || b->count == 0)
        return (a->count != 0) - (b->count != 0);
    int64_t left = decimal_adjusted(a), right = decimal_adjusted(b);
    if (left != right)
        return left < right ? -1 : 1;
    return order_aligned(a, b);
}

static int order_infinite(const DecimalView *a, const DecimalView *b) {
    int left = a->kind == DECIMAL_INFINITE ? a->negative ? -1 : 1 : 0;
    int right = b->kind == DECIMAL_INFINITE ? b->negative ? -1 : 1 : 0;
    return left < right ? -1 : left > right;
}

int decimal_order(const DecimalView *a, const DecimalView *b) {
    if (decimal_is_special(a) || decimal_is_special(b))
        return order_infinite(a, b);
    if (a->negative != b->negative) {
        if (a->count == 0 && b->count == 0)
            return 0;
        return a->negative ? -1 : 1;
    }
    int order = decimal_order_magnitudes(a, b);
    return order == -2 || !a->negative ? order : -order;
}

int decimal_order_equals(const DecimalView *a, const DecimalView *b) {
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = a->exponent < b->exponent ? -1 : a->exponent > b->exponent;
    return a->negative ? -order : order;
}

// The total order without signs: numbers, then signaling NaNs, then quiet ones.
static int order_total_magnitudes(const DecimalView *a, const DecimalView *b) {
    int left = decimal_is_nan(a) ? a->kind == DECIMAL_SIGNALING_NAN ? 1 : 2 : 0;
    int right = decimal_is_nan(b) ? b->kind == DECIMAL_SIGNALING_NAN ? 1 : 2 : 0;
    if (left != right)
        return left < right ? -1 : 1;
    if (left)
        return decimal_compare_magnitudes(a->limbs, a->count, b->limbs, b->count);
    DecimalView a_magnitude = decimal_magnitude(a), b_magnitude = decimal_magnitude(b);
    int order = decimal_order(&a_magnitude, &b_magnitude);
    return order ? order : decimal_order_equals(&a_magnitude, &b_magnitude);
}

static int order_total(const DecimalView *a, const DecimalView *b) {
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    int order = order_total_magnitudes(a, b);
    return order == -2 || !a->negative ? order : -order;
}

// ---- comparisons ------------------------------------------------------------------------------

static int give_order(DecimalNumber *result, int order) {
    if (order == -2)
        return -1;
    decimal_set_small(result, order < 0, order != 0, 0);
    return 0;
}

int decimal_compare(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                    DecimalSettings *s) {
    int nan = decimal_propagate(result, a, b, NULL, s);
    return nan ? nan < 0 ? -1 : 0 : give_order(result, decimal_order(a, b));
}

int decimal_compare_signal(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                           DecimalSettings *s) {
    if (decimal_is_nan(a) || decimal_is_nan(b))
        s->status |= DECIMAL_INVALID_OPERATION;
    return decimal_compare(result, a, b, s);
}

int decimal_compare_total(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                          DecimalSettings *s) {
    return give_order(result, order_total(a, b));
}

int decimal_compare_total_magnitude(DecimalNumber *result, const DecimalView *a,
                                    const DecimalView *b, DecimalSettings *s) {
    return give_order(result, order_total_magnitudes(a, b));
}

// ---- maximum and minimum ----------------------------------------------------------------------

// The larger (sign 1) or the smaller (sign -1) of two.
static int choose(DecimalNumber *result, const DecimalView *a, const DecimalView *b, int sign,
                  bool magnitudes, DecimalSettings *s) {
    const DecimalView *chosen;
    if (a->kind == DECIMAL_QUIET_NAN && !decimal_is_nan(b)) {
        chosen = b;
    } else if (b->kind == DECIMAL_QUIET_NAN && !decimal_is_nan(a)) {
        chosen = a;
    } else {
        int nan = decimal_propagate(result, a, b, NULL, s);
        if (nan)
            return nan < 0 ? -1 : 0;
        DecimalView left = *a, right = *b;
        if (magnitudes)
            left.negative = right.negative = false;
        int order = decimal_order(&left, &right);
        if (order == -2)
            return -1;
        if (order == 0)
            order = decimal_order_equals(a, b);
        chosen = order * sign < 0 ? b : a;
    }
    return decimal_copy(result, chosen) < 0 ? -1 : decimal_finish(result, s);
}

int decimal_max(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                DecimalSettings *s) {
    return choose(result, a, b, 1, false, s);
}
int decimal_max_magnitude(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                          DecimalSettings *s) {
    return choose(result, a, b, 1, true, s);
}
int decimal_min(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                DecimalSettings *s) {
    return choose(result, a, b, -1, false, s);
}
int decimal_min_magnitude(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                          DecimalSettings *s) {
    return choose(result, a, b, -1, true, s);
}

// ---- neighbours -------------------------------------------------------------------------------

// The nearest number of the settings that lies beyond a, upwards or downwards. Nothing but invalid
// operations is reported.
static int next(DecimalNumber *result, const DecimalView *a, bool down, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (a->kind == DECIMAL_INFINITE)
        return a->negative == down ? decimal_copy(result, a)
                                   : decimal_set_largest(result, a->negative, s);
    DecimalSettings directed = *s;
    directed.rounding = down ? DECIMAL_ROUND_FLOOR : DECIMAL_ROUND_CEILING;
    directed.status = 0;
    if (decimal_copy(result, a) < 0 || decimal_finish(result, &directed) < 0)
        return -1;
    if (directed.status & DECIMAL_INEXACT)
        return 0;
    mp_limb_t one = 1;
    DecimalView tiny = {DECIMAL_FINITE, down, decimal_etiny(s) - 1, 1, 1, &one};
    return decimal_add(result, a, &tiny, &directed);
}

int decimal_next_minus(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return next(result, a, true, s);
}
int decimal_next_plus(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return next(result, a, false, s);
}

int decimal_next_toward(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                        DecimalSettings *s) {
    int nan = decimal_propagate(result, a, b, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    int order = decimal_order(a, b);
    if (order == -2)
        return -1;
    if (order == 0)
        return decimal_copy_signed(result, a, b->negative);
    if (next(result, a, order > 0, s) < 0)
        return -1;
    if (result->kind == DECIMAL_INFINITE) {
        s->status |= DECIMAL_OVERFLOW | DECIMAL_ROUNDED | DECIMAL_INEXACT;
    } else if (result->exponent + result->digits - 1 < s->exponent_min) {
        s->status |= DECIMAL_UNDERFLOW | DECIMAL_SUBNORMAL | DECIMAL_ROUNDED | DECIMAL_INEXACT;
        if (result->count == 0)
            s->status |= DECIMAL_CLAMPED;
    }
    return 0;
}
