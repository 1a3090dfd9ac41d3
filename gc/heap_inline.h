// SPDX-License-Identifier: MIT
//
// The block heap's layout and its two fast paths. Included by gc/heap.h alone.
//
//   chunk   1 MiB, aligned, from jemalloc: 64 blocks
//   block   16 KiB, aligned: a header, then slots of one size class and one kind
//   slot    an object, or free: count 0 and the next free slot in `type`
//
// Who touches what:
//   HeapThread.free, reserve, blocks, ...   the heap's owner: the thread whose heap it is, or
//                         whoever holds the GIL; or the collector with the world stopped
//   HeapBlock.owner       written when the block is cut, constant while it has live objects
//   HeapBlock.remote      any thread pushes (release), the owner takes all (acquire)
//   HeapThread.pending    the same: blocks whose remote list has become non-empty
// A block is in at most one pending list: only the push that finds `remote` empty enters it,
// and the owner reads pending_next before it empties `remote`.
#ifndef LOCKSMITH_GC_HEAP_INLINE_H
#define LOCKSMITH_GC_HEAP_INLINE_H

#include "gc/header.h"
#include "vm/value.h"
#include <assert.h>
#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
// A free slot's header stays readable; the rest is poisoned.
#define HEAP_POISON(o, size)                                                                       \
    ((size) > sizeof(Object)                                                                       \
         ? ASAN_POISON_MEMORY_REGION((Object *)(o) + 1, (size) - sizeof(Object))                   \
         : (void)0)
#define HEAP_UNPOISON(o, size) ASAN_UNPOISON_MEMORY_REGION(o, size)
#else
#define HEAP_POISON(o, size) ((void)(o), (void)(size))
#define HEAP_UNPOISON(o, size) ((void)(o), (void)(size))
#endif

#define HEAP_BLOCK_SIZE 16384u
#define HEAP_CHUNK_SIZE (1u << 20)
#define HEAP_SMALL_MAX 1024u // larger objects come from jemalloc one by one
#define HEAP_CLASSES 45u     // 8-byte steps to 256 (classes 0..32), then 64-byte steps to 1024
#define HEAP_ROW 64u         // so that [kind][class] is found by a shift

static inline unsigned heap_class(size_t size) {
    return size <= 256 ? (unsigned)((size + 7) >> 3) : 32 + (unsigned)((size - 256 + 63) >> 6);
}
static inline unsigned heap_class_size(unsigned class) {
    return class <= 32 ? class * 8 : 256 + (class - 32) * 64;
}

#define HEAP_MARK_WORDS (HEAP_BLOCK_SIZE / 16 / 64)

struct HeapChunk;

typedef struct HeapBlock {
    HeapThread *owner;
    struct HeapBlock *next;         // of the same bin; or of the free blocks
    Object *remote;                 // slots freed by other threads; atomic
    struct HeapBlock *pending_next; // in HeapThread.pending
    uint32_t slot_size;
    uint32_t inverse;    // ceil(2^32 / slot_size): offset -> slot number
    uint32_t carved;     // slots given out so far; those above were never touched
    uint32_t capacity;   // slots there is room for
    uint32_t free_count; // scratch of heap_trim
    struct HeapChunk *chunk;
    struct HeapBlock *touched_next; // in HeapThread.touched, if `touched`
    uint8_t kind, class;
    bool touched, emptied; // emptied: scratch of heap_trim
#if HEAP_IS_TRACED
    // One bit a slot. marks: reached, and afterwards dead (gc/trace.c). listed: scratch of
    // heap_trim.
    uint64_t marks[HEAP_MARK_WORDS], listed[HEAP_MARK_WORDS];
#endif
    // At a line of the cache, for objects of whole lines (OBJECT_LINE_FILL).
    _Alignas(CACHE_LINE) char slots[];
} HeapBlock;

