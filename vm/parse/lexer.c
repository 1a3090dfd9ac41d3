// SPDX-License-Identifier: MIT
//
// The lexer; see lexer.h. Follows chapter 2 of the Python Language Reference. Where an error is
// placed follows CPython 3.11: most are at the last character that was read, so `cursor` is moved
// with care.
#include "vm/parse/lexer.h"
#include "vm/parse/identifier.h"
#include "vm/parse/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { TAB = 8 };

typedef struct State {
    Lexer *lexer;
    const char *cursor; // next character
    const char *line_start;
    int line;
    int indent; // index of the innermost block in the two stacks
    int columns[LEXER_MAX_INDENTS];
    int alternate_columns[LEXER_MAX_INDENTS]; // as if a tab were one column: finds inconsistent use
} State;

// --- character classes ---------------------------------------------------------------------------

enum { START = 1, PART = 2, DIGIT = 4, HEX = 8 };

static const unsigned char classes[256] = {
    ['0' ... '9'] = PART | DIGIT | HEX, ['a' ... 'f'] = START | PART | HEX,
    ['g' ... 'z'] = START | PART,       ['A' ... 'F'] = START | PART | HEX,
    ['G' ... 'Z'] = START | PART,       ['_'] = START | PART,
    [128 ... 255] = START | PART,
};

static inline bool is_class(char c, int wanted) {
    return (classes[(unsigned char)c] & wanted) != 0;
}

// --- results -------------------------------------------------------------------------------------

static int column_of(const State *state, const char *where) {
    int column = (int)(where - state->line_start);
    return state->line == state->lexer->first_line ? column + state->lexer->first_column : column;
}

static Token *add_token(State *state, TokenKind kind, const char *start, const char *end) {
    Lexer *lexer = state->lexer;
    if (__builtin_expect(lexer->count == lexer->capacity, 0)) {
        lexer->capacity = lexer->capacity * 2;
        lexer->tokens = arena_block_resize(lexer->arena, lexer->tokens,
                                           lexer->capacity * sizeof *lexer->tokens);
    }
    Token *token = &lexer->tokens[lexer->count++];
    token->start = start;
    token->name = NULL;
    token->length = (uint32_t)(end - start);
    token->line = token->end_line = state->line;
    token->column = column_of(state, start);
    token->end_column = token->column + (int)(end - start);
    token->kind = (uint8_t)kind;
    token->level = (uint8_t)lexer->level;
    token->placeless = false;
    return token;
}

static void add_placeless(State *state, TokenKind kind) {
    add_token(state, kind, state->cursor, state->cursor)->placeless = true;
}

const char *lexer_line(const Lexer *lexer, int line, size_t *length) {
    const char *start = lexer->text;
    for (int i = lexer->first_line; i < line && start < lexer->end; i++) {
        const char *newline = memchr(start, '\n', (size_t)(lexer->end - start));
        start = newline == NULL ? lexer->end : newline + 1;
    }
    const char *newline = memchr(start, '\n', (size_t)(lexer->end - start));
    *length = (size_t)((newline == NULL ? lexer->end : newline + 1) - start);
    return start;
}

// Ends the tokens with an ERROR. Columns count characters from 1.
static bool fail_at(State *state, ParseErrorKind kind, int line, int column, int end_column,
                    const char *message) {
    SyntaxErrorInfo *error = &state->lexer->error;
    error->kind = kind;
    error->line = error->end_line = line;
    error->column = column;
    error->end_column = end_column;
    snprintf(error->message, sizeof error->message, "%s", message);
    add_placeless(state, TOKEN_ERROR);
    return false;
}

