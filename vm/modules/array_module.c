// SPDX-License-Identifier: MIT
//
// array.array: a mutable sequence of machine numbers. Here are the type, its slots and everything
// that touches the storage; methods are in array_methods.c, single items in array_items.c.
//
// Items are packed and unpacked without the lock and copied under it. All changes of length go
// through array_splice, which allocates without the lock and then looks again.
#include "vm/copy.h"
#include "vm/modules/array_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/list_cursor.h"
#include "vm/types/module.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

Value array_make(Type *type, const ItemKind *kind) {
    Array *a = object_allocate(type);
    if (!a)
        return VALUE_NULL;
    a->length = a->capacity = 0;
    a->viewers = (Viewers){0};
    a->data = NULL;
    a->kind = kind;
    return value_from_object(a);
}

static void array_destroy(Object *self) {
    assert(!((Array *)self)->viewers.left);
    buffer_free(((Array *)self)->data);
    type_free_instance(self);
}

// ---- storage ---------------------------------------------------------------------------------

bool array_exports_are_over(Array *a) {
    return gc_find_dead() && __atomic_load_n(&a->viewers.lasting, __ATOMIC_RELAXED) == 0;
}

int array_splice(Array *a, ArrayPlace place, const uint8_t *items, int64_t count) {
    uint8_t *spare = NULL;
    int64_t spare_capacity = 0;
    size_t size = a->kind->size;
    bool settled = false; // views that are dead but not yet destroyed have been let go of
    for (;;) {
        if (!array_lock_to_change(a))
            return buffer_free(spare), -1;
        int64_t length = a->length, start = length, stop = length;
        if (place.where == ARRAY_AT) {
            start = place.start < 0 ? place.start + length : place.start;
            start = stop = start < 0 ? 0 : start > length ? length : start;
        } else if (place.where == ARRAY_ITEM) {
            start = place.start < 0 ? place.start + length : place.start;
            stop = start + 1;
            if (start < 0 || start >= length) {
                object_unlock(&a->header);
                buffer_free(spare);
                return raise_int(&exception_IndexError, "array assignment index out of range");
            }
        } else if (place.where == ARRAY_SLICE) {
            start = place.start;
            stop = place.stop;
            slice_adjust(length, &start, &stop, 1);
            if (stop < start)
                stop = start;
        } else if (place.where == ARRAY_REPEAT) {
            if (length && place.start > ARRAY_LENGTH_MAX / length) {
                object_unlock(&a->header);
                buffer_free(spare);
                return raise_memory_error(), -1;
            }
            count = length * place.start;
        }
        int64_t removed = stop - start, new_length = length - removed + count;
        uint8_t *old = NULL;
        bool resizes = removed != count || (place.where == ARRAY_SLICE && count == 0);
        if (resizes && a->viewers.lasting > 0) {
            object_unlock(&a->header);
            if (!settled && (settled = gc_find_dead()))
                continue;
            buffer_free(spare);
            return raise_int(&exception_BufferError,
                             "cannot resize an array that is exporting buffers");
        }
        bool shrink = a->capacity > 64 && new_length < a->capacity / 4 && removed != count;
        if (new_length <= a->capacity && !(shrink && spare_capacity < new_length && new_length)) {
            if (removed != count && length > stop)
                memmove(a->data + (size_t)(start + count) * size, a->data + (size_t)stop * size,
                        (size_t)(length - stop) * size);
            if (shrink && new_length == 0) {
                old = a->data;
                a->data = NULL;
                a->capacity = 0;
            }
        } else if (spare_capacity >= new_length && spare) {
            if (start)
                memcpy(spare, a->data, (size_t)start * size);
            if (length > stop)
                memcpy(spare + (size_t)(start + count) * size, a->data + (size_t)stop * size,
                       (size_t)(length - stop) * size);
            old = a->data;
            a->data = spare;
            a->capacity = spare_capacity;
            spare = NULL;
        } else {
            object_unlock(&a->header);
            buffer_free(spare);
            spare_capacity = new_length + (new_length >> 4) + (length < 8 ? 3 : 7);
            spare = new_length < ARRAY_LENGTH_MAX ? buffer_allocate((size_t)spare_capacity * size)
                                                  : NULL;
            if (!spare)
                return raise_memory_error(), -1;
            continue;
        }
        if (place.where == ARRAY_REPEAT)
            copy_repeated(a->data, (size_t)length * size, (size_t)new_length * size);
        else if (count)
            memcpy(a->data + (size_t)start * size, items, (size_t)count * size);
        __atomic_store_n(&a->length, new_length, __ATOMIC_RELAXED);
        object_unlock(&a->header);
        buffer_free(spare);
        buffer_free(old);
        return 0;
    }
}

