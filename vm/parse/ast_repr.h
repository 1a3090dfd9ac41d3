// SPDX-License-Identifier: MIT
//
// repr() of the constants of a syntax tree, without Python objects: for ast_dump.c alone.
#ifndef LOCKSMITH_VM_PARSE_AST_REPR_H
#define LOCKSMITH_VM_PARSE_AST_REPR_H

#include "vm/parse/ast.h"

typedef struct ReprBuffer {
    char *data; // malloc'ed
    size_t length, capacity;
} ReprBuffer;

void repr_append(ReprBuffer *buffer, const char *text, size_t length);
void repr_string(ReprBuffer *buffer, const char *text, size_t length); // WTF-8
void repr_constant(ReprBuffer *buffer, const AstConstant *constant);

#endif
