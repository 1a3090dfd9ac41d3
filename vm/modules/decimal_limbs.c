// SPDX-License-Identifier: MIT
//
// Magnitudes of decimal numbers and their decimal digits: counting, scaling by powers of ten,
// dividing. What fits few limbs is computed here, the rest by GMP's mpn layer.
//
// Division by 10^0 .. 10^38 multiplies with a reciprocal from a table: the methods are those of
// Moller and Granlund, "Improved division by invariant integers" (2010).
#include "vm/modules/decimal_internal.h"

const mp_limb_t decimal_power_rows[DECIMAL_POWER_ROWS][4] = {
    {0x1u},
    {0xau},
    {0x64u},
    {0x3e8u},
    {0x2710u},
    {0x186a0u},
    {0xf4240u},
    {0x989680u},
    {0x5f5e100u},
    {0x3b9aca00u},
    {0x2540be400u},
    {0x174876e800u},
    {0xe8d4a51000u},
    {0x9184e72a000u},
    {0x5af3107a4000u},
    {0x38d7ea4c68000u},
    {0x2386f26fc10000u},
    {0x16345785d8a0000u},
    {0xde0b6b3a7640000u},
    {0x8ac7230489e80000u},
    {0x6bc75e2d63100000u, 0x5u},
    {0x35c9adc5dea00000u, 0x36u},
    {0x19e0c9bab2400000u, 0x21eu},
    {0x2c7e14af6800000u, 0x152du},
    {0x1bcecceda1000000u, 0xd3c2u},
    {0x161401484a000000u, 0x84595u},
    {0xdcc80cd2e4000000u, 0x52b7d2u},
    {0x9fd0803ce8000000u, 0x33b2e3cu},
    {0x3e25026110000000u, 0x204fce5eu},
    {0x6d7217caa0000000u, 0x1431e0faeu},
    {0x4674edea40000000u, 0xc9f2c9cd0u},
    {0xc0914b2680000000u, 0x7e37be2022u},
    {0x85acef8100000000u, 0x4ee2d6d415bu},
    {0x38c15b0a00000000u, 0x314dc6448d93u},
    {0x378d8e6400000000u, 0x1ed09bead87c0u},
    {0x2b878fe800000000u, 0x13426172c74d82u},
    {0xb34b9f1000000000u, 0xc097ce7bc90715u},
    {0xf436a000000000u, 0x785ee10d5da46d9u},
    {0x98a224000000000u, 0x4b3b4ca85a86c47au},
    {0x5f65568000000000u, 0xf050fe938943acc4u, 0x2u},
    {0xb9f5610000000000u, 0x6329f1c35ca4bfabu, 0x1du},
    {0x4395ca0000000000u, 0xdfa371a19e6f7cb5u, 0x125u},
    {0xa3d9e40000000000u, 0xbc627050305adf14u, 0xb7au},
    {0x6682e80000000000u, 0x5bd86321e38cb6ceu, 0x72cbu},
    {0x11d100000000000u, 0x9673df52e37f2410u, 0x47bf1u},
    {0xb22a00000000000u, 0xe086b93ce2f768a0u, 0x2cd76fu},
    {0x6f5a400000000000u, 0xc5433c60ddaa1640u, 0x1c06a5eu},
    {0x5986800000000000u, 0xb4a05bc8a8a4de84u, 0x118427b3u},
    {0x7f41000000000000u, 0xe4395d69670b12bu, 0xaf298d05u},
    {0xf88a000000000000u, 0x8ea3da61e066ebb2u, 0x6d79f8232u},
    {0xb564000000000000u, 0x926687d2c40534fdu, 0x446c3b15f9u},
    {0x15e8000000000000u, 0xb8014e3ba83411e9u, 0x2ac3a4edbbfu},
    {0xdb10000000000000u, 0x300d0e549208b31au, 0x1aba4714957du},
    {0x8ea0000000000000u, 0xe0828f4db456ff0cu, 0x10b46c6cdd6e3u},
    {0x9240000000000000u, 0xc51999090b65f67du, 0xa70c3c40a64e6u},
    {0xb680000000000000u, 0xb2fffa5a71fba0e7u, 0x6867a5a867f103u},
    {0x2100000000000000u, 0xfdffc78873d4490du, 0x4140c78940f6a24u},
    {0x4a00000000000000u, 0xebfdcb54864ada83u, 0x28c87cb5c89a2571u},
    {0xe400000000000000u, 0x37e9f14d3eec8920u, 0x97d4df19d6057673u, 0x1u},
    {0xe800000000000000u, 0x2f236d04753d5b48u, 0xee50b7025c36a080u, 0xfu},
    {0x1000000000000000u, 0xd762422c946590d9u, 0x4f2726179a224501u, 0x9fu},
    {0xa000000000000000u, 0x69d695bdcbf7a87au, 0x17877cec0556b212u, 0x639u},
    {0x4000000000000000u, 0x2261d969f7ac94cau, 0xeb4ae1383562f4b8u, 0x3e3au},
    {0x8000000000000000u, 0x57d27e23acbdcfe6u, 0x30eccc3215dd8f31u, 0x26e4du},
    {0x0u, 0x6e38ed64bf6a1f01u, 0xe93ff9f4daa797edu, 0x184f03u},
    {0x0u, 0x4e3945ef7a25360au, 0x1c7fc3908a8bef46u, 0xf31627u},
    {0x0u, 0xe3cbb5ac5741c64u, 0x1cfda3a5697758bfu, 0x97edd87u},
    {0x0u, 0x8e5f518bb6891be8u, 0x21e864761ea97776u, 0x5ef4a747u},
    {0x0u, 0x8fb92f75215b1710u, 0x5313ec9d329eaaa1u, 0x3b58e88c7u},
    {0x0u, 0x9d3bda934d8ee6a0u, 0x3ec73e23fa32aa4fu, 0x25179157c9u},
    {0x0u, 0x245689c107950240u, 0x73c86d67c5faa71cu, 0x172ebad6ddcu},
    {0x0u, 0x6b61618a4bd21680u, 0x85d4460dbbca8719u, 0xe7d34c64a9cu},
    {0x0u, 0x31cdcf66f634e100u, 0x3a4abc8955e946feu, 0x90e40fbeea1du},
    {0x0u, 0xf20a1a059e10ca00u, 0x46eb5d5d5b1cc5edu, 0x5a8e89d752524u},
    {0x0u, 0x746504382ca7e400u, 0xc531a5a58f1fbb4bu, 0x3899162693736au},
    {0x0u, 0x8bf22a31be8ee800u, 0xb3f07877973d50f2u, 0x235fadd81c2822bu},
    {0x0u, 0x7775a5f171951000u, 0x764b4abe8652979u, 0x161bcca7119915b5u},
    {0x0u, 0xaa987b6e6fd2a000u, 0x49ef0eb713f39ebeu, 0xdd15fe86affad912u},
};

