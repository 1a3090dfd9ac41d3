// SPDX-License-Identifier: MIT
//
// The cycle collector. One collection:
//
//   1  stop the world
//   2  find the garbage (gc/find.c)
//   3  keep it alive with a reference of our own, make deferred objects in it counted, clear the
//      weak references to it
//   4  start the world; call weak references' callbacks, run finalisers
//   5  if Python code ran: stop the world, look again at the garbage: what somebody holds now is
//      let off, with all it reaches; start the world
//   6  clear what is left, give up our references (gc/clear.c); other threads take part
//
// Nothing here recurses over user data: marking uses a stack of its own, and clearing leaves
// nesting to ref_destroy's trashcan.
//
// Where functions, types and code are deferred, only a full collection may find them dead: an old
// object can hold a new one uncounted (a suspended frame's register, an instance's class).
#include "gc/collect.h"
#include "gc/collecting.h"
#include "gc/clear.h"
#include "gc/destroy.h"
#include "gc/find.h"
#include "gc/heap.h"
#include "gc/heap_count.h"
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
#include "vm/runtime/share.h"
#include "vm/runtime/thread.h"
#include "vm/types/list.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

// Containers. Few enough for a young collection to find them still in the cache.
#define YOUNG_LIMIT 10000
// While young collections find nothing, each is twice as far away as the last one: in the end there
// are only full ones, of which every eighth is followed by another try.
#define FRUITLESS_MAX 6
#define FRUITLESS_FULL 8
#define FRUIT 64 // of so many objects at least one is dead
// A full collection follows when at least so many, and half as many again as were alive after
// the last one, have become old since and are there: so its work stays proportional to the
// allocations.
#define FULL_MINIMUM 50000
// While one thread still clears what it found, others may allocate so many; then they are slowed
// down, or they might leave it ever further behind.
#define BACKLOG 50000
#define SLOW_DOWN_NS 20000000
// A constant: whether there is anything to collect for.
#define COLLECTOR_RUNS (COUNT_IS_KEPT || HEAP_IS_TRACED)

#if !HEAP_IS_TRACED

typedef struct {
    Objects garbage;
    Objects callbacks; // weak references to call, each with a reference
    bool full;
    // By the workers, relaxed:
    size_t kept;       // so many of the garbage were given to them
    uint32_t found;    // among the garbage: FOUND_*
    int64_t collected; // garbage that Python programs know
} Collection;
enum { FOUND_DEFERRED = 1, FOUND_WEAK = 2, FOUND_FINALIZER = 4, FOUND_TYPE = 8 };
#define KEEP_PORTION 256
static unsigned fruitless; // young collections in a row that found next to nothing; relaxed
static int64_t live_after; // containers at the end of the last full collection; relaxed
static int64_t old_since;  // that have become old since then; relaxed
#endif

// All relaxed: flags and numbers of their own. `collecting` also gives whoever sets it the
// right to collect; acquire and release hand the collector's own state from one to the next.
static bool enabled = true;
static bool collecting;
static Thread *collector;    // who set it; compared only
static int64_t growth_begun; // the heap's growth when that collection began
static int64_t limit_asked = -1;
static int debug_flags;
static int64_t young_since;  // collections of generation 0 since then or since one of generation 1
static int64_t middle_since; // those of generation 1
static GcListener listener;
static int64_t frozen;
// Written by whoever collects; each number relaxed, for who asks meanwhile.
static GcStatistics statistics[2]; // young, full
static Value garbage_list;

static Type *type_of(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED);
}

#if !HEAP_IS_TRACED

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

// ---- 3: keep, count, clear weak references ------------------------------------------------------

// Code is no container to Python programs, who compare the number of what was collected.
static bool is_seen(const Object *o) {
    return type_of(o) != &code_type;
}

