// SPDX-License-Identifier: MIT
//
// What the files of _datetime share: the objects, and who makes, reads and writes them.
//
//   datetime_calendar.c   the proleptic Gregorian calendar on plain numbers
//   datetime_delta.c      timedelta
//   datetime_date.c       date, and the tuple that isocalendar() gives
//   datetime_time.c       time
//   datetime_datetime.c   datetime: fields, making, arithmetic, comparison
//   datetime_moments.c    datetime and the clocks: timestamps, local time, astimezone
//   datetime_zones.c      tzinfo, timezone, and asking either
//   datetime_format.c     objects as text; datetime_parse.c: ISO 8601 text as numbers
//   datetime_arguments.c  arguments of the functions
//   datetime_module.c     the module
//
// Objects are complete before anybody else sees them and never change, so reading needs no lock,
// but for the one word `hash`: it is computed on first use, always to the same number, and read and
// written atomically (relaxed).
#ifndef LOCKSMITH_VM_MODULES_DATETIME_INTERNAL_H
#define LOCKSMITH_VM_MODULES_DATETIME_INTERNAL_H

#include "vm/object.h"
#include "vm/types/str.h"

#define YEAR_MIN 1
#define YEAR_MAX 9999
#define ORDINAL_MAX 3652059 // 9999-12-31; 0001-01-01 is 1
#define ORDINAL_1970 719163 // 1970-01-01
#define DAY_SECONDS 86400
#define SECOND_MICROSECONDS 1000000
#define DAY_MICROSECONDS (86400 * (int64_t)SECOND_MICROSECONDS)
#define DELTA_DAYS_MAX 999999999
#define HASH_UNKNOWN (-1)

typedef struct {
    Object header;
    int64_t hash;
    uint16_t year; // what comes from a pickle may be beyond YEAR_MAX
    uint8_t month, day;
} Date;

typedef struct {
    uint8_t hour, minute, second, fold;
    uint32_t microsecond;
} Clock;

typedef struct {
    Date date; // first: a datetime is a date
    Clock clock;
    Value zone; // a tzinfo, or VALUE_NULL
} DateTime;

typedef struct {
    Object header;
    int64_t hash;
    Clock clock;
    Value zone; // a tzinfo, or VALUE_NULL
} Time;

typedef struct {
    Object header;
    int64_t hash;
    int32_t days, seconds, microseconds; // the two last not negative, and below a day and a second
} Delta;

typedef struct {
    Object header;
    Value offset; // a timedelta
    Value name;   // a str, or VALUE_NULL
} Timezone;

// The parts of a datetime as numbers; zone is borrowed, VALUE_NULL: none.
typedef struct {
    int year, month, day, hour, minute, second, microsecond, fold;
    Value zone;
} Moment;

extern Type date_type, time_of_day_type, datetime_type, delta_type, tzinfo_type, timezone_type,
    iso_calendar_date_type;

static inline Date *date_of(Value v) {
    return (Date *)value_object(v);
}
static inline DateTime *datetime_of(Value v) {
    return (DateTime *)value_object(v);
}
static inline Time *time_of(Value v) {
    return (Time *)value_object(v);
}
static inline Delta *delta_of(Value v) {
    return (Delta *)value_object(v);
}
static inline Timezone *timezone_of(Value v) {
    return (Timezone *)value_object(v);
}
static inline bool value_is_a(Value v, const Type *type) {
    return value_is_exactly(v, type) || (value_is_object(v) && value_is_instance(v, type));
}
static inline int64_t clock_seconds(const Clock *clock) { // since midnight
    return clock->hour * 3600 + clock->minute * 60 + clock->second;
}

// The answer to `op` when the operands are in that order (<0, 0, >0).
static inline Value compare_result(int order, CompareOperator op) {
    static const uint8_t true_for[] = {1, 3, 2,
                                       5, 4, 6}; // by COMPARE_*: less 1, equal 2, greater 4
    return bool_new(true_for[op] & (order < 0 ? 1 : order == 0 ? 2 : 4));
}
// The pair (a, b), both consumed; VALUE_NULL if either is.
Value pair_owned(Value a, Value b);

// ---- calendar (plain numbers; nothing here fails) ----------------------------------------

