// SPDX-License-Identifier: MIT
//
// Source text before the lexer: encoding declarations (PEP 263), decoding to UTF-8, line ends.
#ifndef LOCKSMITH_VM_PARSE_SOURCE_H
#define LOCKSMITH_VM_PARSE_SOURCE_H

#include "vm/parse/parse.h"

// UTF-8 with "\n" line ends and no zero byte in it; text[length] is a zero byte. In `arena`.
typedef struct Source {
    bool invalid_utf8; // there are bytes that are not UTF-8: no error in comments

    const char *text;
    size_t length;
    const char *encoding; // normal form of the declared encoding, or NULL
} Source;

// Decodes `bytes`. Adds the missing newline at the end of a file. Returns false with `error`
// filled.
bool source_decode(Arena *arena, const char *bytes, size_t length, ParseMode mode,
                   ParseOptions options, Source *source, SyntaxErrorInfo *error);

// Fills `error->message` alone for the first bytes that are not valid UTF-8; false if there are
// none.
bool source_describe_invalid_utf8(const char *text, size_t length, SyntaxErrorInfo *error);

// A copy in which bytes that are not UTF-8 became U+FFFD.
const char *source_copy_valid(Arena *arena, const char *text, size_t *length);

// How many characters the UTF-8 bytes are.
int source_count_characters(const char *text, size_t length);

#endif
