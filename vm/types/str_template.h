// SPDX-License-Identifier: MIT
//
// The pieces of str.format's markup, shared by str_template.c and the module _string. Positions
// are indexes into the template text. Nothing here but template_field_next runs Python code.
#ifndef LOCKSMITH_VM_TYPES_STR_TEMPLATE_H
#define LOCKSMITH_VM_TYPES_STR_TEMPLATE_H

#include "vm/types/str.h"

typedef struct {
    Value text; // borrowed
    int64_t at, end;
} TemplateParser;

// Some literal text and perhaps one replacement field after it.
typedef struct {
    int64_t literal_start, literal_end;
    bool has_field;
    int64_t name_start, name_end;
    int64_t spec_start, spec_end;
    uint32_t conversion; // 0: none
    bool nested;         // the format specification has fields of its own
} TemplatePiece;

// 1: a piece; 0: at the end; -1: ValueError.
int template_next(TemplateParser *p, TemplatePiece *piece);

// Where the first part of a field name (an index, a key or nothing) ends.
int64_t template_first_end(Value text, int64_t start, int64_t end);
// The next ".attribute" or "[index]" from *at on: 1 with its text's place; 0 at the end; -1
// ValueError.
int template_accessor_next(Value text, int64_t *at, int64_t end, bool *is_attribute,
                           int64_t *name_start, int64_t *name_end);
// The number that text[start..end) writes in decimal; -1: no number; -2: ValueError, too many
// digits.
int64_t template_number(Value text, int64_t start, int64_t end);

#endif
