// SPDX-License-Identifier: MIT
//
// The tracing collector, mark and sweep. One collection:
//
//   1  stop the world; free what readers without a lock were waited for with (gc/reclaim.c)
//   2  mark what the roots (gc/roots.h) lead to: objects exactly, through their types' traverse
//      slots; buffers that C code has in hand word by word
//   3  whatever is alive and not marked is dead: its count becomes 0, so that nobody who walks the
//      heap or finds a weak reference takes it for an object any more
//   4  clear the weak references to it, noting those whose callbacks are to be called
//   5  bring back to life what has a finaliser that has not run, and all it leads to
//   6  start the world; destroy the dead, types last, which their instances' destroy slots look at;
//      destroying sets free buffers and what else an object has outside the heap, and releases
//      nothing
//   7  only then the memory becomes free: until then whatever a destroy slot looks at is still
//      there
//   8  call the callbacks, run the finalisers (what they were for is found dead by the next
//      collection, if they have not resurrected it). Nothing they can reach was destroyed, and what
//      was cannot be in their way: a memory map, say, that they close has no views any more which
//      nobody has
//
// The marks are a bit a slot, in the block (in 3 they turn into its opposite: dead). Large objects
// and buffers bear the number of the collection that reached them.
//
// Nothing here recurses over user data: marking has a stack of its own. If there is no memory for
// that, the collection ends without having changed anything.
#include "gc/trace.h"

#if HEAP_IS_TRACED

#include "gc/buffers.h"
#include "gc/collect.h"
#include "gc/destroy.h"
#include "gc/reclaim_private.h"
#include "gc/roots.h"
#include "gc/weak.h"
#include "vm/interp/code.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <stdlib.h>
#include <time.h>

#define DEAD UINT32_MAX // in a large object's word

// From malloc: while the world stands still nothing is taken from the heap.
typedef struct {
    void **items;
    size_t count, capacity;
} Pointers;

typedef struct {
    uintptr_t begin, end;
    BufferLarge *buffer; // or
    HeapLarge *object;
} Range;

typedef struct {
    GcVisitor visitor; // first: the traverse slots get its address
    Pointers stack;    // marked, not yet traversed: an object, or a buffer and IS_BUFFER
    Range *ranges;     // large objects and buffers, by address
    size_t range_count;
    bool reviving;   // 5: dead turns into alive, instead of unmarked into marked
    bool failed;     // memory ran out
    Pointers blocks; // with dead objects
    Pointers large;  // dead HeapLarges
    Pointers weak;   // dead objects that had weak references
    Pointers callbacks;
    Pointers finalizers;
    Pointers kept;
    Pointers types;
    void (*keep)(Object *o);
    int64_t survivors, collected;
} Trace;

enum { IS_BUFFER = 1 };

static uint32_t epoch; // the collection's number; written by the collector

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool push(Trace *t, Pointers *pointers, void *p) {
    if (UNLIKELY(pointers->count == pointers->capacity)) {
        size_t capacity = pointers->capacity ? pointers->capacity * 2 : 1024;
        void **items = realloc(pointers->items, capacity * sizeof *items);
        if (!items) {
            t->failed = true;
            return false;
        }
        pointers->items = items;
        pointers->capacity = capacity;
    }
    pointers->items[pointers->count++] = p;
    return true;
}

static Type *type_of(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED);
}
static uint32_t flags_of(const Type *type) {
    return __atomic_load_n(&type->flags, __ATOMIC_RELAXED);
}

// ---- 2: mark ----------------------------------------------------------------------------------

static inline bool test_and_set(HeapBlock *block, uint32_t slot) {
    uint64_t bit = (uint64_t)1 << (slot % 64), *word = &block->marks[slot / 64];
    if (*word & bit)
        return true;
    *word |= bit;
    return false;
}

// Reached for the first time: whether it leads anywhere.
static inline void reached(Trace *t, Object *o) {
    Type *type = type_of(o);
    if (type->traverse || !heap_is_static(type))
        push(t, &t->stack, o);
}

