// SPDX-License-Identifier: MIT
//
// vm/parse: wherever memory runs out, parse_source says so, and nothing is lost (AddressSanitizer
// looks for that).
#include "vm/parse/parse.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP 4001 // bytes; a prime, so that the limits fall at ever other places

typedef struct {
    const char *before, *repeated, *after;
    const char *message; // NULL: there is no error
} Text;

static const Text texts[] = {
    {"", "x%d = [a.b(c, *d), {1: 2, **e}, (yield), lambda f: g]\n", "", NULL},
    {"", "t = f'{x%d!r:>{width}} {y=}' 'z' rf'\\d{n}'\n", "", NULL},
    {"", "if a%d:\n  match b:\n    case [C(d=1), *_] | {**e}: pass # type: ignore\n", "", NULL},
    {"", "\xC3\xBC%d = \xEF\xAC\x81x # \xE2\x82\xAC\n", "", NULL},
    {"# coding: latin-1\n", "'\xFC' # %d\n", "", NULL},
    {"# coding: koi8-r\n", "'\xC1' # %d\n", "", NULL},
    {"", "x%d = 1if 2else 3\n", "", NULL},
    {"", "def f%d(): return (1,\n 2)\n", "a b c\n", "invalid syntax"},
    {"", "print(%d)\n", "f(a for b in c, d)\n", "Generator expression must be parenthesized"},
    {"", "pass; y = %d\n", "t = f'{a b}'\n",
     "f-string: invalid syntax. Perhaps you forgot a comma?"},
    {"", "z = %d\n", "'open", "unterminated string literal (detected at line 301)"},
};

static char *text_of(const Text *given) {
    char *text = malloc(strlen(given->before) + 300 * (strlen(given->repeated) + 8) +
                        strlen(given->after) + 1);
    char *end = stpcpy(text, given->before);
    for (int i = 0; i < 300; i++)
        end += sprintf(end, given->repeated, i);
    strcpy(end, given->after);
    return text;
}

// True: there was enough memory.
static bool parse_within(const Text *given, const char *text, size_t limit) {
    SyntaxErrorInfo error;
    Arena *arena = arena_create();
    arena_set_limit(arena, limit);
    ParseResult result = parse_source(arena, text, strlen(text), PARSE_FILE,
                                      (ParseOptions){.type_comments = true}, &error);
    bool enough = error.kind != PARSE_MEMORY_ERROR;
    if (!enough)
        ck_assert_msg(!result.module && !result.warnings, "a result beside the failure");
    else if (given->message)
        ck_assert_str_eq(error.message, given->message);
    else
        ck_assert_msg(result.module != NULL, "%s", error.message);
    arena_destroy(arena);
    return enough;
}

START_TEST(runs_out) {
    const Text *given = &texts[_i];
    char *text = text_of(given);
    size_t limit = 0;
    int failures = 0;
    for (; !parse_within(given, text, limit); limit += STEP)
        failures++;
    ck_assert_int_gt(failures, 20);
    ck_assert(parse_within(given, text, limit + 64 * STEP));
    free(text);
}
END_TEST

START_TEST(blocks) {
    Arena *arena = arena_create();
    char *a = arena_block(arena, 10), *b = arena_block(arena, 20), *c = arena_block(arena, 0);
    memset(a, 'a', 10);
    memset(b, 'b', 20);
    b = arena_block_resize(arena, b, 100000);
    ck_assert(b[0] == 'b' && b[19] == 'b' && a[9] == 'a');
    arena_block_free(arena, a);
    arena_block_free(arena, NULL);
    c = arena_block_resize(arena, c, 5000);
    arena_block_free(arena, b);
    jmp_buf out_of_memory;
    ck_assert_ptr_null(arena_set_escape(arena, &out_of_memory));
    volatile int left = 0;
    if (setjmp(out_of_memory) == 0) {
        arena_set_limit(arena, 20000);
        c = arena_block_resize(arena, c, 30000);
    } else {
        left++;
    }
    ck_assert_int_eq(left, 1);
    arena_destroy(arena);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("parse_memory");
    TCase *cases = tcase_create("parse_memory");
    tcase_set_timeout(cases, 300);
    tcase_add_loop_test(cases, runs_out, 0, sizeof texts / sizeof *texts);
    tcase_add_test(cases, blocks);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
