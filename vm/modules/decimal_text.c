// SPDX-License-Identifier: MIT
//
// Decimal numbers from text and as text: the specification's numeric strings, scientific and
// engineering notation.
#include "vm/modules/decimal_internal.h"

// ---- digits -----------------------------------------------------------------------------------

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
                                  "25262728293031323334353637383940414243444546474849"
                                  "50515253545556575859606162636465666768697071727374"
                                  "75767778798081828384858687888990919293949596979899";

static void write_limb(mp_limb_t n, char *end, int64_t count) { // `count` digits, before end
    for (; count > 1; count -= 2) {
        end -= 2;
        memcpy(end, digit_pairs + n % 100 * 2, 2);
        n /= 100;
    }
    if (count > 0)
        end[-1] = (char)('0' + n % 10);
}

// As many limbs are written 38 digits at a time; GMP does better with more.
#define SMALL_LIMBS 32

static void write_small(const DecimalView *a, char *out) {
    mp_limb_t limbs[SMALL_LIMBS], high, low;
    int64_t count = a->count, left = a->digits;
    for (int64_t i = 0; i < count; i++)
        limbs[i] = a->limbs[i];
    for (; left > DECIMAL_WIDE_DIGITS; left -= DECIMAL_WIDE_DIGITS) {
        decimal_take_digits(limbs, &count, &high, &low);
        write_limb(low, out + left, DECIMAL_LIMB_DIGITS);
        write_limb(high, out + left - DECIMAL_LIMB_DIGITS, DECIMAL_LIMB_DIGITS);
    }
    if (left > DECIMAL_LIMB_DIGITS) {
        decimal_take_digits(limbs, &count, &high, &low);
        write_limb(low, out + left, DECIMAL_LIMB_DIGITS);
        write_limb(high, out + left - DECIMAL_LIMB_DIGITS, left - DECIMAL_LIMB_DIGITS);
    } else {
        write_limb(count ? limbs[0] : 0, out + left, left);
    }
}

static int write_large(const DecimalView *a, char *out) {
    if (decimal_check_room(a->count) < 0)
        return -1;
    // mpn_get_str spoils what it reads and may write a digit more.
    mp_limb_t *limbs = buffer_allocate((size_t)(a->count + 1) * sizeof *limbs);
    unsigned char *digits = buffer_allocate((size_t)a->digits + 2);
    if (!limbs || !digits) {
        buffer_free(limbs);
        buffer_free(digits);
        raise_memory_error();
        return -1;
    }
    memcpy(limbs, a->limbs, (size_t)a->count * sizeof *limbs);
    size_t written = mpn_get_str(digits, 10, limbs, a->count);
    const unsigned char *first = digits + (written - (size_t)a->digits);
    for (int64_t i = 0; i < a->digits; i++)
        out[i] = (char)('0' + first[i]);
    buffer_free(limbs);
    buffer_free(digits);
    return 0;
}

int decimal_digits(const DecimalView *a, char *out) {
    if (a->count > SMALL_LIMBS)
        return write_large(a, out);
    write_small(a, out);
    return 0;
}

// ---- from text --------------------------------------------------------------------------------

// Beyond every limit, however the digits move the point; far from what int64_t holds.
#define EXPONENT_BEYOND 4000000000000000001

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool matches(const char *text, size_t length, const char *lower) {
    if (length != strlen(lower))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 0x20) != lower[i])
            return false;
    return true;
}

static int syntax_error(DecimalNumber *result, uint32_t *status) {
    *status |= DECIMAL_CONVERSION_SYNTAX;
    decimal_set_special(result, DECIMAL_QUIET_NAN, false);
    return 0;
}

// "inf", "infinity", "nan123", "snan123", without sign.
static int special_from_text(DecimalNumber *result, const char *text, size_t length, bool negative,
                             uint32_t *status) {
    if (matches(text, length, "inf") || matches(text, length, "infinity")) {
        decimal_set_special(result, DECIMAL_INFINITE, negative);
        return 0;
    }
    DecimalKind kind = DECIMAL_QUIET_NAN;
    if (length > 0 && (text[0] | 0x20) == 's') {
        kind = DECIMAL_SIGNALING_NAN;
        text++;
        length--;
    }
    if (length < 3 || !matches(text, 3, "nan"))
        return syntax_error(result, status);
    for (size_t i = 3; i < length; i++)
        if (!is_digit(text[i]))
            return syntax_error(result, status);
    decimal_set_special(result, kind, negative);
    return length == 3 ? 0 : decimal_from_digits(result, text + 3, (int64_t)length - 3);
}

// The number after 'e'. false: there is none.
static bool exponent_from_text(const char *text, const char *end, int64_t *exponent) {
    bool negative = text < end && *text == '-';
    if (text < end && (*text == '-' || *text == '+'))
        text++;
    if (text == end)
        return false;
    int64_t n = 0;
    bool beyond = false;
    for (; text < end; text++) {
        if (!is_digit(*text))
            return false;
        if (n < EXPONENT_BEYOND / 10)
            n = n * 10 + (*text - '0');
        else
            beyond = true;
    }
    if (beyond)
        n = EXPONENT_BEYOND;
    *exponent = negative ? -n : n;
    return true;
}

