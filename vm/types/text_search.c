// SPDX-License-Identifier: MIT
//
// Searching arrays of code units: see text_search.h. Single units go to memchr and its kin,
// longer needles among bytes to find_bytes or the C library's memmem (two-way, Crochemore and
// Perrin 1991, with a hash of the needle's tail in glibc), whose time is linear; wider units
// search bytes with it and skip matches that begin inside a unit. Searching backwards uses
// Horspool's rule (Horspool 1980) turned around.
#include "vm/copy.h"
#include "vm/types/text_search.h"
#include <stddef.h>
#include <wchar.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

_Static_assert(sizeof(wchar_t) == 4, "wmemchr searches 4-byte units");

void units_copy(void *target, unsigned target_kind, int64_t to, const void *source,
                unsigned source_kind, int64_t from, int64_t count) {
    if (target_kind == source_kind) {
        copy_bytes((char *)target + (to << target_kind),
                   (const char *)source + (from << source_kind), (size_t)count << target_kind);
        return;
    }
    if (source_kind == 0) {
        const uint8_t *s = (const uint8_t *)source + from;
        if (target_kind == 1) {
            uint16_t *t = (uint16_t *)target + to;
            for (int64_t i = 0; i < count; i++)
                t[i] = s[i];
        } else {
            uint32_t *t = (uint32_t *)target + to;
            for (int64_t i = 0; i < count; i++)
                t[i] = s[i];
        }
        return;
    }
    if (source_kind == 1) {
        const uint16_t *s = (const uint16_t *)source + from;
        if (target_kind == 2) {
            uint32_t *t = (uint32_t *)target + to;
            for (int64_t i = 0; i < count; i++)
                t[i] = s[i];
        } else {
            uint8_t *t = (uint8_t *)target + to;
            for (int64_t i = 0; i < count; i++)
                t[i] = (uint8_t)s[i];
        }
        return;
    }
    const uint32_t *s = (const uint32_t *)source + from;
    if (target_kind == 1) {
        uint16_t *t = (uint16_t *)target + to;
        for (int64_t i = 0; i < count; i++)
            t[i] = (uint16_t)s[i];
    } else {
        uint8_t *t = (uint8_t *)target + to;
        for (int64_t i = 0; i < count; i++)
            t[i] = (uint8_t)s[i];
    }
}

// Every second byte, sixteen at a time; none is read behind the last one. How many were copied.
static int64_t copy_second_bytes(uint8_t *to, const uint8_t *from, int64_t count) {
    int64_t i = 0;
#ifdef __SSE2__
    const __m128i low = _mm_set1_epi16(0xff);
    for (; i + 17 <= count; i += 16) {
        const __m128i *p = (const __m128i *)(const void *)(from + 2 * i);
        __m128i a = _mm_and_si128(_mm_loadu_si128(p), low),
                b = _mm_and_si128(_mm_loadu_si128(p + 1), low);
        _mm_storeu_si128((__m128i *)(void *)(to + i), _mm_packus_epi16(a, b));
    }
#endif
    return i;
}
// Bytes from the last to the first, eight at a time.
static int64_t copy_bytes_back(uint8_t *to, const uint8_t *from, int64_t count) {
    int64_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, from - i - 7, 8);
        word = __builtin_bswap64(word);
        memcpy(to + i, &word, 8);
    }
    return i;
}

// The kind is a constant at each call.
static inline __attribute__((always_inline)) void copy_apart(void *target, const void *source,
                                                             unsigned kind, int64_t from,
                                                             int64_t step, int64_t count) {
#pragma GCC unroll 4
    for (int64_t i = 0; i < count; i++, from += step)
        unit_set(target, kind, i, unit_at(source, kind, from));
}

void units_copy_apart(void *target, const void *source, unsigned kind, int64_t from, int64_t step,
                      int64_t count) {
    if (kind == 0) {
        const uint8_t *first = (const uint8_t *)source + from;
        int64_t done = step == 2    ? copy_second_bytes(target, first, count)
                       : step == -1 ? copy_bytes_back(target, first, count)
                                    : 0;
        copy_apart((uint8_t *)target + done, source, 0, from + done * step, step, count - done);
    } else if (kind == 1) {
        copy_apart(target, source, 1, from, step, count);
    } else {
        copy_apart(target, source, 2, from, step, count);
    }
}

