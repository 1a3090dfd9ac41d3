// SPDX-License-Identifier: MIT
//
// Arithmetic of decimal numbers: signs, sums, products, quotients and remainders.
//
// Sums and products are computed exactly and then rounded; of a sum whose smaller operand lies
// wholly behind the digits that count, only that there is something. Quotients get a digit or two
// more than asked for and a last digit that tells whether there is a remainder.
#include "vm/modules/decimal_internal.h"

// ---- signs ------------------------------------------------------------------------------------

// a with the sign given, or what is 0 minus or plus 0.
static int resign(DecimalNumber *result, const DecimalView *a, bool negative, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (decimal_is_zero(a) && s->rounding != DECIMAL_ROUND_FLOOR)
        negative = false;
    return decimal_copy_signed(result, a, negative) < 0 ? -1 : decimal_finish(result, s);
}

int decimal_plus(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return resign(result, a, a->negative, s);
}
int decimal_minus(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return resign(result, a, !a->negative, s);
}
int decimal_absolute(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    return resign(result, a, false, s);
}

// ---- sums -------------------------------------------------------------------------------------

// What the sum of magnitudes that cancel is.
static bool zero_sign(bool a, bool b, const DecimalSettings *s) {
    return a == b ? a : s->rounding == DECIMAL_ROUND_FLOOR;
}

// Sum or difference of two magnitudes with the same exponent, up to 38 digits each.
static int add_wide(DecimalNumber *result, DecimalWide a, bool a_negative, DecimalWide b,
                    bool b_negative, DecimalSettings *s) {
    if (a_negative == b_negative) {
        decimal_set_wide(result, a + b);
        result->negative = a_negative;
    } else {
        decimal_set_wide(result, a > b ? a - b : b - a);
        result->negative = a > b ? a_negative : b_negative;
    }
    if (result->count == 0)
        result->negative = zero_sign(a_negative, b_negative, s);
    return decimal_finish(result, s);
}

static int add_aligned(DecimalNumber *result, const mp_limb_t *a, int64_t a_count, bool a_negative,
                       const mp_limb_t *b, int64_t b_count, bool b_negative, DecimalSettings *s) {
    int order = decimal_compare_magnitudes(a, a_count, b, b_count);
    if (order < 0) {
        const mp_limb_t *limbs = a;
        int64_t count = a_count;
        bool negative = a_negative;
        a = b, a_count = b_count, a_negative = b_negative;
        b = limbs, b_count = count, b_negative = negative;
    }
    result->negative = a_negative;
    if (a_count == 0 || (order == 0 && a_negative != b_negative)) {
        decimal_set_wide(result, 0);
        result->negative = zero_sign(a_negative, b_negative, s);
        return decimal_finish(result, s);
    }
    if (decimal_reserve(result, a_count + 1) < 0)
        return -1;
    mp_limb_t carry = 0;
    if (b_count == 0) // mpn_add wants limbs
        memcpy(result->limbs, a, (size_t)a_count * sizeof *a);
    else if (a_negative == b_negative)
        carry = mpn_add(result->limbs, a, a_count, b, b_count);
    else
        mpn_sub(result->limbs, a, a_count, b, b_count);
    result->limbs[a_count] = carry;
    return decimal_settle(result, a_count + 1) < 0 ? -1 : decimal_finish(result, s);
}

// Finite operands with different exponents.
static int add_shifted(DecimalNumber *result, const DecimalView *big, bool big_negative,
                       const DecimalView *small, bool small_negative, DecimalSettings *s) {
    mp_limb_t one = 1;
    DecimalView tiny;
    if (big->count > 0) {
        // One digit behind all that count: there it rounds as anything smaller would.
        int64_t place = big->exponent - 1;
        if (big->digits <= s->precision)
            place += big->digits - s->precision - 1;
        if (decimal_adjusted(small) < place) {
            tiny = (DecimalView){DECIMAL_FINITE, false, place, 1, small->count != 0, &one};
            small = &tiny;
        }
    }
    int64_t shift = big->exponent - small->exponent;
    result->kind = DECIMAL_FINITE;
    result->exponent = small->exponent;
    if (big->count == 0)
        return add_aligned(result, NULL, 0, big_negative, small->limbs, small->count,
                           small_negative, s);
    if (big->digits + shift <= DECIMAL_WIDE_DIGITS && small->digits <= DECIMAL_WIDE_DIGITS)
        return add_wide(result, decimal_wide(big->limbs, big->count) * decimal_wide_power(shift),
                        big_negative, decimal_wide(small->limbs, small->count), small_negative, s);
    DecimalNumber scaled;
    decimal_init(&scaled);
    int done = decimal_scale_up(&scaled, big, shift);
    if (done == 0)
        done = add_aligned(result, scaled.limbs, scaled.count, big_negative, small->limbs,
                           small->count, small_negative, s);
    decimal_clear(&scaled);
    return done;
}

