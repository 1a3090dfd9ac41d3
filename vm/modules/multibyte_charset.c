// SPDX-License-Identifier: MIT
//
// Making the tables of multibyte_charset.h: every two-byte sequence is given to iconv once.
#include "vm/modules/multibyte_charset.h"
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include <iconv.h>
#include <stdlib.h>

enum { CODES = 0x8000, FIRST_TRAIL = 0x31, LAST_BYTE = 0xfe };

static const struct {
    const char *iconv_name;
    uint8_t prefix, first_lead;
} sources[CHARSET_COUNT] = {
#define CHARSET_SOURCE(name, iconv_name, prefix, first) {iconv_name, prefix, first},
    CHARSETS(CHARSET_SOURCE)
#undef CHARSET_SOURCE
};

typedef struct {
    uint8_t set, count;
    uint16_t code;
    uint32_t point;
} Change;
static const Change changes[] = {
#define CHANGE(set, code, point, count) {CHARSET_##set, count, code, point},
#define ENCODE(set, point, code)
#include "vm/modules/multibyte_charset_changes.def"
#undef CHANGE
#undef ENCODE
};
static const Change encodings[] = {
#define CHANGE(set, code, point, count)
#define ENCODE(set, point, code) {CHARSET_##set, 1, code, point},
#include "vm/modules/multibyte_charset_changes.def"
#undef CHANGE
#undef ENCODE
};

// One sequence of bytes through iconv: the number of code points (at most 2) or 0 if it is none.
static size_t convert(iconv_t converter, char *bytes, size_t length, uint32_t points[2]) {
    uint8_t out[16];
    char *to = (char *)out;
    size_t room = sizeof out;
    iconv(converter, NULL, NULL, NULL, NULL);
    // What may be the beginning of a pair comes out when the converter is asked for the rest.
    if (iconv(converter, &bytes, &length, &to, &room) != 0 || length ||
        iconv(converter, NULL, NULL, &to, &room) == (size_t)-1)
        return 0;
    size_t count = (sizeof out - room) / 4;
    for (size_t i = 0; i < count && i < 2; i++)
        points[i] = (uint32_t)out[4 * i] << 24 | (uint32_t)out[4 * i + 1] << 16 |
                    (uint32_t)out[4 * i + 2] << 8 | out[4 * i + 3];
    return count > 2 ? 0 : count;
}

static uint32_t *meaning(Charset *set, uint16_t code) {
    return &set->decode[code - 0x8000];
}

// -1: no memory.
static int set_code(Charset *set, uint32_t point, uint16_t code) {
    uint16_t **page = &set->encode[point >> 8];
    if (!*page && !(*page = calloc(256, sizeof **page)))
        return -1;
    (*page)[point & 0xff] = code;
    return 0;
}

static int add(Charset *set, uint16_t code, const uint32_t *points, size_t count) {
    if (count == 2) {
        if (set->pair_count == CHARSET_MAX_PAIRS)
            return 0;
        *meaning(set, code) = CHARSET_PAIR | set->pair_count;
        set->pairs[set->pair_count++] = (CharsetPair){points[0], points[1], code};
        set->pair_first |= 1ull << (points[0] & 63);
        return 0;
    }
    if (points[0] >= CHARSET_PAGES << 8)
        return 0;
    *meaning(set, code) = points[0];
    return charset_encode(set, points[0]) ? 0 : set_code(set, points[0], code);
}

static int fill(Charset *set, CharsetName name, iconv_t converter) {
    uint8_t prefix = sources[name].prefix;
    char bytes[3] = {(char)prefix};
    char *code = bytes + (prefix != 0);
    size_t length = prefix ? 3 : 2;
    uint32_t points[2];
    for (unsigned lead = sources[name].first_lead; lead <= LAST_BYTE; lead++) {
        code[0] = (char)lead;
        if (!prefix && convert(converter, code, 1, points))
            continue; // a character by itself
        for (unsigned trail = FIRST_TRAIL; trail <= LAST_BYTE; trail++) {
            code[1] = (char)trail;
            size_t count = convert(converter, bytes, length, points);
            if (count && add(set, (uint16_t)(lead << 8 | trail), points, count) < 0)
                return -1;
        }
    }
    return 0;
}

