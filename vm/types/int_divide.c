// SPDX-License-Identifier: MIT
//
// int: division in all its forms, powers, roots and common divisors.
//
// As in int.c, every function takes any ints and gives exact, canonical ones. Division rounds
// down, and the remainder has the divisor's sign.
#include "vm/types/float.h"
#include "vm/types/int_internal.h"
#include "vm/types/tuple.h"
#include <float.h>
#include <math.h>

#define LOCAL_LIMBS 64

// ---- floor division --------------------------------------------------------------------------

// a and b as int_simple gives them, b not zero, not both in Values. Either result may be NULL.
static int divide(Value a, Value b, Value *quotient, Value *remainder) {
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    bool differ = x.negative != y.negative;
    if (x.count < y.count || (x.count == y.count && mpn_cmp(x.limbs, y.limbs, x.count) < 0)) {
        bool adjust = differ && x.count;
        if (remainder) {
            *remainder = adjust ? int_add(a, b) : int_exact(a);
            if (UNLIKELY(value_is_null(*remainder)))
                return -1;
        }
        if (quotient)
            *quotient = value_from_int(adjust ? -1 : 0);
        return 0;
    }
    int64_t qn = x.count - y.count + 1, rn = y.count;
    mp_limb_t local[LOCAL_LIMBS];
    mp_limb_t *q = int_scratch(local, LOCAL_LIMBS, qn + 1 + rn);
    if (UNLIKELY(!q))
        return -1;
    mp_limb_t *r = q + qn + 1;
    if (rn == 1)
        r[0] = mpn_divrem_1(q, 0, x.limbs, x.count, y.limbs[0]);
    else
        mpn_tdiv_qr(q, r, 0, x.limbs, x.count, y.limbs, rn);
    q[qn] = 0;
    if (differ && !mpn_zero_p(r, rn)) {
        q[qn] = mpn_add_1(q, q, qn, 1);
        mpn_sub_n(r, y.limbs, r, rn);
    }
    int status = 0;
    if (quotient) {
        *quotient = int_from_limbs(q, qn + 1, differ);
        status = value_is_null(*quotient) ? -1 : 0;
    }
    if (remainder && status == 0) {
        *remainder = int_from_limbs(r, rn, y.negative);
        if (UNLIKELY(value_is_null(*remainder))) {
            if (quotient)
                ref_release(*quotient);
            status = -1;
        }
    }
    int_scratch_free(local, q);
    return status;
}

static Value zero_division(const char *message) {
    return raise_error(&exception_ZeroDivisionError, "%s", message);
}
#define ZERO_DIVIDE "integer division or modulo by zero"

static inline bool is_zero(Value simple) {
    return value_same(simple, value_from_int(0));
}

// Whether a and b, as int_simple gives them, have the same sign and a is shorter: then a is its own
// remainder. (Not said of all numbers for which it is so.)
static inline bool is_own_remainder(Value a, Value b) {
    if (value_is_int(b))
        return false;
    int64_t b_size = int_object(b)->size;
    if (value_is_int(a))
        return value_int(a) >= 0 ? b_size > 1 : b_size < -1;
    int64_t a_size = int_object(a)->size;
    return a_size >= 0 ? b_size > a_size : b_size < a_size;
}

static inline int64_t small_floor_divide(int64_t a, int64_t b) {
    int64_t q = a / b;
    return q - ((a % b != 0) & ((a ^ b) < 0));
}
static inline int64_t small_modulo(int64_t a, int64_t b) {
    int64_t r = a % b;
    return r != 0 && (r ^ b) < 0 ? r + b : r;
}

// The same for numbers of two limbs. The smallest of all is none of them (int_fits_i128).
static inline __int128 wide_floor_divide(__int128 a, __int128 b, __int128 *remainder) {
    bool negative = a < 0, differ = negative != (b < 0);
    unsigned __int128 n = (unsigned __int128)(negative ? -a : a);
    unsigned __int128 d = (unsigned __int128)(b < 0 ? -b : b);
    unsigned __int128 q, r;
    if (n < d) {
        q = 0;
        r = n;
    } else if (n >> 64 == 0) {
        q = (uint64_t)n / (uint64_t)d;
        r = (uint64_t)n % (uint64_t)d;
    } else {
        q = n / d;
        r = n - q * d;
    }
    if (differ && r) {
        q++;
        r = d - r;
    }
    *remainder = b < 0 ? -(__int128)r : (__int128)r;
    return differ ? -(__int128)q : (__int128)q;
}

