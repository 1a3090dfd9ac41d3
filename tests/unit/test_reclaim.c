// SPDX-License-Identifier: MIT
//
// gc/reclaim.h: what is retired is not given back while a thread that was attached at the time
// has not passed a safepoint, and is given back afterwards. References stand in for buffers,
// because their release can be observed.
#include "gc/heap.h"
#include "gc/reclaim.h"
#include "gc/ref.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

// Where registers are not counted no object ends before a grace period, and references need none.
#if REGISTERS_ARE_COUNTED
static int destroyed;
static void destroy(Object *self) {
    __atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
}
static Type leaf_type = {.name = "leaf", .kind = HEAP_LEAF, .destroy = destroy};

static int destroyed_now(void) {
    return __atomic_load_n(&destroyed, __ATOMIC_RELAXED);
}

START_TEST(not_at_once) {
    Thread *thread = thread_start_main();
    Object o = OBJECT_WITH_ONE(&leaf_type);
    reclaim_reference(value_from_object(&o));
    ck_assert_int_eq(destroyed_now(), 0); // never inside the call
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 1);
    ck_assert_uint_eq(__atomic_load_n(&thread->wanted, __ATOMIC_RELAXED), 0);
    reclaim_reference(value_from_int(1));
    reclaim_reference(VALUE_NULL);
    reclaim_buffer(buffer_allocate(100));
    reclaim_buffer(NULL);
    reclaim_array(buffer_allocate(100));
    ck_assert_int_eq(thread_safepoint(thread), 0);
}
END_TEST

START_TEST(detached_threads_do_not_hold_it_up) {
    Thread *thread = thread_start_main();
    Object objects[1000];
    for (int i = 0; i < 1000; i++) {
        objects[i] = (Object)OBJECT_WITH_ONE(&leaf_type);
        reclaim_reference(value_from_object(&objects[i]));
    }
    thread_detach();
    thread_attach();
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 1000);
}
END_TEST

#if LOCKSMITH_LOCKING_OBJECT
static int stage; // 1: the other thread is attached; 2: it may pass a safepoint; 3: it has
static void await_stage(int n) {
    while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < n)
        usleep(200);
}
static void *reader(void *unused) {
    Thread *thread = thread_adopt();
    __atomic_store_n(&stage, 1, __ATOMIC_RELEASE);
    await_stage(2);
    thread_safepoint_slow();
    reclaim_quiescent();
    (void)thread;
    __atomic_store_n(&stage, 3, __ATOMIC_RELEASE);
    await_stage(4);
    thread_abandon();
    return NULL;
}

START_TEST(waits_for_a_reader) {
    Thread *thread = thread_start_main();
    pthread_t handle;
    pthread_create(&handle, NULL, reader, NULL);
    await_stage(1);
    Object o = OBJECT_WITH_ONE(&leaf_type);
    reclaim_reference(value_from_object(&o));
    for (int i = 0; i < 5; i++) {
        thread_request(thread, WANT_RECLAIM);
        ck_assert_int_eq(thread_safepoint(thread), 0);
        ck_assert_int_eq(destroyed_now(), 0);
    }
    __atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
    await_stage(3);
    thread_request(thread, WANT_RECLAIM);
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 1);
    __atomic_store_n(&stage, 4, __ATOMIC_RELEASE);
    pthread_join(handle, NULL);
}
END_TEST

// Whether the thread is to look at its next safepoint what it may free.
static bool wants_to_look(Thread *thread) {
    return __atomic_load_n(&thread->wanted, __ATOMIC_RELAXED) & WANT_RECLAIM;
}

// Who has found others not ready does not look at them again for each retirement; but does when one
// of them has ended, or when it has been away itself.
START_TEST(does_not_look_all_the_time) {
    Thread *thread = thread_start_main();
    pthread_t handle;
    pthread_create(&handle, NULL, reader, NULL);
    await_stage(1);
    enum { MANY = 64 };
    Object objects[MANY];
    for (int i = 0; i < MANY; i++)
        objects[i] = (Object)OBJECT_WITH_ONE(&leaf_type);
    int count = 0;
    reclaim_reference(value_from_object(&objects[count++]));
    for (int round = 0; round < 3; round++) {
        ck_assert(wants_to_look(thread));
        ck_assert_int_eq(thread_safepoint(thread), 0);
        ck_assert_int_eq(destroyed_now(), 0);
        int before = count;
        while (!wants_to_look(thread) && count < MANY - 2)
            reclaim_reference(value_from_object(&objects[count++]));
        ck_assert_int_gt(count - before, 2);
    }
    ck_assert_int_eq(thread_safepoint(thread), 0);
    thread_detach();
    thread_attach();
    reclaim_reference(value_from_object(&objects[count++]));
    ck_assert(wants_to_look(thread));
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 0);
    __atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
    await_stage(3);
    __atomic_store_n(&stage, 4, __ATOMIC_RELEASE);
    pthread_join(handle, NULL);
    reclaim_reference(value_from_object(&objects[count++]));
    ck_assert(wants_to_look(thread));
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), count);
}
END_TEST

