// SPDX-License-Identifier: MIT
//
// `_io.TextIOWrapper`: text over a buffered binary file.
//
// UTF-8, ASCII and Latin-1 are coded here; other encodings through the incremental coders of the
// library's `codecs`. Text to be written is kept as encoded bytes in `pending`; bytes read are
// decoded a chunk at a time, the bytes of an unfinished character (and a \r that may become \r\n)
// stay in `tail`. So a position is always a plain byte position, which tell() finds by decoding the
// chunk again up to it. Everything is guarded by the file's lock, which is held across calls of the
// buffer. So is which buffer it is: who has the lock borrows it from the text (io_text_buffer); who
// has not, and only passes a question on, takes a reference (buffer_new).
#include "vm/modules/io_text_internal.h"
#include "vm/runtime/options.h"
#include "vm/types/codecs.h"
#include "vm/types/str_utf8.h"
#include "vm/types/text_search.h"

// What has been read and not given out, and how it was decoded. With the lock.
static void forget_chunk(Text *t) {
    t->iterating = t->held_return = false;
    t->chunk_length = t->tail_at = 0;
    Value old = t->decoded, decoder = t->decoder, snapshot = t->snapshot;
    t->decoded = t->decoder = t->snapshot = VALUE_NULL;
    t->decoded_at = 0;
    ref_release(old);
    ref_release(snapshot);
    ref_release(decoder);
}

// Of what who has not the lock may ask for.
static bool flag(const bool *of) {
    return __atomic_load_n(of, __ATOMIC_RELAXED);
}
static void set_flags(Text *t, bool line_buffering, bool write_through) {
    __atomic_store_n(&t->line_buffering, line_buffering, __ATOMIC_RELAXED);
    __atomic_store_n(&t->write_through, write_through, __ATOMIC_RELAXED);
}

static int setup(Value self, Value buffer, Value encoding, Value errors, Value newline,
                 bool line_buffering, bool write_through) {
    Text *t = text_of(self);
    if (io_enter(&t->lock, self) < 0)
        return -1;
    field_store(&t->base.header, &t->buffer,
                VALUE_NULL); // where __init__ fails, there is no file any more
    __atomic_store_n(&t->detached, false, __ATOMIC_RELAXED);
    int status = io_text_set_newline(t, newline);
    io_leave(&t->lock, self);
    if (status < 0)
        return -1;
    if (options.warn_default_encoding && (value_is_null(encoding) || value_is_none(encoding)) &&
        warn(&exception_EncodingWarning, 1, "'encoding' argument not specified") < 0)
        return -1;
    if (options.dev_mode && !value_is_null(errors) && !value_is_none(errors)) {
        char handler[64];
        str_copy_bounded(errors, handler, sizeof handler);
        if (codec_check_names(NULL, handler) < 0)
            return -1;
    }
    bool default_encoding =
        value_is_null(encoding) || value_is_none(encoding) || str_equal_cstr(encoding, "locale");
    Value name = default_encoding ? str_from_cstr("UTF-8") : ref_new(encoding);
    Coding coding = io_text_coding(name);
    if (coding == CODING_OTHER) { // does it exist?
        Value codecs = import_module_cstr("codecs");
        Value found =
            value_is_null(codecs) ? codecs : value_call_method_cstr(codecs, "lookup", &name, 1);
        Value is_text = VALUE_NULL;
        if (!value_is_null(found) &&
            value_lookup_attr_cstr(found, "_is_text_encoding", &is_text) > 0 &&
            value_truth(is_text) == 0)
            raise_error(&exception_LookupError,
                        "%R is not a text encoding; use codecs.open() to handle arbitrary codecs",
                        name);
        ref_release(is_text);
        ref_release(codecs);
        ref_release(found);
        if (error_occurred()) {
            ref_release(name);
            return -1;
        }
    }
    int readable = io_call_truth(buffer, "readable");
    int writable = readable < 0 ? -1 : io_call_truth(buffer, "writable");
    int seekable = writable < 0 ? -1 : io_call_truth(buffer, "seekable");
    if (seekable < 0 || io_enter(&t->lock, self) < 0) {
        ref_release(name);
        return -1;
    }
    Value handler = value_is_null(errors) || value_is_none(errors) ? str_intern_cstr("strict")
                                                                   : ref_new(errors);
    io_text_set_coding(t, name);
    field_store(&t->base.header, &t->encoding, name);
    field_store(&t->base.header, &t->errors, handler);
    field_store(&t->base.header, &t->encoder, VALUE_NULL);
    field_store(&t->base.header, &t->buffer, ref_new(buffer));
    set_flags(t, line_buffering, write_through);
    forget_chunk(t);
    t->chunk_position = -1;
    t->pending_length = 0;
    t->at_end = false;
    t->bytes_a_character = 0;
    __atomic_store_n(&t->chunk_size, IO_TEXT_CHUNK, __ATOMIC_RELAXED);
    io_text_set_seen(t, 0);
    t->readable = readable;
    t->writable = writable;
    t->seekable = seekable;
    io_leave(&t->lock, self);
    return 0;
}

