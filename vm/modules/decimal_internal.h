// SPDX-License-Identifier: MIT
//
// What the files of decimal numbers share: magnitudes (limbs, least significant first, without
// leading zeros) and their decimal digits. Private to vm/modules/decimal_*.c of the numbers' half.
//
// A DecimalNumber that holds a magnitude obeys, whatever its kind: limbs[count - 1] != 0,
// digits is the number of its decimal digits, and a magnitude of 0 has count 0 and 1 digit.
// Functions that give an int return 0, or -1 with MemoryError raised; what they were to write may
// then hold anything that decimal_clear() takes.
#ifndef LOCKSMITH_VM_MODULES_DECIMAL_INTERNAL_H
#define LOCKSMITH_VM_MODULES_DECIMAL_INTERNAL_H

#include "gc/heap.h"
#include "vm/modules/decimal_number.h"
#include "vm/runtime/errors.h"
#include "vm/value.h"
#include <string.h>

// Two limbs. As many digits as always fit one have short paths everywhere.
typedef unsigned __int128 DecimalWide;
#define DECIMAL_WIDE_DIGITS 38
#define DECIMAL_LIMB_DIGITS 19

// The most limbs of any magnitude, as of an int: GMP aborts the process when memory is out.
#define DECIMAL_LIMBS_MAX ((int64_t)1 << 28)

// What a shift to the right dropped, in halves of the last digit that stays.
typedef enum {
    DECIMAL_REST_NONE,
    DECIMAL_REST_BELOW,
    DECIMAL_REST_HALF,
    DECIMAL_REST_ABOVE
} DecimalRest;

// 10^0 .. 10^77: all powers that fit 4 limbs.
#define DECIMAL_POWER_ROWS 78
extern const mp_limb_t decimal_power_rows[DECIMAL_POWER_ROWS][4];

static inline DecimalWide decimal_wide_power(int64_t k) { // 0 .. 38
    return (DecimalWide)decimal_power_rows[k][1] << 64 | decimal_power_rows[k][0];
}
static inline DecimalWide decimal_wide(const mp_limb_t *limbs, int64_t count) { // count <= 2
    return count == 0 ? 0 : count == 1 ? limbs[0] : (DecimalWide)limbs[1] << 64 | limbs[0];
}

// Digits of the magnitude of 1 to 4 limbs.
static inline int64_t decimal_digits_small(const mp_limb_t *limbs, int64_t count) {
    int bits = (int)count * 64 - __builtin_clzll(limbs[count - 1]);
    int below = bits * 1233 >> 12; // 10^(below - 1) <= 2^(bits - 1) and 2^bits <= 10^(below + 1)
    const mp_limb_t *power = decimal_power_rows[below];
    for (int64_t i = count - 1; i >= 0; i--)
        if (limbs[i] != power[i])
            return below + (limbs[i] > power[i]);
    return below + 1;
}
static inline int64_t decimal_digits_wide(DecimalWide n) { // 1 for 0
    mp_limb_t high = (mp_limb_t)(n >> 64), low = (mp_limb_t)n;
    int bits = high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low | 1);
    int below = bits * 1233 >> 12;
    return below + (n >= decimal_wide_power(below) || below == 0);
}
int64_t decimal_digits_large(const mp_limb_t *limbs, int64_t count); // -1 with MemoryError

int decimal_reserve_more(DecimalNumber *n, int64_t count, int64_t keep);

// Room for `count` limbs; what is there is lost.
static inline int decimal_reserve(DecimalNumber *n, int64_t count) {
    return LIKELY(count <= n->room) ? 0 : decimal_reserve_more(n, count, 0);
}
// Room for `count` limbs; what is there stays.
static inline int decimal_grow(DecimalNumber *n, int64_t count) {
    return LIKELY(count <= n->room) ? 0 : decimal_reserve_more(n, count, n->count);
}
// Is there memory for numbers of so many limbs, and for what GMP takes beside them?
int decimal_check_room(int64_t limbs);

static inline void decimal_set_wide(DecimalNumber *n, DecimalWide value) {
    n->limbs[0] = (mp_limb_t)value;
    n->limbs[1] = (mp_limb_t)(value >> 64);
    n->count = n->limbs[1] ? 2 : n->limbs[0] != 0;
    n->digits = decimal_digits_wide(value);
}
static inline void decimal_set_small(DecimalNumber *n, bool negative, mp_limb_t value,
                                     int64_t exponent) {
    n->kind = DECIMAL_FINITE;
    n->negative = negative;
    n->exponent = exponent;
    decimal_set_wide(n, value);
}
// The limbs are written, `count` of them, perhaps with zeros on top: makes the invariant hold.
static inline int decimal_settle(DecimalNumber *n, int64_t count) {
    while (count > 0 && n->limbs[count - 1] == 0)
        count--;
    n->count = count;
    n->digits = count == 0   ? 1
                : count <= 4 ? decimal_digits_small(n->limbs, count)
                             : decimal_digits_large(n->limbs, count);
    return n->digits < 0 ? -1 : 0;
}

