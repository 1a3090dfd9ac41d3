// SPDX-License-Identifier: MIT
//
// ISO 8601 text as numbers, in the forms that fromisoformat() takes since Python 3.11. What
// CPython's compiled module takes beyond them is taken too (a fraction behind the hour, a colon
// without anything behind it where an offset follows, ...), since programs may hold such text.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"

// The text as bytes with some zeros behind it, so that what is read needs no look at the length.
// Whatever is not ASCII becomes a byte that no form has; only the separator between date and time
// may be such a one.
typedef struct {
    char *data;
    int64_t length;
    char space[64];
} Plain;
#define PLAIN_PADDING 16
#define PLAIN_OTHER 0x7f

static bool plain_start(Plain *p, Value text) {
    p->length = str_length(text);
    p->data = p->space;
    if (p->length + PLAIN_PADDING > (int64_t)sizeof p->space) {
        p->data = buffer_allocate((size_t)p->length + PLAIN_PADDING);
        if (!p->data)
            return false;
    }
    if (str_is_ascii(text)) {
        memcpy(p->data, str_data(text), (size_t)p->length);
    } else {
        for (int64_t i = 0; i < p->length; i++) {
            uint32_t c = str_at(text, i);
            p->data[i] = (char)(c < 0x80 ? c : PLAIN_OTHER);
        }
    }
    memset(p->data + p->length, 0, PLAIN_PADDING);
    return true;
}

static void plain_end(Plain *p) {
    if (p->data != p->space)
        buffer_free(p->data);
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// So many digits; where they end, or NULL if there are not as many.
static const char *read_digits(const char *at, int count, int *out) {
    int n = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit(at[i]))
            return NULL;
        n = 10 * n + (at[i] - '0');
    }
    *out = n;
    return at + count;
}

// ---- dates -------------------------------------------------------------------------------

// Www[D] or Www[-D] behind the year; what follows the day is not looked at.
static bool parse_week(const char *at, const char *end, bool dashes, int *year, int *month,
                       int *day) {
    int week, weekday = 1, ordinal;
    at = read_digits(at, 2, &week);
    if (!at)
        return false;
    if (at < end) {
        if (dashes && *at++ != '-')
            return false;
        if (!read_digits(at, 1, &weekday))
            return false;
    }
    if (calendar_iso_ordinal(*year, week, weekday, &ordinal) != ISO_FINE)
        return false;
    calendar_from_ordinal(ordinal, year, month, day);
    return true;
}

// YYYY-MM-DD, YYYYMMDD, or a year and a week; all of [start, end), which has zeros behind it.
static bool parse_date(const char *start, const char *end, int *year, int *month, int *day) {
    const char *at = read_digits(start, 4, year);
    if (!at)
        return false;
    bool dashes = *at == '-';
    at += dashes;
    if (*at == 'W')
        return parse_week(at + 1, end, dashes, year, month, day);
    at = read_digits(at, 2, month);
    if (!at || (dashes && *at++ != '-'))
        return false;
    return read_digits(at, 2, day) == end;
}

bool iso_parse_date(Value text, int *year, int *month, int *day) {
    int64_t length = str_length(text);
    if (length != 7 && length != 8 && length != 10)
        return false;
    Plain p;
    if (!plain_start(&p, text))
        return false;
    bool good = parse_date(p.data, p.data + length, year, month, day);
    plain_end(&p);
    return good;
}

// Where the date ends, before any one character that separates it from the time. A W makes that
// hard, since the separator may be a digit or a dash; what is meant is guessed as CPython does.
static int64_t find_separator(const char *data, int64_t length) {
    if (length == 7)
        return 7; // YYYYWww
    if (data[4] == '-') {
        if (data[5] != 'W')
            return 10; // YYYY-MM-DD
        if (data[8] != '-')
            return 8; // YYYY-Www
        // YYYY-Www-D, or YYYY-Www with a dash before the hour
        return length > 10 && is_digit(data[10]) ? 8 : 10;
    }
    if (data[4] != 'W')
        return 8; // YYYYMMDD
    int64_t digits_end = 7;
    while (is_digit(data[digits_end]))
        digits_end++;
    if (digits_end < 9)
        return digits_end; // YYYYWww or YYYYWwwD
    return digits_end % 2 == 0 ? 7 : 8;
}

