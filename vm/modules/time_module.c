// SPDX-License-Identifier: MIT
//
// The `time` module. Clocks are read as whole nanoseconds (int64_t) and turned into what the caller
// wants at the end. The only state is the module's own attributes, which tzset() replaces.
#include "vm/modules/struct_sequence.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/namespace.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#define NANO 1000000000LL

static Value struct_time; // the type; never dies

// ---- clocks ----------------------------------------------------------------------------

static inline int64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * NANO + t.tv_nsec;
}

static Value seconds_from_ns(int64_t ns) {
    if (ns % NANO == 0)
        return float_new((double)(ns / NANO));
    return float_new((double)ns / 1e9);
}

#define CLOCK(name, clock)                                                                         \
    static Value time_##name(Value self) {                                                         \
        return seconds_from_ns(clock_ns(clock));                                                   \
    }                                                                                              \
    static Value time_##name##_ns(Value self) {                                                    \
        return int_from_i64(clock_ns(clock));                                                      \
    }
CLOCK(time, CLOCK_REALTIME)
CLOCK(monotonic, CLOCK_MONOTONIC)
CLOCK(perf_counter, CLOCK_MONOTONIC)
CLOCK(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK(thread_time, CLOCK_THREAD_CPUTIME_ID)
#undef CLOCK

static Value time_clock_gettime(Value self, Value v) {
    int clock;
    struct timespec t;
    if (int_format_argument(v, &clock) < 0)
        return VALUE_NULL;
    if (clock_gettime(clock, &t) < 0)
        return raise_errno(errno);
    return float_new((double)t.tv_sec + (double)t.tv_nsec * 1e-9);
}

static Value time_clock_gettime_ns(Value self, Value v) {
    int clock;
    struct timespec t;
    if (int_format_argument(v, &clock) < 0)
        return VALUE_NULL;
    if (clock_gettime(clock, &t) < 0)
        return raise_errno(errno);
    return int_from_i64((int64_t)t.tv_sec * NANO + t.tv_nsec);
}

static Value time_clock_getres(Value self, Value v) {
    int clock;
    struct timespec t;
    if (int_format_argument(v, &clock) < 0)
        return VALUE_NULL;
    if (clock_getres(clock, &t) < 0)
        return raise_errno(errno);
    return float_new((double)t.tv_sec + (double)t.tv_nsec * 1e-9);
}

// ---- spans and moments -----------------------------------------------------------------

// Seconds (int or float) as nanoseconds; whatever is cut off is rounded by `rounding`.
static int to_nanoseconds(Value v, double (*rounding)(double), int64_t *out) {
    if (value_is_any_float(v)) {
        double d = float_value(v);
        if (isnan(d))
            return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
        d = rounding(d * 1e9);
        if (!(d >= -0x1p63 && d < 0x1p63))
            return raise_int(&exception_OverflowError,
                             "timestamp out of range for platform time_t");
        *out = (int64_t)d;
        return 0;
    }
    int64_t seconds;
    if (value_to_i64(v, &seconds) < 0) {
        if (!error_matches(&exception_OverflowError))
            return -1;
        error_clear();
        seconds = INT64_MAX;
    }
    if (__builtin_mul_overflow(seconds, NANO, out))
        return raise_int(&exception_OverflowError, "timestamp too large to convert to C _PyTime_t");
    return 0;
}

// Away from zero: nobody is woken too early.
static double round_away(double d) {
    return d < 0 ? floor(d) : ceil(d);
}

static int to_time_t(Value v, time_t *out) {
    if (value_is_any_float(v)) {
        double d = float_value(v);
        if (isnan(d))
            return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
        d = floor(d);
        if (!(d >= -0x1p63 && d < 0x1p63))
            return raise_int(&exception_OverflowError,
                             "timestamp out of range for platform time_t");
        *out = (time_t)d;
        return 0;
    }
    int64_t n;
    if (value_to_i64(v, &n) < 0) {
        if (error_matches(&exception_OverflowError)) {
            error_clear();
            raise_int(&exception_OverflowError, "timestamp out of range for platform time_t");
        }
        return -1;
    }
    *out = n;
    return 0;
}

static Value time_clock_settime(Value self, const Value *args, size_t nargs) {
    int clock;
    int64_t ns;
    if (int_format_argument(args[0], &clock) < 0 || to_nanoseconds(args[1], floor, &ns) < 0)
        return VALUE_NULL;
    int64_t seconds = ns / NANO - (ns % NANO < 0);
    struct timespec t = {seconds, ns - seconds * NANO};
    return clock_settime(clock, &t) < 0 ? raise_errno(errno) : none_new();
}

static Value time_clock_settime_ns(Value self, const Value *args, size_t nargs) {
    int clock;
    int64_t ns;
    if (int_format_argument(args[0], &clock) < 0 || value_to_i64(args[1], &ns) < 0)
        return VALUE_NULL;
    int64_t seconds = ns / NANO - (ns % NANO < 0);
    struct timespec t = {seconds, ns - seconds * NANO};
    return clock_settime(clock, &t) < 0 ? raise_errno(errno) : none_new();
}

static Value time_pthread_getcpuclockid(Value self, Value v) {
    int64_t id;
    clockid_t clock;
    if (value_to_i64(v, &id) < 0)
        return VALUE_NULL;
    int error = pthread_getcpuclockid((pthread_t)id, &clock);
    return error ? raise_errno(error) : value_from_int(clock);
}

static Value time_sleep(Value self, Value v) {
    int64_t ns;
    if (to_nanoseconds(v, round_away, &ns) < 0)
        return VALUE_NULL;
    if (ns < 0)
        return raise_value_error("sleep length must be non-negative");
    int64_t end;
    if (__builtin_add_overflow(clock_ns(CLOCK_MONOTONIC), ns, &end))
        end = INT64_MAX;
    struct timespec until = {end / NANO, end % NANO};
    for (;;) { // until the moment itself, so that signals do not lengthen it
        thread_detach();
        int error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
        thread_attach();
        if (!error) // what came meanwhile is served within the caller's try, as elsewhere
            return thread_safepoint(thread_current()) < 0 ? VALUE_NULL : none_new();
        if (error != EINTR)
            return raise_errno(error);
        if (thread_check_signals() < 0)
            return VALUE_NULL;
    }
}

// ---- struct_time -----------------------------------------------------------------------

static const char *const struct_time_fields[] = {"tm_year",  "tm_mon",  "tm_mday",   "tm_hour",
                                                 "tm_min",   "tm_sec",  "tm_wday",   "tm_yday",
                                                 "tm_isdst", "tm_zone", "tm_gmtoff", NULL};
enum { VISIBLE = 9, FIELDS = 11 };

static Value zone_text(const char *zone) {
    Value text = str_from_utf8(zone, strlen(zone));
    if (value_is_null(text)) {
        error_clear();
        text = str_from_latin1((const uint8_t *)zone, strlen(zone));
    }
    return text;
}

static Value from_tm(const struct tm *tm) {
    Value zone = zone_text(tm->tm_zone ? tm->tm_zone : "");
    if (value_is_null(zone))
        return zone;
    Value items[FIELDS] = {value_from_int((int64_t)tm->tm_year + 1900),
                           value_from_int(tm->tm_mon + 1),
                           value_from_int(tm->tm_mday),
                           value_from_int(tm->tm_hour),
                           value_from_int(tm->tm_min),
                           value_from_int(tm->tm_sec),
                           value_from_int((tm->tm_wday + 6) % 7),
                           value_from_int(tm->tm_yday + 1),
                           value_from_int(tm->tm_isdst),
                           zone,
                           value_from_int(tm->tm_gmtoff)};
    Value result = struct_sequence_new(struct_time, items);
    ref_release(zone);
    return result;
}

// The moment that an optional argument names; now, if none.
static int moment(const char *function, const Value *args, size_t nargs, time_t *out) {
    if (nargs > 1)
        return raise_int(&exception_TypeError, "%s() takes at most 1 argument (%zu given)",
                         function, nargs);
    if (nargs == 0 || value_is_none(args[0])) {
        *out = time(NULL);
        return 0;
    }
    return to_time_t(args[0], out);
}

static int local_parts(time_t t, struct tm *tm) {
    errno = 0;
    if (localtime_r(&t, tm))
        return 0;
    raise_errno(errno ? errno : EINVAL);
    return -1;
}

static Value time_localtime(Value self, const Value *args, size_t nargs) {
    time_t t;
    struct tm tm;
    if (moment("localtime", args, nargs, &t) < 0 || local_parts(t, &tm) < 0)
        return VALUE_NULL;
    return from_tm(&tm);
}

static Value time_gmtime(Value self, const Value *args, size_t nargs) {
    time_t t;
    struct tm tm;
    if (moment("gmtime", args, nargs, &t) < 0)
        return VALUE_NULL;
    errno = 0;
    if (!gmtime_r(&t, &tm))
        return raise_errno(errno ? errno : EINVAL);
    return from_tm(&tm);
}

// A tuple of nine numbers (or a struct_time, whose zone counts too) as a struct tm. tm_zone points
// into *zone_owned (or a str kept by v), which the caller frees.
static int to_tm(const char *function, Value v, struct tm *tm, char **zone_owned) {
    *zone_owned = NULL;
    memset(tm, 0, sizeof *tm);
    if (!value_is_tuple(v))
        return raise_int(&exception_TypeError, "Tuple or struct_time argument required");
    if (tuple_length(v) != VISIBLE)
        return raise_int(&exception_TypeError, "%s(): illegal time tuple argument", function);
    int n[VISIBLE];
    for (int i = 0; i < VISIBLE; i++)
        if (int_format_argument(tuple_item(v, i), &n[i]) < 0)
            return -1;
    if (n[0] < INT_MIN + 1900)
        return raise_int(&exception_OverflowError, "year out of range");
    tm->tm_year = n[0] - 1900;
    tm->tm_mon = (int)((unsigned)n[1] - 1);
    tm->tm_mday = n[2];
    tm->tm_hour = n[3];
    tm->tm_min = n[4];
    tm->tm_sec = n[5];
    tm->tm_wday = (int)(((int64_t)n[6] + 1) % 7);
    tm->tm_yday = (int)((unsigned)n[7] - 1);
    tm->tm_isdst = n[8];
    if (value_is_exactly(v, (Type *)value_object(struct_time))) {
        Value zone = tuple_of(v)->items[VISIBLE], offset = tuple_of(v)->items[VISIBLE + 1];
        if (value_is_str(zone)) {
            size_t length;
            tm->tm_zone = str_utf8_wtf(zone, &length, zone_owned);
            if (!tm->tm_zone)
                return -1;
        }
        int64_t seconds = 0;
        if (!value_is_none(offset) && value_to_i64(offset, &seconds) < 0) {
            buffer_free(*zone_owned);
            return -1;
        }
        tm->tm_gmtoff = seconds;
    }
    return 0;
}

// Ranges that the C library takes for granted. Zero for month, day and day of year means the first.
static int check_tm(struct tm *tm) {
    if (tm->tm_mon == -1)
        tm->tm_mon = 0;
    if (tm->tm_mday == 0)
        tm->tm_mday = 1;
    if (tm->tm_yday == -1)
        tm->tm_yday = 0;
    const char *wrong = NULL;
    if (tm->tm_mon < 0 || tm->tm_mon > 11)
        wrong = "month out of range";
    else if (tm->tm_mday < 0 || tm->tm_mday > 31)
        wrong = "day of month out of range";
    else if (tm->tm_hour < 0 || tm->tm_hour > 23)
        wrong = "hour out of range";
    else if (tm->tm_min < 0 || tm->tm_min > 59)
        wrong = "minute out of range";
    else if (tm->tm_sec < 0 || tm->tm_sec > 61)
        wrong = "seconds out of range";
    else if (tm->tm_wday < 0)
        wrong = "day of week out of range";
    else if (tm->tm_yday < 0 || tm->tm_yday > 365)
        wrong = "day of year out of range";
    return wrong ? raise_int(&exception_ValueError, "%s", wrong) : 0;
}

static Value ascii_time(const struct tm *tm) {
    static const char days[] = "SunMonTueWedThuFriSat",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[80];
    int length = snprintf(text, sizeof text, "%.3s %.3s%3d %.2d:%.2d:%.2d %lld",
                          days + 3 * tm->tm_wday, months + 3 * tm->tm_mon, tm->tm_mday, tm->tm_hour,
                          tm->tm_min, tm->tm_sec, (long long)tm->tm_year + 1900);
    return str_from_ascii(text, (size_t)length);
}

static Value time_asctime(Value self, const Value *args, size_t nargs) {
    struct tm tm;
    char *zone = NULL;
    if (nargs == 0) {
        if (local_parts(time(NULL), &tm) < 0)
            return VALUE_NULL;
    } else if (to_tm("asctime", args[0], &tm, &zone) < 0) {
        return VALUE_NULL;
    }
    Value text = check_tm(&tm) < 0 ? VALUE_NULL : ascii_time(&tm);
    buffer_free(zone);
    return text;
}

static Value time_ctime(Value self, const Value *args, size_t nargs) {
    time_t t;
    struct tm tm;
    if (moment("ctime", args, nargs, &t) < 0 || local_parts(t, &tm) < 0)
        return VALUE_NULL;
    return ascii_time(&tm);
}

static Value time_mktime(Value self, Value v) {
    struct tm tm;
    char *zone;
    if (to_tm("mktime", v, &tm, &zone) < 0)
        return VALUE_NULL;
    buffer_free(zone);
    tm.tm_zone = NULL;
    tm.tm_wday = -1; // mktime sets it unless it fails
    time_t t = mktime(&tm);
    if (t == (time_t)-1 && tm.tm_wday == -1)
        return raise_error(&exception_OverflowError, "mktime argument out of range");
    return float_new((double)t);
}

// ---- text ------------------------------------------------------------------------------

static Value formatted(const char *format, size_t format_length, const struct tm *tm) {
    // The C library gives 0 both for "no room" and for an empty result.
    for (size_t capacity = 256;; capacity *= 2) {
        char *buffer = buffer_allocate(capacity);
        if (!buffer)
            return raise_memory_error();
        size_t length = strftime(buffer, capacity, format, tm);
        if (length == 0 && capacity < 256 * format_length) {
            buffer_free(buffer);
            continue;
        }
        Value text = str_from_utf8(buffer, length);
        if (value_is_null(text) && error_matches(&exception_UnicodeDecodeError)) {
            error_clear();
            text = str_from_latin1((uint8_t *)buffer, length);
        }
        buffer_free(buffer);
        return text;
    }
}

static Value time_strftime(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("strftime() argument 1 must be str, not %G", args[0]);
    struct tm tm;
    char *zone = NULL, *owned = NULL;
    if (nargs < 2) {
        if (local_parts(time(NULL), &tm) < 0)
            return VALUE_NULL;
    } else if (to_tm("strftime", args[1], &tm, &zone) < 0) {
        return VALUE_NULL;
    }
    Value text = VALUE_NULL;
    size_t length;
    const char *format = NULL;
    if (check_tm(&tm) == 0)
        format = str_utf8_wtf(args[0], &length, &owned);
    if (format) {
        tm.tm_isdst = tm.tm_isdst < -1 ? -1 : tm.tm_isdst > 1 ? 1 : tm.tm_isdst;
        if (strlen(format) != length)
            raise_value_error("embedded null character");
        else
            text = length ? formatted(format, length, &tm) : str_empty();
    }
    buffer_free(owned);
    buffer_free(zone);
    return text;
}

static Value time_strptime(Value self, const Value *args, size_t nargs) {
    Value module = import_module_cstr("_strptime");
    if (value_is_null(module))
        return module;
    Value result = value_call_method_cstr(module, "_strptime_time", args, nargs);
    ref_release(module);
    return result;
}

// ---- what is known of the zone and the clocks ------------------------------------------

// timezone, altzone, daylight and tzname: two moments half a year apart tell whether the zone has
// summer time, and which of them is in it.
static int set_zone_attributes(Value module) {
    const time_t year = (365 * 24 + 6) * 3600;
    time_t t = time(NULL) / year * year;
    struct tm january, july;
    if (local_parts(t, &january) < 0 || local_parts(t + year / 2, &july) < 0)
        return -1;
    struct tm *standard = &january, *summer = &july;
    if (-january.tm_gmtoff < -july.tm_gmtoff) { // south of the equator
        standard = &july;
        summer = &january;
    }
    Value names[2] = {zone_text(standard->tm_zone), zone_text(summer->tm_zone)};
    if (value_is_null(names[0]) || value_is_null(names[1])) {
        ref_release(names[0]);
        ref_release(names[1]);
        return -1;
    }
    if (module_add(module, "tzname", tuple_from_owned(names, 2)) < 0 ||
        module_add_int(module, "timezone", -standard->tm_gmtoff) < 0 ||
        module_add_int(module, "altzone", -summer->tm_gmtoff) < 0 ||
        module_add_int(module, "daylight", standard->tm_gmtoff != summer->tm_gmtoff) < 0)
        return -1;
    return 0;
}

static Value time_tzset(Value self) {
    Value module = import_module_cstr("time");
    if (value_is_null(module))
        return module;
    tzset();
    int status = set_zone_attributes(module);
    ref_release(module);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value time_get_clock_info(Value self, Value name) {
    static const struct {
        const char *name, *implementation;
        clockid_t clock;
        bool monotonic, adjustable;
    } clocks[] = {
        {"time", "clock_gettime(CLOCK_REALTIME)", CLOCK_REALTIME, false, true},
        {"monotonic", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"perf_counter", "clock_gettime(CLOCK_MONOTONIC)", CLOCK_MONOTONIC, true, false},
        {"process_time", "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)", CLOCK_PROCESS_CPUTIME_ID, true,
         false},
        {"thread_time", "clock_gettime(CLOCK_THREAD_CPUTIME_ID)", CLOCK_THREAD_CPUTIME_ID, true,
         false},
    };
    if (!value_is_str(name))
        return raise_type_error("get_clock_info() argument 1 must be str, not %G", name);
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        if (!str_equal_cstr(name, clocks[i].name))
            continue;
        struct timespec resolution;
        if (clock_getres(clocks[i].clock, &resolution) < 0)
            return raise_errno(errno);
        Value dict = dict_new(), text = str_from_cstr(clocks[i].implementation);
        Value seconds = float_new((double)resolution.tv_sec + (double)resolution.tv_nsec * 1e-9);
        int status = -1;
        if (!value_is_null(dict) && !value_is_null(text) && !value_is_null(seconds))
            status = dict_set_cstr(dict, "implementation", text) |
                     dict_set_cstr(dict, "monotonic", value_from_bool(clocks[i].monotonic)) |
                     dict_set_cstr(dict, "adjustable", value_from_bool(clocks[i].adjustable)) |
                     dict_set_cstr(dict, "resolution", seconds);
        ref_release(text);
        ref_release(seconds);
        if (status == 0)
            return namespace_from_dict(dict);
        ref_release(dict);
        return VALUE_NULL;
    }
    return raise_value_error("unknown clock");
}

// ---- the module ------------------------------------------------------------------------

static int time_fill(Value module) {
    tzset();
    struct_time = struct_sequence_type_hidden("time.struct_time", struct_time_fields, VISIBLE);
    if (module_add(module, "struct_time", ref_new(struct_time)) < 0)
        return -1;
    static const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"_STRUCT_TM_ITEMS", FIELDS},
        {"CLOCK_REALTIME", CLOCK_REALTIME},
        {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
        {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
        {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
        {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
        {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
        {"CLOCK_TAI", CLOCK_TAI},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0)
            return -1;
    return set_zone_attributes(module);
}

static const NativeDef time_functions[] = {
    DEF_NONE("time", time_time, "Seconds since 1970, as a float."),
    DEF_NONE("time_ns", time_time_ns, "Nanoseconds since 1970."),
    DEF_NONE("monotonic", time_monotonic, "A clock that never goes back, in seconds."),
    DEF_NONE("monotonic_ns", time_monotonic_ns, "A clock that never goes back, in nanoseconds."),
    DEF_NONE("perf_counter", time_perf_counter, "The finest clock for short spans, in seconds."),
    DEF_NONE("perf_counter_ns", time_perf_counter_ns, "The same in nanoseconds."),
    DEF_NONE("process_time", time_process_time, "Processor time of the process, in seconds."),
    DEF_NONE("process_time_ns", time_process_time_ns, "The same in nanoseconds."),
    DEF_NONE("thread_time", time_thread_time, "Processor time of this thread, in seconds."),
    DEF_NONE("thread_time_ns", time_thread_time_ns, "The same in nanoseconds."),
    DEF_ONE("clock_gettime", time_clock_gettime, "What a clock shows, in seconds."),
    DEF_ONE("clock_gettime_ns", time_clock_gettime_ns, "What a clock shows, in nanoseconds."),
    DEF_ONE("clock_getres", time_clock_getres, "How fine a clock is, in seconds."),
    DEF_FIXED("clock_settime", time_clock_settime, 2, 2, "Sets a clock, in seconds."),
    DEF_FIXED("clock_settime_ns", time_clock_settime_ns, 2, 2, "Sets a clock, in nanoseconds."),
    DEF_ONE("pthread_getcpuclockid", time_pthread_getcpuclockid,
            "The clock of a thread's processor time."),
    DEF_ONE("sleep", time_sleep, "Waits so many seconds; others run meanwhile."),
    DEF_FIXED("localtime", time_localtime, 0, -1, "A moment (now by default) in local time."),
    DEF_FIXED("gmtime", time_gmtime, 0, -1, "A moment (now by default) in UTC."),
    DEF_ONE("mktime", time_mktime, "The moment that a local time stands for."),
    DEF_FIXED("asctime", time_asctime, 0, 1,
              "A time tuple as text, like 'Sat Jun  6 16:26:11 1998'."),
    DEF_FIXED("ctime", time_ctime, 0, -1, "A moment in local time as text."),
    DEF_FIXED("strftime", time_strftime, 1, 2, "A time tuple as text laid out by a format."),
    DEF_FIXED("strptime", time_strptime, 0, -1,
              "The time tuple that a text laid out by a format stands for."),
    DEF_NONE("tzset", time_tzset, "Reads the TZ environment variable again."),
    DEF_ONE("get_clock_info", time_get_clock_info,
            "What is known of a clock, by its function's name."),
    DEF_END,
};

const NativeModule module_time = {
    .name = "time",
    .doc = "Clocks, waiting, and times of day.",
    .functions = time_functions,
    .fill = time_fill,
};
