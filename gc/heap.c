// SPDX-License-Identifier: MIT
//
// The block heap: slow paths, chunks, and walking all objects. Layout and fast paths are in
// gc/heap_inline.h; who may touch which word is said there.
//
// The lock here is a plain pthread mutex and waiting for it does not detach: it is held for a
// few instructions, by threads that are attached and reach no safepoint meanwhile, so a thread
// that stops the world waits for it no longer than for any other attached thread.
//
// An empty block goes to another size class, and a large object back to jemalloc, at once if every
// reader of an object holds a reference (LOCKSMITH_READS=locked); else only after a grace period
// (reclaim_block, reclaim_array), because a reader may be about to try the count of what was there.
#include "gc/heap.h"
#include "gc/heap_count.h"
#include "gc/reclaim.h"
#include "gc/reclaim_private.h"
#include "gc/buffers.h"
#include "gc/settle.h"
#include "locks/private.h"
#include "vm/runtime/thread.h"
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PORTION_BYTES 4096u // what one refill puts into a free list
#define BLOCKS_A_CHUNK (HEAP_CHUNK_SIZE / HEAP_BLOCK_SIZE)
#define TRIM_MINIMUM 128u // blocks (2 MiB) below which no heap looks for empty ones by itself

typedef struct HeapChunk {
    char *base;
    HeapBlock *free;                   // blocks given back
    unsigned used;                     // blocks in use
    unsigned cut;                      // blocks ever cut from it
    struct HeapChunk *next, *previous; // chunks with room; under heap_lock
} HeapChunk;

static pthread_mutex_t heap_lock = PTHREAD_MUTEX_INITIALIZER; // guards what follows
static HeapChunk *chunks_with_room;
// All, linked by next, which is set before the heap is in the list. Written under heap_lock,
// release; read with acquire by who has stopped the world, too: meanwhile an adopted thread's heap
// may come.
static HeapThread *heaps;
static HeapLarge *large_containers;
static size_t chunk_bytes;

// Written and read by any thread, relaxed: counts only.
static size_t large_objects[2], large_bytes[2];
static int64_t growth;
#if HEAP_IS_TRACED
static int64_t bytes, bytes_limit = HEAP_BYTES_MINIMUM; // the same
static size_t blocks_used;                              // the same
#endif
static int64_t growth_limit =
    HEAP_IS_TRACED ? INT64_MAX : 10000; // relaxed; the collector sets it after its first run
static bool growth_fine;                // the same
#ifndef NDEBUG
// LOCKSMITH_COLLECT_EVERY=n in the environment: every n-th allocation wants a collection.
static int64_t collect_every, allocations; // set with the first chunk; atomic
#endif

static HeapThread *heaps_first(void) {
    return __atomic_load_n(&heaps, __ATOMIC_ACQUIRE);
}

// Set once, when the first chunk is made, before any object exists.
uint8_t *heap_chunk_map;

#if LOCKSMITH_LOCKING_GIL
HeapThread heap_shared;
static bool heap_shared_listed;
#else
_Thread_local HeapThread *heap_current __attribute__((tls_model("local-exec")));
#endif

// ---- chunks and blocks -------------------------------------------------------------------

static void chunk_link(HeapChunk *chunk) {
    chunk->previous = NULL;
    chunk->next = chunks_with_room;
    if (chunks_with_room)
        chunks_with_room->previous = chunk;
    chunks_with_room = chunk;
}

static void chunk_unlink(HeapChunk *chunk) {
    if (chunk->previous)
        chunk->previous->next = chunk->next;
    else
        chunks_with_room = chunk->next;
    if (chunk->next)
        chunk->next->previous = chunk->previous;
}

// Read by jemalloc when it starts (MALLOC_CONF in the environment overrides it).
//   lg_tcache_max:18  each thread keeps what it frees of up to 256 KiB for itself. With jemalloc's
//                     own 32 KiB the tables of middling dicts, the buffers of files and what zlib
//                     works in go through the locks of an arena each time, which costs more than
//                     filling them.
//   thp:always        huge pages where the system lets programs ask for them: one fault instead of
//                     512 (threads share the lock that faults take, processes do not), and fewer
//                     misses of the TLB, each of which reads two page tables in a virtual machine.
//                     It costs some memory at the edges of what is used.
const char *malloc_conf __attribute__((visibility("default"), used)) =
    "lg_tcache_max:18,thp:always";