Value array_get(Array *a, int64_t index) {
    _Alignas(8) uint8_t item[8];
    size_t size = a->kind->size;
    object_lock(&a->header);
    if (index < 0)
        index += a->length;
    bool found = (uint64_t)index < (uint64_t)a->length;
    if (LIKELY(found)) {
        const uint8_t *from = a->data + (size_t)index * size;
        if (size == 4)
            memcpy(item, from, 4);
        else if (size == 8)
            memcpy(item, from, 8);
        else
            memcpy(item, from, size);
    }
    object_unlock(&a->header);
    return found ? array_unpack(a->kind, item) : VALUE_NULL;
}

// 0, or -1 (no exception) if index, negative ones from the end, is out of range.
static int put(Array *a, int64_t index, const uint8_t *item) {
    size_t size = a->kind->size;
    object_lock(&a->header);
    if (index < 0)
        index += a->length;
    bool found = (uint64_t)index < (uint64_t)a->length;
    if (found)
        memcpy(a->data + (size_t)index * size, item, size);
    object_unlock(&a->header);
    return found ? 0 : -1;
}

int array_snapshot(Array *a, uint8_t **items, int64_t *count) {
    uint8_t *copy = NULL;
    int64_t room = 0;
    for (;;) {
        object_lock(&a->header);
        int64_t length = a->length;
        if (length <= room || length == 0) {
            if (length)
                memcpy(copy, a->data, (size_t)length * a->kind->size);
            object_unlock(&a->header);
            *items = copy;
            *count = length;
            return 0;
        }
        object_unlock(&a->header);
        buffer_free(copy);
        room = length;
        copy = buffer_allocate((size_t)room * a->kind->size);
        if (!copy)
            return raise_memory_error(), -1;
    }
}

// The selected items as a new array. They are copied once, if the array is as long as it was when
// room was made for them.
static Value array_slice(Array *a, int64_t start, int64_t stop, int64_t step) {
    size_t size = a->kind->size;
    Value result = array_make(&array_type, a->kind);
    if (value_is_null(result))
        return VALUE_NULL;
    Array *out = array_of(result);
    for (;;) {
        int64_t from = start, to = stop;
        int64_t count = slice_adjust(array_length(value_from_object(a)), &from, &to, step);
        if (count > out->capacity) {
            buffer_free(out->data);
            out->capacity = 0;
            out->data = buffer_allocate((size_t)count * size);
            if (!out->data) {
                ref_release(result);
                return raise_memory_error();
            }
            out->capacity = count;
        }
        object_lock(&a->header);
        from = start, to = stop;
        count = slice_adjust(a->length, &from, &to, step);
        bool fits = count <= out->capacity;
        if (LIKELY(fits && count > 0)) {
            const uint8_t *data = a->data + (size_t)from * size;
            if (step == 1)
                memcpy(out->data, data, (size_t)count * size);
            else
                for (int64_t i = 0; i < count; i++)
                    memcpy(out->data + (size_t)i * size, data + i * step * (int64_t)size, size);
        }
        object_unlock(&a->header);
        if (LIKELY(fits)) {
            out->length = count > 0 ? count : 0;
            return result;
        }
    }
}

int array_insert(Array *a, int64_t index, Value v) {
    uint8_t item[8];
    if (!array_pack_plain(a->kind, v, item)) {
        int64_t length = array_length(value_from_object(a));
        if (index < 0)
            index = index + length < 0 ? 0 : index + length;
        if (index > length)
            index = length;
        if (array_pack(a->kind, v, item) < 0)
            return -1;
    }
    return array_splice(a, (ArrayPlace){ARRAY_AT, index, 0}, item, 1);
}

