// SPDX-License-Identifier: MIT
//
// Names of characters. See the header.
#include "vm/types/unicode_names.h"
#include "gc/heap.h"
#include "locks/mutex.h"
#include "vm/types/unicode_name_tables.h"
#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { BUCKETS = 131072, ALIASES = COUNT_OF(unicode_aliases) };

typedef struct {
    uint32_t words[UNICODE_WORDS]; // where each word begins
    uint32_t names[UNICODE_NAMES]; // where each name begins
    uint32_t points[UNICODE_NAMES];
    // Number of a name + 1, or UNICODE_NAMES + 1 + number of an alias; 0: empty. Open addressing.
    uint32_t buckets[BUCKETS];
} Index;

static Mutex index_mutex = MUTEX_INIT;
static Index *index_built; // atomic; complete once published

static uint32_t hash(const char *name, size_t length) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (uint8_t)name[i]) * 16777619u;
    return h ^ h >> 15;
}

static size_t name_of(const Index *x, uint32_t number, char *out) {
    const uint8_t *at = (const uint8_t *)unicode_name_data + x->names[number];
    size_t n = 0;
    while (*at) {
        uint32_t word = *at++;
        if (word >= 128)
            word = (word & 127) << 8 | *at++;
        if (n)
            out[n++] = ' ';
        const char *letter = unicode_words + x->words[word - 1];
        while (!(*letter & 0x80))
            out[n++] = *letter++;
        out[n++] = *letter & 127;
    }
    return n;
}

static void enter(Index *x, const char *name, size_t length, uint32_t entry) {
    uint32_t i = hash(name, length) % BUCKETS;
    while (x->buckets[i])
        i = (i + 1) % BUCKETS;
    x->buckets[i] = entry;
}

static void build(Index *x) {
    uint32_t at = 0;
    for (int w = 0; w < UNICODE_WORDS; w++) {
        x->words[w] = at;
        while (!(unicode_words[at++] & 0x80)) {
        }
    }
    at = 0;
    for (int n = 0; n < UNICODE_NAMES; n++) {
        x->names[n] = at;
        while (unicode_name_data[at]) // a number below 128 is one byte, and no first byte is 0
            at += unicode_name_data[at] & 0x80 ? 2 : 1;
        at++;
    }
    uint32_t n = 0;
    for (size_t r = 0; r < COUNT_OF(unicode_named); r++)
        for (uint32_t p = unicode_named[r].first; p <= unicode_named[r].last; p++)
            x->points[n++] = p;
    for (n = 0; n < UNICODE_NAMES; n++) {
        char name[UNICODE_NAME_MAX];
        enter(x, name, name_of(x, n, name), n + 1);
    }
    for (n = 0; n < ALIASES; n++)
        enter(x, unicode_aliases[n].name, strlen(unicode_aliases[n].name), UNICODE_NAMES + 1 + n);
}

static const Index *index_get(void) {
    Index *x = __atomic_load_n(&index_built, __ATOMIC_ACQUIRE);
    if (x)
        return x;
    mutex_lock(&index_mutex);
    x = index_built;
    if (!x && (x = buffer_allocate_zeroed(sizeof *x)) != NULL) {
        build(x);
        __atomic_store_n(&index_built, x, __ATOMIC_RELEASE);
    }
    mutex_unlock(&index_mutex);
    return x;
}

