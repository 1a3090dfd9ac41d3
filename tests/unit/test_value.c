// SPDX-License-Identifier: MIT
//
// vm/value.h: what fits into a word comes out of it unchanged, and kinds are told apart.
#include "vm/value.h"
#include <check.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

static void check_int(int64_t n) {
    ck_assert(value_int_fits(n));
    Value v = value_from_int(n);
    ck_assert(value_is_int(v));
    ck_assert(!value_is_flonum(v));
    ck_assert(!value_is_object(v));
    ck_assert(!value_is_null(v));
    ck_assert_int_eq(value_int(v), n);
}

START_TEST(integers) {
    int64_t samples[] = {0,
                         1,
                         -1,
                         2,
                         255,
                         -256,
                         INT32_MAX,
                         INT32_MIN,
                         VALUE_INT_MAX,
                         VALUE_INT_MIN,
                         VALUE_INT_MAX - 1,
                         VALUE_INT_MIN + 1};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        check_int(samples[i]);
    for (int shift = 0; shift < 62; shift++) {
        check_int((int64_t)1 << shift);
        check_int(-((int64_t)1 << shift));
    }
    ck_assert(!value_int_fits(VALUE_INT_MAX + 1));
    ck_assert(!value_int_fits(VALUE_INT_MIN - 1));
    ck_assert(!value_int_fits(INT64_MAX));
    ck_assert(!value_int_fits(INT64_MIN));
}
END_TEST

static bool float_fits(double d) {
    Value v = value_flonum_from_double(d);
    if (value_is_null(v))
        return false;
    ck_assert(value_is_flonum(v));
    ck_assert(!value_is_int(v));
    ck_assert(!value_is_object(v));
    double back = value_flonum(v);
    ck_assert(memcmp(&back, &d, sizeof d) == 0);
    return true;
}

START_TEST(floats) {
    double samples[] = {0.0,
                        1.0,
                        -1.0,
                        0.5,
                        3.141592653589793,
                        -2.718281828459045,
                        1e-70,
                        1e70,
                        123456789.125,
                        1e-300 * 1e250,
                        1.0 / 3.0,
                        0.1,
                        4503599627370497.5};
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        ck_assert(float_fits(samples[i]));
    double outside[] = {-0.0,    1e-100,  1e100,  INFINITY, -INFINITY,
                        DBL_MAX, DBL_MIN, 5e-324, 2e-77 / 4};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        ck_assert(!float_fits(outside[i]));
    ck_assert(value_is_null(value_flonum_from_double(NAN)));
    // Every exponent, both signs, awkward mantissas: either unchanged or refused.
    for (int exponent = -1074; exponent < 1024; exponent++) {
        float_fits(ldexp(1.0, exponent));
        float_fits(ldexp(-1.0, exponent));
        float_fits(ldexp(1.9999999999999998, exponent));
        float_fits(ldexp(-1.0000000000000002, exponent));
    }
}
END_TEST

START_TEST(objects) {
    static uint64_t thing[2];
    Value v = value_from_object(thing);
    ck_assert(value_is_object(v));
    ck_assert(!value_is_int(v) && !value_is_flonum(v) && !value_is_null(v));
    ck_assert_ptr_eq(value_object(v), thing);
    ck_assert(!value_is_object(VALUE_NULL));
    ck_assert(value_is_null(VALUE_NULL));
    ck_assert(value_same(v, v));
    ck_assert(!value_same(v, VALUE_NULL));
    ck_assert(value_both_int(value_from_int(1), value_from_int(2)));
    ck_assert(!value_both_int(value_from_int(1), v));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("value");
    TCase *cases = tcase_create("value");
    tcase_add_test(cases, integers);
    tcase_add_test(cases, floats);
    tcase_add_test(cases, objects);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
