// SPDX-License-Identifier: MIT
//
// The cycle collector. One collection:
//
//   1  stop the world
//   2  for each candidate (full collection: every container; young: those not OLD): word = its
//      count (what is immortal, frozen or held by a running frame's register uncounted: PINNED)
//   3  for each candidate: subtract 1 from the word of every candidate it refers to; what is
//      left over zero is held from outside (C locals, registers, leaves, static or old objects)
//   4  mark what can be reached from those; the rest is garbage
//   5  keep the garbage alive with a reference of our own, make deferred objects in it counted,
//      clear the weak references to it
//   6  start the world; call weak references' callbacks, run finalisers
//   7  if Python code ran: stop the world, repeat 2 to 4 within the garbage: what somebody holds
//      now is let off, with all it reaches; start the world
//   8  clear what is left, give up our references
//
// Nothing here recurses over user data: marking uses a stack of its own, and clearing leaves
// nesting to ref_destroy's trashcan.
//
// The word of a container lies in a side table: per block an array, for large containers in
// front of them (gc/heap_inline.h). A table is good for the collection whose number it bears.
// An object born during 6 has no GARBAGE bit: its slot was free, and so no candidate.
//
// Where functions, types and code are deferred, only a full collection may find them dead: an old
// object can hold a new one uncounted (a suspended frame's register, an instance's class).
#include "gc/collect.h"
#include "gc/destroy.h"
#include "gc/heap.h"
#include "gc/merge.h"
#include "gc/promote.h"
#include "gc/registers.h"
#include "gc/settle.h"
#include "gc/trace.h"
#include "gc/weak.h"
#include "locks/parking.h"
#include "vm/interp/frame.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/list.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define REACHED 0x80000000u
#define GARBAGE 0x40000000u
#define REFERENCES 0x3fffffffu
#define PINNED REFERENCES // so many that subtraction leaves it alone
#define NO_CANDIDATE (REACHED | PINNED)

// Containers. Few enough for a young collection to find them still in the cache.
#define YOUNG_LIMIT 10000
// A full collection follows when at least so many, and half as many again as were alive after
// the last one, have become old since: so its work stays proportional to the allocations.
#define FULL_MINIMUM 50000
// While one thread still clears what it found, others may allocate so many; then they are slowed
// down, or they might leave it ever further behind.
#define BACKLOG 50000
#define SLOW_DOWN_NS 20000000
#define SMALL_HEAP 128 // blocks
// A constant: whether there is anything to collect for.
#define COLLECTOR_RUNS (COUNT_IS_KEPT || HEAP_IS_TRACED)

#if !HEAP_IS_TRACED

typedef struct {
    Object **items;
    size_t count, capacity;
} Vector;

static bool vector_push(Vector *vector, Object *o) {
    if (vector->count == vector->capacity) {
        size_t capacity = vector->capacity ? vector->capacity * 2 : 1024;
        Object **items = buffer_resize(vector->items, capacity * sizeof *items);
        if (!items)
            return false;
        vector->items = items;
        vector->capacity = capacity;
    }
    vector->items[vector->count++] = o;
    return true;
}

typedef struct {
    GcVisitor visitor; // first: the traverse slots get its address
    Vector stack;      // reached, not yet traversed
    Vector garbage;
    Vector callbacks;   // weak references to call, each with a reference
    HeapBlock **blocks; // those with tables
    size_t block_count;
    uint32_t *words;
    size_t candidates;
    bool full;
    bool failed; // memory ran out: this collection collects nothing
} Collection;
static int64_t live_after; // containers at the end of the last full collection; relaxed
static int64_t old_since;  // that have become old since then; relaxed
static uint32_t epoch;
#endif

// All relaxed: flags and numbers of their own. `collecting` also gives whoever sets it the
// right to collect; acquire and release hand the collector's own state from one to the next.
static bool enabled = true;
static bool collecting;
static Thread *collector; // who set it; compared only
static int64_t limit_asked = -1;
static int debug_flags;
static int64_t young_since;  // collections of generation 0 since then or since one of generation 1
static int64_t middle_since; // those of generation 1
static GcListener listener;
static int64_t frozen;
// Written by whoever collects.
static GcStatistics statistics[2]; // young, full
static Value garbage_list;