typedef struct {
    Array *array;
} Extending;

static int append_item(Value item, void *context) {
    int status = array_insert(((Extending *)context)->array, ARRAY_LENGTH_MAX, item);
    ref_release(item);
    return status;
}

// As many items as possible are packed together. What is not a plain number goes the slow way,
// which may run Python code: all before it are in the array then.
static int extend_from_sequence(Array *a, Value source) {
    enum { TOGETHER = 64 };
    uint8_t packed[TOGETHER * 8 + 8];
    Extending context = {a};
    bool is_list = value_is_exactly(source, &list_type);
    size_t size = a->kind->size;
    int64_t count = 0;
    int status = 0;
    ListCursor cursor;
    if (is_list && list_cursor_start(&cursor, source) < 0)
        return -1;
    for (int64_t i = 0; status == 0; i++) {
        Value item = is_list                    ? list_cursor_next(&cursor)
                     : i < tuple_length(source) ? ref_new(tuple_item(source, i))
                                                : VALUE_NULL;
        bool over = value_is_null(item);
        bool plain = !over && count < TOGETHER &&
                     array_pack_plain(a->kind, item, packed + (size_t)count * size);
        if (LIKELY(plain)) {
            count++;
            continue;
        }
        if (count && array_splice(a, (ArrayPlace){ARRAY_END, 0, 0}, packed, count) < 0) {
            ref_release(item);
            status = -1;
            break;
        }
        count = 0;
        if (over)
            break;
        if (array_pack_plain(a->kind, item, packed))
            count = 1;
        else
            status = append_item(item, &context);
    }
    if (is_list)
        list_cursor_end(&cursor);
    return status;
}

int array_extend(Value self, Value source) {
    Array *a = array_of(self);
    if (value_is_array(source)) {
        uint8_t *items;
        int64_t count;
        if (array_of(source)->kind != a->kind)
            return raise_int(&exception_TypeError, "can only extend with array of same kind");
        if (array_snapshot(array_of(source), &items, &count) < 0)
            return -1;
        int status = array_splice(a, (ArrayPlace){ARRAY_END, 0, 0}, items, count);
        buffer_free(items);
        return status;
    }
    if (value_is_exactly(source, &list_type) || value_is_exactly(source, &tuple_type))
        return extend_from_sequence(a, source);
    Extending context = {a};
    return iterate(source, append_item, &context);
}

// ---- constructor -----------------------------------------------------------------------------

// From a subclass of list or tuple: as in CPython as many as it holds, by its own __getitem__.
static int fill_by_index(Array *a, Value source) {
    Extending context = {a};
    int64_t count = value_is_list(source) ? list_length(source) : tuple_length(source);
    int status = 0;
    for (int64_t i = 0; status == 0 && i < count; i++) {
        Value item = value_getitem(source, value_from_int(i));
        status = value_is_null(item) ? -1 : append_item(item, &context);
    }
    return status;
}

static int fill(Value self, Value source) {
    Array *a = array_of(self);
    if (value_is_str(source)) { // kind 'u'
        int64_t n = str_length(source);
        uint32_t *points = buffer_allocate((size_t)n * sizeof *points + 1);
        if (!points)
            return raise_memory_error(), -1;
        for (int64_t i = 0; i < n; i++)
            points[i] = str_at(source, i);
        int status = array_splice(a, (ArrayPlace){ARRAY_END, 0, 0}, (const uint8_t *)points, n);
        buffer_free(points);
        return status;
    }
    if (value_is_bytes(source) || value_is_bytearray(source)) {
        Value done = value_call_method_cstr(self, "frombytes", &source, 1);
        ref_release(done);
        return value_is_null(done) ? -1 : 0;
    }
    if (value_is_array(source) && array_of(source)->kind != a->kind) {
        Extending context = {a};
        return iterate(source, append_item, &context);
    }
    if ((value_is_list(source) && !value_is_exactly(source, &list_type)) ||
        (value_is_tuple(source) && !value_is_exactly(source, &tuple_type)))
        return fill_by_index(a, source);
    // Room for all of them at once; nobody else sees the array yet.
    int64_t expected = value_is_exactly(source, &list_type)    ? list_length(source)
                       : value_is_exactly(source, &tuple_type) ? tuple_length(source)
                                                               : 0;
    if (expected > 0 && (a->data = buffer_allocate((size_t)expected * a->kind->size)))
        a->capacity = expected;
    return array_extend(self, source);
}

