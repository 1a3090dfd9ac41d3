// SPDX-License-Identifier: MIT
//
// memoryview: windows on another object's bytes, with an item format, a shape and strides.
//
// A ManagedBuffer holds the one buffer view taken from the object; all memoryviews sliced or cast
// from each other share it, and it is given back when the last of them is released or dies. That is
// when the number of them says so, not when the ManagedBuffer dies: a collector that runs the
// finaliser which releases the view may have that in hand, or find out later that nobody has.
//
// Of a MemoryView only `managed` (VALUE_NULL once released) and `exports` change; both are guarded
// by its lock. Every use of `data` holds a reference to managed meanwhile, since another thread may
// release the view. The bytes themselves are read and written within the guard of the buffer
// (vm/object.h), an item or a row at a time, and only if the buffer has not ended, which is looked
// at within the guard (bytes_enter): who ends it passes through the guard before he gives the view
// back. Bytes without a guard are constant and stay while their owner lives, which is as long as
// the ManagedBuffer does.
#include "vm/runtime/errors.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/memoryview.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- making ------------------------------------------------------------------------------------

static void managed_destroy(Object *self) {
    ManagedBuffer *b = (ManagedBuffer *)self;
    if (b->ended)
        ref_release(b->view.owner);
    else
        buffer_view_release(&b->view);
    object_free_fixed(self);
}
static void managed_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ManagedBuffer *)self)->view.owner);
}

Type managed_buffer_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "managedbuffer",
    .basic_size = sizeof(ManagedBuffer),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = managed_destroy,
    .traverse = managed_traverse,
};

int memoryview_raise_released(void) {
    return raise_int(&exception_ValueError, "operation forbidden on released memoryview object");
}

// One memoryview more. 0, or -1 with ValueError.
static int managed_join(Value managed) {
    ManagedBuffer *b = (ManagedBuffer *)value_object(managed);
    object_lock(&b->header);
    bool ended = b->ended;
    if (!ended)
        b->views++;
    object_unlock(&b->header);
    return ended ? memoryview_raise_released() : 0;
}
// One less.
static void managed_leave(Value managed) {
    ManagedBuffer *b = (ManagedBuffer *)value_object(managed);
    object_lock(&b->header);
    bool last = --b->views == 0;
    if (last)
        __atomic_store_n(&b->ended, true, __ATOMIC_RELAXED);
    object_unlock(&b->header);
    if (!last)
        return;
    buffer_view_enter(&b->view); // nobody is at the bytes after this
    buffer_view_leave(&b->view);
    Value owner = b->view.owner;
    Type *type = value_type(owner);
    if (type->release_buffer)
        type->release_buffer(owner, &b->view);
}

static MemoryView *allocate(Value managed, int ndim) {
    if (managed_join(managed) < 0)
        return NULL;
    MemoryView *m = object_allocate_sized(&memoryview_type,
                                          sizeof(MemoryView) + 2 * (size_t)ndim * sizeof(int64_t));
    if (!m) {
        managed_leave(managed);
        return NULL;
    }
    m->ndim = ndim;
    m->exports = m->hash = 0;
    field_init(&m->managed, ref_new(managed));
    return m;
}

static void set_contiguous_strides(MemoryView *m) {
    int64_t stride = m->item_size;
    for (int i = m->ndim - 1; i >= 0; i--) {
        memoryview_strides(m)[i] = stride;
        stride *= memoryview_shape(m)[i];
    }
}

// The view's managed buffer as a new reference; VALUE_NULL with ValueError once released.
static Value hold(MemoryView *m) {
    Value managed = field_load(&m->header, &m->managed);
    if (value_is_null(managed))
        memoryview_raise_released();
    return managed;
}

// After something that may have run Python code: -1 with ValueError if the view was released by it.
static int still_held(MemoryView *m) {
    Value managed = hold(m);
    ref_release(managed);
    return value_is_null(managed) ? -1 : 0;
}

// A copy of the fixed part and dimensions of m, over the same buffer.
static MemoryView *duplicate(MemoryView *m, Value managed) {
    MemoryView *copy = allocate(managed, m->ndim);
    if (!copy)
        return NULL;
    copy->data = m->data;
    copy->length = m->length;
    copy->item_size = m->item_size;
    copy->format = m->format;
    copy->readonly = m->readonly;
    memcpy(copy->dimensions, m->dimensions, 2 * (size_t)m->ndim * sizeof(int64_t));
    return copy;
}

