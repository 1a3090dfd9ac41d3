// SPDX-License-Identifier: MIT
//
// _zoneinfo: the class ZoneInfo, which the library's zoneinfo prefers to its own. Files are found
// and read by the library's modules; zones are kept in a weak dictionary by key, and the last few
// asked for in a short list besides, so that they do not die between two uses.
#include "locks/mutex.h"
#include "vm/modules/zoneinfo_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static Type zone_info_type;

// Set by each making of the module, as CPython does, under the import lock; read by anyone.
static Value find_tzfile, load_tzdata, load_data, open_file;
static Value weak_cache; // a WeakValueDictionary for ZoneInfo itself; never replaced

// ---- the short list ----------------------------------------------------------------------

enum { RECENT = 8 };
// Of ZoneInfo itself and keys that are exact strs, the last used first. Both owned; guarded by the
// mutex, under which no Python code runs.
static struct { Value key, zone; } recent[RECENT];
static Mutex recent_lock = MUTEX_INIT;

// Moves entry i to the front. The mutex is held.
static void move_to_front(int i) {
    Value key = recent[i].key, zone = recent[i].zone;
    memmove(recent + 1, recent, (size_t)i * sizeof recent[0]);
    recent[0].key = key;
    recent[0].zone = zone;
}

// The zone of that key, or VALUE_NULL.
static Value recent_find(Value key) {
    Value zone = VALUE_NULL;
    mutex_lock(&recent_lock);
    for (int i = 0; i < RECENT && !value_is_null(recent[i].key); i++)
        if (str_equal(recent[i].key, key)) {
            zone = ref_new(recent[i].zone);
            move_to_front(i);
            break;
        }
    mutex_unlock(&recent_lock);
    return zone;
}

static void recent_add(Value key, Value zone) {
    Value old_key = ref_new(key), old_zone = ref_new(zone);
    mutex_lock(&recent_lock);
    int i = 0;
    while (i < RECENT - 1 && !value_is_null(recent[i].key) && !str_equal(recent[i].key, key))
        i++;
    Value key_out = recent[i].key, zone_out = recent[i].zone;
    recent[i].key = old_key;
    recent[i].zone = old_zone;
    move_to_front(i);
    mutex_unlock(&recent_lock);
    ref_release(key_out);
    ref_release(zone_out);
}

// Drops the entry of that key; VALUE_NULL: all.
static void recent_drop(Value key) {
    for (bool found = true; found;) {
        Value key_out = VALUE_NULL, zone_out = VALUE_NULL;
        found = false;
        mutex_lock(&recent_lock);
        for (int i = 0; i < RECENT && !found && !value_is_null(recent[i].key); i++) {
            if (!value_is_null(key) && !str_equal(recent[i].key, key))
                continue;
            found = true;
            key_out = recent[i].key;
            zone_out = recent[i].zone;
            memmove(recent + i, recent + i + 1, (size_t)(RECENT - 1 - i) * sizeof recent[0]);
            recent[RECENT - 1].key = recent[RECENT - 1].zone = VALUE_NULL;
        }
        mutex_unlock(&recent_lock);
        ref_release(key_out);
        ref_release(zone_out);
    }
}

static bool is_listed(const Type *type, Value key) {
    return type == &zone_info_type && value_is_exact_str(key);
}

// ---- making ------------------------------------------------------------------------------

static ZoneInfo *allocate(Type *type, ZoneSource source) {
    ZoneInfo *zone = object_allocate(type);
    if (zone) {
        memset(&zone->key, 0, sizeof *zone - offsetof(ZoneInfo, key));
        zone->source = source;
    }
    return zone;
}

// A new zone of that type from an open file. key may be VALUE_NULL.
static Value zone_from_file(Type *type, Value file, Value key, ZoneSource source) {
    Value data = value_call_one(load_data, file);
    if (value_is_null(data))
        return data;
    ZoneInfo *zone = allocate(type, source);
    Value result = VALUE_NULL;
    if (zone) {
        result = value_from_object(zone);
        zone->key = ref_new(key);
        if (zone_load(zone, data) < 0) {
            ref_release(result);
            result = VALUE_NULL;
        }
    }
    ref_release(data);
    return result;
}

// The file of a key, open for reading.
static Value open_zone(Value key) {
    Value path = value_call_one(find_tzfile, key);
    if (value_is_null(path))
        return path;
    Value file;
    if (value_is_none(path)) {
        file = value_call_one(load_tzdata, key);
    } else {
        Value mode = str_from_ascii("rb", 2);
        file = value_is_null(mode) ? mode : value_call_two(open_file, path, mode);
        ref_release(mode);
    }
    ref_release(path);
    return file;
}

