// SPDX-License-Identifier: MIT
//
// The functions of `math` on ints. Products of many factors are computed by GMP's mpz layer.
#include "vm/modules/math_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"

// ---- between ints and GMP --------------------------------------------------------------

static void mpz_from_value(mpz_t out, Value v) { // v: any int
    int64_t n;
    if (int_to_i64(v, &n)) {
        mpz_init_set_si(out, n);
        return;
    }
    IntObject *o = (IntObject *)value_object(v);
    mpz_t borrowed;
    mpz_init_set(out, mpz_roinit_n(borrowed, o->limbs, o->size));
}

static Value value_from_mpz(const mpz_t n) {
    return int_from_limbs(mpz_limbs_read(n), (int64_t)mpz_size(n), mpz_sgn(n) < 0);
}

// ---- factorial, comb, perm -------------------------------------------------------------

Value math_factorial(Value self, Value v) {
    Value number = value_index(v);
    if (value_is_null(number))
        return number;
    int64_t n;
    bool fits = int_to_i64(number, &n);
    int sign = int_sign(number);
    ref_release(number);
    if (sign < 0)
        return raise_value_error("factorial() not defined for negative values");
    if (!fits)
        return raise_error(&exception_OverflowError, "factorial() argument should not exceed %lld",
                           (long long)INT64_MAX);
    if (n <= 20) {
        int64_t product = 1;
        for (int64_t i = 2; i <= n; i++)
            product *= i;
        return int_from_i64(product);
    }
    mpz_t result;
    mpz_init(result);
    mpz_fac_ui(result, (unsigned long)n);
    Value out = value_from_mpz(result);
    mpz_clear(result);
    return out;
}

// n * (n - 1) * ... of the factors from number `from` to before `to`, halving so that the
// multiplications are balanced.
static void falling_product(mpz_t out, const mpz_t n, uint64_t from, uint64_t to) {
    if (to - from <= 8) {
        mpz_t factor;
        mpz_init(factor);
        mpz_set_ui(out, 1);
        for (uint64_t i = from; i < to; i++) {
            mpz_sub_ui(factor, n, i);
            mpz_mul(out, out, factor);
        }
        mpz_clear(factor);
        return;
    }
    uint64_t middle = from + (to - from) / 2;
    mpz_t right;
    mpz_init(right);
    falling_product(out, n, from, middle);
    falling_product(right, n, middle, to);
    mpz_mul(out, out, right);
    mpz_clear(right);
}

static int check_pair(Value n, Value k) {
    if (int_sign(n) < 0)
        return raise_int(&exception_ValueError, "n must be a non-negative integer");
    if (int_sign(k) < 0)
        return raise_int(&exception_ValueError, "k must be a non-negative integer");
    return 0;
}

// comb(n, k) for k <= COMB_MAX: factors of the numerator and of the denominator are gathered as
// long as their products fit a word. What is divided is always itself a binomial coefficient times
// a falling product, so the division is exact.
#define COMB_MAX 128
static Value comb_in_limbs(uint64_t n, uint64_t k) {
    mp_limb_t limbs[COMB_MAX + 1] = {1};
    int64_t count = 1;
    for (uint64_t i = 0; i < k;) {
        uint64_t up = n - i, down = i + 1, next;
        for (i++; i < k && !__builtin_mul_overflow(up, n - i, &next); i++) {
            up = next;
            down *= i + 1; // not more than up: k is not more than half of n
        }
        mp_limb_t carry = mpn_mul_1(limbs, limbs, count, up);
        if (carry)
            limbs[count++] = carry;
        mpn_divexact_1(limbs, limbs, count, down);
        count -= limbs[count - 1] == 0;
    }
    return int_from_limbs(limbs, count, false);
}

// comb(n, k) for 0 <= k <= n <= COMB_WORD_MAX, the largest n whose coefficients all fit a word.
// Modulo 2**64 the odd part of n! is divided by those of k! and (n - k)! by multiplying with their
// inverses (Newton's iteration doubles the bits that are right); the power of two in n! is n minus
// the number of ones in it (Legendre).
enum { COMB_WORD_MAX = 67 };
static uint64_t odd_factorial[COMB_WORD_MAX + 1], odd_factorial_inverse[COMB_WORD_MAX + 1];