// 10^k shifted up until its top bit is set, in one limb (k <= 19) or two, and the reciprocal of
// that: floor((2^128 - 1) / d) - 2^64, or floor((2^192 - 1) / d) - 2^64.
typedef struct {
    mp_limb_t high, low, inverse;
    int shift;
} PowerDivisor;

static const PowerDivisor power_divisors[DECIMAL_WIDE_DIGITS + 1] = {
    {0x8000000000000000u, 0, 0xffffffffffffffffu, 63},
    {0xa000000000000000u, 0, 0x9999999999999999u, 60},
    {0xc800000000000000u, 0, 0x47ae147ae147ae14u, 57},
    {0xfa00000000000000u, 0, 0x624dd2f1a9fbe76u, 54},
    {0x9c40000000000000u, 0, 0xa36e2eb1c432ca57u, 50},
    {0xc350000000000000u, 0, 0x4f8b588e368f0846u, 47},
    {0xf424000000000000u, 0, 0xc6f7a0b5ed8d36bu, 44},
    {0x9896800000000000u, 0, 0xad7f29abcaf48578u, 40},
    {0xbebc200000000000u, 0, 0x5798ee2308c39df9u, 37},
    {0xee6b280000000000u, 0, 0x12e0be826d694b2eu, 34},
    {0x9502f90000000000u, 0, 0xb7cdfd9d7bdbab7du, 30},
    {0xba43b74000000000u, 0, 0x5fd7fe17964955fdu, 27},
    {0xe8d4a51000000000u, 0, 0x19799812dea11197u, 24},
    {0x9184e72a00000000u, 0, 0xc25c268497681c26u, 20},
    {0xb5e620f480000000u, 0, 0x6849b86a12b9b01eu, 17},
    {0xe35fa931a0000000u, 0, 0x203af9ee756159b2u, 14},
    {0x8e1bc9bf04000000u, 0, 0xcd2b297d889bc2b6u, 10},
    {0xb1a2bc2ec5000000u, 0, 0x70ef54646d496892u, 7},
    {0xde0b6b3a76400000u, 0, 0x2725dd1d243aba0eu, 4},
    {0x8ac7230489e80000u, 0, 0xd83c94fb6d2ac34au, 0},
    {0xad78ebc5ac620000u, 0x0u, 0x79ca10c9242235d5u, 61},
    {0xd8d726b7177a8000u, 0x0u, 0x2e3b40a0e9b4f7ddu, 58},
    {0x878678326eac9000u, 0x0u, 0xe392010175ee5962u, 54},
    {0xa968163f0a57b400u, 0x0u, 0x82db34012b25144eu, 51},
    {0xd3c21bcecceda100u, 0x0u, 0x357c299a88ea76a5u, 48},
    {0x84595161401484a0u, 0x0u, 0xef2d0f5da7dd8aa2u, 44},
    {0xa56fa5b99019a5c8u, 0x0u, 0x8c240c4aecb13bb5u, 41},
    {0xcecb8f27f4200f3au, 0x0u, 0x3ce9a36f23c0fc90u, 38},
    {0x813f3978f8940984u, 0x4000000000000000u, 0xfb0f6be50601941bu, 34},
    {0xa18f07d736b90be5u, 0x5000000000000000u, 0x95a5efea6b34767cu, 31},
    {0xc9f2c9cd04674edeu, 0xa400000000000000u, 0x4484bfeebc29f863u, 28},
    {0xfc6f7c4045812296u, 0x4d00000000000000u, 0x39d66589687f9e9u, 25},
    {0x9dc5ada82b70b59du, 0xf020000000000000u, 0x9f623d5a8a732974u, 21},
    {0xc5371912364ce305u, 0x6c28000000000000u, 0x4c4e977ba1f5bac3u, 18},
    {0xf684df56c3e01bc6u, 0xc732000000000000u, 0x9d8792fb4c49569u, 15},
    {0x9a130b963a6c115cu, 0x3c7f400000000000u, 0xa95a5b7f87a0ef0fu, 11},
    {0xc097ce7bc90715b3u, 0x4b9f100000000000u, 0x54484932d2e725a5u, 8},
    {0xf0bdc21abb48db20u, 0x1e86d40000000000u, 0x1039d428a8b8eaeau, 5},
    {0x96769950b50d88f4u, 0x1314448000000000u, 0xb38fb9daa78e44abu, 1},
};

