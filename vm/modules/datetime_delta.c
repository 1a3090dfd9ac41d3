// SPDX-License-Identifier: MIT
//
// timedelta. A span is a number of microseconds, of which there are at most 2^67, so it is computed
// with in 128 bits; ints and floats beyond that are brought in as Python ints.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <limits.h>
#include <math.h>

typedef __int128 Wide;

// ---- making ------------------------------------------------------------------------------

static int64_t floor_divide(int64_t a, int64_t b, int64_t *rest) { // b > 0
    int64_t q = a / b, r = a % b;
    if (r < 0) {
        r += b;
        q--;
    }
    *rest = r;
    return q;
}

static Value make(Type *type, int64_t days, int64_t seconds, int64_t microseconds) {
    if (UNLIKELY(days > DELTA_DAYS_MAX || days < -DELTA_DAYS_MAX))
        return raise_error(&exception_OverflowError, "days=%lld; must have magnitude <= %d",
                           (long long)days, DELTA_DAYS_MAX);
    Delta *d = object_allocate(type);
    if (UNLIKELY(!d))
        return VALUE_NULL;
    d->hash = HASH_UNKNOWN;
    d->days = (int32_t)days;
    d->seconds = (int32_t)seconds;
    d->microseconds = (int32_t)microseconds;
    return value_from_object(d);
}

Value delta_new(int64_t days, int64_t seconds, int64_t microseconds) {
    if ((uint64_t)microseconds >= SECOND_MICROSECONDS)
        seconds += floor_divide(microseconds, SECOND_MICROSECONDS, &microseconds);
    if ((uint64_t)seconds >= DAY_SECONDS)
        days += floor_divide(seconds, DAY_SECONDS, &seconds);
    return make(&delta_type, days, seconds, microseconds);
}

static Value too_large(void) {
    return raise_error(&exception_OverflowError, "Python int too large to convert to C int");
}

static Value from_wide(Type *type, Wide total) {
    int64_t days, within;
    if (total >= INT64_MIN && total <= INT64_MAX) {
        days = floor_divide((int64_t)total, DAY_MICROSECONDS, &within);
    } else {
        Wide q = total / DAY_MICROSECONDS, r = total % DAY_MICROSECONDS;
        if (r < 0) {
            r += DAY_MICROSECONDS;
            q--;
        }
        if (q < INT_MIN || q > INT_MAX)
            return too_large();
        days = (int64_t)q;
        within = (int64_t)r;
    }
    return make(type, days, within / SECOND_MICROSECONDS, within % SECOND_MICROSECONDS);
}

Value delta_from_microseconds(__int128 microseconds) {
    return from_wide(&delta_type, microseconds);
}

static Value int_from_wide(Wide n) {
    if (n >= INT64_MIN && n <= INT64_MAX)
        return int_from_i64((int64_t)n);
    bool negative = n < 0;
    unsigned __int128 magnitude = negative ? -(unsigned __int128)n : (unsigned __int128)n;
    mp_limb_t limbs[2] = {(mp_limb_t)magnitude, (mp_limb_t)(magnitude >> 64)};
    return int_from_limbs(limbs, 2, negative);
}

// Any int as 128 bits; false if it does not fit.
static bool wide_from_int(Value v, Wide *out) {
    int64_t n;
    if (int_to_i64(v, &n)) {
        *out = n;
        return true;
    }
    if (int_bit_length(v) > 126)
        return false;
    uint8_t bytes[16];
    if (int_to_bytes(v, bytes, sizeof bytes, true, true) < 0) {
        error_clear(); // cannot be: it fits
        return false;
    }
    memcpy(out, bytes, sizeof bytes);
    return true;
}

// ---- the constructor ---------------------------------------------------------------------

enum { UNITS = 7 };
static const char *const unit_names[] = {"days",    "seconds", "microseconds", "milliseconds",
                                         "minutes", "hours",   "weeks",        NULL};
