// SPDX-License-Identifier: MIT
//
// Hashing and comparing keys without calling out: what dict and set do inline.
//
// Nothing here runs Python code, allocates, blocks or takes a lock, so all of it may be used with
// an object lock held, except value_hash_inline, which may call __hash__.
#ifndef LOCKSMITH_VM_TYPES_HASHING_H
#define LOCKSMITH_VM_TYPES_HASHING_H

#include "vm/object.h"
#include "vm/types/str.h"

static inline int64_t str_hash_inline(Value v) {
    int64_t hash = __atomic_load_n(&str_of(v)->hash, __ATOMIC_RELAXED);
    return LIKELY(hash != 0) ? hash : str_hash(v);
}

// SipHash-1-3 under a key of one's own: what hash() draws at random does not matter.
uint64_t hash_with_key(const void *data, size_t length, uint64_t key);

// hash(n) is n modulo the Mersenne prime 2^61 - 1 with the sign kept; -1 becomes -2.
static inline int64_t hash_of_i64(int64_t n) {
    const uint64_t prime = ((uint64_t)1 << 61) - 1;
    uint64_t magnitude = n < 0 ? -(uint64_t)n : (uint64_t)n;
    if (UNLIKELY(magnitude >= prime))
        magnitude %= prime;
    int64_t hash = n < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
    return hash == -1 ? -2 : hash;
}

// -1 with an exception set.
static inline int64_t value_hash_inline(Value v) {
    if (value_is_object(v)) {
        if (LIKELY(value_is_exact_str(v)))
            return str_hash_inline(v);
    } else if (value_is_int(v)) {
        return hash_of_i64(value_int(v));
    }
    return value_hash(v);
}

// Equality of two values that are not the same word: 1, 0, or -1 if only __eq__ can tell.
int value_equal_simple_slow(Value a, Value b);
static inline int value_equal_simple(Value a, Value b) {
    if (value_is_object(a) && value_is_object(b)) {
        if (value_is_exact_str(a) && value_is_exact_str(b))
            return str_equal(a, b);
        return value_equal_simple_slow(a, b);
    }
    if (value_both_int(a, b) || (value_is_flonum(a) && value_is_flonum(b)))
        return 0; // equal ones would be the same word; no NaN fits a word
    return value_equal_simple_slow(a, b);
}

// Equality, also of the same word, if it can be told without running code: 1, 0; else -1.
int value_equal_without_code_slow(Value a, Value b);
static inline int value_equal_without_code(Value a, Value b) {
    int equal = value_same(a, b) ? 1 : value_equal_simple(a, b);
    return LIKELY(equal >= 0) ? equal : value_equal_without_code_slow(a, b);
}

// a < b: 1, 0, or -1 if only __lt__ can tell (ints, floats and strs in a word or exact, and exact
// tuples decided by such items are told here).
int value_less_simple_slow(Value a, Value b);
static inline int value_less_simple(Value a, Value b) {
    if (value_both_int(a, b))
        return (int64_t)a.bits < (int64_t)b.bits;
    if (value_is_flonum(a) && value_is_flonum(b))
        return value_flonum(a) < value_flonum(b);
    if (value_is_object(a) && value_is_object(b))
        return value_less_simple_slow(a, b);
    return -1;
}

#endif
