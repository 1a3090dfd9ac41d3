// SPDX-License-Identifier: MIT
//
// int: making, comparing, adding, multiplying, shifting and combining integers. Division and
// powers are in int_divide.c, text in int_text.c, the type and its methods in int_methods.c.
//
// Every function takes any ints (bools and instances of subclasses included) and gives exact,
// canonical ones: what fits a Value is in a Value. Objects are immutable, so nothing here takes
// a lock.
#include "vm/types/int_internal.h"
#include "vm/types/hashing.h"
#include <math.h>

#define LOCAL_LIMBS 32

// ---- making ----------------------------------------------------------------------------------

Value int_simple_object(Value v) {
    if (value_is_bool(v))
        return ((Bool *)value_object(v))->integer;
    IntObject *o = int_object(v);
    if (UNLIKELY(o->size == 0))
        return value_from_int(0);
    if ((o->size == 1 || o->size == -1) && int_limb_fits(o->limbs[0], o->size < 0))
        return value_from_int(o->size < 0 ? (int64_t)-o->limbs[0] : (int64_t)o->limbs[0]);
    return v;
}

IntObject *int_allocate(int64_t limbs) {
    if (UNLIKELY(limbs > INT_LIMBS_MAX)) {
        raise_memory_error();
        return NULL;
    }
    IntObject *o = heap_allocate_unzeroed(sizeof(IntObject) + (size_t)limbs * sizeof(mp_limb_t),
                                          HEAP_LEAF, &int_type, 0);
    if (UNLIKELY(!o))
        raise_memory_error();
    return o;
}

Value int_from_limbs(const mp_limb_t *limbs, int64_t count, bool negative) {
    while (count > 0 && limbs[count - 1] == 0)
        count--;
    if (count == 0)
        return value_from_int(0);
    if (count == 1 && int_limb_fits(limbs[0], negative))
        return value_from_int(negative ? (int64_t)-limbs[0] : (int64_t)limbs[0]);
    IntObject *o = int_allocate(count);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    o->size = negative ? -count : count;
    memcpy(o->limbs, limbs, (size_t)count * sizeof(mp_limb_t));
    return value_from_object(o);
}

Value int_finish(IntObject *o, int64_t limbs, bool negative) {
    int64_t count = limbs;
    while (count > 0 && o->limbs[count - 1] == 0)
        count--;
    if (LIKELY(count == limbs &&
               (count > 1 || (count == 1 && !int_limb_fits(o->limbs[0], negative))))) {
        o->size = negative ? -count : count;
        return value_from_object(o);
    }
    // An object cannot shrink: its size is what its memory is freed by.
    Value result = int_from_limbs(o->limbs, count, negative);
    object_free(o, sizeof(IntObject) + (size_t)limbs * sizeof(mp_limb_t));
    return result;
}

Value int_from_i64(int64_t n) {
    if (LIKELY(value_int_fits(n)))
        return value_from_int(n);
    mp_limb_t limb = n < 0 ? -(mp_limb_t)n : (mp_limb_t)n;
    return int_from_limbs(&limb, 1, n < 0);
}

Value int_from_u64(uint64_t n) {
    if (LIKELY(n <= (uint64_t)VALUE_INT_MAX))
        return value_from_int((int64_t)n);
    mp_limb_t limb = n;
    return int_from_limbs(&limb, 1, false);
}

// For a constant number of limbs. NULL without an exception.
ALWAYS_INLINE IntObject *allocate_constant(int64_t limbs) {
    return heap_allocate_unzeroed(sizeof(IntObject) + (size_t)limbs * sizeof(mp_limb_t), HEAP_LEAF,
                                  &int_type, 0);
}

Value int_from_i128(__int128 n) {
    if (LIKELY(n >= VALUE_INT_MIN && n <= VALUE_INT_MAX))
        return value_from_int((int64_t)n);
    unsigned __int128 magnitude = n < 0 ? -(unsigned __int128)n : (unsigned __int128)n;
    bool two = magnitude >> 64;
    IntObject *o = two ? allocate_constant(2) : allocate_constant(1);
    if (UNLIKELY(!o))
        return raise_memory_error();
    int64_t count = two ? 2 : 1;
    o->size = n < 0 ? -count : count;
    o->limbs[0] = (mp_limb_t)magnitude;
    if (two)
        o->limbs[1] = (mp_limb_t)(magnitude >> 64);
    return value_from_object(o);
}

