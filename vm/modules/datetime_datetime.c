// SPDX-License-Identifier: MIT
//
// datetime: a date, a time of day, perhaps a zone. Making, replacing, arithmetic, comparison, text.
// What has to do with the system's clock and zone is in datetime_moments.c.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"

// ---- making ------------------------------------------------------------------------------

Value datetime_make(Type *type, const Moment *m) {
    DateTime *d = object_allocate(type);
    if (UNLIKELY(!d))
        return VALUE_NULL;
    d->date.hash = HASH_UNKNOWN;
    d->date.year = (uint16_t)m->year;
    d->date.month = (uint8_t)m->month;
    d->date.day = (uint8_t)m->day;
    d->clock = (Clock){(uint8_t)m->hour, (uint8_t)m->minute, (uint8_t)m->second, (uint8_t)m->fold,
                       (uint32_t)m->microsecond};
    d->zone = ref_new(m->zone);
    return value_from_object(d);
}

Value datetime_build(Type *type, const Moment *m) {
    if (LIKELY(type == &datetime_type)) {
        if (date_check(m->year, m->month, m->day) < 0 || clock_check(m) < 0)
            return VALUE_NULL;
        return datetime_make(type, m);
    }
    Value args[] = {value_from_int(m->year),        value_from_int(m->month),
                    value_from_int(m->day),         value_from_int(m->hour),
                    value_from_int(m->minute),      value_from_int(m->second),
                    value_from_int(m->microsecond), zone_or_none(m->zone)};
    return value_call(value_from_object(type), args, 8, VALUE_NULL);
}

Moment datetime_moment(Value v) {
    const DateTime *d = datetime_of(v);
    return (Moment){.year = d->date.year,
                    .month = d->date.month,
                    .day = d->date.day,
                    .hour = d->clock.hour,
                    .minute = d->clock.minute,
                    .second = d->clock.second,
                    .microsecond = (int)d->clock.microsecond,
                    .fold = d->clock.fold,
                    .zone = d->zone};
}

static const char *const datetime_names[] = {"year",   "month",       "day",    "hour", "minute",
                                             "second", "microsecond", "tzinfo", "fold", NULL};

static int parse_parts(const char *function, int required, const Value *args, size_t nargs,
                       Value kwnames, Moment *m) {
    const ArgumentList list = {function, datetime_names, "iiiiiiiOi", required, 8};
    Value zone = zone_or_none(m->zone);
    void *out[] = {&m->year,   &m->month,       &m->day, &m->hour, &m->minute,
                   &m->second, &m->microsecond, &zone,   &m->fold};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 ||
        date_check(m->year, m->month, m->day) < 0 || clock_check(m) < 0 || zone_check(zone) < 0)
        return -1;
    m->zone = zone_or_null(zone);
    return 0;
}

static Value datetime_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Moment m = {0};
    if (nargs >= 1 && nargs <= 2 && value_is_null(kwnames) && !value_is_int(args[0])) {
        uint8_t s[10];
        int is_state = state_from_arguments(args[0], 10, 2, 0x7f, 1, 13, "a datetime object", s);
        if (is_state < 0)
            return VALUE_NULL;
        if (is_state) {
            if (nargs == 2 && !value_is_none(args[1]) && !value_is_a(args[1], &tzinfo_type))
                return raise_type_error("bad tzinfo state arg");
            m.zone = nargs == 2 ? zone_or_null(args[1]) : VALUE_NULL;
            m.year = s[0] << 8 | s[1];
            m.month = s[2] & 0x7f;
            m.day = s[3];
            m.fold = s[2] >> 7;
            clock_from_state(s + 4, &m);
            return datetime_make(type, &m);
        }
    }
    return parse_parts(NULL, 3, args, nargs, kwnames, &m) < 0 ? VALUE_NULL
                                                              : datetime_make(type, &m);
}

static Value datetime_replace(Value self, const Value *args, size_t nargs, Value kwnames) {
    Moment m = datetime_moment(self);
    return parse_parts("replace", 0, args, nargs, kwnames, &m) < 0
               ? VALUE_NULL
               : datetime_make(value_type(self), &m);
}

