// SPDX-License-Identifier: MIT
//
// binascii: bytes as text and back (hexadecimal, base64, uuencode, quoted-printable), and
// checksums. Nothing here is kept between calls.
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <zlib.h>

static Value binascii_error, binascii_incomplete;

enum { LINE_MAX_QP = 76, UU_MAX = 45, LONG_DATA = 16384 };

static Value fail(const char *message) {
    return raise_error((Type *)value_object(binascii_error), "%s", message);
}

// The bytes of a bytes-like object or an ASCII str; v stays referenced by the caller.
static int ascii_get(Value v, ByteText *text) {
    if (value_is_str(v)) {
        if (!str_is_ascii(v))
            return raise_int(&exception_ValueError,
                             "string argument should contain only ASCII characters");
        *text = (ByteText){.data = str_data(v), .length = str_length(v)};
        text->view.owner = VALUE_NULL;
        return 0;
    }
    if (!value_is_object(v) || !value_type(v)->get_buffer)
        return raise_int(&exception_TypeError,
                         "argument should be bytes, buffer or ASCII string, not '%T'", v);
    return byte_text_get(v, text);
}

static int flag(Value v, bool *out) {
    int64_t n;
    if (value_is_null(v))
        return 0;
    if (value_to_i64(v, &n) < 0)
        return -1;
    *out = n != 0;
    return 0;
}

// Bytes being made: the result is allocated for the longest outcome and cut at the end.
static Value shortened(uint8_t *made, int64_t length) {
    Value result = bytes_new(made, (size_t)length);
    buffer_free(made);
    return result;
}

// ---- uuencode --------------------------------------------------------------------------------

static Value a2b_uu(Value self, Value data) {
    ByteText text;
    if (ascii_get(data, &text) < 0)
        return VALUE_NULL;
    const uint8_t *p = text.data, *end = p + text.length;
    uint8_t out[64];
    int length = ((p < end ? *p : 0) - ' ') & 63, made = 0, bits = 0;
    unsigned rest = 0;
    const char *error = NULL;
    p++;
    while (made < length && !error) {
        unsigned c = 0; // what is missing at the end of a line stands for zeros
        if (p < end && *p != '\n' && *p != '\r') {
            if (*p < ' ' || *p > ' ' + 64)
                error = "Illegal char";
            c = (unsigned)(*p - ' ') & 63;
        }
        p++;
        rest = rest << 6 | c;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[made++] = (uint8_t)(rest >> bits);
            rest &= (1u << bits) - 1;
        }
    }
    for (; p < end && !error; p++)
        if (*p != ' ' && *p != ' ' + 64 && *p != '\n' && *p != '\r')
            error = "Trailing garbage";
    byte_text_release(&text);
    return error ? fail(error) : bytes_new(out, (size_t)made);
}

static Value b2a_uu(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "backtick", NULL};
    Value v[2];
    bool backtick = false;
    ByteText text;
    if (arguments_parse("b2a_uu", args, nargs, kwnames, names, 1, 1, 1, v) < 0 ||
        flag(v[1], &backtick) < 0 || byte_text_get(v[0], &text) < 0)
        return VALUE_NULL;
    if (text.length > UU_MAX) {
        byte_text_release(&text);
        return fail("At most 45 bytes at once");
    }
    char zero = backtick ? '`' : ' ';
    uint8_t out[2 + (UU_MAX + 2) / 3 * 4];
    size_t n = 0;
    out[n++] = (uint8_t)(text.length ? text.length + ' ' : zero);
    for (int64_t i = 0; i < text.length; i += 3) {
        unsigned group = 0;
        for (int64_t j = i; j < i + 3; j++)
            group = group << 8 | (j < text.length ? text.data[j] : 0);
        for (int shift = 18; shift >= 0; shift -= 6) {
            unsigned six = group >> shift & 63;
            out[n++] = (uint8_t)(six ? six + ' ' : (unsigned)zero);
        }
    }
    out[n++] = '\n';
    byte_text_release(&text);
    return bytes_new(out, n);
}

