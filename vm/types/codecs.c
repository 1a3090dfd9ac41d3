// SPDX-License-Identifier: MIT
//
// The common text encodings (ASCII, Latin-1, UTF-8, UTF-16, UTF-32) and codec_encode and
// codec_decode, which do these without the registry and leave all others to it.
#include "vm/types/codecs.h"
#include "vm/runtime/errors.h"
#include "vm/types/codecs_internal.h"
#include "vm/types/codecs_runs.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_utf8.h"
#include "vm/types/tuple.h"

// ---- ASCII, Latin-1 ---------------------------------------------------------------------------

static int emit_ascii(Encoder *e, uint32_t c) {
    if (c >= 128)
        return 0;
    byte_builder_byte(&e->out, (uint8_t)c);
    return e->out.failed ? -1 : 1;
}
static int emit_latin1(Encoder *e, uint32_t c) {
    if (c >= 256)
        return 0;
    byte_builder_byte(&e->out, (uint8_t)c);
    return e->out.failed ? -1 : 1;
}

Value codec_encode_ascii(Value text, const char *errors) {
    if (str_is_ascii(text))
        return bytes_new(str_data(text), (size_t)str_length(text));
    Encoder e = {.name = "ascii",
                 .reason = "ordinal not in range(128)",
                 .text = text,
                 .errors = errors,
                 .width = 1,
                 .plain = 128,
                 .only_plain = true,
                 .run = encoder_run_plain,
                 .emit = emit_ascii};
    return encoder_run(&e);
}

Value codec_encode_latin1(Value text, const char *errors) {
    if (str_kind(text) == 0)
        return bytes_new(str_data(text), (size_t)str_length(text));
    Encoder e = {.name = "latin-1",
                 .reason = "ordinal not in range(256)",
                 .text = text,
                 .errors = errors,
                 .width = 1,
                 .plain = 256,
                 .only_plain = true,
                 .run = encoder_run_plain,
                 .emit = emit_latin1};
    return encoder_run(&e);
}

Value codec_decode_latin1(const uint8_t *data, size_t length) {
    return str_from_latin1(data, length);
}

Value codec_decode_ascii(const uint8_t *data, size_t length, const char *errors) {
    if (bytes_are_ascii(data, length))
        return str_from_ascii((const char *)data, length);
    Decoder d;
    decoder_start(&d, "ascii", data, length, errors);
    str_builder_reserve(&d.out, (int64_t)length);
    for (size_t i = 0; i < d.length;) {
        size_t run = bytes_ascii_run(d.data + i, d.length - i);
        str_builder_ascii(&d.out, (const char *)d.data + i, run);
        i += run;
        if (i < d.length && decoder_error(&d, i, i + 1, "ordinal not in range(128)", &i) < 0)
            return decoder_finish(&d, false);
    }
    return decoder_finish(&d, true);
}

// ---- UTF-8 ------------------------------------------------------------------------------------

static int emit_utf8(Encoder *e, uint32_t c) {
    if (c >= 0xd800 && c < 0xe000)
        return 0;
    uint8_t bytes[4];
    byte_builder_add(&e->out, bytes, utf8_encode_one(c, bytes));
    return e->out.failed ? -1 : 1;
}
static int64_t run_utf8(Encoder *e, int64_t from) {
    unsigned kind = str_kind(e->text);
    const uint8_t *data = (const uint8_t *)str_data(e->text) + (from << kind);
    int64_t n = units_before_surrogate(data, kind, str_length(e->text) - from);
    byte_builder_reserve(&e->out, (size_t)n * (kind == 1 ? 3 : 4));
    if (!e->out.failed)
        e->out.length += utf8_write_units(data, kind, n, e->out.data + e->out.length);
    return from + n;
}
static void emit_utf8_surrogate(Encoder *e, uint32_t c) {
    uint8_t bytes[4];
    byte_builder_add(&e->out, bytes, utf8_encode_one(c, bytes));
}