// The error is at the character before the cursor.
static bool fail(State *state, const char *format, ...) {
    char message[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    int column =
        source_count_characters(state->line_start, (size_t)(state->cursor - state->line_start));
    state->lexer->error_without_newline = true;
    return fail_at(state, PARSE_SYNTAX_ERROR, state->line, column, column, message);
}

static bool fail_at_end(State *state) {
    state->lexer->unexpected_end = true;
    add_placeless(state, TOKEN_ERROR);
    return false;
}

// --- numbers -------------------------------------------------------------------------------------

// A number must not run into a name. For now Python lets it run into a keyword that can follow a
// number.
static bool check_number_end(State *state, const char *kind) {
    const char *p = state->cursor;
    if (!is_class(*p, PART) || (unsigned char)*p >= 0x80) {
        return true;
    }
    static const char *const keywords[] = {"and", "else", "for", "if", "in", "is", "or", "not"};
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        size_t length = strlen(keywords[i]);
        // Where CPython looks no further than "if", "in", "is", nor does this.
        if (strncmp(p, keywords[i], length) == 0 && (*p == 'i' || !is_class(p[length], PART))) {
            Lexer *lexer = state->lexer;
            lexer->warnings =
                arena_block_resize(lexer->arena, lexer->warnings,
                                   (lexer->warning_count + 1) * sizeof *lexer->warnings);
            lexer->warnings[lexer->warning_count++] =
                (LexerWarning){kind, state->line, (int)(state->cursor - state->line_start) - 1};
            return true;
        }
    }
    return fail(state, "invalid %s literal", kind);
}

// Digits with single underscores between them. The cursor is at a digit.
static bool skip_digits(State *state) {
    const char *p = state->cursor;
    for (;;) {
        while (is_class(*p, DIGIT)) {
            p++;
        }
        if (*p != '_') {
            break;
        }
        p++;
        if (!is_class(*p, DIGIT)) {
            state->cursor = p;
            return fail(state, "invalid decimal literal");
        }
    }
    state->cursor = p;
    return true;
}

// 0x, 0o, 0b: the cursor is after the letter.
static bool skip_radix_digits(State *state, int radix, const char *kind) {
    const char *p = state->cursor;
    do {
        if (*p == '_') {
            p++;
        }
        bool valid = radix == 16 ? is_class(*p, HEX) : *p >= '0' && *p < '0' + radix;
        if (!valid) {
            bool wrong_digit = is_class(*p, DIGIT);
            state->cursor = p + wrong_digit;
            return wrong_digit ? fail(state, "invalid digit '%c' in %s literal", *p, kind)
                               : fail(state, "invalid %s literal", kind);
        }
        while (radix == 16 ? is_class(*p, HEX) : *p >= '0' && *p < '0' + radix) {
            p++;
        }
    } while (*p == '_');
    if (radix != 16 && is_class(*p, DIGIT)) {
        state->cursor = p + 1;
        return fail(state, "invalid digit '%c' in %s literal", *p, kind);
    }
    state->cursor = p;
    return check_number_end(state, kind);
}

// What may follow the digits: fraction, exponent, j.
static bool skip_number_tail(State *state, bool allow_fraction, bool *plain) {
    *plain = true;
    if (allow_fraction && *state->cursor == '.') {
        *plain = false;
        state->cursor++;
        if (is_class(*state->cursor, DIGIT) && !skip_digits(state)) {
            return false;
        }
    }
    const char *p = state->cursor;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '+' || *p == '-') {
            p++;
            if (!is_class(*p, DIGIT)) {
                state->cursor = p;
                return fail(state, "invalid decimal literal");
            }
        }
        if (!is_class(*p, DIGIT)) { // no exponent; the caller looks at what follows a plain number
            return *plain || check_number_end(state, "decimal");
        }
        *plain = false;
        state->cursor = p;
        if (!skip_digits(state)) {
            return false;
        }
    }
    if (*state->cursor == 'j' || *state->cursor == 'J') {
        *plain = false;
        state->cursor++;
        return check_number_end(state, "imaginary");
    }
    return *plain || check_number_end(state, "decimal");
}

static bool lex_number(State *state, const char *start) {
    state->cursor = start;
    bool plain;
    if (*start == '.') {
        if (!skip_number_tail(state, true, &plain)) {
            return false;
        }
    } else if (*start != '0') {
        if (!skip_digits(state) || !skip_number_tail(state, true, &plain) ||
            (plain && !check_number_end(state, "decimal"))) {
            return false;
        }
    } else {
        state->cursor = start + 2;
        bool good;
        switch (start[1]) {
        case 'x':
        case 'X':
            good = skip_radix_digits(state, 16, "hexadecimal");
            break;
        case 'o':
        case 'O':
            good = skip_radix_digits(state, 8, "octal");
            break;
        case 'b':
        case 'B':
            good = skip_radix_digits(state, 2, "binary");
            break;
        default: {
            const char *p = start;
            while (*p == '0' || *p == '_') {
                p++;
                if (p[-1] == '_' && !is_class(*p, DIGIT)) {
                    state->cursor = p;
                    return fail(state, "invalid decimal literal");
                }
            }
            const char *zeros_end = p;
            state->cursor = p;
            if (is_class(*p, DIGIT) && !skip_digits(state)) {
                return false;
            }
            good = skip_number_tail(state, true, &plain);
            if (good && plain && state->cursor > zeros_end) {
                state->lexer->error_without_newline = true;
                return fail_at(state, PARSE_SYNTAX_ERROR, state->line,
                               (int)(start + 1 - state->line_start),
                               (int)(zeros_end + 1 - state->line_start),
                               "leading zeros in decimal integer literals are not permitted; "
                               "use an 0o prefix for octal integers");
            }
            good = good && (!plain || check_number_end(state, "decimal"));
        }
        }
        if (!good) {
            return false;
        }
    }
    add_token(state, TOKEN_NUMBER, start, state->cursor);
    return true;
}

