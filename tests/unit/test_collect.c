// SPDX-License-Identifier: MIT
//
// gc/collect.c and gc/destroy.c with a type of its own: what only a cycle keeps alive goes, what
// anything else holds stays; finalisers run once and may resurrect; long chains die without
// deep recursion; deferred objects are freed by the collector alone.
#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "gc/settle.h"
#include "vm/object.h"
#include "vm/runtime/share.h"
#include "vm/runtime/thread.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>

typedef struct {
    Object header;
    Value left, right;
    Value in_register; // traversed as an instance's class: not counted if it is deferred
    int *died;
    Thread *maker; // NULL: it does not matter who ends it
} Node;

static int ended_by_maker, ended_by_other; // atomic

static void node_destroy(Object *self) {
    Node *n = (Node *)self;
    ref_release(n->left);
    ref_release(n->right);
    if (value_is_object(n->in_register))
        ref_release_unless_deferred(value_object(n->in_register));
    if (n->died)
        ++*n->died;
    if (n->maker)
        __atomic_fetch_add(n->maker == thread_current() ? &ended_by_maker : &ended_by_other, 1,
                           __ATOMIC_RELAXED);
    heap_free(self, sizeof *n, HEAP_CONTAINER);
}
static void node_traverse(Object *self, GcVisitor *visitor) {
    Node *n = (Node *)self;
    gc_visit(visitor, n->left);
    gc_visit(visitor, n->right);
    gc_visit_register(visitor, n->in_register);
}
static void node_clear(Object *self) {
    Node *n = (Node *)self;
    field_clear(self, &n->left);
    field_clear(self, &n->right);
    Value old = n->in_register;
    n->in_register = VALUE_NULL;
    if (value_is_object(old))
        ref_release_unless_deferred(value_object(old));
}
static int finalized;
static Value saved;
static void node_finalize(Object *self) {
    finalized++;
}
static void node_resurrect(Object *self) {
    finalized++;
    saved = ref_new(value_from_object(self));
}

#define NODE_SLOTS                                                                                 \
    .kind = HEAP_CONTAINER, .basic_size = sizeof(Node), .destroy = node_destroy,                   \
    .traverse = node_traverse, .clear = node_clear

static Type node_type = {.name = "node", NODE_SLOTS};
static Type final_type = {
    .name = "final", NODE_SLOTS, .flags = TYPE_HAS_FINALIZER, .finalize = node_finalize};
static Type phoenix_type = {
    .name = "phoenix", NODE_SLOTS, .flags = TYPE_HAS_FINALIZER, .finalize = node_resurrect};

static int died;

static Node *make(Type *type, Value left, Value right) { // takes the references
    Node *n = heap_allocate(sizeof *n, HEAP_CONTAINER, type, 0);
    ck_assert_ptr_nonnull(n);
    n->left = left;
    n->right = right;
    n->died = &died;
    return n;
}
static Value value_of(Node *n) {
    return value_from_object(n);
}

static void set_up(void) {
    thread_start_main();
    gc_set_enabled(false);
    died = finalized = 0;
    saved = VALUE_NULL;
}

START_TEST(ring) {
    set_up();
    Node *first = make(&node_type, VALUE_NULL, VALUE_NULL);
    Node *last = first;
    for (int i = 0; i < 9; i++)
        last = make(&node_type, value_of(last), VALUE_NULL);
    first->left = value_of(last); // the only reference to last; first is held by its successor
    ck_assert_int_eq(gc_collect(), 10);
    ck_assert_int_eq(died, 10);
    ck_assert_int_eq(gc_collect(), 0);
}
END_TEST

START_TEST(held_from_outside) {
    set_up();
    Node *a = make(&node_type, VALUE_NULL, VALUE_NULL);
    Node *b = make(&node_type, ref_new(value_of(a)), VALUE_NULL);
    a->left = value_of(b);
    // The reference in `a` here is a local one: nothing may go.
    ck_assert_int_eq(gc_collect(), 0);
    ck_assert_int_eq(died, 0);
    // What hangs off a living one stays, too.
    b->right = value_of(make(&node_type, VALUE_NULL, VALUE_NULL));
    ck_assert_int_eq(gc_collect(), 0);
    ref_release(value_of(a));
    ck_assert_int_eq(gc_collect(), 3);
    ck_assert_int_eq(died, 3);
}
END_TEST

