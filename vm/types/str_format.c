// SPDX-License-Identifier: MIT
//
// The % operator of str and, through the same engine, of bytes and bytearray: a bytes format is
// taken as Latin-1 text, its arguments' bytes likewise, and the result is turned back. The language
// is the one of the Python library reference, "printf-style String Formatting".
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/codecs.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/arguments.h"
#include "vm/types/str_internal.h"
#include "vm/types/tuple.h"
#include <stdio.h>

enum { DIGITS_MAX = INT32_MAX - 3 }; // the largest precision of an int
enum { FLAG_LEFT = 1, FLAG_PLUS = 2, FLAG_SPACE = 4, FLAG_ALTERNATE = 8, FLAG_ZERO = 16 };

typedef struct {
    Value format;     // VALUE_NULL for bytes
    const void *text; // its units, or the format's bytes
    unsigned kind;
    int64_t at, length; // in text
    Value args;         // a tuple, or the only argument; borrowed
    bool args_is_tuple;
    int64_t next;  // of the tuple, or 0/1 for the only argument
    Value mapping; // borrowed, or VALUE_NULL
    Value found;   // what the last key gave (then it is `args`): owned; or VALUE_NULL
    bool bytes_mode;
    StrBuilder out;
    Value whole; // the result, where it is one argument's text alone: owned; else VALUE_NULL
} Formatter;

typedef struct {
    unsigned flags;
    int64_t width, precision; // -1: none
    uint32_t conversion;
} Directive;

static inline uint32_t text_at(const Formatter *f, int64_t i) {
    return unit_at(f->text, f->kind, i);
}

static const char *kind_name(const Formatter *f) {
    return f->bytes_mode ? "bytes" : "string";
}

// Borrowed, or VALUE_NULL with TypeError.
static Value next_argument(Formatter *f) {
    if (f->args_is_tuple) {
        if (f->next < tuple_length(f->args))
            return tuple_item(f->args, f->next++);
    } else if (f->next == 0) {
        f->next = 1;
        return f->args;
    }
    return raise_type_error("not enough arguments for format string");
}

// ---- parsing ----------------------------------------------------------------------------------

static int parse_number(Formatter *f, int64_t *number, int64_t most, const char *what) {
    *number = 0;
    while (f->at < f->length) {
        uint32_t c = text_at(f, f->at);
        if (c < '0' || c > '9')
            break;
        if (*number > (most - (int64_t)(c - '0')) / 10)
            return raise_int(&exception_ValueError, "%s too big", what);
        *number = *number * 10 + (c - '0');
        f->at++;
    }
    return 0;
}

// CPython keeps a width in a Py_ssize_t and a precision in an int. A width that no text can have
// makes a MemoryError when the room is asked for.
static int star_number(Formatter *f, int64_t *number, bool is_precision) {
    Value v = next_argument(f);
    if (value_is_null(v))
        return -1;
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "* wants int");
    int precision = 0;
    if (is_precision ? int_argument(v, &precision) < 0 : size_argument(v, number) < 0)
        return -1;
    if (is_precision)
        *number = precision;
    if (*number == INT64_MIN) // has no opposite, so CPython sees no width
        *number = 0;
    f->at++;
    return 0;
}