static Value array_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (type == &array_type && !value_is_null(kwnames))
        return raise_type_error("array.array() takes no keyword arguments");
    if (nargs < 1 || nargs > 2)
        return raise_type_error("array() takes at %s (%zu given)",
                                nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    if (!value_is_str(args[0]) || str_length(args[0]) != 1)
        return raise_type_error("array() argument 1 must be a unicode character, not %G", args[0]);
    uint32_t code = str_at(args[0], 0);
    Value source = nargs > 1 ? args[1] : VALUE_NULL, owned = VALUE_NULL;
    if (!value_is_null(source)) {
        bool unicode = value_is_array(source) && array_of(source)->kind->code == 'u';
        Value letter = str_from_code_point(code);
        if (code != 'u' && (value_is_str(source) || unicode)) {
            raise_type_error("cannot use a %s to initialize an array with typecode '%V'",
                             unicode ? "unicode array" : "str", letter);
            ref_release(letter);
            return VALUE_NULL;
        }
        ref_release(letter);
        if (!value_is_list(source) && !value_is_tuple(source) && !value_is_bytes(source) &&
            !value_is_bytearray(source) && !value_is_str(source) && !value_is_array(source) &&
            value_is_null(source = owned = value_iter(source)))
            return VALUE_NULL;
    }
    const ItemKind *kind = array_kind(code);
    Value self = VALUE_NULL;
    if (kind)
        self = array_make(type, kind);
    else
        raise_value_error("bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    if (!value_is_null(self) && !value_is_null(source) && fill(self, source) < 0) {
        ref_release(self);
        self = VALUE_NULL;
    }
    ref_release(owned);
    return self;
}

// ---- slots -----------------------------------------------------------------------------------

static int64_t length_slot(Value self) {
    return array_length(self);
}

static Value array_repr(Value self) {
    Array *a = array_of(self);
    if (array_length(self) == 0)
        return str_format("%s('%c')", type_name(value_type(self)), a->kind->code);
    Value items =
        value_call_method_cstr(self, a->kind->code == 'u' ? "tounicode" : "tolist", NULL, 0);
    if (value_is_null(items))
        return VALUE_NULL;
    Value text = str_format("%s('%c', %R)", type_name(value_type(self)), a->kind->code, items);
    ref_release(items);
    return text;
}

static Value array_item(Value self, int64_t index) {
    Value item = array_get(array_of(self), index);
    if (value_is_null(item) && !error_occurred())
        return raise_error(&exception_IndexError, "array index out of range");
    return item;
}

static int index_of_key(Value key, int64_t *index) {
    if (!value_type(key)->index)
        return raise_int(&exception_TypeError, "array indices must be integers");
    return value_to_position(key, index);
}

static Value array_getitem(Value self, Value key) {
    Array *a = array_of(self);
    if (!value_is_slice(key)) {
        int64_t index;
        if (LIKELY(value_is_int(key)))
            index = value_int(key);
        else if (index_of_key(key, &index) < 0)
            return VALUE_NULL;
        return array_item(self, index);
    }
    int64_t start, stop, step;
    if (slice_unpack(key, &start, &stop, &step) < 0)
        return VALUE_NULL;
    return array_slice(a, start, stop, step);
}

