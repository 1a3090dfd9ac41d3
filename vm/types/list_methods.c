// SPDX-License-Identifier: MIT
//
// What Python sees of list: slots, methods, and the two iterators.
//
// Loops that call Python hold a reference to the item they are at and look at the length anew
// at every step, since anybody may change the list meanwhile.
#include "gc/ref_run.h"
#include "vm/compare.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/list_cursor.h"
#include "vm/types/repr_guard.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- life ------------------------------------------------------------------------------

static Value list_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

static int list_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (init_no_keywords("list", value_type(self), &list_type, kwnames) < 0 ||
        arguments_count("list", nargs, 0, 1) < 0)
        return -1;
    if (list_length(self))
        list_clear(self);
    return nargs ? list_extend(self, args[0]) : 0;
}

static void list_drop(Object *self) {
    list_clear(value_from_object(self));
}

static void list_destroy(Object *self) {
    List *l = (List *)self;
    Value *items = l->items;
    int64_t length = l->length;
    l->length = 0;
    ref_run_release_backwards(items, length);
    if (items)
        buffer_free(items); // a reader would hold a reference
    if (LIKELY(self->type == &list_type))
        object_free_exact(self, sizeof(List), HEAP_CONTAINER);
    else
        type_free_instance(self);
}

static void list_traverse(Object *self, GcVisitor *visitor) {
    List *l = (List *)self;
    for (int64_t i = 0; i < l->length; i++)
        gc_visit(visitor, l->items[i]);
}

// ---- repr, comparison ------------------------------------------------------------------

static Value list_repr(Value self) {
    if (list_length(self) == 0)
        return str_from_cstr("[]");
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("[...]");
    ListCursor cursor;
    Value item;
    if (list_cursor_start(&cursor, self) < 0) {
        repr_leave(self);
        return VALUE_NULL;
    }
    StrBuilder b;
    str_builder_start(&b);
    str_builder_char(&b, '[');
    for (bool first = true; !value_is_null(item = list_cursor_next(&cursor)); first = false) {
        if (!first)
            str_builder_ascii(&b, ", ", 2);
        Value text = value_repr(item);
        ref_release(item);
        if (value_is_null(text)) {
            str_builder_discard(&b);
            list_cursor_end(&cursor);
            repr_leave(self);
            return VALUE_NULL;
        }
        str_builder_str(&b, text);
        ref_release(text);
    }
    str_builder_char(&b, ']');
    list_cursor_end(&cursor);
    repr_leave(self);
    return str_builder_finish(&b);
}

// Runs over what can be compared without calling out with both locks held.
static Value compare_items(List *a, List *b, CompareOperator op) {
    for (int64_t i = 0;;) {
        Value x = VALUE_NULL, y = VALUE_NULL;
        int equal = 1;
        object_lock_two(&a->header, &b->header);
        int64_t a_length = a->length, b_length = b->length;
        if (i == 0 && a_length != b_length && (op == COMPARE_EQ || op == COMPARE_NE)) {
            object_unlock_two(&a->header, &b->header);
            return bool_new(op == COMPARE_NE);
        }
        for (; i < a_length && i < b_length; i++) {
            x = a->items[i], y = b->items[i];
            if (!value_same(x, y) && (equal = value_equal_simple(x, y)) != 1)
                break;
        }
        if (equal != 1) {
            ref_retain(x);
            ref_retain(y);
        }
        object_unlock_two(&a->header, &b->header);
        if (equal == 1)
            return bool_new(compare_i64(a_length, b_length, op));
        if (equal < 0) {
            equal = value_equals(x, y);
            a_length = list_length(value_from_object(a));
            b_length = list_length(value_from_object(b));
        }
        Value result = VALUE_NULL;
        if (equal == 0 && (i >= a_length || i >= b_length)) // the comparison cut a list short
            result = bool_new(compare_i64(a_length, b_length, op));
        else if (equal == 0)
            result = op == COMPARE_EQ   ? bool_new(false)
                     : op == COMPARE_NE ? bool_new(true)
                                        : value_compare(x, y, op);
        ref_release(x);
        ref_release(y);
        if (equal <= 0)
            return result;
        i++;
    }
}

static Value list_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_list(self) || !value_is_list(other))
        return not_implemented_new();
    if (thread_enter_recursive(" in comparison") < 0)
        return VALUE_NULL;
    Value result = compare_items(list_of(self), list_of(other), op);
    thread_leave_recursive();
    return result;
}

