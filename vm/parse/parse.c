// SPDX-License-Identifier: MIT
//
// The parser's entry: see parse.h. Decodes, cuts into tokens, parses, and on failure asks
// diagnose.c for the reason.
#include "vm/parse/parse.h"
#include "vm/parse/parser.h"
#include "vm/parse/source.h"

#include <stdlib.h>
#include <string.h>

// --- the three kinds of text ---------------------------------------------------------------------

static AstStmtSeq take_statements(Parser *parser, uint32_t mark) {
    AstStmtSeq statements;
    PARSER_TAKE(parser, mark, statements);
    return statements;
}

static AstStmtSeq parse_file(Parser *parser) {
    uint32_t mark = parser_mark(parser);
    while (parser_peek(parser) != TOKEN_END) {
        parser->statement = parser->token;
        parse_statement(parser);
    }
    return take_statements(parser, mark);
}

static AstStmtSeq parse_interactive(Parser *parser) {
    uint32_t mark = parser_mark(parser);
    const Token *start = parser->token;
    if (parser_accept(parser, TOKEN_NEWLINE)) {
        parser_push(parser, parser_done_stmt(parser, parser_new_stmt(parser, AST_PASS, start)));
        return take_statements(parser, mark);
    }
    AstStmt *compound = parse_compound_statement(parser);
    if (compound == NULL) {
        parse_simple_statements(parser);
    } else {
        parser_push(parser, compound);
        parser_expect(parser, TOKEN_NEWLINE);
    }
    return take_statements(parser, mark);
}

// (types) -> type, with stars before the types of *args and **kwargs.
static void parse_function_type(Parser *parser, AstModule *module) {
    uint32_t mark = parser_mark(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN);
    bool more = parser_peek(parser) != TOKEN_RIGHT_PAREN;
    for (TokenKind last = TOKEN_COMMA; more; more = parser_accept(parser, TOKEN_COMMA)) {
        TokenKind star = parser_peek(parser);
        bool starred = star == TOKEN_STAR || star == TOKEN_STAR_STAR;
        // First those without a star, then one with one, then one with two.
        if (last == TOKEN_STAR_STAR || (last == TOKEN_STAR && star != TOKEN_STAR_STAR)) {
            parser_fail(parser);
        }
        if (starred) {
            parser_next(parser);
            last = star;
        }
        parser_push(parser, parse_expression(parser));
    }
    parser_expect(parser, TOKEN_RIGHT_PAREN);
    PARSER_TAKE(parser, mark, module->argtypes);
    parser_expect(parser, TOKEN_ARROW);
    module->expression = parse_expression(parser);
    while (parser_accept(parser, TOKEN_NEWLINE)) {
    }
    parser_expect(parser, TOKEN_END);
}

static void parse_module(Parser *parser, AstModule *module) {
    switch (parser->mode) {
    case PARSE_FILE:
        module->kind = AST_MODULE;
        module->body = parse_file(parser);
        break;
    case PARSE_SINGLE:
        module->kind = AST_INTERACTIVE;
        module->body = parse_interactive(parser);
        break;
    case PARSE_EVAL:
        module->kind = AST_EXPRESSION;
        module->expression = parse_expressions(parser);
        while (parser_accept(parser, TOKEN_NEWLINE)) {
        }
        parser_expect(parser, TOKEN_END);
        break;
    case PARSE_FUNCTION_TYPE:
        module->kind = AST_FUNCTION_TYPE;
        parse_function_type(parser, module);
        break;
    }
}

// In interactive mode nothing may follow but blank lines and comments. The blanks that the text
// ends with look like a line of another depth.
static void check_single_statement(Parser *parser) {
    while (parser_accept(parser, TOKEN_NEWLINE) || parser_accept(parser, TOKEN_INDENT) ||
           parser_accept(parser, TOKEN_DEDENT)) {
    }
    if (parser_peek(parser) == TOKEN_END) {
        return;
    }
    const Token *last = parser->token;
    while (last > parser->tokens && last->kind != TOKEN_NEWLINE) {
        last--;
    }
    parser->token = last;
    parser_raise(parser, PARSE_SYNTAX_ERROR, last->line, last->column, last->end_line,
                 last->end_column, "multiple statements found while compiling a single statement");
}

// --- replacement fields of f-strings -------------------------------------------------------------

AstExpr *parser_parse_field(Parser *parser, const char *text, size_t length, int line, int column) {
    char *copy = arena_allocate(parser->scratch, length + 4);
    copy[0] = '(';
    memcpy(copy + 1, text, length);
    copy[length + 1] = ')';
    copy[length + 2] = '\n';
    Lexer *lexer = arena_allocate(parser->scratch, sizeof *lexer);
    lexer->arena = parser->arena;
    lexer->text = copy;
    lexer->end = copy + length + 3;
    lexer->invalid_utf8 = parser->lexer->invalid_utf8;
    lexer->byte_columns = true;
    lexer->first_line = line;
    lexer->first_column = column;
    lexer_run(lexer);

    Parser outer = *parser;
    jmp_buf here;
    parser->lexer = lexer;
    parser->tokens = lexer->tokens;
    parser->token = parser->statement = lexer->tokens;
    parser->in_fstring = true;
    parser->failure = &here;
    AstExpr *volatile node = NULL;
    if (setjmp(here) == 0) {
        node = parse_star_expressions(parser);
    } else if (parser->error->kind == PARSE_OK) {
        parser_diagnose(parser);
    } else {
        parser_prefer_lexer_error(parser);
    }
    lexer_free(lexer);
    parser->lexer = outer.lexer;
    parser->tokens = outer.tokens;
    parser->token = outer.token;
    parser->statement = outer.statement;
    parser->in_fstring = outer.in_fstring;
    parser->failure = outer.failure;
    if (node == NULL) {
        longjmp(*outer.failure, 1);
    }
    return node;
}