// --- strings -------------------------------------------------------------------------------------

// `start` is the prefix or the quote, `p` the quote.
static bool lex_string(State *state, const char *start, const char *p) {
    char quote = *p++;
    int first_line = state->line, quotes = 1;
    const char *first_line_start = state->line_start;
    if (*p == quote) {
        if (p[1] == quote) {
            quotes = 3;
            p += 2;
        } else { // empty
            state->cursor = p + 1;
            add_token(state, TOKEN_STRING, start, state->cursor);
            return true;
        }
    }
    for (;;) {
        char c = *p++;
        if (c == quote) {
            if (quotes == 1) {
                break;
            }
            if (p[0] == quote && p[1] == quote) {
                p += 2;
                break;
            }
        } else if (c == '\n' || c == 0) {
            if (c == 0 || quotes == 1) {
                int detected = state->line - (c == 0 && p - 1 > start && p[-2] == '\n');
                state->cursor = start + 1;
                state->line_start = first_line_start;
                state->line = first_line;
                state->lexer->unterminated_at_end = c == 0;
                return fail(state, "unterminated %sstring literal (detected at line %d)",
                            quotes == 3 ? "triple-quoted " : "", detected);
            }
            state->line++;
            state->line_start = p;
        } else if (c == '\\') {
            if (*p == '\n') {
                state->line++;
                state->line_start = p + 1;
            }
            p += *p != 0;
        }
    }
    state->cursor = p;
    Token *token = add_token(state, TOKEN_STRING, start, p);
    token->end_column = column_of(state, p);
    token->line = first_line;
    token->column = (int)(start - first_line_start) +
                    (first_line == state->lexer->first_line ? state->lexer->first_column : 0);
    return true;
}

// --- names ---------------------------------------------------------------------------------------

static TokenKind keyword_kind(const char *start, size_t length) {
#define X(kind, spelling)                                                                          \
    if (length == sizeof spelling - 1 && memcmp(start, spelling, sizeof spelling - 1) == 0) {      \
        return TOKEN_##kind;                                                                       \
    }
    switch (*start) {
    case 'a':
        X(AS, "as") X(AND, "and") X(ASSERT, "assert") X(ASYNC, "async") X(AWAIT, "await") break;
    case 'b':
        X(BREAK, "break") break;
    case 'c':
        X(CLASS, "class") X(CONTINUE, "continue") break;
    case 'd':
        X(DEF, "def") X(DEL, "del") break;
    case 'e':
        X(ELSE, "else") X(ELIF, "elif") X(EXCEPT, "except") break;
    case 'f':
        X(FOR, "for") X(FROM, "from") X(FINALLY, "finally") break;
    case 'g':
        X(GLOBAL, "global") break;
    case 'i':
        X(IF, "if") X(IN, "in") X(IS, "is") X(IMPORT, "import") break;
    case 'l':
        X(LAMBDA, "lambda") break;
    case 'n':
        X(NOT, "not") X(NONLOCAL, "nonlocal") break;
    case 'o':
        X(OR, "or") break;
    case 'p':
        X(PASS, "pass") break;
    case 'r':
        X(RETURN, "return") X(RAISE, "raise") break;
    case 't':
        X(TRY, "try") break;
    case 'w':
        X(WITH, "with") X(WHILE, "while") break;
    case 'y':
        X(YIELD, "yield") break;
    case 'F':
        X(FALSE, "False") break;
    case 'N':
        X(NONE, "None") break;
    case 'T':
        X(TRUE, "True") break;
    }
#undef X
    return TOKEN_NAME;
}