struct HeapThread {
    Object *free[HEAP_KINDS][HEAP_ROW]; // [kind][class]
    // ---- the slow path's
    struct {
        Object *reserve;    // free slots not yet handed to `free`: taken in portions, to count them
        HeapBlock *blocks;  // all of this kind and class, oldest first
        HeapBlock *last;    // the newest: alone may have uncarved slots
        HeapBlock *pending; // atomic
    } bins[HEAP_KINDS][HEAP_CLASSES];
    HeapBlock *touched; // container blocks of which slots were handed out since the last collection
    size_t block_count;
    size_t trim_at;        // block count at which to look for empty blocks first
    HeapThread *next;      // all heaps; under the heap's lock
    HeapThread *idle_next; // heaps without a thread; the same
};

#if LOCKSMITH_LOCKING_GIL
extern HeapThread heap_shared;
static inline HeapThread *heap_own(void) {
    return &heap_shared;
}
#else
extern _Thread_local HeapThread *heap_current __attribute__((tls_model("local-exec")));
static inline HeapThread *heap_own(void) {
    return heap_current;
}
#endif

static inline HeapBlock *heap_block_of(const void *object) {
    return (HeapBlock *)((uintptr_t)object & ~(uintptr_t)(HEAP_BLOCK_SIZE - 1));
}
static inline uint32_t heap_slot_number(const HeapBlock *block, const void *object) {
    uint32_t offset = (uint32_t)((const char *)object - block->slots);
    return (uint32_t)((uint64_t)offset * block->inverse >> 32);
}

// Does this address lie in a chunk of the heap (else it is static, or large)? One bit a chunk.
extern uint8_t *heap_chunk_map;
static inline bool heap_in_block(const void *object) {
    uintptr_t chunk = (uintptr_t)object / HEAP_CHUNK_SIZE;
    return __atomic_load_n(&heap_chunk_map[chunk >> 3], __ATOMIC_RELAXED) >> (chunk & 7) & 1;
}

// What lies before a container too large for a block; before any object where HEAP_IS_TRACED.
typedef struct HeapLarge {
    struct HeapLarge *next, *previous; // all such; under the heap's lock
    uint32_t gc_word;                  // the collector's
#if HEAP_IS_TRACED
    uint32_t kind; // of the object
    size_t size;   // the same
#endif
    _Alignas(16) Object object[];
} HeapLarge;
static inline HeapLarge *heap_large_of(const void *object) {
    return (HeapLarge *)((char *)object - sizeof(HeapLarge));
}
extern char __executable_start[], _end[];
static inline bool heap_is_static(const void *object) { // an object of the executable itself
    return (const char *)object >= __executable_start && (const char *)object < _end;
}
// For the collector, with the world stopped.
void heap_each_block(unsigned kind, void (*visit)(HeapBlock *block, void *context), void *context);
HeapLarge *
heap_large_containers(void);   // the list's first: the newest; leaves too where HEAP_IS_TRACED
size_t heap_block_count(void); // of both kinds
// The blocks where new containers may be. (Slots freed and taken again without a refill in
// between are missed: then the object is taken for an old one until the next full collection.)
void heap_each_touched(void (*visit)(HeapBlock *block, void *context), void *context);
// No block is touched any more; what free slots are at hand will be counted when they are used.
void heap_forget_touched(void);
// The same for the free slots of the caller's own heap, however many; the world may run. `freed` of
// them were counted when they were handed out and are now taken off the growth.
void heap_recount_free(int64_t freed);

// Takes one slot and leaves more in the free list. NULL when memory is out.
Object *heap_refill(HeapThread *heap, unsigned kind, unsigned class);
Object *heap_allocate_large(size_t size, HeapKind kind);
void heap_free_large(Object *o, size_t size, HeapKind kind);
void heap_free_remote(HeapBlock *block, Object *o);
#if HEAP_IS_TRACED
#define HEAP_BYTES_MINIMUM (16 << 20) // no collection for less than that
// The block in use that an address in a chunk (heap_in_block) lies in the slots of, or NULL. World
// stopped.
HeapBlock *heap_block_at(uintptr_t address);
// The slots whose bits in `marks` are set, which have a count of 0, become free; clears the bits.
void heap_give_dead(HeapBlock *block);
#endif
void heap_block_release(HeapBlock *block); // for gc/reclaim.c, when the grace period is over