static Value make(Value v, bool brief) {
    if (value_is_exactly(v, &memoryview_type)) {
        MemoryView *from = (MemoryView *)value_object(v);
        Value managed = hold(from);
        if (value_is_null(managed))
            return managed;
        MemoryView *m = duplicate(from, managed);
        ref_release(managed);
        return m ? value_from_object(m) : VALUE_NULL;
    }
    if (!value_type(v)->get_buffer)
        return raise_type_error("memoryview: a bytes-like object is required, not '%T'", v);
    ManagedBuffer *managed = object_allocate(&managed_buffer_type);
    if (!managed)
        return VALUE_NULL;
    managed->view.owner = VALUE_NULL;
    managed->views = 0;
    managed->ended = false;
    if ((brief ? buffer_view_get_brief(v, &managed->view)
               : buffer_view_get(v, &managed->view, false)) < 0) {
        ref_release(value_from_object(managed));
        return VALUE_NULL;
    }
    BufferView *view = &managed->view;
    MemoryView *m = allocate(value_from_object(managed), view->shape ? view->ndim : 1);
    if (m) {
        m->data = view->data;
        m->length = view->length;
        m->item_size = view->item_size;
        m->format = view->format ? view->format : "B";
        m->readonly = view->readonly;
        if (view->shape)
            memcpy(memoryview_shape(m), view->shape, (size_t)view->ndim * sizeof(int64_t));
        else
            memoryview_shape(m)[0] = view->item_size ? view->length / view->item_size : 0;
        set_contiguous_strides(m);
    }
    ref_release(value_from_object(managed));
    return m ? value_from_object(m) : VALUE_NULL;
}

Value memoryview_new(Value v) {
    return make(v, false);
}
Value memoryview_new_brief(Value v) {
    return make(v, true);
}

static Value memoryview_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"object", NULL};
    Value given[1];
    if (arguments_parse("memoryview", args, nargs, kwnames, names, 0, 1, 1, given) < 0)
        return VALUE_NULL;
    return memoryview_new(given[0]);
}

static void memoryview_destroy(Object *self) {
    MemoryView *m = (MemoryView *)self;
    // Where both were found dead together, the buffer sees to itself.
    if (!value_is_null(m->managed) && !count_is_gone(value_object(m->managed)))
        managed_leave(m->managed);
    ref_release(m->managed);
    object_free(self, sizeof(MemoryView) + 2 * (size_t)m->ndim * sizeof(int64_t));
}
static void memoryview_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((MemoryView *)self)->managed);
}

static Value method_release(Value self) {
    MemoryView *m = (MemoryView *)value_object(self);
    object_lock(&m->header);
    int64_t exports = m->exports;
    Value managed = VALUE_NULL;
    if (exports == 0)
        managed = field_swap_locked(&m->managed, VALUE_NULL);
    object_unlock(&m->header);
    if (exports)
        return raise_error(&exception_BufferError, "memoryview has %lld exported buffer%s",
                           (long long)exports, exports == 1 ? "" : "s");
    if (!value_is_null(managed))
        managed_leave(managed);
    ref_release(managed);
    return none_new();
}

// A view that nobody else has is over: its buffer is given back now, whenever the view dies.
void memoryview_drop(MemoryView *m) {
    ref_release(method_release(value_from_object(m)));
    ref_release(value_from_object(m));
}

// ---- layout ------------------------------------------------------------------------------------

// In one dimension the stride decides even if there is nothing to step over.
static bool is_contiguous_1(MemoryView *m) {
    return memoryview_shape(m)[0] == 1 || memoryview_strides(m)[0] == m->item_size;
}

bool memoryview_is_c_contiguous(MemoryView *m) {
    int64_t expected = m->item_size;
    if (m->ndim == 1)
        return is_contiguous_1(m);
    if (m->length == 0)
        return true;
    for (int i = m->ndim - 1; i >= 0; i--) {
        if (memoryview_shape(m)[i] > 1 && memoryview_strides(m)[i] != expected)
            return false;
        expected *= memoryview_shape(m)[i];
    }
    return true;
}
static bool is_f_contiguous(MemoryView *m) {
    int64_t expected = m->item_size;
    if (m->ndim == 1)
        return is_contiguous_1(m);
    if (m->length == 0)
        return true;
    for (int i = 0; i < m->ndim; i++) {
        if (memoryview_shape(m)[i] > 1 && memoryview_strides(m)[i] != expected)
            return false;
        expected *= memoryview_shape(m)[i];
    }
    return true;
}

// Copies the items out in C order or, with `fortran`, with the first index fastest.
static uint8_t *copy_items(MemoryView *m, int dimension, const uint8_t *from, uint8_t *to,
                           bool fortran) {
    if (dimension == m->ndim) {
        memcpy(to, from, (size_t)m->item_size);
        return to + m->item_size;
    }
    int which = fortran ? m->ndim - 1 - dimension : dimension;
    int64_t count = memoryview_shape(m)[which], stride = memoryview_strides(m)[which];
    for (int64_t i = 0; i < count; i++)
        to = copy_items(m, dimension + 1, from + i * stride, to, fortran);
    return to;
}

