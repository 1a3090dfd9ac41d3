// SPDX-License-Identifier: MIT
//
// gc/ref.h: counts go up and down, immortal and deferred objects behave as their ranges say,
// and (atomic policy) no update of several threads is lost.
#include "gc/heap.h"
#include "gc/ref.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>

#if COUNT_IS_KEPT && REGISTERS_ARE_COUNTED
static int destroyed;
static void destroy(Object *self) {
    __atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
}
static Type leaf_type = {.name = "leaf", .kind = HEAP_LEAF, .destroy = destroy};

static Object fresh(void) {
    return (Object)OBJECT_WITH_ONE(&leaf_type);
}

START_TEST(up_and_down) {
    destroyed = 0;
    Object o = fresh();
    Value v = value_from_object(&o);
    ck_assert(count_is_one(&o));
    ref_retain(v);
    ck_assert(!count_is_one(&o));
    ck_assert_uint_eq(count_read(&o), 2);
    ref_retain_many(v, 10);
    ck_assert_uint_eq(count_read(&o), 12);
    for (int i = 0; i < 11; i++)
        ref_release(v);
    ck_assert(ref_is_exclusive(&o));
    ck_assert_int_eq(destroyed, 0);
    ref_release(v);
    ck_assert_int_eq(destroyed, 1);
    ref_release(VALUE_NULL);
    ref_release(value_from_int(3));
    ref_retain(VALUE_NULL);
}
END_TEST

START_TEST(try_increment) {
    Object o = fresh();
    ck_assert(count_try_increment(&o));
    ck_assert_uint_eq(count_read(&o), 2);
    header_make_free(&o);
    ck_assert(!count_try_increment(&o));
    ck_assert_uint_eq(count_read(&o), 0);
    ck_assert(count_is_zero(&o));
}
END_TEST

// What a reader without a lock may meet in a slot of the heap.
START_TEST(stale_readers) {
    static Thread thread; // for the exception that is set while weak references are looked for
    thread_current_pointer = &thread;
    heap_thread_use(heap_thread_create());
    Object *o = heap_allocate(40, HEAP_LEAF, &leaf_type, 0);
    ref_mark_shared(o);
    ck_assert(ref_try_retain_object(o));
    ck_assert_uint_eq(count_read(o), 2);
    ref_release_object(o);
    ref_mark_shared(o); // any number of times
    ref_release_object(o);
    ck_assert(!ref_try_retain_object(o)); // dying
    heap_free(o, 40, HEAP_LEAF);
    ck_assert(!ref_try_retain_object(o)); // free
    ck_assert(count_is_zero(o));
    Object *again = heap_allocate(40, HEAP_LEAF, &leaf_type, 0);
    ck_assert_ptr_eq(again, o);
    ck_assert_uint_eq(count_read(o), 1);
    ref_mark_shared(o);
    ck_assert(ref_try_retain_object(o)); // another object, which the reader finds out
    ref_release_object(o);
    ck_assert(!count_is_zero(o));
    heap_free(o, 40, HEAP_LEAF);
}
END_TEST

// By who holds references in registers: alone, with another, and where others may find the object.
START_TEST(held) {
    destroyed = 0;
    Object o = fresh();
    Value v = value_from_object(&o);
    reg_retain_held(v);
    ck_assert_uint_eq(count_read(&o), 2);
    reg_retain_held(v);
    ck_assert(value_same(ref_new_held(v), v));
    ck_assert_uint_eq(count_read(&o), 4);
    for (int i = 0; i < 3; i++)
        reg_release(v);
    ck_assert_uint_eq(count_read(&o), 1);
#if !LOCKSMITH_REFCOUNT_BIASED // there marking asks whose the object is
    static Thread thread;      // as above
    thread_current_pointer = &thread;
    ref_mark_shared(&o);
#endif
    ck_assert(value_same(ref_new_held(v), v));
    ref_retain(v);
    ck_assert_uint_eq(count_read(&o), 3);
    for (int i = 0; i < 3; i++)
        ref_release(v);
    ck_assert_int_eq(destroyed, 1);
    ck_assert(count_is_zero(&o));
    reg_retain_held(value_from_int(1));
    reg_retain_held(VALUE_NULL);
    ck_assert(value_is_null(ref_new_held(VALUE_NULL)));
}
END_TEST

START_TEST(revived) {
    destroyed = 0;
    Object o = fresh();
    ref_release_object(&o);
    ck_assert(count_is_zero(&o));
    count_revive(&o);
    ck_assert_uint_eq(count_read(&o), 1);
    ref_release_object(&o);
    ck_assert_int_eq(destroyed, 2);
}
END_TEST

START_TEST(immortal) {
    destroyed = 0;
    Object o = fresh();
    ref_immortalize(&o);
    Value v = value_from_object(&o);
    for (int i = 0; i < 5; i++) {
        ref_retain(v);
        ref_release(v);
    }
    ref_release(v);
#if LOCKSMITH_IMMORTAL
    ref_release(v);
    ck_assert_uint_eq(count_read(&o), COUNT_IMMORTAL_START);
#endif
    ck_assert_int_eq(destroyed, 0);
    ck_assert(count_try_increment(&o));
}
END_TEST

START_TEST(deferred) {
#if LOCKSMITH_DEFERRED
    destroyed = 0;
    Object o = fresh();
    ref_defer(&o);
    ck_assert(ref_is_deferred(&o));
    Value v = value_from_object(&o);
    uint32_t before = count_read(&o);
    reg_retain(v);
    ck_assert_uint_eq(count_read(&o), before); // a register does not count
    reg_release(v);
    ref_retain(v); // locals and fields do
    ck_assert_uint_eq(count_read(&o), before + 1);
    Value in_register = reg_from_local(v);
    ck_assert_uint_eq(count_read(&o), before);
    ref_release(reg_to_local(in_register));
    ref_release(v);
    ck_assert_uint_eq(count_read(&o), COUNT_DEFERRED);
    ck_assert_int_eq(destroyed, 0); // only the collector frees it
#endif
}
END_TEST

#if LOCKSMITH_REFCOUNT_ATOMIC || LOCKSMITH_REFCOUNT_BIASED
static Object shared;
static void *hammer(void *unused) {
    Value v = value_from_object(&shared);
    for (int i = 0; i < 20000; i++) {
        ref_retain(v);
        ref_retain_many(v, 3);
        for (int j = 0; j < 4; j++)
            ref_release(v);
        if (count_try_increment(&shared))
            ref_release(v);
    }
    ref_release(v);
    return NULL;
}

START_TEST(threads) {
    destroyed = 0;
    shared = fresh();
    ref_retain_many(value_from_object(&shared), 3);
    pthread_t handles[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&handles[i], NULL, hammer, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(handles[i], NULL);
    ck_assert_int_eq(destroyed, 1);
    ck_assert_uint_eq(count_read(&shared), 0);
}
END_TEST
#endif

#endif

int main(void) {
#if COUNT_IS_KEPT && REGISTERS_ARE_COUNTED // test_deferred.c has the others
    Suite *suite = suite_create("count");
    TCase *cases = tcase_create("count");
    tcase_add_test(cases, up_and_down);
    tcase_add_test(cases, try_increment);
    tcase_add_test(cases, stale_readers);
    tcase_add_test(cases, held);
    tcase_add_test(cases, revived);
    tcase_add_test(cases, immortal);
    tcase_add_test(cases, deferred);
#if LOCKSMITH_REFCOUNT_ATOMIC || LOCKSMITH_REFCOUNT_BIASED
    tcase_add_test(cases, threads);
#endif
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
#else
    return EXIT_SUCCESS;
#endif
}
