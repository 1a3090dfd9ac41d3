// SPDX-License-Identifier: MIT
//
// What is wrong with a text that the parser gave up on, and where: CPython 3.11's messages at
// CPython's places.
//
// The grammar of diagnose_grammar.c is run twice from the outermost statement that could not be
// parsed: first to learn how far the text can be read as Python, which is where "invalid syntax"
// would be, then with the rules for common mistakes switched on. If those find nothing, the first
// pass has the say. An error of the lexer comes before any other that is found after it was met,
// and before a vague one found earlier.
#include "vm/parse/diagnose_grammar.h"
#include "vm/parse/parser.h"
#include "vm/parse/peg.h"
#include "vm/parse/source.h"

#include <stdio.h>
#include <string.h>

typedef struct Diagnosis {
    Parser *parser;
    const Lexer *lexer;
    Token *tokens;
    uint32_t farthest;       // the last token that was looked at
    uint32_t first_farthest; // the same when the first pass ended
    jmp_buf found;
    bool by_lexer; // the error is the lexer's
} Diagnosis;

// --- errors --------------------------------------------------------------------------------------

static void set_error(Diagnosis *diagnosis, ParseErrorKind kind, int line, int column, int end_line,
                      int end_column, const char *message) {
    parser_set_error(diagnosis->parser, kind, line, column, end_line, end_column, message);
    parser_set_text(diagnosis->parser, diagnosis->tokens + diagnosis->farthest);
}

// At a token, as one that was just read: one without a place is where the lexer stood.
static void set_error_at(Diagnosis *diagnosis, ParseErrorKind kind, const Token *token,
                         const char *message) {
    set_error(diagnosis, kind, token->line, token->column - (token->placeless ? 1 : 0),
              token->end_line, token->placeless ? -2 : token->end_column, message);
}

static void set_unclosed(Diagnosis *diagnosis) {
    const Lexer *lexer = diagnosis->lexer;
    int top = lexer->level - 1, line = lexer->open[top].line, column = lexer->open[top].column;
    char message[40];
    snprintf(message, sizeof message, "'%c' was never closed", lexer->open[top].bracket);
    if (line == lexer->first_line) {
        column += lexer->first_column;
    }
    set_error(diagnosis, PARSE_SYNTAX_ERROR, line, column, line, -1, message);
}

static void set_lexer_error(Diagnosis *diagnosis) {
    const Lexer *lexer = diagnosis->lexer;
    SyntaxErrorInfo *error = diagnosis->parser->error;
    *error = lexer->error;
    error->text = lexer_line(lexer, error->line, &error->text_length);
    if (lexer->error_without_newline && error->text_length > 0 &&
        error->text[error->text_length - 1] == '\n') {
        error->text_length--;
    }
    if (lexer->error_gives_way && error->kind == PARSE_SYNTAX_ERROR) {
        // After a backslash. Here the column counts from the start of the lines that are shown.
        const Token *token = &diagnosis->tokens[lexer->count - 1];
        parser_set_text(diagnosis->parser, token);
        const char *next = token->start + (token->start < lexer->end);
        error->column = source_count_characters(error->text, (size_t)(next - error->text));
    }
}

// The last token is the lexer's ERROR, and it was looked at.
static void set_error_of_lexer(Diagnosis *diagnosis) {
    const Lexer *lexer = diagnosis->lexer;
    if (!lexer->unexpected_end) {
        set_lexer_error(diagnosis);
    } else if (lexer->level > 0) {
        set_unclosed(diagnosis);
    } else {
        set_error_at(diagnosis, PARSE_SYNTAX_ERROR, &diagnosis->tokens[lexer->count - 1],
                     "unexpected EOF while parsing");
    }
}

static _Noreturn void found(Diagnosis *diagnosis) {
    longjmp(diagnosis->found, 1);
}

// --- trees of captures ---------------------------------------------------------------------------

