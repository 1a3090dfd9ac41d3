// SPDX-License-Identifier: MIT
//
// str from and to UTF-8, strictly or with surrogates let through (WTF-8), without error
// handlers (those are codecs.c's). Rules of well-formed UTF-8: Unicode standard, table 3-7.
#include "vm/types/str_utf8.h"
#include "vm/runtime/errors.h"
#include "vm/types/codecs.h"
#include "vm/types/codecs_runs.h"
#include "vm/types/str_internal.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

int utf8_decode_one(const uint8_t *p, size_t left, bool surrogates, uint32_t *point,
                    unsigned *error_length) {
    uint8_t c = p[0];
    if (c < 0x80) {
        *point = c;
        return 1;
    }
    *error_length = 1;
    if (c < 0xc2)
        return UTF8_INVALID_START;
    if (c < 0xe0) {
        if (left < 2)
            return UTF8_TRUNCATED;
        if ((p[1] & 0xc0) != 0x80)
            return UTF8_INVALID_CONTINUATION;
        *point = (uint32_t)(c & 0x1f) << 6 | (p[1] & 0x3f);
        return 2;
    }
    if (c < 0xf0) {
        if (left < 2)
            return UTF8_TRUNCATED;
        uint8_t second = p[1];
        if ((second & 0xc0) != 0x80 || (c == 0xe0 && second < 0xa0) ||
            (c == 0xed && second >= 0xa0 && !surrogates))
            return UTF8_INVALID_CONTINUATION;
        *error_length = 2;
        if (left < 3)
            return UTF8_TRUNCATED;
        if ((p[2] & 0xc0) != 0x80)
            return UTF8_INVALID_CONTINUATION;
        *point = (uint32_t)(c & 0x0f) << 12 | (uint32_t)(second & 0x3f) << 6 | (p[2] & 0x3f);
        return 3;
    }
    if (c < 0xf5) {
        if (left < 2)
            return UTF8_TRUNCATED;
        uint8_t second = p[1];
        if ((second & 0xc0) != 0x80 || (c == 0xf0 && second < 0x90) ||
            (c == 0xf4 && second >= 0x90))
            return UTF8_INVALID_CONTINUATION;
        *error_length = 2;
        if (left < 3)
            return UTF8_TRUNCATED;
        if ((p[2] & 0xc0) != 0x80)
            return UTF8_INVALID_CONTINUATION;
        *error_length = 3;
        if (left < 4)
            return UTF8_TRUNCATED;
        if ((p[3] & 0xc0) != 0x80)
            return UTF8_INVALID_CONTINUATION;
        *point = (uint32_t)(c & 0x07) << 18 | (uint32_t)(second & 0x3f) << 12 |
                 (uint32_t)(p[2] & 0x3f) << 6 | (p[3] & 0x3f);
        return 4;
    }
    return UTF8_INVALID_START;
}

const char *utf8_error_reason(int error) {
    return error == UTF8_INVALID_START ? "invalid start byte"
           : error == UTF8_TRUNCATED   ? "unexpected end of data"
                                       : "invalid continuation byte";
}

#ifdef __SSE2__
// The least code point that needs units as wide as the character that begins with this byte, or 0.
static inline uint32_t width_of_byte(uint8_t byte) {
    return byte < 0xc2 ? 0 : byte < 0xc4 ? 0x80 : byte < 0xf0 ? 0x100 : 0x10000;
}

// The 16 bytes that end `back` bytes before the end of `now`, which follows `before`.
#define BYTES_BACK(before, now, back)                                                              \
    _mm_or_si128(_mm_slli_si128(now, back), _mm_srli_si128(before, 16 - (back)))

// In the highest bit of each byte, whether it is `least` (above 0x80) or more.
ALWAYS_INLINE __m128i bytes_from(__m128i bytes, int least) {
    return _mm_subs_epu8(bytes, _mm_set1_epi8((char)(least - 0x80)));
}
ALWAYS_INLINE __m128i bytes_equal(__m128i bytes, int byte) {
    return _mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)byte));
}