// Items start, start + step, ... are replaced, or removed (items NULL and deleting). Lock held
// within.
static int set_extended(Array *a, int64_t start, int64_t stop, int64_t step, const uint8_t *items,
                        int64_t count, bool deleting) {
    size_t size = a->kind->size;
    const int64_t asked_start = start, asked_stop = stop, asked_step = step;
    if (!array_lock_to_change(a))
        return -1;
    int64_t selected = slice_adjust(a->length, &start, &stop, step);
    bool fits = deleting || selected == count;
    bool exported = (deleting || !fits || count == 0) && a->viewers.lasting > 0;
    if (deleting && selected > 0 && !exported) {
        if (step < 0) {
            start += (selected - 1) * step;
            step = -step;
        }
        int64_t to = start, next = start, left = selected;
        for (int64_t from = start; from < a->length; from++) {
            if (left && from == next) {
                next += step;
                left--;
                continue;
            }
            memmove(a->data + (size_t)to++ * size, a->data + (size_t)from * size, size);
        }
        __atomic_store_n(&a->length, to, __ATOMIC_RELAXED);
    } else if (!deleting && fits) {
        for (int64_t i = 0; i < count; i++)
            memcpy(a->data + (size_t)(start + i * step) * size, items + (size_t)i * size, size);
    }
    object_unlock(&a->header);
    if (exported && array_exports_are_over(a))
        return set_extended(a, asked_start, asked_stop, asked_step, items, count, deleting);
    if (exported)
        return raise_int(&exception_BufferError,
                         "cannot resize an array that is exporting buffers");
    if (!fits)
        return raise_int(&exception_ValueError,
                         "attempt to assign array of size %lld to extended slice of size %lld",
                         (long long)count, (long long)selected);
    return 0;
}

static int set_slice(Array *a, Value key, Value value) {
    int64_t start, stop, step, count = 0;
    uint8_t *items = NULL;
    bool deleting = value_is_null(value);
    if (slice_unpack(key, &start, &stop, &step) < 0)
        return -1;
    if (!deleting) {
        if (!value_is_array(value))
            return raise_int(&exception_TypeError,
                             "can only assign array (not \"%T\") to array slice", value);
        if (array_of(value)->kind != a->kind)
            return raise_int(&exception_TypeError, "bad argument type for built-in operation");
        if (array_snapshot(array_of(value), &items, &count) < 0)
            return -1;
        deleting =
            count == 0; // nothing put in the place of items takes them out, whatever the step
    }
    int status = step == 1 ? array_splice(a, (ArrayPlace){ARRAY_SLICE, start, stop}, items, count)
                           : set_extended(a, start, stop, step, items, count, deleting);
    buffer_free(items);
    return status;
}

static int array_setitem(Value self, Value key, Value value) {
    Array *a = array_of(self);
    if (value_is_slice(key))
        return set_slice(a, key, value);
    int64_t index;
    uint8_t item[8];
    if (index_of_key(key, &index) < 0)
        return -1;
    if (value_is_null(value))
        return array_splice(a, (ArrayPlace){ARRAY_ITEM, index, 0}, NULL, 0);
    int64_t length = array_length(self);
    if (index >= length || index < -length)
        return raise_int(&exception_IndexError, "array assignment index out of range");
    if (array_pack(a->kind, value, item) < 0)
        return -1;
    return put(a, index, item) == 0
               ? 0
               : raise_int(&exception_IndexError, "array assignment index out of range");
}

