// SPDX-License-Identifier: MIT
//
// The byte strings that code objects show: see code_tables.c.
#ifndef LOCKSMITH_VM_INTERP_CODE_TABLES_H
#define LOCKSMITH_VM_INTERP_CODE_TABLES_H

#include "vm/interp/code.h"

Value code_units(const Code *code);           // co_code
Value code_line_table(const Code *code);      // co_linetable
Value code_line_deltas(const Code *code);     // co_lnotab
Value code_exception_table(const Code *code); // co_exceptiontable
// The positions become those of a table in co_linetable's format; code unseen yet. 0, -1.
int code_set_line_table(Code *code, Value table);

#endif