// --- the entry -----------------------------------------------------------------------------------

static void warn_of_literals(Parser *parser, const Lexer *lexer) {
    for (uint32_t i = 0; i < lexer->warning_count; i++) {
        const LexerWarning *warning = &lexer->warnings[i];
        parser_warn_of_literal(parser, warning->kind, warning->line, warning->column);
    }
}

static AstModule *run_parser(Parser *parser) {
    jmp_buf here;
    AstModule *module = arena_allocate(parser->arena, sizeof *module);
    parser->failure = &here;
    if (setjmp(here) == 0) {
        parse_module(parser, module);
        if (parser->mode == PARSE_SINGLE) {
            check_single_statement(parser);
        }
        if (parser->late_error.kind != PARSE_OK && !parser->options.only_tree) {
            *parser->error = parser->late_error;
            return NULL;
        }
        return module;
    }
    ParseWarning **warnings_end = parser->warnings_end; // it reads again what has warned already
    if (parser->error->kind == PARSE_OK) {
        parser_diagnose(parser);
    } else {
        parser_prefer_lexer_error(parser);
    }
    *warnings_end = NULL;
    return NULL;
}

// What parse_source is given and gives.
typedef struct {
    Arena *arena, *scratch;
    const char *source;
    size_t length;
    ParseMode mode;
    ParseOptions options;
    SyntaxErrorInfo *error;
    ParseResult result;
} Parse;

static void parse_decoded(Parse *parse, const Source *text) {
    const ParseOptions *options = &parse->options;
    Lexer lexer = {.arena = parse->arena,
                   .text = text->text,
                   .end = text->text + text->length,
                   .first_line = 1,
                   .invalid_utf8 = text->invalid_utf8,
                   .byte_columns = !options->ignore_cookie && text->encoding == NULL &&
                                   options->filename == NULL,
                   .type_comments = options->type_comments,
                   .soft_async = options->feature_version > 0 && options->feature_version < 7,
                   .end_is_newline = parse->mode == PARSE_SINGLE,
                   .keep_blocks_open = parse->mode == PARSE_SINGLE && options->dont_imply_dedent};
    lexer_run(&lexer);
    Parser parser = {.arena = parse->arena,
                     .scratch = parse->scratch,
                     .lexer = &lexer,
                     .tokens = lexer.tokens,
                     .token = lexer.tokens,
                     .statement = lexer.tokens,
                     .mode = parse->mode,
                     .options = *options,
                     .error = parse->error,
                     .warnings_end = &parse->result.warnings};
    warn_of_literals(&parser, &lexer);
    AstModule *module = run_parser(&parser);
    if (module != NULL && lexer.type_ignore_count > 0) {
        size_t size = lexer.type_ignore_count * sizeof *lexer.type_ignores;
        module->type_ignores.count = lexer.type_ignore_count;
        module->type_ignores.items = arena_allocate(parse->arena, size);
        memcpy(module->type_ignores.items, lexer.type_ignores, size);
    }
    parse->result.module = module;
    lexer_free(&lexer);
}

static void parse_text(Parse *parse) {
    Source text = {0};
    SyntaxErrorInfo *error = parse->error;
    bool decoded = source_decode(parse->scratch, parse->source, parse->length, parse->mode,
                                 parse->options, &text, error);
    if (text.encoding != NULL) {
        parse->result.encoding = arena_copy(parse->arena, text.encoding, strlen(text.encoding));
    }
    if (decoded) {
        parse_decoded(parse, &text);
    }
    if (error->text != NULL) {
        error->text = source_copy_valid(parse->arena, error->text, &error->text_length);
    }
}

// parse_text, which may run out of memory.
static void parse_text_or_fail(Parse *parse) {
    jmp_buf out_of_memory;
    jmp_buf *outer = arena_set_escape(parse->arena, &out_of_memory);
    arena_set_escape(parse->scratch, &out_of_memory);
    if (setjmp(out_of_memory) == 0) {
        parse_text(parse);
    } else {
        parse->result = (ParseResult){0};
        *parse->error = (SyntaxErrorInfo){.kind = PARSE_MEMORY_ERROR, .no_position = true};
    }
    arena_set_escape(parse->arena, outer);
}

ParseResult parse_source(Arena *arena, const char *source, size_t length, ParseMode mode,
                         ParseOptions options, SyntaxErrorInfo *error) {
    *error = (SyntaxErrorInfo){0};
    Parse parse = {.arena = arena,
                   .scratch = arena_create(),
                   .source = source,
                   .length = length,
                   .mode = mode,
                   .options = options,
                   .error = error};
    if (parse.scratch == NULL) {
        *error = (SyntaxErrorInfo){.kind = PARSE_MEMORY_ERROR, .no_position = true};
        return parse.result;
    }
    arena_set_limit(parse.scratch, arena_limit(arena));
    parse_text_or_fail(&parse);
    arena_destroy(parse.scratch);
    return parse.result;
}