static const int64_t unit_sizes[UNITS] = {DAY_MICROSECONDS,
                                          SECOND_MICROSECONDS,
                                          1,
                                          1000,
                                          60 * (int64_t)SECOND_MICROSECONDS,
                                          3600 * (int64_t)SECOND_MICROSECONDS,
                                          7 * DAY_MICROSECONDS};
// The order in which parts are added, which decides what is said of the first bad one, and how
// fractions are rounded.
static const uint8_t unit_order[UNITS] = {2, 3, 1, 4, 5, 0, 6};

// The fraction that is left over when all whole microseconds are in the sum, to the nearest; a half
// goes to where the sum becomes even.
static int64_t round_rest(double rest, bool sum_is_odd) {
    double whole = round(rest);
    if (fabs(whole - rest) == 0.5)
        whole = 2.0 * round((rest + sum_is_odd) * 0.5) - sum_is_odd;
    return (int64_t)whole;
}

// The same for any sizes of ints and floats, with Python's ints. New reference.
static Value sum_with_ints(const Value *parts) {
    Value sum = value_from_int(0);
    double rest = 0;
    for (int i = 0; i < UNITS; i++) {
        int unit = unit_order[i];
        Value v = parts[unit], whole, size = value_from_int(unit_sizes[unit]);
        if (value_is_null(v))
            continue;
        if (value_is_any_float(v)) {
            double integral, fraction = modf(float_value(v), &integral);
            whole = int_from_double(integral);
            if (fraction != 0) { // then the number is small
                double more;
                rest += modf(fraction * (double)unit_sizes[unit], &more);
                Value a = value_is_null(whole) ? whole : int_multiply(whole, size);
                ref_release(whole);
                whole = value_is_null(a) ? a : int_add(a, value_from_int((int64_t)more));
                ref_release(a);
                size = value_from_int(1);
            }
        } else {
            whole = int_exact(v);
        }
        Value product = value_is_null(whole) ? whole : int_multiply(whole, size);
        Value next = value_is_null(product) ? product : int_add(sum, product);
        ref_release(whole);
        ref_release(product);
        ref_release(sum);
        sum = next;
        if (value_is_null(sum))
            return sum;
    }
    int64_t more = round_rest(rest, int_low_64_bits(sum) & 1);
    Value rounded = int_add(sum, value_from_int(more));
    ref_release(sum);
    return rounded;
}

static Value delta_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value parts[UNITS];
    if (arguments_parse("__new__", args, nargs, kwnames, unit_names, 0, UNITS, 0, parts) < 0)
        return VALUE_NULL;
    Wide sum = 0;
    double rest = 0;
    bool fits = true;
    for (int i = 0; i < UNITS; i++) {
        int unit = unit_order[i];
        Value v = parts[unit];
        int64_t n;
        if (value_is_null(v))
            continue;
        if (value_is_any_int(v)) {
            if (int_to_i64(v, &n))
                sum += (Wide)n * unit_sizes[unit]; // seven such products fit
            else
                fits = false;
        } else if (value_is_any_float(v)) {
            double d = float_value(v), integral, fraction = modf(d, &integral), more;
            if (isnan(d) || isinf(d))
                return int_from_double(d); // raises
            if (integral >= -0x1p62 && integral <= 0x1p62) {
                sum += (Wide)(int64_t)integral * unit_sizes[unit];
                if (fraction != 0) {
                    rest += modf(fraction * (double)unit_sizes[unit], &more);
                    sum += (int64_t)more;
                }
            } else {
                fits = false;
            }
        } else {
            return raise_type_error("unsupported type for timedelta %s component: %s",
                                    unit_names[unit], type_full_name(value_type(v)));
        }
    }
    if (LIKELY(fits)) {
        if (rest != 0)
            sum += round_rest(rest, sum & 1);
    } else {
        Value total = sum_with_ints(parts);
        if (value_is_null(total))
            return total;
        fits = wide_from_int(total, &sum);
        ref_release(total);
        if (!fits)
            return too_large();
    }
    return from_wide(type, sum);
}

