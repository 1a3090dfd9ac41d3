// SPDX-License-Identifier: MIT
//
// Arrays of code units of 1, 2 or 4 bytes (kind 0, 1, 2 as in Str): access, copying, searching.
// Shared by str, bytes and bytearray. Pure C: nothing here runs Python code; the search of
// wider units allocates nothing.
#ifndef LOCKSMITH_VM_TYPES_TEXT_SEARCH_H
#define LOCKSMITH_VM_TYPES_TEXT_SEARCH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint32_t unit_at(const void *data, unsigned kind, int64_t i) {
    if (kind == 0)
        return ((const uint8_t *)data)[i];
    if (kind == 1)
        return ((const uint16_t *)data)[i];
    return ((const uint32_t *)data)[i];
}

static inline void unit_set(void *data, unsigned kind, int64_t i, uint32_t point) {
    if (kind == 0)
        ((uint8_t *)data)[i] = (uint8_t)point;
    else if (kind == 1)
        ((uint16_t *)data)[i] = (uint16_t)point;
    else
        ((uint32_t *)data)[i] = point;
}

// Copies count units from source (at index from) to target (at index to), widening if need be;
// target_kind >= source_kind, or every unit is known to fit.
void units_copy(void *target, unsigned target_kind, int64_t to, const void *source,
                unsigned source_kind, int64_t from, int64_t count);
// Copies the units of source at from, from + step, ... to the beginning of target, of the same
// kind. The arrays do not overlap.
void units_copy_apart(void *target, const void *source, unsigned kind, int64_t from, int64_t step,
                      int64_t count);
// Copies bytes with `to` in place of every `from`. The results may have the same place as the data.
void units_replace_byte(uint8_t *out, const uint8_t *data, int64_t count, uint8_t from, uint8_t to);
// The same for units of two bytes.
void units_replace_half(uint16_t *out, const uint16_t *data, int64_t count, uint16_t from,
                        uint16_t to);

// 0x7f, 0xff, 0xffff or 0x10ffff: the least of these that no unit exceeds.
uint32_t units_bound(const void *data, unsigned kind, int64_t count);

static inline unsigned kind_for_bound(uint32_t bound) {
    return bound < 0x100 ? 0 : bound < 0x10000 ? 1 : 2;
}

bool bytes_are_ascii(const uint8_t *data, size_t length);
size_t bytes_count_high(const uint8_t *data, size_t length); // bytes from 0x80 on

// First/last index of a unit in data[0..count), or -1.
int64_t units_find_unit(const void *data, unsigned kind, int64_t count, uint32_t point);
int64_t bytes_find_either(const uint8_t *data, int64_t count, uint8_t a, uint8_t b);
int64_t units_find_unit_last(const void *data, unsigned kind, int64_t count, uint32_t point);
int64_t units_count_unit(const void *data, unsigned kind, int64_t count, uint32_t point);

// First/last index of needle (same kind, m units) in data (n units), or -1. An empty needle is
// found at 0 / n.
int64_t units_find(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind);
int64_t units_find_last(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind);
// Occurrences that do not overlap, at most `most`. m > 0.
int64_t units_count(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind,
                    int64_t most);

// The same, with the places of the matches (NULL: not wanted; else room for `most`).
int64_t units_find_all(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind,
                       int64_t most, int64_t *places);

#endif
