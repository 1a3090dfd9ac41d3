// SPDX-License-Identifier: MIT
//
// The match statement and its patterns (PEP 634).
#include "vm/parse/parser.h"

static AstPattern *parse_pattern(Parser *parser);

static AstPattern *new_pattern(Parser *parser, AstPatternKind kind, const Token *start) {
    AstPattern *node = ast_new_pattern(parser->arena, kind);
    PARSER_SET_START(node, start);
    PARSER_SET_END(parser, node);
    return node;
}

static AstPattern *pattern_done(Parser *parser, AstPattern *node) {
    if (!ast_measure_pattern(node)) {
        parser_raise_too_deep(parser);
    }
    return node;
}

// --- values --------------------------------------------------------------------------------------

static AstExpr *parse_signed_number(Parser *parser) {
    const Token *start = parser->token;
    bool negative = parser_accept(parser, TOKEN_MINUS);
    if (parser_peek(parser) != TOKEN_NUMBER) {
        parser_fail(parser);
    }
    AstExpr *number = parse_number(parser);
    if (!negative) {
        return number;
    }
    AstExpr *node = parser_new_expr(parser, AST_UNARY_OP, start);
    node->unary_op.op = AST_U_SUB;
    node->unary_op.operand = number;
    return parser_done(parser, node);
}

static bool is_imaginary(const AstExpr *node) {
    return node->kind == AST_CONSTANT && node->constant.kind == AST_CONSTANT_IMAGINARY;
}

// A number with an optional sign, or a complex one: -1 + 2j.
static AstExpr *parse_number_value(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *left = parse_signed_number(parser);
    TokenKind kind = parser_peek(parser);
    if (kind != TOKEN_PLUS && kind != TOKEN_MINUS) {
        return left;
    }
    const AstExpr *real = left->kind == AST_UNARY_OP ? left->unary_op.operand : left;
    if (parser_peek_second(parser) != TOKEN_NUMBER) {
        parser_fail(parser);
    }
    if (is_imaginary(real)) {
        parser_raise(parser, PARSE_SYNTAX_ERROR, real->line, real->column, real->end_line,
                     real->end_column, "real number required in complex literal");
    }
    parser_next(parser);
    AstExpr *right = parse_number(parser);
    if (!is_imaginary(right)) {
        parser_raise(parser, PARSE_SYNTAX_ERROR, right->line, right->column, right->end_line,
                     right->end_column, "imaginary number required in complex literal");
    }
    AstExpr *node = parser_new_expr(parser, AST_BIN_OP, start);
    node->bin_op.left = left;
    node->bin_op.op = kind == TOKEN_PLUS ? AST_ADD : AST_SUB;
    node->bin_op.right = right;
    return parser_done(parser, node);
}

// NAME or a.b.c: the next token is a NAME.
static AstExpr *parse_name_or_attribute(Parser *parser) {
    const Token *start = parser_next(parser);
    AstExpr *node = parser_new_expr(parser, AST_NAME, start);
    node->name.id = start->name;
    parser_done(parser, node);
    while (parser_accept(parser, TOKEN_DOT)) {
        const AstName *attribute = parser_expect_name(parser);
        AstExpr *value = node;
        node = parser_new_expr(parser, AST_ATTRIBUTE, start);
        node->attribute.value = value;
        node->attribute.attr = attribute;
        parser_done(parser, node);
    }
    return node;
}

static AstPattern *value_pattern(Parser *parser, const Token *start, AstExpr *value) {
    AstPattern *node = new_pattern(parser, AST_MATCH_VALUE, start);
    node->match_value.value = value;
    return pattern_done(parser, node);
}

static AstPattern *parse_singleton_pattern(Parser *parser, AstConstantKind kind) {
    const Token *start = parser_next(parser);
    AstPattern *node = new_pattern(parser, AST_MATCH_SINGLETON, start);
    node->match_singleton.value = kind;
    return pattern_done(parser, node);
}

// --- names and classes ---------------------------------------------------------------------------

