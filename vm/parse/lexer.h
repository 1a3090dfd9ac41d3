// SPDX-License-Identifier: MIT
//
// The lexer: source text in, array of tokens out.
//
// All of the text is cut up before parsing begins, so the parser can go back and forth by index.
// When the lexer fails, the last token is an ERROR and `error` tells why; otherwise the last one is
// END. Which of a lexer's and a parser's error the user sees, the parser decides (diagnose.c).
#ifndef LOCKSMITH_VM_PARSE_LEXER_H
#define LOCKSMITH_VM_PARSE_LEXER_H

#include "vm/parse/parse.h"
#include "vm/parse/token.h"

enum {
    LEXER_MAX_BRACKETS = 200, // CPython's limits: programs see both
    LEXER_MAX_INDENTS = 100,
};

typedef struct LexerWarning {
    const char *kind; // of the literal: "decimal" and so on
    int line, column; // of its last character; the column in bytes from 0
} LexerWarning;

typedef struct Lexer {
    Arena *arena;           // for names, and the arrays below until lexer_free
    const char *text, *end; // *end is a zero byte
    int first_line;         // number of the text's first line
    int first_column;       // added to the columns of the first line: text that was cut from a line
    bool invalid_utf8;      // there are bytes that are not UTF-8
    bool byte_columns;      // errors' columns count bytes
    bool type_comments;     // make tokens of `# type: ...`, and note `# type: ignore`
    bool soft_async;        // async and await are keywords around async functions only
    bool end_is_newline;    // PARSE_SINGLE: the end of text ends the statement
    bool keep_blocks_open; // with it: but not the blocks around it (ParseOptions.dont_imply_dedent)

    Token *tokens; // a block of the arena, as the other arrays
    uint32_t count, capacity;
    LexerWarning *warnings;
    uint32_t warning_count;
    AstTypeIgnore **type_ignores;
    uint32_t type_ignore_count;

    SyntaxErrorInfo error;      // kind PARSE_OK: none. `text` is left to lexer_line.
    bool error_without_newline; // the line that goes with it is shown without its newline
    bool error_gives_way;       // the error is shown only if the parser had none before it
    bool unexpected_end;        // the ERROR is that the text ends in a bracket or after a backslash
    bool unterminated_at_end;   // the ERROR is that the text ends in a string
    int level;                  // brackets that are open at the end or at the error
    struct {
        char bracket;
        int line, column;
    } open[LEXER_MAX_BRACKETS];
} Lexer;

// Cuts up the text; the fields above `tokens` must be set, all others zero.
void lexer_run(Lexer *lexer);

void lexer_free(Lexer *lexer);

// The text of a line with its newline, borrowed; *length is 0 if there is no such line.
const char *lexer_line(const Lexer *lexer, int line, size_t *length);

#endif