static Value datetime_combine(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"date", "time", "tzinfo", NULL};
    static const ArgumentList list = {"combine", names, "DTO", 2, 3};
    Value date, time, zone = VALUE_NULL;
    void *out[] = {&date, &time, &zone};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    Moment m = time_moment(time);
    if (!value_is_null(zone)) {
        if (zone_check(zone) < 0)
            return VALUE_NULL;
        m.zone = zone_or_null(zone);
    }
    m.year = date_of(date)->year;
    m.month = date_of(date)->month;
    m.day = date_of(date)->day;
    return datetime_build((Type *)value_object(class), &m);
}

static Value datetime_fromisoformat(Value class, Value text) {
    Moment m = {0};
    IsoTime iso = {0};
    if (!value_is_str(text))
        return raise_type_error("fromisoformat: argument must be str");
    if (!iso_parse_datetime(text, &m.year, &m.month, &m.day, &iso))
        return iso_invalid(text);
    m.hour = iso.hour;
    m.minute = iso.minute;
    m.second = iso.second;
    m.microsecond = iso.microsecond;
    if (iso_zone(&iso, &m.zone) < 0)
        return VALUE_NULL;
    Value result = datetime_build((Type *)value_object(class), &m);
    ref_release(m.zone);
    return result;
}

static Value datetime_strptime(Value class, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("strptime", kwnames) < 0 ||
        arguments_exactly("strptime", nargs, 2) < 0)
        return VALUE_NULL;
    for (int i = 0; i < 2; i++)
        if (!value_is_str(args[i]))
            return raise_type_error("strptime() argument %d must be str, not %G", i + 1, args[i]);
    Value module = import_module_cstr("_strptime");
    if (value_is_null(module))
        return module;
    Value all[] = {class, args[0], args[1]};
    Value result = value_call_method_cstr(module, "_strptime_datetime", all, 3);
    ref_release(module);
    return result;
}

// ---- pickling ----------------------------------------------------------------------------

static void state_of(const DateTime *d, uint8_t *state) {
    state[0] = (uint8_t)(d->date.year >> 8);
    state[1] = (uint8_t)d->date.year;
    state[2] = d->date.month;
    state[3] = d->date.day;
    clock_to_state(&d->clock, state + 4);
}

static Value reduce(Value self, int protocol) {
    const DateTime *d = datetime_of(self);
    uint8_t state[10];
    state_of(d, state);
    if (protocol > 3 && d->clock.fold)
        state[2] |= 0x80;
    return reduce_with_state(self, state, sizeof state, d->zone);
}

static Value datetime_reduce_ex(Value self, const Value *args, size_t nargs) {
    int protocol;
    if (arguments_exactly("__reduce_ex__", nargs, 1) < 0 ||
        int_format_argument(args[0], &protocol) < 0)
        return VALUE_NULL;
    return reduce(self, protocol);
}

static Value datetime_reduce(Value self) {
    return reduce(self, 2);
}

// ---- asking the zone ---------------------------------------------------------------------

static Value datetime_utcoffset(Value self) {
    return zone_answer(zone_offset, datetime_of(self)->zone, self);
}
static Value datetime_dst(Value self) {
    return zone_answer(zone_dst, datetime_of(self)->zone, self);
}
static Value datetime_tzname(Value self) {
    return zone_answer(zone_name, datetime_of(self)->zone, self);
}

// The offsets of two, or VALUE_NULL. 0, or -1.
static int two_offsets(Value a, Value b, Value *first, Value *second) {
    if (zone_offset(datetime_of(a)->zone, a, first) < 0)
        return -1;
    if (zone_offset(datetime_of(b)->zone, b, second) == 0)
        return 0;
    ref_release(*first);
    return -1;
}

static bool same_offset(Value a, Value b) {
    if (value_is_null(a) || value_is_null(b))
        return value_same(a, b);
    return delta_compare(a, b) == 0;
}

// ---- arithmetic --------------------------------------------------------------------------

static inline int ordinal_of(const DateTime *d) {
    return calendar_ordinal(d->date.year, d->date.month, d->date.day);
}