static Value to_bytes(MemoryView *m, Value managed, bool fortran) {
    uint8_t *out;
    Value result = bytes_allocate(m->length, &out);
    if (m->length == 0 || value_is_null(result))
        return result;
    if (!memoryview_bytes_enter(managed)) {
        ref_release(result);
        memoryview_raise_released();
        return VALUE_NULL;
    }
    if (memoryview_is_c_contiguous(m) && !(fortran && m->ndim > 1))
        memcpy(out, m->data, (size_t)m->length);
    else
        copy_items(m, 0, m->data, out, fortran);
    memoryview_bytes_leave(managed);
    return result;
}

// The item at an address as an object.
Value memoryview_unpack_item(MemoryView *m, Value managed, const uint8_t *at) {
    uint8_t item[8] = {0}; // no format that can be read is longer
    size_t size = m->item_size < 8 ? (size_t)m->item_size : 8;
    if (!memoryview_bytes_enter(managed)) {
        memoryview_raise_released();
        return VALUE_NULL;
    }
    if (size == 1) // a call of memcpy would take longer than the rest
        item[0] = *at;
    else if (size == 4)
        memcpy(item, at, 4);
    else if (size == 8)
        memcpy(item, at, 8);
    else
        memcpy(item, at, size);
    memoryview_bytes_leave(managed);
    return memory_unpack(item, m->format);
}

Value memoryview_to_bytes(Value view) {
    MemoryView *m = (MemoryView *)value_object(view);
    Value managed = hold(m);
    if (value_is_null(managed))
        return managed;
    Value result = to_bytes(m, managed, false);
    ref_release(managed);
    return result;
}

// An export keeps the view from being released, so managed is there and constant.
static void view_guard(Value owner, bool take) {
    MemoryView *m = (MemoryView *)value_object(owner);
    if (take)
        buffer_view_enter(memoryview_buffer(m->managed));
    else
        buffer_view_leave(memoryview_buffer(m->managed));
}

static void describe(const MemoryView *m, BufferView *view) {
    view->data = m->data;
    view->length = m->length;
    view->item_size = m->item_size;
    view->format = m->format;
    view->readonly = m->readonly;
    view->ndim = m->ndim;
    view->shape = memoryview_shape((MemoryView *)m);
    view->strides = NULL;
}

// A brief view of what m is over, so that neither releasing m meanwhile nor resizing that after it
// fails. 1; 0: that has no brief views; -1.
static int get_brief(MemoryView *m, BufferView *view) {
    Value managed = hold(m);
    if (value_is_null(managed))
        return -1;
    BufferView under = {0};
    bool possible =
        memoryview_buffer(managed)->guard == buffer_guard_object && memoryview_is_c_contiguous(m);
    int status = possible ? buffer_view_get_brief(memoryview_buffer(managed)->owner, &under) : 0;
    ref_release(managed);
    if (!possible || status < 0)
        return status;
    object_lock(&m->header);
    bool released = value_is_null(m->managed);
    object_unlock(&m->header);
    if (released) {
        buffer_view_release(&under);
        return memoryview_raise_released();
    }
    // m has kept the memory in its place, so `under` is of the same.
    *view = under;
    describe(m, view);
    return 1;
}

static int memoryview_get_buffer(Value self, BufferView *view, bool writable) {
    MemoryView *m = (MemoryView *)value_object(self);
    if (view->internal == &brief_view_wanted) {
        int status = get_brief(m, view);
        if (status)
            return status < 0 ? -1 : 0;
    }
    object_lock(&m->header);
    bool released = value_is_null(m->managed);
    bool refused = (writable && m->readonly) || !memoryview_is_c_contiguous(m);
    if (!released && !refused)
        m->exports++;
    object_unlock(&m->header);
    if (released)
        return memoryview_raise_released();
    if (refused)
        return raise_int(&exception_BufferError,
                         writable && m->readonly
                             ? "memoryview: underlying buffer is not writable"
                             : "memoryview: underlying buffer is not C-contiguous");
    describe(m, view);
    view->guard = view_guard;
    return 0;
}

static void memoryview_release_buffer(Value self, BufferView *view) {
    MemoryView *m = (MemoryView *)value_object(self);
    object_lock(&m->header);
    m->exports--;
    object_unlock(&m->header);
}

// ---- item access ------------------------------------------------------------------------------

// The address of the item at the indexes, or NULL with IndexError.
static uint8_t *item_address(MemoryView *m, const int64_t *indexes) {
    uint8_t *at = m->data;
    for (int i = 0; i < m->ndim; i++) {
        int64_t count = memoryview_shape(m)[i], index = indexes[i];
        if (index < 0)
            index += count;
        if (index < 0 || index >= count) {
            raise_error(&exception_IndexError, "index out of bounds on dimension %d", i + 1);
            return NULL;
        }
        at += index * memoryview_strides(m)[i];
    }
    return at;
}

