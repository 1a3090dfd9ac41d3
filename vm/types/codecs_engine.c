// SPDX-License-Identifier: MIT
//
// What encoders and decoders share: growing bytes, what each error handler does, and calling
// those registered from Python. The well-known handlers are done here without an exception
// object unless they fail; the same handlers as callables are in codec_handlers.c.
#include "vm/runtime/errors.h"
#include "vm/types/codecs_internal.h"
#include "vm/types/codecs_runs.h"
#include "vm/types/exceptions_internal.h"
#include "vm/types/int.h"
#include "vm/types/text_search.h"
#include "vm/types/tuple.h"
#include "vm/types/unicode_names.h"

// ---- growing bytes ----------------------------------------------------------------------------

void byte_builder_reserve(ByteBuilder *b, size_t more) {
    if (b->failed || b->capacity - b->length >= more)
        return;
    size_t capacity = b->length + more + b->length / 2 + 32;
    uint8_t *data = buffer_resize(b->data, capacity);
    if (!data) {
        b->failed = true;
        raise_memory_error();
        return;
    }
    b->data = data;
    b->capacity = capacity;
}

void byte_builder_add(ByteBuilder *b, const void *data, size_t length) {
    byte_builder_reserve(b, length);
    if (b->failed || !length)
        return;
    memcpy(b->data + b->length, data, length);
    b->length += length;
}

void byte_builder_discard(ByteBuilder *b) {
    buffer_free(b->data);
    *b = (ByteBuilder){0};
}

Value byte_builder_finish(ByteBuilder *b) {
    Value result = b->failed ? VALUE_NULL : bytes_new(b->data, b->length);
    byte_builder_discard(b);
    return result;
}

// ---- exceptions -------------------------------------------------------------------------------

ErrorsKind errors_kind(const char *errors) {
    ErrorsKind kind;
    const char *name;
    if (!errors)
        return ERRORS_STRICT;
    switch (errors[0] ? errors[0] ^ errors[1] << 8 : 0) {
#define KNOWN(first, second, known, text)                                                          \
    case first ^ second << 8:                                                                      \
        kind = known;                                                                              \
        name = text;                                                                               \
        break;
        KNOWN('s', 't', ERRORS_STRICT, "strict")
        KNOWN('i', 'g', ERRORS_IGNORE, "ignore")
        KNOWN('r', 'e', ERRORS_REPLACE, "replace")
        KNOWN('b', 'a', ERRORS_BACKSLASH, "backslashreplace")
        KNOWN('x', 'm', ERRORS_XML, "xmlcharrefreplace")
        KNOWN('s', 'u', ERRORS_ESCAPE, "surrogateescape")
#undef KNOWN
    default:
        return ERRORS_OTHER;
    }
    if (strcmp(errors, name) == 0)
        return kind;
    return strcmp(errors, "surrogatepass") == 0 ? ERRORS_PASS : ERRORS_OTHER;
}

static Value make_exception(Type *type, const char *encoding, Value object, int64_t start,
                            int64_t end, const char *reason) {
    Value name = str_from_cstr(encoding), why = str_from_cstr(reason), exception = VALUE_NULL;
    if (!value_is_null(name) && !value_is_null(why)) {
        Value args[5] = {name, object, value_from_int(start), value_from_int(end), why};
        exception = exception_new(type, args, 5);
    }
    ref_release(name);
    ref_release(why);
    return exception;
}

static Value raise_made(Value exception) {
    if (!value_is_null(exception)) {
        raise_object(exception);
        ref_release(exception);
    }
    return VALUE_NULL;
}

Value codec_raise_decode(const char *encoding, const uint8_t *data, size_t length, size_t start,
                         size_t end, const char *reason) {
    Value object = bytes_new(data, length);
    if (value_is_null(object))
        return object;
    Value exception = make_exception(&exception_UnicodeDecodeError, encoding, object,
                                     (int64_t)start, (int64_t)end, reason);
    ref_release(object);
    return raise_made(exception);
}

