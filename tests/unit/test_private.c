// SPDX-License-Identifier: MIT
//
// locks/private.h: who uses an object without its lock, how another thread ends that, and what
// becomes of a thread whose objects others want all the time. In builds without it there is
// nothing to test.
#include "gc/heap.h"
#include "gc/ref.h"
#include "locks/object_lock.h"
#include "tests/unit/other_thread.h"
#include "vm/object.h"
#include <check.h>
#include <stdlib.h>

#if LOCKSMITH_PRIVATE

#if LOCKSMITH_MUTEX_PTHREAD
#define LOCK_BIT_SHOWS 0 // the mutex is elsewhere
#else
#define LOCK_BIT_SHOWS 1
#endif

static void destroy(Object *self) {
    heap_free(self, 32, HEAP_LEAF);
}
static Type leaf_type = {.name = "leaf", .kind = HEAP_LEAF, .destroy = destroy};

static Object *make(void) {
    Object *o = heap_allocate(32, HEAP_LEAF, &leaf_type, 0);
    ck_assert_ptr_nonnull(o);
    return o;
}
static uint32_t bits(const Object *o) {
    return __atomic_load_n(&o->shape_lock, __ATOMIC_ACQUIRE) & 0xff;
}
static bool is_common(const Object *o) {
    return bits(o) & OBJECT_FLAG_COMMON;
}
static bool inside(void) {
    return __atomic_load_n(&private_self.inside, __ATOMIC_RELAXED);
}
// Whether this thread, which can, uses o without its lock.
static bool is_private(Object *o) {
    object_lock(o);
    bool result = inside();
    object_unlock(o);
    ck_assert(!inside());
    return result;
}

static int locked; // by the other thread: how often
static void step_lock(Object *o) {
    object_lock(o);
    __atomic_add_fetch(&locked, 1, __ATOMIC_RELAXED);
    object_unlock(o);
}
static bool was_free, was_inside;
static void step_look(Object *o) {
    was_free = object_lock_is_free(o);
}
static void step_try(Object *o) {
    was_inside = object_try_lock(o) && inside();
    object_unlock(o);
}
static void step_many(Object *o) {
    for (Object **objects = *(Object ***)(o + 1); *objects; objects++)
        step_lock(*objects);
}

START_TEST(its_owner_needs_no_lock) {
    thread_start_main();
    Object *o = make(), *p = make();
    ck_assert(is_private(o));
    ck_assert_uint_eq(bits(o), 0);
    ck_assert(object_try_lock(o) && inside());
    object_unlock(o);
    object_lock_two(o, p);
    ck_assert(inside());
    object_set_shape(o, 77); // and the flags survive
    object_unlock_two(o, p);
    ck_assert(!inside());
    ck_assert_uint_eq(object_shape_id(o), 77);
    object_lock(o);
    object_unlock_with_shape(o, 78);
    ck_assert(!inside());
    ck_assert_uint_eq(object_shape_id(o), 78);
    ck_assert(object_lock_is_free(o));
}
END_TEST

START_TEST(another_makes_it_common) {
    thread_start_main();
    Other other;
    other_start(&other);
    Object *o = make(), *p = make();
    other_do(&other, step_look, o);
    ck_assert(!was_free); // for all it knows, the owner is changing it
    other_do(&other, step_lock, o);
    ck_assert(is_common(o));
    ck_assert(!is_private(o));
    other_do(&other, step_look, o);
    ck_assert(was_free);
    object_lock(o);
    ck_assert((bits(o) & LOCK_BIT_LOCKED) || !LOCK_BIT_SHOWS);
    object_unlock(o);
    other_do(&other, step_try, p);
    ck_assert(!was_inside && is_common(p));
    // One of two is enough.
    Object *q = make();
    object_lock_two(o, q);
    ck_assert(!inside());
    object_unlock_two(o, q);
    ck_assert(is_private(q));
    other_end(&other);
}
END_TEST

// The other thread waits for the end of a section, however long it is.
START_TEST(a_section_is_waited_for) {
    thread_start_main();
    Other other;
    other_start(&other);
    for (int round = 0; round < 20; round++) {
        Object *o = make();
        object_lock(o);
        ck_assert(inside());
        int before = locked;
        other.step = step_lock;
        other.object = o;
        int stage = __atomic_add_fetch(&other.stage, 1, __ATOMIC_RELEASE);
        usleep(2000);
        ck_assert(!is_common(o));
        ck_assert_int_eq(__atomic_load_n(&locked, __ATOMIC_RELAXED), before);
        object_unlock(o);
        while (stage_of(&other) == stage)
            wait_a_little();
        ck_assert_int_eq(locked, before + 1);
        ck_assert(is_common(o));
    }
    other_end(&other);
}
END_TEST

static Object *made;
static void step_make(Object *unused) {
    made = make();
    ck_assert(is_private(made));
}

START_TEST(an_owner_that_has_ended) {
    thread_start_main();
    Other other;
    other_start(&other);
    other_do(&other, step_make, NULL);
    other_end(&other);
    ck_assert(!is_private(made));
    ck_assert(is_common(made));
}
END_TEST

START_TEST(too_many_end_the_privacy_of_all) {
    thread_start_main();
    Other other;
    other_start(&other);
    enum { MANY = 2000 };
    static Object *objects[MANY + 1];
    Object *list = make(), *mine = make();
    *(Object ***)(list + 1) = objects;
    ck_assert(is_private(mine));
    // Too many in a time: what loses its core may take too long for so many.
    for (int tries = 0; tries < 100 && is_private(mine); tries++) {
        for (int i = 0; i < MANY; i++)
            objects[i] = make();
        other_do(&other, step_many, list);
    }
    for (int i = 0; i < MANY; i++)
        ck_assert(is_common(objects[i]));
    ck_assert(!is_private(mine));
    ck_assert(!is_common(mine)); // nobody else wanted it
    other_do(&other, step_lock, mine);
    ck_assert(is_common(mine));
    usleep(150 * 1000);
    private_poll();
    Object *later = make();
    ck_assert(is_private(later));
    for (int i = 0; i < MANY; i++)
        ck_assert(!is_private(objects[i]));
    ck_assert(!is_private(mine));
    other_end(&other);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("private");
    TCase *cases = tcase_create("private"); // each test in a process of its own
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, its_owner_needs_no_lock);
    tcase_add_test(cases, another_makes_it_common);
    tcase_add_test(cases, a_section_is_waited_for);
    tcase_add_test(cases, an_owner_that_has_ended);
    tcase_add_test(cases, too_many_end_the_privacy_of_all);
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