static Value text_allocate(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

Value io_text_new(Value buffer, Value encoding, Value errors, Value newline, bool line_buffering,
                  bool write_through) {
    Value self = value_from_object(object_allocate(&io_text_type));
    if (!value_is_null(self) &&
        setup(self, buffer, encoding, errors, newline, line_buffering, write_through) < 0) {
        ref_release(self);
        return VALUE_NULL;
    }
    return self;
}

static int text_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"buffer",         "encoding",      "errors", "newline",
                                        "line_buffering", "write_through", NULL};
    Value v[6];
    if (arguments_parse("TextIOWrapper", args, nargs, kwnames, names, 0, 6, 1, v) < 0)
        return -1;
    for (int i = 1; i < 3; i++)
        if (!value_is_null(v[i]) && !value_is_none(v[i]) && !value_is_str(v[i]))
            return raise_int(&exception_TypeError,
                             "TextIOWrapper() argument '%s' must be str or None, not %G", names[i],
                             v[i]);
    int lines = value_is_null(v[4]) ? 0 : value_truth(v[4]),
        through = value_is_null(v[5]) ? 0 : value_truth(v[5]);
    if (lines < 0 || through < 0)
        return -1;
    return setup(self, v[0], v[1], v[2], v[3], lines, through);
}

static Value check_buffer(Text *t, Value buffer) {
    if (UNLIKELY(value_is_null(buffer)))
        raise_value_error(__atomic_load_n(&t->detached, __ATOMIC_RELAXED)
                              ? "underlying buffer has been detached"
                              : "I/O operation on uninitialized object");
    return buffer;
}
Value io_text_buffer(Text *t) {
    return check_buffer(t, field_raw(&t->buffer));
}
// Without the lock: a new reference.
static Value buffer_new(Value self) {
    Text *t = text_of(self);
    return check_buffer(t, field_load(&t->base.header, &t->buffer));
}

static int begin(Value self) {
    Text *t = text_of(self);
    if (io_enter(&t->lock, self) < 0)
        return -1;
    Value buffer = io_text_buffer(t);
    if (LIKELY(!value_is_null(buffer) && io_check_open(buffer) == 0))
        return 0;
    io_leave(&t->lock, self);
    return -1;
}
static Value end(Value self, Value result) {
    io_leave(&text_of(self)->lock, self);
    return result;
}

// ---- writing ------------------------------------------------------------------------------------

static int write_pending(Text *t) {
    if (!t->pending_length)
        return 0;
    Value bytes = bytes_new(t->pending, (size_t)t->pending_length);
    if (value_is_null(bytes))
        return -1;
    t->pending_length = 0;
    Value r = value_call_method(field_raw(&t->buffer), name_write, &bytes, 1);
    ref_release(bytes);
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}

// Makes room for so many bytes after those that are pending. 0 or -1.
static int reserve_pending(Text *t, int64_t length) {
    if (t->pending_length && t->pending_length + length > io_text_chunk_size(t) &&
        write_pending(t) < 0)
        return -1; // a write below is as large as one write here, or a chunk
    if (t->pending_length + length > t->pending_capacity) {
        int64_t capacity = (t->pending_length + length) * 2;
        if (capacity < IO_TEXT_CHUNK)
            capacity = IO_TEXT_CHUNK;
        uint8_t *larger = buffer_resize(t->pending, (size_t)capacity);
        if (!larger) {
            raise_memory_error();
            return -1;
        }
        t->pending = larger;
        t->pending_capacity = capacity;
    }
    return 0;
}

static int add_pending(Text *t, const void *data, int64_t length) {
    if (reserve_pending(t, length) < 0)
        return -1;
    memcpy(t->pending + t->pending_length, data, (size_t)length);
    t->pending_length += length;
    return 0;
}

// Encodes text and adds it. 0 or -1.
static int add_encoded(Text *t, Value text) {
    if (str_is_ascii(text) && t->coding != CODING_OTHER)
        return add_pending(t, str_data(text), str_length(text));
    if (t->coding == CODING_UTF8) {
        int64_t surrogate, length = (int64_t)utf8_size(text, &surrogate);
        if (surrogate < 0) {
            if (reserve_pending(t, length) < 0)
                return -1;
            utf8_write(text, t->pending + t->pending_length);
            t->pending_length += length;
            return 0;
        }
    }
    Value bytes = io_text_encode(t, text);
    int status = -1;
    if (!value_is_null(bytes) && !value_is_bytes(bytes))
        raise_type_error("encoder should return a bytes object, not '%T'", bytes);
    else if (!value_is_null(bytes))
        status = add_pending(t, bytes_data(bytes), bytes_length(bytes));
    ref_release(bytes);
    return status;
}

