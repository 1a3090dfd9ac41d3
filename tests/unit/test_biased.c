// SPDX-License-Identifier: MIT
//
// gc/count_biased.h and gc/biased.c: who counts where, every transition between the states, and
// who merges when the owner is attached, detached, ended, or not looking because it is stopped.
// In other builds there is nothing to test.
#include "gc/heap.h"
#include "gc/merge.h"
#include "gc/ref.h"
#include "tests/unit/other_thread.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#if LOCKSMITH_REFCOUNT_BIASED

static int destroyed;
static void destroy(Object *self) {
    __atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
    heap_free(self, 32, HEAP_LEAF);
}
static Type leaf_type = {.name = "leaf", .kind = HEAP_LEAF, .destroy = destroy};
static int destroyed_now(void) {
    return __atomic_load_n(&destroyed, __ATOMIC_RELAXED);
}

static Object *make(void) {
    Object *o = heap_allocate(32, HEAP_LEAF, &leaf_type, 0);
    ck_assert_ptr_nonnull(o);
    return o;
}
static int state(const Object *o) {
    return o->shared & SHARED_STATE;
}
static int shared(const Object *o) {
    return o->shared >> 2;
}

static void step_release(Object *o) {
    ref_release_object(o);
}
static void step_retain(Object *o) {
    ref_retain_object(o);
}
static void step_mark(Object *o) {
    ref_mark_shared(o);
}
static Object *made;
static void step_make(Object *unused) {
    made = make();
}
static bool tried;
static void step_try(Object *o) {
    tried = ref_try_retain_object(o);
}
#if !LOCKSMITH_LOCKING_GIL
static void step_safepoint(Object *unused) {
    thread_safepoint(thread_current());
}
static bool enough;
static void step_yield(Object *unused) { // the world can be stopped, but nothing is merged
    while (!__atomic_load_n(&enough, __ATOMIC_ACQUIRE))
        thread_yield();
}
static void step_stop(Object *unused) {
    thread_stop_world();
    thread_start_world();
}
static Thread *stopped;
static void step_release_and_block(Object *o) { // without a safepoint in between
    while (__atomic_load_n(&stopped->state, __ATOMIC_SEQ_CST) != THREAD_STOPPED)
        usleep(100);
    ref_release_object(o);
    thread_detach();
    while (!__atomic_load_n(&enough, __ATOMIC_ACQUIRE))
        usleep(100);
    thread_attach();
}
#endif

START_TEST(owner_alone) {
    thread_start_main();
    Object *o = make();
    ck_assert(count_is_own(o));
    ck_assert(count_is_one(o) && ref_is_exclusive(o));
    ref_retain_object(o);
    ref_retain_many(value_from_object(o), 5);
    ck_assert_uint_eq(count_read(o), 7);
    ck_assert_int_eq(o->shared, 0);
    for (int i = 0; i < 7; i++) {
        ck_assert_int_eq(destroyed_now(), 0);
        ref_release_object(o);
    }
    ck_assert_int_eq(destroyed_now(), 1);
}
END_TEST

START_TEST(owner_merges_at_zero) {
    thread_start_main();
    Other other;
    other_start(&other);
    Object *o = make();
    other_do(&other, step_retain, o);
    ck_assert_uint_eq(count_read(o), 2);
    ck_assert_int_eq(shared(o), 1);
    ck_assert_int_eq(state(o), 0);
    ck_assert(!count_is_one(o));
    ref_release_object(o); // the owner's last
    ck_assert_int_eq(state(o), SHARED_MERGED);
    ck_assert_uint_eq(o->owner, 0);
    ck_assert_uint_eq(count_read(o), 1);
    ck_assert(count_is_one(o)); // for whoever has it now
    other_do(&other, step_release, o);
    ck_assert_int_eq(destroyed_now(), 1);
    // The other one first: no merging.
    o = make();
    other_do(&other, step_retain, o);
    other_do(&other, step_release, o);
    ck_assert_int_eq(o->shared, 0);
    ck_assert(count_is_one(o));
    ref_release_object(o);
    ck_assert_int_eq(destroyed_now(), 2);
    other_end(&other);
}
END_TEST