static void *parse_capture_atom(Parser *parser) {
    return parse_atom(parser);
}
static void *parse_capture_expression(Parser *parser) {
    return parse_expression(parser);
}
static void *parse_capture_disjunction(Parser *parser) {
    return parse_disjunction(parser);
}
static void *parse_capture_bitwise_or(Parser *parser) {
    return parse_bitwise_or(parser);
}
static void *parse_capture_star_expression(Parser *parser) {
    return parse_star_expression(parser);
}
static void *parse_capture_star_expressions(Parser *parser) {
    return parse_star_expressions(parser);
}
static void *parse_capture_star_named_expression(Parser *parser) {
    return parse_star_named_expression(parser);
}
static void *parse_capture_yield(Parser *parser) {
    return parse_yield(parser);
}

static const struct {
    const char *rule;
    void *(*parse)(Parser *);
} capture_parsers[] = {
    {"expression", parse_capture_expression},
    {"plain_expression", parse_capture_expression},
    {"disjunction", parse_capture_disjunction},
    {"bitwise_or", parse_capture_bitwise_or},
    {"star_expressions", parse_capture_star_expressions},
    {"starred_expression", parse_capture_star_expression},
    {"star_named_expression", parse_capture_star_named_expression},
    {"yield_expr", parse_capture_yield},
    {"bad_annotation_target", parse_capture_atom},
};

// The expression that was captured, or NULL if it is none.
static AstExpr *capture_expr(Diagnosis *diagnosis, const PegCapture *capture) {
    Parser *parser = diagnosis->parser;
    if (capture->rule == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof capture_parsers / sizeof *capture_parsers; i++) {
        if (strcmp(capture_parsers[i].rule, peg_rule_name(capture->rule)) == 0) {
            const Token *saved = parser->token;
            parser->token = diagnosis->tokens + capture->start;
            parser->depth = 0;
            // What follows is nothing that the expression could go on with: "-x" in "-x in )".
            Token *after = diagnosis->tokens + capture->end;
            uint8_t kind = after->kind;
            after->kind = TOKEN_NEWLINE;
            AstExpr *node = parser_try(parser, capture_parsers[i].parse);
            after->kind = kind;
            parser->token = saved;
            return node;
        }
    }
    return NULL;
}

typedef struct Place {
    int line, column, end_line, end_column;
} Place;

static Place place_of_expr(const AstExpr *node) {
    return (Place){node->line, node->column, node->end_line, node->end_column};
}

static Place place_of_capture(Diagnosis *diagnosis, const PegCapture *capture) {
    AstExpr *node = capture_expr(diagnosis, capture);
    if (node != NULL) {
        return place_of_expr(node);
    }
    const Token *first = diagnosis->tokens + capture->start;
    const Token *last = diagnosis->tokens + capture->end - 1;
    bool parameter = capture->rule != NULL && strstr(peg_rule_name(capture->rule), "_no_default");
    if (last > first && last->kind == TOKEN_COMMA &&
        (parameter || strcmp(peg_rule_name(capture->rule), "star_named_expressions") == 0)) {
        last--;
    }
    return (Place){first->line, first->column, last->end_line, last->end_column};
}

// How messages call a kind of expression.
static const char *expression_name(const AstExpr *node) {
    switch (node->kind) {
    case AST_ATTRIBUTE:
        return "attribute";
    case AST_SUBSCRIPT:
        return "subscript";
    case AST_STARRED:
        return "starred";
    case AST_NAME:
        return "name";
    case AST_LIST:
        return "list";
    case AST_TUPLE:
        return "tuple";
    case AST_LAMBDA:
        return "lambda";
    case AST_CALL:
        return "function call";
    case AST_BOOL_OP:
    case AST_BIN_OP:
    case AST_UNARY_OP:
        return "expression";
    case AST_GENERATOR_EXP:
        return "generator expression";
    case AST_YIELD:
    case AST_YIELD_FROM:
        return "yield expression";
    case AST_AWAIT:
        return "await expression";
    case AST_LIST_COMP:
        return "list comprehension";
    case AST_SET_COMP:
        return "set comprehension";
    case AST_DICT_COMP:
        return "dict comprehension";
    case AST_DICT:
        return "dict literal";
    case AST_SET:
        return "set display";
    case AST_JOINED_STR:
    case AST_FORMATTED_VALUE:
        return "f-string expression";
    case AST_CONSTANT:
        switch (node->constant.kind) {
        case AST_CONSTANT_NONE:
            return "None";
        case AST_CONSTANT_TRUE:
            return "True";
        case AST_CONSTANT_FALSE:
            return "False";
        case AST_CONSTANT_ELLIPSIS:
            return "ellipsis";
        default:
            return "literal";
        }
    case AST_COMPARE:
        return "comparison";
    case AST_IF_EXP:
        return "conditional expression";
    case AST_NAMED_EXPR:
        return "named expression";
    case AST_SLICE:
        break;
    }
    return "expression";
}