// Most writes need nothing but the bytes copied, since nothing was read and the chunk is not full.
static inline bool write_at_hand(Text *t, Value text, int64_t length) {
    if (!str_is_ascii(text) || t->coding == CODING_OTHER || *t->write_newline ||
        t->line_buffering || t->write_through || !value_is_null(t->decoded) || t->chunk_length ||
        t->pending_length + length >= io_text_chunk_size(t) ||
        t->pending_length + length > t->pending_capacity)
        return false;
    memcpy(t->pending + t->pending_length, str_data(text), (size_t)length);
    t->pending_length += length;
    return true;
}

static Value text_write(Value self, Value source) {
    if (!value_is_str(source))
        return raise_type_error("write() argument must be str, not %G", source);
    if (begin(self) < 0)
        return VALUE_NULL;
    Text *t = text_of(self);
    if (!t->writable)
        return end(self, io_unsupported("not writable"));
    int64_t length = str_length(source);
    if (LIKELY(write_at_hand(t, source, length)))
        return end(self, int_from_i64(length));
    Value text = ref_new(source), result = VALUE_NULL;
    bool has_newline =
        (*t->write_newline || t->line_buffering) && str_find_char(text, '\n', 0, length) >= 0;
    bool flush = t->line_buffering && (has_newline || str_find_char(text, '\r', 0, length) >= 0);
    if (has_newline && *t->write_newline) {
        StrBuilder b;
        str_builder_start(&b);
        for (int64_t i = 0; i < length; i++) {
            if (str_at(text, i) == '\n')
                str_builder_cstr(&b, t->write_newline);
            else
                str_builder_char(&b, str_at(text, i));
        }
        ref_release(text);
        text = str_builder_finish(&b);
        if (value_is_null(text))
            return end(self, VALUE_NULL);
    }
    int status = add_encoded(t, text);
    if (status == 0 && (t->pending_length >= io_text_chunk_size(t) || flush || t->write_through))
        status = write_pending(t);
    if (status == 0 && flush) {
        Value r = value_call_method(field_raw(&t->buffer), name_flush, NULL, 0);
        status = value_is_null(r) ? -1 : 0;
        ref_release(r);
    }
    if (status == 0) {
        t->chunk_length = t->tail_at = 0; // reading starts afresh after a write
        t->chunk_position = -1;
        Value old = t->decoded;
        t->decoded = VALUE_NULL;
        t->decoded_at = 0;
        ref_release(old);
        result = int_from_i64(length);
    }
    ref_release(text);
    return end(self, result);
}

static Value text_flush(Value self) {
    if (begin(self) < 0)
        return VALUE_NULL;
    Text *t = text_of(self);
    Value r = VALUE_NULL;
    t->iterating = false; // flushing allows tell() again
    if (write_pending(t) == 0)
        r = value_call_method(field_raw(&t->buffer), name_flush, NULL, 0);
    return end(self, r);
}

// ---- decoding ---------------------------------------------------------------------------------

static int prepare_read(Text *t) {
    if (write_pending(t) < 0)
        return -1;
    return 0;
}

static int64_t available(Text *t) {
    return value_is_null(t->decoded) ? 0 : str_length(t->decoded) - t->decoded_at;
}
static Value give(Text *t, int64_t n) {
    Value v = t->decoded_at == 0 && n == str_length(t->decoded)
                  ? ref_new(t->decoded)
                  : str_substring(t->decoded, t->decoded_at, t->decoded_at + n);
    t->decoded_at += n;
    return v;
}

static Value read_all(Text *t) {
    Value rest = available(t) ? give(t, available(t)) : str_empty();
    Value data = value_call_method(field_raw(&t->buffer), name_read, NULL, 0);
    if (value_is_null(data) || !value_is_bytes(data)) {
        if (!value_is_null(data) && !value_is_none(data))
            raise_type_error("underlying read() should have returned a bytes-like object, not '%T'",
                             data);
        if (value_is_none(data)) {
            ref_release(data);
            return rest;
        }
        ref_release(data);
        ref_release(rest);
        return VALUE_NULL;
    }
    int64_t tail = t->chunk_length - t->tail_at;
    Value text;
    if (tail) {
        Value head = bytes_new(t->chunk + t->tail_at, (size_t)tail),
              joined = bytes_concat(head, data);
        ref_release(head);
        ref_release(data);
        data = joined;
    }
    text =
        value_is_null(data) ? data : io_text_lines(t, bytes_data(data), bytes_length(data), true);
    ref_release(data);
    t->chunk_length = t->tail_at = 0;
    t->chunk_position = -1;
    Value old = t->decoded;
    t->decoded = VALUE_NULL;
    t->decoded_at = 0;
    ref_release(old);
    if (value_is_null(text)) {
        ref_release(rest);
        return text;
    }
    Value result = str_length(rest) ? str_concat(rest, text) : ref_new(text);
    ref_release(rest);
    ref_release(text);
    return result;
}