// Called by the thread that collects and those that help. No two of them get the same object.
static void keep_work(void *context, unsigned worker) {
    Collection *c = context;
    uint32_t found = 0;
    int64_t collected = 0;
    size_t i;
    while ((i = __atomic_fetch_add(&c->kept, KEEP_PORTION, __ATOMIC_RELAXED)) < c->garbage.count) {
        size_t end = c->garbage.count - i < KEEP_PORTION ? c->garbage.count : i + KEEP_PORTION;
        for (; i < end; i++) {
            Object *o = c->garbage.items[i];
            clear_keep(o);
            Type *type = type_of(o);
            uint32_t flags = __atomic_load_n(&type->flags, __ATOMIC_RELAXED);
            found |= (ref_is_deferred(o) ? FOUND_DEFERRED : 0) |
                     (object_has_flag(o, OBJECT_FLAG_WEAK) ? FOUND_WEAK : 0) |
                     (flags & TYPE_HAS_FINALIZER ? FOUND_FINALIZER : 0) |
                     (flags & TYPE_TYPE_SUBCLASS ? FOUND_TYPE : 0);
            collected += is_seen(o);
        }
    }
    __atomic_fetch_or(&c->found, found, __ATOMIC_RELAXED);
    __atomic_fetch_add(&c->collected, collected, __ATOMIC_RELAXED);
}

#if LOCKSMITH_DEFERRED
static void ignore_visit(GcVisitor *visitor, Value v) {}
static void count_register(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    if (ref_is_deferred(o) && find_is_garbage(o))
        count_increment(o);
}

// From here on the garbage is counted in full, suspended frames' registers included. No running
// frame has any of it in a register, or it would have been pinned.
static void make_counted(Collection *c) {
    GcVisitor visitor = {ignore_visit, count_register};
    for (size_t i = 0; i < c->garbage.count; i++) {
        Type *type = type_of(c->garbage.items[i]);
        if (type->traverse)
            type->traverse(c->garbage.items[i], &visitor);
    }
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
    if (find_is_garbage(&weak->header) || !objects_push(&c->callbacks, &weak->header))
        count_decrement(&weak->header); // not to zero: the garbage vector or its owner has one
}

// asked: by a program, which may expect that all is gone when it goes on.
static void prepare_garbage(Collection *c, bool asked) {
    thread_share_work(keep_work, c, (unsigned)(c->garbage.count / KEEP_PORTION));
#if LOCKSMITH_DEFERRED
    if (c->found & FOUND_DEFERRED)
        make_counted(c);
#endif
    for (size_t i = 0; (c->found & FOUND_WEAK) && i < c->garbage.count; i++) {
        if (object_has_flag(c->garbage.items[i], OBJECT_FLAG_WEAK))
            weak_clear_collect(c->garbage.items[i], keep_callback, c);
    }
    // Only garbage that nothing can bring back to life, and without types, which are cleared last.
    clear_hand_out(&c->garbage, !asked && !c->callbacks.count && !gc_debug() &&
                                    !(c->found & (FOUND_FINALIZER | FOUND_TYPE)));
}

// ---- 4: callbacks and finalisers --------------------------------------------------------------

static bool run_callbacks_and_finalizers(Collection *c) {
    bool ran = false;
    for (size_t i = 0; i < c->callbacks.count; i++) {
        weak_run_callback((WeakObject *)c->callbacks.items[i]);
        ref_release_object(c->callbacks.items[i]);
        ran = true;
    }
    return ((c->found & FOUND_FINALIZER) &&
            objects_finalize((Object **)c->garbage.items, c->garbage.count)) ||
           ran;
}

// ---- 5: what came back to life ----------------------------------------------------------------

static void let_off_resurrected(Collection *c) {
    settle_saved_registers();
    size_t kept = find_still_garbage(&c->garbage);
    // The references to the others are given up by the caller, when the world runs.
    c->callbacks.count = 0;
    for (size_t i = kept; i < c->garbage.count; i++) {
        if (!objects_push(&c->callbacks, c->garbage.items[i])) {
            // Out of memory: it stays referenced, and so allocated, for ever.
        }
    }
    c->garbage.count = kept;
    c->collected = 0;
    for (size_t i = 0; i < kept; i++)
        c->collected += is_seen(c->garbage.items[i]);
}

