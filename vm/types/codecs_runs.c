// SPDX-License-Identifier: MIT
//
// Runs of characters that encoders and decoders deal with at once: see the header. The loops over
// sixteen units without a branch are for the vectoriser. What is inlined with constants for the
// kind, the width and the order of bytes has loops of its own for each of them.
#include "vm/types/codecs_runs.h"
#include "vm/value.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 16 };

size_t bytes_ascii_run(const uint8_t *p, size_t length) {
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 16 <= length; i += 16) {
        unsigned high =
            (unsigned)_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + i)));
        if (high)
            return i + (unsigned)__builtin_ctz(high);
    }
#endif
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        word &= 0x8080808080808080ULL;
        if (word)
            return i + ((unsigned)__builtin_ctzll(word) >> 3);
    }
    while (i < length && p[i] < 0x80)
        i++;
    return i;
}

// ---- runs that become bytes --------------------------------------------------------------------

ALWAYS_INLINE bool is_of_run(uint32_t c, RunKind run) {
    switch (run) {
    case RUN_ASCII:
        return c < 128;
    case RUN_LATIN1:
        return c < 256;
    case RUN_UNESCAPED:
        return c >= 32 && c < 127 && c != '\\';
    default: // RFC 2152: set D, white space, and set O (optional direct characters)
        return c >= 32 ? c < 126 && c != '+' && c != '\\' : c == '\t' || c == '\n' || c == '\r';
    }
}

#ifdef __SSE2__
// Eight units as lanes of 16 bits; what does not fit is 0x7fff.
ALWAYS_INLINE __m128i load_8(const void *data, unsigned kind) {
    const __m128i *p = data;
    if (kind == 0)
        return _mm_unpacklo_epi8(_mm_loadl_epi64(p), _mm_setzero_si128());
    if (kind == 1)
        return _mm_loadu_si128(p);
    return _mm_packs_epi32(_mm_loadu_si128(p), _mm_loadu_si128(p + 1));
}
// All ones in the lanes of the run's units.
ALWAYS_INLINE __m128i lanes_of_run(__m128i units, RunKind run) {
    const __m128i zero = _mm_setzero_si128();
    if (run == RUN_ASCII)
        return _mm_cmpeq_epi16(_mm_and_si128(units, _mm_set1_epi16((short)0xff80)), zero);
    if (run == RUN_LATIN1)
        return _mm_cmpeq_epi16(_mm_and_si128(units, _mm_set1_epi16((short)0xff00)), zero);
    short end = run == RUN_UNESCAPED ? 127 : 126;
    __m128i within = _mm_and_si128(_mm_cmpgt_epi16(units, _mm_set1_epi16(31)),
                                   _mm_cmplt_epi16(units, _mm_set1_epi16(end)));
    __m128i not = _mm_cmpeq_epi16(units, _mm_set1_epi16('\\'));
    if (run == RUN_UNESCAPED)
        return _mm_andnot_si128(not, within);
    not = _mm_or_si128(not, _mm_cmpeq_epi16(units, _mm_set1_epi16('+')));
    __m128i space = _mm_or_si128(_mm_cmpeq_epi16(units, _mm_set1_epi16('\t')),
                                 _mm_or_si128(_mm_cmpeq_epi16(units, _mm_set1_epi16('\n')),
                                              _mm_cmpeq_epi16(units, _mm_set1_epi16('\r'))));
    return _mm_or_si128(space, _mm_andnot_si128(not, within));
}
#endif

ALWAYS_INLINE int64_t copy_run(uint8_t *out, const void *data, unsigned kind, int64_t count,
                               RunKind run) {
    int64_t i = 0;
#ifdef __SSE2__
    for (; i + 8 <= count; i += 8) {
        __m128i units = load_8((const uint8_t *)data + (i << kind), kind);
        unsigned lanes = (unsigned)_mm_movemask_epi8(lanes_of_run(units, run));
        _mm_storel_epi64((__m128i *)(void *)(out + i), _mm_packus_epi16(units, units));
        if (lanes != 0xffff)
            return i + (__builtin_ctz(~lanes) >> 1);
    }
#endif
    for (; i < count && is_of_run(unit_at(data, kind, i), run); i++)
        out[i] = (uint8_t)unit_at(data, kind, i);
    return i;
}

