// SPDX-License-Identifier: MIT
//
// The bytes of a pickle being written: the buffer, frames (PEP 3154), and the file they go to.
//
// A frame begins with the first byte after the last one's end, which reserves room for its header;
// one that stays too short loses the header again. With a file, the buffer is written out whenever
// a frame ends of itself, and before large data, which follow without being copied.
#include "vm/modules/pickle_internal.h"
#include "vm/types/bytes.h"

enum { CAPACITY_MIN = 4096 };

int pickle_reserve(Pickling *p, size_t more) {
    bool begins = p->framing && p->frame == PICKLE_NO_FRAME;
    size_t header = begins ? PICKLE_FRAME_HEADER : 0;
    if (p->capacity - p->length < more + header) {
        size_t capacity = p->length + more + header;
        if (capacity < more)
            return raise_memory_error(), -1;
        capacity = capacity < CAPACITY_MIN / 2 ? CAPACITY_MIN : capacity + capacity / 2;
        uint8_t *data = buffer_resize(p->data, capacity);
        if (!data)
            return raise_memory_error(), -1;
        p->data = data;
        p->capacity = capacity;
    }
    if (begins) {
        p->frame = p->length;
        p->length += PICKLE_FRAME_HEADER;
    }
    return 0;
}

int pickle_end_frame(Pickling *p) {
    if (!p->framing || p->frame == PICKLE_NO_FRAME)
        return 0;
    uint8_t *header = p->data + p->frame;
    uint64_t length = p->length - p->frame - PICKLE_FRAME_HEADER;
    if (length >= PICKLE_FRAME_MIN) {
        header[0] = PICKLE_FRAME;
        memcpy(header + 1, &length, sizeof length);
    } else {
        memmove(header, header + PICKLE_FRAME_HEADER, length);
        p->length -= PICKLE_FRAME_HEADER;
    }
    p->frame = PICKLE_NO_FRAME;
    return 0;
}

static int write_value(Pickling *p, Value bytes) {
    Value result = value_is_null(bytes) ? bytes : value_call_one(p->write, bytes);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

int pickle_flush(Pickling *p) {
    if (pickle_end_frame(p) < 0)
        return -1;
    Value bytes = bytes_new(p->data, p->length);
    int status = write_value(p, bytes);
    ref_release(bytes);
    return status;
}

int pickle_between_opcodes(Pickling *p) {
    if (LIKELY(!pickle_frame_is_full(p)))
        return 0;
    if (pickle_end_frame(p) < 0)
        return -1;
    if (value_is_null(p->write))
        return 0;
    if (pickle_flush(p) < 0)
        return -1;
    p->length = 0;
    return 0;
}

static int put_data(Pickling *p, const void *data, size_t length, const BufferView *view) {
    if (data)
        return pickle_put(p, data, length);
    if (pickle_make_room(p, length) < 0)
        return -1;
    if (length) {
        buffer_view_enter(view);
        memcpy(p->data + p->length, view->data, length);
        buffer_view_leave(view);
    }
    p->length += length;
    return 0;
}

int pickle_put_large(Pickling *p, const uint8_t *header, size_t header_length, const void *data,
                     size_t length, const BufferView *view, Value payload) {
    if (LIKELY(length < PICKLE_FRAME_TARGET))
        return pickle_make_room(p, header_length + length) < 0 ||
                       pickle_put(p, header, header_length) < 0
                   ? -1
                   : put_data(p, data, length, view);
    bool framing = p->framing;
    if (pickle_end_frame(p) < 0)
        return -1;
    p->framing = false;
    int status = pickle_put(p, header, header_length);
    if (status == 0 && value_is_null(p->write)) {
        status = put_data(p, data, length, view);
    } else if (status == 0) {
        status = pickle_flush(p);
        Value bytes = status < 0               ? VALUE_NULL
                      : value_is_null(payload) ? bytes_new(data, length)
                                               : ref_new(payload);
        status = write_value(p, bytes);
        ref_release(bytes);
        p->length = 0;
    }
    p->framing = framing;
    return status;
}

int pickle_protocol(Value given, int *protocol) {
    int64_t number = PICKLE_PROTOCOL_DEFAULT;
    if (!value_is_null(given) && !value_is_none(given) && value_to_i64(given, &number) < 0)
        return -1;
    if (number < 0)
        number = PICKLE_PROTOCOL_HIGHEST;
    if (number > PICKLE_PROTOCOL_HIGHEST)
        return raise_int(&exception_ValueError, "pickle protocol must be <= %d",
                         PICKLE_PROTOCOL_HIGHEST);
    *protocol = (int)number;
    return 0;
}

int pickle_run(Pickling *p, Value object) {
    p->length = 0;
    p->frame = PICKLE_NO_FRAME;
    p->framing = false;
    p->fast_depth = 0;
    if (p->protocol >= 2 && pickle_put_number(p, PICKLE_PROTO, (uint64_t)p->protocol, 1) < 0)
        return -1;
    p->framing = p->protocol >= 4;
    if (pickle_save(p, object, false) < 0 || pickle_put_byte(p, PICKLE_STOP) < 0 ||
        pickle_end_frame(p) < 0)
        return -1;
    p->framing = false;
    return 0;
}

void pickle_end(Pickling *p) {
    uint8_t *data = p->data;
    Value seen = p->fast_seen;
    p->data = NULL;
    p->length = p->capacity = 0;
    p->fast_seen = VALUE_NULL;
    buffer_free(data);
    ref_release(seen);
}
