// SPDX-License-Identifier: MIT
//
// The rule that tells the time after a zone's last transition: the value of POSIX's TZ variable
// (POSIX.1, Base Definitions, 8.3; extended as in RFC 8536), like EST5EDT,M3.2.0,M11.1.0.
#include "vm/modules/zoneinfo_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"

int zone_period_set(ZonePeriod *period, int32_t offset, int32_t dst, Value name) {
    period->name = name;
    if (value_is_null(name))
        return -1;
    period->seconds = offset;
    period->offset = delta_new(0, offset, 0);
    period->dst = delta_new(0, dst, 0);
    return value_is_null(period->offset) || value_is_null(period->dst) ? -1 : 0;
}

void zone_period_drop(ZonePeriod *period) {
    ref_release(period->offset);
    ref_release(period->dst);
    ref_release(period->name);
}

// ---- reading (each gives the end of what it read, or NULL) -------------------------------

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// least to most digits.
static const char *read_number(const char *at, int least, int most, int *out) {
    int n = 0, count = 0;
    while (count < most && is_digit(at[count]))
        n = 10 * n + (at[count++] - '0');
    *out = n;
    return count < least ? NULL : at + count;
}

// Letters, or anything of letters, digits and signs between <>.
static const char *read_name(const char *at, Value *name) {
    const char *start = at;
    if (*at == '<') {
        start = ++at;
        while (is_letter(*at) || is_digit(*at) || *at == '+' || *at == '-')
            at++;
        if (*at != '>')
            return NULL;
    } else {
        while (is_letter(*at))
            at++;
        if (at == start)
            return NULL;
    }
    *name = str_from_ascii(start, (size_t)(at - start));
    return value_is_null(*name) ? NULL : at + (*at == '>');
}

// [sign]hh[:mm[:ss]] in seconds.
static const char *read_span(const char *at, int *seconds) {
    int sign = *at == '-' ? -1 : 1, n, unit = 3600;
    at += *at == '-' || *at == '+';
    at = read_number(at, 1, 2, &n);
    *seconds = 0;
    while (at) {
        *seconds += sign * n * unit;
        unit /= 60;
        if (*at != ':' || unit == 0)
            break;
        at = read_number(at + 1, 2, 2, &n);
    }
    return at;
}

// An offset from UTC is written the other way round: what is to be added to get UTC.
static const char *read_offset(const char *at, int *offset) {
    int hours;
    const char *digits = at + (*at == '-' || *at == '+');
    if (!read_number(digits, 1, 2, &hours) || hours > 24)
        return NULL;
    at = read_span(at, offset);
    *offset = -*offset;
    return at;
}

// Mm.w.d, Jn or n, each perhaps with /time.
static const char *read_edge(const char *at, ZoneEdge *edge) {
    int month, week, weekday, day;
    *edge = (ZoneEdge){.seconds = 2 * 3600};
    if (*at == 'M') {
        at = read_number(at + 1, 1, 2, &month);
        if (!at || *at != '.' || !(at = read_number(at + 1, 1, 1, &week)) || *at != '.' ||
            !(at = read_number(at + 1, 1, 1, &weekday)))
            return NULL;
        if (month < 1 || month > 12 || week < 1 || week > 5 || weekday > 6)
            return NULL;
        edge->by_weekday = true;
        edge->month = (uint8_t)month;
        edge->week = (uint8_t)week;
        edge->weekday = (uint8_t)weekday;
    } else {
        edge->leap_days = *at != 'J';
        at = read_number(at + !edge->leap_days, 1, 3, &day);
        if (!at || day > 365 || day < !edge->leap_days)
            return NULL;
        edge->day = (int16_t)day;
    }
    if (*at != '/')
        return at;
    int seconds;
    at = read_span(at + 1, &seconds);
    edge->seconds = seconds;
    return at;
}

