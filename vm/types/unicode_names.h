// SPDX-License-Identifier: MIT
//
// The names of Unicode 14's characters, and finding characters by them. The tables are generated;
// what looking up needs beside (where each name begins, a hash table of names) is built on first
// use, by one thread, and never freed. Nothing here runs Python code.
#ifndef LOCKSMITH_VM_TYPES_UNICODE_NAMES_H
#define LOCKSMITH_VM_TYPES_UNICODE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UNICODE_NAME_MAX = 128, UNICODE_SEQUENCE_MAX = 4 };

// The name into out (UNICODE_NAME_MAX bytes), its length; 0: none; -1: no memory (no exception).
int unicode_name(uint32_t point, char *out);
// 3.2 had no name for it, though there is one now.
bool unicode_named_later(uint32_t point);
// The character of that name or alias (letters in either case). 1, 0, or -1: no memory.
int unicode_find(const char *name, size_t length, uint32_t *point);
// The same for names of sequences too: how many characters, 0, or -1.
int unicode_find_sequence(const char *name, size_t length, uint32_t out[UNICODE_SEQUENCE_MAX]);
// unicode_find for the parser, which has no use for the difference of 0 and -1.
bool unicode_find_character(const char *name, size_t length, uint32_t *point);

#endif