Value codec_encode_utf8(Value text, const char *errors) {
    if (str_is_ascii(text))
        return bytes_new(str_data(text), (size_t)str_length(text));
    int64_t surrogate;
    size_t size = utf8_size(text, &surrogate);
    if (surrogate < 0 || errors_kind(errors) == ERRORS_PASS) { // then they are like the others
        uint8_t *out;
        Value result = bytes_allocate((int64_t)size, &out);
        if (!value_is_null(result))
            utf8_write(text, out);
        return result;
    }
    Encoder e = {.name = "utf-8",
                 .reason = "surrogates not allowed",
                 .text = text,
                 .errors = errors,
                 .width = 1,
                 .plain = 128,
                 .run = run_utf8,
                 .emit = emit_utf8,
                 .emit_surrogate = emit_utf8_surrogate};
    return encoder_run(&e);
}

// Adds `length` well-formed bytes, which are count characters, none above bound.
static void add_utf8(Decoder *d, const uint8_t *data, size_t length, int64_t count,
                     uint32_t bound) {
    if (count == (int64_t)length) {
        str_builder_ascii(&d->out, (const char *)data, length);
        return;
    }
    void *out = str_builder_room(&d->out, count, bound);
    if (out)
        utf8_fill(data, length, out, d->out.kind);
}

// How many bytes of ASCII there are before the end, or before a byte that cannot begin a character:
// what follows it is no continuation. 0: the bytes have to be measured.
static size_t ascii_before_error(const uint8_t *data, size_t length) {
    size_t run = bytes_ascii_run(data, length);
    bool begins = run + 1 < length && data[run] >= 0xc2 && (data[run + 1] & 0xc0) == 0x80;
    return begins ? 0 : run;
}

Value codec_decode_utf8(const uint8_t *data, size_t length, const char *errors, size_t *consumed) {
    if (consumed)
        *consumed = length;
    if (bytes_are_ascii(data, length))
        return str_from_ascii((const char *)data, length);
    int64_t count;
    uint32_t bound;
    size_t run;
    if (utf8_measure(data, length, false, &count, &bound, &run)) {
        if (count == 1)
            return str_from_code_point(bound);
        void *out;
        Value s = str_allocate(count, bound, &out);
        if (!value_is_null(s))
            utf8_fill(data, length, out, str_kind(s));
        return s;
    }
    Decoder d;
    decoder_start(&d, "utf-8", data, length, errors);
    str_builder_reserve(&d.out, (int64_t)length);
    for (size_t i = 0;;) { // the next `run` bytes are well-formed and measured
        add_utf8(&d, d.data + i, run, count, bound);
        i += run;
        if (i == d.length)
            break;
        uint32_t point;
        unsigned error_length;
        int n = utf8_decode_one(d.data + i, d.length - i, false, &point, &error_length);
        // Half a surrogate may become one that the error handler lets through.
        bool half = n == UTF8_INVALID_CONTINUATION && d.data[i] == 0xed && d.length - i == 2 &&
                    (d.data[i + 1] & 0xe0) == 0xa0;
        if ((n == UTF8_TRUNCATED || half) && consumed) {
            *consumed = i;
            break;
        }
        size_t end = n == UTF8_TRUNCATED ? d.length : i + error_length;
        if (decoder_error(&d, i, end, utf8_error_reason(n), &i) < 0)
            return decoder_finish(&d, false);
        run = ascii_before_error(d.data + i, d.length - i);
        count = (int64_t)run;
        bound = 0x7f;
        if (run == 0 && utf8_measure(d.data + i, d.length - i, false, &count, &bound, &run))
            run = d.length - i;
    }
    return decoder_finish(&d, true);
}

// ---- UTF-16 -----------------------------------------------------------------------------------

static void add_unit(Encoder *e, uint32_t unit) {
    uint8_t bytes[4];
    wide_put(bytes, unit, e->width, e->order > 0);
    byte_builder_add(&e->out, bytes, e->width);
}

