// SPDX-License-Identifier: MIT
//
// The block heap: where objects live. Blocks are aligned, hold one size class and one kind,
// are owned by a thread, and are cut from jemalloc. Buffers (list arrays, dict tables) come
// straight from jemalloc through buffer_*.
//
// Kinds are kept apart so that the cycle collector walks containers only, with no list
// through the objects.
//
// Allocation never runs Python code and never stops at a safepoint; it may ask for a
// collection (thread_request), which the next safepoint honours. So C code may build an
// object in steps, as long as every field is valid (or VALUE_NULL) whenever it calls
// something that can run Python code, takes a lock, or blocks.
#ifndef LOCKSMITH_GC_HEAP_H
#define LOCKSMITH_GC_HEAP_H

#include "gc/header.h"
#include <stdbool.h>
#include <stddef.h>

typedef enum { HEAP_LEAF = 0, HEAP_CONTAINER = 1 } HeapKind;

struct HeapThread; // a thread's own blocks

// Memory for an object of `size` bytes (header included, any size), 8-byte aligned, with
// count 1, the given type and shape in its header and ALL OTHER BYTES ZERO for containers
// (uninitialised for leaves). NULL when memory is out: the caller raises MemoryError.
void *heap_allocate(size_t size, HeapKind kind, struct Type *type, uint32_t shape_id);

// Gives back an object made by heap_allocate with the same size and kind. Any thread may.
void heap_free(void *object, size_t size, HeapKind kind);

// A thread's heap is made when the thread attaches first and given up when it ends (its
// blocks are adopted by others).
struct HeapThread *heap_thread_create(void);
void heap_thread_destroy(struct HeapThread *heap);

// Calls visit for each live container of all threads. Only with the world stopped.
void heap_each_container(void (*visit)(Object *o, void *context), void *context);

// For tests, gc.get_stats() and leak checks: live objects and bytes, all threads, both kinds.
typedef struct {
    size_t live_objects[2]; // by HeapKind
    size_t live_bytes[2];
    size_t block_bytes; // taken from jemalloc
} HeapStatistics;
void heap_statistics(HeapStatistics *out); // exact only with the world stopped

// ---- buffers ---------------------------------------------------------------------------
// NULL when memory is out. Never run Python code.
void *buffer_allocate(size_t size);
void *buffer_allocate_zeroed(size_t size);
void *buffer_resize(void *buffer, size_t size); // old contents kept; old stays valid on NULL
void buffer_free(void *buffer);                 // NULL allowed

#endif