static int add_special(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                       bool b_negative, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, b, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (a->kind == DECIMAL_INFINITE && b->kind == DECIMAL_INFINITE && a->negative != b_negative)
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    decimal_set_special(result, DECIMAL_INFINITE,
                        a->kind == DECIMAL_INFINITE ? a->negative : b_negative);
    return 0;
}

static inline int add_signed(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                             bool b_negative, DecimalSettings *s) {
    if (UNLIKELY(decimal_is_special(a) || decimal_is_special(b)))
        return add_special(result, a, b, b_negative, s);
    if (a->exponent > b->exponent)
        return add_shifted(result, a, a->negative, b, b_negative, s);
    if (a->exponent < b->exponent)
        return add_shifted(result, b, b_negative, a, a->negative, s);
    result->kind = DECIMAL_FINITE;
    result->exponent = a->exponent;
    if (LIKELY(a->digits <= DECIMAL_WIDE_DIGITS && b->digits <= DECIMAL_WIDE_DIGITS))
        return add_wide(result, decimal_wide(a->limbs, a->count), a->negative,
                        decimal_wide(b->limbs, b->count), b_negative, s);
    return add_aligned(result, a->limbs, a->count, a->negative, b->limbs, b->count, b_negative, s);
}

int decimal_add(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                DecimalSettings *s) {
    return add_signed(result, a, b, b->negative, s);
}
int decimal_subtract(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                     DecimalSettings *s) {
    return add_signed(result, a, b, !b->negative, s);
}

// ---- products ---------------------------------------------------------------------------------

// The exact product, but for NaNs and infinities.
static int multiply(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                    DecimalSettings *s) {
    bool negative = a->negative != b->negative;
    if (UNLIKELY(decimal_is_special(a) || decimal_is_special(b))) {
        int nan = decimal_propagate(result, a, b, NULL, s);
        if (nan)
            return nan < 0 ? -1 : 0;
        if (decimal_is_zero(a) || decimal_is_zero(b))
            return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
        decimal_set_special(result, DECIMAL_INFINITE, negative);
        return 0;
    }
    result->kind = DECIMAL_FINITE;
    result->negative = negative;
    result->exponent = a->exponent + b->exponent;
    if (a->count <= 1 && b->count <= 1) {
        decimal_set_wide(result,
                         (DecimalWide)(a->count ? a->limbs[0] : 0) * (b->count ? b->limbs[0] : 0));
        return 0;
    }
    return decimal_multiply_limbs(result, a->limbs, a->count, b->limbs, b->count);
}

int decimal_multiply(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                     DecimalSettings *s) {
    if (a->count > 0 && b->count > 0 && a->count + b->count > 2 &&
        a->count + b->count <= DECIMAL_FEW_LIMBS &&
        LIKELY(!decimal_is_special(a) && !decimal_is_special(b))) {
        result->kind = DECIMAL_FINITE;
        result->negative = a->negative != b->negative;
        result->exponent = a->exponent + b->exponent;
        return decimal_multiply_few(result, a, b, s);
    }
    return multiply(result, a, b, s) < 0 ? -1 : decimal_finish(result, s);
}

int decimal_fma(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                const DecimalView *c, DecimalSettings *s) {
    DecimalNumber product;
    decimal_init(&product);
    DecimalSettings exact = *s;
    exact.status = 0;
    int done = multiply(&product, a, b, &exact);
    s->status |= exact.status;
    DecimalView view = decimal_view(&product);
    if (done == 0)
        done = exact.status & DECIMAL_INVALID_OPERATION ? decimal_copy(result, &view)
                                                        : decimal_add(result, &view, c, s);
    decimal_clear(&product);
    return done;
}

// ---- quotients --------------------------------------------------------------------------------