static Value zone_from_key(Type *type, Value key) {
    Value file = open_zone(key);
    if (value_is_null(file))
        return file;
    Value zone = zone_from_file(type, file, key, SOURCE_FRESH);
    Value pending = error_take();
    Value closed = value_call_method_cstr(file, "close", NULL, 0);
    ref_release(file);
    if (value_is_null(closed) && value_is_null(pending)) {
        ref_release(zone);
        return VALUE_NULL;
    }
    ref_release(closed);
    if (!value_is_null(pending)) {
        error_clear();
        error_restore(pending);
    }
    return zone;
}

// New reference.
static Value cache_of(Type *type) {
    if (type == &zone_info_type)
        return ref_new(weak_cache);
    return value_getattr_cstr(value_from_object(type), "_weak_cache");
}

// The zone of the key in the weak dictionary, made and put there if there is none.
static Value zone_from_cache(Type *type, Value key) {
    Value cache = cache_of(type);
    if (value_is_null(cache))
        return cache;
    Value args[] = {key, VALUE_NONE};
    Value zone = value_call_method_cstr(cache, "get", args, 2);
    if (!value_is_null(zone) && value_is_none(zone)) {
        ref_release(zone);
        Value fresh = zone_from_key(type, key);
        args[1] = fresh;
        zone = value_is_null(fresh) ? fresh : value_call_method_cstr(cache, "setdefault", args, 2);
        ref_release(fresh);
        if (!value_is_null(zone) && value_is_a(zone, &zone_info_type))
            __atomic_store_n(&zone_info_of(zone)->source, SOURCE_CACHE, __ATOMIC_RELAXED);
    }
    ref_release(cache);
    return zone;
}

static Value zone_for_key(Type *type, Value key) {
    if (!is_listed(type, key))
        return zone_from_cache(type, key);
    Value zone = recent_find(key);
    if (!value_is_null(zone))
        return zone;
    zone = zone_from_cache(type, key);
    if (!value_is_null(zone))
        recent_add(key, zone);
    return zone;
}

static const char *const key_names[] = {"key", NULL};

static Value zone_info_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const ArgumentList list = {NULL, key_names, "O", 1, 1};
    Value key;
    void *out[] = {&key};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    return zone_for_key(type, key);
}

static Value zone_info_no_cache(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const ArgumentList list = {NULL, key_names, "O", 1, 1};
    Value key;
    void *out[] = {&key};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    return zone_from_key((Type *)value_object(class), key);
}

static Value zone_info_from_file(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "key", NULL};
    static const ArgumentList list = {NULL, names, "OO", 1, 2};
    if (nargs == 0)
        return raise_type_error("function takes at least 1 positional argument (0 given)");
    Value file, key = VALUE_NONE;
    void *out[] = {&file, &key};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    Value text = value_repr(file);
    if (value_is_null(text))
        return text;
    Value zone = zone_from_file((Type *)value_object(class), file, zone_or_null(key), SOURCE_FILE);
    if (value_is_null(zone))
        ref_release(text);
    else
        zone_info_of(zone)->file_text = text;
    return zone;
}

static Value zone_info_clear_cache(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"only_keys", NULL};
    static const ArgumentList list = {NULL, names, "O", 0, 0};
    Type *type = (Type *)value_object(class);
    Value keys = VALUE_NONE, result = VALUE_NULL;
    void *out[] = {&keys};
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return VALUE_NULL;
    Value cache = cache_of(type);
    if (value_is_null(cache))
        return cache;
    if (value_is_none(keys)) {
        result = value_call_method_cstr(cache, "clear", NULL, 0);
        if (type == &zone_info_type)
            recent_drop(VALUE_NULL);
        ref_release(cache);
        return result;
    }
    Value iterator = value_iter(keys), key;
    while (!value_is_null(iterator) && !value_is_null(key = value_next(iterator))) {
        if (is_listed(type, key))
            recent_drop(key);
        Value pair[] = {key, VALUE_NONE};
        Value popped = value_call_method_cstr(cache, "pop", pair, 2);
        ref_release(key);
        ref_release(popped);
        if (value_is_null(popped))
            break;
    }
    ref_release(iterator);
    ref_release(cache);
    return error_occurred() ? VALUE_NULL : none_new();
}