static bool lex_foreign_name(State *state, const char *start, const char *end) {
    SyntaxErrorInfo invalid;
    if (state->lexer->invalid_utf8 &&
        source_describe_invalid_utf8(start, (size_t)(end - start), &invalid)) {
        state->cursor = end;
        int column = source_count_characters(state->line_start, (size_t)(end - state->line_start));
        return fail_at(state, PARSE_SYNTAX_ERROR, state->line, column, -1, invalid.message);
    }
    uint32_t character;
    const char *bad = identifier_find_invalid(start, (size_t)(end - start), &character);
    if (bad != NULL) {
        state->cursor = bad + 1;
        while (((unsigned char)*state->cursor & 0xC0) == 0x80) {
            state->cursor++;
        }
        if (identifier_is_printable(character)) {
            return fail(state, "invalid character '%.*s' (U+%04X)", (int)(state->cursor - bad), bad,
                        character);
        }
        return fail(state, "invalid non-printable character U+%04X", character);
    }
    state->cursor = end;
    Token *token = add_token(state, TOKEN_NAME, start, end);
    token->name = identifier_intern(state->lexer->arena, start, (size_t)(end - start));
    return true;
}

// A name, a keyword, or a string with a prefix.
static bool lex_name(State *state, const char *start) {
    const char *p = start;
    unsigned char all = 0;
    while (is_class(*p, PART)) {
        all |= (unsigned char)*p++;
    }
    size_t length = (size_t)(p - start);
    if ((*p == '"' || *p == '\'') && length <= 2) {
        char first = (char)(start[0] | 0x20), second = length == 2 ? (char)(start[1] | 0x20) : 0;
        bool prefix = length == 1 ? strchr("rbuf", first) != NULL
                                  : (first == 'r' && (second == 'b' || second == 'f')) ||
                                        (second == 'r' && (first == 'b' || first == 'f'));
        if (prefix) {
            return lex_string(state, start, p);
        }
    }
    if (all >= 0x80) {
        return lex_foreign_name(state, start, p);
    }
    TokenKind kind = length <= 8 && length >= 2 ? keyword_kind(start, length) : TOKEN_NAME;
    state->cursor = p;
    Token *token = add_token(state, kind, start, p);
    if (kind == TOKEN_NAME) {
        token->name = arena_intern(state->lexer->arena, start, length);
    }
    return true;
}

// --- blocks --------------------------------------------------------------------------------------

// After a backslash: the line end must follow, and more text after it.
static bool skip_continuation(State *state) {
    if (*state->cursor != '\n') {
        state->lexer->error_gives_way = true;
        const char *next = state->cursor + (*state->cursor != 0);
        int column = source_count_characters(state->line_start, (size_t)(next - state->line_start));
        return fail_at(state, PARSE_SYNTAX_ERROR, state->line, column, 0,
                       "unexpected character after line continuation character");
    }
    state->cursor++;
    if (*state->cursor == 0) {
        return fail_at_end(state);
    }
    state->line++;
    state->line_start = state->cursor;
    return true;
}

static bool fail_indentation(State *state, ParseErrorKind kind, const char *message) {
    state->lexer->error_gives_way = true;
    return fail_at(state, kind, state->line, 1, 0, message);
}

