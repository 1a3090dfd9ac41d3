// SPDX-License-Identifier: MIT
//
// Expressions: operators, lambdas, calls, subscripts. What they are made of is in parse_atom.c.
//
// Operators that group to the left are parsed by loops; the others recurse and count their depth. A
// node in parentheses keeps its own position, so what it begins takes the position of its first
// token, not of its first child.
#include "vm/parse/parser.h"

// --- binary operators ----------------------------------------------------------------------------

typedef struct Binary {
    uint8_t precedence; // 0: no binary operator
    uint8_t op;
} Binary;

static const Binary binaries[TOKEN_KIND_COUNT] = {
    [TOKEN_BAR] = {1, AST_BIT_OR},          [TOKEN_CIRCUMFLEX] = {2, AST_BIT_XOR},
    [TOKEN_AMPERSAND] = {3, AST_BIT_AND},   [TOKEN_LEFT_SHIFT] = {4, AST_L_SHIFT},
    [TOKEN_RIGHT_SHIFT] = {4, AST_R_SHIFT}, [TOKEN_PLUS] = {5, AST_ADD},
    [TOKEN_MINUS] = {5, AST_SUB},           [TOKEN_STAR] = {6, AST_MULT},
    [TOKEN_SLASH] = {6, AST_DIV},           [TOKEN_SLASH_SLASH] = {6, AST_FLOOR_DIV},
    [TOKEN_PERCENT] = {6, AST_MOD},         [TOKEN_AT] = {6, AST_MAT_MULT},
};

static AstExpr *parse_factor(Parser *parser);

static AstExpr *new_binary(Parser *parser, const Token *start, AstExpr *left, AstOperator op,
                           AstExpr *right) {
    AstExpr *node = parser_new_expr(parser, AST_BIN_OP, start);
    node->bin_op.left = left;
    node->bin_op.op = op;
    node->bin_op.right = right;
    if (op == AST_MAT_MULT) {
        parser_require(parser, 5, "The '@' operator is");
    }
    return parser_done(parser, node);
}

static AstExpr *parse_power(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *base = parse_primary(parser, true);
    if (!parser_accept(parser, TOKEN_STAR_STAR)) {
        return base;
    }
    parser_enter(parser);
    AstExpr *exponent = parse_factor(parser);
    parser_leave(parser);
    return new_binary(parser, start, base, AST_POW, exponent);
}

static AstExpr *parse_factor(Parser *parser) {
    AstUnaryOp op;
    switch (parser_peek(parser)) {
    case TOKEN_PLUS:
        op = AST_U_ADD;
        break;
    case TOKEN_MINUS:
        op = AST_U_SUB;
        break;
    case TOKEN_TILDE:
        op = AST_INVERT;
        break;
    default:
        return parse_power(parser);
    }
    const Token *start = parser_next(parser);
    parser_enter(parser);
    AstExpr *operand = parse_factor(parser);
    parser_leave(parser);
    AstExpr *node = parser_new_expr(parser, AST_UNARY_OP, start);
    node->unary_op.op = op;
    node->unary_op.operand = operand;
    return parser_done(parser, node);
}

// Operators that bind at least as tightly as `least`.
static AstExpr *parse_binary(Parser *parser, int least) {
    const Token *start = parser->token;
    AstExpr *left = parse_factor(parser);
    for (;;) {
        Binary binary = binaries[parser_peek(parser)];
        if (binary.precedence < least) {
            return left;
        }
        parser_next(parser);
        AstExpr *right = parse_binary(parser, binary.precedence + 1);
        left = new_binary(parser, start, left, (AstOperator)binary.op, right);
    }
}

AstExpr *parse_bitwise_or(Parser *parser) {
    return parse_binary(parser, 1);
}

// --- comparisons, not, and, or -------------------------------------------------------------------

