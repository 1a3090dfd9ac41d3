// SPDX-License-Identifier: MIT
//
// Character properties: see unicode.h for the contract. A page's words are computed from the
// general category (utf8proc's, less what came after Unicode 14) and the exceptions of
// unicode_tables.h, then published with a compare-and-swap; a thread that loses the race
// frees its copy.
#include "vm/types/unicode.h"
#include "gc/heap.h"
#include "vm/types/str.h"
#include "vm/types/unicode_tables.h"
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

const uint16_t *unicode_pages[0x1100];
uint8_t unicode_latin1_lower[256], unicode_latin1_upper[256];
static uint16_t latin1_page[256];

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool in_ranges(const UnicodeRange *ranges, size_t count, uint32_t point) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && point >= ranges[low].first;
}
#define IN(table, point) in_ranges(table, COUNT_OF(table), point)

static bool is_space(uint32_t point, utf8proc_category_t category) {
    return (point >= 9 && point <= 13) || (point >= 28 && point <= 31) || point == 0x85 ||
           point == 0x2028 || point == 0x2029 || category == UTF8PROC_CATEGORY_ZS;
}

static bool is_line_break(uint32_t point) {
    return (point >= 10 && point <= 13) || (point >= 28 && point <= 30) || point == 0x85 ||
           point == 0x2028 || point == 0x2029;
}

static unsigned compute_flags(uint32_t point) {
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);
    if (IN(unicode_unassigned, point))
        category = UTF8PROC_CATEGORY_CN;
    unsigned flags = 0;
    bool start = false, goes_on = false, ignorable = false, printable = true;
    switch (category) {
    case UTF8PROC_CATEGORY_LM:
        ignorable = true;
        flags |= UNICODE_ALPHA;
        start = goes_on = true;
        break;
    case UTF8PROC_CATEGORY_LU:
        flags |= UNICODE_UPPER | UNICODE_ALPHA;
        start = goes_on = true;
        break;
    case UTF8PROC_CATEGORY_LL:
        flags |= UNICODE_LOWER | UNICODE_ALPHA;
        start = goes_on = true;
        break;
    case UTF8PROC_CATEGORY_LT:
        flags |= UNICODE_TITLE | UNICODE_ALPHA;
        start = goes_on = true;
        break;
    case UTF8PROC_CATEGORY_LO:
        flags |= UNICODE_ALPHA;
        start = goes_on = true;
        break;
    case UTF8PROC_CATEGORY_NL:
        flags |= UNICODE_NUMERIC;
        start = goes_on = true;
        break;
    case UTF8PROC_CATEGORY_NO:
        flags |= UNICODE_NUMERIC;
        break;
    case UTF8PROC_CATEGORY_ND:
        flags |= UNICODE_NUMERIC | UNICODE_DIGIT | UNICODE_DECIMAL;
        goes_on = true;
        break;
    case UTF8PROC_CATEGORY_MN:
        goes_on = ignorable = true;
        break;
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_PC:
        goes_on = true;
        break;
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_SK:
        ignorable = true;
        break;
    case UTF8PROC_CATEGORY_CF:
        ignorable = true;
        printable = false;
        break;
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        printable = false;
        break;
    case UTF8PROC_CATEGORY_ZS:
        printable = point == ' ';
        break;
    default:
        break;
    }
    if (IN(unicode_other_lower, point))
        flags |= UNICODE_LOWER;
    if (IN(unicode_other_upper, point))
        flags |= UNICODE_UPPER;
    if (IN(unicode_other_digit, point))
        flags |= UNICODE_DIGIT;
    if (IN(unicode_other_numeric, point))
        flags |= UNICODE_NUMERIC;
    if (start != IN(unicode_start_flips, point) || point == '_')
        flags |= UNICODE_START;
    if (goes_on != IN(unicode_continue_flips, point))
        flags |= UNICODE_CONTINUE;
    if (ignorable != IN(unicode_ignorable_flips, point))
        flags |= UNICODE_IGNORABLE;
    if (printable)
        flags |= UNICODE_PRINTABLE;
    if (is_space(point, category))
        flags |= UNICODE_SPACE;
    if (is_line_break(point))
        flags |= UNICODE_LINE_BREAK;
    return flags;
}

