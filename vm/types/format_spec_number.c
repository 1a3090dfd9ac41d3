// SPDX-License-Identifier: MIT
//
// Format specifications for int, float and complex.
//
// A number is taken apart into sign, prefix (0x), the digits before the point, the point, and all
// that follows (fraction, exponent, percent sign; or a whole inf or nan). Then the
// digits are grouped, and with the parts back in order the whole is padded. Nothing here runs
// Python code.
#include "vm/types/format_spec.h"
#include "vm/types/int_internal.h"
#include <limits.h>
#include <locale.h>
#include <math.h>

typedef struct {
    char sign;          // as it will be shown, or 0
    const char *prefix; // not NULL
    const char *digits; // ASCII
    int64_t digit_count;
    bool point;
    const char *rest; // ASCII
    int64_t rest_length;
} Number;

// Where separators go. sizes: lengths of groups from the right, as localeconv() gives them
// (CHAR_MAX ends grouping, 0 repeats the last).
typedef struct {
    const char *point, *separator;          // UTF-8
    int64_t point_length, separator_length; // in code points
    const char *sizes;
} Grouping;

static int64_t utf8_points(const char *text) {
    int64_t count = 0;
    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

static Grouping grouping_of(const FormatSpec *spec) {
    Grouping g = {".", "", 1, 0, ""};
    if (spec->thousands) {
        g.separator = spec->thousands == ',' ? "," : "_";
        g.separator_length = 1;
        bool bits =
            spec->type == 'b' || spec->type == 'o' || spec->type == 'x' || spec->type == 'X';
        g.sizes = bits ? "\4" : "\3";
    } else if (spec->type == 'n') {
        const struct lconv *l = localeconv();
        g.point = l->decimal_point;
        g.separator = l->thousands_sep;
        g.sizes = l->grouping;
        g.point_length = utf8_points(g.point);
        g.separator_length = utf8_points(g.separator);
    }
    return g;
}

// The size of the next group to the left, INT64_MAX if nothing ends it.
static inline int64_t next_group(const char **sizes, int64_t last) {
    char size = **sizes;
    if (size == 0)
        return last;
    if (size == CHAR_MAX)
        return INT64_MAX;
    ++*sizes;
    return size;
}

// Digits, with zeros before them so that the whole fills at least min_width, grouped. Either adds
// it to b, or, b NULL, only gives its length in code points.
static int64_t put_digits(StrBuilder *b, const Number *n, const Grouping *g, int64_t min_width) {
    if (n->digit_count == 0)
        return 0;
    int64_t count = n->digit_count;
    if (!*g->sizes) {
        int64_t zeros = min_width > count ? min_width - count : 0;
        if (b) {
            str_builder_repeat(b, '0', zeros);
            str_builder_ascii(b, n->digits, (size_t)count);
        }
        return count + zeros;
    }
    // From the right: how many digits there will be, and how long the whole.
    const char *sizes = g->sizes;
    int64_t total = 0, length = 0, group = INT64_MAX;
    for (;;) {
        group = next_group(&sizes, group);
        int64_t wanted = count - total > min_width - length ? count - total : min_width - length;
        if (wanted < 1)
            wanted = 1;
        int64_t take = wanted < group ? wanted : group;
        total += take;
        length += take;
        if (total >= count && length >= min_width)
            break;
        length += g->separator_length;
    }
    if (!b)
        return length;
    // From the left: the separators' places, counted again for each group.
    int64_t shown = 0;
    while (shown < total) {
        // The group that the digit `total - shown` from the right belongs to.
        int64_t below = 0, left = total - shown;
        sizes = g->sizes;
        group = INT64_MAX;
        bool uniform = false;
        for (;;) {
            group = next_group(&sizes, group);
            if (*sizes == 0 && group != INT64_MAX) { // all further groups are alike
                uniform = true;
                break;
            }
            if (group == INT64_MAX || left - below <= group)
                break;
            below += group;
        }
        int64_t take = uniform ? (left - below - 1) % group + 1 : left - below;
        for (int64_t i = 0; i < take; i++) {
            int64_t at = shown + i - (total - count);
            str_builder_char(b, at < 0 ? '0' : (uint8_t)n->digits[at]);
        }
        shown += take;
        if (shown < total)
            str_builder_cstr(b, g->separator);
    }
    return length;
}

static void put_number(StrBuilder *b, const Number *n, const FormatSpec *spec) {
    Grouping g = grouping_of(spec);
    int64_t prefix_length = (int64_t)strlen(n->prefix);
    int64_t fixed =
        (n->sign != 0) + prefix_length + (n->point ? g.point_length : 0) + n->rest_length;
    int64_t min_width = spec->fill == '0' && spec->align == '=' ? spec->width - fixed : 0;
    if (spec->width > FORMAT_WIDTH_MAX) {
        str_builder_discard(b);
        raise_memory_error();
        b->failed = true;
        return;
    }
    int64_t length = fixed + put_digits(NULL, n, &g, min_width), left, right;
    format_spec_padding(spec, length, &left, &right);
    if (spec->align != '=')
        str_builder_repeat(b, spec->fill, left);
    if (n->sign)
        str_builder_char(b, (uint8_t)n->sign);
    str_builder_ascii(b, n->prefix, (size_t)prefix_length);
    if (spec->align == '=')
        str_builder_repeat(b, spec->fill, left);
    put_digits(b, n, &g, min_width);
    if (n->point)
        str_builder_cstr(b, g.point);
    str_builder_ascii(b, n->rest, (size_t)n->rest_length);
    str_builder_repeat(b, spec->fill, right);
}

static inline char shown_sign(bool negative, char wanted) {
    return negative ? '-' : wanted == '+' || wanted == ' ' ? wanted : 0;
}

// ---- int -------------------------------------------------------------------------------------

static Value format_double(double d, const FormatSpec *spec);

static Value format_character(Value v, const FormatSpec *spec) {
    if (spec->sign)
        return raise_value_error("Sign not allowed with integer format specifier 'c'");
    if (spec->alternate)
        return raise_value_error(
            "Alternate form (#) not allowed with integer format specifier 'c'");
    int64_t point;
    if (!int_to_i64(v, &point))
        return raise_error(&exception_OverflowError, "Python int too large to convert to C long");
    if (point < 0 || point > 0x10ffff)
        return raise_error(&exception_OverflowError, "%%c arg not in range(0x110000)");
    if (spec->width > FORMAT_WIDTH_MAX)
        return raise_memory_error();
    int64_t left, right;
    format_spec_padding(spec, 1, &left, &right);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_repeat(&b, spec->fill, left);
    str_builder_char(&b, (uint32_t)point);
    str_builder_repeat(&b, spec->fill, right);
    return str_builder_finish(&b);
}

Value format_spec_int(Value v, Value spec_text) {
    FormatSpec spec;
    if (format_spec_parse(&spec, v, spec_text, 'd', '>') < 0)
        return VALUE_NULL;
    int base = 10;
    const char *prefix = "";
    switch (spec.type) {
    case 'd':
    case 'n':
    case 'c':
        break;
    case 'b':
        base = 2;
        prefix = "0b";
        break;
    case 'o':
        base = 8;
        prefix = "0o";
        break;
    case 'x':
    case 'X':
        base = 16;
        prefix = spec.type == 'x' ? "0x" : "0X";
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case '%': {
        double d;
        return int_to_double(v, &d) < 0 ? VALUE_NULL : format_double(d, &spec);
    }
    default:
        return format_spec_unknown_type(&spec, v);
    }
    if (spec.precision >= 0)
        return raise_value_error("Precision not allowed in integer format specifier");
    if (spec.no_negative_zero)
        return raise_value_error(
            "Negative zero coercion (z) not allowed in integer format specifier");
    if (spec.type == 'c')
        return format_character(v, &spec);
    if (base == 10 && spec.width < 0 && !spec.thousands && spec.sign == 0 && spec.type == 'd')
        return int_repr(v);
    char local[256];
    size_t length;
    char *digits = int_digits(v, base, local, sizeof local, &length);
    if (UNLIKELY(!digits))
        return VALUE_NULL;
    if (spec.type == 'X') {
        for (size_t i = 0; i < length; i++) {
            if (digits[i] >= 'a')
                digits[i] -= 'a' - 'A';
        }
    }
    Number n = {.sign = shown_sign(int_sign(v) < 0, spec.sign),
                .prefix = spec.alternate ? prefix : "",
                .digits = digits,
                .digit_count = (int64_t)length,
                .rest = ""};
    StrBuilder b;
    str_builder_start(&b);
    put_number(&b, &n, &spec);
    int_digits_free(local, digits);
    return str_builder_finish(&b);
}

// ---- float -----------------------------------------------------------------------------------

static bool is_zero_text(const char *text, int64_t length) {
    for (int64_t i = 0; i < length && (text[i] | 0x20) != 'e' && text[i] != '%'; i++) {
        if (text[i] != '0' && text[i] != '.')
            return false;
    }
    return true;
}

// Takes apart what float_format wrote. alternate_repr: a repr always gets a point.
static Number number_of_text(const char *text, int64_t length, const FormatSpec *spec, char sign,
                             bool point_always) {
    bool negative = length > 0 && text[0] == '-';
    if (negative) {
        text++;
        length--;
    }
    Number n = {.prefix = "", .digits = text};
    while (n.digit_count < length && text[n.digit_count] >= '0' && text[n.digit_count] <= '9')
        n.digit_count++;
    if (negative && spec->no_negative_zero && n.digit_count && is_zero_text(text, length))
        negative = false;
    n.sign = shown_sign(negative, sign);
    n.rest = text + n.digit_count;
    n.rest_length = length - n.digit_count;
    if (n.rest_length && *n.rest == '.') {
        n.point = true;
        n.rest++;
        n.rest_length--;
    } else {
        n.point = point_always && n.digit_count;
    }
    return n;
}

// The code and precision for float_format. -1 with ValueError.
static int float_code(const FormatSpec *spec, char *code, int *precision) {
    if (spec->precision > INT_MAX)
        return raise_int(&exception_ValueError, "precision too big");
    *code = (char)spec->type;
    *precision = 6;
    if (spec->type == 0) {
        *code = spec->precision < 0 ? 'r' : 'g';
        *precision = 0;
    } else if (spec->type == 'n') {
        *code = 'g';
    } else if (spec->type == '%') {
        *code = 'f';
    }
    if (spec->precision >= 0)
        *precision = (int)spec->precision;
    return 0;
}

static Value format_double(double d, const FormatSpec *spec) {
    char code;
    int precision;
    if (float_code(spec, &code, &precision) < 0)
        return VALUE_NULL;
    StrBuilder text;
    str_builder_start(&text);
    bool percent = spec->type == '%';
    float_format(&text, percent ? d * 100 : d, code, precision, spec->alternate, spec->type == 0);
    if (percent)
        str_builder_char(&text, '%');
    if (text.failed ||
        (spec->width < 0 && !spec->thousands && spec->type != 'n' && spec->sign != '+' &&
         spec->sign != ' ' && !spec->no_negative_zero && !(spec->alternate && code == 'r')))
        return str_builder_finish(&text);
    Number n =
        number_of_text(text.data, text.length, spec, spec->sign, spec->alternate && code == 'r');
    StrBuilder b;
    str_builder_start(&b);
    put_number(&b, &n, spec);
    str_builder_discard(&text);
    return str_builder_finish(&b);
}

Value format_spec_float(Value v, Value spec_text) {
    FormatSpec spec;
    if (format_spec_parse(&spec, v, spec_text, 0, '>') < 0)
        return VALUE_NULL;
    switch (spec.type) {
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n':
    case '%':
        return format_double(float_value(v), &spec);
    default:
        return format_spec_unknown_type(&spec, v);
    }
}

// ---- complex ---------------------------------------------------------------------------------

static void put_part(StrBuilder *b, double d, const FormatSpec *spec, char code, int precision,
                     char sign) {
    FormatSpec part = *spec;
    part.width = -1;
    part.fill = ' ';
    part.align = '<';
    StrBuilder text;
    str_builder_start(&text);
    float_format(&text, d, code, precision, spec->alternate, false);
    if (UNLIKELY(text.failed)) {
        str_builder_discard(b);
        b->failed = true;
        return;
    }
    Number n = number_of_text(text.data, text.length, spec, sign, spec->alternate && code == 'r');
    put_number(b, &n, &part);
    str_builder_discard(&text);
}

Value format_spec_complex(Value v, Value spec_text) {
    FormatSpec spec;
    if (format_spec_parse(&spec, v, spec_text, 0, '>') < 0)
        return VALUE_NULL;
    switch (spec.type) {
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n':
        break;
    default:
        return format_spec_unknown_type(&spec, v);
    }
    char code;
    int precision;
    if (float_code(&spec, &code, &precision) < 0)
        return VALUE_NULL;
    if (spec.fill == '0')
        return raise_value_error("Zero padding is not allowed in complex format specifier");
    if (spec.align == '=')
        return raise_value_error("'=' alignment flag is not allowed in complex format specifier");
    if (spec.width > FORMAT_WIDTH_MAX)
        return raise_memory_error();
    const ComplexObject *c = (const ComplexObject *)value_object(v);
    // As str() does without a type: the real part 0 is left out, else there are parentheses.
    bool skip_real = spec.type == 0 && c->real == 0 && !signbit(c->real);
    bool parentheses = spec.type == 0 && !skip_real;
    StrBuilder b;
    str_builder_start(&b);
    if (parentheses)
        str_builder_char(&b, '(');
    if (!skip_real)
        put_part(&b, c->real, &spec, code, precision, spec.sign);
    put_part(&b, c->imaginary, &spec, code, precision, skip_real ? spec.sign : '+');
    str_builder_char(&b, 'j');
    if (parentheses)
        str_builder_char(&b, ')');
    Value text = str_builder_finish(&b);
    if (value_is_null(text) || spec.width <= str_length(text))
        return text;
    int64_t left, right;
    format_spec_padding(&spec, str_length(text), &left, &right);
    str_builder_start(&b);
    str_builder_repeat(&b, spec.fill, left);
    str_builder_str(&b, text);
    str_builder_repeat(&b, spec.fill, right);
    ref_release(text);
    return str_builder_finish(&b);
}