// Numbers from a key that is an int or a tuple of ints. 1 done; 0 something else; -1 error.
static int indexes_of_key(MemoryView *m, Value key, int64_t *indexes, bool storing) {
    if (value_is_int(key) || (!value_is_tuple(key) && value_type(key)->index)) {
        bool refused = m->ndim > 1;
        if (!(refused && storing) && value_to_position(key, indexes) < 0)
            return -1;
        if (refused)
            return raise_int(&exception_NotImplementedError, "%ssub-views are not implemented",
                             storing ? "" : "multi-dimensional ");
        return 1;
    }
    if (!value_is_tuple(key))
        return 0;
    int64_t n = tuple_length(key);
    for (int64_t i = 0; i < n; i++)
        if (!value_type(tuple_item(key, i))->index)
            return 0;
    if (n < m->ndim)
        return raise_int(&exception_NotImplementedError, "sub-views are not implemented");
    if (n > m->ndim)
        return raise_int(&exception_TypeError,
                         "cannot index %d-dimension view with %lld-element tuple", m->ndim,
                         (long long)n);
    for (int64_t i = 0; i < n; i++)
        if (value_to_size(tuple_item(key, i), &indexes[i]) < 0)
            return -1;
    return 1;
}

static bool is_slices(Value key) {
    if (!value_is_tuple(key))
        return false;
    for (int64_t i = 0; i < tuple_length(key); i++)
        if (!value_is_slice(tuple_item(key, i)))
            return false;
    return true;
}

// A window on the part of the first dimension that a slice selects. It is there before the slice is
// asked for its numbers, which may release m.
static MemoryView *sliced(MemoryView *m, Value managed, Value slice) {
    MemoryView *part = duplicate(m, managed);
    if (!part)
        return NULL;
    int64_t start, stop, step;
    int64_t count = slice_indices(slice, memoryview_shape(m)[0], &start, &stop, &step);
    if (count < 0) {
        memoryview_drop(part);
        return NULL;
    }
    part->data += start * memoryview_strides(m)[0];
    memoryview_shape(part)[0] = count;
    memoryview_strides(part)[0] *= step;
    part->length = m->item_size;
    for (int i = 0; i < m->ndim; i++)
        part->length *= memoryview_shape(part)[i];
    return part;
}

// A view without dimensions has one item, () and ... for short.
static bool is_whole(Value key) {
    return value_same(key, VALUE_ELLIPSIS) || (value_is_tuple(key) && tuple_length(key) == 0);
}

static Value get_item(MemoryView *m, Value managed, Value key) {
    int64_t indexes[MEMORYVIEW_DIMENSIONS_MAX];
    if (UNLIKELY(m->ndim == 0)) {
        if (value_same(key, VALUE_ELLIPSIS))
            return ref_new(value_from_object(m));
        if (!is_whole(key))
            return raise_type_error("invalid indexing of 0-dim memory");
    }
    int found = indexes_of_key(m, key, indexes, false);
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        uint8_t *at = still_held(m) < 0 ? NULL : item_address(m, indexes);
        return at ? memoryview_unpack_item(m, managed, at) : VALUE_NULL;
    }
    if (value_is_slice(key)) {
        MemoryView *part = sliced(m, managed, key);
        return part ? value_from_object(part) : VALUE_NULL;
    }
    if (is_slices(key))
        return raise_error(&exception_NotImplementedError,
                           "multi-dimensional slicing is not implemented");
    return raise_type_error("memoryview: invalid slice key");
}

static Value memoryview_getitem(Value self, Value key) {
    MemoryView *m = (MemoryView *)value_object(self);
    Value managed = hold(m);
    if (value_is_null(managed))
        return managed;
    Value result = get_item(m, managed, key);
    ref_release(managed);
    return result;
}

static Value memoryview_item(Value self, int64_t index) {
    return memoryview_getitem(self, value_from_int(index));
}

static const char different_structures[] =
    "memoryview assignment: lvalue and rvalue have different structures";

// Whether making numbers of a slice runs no Python code.
static bool slice_is_of_ints(Value key) {
    const Slice *s = slice_of(key);
    return (value_is_int(s->start) || value_is_none(s->start)) &&
           (value_is_int(s->stop) || value_is_none(s->stop)) &&
           (value_is_int(s->step) || value_is_none(s->step));
}

// The slice of a row of bytes gets those of a bytes, which are constant: no views are needed.
static int assign_bytes(MemoryView *m, Value managed, Value key, Value bytes) {
    int64_t start, stop, step;
    int64_t count = slice_indices(key, memoryview_shape(m)[0], &start, &stop, &step);
    if (count < 0)
        return -1;
    if (count != bytes_length(bytes))
        return raise_int(&exception_ValueError, different_structures);
    if (!memoryview_bytes_enter(managed))
        return memoryview_raise_released();
    const uint8_t *from = bytes_data(bytes);
    int64_t stride = memoryview_strides(m)[0];
    uint8_t *to = m->data + start * stride;
    stride *= step;
    if (stride == 1)
        memcpy(to, from, (size_t)count);
    else
        for (int64_t i = 0; i < count; i++)
            to[i * stride] = from[i];
    memoryview_bytes_leave(managed);
    return 0;
}

