// SPDX-License-Identifier: MIT
//
// The byte strings that code objects show (code_tables.c), what they keep in one of them
// (code_image.c), and code objects made of others (code_change.c). For these and code.c only.
#ifndef LOCKSMITH_VM_INTERP_CODE_TABLES_H
#define LOCKSMITH_VM_INTERP_CODE_TABLES_H

#include "vm/interp/code.h"

Value code_units(const Code *code);           // co_code
Value code_line_table(const Code *code);      // co_linetable
Value code_line_deltas(const Code *code);     // co_lnotab
Value code_exception_table(const Code *code); // co_exceptiontable
// The positions become those of a table in co_linetable's format; code unseen yet. 0, -1.
int code_set_line_table(Code *code, Value table);
Value code_variable_names(Value code); // co_varnames; new

// Where Python sees the name of a local: 1 + its index in co_varnames and in co_cellvars, or 0.
typedef struct {
    uint16_t variable, cell;
} CodeLocal;
// Writes one for each local of `code`, given its co_varnames.
void code_locals(const Code *code, Value variables, CodeLocal *locals);

// ---- code_image.c ----
// All of `code` that CPython's attributes have no place for, as bytes that follow the entries of
// co_exceptiontable. From buffer_allocate; NULL, with nothing raised, without memory.
uint8_t *code_image(const Code *code, size_t *size);
typedef struct {
    CodeLocal *locals; // one for each local; from buffer_allocate
    uint32_t variable_count, cell_count, free_count, name_count, constant_count;
    const uint8_t *constant_is_code; // by constant; within data, if that was read
    uint8_t *data;                   // from buffer_allocate
} CodeImage;
// Takes numbers, instructions, handlers and extra lines out of a co_exceptiontable; code unseen.
// 0; -1 with ValueError if that is not one of this interpreter, or MemoryError. *image is for
// code_image_done in both cases.
int code_image_read(Code *code, Value table, CodeImage *image);
void code_image_done(CodeImage *image);

// ---- code_change.c ----
Value code_replace(Value self, const Value *args, size_t nargs, Value kwnames);
Value code_new(Type *type, const Value *args, size_t nargs, Value kwnames); // types.CodeType

#endif
