// SPDX-License-Identifier: MIT
//
// Compound statements, but for match (parse_pattern.c).
#include "vm/parse/parser.h"

const AstName *parse_type_comment(Parser *parser) {
    return parser_peek(parser) == TOKEN_TYPE_COMMENT ? parser_next(parser)->name : NULL;
}

// A function's may also stand alone in the first line of its body.
static const AstName *parse_function_type_comment(Parser *parser) {
    const AstName *comment = parse_type_comment(parser);
    const Token *token = parser->token;
    if (token[0].kind != TOKEN_NEWLINE || token[1].kind != TOKEN_TYPE_COMMENT ||
        token[2].kind != TOKEN_NEWLINE || token[3].kind != TOKEN_INDENT) {
        return comment;
    }
    if (comment != NULL) {
        parser->token += 3;
        parser_raise_at_token(parser, "Cannot have two type comments on def");
    }
    parser->token += 2;
    return token[1].name;
}

static AstStmtSeq parse_body(Parser *parser) { // after the colon
    uint32_t mark = parser_mark(parser);
    if (parser_accept(parser, TOKEN_NEWLINE)) {
        parser_expect(parser, TOKEN_INDENT);
        parser_enter(parser);
        do {
            parse_statement(parser);
        } while (!parser_accept(parser, TOKEN_DEDENT));
        parser_leave(parser);
    } else {
        parse_simple_statements(parser);
    }
    AstStmtSeq statements;
    PARSER_TAKE(parser, mark, statements);
    return statements;
}

AstStmtSeq parse_block(Parser *parser) {
    parser_expect(parser, TOKEN_COLON);
    return parse_body(parser);
}

static AstStmtSeq parse_optional_block(Parser *parser, TokenKind keyword) {
    return parser_accept(parser, keyword) ? parse_block(parser) : (AstStmtSeq){0, NULL};
}

// --- if, while, for ------------------------------------------------------------------------------

static AstStmt *parse_if(Parser *parser) {
    uint32_t mark = parser_mark(parser);
    do { // each arm: an If that still lacks its orelse
        AstStmt *arm = ast_new_stmt(parser->arena, AST_IF);
        PARSER_SET_START(arm, parser_next(parser));
        arm->if_.test = parse_named_expression(parser);
        arm->if_.body = parse_block(parser);
        parser_push(parser, arm);
    } while (parser_peek(parser) == TOKEN_ELIF);
    AstStmtSeq orelse = parse_optional_block(parser, TOKEN_ELSE);
    const Token *last = parser_last_text(parser);
    for (;;) {
        AstStmt *arm = parser->stack[--parser->stack_count];
        arm->if_.orelse = orelse;
        PARSER_SET_END_OF(arm, last);
        parser_done_stmt(parser, arm);
        if (parser_mark(parser) == mark) {
            return arm;
        }
        orelse.count = 1;
        orelse.items = arena_allocate(parser->arena, sizeof *orelse.items);
        orelse.items[0] = arm;
    }
}

static AstStmt *parse_while(Parser *parser) {
    const Token *start = parser_next(parser);
    AstExpr *test = parse_named_expression(parser);
    AstStmtSeq body = parse_block(parser);
    AstStmtSeq orelse = parse_optional_block(parser, TOKEN_ELSE);
    AstStmt *node = parser_new_stmt(parser, AST_WHILE, start);
    node->while_.test = test;
    node->while_.body = body;
    node->while_.orelse = orelse;
    return parser_done_stmt(parser, node);
}

// `start`: async, or for itself. The next token is for.
static AstStmt *parse_for(Parser *parser, const Token *start) {
    parser_next(parser);
    AstExpr *target = parse_target_list(parser);
    parser_expect(parser, TOKEN_IN);
    AstExpr *iter = parse_star_expressions(parser);
    parser_expect(parser, TOKEN_COLON);
    const AstName *type_comment = parse_type_comment(parser);
    AstStmtSeq body = parse_body(parser);
    AstStmtSeq orelse = parse_optional_block(parser, TOKEN_ELSE);
    AstStmt *node =
        parser_new_stmt(parser, start->kind == TOKEN_ASYNC ? AST_ASYNC_FOR : AST_FOR, start);
    node->for_.target = target;
    node->for_.iter = iter;
    node->for_.body = body;
    node->for_.orelse = orelse;
    node->for_.type_comment = type_comment;
    if (start->kind == TOKEN_ASYNC) {
        parser_require(parser, 5, "Async for loops are");
    }
    return parser_done_stmt(parser, node);
}

