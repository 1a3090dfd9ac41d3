// SPDX-License-Identifier: MIT
//
// Exponential and logarithm in binary fixed point, over GMP's integers. MPFR would do the same in
// floating point, but its functions keep constants in thread-local memory that every thread had to
// give back, and the precision of arguments with many digits would have to be chosen as here.
//
// The exponential: Taylor's series of x / 2^halvings, squared as often. The logarithm: that of a
// nearby number y comes from the C library, or from half the bits; then
// ln x = y + 2 artanh((x e^-y - 1) / (x e^-y + 1)), whose series ends soon.
#include "vm/modules/decimal_fixed.h"
#include "vm/modules/decimal_internal.h"
#include <math.h>

// ---- ln 10 ------------------------------------------------------------------------------------

#define LN10_BITS 4096
static const mp_limb_t ln10_limbs[LN10_BITS / 64 + 1] = {0x399a2baaea0f1fe3u,
                                                         0xe071296d4f527a9au,
                                                         0x22a4fd7d78edbad2u,
                                                         0x8b5bfa44e23a78f9u,
                                                         0x2d03b5e95b1b3736u,
                                                         0x12e0cc0401afc189u,
                                                         0x6f96a6a59ff7715fu,
                                                         0xfcc1971033f3bb20u,
                                                         0x26fdd4bed77ecd4fu,
                                                         0xa8db3b32cb56b96eu,
                                                         0xf0498722cf936ab5u,
                                                         0x7cf32ecc62769276u,
                                                         0x401be2d2f85168abu,
                                                         0x675b483a8b7bf4afu,
                                                         0xd94937063059fa1au,
                                                         0xb5a6c4f70680dcc2u,
                                                         0xd0b1637be28f14b7u,
                                                         0xdbfcd8f6c02daccfu,
                                                         0x83670981e52a5dbfu,
                                                         0x87bd782c0104282u,
                                                         0x7be16817ad58c8e9u,
                                                         0x3f3420c929ecca9bu,
                                                         0x298b46391e3def56u,
                                                         0x357a10fc8190ae5cu,
                                                         0x7c74d9b08198e0d1u,
                                                         0xf193aa01b8661598u,
                                                         0xa9981294c93b0f72u,
                                                         0xd792c7230396842au,
                                                         0xedc3f368b5ccb51eu,
                                                         0x250985e06449e9b8u,
                                                         0xe60a9e3291777f20u,
                                                         0xbe672397da5d3cd8u,
                                                         0x32c119b586e9923bu,
                                                         0xb5afefff6086e829u,
                                                         0x8e295c03ff78b6c6u,
                                                         0xddf8dd813a50e583u,
                                                         0xa527aaab7da7a297u,
                                                         0xa2011fc5ec366d42u,
                                                         0xe12323497ebc6f2bu,
                                                         0xf7f4f145d239b5b8u,
                                                         0xbe2121baa6dd0078u,
                                                         0xd1fea5b7ac9c4182u,
                                                         0x15d973789a0ce76fu,
                                                         0x902fcf30785049a9u,
                                                         0x6c74a3a95f53f703u,
                                                         0x91fb2c9a5e31753fu,
                                                         0x7356d0b9a89c5866u,
                                                         0x891e3f2ab4ebba62u,
                                                         0x1a7a963a4c17a607u,
                                                         0x6c22c15f57b7883du,
                                                         0x3a4cda3511e2713du,
                                                         0x299ecd6c8d814216u,
                                                         0x4586ed2748671eefu,
                                                         0xbd9b3ac12acf1be9u,
                                                         0xd96a9b0ec360c7efu,
                                                         0xe0b3e28a2a324479u,
                                                         0xee3de2100b945b59u,
                                                         0xb1889061042f8b6bu,
                                                         0x31c32f00b17c35a0u,
                                                         0x58bc0b5ec6a04173u,
                                                         0xf187a0807c0b5cau,
                                                         0x8a3fb3e76977e43au,
                                                         0xa95b58ae0b4c28a3u,
                                                         0x4d763776aaa2b05bu,
                                                         0x2u};

// The terms [first, last) of artanh(1/k) * k = sum of 1 / ((2n + 1) k^2n), as a fraction: the sum
// is t / (b q) times what is before the first, q = k^2n of these terms, b the product of their 2n
// + 1.
typedef struct {
    mpz_t t, b, q;
} Split;

