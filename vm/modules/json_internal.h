// SPDX-License-Identifier: MIT
//
// What the files of _json share.
#ifndef LOCKSMITH_VM_MODULES_JSON_INTERNAL_H
#define LOCKSMITH_VM_MODULES_JSON_INTERNAL_H

#include "vm/object.h"
#include "vm/types/str.h"

extern Type json_scanner_type, json_encoder_type;

// The position of the first of data[start..end) that ends a run of ordinary characters of a JSON
// string: a quote, a backslash or a control character; or end.
static inline int64_t json_run_end(const uint8_t *data, int64_t start, int64_t end) {
    const uint64_t ones = 0x0101010101010101u, highs = ones << 7;
    while (start + 8 <= end) {
        uint64_t word, quote, backslash;
        memcpy(&word, data + start, sizeof word);
        quote = word ^ ones * '"';
        backslash = word ^ ones * '\\';
        uint64_t found = (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) |
                          ((word - ones * 0x20) & ~word)) &
                         highs;
        if (found)
            return start + __builtin_ctzll(found) / 8;
        start += 8;
    }
    while (start < end && data[start] >= 0x20 && data[start] != '"' && data[start] != '\\')
        start++;
    return start;
}

// scanstring(string, end, strict=True) -> (str, end)
Value json_scanstring(Value self, const Value *args, size_t nargs);
// s between quotes and escaped, into b; ascii: everything outside ASCII is escaped too.
void json_escape(StrBuilder *b, Value s, bool ascii);
Value json_encode_basestring(Value self, Value text);
Value json_encode_basestring_ascii(Value self, Value text);

#endif
