// SPDX-License-Identifier: MIT
//
// Promotion (gc/promote.h).
#include "gc/promote.h"

#if LOCKSMITH_PROMOTE

#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/reclaim.h"
#include "gc/ref.h"
#include "gc/registers.h"
#include "vm/interp/frame.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/tuple.h"
#include <stdlib.h>
#include <time.h>

enum {
    NOTED = 8,
    TARGETS_MAX = 4096, // promoted in one stop
    LEAF_BYTES = 256,   // the largest that is promoted
    LEAVES_MAX = 65536,
    HOLDER_LENGTH = 16384,
    STOP_PRICE = 100,  // a nanosecond of a stop is paid for by so many without one
    WAIT_PRICE = 10,   // the same of waiting for it
    BUSY = 10000000,   // nanoseconds; longer than most stops
    SAVED = 200000000, // nanoseconds without a stop that count at the most: those of 2 ms of stops
};

_Thread_local int32_t promote_left __attribute__((tls_model("local-exec")));
// What a thread has met. `object` may be gone, but is still a slot of the heap as long as
// reclaim_moment() is what it was then.
typedef struct {
    Object *object;
    uint64_t moment;
    uint32_t hits;
} Note;
static _Thread_local Note noted[NOTED]; // what was counted up
// What was in a register when a leaf was counted up, and may refer to it.
static _Thread_local Note holders[NOTED];
static uint64_t paid_until; // the moment at which all stops are paid for; relaxed: a guess will do
// Until then a thread is about to promote, and others need not. Relaxed: it only saves a stop. A
// moment, not a flag, since that thread may be missing in the child of a fork.
static uint64_t busy_until;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

bool promote_may_stop(uint64_t time) {
    return time >= __atomic_load_n(&paid_until, __ATOMIC_RELAXED);
}
void promote_note_stop(uint64_t begin, uint64_t stopped, uint64_t end) {
    uint64_t paid = __atomic_load_n(&paid_until, __ATOMIC_RELAXED);
    if (end > SAVED && paid < end - SAVED)
        paid = end - SAVED;
    uint64_t price = WAIT_PRICE * (stopped - begin) + STOP_PRICE * (end - stopped);
    __atomic_store_n(&paid_until, paid + price, __ATOMIC_RELAXED);
}

static bool is_leaf(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED)->kind == HEAP_LEAF;
}

static bool may_be_deferred(const Object *o) {
    if (!heap_in_block(o))
        return false;
    const Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
    uint64_t flags = __atomic_load_n(&type->flags, __ATOMIC_RELAXED);
    if (object_has_flag(o, OBJECT_FLAG_WEAK) || flags & TYPE_HAS_FINALIZER)
        return false;
    if (type->kind == HEAP_LEAF)
        return !(flags & TYPE_WEAKREFABLE) && heap_block_of(o)->slot_size <= LEAF_BYTES;
    // An instance's class lies in its header, as if in a register; but classes are born deferred.
    return type->traverse && !(flags & TYPE_TYPE_SUBCLASS);
}

// The objects that are met most are in the table in the end (Misra and Gries, "Finding Repeated
// Elements", 1982). True: o has been met often enough.
static bool note(Note *notes, Object *o) {
    int place = -1;
    for (int i = 0; i < NOTED && (place < 0 || notes[place].object != o); i++) {
        if (notes[i].object == o || notes[i].hits == 0)
            place = i;
    }
    if (place < 0) {
        for (int i = 0; i < NOTED; i++)
            notes[i].hits--;
        return false;
    }
    if (notes[place].object != o)
        notes[place].hits = 0;
    notes[place].object = o;
    notes[place].moment = reclaim_moment();
    return ++notes[place].hits >= PROMOTE_HITS;
}

// A container whose leaves are looked at in a stop: not too many. o is at least a slot of the heap:
// what a register held a moment ago may be gone.
static bool is_holder(Object *o) {
    const Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
    return heap_in_block(o) &&
           ((type == &list_type && list_length(value_from_object(o)) <= HOLDER_LENGTH) ||
            (type == &dict_type && dict_length(value_from_object(o)) <= HOLDER_LENGTH) ||
            type == &tuple_type);
}

