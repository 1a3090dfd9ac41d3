// SPDX-License-Identifier: MIT
//
// Simple statements: those that fit a line. Compound ones are in parse_compound.c.
#include "vm/parse/parser.h"

#include <string.h>

// --- assignments and expressions -----------------------------------------------------------------

static bool is_single_target(const AstExpr *node) {
    return node->kind == AST_NAME || node->kind == AST_ATTRIBUTE || node->kind == AST_SUBSCRIPT;
}

static AstStmt *parse_annotated(Parser *parser, const Token *start, AstExpr *target) {
    if (!is_single_target(target)) {
        parser_fail(parser);
    }
    parser_make_target(target, AST_STORE);
    parser_next(parser);
    AstExpr *annotation = parse_expression(parser);
    AstExpr *value =
        parser_accept(parser, TOKEN_EQUAL) ? parse_yield_or_star_expressions(parser) : NULL;
    AstStmt *node = parser_new_stmt(parser, AST_ANN_ASSIGN, start);
    parser_require(parser, 6, "Variable annotation syntax is");
    node->ann_assign.target = target;
    node->ann_assign.annotation = annotation;
    node->ann_assign.value = value;
    node->ann_assign.simple = start->kind == TOKEN_NAME && target->kind == AST_NAME;
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_assignment(Parser *parser, const Token *start, AstExpr *first) {
    uint32_t mark = parser_mark(parser);
    AstExpr *value = first;
    while (parser_accept(parser, TOKEN_EQUAL)) {
        if (!parser_make_target(value, AST_STORE)) {
            parser_fail(parser);
        }
        parser_push(parser, value);
        value = parse_yield_or_star_expressions(parser);
    }
    const AstName *type_comment = parse_type_comment(parser);
    AstStmt *node = parser_new_stmt(parser, AST_ASSIGN, start);
    node->assign.type_comment = type_comment;
    PARSER_TAKE(parser, mark, node->assign.targets);
    node->assign.value = value;
    return parser_done_stmt(parser, node);
}

static bool augmented_operator(TokenKind kind, AstOperator *op) {
    switch (kind) {
    case TOKEN_PLUS_EQUAL:
        *op = AST_ADD;
        return true;
    case TOKEN_MINUS_EQUAL:
        *op = AST_SUB;
        return true;
    case TOKEN_STAR_EQUAL:
        *op = AST_MULT;
        return true;
    case TOKEN_AT_EQUAL:
        *op = AST_MAT_MULT;
        return true;
    case TOKEN_SLASH_EQUAL:
        *op = AST_DIV;
        return true;
    case TOKEN_PERCENT_EQUAL:
        *op = AST_MOD;
        return true;
    case TOKEN_STAR_STAR_EQUAL:
        *op = AST_POW;
        return true;
    case TOKEN_LEFT_SHIFT_EQUAL:
        *op = AST_L_SHIFT;
        return true;
    case TOKEN_RIGHT_SHIFT_EQUAL:
        *op = AST_R_SHIFT;
        return true;
    case TOKEN_BAR_EQUAL:
        *op = AST_BIT_OR;
        return true;
    case TOKEN_CIRCUMFLEX_EQUAL:
        *op = AST_BIT_XOR;
        return true;
    case TOKEN_AMPERSAND_EQUAL:
        *op = AST_BIT_AND;
        return true;
    case TOKEN_SLASH_SLASH_EQUAL:
        *op = AST_FLOOR_DIV;
        return true;
    default:
        return false;
    }
}

static AstStmt *parse_expression_statement(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *first = parse_yield_or_star_expressions(parser);
    AstOperator op;
    switch (parser_peek(parser)) {
    case TOKEN_NEWLINE:
        break;
    case TOKEN_EQUAL:
        return parse_assignment(parser, start, first);
    case TOKEN_COLON:
        return parse_annotated(parser, start, first);
    default:
        if (augmented_operator(parser_peek(parser), &op)) {
            if (!is_single_target(first)) {
                parser_fail(parser);
            }
            parser_make_target(first, AST_STORE);
            parser_next(parser);
            AstExpr *value = parse_yield_or_star_expressions(parser);
            AstStmt *node = parser_new_stmt(parser, AST_AUG_ASSIGN, start);
            node->aug_assign.target = first;
            node->aug_assign.op = op;
            node->aug_assign.value = value;
            if (op == AST_MAT_MULT) {
                parser_require(parser, 5, "The '@' operator is");
            }
            return parser_done_stmt(parser, node);
        }
    }
    AstStmt *node = parser_new_stmt(parser, AST_EXPR, start);
    node->expr.value = first;
    return parser_done_stmt(parser, node);
}

// --- import --------------------------------------------------------------------------------------

static const AstName *parse_dotted_name(Parser *parser) {
    const AstName *name = parser_expect_name(parser);
    while (parser_accept(parser, TOKEN_DOT)) {
        const AstName *part = parser_expect_name(parser);
        size_t length = (size_t)name->length + 1 + part->length;
        char *joined = arena_allocate(parser->scratch, length);
        memcpy(joined, name->text, name->length);
        joined[name->length] = '.';
        memcpy(joined + name->length + 1, part->text, part->length);
        name = arena_intern(parser->arena, joined, length);
    }
    return name;
}

static AstAlias *parse_alias(Parser *parser, bool dotted) {
    AstAlias *alias = arena_allocate(parser->arena, sizeof *alias);
    PARSER_SET_START(alias, parser->token);
    alias->name = dotted ? parse_dotted_name(parser) : parser_expect_name(parser);
    if (parser_accept(parser, TOKEN_AS)) {
        alias->asname = parser_expect_name(parser);
    }
    PARSER_SET_END(parser, alias);
    return alias;
}

static AstStmt *parse_import(Parser *parser) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser);
    do {
        parser_push(parser, parse_alias(parser, true));
    } while (parser_accept(parser, TOKEN_COMMA));
    AstStmt *node = parser_new_stmt(parser, AST_IMPORT, start);
    PARSER_TAKE(parser, mark, node->import.names);
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_import_from(Parser *parser) {
    const Token *start = parser_next(parser);
    int level = 0;
    for (;;) {
        if (parser_accept(parser, TOKEN_DOT)) {
            level++;
        } else if (parser_accept(parser, TOKEN_ELLIPSIS)) {
            level += 3;
        } else {
            break;
        }
    }
    const AstName *module =
        level > 0 && parser_peek(parser) == TOKEN_IMPORT ? NULL : parse_dotted_name(parser);
    parser_expect(parser, TOKEN_IMPORT);
    uint32_t mark = parser_mark(parser);
    if (parser_peek(parser) == TOKEN_STAR) {
        AstAlias *alias = arena_allocate(parser->arena, sizeof *alias);
        PARSER_SET_START(alias, parser_next(parser));
        alias->name = arena_intern(parser->arena, "*", 1);
        PARSER_SET_END(parser, alias);
        parser_push(parser, alias);
    } else {
        bool parenthesis = parser_accept(parser, TOKEN_LEFT_PAREN);
        do {
            parser_push(parser, parse_alias(parser, false));
        } while (parser_accept(parser, TOKEN_COMMA) &&
                 !(parenthesis && parser_peek(parser) == TOKEN_RIGHT_PAREN));
        if (parenthesis) {
            parser_expect(parser, TOKEN_RIGHT_PAREN);
        }
    }
    AstStmt *node = parser_new_stmt(parser, AST_IMPORT_FROM, start);
    node->import_from.module = module;
    node->import_from.level = level;
    PARSER_TAKE(parser, mark, node->import_from.names);
    return parser_done_stmt(parser, node);
}

