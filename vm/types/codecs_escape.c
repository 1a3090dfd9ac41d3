// SPDX-License-Identifier: MIT
//
// Encodings that write characters as backslash escapes (unicode_escape, raw_unicode_escape), and
// those through a table (charmap).
#include "vm/runtime/errors.h"
#include "vm/types/codecs_internal.h"
#include "vm/types/codecs_runs.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/str_internal.h"
#include "vm/types/text_search.h"
#include "vm/types/unicode_names.h"

// Reads up to `digits` hexadecimal digits from *at on, which moves behind them: how many.
static inline int hex_digits(const uint8_t *data, size_t length, size_t *at, int digits,
                             uint32_t *point) {
    uint32_t value = 0;
    size_t i = *at;
    int got = 0;
    for (; got < digits && i < length; got++, i++) {
        uint8_t c = data[i];
        if (c >= '0' && c <= '9')
            c -= '0';
        else if ((c | 32) >= 'a' && (c | 32) <= 'f')
            c = (uint8_t)((c | 32) - 'a' + 10);
        else
            break;
        value = value << 4 | c;
    }
    *at = i;
    *point = value;
    return got;
}

// Adds the bytes from i on, as characters, up to the first backslash: where that is, or the end.
static size_t add_unescaped(Decoder *d, size_t i) {
    const uint8_t *data = d->data + i, *end = memchr(data, '\\', d->length - i);
    size_t n = end ? (size_t)(end - data) : d->length - i;
    void *out = n ? str_builder_room(&d->out, (int64_t)n, 0xff) : NULL;
    if (out)
        units_copy(out, d->out.kind, 0, data, 0, 0, (int64_t)n);
    return i + n;
}

// The character of that name; VALUE_NULL without an exception if there is none.
static Value lookup_name(const uint8_t *name, size_t length) {
    uint32_t point;
    int found = unicode_find((const char *)name, length, &point);
    if (found < 0)
        return raise_memory_error();
    return found ? str_from_code_point(point) : VALUE_NULL;
}

Value codec_decode_unicode_escape(const uint8_t *data, size_t length, const char *errors,
                                  size_t *consumed) {
    if (!length || !memchr(data, '\\', length)) {
        if (consumed)
            *consumed = length;
        return str_from_latin1(data, length);
    }
    Decoder d;
    decoder_start(&d, "unicodeescape", data, length, errors);
    str_builder_reserve(&d.out, (int64_t)length);
    size_t i = 0;
    bool warned = false;
    while (i < d.length) {
        const uint8_t *p = d.data;
        if (p[i] != '\\') {
            i = add_unescaped(&d, i);
            continue;
        }
        size_t start = i++, at;
        const char *reason = NULL;
        if (i == d.length) {
            if (consumed) {
                i = start;
                break;
            }
            reason = "\\ at end of string";
            at = i;
        } else {
            static const char simple[128] = {
                ['\\'] = '\\', ['\''] = '\'', ['"'] = '"',  ['b'] = '\b', ['f'] = '\f',
                ['n'] = '\n',  ['r'] = '\r',  ['t'] = '\t', ['v'] = '\v', ['a'] = '\a'};
            uint8_t c = p[i++];
            at = i;
            if (c < 128 && simple[c]) {
                str_builder_char(&d.out, (uint8_t)simple[c]);
                continue;
            }
            if (c == '\n')
                continue;
            if (c >= '0' && c <= '7') {
                uint32_t point = c - '0';
                for (int k = 0; k < 2 && i < d.length && p[i] >= '0' && p[i] <= '7'; k++)
                    point = point * 8 + (p[i++] - '0');
                if (point > 0xff && !warned) {
                    warned = true;
                    if (warn(&exception_DeprecationWarning, 2,
                             "invalid octal escape sequence '\\%.*s'", 3,
                             (const char *)p + start + 1) < 0)
                        return decoder_finish(&d, false);
                }
                str_builder_char(&d.out, point);
                continue;
            }
            int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
            if (digits) {
                uint32_t point;
                int got = hex_digits(p, d.length, &at, digits, &point);
                if (got == digits && point <= 0x10ffff) {
                    str_builder_char(&d.out, point);
                    i = at;
                    continue;
                }
                if (got < digits && at == d.length && consumed) {
                    i = start;
                    break;
                }
                reason = got == digits ? "illegal Unicode character"
                         : digits == 2 ? "truncated \\xXX escape"
                         : digits == 4 ? "truncated \\uXXXX escape"
                                       : "truncated \\UXXXXXXXX escape";
            } else if (c == 'N') {
                reason = "malformed \\N character escape";
                if (at < d.length && p[at] == '{') {
                    size_t from = ++at;
                    while (at < d.length && p[at] != '}')
                        at++;
                    if (at < d.length && at > from) {
                        Value text = lookup_name(p + from, at - from);
                        if (!value_is_null(text)) {
                            str_builder_str(&d.out, text);
                            ref_release(text);
                            i = at + 1;
                            continue;
                        }
                        if (error_occurred())
                            return decoder_finish(&d, false);
                        reason = "unknown Unicode character name";
                        at++;
                    } else if (at == d.length && consumed) {
                        i = start;
                        break;
                    }
                } else if (at == d.length && consumed) {
                    i = start;
                    break;
                }
            } else {
                if (!warned) {
                    warned = true;
                    if (warn(&exception_DeprecationWarning, 2, "invalid escape sequence '\\%c'",
                             c) < 0)
                        return decoder_finish(&d, false);
                }
                str_builder_char(&d.out, '\\');
                str_builder_char(&d.out, c);
                continue;
            }
        }
        if (decoder_error(&d, start, at, reason, &i) < 0)
            return decoder_finish(&d, false);
    }
    if (consumed)
        *consumed = i;
    return decoder_finish(&d, true);
}

