// SPDX-License-Identifier: MIT
//
// Generic operations on any value: text, truth, hash, comparison, conversion to C numbers.
// Fast cases for the common builtin types first, then the slots of the value's type.
#include "vm/object.h"
#include "vm/compare.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <stdio.h>

// ---- text --------------------------------------------------------------------------------------

Value value_repr(Value v) {
    if (value_is_int(v))
        return int_to_str(v, 10, false);
    Type *type = value_type(v);
    if (UNLIKELY(!type->repr))
        return str_format("<%s object at %p>", type_full_name(type), (void *)value_object(v));
    if (thread_enter_recursive(" while getting the repr of an object") < 0)
        return VALUE_NULL;
    Value text = type->repr(v);
    thread_leave_recursive();
    if (!value_is_null(text) && UNLIKELY(!value_is_str(text))) {
        raise_type_error("__repr__ returned non-string (type %T)", text);
        ref_release(text);
        return VALUE_NULL;
    }
    return text;
}

Value value_str(Value v) {
    if (value_is_int(v))
        return int_to_str(v, 10, false);
    if (value_is_exact_str(v))
        return ref_new(v);
    Type *type = value_type(v);
    if (type == &bool_type)
        return type->repr(v); // a constant: nothing can recurse
    if (!type->str)
        return value_repr(v);
    if (thread_enter_recursive(" while getting the str of an object") < 0)
        return VALUE_NULL;
    // object.__str__ is the repr.
    Value text = type->str == object_type.str && type->repr ? type->repr(v) : type->str(v);
    thread_leave_recursive();
    if (!value_is_null(text) && UNLIKELY(!value_is_str(text))) {
        raise_type_error("__str__ returned non-string (type %T)", text);
        ref_release(text);
        return VALUE_NULL;
    }
    return text;
}

Value value_ascii(Value v) {
    if (value_is_exact_str(v))
        return str_ascii_repr(v);
    Value text = value_repr(v);
    if (value_is_null(text) || str_is_ascii(text))
        return text;
    Value escaped = str_escape_non_ascii(text);
    ref_release(text);
    return escaped;
}

