// SPDX-License-Identifier: MIT
//
// str: kinds, the builder, UTF-8 there and back, searching, interning, appending in place.
#include "vm/runtime/thread.h"
#include "vm/types/str.h"
#include "vm/types/text_search.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static void start(void) {
    static bool started;
    if (!started) {
        started = true;
        thread_start_main();
        str_start();
    }
}

static Value utf8(const char *text) {
    return str_from_cstr(text);
}

// ---- kinds ------------------------------------------------------------------------------------

START_TEST(kinds_are_the_least_that_fit) {
    static const struct {
        uint32_t point;
        unsigned kind;
        bool ascii;
    } cases[] = {{'a', 0, true},    {0x7f, 0, true},    {0x80, 0, false},    {0xff, 0, false},
                 {0x100, 1, false}, {0xffff, 1, false}, {0x10000, 2, false}, {0x10ffff, 2, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t points[2] = {'x', cases[i].point};
        Value s = str_from_ucs4(points, 2);
        ck_assert_uint_eq(str_kind(s), cases[i].kind);
        ck_assert_int_eq(str_is_ascii(s), cases[i].ascii);
        ck_assert_int_eq(str_length(s), 2);
        ck_assert_uint_eq(str_at(s, 1), cases[i].point);
        ck_assert_uint_eq(str_at(s, 2), 0); // the terminator
        ref_release(s);
    }
}
END_TEST

START_TEST(substrings_narrow) {
    Value s = utf8("ab\xc3\xa9\xf0\x9f\x98\x80z"); // a b U+00E9 U+1F600 z
    ck_assert_uint_eq(str_kind(s), 2);
    Value ascii = str_substring(s, 0, 2), latin = str_substring(s, 1, 3),
          wide = str_substring(s, 2, 5);
    ck_assert(str_is_ascii(ascii));
    ck_assert(str_equal_cstr(ascii, "ab"));
    ck_assert_uint_eq(str_kind(latin), 0);
    ck_assert(!str_is_ascii(latin));
    ck_assert_uint_eq(str_kind(wide), 2);
    ref_release(ascii);
    ref_release(latin);
    ref_release(wide);
    ref_release(s);
}
END_TEST

START_TEST(single_characters_are_shared) {
    for (uint32_t c = 0; c < 256; c++) {
        uint8_t byte = (uint8_t)c;
        Value a = str_from_code_point(c), b = str_from_latin1(&byte, 1), d = str_from_ucs4(&c, 1);
        ck_assert(value_same(a, b));
        ck_assert(value_same(a, d));
        ref_release(a);
        ref_release(b);
        ref_release(d);
    }
    Value e = str_from_ascii("", 0), f = str_empty();
    ck_assert(value_same(e, f));
}
END_TEST

// ---- builder ----------------------------------------------------------------------------------

START_TEST(builder_widens_and_keeps) {
    static const uint32_t points[] = {'a', 0xe9, 0x3b1, 0x1f600, 'b'};
    for (int times = 1; times < 200; times += 13) {
        StrBuilder b;
        str_builder_start(&b);
        for (int i = 0; i < times; i++)
            for (int k = 0; k < 5; k++)
                str_builder_char(&b, points[k]);
        Value s = str_builder_finish(&b);
        ck_assert_int_eq(str_length(s), 5 * times);
        for (int i = 0; i < 5 * times; i++)
            ck_assert_uint_eq(str_at(s, i), points[i % 5]);
        ref_release(s);
    }
}
END_TEST

START_TEST(builder_takes_parts) {
    StrBuilder b;
    str_builder_start(&b);
    Value s = utf8("h\xc3\xa9llo \xe2\x82\xac");
    str_builder_ascii(&b, "<", 1);
    str_builder_substring(&b, s, 2, 5);
    str_builder_repeat(&b, '-', 3);
    str_builder_cstr(&b, "\xe2\x82\xac");
    str_builder_str(&b, s);
    Value made = str_builder_finish(&b), expected = utf8("<llo---\xe2\x82\xac"
                                                         "h\xc3\xa9llo \xe2\x82\xac");
    ck_assert(str_equal(made, expected));
    ck_assert_int_eq(str_hash(made), str_hash(expected));
    ref_release(made);
    ref_release(expected);
    ref_release(s);
}
END_TEST

START_TEST(builder_result_is_narrow) {
    StrBuilder b;
    str_builder_start(&b);
    Value wide = utf8("abc\xf0\x9f\x98\x80");
    str_builder_substring(&b, wide, 0, 3);
    Value s = str_builder_finish(&b);
    ck_assert(str_is_ascii(s));
    ck_assert(str_equal_cstr(s, "abc"));
    ref_release(s);
    ref_release(wide);
}
END_TEST

// ---- UTF-8 ------------------------------------------------------------------------------------

START_TEST(utf8_round_trip) {
    for (uint32_t point = 1; point < 0x110000; point += point < 0x3000 ? 1 : 97) {
        uint32_t points[3] = {'<', point, '>'};
        Value s = str_from_ucs4(points, 3);
        size_t length;
        char *owned;
        const char *text = str_utf8_wtf(s, &length, &owned);
        ck_assert_ptr_nonnull(text);
        ck_assert_uint_eq(length, strlen(text));
        Value back = str_from_utf8(text, length);
        ck_assert(str_equal(s, back));
        buffer_free(owned);
        ref_release(s);
        ref_release(back);
    }
}
END_TEST

START_TEST(bounded_copies_end_between_characters) {
    Value s = utf8("a\xe2\x82\xac"
                   "b");
    char out[8];
    str_copy_bounded(s, out, 4);
    ck_assert_str_eq(out, "a");
    str_copy_bounded(s, out, 5);
    ck_assert_str_eq(out, "a\xe2\x82\xac");
    str_copy_bounded(s, out, 8);
    ck_assert_str_eq(out, "a\xe2\x82\xac"
                          "b");
    ref_release(s);
}
END_TEST

// ---- searching --------------------------------------------------------------------------------

static int64_t naive(const uint32_t *hay, int64_t n, const uint32_t *needle, int64_t m, bool last) {
    int64_t found = -1;
    for (int64_t i = 0; i + m <= n; i++)
        if (memcmp(hay + i, needle, (size_t)m * 4) == 0) {
            found = i;
            if (!last)
                break;
        }
    return found;
}

START_TEST(search_agrees_with_the_naive_one) {
    srand(7);
    for (int round = 0; round < 20000; round++) {
        unsigned kind = (unsigned)(round % 3);
        int64_t n = rand() % 90, m = 1 + rand() % 7;
        uint32_t base = kind == 0 ? 'a' : kind == 1 ? 0x101 : 0x10101; // bytes repeat within a unit
        uint32_t hay[90], needle[8];
        for (int64_t i = 0; i < n; i++)
            hay[i] = base + (uint32_t)(rand() % 2);
        for (int64_t i = 0; i < m; i++)
            needle[i] = base + (uint32_t)(rand() % 2);
        uint8_t packed_hay[360], packed_needle[32];
        for (int64_t i = 0; i < n; i++)
            unit_set(packed_hay, kind, i, hay[i]);
        for (int64_t i = 0; i < m; i++)
            unit_set(packed_needle, kind, i, needle[i]);
        ck_assert_int_eq(units_find(packed_hay, n, packed_needle, m, kind),
                         naive(hay, n, needle, m, false));
        ck_assert_int_eq(units_find_last(packed_hay, n, packed_needle, m, kind),
                         naive(hay, n, needle, m, true));
        int64_t count = 0;
        for (int64_t i = 0; i + m <= n;) {
            int64_t at = naive(hay + i, n - i, needle, m, false);
            if (at < 0)
                break;
            count++;
            i += at + m;
        }
        ck_assert_int_eq(units_count(packed_hay, n, packed_needle, m, kind, INT64_MAX), count);
    }
}
END_TEST

START_TEST(counting_units_beyond_a_byte_lane) {
    enum { SIZE = 70000 };
    static uint8_t text[SIZE];
    memset(text, 'x', SIZE);
    ck_assert_int_eq(units_count_unit(text, 0, SIZE, 'x'), SIZE);
    ck_assert_int_eq(units_count_unit(text, 0, SIZE, 'y'), 0);
    text[SIZE - 1] = 'y';
    ck_assert_int_eq(units_find_unit(text, 0, SIZE, 'y'), SIZE - 1);
}
END_TEST

// ---- interning, appending, order --------------------------------------------------------------

START_TEST(interning_gives_one_object) {
    Value a = str_intern_cstr("some_rare_name"), b = str_intern_cstr("some_rare_name");
    ck_assert(value_same(a, b));
    ck_assert(str_is_interned(a));
    Value probe = utf8("some_rare_name"), other = utf8("never_interned_name");
    ck_assert(value_same(str_find_interned(probe), a));
    ck_assert(value_is_null(str_find_interned(other)));
    char name[32];
    for (int i = 0; i < 20000; i++) { // the table grows
        snprintf(name, sizeof name, "grown_%d", i);
        ref_release(str_intern_cstr(name));
    }
    ck_assert(value_same(str_find_interned(probe), a));
    ck_assert(value_same(name_append, str_find_interned(name_append)));
    ref_release(probe);
    ref_release(other);
}
END_TEST

START_TEST(appending_keeps_the_text) {
    static const char *const parts[] = {"a", "bc", "\xc3\xa9", "def", "\xe2\x82\xac", "g"};
    Value s = str_empty();
    StrBuilder b;
    str_builder_start(&b);
    for (int i = 0; i < 3000; i++) {
        Value part = utf8(parts[i % (i < 1000 ? 2 : i < 2000 ? 4 : 6)]);
        str_builder_str(&b, part);
        if (i % 100 == 0)
            str_hash(s); // must be forgotten by the next append
        s = str_append(s, part);
        ref_release(part);
    }
    Value expected = str_builder_finish(&b);
    ck_assert(str_equal(s, expected));
    ck_assert_int_eq(str_hash(s), str_hash(expected));
    ref_retain(s); // seen by someone else now: not in place
    Value longer = str_append(s, expected);
    ck_assert_int_eq(str_length(longer), 2 * str_length(expected));
    ck_assert(str_equal(s, expected));
    ref_release(longer);
    ref_release(s);
    ref_release(expected);
}
END_TEST

START_TEST(order_is_by_code_point) {
    Value a = utf8("ab"), b = utf8("a\xc3\xa9"), c = utf8("a\xef\xbf\xbd"),
          d = utf8("a\xf0\x9f\x98\x80"), e = utf8("a");
    Value sorted[] = {e, a, b, c, d};
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 5; k++) {
            int order = str_compare_order(sorted[i], sorted[k]);
            ck_assert_int_eq((order > 0) - (order < 0), (i > k) - (i < k));
        }
}
END_TEST