static int emit_utf16(Encoder *e, uint32_t c) {
    if (c >= 0xd800 && c < 0xe000)
        return 0;
    if (c < 0x10000) {
        add_unit(e, c);
    } else {
        add_unit(e, 0xd7c0 + (c >> 10));
        add_unit(e, 0xdc00 | (c & 0x3ff));
    }
    return e->out.failed ? -1 : 1;
}

static int emit_utf32(Encoder *e, uint32_t c) {
    if (c >= 0xd800 && c < 0xe000)
        return 0;
    add_unit(e, c);
    return e->out.failed ? -1 : 1;
}

static int64_t run_wide(Encoder *e, int64_t from) {
    unsigned kind = str_kind(e->text);
    const uint8_t *data = (const uint8_t *)str_data(e->text) + (from << kind);
    int64_t n = units_before_surrogate(data, kind, str_length(e->text) - from);
    byte_builder_reserve(&e->out, (size_t)n * 4);
    if (!e->out.failed) {
        uint8_t *out = e->out.data + e->out.length;
        e->out.length +=
            (size_t)(wide_from_units(out, data, kind, n, e->width, e->order > 0) - out);
    }
    return from + n;
}

// Text without surrogates, for which no handler can be needed; VALUE_NULL without an exception if
// there are some.
static Value encode_wide_whole(Value text, int order, unsigned width) {
    int64_t length = str_length(text), units = length + (order == 0);
    unsigned kind = str_kind(text);
    const void *data = str_data(text);
    uint32_t surrogates = 0; // the loops are for the vectoriser
    if (kind == 1) {
        const uint16_t *p = data;
        uint16_t found = 0;
        for (int64_t i = 0; i < length; i++)
            found |= (uint16_t)((p[i] & 0xf800) == 0xd800);
        surrogates = found;
    } else if (kind == 2) {
        const uint32_t *p = data;
        int64_t pairs = 0;
        for (int64_t i = 0; i < length; i++) {
            surrogates |= (p[i] & 0xfffff800) == 0xd800;
            pairs += p[i] >= 0x10000;
        }
        if (width == 2)
            units += pairs;
    }
    if (surrogates)
        return VALUE_NULL;
    uint8_t *out;
    Value result = bytes_allocate(units * width, &out);
    if (value_is_null(result))
        return result;
    bool big = order > 0;
    if (order == 0)
        out = wide_put(out, 0xfeff, width, big);
    wide_from_units(out, data, kind, length, width, big);
    return result;
}

static Value encode_wide(Value text, const char *errors, int order, unsigned width) {
    Value whole = encode_wide_whole(text, order, width);
    if (!value_is_null(whole) || error_occurred())
        return whole;
    static const char *const names[2][3] = {{"utf-16-le", "utf-16", "utf-16-be"},
                                            {"utf-32-le", "utf-32", "utf-32-be"}};
    Encoder e = {.name = names[width == 4][order + 1],
                 .reason = "surrogates not allowed",
                 .text = text,
                 .errors = errors,
                 .width = width,
                 .order = order,
                 .one_by_one = true,
                 .run = run_wide,
                 .emit = width == 2 ? emit_utf16 : emit_utf32,
                 .emit_surrogate = add_unit};
    if (order == 0)
        add_unit(&e, 0xfeff);
    return encoder_run(&e);
}

Value codec_encode_utf16(Value text, const char *errors, int order) {
    return encode_wide(text, errors, order, 2);
}
Value codec_encode_utf32(Value text, const char *errors, int order) {
    return encode_wide(text, errors, order, 4);
}

static uint32_t unit_from(const Decoder *d, size_t at) {
    return wide_get(d->data + at, d->width, d->big);
}

// Starts a decoder of 2- or 4-byte units: looks at the byte order mark if the order is open.
// Where the text starts.
static size_t start_wide(Decoder *d, unsigned width, const uint8_t *data, size_t length,
                         const char *errors, int *order) {
    static const char *const names[2][2] = {{"utf-16-le", "utf-16-be"}, {"utf-32-le", "utf-32-be"}};
    size_t start = 0;
    decoder_start(d, names[width == 4][*order > 0], data, length, errors);
    d->width = width;
    if (*order == 0 && length >= width) {
        if (unit_from(d, 0) == 0xfeff) {
            *order = -1;
            start = width;
        } else {
            d->big = true;
            if (unit_from(d, 0) == 0xfeff) {
                *order = 1;
                start = width;
            }
            d->big = false;
        }
    }
    d->big = *order > 0;
    d->name = names[width == 4][*order > 0];
    return start;
}

