// SPDX-License-Identifier: MIT
//
// datetime and the clocks: now, timestamps both ways, the system's local zone, astimezone. Moments
// are whole seconds since 1970 (as if the parts were UTC, where a local time is meant).
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include <errno.h>
#include <math.h>
#include <time.h>

// How far back a zone may ever have been set: more than any fold of the IANA database.
#define FOLD_SECONDS DAY_SECONDS

static Type *type_of_class(Value class) {
    return (Type *)value_object(class);
}

// ---- parts and seconds -------------------------------------------------------------------

static int64_t seconds_of(const Moment *m) {
    return (calendar_ordinal(m->year, m->month, m->day) - (int64_t)ORDINAL_1970) * DAY_SECONDS +
           m->hour * 3600 + m->minute * 60 + m->second;
}

static int year_check(int year) {
    if (year >= YEAR_MIN && year <= YEAR_MAX)
        return 0;
    return raise_int(&exception_ValueError, "year %d is out of range", year);
}

static void moment_from_tm(const struct tm *tm, Moment *m) {
    m->year = tm->tm_year + 1900;
    m->month = tm->tm_mon + 1;
    m->day = tm->tm_mday;
    m->hour = tm->tm_hour;
    m->minute = tm->tm_min;
    m->second = tm->tm_sec > 59 ? 59 : tm->tm_sec; // no leap seconds
}

static int os_error(void) {
    raise_errno(errno ? errno : EINVAL);
    return -1;
}

static int local_parts(int64_t t, struct tm *tm) {
    time_t seconds = t;
    errno = 0;
    return localtime_r(&seconds, tm) ? 0 : os_error();
}

// The local time at t, as seconds. -1 error.
static int local_seconds(int64_t t, int64_t *out) {
    struct tm tm;
    Moment m;
    if (local_parts(t, &tm) < 0)
        return -1;
    moment_from_tm(&tm, &m);
    if (year_check(m.year) < 0)
        return -1;
    *out = seconds_of(&m);
    return 0;
}

static int utc_parts(int64_t t, Moment *m) {
    int64_t days = t / DAY_SECONDS, within = t % DAY_SECONDS;
    if (within < 0) {
        within += DAY_SECONDS;
        days--;
    }
    days += ORDINAL_1970;
    if (LIKELY(days >= 1 && days <= ORDINAL_MAX)) {
        calendar_from_ordinal(days, &m->year, &m->month, &m->day);
        m->hour = (int)(within / 3600);
        m->minute = (int)(within / 60 % 60);
        m->second = (int)(within % 60);
        return 0;
    }
    time_t seconds = t;
    struct tm tm;
    errno = 0;
    if (!gmtime_r(&seconds, &tm))
        return os_error();
    moment_from_tm(&tm, m);
    return 0;
}

// Is the local time m, which t gave, the second of that spelling? (PEP 495)
static int find_fold(int64_t t, Moment *m) {
    int64_t before, again;
    if (year_check(m->year) < 0 || local_seconds(t - FOLD_SECONDS, &before) < 0)
        return -1;
    int64_t here = seconds_of(m), shift = here - before - FOLD_SECONDS;
    if (shift < 0) { // clocks were set back within the last day
        if (local_seconds(t + shift, &again) < 0)
            return -1;
        m->fold = again == here;
    }
    return 0;
}

// A datetime of class for the moment t: in UTC, or in local time. zone is attached.
static Value from_seconds(Value class, bool utc, int64_t t, int microsecond, Value zone) {
    Moment m = {.microsecond = microsecond, .zone = zone};
    if (utc) {
        if (utc_parts(t, &m) < 0)
            return VALUE_NULL;
    } else {
        struct tm tm;
        if (local_parts(t, &tm) < 0)
            return VALUE_NULL;
        moment_from_tm(&tm, &m);
        if (find_fold(t, &m) < 0)
            return VALUE_NULL;
    }
    return datetime_build(type_of_class(class), &m);
}