bool calendar_is_leap(int year);
int calendar_month_length(int year, int month);
int calendar_day_of_year(int year, int month, int day); // from 1
int calendar_ordinal(int year, int month, int day);     // 0001-01-01 is 1
// ordinal >= 1 - 305; the year may be beyond YEAR_MAX.
void calendar_from_ordinal(int64_t ordinal, int *year, int *month, int *day);
int calendar_week_one(int year); // the ordinal of the Monday that ISO's first week begins with
static inline int calendar_weekday(int ordinal) { // Monday is 0
    return (ordinal + 6) % 7;
}
typedef enum { ISO_FINE, ISO_YEAR, ISO_WEEK, ISO_DAY } IsoWeekFault;
// The ordinal of a day (1 to 7) of an ISO week, or which of the three there is not.
IsoWeekFault calendar_iso_ordinal(int year, int week, int day, int *ordinal);

// ---- timedelta ---------------------------------------------------------------------------

// A timedelta of parts that are normalised first. New references; OverflowError.
Value delta_new(int64_t days, int64_t seconds, int64_t microseconds);
Value delta_from_microseconds(__int128 microseconds);
static inline int64_t delta_days(Value v) {
    return delta_of(v)->days;
}
static inline int64_t delta_seconds(Value v) {
    return delta_of(v)->seconds;
}
static inline int64_t delta_microseconds(Value v) {
    return delta_of(v)->microseconds;
}
static inline __int128 delta_total(Value v) { // in microseconds
    return (__int128)delta_days(v) * DAY_MICROSECONDS + delta_seconds(v) * SECOND_MICROSECONDS +
           delta_microseconds(v);
}
Value delta_subtract(Value a, Value b);
int delta_compare(Value a, Value b); // <0, 0, >0
bool delta_is_zero(Value v);
int64_t delta_hash(Value self);
Value delta_total_seconds(Value self); // a float
// Is it strictly between a day back and a day on?
bool delta_is_offset(Value v);

// ---- date, time, datetime ----------------------------------------------------------------

// Objects of the very type (a subclass's constructor is not called), from parts that are not
// checked. New references; MemoryError.
Value date_make(Type *type, int year, int month, int day);
Value time_make(Type *type, const Moment *m);
Value datetime_make(Type *type, const Moment *m);
// As CPython makes results: what is of a subclass comes from calling it, without the fold. The
// parts are checked. ValueError, and whatever the call raises, which may give anything.
Value date_build(Type *type, int year, int month, int day);
Value time_build(Type *type, const Moment *m);
Value datetime_build(Type *type, const Moment *m);

int date_check(int year, int month, int day); // -1 with ValueError
int clock_check(const Moment *m);             // the same; also the fold
Moment datetime_moment(Value v);
Moment time_moment(Value v);
// self + sign * delta, as the same type. OverflowError.
Value datetime_add_delta(Value self, Value delta, int sign);
Value datetime_subtract_datetimes(Value a, Value b); // a timedelta; asks their zones
// The hash of the bytes that are pickled; keyed like that of bytes.
int64_t state_hash(const uint8_t *state, size_t length);
// If args are a state that pickle brings (bytes, or str of an old pickle) of that length: 1 and the
// bytes in state; 0: they are not; -1: error. `at` is the byte that tells, `mask`ed below `limit`,
// from `least`. what: "a date object".
int state_from_arguments(Value v, int length, int at, int mask, int least, int limit,
                         const char *what, uint8_t *state);
void clock_from_state(const uint8_t *state, Moment *m);  // six bytes but for the fold
void clock_to_state(const Clock *clock, uint8_t *state); // without the fold
Value reduce_with_state(Value self, const uint8_t *state, size_t length, Value zone);

// Methods of datetime that are in datetime_moments.c.
Value datetime_now(Value class, const Value *args, size_t nargs, Value kwnames);
Value datetime_utcnow(Value class);
Value datetime_fromtimestamp(Value class, const Value *args, size_t nargs, Value kwnames);
Value datetime_utcfromtimestamp(Value class, const Value *args, size_t nargs, Value kwnames);
Value datetime_timestamp(Value self);
Value datetime_astimezone(Value self, const Value *args, size_t nargs, Value kwnames);

