// SPDX-License-Identifier: MIT
//
// Value: the one 64-bit word that every Python value is, anywhere in the VM.
//
//   ...xxx1   an integer of 63 bits
//   ...xx10   a float whose exponent fits, rotated into the word (the technique
//             CRuby calls flonum; see value_from_double)
//   ...x000   a pointer to an Object (all objects are 8-byte aligned)
//   0         VALUE_NULL: no value (an unbound variable, an error return)
//
// Numbers in a word carry no count and need no allocation. A Value says nothing about
// ownership: each function says whether it takes or gives a borrowed or a new reference.
#ifndef LOCKSMITH_VM_VALUE_H
#define LOCKSMITH_VM_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// A struct, so that an int returned where a Value is meant does not compile.
typedef struct {
    uint64_t bits;
} Value;

struct Object;

#define VALUE_NULL ((Value){0})

// What must not become a call even where the compiler thinks the caller too large (the interpreter
// loop).
#define ALWAYS_INLINE static inline __attribute__((always_inline))

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

ALWAYS_INLINE bool value_is_null(Value v) {
    return v.bits == 0;
}
ALWAYS_INLINE bool value_same(Value a, Value b) {
    return a.bits == b.bits;
}

// ---- integers --------------------------------------------------------------------------

#define VALUE_INT_MAX ((int64_t)0x3fffffffffffffffLL)
#define VALUE_INT_MIN (-VALUE_INT_MAX - 1)

ALWAYS_INLINE bool value_is_int(Value v) {
    return v.bits & 1;
}
ALWAYS_INLINE bool value_both_int(Value a, Value b) {
    return a.bits & b.bits & 1;
}
ALWAYS_INLINE int64_t value_int(Value v) {
    return (int64_t)v.bits >> 1;
}

ALWAYS_INLINE bool value_int_fits(int64_t n) {
    return n >= VALUE_INT_MIN && n <= VALUE_INT_MAX;
}

// n must fit (value_int_fits); any int64_t goes through int_from_i64 in types/int.h.
ALWAYS_INLINE Value value_from_int(int64_t n) {
    return (Value){((uint64_t)n << 1) | 1};
}

// ---- floats ----------------------------------------------------------------------------

// 0.0 has an exponent that does not fit; it gets a word of its own.
#define VALUE_FLOAT_ZERO_BITS 0x8000000000000002ULL

ALWAYS_INLINE bool value_is_flonum(Value v) {
    return (v.bits & 3) == 2;
}

ALWAYS_INLINE double value_flonum(Value v) {
    uint64_t bits = v.bits;
    if (LIKELY(bits != VALUE_FLOAT_ZERO_BITS)) {
        uint64_t top = bits >> 63;
        bits = (2 - top) | (bits & ~(uint64_t)3);
        bits = (bits >> 3) | (bits << 61);
        double d;
        memcpy(&d, &bits, sizeof d);
        return d;
    }
    return 0.0;
}

// The word of d, or VALUE_NULL if its exponent does not fit (then float_new in types/float.h
// makes an object). Fits: 0.0 and magnitudes from about 1.7e-77 to 1.1e77.
ALWAYS_INLINE Value value_flonum_from_double(double d) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    int exponent_top = (int)((bits >> 60) & 7);
    if (LIKELY(bits != 0x3000000000000000ULL && !((exponent_top - 3) & ~1))) {
        bits = (bits << 3) | (bits >> 61);
        return (Value){(bits & ~(uint64_t)3) | 2};
    }
    if (bits == 0)
        return (Value){VALUE_FLOAT_ZERO_BITS};
    return VALUE_NULL;
}

// ---- objects ---------------------------------------------------------------------------

ALWAYS_INLINE bool value_is_object(Value v) {
    return (v.bits & 3) == 0 && v.bits != 0;
}
ALWAYS_INLINE struct Object *value_object(Value v) {
    return (struct Object *)v.bits;
}
ALWAYS_INLINE Value value_from_object(const void *object) {
    return (Value){(uint64_t)object};
}

#endif