void math_integer_start(void) {
    if (odd_factorial[0]) // the module is made once more
        return;
    uint64_t odd = 1;
    for (unsigned i = 0; i <= COMB_WORD_MAX; i++) {
        if (i)
            odd *= i >> __builtin_ctz(i);
        uint64_t inverse = odd; // right in the lowest 3 bits
        for (int bits = 3; bits < 64; bits *= 2)
            inverse *= 2 - odd * inverse;
        odd_factorial[i] = odd;
        odd_factorial_inverse[i] = inverse;
    }
}

static uint64_t comb_in_word(uint64_t n, uint64_t k) {
    uint64_t rest = n - k;
    int twos = __builtin_popcountll(k) + __builtin_popcountll(rest) - __builtin_popcountll(n);
    return odd_factorial[n] * odd_factorial_inverse[k] * odd_factorial_inverse[rest] << twos;
}

static Value comb_of(Value n, Value k) {
    if (value_both_int(n, k)) {
        uint64_t top = (uint64_t)value_int(n), bottom = (uint64_t)value_int(k);
        if (bottom <= top && top <= COMB_WORD_MAX)
            return int_from_u64(comb_in_word(top, bottom));
    }
    if (check_pair(n, k) < 0)
        return VALUE_NULL;
    if (int_compare(k, n) > 0)
        return value_from_int(0);
    Value rest = int_subtract(n, k);
    if (value_is_null(rest))
        return rest;
    int64_t smaller;
    bool fits = int_to_i64(int_compare(rest, k) < 0 ? rest : k, &smaller);
    ref_release(rest);
    if (!fits)
        return raise_error(&exception_OverflowError, "min(n - k, k) must not exceed %lld",
                           (long long)INT64_MAX);
    // Small results without leaving the machine's words.
    int64_t small;
    if (int_to_i64(n, &small)) {
        unsigned __int128 result = 1;
        int64_t i;
        for (i = 0; i < smaller && result < (unsigned __int128)1 << 63; i++)
            result = result * (uint64_t)(small - i) / (uint64_t)(i + 1);
        if (i == smaller && result < (unsigned __int128)1 << 63)
            return int_from_i64((int64_t)result);
        if (smaller <= COMB_MAX)
            return comb_in_limbs((uint64_t)small, (uint64_t)smaller);
    }
    mpz_t top, out;
    mpz_from_value(top, n);
    mpz_init(out);
    mpz_bin_ui(out, top, (unsigned long)smaller);
    Value result = value_from_mpz(out);
    mpz_clear(top);
    mpz_clear(out);
    return result;
}

static Value perm_of(Value n, Value k) {
    if (check_pair(n, k) < 0)
        return VALUE_NULL;
    if (int_compare(k, n) > 0)
        return value_from_int(0);
    if (value_both_int(n, k)) {
        uint64_t product = 1, factor = (uint64_t)value_int(n);
        int64_t left = value_int(k);
        while (left > 0 && !__builtin_mul_overflow(product, factor, &product)) {
            factor--;
            left--;
        }
        if (left == 0)
            return int_from_u64(product);
    }
    int64_t count;
    if (!int_to_i64(k, &count))
        return raise_error(&exception_OverflowError, "k must not exceed %lld",
                           (long long)INT64_MAX);
    mpz_t top, out;
    mpz_from_value(top, n);
    mpz_init(out);
    falling_product(out, top, 0, (uint64_t)count);
    Value result = value_from_mpz(out);
    mpz_clear(top);
    mpz_clear(out);
    return result;
}

static Value of_two_ints(const Value *args, Value (*function)(Value, Value)) {
    Value n = value_index(args[0]);
    if (value_is_null(n))
        return n;
    Value k = value_index(args[1]);
    Value result = value_is_null(k) ? k : function(n, k);
    ref_release(n);
    ref_release(k);
    return result;
}

Value math_comb(Value self, const Value *args, size_t nargs) {
    return of_two_ints(args, comb_of);
}
Value math_perm(Value self, const Value *args, size_t nargs) {
    if (nargs < 2 || value_is_none(args[1]))
        return math_factorial(self, args[0]);
    return of_two_ints(args, perm_of);
}

// ---- divisors --------------------------------------------------------------------------

static uint64_t magnitude(int64_t n) {
    return n < 0 ? -(uint64_t)n : (uint64_t)n;
}

