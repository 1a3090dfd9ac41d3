// SPDX-License-Identifier: MIT
//
// Powers of decimal numbers. The specification bounds the error of a power and leaves the rest
// open; to give the digits that _decimal gives, this takes the same steps with the same precisions:
// whole exponents by squaring and multiplying with as many digits more as the exponent has, and
// two; others as e^(y ln x), with 23 digits more than the precision or x has, each step rounded
// correctly.
#include "vm/modules/decimal_internal.h"

// Exponents that overflow in all settings.
#define EXPONENT_OVERFLOW 2000000000000000001
#define EXTRA_DIGITS 23

static const mp_limb_t limb_one = 1;

static DecimalView view_one(void) {
    return (DecimalView){DECIMAL_FINITE, false, 0, 1, 1, &limb_one};
}

// result = 1 with so many zeros behind the point.
static int set_one(DecimalNumber *result, bool negative, int64_t zeros) {
    if (decimal_power_of_ten(result, zeros) < 0)
        return -1;
    result->kind = DECIMAL_FINITE;
    result->negative = negative;
    result->exponent = -zeros;
    return 0;
}

// What overflows, in the direction that the settings want.
static int finish_overflow(DecimalNumber *result, bool negative, DecimalSettings *s) {
    decimal_set_small(result, negative, 1, EXPONENT_OVERFLOW);
    return decimal_finish(result, s);
}

// A whole number's magnitude, if it fits a limb.
static int to_limb(const DecimalView *a, mp_limb_t *out, bool *fits) {
    *fits = a->exponent == 0 && a->count <= 1;
    if (LIKELY(*fits)) {
        *out = a->count ? a->limbs[0] : 0;
        return 0;
    }
    if (decimal_adjusted(a) > 19)
        return 0;
    mp_limb_t *limbs;
    int64_t count;
    if (decimal_to_limbs(a, &limbs, &count) < 0)
        return -1;
    *fits = count <= 1;
    *out = count ? limbs[0] : 0;
    buffer_free(limbs);
    return 0;
}

// ---- one --------------------------------------------------------------------------------------

// (+-1)^y: 1.000^3 has nine zeros, if the precision allows so many.
static int power_of_one(DecimalNumber *result, const DecimalView *x, const DecimalView *y,
                        bool whole, bool negative, DecimalSettings *s) {
    int64_t most = s->precision - 1, zeros = most;
    if (!whole) {
        s->status |= DECIMAL_INEXACT | DECIMAL_ROUNDED;
    } else if (y->negative) {
        zeros = 0;
    } else {
        mp_limb_t times, places = x->exponent < 0 ? (mp_limb_t)-x->exponent : 0;
        bool fits;
        if (to_limb(y, &times, &fits) < 0)
            return -1;
        DecimalWide wanted = fits ? (DecimalWide)times * places : ~(DecimalWide)0;
        if (places == 0)
            wanted = 0;
        // _decimal counts in the settings, where the number of zeros may overflow.
        if (wanted > (DecimalWide)most || decimal_digits_wide(wanted) - 1 > s->exponent_max)
            s->status |= DECIMAL_ROUNDED;
        else
            zeros = (int64_t)wanted;
    }
    return set_one(result, negative, zeros);
}

// ---- bounds -----------------------------------------------------------------------------------

static int64_t count_digits(int64_t n) {
    return decimal_digits_wide((mp_limb_t)(n < 0 ? -n : n));
}

// *least <= log10 |log10 x|, x positive, finite and not 1.
static int least_log_log(const DecimalView *x, int64_t *least) {
    int64_t adjusted = decimal_adjusted(x);
    if (adjusted > 0 || adjusted < -1) {
        *least = count_digits(adjusted > 0 ? adjusted : adjusted + 1) - 1;
        return 0;
    }
    DecimalNumber difference;
    DecimalSettings widest = decimal_widest();
    decimal_init(&difference);
    DecimalView one = view_one();
    int done = decimal_subtract(&difference, x, &one, &widest);
    DecimalView view = decimal_view(&difference);
    *least = decimal_adjusted(&view) - (adjusted == 0 ? 2 : 1);
    decimal_clear(&difference);
    return done;
}