static int wrong(const char *what, Value text) {
    if (error_occurred()) // no memory
        return -1;
    return raise_int(&exception_ValueError, "%s %R", what, text);
}

int zone_rule_parse(ZoneRule *rule, Value text) {
    Value name = VALUE_NULL;
    int offset, summer;
    const char *at = read_name((const char *)bytes_data(text), &name);
    if (!at)
        return wrong("Invalid STD format in", text);
    at = read_offset(at, &offset);
    if (!at) {
        ref_release(name);
        return wrong("Invalid STD offset in", text);
    }
    if (zone_period_set(&rule->standard, offset, 0, name) < 0)
        return -1;
    if (*at == 0)
        return 0;
    at = read_name(at, &name);
    if (!at)
        return wrong("Invalid DST format in", text);
    summer = offset + 3600;
    if (*at != ',')
        at = read_offset(at, &summer);
    if (!at) {
        ref_release(name);
        return wrong("Invalid DST offset in", text);
    }
    rule->changes = true;
    rule->difference = summer - offset;
    if (zone_period_set(&rule->summer, summer, summer - offset, name) < 0)
        return -1;
    for (int i = 0; i < 2; i++) {
        if (*at != ',')
            return wrong("Missing transition rules in TZ string:", text);
        at = read_edge(at + 1, i ? &rule->end : &rule->start);
        if (!at)
            return wrong("Malformed transition rule in TZ string:", text);
    }
    return *at ? wrong("Extraneous characters at end of TZ string:", text) : 0;
}

// ---- when it changes ---------------------------------------------------------------------

// On the clock that is in use before the change.
static int64_t edge_in_year(const ZoneEdge *edge, int year) {
    int ordinal;
    if (edge->by_weekday) {
        int first = calendar_ordinal(year, edge->month, 1);
        int sunday_based = (calendar_weekday(first) + 1) % 7;
        int day = (edge->weekday - sunday_based + 7) % 7 + 7 * (edge->week - 1);
        if (day >= calendar_month_length(year, edge->month))
            day -= 7; // the last one
        ordinal = first + day;
    } else {
        // CPython 3.11 counts from one whether the first day is called 1 or 0, and takes day 59 of
        // a leap year, which is the 28th of February, for the 29th. So it is here.
        int day = edge->day - 1;
        if (!edge->leap_days && edge->day >= 59 && calendar_is_leap(year))
            day++;
        ordinal = calendar_ordinal(year, 1, 1) + day;
    }
    return (ordinal - (int64_t)ORDINAL_1970) * DAY_SECONDS + edge->seconds;
}

static bool within(int64_t start, int64_t end, int64_t t) {
    return start < end ? start <= t && t < end : !(end <= t && t < start);
}

const ZonePeriod *zone_rule_at(const ZoneRule *rule, int64_t wall, int year, int fold) {
    if (!rule->changes)
        return &rule->standard;
    int64_t start = edge_in_year(&rule->start, year), end = edge_in_year(&rule->end, year);
    // In the first pass through a fold, and in the second spelling of a gap, what was before the
    // change still counts; where time is set back depends on which of the two offsets is larger.
    if (fold == (rule->difference >= 0))
        end -= rule->difference;
    else
        start += rule->difference;
    return within(start, end, wall) ? &rule->summer : &rule->standard;
}

const ZonePeriod *zone_rule_at_utc(const ZoneRule *rule, int64_t utc, int year, bool *fold) {
    *fold = false;
    if (!rule->changes)
        return &rule->standard;
    int64_t start = edge_in_year(&rule->start, year) - rule->standard.seconds;
    int64_t end = edge_in_year(&rule->end, year) - rule->summer.seconds;
    // The hour after the clocks were set back is shown the second time.
    int64_t again = rule->difference > 0 ? end : start;
    int64_t length = rule->difference > 0 ? rule->difference : -rule->difference;
    *fold = again <= utc && utc < again + length;
    return within(start, end, utc) ? &rule->summer : &rule->standard;
}
