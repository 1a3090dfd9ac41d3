// SPDX-License-Identifier: MIT
//
// gc/spread.h and gc/promote.h: counts kept by each thread for itself add up, also those of threads
// that have ended; what others count up all the time becomes deferred at their next safepoint, and
// what must not, does not. In builds without either there is nothing to test.
#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "tests/unit/other_thread.h"
#include "vm/object.h"
#include <check.h>
#include <stdlib.h>

#if LOCKSMITH_REFCOUNT_BIASED
#include "gc/spread.h"

static uint32_t number;
static void step_count(Object *unused) {
    for (int i = 0; i < 100; i++)
        spread_add(number, 3);
    for (int i = 0; i < 100; i++)
        spread_add(number, -1);
}

START_TEST(all_threads_counts_add_up) {
    thread_start_main();
    Other other;
    other_start(&other);
    number = spread_begin(7);
    ck_assert_int_eq(spread_read(number), 7);
    spread_add(number, -9);
    ck_assert_int_eq(spread_read(number), -2);
    other_do(&other, step_count, NULL);
    ck_assert_int_eq(spread_read(number), 198);
    other_end(&other);
    ck_assert_int_eq(spread_read(number), 198);
    ck_assert_int_eq(spread_end(number), 198);
    uint32_t again = spread_begin(1);
    ck_assert_uint_eq(again, number);
    ck_assert_int_eq(spread_read(again), 1);
}
END_TEST

START_TEST(tables_grow) {
    thread_start_main();
    enum { MANY = 5000 };
    static uint32_t given[MANY];
    for (int i = 0; i < MANY; i++) {
        given[i] = spread_begin(i);
        ck_assert_uint_lt(given[i], SPREAD_NUMBERS);
        spread_add(given[i], 1);
    }
    for (int i = 0; i < MANY; i++)
        ck_assert_int_eq(spread_end(given[i]), i + 1);
}
END_TEST

#if LOCKSMITH_PROMOTE
#include "gc/promote.h"

static void destroy(Object *self) {
    heap_free(self, 32, HEAP_CONTAINER);
}
static void traverse(Object *self, GcVisitor *visitor) {}
static Type plain_type = {
    .name = "plain", .kind = HEAP_CONTAINER, .destroy = destroy, .traverse = traverse};
static int leaves_destroyed;
static void leaf_destroy(Object *self) {
    leaves_destroyed++;
    heap_free(self, 32, HEAP_LEAF);
}
static Type leaf_type = {.name = "leaf", .kind = HEAP_LEAF, .destroy = leaf_destroy};
static Type weak_leaf_type = {
    .name = "leaf", .kind = HEAP_LEAF, .flags = TYPE_WEAKREFABLE, .destroy = leaf_destroy};
static Type final_type = {.name = "final",
                          .kind = HEAP_CONTAINER,
                          .flags = TYPE_HAS_FINALIZER,
                          .destroy = destroy,
                          .traverse = traverse};

static void step_use(Object *o) {
    for (int i = 0; i < PROMOTE_INTERVAL * PROMOTE_HITS * 2; i++) {
        ref_retain_object(o);
        ref_release_object(o);
    }
}
static void step_safepoint(Object *unused) {
    while (thread_current()->wanted) // also one at which somebody else wanted something
        thread_safepoint(thread_current());
}

// Whether an object of the type becomes deferred when another thread uses it all the time.
static bool is_promoted(Type *type) {
    Other other;
    other_start(&other);
    Object *o = heap_allocate(32, type->kind, type, 0);
    ref_retain_object(o);
    other_do(&other, step_use, o);
    ck_assert(!ref_is_deferred(o));
    thread_detach(); // it stops the world
    other_do(&other, step_safepoint, NULL);
    thread_attach();
    bool result = ref_is_deferred(o);
    ck_assert_uint_eq(count_read(o) & ~COUNT_DEFERRED, 2);
    ref_release_object(o);
    ck_assert_uint_eq(count_read(o) & ~COUNT_DEFERRED, 1);
    other_end(&other);
    return result;
}

START_TEST(what_all_use_is_promoted) {
    thread_start_main();
    ck_assert(is_promoted(&plain_type));
}
END_TEST
static void step_collect(Object *unused) {
    gc_collect();
}

