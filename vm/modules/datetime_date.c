// SPDX-License-Identifier: MIT
//
// date, and IsoCalendarDate, the tuple with names that isocalendar() gives. A datetime is a date
// too: what is here must do for both, unless datetime brings its own.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/arguments.h"
#include <errno.h>
#include <math.h>
#include <time.h>

// ---- making ------------------------------------------------------------------------------

int date_check(int year, int month, int day) {
    if (UNLIKELY(year < YEAR_MIN || year > YEAR_MAX))
        return raise_int(&exception_ValueError, "year %d is out of range", year);
    if (UNLIKELY(month < 1 || month > 12))
        return raise_int(&exception_ValueError, "month must be in 1..12");
    if (UNLIKELY(day < 1 || (day > 28 && day > calendar_month_length(year, month))))
        return raise_int(&exception_ValueError, "day is out of range for month");
    return 0;
}

Value date_make(Type *type, int year, int month, int day) {
    Date *d = object_allocate(type);
    if (UNLIKELY(!d))
        return VALUE_NULL;
    d->hash = HASH_UNKNOWN;
    d->year = (uint16_t)year;
    d->month = (uint8_t)month;
    d->day = (uint8_t)day;
    return value_from_object(d);
}

Value date_build(Type *type, int year, int month, int day) {
    if (type == &date_type)
        return date_check(year, month, day) < 0 ? VALUE_NULL : date_make(type, year, month, day);
    if (type == &datetime_type) {
        Moment m = {.year = year, .month = month, .day = day};
        return datetime_build(type, &m);
    }
    Value args[] = {value_from_int(year), value_from_int(month), value_from_int(day)};
    return value_call(value_from_object(type), args, 3, VALUE_NULL);
}

// ---- pickled states ----------------------------------------------------------------------

int state_from_arguments(Value v, int length, int at, int mask, int least, int limit,
                         const char *what, uint8_t *state) {
    if (value_is_bytes(v)) {
        if (bytes_length(v) != length)
            return 0;
        int mark = bytes_data(v)[at] & mask;
        memcpy(state, bytes_data(v), (size_t)length);
        return mark >= least && mark < limit;
    }
    if (!value_is_str(v) || str_length(v) != length)
        return 0;
    // Python 2 pickled them as str, which are read as Latin-1.
    uint32_t mark = str_at(v, at) & (mask == 0xff ? UINT32_MAX : (uint32_t)mask);
    if (mark < (uint32_t)least || mark >= (uint32_t)limit)
        return 0;
    for (int i = 0; i < length; i++) {
        uint32_t c = str_at(v, i);
        if (c > 0xff)
            return raise_int(&exception_ValueError,
                             "Failed to encode latin1 string when unpickling %s. "
                             "pickle.load(data, encoding='latin1') is assumed.",
                             what);
        state[i] = (uint8_t)c;
    }
    return 1;
}

Value reduce_with_state(Value self, const uint8_t *state, size_t length, Value zone) {
    Value bytes = bytes_new(state, length);
    if (value_is_null(bytes))
        return bytes;
    Value arguments = value_is_null(zone) ? tuple_pack(1, bytes) : tuple_pack(2, bytes, zone);
    ref_release(bytes);
    return pair_owned(ref_new(value_from_object(value_type(self))), arguments);
}

int64_t state_hash(const uint8_t *state, size_t length) {
    return hash_buffer(state, length);
}

static void date_state(const Date *d, uint8_t *state) {
    state[0] = (uint8_t)(d->year >> 8);
    state[1] = (uint8_t)d->year;
    state[2] = d->month;
    state[3] = d->day;
}

static Value date_reduce(Value self) {
    uint8_t state[4];
    date_state(date_of(self), state);
    return reduce_with_state(self, state, sizeof state, VALUE_NULL);
}

// ---- constructors ------------------------------------------------------------------------

static const char *const date_names[] = {"year", "month", "day", NULL};

static Value date_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const ArgumentList list = {NULL, date_names, "iii", 3, 3};
    if (nargs == 1 && value_is_null(kwnames)) {
        uint8_t s[4];
        int is_state = state_from_arguments(args[0], 4, 2, 0xff, 1, 13, "a date object", s);
        if (is_state)
            return is_state < 0 ? VALUE_NULL : date_make(type, s[0] << 8 | s[1], s[2], s[3]);
    }
    int year, month, day;
    void *out[] = {&year, &month, &day};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 || date_check(year, month, day) < 0)
        return VALUE_NULL;
    return date_make(type, year, month, day);
}

static inline Type *type_of_class(Value class) {
    return (Type *)value_object(class);
}

