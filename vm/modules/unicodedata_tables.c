// SPDX-License-Identifier: MIT
//
// Looking up properties of characters, and normal forms (Unicode Standard Annex 15). See the
// header.
#include "vm/modules/unicodedata_internal.h"
#include "gc/heap.h"
#include "vm/modules/unicodedata_tables.h"
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

const UnicodeRecord *unicode_record(uint32_t point) {
    return &unicode_records[unicode_record_pages[unicode_record_index[point >> 7]][point & 127]];
}

// The element of a table sorted by `point`, or NULL.
#define FIND(table, wanted)                                                                        \
    ({                                                                                             \
        size_t low_ = 0, high_ = COUNT_OF(table);                                                  \
        while (low_ < high_) {                                                                     \
            size_t middle_ = (low_ + high_) / 2;                                                   \
            if (table[middle_].point < (wanted))                                                   \
                low_ = middle_ + 1;                                                                \
            else                                                                                   \
                high_ = middle_;                                                                   \
        }                                                                                          \
        low_ < COUNT_OF(table) && table[low_].point == (wanted) ? &table[low_] : NULL;             \
    })

const UnicodeNumber *unicode_number(uint32_t point) {
    if (point - '0' < 10) // they are the first ones
        return &unicode_numbers[point - '0'];
    return unicode_record(point)->flags & UNICODE_RECORD_NUMBER ? FIND(unicode_numbers, point)
                                                                : NULL;
}

size_t unicode_decomposition(uint32_t point, const uint32_t **points, const char **tag) {
    if (!(unicode_record(point)->flags & UNICODE_RECORD_DECOMPOSITION))
        return 0;
    const UnicodeDecomposition *d = FIND(unicode_decompositions, point);
    *points = unicode_decomposition_points + d->start;
    *tag = unicode_decomposition_tags[d->tag];
    return d->length;
}

#define NAME_IN(table, number) ((number) < COUNT_OF(table) ? table[number] : NULL)

const char *unicode_category_name(unsigned number) {
    return NAME_IN(unicode_category_names, number);
}
const char *unicode_bidirectional_name(unsigned number) {
    return NAME_IN(unicode_bidirectional_names, number);
}
const char *unicode_width_name(unsigned number) {
    return NAME_IN(unicode_width_names, number);
}

// The order of combining characters is today's in the normal forms of 3.2 too.
static inline uint8_t combining(uint32_t point) {
    return unicode_record(point)->combining;
}

// ---- decomposing -----------------------------------------------------------------------------

enum {
    S_BASE = 0xac00,
    L_BASE = 0x1100,
    V_BASE = 0x1161,
    T_BASE = 0x11a7,
    L_COUNT = 19,
    V_COUNT = 21,
    T_COUNT = 28,
    S_COUNT = L_COUNT * V_COUNT * T_COUNT
};

typedef struct {
    uint32_t *points;
    size_t length, capacity;
    bool compatible, old, failed;
} Output;

static void put(Output *out, uint32_t point) {
    if (out->length == out->capacity) {
        size_t capacity = out->capacity * 2 + 32;
        uint32_t *points = buffer_resize(out->points, capacity * sizeof *points);
        if (!points) {
            out->failed = true;
            return;
        }
        out->points = points;
        out->capacity = capacity;
    }
    out->points[out->length++] = point;
}

static void put_decomposed(Output *out, uint32_t point) {
    if (point < 0xa0) {
        put(out, point);
        return;
    }
    uint32_t s = point - S_BASE;
    if (s < S_COUNT) {
        put(out, L_BASE + s / (V_COUNT * T_COUNT));
        put(out, V_BASE + s / T_COUNT % V_COUNT);
        if (s % T_COUNT)
            put(out, T_BASE + s % T_COUNT);
        return;
    }
    if (out->old) {
        const UnicodeMapped *mapped = FIND(unicode_old_decompositions, point);
        if (mapped) {
            put_decomposed(out, mapped->to);
            return;
        }
    }
    const uint32_t *parts;
    const char *tag;
    size_t n = unicode_decomposition(point, &parts, &tag);
    if (n == 0 || (*tag && !out->compatible) ||
        (out->old && unicode_record(point)->old_category == 0)) {
        put(out, point);
        return;
    }
    for (size_t i = 0; i < n; i++) // no deeper than the tables' chains
        put_decomposed(out, parts[i]);
}

// Puts runs of combining characters into the order of their classes, equal ones as they were: a
// merge sort of words with the class above the character, so that long runs do not take for ever.
static bool sort_run(uint32_t *run, size_t n) {
    if (n < 32) {
        for (size_t i = 1; i < n; i++) {
            uint32_t point = run[i];
            uint8_t class = combining(point);
            size_t j = i;
            for (; j > 0 && combining(run[j - 1]) > class; j--)
                run[j] = run[j - 1];
            run[j] = point;
        }
        return true;
    }
    size_t starts[257] = {0};
    uint32_t *sorted = buffer_allocate(n * sizeof *sorted);
    if (!sorted)
        return false;
    for (size_t i = 0; i < n; i++)
        starts[combining(run[i]) + 1]++;
    for (int c = 1; c < 257; c++)
        starts[c] += starts[c - 1];
    for (size_t i = 0; i < n; i++)
        sorted[starts[combining(run[i])]++] = run[i];
    memcpy(run, sorted, n * sizeof *sorted);
    buffer_free(sorted);
    return true;
}

