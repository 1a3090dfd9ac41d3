// SPDX-License-Identifier: MIT
//
// The cycle collector. One collection:
//
//   1  stop the world
//   2  for each container: word = its count (what is immortal, frozen or held by a running
//      frame's register uncounted: PINNED)
//   3  for each container: subtract 1 from the word of every container it refers to; what is
//      left over zero is held from outside (C locals, registers, leaves, static objects)
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
// An object born during 6 has no GARBAGE bit: its slot was free, and a free slot's word is 0.
#include "gc/collect.h"
#include "gc/destroy.h"
#include "gc/heap.h"
#include "gc/weak.h"
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

#define LIMIT_MINIMUM 50000 // containers

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
    Vector callbacks;  // weak references to call, each with a reference
    uint32_t *words;
    size_t containers;
    bool failed;       // memory ran out: this collection collects nothing
} Collection;

// All relaxed: flags and numbers of their own. `collecting` also gives whoever sets it the
// right to collect; acquire and release hand the collector's own state from one to the next.
static bool enabled = true;
static bool collecting;
static int64_t limit_asked = -1;
static int debug_flags;
static int64_t live_after; // containers at the end of the last collection
static GcListener listener;
static int64_t frozen;
// Written by whoever collects.
static GcStatistics statistics;
static uint32_t epoch;
static Value garbage_list;

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static Type *type_of(const Object *o) { return __atomic_load_n(&o->type, __ATOMIC_RELAXED); }

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

