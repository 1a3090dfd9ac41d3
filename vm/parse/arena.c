// SPDX-License-Identifier: MIT
//
// The arena: chunks that only grow, and the table of interned names. See arena.h.
#include "vm/parse/arena.h"

#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    ALIGNMENT = 16,
    FIRST_CHUNK = 16 * 1024,
    LARGEST_CHUNK = 1024 * 1024,
    FIRST_TABLE = 256, // power of two
};

typedef struct Chunk {
    struct Chunk *next;
    size_t size;
} Chunk;

_Static_assert(sizeof(Chunk) % ALIGNMENT == 0, "what follows a chunk's header must be aligned");

typedef struct Block {
    struct Block *next, *previous;
    size_t size, padding;
} Block;

_Static_assert(sizeof(Block) % ALIGNMENT == 0, "what follows a block's header must be aligned");

struct Arena {
    char *cursor, *limit; // free part of the newest chunk, zeroed
    Chunk *chunks;
    Block *blocks;
    size_t next_chunk;
    size_t used;
    size_t taken, limit_of_taken; // of the system's memory, for tests
    jmp_buf *escape;
    const AstName **table; // chains by hash; table_size is a power of two
    uint32_t table_size;
    uint32_t names;
};

_Noreturn void arena_fail(const Arena *arena) {
    if (arena->escape == NULL) {
        fputs("locksmith: out of memory while parsing\n", stderr);
        abort();
    }
    longjmp(*arena->escape, ARENA_OUT_OF_MEMORY);
}

jmp_buf *arena_set_escape(Arena *arena, jmp_buf *escape) {
    jmp_buf *before = arena->escape;
    arena->escape = escape;
    return before;
}

void arena_set_limit(Arena *arena, size_t limit) {
    arena->limit_of_taken = limit;
}

size_t arena_limit(const Arena *arena) {
    return arena->limit_of_taken;
}

// Before so much is taken from the system.
static void count_taken(Arena *arena, size_t size) {
    if (size > arena->limit_of_taken - arena->taken) {
        arena_fail(arena);
    }
    arena->taken += size;
}

static void *take(Arena *arena, size_t size) {
    count_taken(arena, size);
    void *memory = calloc(1, size);
    if (memory == NULL) {
        arena_fail(arena);
    }
    return memory;
}

Arena *arena_create(void) {
    Arena *arena = calloc(1, sizeof *arena);
    const AstName **table = calloc(FIRST_TABLE, sizeof *table);
    if (arena == NULL || table == NULL) {
        free(arena);
        free(table);
        return NULL;
    }
    arena->next_chunk = FIRST_CHUNK;
    arena->table_size = FIRST_TABLE;
    arena->table = table;
    arena->limit_of_taken = SIZE_MAX;
    return arena;
}

void arena_destroy(Arena *arena) {
    if (arena == NULL) {
        return;
    }
    for (Chunk *chunk = arena->chunks; chunk != NULL;) {
        Chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    while (arena->blocks != NULL) {
        arena_block_free(arena, arena->blocks + 1);
    }
    free(arena->table);
    free(arena);
}

// --- blocks --------------------------------------------------------------------------------------

// The block is where it was not before: its neighbours in the list are told.
static void *link_block(Arena *arena, Block *block) {
    if (block->next != NULL) {
        block->next->previous = block;
    }
    if (block->previous != NULL) {
        block->previous->next = block;
    } else {
        arena->blocks = block;
    }
    return block + 1;
}

void *arena_block(Arena *arena, size_t size) {
    if (size > SIZE_MAX - sizeof(Block)) {
        arena_fail(arena);
    }
    count_taken(arena, sizeof(Block) + size);
    Block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        arena_fail(arena);
    }
    *block = (Block){.next = arena->blocks, .size = size};
    return link_block(arena, block);
}

void *arena_block_resize(Arena *arena, void *old, size_t size) {
    if (old == NULL) {
        return arena_block(arena, size);
    }
    Block *block = (Block *)old - 1;
    if (size > SIZE_MAX - sizeof *block) {
        arena_fail(arena);
    }
    if (size > block->size) {
        count_taken(arena, size - block->size);
    }
    block = realloc(block, sizeof *block + size);
    if (block == NULL) {
        arena_fail(arena); // the old one is still in the list
    }
    block->size = size;
    return link_block(arena, block);
}

void arena_block_free(Arena *arena, void *old) {
    if (old == NULL) {
        return;
    }
    Block *block = (Block *)old - 1;
    if (block->next != NULL) {
        block->next->previous = block->previous;
    }
    if (block->previous != NULL) {
        block->previous->next = block->next;
    } else {
        arena->blocks = block->next;
    }
    arena->taken -= sizeof *block + block->size;
    free(block);
}

// --- what stays ----------------------------------------------------------------------------------

static void *allocate_slowly(Arena *arena, size_t size) {
    size_t wanted = arena->next_chunk;
    bool own_chunk = size > wanted / 4;
    if (own_chunk) {
        wanted = size;
    } else if (arena->next_chunk < LARGEST_CHUNK) {
        arena->next_chunk *= 2;
    }
    Chunk *chunk = take(arena, sizeof *chunk + wanted);
    chunk->size = wanted;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    char *start = (char *)(chunk + 1);
    if (!own_chunk) { // a large piece leaves the current chunk in use
        arena->cursor = start + size;
        arena->limit = start + wanted;
    }
    return start;
}

void *arena_allocate(Arena *arena, size_t size) {
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    arena->used += size;
    if ((size_t)(arena->limit - arena->cursor) >= size) {
        void *memory = arena->cursor;
        arena->cursor += size;
        return memory;
    }
    return allocate_slowly(arena, size);
}

char *arena_copy(Arena *arena, const char *text, size_t length) {
    char *copy = arena_allocate(arena, length + 1);
    if (length > 0) {
        memcpy(copy, text, length);
    }
    return copy;
}

static uint32_t hash_bytes(const char *text, size_t length) {
    uint32_t hash = 2166136261u; // FNV-1a
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static void grow_table(Arena *arena) {
    uint32_t size = arena->table_size * 2;
    const AstName **table = take(arena, size * sizeof *table);
    for (uint32_t i = 0; i < arena->table_size; i++) {
        for (const AstName *name = arena->table[i]; name != NULL;) {
            const AstName *next = name->next;
            ((AstName *)name)->next = table[name->hash & (size - 1)];
            table[name->hash & (size - 1)] = name;
            name = next;
        }
    }
    free(arena->table);
    arena->table = table;
    arena->table_size = size;
}

const AstName *arena_intern(Arena *arena, const char *text, size_t length) {
    uint32_t hash = hash_bytes(text, length);
    const AstName **slot = &arena->table[hash & (arena->table_size - 1)];
    for (const AstName *name = *slot; name != NULL; name = name->next) {
        if (name->hash == hash && name->length == length && memcmp(name->text, text, length) == 0) {
            return name;
        }
    }
    if (arena->names >= arena->table_size) {
        grow_table(arena);
        slot = &arena->table[hash & (arena->table_size - 1)];
    }
    AstName *name = arena_allocate(arena, sizeof *name);
    name->text = arena_copy(arena, text, length);
    name->length = (uint32_t)length;
    name->index = arena->names++;
    name->hash = hash;
    name->next = *slot;
    *slot = name;
    return name;
}

uint32_t arena_name_count(const Arena *arena) {
    return arena->names;
}

size_t arena_size(const Arena *arena) {
    return arena->used;
}