// With the lock, which it leaves: so many characters, not all of which are at hand.
__attribute__((noinline)) static Value read_pieces(Value self, int64_t size) {
    Text *t = text_of(self);
    StrBuilder b;
    str_builder_start(&b);
    int64_t length = 0;
    while (length < size) {
        if (!available(t)) {
            int more = io_text_fill(t, size - length);
            if (more < 0) {
                str_builder_discard(&b);
                return end(self, VALUE_NULL);
            }
            if (!more) {
                t->decoded = str_empty(); // what there is to read is known: see text_reconfigure
                break;
            }
        }
        int64_t n = available(t) < size - length ? available(t) : size - length;
        str_builder_substring(&b, t->decoded, t->decoded_at, t->decoded_at + n);
        t->decoded_at += n;
        length += n;
    }
    return end(self, str_builder_finish(&b));
}

static Value text_read(Value self, const Value *args, size_t nargs) {
    int64_t size;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &size) < 0 || begin(self) < 0)
        return VALUE_NULL;
    Text *t = text_of(self);
    if (UNLIKELY(!t->readable))
        return end(self, io_unsupported("not readable"));
    if (t->pending_length && prepare_read(t) < 0)
        return end(self, VALUE_NULL);
    if (size < 0)
        return end(self, read_all(t));
    if (LIKELY(size <= available(t)))
        return end(self, size ? give(t, size) : str_empty());
    return read_pieces(self, size);
}

// The end (exclusive) of the first line in text from `at` on, or -1. *partial: a \r at the very
// end.
static int64_t line_end(Text *t, Value text, int64_t at) {
    int64_t n = str_length(text);
    if (t->translate_read || (!t->universal && strcmp(t->read_newline, "\n") == 0)) {
        int64_t i = str_find_char(text, '\n', at, n);
        return i < 0 ? -1 : i + 1;
    }
    if (t->universal) {
        int64_t i = at;
        if (str_kind(text) == 0) {
            const uint8_t *data = str_data(text);
            int64_t found = bytes_find_either(data + at, n - at, '\n', '\r');
            i = found < 0 ? n : at + found;
        }
        for (; i < n; i++) {
            uint32_t c = str_at(text, i);
            if (c == '\n')
                return i + 1;
            if (c == '\r')
                return i + 1 < n && str_at(text, i + 1) == '\n' ? i + 2 : i + 1;
        }
        return -1;
    }
    if (strcmp(t->read_newline, "\r") == 0) {
        int64_t i = str_find_char(text, '\r', at, n);
        return i < 0 ? -1 : i + 1;
    }
    for (int64_t i = at;; i++) {
        i = str_find_char(text, '\n', i, n);
        if (i < 0)
            return -1;
        if (i > at && str_at(text, i - 1) == '\r')
            return i + 1;
    }
}

// The next line of `decoded`, if it lies there whole and \n alone ends lines. Else VALUE_NULL,
// without an error; nearly every line is got here.
static inline Value line_at_hand(Text *t) {
    if (value_is_null(t->decoded) || !t->newline_ends)
        return VALUE_NULL;
    if (UNLIKELY(str_kind(t->decoded) != 0)) {
        int64_t at = str_find_char(t->decoded, '\n', t->decoded_at, str_length(t->decoded));
        return at < 0 ? VALUE_NULL : give(t, at + 1 - t->decoded_at);
    }
    const char *data = str_data(t->decoded), *from = data + t->decoded_at;
    const char *newline = memchr(from, '\n', (size_t)(str_length(t->decoded) - t->decoded_at));
    if (UNLIKELY(!newline))
        return VALUE_NULL;
    size_t length = (size_t)(newline + 1 - from);
    Value line = LIKELY(str_is_ascii(t->decoded)) ? str_from_ascii(from, length)
                                                  : str_from_latin1((const uint8_t *)from, length);
    if (LIKELY(!value_is_null(line)))
        t->decoded_at += (int64_t)length;
    return line;
}