static Type *type_of(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED);
}

// With the world stopped no thread is within a lock, a private section or object_set_flag, so
// nobody else writes the word; and who goes on afterwards sees it, for it was stopped.
static void set_flag_stopped(Object *o, uint32_t flag) {
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    __atomic_store_n(&o->shape_lock, word | flag, __ATOMIC_RELAXED);
}

#if !HEAP_IS_TRACED

static bool is_old(const Object *o) {
    return object_has_flag(o, OBJECT_FLAG_OLD);
}

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

// The large containers of this collection, by address: open addressing, mask + 1 slots. What is
// neither in a block nor here is no container (static, a large leaf, or from elsewhere).
static Object **large_slots;
static size_t large_mask;

static size_t large_home(const Object *o) {
    return (size_t)((uint64_t)(uintptr_t)o * 0x9e3779b97f4a7c15ULL >> 32) & large_mask;
}

static bool large_table_begin(size_t count) {
    size_t size = 8;
    while (size < count * 2)
        size *= 2;
    buffer_free(large_slots);
    large_slots = buffer_allocate_zeroed(size * sizeof *large_slots);
    large_mask = size - 1;
    return large_slots != NULL;
}

static void large_table_add(Object *o) {
    size_t i = large_home(o);
    while (large_slots[i])
        i = (i + 1) & large_mask;
    large_slots[i] = o;
}

static uint32_t *large_word_of(const Object *o) {
    for (size_t i = large_home(o); large_slots[i]; i = (i + 1) & large_mask) {
        if (large_slots[i] == o)
            return &heap_large_of(o)->gc_word;
    }
    return NULL;
}

// The container's word, NULL if the object is none, or was born after the tables were made.
static inline uint32_t *word_of(const Object *o) {
    if (LIKELY(heap_in_block(o))) {
        HeapBlock *block = heap_block_of(o);
        if (block->gc_epoch != epoch)
            return NULL;
        return &block->gc_words[heap_slot_number(block, o)];
    }
    return large_word_of(o);
}

// ---- 2: the words -----------------------------------------------------------------------------

static uint32_t initial_word(const Object *o, bool full) {
    if (count_is_zero(o) || (!full && is_old(o)))
        return NO_CANDIDATE; // a free slot, or dying: nobody refers to it
    uint32_t count = count_read(o);
    if (count == 0 || object_has_flag(o, OBJECT_FLAG_FROZEN))
        return PINNED; // no count: a register holds it, or did until just now
#if LOCKSMITH_IMMORTAL
    if (count >= COUNT_IMMORTAL)
        return PINNED;
#endif
#if LOCKSMITH_DEFERRED
    if (count >= COUNT_DEFERRED)
        return full ? count & ~COUNT_DEFERRED : PINNED;
#endif
    return count < PINNED ? count : PINNED;
}

typedef struct {
    Collection *collection;
    size_t blocks, slots;
    uint32_t *next;
} Tables;

static void count_table(HeapBlock *block, void *context) {
    Tables *tables = context;
    tables->blocks++;
    tables->slots += block->capacity; // more may be carved before the collection ends
}

static void make_table(HeapBlock *block, void *context) {
    Tables *tables = context;
    Collection *c = tables->collection;
    uint32_t *words = tables->next;
    char *slot = block->slots;
    size_t candidates = 0;
    for (uint32_t i = 0; i < block->carved; i++, slot += block->slot_size) {
        words[i] = initial_word((Object *)slot, c->full);
        candidates += words[i] != NO_CANDIDATE;
    }
    if (candidates == 0)
        return;
    for (uint32_t i = block->carved; i < block->capacity; i++)
        words[i] = NO_CANDIDATE;
    tables->next += block->capacity;
    block->gc_words = words;
    block->gc_epoch = epoch;
    c->blocks[c->block_count++] = block;
    c->candidates += candidates;
}

// The large candidates: the list is newest first, so in a young collection the first that is old
// ends it.
static HeapLarge *large_first(const Collection *c) {
    HeapLarge *large = heap_large_containers();
    return large && !c->full && is_old(large->object) ? NULL : large;
}
static HeapLarge *large_next(const Collection *c, HeapLarge *large) {
    large = large->next;
    return large && !c->full && is_old(large->object) ? NULL : large;
}

