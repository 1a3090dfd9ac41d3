// SPDX-License-Identifier: MIT
//
// The arena that holds one parse: syntax tree, names, literals, messages.
//
// Invariants:
//  - memory is only ever added; everything goes at once with arena_destroy. The exception are
//  blocks
//    (arena_block), which grow and may go before;
//  - what arena_allocate returns is zeroed and aligned to 16 bytes;
//  - two names interned in the same arena are equal exactly when their pointers are.
//
// When memory is out, whoever uses the arena is left by a longjmp to where its owner has said
// (arena_set_escape). So nobody who uses one may hold, over a call, what only he can let go of.
//
// An arena belongs to one thread at a time. Any caller may use it: parser, symbol table, code
// generator. It knows nothing of Python objects and never runs Python code.
#ifndef LOCKSMITH_VM_PARSE_ARENA_H
#define LOCKSMITH_VM_PARSE_ARENA_H

#include <setjmp.h>
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

// A new, empty arena, owned by the caller. NULL: there is no memory.
Arena *arena_create(void);

// From now on, when memory is out, arena_fail goes to *escape (NULL: it ends the process), which
// lives as long as the arena is used or until another one is set. Returns the one before.
jmp_buf *arena_set_escape(Arena *arena, jmp_buf *escape);

// What setjmp returns there.
enum { ARENA_OUT_OF_MEMORY = 2 };
_Noreturn void arena_fail(const Arena *arena);

// The arena takes no more than so many bytes, and fails beyond them as if memory were out. For
// tests.
void arena_set_limit(Arena *arena, size_t limit);
size_t arena_limit(const Arena *arena);

// Frees the arena and everything allocated in it. NULL is allowed.
void arena_destroy(Arena *arena);

// `size` zeroed bytes that live as long as the arena. Never NULL.
void *arena_allocate(Arena *arena, size_t size);

// Memory of its own for an array that grows: `size` bytes, not zeroed, never NULL. It may be
// resized, and freed before the arena is. NULL is allowed as the old block.
void *arena_block(Arena *arena, size_t size);
void *arena_block_resize(Arena *arena, void *block, size_t size);
void arena_block_free(Arena *arena, void *block);

// A copy of `length` bytes followed by a zero byte.
char *arena_copy(Arena *arena, const char *text, size_t length);

// The arena's one AstName for these bytes; added if absent. The bytes are copied.
const AstName *arena_intern(Arena *arena, const char *text, size_t length);

// How many names were interned: one more than the largest index.
uint32_t arena_name_count(const Arena *arena);

// Bytes handed out so far, blocks not counted, for statistics and for tests.
size_t arena_size(const Arena *arena);

#endif