void units_replace_byte(uint8_t *out, const uint8_t *data, int64_t count, uint8_t from,
                        uint8_t to) {
    int64_t i = 0;
#ifdef __SSE2__
    const __m128i old = _mm_set1_epi8((char)from), flip = _mm_set1_epi8((char)(from ^ to));
    for (; i + 16 <= count; i += 16) {
        __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        units = _mm_xor_si128(units, _mm_and_si128(_mm_cmpeq_epi8(units, old), flip));
        _mm_storeu_si128((__m128i *)(void *)(out + i), units);
    }
#endif
    for (; i < count; i++)
        out[i] = data[i] == from ? to : data[i];
}

void units_replace_half(uint16_t *out, const uint16_t *data, int64_t count, uint16_t from,
                        uint16_t to) {
    int64_t i = 0;
#ifdef __SSE2__
    const __m128i old = _mm_set1_epi16((short)from), flip = _mm_set1_epi16((short)(from ^ to));
    for (; i + 8 <= count; i += 8) {
        __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        units = _mm_xor_si128(units, _mm_and_si128(_mm_cmpeq_epi16(units, old), flip));
        _mm_storeu_si128((__m128i *)(void *)(out + i), units);
    }
#endif
    for (; i < count; i++)
        out[i] = data[i] == from ? to : data[i];
}

bool bytes_are_ascii(const uint8_t *data, size_t length) {
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 64 <= length; i += 64) {
        const __m128i *p = (const __m128i *)(const void *)(data + i);
        __m128i all = _mm_or_si128(_mm_or_si128(_mm_loadu_si128(p), _mm_loadu_si128(p + 1)),
                                   _mm_or_si128(_mm_loadu_si128(p + 2), _mm_loadu_si128(p + 3)));
        if (_mm_movemask_epi8(all))
            return false;
    }
#endif
    for (; i + 8 <= length; i += 8) {
        uint64_t w;
        memcpy(&w, data + i, 8);
        if (w & 0x8080808080808080ULL)
            return false;
    }
    uint8_t rest = 0;
    for (; i < length; i++)
        rest |= data[i];
    return rest < 0x80;
}

size_t bytes_count_high(const uint8_t *data, size_t length) {
    size_t total = 0, i = 0;
    while (length - i >= 32) {
        size_t rounds = (length - i) / 32;
        if (rounds > 255)
            rounds = 255; // sums of up to 255 fit a byte lane
        uint8_t lanes[32] = {0};
        for (size_t r = 0; r < rounds; r++, i += 32)
            for (int j = 0; j < 32; j++)
                lanes[j] = (uint8_t)(lanes[j] + (data[i + (size_t)j] >> 7));
        for (int j = 0; j < 32; j++)
            total += lanes[j];
    }
    for (; i < length; i++)
        total += data[i] >> 7;
    return total;
}

uint32_t units_bound(const void *data, unsigned kind, int64_t count) {
    if (kind == 0)
        return bytes_are_ascii(data, (size_t)count) ? 0x7f : 0xff;
    uint32_t all = 0;
    if (kind == 1) {
        const uint16_t *p = data;
        for (int64_t i = 0; i < count; i++)
            all |= p[i];
    } else {
        const uint32_t *p = data;
        for (int64_t i = 0; i < count; i++)
            all |= p[i];
    }
    return all < 0x80 ? 0x7f : all < 0x100 ? 0xff : all < 0x10000 ? 0xffff : 0x10ffff;
}

int64_t units_find_unit(const void *data, unsigned kind, int64_t count, uint32_t point) {
    if (count <= 0)
        return -1;
    if (kind == 0) {
        if (point > 0xff)
            return -1;
        const uint8_t *found = memchr(data, (int)point, (size_t)count);
        return found ? found - (const uint8_t *)data : -1;
    }
    if (kind == 2) {
        const wchar_t *found = wmemchr(data, (wchar_t)point, (size_t)count);
        return found ? found - (const wchar_t *)data : -1;
    }
    if (point > 0xffff)
        return -1;
    const uint16_t *p = data;
    int64_t i = 0;
#ifdef __SSE2__
    const __m128i wanted = _mm_set1_epi16((short)point);
    for (; i + 8 <= count; i += 8) {
        __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi16(units, wanted));
        if (mask)
            return i + (__builtin_ctz(mask) >> 1);
    }
