// SPDX-License-Identifier: MIT
//
// Regular expressions: categories of characters, case, and sets.
#include "vm/modules/sre.h"
#include "vm/types/str.h"
#include "vm/types/unicode.h"
#include <ctype.h>

static bool ascii_word(uint32_t c) {
    return c < 128 && (isalnum((int)c) || c == '_');
}
static bool locale_word(uint32_t c) {
    return c < 256 && (isalnum((int)c) || c == '_');
}
static bool ascii_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool sre_category(uint32_t category, uint32_t point) {
    switch (category) {
    case CATEGORY_DIGIT:
        return point - '0' < 10;
    case CATEGORY_NOT_DIGIT:
        return point - '0' >= 10;
    case CATEGORY_SPACE:
        return ascii_space(point);
    case CATEGORY_NOT_SPACE:
        return !ascii_space(point);
    case CATEGORY_WORD:
        return ascii_word(point);
    case CATEGORY_NOT_WORD:
        return !ascii_word(point);
    case CATEGORY_LINEBREAK:
        return point == '\n';
    case CATEGORY_NOT_LINEBREAK:
        return point != '\n';
    case CATEGORY_LOC_WORD:
        return locale_word(point);
    case CATEGORY_LOC_NOT_WORD:
        return !locale_word(point);
    case CATEGORY_UNI_DIGIT:
        return unicode_flags(point) & UNICODE_DECIMAL;
    case CATEGORY_UNI_NOT_DIGIT:
        return !(unicode_flags(point) & UNICODE_DECIMAL);
    case CATEGORY_UNI_SPACE:
        return unicode_flags(point) & UNICODE_SPACE;
    case CATEGORY_UNI_NOT_SPACE:
        return !(unicode_flags(point) & UNICODE_SPACE);
    case CATEGORY_UNI_WORD:
        return point == '_' || (unicode_flags(point) & UNICODE_ALNUM);
    case CATEGORY_UNI_NOT_WORD:
        return point != '_' && !(unicode_flags(point) & UNICODE_ALNUM);
    case CATEGORY_UNI_LINEBREAK:
        return unicode_flags(point) & UNICODE_LINE_BREAK;
    case CATEGORY_UNI_NOT_LINEBREAK:
        return !(unicode_flags(point) & UNICODE_LINE_BREAK);
    }
    return false;
}

uint32_t sre_fold(SreFold fold, uint32_t point) {
    switch (fold) {
    case FOLD_ASCII:
        return point - 'A' < 26 ? point + ('a' - 'A') : point;
    case FOLD_LOCALE:
        return point < 256 ? (uint32_t)tolower((int)point) : point;
    case FOLD_UNICODE:
        return point < 0x110000 ? char_lower(point) : point;
    default:
        return point;
    }
}

// The first character of the capital form, as the library expects it.
uint32_t sre_upper(uint32_t point) {
    uint32_t upper[3];
    unicode_to_upper(point, upper);
    return upper[0];
}

static inline bool bit_at(const uint32_t *bits, uint32_t i) {
    return bits[i >> 5] >> (i & 31) & 1;
}

// The set that begins at p. Later entries are not looked at once one holds.
static bool charset_has(const uint32_t *p, uint32_t point) {
    bool in = true;
    for (;;) {
        switch (*p++) {
        case CODE_FAILURE:
            return !in;
        case CODE_NEGATE:
            in = !in;
            break;
        case CODE_LITERAL:
            if (point == p[0])
                return in;
            p++;
            break;
        case CODE_RANGE:
            if (point >= p[0] && point <= p[1])
                return in;
            p += 2;
            break;
        case CODE_RANGE_UNI_IGNORE: {
            uint32_t upper = sre_upper(point);
            if ((point >= p[0] && point <= p[1]) || (upper >= p[0] && upper <= p[1]))
                return in;
            p += 2;
            break;
        }
        case CODE_CATEGORY:
            if (sre_category(p[0], point))
                return in;
            p++;
            break;
        case CODE_CHARSET:
            if (point < 256 && bit_at(p, point))
                return in;
            p += 8;
            break;
        case CODE_BIGCHARSET: {
            const uint8_t *blocks = (const uint8_t *)(p + 1);
            if (point < 65536 && bit_at(p + 65 + 8 * blocks[point >> 8], point & 255))
                return in;
            p += 65 + 8 * p[0];
            break;
        }
        }
    }
}