Value int_floor_divide(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(is_zero(b)))
        return zero_division(ZERO_DIVIDE);
    if (LIKELY(value_both_int(a, b)))
        return int_from_i64(small_floor_divide(value_int(a), value_int(b)));
    if (is_own_remainder(a, b))
        return value_from_int(0);
    __int128 wide_a, wide_b, wide_r;
    if (int_fits_i128(a, &wide_a) && int_fits_i128(b, &wide_b))
        return int_from_i128(wide_floor_divide(wide_a, wide_b, &wide_r));
    Value q;
    return divide(a, b, &q, NULL) < 0 ? VALUE_NULL : q;
}

Value int_modulo(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(is_zero(b)))
        return zero_division("integer modulo by zero");
    if (LIKELY(value_both_int(a, b)))
        return value_from_int(small_modulo(value_int(a), value_int(b)));
    if (is_own_remainder(a, b))
        return int_exact(a);
    __int128 wide_a, wide_b, wide_r;
    if (int_fits_i128(a, &wide_a) && int_fits_i128(b, &wide_b)) {
        wide_floor_divide(wide_a, wide_b, &wide_r);
        return int_from_i128(wide_r);
    }
    if (value_is_int(b)) {
        IntView x, y;
        int_view(&x, a);
        int_view(&y, b);
        int64_t r = (int64_t)mpn_mod_1(x.limbs, x.count, y.one);
        if (r && x.negative != y.negative)
            r = (int64_t)y.one - r;
        return int_from_i64(y.negative ? -r : r);
    }
    Value r;
    return divide(a, b, NULL, &r) < 0 ? VALUE_NULL : r;
}

Value int_divmod(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(is_zero(b)))
        return zero_division(ZERO_DIVIDE);
    Value q, r;
    __int128 wide_a, wide_b, wide_r;
    if (LIKELY(value_both_int(a, b))) {
        q = int_from_i64(small_floor_divide(value_int(a), value_int(b)));
        if (UNLIKELY(value_is_null(q)))
            return q;
        r = value_from_int(small_modulo(value_int(a), value_int(b)));
    } else if (is_own_remainder(a, b)) {
        q = value_from_int(0);
        r = int_exact(a);
        if (UNLIKELY(value_is_null(r)))
            return r;
    } else if (int_fits_i128(a, &wide_a) && int_fits_i128(b, &wide_b)) {
        q = int_from_i128(wide_floor_divide(wide_a, wide_b, &wide_r));
        if (UNLIKELY(value_is_null(q)))
            return q;
        r = int_from_i128(wide_r);
        if (UNLIKELY(value_is_null(r))) {
            ref_release(q);
            return r;
        }
    } else if (divide(a, b, &q, &r) < 0) {
        return VALUE_NULL;
    }
    return tuple_pair_owned(q, r);
}

// ---- true division ---------------------------------------------------------------------------

// The double nearest to |x| / divisor, neither of them 0 and x at most 2**DBL_MAX_EXP times as
// long, or an infinity. One division: the top 128 bits of x, by the divisor with its top bit set,
// have a quotient of 63 bits at least; what is left only tells whether there is more. Such a
// quotient is far from subnormal.
static double divide_by_limb(const IntView *x, mp_limb_t divisor) {
    enum { BITS = 64 };
    const mp_limb_t *limbs = x->limbs;
    int64_t count = x->count;
    mp_limb_t high = limbs[count - 1], low = count > 1 ? limbs[count - 2] : 0;
    mp_limb_t below = count > 2 ? limbs[count - 3] : 0, rest = 0;
    int shift = __builtin_clzll(high), divisor_shift = __builtin_clzll(divisor);
    if (shift) {
        high = high << shift | low >> (BITS - shift);
        low = low << shift | below >> (BITS - shift);
        below <<= shift;
    }
    divisor <<= divisor_shift;
    if (high >= divisor) { // the quotient is to fit one limb
        rest = low & 1;
        low = low >> 1 | high << (BITS - 1);
        high >>= 1;
        shift--;
    }
    unsigned __int128 top = (unsigned __int128)high << BITS | low;
    mp_limb_t quotient = (mp_limb_t)(top / divisor);
    rest |= (low - quotient * divisor) | below;
    for (int64_t i = count - 4; i >= 0 && !rest; i--)
        rest = limbs[i];
    // Neither subnormal nor infinite, unless the product is: x is at most 2**DBL_MAX_EXP divisors.
    int64_t exponent = (count - 2) * BITS - shift + divisor_shift;
    uint64_t scale_bits = (uint64_t)(exponent + DBL_MAX_EXP - 1) << (DBL_MANT_DIG - 1);
    double scale;
    memcpy(&scale, &scale_bits, sizeof scale);
    return (double)(quotient | (rest != 0)) * scale;
}