// At the start of a line: makes INDENT and DEDENT tokens. Leaves the cursor at the line's first
// token, which may be a comment or a newline: *blank tells that.
static bool lex_indentation(State *state, bool *blank) {
    int column = 0, alternate = 0, before_backslash = 0;
    for (;; state->cursor++) {
        char c = *state->cursor;
        if (c == ' ') {
            column++, alternate++;
        } else if (c == '\t') {
            column = (column / TAB + 1) * TAB;
            alternate++;
        } else if (c == '\f') {
            column = alternate = 0;
        } else if (c == '\\') {
            // The first line decides how far the statement is indented.
            before_backslash = before_backslash != 0 ? before_backslash : column;
            state->cursor++;
            if (!skip_continuation(state)) {
                return false;
            }
            state->cursor--;
        } else {
            break;
        }
    }
    *blank = *state->cursor == '#' || *state->cursor == '\n';
    if (*blank || state->lexer->level > 0) {
        return true;
    }
    if (before_backslash != 0) {
        column = alternate = before_backslash;
    }
    static const char tabs[] = "inconsistent use of tabs and spaces in indentation";
    if (column == state->columns[state->indent]) {
        if (alternate != state->alternate_columns[state->indent]) {
            return fail_indentation(state, PARSE_TAB_ERROR, tabs);
        }
    } else if (column > state->columns[state->indent]) {
        if (state->indent + 1 >= LEXER_MAX_INDENTS) {
            return fail_indentation(state, PARSE_INDENTATION_ERROR,
                                    "too many levels of indentation");
        }
        if (alternate <= state->alternate_columns[state->indent]) {
            return fail_indentation(state, PARSE_TAB_ERROR, tabs);
        }
        state->indent++;
        state->columns[state->indent] = column;
        state->alternate_columns[state->indent] = alternate;
        add_placeless(state, TOKEN_INDENT);
    } else {
        int left = 0;
        while (state->indent > 0 && column < state->columns[state->indent]) {
            state->indent--;
            left++;
        }
        if (column != state->columns[state->indent]) {
            const char *newline = strchr(state->cursor, '\n');
            state->lexer->error_gives_way = true;
            const char *stop = newline == NULL ? state->lexer->end : newline + 1;
            return fail_at(
                state, PARSE_INDENTATION_ERROR, state->line,
                source_count_characters(state->line_start, (size_t)(stop - state->line_start)), -1,
                "unindent does not match any outer indentation level");
        }
        if (alternate != state->alternate_columns[state->indent]) {
            return fail_indentation(state, PARSE_TAB_ERROR, tabs);
        }
        for (; left > 0; left--) {
            add_placeless(state, TOKEN_DEDENT);
        }
    }
    return true;
}

// --- operators -----------------------------------------------------------------------------------

static bool lex_open(State *state, TokenKind kind) {
    Lexer *lexer = state->lexer;
    const char *start = state->cursor++;
    if (lexer->level >= LEXER_MAX_BRACKETS) {
        return fail(state, "too many nested parentheses");
    }
    lexer->open[lexer->level].bracket = *start;
    lexer->open[lexer->level].line = state->line;
    lexer->open[lexer->level].column = (int)(start - state->line_start);
    lexer->level++;
    add_token(state, kind, start, start + 1);
    return true;
}

static bool lex_close(State *state, TokenKind kind) {
    Lexer *lexer = state->lexer;
    const char *start = state->cursor++;
    if (lexer->level == 0) {
        return fail(state, "unmatched '%c'", *start);
    }
    lexer->level--;
    char open = lexer->open[lexer->level].bracket;
    if (open != (*start == ')' ? '(' : *start == ']' ? '[' : '{')) {
        int line = lexer->open[lexer->level].line;
        char where[32] = "";
        if (line != state->line) {
            snprintf(where, sizeof where, " on line %d", line);
        }
        return fail(state, "closing parenthesis '%c' does not match opening parenthesis '%c'%s",
                    *start, open, where);
    }
    add_token(state, kind, start, start + 1);
    return true;
}

// The longest operator at `p`; *length is set. Brackets, and a dot before a digit, are not seen
// here.
static TokenKind operator_kind(const char *p, int *length) {
#define TWO(kind) (*length = 2, TOKEN_##kind)
#define THREE(kind) (*length = 3, TOKEN_##kind)
#define OR_EQUAL(name) (p[1] == '=' ? TWO(name##_EQUAL) : TOKEN_##name)
    *length = 1;
    switch (*p) {
    case ':':
        return p[1] == '=' ? TWO(WALRUS) : TOKEN_COLON;
    case ',':
        return TOKEN_COMMA;
    case ';':
        return TOKEN_SEMICOLON;
    case '+':
        return OR_EQUAL(PLUS);
    case '-':
        return p[1] == '>' ? TWO(ARROW) : OR_EQUAL(MINUS);
    case '*':
        if (p[1] == '*') {
            return p[2] == '=' ? THREE(STAR_STAR_EQUAL) : TWO(STAR_STAR);
        }
        return OR_EQUAL(STAR);
    case '/':
        if (p[1] == '/') {
            return p[2] == '=' ? THREE(SLASH_SLASH_EQUAL) : TWO(SLASH_SLASH);
        }
        return OR_EQUAL(SLASH);
    case '|':
        return OR_EQUAL(BAR);
    case '&':
        return OR_EQUAL(AMPERSAND);
    case '<':
        if (p[1] == '<') {
            return p[2] == '=' ? THREE(LEFT_SHIFT_EQUAL) : TWO(LEFT_SHIFT);
        }
        return p[1] == '>' ? TWO(UNKNOWN) : OR_EQUAL(LESS);
    case '>':
        if (p[1] == '>') {
            return p[2] == '=' ? THREE(RIGHT_SHIFT_EQUAL) : TWO(RIGHT_SHIFT);
        }
        return OR_EQUAL(GREATER);
    case '=':
        return OR_EQUAL(EQUAL);
    case '.':
        return p[1] == '.' && p[2] == '.' ? THREE(ELLIPSIS) : TOKEN_DOT;
    case '%':
        return OR_EQUAL(PERCENT);
    case '~':
        return TOKEN_TILDE;
    case '^':
        return OR_EQUAL(CIRCUMFLEX);
    case '@':
        return OR_EQUAL(AT);
    case '!':
        return p[1] == '=' ? TWO(NOT_EQUAL) : TOKEN_UNKNOWN;
    default:
        return TOKEN_UNKNOWN;
    }
#undef TWO
#undef THREE
#undef OR_EQUAL
}