// jemalloc keeps freed pages for a while, and their addresses for ever, in arenas that large
// requests do not look into. When memory is out, pages are given back and every arena is asked.
// (Weak: the system's allocator has no such functions.)
extern int mallctl(const char *name, void *old, size_t *old_length, void *new, size_t new_length)
    __attribute__((weak));
extern void *mallocx(size_t size, int flags) __attribute__((weak));
enum { JEMALLOC_NO_CACHE = 0x100 }; // the low bits of the flags: log2 of the alignment

void *heap_memory_retry(size_t size, int flags) {
    settle_note_buffer(SIZE_MAX); // what is dead already goes soon
    if (!mallctl || !mallocx || size > SIZE_MAX / 4)
        return NULL;
    mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
    mallctl("arena.4096.purge", NULL, NULL, NULL, 0); // 4096: all arenas
    unsigned count = 0;
    size_t length = sizeof count;
    void *p = mallocx(size, flags);
    if (!p && mallctl("arenas.narenas", &count, &length, NULL, 0) == 0)
        for (unsigned i = 0; !p && i < count; i++)
            p = mallocx(size, flags | JEMALLOC_NO_CACHE | (int)((i + 1) << 20));
    return p;
}

static void *large_malloc(size_t size) {
    settle_note_buffer(size);
    void *p = malloc(size);
    if (UNLIKELY(!p) && !(p = heap_memory_retry(size, 0)))
        heap_ran_out();
    return p;
}