static bool make_tables(Collection *c) {
    Tables tables = {.collection = c};
    // Where new containers may be; but in a small heap it costs little to look everywhere, and
    // nothing is missed.
    bool everywhere = c->full || heap_block_count() <= SMALL_HEAP;
    if (everywhere)
        heap_each_block(HEAP_CONTAINER, count_table, &tables);
    else
        heap_each_touched(count_table, &tables);
    if (++epoch == 0)
        epoch = 1;
    c->blocks = buffer_allocate(tables.blocks * sizeof *c->blocks);
    c->words = buffer_allocate(tables.slots * sizeof *c->words);
    size_t large_count = 0;
    for (HeapLarge *large = large_first(c); large; large = large_next(c, large))
        large_count++;
    if (!c->blocks || !c->words || !large_table_begin(large_count))
        return false;
    tables.next = c->words;
    if (everywhere)
        heap_each_block(HEAP_CONTAINER, make_table, &tables);
    else
        heap_each_touched(make_table, &tables);
    for (HeapLarge *large = large_first(c); large; large = large_next(c, large)) {
        large_table_add(large->object);
        large->gc_word = initial_word(large->object, c->full);
        c->candidates += large->gc_word != NO_CANDIDATE;
    }
    return true;
}

// Calls visit for each candidate and its word.
static inline __attribute__((always_inline)) void
each_candidate(Collection *c, void (*visit)(Collection *c, Object *o, uint32_t *word)) {
    for (size_t b = 0; b < c->block_count; b++) {
        HeapBlock *block = c->blocks[b];
        uint32_t carved = block->carved, *words = block->gc_words;
        for (uint32_t i = 0; i < carved; i++) {
            if (words[i] != NO_CANDIDATE)
                visit(c, (Object *)(block->slots + (size_t)i * block->slot_size), &words[i]);
        }
    }
    for (HeapLarge *large = large_first(c); large; large = large_next(c, large)) {
        if (large->gc_word != NO_CANDIDATE)
            visit(c, large->object, &large->gc_word);
    }
}

// ---- 3: subtract --------------------------------------------------------------------------------

static void subtract_field(GcVisitor *visitor, Value v) {
    uint32_t *word = word_of(value_object(v));
    if (word && *word - 1 < PINNED - 1) // neither 0 nor pinned
        --*word;
}

// A register keeps no count of what is deferred.
static void subtract_register(GcVisitor *visitor, Value v) {
    if (!ref_is_deferred(value_object(v)))
        subtract_field(visitor, v);
}

static void traverse(Collection *c, Object *o) {
    Type *type = type_of(o);
    if (type->traverse)
        type->traverse(o, &c->visitor);
}
static void traverse_candidate(Collection *c, Object *o, uint32_t *word) {
    traverse(c, o);
}

static void pin(Object *o, void *context) {
    uint32_t *word = word_of(o);
    if (word)
        *word |= PINNED;
}
static void pin_if_uncounted(Object *o, void *context) {
    if (!REGISTERS_ARE_COUNTED || ref_is_deferred(o))
        pin(o, NULL);
}

// What a running frame's register holds without a count.
static void pin_registers(Thread *thread, void *context) {
    destroy_each_type(thread, pin, NULL);
    registers_each(thread, pin_if_uncounted, NULL);
}

// ---- 4: mark ----------------------------------------------------------------------------------

static void reach(Collection *c, Object *o, uint32_t *word) {
    *word |= REACHED;
    if (type_of(o)->traverse && !vector_push(&c->stack, o))
        c->failed = true;
}

static void mark_visit(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    uint32_t *word = word_of(o);
    if (word && !(*word & REACHED))
        reach((Collection *)visitor, o, word);
}

static void drain_stack(Collection *c) {
    while (c->stack.count && !c->failed) {
        Object *o = c->stack.items[--c->stack.count];
        type_of(o)->traverse(o, &c->visitor);
    }
}