// ---- base64 ----------------------------------------------------------------------------------

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The six bits that a character stands for; 64 and above: none.
static inline unsigned base64_value(uint8_t c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26u;
    if (c >= '0' && c <= '9')
        return c - '0' + 52u;
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static uint8_t base64_values[256]; // the same as a table, filled before there is a module

// Decodes groups of four letters as long as there are such; gives the number of groups.
static int64_t base64_groups(uint8_t *out, const uint8_t *data, int64_t most) {
    int64_t i = 0;
    for (; i < most; i++, data += 4, out += 3) {
        unsigned a = base64_values[data[0]], b = base64_values[data[1]], c = base64_values[data[2]],
                 d = base64_values[data[3]];
        if ((a | b | c | d) >= 64)
            break;
        unsigned group = a << 18 | b << 12 | c << 6 | d;
        out[0] = (uint8_t)(group >> 16);
        out[1] = (uint8_t)(group >> 8);
        out[2] = (uint8_t)group;
    }
    return i;
}

// Fills out (three bytes for four characters are room enough); NULL or what is wrong, "" for the
// message with the number of characters.
static const char *base64_decode(const uint8_t *data, int64_t length, bool strict, uint8_t *out,
                                 int64_t *made_out) {
    int64_t made = 0;
    unsigned place = 0, rest = 0, pads = 0;
    bool padding = false;
    if (strict && length > 0 && data[0] == '=')
        return "Leading padding not allowed";
    for (int64_t i = 0; i < length; i++) {
        if (place == 0 && !padding) {
            int64_t groups = base64_groups(out + made, data + i, (length - i) / 4);
            made += 3 * groups;
            i += 4 * groups;
            if (i == length)
                break;
        }
        uint8_t c = data[i];
        if (c == '=') {
            padding = true;
            if (place >= 2 && place + ++pads >= 4) {
                *made_out = made;
                return strict && i + 1 < length ? "Excess data after padding" : NULL;
            }
            continue;
        }
        unsigned six = base64_value(c);
        if (six >= 64) {
            if (strict)
                return "Only base64 data is allowed";
            continue;
        }
        if (strict && padding)
            return "Discontinuous padding not allowed";
        pads = 0;
        switch (place) {
        case 0:
            rest = six;
            break;
        case 1:
            out[made++] = (uint8_t)(rest << 2 | six >> 4);
            rest = six & 15;
            break;
        case 2:
            out[made++] = (uint8_t)(rest << 4 | six >> 2);
            rest = six & 3;
            break;
        default:
            out[made++] = (uint8_t)(rest << 6 | six);
        }
        place = (place + 1) & 3;
    }
    *made_out = made;
    return place == 0 ? NULL : place == 1 ? "" : "Incorrect padding";
}

static Value a2b_base64(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "strict_mode", NULL};
    Value v[2];
    bool strict = false;
    ByteText text;
    if (arguments_parse("a2b_base64", args, nargs, kwnames, names, 1, 1, 1, v) < 0 ||
        flag(v[1], &strict) < 0 || ascii_get(v[0], &text) < 0)
        return VALUE_NULL;
    uint8_t *out = buffer_allocate((size_t)(text.length / 4 * 3 + 4));
    int64_t made = 0;
    const char *error =
        out ? base64_decode(text.data, text.length, strict, out, &made) : "out of memory";
    byte_text_release(&text);
    if (!out)
        return raise_memory_error();
    if (!error)
        return shortened(out, made);
    buffer_free(out);
    if (*error)
        return fail(error);
    return raise_error(
        (Type *)value_object(binascii_error),
        "Invalid base64-encoded string: number of data characters (%lld) cannot be 1 "
        "more than a multiple of 4",
        (long long)(made / 3 * 4 + 1));
}