START_TEST(finalizers_run_once) {
    set_up();
    Node *a = make(&final_type, VALUE_NULL, VALUE_NULL);
    Node *b = make(&final_type, value_of(a), VALUE_NULL);
    a->left = value_of(b);
    ck_assert_int_eq(gc_collect(), 2);
    ck_assert_int_eq(finalized, 2);
    ck_assert_int_eq(died, 2);
    ref_release(value_of(make(&final_type, VALUE_NULL, VALUE_NULL)));
    settle_all();
    ck_assert_int_eq(finalized, 3);
    ck_assert_int_eq(died, 3);
}
END_TEST

START_TEST(resurrection_from_a_cycle) {
    set_up();
    Node *a = make(&phoenix_type, VALUE_NULL, VALUE_NULL);
    Node *b = make(&node_type, value_of(a), VALUE_NULL);
    a->left = value_of(b);
    Node *other = make(&node_type, VALUE_NULL, VALUE_NULL); // garbage of its own
    other->left = value_of(other);
    ck_assert_int_eq(gc_collect(), 1);
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 1);
    ck_assert_ptr_eq(value_object(saved), a);
    ck_assert_uint_eq(count_read(&a->header), 2);
    ck_assert_uint_eq(count_read(&b->header), 1);
    ref_release(saved);
    ck_assert_int_eq(gc_collect(), 2); // and no second finaliser
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 3);
}
END_TEST

START_TEST(resurrection_by_count) {
    set_up();
    Node *a = make(&phoenix_type, VALUE_NULL, VALUE_NULL);
    ref_release(value_of(a));
    settle_all();
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 0);
    ck_assert_uint_eq(count_read(&a->header), 1);
    ref_release(saved);
    settle_all();
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 1);
}
END_TEST

START_TEST(long_chain) {
    set_up();
    enum { LENGTH = 1000000 };
    Value chain = VALUE_NULL;
    for (int i = 0; i < LENGTH; i++)
        chain = value_of(make(&node_type, chain, VALUE_NULL));
    ref_release(chain);
    settle_all();
    ck_assert_int_eq(died, LENGTH);
    // The same as a cycle.
    Node *first = make(&node_type, VALUE_NULL, VALUE_NULL);
    chain = value_of(first);
    for (int i = 0; i < LENGTH; i++)
        chain = value_of(make(&node_type, chain, VALUE_NULL));
    first->left = chain;
    died = 0;
    ck_assert_int_eq(gc_collect(), LENGTH + 1);
    ck_assert_int_eq(died, LENGTH + 1);
    HeapStatistics statistics;
    heap_statistics(&statistics);
    ck_assert_uint_eq(statistics.live_objects[HEAP_CONTAINER], 0);
}
END_TEST

START_TEST(collects_by_itself) {
    set_up();
    gc_set_enabled(true);
    Thread *thread = thread_current();
    for (int i = 0; i < 500000; i++) {
        Node *n = make(&node_type, VALUE_NULL, VALUE_NULL);
        n->left = value_of(n);
        ck_assert_int_eq(thread_safepoint(thread), 0);
    }
    ck_assert_int_gt(died, 300000);
    int before = died;
    gc_set_limit(100);
    for (int i = 0; i < 5000; i++) {
        Node *n = make(&node_type, VALUE_NULL, VALUE_NULL);
        n->left = value_of(n);
        ck_assert_int_eq(thread_safepoint(thread), 0);
        if (i == 2000)
            before = died;
    }
    ck_assert_int_ge(died - before, 2800);
    gc_set_limit(-1);
}
END_TEST

