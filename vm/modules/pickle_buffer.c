// SPDX-License-Identifier: MIT
//
// class PickleBuffer (PEP 574): stands for the bytes of another object, which a pickle may leave
// out.
//
// It keeps one view of the object for as long as it is not released or somebody still looks at the
// bytes through it; so `view` changes only under the lock, and who counts in `users` may use what
// it points to. Views are contiguous here. Of a memoryview that is not, only the object itself is
// kept, to say so later.
#include "vm/modules/pickle_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    BufferView view; // owner VALUE_NULL: given back, or the bytes are not contiguous
    Value scattered; // a memoryview of its own on bytes that are not contiguous, or VALUE_NULL
    int64_t users;
    bool released;
} PickleBuffer;

static inline PickleBuffer *buffer_of(Value v) {
    return (PickleBuffer *)value_object(v);
}

// 1: v is a memoryview on bytes that are not contiguous; 0; -1.
static int is_scattered(Value v) {
    if (!value_is_exactly(v, &memoryview_type))
        return 0;
    Value contiguous = value_getattr_cstr(v, "c_contiguous");
    int truth = value_is_null(contiguous) ? -1 : value_truth(contiguous);
    ref_release(contiguous);
    return truth < 0 ? -1 : !truth;
}

static Value buffer_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", NULL};
    Value v[1];
    if (arguments_parse("PickleBuffer", args, nargs, kwnames, names, 1, 1, 1, v) < 0)
        return VALUE_NULL;
    int scattered = is_scattered(v[0]);
    PickleBuffer *b = scattered < 0 ? NULL : object_allocate(type);
    if (!b)
        return VALUE_NULL;
    int status = 0;
    if (scattered)
        status = value_is_null(b->scattered = memoryview_new(v[0])) ? -1 : 0;
    else
        status = buffer_view_get(v[0], &b->view, false);
    if (status < 0) {
        b->view = (BufferView){0};
        ref_release_object(b);
        return VALUE_NULL;
    }
    return value_from_object(b);
}

bool pickle_buffer_is_contiguous(Value v) {
    PickleBuffer *b = buffer_of(v);
    object_lock(&b->header);
    bool scattered = !value_is_null(b->scattered);
    object_unlock(&b->header);
    return !scattered;
}

int pickle_buffer_hold(Value v, BufferView *view) {
    PickleBuffer *b = buffer_of(v);
    object_lock(&b->header);
    bool released = b->released, scattered = !value_is_null(b->scattered);
    if (!released && !scattered) {
        *view = b->view;
        view->owner = VALUE_NULL; // it stays this object's
        b->users++;
    }
    object_unlock(&b->header);
    if (released)
        return raise_int(&exception_ValueError,
                         "operation forbidden on released PickleBuffer object");
    if (scattered)
        return raise_int(&exception_BufferError,
                         "memoryview: underlying buffer is not C-contiguous");
    return 0;
}

// One user less, or the end: gives the view back if nobody needs it any more.
static void let_go(PickleBuffer *b, int64_t users, bool release) {
    BufferView view = {0};
    Value scattered = VALUE_NULL;
    object_lock(&b->header);
    b->users -= users;
    b->released |= release;
    if (b->released && b->users == 0) {
        view = b->view;
        b->view.owner = VALUE_NULL;
        scattered = field_swap_locked(&b->scattered, VALUE_NULL);
    }
    object_unlock(&b->header);
    buffer_view_release(&view);
    ref_release(scattered);
}

void pickle_buffer_unhold(Value v) {
    let_go(buffer_of(v), 1, false);
}

static int buffer_get_buffer(Value self, BufferView *view, bool writable) {
    BufferView held;
    if (pickle_buffer_hold(self, &held) < 0)
        return -1;
    if (writable && held.readonly) {
        pickle_buffer_unhold(self);
        return raise_int(&exception_BufferError, "Object is not writable.");
    }
    held.internal = NULL;
    *view = held;
    return 0;
}
static void buffer_release_buffer(Value self, BufferView *view) {
    pickle_buffer_unhold(self);
}

static Value buffer_raw(Value self) {
    if (!pickle_buffer_is_contiguous(self))
        return raise_error(&exception_BufferError,
                           "cannot extract raw buffer from non-contiguous buffer");
    BufferView held;
    if (pickle_buffer_hold(self, &held) < 0)
        return VALUE_NULL;
    bool plain = held.ndim == 1 && held.format && strcmp(held.format, "B") == 0;
    bool empty = held.length == 0, readonly = held.readonly;
    pickle_buffer_unhold(self);
    if (plain || !empty) {
        Value view = memoryview_new(self);
        if (plain || value_is_null(view))
            return view;
        Value format = str_from_cstr("B");
        Value raw =
            value_is_null(format) ? format : value_call_method_cstr(view, "cast", &format, 1);
        ref_release(format);
        ref_release(view);
        return raw;
    }
    // What has no items cannot be cast.
    Value nothing = readonly ? bytes_new(NULL, 0) : bytearray_new(NULL, 0);
    Value raw = value_is_null(nothing) ? nothing : memoryview_new(nothing);
    ref_release(nothing);
    return raw;
}

static Value buffer_release(Value self) {
    let_go(buffer_of(self), 0, true);
    return none_new();
}

static void buffer_drop(Object *self) {
    let_go((PickleBuffer *)self, 0, true);
}
static void buffer_destroy(Object *self) {
    buffer_drop(self);
    type_free_instance(self);
}
static void buffer_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((PickleBuffer *)self)->view.owner);
    gc_visit(visitor, ((PickleBuffer *)self)->scattered);
}

static const NativeDef buffer_methods[] = {
    DEF_NONE("raw", buffer_raw,
             "raw($self, /)\n--\n\nA memoryview of the bytes as they lie in memory."),
    DEF_NONE("release", buffer_release,
             "release($self, /)\n--\n\nLets go of the object; the buffer is of no use then."),
    DEF_END,
};

Type pickle_buffer_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "pickle.PickleBuffer",
    .basic_size = sizeof(PickleBuffer),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_IMMUTABLE,
    .doc = "PickleBuffer(object, /)\n--\n\nStands for the bytes of an object in a pickle.",
    .call_new = buffer_new,
    .destroy = buffer_destroy,
    .traverse = buffer_traverse,
    .clear = buffer_drop,
    .get_buffer = buffer_get_buffer,
    .release_buffer = buffer_release_buffer,
    .methods = buffer_methods,
};