// The same for what a zone makes of it; zone None or a tzinfo.
static Value from_seconds_in(Value class, int64_t t, int microsecond, Value zone) {
    if (value_is_none(zone))
        return from_seconds(class, false, t, microsecond, VALUE_NULL);
    Value utc = from_seconds(class, true, t, microsecond, zone);
    if (value_is_null(utc))
        return utc;
    Value result = value_call_method_cstr(zone, "fromutc", &utc, 1);
    ref_release(utc);
    return result;
}

// ---- now and timestamps ------------------------------------------------------------------

static void read_clock(int64_t *seconds, int *microsecond) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *seconds = now.tv_sec;
    *microsecond = (int)(now.tv_nsec / 1000);
}

Value datetime_now(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"tz", NULL};
    static const ArgumentList list = {"now", names, "O", 0, 1};
    Value zone = VALUE_NONE;
    void *out[] = {&zone};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 || zone_check(zone) < 0)
        return VALUE_NULL;
    int64_t t;
    int microsecond;
    read_clock(&t, &microsecond);
    return from_seconds_in(class, t, microsecond, zone);
}

Value datetime_utcnow(Value class) {
    int64_t t;
    int microsecond;
    read_clock(&t, &microsecond);
    return from_seconds(class, true, t, microsecond, VALUE_NULL);
}

// A number of seconds, rounded to microseconds, a half to the even one.
static int parse_timestamp(Value v, int64_t *seconds, int *microsecond) {
    static const char message[] = "timestamp out of range for platform time_t";
    if (!value_is_any_float(v)) {
        *microsecond = 0;
        if (value_to_i64(v, seconds) == 0)
            return 0;
        if (error_matches(&exception_OverflowError)) {
            error_clear();
            raise_error(&exception_OverflowError, message);
        }
        return -1;
    }
    double d = float_value(v), whole, fraction;
    if (isnan(d))
        return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
    fraction = rint(modf(d, &whole) * 1e6);
    if (fraction >= 1e6) {
        fraction -= 1e6;
        whole += 1;
    } else if (fraction < 0) {
        fraction += 1e6;
        whole -= 1;
    }
    if (!(whole >= -0x1p63 && whole < 0x1p63))
        return raise_int(&exception_OverflowError, message);
    *seconds = (int64_t)whole;
    *microsecond = (int)fraction;
    return 0;
}

Value datetime_fromtimestamp(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"timestamp", "tz", NULL};
    static const ArgumentList list = {"fromtimestamp", names, "OO", 1, 2};
    Value timestamp, zone = VALUE_NONE;
    void *out[] = {&timestamp, &zone};
    int64_t t;
    int microsecond;
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 || zone_check(zone) < 0 ||
        parse_timestamp(timestamp, &t, &microsecond) < 0)
        return VALUE_NULL;
    return from_seconds_in(class, t, microsecond, zone);
}

Value datetime_utcfromtimestamp(Value class, const Value *args, size_t nargs, Value kwnames) {
    int64_t t;
    int microsecond;
    if (arguments_no_keywords("utcfromtimestamp", kwnames) < 0 ||
        arguments_exactly("utcfromtimestamp", nargs, 1) < 0 ||
        parse_timestamp(args[0], &t, &microsecond) < 0)
        return VALUE_NULL;
    return from_seconds(class, true, t, microsecond, VALUE_NULL);
}

// The moment that a local time stands for: u with local(u) == t. In a fold there are two, and in a
// gap none; then what would come before the change if m->fold, what after if not.
static int moment_of_local(const Moment *m, int64_t *out) {
    int64_t t = seconds_of(m), local, u1, t1, u2, t2;
    if (local_seconds(t, &local) < 0)
        return -1;
    int64_t a = local - t, b;
    u1 = t - a;
    if (local_seconds(u1, &t1) < 0)
        return -1;
    if (t1 == t) {
        // One solution; whether there is an earlier (or for fold=1 a later) one shows the offset a
        // day away.
        u2 = u1 + (m->fold ? FOLD_SECONDS : -FOLD_SECONDS);
        if (local_seconds(u2, &local) < 0)
            return -1;
        b = local - u2;
        if (a == b) {
            *out = u1;
            return 0;
        }
    } else {
        b = t1 - u1;
    }
    u2 = t - b;
    if (local_seconds(u2, &t2) < 0)
        return -1;
    if (t2 == t)
        *out = u2;
    else if (t1 == t)
        *out = u1;
    else
        *out = (u1 < u2) == (m->fold != 0) ? u1 : u2;
    return 0;
}

