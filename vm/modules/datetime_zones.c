// SPDX-License-Identifier: MIT
//
// tzinfo, the base of all zones, whose methods subclasses bring; timezone, a fixed offset; and
// asking either for the offset, the summer time or the name at a time.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static Value name_utcoffset, name_dst, name_tzname; // interned, set once by zones_fill
Value timezone_utc;

// ---- asking ------------------------------------------------------------------------------

static int check_offset_range(Value offset) {
    if (LIKELY(delta_is_offset(offset)))
        return 0;
    return raise_int(&exception_ValueError, "offset must be a timedelta strictly between "
                                            "-timedelta(hours=24) and timedelta(hours=24).");
}

static int ask_for_delta(Value zone, Value method, Value argument, Value *out) {
    *out = VALUE_NULL;
    Value answer = value_call_method(zone, method, &argument, 1);
    if (value_is_null(answer))
        return -1;
    if (value_is_none(answer)) {
        ref_release(answer);
        return 0;
    }
    int status = 0;
    if (!value_is_a(answer, &delta_type))
        status =
            raise_int(&exception_TypeError, "tzinfo.%V() must return None or timedelta, not '%s'",
                      method, type_full_name(value_type(answer)));
    else
        status = check_offset_range(answer);
    if (status < 0)
        ref_release(answer);
    else
        *out = answer;
    return status;
}

int zone_offset(Value zone, Value argument, Value *out) {
    if (value_is_null(zone)) {
        *out = VALUE_NULL;
        return 0;
    }
    if (LIKELY(value_is_exactly(zone, &timezone_type))) { // has no subclasses
        *out = ref_new(timezone_of(zone)->offset);
        return 0;
    }
    return ask_for_delta(zone, name_utcoffset, argument, out);
}

int zone_dst(Value zone, Value argument, Value *out) {
    *out = VALUE_NULL;
    if (value_is_null(zone) || value_is_exactly(zone, &timezone_type))
        return 0;
    return ask_for_delta(zone, name_dst, argument, out);
}

static Value timezone_label(const Timezone *zone);

int zone_name(Value zone, Value argument, Value *out) {
    *out = VALUE_NULL;
    if (value_is_null(zone))
        return 0;
    Value answer = value_is_exactly(zone, &timezone_type)
                       ? timezone_label(timezone_of(zone))
                       : value_call_method(zone, name_tzname, &argument, 1);
    if (value_is_null(answer))
        return -1;
    if (value_is_str(answer)) {
        *out = answer;
        return 0;
    }
    int status = 0;
    if (!value_is_none(answer))
        status = raise_int(&exception_TypeError,
                           "tzinfo.tzname() must return None or a string, not '%s'",
                           type_full_name(value_type(answer)));
    ref_release(answer);
    return status;
}

Value zone_answer(int (*ask)(Value, Value, Value *), Value zone, Value argument) {
    Value answer;
    if (ask(zone, argument, &answer) < 0)
        return VALUE_NULL;
    return value_is_null(answer) ? none_new() : answer;
}

int zone_check(Value v) {
    if (LIKELY(value_is_none(v) || value_is_a(v, &tzinfo_type)))
        return 0;
    return raise_int(&exception_TypeError,
                     "tzinfo argument must be None or of a tzinfo subclass, not type '%s'",
                     type_full_name(value_type(v)));
}

// ---- tzinfo ------------------------------------------------------------------------------

static Value tzinfo_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return type_new_instance(type); // instances of subclasses are ordinary ones
}

#define NOT_HERE(name)                                                                             \
    static Value tzinfo_##name(Value self, Value dt) {                                             \
        return raise_error(&exception_NotImplementedError,                                         \
                           "a tzinfo subclass must implement " #name "()");                        \
    }
NOT_HERE(utcoffset)
NOT_HERE(dst)
NOT_HERE(tzname)
#undef NOT_HERE

// dt must be a datetime of this zone.
static int check_own(Value self, Value dt) {
    if (!value_is_a(dt, &datetime_type))
        return raise_int(&exception_TypeError, "fromutc: argument must be a datetime");
    if (!value_same(datetime_of(dt)->zone, self))
        return raise_int(&exception_ValueError, "fromutc: dt.tzinfo is not self");
    return 0;
}

