// SPDX-License-Identifier: MIT
//
// vm/parse/lexer.h, source.h, arena.h: text becomes the right tokens at the right places.
#include "vm/parse/lexer.h"
#include "vm/parse/source.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Arena *arena;
static Lexer lexer;

static void start(void) {
    arena = arena_create();
}

static void stop(void) {
    lexer_free(&lexer);
    lexer = (Lexer){0};
    arena_destroy(arena);
}

static void lex(const char *text) {
    lexer_free(&lexer);
    lexer = (Lexer){.arena = arena, .text = text, .end = text + strlen(text), .first_line = 1};
    lexer_run(&lexer);
}

static const char *kind_name(TokenKind kind) {
    switch (kind) {
    case TOKEN_END:
        return "END";
    case TOKEN_NEWLINE:
        return "NEWLINE";
    case TOKEN_INDENT:
        return "INDENT";
    case TOKEN_DEDENT:
        return "DEDENT";
    case TOKEN_NAME:
        return "NAME";
    case TOKEN_NUMBER:
        return "NUMBER";
    case TOKEN_STRING:
        return "STRING";
    case TOKEN_UNKNOWN:
        return "UNKNOWN";
    case TOKEN_ERROR:
        return "ERROR";
#define X(kind, spelling)                                                                          \
    case TOKEN_##kind:                                                                             \
        return spelling;
        TOKEN_OPERATORS(X)
        TOKEN_KEYWORDS(X)
#undef X
    default:
        return "?";
    }
}

// The kinds of all tokens, with spaces between them.
static void check_kinds(const char *text, const char *kinds) {
    lex(text);
    char found[1000] = "";
    for (uint32_t i = 0; i < lexer.count; i++) {
        size_t length = strlen(found);
        snprintf(found + length, sizeof found - length, "%s%s", i > 0 ? " " : "",
                 kind_name((TokenKind)lexer.tokens[i].kind));
    }
    ck_assert_str_eq(found, kinds);
}

static void check_place(uint32_t index, int line, int column, int end_line, int end_column) {
    ck_assert_uint_lt(index, lexer.count);
    const Token *token = &lexer.tokens[index];
    ck_assert_int_eq(token->line, line);
    ck_assert_int_eq(token->column, column);
    ck_assert_int_eq(token->end_line, end_line);
    ck_assert_int_eq(token->end_column, end_column);
}

START_TEST(operators) {
    check_kinds("a+b-=c**d**=e//f//=g",
                "NAME + NAME -= NAME ** NAME **= NAME // NAME //= NAME END");
    check_kinds("<<>><<=>>=<=>===!=<>", "<< >> <<= >>= <= >= == != UNKNOWN END");
    check_kinds("->:=:...@@=~^^=%%=|&", "-> := : ... @ @= ~ ^ ^= % %= | & END");
    check_kinds("a.b..c", "NAME . NAME . . NAME END");
    check_kinds("! $ ? `", "UNKNOWN UNKNOWN UNKNOWN UNKNOWN END");
}
END_TEST

START_TEST(words) {
    check_kinds("if else elif iff lambda match None nonlocal _ async await",
                "if else elif NAME lambda NAME None nonlocal NAME async await END");
    check_kinds("rb'a' Br'a' f'' rF'' u'' ur'' b f",
                "STRING STRING STRING STRING STRING NAME STRING NAME NAME END");
    lex("abc abd abc");
    ck_assert_ptr_eq(lexer.tokens[0].name, lexer.tokens[2].name);
    ck_assert_ptr_ne(lexer.tokens[0].name, lexer.tokens[1].name);
    ck_assert_str_eq(lexer.tokens[1].name->text, "abd");
    ck_assert_uint_eq(arena_name_count(arena), 8);
}
END_TEST

START_TEST(foreign_names) {
    lex("\xEF\xBD\x81 a \xEF\xAC\x81 fi caf\xC3\xA9 cafe\xCC\x81"); // fullwidth a, ligature fi
    ck_assert_ptr_eq(lexer.tokens[0].name, lexer.tokens[1].name);
    ck_assert_ptr_eq(lexer.tokens[2].name, lexer.tokens[3].name);
    ck_assert_ptr_eq(lexer.tokens[4].name, lexer.tokens[5].name);
    check_place(2, 1, 6, 1, 9);
    lex("a\xE2\x82\xAC");
    ck_assert_str_eq(lexer.error.message, "invalid character '\xE2\x82\xAC' (U+20AC)");
    ck_assert_int_eq(lexer.error.column, 2);
    lex("a\xC2\xA0");
    ck_assert_str_eq(lexer.error.message, "invalid non-printable character U+00A0");
}
END_TEST

