// SPDX-License-Identifier: MIT
//
// range and its two iterators: one for ranges whose numbers all fit a Value, one for the others.
// A range is immutable and holds only exact ints, so it is a leaf for the collector.
#include "vm/types/range.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/slice.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- arithmetic ------------------------------------------------------------------------

// Numbers from start before stop. step != 0; all three fit a Value.
static uint64_t small_length(int64_t start, int64_t stop, int64_t step) {
    if (step > 0)
        return start < stop ? ((uint64_t)stop - (uint64_t)start - 1) / (uint64_t)step + 1 : 0;
    return stop < start ? ((uint64_t)start - (uint64_t)stop - 1) / -(uint64_t)step + 1 : 0;
}

static Value length_of(Value start, Value stop, Value step) {
    if (value_is_int(start) && value_is_int(stop) && value_is_int(step))
        return int_from_u64(small_length(value_int(start), value_int(stop), value_int(step)));
    Value low = start, high = stop, stride = ref_new(step);
    if (int_sign(step) < 0) {
        low = stop, high = start;
        stride = int_negative(step);
    }
    Value result = VALUE_NULL;
    if (!value_is_null(stride)) {
        if (int_compare(low, high) >= 0) {
            result = value_from_int(0);
        } else { // (high - low - 1) // stride + 1
            Value span = int_subtract(high, low), last = VALUE_NULL, steps = VALUE_NULL;
            if (!value_is_null(span))
                last = int_subtract(span, value_from_int(1));
            if (!value_is_null(last))
                steps = int_floor_divide(last, stride);
            if (!value_is_null(steps))
                result = int_add(steps, value_from_int(1));
            ref_release(span);
            ref_release(last);
            ref_release(steps);
        }
    }
    ref_release(stride);
    return result;
}

static Value range_make(Value start, Value stop, Value step) {
    Value length = length_of(start, stop, step);
    if (value_is_null(length))
        return VALUE_NULL;
    Range *r = object_allocate(&range_type);
    if (UNLIKELY(!r)) {
        ref_release(length);
        return VALUE_NULL;
    }
    r->start = ref_new(start);
    r->stop = ref_new(stop);
    r->step = ref_new(step);
    r->length = length;
    return value_from_object(r);
}

Value range_new(Value start, Value stop, Value step) {
    if (int_sign(step) == 0)
        return raise_value_error("range() arg 3 must not be zero");
    return range_make(start, stop, step);
}

// start + i * step
static Value item_at(Value start, Value step, Value i) {
    int64_t product, sum;
    if (value_both_int(start, step) && value_is_int(i) &&
        !__builtin_mul_overflow(value_int(step), value_int(i), &product) &&
        !__builtin_add_overflow(value_int(start), product, &sum))
        return int_from_i64(sum);
    Value offset = int_multiply(step, i);
    if (value_is_null(offset))
        return VALUE_NULL;
    Value item = int_add(start, offset);
    ref_release(offset);
    return item;
}

static Value exact_index(Value v) {
    if (value_is_int(v))
        return v;
    Value index = value_index(v);
    if (value_is_null(index))
        return VALUE_NULL;
    Value exact = int_exact(index);
    ref_release(index);
    return exact;
}

static Value range_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("range", kwnames) < 0 || arguments_count("range", nargs, 1, 3) < 0)
        return VALUE_NULL;
    Value parts[3] = {value_from_int(0), VALUE_NULL, value_from_int(1)};
    Value result = VALUE_NULL;
    if (nargs == 1) {
        parts[1] = exact_index(args[0]);
        if (!value_is_null(parts[1]))
            result = range_make(parts[0], parts[1], parts[2]);
    } else {
        parts[0] = exact_index(args[0]);
        if (!value_is_null(parts[0]))
            parts[1] = exact_index(args[1]);
        if (!value_is_null(parts[1]) && nargs > 2)
            parts[2] = exact_index(args[2]);
        if (!value_is_null(parts[1]) && !value_is_null(parts[2]))
            result = range_new(parts[0], parts[1], parts[2]);
    }
    for (int i = 0; i < 3; i++)
        ref_release(parts[i]);
    return result;
}

static void range_destroy(Object *self) {
    Range *r = (Range *)self;
    ref_release(r->start);
    ref_release(r->stop);
    ref_release(r->step);
    ref_release(r->length);
    object_free_fixed(self);
}

// ---- slots -----------------------------------------------------------------------------

