// SPDX-License-Identifier: MIT
//
// format() of a Decimal: [[fill]align][sign][z][0][width][,][.precision][type], as decimal has it.
//
// A number is rounded as the type and the precision say, in the context's direction, and laid out
// as digits before the point, the rest from the point on, and a sign. Then the digits are grouped,
// and the whole is padded.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

enum { GROUPING_ROOM = 64, MARK_BYTES = 4 };

typedef struct {
    uint32_t fill;
    char align; // '<', '>', '=', '^'; 'z': zeros between sign and digits
    char sign;  // 0, '+', ' '
    bool no_minus_zero;
    int64_t width, precision; // precision -1: none
    char type;                // e E f F g G %
    Value point, separator;   // strs, owned; empty: a plain point, no separator
    // Sizes of groups from the right, as localeconv() gives them; ends with 0.
    unsigned char grouping[GROUPING_ROOM];
} Spec;

static void spec_drop(Spec *spec) {
    ref_release(spec->point);
    ref_release(spec->separator);
}

// ---- reading the specification -----------------------------------------------------------------

static Value invalid(void) {
    return raise_value_error("invalid format string");
}

static bool is_align(uint32_t c) {
    return c == '<' || c == '>' || c == '=' || c == '^';
}
static bool is_digit(uint32_t c) {
    return c >= '0' && c <= '9';
}

// The text as a C string would have it: a zero ends it, but for one that is the fill.
static int64_t text_end(Value text) {
    int64_t end = str_find_char(text, 0, 1, str_length(text));
    return str_length(text) == 0 || end < 0 ? str_length(text) : end;
}

static uint32_t at(Value text, int64_t i, int64_t end) {
    return i < end ? str_at(text, i) : 0;
}

// Digits at *i. false: too large.
static bool read_number(Value text, int64_t *i, int64_t end, int64_t *out) {
    *out = 0;
    for (; is_digit(at(text, *i, end)); ++*i)
        if (__builtin_mul_overflow(*out, 10, out) ||
            __builtin_add_overflow(*out, (int64_t)at(text, *i, end) - '0', out))
            return false;
    return true;
}

// What localeconv() says; the system's encoding is UTF-8 where it is anything.
static Value locale_text(const char *text) {
    Value v = str_from_utf8(text, strlen(text));
    if (!value_is_null(v))
        return v;
    error_clear();
    return str_from_latin1((const uint8_t *)text, strlen(text));
}

static int use_locale(Spec *spec) {
    const struct lconv *l = localeconv();
    strncpy((char *)spec->grouping, l->grouping, GROUPING_ROOM - 1);
    ref_release(spec->point);
    ref_release(spec->separator);
    spec->point = locale_text(l->decimal_point);
    spec->separator = locale_text(l->thousands_sep);
    return value_is_null(spec->point) || value_is_null(spec->separator) ? -1 : 0;
}

static int use_commas(Spec *spec) {
    memcpy(spec->grouping, "\3\3", 3);
    ref_release(spec->point);
    ref_release(spec->separator);
    spec->point = str_from_cstr(".");
    spec->separator = str_from_cstr(",");
    return value_is_null(spec->point) || value_is_null(spec->separator) ? -1 : 0;
}

// CPython looks for the z first and takes it out before it reads the rest, so it may stand before
// the sign as well as behind it. New reference.
static Value take_out_z(Spec *spec, Value text) {
    int64_t i = 0, end = text_end(text);
    if (end >= 2 && is_align(str_at(text, 1)))
        i = 2;
    else if (is_align(at(text, 0, end)))
        i = 1;
    uint32_t c = at(text, i, end);
    if (c == '+' || c == '-' || c == ' ')
        i++;
    if (at(text, i, end) != 'z')
        return ref_new(text);
    spec->no_minus_zero = true;
    Value before = str_substring(text, 0, i), behind = str_substring(text, i + 1, end);
    Value rest = VALUE_NULL;
    if (!value_is_null(before) && !value_is_null(behind))
        rest = str_concat(before, behind);
    ref_release(before);
    ref_release(behind);
    return rest;
}

