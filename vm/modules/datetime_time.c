// SPDX-License-Identifier: MIT
//
// time: a time of day, perhaps with a zone.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"

// ---- making ------------------------------------------------------------------------------

int clock_check(const Moment *m) {
    const char *wrong = NULL;
    if (m->hour < 0 || m->hour > 23)
        wrong = "hour must be in 0..23";
    else if (m->minute < 0 || m->minute > 59)
        wrong = "minute must be in 0..59";
    else if (m->second < 0 || m->second > 59)
        wrong = "second must be in 0..59";
    else if (m->microsecond < 0 || m->microsecond > 999999)
        wrong = "microsecond must be in 0..999999";
    else if (m->fold != 0 && m->fold != 1)
        wrong = "fold must be either 0 or 1";
    return UNLIKELY(wrong) ? raise_int(&exception_ValueError, "%s", wrong) : 0;
}

Value time_make(Type *type, const Moment *m) {
    Time *t = object_allocate(type);
    if (UNLIKELY(!t))
        return VALUE_NULL;
    t->hash = HASH_UNKNOWN;
    t->clock = (Clock){(uint8_t)m->hour, (uint8_t)m->minute, (uint8_t)m->second, (uint8_t)m->fold,
                       (uint32_t)m->microsecond};
    t->zone = ref_new(m->zone);
    return value_from_object(t);
}

Value time_build(Type *type, const Moment *m) {
    if (type == &time_of_day_type)
        return clock_check(m) < 0 ? VALUE_NULL : time_make(type, m);
    Value args[] = {value_from_int(m->hour), value_from_int(m->minute), value_from_int(m->second),
                    value_from_int(m->microsecond), zone_or_none(m->zone)};
    return value_call(value_from_object(type), args, 5, VALUE_NULL);
}

Moment time_moment(Value v) {
    const Time *t = time_of(v);
    return (Moment){.hour = t->clock.hour,
                    .minute = t->clock.minute,
                    .second = t->clock.second,
                    .microsecond = (int)t->clock.microsecond,
                    .fold = t->clock.fold,
                    .zone = t->zone};
}

void clock_from_state(const uint8_t *state, Moment *m) {
    m->hour = state[0];
    m->minute = state[1];
    m->second = state[2];
    m->microsecond = state[3] << 16 | state[4] << 8 | state[5];
}

void clock_to_state(const Clock *clock, uint8_t *state) {
    state[0] = clock->hour;
    state[1] = clock->minute;
    state[2] = clock->second;
    state[3] = (uint8_t)(clock->microsecond >> 16);
    state[4] = (uint8_t)(clock->microsecond >> 8);
    state[5] = (uint8_t)clock->microsecond;
}

static const char *const time_names[] = {"hour",   "minute", "second", "microsecond",
                                         "tzinfo", "fold",   NULL};

static int parse_parts(const char *function, const Value *args, size_t nargs, Value kwnames,
                       Moment *m) {
    const ArgumentList list = {function, time_names, "iiiiOi", 0, 5};
    Value zone = zone_or_none(m->zone);
    void *out[] = {&m->hour, &m->minute, &m->second, &m->microsecond, &zone, &m->fold};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return -1;
    if (clock_check(m) < 0 || zone_check(zone) < 0)
        return -1;
    m->zone = zone_or_null(zone);
    return 0;
}

static Value time_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Moment m = {0};
    if (nargs >= 1 && nargs <= 2 && value_is_null(kwnames) && !value_is_int(args[0])) {
        uint8_t s[6];
        int is_state = state_from_arguments(args[0], 6, 0, 0x7f, 0, 24, "a time object", s);
        if (is_state < 0)
            return VALUE_NULL;
        if (is_state) {
            if (nargs == 2 && !value_is_none(args[1]) && !value_is_a(args[1], &tzinfo_type))
                return raise_type_error("bad tzinfo state arg");
            m.zone = nargs == 2 ? zone_or_null(args[1]) : VALUE_NULL;
            clock_from_state(s, &m);
            m.fold = m.hour >> 7;
            m.hour &= 0x7f;
            return time_make(type, &m);
        }
    }
    return parse_parts(NULL, args, nargs, kwnames, &m) < 0 ? VALUE_NULL : time_make(type, &m);
}

static Value time_replace(Value self, const Value *args, size_t nargs, Value kwnames) {
    Moment m = time_moment(self);
    if (parse_parts("replace", args, nargs, kwnames, &m) < 0)
        return VALUE_NULL;
    return time_make(value_type(self), &m);
}

static Value time_fromisoformat(Value class, Value text) {
    IsoTime iso;
    if (!value_is_str(text))
        return raise_type_error("fromisoformat: argument must be str");
    if (!iso_parse_time(text, &iso))
        return iso_invalid(text);
    Moment m = {.hour = iso.hour,
                .minute = iso.minute,
                .second = iso.second,
                .microsecond = iso.microsecond};
    if (iso_zone(&iso, &m.zone) < 0)
        return VALUE_NULL;
    Value result = time_build((Type *)value_object(class), &m);
    ref_release(m.zone);
    return result;
}

