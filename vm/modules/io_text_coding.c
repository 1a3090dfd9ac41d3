// SPDX-License-Identifier: MIT
//
// What io_text.c needs of encodings and newlines. UTF-8, ASCII and Latin-1 are coded here, UTF-16
// and UTF-32 encoded; the rest is done by the incremental coders of the library's `codecs`. With
// the file's lock held.
#include "vm/modules/io_text_internal.h"
#include "vm/types/codecs.h"
#include "vm/types/text_search.h"

// A name of an encoding as those below are written.
static void plain_name(Value encoding, char name[32]) {
    str_copy_bounded(encoding, name, 32);
    for (char *c = name; *c; c++) {
        if (*c >= 'A' && *c <= 'Z')
            *c += 32;
        if (*c == '_' || *c == ' ')
            *c = '-';
    }
}

Coding io_text_coding(Value encoding) {
    char name[32];
    plain_name(encoding, name);
    static const struct {
        const char *name;
        Coding coding;
    } known[] = {
        {"utf-8", CODING_UTF8},    {"utf8", CODING_UTF8},         {"u8", CODING_UTF8},
        {"ascii", CODING_ASCII},   {"us-ascii", CODING_ASCII},    {"latin-1", CODING_LATIN1},
        {"latin1", CODING_LATIN1}, {"iso-8859-1", CODING_LATIN1}, {"iso8859-1", CODING_LATIN1}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0)
            return known[i].coding;
    return CODING_OTHER;
}

void io_text_set_coding(Text *t, Value encoding) {
    char name[32];
    plain_name(encoding, name);
    static const struct {
        const char *name;
        uint8_t width;
        int8_t order;
    } known[] = {{"utf-16", 2, 0},    {"utf16", 2, 0},      {"u16", 2, 0},
                 {"u32", 4, 0},       {"utf-16-le", 2, -1}, {"utf-16le", 2, -1},
                 {"utf-16-be", 2, 1}, {"utf-16be", 2, 1},   {"utf-32", 4, 0},
                 {"utf32", 4, 0},     {"utf-32-le", 4, -1}, {"utf-32le", 4, -1},
                 {"utf-32-be", 4, 1}, {"utf-32be", 4, 1}};
    t->coding = io_text_coding(encoding);
    t->wide = 0;
    t->mark_known = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0) {
            t->wide = known[i].width;
            t->wide_order = known[i].order;
        }
}

int io_text_set_newline(Text *t, Value newline) {
    t->translate_read = t->universal = t->newline_ends = true;
    strcpy(t->write_newline, "");
    *t->read_newline = 0;
    if (value_is_null(newline) || value_is_none(newline))
        return 0;
    if (!value_is_str(newline))
        return raise_int(&exception_TypeError,
                         "TextIOWrapper() argument 'newline' must be str or None, not %G", newline);
    static const char *const valid[] = {"", "\n", "\r", "\r\n"};
    int which = -1;
    for (int i = 0; i < 4; i++)
        if (str_equal_cstr(newline, valid[i]))
            which = i;
    if (which < 0)
        return raise_int(&exception_ValueError, "illegal newline value: %V", newline);
    t->translate_read = false;
    t->universal = which == 0;
    t->newline_ends = which == 1;
    strcpy(t->read_newline, valid[which]);
    if (which > 1)
        strcpy(t->write_newline, valid[which]);
    return 0;
}

static bool in_the_middle(Text *t) {
    Value at = value_call_method(field_raw(&t->buffer), name_tell, NULL, 0);
    bool middle = false;
    if (value_is_null(at))
        error_clear();
    else
        middle = t->seekable && value_is_int(at) && value_int(at) != 0;
    ref_release(at);
    return middle;
}

// As the library's incremental encoders do it: a byte order mark comes first, then this machine's
// order.
static Value encode_wide(Text *t, Value text) {
    char handler[64];
    str_copy_bounded(t->errors, handler, sizeof handler);
    if (!t->mark_known) {
        // Where the place is not known, CPython writes no mark.
        t->mark_due = t->wide_order == 0 && t->seekable && !in_the_middle(t);
        t->mark_known = true;
    }
    int order = t->wide_order == 0 && !t->mark_due ? -1 : t->wide_order;
    Value bytes = t->wide == 2 ? codec_encode_utf16(text, handler, order)
                               : codec_encode_utf32(text, handler, order);
    t->mark_due = false; // also after an error
    return bytes;
}

Value io_text_encode(Text *t, Value text) {
    if (t->coding != CODING_OTHER) {
        static const char *const names[] = {"utf-8", "ascii", "latin-1"};
        char handler[64];
        str_copy_bounded(t->errors, handler, sizeof handler);
        return codec_encode(text, names[t->coding], handler);
    }
    if (t->wide)
        return encode_wide(t, text);
    if (value_is_null(t->encoder)) {
        Value codecs = import_module_cstr("codecs");
        Value factory =
            value_is_null(codecs)
                ? codecs
                : value_call_method_cstr(codecs, "getincrementalencoder", &t->encoding, 1);
        ref_release(codecs);
        t->encoder = value_is_null(factory) ? factory : value_call_one(factory, t->errors);
        ref_release(factory);
        if (value_is_null(t->encoder))
            return VALUE_NULL;
        // In the middle of a file no byte order mark is wanted.
        if (in_the_middle(t)) {
            Value zero = value_from_int(0);
            ref_release(value_call_method_cstr(t->encoder, "setstate", &zero, 1));
            error_clear();
        }
    }
    return value_call_method_cstr(t->encoder, "encode", &text, 1);
}