bool sre_charset_valid(const uint32_t *code, int64_t at, int64_t end) {
    while (at < end) {
        int64_t left = end - at - 1, length;
        const uint32_t *p = code + at + 1;
        switch (code[at]) {
        case CODE_FAILURE:
            return left == 0;
        case CODE_NEGATE:
            length = 0;
            break;
        case CODE_LITERAL:
            length = 1;
            break;
        case CODE_RANGE:
        case CODE_RANGE_UNI_IGNORE:
            length = 2;
            break;
        case CODE_CATEGORY:
            length = 1;
            if (left < 1 || p[0] >= CATEGORY_COUNT)
                return false;
            break;
        case CODE_CHARSET:
            length = 8;
            break;
        case CODE_BIGCHARSET:
            if (left < 65)
                return false;
            length = 65 + 8 * (int64_t)p[0];
            for (int i = 0; i < 256; i++)
                if (((const uint8_t *)(p + 1))[i] >= p[0])
                    return false;
            break;
        default:
            return false;
        }
        if (length > left)
            return false;
        at += 1 + length;
    }
    return false;
}

static bool has_plain(const uint32_t *code, const SreSet *set, uint32_t point) {
    switch (set->kind) {
    case SET_CHARSET:
        return charset_has(code + set->operand, point);
    case SET_CATEGORY:
        return sre_category(set->operand, point);
    default:
        return point == set->operand;
    }
}

bool sre_set_ask(const uint32_t *code, const SreSet *set, uint32_t point) {
    bool in;
    if (set->fold == FOLD_LOCALE && point < 256) {
        // The locale's capital and small letter may both be in the set, or neither.
        in = has_plain(code, set, point);
        if (!in)
            in = has_plain(code, set, (uint32_t)tolower((int)point)) ||
                 has_plain(code, set, (uint32_t)toupper((int)point));
    } else {
        in = has_plain(code, set, sre_fold(set->fold, point));
    }
    return set->kind == SET_NOT_LITERAL ? !in : in;
}

// Whether code points from 256 on are in a set, if that is the same for all of them.
static SreHigh high_part(const uint32_t *code, const SreSet *set) {
    switch (set->kind) {
    case SET_LITERAL:
        return set->operand < 256 && set->fold != FOLD_UNICODE ? HIGH_NONE : HIGH_ASK;
    case SET_NOT_LITERAL:
        return set->operand < 256 && set->fold != FOLD_UNICODE ? HIGH_ALL : HIGH_ASK;
    case SET_CATEGORY:
        break;
    case SET_CHARSET: {
        if (set->fold == FOLD_UNICODE)
            return HIGH_ASK;
        bool in = true;
        const uint32_t *p = code + set->operand;
        for (;;) {
            switch (*p++) {
            case CODE_FAILURE:
                return in ? HIGH_NONE : HIGH_ALL;
            case CODE_NEGATE:
                in = !in;
                break;
            case CODE_LITERAL:
                if (p[0] >= 256)
                    return HIGH_ASK;
                p++;
                break;
            case CODE_RANGE:
                if (p[1] >= 256)
                    return HIGH_ASK;
                p += 2;
                break;
            case CODE_CHARSET:
                p += 8;
                break;
            case CODE_CATEGORY:
                if (p[0] >= CATEGORY_LOC_WORD)
                    return HIGH_ASK;
                if (p[0] & 1) // one of the negated: all high ones are in
                    return in ? HIGH_ALL : HIGH_NONE;
                p++;
                break;
            default:
                return HIGH_ASK;
            }
        }
    }
    }
    if (set->operand >= CATEGORY_LOC_WORD)
        return HIGH_ASK;
    return set->operand & 1 ? HIGH_ALL : HIGH_NONE;
}

