// SPDX-License-Identifier: MIT
//
// Runs of characters that encoders and decoders deal with at once, sixteen or eight at a time where
// the machine can. Pure C; allocates nothing. Included by str_utf8.c, codecs*.c.
#ifndef LOCKSMITH_VM_TYPES_CODECS_RUNS_H
#define LOCKSMITH_VM_TYPES_CODECS_RUNS_H

#include "vm/types/text_search.h"
#include <stddef.h>

// How many bytes from the first one on are ASCII.
size_t bytes_ascii_run(const uint8_t *data, size_t length);

typedef enum {
    RUN_ASCII,     // below 128
    RUN_LATIN1,    // below 256
    RUN_UNESCAPED, // what unicode_escape writes as it is: printable ASCII but the backslash
    RUN_DIRECT     // what utf-7 writes as it is
} RunKind;
// Writes as bytes those of count units (of kind, as in text_search.h) that come before the first
// one not of the kind: how many. out must have room for count bytes; what lies behind the run there
// is anything afterwards.
int64_t units_copy_run(uint8_t *out, const void *data, unsigned kind, int64_t count, RunKind run);

// How many of count units come before the first surrogate.
int64_t units_before_surrogate(const void *data, unsigned kind, int64_t count);

// Units of utf-16 (width 2) or utf-32 (width 4) in bytes.
// How many of count units come before the first one that is no character by itself. *all is the
// bitwise or of them.
int64_t wide_run(const uint8_t *data, int64_t count, unsigned width, bool big, uint32_t *all);
// Writes such units as text of that kind, which has room for them.
void wide_to_units(const uint8_t *data, int64_t count, unsigned width, bool big, void *out,
                   unsigned kind);
// The other way, for text without surrogates: where the bytes end. Beyond 0xffff there are two
// units of width 2 for a character.
uint8_t *wide_from_units(uint8_t *out, const void *data, unsigned kind, int64_t length,
                         unsigned width, bool big);

// A unit as bytes, or from them; this machine has the low byte first.
static inline uint8_t *wide_put(uint8_t *out, uint32_t unit, unsigned width, bool big) {
    if (width == 2) {
        uint16_t word = (uint16_t)unit;
        word = big ? __builtin_bswap16(word) : word;
        memcpy(out, &word, 2);
    } else {
        unit = big ? __builtin_bswap32(unit) : unit;
        memcpy(out, &unit, 4);
    }
    return out + width;
}
static inline uint32_t wide_get(const uint8_t *data, unsigned width, bool big) {
    if (width == 2) {
        uint16_t unit;
        memcpy(&unit, data, 2);
        return big ? __builtin_bswap16(unit) : unit;
    }
    uint32_t unit;
    memcpy(&unit, data, 4);
    return big ? __builtin_bswap32(unit) : unit;
}

#endif