// --- with ----------------------------------------------------------------------------------------

static void push_with_item(Parser *parser) {
    AstWithItem *item = arena_allocate(parser->arena, sizeof *item);
    item->context_expr = parse_expression(parser);
    if (parser_accept(parser, TOKEN_AS)) {
        item->optional_vars = parse_target(parser);
    }
    parser_push(parser, item);
}

// For parser_try: with (a as b, c): in parentheses. Leaves the items pushed; returns anything but
// NULL.
static void *parse_parenthesised_items(Parser *parser) {
    parser_next(parser);
    do {
        push_with_item(parser);
    } while (parser_accept(parser, TOKEN_COMMA) && parser_peek(parser) != TOKEN_RIGHT_PAREN);
    parser_expect(parser, TOKEN_RIGHT_PAREN);
    if (parser_peek(parser) != TOKEN_COLON) {
        parser_fail(parser);
    }
    return parser;
}

static AstStmt *parse_with(Parser *parser, const Token *start) {
    parser_next(parser);
    uint32_t mark = parser_mark(parser);
    bool parenthesised = parser_peek(parser) == TOKEN_LEFT_PAREN &&
                         parser_try(parser, parse_parenthesised_items) != NULL;
    if (!parenthesised) {
        do {
            push_with_item(parser);
        } while (parser_accept(parser, TOKEN_COMMA));
    }
    AstWithItemSeq items;
    PARSER_TAKE(parser, mark, items);
    parser_expect(parser, TOKEN_COLON);
    const AstName *type_comment = parenthesised ? NULL : parse_type_comment(parser);
    AstStmtSeq body = parse_body(parser);
    AstStmt *node =
        parser_new_stmt(parser, start->kind == TOKEN_ASYNC ? AST_ASYNC_WITH : AST_WITH, start);
    node->with.items = items;
    node->with.body = body;
    node->with.type_comment = type_comment;
    if (start->kind == TOKEN_ASYNC) {
        parser_require_read(parser, 5, "Async with statements are");
    } else if (parenthesised) {
        parser_require_read(parser, 9, "Parenthesized context managers are");
    }
    return parser_done_stmt(parser, node);
}

// --- try -----------------------------------------------------------------------------------------

static AstExceptHandler *parse_handler(Parser *parser, bool star) {
    AstExceptHandler *handler = arena_allocate(parser->arena, sizeof *handler);
    PARSER_SET_START(handler, parser_next(parser));
    if (star) {
        parser_expect(parser, TOKEN_STAR);
    }
    if (star || parser_peek(parser) != TOKEN_COLON) {
        handler->type = parse_expression(parser);
        if (parser_accept(parser, TOKEN_AS)) {
            handler->name = parser_expect_name(parser);
        }
    }
    handler->body = parse_block(parser);
    PARSER_SET_END_OF(handler, parser_last_text(parser));
    return handler;
}

static AstStmt *parse_try(Parser *parser) {
    const Token *start = parser_next(parser);
    AstStmtSeq body = parse_block(parser), orelse = {0, NULL};
    AstExceptHandlerSeq handlers = {0, NULL};
    bool star = false;
    if (parser_peek(parser) == TOKEN_EXCEPT) {
        star = parser_peek_second(parser) == TOKEN_STAR;
        uint32_t mark = parser_mark(parser);
        const AstExceptHandler *handler = NULL;
        while (parser_peek(parser) == TOKEN_EXCEPT) {
            if (handler != NULL && handler->type == NULL) {
                parser_note_late_error(parser, handler->line, handler->column, handler->end_line,
                                       handler->end_column, "default 'except:' must be last");
            }
            handler = parse_handler(parser, star);
            parser_push(parser, (void *)handler);
        }
        PARSER_TAKE(parser, mark, handlers);
        orelse = parse_optional_block(parser, TOKEN_ELSE);
    } else if (parser_peek(parser) != TOKEN_FINALLY) {
        parser_fail(parser);
    }
    AstStmtSeq finalbody = parse_optional_block(parser, TOKEN_FINALLY);
    AstStmt *node = parser_new_stmt(parser, star ? AST_TRY_STAR : AST_TRY, start);
    if (star) {
        parser_require(parser, 11, "Exception groups are");
    }
    node->try_.body = body;
    node->try_.handlers = handlers;
    node->try_.orelse = orelse;
    node->try_.finalbody = finalbody;
    return parser_done_stmt(parser, node);
}