// ---- arithmetic --------------------------------------------------------------------------

static inline bool is_delta(Value v) {
    return value_is_a(v, &delta_type);
}

static Value delta_add(Value a, Value b) {
    if (!is_delta(a) || !is_delta(b))
        return not_implemented_new();
    return delta_new(delta_days(a) + delta_days(b), delta_seconds(a) + delta_seconds(b),
                     delta_microseconds(a) + delta_microseconds(b));
}

Value delta_subtract(Value a, Value b) {
    if (!is_delta(a) || !is_delta(b))
        return not_implemented_new();
    return delta_new(delta_days(a) - delta_days(b), delta_seconds(a) - delta_seconds(b),
                     delta_microseconds(a) - delta_microseconds(b));
}

static Value delta_negative(Value v) {
    return delta_new(-delta_days(v), -delta_seconds(v), -delta_microseconds(v));
}
static Value delta_positive(Value v) {
    return delta_new(delta_days(v), delta_seconds(v), delta_microseconds(v));
}
static Value delta_absolute(Value v) {
    return delta_days(v) < 0 ? delta_negative(v) : delta_positive(v);
}

static Wide floor_wide(Wide a, Wide b, Wide *rest) {
    Wide q = a / b, r = a % b;
    if (r != 0 && (r < 0) != (b < 0)) {
        r += b;
        q--;
    }
    *rest = r;
    return q;
}

// a / b to the nearest, a half to the even one. b != 0.
static Wide divide_nearest(Wide a, Wide b) {
    if (b < 0) {
        a = -a;
        b = -b;
    }
    Wide r, q = floor_wide(a, b, &r);
    Wide left = b - r; // compared instead of 2 * r, which might not fit
    if (r > left || (r == left && (q & 1)))
        q++;
    return q;
}

// d == mantissa * 2**exponent with an odd mantissa, or 0. -1 if it is no number.
static int float_parts(double d, Wide *mantissa, int *exponent) {
    if (isnan(d))
        return raise_int(&exception_ValueError, "cannot convert NaN to integer ratio");
    if (isinf(d))
        return raise_int(&exception_OverflowError, "cannot convert Infinity to integer ratio");
    int64_t n = (int64_t)ldexp(frexp(d, exponent), 53);
    *exponent -= 53;
    if (n == 0) {
        *exponent = 0;
    } else {
        int zeros = __builtin_ctzll((uint64_t)n);
        n /= (int64_t)1 << zeros;
        *exponent += zeros;
    }
    *mantissa = n;
    return 0;
}

// n * 2**shift (shift >= 0); false if that does not fit.
static bool shift_wide(Wide n, int shift, Wide *out) {
    if (n == 0) {
        *out = 0;
        return true;
    }
    if (shift > 126)
        return false;
    return !__builtin_mul_overflow(n, (Wide)1 << shift, out);
}

static Value multiply_by_int(Value delta, Value factor) {
    Wide total = delta_total(delta), n;
    if (total == 0)
        return delta_new(0, 0, 0);
    if (!wide_from_int(factor, &n) || __builtin_mul_overflow(total, n, &total))
        return too_large();
    return from_wide(&delta_type, total);
}

static Value multiply_by_float(Value delta, double d) {
    Wide total = delta_total(delta), mantissa;
    int exponent;
    if (float_parts(d, &mantissa, &exponent) < 0)
        return VALUE_NULL;
    total *= mantissa; // 67 and 53 bits
    if (exponent >= 0)
        return shift_wide(total, exponent, &total) ? from_wide(&delta_type, total) : too_large();
    if (exponent < -125) // less than a half
        return delta_new(0, 0, 0);
    return from_wide(&delta_type, divide_nearest(total, (Wide)1 << -exponent));
}