static int assign_slice(MemoryView *m, Value managed, Value key, Value value) {
    if (m->ndim != 1)
        return raise_int(&exception_NotImplementedError,
                         "memoryview slice assignments are currently "
                         "restricted to ndim = 1");
    if (value_is_exactly(value, &bytes_type) && strcmp(memory_plain_format(m->format), "B") == 0 &&
        slice_is_of_ints(key))
        return assign_bytes(m, managed, key, value);
    // Both sides as views, since either may be strided and they may overlap.
    Value source = memoryview_new_brief(value);
    if (value_is_null(source)) {
        if (error_matches(&exception_TypeError) && !value_type(value)->get_buffer) {
            error_clear();
            raise_type_error("a bytes-like object is required, not '%T'", value);
        }
        return -1;
    }
    MemoryView *from = (MemoryView *)value_object(source);
    MemoryView *to = sliced(m, managed, key);
    int result = -1;
    if (to && still_held(m) < 0) {
        memoryview_drop(to);
    } else if (to) {
        if (from->ndim != 1 ||
            strcmp(memory_plain_format(from->format), memory_plain_format(to->format)) != 0 ||
            memoryview_shape(from)[0] != memoryview_shape(to)[0]) {
            raise_value_error(different_structures);
        } else {
            Value bytes = memoryview_to_bytes(source);
            if (!value_is_null(bytes) &&
                memoryview_bytes_enter(managed)) { // `to` keeps it from ending
                int64_t count = memoryview_shape(to)[0], size = to->item_size;
                for (int64_t i = 0; i < count; i++)
                    memcpy(to->data + i * memoryview_strides(to)[0], bytes_data(bytes) + i * size,
                           (size_t)size);
                memoryview_bytes_leave(managed);
                result = 0;
            }
            ref_release(bytes);
        }
        memoryview_drop(to);
    }
    memoryview_drop(from);
    return result;
}

static int set_item(MemoryView *m, Value managed, Value key, Value value) {
    int64_t indexes[MEMORYVIEW_DIMENSIONS_MAX];
    if (m->readonly)
        return raise_int(&exception_TypeError, "cannot modify read-only memory");
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "cannot delete memory");
    if (m->ndim == 0 && !is_whole(key))
        return raise_int(&exception_TypeError, "invalid indexing of 0-dim memory");
    int found = m->ndim == 0 ? 1 : indexes_of_key(m, key, indexes, true);
    if (found < 0)
        return -1;
    if (found) {
        uint8_t item[8]; // no native format is longer
        uint8_t *at = item_address(m, indexes);
        if (!at || memory_pack(item, memory_plain_format(m->format), value) < 0 ||
            still_held(m) < 0)
            return -1;
        if (!memoryview_bytes_enter(managed))
            return memoryview_raise_released();
        memcpy(at, item, (size_t)m->item_size);
        memoryview_bytes_leave(managed);
        return 0;
    }
    if (value_is_slice(key))
        return assign_slice(m, managed, key, value);
    if (is_slices(key))
        return raise_int(&exception_NotImplementedError,
                         "memoryview slice assignments are currently "
                         "restricted to ndim = 1");
    return raise_int(&exception_TypeError, "memoryview: invalid slice key");
}

static int memoryview_setitem(Value self, Value key, Value value) {
    MemoryView *m = (MemoryView *)value_object(self);
    Value managed = hold(m);
    if (value_is_null(managed))
        return -1;
    int result = set_item(m, managed, key, value);
    ref_release(managed);
    return result;
}

static int64_t memoryview_length(Value self) {
    MemoryView *m = (MemoryView *)value_object(self);
    Value managed = hold(m);
    if (value_is_null(managed))
        return -1;
    ref_release(managed);
    return m->ndim ? memoryview_shape(m)[0] : 1;
}

// ---- hashing, showing -------------------------------------------------------------------------

static int64_t memoryview_hash(Value self) {
    MemoryView *m = (MemoryView *)value_object(self);
    int64_t known = __atomic_load_n(&m->hash, __ATOMIC_RELAXED);
    if (known)
        return known; // also once released
    Value managed = hold(m);
    if (value_is_null(managed))
        return -1;
    int64_t hash = -1;
    const char *format = memory_plain_format(m->format);
    if (!m->readonly) {
        raise_value_error("cannot hash writable memoryview object");
    } else if (!strchr("Bbc", format[0]) || format[1]) {
        raise_value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    } else {
        ManagedBuffer *buffer = (ManagedBuffer *)value_object(managed);
        // The owner must be hashable, or else its bytes might change.
        if (value_hash(buffer->view.owner) != -1) {
            Value bytes = to_bytes(m, managed, false);
            if (!value_is_null(bytes))
                hash = value_hash(bytes);
            ref_release(bytes);
        }
    }
    ref_release(managed);
    if (hash != -1)
        __atomic_store_n(&m->hash, hash, __ATOMIC_RELAXED);
    return hash;
}

