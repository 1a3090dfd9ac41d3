// SPDX-License-Identifier: MIT
//
// Builtin values and code objects as bytes, for the import system.
#ifndef LOCKSMITH_VM_MODULES_MARSHAL_H
#define LOCKSMITH_VM_MODULES_MARSHAL_H

#include "vm/object.h"

enum { MARSHAL_VERSION = 4 };
Value marshal_dumps(Value v, int version); // bytes; ValueError "unmarshallable object"
// EOFError, ValueError, TypeError. filename: what code objects say instead of what is in the data,
// or VALUE_NULL.
Value marshal_loads(const uint8_t *data, size_t length, Value filename);
Value marshal_load(Value file); // the same from a file; calls its readinto()
// Code that was just read gets another filename, where it had the old one.
void marshal_fix_filename(Value code, Value old_name, Value new_name);
// Names the form of code objects: of another number they mean nothing here.
uint64_t marshal_code_form(void);

#endif