// Which of 16 bytes are not what those before them (first, second and third) demand. `continues`
// says which have the form of a second, third or fourth byte. A surrogate is an error here.
ALWAYS_INLINE __m128i block_errors(__m128i bytes, __m128i first, __m128i second, __m128i third,
                                   __m128i continues) {
    __m128i wanted = _mm_or_si128(bytes_from(first, 0xc0),
                                  _mm_or_si128(bytes_from(second, 0xe0), bytes_from(third, 0xf0)));
    __m128i below_90 = _mm_cmpgt_epi8(_mm_set1_epi8((char)0x90), bytes),
            below_a0 = _mm_cmpgt_epi8(_mm_set1_epi8((char)0xa0), bytes);
    __m128i narrower =
        _mm_or_si128(_mm_or_si128(_mm_and_si128(bytes_equal(first, 0xe0), below_a0),
                                  _mm_andnot_si128(below_a0, bytes_equal(first, 0xed))),
                     _mm_or_si128(_mm_and_si128(bytes_equal(first, 0xf0), below_90),
                                  _mm_andnot_si128(below_90, bytes_equal(first, 0xf4))));
    __m128i never =
        _mm_or_si128(bytes_from(bytes, 0xf5),
                     bytes_equal(_mm_and_si128(bytes, _mm_set1_epi8((char)0xfe)), 0xc0));
    return _mm_or_si128(_mm_xor_si128(wanted, continues), _mm_or_si128(narrower, never));
}

// Some well-formed characters from the first one on, to about the end or the first error: how many
// bytes. Their number is added to *count, and *bound becomes one of theirs, too.
static size_t measure_blocks(const uint8_t *data, size_t length, int64_t *count, uint32_t *bound) {
    const __m128i zero = _mm_setzero_si128();
    __m128i before = zero, widest = zero, continuing = zero;
    size_t i = 0;
    unsigned high_before = 0;
    for (; i + 16 <= length; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        unsigned high = (unsigned)_mm_movemask_epi8(bytes);
        if (high | high_before >> 13) {
            __m128i third = BYTES_BACK(before, bytes, 3);
            __m128i continues = _mm_cmpgt_epi8(_mm_set1_epi8((char)0xc0), bytes);
            if (_mm_movemask_epi8(block_errors(bytes, BYTES_BACK(before, bytes, 1),
                                               BYTES_BACK(before, bytes, 2), third, continues)))
                break;
            continuing = _mm_add_epi64(
                continuing, _mm_sad_epu8(_mm_and_si128(continues, _mm_set1_epi8(1)), zero));
            widest = _mm_max_epu8(widest, third); // the last three may be of what is not whole
        }
        before = bytes;
        high_before = high;
    }
    size_t end = i;
    if (high_before >> 15) { // the last character may go on behind the block
        do
            end--;
        while ((data[end] & 0xc0) == 0x80);
    }
    uint64_t sums[2];
    _mm_storeu_si128((__m128i *)(void *)sums, continuing);
    *count += (int64_t)(i - sums[0] - sums[1]) - (end < i);
    uint8_t lanes[16];
    _mm_storeu_si128((__m128i *)(void *)lanes, widest);
    for (int k = 0; k < 16; k++)
        *bound |= width_of_byte(lanes[k]);
    for (size_t k = i < 3 ? 0 : i - 3; k < end; k++)
        *bound |= width_of_byte(data[k]);
    return end;
}
#else
static size_t measure_blocks(const uint8_t *data, size_t length, int64_t *count, uint32_t *bound) {
    return 0;
}
#endif

