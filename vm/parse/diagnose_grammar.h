// SPDX-License-Identifier: MIT
//
// The grammar that finds out what is wrong with a program, as text; peg.c runs it. See
// diagnose_grammar.c.
#ifndef LOCKSMITH_VM_PARSE_DIAGNOSE_GRAMMAR_H
#define LOCKSMITH_VM_PARSE_DIAGNOSE_GRAMMAR_H

// One rule each, ended by NULL.
extern const char *const diagnose_grammar[];

#endif