// Each asking makes all threads take one lock; nobody waits for the end of an array.
START_TEST(arrays_go_many_at_a_time) {
    Thread *thread = thread_start_main();
    pthread_t handle;
    pthread_create(&handle, NULL, reader, NULL);
    await_stage(1);
    int asked = 0;
    for (int i = 0; i < 1024; i++) {
        void *array = buffer_allocate(64);
        ck_assert_ptr_nonnull(array);
        reclaim_array(array);
        if (wants_to_look(thread)) {
            asked++;
            ck_assert_int_eq(thread_safepoint(thread), 0);
        }
    }
    ck_assert_int_le(asked, 4);
    __atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
    await_stage(3);
    __atomic_store_n(&stage, 4, __ATOMIC_RELEASE);
    pthread_join(handle, NULL);
}
END_TEST

static Object orphan = OBJECT_WITH_ONE(&leaf_type);
static void *retire_and_end(void *unused) {
    thread_adopt();
    reclaim_reference(value_from_object(&orphan));
    thread_abandon();
    return NULL;
}

START_TEST(the_dead_leave_it_to_others) {
    Thread *thread = thread_start_main();
    pthread_t handle;
    pthread_create(&handle, NULL, retire_and_end, NULL);
    pthread_join(handle, NULL);
    ck_assert_int_eq(destroyed_now(), 0);
    thread_request(thread, WANT_RECLAIM);
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 1);
}
END_TEST

#endif
#endif

#if LOCKSMITH_LOCKING_OBJECT
static int pause_flag, moving = 1;
static void *mover(void *argument) {
    Thread *thread = thread_adopt();
    while (__atomic_load_n(&moving, __ATOMIC_RELAXED)) {
        // With the world stopped nobody attached is between these two lines.
        __atomic_fetch_add((int *)argument, 1, __ATOMIC_RELAXED);
        __atomic_fetch_sub((int *)argument, 1, __ATOMIC_RELAXED);
        if (thread_safepoint(thread) < 0)
            abort();
        if (__atomic_load_n(&pause_flag, __ATOMIC_RELAXED)) {
            thread_detach();
            thread_attach();
        }
    }
    thread_abandon();
    return NULL;
}

START_TEST(world_stops) {
    thread_start_main();
    int inside[3] = {0};
    pthread_t handles[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&handles[i], NULL, mover, &inside[i]);
    for (int round = 0; round < 200; round++) {
        __atomic_store_n(&pause_flag, round & 1, __ATOMIC_RELAXED);
        thread_stop_world();
        for (int i = 0; i < 3; i++)
            ck_assert_int_eq(__atomic_load_n(&inside[i], __ATOMIC_RELAXED), 0);
        thread_start_world();
        thread_yield();
    }
    __atomic_store_n(&moving, 0, __ATOMIC_RELAXED);
    thread_detach();
    for (int i = 0; i < 3; i++)
        pthread_join(handles[i], NULL);
    thread_attach();
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("reclaim");
    TCase *cases = tcase_create("reclaim");
    tcase_set_timeout(cases, 300);
#if REGISTERS_ARE_COUNTED
    if (COUNT_IS_KEPT) {
        tcase_add_test(cases, not_at_once);
        tcase_add_test(cases, detached_threads_do_not_hold_it_up);
#if LOCKSMITH_LOCKING_OBJECT
        tcase_add_test(cases, waits_for_a_reader);
        tcase_add_test(cases, does_not_look_all_the_time);
        tcase_add_test(cases, arrays_go_many_at_a_time);
        tcase_add_test(cases, the_dead_leave_it_to_others);
#endif
    }
#endif
#if LOCKSMITH_LOCKING_OBJECT
    tcase_add_test(cases, world_stops);
#endif
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