// ---- pickling ----------------------------------------------------------------------------

static Value reduce(Value self, int protocol) {
    const Time *t = time_of(self);
    uint8_t state[6];
    clock_to_state(&t->clock, state);
    if (protocol > 3 && t->clock.fold)
        state[0] |= 0x80;
    return reduce_with_state(self, state, sizeof state, t->zone);
}

static Value time_reduce_ex(Value self, const Value *args, size_t nargs) {
    int protocol;
    if (arguments_exactly("__reduce_ex__", nargs, 1) < 0 ||
        int_format_argument(args[0], &protocol) < 0)
        return VALUE_NULL;
    return reduce(self, protocol);
}

static Value time_reduce(Value self) {
    return reduce(self, 2);
}

// ---- asking the zone ---------------------------------------------------------------------

static Value time_utcoffset(Value self) {
    return zone_answer(zone_offset, time_of(self)->zone, VALUE_NONE);
}
static Value time_dst(Value self) {
    return zone_answer(zone_dst, time_of(self)->zone, VALUE_NONE);
}
static Value time_tzname(Value self) {
    return zone_answer(zone_name, time_of(self)->zone, VALUE_NONE);
}

// ---- comparison and hash -----------------------------------------------------------------

static int64_t in_microseconds(const Clock *clock) {
    return clock_seconds(clock) * SECOND_MICROSECONDS + clock->microsecond;
}

static int sign_of(int64_t n) {
    return n < 0 ? -1 : n > 0;
}

// Seconds of the offset; CPython leaves out its microseconds.
static int64_t offset_seconds(Value offset) {
    return delta_days(offset) * DAY_SECONDS + delta_seconds(offset);
}

static Value time_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_a(other, &time_of_day_type))
        return not_implemented_new();
    const Time *a = time_of(self), *b = time_of(other);
    int64_t difference = in_microseconds(&a->clock) - in_microseconds(&b->clock);
    if (value_same(a->zone, b->zone))
        return compare_result(sign_of(difference), op);
    Value first, second;
    if (zone_offset(a->zone, VALUE_NONE, &first) < 0)
        return VALUE_NULL;
    if (zone_offset(b->zone, VALUE_NONE, &second) < 0) {
        ref_release(first);
        return VALUE_NULL;
    }
    Value result;
    if (value_is_null(first) != value_is_null(second)) {
        if (op == COMPARE_EQ || op == COMPARE_NE)
            result = bool_new(op == COMPARE_NE);
        else
            result = raise_type_error("can't compare offset-naive and offset-aware times");
    } else {
        if (!value_is_null(first) && delta_compare(first, second) != 0)
            difference -= (offset_seconds(first) - offset_seconds(second)) * SECOND_MICROSECONDS;
        result = compare_result(sign_of(difference), op);
    }
    ref_release(first);
    ref_release(second);
    return result;
}

static int64_t time_hash(Value self) {
    Time *t = time_of(self);
    int64_t hash = __atomic_load_n(&t->hash, __ATOMIC_RELAXED);
    if (hash != HASH_UNKNOWN)
        return hash;
    Value offset;
    if (zone_offset(t->zone, VALUE_NONE, &offset) < 0)
        return -1;
    if (value_is_null(offset)) {
        uint8_t state[6];
        clock_to_state(&t->clock, state);
        hash = state_hash(state, sizeof state);
    } else {
        Value utc = delta_new(-delta_days(offset), clock_seconds(&t->clock) - delta_seconds(offset),
                              (int64_t)t->clock.microsecond - delta_microseconds(offset));
        ref_release(offset);
        if (value_is_null(utc))
            return -1;
        hash = delta_hash(utc);
        ref_release(utc);
    }
    __atomic_store_n(&t->hash, hash, __ATOMIC_RELAXED);
    return hash;
}

// ---- text --------------------------------------------------------------------------------

static Value time_repr(Value self) {
    const Time *t = time_of(self);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, type_full_name(value_type(self)));
    str_builder_char(&b, '(');
    str_builder_i64(&b, t->clock.hour);
    str_builder_ascii(&b, ", ", 2);
    str_builder_i64(&b, t->clock.minute);
    if (t->clock.second || t->clock.microsecond) {
        str_builder_ascii(&b, ", ", 2);
        str_builder_i64(&b, t->clock.second);
    }
    if (t->clock.microsecond) {
        str_builder_ascii(&b, ", ", 2);
        str_builder_i64(&b, t->clock.microsecond);
    }
    if (text_repr_zone(&b, t->zone) < 0) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    if (t->clock.fold)
        str_builder_cstr(&b, ", fold=1");
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