// Powers whose exponent is certain to be beyond the settings: 1 if this is one.
static int power_beyond(DecimalNumber *result, const DecimalView *x, const DecimalView *y,
                        bool negative, DecimalSettings *s) {
    DecimalView magnitude = decimal_magnitude(x), one = view_one();
    int64_t least;
    if (least_log_log(&magnitude, &least) < 0)
        return -1;
    least += decimal_adjusted(y);
    int order = decimal_order_magnitudes(&magnitude, &one);
    if (order == -2)
        return -1;
    if ((order < 0) == y->negative) {
        if (count_digits(s->exponent_max) >= least)
            return 0;
        return finish_overflow(result, negative, s) < 0 ? -1 : 1;
    }
    if (count_digits(decimal_etiny(s)) >= least)
        return 0;
    decimal_set_small(result, negative, 1, decimal_etiny(s) - 1);
    return decimal_finish(result, s) < 0 ? -1 : 1;
}

// ---- whole exponents --------------------------------------------------------------------------

// n = n * by, rounded.
static int multiply_in_place(DecimalNumber *n, const DecimalView *by, DecimalSettings *s) {
    DecimalNumber product;
    decimal_init(&product);
    DecimalView view = decimal_view(n), made;
    int done = decimal_multiply(&product, &view, by ? by : &view, s);
    made = decimal_view(&product);
    if (done == 0)
        done = decimal_copy(n, &made);
    decimal_clear(&product);
    return done;
}

// Nothing changes it any more.
static bool is_settled(const DecimalNumber *n, const DecimalSettings *s) {
    return n->kind != DECIMAL_FINITE || (n->count == 0 && (s->status & DECIMAL_CLAMPED));
}

static int power_limb(DecimalNumber *result, const DecimalView *x, mp_limb_t y,
                      DecimalSettings *s) {
    if (decimal_copy(result, x) < 0)
        return -1;
    mp_limb_t bit = (mp_limb_t)1 << (63 - __builtin_clzll(y));
    while (bit >>= 1) {
        if (multiply_in_place(result, NULL, s) < 0)
            return -1;
        if ((y & bit) && multiply_in_place(result, x, s) < 0)
            return -1;
        if (is_settled(result, s))
            break;
    }
    return 0;
}

// Exponents beyond a limb, from the lowest bit on. What the square after the last factor met is not
// reported.
static int power_limbs(DecimalNumber *result, const DecimalView *x, const DecimalView *y,
                       DecimalSettings *s) {
    mp_limb_t *limbs;
    int64_t count;
    DecimalNumber square;
    DecimalSettings own = *s;
    if (decimal_to_limbs(y, &limbs, &count) < 0)
        return -1;
    decimal_init(&square);
    decimal_set_small(result, false, 1, 0);
    int done = decimal_copy(&square, x);
    int64_t bits = count * 64 - __builtin_clzll(limbs[count - 1]);
    for (int64_t i = 0; i < bits && done == 0; i++) {
        if (limbs[i / 64] >> (i % 64) & 1) {
            DecimalView view = decimal_view(&square);
            done = multiply_in_place(result, &view, &own);
            s->status |= own.status;
            if (is_settled(result, &own))
                break;
        }
        if (done == 0)
            done = multiply_in_place(&square, NULL, &own);
    }
    decimal_clear(&square);
    buffer_free(limbs);
    return done;
}

