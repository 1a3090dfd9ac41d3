// SPDX-License-Identifier: MIT
//
// bytearray: a mutable sequence of bytes. The methods it shares with bytes are in
// bytes_methods.c; here are the type, item access and whatever changes one.
//
// Everything in a ByteArray is guarded by its lock. While a lasting view is held (viewers.lasting >
// 0) the length and the place of the bytes stay; the bytes themselves may change under a view's
// eyes. Who moves bytes or takes them away locks by lock_to_change(), which parts with brief views;
// but bytes are set, and put behind the last one where there is room, in place. All changes of
// length go through splice(), which allocates without the lock and then looks again.
#include "vm/copy.h"
#include "vm/runtime/options.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/str_internal.h"
#include "vm/types/tuple.h"
#include "vm/types/list.h"
#include "vm/types/type.h"
#include <stdio.h>

#define LENGTH_MAX ((int64_t)1 << 46)

bool value_is_bytearray(Value v) {
    return value_is_exactly(v, &bytearray_type) ||
           (value_is_object(v) && type_is_subtype(value_type(v), &bytearray_type));
}

static ViewedMemory memory_of(ByteArray *a) {
    return (ViewedMemory){&a->viewers, &a->base, &a->data, &a->capacity, 1};
}
static inline bool lock_to_change(ByteArray *a) { // false: MemoryError
    return object_lock_to_change(&a->header, memory_of(a));
}

static ByteArray *make_empty(Type *type) {
    ByteArray *a = object_allocate(type);
    if (a) {
        a->length = a->capacity = 0;
        a->viewers = (Viewers){0};
        a->data = a->base = NULL;
    }
    return a;
}

Value bytearray_allocate(int64_t length, uint8_t **out) {
    ByteArray *a = make_empty(&bytearray_type);
    if (!a)
        return VALUE_NULL;
    if (length) {
        a->base = length < LENGTH_MAX ? buffer_allocate((size_t)length + 1) : NULL;
        if (!a->base) {
            ref_release(value_from_object(a));
            return raise_memory_error();
        }
        a->data = a->base;
        a->capacity = length + 1;
        a->length = length;
        a->data[length] = 0;
    }
    *out = a->data;
    return value_from_object(a);
}

Value bytearray_new(const void *data, size_t length) {
    uint8_t *out;
    Value made = bytearray_allocate((int64_t)length, &out);
    if (length && !value_is_null(made))
        memcpy(out, data, length);
    return made;
}

Value bytearray_to_bytes(Value v) {
    ByteArray *a = bytearray_of(v);
    for (;;) {
        int64_t length = __atomic_load_n(&a->length, __ATOMIC_RELAXED);
        uint8_t *out;
        Value made = bytes_allocate(length, &out);
        if (value_is_null(made))
            return made;
        object_lock(&a->header);
        bool same = a->length == length;
        if (same && length)
            memcpy(out, a->data, (size_t)length);
        object_unlock(&a->header);
        if (LIKELY(same && length > 1))
            return made;
        Value shared = same ? bytes_new(out, (size_t)length) : VALUE_NULL;
        ref_release(made);
        if (same)
            return shared;
    }
}

static void bytearray_destroy(Object *self) {
    assert(!((ByteArray *)self)->viewers.left);
    buffer_free(((ByteArray *)self)->base);
    type_free_instance(self);
}

// ---- changing the length -----------------------------------------------------------------------

// What to replace by `added` bytes; worked out from the length under the lock.
typedef struct {
    enum { SPLICE_END, SPLICE_ALL, SPLICE_AT, SPLICE_ITEM, SPLICE_SLICE, SPLICE_REPEAT } where;
    // SPLICE_AT: insert before start (clamped); SPLICE_ITEM: the one at start, negative from the
    // end (IndexError); SPLICE_SLICE: as slice_unpack gave; SPLICE_REPEAT: put all there is `start`
    // times more behind it
    int64_t start, stop;
} Splice;

// Views that are dead but not yet destroyed are let go of, once: `settled` says that
// this was tried. False: there is nothing left but to raise.
static bool drop_dead_views(bool *settled) {
    return !*settled && (*settled = gc_find_dead());
}

// The same for who begins anew.
static bool exports_are_over(ByteArray *a) {
    return gc_find_dead() && __atomic_load_n(&a->viewers.lasting, __ATOMIC_RELAXED) == 0;
}

static int raise_exported(void) {
    return raise_int(&exception_BufferError, "Existing exports of data: object cannot be re-sized");
}