static Value range_repr(Value self) {
    Range *r = range_of(self);
    if (value_same(r->step, value_from_int(1)))
        return str_format("range(%R, %R)", r->start, r->stop);
    return str_format("range(%R, %R, %R)", r->start, r->stop, r->step);
}

static int64_t range_length(Value self) {
    int64_t length;
    if (!int_to_i64(range_of(self)->length, &length)) {
        raise_error(&exception_OverflowError, "Python int too large to convert to C ssize_t");
        return -1;
    }
    return length;
}

static int range_boolean(Value self) {
    return int_sign(range_of(self)->length) != 0;
}

// i is an exact int, consumed.
static Value item_checked(Range *r, Value i) {
    if (value_is_null(i))
        return VALUE_NULL;
    if (int_sign(i) < 0) {
        Value sum = int_add(i, r->length);
        ref_release(i);
        i = sum;
        if (value_is_null(i))
            return VALUE_NULL;
    }
    Value item = VALUE_NULL;
    if (int_sign(i) < 0 || int_compare(i, r->length) >= 0)
        raise_error(&exception_IndexError, "range object index out of range");
    else
        item = item_at(r->start, r->step, i);
    ref_release(i);
    return item;
}

static Value range_slice(Range *r, Value slice) {
    Value start, stop, step, result = VALUE_NULL;
    if (slice_indices_big(slice, r->length, &start, &stop, &step) < 0)
        return VALUE_NULL;
    Value new_start = item_at(r->start, r->step, start), new_stop = VALUE_NULL,
          new_step = VALUE_NULL;
    if (!value_is_null(new_start))
        new_stop = item_at(r->start, r->step, stop);
    if (!value_is_null(new_stop))
        new_step = int_multiply(r->step, step);
    if (!value_is_null(new_step))
        result = range_make(new_start, new_stop, new_step);
    Value used[] = {start, stop, step, new_start, new_stop, new_step};
    for (int i = 0; i < 6; i++)
        ref_release(used[i]);
    return result;
}

static Value range_getitem(Value self, Value key) {
    if (value_is_slice(key))
        return range_slice(range_of(self), key);
    if (!value_is_any_int(key) && !value_type(key)->index)
        return raise_type_error("range indices must be integers or slices, not %T", key);
    return item_checked(range_of(self), exact_index(key));
}

static Value range_sequence_item(Value self, int64_t index) {
    if (index < 0)
        return raise_error(&exception_IndexError, "range object index out of range");
    return item_checked(range_of(self), int_from_i64(index));
}

static bool is_plain_int(Value v) {
    return value_is_int(v) || value_is_bool(v) || value_is_exactly(v, &int_type);
}

// Position of the int (or bool) v: a new int; VALUE_NULL with *absent if it is not there.
static Value position_of(Range *r, Value v, bool *absent) {
    *absent = true;
    v = int_exact(v);
    if (value_is_null(v)) {
        *absent = false;
        return VALUE_NULL;
    }
    bool up = int_sign(r->step) > 0;
    Value result = VALUE_NULL;
    if ((up ? int_compare(v, r->start) >= 0 && int_compare(v, r->stop) < 0
            : int_compare(v, r->start) <= 0 && int_compare(v, r->stop) > 0)) {
        Value offset = int_subtract(v, r->start), rest = VALUE_NULL;
        if (!value_is_null(offset))
            rest = int_modulo(offset, r->step);
        if (value_is_null(rest))
            *absent = false;
        else if (int_sign(rest) == 0) {
            result = int_floor_divide(offset, r->step);
            *absent = false;
        }
        ref_release(offset);
        ref_release(rest);
    }
    ref_release(v);
    return result;
}

// Steps through the numbers comparing with item: how many are equal, or with `first` the position
// of the first one (-1: none). -2 with an exception.
static int64_t search(Value self, Value item, bool first) {
    Value iterator = value_iter(self), number;
    if (value_is_null(iterator))
        return -2;
    int64_t found = 0, i = 0;
    bool stop = false;
    for (; !stop && !value_is_null(number = value_next(iterator)); i++) {
        int equal = value_equals(number, item);
        ref_release(number);
        found += equal > 0;
        stop = equal < 0 || (first && equal);
    }
    ref_release(iterator);
    if (error_occurred())
        return -2;
    return first ? (found ? i - 1 : -1) : found;
}