// Takes the operator if there is one.
static bool accept_comparison(Parser *parser, AstCompareOp *op) {
    switch (parser_peek(parser)) {
    case TOKEN_EQUAL_EQUAL:
        *op = AST_EQ;
        break;
    case TOKEN_NOT_EQUAL:
        if (parser->options.barry_as_bdfl) {
            parser_raise_at_token(parser, "with Barry as BDFL, use '<>' instead of '!='");
        }
        *op = AST_NOT_EQ;
        break;
    case TOKEN_UNKNOWN: // maybe the old operator
        if (!parser->options.barry_as_bdfl || parser->token->length != 2) {
            return false;
        }
        *op = AST_NOT_EQ;
        break;
    case TOKEN_LESS:
        *op = AST_LT;
        break;
    case TOKEN_LESS_EQUAL:
        *op = AST_LT_E;
        break;
    case TOKEN_GREATER:
        *op = AST_GT;
        break;
    case TOKEN_GREATER_EQUAL:
        *op = AST_GT_E;
        break;
    case TOKEN_IN:
        *op = AST_IN;
        break;
    case TOKEN_NOT:
        if (parser_peek_second(parser) != TOKEN_IN) {
            return false;
        }
        parser_next(parser);
        *op = AST_NOT_IN;
        break;
    case TOKEN_IS:
        *op = AST_IS;
        if (parser_peek_second(parser) == TOKEN_NOT) {
            parser_next(parser);
            *op = AST_IS_NOT;
        }
        break;
    default:
        return false;
    }
    parser_next(parser);
    return true;
}

static AstExpr *parse_comparison(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *left = parse_bitwise_or(parser);
    AstCompareOp op;
    if (!accept_comparison(parser, &op)) {
        return left;
    }
    uint32_t mark = parser_mark(parser);
    do { // operators and operands take turns on the stack
        parser_push(parser, (void *)(uintptr_t)op);
        parser_push(parser, parse_bitwise_or(parser));
    } while (accept_comparison(parser, &op));
    AstExpr *node = parser_new_expr(parser, AST_COMPARE, start);
    uint32_t count = (parser_mark(parser) - mark) / 2;
    node->compare.left = left;
    node->compare.ops = arena_allocate(parser->arena, count * sizeof *node->compare.ops);
    node->compare.comparators.count = count;
    node->compare.comparators.items = arena_allocate(parser->arena, count * sizeof(AstExpr *));
    for (uint32_t i = 0; i < count; i++) {
        node->compare.ops[i] = (AstCompareOp)(uintptr_t)parser->stack[mark + 2 * i];
        node->compare.comparators.items[i] = parser->stack[mark + 2 * i + 1];
    }
    parser->stack_count = mark;
    return parser_done(parser, node);
}

static AstExpr *parse_inversion(Parser *parser) {
    if (parser_peek(parser) != TOKEN_NOT) {
        return parse_comparison(parser);
    }
    const Token *start = parser_next(parser);
    parser_enter(parser);
    AstExpr *operand = parse_inversion(parser);
    parser_leave(parser);
    AstExpr *node = parser_new_expr(parser, AST_UNARY_OP, start);
    node->unary_op.op = AST_NOT;
    node->unary_op.operand = operand;
    return parser_done(parser, node);
}

static AstExpr *parse_conjunction(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *first = parse_inversion(parser);
    if (parser_peek(parser) != TOKEN_AND) {
        return first;
    }
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    while (parser_accept(parser, TOKEN_AND)) {
        parser_push(parser, parse_inversion(parser));
    }
    AstExpr *node = parser_new_expr(parser, AST_BOOL_OP, start);
    node->bool_op.op = AST_AND;
    PARSER_TAKE(parser, mark, node->bool_op.values);
    return parser_done(parser, node);
}

AstExpr *parse_disjunction(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *first = parse_conjunction(parser);
    if (parser_peek(parser) != TOKEN_OR) {
        return first;
    }
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    while (parser_accept(parser, TOKEN_OR)) {
        parser_push(parser, parse_conjunction(parser));
    }
    AstExpr *node = parser_new_expr(parser, AST_BOOL_OP, start);
    node->bool_op.op = AST_OR;
    PARSER_TAKE(parser, mark, node->bool_op.values);
    return parser_done(parser, node);
}

// --- lambdas, conditionals, named expressions ----------------------------------------------------

static AstExpr *parse_lambda(Parser *parser) {
    const Token *start = parser_next(parser);
    AstArguments *arguments = parse_parameters(parser, true);
    parser_expect(parser, TOKEN_COLON);
    AstExpr *body = parse_expression(parser);
    AstExpr *node = parser_new_expr(parser, AST_LAMBDA, start);
    node->lambda.args = arguments;
    node->lambda.body = body;
    return parser_done(parser, node);
}