static int splice(ByteArray *a, Splice plan, const uint8_t *added, int64_t count) {
    uint8_t *spare = NULL, *old = NULL;
    int64_t spare_capacity = 0;
    bool settled = false;
    for (;;) {
        if (!lock_to_change(a))
            return buffer_free(spare), -1;
        int64_t length = a->length, start = 0, stop = length;
        if (plan.where == SPLICE_END) {
            start = length;
        } else if (plan.where == SPLICE_AT) {
            start = plan.start < 0 ? plan.start + length : plan.start;
            start = stop = start < 0 ? 0 : start > length ? length : start;
        } else if (plan.where == SPLICE_ITEM) {
            start = plan.start < 0 ? plan.start + length : plan.start;
            stop = start + 1;
            if (start < 0 || start >= length) {
                object_unlock(&a->header);
                buffer_free(spare);
                return raise_int(&exception_IndexError, "bytearray index out of range");
            }
        } else if (plan.where == SPLICE_SLICE) {
            start = plan.start;
            stop = plan.stop;
            slice_adjust(length, &start, &stop, 1);
            if (stop < start)
                stop = start;
        } else if (plan.where == SPLICE_REPEAT) {
            count =
                length && plan.start > LENGTH_MAX / length ? LENGTH_MAX + 1 : length * plan.start;
            start = length;
        }
        int64_t removed = stop - start, after = length - stop,
                new_length = length - removed + count;
        if (removed != count && a->viewers.lasting > 0) {
            object_unlock(&a->header);
            if (drop_dead_views(&settled))
                continue;
            buffer_free(spare);
            return raise_exported();
        }
        if (new_length > LENGTH_MAX) {
            object_unlock(&a->header);
            buffer_free(spare);
            return raise_memory_error(), -1;
        }
        int64_t skipped = a->data - a->base; // 0 while base is NULL
        bool shrink = a->capacity > 256 && new_length < a->capacity / 8 && removed != count;
        bool roomy = a->base && skipped + new_length + 1 <= a->capacity;
        if (spare && spare_capacity > new_length && (!roomy || shrink)) {
            if (start)
                memcpy(spare, a->data, (size_t)start);
            if (after)
                memcpy(spare + start + count, a->data + stop, (size_t)after);
            old = a->base;
            a->base = a->data = spare;
            a->capacity = spare_capacity;
            spare = NULL;
        } else if (roomy && !shrink) {
            if (start == 0 && count < removed && after)
                a->data += removed - count; // deleting in front: skip
            else if (removed != count)
                memmove(a->data + start + count, a->data + stop, (size_t)after);
        } else if (a->base && new_length + 1 <= a->capacity && skipped > a->capacity / 2 &&
                   !shrink) {
            // What was skipped in front is at least half: moving there is paid by the deletions.
            memmove(a->base, a->data, (size_t)start);
            memmove(a->base + start + count, a->data + stop, (size_t)after);
            a->data = a->base;
        } else if (new_length == 0 && !a->base) {
            object_unlock(&a->header);
            return 0;
        } else {
            bool growing = new_length > length && length > 0;
            object_unlock(&a->header);
            buffer_free(spare);
            spare_capacity = new_length + 1 + (growing ? new_length / 8 + 16 : 0);
            spare = buffer_allocate((size_t)spare_capacity);
            if (!spare)
                return raise_memory_error(), -1;
            continue;
        }
        if (plan.where == SPLICE_REPEAT)
            copy_repeated(a->data, (size_t)length, (size_t)new_length);
        else if (count)
            memcpy(a->data + start, added, (size_t)count);
        __atomic_store_n(&a->length, new_length, __ATOMIC_RELAXED);
        a->data[new_length] = 0;
        object_unlock(&a->header);
        buffer_free(spare);
        buffer_free(old);
        return 0;
    }
}

static int splice_value(ByteArray *a, Splice plan, Value source) {
    ByteText text;
    if (byte_text_get(source, &text) < 0)
        return -1;
    int result = splice(a, plan, text.data, text.length);
    byte_text_release(&text);
    return result;
}

// ---- constructor -------------------------------------------------------------------------------

static Value bytearray_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    ByteArray *a = make_empty(type);
    return a ? value_from_object(a) : VALUE_NULL;
}

static int append_item(Value item, void *context) {
    Value done = bytearray_method_append(*(Value *)context, item);
    ref_release(item);
    ref_release(done);
    return value_is_null(done) ? -1 : 0;
}

