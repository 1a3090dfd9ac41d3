// SPDX-License-Identifier: MIT
//
// The compiler: listings of small programs, syntax errors that only it finds, code too large for
// short operands, and the verifier (vm/compile/verify.c) over the standard library and over code
// that was broken on purpose.
#include "vm/interp/code.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/start.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *code_check(const Code *code); // vm/compile/verify.c

static void start(void) {
    static bool started;
    static char *argv[] = {"test", NULL};
    if (!started) {
        started = true;
        start_interpreter(1, argv);
    }
}

static Value compile_text(const char *source, size_t length, int mode) {
    CompileOptions options = {.mode = mode};
    Value filename = str_from_cstr("<test>");
    Value code = compile_source(source, length, filename, &options, NULL);
    ref_release(filename);
    return code;
}

static Value compile_ok(const char *source) {
    Value code = compile_text(source, strlen(source), COMPILE_EXEC);
    if (value_is_null(code))
        error_print_and_exit_code();
    ck_assert(!value_is_null(code));
    return code;
}

// ---- listings ------------------------------------------------------------------------------

// The listing of the code named `qualname` within the source is `expected`.
static void check_listing(const char *source, const char *qualname, const char *expected) {
    Value code = compile_ok(source), text = code_disassemble(code);
    size_t length;
    char *owned = NULL;
    const char *all = str_utf8_wtf(text, &length, &owned);
    char head[80];
    snprintf(head, sizeof head, "code %s: ", qualname);
    const char *begin = strstr(all, head);
    ck_assert_msg(begin != NULL, "no %s in\n%s", qualname, all);
    const char *end = strstr(begin, "\n\n");
    size_t count = end ? (size_t)(end - begin) + 1 : strlen(begin);
    char *part = strndup(begin, count);
    ck_assert_str_eq(part, expected);
    free(part);
    buffer_free(owned);
    ref_release(text);
    ref_release(code);
}

START_TEST(loops_jump_back_from_the_bottom) {
    check_listing("def f(n):\n"
                  "    total = 0\n"
                  "    for i in range(n):\n"
                  "        if i == 3:\n"
                  "            continue\n"
                  "        total += i\n"
                  "    while total > 10 and n is not None:\n"
                  "        total -= 2\n"
                  "    return total\n",
                  "f",
                  "code f: 3 locals, 10 registers\n"
                  "    2    0  LOAD_INT total #0\n"
                  "    3    1  LOAD_GLOBAL t3 range\n"
                  "         3  MOVE t6 n\n"
                  "         4  CALL t0 1 t0\n"
                  "         6  GET_ITER t0 t0\n"
                  "         7  JUMP -> 10\n"
                  "    4    8  IF_EQ_INT i #3 -> 10\n"
                  "    6    9  INPLACE_ADD total total i\n"
                  "    3   10  FOR_ITER t0 i -> 8\n"
                  "    7   11  IF_NOT_GT_INT total #10 -> 16\n"
                  "        12  JUMP_IF_NONE n -> 16\n"
                  "    8   13  INPLACE_SUBTRACT_INT total total #2\n"
                  "    7   14  IF_NOT_GT_INT total #10 -> 16\n"
                  "        15  JUMP_IF_NOT_NONE n -> 13\n"
                  "    9   16  RETURN total 3\n");
}
END_TEST

START_TEST(values_go_straight_to_their_place) {
    check_listing("def f(self, a, b):\n"
                  "    a, b = b, a + b\n"
                  "    self.x = y = a * 2\n"
                  "    self.items[a] += 1\n"
                  "    x = self.f(a).g(b=1)\n"
                  "    x = x or y\n"
                  "    return a < b < 10\n",
                  "f",
                  "code f: 6 locals, 15 registers\n"
                  "    2    0  ADD t0 a b\n"
                  "         1  MOVE a b\n"
                  "         2  MOVE b t0\n"
                  "    3    3  MULTIPLY_INT h5 a #2\n"
                  "         4  STORE_ATTR self h5 x\n"
                  "         6  MOVE y h5\n"
                  "         7  CLEAR h5\n"
                  "    4    8  LOAD_ATTR h5 self items\n"
                  "        10  LOAD_ITEM t0 h5 a\n"
                  "        11  INPLACE_ADD_INT t0 t0 #1\n"
                  "        12  STORE_ITEM h5 a t0\n"
                  "        13  CLEAR h5\n"
                  "    5   14  MOVE t7 a\n"
                  "        15  LOAD_METHOD t0 self f\n"
                  "        17  CALL_METHOD t0 1 t0\n"
                  "        19  LOAD_METHOD t0 t0 g\n"
                  "        21  LOAD_INT t7 #1\n"
                  "        22  LOAD_CONST t8 ('b',)\n"
                  "        23  CALL_METHOD_KW t0 1 x\n"
                  "    6   25  JUMP_IF_TRUE x -> 27\n"
                  "        26  MOVE x y\n"
                  "    7   27  LT t0 a b\n"
                  "        28  JUMP_IF_FALSE_KEEP t0 -> 31\n"
                  "        29  LOAD_INT t1 #10\n"
                  "        30  LT t0 b t1\n"
                  "        31  RETURN t0 6\n");
}
END_TEST

