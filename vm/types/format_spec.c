// SPDX-License-Identifier: MIT
//
// The format specification mini-language, and how it formats text.
//
//   [[fill]align][sign][z][#][0][width][, or _][.precision][type]
//
// Nothing here runs Python code.
#include "vm/types/format_spec.h"
#include "vm/types/str_internal.h"

static inline bool is_align(uint32_t c) {
    return c == '<' || c == '>' || c == '=' || c == '^';
}

// A number at *at, or -1 if there is none; -2 with ValueError.
static int64_t parse_number(Value spec, int64_t *at, int64_t end) {
    int64_t n = -1;
    for (; *at < end; ++*at) {
        int digit = char_decimal(str_at(spec, *at));
        if (digit < 0)
            break;
        if (__builtin_mul_overflow(n < 0 ? 0 : n, 10, &n) || __builtin_add_overflow(n, digit, &n)) {
            raise_value_error("Too many decimal digits in format string");
            return -2;
        }
    }
    return n;
}

static int raise_thousands(char separator, uint32_t type) {
    if (type > 32 && type < 128)
        return raise_int(&exception_ValueError, "Cannot specify '%c' with '%c'.", separator,
                         (int)type);
    return raise_int(&exception_ValueError, "Cannot specify '%c' with '\\x%x'.", separator, type);
}

int format_spec_parse(FormatSpec *out, Value v, Value spec, char default_type, char default_align) {
    int64_t at = 0, end = str_length(spec);
    *out = (FormatSpec){.fill = ' ',
                        .type = (uint8_t)default_type,
                        .align = default_align,
                        .width = -1,
                        .precision = -1};
    bool align_given = true, fill_given = false;
    if (end >= 2 && is_align(str_at(spec, 1))) {
        out->fill = str_at(spec, 0);
        out->align = (char)str_at(spec, 1);
        fill_given = true;
        at = 2;
    } else if (end >= 1 && is_align(str_at(spec, 0))) {
        out->align = (char)str_at(spec, 0);
        at = 1;
    } else {
        align_given = false;
    }
#define PEEK(c) (at < end && str_at(spec, at) == (c))
    if (PEEK('+') || PEEK('-') || PEEK(' '))
        out->sign = (char)str_at(spec, at++);
    if (PEEK('z')) {
        out->no_negative_zero = true;
        at++;
    }
    if (PEEK('#')) {
        out->alternate = true;
        at++;
    }
    if (!fill_given && PEEK('0')) {
        out->fill = '0';
        if (!align_given && default_align == '>')
            out->align = '=';
        at++;
    }
    out->width = parse_number(spec, &at, end);
    if (out->width == -2)
        return -1;
    if (PEEK(',')) {
        out->thousands = ',';
        at++;
    }
    if (PEEK('_')) {
        if (out->thousands)
            return raise_int(&exception_ValueError, "Cannot specify both ',' and '_'.");
        out->thousands = '_';
        at++;
    }
    if (PEEK(',') && out->thousands == '_')
        return raise_int(&exception_ValueError, "Cannot specify both ',' and '_'.");
    if (PEEK('.')) {
        at++;
        out->precision = parse_number(spec, &at, end);
        if (out->precision == -2)
            return -1;
        if (out->precision < 0)
            return raise_int(&exception_ValueError, "Format specifier missing precision");
    }
#undef PEEK
    if (end - at > 1)
        return raise_int(&exception_ValueError,
                         "Invalid format specifier '%V' for object of type '%T'", spec, v);
    if (end - at == 1)
        out->type = str_at(spec, at);
    if (out->thousands) {
        switch (out->type) {
        case 'd':
        case 'e':
        case 'f':
        case 'g':
        case 'E':
        case 'G':
        case '%':
        case 'F':
        case 0:
            break;
        case 'b':
        case 'o':
        case 'x':
        case 'X':
            if (out->thousands == '_')
                break;
            // fall through
        default:
            return raise_thousands(out->thousands, out->type);
        }
    }
    return 0;
}

Value format_spec_unknown_type(const FormatSpec *spec, Value v) {
    if (spec->type > 32 && spec->type < 128)
        return raise_value_error("Unknown format code '%c' for object of type '%T'",
                                 (int)spec->type, v);
    return raise_value_error("Unknown format code '\\x%x' for object of type '%T'", spec->type, v);
}

Value format_spec_str(Value v, Value spec_text) {
    FormatSpec spec;
    if (format_spec_parse(&spec, v, spec_text, 's', '<') < 0)
        return VALUE_NULL;
    if (spec.type != 's')
        return format_spec_unknown_type(&spec, v);
    if (spec.sign == ' ')
        return raise_value_error("Space not allowed in string format specifier");
    if (spec.sign)
        return raise_value_error("Sign not allowed in string format specifier");
    if (spec.no_negative_zero)
        return raise_value_error(
            "Negative zero coercion (z) not allowed in string format specifier");
    if (spec.alternate)
        return raise_value_error("Alternate form (#) not allowed in string format specifier");
    if (spec.align == '=')
        return raise_value_error("'=' alignment not allowed in string format specifier");
    int64_t length = str_length(v);
    if (spec.precision >= 0 && spec.precision < length)
        length = spec.precision;
    if (spec.width <= length) {
        if (length == str_length(v))
            return str_exact(v);
        return str_substring(v, 0, length);
    }
    if (spec.width > FORMAT_WIDTH_MAX)
        return raise_memory_error();
    int64_t left, right;
    format_spec_padding(&spec, length, &left, &right);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_repeat(&b, spec.fill, left);
    str_builder_substring(&b, v, 0, length);
    str_builder_repeat(&b, spec.fill, right);
    return str_builder_finish(&b);
}