// 1: fine; 0: no specification; -1: error.
static int read_spec(Spec *spec, Value text, bool capitals) {
    int64_t i = 0, end = text_end(text);
    bool aligned = true;
    if (end >= 2 && is_align(str_at(text, 1))) {
        spec->fill = str_at(text, 0);
        spec->align = (char)str_at(text, 1);
        i = 2;
    } else if (is_align(at(text, 0, end))) {
        spec->align = (char)str_at(text, 0);
        i = 1;
    } else {
        aligned = false;
    }
    uint32_t c = at(text, i, end);
    if (c == '+' || c == '-' || c == ' ') {
        spec->sign = c == '-' ? 0 : (char)c;
        i++;
    }
    if (at(text, i, end) == '0') {
        if (aligned || at(text, i + 1, end) == '0')
            return 0;
        spec->align = 'z';
        spec->fill = '0';
        i++;
    }
    if (!read_number(text, &i, end, &spec->width))
        return 0;
    bool grouped = at(text, i, end) == ',';
    if (grouped) {
        if (use_commas(spec) < 0)
            return -1;
        i++;
    }
    if (at(text, i, end) == '.') {
        i++;
        if (!is_digit(at(text, i, end)) || !read_number(text, &i, end, &spec->precision))
            return 0;
    }
    spec->type = capitals ? 'G' : 'g';
    c = at(text, i, end);
    if (c != 0 && c < 128 && strchr("eEfFgG%", (int)c)) {
        spec->type = (char)c;
        i++;
    } else if (c == 'n' || c == 'N') {
        if (grouped)
            return 0;
        if (use_locale(spec) < 0)
            return -1;
        spec->type = c == 'n' ? 'g' : 'G';
        i++;
    }
    return i == end;
}

// ---- the dict that may come second -------------------------------------------------------------

// The bytes of a text in UTF-8, up to its first zero, as many of them as fit with a zero behind.
// -1: error; else how many there are.
static int64_t override_bytes(Value v, char *out, size_t room) {
    if (!value_is_str(v))
        return raise_int(&exception_TypeError, "bad argument type for built-in operation");
    size_t length;
    char *owned = NULL;
    const char *utf8 = str_utf8(v, &length, &owned);
    if (!utf8)
        return -1;
    length = strlen(utf8);
    size_t kept = length < room ? length : room - 1;
    memcpy(out, utf8, kept);
    out[kept] = 0;
    buffer_free(owned);
    return (int64_t)length;
}

// One of the dict's texts into *slot, which is owned. 1: it is no longer than it may be; 0; -1.
static int override_mark(Value dict, const char *key, Value *slot) {
    Value v = dict_get_cstr(dict, key);
    if (value_is_null(v))
        return error_occurred() ? -1 : 1;
    char bytes[MARK_BYTES + 1];
    int64_t length = override_bytes(v, bytes, sizeof bytes);
    ref_release(v);
    if (length < 0 || length > MARK_BYTES)
        return length < 0 ? -1 : 0;
    Value text = str_from_utf8(bytes, (size_t)length);
    if (value_is_null(text))
        return -1;
    ref_release(*slot);
    *slot = text;
    return 1;
}

static int override_grouping(Value dict, Spec *spec) {
    Value v = dict_get_cstr(dict, "grouping");
    if (value_is_null(v))
        return error_occurred() ? -1 : 1;
    int64_t length = override_bytes(v, (char *)spec->grouping, GROUPING_ROOM);
    ref_release(v);
    if (length < 0)
        return -1;
    for (int i = 0; spec->grouping[i]; i++)
        if (spec->grouping[i] > CHAR_MAX)
            return 0;
    return 1;
}

static int override(Spec *spec, Value dict) {
    if (!value_is_dict(dict))
        return raise_int(&exception_TypeError, "optional argument must be a dict");
    int marks = override_mark(dict, "decimal_point", &spec->point);
    int separators = marks < 0 ? -1 : override_mark(dict, "thousands_sep", &spec->separator);
    int sizes = separators < 0 ? -1 : override_grouping(dict, spec);
    if (sizes < 0)
        return -1;
    if (!marks || !separators || !sizes || str_length(spec->point) == 0)
        return raise_int(&exception_ValueError, "invalid override dict");
    return 0;
}

