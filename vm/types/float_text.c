// SPDX-License-Identifier: MIT
//
// Floats as text: repr and the layouts of format codes, and reading decimal numbers. The C
// library's locale never shows: numbers are read in the "C" locale, and of what printf writes only
// the digits are used.
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/float_internal.h"
#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

// ---- layouts ---------------------------------------------------------------------------

// A number 0.DDDD * 10^point; digits without sign.
typedef struct {
    const char *digits;
    int count, point;
} Digits;

static int write_digits(uint64_t n, char *out) {
    char reversed[24];
    int count = 0;
    do {
        reversed[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    for (int i = 0; i < count; i++)
        out[i] = reversed[count - 1 - i];
    return count;
}

// digits[0].digits[1..] e exponent; zeros follow the digits up to `places` after the point.
static void put_exponential(StrBuilder *b, Digits n, int places, char letter, bool keep_point) {
    str_builder_char(b, (uint8_t)n.digits[0]);
    if (places > 0 || keep_point)
        str_builder_char(b, '.');
    int have = n.count - 1 < places ? n.count - 1 : places;
    if (have > 0)
        str_builder_ascii(b, n.digits + 1, (size_t)have);
    if (places > have)
        str_builder_repeat(b, '0', places - (have > 0 ? have : 0));
    int exponent = n.point - 1;
    char text[8];
    int length = 0;
    text[length++] = letter;
    text[length++] = exponent < 0 ? '-' : '+';
    if (exponent < 0)
        exponent = -exponent;
    if (exponent >= 100)
        text[length++] = (char)('0' + exponent / 100);
    text[length++] = (char)('0' + exponent / 10 % 10);
    text[length++] = (char)('0' + exponent % 10);
    str_builder_ascii(b, text, (size_t)length);
}

// Without exponent, `places` digits after the point.
static void put_positional(StrBuilder *b, Digits n, int places, bool keep_point) {
    if (n.point <= 0) {
        str_builder_char(b, '0');
    } else {
        int whole = n.count < n.point ? n.count : n.point;
        str_builder_ascii(b, n.digits, (size_t)whole);
        if (n.point > whole)
            str_builder_repeat(b, '0', n.point - whole);
    }
    if (places > 0 || keep_point)
        str_builder_char(b, '.');
    if (places <= 0)
        return;
    int zeros = n.point < 0 ? -n.point : 0;
    if (zeros > places)
        zeros = places;
    if (zeros)
        str_builder_repeat(b, '0', zeros);
    int from = n.point > 0 ? n.point : 0;
    int have = n.count - from;
    if (have > places - zeros)
        have = places - zeros;
    if (have > 0)
        str_builder_ascii(b, n.digits + from, (size_t)have);
    else
        have = 0;
    if (places > zeros + have)
        str_builder_repeat(b, '0', places - zeros - have);
}

static Digits digits_shortest(double d, char *buffer) {
    if (d == 0)
        return (Digits){"0", 1, 1};
    FloatDecimal decimal = float_shortest(d);
    int count = write_digits(decimal.digits, buffer);
    return (Digits){buffer, count, count + decimal.exponent};
}

// d rounded to `count` significant digits, half to even: *digits * 10^(*exponent - count + 1),
// where that is quick and exact. d > 0.
static bool scale_significant(double d, int count, uint64_t *digits, int *exponent) {
    uint64_t bits, most = 1;
    memcpy(&bits, &d, sizeof bits);
    for (int i = 0; i < count; i++)
        most *= 10;
    // The decimal exponent from the binary one: this, or one more.
    int power = (((int)(bits >> 52) - 1023) * 1233) >> 12;
    for (int attempt = 0; attempt < 3; attempt++) {
        int scale = count - 1 - power;
        if (scale > 22)
            return false;
        if (scale >= 0) {
            if (!float_scaled(d, scale, digits))
                return false;
        } else {
            if (scale < -18 || d >= 0x1p63)
                return false;
            uint64_t whole = (uint64_t)d, unit = 1;
            for (int i = scale; i < 0; i++)
                unit *= 10;
            uint64_t rest = whole % unit, half = unit / 2;
            *digits = whole / unit;
            bool above = rest > half || (rest == half && ((double)whole != d || *digits & 1));
            *digits += above;
        }
        if (*digits >= most)
            power++;
        else if (*digits < most / 10)
            power--;
        else
            return *exponent = power, true;
    }
    return false;
}

// `count` significant digits, correctly rounded. buffer: count + 16 bytes.
static Digits digits_significant(double d, int count, char *buffer, size_t capacity) {
    uint64_t scaled;
    int power;
    if (d == 0) {
        memset(buffer, '0', (size_t)count);
        return (Digits){buffer, count, 1};
    }
    if (count <= 17 && scale_significant(d, count, &scaled, &power)) {
        write_digits(scaled, buffer);
        return (Digits){buffer, count, power + 1};
    }
    int length = snprintf(buffer, capacity, "%.*e", count - 1, d);
    char *e = memchr(buffer, 'e', (size_t)length);
    int exponent = atoi(e + 1);
    if (count > 1) // close the gap that the point (however long in this locale) leaves
        memmove(buffer + 1, e - (count - 1), (size_t)(count - 1));
    return (Digits){buffer, count, exponent + 1};
}

// The digits of a whole number of 2^53 at least, which are no more than 309. The number is a row of
// nine digits each, the lowest first, that is doubled 32 times at once.
static int write_whole(double d, char *out) {
    enum { UNIT = 1000000000 };
    uint32_t row[36];
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    row[0] = (uint32_t)(mantissa % UNIT);
    row[1] = (uint32_t)(mantissa / UNIT);
    int count = 2;
    for (int left = (int)(bits >> 52 & 0x7ff) - 1075; left > 0; left -= 32) {
        uint64_t carry = 0;
        for (int i = 0; i < count; i++) {
            carry += (uint64_t)row[i] << (left < 32 ? left : 32);
            row[i] = (uint32_t)(carry % UNIT);
            carry /= UNIT;
        }
        for (; carry; carry /= UNIT)
            row[count++] = (uint32_t)(carry % UNIT);
    }
    int length = write_digits(row[count - 1], out);
    for (int i = count - 2; i >= 0; i--, length += 9)
        for (int k = 8; k >= 0; k--, row[i] /= 10)
            out[length + k] = (char)('0' + row[i] % 10);
    return length;
}

static void put_fixed(StrBuilder *b, double d, int precision, bool alternate) {
    uint64_t scaled;
    char small[24];
    if (float_scaled(d, precision, &scaled)) {
        int count = write_digits(scaled, small);
        put_positional(b, (Digits){small, count, count - precision}, precision, alternate);
        return;
    }
    if (d >= 0x1p53) {
        char whole[330];
        int count = write_whole(d, whole);
        put_positional(b, (Digits){whole, count, count}, precision, alternate);
        return;
    }
    size_t capacity = (size_t)precision + 330;
    char *buffer = buffer_allocate(capacity);
    if (!buffer) {
        b->failed = true;
        raise_memory_error();
        return;
    }
    int length = snprintf(buffer, capacity, "%.*f", precision, d);
    int whole = 0;
    while (buffer[whole] >= '0' && buffer[whole] <= '9')
        whole++;
    str_builder_ascii(b, buffer, (size_t)whole);
    if (precision || alternate)
        str_builder_char(b, '.');
    str_builder_ascii(b, buffer + length - precision, (size_t)precision);
    buffer_free(buffer);
}

static void put_general(StrBuilder *b, double d, int precision, char letter, bool alternate,
                        bool add_dot_zero) {
    if (precision == 0)
        precision = 1;
    char small[64], *buffer = small;
    size_t capacity = (size_t)precision + 16;
    Digits n;
    if (d == 0) {
        n = (Digits){"0", 1, 1};
    } else {
        // Beyond 767 digits a double has only zeros left.
        int count = precision > 800 ? 800 : precision;
        if (capacity > sizeof small) {
            capacity = (size_t)count + 16;
            buffer = buffer_allocate(capacity);
            if (!buffer) {
                b->failed = true;
                raise_memory_error();
                return;
            }
        }
        n = digits_significant(d, count, buffer, capacity);
    }
    int64_t places_all = precision;
    if (!alternate) {
        while (n.count > 1 && n.digits[n.count - 1] == '0')
            n.count--;
        places_all = n.count;
    }
    if (n.point <= -4 || n.point > precision - add_dot_zero)
        put_exponential(b, n, (int)places_all - 1, letter, alternate);
    else {
        int64_t places = places_all - n.point;
        if (places < (add_dot_zero ? 1 : 0))
            places = add_dot_zero ? 1 : 0;
        put_positional(b, n, (int)places, alternate);
    }
    if (buffer != small)
        buffer_free(buffer);
}

static void put_repr(StrBuilder *b, double d, bool add_dot_zero) {
    char buffer[24];
    Digits n = digits_shortest(d, buffer);
    if (n.point <= -4 || n.point > 16) {
        put_exponential(b, n, n.count - 1, 'e', false);
    } else {
        int places = n.count - n.point;
        if (places < (add_dot_zero ? 1 : 0))
            places = add_dot_zero ? 1 : 0;
        put_positional(b, n, places, false);
    }
}

void float_format(StrBuilder *b, double d, char code, int precision, bool alternate,
                  bool add_dot_zero) {
    bool upper = code >= 'A' && code <= 'Z';
    if (isnan(d)) {
        str_builder_ascii(b, upper ? "NAN" : "nan", 3);
        return;
    }
    if (signbit(d)) {
        str_builder_char(b, '-');
        d = -d;
    }
    if (isinf(d)) {
        str_builder_ascii(b, upper ? "INF" : "inf", 3);
        return;
    }
    switch (code) {
    case 'e':
    case 'E': {
        char small[64], *buffer = small;
        int count = precision > 800 ? 801 : precision + 1;
        if ((size_t)count + 16 > sizeof small) {
            buffer = buffer_allocate((size_t)count + 16);
            if (!buffer) {
                b->failed = true;
                raise_memory_error();
                return;
            }
        }
        Digits n = digits_significant(d, count, buffer, (size_t)count + 16);
        put_exponential(b, n, precision, code, alternate);
        if (buffer != small)
            buffer_free(buffer);
        return;
    }
    case 'f':
    case 'F':
        put_fixed(b, d, precision, alternate);
        return;
    case 'g':
    case 'G':
        put_general(b, d, precision, upper ? 'E' : 'e', alternate, add_dot_zero);
        return;
    default:
        put_repr(b, d, add_dot_zero);
    }
}

Value float_repr_double(double d) {
    if (isnan(d))
        return str_from_ascii("nan", 3);
    if (isinf(d))
        return d < 0 ? str_from_ascii("-inf", 4) : str_from_ascii("inf", 3);
    // Sign, 17 digits, point, 4 leading zeros, exponent: all in one place, since this is hot.
    char out[32], buffer[24];
    int length = 0;
    if (signbit(d)) {
        out[length++] = '-';
        d = -d;
    }
    Digits n = digits_shortest(d, buffer);
    if (n.point > 16 || n.point <= -4) {
        out[length++] = n.digits[0];
        if (n.count > 1) {
            out[length++] = '.';
            memcpy(out + length, n.digits + 1, (size_t)n.count - 1);
            length += n.count - 1;
        }
        int exponent = n.point - 1;
        out[length++] = 'e';
        out[length++] = exponent < 0 ? '-' : '+';
        if (exponent < 0)
            exponent = -exponent;
        if (exponent >= 100)
            out[length++] = (char)('0' + exponent / 100);
        out[length++] = (char)('0' + exponent / 10 % 10);
        out[length++] = (char)('0' + exponent % 10);
    } else if (n.point <= 0) {
        memcpy(out + length, "0.000", 5);
        length += 2 - n.point;
        memcpy(out + length, n.digits, (size_t)n.count);
        length += n.count;
    } else if (n.count > n.point) {
        memcpy(out + length, n.digits, (size_t)n.point);
        length += n.point;
        out[length++] = '.';
        memcpy(out + length, n.digits + n.point, (size_t)(n.count - n.point));
        length += n.count - n.point;
    } else {
        memcpy(out + length, n.digits, (size_t)n.count);
        memset(out + length + n.count, '0', (size_t)(n.point - n.count));
        length += n.point;
        out[length++] = '.';
        out[length++] = '0';
    }
    return str_from_ascii(out, (size_t)length);
}

// ---- reading ---------------------------------------------------------------------------

static locale_t c_locale;

// The number from text to end, known to be well formed, by the C library.
static double read_slowly(const char *text, const char *end) {
    size_t length = (size_t)(end - text);
    char small[64], *copy = small;
    if (length >= sizeof small && !(copy = buffer_allocate(length + 1)))
        return NAN;
    memcpy(copy, text, length);
    copy[length] = 0;
    locale_t locale = __atomic_load_n(&c_locale, __ATOMIC_ACQUIRE);
    if (!locale) { // every thread gets the same one from the C library
        locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
        __atomic_store_n(&c_locale, locale, __ATOMIC_RELEASE);
    }
    double d = strtod_l(copy, NULL, locale);
    if (copy != small)
        buffer_free(copy);
    return d;
}

static bool starts_with_word(const char *text, const char *end, const char *word) {
    for (; *word; word++, text++)
        if (text == end || (*text | 0x20) != *word)
            return false;
    return true;
}

const char *float_parse_ascii(const char *text, const char *end, double *out) {
    const char *p = text;
    bool negative = false;
    if (p < end && (*p == '-' || *p == '+'))
        negative = *p++ == '-';
    if (p < end && !isdigit((unsigned char)*p) && *p != '.') {
        double d;
        if (starts_with_word(p, end, "inf")) {
            p += starts_with_word(p, end, "infinity") ? 8 : 3;
            d = INFINITY;
        } else if (starts_with_word(p, end, "nan")) {
            p += 3;
            d = NAN;
        } else {
            return NULL;
        }
        *out = negative ? -d : d;
        return p;
    }
    uint64_t mantissa = 0;
    int digits = 0; // significant ones seen
    bool any = false;
    int64_t exponent = 0;
    for (; p < end && (unsigned)(*p - '0') < 10; p++) {
        any = true;
        if (digits || *p != '0')
            digits++;
        if (digits <= 18)
            mantissa = mantissa * 10 + (unsigned)(*p - '0');
        else
            exponent++;
    }
    if (p < end && *p == '.') {
        for (p++; p < end && (unsigned)(*p - '0') < 10; p++) {
            any = true;
            if (digits || *p != '0')
                digits++;
            if (digits <= 18) {
                mantissa = mantissa * 10 + (unsigned)(*p - '0');
                exponent--;
            }
        }
    }
    if (!any)
        return NULL;
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char *q = p + 1;
        bool below = false;
        if (q < end && (*q == '-' || *q == '+'))
            below = *q++ == '-';
        if (q < end && (unsigned)(*q - '0') < 10) {
            int64_t n = 0;
            for (; q < end && (unsigned)(*q - '0') < 10; q++)
                if (n < 1000000000000)
                    n = n * 10 + (*q - '0');
            exponent += below ? -n : n;
            p = q;
        }
    }
    // Both numbers exact, so one rounding in all (Clinger 1990).
    if (digits <= 18 && mantissa <= (uint64_t)1 << 53 && exponent >= -22 && exponent <= 22) {
        double d = (double)mantissa;
        d = exponent < 0 ? d / float_powers_of_ten[-exponent] : d * float_powers_of_ten[exponent];
        *out = negative ? -d : d;
        return p;
    }
    *out = read_slowly(text, p);
    return p;
}

// ---- float("...") ----------------------------------------------------------------------

static bool is_ascii_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Copies text without its underscores, which must stand between digits.
static bool drop_underscores(const char *text, size_t length, char *copy, size_t *length_out) {
    char *to = copy, previous = 0;
    const char *end = text + length;
    for (const char *p = text; p < end; p++) {
        if (*p != '_')
            *to++ = *p;
        else if (!isdigit((unsigned char)previous) || p + 1 == end || !isdigit((unsigned char)p[1]))
            return false;
        previous = *p;
    }
    *length_out = (size_t)(to - copy);
    return true;
}

const char *float_number_text(Value text, char *small, char **owned, size_t *length_out) {
    size_t length = (size_t)str_length(text);
    bool ascii = str_is_ascii(text);
    *owned = NULL;
    *length_out = length;
    if (ascii && !memchr(str_data(text), '_', length))
        return str_data(text);
    char *copy = small;
    if (length > FLOAT_TEXT_SMALL && !(copy = *owned = buffer_allocate(length)))
        return NULL;
    if (ascii) {
        if (drop_underscores(str_data(text), length, copy, length_out))
            return copy;
    } else {
        size_t i;
        for (i = 0; i < length; i++) {
            uint32_t point = str_at(text, (int64_t)i);
            int digit;
            if (point < 0x80)
                copy[i] = (char)point;
            else if (char_is_space(point))
                copy[i] = ' ';
            else if ((digit = char_decimal(point)) >= 0)
                copy[i] = (char)('0' + digit);
            else
                break;
        }
        if (i == length && drop_underscores(copy, length, copy, length_out))
            return copy;
    }
    buffer_free(*owned);
    *owned = NULL;
    return NULL;
}

// Text without underscores, blanks around it allowed. false: not a number.
static bool read_text(const char *text, size_t length, double *out) {
    const char *end = text + length;
    while (text < end && is_ascii_space(*text))
        text++;
    while (end > text && is_ascii_space(end[-1]))
        end--;
    return end > text && float_parse_ascii(text, end, out) == end;
}

Value float_from_str(Value text) {
    char small[FLOAT_TEXT_SMALL], *owned;
    size_t length;
    double d;
    const char *prepared = float_number_text(text, small, &owned, &length);
    bool ok = prepared && read_text(prepared, length, &d);
    buffer_free(owned);
    return ok ? float_new(d) : raise_value_error("could not convert string to float: %R", text);
}

Value float_parse_value(Value v) {
    if (value_is_str(v))
        return float_from_str(v);
    if (!value_type(v)->get_buffer)
        return raise_type_error("float() argument must be a string or a real number, not '%T'", v);
    BufferView view;
    if (buffer_view_get_brief(v, &view) < 0)
        return VALUE_NULL;
    double d = 0;
    char small[FLOAT_TEXT_SMALL], *copy = small;
    size_t length = (size_t)view.length;
    bool ok = length <= sizeof small || (copy = buffer_allocate(length)) != NULL;
    ok = ok && drop_underscores(view.data, length, copy, &length) && read_text(copy, length, &d);
    if (copy != small)
        buffer_free(copy);
    buffer_view_release(&view);
    return ok ? float_new(d) : raise_value_error("could not convert string to float: %R", v);
}

// ---- hexadecimal -----------------------------------------------------------------------

Value float_hex_text(double d) {
    if (!isfinite(d))
        return float_repr_double(d);
    if (d == 0)
        return str_from_cstr(signbit(d) ? "-0x0.0p+0" : "0x0.0p+0");
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    int biased = (int)(bits >> 52 & 0x7ff);
    char text[40];
    int length = snprintf(text, sizeof text, "%s0x%d.%013llxp%+d", bits >> 63 ? "-" : "",
                          biased != 0, (unsigned long long)(bits & (((uint64_t)1 << 52) - 1)),
                          biased ? biased - 1023 : -1022);
    return str_from_ascii(text, (size_t)length);
}

// The nearest double, ties to even, of well-formed hexadecimal digits with a point and an exponent.
static double read_hexadecimal(const char *p, const char *end) {
    const int64_t far = (int64_t)1 << 40; // where an exponent says nothing any more
    uint64_t m = 0;                       // the number is (m + something below 1 if `more`) * 2**e
    int64_t e = 0;
    bool more = false, point = false;
    for (; p < end && (*p | 0x20) != 'p'; p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        uint64_t digit = (uint64_t)(*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
        if (m >> 60) {
            more |= digit != 0;
            e += point ? 0 : 4;
        } else {
            m = m << 4 | digit;
            e -= point ? 4 : 0;
        }
    }
    if (p < end) {
        bool negative = p[1] == '-';
        int64_t exponent = 0;
        for (p += p[1] == '-' || p[1] == '+' ? 2 : 1; p < end; p++)
            exponent = exponent < far ? exponent * 10 + (*p - '0') : far;
        e += negative ? -exponent : exponent;
    }
    if (e > 2000)
        return INFINITY;
    if (e < -2000)
        return 0;
    // The last bit that a double of this size has.
    int64_t last = e + 63 - __builtin_clzll(m) - 52;
    if (last < -1074)
        last = -1074;
    int64_t shift = last - e;
    if (shift <= 0)
        return ldexp((double)m, (int)e);
    if (shift > 64)
        return 0;
    uint64_t kept = shift < 64 ? m >> shift : 0, rest = shift < 64 ? m << (64 - shift) : m;
    const uint64_t half = (uint64_t)1 << 63;
    if (rest > half || (rest == half && (more || kept & 1)))
        kept++;
    return ldexp((double)kept, (int)last);
}

Value float_fromhex_text(Value text) {
    size_t length;
    char *owned = NULL;
    const char *data = str_utf8_wtf(text, &length, &owned);
    if (!data)
        return VALUE_NULL;
    const char *p = data, *end = data + length;
    while (p < end && is_ascii_space(*p))
        p++;
    while (end > p && is_ascii_space(end[-1]))
        end--;
    const char *start = p;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    double d = 0;
    bool ok = false, overflow = false;
    if (p < end && ((*p | 0x20) == 'i' || (*p | 0x20) == 'n')) {
        ok = float_parse_ascii(start, end, &d) == end;
    } else {
        if (end - p >= 2 && p[0] == '0' && (p[1] | 0x20) == 'x')
            p += 2;
        const char *digits = p;
        bool any = false, nonzero = false, point = false;
        for (; p < end && (isxdigit((unsigned char)*p) || (*p == '.' && !point)); p++) {
            if (*p == '.') {
                point = true;
            } else {
                any = true;
                nonzero |= *p != '0';
            }
        }
        ok = any;
        if (p < end && (*p | 0x20) == 'p') {
            p++;
            if (p < end && (*p == '-' || *p == '+'))
                p++;
            ok = ok && p < end && isdigit((unsigned char)*p);
            while (p < end && isdigit((unsigned char)*p))
                p++;
        }
        ok = ok && p == end;
        if (ok && nonzero) {
            d = read_hexadecimal(digits, end);
            overflow = isinf(d);
        }
        if (negative)
            d = -d;
    }
    buffer_free(owned);
    if (!ok)
        return raise_value_error("invalid hexadecimal floating-point string");
    if (overflow)
        return raise_error(&exception_OverflowError,
                           "hexadecimal value too large to represent as a float");
    return float_new(d);
}