// --- definitions ---------------------------------------------------------------------------------

static AstStmt *parse_function(Parser *parser, const Token *start, AstExprSeq decorators) {
    parser_next(parser);
    const AstName *name = parser_expect_name(parser);
    parser_expect(parser, TOKEN_LEFT_PAREN);
    AstArguments *arguments = parse_parameters(parser, false);
    parser_expect(parser, TOKEN_RIGHT_PAREN);
    AstExpr *returns = parser_accept(parser, TOKEN_ARROW) ? parse_expression(parser) : NULL;
    parser_expect(parser, TOKEN_COLON);
    const AstName *type_comment = parse_function_type_comment(parser);
    AstStmtSeq body = parse_body(parser);
    AstStmt *node = parser_new_stmt(
        parser, start->kind == TOKEN_ASYNC ? AST_ASYNC_FUNCTION_DEF : AST_FUNCTION_DEF, start);
    node->function_def.name = name;
    node->function_def.args = arguments;
    node->function_def.body = body;
    node->function_def.decorator_list = decorators;
    node->function_def.returns = returns;
    node->function_def.type_comment = type_comment;
    if (start->kind == TOKEN_ASYNC) {
        parser_require_read(parser, 5, "Async functions are");
    }
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_class(Parser *parser, AstExprSeq decorators) {
    const Token *start = parser_next(parser);
    const AstName *name = parser_expect_name(parser);
    AstExprSeq bases = {0, NULL};
    AstKeywordSeq keywords = {0, NULL};
    if (parser_accept(parser, TOKEN_LEFT_PAREN)) {
        parse_call_arguments(parser, false, &bases, &keywords);
    }
    AstStmtSeq body = parse_block(parser);
    AstStmt *node = parser_new_stmt(parser, AST_CLASS_DEF, start);
    node->class_def.name = name;
    node->class_def.bases = bases;
    node->class_def.keywords = keywords;
    node->class_def.body = body;
    node->class_def.decorator_list = decorators;
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_decorated(Parser *parser) {
    uint32_t mark = parser_mark(parser);
    while (parser_accept(parser, TOKEN_AT)) {
        parser_push(parser, parse_named_expression(parser));
        parser_expect(parser, TOKEN_NEWLINE);
    }
    AstExprSeq decorators;
    PARSER_TAKE(parser, mark, decorators);
    const Token *start = parser->token;
    if (parser_peek(parser) == TOKEN_CLASS) {
        return parse_class(parser, decorators);
    }
    parser_accept(parser, TOKEN_ASYNC);
    if (parser_peek(parser) != TOKEN_DEF) {
        parser_fail(parser);
    }
    return parse_function(parser, start, decorators);
}

static AstStmt *parse_async(Parser *parser) {
    const Token *start = parser_next(parser);
    switch (parser_peek(parser)) {
    case TOKEN_DEF:
        return parse_function(parser, start, (AstExprSeq){0, NULL});
    case TOKEN_WITH:
        return parse_with(parser, start);
    case TOKEN_FOR:
        return parse_for(parser, start);
    default:
        parser_fail(parser);
    }
}

AstStmt *parse_compound_statement(Parser *parser) {
    switch (parser_peek(parser)) {
    case TOKEN_IF:
        return parse_if(parser);
    case TOKEN_DEF:
        return parse_function(parser, parser->token, (AstExprSeq){0, NULL});
    case TOKEN_FOR:
        return parse_for(parser, parser->token);
    case TOKEN_CLASS:
        return parse_class(parser, (AstExprSeq){0, NULL});
    case TOKEN_AT:
        return parse_decorated(parser);
    case TOKEN_TRY:
        return parse_try(parser);
    case TOKEN_WITH:
        return parse_with(parser, parser->token);
    case TOKEN_WHILE:
        return parse_while(parser);
    case TOKEN_ASYNC:
        return parse_async(parser);
    case TOKEN_NAME:
        return parser_is_soft_keyword(parser->token, "match") ? parse_match(parser) : NULL;
    default:
        return NULL;
    }
}