// ---- rounding and laying out -------------------------------------------------------------------

// A number as text in parts. All ASCII.
typedef struct {
    char *text; // owned: digits before the point, then all behind it
    int64_t before, behind;
    bool has_point; // behind the digits
    bool negative;
    bool is_special;
} Layout;

static bool is_fixed(char type) {
    return type == 'f' || type == 'F' || type == '%';
}
static bool is_exponential(char type) {
    return type == 'e' || type == 'E';
}

// Rounds to so many digits, wherever the point is.
static int round_digits(DecimalNumber *n, const DecimalView *a, int64_t digits,
                        DecimalRounding rounding) {
    DecimalSettings s;
    decimal_settings_widest(&s);
    s.precision = digits;
    s.rounding = rounding;
    if (decimal_copy(n, a) < 0)
        return -1;
    // Only the digits count.
    n->exponent = 0;
    if (decimal_finish(n, &s) < 0)
        return -1;
    n->exponent += a->exponent;
    return 0;
}

static int round_for(DecimalNumber *n, const DecimalView *a, const Spec *spec,
                     DecimalRounding rounding) {
    int64_t precision = spec->precision;
    if (precision < 0)
        return decimal_copy(n, a);
    if (is_fixed(spec->type)) {
        if (a->exponent >= -precision)
            return decimal_copy(n, a); // zeros are appended to the text
        DecimalSettings s;
        decimal_settings_widest(&s);
        s.rounding = rounding;
        return decimal_rescale(n, a, -precision, &s);
    }
    if (is_exponential(spec->type))
        precision++;
    else if (precision == 0)
        precision = 1;
    return a->digits > precision ? round_digits(n, a, precision, rounding) : decimal_copy(n, a);
}

// How many digits stand before the point, and whether an exponent stands behind.
static int64_t point_place(const DecimalView *a, const Spec *spec, bool *exponent) {
    *exponent = false;
    int64_t left = a->exponent + a->digits;
    if (is_fixed(spec->type))
        return left;
    if (is_exponential(spec->type)) {
        *exponent = true;
        return a->count == 0 && spec->precision > 0 ? 1 - spec->precision : 1;
    }
    if (a->exponent <= 0 && left > -6)
        return left;
    *exponent = true;
    return 1;
}

static char *put_zeros(char *out, int64_t count) {
    if (count <= 0)
        return out;
    memset(out, '0', (size_t)count);
    return out + count;
}

static int lay_out_digits(Layout *out, const DecimalView *a, const Spec *spec) {
    bool exponent;
    int64_t place = point_place(a, spec, &exponent), fraction = a->digits - place;
    if (fraction < 0)
        fraction = 0;
    int64_t zeros = 0; // behind the digits of the fraction
    if (spec->precision > 0 && (is_fixed(spec->type) || is_exponential(spec->type)) &&
        fraction < spec->precision)
        zeros = spec->precision - fraction;
    int64_t before = place > 0 ? place : 1;
    char *digits = buffer_allocate((size_t)a->digits);
    char *text = digits ? buffer_allocate((size_t)(before + fraction + zeros) + 32) : NULL;
    if (!text) {
        buffer_free(digits);
        raise_memory_error();
        return -1;
    }
    if (decimal_digits(a, digits) < 0) {
        buffer_free(digits);
        buffer_free(text);
        return -1;
    }
    char *end = text;
    int64_t taken = place <= 0 ? 0 : place < a->digits ? place : a->digits;
    memcpy(end, digits, (size_t)taken);
    end = put_zeros(end + taken, before - taken);
    end = put_zeros(end, fraction - (a->digits - taken));
    memcpy(end, digits + taken, (size_t)(a->digits - taken));
    end = put_zeros(end + (a->digits - taken), zeros);
    buffer_free(digits);
    if (exponent) {
        int64_t shown = a->exponent + a->digits - place;
        bool capital = spec->type == 'E' || spec->type == 'G';
        end += sprintf(end, "%c%c%lld", capital ? 'E' : 'e', shown < 0 ? '-' : '+',
                       (long long)(shown < 0 ? -shown : shown));
    }
    if (spec->type == '%')
        *end++ = '%';
    out->text = text;
    out->before = before;
    out->behind = end - text - before;
    out->has_point = fraction + zeros > 0;
    return 0;
}

