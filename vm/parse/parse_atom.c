// SPDX-License-Identifier: MIT
//
// Atoms: names, literals, displays, comprehensions; and parameter lists.
#include "vm/parse/parser.h"

// --- comprehensions ------------------------------------------------------------------------------

static bool at_comprehension(const Parser *parser) {
    TokenKind kind = parser_peek(parser);
    return kind == TOKEN_FOR || (kind == TOKEN_ASYNC && parser_peek_second(parser) == TOKEN_FOR);
}

AstComprehensionSeq parse_comprehensions(Parser *parser) {
    uint32_t mark = parser_mark(parser);
    do {
        AstComprehension *generator = arena_allocate(parser->arena, sizeof *generator);
        generator->is_async = parser_accept(parser, TOKEN_ASYNC);
        parser_expect(parser, TOKEN_FOR);
        generator->target = parse_target_list(parser);
        parser_expect(parser, TOKEN_IN);
        generator->iter = parse_disjunction(parser);
        uint32_t ifs_mark = parser_mark(parser);
        while (parser_accept(parser, TOKEN_IF)) {
            parser_push(parser, parse_disjunction(parser));
        }
        PARSER_TAKE(parser, ifs_mark, generator->ifs);
        if (generator->is_async) {
            parser_require(parser, 6, "Async comprehensions are");
        }
        parser_push(parser, generator);
    } while (at_comprehension(parser));
    AstComprehensionSeq generators;
    PARSER_TAKE(parser, mark, generators);
    return generators;
}

// The rest of a comprehension in brackets, up to and with the closing one.
static AstExpr *parse_comprehension_rest(Parser *parser, const Token *start, AstExprKind kind,
                                         TokenKind close, AstExpr *element) {
    if (element->kind == AST_STARRED) {
        parser_fail(parser);
    }
    AstComprehensionSeq generators = parse_comprehensions(parser);
    parser_expect(parser, close);
    AstExpr *node = parser_new_expr(parser, kind, start);
    node->comp.elt = element;
    node->comp.generators = generators;
    return parser_done(parser, node);
}

// --- displays ------------------------------------------------------------------------------------

// Items after the first one, up to and with the closing bracket. Pushes them.
static void parse_items_rest(Parser *parser, TokenKind close) {
    while (parser_peek(parser) != close) {
        parser_expect(parser, TOKEN_COMMA);
        if (parser_peek(parser) == close) {
            break;
        }
        parser_push(parser, parse_star_named_expression(parser));
    }
    parser_next(parser);
}

static AstExpr *parse_parenthesis(Parser *parser) {
    const Token *start = parser_next(parser);
    if (parser_accept(parser, TOKEN_RIGHT_PAREN)) {
        return parser_done(parser, parser_new_expr(parser, AST_TUPLE, start));
    }
    if (parser_peek(parser) == TOKEN_YIELD) {
        AstExpr *node = parse_yield(parser);
        parser_expect(parser, TOKEN_RIGHT_PAREN);
        return node;
    }
    AstExpr *first = parse_star_named_expression(parser);
    if (at_comprehension(parser)) {
        return parse_comprehension_rest(parser, start, AST_GENERATOR_EXP, TOKEN_RIGHT_PAREN, first);
    }
    if (parser_peek(parser) == TOKEN_RIGHT_PAREN && first->kind != AST_STARRED) {
        parser_next(parser);
        return first;
    }
    if (parser_peek(parser) != TOKEN_COMMA) {
        parser_fail(parser);
    }
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    parse_items_rest(parser, TOKEN_RIGHT_PAREN);
    AstExpr *node = parser_new_expr(parser, AST_TUPLE, start);
    PARSER_TAKE(parser, mark, node->tuple.elts);
    return parser_done(parser, node);
}

static AstExpr *parse_list(Parser *parser) {
    const Token *start = parser_next(parser);
    uint32_t mark = parser_mark(parser);
    if (!parser_accept(parser, TOKEN_RIGHT_BRACKET)) {
        AstExpr *first = parse_star_named_expression(parser);
        if (at_comprehension(parser)) {
            return parse_comprehension_rest(parser, start, AST_LIST_COMP, TOKEN_RIGHT_BRACKET,
                                            first);
        }
        parser_push(parser, first);
        parse_items_rest(parser, TOKEN_RIGHT_BRACKET);
    }
    AstExpr *node = parser_new_expr(parser, AST_LIST, start);
    PARSER_TAKE(parser, mark, node->list.elts);
    return parser_done(parser, node);
}

