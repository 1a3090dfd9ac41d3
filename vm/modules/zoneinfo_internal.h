// SPDX-License-Identifier: MIT
//
// What the files of _zoneinfo share: a zone of the IANA data base as tables.
//
//   zoneinfo_rule.c    the rule for the time after the tables, as POSIX writes it in TZ
//   zoneinfo_load.c    a file's tables
//   zoneinfo_module.c  the class ZoneInfo and its caches
//
// Times are seconds since 1970: of UTC, or of what a clock in the zone shows, as if that were UTC.
// A ZoneInfo is complete before anybody else sees it and then never changes, but for `source`.
#ifndef LOCKSMITH_VM_MODULES_ZONEINFO_INTERNAL_H
#define LOCKSMITH_VM_MODULES_ZONEINFO_INTERNAL_H

#include "vm/modules/datetime_internal.h"

// What holds in a zone for a while. All VALUE_NULL: nothing is known.
typedef struct {
    Value offset, dst; // timedeltas
    Value name;        // str
    int32_t seconds;   // the offset
} ZonePeriod;

// When a period of the rule begins each year.
typedef struct {
    bool by_weekday; // the week-th (5: the last) weekday (0: Sunday) of a month; else a day of the
                     // year
    bool leap_days;  // the day of the year counts the 29th of February
    uint8_t month, week, weekday;
    int16_t day;
    int32_t seconds; // since midnight; may be negative, or more than a day has
} ZoneEdge;

typedef struct {
    bool changes; // false: standard time only
    ZonePeriod standard, summer;
    int32_t difference; // summer - standard, in seconds
    ZoneEdge start, end;
} ZoneRule;

typedef enum { SOURCE_FRESH, SOURCE_CACHE, SOURCE_FILE } ZoneSource;

typedef struct {
    Object header;
    Value key;       // VALUE_NULL: none was given
    Value file_text; // repr of the file that from_file() read, or VALUE_NULL
    ZonePeriod *periods;
    int64_t *utc;     // when each transition happens
    int64_t *wall[2]; // the same on the zone's clocks, for both folds
    int32_t *which;   // the period that begins there
    int period_count, transition_count;
    const ZonePeriod *before; // of the transitions; in periods
    ZoneRule after;           // what holds after them
    bool is_fixed;            // the offset is always the same
    uint8_t source;           // ZoneSource; read and written atomically (relaxed)
} ZoneInfo;

static inline ZoneInfo *zone_info_of(Value v) {
    return (ZoneInfo *)value_object(v);
}

// A period of those seconds; name consumed, also on failure. -1 with an exception.
int zone_period_set(ZonePeriod *period, int32_t offset, int32_t dst, Value name);
void zone_period_drop(ZonePeriod *period);

// The rule that the text (bytes) states. ValueError. What it has set is dropped by the caller, also
// after a failure.
int zone_rule_parse(ZoneRule *rule, Value text);
// The period at a time on the zone's clocks, or at a time of UTC, in that year; *fold: is it the
// second time that the clocks show this?
const ZonePeriod *zone_rule_at(const ZoneRule *rule, int64_t wall, int year, int fold);
const ZonePeriod *zone_rule_at_utc(const ZoneRule *rule, int64_t utc, int year, bool *fold);

// Fills zone (zeroed tables) from what zoneinfo._common.load_data() made of a file. -1: exception;
// what has been set is dropped with the object.
int zone_load(ZoneInfo *zone, Value data);

#endif