static Value divide_by_zero(void) {
    return raise_error(&exception_ZeroDivisionError, "integer division or modulo by zero");
}

static Value divide_by_float(Value delta, double d) {
    Wide total = delta_total(delta), mantissa;
    int exponent;
    if (float_parts(d, &mantissa, &exponent) < 0)
        return VALUE_NULL;
    if (mantissa == 0)
        return divide_by_zero();
    if (mantissa < 0) {
        mantissa = -mantissa;
        total = -total;
    }
    if (exponent >= 0) { // a divisor without room is larger than any span
        if (!shift_wide(mantissa, exponent, &mantissa))
            return delta_new(0, 0, 0);
    } else if (!shift_wide(total, -exponent, &total)) { // 2^127 by 2^53 is more than any span
        return too_large();
    }
    return from_wide(&delta_type, divide_nearest(total, mantissa));
}

// a / b to the nearest for Python ints of any size. New reference.
static Value divide_ints_nearest(Value a, Value b) {
    Value pair = int_divmod(a, b);
    if (value_is_null(pair))
        return pair;
    Value quotient = ref_new(tuple_item(pair, 0)), rest = tuple_item(pair, 1);
    // The rest has the divisor's sign: beyond a half is further from zero than what is left.
    Value left = int_subtract(b, rest);
    int order = value_is_null(left) ? 0 : int_compare(rest, left) * int_sign(b);
    ref_release(pair);
    if (value_is_null(left)) {
        ref_release(quotient);
        return left;
    }
    ref_release(left);
    if (order < 0 || (order == 0 && !(int_low_64_bits(quotient) & 1)))
        return quotient;
    Value next = int_add(quotient, value_from_int(1));
    ref_release(quotient);
    return next;
}

// delta times (or divided by) an instance of a subclass of float, which may say otherwise than
// float does what ratio it is.
static Value scale_by_ratio(Value delta, Value number, bool divide) {
    Value ratio = value_call_method_cstr(number, "as_integer_ratio", NULL, 0);
    Value total = VALUE_NULL, product = VALUE_NULL, scaled = VALUE_NULL, result = VALUE_NULL;
    if (value_is_null(ratio))
        return ratio;
    if (!value_is_tuple(ratio)) {
        raise_type_error("unexpected return type from as_integer_ratio(): expected tuple, got '%s'",
                         type_full_name(value_type(ratio)));
    } else if (tuple_length(ratio) != 2) {
        raise_value_error("as_integer_ratio() must return a 2-tuple");
    } else if (!value_is_any_int(tuple_item(ratio, 0)) || !value_is_any_int(tuple_item(ratio, 1))) {
        raise_type_error("non-integer arguments in division");
    } else {
        total = int_from_wide(delta_total(delta));
        if (!value_is_null(total))
            product = int_multiply(total, tuple_item(ratio, divide));
        if (!value_is_null(product))
            scaled = divide_ints_nearest(product, tuple_item(ratio, !divide));
    }
    Wide wide;
    if (!value_is_null(scaled))
        result = wide_from_int(scaled, &wide) ? from_wide(&delta_type, wide) : too_large();
    Value used[] = {ratio, total, product, scaled};
    for (int i = 0; i < 4; i++)
        ref_release(used[i]);
    return result;
}

static Value delta_multiply(Value a, Value b) {
    Value delta = is_delta(a) ? a : b, factor = is_delta(a) ? b : a;
    if (value_is_any_int(factor))
        return multiply_by_int(delta, factor);
    if (value_is_exact_float(factor))
        return multiply_by_float(delta, float_value(factor));
    if (value_is_any_float(factor))
        return scale_by_ratio(delta, factor, false);
    return not_implemented_new();
}