// One token that is not a name, a number, a string or a newline.
static bool lex_operator(State *state) {
    const char *p = state->cursor;
    switch (*p) {
    case '(':
        return lex_open(state, TOKEN_LEFT_PAREN);
    case '[':
        return lex_open(state, TOKEN_LEFT_BRACKET);
    case '{':
        return lex_open(state, TOKEN_LEFT_BRACE);
    case ')':
        return lex_close(state, TOKEN_RIGHT_PAREN);
    case ']':
        return lex_close(state, TOKEN_RIGHT_BRACKET);
    case '}':
        return lex_close(state, TOKEN_RIGHT_BRACE);
    }
    int length;
    TokenKind kind = operator_kind(p, &length);
    if (kind == TOKEN_UNKNOWN && ((unsigned char)*p < ' ' || *p == 0x7F)) {
        state->cursor++;
        return fail(state, "invalid non-printable character U+%04X", (unsigned char)*p);
    }
    state->cursor += length;
    add_token(state, kind, p, state->cursor);
    return true;
}

// --- the loop ------------------------------------------------------------------------------------

static void lex_dedents(State *state) {
    for (; state->indent > 0; state->indent--) {
        add_placeless(state, TOKEN_DEDENT);
    }
}

// Nothing but END, and what it implies, follows. Its place is the end of the last line.
static void lex_end(State *state) {
    Lexer *lexer = state->lexer;
    bool at_line_start = state->cursor == state->line_start;
    if (at_line_start && state->cursor > lexer->text) {
        state->line--;
        do {
            state->line_start--;
        } while (state->line_start > lexer->text && state->line_start[-1] != '\n');
    } else if (state->cursor == lexer->text) {
        state->line = lexer->first_line - 1;
    }
    if (lexer->level > 0) {
        fail_at_end(state);
        return;
    }
    if (!lexer->end_is_newline) {
        lex_dedents(state);
    } else {
        bool anything = lexer->count > 0;
        if (at_line_start) {
            lex_dedents(state);
        }
        if (anything) {
            add_placeless(state, TOKEN_NEWLINE);
        }
        if (state->indent > 0 && !lexer->keep_blocks_open) {
            lex_dedents(state);
            add_placeless(state, TOKEN_NEWLINE);
        }
    }
    add_placeless(state, TOKEN_END);
}

// A comment from `p` to the cursor: if it is a type comment, makes its token. One that says
// `ignore` is only noted.
static bool lex_type_comment(State *state, const char *p) {
    static const char prefix[] = "# type: ";
    for (const char *expected = prefix; *expected != 0; expected++) {
        if (*expected == ' ') {
            while (p < state->cursor && (*p == ' ' || *p == '\t')) {
                p++;
            }
        } else if (p == state->cursor || *p++ != *expected) {
            return false;
        }
    }
    Lexer *lexer = state->lexer;
    size_t length = (size_t)(state->cursor - p);
    if (length >= 6 && memcmp(p, "ignore", 6) == 0 &&
        (length == 6 || !((unsigned char)p[6] >= 128 || isalnum((unsigned char)p[6])))) {
        uint32_t count = lexer->type_ignore_count;
        if ((count & (count - 1)) == 0) {
            size_t capacity = count == 0 ? 1 : 2 * (size_t)count;
            lexer->type_ignores = arena_block_resize(lexer->arena, lexer->type_ignores,
                                                     capacity * sizeof *lexer->type_ignores);
        }
        AstTypeIgnore *ignore = arena_allocate(lexer->arena, sizeof *ignore);
        ignore->line = state->line;
        ignore->tag = arena_intern(lexer->arena, p + 6, length - 6);
        lexer->type_ignores[lexer->type_ignore_count++] = ignore;
        return false;
    }
    Token *token = add_token(state, TOKEN_TYPE_COMMENT, p, state->cursor);
    token->name = arena_intern(lexer->arena, p, length);
    return true;
}

