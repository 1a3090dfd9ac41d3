// SPDX-License-Identifier: MIT
//
// Where the bytes of a pickle being read come from: one object with a buffer, or a file that is
// read piece by piece.
//
// From a file no more is taken than the pickle has. If it can peek(), a large piece is looked at,
// and what was used of it is read past before anything else is asked of the file.
#include "vm/modules/pickle_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/slice.h"

static int truncated(void) {
    return pickle_raise_unpickling("pickle data was truncated");
}

// A view of bytes that nobody changes: those of data, or a copy of them.
static int constant_view(Value data, BufferView *view) {
    if (buffer_view_get_brief(data, view) < 0)
        return -1;
    if (LIKELY(!view->guard))
        return 0;
    uint8_t *to;
    Value copy = bytes_allocate(view->length, &to);
    if (!value_is_null(copy) && view->length) {
        buffer_view_enter(view);
        memcpy(to, view->data, (size_t)view->length);
        buffer_view_leave(view);
    }
    buffer_view_release(view);
    int status = value_is_null(copy) ? -1 : buffer_view_get(copy, view, false);
    ref_release(copy);
    return status;
}

// The input goes on in data (consumed, VALUE_NULL: an exception is set). 0 or -1.
static int set_data(PickleInput *input, Value data, bool looked_at) {
    BufferView view;
    if (value_is_null(data))
        return -1;
    int status = constant_view(data, &view);
    ref_release(data);
    if (status < 0)
        return -1;
    BufferView old = input->view;
    input->view = view;
    input->data = view.data;
    input->at = 0;
    input->length = view.length;
    input->taken = looked_at ? 0 : view.length;
    buffer_view_release(&old);
    return 0;
}

static int read_past_used(PickleInput *input) {
    int64_t used = input->at - input->taken;
    if (used <= 0)
        return 0;
    Value result = value_call_one(input->read, value_from_int(used));
    ref_release(result);
    if (value_is_null(result))
        return -1;
    input->taken = input->at;
    return 0;
}

int pickle_read_finish(PickleInput *input) {
    return read_past_used(input);
}

// 1: n bytes are there; 0: they could not be seen so; -1.
static int look_ahead(PickleInput *input, int64_t n) {
    if (value_is_null(input->peek) || n >= PICKLE_PREFETCH)
        return 0;
    Value data = value_call_one(input->peek, value_from_int(PICKLE_PREFETCH));
    if (value_is_null(data)) {
        if (!error_matches(&exception_NotImplementedError))
            return -1;
        error_clear();
        Value peek = input->peek;
        input->peek = VALUE_NULL;
        ref_release(peek);
        return 0;
    }
    return set_data(input, data, true) < 0 ? -1 : n <= input->length;
}

const uint8_t *pickle_read_more(PickleInput *input, int64_t n) {
    if (value_is_null(input->read)) {
        truncated();
        return NULL;
    }
    if (read_past_used(input) < 0)
        return NULL;
    int seen = look_ahead(input, n);
    if (seen < 0)
        return NULL;
    if (!seen) {
        if (set_data(input, value_call_one(input->read, value_from_int(n)), false) < 0)
            return NULL;
        if (input->length < n) {
            truncated();
            return NULL;
        }
    }
    input->at = n;
    return input->data;
}

int64_t pickle_read_line(PickleInput *input, const uint8_t **line) {
    int64_t left = input->length - input->at;
    const uint8_t *start = left > 0 ? input->data + input->at : NULL;
    const uint8_t *end = start ? memchr(start, '\n', (size_t)left) : NULL;
    if (end) {
        *line = start;
        input->at += end + 1 - start;
        return end + 1 - start;
    }
    if (value_is_null(input->read))
        return truncated();
    if (read_past_used(input) < 0 || set_data(input, value_call_none(input->readline), false) < 0)
        return -1;
    if (input->length == 0 || input->data[input->length - 1] != '\n')
        return truncated();
    *line = input->data;
    input->at = input->length;
    return input->length;
}

// What readinto() puts behind the first `filled` bytes.
static int read_directly(PickleInput *input, Value bytearray, int64_t filled, int64_t wanted) {
    Value view = memoryview_new(bytearray), rest = VALUE_NULL, count = VALUE_NULL;
    Value slice = slice_new(value_from_int(filled), VALUE_NONE, VALUE_NONE);
    int64_t n;
    int status = -1;
    if (!value_is_null(view) && !value_is_null(slice))
        rest = value_getitem(view, slice);
    if (!value_is_null(rest))
        count = value_call_one(input->readinto, rest);
    if (!value_is_null(count) && value_to_size(count, &n) == 0) {
        if (n < 0)
            raise_value_error("readinto() returned negative size");
        else
            status = n < wanted ? truncated() : 0;
    }
    ref_release(count);
    ref_release(rest);
    ref_release(view);
    ref_release(slice);
    return status;
}

static int read_and_copy(PickleInput *input, Value bytearray, int64_t filled, int64_t wanted) {
    Value data = value_call_one(input->read, value_from_int(wanted));
    BufferView view;
    int status = -1;
    if (value_is_null(data))
        return -1;
    if (!value_is_bytes(data))
        raise_value_error("read() returned non-bytes object (%R)", data);
    else if (bytes_length(data) < wanted)
        truncated();
    else if (buffer_view_get(bytearray, &view, true) == 0) {
        memcpy((uint8_t *)view.data + filled, bytes_data(data), (size_t)wanted);
        buffer_view_release(&view);
        status = 0;
    }
    ref_release(data);
    return status;
}

int pickle_read_into(PickleInput *input, Value bytearray, int64_t length) {
    int64_t there = input->length - input->at;
    if (there > length)
        there = length;
    if (there > 0) {
        BufferView view;
        if (buffer_view_get(bytearray, &view, true) < 0)
            return -1;
        memcpy(view.data, input->data + input->at, (size_t)there);
        buffer_view_release(&view);
        input->at += there;
    } else {
        there = 0;
    }
    if (there == length)
        return 0;
    if (value_is_null(input->read))
        return truncated();
    if (read_past_used(input) < 0)
        return -1;
    return value_is_null(input->readinto) ? read_and_copy(input, bytearray, there, length - there)
                                          : read_directly(input, bytearray, there, length - there);
}

int pickle_input_bytes(PickleInput *input, Value data) {
    *input = (PickleInput){0};
    return set_data(input, ref_new(data), false);
}

int pickle_input_file(PickleInput *input, Value file) {
    *input = (PickleInput){0};
    if (value_lookup_attr(file, pickle_shared.peek_name, &input->peek) >= 0 &&
        value_lookup_attr(file, name_readinto, &input->readinto) >= 0 &&
        value_lookup_attr(file, name_read, &input->read) >= 0 &&
        value_lookup_attr(file, name_readline, &input->readline) >= 0) {
        if (!value_is_null(input->read) && !value_is_null(input->readline))
            return 0;
        raise_type_error("file must have 'read' and 'readline' attributes");
    }
    pickle_input_drop(input);
    return -1;
}

void pickle_input_drop(PickleInput *input) {
    PickleInput old = *input;
    *input = (PickleInput){0};
    buffer_view_release(&old.view);
    ref_release(old.read);
    ref_release(old.readline);
    ref_release(old.readinto);
    ref_release(old.peek);
}