static int bytearray_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"source", "encoding", "errors", NULL};
    Value given[3];
    if (arguments_parse("bytearray", args, nargs, kwnames, names, 0, 3, 0, given) < 0)
        return -1;
    if (__atomic_load_n(&bytearray_of(self)->length, __ATOMIC_RELAXED)) { // initialized again
        Value cleared = bytearray_method_clear(self);
        if (value_is_null(cleared))
            return -1;
        ref_release(cleared);
    }
    Value source = given[0];
    if (!value_is_null(source) && value_is_null(given[1]) && value_is_null(given[2])) {
        Type *type = value_type(source);
        if (type == &bytes_type || type == &bytearray_type)
            return splice_value(bytearray_of(self), (Splice){SPLICE_ALL, 0, 0}, source);
        if (!type->index && !type->get_buffer && !value_is_str(source) &&
            value_may_iterate(source)) {
            // Grows as the iterable is asked for its items, which may look.
            if (splice(bytearray_of(self), (Splice){SPLICE_ALL, 0, 0}, NULL, 0) < 0)
                return -1;
            Value iterator = value_iter_or_say(source, "cannot convert '%T' object to bytearray");
            int status = value_is_null(iterator) ? -1 : iterate(iterator, append_item, &self);
            ref_release(iterator);
            return status;
        }
    }
    Value bytes = bytes_from_arguments(given, "bytearray");
    if (value_is_null(bytes))
        return -1;
    int result = splice(bytearray_of(self), (Splice){SPLICE_ALL, 0, 0}, bytes_data(bytes),
                        bytes_length(bytes));
    ref_release(bytes);
    return result;
}

// ---- items -------------------------------------------------------------------------------------

static int64_t bytearray_length(Value self) {
    return __atomic_load_n(&bytearray_of(self)->length, __ATOMIC_RELAXED);
}

// The byte at an index (negative: from the end) or -1 with IndexError.
static int byte_at(ByteArray *a, int64_t index, bool from_end) {
    object_lock(&a->header);
    if (index < 0 && from_end)
        index += a->length;
    int byte = index >= 0 && index < a->length ? a->data[index] : -1;
    object_unlock(&a->header);
    if (byte < 0)
        raise_error(&exception_IndexError, "bytearray index out of range");
    return byte;
}

static Value bytearray_item(Value self, int64_t index) {
    int byte = byte_at(bytearray_of(self), index, false);
    return byte < 0 ? VALUE_NULL : value_from_int(byte);
}

static int index_of_key(Value key, int64_t *index) {
    if (value_is_int(key)) {
        *index = value_int(key);
        return 0;
    }
    if (!value_type(key)->index)
        return raise_int(&exception_TypeError,
                         "bytearray indices must be integers or slices, not %T", key);
    return value_to_position(key, index);
}

// What a[start:stop:step] holds at one moment, as a new bytearray. The memory is allocated without
// the lock, so that the length is looked at again.
static Value copy_slice(ByteArray *a, int64_t start, int64_t stop, int64_t step) {
    ByteArray *made = make_empty(&bytearray_type); // seen by nobody else yet
    if (!made)
        return VALUE_NULL;
    for (;;) {
        int64_t from = start, end = stop;
        object_lock(&a->header);
        int64_t count = slice_adjust(a->length, &from, &end, step);
        if (count && count < made->capacity) {
            if (step == 1)
                memcpy(made->data, a->data + from, (size_t)count);
            else
                units_copy_apart(made->data, a->data, 0, from, step, count);
        }
        object_unlock(&a->header);
        if (count == 0 || count < made->capacity) {
            made->length = count;
            if (made->data)
                made->data[count] = 0;
            return value_from_object(made);
        }
        buffer_free(made->base);
        made->base = made->data = buffer_allocate((size_t)count + 1);
        made->capacity = made->base ? count + 1 : 0;
        if (!made->base) {
            ref_release(value_from_object(made));
            return raise_memory_error();
        }
    }
}

static Value bytearray_getitem(Value self, Value key) {
    ByteArray *a = bytearray_of(self);
    if (value_is_slice(key)) {
        int64_t start, stop, step;
        if (slice_unpack(key, &start, &stop, &step) < 0)
            return VALUE_NULL;
        return copy_slice(a, start, stop, step);
    }
    int64_t index;
    if (index_of_key(key, &index) < 0)
        return VALUE_NULL;
    int byte = byte_at(a, index, true);
    return byte < 0 ? VALUE_NULL : value_from_int(byte);
}