// n's magnitude becomes 10^k.
int decimal_power_of_ten(DecimalNumber *n, int64_t k);
// n's magnitude becomes a product; n is neither factor.
int decimal_multiply_limbs(DecimalNumber *n, const mp_limb_t *a, int64_t a_count,
                           const mp_limb_t *b, int64_t b_count);
// n's magnitude becomes a's times 10^k; n is not a.
int decimal_scale_up(DecimalNumber *n, const DecimalView *a, int64_t k);
// n's magnitude loses its last k digits, k of any size.
int decimal_scale_down(DecimalNumber *n, int64_t k, DecimalRest *rest);
// n's magnitude becomes its remainder by 10^k.
int decimal_keep_low(DecimalNumber *n, int64_t k);
// quotient = numerator / divisor; the numerator's magnitude becomes the remainder. The divisor is
// not zero.
int decimal_divide_limbs(DecimalNumber *quotient, DecimalNumber *numerator,
                         const mp_limb_t *divisor, int64_t count);
// Numbers of so many limbs are computed with on the stack, and digits are dropped step by step.
#define DECIMAL_FEW_LIMBS 16
// A rounded product of factors that are not 0 and have up to DECIMAL_FEW_LIMBS limbs together.
int decimal_multiply_few(DecimalNumber *n, const DecimalView *a, const DecimalView *b,
                         DecimalSettings *s);
// The rounded quotient a * 10^shift / b, for up to 4 limbs each, neither 0, and
// 0 <= shift < DECIMAL_POWER_ROWS. n's kind and sign are set.
int decimal_divide_few(DecimalNumber *n, const DecimalView *a, const DecimalView *b, int64_t shift,
                       DecimalSettings *s);
// The end of decimal_finish(), for a number that has just lost digits to have as many as the
// precision: it is within the exponents' bounds.
int decimal_finish_rounded(DecimalNumber *n, DecimalRest rest, DecimalSettings *s);

// How many decimal zeros n's magnitude, which is not 0, ends with, if at most `limit`: takes them
// off. n->exponent rises likewise.
int decimal_strip(DecimalNumber *n, int64_t limit);
// Takes the last 38 digits off the limbs, which are overwritten: as twice 19.
void decimal_take_digits(mp_limb_t *limbs, int64_t *count, mp_limb_t *high, mp_limb_t *low);
// The magnitude of digits ('0' to '9'), leading zeros allowed.
int decimal_from_digits(DecimalNumber *n, const char *digits, int64_t count);
int decimal_compare_magnitudes(const mp_limb_t *a, int64_t a_count, const mp_limb_t *b,
                               int64_t b_count);

static inline bool decimal_is_special(const DecimalView *a) {
    return a->kind != DECIMAL_FINITE;
}
static inline bool decimal_is_nan(const DecimalView *a) {
    return a->kind >= DECIMAL_QUIET_NAN;
}
static inline bool decimal_is_zero(const DecimalView *a) {
    return a->kind == DECIMAL_FINITE && a->count == 0;
}
static inline int64_t decimal_adjusted(const DecimalView *a) {
    return a->exponent + a->digits - 1;
}
static inline int64_t decimal_etiny(const DecimalSettings *s) {
    return s->exponent_min - (s->precision - 1);
}
static inline int64_t decimal_etop(const DecimalSettings *s) {
    return s->exponent_max - (s->precision - 1);
}
// Is a, which is finite, a whole number; is it an odd one? -1 with MemoryError.
int decimal_is_integral(const DecimalView *a);
int decimal_is_odd(const DecimalView *a);

// The result of a computation with NaNs among its operands (b, c: or NULL): 1 if there was one, 0
// if not, -1.
int decimal_propagate(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                      const DecimalView *c, DecimalSettings *s);
// The result is quiet NaN, and the status says why.
static inline int decimal_invalid(DecimalNumber *result, DecimalSettings *s, uint32_t condition) {
    s->status |= condition;
    decimal_set_special(result, DECIMAL_QUIET_NAN, false);
    return 0;
}
// The result is the largest magnitude of the settings' precision and exponent.
int decimal_set_largest(DecimalNumber *result, bool negative, const DecimalSettings *s);
// The magnitude goes up by one if the rounding wants that of what was dropped.
int decimal_round_rest(DecimalNumber *n, DecimalRest rest, DecimalRounding rounding);
// Exact copy with another sign.
int decimal_copy_signed(DecimalNumber *result, const DecimalView *a, bool negative);
// The value without its sign.
static inline DecimalView decimal_magnitude(const DecimalView *a) {
    DecimalView magnitude = *a;
    magnitude.negative = false;
    return magnitude;
}
// -1, 0, 1 of the magnitudes of two finite numbers; of numbers equal in value, as the
// specification's total order has them. -2 with MemoryError.
int decimal_order_magnitudes(const DecimalView *a, const DecimalView *b);
int decimal_order_equals(const DecimalView *a, const DecimalView *b);
// The settings in which all that can be computed is exact.
static inline DecimalSettings decimal_widest(void) {
    return (DecimalSettings){.precision = DECIMAL_MAX_PREC,
                             .exponent_max = DECIMAL_MAX_EMAX,
                             .exponent_min = DECIMAL_MIN_EMIN,
                             .rounding = DECIMAL_ROUND_HALF_EVEN};
}

#endif
