// SPDX-License-Identifier: MIT
//
// A parsed format specification: what follows the colon in f"{x:>10.2f}". Shared by
// format_spec.c (parsing, text) and format_spec_number.c (numbers); the entry points for the rest
// of the VM are declared in float.h.
#ifndef LOCKSMITH_VM_TYPES_FORMAT_SPEC_H
#define LOCKSMITH_VM_TYPES_FORMAT_SPEC_H

#include "vm/runtime/errors.h"
#include "vm/types/float.h"

typedef struct {
    uint32_t fill;
    uint32_t type;            // the presentation type, or the default given to the parser
    char align;               // < > = ^
    char sign;                // + - space, or 0
    char thousands;           // , _ or 0
    bool alternate;           // #
    bool no_negative_zero;    // z
    int64_t width, precision; // -1: none was given
} FormatSpec;

// Parses the spec for formatting v. 0, or -1 with ValueError. Runs no Python code.
int format_spec_parse(FormatSpec *out, Value v, Value spec, char default_type, char default_align);
Value format_spec_unknown_type(const FormatSpec *spec, Value v); // raises

// How much padding goes left and right of `length` characters ('=' counts as left).
static inline void format_spec_padding(const FormatSpec *spec, int64_t length, int64_t *left,
                                       int64_t *right) {
    int64_t room = spec->width > length ? spec->width - length : 0;
    *left = spec->align == '<' ? 0 : spec->align == '^' ? room / 2 : room;
    *right = room - *left;
}

// Texts longer than this are refused with MemoryError before any room for them is asked for.
#define FORMAT_WIDTH_MAX ((int64_t)1 << 34)

#endif
