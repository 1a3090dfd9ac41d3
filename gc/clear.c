// SPDX-License-Identifier: MIT
//
// Clearing garbage, each thread its own (gc/clear.h; model of the handing over: gc/clear.pml).
//
// What is in a list here has one reference of the list's own, and neither finaliser nor weak
// reference left: only its traverse, clear and destroy slots are still called. Nothing recurses
// over user data: nesting is left to ref_destroy's trashcan.
//
// Thread.garbage is such a list (a buffer), or NULL. It is set by the collector, while the world is
// stopped and the thread waits for its start (Thread.at_start, under the threads lock); after that
// it is taken by the thread itself, attached, or by another thread that has borrowed it or stopped
// the world. So no two write it at the same time (a third may look whether there is something,
// relaxed), and what is in the list is handed over by the start of the world, the borrowing, or the
// stop. A thread that ends has taken its list before.
#include "gc/clear.h"

#if !HEAP_IS_TRACED

#include "gc/heap.h"
#include "gc/heap_inline.h"
#include "vm/object.h"
#include "vm/runtime/share.h"
#include "vm/runtime/stop_point.h"
#include "vm/runtime/thread.h"

#define SHARE_LEAST 256 // objects in all; fewer are cleared sooner than handed out
#define SHARES_MAX 32   // threads; what belongs to more is left to the collecting one
#define PORTION 256     // objects that a worker takes

static Type *type_of(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED);
}

// ---- whose it is --------------------------------------------------------------------------------

#if LOCKSMITH_REFCOUNT_BIASED

typedef uint32_t Home; // a thread's number; 0: nobody's
static Home home_of(const Object *o) {
    return __atomic_load_n(&o->owner, __ATOMIC_RELAXED);
}
static Home home_of_thread(const Thread *thread) {
    return (Home)thread->serial;
}

// The caller may write the owner's word: the world is stopped.
void clear_keep(Object *o) {
    if (home_of(o))
        count_increment_own(o);
    else
        biased_add(o, 1);
}

typedef struct {
    GcVisitor visitor;
    Home from; // whose objects; 0: everybody's but the caller's
    Home self;
} Disowner;

static bool is_to_be_disowned(const Disowner *d, const Object *o) {
    Home home = home_of(o);
    return d->from ? home == d->from : home && home != d->self;
}

static void disown_leaf(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    if (heap_in_block(o) && heap_block_of(o)->kind == HEAP_LEAF &&
        is_to_be_disowned((Disowner *)visitor, o) && count_read(o) == 1)
        biased_disown(o);
}

// What other threads own, one that does not can hardly end: they would have to be told of each
// object and of each leaf that only these refer to, and to leave its lock.
static void disown(Disowner *d, Object *o) {
    if (!is_to_be_disowned(d, o))
        return;
    biased_disown(o);
    if (type_of(o)->traverse)
        type_of(o)->traverse(o, &d->visitor);
}

typedef struct {
    const Objects *garbage;
    size_t taken; // relaxed
    Home self;
} DisownWork;

// No two workers get the same object, nor the same leaf, as only one object refers to it.
static void disown_work(void *context, unsigned worker) {
    DisownWork *work = context;
    Disowner d = {{disown_leaf, disown_leaf}, 0, work->self};
    size_t i, count = work->garbage->count;
    while ((i = __atomic_fetch_add(&work->taken, PORTION, __ATOMIC_RELAXED)) < count)
        for (size_t end = count - i < PORTION ? count : i + PORTION; i < end; i++)
            disown(&d, work->garbage->items[i]);
}

static void disown_all(const Objects *garbage) {
    DisownWork work = {.garbage = garbage, .self = count_self};
    thread_share_work(disown_work, &work, (unsigned)(garbage->count / PORTION));
}

// Of a thread that the caller has borrowed.
static void disown_borrowed(const Objects *garbage, Thread *thread) {
    Disowner d = {{disown_leaf, disown_leaf}, home_of_thread(thread), count_self};
    for (size_t i = 0; i < garbage->count; i++)
        disown(&d, garbage->items[i]);
}

#else

typedef const HeapThread *Home; // NULL: nobody's
static Home home_of(const Object *o) {
    return heap_in_block(o) ? heap_block_of(o)->owner : NULL;
}
static Home home_of_thread(const Thread *thread) {
    return thread->heap;
}
void clear_keep(Object *o) {
    count_increment(o);
}
static void disown_all(const Objects *garbage) {}
static void disown_borrowed(const Objects *garbage, Thread *thread) {}

#endif

// ---- handing out --------------------------------------------------------------------------------

typedef struct {
    Home home;
    Thread *thread;
    Objects garbage;
} Share;

typedef struct {
    size_t count;
    Share items[SHARES_MAX];
} Shares;

