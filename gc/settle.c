// SPDX-License-Identifier: MIT
//
// Tables of objects without counted references, and their settling.
//
// Settling, with the world stopped:
//   1  flag what the registers of all threads hold (COUNT_HELD)
//   2  count the registers of generators that were suspended since the last time
//   3  go through the tables: what has been counted again leaves; what is held stays; the rest is
//      dead. So is, one after the other, what only a dead object refers to: with one reference and
//      not held, nobody else can find it. (What several dead objects share follows when they have
//      been destroyed: it enters a table then.)
//   4  take the flags off
// A dead object bears COUNT_DEAD: weak references do not give it any more, and the release of the
// one reference to it does nothing. It lies in a list, its referrer before it, until the thread in
// whose table it was destroys it at a safepoint; or until the next settling, where whoever settles
// takes over what was left lying.
//
// What is to be finalised does not take what it refers to along: it may come back to life.
//
// Who touches a table: its thread, attached; who settles, with the world stopped. Tables of ended
// threads are in a list of their own, which only grows while the world runs.
//
// When there is no memory for a table to grow, objects stay allocated without being in one
// (COUNT_LOST); settling then looks for them in the whole heap.
#include "gc/settle.h"

#if !REGISTERS_ARE_COUNTED

#include "gc/heap.h"
#include "gc/registers.h"
#include "vm/object.h"
#include "vm/types/generator.h"
#include <stdlib.h>

// So much a thread puts into its table before it asks for a settling: few enough for the caches,
// which was worth more than the fewer stops with more of them, with one thread and with two.
#define ROOM 2048
// What an object counts for whose end the program can see: a weak reference, a __del__ method.
// Files and the like, in whose end the system takes part, ask at once.
#define WEIGHT_SEEN 64
// Buffers of at least so many bytes are counted, and so many bytes call for a settling.
#define LARGE_BUFFER ((size_t)16 << 10)
#define LARGE_BYTES ((size_t)64 << 20)
// As many rounds settle_all makes at most: what finalisers make anew may have finalisers.
#define ROUNDS 1000

typedef struct {
    void **items;
    size_t count, capacity;
    bool starved; // there was no memory; until the next settling
} Vector;

typedef struct Table {
    Vector zeros;     // objects
    Vector dead;      // objects, those before dead_begin destroyed
    Vector suspended; // generators that are listed
    size_t dead_begin;
    int64_t room;       // left until a settling is asked for
    size_t bytes;       // of large buffers since the last settling
    bool destroying;    // within destroy_dead
    struct Table *next; // of those without a thread
} Table;

static _Thread_local Table *own __attribute__((tls_model("local-exec")));
_Thread_local uint32_t settle_self __attribute__((tls_model("local-exec")));
uint32_t settle_count;
static Table *orphans;       // pushed by anybody, taken with the world stopped
static int64_t orphan_zeros; // about how many objects they hold
static bool lost;            // some objects are; relaxed

static bool vector_grow(Vector *vector) {
    size_t capacity = vector->capacity ? vector->capacity * 2 : 1024;
    void **items = vector->starved ? NULL : realloc(vector->items, capacity * sizeof *items);
    if (!items) {
        vector->starved = true;
        return false;
    }
    vector->items = items;
    vector->capacity = capacity;
    return true;
}

static inline bool vector_push(Vector *vector, void *item) {
    if (UNLIKELY(vector->count == vector->capacity) && !vector_grow(vector))
        return false;
    vector->items[vector->count++] = item;
    return true;
}

static Type *type_of(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED);
}

static bool is_to_be_finalized(Object *o, const Type *type) {
    if (!(__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_HAS_FINALIZER) ||
        object_has_flag(o, OBJECT_FLAG_FINALIZED))
        return false;
    return type != &generator_type || generator_needs_close(o);
}

// ---- entering ---------------------------------------------------------------------------------

static void ask(Table *t) {
    t->room = ROOM / 8; // ask again then
    Thread *thread = thread_current();
    if (thread)
        thread_request(thread, WANT_SETTLE);
}