// Each subclass has a weak dictionary of its own.
static Value zone_info_init_subclass(Value class, const Value *args, size_t nargs, Value kwnames) {
    Value module = import_module_cstr("weakref");
    if (value_is_null(module))
        return module;
    Value cache = value_call_method_cstr(module, "WeakValueDictionary", NULL, 0);
    ref_release(module);
    if (value_is_null(cache))
        return cache;
    int status = value_setattr_cstr(class, "_weak_cache", cache);
    ref_release(cache);
    return status < 0 ? VALUE_NULL : none_new();
}

// ---- pickling ----------------------------------------------------------------------------

static Value zone_info_unpickle(Value class, const Value *args, size_t nargs, Value kwnames) {
    int from_cache;
    if (arguments_no_keywords("_unpickle", kwnames) < 0)
        return VALUE_NULL;
    if (nargs != 2)
        return raise_type_error("function takes exactly 2 arguments (%zu given)", nargs);
    if (int_format_argument(args[1], &from_cache) < 0)
        return VALUE_NULL;
    Type *type = (Type *)value_object(class);
    return from_cache ? value_call_one(class, args[0]) : zone_from_key(type, args[0]);
}

static Value zone_info_reduce(Value self) {
    ZoneInfo *zone = zone_info_of(self);
    ZoneSource source = __atomic_load_n(&zone->source, __ATOMIC_RELAXED);
    if (source == SOURCE_FILE) {
        Value pickle = import_module_cstr("pickle"), class = VALUE_NULL;
        if (!value_is_null(pickle))
            class = value_getattr_cstr(pickle, "PicklingError");
        if (!value_is_null(class))
            raise_error((Type *)value_object(class),
                        "Cannot pickle a ZoneInfo file from a file stream.");
        ref_release(class);
        ref_release(pickle);
        return VALUE_NULL;
    }
    Value class = value_from_object(value_type(self));
    return pair_owned(
        value_getattr_cstr(class, "_unpickle"),
        tuple_pack(2, zone_or_none(zone->key), value_from_int(source == SOURCE_CACHE)));
}

// ---- what holds when ---------------------------------------------------------------------

typedef struct {
    int64_t seconds; // on the clocks
    int year, fold;
} WallTime;

static int attribute_int(Value v, const char *name, int *out) {
    Value attribute = value_getattr_cstr(v, name);
    if (value_is_null(attribute))
        return -1;
    int status = int_format_argument(attribute, out);
    ref_release(attribute);
    return status;
}

// What a datetime shows. A subclass is asked for its attributes, which it may compute.
static int wall_time(Value dt, WallTime *out) {
    if (LIKELY(value_is_exactly(dt, &datetime_type))) {
        const DateTime *d = datetime_of(dt);
        out->seconds =
            (calendar_ordinal(d->date.year, d->date.month, d->date.day) - (int64_t)ORDINAL_1970) *
                DAY_SECONDS +
            clock_seconds(&d->clock);
        out->year = d->date.year;
        out->fold = d->clock.fold;
        return 0;
    }
    int ordinal, hour, minute, second;
    Value number = value_call_method_cstr(dt, "toordinal", NULL, 0);
    if (value_is_null(number))
        return -1;
    int status = int_format_argument(number, &ordinal);
    ref_release(number);
    if (status < 0 || attribute_int(dt, "hour", &hour) < 0 ||
        attribute_int(dt, "minute", &minute) < 0 || attribute_int(dt, "second", &second) < 0)
        return -1;
    out->seconds = (ordinal - (int64_t)ORDINAL_1970) * DAY_SECONDS + (int64_t)hour * 3600 +
                   (int64_t)minute * 60 + second;
    if (value_is_a(dt, &datetime_type)) {
        out->year = datetime_of(dt)->date.year;
        out->fold = datetime_of(dt)->clock.fold;
        return 0;
    }
    if (attribute_int(dt, "year", &out->year) < 0 || attribute_int(dt, "fold", &out->fold) < 0)
        return -1;
    out->fold = out->fold != 0;
    if (out->year < YEAR_MIN || out->year > YEAR_MAX)
        return raise_int(&exception_ValueError, "year %d is out of range", out->year);
    return 0;
}