// a / b as a float, correctly rounded.
static Value divide_exactly(Wide a, Wide b) {
    const Wide exact = (Wide)1 << 53;
    if (LIKELY(a <= exact && a >= -exact && b <= exact && b >= -exact && b != 0))
        return float_new((double)a / (double)b);
    Value x = int_from_wide(a), y = int_from_wide(b), result = VALUE_NULL;
    if (!value_is_null(x) && !value_is_null(y))
        result = int_true_divide(x, y);
    ref_release(x);
    ref_release(y);
    return result;
}

static Value delta_true_divide(Value a, Value b) {
    if (!is_delta(a))
        return not_implemented_new();
    if (is_delta(b))
        return divide_exactly(delta_total(a), delta_total(b));
    if (value_is_exact_float(b))
        return divide_by_float(a, float_value(b));
    if (value_is_any_float(b))
        return scale_by_ratio(a, b, true);
    if (!value_is_any_int(b))
        return not_implemented_new();
    Wide n;
    if (!wide_from_int(b, &n))
        return delta_new(0, 0, 0); // larger than any span
    return n == 0 ? divide_by_zero() : from_wide(&delta_type, divide_nearest(delta_total(a), n));
}

static Value delta_floor_divide(Value a, Value b) {
    if (!is_delta(a))
        return not_implemented_new();
    Wide total = delta_total(a), n, rest;
    if (is_delta(b)) {
        n = delta_total(b);
        return n == 0 ? divide_by_zero() : int_from_wide(floor_wide(total, n, &rest));
    }
    if (!value_is_any_int(b))
        return not_implemented_new();
    if (!wide_from_int(b, &n)) // larger than any span: 0 or, if the signs differ, -1
        return delta_new(0, 0, total != 0 && (total < 0) != (int_sign(b) < 0) ? -1 : 0);
    return n == 0 ? divide_by_zero() : from_wide(&delta_type, floor_wide(total, n, &rest));
}

static Value delta_modulo(Value a, Value b) {
    if (!is_delta(a) || !is_delta(b))
        return not_implemented_new();
    Wide n = delta_total(b), rest;
    if (n == 0)
        return raise_error(&exception_ZeroDivisionError, "integer modulo by zero");
    floor_wide(delta_total(a), n, &rest);
    return from_wide(&delta_type, rest);
}

static Value delta_divmod(Value a, Value b) {
    if (!is_delta(a) || !is_delta(b))
        return not_implemented_new();
    Wide n = delta_total(b), rest;
    if (n == 0)
        return divide_by_zero();
    Wide q = floor_wide(delta_total(a), n, &rest);
    return pair_owned(int_from_wide(q), from_wide(&delta_type, rest));
}

Value delta_total_seconds(Value self) {
    return divide_exactly(delta_total(self), SECOND_MICROSECONDS);
}

// ---- comparison and hash -----------------------------------------------------------------

int delta_compare(Value a, Value b) {
    int64_t difference = delta_days(a) - delta_days(b);
    if (difference == 0)
        difference = delta_seconds(a) - delta_seconds(b);
    if (difference == 0)
        difference = delta_microseconds(a) - delta_microseconds(b);
    return difference < 0 ? -1 : difference > 0;
}

bool delta_is_zero(Value v) {
    return delta_days(v) == 0 && delta_seconds(v) == 0 && delta_microseconds(v) == 0;
}

bool delta_is_offset(Value v) {
    return delta_days(v) == 0 ||
           (delta_days(v) == -1 && (delta_seconds(v) || delta_microseconds(v)));
}

static Value delta_compare_slot(Value self, Value other, CompareOperator op) {
    if (!is_delta(self) || !is_delta(other))
        return not_implemented_new();
    return compare_result(delta_compare(self, other), op);
}

static Value parts_of(Value self) {
    return tuple_pack(3, value_from_int(delta_days(self)), value_from_int(delta_seconds(self)),
                      value_from_int(delta_microseconds(self)));
}

