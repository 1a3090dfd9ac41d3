// SPDX-License-Identifier: MIT
//
// What the files of the parser share. Private to vm/parse.
//
// The parser is a recursive descent by hand over an array of tokens. It accepts exactly the
// language and builds the tree; when it meets anything else it gives up at once (parser_fail) and
// says nothing, because good messages need other information than good programs: diagnose.c then
// looks for what was meant. Errors that the text of one token causes, as in strings, are raised
// where they are found (parser_raise).
#ifndef LOCKSMITH_VM_PARSE_PARSER_H
#define LOCKSMITH_VM_PARSE_PARSER_H

#include "vm/parse/ast_build.h"
#include "vm/parse/lexer.h"
#include "vm/parse/parse.h"
#include "vm/parse/token.h"

#include <setjmp.h>

enum {
    PARSER_MAX_DEPTH = 6000
}; // nested calls of the parser's functions that recurse over the source

// What is being parsed: its tokens are part of a file, or of a replacement field of an f-string.
typedef struct Parser {
    Arena *arena;   // of the tree
    Arena *scratch; // freed after parsing
    const Lexer *lexer;
    Token *tokens;
    const Token *token;     // the next one
    const Token *statement; // first token of the outermost statement being parsed
    ParseMode mode;
    ParseOptions options;
    bool in_fstring; // tokens are those of a replacement field
    int depth;

    void **stack; // a block of scratch: items of sequences that are not complete yet
    uint32_t stack_count, stack_capacity;

    jmp_buf *failure;
    SyntaxErrorInfo *error; // kind PARSE_OK after parser_fail
    ParseWarning **warnings_end;
    // What the compiler proper finds only after parsing, first in the source: kept until the parse
    // succeeds.
    SyntaxErrorInfo late_error;
} Parser;

// --- failure -------------------------------------------------------------------------------------

// Not the language.
_Noreturn void parser_fail(Parser *parser);

