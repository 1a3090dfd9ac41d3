// SPDX-License-Identifier: MIT
//
// The module _codecs: the registry and the native encoders and decoders, as the library's
// codecs.py and the encodings package want them.
#include "vm/modules/codecs_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/codecs.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// ---- arguments --------------------------------------------------------------------------------

// errors as text (NULL for None or absent) that lives as long as the argument or *owned.
static int errors_argument(const char *function, const Value *args, size_t nargs, size_t which,
                           const char **errors, char **owned) {
    *errors = NULL;
    *owned = NULL;
    if (nargs <= which || value_is_none(args[which]))
        return 0;
    if (!value_is_str(args[which]))
        return raise_int(&exception_TypeError, "%s() argument %d must be str or None, not %G",
                         function, (int)which + 1, args[which]);
    *errors = str_utf8(args[which], NULL, owned);
    return *errors ? 0 : -1;
}

// A flag, which CPython wants as an int: 1, 0 (also if it is not given), or -1 with an exception.
static int flag_argument(const Value *args, size_t nargs, size_t which) {
    int flag = 0;
    if (nargs > which && int_argument(args[which], &flag) < 0)
        return -1;
    return flag != 0;
}

static Value with_length(Value result, int64_t length) { // consumes result
    if (value_is_null(result))
        return result;
    Value pair = tuple_pack(2, result, value_from_int(length));
    ref_release(result);
    return pair;
}

// ---- encoders ---------------------------------------------------------------------------------

typedef Value (*Encode)(Value text, const char *errors);

static Value encode_with(const char *function, Encode encode, const Value *args, size_t nargs) {
    const char *errors;
    char *owned;
    if (!value_is_str(args[0]))
        return raise_type_error("%s() argument 1 must be str, not %G", function, args[0]);
    if (errors_argument(function, args, nargs, 1, &errors, &owned) < 0)
        return VALUE_NULL;
    Value result = encode(args[0], errors);
    buffer_free(owned);
    return with_length(result, str_length(args[0]));
}

static Value encode_utf16_le(Value text, const char *errors) {
    return codec_encode_utf16(text, errors, -1);
}
static Value encode_utf16_be(Value text, const char *errors) {
    return codec_encode_utf16(text, errors, 1);
}
static Value encode_utf32_le(Value text, const char *errors) {
    return codec_encode_utf32(text, errors, -1);
}
static Value encode_utf32_be(Value text, const char *errors) {
    return codec_encode_utf32(text, errors, 1);
}
static Value encode_utf7(Value text, const char *errors) {
    return codec_encode_utf7(text);
}
static Value encode_unicode_escape(Value text, const char *errors) {
    return codec_encode_unicode_escape(text);
}
static Value encode_raw_unicode_escape(Value text, const char *errors) {
    return codec_encode_raw_unicode_escape(text);
}

#define ENCODER(name, function)                                                                    \
    static Value name##_encode(Value self, const Value *args, size_t nargs) {                      \
        return encode_with(#name "_encode", function, args, nargs);                                \
    }
ENCODER(utf_8, codec_encode_utf8)
ENCODER(utf_7, encode_utf7)
ENCODER(ascii, codec_encode_ascii)
ENCODER(latin_1, codec_encode_latin1)
ENCODER(utf_16_le, encode_utf16_le)
ENCODER(utf_16_be, encode_utf16_be)
ENCODER(utf_32_le, encode_utf32_le)
ENCODER(utf_32_be, encode_utf32_be)
ENCODER(unicode_escape, encode_unicode_escape)
ENCODER(raw_unicode_escape, encode_raw_unicode_escape)

// (text, errors=None, byteorder=0)
static Value encode_wide(const char *function, Value (*encode)(Value, const char *, int),
                         const Value *args, size_t nargs) {
    const char *errors;
    char *owned;
    int64_t order = 0;
    if (!value_is_str(args[0]))
        return raise_type_error("%s() argument 1 must be str, not %G", function, args[0]);
    if (nargs > 2 && value_to_i64(args[2], &order) < 0)
        return VALUE_NULL;
    if (errors_argument(function, args, nargs, 1, &errors, &owned) < 0)
        return VALUE_NULL;
    Value result = encode(args[0], errors, order < 0 ? -1 : order > 0);
    buffer_free(owned);
    return with_length(result, str_length(args[0]));
}
static Value utf_16_encode(Value self, const Value *args, size_t nargs) {
    return encode_wide("utf_16_encode", codec_encode_utf16, args, nargs);
}
static Value utf_32_encode(Value self, const Value *args, size_t nargs) {
    return encode_wide("utf_32_encode", codec_encode_utf32, args, nargs);
}