static Value b2a_base64(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "newline", NULL};
    Value v[2];
    bool newline = true;
    ByteText text;
    if (arguments_parse("b2a_base64", args, nargs, kwnames, names, 1, 1, 1, v) < 0 ||
        flag(v[1], &newline) < 0 || byte_text_get(v[0], &text) < 0)
        return VALUE_NULL;
    uint8_t *out;
    Value result = bytes_allocate((text.length + 2) / 3 * 4 + newline, &out);
    if (!value_is_null(result)) {
        int64_t i = 0;
        for (; i + 2 < text.length; i += 3) {
            unsigned group =
                (unsigned)text.data[i] << 16 | (unsigned)text.data[i + 1] << 8 | text.data[i + 2];
            *out++ = (uint8_t)base64_letters[group >> 18];
            *out++ = (uint8_t)base64_letters[group >> 12 & 63];
            *out++ = (uint8_t)base64_letters[group >> 6 & 63];
            *out++ = (uint8_t)base64_letters[group & 63];
        }
        if (i < text.length) {
            bool two = i + 1 < text.length;
            unsigned group = (unsigned)text.data[i] << 8 | (two ? text.data[i + 1] : 0);
            *out++ = (uint8_t)base64_letters[group >> 10];
            *out++ = (uint8_t)base64_letters[group >> 4 & 63];
            *out++ = (uint8_t)(two ? base64_letters[group << 2 & 63] : '=');
            *out++ = '=';
        }
        if (newline)
            *out = '\n';
    }
    byte_text_release(&text);
    return result;
}

// ---- hexadecimal -----------------------------------------------------------------------------

static int hex_digit(uint8_t c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static Value a2b_hex(Value self, Value data) {
    ByteText text;
    if (ascii_get(data, &text) < 0)
        return VALUE_NULL;
    if (text.length % 2) {
        byte_text_release(&text);
        return fail("Odd-length string");
    }
    uint8_t *out;
    Value result = bytes_allocate(text.length / 2, &out);
    for (int64_t i = 0; !value_is_null(result) && i < text.length; i += 2) {
        int high = hex_digit(text.data[i]), low = hex_digit(text.data[i + 1]);
        if (high < 0 || low < 0) {
            ref_release(result);
            result = fail("Non-hexadecimal digit found");
        } else {
            *out++ = (uint8_t)(high << 4 | low);
        }
    }
    byte_text_release(&text);
    return result;
}

static int hex_separator(Value v, uint8_t *out) {
    int64_t length = value_length(v);
    if (length < 0)
        return -1;
    if (length != 1)
        return raise_int(&exception_ValueError, "sep must be length 1.");
    if (value_is_str(v)) {
        if (str_kind(v) != 0)
            return raise_int(&exception_ValueError, "sep must be ASCII.");
        *out = (uint8_t)str_at(v, 0);
    } else if (value_is_bytes(v)) {
        *out = bytes_data(v)[0];
    } else {
        return raise_int(&exception_TypeError, "sep must be str or bytes.");
    }
    return 0;
}

static Value b2a_hex(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "sep", "bytes_per_sep", NULL};
    Value v[3];
    if (arguments_parse("hexlify", args, nargs, kwnames, names, 0, 3, 1, v) < 0)
        return VALUE_NULL;
    int64_t group = 1;
    uint8_t separator = 0;
    if (!value_is_null(v[2]) && value_to_i64(v[2], &group) < 0)
        return VALUE_NULL;
    bool separated = !value_is_null(v[1]);
    if (separated && hex_separator(v[1], &separator) < 0)
        return VALUE_NULL;
    ByteText text;
    if (byte_text_get(v[0], &text) < 0)
        return VALUE_NULL;
    int64_t length = text.length, each = group < 0 ? -group : group, separators = 0;
    if (separated && each > 0 && length > 0)
        separators = (length - 1) / each;
    // Groups are counted from the right if `group` is positive.
    int64_t left = separators == 0 ? length : group < 0 ? each : length - separators * each;
    uint8_t *out;
    Value result = bytes_allocate(2 * length + separators, &out);
    if (separators == 0 && !value_is_null(result))
        bytes_write_hex(out, text.data, length);
    for (int64_t i = 0; separators && !value_is_null(result) && i < length; i++) {
        if (left == 0) {
            *out++ = separator;
            left = each;
        }
        left--;
        *out++ = (uint8_t) "0123456789abcdef"[text.data[i] >> 4];
        *out++ = (uint8_t) "0123456789abcdef"[text.data[i] & 15];
    }
    byte_text_release(&text);
    return result;
}

// ---- quoted-printable ------------------------------------------------------------------------