bool utf8_measure(const uint8_t *data, size_t length, bool surrogates, int64_t *count_out,
                  uint32_t *bound_out, size_t *error_at) {
    int64_t count = 0;
    uint32_t bound = 0;
    // Blocks do not pay for what is short, or soon has an error.
    size_t i = 0, stop = length < 64 ? length : 32;
    while (i < length) {
        if (i + 4 > stop && stop < length) {
            stop = length;
            i += measure_blocks(data + i, length - i, &count, &bound);
            continue;
        }
        if (data[i] < 0x80) {
            size_t ascii = bytes_ascii_run(data + i, length - i);
            i += ascii;
            count += (int64_t)ascii;
            continue;
        }
        // The common two and three bytes here, the rest by the general function.
        if (i + 1 < length && data[i] >= 0xc2 && data[i] < 0xe0 && (data[i + 1] & 0xc0) == 0x80) {
            bound |= (uint32_t)(data[i] & 0x1f) << 6 | (data[i + 1] & 0x3f);
            i += 2;
            count++;
            continue;
        }
        // Words of such as have three.
        size_t start = i;
        while (i + 4 <= stop) {
            uint32_t three, c;
            memcpy(&three, data + i, sizeof three); // little-endian
            if ((three & 0xc0c0f0) != 0x8080e0) {
                if ((three & 0x8080) != 0x8000 || i == start)
                    break;
                i++; // a blank between them
                count++;
                continue;
            }
            c = (three & 0x0f) << 12 | (three >> 2 & 0xfc0) | (three >> 16 & 0x3f);
            if (UNLIKELY(c < 0x800 || (c & 0xf800) == 0xd800))
                break;
            bound |= c;
            i += 3;
            count++;
        }
        if (i != start)
            continue;
        uint32_t point;
        unsigned error_length;
        int n = utf8_decode_one(data + i, length - i, surrogates, &point, &error_length);
        if (n < 0) {
            *error_at = i;
            *count_out = count;
            *bound_out = bound;
            return false;
        }
        bound |= point;
        i += (size_t)n;
        count++;
    }
    *count_out = count;
    *bound_out = bound;
    return true;
}

#ifdef __SSE2__
// Writes sixteen bytes as units from `at` on. Bit i of the answer is set if byte i is not ASCII.
ALWAYS_INLINE unsigned widen_16(const uint8_t *p, void *out, unsigned kind, int64_t at) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p), zero = _mm_setzero_si128();
    __m128i *to = (__m128i *)(void *)((uint8_t *)out + (at << kind));
    __m128i low = _mm_unpacklo_epi8(bytes, zero), high = _mm_unpackhi_epi8(bytes, zero);
    if (kind == 0) {
        _mm_storeu_si128(to, bytes);
    } else if (kind == 1) {
        _mm_storeu_si128(to, low);
        _mm_storeu_si128(to + 1, high);
    } else {
        _mm_storeu_si128(to, _mm_unpacklo_epi16(low, zero));
        _mm_storeu_si128(to + 1, _mm_unpackhi_epi16(low, zero));
        _mm_storeu_si128(to + 2, _mm_unpacklo_epi16(high, zero));
        _mm_storeu_si128(to + 3, _mm_unpackhi_epi16(high, zero));
    }
    return (unsigned)_mm_movemask_epi8(bytes);
}
#endif