Value codec_decode_raw_unicode_escape(const uint8_t *data, size_t length, const char *errors,
                                      size_t *consumed) {
    if (!length || !memchr(data, '\\', length)) {
        if (consumed)
            *consumed = length;
        return str_from_latin1(data, length);
    }
    Decoder d;
    decoder_start(&d, "rawunicodeescape", data, length, errors);
    str_builder_reserve(&d.out, (int64_t)length);
    size_t i = 0;
    while (i < d.length) {
        const uint8_t *p = d.data;
        if (p[i] != '\\') {
            i = add_unescaped(&d, i);
            continue;
        }
        if (i + 1 == d.length && !consumed) {
            str_builder_char(&d.out, p[i++]);
            continue;
        }
        size_t start = i++;
        if (i == d.length) {
            i = start;
            break;
        }
        uint8_t c = p[i++];
        int digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (!digits) {
            str_builder_char(&d.out, '\\');
            str_builder_char(&d.out, c);
            continue;
        }
        uint32_t point;
        size_t at = i;
        int got = hex_digits(p, d.length, &at, digits, &point);
        if (got == digits && point <= 0x10ffff) {
            str_builder_char(&d.out, point);
            i = at;
            continue;
        }
        if (got < digits && at == d.length && consumed) {
            i = start;
            break;
        }
        const char *reason = got == digits ? "\\Uxxxxxxxx out of range"
                             : digits == 4 ? "truncated \\uXXXX escape"
                                           : "truncated \\UXXXXXXXX escape";
        if (decoder_error(&d, start, at, reason, &i) < 0)
            return decoder_finish(&d, false);
    }
    if (consumed)
        *consumed = i;
    return decoder_finish(&d, true);
}