// ---- 6: keep for gc.garbage ---------------------------------------------------------------------

static void save_garbage(Collection *c) {
    Value list = gc_garbage();
    for (size_t i = 0; i < c->garbage.count; i++) {
        if (value_is_null(list) || list_append(list, value_from_object(c->garbage.items[i])) < 0)
            error_clear();
        ref_release_object(c->garbage.items[i]);
    }
    c->garbage.count = 0;
}

#endif

// ---- a collection -----------------------------------------------------------------------------

#if !HEAP_IS_TRACED
// So many may become old until a full collection is due.
static int64_t full_limit(void) {
    int64_t half = __atomic_load_n(&live_after, __ATOMIC_RELAXED) / 2;
    return half > FULL_MINIMUM ? half : FULL_MINIMUM;
}

static int64_t young_limit(void) {
    unsigned times = __atomic_load_n(&fruitless, __ATOMIC_RELAXED);
    int64_t left = full_limit() - __atomic_load_n(&old_since, __ATOMIC_RELAXED);
    int64_t limit = (int64_t)YOUNG_LIMIT << times;
    return limit < left ? limit : left > YOUNG_LIMIT ? left : YOUNG_LIMIT;
}
static void expect_fruit(void) {
    __atomic_store_n(&fruitless, 0, __ATOMIC_RELAXED);
}
#else
static int64_t young_limit(void) {
    return YOUNG_LIMIT;
}
static void expect_fruit(void) {}
#endif

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
        heap_growth_reset(young_limit(), false);
    else
        heap_growth_reset(asked, asked < 2000);
}

#if !HEAP_IS_TRACED
// What has become old may have died since, as large structures do that hold no cycles, and a full
// collection would find nothing. So before one all that is alive is counted, at a small part of its
// cost. If there is no full collection, the next count is some time away, and so may be the next
// young collection.
static bool full_is_due(void) {
    int64_t limit = full_limit(), grown = heap_growth();
    if (__atomic_load_n(&old_since, __ATOMIC_RELAXED) + grown <= limit)
        return false;
    thread_stop_world();
    int64_t more = heap_container_count() - __atomic_load_n(&live_after, __ATOMIC_RELAXED);
    thread_start_world();
    if (more > limit)
        return true;
    int64_t old = more - grown, most = limit - limit / 4;
    __atomic_store_n(&old_since, old < 0 ? 0 : old < most ? old : most, __ATOMIC_RELAXED);
    return false;
}

// No full collection is due yet. While young ones find nothing, the growth may have been looked at
// long before it is enough for the next of them: true if that has been put off.
static bool young_can_wait(int64_t grown) {
    if (!heap_growth_exceeded())
        return true; // another thread has put it off, or collected, meanwhile
    int64_t young = (int64_t)YOUNG_LIMIT << __atomic_load_n(&fruitless, __ATOMIC_RELAXED);
    if (grown > young || __atomic_load_n(&limit_asked, __ATOMIC_RELAXED) >= 0)
        return false;
    int64_t limit = full_limit(), left = limit - __atomic_load_n(&old_since, __ATOMIC_RELAXED);
    int64_t next = left > grown + limit / 4 ? left : grown + limit / 4;
    return heap_growth_extend(next < young ? next : young);
}

static void note_fruit(bool full, size_t looked_at, size_t garbage) {
    static unsigned full_ones; // relaxed, since the last try
    unsigned times = __atomic_load_n(&fruitless, __ATOMIC_RELAXED);
    if (full) {
        unsigned count = __atomic_add_fetch(&full_ones, 1, __ATOMIC_RELAXED);
        if (count < FRUITLESS_FULL)
            return;
        times = 0;
    } else if (garbage > looked_at / FRUIT) {
        times = 0;
    } else if (looked_at > YOUNG_LIMIT / 2 && times < FRUITLESS_MAX) {
        times++;
    }
    if (full || times == 0)
        __atomic_store_n(&full_ones, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&fruitless, times, __ATOMIC_RELAXED);
}

