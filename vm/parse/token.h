// SPDX-License-Identifier: MIT
//
// Tokens of Python source, as the lexer (lexer.h) makes and the parser reads them.
//
// Invariants: a token's text lies in the lexer's buffer. Columns are byte offsets from 0. INDENT,
// DEDENT and END have no text; their column is where the lexer stood, and `placeless` is set.
#ifndef LOCKSMITH_VM_PARSE_TOKEN_H
#define LOCKSMITH_VM_PARSE_TOKEN_H

#include "vm/parse/arena.h"

#include <stdbool.h>

// One table for the enum, for the grammar of diagnose_grammar.c and for messages:
// X(kind, spelling).
// clang-format off
#define TOKEN_OPERATORS(X)                                                                         \
    X(LEFT_PAREN, "(") X(RIGHT_PAREN, ")") X(LEFT_BRACKET, "[") X(RIGHT_BRACKET, "]")              \
    X(LEFT_BRACE, "{") X(RIGHT_BRACE, "}") X(COLON, ":") X(COMMA, ",") X(SEMICOLON, ";")           \
    X(PLUS, "+") X(MINUS, "-") X(STAR, "*") X(SLASH, "/") X(BAR, "|") X(AMPERSAND, "&")            \
    X(LESS, "<") X(GREATER, ">") X(EQUAL, "=") X(DOT, ".") X(PERCENT, "%") X(TILDE, "~")           \
    X(CIRCUMFLEX, "^") X(AT, "@") X(EQUAL_EQUAL, "==") X(NOT_EQUAL, "!=") X(LESS_EQUAL, "<=")      \
    X(GREATER_EQUAL, ">=") X(LEFT_SHIFT, "<<") X(RIGHT_SHIFT, ">>") X(STAR_STAR, "**")             \
    X(SLASH_SLASH, "//") X(ARROW, "->") X(ELLIPSIS, "...") X(WALRUS, ":=") X(PLUS_EQUAL, "+=")     \
    X(MINUS_EQUAL, "-=") X(STAR_EQUAL, "*=") X(SLASH_EQUAL, "/=") X(PERCENT_EQUAL, "%=")           \
    X(AMPERSAND_EQUAL, "&=") X(BAR_EQUAL, "|=") X(CIRCUMFLEX_EQUAL, "^=")                          \
    X(LEFT_SHIFT_EQUAL, "<<=") X(RIGHT_SHIFT_EQUAL, ">>=") X(STAR_STAR_EQUAL, "**=")               \
    X(SLASH_SLASH_EQUAL, "//=") X(AT_EQUAL, "@=")

#define TOKEN_KEYWORDS(X)                                                                          \
    X(FALSE, "False") X(NONE, "None") X(TRUE, "True") X(AND, "and") X(AS, "as")                    \
    X(ASSERT, "assert") X(ASYNC, "async") X(AWAIT, "await") X(BREAK, "break") X(CLASS, "class")    \
    X(CONTINUE, "continue") X(DEF, "def") X(DEL, "del") X(ELIF, "elif") X(ELSE, "else")            \
    X(EXCEPT, "except") X(FINALLY, "finally") X(FOR, "for") X(FROM, "from") X(GLOBAL, "global")    \
    X(IF, "if") X(IMPORT, "import") X(IN, "in") X(IS, "is") X(LAMBDA, "lambda")                    \
    X(NONLOCAL, "nonlocal") X(NOT, "not") X(OR, "or") X(PASS, "pass") X(RAISE, "raise")            \
    X(RETURN, "return") X(TRY, "try") X(WHILE, "while") X(WITH, "with") X(YIELD, "yield")
// clang-format on

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_NEWLINE,
    TOKEN_INDENT,
    TOKEN_DEDENT,
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_UNKNOWN,      // a printable character that means nothing, such as ? or $, and the old <>
    TOKEN_TYPE_COMMENT, // `# type: ...`; name is what follows the colon. Only if asked for
    TOKEN_ERROR,        // the last token when the lexer failed: Lexer.error says why
#define X(kind, spelling) TOKEN_##kind,
    TOKEN_OPERATORS(X) TOKEN_KEYWORDS(X)
#undef X
        TOKEN_KIND_COUNT
} TokenKind;

typedef struct Token {
    const char *start;
    const AstName *name; // of a NAME
    uint32_t length;
    int line, column, end_line, end_column;
    uint8_t kind;   // TokenKind
    uint8_t level;  // how many brackets are open after it
    bool placeless; // see above
} Token;

#endif
