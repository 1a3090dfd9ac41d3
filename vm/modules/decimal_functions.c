// SPDX-License-Identifier: MIT
//
// Square root, exponential and logarithms of decimal numbers, correctly rounded, half to even
// whatever the settings say, as _decimal has them.
//
// Exponentials and logarithms are computed in fixed point with a known error, with a few digits
// more than asked for; if the digits are not the same at both ends of that error, once more with
// more (Ziv's loop). Results that are exact are found before, so the loop ends.
#include "vm/modules/decimal_fixed.h"
#include "vm/modules/decimal_internal.h"

static DecimalSettings half_even(const DecimalSettings *s) {
    DecimalSettings own = *s;
    own.rounding = DECIMAL_ROUND_HALF_EVEN;
    return own;
}

static int finish_half_even(DecimalNumber *result, DecimalSettings *s) {
    DecimalSettings own = half_even(s);
    int done = decimal_finish(result, &own);
    s->status = own.status;
    return done;
}

// A last digit that is neither exact nor a half, for digits that were cut off.
static void mark_inexact(DecimalNumber *n) {
    n->limbs[0] += mpn_mod_1(n->limbs, n->count, 5) == 0; // 0 or 5: no carry
}

// From there on a root that may be exact is tried with the digits that it can have then.
#define PRECISION_HIGH 10000

// ---- square root ------------------------------------------------------------------------------

// The root of a's coefficient times 10^shift (shift < 0: cut off), whose exponent is even then:
// *exact if it is one.
static int root_of_scaled(DecimalNumber *root, const DecimalView *a, int64_t shift, bool *exact) {
    DecimalNumber scaled;
    DecimalRest rest = DECIMAL_REST_NONE;
    decimal_init(&scaled);
    int done = shift >= 0 ? decimal_scale_up(&scaled, a, shift) : decimal_copy(&scaled, a);
    if (done == 0 && shift < 0)
        done = decimal_scale_down(&scaled, -shift, &rest);
    int64_t count = (scaled.count + 1) / 2;
    if (done == 0 && (decimal_check_room(scaled.count) < 0 || decimal_reserve(root, count) < 0))
        done = -1;
    if (done == 0) {
        // The remainder takes the radicand's place.
        mp_size_t left = mpn_sqrtrem(root->limbs, scaled.limbs, scaled.limbs, scaled.count);
        *exact = left == 0 && rest == DECIMAL_REST_NONE;
        done = decimal_settle(root, count);
    }
    decimal_clear(&scaled);
    return done;
}

int decimal_square_root(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    int64_t odd = a->exponent & 1, ideal = (a->exponent - odd) / 2;
    if (decimal_is_zero(a)) {
        decimal_set_small(result, a->negative, 0, ideal);
        return finish_half_even(result, s);
    }
    if (a->negative)
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    if (a->kind == DECIMAL_INFINITE)
        return decimal_copy(result, a);
    result->kind = DECIMAL_FINITE;
    result->negative = false;
    bool exact = false;
    int64_t half = (a->digits + odd + 1) / 2, places = s->precision + 1 - half;
    if (UNLIKELY(s->precision > PRECISION_HIGH && places > 0)) { // it may end with half a's digits
        if (root_of_scaled(result, a, odd, &exact) < 0)
            return -1;
        if (exact)
            places = 0;
    }
    if (!exact && root_of_scaled(result, a, odd + 2 * places, &exact) < 0)
        return -1;
    DecimalRest rest;
    if (exact && places > 0) { // so many zeros are at the end
        if (decimal_scale_down(result, places, &rest) < 0)
            return -1;
        places = 0;
    } else if (!exact) {
        mark_inexact(result);
    }
    result->exponent = ideal - places;
    return finish_half_even(result, s);
}

// ---- what the loops share ---------------------------------------------------------------------

// Bits that hold so many digits, and some more.
static int64_t bits_of_digits(int64_t digits) {
    return digits / 3 * 10 + 10;
}

static int check_bits(int64_t bits) {
    return decimal_check_room(bits / 64 * 8 + 8);
}

// result = z * 10^shift / 2^bits, cut off, if that is the same for all that z, which may be wrong
// by `error` units, stands for: 1, else 0 or -1. shift >= 0. The number itself is no such result:
// the last digit says so.
static int from_fixed(DecimalNumber *result, mpz_srcptr z, int64_t shift, int64_t bits,
                      unsigned long error) {
    DecimalNumber power;
    decimal_init(&power);
    if (decimal_power_of_ten(&power, shift) < 0) {
        decimal_clear(&power);
        return -1;
    }
    mpz_t low, high, ten;
    mpz_init(low);
    mpz_init(high);
    mpz_roinit_n(ten, power.limbs, power.count);
    mpz_sub_ui(low, z, error);
    mpz_add_ui(high, z, error);
    mpz_mul(low, low, ten);
    mpz_mul(high, high, ten);
    mpz_fdiv_q_2exp(low, low, (mp_bitcnt_t)bits);
    mpz_fdiv_q_2exp(high, high, (mp_bitcnt_t)bits);
    int same = mpz_sgn(low) > 0 && mpz_cmp(low, high) == 0;
    if (same) {
        if (decimal_from_limbs(result, mpz_limbs_read(low), (int64_t)mpz_size(low), false, -shift) <
            0)
            same = -1;
        else
            mark_inexact(result);
    }
    mpz_clear(low);
    mpz_clear(high);
    decimal_clear(&power);
    return same;
}