static int list_contains(Value self, Value item) {
    int64_t i = list_find(self, item, 0, INT64_MAX);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

// ---- items -----------------------------------------------------------------------------

static int64_t list_length_slot(Value self) {
    return list_length(self);
}

static Value list_sequence_item(Value self, int64_t index) {
    return list_get(self, index);
}

// Every step-th of the references at `from` as a new one.
static void pick(Value *restrict to, const Value *restrict from, int64_t count, int64_t step) {
#pragma GCC unroll 8
    for (int64_t i = 0; i < count; i++, from += step)
        to[i] = *from;
    ref_run_retain(to, count);
}

static Value list_get_slice(Value self, Value slice) {
    int64_t start, stop, step;
    if (slice_unpack(slice, &start, &stop, &step) < 0)
        return VALUE_NULL;
    if (step == 1)
        return list_slice(self, start, stop);
    List *l = list_of(self);
    for (;;) {
        int64_t from = start, to = stop;
        int64_t count = slice_adjust(list_length(self), &from, &to, step);
        Value result = list_new_sized(count);
        if (value_is_null(result))
            return VALUE_NULL;
        object_read_lock(&l->header);
        from = start, to = stop;
        bool same = slice_adjust(l->length, &from, &to, step) == count;
        if (LIKELY(same) && count)
            pick(list_of(result)->items, l->items + from, count, step);
        object_read_unlock(&l->header);
        if (LIKELY(same)) {
            list_of(result)->length = count;
            return result;
        }
        ref_release(result);
    }
}

static Value list_getitem(Value self, Value key) {
    int64_t i;
    if (LIKELY(value_is_int(key))) {
        i = value_int(key);
    } else if (value_is_slice(key)) {
        return list_get_slice(self, key);
    } else if (value_is_any_int(key) || value_type(key)->index) {
        if (value_to_position(key, &i) < 0)
            return VALUE_NULL;
    } else {
        return raise_type_error("list indices must be integers or slices, not %T", key);
    }
    return list_get(self, i);
}

// A list whose class, if it is a subclass, has no iteration of its own.
static inline bool iterates_as_list(Value v) {
    return value_is_list(v) && value_type(v)->iter == list_type.iter;
}

// The items of v as owned references. -1 with an exception; a TypeError of iter(v) says `message`.
static int collect(Value v, const char *message, Value **items, int64_t *count) {
    *items = NULL;
    *count = 0;
    Value list;
    if (iterates_as_list(v)) {
        list = ref_new(v);
    } else {
        Value source = value_is_tuple(v) ? ref_new(v) : value_iter_or_say(v, message);
        if (value_is_null(source))
            return -1;
        list = list_from_iterable(source);
        ref_release(source);
        if (value_is_null(list))
            return -1;
    }
    int status = list_snapshot(list, items, count);
    ref_release(list);
    return status;
}

static int delete_stepped(Value self, int64_t start, int64_t stop, int64_t step) {
    List *l = list_of(self);
    Value *removed = NULL;
    int64_t capacity = 0;
    for (;;) {
        object_lock(&l->header);
        int64_t from = start, to = stop;
        int64_t count = slice_adjust(l->length, &from, &to, step);
        if (count <= capacity) {
            int64_t stride = step;
            if (stride < 0) { // the same positions, walked upwards
                from += (count - 1) * stride;
                stride = -stride;
            }
            int64_t out = from, length = l->length;
            for (int64_t k = 0; k < count; k++) {
                int64_t at = from + k * stride;
                int64_t next = k + 1 < count ? at + stride : length;
                removed[k] = l->items[at];
                field_move_locked(l->items + out, l->items + at + 1, next - at - 1);
                out += next - at - 1;
            }
            __atomic_store_n(&l->length, length - count, SHARED_STORE);
            object_unlock(&l->header);
            for (int64_t k = 0; k < count; k++)
                ref_release(removed[k]);
            buffer_free(removed);
            return 0;
        }
        object_unlock(&l->header);
        buffer_free(removed);
        capacity = count;
        removed = buffer_allocate((size_t)count * sizeof(Value));
        if (!removed) {
            raise_memory_error();
            return -1;
        }
    }
}

static int assign_slice(Value self, Value slice, Value value) {
    enum { ON_STACK = 16 };
    int64_t start, stop, step, count = 0;
    Value *items = NULL, small[ON_STACK];
    if (slice_unpack(slice, &start, &stop, &step) < 0)
        return -1;
    if (step == 1) {
        // Where iterating may run code, the list is as long as it was before.
        if (!value_is_null(value) && !iterates_as_list(value) && !value_is_tuple(value))
            slice_adjust(list_length(self), &start, &stop, 1);
        if (!value_is_null(value) && iterates_as_list(value) &&
            (count = list_copy_small(value, small, ON_STACK)) >= 0)
            return list_splice(self, start, stop, small, count);
        if (!value_is_null(value) && value_is_exactly(value, &tuple_type) &&
            (count = tuple_length(value)) <= ON_STACK) {
            ref_run_copy(small, tuple_of(value)->items, count);
            return list_splice(self, start, stop, small, count);
        }
        count = 0;
        if (!value_is_null(value) &&
            collect(value, "can only assign an iterable", &items, &count) < 0)
            return -1;
        int status = list_splice(self, start, stop, items, count);
        buffer_free(items);
        return status;
    }
    if (value_is_null(value))
        return delete_stepped(self, start, stop, step);
    if (collect(value, "must assign iterable to extended slice", &items, &count) < 0)
        return -1;
    List *l = list_of(self);
    object_lock(&l->header);
    int64_t selected = slice_adjust(l->length, &start, &stop, step);
    if (selected == count)
        for (int64_t i = 0; i < count; i++, start += step)
            items[i] = field_swap_locked(&l->items[start], items[i]);
    object_unlock(&l->header);
    ref_run_release(items, count);
    buffer_free(items);
    if (selected != count)
        return raise_int(&exception_ValueError,
                         "attempt to assign sequence of size %lld to extended slice of size %lld",
                         (long long)count, (long long)selected);
    return 0;
}

static int list_setitem(Value self, Value key, Value value) {
    int64_t i;
    if (LIKELY(value_is_int(key))) {
        i = value_int(key);
    } else if (value_is_slice(key)) {
        return assign_slice(self, key, value);
    } else if (value_is_any_int(key) || value_type(key)->index) {
        if (value_to_position(key, &i) < 0)
            return -1;
    } else {
        return raise_int(&exception_TypeError, "list indices must be integers or slices, not %T",
                         key);
    }
    return LIKELY(!value_is_null(value)) ? list_set(self, i, value) : list_delete(self, i);
}

// ---- operators -------------------------------------------------------------------------

static Value list_concatenate(Value self, Value other) {
    if (!value_is_list(other))
        return raise_type_error("can only concatenate list (not \"%T\") to list", other);
    List *left = list_of(self), *right = list_of(other);
    for (;;) {
        Value result = list_new_sized(list_length(self) + list_length(other));
        if (value_is_null(result))
            return VALUE_NULL;
        List *out = list_of(result); // nobody else sees it yet
        object_lock_two(&left->header, &right->header);
        int64_t first = left->length, second = right->length;
        bool fits = first + second <= out->capacity;
        if (LIKELY(fits)) {
            ref_run_copy(out->items, left->items, first);
            ref_run_copy(out->items + first, right->items, second);
            out->length = first + second;
        }
        object_unlock_two(&left->header, &right->header);
        if (LIKELY(fits))
            return result;
        ref_release(result); // they grew since their lengths were asked
    }
}

static Value list_inplace_concatenate(Value self, Value other) {
    return list_extend(self, other) < 0 ? VALUE_NULL : ref_new(self);
}

static void fill_repeated(Value *out, const Value *items, int64_t length, int64_t times) {
    if (length == 1) {
        Value item = items[0];
        for (int64_t i = 0; i < times; i++)
            out[i] = item;
        return;
    }
    for (int64_t i = 0; i < times; i++)
        memcpy(out + i * length, items, (size_t)length * sizeof(Value));
}

static Value list_repeat(Value self, Value count) {
    int64_t n;
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    if (n < 0)
        n = 0;
    List *l = list_of(self);
    for (;;) {
        int64_t length = list_length(self);
        if (length && n > ((int64_t)1 << 58) / length)
            return raise_memory_error();
        Value result = list_new_sized(length * n);
        if (value_is_null(result))
            return VALUE_NULL;
        List *out = list_of(result);
        object_read_lock(&l->header);
        bool same = l->length == length;
        if (LIKELY(same)) {
            list_retain_repeated(l->items, length, n);
            fill_repeated(out->items, l->items, length, n);
            out->length = length * n;
        }
        object_read_unlock(&l->header);
        if (LIKELY(same))
            return result;
        ref_release(result);
    }
}

static Value list_inplace_repeat(Value self, Value count) {
    int64_t n;
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    if (n <= 0)
        list_clear(self);
    else if (list_repeat_in_place(self, n) < 0)
        return VALUE_NULL;
    return ref_new(self);
}

// ---- methods ---------------------------------------------------------------------------

static Value list_append_method(Value self, Value item) {
    ref_retain(item);
    return list_append_fast(list_of(self), item) < 0 ? VALUE_NULL : none_new();
}

static Value list_clear_method(Value self) {
    list_clear(self);
    return none_new();
}

static Value list_copy_method(Value self) {
    return list_slice(self, 0, INT64_MAX);
}

static Value list_extend_method(Value self, Value iterable) {
    return list_extend(self, iterable) < 0 ? VALUE_NULL : none_new();
}

static Value list_insert_method(Value self, const Value *args, size_t nargs) {
    int64_t index;
    if (size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    return list_insert(self, index, args[1]) < 0 ? VALUE_NULL : none_new();
}

static Value list_pop_method(Value self, const Value *args, size_t nargs) {
    int64_t index = -1;
    if (nargs && size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    return list_pop(self, index);
}

// Lock held. Takes out what is at i, as a reference.
static Value take_at(List *l, int64_t i) {
    Value removed = l->items[i];
    int64_t length = l->length - 1;
    field_move_locked(l->items + i, l->items + i + 1, length - i);
    __atomic_store_n(&l->length, length, SHARED_STORE);
    return removed;
}

// Removes the first item equal to `item` in one moment, if that can be told without running code:
// 1 and the reference, 0 there is none, -1 it cannot.
static int remove_at_once(List *l, Value item, Value *removed) {
    int equal = 0;
    object_lock(&l->header);
    for (int64_t i = 0; equal == 0 && i < l->length; i++) {
        equal = value_equal_without_code(l->items[i], item);
        if (equal > 0)
            *removed = take_at(l, i);
    }
    object_unlock(&l->header);
    return equal;
}

int list_remove(Value list, Value item) {
    List *l = list_of(list);
    Value removed = VALUE_NULL;
    int status = remove_at_once(l, item, &removed);
    int64_t i = status < 0 ? list_find(list, item, 0, INT64_MAX) : -1;
    if (i < -1)
        return -1;
    if (i < 0 && status <= 0)
        return raise_int(&exception_ValueError, "list.remove(x): x not in list");
    // As in CPython, what is at that position now goes, should the comparison have changed the
    // list.
    if (status < 0) {
        object_lock(&l->header);
        if (i < l->length)
            removed = take_at(l, i);
        object_unlock(&l->header);
    }
    ref_release(removed);
    return 0;
}

static Value list_remove_method(Value self, Value item) {
    return list_remove(self, item) < 0 ? VALUE_NULL : none_new();
}

static Value list_reverse_method(Value self) {
    list_reverse(self);
    return none_new();
}

static Value list_count(Value self, Value item) {
    int64_t found = 0;
    List *l = list_of(self);
    object_read_lock(&l->header);
    for (int64_t i = 0; i < l->length; i++) {
        Value candidate = field_raw(&l->items[i]);
        int equal = value_equal_without_code(candidate, item);
        if (UNLIKELY(equal < 0)) {
            ref_retain(candidate);
            object_read_unlock(&l->header);
            equal = value_equals(candidate, item);
            ref_release(candidate);
            if (equal < 0)
                return VALUE_NULL;
            object_read_lock(&l->header);
        }
        found += equal;
    }
    object_read_unlock(&l->header);
    return value_from_int(found);
}

static Value list_index(Value self, const Value *args, size_t nargs) {
    int64_t start = 0, stop = INT64_MAX;
    if (nargs > 1 && slice_bound(args[1], &start) < 0)
        return VALUE_NULL;
    if (nargs > 2 && slice_bound(args[2], &stop) < 0)
        return VALUE_NULL;
    int64_t length = list_length(self);
    if (start < 0 && (start += length) < 0)
        start = 0;
    if (stop < 0 && (stop += length) < 0)
        stop = 0;
    int64_t i = list_find(self, args[0], start, stop);
    if (i >= 0)
        return value_from_int(i);
    return i == -1 ? raise_value_error("%R is not in list", args[0]) : VALUE_NULL;
}

static Value list_sort_method(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "reverse", NULL};
    Value values[2];
    if (arguments_parse("sort", args, nargs, kwnames, names, 0, 0, 0, values) < 0)
        return VALUE_NULL;
    int reverse = 0; // a number: its truth is not asked for
    if (int_argument(values[1], &reverse) < 0)
        return VALUE_NULL;
    Value key = value_is_null(values[0]) ? VALUE_NONE : values[0];
    return list_sort(self, key, reverse != 0) < 0 ? VALUE_NULL : none_new();
}

static Value list_sizeof(Value self) {
    List *l = list_of(self);
    object_lock(&l->header);
    int64_t size = value_type(self)->basic_size + l->capacity * (int64_t)sizeof(Value);
    object_unlock(&l->header);
    return value_from_int(size);
}

// ---- iterators -------------------------------------------------------------------------

static Value new_iterator(Type *type, Value list, int64_t index) {
    ListIterator *it = object_allocate_exact(type, sizeof(ListIterator), HEAP_CONTAINER);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->list = ref_new(list);
    it->index = index;
    return value_from_object(it);
}

static Value list_iter(Value self) {
    return new_iterator(&list_iterator_type, self, 0);
}

static Value list_reversed(Value self) {
    return new_iterator(&list_reverse_iterator_type, self, list_length(self) - 1);
}

// A step that other threads may take at the same time: the position is claimed under the
// iterator's lock, then the item is fetched.
static Value step_shared(ListIterator *it, int direction) {
    for (;;) {
        object_lock(&it->header);
        Value list = it->list;
        int64_t index = it->index;
        if (value_is_null(list)) {
            object_unlock(&it->header);
            return VALUE_NULL;
        }
        ref_retain(list);
        it->index = index + direction;
        object_unlock(&it->header);
        Value item = list_get_fast(list_of(list), (uint64_t)index);
        if (value_is_null(item)) {
            object_lock(&it->header);
            Value done = field_swap_locked(&it->list, VALUE_NULL);
            object_unlock(&it->header);
            ref_release(done);
        }
        ref_release(list);
        return item;
    }
}

Value list_iterator_next_shared(ListIterator *it) {
    return step_shared(it, 1);
}

Value list_iterator_finish(ListIterator *it) {
    Value list = it->list;
    it->list = VALUE_NULL;
    ref_release(list);
    return VALUE_NULL;
}

static Value list_iterator_next(Value self) {
    return list_iterator_next_fast((ListIterator *)value_object(self));
}

static Value list_reverse_iterator_next(Value self) {
    ListIterator *it = (ListIterator *)value_object(self);
    if (LIKELY(ref_is_unshared(&it->header)) && !value_is_null(it->list)) {
        Value item = list_get_fast(list_of(it->list), (uint64_t)it->index);
        if (LIKELY(!value_is_null(item))) {
            it->index--;
            return item;
        }
    }
    return step_shared((ListIterator *)value_object(self), -1);
}

static void list_iterator_destroy(Object *self) {
    ref_release(((ListIterator *)self)->list);
    object_free_exact(self, sizeof(ListIterator), HEAP_CONTAINER);
}
static void list_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ListIterator *)self)->list);
}

