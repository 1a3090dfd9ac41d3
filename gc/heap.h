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
#if HEAP_IS_TRACED
#define HEAP_BUFFER 2 // the third kind of block: small buffers, which C code's references may be in
#define HEAP_KINDS 3
#else
#define HEAP_KINDS 2
#endif

typedef struct HeapThread HeapThread; // a thread's own blocks (one for all under a GIL)

// Memory for an object of `size` bytes (header included, any size), 8-byte aligned, with
// count 1, the given type and shape in its header and ALL OTHER BYTES ZERO for containers
// (uninitialised for leaves). NULL when memory is out: the caller raises MemoryError.
static inline void *heap_allocate(size_t size, HeapKind kind, struct Type *type, uint32_t shape_id);
// The same without the zeros, for callers that fill every field at once (a tuple's items).
static inline void *heap_allocate_unzeroed(size_t size, HeapKind kind, struct Type *type,
                                           uint32_t shape_id);

// What may still be looked at without a lock (LOCKSMITH_READS=optimistic) after heap_free, until
// every thread has passed a safepoint: the count and the type word of the slot, and the slot is one
// of its size class or unused; so its count can be tried (ref_try_retain_object). Blocks change
// their size class, chunks are given back, and large objects are freed only after a grace period.
// In other strategies nothing may be looked at.

// Gives back an object made by heap_allocate with the same size and kind. Any thread may.
static inline void heap_free(void *object, size_t size, HeapKind kind);

// A thread's heap is made when the thread attaches first and given up when it ends (a later
// thread takes it over as a whole, blocks and all; heap_each_container still sees it).
HeapThread *heap_thread_create(void); // NULL when memory is out
void heap_thread_destroy(HeapThread *heap);
// From now on the calling OS thread allocates from heap (NULL: none). By thread.c.
void heap_thread_use(HeapThread *heap);

// Calls visit for each live container of all threads. Only with the world stopped.
void heap_each_container(void (*visit)(Object *o, void *context), void *context);
// The same for those of at least so many bytes, and perhaps others.
void heap_each_container_from(size_t size, void (*visit)(Object *o, void *context), void *context);

// ---- when to collect -------------------------------------------------------------------
// Containers handed out since heap_growth_reset, counted when a free list is refilled and so
// only about right. When it passes the limit, the allocating thread gets WANT_COLLECT.
int64_t heap_growth(void);
bool heap_growth_exceeded(void);
#if HEAP_IS_TRACED
// Bytes that were handed out, for objects of both kinds and buffers, since the last reset, and how
// many make a collection. As above.
int64_t heap_bytes(void);
void heap_bytes_add(int64_t bytes);
void heap_bytes_reset(int64_t limit);
void heap_ran_out(
    void); // an allocation has failed: what is dead is wanted back at the next safepoint
size_t heap_bytes_used(void); // about: blocks, large objects, large buffers
#else
static inline void heap_ran_out(void) {}
#endif
// World stopped or one thread. limit: objects, INT64_MAX for never. fine: hand slots out in
// small portions, so that a small limit is met closely.
void heap_growth_reset(int64_t limit, bool fine);
// The growth goes on to be counted, up to a new limit. False, and nothing is changed, if it has not
// passed the one there is (debug builds can collect without that). At any time.
bool heap_growth_extend(int64_t limit);
// Gives empty blocks of one heap back. The heap's owner, or with the world stopped.
void heap_trim(HeapThread *heap);
void heap_trim_all(void); // only with the world stopped
// Around fork: no other thread is within the heap's locks.
void heap_fork_prepare(void);
void heap_fork_done(void);

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
size_t buffer_size(void *buffer);               // at least what was asked for

#include "gc/heap_inline.h"

#endif