static inline __attribute__((always_inline)) void fill_kind(const uint8_t *data, size_t length,
                                                            void *out, unsigned kind) {
    int64_t at = 0;
    for (size_t i = 0; i < length;) {
        uint8_t c = data[i];
        uint32_t point;
        // Sixteen or eight at once. There is room: every two (Latin-1) or four bytes of input
        // become a unit at least.
#ifdef __SSE2__
        if (c < 0x80 && i + (kind == 0 ? 32 : 64) <= length) {
            unsigned high = widen_16(data + i, out, kind, at);
            if (!high) { // on its own, so that the next round need not wait for a count
                i += 16;
                at += 16;
                continue;
            }
            i += (unsigned)__builtin_ctz(high);
            at += __builtin_ctz(high);
            c = data[i];
        }
#endif
        if (c < 0x80 && i + (kind == 0 ? 16 : 32) <= length) {
            uint64_t word;
            memcpy(&word, data + i, 8);
            for (int k = 0; k < 8; k++)
                unit_set(out, kind, at + k, data[i + (size_t)k]);
            uint64_t high = word & 0x8080808080808080ULL;
            int ascii = high ? __builtin_ctzll(high) >> 3 : 8;
            i += (size_t)ascii;
            at += ascii;
            if (!high)
                continue;
            c = data[i];
        } else if (c < 0x80) {
            unit_set(out, kind, at++, c);
            i++;
            continue;
        }
        if (c < 0xe0) {
            point = (uint32_t)(c & 0x1f) << 6 | (data[i + 1] & 0x3f);
            i += 2;
        } else if (c < 0xf0 && kind && i + 4 <= length) {
            // Words of such as have three, and the blanks between them.
            uint32_t three;
            for (; i + 4 <= length; at++) {
                memcpy(&three, data + i, sizeof three); // little-endian
                if ((three & 0xf0) == 0xe0) {
                    point = (three & 0x0f) << 12 | (three >> 2 & 0xfc0) | (three >> 16 & 0x3f);
                    i += 3;
                } else if ((three & 0x8080) == 0x8000) {
                    point = three & 0x7f;
                    i++;
                } else {
                    break;
                }
                unit_set(out, kind, at, point);
            }
            continue;
        } else if (c < 0xf0) {
            point = (uint32_t)(c & 0x0f) << 12 | (uint32_t)(data[i + 1] & 0x3f) << 6 |
                    (data[i + 2] & 0x3f);
            i += 3;
        } else {
            point = (uint32_t)(c & 0x07) << 18 | (uint32_t)(data[i + 1] & 0x3f) << 12 |
                    (uint32_t)(data[i + 2] & 0x3f) << 6 | (data[i + 3] & 0x3f);
            i += 4;
        }
        unit_set(out, kind, at++, point);
    }
}

// For input that utf8_measure accepted.
void utf8_fill(const uint8_t *data, size_t length, void *out, unsigned kind) {
    if (kind == 0)
        fill_kind(data, length, out, 0);
    else if (kind == 1)
        fill_kind(data, length, out, 1);
    else
        fill_kind(data, length, out, 2);
}

Value str_from_utf8(const char *utf8, size_t length) {
    const uint8_t *data = (const uint8_t *)utf8;
    if (LIKELY(bytes_are_ascii(data, length)))
        return str_from_ascii(utf8, length);
    int64_t count;
    uint32_t bound;
    size_t error_at;
    if (!utf8_measure(data, length, true, &count, &bound, &error_at)) {
        uint32_t point;
        unsigned error_length;
        int error =
            utf8_decode_one(data + error_at, length - error_at, true, &point, &error_length);
        codec_raise_decode("utf-8", data, length, error_at, error_at + error_length,
                           utf8_error_reason(error));
        return VALUE_NULL;
    }
    if (count == 1)
        return str_from_code_point(bound);
    void *out;
    Value s = str_allocate(count, bound, &out);
    if (!value_is_null(s))
        utf8_fill(data, length, out, str_kind(s));
    return s;
}

Value str_from_cstr(const char *utf8) {
    return str_from_utf8(utf8, strlen(utf8));
}

static inline __attribute__((always_inline)) size_t encode_one(uint32_t point, uint8_t *out) {
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xc0 | point >> 6);
        out[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xe0 | point >> 12);
        out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | point >> 18);
    out[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (point & 0x3f));
    return 4;
}

size_t utf8_encode_one(uint32_t point, uint8_t *out) {
    return encode_one(point, out);
}

