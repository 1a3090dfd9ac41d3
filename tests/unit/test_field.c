// SPDX-License-Identifier: MIT
//
// gc/field.h: copies and moves of many slots, of every small length, between ranges that overlap
// and that do not, with what lies around them.
#include "gc/field.h"
#include <check.h>
#include <stdlib.h>

enum { SLOTS = 120, LENGTHS = 50, MIDDLE = 35 };
static Value slots[SLOTS];

static void fill(void) {
    for (int i = 0; i < SLOTS; i++)
        slots[i] = value_from_int(i);
}

// What lay at slot i before `length` slots were put from `from` to `to`.
static int expected(int i, int to, int from, int length) {
    return i >= to && i < to + length ? from + i - to : i;
}

START_TEST(moves) {
    for (int length = 0; length < LENGTHS; length++)
        for (int to = 0; to < 2 * MIDDLE; to++) {
            fill();
            field_move_locked(slots + to, slots + MIDDLE, length);
            for (int i = 0; i < SLOTS; i++)
                ck_assert_int_eq(value_int(slots[i]), expected(i, to, MIDDLE, length));
        }
}
END_TEST

START_TEST(copies) {
    for (int length = 0; length < LENGTHS; length++)
        for (int from = 0; from < 9; from++) {
            fill();
            int to = from + LENGTHS + 3;
            field_copy_locked(slots + to, slots + from, length);
            for (int i = 0; i < SLOTS; i++)
                ck_assert_int_eq(value_int(slots[i]), expected(i, to, from, length));
        }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("field");
    TCase *tc = tcase_create("field");
    tcase_add_test(tc, moves);
    tcase_add_test(tc, copies);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