static inline int64_t weight_of(Object *o) {
    const Type *type = type_of(o);
    uint32_t flags = __atomic_load_n(&type->flags, __ATOMIC_RELAXED);
    if (UNLIKELY(flags & TYPE_HAS_FINALIZER) && type != &generator_type)
        return flags & TYPE_HEAP ? WEIGHT_SEEN : ROOM;
    return UNLIKELY(object_has_flag(o, OBJECT_FLAG_WEAK)) ? WEIGHT_SEEN : 1;
}

void settle_enter(Object *o) {
    Table *t = own;
    if (UNLIKELY(!t) || UNLIKELY(!vector_push(&t->zeros, o))) {
        count_lose(o);
        __atomic_store_n(&lost, true, __ATOMIC_RELAXED);
        return;
    }
    t->room -= weight_of(o);
    if (UNLIKELY(t->room <= 0))
        ask(t);
}

void settle_release(Object *o) {
    if (count_decrement(o))
        settle_enter(o);
}

void settle_note_buffer(size_t size) {
    Table *t = own;
    if (LIKELY(size < LARGE_BUFFER) || !t)
        return;
    t->bytes = size < LARGE_BYTES ? t->bytes + size : LARGE_BYTES;
    if (t->bytes >= LARGE_BYTES)
        ask(t);
}

// ---- registers of suspended generators ----------------------------------------------------------

static void count_saved(Generator *g) {
    ref_retain(g->frame.function);
    for (uint32_t i = 0; i < g->live; i++)
        ref_retain(g->frame.registers[i]);
    g->saved.state = SAVED_COUNTED;
}

// No longer new: others may hold it.
static void make_old(Value v) {
    if (value_is_object(v) && count_range(value_object(v)) == COUNT_OF_NEW)
        __atomic_fetch_and(&value_object(v)->count, ~COUNT_FRESH, __ATOMIC_RELAXED);
}

void saved_register_share(Value v) {
    make_old(v);
}

void saved_registers_list(Generator *g) {
    if (own && vector_push(&own->suspended, g))
        g->saved.listed = true;
    else
        count_saved(g);
}

void saved_registers_count_down(Generator *g) {
    if (g->saved.state == SAVED_COUNTED) {
        ref_release(g->frame.function);
        for (uint32_t i = 0; i < g->live; i++)
            ref_release(g->frame.registers[i]);
    }
    // The registers of the thread that ran it before may hold the same.
    if (g->saved.saver != settle_self) {
        for (uint32_t i = 0; i < g->live; i++)
            make_old(g->frame.registers[i]);
    }
}

void saved_register_drop(SavedRegisters *saved, Value v) {
    if (saved->state == SAVED_COUNTED)
        ref_release(v);
}

static void count_suspended(Table *t) {
    for (size_t i = 0; i < t->suspended.count; i++) {
        Generator *g = t->suspended.items[i];
        g->saved.listed = false;
        if (g->saved.state == SAVED_UNCOUNTED)
            count_saved(g);
    }
    t->suspended.count = 0;
}

static void count_suspended_of(Thread *thread, void *context) {
    if (thread->zeros)
        count_suspended(thread->zeros);
}

void settle_saved_registers(void) {
    thread_each(count_suspended_of, NULL);
    for (Table *t = orphans; t; t = t->next)
        count_suspended(t);
}

// ---- settling: the world is stopped -------------------------------------------------------------

// Nobody else writes counts now.
static void hold(Object *o, void *context) {
    uint32_t count = count_range(o);
    if (count < COUNT_DEFERRED)
        __atomic_store_n(&o->count, count | COUNT_HELD, __ATOMIC_RELAXED);
}
static void let_go(Object *o, void *context) {
    uint32_t count = count_range(o);
    if (count < COUNT_DEFERRED)
        __atomic_store_n(&o->count, count & ~COUNT_HELD, __ATOMIC_RELAXED);
}
static void hold_registers(Thread *thread, void *context) {
    registers_each(thread, hold, NULL);
}
static void let_go_registers(Thread *thread, void *context) {
    registers_each(thread, let_go, NULL);
}

typedef struct {
    GcVisitor visitor; // first: the traverse slots get its address
    Table *table;
    size_t found;
} Judge;