AstExpr *parse_expression(Parser *parser) {
    parser_enter(parser);
    const Token *start = parser->token;
    AstExpr *node;
    if (parser_peek(parser) == TOKEN_LAMBDA) {
        node = parse_lambda(parser);
    } else {
        node = parse_disjunction(parser);
        if (parser_accept(parser, TOKEN_IF)) {
            AstExpr *test = parse_disjunction(parser);
            parser_expect(parser, TOKEN_ELSE);
            AstExpr *orelse = parse_expression(parser);
            AstExpr *body = node;
            node = parser_new_expr(parser, AST_IF_EXP, start);
            node->if_exp.test = test;
            node->if_exp.body = body;
            node->if_exp.orelse = orelse;
            parser_done(parser, node);
        }
    }
    parser_leave(parser);
    return node;
}

AstExpr *parse_named_expression(Parser *parser) {
    if (parser_peek(parser) != TOKEN_NAME || parser_peek_second(parser) != TOKEN_WALRUS) {
        AstExpr *node = parse_expression(parser);
        if (parser_peek(parser) == TOKEN_WALRUS) {
            parser_fail(parser);
        }
        return node;
    }
    const Token *start = parser_next(parser);
    AstExpr *target = parser_new_expr(parser, AST_NAME, start);
    target->name.id = start->name;
    target->name.ctx = AST_STORE;
    parser_done(parser, target);
    parser_next(parser);
    AstExpr *value = parse_expression(parser);
    AstExpr *node = parser_new_expr(parser, AST_NAMED_EXPR, start);
    parser_require(parser, 8, "Assignment expressions are");
    node->named_expr.target = target;
    node->named_expr.value = value;
    return parser_done(parser, node);
}

// --- stars and commas ----------------------------------------------------------------------------

bool parser_starts_expression(TokenKind kind) {
    switch (kind) {
    case TOKEN_NAME:
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_LEFT_PAREN:
    case TOKEN_LEFT_BRACKET:
    case TOKEN_LEFT_BRACE:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_TILDE:
    case TOKEN_ELLIPSIS:
    case TOKEN_NOT:
    case TOKEN_LAMBDA:
    case TOKEN_AWAIT:
    case TOKEN_TRUE:
    case TOKEN_FALSE:
    case TOKEN_NONE:
        return true;
    default:
        return false;
    }
}

static AstExpr *parse_starred(Parser *parser, AstExpr *(*parse_value)(Parser *)) {
    const Token *start = parser_next(parser);
    AstExpr *value = parse_value(parser);
    AstExpr *node = parser_new_expr(parser, AST_STARRED, start);
    node->starred.value = value;
    return parser_done(parser, node);
}

AstExpr *parse_star_expression(Parser *parser) {
    return parser_peek(parser) == TOKEN_STAR ? parse_starred(parser, parse_bitwise_or)
                                             : parse_expression(parser);
}

AstExpr *parse_star_named_expression(Parser *parser) {
    return parser_peek(parser) == TOKEN_STAR ? parse_starred(parser, parse_bitwise_or)
                                             : parse_named_expression(parser);
}

// More after the first item of what turns out to be a tuple: the next token is a comma.
static AstExpr *parse_tuple_rest(Parser *parser, const Token *start, AstExpr *first,
                                 AstExpr *(*parse_item)(Parser *)) {
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    while (parser_accept(parser, TOKEN_COMMA)) {
        TokenKind kind = parser_peek(parser);
        if (kind != TOKEN_STAR && !parser_starts_expression(kind)) {
            break;
        }
        parser_push(parser, parse_item(parser));
    }
    AstExpr *node = parser_new_expr(parser, AST_TUPLE, start);
    PARSER_TAKE(parser, mark, node->tuple.elts);
    return parser_done(parser, node);
}

AstExpr *parse_star_expressions(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *first = parse_star_expression(parser);
    if (parser_peek(parser) != TOKEN_COMMA) {
        return first;
    }
    return parse_tuple_rest(parser, start, first, parse_star_expression);
}

AstExpr *parse_expressions(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *first = parse_expression(parser);
    if (parser_peek(parser) != TOKEN_COMMA) {
        return first;
    }
    return parse_tuple_rest(parser, start, first, parse_expression);
}

AstExpr *parse_subject(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *first = parse_star_named_expression(parser);
    if (parser_peek(parser) == TOKEN_COMMA) {
        return parse_tuple_rest(parser, start, first, parse_star_named_expression);
    }
    if (first->kind == AST_STARRED) {
        parser_fail(parser);
    }
    return first;
}

static AstExpr *parse_target_item(Parser *parser) {
    return parser_peek(parser) == TOKEN_STAR ? parse_starred(parser, parse_bitwise_or)
                                             : parse_bitwise_or(parser);
}