// The double nearest to a/b: a quotient of at least 55 bits, the lowest standing for all that
// is left, is rounded once. Fewer bits are kept where the result is subnormal, so that the
// scaling at the end is exact.
static Value divide_true_big(Value a, Value b) {
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    bool negative = x.negative != y.negative;
    if (x.count == 0)
        return float_new(negative ? -0.0 : 0.0);
    int64_t difference = int_view_bits(&x) - int_view_bits(&y);
    if (difference > DBL_MAX_EXP)
        goto overflow;
    if (difference < DBL_MIN_EXP - DBL_MANT_DIG - 1)
        return float_new(negative ? -0.0 : 0.0);
    if (LIKELY(y.count == 1)) {
        double d = divide_by_limb(&x, y.limbs[0]);
        if (isinf(d))
            goto overflow;
        return float_new(negative ? -d : d);
    }
    int64_t shift = (difference > DBL_MIN_EXP ? difference : DBL_MIN_EXP) - DBL_MANT_DIG - 2;
    mpz_t p, q, scaled, quotient, remainder;
    x.negative = y.negative = false;
    int_view_mpz(p, &x);
    int_view_mpz(q, &y);
    mpz_init(scaled);
    mpz_init(quotient);
    mpz_init(remainder);
    bool inexact = false;
    if (shift <= 0) {
        mpz_mul_2exp(scaled, p, (mp_bitcnt_t)-shift);
    } else {
        inexact = mpz_scan1(p, 0) < (mp_bitcnt_t)shift;
        mpz_tdiv_q_2exp(scaled, p, (mp_bitcnt_t)shift);
    }
    mpz_tdiv_qr(quotient, remainder, scaled, q);
    inexact |= mpz_sgn(remainder) != 0;
    uint64_t bits = mpz_getlimbn(quotient, 0); // at most 56 bits
    mpz_clear(scaled);
    mpz_clear(quotient);
    mpz_clear(remainder);
    bits |= inexact;
    int length = bits ? 64 - __builtin_clzll(bits) : 0;
    int extra = length > DBL_MIN_EXP - shift ? length : (int)(DBL_MIN_EXP - shift);
    extra -= DBL_MANT_DIG;
    // Half of the last place that stays, ties to even.
    uint64_t mask = (uint64_t)1 << (extra - 1);
    if ((bits & mask) && (bits & (3 * mask - 1)))
        bits += mask;
    bits &= ~(2 * mask - 1);
    double d = ldexp((double)bits, (int)shift);
    if (isinf(d))
        goto overflow;
    return float_new(negative ? -d : d);
overflow:
    return raise_error(&exception_OverflowError, "integer division result too large for a float");
}

Value int_true_divide(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(is_zero(b)))
        return zero_division("division by zero");
    if (LIKELY(value_both_int(a, b))) {
        const int64_t exact = (int64_t)1 << DBL_MANT_DIG;
        int64_t x = value_int(a), y = value_int(b);
        if (x >= -exact && x <= exact && y >= -exact && y <= exact)
            return float_new((double)x / (double)y);
    }
    return divide_true_big(a, b);
}

// ---- powers ----------------------------------------------------------------------------------

