// SPDX-License-Identifier: MIT
//
// f-strings as in Python 3.8 to 3.11 (PEP 498, and bpo-36817 for the "=" form): the text of a
// literal is scanned for replacement fields, and the expression in each is cut out, put in
// parentheses and parsed as a small text of its own.
#include "vm/parse/parser.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_BRACKETS = 200 };

// One literal being scanned.
typedef struct Scan {
    Parser *parser;
    LiteralGroup *group;
    const Token *token;
    const char *cursor, *end;
    bool raw;
} Scan;

static void scan_parts(Scan *scan, int nesting);

// --- literal text --------------------------------------------------------------------------------

// Adds the text up to the next field. True if that text ended in a doubled brace and more text may
// follow.
static bool scan_text(Scan *scan, int nesting) {
    const char *start = scan->cursor, *p = start, *end = scan->end;
    const char *stop = end, *resume = end;
    bool doubled = false;
    while (p < end) {
        char c = *p++;
        if (!scan->raw && c == '\\' && p < end) {
            c = *p++;
            if (c == 'N') { // the braces of \N{name} are no field's
                if (p < end && *p++ == '{') {
                    while (p < end && *p++ != '}') {
                    }
                }
                continue;
            }
            if (c == '{') {
                parser_warn(scan->parser, scan->token, "invalid escape sequence '\\{'");
            }
        }
        if (c != '{' && c != '}') {
            continue;
        }
        if (nesting == 0) {
            if (p < end && *p == c) {
                stop = p;
                resume = p + 1;
                doubled = true;
                break;
            }
            if (c == '}') {
                parser_raise_at_token(scan->parser, "f-string: single '}' is not allowed");
            }
        }
        stop = resume = p - 1;
        break;
    }
    scan->cursor = resume;
    parser_decode_text(scan->parser, scan->token, start, (size_t)(stop - start), scan->raw,
                       &scan->group->literal);
    return doubled;
}

// --- fields --------------------------------------------------------------------------------------

// Where in the file the byte at `where` of the literal is.
static void locate(const Scan *scan, const char *where, int *line, int *column) {
    *line = scan->token->line;
    const char *line_start = NULL;
    for (const char *p = scan->token->start; p < where; p++) {
        if (*p == '\n') {
            ++*line;
            line_start = p + 1;
        }
    }
    *column = line_start == NULL ? scan->token->column + (int)(where - scan->token->start)
                                 : (int)(where - line_start);
}

// Moves the cursor from the expression's start to the character that ends it: one of ! : = }.
static void scan_expression(Scan *scan) {
    Parser *parser = scan->parser;
    char brackets[MAX_BRACKETS];
    int depth = 0, quotes = 0;
    char quote = 0;
    const char *p = scan->cursor, *end = scan->end;
    for (; p < end; p++) {
        char c = *p;
        if (c == '\\') {
            parser_raise_at_token(parser, "f-string expression part cannot include a backslash");
        }
        bool triple = p + 2 < end && p[1] == c && p[2] == c;
        if (quote != 0) {
            if (c == quote && (quotes == 1 || triple)) {
                p += quotes - 1;
                quote = 0;
            }
            continue;
        }
        switch (c) {
        case '\'':
        case '"':
            quotes = triple ? 3 : 1;
            p += quotes - 1;
            quote = c;
            continue;
        case '(':
        case '[':
        case '{':
            if (depth >= MAX_BRACKETS) {
                parser_raise_at_token(parser, "f-string: too many nested parenthesis");
            }
            brackets[depth++] = c;
            continue;
        case '#':
            parser_raise_at_token(parser, "f-string expression part cannot include '#'");
        }
        if (depth == 0) {
            bool comparison = p + 1 < end && p[1] == '=' && strchr("!=<>", c) != NULL;
            if (comparison) {
                p++;
                continue;
            }
            if (c == '!' || c == ':' || c == '}' || c == '=') {
                break;
            }
        }
        if (c == ')' || c == ']' || c == '}') {
            if (depth == 0) {
                parser_raise_at_token(parser, "f-string: unmatched '%c'", c);
            }
            char open = brackets[--depth];
            if (open != (c == ')' ? '(' : c == ']' ? '[' : '{')) {
                parser_raise_at_token(parser,
                                      "f-string: closing parenthesis '%c' does not match opening "
                                      "parenthesis '%c'",
                                      c, open);
            }
        }
    }
    scan->cursor = p;
    if (quote != 0) {
        parser_raise_at_token(parser, "f-string: unterminated string");
    }
    if (depth > 0) {
        parser_raise_at_token(parser, "f-string: unmatched '%c'", brackets[depth - 1]);
    }
    if (p >= end) {
        parser_raise_at_token(parser, "f-string: expecting '}'");
    }
}