START_TEST(hashes_spread) {
    uint8_t text[200];
    uint64_t all = 0;
    for (int i = 0; i < 200; i++)
        text[i] = (uint8_t)(i * 7);
    for (size_t n = 1; n < 200; n++) {
        int64_t hash = hash_buffer(text, n);
        ck_assert_int_ne(hash, -1);
        ck_assert_int_ne(hash, 0);
        all |= (uint64_t)hash;
    }
    ck_assert_uint_eq(all, UINT64_MAX);
    ck_assert_int_eq(hash_buffer(text, 0), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("str");
    TCase *tests = tcase_create("str");
    tcase_add_checked_fixture(tests, start, NULL);
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, kinds_are_the_least_that_fit);
    tcase_add_test(tests, substrings_narrow);
    tcase_add_test(tests, single_characters_are_shared);
    tcase_add_test(tests, builder_widens_and_keeps);
    tcase_add_test(tests, builder_takes_parts);
    tcase_add_test(tests, builder_result_is_narrow);
    tcase_add_test(tests, utf8_round_trip);
    tcase_add_test(tests, bounded_copies_end_between_characters);
    tcase_add_test(tests, search_agrees_with_the_naive_one);
    tcase_add_test(tests, counting_units_beyond_a_byte_lane);
    tcase_add_test(tests, interning_gives_one_object);
    tcase_add_test(tests, appending_keeps_the_text);
    tcase_add_test(tests, order_is_by_code_point);
    tcase_add_test(tests, hashes_spread);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
