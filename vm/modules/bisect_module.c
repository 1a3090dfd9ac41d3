// SPDX-License-Identifier: MIT
//
// _bisect: binary search in sorted sequences.
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"

static inline Value item_of(Value sequence, int64_t i) {
    if (value_is_exactly(sequence, &list_type))
        return list_get(sequence, i);
    Value position = int_from_i64(i);
    if (value_is_null(position))
        return VALUE_NULL;
    Value item = value_getitem(sequence, position);
    ref_release(position);
    return item;
}

// Where x goes: behind equal items if `right`. -1 with an exception.
static int64_t search(Value sequence, Value x, int64_t low, int64_t high, Value key, bool right) {
    if (low < 0)
        return raise_int(&exception_ValueError, "lo must be non-negative");
    if (high == -1 && (high = value_length(sequence)) < 0)
        return -1;
    while (low < high) {
        int64_t middle = (int64_t)(((uint64_t)low + (uint64_t)high) >> 1);
        Value item = item_of(sequence, middle);
        if (!value_is_null(item) && !value_is_none(key)) {
            Value made = value_call_one(key, item);
            ref_release(item);
            item = made;
        }
        if (value_is_null(item))
            return -1;
        Value a = right ? x : item, b = right ? item : x;
        int less = value_less_simple(a, b);
        if (less < 0)
            less = value_compare_bool(a, b, COMPARE_LT);
        ref_release(item);
        if (less < 0)
            return -1;
        if (right ? less : !less)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

typedef struct {
    Value sequence, x, key;
    int64_t low, high;
} Arguments;

static int parse(const char *function, const Value *args, size_t nargs, Value kwnames,
                 Arguments *out) {
    static const char *const names[] = {"a", "x", "lo", "hi", "key", NULL};
    Value values[5];
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 4, 2, values) < 0)
        return -1;
    *out = (Arguments){values[0], values[1], VALUE_NONE, 0, -1};
    if (!value_is_null(values[2]) && size_argument(values[2], &out->low) < 0)
        return -1;
    if (!value_is_null(values[3]) && !value_is_none(values[3]) &&
        size_argument(values[3], &out->high) < 0)
        return -1;
    if (!value_is_null(values[4]))
        out->key = values[4];
    return 0;
}

static Value bisect(const char *function, const Value *args, size_t nargs, Value kwnames,
                    bool right) {
    Arguments a;
    if (parse(function, args, nargs, kwnames, &a) < 0)
        return VALUE_NULL;
    int64_t i = search(a.sequence, a.x, a.low, a.high, a.key, right);
    return i < 0 ? VALUE_NULL : int_from_i64(i);
}

static Value insort(const char *function, const Value *args, size_t nargs, Value kwnames,
                    bool right) {
    Arguments a;
    if (parse(function, args, nargs, kwnames, &a) < 0)
        return VALUE_NULL;
    Value x = value_is_none(a.key) ? ref_new(a.x) : value_call_one(a.key, a.x);
    if (value_is_null(x))
        return VALUE_NULL;
    int64_t i = search(a.sequence, x, a.low, a.high, a.key, right);
    ref_release(x);
    if (i < 0)
        return VALUE_NULL;
    if (value_is_exactly(a.sequence, &list_type))
        return list_insert(a.sequence, i, a.x) < 0 ? VALUE_NULL : none_new();
    Value arguments[2] = {int_from_i64(i), a.x};
    Value result = value_call_method(a.sequence, name_insert, arguments, 2);
    ref_release(arguments[0]);
    if (value_is_null(result))
        return VALUE_NULL;
    ref_release(result);
    return none_new();
}

static Value bisect_right(Value self, const Value *args, size_t nargs, Value kwnames) {
    return bisect("bisect_right", args, nargs, kwnames, true);
}
static Value bisect_left(Value self, const Value *args, size_t nargs, Value kwnames) {
    return bisect("bisect_left", args, nargs, kwnames, false);
}
static Value insort_right(Value self, const Value *args, size_t nargs, Value kwnames) {
    return insort("insort_right", args, nargs, kwnames, true);
}
static Value insort_left(Value self, const Value *args, size_t nargs, Value kwnames) {
    return insort("insort_left", args, nargs, kwnames, false);
}

static const NativeDef bisect_functions[] = {
    DEF_VECTOR("bisect_right", bisect_right,
               "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\n"
               "Where to insert x in sorted a, behind items equal to it."),
    DEF_VECTOR("bisect_left", bisect_left,
               "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\n"
               "Where to insert x in sorted a, before items equal to it."),
    DEF_VECTOR("insort_right", insort_right,
               "insort_right($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\n"
               "Inserts x into sorted a, behind items equal to it."),
    DEF_VECTOR("insort_left", insort_left,
               "insort_left($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\n"
               "Inserts x into sorted a, before items equal to it."),
    DEF_END,
};

const NativeModule module_bisect = {
    .name = "_bisect",
    .doc = "Binary search in sorted sequences.",
    .functions = bisect_functions,
};