static inline void mark(Trace *t, Object *o) {
    if (LIKELY(heap_in_block(o))) {
        HeapBlock *block = heap_block_of(o);
        uint32_t slot = heap_slot_number(block, o);
        if (UNLIKELY(t->reviving)) {
            uint64_t bit = (uint64_t)1 << (slot % 64);
            if (!(block->marks[slot / 64] & bit))
                return;
            block->marks[slot / 64] &= ~bit;
            count_revive(o);
        } else if (test_and_set(block, slot)) {
            return;
        }
        reached(t, o);
        return;
    }
    if (count_read(o) >= COUNT_IMMORTAL)
        return; // a root by itself
    HeapLarge *large = heap_large_of(o);
    if (t->reviving) {
        if (large->gc_word != DEAD)
            return;
        count_revive(o);
    } else if (large->gc_word == epoch) {
        return;
    }
    large->gc_word = epoch;
    reached(t, o);
}

static void mark_visit(GcVisitor *visitor, Value v) {
    mark((Trace *)visitor, value_object(v));
}
static void mark_exact(Object *o, void *context) {
    // An immortal object: what it leads to, whether or not something leads to it.
    push(context, &((Trace *)context)->stack, o);
}

static const Range *range_of(const Trace *t, uintptr_t word) {
    size_t low = 0, high = t->range_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->ranges[middle].end <= word)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->range_count && t->ranges[low].begin <= word ? &t->ranges[low] : NULL;
}

// A word that may be a reference, or a pointer to a buffer with some.
static void ambiguous(uintptr_t word, bool buffers, Trace *t) {
    if (word >> 47)
        return;
    if (!heap_in_block((void *)word)) {
        const Range *range = range_of(t, word);
        if (!range)
            return;
        if (range->object) {
            if (!count_is_zero(range->object->object))
                mark(t, range->object->object);
        } else if (buffers && range->buffer->gc_word != epoch) {
            range->buffer->gc_word = epoch;
            push(t, &t->stack, (void *)((uintptr_t)range->buffer->data | IS_BUFFER));
        }
        return;
    }
    HeapBlock *block = heap_block_at(word);
    if (!block)
        return;
    uint32_t slot = heap_slot_number(block, (void *)word);
    if (slot >= block->carved)
        return;
    Object *o = (Object *)(block->slots + (size_t)slot * block->slot_size);
    if (block->kind == HEAP_BUFFER) {
        if (buffers && buffer_is_live(o) && !test_and_set(block, slot))
            push(t, &t->stack, (void *)((uintptr_t)o | IS_BUFFER));
    } else if (!count_is_zero(o)) {
        mark(t, o);
    }
}

static void in_code(uintptr_t word, void *context) {
    ambiguous(word, true, context);
}
// The VM's tables hang on static variables; what they hold there they borrow.
static void in_data(uintptr_t word, void *context) {
    ambiguous(word, false, context);
}

static void drain(Trace *t) {
    while (t->stack.count && !t->failed) {
        uintptr_t next = (uintptr_t)t->stack.items[--t->stack.count];
        if (UNLIKELY(next & IS_BUFFER)) {
            char *buffer = (char *)(next & ~(uintptr_t)IS_BUFFER);
            roots_scan(buffer, buffer + buffer_size(buffer), in_code, t);
            continue;
        }
        Object *o = (Object *)next;
        Type *type = type_of(o);
        if (type->kind == HEAP_CONTAINER && !object_has_flag(o, OBJECT_FLAG_OLD))
            object_set_flag(o, OBJECT_FLAG_OLD);
        if (!heap_is_static(type))
            mark(t, &type->header);
        if (type->traverse)
            type->traverse(o, &t->visitor);
    }
}

static void mark_frozen(Object *o, void *context) {
    if (object_has_flag(o, OBJECT_FLAG_FROZEN))
        mark(context, o);
}

static void clear_marks(HeapBlock *block, void *context) {
    memset(block->marks, 0, sizeof block->marks);
}

static void add_buffer(BufferLarge *large, void *context) {
    Trace *t = context;
    uintptr_t begin = (uintptr_t)large->data;
    t->ranges[t->range_count++] = (Range){begin, begin + large->size, large, NULL};
}

static int by_address(const void *a, const void *b) {
    const Range *left = a, *right = b;
    return left->begin < right->begin ? -1 : left->begin > right->begin;
}

static bool find_ranges(Trace *t) {
    size_t count = buffers_large_count();
    for (HeapLarge *large = heap_large_containers(); large; large = large->next)
        count++;
    t->ranges = malloc((count + 1) * sizeof *t->ranges);
    if (!t->ranges)
        return false;
    buffers_each_large(add_buffer, t);
    for (HeapLarge *large = heap_large_containers(); large; large = large->next) {
        uintptr_t begin = (uintptr_t)large->object;
        t->ranges[t->range_count++] = (Range){begin, begin + large->size, NULL, large};
    }
    qsort(t->ranges, t->range_count, sizeof *t->ranges, by_address);
    return true;
}