Value datetime_add_delta(Value self, Value delta, int sign) {
    const DateTime *d = datetime_of(self);
    int64_t microsecond = d->clock.microsecond + sign * delta_microseconds(delta);
    int64_t second = clock_seconds(&d->clock) + sign * delta_seconds(delta);
    int64_t days = sign * delta_days(delta);
    if (microsecond < 0 || microsecond >= SECOND_MICROSECONDS) {
        second += microsecond < 0 ? -1 : 1;
        microsecond += microsecond < 0 ? SECOND_MICROSECONDS : -SECOND_MICROSECONDS;
    }
    if (second < 0 || second >= DAY_SECONDS) {
        days += second < 0 ? -1 : 1;
        second += second < 0 ? DAY_SECONDS : -DAY_SECONDS;
    }
    Moment m = {.year = d->date.year, .month = d->date.month, .day = d->date.day};
    if (m.day + days >= 1 && m.day + days <= 28) {
        m.day += (int)days;
    } else {
        days += ordinal_of(d);
        if (days < 1 || days > ORDINAL_MAX)
            return raise_error(&exception_OverflowError, "date value out of range");
        calendar_from_ordinal(days, &m.year, &m.month, &m.day);
    }
    m.hour = (int)(second / 3600);
    m.minute = (int)(second / 60 % 60);
    m.second = (int)(second % 60);
    m.microsecond = (int)microsecond;
    m.zone = d->zone;
    return datetime_build(value_type(self), &m);
}

static Value datetime_add(Value a, Value b) {
    if (value_is_a(a, &datetime_type) && value_is_a(b, &delta_type))
        return datetime_add_delta(a, b, 1);
    if (value_is_a(b, &datetime_type) && value_is_a(a, &delta_type))
        return datetime_add_delta(b, a, 1);
    return not_implemented_new();
}

static Value plain_difference(Value a, Value b) {
    const DateTime *x = datetime_of(a), *y = datetime_of(b);
    return delta_new(ordinal_of(x) - ordinal_of(y),
                     clock_seconds(&x->clock) - clock_seconds(&y->clock),
                     (int64_t)x->clock.microsecond - y->clock.microsecond);
}

// a - b, both being instants at those offsets from UTC.
static Value difference_of_instants(Value a, Value b, Value first, Value second) {
    Value plain = plain_difference(a, b);
    if (value_is_null(plain) || same_offset(first, second))
        return plain;
    Value apart = delta_subtract(first, second), result = VALUE_NULL;
    if (!value_is_null(apart))
        result = delta_subtract(plain, apart);
    ref_release(apart);
    ref_release(plain);
    return result;
}

Value datetime_subtract_datetimes(Value a, Value b) {
    if (LIKELY(value_same(datetime_of(a)->zone, datetime_of(b)->zone)))
        return plain_difference(a, b);
    Value first, second, result;
    if (two_offsets(a, b, &first, &second) < 0)
        return VALUE_NULL;
    if (value_is_null(first) != value_is_null(second))
        result = raise_type_error("can't subtract offset-naive and offset-aware datetimes");
    else
        result = difference_of_instants(a, b, first, second);
    ref_release(first);
    ref_release(second);
    return result;
}

static Value datetime_subtract(Value a, Value b) {
    if (value_is_a(a, &datetime_type)) {
        if (value_is_a(b, &datetime_type))
            return datetime_subtract_datetimes(a, b);
        if (value_is_a(b, &delta_type))
            return datetime_add_delta(a, b, -1);
    }
    return not_implemented_new();
}

// ---- comparison and hash -----------------------------------------------------------------

static int compare_parts(const DateTime *a, const DateTime *b) {
    const Clock *c = &a->clock, *d = &b->clock;
    int64_t x = (int64_t)a->date.year << 40 | (int64_t)a->date.month << 32 | a->date.day << 24 |
                c->hour << 16 | c->minute << 8 | c->second;
    int64_t y = (int64_t)b->date.year << 40 | (int64_t)b->date.month << 32 | b->date.day << 24 |
                d->hour << 16 | d->minute << 8 | d->second;
    if (x == y) {
        x = c->microsecond;
        y = d->microsecond;
    }
    return x < y ? -1 : x > y;
}