// The whole input from i on if each unit is a character, for which no handler can be needed;
// VALUE_NULL without an exception if not. With consumed, an end that is no unit is left alone.
static Value decode_wide(const Decoder *d, size_t i, size_t *consumed) {
    size_t width = d->width, rest = (d->length - i) % width;
    int64_t count = (int64_t)((d->length - i) / width);
    const uint8_t *data = d->data + i;
    uint32_t all;
    if ((rest && !consumed) || wide_run(data, count, d->width, d->big, &all) != count)
        return VALUE_NULL;
    if (consumed)
        *consumed = d->length - rest;
    if (count <= 1)
        return count ? str_from_code_point(all) : str_empty();
    void *out;
    Value s = str_allocate(count, all < 0x110000 ? all : 0x10ffff, &out);
    if (!value_is_null(s))
        wide_to_units(data, count, d->width, d->big, out, str_kind(s));
    return s;
}

// Adds the units from i on that are characters: where they end.
static size_t decode_wide_run(Decoder *d, size_t i) {
    uint32_t all;
    const uint8_t *data = d->data + i;
    int64_t count = wide_run(data, (int64_t)((d->length - i) / d->width), d->width, d->big, &all);
    void *out = count ? str_builder_room(&d->out, count, all) : NULL;
    if (out)
        wide_to_units(data, count, d->width, d->big, out, d->out.kind);
    return i + (size_t)count * d->width;
}

Value codec_decode_utf16(const uint8_t *data, size_t length, const char *errors, int *order,
                         size_t *consumed) {
    Decoder d;
    size_t i = start_wide(&d, 2, data, length, errors, order);
    Value whole = decode_wide(&d, i, consumed);
    if (!value_is_null(whole) || error_occurred())
        return whole;
    str_builder_reserve(&d.out, (int64_t)(length / 2));
    while (i < d.length) {
        size_t end;
        const char *reason;
        i = decode_wide_run(&d, i);
        if (i == d.length)
            break;
        if (d.length - i < 2) {
            if (consumed)
                break;
            end = d.length;
            reason = "truncated data";
        } else {
            uint32_t unit = unit_from(&d, i); // a surrogate
            end = i + 2;
            if (unit >= 0xdc00) {
                reason = "illegal encoding";
            } else if (d.length - i < 4) {
                if (consumed)
                    break;
                end = d.length;
                reason = "unexpected end of data";
            } else {
                uint32_t low = unit_from(&d, i + 2);
                if (low >= 0xdc00 && low < 0xe000) {
                    str_builder_char(&d.out, 0x10000 + ((unit & 0x3ff) << 10 | (low & 0x3ff)));
                    i += 4;
                    continue;
                }
                reason = "illegal UTF-16 surrogate";
            }
        }
        if (decoder_error(&d, i, end, reason, &i) < 0)
            return decoder_finish(&d, false);
    }
    if (consumed)
        *consumed = i;
    return decoder_finish(&d, true);
}

Value codec_decode_utf32(const uint8_t *data, size_t length, const char *errors, int *order,
                         size_t *consumed) {
    Decoder d;
    size_t i = start_wide(&d, 4, data, length, errors, order);
    Value whole = decode_wide(&d, i, consumed);
    if (!value_is_null(whole) || error_occurred())
        return whole;
    str_builder_reserve(&d.out, (int64_t)(length / 4));
    while (i < d.length) {
        i = decode_wide_run(&d, i);
        if (i == d.length)
            break;
        size_t end = i + 4;
        const char *reason;
        if (d.length - i < 4) {
            if (consumed)
                break;
            end = d.length;
            reason = "truncated data";
        } else {
            reason = unit_from(&d, i) > 0x10ffff
                         ? "code point not in range(0x110000)"
                         : "code point in surrogate code point range(0xd800, 0xe000)";
        }
        if (decoder_error(&d, i, end, reason, &i) < 0)
            return decoder_finish(&d, false);
    }
    if (consumed)
        *consumed = i;
    return decoder_finish(&d, true);
}

