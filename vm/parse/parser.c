// SPDX-License-Identifier: MIT
//
// What all parts of the parser use (parser.h): failing, warning, nodes, sequences.
#include "vm/parse/parser.h"
#include "vm/parse/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --- failure -------------------------------------------------------------------------------------

void parser_fail(Parser *parser) {
    parser->error->kind = PARSE_OK;
    longjmp(*parser->failure, 1);
}

// Cuts the message at a character's border.
static void copy_message(SyntaxErrorInfo *error, const char *message) {
    size_t length = strlen(message), limit = sizeof error->message - 1;
    if (length > limit) {
        length = limit;
        while (length > 0 && ((unsigned char)message[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    memcpy(error->message, message, length);
    error->message[length] = 0;
}

static int column_from_1(const Lexer *lexer, const char *line, size_t length, int column) {
    return column <= 0 || (size_t)column > length || lexer->byte_columns
               ? column + 1
               : source_count_characters(line, (size_t)column) + 1;
}

void parser_set_error(Parser *parser, ParseErrorKind kind, int line, int column, int end_line,
                      int end_column, const char *message) {
    SyntaxErrorInfo *error = parser->error;
    *error = (SyntaxErrorInfo){.kind = kind, .line = line, .end_line = end_line};
    char prefixed[700];
    if (parser->in_fstring) {
        snprintf(prefixed, sizeof prefixed, "f-string: %s", message);
        message = prefixed;
    }
    copy_message(error, message);
    const Lexer *lexer = parser->lexer;
    // In a field, columns count from its start, but the tokens' from the start of the line in the
    // file.
    int shift = line == lexer->first_line ? lexer->first_column : 0;
    int end_shift = end_line == lexer->first_line ? lexer->first_column : 0;
    column -= shift;
    size_t length;
    const char *text = lexer_line(lexer, line, &length);
    error->text = text;
    error->text_length = length;
    error->column = column_from_1(lexer, text, length, column);
    if (end_column < 0) {
        error->end_column = end_column + 1;
        return;
    }
    end_column -= end_shift;
    // On another line, characters are counted by parser_set_text.
    error->end_column =
        end_line == line ? column_from_1(lexer, text, length, end_column) : end_column + 1;
}

// The line that goes with an error. When the reader was at it still, it is shown from where its
// reading began: several lines if they are joined by backslashes or by a string. Lines read before
// are shown without their newline.
void parser_set_text(Parser *parser, const Token *token) {
    const Lexer *lexer = parser->lexer;
    SyntaxErrorInfo *error = parser->error;
    if (error->line < token->end_line) {
        if (error->text_length > 0 && error->text[error->text_length - 1] == '\n') {
            error->text_length--;
        }
        // CPython takes the line where the error begins for the one where it ends, too.
        if (error->end_line != error->line && error->end_column > 0) {
            size_t column = (size_t)error->end_column - 1;
            column = column > error->text_length ? error->text_length : column;
            error->end_column = column_from_1(lexer, error->text, error->text_length, (int)column);
        }
        return;
    }
    const char *start = error->text;
    for (; token >= parser->tokens && token->end_line >= lexer->first_line; token--) {
        if (token->start < start && token->start + token->length > start) { // a string over lines
            start = token->start;
        } else if (token->start + token->length <= start) {
            const char *p = token->start + token->length;
            p += strspn(p, " \t\f");
            if (*p != '\\' || p[1] != '\n' || p >= start) {
                break;
            }
            start = p;
        }
        while (start > lexer->text && start[-1] != '\n') {
            start--;
        }
    }
    error->text_length += (size_t)(error->text - start);
    error->text = start;
}

void parser_raise(Parser *parser, ParseErrorKind kind, int line, int column, int end_line,
                  int end_column, const char *format, ...) {
    char message[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parser_set_error(parser, kind, line, column, end_line, end_column, message);
    parser_set_text(parser, parser->token);
    longjmp(*parser->failure, 1);
}

void parser_note_late_error(Parser *parser, int line, int column, int end_line, int end_column,
                            const char *format, ...) {
    if (parser->late_error.kind != PARSE_OK) {
        return;
    }
    char message[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    SyntaxErrorInfo saved = *parser->error;
    parser_set_error(parser, PARSE_SYNTAX_ERROR, line, column, end_line, end_column, message);
    parser->late_error = *parser->error;
    parser->late_error.text = NULL; // Python shows the line of the file, if there is one
    parser->late_error.text_length = 0;
    *parser->error = saved;
}

void parser_raise_too_deep(Parser *parser) {
    bool recursion = parser->depth <= PARSER_MAX_DEPTH;
    *parser->error = (SyntaxErrorInfo){
        .kind = recursion ? PARSE_RECURSION_ERROR : PARSE_MEMORY_ERROR, .no_position = true};
    if (recursion) {
        copy_message(parser->error, "maximum recursion depth exceeded during compilation");
    }
    longjmp(*parser->failure, 1);
}

// With parser->error set to what the warning is as an error; puts back what was there.
static void add_warning(Parser *parser, const char *message, bool is_syntax_warning,
                        const SyntaxErrorInfo *error_before) {
    ParseWarning *warning = arena_allocate(parser->arena, sizeof *warning);
    warning->message = arena_copy(parser->arena, message, strlen(message));
    warning->line = parser->error->line;
    warning->is_syntax_warning = is_syntax_warning;
    warning->as_error = *parser->error;
    // The text of the source goes before the warnings do.
    warning->as_error.text =
        source_copy_valid(parser->arena, parser->error->text, &warning->as_error.text_length);
    *parser->error = *error_before;
    *parser->warnings_end = warning;
    parser->warnings_end = &warning->next;
}

void parser_warn(Parser *parser, const Token *token, const char *format, ...) {
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    SyntaxErrorInfo before = *parser->error;
    parser_set_error(parser, PARSE_SYNTAX_ERROR, token->line, token->column, token->end_line,
                     token->end_column, message);
    parser_set_text(parser, parser->token);
    add_warning(parser, message, false, &before);
}

void parser_warn_of_literal(Parser *parser, const char *kind, int line, int column) {
    char message[300];
    snprintf(message, sizeof message, "invalid %s literal", kind);
    SyntaxErrorInfo before = *parser->error;
    parser_set_error(parser, PARSE_SYNTAX_ERROR, line, column, line, column, message);
    SyntaxErrorInfo *error = parser->error;
    if (error->text_length > 0 && error->text[error->text_length - 1] == '\n') {
        error->text_length--;
    }
    add_warning(parser, message, true, &before);
}

void *parser_try(Parser *parser, void *(*parse)(Parser *)) {
    jmp_buf here, *outer = parser->failure;
    const Token *token = parser->token;
    uint32_t mark = parser->stack_count;
    int depth = parser->depth;
    ParseWarning **warnings_end = parser->warnings_end;
    void *volatile result = NULL;
    parser->failure = &here;
    if (setjmp(here) == 0) {
        result = parse(parser);
        parser->failure = outer;
        return result;
    }
    parser->failure = outer;
    if (parser->error->kind != PARSE_OK) {
        longjmp(*outer, 1);
    }
    parser->token = token;
    parser->stack_count = mark;
    parser->depth = depth;
    parser->warnings_end = warnings_end;
    *warnings_end = NULL;
    return NULL;
}

bool parser_is_soft_keyword(const Token *token, const char *keyword) {
    size_t length = strlen(keyword);
    return token->kind == TOKEN_NAME && token->length == length &&
           memcmp(token->start, keyword, length) == 0;
}

// --- nodes ---------------------------------------------------------------------------------------

AstExpr *parser_new_expr(Parser *parser, AstExprKind kind, const Token *start) {
    AstExpr *node = ast_new_expr(parser->arena, kind);
    PARSER_SET_START(node, start);
    PARSER_SET_END(parser, node);
    return node;
}

AstStmt *parser_new_stmt(Parser *parser, AstStmtKind kind, const Token *start) {
    AstStmt *node = ast_new_stmt(parser->arena, kind);
    PARSER_SET_START(node, start);
    PARSER_SET_END_OF(node, parser_last_text(parser));
    return node;
}

void parser_push(Parser *parser, void *item) {
    if (parser->stack_count == parser->stack_capacity) {
        parser->stack_capacity = parser->stack_capacity * 2 + 64;
        parser->stack = arena_block_resize(parser->scratch, parser->stack,
                                           parser->stack_capacity * sizeof *parser->stack);
    }
    parser->stack[parser->stack_count++] = item;
}

void **parser_take(Parser *parser, uint32_t mark, uint32_t *count) {
    *count = parser->stack_count - mark;
    parser->stack_count = mark;
    if (*count == 0) {
        return NULL;
    }
    void **items = arena_allocate(parser->arena, *count * sizeof *items);
    memcpy(items, parser->stack + mark, *count * sizeof *items);
    return items;
}

// --- targets -------------------------------------------------------------------------------------

bool parser_make_target(AstExpr *node, AstContext context) {
    switch (node->kind) {
    case AST_NAME:
        node->name.ctx = context;
        return true;
    case AST_ATTRIBUTE:
        node->attribute.ctx = context;
        return true;
    case AST_SUBSCRIPT:
        node->subscript.ctx = context;
        return true;
    case AST_STARRED:
        node->starred.ctx = context;
        return context == AST_STORE && node->starred.value->kind != AST_STARRED &&
               parser_make_target(node->starred.value, context);
    case AST_TUPLE:
    case AST_LIST:
        node->tuple.ctx = context;
        for (uint32_t i = 0; i < node->tuple.elts.count; i++) {
            if (!parser_make_target(node->tuple.elts.items[i], context)) {
                return false;
            }
        }
        return true;
    default:
        return false;
    }
}

void parser_raise_version(Parser *parser, int version, const char *what) {
    if (parser->options.feature_version < version) {
        parser_raise_at_token(parser, "%s only supported in Python 3.%d and greater", what,
                              version);
    }
}