AstExpr *parse_target(Parser *parser) {
    AstExpr *node = parse_target_item(parser);
    if (!parser_make_target(node, AST_STORE)) {
        parser_fail(parser);
    }
    return node;
}

AstExpr *parse_target_list(Parser *parser) {
    const Token *start = parser->token;
    AstExpr *node = parse_target_item(parser);
    if (parser_peek(parser) == TOKEN_COMMA) {
        node = parse_tuple_rest(parser, start, node, parse_target_item);
    }
    if (!parser_make_target(node, AST_STORE)) {
        parser_fail(parser);
    }
    return node;
}

AstExpr *parse_yield(Parser *parser) {
    const Token *start = parser_next(parser);
    if (parser_accept(parser, TOKEN_FROM)) {
        AstExpr *value = parse_expression(parser);
        AstExpr *node = parser_new_expr(parser, AST_YIELD_FROM, start);
        node->yield_from.value = value;
        return parser_done(parser, node);
    }
    TokenKind kind = parser_peek(parser);
    AstExpr *value = kind == TOKEN_STAR || parser_starts_expression(kind)
                         ? parse_star_expressions(parser)
                         : NULL;
    AstExpr *node = parser_new_expr(parser, AST_YIELD, start);
    node->yield.value = value;
    return parser_done(parser, node);
}

AstExpr *parse_yield_or_star_expressions(Parser *parser) {
    return parser_peek(parser) == TOKEN_YIELD ? parse_yield(parser)
                                              : parse_star_expressions(parser);
}

// --- calls, subscripts, attributes ---------------------------------------------------------------

static void note_repeated_keyword(Parser *parser, uint32_t mark) {
    AstKeyword *last = parser->stack[parser_mark(parser) - 1];
    for (uint32_t i = mark; last->arg != NULL && i + 1 < parser_mark(parser); i++) {
        AstKeyword *other = parser->stack[i];
        if (other->arg == last->arg) {
            parser_note_late_error(parser, last->line, last->column, last->end_line,
                                   last->end_column, "keyword argument repeated: %s",
                                   last->arg->text);
        }
    }
}

static AstKeyword *parse_keyword(Parser *parser) {
    const Token *start = parser->token;
    AstKeyword *keyword = arena_allocate(parser->arena, sizeof *keyword);
    PARSER_SET_START(keyword, start);
    if (parser_accept(parser, TOKEN_NAME)) {
        keyword->arg = start->name;
    }
    parser_next(parser); // = or **
    keyword->value = parse_expression(parser);
    PARSER_SET_END(parser, keyword);
    return keyword;
}

// f(x for x in y): the parentheses are the call's and the generator's. `first` is what was parsed
// so far.
static AstExpr *parse_bare_generator(Parser *parser, const Token *parenthesis, AstExpr *first) {
    AstComprehensionSeq generators = parse_comprehensions(parser);
    if (parser_peek(parser) != TOKEN_RIGHT_PAREN) {
        parser_fail(parser);
    }
    AstExpr *node = parser_new_expr(parser, AST_GENERATOR_EXP, parenthesis);
    node->end_line = parser->token->end_line;
    node->end_column = parser->token->end_column;
    node->comp.elt = first;
    node->comp.generators = generators;
    return parser_done(parser, node);
}

void parse_call_arguments(Parser *parser, bool allow_bare_generator, AstExprSeq *arguments,
                          AstKeywordSeq *keywords) {
    const Token *parenthesis = parser->token - 1;
    uint32_t mark = parser_mark(parser);
    // Keywords go to the stack right after the positional arguments; the rare *x after a keyword is
    // moved down below.
    uint32_t positional = 0;
    bool unpacked = false;
    while (parser_peek(parser) != TOKEN_RIGHT_PAREN) {
        TokenKind kind = parser_peek(parser);
        bool keyword = kind == TOKEN_STAR_STAR ||
                       (kind == TOKEN_NAME && parser_peek_second(parser) == TOKEN_EQUAL);
        if (keyword) {
            unpacked |= kind == TOKEN_STAR_STAR;
            parser_push(parser, parse_keyword(parser));
            note_repeated_keyword(parser, mark + positional);
        } else {
            uint32_t keyword_count = parser_mark(parser) - mark - positional;
            AstExpr *argument;
            if (kind == TOKEN_STAR && !unpacked) {
                argument = parse_starred(parser, parse_expression);
            } else if (keyword_count > 0) {
                parser_fail(parser);
            } else {
                argument = parse_named_expression(parser);
                kind = parser_peek(parser);
                if ((kind == TOKEN_FOR || kind == TOKEN_ASYNC) && positional == 0 &&
                    allow_bare_generator) {
                    argument = parse_bare_generator(parser, parenthesis, argument);
                }
            }
            parser_push(parser, argument);
            uint32_t last = parser_mark(parser) - 1;
            for (; keyword_count > 0; keyword_count--, last--) {
                parser->stack[last] = parser->stack[last - 1];
            }
            parser->stack[last] = argument;
            positional++;
        }
        if (parser_peek(parser) != TOKEN_RIGHT_PAREN) {
            parser_expect(parser, TOKEN_COMMA);
        }
    }
    parser_next(parser);
    PARSER_TAKE(parser, mark + positional, *keywords);
    PARSER_TAKE(parser, mark, *arguments);
}