// next: the line is one that next() gives.
static Value read_line(Value self, int64_t limit, bool next) {
    Text *t = text_of(self);
    if (begin(self) < 0)
        return VALUE_NULL;
    t->iterating |= next; // also where reading fails
    if (LIKELY(limit < 0 && !t->pending_length)) {
        Value whole = line_at_hand(t);
        if (LIKELY(!value_is_null(whole)))
            return end(self, whole);
        if (UNLIKELY(error_occurred()))
            return end(self, VALUE_NULL);
    }
    if (prepare_read(t) < 0)
        return end(self, VALUE_NULL);
    Value line = VALUE_NULL;
    for (;;) {
        if (!available(t)) {
            int more = io_text_fill(t, 0);
            if (more < 0) {
                ref_release(line);
                return end(self, VALUE_NULL);
            }
            if (!more)
                break;
        }
        int64_t have = value_is_null(line) ? 0 : str_length(line);
        // A \r\n that falls between two chunks.
        bool split = have && !t->universal && strcmp(t->read_newline, "\r\n") == 0 &&
                     str_at(line, have - 1) == '\r' && str_at(t->decoded, t->decoded_at) == '\n';
        int64_t stop = split ? t->decoded_at + 1 : line_end(t, t->decoded, t->decoded_at);
        int64_t n = (stop < 0 ? str_length(t->decoded) : stop) - t->decoded_at;
        if (limit >= 0 && have + n > limit) {
            n = limit - have;
            stop = -1;
        }
        Value part = give(t, n);
        if (value_is_null(line)) {
            line = part;
        } else if (!value_is_null(part)) {
            line = str_append(line, part);
            ref_release(part);
        }
        if (value_is_null(line))
            return end(self, VALUE_NULL);
        if (stop >= 0 || (limit >= 0 && str_length(line) >= limit))
            break;
    }
    if (next)
        t->iterating = !value_is_null(line);
    if (value_is_null(line))
        line = str_empty();
    return end(self, line);
}

static Value text_readline(Value self, const Value *args, size_t nargs) {
    int64_t limit;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &limit) < 0)
        return VALUE_NULL;
    return read_line(self, limit, false);
}

static Value text_next(Value self) {
    bool own = value_is_exactly(self, &io_text_type);
    Value line = own ? read_line(self, -1, true) : value_call_method(self, name_readline, NULL, 0);
    if (value_is_null(line))
        return line;
    bool some = !value_is_str(line) || str_length(line) > 0;
    if (!own) {
        if (begin(self) < 0) {
            ref_release(line);
            return VALUE_NULL;
        }
        text_of(self)->iterating = some;
        end(self, VALUE_NULL);
    }
    if (some)
        return line;
    ref_release(line);
    return VALUE_NULL;
}

// ---- positions --------------------------------------------------------------------------------

// Bytes of the chunk that gave the first `characters` characters of `decoded`.
static int64_t bytes_of_characters(Text *t, int64_t characters) {
    int64_t at = 0;
    const uint8_t *data = t->chunk;
    while (characters-- > 0 && at < t->tail_at) {
        uint8_t c = data[at];
        if (c == '\r' && t->translate_read && at + 1 < t->tail_at && data[at + 1] == '\n')
            at += 2;
        else if (t->coding == CODING_UTF8 && c >= 0xc0)
            at += c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
        else
            at++;
    }
    return at < t->tail_at ? at : t->tail_at;
}

static Value text_tell(Value self) {
    if (begin(self) < 0)
        return VALUE_NULL;
    Text *t = text_of(self);
    Value buffer = field_raw(&t->buffer);
    int ok = io_call_truth(buffer, "seekable");
    if (ok <= 0) {
        if (ok == 0)
            io_unsupported("underlying stream is not seekable");
        return end(self, VALUE_NULL);
    }
    if (t->iterating) {
        raise_error(&exception_OSError, "telling position disabled by next() call");
        return end(self, VALUE_NULL);
    }
    if (write_pending(t) < 0)
        return end(self, VALUE_NULL);
    Value r = value_call_method(buffer, name_flush, NULL, 0);
    Value at = value_is_null(r) ? r : value_call_method(buffer, name_tell, NULL, 0);
    ref_release(r);
    int64_t position = 0;
    if (value_is_null(at) || value_to_i64(at, &position) < 0) {
        ref_release(at);
        return end(self, VALUE_NULL);
    }
    ref_release(at);
    if (t->unplaced)
        return end(self, int_from_i64(position));
    if (!value_is_null(t->decoded) && !value_is_null(t->snapshot))
        return end(self, io_text_position(t, position - t->chunk_length));
    int64_t unread = t->chunk_length - t->tail_at;
    if (available(t))
        unread = t->chunk_length - bytes_of_characters(t, t->decoded_at);
    return end(self, int_from_i64(position - unread));
}

// The place is another one: what the encoder held for the next character goes with the old one. At
// the start of the file a new encoder writes the byte order mark again, elsewhere none is wanted.
static int encoder_moved(Text *t, Value at) {
    if (t->wide) {
        t->mark_known = !(value_is_int(at) && value_int(at) == 0);
        t->mark_due = false;
        return 0;
    }
    if (value_is_int(at) && value_int(at) == 0) {
        Value encoder = t->encoder;
        t->encoder = VALUE_NULL;
        ref_release(encoder);
        return 0;
    }
    Value zero = value_from_int(0);
    Value r = value_call_method_cstr(t->encoder, "setstate", &zero, 1);
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}

