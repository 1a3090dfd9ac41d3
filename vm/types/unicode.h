// SPDX-License-Identifier: MIT
//
// Character properties in one word per code point, for the text methods. The general
// categories and simple case mappings come from utf8proc, the rest from unicode_tables.h.
// The tables are built a page of 256 code points at a time, on first use, by any thread;
// a page is immutable once published and never freed. Nothing here runs Python code or fails
// (a page that cannot be allocated ends the process).
#ifndef LOCKSMITH_VM_TYPES_UNICODE_H
#define LOCKSMITH_VM_TYPES_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    UNICODE_ALPHA = 1,
    UNICODE_DECIMAL = 2,
    UNICODE_DIGIT = 4,
    UNICODE_NUMERIC = 8,
    UNICODE_LOWER = 16,
    UNICODE_UPPER = 32,
    UNICODE_TITLE = 64,
    UNICODE_SPACE = 128,
    UNICODE_PRINTABLE = 256,
    UNICODE_START = 512,       // may begin an identifier ('_' included)
    UNICODE_CONTINUE = 1024,   // may continue one
    UNICODE_IGNORABLE = 2048,  // Case_Ignorable
    UNICODE_LINE_BREAK = 4096, // str.splitlines()
};
#define UNICODE_CASED (UNICODE_LOWER | UNICODE_UPPER | UNICODE_TITLE)
#define UNICODE_ALNUM (UNICODE_ALPHA | UNICODE_DECIMAL | UNICODE_DIGIT | UNICODE_NUMERIC)

extern const uint16_t *unicode_pages[0x1100];
const uint16_t *unicode_build_page(uint32_t page);

static inline unsigned unicode_flags(uint32_t point) {
    const uint16_t *page = __atomic_load_n(&unicode_pages[point >> 8], __ATOMIC_ACQUIRE);
    if (__builtin_expect(!page, 0))
        page = unicode_build_page(point >> 8);
    return page[point & 0xff];
}

// Full case mappings: 1 to 3 code points into out, their number returned. Final sigma is the
// caller's business.
unsigned unicode_to_upper(uint32_t point, uint32_t out[3]);
unsigned unicode_to_lower(uint32_t point, uint32_t out[3]);
unsigned unicode_to_title(uint32_t point, uint32_t out[3]);
unsigned unicode_fold(uint32_t point, uint32_t out[3]);

// The simple mappings of Latin-1 characters where the result is one too, else the byte itself
// (0xb5, 0xdf and 0xff have no capital in Latin-1).
extern uint8_t unicode_latin1_lower[256], unicode_latin1_upper[256];

void unicode_start(void);

#endif