static bool depends_on_locale(const uint32_t *code, const SreSet *set) {
    if (set->fold == FOLD_LOCALE)
        return true;
    if (set->kind == SET_CATEGORY)
        return set->operand == CATEGORY_LOC_WORD || set->operand == CATEGORY_LOC_NOT_WORD;
    if (set->kind != SET_CHARSET)
        return false;
    for (const uint32_t *p = code + set->operand;;) {
        switch (*p++) {
        case CODE_FAILURE:
            return false;
        case CODE_LITERAL:
            p++;
            break;
        case CODE_RANGE:
        case CODE_RANGE_UNI_IGNORE:
            p += 2;
            break;
        case CODE_CATEGORY:
            if (p[0] == CATEGORY_LOC_WORD || p[0] == CATEGORY_LOC_NOT_WORD)
                return true;
            p++;
            break;
        case CODE_CHARSET:
            p += 8;
            break;
        case CODE_BIGCHARSET:
            p += 65 + 8 * p[0];
            break;
        }
    }
}

void sre_set_fill(const uint32_t *code, SreSet *set) {
    set->dynamic = depends_on_locale(code, set);
    set->high = HIGH_ASK;
    if (set->dynamic)
        return;
    for (uint32_t c = 0; c < 256; c++)
        set->table[c] = sre_set_ask(code, set, c);
    set->high = high_part(code, set);
}

// ---- answers about wide characters -------------------------------------------------------
// Pages of 64 answers, found when one of them is first asked for. Whoever finds some stores the
// same as anybody else would.

typedef struct {
    uint64_t known;       // bit i: page[i] holds answers; set (release) after they were stored
    uint64_t answers[64]; // a page each
} HighBlock;

struct SreHighMap {
    HighBlock *blocks[0x110000 >> 12]; // NULL: none yet
};

// What *place points to, made of `size` zeros if there is nothing. NULL: no memory.
static void *made(void *place, size_t size) {
    void **slot = place, *found = __atomic_load_n(slot, __ATOMIC_ACQUIRE);
    if (LIKELY(found))
        return found;
    void *fresh = buffer_allocate_zeroed(size);
    if (!fresh)
        return NULL;
    if (__atomic_compare_exchange_n(slot, &found, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return fresh;
    buffer_free(fresh);
    return found;
}

bool sre_set_high(const uint32_t *code, SreSet *set, uint32_t point) {
    struct SreHighMap *map = made(&set->map, sizeof(struct SreHighMap));
    HighBlock *block = map ? made(&map->blocks[point >> 12], sizeof(HighBlock)) : NULL;
    if (UNLIKELY(!block))
        return sre_set_ask(code, set, point);
    uint32_t page = point >> 6 & 63;
    uint64_t *answers = &block->answers[page];
    if (LIKELY(__atomic_load_n(&block->known, __ATOMIC_ACQUIRE) >> page & 1))
        return __atomic_load_n(answers, __ATOMIC_RELAXED) >> (point & 63) & 1;
    uint64_t found = 0;
    for (uint32_t i = 0; i < 64; i++)
        found |= (uint64_t)sre_set_ask(code, set, (point & ~(uint32_t)63) + i) << i;
    __atomic_store_n(answers, found, __ATOMIC_RELAXED);
    __atomic_fetch_or(&block->known, (uint64_t)1 << page, __ATOMIC_RELEASE);
    return found >> (point & 63) & 1;
}

void sre_set_drop(SreSet *set) {
    if (!set->map)
        return;
    for (size_t i = 0; i < sizeof set->map->blocks / sizeof set->map->blocks[0]; i++)
        buffer_free(set->map->blocks[i]);
    buffer_free(set->map);
}
