// SPDX-License-Identifier: MIT
//
// UTF-7 (RFC 2152): ASCII as it is, the rest as UTF-16 in base 64 between '+' and '-'.
#include "vm/runtime/errors.h"
#include "vm/types/codecs_internal.h"
#include "vm/types/codecs_runs.h"
#include "vm/types/str_internal.h"

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static inline int base64_value(uint32_t c) {
    return c - 'A' < 26   ? (int)(c - 'A')
           : c - 'a' < 26 ? (int)(c - 'a') + 26
           : c - '0' < 10 ? (int)(c - '0') + 52
           : c == '+'     ? 62
           : c == '/'     ? 63
                          : -1;
}

// Written as themselves: the RFC's set D, whitespace, and set O (optional direct characters).
static bool is_direct(uint32_t c) {
    if (c >= 128 || c == '+' || c == '\\' || c == '~')
        return false;
    return c >= 32 ? c != 127 : c == '\t' || c == '\n' || c == '\r';
}

Value codec_encode_utf7(Value text) {
    ByteBuilder b = {0};
    bool shifted = false;
    uint32_t bits = 0;
    int count = 0;
    int64_t length = str_length(text);
    unsigned kind = str_kind(text);
    const uint8_t *data = str_data(text);
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = unit_at(data, kind, i);
        if (shifted && is_direct(c)) {
            if (count)
                byte_builder_byte(&b, (uint8_t)base64[bits << (6 - count) & 63]);
            count = 0;
            bits = 0;
            shifted = false;
            // The end of the run shows by itself unless c could belong to it.
            if (base64_value(c) >= 0 || c == '-')
                byte_builder_byte(&b, '-');
        }
        if (!shifted) {
            byte_builder_reserve(&b, (size_t)(length - i));
            if (b.failed)
                break;
            int64_t run =
                units_copy_run(b.data + b.length, data + (i << kind), kind, length - i, RUN_DIRECT);
            b.length += (size_t)run;
            i += run;
            if (i == length)
                break;
            c = unit_at(data, kind, i);
            if (c == '+') {
                byte_builder_add(&b, "+-", 2);
                continue;
            }
            byte_builder_byte(&b, '+');
            shifted = true;
        }
        uint32_t units[2] = {c, 0};
        int n = 1;
        if (c >= 0x10000) {
            units[0] = 0xd7c0 + (c >> 10);
            units[1] = 0xdc00 | (c & 0x3ff);
            n = 2;
        }
        for (int k = 0; k < n; k++) {
            bits = bits << 16 | units[k];
            count += 16;
            while (count >= 6) {
                count -= 6;
                byte_builder_byte(&b, (uint8_t)base64[bits >> count & 63]);
            }
            bits &= (1u << count) - 1;
        }
    }
    if (count)
        byte_builder_byte(&b, (uint8_t)base64[bits << (6 - count) & 63]);
    if (shifted)
        byte_builder_byte(&b, '-');
    return byte_builder_finish(&b);
}

Value codec_decode_utf7(const uint8_t *data, size_t length, const char *errors, size_t *consumed) {
    Decoder d;
    decoder_start(&d, "utf7", data, length, errors);
    str_builder_reserve(&d.out, (int64_t)length);
    bool shifted = false;
    size_t i = 0, shift_start = 0;
    int64_t shift_output = 0;
    uint32_t bits = 0, high = 0;
    int count = 0;
    for (;;) {
        const char *reason = NULL;
        size_t start = i;
        if (i >= d.length) {
            if (!shifted)
                break;
            if (consumed) { // leave the unfinished run for next time
                *consumed = shift_start;
                Value text = d.out.failed // without the run narrower characters may do
                                 ? VALUE_NULL
                                 : str_from_units(d.out.data, d.out.kind, shift_output);
                decoder_finish(&d, false);
                return text;
            }
            shifted = false;
            if (high || count >= 6 || (count > 0 && bits)) {
                reason = "unterminated shift sequence";
                start = shift_start;
            }
            if (!reason)
                break;
            size_t next;
            if (decoder_error(&d, start, d.length, reason, &next) < 0)
                return decoder_finish(&d, false);
            i = next;
            continue;
        }
        uint8_t c = d.data[i];
        if (shifted) {
            int value = base64_value(c);
            if (value >= 0) {
                bits = bits << 6 | (uint32_t)value;
                count += 6;
                i++;
                if (count < 16)
                    continue;
                count -= 16;
                uint32_t unit = bits >> count & 0xffff;
                bits &= (1u << count) - 1;
                if (high) {
                    if (unit >= 0xdc00 && unit < 0xe000) {
                        str_builder_char(&d.out, 0x10000 + ((high & 0x3ff) << 10 | (unit & 0x3ff)));
                        high = 0;
                        continue;
                    }
                    str_builder_char(&d.out, high);
                    high = 0;
                }
                if (unit >= 0xd800 && unit < 0xdc00)
                    high = unit;
                else
                    str_builder_char(&d.out, unit);
                continue;
            }
            shifted = false;
            if (count >= 6)
                reason = "partial character in shift sequence";
            else if (count > 0 && bits)
                reason = "non-zero padding bits in shift sequence";
            if (high && !reason && c < 128 && c != '+')
                str_builder_char(&d.out, high); // a lone one before a direct character stays
            high = 0;
            i += c == '-';
            if (!reason)
                continue;
            start = shift_start;
            i += c != '-';
        } else if (c == '+') {
            shift_start = i++;
            shift_output = d.out.length;
            if (i < d.length && d.data[i] == '-') {
                i++;
                str_builder_char(&d.out, '+');
                continue;
            }
            if (i < d.length && base64_value(d.data[i]) < 0) {
                i++;
                reason = "ill-formed sequence";
            } else {
                shifted = true;
                bits = 0;
                count = 0;
                high = 0;
                continue;
            }
        } else if (c < 128) {
            const uint8_t *from = d.data + i, *plus;
            size_t run = bytes_ascii_run(from, d.length - i);
            plus = memchr(from, '+', run);
            run = plus ? (size_t)(plus - from) : run;
            str_builder_ascii(&d.out, (const char *)from, run);
            i += run;
            continue;
        } else {
            i++;
            reason = "unexpected special character";
        }
        if (decoder_error(&d, start, i, reason, &i) < 0)
            return decoder_finish(&d, false);
    }
    if (consumed)
        *consumed = i;
    return decoder_finish(&d, true);
}