START_TEST(young) {
    set_up();
    // An old ring is left alone by a young collection, a new one is not.
    Node *old = make(&node_type, VALUE_NULL, VALUE_NULL);
    ck_assert_int_eq(gc_collect_generation(0), 0); // old from here on
    old->left = value_of(old);
    Node *fresh = make(&node_type, VALUE_NULL, VALUE_NULL);
    fresh->left = value_of(fresh);
    ck_assert_int_eq(gc_collect_generation(0), 1);
    ck_assert_int_eq(died, 1);
    ck_assert_int_eq(gc_collect_generation(2), 1);
    ck_assert_int_eq(died, 2);
    // What an old object holds stays, in a cycle or not.
    old = make(&node_type, VALUE_NULL, VALUE_NULL);
    ck_assert_int_eq(gc_collect_generation(0), 0);
    fresh = make(&node_type, VALUE_NULL, VALUE_NULL);
    fresh->left = ref_new(value_of(fresh));
    old->left = value_of(fresh);
    ck_assert_int_eq(gc_collect_generation(0), 0);
    ref_release(value_of(old));
    settle_all();
    ck_assert_int_eq(died, 3);
    ck_assert_int_eq(gc_collect_generation(0), 0); // has become old itself
    ck_assert_int_eq(gc_collect_generation(2), 1);
    ck_assert_int_eq(died, 4);
    // Slots that a collection freed are seen again when they are taken again.
    for (int round = 0; round < 3; round++) {
        died = 0;
        for (int i = 0; i < 5000; i++) {
            Node *n = make(&node_type, VALUE_NULL, VALUE_NULL);
            n->left = value_of(n);
        }
        ck_assert_int_eq(gc_collect_generation(0), 5000);
        ck_assert_int_eq(died, 5000);
    }
}
END_TEST

START_TEST(deferred) {
#if LOCKSMITH_DEFERRED
    set_up();
    // Nobody holds it: only the collector notices.
    Node *a = make(&node_type, VALUE_NULL, VALUE_NULL);
    ref_defer(a);
    ref_release(value_of(a));
    ck_assert_int_eq(died, 0);
    ck_assert_int_eq(gc_collect(), 1);
    ck_assert_int_eq(died, 1);
    // Held by an object's register slot alone.
    a = make(&node_type, VALUE_NULL, VALUE_NULL);
    ref_defer(a);
    Node *holder = make(&node_type, VALUE_NULL, VALUE_NULL);
    holder->in_register = reg_from_local(value_of(a));
    ck_assert_int_eq(gc_collect(), 0);
    ck_assert_int_eq(died, 1);
    // In a cycle that goes through that slot.
    a->left = value_of(holder);
    ck_assert_int_eq(gc_collect(), 2);
    ck_assert_int_eq(died, 3);
    // Held by a field.
    a = make(&node_type, VALUE_NULL, VALUE_NULL);
    ref_defer(a);
    holder = make(&node_type, value_of(a), VALUE_NULL);
    ck_assert_int_eq(gc_collect(), 0);
    ref_release(value_of(holder));
    ck_assert_int_eq(gc_collect(), 1);
    ck_assert_int_eq(died, 5);
#endif
}
END_TEST

START_TEST(frozen) {
    set_up();
    Node *a = make(&node_type, VALUE_NULL, VALUE_NULL);
    a->left = value_of(a);
    gc_freeze();
    ck_assert_int_eq(gc_frozen_count(), 1);
    ck_assert_int_eq(gc_collect(), 0);
    gc_unfreeze();
    ck_assert_int_eq(gc_collect(), 1);
    ck_assert_int_eq(died, 1);
}
END_TEST

static void make_ring(Thread *maker) {
    Node *first = make(&node_type, VALUE_NULL, VALUE_NULL);
    Node *second = make(&node_type, value_of(first), VALUE_NULL);
    first->left = value_of(second);
    first->maker = second->maker = maker;
    if (maker)
        first->died = second->died = NULL; // several threads would count there
}