static bool mark_all(Trace *t) {
    if (++epoch == DEAD)
        epoch = 1;
    if (!find_ranges(t))
        return false;
    for (unsigned kind = 0; kind < HEAP_KINDS; kind++)
        heap_each_block(kind, clear_marks, NULL);
    t->visitor = (GcVisitor){mark_visit, mark_visit};
    if (!roots_each(in_data, in_code, mark_exact, t))
        return false;
    if (gc_frozen_count())
        heap_each_container(mark_frozen, t);
    drain(t);
    return !t->failed;
}

// ---- 3: the dead ------------------------------------------------------------------------------

// What is noted of a dead object. False: no memory.
static inline bool note(Trace *t, Object *o) {
    Type *type = type_of(o);
    if (UNLIKELY(flags_of(type) & TYPE_HAS_FINALIZER) &&
        !object_has_flag(o, OBJECT_FLAG_FINALIZED) && !push(t, &t->finalizers, o))
        return false;
    if (UNLIKELY(object_has_flag(o, OBJECT_FLAG_WEAK)) && !push(t, &t->weak, o))
        return false;
    return !UNLIKELY(t->keep != NULL) || type->kind != HEAP_CONTAINER || push(t, &t->kept, o);
}

static void find_dead(HeapBlock *block, void *context) {
    Trace *t = context;
    bool any = false;
    bool container = block->kind == HEAP_CONTAINER;
    for (uint32_t word = 0; word * 64 < block->carved; word++) {
        uint32_t left = block->carved - word * 64;
        uint64_t slots = left >= 64 ? UINT64_MAX : ((uint64_t)1 << left) - 1, dead = 0;
        uint64_t marked = block->marks[word] & slots;
        if (container)
            t->survivors += __builtin_popcountll(marked);
        char *base = block->slots + (size_t)word * 64 * block->slot_size;
        for (uint64_t bits = slots & ~marked; bits; bits &= bits - 1) {
            unsigned i = (unsigned)__builtin_ctzll(bits);
            Object *o = (Object *)(base + (size_t)i * block->slot_size);
            uint32_t count = count_read(o);
            if (count == 0 || count >= COUNT_IMMORTAL)
                continue;
            note(t, o);
            header_end(o);
            dead |= (uint64_t)1 << i;
        }
        block->marks[word] = dead;
        any |= dead != 0;
    }
    if (any)
        push(t, &t->blocks, block);
}

// Room is made beforehand: once something is dead there is no way back.
static bool reserve(Trace *t, Pointers *pointers, size_t count) {
    pointers->items = malloc((count + 1) * sizeof *pointers->items);
    pointers->capacity = count + 1;
    return pointers->items != NULL;
}

static bool find_all_dead(Trace *t) {
    size_t large_count = 0;
    for (HeapLarge *large = heap_large_containers(); large; large = large->next)
        large_count++;
    if (!reserve(t, &t->blocks, heap_block_count()) || !reserve(t, &t->large, large_count))
        return false;
    heap_each_block(HEAP_LEAF, find_dead, t);
    heap_each_block(HEAP_CONTAINER, find_dead, t);
    for (HeapLarge *large = heap_large_containers(); large; large = large->next) {
        bool container = large->kind == HEAP_CONTAINER;
        if (count_is_zero(large->object))
            continue; // being made
        if (large->gc_word == epoch) {
            t->survivors += container;
            continue;
        }
        if (count_read(large->object) >= COUNT_IMMORTAL)
            continue;
        note(t, large->object);
        header_end(large->object);
        large->gc_word = DEAD;
        push(t, &t->large, large);
    }
    return true;
}

static void each_dead(HeapBlock *block, void (*visit)(Trace *t, Object *o), Trace *t) {
    for (unsigned word = 0; word < HEAP_MARK_WORDS; word++) {
        for (uint64_t bits = block->marks[word]; bits; bits &= bits - 1) {
            uint32_t i = word * 64 + (uint32_t)__builtin_ctzll(bits);
            visit(t, (Object *)(block->slots + (size_t)i * block->slot_size));
        }
    }
}

static void restore(Trace *t, Object *o) {
    count_revive(o);
}

