// SPDX-License-Identifier: MIT
//
// What the heap and the collector need of gc/buffers.c; the rest is in gc/heap.h.
#ifndef LOCKSMITH_GC_BUFFERS_H
#define LOCKSMITH_GC_BUFFERS_H

#include "gc/heap.h"

// Memory once more, after jemalloc gave back what it keeps (gc/heap.c). flags as for mallocx.
void *heap_memory_retry(size_t size, int flags);

#if HEAP_IS_TRACED
// What lies before a buffer too large for a block.
typedef struct BufferLarge {
    struct BufferLarge *next, *previous; // of the same shard; under the shard's lock
    size_t size;                         // of what follows
    uint32_t gc_word;                    // the collector's
    _Alignas(16) char data[];
} BufferLarge;

// A free slot in a block of buffers begins with this word; see buffer_is_live.
#define BUFFER_FREE 0x6b7a9d2e00000000u
static inline bool buffer_is_live(const void *slot) {
    return __atomic_load_n((const uint64_t *)slot, __ATOMIC_RELAXED) != BUFFER_FREE;
}

size_t buffers_large_bytes(void);
size_t buffers_large_count(void);
// Between them no large buffer is made, moved or freed; world stopped.
void buffers_lock(void);
void buffers_unlock(void);
void buffers_each_large(void (*visit)(BufferLarge *large, void *context), void *context);
#endif

#endif