static int range_contains(Value self, Value item) {
    if (LIKELY(is_plain_int(item))) {
        Range *r = range_of(self);
        if (value_is_int(item) && value_both_int(r->start, r->stop) && value_is_int(r->step)) {
            int64_t v = value_int(item), start = value_int(r->start), step = value_int(r->step),
                    stop = value_int(r->stop);
            if (step > 0 ? v < start || v >= stop : v > start || v <= stop)
                return 0;
            return step == 1 || (v - start) % step == 0;
        }
        bool absent;
        Value position = position_of(r, item, &absent);
        ref_release(position);
        return value_is_null(position) ? (absent ? 0 : -1) : 1;
    }
    int64_t found = search(self, item, true);
    return found == -2 ? -1 : found >= 0;
}

static Value range_index(Value self, Value item) {
    if (is_plain_int(item)) {
        bool absent;
        Value position = position_of(range_of(self), item, &absent);
        if (value_is_null(position) && absent)
            return raise_value_error("%R is not in range", item);
        return position;
    }
    int64_t found = search(self, item, true);
    if (found == -1)
        return raise_value_error("sequence.index(x): x not in sequence");
    return found == -2 ? VALUE_NULL : int_from_i64(found);
}

static Value range_count(Value self, Value item) {
    if (is_plain_int(item)) {
        int found = range_contains(self, item);
        return found < 0 ? VALUE_NULL : value_from_int(found);
    }
    int64_t found = search(self, item, false);
    return found == -2 ? VALUE_NULL : int_from_i64(found);
}

static bool same_numbers(Range *a, Range *b) {
    if (int_compare(a->length, b->length) != 0)
        return false;
    if (int_sign(a->length) == 0)
        return true;
    if (int_compare(a->start, b->start) != 0)
        return false;
    return value_same(a->length, value_from_int(1)) || int_compare(a->step, b->step) == 0;
}

static Value range_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &range_type) ||
        !value_is_exactly(self, &range_type))
        return not_implemented_new();
    return bool_new(same_numbers(range_of(self), range_of(other)) == (op == COMPARE_EQ));
}

static int64_t range_hash(Value self) {
    Range *r = range_of(self);
    bool empty = int_sign(r->length) == 0;
    bool single = value_same(r->length, value_from_int(1));
    Value tuple = tuple_pack(3, r->length, empty ? VALUE_NONE : r->start,
                             empty || single ? VALUE_NONE : r->step);
    if (value_is_null(tuple))
        return -1;
    int64_t hash = value_hash(tuple);
    ref_release(tuple);
    return hash;
}

static Value range_reduce(Value self) {
    Range *r = range_of(self);
    Value arguments = tuple_pack(3, r->start, r->stop, r->step);
    if (value_is_null(arguments))
        return VALUE_NULL;
    return tuple_pair_owned(ref_new(value_from_object(&range_type)), arguments);
}

// ---- the iterator of small numbers --------------------------------------------------------

Value range_iterator_new(int64_t start, int64_t stop, int64_t step) {
    RangeIterator *it =
        object_allocate_exact(&range_iterator_type, sizeof(RangeIterator), HEAP_LEAF);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->start = it->current = start;
    it->step = step;
    // Less than stop + |step|, which two 63-bit numbers cannot make overflow.
    it->stop = (int64_t)((uint64_t)start + small_length(start, stop, step) * (uint64_t)step);
    return value_from_object(it);
}

Value range_iterator_next_shared(RangeIterator *it) {
    object_lock(&it->header);
    Value v = range_iterator_step(it);
    object_unlock(&it->header);
    return v;
}

static Value range_iterator_next(Value self) {
    return range_iterator_next_fast((RangeIterator *)value_object(self));
}

static void range_traverse(Object *self, GcVisitor *visitor) {
    Range *r = (Range *)self;
    gc_visit(visitor, r->start);
    gc_visit(visitor, r->stop);
    gc_visit(visitor, r->step);
    gc_visit(visitor, r->length);
}

static void range_iterator_destroy(Object *self) {
    object_free_exact(self, sizeof(RangeIterator), HEAP_LEAF);
}

static uint64_t numbers_left(RangeIterator *it, int64_t *current) {
    object_lock(&it->header);
    *current = it->current;
    object_unlock(&it->header);
    return it->step > 0 ? ((uint64_t)it->stop - (uint64_t)*current) / (uint64_t)it->step
                        : ((uint64_t)*current - (uint64_t)it->stop) / -(uint64_t)it->step;
}

static Value range_iterator_length_hint(Value self) {
    int64_t current;
    return int_from_u64(numbers_left((RangeIterator *)value_object(self), &current));
}