// A number that the widest settings do not hold is told by what they would report, in part.
static void report_limits(const DecimalNumber *n, uint32_t *status) {
    if (n->count == 0) {
        if (n->exponent > DECIMAL_MAX_EMAX || n->exponent < DECIMAL_MIN_ETINY)
            *status |= DECIMAL_CLAMPED;
    } else if (n->exponent + n->digits - 1 > DECIMAL_MAX_EMAX) {
        *status |= DECIMAL_OVERFLOW | DECIMAL_INEXACT | DECIMAL_ROUNDED;
    } else if (n->exponent < DECIMAL_MIN_ETINY) {
        *status |= DECIMAL_SUBNORMAL | DECIMAL_ROUNDED;
    }
}

// The digits of "12.34" without the point: in place if there is none among them.
static int digits_from_text(DecimalNumber *result, const char *text, const char *point,
                            const char *end) {
    if (!point || point == text || point + 1 == end) {
        const char *first = point == text ? text + 1 : text;
        return decimal_from_digits(result, first, (point && point > text ? point : end) - first);
    }
    char local[80];
    size_t before = (size_t)(point - text), behind = (size_t)(end - point - 1);
    char *digits = before + behind <= sizeof local ? local : buffer_allocate(before + behind);
    if (!digits) {
        raise_memory_error();
        return -1;
    }
    memcpy(digits, text, before);
    memcpy(digits + before, point + 1, behind);
    int made = decimal_from_digits(result, digits, (int64_t)(before + behind));
    if (digits != local)
        buffer_free(digits);
    return made;
}

int decimal_from_text(DecimalNumber *result, const char *text, size_t length, uint32_t *status) {
    const char *end = text + length;
    bool negative = length > 0 && *text == '-';
    if (length > 0 && (*text == '-' || *text == '+'))
        text++;
    if (text == end || (!is_digit(*text) && *text != '.'))
        return special_from_text(result, text, (size_t)(end - text), negative, status);
    const char *point = NULL, *stop = text;
    for (; stop < end && (is_digit(*stop) || (*stop == '.' && !point)); stop++)
        if (*stop == '.')
            point = stop;
    int64_t exponent = 0;
    if (stop - text == (point != NULL)) // no digit
        return syntax_error(result, status);
    if (stop < end && ((*stop | 0x20) != 'e' || !exponent_from_text(stop + 1, end, &exponent)))
        return syntax_error(result, status);
    if (digits_from_text(result, text, point, stop) < 0)
        return -1;
    result->kind = DECIMAL_FINITE;
    result->negative = negative;
    result->exponent = exponent - (point ? stop - point - 1 : 0);
    report_limits(result, status);
    return 0;
}

// ---- to text ----------------------------------------------------------------------------------

static char *put(char *out, const char *text) {
    size_t length = strlen(text);
    memcpy(out, text, length);
    return out + length;
}

static char *put_zeros(char *out, int64_t count) {
    if (count > 0) {
        memset(out, '0', (size_t)count);
        out += count;
    }
    return out;
}

static char *put_exponent(char *out, int64_t exponent, bool capitals) {
    *out++ = capitals ? 'E' : 'e';
    *out++ = exponent < 0 ? '-' : '+';
    mp_limb_t n = (mp_limb_t)(exponent < 0 ? -exponent : exponent);
    int64_t count = decimal_digits_wide(n);
    write_limb(n, out + count, count);
    return out + count;
}

// Where the point goes: after how many digits (0 and less: zeros come first).
static int64_t point_place(const DecimalView *a, bool engineering) {
    int64_t left = a->exponent + a->digits;
    if (a->exponent <= 0 && left > -6)
        return left;
    if (!engineering)
        return 1;
    if (a->count == 0) // the exponent is rounded up to a multiple of three
        return ((left + 1) % 3 + 3) % 3 - 1;
    return ((left - 1) % 3 + 3) % 3 + 1;
}

static int number_to_text(const DecimalView *a, bool engineering, bool capitals, char *out,
                          char **end) {
    int64_t left = a->exponent + a->digits, place = point_place(a, engineering);
    if (place <= 0) { // 0.00digits
        out = put_zeros(put(out, "0."), -place);
        if (decimal_digits(a, out) < 0)
            return -1;
        out += a->digits;
    } else if (place >= a->digits) { // digits00
        if (decimal_digits(a, out) < 0)
            return -1;
        out = put_zeros(out + a->digits, place - a->digits);
    } else {
        if (decimal_digits(a, out + 1) < 0)
            return -1;
        memmove(out, out + 1, (size_t)place);
        out[place] = '.';
        out += a->digits + 1;
    }
    *end = left == place ? out : put_exponent(out, left - place, capitals);
    return 0;
}

int decimal_to_text(const DecimalView *a, bool engineering, bool capitals, char **out,
                    size_t *length) {
    // A sign, "0.00000" or "sNaN", "E+" and 19 digits.
    char *text = buffer_allocate((size_t)a->digits + 40), *end = text;
    if (!text) {
        raise_memory_error();
        return -1;
    }
    if (a->negative)
        *end++ = '-';
    int result = 0;
    if (a->kind == DECIMAL_FINITE) {
        result = number_to_text(a, engineering, capitals, end, &end);
    } else {
        end = put(end, a->kind == DECIMAL_INFINITE    ? "Infinity"
                       : a->kind == DECIMAL_QUIET_NAN ? "NaN"
                                                      : "sNaN");
        if (a->count > 0) {
            result = decimal_digits(a, end);
            end += a->digits;
        }
    }
    if (result < 0) {
        buffer_free(text);
        return -1;
    }
    *end = '\0';
    *out = text;
    *length = (size_t)(end - text);
    return 0;
}