// The quotient of two finite numbers that are not 0, rounded to s->precision; result->negative is
// set already. *exact: there is no remainder.
static int divide_finite(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                         DecimalSettings *s, bool *exact) {
    int64_t shift = b->digits - a->digits + s->precision + 1;
    int64_t ideal = a->exponent - b->exponent;
    DecimalNumber numerator, divisor;
    decimal_init(&numerator);
    decimal_init(&divisor);
    int done = shift > 0 ? decimal_scale_up(&numerator, a, shift) : decimal_copy(&numerator, a);
    if (done == 0 && shift < 0) {
        done = decimal_scale_up(&divisor, b, -shift);
        if (done == 0)
            done = decimal_divide_limbs(result, &numerator, divisor.limbs, divisor.count);
    } else if (done == 0) {
        done = decimal_divide_limbs(result, &numerator, b->limbs, b->count);
    }
    result->kind = DECIMAL_FINITE;
    result->exponent = ideal - shift;
    *exact = numerator.count == 0;
    decimal_clear(&numerator);
    decimal_clear(&divisor);
    if (done < 0)
        return -1;
    if (*exact) {
        if (shift > 0 && decimal_strip(result, shift) < 0)
            return -1;
    } else { // a last digit that is neither exact nor a half
        mp_limb_t last =
            result->count == 1 ? result->limbs[0] % 5 : mpn_mod_1(result->limbs, result->count, 5);
        result->limbs[0] += last == 0; // 0 or 5: no carry
    }
    return decimal_finish(result, s);
}

// Short ways to quotients that end: the divisor divides the dividend, or is made of twos and fives
// only. 1: this was one; it is not rounded yet.
static inline int divide_evenly(DecimalNumber *result, const DecimalView *a, const DecimalView *b) {
    if (a->count != 1 || b->count != 1)
        return 0;
    mp_limb_t dividend = a->limbs[0], divisor = b->limbs[0], quotient = dividend / divisor;
    result->kind = DECIMAL_FINITE;
    result->exponent = a->exponent - b->exponent;
    if (quotient * divisor == dividend) {
        decimal_set_wide(result, quotient);
        return 1;
    }
    int twos = __builtin_ctzll(divisor), fives = 0;
    for (divisor >>= twos; divisor % 5 == 0; divisor /= 5)
        fives++;
    int places = twos > fives ? twos : fives;
    if (divisor != 1 || places > DECIMAL_LIMB_DIGITS)
        return 0;
    decimal_set_wide(result, dividend * decimal_wide_power(places) / b->limbs[0]);
    result->exponent -= places;
    return decimal_strip(result, places) < 0 ? -1 : 1;
}

// From there on a quotient that may be exact is tried with the digits that it can have then.
#define PRECISION_HIGH 10000

int decimal_divide(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                   DecimalSettings *s) {
    bool negative = a->negative != b->negative, exact;
    if (UNLIKELY(decimal_is_special(a) || decimal_is_special(b))) {
        int nan = decimal_propagate(result, a, b, NULL, s);
        if (nan)
            return nan < 0 ? -1 : 0;
        if (a->kind == DECIMAL_INFINITE) {
            if (b->kind == DECIMAL_INFINITE)
                return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
            decimal_set_special(result, DECIMAL_INFINITE, negative);
            return 0;
        }
        decimal_set_small(result, negative, 0, decimal_etiny(s));
        s->status |= DECIMAL_CLAMPED;
        return 0;
    }
    if (UNLIKELY(b->count == 0)) {
        if (a->count == 0)
            return decimal_invalid(result, s, DECIMAL_DIVISION_UNDEFINED);
        s->status |= DECIMAL_DIVISION_BY_ZERO;
        decimal_set_special(result, DECIMAL_INFINITE, negative);
        return 0;
    }
    if (UNLIKELY(a->count == 0)) {
        decimal_set_small(result, negative, 0, a->exponent - b->exponent);
        return decimal_finish(result, s);
    }
    result->negative = negative;
    int even = divide_evenly(result, a, b);
    if (even)
        return even < 0 ? -1 : decimal_finish(result, s);
    int64_t shift = b->digits - a->digits + s->precision + 1;
    if (LIKELY(shift >= 0 && shift < DECIMAL_POWER_ROWS && a->count <= DECIMAL_LOCAL_LIMBS &&
               b->count <= DECIMAL_LOCAL_LIMBS)) {
        result->kind = DECIMAL_FINITE;
        return decimal_divide_few(result, a, b, shift, s);
    }
    // An exact quotient has no more digits than the dividend and 1 / divisor, which ends only for
    // products of 2 and 5 and has at most log2(divisor) digits then.
    int64_t most = a->digits + b->digits * 4;
    if (UNLIKELY(s->precision > PRECISION_HIGH && s->precision > most)) {
        DecimalSettings tried = *s;
        tried.precision = most;
        if (divide_finite(result, a, b, &tried, &exact) < 0)
            return -1;
        result->negative = negative;
        if (exact) {
            s->status = tried.status;
            return decimal_finish(result, s);
        }
    }
    return divide_finite(result, a, b, s, &exact);
}

