// SPDX-License-Identifier: MIT
//
// class PickleBuffer (PEP 574): stands for the bytes of another object, which a pickle may leave
// out.
//
// It keeps a view of the object until it is released, so that the bytes stay where they are. Who
// looks at them through it gets a view of the object itself. Views are contiguous here; of a
// memoryview that is not there is none, only the object is kept, to say so later.
#include "vm/modules/pickle_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value object;    // VALUE_NULL: released; lock
    bool scattered;  // the bytes are not contiguous; constant
    BufferView view; // of the object; lock
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
    b->scattered = scattered;
    if (!scattered && buffer_view_get(v[0], &b->view, false) < 0) {
        b->view = (BufferView){0};
        ref_release_object(b);
        return VALUE_NULL;
    }
    b->object = ref_new(v[0]);
    return value_from_object(b);
}

bool pickle_buffer_is_contiguous(Value v) {
    return !buffer_of(v)->scattered;
}

int pickle_buffer_view(Value v, BufferView *view, bool writable) {
    Value object = field_load(&buffer_of(v)->header, &buffer_of(v)->object);
    if (value_is_null(object))
        return raise_int(&exception_ValueError,
                         "operation forbidden on released PickleBuffer object");
    int status = buffer_view_get(object, view, writable);
    ref_release(object);
    return status;
}

static Value buffer_raw(Value self) {
    BufferView view;
    if (pickle_buffer_view(self, &view, false) < 0) {
        if (buffer_of(self)->scattered && error_matches(&exception_BufferError)) {
            error_clear();
            raise_error(&exception_BufferError,
                        "cannot extract raw buffer from non-contiguous buffer");
        }
        return VALUE_NULL;
    }
    bool plain = view.ndim == 1 && view.format && strcmp(view.format, "B") == 0;
    bool empty = view.length == 0, readonly = view.readonly;
    buffer_view_release(&view);
    if (plain || !empty) {
        Value memory = memoryview_new(self);
        if (plain || value_is_null(memory))
            return memory;
        Value format = str_from_cstr("B");
        Value raw =
            value_is_null(format) ? format : value_call_method_cstr(memory, "cast", &format, 1);
        ref_release(format);
        ref_release(memory);
        return raw;
    }
    // What has no items cannot be cast.
    Value nothing = readonly ? bytes_new(NULL, 0) : bytearray_new(NULL, 0);
    Value raw = value_is_null(nothing) ? nothing : memoryview_new(nothing);
    ref_release(nothing);
    return raw;
}

static void buffer_drop(Object *self) {
    PickleBuffer *b = (PickleBuffer *)self;
    object_lock(self);
    Value object = field_swap_locked(&b->object, VALUE_NULL);
    BufferView view = b->view;
    b->view.owner = VALUE_NULL;
    object_unlock(self);
    buffer_view_release(&view);
    ref_release(object);
}

static Value buffer_release(Value self) {
    buffer_drop(value_object(self));
    return none_new();
}
static void buffer_destroy(Object *self) {
    buffer_drop(self);
    type_free_instance(self);
}
static void buffer_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((PickleBuffer *)self)->object);
    gc_visit(visitor, ((PickleBuffer *)self)->view.owner);
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
    .doc = "PickleBuffer(object)\n\nStands for the bytes of an object in a pickle.",
    .call_new = buffer_new,
    .destroy = buffer_destroy,
    .traverse = buffer_traverse,
    .clear = buffer_drop,
    .get_buffer = pickle_buffer_view,
    .methods = buffer_methods,
};
