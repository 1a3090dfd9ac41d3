// SPDX-License-Identifier: MIT
#include "vm/modules/timeouts.h"
#include "vm/runtime/errors.h"
#include "vm/types/int.h"
#include <limits.h>
#include <math.h>
#include <time.h>

int timeout_from_number(Value v, int64_t unit_ns, int64_t *ns) {
    if (value_has_flag(v, TYPE_INT_SUBCLASS) || value_is_int(v) || !value_type(v)->to_float) {
        if (!value_is_any_int(v) && !value_type(v)->index)
            return raise_int(&exception_TypeError,
                             "'%T' object cannot be interpreted as an integer", v);
        Value number = value_index(v);
        if (value_is_null(number))
            return -1;
        int64_t n;
        bool fits = int_to_i64(number, &n);
        ref_release(number);
        if (!fits || __builtin_mul_overflow(n, unit_ns, ns) || *ns == TIMEOUT_NONE)
            return raise_int(&exception_OverflowError,
                             "timestamp too large to convert to C _PyTime_t");
        return 0;
    }
    double d;
    if (value_to_double(v, &d) < 0)
        return -1;
    if (isnan(d))
        return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
    d *= (double)unit_ns;
    d = d >= 0 ? ceil(d) : floor(d);
    if (!(d > -9223372036854775808.0 && d < 9223372036854775808.0))
        return raise_int(&exception_OverflowError, "timestamp too large to convert to C _PyTime_t");
    *ns = (int64_t)d;
    return 0;
}

int64_t timeout_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t timeout_deadline(int64_t ns) {
    int64_t deadline;
    if (ns == TIMEOUT_NONE)
        return TIMEOUT_NONE;
    return __builtin_add_overflow(timeout_now(), ns, &deadline) ? INT64_MAX : deadline;
}

int64_t timeout_left(int64_t deadline) {
    if (deadline == TIMEOUT_NONE)
        return -1;
    int64_t left = deadline - timeout_now();
    return left < 0 ? 0 : left;
}

int timeout_left_ms(int64_t deadline) {
    int64_t left = timeout_left(deadline);
    if (left < 0)
        return -1;
    int64_t ms = left / 1000000 + (left % 1000000 != 0);
    return ms > INT_MAX ? INT_MAX : (int)ms;
}