static Value isoformat(Value self, Timespec spec) {
    const Time *t = time_of(self);
    char text[TEXT_MAX], *at = text_clock(text, &t->clock, spec);
    if (!value_is_null(t->zone)) {
        Value offset;
        if (zone_offset(t->zone, VALUE_NONE, &offset) < 0)
            return VALUE_NULL;
        at = text_offset(at, offset, ":");
        ref_release(offset);
    }
    return str_from_ascii(text, (size_t)(at - text));
}

static Value time_isoformat(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"timespec", NULL};
    static const ArgumentList list = {"isoformat", names, "s", 0, 1};
    Timespec spec = TIMESPEC_AUTO;
    Value text = VALUE_NULL;
    void *out[] = {&text};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0 ||
        (!value_is_null(text) && timespec_parse(text, &spec) < 0))
        return VALUE_NULL;
    return isoformat(self, spec);
}

static Value time_str(Value self) {
    if (value_is_exactly(self, &time_of_day_type))
        return isoformat(self, TIMESPEC_AUTO);
    return value_call_method_cstr(self, "isoformat", NULL, 0);
}

static Value time_strftime(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", NULL};
    static const ArgumentList list = {"strftime", names, "U", 1, 1};
    const Time *t = time_of(self);
    Value format;
    void *out[] = {&format};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    // The first day of 1900, a Monday in its eyes: no date is meant.
    Value tuple = tuple_pack(9, value_from_int(1900), value_from_int(1), value_from_int(1),
                             value_from_int(t->clock.hour), value_from_int(t->clock.minute),
                             value_from_int(t->clock.second), value_from_int(0), value_from_int(1),
                             value_from_int(-1));
    if (value_is_null(tuple))
        return tuple;
    Value text = text_strftime(format, tuple, t->clock.microsecond, t->zone, VALUE_NONE);
    ref_release(tuple);
    return text;
}

// ---- the type ----------------------------------------------------------------------------

static void time_destroy(Object *self) {
    ref_release(((Time *)self)->zone);
    type_free_instance(self);
}
static void time_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Time *)self)->zone);
}

static Value time_hour(Value self) {
    return value_from_int(time_of(self)->clock.hour);
}
static Value time_minute(Value self) {
    return value_from_int(time_of(self)->clock.minute);
}
static Value time_second(Value self) {
    return value_from_int(time_of(self)->clock.second);
}
static Value time_microsecond(Value self) {
    return value_from_int(time_of(self)->clock.microsecond);
}
static Value time_tzinfo(Value self) {
    return ref_new(zone_or_none(time_of(self)->zone));
}
static Value time_fold(Value self) {
    return value_from_int(time_of(self)->clock.fold);
}
static const GetSetDef time_getsets[] = {
    {"hour", time_hour, NULL, NULL},
    {"minute", time_minute, NULL, NULL},
    {"second", time_second, NULL, NULL},
    {"microsecond", time_microsecond, NULL, NULL},
    {"tzinfo", time_tzinfo, NULL, NULL},
    {"fold", time_fold, NULL, NULL},
    {NULL},
};

static const NativeDef time_methods[] = {
    DEF_VECTOR("isoformat", time_isoformat,
               "The time in ISO 8601 format, HH:MM:SS.mmmmmm+HH:MM, or to the part that timespec "
               "names: 'auto', 'hours', 'minutes', 'seconds', 'milliseconds' or 'microseconds'."),
    DEF_VECTOR("strftime", time_strftime,
               "The text that a format lays out; its date is 1900-01-01."),
    DEF_FIXED("__format__", text_format_method, 0, -1, "strftime(), or str() for an empty format."),
    DEF_NONE("utcoffset", time_utcoffset, "What the zone says its offset is; None without a zone."),
    DEF_NONE("tzname", time_tzname, "What the zone says its name is; None without a zone."),
    DEF_NONE("dst", time_dst, "What the zone says its summer time adds; None without a zone."),
    DEF_VECTOR("replace", time_replace, "A copy with other parts."),
    {"fromisoformat",
     {.one = time_fromisoformat},
     NATIVE_ONE,
     METHOD_CLASS,
     1,
     1,
     "The time that a text in a form of ISO 8601 says."},
    DEF_FIXED("__reduce_ex__", time_reduce_ex, 0, -1, "How to pickle it."),
    DEF_NONE("__reduce__", time_reduce, "How to pickle it."),
    DEF_END,
};

Type time_of_day_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.time",
    .basic_size = sizeof(Time),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "time(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0): a time of "
           "day.",
    .call_new = time_call_new,
    .destroy = time_destroy,
    .traverse = time_traverse,
    .repr = time_repr,
    .str = time_str,
    .hash = time_hash,
    .compare = time_compare,
    .methods = time_methods,
    .getsets = time_getsets,
};
