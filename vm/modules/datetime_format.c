// SPDX-License-Identifier: MIT
//
// Dates, times and offsets as text: what isoformat(), str(), ctime() and strftime() are made of.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/tuple.h"

// ---- numbers -----------------------------------------------------------------------------

char *text_number(char *out, uint32_t n, int width) {
    char digits[10];
    int count = 0;
    do {
        digits[count++] = (char)('0' + n % 10);
        n /= 10;
    } while (n || count < width);
    while (count)
        *out++ = digits[--count];
    return out;
}

static inline char *two_digits(char *out, uint32_t n) {
    if (UNLIKELY(n > 99)) // from a pickle that nobody made
        return text_number(out, n, 2);
    out[0] = (char)('0' + n / 10);
    out[1] = (char)('0' + n % 10);
    return out + 2;
}

static inline char *year_digits(char *out, uint32_t year) {
    if (UNLIKELY(year > YEAR_MAX))
        return text_number(out, year, 4);
    return two_digits(two_digits(out, year / 100), year % 100);
}

char *text_date(char *out, const Date *date) {
    out = year_digits(out, date->year);
    *out++ = '-';
    out = two_digits(out, date->month);
    *out++ = '-';
    return two_digits(out, date->day);
}

static char *text_hms(char *out, const Clock *clock) {
    out = two_digits(out, clock->hour);
    *out++ = ':';
    out = two_digits(out, clock->minute);
    *out++ = ':';
    return two_digits(out, clock->second);
}

char *text_clock(char *out, const Clock *clock, Timespec spec) {
    if (spec == TIMESPEC_AUTO)
        spec = clock->microsecond ? TIMESPEC_MICROSECONDS : TIMESPEC_SECONDS;
    if (spec == TIMESPEC_HOURS)
        return two_digits(out, clock->hour);
    char *end = text_hms(out, clock);
    switch (spec) {
    case TIMESPEC_MINUTES:
        return end - 3;
    case TIMESPEC_MILLISECONDS:
        *end++ = '.';
        return text_number(end, clock->microsecond / 1000, 3);
    case TIMESPEC_MICROSECONDS:
        *end++ = '.';
        return text_number(end, clock->microsecond, 6);
    default:
        return end;
    }
}

int timespec_parse(Value text, Timespec *out) {
    static const char *const names[] = {"auto",    "hours",        "minutes",
                                        "seconds", "milliseconds", "microseconds"};
    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++)
        if (str_equal_cstr(text, names[i])) {
            *out = (Timespec)i;
            return 0;
        }
    return raise_int(&exception_ValueError, "Unknown timespec value");
}

char *text_offset(char *out, Value offset, const char *separator) {
    if (value_is_null(offset))
        return out;
    int64_t seconds = delta_days(offset) * DAY_SECONDS + delta_seconds(offset);
    int64_t microseconds = delta_microseconds(offset);
    bool negative = seconds < 0;
    if (negative) {
        seconds = -seconds;
        if (microseconds) {
            seconds--;
            microseconds = SECOND_MICROSECONDS - microseconds;
        }
    }
    *out++ = negative ? '-' : '+';
    out = two_digits(out, (uint32_t)(seconds / 3600));
    out = stpcpy(out, separator);
    out = two_digits(out, (uint32_t)(seconds / 60 % 60));
    if (seconds % 60 == 0 && microseconds == 0)
        return out;
    out = stpcpy(out, separator);
    out = two_digits(out, (uint32_t)(seconds % 60));
    if (microseconds) {
        *out++ = '.';
        out = text_number(out, (uint32_t)microseconds, 6);
    }
    return out;
}

Value text_ctime(const Date *date, const Clock *clock_or_null) {
    static const char days[] = "MonTueWedThuFriSatSun",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const Clock midnight;
    char text[TEXT_MAX], *at = text;
    int weekday = calendar_weekday(calendar_ordinal(date->year, date->month, date->day));
    at = mempcpy(at, days + 3 * weekday, 3);
    *at++ = ' ';
    at = mempcpy(at, months + 3 * (date->month - 1), 3);
    *at++ = ' ';
    if (date->day < 10)
        *at++ = ' ';
    at = text_number(at, date->day, 1);
    *at++ = ' ';
    at = text_hms(at, clock_or_null ? clock_or_null : &midnight);
    *at++ = ' ';
    at = year_digits(at, date->year);
    return str_from_ascii(text, (size_t)(at - text));
}

