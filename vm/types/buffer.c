// SPDX-License-Identifier: MIT
//
// Getting at the bytes of an object: the generic part of the buffer protocol.
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"

static int get_view(Value v, BufferView *view, bool writable, void *internal) {
    Type *type = value_type(v);
    if (UNLIKELY(!type->get_buffer && writable))
        return raise_int(&exception_TypeError,
                         "argument must be read-write bytes-like object, not %T", v);
    if (UNLIKELY(!type->get_buffer))
        return raise_int(&exception_TypeError, "a bytes-like object is required, not '%T'", v);
    *view = (BufferView){.item_size = 1, .format = "B", .ndim = 1, .internal = internal};
    if (type->get_buffer(v, view, writable) < 0) {
        if (writable && error_matches(&exception_BufferError)) {
            error_clear();
            raise_type_error("argument must be read-write bytes-like object, not %T", v);
        }
        return -1;
    }
    if (LIKELY(value_is_null(view->owner)))
        view->owner = ref_new(v);
    return 0;
}

int buffer_view_get(Value v, BufferView *view, bool writable) {
    return get_view(v, view, writable, NULL);
}

int buffer_view_get_brief(Value v, BufferView *view) {
    return get_view(v, view, false, OBJECT_LOCK_IS_REAL ? &brief_view_wanted : NULL);
}

void buffer_guard_object(Value owner, bool take) {
    if (take)
        object_lock(value_object(owner));
    else
        object_unlock(value_object(owner));
}

void buffer_view_release(BufferView *view) {
    Value owner = view->owner;
    if (value_is_null(owner))
        return;
    view->owner = VALUE_NULL;
    Type *type = value_type(owner);
    if (type->release_buffer)
        type->release_buffer(owner, view);
    ref_release(owner);
}

int byte_text_get_slow(Value v, ByteText *text) {
    text->view.owner = VALUE_NULL;
    text->copy = NULL;
    if (value_is_bytearray(v)) {
        // A copy rather than a view: a view would make a resize by another thread fail.
        ByteArray *array = bytearray_of(v);
        int64_t room = sizeof text->small;
        uint8_t *to = text->small;
        for (;;) {
            object_lock(&array->header);
            int64_t length = array->length;
            if (length <= room) {
                if (length)
                    memcpy(to, array->data, (size_t)length);
                object_unlock(&array->header);
                text->data = to;
                text->length = length;
                return 0;
            }
            object_unlock(&array->header);
            buffer_free(text->copy);
            text->copy = to = buffer_allocate((size_t)length);
            room = length;
            if (!to)
                return raise_memory_error(), -1;
        }
    }
    if (buffer_view_get_brief(v, &text->view) < 0)
        return -1;
    text->data = text->view.data;
    text->length = text->view.length;
    if (!text->view.guard)
        return 0;
    // A copy here too, so that what is looked at stays the same all the while.
    int64_t length = text->length;
    uint8_t *to = text->small;
    if (length > (int64_t)sizeof text->small) {
        text->copy = to = buffer_allocate((size_t)length);
        if (!to) {
            buffer_view_release(&text->view);
            return raise_memory_error(), -1;
        }
    }
    buffer_view_enter(&text->view);
    if (length)
        memcpy(to, text->data, (size_t)length);
    buffer_view_leave(&text->view);
    text->data = to;
    return 0;
}

void byte_text_release_slow(ByteText *text) {
    buffer_free(text->copy);
    buffer_view_release(&text->view);
}