// ---- memory -----------------------------------------------------------------------------------

#define LIMBS_UNCHECKED ((int64_t)1 << 15)

int decimal_check_room(int64_t limbs) {
    if (LIKELY(limbs <= LIMBS_UNCHECKED))
        return 0;
    // GMP takes a few times as much for itself.
    void *trial = limbs > DECIMAL_LIMBS_MAX ? NULL : buffer_allocate((size_t)limbs * 32);
    if (!trial) {
        raise_memory_error();
        return -1;
    }
    buffer_free(trial);
    return 0;
}

int decimal_reserve_more(DecimalNumber *n, int64_t count, int64_t keep) {
    if (decimal_check_room(count) < 0)
        return -1;
    mp_limb_t *limbs = buffer_allocate((size_t)count * sizeof *limbs);
    if (UNLIKELY(!limbs)) {
        raise_memory_error();
        return -1;
    }
    if (keep > 0)
        memcpy(limbs, n->limbs, (size_t)keep * sizeof *limbs);
    if (n->limbs != n->local)
        buffer_free(n->limbs);
    n->limbs = limbs;
    n->room = count;
    return 0;
}

// ---- digits -----------------------------------------------------------------------------------

#define LOG10_2 0x4d104d427de7fbccu // times 2^64

int decimal_compare_magnitudes(const mp_limb_t *a, int64_t a_count, const mp_limb_t *b,
                               int64_t b_count) {
    if (a_count != b_count)
        return a_count < b_count ? -1 : 1;
    for (int64_t i = a_count - 1; i >= 0; i--)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

// The bit length tells most; if a power of ten lies between the shortest and the longest number of
// that length, floating point does, unless that is too near: then the power is computed.
int64_t decimal_digits_large(const mp_limb_t *limbs, int64_t count) {
    mp_limb_t top = limbs[count - 1];
    int shift = __builtin_clzll(top);
    int64_t bits = count * 64 - shift;
    int64_t least = (int64_t)((DecimalWide)(uint64_t)(bits - 1) * LOG10_2 >> 64);
    int64_t most = (int64_t)((DecimalWide)(uint64_t)bits * LOG10_2 >> 64);
    if (least == most)
        return least + 1;
    if (shift)
        top = top << shift | limbs[count - 2] >> (64 - shift);
    long double log = (__builtin_log2l((long double)top) + (long double)(bits - 64)) *
                      0.30102999566398119521373889472449302677L;
    long double error = 1e-15L + log * 1e-18L;
    if (log > (long double)most + error)
        return most + 1;
    if (log < (long double)most - error)
        return most;
    DecimalNumber power;
    decimal_init(&power);
    int64_t digits = -1;
    if (decimal_power_of_ten(&power, most) == 0)
        digits = most + (decimal_compare_magnitudes(limbs, count, power.limbs, power.count) >= 0);
    decimal_clear(&power);
    return digits;
}

// ---- multiplying ------------------------------------------------------------------------------

// The product of one or two limbs by one or two, as four.
static inline int64_t multiply_small(mp_limb_t *out, const mp_limb_t *a, int64_t a_count,
                                     const mp_limb_t *b, int64_t b_count) {
    mp_limb_t a0 = a[0], a1 = a_count > 1 ? a[1] : 0, b0 = b[0], b1 = b_count > 1 ? b[1] : 0;
    DecimalWide low = (DecimalWide)a0 * b0, left = (DecimalWide)a1 * b0,
                right = (DecimalWide)a0 * b1;
    DecimalWide middle = (low >> 64) + (mp_limb_t)left + (mp_limb_t)right;
    DecimalWide high = (DecimalWide)a1 * b1 + (left >> 64) + (right >> 64) + (middle >> 64);
    out[0] = (mp_limb_t)low;
    out[1] = (mp_limb_t)middle;
    out[2] = (mp_limb_t)high;
    out[3] = (mp_limb_t)(high >> 64);
    int64_t count = a_count + b_count;
    return count - (out[count - 1] == 0);
}

// n's limbs become the product, of factors that are not 0; n->digits is left to the caller.
static int multiply_any(DecimalNumber *n, const mp_limb_t *a, int64_t a_count, const mp_limb_t *b,
                        int64_t b_count) {
    if (LIKELY(a_count <= 2 && b_count <= 2)) {
        n->count = multiply_small(n->limbs, a, a_count, b, b_count);
        return 0;
    }
    int64_t count = a_count + b_count;
    if (decimal_reserve(n, count) < 0)
        return -1;
    if (a == b && a_count == b_count)
        mpn_sqr(n->limbs, a, a_count);
    else if (a_count >= b_count)
        mpn_mul(n->limbs, a, a_count, b, b_count);
    else
        mpn_mul(n->limbs, b, b_count, a, a_count);
    n->count = count - (n->limbs[count - 1] == 0);
    return 0;
}

int decimal_multiply_limbs(DecimalNumber *n, const mp_limb_t *a, int64_t a_count,
                           const mp_limb_t *b, int64_t b_count) {
    if (a_count == 0 || b_count == 0) {
        decimal_set_wide(n, 0);
        return 0;
    }
    return multiply_any(n, a, a_count, b, b_count) < 0 ? -1 : decimal_settle(n, n->count);
}

static inline int64_t power_limbs(int64_t k) { // of 10^k, k < DECIMAL_POWER_ROWS
    return 1 + (k >= 20) + (k >= 39) + (k >= 58);
}

int decimal_power_of_ten(DecimalNumber *n, int64_t k) {
    if (k < DECIMAL_POWER_ROWS) {
        n->count = power_limbs(k);
        memcpy(n->limbs, decimal_power_rows[k], (size_t)n->count * sizeof *n->limbs);
        n->digits = k + 1;
        return 0;
    }
    // 3322/1000 > log2(10)
    if (k > DECIMAL_LIMBS_MAX / 3322 * 64000) {
        raise_memory_error();
        return -1;
    }
    int64_t room = k * 3322 / 64000 + 2, low = k / 64;
    if (decimal_reserve(n, room) < 0)
        return -1;
    mpz_t five;
    mpz_init(five);
    mpz_ui_pow_ui(five, 5, (unsigned long)k);
    int64_t count = (int64_t)mpz_size(five);
    memset(n->limbs, 0, (size_t)low * sizeof *n->limbs);
    n->limbs[low + count] = 0;
    if (k % 64)
        n->limbs[low + count] = mpn_lshift(n->limbs + low, mpz_limbs_read(five), count, k % 64);
    else
        memcpy(n->limbs + low, mpz_limbs_read(five), (size_t)count * sizeof *n->limbs);
    mpz_clear(five);
    n->count = low + count + (n->limbs[low + count] != 0);
    n->digits = k + 1;
    return 0;
}

int decimal_scale_up(DecimalNumber *n, const DecimalView *a, int64_t k) {
    int result = 0;
    if (a->count == 0) {
        decimal_set_wide(n, 0);
        return 0;
    }
    if (k < DECIMAL_POWER_ROWS) {
        result = multiply_any(n, a->limbs, a->count, decimal_power_rows[k], power_limbs(k));
    } else {
        DecimalNumber power;
        decimal_init(&power);
        result = decimal_power_of_ten(&power, k);
        if (result == 0)
            result = multiply_any(n, a->limbs, a->count, power.limbs, power.count);
        decimal_clear(&power);
    }
    n->digits = a->digits + k;
    return result;
}

// ---- dividing ---------------------------------------------------------------------------------

// (high, low) / d for high < d, d's top bit set.
static inline mp_limb_t divide_step(mp_limb_t high, mp_limb_t low, mp_limb_t d, mp_limb_t inverse,
                                    mp_limb_t *remainder) {
    DecimalWide guess = (DecimalWide)inverse * high + ((DecimalWide)high << 64 | low);
    mp_limb_t quotient = (mp_limb_t)(guess >> 64) + 1, rest = low - quotient * d;
    if (rest > (mp_limb_t)guess) {
        quotient--;
        rest += d;
    }
    if (UNLIKELY(rest >= d)) {
        quotient++;
        rest -= d;
    }
    *remainder = rest;
    return quotient;
}

// (high, low) / d for high < d of two limbs, d's top bit set.
static inline mp_limb_t divide_step_wide(DecimalWide high, mp_limb_t low, DecimalWide d,
                                         mp_limb_t inverse, DecimalWide *remainder) {
    mp_limb_t high1 = (mp_limb_t)(high >> 64), high0 = (mp_limb_t)high;
    DecimalWide guess = (DecimalWide)inverse * high1 + high;
    mp_limb_t quotient = (mp_limb_t)(guess >> 64);
    mp_limb_t rest1 = high0 - quotient * (mp_limb_t)(d >> 64);
    DecimalWide rest = ((DecimalWide)rest1 << 64 | low) - (DecimalWide)quotient * (mp_limb_t)d - d;
    quotient++;
    if ((mp_limb_t)(rest >> 64) >= (mp_limb_t)guess) {
        quotient--;
        rest += d;
    }
    if (UNLIKELY(rest >= d)) {
        quotient++;
        rest -= d;
    }
    *remainder = rest;
    return quotient;
}

static inline mp_limb_t shifted_limb(const mp_limb_t *limbs, int64_t i, int shift) {
    mp_limb_t limb = limbs[i] << shift;
    return shift && i > 0 ? limb | limbs[i - 1] >> (64 - shift) : limb;
}
static inline mp_limb_t shifted_out(mp_limb_t top, int shift) {
    return shift ? top >> (64 - shift) : 0;
}

// quotient (count limbs, may be the numerator) = numerator / d. Gives the remainder.
static inline DecimalWide divide_by(mp_limb_t *quotient, const mp_limb_t *numerator, int64_t count,
                                    const PowerDivisor *d, bool wide) {
    int shift = d->shift;
    mp_limb_t top = shifted_out(numerator[count - 1], shift);
    if (!wide) {
        for (int64_t i = count - 1; i >= 0; i--) // the quotient's limb i is written after its use
            quotient[i] =
                divide_step(top, shifted_limb(numerator, i, shift), d->high, d->inverse, &top);
        return top >> shift;
    }
    DecimalWide divisor = (DecimalWide)d->high << 64 | d->low;
    DecimalWide rest = (DecimalWide)top << 64 | shifted_limb(numerator, count - 1, shift);
    quotient[count - 1] = 0;
    for (int64_t i = count - 2; i >= 0; i--)
        quotient[i] =
            divide_step_wide(rest, shifted_limb(numerator, i, shift), divisor, d->inverse, &rest);
    return rest >> shift;
}

static inline DecimalWide divide_by_power(mp_limb_t *quotient, const mp_limb_t *numerator,
                                          int64_t count, int64_t k) {
    return divide_by(quotient, numerator, count, &power_divisors[k], k > DECIMAL_LIMB_DIGITS);
}

static PowerDivisor wide_divisor(DecimalWide d) {
    PowerDivisor divisor;
    divisor.shift = __builtin_clzll((mp_limb_t)(d >> 64));
    d <<= divisor.shift;
    mp_limb_t high = (mp_limb_t)(d >> 64), low = (mp_limb_t)d;
    mp_limb_t inverse = (mp_limb_t)(((DecimalWide)~high << 64 | ~(mp_limb_t)0) / high);
    mp_limb_t p = high * inverse + low;
    if (p < low) {
        inverse--;
        if (p >= high) {
            inverse--;
            p -= high;
        }
        p -= high;
    }
    DecimalWide t = (DecimalWide)inverse * low;
    p += (mp_limb_t)(t >> 64);
    if (p < (mp_limb_t)(t >> 64)) {
        inverse--;
        if (((DecimalWide)p << 64 | (mp_limb_t)t) >= d)
            inverse--;
    }
    divisor.high = high;
    divisor.low = low;
    divisor.inverse = inverse;
    return divisor;
}

int decimal_divide_limbs(DecimalNumber *quotient, DecimalNumber *numerator,
                         const mp_limb_t *divisor, int64_t count) {
    int64_t total = numerator->count;
    if (total < count) {
        decimal_set_wide(quotient, 0);
        return 0;
    }
    if (decimal_reserve(quotient, total - count + 2) < 0)
        return -1;
    if (count == 1) {
        mp_limb_t rest =
            total == 1 ? numerator->limbs[0] % divisor[0]
                       : mpn_divrem_1(quotient->limbs, 0, numerator->limbs, total, divisor[0]);
        if (total == 1)
            quotient->limbs[0] = numerator->limbs[0] / divisor[0];
        decimal_set_wide(numerator, rest);
        return decimal_settle(quotient, total);
    }
    if (count == 2) {
        PowerDivisor d = wide_divisor(decimal_wide(divisor, 2));
        DecimalWide rest = divide_by(quotient->limbs, numerator->limbs, total, &d, true);
        decimal_set_wide(numerator, rest);
        return decimal_settle(quotient, total - 1);
    }
    if (decimal_check_room(total) < 0)
        return -1;
    mpn_tdiv_qr(quotient->limbs, numerator->limbs, 0, numerator->limbs, total, divisor, count);
    if (decimal_settle(numerator, count) < 0)
        return -1;
    return decimal_settle(quotient, total - count + 1);
}

static DecimalRest rest_of(int half, bool zero) {
    return half < 0    ? zero ? DECIMAL_REST_NONE : DECIMAL_REST_BELOW
           : half == 0 ? DECIMAL_REST_HALF
                       : DECIMAL_REST_ABOVE;
}

// n's limbs, at most a few, lose k digits.
static DecimalRest scale_down_small(DecimalNumber *n, int64_t k) {
    bool dropped = false;
    for (; k > DECIMAL_WIDE_DIGITS; k -= DECIMAL_WIDE_DIGITS) {
        dropped |= divide_by_power(n->limbs, n->limbs, n->count, DECIMAL_WIDE_DIGITS) != 0;
        while (n->count > 0 && n->limbs[n->count - 1] == 0)
            n->count--;
        if (n->count == 0)
            return DECIMAL_REST_BELOW;
    }
    DecimalWide half = decimal_wide_power(k) >> 1,
                rest = divide_by_power(n->limbs, n->limbs, n->count, k);
    while (n->count > 0 && n->limbs[n->count - 1] == 0)
        n->count--;
    int order = rest < half ? -1 : rest > half || dropped;
    return rest_of(order, rest == 0 && !dropped);
}

static int scale_down_large(DecimalNumber *n, int64_t k, DecimalRest *rest) {
    DecimalNumber power, quotient;
    decimal_init(&power);
    decimal_init(&quotient);
    int result = decimal_power_of_ten(&power, k);
    if (result == 0)
        result = decimal_divide_limbs(&quotient, n, power.limbs, power.count);
    if (result == 0) { // what is dropped, doubled, against 10^k
        bool zero = n->count == 0;
        int order = -1;
        if (!zero) {
            mpn_rshift(power.limbs, power.limbs, power.count, 1);
            power.count -= power.limbs[power.count - 1] == 0;
            order = decimal_compare_magnitudes(n->limbs, n->count, power.limbs, power.count);
        }
        *rest = rest_of(order, zero);
        result = decimal_reserve(n, quotient.count);
        n->count = 0;
        if (result == 0 && quotient.count > 0) {
            memcpy(n->limbs, quotient.limbs, (size_t)quotient.count * sizeof *n->limbs);
            n->count = quotient.count;
        }
    }
    decimal_clear(&power);
    decimal_clear(&quotient);
    return result;
}

#define FEW_LIMBS 6 // for which dividing step by step is quicker

int decimal_scale_down(DecimalNumber *n, int64_t k, DecimalRest *rest) {
    *rest = DECIMAL_REST_NONE;
    if (k <= 0 || n->count == 0)
        return 0;
    if (k > n->digits) {
        decimal_set_wide(n, 0);
        *rest = DECIMAL_REST_BELOW;
        return 0;
    }
    int64_t digits = n->digits - k;
    if (LIKELY(n->count <= FEW_LIMBS))
        *rest = scale_down_small(n, k);
    else if (scale_down_large(n, k, rest) < 0)
        return -1;
    n->digits = digits > 0 ? digits : 1;
    return 0;
}

int decimal_keep_low(DecimalNumber *n, int64_t k) {
    if (n->digits <= k)
        return 0;
    DecimalNumber power, quotient;
    decimal_init(&power);
    decimal_init(&quotient);
    int result = decimal_power_of_ten(&power, k);
    if (result == 0)
        result = decimal_divide_limbs(&quotient, n, power.limbs, power.count);
    decimal_clear(&power);
    decimal_clear(&quotient);
    return result;
}

// Takes k zeros off, if there are so many: 1, else 0, or -1.
static int strip_exactly(DecimalNumber *n, int64_t k) {
    int result;
    if (k <= DECIMAL_WIDE_DIGITS && n->count <= DECIMAL_LOCAL_LIMBS) {
        mp_limb_t quotient[DECIMAL_LOCAL_LIMBS];
        if (k > DECIMAL_LIMB_DIGITS && n->count < 2)
            return 0;
        if (divide_by_power(quotient, n->limbs, n->count, k) != 0)
            return 0;
        memcpy(n->limbs, quotient, (size_t)n->count * sizeof *quotient);
        while (n->limbs[n->count - 1] == 0)
            n->count--;
        result = 1;
    } else {
        DecimalNumber copy;
        DecimalRest rest;
        decimal_init(&copy);
        DecimalView view = decimal_view(n);
        result = decimal_copy(&copy, &view);
        if (result == 0)
            result = decimal_scale_down(&copy, k, &rest);
        if (result == 0 && rest == DECIMAL_REST_NONE) {
            memcpy(n->limbs, copy.limbs, (size_t)copy.count * sizeof *n->limbs);
            n->count = copy.count;
            result = 1;
        }
        decimal_clear(&copy);
    }
    if (result == 1) {
        n->digits -= k;
        n->exponent += k;
    }
    return result;
}

// A power of ten divides no number that 2 does not divide as often.
static int64_t low_zero_bits(const DecimalNumber *n) {
    int64_t i = 0;
    while (n->limbs[i] == 0)
        i++;
    return i * 64 + __builtin_ctzll(n->limbs[i]);
}

int decimal_strip(DecimalNumber *n, int64_t limit) {
    int64_t most = low_zero_bits(n);
    most = most < limit ? most : limit;
    most = most < n->digits - 1 ? most : n->digits - 1;
    if (most <= 0)
        return 0;
    for (int64_t k = (int64_t)1 << (63 - __builtin_clzll((uint64_t)most)); k > 0; k >>= 1) {
        int stripped = k <= most ? strip_exactly(n, k) : 0;
        if (stripped < 0)
            return -1;
        if (stripped)
            most -= k;
    }
    return 0;
}

// ---- from digits ------------------------------------------------------------------------------

static mp_limb_t limb_of_digits(const char *digits, int64_t count) { // count <= 19
    mp_limb_t n = 0;
    for (int64_t i = 0; i < count; i++)
        n = n * 10 + (mp_limb_t)(digits[i] - '0');
    return n;
}

int decimal_from_digits(DecimalNumber *n, const char *digits, int64_t count) {
    while (count > 0 && *digits == '0') {
        digits++;
        count--;
    }
    if (count <= DECIMAL_LIMB_DIGITS) {
        decimal_set_wide(n, limb_of_digits(digits, count));
        return 0;
    }
    if (count < DECIMAL_POWER_ROWS) {
        int64_t first = count % DECIMAL_LIMB_DIGITS;
        n->limbs[0] = limb_of_digits(digits, first);
        n->count = 1;
        for (int64_t i = first; i < count; i += DECIMAL_LIMB_DIGITS) {
            mp_limb_t carry =
                mpn_mul_1(n->limbs, n->limbs, n->count, decimal_power_rows[DECIMAL_LIMB_DIGITS][0]);
            carry += mpn_add_1(n->limbs, n->limbs, n->count,
                               limb_of_digits(digits + i, DECIMAL_LIMB_DIGITS));
            if (carry)
                n->limbs[n->count++] = carry;
        }
        while (n->limbs[n->count - 1] == 0)
            n->count--;
        n->digits = count;
        return 0;
    }
    int64_t room = count / 19 + 2;
    if (decimal_reserve(n, room) < 0)
        return -1;
    unsigned char *values = buffer_allocate((size_t)count);
    if (!values) {
        raise_memory_error();
        return -1;
    }
    for (int64_t i = 0; i < count; i++)
        values[i] = (unsigned char)(digits[i] - '0');
    n->count = mpn_set_str(n->limbs, values, (size_t)count, 10);
    n->digits = count;
    buffer_free(values);
    return 0;
}