static void add_share(Thread *thread, void *context) {
    Shares *shares = context;
    if (thread->at_start && !thread->garbage && shares->count < SHARES_MAX)
        shares->items[shares->count++] = (Share){home_of_thread(thread), thread, {0}};
}

// The last one found is likely to be the next.
static Share *share_of(Shares *shares, const Object *o, size_t *last) {
    Home home = home_of(o);
    if (shares->items[*last].home == home)
        return &shares->items[*last];
    for (size_t i = 0; i < shares->count; i++)
        if (shares->items[i].home == home) {
            *last = i;
            return &shares->items[i];
        }
    return NULL;
}

static void give(Share *share, Objects *rest) {
    Objects *given = share->garbage.count ? buffer_allocate(sizeof *given) : NULL;
    if (given) {
        *given = share->garbage;
        __atomic_store_n(&share->thread->garbage, given, __ATOMIC_RELAXED);
        thread_request(share->thread, WANT_CLEAR);
        return;
    }
    for (size_t i = 0; i < share->garbage.count; i++)
        rest->items[rest->count++] = share->garbage.items[i]; // where it has been before
    objects_free(&share->garbage);
}

void clear_hand_out(Objects *garbage, bool share) {
    Shares shares = {0};
    if (share && garbage->count >= SHARE_LEAST)
        thread_each(add_share, &shares);
    if (shares.count) {
        size_t rest = 0, last = 0;
        for (size_t i = 0; i < garbage->count; i++) {
            Object *o = garbage->items[i];
            Share *found = share_of(&shares, o, &last);
            if (!found || !objects_push(&found->garbage, o))
                garbage->items[rest++] = o;
        }
        garbage->count = rest;
        for (size_t i = 0; i < shares.count; i++)
            give(&shares.items[i], garbage);
    }
    disown_all(garbage);
}

static Objects take_list(Thread *thread) {
    Objects *given = thread->garbage, taken = *given;
    __atomic_store_n(&thread->garbage, NULL, __ATOMIC_RELAXED);
    buffer_free(given);
    return taken;
}

static void take_back_one(Thread *thread, void *context) {
    if (!thread->garbage)
        return;
    Objects taken = take_list(thread), *all = context;
    for (size_t i = 0; i < taken.count; i++)
        if (!objects_push(all, taken.items[i])) {
            // Out of memory: it stays referenced, and so allocated, for ever.
        }
    objects_free(&taken);
}

void clear_take_back(Objects *garbage) {
    thread_each(take_back_one, garbage);
    disown_all(garbage);
}

// ---- clearing -----------------------------------------------------------------------------------

static bool is_type(const Object *o) {
    return __atomic_load_n(&type_of(o)->flags, __ATOMIC_RELAXED) & TYPE_TYPE_SUBCLASS;
}

static void clear_one(Object *o) {
    Type *type = type_of(o);
    if (type->clear && !count_is_one(o))
        type->clear(o);
    ref_release_object(o);
}

// Types come last: what their instances' destroy slots look at should still be there. And the
// newest of them first, which is where a class looks for them among its subclasses.
void clear_garbage(Objects *garbage) {
    size_t types = 0;
    for (size_t i = 0; i < garbage->count; i++) {
        thread_stop_point();
        Object *o = garbage->items[i];
        if (is_type(o))
            garbage->items[types++] = o; // kept for later, at a place already passed
        else
            clear_one(o);
    }
    while (types)
        clear_one(garbage->items[--types]);
    objects_free(garbage);
}

void clear_pending(void) {
    Thread *thread = thread_current();
    if (!thread->garbage)
        return; // another thread has done it
    Objects taken = take_list(thread);
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    int64_t count = (int64_t)taken.count;
    clear_garbage(&taken);
    // The collecting thread has begun to count anew; what this one has freed since counts against
    // it, as what others free for a thread does.
    heap_recount_free(count);
    Value raised = thread->exception; // a destroy slot left one behind
    thread->exception = pending;
    ref_release(raised);
}

// ---- for others ---------------------------------------------------------------------------------

// A thread that was given something, borrowed; under the threads lock. It cannot end before it is
// given back: to take its list it has to attach.
static void borrow_one(Thread *thread, void *context) {
    Thread **borrowed = context;
    if (!*borrowed && thread != thread_current() &&
        __atomic_load_n(&thread->garbage, __ATOMIC_RELAXED) && thread_borrow(thread))
        *borrowed = thread;
}

void clear_for_blocked(void) {
    for (;;) {
        Thread *borrowed = NULL;
        thread_each(borrow_one, &borrowed);
        if (!borrowed)
            return;
        Objects taken = {0};
        if (borrowed->garbage) {
            taken = take_list(borrowed);
            disown_borrowed(&taken, borrowed);
        }
        thread_give_back(borrowed);
        clear_garbage(&taken);
    }
}

void clear_thread_forget(Thread *thread) {
    if (thread->garbage) {
        Objects taken = take_list(thread);
        objects_free(&taken);
    }
}

#endif
