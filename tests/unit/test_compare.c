// SPDX-License-Identifier: MIT
//
// gc/compare.h: each comparison on both sides of every edge that it has, signed and unsigned, and
// with neighbours of the word that differ.
#include "gc/compare.h"
#include <check.h>
#include <stdlib.h>

typedef struct {
    uint32_t before, word, after;
} Words;
static Words words(uint32_t word) {
    return (Words){~word, word, ~word};
}

START_TEST(equal_words) {
    static const uint32_t values[] = {0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
    for (unsigned i = 0; i < 6; i++) {
        for (unsigned j = 0; j < 6; j++) {
            Words w = words(values[i]);
            ck_assert_int_eq(compare_relaxed(&w.word, values[j]), i == j);
            ck_assert_int_eq(compare_acquire(&w.word, values[j]), i == j);
        }
        Words w = words(values[i]);
        ck_assert_int_eq(compare_acquire(&w.word, 0), i == 0); // a constant is no register
        ck_assert_int_eq(compare_negative_relaxed(&w.word), values[i] >= 0x80000000);
        ck_assert_int_eq(compare_negative_acquire(&w.word), values[i] >= 0x80000000);
        ck_assert_uint_eq(compare_load_acquire(&w.word), values[i]);
    }
}
END_TEST

START_TEST(long_words) {
    static const uint64_t values[] = {0,
                                      1,
                                      0xffffffff,
                                      0x100000000,
                                      UINT64_MAX >> 1,
                                      (UINT64_MAX >> 1) + 1,
                                      UINT64_MAX - 1,
                                      UINT64_MAX};
    for (unsigned i = 0; i < 8; i++) {
        for (unsigned j = 0; j < 8; j++) {
            uint64_t w[3] = {~values[i], values[i], ~values[i]};
            ck_assert_int_eq(compare_long_acquire(&w[1], values[j]), i == j);
            ck_assert_int_eq(compare_long_above_acquire(&w[1], values[j]), i > j);
        }
    }
}
END_TEST

START_TEST(bits_of_a_byte) {
    for (unsigned byte = 0; byte < 256; byte++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            uint8_t b[3] = {(uint8_t)~byte, (uint8_t)byte, (uint8_t)~byte};
            ck_assert_int_eq(compare_bits_relaxed(&b[1], (uint8_t)(1u << bit)), (byte >> bit) & 1u);
        }
        uint8_t b[3] = {(uint8_t)~byte, (uint8_t)byte, (uint8_t)~byte};
        ck_assert_int_eq(compare_bits_relaxed(&b[1], 0xc0), byte >= 0x40);
        ck_assert_int_eq(compare_bits_relaxed(&b[1], 0xff), byte != 0);
        ck_assert_int_eq(compare_bits_relaxed(&b[1], 0), 0);
    }
}
END_TEST

// What was stored between two comparisons is seen by the second.
START_TEST(looked_at_each_time) {
    Words w = words(5);
    uint64_t along = 5;
    for (uint32_t i = 0; i < 10; i++) {
        __atomic_store_n(&w.word, i, __ATOMIC_RELAXED);
        __atomic_store_n(&along, i, __ATOMIC_RELAXED);
        ck_assert_int_eq(compare_relaxed(&w.word, 7), i == 7);
        ck_assert_int_eq(compare_acquire(&w.word, 7), i == 7);
        ck_assert_int_eq(compare_long_acquire(&along, 7), i == 7);
        ck_assert_int_eq(compare_long_above_acquire(&along, 7), i > 7);
        ck_assert_int_eq(compare_bits_relaxed((const uint8_t *)&w.word, 4), (i & 4) != 0);
        ck_assert_uint_eq(compare_load_acquire(&w.word), i);
    }
}
END_TEST

int main(void) {
    Suite *suite = suite_create("compare");
    TCase *tc = tcase_create("compare");
    tcase_add_test(tc, equal_words);
    tcase_add_test(tc, long_words);
    tcase_add_test(tc, bits_of_a_byte);
    tcase_add_test(tc, looked_at_each_time);
    suite_add_tcase(suite, tc);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
