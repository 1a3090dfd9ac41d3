// SPDX-License-Identifier: MIT
//
// What the files of marshal share.
#ifndef LOCKSMITH_VM_MODULES_MARSHAL_INTERNAL_H
#define LOCKSMITH_VM_MODULES_MARSHAL_INTERNAL_H

#include "vm/modules/marshal.h"
#include "vm/modules/pickle_memo.h"

enum { MARSHAL_DEEPEST = 2000, FLAG_REFERENCE = 0x80 };

typedef struct {
    uint8_t *data;
    size_t length, capacity;
    PickleMemo memo; // what can be referred to
    int version;
    int code_depth; // how many code objects are being written
    Value filename; // of the code being written; borrowed
} MarshalWriter;
int marshal_put(MarshalWriter *w, const void *data, size_t length);
int marshal_put_byte(MarshalWriter *w, int byte);
int marshal_write(MarshalWriter *w, Value v, int depth);

typedef struct {
    const uint8_t *data;
    size_t length, at;
    Value file;       // borrowed; read instead of the data, or VALUE_NULL
    uint8_t *taken;   // what was read of it last
    size_t room;      // bytes there
    Value references; // list: what later parts may refer to
    Value filename;   // of the code being read; borrowed, as is the next
    Value instead; // the filename of code that has another than the code around it; or VALUE_NULL
} MarshalReader;
// The next bytes, there until it is called again. NULL with EOFError, or with what the file raised.
const uint8_t *marshal_take(MarshalReader *r, int64_t count);
bool marshal_cannot_have(const MarshalReader *r, uint64_t count); // that many bytes
Value marshal_read(MarshalReader *r, int depth);
Value marshal_bad(const char *what); // ValueError

// What follows the letter 'c'.
int marshal_write_code(MarshalWriter *w, Value code, int depth);
Value marshal_read_code(MarshalReader *r, int depth);
// Behind 'B', and with it when written: what the compiler has among its constants that is no value.
int marshal_write_builtin(MarshalWriter *w, Value v, int depth);
Value marshal_read_builtin(MarshalReader *r, int depth);

#endif