static bool die(Judge *judge, Object *o) {
    if (!vector_push(&judge->table->dead, o))
        return false;
    __atomic_store_n(&o->count, COUNT_DEAD, __ATOMIC_RELAXED);
    judge->found++;
    return true;
}

// What a dead object refers to.
static void visit_child(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    if ((count_range(o) & ~COUNT_OF_NEW) == COUNT_ONE && !is_to_be_finalized(o, type_of(o)))
        die((Judge *)visitor, o);
}
static void visit_class(GcVisitor *visitor, Value v) {}

// Those of the dead from number `next` on, and theirs.
static void find_children(Judge *judge, size_t next) {
    Vector *dead = &judge->table->dead;
    for (; next < dead->count; next++) {
        Object *o = dead->items[next];
        Type *type = type_of(o);
        if (!type->traverse || is_to_be_finalized(o, type))
            continue;
        if (type == &generator_type)
            object_set_flag(o, OBJECT_FLAG_FINALIZED); // there is nothing to do
        type->traverse(o, &judge->visitor);
    }
}

static size_t judge_table(Table *t) {
    Judge judge = {.visitor = {visit_child, visit_class}, .table = t};
    size_t kept = 0, next = t->dead.count;
    t->zeros.starved = t->dead.starved = t->suspended.starved = false;
    for (size_t i = 0; i < t->zeros.count; i++) {
        Object *o = t->zeros.items[i];
        uint32_t count = count_range(o);
        if (count >= COUNT_ONE) {
            // Counted, dead with its referrer, or of the kinds that are not counted like this.
            if (count < COUNT_IMMORTAL)
                __atomic_store_n(&o->count, count & ~COUNT_OF_NEW, __ATOMIC_RELAXED);
            continue;
        }
        if ((count & COUNT_HELD) || !die(&judge, o))
            t->zeros.items[kept++] = o;
    }
    t->zeros.count = kept;
    t->room = ROOM + (int64_t)kept / 2;
    t->bytes = 0;
    find_children(&judge, next);
    return judge.found;
}

// ---- what is in no table ----

static void judge_lost(Judge *judge, Object *o) {
    uint32_t count = count_range(o);
    if (count == (COUNT_LOST | COUNT_HELD) || (count == COUNT_LOST && !die(judge, o)))
        lost = true; // still
}
static void judge_lost_of_block(HeapBlock *block, void *context) {
    char *slot = block->slots;
    for (uint32_t i = 0; i < block->carved; i++, slot += block->slot_size)
        judge_lost(context, (Object *)slot);
}
// (Large leaves are in no list, and stay lost.)
static size_t find_lost(void) {
    Judge judge = {.visitor = {visit_child, visit_class}, .table = own};
    size_t next = own->dead.count;
    lost = false;
    heap_each_block(HEAP_LEAF, judge_lost_of_block, &judge);
    heap_each_block(HEAP_CONTAINER, judge_lost_of_block, &judge);
    for (HeapLarge *large = heap_large_containers(); large; large = large->next)
        judge_lost(&judge, large->object);
    find_children(&judge, next);
    return judge.found;
}

// Whoever is in the middle of destroying goes on alone: what the object in its hands refers to
// comes later in its list.
static void take_dead(Table *from) {
    if (from == own || from->destroying || from->dead_begin == from->dead.count)
        return;
    while (from->dead_begin < from->dead.count) {
        if (!vector_push(&own->dead, from->dead.items[from->dead_begin]))
            return; // stays
        from->dead_begin++;
    }
    from->dead_begin = from->dead.count = 0;
}

typedef struct {
    bool all; // the caller takes what is found
    size_t found, stack_words;
} Settling;

static void take_left_behind(Thread *thread, void *context) {
    if (thread->zeros)
        take_dead(thread->zeros);
}
static void judge_thread(Thread *thread, void *context) {
    Settling *settling = context;
    Table *t = thread->zeros;
    if (!t)
        return;
    size_t found = judge_table(t);
    settling->found += found;
    if (settling->all)
        take_dead(t);
    else if (found && t != own)
        thread_request(thread, WANT_SETTLE);
    if (thread->frame) // what it costs to look at the registers should not be paid too often
        t->room += (thread->frame->registers - thread->stack) / 4;
}