// ---- times -------------------------------------------------------------------------------

enum { FRACTION_DIGITS = 6 };

// HH[:MM[:SS[.f...]]], or without colons, in [at, end). 0: nothing is left; 1: something is, which
// an offset may follow; -1: it is no time.
static int parse_clock(const char *at, const char *end, int fields[4]) {
    bool colons = true;
    memset(fields, 0, 4 * sizeof(int));
    for (int i = 0; i < 3; i++) {
        at = read_digits(at, 2, &fields[i]);
        if (!at)
            return -1;
        char c = *at;
        if (i == 0)
            colons = c == ':';
        if (at + 1 >= end)
            return c != 0;
        if (c == '.' || c == ',') {
            at++;
            break;
        }
        if (colons) {
            if (c != ':')
                return -1;
            at++;
        }
    }
    int count = end - at < FRACTION_DIGITS ? (int)(end - at) : FRACTION_DIGITS;
    at = read_digits(at, count, &fields[3]);
    if (!at)
        return -1;
    while (count++ < FRACTION_DIGITS)
        fields[3] *= 10;
    while (is_digit(*at)) // finer than microseconds: cut off
        at++;
    return *at != 0;
}

static bool parse_time(const char *start, const char *end, IsoTime *time) {
    int fields[4];
    const char *zone = start;
    while (zone < end && *zone != '+' && *zone != '-' && *zone != 'Z')
        zone++;
    int more = parse_clock(start, zone, fields);
    if (more < 0)
        return false;
    *time = (IsoTime){fields[0], fields[1], fields[2], fields[3], false, 0, 0};
    if (zone == end)
        return !more;
    time->has_zone = true;
    if (*zone == 'Z')
        return zone[1] == 0;
    int sign = *zone == '-' ? -1 : 1;
    if (parse_clock(zone + 1, end, fields) != 0)
        return false;
    time->offset_seconds = sign * (fields[0] * 3600 + fields[1] * 60 + fields[2]);
    time->offset_microseconds = sign * fields[3];
    return true;
}

bool iso_parse_time(Value text, IsoTime *time) {
    Plain p;
    if (!plain_start(&p, text))
        return false;
    const char *start = p.data;
    start += *start == 'T';
    bool good = parse_time(start, p.data + p.length, time);
    plain_end(&p);
    return good;
}

bool iso_parse_datetime(Value text, int *year, int *month, int *day, IsoTime *time) {
    int64_t length = str_length(text);
    if (length < 7)
        return false;
    Plain p;
    if (!plain_start(&p, text))
        return false;
    int64_t separator = find_separator(p.data, length);
    bool good = parse_date(p.data, p.data + separator, year, month, day);
    if (good && separator < length)
        good = parse_time(p.data + separator + 1, p.data + length, time);
    plain_end(&p);
    return good;
}

int iso_zone(const IsoTime *time, Value *zone) {
    *zone = VALUE_NULL;
    if (!time->has_zone)
        return 0;
    if (time->offset_seconds == 0) {
        *zone = ref_new(timezone_utc);
        return 0;
    }
    Value offset = delta_new(0, time->offset_seconds, time->offset_microseconds);
    if (value_is_null(offset))
        return -1;
    *zone = timezone_new(offset, VALUE_NULL);
    ref_release(offset);
    return value_is_null(*zone) ? -1 : 0;
}

Value iso_invalid(Value text) {
    return error_occurred() ? VALUE_NULL : raise_value_error("Invalid isoformat string: %R", text);
}