// PEP 495: what lies in a fold or a gap of its zone, so that its offset depends on the fold, is
// equal to nothing in another zone. 1, 0, -1.
static int depends_on_fold(Value self, Value offset) {
    Moment m = datetime_moment(self);
    m.fold = !m.fold;
    Value other = datetime_make(value_type(self), &m), other_offset;
    if (value_is_null(other))
        return -1;
    int status = zone_offset(m.zone, other, &other_offset);
    ref_release(other);
    if (status < 0)
        return -1;
    bool depends = !same_offset(offset, other_offset);
    ref_release(other_offset);
    return depends;
}

static Value compare_across_zones(Value self, Value other, CompareOperator op, Value first,
                                  Value second) {
    bool equality = op == COMPARE_EQ || op == COMPARE_NE;
    int order;
    if (value_is_null(first) != value_is_null(second)) {
        if (!equality)
            return raise_type_error("can't compare offset-naive and offset-aware datetimes");
        order = 1;
    } else if (same_offset(first, second)) {
        order = compare_parts(datetime_of(self), datetime_of(other));
    } else {
        Value difference = difference_of_instants(self, other, first, second);
        if (value_is_null(difference))
            return difference;
        order = delta_days(difference) < 0 ? -1 : !delta_is_zero(difference);
        ref_release(difference);
    }
    if (equality && order == 0) {
        int depends = depends_on_fold(self, first);
        if (depends == 0)
            depends = depends_on_fold(other, second);
        if (depends < 0)
            return VALUE_NULL;
        order = depends;
    }
    return compare_result(order, op);
}

static Value datetime_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_a(other, &datetime_type)) {
        if (!value_is_a(other, &date_type))
            return not_implemented_new();
        if (op == COMPARE_EQ || op == COMPARE_NE)
            return bool_new(op == COMPARE_NE);
        return raise_type_error("can't compare %s to %s", type_full_name(value_type(self)),
                                type_full_name(value_type(other)));
    }
    if (LIKELY(value_same(datetime_of(self)->zone, datetime_of(other)->zone)))
        return compare_result(compare_parts(datetime_of(self), datetime_of(other)), op);
    Value first, second;
    if (two_offsets(self, other, &first, &second) < 0)
        return VALUE_NULL;
    Value result = compare_across_zones(self, other, op, first, second);
    ref_release(first);
    ref_release(second);
    return result;
}

// The offset that counts for the hash is that of fold=0, so that both spellings hash alike.
static int offset_without_fold(Value self, Value *offset) {
    Moment m = datetime_moment(self);
    if (!m.fold || value_is_null(m.zone))
        return zone_offset(m.zone, self, offset);
    m.fold = 0;
    Value plain = datetime_make(value_type(self), &m);
    if (value_is_null(plain))
        return -1;
    int status = zone_offset(m.zone, plain, offset);
    ref_release(plain);
    return status;
}

static int64_t datetime_hash(Value self) {
    DateTime *d = datetime_of(self);
    int64_t hash = __atomic_load_n(&d->date.hash, __ATOMIC_RELAXED);
    if (hash != HASH_UNKNOWN)
        return hash;
    Value offset;
    if (offset_without_fold(self, &offset) < 0)
        return -1;
    if (value_is_null(offset)) {
        uint8_t state[10];
        state_of(d, state);
        hash = state_hash(state, sizeof state);
    } else {
        Value utc = delta_new(ordinal_of(d) - delta_days(offset),
                              clock_seconds(&d->clock) - delta_seconds(offset),
                              (int64_t)d->clock.microsecond - delta_microseconds(offset));
        ref_release(offset);
        if (value_is_null(utc))
            return -1;
        hash = delta_hash(utc);
        ref_release(utc);
    }
    __atomic_store_n(&d->date.hash, hash, __ATOMIC_RELAXED);
    return hash;
}

// ---- parts and text ----------------------------------------------------------------------

static Value datetime_date(Value self) {
    const Date *d = &datetime_of(self)->date;
    return date_make(&date_type, d->year, d->month, d->day);
}

static Value datetime_time(Value self) {
    Moment m = datetime_moment(self);
    m.zone = VALUE_NULL;
    return time_make(&time_of_day_type, &m);
}

static Value datetime_timetz(Value self) {
    Moment m = datetime_moment(self);
    return time_make(&time_of_day_type, &m);
}