static Value power_modulo(Value base, Value exponent, Value modulus) {
    if (is_zero(modulus))
        return raise_value_error("pow() 3rd argument cannot be 0");
    IntView b, e, m;
    int_view(&b, base);
    int_view(&e, exponent);
    int_view(&m, modulus);
    bool negative = m.negative;
    m.negative = false;
    if (m.count == 1 && m.limbs[0] == 1)
        return value_from_int(0);
    if (LIKELY(m.count == 1 && e.count <= 1 && m.limbs[0] <= UINT32_MAX && !e.negative)) {
        // Small numbers: square and multiply in words.
        uint64_t modulo = m.limbs[0], result = 1;
        uint64_t x = b.count ? mpn_mod_1(b.limbs, b.count, modulo) : 0;
        if (b.negative && x)
            x = modulo - x;
        for (uint64_t n = e.count ? e.limbs[0] : 0; n; n >>= 1) {
            if (n & 1)
                result = result * x % modulo;
            x = x * x % modulo;
        }
        int64_t r = (int64_t)result;
        return value_from_int(negative && r ? r - (int64_t)modulo : r);
    }
    mpz_t bz, ez, mz, inverse, result;
    int_view_mpz(bz, &b);
    int_view_mpz(mz, &m);
    mpz_init(inverse);
    mpz_init(result);
    Value v = VALUE_NULL;
    mpz_srcptr from = bz;
    if (e.negative) {
        if (!mpz_invert(inverse, bz, mz)) {
            raise_value_error("base is not invertible for the given modulus");
            goto done;
        }
        from = inverse;
        e.negative = false;
    }
    mpz_powm(result, from, int_view_mpz(ez, &e), mz);
    if (negative && mpz_sgn(result) != 0)
        mpz_sub(result, result, mz);
    v = int_from_mpz(result);
done:
    mpz_clear(inverse);
    mpz_clear(result);
    return v;
}

Value int_power(Value a, Value b, Value modulus) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(!value_is_none(modulus)))
        return power_modulo(a, b, int_simple(modulus));
    if (int_sign(b) < 0) {
        double base, exponent;
        if (int_to_double(a, &base) < 0 || int_to_double(b, &exponent) < 0)
            return VALUE_NULL;
        return float_power(base, exponent);
    }
    if (is_zero(b))
        return value_from_int(1);
    if (value_is_int(a) && value_int(a) >= -1 && value_int(a) <= 1) {
        bool odd = int_low_64_bits(b) & 1;
        return value_from_int(value_int(a) < 0 && !odd ? 1 : value_int(a));
    }
    if (!value_is_int(b))
        return raise_memory_error();
    uint64_t n = (uint64_t)value_int(b);
    if (value_is_int(a)) {
        if (n == 2)
            return int_multiply(a, a);
        // Square and multiply as long as nothing overflows.
        int64_t base = value_int(a), result = 1;
        for (uint64_t left = n;;) {
            if (left & 1 && __builtin_mul_overflow(result, base, &result))
                break;
            left >>= 1;
            if (!left)
                return int_from_i64(result);
            if (__builtin_mul_overflow(base, base, &base))
                break;
        }
    }
    IntView x;
    int_view(&x, a);
    unsigned __int128 bits = (unsigned __int128)(uint64_t)int_view_bits(&x) * n;
    if (bits > (unsigned __int128)INT_LIMBS_MAX * 64)
        return raise_memory_error();
    mpz_t base, result;
    mpz_init(result);
    mpz_pow_ui(result, int_view_mpz(base, &x), n);
    Value v = int_from_mpz(result);
    mpz_clear(result);
    return v;
}

// ---- divisors and roots ----------------------------------------------------------------------

Value int_gcd(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    if (x.count <= 1 && y.count <= 1) {
        uint64_t p = x.count ? x.limbs[0] : 0, q = y.count ? y.limbs[0] : 0;
        if (!p || !q)
            return int_from_u64(p | q);
        return int_from_u64(mpn_gcd_1(&p, 1, q));
    }
    mpz_t p, q, result;
    mpz_init(result);
    mpz_gcd(result, int_view_mpz(p, &x), int_view_mpz(q, &y));
    Value v = int_from_mpz(result);
    mpz_clear(result);
    return v;
}

Value int_isqrt(Value n) {
    n = int_simple(n);
    if (int_sign(n) < 0)
        return raise_value_error("isqrt() argument must be nonnegative");
    if (value_is_int(n)) {
        uint64_t x = (uint64_t)value_int(n), root = (uint64_t)sqrt((double)x);
        while (root * root > x)
            root--;
        while ((root + 1) * (root + 1) <= x)
            root++;
        return value_from_int((int64_t)root);
    }
    IntObject *o = int_object(n);
    int64_t count = (o->size + 1) / 2;
    IntObject *root = int_allocate(count);
    if (UNLIKELY(!root))
        return VALUE_NULL;
    mpn_sqrtrem(root->limbs, NULL, o->limbs, o->size);
    return int_finish(root, count, false);
}