static int lay_out_special(Layout *out, const DecimalView *a, const Spec *spec) {
    DecimalView magnitude = *a;
    magnitude.negative = false;
    char *text;
    size_t length;
    if (decimal_to_text(&magnitude, false, true, &text, &length) < 0)
        return -1;
    char *with_room = buffer_allocate(length + 2);
    if (with_room)
        memcpy(with_room, text, length);
    buffer_free(text);
    if (!with_room) {
        raise_memory_error();
        return -1;
    }
    if (spec->type == '%')
        with_room[length++] = '%';
    *out = (Layout){
        .text = with_room, .behind = (int64_t)length, .negative = a->negative, .is_special = true};
    return 0;
}

static int lay_out(Layout *out, const DecimalView *view, const Spec *spec,
                   DecimalRounding rounding) {
    if (view->kind != DECIMAL_FINITE)
        return lay_out_special(out, view, spec);
    DecimalView a = *view;
    if (spec->type == '%')
        a.exponent += 2;
    if (is_fixed(spec->type) && a.count == 0 && a.exponent > 0)
        a.exponent = 0;
    DecimalNumber n;
    decimal_init(&n);
    int status = round_for(&n, &a, spec, rounding);
    if (status == 0) {
        a = decimal_view(&n);
        *out = (Layout){.negative = a.negative && !(spec->no_minus_zero && a.count == 0)};
        status = lay_out_digits(out, &a, spec);
    }
    decimal_clear(&n);
    return status;
}

// ---- putting together --------------------------------------------------------------------------

// The size of the next group to the left; INT64_MAX if nothing ends it.
static int64_t next_group(const unsigned char **sizes, int64_t last) {
    if (**sizes == 0)
        return last;
    if (**sizes == CHAR_MAX)
        return INT64_MAX;
    return *(*sizes)++;
}

// The digits before the point, with zeros before them so that they fill min_width, grouped from the
// right. Gives how many places they take, where a separator counts as one whatever it is; -1 with
// MemoryError.
static int64_t put_grouped(StrBuilder *b, const Layout *l, const Spec *spec, int64_t min_width) {
    const bool grouped = spec->grouping[0] && str_length(spec->separator) > 0;
    int64_t count = l->before;
    if (!grouped) {
        int64_t zeros = min_width > count ? min_width - count : 0;
        str_builder_repeat(b, '0', zeros);
        str_builder_ascii(b, l->text, (size_t)count);
        return count + zeros;
    }
    // The groups' sizes, right to left.
    int64_t most = (count > min_width ? count : min_width) + 1, groups = 0;
    int64_t *sizes = buffer_allocate((size_t)most * sizeof *sizes);
    if (!sizes)
        return raise_memory_error(), -1;
    const unsigned char *rule = spec->grouping;
    int64_t total = 0, length = 0, group = INT64_MAX;
    for (;;) {
        group = next_group(&rule, group);
        int64_t wanted = count - total > min_width - length ? count - total : min_width - length;
        int64_t take = wanted < 1 ? 1 : wanted;
        if (take > group)
            take = group;
        sizes[groups++] = take;
        total += take;
        length += take;
        if (total >= count && length >= min_width)
            break;
        length++; // the separator
    }
    const char *digits = l->text - (total - count);
    for (int64_t shown = 0; groups > 0; groups--) {
        for (int64_t left = sizes[groups - 1]; left > 0; left--, shown++)
            str_builder_char(b, shown < total - count ? '0' : (uint8_t)digits[shown]);
        if (groups > 1)
            str_builder_str(b, spec->separator);
    }
    buffer_free(sizes);
    return length;
}

