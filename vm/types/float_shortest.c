// SPDX-License-Identifier: MIT
//
// The shortest decimal that reads back as a given double, by the Schubfach method (R. Giulietti,
// "The Schubfach way to render doubles", 2020), and exact rounding to a fixed number of decimals.
// Pure arithmetic: nothing here touches objects.
#include "vm/types/float_internal.h"
#include "vm/types/float_powers.h"

const double float_powers_of_ten[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                        1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// Floors of logarithms as products with rounded-down constants; right for |e| <= 1233 and 1500.
static inline int floor_log2_pow10(int e) {
    return (e * 1741647) >> 19;
}
static inline int floor_log10_pow2(int e) {
    return (e * 1262611) >> 22;
}
static inline int floor_log10_three_quarters_pow2(int e) {
    return (e * 1262611 - 524031) >> 22;
}

// The upper 64 bits of power * n (a 192-bit product), the last bit set if anything below was cut
// off: enough to compare with multiples of a half without an error.
static inline uint64_t round_to_odd(const uint64_t power[2], uint64_t n) {
    unsigned __int128 low = (unsigned __int128)power[1] * n;
    unsigned __int128 high = (unsigned __int128)power[0] * n + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

static inline FloatDecimal without_trailing_zeros(uint64_t digits, int exponent) {
    while (digits >= 100000000 && digits % 100000000 == 0) {
        digits /= 100000000;
        exponent += 8;
    }
    while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    return (FloatDecimal){digits, exponent};
}

FloatDecimal float_shortest(double d) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t fraction = bits & (((uint64_t)1 << 52) - 1);
    int biased = (int)(bits >> 52 & 0x7ff);
    uint64_t c; // d = c * 2^q
    int q;
    if (biased != 0) {
        c = fraction | (uint64_t)1 << 52;
        q = biased - 1075;
        if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0)
            return without_trailing_zeros(c >> -q, 0); // a small integer
    } else {
        c = fraction;
        q = -1074;
    }
    // The interval of what reads back as d, in quarters of its last place; its ends belong to it
    // if c is even. Below a power of two the lower half is half as wide.
    bool closer = fraction == 0 && biased > 1;
    uint64_t left = 4 * c - 2 + closer, middle = 4 * c, right = 4 * c + 2;
    int k = closer ? floor_log10_three_quarters_pow2(q) : floor_log10_pow2(q);
    int shift = q + floor_log2_pow10(-k) + 1;
    const uint64_t *power = float_powers[-k - FLOAT_POWERS_FIRST];
    uint64_t scaled_middle = round_to_odd(power, middle << shift);
    uint64_t lower = round_to_odd(power, left << shift) + (c & 1);
    uint64_t upper = round_to_odd(power, right << shift) - (c & 1);
    uint64_t s = scaled_middle / 4;
    if (s >= 10) { // one digit less, if exactly one such number is inside
        uint64_t tens = s / 10;
        bool below_inside = lower <= 40 * tens, above_inside = 40 * tens + 40 <= upper;
        if (below_inside != above_inside)
            return without_trailing_zeros(tens + above_inside, k + 1);
    }
    bool below_inside = lower <= 4 * s, above_inside = 4 * s + 4 <= upper;
    if (below_inside != above_inside)
        return without_trailing_zeros(s + above_inside, k);
    uint64_t half = 4 * s + 2;
    bool up = scaled_middle > half || (scaled_middle == half && (s & 1));
    return without_trailing_zeros(s + up, k);
}

bool float_scaled(double d, int digits, uint64_t *out) {
    static const uint64_t powers[] = {1,
                                      10,
                                      100,
                                      1000,
                                      10000,
                                      100000,
                                      1000000,
                                      10000000,
                                      100000000,
                                      1000000000,
                                      10000000000,
                                      100000000000,
                                      1000000000000,
                                      10000000000000,
                                      100000000000000,
                                      1000000000000000,
                                      10000000000000000,
                                      100000000000000000,
                                      1000000000000000000,
                                      10000000000000000000u};
    if (digits > 19)
        return false;
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t c = bits & (((uint64_t)1 << 52) - 1);
    int biased = (int)(bits >> 52 & 0x7ff);
    int q = -1074;
    if (biased) {
        c |= (uint64_t)1 << 52;
        q = biased - 1075;
    }
    unsigned __int128 n = (unsigned __int128)c * powers[digits]; // below 2^117
    if (q >= 0) {
        if (q > 10 || n > (unsigned __int128)UINT64_MAX >> q)
            return false;
        *out = (uint64_t)n << q;
        return true;
    }
    int shift = -q;
    if (shift > 118) { // less than a quarter
        *out = 0;
        return true;
    }
    unsigned __int128 whole = n >> shift, rest = n - (whole << shift);
    unsigned __int128 half = (unsigned __int128)1 << (shift - 1);
    if (rest > half || (rest == half && (whole & 1)))
        whole++;
    if (whole > UINT64_MAX)
        return false;
    *out = (uint64_t)whole;
    return true;
}