static Value datetime_timetuple(Value self) {
    const DateTime *d = datetime_of(self);
    Value dst;
    if (zone_dst(d->zone, self, &dst) < 0)
        return VALUE_NULL;
    int flag = value_is_null(dst) ? -1 : !delta_is_zero(dst);
    ref_release(dst);
    return struct_time_build(&d->date, &d->clock, flag);
}

static Value datetime_utctimetuple(Value self) {
    Value offset, utc = VALUE_NULL, tuple = VALUE_NULL;
    if (zone_offset(datetime_of(self)->zone, self, &offset) < 0)
        return VALUE_NULL;
    utc = value_is_null(offset) ? ref_new(self) : datetime_add_delta(self, offset, -1);
    ref_release(offset);
    if (value_is_null(utc))
        return utc;
    if (value_is_a(utc, &datetime_type)) // a subclass's constructor may give anything
        tuple = struct_time_build(&datetime_of(utc)->date, &datetime_of(utc)->clock, 0);
    else
        raise_type_error("%s is no datetime", type_full_name(value_type(utc)));
    ref_release(utc);
    return tuple;
}

static Value isoformat(Value self, uint32_t separator, Timespec spec) {
    const DateTime *d = datetime_of(self);
    char text[2 * TEXT_MAX], *middle = text_date(text, &d->date);
    bool is_ascii = separator < 0x80;
    char *at = middle;
    if (is_ascii)
        *at++ = (char)separator;
    char *clock = at;
    at = text_clock(at, &d->clock, spec);
    if (!value_is_null(d->zone)) {
        Value offset;
        if (zone_offset(d->zone, self, &offset) < 0)
            return VALUE_NULL;
        at = text_offset(at, offset, ":");
        ref_release(offset);
    }
    if (is_ascii)
        return str_from_ascii(text, (size_t)(at - text));
    StrBuilder b;
    str_builder_start(&b);
    str_builder_ascii(&b, text, (size_t)(middle - text));
    str_builder_char(&b, separator);
    str_builder_ascii(&b, clock, (size_t)(at - clock));
    return str_builder_finish(&b);
}

static Value datetime_isoformat(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"sep", "timespec", NULL};
    static const ArgumentList list = {"isoformat", names, "Cs", 0, 2};
    uint32_t separator = 'T';
    Timespec spec = TIMESPEC_AUTO;
    Value text = VALUE_NULL;
    void *out[] = {&separator, &text};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 ||
        (!value_is_null(text) && timespec_parse(text, &spec) < 0))
        return VALUE_NULL;
    return isoformat(self, separator, spec);
}

static Value datetime_str(Value self) {
    if (value_is_exactly(self, &datetime_type))
        return isoformat(self, ' ', TIMESPEC_AUTO);
    Value separator = str_from_code_point(' ');
    Value text = value_call_method_cstr(self, "isoformat", &separator, 1);
    ref_release(separator);
    return text;
}

static Value datetime_ctime(Value self) {
    return text_ctime(&datetime_of(self)->date, &datetime_of(self)->clock);
}

static Value datetime_repr(Value self) {
    const DateTime *d = datetime_of(self);
    const uint32_t parts[] = {d->date.year,    d->date.month,   d->date.day,         d->clock.hour,
                              d->clock.minute, d->clock.second, d->clock.microsecond};
    int count = d->clock.microsecond ? 7 : d->clock.second ? 6 : 5;
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, type_full_name(value_type(self)));
    for (int i = 0; i < count; i++) {
        str_builder_cstr(&b, i ? ", " : "(");
        str_builder_i64(&b, parts[i]);
    }
    if (d->clock.fold)
        str_builder_cstr(&b, ", fold=1");
    if (text_repr_zone(&b, d->zone) < 0) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

// ---- the type ----------------------------------------------------------------------------

static void datetime_destroy(Object *self) {
    ref_release(((DateTime *)self)->zone);
    type_free_instance(self);
}
static void datetime_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((DateTime *)self)->zone);
}