START_TEST(numbers) {
    check_kinds("0 00 0_0 1_000 0xFf_0 0o17 0b1_0 1. .5 1.5e-3 1e5 1J 1.j 0e0 08.5",
                "NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER "
                "NUMBER NUMBER NUMBER NUMBER END");
    check_kinds("1if 0x1for", "NUMBER if NUMBER or END"); // 0x1f, or
    ck_assert_uint_eq(lexer.warning_count, 2);
    ck_assert_str_eq(lexer.warnings[0].kind, "decimal");
    ck_assert_str_eq(lexer.warnings[1].kind, "hexadecimal");
    static const char *const bad[][2] = {
        {"1_", "invalid decimal literal"},
        {"1__0", "invalid decimal literal"},
        {"1a", "invalid decimal literal"},
        {"1e+", "invalid decimal literal"},
        {"0x", "invalid hexadecimal literal"},
        {"0xg", "invalid hexadecimal literal"},
        {"0b2", "invalid digit '2' in binary literal"},
        {"0o18", "invalid digit '8' in octal literal"},
        {"1jx", "invalid imaginary literal"},
        {"012", "leading zeros in decimal integer literals are not permitted; use an 0o prefix for "
                "octal integers"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        lex(bad[i][0]);
        ck_assert_str_eq(lexer.error.message, bad[i][1]);
        ck_assert_int_eq(lexer.tokens[lexer.count - 1].kind, TOKEN_ERROR);
    }
}
END_TEST

START_TEST(strings) {
    check_kinds("'a' \"b\" '' \"\" '''a\n'b''' '\\'' r'\\'' 'a\\\nb'",
                "STRING STRING STRING STRING STRING STRING STRING STRING END");
    check_place(4, 1, 14, 2, 5);
    check_place(7, 2, 17, 3, 2);
    lex("x = 'a\n");
    ck_assert_str_eq(lexer.error.message, "unterminated string literal (detected at line 1)");
    ck_assert_int_eq(lexer.error.column, 5);
    lex("\n'''a\nb\n");
    ck_assert_str_eq(lexer.error.message,
                     "unterminated triple-quoted string literal (detected at line 3)");
    ck_assert_int_eq(lexer.error.line, 2);
}
END_TEST

START_TEST(blocks) {
    check_kinds("if a:\n  b\n\n  # c\n  d\ne\n",
                "if NAME : NEWLINE INDENT NAME NEWLINE NAME NEWLINE DEDENT NAME NEWLINE END");
    check_kinds("a:\n b:\n  c\n", "NAME : NEWLINE INDENT NAME : NEWLINE INDENT NAME NEWLINE DEDENT "
                                  "DEDENT END");
    check_kinds("a:\n\tb\n        \tc\n",
                "NAME : NEWLINE INDENT NAME NEWLINE INDENT NAME NEWLINE DEDENT DEDENT END");
    check_kinds("\f\fa\n \f b\n", "NAME NEWLINE INDENT NAME NEWLINE DEDENT END");
    check_kinds("(a,\n   b\n)\nc\n", "( NAME , NAME ) NEWLINE NAME NEWLINE END");
    check_kinds("a \\\n  b\n", "NAME NAME NEWLINE END");
    lex("a:\n\tb\n        c\n");
    ck_assert_int_eq(lexer.error.kind, PARSE_TAB_ERROR);
    lex("a:\n   b\n  c\n");
    ck_assert_int_eq(lexer.error.kind, PARSE_INDENTATION_ERROR);
    ck_assert_int_eq(lexer.error.line, 3);
    ck_assert_int_eq(lexer.error.column, 4);
}
END_TEST

START_TEST(brackets) {
    lex("(\n]");
    ck_assert_str_eq(lexer.error.message,
                     "closing parenthesis ']' does not match opening parenthesis '(' on line 1");
    lex("a)");
    ck_assert_str_eq(lexer.error.message, "unmatched ')'");
    lex("a = (1,\n");
    ck_assert(lexer.unexpected_end);
    ck_assert_int_eq(lexer.level, 1);
    ck_assert_int_eq(lexer.open[0].column, 4);
    char deep[202];
    memset(deep, '(', 201);
    deep[201] = 0;
    lex(deep);
    ck_assert_str_eq(lexer.error.message, "too many nested parentheses");
}
END_TEST

START_TEST(places) {
    lex("ab = 1 # c\n'''x\n''' + y\n");
    check_place(0, 1, 0, 1, 2);
    check_place(2, 1, 5, 1, 6);
    check_place(3, 1, 7, 1, 10); // a NEWLINE with its comment
    check_place(4, 2, 0, 3, 3);
    check_place(6, 3, 6, 3, 7);
    size_t length;
    const char *line = lexer_line(&lexer, 2, &length);
    ck_assert_uint_eq(length, 5);
    ck_assert_mem_eq(line, "'''x\n", 5);
}
END_TEST

// --- decoding ------------------------------------------------------------------------------------

static Source decode(const char *bytes, ParseOptions options, SyntaxErrorInfo *error) {
    Source source = {0};
    *error = (SyntaxErrorInfo){0};
    if (!source_decode(arena, bytes, strlen(bytes), PARSE_FILE, options, &source, error)) {
        ck_assert_int_ne(error->kind, PARSE_OK);
        source.text = NULL;
    }
    return source;
}

START_TEST(encodings) {
    SyntaxErrorInfo error;
    ParseOptions bytes = {0}, text = {.ignore_cookie = true};
    ck_assert_str_eq(decode("a\r\nb\rc", bytes, &error).text, "a\nb\nc\n");
    ck_assert_str_eq(decode("# coding: latin-1\n\xE9\n", bytes, &error).text,
                     "# coding: latin-1\n\xC3\xA9\n");
    ck_assert_str_eq(decode("# coding: latin-1\n", bytes, &error).encoding, "iso-8859-1");
    ck_assert_str_eq(decode("\n# -*- coding: UTF-8 -*-\n", bytes, &error).encoding, "utf-8");
    ck_assert_ptr_null(decode("x\n# coding: latin-1\n", bytes, &error).encoding);
    ck_assert_ptr_null(decode("# coding: latin-1\n", text, &error).encoding);
    ck_assert_str_eq(decode("# coding: cp1252\n\x80\n", bytes, &error).text,
                     "# coding: cp1252\n\xE2\x82\xAC\n");
    ck_assert_str_eq(decode("\xEF\xBB\xBFx", bytes, &error).text, "x\n");
    ck_assert_ptr_null(decode("# coding: foo\n", bytes, &error).text);
    ck_assert_str_eq(error.message, "unknown encoding: foo");
    ck_assert(error.no_position);
    ck_assert_ptr_null(decode("\xEF\xBB\xBF# coding: latin-1\n", bytes, &error).text);
    ck_assert_str_eq(error.message, "encoding problem: iso-8859-1 with BOM");
    ck_assert_ptr_null(decode("#coding:ascii\nx=\"\xC3\xA9\"\n", bytes, &error).text);
    ck_assert_str_eq(error.message, "'ascii' codec can't decode byte 0xc3 in position 17: ordinal "
                                    "not in range(128)");
    ParseOptions run = {.filename = "f.py"};
    ck_assert_ptr_null(decode("x\n# \xFF\n", run, &error).text);
    ck_assert_str_eq(error.message,
                     "Non-UTF-8 code starting with '\\xff' in file f.py on line 2, but no encoding "
                     "declared; see https://peps.python.org/pep-0263/ for details");
    ck_assert(decode("x # \xFF\n", bytes, &error).invalid_utf8);
}
END_TEST

START_TEST(arenas) {
    char *large = arena_allocate(arena, 1 << 20), *small = arena_allocate(arena, 1);
    ck_assert_ptr_ne(large, small);
    ck_assert_uint_eq((uintptr_t)large % 16, 0);
    ck_assert_uint_eq((uintptr_t)small % 16, 0);
    size_t zeros = 0;
    while (zeros < 1 << 20 && large[zeros] == 0) {
        zeros++;
    }
    ck_assert_uint_eq(zeros, 1 << 20);
    const AstName *names[2000];
    for (int i = 0; i < 2000; i++) {
        char text[16];
        int length = snprintf(text, sizeof text, "n%d", i);
        names[i] = arena_intern(arena, text, (size_t)length);
        ck_assert_uint_eq(names[i]->index, (uint32_t)i);
    }
    ck_assert_ptr_eq(arena_intern(arena, "n7", 2), names[7]);
    ck_assert_uint_eq(arena_name_count(arena), 2000);
    ck_assert_uint_ge(arena_size(arena), 1 << 20);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("lexer");
    TCase *cases = tcase_create("lexer");
    tcase_add_checked_fixture(cases, start, stop);
    tcase_add_test(cases, operators);
    tcase_add_test(cases, words);
    tcase_add_test(cases, foreign_names);
    tcase_add_test(cases, numbers);
    tcase_add_test(cases, strings);
    tcase_add_test(cases, blocks);
    tcase_add_test(cases, brackets);
    tcase_add_test(cases, places);
    tcase_add_test(cases, encodings);
    tcase_add_test(cases, arenas);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
