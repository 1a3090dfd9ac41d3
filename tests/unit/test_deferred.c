// SPDX-License-Identifier: MIT
//
// gc/count_deferred.h and gc/settle.c: what nothing counts lives as long as a register holds it and
// no longer than until the next settling; what is dead takes along what only it referred to; no
// update of several threads is lost. In other builds there is nothing to test.
#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/settle.h"
#include "gc/weak.h"
#include "vm/interp/code.h"
#include "vm/interp/frame.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>

#if !REGISTERS_ARE_COUNTED

typedef struct {
    Object header;
    Value child, other;
} Node;

static int died, finalized;
static Value saved;

static void node_destroy(Object *self) {
    Node *n = (Node *)self;
    ref_release(n->child);
    ref_release(n->other);
    __atomic_fetch_add(&died, 1, __ATOMIC_RELAXED);
    heap_free(self, sizeof *n, HEAP_CONTAINER);
}
static void node_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Node *)self)->child);
    gc_visit(visitor, ((Node *)self)->other);
}
static void node_clear(Object *self) {
    field_clear(self, &((Node *)self)->child);
    field_clear(self, &((Node *)self)->other);
}
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

// A frame with two registers, as the interpreter would have it.
static Code code = {.register_count = 2, .local_count = 2};
static Value *registers;

static void set_up(void) {
    Thread *thread = thread_start_main();
    Frame *frame = (Frame *)thread->stack;
    *frame = (Frame){.previous_tagged = 1, .code_tagged = (uint64_t)&code | 1, .info = 1};
    registers = frame->registers;
    registers[0] = registers[1] = VALUE_NULL;
    thread->frame = frame;
    gc_set_enabled(false);
    died = finalized = 0;
    saved = VALUE_NULL;
}

static Value make(Type *type, Value child, Value other) { // takes the references
    Node *n = heap_allocate(sizeof *n, HEAP_CONTAINER, type, 0);
    ck_assert_ptr_nonnull(n);
    n->child = child;
    n->other = other;
    return value_from_object(n);
}
static Value leaf(void) {
    return make(&node_type, VALUE_NULL, VALUE_NULL);
}

START_TEST(a_register_holds) {
    set_up();
    Value v = leaf();
    Object *o = value_object(v);
    registers[0] = reg_from_local(v);
    ck_assert_uint_eq(count_read(o), 0);
    ck_assert(!count_is_gone(o));
    ck_assert(!count_is_zero(o)); // no free slot
    settle_all();
    ck_assert_int_eq(died, 0);
    ck_assert_uint_eq(o->count & COUNT_HELD, 0);
    // It is counted and let go of again: still in the table.
    ref_retain(registers[0]);
    settle_all();
    ck_assert_uint_eq(count_read(o), 1);
    ref_release(registers[0]);
    settle_all();
    ck_assert_int_eq(died, 0);
    registers[1] = registers[0];
    reg_clear(&registers[0]);
    ck_assert_int_eq(died, 0);
    settle_all();
    ck_assert_int_eq(died, 0);
    reg_clear(&registers[1]);
    ck_assert_int_eq(died, 0); // not before the next settling
    settle_all();
    ck_assert_int_eq(died, 1);
}
END_TEST

START_TEST(a_local_pins) {
    set_up();
    Value v = leaf();
    registers[0] = v;
    ref_retain(v);
    ref_release(v);
    reg_clear(&registers[0]);
    settle_all();
    ck_assert_int_eq(died, 0);
    ref_release(v);
    settle_all();
    ck_assert_int_eq(died, 1);
}
END_TEST

START_TEST(the_dead_take_along) {
    set_up();
    // A chain, far too long for one settling a link.
    enum { LENGTH = 300000 };
    Value chain = VALUE_NULL;
    for (int i = 0; i < LENGTH; i++)
        chain = make(&node_type, chain, VALUE_NULL);
    registers[0] = reg_from_local(chain);
    settle_all();
    ck_assert_int_eq(died, 0);
    // A register in the middle keeps the rest.
    Value middle = chain;
    for (int i = 0; i < 1000; i++)
        middle = ((Node *)value_object(middle))->child;
    registers[1] = middle;
    reg_clear(&registers[0]);
    settle_all();
    ck_assert_int_eq(died, 1000);
    reg_clear(&registers[1]);
    settle_all();
    ck_assert_int_eq(died, LENGTH);
    // What two dead objects share, and what one of them has twice.
    died = 0;
    Value shared = make(&node_type, leaf(), VALUE_NULL);
    Value a = make(&node_type, ref_new(shared), VALUE_NULL);
    Value b = make(&node_type, shared, VALUE_NULL);
    Value twice = leaf();
    Value c = make(&node_type, ref_new(twice), twice);
    ref_release(make(&node_type, a, b));
    ref_release(c);
    settle_all();
    ck_assert_int_eq(died, 7);
}
END_TEST