// ---- by name ----------------------------------------------------------------------------------

typedef enum {
    ENCODING_UTF8,
    ENCODING_ASCII,
    ENCODING_LATIN1,
    ENCODING_UTF16,
    ENCODING_UTF16_LE,
    ENCODING_UTF16_BE,
    ENCODING_UTF32,
    ENCODING_UTF32_LE,
    ENCODING_UTF32_BE,
    ENCODING_OTHER
} Encoding;

static Encoding encoding_by_name(const char *name) {
    static const struct {
        uint8_t length;
        char name[16]; // the rest is zero
        Encoding encoding;
    } known[] = {{5, "utf-8", ENCODING_UTF8},         {4, "utf8", ENCODING_UTF8},
                 {5, "ascii", ENCODING_ASCII},        {8, "us-ascii", ENCODING_ASCII},
                 {7, "latin-1", ENCODING_LATIN1},     {6, "latin1", ENCODING_LATIN1},
                 {10, "iso-8859-1", ENCODING_LATIN1}, {9, "iso8859-1", ENCODING_LATIN1},
                 {6, "utf-16", ENCODING_UTF16},       {9, "utf-16-le", ENCODING_UTF16_LE},
                 {9, "utf-16-be", ENCODING_UTF16_BE}, {6, "utf-32", ENCODING_UTF32},
                 {9, "utf-32-le", ENCODING_UTF32_LE}, {9, "utf-32-be", ENCODING_UTF32_BE}};
    char lower[sizeof known[0].name] = {0};
    size_t n = 0;
    if (!name)
        return ENCODING_UTF8;
    for (; name[n]; n++) {
        if (n == sizeof lower - 1)
            return ENCODING_OTHER;
        char c = name[n];
        lower[n] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '_' || c == ' ' ? '-' : c;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (n == known[i].length) {
            uint64_t a[2], b[2];
            memcpy(a, lower, sizeof a);
            memcpy(b, known[i].name, sizeof b);
            if (a[0] == b[0] && a[1] == b[1])
                return known[i].encoding;
        }
    return ENCODING_OTHER;
}

// 1 if the codec says that it is one for text (or says nothing), 0 with LookupError, -1.
static int check_text_codec(Value info, const char *encoding, const char *alternative) {
    if (value_is_exactly(info, &tuple_type))
        return 1;
    Value flag;
    int found = value_lookup_attr_cstr(info, "_is_text_encoding", &flag);
    if (found <= 0)
        return found < 0 ? -1 : 1;
    int truth = value_truth(flag);
    ref_release(flag);
    if (truth == 0)
        raise_error(&exception_LookupError,
                    "'%s' is not a text encoding; use %s to handle arbitrary codecs", encoding,
                    alternative);
    return truth;
}

// Encodes or decodes object through the registry; the result is of type wanted.
static Value through_registry(Value object, const char *encoding, const char *errors,
                              bool encoding_it) {
    Value name = str_from_cstr(encoding), result = VALUE_NULL;
    if (value_is_null(name))
        return name;
    Value info = codec_lookup(name);
    if (value_is_null(info)) {
        ref_release(name);
        return info;
    }
    if (check_text_codec(info, encoding, encoding_it ? "codecs.encode()" : "codecs.decode()") ==
        1) {
        Value args[2] = {object, VALUE_NULL};
        if (errors)
            args[1] = str_from_cstr(errors);
        if (!errors || !value_is_null(args[1])) {
            Value answer =
                value_call(tuple_item(info, encoding_it ? 0 : 1), args, errors ? 2 : 1, VALUE_NULL);
            ref_release(args[1]);
            if (value_is_null(answer)) {
                codec_name_in_error(encoding_it ? "encoding" : "decoding", name);
            } else {
                if (!value_is_tuple(answer) || tuple_length(answer) != 2)
                    raise_type_error(encoding_it ? "encoder must return a tuple (object, integer)"
                                                 : "decoder must return a tuple (object,integer)");
                else
                    result = ref_new(tuple_item(answer, 0));
                ref_release(answer);
            }
        }
    }
    ref_release(info);
    ref_release(name);
    return result;
}

// Fixed byte orders have no short cut in CPython, so their errors name the codec there.
static Value named_on_error(Value result, const char *operation, const char *encoding) {
    if (value_is_null(result)) {
        Value error = error_take(), name = str_from_cstr(encoding);
        error_restore(error);
        if (!value_is_null(name))
            codec_name_in_error(operation, name);
        ref_release(name);
    }
    return result;
}

Value codec_encode(Value text, const char *encoding, const char *errors) {
    switch (encoding_by_name(encoding)) {
    case ENCODING_UTF8:
        return codec_encode_utf8(text, errors);
    case ENCODING_ASCII:
        return codec_encode_ascii(text, errors);
    case ENCODING_LATIN1:
        return codec_encode_latin1(text, errors);
    case ENCODING_UTF16:
        return codec_encode_utf16(text, errors, 0);
    case ENCODING_UTF16_LE:
        return named_on_error(codec_encode_utf16(text, errors, -1), "encoding", encoding);
    case ENCODING_UTF16_BE:
        return named_on_error(codec_encode_utf16(text, errors, 1), "encoding", encoding);
    case ENCODING_UTF32:
        return codec_encode_utf32(text, errors, 0);
    case ENCODING_UTF32_LE:
        return named_on_error(codec_encode_utf32(text, errors, -1), "encoding", encoding);
    case ENCODING_UTF32_BE:
        return named_on_error(codec_encode_utf32(text, errors, 1), "encoding", encoding);
    default:
        break;
    }
    Value result = through_registry(text, encoding, errors, true);
    if (value_is_null(result) || value_is_bytes(result))
        return result;
    raise_type_error(
        "'%s' encoder returned '%T' instead of 'bytes'; use codecs.encode() to encode to "
        "arbitrary types",
        encoding, result);
    ref_release(result);
    return VALUE_NULL;
}

Value codec_decode(const uint8_t *data, size_t length, const char *encoding, const char *errors) {
    int order = 0;
    if (length == 0) // whatever the encoding, as in CPython
        return str_empty();
    Encoding known = encoding_by_name(encoding);
    switch (known) {
    case ENCODING_UTF8:
        return codec_decode_utf8(data, length, errors, NULL);
    case ENCODING_ASCII:
        return codec_decode_ascii(data, length, errors);
    case ENCODING_LATIN1:
        return codec_decode_latin1(data, length);
    case ENCODING_UTF16:
        return codec_decode_utf16(data, length, errors, &order, NULL);
    case ENCODING_UTF32:
        return codec_decode_utf32(data, length, errors, &order, NULL);
    case ENCODING_UTF16_LE:
    case ENCODING_UTF16_BE:
        order = known == ENCODING_UTF16_BE ? 1 : -1;
        return named_on_error(codec_decode_utf16(data, length, errors, &order, NULL), "decoding",
                              encoding);
    case ENCODING_UTF32_LE:
    case ENCODING_UTF32_BE:
        order = known == ENCODING_UTF32_BE ? 1 : -1;
        return named_on_error(codec_decode_utf32(data, length, errors, &order, NULL), "decoding",
                              encoding);
    default:
        break;
    }
    Value bytes = bytes_new(data, length);
    if (value_is_null(bytes))
        return bytes;
    Value result = through_registry(bytes, encoding, errors, false);
    ref_release(bytes);
    if (value_is_null(result) || value_is_str(result))
        return result;
    raise_type_error(
        "'%s' decoder returned '%T' instead of 'str'; use codecs.decode() to decode to "
        "arbitrary types",
        encoding, result);
    ref_release(result);
    return VALUE_NULL;
}