static AstExpr *parse_field_expression(Scan *scan, const char *start, const char *end) {
    size_t length = (size_t)(end - start);
    if (strspn(start, " \t\n\f") >= length) {
        if (*end == '!' || *end == ':' || *end == '=') {
            parser_raise_at_token(scan->parser, "f-string: expression required before '%c'", *end);
        }
        parser_raise_at_token(scan->parser, "f-string: empty expression not allowed");
    }
    int line, column;
    locate(scan, start - 1, &line, &column);
    return parser_parse_field(scan->parser, start, length, line, column);
}

static void expect_more(Scan *scan) {
    if (scan->cursor >= scan->end) {
        parser_raise_at_token(scan->parser, "f-string: expecting '}'");
    }
}

// The cursor is at the opening brace. Pushes what text came before, and the field.
static void scan_field(Scan *scan, int nesting) {
    Parser *parser = scan->parser;
    if (nesting >= 2) {
        parser_raise_at_token(parser, "f-string: expressions nested too deeply");
    }
    const char *start = ++scan->cursor;
    scan_expression(scan);
    AstExpr *value = parse_field_expression(scan, start, scan->cursor);
    bool debug = *scan->cursor == '=';
    if (debug) {
        parser_require(parser, 8, "f-string: self documenting expressions are");
        scan->cursor++;
        while (scan->cursor < scan->end && strchr(" \t\n\r\v\f", *scan->cursor) != NULL) {
            scan->cursor++;
        }
        expect_more(scan);
        text_append(&scan->group->literal, start, (size_t)(scan->cursor - start));
    }
    int conversion = -1;
    if (*scan->cursor == '!') {
        scan->cursor++;
        expect_more(scan);
        conversion = *scan->cursor++;
        if (conversion != 's' && conversion != 'r' && conversion != 'a') {
            parser_raise_at_token(
                parser, "f-string: invalid conversion character: expected 's', 'r', or 'a'");
        }
    }
    expect_more(scan);
    parser_push_literal(parser, scan->group);
    AstExpr *format = NULL;
    if (*scan->cursor == ':') {
        scan->cursor++;
        expect_more(scan);
        uint32_t mark = parser_mark(parser);
        scan_parts(scan, nesting + 1);
        // CPython places the last text and the specification itself at this literal, not at the
        // group.
        LiteralGroup *group = scan->group, whole = *group;
        group->first = group->last = scan->token;
        group->u_prefix = false;
        parser_push_literal(parser, group);
        format = parser_new_literal(parser, AST_JOINED_STR, group);
        group->first = whole.first;
        group->last = whole.last;
        group->u_prefix = whole.u_prefix;
        PARSER_TAKE(parser, mark, format->joined_str.values);
        parser_done(parser, format);
    }
    if (scan->cursor >= scan->end || *scan->cursor != '}') {
        parser_raise_at_token(parser, "f-string: expecting '}'");
    }
    scan->cursor++;
    if (debug && format == NULL && conversion == -1) {
        conversion = 'r';
    }
    AstExpr *node = parser_new_literal(parser, AST_FORMATTED_VALUE, scan->group);
    node->formatted_value.value = value;
    node->formatted_value.conversion = conversion;
    node->formatted_value.format_spec = format;
    parser_push(parser, parser_done(parser, node));
}

static void scan_parts(Scan *scan, int nesting) {
    for (;;) {
        if (scan_text(scan, nesting)) {
            continue;
        }
        if (scan->cursor >= scan->end || *scan->cursor == '}') {
            break;
        }
        scan_field(scan, nesting);
    }
    if (nesting > 0 && scan->cursor >= scan->end) {
        parser_raise_at_token(scan->parser, "f-string: expecting '}'");
    }
}

void parse_fstring(Parser *parser, LiteralGroup *group, const Token *token, const char *text,
                   const char *end, bool raw) {
    Scan scan = {
        .parser = parser, .group = group, .token = token, .cursor = text, .end = end, .raw = raw};
    scan_parts(&scan, 0);
}