START_TEST(queued_for_an_attached_owner) {
#if !LOCKSMITH_LOCKING_GIL // there, who is attached keeps others from dropping
    Thread *thread = thread_start_main();
    Other other;
    other_start(&other);
    Object *o = make(), *kept = make();
    ref_retain_object(kept);
    ref_retain_object(kept);
    other_do(&other, step_release, o);
    ck_assert_int_eq(state(o), SHARED_QUEUED);
    ck_assert_uint_eq(count_read(o), 1); // the queue's
    other_do(&other, step_release, kept);
    other_do(&other, step_release, kept);
    ck_assert_int_eq(shared(kept), -1);
    ck_assert_uint_eq(count_read(kept), 2); // ours and the queue's
    ck_assert_int_eq(destroyed_now(), 0);
    ck_assert(__atomic_load_n(&thread->wanted, __ATOMIC_RELAXED) & WANT_MERGE);
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 1);
    ck_assert_int_eq(state(kept), SHARED_MERGED);
    ck_assert(count_is_one(kept));
    ref_release_object(kept);
    ck_assert_int_eq(destroyed_now(), 2);
    // The owner brings its own count to 0 while the object is in its queue.
    o = make();
    ref_retain_object(o);
    other_do(&other, step_release, o); // queued, 2 + 0
    ref_retain_object(o);
    other_do(&other, step_retain, o); // 3 + 1
    for (int i = 0; i < 3; i++)
        ref_release_object(o);
    ck_assert_int_eq(state(o), SHARED_MERGED);
    ck_assert_int_eq(thread_safepoint(thread), 0);
    ck_assert_int_eq(destroyed_now(), 3);
    other_end(&other);
#endif
}
END_TEST

START_TEST(borrowed_from_a_detached_owner) {
    thread_start_main();
    Other other;
    other_start(&other);
    Object *o = make(), *kept = make();
    ref_retain_object(kept);
    other.step = step_release;
    for (int i = 0; i < 2; i++) {
        other.object = i ? kept : o;
        thread_detach();
        int stage = __atomic_add_fetch(&other.stage, 1, __ATOMIC_RELEASE);
        while (stage_of(&other) == stage)
            usleep(100);
        thread_attach();
    }
    ck_assert_int_eq(destroyed_now(), 1);
    ck_assert_int_eq(state(kept), SHARED_MERGED);
    ck_assert(count_is_one(kept));
    ref_release_object(kept);
    ck_assert_int_eq(destroyed_now(), 2);
    other_end(&other);
}
END_TEST

START_TEST(left_behind_by_a_detached_owner) {
#if !LOCKSMITH_LOCKING_GIL
    thread_start_main();
    Other other;
    other_start(&other);
    Object *o = make();
    other_do(&other, step_release, o); // queued for this thread, which then blocks
    thread_detach();
    other.step = step_safepoint;
    int stage = __atomic_add_fetch(&other.stage, 1, __ATOMIC_RELEASE);
    while (stage_of(&other) == stage)
        usleep(100);
    ck_assert_int_eq(destroyed_now(), 1);
    thread_attach();
    other_end(&other);
#endif
}
END_TEST

// The owner is stopped and then blocks; so does who dropped the reference: others see to it.
START_TEST(left_behind_by_who_queued) {
#if !LOCKSMITH_LOCKING_GIL
    stopped = thread_start_main();
    Other dropper, stopper;
    other_start(&dropper);
    other_start(&stopper);
    dropper.object = make();
    dropper.step = step_release_and_block;
    __atomic_add_fetch(&dropper.stage, 1, __ATOMIC_RELEASE);
    stopper.step = step_stop;
    int stage = __atomic_add_fetch(&stopper.stage, 1, __ATOMIC_RELEASE);
    thread_detach();
    while (stage_of(&stopper) == stage)
        usleep(100);
    ck_assert_int_eq(destroyed_now(), 0);
    stopper.step = step_safepoint;
    // The dropper counts as detached a little before it has asked the others.
    for (int i = 0; i < 10000 && destroyed_now() == 0; i++) {
        stage = __atomic_add_fetch(&stopper.stage, 1, __ATOMIC_RELEASE);
        while (stage_of(&stopper) == stage)
            usleep(100);
    }
    ck_assert_int_eq(destroyed_now(), 1);
    __atomic_store_n(&enough, true, __ATOMIC_RELEASE);
    while (stage_of(&dropper) == 1)
        usleep(100);
    thread_attach();
    other_end(&dropper);
    other_end(&stopper);
#endif
}
END_TEST