#endif

static void tell(bool begin, int generation, int64_t collected) {
    GcListener told = __atomic_load_n(&listener, __ATOMIC_RELAXED);
    if (told)
        told(begin, generation, collected, 0);
}

static void statistics_add(int64_t *number, int64_t more) {
    __atomic_store_n(number, *number + more, __ATOMIC_RELAXED);
}
static void pause_add(bool full, int64_t pause) {
    statistics_add(&statistics[full].pause_ns_total, pause);
    if (pause > statistics[full].pause_ns_max)
        __atomic_store_n(&statistics[full].pause_ns_max, pause, __ATOMIC_RELAXED);
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
static int64_t collect(int generation, bool asked) {
    Thread *thread = thread_current();
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    tell(true, generation, 0);
    bool full = generation >= 2;
    int64_t collected = 0;
    TraceResult result;
    int left = full ? 2 : 1;
    do {
        trace_collect(&result, gc_debug() & GC_DEBUG_SAVEALL ? keep_garbage : NULL,
                      gc_debug() & GC_DEBUG_COLLECTABLE ? name_garbage : NULL);
        pause_add(full, result.pause_ns);
        collected += result.collected;
    } while (--left && result.ran_python);
    __atomic_store_n(&young_since, full || generation ? 0 : young_since + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&middle_since, full ? 0 : middle_since + generation, __ATOMIC_RELAXED);
    if (gc_debug() & GC_DEBUG_STATS)
        fprintf(stderr, "gc: done, %lld unreachable, 0 uncollectable\n", (long long)collected);
    heap_trim(thread->heap);
    set_next_limit();
    statistics_add(&statistics[full].collections, 1);
    statistics_add(&statistics[full].collected, collected);
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

static int64_t collect(int generation, bool asked) {
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
    Objects left = {0}; // by an earlier collection
    clear_take_back(&left);
    size_t survivors;
    if (find_garbage(c.full, &c.garbage, &survivors)) {
        if (c.garbage.count)
            prepare_garbage(&c, asked);
        if (c.full) {
            __atomic_store_n(&live_after, (int64_t)survivors, __ATOMIC_RELAXED);
            __atomic_store_n(&old_since, 0, __ATOMIC_RELAXED);
            __atomic_store_n(&young_since, 0, __ATOMIC_RELAXED);
            __atomic_store_n(&middle_since, 0, __ATOMIC_RELAXED);
        } else {
            __atomic_fetch_add(&old_since, (int64_t)survivors, __ATOMIC_RELAXED);
            if (generation == 0) {
                __atomic_fetch_add(&young_since, 1, __ATOMIC_RELAXED);
            } else {
                __atomic_store_n(&young_since, 0, __ATOMIC_RELAXED);
                __atomic_fetch_add(&middle_since, 1, __ATOMIC_RELAXED);
            }
        }
        note_fruit(c.full, survivors + c.garbage.count, c.garbage.count);
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
    find_end();
    if (gc_debug() & GC_DEBUG_STATS)
        fprintf(stderr, "gc: done, %lld unreachable, 0 uncollectable\n", (long long)c.collected);
    if (gc_debug() & GC_DEBUG_COLLECTABLE) {
        for (size_t i = 0; i < c.garbage.count; i++)
            fprintf(stderr, "gc: collectable <%s %p>\n", type_of(c.garbage.items[i])->name,
                    (void *)c.garbage.items[i]);
    }
    if (gc_debug() & GC_DEBUG_SAVEALL)
        save_garbage(&c);
    clear_garbage(&left);
    clear_garbage(&c.garbage);
    clear_for_blocked();
    if (c.collected)
        settle_once(); // or its slots would not be at hand again, below
    if (c.full)
        heap_trim(thread->heap);
    else
        heap_recount_free(0);
    set_next_limit(); // growth counts from here: what was just freed is at hand again
    objects_free(&c.callbacks);
    statistics_add(&statistics[c.full].collections, 1);
    statistics_add(&statistics[c.full].collected, c.collected);
    tell(false, generation, c.collected);
    Value raised = thread->exception; // a destroy slot left one behind
    thread->exception = pending;
    ref_release(raised);
    return c.collected;
}

#endif

static bool is_collecting(void *context) {
    return __atomic_load_n(&collecting, __ATOMIC_RELAXED);
}

static __attribute__((noinline)) bool collect_now(int generation, bool asked, int64_t *collected) {
    if (__atomic_exchange_n(&collecting, true, __ATOMIC_ACQUIRE))
        return false;
    ROOTS_PUBLISH(&roots_collector);
    __atomic_store_n(&collector, thread_current(), __ATOMIC_RELAXED);
    __atomic_store_n(&growth_begun, heap_growth(), __ATOMIC_RELAXED);
    *collected = collect(generation, asked);
    __atomic_store_n(&collector, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&collecting, false, __ATOMIC_RELEASE);
    parking_unpark_all(&collecting);
    return true;
}

bool gc_is_collecting_here(void) {
    Thread *who = __atomic_load_n(&collector, __ATOMIC_RELAXED);
    return who && who == thread_current();
}

void gc_after_fork_in_child(void) {
    if (gc_is_collecting_here())
        return; // within a finaliser
    __atomic_store_n(&collector, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&collecting, false, __ATOMIC_RELEASE);
}

// Who asks waits for the collection under way and then collects: what was garbage before the call
// is gone after it. But not for ever, see gc_collect_if_wanted, and not within it.
int64_t gc_collect_generation(int generation) {
    int64_t collected = 0;
    expect_fruit(); // or who asks would not
    for (int tries = 0; COLLECTOR_RUNS && tries < 100; tries++) {
        if (__atomic_load_n(&collector, __ATOMIC_RELAXED) == thread_current())
            break;
        settle_all();
        if (collect_now(generation, true, &collected)) {
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
        if (heap_growth() - __atomic_load_n(&growth_begun, __ATOMIC_RELAXED) > BACKLOG &&
            __atomic_load_n(&collector, __ATOMIC_RELAXED) != thread_current())
            parking_park(&collecting, is_collecting, NULL, SLOW_DOWN_NS, true, false, NULL);
        return;
    }
    int64_t collected;
#if HEAP_IS_TRACED
    collect_now(0, false, &collected);
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
    bool full = full_is_due();
    if (full || !young_can_wait(grown))
        collect_now(full ? 2 : 0, false, &collected);
#endif
}

// ---- settings and what gc shows ---------------------------------------------------------------

void gc_set_enabled(bool wanted) {
    __atomic_store_n(&enabled, wanted, __ATOMIC_RELAXED);
    expect_fruit();
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
    const GcStatistics *now = &statistics[full];
    *out = (GcStatistics){
        .collections = __atomic_load_n(&now->collections, __ATOMIC_RELAXED),
        .collected = __atomic_load_n(&now->collected, __ATOMIC_RELAXED),
        .uncollectable = __atomic_load_n(&now->uncollectable, __ATOMIC_RELAXED),
        .pause_ns_total = __atomic_load_n(&now->pause_ns_total, __ATOMIC_RELAXED),
        .pause_ns_max = __atomic_load_n(&now->pause_ns_max, __ATOMIC_RELAXED),
    };
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
    flags_set_stopped(o, OBJECT_FLAG_FROZEN);
    ++*(int64_t *)context;
}
void gc_freeze(void) {
    thread_stop_world();
    frozen = 0;
    heap_each_container(freeze_visit, &frozen);
    thread_start_world();
}

static void unfreeze_visit(Object *o, void *context) {
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED); // as in flags_set_stopped
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