// --- the rest ------------------------------------------------------------------------------------

static AstStmt *parse_scope_declaration(Parser *parser, AstStmtKind kind) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser);
    do {
        parser_push(parser, (void *)parser_expect_name(parser));
    } while (parser_accept(parser, TOKEN_COMMA));
    AstStmt *node = parser_new_stmt(parser, kind, start);
    PARSER_TAKE(parser, mark, node->global.names);
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_delete(Parser *parser) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser);
    do {
        AstExpr *target = parse_bitwise_or(parser);
        if (!parser_make_target(target, AST_DEL)) {
            parser_fail(parser);
        }
        parser_push(parser, target);
    } while (parser_accept(parser, TOKEN_COMMA) && parser_starts_expression(parser_peek(parser)));
    AstStmt *node = parser_new_stmt(parser, AST_DELETE, start);
    PARSER_TAKE(parser, mark, node->delete_.targets);
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_return(Parser *parser) {
    const Token *start = parser_next(parser);
    TokenKind kind = parser_peek(parser);
    AstExpr *value = kind == TOKEN_STAR || parser_starts_expression(kind)
                         ? parse_star_expressions(parser)
                         : NULL;
    AstStmt *node = parser_new_stmt(parser, AST_RETURN, start);
    node->return_.value = value;
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_raise(Parser *parser) {
    const Token *start = parser_next(parser);
    AstExpr *exc = NULL, *cause = NULL;
    if (parser_starts_expression(parser_peek(parser))) {
        exc = parse_expression(parser);
        if (parser_accept(parser, TOKEN_FROM)) {
            cause = parse_expression(parser);
        }
    }
    AstStmt *node = parser_new_stmt(parser, AST_RAISE, start);
    node->raise.exc = exc;
    node->raise.cause = cause;
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_assert(Parser *parser) {
    const Token *start = parser_next(parser);
    AstExpr *test = parse_expression(parser);
    AstExpr *message = parser_accept(parser, TOKEN_COMMA) ? parse_expression(parser) : NULL;
    AstStmt *node = parser_new_stmt(parser, AST_ASSERT, start);
    node->assert_.test = test;
    node->assert_.msg = message;
    return parser_done_stmt(parser, node);
}

static AstStmt *parse_plain(Parser *parser, AstStmtKind kind) {
    const Token *start = parser_next(parser);
    return parser_done_stmt(parser, parser_new_stmt(parser, kind, start));
}

static AstStmt *parse_simple_statement(Parser *parser) {
    switch (parser_peek(parser)) {
    case TOKEN_RETURN:
        return parse_return(parser);
    case TOKEN_IMPORT:
        return parse_import(parser);
    case TOKEN_FROM:
        return parse_import_from(parser);
    case TOKEN_RAISE:
        return parse_raise(parser);
    case TOKEN_PASS:
        return parse_plain(parser, AST_PASS);
    case TOKEN_BREAK:
        return parse_plain(parser, AST_BREAK);
    case TOKEN_CONTINUE:
        return parse_plain(parser, AST_CONTINUE);
    case TOKEN_DEL:
        return parse_delete(parser);
    case TOKEN_ASSERT:
        return parse_assert(parser);
    case TOKEN_GLOBAL:
        return parse_scope_declaration(parser, AST_GLOBAL);
    case TOKEN_NONLOCAL:
        return parse_scope_declaration(parser, AST_NONLOCAL);
    default:
        return parse_expression_statement(parser);
    }
}

void parse_simple_statements(Parser *parser) {
    do {
        parser_push(parser, parse_simple_statement(parser));
    } while (parser_accept(parser, TOKEN_SEMICOLON) && parser_peek(parser) != TOKEN_NEWLINE);
    parser_expect(parser, TOKEN_NEWLINE);
}

void parse_statement(Parser *parser) {
    AstStmt *compound = parse_compound_statement(parser);
    if (compound != NULL) {
        parser_push(parser, compound);
    } else {
        parse_simple_statements(parser);
    }
}