// A number of seconds as a time_t, rounded down.
static int seconds_down(Value v, time_t *out) {
    int64_t n;
    if (value_is_any_float(v)) {
        double d = floor(float_value(v));
        if (isnan(d))
            return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
        if (d >= -0x1p63 && d < 0x1p63) {
            *out = (time_t)d;
            return 0;
        }
    } else if (value_to_i64(v, &n) == 0) {
        *out = n;
        return 0;
    } else if (!error_matches(&exception_OverflowError)) {
        return -1;
    } else {
        error_clear();
    }
    return raise_int(&exception_OverflowError, "timestamp out of range for platform time_t");
}

static Value date_fromtimestamp_of(Value class, Value timestamp) {
    time_t t;
    struct tm tm;
    if (seconds_down(timestamp, &t) < 0)
        return VALUE_NULL;
    errno = 0;
    if (!localtime_r(&t, &tm))
        return raise_errno(errno ? errno : EINVAL);
    return date_build(type_of_class(class), tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

static Value date_fromtimestamp(Value class, Value timestamp) {
    return date_fromtimestamp_of(class, timestamp);
}

static Value date_today(Value class) {
    Value now = time_module_call("time", NULL, 0);
    if (value_is_null(now))
        return now;
    Value today = value_same(class, value_from_object(&date_type))
                      ? date_fromtimestamp_of(class, now)
                      : value_call_method_cstr(class, "fromtimestamp", &now, 1);
    ref_release(now);
    return today;
}

static Value date_fromordinal(Value class, const Value *args, size_t nargs, Value kwnames) {
    int ordinal, year, month, day;
    if (arguments_no_keywords("fromordinal", kwnames) < 0 ||
        arguments_exactly("fromordinal", nargs, 1) < 0 ||
        int_format_argument(args[0], &ordinal) < 0)
        return VALUE_NULL;
    if (ordinal < 1)
        return raise_value_error("ordinal must be >= 1");
    calendar_from_ordinal(ordinal, &year, &month, &day);
    return date_build(type_of_class(class), year, month, day);
}

static Value date_fromisoformat(Value class, Value text) {
    int year, month, day;
    if (!value_is_str(text))
        return raise_type_error("fromisoformat: argument must be str");
    if (!iso_parse_date(text, &year, &month, &day))
        return iso_invalid(text);
    return date_build(type_of_class(class), year, month, day);
}

static Value date_fromisocalendar(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"year", "week", "day", NULL};
    static const ArgumentList list = {"fromisocalendar", names, "iii", 3, 3};
    int year, week, day, month, ordinal;
    void *out[] = {&year, &week, &day};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0) {
        if (error_matches(&exception_OverflowError)) {
            error_clear();
            raise_value_error("ISO calendar component out of range");
        }
        return VALUE_NULL;
    }
    switch (calendar_iso_ordinal(year, week, day, &ordinal)) {
    case ISO_YEAR:
        return raise_value_error("Year is out of range: %d", year);
    case ISO_WEEK:
        return raise_value_error("Invalid week: %d", week);
    case ISO_DAY:
        return raise_value_error("Invalid day: %d (range is [1, 7])", day);
    case ISO_FINE:
        break;
    }
    calendar_from_ordinal(ordinal, &year, &month, &day);
    return date_build(type_of_class(class), year, month, day);
}

static Value date_replace(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const ArgumentList list = {"replace", date_names, "iii", 0, 3};
    const Date *d = date_of(self);
    int year = d->year, month = d->month, day = d->day;
    void *out[] = {&year, &month, &day};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 || date_check(year, month, day) < 0)
        return VALUE_NULL;
    return date_make(value_type(self), year, month, day);
}

// ---- arithmetic --------------------------------------------------------------------------

static inline int ordinal_of(const Date *d) {
    return calendar_ordinal(d->year, d->month, d->day);
}

static Value add_days(Value self, int64_t days) {
    int64_t ordinal = ordinal_of(date_of(self)) + days;
    if (ordinal < 1 || ordinal > ORDINAL_MAX)
        return raise_error(&exception_OverflowError, "date value out of range");
    int year, month, day;
    calendar_from_ordinal(ordinal, &year, &month, &day);
    return date_build(value_type(self), year, month, day);
}

static inline bool is_plain_date(Value v) {
    return value_is_a(v, &date_type) && !value_is_a(v, &datetime_type);
}

static Value date_add(Value a, Value b) {
    if (is_plain_date(a) && value_is_a(b, &delta_type))
        return add_days(a, delta_days(b));
    if (is_plain_date(b) && value_is_a(a, &delta_type))
        return add_days(b, delta_days(a));
    return not_implemented_new();
}