static int array_contains(Value self, Value value) {
    int64_t i = array_find(array_of(self), value, 0, INT64_MAX, false);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

static Value order_answer(int order, CompareOperator op) {
    return bool_new(op == COMPARE_LT   ? order < 0
                    : op == COMPARE_LE ? order <= 0
                    : op == COMPARE_EQ ? order == 0
                    : op == COMPARE_NE ? order != 0
                    : op == COMPARE_GT ? order > 0
                                       : order >= 0);
}

// The first place at which they differ, or how many items the shorter one has. No NaN is equal to
// itself. Both locks held.
static int64_t first_difference(const Array *a, const Array *b) {
    int64_t count = a->length < b->length ? a->length : b->length, i = 0;
    size_t size = a->kind->size;
    if (a->kind->is_integer || a->kind->code == 'u') {
        while (i < count &&
               memcmp(a->data + (size_t)i * size, b->data + (size_t)i * size, size) == 0)
            i++;
    } else if (size == sizeof(float)) {
        const float *x = (const float *)(const void *)a->data,
                    *y = (const float *)(const void *)b->data;
        while (i < count && x[i] == y[i])
            i++;
    } else {
        const double *x = (const double *)(const void *)a->data,
                     *y = (const double *)(const void *)b->data;
        while (i < count && x[i] == y[i])
            i++;
    }
    return i;
}

// At one moment of both.
static Value compare_same_kind(Array *a, Array *b, CompareOperator op) {
    _Alignas(8) uint8_t left[8], right[8];
    size_t size = a->kind->size;
    object_lock_two(&a->header, &b->header);
    int64_t first = a->length, second = b->length, i = 0;
    bool by_length = first != second && (op == COMPARE_EQ || op == COMPARE_NE);
    if (!by_length)
        i = first_difference(a, b);
    bool both = !by_length && i < first && i < second;
    if (both) {
        memcpy(left, a->data + (size_t)i * size, size);
        memcpy(right, b->data + (size_t)i * size, size);
    }
    object_unlock_two(&a->header, &b->header);
    if (!both)
        return order_answer(first < second ? -1 : first > second, op);
    if (op == COMPARE_EQ || op == COMPARE_NE)
        return bool_new(op == COMPARE_NE);
    Value x = array_unpack(a->kind, left), y = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(x) && !value_is_null(y = array_unpack(a->kind, right)))
        result = value_compare(x, y, op);
    ref_release(x);
    ref_release(y);
    return result;
}

static Value array_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_array(self) || !value_is_array(other))
        return not_implemented_new();
    if (array_of(self)->kind == array_of(other)->kind)
        return compare_same_kind(array_of(self), array_of(other), op);
    int64_t a = array_length(self), b = array_length(other);
    if (a != b && (op == COMPARE_EQ || op == COMPARE_NE))
        return bool_new(op == COMPARE_NE);
    for (int64_t i = 0;; i++) {
        Value x = array_get(array_of(self), i), y = array_get(array_of(other), i);
        if (value_is_null(x) || value_is_null(y)) {
            bool x_more = !value_is_null(x), y_more = !value_is_null(y);
            ref_release(x);
            ref_release(y);
            if (error_occurred())
                return VALUE_NULL;
            return order_answer(x_more - y_more, op);
        }
        // Equality without the shortcut for identity: a NaN is not equal to itself.
        Value answer = value_compare(x, y, COMPARE_EQ), result = VALUE_NULL;
        int equal = value_is_null(answer) ? -1 : value_truth(answer);
        ref_release(answer);
        if (equal == 0)
            result = op == COMPARE_EQ   ? bool_new(false)
                     : op == COMPARE_NE ? bool_new(true)
                                        : value_compare(x, y, op);
        ref_release(x);
        ref_release(y);
        if (equal <= 0)
            return result;
    }
}

static Value array_concatenate(Value self, Value other) {
    if (!value_is_array(other))
        return raise_type_error("can only append array (not \"%T\") to array", other);
    if (array_of(other)->kind != array_of(self)->kind)
        return raise_type_error("bad argument type for built-in operation");
    Value result = array_make(&array_type, array_of(self)->kind);
    if (value_is_null(result))
        return result;
    Array *made = array_of(result), *left = array_of(self), *right = array_of(other);
    size_t size = made->kind->size;
    int64_t total = array_length(self) + array_length(other);
    for (;;) {
        buffer_free(made->data);
        made->data = total < ARRAY_LENGTH_MAX ? buffer_allocate((size_t)total * size + 1) : NULL;
        made->capacity = made->data ? total : 0;
        if (!made->data) {
            ref_release(result);
            return raise_memory_error();
        }
        object_lock_two(&left->header, &right->header);
        int64_t first = left->length, second = right->length;
        total = first + second;
        bool fits = total <= made->capacity;
        if (LIKELY(fits)) {
            if (first)
                memcpy(made->data, left->data, (size_t)first * size);
            if (second)
                memcpy(made->data + (size_t)first * size, right->data, (size_t)second * size);
        }
        object_unlock_two(&left->header, &right->header);
        if (LIKELY(fits)) {
            made->length = total;
            return result;
        }
    }
}