ALWAYS_INLINE void *heap_allocate_unzeroed(size_t size, HeapKind kind, struct Type *type,
                                           uint32_t shape_id) {
    Object *o;
    if (LIKELY(size <= HEAP_SMALL_MAX)) {
        HeapThread *heap = heap_own();
        unsigned class = heap_class(size);
        Object **free = &heap->free[kind][class];
        o = *free;
        if (LIKELY(o != NULL)) {
            *free = (Object *)o->type;
        } else {
            o = heap_refill(heap, kind, class);
            if (UNLIKELY(!o))
                return NULL;
        }
        HEAP_UNPOISON(o, heap_class_size(class));
    } else {
        o = heap_allocate_large(size, kind);
        if (UNLIKELY(!o))
            return NULL;
    }
    header_begin(o, type, shape_id);
    return o;
}

// Zeroes what follows the header of a fresh object. Most are a few words long, which a loop clears
// sooner than a call of memset does; the empty asm keeps the compiler from making it that call. A
// slot's size is a multiple of 8 bytes, so there is room up to the next one.
ALWAYS_INLINE void heap_zero(Object *o, size_t size) {
    if (__builtin_constant_p(size) && size <= 24 * 8) {
        memset(o + 1, 0, size - sizeof(Object)); // a few stores
        return;
    }
    if (UNLIKELY(size > 24 * 8)) {
        memset(o + 1, 0, size - sizeof(Object));
        return;
    }
    char *p = (char *)(o + 1), *end = (char *)o + ((size + 7) & ~(size_t)7);
    if (UNLIKELY(end - p < 16)) {
        if (p < end)
            memset(p, 0, 8);
        return;
    }
    for (char *last = end - 16; p < last; p += 16) {
        memset(p, 0, 16);
        __asm__("" : "+r"(p));
    }
    memset(end - 16, 0, 16);
}

ALWAYS_INLINE void *heap_allocate(size_t size, HeapKind kind, struct Type *type,
                                  uint32_t shape_id) {
    Object *o = heap_allocate_unzeroed(size, kind, type, shape_id);
    if (kind == HEAP_CONTAINER && LIKELY(o != NULL))
        heap_zero(o, size);
    return o;
}

static inline void heap_free(void *object, size_t size, HeapKind kind) {
    Object *o = object;
#if HEAP_IS_TRACED
    // The collector found it dead: its memory stays what it was until all that died with it has
    // been destroyed.
    if (count_is_zero(o))
        return;
#endif
    if (UNLIKELY(size > HEAP_SMALL_MAX)) {
        heap_free_large(o, size, kind);
        return;
    }
    unsigned class = heap_class(size);
#ifndef NDEBUG
    memset(o + 1, 0xdb, size - sizeof(Object)); // makes a use after free visible
#endif
    HEAP_POISON(o, heap_class_size(class));
    HeapThread *heap = heap_own();
#if !LOCKSMITH_LOCKING_GIL
    // A thread has one heap for life, so what it made itself lies there. To ask the block costs
    // more than it seems: the headers of all blocks compete for the same few lines of the cache.
    if (UNLIKELY(!header_is_own(o))) {
        HeapBlock *block = heap_block_of(o);
        if (block->owner != heap) {
            header_end(o);
            heap_free_remote(block, o);
            return;
        }
    }
    assert(heap_block_of(o)->owner == heap);
#endif
    header_end(o);
    __atomic_store_n(&o->type, (struct Type *)heap->free[kind][class], __ATOMIC_RELAXED);
    heap->free[kind][class] = o;
}

#endif