static Value text_seek(Value self, const Value *args, size_t nargs) {
    int64_t whence = 0;
    TextPosition to;
    if (io_text_position_parse(args[0], &to) < 0 ||
        (nargs > 1 && value_to_i64(args[1], &whence) < 0) || begin(self) < 0)
        return VALUE_NULL;
    bool plain = !to.flags && !to.feed && !to.skip && !to.at_end;
    Text *t = text_of(self);
    Value buffer = field_raw(&t->buffer);
    int ok = io_call_truth(buffer, "seekable");
    if (ok <= 0) {
        if (ok == 0)
            io_unsupported("underlying stream is not seekable");
        return end(self, VALUE_NULL);
    }
    if (whence == 1 && plain && to.byte == 0) {
        end(self, VALUE_NULL);
        Value at = text_tell(self);
        if (value_is_null(at) || io_text_position_parse(at, &to) < 0 || begin(self) < 0) {
            ref_release(at);
            return VALUE_NULL;
        }
        ref_release(at);
        whence = 0;
    } else if (whence == 1) {
        io_unsupported("can't do nonzero cur-relative seeks");
        return end(self, VALUE_NULL);
    } else if (whence == 2 && !(plain && to.byte == 0)) {
        io_unsupported("can't do nonzero end-relative seeks");
        return end(self, VALUE_NULL);
    } else if (whence < 0 || whence > 2) {
        raise_value_error("invalid whence (%lld, should be 0, 1 or 2)", (long long)whence);
        return end(self, VALUE_NULL);
    } else if (whence == 0 && to.byte < 0) {
        raise_value_error("negative seek position %lld", (long long)to.byte);
        return end(self, VALUE_NULL);
    }
    if (write_pending(t) < 0)
        return end(self, VALUE_NULL);
    Value r = value_call_method(buffer, name_flush, NULL, 0);
    if (value_is_null(r))
        return end(self, VALUE_NULL);
    ref_release(r);
    forget_chunk(t);
    Value seek_args[2] = {int_from_i64(to.byte), value_from_int(whence)};
    Value at = value_call_method(buffer, name_seek, seek_args, 2);
    if (!value_is_null(at) && plain && to.byte == 0) // the decoder starts anew
        io_text_set_seen(t, 0);
    if (!value_is_null(at) && (!value_is_null(t->encoder) || t->wide) && encoder_moved(t, at) < 0) {
        ref_release(at);
        at = VALUE_NULL;
    }
    if (!value_is_null(at) && whence == 0 && t->coding == CODING_OTHER) {
        if (io_text_resume(t, &to) < 0) {
            ref_release(at);
            return end(self, VALUE_NULL);
        }
        if (!plain && nargs > 0 && !value_is_int(args[0])) { // what was asked for
            ref_release(at);
            at = ref_new(args[0]);
        }
    }
    return end(self, at);
}

// Without a size, where the buffer is: behind the chunk that was read.
static Value text_truncate(Value self, const Value *args, size_t nargs) {
    Value r = value_call_method(self, name_flush, NULL, 0);
    if (value_is_null(r))
        return r;
    ref_release(r);
    Value size = nargs ? ref_new(args[0]) : none_new();
    Value buffer = buffer_new(self);
    Value result =
        value_is_null(buffer) ? buffer : value_call_method(buffer, name_truncate, &size, 1);
    ref_release(buffer);
    ref_release(size);
    return result;
}

// ---- life and attributes ----------------------------------------------------------------------

static Value text_close(Value self) {
    Text *t = text_of(self);
    Value buffer = buffer_new(self);
    if (value_is_null(buffer))
        return VALUE_NULL;
    int closed = io_is_closed(buffer);
    if (closed) {
        ref_release(buffer);
        return closed < 0 ? VALUE_NULL : none_new();
    }
    if (t->base.finalizing)
        io_warn_unclosed(buffer, self);
    Value r = value_call_method(self, name_flush, NULL, 0);
    Value failure = value_is_null(r) ? error_take() : VALUE_NULL;
    ref_release(r);
    r = value_call_method(buffer, name_close, NULL, 0);
    ref_release(buffer);
    if (!value_is_null(failure)) {
        if (value_is_null(r)) {
            Value second = error_take();
            exception_set_context(second, failure);
            error_restore(second);
        } else {
            error_restore(failure);
        }
        ref_release(r);
        return VALUE_NULL;
    }
    return r;
}

static Value text_detach(Value self) {
    Value r = value_call_method(self, name_flush, NULL, 0);
    if (value_is_null(r))
        return r;
    ref_release(r);
    Text *t = text_of(self);
    if (io_enter(&t->lock, self) < 0) // nobody may be using it
        return VALUE_NULL;
    Value buffer = io_text_buffer(t); // another thread may have been first
    if (!value_is_null(buffer)) {
        __atomic_store_n(&t->detached, true, __ATOMIC_RELAXED);
        buffer = field_swap(&t->base.header, &t->buffer, VALUE_NULL);
    }
    return end(self, buffer);
}