static void split_terms(Split *s, unsigned long k, unsigned long first, unsigned long last) {
    mpz_inits(s->t, s->b, s->q, NULL);
    if (last - first == 1) {
        mpz_set_ui(s->t, 1);
        mpz_set_ui(s->b, 2 * first + 1);
        mpz_set_ui(s->q, first ? k * k : 1);
        return;
    }
    Split left, right;
    split_terms(&left, k, first, first + (last - first) / 2);
    split_terms(&right, k, first + (last - first) / 2, last);
    mpz_mul(s->t, left.t, right.b);
    mpz_mul(s->t, s->t, right.q);
    mpz_addmul(s->t, left.b, right.t);
    mpz_mul(s->b, left.b, right.b);
    mpz_mul(s->q, left.q, right.q);
    mpz_clears(left.t, left.b, left.q, right.t, right.b, right.q, NULL);
}

// z += times * artanh(1/k)
static void add_artanh(mpz_ptr z, unsigned long times, unsigned long k, int64_t bits) {
    unsigned long terms = (unsigned long)((double)bits / (2 * log2((double)k))) + 2;
    Split s;
    split_terms(&s, k, 0, terms);
    mpz_mul_ui(s.t, s.t, times);
    mpz_mul_2exp(s.t, s.t, (mp_bitcnt_t)bits);
    mpz_mul(s.b, s.b, s.q);
    mpz_mul_ui(s.b, s.b, k);
    mpz_tdiv_q(s.t, s.t, s.b);
    mpz_add(z, z, s.t);
    mpz_clears(s.t, s.b, s.q, NULL);
}

void decimal_fixed_ln10(mpz_ptr z, int64_t bits) {
    if (bits <= LN10_BITS) {
        mpz_t all;
        mpz_tdiv_q_2exp(z, mpz_roinit_n(all, ln10_limbs, LN10_BITS / 64 + 1),
                        (mp_bitcnt_t)(LN10_BITS - bits));
        return;
    }
    // A formula of Machin's kind; see Arndt, "Matters Computational", 32.4.
    mpz_set_ui(z, 0);
    add_artanh(z, 46, 31, bits + 16);
    add_artanh(z, 34, 49, bits + 16);
    add_artanh(z, 20, 161, bits + 16);
    mpz_tdiv_q_2exp(z, z, 16);
}

// ---- from decimal -----------------------------------------------------------------------------

int decimal_fixed_from(mpz_ptr z, const DecimalView *a, int64_t bits) {
    DecimalNumber scaled;
    DecimalRest rest;
    decimal_init(&scaled);
    int done;
    mpz_t limbs;
    if (a->exponent >= 0) {
        done = decimal_scale_up(&scaled, a, a->exponent);
        if (done == 0)
            mpz_mul_2exp(z, mpz_roinit_n(limbs, scaled.limbs, scaled.count), (mp_bitcnt_t)bits);
    } else {
        // Digits behind this place are less than a unit.
        int64_t places = bits * 30103 / 100000 + 2, dropped = -a->exponent - places;
        done = decimal_copy(&scaled, a);
        if (done == 0 && dropped > 0)
            done = decimal_scale_down(&scaled, dropped, &rest);
        DecimalNumber power;
        decimal_init(&power);
        if (done == 0)
            done = decimal_power_of_ten(&power, dropped > 0 ? places : -a->exponent);
        if (done == 0) {
            mpz_t divisor;
            mpz_mul_2exp(z, mpz_roinit_n(limbs, scaled.limbs, scaled.count), (mp_bitcnt_t)bits);
            mpz_tdiv_q(z, z, mpz_roinit_n(divisor, power.limbs, power.count));
        }
        decimal_clear(&power);
    }
    decimal_clear(&scaled);
    return done;
}

// ---- exponential ------------------------------------------------------------------------------

static int64_t bit_length(uint64_t n) {
    return n ? 64 - __builtin_clzll(n) : 0;
}

// z = x * y
static void multiply_fixed(mpz_ptr z, mpz_srcptr x, mpz_srcptr y, int64_t bits) {
    mpz_mul(z, x, y);
    mpz_tdiv_q_2exp(z, z, (mp_bitcnt_t)bits);
}