ALWAYS_INLINE int64_t copy_any_run(uint8_t *out, const void *data, unsigned kind, int64_t count,
                                   RunKind run) {
    switch (run) {
    case RUN_ASCII:
        return copy_run(out, data, kind, count, RUN_ASCII);
    case RUN_LATIN1:
        return copy_run(out, data, kind, count, RUN_LATIN1);
    case RUN_UNESCAPED:
        return copy_run(out, data, kind, count, RUN_UNESCAPED);
    default:
        return copy_run(out, data, kind, count, RUN_DIRECT);
    }
}

int64_t units_copy_run(uint8_t *out, const void *data, unsigned kind, int64_t count, RunKind run) {
    return kind == 0   ? copy_any_run(out, data, 0, count, run)
           : kind == 1 ? copy_any_run(out, data, 1, count, run)
                       : copy_any_run(out, data, 2, count, run);
}

// ---- surrogates, utf-16, utf-32 ----------------------------------------------------------------

ALWAYS_INLINE bool is_surrogate(uint32_t c) {
    return (c & 0xfffff800) == 0xd800;
}

#ifdef __SSE2__
// Bit 2i, of eight units of two bytes, or bit 4i, of four of four bytes, is set if unit i is no
// character by itself.
ALWAYS_INLINE unsigned wrong_16(__m128i units) {
    __m128i top = _mm_and_si128(units, _mm_set1_epi16((short)0xf800));
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi16(top, _mm_set1_epi16((short)0xd800)));
}
ALWAYS_INLINE unsigned wrong_32(__m128i units) {
    __m128i top = _mm_and_si128(units, _mm_set1_epi32((int)0xfffff800));
    __m128i beyond = _mm_or_si128(_mm_cmpgt_epi32(units, _mm_set1_epi32(0x10ffff)),
                                  _mm_cmplt_epi32(units, _mm_setzero_si128()));
    return (unsigned)_mm_movemask_epi8(
        _mm_or_si128(beyond, _mm_cmpeq_epi32(top, _mm_set1_epi32(0xd800))));
}
#endif

ALWAYS_INLINE int64_t before_surrogate(const void *data, unsigned kind, int64_t count) {
    int64_t i = 0;
#ifdef __SSE2__
    for (const int64_t step = kind == 1 ? 8 : 4; i + step <= count; i += step) {
        __m128i units =
            _mm_loadu_si128((const __m128i *)(const void *)((const uint8_t *)data + (i << kind)));
        unsigned wrong = kind == 1 ? wrong_16(units) : wrong_32(units);
        if (wrong)
            return i + (__builtin_ctz(wrong) >> kind);
    }
#endif
    while (i < count && !is_surrogate(unit_at(data, kind, i)))
        i++;
    return i;
}

int64_t units_before_surrogate(const void *data, unsigned kind, int64_t count) {
    return kind == 0   ? count
           : kind == 1 ? before_surrogate(data, 1, count)
                       : before_surrogate(data, 2, count);
}

ALWAYS_INLINE bool is_wrong(uint32_t c, unsigned width) {
    return is_surrogate(c) | (width == 4 && c > 0x10ffff);
}

ALWAYS_INLINE int64_t run_of_wide(const uint8_t *data, int64_t count, unsigned width, bool big,
                                  uint32_t *all_out) {
    uint32_t all = 0;
    int64_t i = 0;
#ifdef __SSE2__
    if (width == 2 || !big) {
        __m128i found = _mm_setzero_si128();
        for (const int64_t step = 16 / width; i + step <= count; i += step) {
            __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(data + i * width));
            if (big)
                units = _mm_or_si128(_mm_slli_epi16(units, 8), _mm_srli_epi16(units, 8));
            if (width == 2 ? wrong_16(units) : wrong_32(units))
                break; // the rest one by one
            found = _mm_or_si128(found, units);
        }
        uint32_t lanes[4];
        _mm_storeu_si128((__m128i *)(void *)lanes, found);
        all = lanes[0] | lanes[1] | lanes[2] | lanes[3];
        if (width == 2)
            all = (all | all >> 16) & 0xffff;
    }
