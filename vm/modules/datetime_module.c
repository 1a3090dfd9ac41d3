// SPDX-License-Identifier: MIT
//
// The module _datetime, which the library's datetime.py takes its names from. The types never die
// and are the same however often the module is made.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- the time module ---------------------------------------------------------------------

// Looked up each time, since programs put functions of their own there.
Value time_module_call(const char *function, const Value *args, size_t nargs) {
    Value module = import_module_cstr("time");
    if (value_is_null(module))
        return module;
    Value result = value_call_method_cstr(module, function, args, nargs);
    ref_release(module);
    return result;
}

Value struct_time_build(const Date *date, const Clock *clock_or_null, int dst) {
    static const Clock midnight;
    const Clock *clock = clock_or_null ? clock_or_null : &midnight;
    int ordinal = calendar_ordinal(date->year, date->month, date->day);
    int day_of_year = calendar_day_of_year(date->year, date->month, date->day);
    Value parts = tuple_pack(9, value_from_int(date->year), value_from_int(date->month),
                             value_from_int(date->day), value_from_int(clock->hour),
                             value_from_int(clock->minute), value_from_int(clock->second),
                             value_from_int(calendar_weekday(ordinal)), value_from_int(day_of_year),
                             value_from_int(dst));
    if (value_is_null(parts))
        return parts;
    Value result = time_module_call("struct_time", &parts, 1);
    ref_release(parts);
    return result;
}

// ---- the module --------------------------------------------------------------------------

int type_add_constant(Type *type, const char *name, Value value) {
    if (value_is_null(value))
        return -1;
    int status = dict_set_cstr(type->dict, name, value);
    ref_release(value);
    return status;
}

// min, max and resolution of each type.
static int add_limits(void) {
    const Moment first = {.year = YEAR_MIN, .month = 1, .day = 1};
    const Moment last = {.year = YEAR_MAX,
                         .month = 12,
                         .day = 31,
                         .hour = 23,
                         .minute = 59,
                         .second = 59,
                         .microsecond = 999999};
    const struct {
        Type *type;
        const char *name;
        Value value;
    } limits[] = {
        {&delta_type, "resolution", delta_new(0, 0, 1)},
        {&delta_type, "min", delta_new(-DELTA_DAYS_MAX, 0, 0)},
        {&delta_type, "max", delta_new(DELTA_DAYS_MAX, DAY_SECONDS - 1, SECOND_MICROSECONDS - 1)},
        {&date_type, "min", date_make(&date_type, YEAR_MIN, 1, 1)},
        {&date_type, "max", date_make(&date_type, YEAR_MAX, 12, 31)},
        {&date_type, "resolution", delta_new(1, 0, 0)},
        {&time_of_day_type, "min", time_make(&time_of_day_type, &first)},
        {&time_of_day_type, "max", time_make(&time_of_day_type, &last)},
        {&time_of_day_type, "resolution", delta_new(0, 0, 1)},
        {&datetime_type, "min", datetime_make(&datetime_type, &first)},
        {&datetime_type, "max", datetime_make(&datetime_type, &last)},
        {&datetime_type, "resolution", delta_new(0, 0, 1)},
    };
    int status = 0;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (type_add_constant(limits[i].type, limits[i].name, limits[i].value) < 0)
            status = -1;
    return status;
}

static int datetime_fill(Value module) {
    static bool started;
    Type *const types[] = {&date_type,  &time_of_day_type, &datetime_type,
                           &delta_type, &tzinfo_type,      &timezone_type};
    type_ready(&iso_calendar_date_type);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    if (!started && (zones_fill() < 0 || add_limits() < 0))
        return -1;
    started = true;
    return module_add(module, "UTC", ref_new(timezone_utc)) < 0 ||
                   module_add_int(module, "MINYEAR", YEAR_MIN) < 0 ||
                   module_add_int(module, "MAXYEAR", YEAR_MAX) < 0
               ? -1
               : 0;
}

const NativeModule module_datetime = {
    .name = "_datetime",
    .doc = "Dates, times, spans and zones.",
    .fill = datetime_fill,
};