// Extended slices: with the lock held and nothing to allocate.
static int set_extended(ByteArray *a, int64_t start, int64_t stop, int64_t step,
                        const uint8_t *bytes, int64_t count, bool deleting) {
    const int64_t asked_start = start, asked_stop = stop, asked_step = step;
    int64_t selected;
    bool exported = false, fits = true;
    if (!lock_to_change(a))
        return -1;
    selected = slice_adjust(a->length, &start, &stop, step);
    if (!deleting) {
        fits = selected == count;
        for (int64_t i = 0; fits && i < count; i++)
            a->data[start + i * step] = bytes[i];
    } else { // refused also where there is nothing to take out
        exported = a->viewers.lasting > 0;
        if (!exported && selected > 0) {
            if (step < 0) {
                start += (selected - 1) * step;
                step = -step;
            }
            int64_t to = start, next = start, left = selected;
            for (int64_t from = start; from < a->length; from++) {
                if (left && from == next) {
                    next += step;
                    left--;
                } else {
                    a->data[to++] = a->data[from];
                }
            }
            __atomic_store_n(&a->length, to, __ATOMIC_RELAXED);
            a->data[to] = 0;
        }
    }
    object_unlock(&a->header);
    if (exported)
        return exports_are_over(a)
                   ? set_extended(a, asked_start, asked_stop, asked_step, bytes, count, deleting)
                   : raise_exported();
    if (!fits)
        return raise_int(&exception_ValueError,
                         "attempt to assign bytes of size %lld to extended slice of size %lld",
                         (long long)count, (long long)selected);
    return 0;
}

static int set_slice(ByteArray *a, Value key, Value value) {
    int64_t start, stop, step;
    Value bytes = VALUE_NULL;
    bool deleting = value_is_null(value);
    if (slice_unpack(key, &start, &stop, &step) < 0)
        return -1;
    if (!deleting && (value_type(value)->index || value_is_str(value)))
        return raise_int(&exception_TypeError,
                         "can assign only bytes, buffers, or iterables of ints in "
                         "range(0, 256)");
    if (!deleting) {
        bytes = bytes_from_source(value, "bytearray");
        if (value_is_null(bytes))
            return -1;
    }
    const uint8_t *data = deleting ? NULL : bytes_data(bytes);
    int64_t count = deleting ? 0 : bytes_length(bytes);
    int result = step == 1
                     ? splice(a, (Splice){SPLICE_SLICE, start, stop}, data, count)
                     : set_extended(a, start, stop, step, data, count, deleting || count == 0);
    ref_release(bytes);
    return result;
}

static int bytearray_setitem(Value self, Value key, Value value) {
    ByteArray *a = bytearray_of(self);
    int64_t index;
    if (value_is_slice(key))
        return set_slice(a, key, value);
    if (index_of_key(key, &index) < 0)
        return -1;
    if (value_is_null(value))
        return splice(a, (Splice){SPLICE_ITEM, index, 0}, NULL, 0);
    int byte = byte_from_value(value, "byte must be in range(0, 256)");
    if (byte < 0)
        return -1;
    object_lock(&a->header);
    if (index < 0)
        index += a->length;
    bool inside = index >= 0 && index < a->length;
    if (inside)
        a->data[index] = (uint8_t)byte;
    object_unlock(&a->header);
    return inside ? 0 : raise_int(&exception_IndexError, "bytearray index out of range");
}

static int bytearray_contains(Value self, Value item) {
    ByteArray *a = bytearray_of(self);
    ByteText text;
    if (value_is_int(item) || value_type(item)->index) {
        int byte = byte_from_value(item, "byte must be in range(0, 256)");
        if (byte < 0)
            return -1;
        object_lock(&a->header);
        bool found = units_find_unit(a->data, 0, a->length, (uint32_t)byte) >= 0;
        object_unlock(&a->header);
        return found;
    }
    if (byte_text_get(item, &text) < 0)
        return -1;
    object_lock(&a->header);
    bool found = units_find(a->data, a->length, text.data, text.length, 0) >= 0;
    object_unlock(&a->header);
    byte_text_release(&text);
    return found;
}

// ---- operators ---------------------------------------------------------------------------------

static Value bytearray_repr(Value self) {
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    char prefix[256];
    snprintf(prefix, sizeof prefix, "%.200s(b", type_name(value_type(self)));
    Value result;
    if (bytes_are_ascii((const uint8_t *)prefix, strlen(prefix))) {
        result = bytes_repr_of(text.data, text.length, prefix, ")", true);
    } else { // a subclass with a foreign name
        Value inner = bytes_repr_of(text.data, text.length, "b", "", true);
        result = value_is_null(inner) ? inner : str_format("%N(%V)", value_type(self), inner);
        ref_release(inner);
    }
    byte_text_release(&text);
    return result;
}