Value int_from_mpz(mpz_srcptr z) {
    return int_from_limbs(mpz_limbs_read(z), (int64_t)mpz_size(z), mpz_sgn(z) < 0);
}

Value int_from_double(double d) {
    if (LIKELY(d > -4e18 && d < 4e18))
        return int_from_i64((int64_t)d);
    if (isnan(d))
        return raise_value_error("cannot convert float NaN to integer");
    if (isinf(d))
        return raise_error(&exception_OverflowError, "cannot convert float infinity to integer");
    int exponent;
    double fraction = frexp(fabs(d), &exponent); // exponent > 53: no bits behind the point
    mp_limb_t mantissa = (mp_limb_t)ldexp(fraction, 53);
    mp_limb_t limbs[1024 / 64 + 1] = {0};
    int shift = exponent - 53, at = shift / 64, bits = shift % 64;
    limbs[at] = mantissa << bits;
    if (bits)
        limbs[at + 1] = mantissa >> (64 - bits);
    return int_from_limbs(limbs, at + 2 > 17 ? 17 : at + 2, d < 0);
}

Value int_exact(Value v) {
    Value simple = int_simple(v);
    if (value_is_int(simple) || value_is_exactly(simple, &int_type))
        return ref_new(simple);
    IntObject *o = int_object(simple);
    return int_from_limbs(o->limbs, int_limb_count(o), o->size < 0);
}

Value int_as_type(Type *type, Value v) {
    if (type == &int_type)
        return int_exact(v);
    IntView view;
    Value simple = int_simple(v);
    int_view(&view, simple);
    IntObject *o =
        object_allocate_sized(type, sizeof(IntObject) + (size_t)view.count * sizeof(mp_limb_t));
    if (UNLIKELY(!o))
        return VALUE_NULL;
    o->size = view.negative ? -view.count : view.count;
    memcpy(o->limbs, view.limbs, (size_t)view.count * sizeof(mp_limb_t));
    return value_from_object(o);
}

// ---- reading ---------------------------------------------------------------------------------

bool int_to_i64(Value v, int64_t *out) {
    v = int_simple(v);
    if (LIKELY(value_is_int(v))) {
        *out = value_int(v);
        return true;
    }
    IntObject *o = int_object(v);
    if (o->size == 1 && o->limbs[0] <= (mp_limb_t)INT64_MAX) {
        *out = (int64_t)o->limbs[0];
        return true;
    }
    if (o->size == -1 && o->limbs[0] <= (mp_limb_t)INT64_MAX + 1) {
        *out = (int64_t)-o->limbs[0];
        return true;
    }
    return false;
}

bool int_to_u64(Value v, uint64_t *out) {
    v = int_simple(v);
    if (LIKELY(value_is_int(v))) {
        *out = (uint64_t)value_int(v);
        return value_int(v) >= 0;
    }
    IntObject *o = int_object(v);
    if (o->size != 1)
        return false;
    *out = o->limbs[0];
    return true;
}

uint64_t int_low_64_bits(Value v) {
    v = int_simple(v);
    if (LIKELY(value_is_int(v)))
        return (uint64_t)value_int(v);
    IntObject *o = int_object(v);
    return o->size < 0 ? -o->limbs[0] : o->limbs[0];
}

int int_to_double(Value v, double *out) {
    v = int_simple(v);
    if (LIKELY(value_is_int(v))) {
        *out = (double)value_int(v);
        return 0;
    }
    IntView view;
    int_view(&view, v);
    int64_t bits = int_view_bits(&view);
    if (bits <= 1024) {
        // Times a power of two, whose exponent is all that it consists of.
        uint64_t power_bits = (uint64_t)(1023 + bits - 64) << 52;
        double power, d;
        memcpy(&power, &power_bits, sizeof power);
        d = (double)int_top_bits(view.limbs, view.count) * power;
        if (!isinf(d)) {
            *out = view.negative ? -d : d;
            return 0;
        }
    }
    return raise_int(&exception_OverflowError, "int too large to convert to float");
}

int int_sign(Value v) {
    v = int_simple(v);
    if (LIKELY(value_is_int(v)))
        return value_int(v) < 0 ? -1 : value_int(v) > 0;
    return int_object(v)->size < 0 ? -1 : 1;
}