static Value datetime_hour(Value self) {
    return value_from_int(datetime_of(self)->clock.hour);
}
static Value datetime_minute(Value self) {
    return value_from_int(datetime_of(self)->clock.minute);
}
static Value datetime_second(Value self) {
    return value_from_int(datetime_of(self)->clock.second);
}
static Value datetime_microsecond(Value self) {
    return value_from_int(datetime_of(self)->clock.microsecond);
}
static Value datetime_tzinfo(Value self) {
    return ref_new(zone_or_none(datetime_of(self)->zone));
}
static Value datetime_fold(Value self) {
    return value_from_int(datetime_of(self)->clock.fold);
}
static const GetSetDef datetime_getsets[] = {
    {"hour", datetime_hour, NULL, NULL},
    {"minute", datetime_minute, NULL, NULL},
    {"second", datetime_second, NULL, NULL},
    {"microsecond", datetime_microsecond, NULL, NULL},
    {"tzinfo", datetime_tzinfo, NULL, NULL},
    {"fold", datetime_fold, NULL, NULL},
    {NULL},
};

static const NativeDef datetime_methods[] = {
    DEF_CLASS("now", datetime_now,
              "now($type, /, tz=None)\n--\n\n"
              "The current time in tz; without tz, naive local time."),
    {"utcnow",
     {.none = datetime_utcnow},
     NATIVE_NONE,
     METHOD_CLASS,
     0,
     0,
     "The current time in UTC, naive."},
    DEF_CLASS("fromtimestamp", datetime_fromtimestamp,
              "The time in tz (by default, here) at a POSIX timestamp."),
    DEF_CLASS("utcfromtimestamp", datetime_utcfromtimestamp,
              "The time in UTC, naive, at a POSIX timestamp."),
    DEF_CLASS("strptime", datetime_strptime,
              "The time that a text laid out by a format stands for."),
    DEF_CLASS("combine", datetime_combine,
              "The date of one and the time of the other; its zone too unless tzinfo is given."),
    {"fromisoformat",
     {.one = datetime_fromisoformat},
     NATIVE_ONE,
     METHOD_CLASS,
     1,
     1,
     "The time that a text in a form of ISO 8601 says."},
    DEF_NONE("date", datetime_date, "The date alone."),
    DEF_NONE("time", datetime_time, "The time of day alone, without the zone."),
    DEF_NONE("timetz", datetime_timetz, "The time of day and the zone."),
    DEF_NONE("ctime", datetime_ctime, "The text that time.ctime() would give."),
    DEF_NONE("timetuple", datetime_timetuple, "A time.struct_time of it, in local time."),
    DEF_NONE("timestamp", datetime_timestamp, "Seconds since 1970 in UTC, as a float."),
    DEF_NONE("utctimetuple", datetime_utctimetuple, "A time.struct_time of it, in UTC."),
    DEF_VECTOR(
        "isoformat", datetime_isoformat,
        "Date and time in ISO 8601's form with sep between them, to the part that timespec names."),
    DEF_NONE("utcoffset", datetime_utcoffset,
             "What the zone says its offset is; None without a zone."),
    DEF_NONE("tzname", datetime_tzname, "What the zone says its name is; None without a zone."),
    DEF_NONE("dst", datetime_dst, "What the zone says its summer time adds; None without a zone."),
    DEF_VECTOR("replace", datetime_replace, "A copy with other parts."),
    DEF_VECTOR("astimezone", datetime_astimezone,
               "The same instant in another zone; by default the system's."),
    DEF_FIXED("__reduce_ex__", datetime_reduce_ex, 0, -1, "How to pickle it."),
    DEF_NONE("__reduce__", datetime_reduce, "How to pickle it."),
    DEF_END,
};

Type datetime_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.datetime",
    .base = &date_type,
    .basic_size = sizeof(DateTime),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "datetime(year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, "
           "fold=0): a day and a time of it.",
    .call_new = datetime_call_new,
    .destroy = datetime_destroy,
    .traverse = datetime_traverse,
    .repr = datetime_repr,
    .str = datetime_str,
    .hash = datetime_hash,
    .compare = datetime_compare,
    .binary[BINARY_ADD] = datetime_add,
    .binary[BINARY_SUBTRACT] = datetime_subtract,
    .methods = datetime_methods,
    .getsets = datetime_getsets,
};