static Value bytearray_str(Value self) {
    if (options.bytes_warning &&
        warn(&exception_BytesWarning, 1, "str() on a bytearray instance") < 0)
        return VALUE_NULL;
    return bytearray_repr(self); // also where a subclass has another
}

static Value bytearray_compare(Value self, Value other, CompareOperator op) {
    if (!value_type(self)->get_buffer || !value_type(other)->get_buffer) {
        if (value_is_str(other) && bytes_warn_comparison("bytearray", other, op) < 0)
            return VALUE_NULL;
        return not_implemented_new();
    }
    ByteText a, b;
    if (byte_text_get(self, &a) < 0)
        return VALUE_NULL;
    if (byte_text_get(other, &b) < 0) {
        byte_text_release(&a);
        if (!error_matches(&exception_BufferError))
            return VALUE_NULL;
        error_clear();
        return not_implemented_new();
    }
    int64_t common = a.length < b.length ? a.length : b.length;
    int order = common ? memcmp(a.data, b.data, (size_t)common) : 0;
    if (order == 0)
        order = a.length < b.length ? -1 : a.length > b.length;
    byte_text_release(&a);
    byte_text_release(&b);
    bool result[] = {[COMPARE_LT] = order<0, [COMPARE_LE] = order <= 0, [COMPARE_EQ] = order == 0,
                                          [COMPARE_NE] = order != 0, [COMPARE_GT] = order> 0,
                     [COMPARE_GE] = order >= 0};
    return bool_new(result[op]);
}

// What both hold at one moment.
static Value concatenate_two(ByteArray *a, ByteArray *b) {
    for (;;) {
        int64_t total = __atomic_load_n(&a->length, __ATOMIC_RELAXED) +
                        __atomic_load_n(&b->length, __ATOMIC_RELAXED);
        uint8_t *out;
        Value made = bytearray_allocate(total, &out);
        if (value_is_null(made))
            return made;
        object_lock_two(&a->header, &b->header);
        bool same = a->length + b->length == total;
        if (same && a->length)
            memcpy(out, a->data, (size_t)a->length);
        if (same && b->length)
            memcpy(out + a->length, b->data, (size_t)b->length);
        object_unlock_two(&a->header, &b->header);
        if (LIKELY(same))
            return made;
        ref_release(made);
    }
}

// Has it bytes in one piece? Else with TypeError.
static bool can_concatenate(Value self, Value other) {
    if (LIKELY(value_is_bytes(other) || value_is_bytearray(other)))
        return true;
    ByteText text;
    if (value_type(other)->get_buffer && byte_text_get(other, &text) == 0) {
        byte_text_release(&text);
        return true;
    }
    error_clear();
    raise_type_error("can't concat %T to %T", other, self);
    return false;
}

