// SPDX-License-Identifier: MIT
//
// The arena that holds one parse: syntax tree, names, literals, messages.
//
// Invariants:
//  - memory is only ever added; everything goes at once with arena_destroy;
//  - what arena_allocate returns is zeroed and aligned to 16 bytes;
//  - two names interned in the same arena are equal exactly when their pointers are.
//
// An arena belongs to one thread at a time. Any caller may use it: parser, symbol table, code
// generator. It knows nothing of Python objects and never runs Python code.
#ifndef LOCKSMITH_VM_PARSE_ARENA_H
#define LOCKSMITH_VM_PARSE_ARENA_H

#include <stddef.h>
#include <stdint.h>

typedef struct Arena Arena;

// An identifier, or a dotted module name. Interned: compare the pointers, not the text. `index`
// counts from 0 in the order of first appearance in the arena, so it can serve as a key of a dense
// table.
typedef struct AstName {
    const char *text; // UTF-8, followed by a zero byte
    uint32_t length;  // bytes, without the zero byte
    uint32_t index;
    uint32_t hash;
    const struct AstName *next; // arena's hash chain; not for callers
} AstName;

// A new, empty arena, owned by the caller. Aborts the process when there is no memory.
Arena *arena_create(void);

// Frees the arena and everything allocated in it. NULL is allowed.
void arena_destroy(Arena *arena);

// `size` zeroed bytes that live as long as the arena. Never returns NULL: no memory aborts the
// process.
void *arena_allocate(Arena *arena, size_t size);

// A copy of `length` bytes followed by a zero byte.
char *arena_copy(Arena *arena, const char *text, size_t length);

// The arena's one AstName for these bytes; added if absent. The bytes are copied.
const AstName *arena_intern(Arena *arena, const char *text, size_t length);

// How many names were interned: one more than the largest index.
uint32_t arena_name_count(const Arena *arena);

// Bytes handed out so far, for statistics and for tests.
size_t arena_size(const Arena *arena);

#endif
