// SPDX-License-Identifier: MIT
//
// Buffers: the memory of lists, dicts and the like, and of C code's own arrays. Mostly jemalloc
// serves them as they are.
//
// Where HEAP_IS_TRACED a buffer that C code has on its hands may hold the only references to
// objects, so the collector must know from an address whether there is a buffer and how far it
// reaches. Small buffers lie in blocks of the heap, in slots without an object; large ones have a
// header and are listed, in shards by address. Large ones are zeroed: what memory from malloc held
// before, thousands of references perhaps, would be kept alive by the part that is not in use yet.
// Buffers are freed by who allocated them as everywhere.
#include "gc/buffers.h"
#include "gc/settle.h"
#include <malloc.h>
#include <stdlib.h>

enum { JEMALLOC_ZERO = 0x40 };

#if HEAP_IS_TRACED

#include "locks/raw_lock.h"

// AddressSanitizer looks after what comes from malloc.
#if defined(__SANITIZE_ADDRESS__)
#define SMALL_MAX 0
#else
#define SMALL_MAX HEAP_SMALL_MAX
#endif
#define SHARDS 8 // few, for the collector holds all their locks

typedef struct {
    _Alignas(64) RawLock lock;
    BufferLarge *first;
} Shard;
static Shard shards[SHARDS] = {[0 ... SHARDS - 1] = {.lock = RAW_LOCK_INIT}};
static size_t large_bytes, large_count; // relaxed

static Shard *shard_of(const BufferLarge *large) {
    return &shards[(uint64_t)(uintptr_t)large * 0x9e3779b97f4a7c15ULL >> 61];
}
static BufferLarge *large_of(void *buffer) {
    return (BufferLarge *)((char *)buffer - offsetof(BufferLarge, data));
}

static void large_link(BufferLarge *large, size_t size) {
    Shard *shard = shard_of(large);
    large->size = size;
    large->previous = NULL;
    raw_lock(&shard->lock);
    large->next = shard->first;
    if (large->next)
        large->next->previous = large;
    shard->first = large;
    raw_unlock(&shard->lock);
    __atomic_fetch_add(&large_bytes, size, __ATOMIC_RELAXED);
    __atomic_fetch_add(&large_count, 1, __ATOMIC_RELAXED);
    heap_bytes_add((int64_t)size);
}

static void large_unlink(BufferLarge *large) {
    Shard *shard = shard_of(large);
    raw_lock(&shard->lock);
    if (large->previous)
        large->previous->next = large->next;
    else
        shard->first = large->next;
    if (large->next)
        large->next->previous = large->previous;
    raw_unlock(&shard->lock);
    __atomic_fetch_sub(&large_bytes, large->size, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&large_count, 1, __ATOMIC_RELAXED);
    heap_bytes_add(-(int64_t)large->size);
}

static void *large_allocate(size_t size) {
    if (size > SIZE_MAX / 4)
        return NULL;
    size_t bytes = sizeof(BufferLarge) + size;
    BufferLarge *large = calloc(bytes, 1);
    if (UNLIKELY(!large) && !(large = heap_memory_retry(bytes, JEMALLOC_ZERO))) {
        heap_ran_out();
        return NULL;
    }
    large->gc_word = 0;
    large_link(large, size);
    return large->data;
}

static inline bool in_block(const void *buffer) {
    return heap_chunk_map && heap_in_block(buffer);
}

static inline void word_store(void *slot, uint64_t word) {
    __atomic_store_n((uint64_t *)slot, word,
                     __ATOMIC_RELAXED); // the collector may have a stale pointer
}

static void *small_allocate(HeapThread *heap, size_t size) {
    unsigned class = heap_class(size ? (size + 15) & ~(size_t)15 : 16);
    Object *slot = heap->free[HEAP_BUFFER][class];
    if (LIKELY(slot != NULL)) {
        heap->free[HEAP_BUFFER][class] = (Object *)slot->type;
    } else {
        slot = heap_refill(heap, HEAP_BUFFER, class);
        if (UNLIKELY(!slot))
            return NULL;
    }
    HEAP_UNPOISON(slot, heap_class_size(class));
    word_store(slot, 0);
    return slot;
}

