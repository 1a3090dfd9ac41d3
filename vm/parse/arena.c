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

struct Arena {
    char *cursor, *limit; // free part of the newest chunk, zeroed
    Chunk *chunks;
    size_t next_chunk;
    size_t used;
    const AstName **table; // chains by hash; table_size is a power of two
    uint32_t table_size;
    uint32_t names;
};

static void *must_calloc(size_t size) {
    void *memory = calloc(1, size);
    if (memory == NULL) {
        fputs("out of memory while parsing\n", stderr);
        abort();
    }
    return memory;
}

Arena *arena_create(void) {
    Arena *arena = must_calloc(sizeof *arena);
    arena->next_chunk = FIRST_CHUNK;
    arena->table_size = FIRST_TABLE;
    arena->table = must_calloc(FIRST_TABLE * sizeof *arena->table);
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
    free(arena->table);
    free(arena);
}

static void *allocate_slowly(Arena *arena, size_t size) {
    size_t wanted = arena->next_chunk;
    bool own_chunk = size > wanted / 4;
    if (own_chunk) {
        wanted = size;
    } else if (arena->next_chunk < LARGEST_CHUNK) {
        arena->next_chunk *= 2;
    }
    Chunk *chunk = must_calloc(sizeof *chunk + wanted);
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
    const AstName **table = must_calloc(size * sizeof *table);
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