// How many bytes more than one the units need all together, and whether there are surrogates among
// them. Written out for blocks, since a compiler that takes it for seldom used makes it slow.
static size_t extra_bytes_16(const uint16_t *p, int64_t length, bool *surrogates) {
    int64_t i = 0, total = 0;
    bool found = false;
#ifdef __SSE2__
    const __m128i zero = _mm_setzero_si128(), two = _mm_set1_epi16((short)0xff80),
                  three = _mm_set1_epi16((short)0xf800), half = _mm_set1_epi16((short)0xd800);
    while (i + 8 <= length) {
        int64_t start = i, blocks = (length - i) / 8 < 16000 ? (length - i) / 8 : 16000;
        __m128i spared = zero, halves = zero; // sums of up to -32000 fit a lane
        for (; blocks; blocks--, i += 8) {
            __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
            __m128i top = _mm_and_si128(units, three);
            spared = _mm_add_epi16(spared, _mm_cmpeq_epi16(_mm_and_si128(units, two), zero));
            spared = _mm_add_epi16(spared, _mm_cmpeq_epi16(top, zero));
            halves = _mm_or_si128(halves, _mm_cmpeq_epi16(top, half));
        }
        int16_t lanes[8];
        _mm_storeu_si128((__m128i *)(void *)lanes, spared);
        total += 2 * (i - start);
        for (int k = 0; k < 8; k++)
            total += lanes[k];
        found |= _mm_movemask_epi8(halves) != 0;
    }
#endif
    for (; i < length; i++) {
        total += (p[i] >= 0x80) + (p[i] >= 0x800);
        found |= (p[i] & 0xf800) == 0xd800;
    }
    *surrogates = found;
    return (size_t)total;
}
static size_t extra_bytes_32(const uint32_t *p, int64_t length, bool *surrogates) {
    size_t total = 0;
    int64_t i = 0;
    bool found = false;
#ifdef __SSE2__
    // No unit has its highest bit set: comparing with a sign is right.
    const __m128i zero = _mm_setzero_si128(), one = _mm_set1_epi32(0x7f),
                  two = _mm_set1_epi32(0x7ff), three = _mm_set1_epi32(0xffff),
                  top = _mm_set1_epi32((int)0xfffff800), half = _mm_set1_epi32(0xd800);
    while (i + 4 <= length) {
        int64_t blocks = (length - i) / 4 < 1 << 24 ? (length - i) / 4 : 1 << 24;
        __m128i more = zero, halves = zero; // sums of up to -3 << 24 fit a lane
        for (; blocks; blocks--, i += 4) {
            __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
            more = _mm_add_epi32(more, _mm_cmpgt_epi32(units, one));
            more = _mm_add_epi32(more, _mm_cmpgt_epi32(units, two));
            more = _mm_add_epi32(more, _mm_cmpgt_epi32(units, three));
            halves = _mm_or_si128(halves, _mm_cmpeq_epi32(_mm_and_si128(units, top), half));
        }
        int32_t lanes[4];
        _mm_storeu_si128((__m128i *)(void *)lanes, more);
        for (int k = 0; k < 4; k++)
            total += (size_t)-lanes[k];
        found |= _mm_movemask_epi8(halves) != 0;
    }
#endif
    for (; i < length; i++) {
        total += (size_t)(p[i] >= 0x80) + (p[i] >= 0x800) + (p[i] >= 0x10000);
        found |= (p[i] & 0xfffff800) == 0xd800;
    }
    *surrogates = found;
    return total;
}

size_t utf8_size(Value s, int64_t *surrogate_at) {
    int64_t length = str_length(s);
    unsigned kind = str_kind(s);
    const void *data = str_data(s);
    *surrogate_at = -1;
    if (str_is_ascii(s))
        return (size_t)length;
    if (kind == 0)
        return (size_t)length + bytes_count_high(data, (size_t)length);
    bool surrogates;
    size_t size = (size_t)length + (kind == 1 ? extra_bytes_16(data, length, &surrogates)
                                              : extra_bytes_32(data, length, &surrogates));
    for (int64_t i = 0; surrogates && *surrogate_at < 0; i++)
        if ((unit_at(data, kind, i) & 0xfffff800) == 0xd800)
            *surrogate_at = i;
    return size;
}