int64_t int_bit_length(Value v) {
    IntView view;
    int_view(&view, int_simple(v));
    return int_view_bits(&view);
}

int int_compare(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return value_int(a) < value_int(b) ? -1 : value_int(a) > value_int(b);
    // What does not fit into a Value is beyond all that do.
    if (value_is_int(a))
        return int_object(b)->size < 0 ? 1 : -1;
    if (value_is_int(b))
        return int_object(a)->size < 0 ? -1 : 1;
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    int order =
        x.count != y.count ? (x.count < y.count ? -1 : 1) : mpn_cmp(x.limbs, y.limbs, x.count);
    return x.negative ? -order : order;
}

int64_t int_hash(Value v) {
    v = int_simple(v);
    if (LIKELY(value_is_int(v)))
        return hash_of_i64(value_int(v));
    IntObject *o = int_object(v);
    // A limb further up counts 2**64 = 8 times as much, modulo the prime 2**61 - 1: its bits turn.
    const uint64_t prime = ((uint64_t)1 << 61) - 1;
    uint64_t sum = 0;
    for (int64_t i = int_limb_count(o); i-- > 0;) {
        sum = (sum << 3 & prime) + (sum >> 58) + (o->limbs[i] & prime) + (o->limbs[i] >> 61);
        sum = (sum & prime) + (sum >> 61);
    }
    int64_t hash = (int64_t)(sum >= prime ? sum - prime : sum);
    if (o->size < 0)
        hash = -hash;
    return hash == -1 ? -2 : hash;
}

// ---- adding ----------------------------------------------------------------------------------

static inline unsigned __int128 two_limbs(const IntView *v) {
    unsigned __int128 low = v->count ? v->limbs[0] : 0;
    return v->count > 1 ? low | (unsigned __int128)v->limbs[1] << 64 : low;
}

static Value add_magnitudes(const IntView *a, const IntView *b, bool negative) {
    if (a->count < b->count) {
        const IntView *swap = a;
        a = b;
        b = swap;
    }
    int64_t n = a->count;
    if (LIKELY(n <= 2)) {
        unsigned __int128 x = two_limbs(a), sum = x + two_limbs(b);
        mp_limb_t limbs[3] = {(mp_limb_t)sum, (mp_limb_t)(sum >> 64), sum < x};
        return int_from_limbs(limbs, 3, negative);
    }
    if (b->count == 0)
        return int_from_limbs(a->limbs, n, negative);
    if (n < LOCAL_LIMBS) {
        mp_limb_t sum[LOCAL_LIMBS];
        sum[n] = mpn_add(sum, a->limbs, n, b->limbs, b->count);
        return int_from_limbs(sum, n + 1, negative);
    }
    IntObject *o = int_allocate(n);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    mp_limb_t carry = mpn_add(o->limbs, a->limbs, n, b->limbs, b->count);
    if (UNLIKELY(carry)) {
        IntObject *longer = int_allocate(n + 1);
        if (longer) {
            memcpy(longer->limbs, o->limbs, (size_t)n * sizeof(mp_limb_t));
            longer->limbs[n] = carry;
            longer->size = negative ? -(n + 1) : n + 1;
        }
        object_free(o, sizeof(IntObject) + (size_t)n * sizeof(mp_limb_t));
        return value_from_object(longer);
    }
    o->size = negative ? -n : n;
    return value_from_object(o);
}

// (|a| - |b|), negated if `negative`.
static Value subtract_magnitudes(const IntView *a, const IntView *b, bool negative) {
    if (LIKELY(a->count <= 2 && b->count <= 2)) {
        unsigned __int128 x = two_limbs(a), y = two_limbs(b);
        unsigned __int128 difference = x < y ? y - x : x - y;
        mp_limb_t limbs[2] = {(mp_limb_t)difference, (mp_limb_t)(difference >> 64)};
        return int_from_limbs(limbs, 2, negative != (x < y));
    }
    int order = a->count != b->count ? (a->count < b->count ? -1 : 1)
                                     : mpn_cmp(a->limbs, b->limbs, a->count);
    if (order == 0)
        return value_from_int(0);
    if (order < 0) {
        const IntView *swap = a;
        a = b;
        b = swap;
        negative = !negative;
    }
    int64_t n = a->count;
    if (n <= LOCAL_LIMBS) {
        mp_limb_t difference[LOCAL_LIMBS];
        if (b->count)
            mpn_sub(difference, a->limbs, n, b->limbs, b->count);
        return int_from_limbs(b->count ? difference : a->limbs, n, negative);
    }
    IntObject *o = int_allocate(n);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    if (b->count)
        mpn_sub(o->limbs, a->limbs, n, b->limbs, b->count);
    else
        memcpy(o->limbs, a->limbs, (size_t)n * sizeof(mp_limb_t));
    return int_finish(o, n, negative);
}