static Value range_iterator_reduce(Value self) {
    RangeIterator *it = (RangeIterator *)value_object(self);
    int64_t current;
    numbers_left(it, &current);
    uint64_t given = it->step > 0 ? ((uint64_t)current - (uint64_t)it->start) / (uint64_t)it->step
                                  : ((uint64_t)it->start - (uint64_t)current) / -(uint64_t)it->step;
    Value start = int_from_i64(it->start), stop = int_from_i64(it->stop),
          step = int_from_i64(it->step), range = VALUE_NULL;
    if (!value_is_null(start) && !value_is_null(stop) && !value_is_null(step))
        range = range_make(start, stop, step);
    ref_release(start);
    ref_release(stop);
    ref_release(step);
    return iterator_reduce("iter", range, int_from_u64(given));
}

static Value range_iterator_setstate(Value self, Value state) {
    RangeIterator *it = (RangeIterator *)value_object(self);
    int64_t steps;
    if (value_to_size_clamped(state, &steps) < 0)
        return VALUE_NULL;
    uint64_t length = small_length(it->start, it->stop, it->step);
    uint64_t given = steps < 0 ? 0 : (uint64_t)steps > length ? length : (uint64_t)steps;
    object_lock(&it->header);
    it->current = (int64_t)((uint64_t)it->start + given * (uint64_t)it->step);
    object_unlock(&it->header);
    return none_new();
}

static const NativeDef range_iterator_methods[] = {
    DEF_NONE("__length_hint__", range_iterator_length_hint, "Numbers left."),
    DEF_NONE("__reduce__", range_iterator_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", range_iterator_setstate, "Goes forward."),
    DEF_END,
};

Type range_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "range_iterator",
    .basic_size = sizeof(RangeIterator),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW,
    .destroy = range_iterator_destroy,
    .iter = object_self_iter,
    .next = range_iterator_next,
    .methods = range_iterator_methods,
};

// ---- the iterator of any numbers ---------------------------------------------------------

typedef struct {
    Object header;
    Value current;          // guarded by the lock
    Value step, stop_count; // constant
    Value given;            // how many were given; guarded by the lock
} LongRangeIterator;

static Value long_iterator_new(Value start, Value step, Value count) {
    LongRangeIterator *it = object_allocate(&long_range_iterator_type);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->current = ref_new(start);
    it->step = ref_new(step);
    it->stop_count = ref_new(count);
    it->given = value_from_int(0);
    return value_from_object(it);
}

static Value long_iterator_next(Value self) {
    LongRangeIterator *it = (LongRangeIterator *)value_object(self);
    for (;;) {
        object_lock(&it->header);
        Value current = ref_new(it->current), given = ref_new(it->given);
        object_unlock(&it->header);
        Value result = VALUE_NULL, following = VALUE_NULL, more = VALUE_NULL;
        bool overtaken = false;
        if (int_compare(given, it->stop_count) < 0) {
            following = int_add(current, it->step);
            if (!value_is_null(following))
                more = int_add(given, value_from_int(1));
            if (!value_is_null(more)) {
                object_lock(&it->header);
                overtaken = !value_same(it->given, given); // by another thread
                if (!overtaken) {
                    following = field_swap_locked(&it->current, following);
                    more = field_swap_locked(&it->given, more);
                    result = ref_new(current);
                }
                object_unlock(&it->header);
            }
        }
        ref_release(following);
        ref_release(more);
        ref_release(current);
        ref_release(given);
        if (!overtaken)
            return result;
    }
}

static void long_iterator_destroy(Object *self) {
    LongRangeIterator *it = (LongRangeIterator *)self;
    ref_release(it->current);
    ref_release(it->step);
    ref_release(it->stop_count);
    ref_release(it->given);
    object_free_fixed(self);
}

static Value long_iterator_left(Value self) {
    LongRangeIterator *it = (LongRangeIterator *)value_object(self);
    Value given = field_load(&it->header, &it->given);
    Value left = int_subtract(it->stop_count, given);
    ref_release(given);
    return left;
}

static Value long_iterator_reduce(Value self) {
    LongRangeIterator *it = (LongRangeIterator *)value_object(self);
    Value left = long_iterator_left(self), range = VALUE_NULL;
    if (value_is_null(left))
        return VALUE_NULL;
    Value start = field_load(&it->header, &it->current);
    Value stop = item_at(start, it->step, left);
    if (!value_is_null(stop))
        range = range_make(start, stop, it->step);
    ref_release(start);
    ref_release(stop);
    ref_release(left);
    return iterator_reduce("iter", range, value_from_int(0));
}