static Value bytearray_concatenate(Value self, Value other) {
    if (!can_concatenate(self, other))
        return VALUE_NULL;
    if (value_is_bytearray(other))
        return concatenate_two(bytearray_of(self), bytearray_of(other));
    Value result = bytearray_method_copy(self);
    if (!value_is_null(result) &&
        splice_value(bytearray_of(result), (Splice){SPLICE_END, 0, 0}, other) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value bytearray_inplace_concatenate(Value self, Value other) {
    if (!can_concatenate(self, other))
        return VALUE_NULL;
    if (value_same(self, other) && bytearray_length(self)) // in CPython it looks at itself then
        return raise_exported(), VALUE_NULL;
    if (value_is_bytes(other)) {
        ByteArray *a = bytearray_of(self);
        int64_t count = bytes_length(other);
        object_lock(&a->header);
        int64_t length = a->length;
        bool roomy = a->viewers.lasting == 0 && count > 0 && a->base &&
                     a->data - a->base + length + count < a->capacity;
        if (LIKELY(roomy)) {
            memcpy(a->data + length, bytes_data(other), (size_t)count);
            a->data[length + count] = 0;
            __atomic_store_n(&a->length, length + count, __ATOMIC_RELAXED);
        }
        object_unlock(&a->header);
        if (LIKELY(roomy))
            return ref_new(self);
    }
    if (splice_value(bytearray_of(self), (Splice){SPLICE_END, 0, 0}, other) < 0)
        return VALUE_NULL;
    return ref_new(self);
}

// The bytes n times over, as an exact bytes object.
static Value repeated(Value self, Value count) {
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    Value bytes = bytes_new(text.data, (size_t)text.length), result = VALUE_NULL;
    byte_text_release(&text);
    if (!value_is_null(bytes))
        result = bytes_type.repeat(bytes, count);
    ref_release(bytes);
    return result;
}

static Value bytearray_repeat(Value self, Value count) {
    Value bytes = repeated(self, count);
    if (value_is_null(bytes))
        return bytes;
    Value result = bytearray_new(bytes_data(bytes), (size_t)bytes_length(bytes));
    ref_release(bytes);
    return result;
}

static Value bytearray_inplace_repeat(Value self, Value count) {
    int64_t n;
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    Splice plan = {SPLICE_ALL, 0, 0}; // nothing is left
    if (n > 0)
        plan = (Splice){SPLICE_REPEAT, n - 1, 0};
    return splice(bytearray_of(self), plan, NULL, 0) < 0 ? VALUE_NULL : ref_new(self);
}

static int bytearray_get_buffer(Value self, BufferView *view, bool writable) {
    static uint8_t nothing[1];
    ByteArray *a = bytearray_of(self);
    object_lock(&a->header);
    viewers_join(&a->viewers, view, a->base);
    view->data = a->data ? a->data : nothing;
    view->length = a->length;
    object_unlock(&a->header);
    view->readonly = false;
    view->guard = buffer_guard_object;
    return 0;
}

static void bytearray_release_buffer(Value self, BufferView *view) {
    viewers_leave(value_object(self), memory_of(bytearray_of(self)), view);
}

// ---- methods -----------------------------------------------------------------------------------

Value bytearray_method_append(Value self, Value item) {
    int byte = byte_from_value(item, "byte must be in range(0, 256)");
    if (byte < 0)
        return VALUE_NULL;
    uint8_t one = (uint8_t)byte;
    ByteArray *a = bytearray_of(self);
    object_lock(&a->header);
    int64_t length = a->length;
    bool roomy = a->viewers.lasting == 0 && a->base && a->data - a->base + length + 1 < a->capacity;
    if (LIKELY(roomy)) {
        a->data[length] = one;
        a->data[length + 1] = 0;
        __atomic_store_n(&a->length, length + 1, __ATOMIC_RELAXED);
    }
    object_unlock(&a->header);
    if (LIKELY(roomy))
        return none_new();
    return splice(a, (Splice){SPLICE_END, 0, 0}, &one, 1) < 0 ? VALUE_NULL : none_new();
}

Value bytearray_method_extend(Value self, Value iterable) {
    ByteArray *a = bytearray_of(self);
    Splice end = {SPLICE_END, 0, 0};
    if (value_type(iterable)->get_buffer)
        return splice_value(a, end, iterable) < 0 ? VALUE_NULL : none_new();
    Value iterator = value_iter_or_say(iterable, "can't extend bytearray with %T");
    if (value_is_null(iterator))
        return iterator;
    Value list = list_from_iterable(iterator);
    ref_release(iterator);
    if (value_is_null(list))
        return VALUE_NULL;
    Value bytes = bytes_from_source(list, "bytearray");
    ref_release(list);
    if (value_is_null(bytes))
        return VALUE_NULL;
    int result = splice(a, end, bytes_data(bytes), bytes_length(bytes));
    ref_release(bytes);
    return result < 0 ? VALUE_NULL : none_new();
}

Value bytearray_method_insert(Value self, const Value *args, size_t nargs) {
    int64_t index;
    if (size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    int byte = byte_from_value(args[1], "byte must be in range(0, 256)");
    if (byte < 0)
        return VALUE_NULL;
    uint8_t one = (uint8_t)byte;
    return splice(bytearray_of(self), (Splice){SPLICE_AT, index, 0}, &one, 1) < 0 ? VALUE_NULL
                                                                                  : none_new();
}

// Takes out the byte at index (negative: from the end). -1 not there, -2 exported, -3 MemoryError.
static int take_out(ByteArray *a, int64_t index) {
    if (!lock_to_change(a))
        return -3;
    int64_t length = a->length;
    if (index < 0)
        index += length;
    int byte = index >= 0 && index < length ? a->data[index] : -1;
    if (byte >= 0 && a->viewers.lasting > 0)
        byte = -2;
    if (byte >= 0) {
        memmove(a->data + index, a->data + index + 1, (size_t)(length - index)); // with the final 0
        __atomic_store_n(&a->length, length - 1, __ATOMIC_RELAXED);
    }
    object_unlock(&a->header);
    return byte;
}

Value bytearray_method_pop(Value self, const Value *args, size_t nargs) {
    int64_t index = -1;
    if (nargs && size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    if (bytearray_length(self) == 0)
        return raise_error(&exception_IndexError, "pop from empty bytearray");
    bool settled = false;
    int byte;
    do
        byte = take_out(bytearray_of(self), index);
    while (byte == -2 && drop_dead_views(&settled));
    if (byte == -2)
        raise_exported();
    if (byte < -1)
        return VALUE_NULL;
    if (byte < 0)
        return raise_error(&exception_IndexError, "pop index out of range");
    return value_from_int(byte);
}

Value bytearray_method_remove(Value self, Value item) {
    ByteArray *a = bytearray_of(self);
    int byte = byte_from_value(item, "byte must be in range(0, 256)");
    if (byte < 0)
        return VALUE_NULL;
    if (!lock_to_change(a))
        return VALUE_NULL;
    int64_t length = a->length, at = units_find_unit(a->data, 0, length, (uint32_t)byte);
    bool exported = at >= 0 && a->viewers.lasting > 0;
    if (at >= 0 && !exported) {
        memmove(a->data + at, a->data + at + 1, (size_t)(length - at));
        __atomic_store_n(&a->length, length - 1, __ATOMIC_RELAXED);
    }
    object_unlock(&a->header);
    if (exported)
        return exports_are_over(a) ? bytearray_method_remove(self, item)
                                   : (raise_exported(), VALUE_NULL);
    return at < 0 ? raise_value_error("value not found in bytearray") : none_new();
}

Value bytearray_method_reverse(Value self) {
    ByteArray *a = bytearray_of(self);
    if (!lock_to_change(a))
        return VALUE_NULL;
    for (int64_t i = 0, j = a->length - 1; i < j; i++, j--) {
        uint8_t swapped = a->data[i];
        a->data[i] = a->data[j];
        a->data[j] = swapped;
    }
    object_unlock(&a->header);
    return none_new();
}

Value bytearray_method_clear(Value self) {
    ByteArray *a = bytearray_of(self);
    bool exported, settled = false;
    uint8_t *old = NULL;
    do {
        if (!lock_to_change(a))
            return VALUE_NULL;
        exported = a->viewers.lasting > 0;
        if (exported && a->length == 0) { // cleared already
            object_unlock(&a->header);
            return none_new();
        }
        if (!exported) {
            old = a->base;
            a->base = a->data = NULL;
            a->capacity = 0;
            __atomic_store_n(&a->length, 0, __ATOMIC_RELAXED);
        }
        object_unlock(&a->header);
    } while (exported && drop_dead_views(&settled));
    buffer_free(old);
    return exported ? (raise_exported(), VALUE_NULL) : none_new();
}

Value bytearray_method_copy(Value self) {
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    Value result = bytearray_new(text.data, (size_t)text.length);
    byte_text_release(&text);
    return result;
}

static int64_t allocated(Value self) {
    ByteArray *a = bytearray_of(self);
    object_lock(&a->header);
    int64_t capacity = a->capacity;
    object_unlock(&a->header);
    return capacity;
}
Value bytearray_method_alloc(Value self) {
    return value_from_int(allocated(self));
}
Value bytearray_method_sizeof(Value self) {
    return value_from_int((int64_t)sizeof(ByteArray) + allocated(self));
}

static Value reduce(Value self, int64_t protocol) {
    ByteText text;
    Value state = value_call_method_cstr(self, "__getstate__", NULL, 0);
    if (value_is_null(state))
        return VALUE_NULL;
    Value args = VALUE_NULL, result = VALUE_NULL;
    if (byte_text_get(self, &text) == 0) {
        if (text.length == 0) {
            args = tuple_empty();
        } else if (protocol >= 3) {
            Value bytes = bytes_new(text.data, (size_t)text.length);
            if (!value_is_null(bytes))
                args = tuple_pack(1, bytes);
            ref_release(bytes);
        } else {
            Value latin = str_from_latin1(text.data, (size_t)text.length);
            Value encoding = str_from_cstr("latin-1");
            if (!value_is_null(latin) && !value_is_null(encoding))
                args = tuple_pack(2, latin, encoding);
            ref_release(latin);
            ref_release(encoding);
        }
        byte_text_release(&text);
    }
    if (!value_is_null(args))
        result = tuple_pack(3, value_from_object(value_type(self)), args, state);
    ref_release(args);
    ref_release(state);
    return result;
}

Value bytearray_method_reduce(Value self) {
    return reduce(self, 2);
}
Value bytearray_method_reduce_ex(Value self, Value protocol) {
    int64_t n;
    return value_to_i64(protocol, &n) < 0 ? VALUE_NULL : reduce(self, n);
}

// ---- iterator ----------------------------------------------------------------------------------

// Both guarded by the iterator's lock; array becomes VALUE_NULL at the end.
typedef struct {
    Object header;
    Value array;
    int64_t index;
} ByteArrayIterator;

static Value bytearray_iter(Value self) {
    ByteArrayIterator *it = object_allocate(&bytearray_iterator_type);
    if (!it)
        return VALUE_NULL;
    it->index = 0;
    field_init(&it->array, ref_new(self));
    return value_from_object(it);
}

static Value bytearray_iterator_next(Value self) {
    ByteArrayIterator *it = (ByteArrayIterator *)value_object(self);
    object_lock(&it->header);
    Value array = field_raw(&it->array);
    ref_retain(array);
    int64_t index = it->index;
    it->index = index + 1;
    object_unlock(&it->header);
    if (value_is_null(array))
        return VALUE_NULL;
    ByteArray *a = bytearray_of(array);
    object_lock(&a->header);
    int byte = index < a->length ? a->data[index] : -1;
    object_unlock(&a->header);
    ref_release(array);
    if (byte >= 0)
        return value_from_int(byte);
    field_clear(&it->header, &it->array);
    return VALUE_NULL;
}

static void bytearray_iterator_destroy(Object *self) {
    ref_release(((ByteArrayIterator *)self)->array);
    object_free_fixed(self);
}
static void bytearray_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ByteArrayIterator *)self)->array);
}

