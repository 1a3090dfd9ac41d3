// SPDX-License-Identifier: MIT
//
// The character sets of the East Asian codecs: tables from two-byte codes to code points and back,
// made from glibc's iconv when a set is first asked for, and changed where CPython's tables are
// different (multibyte_charset_changes.def).
//
// A table is complete before anybody sees it, is never changed after that, and lives as long as
// the process: any thread reads it without a lock.
#ifndef LOCKSMITH_VM_MODULES_MULTIBYTE_CHARSET_H
#define LOCKSMITH_VM_MODULES_MULTIBYTE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// CHARSET(name, iconv's name, prefix, first lead): its codes are the two bytes from (first lead,
// 0x31) on that iconv knows, behind the prefix byte if there is one.
#define CHARSETS(CHARSET)                                                                          \
    CHARSET(GB2312, "EUC-CN", 0, 0xa1)                                                             \
    CHARSET(GBK, "GBK", 0, 0x81)                                                                   \
    CHARSET(GB18030, "GB18030", 0, 0x81)                                                           \
    CHARSET(BIG5, "BIG5", 0, 0xa1)                                                                 \
    CHARSET(CP950, "BIG5", 0, 0xa1)                                                                \
    CHARSET(BIG5HKSCS, "BIG5-HKSCS", 0, 0x81)                                                      \
    CHARSET(SJIS, "SJIS", 0, 0x81)                                                                 \
    CHARSET(CP932, "CP932", 0, 0x81)                                                               \
    CHARSET(SJISX0213, "SHIFT_JISX0213", 0, 0x81)                                                  \
    CHARSET(SJIS_2004, "SHIFT_JISX0213", 0, 0x81)                                                  \
    CHARSET(JISX0208, "EUC-JP", 0, 0xa1)                                                           \
    CHARSET(JISX0212, "EUC-JP", 0x8f, 0xa1)                                                        \
    CHARSET(JISX0213_1, "EUC-JISX0213", 0, 0xa1)                                                   \
    CHARSET(JISX0213_2, "EUC-JISX0213", 0x8f, 0xa1)                                                \
    CHARSET(JISX0213_1_2000, "EUC-JISX0213", 0, 0xa1)                                              \
    CHARSET(JISX0213_2_2000, "EUC-JISX0213", 0x8f, 0xa1)                                           \
    CHARSET(KSX1001, "EUC-KR", 0, 0xa1)                                                            \
    CHARSET(UHC, "UHC", 0, 0x81)                                                                   \
    CHARSET(JOHAB, "JOHAB", 0, 0x81)

typedef enum {
#define CHARSET_NUMBER(name, iconv_name, prefix, first) CHARSET_##name,
    CHARSETS(CHARSET_NUMBER)
#undef CHARSET_NUMBER
        CHARSET_COUNT,
    CHARSET_NONE = CHARSET_COUNT
} CharsetName;

// What a code means that is not a code point.
#define CHARSET_PAIR 0x80000000u  // with the number of a pair of code points
#define CHARSET_LATER 0x40000000u // nothing yet: a later edition of the set has a character there

typedef struct {
    uint32_t first, second;
    uint16_t code;
} CharsetPair;

// Instead of the code of a code point: other sets that have it must not be asked either.
#define CHARSET_REFUSED 1

enum { CHARSET_PAGES = 0x300, CHARSET_MAX_PAIRS = 32 };

typedef struct {
    uint32_t *decode;                // by (lead - 0x80) << 8 | trail; 0: nothing
    uint16_t *encode[CHARSET_PAGES]; // by code point >> 8, & 0xff; NULL or 0: nothing
    CharsetPair pairs[CHARSET_MAX_PAIRS];
    unsigned pair_count;
    uint64_t pair_first; // bit n: a pair may begin with a code point of n modulo 64
    uint16_t *rest;      // of GB18030: the code points from 0x80 on that have no code, in order
    size_t rest_count;
} Charset;

// The table of a set, or NULL with LookupError (this system's iconv does not have the set) or
// MemoryError. Takes some milliseconds the first time; runs no Python code.
const Charset *charset_get(CharsetName name);

// What (lead, trail) means, lead >= 0x80: a code point, CHARSET_PAIR + n, CHARSET_LATER, or 0.
static inline uint32_t charset_decode(const Charset *set, uint8_t lead, uint8_t trail) {
    return set->decode[(lead - 0x80) << 8 | trail];
}
// The code of a code point, CHARSET_REFUSED, or 0.
static inline uint16_t charset_encode(const Charset *set, uint32_t point) {
    const uint16_t *page = point >> 8 < CHARSET_PAGES ? set->encode[point >> 8] : NULL;
    return page ? page[point & 0xff] : 0;
}
bool charset_begins_pair_slow(const Charset *set, uint32_t point);
static inline bool charset_begins_pair(const Charset *set, uint32_t point) {
    return (set->pair_first >> (point & 63) & 1) && charset_begins_pair_slow(set, point);
}
// The code of two code points that are one character of the set, or 0.
uint16_t charset_encode_pair(const Charset *set, uint32_t first, uint32_t second);

#endif