// The name a capture binds: not the wildcard.
static const AstName *expect_capture(Parser *parser) {
    if (parser_is_soft_keyword(parser->token, "_")) {
        parser_fail(parser);
    }
    const AstName *name = parser_expect_name(parser);
    TokenKind kind = parser_peek(parser);
    if (kind == TOKEN_DOT || kind == TOKEN_LEFT_PAREN || kind == TOKEN_EQUAL) {
        parser_fail(parser);
    }
    return name;
}

static AstPattern *parse_class_pattern(Parser *parser, const Token *start, AstExpr *cls) {
    parser_next(parser);
    uint32_t mark = parser_mark(parser);
    while (parser_peek(parser) != TOKEN_RIGHT_PAREN &&
           !(parser_peek(parser) == TOKEN_NAME && parser_peek_second(parser) == TOKEN_EQUAL)) {
        parser_push(parser, parse_pattern(parser));
        if (parser_peek(parser) != TOKEN_RIGHT_PAREN) {
            parser_expect(parser, TOKEN_COMMA);
        }
    }
    AstPatternSeq patterns;
    PARSER_TAKE(parser, mark, patterns);
    while (parser_peek(parser) != TOKEN_RIGHT_PAREN) { // names and patterns take turns
        parser_push(parser, (void *)parser_expect_name(parser));
        parser_expect(parser, TOKEN_EQUAL);
        parser_push(parser, parse_pattern(parser));
        if (parser_peek(parser) != TOKEN_RIGHT_PAREN) {
            parser_expect(parser, TOKEN_COMMA);
        }
    }
    parser_next(parser);
    AstPattern *node = new_pattern(parser, AST_MATCH_CLASS, start);
    uint32_t count = (parser_mark(parser) - mark) / 2;
    node->match_class.cls = cls;
    node->match_class.patterns = patterns;
    node->match_class.kwd_attrs.count = node->match_class.kwd_patterns.count = count;
    node->match_class.kwd_attrs.items = arena_allocate(parser->arena, count * sizeof(AstName *));
    node->match_class.kwd_patterns.items =
        arena_allocate(parser->arena, count * sizeof(AstPattern *));
    for (uint32_t i = 0; i < count; i++) {
        node->match_class.kwd_attrs.items[i] = parser->stack[mark + 2 * i];
        node->match_class.kwd_patterns.items[i] = parser->stack[mark + 2 * i + 1];
    }
    parser->stack_count = mark;
    return pattern_done(parser, node);
}

// A capture, the wildcard, a dotted value or a class.
static AstPattern *parse_name_pattern(Parser *parser) {
    const Token *start = parser->token;
    TokenKind second = parser_peek_second(parser);
    if (second == TOKEN_DOT || second == TOKEN_LEFT_PAREN) {
        AstExpr *value = parse_name_or_attribute(parser);
        if (parser_peek(parser) == TOKEN_LEFT_PAREN) {
            return parse_class_pattern(parser, start, value);
        }
        return value_pattern(parser, start, value);
    }
    const AstName *name = NULL;
    if (parser_is_soft_keyword(start, "_")) {
        parser_next(parser);
    } else {
        name = expect_capture(parser);
    }
    AstPattern *node = new_pattern(parser, AST_MATCH_AS, start);
    node->match_as.name = name;
    return pattern_done(parser, node);
}

// --- sequences and mappings ----------------------------------------------------------------------

static AstPattern *parse_item_pattern(Parser *parser) {
    const Token *start = parser->token;
    if (!parser_accept(parser, TOKEN_STAR)) {
        return parse_pattern(parser);
    }
    const AstName *name = NULL;
    if (parser_is_soft_keyword(parser->token, "_")) {
        parser_next(parser);
    } else {
        name = expect_capture(parser);
    }
    AstPattern *node = new_pattern(parser, AST_MATCH_STAR, start);
    node->match_star.name = name;
    return pattern_done(parser, node);
}

static AstPattern *parse_list_pattern(Parser *parser) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser);
    while (parser_peek(parser) != TOKEN_RIGHT_BRACKET) {
        parser_push(parser, parse_item_pattern(parser));
        if (parser_peek(parser) != TOKEN_RIGHT_BRACKET) {
            parser_expect(parser, TOKEN_COMMA);
        }
    }
    parser_next(parser);
    AstPattern *node = new_pattern(parser, AST_MATCH_SEQUENCE, start);
    PARSER_TAKE(parser, mark, node->match_sequence.patterns);
    return pattern_done(parser, node);
}