static Value iterator_state(Value self, int64_t *index) {
    ListIterator *it = (ListIterator *)value_object(self);
    object_lock(&it->header);
    Value list = it->list;
    ref_retain(list);
    *index = it->index;
    object_unlock(&it->header);
    return list;
}

static Value list_iterator_length_hint(Value self) {
    int64_t index, left = 0;
    Value list = iterator_state(self, &index);
    if (!value_is_null(list))
        left = list_length(list) - index;
    ref_release(list);
    return value_from_int(left < 0 ? 0 : left);
}

static Value list_reverse_iterator_length_hint(Value self) {
    int64_t index, left = 0;
    Value list = iterator_state(self, &index);
    if (!value_is_null(list) && index < list_length(list))
        left = index + 1;
    ref_release(list);
    return value_from_int(left < 0 ? 0 : left);
}

static Value reduce(Value self, const char *name) {
    int64_t index;
    Value list = iterator_state(self, &index);
    if (value_is_null(list))
        return iterator_reduce("iter", list_new(), VALUE_NULL);
    return iterator_reduce(name, list, value_from_int(index));
}
static Value list_iterator_reduce(Value self) {
    return reduce(self, "iter");
}
static Value list_reverse_iterator_reduce(Value self) {
    return reduce(self, "reversed");
}