// A leaf, too; and a full collection finds it when nothing refers to it any more.
START_TEST(leaves_are_promoted_and_die) {
    thread_start_main();
    Other other;
    other_start(&other);
    Object *o = heap_allocate(32, HEAP_LEAF, &leaf_type, 0);
    other_do(&other, step_use, o);
    thread_detach();
    other_do(&other, step_safepoint, NULL);
    ck_assert(ref_is_deferred(o));
    other_do(&other, step_collect, NULL);
    ck_assert_int_eq(leaves_destroyed, 0);
    ck_assert_uint_eq(count_read(o) & ~COUNT_DEFERRED, 1);
    thread_attach();
    ref_release_object(o);
    thread_detach();
    ck_assert_int_eq(leaves_destroyed, 0);
    other_do(&other, step_collect, NULL);
    thread_attach();
    ck_assert_int_eq(leaves_destroyed, 1);
    other_end(&other);
}
END_TEST
START_TEST(leaves_with_weak_references_are_not) {
    thread_start_main();
    ck_assert(!is_promoted(&weak_leaf_type));
}
END_TEST
START_TEST(what_has_a_finaliser_is_not) {
    thread_start_main();
    ck_assert(!is_promoted(&final_type));
}
END_TEST

// Stops have two milliseconds saved up at the most, and a hundredth of the time after that.
START_TEST(stops_are_paid_for) {
    const uint64_t second = 1000000000, stop = 100000;
    uint64_t time = 1000 * second;
    int stops = 0;
    for (; promote_may_stop(time); stops++) {
        promote_note_stop(time, time, time + stop);
        time += stop;
    }
    ck_assert_int_ge(stops, 20);
    ck_assert_int_le(stops, 22);
    // Whoever would like to stop all the time, for ten seconds.
    stops = 0;
    for (uint64_t end = time + 10 * second; time < end; time += stop) {
        if (promote_may_stop(time)) {
            promote_note_stop(time, time, time + stop);
            stops++;
        }
    }
    ck_assert_int_ge(stops, 990);
    ck_assert_int_le(stops, 1001);
    time += 3600 * second; // no more is saved than at the beginning
    for (stops = 0; promote_may_stop(time); stops++) {
        promote_note_stop(time, time, time + stop);
        time += stop;
    }
    ck_assert_int_le(stops, 22);
}
END_TEST
// Waiting for the world to stop costs a tenth of that.
START_TEST(waiting_is_cheaper) {
    const uint64_t second = 1000000000, wait = 1000000;
    uint64_t time = 1000 * second;
    int stops = 0;
    for (uint64_t end = time + 10 * second; time < end; time += wait) {
        if (promote_may_stop(time)) {
            promote_note_stop(time, time + wait, time + wait);
            stops++;
        }
    }
    ck_assert_int_ge(stops, 1000);
    ck_assert_int_le(stops, 1022);
}
END_TEST

// What registers had counted is taken off, and given back by none of them later.
START_TEST(registers_count_it_no_more) {
    Thread *thread = thread_start_main();
    Other other;
    other_start(&other);
    Object *o = heap_allocate(32, HEAP_CONTAINER, &plain_type, 0);
    uint32_t before = count_read(o);
    ck_assert_uint_eq(before, 1);
    ck_assert_ptr_null(thread->frame); // so there is no register to hold it
    other_do(&other, step_use, o);
    thread_detach();
    other_do(&other, step_safepoint, NULL);
    thread_attach();
    ck_assert(ref_is_deferred(o));
    Value slot = VALUE_NULL;
    reg_copy(&slot, value_from_object(o));
    ck_assert_uint_eq(count_read(o), COUNT_DEFERRED + 1);
    reg_clear(&slot);
    ck_assert_uint_eq(count_read(o), COUNT_DEFERRED + 1);
    other_end(&other);
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("promote");
    TCase *cases = tcase_create("promote"); // each test in a process of its own
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, all_threads_counts_add_up);
    tcase_add_test(cases, tables_grow);
#if LOCKSMITH_PROMOTE
    tcase_add_test(cases, what_all_use_is_promoted);
    tcase_add_test(cases, leaves_are_promoted_and_die);
    tcase_add_test(cases, leaves_with_weak_references_are_not);
    tcase_add_test(cases, what_has_a_finaliser_is_not);
    tcase_add_test(cases, registers_count_it_no_more);
    tcase_add_test(cases, stops_are_paid_for);
    tcase_add_test(cases, waiting_is_cheaper);
#endif
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