Value codec_raise_encode(const char *encoding, Value text, int64_t start, int64_t end,
                         const char *reason) {
    return raise_made(
        make_exception(&exception_UnicodeEncodeError, encoding, text, start, end, reason));
}

// What a registered handler is told, in an exception that is made for the first error and changed
// for the next ones, as its handler is looked up once. Consumes object. 0 or -1.
static int tell_handler(Value *handler, Value *exception, const char *errors, Type *type,
                        const char *encoding, Value object, int64_t start, int64_t end,
                        const char *reason) {
    if (!value_is_null(*exception)) {
        Value why = str_from_cstr(reason);
        if (!value_is_null(why))
            unicode_error_update(*exception, start, end, why);
        ref_release(why);
        ref_release(object);
        return value_is_null(why) ? -1 : 0;
    }
    if (!value_is_null(object))
        *exception = make_exception(type, encoding, object, start, end, reason);
    ref_release(object);
    if (!value_is_null(*exception) && value_is_null(*handler))
        *handler = codec_lookup_error(errors);
    return value_is_null(*exception) || value_is_null(*handler) ? -1 : 0;
}

// The place that a handler wants to go on at. 0 or -1.
static int answer_position(Value v, int64_t *out) {
    if (value_to_size(v, out) == 0)
        return 0;
    if (value_is_any_int(v)) {
        error_clear();
        raise_error(&exception_OverflowError, "Python int too large to convert to C ssize_t");
    }
    return -1;
}

// Calls the handler about an encoding error. On success the replacement (new reference) and where
// to go on, from 0 to length. -1 on failure. May run Python code.
static int call_handler(Value handler, Value exception, int64_t length, Value *replacement,
                        int64_t *next) {
    Value answer = value_call_one(handler, exception);
    if (value_is_null(answer))
        return -1;
    const char *wrong = "encoding error handler must return (str/bytes, int) tuple";
    int result = -1;
    int64_t at;
    if (!value_is_tuple(answer) || tuple_length(answer) != 2) {
        raise_type_error("%s", wrong);
    } else if (answer_position(tuple_item(answer, 1), &at) == 0) {
        Value text = tuple_item(answer, 0);
        if (at < 0)
            at += length;
        if (!value_is_str(text) && !value_is_bytes(text)) {
            raise_type_error("%s", wrong);
        } else if (at < 0 || at > length) {
            raise_error(&exception_IndexError, "position %lld from error handler out of bounds",
                        (long long)at);
        } else {
            *replacement = ref_new(text);
            *next = at;
            result = 0;
        }
    }
    ref_release(answer);
    return result;
}

// ---- encoding ---------------------------------------------------------------------------------

int codec_write_reference(uint32_t c, char out[CODEC_ESCAPE_MAX]) {
    char digits[10];
    int n = 0, length = 2;
    do {
        digits[n++] = (char)('0' + c % 10);
        c /= 10;
    } while (c);
    out[0] = '&';
    out[1] = '#';
    while (n)
        out[length++] = digits[--n];
    out[length++] = ';';
    return length;
}

int codec_write_escape(uint32_t c, char out[CODEC_ESCAPE_MAX]) {
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    out[0] = '\\';
    out[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int i = 0; i < digits; i++)
        out[2 + i] = "0123456789abcdef"[c >> 4 * (digits - 1 - i) & 15];
    return 2 + digits;
}

static int refuse(Encoder *e, int64_t start, int64_t end) {
    codec_raise_encode(e->name, e->text, start, end, e->reason);
    return -1;
}

// In the place of text[start..end), which is refused if that cannot be encoded either: a mapping
// need not have it.
static int emit_ascii(Encoder *e, const char *text, int length, int64_t start, int64_t end) {
    if (e->plain) {
        byte_builder_add(&e->out, text, (size_t)length);
        return e->out.failed ? -1 : 0;
    }
    for (int i = 0; i < length; i++) {
        int emitted = e->emit(e, (uint8_t)text[i]);
        if (emitted <= 0)
            return emitted < 0 ? -1 : refuse(e, start, end);
    }
    return 0;
}