START_TEST(finalisers) {
    set_up();
    // A child with one is finalised too, once, and what hangs off it dies after that.
    ref_release(make(&final_type, make(&final_type, leaf(), VALUE_NULL), leaf()));
    ck_assert_int_eq(finalized, 0);
    settle_all();
    ck_assert_int_eq(finalized, 2);
    ck_assert_int_eq(died, 4);
    // Back to life.
    died = finalized = 0;
    ref_release(make(&phoenix_type, leaf(), VALUE_NULL));
    settle_all();
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 0);
    ck_assert_uint_eq(count_read(value_object(saved)), 1);
    ref_release(saved);
    settle_all();
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 2);
}
END_TEST

START_TEST(cycles_that_registers_hold) {
    set_up();
    Value a = leaf(), b = make(&node_type, a, VALUE_NULL);
    ((Node *)value_object(a))->child = b;
    registers[0] = a; // the only way in, and not counted
    ck_assert_int_eq(gc_collect(), 0);
    ck_assert_int_eq(gc_collect_generation(0), 0);
    // Off an object that only a register holds.
    registers[0] = reg_from_local(make(&node_type, ref_new(a), VALUE_NULL));
    ck_assert_int_eq(gc_collect(), 0);
    ck_assert_int_eq(died, 0);
    reg_clear(&registers[0]);
    ck_assert_int_eq(gc_collect(), 2);
    ck_assert_int_eq(died, 3);
}
END_TEST

START_TEST(new_objects) {
    set_up();
    Value v = leaf();
    Object *o = value_object(v);
    registers[0] = reg_from_new(v);
    ck_assert(ref_is_private(o, 1));
    ck_assert(ref_is_unshared(o));
    ck_assert(!ref_is_exclusive(o)); // another register may have it
    ref_retain(v);
    ck_assert(!ref_is_private(o, 1));
    ref_release(v); // somebody may have found it meanwhile
    ck_assert(!ref_is_private(o, 1));
    reg_clear(&registers[0]);
    settle_all();
    ck_assert_int_eq(died, 1);
    // In the table at once.
    reg_from_new(leaf());
    settle_all();
    ck_assert_int_eq(died, 2);
}
END_TEST

START_TEST(tables_are_settled_in_time) {
    set_up();
    Thread *thread = thread_current();
    for (int i = 0; i < 1000000; i++) {
        ref_release(leaf());
        ck_assert_int_eq(thread_safepoint(thread), 0);
    }
    ck_assert_int_gt(died, 900000);
    // Large buffers of what is dead already are a reason, too.
    settle_all();
    died = 0;
    for (int i = 0; i < 1000; i++) {
        ref_release(leaf());
        buffer_free(buffer_allocate(1 << 20));
        ck_assert_int_eq(thread_safepoint(thread), 0);
    }
    ck_assert_int_gt(died, 500);
}
END_TEST

// ---- threads ------------------------------------------------------------------------------------

static Value shared;
static void *hammer(void *unused) {
    thread_adopt();
    for (int i = 0; i < 20000; i++) {
        ref_retain(shared);
        ref_release(shared);
        if (count_try_increment(value_object(shared)))
            ref_release(shared);
        if (i % 64 == 0)
            thread_safepoint_slow();
        if (i % 1000 == 0)
            settle_all();
        ref_release(make(&node_type, leaf(), VALUE_NULL));
    }
    thread_abandon();
    return NULL;
}

START_TEST(threads) {
    set_up();
    shared = leaf();
    registers[0] = reg_from_local(shared); // count 0: goes up from it and down to it
    pthread_t handles[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&handles[i], NULL, hammer, NULL);
    thread_detach();
    for (int i = 0; i < 4; i++)
        pthread_join(handles[i], NULL);
    thread_attach();
    settle_all(); // what the threads have left behind
    ck_assert_int_eq(died, 4 * 20000 * 2);
    ck_assert_uint_eq(count_read(value_object(shared)), 0);
    reg_clear(&registers[0]);
    settle_all();
    ck_assert_int_eq(died, 4 * 20000 * 2 + 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("deferred");
    TCase *cases = tcase_create("deferred");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, a_register_holds);
    tcase_add_test(cases, a_local_pins);
    tcase_add_test(cases, the_dead_take_along);
    tcase_add_test(cases, finalisers);
    tcase_add_test(cases, cycles_that_registers_hold);
    tcase_add_test(cases, new_objects);
    tcase_add_test(cases, tables_are_settled_in_time);
    tcase_add_test(cases, threads);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#else
int main(void) {
    return EXIT_SUCCESS;
}
#endif