#ifdef __SSE2__
// Writes sixteen units as bytes. Bit 2i is set if unit i is not ASCII, in whose place is anything.
static inline uint32_t narrow_words(__m128i low, __m128i high, uint8_t *out) {
    __m128i zero = _mm_setzero_si128(), beyond = _mm_set1_epi16((short)0xff80);
    _mm_storeu_si128((__m128i *)(void *)out, _mm_packus_epi16(low, high));
    low = _mm_cmpeq_epi16(_mm_and_si128(low, beyond), zero);
    high = _mm_cmpeq_epi16(_mm_and_si128(high, beyond), zero);
    return ~((uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16);
}
static inline uint32_t narrow_16(const uint16_t *p, uint8_t *out) {
    const __m128i *from = (const __m128i *)(const void *)p;
    return narrow_words(_mm_loadu_si128(from), _mm_loadu_si128(from + 1), out);
}
static inline uint32_t narrow_32(const uint32_t *p, uint8_t *out) {
    const __m128i *from = (const __m128i *)(const void *)p;
    // Packing makes 0x7fff, which is not ASCII, of all that is above.
    __m128i low = _mm_packs_epi32(_mm_loadu_si128(from), _mm_loadu_si128(from + 1)),
            high = _mm_packs_epi32(_mm_loadu_si128(from + 2), _mm_loadu_si128(from + 3));
    return narrow_words(low, high, out);
}
#endif

#ifdef __SSE2__
// Writes four units below 0x10000, each in a lane, with no jump that depends on what they are. Four
// bytes are written for each, so three more than the last one has.
ALWAYS_INLINE uint8_t *write_four(__m128i units, uint8_t *out) {
    __m128i three = _mm_or_si128(
        _mm_or_si128(_mm_set1_epi32(0x8080e0), _mm_srli_epi32(units, 12)),
        _mm_or_si128(_mm_and_si128(_mm_slli_epi32(units, 2), _mm_set1_epi32(0x3f00)),
                     _mm_and_si128(_mm_slli_epi32(units, 16), _mm_set1_epi32(0x3f0000))));
    __m128i two = _mm_or_si128(_mm_or_si128(_mm_set1_epi32(0x80c0), _mm_srli_epi32(units, 6)),
                               _mm_and_si128(_mm_slli_epi32(units, 8), _mm_set1_epi32(0x3f00)));
    __m128i is_one = _mm_cmplt_epi32(units, _mm_set1_epi32(0x80)),
            is_two = _mm_cmplt_epi32(units, _mm_set1_epi32(0x800)); // or one
    __m128i bytes = _mm_or_si128(_mm_and_si128(is_two, two), _mm_andnot_si128(is_two, three));
    bytes = _mm_or_si128(_mm_and_si128(is_one, units), _mm_andnot_si128(is_one, bytes));
    __m128i sizes = _mm_add_epi32(_mm_set1_epi32(3), _mm_add_epi32(is_one, is_two));
    uint32_t words[4], size[4];
    _mm_storeu_si128((__m128i *)(void *)words, bytes);
    _mm_storeu_si128((__m128i *)(void *)size, sizes);
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
        memcpy(out, &words[k], sizeof words[k]); // little-endian
        out += size[k];
    }
    return out;
}
#endif

static uint8_t *write_units_16(const uint16_t *p, int64_t length, uint8_t *out) {
    int64_t i = 0;
#ifdef __SSE2__
    // There is room for what is written too much: every unit becomes a byte at least.
    while (i + 8 + 3 <= length) {
        if (p[i] < 0x80 && i + 16 <= length) {
            uint32_t wide = narrow_16(p + i, out);
            if (!wide) { // on its own, so that the next round need not wait for a count
                out += 16;
                i += 16;
                continue;
            }
            out += __builtin_ctz(wide) >> 1;
            i += __builtin_ctz(wide) >> 1;
            if (i + 8 + 3 > length)
                break;
            if (p[i + 1] < 0x80) { // one alone
                out += encode_one(p[i++], out);
                continue;
            }
        }
        __m128i units = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        out = write_four(_mm_unpacklo_epi16(units, _mm_setzero_si128()), out);
        out = write_four(_mm_unpackhi_epi16(units, _mm_setzero_si128()), out);
        i += 8;
    }
#endif
    while (i < length)
        out += encode_one(p[i++], out);
    return out;
}