static int emit_names(Encoder *e, int64_t start, int64_t end) {
    for (int64_t i = start; i < end; i++) {
        uint32_t point = str_at(e->text, i);
        char text[3 + UNICODE_NAME_MAX + 1] = "\\N{";
        int length = unicode_name(point, text + 3);
        if (length < 0)
            return raise_memory_error(), -1;
        if (length > 0) {
            text[3 + length] = '}';
            length += 4;
        } else {
            length = codec_write_escape(point, text);
        }
        if (emit_ascii(e, text, length, start, end) < 0)
            return -1;
    }
    return 0;
}

static int other_handler(Encoder *e, int64_t start, int64_t end, int64_t *next) {
    if (value_is_null(e->handler)) {
        e->handler = codec_lookup_error(e->errors);
        if (value_is_null(e->handler))
            return -1;
    }
    if (codec_is_name_handler(e->handler))
        return emit_names(e, start, end);
    Value replacement;
    int result = tell_handler(&e->handler, &e->exception, e->errors, &exception_UnicodeEncodeError,
                              e->name, ref_new(e->text), start, end, e->reason);
    if (result == 0)
        result = call_handler(e->handler, e->exception, str_length(e->text), &replacement, next);
    if (e->known) // the handler may have changed the mapping
        memset(e->known, -1, 256 * sizeof *e->known);
    if (result < 0)
        return -1;
    if (value_is_bytes(replacement)) {
        if (bytes_length(replacement) % e->width)
            result = refuse(e, start, end);
        else
            byte_builder_add(&e->out, bytes_data(replacement), (size_t)bytes_length(replacement));
    } else if (e->plain && str_is_ascii(replacement)) {
        byte_builder_add(&e->out, str_data(replacement), (size_t)str_length(replacement));
    } else if (e->emit_surrogate && !str_is_ascii(replacement)) {
        result = refuse(e, start, end); // who encodes all of Unicode takes no more than that
    } else {
        for (int64_t i = 0; i < str_length(replacement) && result == 0; i++) {
            int emitted = e->emit(e, str_at(replacement, i));
            if (emitted <= 0)
                result = emitted < 0 ? -1 : refuse(e, start, end);
        }
    }
    ref_release(replacement);
    return result;
}

// text[start..end) cannot be encoded. 0 with the place to go on, or -1.
static int encoder_error(Encoder *e, int64_t start, int64_t end, int64_t *next) {
    char escape[CODEC_ESCAPE_MAX];
    *next = end;
    switch (e->kind) {
    case ERRORS_STRICT:
        return refuse(e, start, end);
    case ERRORS_IGNORE:
        return 0;
    case ERRORS_REPLACE:
        for (int64_t i = start; i < end; i++)
            if (emit_ascii(e, "?", 1, start, end) < 0)
                return -1;
        return 0;
    case ERRORS_BACKSLASH:
        for (int64_t i = start; i < end; i++) {
            int n = codec_write_escape(str_at(e->text, i), escape);
            if (emit_ascii(e, escape, n, start, end) < 0)
                return -1;
        }
        return 0;
    case ERRORS_XML:
        for (int64_t i = start; i < end; i++) {
            int n = codec_write_reference(str_at(e->text, i), escape);
            if (emit_ascii(e, escape, n, start, end) < 0)
                return -1;
        }
        return 0;
    case ERRORS_ESCAPE:
        if (!value_is_null(e->mapping)) // charmap refuses the run as a whole
            for (int64_t i = start; i < end; i++)
                if (str_at(e->text, i) < 0xdc80 || str_at(e->text, i) > 0xdcff)
                    return refuse(e, start, end);
        for (int64_t i = start; i < end; i++) {
            uint32_t c = str_at(e->text, i);
            if (c < 0xdc80 || c > 0xdcff || e->width != 1)
                return refuse(e, i, end);
            byte_builder_byte(&e->out, (uint8_t)(c - 0xdc00));
        }
        return 0;
    case ERRORS_PASS:
        for (int64_t i = start; i < end; i++) {
            uint32_t c = str_at(e->text, i);
            if (c < 0xd800 || c > 0xdfff || !e->emit_surrogate)
                return refuse(e, start, end);
            e->emit_surrogate(e, c);
        }
        return 0;
    default:
        return other_handler(e, start, end, next);
    }
}