// How many of these bytes can be decoded now, leaving an unfinished character at the end.
int64_t io_text_whole_prefix(Coding coding, const uint8_t *data, int64_t length) {
    if (coding != CODING_UTF8)
        return length;
    for (int64_t back = 1; back <= 3 && back <= length; back++) {
        uint8_t c = data[length - back];
        if ((c & 0xc0) == 0x80)
            continue;
        int64_t needs = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        return needs > back && c < 0xf8 ? length - back : length;
    }
    return length;
}

int io_text_make_decoder(Text *t) {
    if (!value_is_null(t->decoder))
        return 0;
    Value codecs = import_module_cstr("codecs");
    Value factory = value_is_null(codecs)
                        ? codecs
                        : value_call_method_cstr(codecs, "getincrementaldecoder", &t->encoding, 1);
    ref_release(codecs);
    t->decoder = value_is_null(factory) ? factory : value_call_one(factory, t->errors);
    ref_release(factory);
    return value_is_null(t->decoder) ? -1 : 0;
}

static Value decode(Text *t, const uint8_t *data, int64_t length, bool final) {
    if (t->coding != CODING_OTHER) {
        static const char *const names[] = {"utf-8", "ascii", "latin-1"};
        char handler[64];
        str_copy_bounded(t->errors, handler, sizeof handler);
        return codec_decode(data, (size_t)length, names[t->coding], handler);
    }
    if (io_text_make_decoder(t) < 0)
        return VALUE_NULL;
    Value args[2] = {bytes_new(data, (size_t)length), value_from_bool(final)};
    if (value_is_null(args[0]))
        return VALUE_NULL;
    Value text = value_call_method(t->decoder, name_decode, args, 2);
    ref_release(args[0]);
    if (!value_is_null(text) && !value_is_str(text)) {
        raise_type_error("decoder should return a string result, not '%T'", text);
        ref_release(text);
        return VALUE_NULL;
    }
    return text;
}

// Keeps a \r at the end of text (consumed) until it is known whether a \n follows. Where bytes are
// decoded here, they wait in the tail instead.
static Value hold_return(Text *t, Value text, bool final) {
    if (value_is_null(text) || t->coding != CODING_OTHER || !t->universal)
        return text;
    int64_t n = str_length(text);
    bool ends = !final && n > 0 && str_at(text, n - 1) == '\r';
    if ((n == 0 && !final) || (!ends && !t->held_return))
        return text;
    StrBuilder b;
    str_builder_start(&b);
    if (t->held_return)
        str_builder_char(&b, '\r');
    str_builder_substring(&b, text, 0, n - ends);
    t->held_return = ends;
    ref_release(text);
    return str_builder_finish(&b);
}

// How often \r\n occurs.
static int64_t count_pairs(const void *data, unsigned kind, int64_t n) {
    int64_t total = 0;
    if (kind == 0) {
        const uint8_t *p = data;
        for (int64_t i = 0; i + 1 < n; i++) {
            int64_t found = units_find_unit(p + i, 0, n - 1 - i, '\r');
            if (found < 0)
                break;
            i += found;
            total += p[i + 1] == '\n';
        }
        return total;
    }
    for (int64_t i = 0; i + 1 < n; i++)
        total += unit_at(data, kind, i) == '\r' && unit_at(data, kind, i + 1) == '\n';
    return total;
}

// The text with \n for \r\n and for \r; `length` characters, more than one, are left.
static Value with_newlines(Value text, int64_t length) {
    unsigned kind = str_kind(text);
    const uint8_t *data = str_data(text);
    uint32_t bound = str_is_ascii(text) ? 0x7f : kind == 0 ? 0xff : kind == 1 ? 0xffff : 0x10ffff;
    void *out;
    Value result = str_allocate(length, bound, &out);
    if (value_is_null(result))
        return result;
    int64_t n = str_length(text), to = 0;
    for (int64_t at = 0; at < n;) {
        int64_t part = units_find_unit(data + (at << kind), kind, n - at, '\r');
        bool found = part >= 0;
        part = found ? part : n - at;
        units_copy(out, kind, to, data, kind, at, part);
        to += part;
        at += part;
        if (found) {
            unit_set(out, kind, to++, '\n');
            at += at + 1 < n && unit_at(data, kind, at + 1) == '\n' ? 2 : 1;
        }
    }
    return result;
}

static Value newlines(Text *t, Value text) { // consumes text
    if (value_is_null(text) || !t->universal)
        return text;
    int64_t n = str_length(text);
    if (str_find_char(text, '\r', 0, n) < 0) {
        if (!(t->seen & SEEN_LF) && str_find_char(text, '\n', 0, n) >= 0)
            io_text_set_seen(t, t->seen | SEEN_LF);
        return text;
    }
    unsigned kind = str_kind(text);
    const void *data = str_data(text);
    int64_t pairs = count_pairs(data, kind, n);
    io_text_set_seen(t, t->seen | (pairs ? SEEN_CRLF : 0) |
                            (units_count_unit(data, kind, n, '\r') > pairs ? SEEN_CR : 0) |
                            (units_count_unit(data, kind, n, '\n') > pairs ? SEEN_LF : 0));
    if (!t->translate_read)
        return text;
    Value result = n - pairs == 1 ? str_from_ascii("\n", 1) : with_newlines(text, n - pairs);
    ref_release(text);
    return result;
}

Value io_text_lines(Text *t, const uint8_t *data, int64_t length, bool final) {
    return newlines(t, hold_return(t, decode(t, data, length, final), final));
}