// `start` is the brace. If `key` is not NULL, it was parsed already and a colon follows.
static AstExpr *parse_dict(Parser *parser, const Token *start, AstExpr *key) {
    uint32_t mark = parser_mark(parser); // keys and values take turns
    for (;;) {
        AstExpr *value;
        if (key == NULL && parser_accept(parser, TOKEN_STAR_STAR)) {
            value = parse_bitwise_or(parser);
        } else {
            if (key == NULL) {
                key = parse_expression(parser);
            }
            parser_expect(parser, TOKEN_COLON);
            value = parse_expression(parser);
            if (parser_mark(parser) == mark && at_comprehension(parser)) {
                AstComprehensionSeq generators = parse_comprehensions(parser);
                parser_expect(parser, TOKEN_RIGHT_BRACE);
                AstExpr *node = parser_new_expr(parser, AST_DICT_COMP, start);
                node->dict_comp.key = key;
                node->dict_comp.value = value;
                node->dict_comp.generators = generators;
                return parser_done(parser, node);
            }
        }
        parser_push(parser, key);
        parser_push(parser, value);
        key = NULL;
        if (parser_accept(parser, TOKEN_RIGHT_BRACE)) {
            break;
        }
        parser_expect(parser, TOKEN_COMMA);
        if (parser_accept(parser, TOKEN_RIGHT_BRACE)) {
            break;
        }
    }
    AstExpr *node = parser_new_expr(parser, AST_DICT, start);
    uint32_t count = (parser_mark(parser) - mark) / 2;
    AstExpr **items = arena_allocate(parser->arena, 2 * count * sizeof *items);
    node->dict.keys = (AstExprSeq){count, items};
    node->dict.values = (AstExprSeq){count, items + count};
    for (uint32_t i = 0; i < count; i++) {
        items[i] = parser->stack[mark + 2 * i];
        items[count + i] = parser->stack[mark + 2 * i + 1];
    }
    parser->stack_count = mark;
    return parser_done(parser, node);
}

static AstExpr *parse_brace(Parser *parser) {
    const Token *start = parser_next(parser);
    if (parser_accept(parser, TOKEN_RIGHT_BRACE)) {
        return parser_done(parser, parser_new_expr(parser, AST_DICT, start));
    }
    if (parser_peek(parser) == TOKEN_STAR_STAR) {
        return parse_dict(parser, start, NULL);
    }
    bool named = parser_peek_second(parser) == TOKEN_WALRUS;
    AstExpr *first = parse_star_named_expression(parser);
    if (parser_peek(parser) == TOKEN_COLON && !named && first->kind != AST_STARRED) {
        return parse_dict(parser, start, first);
    }
    if (at_comprehension(parser)) {
        return parse_comprehension_rest(parser, start, AST_SET_COMP, TOKEN_RIGHT_BRACE, first);
    }
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    parse_items_rest(parser, TOKEN_RIGHT_BRACE);
    AstExpr *node = parser_new_expr(parser, AST_SET, start);
    PARSER_TAKE(parser, mark, node->set.elts);
    return parser_done(parser, node);
}

// --- atoms ---------------------------------------------------------------------------------------

static AstExpr *parse_singleton(Parser *parser, AstConstantKind kind) {
    const Token *start = parser_next(parser);
    AstExpr *node = parser_new_expr(parser, AST_CONSTANT, start);
    node->constant.kind = kind;
    return parser_done(parser, node);
}

AstExpr *parse_atom(Parser *parser) {
    const Token *start = parser->token;
    switch (parser_peek(parser)) {
    case TOKEN_NAME: {
        parser_next(parser);
        AstExpr *node = parser_new_expr(parser, AST_NAME, start);
        node->name.id = start->name;
        node->height = node->depth = 1;
        return node;
    }
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_STRING:
        return parse_strings(parser);
    case TOKEN_LEFT_PAREN:
        return parse_parenthesis(parser);
    case TOKEN_LEFT_BRACKET:
        return parse_list(parser);
    case TOKEN_LEFT_BRACE:
        return parse_brace(parser);
    case TOKEN_NONE:
        return parse_singleton(parser, AST_CONSTANT_NONE);
    case TOKEN_TRUE:
        return parse_singleton(parser, AST_CONSTANT_TRUE);
    case TOKEN_FALSE:
        return parse_singleton(parser, AST_CONSTANT_FALSE);
    case TOKEN_ELLIPSIS:
        return parse_singleton(parser, AST_CONSTANT_ELLIPSIS);
    default:
        parser_fail(parser);
    }
}

// --- parameters ----------------------------------------------------------------------------------

static AstArg *parse_parameter(Parser *parser, bool is_lambda, bool allow_star) {
    const Token *start = parser->token;
    AstArg *parameter = arena_allocate(parser->arena, sizeof *parameter);
    PARSER_SET_START(parameter, start);
    parameter->arg = parser_expect_name(parser);
    if (!is_lambda && parser_accept(parser, TOKEN_COLON)) {
        parameter->annotation =
            allow_star ? parse_star_expression(parser) : parse_expression(parser);
    }
    PARSER_SET_END(parser, parameter);
    return parameter;
}

