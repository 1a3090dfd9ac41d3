// SPDX-License-Identifier: MIT
//
// Bytes as hexadecimal digits and back: hex() and fromhex() of bytes, bytearray and memoryview. All
// of it works on bytes that do not change meanwhile.
#include "vm/runtime/errors.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/str_methods.h"
#include "vm/types/arguments.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

void bytes_write_hex(uint8_t *out, const uint8_t *data, int64_t length) {
    int64_t i = 0;
#ifdef __SSE2__
    const __m128i nibble = _mm_set1_epi8(15), nine = _mm_set1_epi8(9), zero = _mm_set1_epi8('0'),
                  letter = _mm_set1_epi8('a' - '0' - 10);
    for (; i + 16 <= length; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
        __m128i low = _mm_and_si128(bytes, nibble),
                high = _mm_and_si128(_mm_srli_epi16(bytes, 4), nibble);
        low =
            _mm_add_epi8(_mm_add_epi8(low, zero), _mm_and_si128(_mm_cmpgt_epi8(low, nine), letter));
        high = _mm_add_epi8(_mm_add_epi8(high, zero),
                            _mm_and_si128(_mm_cmpgt_epi8(high, nine), letter));
        _mm_storeu_si128((__m128i *)(void *)(out + 2 * i), _mm_unpacklo_epi8(high, low));
        _mm_storeu_si128((__m128i *)(void *)(out + 2 * i + 16), _mm_unpackhi_epi8(high, low));
    }
#endif
    for (; i < length; i++) {
        out[2 * i] = (uint8_t) "0123456789abcdef"[data[i] >> 4];
        out[2 * i + 1] = (uint8_t) "0123456789abcdef"[data[i] & 15];
    }
}

Value bytes_hex(const uint8_t *data, int64_t length, const Value *args, size_t nargs,
                Value kwnames) {
    static const char digits[] = "0123456789abcdef";
    static const char *const names[] = {"sep", "bytes_per_sep", NULL};
    Value given[2] = {VALUE_NULL, VALUE_NULL};
    if (nargs + !value_is_null(kwnames) > 0 &&
        arguments_parse("hex", args, nargs, kwnames, names, 0, 2, 0, given) < 0)
        return VALUE_NULL;
    int group = 1;
    uint32_t separator = 0;
    if (int_argument(given[1], &group) < 0)
        return VALUE_NULL;
    if (!value_is_null(given[0])) {
        Value s = given[0];
        int64_t units = value_length(s);
        if (units < 0)
            return VALUE_NULL;
        if (units != 1)
            return raise_value_error("sep must be length 1.");
        if (!value_is_str(s) && !value_is_bytes(s))
            return raise_type_error("sep must be str or bytes.");
        separator = value_is_str(s) ? str_at(s, 0) : bytes_data(s)[0];
        if (separator > 127)
            return raise_value_error("sep must be ASCII.");
    } else {
        group = 0;
    }
    int64_t every = group < 0 ? -(int64_t)group : group;
    int64_t gaps = every && length ? (length - 1) / every : 0;
    if (length == 0)
        return str_empty();
    void *out;
    Value result = str_allocate(2 * length + gaps, 0x7f, &out);
    if (value_is_null(result))
        return result;
    if (!gaps) {
        bytes_write_hex(out, data, length);
        return result;
    }
    char *p = out;
    for (int64_t i = 0; i < length; i++) {
        int64_t before =
            group > 0 ? length - i : i; // a gap lies before byte i if a multiple of every
        if (i && gaps && before % every == 0)
            *p++ = (char)separator;
        *p++ = digits[data[i] >> 4];
        *p++ = digits[data[i] & 15];
    }
    return result;
}

static int hex_value(uint32_t c) {
    if (c >= '0' && c <= '9')
        return (int)c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

static uint8_t hex_values[256]; // 0xff: no digit

// The bytes of as many pairs of digits as there are one after the other, at most `pairs`; their
// number.
static int64_t read_hex(uint8_t *out, const uint8_t *text, int64_t pairs) {
    int64_t i = 0;
    for (; i < pairs; i++) {
        unsigned high = hex_values[text[2 * i]], low = hex_values[text[2 * i + 1]];
        if ((high | low) > 15)
            break;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return i;
}

void bytes_hex_start(void) {
    for (int c = 0; c < 256; c++)
        hex_values[c] = (uint8_t)hex_value((uint32_t)c);
}

Value bytes_from_hex(Value type, Value text, Type *exact) {
    if (!value_is_str(text))
        return raise_type_error("fromhex() argument must be str, not %G", text);
    int64_t length = str_length(text), n = 0, bad = -1;
    if (exact == &bytes_type && value_object(type) == &exact->header && str_is_ascii(text) &&
        length >= 4 && length % 2 == 0) { // mostly without blanks
        uint8_t *out;
        Value made = bytes_allocate(length / 2, &out);
        if (value_is_null(made) || read_hex(out, str_data(text), length / 2) == length / 2)
            return made;
        ref_release(made);
    }
    uint8_t *data = buffer_allocate((size_t)length / 2 + 1);
    if (!data)
        return raise_memory_error();
    // Characters that are not ASCII are found before anything else.
    for (int64_t i = 0; i < length && bad < 0 && !str_is_ascii(text); i++)
        if (str_at(text, i) >= 128)
            bad = i;
    for (int64_t i = 0; i < length && bad < 0;) {
        uint32_t c = str_at(text, i);
        if (c == ' ' || (c >= 9 && c <= 13)) {
            i++;
            continue;
        }
        int high = hex_value(c), low = i + 1 < length ? hex_value(str_at(text, i + 1)) : -1;
        if (high < 0 || low < 0) {
            bad = high < 0 ? i : i + 1;
            break;
        }
        data[n++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    Value result;
    if (bad >= 0)
        result = raise_value_error("non-hexadecimal number found in fromhex() arg at position %lld",
                                   (long long)bad);
    else
        result = exact == &bytes_type ? bytes_new(data, (size_t)n) : bytearray_new(data, (size_t)n);
    buffer_free(data);
    if (value_is_null(result) || value_is_null(type) || value_object(type) == &exact->header)
        return result;
    Value made = value_call_one(type, result);
    ref_release(result);
    return made;
}