#endif
    for (; i < count; i++)
        if (p[i] == point)
            return i;
    return -1;
}

int64_t bytes_find_either(const uint8_t *data, int64_t count, uint8_t a, uint8_t b) {
    int64_t i = 0;
#ifdef __SSE2__
    const __m128i first = _mm_set1_epi8((char)a), second = _mm_set1_epi8((char)b);
    for (; i + 16 <= count; i += 16) {
        __m128i some = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        unsigned hits = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(some, first), _mm_cmpeq_epi8(some, second)));
        if (hits)
            return i + __builtin_ctz(hits);
    }
#endif
    for (; i < count; i++)
        if (data[i] == a || data[i] == b)
            return i;
    return -1;
}

int64_t units_find_unit_last(const void *data, unsigned kind, int64_t count, uint32_t point) {
    if (count <= 0)
        return -1;
    if (kind == 0) {
        if (point > 0xff)
            return -1;
        const uint8_t *found = memrchr(data, (int)point, (size_t)count);
        return found ? found - (const uint8_t *)data : -1;
    }
    for (int64_t i = count - 1; i >= 0; i--)
        if (unit_at(data, kind, i) == point)
            return i;
    return -1;
}

int64_t units_count_unit(const void *data, unsigned kind, int64_t count, uint32_t point) {
    int64_t total = 0;
    if (kind == 0) {
        if (point > 0xff)
            return 0;
        const uint8_t *p = data, unit = (uint8_t)point;
        int64_t i = 0;
        // Sums of up to 255 matches fit a byte lane.
        while (count - i >= 32) {
            int64_t rounds = (count - i) / 32;
            if (rounds > 255)
                rounds = 255;
            uint8_t lanes[32] = {0};
            for (int64_t r = 0; r < rounds; r++, i += 32)
                for (int j = 0; j < 32; j++)
                    lanes[j] = (uint8_t)(lanes[j] + (p[i + j] == unit));
            for (int j = 0; j < 32; j++)
                total += lanes[j];
        }
        for (; i < count; i++)
            total += p[i] == unit;
        return total;
    }
    if (kind == 1) {
        const uint16_t *p = data;
        for (int64_t i = 0; i < count; i++)
            total += p[i] == point;
    } else {
        const uint32_t *p = data;
        for (int64_t i = 0; i < count; i++)
            total += p[i] == point;
    }
    return total;
}

#ifdef __SSE2__
// What lies between the first and the last byte of a needle: mostly too little for a call of
// memcmp. Not in line, since that makes the search for candidates slower.
static __attribute__((noinline)) bool middle_matches(const uint8_t *p, const uint8_t *q,
                                                     int64_t m) {
    if (m > 5)
        return memcmp(p + 1, q + 1, (size_t)m - 2) == 0;
    for (int64_t i = 1; i < m - 1; i++)
        if (p[i] != q[i])
            return false;
    return true;
}

// Sixteen places at a time: where both the first and the last byte of the needle match, the rest is
// compared (the "generic SIMD" search of Wojciech Mula's collection). After too many candidates in
// vain the linear algorithm takes over. 2 <= m <= n.
static int64_t find_bytes(const uint8_t *p, int64_t n, const uint8_t *q, int64_t m) {
    const __m128i first = _mm_set1_epi8((char)q[0]), last = _mm_set1_epi8((char)q[m - 1]);
    int64_t i = 0, end = n - m; // the last place
    int64_t patience = 64;
    for (; i + 15 <= end; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + i + m - 1));
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));
        for (; __builtin_expect(mask != 0, 0); mask &= mask - 1) {
            int64_t at = i + __builtin_ctz(mask);
            if (middle_matches(p + at, q, m))
                return at;
            patience -= 16;
        }
        if (__builtin_expect(++patience < 0, 0)) {
            const uint8_t *found = memmem(p + i + 16, (size_t)(n - i - 16), q, (size_t)m);
            return found ? found - p : -1;
        }
    }
    for (; i <= end; i++)
        if (p[i] == q[0] && p[i + m - 1] == q[m - 1] && memcmp(p + i, q, (size_t)m) == 0)
            return i;
    return -1;
}