static Value memoryview_repr(Value self) {
    MemoryView *m = (MemoryView *)value_object(self);
    Value managed = field_load(&m->header, &m->managed);
    Value result = str_format(value_is_null(managed) ? "<released memory at %p>" : "<memory at %p>",
                              (void *)m);
    ref_release(managed);
    return result;
}

// ---- methods ----------------------------------------------------------------------------------

static Value method_tobytes(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"order", NULL};
    Value given[1];
    if (arguments_parse("tobytes", args, nargs, kwnames, names, 0, 1, 0, given) < 0)
        return VALUE_NULL;
    bool fortran = false;
    MemoryView *m = (MemoryView *)value_object(self);
    if (!value_is_null(given[0]) && !value_is_none(given[0])) {
        if (!value_is_str(given[0]))
            return raise_type_error("tobytes() argument 'order' must be str or None, not %G",
                                    given[0]);
        if (str_equal_cstr(given[0], "F"))
            fortran = true;
        else if (str_equal_cstr(given[0], "A"))
            fortran = is_f_contiguous(m) && !memoryview_is_c_contiguous(m);
        else if (!str_equal_cstr(given[0], "C"))
            return raise_value_error("order must be 'C', 'F' or 'A'");
    }
    Value managed = hold(m);
    if (value_is_null(managed))
        return managed;
    Value result = to_bytes(m, managed, fortran);
    ref_release(managed);
    return result;
}