static AstPattern *parse_parenthesised_pattern(Parser *parser) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser);
    bool comma = true;
    while (parser_peek(parser) != TOKEN_RIGHT_PAREN) {
        if (!comma) {
            parser_fail(parser);
        }
        parser_push(parser, parse_item_pattern(parser));
        comma = parser_accept(parser, TOKEN_COMMA);
    }
    parser_next(parser);
    if (parser_mark(parser) == mark + 1 && !comma) {
        AstPattern *only = parser->stack[--parser->stack_count];
        if (only->kind == AST_MATCH_STAR) {
            parser_fail(parser);
        }
        return only;
    }
    AstPattern *node = new_pattern(parser, AST_MATCH_SEQUENCE, start);
    PARSER_TAKE(parser, mark, node->match_sequence.patterns);
    return pattern_done(parser, node);
}

static AstExpr *parse_mapping_key(Parser *parser) {
    switch (parser_peek(parser)) {
    case TOKEN_NAME:
        if (parser_peek_second(parser) != TOKEN_DOT) {
            parser_fail(parser);
        }
        return parse_name_or_attribute(parser);
    case TOKEN_NUMBER:
    case TOKEN_MINUS:
        return parse_number_value(parser);
    case TOKEN_STRING:
    case TOKEN_NONE:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
        return parse_atom(parser);
    default:
        parser_fail(parser);
    }
}

static AstPattern *parse_mapping_pattern(Parser *parser) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser); // keys and patterns take turns
    const AstName *rest = NULL;
    while (parser_peek(parser) != TOKEN_RIGHT_BRACE) {
        if (parser_accept(parser, TOKEN_STAR_STAR)) {
            rest = expect_capture(parser);
            parser_accept(parser, TOKEN_COMMA);
            break;
        }
        parser_push(parser, parse_mapping_key(parser));
        parser_expect(parser, TOKEN_COLON);
        parser_push(parser, parse_pattern(parser));
        if (parser_peek(parser) != TOKEN_RIGHT_BRACE) {
            parser_expect(parser, TOKEN_COMMA);
        }
    }
    parser_expect(parser, TOKEN_RIGHT_BRACE);
    AstPattern *node = new_pattern(parser, AST_MATCH_MAPPING, start);
    uint32_t count = (parser_mark(parser) - mark) / 2;
    node->match_mapping.rest = rest;
    node->match_mapping.keys.count = node->match_mapping.patterns.count = count;
    node->match_mapping.keys.items = arena_allocate(parser->arena, count * sizeof(AstExpr *));
    node->match_mapping.patterns.items =
        arena_allocate(parser->arena, count * sizeof(AstPattern *));
    for (uint32_t i = 0; i < count; i++) {
        node->match_mapping.keys.items[i] = parser->stack[mark + 2 * i];
        node->match_mapping.patterns.items[i] = parser->stack[mark + 2 * i + 1];
    }
    parser->stack_count = mark;
    return pattern_done(parser, node);
}

// --- patterns ------------------------------------------------------------------------------------

static AstPattern *parse_closed_pattern(Parser *parser) {
    const Token *start = parser->token;
    switch (parser_peek(parser)) {
    case TOKEN_NAME:
        return parse_name_pattern(parser);
    case TOKEN_NUMBER:
    case TOKEN_MINUS:
        return value_pattern(parser, start, parse_number_value(parser));
    case TOKEN_STRING:
        return value_pattern(parser, start, parse_strings(parser));
    case TOKEN_NONE:
        return parse_singleton_pattern(parser, AST_CONSTANT_NONE);
    case TOKEN_TRUE:
        return parse_singleton_pattern(parser, AST_CONSTANT_TRUE);
    case TOKEN_FALSE:
        return parse_singleton_pattern(parser, AST_CONSTANT_FALSE);
    case TOKEN_LEFT_PAREN:
        return parse_parenthesised_pattern(parser);
    case TOKEN_LEFT_BRACKET:
        return parse_list_pattern(parser);
    case TOKEN_LEFT_BRACE:
        return parse_mapping_pattern(parser);
    default:
        parser_fail(parser);
    }
}