START_TEST(owner_has_ended) {
    Thread *thread = thread_start_main();
    Other other;
    other_start(&other);
    other_do(&other, step_make, NULL);
    Object *first = made;
    other_do(&other, step_make, NULL);
    Object *second = made;
    other_do(&other, step_retain, second);
    other_do(&other, step_make, NULL);
    Object *third = made;
    uint32_t number = first->owner;
    ref_release_object(third); // queued, or merged if the other one is detached
    other_end(&other);
    ck_assert_uint_eq(first->owner, number); // lazily
    ref_release_object(first);
    ck_assert_uint_eq(second->owner, number);
    ref_retain_object(second);
    ref_release_object(second);
    ck_assert_uint_eq(second->owner, number);
    ref_release_object(second);
    ck_assert_int_eq(state(second), SHARED_MERGED);
    ref_release_object(second);
    thread_safepoint(thread);
    ck_assert_int_eq(destroyed_now(), 3);
    // Numbers are not used again.
    other_start(&other);
    other_do(&other, step_make, NULL);
    ck_assert_uint_ne(made->owner, number);
    other_do(&other, step_release, made);
    other_end(&other);
}
END_TEST

START_TEST(everything_before_a_collection) {
#if !LOCKSMITH_LOCKING_GIL
    thread_start_main();
    Other other;
    other_start(&other);
    other_do(&other, step_make, NULL);
    Object *foreign = made, *o = make();
    other_do(&other, step_release, o);
    ref_release_object(foreign); // the other thread passes no safepoint
    ck_assert_int_eq(destroyed_now(), 0);
    other.step = step_yield;
    __atomic_add_fetch(&other.stage, 1, __ATOMIC_RELEASE);
    merge_all();
    __atomic_store_n(&enough, true, __ATOMIC_RELEASE);
    while (stage_of(&other) & 1)
        wait_a_little();
    ck_assert_int_eq(destroyed_now(), 2);
    other_end(&other);
#endif
}
END_TEST

START_TEST(tries_of_others) {
    thread_start_main();
    Other other;
    other_start(&other);
    Object *o = make();
    other_do(&other, step_try, o);
    ck_assert(!tried); // the owner would not notice
    ck_assert(count_try_increment(o));
    ref_release_object(o);
    other_do(&other, step_mark, o);
    ck_assert_int_eq(state(o), SHARED_WEAK);
    other_do(&other, step_try, o);
    ck_assert(tried);
    ck_assert_uint_eq(count_read(o), 2);
    ref_release_object(o);
    ck_assert_int_eq(destroyed_now(), 0);
    other_do(&other, step_release, o);
    ck_assert_int_eq(destroyed_now(), 1);
    other_do(&other, step_try, o); // a free slot
    ck_assert(!tried);
    o = make();
    ref_mark_shared(o);
    ref_release_object(o); // merged to 0
    ck_assert_int_eq(destroyed_now(), 2);
    other_do(&other, step_try, o);
    ck_assert(!tried);
    other_end(&other);
}
END_TEST

START_TEST(deferred_and_immortal) {
    thread_start_main();
    Other other;
    other_start(&other);
#if LOCKSMITH_DEFERRED
    Object *o = make();
    ref_retain_object(o);
    ref_defer(o);
    ck_assert(ref_is_deferred(o));
    ck_assert_uint_eq(count_read(o), COUNT_DEFERRED + 2);
    other_do(&other, step_retain, o);
    ck_assert_uint_eq(count_read(o), COUNT_DEFERRED + 3);
    other_do(&other, step_try, o);
    ck_assert(tried);
    for (int i = 0; i < 4; i++)
        ref_release_object(o);
    ck_assert_uint_eq(count_read(o), COUNT_DEFERRED);
    ck_assert_int_eq(destroyed_now(), 0);
    ref_retain_object(o);
    count_make_ordinary(o);
    ck_assert_uint_eq(count_read(o), 1);
    other_do(&other, step_release, o);
    ck_assert_int_eq(destroyed_now(), 1);
#endif
#if LOCKSMITH_IMMORTAL
    Object *always = make();
    ref_immortalize(always);
    for (int i = 0; i < 3; i++) {
        ref_release_object(always);
        other_do(&other, step_release, always);
    }
    other_do(&other, step_try, always);
    ck_assert(tried);
    ck_assert(count_is_immortal(count_read(always)));
#endif
    other_end(&other);
}
END_TEST