static void mark_from(Collection *c, Object *o, uint32_t *word) {
    if (!(*word & REACHED) && (*word & REFERENCES)) {
        reach(c, o, word);
        drain_stack(c);
    }
}

// The reached grow old, the others are garbage.
static void sort_out(Collection *c, Object *o, uint32_t *word) {
    if (*word & REACHED) {
        if (!is_old(o))
            set_flag_stopped(o, OBJECT_FLAG_OLD);
    } else if (vector_push(&c->garbage, o)) {
        *word = GARBAGE;
    } else {
        c->failed = true;
    }
}

static void find_garbage(Collection *c) {
    c->visitor = (GcVisitor){subtract_field, subtract_register};
    each_candidate(c, traverse_candidate);
    if (!REGISTERS_ARE_COUNTED || (LOCKSMITH_DEFERRED && c->full))
        thread_each(pin_registers, NULL);
    c->visitor = (GcVisitor){mark_visit, mark_visit};
    each_candidate(c, mark_from);
    if (!c->failed)
        each_candidate(c, sort_out);
    if (c->failed)
        c->garbage.count = 0;
}

// ---- 5: keep, count, clear weak references ------------------------------------------------------

static bool is_garbage(const Object *o) {
    uint32_t *word = word_of(o);
    return word && (*word & GARBAGE);
}

#if LOCKSMITH_DEFERRED
static void ignore_visit(GcVisitor *visitor, Value v) {}
static void count_register(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    if (ref_is_deferred(o) && is_garbage(o))
        count_increment(o);
}

// From here on the garbage is counted in full, suspended frames' registers included. No running
// frame has any of it in a register, or it would have been pinned.
static void make_counted(Collection *c) {
    c->visitor = (GcVisitor){ignore_visit, count_register};
    for (size_t i = 0; i < c->garbage.count; i++)
        traverse(c, c->garbage.items[i]);
    for (size_t i = 0; i < c->garbage.count; i++) {
        Object *o = c->garbage.items[i];
        if (ref_is_deferred(o))
            count_make_ordinary(o);
    }
}
#endif

// A weak reference that is garbage itself does not call back.
static void keep_callback(WeakObject *weak, void *context) {
    Collection *c = context;
    if (is_garbage(&weak->header) || !vector_push(&c->callbacks, &weak->header))
        count_decrement(&weak->header); // not to zero: the garbage vector or its owner has one
}

#if LOCKSMITH_REFCOUNT_BIASED
// What other threads own, this one will end: they would have to be told of each object and of each
// leaf that only these refer to, and to leave its lock.
static void disown_leaf(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    if (heap_in_block(o) && heap_block_of(o)->kind == HEAP_LEAF && !count_is_own(o) &&
        count_read(o) == 1)
        count_disown(o);
}
static void disown_garbage(Collection *c) {
    c->visitor = (GcVisitor){disown_leaf, disown_leaf};
    for (size_t i = 0; i < c->garbage.count; i++) {
        Object *o = c->garbage.items[i];
        if (header_is_own(o))
            continue;
        count_disown(o);
        traverse(c, o);
    }
}
#else
static void disown_garbage(Collection *c) {}
#endif

static void prepare_garbage(Collection *c) {
    disown_garbage(c);
    for (size_t i = 0; i < c->garbage.count; i++)
        count_increment(c->garbage.items[i]);
#if LOCKSMITH_DEFERRED
    make_counted(c);
#endif
    for (size_t i = 0; i < c->garbage.count; i++) {
        if (object_has_flag(c->garbage.items[i], OBJECT_FLAG_WEAK))
            weak_clear_collect(c->garbage.items[i], keep_callback, c);
    }
}

// ---- 6: callbacks and finalisers --------------------------------------------------------------

static bool run_callbacks_and_finalizers(Collection *c) {
    bool ran = false;
    for (size_t i = 0; i < c->callbacks.count; i++) {
        weak_run_callback((WeakObject *)c->callbacks.items[i]);
        ref_release_object(c->callbacks.items[i]);
        ran = true;
    }
    return objects_finalize((Object **)c->garbage.items, c->garbage.count) || ran;
}

// ---- 7: what came back to life ----------------------------------------------------------------