// ---- whole quotients and remainders -----------------------------------------------------------

// Whole quotient and remainder of two finite numbers, the divisor not 0. 1: the quotient has more
// digits than the precision (the results hold nothing then).
static int divide_whole(DecimalNumber *quotient, DecimalNumber *remainder, const DecimalView *a,
                        const DecimalView *b, DecimalSettings *s) {
    int64_t shift = a->exponent - b->exponent, places = decimal_adjusted(a) - decimal_adjusted(b);
    quotient->kind = DECIMAL_FINITE;
    quotient->negative = a->negative != b->negative;
    quotient->exponent = 0;
    decimal_set_wide(quotient, 0);
    if (a->count > 0 && places > s->precision)
        return 1;
    if (a->count > 0 && a->digits + (shift > 0 ? shift : 0) <= DECIMAL_WIDE_DIGITS &&
        b->digits + (shift < 0 ? -shift : 0) <= DECIMAL_WIDE_DIGITS) {
        DecimalWide left = decimal_wide(a->limbs, a->count),
                    right = decimal_wide(b->limbs, b->count);
        left *= decimal_wide_power(shift > 0 ? shift : 0);
        right *= decimal_wide_power(shift < 0 ? -shift : 0);
        if (left >= right) {
            DecimalWide whole = left / right;
            decimal_set_wide(quotient, whole);
            left -= whole * right;
        }
        decimal_set_wide(remainder, left);
    } else if (a->count == 0 || places < 0) {
        if (shift > 0 ? decimal_scale_up(remainder, a, shift) < 0 : decimal_copy(remainder, a) < 0)
            return -1;
    } else {
        DecimalNumber divisor;
        decimal_init(&divisor);
        int done = shift > 0 ? decimal_scale_up(remainder, a, shift) : decimal_copy(remainder, a);
        if (done == 0)
            done = shift < 0 ? decimal_scale_up(&divisor, b, -shift) : decimal_copy(&divisor, b);
        if (done == 0)
            done = decimal_divide_limbs(quotient, remainder, divisor.limbs, divisor.count);
        decimal_clear(&divisor);
        if (done < 0)
            return -1;
    }
    remainder->kind = DECIMAL_FINITE;
    remainder->negative = a->negative;
    remainder->exponent = shift < 0 ? a->exponent : b->exponent;
    return quotient->digits > s->precision;
}

// What whole division gives for NaNs, infinities and division by zero: 1 if it was such a case.
static int divide_whole_special(DecimalNumber *quotient, DecimalNumber *remainder,
                                const DecimalView *a, const DecimalView *b, DecimalSettings *s) {
    bool negative = a->negative != b->negative;
    if (LIKELY(!decimal_is_special(a) && !decimal_is_special(b) && b->count > 0))
        return 0;
    DecimalView copied;
    int nan = decimal_propagate(quotient, a, b, NULL, s);
    if (nan) {
        copied = decimal_view(quotient);
        return nan < 0 ? -1 : decimal_copy(remainder, &copied) < 0 ? -1 : 1;
    }
    decimal_set_special(remainder, DECIMAL_QUIET_NAN, false);
    if (a->kind == DECIMAL_INFINITE) {
        if (b->kind == DECIMAL_INFINITE)
            decimal_set_special(quotient, DECIMAL_QUIET_NAN, false);
        else
            decimal_set_special(quotient, DECIMAL_INFINITE, negative);
        s->status |= DECIMAL_INVALID_OPERATION;
    } else if (b->kind == DECIMAL_INFINITE) {
        decimal_set_small(quotient, negative, 0, 0);
        if (decimal_copy(remainder, a) < 0)
            return -1;
    } else if (a->count == 0) {
        decimal_set_special(quotient, DECIMAL_QUIET_NAN, false);
        s->status |= DECIMAL_DIVISION_UNDEFINED;
    } else {
        decimal_set_special(quotient, DECIMAL_INFINITE, negative);
        s->status |= DECIMAL_DIVISION_BY_ZERO | DECIMAL_INVALID_OPERATION;
    }
    return 1;
}