// A thread that is stopped again and again, and makes rings when it is asked to.
static int rings_wanted; // atomic; -1: it is to end
static bool rings_are_marked;
static void *pass_safepoints(void *unused) {
    Thread *thread = thread_adopt();
    for (int wanted; (wanted = __atomic_load_n(&rings_wanted, __ATOMIC_ACQUIRE)) >= 0;) {
        for (int i = 0; i < wanted; i++)
            make_ring(rings_are_marked ? thread : NULL);
        if (wanted)
            __atomic_store_n(&rings_wanted, 0, __ATOMIC_RELEASE);
        ck_assert_int_eq(thread_safepoint(thread), 0);
#if LOCKSMITH_LOCKING_GIL
        thread_yield();
#endif
    }
    thread_abandon();
    return NULL;
}
static pthread_t start_other(void) {
    pthread_t handle;
    __atomic_store_n(&rings_wanted, 0, __ATOMIC_RELEASE); // another may be running
    ck_assert_int_eq(pthread_create(&handle, NULL, pass_safepoints, NULL), 0);
    return handle;
}
static void end_other(pthread_t handle) {
    __atomic_store_n(&rings_wanted, -1, __ATOMIC_RELEASE);
    thread_detach();
    pthread_join(handle, NULL);
    thread_attach();
}

static Value tree(int depth) {
    return depth ? value_of(make(&node_type, tree(depth - 1), tree(depth - 1))) : VALUE_NULL;
}
static int tree_size(Value v) {
    Node *n = (Node *)value_object(v);
    return value_is_null(v) ? 0 : 1 + tree_size(n->left) + tree_size(n->right);
}

// Enough for the stopped thread to be asked for help: what is alive stays, whoever has looked at
// it, and all that is dead goes, whoever has made it.
START_TEST(helped) {
    set_up();
    enum { RINGS = 3000, DEPTH = 14, SIZE = (1 << DEPTH) - 1 };
    pthread_t other = start_other();
    for (int round = 0; round < 6; round++) {
        died = 0;
        __atomic_store_n(&rings_wanted, RINGS, __ATOMIC_RELEASE);
        Value alive = tree(DEPTH), dead = tree(DEPTH);
        ((Node *)value_object(dead))->in_register = ref_new(dead);
        ref_release(dead);
        while (__atomic_load_n(&rings_wanted, __ATOMIC_ACQUIRE))
            thread_yield();
        ck_assert_int_eq(gc_collect_generation(round % 2 ? 0 : 2), SIZE + 2 * RINGS);
        ck_assert_int_eq(died, SIZE + 2 * RINGS);
        ck_assert_int_eq(gc_collect(), 0);
        ck_assert_int_eq(tree_size(alive), SIZE);
        ref_release(alive);
        settle_all();
        ck_assert_int_eq(died, 2 * SIZE + 2 * RINGS);
    }
    end_other(other);
}
END_TEST

#if !LOCKSMITH_LOCKING_GIL // with one, nobody but the collecting thread is there to clear
static void start_marked(void) {
    ended_by_maker = ended_by_other = 0;
    rings_are_marked = true;
    gc_set_enabled(true);
}
// Until a collection, which nobody asked for, has run.
static void make_until_collected(void) {
    GcStatistics before, now;
    gc_statistics(&before, false);
    do {
        make_ring(thread_current());
        ck_assert_int_eq(thread_safepoint(thread_current()), 0);
        gc_statistics(&now, false);
    } while (now.collections == before.collections);
}
static int ended(void) {
    return __atomic_load_n(&ended_by_maker, __ATOMIC_RELAXED) +
           __atomic_load_n(&ended_by_other, __ATOMIC_RELAXED);
}

// A thread that waits for the collection's end clears what it has made itself. (It may come too
// late for that; then the collecting one does it.)
START_TEST(each_its_own) {
    set_up();
    start_marked();
    enum { RINGS = 3000 };
    pthread_t other = start_other();
    bool seen = false;
    for (int round = 0; round < 3000 && !seen; round++) {
        ended_by_maker = ended_by_other = 0;
        __atomic_store_n(&rings_wanted, RINGS, __ATOMIC_RELEASE);
        while (__atomic_load_n(&rings_wanted, __ATOMIC_ACQUIRE))
            thread_yield();
        make_until_collected();
        gc_collect();
        while (ended() < 2 * RINGS) // the other one may be about to
            thread_yield();
        seen = ended_by_other == 0;
    }
    ck_assert(seen);
    end_other(other);
}
END_TEST