Value int_add(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return int_from_i64(value_int(a) + value_int(b));
    __int128 p, q, result;
    if (int_fits_i128(a, &p) && int_fits_i128(b, &q) && !__builtin_add_overflow(p, q, &result))
        return int_from_i128(result);
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    return x.negative == y.negative ? add_magnitudes(&x, &y, x.negative)
                                    : subtract_magnitudes(&x, &y, x.negative);
}

Value int_subtract(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return int_from_i64(value_int(a) - value_int(b));
    __int128 p, q, result;
    if (int_fits_i128(a, &p) && int_fits_i128(b, &q) && !__builtin_sub_overflow(p, q, &result))
        return int_from_i128(result);
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    return x.negative != y.negative ? add_magnitudes(&x, &y, x.negative)
                                    : subtract_magnitudes(&x, &y, x.negative);
}

Value int_negative(Value a) {
    a = int_simple(a);
    if (LIKELY(value_is_int(a)))
        return int_from_i64(-value_int(a));
    IntObject *o = int_object(a);
    return int_from_limbs(o->limbs, int_limb_count(o), o->size > 0);
}

Value int_invert(Value a) {
    a = int_simple(a);
    if (LIKELY(value_is_int(a)))
        return value_from_int(~value_int(a));
    enum { FEW = 16 };
    IntView view;
    int_view(&view, a);
    if (LIKELY(view.count < FEW)) { // one more or one less, with the other sign
        mp_limb_t limbs[FEW];
        int64_t count = view.count;
        if (view.negative) {
            mpn_sub_1(limbs, view.limbs, count, 1);
            count -= limbs[count - 1] == 0;
        } else {
            limbs[count] = mpn_add_1(limbs, view.limbs, count, 1);
            count += limbs[count] != 0;
        }
        return int_from_limbs(limbs, count, !view.negative);
    }
    Value negative = int_negative(a);
    if (UNLIKELY(value_is_null(negative)))
        return negative;
    Value result = int_subtract(negative, value_from_int(1));
    ref_release(negative);
    return result;
}

// ---- multiplying -----------------------------------------------------------------------------

Value int_multiply(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return int_from_i128((__int128)value_int(a) * value_int(b));
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    if (x.count == 0 || y.count == 0)
        return value_from_int(0);
    const IntView *p = &x, *q = &y;
    if (x.count < y.count) {
        p = &y;
        q = &x;
    }
    bool negative = x.negative != y.negative;
    int64_t n = p->count + q->count;
    if (n <= LOCAL_LIMBS) {
        mp_limb_t product[LOCAL_LIMBS];
        if (q->count == 1)
            product[n - 1] = mpn_mul_1(product, p->limbs, p->count, q->limbs[0]);
        else
            mpn_mul(product, p->limbs, p->count, q->limbs, q->count);
        return int_from_limbs(product, n, negative);
    }
    IntObject *o = int_allocate(n);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    if (q->count == 1)
        o->limbs[n - 1] = mpn_mul_1(o->limbs, p->limbs, p->count, q->limbs[0]);
    else if (p->limbs == q->limbs)
        mpn_sqr(o->limbs, p->limbs, p->count);
    else
        mpn_mul(o->limbs, p->limbs, p->count, q->limbs, q->count);
    return int_finish(o, n, negative);
}

// ---- shifting --------------------------------------------------------------------------------

