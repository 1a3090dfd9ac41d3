// SPDX-License-Identifier: MIT
//
// What the files of _csv share.
#ifndef LOCKSMITH_VM_MODULES_CSV_INTERNAL_H
#define LOCKSMITH_VM_MODULES_CSV_INTERNAL_H

#include "vm/object.h"

enum { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE };

#define CSV_NO_CHARACTER UINT32_MAX // for escapechar and quotechar

// Immutable.
typedef struct {
    Object header;
    Value line_end; // str
    uint32_t delimiter, quote, escape;
    uint8_t quoting; // QUOTE_*
    bool double_quote, skip_space, strict;
} Dialect;

extern Type csv_dialect_type, csv_reader_type, csv_writer_type;
extern Value csv_error;         // _csv.Error, made by the module's fill
extern int64_t csv_field_limit; // characters of a field; atomic

static inline Dialect *csv_dialect_of(Value v) {
    return (Dialect *)value_object(v);
}

// The dialect (a name, an object with the attributes of one, or VALUE_NULL) with these keyword
// arguments applied. args: the values of kwnames. New reference.
Value csv_dialect_make(Value dialect, const Value *keyword_args, Value kwnames);

Value csv_reader_function(Value self, const Value *args, size_t nargs, Value kwnames);
Value csv_writer_function(Value self, const Value *args, size_t nargs, Value kwnames);

#endif