static Value encode_escapes(Value text, RunKind plain) {
    ByteBuilder b = {0};
    int64_t length = str_length(text);
    unsigned kind = str_kind(text);
    const uint8_t *data = str_data(text);
    for (int64_t i = 0; i < length;) {
        byte_builder_reserve(&b, (size_t)(length - i) + CODEC_ESCAPE_MAX);
        if (b.failed)
            break;
        int64_t n = units_copy_run(b.data + b.length, data + (i << kind), kind, length - i, plain);
        b.length += (size_t)n;
        i += n;
        if (i == length)
            break;
        uint32_t c = unit_at(data, kind, i++);
        char *out = (char *)b.data + b.length, short_form = c == '\t'   ? 't'
                                                            : c == '\n' ? 'n'
                                                            : c == '\r' ? 'r'
                                                            : c == '\\' ? '\\'
                                                                        : 0;
        if (short_form) {
            out[0] = '\\';
            out[1] = short_form;
            b.length += 2;
        } else {
            b.length += (size_t)codec_write_escape(c, out);
        }
    }
    return byte_builder_finish(&b);
}

Value codec_encode_unicode_escape(Value text) {
    return encode_escapes(text, RUN_UNESCAPED);
}

Value codec_encode_raw_unicode_escape(Value text) {
    if (str_kind(text) == 0)
        return bytes_new(str_data(text), (size_t)str_length(text));
    return encode_escapes(text, RUN_LATIN1);
}

// ---- charmap ----------------------------------------------------------------------------------

static int emit_mapped(Encoder *e, uint32_t c) {
    if (LIKELY(e->known && c < 256 && e->known[c] >= 0)) {
        byte_builder_byte(&e->out, (uint8_t)e->known[c]);
        return e->out.failed ? -1 : 1;
    }
    Value key = value_from_int(c);
    Value found = value_is_exactly(e->mapping, &dict_type) ? dict_get(e->mapping, key)
                                                           : value_getitem(e->mapping, key);
    if (value_is_null(found)) {
        if (!error_occurred())
            return 0;
        if (!error_matches(&exception_LookupError))
            return -1;
        error_clear();
        return 0;
    }
    int result = 1;
    int64_t byte;
    if (value_is_none(found)) {
        result = 0;
    } else if (value_is_any_int(found)) {
        if (!int_to_i64(found, &byte) || byte < 0 || byte > 255)
            result = raise_int(&exception_TypeError, "character mapping must be in range(256)");
        else
            byte_builder_byte(&e->out, (uint8_t)byte);
        if (e->known && c < 256 && result > 0)
            e->known[c] = (int16_t)byte;
    } else if (value_is_bytes(found)) {
        byte_builder_add(&e->out, bytes_data(found), (size_t)bytes_length(found));
    } else {
        result = raise_int(&exception_TypeError,
                           "character mapping must return integer, bytes or None, not %T", found);
    }
    ref_release(found);
    return e->out.failed ? -1 : result;
}

Value codec_encode_charmap(Value text, const char *errors, Value mapping) {
    if (value_is_null(mapping) || value_is_none(mapping))
        return codec_encode_latin1(text, errors);
    Encoder e = {.name = "charmap",
                 .reason = "character maps to <undefined>",
                 .text = text,
                 .errors = errors,
                 .width = 1,
                 .emit = emit_mapped,
                 .mapping = mapping};
    // A dict that is asked twice for a character says the same, unless a handler changes it.
    int16_t known[256];
    if (value_is_exactly(mapping, &dict_type) && str_length(text) >= 32) {
        memset(known, -1, sizeof known);
        e.known = known;
    }
    return encoder_run(&e);
}

// Adds what the mapping says about byte: 1, 0 undefined, -1 error.
static int decode_mapped(Decoder *d, Value mapping, uint8_t byte) {
    Value key = value_from_int(byte);
    Value found = value_is_exactly(mapping, &dict_type) ? dict_get(mapping, key)
                                                        : value_getitem(mapping, key);
    if (value_is_null(found)) {
        if (!error_occurred())
            return 0;
        if (!error_matches(&exception_LookupError))
            return -1;
        error_clear();
        return 0;
    }
    int result = 1;
    int64_t point;
    if (value_is_none(found)) {
        result = 0;
    } else if (value_is_any_int(found)) {
        if (!int_to_i64(found, &point) || point < 0 || point > 0x10ffff)
            result = raise_int(&exception_TypeError, "character mapping must be in range(0x%x)",
                               0x110000);
        else if (point == 0xfffe)
            result = 0;
        else
            str_builder_char(&d->out, (uint32_t)point);
    } else if (value_is_str(found)) {
        if (str_length(found) == 1 && str_at(found, 0) == 0xfffe)
            result = 0;
        else
            str_builder_str(&d->out, found);
    } else {
        result =
            raise_int(&exception_TypeError, "character mapping must return integer, None or str");
    }
    ref_release(found);
    return result;
}

