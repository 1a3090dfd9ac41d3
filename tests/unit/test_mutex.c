// SPDX-License-Identifier: MIT
//
// locks/mutex.h and locks/object_lock.h: mutual exclusion, time limits, hand-over to starving
// waiters, flags that survive locking.
#include "locks/mutex.h"
#include "locks/object_lock.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 50000 };

static Mutex mutex = MUTEX_INIT;
static int64_t counter; // guarded by what is tested; not atomic, so that a race shows

START_TEST(states) {
    Mutex m = MUTEX_INIT;
    ck_assert(!mutex_is_locked(&m));
    mutex_lock(&m);
    ck_assert(mutex_is_locked(&m));
    ck_assert(!mutex_try_lock(&m));
    ck_assert_int_eq(mutex_lock_timed(&m, 0, false), 0);
    ck_assert_int_eq(mutex_lock_timed(&m, 5000000, false), 0);
    mutex_unlock(&m);
    ck_assert(!mutex_is_locked(&m));
    ck_assert(mutex_try_lock(&m));
    mutex_unlock(&m);
    ck_assert_int_eq(mutex_lock_timed(&m, 5000000, true), 1);
    mutex_unlock(&m);
    ck_assert_uint_eq(m.bits, 0);
}
END_TEST

static void *add_under_mutex(void *argument) {
    int timed = (int)(intptr_t)argument;
    for (int i = 0; i < ROUNDS; i++) {
        if (timed) {
            while (mutex_lock_timed(&mutex, 20000, false) != 1) {
            }
        } else {
            mutex_lock(&mutex);
        }
        counter++;
        mutex_unlock(&mutex);
    }
    return NULL;
}

START_TEST(exclusion) {
    counter = 0;
    pthread_t handles[THREADS];
    for (intptr_t i = 0; i < THREADS; i++)
        pthread_create(&handles[i], NULL, add_under_mutex, (void *)(i % 2));
    for (int i = 0; i < THREADS; i++)
        pthread_join(handles[i], NULL);
    ck_assert_int_eq(counter, (int64_t)THREADS * ROUNDS);
    ck_assert_uint_eq(mutex.bits & 1, 0);
}
END_TEST

static int greedy_stop;
static void *greedy(void *unused) {
    while (!__atomic_load_n(&greedy_stop, __ATOMIC_RELAXED)) {
        mutex_lock(&mutex);
        usleep(500);
        mutex_unlock(&mutex);
    }
    return NULL;
}

START_TEST(no_starvation) {
    pthread_t handle;
    pthread_create(&handle, NULL, greedy, NULL);
    usleep(5000);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(mutex_lock_timed(&mutex, 60000000000, false), 1);
        mutex_unlock(&mutex);
    }
    __atomic_store_n(&greedy_stop, 1, __ATOMIC_RELAXED);
    pthread_join(handle, NULL);
}
END_TEST

#if OBJECT_LOCK_IS_REAL
static Object first, second;
static int64_t flags_set;

static void *add_under_object_lock(void *argument) {
    int me = (int)(intptr_t)argument;
    for (int i = 0; i < ROUNDS; i++) {
        switch ((i + me) % 4) {
        case 0:
            object_lock_two(&first, &second);
            counter++;
            object_unlock_two(&first, &second);
            break;
        case 1:
            object_lock_two(&second, &first);
            counter++;
            object_unlock_two(&second, &first);
            break;
        default:
            object_lock(&first);
            counter++;
            if (i == ROUNDS / 2 + 2 && me == 1)
                object_set_shape(&first, 0x123456);
            object_unlock(&first);
            break;
        }
        if (i % 1000 == 0) { // any thread may set flags while others lock
            object_set_flag(&first, i % 2000 ? OBJECT_FLAG_WEAK : OBJECT_FLAG_FINALIZED);
            __atomic_fetch_add(&flags_set, 1, __ATOMIC_RELAXED);
        }
    }
    return NULL;
}

START_TEST(object_locks) {
    counter = 0;
    pthread_t handles[THREADS];
    for (intptr_t i = 0; i < THREADS; i++)
        pthread_create(&handles[i], NULL, add_under_object_lock, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(handles[i], NULL);
    ck_assert_int_eq(counter, (int64_t)THREADS * ROUNDS);
    ck_assert(object_has_flag(&first, OBJECT_FLAG_WEAK));
    ck_assert(object_has_flag(&first, OBJECT_FLAG_FINALIZED));
    ck_assert_uint_eq(object_shape_id(&first), 0x123456);
    ck_assert_uint_gt(flags_set, 0);
    ck_assert(object_try_lock(&first));
    ck_assert(!object_mutex_try_lock(object_mutex(&first)));
    object_unlock(&first);
    object_lock_two(&first, &first);
    object_unlock_two(&first, &first);
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("mutex");
    TCase *cases = tcase_create("mutex");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, states);
    tcase_add_test(cases, exclusion);
    tcase_add_test(cases, no_starvation);
#if OBJECT_LOCK_IS_REAL
    tcase_add_test(cases, object_locks);
#endif
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