// The number of times in the sorted array that are not after t.
static int count_until(const int64_t *times, int count, int64_t t) {
    int low = 0;
    while (low < count) {
        int middle = low + (count - low) / 2;
        if (times[middle] <= t)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

static const ZonePeriod nothing_known;

// NULL: error.
static const ZonePeriod *find_period(const ZoneInfo *zone, Value dt) {
    if (value_is_none(dt)) // a time without a date
        return zone->is_fixed ? &zone->after.standard : &nothing_known;
    WallTime t;
    if (wall_time(dt, &t) < 0)
        return NULL;
    const int64_t *times = zone->wall[t.fold];
    int count = zone->transition_count;
    if (count == 0 || t.seconds > times[count - 1])
        return zone_rule_at(&zone->after, t.seconds, t.year, t.fold);
    if (t.seconds < times[0])
        return zone->before ? zone->before : &nothing_known;
    return &zone->periods[zone->which[count_until(times, count, t.seconds) - 1]];
}

static Value zone_info_utcoffset(Value self, Value dt) {
    const ZonePeriod *p = find_period(zone_info_of(self), dt);
    return p ? ref_new(zone_or_none(p->offset)) : VALUE_NULL;
}
static Value zone_info_dst(Value self, Value dt) {
    const ZonePeriod *p = find_period(zone_info_of(self), dt);
    return p ? ref_new(zone_or_none(p->dst)) : VALUE_NULL;
}
static Value zone_info_tzname(Value self, Value dt) {
    const ZonePeriod *p = find_period(zone_info_of(self), dt);
    return p ? ref_new(zone_or_none(p->name)) : VALUE_NULL;
}

static const ZonePeriod *find_period_at_utc(const ZoneInfo *zone, const WallTime *t, bool *fold) {
    int count = zone->transition_count;
    *fold = false;
    if (count && t->seconds < zone->utc[0])
        return zone->before ? zone->before : &nothing_known;
    const ZonePeriod *here;
    int i = count_until(zone->utc, count, t->seconds) - 1;
    if (count == 0 || t->seconds > zone->utc[count - 1])
        here = zone_rule_at_utc(&zone->after, t->seconds, t->year, fold);
    else
        here = &zone->periods[zone->which[i]];
    if (count == 0)
        return here;
    // Clocks that were set back at the last transition show what they have shown before.
    const ZonePeriod *previous = i > 0 ? &zone->periods[zone->which[i - 1]] : zone->before;
    if (previous && previous->seconds - here->seconds > t->seconds - zone->utc[i])
        *fold = true;
    return here;
}

static Value with_fold(Value dt) {
    if (value_is_exactly(dt, &datetime_type)) {
        Moment m = datetime_moment(dt);
        m.fold = 1;
        return datetime_make(&datetime_type, &m);
    }
    Value replace = value_getattr_cstr(dt, "replace"), names = VALUE_NULL, result = VALUE_NULL;
    Value name = str_intern_cstr("fold"), one = value_from_int(1);
    if (!value_is_null(replace) && !value_is_null(name))
        names = tuple_pack(1, name);
    if (!value_is_null(names))
        result = value_call(replace, &one, 0, names);
    ref_release(name);
    ref_release(names);
    ref_release(replace);
    return result;
}

static Value zone_info_fromutc(Value self, Value dt) {
    if (!value_is_a(dt, &datetime_type))
        return raise_type_error("fromutc: argument must be a datetime");
    if (!value_same(datetime_of(dt)->zone, self))
        return raise_value_error("fromutc: dt.tzinfo is not self");
    WallTime t;
    bool fold;
    if (wall_time(dt, &t) < 0)
        return VALUE_NULL;
    const ZonePeriod *p = find_period_at_utc(zone_info_of(self), &t, &fold);
    if (value_is_null(p->offset))
        return raise_value_error("nothing is known of that time in the zone");
    Value there = value_is_exactly(dt, &datetime_type) ? datetime_add_delta(dt, p->offset, 1)
                                                       : value_binary(dt, p->offset, BINARY_ADD);
    if (value_is_null(there) || !fold)
        return there;
    Value second = with_fold(there);
    ref_release(there);
    return second;
}

// ---- the type ----------------------------------------------------------------------------

static Value zone_info_repr(Value self) {
    ZoneInfo *zone = zone_info_of(self);
    if (!value_is_null(zone->key))
        return str_format("%s(key=%R)", type_full_name(value_type(self)), zone->key);
    return str_format("%s.from_file(%V)", type_full_name(value_type(self)),
                      zone_or_none(zone->file_text));
}

static Value zone_info_str(Value self) {
    ZoneInfo *zone = zone_info_of(self);
    return value_is_null(zone->key) ? value_repr(self) : ref_new(zone->key);
}

static Value zone_info_key(Value self) {
    return ref_new(zone_or_none(zone_info_of(self)->key));
}
static int read_only(Value self, Value value) {
    return raise_int(&exception_AttributeError, "readonly attribute");
}
static const GetSetDef zone_info_getsets[] = {
    {"key", zone_info_key, read_only, NULL},
    {NULL},
};

static void zone_info_destroy(Object *self) {
    ZoneInfo *zone = (ZoneInfo *)self;
    for (int i = 0; i < zone->period_count; i++)
        zone_period_drop(&zone->periods[i]);
    zone_period_drop(&zone->after.standard);
    zone_period_drop(&zone->after.summer);
    buffer_free(zone->periods);
    buffer_free(zone->utc);
    ref_release(zone->key);
    ref_release(zone->file_text);
    type_free_instance(self);
}

static void visit_period(const ZonePeriod *period, GcVisitor *visitor) {
    gc_visit(visitor, period->offset);
    gc_visit(visitor, period->dst);
    gc_visit(visitor, period->name);
}

static void zone_info_traverse(Object *self, GcVisitor *visitor) {
    ZoneInfo *zone = (ZoneInfo *)self;
    for (int i = 0; i < zone->period_count; i++)
        visit_period(&zone->periods[i], visitor);
    visit_period(&zone->after.standard, visitor);
    visit_period(&zone->after.summer, visitor);
    gc_visit(visitor, zone->key);
    gc_visit(visitor, zone->file_text);
}

static const NativeDef zone_info_methods[] = {
    DEF_CLASS("clear_cache", zone_info_clear_cache,
              "Forgets the zones that were asked for, or those of some keys."),
    DEF_CLASS("no_cache", zone_info_no_cache, "A zone read anew that is not remembered."),
    DEF_CLASS("from_file", zone_info_from_file, "A zone from an open file."),
    DEF_ONE("utcoffset", zone_info_utcoffset, "How far the zone is ahead of UTC at a time."),
    DEF_ONE("dst", zone_info_dst, "What summer time adds at a time."),
    DEF_ONE("tzname", zone_info_tzname, "What the time is called at a time."),
    DEF_ONE("fromutc", zone_info_fromutc, "The zone's time for a time in UTC."),
    DEF_NONE("__reduce__", zone_info_reduce, "How to pickle it."),
    DEF_CLASS("_unpickle", zone_info_unpickle, "What pickle makes it with."),
    DEF_CLASS("__init_subclass__", zone_info_init_subclass, "Gives a subclass its own cache."),
    DEF_END,
};

static Type zone_info_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "zoneinfo.ZoneInfo",
    .base = &tzinfo_type,
    .basic_size = sizeof(ZoneInfo),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_WEAKREFABLE,
    .doc = "ZoneInfo(key): a zone of the IANA time zone data base.",
    .call_new = zone_info_call_new,
    .destroy = zone_info_destroy,
    .traverse = zone_info_traverse,
    .repr = zone_info_repr,
    .str = zone_info_str,
    .methods = zone_info_methods,
    .getsets = zone_info_getsets,
};

// An attribute of a module into *slot.
static int fetch(const char *module_name, const char *name, Value *slot) {
    Value module = import_module_cstr(module_name), value = VALUE_NULL;
    if (!value_is_null(module))
        value = value_getattr_cstr(module, name);
    ref_release(module);
    if (value_is_null(value))
        return -1;
    *slot = value; // what was there before may be in use: it is kept
    return 0;
}

static int zoneinfo_fill(Value module) {
    // ZoneInfo is a tzinfo: that module comes first.
    Value datetime = import_module_cstr("_datetime");
    ref_release(datetime);
    if (value_is_null(datetime) || module_add_type(module, &zone_info_type) < 0 ||
        fetch("zoneinfo._tzpath", "find_tzfile", &find_tzfile) < 0 ||
        fetch("zoneinfo._common", "load_tzdata", &load_tzdata) < 0 ||
        fetch("zoneinfo._common", "load_data", &load_data) < 0 ||
        fetch("io", "open", &open_file) < 0)
        return -1;
    if (!value_is_null(weak_cache))
        return 0;
    Value class;
    if (fetch("weakref", "WeakValueDictionary", &class) < 0)
        return -1;
    weak_cache = value_call_none(class);
    ref_release(class);
    return value_is_null(weak_cache) ? -1 : 0;
}

const NativeModule module_zoneinfo = {
    .name = "_zoneinfo",
    .doc = "Zones of the IANA time zone data base.",
    .fill = zoneinfo_fill,
};