// Bytes looked up before a run of ASCII is looked for again.
enum { TABLE_STEP = 8 };

// Adds what the table says about `length` bytes from i on up to one that it does not know. How
// many.
static size_t decode_by_table(Decoder *d, size_t i, size_t length, Value mapping) {
    const uint8_t *data = d->data + i;
    size_t n = 0;
    const void *table = str_data(mapping);
    unsigned kind = str_kind(mapping);
    int64_t entries = str_length(mapping);
    uint32_t all = 0;
    if (kind == 1 && entries >= 256) { // those of the library
        for (; n < length && unit_at(table, 1, data[n]) != 0xfffe; n++)
            all |= unit_at(table, 1, data[n]);
    } else {
        for (; n < length && data[n] < entries && unit_at(table, kind, data[n]) != 0xfffe; n++)
            all |= unit_at(table, kind, data[n]);
    }
    void *out = str_builder_room(&d->out, (int64_t)n, all < 0x110000 ? all : 0x10ffff);
    if (!out)
        return n;
    if (d->out.kind == 0 && kind == 1)
        for (size_t k = 0; k < n; k++)
            unit_set(out, 0, (int64_t)k, unit_at(table, 1, data[k]));
    else if (d->out.kind == 1 && kind == 1)
        for (size_t k = 0; k < n; k++)
            unit_set(out, 1, (int64_t)k, unit_at(table, 1, data[k]));
    else
        for (size_t k = 0; k < n; k++)
            unit_set(out, d->out.kind, (int64_t)k, unit_at(table, kind, data[k]));
    return n;
}

// Whether the table has ASCII as it is, as nearly all of the library's have.
static bool table_has_ascii(Value mapping) {
    unsigned wrong = 0;
    if (str_length(mapping) < 256 || str_kind(mapping) != 1)
        return false;
    for (unsigned i = 0; i < 128; i++) // for the vectoriser
        wrong |= ((const uint16_t *)str_data(mapping))[i] ^ i;
    return wrong == 0;
}

Value codec_decode_charmap(const uint8_t *data, size_t length, const char *errors, Value mapping) {
    if (value_is_null(mapping) || value_is_none(mapping))
        return codec_decode_latin1(data, length);
    Decoder d;
    decoder_start(&d, "charmap", data, length, errors);
    bool table = value_is_exact_str(mapping);
    bool ascii = table && length >= 64 && table_has_ascii(mapping);
    str_builder_reserve(&d.out, (int64_t)length);
    for (size_t i = 0; i < d.length;) {
        if (ascii) {
            size_t run = bytes_ascii_run(d.data + i, d.length - i);
            str_builder_ascii(&d.out, (const char *)d.data + i, run);
            i += run;
            if (i == d.length)
                break;
        }
        if (table) {
            // Not all at once where there may be long runs of ASCII again.
            size_t most = ascii && d.length - i > TABLE_STEP ? TABLE_STEP : d.length - i;
            size_t run = decode_by_table(&d, i, most, mapping);
            i += run;
            if (run == most)
                continue;
        } else {
            int mapped = decode_mapped(&d, mapping, d.data[i]);
            if (mapped < 0)
                return decoder_finish(&d, false);
            if (mapped) {
                i++;
                continue;
            }
        }
        if (decoder_error(&d, i, i + 1, "character maps to <undefined>", &i) < 0)
            return decoder_finish(&d, false);
    }
    return decoder_finish(&d, true);
}
