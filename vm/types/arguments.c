// SPDX-License-Identifier: MIT
//
// See arguments.h.
#include "vm/types/arguments.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include <limits.h>

int argument_by_index(Value v, int64_t *out, Type *error, const char *format) {
    if (value_is_int(v)) {
        *out = value_int(v);
        return 0;
    }
    Value n = value_index(v);
    if (value_is_null(n))
        return -1;
    bool fits = int_to_i64(n, out);
    ref_release(n);
    return fits ? 0 : raise_int(error, format, v);
}

int size_argument(Value v, int64_t *out) {
    return argument_by_index(v, out, &exception_OverflowError,
                             "Python int too large to convert to C ssize_t");
}

int int_argument(Value v, int *out) {
    static const char message[] = "Python int too large to convert to C int";
    int64_t n;
    if (value_is_null(v))
        return 0;
    if (argument_by_index(v, &n, &exception_OverflowError, message) < 0)
        return -1;
    if (n < INT_MIN || n > INT_MAX)
        return raise_int(&exception_OverflowError, message);
    *out = (int)n;
    return 0;
}

int int_format_argument(Value v, int *out) {
    int64_t n;
    if (LIKELY(value_is_int(v)))
        n = value_int(v);
    else if (value_to_i64(v, &n) < 0)
        return -1;
    if (n > INT_MAX)
        return raise_int(&exception_OverflowError, "signed integer is greater than maximum");
    if (n < INT_MIN)
        return raise_int(&exception_OverflowError, "signed integer is less than minimum");
    *out = (int)n;
    return 0;
}

bool value_is_number(Value v) {
    Type *type = value_type(v);
    return type->index || type->to_int || type->to_float || value_is_instance(v, &complex_type);
}