static bool make_large_table(void) {
    size_t count = 0;
    for (HeapLarge *large = heap_large_containers(); large; large = large->next)
        count++;
    if (!large_table_begin(count))
        return false;
    for (HeapLarge *large = heap_large_containers(); large; large = large->next)
        large_table_add(large->object);
    return true;
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

static uint32_t initial_word(const Object *o) {
    uint32_t count = count_read(o);
    if (count == 0)
        return 0; // a free slot, or dying: nobody refers to it
    if (object_has_flag(o, OBJECT_FLAG_FROZEN))
        return PINNED;
#if LOCKSMITH_IMMORTAL
    if (count >= COUNT_IMMORTAL)
        return PINNED;
#endif
#if LOCKSMITH_DEFERRED
    count &= ~COUNT_DEFERRED;
#endif
    return count < PINNED ? count : PINNED;
}

static void count_slots(HeapBlock *block, void *context) { *(size_t *)context += block->carved; }

typedef struct {
    uint32_t *next;
    size_t live;
} Tables;

static void make_table(HeapBlock *block, void *context) {
    Tables *tables = context;
    block->gc_words = tables->next;
    block->gc_epoch = epoch;
    tables->next += block->carved;
    char *slot = block->slots;
    for (uint32_t i = 0; i < block->carved; i++, slot += block->slot_size) {
        block->gc_words[i] = initial_word((Object *)slot);
        tables->live += ((Object *)slot)->count != 0;
    }
}

static bool make_tables(Collection *c) {
    size_t slots = 0;
    heap_each_block(HEAP_CONTAINER, count_slots, &slots);
    if (++epoch == 0)
        epoch = 1;
    c->words = buffer_allocate(slots * sizeof(uint32_t));
    if (!c->words || !make_large_table())
        return false;
    Tables tables = {c->words, 0};
    heap_each_block(HEAP_CONTAINER, make_table, &tables);
    for (HeapLarge *large = heap_large_containers(); large; large = large->next) {
        large->gc_word = initial_word(large->object);
        tables.live += large->object->count != 0;
    }
    c->containers = tables.live;
    return true;
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

static void traverse(Object *o, void *context) {
    Collection *c = context;
    Type *type = type_of(o);
    if (type->traverse)
        type->traverse(o, &c->visitor);
}

#if LOCKSMITH_DEFERRED
static void pin(Object *o, void *context) {
    uint32_t *word = word_of(o);
    if (word)
        *word |= PINNED;
}

static void pin_uncounted(Thread *thread, void *context) {
    destroy_each_type(thread, pin, NULL);
    Frame *frame = thread->frame;
    if (!frame)
        return;
    Value *end = frame->registers + frame_code(frame)->register_count;
    for (Value *v = thread->stack; v < end; v++) {
        if (value_is_object(*v) && ref_is_deferred(value_object(*v)))
            pin(value_object(*v), NULL);
    }
}
#endif

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

static void mark_from(Object *o, void *context) {
    Collection *c = context;
    uint32_t *word = word_of(o);
    if (word && !(*word & REACHED) && (*word & REFERENCES)) {
        reach(c, o, word);
        drain_stack(c);
    }
}

static void gather(Object *o, void *context) {
    Collection *c = context;
    uint32_t *word = word_of(o);
    if (!word || (*word & REACHED) || c->failed)
        return;
    if (vector_push(&c->garbage, o))
        *word = GARBAGE;
    else
        c->failed = true;
}

static void find_garbage(Collection *c) {
    c->visitor = (GcVisitor){subtract_field, subtract_register};
    heap_each_container(traverse, c);
#if LOCKSMITH_DEFERRED
    thread_each(pin_uncounted, NULL);
#endif
    c->visitor = (GcVisitor){mark_visit, mark_visit};
    heap_each_container(mark_from, c);
    if (!c->failed)
        heap_each_container(gather, c);
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
        traverse(c->garbage.items[i], c);
    for (size_t i = 0; i < c->garbage.count; i++) {
        Object *o = c->garbage.items[i];
        if (ref_is_deferred(o))
            __atomic_fetch_and(&o->count, ~COUNT_DEFERRED, __ATOMIC_RELAXED);
    }
}
#endif

// A weak reference that is garbage itself does not call back.
static void keep_callback(WeakObject *weak, void *context) {
    Collection *c = context;
    if (is_garbage(&weak->header) || !vector_push(&c->callbacks, &weak->header))
        count_decrement(&weak->header); // not to zero: the garbage vector or its owner has one
}

static void prepare_garbage(Collection *c) {
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

// ---- 6: callbacks and finalisers ------------------------------------------------------------------

static bool run_callbacks_and_finalizers(Collection *c) {
    bool ran = false;
    for (size_t i = 0; i < c->callbacks.count; i++) {
        weak_run_callback((WeakObject *)c->callbacks.items[i]);
        ref_release_object(c->callbacks.items[i]);
        ran = true;
    }
    for (size_t i = 0; i < c->garbage.count; i++) {
        Object *o = c->garbage.items[i];
        if (__atomic_load_n(&type_of(o)->flags, __ATOMIC_RELAXED) & TYPE_HAS_FINALIZER)
            ran |= object_finalize(o);
    }
    return ran;
}

// ---- 7: what came back to life ----------------------------------------------------------------------

static void subtract_garbage(GcVisitor *visitor, Value v) {
    uint32_t *word = word_of(value_object(v));
    if (word && (*word & GARBAGE) && (*word & REFERENCES))
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
    c->visitor = (GcVisitor){subtract_garbage, subtract_garbage};
    for (size_t i = 0; i < garbage->count; i++)
        traverse(garbage->items[i], c);
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

// ---- 8: clear ---------------------------------------------------------------------------------------

static bool is_type(const Object *o) {
    return __atomic_load_n(&type_of(o)->flags, __ATOMIC_RELAXED) & TYPE_TYPE_SUBCLASS;
}

// Types come last: what their instances' destroy slots look at should still be there.
static void clear_garbage(Collection *c) {
    for (int types = 0; types < 2; types++) {
        for (size_t i = 0; i < c->garbage.count; i++) {
            Object *o = c->garbage.items[i];
            if (!o || is_type(o) != types)
                continue;
            c->garbage.items[i] = NULL;
            Type *type = type_of(o);
            if (type->clear && !count_is_one(o))
                type->clear(o);
            ref_release_object(o);
        }
    }
}

static void save_garbage(Collection *c) {
    Value list = gc_garbage();
    for (size_t i = 0; i < c->garbage.count; i++) {
        if (value_is_null(list) ||
            list_append(list, value_from_object(c->garbage.items[i])) < 0)
            error_clear();
        ref_release_object(c->garbage.items[i]);
    }
}

// ---- a collection --------------------------------------------------------------------------------------

static void set_next_limit(void) {
    int64_t asked = __atomic_load_n(&limit_asked, __ATOMIC_RELAXED);
    int64_t live = __atomic_load_n(&live_after, __ATOMIC_RELAXED);
    if (!gc_is_enabled() || asked == 0) {
        heap_growth_reset(INT64_MAX, false);
    } else if (asked < 0) {
        // Half as many again as live: then the work of all collections stays proportional to
        // the allocations, however large the heap.
        heap_growth_reset(live / 2 > LIMIT_MINIMUM ? live / 2 : LIMIT_MINIMUM, false);
    } else {
        // What was asked for, unless that would make nearly every step a walk over a big heap.
        int64_t limit = live / 256 > asked ? live / 256 : asked;
        heap_growth_reset(limit, limit < 2000);
    }
}

static void tell(bool begin, int generation, int64_t collected) {
    GcListener told = __atomic_load_n(&listener, __ATOMIC_RELAXED);
    if (told)
        told(begin, generation, collected, 0);
}

static void pause_ends(int64_t began) {
    int64_t pause = now_ns() - began;
    statistics.pause_ns_total += pause;
    if (pause > statistics.pause_ns_max)
        statistics.pause_ns_max = pause;
}

static int64_t collect(int generation) {
    Thread *thread = thread_current();
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    tell(true, generation, 0);

    Collection c = {0};
    int64_t began = now_ns();
    thread_stop_world();
    if (make_tables(&c)) {
        find_garbage(&c);
        if (c.garbage.count)
            prepare_garbage(&c);
        int64_t live = (int64_t)(c.containers - c.garbage.count);
        __atomic_store_n(&live_after, live, __ATOMIC_RELAXED);
    }
    thread_start_world();
    pause_ends(began);

    if (c.garbage.count && run_callbacks_and_finalizers(&c)) {
        began = now_ns();
        thread_stop_world();
        let_off_resurrected(&c);
        thread_start_world();
        pause_ends(began);
        for (size_t i = 0; i < c.callbacks.count; i++)
            ref_release_object(c.callbacks.items[i]);
    }
    int64_t collected = (int64_t)c.garbage.count;
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
    if (collected > 1000 || generation == 2)
        heap_trim(thread->heap);
    set_next_limit(); // growth counts from here: what was just freed is at hand again
    buffer_free(c.words);
    buffer_free(c.stack.items);
    buffer_free(c.garbage.items);
    buffer_free(c.callbacks.items);
    statistics.collections++;
    statistics.collected += collected;
    tell(false, generation, collected);
    Value raised = thread->exception; // a destroy slot left one behind
    thread->exception = pending;
    ref_release(raised);
    return collected;
}

int64_t gc_collect_generation(int generation) {
    if (__atomic_exchange_n(&collecting, true, __ATOMIC_ACQUIRE))
        return 0;
    int64_t collected = collect(generation);
    __atomic_store_n(&collecting, false, __ATOMIC_RELEASE);
    return collected;
}

int64_t gc_collect(void) { return gc_collect_generation(2); }

void gc_collect_if_wanted(void) {
    if (gc_is_enabled() && heap_growth_exceeded()) // nobody else has collected meanwhile
        gc_collect_generation(0);
}

// ---- settings and what gc shows ----------------------------------------------------------------------

void gc_set_enabled(bool wanted) {
    __atomic_store_n(&enabled, wanted, __ATOMIC_RELAXED);
    set_next_limit();
}
bool gc_is_enabled(void) { return __atomic_load_n(&enabled, __ATOMIC_RELAXED); }

void gc_set_limit(int64_t containers) {
    __atomic_store_n(&limit_asked, containers, __ATOMIC_RELAXED);
    set_next_limit();
    // Free slots at hand would be used without being counted.
    if (containers > 0)
        heap_trim(thread_current()->heap);
}

void gc_set_listener(GcListener wanted) { __atomic_store_n(&listener, wanted, __ATOMIC_RELAXED); }
void gc_set_debug(int flags) { __atomic_store_n(&debug_flags, flags, __ATOMIC_RELAXED); }
int gc_debug(void) { return __atomic_load_n(&debug_flags, __ATOMIC_RELAXED); }
void gc_statistics(GcStatistics *out) { *out = statistics; }

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
    object_set_flag(o, OBJECT_FLAG_FROZEN);
    ++*(int64_t *)context;
}
void gc_freeze(void) {
    thread_stop_world();
    frozen = 0;
    heap_each_container(freeze_visit, &frozen);
    thread_start_world();
}

static void unfreeze_visit(Object *o, void *context) {
    __atomic_fetch_and(&o->shape_lock, ~OBJECT_FLAG_FROZEN, __ATOMIC_RELAXED);
}
void gc_unfreeze(void) {
    thread_stop_world();
    frozen = 0;
    heap_each_container(unfreeze_visit, NULL);
    thread_start_world();
}

int64_t gc_frozen_count(void) { return frozen; }

// ---- questions about the heap ------------------------------------------------------------------------

typedef struct {
    GcVisitor visitor;
    Vector found; // new references; may hold leaves
    const Value *targets;
    size_t target_count;
    bool hit, failed;
} Question;

static void found_add(Question *q, Object *o) {
    // Dying objects (count 0) are nobody's to see.
    if (!count_try_increment(o))
        return;
    if (!vector_push(&q->found, o)) {
        count_decrement(o);
        q->failed = true;
    }
}

static Value answer(Question *q) {
    Value list = VALUE_NULL;
    Value *items = (Value *)q->found.items; // a Value of an object is its address
    if (q->failed) {
        for (size_t i = 0; i < q->found.count; i++)
            ref_release(items[i]);
        raise_memory_error();
    } else {
        list = list_from_owned(items, (int64_t)q->found.count);
    }
    buffer_free(q->found.items);
    return list;
}

static void objects_visit(Object *o, void *context) { found_add(context, o); }

Value gc_objects(void) {
    Question q = {0};
    thread_stop_world();
    heap_each_container(objects_visit, &q);
    thread_start_world();
    return answer(&q);
}

static void compare_visit(GcVisitor *visitor, Value v) {
    Question *q = (Question *)visitor;
    for (size_t i = 0; i < q->target_count; i++)
        q->hit |= value_same(q->targets[i], v);
}

static void referrers_visit(Object *o, void *context) {
    Question *q = context;
    Type *type = type_of(o);
    q->hit = false;
    if (type->traverse)
        type->traverse(o, &q->visitor);
    if (q->hit)
        found_add(q, o);
}

Value gc_referrers(const Value *targets, size_t count) {
    Question q = {.visitor = {compare_visit, compare_visit},
                  .targets = targets,
                  .target_count = count};
    thread_stop_world();
    heap_each_container(referrers_visit, &q);
    thread_start_world();
    return answer(&q);
}

static void referents_visit(GcVisitor *visitor, Value v) {
    found_add((Question *)visitor, value_object(v));
}

Value gc_referents(const Value *targets, size_t count) {
    Question q = {.visitor = {referents_visit, referents_visit}};
    thread_stop_world();
    for (size_t i = 0; i < count; i++) {
        if (!value_is_object(targets[i]))
            continue;
        Object *o = value_object(targets[i]);
        Type *type = type_of(o);
        if (type->kind == HEAP_CONTAINER && type->traverse)
            type->traverse(o, &q.visitor);
    }
    thread_start_world();
    return answer(&q);
}