int64_t encoder_run_plain(Encoder *e, int64_t from) {
    int64_t length = str_length(e->text);
    unsigned kind = str_kind(e->text);
    const uint8_t *data = str_data(e->text);
    for (int64_t i = from;;) {
        byte_builder_reserve(&e->out, (size_t)(length - i));
        if (e->out.failed)
            return i;
        int64_t n = units_copy_run(e->out.data + e->out.length, data + (i << kind), kind,
                                   length - i, e->plain == 128 ? RUN_ASCII : RUN_LATIN1);
        e->out.length += (size_t)n;
        i += n;
        if (i == length || e->only_plain || e->emit(e, str_at(e->text, i)) <= 0)
            return i;
        i++;
    }
}

// How far the run of characters goes that cannot be encoded, of which text[i] is one. -1: error.
static int64_t refused_run(Encoder *e, int64_t i) {
    int64_t length = str_length(e->text), end = i + 1;
    size_t before = e->out.length;
    if (e->only_plain) {
        while (end < length && str_at(e->text, end) >= e->plain)
            end++;
        return end;
    }
    while (end < length && !e->one_by_one) {
        int emitted = e->emit(e, str_at(e->text, end));
        if (emitted < 0)
            return -1;
        if (emitted > 0) {
            e->out.length = before;
            break;
        }
        end++;
    }
    return end;
}

static int encode_all(Encoder *e) {
    int64_t length = str_length(e->text);
    e->kind = errors_kind(e->errors);
    byte_builder_reserve(&e->out, (size_t)length * e->width + 4);
    for (int64_t i = 0; i < length;) {
        if (e->run) {
            i = e->run(e, i);
            if (e->out.failed)
                return -1;
            if (i == length)
                break;
        } else {
            int emitted = e->emit(e, str_at(e->text, i));
            if (emitted < 0)
                return -1;
            if (emitted > 0) {
                i++;
                continue;
            }
        }
        int64_t end = refused_run(e, i);
        if (end < 0 || encoder_error(e, i, end, &i) < 0)
            return -1;
    }
    return 0;
}

Value encoder_run(Encoder *e) {
    int result = encode_all(e);
    ref_release(e->handler);
    ref_release(e->exception);
    if (result == 0)
        return byte_builder_finish(&e->out);
    byte_builder_discard(&e->out);
    return VALUE_NULL;
}

// ---- decoding ---------------------------------------------------------------------------------

void decoder_start(Decoder *d, const char *name, const uint8_t *data, size_t length,
                   const char *errors) {
    d->name = name;
    d->data = data;
    d->length = length;
    d->errors = errors;
    d->kind = errors_kind(errors);
    d->width = 1;
    d->big = false;
    d->input = d->handler = d->exception = VALUE_NULL;
    str_builder_start(&d->out);
}

static int raise_decode(Decoder *d, size_t start, size_t end, const char *reason) {
    codec_raise_decode(d->name, d->data, d->length, start, end, reason);
    return -1;
}

// A surrogate encoded at start in the decoder's own encoding: its bytes, or 0.
static size_t surrogate_at(Decoder *d, size_t start, uint32_t *point) {
    const uint8_t *p = d->data + start;
    size_t left = d->length - start, width = d->width == 1 ? 3 : d->width;
    if (left < width)
        return 0;
    if (d->width == 1) {
        if (strcmp(d->name, "utf-8") != 0 || p[0] != 0xed || (p[1] & 0xc0) != 0x80 ||
            (p[2] & 0xc0) != 0x80)
            return 0;
        *point = 0xd000 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
    } else {
        *point = 0;
        for (size_t i = 0; i < width; i++)
            *point |= (uint32_t)p[d->big ? width - 1 - i : i] << (8 * i);
    }
    return *point >= 0xd800 && *point <= 0xdfff ? width : 0;
}