static bool lex_line(State *state) {
    bool blank;
    if (!lex_indentation(state, &blank)) {
        return false;
    }
    Lexer *lexer = state->lexer;
    for (;;) {
        const char *p = state->cursor;
        while (*p == ' ' || *p == '\t' || *p == '\f') {
            p++;
        }
        state->cursor = p;
        if (is_class(*p, START)) {
            if (!lex_name(state, p)) {
                return false;
            }
            continue;
        }
        switch (*p) {
        case '#':
            state->cursor += strcspn(p, "\n");
            if (lexer->type_comments && lex_type_comment(state, p)) {
                blank = false;
            }
            if (*state->cursor == 0) {
                return true;
            }
            // fall through
        case '\n':
            if (!blank && lexer->level == 0) {
                add_token(state, TOKEN_NEWLINE, p, state->cursor);
            }
            state->cursor++;
            state->line++;
            state->line_start = state->cursor;
            if (lexer->level == 0) {
                return true;
            }
            continue;
        case 0:
            return true;
        case '"':
        case '\'':
            if (!lex_string(state, p, p)) {
                return false;
            }
            continue;
        case '\\':
            state->cursor++;
            if (!skip_continuation(state)) {
                return false;
            }
            continue;
        case '.':
            if (is_class(p[1], DIGIT)) {
                if (!lex_number(state, p)) {
                    return false;
                }
                continue;
            }
            break;
        case '0' ... '9':
            if (!lex_number(state, p)) {
                return false;
            }
            continue;
        }
        if (!lex_operator(state)) {
            return false;
        }
    }
}

// Before Python 3.7, `async` was a keyword in front of `def`, and both words were in the function's
// body, which ends with the line or the block (PEP 492, "transition plan").
static void soften_async(Lexer *lexer) {
    int depth = 0, outside = 0;
    bool within = false, in_head = false;
    for (uint32_t i = 0; i < lexer->count; i++) {
        Token *token = &lexer->tokens[i];
        switch (token->kind) {
        case TOKEN_INDENT:
            depth++;
            continue;
        case TOKEN_DEDENT:
            depth--;
            continue;
        case TOKEN_NEWLINE:
            in_head = false;
            continue;
        case TOKEN_TYPE_COMMENT: // may be on a line of its own before the body
            continue;
        default:
            break;
        }
        within = within && (in_head || depth > outside);
        if (within || (token->kind != TOKEN_ASYNC && token->kind != TOKEN_AWAIT)) {
            continue;
        }
        if (token->kind == TOKEN_ASYNC && token[1].kind == TOKEN_DEF) {
            within = in_head = true;
            outside = depth;
        } else {
            token->kind = TOKEN_NAME;
            token->name = arena_intern(lexer->arena, token->start, token->length);
        }
    }
}

void lexer_run(Lexer *lexer) {
    lexer->capacity = (uint32_t)((lexer->end - lexer->text) / 4 + 16);
    lexer->tokens = arena_block(lexer->arena, lexer->capacity * sizeof *lexer->tokens);
    State state = {.lexer = lexer,
                   .cursor = lexer->text,
                   .line_start = lexer->text,
                   .line = lexer->first_line};
    bool good = true;
    while (good && *state.cursor != 0) {
        good = lex_line(&state);
    }
    if (good) {
        lex_end(&state);
    }
    if (lexer->soft_async) {
        soften_async(lexer);
    }
}

void lexer_free(Lexer *lexer) {
    arena_block_free(lexer->arena, lexer->type_ignores);
    arena_block_free(lexer->arena, lexer->tokens);
    arena_block_free(lexer->arena, lexer->warnings);
}