static void subtract_garbage(GcVisitor *visitor, Value v) {
    uint32_t *word = word_of(value_object(v));
    if (word && (*word & GARBAGE) && (*word & REFERENCES) - 1 < PINNED - 1) // as in subtract_field
        --*word;
}

static void mark_garbage(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    uint32_t *word = word_of(o);
    if (word && (*word & (GARBAGE | REACHED)) == GARBAGE)
        reach((Collection *)visitor, o, word);
}

static void let_off_resurrected(Collection *c) {
    Vector *garbage = &c->garbage;
    settle_saved_registers();
    // Of the large ones only these are known to be still what they were.
    size_t large = 0;
    for (size_t i = 0; i < garbage->count; i++)
        large += !heap_in_block(garbage->items[i]);
    if (!large_table_begin(large)) {
        // Out of memory: all stays referenced, and so allocated, for ever.
        garbage->count = c->callbacks.count = 0;
        return;
    }
    for (size_t i = 0; i < garbage->count; i++) {
        if (!heap_in_block(garbage->items[i]))
            large_table_add(garbage->items[i]);
    }
    for (size_t i = 0; i < garbage->count; i++) {
        uint32_t count = count_read(garbage->items[i]) - 1; // without ours
        *word_of(garbage->items[i]) = GARBAGE | (count < PINNED ? count : PINNED);
    }
    if (!REGISTERS_ARE_COUNTED)
        thread_each(pin_registers, NULL);
    c->visitor = (GcVisitor){subtract_garbage, subtract_garbage};
    for (size_t i = 0; i < garbage->count; i++)
        traverse(c, garbage->items[i]);
    c->visitor = (GcVisitor){mark_garbage, mark_garbage};
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        uint32_t *word = word_of(o);
        if (!(*word & REACHED) && (*word & REFERENCES)) {
            reach(c, o, word);
            drain_stack(c);
        }
    }
    // The resurrected move to the end.
    size_t kept = 0;
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        if (!c->failed && !(*word_of(o) & REACHED)) {
            garbage->items[i] = garbage->items[kept];
            garbage->items[kept++] = o;
        }
    }
    // Their references are given up by the caller, when the world runs.
    c->callbacks.count = 0;
    for (size_t i = kept; i < garbage->count; i++) {
        if (!vector_push(&c->callbacks, garbage->items[i])) {
            // Out of memory: it stays referenced, and so allocated, for ever.
        }
    }
    garbage->count = kept;
}

// ---- 8: clear ---------------------------------------------------------------------------------

static bool is_type(const Object *o) {
    return __atomic_load_n(&type_of(o)->flags, __ATOMIC_RELAXED) & TYPE_TYPE_SUBCLASS;
}

// Types come last: what their instances' destroy slots look at should still be there. And the
// newest of them first, which is where a class looks for them among its subclasses.
static void clear_one(Object *o) {
    Type *type = type_of(o);
    if (type->clear && !count_is_one(o))
        type->clear(o);
    ref_release_object(o);
}

static void clear_garbage(Collection *c) {
    size_t types = 0;
    for (size_t i = 0; i < c->garbage.count; i++) {
        Object *o = c->garbage.items[i];
        if (is_type(o))
            c->garbage.items[types++] = o; // kept for later, at a place already passed
        else
            clear_one(o);
    }
    while (types)
        clear_one(c->garbage.items[--types]);
}

static void save_garbage(Collection *c) {
    Value list = gc_garbage();
    for (size_t i = 0; i < c->garbage.count; i++) {
        if (value_is_null(list) || list_append(list, value_from_object(c->garbage.items[i])) < 0)
            error_clear();
        ref_release_object(c->garbage.items[i]);
    }
}

#endif

// ---- a collection -----------------------------------------------------------------------------