static bool note_holders(const Frame *frame) {
    bool often = false;
    for (uint32_t i = 0; frame && i < frame_code(frame)->register_count; i++) {
        Value v = frame->registers[i];
        if (value_is_object(v) && is_holder(value_object(v)))
            often |= note(holders, value_object(v));
    }
    return often;
}

void promote_sample(Object *o) {
    promote_left = PROMOTE_INTERVAL;
    Thread *thread = thread_current();
    if (!thread)
        return; // unit tests
    bool often = note(noted, o) && may_be_deferred(o);
    if (heap_in_block(o) && heap_block_of(o)->kind == HEAP_LEAF)
        often |= note_holders(thread->frame);
    if (often)
        thread_request(thread, WANT_MERGE);
}

// ---- with the world stopped -------------------------------------------------------------------

// What is to be promoted: open addressing, twice as many slots as targets.
typedef struct {
    Object *object;
    int64_t in_registers; // references that registers have counted
} Target;
static struct {
    Target slots[TARGETS_MAX * 2];
    uint32_t order[TARGETS_MAX]; // the slots in use
    uint32_t count, leaves;
} targets;

// Deferred leaves. By who has stopped the world.
static struct {
    Object **items;
    uint32_t count, capacity;
} leaves;
// Those that were found dead, each with a reference. By who collects.
static struct {
    Object **items;
    uint32_t count;
} dead;

static Target *target_slot(const Object *o) {
    uint64_t hash = (uint64_t)(uintptr_t)o * 0x9e3779b97f4a7c15ULL;
    uint32_t i = (uint32_t)(hash >> 32) & (TARGETS_MAX * 2 - 1);
    while (targets.slots[i].object && targets.slots[i].object != o)
        i = (i + 1) & (TARGETS_MAX * 2 - 1);
    return &targets.slots[i];
}

static bool leaves_have_room(void) {
    if (leaves.count + targets.leaves < leaves.capacity)
        return true;
    if (leaves.capacity == LEAVES_MAX)
        return false;
    uint32_t capacity = leaves.capacity ? leaves.capacity * 2 : 256;
    Object **items = realloc(leaves.items, capacity * sizeof *items);
    if (!items)
        return false;
    leaves.items = items;
    leaves.capacity = capacity;
    return true;
}

// o is a slot of the heap.
static void target_add(Object *o) {
    if (targets.count == TARGETS_MAX || count_is_zero(o) || count_range(o) >= COUNT_DEFERRED ||
        !may_be_deferred(o))
        return;
    Target *target = target_slot(o);
    if (target->object)
        return;
    if (is_leaf(o)) {
        if (!leaves_have_room())
            return;
        targets.leaves++;
    }
    *target = (Target){.object = o};
    targets.order[targets.count++] = (uint32_t)(target - targets.slots);
}

// The leaves that others than their owners have counted.
static void add_leaf(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    if (heap_in_block(o) && heap_block_of(o)->kind == HEAP_LEAF &&
        __atomic_load_n(&o->shared, __ATOMIC_RELAXED) != 0)
        target_add(o);
}
static void ignore(GcVisitor *visitor, Value v) {}

static void add_leaves_of(Object *o) {
    GcVisitor visitor = {add_leaf, ignore};
    if (!count_is_zero(o) && is_holder(o))
        o->type->traverse(o, &visitor);
}

static void choose_targets(void) {
    uint64_t moment = reclaim_moment();
    for (int i = 0; i < NOTED; i++) {
        if (noted[i].hits >= PROMOTE_HITS / 2) {
            if (noted[i].moment == moment) {
                target_add(noted[i].object);
                add_leaves_of(noted[i].object);
            }
            noted[i].hits = 0;
        }
        if (holders[i].hits >= PROMOTE_HITS / 2) {
            if (holders[i].moment == moment)
                add_leaves_of(holders[i].object);
            holders[i].hits = 0;
        }
    }
}

// Calls visit for what each register holds: those of the threads, and those of suspended
// generators.
typedef struct {
    GcVisitor visitor;
    void (*visit)(Object *o, void *context);
} Registers;