// What a thread that is blocked has made is cleared by who collects, what one was given that ends
// is not forgotten.
START_TEST(of_blocked_and_ended) {
    set_up();
    enum { RINGS = 3000, ROUNDS = 30 };
    for (int round = 0; round < ROUNDS; round++) {
        start_marked();
        pthread_t other = start_other();
        __atomic_store_n(&rings_wanted, RINGS, __ATOMIC_RELEASE);
        while (__atomic_load_n(&rings_wanted, __ATOMIC_ACQUIRE))
            thread_yield();
        if (round % 2)
            end_other(other);
        make_until_collected();
        if (round % 2 == 0)
            end_other(other);
        gc_collect();
        HeapStatistics statistics;
        heap_statistics(&statistics);
        ck_assert_uint_eq(statistics.live_objects[HEAP_CONTAINER], 0);
        ck_assert_int_ge(ended(), 2 * RINGS);
    }
}
END_TEST
#endif

// All that comes back to life with one object stays.
START_TEST(resurrection_of_much) {
    set_up();
    enum { DEPTH = 12, SIZE = (1 << DEPTH) - 1 };
    pthread_t other = start_other();
    Node *phoenix = make(&phoenix_type, VALUE_NULL, VALUE_NULL);
    phoenix->right = value_of(make(&node_type, tree(DEPTH), ref_new(value_of(phoenix))));
    ref_release(value_of(phoenix));
    ck_assert_int_eq(gc_collect(), 0);
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 0);
    ck_assert_ptr_eq(value_object(saved), phoenix);
    ck_assert_int_eq(tree_size(((Node *)value_object(phoenix->right))->left), SIZE);
    ref_release(saved);
    ck_assert_int_eq(gc_collect(), SIZE + 2);
    ck_assert_int_eq(died, SIZE + 2);
    end_other(other);
}
END_TEST

enum { PARTS = 10000, MOST = 4 };
typedef struct {
    int next, calls[MOST]; // atomic
    char done[PARTS];      // by who has taken the part
    int value;             // written before, read by all
} Job;

static void job_work(void *context, unsigned worker) {
    Job *job = context;
    ck_assert_uint_lt(worker, MOST);
    ck_assert_int_eq(__atomic_add_fetch(&job->calls[worker], 1, __ATOMIC_RELAXED), 1);
    int i;
    while ((i = __atomic_fetch_add(&job->next, 1, __ATOMIC_RELAXED)) < PARTS)
        job->done[i] += (char)job->value;
}

// Each worker has a number of its own, all have returned before the caller goes on, and what each
// wrote is there.
START_TEST(shared_work) {
    set_up();
    pthread_t others[2] = {start_other(), start_other()};
    for (int round = 1; round <= 40; round++) {
        static Job job;
        thread_stop_world();
        for (int again = 1; again <= 3; again++) {
            job = (Job){.value = again};
            thread_share_work(job_work, &job, MOST);
            ck_assert_int_eq(job.calls[0], 1);
            for (int i = 0; i < PARTS; i++)
                ck_assert_int_eq(job.done[i], again);
        }
        thread_start_world();
        ck_assert_int_eq(thread_safepoint(thread_current()), 0);
    }
    __atomic_store_n(&rings_wanted, -1, __ATOMIC_RELEASE);
    end_other(others[0]);
    end_other(others[1]);
}
END_TEST

int main(void) {
#if !COUNT_IS_KEPT
    return EXIT_SUCCESS; // test_trace.c
#endif
    Suite *suite = suite_create("collect");
    TCase *cases = tcase_create("collect");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, ring);
    tcase_add_test(cases, held_from_outside);
    tcase_add_test(cases, finalizers_run_once);
    tcase_add_test(cases, resurrection_from_a_cycle);
    tcase_add_test(cases, resurrection_by_count);
    tcase_add_test(cases, long_chain);
    tcase_add_test(cases, collects_by_itself);
    tcase_add_test(cases, young);
    tcase_add_test(cases, deferred);
    tcase_add_test(cases, frozen);
    tcase_add_test(cases, helped);
#if !LOCKSMITH_LOCKING_GIL
    tcase_add_test(cases, each_its_own);
    tcase_add_test(cases, of_blocked_and_ended);
#endif
    tcase_add_test(cases, resurrection_of_much);
    tcase_add_test(cases, shared_work);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