static Value list_iterator_setstate(Value self, Value state) {
    ListIterator *it = (ListIterator *)value_object(self);
    int64_t index, ignored;
    if (size_argument(state, &index) < 0)
        return VALUE_NULL;
    Value list = iterator_state(self, &ignored);
    if (!value_is_null(list)) {
        int64_t length = list_length(list), low = 0, high = length;
        if (value_is_exactly(self, &list_reverse_iterator_type))
            low = -1, high = length - 1;
        object_lock(&it->header);
        it->index = index < low ? low : index > high ? high : index;
        object_unlock(&it->header);
    }
    ref_release(list);
    return none_new();
}

static const NativeDef list_iterator_methods[] = {
    DEF_NONE("__length_hint__", list_iterator_length_hint, "Items left."),
    DEF_NONE("__reduce__", list_iterator_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", list_iterator_setstate, "Goes to a position."),
    DEF_END,
};
static const NativeDef list_reverse_iterator_methods[] = {
    DEF_NONE("__length_hint__", list_reverse_iterator_length_hint, "Items left."),
    DEF_NONE("__reduce__", list_reverse_iterator_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", list_iterator_setstate, "Goes to a position."),
    DEF_END,
};

Type list_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "list_iterator",
    .basic_size = sizeof(ListIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = list_iterator_destroy,
    .traverse = list_iterator_traverse,
    .iter = object_self_iter,
    .next = list_iterator_next,
    .methods = list_iterator_methods,
};

Type list_reverse_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "list_reverseiterator",
    .basic_size = sizeof(ListIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = list_iterator_destroy,
    .traverse = list_iterator_traverse,
    .iter = object_self_iter,
    .next = list_reverse_iterator_next,
    .methods = list_reverse_iterator_methods,
};

// ---- the type --------------------------------------------------------------------------

static const NativeDef list_methods[] = {
    DEF_ONE("append", list_append_method,
            "append($self, object, /)\n--\n\nPuts object at the end of the list."),
    DEF_NONE("clear", list_clear_method, "clear($self, /)\n--\n\nTakes all items out."),
    DEF_NONE("copy", list_copy_method, "copy($self, /)\n--\n\nA new list of the same items."),
    DEF_ONE("count", list_count,
            "count($self, value, /)\n--\n\nHow many items are equal to value."),
    DEF_ONE("extend", list_extend_method,
            "extend($self, iterable, /)\n--\n\nAppends every item of iterable."),
    DEF_FIXED("index", list_index, 1, 3,
              "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\n"
              "Position of the first item equal to value; ValueError if there is none."),
    DEF_FIXED("insert", list_insert_method, 2, 2,
              "insert($self, index, object, /)\n--\n\nPuts object before position index."),
    DEF_FIXED("pop", list_pop_method, 0, 1,
              "pop($self, index=-1, /)\n--\n\nTakes out the item at index and gives it."),
    DEF_ONE("remove", list_remove_method,
            "remove($self, value, /)\n--\n\n"
            "Takes out the first item equal to value; ValueError if there is none."),
    DEF_NONE("reverse", list_reverse_method,
             "reverse($self, /)\n--\n\nTurns the order round, in place."),
    DEF_VECTOR("sort", list_sort_method,
               "sort($self, /, *, key=None, reverse=False)\n--\n\n"
               "Sorts in place; items that compare equal keep their order."),
    DEF_NONE("__reversed__", list_reversed,
             "__reversed__($self, /)\n--\n\nAn iterator from the last item to the first."),
    DEF_NONE("__sizeof__", list_sizeof, "__sizeof__($self, /)\n--\n\nBytes taken by the list."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

Type list_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "list",
    .basic_size = sizeof(List),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_LIST_SUBCLASS | TYPE_SEQUENCE | TYPE_PATMA_SELF | TYPE_UNHASHABLE |
             TYPE_COMPARE_COUNTS_DEPTH,
    .doc = "list(iterable=(), /)\n--\n\nA mutable sequence of the items of iterable.",
    .call_new = list_call_new,
    .init = list_init,
    .destroy = list_destroy,
    .traverse = list_traverse,
    .clear = list_drop,
    .repr = list_repr,
    .compare = list_compare,
    .iter = list_iter,
    .length = list_length_slot,
    .getitem = list_getitem,
    .setitem = list_setitem,
    .contains = list_contains,
    .sequence_item = list_sequence_item,
    .concatenate = list_concatenate,
    .repeat = list_repeat,
    .inplace_concatenate = list_inplace_concatenate,
    .inplace_repeat = list_inplace_repeat,
    .methods = list_methods,
};

void list_start(void) {
    type_ready(&list_type);
    type_ready(&list_iterator_type);
    type_ready(&list_reverse_iterator_type);
}
