// SPDX-License-Identifier: MIT
//
// What marshal_module.c and marshal_code.c share.
#ifndef LOCKSMITH_VM_MODULES_MARSHAL_INTERNAL_H
#define LOCKSMITH_VM_MODULES_MARSHAL_INTERNAL_H

#include "vm/modules/marshal.h"

typedef struct {
    uint8_t *data;
    size_t length, capacity;
    Value seen; // Dict: interned strings written -> number of their reference; VALUE_NULL outside
                // code
    Value filename; // of the code being written; borrowed
} MarshalWriter;
int marshal_put(MarshalWriter *w, const void *data, size_t length);
int marshal_put_byte(MarshalWriter *w, int byte);
int marshal_write(MarshalWriter *w, Value v, int depth);

typedef struct {
    const uint8_t *data;
    size_t length, at;
    Value references; // list: what later parts may refer to
    Value filename;   // of the code being read; borrowed, as is the next
    Value instead; // the filename of code that has another than the code around it; or VALUE_NULL
} MarshalReader;
const uint8_t *marshal_take(MarshalReader *r, int64_t count); // NULL with EOFError
Value marshal_read(MarshalReader *r, int depth);
Value marshal_bad(const char *what); // ValueError

// Behind the letter 'c'.
int marshal_write_code(MarshalWriter *w, Value code, int depth);
Value marshal_read_code(MarshalReader *r, int depth);
// Behind 'B', and with it when written: what the compiler has among its constants that is no value.
int marshal_write_builtin(MarshalWriter *w, Value v, int depth);
Value marshal_read_builtin(MarshalReader *r, int depth);

#endif