static void set_next_limit(void) {
    int64_t asked = __atomic_load_n(&limit_asked, __ATOMIC_RELAXED);
#if HEAP_IS_TRACED
    // When as much again was allocated as there is. gc.disable() cannot mean that nothing is ever
    // freed: then the heap may become a few times as large in between.
    int64_t used = (int64_t)heap_bytes_used();
    int64_t limit = used > HEAP_BYTES_MINIMUM ? used : HEAP_BYTES_MINIMUM;
    heap_bytes_reset(gc_is_enabled() && asked ? limit : limit * 4);
    if (asked < 0)
        asked = 0;
#endif
    if (!gc_is_enabled() || asked == 0)
        heap_growth_reset(INT64_MAX, false);
    else if (asked < 0)
        heap_growth_reset(YOUNG_LIMIT, false);
    else
        heap_growth_reset(asked, asked < 2000);
}

#if !HEAP_IS_TRACED
static bool full_is_due(void) {
    int64_t old = __atomic_load_n(&old_since, __ATOMIC_RELAXED);
    return old > FULL_MINIMUM && old > __atomic_load_n(&live_after, __ATOMIC_RELAXED) / 2;
}

#endif

static void tell(bool begin, int generation, int64_t collected) {
    GcListener told = __atomic_load_n(&listener, __ATOMIC_RELAXED);
    if (told)
        told(begin, generation, collected, 0);
}

static void pause_add(bool full, int64_t pause) {
    statistics[full].pause_ns_total += pause;
    if (pause > statistics[full].pause_ns_max)
        statistics[full].pause_ns_max = pause;
}

#if HEAP_IS_TRACED

static void keep_garbage(Object *o) {
    Value list = gc_garbage();
    if (value_is_null(list) || list_append(list, value_from_object(o)) < 0)
        error_clear();
}
static void name_garbage(Object *o) {
    fprintf(stderr, "gc: collectable <%s %p>\n", type_of(o)->name, (void *)o);
}

// Whatever the generation, everything is looked at; only who asks for a full collection gets a
// second one, for what finalisers and callbacks have let go.
static int64_t collect(int generation) {
    Thread *thread = thread_current();
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    tell(true, generation, 0);
    bool full = generation >= 2;
    int64_t collected = 0;
    TraceResult result;
    int left = full ? 2 : 1;
    do {
        trace_collect(&result, debug_flags & GC_DEBUG_SAVEALL ? keep_garbage : NULL,
                      debug_flags & GC_DEBUG_COLLECTABLE ? name_garbage : NULL);
        pause_add(full, result.pause_ns);
        collected += result.collected;
    } while (--left && result.ran_python);
    __atomic_store_n(&young_since, full || generation ? 0 : young_since + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&middle_since, full ? 0 : middle_since + generation, __ATOMIC_RELAXED);
    if (debug_flags & GC_DEBUG_STATS)
        fprintf(stderr, "gc: done, %lld unreachable, 0 uncollectable\n", (long long)collected);
    heap_trim(thread->heap);
    set_next_limit();
    statistics[full].collections++;
    statistics[full].collected += collected;
    tell(false, generation, collected);
    Value raised = thread->exception; // a destroy slot left one behind
    thread->exception = pending;
    ref_release(raised);
    return collected;
}

#else

static void pause_ends(bool full, int64_t began) {
    pause_add(full, now_ns() - began);
}