START_TEST(a_local_is_read_before_a_walrus_changes_it) {
    check_listing("def f(x):\n    return x + (x := 5)\n", "f",
                  "code f: 1 locals, 2 registers\n"
                  "    2    0  MOVE t0 x\n"
                  "         1  LOAD_INT x #5\n"
                  "         2  ADD t0 t0 x\n"
                  "         3  RETURN t0 1\n");
}
END_TEST

START_TEST(only_what_may_be_unbound_is_checked) {
    check_listing("def f(a):\n"
                  "    if a:\n"
                  "        b = 1\n"
                  "    print(b, b)\n"
                  "    del a\n"
                  "    return a\n",
                  "f",
                  "code f: 2 locals, 10 registers\n"
                  "    2    0  JUMP_IF_FALSE a -> 2\n"
                  "    3    1  LOAD_INT b #1\n"
                  "    4    2  LOAD_GLOBAL t3 print\n"
                  "         4  CHECK_LOCAL b\n"
                  "         5  MOVE t6 b\n"
                  "         6  MOVE t7 b\n"
                  "         7  CALL t0 2 t0\n"
                  "         9  CLEAR t0\n"
                  "    5   10  CLEAR a\n"
                  "    6   11  CHECK_LOCAL a\n"
                  "        12  RETURN a 2\n");
}
END_TEST

START_TEST(finally_runs_in_line_on_each_way_out) {
    check_listing("def f(xs):\n"
                  "    for x in xs:\n"
                  "        try:\n"
                  "            return x.a\n"
                  "        except E as e:\n"
                  "            break\n"
                  "        finally:\n"
                  "            x()\n",
                  "f",
                  "code f: 3 locals, 12 registers\n"
                  "    2    0  GET_ITER t0 xs\n"
                  "         1  JUMP -> 36\n"
                  "    4    2  LOAD_ATTR t1 x a\n"
                  "    8    4  MOVE t5 x\n"
                  "         5  CALL t2 0 t2\n"
                  "         7  CLEAR t2\n"
                  "         8  CLEAR t0\n"
                  "         9  RETURN t1 4\n"
                  "        10  PUSH_HANDLED t2 t1\n"
                  "    5   11  LOAD_GLOBAL t3 E\n"
                  "        13  IF_NOT_EXCEPTION t1 t3 -> 23\n"
                  "        14  MOVE e t1\n"
                  "        15  CLEAR e\n"
                  "        16  POP_HANDLED t2\n"
                  "    8   17  MOVE t6 x\n"
                  "        18  CALL t3 0 t3\n"
                  "        20  CLEAR t3\n"
                  "        21  CLEAR t0\n"
                  "        22  RETURN_NONE 3\n"
                  "    5   23  POP_HANDLED t2\n"
                  "        24  RERAISE t1 0\n"
                  "        25  POP_HANDLED t2\n"
                  "        26  RERAISE t3 0\n"
                  "        27  PUSH_HANDLED t2 t1\n"
                  "    8   28  MOVE t6 x\n"
                  "        29  CALL t3 0 t3\n"
                  "        31  CLEAR t3\n"
                  "        32  POP_HANDLED t2\n"
                  "        33  RERAISE t1 1\n"
                  "        34  POP_HANDLED t2\n"
                  "        35  RERAISE t3 0\n"
                  "    2   36  FOR_ITER t0 x -> 2\n"
                  "        37  RETURN_NONE 3\n"
                  "      handler 2..4 -> 10, t1\n"
                  "      handler 11..16 -> 25, t3\n"
                  "      handler 2..4 -> 27, t1\n"
                  "      handler 10..17 -> 27, t1\n"
                  "      handler 23..27 -> 27, t1\n"
                  "      handler 28..32 -> 34, t3\n");
}
END_TEST

// ---- errors --------------------------------------------------------------------------------