START_TEST(too_many_stick) {
    destroyed = 0;
    Object o = OBJECT_WITH_ONE(&leaf_type);
    Value v = value_from_object(&o);
    for (int i = 0; i < 20; i++)
        ref_retain_many(v, 1u << 31);
    ck_assert_uint_gt(count_read(&o), SHARED_LIMIT);
    for (int i = 0; i < 100; i++) {
        ref_release(v);
        ref_retain(v);
        ref_release(v);
        ck_assert(count_try_increment(&o));
    }
    ck_assert_uint_gt(count_read(&o), SHARED_LIMIT);
}
END_TEST

// ---- all at once ------------------------------------------------------------------------------

#define SLOTS 16
#define ROUNDS 60000
static Object *slots[SLOTS];
static int created;

static void *juggle(void *argument) {
    unsigned seed = (unsigned)(uintptr_t)argument;
    Thread *thread = thread_adopt();
    for (int i = 0; i < ROUNDS; i++) {
        Object **slot = &slots[rand_r(&seed) % SLOTS];
        Object *o = NULL;
        switch (rand_r(&seed) % 3) {
        case 0:
            o = make();
            __atomic_fetch_add(&created, 1, __ATOMIC_RELAXED);
            if (rand_r(&seed) % 2)
                ref_mark_shared(o);
            // fall through
        case 1: // a reference changes hands
            o = __atomic_exchange_n(slot, o, __ATOMIC_ACQ_REL);
            break;
        default: // and is shared
            o = __atomic_exchange_n(slot, NULL, __ATOMIC_ACQ_REL);
            if (o) {
                ck_assert_ptr_eq(o->type, &leaf_type);
                ref_retain_object(o);
                ref_retain_object(o);
                ref_release_object(o);
                Object *old = __atomic_exchange_n(slot, o, __ATOMIC_ACQ_REL);
                if (old)
                    ref_release_object(old);
            }
        }
        if (o)
            ref_release_object(o);
        if (rand_r(&seed) % 8 == 0)
            thread_safepoint(thread);
        if (rand_r(&seed) % 64 == 0) {
            thread_detach();
            if (rand_r(&seed) % 16 == 0)
                usleep(50);
            thread_attach();
        }
    }
    thread_abandon();
    return NULL;
}

START_TEST(juggling) {
    Thread *thread = thread_start_main();
    for (int round = 0; round < 3; round++) {
        pthread_t handles[4];
        thread_detach();
        for (int i = 0; i < 4; i++)
            pthread_create(&handles[i], NULL, juggle, (void *)(uintptr_t)(round * 4 + i + 1));
        for (int i = 0; i < 4; i++)
            pthread_join(handles[i], NULL);
        thread_attach();
    }
    for (int i = 0; i < SLOTS; i++) {
        if (slots[i])
            ref_release_object(slots[i]);
    }
    thread_safepoint(thread);
    merge_all();
    ck_assert_int_eq(destroyed_now(), created);
    HeapStatistics now;
    heap_statistics(&now);
    ck_assert_uint_eq(now.live_objects[HEAP_LEAF], 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("biased");
    TCase *cases = tcase_create("biased"); // each test in a process of its own
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, owner_alone);
    tcase_add_test(cases, owner_merges_at_zero);
    tcase_add_test(cases, queued_for_an_attached_owner);
    tcase_add_test(cases, borrowed_from_a_detached_owner);
    tcase_add_test(cases, left_behind_by_a_detached_owner);
    tcase_add_test(cases, left_behind_by_who_queued);
    tcase_add_test(cases, owner_has_ended);
    tcase_add_test(cases, everything_before_a_collection);
    tcase_add_test(cases, tries_of_others);
    tcase_add_test(cases, deferred_and_immortal);
    tcase_add_test(cases, too_many_stick);
    tcase_add_test(cases, juggling);
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