// --- decisions -----------------------------------------------------------------------------------

typedef enum TargetUse { ASSIGNED, DELETED, LOOPED } TargetUse;

// The part of a supposed target that cannot be one, or NULL.
static const AstExpr *find_bad_target(const AstExpr *node, TargetUse use) {
    switch (node->kind) {
    case AST_NAME:
    case AST_ATTRIBUTE:
    case AST_SUBSCRIPT:
        return NULL;
    case AST_LIST:
    case AST_TUPLE:
        for (uint32_t i = 0; i < node->tuple.elts.count; i++) {
            const AstExpr *bad = find_bad_target(node->tuple.elts.items[i], use);
            if (bad != NULL) {
                return bad;
            }
        }
        return NULL;
    case AST_STARRED:
        return use == DELETED ? node : find_bad_target(node->starred.value, use);
    case AST_COMPARE: // "x in y" of a loop is read as a comparison
        if (use == LOOPED) {
            return node->compare.ops[0] == AST_IN ? find_bad_target(node->compare.left, use) : NULL;
        }
        return node;
    default:
        return node;
    }
}

static void check_target(Diagnosis *diagnosis, const PegCapture *capture, TargetUse use) {
    const AstExpr *node = capture_expr(diagnosis, capture);
    const AstExpr *bad = node == NULL ? NULL : find_bad_target(node, use);
    if (bad == NULL) {
        return;
    }
    char message[80];
    snprintf(message, sizeof message, use == DELETED ? "cannot delete %s" : "cannot assign to %s",
             expression_name(bad));
    set_error(diagnosis, PARSE_SYNTAX_ERROR, bad->line, bad->column, bad->end_line, bad->end_column,
              message);
    found(diagnosis);
}

static void report_range(Diagnosis *diagnosis, Place first, Place last, const char *message) {
    set_error(diagnosis, PARSE_SYNTAX_ERROR, first.line, first.column, last.end_line,
              last.end_column, message);
    found(diagnosis);
}

static bool is_legacy_name(const Token *token) {
    return parser_is_soft_keyword(token, "print") || parser_is_soft_keyword(token, "exec");
}

// print x
static void check_legacy_call(Diagnosis *diagnosis, const PegCapture *captures) {
    const Token *name = diagnosis->tokens + captures[0].start;
    if (is_legacy_name(name)) {
        char message[100];
        snprintf(message, sizeof message,
                 "Missing parentheses in call to '%.*s'. Did you mean %.*s(...)?",
                 (int)name->length, name->start, (int)name->length, name->start);
        report_range(diagnosis, place_of_capture(diagnosis, &captures[0]),
                     place_of_capture(diagnosis, &captures[1]), message);
    }
}

// Two expressions side by side, in brackets.
static void check_missing_comma(Diagnosis *diagnosis, const PegCapture *captures, uint32_t end) {
    const AstExpr *first = capture_expr(diagnosis, &captures[0]);
    bool legacy =
        first != NULL && first->kind == AST_NAME &&
        (strcmp(first->name.id->text, "print") == 0 || strcmp(first->name.id->text, "exec") == 0);
    if (!legacy && diagnosis->tokens[end - 1].level > 0) {
        report_range(diagnosis, place_of_capture(diagnosis, &captures[0]),
                     place_of_capture(diagnosis, &captures[1]),
                     "invalid syntax. Perhaps you forgot a comma?");
    }
}

// Walks over the arguments of a call, at whose first token *at is: moves on to the next one.
static bool next_argument(const Diagnosis *diagnosis, uint32_t *at, uint32_t end) {
    uint8_t level = diagnosis->tokens[*at].level;
    TokenKind kind = (TokenKind)diagnosis->tokens[*at].kind;
    level -= kind == TOKEN_LEFT_PAREN || kind == TOKEN_LEFT_BRACKET || kind == TOKEN_LEFT_BRACE;
    for (; *at < end; ++*at) {
        const Token *token = diagnosis->tokens + *at;
        if (token->kind == TOKEN_COMMA && token->level == level) {
            ++*at;
            return *at < end;
        }
    }
    return false;
}

