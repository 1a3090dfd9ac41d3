// SPDX-License-Identifier: MIT
//
// How a text file reads: a chunk of bytes at a time, decoded at once. With the file's lock held.
#include "vm/modules/io_text_internal.h"

// Reads at most `wanted` bytes (or what read1 or read gives) into new memory, behind room for the
// tail. How many; -1 with an exception.
static int64_t chunk_of_any(Text *t, Value buffer, int64_t wanted, uint8_t **chunk) {
    int64_t tail = t->chunk_length - t->tail_at;
    Value size = value_from_int(wanted), data, method;
    int has_read1 = value_lookup_attr_cstr(buffer, "read1", &method);
    if (has_read1 < 0)
        return -1;
    if (has_read1) {
        data = value_call_one(method, size);
        ref_release(method);
    } else {
        data = value_call_method(buffer, name_read, &size, 1);
    }
    if (value_is_null(data))
        return -1;
    BufferView view;
    if (buffer_view_get_brief(data, &view) < 0) {
        error_clear();
        raise_type_error("underlying %s() should have returned a bytes-like object, not '%T'",
                         has_read1 ? "read1" : "read", data);
        ref_release(data);
        return -1;
    }
    int64_t got = view.length;
    *chunk = buffer_allocate((size_t)(tail + got) + 1);
    if (*chunk)
        memcpy(*chunk + tail, view.data, (size_t)got);
    buffer_view_release(&view);
    ref_release(data);
    if (!*chunk)
        raise_memory_error();
    return *chunk ? got : -1;
}
// The same of a reader that is plain, without an object between.
static int64_t chunk_of_reader(Text *t, Value reader, int64_t wanted, uint8_t **chunk) {
    int64_t tail = t->chunk_length - t->tail_at;
    *chunk = wanted <= IO_TEXT_CHUNK ? buffer_allocate((size_t)(tail + wanted)) : NULL;
    if (!*chunk)
        return chunk_of_any(t, reader, wanted, chunk);
    int64_t got = io_reader_read1_into(reader, *chunk + tail, wanted);
    if (got < 0)
        buffer_free(*chunk);
    return got;
}

// How many bytes so many characters will come from, if they are as those before.
static int64_t bytes_for(const Text *t, int64_t characters) {
    double bytes = t->bytes_a_character * (double)characters;
    return bytes < (double)INT64_MAX / 2 ? (int64_t)bytes : INT64_MAX / 2;
}

static int fill_from(Text *t, Value buffer, int64_t hint) {
    Value old = t->decoded;
    t->decoded = VALUE_NULL;
    t->decoded_at = 0;
    ref_release(old);
    for (;;) {
        int64_t tail = t->chunk_length - t->tail_at, wanted = io_text_chunk_size(t);
        if (wanted < bytes_for(t, hint))
            wanted = bytes_for(t, hint);
        uint8_t *chunk;
        int64_t got = io_reader_is_plain(buffer) ? chunk_of_reader(t, buffer, wanted, &chunk)
                                                 : chunk_of_any(t, buffer, wanted, &chunk);
        if (got < 0)
            return -1;
        bool final = got == 0;
        if (tail)
            memcpy(chunk, t->chunk + t->tail_at, (size_t)tail);
        buffer_free(t->chunk);
        t->chunk = chunk;
        if (t->chunk_position >= 0)
            t->chunk_position += t->tail_at;
        t->chunk_length = tail + got;
        t->tail_at = 0;
        int64_t usable =
            final ? t->chunk_length : io_text_whole_prefix(t->coding, chunk, t->chunk_length);
        if (t->coding != CODING_OTHER && t->universal && !final && usable > 0 &&
            chunk[usable - 1] == '\r')
            usable--;
        t->bytes_a_character = 0;
        t->unplaced = t->iterating;
        if (usable == 0 && !final)
            continue;
        if (t->coding == CODING_OTHER && t->seekable && io_text_snapshot(t) < 0)
            return -1;
        Value text = io_text_lines(t, chunk, usable, final);
        if (value_is_null(text)) {
            // What was read just now is lost, and the next read goes on behind it.
            t->chunk_length = tail;
            return -1;
        }
        t->tail_at = usable;
        if (str_length(text) == 0) {
            ref_release(text);
            if (final)
                return 0;
            continue;
        }
        t->bytes_a_character = (double)got / (double)str_length(text);
        t->decoded = text;
        return 1;
    }
}

int io_text_fill(Text *t, int64_t hint) {
    Value buffer = io_text_buffer(t);
    return value_is_null(buffer) ? -1 : fill_from(t, buffer, hint);
}