void utf8_write(Value s, uint8_t *out) {
    if (str_is_ascii(s))
        memcpy(out, str_data(s), (size_t)str_length(s));
    else
        utf8_write_units(str_data(s), str_kind(s), str_length(s), out);
}

size_t utf8_write_units(const void *data, unsigned kind, int64_t length, uint8_t *out) {
    const uint8_t *start = out;
    if (kind == 0) {
        const uint8_t *p = data;
        for (int64_t i = 0; i < length;) {
            if (i + 8 <= length) {
                // Eight at once; those from the first one above 127 on are written over.
                uint64_t word;
                memcpy(&word, p + i, 8);
                memcpy(out, &word, 8);
                uint64_t high = word & 0x8080808080808080ULL;
                int ascii = high ? __builtin_ctzll(high) >> 3 : 8;
                out += ascii;
                i += ascii;
                if (!high)
                    continue;
            } else if (p[i] < 0x80) {
                *out++ = p[i++];
                continue;
            }
            *out++ = (uint8_t)(0xc0 | p[i] >> 6);
            *out++ = (uint8_t)(0x80 | (p[i] & 0x3f));
            i++;
        }
    } else if (kind == 1) {
        out = write_units_16(data, length, out);
    } else {
        const uint32_t *p = data;
        for (int64_t i = 0; i < length;) {
#ifdef __SSE2__
            // There is room: every unit becomes a byte at least.
            if (p[i] < 0x80 && i + 16 <= length) {
                uint32_t wide = narrow_32(p + i, out);
                if (!wide) { // on its own, so that the next round need not wait for a count
                    out += 16;
                    i += 16;
                    continue;
                }
                out += __builtin_ctz(wide) >> 1;
                i += __builtin_ctz(wide) >> 1;
            }
#endif
            if (p[i] < 0x80) {
                int64_t n = units_copy_run(out, p + i, 2, length - i, RUN_ASCII);
                out += n;
                i += n;
            } else {
                out += encode_one(p[i++], out);
            }
        }
    }
    return (size_t)(out - start);
}

static const char *to_utf8(Value s, size_t *length_out, char **owned, bool surrogates) {
    *owned = NULL;
    if (LIKELY(str_is_ascii(s))) {
        if (length_out)
            *length_out = (size_t)str_length(s);
        return str_data(s);
    }
    int64_t surrogate_at;
    size_t size = utf8_size(s, &surrogate_at);
    if (surrogate_at >= 0 && !surrogates) {
        int64_t end = surrogate_at + 1;
        while (end < str_length(s) && str_at(s, end) >= 0xd800 && str_at(s, end) < 0xe000)
            end++;
        codec_raise_encode("utf-8", s, surrogate_at, end, "surrogates not allowed");
        return NULL;
    }
    char *copy = buffer_allocate(size + 1);
    if (!copy) {
        raise_memory_error();
        return NULL;
    }
    utf8_write(s, (uint8_t *)copy);
    copy[size] = 0;
    if (length_out)
        *length_out = size;
    *owned = copy;
    return copy;
}

const char *str_utf8(Value s, size_t *length_out, char **owned) {
    return to_utf8(s, length_out, owned, false);
}
const char *str_utf8_wtf(Value s, size_t *length_out, char **owned) {
    return to_utf8(s, length_out, owned, true);
}

void str_copy_bounded(Value s, char *out, size_t capacity) {
    if (!capacity)
        return;
    size_t at = 0;
    int64_t length = str_length(s);
    for (int64_t i = 0; i < length; i++) {
        uint8_t bytes[4];
        size_t n = encode_one(str_at(s, i), bytes);
        if (at + n >= capacity)
            break;
        memcpy(out + at, bytes, n);
        at += n;
    }
    out[at] = 0;
}
