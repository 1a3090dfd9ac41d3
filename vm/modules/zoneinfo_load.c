// SPDX-License-Identifier: MIT
//
// A zone's tables from the file that the library has read (zoneinfo._common.load_data): which
// period begins when, and what each period's offset is made of, which the files do not say.
#include "vm/modules/zoneinfo_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/tuple.h"

// The six things that load_data() gives.
enum { DATA_WHICH, DATA_UTC, DATA_OFFSETS, DATA_IS_SUMMER, DATA_NAMES, DATA_RULE, DATA_PARTS };

typedef struct {
    int32_t offset, dst;
    bool is_summer;
} PeriodNumbers;

static int number(Value tuple, int i, int64_t *out) {
    return value_to_i64(tuple_item(tuple, i), out);
}

// What summer time adds, for each period of it: the difference to the standard time before it; if
// that tells nothing (they may have changed both), to the one after it; if that does not either, an
// hour.
static void find_summer_offsets(const ZoneInfo *zone, PeriodNumbers *numbers) {
    for (int i = 1; i < zone->transition_count; i++) {
        int here = zone->which[i];
        PeriodNumbers *p = &numbers[here];
        if (!p->is_summer || p->dst)
            continue;
        const PeriodNumbers *other = &numbers[zone->which[i - 1]];
        int dst = other->is_summer ? 0 : p->offset - other->offset;
        if (!dst && here < zone->period_count - 1 && i + 1 < zone->transition_count) {
            other = &numbers[zone->which[i + 1]];
            if (other->is_summer)
                continue;
            dst = p->offset - other->offset;
        }
        p->dst = dst;
    }
    for (int i = 0; i < zone->period_count; i++)
        if (numbers[i].is_summer && !numbers[i].dst)
            numbers[i].dst = 3600;
}

// What clocks show at each transition: in the first pass (fold=0) the later of the two readings
// counts, in the second the earlier.
static void find_wall_times(ZoneInfo *zone, const PeriodNumbers *numbers) {
    for (int i = 0; i < zone->transition_count; i++) {
        int after = numbers[zone->which[i]].offset;
        int before = numbers[i ? zone->which[i - 1] : 0].offset;
        zone->wall[0][i] = zone->utc[i] + (before > after ? before : after);
        zone->wall[1][i] = zone->utc[i] + (before > after ? after : before);
    }
}

static int make_periods(ZoneInfo *zone, const PeriodNumbers *numbers, Value names) {
    for (int i = 0; i < zone->period_count; i++)
        if (zone_period_set(&zone->periods[i], numbers[i].offset, numbers[i].dst,
                            ref_new(tuple_item(names, i))) < 0)
            return -1;
    return 0;
}

static int read_tables(ZoneInfo *zone, Value data, PeriodNumbers *numbers) {
    int64_t n;
    for (int i = 0; i < zone->transition_count; i++) {
        if (number(tuple_item(data, DATA_UTC), i, &zone->utc[i]) < 0 ||
            number(tuple_item(data, DATA_WHICH), i, &n) < 0)
            return -1;
        if (n < 0 || n >= zone->period_count)
            return raise_int(&exception_ValueError,
                             "Invalid transition index found while reading "
                             "TZif: %lld",
                             (long long)n);
        zone->which[i] = (int32_t)n;
    }
    for (int i = 0; i < zone->period_count; i++) {
        if (number(tuple_item(data, DATA_OFFSETS), i, &n) < 0)
            return -1;
        numbers[i].offset = (int32_t)n;
        if (number(tuple_item(data, DATA_IS_SUMMER), i, &n) < 0)
            return -1;
        numbers[i].is_summer = n != 0;
    }
    return 0;
}

static bool same_period(const ZonePeriod *a, const ZonePeriod *b) {
    return a->seconds == b->seconds && delta_compare(a->dst, b->dst) == 0 &&
           str_equal(a->name, b->name);
}

// Before the first transition: the first standard time.
static void find_before(ZoneInfo *zone, const PeriodNumbers *numbers) {
    for (int i = 0; i < zone->period_count && !zone->before; i++)
        if (!numbers[i].is_summer)
            zone->before = &zone->periods[i];
    if (!zone->before && zone->transition_count)
        zone->before = &zone->periods[zone->which[0]];
}

static int find_after(ZoneInfo *zone, Value rule) {
    if (value_is_bytes(rule) && bytes_length(rule) > 0)
        return zone_rule_parse(&zone->after, rule);
    if (zone->period_count == 0)
        return raise_int(&exception_ValueError, "No time zone information found.");
    int last =
        zone->transition_count ? zone->which[zone->transition_count - 1] : zone->period_count - 1;
    const ZonePeriod *p = &zone->periods[last];
    zone->after.standard =
        (ZonePeriod){ref_new(p->offset), ref_new(p->dst), ref_new(p->name), p->seconds};
    return 0;
}

static int check_shape(Value data) {
    if (value_is_tuple(data) && tuple_length(data) == DATA_PARTS) {
        bool good = true;
        for (int i = 0; i < DATA_RULE; i++)
            good = good && value_is_tuple(tuple_item(data, i));
        if (good &&
            tuple_length(tuple_item(data, DATA_UTC)) ==
                tuple_length(tuple_item(data, DATA_WHICH)) &&
            tuple_length(tuple_item(data, DATA_OFFSETS)) ==
                tuple_length(tuple_item(data, DATA_IS_SUMMER)) &&
            tuple_length(tuple_item(data, DATA_OFFSETS)) ==
                tuple_length(tuple_item(data, DATA_NAMES)))
            return 0;
    }
    return raise_int(&exception_TypeError, "load_data() gave no tables of a zone");
}

int zone_load(ZoneInfo *zone, Value data) {
    if (check_shape(data) < 0)
        return -1;
    size_t periods = (size_t)tuple_length(tuple_item(data, DATA_OFFSETS));
    size_t transitions = (size_t)tuple_length(tuple_item(data, DATA_UTC));
    for (size_t i = 0; i < periods; i++)
        if (!value_is_str(tuple_item(tuple_item(data, DATA_NAMES), (int64_t)i)))
            return raise_int(&exception_TypeError, "load_data() gave no names of periods");
    PeriodNumbers *numbers = buffer_allocate_zeroed((periods + 1) * sizeof *numbers);
    zone->periods = buffer_allocate_zeroed((periods + 1) * sizeof *zone->periods);
    zone->utc = buffer_allocate((transitions + 1) * (3 * sizeof(int64_t) + sizeof(int32_t)));
    int status = -1;
    if (!numbers || !zone->periods || !zone->utc) {
        raise_memory_error();
    } else {
        zone->period_count = (int)periods;
        zone->transition_count = (int)transitions;
        zone->wall[0] = zone->utc + transitions;
        zone->wall[1] = zone->wall[0] + transitions;
        zone->which = (int32_t *)(zone->wall[1] + transitions);
        status = read_tables(zone, data, numbers);
    }
    if (status == 0) {
        find_summer_offsets(zone, numbers);
        find_wall_times(zone, numbers);
        status = make_periods(zone, numbers, tuple_item(data, DATA_NAMES));
    }
    if (status == 0) {
        find_before(zone, numbers);
        status = find_after(zone, tuple_item(data, DATA_RULE));
        zone->is_fixed = zone->period_count <= 1 && !zone->after.changes &&
                         (status < 0 || zone->period_count == 0 ||
                          same_period(&zone->periods[0], &zone->after.standard));
    }
    buffer_free(numbers);
    return status;
}