// A certain error. Columns are byte offsets into their lines from 0; -1 as end_column: unknown.
_Noreturn void parser_raise(Parser *parser, ParseErrorKind kind, int line, int column, int end_line,
                            int end_column, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

// Fills parser->error in that way and returns.
void parser_set_error(Parser *parser, ParseErrorKind kind, int line, int column, int end_line,
                      int end_column, const char *message);

// Then corrects the line that is shown with it: `token` is the last one that was read.
void parser_set_text(Parser *parser, const Token *token);

// Remembers an error to be raised if there is no other. Keeps the first one.
void parser_note_late_error(Parser *parser, int line, int column, int end_line, int end_column,
                            const char *format, ...) __attribute__((format(printf, 6, 7)));

_Noreturn void parser_raise_too_deep(Parser *parser);

// Raises if what was just read needs a later Python than ParseOptions.feature_version; `what` is
// like "Pattern matching is".
void parser_raise_version(Parser *parser, int version, const char *what);
static inline void parser_require(Parser *parser, int version, const char *what) {
    if (__builtin_expect(parser->options.feature_version != 0, 0)) {
        parser_raise_version(parser, version, what);
    }
}

// The same for what nothing needs to be read after: it is placed at the last token of it.
static inline void parser_require_read(Parser *parser, int version, const char *what) {
    if (__builtin_expect(parser->options.feature_version != 0, 0)) {
        parser->token--;
        parser_raise_version(parser, version, what);
        parser->token++;
    }
}

// A DeprecationWarning for a string.
void parser_warn(Parser *parser, const Token *token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
// A SyntaxWarning for a number whose last character is at a column.
void parser_warn_of_literal(Parser *parser, const char *kind, int line, int column);

static inline void parser_enter(Parser *parser) {
    if (__builtin_expect(++parser->depth > PARSER_MAX_DEPTH, 0)) {
        parser_raise_too_deep(parser);
    }
}

static inline void parser_leave(Parser *parser) {
    parser->depth--;
}

// Calls `parse`; if that fails without a certain error, puts everything back and returns NULL.
void *parser_try(Parser *parser, void *(*parse)(Parser *));

// --- tokens --------------------------------------------------------------------------------------

static inline TokenKind parser_peek(const Parser *parser) {
    return (TokenKind)parser->token->kind;
}

static inline TokenKind parser_peek_second(const Parser *parser) {
    return parser->token->kind == TOKEN_END || parser->token->kind == TOKEN_ERROR
               ? (TokenKind)parser->token->kind
               : (TokenKind)parser->token[1].kind;
}

static inline const Token *parser_next(Parser *parser) {
    return parser->token++;
}

static inline bool parser_accept(Parser *parser, TokenKind kind) {
    if (parser->token->kind == kind) {
        parser->token++;
        return true;
    }
    return false;
}

static inline const Token *parser_expect(Parser *parser, TokenKind kind) {
    if (__builtin_expect(parser->token->kind != kind, 0)) {
        parser_fail(parser);
    }
    return parser->token++;
}

static inline const AstName *parser_expect_name(Parser *parser) {
    return parser_expect(parser, TOKEN_NAME)->name;
}

bool parser_is_soft_keyword(const Token *token, const char *keyword);

// --- nodes ---------------------------------------------------------------------------------------

// The node begins at `start` and ends with the last token taken. Complete it, then pass it to
// parser_done.
AstExpr *parser_new_expr(Parser *parser, AstExprKind kind, const Token *start);
AstStmt *parser_new_stmt(Parser *parser, AstStmtKind kind, const Token *start);

#define PARSER_SET_START(node, from)                                                               \
    do {                                                                                           \
        __typeof__(from) start_of_node = (from);                                                   \
        (node)->line = start_of_node->line;                                                        \
        (node)->column = start_of_node->column;                                                    \
    } while (0)

// Ends with the last token taken.
#define PARSER_SET_END(parser, node)                                                               \
    ((node)->end_line = (parser)->token[-1].end_line,                                              \
     (node)->end_column = (parser)->token[-1].end_column)

// The last token taken that has text: no NEWLINE, no DEDENT. It is where statements end.
static inline const Token *parser_last_text(const Parser *parser) {
    const Token *token = parser->token - 1;
    while (token->kind <= TOKEN_DEDENT && token > parser->tokens) {
        token--;
    }
    return token;
}

// Ends where another node or token ends.
#define PARSER_SET_END_OF(node, last)                                                              \
    ((node)->end_line = (last)->end_line, (node)->end_column = (last)->end_column)

static inline AstExpr *parser_done(Parser *parser, AstExpr *node) {
    if (__builtin_expect(!ast_measure_expr(node), 0)) {
        parser_raise_too_deep(parser);
    }
    return node;
}

static inline AstStmt *parser_done_stmt(Parser *parser, AstStmt *node) {
    if (__builtin_expect(!ast_measure_stmt(node), 0)) {
        parser_raise_too_deep(parser);
    }
    return node;
}

// Sequences: remember the mark, push the items, take what is above the mark.
static inline uint32_t parser_mark(const Parser *parser) {
    return parser->stack_count;
}
void parser_push(Parser *parser, void *item);
void **parser_take(Parser *parser, uint32_t mark, uint32_t *count);

#define PARSER_TAKE(parser, mark, sequence)                                                        \
    ((sequence).items = (__typeof__((sequence).items))parser_take(parser, mark, &(sequence).count))

// --- expressions (parse_expression.c, parse_atom.c) ----------------------------------------------

AstExpr *parse_expression(Parser *parser);       // a conditional, a lambda, or what binds tighter
AstExpr *parse_named_expression(Parser *parser); // or NAME := expression
AstExpr *parse_disjunction(Parser *parser);
AstExpr *parse_bitwise_or(Parser *parser);
AstExpr *parse_star_expressions(Parser *parser); // with commas and stars: what a statement may be
AstExpr *parse_star_expression(Parser *parser);
AstExpr *parse_star_named_expression(Parser *parser);
AstExpr *parse_yield(Parser *parser); // at `yield`
AstExpr *parse_yield_or_star_expressions(Parser *parser);
AstExpr *parse_primary(Parser *parser, bool allow_await);
AstExpr *parse_atom(Parser *parser);
AstExpr *parse_expressions(Parser *parser); // with commas, without stars
AstExpr *parse_target(Parser *parser);      // one, with or without star; Store context
AstExpr *parse_target_list(Parser *parser); // up to `in`; Store context
AstExpr *parse_subject(Parser *parser);     // of a match statement
void parse_call_arguments(Parser *parser, bool allow_bare_generator, AstExprSeq *arguments,
                          AstKeywordSeq *keywords);             // after "("; takes ")"
AstComprehensionSeq parse_comprehensions(Parser *parser);       // at `for` or `async`
AstArguments *parse_parameters(Parser *parser, bool is_lambda); // up to but not with ")" or ":"

// Could an expression begin with this token?
bool parser_starts_expression(TokenKind kind);

// Turns what was parsed as a value into a target; false if it cannot be one.
bool parser_make_target(AstExpr *node, AstContext context);

// Integers, floats, imaginary numbers (parse_number.c).
AstExpr *parse_number(Parser *parser);

// One or more literals side by side (parse_string.c).
AstExpr *parse_strings(Parser *parser);

// Text that grows, in a block of an arena; all but that is 0 when it is empty.
typedef struct TextBuffer {
    Arena *arena;
    char *data;
    size_t length, capacity;
} TextBuffer;

void text_reserve(TextBuffer *buffer, size_t more);
void text_append(TextBuffer *buffer, const char *data, size_t length);

// What a literal's text stands for, appended in UTF-8 (parse_string.c). `token` is the literal it
// is part of.
void parser_decode_text(Parser *parser, const Token *token, const char *text, size_t length,
                        bool raw, TextBuffer *buffer);

// An error in a literal: placed at the token after it, as in CPython.
_Noreturn void parser_raise_at_token(Parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The parts of an f-string (parse_fstring.c): pushes Constants and FormattedValues. Literal text
// that other parts may still be added to is left in `literal`. first and last: the group of
// literals, whose place all nodes have.
typedef struct LiteralGroup {
    const Token *first, *last;
    bool u_prefix;
    TextBuffer literal;
} LiteralGroup;

void parser_push_literal(Parser *parser, LiteralGroup *group); // the text so far, if any
void parse_fstring(Parser *parser, LiteralGroup *group, const Token *token, const char *text,
                   const char *end, bool raw);
AstExpr *parser_new_literal(Parser *parser, AstExprKind kind, const LiteralGroup *group);

// --- statements (parse_statement.c, parse_compound.c, parse_pattern.c) ---------------------------

void parse_statement(Parser *parser);              // pushes one or more
void parse_simple_statements(Parser *parser);      // one line's; pushes them
AstStmt *parse_compound_statement(Parser *parser); // or NULL: the next token does not begin one
AstStmtSeq parse_block(Parser *parser);            // with the ":" before it
const AstName *parse_type_comment(Parser *parser); // or NULL
AstStmt *parse_match(Parser *parser);              // NULL: not a match statement after all

// --- a whole text --------------------------------------------------------------------------------

// Parses a replacement field's expression, `text` being put in parentheses; it starts where `line`
// and `column` say.
AstExpr *parser_parse_field(Parser *parser, const char *text, size_t length, int line, int column);

// Finds out what is wrong with the text, and raises or fills parser->error (diagnose.c).
void parser_diagnose(Parser *parser);

// Replaces the error that was raised if the lexer met one further on that comes first.
void parser_prefer_lexer_error(Parser *parser);

#endif