static Value text_reconfigure(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"encoding",       "errors",        "newline",
                                        "line_buffering", "write_through", NULL};
    Value v[5];
    if (arguments_parse("reconfigure", args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    Text *t = text_of(self);
    if (io_enter(&t->lock, self) < 0)
        return VALUE_NULL;
    bool was_read = !value_is_null(t->decoded);
    io_leave(&t->lock, self);
    bool new_encoding = !value_is_null(v[0]) && !value_is_none(v[0]);
    bool new_errors = !value_is_null(v[1]) && !value_is_none(v[1]);
    if (was_read && (new_encoding || new_errors || !value_is_null(v[2])))
        return io_unsupported(
            "It is not possible to set the encoding or newline of stream after the first read");
    Value r = value_call_method(self, name_flush, NULL, 0);
    if (value_is_null(r))
        return r;
    ref_release(r);
    int lines =
        value_is_null(v[3]) || value_is_none(v[3]) ? flag(&t->line_buffering) : value_truth(v[3]);
    int through =
        value_is_null(v[4]) || value_is_none(v[4]) ? flag(&t->write_through) : value_truth(v[4]);
    if (lines < 0 || through < 0)
        return VALUE_NULL;
    if (new_encoding && !value_is_str(v[0]))
        return raise_type_error("reconfigure() argument 'encoding' must be str or None, not %G",
                                v[0]);
    if (io_enter(&t->lock, self) < 0)
        return VALUE_NULL;
    if (new_encoding) {
        field_store(&t->base.header, &t->encoding, ref_new(v[0]));
        io_text_set_coding(t, v[0]);
        forget_chunk(t);
        field_store(&t->base.header, &t->encoder, VALUE_NULL);
        if (value_is_null(v[1]) || value_is_none(v[1]))
            field_store(&t->base.header, &t->errors, str_intern_cstr("strict"));
    }
    if (!value_is_null(v[1]) && !value_is_none(v[1])) {
        field_store(&t->base.header, &t->errors, ref_new(v[1]));
        field_store(&t->base.header, &t->encoder, VALUE_NULL); // another one is made of them
        t->mark_known = false;
    }
    if (!value_is_null(v[2]) && io_text_set_newline(t, v[2]) < 0)
        return end(self, VALUE_NULL);
    set_flags(t, lines, through);
    return end(self, none_new());
}

#define PASS_ON(function, method)                                                                  \
    static Value function(Value self) {                                                            \
        Value buffer = buffer_new(self);                                                           \
        Value r =                                                                                  \
            value_is_null(buffer) ? buffer : value_call_method_cstr(buffer, method, NULL, 0);      \
        ref_release(buffer);                                                                       \
        return r;                                                                                  \
    }
PASS_ON(text_fileno, "fileno")
PASS_ON(text_isatty, "isatty")
PASS_ON(text_seekable, "seekable")
PASS_ON(text_readable, "readable")
PASS_ON(text_writable, "writable")
static Value attribute_of_buffer(Value self, Value name) {
    Value buffer = buffer_new(self);
    Value v = value_is_null(buffer) ? buffer : value_getattr(buffer, name);
    ref_release(buffer);
    return v;
}
static Value get_closed(Value self) {
    return attribute_of_buffer(self, name_closed);
}
static Value get_name(Value self) {
    return attribute_of_buffer(self, name_name);
}
static Value get_field(Value self, Value *slot) {
    Value v = field_load(value_object(self), slot);
    return value_is_null(v) ? none_new() : v;
}
static Value get_encoding(Value self) {
    return get_field(self, &text_of(self)->encoding);
}
static Value get_errors(Value self) {
    return get_field(self, &text_of(self)->errors);
}
static Value get_buffer(Value self) {
    return buffer_new(self);
}
static Value get_line_buffering(Value self) {
    return bool_new(flag(&text_of(self)->line_buffering));
}
static Value get_write_through(Value self) {
    return bool_new(flag(&text_of(self)->write_through));
}
static bool is_attached(Value self) { // else with ValueError
    Value buffer = buffer_new(self);
    ref_release(buffer);
    return !value_is_null(buffer);
}
static Value get_chunk_size(Value self) {
    if (!is_attached(self))
        return VALUE_NULL;
    return int_from_i64(io_text_chunk_size(text_of(self)));
}
static int set_chunk_size(Value self, Value v) {
    int64_t n;
    if (!is_attached(self))
        return -1;
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    if (value_to_i64(v, &n) < 0)
        return -1;
    if (n <= 0)
        return raise_int(&exception_ValueError, "a strictly positive integer is required");
    __atomic_store_n(&text_of(self)->chunk_size, n, __ATOMIC_RELAXED);
    return 0;
}
Value io_newlines_seen(unsigned seen) {
    static const struct {
        unsigned bit;
        const char *text;
    } kinds[] = {{SEEN_CR, "\r"}, {SEEN_LF, "\n"}, {SEEN_CRLF, "\r\n"}};
    Value items[3];
    int64_t n = 0;
    for (int i = 0; i < 3; i++)
        if (seen & kinds[i].bit)
            items[n++] = str_intern_cstr(kinds[i].text);
    if (n == 0)
        return none_new();
    return n == 1 ? items[0] : tuple_from_owned(items, n);
}
static Value get_newlines(Value self) {
    return io_newlines_seen(__atomic_load_n(&text_of(self)->seen, __ATOMIC_RELAXED));
}

static Value text_repr(Value self) {
    Text *t = text_of(self);
    Value encoding = field_load(&t->base.header, &t->encoding);
    if (value_is_null(encoding))
        return raise_value_error("I/O operation on uninitialized object");
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, "<_io.TextIOWrapper");
    Value v;
    static const char *const names[] = {"name", "mode"};
    for (int i = 0; i < 2; i++) {
        if (value_lookup_attr_cstr(self, names[i], &v) > 0) {
            Value part = str_format(" %s=%R", names[i], v);
            if (!value_is_null(part))
                str_builder_str(&b, part);
            ref_release(part);
            ref_release(v);
        }
        error_clear();
    }
    Value part = str_format(" encoding=%R>", encoding);
    ref_release(encoding);
    if (!value_is_null(part))
        str_builder_str(&b, part);
    ref_release(part);
    return str_builder_finish(&b);
}

