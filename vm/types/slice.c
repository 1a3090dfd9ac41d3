// SPDX-License-Identifier: MIT
//
// slice: immutable. The numbers are made when it is used, so __index__ of its parts runs then. What
// the loop takes of builtin sequences without a slice object is here too (slice_take).
#include "vm/types/slice.h"
#include "gc/heap_inline.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

Value slice_new(Value start, Value stop, Value step) {
    Slice *s = heap_allocate_unzeroed(sizeof(Slice), HEAP_CONTAINER, &slice_type, 0);
    if (UNLIKELY(!s))
        return raise_memory_error();
    s->start = ref_new(value_is_null(start) ? VALUE_NONE : start);
    s->stop = ref_new(value_is_null(stop) ? VALUE_NONE : stop);
    s->step = ref_new(value_is_null(step) ? VALUE_NONE : step);
    return value_from_object(s);
}

static Value slice_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("slice", kwnames) < 0 || arguments_count("slice", nargs, 1, 3) < 0)
        return VALUE_NULL;
    if (nargs == 1)
        return slice_new(VALUE_NULL, args[0], VALUE_NULL);
    return slice_new(args[0], args[1], nargs > 2 ? args[2] : VALUE_NULL);
}

static void slice_destroy(Object *self) {
    Slice *s = (Slice *)self;
    ref_release(s->start);
    ref_release(s->stop);
    ref_release(s->step);
    object_free_exact(self, sizeof(Slice), HEAP_CONTAINER);
}

static void slice_traverse(Object *self, GcVisitor *visitor) {
    Slice *s = (Slice *)self;
    gc_visit(visitor, s->start);
    gc_visit(visitor, s->stop);
    gc_visit(visitor, s->step);
}

// ---- positions -------------------------------------------------------------------------

static int part_as_number(Value part, int64_t *out) {
    if (LIKELY(value_is_int(part))) {
        *out = value_int(part);
        return 0;
    }
    if (!value_is_any_int(part) && !value_type(part)->index)
        return raise_int(&exception_TypeError,
                         "slice indices must be integers or None or have an __index__ method");
    return value_to_size_clamped(part, out);
}

int slice_unpack(Value slice, int64_t *start, int64_t *stop, int64_t *step) {
    Slice *s = slice_of(slice);
    if (value_is_none(s->step)) {
        *step = 1;
    } else {
        if (part_as_number(s->step, step) < 0)
            return -1;
        if (*step == 0)
            return raise_int(&exception_ValueError, "slice step cannot be zero");
        if (*step < -INT64_MAX)
            *step = -INT64_MAX; // so that -step is a number
    }
    if (value_is_none(s->start))
        *start = *step < 0 ? INT64_MAX : 0;
    else if (part_as_number(s->start, start) < 0)
        return -1;
    if (value_is_none(s->stop))
        *stop = *step < 0 ? INT64_MIN : INT64_MAX;
    else if (part_as_number(s->stop, stop) < 0)
        return -1;
    return 0;
}

int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step) {
    // The lowest and highest position the two ends may take in this direction.
    int64_t low = step < 0 ? -1 : 0, high = step < 0 ? length - 1 : length;
    if (*start < 0)
        *start = *start < -length ? low : *start + length;
    else if (*start >= length)
        *start = high;
    if (*stop < 0)
        *stop = *stop < -length ? low : *stop + length;
    else if (*stop >= length)
        *stop = high;
    int64_t distance = step < 0 ? *start - *stop : *stop - *start;
    if (distance <= 0)
        return 0;
    if (LIKELY(step == 1 || step == -1)) // no division
        return distance;
    return (distance - 1) / (step < 0 ? -step : step) + 1;
}

static bool take_bound(Value v, int64_t none, int64_t *out) {
    if (value_is_none(v))
        *out = none;
    else if (value_is_int(v))
        *out = value_int(v);
    else
        return false;
    return true;
}

Value slice_take(Value container, Value start, Value stop) {
    int64_t from, to;
    if (!value_is_object(container) || !take_bound(start, 0, &from) ||
        !take_bound(stop, INT64_MAX, &to))
        return VALUE_NULL;
    const Type *type = value_type(container);
    if (type == &list_type)
        return list_slice(container, from, to);
    if (type == &str_type) {
        int64_t count = slice_adjust(str_length(container), &from, &to, 1);
        return str_substring(container, from, from + count);
    }
    if (type == &tuple_type) {
        int64_t count = slice_adjust(tuple_length(container), &from, &to, 1);
        return tuple_slice(container, from, from + count);
    }
    if (type == &bytes_type) {
        int64_t count = slice_adjust(bytes_length(container), &from, &to, 1);
        return bytes_slice(container, from, from + count);
    }
    return VALUE_NULL;
}

int64_t slice_indices(Value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step) {
    if (slice_unpack(slice, start, stop, step) < 0)
        return -1;
    return slice_adjust(length, start, stop, *step);
}