// The key of %(key)s; as bytes for a bytes format. What it leads to takes the arguments' place.
static int parse_key(Formatter *f) {
    if (value_is_null(f->mapping))
        return raise_int(&exception_TypeError, "format requires a mapping");
    int64_t start = ++f->at, depth = 1;
    while (f->at < f->length && depth > 0) {
        uint32_t c = text_at(f, f->at++);
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    if (depth > 0)
        return raise_int(&exception_ValueError, "incomplete format key");
    int64_t length = f->at - 1 - start;
    Value key = f->bytes_mode ? bytes_new((const uint8_t *)f->text + start, (size_t)length)
                              : str_substring(f->format, start, start + length);
    if (value_is_null(key))
        return -1;
    Value found = value_getitem(f->mapping, key);
    ref_release(key);
    if (value_is_null(found))
        return -1;
    Value old = f->found;
    f->args = f->found = found;
    f->next = 0;
    ref_release(old);
    return 0;
}

// After the '%'.
static int parse_directive(Formatter *f, Directive *d) {
    *d = (Directive){.width = -1, .precision = -1};
    if (f->at < f->length && text_at(f, f->at) == '(' && parse_key(f) < 0)
        return -1;
    for (; f->at < f->length; f->at++) {
        uint32_t c = text_at(f, f->at);
        unsigned flag = c == '-'   ? FLAG_LEFT
                        : c == '+' ? FLAG_PLUS
                        : c == ' ' ? FLAG_SPACE
                        : c == '#' ? FLAG_ALTERNATE
                        : c == '0' ? FLAG_ZERO
                                   : 0;
        if (!flag)
            break;
        d->flags |= flag;
    }
    if (f->at < f->length) {
        uint32_t c = text_at(f, f->at);
        if (c == '*') {
            if (star_number(f, &d->width, false) < 0)
                return -1;
            if (d->width < 0) {
                d->flags |= FLAG_LEFT;
                d->width = -d->width;
            }
        } else if (c >= '0' && c <= '9' && parse_number(f, &d->width, INT64_MAX, "width") < 0) {
            return -1;
        }
    }
    if (f->at < f->length && text_at(f, f->at) == '.') {
        f->at++;
        d->precision = 0;
        if (f->at < f->length && text_at(f, f->at) == '*') {
            if (star_number(f, &d->precision, true) < 0)
                return -1;
            if (d->precision < 0)
                d->precision = 0;
        } else if (parse_number(f, &d->precision, INT32_MAX, f->bytes_mode ? "prec" : "precision") <
                   0) {
            return -1;
        }
    }
    if (f->at < f->length) {
        uint32_t c = text_at(f, f->at);
        if (c == 'h' || c == 'l' || c == 'L')
            f->at++;
    }
    if (f->at >= f->length)
        return raise_int(&exception_ValueError, "incomplete format");
    d->conversion = text_at(f, f->at++);
    return 0;
}

// ---- output -----------------------------------------------------------------------------------

// Adds data[0..length) cut to the precision and padded with spaces, to a bytes format's result.
static void add_bytes(Formatter *f, const Directive *d, const uint8_t *data, int64_t length) {
    if (d->precision >= 0 && length > d->precision)
        length = d->precision;
    int64_t room = d->width > length ? d->width - length : 0;
    if (!(d->flags & FLAG_LEFT))
        str_builder_repeat(&f->out, ' ', room);
    str_builder_ascii(&f->out, (const char *)data, (size_t)length); // or Latin-1, which is as good
    if (d->flags & FLAG_LEFT)
        str_builder_repeat(&f->out, ' ', room);
}

// The same for a text.
static void add_text(Formatter *f, const Directive *d, Value text) {
    int64_t length = str_length(text);
    if (d->precision >= 0 && length > d->precision)
        length = d->precision;
    int64_t room = d->width > length ? d->width - length : 0;
    if (room && !(d->flags & FLAG_LEFT))
        str_builder_repeat(&f->out, ' ', room);
    str_builder_substring(&f->out, text, 0, length);
    if (room && (d->flags & FLAG_LEFT))
        str_builder_repeat(&f->out, ' ', room);
}

// Adds a number: digits with an optional leading '-', then a prefix of `prefix` characters ("0x").
static void add_number(Formatter *f, const Directive *d, const char *text, int64_t length,
                       int64_t prefix, int64_t zeros) {
    char sign = 0;
    if (length && (*text == '-' || *text == '+')) {
        sign = *text++;
        length--;
    } else if (d->flags & FLAG_PLUS) {
        sign = '+';
    } else if (d->flags & FLAG_SPACE) {
        sign = ' ';
    }
    int64_t total = (sign != 0) + length + zeros;
    int64_t room = d->width > total ? d->width - total : 0;
    bool left = d->flags & FLAG_LEFT, zero = (d->flags & FLAG_ZERO) && !left;
    if (room && !left && !zero)
        str_builder_repeat(&f->out, ' ', room);
    if (sign)
        str_builder_ascii(&f->out, &sign, 1);
    if (prefix)
        str_builder_ascii(&f->out, text, (size_t)prefix);
    str_builder_repeat(&f->out, '0', zeros + (zero ? room : 0));
    str_builder_ascii(&f->out, text + prefix, (size_t)(length - prefix));
    if (room && left)
        str_builder_repeat(&f->out, ' ', room);
}

// ---- conversions ------------------------------------------------------------------------------

// What %b and %s give for bytes formats: a bytes object.
static Value bytes_argument(Value v) {
    Value bytes = VALUE_NULL, method;
    if (value_is_bytes(v)) {
        bytes = ref_new(v);
    } else if (value_is_bytearray(v)) {
        bytes = bytes_from_source(v, "bytes");
    } else {
        int found = value_lookup_special(v, name___bytes__, &method);
        if (found < 0)
            return VALUE_NULL;
        if (found) {
            bytes = value_call_none(method);
            ref_release(method);
            if (!value_is_null(bytes) && !value_is_bytes(bytes)) {
                raise_type_error("__bytes__ returned non-bytes (type %T)", bytes);
                ref_release(bytes);
                return VALUE_NULL;
            }
        } else if (value_type(v)->get_buffer) {
            bytes = bytes_from_source(v, "bytes");
        } else {
            return raise_type_error(
                "%%b requires a bytes-like object, or an object that implements "
                "__bytes__, not '%T'",
                v);
        }
    }
    return bytes;
}

static Value text_argument(Formatter *f, uint32_t conversion, Value v) {
    if (conversion == 'a' || (f->bytes_mode && conversion == 'r'))
        return value_ascii(v);
    return conversion == 'r' ? value_repr(v) : value_str(v);
}

// The int that v means to d, i, u, o, x, X. TypeError with the conversion's name.
static Value integer_argument(uint32_t conversion, Value v) {
    if (value_is_any_int(v))
        return int_exact(v);
    bool strict = conversion == 'o' || conversion == 'x' || conversion == 'X';
    Type *type = value_type(v);
    Value result = VALUE_NULL;
    if (strict ? type->index != NULL : (type->index || type->to_int)) {
        if (strict || !type->to_int)
            result = value_index(v);
        else
            result = value_call_one(value_from_object(&int_type), v);
        if (!value_is_null(result) || !error_matches(&exception_TypeError))
            return result;
        error_clear();
    }
    return raise_type_error(strict ? "%%%c format: an integer is required, not %T"
                                   : "%%%c format: a real number is required, not %T",
                            (int)conversion, v);
}

// An int in a word: its digits from the end of a small array.
static void add_small_integer(Formatter *f, const Directive *d, int64_t n) {
    uint32_t c = d->conversion;
    const char *letters = c == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[32], *end = text + sizeof text, *p = end;
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
    int64_t prefix = 0;
    if (c == 'x' || c == 'X') {
        do
            *--p = letters[left & 15];
        while (left >>= 4);
    } else if (c == 'o') {
        do
            *--p = (char)('0' + (left & 7));
        while (left >>= 3);
    } else {
        do
            *--p = (char)('0' + left % 10);
        while (left /= 10);
    }
    int64_t digits = end - p;
    if (d->flags & FLAG_ALTERNATE && (c == 'x' || c == 'X' || c == 'o')) {
        prefix = 2;
        *--p = (char)c;
        *--p = '0';
    }
    if (n < 0)
        *--p = '-';
    add_number(f, d, p, end - p, prefix, d->precision > digits ? d->precision - digits : 0);
}

static int convert_integer(Formatter *f, const Directive *d, Value v) {
    uint32_t c = d->conversion;
    if (value_is_int(v) && d->precision <= DIGITS_MAX) {
        add_small_integer(f, d, value_int(v));
        return 0;
    }
    Value n = integer_argument(f->bytes_mode && c == 'i' ? 'd' : c, v);
    if (value_is_null(n))
        return -1;
    if (d->precision > DIGITS_MAX) {
        ref_release(n);
        return raise_int(&exception_OverflowError, "precision too large");
    }
    int base = c == 'o' ? 8 : c == 'x' || c == 'X' ? 16 : 10;
    bool prefixed = (d->flags & FLAG_ALTERNATE) && base != 10;
    Value text = int_to_str(n, base, prefixed);
    ref_release(n);
    if (value_is_null(text))
        return -1;
    if (c == 'X') {
        Value upper = value_call_method_cstr(text, "upper", NULL, 0);
        ref_release(text);
        if (value_is_null(upper))
            return -1;
        text = upper;
    }
    int64_t prefix = prefixed ? 2 : 0;
    int64_t digits = str_length(text) - prefix - (str_at(text, 0) == '-');
    add_number(f, d, str_data(text), str_length(text), prefix,
               d->precision > digits ? d->precision - digits : 0);
    ref_release(text);
    return 0;
}

static int convert_float(Formatter *f, const Directive *d, Value v) {
    double number;
    if (value_to_double(v, &number) < 0) {
        if (!f->bytes_mode || !error_matches(&exception_TypeError))
            return -1;
        error_clear();
        return raise_int(&exception_TypeError, "float argument required, not %T", v);
    }
    StrBuilder b;
    str_builder_start(&b);
    float_format(&b, number, (char)d->conversion, d->precision < 0 ? 6 : (int)d->precision,
                 d->flags & FLAG_ALTERNATE, false);
    if (b.failed)
        return -1;
    add_number(f, d, b.data, b.length, 0, 0); // ASCII: one byte a character
    str_builder_discard(&b);
    return 0;
}

static int convert_char(Formatter *f, const Directive *d, Value v) {
    uint32_t c;
    if (f->bytes_mode && value_is_bytes(v) && bytes_length(v) == 1) {
        c = bytes_data(v)[0];
    } else if (f->bytes_mode && value_is_bytearray(v)) {
        ByteText text;
        if (byte_text_get(v, &text) < 0)
            return -1;
        int64_t length = text.length;
        c = length ? text.data[0] : 0;
        byte_text_release(&text);
        if (length != 1)
            return raise_int(&exception_TypeError,
                             "%%c requires an integer in range(256) or a single byte");
    } else if (!f->bytes_mode && value_is_str(v)) {
        if (str_length(v) != 1)
            return raise_int(&exception_TypeError, "%%c requires int or char");
        c = str_at(v, 0);
    } else {
        int64_t limit = f->bytes_mode ? 256 : 0x110000, n;
        Value index = value_index(v);
        if (value_is_null(index)) {
            if (!error_matches(&exception_TypeError))
                return -1;
            error_clear();
            return raise_int(&exception_TypeError,
                             f->bytes_mode
                                 ? "%%c requires an integer in range(256) or a single byte"
                                 : "%%c requires int or char");
        }
        bool fits = int_to_i64(index, &n) && n >= 0 && n < limit;
        ref_release(index);
        if (!fits)
            return raise_int(&exception_OverflowError, f->bytes_mode
                                                           ? "%%c arg not in range(256)"
                                                           : "%%c arg not in range(0x110000)");
        c = (uint32_t)n;
    }
    Value text = str_from_code_point(c);
    if (value_is_null(text))
        return -1;
    Directive whole = *d;
    whole.precision = -1;
    add_text(f, &whole, text);
    ref_release(text);
    return 0;
}

// Is what this directive gives the whole result?
static bool is_alone(const Formatter *f) {
    return f->at == f->length && f->out.length == 0 && !f->bytes_mode;
}

static int convert(Formatter *f, const Directive *d, Value v) {
    switch (d->conversion) {
    case 'b':
        if (!f->bytes_mode)
            break;
        // fall through
    case 's':
    case 'r':
    case 'a': {
        if (f->bytes_mode && d->conversion != 'r' && d->conversion != 'a') {
            Value bytes = bytes_argument(v);
            if (value_is_null(bytes))
                return -1;
            add_bytes(f, d, bytes_data(bytes), bytes_length(bytes));
            ref_release(bytes);
            return 0;
        }
        Value text = d->conversion == 's' && value_is_exact_str(v)
                         ? ref_new(v)
                         : text_argument(f, d->conversion, v);
        if (value_is_null(text))
            return -1;
        if (is_alone(f) && d->width < 0 && d->precision < 0) {
            f->whole = text;
            return 0;
        }
        add_text(f, d, text);
        ref_release(text);
        return 0;
    }
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
        return convert_integer(f, d, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return convert_float(f, d, v);
    case 'c':
        return convert_char(f, d, v);
    default:
        break;
    }
    uint32_t c = d->conversion;
    bool shown = f->bytes_mode || (c >= 31 && c < 127);
    return raise_int(&exception_ValueError,
                     "unsupported format character '%c' (0x%x) at index %lld", shown ? (int)c : '?',
                     c, (long long)f->at - 1);
}

static int run(Formatter *f) {
    while (f->at < f->length) {
        // Formats are short: look at the next few characters before calling memchr.
        int64_t percent = f->at, near = percent + 12 < f->length ? percent + 12 : f->length;
        while (percent < near && text_at(f, percent) != '%')
            percent++;
        if (percent == near && near < f->length) {
            const char *rest = (const char *)f->text + (near << f->kind);
            int64_t found = units_find_unit(rest, f->kind, f->length - near, '%');
            percent = found < 0 ? f->length : near + found;
        }
        if (f->kind == 0)
            str_builder_ascii(&f->out, (const char *)f->text + f->at, (size_t)(percent - f->at));
        else
            str_builder_substring(&f->out, f->format, f->at, percent);
        f->at = percent + 1;
        if (percent >= f->length)
            break;
        if (f->at < f->length && text_at(f, f->at) == '%') {
            str_builder_char(&f->out, '%');
            f->at++;
            continue;
        }
        // %s and %d alone, of exact str and int: no directive to take apart.
        uint32_t simple = f->at < f->length ? text_at(f, f->at) : 0;
        if ((simple == 's' && !f->bytes_mode) || simple == 'd') {
            Value v = next_argument(f);
            if (value_is_null(v))
                return -1;
            f->at++;
            if (value_is_int(v)) {
                str_builder_i64(&f->out, value_int(v));
            } else if (simple == 's' && value_is_exact_str(v)) {
                if (is_alone(f))
                    f->whole = ref_new(v);
                else
                    str_builder_str(&f->out, v);
            } else {
                Directive plain = {.width = -1, .precision = -1, .conversion = simple};
                if (convert(f, &plain, v) < 0)
                    return -1;
            }
            if (f->out.failed)
                return -1;
            continue;
        }
        Directive d;
        if (parse_directive(f, &d) < 0)
            return -1;
        Value v = next_argument(f);
        if (value_is_null(v) || convert(f, &d, v) < 0 || f->out.failed)
            return -1;
    }
    bool left = f->args_is_tuple ? f->next < tuple_length(f->args) : f->next == 0;
    if (left && value_is_null(f->mapping))
        return raise_int(&exception_TypeError, "not all arguments converted during %s formatting",
                         kind_name(f));
    return 0;
}

// Runs the formatter over its text. 0: the result is in out, or is `whole`; -1: nothing is held.
static int format_start(Formatter *f, Value args) {
    f->at = f->next = 0;
    f->args = args;
    f->args_is_tuple = value_is_tuple(args);
    f->mapping = f->found = f->whole = VALUE_NULL;
    if (!f->args_is_tuple && !value_is_str(args) && value_type(args)->getitem &&
        !(f->bytes_mode && (value_is_bytes(args) || value_is_bytearray(args))))
        f->mapping = args;
    str_builder_start(&f->out);
    int result = run(f);
    ref_release(f->found);
    if (result == 0)
        return 0;
    ref_release(f->whole);
    str_builder_discard(&f->out);
    return -1;
}

Value str_modulo(Value format, Value args) {
    Formatter f; // large: only what counts is set
    f.format = format;
    f.text = str_data(format);
    f.kind = str_kind(format);
    f.length = str_length(format);
    f.bytes_mode = false;
    if (format_start(&f, args) < 0)
        return VALUE_NULL;
    if (!value_is_null(f.whole)) { // nothing was built
        str_builder_discard(&f.out);
        return f.whole;
    }
    return str_builder_finish(&f.out);
}

Value bytes_remainder(Value left, Value right) {
    if (!value_is_bytes(left) && !value_is_bytearray(left))
        return not_implemented_new();
    ByteText text;
    if (byte_text_get(left, &text) < 0)
        return VALUE_NULL;
    Formatter f;
    f.format = VALUE_NULL;
    f.text = text.data;
    f.kind = 0;
    f.length = text.length;
    f.bytes_mode = true;
    Value result = VALUE_NULL;
    if (format_start(&f, right) == 0) {
        // Nothing in it is wider than a byte.
        result = value_is_bytes(left) ? bytes_new(f.out.data, (size_t)f.out.length)
                                      : bytearray_new(f.out.data, (size_t)f.out.length);
        str_builder_discard(&f.out);
    }
    byte_text_release(&text);
    return result;
}