// Computed are so many digits more than the precision.
#define DIGITS_MORE 3

static int finish_inexact(DecimalNumber *result, DecimalSettings *s) {
    s->status |= DECIMAL_INEXACT | DECIMAL_ROUNDED;
    return finish_half_even(result, s);
}

static int overflow_infinite(DecimalNumber *result, bool negative, DecimalSettings *s) {
    decimal_set_special(result, DECIMAL_INFINITE, negative);
    s->status |= DECIMAL_OVERFLOW | DECIMAL_INEXACT | DECIMAL_ROUNDED;
    return 0;
}

// ---- exponential ------------------------------------------------------------------------------

// Digits before the point that no exponent allows e^x to have.
#define EXP_DIGITS_MAX 19

// One attempt at e^a = 10^q e^(a - q ln 10): 1, else 0 or -1.
static int try_exp(DecimalNumber *result, const DecimalView *a, int64_t digits, int64_t bits) {
    if (check_bits(bits) < 0)
        return -1;
    mpz_t x, ln10, part, q;
    mpz_inits(x, ln10, part, q, NULL);
    int done = decimal_fixed_from(x, a, bits);
    if (done == 0) {
        if (a->negative)
            mpz_neg(x, x);
        // q has up to 63 bits: 64 more make what it takes off right to a unit.
        decimal_fixed_ln10(ln10, bits + 64);
        mpz_tdiv_q_2exp(part, ln10, 64);
        mpz_fdiv_q(q, x, part);
        mpz_mul(part, q, ln10);
        mpz_fdiv_q_2exp(part, part, 64);
        mpz_sub(x, x, part);
        decimal_fixed_exp(part, x, bits);
        // 4 units in the exponent are 40 in the result.
        done = from_fixed(result, part, digits - 1, bits, 64);
        result->exponent += mpz_get_si(q);
    }
    mpz_clears(x, ln10, part, q, NULL);
    return done;
}

static int exp_beyond(DecimalNumber *result, bool negative, DecimalSettings *s) {
    if (!negative)
        return overflow_infinite(result, false, s);
    decimal_set_small(result, false, 0, decimal_etiny(s));
    s->status |=
        DECIMAL_INEXACT | DECIMAL_ROUNDED | DECIMAL_SUBNORMAL | DECIMAL_UNDERFLOW | DECIMAL_CLAMPED;
    return 0;
}

int decimal_exp(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    if (a->kind == DECIMAL_INFINITE) {
        decimal_set_small(result, false, 0, 0);
        return a->negative ? 0 : decimal_copy(result, a);
    }
    if (a->count == 0) {
        decimal_set_small(result, false, 1, 0);
        return 0;
    }
    if (decimal_adjusted(a) >= EXP_DIGITS_MAX)
        return exp_beyond(result, a->negative, s);
    // Up to here _decimal has 1, and above subnormal numbers if 1 is the least normal one.
    mp_limb_t nine = 9;
    DecimalView near = {DECIMAL_FINITE, false, -(s->precision + DIGITS_MORE + 1), 1, 1, &nine};
    int order = decimal_order_magnitudes(a, &near);
    if (order == -2)
        return -1;
    if (order <= 0) {
        if (decimal_power_of_ten(result, s->precision - 1) < 0)
            return -1;
        result->kind = DECIMAL_FINITE;
        result->negative = false;
        result->exponent = 1 - s->precision;
        return finish_inexact(result, s);
    }
    int64_t digits = s->precision + DIGITS_MORE, more = 24;
    for (int done = 0; done == 0; more *= 2) {
        done = try_exp(result, a, digits, (bits_of_digits(digits) + more + 63) & -64);
        if (done < 0)
            return -1;
    }
    return finish_inexact(result, s);
}

// ---- logarithms -------------------------------------------------------------------------------

// The power of ten that brings a nearest to 1, in ratio.
static int64_t nearest_power(const DecimalView *a) {
    mpz_t limbs;
    signed long shift;
    double leading = mpz_get_d_2exp(&shift, mpz_roinit_n(limbs, a->limbs, a->count));
    double log = __builtin_log10(leading) + (double)shift * 0.30102999566398119521;
    int64_t whole = a->digits - 1;
    return a->exponent + whole + (log - (double)whole > 0.5);
}

// Zeros behind the point of |a - 1|; 0 if there are none.
static int zeros_before(const DecimalView *a, int64_t *zeros) {
    mp_limb_t limb = 1;
    DecimalView one = {DECIMAL_FINITE, false, 0, 1, 1, &limb};
    DecimalNumber difference;
    DecimalSettings widest = decimal_widest();
    decimal_init(&difference);
    int done = decimal_subtract(&difference, a, &one, &widest);
    DecimalView view = decimal_view(&difference);
    *zeros = done == 0 && decimal_adjusted(&view) < 0 ? -decimal_adjusted(&view) : 0;
    decimal_clear(&difference);
    return done;
}