// That of the tuple (days, seconds, microseconds).
int64_t delta_hash(Value self) {
    Delta *d = delta_of(self);
    int64_t hash = __atomic_load_n(&d->hash, __ATOMIC_RELAXED);
    if (LIKELY(hash != HASH_UNKNOWN))
        return hash;
    Value tuple = parts_of(self);
    if (value_is_null(tuple))
        return -1;
    hash = value_hash(tuple);
    ref_release(tuple);
    __atomic_store_n(&d->hash, hash, __ATOMIC_RELAXED);
    return hash;
}

static int delta_boolean(Value self) {
    return !delta_is_zero(self);
}

// ---- text and pickling -------------------------------------------------------------------

static Value delta_repr(Value self) {
    static const char *const names[] = {"days=", "seconds=", "microseconds="};
    const Delta *d = delta_of(self);
    const int32_t parts[] = {d->days, d->seconds, d->microseconds};
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, type_full_name(value_type(self)));
    str_builder_char(&b, '(');
    bool any = false;
    for (int i = 0; i < 3; i++) {
        if (parts[i] == 0)
            continue;
        if (any)
            str_builder_ascii(&b, ", ", 2);
        str_builder_cstr(&b, names[i]);
        str_builder_i64(&b, parts[i]);
        any = true;
    }
    if (!any)
        str_builder_char(&b, '0');
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

static Value delta_str(Value self) {
    char text[TEXT_MAX], *at = text;
    int64_t days = delta_days(self), seconds = delta_seconds(self);
    if (days) {
        if (days < 0)
            *at++ = '-';
        at = text_number(at, (uint32_t)(days < 0 ? -days : days), 1);
        const char *unit = days == 1 || days == -1 ? " day, " : " days, ";
        at = stpcpy(at, unit);
    }
    at = text_number(at, (uint32_t)(seconds / 3600), 1);
    *at++ = ':';
    at = text_number(at, (uint32_t)(seconds / 60 % 60), 2);
    *at++ = ':';
    at = text_number(at, (uint32_t)(seconds % 60), 2);
    if (delta_microseconds(self)) {
        *at++ = '.';
        at = text_number(at, (uint32_t)delta_microseconds(self), 6);
    }
    return str_from_ascii(text, (size_t)(at - text));
}

static Value delta_reduce(Value self) {
    return pair_owned(ref_new(value_from_object(value_type(self))), parts_of(self));
}

// ---- the type ----------------------------------------------------------------------------

static const NativeDef delta_methods[] = {
    DEF_NONE("total_seconds", delta_total_seconds, "The whole span in seconds, as a float."),
    DEF_NONE("__reduce__", delta_reduce, "How to pickle it."),
    DEF_END,
};

static const MemberDef delta_members[] = {
    {"days", offsetof(Delta, days), true, false, MEMBER_INT,
     "Whole days, which alone may be negative."},
    {"seconds", offsetof(Delta, seconds), true, false, MEMBER_INT,
     "Whole seconds beyond the days."},
    {"microseconds", offsetof(Delta, microseconds), true, false, MEMBER_INT,
     "Microseconds beyond the seconds."},
    {NULL},
};

Type delta_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.timedelta",
    .basic_size = sizeof(Delta),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, "
           "weeks=0): a span of time. The parts may be ints or floats, and negative.",
    .call_new = delta_call_new,
    .repr = delta_repr,
    .str = delta_str,
    .hash = delta_hash,
    .compare = delta_compare_slot,
    .binary[BINARY_ADD] = delta_add,
    .binary[BINARY_SUBTRACT] = delta_subtract,
    .binary[BINARY_MULTIPLY] = delta_multiply,
    .binary[BINARY_TRUE_DIVIDE] = delta_true_divide,
    .binary[BINARY_FLOOR_DIVIDE] = delta_floor_divide,
    .binary[BINARY_MODULO] = delta_modulo,
    .binary[BINARY_DIVMOD] = delta_divmod,
    .negative = delta_negative,
    .positive = delta_positive,
    .absolute = delta_absolute,
    .boolean = delta_boolean,
    .methods = delta_methods,
    .members = delta_members,
};