static uint64_t gcd_u64(uint64_t a, uint64_t b) { // Stein's binary method
    if (a == 0 || b == 0)
        return a | b;
    int shift = __builtin_ctzll(a | b);
    a >>= __builtin_ctzll(a);
    while (b) {
        b >>= __builtin_ctzll(b);
        if (a > b) {
            uint64_t swapped = a;
            a = b;
            b = swapped;
        }
        b -= a;
    }
    return a << shift;
}

static Value gcd_two(Value a, Value b) {
    if (value_both_int(a, b))
        return int_from_u64(gcd_u64(magnitude(value_int(a)), magnitude(value_int(b))));
    return int_gcd(a, b);
}

static Value absolute(Value v_consumed) {
    Value result;
    if (int_sign(v_consumed) < 0)
        result = int_negative(v_consumed);
    else
        result = int_exact(v_consumed);
    ref_release(v_consumed);
    return result;
}

static Value lcm_two(Value a, Value b) {
    if (int_sign(a) == 0 || int_sign(b) == 0)
        return value_from_int(0);
    Value divisor = gcd_two(a, b);
    if (value_is_null(divisor))
        return divisor;
    Value part = int_floor_divide(a, divisor);
    ref_release(divisor);
    if (value_is_null(part))
        return part;
    Value product = int_multiply(part, b);
    ref_release(part);
    return value_is_null(product) ? product : absolute(product);
}

static Value fold(const Value *args, size_t nargs, int64_t start, Value (*step)(Value, Value)) {
    if (nargs == 0)
        return value_from_int(start);
    Value result = value_index(args[0]);
    if (value_is_null(result))
        return result;
    result = absolute(result);
    for (size_t i = 1; i < nargs && !value_is_null(result); i++) {
        Value next = value_index(args[i]);
        Value combined = value_is_null(next) ? next : step(result, next);
        ref_release(next);
        ref_release(result);
        result = combined;
    }
    return result;
}

Value math_gcd(Value self, const Value *args, size_t nargs) {
    return fold(args, nargs, 0, gcd_two);
}
Value math_lcm(Value self, const Value *args, size_t nargs) {
    return fold(args, nargs, 1, lcm_two);
}

Value math_isqrt(Value self, Value v) {
    Value n = value_index(v);
    if (value_is_null(n))
        return n;
    Value result =
        int_sign(n) < 0 ? raise_value_error("isqrt() argument must be nonnegative") : int_isqrt(n);
    ref_release(n);
    return result;
}

// ---- prod ------------------------------------------------------------------------------

// Both multiply *result, a number in a word, by items as long as that is simple, and give the first
// item that is not: new, or VALUE_NULL at the end (an exception may be pending then, or *result be
// VALUE_NULL without memory).
static Value product_of_ints(Value iterator, Value *result) {
    int64_t product = value_int(*result), next;
    Value item;
    while (!value_is_null(item = value_next(iterator)) && value_is_int(item) &&
           !__builtin_mul_overflow(product, value_int(item), &next))
        product = next;
    *result = int_from_i64(product);
    return item;
}
static Value product_of_floats(Value iterator, Value *result) {
    double product = value_flonum(*result);
    Value item;
    while (!value_is_null(item = value_next(iterator))) {
        if (value_is_flonum(item))
            product *= value_flonum(item);
        else if (value_is_int(item))
            product *= (double)value_int(item);
        else
            break;
    }
    *result = float_new(product);
    return item;
}

Value math_prod(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "start", NULL};
    Value v[2];
    if (arguments_parse("prod", args, nargs, kwnames, names, 1, 1, 1, v) < 0)
        return VALUE_NULL;
    Value result = value_is_null(v[1]) ? value_from_int(1) : ref_new(v[1]);
    Value iterator = value_iter_at_once(v[0]);
    if (value_is_null(iterator)) {
        ref_release(result);
        return iterator;
    }
    Value item = VALUE_NULL;
    for (;;) {
        // As long as numbers fit into words, no value is made of the products between.
        item = value_is_int(result)      ? product_of_ints(iterator, &result)
               : value_is_flonum(result) ? product_of_floats(iterator, &result)
                                         : value_next(iterator);
        if (value_is_null(item))
            break;
        Value product =
            value_is_null(result) ? VALUE_NULL : value_binary(result, item, BINARY_MULTIPLY);
        ref_release(item);
        ref_release(result);
        result = product;
        if (value_is_null(result))
            break;
    }
    if (error_occurred()) {
        ref_release(result);
        result = VALUE_NULL;
    }
    ref_release(iterator);
    return result;
}