static HeapChunk *chunk_create(void) {
    if (!heap_chunk_map) {
        // One bit for each chunk of the 47-bit user address space: 16 MiB, touched sparsely.
        void *map = mmap(NULL, ((size_t)1 << 47) / HEAP_CHUNK_SIZE / 8, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (map == MAP_FAILED)
            return NULL;
        heap_chunk_map = map;
#ifndef NDEBUG
        const char *every = getenv("LOCKSMITH_COLLECT_EVERY");
        __atomic_store_n(&collect_every, every ? atoll(every) : 0, __ATOMIC_RELAXED);
#endif
    }
    HeapChunk *chunk = malloc(sizeof *chunk);
    if (!chunk)
        return NULL;
    chunk->base = aligned_alloc(HEAP_CHUNK_SIZE, HEAP_CHUNK_SIZE);
    if (!chunk->base)
        chunk->base = heap_memory_retry(HEAP_CHUNK_SIZE, __builtin_ctzl(HEAP_CHUNK_SIZE));
    if (!chunk->base) {
        free(chunk);
        heap_ran_out();
        return NULL;
    }
    uintptr_t number = (uintptr_t)chunk->base / HEAP_CHUNK_SIZE;
    __atomic_fetch_or(&heap_chunk_map[number >> 3], (uint8_t)(1u << (number & 7)),
                      __ATOMIC_RELAXED);
    chunk->free = NULL;
    chunk->used = chunk->cut = 0;
    chunk_link(chunk);
    chunk_bytes += HEAP_CHUNK_SIZE;
    return chunk;
}

static void chunk_destroy(HeapChunk *chunk) {
    uintptr_t number = (uintptr_t)chunk->base / HEAP_CHUNK_SIZE;
    __atomic_fetch_and(&heap_chunk_map[number >> 3], (uint8_t) ~(1u << (number & 7)),
                       __ATOMIC_RELAXED);
    chunk_unlink(chunk);
    chunk_bytes -= HEAP_CHUNK_SIZE;
    free(chunk->base);
    free(chunk);
}

static HeapBlock *block_create(HeapThread *heap, unsigned kind, unsigned class) {
    pthread_mutex_lock(&heap_lock);
#if LOCKSMITH_LOCKING_GIL
    if (!heap_shared_listed) {
        heap_shared_listed = true;
        heap_shared.trim_at = TRIM_MINIMUM;
        heap_shared.next = heaps;
        __atomic_store_n(&heaps, &heap_shared, __ATOMIC_RELEASE);
    }
#endif
    HeapChunk *chunk = chunks_with_room ? chunks_with_room : chunk_create();
    if (!chunk) {
        pthread_mutex_unlock(&heap_lock);
        return NULL;
    }
    HeapBlock *block = chunk->free;
    if (block)
        chunk->free = block->next;
    else
        block = (HeapBlock *)(chunk->base + (size_t)chunk->cut++ * HEAP_BLOCK_SIZE);
    if (++chunk->used == BLOCKS_A_CHUNK)
        chunk_unlink(chunk);
    pthread_mutex_unlock(&heap_lock);
#if HEAP_IS_TRACED
    __atomic_fetch_add(&blocks_used, 1, __ATOMIC_RELAXED);
#endif

    uint32_t size = heap_class_size(class);
    HEAP_UNPOISON(block->slots, HEAP_BLOCK_SIZE - offsetof(HeapBlock, slots));
    *block = (HeapBlock){
        .owner = heap,
        .slot_size = size,
        .inverse = (uint32_t)(((uint64_t)1 << 32) / size + 1),
        .capacity = (uint32_t)(HEAP_BLOCK_SIZE - offsetof(HeapBlock, slots)) / size,
        .chunk = chunk,
        .kind = (uint8_t)kind,
        .class = (uint8_t) class,
    };
    if (heap->bins[kind][class].last)
        heap->bins[kind][class].last->next = block;
    else
        heap->bins[kind][class].blocks = block;
    heap->bins[kind][class].last = block;
    heap->block_count++;
    return block;
}

// The block is in no bin; all its slots are free and in no list; no thread can have a pointer into
// it.
void heap_block_release(HeapBlock *block) {
    HeapChunk *chunk = block->chunk;
#if HEAP_IS_TRACED
    __atomic_fetch_sub(&blocks_used, 1, __ATOMIC_RELAXED);
#endif
    pthread_mutex_lock(&heap_lock);
    block->carved = 0; // to whoever has a stale pointer into it
    block->next = chunk->free;
    chunk->free = block;
    if (chunk->used-- == BLOCKS_A_CHUNK)
        chunk_link(chunk);
    if (chunk->used == 0 && (chunk->next || chunk->previous)) // one with room stays
        chunk_destroy(chunk);
    pthread_mutex_unlock(&heap_lock);
}

// ---- refill ------------------------------------------------------------------------------

// Slots that other threads have freed go to the reserve.
static void bin_drain_remote(HeapThread *heap, unsigned kind, unsigned class) {
    HeapBlock *block =
        __atomic_exchange_n(&heap->bins[kind][class].pending, NULL, __ATOMIC_ACQUIRE);
    int64_t count = 0;
    while (block) {
        HeapBlock *next = block->pending_next;
        // From here on the block may enter the pending list again (release: pending_next has
        // been read before who finds `remote` empty writes it).
        Object *o = __atomic_exchange_n(&block->remote, NULL, __ATOMIC_ACQ_REL);
        while (o) {
            Object *after = (Object *)o->type;
            o->type = (struct Type *)heap->bins[kind][class].reserve;
            heap->bins[kind][class].reserve = o;
            count++;
            o = after;
        }
        block = next;
    }
    if (count && kind == HEAP_CONTAINER)
        __atomic_fetch_sub(&growth, count, __ATOMIC_RELAXED);
}

static inline void block_touch(HeapThread *heap, HeapBlock *block) {
    if (!block->touched) {
        block->touched = true;
        block->touched_next = heap->touched;
        heap->touched = block;
    }
}

static void growth_add(int64_t objects) {
    int64_t now = __atomic_add_fetch(&growth, objects, __ATOMIC_RELAXED);
    if (now > __atomic_load_n(&growth_limit, __ATOMIC_RELAXED)) {
        Thread *thread = thread_current();
        if (thread)
            thread_request(thread, WANT_COLLECT);
    }
}

Object *heap_refill(HeapThread *heap, unsigned kind, unsigned class) {
    private_poll();
    uint32_t size = heap_class_size(class);
    uint32_t portion = PORTION_BYTES / size;
    if (portion < 8)
        portion = 8;
    if (kind == HEAP_CONTAINER && __atomic_load_n(&growth_fine, __ATOMIC_RELAXED))
        portion = 1;
#ifndef NDEBUG
    int64_t every = __atomic_load_n(&collect_every, __ATOMIC_RELAXED);
    if (every) {
        portion = 1;
        if (__atomic_add_fetch(&allocations, 1, __ATOMIC_RELAXED) % every == 0 && thread_current())
            thread_request(thread_current(), WANT_COLLECT);
    }
#endif
    for (;;) {
        if (!heap->bins[kind][class].reserve)
            bin_drain_remote(heap, kind, class);
        Object *first = heap->bins[kind][class].reserve;
        uint32_t count = 1;
        if (first) {
            Object *last = first;
            if (kind == HEAP_CONTAINER)
                block_touch(heap, heap_block_of(first));
            while (count < portion && last->type) {
                last = (Object *)last->type;
                count++;
                if (kind == HEAP_CONTAINER)
                    block_touch(heap, heap_block_of(last));
            }
            heap->bins[kind][class].reserve = (Object *)last->type;
            last->type = NULL;
        } else {
            HeapBlock *block = heap->bins[kind][class].last;
            if (!block || block->carved == block->capacity) {
                if (heap->block_count >= heap->trim_at && heap->trim_at) {
                    heap_trim(heap);
                    heap->trim_at =
                        heap->block_count * 2 > TRIM_MINIMUM ? heap->block_count * 2 : TRIM_MINIMUM;
                    continue;
                }
                block = block_create(heap, kind, class);
                if (!block)
                    return NULL;
            }
            if (kind == HEAP_CONTAINER)
                block_touch(heap, block);
            count = block->capacity - block->carved;
            if (count > portion)
                count = portion;
            char *slot = block->slots + (size_t)block->carved * size;
            first = (Object *)slot;
            for (uint32_t i = 0; i < count; i++, slot += size) {
                Object *o = (Object *)slot;
                header_make_free(o);
#if HEAP_IS_TRACED
                if (kind == HEAP_BUFFER)
                    *(uint64_t *)(void *)o = BUFFER_FREE;
#endif
                o->type = i + 1 < count ? (struct Type *)(slot + size) : NULL;
                HEAP_POISON(o, size);
            }
            block->carved += count;
        }
        if (kind == HEAP_CONTAINER)
            growth_add(count);
#if HEAP_IS_TRACED
        heap_bytes_add((int64_t)count * size);
#endif
        heap->free[kind][class] = (Object *)first->type;
        return first;
    }
}

// A chain of free slots, linked by `type`.
static void free_remote(HeapBlock *block, Object *first, Object *last) {
    Object *head = __atomic_load_n(&block->remote, __ATOMIC_RELAXED);
    do {
        __atomic_store_n(&last->type, (struct Type *)head, __ATOMIC_RELAXED);
    } while (!__atomic_compare_exchange_n(&block->remote, &head, first, true, __ATOMIC_ACQ_REL,
                                          __ATOMIC_RELAXED));
    if (head)
        return;
    HeapBlock **pending = &block->owner->bins[block->kind][block->class].pending;
    HeapBlock *top = __atomic_load_n(pending, __ATOMIC_RELAXED);
    do {
        block->pending_next = top;
    } while (!__atomic_compare_exchange_n(pending, &top, block, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
}

void heap_free_remote(HeapBlock *block, Object *o) {
    free_remote(block, o, o);
}

// ---- large objects -------------------------------------------------------------------------

Object *heap_allocate_large(size_t size, HeapKind kind) {
    Object *o;
    if (HEAP_IS_TRACED || kind == HEAP_CONTAINER) {
        HeapLarge *large = large_malloc(sizeof(HeapLarge) + size);
        if (!large)
            return NULL;
#if HEAP_IS_TRACED
        large->size = size;
        large->kind = kind;
        heap_bytes_add((int64_t)size);
#endif
        large->gc_word = 0;
        o = large->object;
        header_make_free(o); // not yet an object to whoever walks the list
        pthread_mutex_lock(&heap_lock);
        large->previous = NULL;
        large->next = large_containers;
        if (large_containers)
            large_containers->previous = large;
        large_containers = large;
        pthread_mutex_unlock(&heap_lock);
        if (kind == HEAP_CONTAINER)
            growth_add(1);
    } else {
        o = large_malloc(size);
        if (!o)
            return NULL;
    }
    __atomic_fetch_add(&large_objects[kind], 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&large_bytes[kind], size, __ATOMIC_RELAXED);
    return o;
}

void heap_free_large(Object *o, size_t size, HeapKind kind) {
    __atomic_fetch_sub(&large_objects[kind], 1, __ATOMIC_RELAXED);
    __atomic_fetch_sub(&large_bytes[kind], size, __ATOMIC_RELAXED);
    header_end(o); // for readers that try it
    if (!HEAP_IS_TRACED && kind == HEAP_LEAF) {
        reclaim_array(o);
        return;
    }
    HeapLarge *large = heap_large_of(o);
    pthread_mutex_lock(&heap_lock);
    if (large->previous)
        large->previous->next = large->next;
    else
        large_containers = large->next;
    if (large->next)
        large->next->previous = large->previous;
    pthread_mutex_unlock(&heap_lock);
    if (kind == HEAP_CONTAINER)
        __atomic_fetch_sub(&growth, 1, __ATOMIC_RELAXED);
#if HEAP_IS_TRACED
    free(large); // nobody has a pointer to it
#else
    reclaim_array(large);
#endif
}

// ---- trimming ------------------------------------------------------------------------------

// In the shape_lock of a free slot that is in one of the lists: tells it from the slot of a dying
// object, whose count is 0 as well.
#define LISTED 0xffffffffu

#if HEAP_IS_TRACED
// Not in the slot: what is in use may be a buffer, which may hold anything.
static inline void listed_set(Object *o) {
    HeapBlock *block = heap_block_of(o);
    uint32_t i = heap_slot_number(block, o);
    block->listed[i / 64] |= (uint64_t)1 << (i % 64);
}
static inline bool listed_take(HeapBlock *block, Object *o) {
    uint32_t i = heap_slot_number(block, o);
    uint64_t bit = (uint64_t)1 << (i % 64);
    bool listed = block->listed[i / 64] & bit;
    block->listed[i / 64] &= ~bit;
    return listed;
}
#else
static inline void listed_set(Object *o) {
    o->shape_lock = LISTED;
}
static inline bool listed_take(HeapBlock *block, Object *o) {
    // Relaxed: other slots hold objects that other threads use meanwhile.
    if (__atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) != LISTED || !count_is_zero(o))
        return false;
    o->shape_lock = 0;
    return true;
}
#endif

// Empty blocks are unlinked and added to `empty`, and the free slots put in order of address:
// neighbours in time become neighbours in memory, and the heap is walked in about the order of
// birth.
static HeapBlock *bin_trim(HeapThread *heap, unsigned kind, unsigned class, HeapBlock *empty) {
    HeapBlock *blocks = heap->bins[kind][class].blocks;
    if (!blocks)
        return empty;
    bin_drain_remote(heap, kind, class);
    // What is handed out is handed out: free slots that leave `free` for the reserve are
    // counted again when they come back.
    Object *lists[2] = {heap->free[kind][class], heap->bins[kind][class].reserve};
    for (HeapBlock *block = blocks; block; block = block->next)
        block->free_count = 0;
    int64_t returned = 0;
    for (int i = 0; i < 2; i++) {
        for (Object *o = lists[i]; o; o = (Object *)o->type) {
            heap_block_of(o)->free_count++;
            listed_set(o);
            returned += i == 0;
        }
    }
    if (kind == HEAP_CONTAINER && returned)
        __atomic_fetch_sub(&growth, returned, __ATOMIC_RELAXED);
    Object *first = NULL, **tail = &first;
    HeapBlock **link = &heap->bins[kind][class].blocks, *last = NULL;
    while (*link) {
        HeapBlock *block = *link;
        if (block->free_count == block->carved) {
            *link = block->next;
            heap->block_count--;
            block->emptied = true;
            block->next = empty;
            empty = block;
            continue;
        }
        char *slot = block->slots;
        for (uint32_t left = block->free_count; left; slot += block->slot_size) {
            Object *o = (Object *)slot;
            if (listed_take(block, o)) {
                *tail = o;
                tail = (Object **)&o->type;
                left--;
            }
        }
        last = block;
        link = &block->next;
    }
    *tail = NULL;
    heap->bins[kind][class].last = last;
    heap->free[kind][class] = NULL;
    heap->bins[kind][class].reserve = first;
    return empty;
}

void heap_trim(HeapThread *heap) {
    HeapBlock *empty = NULL;
    for (unsigned kind = 0; kind < HEAP_KINDS; kind++) {
        for (unsigned class = 0; class < HEAP_CLASSES; class ++)
            empty = bin_trim(heap, kind, class, empty);
    }
    for (HeapBlock **link = empty ? &heap->touched : NULL; link && *link;) {
        if ((*link)->emptied)
            *link = (*link)->touched_next;
        else
            link = &(*link)->touched_next;
    }
    while (empty) {
        HeapBlock *next = empty->next;
        reclaim_block(empty);
        empty = next;
    }
}

void heap_trim_all(void) {
    for (HeapThread *heap = heaps_first(); heap; heap = heap->next)
        heap_trim(heap);
}

// ---- a thread's heap -----------------------------------------------------------------------

#if LOCKSMITH_LOCKING_GIL

HeapThread *heap_thread_create(void) {
    return &heap_shared;
}
void heap_thread_destroy(HeapThread *heap) {
    (void)heap;
}
void heap_thread_use(HeapThread *heap) {
    (void)heap;
}

#else

static HeapThread *idle_heaps; // without a thread, linked by idle_next; under heap_lock

HeapThread *heap_thread_create(void) {
    pthread_mutex_lock(&heap_lock);
    HeapThread *heap = idle_heaps;
    if (heap) {
        idle_heaps = heap->idle_next;
    } else {
        heap = calloc(1, sizeof *heap);
        if (heap) {
            heap->trim_at = TRIM_MINIMUM;
            heap->next = heaps;
            __atomic_store_n(&heaps, heap, __ATOMIC_RELEASE);
        }
    }
    pthread_mutex_unlock(&heap_lock);
    return heap;
}

void heap_thread_destroy(HeapThread *heap) {
    heap_trim(heap);
    pthread_mutex_lock(&heap_lock);
    heap->idle_next = idle_heaps;
    idle_heaps = heap;
    pthread_mutex_unlock(&heap_lock);
}

void heap_thread_use(HeapThread *heap) {
    heap_current = heap;
}

#endif

void heap_fork_prepare(void) {
    pthread_mutex_lock(&heap_lock);
}
void heap_fork_done(void) {
    pthread_mutex_unlock(&heap_lock);
}

// ---- walking -------------------------------------------------------------------------------

void heap_each_block(unsigned kind, void (*visit)(HeapBlock *block, void *context), void *context) {
    for (HeapThread *heap = heaps_first(); heap; heap = heap->next) {
        for (unsigned class = 0; class < HEAP_CLASSES; class ++) {
            for (HeapBlock *block = heap->bins[kind][class].blocks; block; block = block->next)
                visit(block, context);
        }
    }
}

HeapLarge *heap_large_containers(void) {
    return large_containers;
}

size_t heap_block_count(void) {
    size_t count = 0;
    for (HeapThread *heap = heaps_first(); heap; heap = heap->next)
        count += heap->block_count;
    return count;
}

size_t heap_chunk_count(void) {
    return chunk_bytes / HEAP_CHUNK_SIZE;
}

void heap_each_touched(void (*visit)(HeapBlock *block, void *context), void *context) {
    for (HeapThread *heap = heaps_first(); heap; heap = heap->next) {
        for (HeapBlock *block = heap->touched; block; block = block->touched_next)
            visit(block, context);
    }
}

// Puts the free slots at hand before the reserve if there are at most `most`.
static void bin_recount(HeapThread *heap, unsigned class, size_t most) {
    Object *first = heap->free[HEAP_CONTAINER][class], *last = first;
    if (!first)
        return;
    Object **reserve = &heap->bins[HEAP_CONTAINER][class].reserve;
    if (*reserve) {
        for (size_t i = 1; last->type; i++) {
            if (i >= most)
                return;
            last = (Object *)last->type;
        }
        last->type = (struct Type *)*reserve;
    }
    *reserve = first;
    heap->free[HEAP_CONTAINER][class] = NULL;
}

void heap_forget_touched(void) {
    for (HeapThread *heap = heaps_first(); heap; heap = heap->next) {
        for (HeapBlock *block = heap->touched; block; block = block->touched_next)
            block->touched = false;
        heap->touched = NULL;
        for (unsigned class = 0; class < HEAP_CLASSES; class ++)
            bin_recount(heap, class, 256);
    }
}

void heap_recount_free(int64_t freed) {
    __atomic_fetch_sub(&growth, freed, __ATOMIC_RELAXED);
    for (unsigned class = 0; class < HEAP_CLASSES; class ++)
        bin_recount(heap_own(), class, SIZE_MAX);
}

typedef struct {
    void (*visit)(Object *o, void *context);
    void *context;
} EachObject;

static void each_object_of_block(HeapBlock *block, void *context) {
    EachObject *each = context;
    char *slot = block->slots;
    for (uint32_t i = 0; i < block->carved; i++, slot += block->slot_size) {
        Object *o = (Object *)slot;
        if (!count_is_zero(o))
            each->visit(o, each->context);
    }
}

static inline bool large_is_container(const HeapLarge *large) {
#if HEAP_IS_TRACED
    return large->kind == HEAP_CONTAINER;
#else
    return true;
#endif
}

void heap_each_container(void (*visit)(Object *o, void *context), void *context) {
    heap_each_container_from(sizeof(Object), visit, context);
}

void heap_each_container_from(size_t size, void (*visit)(Object *o, void *context), void *context) {
    EachObject each = {visit, context};
    for (HeapThread *heap = heaps_first(); heap; heap = heap->next) {
        for (unsigned class = size < HEAP_SMALL_MAX ? heap_class(size) : HEAP_CLASSES;
             class < HEAP_CLASSES; class ++) {
            for (HeapBlock *block = heap->bins[HEAP_CONTAINER][class].blocks; block;
                 block = block->next)
                each_object_of_block(block, &each);
        }
    }
    for (HeapLarge *large = large_containers; large; large = large->next) {
        if (!count_is_zero(large->object) && large_is_container(large))
            visit(large->object, context);
    }
}

static void count_containers(HeapBlock *block, void *context) {
    char *slot = block->slots;
    int64_t live = 0;
    for (uint32_t i = 0; i < block->carved; i++, slot += block->slot_size)
        live += !count_is_zero((Object *)slot);
    *(int64_t *)context += live;
}

int64_t heap_container_count(void) {
    int64_t count = (int64_t)__atomic_load_n(&large_objects[HEAP_CONTAINER], __ATOMIC_RELAXED);
    heap_each_block(HEAP_CONTAINER, count_containers, &count);
    return count;
}

static void statistics_of_block(HeapBlock *block, void *context) {
    HeapStatistics *out = context;
    char *slot = block->slots;
    size_t live = 0;
    for (uint32_t i = 0; i < block->carved; i++, slot += block->slot_size)
        live += !count_is_zero((Object *)slot);
    out->live_objects[block->kind] += live;
    out->live_bytes[block->kind] += live * block->slot_size;
}

void heap_statistics(HeapStatistics *out) {
    *out = (HeapStatistics){0};
    for (int kind = 0; kind < 2; kind++) {
        out->live_objects[kind] = __atomic_load_n(&large_objects[kind], __ATOMIC_RELAXED);
        out->live_bytes[kind] = __atomic_load_n(&large_bytes[kind], __ATOMIC_RELAXED);
        heap_each_block(kind, statistics_of_block, out);
    }
    out->block_bytes = chunk_bytes;
}

int64_t heap_growth(void) {
    return __atomic_load_n(&growth, __ATOMIC_RELAXED);
}

bool heap_growth_exceeded(void) {
#ifndef NDEBUG
    if (__atomic_load_n(&collect_every, __ATOMIC_RELAXED))
        return true;
#endif
#if HEAP_IS_TRACED
    if (heap_bytes() > __atomic_load_n(&bytes_limit, __ATOMIC_RELAXED))
        return true;
#endif
    return heap_growth() > __atomic_load_n(&growth_limit, __ATOMIC_RELAXED);
}

void heap_growth_reset(int64_t limit, bool fine) {
    __atomic_store_n(&growth, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&growth_limit, limit, __ATOMIC_RELAXED);
    __atomic_store_n(&growth_fine, fine, __ATOMIC_RELAXED);
}

bool heap_growth_extend(int64_t limit) {
    if (heap_growth() <= __atomic_load_n(&growth_limit, __ATOMIC_RELAXED))
        return false;
    __atomic_store_n(&growth_limit, limit, __ATOMIC_RELAXED);
    return true;
}

#if HEAP_IS_TRACED

int64_t heap_bytes(void) {
    return __atomic_load_n(&bytes, __ATOMIC_RELAXED);
}

void heap_bytes_add(int64_t count) {
    int64_t now = __atomic_add_fetch(&bytes, count, __ATOMIC_RELAXED);
    if (now > __atomic_load_n(&bytes_limit, __ATOMIC_RELAXED)) {
        Thread *thread = thread_current();
        if (thread)
            thread_request(thread, WANT_COLLECT);
    }
}

// As if the limit were passed, until the next collection sets one.
void heap_ran_out(void) {
    __atomic_store_n(&bytes_limit, INT64_MIN, __ATOMIC_RELAXED);
    Thread *thread = thread_current();
    if (thread)
        thread_request(thread, WANT_COLLECT);
}

void heap_bytes_reset(int64_t limit) {
    __atomic_store_n(&bytes, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&bytes_limit, limit, __ATOMIC_RELAXED);
}

size_t heap_bytes_used(void) {
    return __atomic_load_n(&blocks_used, __ATOMIC_RELAXED) * HEAP_BLOCK_SIZE +
           __atomic_load_n(&large_bytes[0], __ATOMIC_RELAXED) +
           __atomic_load_n(&large_bytes[1], __ATOMIC_RELAXED) + buffers_large_bytes();
}

HeapBlock *heap_block_at(uintptr_t address) {
    // The first block of a chunk is the first that was cut from it, and what it says of the chunk
    // stays there when it is given back.
    uintptr_t base = address & ~(uintptr_t)(HEAP_CHUNK_SIZE - 1);
    HeapBlock *block = heap_block_of((void *)address);
    if ((address - base) / HEAP_BLOCK_SIZE >= ((HeapBlock *)base)->chunk->cut ||
        address < (uintptr_t)block->slots)
        return NULL;
    return block;
}

void heap_give_dead(HeapBlock *block) {
    HeapThread *heap = heap_own();
    Object *first = NULL, *last = NULL;
    int64_t count = 0;
    for (unsigned word = 0; word < HEAP_MARK_WORDS; word++) {
        for (uint64_t bits = block->marks[word]; bits; bits &= bits - 1) {
            uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(bits);
            Object *o = (Object *)(block->slots + (size_t)i * block->slot_size);
#ifndef NDEBUG
            memset(o + 1, 0xdb, block->slot_size - sizeof(Object));
#endif
            HEAP_POISON(o, block->slot_size);
            o->type = (struct Type *)first;
            first = o;
            if (!last)
                last = o;
            count++;
        }
        block->marks[word] = 0;
    }
    if (!first)
        return;
    if (block->owner == heap) {
        Object **reserve = &heap->bins[block->kind][block->class].reserve;
        last->type = (struct Type *)*reserve;
        *reserve = first;
        if (block->kind == HEAP_CONTAINER)
            __atomic_fetch_sub(&growth, count, __ATOMIC_RELAXED);
    } else {
        free_remote(block, first, last);
    }
}

#endif
