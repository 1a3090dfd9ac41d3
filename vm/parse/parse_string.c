// SPDX-License-Identifier: MIT
//
// String and bytes literals: prefixes, escapes, and literals side by side, which make one.
#include "vm/parse/parser.h"
#include "vm/parse/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// --- text that grows -----------------------------------------------------------------------------

void text_reserve(TextBuffer *buffer, size_t more) {
    if (buffer->capacity - buffer->length < more) {
        buffer->capacity = buffer->capacity * 2 + more + 64;
        buffer->data = arena_block_resize(buffer->arena, buffer->data, buffer->capacity);
    }
}

void text_append(TextBuffer *buffer, const char *data, size_t length) {
    text_reserve(buffer, length);
    memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
}

static inline void append_byte(TextBuffer *buffer, char byte) {
    buffer->data[buffer->length++] = byte; // room was reserved: no escape grows
}

// Also takes surrogates: they get the three bytes their number would have.
static void append_character(TextBuffer *buffer, uint32_t c) {
    if (c < 0x80) {
        append_byte(buffer, (char)c);
    } else if (c < 0x800) {
        append_byte(buffer, (char)(0xC0 | c >> 6));
        append_byte(buffer, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        append_byte(buffer, (char)(0xE0 | c >> 12));
        append_byte(buffer, (char)(0x80 | (c >> 6 & 0x3F)));
        append_byte(buffer, (char)(0x80 | (c & 0x3F)));
    } else {
        append_byte(buffer, (char)(0xF0 | c >> 18));
        append_byte(buffer, (char)(0x80 | (c >> 12 & 0x3F)));
        append_byte(buffer, (char)(0x80 | (c >> 6 & 0x3F)));
        append_byte(buffer, (char)(0x80 | (c & 0x3F)));
    }
}

// --- errors --------------------------------------------------------------------------------------

void parser_raise_at_token(Parser *parser, const char *format, ...) {
    char message[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const Token *token = parser->token;
    parser_raise(parser, PARSE_SYNTAX_ERROR, token->line,
                 token->column - (token->placeless ? 1 : 0), token->end_line,
                 token->placeless ? -2 : token->end_column, "%s", message);
}

// Positions are those in what CPython decodes, where a character beyond ASCII is written with ten.
static int escape_position(const char *text, const char *where) {
    int position = 0;
    for (const char *p = text; p < where; p++) {
        position += (unsigned char)*p < 0x80 ? 1 : ((unsigned char)*p & 0xC0) == 0xC0 ? 10 : 0;
    }
    return position;
}

static _Noreturn void raise_unicode_error(Parser *parser, const char *text, const char *start,
                                          const char *end, const char *reason) {
    parser_raise_at_token(parser,
                          "(unicode error) 'unicodeescape' codec can't decode bytes in position "
                          "%d-%d: %s",
                          escape_position(text, start), escape_position(text, end) - 1, reason);
}

// --- escapes -------------------------------------------------------------------------------------

static int hex_value(char c) {
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

// The character of an escape with one letter, or -1.
static int simple_escape(char c) {
    switch (c) {
    case '\\':
    case '\'':
    case '"':
        return c;
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    default:
        return -1;
    }
}

static uint32_t octal_escape(Parser *parser, const Token *token, const char **cursor,
                             const char *end, bool *warned) {
    uint32_t value = 0;
    const char *p = *cursor;
    for (int i = 0; i < 3 && p < end && *p >= '0' && *p <= '7'; i++) {
        value = value * 8 + (uint32_t)(*p++ - '0');
    }
    if (value > 0xFF && !*warned) {
        parser_warn(parser, token, "invalid octal escape sequence '\\%.3s'", *cursor);
        *warned = true;
    }
    *cursor = p;
    return value;
}

// \x, \u, \U: the cursor is after the letter.
static uint32_t hex_escape(Parser *parser, const char *text, const char *start, const char **cursor,
                           const char *end, int digits) {
    uint32_t value = 0;
    const char *p = *cursor;
    for (int i = 0; i < digits; i++, p++) {
        int digit = p < end ? hex_value(*p) : -1;
        if (digit < 0) {
            raise_unicode_error(parser, text, start, p,
                                digits == 2   ? "truncated \\xXX escape"
                                : digits == 4 ? "truncated \\uXXXX escape"
                                              : "truncated \\UXXXXXXXX escape");
        }
        value = value << 4 | (uint32_t)digit;
    }
    if (value > 0x10FFFF) {
        raise_unicode_error(parser, text, start, p, "illegal Unicode character");
    }
    *cursor = p;
    return value;
}

// \N{name}: the cursor is after the N.
static uint32_t named_escape(Parser *parser, const char *text, const char *start,
                             const char **cursor, const char *end) {
    const char *p = *cursor;
    if (p < end && *p == '{') {
        const char *name = ++p;
        while (p < end && *p != '}') {
            p++;
        }
        if (p < end && p > name) {
            uint32_t character;
            *cursor = p + 1;
            if (parser->options.find_character != NULL &&
                parser->options.find_character(name, (size_t)(p - name), &character)) {
                return character;
            }
            raise_unicode_error(parser, text, start, p + 1, "unknown Unicode character name");
        }
    }
    raise_unicode_error(parser, text, start, p, "malformed \\N character escape");
}

void parser_decode_text(Parser *parser, const Token *token, const char *text, size_t length,
                        bool raw, TextBuffer *buffer) {
    SyntaxErrorInfo invalid;
    if (parser->lexer->invalid_utf8 && source_describe_invalid_utf8(text, length, &invalid)) {
        parser_raise_at_token(parser, "%s", invalid.message);
    }
    text_reserve(buffer, length);
    const char *p = text, *end = text + length;
    bool warned = false;
    while (p < end) {
        const char *backslash = raw ? NULL : memchr(p, '\\', (size_t)(end - p));
        const char *stop = backslash == NULL ? end : backslash;
        memcpy(buffer->data + buffer->length, p, (size_t)(stop - p));
        buffer->length += (size_t)(stop - p);
        if (backslash == NULL) {
            return;
        }
        p = backslash + 1;
        if (p == end ||
            (unsigned char)*p >= 0x80) { // at the end only before a field of an f-string
            append_byte(buffer, '\\');
            continue;
        }
        char c = *p++;
        int simple = simple_escape(c);
        if (simple >= 0) {
            append_byte(buffer, (char)simple);
            continue;
        }
        switch (c) {
        case '\n':
            break;
        case '0' ... '7':
            p--;
            append_character(buffer, octal_escape(parser, token, &p, end, &warned));
            break;
        case 'x':
            append_character(buffer, hex_escape(parser, text, backslash, &p, end, 2));
            break;
        case 'u':
            append_character(buffer, hex_escape(parser, text, backslash, &p, end, 4));
            break;
        case 'U':
            append_character(buffer, hex_escape(parser, text, backslash, &p, end, 8));
            break;
        case 'N':
            append_character(buffer, named_escape(parser, text, backslash, &p, end));
            break;
        default:
            if (!warned) {
                parser_warn(parser, token, "invalid escape sequence '\\%c'", c);
                warned = true;
            }
            append_byte(buffer, '\\');
            append_byte(buffer, c);
        }
    }
}

static void decode_bytes(Parser *parser, const Token *token, const char *text, size_t length,
                         bool raw, TextBuffer *buffer) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            // CPython looks at the end of all literals that stand together, and tells of what
            // it has read last: the token after them.
            const Token *after = parser->token;
            parser_raise(parser, PARSE_SYNTAX_ERROR, after->line, after->column, after->end_line,
                         after->end_column, "bytes can only contain ASCII literal characters");
        }
    }
    text_reserve(buffer, length);
    if (raw) {
        text_append(buffer, text, length);
        return;
    }
    bool warned = false;
    for (const char *p = text, *end = text + length; p < end;) {
        if (*p != '\\') {
            append_byte(buffer, *p++);
            continue;
        }
        const char *backslash = p++;
        char c = *p++;
        int simple = simple_escape(c);
        if (simple >= 0) {
            append_byte(buffer, (char)simple);
        } else if (c == '\n') {
        } else if (c >= '0' && c <= '7') {
            p--;
            append_byte(buffer, (char)octal_escape(parser, token, &p, end, &warned));
        } else if (c == 'x') {
            if (end - p < 2 || hex_value(p[0]) < 0 || hex_value(p[1]) < 0) {
                parser_raise_at_token(parser, "(value error) invalid \\x escape at position %d",
                                      (int)(backslash - text));
            }
            append_byte(buffer, (char)(hex_value(p[0]) << 4 | hex_value(p[1])));
            p += 2;
        } else {
            if (!warned) {
                parser_warn(parser, token, "invalid escape sequence '\\%c'", c);
                warned = true;
            }
            append_byte(buffer, '\\');
            append_byte(buffer, c);
        }
    }
}