// UTC to the zone's time, for zones whose standard offset is always the same: the comment at the
// end of the library's datetime.py derives it. First to standard time, then on by what summer time
// there adds.
static Value tzinfo_fromutc(Value self, Value dt) {
    if (check_own(self, dt) < 0)
        return VALUE_NULL;
    Value offset, dst, standard = VALUE_NULL, result = VALUE_NULL;
    if (zone_offset(self, dt, &offset) < 0)
        return VALUE_NULL;
    if (value_is_null(offset))
        return raise_value_error("fromutc: non-None utcoffset() result required");
    if (zone_dst(self, dt, &dst) < 0) {
        ref_release(offset);
        return VALUE_NULL;
    }
    if (value_is_null(dst)) {
        ref_release(offset);
        return raise_value_error("fromutc: non-None dst() result required");
    }
    standard = delta_subtract(offset, dst);
    ref_release(offset);
    ref_release(dst);
    if (value_is_null(standard))
        return VALUE_NULL;
    result = datetime_add_delta(dt, standard, 1);
    ref_release(standard);
    if (value_is_null(result))
        return result;
    int status = zone_dst(value_is_a(result, &datetime_type) ? datetime_of(result)->zone : self,
                          result, &dst);
    if (status == 0 && value_is_null(dst))
        status = raise_int(&exception_ValueError,
                           "fromutc: tz.dst() gave inconsistent results; cannot convert");
    if (status < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    if (!delta_is_zero(dst) && value_is_a(result, &datetime_type)) {
        Value summer = datetime_add_delta(result, dst, 1);
        ref_release(result);
        result = summer;
    }
    ref_release(dst);
    return result;
}

// (type, self.__getinitargs__() or (), self.__getstate__())
static Value tzinfo_reduce(Value self) {
    Value method, arguments, state;
    int found = value_lookup_attr_cstr(self, "__getinitargs__", &method);
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        arguments = value_call_none(method);
        ref_release(method);
    } else {
        arguments = tuple_empty();
    }
    if (value_is_null(arguments))
        return VALUE_NULL;
    state = value_call_method_cstr(self, "__getstate__", NULL, 0);
    if (value_is_null(state)) {
        ref_release(arguments);
        return VALUE_NULL;
    }
    Value result = tuple_pack(3, value_from_object(value_type(self)), arguments, state);
    ref_release(arguments);
    ref_release(state);
    return result;
}

static const NativeDef tzinfo_methods[] = {
    DEF_ONE("tzname", tzinfo_tzname, "What the zone is called at a time."),
    DEF_ONE("utcoffset", tzinfo_utcoffset, "How far the zone is ahead of UTC at a time."),
    DEF_ONE("dst", tzinfo_dst, "What summer time adds at a time."),
    DEF_ONE("fromutc", tzinfo_fromutc, "The zone's time for a time in UTC."),
    DEF_NONE("__reduce__", tzinfo_reduce, "How to pickle it."),
    DEF_END,
};

Type tzinfo_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.tzinfo",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "What all zones are made from; subclasses bring the methods.",
    .call_new = tzinfo_call_new,
    .methods = tzinfo_methods,
};

// ---- timezone ----------------------------------------------------------------------------

static Value timezone_make(Value offset, Value name_or_null) {
    Timezone *zone = object_allocate(&timezone_type);
    if (!zone)
        return VALUE_NULL;
    zone->offset = ref_new(offset);
    zone->name = ref_new(name_or_null);
    return value_from_object(zone);
}

Value timezone_new(Value offset, Value name_or_null) {
    if (value_is_null(name_or_null) && delta_is_zero(offset))
        return ref_new(timezone_utc);
    if (!delta_is_offset(offset))
        return raise_value_error("offset must be a timedelta strictly between "
                                 "-timedelta(hours=24) and timedelta(hours=24), not %R.",
                                 offset);
    return timezone_make(offset, name_or_null);
}

static Value timezone_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"offset", "name", NULL};
    static const ArgumentList list = {"timezone", names, "dU", 1, 2};
    Value offset, name = VALUE_NULL;
    void *out[] = {&offset, &name};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    return timezone_new(offset, name);
}

static Value timezone_label(const Timezone *zone) {
    if (!value_is_null(zone->name))
        return ref_new(zone->name);
    if (delta_is_zero(zone->offset))
        return str_from_ascii("UTC", 3);
    char text[TEXT_MAX] = "UTC";
    return str_from_ascii(text, (size_t)(text_offset(text + 3, zone->offset, ":") - text));
}

static Value timezone_str(Value self) {
    return timezone_label(timezone_of(self));
}