// ---- decoders ---------------------------------------------------------------------------------

// consumed NULL: the input is complete.
typedef Value (*Decode)(const uint8_t *data, size_t length, const char *errors, size_t *consumed);

// (data, errors=None, final=False); some also take text, as its UTF-8.
static Value decode_with(const char *function, Decode decode, const Value *args, size_t nargs,
                         bool final_default, bool text_too) {
    const char *errors;
    char *owned, *text_owned = NULL;
    ByteText data;
    int final = final_default;
    if (nargs > 2 && (final = flag_argument(args, nargs, 2)) < 0)
        return VALUE_NULL;
    if (errors_argument(function, args, nargs, 1, &errors, &owned) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    size_t length = 0, consumed = 0;
    if (text_too && value_is_str(args[0])) {
        const char *utf8 = str_utf8(args[0], &length, &text_owned);
        if (utf8) {
            consumed = length;
            result = decode((const uint8_t *)utf8, length, errors, final ? NULL : &consumed);
        }
        buffer_free(text_owned);
    } else if (byte_text_get(args[0], &data) == 0) {
        length = consumed = (size_t)data.length;
        result = decode(data.data, length, errors, final ? NULL : &consumed);
        byte_text_release(&data);
    }
    buffer_free(owned);
    return with_length(result, (int64_t)(final ? length : consumed));
}

static Value decode_ascii(const uint8_t *data, size_t length, const char *errors,
                          size_t *consumed) {
    return codec_decode_ascii(data, length, errors);
}
static Value decode_latin1(const uint8_t *data, size_t length, const char *errors,
                           size_t *consumed) {
    return codec_decode_latin1(data, length);
}
#define WIDE_DECODER(name, function, start)                                                        \
    static Value name(const uint8_t *data, size_t length, const char *errors, size_t *consumed) {  \
        int order = start;                                                                         \
        return function(data, length, errors, &order, consumed);                                   \
    }
WIDE_DECODER(decode_utf16, codec_decode_utf16, 0)
WIDE_DECODER(decode_utf16_le, codec_decode_utf16, -1)
WIDE_DECODER(decode_utf16_be, codec_decode_utf16, 1)
WIDE_DECODER(decode_utf32, codec_decode_utf32, 0)
WIDE_DECODER(decode_utf32_le, codec_decode_utf32, -1)
WIDE_DECODER(decode_utf32_be, codec_decode_utf32, 1)

#define DECODER(name, function, final, text)                                                       \
    static Value name##_decode(Value self, const Value *args, size_t nargs) {                      \
        return decode_with(#name "_decode", function, args, nargs, final, text);                   \
    }
DECODER(utf_8, codec_decode_utf8, false, false)
DECODER(utf_7, codec_decode_utf7, false, false)
DECODER(ascii, decode_ascii, true, false)
DECODER(latin_1, decode_latin1, true, false)
DECODER(utf_16, decode_utf16, false, false)
DECODER(utf_16_le, decode_utf16_le, false, false)
DECODER(utf_16_be, decode_utf16_be, false, false)
DECODER(utf_32, decode_utf32, false, false)
DECODER(utf_32_le, decode_utf32_le, false, false)
DECODER(utf_32_be, decode_utf32_be, false, false)
DECODER(unicode_escape, codec_decode_unicode_escape, true, true)
DECODER(raw_unicode_escape, codec_decode_raw_unicode_escape, true, true)

// (data, errors=None, byteorder=0, final=False) -> (text, consumed, byteorder)
static Value decode_extended(const char *function,
                             Value (*decode)(const uint8_t *, size_t, const char *, int *,
                                             size_t *),
                             const Value *args, size_t nargs) {
    const char *errors;
    char *owned;
    ByteText data;
    int given = 0, final = flag_argument(args, nargs, 3);
    if (final < 0 || (nargs > 2 && int_argument(args[2], &given) < 0))
        return VALUE_NULL;
    if (errors_argument(function, args, nargs, 1, &errors, &owned) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (byte_text_get(args[0], &data) == 0) {
        int order = given < 0 ? -1 : given > 0;
        size_t consumed = (size_t)data.length;
        Value text =
            decode(data.data, (size_t)data.length, errors, &order, final ? NULL : &consumed);
        if (!value_is_null(text))
            result = tuple_pack(3, text, value_from_int((int64_t)consumed), value_from_int(order));
        ref_release(text);
        byte_text_release(&data);
    }
    buffer_free(owned);
    return result;
}
static Value utf_16_ex_decode(Value self, const Value *args, size_t nargs) {
    return decode_extended("utf_16_ex_decode", codec_decode_utf16, args, nargs);
}
static Value utf_32_ex_decode(Value self, const Value *args, size_t nargs) {
    return decode_extended("utf_32_ex_decode", codec_decode_utf32, args, nargs);
}

// ---- charmap ----------------------------------------------------------------------------------

static Value charmap_encode(Value self, const Value *args, size_t nargs) {
    const char *errors;
    char *owned;
    if (!value_is_str(args[0]))
        return raise_type_error("charmap_encode() argument 1 must be str, not %G", args[0]);
    if (errors_argument("charmap_encode", args, nargs, 1, &errors, &owned) < 0)
        return VALUE_NULL;
    Value result = codec_encode_charmap(args[0], errors, nargs > 2 ? args[2] : VALUE_NULL);
    buffer_free(owned);
    return with_length(result, str_length(args[0]));
}

static Value charmap_decode(Value self, const Value *args, size_t nargs) {
    const char *errors;
    char *owned;
    ByteText data;
    if (errors_argument("charmap_decode", args, nargs, 1, &errors, &owned) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    int64_t length = 0;
    if (byte_text_get(args[0], &data) == 0) {
        length = data.length;
        result = codec_decode_charmap(data.data, (size_t)length, errors,
                                      nargs > 2 ? args[2] : VALUE_NULL);
        byte_text_release(&data);
    }
    buffer_free(owned);
    return with_length(result, length);
}

// A dict from code points to bytes, for a decoding table of up to 256 characters.
static Value charmap_build(Value self, Value table) {
    if (!value_is_str(table))
        return raise_type_error("charmap_build() argument must be str, not %G", table);
    Value map = dict_new();
    for (int64_t i = 0; i < str_length(table) && i < 256 && !value_is_null(map); i++) {
        uint32_t point = str_at(table, i);
        if (point != 0xfffe && dict_set(map, value_from_int(point), value_from_int(i)) < 0) {
            ref_release(map);
            return VALUE_NULL;
        }
    }
    return map;
}

// ---- bytes escapes ----------------------------------------------------------------------------

static inline unsigned escaped_size(uint8_t c) {
    if (LIKELY(c >= ' ' && c < 0x7f))
        return c == '\'' || c == '\\' ? 2 : 1;
    return c == '\t' || c == '\n' || c == '\r' ? 2 : 4;
}

static Value escape_encode(Value self, const Value *args, size_t nargs) {
    if (!value_is_bytes(args[0]))
        return raise_type_error("escape_encode() argument 1 must be bytes, not %G", args[0]);
    static const char digits[] = "0123456789abcdef";
    int64_t length = bytes_length(args[0]), size = 0;
    const uint8_t *data = bytes_data(args[0]);
    for (int64_t i = 0; i < length; i++)
        size += escaped_size(data[i]);
    if (size < 2) // one of those that are made already
        return with_length(bytes_new(data, (size_t)length), length);
    uint8_t *out;
    Value bytes = bytes_allocate(size, &out);
    if (value_is_null(bytes))
        return bytes;
    for (int64_t i = 0; i < length; i++) {
        uint8_t c = data[i];
        unsigned own = escaped_size(c);
        if (LIKELY(own == 1)) {
            *out++ = c;
            continue;
        }
        *out++ = '\\';
        if (own == 2) {
            *out++ = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c;
        } else {
            *out++ = 'x';
            *out++ = (uint8_t)digits[c >> 4];
            *out++ = (uint8_t)digits[c & 15];
        }
    }
    return with_length(bytes, length);
}

static int digit_of(uint8_t c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

// DeprecationWarning about the escape whose text behind the backslash begins at p: a letter that
// means nothing, or three digits that are more than a byte.
static int warn_of_escape(const uint8_t *p) {
    if (*p >= '4' && *p <= '7')
        return warn(&exception_DeprecationWarning, 1, "invalid octal escape sequence '\\%c%c%c'",
                    p[0], p[1], p[2]);
    return warn(&exception_DeprecationWarning, 1, "invalid escape sequence '\\%c'", *p);
}

Value codecs_unescape(const uint8_t *p, int64_t length, const char *errors) {
    uint8_t *out = buffer_allocate((size_t)length + 1), *to = out;
    int64_t invalid = -1; // the first escape that is to be warned of, behind its backslash
    if (!out)
        return raise_memory_error();
    for (int64_t i = 0; i < length;) {
        if (p[i] != '\\') {
            *to++ = p[i++];
            continue;
        }
        if (++i == length) {
            buffer_free(out);
            return raise_value_error("Trailing \\ in string");
        }
        static const char simple[] = "\\\\''\"\"b\bf\fn\nr\rt\tv\va\a";
        uint8_t c = p[i++];
        const char *known = NULL;
        for (const char *s = simple; *s && !known; s += 2)
            if ((uint8_t)*s == c)
                known = s;
        if (known) {
            *to++ = (uint8_t)known[1];
        } else if (c == '\n') {
            continue;
        } else if (c >= '0' && c <= '7') {
            int n = c - '0';
            for (int k = 0; k < 2 && i < length && p[i] >= '0' && p[i] <= '7'; k++)
                n = n * 8 + p[i++] - '0';
            if (n > 0xff && invalid < 0)
                invalid = i - 3;
            *to++ = (uint8_t)n;
        } else if (c == 'x') {
            if (i + 1 < length && digit_of(p[i]) < 16 && digit_of(p[i + 1]) < 16) {
                *to++ = (uint8_t)(digit_of(p[i]) << 4 | digit_of(p[i + 1]));
                i += 2;
            } else if (!errors || strcmp(errors, "strict") == 0) {
                buffer_free(out);
                return raise_value_error("invalid \\x escape at position %lld", (long long)i - 2);
            } else {
                if (strcmp(errors, "replace") == 0) {
                    *to++ = '?';
                } else if (strcmp(errors, "ignore") != 0) {
                    buffer_free(out);
                    return raise_value_error("decoding error; unknown error handling code: %s",
                                             errors);
                }
                if (i < length && digit_of(p[i]) < 16)
                    i++;
            }
        } else {
            if (invalid < 0)
                invalid = i - 1;
            *to++ = '\\';
            *to++ = c;
        }
    }
    Value result = invalid >= 0 && warn_of_escape(p + invalid) < 0
                       ? VALUE_NULL
                       : bytes_new(out, (size_t)(to - out));
    buffer_free(out);
    return result;
}

static Value decode_bytes_escape(const uint8_t *data, size_t length, const char *errors,
                                 size_t *consumed) {
    return codecs_unescape(data, (int64_t)length, errors);
}
static Value escape_decode(Value self, const Value *args, size_t nargs) {
    return decode_with("escape_decode", decode_bytes_escape, args, nargs, true, true);
}

static Value readbuffer_encode(Value self, const Value *args, size_t nargs) {
    if (value_is_str(args[0])) {
        Value bytes = codec_encode_utf8(args[0], NULL);
        return with_length(bytes, value_is_null(bytes) ? 0 : bytes_length(bytes));
    }
    ByteText data;
    if (byte_text_get(args[0], &data) < 0)
        return VALUE_NULL;
    int64_t length = data.length;
    Value bytes = bytes_new(data.data, (size_t)length);
    byte_text_release(&data);
    return with_length(bytes, length);
}

// ---- registry ---------------------------------------------------------------------------------

static Value register_codec(Value self, Value function) {
    return codec_register(function) < 0 ? VALUE_NULL : none_new();
}
static Value unregister_codec(Value self, Value function) {
    return codec_unregister(function) < 0 ? VALUE_NULL : none_new();
}
static Value lookup(Value self, Value encoding) {
    if (!value_is_str(encoding))
        return raise_type_error("lookup() argument must be str, not %G", encoding);
    return codec_lookup(encoding);
}
static Value forget_codec(Value self, Value encoding) {
    if (!value_is_str(encoding))
        return raise_type_error("_forget_codec() argument must be str, not %G", encoding);
    return codec_forget(encoding) < 0 ? VALUE_NULL : none_new();
}

static Value convert(const char *function, Value (*with)(Value, Value, Value), const Value *args,
                     size_t nargs, Value kwnames) {
    static const char *const names[] = {"obj", "encoding", "errors", NULL};
    Value given[3];
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 3, 1, given) < 0)
        return VALUE_NULL;
    for (int i = 1; i < 3; i++)
        if (!value_is_null(given[i]) && !value_is_str(given[i]))
            return raise_type_error("%s() argument '%s' must be str, not %G", function, names[i],
                                    given[i]);
    return with(given[0], value_is_null(given[1]) ? name_utf_8 : given[1], given[2]);
}
static Value encode(Value self, const Value *args, size_t nargs, Value kwnames) {
    return convert("encode", codec_encode_object, args, nargs, kwnames);
}
static Value decode(Value self, const Value *args, size_t nargs, Value kwnames) {
    return convert("decode", codec_decode_object, args, nargs, kwnames);
}

static Value register_error(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("register_error() argument 1 must be str, not %G", args[0]);
    return codec_register_error(args[0], args[1]) < 0 ? VALUE_NULL : none_new();
}
static Value lookup_error(Value self, Value name) {
    char *owned;
    if (!value_is_str(name))
        return raise_type_error("lookup_error() argument must be str, not %G", name);
    const char *text = str_utf8(name, NULL, &owned);
    if (!text)
        return VALUE_NULL;
    Value handler = codec_lookup_error(text);
    buffer_free(owned);
    return handler;
}

#define CODING(name)                                                                               \
    DEF_FIXED(#name "_encode", name##_encode, 1, 2, "(bytes, characters encoded)."),               \
        DEF_FIXED(#name "_decode", name##_decode, 1, 3, "(text, bytes decoded).")

static const NativeDef functions[] = {
    DEF_ONE("register", register_codec, "Adds a function that finds codecs by name."),
    DEF_ONE("unregister", unregister_codec, "Takes a search function out again."),
    DEF_ONE("lookup", lookup, "The CodecInfo of an encoding."),
    DEF_ONE("_forget_codec", forget_codec, "Drops an encoding from the cache."),
    DEF_VECTOR("encode", encode, "An object encoded by a codec."),
    DEF_VECTOR("decode", decode, "An object decoded by a codec."),
    DEF_FIXED("register_error", register_error, 2, 2, "Names an error handler."),
    DEF_ONE("lookup_error", lookup_error, "The error handler of a name."),
    CODING(utf_8),
    CODING(utf_7),
    CODING(ascii),
    CODING(latin_1),
    CODING(utf_16_le),
    CODING(utf_16_be),
    CODING(utf_32_le),
    CODING(utf_32_be),
    CODING(unicode_escape),
    CODING(raw_unicode_escape),
    DEF_FIXED("utf_16_encode", utf_16_encode, 1, 3, "(bytes, characters encoded)."),
    DEF_FIXED("utf_16_decode", utf_16_decode, 1, 3, "(text, bytes decoded)."),
    DEF_FIXED("utf_16_ex_decode", utf_16_ex_decode, 1, 4, "(text, bytes decoded, byte order)."),
    DEF_FIXED("utf_32_encode", utf_32_encode, 1, 3, "(bytes, characters encoded)."),
    DEF_FIXED("utf_32_decode", utf_32_decode, 1, 3, "(text, bytes decoded)."),
    DEF_FIXED("utf_32_ex_decode", utf_32_ex_decode, 1, 4, "(text, bytes decoded, byte order)."),
    DEF_FIXED("charmap_encode", charmap_encode, 1, 3, "(bytes, characters encoded)."),
    DEF_FIXED("charmap_decode", charmap_decode, 1, 3, "(text, bytes decoded)."),
    DEF_ONE("charmap_build", charmap_build, "An encoding table from a decoding table."),
    DEF_FIXED("escape_encode", escape_encode, 1, 2, "(bytes with backslash escapes, length)."),
    DEF_FIXED("escape_decode", escape_decode, 1, 2, "(bytes without backslash escapes, length)."),
    DEF_FIXED("readbuffer_encode", readbuffer_encode, 1, 2, "(bytes of an object, length)."),
    DEF_END,
};

const NativeModule module__codecs = {"_codecs", "The codec registry and native codecs.", functions,
                                     NULL};