static void small_free(void *buffer) {
    HeapBlock *block = heap_block_of(buffer);
    HeapThread *heap = heap_own();
    Object *slot = buffer;
#ifndef NDEBUG
    memset(slot, 0xdb, block->slot_size);
#endif
    HEAP_POISON(slot, block->slot_size);
    word_store(slot, BUFFER_FREE);
    if (UNLIKELY(block->owner != heap)) {
        heap_free_remote(block, slot);
        return;
    }
    __atomic_store_n(&slot->type, (struct Type *)heap->free[HEAP_BUFFER][block->class],
                     __ATOMIC_RELAXED);
    heap->free[HEAP_BUFFER][block->class] = slot;
}

void *buffer_allocate(size_t size) {
    HeapThread *heap = heap_own();
    if (LIKELY(size <= SMALL_MAX && heap))
        return small_allocate(heap, size);
    return large_allocate(size);
}

void *buffer_allocate_zeroed(size_t size) {
    HeapThread *heap = heap_own();
    if (UNLIKELY(size > SMALL_MAX || !heap))
        return large_allocate(size);
    void *buffer = small_allocate(heap, size);
    if (LIKELY(buffer != NULL))
        memset(buffer, 0, size);
    return buffer;
}

void buffer_free(void *buffer) {
    if (!buffer)
        return;
    if (LIKELY(in_block(buffer))) {
        small_free(buffer);
        return;
    }
    BufferLarge *large = large_of(buffer);
    large_unlink(large);
    free(large);
}

size_t buffer_size(void *buffer) {
    return in_block(buffer) ? heap_block_of(buffer)->slot_size : large_of(buffer)->size;
}

void *buffer_resize(void *buffer, size_t size) {
    if (!buffer)
        return buffer_allocate(size);
    size_t old = buffer_size(buffer);
    bool small = in_block(buffer);
    if (small && size <= old && size > old / 2)
        return buffer;
    if (!small && size > SMALL_MAX && size <= SIZE_MAX / 4) {
        BufferLarge *large = large_of(buffer);
        size_t bytes = sizeof(BufferLarge) + size;
        large_unlink(large);
        BufferLarge *moved = realloc(large, bytes);
        if (UNLIKELY(!moved) && (moved = heap_memory_retry(bytes, 0)) != NULL) {
            memcpy(moved, large, sizeof(BufferLarge) + (old < size ? old : size));
            free(large);
        }
        if (moved && size > old)
            memset((char *)moved->data + old, 0, size - old);
        large_link(moved ? moved : large, moved ? size : old);
        if (UNLIKELY(!moved))
            heap_ran_out();
        return moved ? moved->data : NULL;
    }
    void *moved = buffer_allocate(size);
    if (!moved)
        return NULL;
    memcpy(moved, buffer, old < size ? old : size);
    buffer_free(buffer);
    return moved;
}

size_t buffers_large_bytes(void) {
    return __atomic_load_n(&large_bytes, __ATOMIC_RELAXED);
}
size_t buffers_large_count(void) {
    return __atomic_load_n(&large_count, __ATOMIC_RELAXED);
}

void buffers_lock(void) {
    for (int i = 0; i < SHARDS; i++)
        raw_lock(&shards[i].lock);
}
void buffers_unlock(void) {
    for (int i = SHARDS; i-- > 0;)
        raw_unlock(&shards[i].lock);
}

void buffers_each_large(void (*visit)(BufferLarge *large, void *context), void *context) {
    for (int i = 0; i < SHARDS; i++)
        for (BufferLarge *large = shards[i].first; large; large = large->next)
            visit(large, context);
}

#else

void *buffer_allocate(size_t size) {
    if (!size)
        size = 1;
    settle_note_buffer(size);
    void *p = malloc(size);
    return LIKELY(p != NULL) ? p : heap_memory_retry(size, 0);
}
void *buffer_allocate_zeroed(size_t size) {
    settle_note_buffer(size);
    void *p = calloc(size ? size : 1, 1);
    return LIKELY(p != NULL) ? p : heap_memory_retry(size ? size : 1, JEMALLOC_ZERO);
}
void *buffer_resize(void *buffer, size_t size) {
    void *p = realloc(buffer, size ? size : 1);
    if (LIKELY(p != NULL) || !(p = heap_memory_retry(size ? size : 1, 0)))
        return p;
    size_t old = buffer ? malloc_usable_size(buffer) : 0;
    memcpy(p, buffer, old < size ? old : size);
    free(buffer);
    return p;
}
void buffer_free(void *buffer) {
    if (buffer) // jemalloc takes its longest way to find that there is nothing to free
        free(buffer);
}
size_t buffer_size(void *buffer) {
    return malloc_usable_size(buffer);
}

#endif