static void visit_saved(GcVisitor *visitor, Value v) {
    ((Registers *)visitor)->visit(value_object(v), NULL);
}
static void visit_thread(Thread *thread, void *context) {
    registers_each(thread, ((Registers *)context)->visit, NULL);
}
static void visit_generator(Object *o, void *context) {
    const Type *type = o->type;
    if (type == &generator_type || type == &coroutine_type || type == &async_generator_type)
        type->traverse(o, context);
}
static void each_register(void (*visit)(Object *o, void *context)) {
    Registers registers = {{ignore, visit_saved}, visit};
    thread_each(visit_thread, &registers);
    heap_each_container_from(sizeof(Generator), visit_generator, &registers);
}

static void count_target(Object *o, void *context) {
    Target *target = target_slot(o);
    if (target->object)
        target->in_registers++;
}

static bool is_wanted(const Note *note) {
    return note->hits >= PROMOTE_HITS;
}

// Whether a stop would have something to do: not if another thread has promoted meanwhile what this
// one has noted. A note from another moment is of no use any more.
static bool any_wanted(void) {
    uint64_t moment = reclaim_moment();
    bool any = false;
    for (int i = 0; i < NOTED; i++) {
        if (is_wanted(&noted[i]) &&
            (noted[i].moment != moment || count_range(noted[i].object) >= COUNT_DEFERRED))
            noted[i].hits = 0;
        any |= is_wanted(&noted[i]) || is_wanted(&holders[i]);
    }
    return any;
}

static void halve_hits(void) {
    for (int i = 0; i < NOTED; i++) {
        noted[i].hits /= 2;
        holders[i].hits /= 2;
    }
}

void promote_pending(void) {
    if (!any_wanted())
        return;
    uint64_t begin = now(), until = __atomic_load_n(&busy_until, __ATOMIC_RELAXED);
    if (!promote_may_stop(begin) || begin < until ||
        !__atomic_compare_exchange_n(&busy_until, &until, begin + BUSY, false, __ATOMIC_RELAXED,
                                     __ATOMIC_RELAXED)) {
        halve_hits();
        return;
    }
    thread_stop_world();
    uint64_t stopped = now();
    choose_targets();
    if (targets.count)
        each_register(count_target);
    for (uint32_t i = 0; i < targets.count; i++) {
        Target *target = &targets.slots[targets.order[i]];
        biased_promote(target->object, target->in_registers);
        if (is_leaf(target->object) && ref_is_deferred(target->object)) // there was a number for it
            leaves.items[leaves.count++] = target->object;
        *target = (Target){0};
    }
    targets.count = targets.leaves = 0;
    __atomic_store_n(&busy_until, 0, __ATOMIC_RELAXED);
    thread_start_world();
    promote_note_stop(begin, stopped, now());
}

// ---- the leaves' end ----------------------------------------------------------------------------

static void leaf_count_up(Object *o, void *context) {
    if (ref_is_deferred(o) && is_leaf(o))
        count_increment(o);
}
static void leaf_count_down(Object *o, void *context) {
    if (ref_is_deferred(o) && is_leaf(o))
        count_decrement(o);
}

void promote_find_dead(void) {
    if (leaves.count == 0)
        return;
    // There are some already in the child of a fork from between the two functions.
    uint32_t first = dead.count;
    Object **items = realloc(dead.items, (first + leaves.count) * sizeof *items);
    if (!items)
        return;
    dead.items = items;
    each_register(leaf_count_up);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < leaves.count; i++) {
        Object *o = leaves.items[i];
        if (!ref_is_deferred(o))
            continue; // it became immortal
        if (biased_deferred_count(o) == 0)
            dead.items[dead.count++] = o;
        else
            leaves.items[kept++] = o;
    }
    leaves.count = kept;
    each_register(leaf_count_down);
    for (uint32_t i = first; i < dead.count; i++) {
        count_make_ordinary(dead.items[i]);
        count_revive(dead.items[i]);
    }
}

void promote_free_dead(void) {
    for (uint32_t i = 0; i < dead.count; i++)
        ref_release_object(dead.items[i]);
    dead.count = 0;
}

#endif