// ---- zones -------------------------------------------------------------------------------

extern Value timezone_utc; // the singleton
// What zone says of `argument` (a datetime, or None); zone VALUE_NULL: nothing. *out is a new
// reference, or VALUE_NULL for None. They run Python code. -1: error.
int zone_offset(Value zone, Value argument, Value *out); // a timedelta within a day
int zone_dst(Value zone, Value argument, Value *out);    // the same
int zone_name(Value zone, Value argument, Value *out);   // a str
// The three for methods: None instead of VALUE_NULL.
Value zone_answer(int (*ask)(Value, Value, Value *), Value zone, Value argument);
int zone_check(Value v);                    // -1 TypeError: neither None nor a tzinfo
static inline Value zone_or_null(Value v) { // None as VALUE_NULL; borrowed
    return value_is_none(v) ? VALUE_NULL : v;
}
static inline Value zone_or_none(Value v) {
    return value_is_null(v) ? VALUE_NONE : v;
}
Value timezone_new(Value offset, Value name_or_null); // ValueError
int zones_fill(void);                                 // once, when the types are ready
// A class attribute of a type that nobody has seen yet; consumes value. VALUE_NULL: -1.
int type_add_constant(Type *type, const char *name, Value value);

// ---- text --------------------------------------------------------------------------------

typedef enum {
    TIMESPEC_AUTO,
    TIMESPEC_HOURS,
    TIMESPEC_MINUTES,
    TIMESPEC_SECONDS,
    TIMESPEC_MILLISECONDS,
    TIMESPEC_MICROSECONDS,
} Timespec;
#define TEXT_MAX 96 // room for a date, a clock and an offset, whatever a pickle brought

int timespec_parse(Value text, Timespec *out); // -1 ValueError
// Each writes at `out` and gives the end of it.
char *text_number(char *out, uint32_t n, int width);
char *text_date(char *out, const Date *date);
char *text_clock(char *out, const Clock *clock, Timespec spec);
// sign, HH:MM[:SS[.ffffff]] (separator may be ""); offset VALUE_NULL: nothing.
char *text_offset(char *out, Value offset, const char *separator);
Value text_ctime(const Date *date, const Clock *clock_or_null);
// date.strftime(): format with %f, %z, %Z filled in, the rest done by time.strftime().
Value text_strftime(Value format, Value time_tuple, uint32_t microsecond, Value zone,
                    Value zone_argument);
// format(self, spec): str(self), or self.strftime(spec).
Value text_format_method(Value self, const Value *args, size_t nargs);
// ", tzinfo=..." and ", fold=1" of a repr.
int text_repr_zone(StrBuilder *b, Value zone);

typedef struct {
    int hour, minute, second, microsecond;
    bool has_zone;
    int offset_seconds, offset_microseconds;
} IsoTime;
// Is text a date, a time, or both in ISO 8601's forms? What they say is not checked.
bool iso_parse_date(Value text, int *year, int *month, int *day);
bool iso_parse_time(Value text, IsoTime *time);
bool iso_parse_datetime(Value text, int *year, int *month, int *day, IsoTime *time);
int iso_zone(const IsoTime *time, Value *zone); // new reference or VALUE_NULL; -1
Value iso_invalid(Value text);                  // raises ValueError

// ---- arguments ---------------------------------------------------------------------------

// What a function takes, and how each argument is checked, in the order and with the words of
// CPython's PyArg_ParseTupleAndKeywords, which converts each before it looks for the next.
// kinds, a letter each: i int (int *), O anything, U str, s str that C could read, d timedelta,
// D date, T time (Value *, borrowed), C a character (uint32_t *). What is not given is left alone.
typedef struct {
    const char *function; // NULL: a constructor that has no name there
    const char *const *names;
    const char *kinds;
    int required, positional; // the first so many
} ArgumentList;
int arguments_convert(const ArgumentList *list, const Value *args, size_t nargs, Value kwnames,
                      void *const *out);
int arguments_exactly(const char *function, size_t nargs, size_t wanted);

// ---- time module and struct_time ---------------------------------------------------------

Value time_module_call(const char *function, const Value *args, size_t nargs);
Value struct_time_build(const Date *date, const Clock *clock_or_null, int dst);

#endif