START_TEST(errors_have_message_and_position) {
    static const struct {
        const char *source, *message;
        int line, offset;
    } cases[] = {
        {"return 1", "'return' outside function", 1, 1},
        {"if x:\n  break", "'break' outside loop", 2, 3},
        {"def f(x): global x", "name 'x' is parameter and global", 1, 11},
        {"def f():\n  x = 1\n  global x", "name 'x' is assigned to before global declaration", 3,
         3},
        {"nonlocal x", "nonlocal declaration not allowed at module level", 1, 1},
        {"def f():\n  nonlocal x", "no binding for nonlocal 'x' found", 2, 3},
        {"def f(a, a): pass", "duplicate argument 'a' in function definition", 1, 10},
        {"[(yield 1) for x in y]", "'yield' inside list comprehension", 1, 3},
        {"[i := 1 for i in x]",
         "assignment expression cannot rebind comprehension iteration variable 'i'", 1, 2},
        {"a, *b, *c = x", "multiple starred expressions in assignment", 1, 1},
        {"*a = 1", "starred assignment target must be in a list or tuple", 1, 1},
        {"x = *a", "can't use starred expression here", 1, 5},
        {"x = 1\nfrom __future__ import annotations",
         "from __future__ imports must occur at the beginning of the file", 2, 1},
        {"def f():\n  from os import *", "import * only allowed at module level", 2, 18},
        {"if 0:\n  yield 1", "'yield' outside function", 2, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Value code = compile_text(cases[i].source, strlen(cases[i].source), COMPILE_EXEC);
        ck_assert_msg(value_is_null(code), "%s", cases[i].source);
        Value error = error_take();
        ck_assert(value_type(error) == &exception_SyntaxError);
        Value message = value_getattr_cstr(error, "msg"),
              line = value_getattr_cstr(error, "lineno");
        Value offset = value_getattr_cstr(error, "offset");
        ck_assert_msg(str_equal_cstr(message, cases[i].message), "%s", cases[i].source);
        ck_assert_int_eq(value_int(line), cases[i].line);
        ck_assert_int_eq(value_int(offset), cases[i].offset);
        ref_release(message);
        ref_release(error);
    }
}
END_TEST

// ---- large code ----------------------------------------------------------------------------

typedef struct {
    char *text;
    size_t length;
    FILE *stream;
} Source;

static void source_begin(Source *s) {
    s->stream = open_memstream(&s->text, &s->length);
}

static void check_all(Value code) {
    const char *error = code_check((const Code *)value_object(code));
    ck_assert_msg(!error, "%s", error);
    const Code *c = (const Code *)value_object(code);
    for (uint32_t i = 0; i < c->constant_count; i++)
        if (value_is_exactly(c->constants[i], &code_type))
            check_all(c->constants[i]);
}

static void check_source(Source *s) {
    fclose(s->stream);
    Value code = compile_text(s->text, s->length, COMPILE_EXEC);
    if (value_is_null(code))
        error_print_and_exit_code();
    ck_assert(!value_is_null(code));
    check_all(code);
    ref_release(code);
    free(s->text);
}

START_TEST(jumps_may_be_far) {
    Source s;
    source_begin(&s);
    fputs("def f(a, b):\n  for i in a:\n    try:\n      if a < b and b is not None and a in b:\n",
          s.stream);
    for (int i = 0; i < 20000; i++)
        fputs("        a.b = b.c\n", s.stream);
    fputs("    except (A if a < 3 else B):\n      while a <= 5:\n", s.stream);
    for (int i = 0; i < 20000; i++)
        fputs("        a.b = b.c\n", s.stream);
    fputs("    except C: pass\n    if i is b: continue\n", s.stream);
    check_source(&s);
}
END_TEST

START_TEST(constants_may_be_many) {
    Source s;
    source_begin(&s);
    for (int i = 0; i < 70000; i++)
        fprintf(s.stream, "x = %d.5\n", i);
    check_source(&s);
}
END_TEST

START_TEST(displays_may_be_long) {
    Source s;
    source_begin(&s);
    const char *const forms[][2] = {
        {"[", "]"}, {"(", ")"}, {"{", "}"}, {"f(", ")"}, {"f(*z, ", ")"}};
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        fputs(forms[k][0], s.stream);
        for (int i = 0; i < 3000; i++)
            fprintf(s.stream, "x%d, ", i);
        fprintf(s.stream, "%s\n", forms[k][1]);
    }
    fputs("{", s.stream);
    for (int i = 0; i < 3000; i++)
        fprintf(s.stream, "x%d: y%d, ", i, i);
    fputs("}\nf(", s.stream);
    for (int i = 0; i < 1500; i++)
        fprintf(s.stream, "x%d=y%d, ", i, i);
    fputs(")\nf'", s.stream);
    for (int i = 0; i < 300; i++)
        fprintf(s.stream, "{x%d} ", i);
    fputs("'\n", s.stream);
    check_source(&s);
}
END_TEST