#endif
    for (; i < count; i++) {
        uint32_t c = wide_get(data + i * width, width, big);
        if (is_wrong(c, width))
            break;
        all |= c;
    }
    *all_out = all;
    return i;
}

int64_t wide_run(const uint8_t *data, int64_t count, unsigned width, bool big, uint32_t *all) {
    if (width == 2)
        return big ? run_of_wide(data, count, 2, true, all)
                   : run_of_wide(data, count, 2, false, all);
    return big ? run_of_wide(data, count, 4, true, all) : run_of_wide(data, count, 4, false, all);
}

ALWAYS_INLINE void to_units(const uint8_t *data, int64_t count, unsigned width, bool big, void *out,
                            unsigned kind) {
    if (kind == width / 2 && !big) {
        memcpy(out, data, (size_t)count * width);
        return;
    }
    for (int64_t i = 0; i < count; i++)
        unit_set(out, kind, i, wide_get(data + i * width, width, big));
}

ALWAYS_INLINE void to_units_of_kind(const uint8_t *data, int64_t count, unsigned width, bool big,
                                    void *out, unsigned kind) {
    if (width == 2 && big)
        to_units(data, count, 2, true, out, kind);
    else if (width == 2)
        to_units(data, count, 2, false, out, kind);
    else if (big)
        to_units(data, count, 4, true, out, kind);
    else
        to_units(data, count, 4, false, out, kind);
}

void wide_to_units(const uint8_t *data, int64_t count, unsigned width, bool big, void *out,
                   unsigned kind) {
    if (kind == 0)
        to_units_of_kind(data, count, width, big, out, 0);
    else if (kind == 1)
        to_units_of_kind(data, count, width, big, out, 1);
    else
        to_units_of_kind(data, count, width, big, out, 2);
}

ALWAYS_INLINE uint8_t *from_units(uint8_t *out, const void *data, unsigned kind, int64_t length,
                                  unsigned width, bool big) {
    if (kind == width / 2 && !big) {
        memcpy(out, data, (size_t)length * width);
        return out + length * width;
    }
    int64_t i = 0;
    if (kind == 2 && width == 2) {
        const uint32_t *p = data;
        while (i < length) {
            // Blocks without pairs.
            for (; i + BLOCK <= length; i += BLOCK, out += 2 * BLOCK) {
                uint32_t all = 0;
                for (int k = 0; k < BLOCK; k++)
                    all |= p[i + k];
                if (all >= 0x10000)
                    break;
                for (int k = 0; k < BLOCK; k++)
                    wide_put(out + 2 * k, p[i + k], 2, big);
            }
            // Up to a pair, and it.
            for (bool pair = false; i < length && !pair; i++) {
                uint32_t c = p[i];
                pair = c >= 0x10000;
                if (pair) {
                    out = wide_put(out, 0xd7c0 + (c >> 10), 2, big);
                    c = 0xdc00 | (c & 0x3ff);
                }
                out = wide_put(out, c, 2, big);
            }
        }
        return out;
    }
    for (; i < length; i++)
        wide_put(out + i * width, unit_at(data, kind, i), width, big);
    return out + length * width;
}

ALWAYS_INLINE uint8_t *from_units_of_kind(uint8_t *out, const void *data, unsigned kind,
                                          int64_t length, unsigned width, bool big) {
    if (width == 2)
        return big ? from_units(out, data, kind, length, 2, true)
                   : from_units(out, data, kind, length, 2, false);
    return big ? from_units(out, data, kind, length, 4, true)
               : from_units(out, data, kind, length, 4, false);
}

uint8_t *wide_from_units(uint8_t *out, const void *data, unsigned kind, int64_t length,
                         unsigned width, bool big) {
    return kind == 0   ? from_units_of_kind(out, data, 0, length, width, big)
           : kind == 1 ? from_units_of_kind(out, data, 1, length, width, big)
                       : from_units_of_kind(out, data, 2, length, width, big);
}