static Value timezone_repr(Value self) {
    const Timezone *zone = timezone_of(self);
    if (value_same(self, timezone_utc))
        return str_from_cstr("datetime.timezone.utc");
    if (value_is_null(zone->name))
        return str_format("%s(%R)", type_full_name(value_type(self)), zone->offset);
    return str_format("%s(%R, %R)", type_full_name(value_type(self)), zone->offset, zone->name);
}

static int check_argument(const char *method, Value dt) {
    if (value_is_none(dt) || value_is_a(dt, &datetime_type))
        return 0;
    return raise_int(&exception_TypeError,
                     "%s(dt) argument must be a datetime instance or None, not %s", method,
                     type_full_name(value_type(dt)));
}

static Value timezone_tzname(Value self, Value dt) {
    return check_argument("tzname", dt) < 0 ? VALUE_NULL : timezone_str(self);
}
static Value timezone_utcoffset(Value self, Value dt) {
    return check_argument("utcoffset", dt) < 0 ? VALUE_NULL : ref_new(timezone_of(self)->offset);
}
static Value timezone_dst(Value self, Value dt) {
    return check_argument("dst", dt) < 0 ? VALUE_NULL : none_new();
}

static Value timezone_fromutc(Value self, Value dt) {
    if (check_own(self, dt) < 0)
        return VALUE_NULL;
    return datetime_add_delta(dt, timezone_of(self)->offset, 1);
}

static Value timezone_getinitargs(Value self) {
    const Timezone *zone = timezone_of(self);
    if (value_is_null(zone->name))
        return tuple_pack(1, zone->offset);
    return tuple_pack(2, zone->offset, zone->name);
}

static Value timezone_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &timezone_type))
        return not_implemented_new();
    return compare_result(delta_compare(timezone_of(self)->offset, timezone_of(other)->offset), op);
}

static int64_t timezone_hash(Value self) {
    return delta_hash(timezone_of(self)->offset);
}

static void timezone_destroy(Object *self) {
    ref_release(((Timezone *)self)->offset);
    ref_release(((Timezone *)self)->name);
    type_free_instance(self);
}
static void timezone_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Timezone *)self)->offset);
    gc_visit(visitor, ((Timezone *)self)->name);
}

static const NativeDef timezone_methods[] = {
    DEF_ONE("tzname", timezone_tzname, "The name given, or UTC+HH:MM."),
    DEF_ONE("utcoffset", timezone_utcoffset, "The offset, always the same."),
    DEF_ONE("dst", timezone_dst, "None: there is no summer time."),
    DEF_ONE("fromutc", timezone_fromutc, "The zone's time for a time in UTC."),
    DEF_NONE("__getinitargs__", timezone_getinitargs, "What it was made from."),
    DEF_END,
};

Type timezone_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "datetime.timezone",
    .base = &tzinfo_type,
    .basic_size = sizeof(Timezone),
    .kind = HEAP_CONTAINER, // the offset may be of a subclass
    .flags = TYPE_IMMUTABLE,
    .doc = "timezone(offset, name=None): a zone that is always so far from UTC.",
    .call_new = timezone_call_new,
    .destroy = timezone_destroy,
    .traverse = timezone_traverse,
    .repr = timezone_repr,
    .str = timezone_str,
    .hash = timezone_hash,
    .compare = timezone_compare,
    .methods = timezone_methods,
};

// ---- at the start ------------------------------------------------------------------------

static int add_limit(const char *name, int minutes) {
    Value offset = delta_new(0, minutes * 60, 0), zone = VALUE_NULL;
    if (!value_is_null(offset))
        zone = timezone_make(offset, VALUE_NULL);
    ref_release(offset);
    return type_add_constant(&timezone_type, name, zone);
}

int zones_fill(void) {
    name_utcoffset = str_intern_cstr("utcoffset");
    name_dst = str_intern_cstr("dst");
    name_tzname = str_intern_cstr("tzname");
    Value zero = delta_new(0, 0, 0);
    if (value_is_null(zero))
        return -1;
    timezone_utc = timezone_make(zero, VALUE_NULL);
    ref_release(zero);
    if (value_is_null(timezone_utc))
        return -1;
    return type_add_constant(&timezone_type, "utc", ref_new(timezone_utc)) < 0 ||
                   add_limit("min", -(23 * 60 + 59)) < 0 || add_limit("max", 23 * 60 + 59) < 0
               ? -1
               : 0;
}