static Value long_iterator_setstate(Value self, Value state) {
    LongRangeIterator *it = (LongRangeIterator *)value_object(self);
    Value steps = exact_index(state), left = VALUE_NULL;
    if (value_is_null(steps) || value_is_null(left = long_iterator_left(self))) {
        ref_release(steps);
        return VALUE_NULL;
    }
    Value forward = int_sign(steps) < 0            ? value_from_int(0)
                    : int_compare(steps, left) > 0 ? left
                                                   : steps;
    Value start = field_load(&it->header, &it->current);
    Value given = field_load(&it->header, &it->given);
    Value current = item_at(start, it->step, forward), sum = int_add(given, forward);
    bool made = !value_is_null(current) && !value_is_null(sum);
    if (made) {
        object_lock(&it->header);
        current = field_swap_locked(&it->current, current);
        sum = field_swap_locked(&it->given, sum);
        object_unlock(&it->header);
    }
    Value used[] = {steps, left, start, given, current, sum};
    for (int i = 0; i < 6; i++)
        ref_release(used[i]);
    return made ? none_new() : VALUE_NULL;
}

static void long_iterator_traverse(Object *self, GcVisitor *visitor) {
    LongRangeIterator *it = (LongRangeIterator *)self;
    gc_visit(visitor, it->current);
    gc_visit(visitor, it->step);
    gc_visit(visitor, it->stop_count);
    gc_visit(visitor, it->given);
}

static const NativeDef long_iterator_methods[] = {
    DEF_NONE("__length_hint__", long_iterator_left, "Numbers left."),
    DEF_NONE("__reduce__", long_iterator_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", long_iterator_setstate, "Goes forward."),
    DEF_END,
};

Type long_range_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "longrange_iterator",
    .basic_size = sizeof(LongRangeIterator),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW,
    .destroy = long_iterator_destroy,
    .traverse = long_iterator_traverse,
    .iter = object_self_iter,
    .next = long_iterator_next,
    .methods = long_iterator_methods,
};

// ---- the type --------------------------------------------------------------------------

static Value range_iter(Value self) {
    Range *r = range_of(self);
    if (LIKELY(value_both_int(r->start, r->stop) && value_is_int(r->step)))
        return range_iterator_new(value_int(r->start), value_int(r->stop), value_int(r->step));
    return long_iterator_new(r->start, r->step, r->length);
}

static Value range_reversed(Value self) {
    Range *r = range_of(self);
    Value last_index = int_subtract(r->length, value_from_int(1)), last = VALUE_NULL,
          step = VALUE_NULL, stop = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(last_index))
        last = item_at(r->start, r->step, last_index);
    if (!value_is_null(last))
        step = int_negative(r->step);
    if (!value_is_null(step))
        stop = int_subtract(r->start, r->step);
    if (!value_is_null(stop)) {
        if (value_both_int(last, step) && value_is_int(stop))
            result = range_iterator_new(value_int(last), value_int(stop), value_int(step));
        else
            result = long_iterator_new(last, step, r->length);
    }
    Value used[] = {last_index, last, step, stop};
    for (int i = 0; i < 4; i++)
        ref_release(used[i]);
    return result;
}

static const NativeDef range_methods[] = {
    DEF_NONE("__reversed__", range_reversed, "An iterator from the last number to the first."),
    DEF_NONE("__reduce__", range_reduce, NULL),
    DEF_ONE("count", range_count, "How many of the numbers are equal to the argument."),
    DEF_ONE("index", range_index, "Position of a number; ValueError if it is not there."),
    DEF_END,
};

static const MemberDef range_members[] = {
    {"start", offsetof(Range, start), true, false},
    {"stop", offsetof(Range, stop), true, false},
    {"step", offsetof(Range, step), true, false},
    {NULL},
};

Type range_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "range",
    .basic_size = sizeof(Range),
    .kind = HEAP_LEAF,
    .flags = TYPE_SEQUENCE,
    .doc = "range(stop)\nrange(start, stop[, step])\n\nThe ints from start before stop.",
    .call_new = range_call_new,
    .destroy = range_destroy,
    .traverse = range_traverse,
    .repr = range_repr,
    .hash = range_hash,
    .compare = range_compare,
    .iter = range_iter,
    .boolean = range_boolean,
    .length = range_length,
    .getitem = range_getitem,
    .contains = range_contains,
    .sequence_item = range_sequence_item,
    .methods = range_methods,
    .members = range_members,
};

void range_start(void) {
    type_ready(&range_type);
    type_ready(&range_iterator_type);
    type_ready(&long_range_iterator_type);
}