Value datetime_timestamp(Value self) {
    Moment m = datetime_moment(self);
    int64_t t;
    if (value_is_null(m.zone)) {
        if (moment_of_local(&m, &t) < 0)
            return VALUE_NULL;
        return float_new((double)t + m.microsecond / 1e6);
    }
    Value offset;
    if (zone_offset(m.zone, self, &offset) < 0)
        return VALUE_NULL;
    if (value_is_null(offset))
        return raise_type_error("can't subtract offset-naive and offset-aware datetimes");
    Value span = delta_from_microseconds((__int128)seconds_of(&m) * SECOND_MICROSECONDS +
                                         m.microsecond - delta_total(offset));
    ref_release(offset);
    if (value_is_null(span))
        return span;
    Value result = delta_total_seconds(span);
    ref_release(span);
    return result;
}

// ---- other zones -------------------------------------------------------------------------

// The system's zone as it is at the moment t, as a timezone.
static Value local_timezone(int64_t t) {
    struct tm tm;
    if (local_parts(t, &tm) < 0)
        return VALUE_NULL;
    Value name = str_from_utf8(tm.tm_zone, strlen(tm.tm_zone));
    if (value_is_null(name) && error_matches(&exception_UnicodeDecodeError)) {
        error_clear();
        name = str_from_latin1((const uint8_t *)tm.tm_zone, strlen(tm.tm_zone));
    }
    if (value_is_null(name))
        return name;
    Value offset = delta_new(0, tm.tm_gmtoff, 0), zone = VALUE_NULL;
    if (!value_is_null(offset))
        zone = timezone_new(offset, name);
    ref_release(offset);
    ref_release(name);
    return zone;
}

// The zone that self is in (new reference) and its offset there, which is not None: its own; if
// that has no offset, or there is none, the system's.
static int own_zone(Value self, Value *zone, Value *offset) {
    Moment m = datetime_moment(self);
    int64_t t;
    if (zone_offset(m.zone, self, offset) < 0)
        return -1;
    if (!value_is_null(*offset)) {
        *zone = ref_new(m.zone);
        return 0;
    }
    if (moment_of_local(&m, &t) < 0)
        return -1;
    *zone = local_timezone(t);
    if (value_is_null(*zone))
        return -1;
    *offset = ref_new(timezone_of(*zone)->offset);
    return 0;
}

Value datetime_astimezone(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"tz", NULL};
    static const ArgumentList list = {"astimezone", names, "O", 0, 1};
    Value zone = VALUE_NONE;
    void *out[] = {&zone};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 || zone_check(zone) < 0)
        return VALUE_NULL;
    if (!value_is_none(zone) && value_same(datetime_of(self)->zone, zone))
        return ref_new(self);
    Value own, offset;
    if (own_zone(self, &own, &offset) < 0)
        return VALUE_NULL;
    if (value_same(own, zone)) {
        ref_release(own);
        ref_release(offset);
        return ref_new(self);
    }
    // In UTC, with the new zone attached, which makes of it what it wants.
    Value shifted = datetime_add_delta(self, offset, -1), target = VALUE_NULL, utc = VALUE_NULL,
          result = VALUE_NULL;
    ref_release(own);
    ref_release(offset);
    if (value_is_null(shifted))
        return shifted;
    if (!value_is_a(shifted, &datetime_type)) {
        raise_type_error("%s is no datetime", type_full_name(value_type(shifted)));
    } else {
        Moment m = datetime_moment(shifted);
        target = value_is_none(zone) ? local_timezone(seconds_of(&m)) : ref_new(zone);
        if (!value_is_null(target)) {
            m.zone = target;
            utc = datetime_make(value_type(shifted), &m);
        }
    }
    ref_release(shifted);
    if (!value_is_null(utc))
        result = value_call_method_cstr(target, "fromutc", &utc, 1);
    ref_release(utc);
    ref_release(target);
    return result;
}