int decimal_divmod(DecimalNumber *quotient, DecimalNumber *remainder, const DecimalView *a,
                   const DecimalView *b, DecimalSettings *s) {
    int special = divide_whole_special(quotient, remainder, a, b, s);
    if (special) // a whole quotient of 0 stays as it is, whatever the settings
        return special < 0 ? -1 : decimal_finish(remainder, s);
    int beyond = divide_whole(quotient, remainder, a, b, s);
    if (beyond < 0)
        return -1;
    if (beyond) {
        decimal_set_special(remainder, DECIMAL_QUIET_NAN, false);
        return decimal_invalid(quotient, s, DECIMAL_DIVISION_IMPOSSIBLE);
    }
    return decimal_finish(quotient, s) < 0 ? -1 : decimal_finish(remainder, s);
}

int decimal_divide_integer(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                           DecimalSettings *s) {
    DecimalNumber remainder;
    decimal_init(&remainder);
    // What is invalid only for the remainder is not reported.
    DecimalSettings own = *s;
    own.status = 0;
    int done = divide_whole_special(result, &remainder, a, b, &own);
    if (done > 0) {
        if (result->kind == DECIMAL_INFINITE)
            own.status &= ~(uint32_t)DECIMAL_INVALID_OPERATION;
        s->status |= own.status;
        done = 0;
    } else if (done == 0) {
        done = divide_whole(result, &remainder, a, b, s);
        done = done > 0   ? decimal_invalid(result, s, DECIMAL_DIVISION_IMPOSSIBLE)
               : done < 0 ? -1
                          : decimal_finish(result, s);
    }
    decimal_clear(&remainder);
    return done;
}

// NaNs, infinities and division by zero: 1 if it was such a case.
static int remainder_special(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                             DecimalSettings *s) {
    DecimalNumber quotient;
    decimal_init(&quotient);
    DecimalSettings own = *s;
    own.status = 0;
    int special = divide_whole_special(&quotient, result, a, b, &own);
    own.status &= ~(uint32_t)DECIMAL_DIVISION_BY_ZERO;
    s->status |= own.status;
    decimal_clear(&quotient);
    return special;
}

// The remainder becomes the nearest one: less the divisor if that is nearer to zero, or as near and
// the quotient odd. 1: the quotient would have more digits than the precision. Spoils both.
static int bring_near(DecimalNumber *quotient, DecimalNumber *remainder, const DecimalView *b,
                      DecimalSettings *s) {
    DecimalView view = decimal_view(remainder);
    if (decimal_adjusted(b) - decimal_adjusted(&view) > 1)
        return 0;
    DecimalNumber divisor, rest;
    decimal_init(&divisor);
    decimal_init(&rest);
    int done = decimal_scale_up(&divisor, b, b->exponent - remainder->exponent);
    if (done == 0)
        done = decimal_reserve(&rest, divisor.count + 1);
    if (done == 0) { // divisor - remainder against remainder
        mpn_sub(rest.limbs, divisor.limbs, divisor.count, remainder->limbs, remainder->count);
        done = decimal_settle(&rest, divisor.count);
    }
    int order =
        decimal_compare_magnitudes(rest.limbs, rest.count, remainder->limbs, remainder->count);
    if (done == 0 && (order < 0 || (order == 0 && quotient->count && (quotient->limbs[0] & 1)))) {
        view = decimal_view(&rest);
        view.exponent = remainder->exponent;
        done = decimal_copy_signed(remainder, &view, !remainder->negative);
        if (done == 0)
            done = decimal_round_rest(quotient, DECIMAL_REST_ABOVE, DECIMAL_ROUND_UP);
        if (done == 0)
            done = quotient->digits > s->precision;
    }
    decimal_clear(&divisor);
    decimal_clear(&rest);
    return done;
}

static int find_remainder(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                          bool nearest, DecimalSettings *s) {
    int done = remainder_special(result, a, b, s);
    if (done)
        return done < 0 ? -1 : decimal_finish(result, s);
    DecimalNumber quotient;
    decimal_init(&quotient);
    done = divide_whole(&quotient, result, a, b, s);
    if (done == 0 && nearest && result->count > 0)
        done = bring_near(&quotient, result, b, s);
    decimal_clear(&quotient);
    return done > 0   ? decimal_invalid(result, s, DECIMAL_DIVISION_IMPOSSIBLE)
           : done < 0 ? -1
                      : decimal_finish(result, s);
}

int decimal_remainder(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                      DecimalSettings *s) {
    return find_remainder(result, a, b, false, s);
}

int decimal_remainder_near(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                           DecimalSettings *s) {
    return find_remainder(result, a, b, true, s);
}