static Value array_inplace_concatenate(Value self, Value other) {
    if (!value_is_array(other))
        return raise_type_error("can only extend array with array (not \"%T\")", other);
    return array_extend(self, other) < 0 ? VALUE_NULL : ref_new(self);
}

// The items n times over in a new buffer.
static int repeated(Array *a, Value count, uint8_t **out, int64_t *total) {
    int64_t n, length;
    uint8_t *items;
    if (value_to_size(count, &n) < 0 || array_snapshot(a, &items, &length) < 0)
        return -1;
    size_t bytes = (size_t)length * a->kind->size;
    n = n < 0 ? 0 : n;
    if (length && n > ARRAY_LENGTH_MAX / length)
        *out = NULL;
    else
        *out = buffer_allocate((size_t)n * bytes + 1);
    size_t all = (size_t)n * bytes;
    if (*out && all) {
        memcpy(*out, items, bytes);
        copy_repeated(*out, bytes, all);
    }
    buffer_free(items);
    *total = n * length;
    return *out ? 0 : (raise_memory_error(), -1);
}

static Value array_repeat(Value self, Value count) {
    uint8_t *items;
    int64_t total;
    if (repeated(array_of(self), count, &items, &total) < 0)
        return VALUE_NULL;
    Value result = array_make(&array_type, array_of(self)->kind);
    if (!value_is_null(result) &&
        array_splice(array_of(result), (ArrayPlace){ARRAY_END, 0, 0}, items, total) < 0) {
        ref_release(result);
        result = VALUE_NULL;
    }
    buffer_free(items);
    return result;
}

static Value array_inplace_repeat(Value self, Value count) {
    int64_t n;
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    ArrayPlace place = {ARRAY_SLICE, 0, INT64_MAX}; // nothing is left
    if (n > 0)
        place = (ArrayPlace){ARRAY_REPEAT, n - 1, 0};
    return array_splice(array_of(self), place, NULL, 0) < 0 ? VALUE_NULL : ref_new(self);
}

static int array_get_buffer(Value self, BufferView *view, bool writable) {
    static uint8_t nothing[8]; // what an empty array's view points to
    Array *a = array_of(self);
    object_lock(&a->header);
    viewers_join(&a->viewers, view, a->data);
    view->data = a->data ? a->data : nothing;
    view->length = a->length * a->kind->size;
    object_unlock(&a->header);
    view->item_size = a->kind->size;
    view->format = a->kind->format;
    view->readonly = false;
    view->guard = buffer_guard_object;
    return 0;
}
static void array_release_buffer(Value self, BufferView *view) {
    viewers_leave(value_object(self), array_memory(array_of(self)), view);
}

// ---- the iterator ----------------------------------------------------------------------------

typedef struct {
    Object header;
    Value array;   // VALUE_NULL once exhausted; guarded by the lock
    int64_t index; // guarded by the lock
} ArrayIterator;

static Value array_iter(Value self) {
    ArrayIterator *it = object_allocate(&array_iterator_type);
    if (!it)
        return VALUE_NULL;
    it->array = ref_new(self);
    return value_from_object(it);
}

static Value iterator_next(Value self) {
    ArrayIterator *it = (ArrayIterator *)value_object(self);
    if (LIKELY(ref_is_unshared(&it->header)) && !value_is_null(it->array)) {
        Value item = array_get(array_of(it->array), it->index);
        if (LIKELY(!value_is_null(item))) {
            it->index++;
            return item;
        }
    }
    object_lock(&it->header);
    Value array = it->array;
    int64_t index = it->index++;
    ref_retain(array);
    object_unlock(&it->header);
    if (value_is_null(array))
        return VALUE_NULL;
    Value item = array_get(array_of(array), index);
    ref_release(array);
    if (value_is_null(item) && !error_occurred())
        field_clear(&it->header, &it->array);
    return item;
}