static bool in_ranges(const UnicodeNameRange *ranges, size_t count, uint32_t point) {
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

bool unicode_named_later(uint32_t point) {
    return in_ranges(unicode_named_later_ranges, COUNT_OF(unicode_named_later_ranges), point);
}

// ---- Hangul syllables: named by their parts (The Unicode Standard, 3.12) ----------------------

enum { HANGUL_BASE = 0xac00, HANGUL_LEADS = 19, HANGUL_VOWELS = 21, HANGUL_TAILS = 28 };
static const char *const hangul_leads[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                           "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
static const char *const hangul_vowels[] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                            "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                            "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static const char *const hangul_tails[] = {
    "",   "G",  "GG", "GS", "N",  "NJ", "NH", "D",  "L", "LG", "LM", "LB", "LS", "LT",
    "LP", "LH", "M",  "B",  "BS", "S",  "SS", "NG", "J", "C",  "K",  "T",  "P",  "H"};
static const char hangul_prefix[] = "HANGUL SYLLABLE ",
                  ideograph_prefix[] = "CJK UNIFIED IDEOGRAPH-";

// The longest of these that text begins with: its number, -1 none.
static int longest(const char *const *parts, int count, const char **text, const char *end) {
    int best = -1;
    size_t best_length = 0;
    for (int i = 0; i < count; i++) {
        size_t n = strlen(parts[i]);
        if ((best < 0 || n > best_length) && n <= (size_t)(end - *text) &&
            !memcmp(*text, parts[i], n)) {
            best = i;
            best_length = n;
        }
    }
    *text += best_length;
    return best;
}

static bool find_hangul(const char *text, const char *end, uint32_t *point) {
    int lead = longest(hangul_leads, HANGUL_LEADS, &text, end);
    int vowel = longest(hangul_vowels, HANGUL_VOWELS, &text, end);
    int tail = longest(hangul_tails, HANGUL_TAILS, &text, end);
    *point = (uint32_t)(HANGUL_BASE + (lead * HANGUL_VOWELS + vowel) * HANGUL_TAILS + tail);
    return lead >= 0 && vowel >= 0 && tail >= 0 && text == end;
}

static bool find_ideograph(const char *text, const char *end, uint32_t *point) {
    if (end - text != 4 && end - text != 5)
        return false;
    *point = 0;
    for (; text < end; text++) {
        if (*text >= '0' && *text <= '9')
            *point = *point << 4 | (uint32_t)(*text - '0');
        else if (*text >= 'A' && *text <= 'F')
            *point = *point << 4 | (uint32_t)(*text - 'A' + 10);
        else
            return false;
    }
    return in_ranges(unicode_ideographs, COUNT_OF(unicode_ideographs), *point);
}

// ---- the functions ---------------------------------------------------------------------------

int unicode_name(uint32_t point, char *out) {
    if (point - HANGUL_BASE < HANGUL_LEADS * HANGUL_VOWELS * HANGUL_TAILS) {
        uint32_t i = point - HANGUL_BASE;
        return snprintf(out, UNICODE_NAME_MAX, "%s%s%s%s", hangul_prefix,
                        hangul_leads[i / (HANGUL_VOWELS * HANGUL_TAILS)],
                        hangul_vowels[i / HANGUL_TAILS % HANGUL_VOWELS],
                        hangul_tails[i % HANGUL_TAILS]);
    }
    if (in_ranges(unicode_ideographs, COUNT_OF(unicode_ideographs), point))
        return snprintf(out, UNICODE_NAME_MAX, "%s%X", ideograph_prefix, point);
    const Index *x = index_get();
    if (!x)
        return -1;
    size_t low = 0, high = UNICODE_NAMES;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (x->points[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == UNICODE_NAMES || x->points[low] != point)
        return 0;
    return (int)name_of(x, (uint32_t)low, out);
}

int unicode_find_sequence(const char *name, size_t length, uint32_t out[UNICODE_SEQUENCE_MAX]) {
    size_t prefix = sizeof hangul_prefix - 1;
    if (length > prefix && !memcmp(name, hangul_prefix, prefix))
        return find_hangul(name + prefix, name + length, out);
    prefix = sizeof ideograph_prefix - 1;
    if (length > prefix && !memcmp(name, ideograph_prefix, prefix))
        return find_ideograph(name + prefix, name + length, out);
    char upper[UNICODE_NAME_MAX], other[UNICODE_NAME_MAX];
    if (length == 0 || length >= sizeof upper)
        return 0;
    for (size_t i = 0; i < length; i++)
        upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
    const Index *x = index_get();
    if (!x)
        return -1;
    for (uint32_t i = hash(upper, length) % BUCKETS; x->buckets[i]; i = (i + 1) % BUCKETS) {
        uint32_t entry = x->buckets[i] - 1;
        if (entry < UNICODE_NAMES) {
            if (name_of(x, entry, other) == length && !memcmp(upper, other, length)) {
                out[0] = x->points[entry];
                return 1;
            }
            continue;
        }
        const UnicodeAlias *alias = &unicode_aliases[entry - UNICODE_NAMES];
        if (strlen(alias->name) == length && !memcmp(upper, alias->name, length)) {
            int n = 0;
            while (n < UNICODE_SEQUENCE_MAX && (n == 0 || alias->points[n])) {
                out[n] = alias->points[n];
                n++;
            }
            return n;
        }
    }
    return 0;
}

int unicode_find(const char *name, size_t length, uint32_t *point) {
    uint32_t points[UNICODE_SEQUENCE_MAX];
    int n = unicode_find_sequence(name, length, points);
    *point = points[0];
    return n > 1 ? 0 : n;
}

bool unicode_find_character(const char *name, size_t length, uint32_t *point) {
    return unicode_find(name, length, point) > 0;
}