// f(a, x for x in y)
static void check_bare_generator(Diagnosis *diagnosis, const PegCapture *captures) {
    uint32_t at = captures[0].start, last = at;
    int positional = 0;
    do {
        const Token *token = diagnosis->tokens + at;
        if (token->kind != TOKEN_STAR_STAR &&
            !(token->kind == TOKEN_NAME && token[1].kind == TOKEN_EQUAL)) {
            positional++;
            last = at;
        }
    } while (next_argument(diagnosis, &at, captures[0].end));
    if (positional > 1) {
        const Token *start = diagnosis->tokens + last;
        const Token *end = diagnosis->tokens + captures[1].end - 1;
        report_range(diagnosis, (Place){start->line, start->column, 0, 0},
                     (Place){0, 0, end->end_line, end->end_column},
                     "Generator expression must be parenthesized");
    }
}

static void report_positional_after_keyword(Diagnosis *diagnosis, const PegCapture *captures) {
    bool unpacking = false;
    uint32_t at = captures[0].start;
    do {
        unpacking |= diagnosis->tokens[at].kind == TOKEN_STAR_STAR;
    } while (next_argument(diagnosis, &at, captures[0].end));
    set_error_at(diagnosis, PARSE_SYNTAX_ERROR, diagnosis->tokens + diagnosis->farthest,
                 unpacking ? "positional argument follows keyword argument unpacking"
                           : "positional argument follows keyword argument");
    found(diagnosis);
}

static void report_missing_colon(Diagnosis *diagnosis, const PegCapture *captures) {
    Place place = place_of_capture(diagnosis, &captures[0]);
    set_error(diagnosis, PARSE_SYNTAX_ERROR, place.line, place.end_column - 1, place.end_line, -1,
              "':' expected after dictionary key");
    found(diagnosis);
}

// --- actions -------------------------------------------------------------------------------------

// The message with {kind}, {line} and {token} of the first capture filled in.
static void expand_message(Diagnosis *diagnosis, const char *text, const PegCapture *capture,
                           char *message, size_t size) {
    size_t length = 0;
    while (*text != 0 && length + 1 < size) {
        char part[80];
        if (strncmp(text, "{kind}", 6) == 0) {
            const AstExpr *node = capture_expr(diagnosis, capture);
            snprintf(part, sizeof part, "%s", node == NULL ? "expression" : expression_name(node));
            text += 6;
        } else if (strncmp(text, "{line}", 6) == 0) {
            snprintf(part, sizeof part, "%d", diagnosis->tokens[capture->start].line);
            text += 6;
        } else if (strncmp(text, "{token}", 7) == 0) {
            const Token *token = diagnosis->tokens + capture->start;
            snprintf(part, sizeof part, "%.*s", (int)token->length, token->start);
            text += 7;
        } else {
            part[0] = *text++;
            part[1] = 0;
        }
        length += (size_t)snprintf(message + length, size - length, "%s", part);
    }
}

