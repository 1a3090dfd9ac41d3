// SPDX-License-Identifier: MIT
//
// Number literals. The lexer made sure that they are well formed.
#include "vm/parse/parser.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MAX_DIGITS = 4300 };

static int digit_value(char c) {
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

// Whether it is small enough; if so, *value is it.
static bool small_integer(const char *digits, size_t length, int base, int64_t *value) {
    int64_t result = 0;
    for (size_t i = 0; i < length; i++) {
        if (__builtin_mul_overflow(result, (int64_t)base, &result) ||
            __builtin_add_overflow(result, (int64_t)digit_value(digits[i]), &result) ||
            result >= (int64_t)1 << 62) {
            return false;
        }
    }
    *value = result;
    return true;
}

static void set_integer(Parser *parser, const Token *token, const char *digits, size_t length,
                        int base, AstConstant *constant) {
    int64_t value;
    size_t zeros = 0;
    while (zeros + 1 < length && digits[zeros] == '0') {
        zeros++;
    }
    if (length - zeros <= 80 && small_integer(digits + zeros, length - zeros, base, &value)) {
        constant->kind = AST_CONSTANT_INT;
        constant->integer = value;
        return;
    }
    int limit =
        parser->options.max_int_digits == 0 ? DEFAULT_MAX_DIGITS : parser->options.max_int_digits;
    if (base == 10 && limit > 0 && length > (size_t)limit) {
        parser_raise(parser, PARSE_SYNTAX_ERROR, token->line, token->column, token->line, -1,
                     "Exceeds the limit (%d digits) for integer string conversion: value has %zu "
                     "digits; use sys.set_int_max_str_digits() to increase the limit - Consider "
                     "hexadecimal for huge integer literals to avoid decimal conversion limits.",
                     limit, length);
    }
    constant->kind = AST_CONSTANT_BIG_INT;
    constant->base = (uint8_t)base;
    constant->big.digits = arena_copy(parser->arena, digits + zeros, length - zeros);
    constant->big.length = length - zeros;
}

AstExpr *parse_number(Parser *parser) {
    const Token *token = parser_next(parser);
    AstExpr *node = parser_new_expr(parser, AST_CONSTANT, token);
    AstConstant *constant = &node->constant;
    node->height = node->depth = 1;
    char small[64];
    char *text = token->length < sizeof small
                     ? small
                     : arena_allocate(parser->scratch, (size_t)token->length + 1);
    size_t length = 0;
    for (uint32_t i = 0; i < token->length; i++) {
        if (token->start[i] != '_') {
            text[length++] = token->start[i];
        }
    }
    text[length] = 0;
    if (length != token->length) {
        parser_require_read(parser, 6, "Underscores in numeric literals are");
    }
    if (text[0] == '0' && length > 2 && strchr("xXoObB", text[1]) != NULL) {
        int base = (text[1] | 0x20) == 'x' ? 16 : (text[1] | 0x20) == 'o' ? 8 : 2;
        set_integer(parser, token, text + 2, length - 2, base, constant);
        return node;
    }
    if (strspn(text, "0123456789") == length) {
        set_integer(parser, token, text, length, 10, constant);
        return node;
    }
    constant->kind = (text[length - 1] | 0x20) == 'j' ? AST_CONSTANT_IMAGINARY : AST_CONSTANT_FLOAT;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0); // a constant of the C library
    constant->real = strtod_l(text, NULL, plain);
    freelocale(plain);
    return node;
}