static Value date_subtract(Value a, Value b) {
    if (is_plain_date(a)) {
        if (is_plain_date(b))
            return delta_new(ordinal_of(date_of(a)) - ordinal_of(date_of(b)), 0, 0);
        if (value_is_a(b, &delta_type))
            return add_days(a, -delta_days(b));
    }
    return not_implemented_new();
}

static Value date_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_a(other, &date_type))
        return not_implemented_new();
    const Date *a = date_of(self), *b = date_of(other);
    int64_t x = a->year << 16 | a->month << 8 | a->day, y = b->year << 16 | b->month << 8 | b->day;
    return compare_result(x < y ? -1 : x > y, op);
}

static int64_t date_hash(Value self) {
    Date *d = date_of(self);
    int64_t hash = __atomic_load_n(&d->hash, __ATOMIC_RELAXED);
    if (hash == HASH_UNKNOWN) {
        uint8_t state[4];
        date_state(d, state);
        hash = state_hash(state, sizeof state);
        __atomic_store_n(&d->hash, hash, __ATOMIC_RELAXED);
    }
    return hash;
}

// ---- what a day is called ----------------------------------------------------------------

static Value date_toordinal(Value self) {
    return value_from_int(ordinal_of(date_of(self)));
}
static Value date_weekday(Value self) {
    return value_from_int(calendar_weekday(ordinal_of(date_of(self))));
}
static Value date_isoweekday(Value self) {
    return value_from_int(calendar_weekday(ordinal_of(date_of(self))) + 1);
}

static Value iso_date_make(Value year, Value week, Value weekday) {
    Tuple *t = object_allocate_sized(&iso_calendar_date_type, sizeof(Tuple) + 3 * sizeof(Value));
    if (!t)
        return VALUE_NULL;
    t->length = 3;
    t->items[0] = ref_new(year);
    t->items[1] = ref_new(week);
    t->items[2] = ref_new(weekday);
    return value_from_object(t);
}

static Value date_isocalendar(Value self) {
    const Date *d = date_of(self);
    int year = d->year, today = ordinal_of(d), monday = calendar_week_one(year);
    if (today < monday) {
        monday = calendar_week_one(--year);
    } else if (today >= monday + 52 * 7) {
        int next = calendar_week_one(year + 1);
        if (today >= next) {
            monday = next;
            year++;
        }
    }
    return iso_date_make(value_from_int(year), value_from_int((today - monday) / 7 + 1),
                         value_from_int((today - monday) % 7 + 1));
}

static Value date_timetuple(Value self) {
    return struct_time_build(date_of(self), NULL, -1);
}

// ---- text --------------------------------------------------------------------------------

static Value date_repr(Value self) {
    const Date *d = date_of(self);
    return str_format("%s(%d, %d, %d)", type_full_name(value_type(self)), d->year, d->month,
                      d->day);
}

static Value date_isoformat(Value self) {
    char text[TEXT_MAX];
    return str_from_ascii(text, (size_t)(text_date(text, date_of(self)) - text));
}

static Value date_str(Value self) {
    if (value_is_exactly(self, &date_type))
        return date_isoformat(self);
    return value_call_method_cstr(self, "isoformat", NULL, 0);
}

static Value date_ctime(Value self) {
    return text_ctime(date_of(self), NULL);
}

static Value date_strftime(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", NULL};
    static const ArgumentList list = {"strftime", names, "U", 1, 1};
    Value format;
    void *out[] = {&format};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    Value tuple = value_call_method_cstr(self, "timetuple", NULL, 0);
    if (value_is_null(tuple))
        return tuple;
    bool has_clock = value_is_a(self, &datetime_type);
    Value text = text_strftime(format, tuple, has_clock ? datetime_of(self)->clock.microsecond : 0,
                               has_clock ? datetime_of(self)->zone : VALUE_NULL, self);
    ref_release(tuple);
    return text;
}

// ---- the types ---------------------------------------------------------------------------

static Value date_year(Value self) {
    return value_from_int(date_of(self)->year);
}
static Value date_month(Value self) {
    return value_from_int(date_of(self)->month);
}
static Value date_day(Value self) {
    return value_from_int(date_of(self)->day);
}
static const GetSetDef date_getsets[] = {
    {"year", date_year, NULL, NULL},
    {"month", date_month, NULL, NULL},
    {"day", date_day, NULL, NULL},
    {NULL},
};

