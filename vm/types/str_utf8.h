// SPDX-License-Identifier: MIT
//
// UTF-8 a code point at a time, shared by str_utf8.c and the codecs. Pure C; allocates nothing.
#ifndef LOCKSMITH_VM_TYPES_STR_UTF8_H
#define LOCKSMITH_VM_TYPES_STR_UTF8_H

#include "vm/types/str.h"

enum { UTF8_INVALID_START = -1, UTF8_INVALID_CONTINUATION = -2, UTF8_TRUNCATED = -3 };

// The code point at p (left > 0 bytes there): its length in bytes, or an error above with the
// length of the ill-formed prefix in *error_length. surrogates: let them through.
int utf8_decode_one(const uint8_t *p, size_t left, bool surrogates, uint32_t *point,
                    unsigned *error_length);
const char *utf8_error_reason(int error);
// Code points, and a bound that needs as wide units as they do: if there is one alone, itself.
// False, with the place of the first error, if they are those of what comes before it.
bool utf8_measure(const uint8_t *data, size_t length, bool surrogates, int64_t *count_out,
                  uint32_t *bound_out, size_t *error_at);
void utf8_fill(const uint8_t *data, size_t length, void *out, unsigned kind);

size_t utf8_encode_one(uint32_t point, uint8_t *out); // up to 4 bytes, surrogates as they are
size_t utf8_size(Value s, int64_t *surrogate_at);     // first surrogate or -1
void utf8_write(Value s, uint8_t *out);
// The same for units of any text: how many bytes.
size_t utf8_write_units(const void *data, unsigned kind, int64_t length, uint8_t *out);

#endif