static int power_whole(DecimalNumber *result, const DecimalView *x, const DecimalView *y,
                       bool negative, DecimalSettings *s) {
    DecimalSettings wide = *s;
    wide.precision += y->digits + y->exponent + 2;
    wide.rounding = DECIMAL_ROUND_HALF_EVEN;
    wide.clamp = false;
    wide.status = 0;
    DecimalNumber inverse;
    decimal_init(&inverse);
    DecimalView base = *x, one = view_one();
    int done = 0;
    if (y->negative) {
        wide.precision++;
        done = decimal_divide(&inverse, &one, x, &wide);
        base = decimal_view(&inverse);
        s->status |= wide.status;
        wide.status = 0;
    }
    mp_limb_t times = 0;
    bool fits;
    if (done == 0)
        done = to_limb(y, &times, &fits);
    if (done == 0)
        done =
            fits ? power_limb(result, &base, times, &wide) : power_limbs(result, &base, y, &wide);
    decimal_clear(&inverse);
    if (done < 0)
        return -1;
    s->status |= wide.status;
    result->negative = negative;
    return result->kind == DECIMAL_INFINITE ? finish_overflow(result, negative, s)
                                            : decimal_finish(result, s);
}

// ---- other exponents --------------------------------------------------------------------------

static int power_real(DecimalNumber *result, const DecimalView *x, const DecimalView *y,
                      DecimalSettings *s) {
    DecimalSettings wide = decimal_widest();
    wide.precision = (x->digits > s->precision ? x->digits : s->precision) + EXTRA_DIGITS;
    DecimalNumber log, product;
    decimal_init(&log);
    decimal_init(&product);
    int done = decimal_ln(&log, x, &wide);
    DecimalView view = decimal_view(&log);
    if (done == 0)
        done = decimal_multiply(&product, &view, y, &wide);
    view = decimal_view(&product);
    wide.status = 0;
    if (done == 0)
        done = decimal_exp(result, &view, &wide);
    decimal_clear(&log);
    decimal_clear(&product);
    if (done < 0)
        return -1;
    s->status |= wide.status | DECIMAL_INEXACT | DECIMAL_ROUNDED;
    if (result->kind == DECIMAL_INFINITE)
        return finish_overflow(result, false, s);
    view = decimal_view(result);
    DecimalView one = view_one();
    int order = decimal_order(&view, &one);
    if (order == -2 || (order == 0 && set_one(result, false, s->precision - 1) < 0))
        return -1;
    return decimal_finish(result, s);
}

// ---- all --------------------------------------------------------------------------------------

// Zero, infinity, one, negative numbers with exponents that are not whole: 1 if it was such a case.
static int power_special(DecimalNumber *result, const DecimalView *x, const DecimalView *y,
                         bool whole, bool negative, DecimalSettings *s) {
    int nan = decimal_propagate(result, x, y, NULL, s);
    if (nan)
        return nan;
    DecimalView one = view_one();
    bool large = x->kind == DECIMAL_INFINITE; // is the result infinite, but for y's sign?
    int order;
    if (decimal_is_zero(x)) {
        if (decimal_is_zero(y)) {
            decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
            return 1;
        }
    } else if (x->negative && (!whole || y->kind == DECIMAL_INFINITE)) {
        decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
        return 1;
    } else if (y->kind == DECIMAL_INFINITE) {
        order = decimal_order(x, &one);
        if (order == -2)
            return -1;
        if (order == 0) {
            s->status |= DECIMAL_INEXACT | DECIMAL_ROUNDED;
            return set_one(result, negative, s->precision - 1) < 0 ? -1 : 1;
        }
        large = order > 0;
    } else if (decimal_is_zero(y)) {
        decimal_set_small(result, negative, 1, 0);
        return 1;
    } else if (!large) {
        order = decimal_order_magnitudes(x, &one);
        if (order == 0)
            return power_of_one(result, x, y, whole, negative, s) < 0 ? -1 : 1;
        return order == -2 ? -1 : 0;
    }
    if (large != y->negative)
        decimal_set_special(result, DECIMAL_INFINITE, negative);
    else
        decimal_set_small(result, negative, 0, 0);
    return 1;
}