static int change(Charset *set, uint16_t code, uint32_t point) {
    uint32_t *now = meaning(set, code), old = *now;
    if (old && !(old & CHARSET_PAIR) && charset_encode(set, old) == code)
        set->encode[old >> 8][old & 0xff] = 0;
    *now = point;
    if (point == 0 || point == CHARSET_LATER || charset_encode(set, point))
        return 0;
    return set_code(set, point, code);
}

static int apply_changes(Charset *set, CharsetName name) {
    // All old meanings go before the new ones come, so that characters can change places.
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        for (unsigned k = 0; changes[i].set == name && k < changes[i].count; k++)
            change(set, (uint16_t)(changes[i].code + k), 0);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        for (unsigned k = 0; changes[i].set == name && k < changes[i].count; k++) {
            uint32_t point = changes[i].point;
            if (point && point != CHARSET_LATER)
                point += k;
            if (change(set, (uint16_t)(changes[i].code + k), point) < 0)
                return -1;
        }
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (encodings[i].set == name && set_code(set, encodings[i].point, encodings[i].code) < 0)
            return -1;
    return 0;
}

static void discard(Charset *set) {
    for (size_t i = 0; i < CHARSET_PAGES; i++)
        free(set->encode[i]);
    free(set->decode);
    free(set->rest);
    free(set);
}

// Code points that no code means, in order: what the four-byte codes of GB 18030 count through.
static int list_rest(Charset *set) {
    set->rest = malloc(0x10000 * sizeof *set->rest);
    if (!set->rest)
        return -1;
    for (uint32_t point = 0x80; point < 0x10000; point++)
        if ((point < 0xd800 || point > 0xdfff) && !charset_encode(set, point))
            set->rest[set->rest_count++] = (uint16_t)point;
    return 0;
}

// The table, or NULL: no memory, or *missing. Nothing here reaches a safepoint, so that no fork
// finds the mutex of charset_get taken.
static Charset *make(CharsetName name, bool *missing) {
    // UCS-4 is iconv's own, big-endian.
    iconv_t converter = iconv_open("ISO-10646/UCS4/", sources[name].iconv_name);
    *missing = converter == (iconv_t)-1;
    if (*missing)
        return NULL;
    Charset *set = calloc(1, sizeof *set);
    bool made = set && (set->decode = calloc(CODES, sizeof *set->decode)) &&
                fill(set, name, converter) == 0 && apply_changes(set, name) == 0 &&
                (name != CHARSET_GB18030 || list_rest(set) == 0);
    iconv_close(converter);
    if (!made && set) {
        discard(set);
        set = NULL;
    }
    return set;
}

const Charset *charset_get(CharsetName name) {
    static Charset *sets[CHARSET_COUNT]; // published with release, `making` held
    static Mutex making = MUTEX_INIT;
    Charset *set = __atomic_load_n(&sets[name], __ATOMIC_ACQUIRE);
    if (set)
        return set;
    bool missing = false;
    mutex_lock(&making);
    set = __atomic_load_n(&sets[name], __ATOMIC_RELAXED);
    if (!set && (set = make(name, &missing)))
        __atomic_store_n(&sets[name], set, __ATOMIC_RELEASE);
    mutex_unlock(&making);
    if (missing)
        raise_error(&exception_LookupError, "iconv does not have the character set %s",
                    sources[name].iconv_name);
    else if (!set)
        raise_memory_error();
    return set;
}

bool charset_begins_pair_slow(const Charset *set, uint32_t point) {
    for (unsigned i = 0; i < set->pair_count; i++)
        if (set->pairs[i].first == point)
            return true;
    return false;
}

uint16_t charset_encode_pair(const Charset *set, uint32_t first, uint32_t second) {
    for (unsigned i = 0; i < set->pair_count; i++)
        if (set->pairs[i].first == first && set->pairs[i].second == second)
            return set->pairs[i].code;
    return 0;
}