static void act(void *context, const char *action, const PegCapture *captures, uint32_t end) {
    Diagnosis *diagnosis = context;
    ParseErrorKind kind = *action == '^' ? PARSE_INDENTATION_ERROR : PARSE_SYNTAX_ERROR;
    action += *action == '^';
    const char *space = strchr(action, ' ');
    if (space == NULL) {
        if (strcmp(action, "assign_target") == 0) {
            check_target(diagnosis, &captures[0], ASSIGNED);
        } else if (strcmp(action, "delete_target") == 0) {
            check_target(diagnosis, &captures[0], DELETED);
        } else if (strcmp(action, "loop_target") == 0) {
            check_target(diagnosis, &captures[0], LOOPED);
        } else if (strcmp(action, "missing_comma") == 0) {
            check_missing_comma(diagnosis, captures, end);
        } else if (strcmp(action, "legacy_call") == 0) {
            check_legacy_call(diagnosis, captures);
        } else if (strcmp(action, "missing_colon") == 0) {
            report_missing_colon(diagnosis, captures);
        } else if (strcmp(action, "bare_generator") == 0) {
            check_bare_generator(diagnosis, captures);
        } else if (strcmp(action, "positional_after_keyword") == 0) {
            report_positional_after_keyword(diagnosis, captures);
        }
        return;
    }
    char message[300] = "";
    expand_message(diagnosis, space + 1, &captures[0], message, sizeof message);
    const Token *farthest = diagnosis->tokens + diagnosis->farthest;
    if (*action == '.') {
        set_error_at(diagnosis, kind, farthest, message);
        found(diagnosis);
    }
    Place first = place_of_capture(diagnosis, &captures[*action == 'b']);
    Place last = first;
    if (strncmp(action, "a.. ", 4) == 0) { // as far as was read: the lexer's column, from 0
        last.end_line = farthest->end_line;
        last.end_column = farthest->end_column - 1;
    } else if (strncmp(action, "a..b", 4) == 0) {
        last = place_of_capture(diagnosis, &captures[1]);
    }
    set_error(diagnosis, kind, first.line, first.column, last.end_line, last.end_column, message);
    found(diagnosis);
}

// --- the passes ----------------------------------------------------------------------------------

static void read_token(void *context, uint32_t index) {
    Diagnosis *diagnosis = context;
    diagnosis->farthest = index;
    if (diagnosis->tokens[index].kind == TOKEN_ERROR) {
        set_error_of_lexer(diagnosis);
        diagnosis->by_lexer = true;
        found(diagnosis);
    }
}

// A literal's own errors come out when it is read.
static void read_literal(void *context, uint32_t index) {
    Diagnosis *diagnosis = context;
    Parser *parser = diagnosis->parser;
    parser->token = diagnosis->tokens + index;
    parser->depth = 0;
    parse_strings(parser);
}

static void report_missing(void *context, TokenKind kind, uint32_t at) {
    Diagnosis *diagnosis = context;
    set_error_at(diagnosis, PARSE_SYNTAX_ERROR, diagnosis->tokens + at,
                 kind == TOKEN_COLON ? "expected ':'" : "expected '('");
    found(diagnosis);
}

static void report_too_deep(void *context) {
    Diagnosis *diagnosis = context;
    *diagnosis->parser->error = (SyntaxErrorInfo){.kind = PARSE_MEMORY_ERROR, .no_position = true};
    found(diagnosis);
}

// An error that the lexer met later in the text takes the place of one found by the parser.
static void prefer_lexer_error(Diagnosis *diagnosis) {
    const Lexer *lexer = diagnosis->lexer;
    if (lexer->tokens[lexer->count - 1].kind != TOKEN_ERROR) {
        return;
    }
    if (!lexer->unexpected_end && !lexer->error_gives_way) {
        set_lexer_error(diagnosis);
    } else if (lexer->level > 0 &&
               diagnosis->tokens[diagnosis->farthest].line > lexer->open[lexer->level - 1].line) {
        set_unclosed(diagnosis);
    }
}

// Nothing better was found: `last` is the token the first pass could not get beyond.
static void set_vague_error(Diagnosis *diagnosis, const Token *last) {
    if (last->kind == TOKEN_INDENT || last->kind == TOKEN_DEDENT) {
        set_error_at(diagnosis, PARSE_INDENTATION_ERROR, diagnosis->tokens + diagnosis->farthest,
                     last->kind == TOKEN_INDENT ? "unexpected indent" : "unexpected unindent");
        return;
    }
    set_error(diagnosis, PARSE_SYNTAX_ERROR, last->line, last->placeless ? -1 : last->column,
              last->end_line, last->placeless ? -1 : last->end_column, "invalid syntax");
    prefer_lexer_error(diagnosis);
}

// Was the end of the text looked at?
static bool at_end_of_source(const Diagnosis *diagnosis) {
    const Lexer *lexer = diagnosis->lexer;
    const Token *token = diagnosis->tokens + diagnosis->farthest;
    switch (token->kind) {
    case TOKEN_ERROR:
        return lexer->unexpected_end || lexer->unterminated_at_end;
    case TOKEN_STRING: // ends with its quote; all others are read one character further
        return false;
    default:
        return token->start + token->length == lexer->end;
    }
}