static Value a2b_qp(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "header", NULL};
    Value v[2];
    bool header = false;
    ByteText text;
    if (arguments_parse("a2b_qp", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        flag(v[1], &header) < 0 || ascii_get(v[0], &text) < 0)
        return VALUE_NULL;
    const uint8_t *data = text.data;
    int64_t n = text.length, made = 0;
    uint8_t *out = buffer_allocate((size_t)n + 1);
    for (int64_t i = 0; out && i < n;) {
        if (data[i] != '=') {
            out[made++] = header && data[i] == '_' ? ' ' : data[i];
            i++;
            continue;
        }
        if (++i >= n)
            break;
        if (data[i] == '\n' || data[i] == '\r') { // a line that goes on
            while (i < n && data[i] != '\n')
                i++;
            i++;
        } else if (data[i] == '=') {
            out[made++] = '=';
            i++;
        } else if (i + 1 < n && hex_digit(data[i]) >= 0 && hex_digit(data[i + 1]) >= 0) {
            out[made++] = (uint8_t)(hex_digit(data[i]) << 4 | hex_digit(data[i + 1]));
            i += 2;
        } else {
            out[made++] = '=';
        }
    }
    byte_text_release(&text);
    return out ? shortened(out, made) : raise_memory_error();
}

static bool qp_must_quote(const uint8_t *data, int64_t n, int64_t i, int64_t column, bool tabs,
                          bool is_text, bool header) {
    uint8_t c = data[i];
    if (c > 126 || c == '=' || (header && c == '_'))
        return true;
    if (c == '.' && column == 0 &&
        (i + 1 == n || data[i + 1] == '\n' || data[i + 1] == '\r' || data[i + 1] == 0))
        return true; // a lone dot ends a message
    if (c == '\r' || c == '\n')
        return !is_text;
    if (c == '\t' || c == ' ')
        return tabs || i + 1 == n;
    return c < 33;
}

static Value b2a_qp(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "quotetabs", "istext", "header", NULL};
    Value v[4];
    bool tabs = false, is_text = true, header = false;
    ByteText text;
    if (arguments_parse("b2a_qp", args, nargs, kwnames, names, 0, 4, 1, v) < 0 ||
        flag(v[1], &tabs) < 0 || flag(v[2], &is_text) < 0 || flag(v[3], &header) < 0 ||
        byte_text_get(v[0], &text) < 0)
        return VALUE_NULL;
    const uint8_t *data = text.data;
    int64_t n = text.length, made = 0, column = 0;
    const uint8_t *newline = n ? memchr(data, '\n', (size_t)n) : NULL;
    bool returns = newline && newline > data && newline[-1] == '\r'; // lines end with CR LF
    // A byte becomes three at most, and a line of at least 72 a soft break of three more.
    uint8_t *out = buffer_allocate((size_t)n * 3 + (size_t)n / 8 + 16);
#define SOFT_BREAK()                                                                               \
    do {                                                                                           \
        out[made++] = '=';                                                                         \
        if (returns)                                                                               \
            out[made++] = '\r';                                                                    \
        out[made++] = '\n';                                                                        \
        column = 0;                                                                                \
    } while (0)
    for (int64_t i = 0; out && i < n;) {
        uint8_t c = data[i];
        if (qp_must_quote(data, n, i, column, tabs, is_text, header)) {
            if (column + 3 >= LINE_MAX_QP)
                SOFT_BREAK();
            out[made++] = '=';
            out[made++] = (uint8_t) "0123456789ABCDEF"[c >> 4];
            out[made++] = (uint8_t) "0123456789ABCDEF"[c & 15];
            column += 3;
            i++;
        } else if (is_text && (c == '\n' || (c == '\r' && i + 1 < n && data[i + 1] == '\n'))) {
            column = 0;
            uint8_t last = made ? out[made - 1] : 0;
            if (last == ' ' || last == '\t') { // blanks at the end of a line would be lost
                memcpy(out + made - 1, last == ' ' ? "=20" : "=09", 3);
                made += 2;
            }
            if (returns)
                out[made++] = '\r';
            out[made++] = '\n';
            i += c == '\r' ? 2 : 1;
        } else {
            if (i + 1 != n && data[i + 1] != '\n' && column + 1 >= LINE_MAX_QP)
                SOFT_BREAK();
            column++;
            out[made++] = header && c == ' ' ? '_' : c;
            i++;
        }
    }
#undef SOFT_BREAK
    byte_text_release(&text);
    return out ? shortened(out, made) : raise_memory_error();
}

// ---- checksums -------------------------------------------------------------------------------