int text_repr_zone(StrBuilder *b, Value zone) {
    if (value_is_null(zone))
        return 0;
    Value text = value_repr(zone);
    if (value_is_null(text))
        return -1;
    str_builder_cstr(b, ", tzinfo=");
    str_builder_str(b, text);
    ref_release(text);
    return 0;
}

// ---- strftime ----------------------------------------------------------------------------

// 0, or -1 with UnicodeEncodeError if the text has a surrogate.
static int check_encodable(Value text) {
    if (LIKELY(str_is_ascii(text)))
        return 0;
    size_t length;
    char *owned = NULL;
    const char *utf8 = str_utf8(text, &length, &owned);
    buffer_free(owned);
    return utf8 ? 0 : -1;
}

// %Z: what the zone is called, so that time.strftime() leaves it as it is.
static int add_zone_name(StrBuilder *b, Value zone, Value argument) {
    Value name;
    if (zone_name(zone, argument, &name) < 0)
        return -1;
    if (value_is_null(name))
        return 0;
    if (!value_is_exact_str(name)) { // it may have a method of its own
        Value args[] = {str_from_code_point('%'), str_from_ascii("%%", 2)};
        Value replaced =
            value_is_null(args[1]) ? VALUE_NULL : value_call_method_cstr(name, "replace", args, 2);
        ref_release(args[0]);
        ref_release(args[1]);
        ref_release(name);
        if (value_is_null(replaced))
            return -1;
        int status = 0;
        if (!value_is_str(replaced))
            status = raise_int(&exception_TypeError, "tzname.replace() did not return a string");
        else
            str_builder_str(b, replaced);
        ref_release(replaced);
        return status;
    }
    int status = check_encodable(name);
    for (int64_t i = 0; i < str_length(name) && status == 0; i++) {
        uint32_t c = str_at(name, i);
        str_builder_char(b, c);
        if (c == '%')
            str_builder_char(b, '%');
    }
    ref_release(name);
    return status;
}

static int add_directive(StrBuilder *b, uint32_t c, uint32_t microsecond, Value zone,
                         Value argument) {
    char text[TEXT_MAX];
    Value offset;
    switch (c) {
    case 'f':
        str_builder_ascii(b, text, (size_t)(text_number(text, microsecond, 6) - text));
        return 0;
    case 'z':
        if (zone_offset(zone, argument, &offset) < 0)
            return -1;
        str_builder_ascii(b, text, (size_t)(text_offset(text, offset, "") - text));
        ref_release(offset);
        return 0;
    case 'Z':
        return add_zone_name(b, zone, argument);
    default:
        str_builder_char(b, '%');
        str_builder_char(b, c);
        return 0;
    }
}

Value text_strftime(Value format, Value time_tuple, uint32_t microsecond, Value zone,
                    Value zone_argument) {
    StrBuilder b;
    int64_t length = str_length(format);
    if (check_encodable(format) < 0)
        return VALUE_NULL;
    str_builder_start(&b);
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = str_at(format, i);
        if (c != '%' || i + 1 == length) {
            str_builder_char(&b, c);
        } else if (add_directive(&b, str_at(format, ++i), microsecond, zone, zone_argument) < 0) {
            str_builder_discard(&b);
            return VALUE_NULL;
        }
    }
    Value filled = str_builder_finish(&b);
    if (value_is_null(filled))
        return filled;
    int64_t end = str_find_char(filled, 0, 0, str_length(filled));
    if (UNLIKELY(end >= 0)) { // as a text of C ends
        Value cut = str_substring(filled, 0, end);
        ref_release(filled);
        if (value_is_null(cut))
            return cut;
        filled = cut;
    }
    Value args[] = {filled, time_tuple};
    Value text = time_module_call("strftime", args, 2);
    ref_release(filled);
    return text;
}

Value text_format_method(Value self, const Value *args, size_t nargs) {
    if (arguments_exactly("__format__", nargs, 1) < 0)
        return VALUE_NULL;
    if (!value_is_str(args[0]))
        return raise_type_error("__format__() argument 1 must be str, not %G", args[0]);
    if (str_length(args[0]) == 0)
        return value_str(self);
    return value_call_method_cstr(self, "strftime", args, 1);
}