Value int_lshift(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(int_sign(b) < 0))
        return raise_value_error("negative shift count");
    if (value_is_int(a) && value_is_int(b) && value_int(b) <= 64)
        return int_from_i128((__int128)value_int(a) << value_int(b));
    IntView x;
    int_view(&x, a);
    if (x.count == 0)
        return value_from_int(0);
    if (!value_is_int(b)) {
        IntView y;
        int_view(&y, b);
        if (int_view_bits(&y) > 65)
            return raise_error(&exception_OverflowError, "too many digits in integer");
        return raise_memory_error();
    }
    int64_t whole = value_int(b) / 64;
    int bits = value_int(b) % 64;
    if (whole > INT_LIMBS_MAX)
        return raise_memory_error();
    bool extra = bits && x.limbs[x.count - 1] >> (64 - bits);
    int64_t n = x.count + whole + extra;
    IntObject *o = int_allocate(n);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    memset(o->limbs, 0, (size_t)whole * sizeof(mp_limb_t));
    if (bits) {
        mp_limb_t out = mpn_lshift(o->limbs + whole, x.limbs, x.count, (unsigned)bits);
        if (extra)
            o->limbs[n - 1] = out;
    } else {
        memcpy(o->limbs + whole, x.limbs, (size_t)x.count * sizeof(mp_limb_t));
    }
    return int_finish(o, n, x.negative);
}

Value int_rshift(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (UNLIKELY(int_sign(b) < 0))
        return raise_value_error("negative shift count");
    if (value_both_int(a, b)) {
        int64_t count = value_int(b);
        return value_from_int(value_int(a) >> (count > 63 ? 63 : count));
    }
    IntView x;
    int_view(&x, a);
    if (!value_is_int(b) || value_int(b) / 64 >= x.count)
        return value_from_int(x.negative ? -1 : 0);
    int64_t whole = value_int(b) / 64;
    int bits = value_int(b) % 64;
    int64_t n = x.count - whole;
    // Rounds down: a negative number's magnitude goes up if any bit is lost.
    bool lost = false;
    if (x.negative) {
        for (int64_t i = 0; i < whole && !lost; i++)
            lost = x.limbs[i];
        lost |= bits && x.limbs[whole] << (64 - bits);
    }
    mp_limb_t local[LOCAL_LIMBS];
    mp_limb_t *limbs = int_scratch(local, LOCAL_LIMBS, n + 1);
    if (UNLIKELY(!limbs))
        return VALUE_NULL;
    if (bits)
        mpn_rshift(limbs, x.limbs + whole, n, (unsigned)bits);
    else
        memcpy(limbs, x.limbs + whole, (size_t)n * sizeof(mp_limb_t));
    limbs[n] = lost ? mpn_add_1(limbs, limbs, n, 1) : 0;
    Value result = int_from_limbs(limbs, n + 1, x.negative);
    int_scratch_free(local, limbs);
    return result;
}

// ---- bits ------------------------------------------------------------------------------------

typedef void (*MpzCombine)(mpz_ptr, mpz_srcptr, mpz_srcptr);

// GMP's mpz functions take negative numbers as if in two's complement, as Python does.
static Value combine(Value a, Value b, MpzCombine function) {
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    mpz_t p, q, result;
    mpz_init(result);
    function(result, int_view_mpz(p, &x), int_view_mpz(q, &y));
    Value v = int_from_mpz(result);
    mpz_clear(result);
    return v;
}

Value int_and(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return value_from_int(value_int(a) & value_int(b));
    // The usual mask: a small number that is not negative.
    if (value_is_int(b) && value_int(b) >= 0)
        return value_from_int((int64_t)(int_low_64_bits(a) & (uint64_t)value_int(b)));
    if (value_is_int(a) && value_int(a) >= 0)
        return value_from_int((int64_t)(int_low_64_bits(b) & (uint64_t)value_int(a)));
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    int64_t n = x.count < y.count ? x.count : y.count;
    if (!x.negative && !y.negative) {
        while (n > 0 && (x.limbs[n - 1] & y.limbs[n - 1]) == 0)
            n--;
        if (n <= LOCAL_LIMBS) {
            mp_limb_t limbs[LOCAL_LIMBS];
            for (int64_t i = 0; i < n; i++)
                limbs[i] = x.limbs[i] & y.limbs[i];
            return int_from_limbs(limbs, n, false);
        }
        IntObject *o = int_allocate(n);
        if (UNLIKELY(!o))
            return VALUE_NULL;
        mpn_and_n(o->limbs, x.limbs, y.limbs, n);
        return int_finish(o, n, false);
    }
    return combine(a, b, mpz_and);
}