// All but the sign. The number of places that it takes as above, or -1.
static int64_t put_body(StrBuilder *b, const Layout *l, const Spec *spec, int64_t min_width) {
    if (l->is_special) {
        str_builder_ascii(b, l->text, (size_t)l->behind);
        return l->behind;
    }
    int64_t places = put_grouped(b, l, spec, min_width - l->behind - l->has_point);
    if (places < 0)
        return -1;
    if (l->has_point) {
        if (str_length(spec->point) > 0)
            str_builder_str(b, spec->point);
        else
            str_builder_char(b, '.');
    }
    str_builder_ascii(b, l->text + l->before, (size_t)l->behind);
    return places + l->has_point + l->behind;
}

static Value put_together(const Layout *l, const Spec *spec) {
    char sign = l->negative ? '-' : spec->sign;
    char align = spec->align;
    uint32_t fill = spec->fill;
    if (align == 'z' && l->is_special) {
        align = '>';
        fill = ' ';
    }
    StrBuilder inner;
    str_builder_start(&inner);
    int64_t places = put_body(&inner, l, spec, align == 'z' ? spec->width - (sign != 0) : 0);
    if (places < 0) {
        str_builder_discard(&inner);
        return VALUE_NULL;
    }
    Value body = str_builder_finish(&inner);
    if (value_is_null(body))
        return body;
    int64_t missing = spec->width - places - (sign != 0);
    if (missing < 0)
        missing = 0;
    int64_t left = align == '<' || align == 'z' ? 0 : align == '^' ? missing / 2 : missing;
    StrBuilder b;
    str_builder_start(&b);
    if (sign && align == '=')
        str_builder_char(&b, (uint8_t)sign);
    str_builder_repeat(&b, fill, left);
    if (sign && align != '=')
        str_builder_char(&b, (uint8_t)sign);
    str_builder_str(&b, body);
    ref_release(body);
    if (align != 'z')
        str_builder_repeat(&b, fill, missing - left);
    return str_builder_finish(&b);
}

static Value format(Value self, const Spec *spec, DecimalContext *c) {
    DecimalView view = decimal_view_of(self);
    if (spec->width > DECIMAL_MAX_PREC ||
        (spec->precision > DECIMAL_MAX_PREC && view.kind == DECIMAL_FINITE))
        return raise_value_error("format specification exceeds internal limits of _decimal");
    DecimalSettings s;
    decimal_settings_load(c, &s);
    Layout layout;
    if (lay_out(&layout, &view, spec, s.rounding) < 0)
        return VALUE_NULL;
    Value result = put_together(&layout, spec);
    buffer_free(layout.text);
    return result;
}

// Would be as str() has it.
static bool is_plain(Value text, size_t nargs) {
    return nargs == 1 && str_length(text) == 0;
}

Value decimal_format_method(Value self, const Value *args, size_t nargs) {
    if (nargs < 1 || nargs > 2)
        return raise_type_error("function takes at %s %d argument%s (%zu given)",
                                nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 2,
                                nargs < 1 ? "" : "s", nargs);
    if (!value_is_str(args[0]))
        return raise_type_error("format arg must be str");
    if (is_plain(args[0], nargs))
        return decimal_str(self);
    DecimalContext *c = decimal_context_current();
    size_t length;
    char *owned = NULL;
    if (!c || !str_utf8(args[0], &length, &owned)) // lone surrogates are refused
        return VALUE_NULL;
    buffer_free(owned);
    ref_new(value_from_object(c)); // a dict's keys may run Python code
    Spec spec = {.fill = ' ', .align = '>', .precision = -1};
    spec.point = str_empty();
    spec.separator = str_empty();
    bool capitals = __atomic_load_n(&c->capitals, __ATOMIC_RELAXED);
    Value text = take_out_z(&spec, args[0]);
    int status = value_is_null(text) ? -1 : read_spec(&spec, text, capitals);
    ref_release(text);
    if (status == 0)
        invalid();
    Value result = VALUE_NULL;
    if (status > 0 && (nargs < 2 || override(&spec, args[1]) == 0))
        result = format(self, &spec, c);
    spec_drop(&spec);
    ref_release(value_from_object(c));
    return result;
}