static AstPattern *parse_pattern(Parser *parser) {
    parser_enter(parser);
    const Token *start = parser->token;
    AstPattern *node = parse_closed_pattern(parser);
    if (parser_peek(parser) == TOKEN_BAR) {
        uint32_t mark = parser_mark(parser);
        parser_push(parser, node);
        while (parser_accept(parser, TOKEN_BAR)) {
            parser_push(parser, parse_closed_pattern(parser));
        }
        node = new_pattern(parser, AST_MATCH_OR, start);
        PARSER_TAKE(parser, mark, node->match_or.patterns);
        pattern_done(parser, node);
    }
    if (parser_accept(parser, TOKEN_AS)) {
        const AstName *name = expect_capture(parser);
        AstPattern *pattern = node;
        node = new_pattern(parser, AST_MATCH_AS, start);
        node->match_as.pattern = pattern;
        node->match_as.name = name;
        pattern_done(parser, node);
    }
    parser_leave(parser);
    return node;
}

// What follows `case`: commas make a sequence without brackets.
static AstPattern *parse_patterns(Parser *parser) {
    const Token *start = parser->token;
    AstPattern *first = parse_item_pattern(parser);
    if (parser_peek(parser) != TOKEN_COMMA) {
        if (first->kind == AST_MATCH_STAR) {
            parser_fail(parser);
        }
        return first;
    }
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    while (parser_accept(parser, TOKEN_COMMA)) {
        TokenKind kind = parser_peek(parser);
        if (kind == TOKEN_COLON || kind == TOKEN_IF) {
            break;
        }
        parser_push(parser, parse_item_pattern(parser));
    }
    AstPattern *node = new_pattern(parser, AST_MATCH_SEQUENCE, start);
    PARSER_TAKE(parser, mark, node->match_sequence.patterns);
    return pattern_done(parser, node);
}

// --- the statement -------------------------------------------------------------------------------

// `match` is a name elsewhere. A line that starts with it, ends in a colon and is followed by a
// block that starts with `case` is nothing but a match statement.
static bool is_match_statement(const Parser *parser) {
    TokenKind second = parser_peek_second(parser);
    if (second != TOKEN_STAR && !parser_starts_expression(second)) {
        return false;
    }
    const Token *token = parser->token;
    while (token->kind != TOKEN_NEWLINE) {
        if (token->kind == TOKEN_END || token->kind == TOKEN_ERROR) {
            return false;
        }
        token++;
    }
    return token[-1].kind == TOKEN_COLON && token[1].kind == TOKEN_INDENT &&
           parser_is_soft_keyword(token + 2, "case");
}

AstStmt *parse_match(Parser *parser) {
    if (!is_match_statement(parser)) {
        return NULL;
    }
    const Token *start = parser_next(parser);
    AstExpr *subject = parse_subject(parser);
    parser_expect(parser, TOKEN_COLON);
    parser_expect(parser, TOKEN_NEWLINE);
    parser_expect(parser, TOKEN_INDENT);
    uint32_t mark = parser_mark(parser);
    do {
        if (!parser_is_soft_keyword(parser->token, "case")) {
            parser_fail(parser);
        }
        parser_next(parser);
        AstMatchCase *match_case = arena_allocate(parser->arena, sizeof *match_case);
        match_case->pattern = parse_patterns(parser);
        if (parser_accept(parser, TOKEN_IF)) {
            match_case->guard = parse_named_expression(parser);
        }
        match_case->body = parse_block(parser);
        parser_push(parser, match_case);
    } while (!parser_accept(parser, TOKEN_DEDENT));
    AstStmt *node = parser_new_stmt(parser, AST_MATCH, start);
    parser_require_read(parser, 10, "Pattern matching is");
    node->match.subject = subject;
    PARSER_TAKE(parser, mark, node->match.cases);
    return parser_done_stmt(parser, node);
}