// --- groups of literals --------------------------------------------------------------------------

typedef struct Literal {
    const char *text, *end; // between the quotes
    bool bytes, raw, formatted;
} Literal;

static Literal literal_of_token(const Token *token) {
    Literal literal = {.text = token->start, .end = token->start + token->length};
    for (;; literal.text++) {
        switch (*literal.text) {
        case 'b':
        case 'B':
            literal.bytes = true;
            continue;
        case 'r':
        case 'R':
            literal.raw = true;
            continue;
        case 'f':
        case 'F':
            literal.formatted = true;
            continue;
        case 'u':
        case 'U':
            continue;
        }
        break;
    }
    char quote = *literal.text;
    int quotes =
        literal.end - literal.text >= 6 && literal.text[1] == quote && literal.text[2] == quote ? 3
                                                                                                : 1;
    literal.text += quotes;
    literal.end -= quotes;
    return literal;
}

AstExpr *parser_new_literal(Parser *parser, AstExprKind kind, const LiteralGroup *group) {
    AstExpr *node = ast_new_expr(parser->arena, kind);
    PARSER_SET_START(node, group->first);
    PARSER_SET_END_OF(node, group->last);
    return node;
}

static AstExpr *new_text(Parser *parser, LiteralGroup *group, AstConstantKind kind) {
    AstExpr *node = parser_new_literal(parser, AST_CONSTANT, group);
    node->constant.kind = kind;
    node->constant.u_prefix = kind == AST_CONSTANT_STR && group->u_prefix;
    node->constant.text.data =
        arena_copy(parser->arena, group->literal.data, group->literal.length);
    node->constant.text.length = group->literal.length;
    return parser_done(parser, node);
}