#define DEF_CLASS_NONE(name, fn, doc)                                                              \
    { name, {.none = fn}, NATIVE_NONE, METHOD_CLASS, 0, 0, doc }
#define DEF_CLASS_ONE(name, fn, doc)                                                               \
    { name, {.one = fn}, NATIVE_ONE, METHOD_CLASS, 1, 1, doc }

static const NativeDef date_methods[] = {
    DEF_CLASS_ONE("fromtimestamp", date_fromtimestamp,
                  "fromtimestamp($type, timestamp, /)\n--\n\n"
                  "The local date of a POSIX timestamp."),
    DEF_CLASS("fromordinal", date_fromordinal,
              "The day with that number, counted from 0001-01-01, which is 1."),
    DEF_CLASS_ONE("fromisoformat", date_fromisoformat,
                  "The date that a text in a form of ISO 8601 says."),
    DEF_CLASS("fromisocalendar", date_fromisocalendar,
              "The date of a day (1 to 7) in a week of an ISO year."),
    DEF_CLASS_NONE("today", date_today, "Today here, or now."),
    DEF_NONE("ctime", date_ctime, "The text that time.ctime() would give."),
    DEF_VECTOR("strftime", date_strftime, "The text that a format lays out."),
    DEF_FIXED("__format__", text_format_method, 0, -1, "strftime(), or str() for an empty format."),
    DEF_NONE("timetuple", date_timetuple, "A time.struct_time of it, in local time."),
    DEF_NONE("isocalendar", date_isocalendar,
             "ISO year, week and weekday, as a tuple whose items have names."),
    DEF_NONE("isoformat", date_isoformat, "YYYY-MM-DD."),
    DEF_NONE("isoweekday", date_isoweekday, "The day of the week; Monday is 1, Sunday 7."),
    DEF_NONE("toordinal", date_toordinal,
             "The number of the day, counted from 0001-01-01, which is 1."),
    DEF_NONE("weekday", date_weekday, "The day of the week; Monday is 0, Sunday 6."),
    DEF_VECTOR("replace", date_replace, "A copy with other parts."),
    DEF_NONE("__reduce__", date_reduce, "How to pickle it."),
    DEF_END,
};

Type date_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.date",
    .basic_size = sizeof(Date),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "date(year, month, day): a day of the Gregorian calendar.",
    .call_new = date_call_new,
    .repr = date_repr,
    .str = date_str,
    .hash = date_hash,
    .compare = date_compare,
    .binary[BINARY_ADD] = date_add,
    .binary[BINARY_SUBTRACT] = date_subtract,
    .methods = date_methods,
    .getsets = date_getsets,
};

static Value iso_date_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"year", "week", "weekday", NULL};
    static const ArgumentList list = {"IsoCalendarDate", names, "iii", 3, 3};
    int year, week, weekday;
    void *out[] = {&year, &week, &weekday};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    return iso_date_make(value_from_int(year), value_from_int(week), value_from_int(weekday));
}

static Value iso_date_repr(Value self) {
    return str_format("%s(year=%V, week=%V, weekday=%V)", type_full_name(value_type(self)),
                      tuple_item(self, 0), tuple_item(self, 1), tuple_item(self, 2));
}

// Pickled as a plain tuple, so that the class need not be found.
static Value iso_date_reduce(Value self) {
    Value plain = tuple_from_array(tuple_of(self)->items, 3);
    Value arguments = value_is_null(plain) ? plain : tuple_pack(1, plain);
    ref_release(plain);
    return pair_owned(ref_new(value_from_object(&tuple_type)), arguments);
}

static Value iso_date_year(Value self) {
    return ref_new(tuple_item(self, 0));
}
static Value iso_date_week(Value self) {
    return ref_new(tuple_item(self, 1));
}
static Value iso_date_weekday(Value self) {
    return ref_new(tuple_item(self, 2));
}
static const GetSetDef iso_date_getsets[] = {
    {"year", iso_date_year, NULL, NULL},
    {"week", iso_date_week, NULL, NULL},
    {"weekday", iso_date_weekday, NULL, NULL},
    {NULL},
};
static const NativeDef iso_date_methods[] = {
    DEF_NONE("__reduce__", iso_date_reduce, NULL),
    DEF_END,
};

Type iso_calendar_date_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.IsoCalendarDate",
    .base = &tuple_type,
    .basic_size = sizeof(Tuple),
    .item_size = sizeof(Value),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE,
    .doc = "The result of date.isocalendar(): year, week and weekday, also by name.",
    .call_new = iso_date_call_new,
    .repr = iso_date_repr,
    .methods = iso_date_methods,
    .getsets = iso_date_getsets,
};