// All that is dead is alive again: there is no memory for what has to be done with it.
static void restore_all(Trace *t) {
    for (size_t i = 0; i < t->blocks.count; i++) {
        HeapBlock *block = t->blocks.items[i];
        each_dead(block, restore, t);
        clear_marks(block, NULL);
    }
    for (size_t i = 0; i < t->large.count; i++) {
        HeapLarge *large = t->large.items[i];
        if (large->gc_word == DEAD)
            count_revive(large->object);
    }
    t->blocks.count = t->large.count = 0;
}

// ---- 4, 5 --------------------------------------------------------------------------------------

static void keep_callback(WeakObject *weak, void *context) {
    push(context, &((Trace *)context)->callbacks, &weak->header);
}

static void clear_weak(Trace *t) {
    for (size_t i = 0; i < t->weak.count; i++)
        weak_clear_collect(t->weak.items[i], keep_callback, t);
}

static void revive(Trace *t, const Pointers *which) {
    t->reviving = true;
    for (size_t i = 0; i < which->count; i++)
        mark(t, which->items[i]);
    drain(t);
}

// ---- 6, 7 -------------------------------------------------------------------------------------

static inline void destroy(Trace *t, Object *o) {
    Type *type = type_of(o);
    // (Without memory for a list of them they stay as they are, for ever.)
    if (UNLIKELY(flags_of(type) & TYPE_TYPE_SUBCLASS))
        push(t, &t->types, o);
    else
        type->destroy(o);
    // Code is no container to Python programs, who compare this number.
    t->collected += type->kind == HEAP_CONTAINER && type != &code_type;
}

static void sweep(Trace *t) {
    for (size_t i = 0; i < t->blocks.count; i++)
        each_dead(t->blocks.items[i], destroy, t);
    for (size_t i = 0; i < t->large.count; i++) {
        HeapLarge *large = t->large.items[i];
        if (large->gc_word == DEAD)
            destroy(t, large->object);
    }
    for (size_t i = 0; i < t->types.count; i++) {
        Object *o = t->types.items[i];
        type_of(o)->destroy(o);
    }
    for (size_t i = 0; i < t->blocks.count; i++)
        heap_give_dead(t->blocks.items[i]);
    for (size_t i = 0; i < t->large.count; i++) {
        HeapLarge *large = t->large.items[i];
        if (large->gc_word == DEAD)
            heap_free_large(large->object, large->size, large->kind);
    }
}

static void name_dead(Trace *t, void (*name)(Object *o)) {
    for (size_t i = 0; i < t->blocks.count; i++) {
        HeapBlock *block = t->blocks.items[i];
        for (uint32_t slot = 0; block->kind == HEAP_CONTAINER && slot < block->carved; slot++)
            if (block->marks[slot / 64] >> (slot % 64) & 1)
                name((Object *)(block->slots + (size_t)slot * block->slot_size));
    }
}

// ---- 8 ---------------------------------------------------------------------------------------

static bool run_python(Trace *t) {
    bool ran = false;
    for (size_t i = 0; i < t->callbacks.count; i++) {
        weak_run_callback(t->callbacks.items[i]);
        ran = true;
    }
    return objects_finalize((Object **)t->finalizers.items, t->finalizers.count) || ran;
}

void trace_collect(TraceResult *result, void (*keep)(Object *o), void (*name)(Object *o)) {
    Trace t = {.keep = keep};
    *result = (TraceResult){0};
    int64_t began = now_ns();
    thread_stop_world();
    reclaim_stopped(); // or what such an array held would live for as long as a stray word finds it
    buffers_lock();
    bool marked = mark_all(&t);
    buffers_unlock();
    if (marked && find_all_dead(&t)) {
        if (!t.failed)
            clear_weak(&t);
        if (t.finalizers.count)
            revive(&t, &t.finalizers);
        if (t.kept.count)
            revive(&t, &t.kept);
        if (t.failed) {
            restore_all(&t);
            t.callbacks.count = t.finalizers.count = t.kept.count = 0;
        }
        result->survivors = t.survivors;
        heap_forget_touched();
    }
    thread_start_world();
    result->pause_ns = now_ns() - began;
    if (marked) {
        if (name)
            name_dead(&t, name);
        sweep(&t);
        result->ran_python = run_python(&t);
        for (size_t i = 0; i < t.kept.count; i++)
            keep(t.kept.items[i]);
        result->collected = t.collected + (int64_t)t.kept.count;
    }
    free(t.ranges);
    Pointers *all[] = {&t.stack,     &t.blocks,     &t.large, &t.weak,
                       &t.callbacks, &t.finalizers, &t.kept,  &t.types};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->items);
}

#endif