Value value_format(Value v, Value spec) {
    if (!value_is_null(spec) && !value_is_str(spec))
        return raise_error(&exception_SystemError, "Format specifier must be a string, not %T",
                           spec);
    if (value_is_null(spec) || str_length(spec) == 0) {
        if (value_is_exact_str(v))
            return ref_new(v);
        if (value_is_int(v) || value_is_exactly(v, &int_type))
            return int_to_str(v, 10, false);
    }
    if (!value_is_null(spec)) {
        if (value_is_int(v))
            return format_spec_int(v, spec);
        if (value_is_flonum(v))
            return format_spec_float(v, spec);
        if (value_is_exact_str(v))
            return format_spec_str(v, spec);
    }
    Value method;
    int found = value_lookup_special(v, name___format__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_type_error("Type %T doesn't define __format__", v);
    Value empty = value_is_null(spec) ? str_empty() : ref_new(spec);
    Value text = value_is_null(empty) ? empty : value_call_one(method, empty);
    ref_release(empty);
    ref_release(method);
    if (!value_is_null(text) && !value_is_str(text)) {
        raise_type_error("__format__ must return a str, not %T", text);
        ref_release(text);
        return VALUE_NULL;
    }
    return text;
}

// ---- truth, hash -------------------------------------------------------------------------------

int value_truth(Value v) {
    if (value_is_int(v))
        return value_int(v) != 0;
    if (value_same(v, VALUE_TRUE))
        return 1;
    if (value_same(v, VALUE_FALSE) || value_is_none(v))
        return 0;
    if (value_is_flonum(v))
        return value_flonum(v) != 0.0;
    Type *type = value_type(v);
    if (type->boolean)
        return type->boolean(v);
    if (type->length) {
        int64_t length = type->length(v);
        return length < 0 ? -1 : length > 0;
    }
    return 1;
}

int64_t value_hash(Value v) {
    if (value_is_int(v))
        return int_hash(v);
    if (value_is_exact_str(v))
        return str_hash(v);
    Type *type = value_type(v);
    if (UNLIKELY(!type->hash))
        return raise_int(&exception_TypeError, "unhashable type: '%T'", v);
    return type->hash(v);
}

// ---- comparison --------------------------------------------------------------------------------

static const char *const comparison_texts[] = {"<", "<=", "==", "!=", ">", ">="};
static const uint8_t reflected[] = {COMPARE_GT, COMPARE_GE, COMPARE_EQ,
                                    COMPARE_NE, COMPARE_LT, COMPARE_LE};

static bool is_not_implemented(Value v) {
    if (!value_same(v, VALUE_NOT_IMPLEMENTED))
        return false;
    ref_release(v);
    return true;
}

static Value compare_by_slots(Value a, Value b, CompareOperator op) {
    Type *type_a = value_type(a), *type_b = value_type(b);
    bool checked_reverse = false;
    if (type_a != type_b && type_b->compare && type_is_subtype(type_b, type_a)) {
        checked_reverse = true;
        Value v = type_b->compare(b, a, (CompareOperator)reflected[op]);
        if (!is_not_implemented(v))
            return v;
    }
    if (type_a->compare) {
        Value v = type_a->compare(a, b, op);
        if (!is_not_implemented(v))
            return v;
    }
    if (!checked_reverse && type_b->compare) {
        Value v = type_b->compare(b, a, (CompareOperator)reflected[op]);
        if (!is_not_implemented(v))
            return v;
    }
    if (op == COMPARE_EQ || op == COMPARE_NE)
        return bool_new(value_same(a, b) == (op == COMPARE_EQ));
    return raise_type_error("'%s' not supported between instances of '%T' and '%T'",
                            comparison_texts[op], a, b);
}

Value value_compare(Value a, Value b, CompareOperator op) {
    if (value_both_int(a, b))
        return bool_new(compare_i64(value_int(a), value_int(b), op));
    if (value_is_flonum(a) && value_is_flonum(b))
        return bool_new(compare_double(value_flonum(a), value_flonum(b), op));
    if (value_is_exact_str(a) && value_is_exact_str(b)) {
        if (op == COMPARE_EQ || op == COMPARE_NE)
            return bool_new((value_same(a, b) || str_equal(a, b)) == (op == COMPARE_EQ));
        return bool_new(compare_i64(str_compare_order(a, b), 0, op));
    }
    if (value_type(a) == &int_type && value_type(b) == &int_type) // one of them at least is long
        return bool_new(compare_i64(int_compare(a, b), 0, op));
    if (thread_enter_recursive(" in comparison") < 0)
        return VALUE_NULL;
    Value v = compare_by_slots(a, b, op);
    thread_leave_recursive();
    return v;
}

int value_compare_bool(Value a, Value b, CompareOperator op) {
    if (value_same(a, b)) {
        if (op == COMPARE_EQ)
            return 1;
        if (op == COMPARE_NE)
            return 0;
    }
    if (value_both_int(a, b))
        return compare_i64(value_int(a), value_int(b), op);
    if (value_is_flonum(a) && value_is_flonum(b))
        return compare_double(value_flonum(a), value_flonum(b), op);
    if (value_is_exact_str(a) && value_is_exact_str(b)) {
        if (op == COMPARE_EQ || op == COMPARE_NE)
            return str_equal(a, b) == (op == COMPARE_EQ);
        return compare_i64(str_compare_order(a, b), 0, op);
    }
    // Neither side has anything to say but that it is itself.
    if ((op == COMPARE_EQ || op == COMPARE_NE) && value_type(a)->compare == object_type.compare &&
        value_type(b)->compare == object_type.compare)
        return op == COMPARE_NE;
    Value v = value_compare(a, b, op);
    if (value_is_null(v))
        return -1;
    if (value_same(v, VALUE_TRUE) || value_same(v, VALUE_FALSE)) {
        int result = value_same(v, VALUE_TRUE);
        ref_release(v);
        return result;
    }
    int truth = value_truth(v);
    ref_release(v);
    return truth;
}

int value_equals(Value a, Value b) {
    return value_compare_bool(a, b, COMPARE_EQ);
}

// ---- conversions -------------------------------------------------------------------------------

Value value_index(Value v) {
    if (value_is_any_int(v))
        return ref_new(v);
    Type *type = value_type(v);
    if (!type->index)
        return raise_type_error("'%T' object cannot be interpreted as an integer", v);
    Value n = type->index(v);
    if (value_is_null(n) || value_is_int(n) || value_is_exactly(n, &int_type))
        return n;
    if (!value_is_any_int(n)) {
        raise_type_error("__index__ returned non-int (type %T)", n);
    } else if (warn(&exception_DeprecationWarning, 1,
                    "__index__ returned non-int (type %T).  The ability to return an instance of a "
                    "strict subclass of int is deprecated, and may be removed in a future "
                    "version of Python.",
                    n) == 0) {
        return n;
    }
    ref_release(n);
    return VALUE_NULL;
}

int value_to_i64(Value v, int64_t *out) {
    return argument_by_index(v, out, &exception_OverflowError,
                             "Python int too large to convert to C long");
}

int value_to_size(Value v, int64_t *out) {
    return argument_by_index(v, out, &exception_OverflowError,
                             "cannot fit '%T' into an index-sized integer");
}

int value_to_position(Value v, int64_t *out) {
    return argument_by_index(v, out, &exception_IndexError,
                             "cannot fit '%T' into an index-sized integer");
}

int value_to_size_clamped(Value v, int64_t *out) {
    if (value_is_int(v)) {
        *out = value_int(v);
        return 0;
    }
    Value n = value_index(v);
    if (value_is_null(n))
        return -1;
    if (!int_to_i64(n, out))
        *out = int_sign(n) < 0 ? INT64_MIN : INT64_MAX;
    ref_release(n);
    return 0;
}

int value_to_double(Value v, double *out) {
    if (value_is_any_float(v)) {
        *out = float_value(v);
        return 0;
    }
    Type *type = value_type(v);
    if (type->to_float && !value_is_any_int(v)) {
        Value f = type->to_float(v);
        if (value_is_null(f))
            return -1;
        int result = 0;
        if (!value_is_any_float(f))
            result =
                raise_int(&exception_TypeError, "%T.__float__ returned non-float (type %T)", v, f);
        else if (!value_is_exact_float(f))
            result = warn(&exception_DeprecationWarning, 1,
                          "%T.__float__ returned non-float (type %T).  The ability to return an "
                          "instance of a strict subclass of float is deprecated, and may not be "
                          "supported in a future version of Python.",
                          v, f);
        if (result == 0)
            *out = float_value(f);
        ref_release(f);
        return result;
    }
    if (value_is_any_int(v) && !type->to_float)
        return int_to_double(v, out);
    if (value_is_any_int(v)) {
        // An int's own conversion, unless a subclass has another __float__.
        if (value_is_int(v) || type == &int_type || type->to_float == int_type.to_float)
            return int_to_double(v, out);
        Value f = type->to_float(v);
        if (value_is_null(f))
            return -1;
        int result = 0;
        if (value_is_any_float(f))
            *out = float_value(f);
        else
            result =
                raise_int(&exception_TypeError, "%T.__float__ returned non-float (type %T)", v, f);
        ref_release(f);
        return result;
    }
    if (type->index) {
        Value n = value_index(v);
        if (value_is_null(n))
            return -1;
        int result = int_to_double(n, out);
        ref_release(n);
        return result;
    }
    return raise_int(&exception_TypeError, "must be real number, not %T", v);
}