// The handler may have put another object into the exception: its bytes are the input from now on.
static int take_input(Decoder *d, Value exception) {
    Value object = value_getattr(exception, name_object);
    if (value_is_null(object))
        return -1;
    if (!value_is_bytes(object)) {
        raise_type_error("exception attribute object must be bytes");
        ref_release(object);
        return -1;
    }
    Value old = d->input;
    d->input = object;
    d->data = bytes_data(object);
    d->length = (size_t)bytes_length(object);
    ref_release(old);
    return 0;
}

// A registered handler's answer. 0 with the place to go on, or -1.
static int ask_handler(Decoder *d, size_t start, size_t end, const char *reason, size_t *next) {
    Value object = value_is_null(d->exception) ? bytes_new(d->data, d->length) : VALUE_NULL;
    if (tell_handler(&d->handler, &d->exception, d->errors, &exception_UnicodeDecodeError, d->name,
                     object, (int64_t)start, (int64_t)end, reason) < 0)
        return -1;
    Value answer = value_call_one(d->handler, d->exception);
    if (value_is_null(answer))
        return -1;
    int result = -1;
    int64_t at;
    if (!value_is_tuple(answer) || tuple_length(answer) != 2 ||
        !value_is_str(tuple_item(answer, 0))) {
        raise_type_error("decoding error handler must return (str, int) tuple");
    } else if (answer_position(tuple_item(answer, 1), &at) == 0 &&
               take_input(d, d->exception) == 0) {
        int64_t place = at < 0 ? at + (int64_t)d->length : at;
        if (place < 0 || place > (int64_t)d->length) {
            raise_error(&exception_IndexError, "position %lld from error handler out of bounds",
                        (long long)place);
        } else {
            str_builder_str(&d->out, tuple_item(answer, 0));
            *next = (size_t)place;
            result = 0;
        }
    }
    ref_release(answer);
    return result;
}

int decoder_error(Decoder *d, size_t start, size_t end, const char *reason, size_t *next) {
    *next = end;
    switch (d->kind) {
    case ERRORS_STRICT:
        return raise_decode(d, start, end, reason);
    case ERRORS_IGNORE:
        return 0;
    case ERRORS_REPLACE:
        str_builder_char(&d->out, 0xfffd);
        return 0;
    case ERRORS_BACKSLASH:
        for (size_t i = start; i < end; i++) {
            char escape[CODEC_ESCAPE_MAX];
            str_builder_ascii(&d->out, escape, (size_t)codec_write_escape(d->data[i], escape));
        }
        return 0;
    case ERRORS_ESCAPE: {
        size_t i = start;
        for (; i < end && i < start + 4 && d->data[i] >= 0x80; i++)
            str_builder_char(&d->out, 0xdc00u + d->data[i]);
        if (i == start)
            return raise_decode(d, start, end, reason);
        *next = i;
        return 0;
    }
    case ERRORS_PASS: {
        uint32_t point;
        size_t width = surrogate_at(d, start, &point);
        if (!width)
            return raise_decode(d, start, end, reason);
        str_builder_char(&d->out, point);
        *next = start + width;
        return 0;
    }
    case ERRORS_XML: // only for encoding
        raise_type_error("don't know how to handle UnicodeDecodeError in error callback");
        return -1;
    default:
        return ask_handler(d, start, end, reason, next);
    }
}

Value decoder_finish(Decoder *d, bool ok) {
    ref_release(d->input);
    ref_release(d->handler);
    ref_release(d->exception);
    if (ok)
        return str_builder_finish(&d->out);
    str_builder_discard(&d->out);
    return VALUE_NULL;
}