// One attempt at ln a, or log10 a: 1, else 0 or -1. a = 10^power * x, x near 1.
static int try_log(DecimalNumber *result, const DecimalView *a, int64_t power, bool ten,
                   int64_t digits, int64_t bits) {
    if (check_bits(bits) < 0)
        return -1;
    DecimalView near = *a;
    near.exponent -= power;
    mpz_t x, log, ln10;
    mpz_inits(x, log, ln10, NULL);
    int done = decimal_fixed_from(x, &near, bits);
    if (done == 0) {
        decimal_fixed_ln(log, x, bits);
        if (ten || power != 0)
            decimal_fixed_ln10(ln10, bits + 64);
        if (ten) {
            mpz_mul_2exp(log, log, (mp_bitcnt_t)bits + 64);
            mpz_tdiv_q(log, log, ln10);
            mpz_set_si(x, power);
            mpz_mul_2exp(x, x, (mp_bitcnt_t)bits);
        } else {
            mpz_mul_si(x, ln10, power);
            mpz_tdiv_q_2exp(x, x, 64);
        }
        mpz_add(log, log, x);
        bool negative = mpz_sgn(log) < 0;
        mpz_abs(log, log);
        // Places behind the point: digits - 1 less the exponent of the first, or one more.
        int64_t first = (int64_t)mpz_sizeinbase(log, 2) - 1 - bits;
        int64_t exponent = first * 30103 / 100000 - (first < 0);
        int64_t shift = digits - 1 - exponent;
        // 2 units in x are 7 in its logarithm.
        done = from_fixed(result, log, shift > 0 ? shift : 0, bits, 64);
        result->negative = negative;
    }
    mpz_clears(x, log, ln10, NULL);
    return done;
}

// The loop of both, for a finite, positive number whose logarithm is not exact.
static int round_log(DecimalNumber *result, const DecimalView *a, bool ten, DecimalSettings *s) {
    int64_t power = nearest_power(a), zeros = 0;
    if (power == 0 && zeros_before(a, &zeros) < 0)
        return -1;
    int64_t digits = s->precision + DIGITS_MORE, more = 32;
    for (int done = 0; done == 0; more *= 2) {
        done = try_log(result, a, power, ten, digits,
                       (bits_of_digits(digits + zeros) + more + 63) & -64);
        if (done < 0)
            return -1;
    }
    return finish_inexact(result, s);
}

// NaNs, infinities, zero, negative numbers: 1 if a was one.
static int log_special(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, NULL, NULL, s);
    if (nan)
        return nan;
    if (decimal_is_zero(a)) {
        decimal_set_special(result, DECIMAL_INFINITE, true);
        return 1;
    }
    if (a->negative) {
        decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
        return 1;
    }
    if (a->kind == DECIMAL_INFINITE) {
        decimal_set_special(result, DECIMAL_INFINITE, false);
        return 1;
    }
    return 0;
}

// Is a 10^*exponent? -1 with MemoryError.
static int is_power_of_ten(const DecimalView *a, int64_t *exponent) {
    *exponent = decimal_adjusted(a);
    // 10^k ends with k zero bits, and no other number of as many digits does with 1 before them.
    DecimalNumber copy;
    decimal_init(&copy);
    int done = decimal_copy(&copy, a);
    if (done == 0)
        done = decimal_strip(&copy, a->digits - 1);
    if (done == 0)
        done = copy.count == 1 && copy.limbs[0] == 1;
    decimal_clear(&copy);
    return done;
}

// Logarithms that are certain to have more digits before the point than the exponents allow.
static bool log_beyond(const DecimalView *a, int64_t times, const DecimalSettings *s) {
    int64_t adjusted = decimal_adjusted(a);
    int64_t least = times * (adjusted < 0 ? -adjusted - 1 : adjusted);
    return decimal_digits_wide((mp_limb_t)least) - 1 > s->exponent_max;
}

int decimal_ln(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int special = log_special(result, a, s);
    if (special)
        return special < 0 ? -1 : 0;
    int64_t exponent;
    int power = is_power_of_ten(a, &exponent);
    if (power < 0)
        return -1;
    if (power && exponent == 0) {
        decimal_set_small(result, false, 0, 0);
        return 0;
    }
    if (log_beyond(a, 2, s))
        return overflow_infinite(result, decimal_adjusted(a) < 0, s);
    return round_log(result, a, false, s);
}

int decimal_log10(DecimalNumber *result, const DecimalView *a, DecimalSettings *s) {
    int special = log_special(result, a, s);
    if (special)
        return special < 0 ? -1 : 0;
    int64_t exponent;
    int power = is_power_of_ten(a, &exponent);
    if (power < 0)
        return -1;
    if (power) {
        decimal_set_small(result, exponent < 0, (mp_limb_t)(exponent < 0 ? -exponent : exponent),
                          0);
        return finish_half_even(result, s);
    }
    if (log_beyond(a, 1, s))
        return overflow_infinite(result, decimal_adjusted(a) < 0, s);
    return round_log(result, a, true, s);
}
