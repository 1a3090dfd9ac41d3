// SPDX-License-Identifier: MIT
//
// The out-of-line half of hashing.h.
#include "vm/types/hashing.h"
#include "vm/types/bytes.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"

#define NESTING_MAX 8 // tuples in tuples looked at before __eq__ is asked

static int equal_simple(Value a, Value b, int nesting);

static inline bool value_is_number_word(Value v) {
    return value_is_int(v) || value_is_flonum(v);
}

static inline Value number_of_bool(Value v) {
    return value_same(v, VALUE_TRUE)    ? value_from_int(1)
           : value_same(v, VALUE_FALSE) ? value_from_int(0)
                                        : v;
}

static bool int_equals_double(int64_t n, double d) {
    return d >= -0x1p63 && d < 0x1p63 && (double)(int64_t)d == d && (int64_t)d == n;
}

static int tuples_equal_simple(Value a, Value b, int nesting) {
    int64_t length = tuple_length(a);
    if (length != tuple_length(b))
        return 0;
    if (nesting >= NESTING_MAX)
        return -1;
    for (int64_t i = 0; i < length; i++) {
        Value x = tuple_item(a, i), y = tuple_item(b, i);
        if (value_same(x, y))
            continue;
        int equal = equal_simple(x, y, nesting + 1);
        if (equal != 1)
            return equal;
    }
    return 1;
}

// Is v of a type whose objects equal none of another such, and no number? (bytes are not among
// them: comparing them with a str can warn.)
static bool equals_its_own_only(Value v) {
    return value_same(v, VALUE_NONE) || value_is_exact_str(v) || value_is_exactly(v, &tuple_type);
}

static int equal_simple(Value a, Value b, int nesting) {
    if (value_is_object(a) && value_is_object(b)) {
        Type *type = value_type(a);
        if (type != value_type(b))
            return equals_its_own_only(a) && equals_its_own_only(b) ? 0 : -1;
        if (type == &str_type)
            return str_equal(a, b);
        if (type == &bool_type)
            return 0; // there is one of each
        if (type == &tuple_type)
            return tuples_equal_simple(a, b, nesting);
        if (type == &int_type)
            return int_compare(a, b) == 0;
        if (type == &bytes_type)
            return bytes_length(a) == bytes_length(b) &&
                   memcmp(bytes_data(a), bytes_data(b), (size_t)bytes_length(a)) == 0;
        return -1;
    }
    // Numbers in a word, True and False among themselves; the same number may be written as both.
    a = number_of_bool(a), b = number_of_bool(b);
    if (value_is_number_word(a) && value_is_number_word(b)) {
        if (value_is_int(a) == value_is_int(b))
            return value_same(a, b);
        return value_is_int(a) ? int_equals_double(value_int(a), value_flonum(b))
                               : int_equals_double(value_int(b), value_flonum(a));
    }
    Value other = value_is_number_word(a) ? b : a;
    return (value_is_number_word(a) || value_is_number_word(b)) && equals_its_own_only(other) ? 0
                                                                                              : -1;
}

int value_equal_simple_slow(Value a, Value b) {
    return equal_simple(a, b, 0);
}

static int less_simple(Value a, Value b, int nesting) {
    if (!value_is_object(a) || !value_is_object(b))
        return value_both_int(a, b) || (value_is_flonum(a) && value_is_flonum(b))
                   ? value_less_simple(a, b)
                   : -1;
    Type *type = value_type(a);
    if (type != value_type(b))
        return -1;
    if (type == &str_type)
        return str_compare_order(a, b) < 0;
    if (type == &int_type)
        return int_compare(a, b) < 0;
    if (type != &tuple_type || nesting >= NESTING_MAX)
        return -1;
    int64_t a_length = tuple_length(a), b_length = tuple_length(b);
    for (int64_t i = 0; i < a_length && i < b_length; i++) {
        Value x = tuple_item(a, i), y = tuple_item(b, i);
        if (value_same(x, y))
            continue;
        int equal = equal_simple(x, y, nesting + 1);
        if (equal < 0)
            return -1;
        if (!equal)
            return less_simple(x, y, nesting + 1);
    }
    return a_length < b_length;
}

int value_less_simple_slow(Value a, Value b) {
    return less_simple(a, b, 0);
}

// Values of this kind are equal to others of it only if value_equal_simple says so, or by identity.
static bool compares_without_code(Value v) {
    return value_type(v)->compare == object_type.compare || value_is_int(v) || value_is_flonum(v) ||
           value_is_exact_str(v);
}

int value_equal_without_code_slow(Value a, Value b) {
    bool either_by_identity = value_type(a)->compare == object_type.compare ||
                              value_type(b)->compare == object_type.compare;
    return either_by_identity && compares_without_code(a) && compares_without_code(b) ? 0 : -1;
}