static AstArgSeq take_parameters(Parser *parser, uint32_t mark) {
    AstArgSeq parameters;
    PARSER_TAKE(parser, mark, parameters);
    return parameters;
}

// The parameters after * or *name. `close` ends the list; **name is left to the caller.
static void parse_keyword_only(Parser *parser, bool is_lambda, AstArguments *arguments) {
    uint32_t mark = parser_mark(parser); // parameters and defaults take turns
    while (parser_peek(parser) == TOKEN_NAME) {
        parser_push(parser, parse_parameter(parser, is_lambda, false));
        parser_push(parser, parser_accept(parser, TOKEN_EQUAL) ? parse_expression(parser) : NULL);
        bool more = parser_accept(parser, TOKEN_COMMA);
        ((AstArg *)parser->stack[parser_mark(parser) - 2])->type_comment =
            parse_type_comment(parser);
        if (!more) {
            break;
        }
    }
    uint32_t count = (parser_mark(parser) - mark) / 2;
    arguments->kwonlyargs.count = arguments->kw_defaults.count = count;
    arguments->kwonlyargs.items = arena_allocate(parser->arena, count * sizeof(AstArg *));
    arguments->kw_defaults.items = arena_allocate(parser->arena, count * sizeof(AstExpr *));
    for (uint32_t i = 0; i < count; i++) {
        arguments->kwonlyargs.items[i] = parser->stack[mark + 2 * i];
        arguments->kw_defaults.items[i] = parser->stack[mark + 2 * i + 1];
    }
    parser->stack_count = mark;
}

AstArguments *parse_parameters(Parser *parser, bool is_lambda) {
    TokenKind close = is_lambda ? TOKEN_COLON : TOKEN_RIGHT_PAREN;
    AstArguments *arguments = arena_allocate(parser->arena, sizeof *arguments);
    uint32_t mark = parser_mark(parser), default_count = 0;
    AstExprSeq defaults = {0, NULL};
    uint32_t default_capacity = 0;
    bool comma = true; // a parameter may follow
    while (comma) {
        AstArg *last = NULL;
        if (parser_peek(parser) == TOKEN_NAME) {
            parser_push(parser, parse_parameter(parser, is_lambda, false));
            last = parser->stack[parser_mark(parser) - 1];
            if (parser_accept(parser, TOKEN_EQUAL)) {
                AstExpr *value = parse_expression(parser);
                if (default_count == default_capacity) {
                    uint32_t capacity = default_capacity * 2 + 4;
                    AstExpr **items = arena_allocate(parser->arena, capacity * sizeof *items);
                    for (uint32_t i = 0; i < default_count; i++) {
                        items[i] = defaults.items[i];
                    }
                    defaults.items = items;
                    default_capacity = capacity;
                }
                defaults.items[default_count++] = value;
            } else if (default_count > 0) {
                parser_fail(parser);
            }
        } else if (parser_peek(parser) == TOKEN_SLASH) {
            if (arguments->posonlyargs.count > 0 || parser_mark(parser) == mark) {
                parser_fail(parser);
            }
            parser_next(parser);
            arguments->posonlyargs = take_parameters(parser, mark);
            parser_require(parser, 8, "Positional-only parameters are");
        } else {
            break;
        }
        comma = parser_accept(parser, TOKEN_COMMA);
        if (last != NULL) {
            last->type_comment = parse_type_comment(parser);
        }
    }
    arguments->args = take_parameters(parser, mark);
    defaults.count = default_count;
    arguments->defaults = defaults;
    if (comma && parser_accept(parser, TOKEN_STAR)) {
        if (parser_peek(parser) == TOKEN_NAME) {
            arguments->vararg = parse_parameter(parser, is_lambda, true);
            comma = parser_accept(parser, TOKEN_COMMA);
            arguments->vararg->type_comment = parse_type_comment(parser);
        } else {
            parser_expect(parser, TOKEN_COMMA);
            if (parser_peek(parser) == TOKEN_TYPE_COMMENT) {
                parser_raise_at_token(parser, "bare * has associated type comment");
            }
            if (parser_peek(parser) != TOKEN_NAME) {
                parser_fail(parser);
            }
        }
        if (comma) {
            parse_keyword_only(parser, is_lambda, arguments);
            const Token *before = parser->token - 1;
            comma = before[before->kind == TOKEN_TYPE_COMMENT ? -1 : 0].kind == TOKEN_COMMA;
        }
    }
    if (comma && parser_accept(parser, TOKEN_STAR_STAR)) {
        arguments->kwarg = parse_parameter(parser, is_lambda, false);
        parser_accept(parser, TOKEN_COMMA);
        arguments->kwarg->type_comment = parse_type_comment(parser);
    }
    if (parser_peek(parser) != close) {
        parser_fail(parser);
    }
    return arguments;
}