// A number of which only the low bits count.
static int low_bits(Value v, uint32_t *out) {
    Value n = value_index(v);
    if (value_is_null(n))
        return -1;
    *out = (uint32_t)int_low_64_bits(n);
    ref_release(n);
    return 0;
}

static Value crc_hqx(Value self, const Value *args, size_t nargs) {
    uint32_t crc;
    ByteText text;
    if (low_bits(args[1], &crc) < 0 || byte_text_get(args[0], &text) < 0)
        return VALUE_NULL;
    crc &= 0xffff;
    for (int64_t i = 0; i < text.length; i++) {
        crc ^= (uint32_t)text.data[i] << 8;
        for (int bit = 0; bit < 8; bit++)
            crc = (crc << 1 ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
    }
    byte_text_release(&text);
    return value_from_int(crc);
}

static Value binascii_crc32(Value self, const Value *args, size_t nargs) {
    uint32_t crc = 0;
    BufferView view;
    if ((nargs > 1 && low_bits(args[1], &crc) < 0) || buffer_view_get_brief(args[0], &view) < 0)
        return VALUE_NULL;
    bool detach = view.length >= LONG_DATA;
    if (detach)
        thread_detach();
    crc = (uint32_t)crc32_z(crc, view.data, (size_t)view.length);
    if (detach)
        thread_attach();
    buffer_view_release(&view);
    return value_from_int(crc);
}

// ---- the module ------------------------------------------------------------------------------

#define HEX_DOC                                                                                    \
    "($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\n"                           \
    "The bytes as hexadecimal digits, with a separator after each so many bytes."

static const NativeDef binascii_functions[] = {
    DEF_ONE("a2b_uu", a2b_uu, "a2b_uu($module, data, /)\n--\n\nA line of uuencoded data as bytes."),
    DEF_VECTOR(
        "b2a_uu", b2a_uu,
        "b2a_uu($module, data, /, *, backtick=False)\n--\n\nBytes as a line of uuencoded data."),
    DEF_VECTOR("a2b_base64", a2b_base64,
               "a2b_base64($module, data, /, *, strict_mode=False)\n--\n\nDecodes base64."),
    DEF_VECTOR("b2a_base64", b2a_base64,
               "b2a_base64($module, data, /, *, newline=True)\n--\n\nBytes as a line of base64."),
    DEF_ONE("a2b_hex", a2b_hex, "a2b_hex($module, hexstr, /)\n--\n\nHexadecimal digits as bytes."),
    DEF_ONE("unhexlify", a2b_hex,
            "unhexlify($module, hexstr, /)\n--\n\nHexadecimal digits as bytes."),
    DEF_VECTOR("b2a_hex", b2a_hex, "b2a_hex" HEX_DOC),
    DEF_VECTOR("hexlify", b2a_hex, "hexlify" HEX_DOC),
    DEF_VECTOR("a2b_qp", a2b_qp,
               "a2b_qp($module, /, data, header=False)\n--\n\nDecodes quoted-printable data."),
    DEF_VECTOR(
        "b2a_qp", b2a_qp,
        "b2a_qp($module, /, data, quotetabs=False, istext=True, header=False)\n--\n\n"
        "Bytes as quoted-printable data. In text, ends of lines are kept; in a header, blanks\n"
        "become underscores."),
    DEF_FIXED("crc_hqx", crc_hqx, 2, 2,
              "crc_hqx($module, data, crc, /)\n--\n\nThe CRC-CCITT checksum, going on from crc."),
    DEF_FIXED("crc32", binascii_crc32, 1, 2,
              "crc32($module, data, crc=0, /)\n--\n\nThe CRC-32 checksum, going on from crc."),
    DEF_END,
};

static int binascii_fill(Value module) {
    for (int c = 0; c < 256; c++)
        base64_values[c] = (uint8_t)base64_value((uint8_t)c);
    if (exception_class_add(module, &binascii_error, "binascii", "Error",
                            value_from_object(&exception_ValueError), NULL) < 0)
        return -1;
    return exception_class_add(module, &binascii_incomplete, "binascii", "Incomplete",
                               value_from_object(&exception_Exception), NULL);
}

const NativeModule module_binascii = {"binascii", "Conversion between binary data and ASCII.",
                                      binascii_functions, binascii_fill};