bool unicode_decompose(uint32_t **points, size_t *length, bool compatible, bool old) {
    Output out = {.compatible = compatible, .old = old};
    for (size_t i = 0; i < *length && !out.failed; i++)
        put_decomposed(&out, (*points)[i]);
    for (size_t i = 0; i < out.length && !out.failed;) {
        size_t begin = i;
        while (i < out.length && combining(out.points[i]))
            i++;
        if (i - begin > 1)
            out.failed = !sort_run(out.points + begin, i - begin);
        if (i == begin)
            i++;
    }
    if (out.failed) {
        buffer_free(out.points);
        return false;
    }
    buffer_free(*points);
    *points = out.points;
    *length = out.length;
    return true;
}

// ---- composing -------------------------------------------------------------------------------

// The character that the two compose to, or 0.
static uint32_t composed(uint32_t first, uint32_t second) {
    if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT)
        return S_BASE + ((first - L_BASE) * V_COUNT + second - V_BASE) * T_COUNT;
    if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 &&
        second - T_BASE - 1 < T_COUNT - 1)
        return first + second - T_BASE;
    size_t low = 0, high = COUNT_OF(unicode_compositions);
    while (low < high) {
        size_t middle = (low + high) / 2;
        const UnicodeComposition *c = &unicode_compositions[middle];
        if (c->first < first || (c->first == first && c->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    const UnicodeComposition *c = &unicode_compositions[low];
    return low < COUNT_OF(unicode_compositions) && c->first == first && c->second == second
               ? c->composed
               : 0;
}

void unicode_compose(uint32_t *points, size_t *length) {
    size_t n = *length, made = 0, starter = SIZE_MAX;
    uint8_t last = 0; // the class of what was kept last after the starter, 0: nothing
    for (size_t i = 0; i < n; i++) {
        uint32_t point = points[i];
        uint8_t class = combining(point);
        bool blocked = starter == SIZE_MAX || (made > starter + 1 && last >= class);
        uint32_t whole = blocked ? 0 : composed(points[starter], point);
        if (whole) {
            points[starter] = whole;
            continue;
        }
        if (class == 0)
            starter = made;
        last = class;
        points[made++] = point;
    }
    *length = made;
}

// ---- what is normal already ------------------------------------------------------------------

// Below it are the four forms: with 1 << (compose | compatible << 1) set, the character may change
// in that form, or with what is before it.
enum { QUICK_COMBINING = 16 };

// Bytes of 256 characters each, made on first use by any thread, immutable once published.
static const uint8_t *quick_pages[0x1100];

// Does the character change when it is alone?
static bool changes(uint32_t point, bool compose, bool compatible) {
    uint32_t *points = buffer_allocate(sizeof *points);
    size_t length = 1;
    bool changed = true;
    if (!points)
        return true;
    *points = point;
    if (unicode_decompose(&points, &length, compatible, false)) {
        if (compose)
            unicode_compose(points, &length);
        changed = length != 1 || *points != point;
    }
    buffer_free(points);
    return changed;
}

// NULL: no memory.
static const uint8_t *quick_build_page(uint32_t page) {
    uint8_t *bytes = buffer_allocate(256);
    if (!bytes)
        return NULL;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t point = page << 8 | i;
        const UnicodeRecord *record = unicode_record(point);
        unsigned flags = record->combining ? QUICK_COMBINING : 0;
        if (record->flags & UNICODE_RECORD_DECOMPOSITION || point - S_BASE < S_COUNT)
            for (unsigned form = 0; form < 4; form++)
                if (changes(point, form & 1, form >> 1))
                    flags |= 1u << form;
        if (point - V_BASE < V_COUNT || point - T_BASE - 1 < T_COUNT - 1)
            flags |= 1 << 1 | 1 << 3; // may compose with what is before it
        bytes[i] = (uint8_t)flags;
    }
    for (size_t i = 0; i < COUNT_OF(unicode_compositions); i++)
        if (unicode_compositions[i].second >> 8 == page)
            bytes[unicode_compositions[i].second & 0xff] |= 1 << 1 | 1 << 3;
    const uint8_t *expected = NULL;
    if (__atomic_compare_exchange_n(&quick_pages[page], &expected, bytes, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return bytes;
    buffer_free(bytes);
    return expected;
}

#define IS_NORMAL(name, Unit)                                                                      \
    static bool name(const Unit *units, size_t length, unsigned form, uint32_t bound) {            \
        unsigned last = 0; /* the class of the character before, 0: it does not combine */         \
        for (size_t i = 0; i < length; i++) {                                                      \
            uint32_t point = units[i];                                                             \
            if (point < bound) {                                                                   \
                last = 0;                                                                          \
                continue;                                                                          \
            }                                                                                      \
            const uint8_t *page = __atomic_load_n(&quick_pages[point >> 8], __ATOMIC_ACQUIRE);     \
            if (!page && !(page = quick_build_page(point >> 8)))                                   \
                return false;                                                                      \
            unsigned flags = page[point & 0xff];                                                   \
            if (flags >> form & 1)                                                                 \
                return false;                                                                      \
            unsigned class = flags & QUICK_COMBINING ? combining(point) : 0;                       \
            if (class && class < last)                                                             \
                return false;                                                                      \
            last = class;                                                                          \
        }                                                                                          \
        return true;                                                                               \
    }
IS_NORMAL(is_normal_1, uint8_t)
IS_NORMAL(is_normal_2, uint16_t)
IS_NORMAL(is_normal_4, uint32_t)

bool unicode_is_normal(const void *units, unsigned kind, size_t length, bool compose,
                       bool compatible, uint32_t bound) {
    unsigned form = (unsigned)compose | (unsigned)compatible << 1;
    return kind == 0   ? is_normal_1(units, length, form, bound)
           : kind == 1 ? is_normal_2(units, length, form, bound)
                       : is_normal_4(units, length, form, bound);
}