// The same from the end. *given_up: where the search is to go on (all places from there on were
// looked at) after too many candidates in vain; else -1.
static int64_t find_bytes_last(const uint8_t *p, int64_t n, const uint8_t *q, int64_t m,
                               int64_t *given_up) {
    const __m128i first = _mm_set1_epi8((char)q[0]), last = _mm_set1_epi8((char)q[m - 1]);
    int64_t end = n - m + 1, patience = 64; // places from `end` on have been looked at
    for (; end >= 16; end -= 16) {
        const uint8_t *at = p + end - 16;
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(at + m - 1));
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));
        while (__builtin_expect(mask != 0, 0)) {
            int bit = 31 - __builtin_clz(mask);
            if (middle_matches(at + bit, q, m))
                return at + bit - p;
            mask ^= 1u << bit;
            patience -= 16;
        }
        if (__builtin_expect(++patience < 0, 0)) {
            *given_up = end - 16;
            return -1;
        }
    }
    while (--end >= 0)
        if (p[end] == q[0] && p[end + m - 1] == q[m - 1] && memcmp(p + end, q, (size_t)m) == 0)
            return end;
    return -1;
}
#else
static int64_t find_bytes(const uint8_t *p, int64_t n, const uint8_t *q, int64_t m) {
    const uint8_t *found = memmem(p, (size_t)n, q, (size_t)m);
    return found ? found - p : -1;
}
#endif

// The first place from i on, before `places`, where the unit is `first` and the one at the same
// place of `tail` is `last`; else `places`.
static int64_t candidate_2(const uint16_t *data, const uint16_t *tail, int64_t i, int64_t places,
                           uint16_t first, uint16_t last) {
#ifdef __SSE2__
    const __m128i begin = _mm_set1_epi16((short)first), end = _mm_set1_epi16((short)last);
    for (; i + 8 <= places; i += 8) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(tail + i));
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi16(a, begin), _mm_cmpeq_epi16(b, end)));
        if (mask)
            return i + (__builtin_ctz(mask) >> 1);
    }
#endif
    while (i < places && (data[i] != first || tail[i] != last))
        i++;
    return i;
}
static int64_t candidate_4(const uint32_t *data, const uint32_t *tail, int64_t i, int64_t places,
                           uint32_t first, uint32_t last) {
#ifdef __SSE2__
    const __m128i begin = _mm_set1_epi32((int)first), end = _mm_set1_epi32((int)last);
    for (; i + 4 <= places; i += 4) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(tail + i));
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi32(a, begin), _mm_cmpeq_epi32(b, end)));
        if (mask)
            return i + (__builtin_ctz(mask) >> 2);
    }
#endif
    while (i < places && (data[i] != first || tail[i] != last))
        i++;
    return i;
}

// Searching wider units: places where the first and the last unit fit are compared. *given_up: too
// many of these places were none; memmem, which looks at every unit about once, is to go on from
// there.
#define FIND_WIDE(name, Unit, candidate)                                                           \
    static int64_t name(const Unit *data, int64_t n, const Unit *needle, int64_t m,                \
                        int64_t *given_up) {                                                       \
        Unit first = needle[0], last = needle[m - 1];                                              \
        const Unit *tail = data + m - 1;                                                           \
        int64_t places = n - m + 1, i = 0, wasted = 0;                                             \
        while ((i = candidate(data, tail, i, places, first, last)) < places) {                     \
            if (memcmp(data + i, needle, (size_t)m * sizeof(Unit)) == 0)                           \
                return i;                                                                          \
            wasted += m;                                                                           \
            i++;                                                                                   \
            if (wasted > 8 * i + 256) {                                                            \
                *given_up = i;                                                                     \
                return -1;                                                                         \
            }                                                                                      \
        }                                                                                          \
        return -1;                                                                                 \
    }
FIND_WIDE(find_units_2, uint16_t, candidate_2)
FIND_WIDE(find_units_4, uint32_t, candidate_4)