START_TEST(too_many_names_is_a_syntax_error) {
    Source s;
    source_begin(&s);
    for (int i = 0; i < 66000; i++)
        fprintf(s.stream, "x%d\n", i);
    fclose(s.stream);
    Value code = compile_text(s.text, s.length, COMPILE_EXEC);
    ck_assert(value_is_null(code));
    ck_assert(error_matches(&exception_SyntaxError));
    error_clear();
    free(s.text);
}
END_TEST

// ---- constants -----------------------------------------------------------------------------

START_TEST(constants_differ_by_type_and_sign) {
    Value code = compile_ok("a = 1.0, 1, True, 0.0, -0.0, '1', b'1', 1.0, 10**30, 1e300\n"
                            "b = [1.0, -0.0, 0.0, x]\nc = 'one' 'two', b'', (1, 2.0), (1, 2)\n"
                            "d = 1.0; e = -0.0; f = 0.0; g = (1, 2); h = (1, 2.0); i = (1, 2)\n");
    const Code *c = (const Code *)value_object(code);
    for (uint32_t i = 0; i < c->constant_count; i++)
        for (uint32_t k = i + 1; k < c->constant_count; k++)
            ck_assert(!value_same(c->constants[i], c->constants[k]));
    int tuples = 0, floats = 0;
    for (uint32_t i = 0; i < c->constant_count; i++) {
        tuples += value_is_tuple(c->constants[i]) && tuple_length(c->constants[i]) == 2;
        floats += value_is_flonum(c->constants[i]) ||
                  value_is_exactly(c->constants[i], value_type(value_flonum_from_double(1.5)));
    }
    ck_assert_int_eq(tuples, 2);
    ck_assert_int_eq(floats, 3);
    ref_release(code);
}
END_TEST

// ---- the verifier --------------------------------------------------------------------------

static int files, refused;

static int visit_file(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    size_t length = strlen(path);
    if (type != FTW_F || length < 3 || strcmp(path + length - 3, ".py"))
        return 0;
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    char *text = malloc((size_t)status->st_size + 1);
    size_t count = fread(text, 1, (size_t)status->st_size, file);
    fclose(file);
    Value code = compile_text(text, count, COMPILE_EXEC);
    free(text);
    files++;
    if (value_is_null(code)) {
        refused++;
        error_clear();
        return 0;
    }
    const char *error = code_check((const Code *)value_object(code));
    ck_assert_msg(!error, "%s: %s", path, error);
    check_all(code);
    ref_release(code);
    return 0;
}

START_TEST(standard_library_passes) {
    if (nftw("/usr/lib/python3.11", visit_file, 20, FTW_PHYS) != 0 || files == 0)
        return; // not installed here
    ck_assert_int_lt(refused, files / 20 + 5);
}
END_TEST

START_TEST(broken_code_is_noticed) {
    Value code = compile_ok("def f(a, b):\n    return g(a + b.c, b)\n");
    const Code *module = (const Code *)value_object(code);
    Code *f = NULL;
    for (uint32_t i = 0; i < module->constant_count; i++)
        if (value_is_exactly(module->constants[i], &code_type))
            f = (Code *)value_object(module->constants[i]);
    ck_assert(f && !code_check(f));
    int noticed = 0, changed = 0;
    for (uint32_t word = 0; word < f->word_count;
         word += (uint32_t)opcode_length(f->instructions[word].op)) {
        Instruction *i = &f->instructions[word], saved = *i;
        i->op = OP_NOP; // an effect is missing
        if (opcode_length(saved.op) == 1) {
            changed++;
            noticed += code_check(f) != NULL;
        }
        *i = saved;
        i->a = 60000;
        changed++;
        noticed += code_check(f) != NULL;
        *i = saved;
    }
    ck_assert_int_gt(changed, 5);
    ck_assert_int_eq(noticed, changed);
    ref_release(code);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("compile");
    TCase *t = tcase_create("compile");
    tcase_add_unchecked_fixture(t, start, NULL);
    tcase_set_timeout(t, 300);
    tcase_add_test(t, loops_jump_back_from_the_bottom);
    tcase_add_test(t, values_go_straight_to_their_place);
    tcase_add_test(t, a_local_is_read_before_a_walrus_changes_it);
    tcase_add_test(t, only_what_may_be_unbound_is_checked);
    tcase_add_test(t, finally_runs_in_line_on_each_way_out);
    tcase_add_test(t, errors_have_message_and_position);
    tcase_add_test(t, jumps_may_be_far);
    tcase_add_test(t, constants_may_be_many);
    tcase_add_test(t, displays_may_be_long);
    tcase_add_test(t, too_many_names_is_a_syntax_error);
    tcase_add_test(t, constants_differ_by_type_and_sign);
    tcase_add_test(t, standard_library_passes);
    tcase_add_test(t, broken_code_is_noticed);
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
