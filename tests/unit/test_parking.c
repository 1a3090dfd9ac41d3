// SPDX-License-Identifier: MIT
//
// locks/parking.h: nobody sleeps past its wake-up, order of arrival is kept, time limits and
// interruptions end a wait, and a validate that says no prevents it.
#include "locks/parking.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static bool never(void *context) {
    return false;
}
static bool word_is_zero(void *context) {
    return __atomic_load_n((int *)context, __ATOMIC_RELAXED) == 0;
}

START_TEST(invalid) {
    int word = 0;
    ck_assert_int_eq(parking_park(&word, never, NULL, -1, false, false, NULL), PARK_INVALID);
}
END_TEST

START_TEST(timeout) {
    int word = 0;
    int64_t before = now_ns();
    ck_assert_int_eq(parking_park(&word, NULL, NULL, 20000000, false, false, NULL), PARK_TIMEOUT);
    int64_t passed = now_ns() - before;
    ck_assert_int_ge(passed, 20000000);
    ck_assert_int_lt(passed, 60000000000);
}
END_TEST

static int flag;
static int order[8], order_count, queued_count;

// With the queue's lock held: who gets that lock next finds the thread in the queue.
static bool queued_unless_set(void *unused) {
    bool queued = word_is_zero(&flag);
    __atomic_fetch_add(&queued_count, queued, __ATOMIC_RELAXED);
    return queued;
}

static void *waiter(void *argument) {
    uintptr_t token = 0;
    ParkResult result = parking_park(&flag, queued_unless_set, NULL, -1, false, false, &token);
    if (result == PARK_WOKEN)
        order[__atomic_fetch_add(&order_count, 1, __ATOMIC_ACQ_REL)] = (int)(uintptr_t)argument;
    return (void *)token;
}

static int waiting_seen;
static uintptr_t decide(void *context, bool found, bool more, bool starving) {
    if (found)
        waiting_seen = 1 + more;
    return *(uintptr_t *)context;
}

START_TEST(in_order_with_tokens) {
    flag = order_count = queued_count = 0;
    pthread_t handles[4];
    for (uintptr_t i = 0; i < 4; i++) {
        pthread_create(&handles[i], NULL, waiter, (void *)i);
        while (__atomic_load_n(&queued_count, __ATOMIC_RELAXED) <= (int)i)
            usleep(100);
    }
    for (uintptr_t i = 0; i < 4; i++) {
        uintptr_t token = 100 + i;
        waiting_seen = 0;
        parking_unpark_one(&flag, decide, &token);
        ck_assert_int_eq(waiting_seen, i < 3 ? 2 : 1);
        void *result;
        pthread_join(handles[i], &result);
        ck_assert_uint_eq((uintptr_t)result, token);
    }
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(order[i], i);
    uintptr_t token = 1;
    waiting_seen = 0;
    parking_unpark_one(&flag, decide, &token);
    ck_assert_int_eq(waiting_seen, 0);
}
END_TEST

START_TEST(all_at_once) {
    flag = order_count = 0;
    pthread_t handles[8];
    for (uintptr_t i = 0; i < 8; i++)
        pthread_create(&handles[i], NULL, waiter, (void *)i);
    usleep(50000);
    __atomic_store_n(&flag, 1, __ATOMIC_RELAXED); // those that come late do not sleep
    parking_unpark_all(&flag);
    for (int i = 0; i < 8; i++)
        pthread_join(handles[i], NULL);
}
END_TEST

static int main_parks;
static void *interrupter(void *unused) {
    while (!__atomic_load_n(&main_parks, __ATOMIC_ACQUIRE))
        usleep(1000);
    usleep(20000);
    parking_interrupt_main();
    return NULL;
}

START_TEST(interrupt) {
    int word = 0;
    parking_set_main();
    pthread_t handle;
    pthread_create(&handle, NULL, interrupter, NULL);
    __atomic_store_n(&main_parks, 1, __ATOMIC_RELEASE);
    ck_assert_int_eq(parking_park(&word, NULL, NULL, -1, false, true, NULL), PARK_INTERRUPTED);
    pthread_join(handle, NULL);
    // Still pending: the next interruptible wait does not sleep, others do.
    ck_assert_int_eq(parking_park(&word, NULL, NULL, -1, false, true, NULL), PARK_INTERRUPTED);
    ck_assert_int_eq(parking_park(&word, NULL, NULL, 1000000, false, false, NULL), PARK_TIMEOUT);
    parking_clear_interrupt();
    ck_assert_int_eq(parking_park(&word, NULL, NULL, 1000000, false, true, NULL), PARK_TIMEOUT);
}
END_TEST

// A token passes round between threads; a lost wake-up would hang, a false one would count wrong.
enum { PLAYERS = 4, TURNS = 3000 };
static int turn;
static bool not_my_turn(void *context) {
    return __atomic_load_n(&turn, __ATOMIC_RELAXED) % PLAYERS != (int)(intptr_t)context;
}
static void *player(void *argument) {
    int me = (int)(intptr_t)argument;
    for (int i = 0; i < TURNS; i++) {
        while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) % PLAYERS != me) {
            // A short limit now and then: withdrawal races with being chosen.
            parking_park(&turn, not_my_turn, argument, i % 7 ? -1 : 50000, false, false, NULL);
        }
        __atomic_fetch_add(&turn, 1, __ATOMIC_RELEASE);
        parking_unpark_all(&turn);
    }
    return NULL;
}

START_TEST(no_lost_wakeups) {
    pthread_t handles[PLAYERS];
    for (intptr_t i = 0; i < PLAYERS; i++)
        pthread_create(&handles[i], NULL, player, (void *)i);
    for (int i = 0; i < PLAYERS; i++)
        pthread_join(handles[i], NULL);
    ck_assert_int_eq(turn, PLAYERS * TURNS);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("parking");
    TCase *cases = tcase_create("parking");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, invalid);
    tcase_add_test(cases, timeout);
    tcase_add_test(cases, in_order_with_tokens);
    tcase_add_test(cases, all_at_once);
    tcase_add_test(cases, interrupt);
    tcase_add_test(cases, no_lost_wakeups);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