// The array as a new reference or VALUE_NULL, and the position.
static Value iterator_state(Value self, int64_t *index) {
    ByteArrayIterator *it = (ByteArrayIterator *)value_object(self);
    object_lock(&it->header);
    Value array = field_raw(&it->array);
    ref_retain(array);
    *index = it->index;
    object_unlock(&it->header);
    return array;
}

static Value bytearray_iterator_length_hint(Value self) {
    int64_t index, left = 0;
    Value array = iterator_state(self, &index);
    if (!value_is_null(array))
        left = bytearray_length(array) - index;
    ref_release(array);
    return value_from_int(left > 0 ? left : 0);
}

static Value bytearray_iterator_reduce(Value self) {
    int64_t index;
    Value array = iterator_state(self, &index);
    if (!value_is_null(array))
        return iterator_reduce("iter", array, value_from_int(index));
    return iterator_reduce("iter", tuple_empty(), VALUE_NULL);
}

static Value bytearray_iterator_setstate(Value self, Value state) {
    ByteArrayIterator *it = (ByteArrayIterator *)value_object(self);
    int64_t index;
    if (size_argument(state, &index) < 0)
        return VALUE_NULL;
    object_lock(&it->header);
    it->index = index < 0 ? 0 : index;
    object_unlock(&it->header);
    return none_new();
}