static Value exact_index(Value v) {
    Value index = value_index(v);
    Value exact = value_is_null(index) ? index : int_exact(index);
    ref_release(index);
    return exact;
}

static Value part_as_int(Value part) {
    if (value_is_int(part))
        return part;
    if (!value_is_any_int(part) && !value_type(part)->index)
        return raise_type_error(
            "slice indices must be integers or None or have an __index__ method");
    return exact_index(part);
}

// A start or stop brought into low..high, counted from the end if negative.
static Value end_in_bounds(Value part, Value fallback, Value length, Value low, Value high) {
    if (value_is_none(part))
        return ref_new(fallback);
    Value v = part_as_int(part);
    if (value_is_null(v))
        return VALUE_NULL;
    Value bound = VALUE_NULL;
    if (int_sign(v) < 0) {
        Value sum = int_add(v, length);
        ref_release(v);
        if (value_is_null(sum))
            return VALUE_NULL;
        v = sum;
        if (int_compare(v, low) < 0)
            bound = low;
    } else if (int_compare(v, high) > 0) {
        bound = high;
    }
    if (value_is_null(bound))
        return v;
    ref_release(v);
    return ref_new(bound);
}

int slice_indices_big(Value slice, Value length, Value *start, Value *stop, Value *step) {
    Slice *s = slice_of(slice);
    *start = *stop = *step = VALUE_NULL;
    *step = value_is_none(s->step) ? value_from_int(1) : part_as_int(s->step);
    if (value_is_null(*step))
        return -1;
    int sign = int_sign(*step);
    if (sign == 0)
        return raise_int(&exception_ValueError, "slice step cannot be zero");
    Value low = value_from_int(sign < 0 ? -1 : 0);
    Value high = sign < 0 ? int_add(length, value_from_int(-1)) : ref_new(length);
    if (!value_is_null(high)) {
        *start = end_in_bounds(s->start, sign < 0 ? high : low, length, low, high);
        if (!value_is_null(*start))
            *stop = end_in_bounds(s->stop, sign < 0 ? low : high, length, low, high);
        ref_release(high);
    }
    if (!value_is_null(*stop))
        return 0;
    ref_release(*step);
    ref_release(*start);
    return -1;
}

int slice_bound(Value v, int64_t *out) {
    if (!value_is_any_int(v) && !value_type(v)->index)
        return raise_int(&exception_TypeError,
                         "slice indices must be integers or have an __index__ method");
    return value_to_size_clamped(v, out);
}

// ---- methods ---------------------------------------------------------------------------

static Value slice_indices_method(Value self, Value length) {
    Value number = exact_index(length);
    if (value_is_null(number))
        return VALUE_NULL;
    if (int_sign(number) < 0) {
        ref_release(number);
        return raise_value_error("length should not be negative");
    }
    Value parts[3];
    int status = slice_indices_big(self, number, &parts[0], &parts[1], &parts[2]);
    ref_release(number);
    return status < 0 ? VALUE_NULL : tuple_from_owned(parts, 3);
}

static Value slice_repr(Value self) {
    Slice *s = slice_of(self);
    return str_format("slice(%R, %R, %R)", s->start, s->stop, s->step);
}

static Value slice_as_tuple(Value self) {
    Slice *s = slice_of(self);
    return tuple_pack(3, s->start, s->stop, s->step);
}

static Value slice_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_slice(self) || !value_is_slice(other))
        return not_implemented_new();
    if (value_same(self, other))
        return bool_new(op == COMPARE_EQ || op == COMPARE_LE || op == COMPARE_GE);
    Value a = slice_as_tuple(self), b = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(a))
        b = slice_as_tuple(other);
    if (!value_is_null(b))
        result = value_compare(a, b, op);
    ref_release(a);
    ref_release(b);
    return result;
}

static Value slice_reduce(Value self) {
    Value parts = slice_as_tuple(self);
    if (value_is_null(parts))
        return VALUE_NULL;
    return tuple_pair_owned(ref_new(value_from_object(&slice_type)), parts);
}

static const NativeDef slice_methods[] = {
    DEF_ONE("indices", slice_indices_method,
            "indices($self, length, /)\n--\n\n"
            "(start, stop, step) of this slice applied to a sequence of that length."),
    DEF_NONE("__reduce__", slice_reduce, NULL),
    DEF_END,
};

static const MemberDef slice_members[] = {
    {"start", offsetof(Slice, start), true, true},
    {"stop", offsetof(Slice, stop), true, true},
    {"step", offsetof(Slice, step), true, true},
    {NULL},
};

Type slice_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "slice",
    .basic_size = sizeof(Slice),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_UNHASHABLE,
    .doc = "slice(stop)\nslice(start, stop[, step])\n\nWhat x[start:stop:step] passes to x.",
    .call_new = slice_call_new,
    .destroy = slice_destroy,
    .traverse = slice_traverse,
    .repr = slice_repr,
    .compare = slice_compare,
    .methods = slice_methods,
    .members = slice_members,
};

void slice_start(void) {
    type_ready(&slice_type);
}