static int64_t collect(int generation) {
    Thread *thread = thread_current();
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    tell(true, generation, 0);

    Collection c = {.full = generation >= 2};
    if (c.full)
        merge_all();
    int64_t began = now_ns();
    thread_stop_world();
    settle_saved_registers();
    if (make_tables(&c)) {
        find_garbage(&c);
        if (c.garbage.count)
            prepare_garbage(&c);
        int64_t survivors = (int64_t)(c.candidates - c.garbage.count);
        if (c.full) {
            __atomic_store_n(&live_after, survivors, __ATOMIC_RELAXED);
            __atomic_store_n(&old_since, 0, __ATOMIC_RELAXED);
            __atomic_store_n(&young_since, 0, __ATOMIC_RELAXED);
            __atomic_store_n(&middle_since, 0, __ATOMIC_RELAXED);
        } else {
            __atomic_fetch_add(&old_since, survivors, __ATOMIC_RELAXED);
            if (generation == 0) {
                __atomic_fetch_add(&young_since, 1, __ATOMIC_RELAXED);
            } else {
                __atomic_store_n(&young_since, 0, __ATOMIC_RELAXED);
                __atomic_fetch_add(&middle_since, 1, __ATOMIC_RELAXED);
            }
        }
        heap_forget_touched();
    }
    if (c.full)
        promote_find_dead();
    thread_start_world();
    pause_ends(c.full, began);
    promote_free_dead();

    if (c.garbage.count && run_callbacks_and_finalizers(&c)) {
        began = now_ns();
        thread_stop_world();
        let_off_resurrected(&c);
        thread_start_world();
        pause_ends(c.full, began);
        for (size_t i = 0; i < c.callbacks.count; i++)
            ref_release_object(c.callbacks.items[i]);
    }
    // Code is no container to Python programs, who compare this number.
    int64_t collected = 0;
    for (size_t i = 0; i < c.garbage.count; i++)
        collected += type_of(c.garbage.items[i]) != &code_type;
    if (debug_flags & GC_DEBUG_STATS)
        fprintf(stderr, "gc: done, %lld unreachable, 0 uncollectable\n", (long long)collected);
    if (debug_flags & GC_DEBUG_COLLECTABLE) {
        for (size_t i = 0; i < c.garbage.count; i++)
            fprintf(stderr, "gc: collectable <%s %p>\n", type_of(c.garbage.items[i])->name,
                    (void *)c.garbage.items[i]);
    }
    if (debug_flags & GC_DEBUG_SAVEALL)
        save_garbage(&c);
    else
        clear_garbage(&c);
    if (c.garbage.count)
        settle_once(); // or its slots would not be at hand again, below
    if (c.full)
        heap_trim(thread->heap);
    else
        heap_recount_free();
    set_next_limit(); // growth counts from here: what was just freed is at hand again
    buffer_free(c.blocks);
    buffer_free(c.words);
    buffer_free(c.stack.items);
    buffer_free(c.garbage.items);
    buffer_free(c.callbacks.items);
    statistics[c.full].collections++;
    statistics[c.full].collected += collected;
    tell(false, generation, collected);
    Value raised = thread->exception; // a destroy slot left one behind
    thread->exception = pending;
    ref_release(raised);
    return collected;
}

#endif

static bool is_collecting(void *context) {
    return __atomic_load_n(&collecting, __ATOMIC_RELAXED);
}

static __attribute__((noinline)) bool collect_now(int generation, int64_t *collected) {
    if (__atomic_exchange_n(&collecting, true, __ATOMIC_ACQUIRE))
        return false;
    ROOTS_PUBLISH(&roots_collector);
    __atomic_store_n(&collector, thread_current(), __ATOMIC_RELAXED);
    *collected = collect(generation);
    __atomic_store_n(&collector, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&collecting, false, __ATOMIC_RELEASE);
    parking_unpark_all(&collecting);
    return true;
}

void gc_after_fork_in_child(void) {
    if (__atomic_load_n(&collector, __ATOMIC_RELAXED) == thread_current())
        return; // within a finaliser
    __atomic_store_n(&collector, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&collecting, false, __ATOMIC_RELEASE);
}

// Who asks waits for the collection under way and then collects: what was garbage before the call
// is gone after it. But not for ever, see gc_collect_if_wanted, and not within it.
int64_t gc_collect_generation(int generation) {
    int64_t collected = 0;
    for (int tries = 0; COLLECTOR_RUNS && tries < 100; tries++) {
        if (__atomic_load_n(&collector, __ATOMIC_RELAXED) == thread_current())
            break;
        settle_all();
        if (collect_now(generation, &collected)) {
            settle_all();
            break;
        }
        parking_park(&collecting, is_collecting, NULL, SLOW_DOWN_NS, true, false, NULL);
    }
    return collected;
}

int64_t gc_collect(void) {
    return gc_collect_generation(2);
}

bool gc_find_dead(void) {
    if (HEAP_IS_TRACED)
        gc_collect();
    else if (!REGISTERS_ARE_COUNTED)
        settle_all();
    return HEAP_IS_TRACED || !REGISTERS_ARE_COUNTED;
}