// One item between brackets. *starred: it makes a tuple even when alone.
static AstExpr *parse_slice(Parser *parser, bool *starred) {
    const Token *start = parser->token;
    TokenKind kind = parser_peek(parser);
    if (kind == TOKEN_STAR) {
        *starred = true;
        return parse_starred(parser, parse_expression);
    }
    AstExpr *lower = NULL;
    if (kind != TOKEN_COLON) {
        bool named = kind == TOKEN_NAME && parser_peek_second(parser) == TOKEN_WALRUS;
        lower = parse_named_expression(parser);
        if (named || parser_peek(parser) != TOKEN_COLON) {
            return lower;
        }
    }
    parser_next(parser);
    AstExpr *upper = NULL, *step = NULL;
    if (parser_starts_expression(parser_peek(parser))) {
        upper = parse_expression(parser);
    }
    if (parser_accept(parser, TOKEN_COLON) && parser_starts_expression(parser_peek(parser))) {
        step = parse_expression(parser);
    }
    AstExpr *node = parser_new_expr(parser, AST_SLICE, start);
    node->slice.lower = lower;
    node->slice.upper = upper;
    node->slice.step = step;
    return parser_done(parser, node);
}

static AstExpr *parse_subscript_index(Parser *parser) {
    const Token *start = parser->token;
    bool tuple = false;
    AstExpr *first = parse_slice(parser, &tuple);
    if (parser_peek(parser) != TOKEN_COMMA && !tuple) {
        return first;
    }
    uint32_t mark = parser_mark(parser);
    parser_push(parser, first);
    while (parser_accept(parser, TOKEN_COMMA) && parser_peek(parser) != TOKEN_RIGHT_BRACKET) {
        parser_push(parser, parse_slice(parser, &tuple));
    }
    AstExpr *node = parser_new_expr(parser, AST_TUPLE, start);
    PARSER_TAKE(parser, mark, node->tuple.elts);
    return parser_done(parser, node);
}

AstExpr *parse_primary(Parser *parser, bool allow_await) {
    const Token *start = parser->token;
    if (allow_await && parser_accept(parser, TOKEN_AWAIT)) {
        AstExpr *value = parse_primary(parser, false);
        AstExpr *node = parser_new_expr(parser, AST_AWAIT, start);
        parser_require(parser, 5, "Await expressions are");
        node->await.value = value;
        return parser_done(parser, node);
    }
    AstExpr *node = parse_atom(parser);
    for (;;) {
        AstExpr *value = node;
        switch (parser_peek(parser)) {
        case TOKEN_DOT: {
            parser_next(parser);
            const AstName *name = parser_expect_name(parser);
            node = parser_new_expr(parser, AST_ATTRIBUTE, start);
            node->attribute.value = value;
            node->attribute.attr = name;
            break;
        }
        case TOKEN_LEFT_PAREN: {
            parser_next(parser);
            AstExprSeq arguments;
            AstKeywordSeq keywords;
            parse_call_arguments(parser, true, &arguments, &keywords);
            node = parser_new_expr(parser, AST_CALL, start);
            node->call.func = value;
            node->call.args = arguments;
            node->call.keywords = keywords;
            break;
        }
        case TOKEN_LEFT_BRACKET: {
            parser_next(parser);
            AstExpr *index = parse_subscript_index(parser);
            parser_expect(parser, TOKEN_RIGHT_BRACKET);
            node = parser_new_expr(parser, AST_SUBSCRIPT, start);
            node->subscript.value = value;
            node->subscript.slice = index;
            break;
        }
        default:
            return node;
        }
        parser_done(parser, node);
    }
}