static const NativeDef bytearray_iterator_methods[] = {
    DEF_NONE("__length_hint__", bytearray_iterator_length_hint, "How many bytes are left."),
    DEF_NONE("__reduce__", bytearray_iterator_reduce, "State for pickling."),
    DEF_ONE("__setstate__", bytearray_iterator_setstate, "Sets the position."),
    DEF_END,
};

Type bytearray_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "bytearray_iterator",
    .basic_size = sizeof(ByteArrayIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = bytearray_iterator_destroy,
    .traverse = bytearray_iterator_traverse,
    .iter = object_self_iter,
    .next = bytearray_iterator_next,
    .methods = bytearray_iterator_methods,
};

Type bytearray_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "bytearray",
    .basic_size = sizeof(ByteArray),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_UNHASHABLE | TYPE_WEAKREFABLE | TYPE_PATMA_SELF,
    .doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> "
           "bytearray\n"
           "bytearray(bytes_or_buffer) -> bytearray\nbytearray(int) -> bytearray of zeros\n"
           "bytearray() -> bytearray(b'')\n\nA mutable sequence of bytes.",
    .call_new = bytearray_call_new,
    .init = bytearray_init,
    .destroy = bytearray_destroy,
    .repr = bytearray_repr,
    .str = bytearray_str,
    .compare = bytearray_compare,
    .iter = bytearray_iter,
    .binary = {[BINARY_MODULO] = bytes_remainder},
    .length = bytearray_length,
    .getitem = bytearray_getitem,
    .setitem = bytearray_setitem,
    .sequence_item = bytearray_item,
    .contains = bytearray_contains,
    .concatenate = bytearray_concatenate,
    .repeat = bytearray_repeat,
    .inplace_concatenate = bytearray_inplace_concatenate,
    .inplace_repeat = bytearray_inplace_repeat,
    .get_buffer = bytearray_get_buffer,
    .release_buffer = bytearray_release_buffer,
    .methods = bytearray_methods,
};

void bytearray_start(void) {
    type_ready(&bytearray_type);
    type_ready(&bytearray_iterator_type);
}