void decimal_fixed_exp(mpz_ptr z, mpz_srcptr x, int64_t bits) {
    // Each squaring doubles the relative error, which begins with two units for each term.
    int64_t halvings = 4 + (int64_t)(sqrt((double)bits) * 0.6);
    int64_t more = halvings + bit_length((uint64_t)bits) + 8, wide = bits + more;
    mpz_t part, term;
    mpz_init2(part, (mp_bitcnt_t)wide + 64);
    mpz_init2(term, (mp_bitcnt_t)wide * 2 + 128);
    mpz_mul_2exp(part, x, (mp_bitcnt_t)more);
    mpz_tdiv_q_2exp(part, part, (mp_bitcnt_t)halvings);
    mpz_set(term, part);
    mpz_set_ui(z, 1);
    mpz_mul_2exp(z, z, (mp_bitcnt_t)wide);
    for (unsigned long n = 2; mpz_sgn(term) != 0; n++) {
        mpz_add(z, z, term);
        multiply_fixed(term, term, part, wide);
        mpz_tdiv_q_ui(term, term, n);
    }
    for (int64_t i = 0; i < halvings; i++)
        multiply_fixed(z, z, z, wide);
    mpz_tdiv_q_2exp(z, z, (mp_bitcnt_t)more);
    mpz_clear(part);
    mpz_clear(term);
}

// ---- logarithm --------------------------------------------------------------------------------

#define START_BITS 50     // of the C library's logarithm that are used
#define HALVING_BITS 1600 // from which half the bits come first

// y = ln x, nearly, or 0 if x is near 1.
static void near_ln(mpz_ptr y, mpz_srcptr x, int64_t bits) {
    mpz_t less;
    mpz_init(less);
    mpz_tdiv_q_2exp(less, x, (mp_bitcnt_t)(bits - START_BITS));
    double number = mpz_get_d(less) / (double)((int64_t)1 << START_BITS);
    if (fabs(number - 1) < 1.0 / (1 << 20)) {
        mpz_set_ui(y, 0);
    } else if (bits >= HALVING_BITS) {
        int64_t half = bits / 2 + 16;
        mpz_tdiv_q_2exp(less, x, (mp_bitcnt_t)(bits - half));
        decimal_fixed_ln(y, less, half);
        mpz_mul_2exp(y, y, (mp_bitcnt_t)(bits - half));
    } else {
        mpz_set_si(y, lrint(log(number) * (double)((int64_t)1 << START_BITS)));
        mpz_mul_2exp(y, y, (mp_bitcnt_t)(bits - START_BITS));
    }
    mpz_clear(less);
}

// z += 2 artanh(x)
static void add_double_artanh(mpz_ptr z, mpz_ptr x, int64_t bits) {
    mpz_t square, term;
    mpz_init(square);
    mpz_init(term);
    multiply_fixed(square, x, x, bits);
    mpz_mul_2exp(x, x, 1);
    mpz_add(z, z, x);
    for (unsigned long n = 3; mpz_sgn(x) != 0; n += 2) {
        multiply_fixed(x, x, square, bits);
        mpz_tdiv_q_ui(term, x, n);
        mpz_add(z, z, term);
    }
    mpz_clear(square);
    mpz_clear(term);
}

void decimal_fixed_ln(mpz_ptr z, mpz_srcptr x, int64_t bits) {
    // The series adds an error of two units a term: of which there are few, in wider units.
    int64_t more = bit_length((uint64_t)bits), wide = bits + more;
    mpz_t number, power, one;
    mpz_init(number);
    mpz_init(power);
    mpz_init(one);
    mpz_set_ui(one, 1);
    mpz_mul_2exp(one, one, (mp_bitcnt_t)wide);
    mpz_mul_2exp(number, x, (mp_bitcnt_t)more);
    near_ln(z, number, wide);
    if (mpz_sgn(z) != 0) {
        mpz_neg(z, z);
        decimal_fixed_exp(power, z, wide);
        mpz_neg(z, z);
        multiply_fixed(number, number, power, wide);
    }
    mpz_add(power, number, one);
    mpz_sub(number, number, one);
    mpz_mul_2exp(number, number, (mp_bitcnt_t)wide);
    mpz_tdiv_q(number, number, power);
    add_double_artanh(z, number, wide);
    mpz_tdiv_q_2exp(z, z, (mp_bitcnt_t)more);
    mpz_clear(number);
    mpz_clear(power);
    mpz_clear(one);
}