static Value list_of_items(MemoryView *m, Value managed, int dimension, const uint8_t *from) {
    if (dimension == m->ndim)
        return memoryview_unpack_item(m, managed, from);
    int64_t count = memoryview_shape(m)[dimension], stride = memoryview_strides(m)[dimension];
    Value list = list_new_sized(count);
    if (!value_is_null(list) && dimension + 1 == m->ndim && m->format[0] == 'B' && !m->format[1]) {
        Value *items = list_of(list)->items;
        if (!memoryview_bytes_enter(managed)) {
            ref_release(list);
            memoryview_raise_released();
            return VALUE_NULL;
        }
        for (int64_t i = 0; i < count; i++)
            items[i] = value_from_int(from[i * stride]);
        memoryview_bytes_leave(managed);
        list_of(list)->length = count;
        return list;
    }
    for (int64_t i = 0; i < count && !value_is_null(list); i++) {
        Value item = list_of_items(m, managed, dimension + 1, from + i * stride);
        if (value_is_null(item) || list_append_owned(list, item) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return list;
}

static Value method_tolist(Value self) {
    MemoryView *m = (MemoryView *)value_object(self);
    Value managed = hold(m);
    if (value_is_null(managed))
        return managed;
    Value result = list_of_items(m, managed, 0, m->data);
    ref_release(managed);
    return result;
}

static Value method_hex(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value bytes = memoryview_to_bytes(self);
    if (value_is_null(bytes))
        return bytes;
    Value result = bytes_hex(bytes_data(bytes), bytes_length(bytes), args, nargs, kwnames);
    ref_release(bytes);
    return result;
}

static Value method_toreadonly(Value self) {
    Value copy = memoryview_new(self);
    if (!value_is_null(copy))
        ((MemoryView *)value_object(copy))->readonly = true;
    return copy;
}

static bool is_byte_format(char c) {
    return c == 'b' || c == 'B' || c == 'c';
}

// The dimensions of a cast's shape, which is a tuple. Their number, or -1 with an error.
static int parse_shape(Value shape, int64_t item_size, int64_t length, int64_t *dimensions) {
    int64_t n = tuple_length(shape), product = 1;
    for (int64_t i = 0; i < n; i++) {
        Value item = tuple_item(shape, i);
        if (!value_is_any_int(item))
            return raise_int(&exception_TypeError,
                             "memoryview.cast(): elements of shape must be integers");
        if (size_argument(item, &dimensions[i]) < 0)
            return -1;
        if (dimensions[i] <= 0)
            return raise_int(&exception_ValueError,
                             "memoryview.cast(): elements of shape must be integers > 0");
        if (__builtin_mul_overflow(product, dimensions[i], &product))
            return raise_int(&exception_ValueError,
                             "memoryview.cast(): product(shape) > SSIZE_MAX");
    }
    if (product > length || product * item_size != length)
        return raise_int(&exception_TypeError,
                         "memoryview: product(shape) * itemsize != buffer size");
    return (int)n;
}

// A cast's shape as a tuple, if a view of so many dimensions can be cast to as many.
static Value shape_tuple(Value shape, int ndim) {
    if (!value_is_list(shape) && !value_is_tuple(shape))
        return raise_type_error("shape must be a list or a tuple");
    Value tuple = tuple_from_iterable(shape);
    if (value_is_null(tuple))
        return tuple;
    if (tuple_length(tuple) > MEMORYVIEW_DIMENSIONS_MAX)
        raise_value_error("memoryview: number of dimensions must not exceed %d",
                          MEMORYVIEW_DIMENSIONS_MAX);
    else if (ndim != 1 && tuple_length(tuple) != 1)
        raise_type_error("memoryview: cast must be 1D -> ND or ND -> 1D");
    else
        return tuple;
    ref_release(tuple);
    return VALUE_NULL;
}

// shape: a tuple or VALUE_NULL.
static Value cast_held(MemoryView *m, Value managed, Value format, Value shape) {
    const char *target = memory_native_format(format);
    if (!target)
        return raise_value_error(
            "memoryview: destination format must be a native single character format "
            "prefixed with an optional '@'");
    int64_t target_size = memory_item_size(target);
    if (!is_byte_format(memory_plain_format(target)[0]) &&
        !is_byte_format(memory_plain_format(m->format)[0]))
        return raise_type_error("memoryview: cannot cast between two non-byte formats");
    if (m->length % target_size)
        return raise_type_error("memoryview: length is not a multiple of itemsize");
    int64_t dimensions[MEMORYVIEW_DIMENSIONS_MAX] = {m->length / target_size};
    int ndim = 1;
    if (!value_is_null(shape)) {
        ndim = parse_shape(shape, target_size, m->length, dimensions);
        if (ndim < 0)
            return VALUE_NULL;
    }
    MemoryView *result = allocate(managed, ndim);
    if (!result)
        return VALUE_NULL;
    result->data = m->data;
    result->length = m->length;
    result->item_size = target_size;
    result->format = target;
    result->readonly = m->readonly;
    memcpy(memoryview_shape(result), dimensions, (size_t)ndim * sizeof(int64_t));
    set_contiguous_strides(result);
    return value_from_object(result);
}

static Value cast_checked(MemoryView *m, Value managed, Value format, Value shape) {
    if (!memoryview_is_c_contiguous(m))
        return raise_type_error("memoryview: casts are restricted to C-contiguous views");
    if (!value_is_null(shape) || m->ndim != 1)
        for (int i = 0; i < m->ndim; i++)
            if (memoryview_shape(m)[i] == 0 || memoryview_strides(m)[i] == 0)
                return raise_type_error(
                    "memoryview: cannot cast view with zeros in shape or strides");
    if (value_is_null(shape))
        return cast_held(m, managed, format, shape);
    Value tuple = shape_tuple(shape, m->ndim);
    Value result = value_is_null(tuple) ? tuple : cast_held(m, managed, format, tuple);
    ref_release(tuple);
    return result;
}

static Value method_cast(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", "shape", NULL};
    Value given[2];
    MemoryView *m = (MemoryView *)value_object(self);
    if (arguments_parse("cast", args, nargs, kwnames, names, 0, 2, 1, given) < 0)
        return VALUE_NULL;
    if (!value_is_str(given[0]))
        return raise_type_error("cast() argument 'format' must be str, not %G", given[0]);
    Value managed = hold(m);
    if (value_is_null(managed))
        return managed;
    Value result = cast_checked(m, managed, given[0], given[1]);
    ref_release(managed);
    return result;
}

static Value method_enter(Value self) {
    Value managed = hold((MemoryView *)value_object(self));
    if (value_is_null(managed))
        return managed;
    ref_release(managed);
    return ref_new(self);
}
static Value method_exit(Value self, const Value *args, size_t nargs) {
    return method_release(self);
}

// ---- attributes -------------------------------------------------------------------------------

#define ATTRIBUTE(name, expression)                                                                \
    static Value get_##name(Value self) {                                                          \
        MemoryView *m = (MemoryView *)value_object(self);                                          \
        Value managed = hold(m);                                                                   \
        if (value_is_null(managed))                                                                \
            return managed;                                                                        \
        Value result = expression;                                                                 \
        ref_release(managed);                                                                      \
        return result;                                                                             \
    }

static Value int_tuple(const int64_t *numbers, int count) {
    Value items[MEMORYVIEW_DIMENSIONS_MAX];
    for (int i = 0; i < count; i++)
        items[i] = value_from_int(numbers[i]);
    return tuple_from_array(items, count);
}

ATTRIBUTE(obj, ref_new(((ManagedBuffer *)value_object(managed))->view.owner))
ATTRIBUTE(nbytes, value_from_int(m->length))
ATTRIBUTE(readonly, bool_new(m->readonly))
ATTRIBUTE(itemsize, value_from_int(m->item_size))
ATTRIBUTE(format, str_from_cstr(m->format))
ATTRIBUTE(ndim, value_from_int(m->ndim))
ATTRIBUTE(shape, int_tuple(memoryview_shape(m), m->ndim))
ATTRIBUTE(strides, int_tuple(memoryview_strides(m), m->ndim))
ATTRIBUTE(suboffsets, tuple_empty())
ATTRIBUTE(c_contiguous, bool_new(memoryview_is_c_contiguous(m)))
ATTRIBUTE(f_contiguous, bool_new(is_f_contiguous(m)))
ATTRIBUTE(contiguous, bool_new(memoryview_is_c_contiguous(m) || is_f_contiguous(m)))

static const GetSetDef memoryview_getsets[] = {
    {"obj", get_obj, NULL, "The object whose bytes are seen."},
    {"nbytes", get_nbytes, NULL, "Bytes that the items take when copied out."},
    {"readonly", get_readonly, NULL, "Whether the bytes cannot be changed through the view."},
    {"itemsize", get_itemsize, NULL, "Bytes of one item."},
    {"format", get_format, NULL, "The items' format, as in the struct module."},
    {"ndim", get_ndim, NULL, "The number of dimensions."},
    {"shape", get_shape, NULL, "Items in each dimension."},
    {"strides", get_strides, NULL, "Bytes from one item to the next in each dimension."},
    {"suboffsets", get_suboffsets, NULL, "Always ()."},
    {"c_contiguous", get_c_contiguous, NULL,
     "Whether the items lie side by side, last index fastest."},
    {"f_contiguous", get_f_contiguous, NULL,
     "Whether the items lie side by side, first index fastest."},
    {"contiguous", get_contiguous, NULL, "Whether the items lie side by side."},
    {NULL, NULL, NULL, NULL},
};

static const NativeDef memoryview_methods[] = {
    DEF_NONE("release", method_release, "Lets the object go."),
    DEF_VECTOR("tobytes", method_tobytes, "The items' bytes in an order."),
    DEF_VECTOR("hex", method_hex,
               "Two hexadecimal digits a byte.\n\n>>> memoryview(b'\\x01\\xff').hex()\n'01ff'"),
    DEF_NONE("tolist", method_tolist, "The items as (nested) lists."),
    DEF_VECTOR("cast", method_cast, "The same bytes with another format or shape."),
    DEF_NONE("toreadonly", method_toreadonly, "A view that cannot change the bytes."),
    DEF_NONE("__enter__", method_enter, "The view itself."),
    DEF_FIXED("__exit__", method_exit, 0, -1, "Releases the view."),
    DEF_END,
};

// ---- iterator ---------------------------------------------------------------------------------

// index is guarded by the iterator's lock; at the end it stays at the length.
typedef struct {
    Object header;
    Value view; // constant
    int64_t index;
} MemoryIterator;

static Value memoryview_iter(Value self) {
    MemoryView *m = (MemoryView *)value_object(self);
    Value managed = hold(m);
    if (value_is_null(managed))
        return managed;
    ref_release(managed);
    if (m->ndim == 0)
        return raise_type_error("invalid indexing of 0-dim memory");
    if (m->ndim != 1)
        return raise_error(&exception_NotImplementedError,
                           "multi-dimensional sub-views are not implemented");
    MemoryIterator *it = object_allocate(&memory_iterator_type);
    if (!it)
        return VALUE_NULL;
    it->index = 0;
    field_init(&it->view, ref_new(self));
    return value_from_object(it);
}

static Value memory_iterator_next(Value self) {
    MemoryIterator *it = (MemoryIterator *)value_object(self);
    MemoryView *m = (MemoryView *)value_object(it->view);
    int64_t length = memoryview_shape(m)[0];
    object_lock(&it->header);
    int64_t index = it->index;
    if (index < length)
        it->index = index + 1;
    object_unlock(&it->header);
    Value managed = index < length ? hold(m) : VALUE_NULL;
    if (value_is_null(managed))
        return VALUE_NULL;
    Value item = memoryview_unpack_item(m, managed, m->data + index * memoryview_strides(m)[0]);
    ref_release(managed);
    return item;
}
static void memory_iterator_destroy(Object *self) {
    ref_release(((MemoryIterator *)self)->view);
    object_free_fixed(self);
}
static void memory_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((MemoryIterator *)self)->view);
}

Type memory_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "memory_iterator",
    .basic_size = sizeof(MemoryIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = memory_iterator_destroy,
    .traverse = memory_iterator_traverse,
    .iter = object_self_iter,
    .next = memory_iterator_next,
};

Type memoryview_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "memoryview",
    .basic_size = sizeof(MemoryView),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE | TYPE_WEAKREFABLE | TYPE_SEQUENCE,
    .doc = "memoryview(object)\n--\n\nA window on the bytes of another object.",
    .call_new = memoryview_call_new,
    .destroy = memoryview_destroy,
    .traverse = memoryview_traverse,
    .repr = memoryview_repr,
    .hash = memoryview_hash,
    .compare = memoryview_compare,
    .iter = memoryview_iter,
    .length = memoryview_length,
    .getitem = memoryview_getitem,
    .setitem = memoryview_setitem,
    .sequence_item = memoryview_item,
    .get_buffer = memoryview_get_buffer,
    .release_buffer = memoryview_release_buffer,
    .methods = memoryview_methods,
    .getsets = memoryview_getsets,
};

void memoryview_start(void) {
    type_ready(&managed_buffer_type);
    type_ready(&memoryview_type);
    type_ready(&memory_iterator_type);
}