void gc_collect_if_wanted(void) {
    if (!COLLECTOR_RUNS)
        heap_growth_reset(INT64_MAX, false); // do not ask again
    if ((!HEAP_IS_TRACED && !gc_is_enabled()) || !heap_growth_exceeded())
        return; // another thread has collected meanwhile
    if (is_collecting(NULL)) {
        // Not for ever: the collector may run a finaliser that waits for this thread.
        if (heap_growth() > BACKLOG &&
            __atomic_load_n(&collector, __ATOMIC_RELAXED) != thread_current())
            parking_park(&collecting, is_collecting, NULL, SLOW_DOWN_NS, true, false, NULL);
        return;
    }
    int64_t collected;
#if HEAP_IS_TRACED
    collect_now(0, &collected);
#else
    // What only the dead refer to would be a root. And when they were half of what was new, there
    // is room again; but only once in a row, as others may have been dead for longer.
    static bool skipped; // relaxed
    int64_t grown = heap_growth();
    if ((int64_t)settle_once() > grown / 2 && !__atomic_load_n(&skipped, __ATOMIC_RELAXED)) {
        __atomic_store_n(&skipped, true, __ATOMIC_RELAXED);
        set_next_limit();
        return;
    }
    if (!REGISTERS_ARE_COUNTED)
        __atomic_store_n(&skipped, false, __ATOMIC_RELAXED);
    collect_now(full_is_due() ? 2 : 0, &collected);
#endif
}

// ---- settings and what gc shows ---------------------------------------------------------------

void gc_set_enabled(bool wanted) {
    __atomic_store_n(&enabled, wanted, __ATOMIC_RELAXED);
    set_next_limit();
}
bool gc_is_enabled(void) {
    return __atomic_load_n(&enabled, __ATOMIC_RELAXED);
}

void gc_set_limit(int64_t containers) {
    __atomic_store_n(&limit_asked, containers, __ATOMIC_RELAXED);
    set_next_limit();
    // Free slots at hand would be used without being counted.
    if (containers > 0)
        heap_trim(thread_current()->heap);
}

void gc_set_listener(GcListener wanted) {
    __atomic_store_n(&listener, wanted, __ATOMIC_RELAXED);
}
void gc_set_debug(int flags) {
    __atomic_store_n(&debug_flags, flags, __ATOMIC_RELAXED);
}
int gc_debug(void) {
    return __atomic_load_n(&debug_flags, __ATOMIC_RELAXED);
}
void gc_statistics(GcStatistics *out, bool full) {
    *out = statistics[full];
}
void gc_counts(int64_t *young, int64_t *middle) {
    *young = __atomic_load_n(&young_since, __ATOMIC_RELAXED);
    *middle = __atomic_load_n(&middle_since, __ATOMIC_RELAXED);
}

Value gc_garbage(void) {
    if (value_is_null(field_raw(&garbage_list))) {
        Value list = list_new();
        if (value_is_null(list))
            return VALUE_NULL;
        Value expected = VALUE_NULL;
        if (!__atomic_compare_exchange_n(&garbage_list.bits, &expected.bits, list.bits, false,
                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            ref_release(list);
    }
    return (Value){__atomic_load_n(&garbage_list.bits, __ATOMIC_ACQUIRE)};
}

bool gc_is_container(Value v) {
    if (!value_is_object(v))
        return false;
    Object *o = value_object(v);
    if (heap_in_block(o))
        return heap_block_of(o)->kind == HEAP_CONTAINER;
    return !heap_is_static(o) && type_of(o)->kind == HEAP_CONTAINER;
}

static void freeze_visit(Object *o, void *context) {
    set_flag_stopped(o, OBJECT_FLAG_FROZEN);
    ++*(int64_t *)context;
}
void gc_freeze(void) {
    thread_stop_world();
    frozen = 0;
    heap_each_container(freeze_visit, &frozen);
    thread_start_world();
}

static void unfreeze_visit(Object *o, void *context) {
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED); // as in set_flag_stopped
    __atomic_store_n(&o->shape_lock, word & ~OBJECT_FLAG_FROZEN, __ATOMIC_RELAXED);
}
void gc_unfreeze(void) {
    thread_stop_world();
    frozen = 0;
    heap_each_container(unfreeze_visit, NULL);
    thread_start_world();
}

int64_t gc_frozen_count(void) {
    return frozen;
}
