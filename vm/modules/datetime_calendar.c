// SPDX-License-Identifier: MIT
//
// The Gregorian calendar extended in both directions, on plain numbers. Days are counted from
// 0001-01-01, which is 1 (Dershowitz and Reingold's "Calendrical Calculations").
#include "vm/modules/datetime_internal.h"

bool calendar_is_leap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static const uint16_t days_before[2][14] = {
    {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
    {0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366},
};

int calendar_month_length(int year, int month) {
    const uint16_t *before = days_before[calendar_is_leap(year)];
    return before[month + 1] - before[month];
}

int calendar_day_of_year(int year, int month, int day) {
    return days_before[calendar_is_leap(year)][month] + day;
}

static int days_before_year(int year) {
    int past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

int calendar_ordinal(int year, int month, int day) {
    return days_before_year(year) + calendar_day_of_year(year, month, day);
}

// Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their application to calendar
// algorithms" (2022): years begin in March, and both divisions by awkward numbers become products.
void calendar_from_ordinal(int64_t ordinal, int *year, int *month, int *day) {
    enum { MARCH_OF_YEAR_0 = 305, CENTURIES_4 = 146097 };
    uint64_t n = (uint64_t)(ordinal + MARCH_OF_YEAR_0); // days since 0000-03-01
    uint64_t quarter = 4 * n + 3;
    uint64_t century = quarter / CENTURIES_4;
    uint64_t within = (quarter % CENTURIES_4) | 3;
    uint64_t product = 2939745 * within;
    uint32_t year_of_century = (uint32_t)(product >> 32);
    uint32_t day_of_year = (uint32_t)product / 2939745 / 4;
    uint32_t months = 2141 * day_of_year + 197913;
    bool next_year = day_of_year >= 306; // January and February
    *year = (int)(100 * century + year_of_century + next_year);
    *month = (int)(months >> 16) - (next_year ? 12 : 0);
    *day = (int)((months & 0xffff) / 2141) + 1;
}

int calendar_week_one(int year) {
    // The week that has the year's first Thursday.
    int first = calendar_ordinal(year, 1, 1), weekday = calendar_weekday(first);
    int monday = first - weekday;
    return weekday > 3 ? monday + 7 : monday;
}

IsoWeekFault calendar_iso_ordinal(int year, int week, int day, int *ordinal) {
    if (year < YEAR_MIN || year > YEAR_MAX)
        return ISO_YEAR;
    if (week < 1 || week > 53)
        return ISO_WEEK;
    int monday = calendar_week_one(year);
    if (week == 53 && calendar_week_one(year + 1) - monday == 52 * 7)
        return ISO_WEEK;
    if (day < 1 || day > 7)
        return ISO_DAY;
    *ordinal = monday + (week - 1) * 7 + day - 1;
    return ISO_FINE;
}
