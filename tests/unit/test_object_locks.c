// SPDX-License-Identifier: MIT
//
// Every mutex of LOCKSMITH_MUTEX, whichever this build uses in objects: exclusion, try, two at a
// time in order of address, foreign bits beside the lock, no thread left out.
#include "locks/object_lock_futex.h"
#include "locks/object_lock_mcs.h"
#include "locks/object_lock_parking.h"
#include "locks/object_lock_pthread.h"
#include "locks/object_lock_ticket.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 20000 };

// Two places for any of the locks.
typedef union {
    ParkingLock parking;
    FutexLock futex;
    PthreadLock pthread;
    TicketLock ticket;
    McsLock mcs;
    uint8_t byte;
} Place;
static Place places[2];

typedef struct {
    const char *name;
    void (*lock)(Place *place);
    bool (*try_lock)(Place *place);
    void (*unlock)(Place *place);
    bool fair;        // first come, first served
    bool shares_byte; // the upper six bits of its first byte are somebody else's
} Kind;

#define FUNCTIONS(name)                                                                            \
    static void name##_place_lock(Place *place) {                                                  \
        name##_lock(&place->name);                                                                 \
    }                                                                                              \
    static bool name##_place_try(Place *place) {                                                   \
        return name##_try_lock(&place->name);                                                      \
    }                                                                                              \
    static void name##_place_unlock(Place *place) {                                                \
        name##_unlock(&place->name);                                                               \
    }
FUNCTIONS(parking)
FUNCTIONS(futex)
FUNCTIONS(pthread)
FUNCTIONS(ticket)
FUNCTIONS(mcs)
#define KIND(name, fair, shares)                                                                   \
    { #name, name##_place_lock, name##_place_try, name##_place_unlock, fair, shares }
static const Kind kinds[] = {KIND(parking, false, true), KIND(futex, false, true),
                             KIND(pthread, false, false), KIND(ticket, true, false),
                             KIND(mcs, true, false)};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const Kind *kind; // the one being tested
static int64_t counter;  // guarded by both places; not atomic, so that a race shows

static void places_reset(void) {
    memset(places, 0, sizeof places);
}

static void run(void *(*function)(void *), int threads) {
    pthread_t handles[64];
    for (intptr_t i = 0; i < threads; i++)
        ck_assert_int_eq(pthread_create(&handles[i], NULL, function, (void *)i), 0);
    for (int i = 0; i < threads; i++)
        pthread_join(handles[i], NULL);
}

START_TEST(states) {
    kind = &kinds[_i];
    places_reset();
    for (int round = 0; round < 3; round++) {
        kind->lock(&places[0]);
        ck_assert(!kind->try_lock(&places[0]));
        ck_assert(kind->try_lock(&places[1])); // while the first is held
        ck_assert(!kind->try_lock(&places[1]));
        kind->unlock(&places[0]); // not in reverse order
        ck_assert(kind->try_lock(&places[0]));
        kind->unlock(&places[0]);
        kind->unlock(&places[1]);
    }
}
END_TEST

static void *add(void *argument) {
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 8 == 7 && kind->shares_byte) // flags are set while others lock
            __atomic_fetch_or(&places[0].byte, (uint8_t)(4 << (i / 8 % 6)), __ATOMIC_RELAXED);
        switch ((i + (int)(intptr_t)argument) % 4) {
        case 0:
            kind->lock(&places[0]);
            kind->lock(&places[1]);
            counter++;
            kind->unlock(&places[0]);
            kind->unlock(&places[1]);
            break;
        case 1:
            while (!kind->try_lock(&places[0])) {
            }
            counter++;
            kind->unlock(&places[0]);
            break;
        default:
            kind->lock(&places[0]);
            counter++;
            kind->unlock(&places[0]);
            break;
        }
    }
    return NULL;
}

START_TEST(exclusion) {
    kind = &kinds[_i];
    places_reset();
    counter = 0;
    run(add, THREADS);
    ck_assert_int_eq(counter, (int64_t)THREADS * ROUNDS);
    if (kind->shares_byte)
        ck_assert_uint_eq(places[0].byte, 0xfc);
    ck_assert(kind->try_lock(&places[0]));
    ck_assert(kind->try_lock(&places[1]));
}
END_TEST

// The holder sleeps now and then with the lock, so that waiters get past spinning.
static void *add_slowly(void *argument) {
    for (int i = 0; i < 40; i++) {
        kind->lock(&places[0]);
        int64_t seen = counter;
        if (i % 4 == 0)
            usleep(200);
        counter = seen + 1;
        kind->unlock(&places[0]);
    }
    return NULL;
}

START_TEST(sleeping) {
    kind = &kinds[_i];
    places_reset();
    counter = 0;
    run(add_slowly, 12); // more than there are cores, on most machines
    ck_assert_int_eq(counter, 12 * 40);
}
END_TEST

// ---- fairness: while one thread takes the lock all the time, another gets its turns ----------
static int greedy_stop;
static int64_t greedy_turns;

static void *greedy(void *unused) {
    while (!__atomic_load_n(&greedy_stop, __ATOMIC_RELAXED)) {
        kind->lock(&places[0]);
        usleep(100);
        greedy_turns++;
        kind->unlock(&places[0]);
    }
    return NULL;
}

START_TEST(not_left_out) {
    kind = &kinds[_i];
    places_reset();
    greedy_stop = 0;
    greedy_turns = 0;
    pthread_t handle;
    pthread_create(&handle, NULL, greedy, NULL);
    usleep(2000);
    // First come, first served: the other thread gets in once or not at all between two of ours
    // (once more, if we had only just not asked yet; a thread that loses its core between two locks
    // misses some). The others promise only that it happens.
    int turns = kind->fair ? 40 : 3, in_order = 0;
    kind->lock(&places[0]);
    int64_t before = greedy_turns;
    kind->unlock(&places[0]);
    for (int i = 0; i < turns; i++) {
        kind->lock(&places[0]);
        in_order += greedy_turns - before <= 2;
        before = greedy_turns;
        kind->unlock(&places[0]);
    }
    __atomic_store_n(&greedy_stop, 1, __ATOMIC_RELAXED);
    pthread_join(handle, NULL);
    if (kind->fair)
        ck_assert_int_ge(in_order, turns / 4);
}
END_TEST

// Two objects may share a stripe; neighbours do not, nor do all objects.
START_TEST(stripes) {
    static Place many[4096];
    unsigned used = 0;
    static bool seen[PTHREAD_STRIPES];
    for (int i = 0; i < 4096; i++) {
        size_t stripe = (size_t)(pthread_stripe_of(&many[i]) - pthread_stripes);
        ck_assert_uint_lt(stripe, PTHREAD_STRIPES);
        used += !seen[stripe];
        seen[stripe] = true;
    }
    ck_assert_uint_gt(used, PTHREAD_STRIPES / 2);
    ck_assert_ptr_ne(pthread_stripe_of(&many[0]), pthread_stripe_of(&many[1]));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("object_locks");
    TCase *cases = tcase_create("object_locks");
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, states, 0, KINDS);
    tcase_add_loop_test(cases, exclusion, 0, KINDS);
    tcase_add_loop_test(cases, sleeping, 0, KINDS);
    tcase_add_loop_test(cases, not_left_out, 0, KINDS);
    tcase_add_test(cases, stripes);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