int64_t units_find(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind) {
    if (m > n)
        return -1;
    if (m == 0)
        return 0;
    if (m == 1)
        return units_find_unit(data, kind, n, unit_at(needle, kind, 0));
    if (kind == 0)
        return find_bytes(data, n, needle, m);
    int64_t given_up = -1;
    int64_t place = kind == 1 ? find_units_2(data, n, needle, m, &given_up)
                              : find_units_4(data, n, needle, m, &given_up);
    if (given_up < 0)
        return place;
    size_t width = (size_t)1 << kind;
    const char *begin = data, *end = begin + ((size_t)n << kind), *at = begin + (given_up << kind);
    for (;;) {
        const char *found = memmem(at, (size_t)(end - at), needle, (size_t)m << kind);
        if (!found)
            return -1;
        size_t distance = (size_t)(found - begin);
        if (distance % width == 0)
            return (int64_t)(distance / width);
        at = found + (width - distance % width);
    }
}

int64_t units_find_last(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind) {
    if (m > n)
        return -1;
    if (m == 0)
        return n;
    if (m == 1)
        return units_find_unit_last(data, kind, n, unit_at(needle, kind, 0));
#ifdef __SSE2__
    if (kind == 0) {
        int64_t given_up = -1, at = find_bytes_last(data, n, needle, m, &given_up);
        if (given_up < 0)
            return at;
        n = given_up + m - 1;
        if (m > n)
            return -1;
    }
#endif
    size_t bytes = (size_t)m << kind;
    uint32_t first = unit_at(needle, kind, 0);
    if (m < 4 || n - m < 32) {
        for (int64_t i = n - m; i >= 0; i--)
            if (unit_at(data, kind, i) == first &&
                memcmp((const char *)data + (i << kind), needle, bytes) == 0)
                return i;
        return -1;
    }
    // shift[b]: how far left to go when the window's first unit has low byte b: to the
    // needle's first later unit with that low byte.
    uint16_t shift[256];
    uint16_t whole = m < 0xffff ? (uint16_t)m : 0xffff;
    for (int i = 0; i < 256; i++)
        shift[i] = whole;
    for (int64_t i = whole - 1; i > 0; i--)
        shift[unit_at(needle, kind, i) & 0xff] = (uint16_t)i;
    for (int64_t i = n - m; i >= 0;) {
        uint32_t unit = unit_at(data, kind, i);
        if (unit == first && memcmp((const char *)data + (i << kind), needle, bytes) == 0)
            return i;
        i -= shift[unit & 0xff];
    }
    return -1;
}

// As units_find_all for bytes.
static int64_t find_all_bytes(const uint8_t *p, int64_t n, const uint8_t *q, int64_t m,
                              int64_t most, int64_t *places) {
    int64_t count = 0, i = 0, free = 0, end = n - m; // no match may begin before `free`
#ifdef __SSE2__
    const __m128i first = _mm_set1_epi8((char)q[0]), last = _mm_set1_epi8((char)q[m - 1]);
    int64_t patience = 64;
    for (; i + 15 <= end && patience >= 0; i += 16, patience++) {
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + i + m - 1));
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last)));
        for (; mask; mask &= mask - 1) {
            int64_t at = i + __builtin_ctz(mask);
            if (at < free)
                continue;
            if (m > 2 && memcmp(p + at + 1, q + 1, (size_t)m - 2) != 0) {
                patience -= 16;
                continue;
            }
            if (places)
                places[count] = at;
            if (++count == most)
                return count;
            free = at + m;
        }
    }
#endif
    if (i < free)
        i = free;
    while (i <= end) {
        const uint8_t *found = memmem(p + i, (size_t)(n - i), q, (size_t)m);
        if (!found)
            break;
        if (places)
            places[count] = found - p;
        if (++count == most)
            break;
        i = found - p + m;
    }
    return count;
}

int64_t units_find_all(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind,
                       int64_t most, int64_t *places) {
    if (m > n || most <= 0)
        return 0;
    if (kind == 0)
        return find_all_bytes(data, n, needle, m, most, places);
    int64_t total = 0, at = 0;
    while (total < most) {
        int64_t found = units_find((const char *)data + (at << kind), n - at, needle, m, kind);
        if (found < 0)
            break;
        if (places)
            places[total] = at + found;
        total++;
        at += found + m;
    }
    return total;
}

int64_t units_count(const void *data, int64_t n, const void *needle, int64_t m, unsigned kind,
                    int64_t most) {
    if (m == 1 && most == INT64_MAX)
        return units_count_unit(data, kind, n, unit_at(needle, kind, 0));
    return units_find_all(data, n, needle, m, kind, most, NULL);
}
