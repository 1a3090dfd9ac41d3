// SPDX-License-Identifier: MIT
//
// Identifiers beyond ASCII; see identifier.h. XID_Start and XID_Continue are put together from
// general categories and the few exceptions that Unicode Standard Annex 31 and its data file
// DerivedCoreProperties list.
#include "vm/parse/identifier.h"

#include <stdlib.h>
#include <utf8proc.h>

static bool is_in(uint32_t c, const uint32_t (*ranges)[2], size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

#define IS_IN(c, ranges) is_in(c, ranges, sizeof(ranges) / sizeof *(ranges))

static bool is_start(uint32_t c) {
    if (c < 0x80) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
    static const uint32_t others[][2] = {{0x1885, 0x1886}, {0x2118, 0x2118}, {0x212E, 0x212E}};
    static const uint32_t never[][2] = {
        {0x037A, 0x037A}, {0x0E33, 0x0E33}, {0x0EB3, 0x0EB3}, {0x2E2F, 0x2E2F}, {0xFC5E, 0xFC63},
        {0xFDFA, 0xFDFB}, {0xFE70, 0xFE70}, {0xFE72, 0xFE72}, {0xFE74, 0xFE74}, {0xFE76, 0xFE76},
        {0xFE78, 0xFE78}, {0xFE7A, 0xFE7A}, {0xFE7C, 0xFE7C}, {0xFE7E, 0xFE7E}, {0xFF9E, 0xFF9F}};
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return !IS_IN(c, never);
    default:
        return IS_IN(c, others);
    }
}

static bool is_continue(uint32_t c) {
    if (c < 0x80) {
        return is_start(c) || (c >= '0' && c <= '9');
    }
    static const uint32_t others[][2] = {{0x00B7, 0x00B7}, {0x0387, 0x0387}, {0x0E33, 0x0E33},
                                         {0x0EB3, 0x0EB3}, {0x1369, 0x1371}, {0x19DA, 0x19DA},
                                         {0xFF9E, 0xFF9F}};
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
        return true;
    default:
        return is_start(c) || IS_IN(c, others);
    }
}

const char *identifier_find_invalid(const char *text, size_t length, uint32_t *character) {
    const char *end = text + length;
    for (const char *p = text; p < end;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t size = utf8proc_iterate((const utf8proc_uint8_t *)p, end - p, &c);
        if (size <= 0 || !(p == text ? is_start((uint32_t)c) : is_continue((uint32_t)c))) {
            *character = (uint32_t)c;
            return p;
        }
        p += size;
    }
    return NULL;
}

bool identifier_is_printable(uint32_t character) {
    switch (utf8proc_category((utf8proc_int32_t)character)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    case UTF8PROC_CATEGORY_ZS:
        return character == ' ';
    default:
        return true;
    }
}

const AstName *identifier_intern(Arena *arena, const char *text, size_t length) {
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    const utf8proc_option_t form = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, (utf8proc_ssize_t)length, NULL, 0, form);
    if (count < 0) {
        return arena_intern(arena, text, length);
    }
    // Characters first, which become UTF-8 in place.
    utf8proc_int32_t *normal = arena_allocate(arena, ((size_t)count + 1) * sizeof *normal);
    utf8proc_decompose(bytes, (utf8proc_ssize_t)length, normal, count, form);
    utf8proc_ssize_t size = utf8proc_reencode(normal, count, form);
    return arena_intern(arena, (const char *)normal, (size_t)size);
}