// or and xor of numbers that are not negative.
static Value combine_positive(const IntView *x, const IntView *y, bool exclusive) {
    if (x->count < y->count) {
        const IntView *swap = x;
        x = y;
        y = swap;
    }
    IntObject *o = int_allocate(x->count);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    if (y->count) {
        if (exclusive)
            mpn_xor_n(o->limbs, x->limbs, y->limbs, y->count);
        else
            mpn_ior_n(o->limbs, x->limbs, y->limbs, y->count);
    }
    memcpy(o->limbs + y->count, x->limbs + y->count,
           (size_t)(x->count - y->count) * sizeof(mp_limb_t));
    return int_finish(o, x->count, false);
}

Value int_or(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return value_from_int(value_int(a) | value_int(b));
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    return x.negative || y.negative ? combine(a, b, mpz_ior) : combine_positive(&x, &y, false);
}

Value int_xor(Value a, Value b) {
    a = int_simple(a);
    b = int_simple(b);
    if (value_both_int(a, b))
        return value_from_int(value_int(a) ^ value_int(b));
    IntView x, y;
    int_view(&x, a);
    int_view(&y, b);
    return x.negative || y.negative ? combine(a, b, mpz_xor) : combine_positive(&x, &y, true);
}

// ---- bytes -----------------------------------------------------------------------------------

Value int_from_bytes(const uint8_t *bytes, size_t length, bool little, bool is_signed) {
    bool negative = is_signed && length > 0 && bytes[little ? length - 1 : 0] & 0x80;
    if (length > (size_t)INT_LIMBS_MAX * sizeof(mp_limb_t))
        return raise_memory_error();
    int64_t n = (int64_t)(length + 7) / 8;
    mp_limb_t local[LOCAL_LIMBS];
    mp_limb_t *limbs = int_scratch(local, LOCAL_LIMBS, n ? n : 1);
    if (UNLIKELY(!limbs))
        return VALUE_NULL;
    uint8_t fill = negative ? 0xff : 0;
    for (int64_t i = 0; i < n; i++) {
        mp_limb_t limb = 0;
        size_t start = (size_t)i * 8;
        if (start + 8 <= length) {
            memcpy(&limb, little ? bytes + start : bytes + length - start - 8, 8);
            if (!little)
                limb = __builtin_bswap64(limb);
        } else {
            for (size_t k = 0; k < 8; k++) {
                size_t at = start + k;
                uint8_t byte = at >= length ? fill : bytes[little ? at : length - 1 - at];
                limb |= (mp_limb_t)byte << (8 * k);
            }
        }
        limbs[i] = limb;
    }
    if (negative && n)
        mpn_neg(limbs, limbs, n);
    Value result = int_from_limbs(limbs, n, negative);
    int_scratch_free(local, limbs);
    return result;
}

int int_to_bytes(Value v, uint8_t *out, size_t length, bool little, bool is_signed) {
    IntView view;
    int_view(&view, int_simple(v));
    if (view.negative && !is_signed)
        return raise_int(&exception_OverflowError, "can't convert negative int to unsigned");
    // Bits needed: a signed number takes one more, but -(2^k) does not.
    int64_t bits = int_view_bits(&view);
    if (is_signed && bits > 0) {
        bool power = view.negative;
        for (int64_t i = 0; i < view.count && power; i++) {
            mp_limb_t limb = view.limbs[i];
            power = i == view.count - 1 ? (limb & (limb - 1)) == 0 : limb == 0;
        }
        bits += !power;
        if (length == 0 && value_same(int_simple(v), value_from_int(-1)))
            return 0; // CPython finds that no bytes at all extend its sign
    }
    if ((uint64_t)(bits + 7) / 8 > length)
        return raise_int(&exception_OverflowError, "int too big to convert");
    mp_limb_t carry = 1;
    for (size_t start = 0; start < length; start += 8) {
        int64_t i = (int64_t)(start / 8);
        mp_limb_t limb = i < view.count ? view.limbs[i] : 0;
        if (view.negative) {
            limb = ~limb + carry;
            carry = carry && limb == 0;
        }
        for (size_t k = 0; k < 8 && start + k < length; k++)
            out[little ? start + k : length - 1 - start - k] = (uint8_t)(limb >> (8 * k));
    }
    return 0;
}
