// SPDX-License-Identifier: MIT
//
// Properties and normal forms of characters, for the module unicodedata: of Unicode 14, or of 3.2
// (old). Pure C over generated tables.
#ifndef LOCKSMITH_VM_MODULES_UNICODEDATA_INTERNAL_H
#define LOCKSMITH_VM_MODULES_UNICODEDATA_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UNICODE_RECORD_MIRRORED = 1,
    UNICODE_RECORD_OLD_MIRRORED = 2,
    UNICODE_RECORD_DECOMPOSITION = 4, // has one
    UNICODE_RECORD_NUMBER = 8,        // has a numeric value
    UNICODE_RECORD_OLD_DECIMAL = 16,  // in 3.2 its digit was a decimal one
};

typedef struct {
    uint8_t category, combining, bidirectional, width;
    uint8_t old_category, old_combining, old_bidirectional, old_width;
    uint8_t flags;
} UnicodeRecord;

typedef struct {
    uint32_t point;
    double value;
    int8_t decimal, digit; // -1: none
} UnicodeNumber;

typedef struct {
    uint32_t point;
    uint16_t start;
    uint8_t length, tag;
} UnicodeDecomposition;

typedef struct {
    uint32_t first, second, composed;
} UnicodeComposition;

typedef struct {
    uint32_t point, to;
} UnicodeMapped;

const UnicodeRecord *unicode_record(uint32_t point);
const UnicodeNumber *unicode_number(uint32_t point); // NULL: none
// The decomposition as it is listed: its characters, their number (0: none) and its tag ("" or
// "<...>").
size_t unicode_decomposition(uint32_t point, const uint32_t **points, const char **tag);

// The names that the numbers in a record stand for. NULL behind the last one.
enum { UNICODE_NAMES_MAX = 32 };
const char *unicode_category_name(unsigned number);
const char *unicode_bidirectional_name(unsigned number);
const char *unicode_width_name(unsigned number);

// Normal forms. points: length characters in a buffer (buffer_allocate) that may be replaced by a
// larger one. False: no memory (the buffer is still the caller's).
bool unicode_decompose(uint32_t **points, size_t *length, bool compatible, bool old);
void unicode_compose(uint32_t *points, size_t *length);
// Whether units (1, 2 or 4 bytes: kind 0, 1, 2) are in that form of Unicode 14 for sure: the quick
// check of the annex. If not, nobody knows. Characters below `bound` change in no place.
bool unicode_is_normal(const void *units, unsigned kind, size_t length, bool compose,
                       bool compatible, uint32_t bound);

#endif
