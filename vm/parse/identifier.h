// SPDX-License-Identifier: MIT
//
// Which characters make an identifier (PEP 3131), and its normal form.
#ifndef LOCKSMITH_VM_PARSE_IDENTIFIER_H
#define LOCKSMITH_VM_PARSE_IDENTIFIER_H

#include "vm/parse/arena.h"

#include <stdbool.h>

// The first character that may not stand where it does, or NULL. `text` is valid UTF-8. Sets
// *character to it.
const char *identifier_find_invalid(const char *text, size_t length, uint32_t *character);

// Would repr() show the character itself?
bool identifier_is_printable(uint32_t character);

// The name in NFKC.
const AstName *identifier_intern(Arena *arena, const char *text, size_t length);

#endif