static void text_clear(Object *self) {
    Text *t = (Text *)self;
    io_base_drop(&t->base);
    Value *fields[] = {&t->buffer,  &t->encoding, &t->errors, &t->encoder,
                       &t->decoder, &t->decoded,  &t->mode,   &t->snapshot};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        Value old = *fields[i];
        *fields[i] = VALUE_NULL;
        ref_release(old);
    }
}
static void text_destroy(Object *self) {
    Text *t = (Text *)self;
    text_clear(self);
    buffer_free(t->pending);
    buffer_free(t->chunk);
    type_free_instance(self);
}
static void text_traverse(Object *self, GcVisitor *visitor) {
    Text *t = (Text *)self;
    gc_visit(visitor, t->base.dict);
    gc_visit(visitor, t->buffer);
    gc_visit(visitor, t->encoding);
    gc_visit(visitor, t->errors);
    gc_visit(visitor, t->encoder);
    gc_visit(visitor, t->decoder);
    gc_visit(visitor, t->decoded);
    gc_visit(visitor, t->snapshot);
    gc_visit(visitor, t->mode);
}
static void text_finalize(Object *self) {
    if (!value_is_null(((Text *)self)->buffer))
        io_finalize(self);
}

static const NativeDef text_methods[] = {DEF_ONE("write", text_write, NULL),
                                         DEF_FIXED("read", text_read, 0, 1, NULL),
                                         DEF_FIXED("readline", text_readline, 0, 1, NULL),
                                         DEF_NONE("flush", text_flush, NULL),
                                         DEF_NONE("close", text_close, NULL),
                                         DEF_NONE("detach", text_detach, NULL),
                                         DEF_VECTOR("reconfigure", text_reconfigure, NULL),
                                         DEF_NONE("fileno", text_fileno, NULL),
                                         DEF_NONE("isatty", text_isatty, NULL),
                                         DEF_NONE("seekable", text_seekable, NULL),
                                         DEF_NONE("readable", text_readable, NULL),
                                         DEF_NONE("writable", text_writable, NULL),
                                         DEF_FIXED("seek", text_seek, 1, 2, NULL),
                                         DEF_NONE("tell", text_tell, NULL),
                                         DEF_FIXED("truncate", text_truncate, 0, 1, NULL),
                                         DEF_END};
static const GetSetDef text_getsets[] = {{"closed", get_closed, NULL, NULL},
                                         {"name", get_name, NULL, NULL},
                                         {"encoding", get_encoding, NULL, NULL},
                                         {"errors", get_errors, NULL, NULL},
                                         {"buffer", get_buffer, NULL, NULL},
                                         {"newlines", get_newlines, NULL, NULL},
                                         {"line_buffering", get_line_buffering, NULL, NULL},
                                         {"write_through", get_write_through, NULL, NULL},
                                         {"_CHUNK_SIZE", get_chunk_size, set_chunk_size, NULL},
                                         {0}};

Type io_text_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_io.TextIOWrapper",
    .basic_size = sizeof(Text),
    .doc =
        "TextIOWrapper(buffer, encoding=None, errors=None, newline=None,\n              "
        "line_buffering=False, write_through=False)\n--\n\nA text file over a buffered binary one.",
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_HAS_FINALIZER,
    .dict_offset = offsetof(IoBase, dict),
    .base = &io_text_base_type,
    .call_new = text_allocate,
    .init = text_init,
    .destroy = text_destroy,
    .traverse = text_traverse,
    .clear = text_clear,
    .finalize = text_finalize,
    .repr = text_repr,
    .next = text_next,
    .methods = text_methods,
    .getsets = text_getsets,
};