// The second pass has to begin at the first token if something that is valid, but that a rule takes
// for a mistake, comes before: print [x].
static uint32_t second_start(const Diagnosis *diagnosis, uint32_t start) {
    for (uint32_t i = 0; i < start; i++) {
        TokenKind next = (TokenKind)diagnosis->tokens[i + 1].kind;
        if (is_legacy_name(&diagnosis->tokens[i]) &&
            (next == TOKEN_LEFT_BRACKET || next == TOKEN_PLUS || next == TOKEN_MINUS ||
             next == TOKEN_STAR)) {
            return 0;
        }
    }
    return start;
}

static void run(Diagnosis *diagnosis, Peg *peg, const char *rule, uint32_t start) {
    Parser *parser = diagnosis->parser;
    if (setjmp(diagnosis->found) == 0) {
        peg_match(peg, rule, start, false);
        parser->error->kind = PARSE_OK;
    }
    diagnosis->first_farthest = diagnosis->farthest;
    if (parser->options.allow_incomplete && !parser->in_fstring && at_end_of_source(diagnosis)) {
        set_error_at(diagnosis, PARSE_SYNTAX_ERROR, diagnosis->tokens + diagnosis->farthest,
                     "incomplete input");
        parser->error->incomplete = true;
        return;
    }
    if (parser->error->kind == PARSE_OK && setjmp(diagnosis->found) == 0) {
        peg_match(peg, rule, second_start(diagnosis, start), true);
        set_vague_error(diagnosis, diagnosis->tokens + diagnosis->first_farthest);
        return;
    }
    if (!diagnosis->by_lexer && parser->error->kind != PARSE_MEMORY_ERROR) {
        prefer_lexer_error(diagnosis);
    }
}

// The grammar, compiled at the first error of the process and kept.
static const PegGrammar *compiled_grammar(Arena *scratch) {
    static PegGrammar *kept; // published once, release; acquire
    PegGrammar *grammar = __atomic_load_n(&kept, __ATOMIC_ACQUIRE);
    if (grammar == NULL) {
        Arena *arena = arena_create();
        if (arena == NULL) {
            arena_fail(scratch);
        }
        jmp_buf out_of_memory;
        arena_set_escape(arena, &out_of_memory);
        if (setjmp(out_of_memory) != 0) {
            arena_destroy(arena);
            arena_fail(scratch);
        }
        PegGrammar *fresh = peg_compile(arena, diagnose_grammar);
        arena_set_escape(arena, NULL); // it takes no more
        if (__atomic_compare_exchange_n(&kept, &grammar, fresh, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
            grammar = fresh;
        } else {
            peg_grammar_free(fresh);
        }
    }
    return grammar;
}

void parser_diagnose(Parser *parser) {
    static const char *const rules[] = {
        [PARSE_FILE] = "file",
        [PARSE_EVAL] = "eval",
        [PARSE_SINGLE] = "interactive",
        [PARSE_FUNCTION_TYPE] = "eval", // what is common to both is said as for an expression
    };
    Diagnosis diagnosis = {.parser = parser, .lexer = parser->lexer, .tokens = parser->tokens};
    PegClient client = {&diagnosis, read_token, read_literal, act, report_missing, report_too_deep};
    Peg *peg =
        peg_create(parser->scratch, compiled_grammar(parser->scratch), parser->tokens, client);
    // Errors inside of literals, met while trees of captures are made, come out here.
    jmp_buf literal, *outer = parser->failure;
    parser->failure = &literal;
    if (setjmp(literal) == 0) {
        run(&diagnosis, peg, parser->in_fstring ? "fstring" : rules[parser->mode],
            (uint32_t)(parser->statement - parser->tokens));
    } else {
        prefer_lexer_error(&diagnosis);
    }
    parser->failure = outer;
    peg_free(peg);
}

void parser_prefer_lexer_error(Parser *parser) {
    if (parser->error->kind == PARSE_SYNTAX_ERROR ||
        parser->error->kind == PARSE_INDENTATION_ERROR) {
        Diagnosis diagnosis = {.parser = parser, .lexer = parser->lexer, .tokens = parser->tokens};
        diagnosis.farthest = (uint32_t)(parser->token - parser->tokens);
        prefer_lexer_error(&diagnosis);
    }
}