void parser_push_literal(Parser *parser, LiteralGroup *group) {
    if (group->literal.length > 0) {
        parser_push(parser, new_text(parser, group, AST_CONSTANT_STR));
        group->literal.length = 0;
    }
}

static AstExpr *parse_group(Parser *parser, LiteralGroup *group) {
    bool bytes = literal_of_token(group->first).bytes, formatted = false;
    uint32_t mark = parser_mark(parser);
    for (const Token *token = group->first; token <= group->last; token++) {
        Literal literal = literal_of_token(token);
        size_t length = (size_t)(literal.end - literal.text);
        if (literal.bytes) {
            decode_bytes(parser, token, literal.text, length, literal.raw, &group->literal);
        }
        if (literal.bytes != bytes) {
            parser_raise_at_token(parser, "cannot mix bytes and nonbytes literals");
        }
        if (literal.formatted) {
            formatted = true;
            parser_require(parser, 6, "Format strings are");
            parse_fstring(parser, group, token, literal.text, literal.end, literal.raw);
        } else if (!literal.bytes) {
            parser_decode_text(parser, token, literal.text, length, literal.raw, &group->literal);
        }
    }
    if (!formatted) {
        return new_text(parser, group, bytes ? AST_CONSTANT_BYTES : AST_CONSTANT_STR);
    }
    parser_push_literal(parser, group);
    AstExpr *node = parser_new_literal(parser, AST_JOINED_STR, group);
    PARSER_TAKE(parser, mark, node->joined_str.values);
    return parser_done(parser, node);
}

AstExpr *parse_strings(Parser *parser) {
    LiteralGroup group = {.first = parser_next(parser), .literal.arena = parser->scratch};
    while (parser_peek(parser) == TOKEN_STRING) {
        parser_next(parser);
    }
    group.last = parser->token - 1;
    group.u_prefix = *group.first->start == 'u';
    if (parser_peek(parser) == TOKEN_ERROR) { // the lexer's error comes first
        parser_fail(parser);
    }
    AstExpr *node = parse_group(parser, &group);
    arena_block_free(parser->scratch, group.literal.data); // after an error, with the arena
    return node;
}