static void table_free(Table *t) {
    free(t->zeros.items);
    free(t->dead.items);
    free(t->suspended.items);
    buffer_free(t);
}

static void judge_orphans(Settling *settling) {
    Table **link = &orphans, *t;
    int64_t left = 0;
    while ((t = *link)) {
        settling->found += judge_table(t);
        take_dead(t);
        left += (int64_t)t->zeros.count;
        if (t->zeros.count == 0 && t->dead_begin == t->dead.count) {
            *link = t->next;
            table_free(t);
        } else {
            link = &t->next;
        }
    }
    __atomic_store_n(&orphan_zeros, left, __ATOMIC_RELAXED);
}

static bool is_full(const Table *t) {
    return t->room <= ROOM / 8 || __atomic_load_n(&lost, __ATOMIC_RELAXED) ||
           t->bytes >= LARGE_BYTES || __atomic_load_n(&orphan_zeros, __ATOMIC_RELAXED) > ROOM;
}

static size_t settle(bool all) {
    Settling settling = {.all = all};
    thread_stop_world();
    if (all || is_full(own)) { // else another thread has just done it
        __atomic_store_n(&settle_count, settle_count + 1, __ATOMIC_RELAXED);
        thread_each(take_left_behind, NULL);
        thread_each(hold_registers, NULL);
        settle_saved_registers();
        thread_each(judge_thread, &settling);
        judge_orphans(&settling);
        if (lost)
            settling.found += find_lost();
        thread_each(let_go_registers, NULL);
    }
    thread_start_world();
    return settling.found;
}

// ---- destroying ---------------------------------------------------------------------------------

// A finaliser may come back here: the outer call goes on.
static void destroy_dead(Table *t) {
    if (t->destroying || t->dead_begin == t->dead.count)
        return;
    t->destroying = true;
    Thread *thread = thread_current();
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    while (t->dead_begin < t->dead.count)
        ref_destroy(t->dead.items[t->dead_begin++]);
    t->dead_begin = t->dead.count = 0;
    if (t->dead.capacity > 16 * ROOM) {
        free(t->dead.items);
        t->dead = (Vector){0};
    }
    Value raised = thread->exception; // a destroy slot left one behind
    thread->exception = pending;
    ref_release(raised);
    t->destroying = false;
}

void settle_pending(void) {
    Table *t = own;
    destroy_dead(t);
    if (is_full(t)) {
        settle(false);
        destroy_dead(t);
    }
}

size_t settle_once(void) {
    destroy_dead(own);
    if (own->destroying)
        return 0;
    size_t found = settle(true);
    destroy_dead(own);
    return found;
}

void settle_all(void) {
    Table *t = own;
    destroy_dead(t);
    if (t->destroying)
        return;
    for (int round = 0; round < ROUNDS; round++) {
        size_t found = settle(true);
        destroy_dead(t);
        if (!found)
            break;
    }
}

// ---- threads ------------------------------------------------------------------------------------

bool settle_thread_create(Thread *thread) {
    Table *t = buffer_allocate_zeroed(sizeof *t);
    if (!t)
        return false;
    t->room = ROOM;
    thread->zeros = t;
    return true;
}

void settle_thread_free(Thread *thread) {
    if (thread->zeros)
        table_free(thread->zeros);
}

void settle_thread_start(Thread *thread) {
    own = thread->zeros;
    settle_self = (uint32_t)thread->serial;
}

static void make_orphan(Thread *thread) {
    Table *t = thread->zeros;
    thread->zeros = NULL;
    int64_t left = (int64_t)(t->zeros.count + t->dead.count);
    left += __atomic_fetch_add(&orphan_zeros, left, __ATOMIC_RELAXED);
    t->destroying = false;
    t->next = __atomic_load_n(&orphans, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&orphans, &t->next, t, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        continue;
    if (left > ROOM)
        thread_request_all(WANT_SETTLE);
}

void settle_thread_exit(Thread *thread) {
    make_orphan(thread);
    own = NULL;
}

void settle_thread_forget(Thread *thread) {
    make_orphan(thread);
}

#endif