const uint16_t *unicode_build_page(uint32_t page) {
    uint16_t *words = buffer_allocate(256 * sizeof(uint16_t));
    if (!words) {
        fputs("locksmith: out of memory for character properties\n", stderr);
        abort();
    }
    for (uint32_t i = 0; i < 256; i++)
        words[i] = (uint16_t)compute_flags(page << 8 | i);
    const uint16_t *expected = NULL;
    if (__atomic_compare_exchange_n(&unicode_pages[page], &expected, words, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return words;
    buffer_free(words);
    return expected;
}

// ---- case ------------------------------------------------------------------------------

static unsigned special_mapping(const UnicodeMapping *table, size_t count, uint32_t point,
                                uint32_t out[3]) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > table[middle].point)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == count || table[low].point != point)
        return 0;
    unsigned n = 0;
    while (n < 3 && table[low].to[n]) {
        out[n] = table[low].to[n];
        n++;
    }
    return n;
}

unsigned unicode_to_upper(uint32_t point, uint32_t out[3]) {
    if (point >= 0xdf) {
        unsigned n =
            special_mapping(unicode_upper_special, COUNT_OF(unicode_upper_special), point, out);
        if (n)
            return n;
    }
    out[0] = char_upper(point);
    return 1;
}

unsigned unicode_to_lower(uint32_t point, uint32_t out[3]) {
    if (point == 0x130)
        return special_mapping(unicode_lower_special, COUNT_OF(unicode_lower_special), point, out);
    out[0] = char_lower(point);
    return 1;
}

unsigned unicode_to_title(uint32_t point, uint32_t out[3]) {
    if (point >= 0xdf) {
        unsigned n =
            special_mapping(unicode_title_special, COUNT_OF(unicode_title_special), point, out);
        if (n)
            return n;
    }
    out[0] = char_title(point);
    return 1;
}

unsigned unicode_fold(uint32_t point, uint32_t out[3]) {
    if (point < 0x80) {
        out[0] = unicode_latin1_lower[point];
        return 1;
    }
    // Hangul would be decomposed along with folding: it has no case.
    if ((point >= 0xac00 && point < 0xe000) || IN(unicode_unassigned, point)) {
        out[0] = point;
        return 1;
    }
    utf8proc_int32_t folded[8];
    utf8proc_ssize_t n =
        utf8proc_decompose_char((utf8proc_int32_t)point, folded, 8, UTF8PROC_CASEFOLD, NULL);
    if (n < 1 || n > 3) {
        out[0] = point;
        return 1;
    }
    for (utf8proc_ssize_t i = 0; i < n; i++)
        out[i] = (uint32_t)folded[i];
    return (unsigned)n;
}

uint32_t char_lower(uint32_t point) {
    if (point < 256)
        return unicode_latin1_lower[point];
    return IN(unicode_unassigned, point) ? point
                                         : (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
}

uint32_t char_upper(uint32_t point) {
    if (point < 0x80)
        return unicode_latin1_upper[point];
    // utf8proc prefers the capital sharp s, which is not U+00DF's mapping in Unicode's data.
    if (point == 0xdf || IN(unicode_unassigned, point))
        return point;
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)point);
}

uint32_t char_title(uint32_t point) {
    if (point < 0x80)
        return unicode_latin1_upper[point];
    if (point == 0xdf || IN(unicode_unassigned, point))
        return point;
    return (uint32_t)utf8proc_totitle((utf8proc_int32_t)point);
}

// ---- questions -------------------------------------------------------------------------

bool char_is_space(uint32_t point) {
    return unicode_flags(point) & UNICODE_SPACE;
}
int char_decimal(uint32_t point) {
    if (point < 0x80)
        return point >= '0' && point <= '9' ? (int)point - '0' : -1;
    if (!(unicode_flags(point) & UNICODE_DECIMAL))
        return -1;
    size_t low = 0, high = COUNT_OF(unicode_zeros); // the last zero not above point
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (unicode_zeros[middle] <= point)
            low = middle;
        else
            high = middle;
    }
    return (int)(point - unicode_zeros[low]);
}

void unicode_start(void) {
    for (uint32_t i = 0; i < 256; i++) {
        utf8proc_int32_t lower = utf8proc_tolower((utf8proc_int32_t)i);
        utf8proc_int32_t upper = utf8proc_toupper((utf8proc_int32_t)i);
        unicode_latin1_lower[i] = lower < 256 ? (uint8_t)lower : (uint8_t)i;
        unicode_latin1_upper[i] = upper < 256 ? (uint8_t)upper : (uint8_t)i;
        latin1_page[i] = (uint16_t)compute_flags(i);
    }
    unicode_pages[0] = latin1_page;
}