int decimal_power(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                  DecimalSettings *s) {
    int whole = b->kind == DECIMAL_FINITE ? decimal_is_integral(b) : 0;
    int odd = whole > 0 && a->negative ? decimal_is_odd(b) : 0;
    if (whole < 0 || odd < 0)
        return -1;
    int special = power_special(result, a, b, whole, odd, s);
    if (special == 0)
        special = power_beyond(result, a, b, odd, s);
    if (special)
        return special < 0 ? -1 : 0;
    return whole ? power_whole(result, a, b, odd, s) : power_real(result, a, b, s);
}

// ---- modulo -----------------------------------------------------------------------------------

// z = the magnitude of a whole number without its exponent; *tens: what that is.
static int whole_coefficient(mpz_ptr z, const DecimalView *a, int64_t *tens) {
    DecimalView view = *a;
    *tens = a->exponent > 0 ? a->exponent : 0;
    view.exponent -= *tens;
    mp_limb_t *limbs;
    int64_t count;
    if (decimal_to_limbs(&view, &limbs, &count) < 0)
        return -1;
    mpz_t all;
    mpz_set(z, mpz_roinit_n(all, limbs, count));
    buffer_free(limbs);
    return 0;
}

// z = |x|^|y| mod |m|
static int power_modulo(mpz_ptr z, const DecimalView *x, const DecimalView *y,
                        const DecimalView *m) {
    mpz_t exponent, modulus, factor;
    int64_t x_tens, y_tens, m_tens;
    mpz_inits(exponent, modulus, factor, NULL);
    int done = whole_coefficient(modulus, m, &m_tens);
    if (done == 0)
        done = whole_coefficient(exponent, y, &y_tens);
    if (done == 0)
        done = whole_coefficient(z, x, &x_tens);
    if (done == 0) {
        mpz_ui_pow_ui(factor, 10, (unsigned long)m_tens);
        mpz_mul(modulus, modulus, factor);
        mpz_set_ui(factor, 10);
        mpz_t tens;
        mpz_init_set_ui(tens, (unsigned long)x_tens);
        mpz_powm(factor, factor, tens, modulus);
        mpz_mul(z, z, factor);
        mpz_powm(z, z, exponent, modulus);
        // The exponent's zeros: 0 and 1 stay what they are.
        mpz_set_ui(tens, 10);
        for (int64_t i = 0; i < y_tens && mpz_cmp_ui(z, 1) > 0; i++)
            mpz_powm(z, z, tens, modulus);
        mpz_clear(tens);
    }
    mpz_clears(exponent, modulus, factor, NULL);
    return done;
}

// Are these operands of a power with a modulus? 1, 0, or -1.
static int modulo_operands(const DecimalView *a, const DecimalView *b, const DecimalView *modulus,
                           const DecimalSettings *s) {
    const DecimalView *operands[3] = {a, b, modulus};
    for (int i = 0; i < 3; i++) {
        int whole = decimal_is_special(operands[i]) ? 0 : decimal_is_integral(operands[i]);
        if (whole <= 0)
            return whole;
    }
    return modulus->count > 0 && decimal_adjusted(modulus) < s->precision &&
           (b->count > 0 ? !b->negative : a->count > 0);
}

int decimal_power_modulo(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                         const DecimalView *modulus, DecimalSettings *s) {
    int nan = decimal_propagate(result, a, b, modulus, s);
    if (nan)
        return nan < 0 ? -1 : 0;
    int valid = modulo_operands(a, b, modulus, s), odd = valid > 0 ? decimal_is_odd(b) : 0;
    if (valid < 0 || odd < 0)
        return -1;
    if (!valid)
        return decimal_invalid(result, s, DECIMAL_INVALID_OPERATION);
    // Numbers of the modulus' size are what is computed with.
    if (decimal_check_room(modulus->count + (modulus->exponent > 0 ? modulus->exponent / 19 : 0) +
                           a->count + b->count) < 0)
        return -1;
    mpz_t z;
    mpz_init(z);
    int done = power_modulo(z, a, b, modulus);
    if (done == 0)
        done = decimal_from_limbs(result, mpz_limbs_read(z), (int64_t)mpz_size(z),
                                  a->negative && odd, 0);
    mpz_clear(z);
    return done;
}