static Value iterator_reduce_method(Value self) {
    ArrayIterator *it = (ArrayIterator *)value_object(self);
    Value array = field_load(&it->header, &it->array);
    if (value_is_null(array))
        return iterator_reduce("iter", tuple_empty(), VALUE_NULL);
    return iterator_reduce("iter", array,
                           int_from_i64(__atomic_load_n(&it->index, __ATOMIC_RELAXED)));
}

static Value iterator_setstate(Value self, Value state) {
    ArrayIterator *it = (ArrayIterator *)value_object(self);
    int64_t index;
    if (value_to_size(state, &index) < 0)
        return VALUE_NULL;
    object_lock(&it->header);
    int64_t length = value_is_null(it->array) ? 0 : array_length(it->array);
    it->index = index < 0 ? 0 : index > length ? length : index;
    object_unlock(&it->header);
    return none_new();
}

static void iterator_destroy(Object *self) {
    ref_release(((ArrayIterator *)self)->array);
    object_free_fixed(self);
}
static void iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ArrayIterator *)self)->array);
}

static const NativeDef iterator_methods[] = {
    DEF_NONE("__reduce__", iterator_reduce_method, "State for pickling."),
    DEF_ONE("__setstate__", iterator_setstate, "Sets the position."),
    DEF_END,
};

Type array_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "array.arrayiterator",
    .basic_size = sizeof(ArrayIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .iter = object_self_iter,
    .next = iterator_next,
    .methods = iterator_methods,
};

// ---- the type and the module --------------------------------------------------------------------

static Value array_typecode(Value self) {
    return str_from_code_point((uint8_t)array_of(self)->kind->code);
}
static Value array_itemsize(Value self) {
    return value_from_int(array_of(self)->kind->size);
}
static const GetSetDef array_getsets[] = {
    {"typecode", array_typecode, NULL, "the typecode character used to create the array"},
    {"itemsize", array_itemsize, NULL, "the size, in bytes, of one array item"},
    {NULL},
};

Type array_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "array.array",
    .basic_size = sizeof(Array),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_UNHASHABLE | TYPE_WEAKREFABLE | TYPE_SEQUENCE,
    .doc = "array(typecode [, initializer]) -> array\n\nA sequence of numbers of one machine type.",
    .call_new = array_new,
    .destroy = array_destroy,
    .repr = array_repr,
    .compare = array_compare,
    .iter = array_iter,
    .length = length_slot,
    .getitem = array_getitem,
    .setitem = array_setitem,
    .sequence_item = array_item,
    .contains = array_contains,
    .concatenate = array_concatenate,
    .repeat = array_repeat,
    .inplace_concatenate = array_inplace_concatenate,
    .inplace_repeat = array_inplace_repeat,
    .get_buffer = array_get_buffer,
    .release_buffer = array_release_buffer,
    .methods = array_methods,
    .getsets = array_getsets,
};

static const NativeDef array_functions[] = {
    DEF_FIXED("_array_reconstructor", array_reconstruct, 4, 4,
              "_array_reconstructor($module, arraytype, typecode, mformat_code, items, /)\n--\n\n"
              "An array from its pickled form."),
    DEF_END,
};

static int array_fill(Value module) {
    type_ready(&array_iterator_type);
    if (module_add_type(module, &array_type) < 0 ||
        module_add(module, "ArrayType", ref_new(value_from_object(&array_type))) < 0 ||
        module_add_str(module, "typecodes", "bBuhHiIlLqQfd") < 0)
        return -1;
    Value abc = import_module_cstr("collections.abc"), sequence, done = VALUE_NULL;
    if (value_is_null(abc))
        return -1;
    sequence = value_getattr_cstr(abc, "MutableSequence");
    if (!value_is_null(sequence)) {
        Value type = value_from_object(&array_type);
        done = value_call_method_cstr(sequence, "register", &type, 1);
    }
    ref_release(abc);
    ref_release(sequence);
    ref_release(done);
    return value_is_null(done) ? -1 : 0;
}

const NativeModule module_array = {"array", "Arrays of machine numbers.", array_functions,
                                   array_fill};
