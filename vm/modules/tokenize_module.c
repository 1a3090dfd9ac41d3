// SPDX-License-Identifier: MIT
//
// _tokenize: the lexer's tokens as objects, which tokenize.py can take in place of its own.
//
// The whole text is cut up when the iterator is made (vm/parse/lexer.h works like that); all that
// changes later is which token is next, an atomic number. So an error shows when its turn comes,
// but a text that cannot be encoded or has a zero byte is refused at once. Warnings about literals
// are the compiler's business and not given here.
#include "vm/compile/compiler.h"
#include "vm/parse/lexer.h"
#include "vm/parse/source.h"
#include "vm/runtime/errors.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value tokens; // constant: a tuple of tuples
    Value error;  // constant: what to raise once after the tokens, or VALUE_NULL
    int64_t next; // atomic: how many of them have been given
} TokenizerIter;

static Type iter_type;

static TokenizerIter *iter_of(Value v) {
    return (TokenizerIter *)value_object(v);
}

// ---- tokens --------------------------------------------------------------------------------

// The number that token.py gives a token.
static int token_number(const Token *token) {
    enum { NAME = 1, NOT_EQUAL = 28, OPERATOR = 54 };
    static const uint8_t numbers[TOKEN_KIND_COUNT] = {
        [TOKEN_END] = 0,
        [TOKEN_NAME] = NAME,
        [TOKEN_NUMBER] = 2,
        [TOKEN_STRING] = 3,
        [TOKEN_NEWLINE] = 4,
        [TOKEN_INDENT] = 5,
        [TOKEN_DEDENT] = 6,
        [TOKEN_LEFT_PAREN] = 7,
        [TOKEN_RIGHT_PAREN] = 8,
        [TOKEN_LEFT_BRACKET] = 9,
        [TOKEN_RIGHT_BRACKET] = 10,
        [TOKEN_COLON] = 11,
        [TOKEN_COMMA] = 12,
        [TOKEN_SEMICOLON] = 13,
        [TOKEN_PLUS] = 14,
        [TOKEN_MINUS] = 15,
        [TOKEN_STAR] = 16,
        [TOKEN_SLASH] = 17,
        [TOKEN_BAR] = 18,
        [TOKEN_AMPERSAND] = 19,
        [TOKEN_LESS] = 20,
        [TOKEN_GREATER] = 21,
        [TOKEN_EQUAL] = 22,
        [TOKEN_DOT] = 23,
        [TOKEN_PERCENT] = 24,
        [TOKEN_LEFT_BRACE] = 25,
        [TOKEN_RIGHT_BRACE] = 26,
        [TOKEN_EQUAL_EQUAL] = 27,
        [TOKEN_NOT_EQUAL] = NOT_EQUAL,
        [TOKEN_LESS_EQUAL] = 29,
        [TOKEN_GREATER_EQUAL] = 30,
        [TOKEN_TILDE] = 31,
        [TOKEN_CIRCUMFLEX] = 32,
        [TOKEN_LEFT_SHIFT] = 33,
        [TOKEN_RIGHT_SHIFT] = 34,
        [TOKEN_STAR_STAR] = 35,
        [TOKEN_PLUS_EQUAL] = 36,
        [TOKEN_MINUS_EQUAL] = 37,
        [TOKEN_STAR_EQUAL] = 38,
        [TOKEN_SLASH_EQUAL] = 39,
        [TOKEN_PERCENT_EQUAL] = 40,
        [TOKEN_AMPERSAND_EQUAL] = 41,
        [TOKEN_BAR_EQUAL] = 42,
        [TOKEN_CIRCUMFLEX_EQUAL] = 43,
        [TOKEN_LEFT_SHIFT_EQUAL] = 44,
        [TOKEN_RIGHT_SHIFT_EQUAL] = 45,
        [TOKEN_STAR_STAR_EQUAL] = 46,
        [TOKEN_SLASH_SLASH] = 47,
        [TOKEN_SLASH_SLASH_EQUAL] = 48,
        [TOKEN_AT] = 49,
        [TOKEN_AT_EQUAL] = 50,
        [TOKEN_ARROW] = 51,
        [TOKEN_ELLIPSIS] = 52,
        [TOKEN_WALRUS] = 53,
        [TOKEN_AWAIT] = 55,
        [TOKEN_ASYNC] = 56,
    };
    if (token->kind == TOKEN_UNKNOWN) // `<>`, or a character such as `$`
        return token->length == 2 ? NOT_EQUAL : OPERATOR;
    return numbers[token->kind] ? numbers[token->kind] : NAME; // the other keywords
}

// Where the physical lines begin, and which of them a backslash or a string ties to the one before.
typedef struct {
    const char *end;
    const char **starts; // [0] is line 1
    bool *tied;
    int count;
} Lines;

static void find_lines(Lines *lines, Arena *arena, const Lexer *lexer) {
    int count = 1;
    for (const char *p = lexer->text; p < lexer->end; p++)
        count += *p == '\n';
    lines->end = lexer->end;
    lines->count = count;
    lines->starts = arena_allocate(arena, (size_t)count * sizeof *lines->starts);
    lines->tied = arena_allocate(arena, (size_t)count * sizeof *lines->tied);
    const char *p = lexer->text;
    for (int i = 0; i < count; i++) {
        lines->starts[i] = p;
        lines->tied[i] = false;
        while (p < lexer->end && *p++ != '\n') {
        }
    }
}

// Is there nothing but a backslash between `p` and the end of its line?
static bool is_continuation(const char *p) {
    p += strspn(p, " \t\f");
    return p[0] == '\\' && p[1] == '\n';
}

// The lines up to the token's last are tied as they should be; `before` is what precedes the token.
static void tie_lines(Lines *lines, const Token *before, const Token *token) {
    for (int line = token->line; line < token->end_line; line++)
        lines->tied[line] = true;
    if (token->placeless || (before && before->placeless))
        return;
    int line = before ? before->end_line : 1;
    const char *p = before ? before->start + before->length : lines->starts[0];
    for (; line < token->line; line++, p = lines->starts[line - 1])
        if (is_continuation(p))
            lines->tied[line] = true;
}

// The text of the lines of a token, new reference.
static Value lines_of_token(const Lines *lines, const Token *token) {
    int first = token->line < 1 ? 1 : token->line, last = token->end_line < 1 ? 1 : token->end_line;
    while (first > 1 && lines->tied[first - 1])
        first--;
    const char *start = lines->starts[first - 1];
    const char *end = last < lines->count ? lines->starts[last] : lines->end;
    return str_from_utf8(start, (size_t)(end - start));
}

static Value tuple_of_token(const Lines *lines, const Token *token) {
    Value items[7] = {
        token->placeless ? str_from_cstr("") : str_from_utf8(token->start, token->length),
        value_from_int(token_number(token)),
        value_from_int(token->line),
        value_from_int(token->end_line),
        value_from_int(token->placeless ? -1 : token->column),
        value_from_int(token->placeless ? -1 : token->end_column),
        lines_of_token(lines, token),
    };
    if (value_is_null(items[0]) || value_is_null(items[6])) {
        ref_release(items[0]);
        ref_release(items[6]);
        return VALUE_NULL;
    }
    return tuple_from_owned(items, 7);
}

// ---- errors --------------------------------------------------------------------------------

// What is wrong with blocks, and a text that ends too early, ends the tokens without a word.
static bool error_is_silent(const Lexer *lexer) {
    return lexer->error.kind != PARSE_SYNTAX_ERROR || lexer->unexpected_end ||
           lexer->error_gives_way;
}

// The exception for the lexer's error, new reference.
static Value error_of_lexer(const Lexer *lexer) {
    const SyntaxErrorInfo *error = &lexer->error;
    size_t length;
    const char *line = lexer_line(lexer, error->line, &length);
    if (length > 0 && line[length - 1] == '\n')
        length--;
    Value message = str_from_cstr(error->message), filename = str_from_cstr("<string>");
    Value text = str_from_utf8(line, length);
    Value exception = VALUE_NULL;
    if (!value_is_null(message) && !value_is_null(filename) && !value_is_null(text)) {
        syntax_error_set(&exception_SyntaxError, message, filename, error->line, error->column,
                         text, error->end_line,
                         error->end_column > 0 ? error->end_column : error->column, true);
        exception = error_take();
    }
    ref_release(message);
    ref_release(filename);
    ref_release(text);
    return exception;
}

// ---- the iterator --------------------------------------------------------------------------

// Adds the tokens of the text to a list; *reason is what to raise after them, or VALUE_NULL. 0, or
// -1 with an exception.
static int cut_up(Value list, Value *reason, Arena *arena, const char *source, size_t length) {
    Source text = {0};
    SyntaxErrorInfo error = {0};
    ParseOptions options = {.ignore_cookie = true};
    if (!source_decode(arena, source, length, PARSE_FILE, options, &text, &error)) {
        raise_value_error("%s", error.message);
        return -1;
    }
    Lexer lexer = {
        .arena = arena, .text = text.text, .end = text.text + text.length, .first_line = 1};
    lexer_run(&lexer);
    Lines lines;
    find_lines(&lines, arena, &lexer);
    int status = 0;
    const Token *before = NULL;
    for (uint32_t i = 0; i < lexer.count && status == 0; i++) {
        const Token *token = &lexer.tokens[i];
        if (token->kind == TOKEN_END || token->kind == TOKEN_ERROR)
            break;
        tie_lines(&lines, before, token);
        before = token;
        Value tuple = tuple_of_token(&lines, token);
        status = value_is_null(tuple) ? -1 : list_append(list, tuple);
        ref_release(tuple);
    }
    if (status == 0 && lexer.error.kind != PARSE_OK && !error_is_silent(&lexer)) {
        *reason = error_of_lexer(&lexer);
        status = value_is_null(*reason) ? -1 : 0;
    }
    lexer_free(&lexer);
    return status;
}

// cut_up, which may run out of memory.
static int cut_up_or_fail(Value list, Value *reason, Arena *arena, const char *source,
                          size_t length) {
    jmp_buf out_of_memory;
    arena_set_escape(arena, &out_of_memory);
    if (setjmp(out_of_memory)) {
        raise_memory_error();
        return -1;
    }
    return cut_up(list, reason, arena, source, length);
}

// The iterator is made last: who asks the collector for all objects finds it whole.
static Value iter_of_source(Type *type, const char *source, size_t length) {
    Value list = list_new(), tokens = VALUE_NULL, reason = VALUE_NULL;
    Arena *arena = arena_create();
    if (!arena)
        raise_memory_error();
    else if (!value_is_null(list) && cut_up_or_fail(list, &reason, arena, source, length) == 0)
        tokens = list_to_tuple(list);
    arena_destroy(arena);
    ref_release(list);
    TokenizerIter *iter = value_is_null(tokens) ? NULL : object_allocate(type);
    if (!iter) {
        if (!value_is_null(tokens))
            raise_memory_error();
        ref_release(tokens);
        ref_release(reason);
        return VALUE_NULL;
    }
    iter->tokens = tokens;
    iter->error = reason;
    return value_from_object(iter);
}

static Value iter_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"source", NULL};
    Value v[1];
    if (arguments_parse("tokenizeriter", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("tokenizeriter() argument 'source' must be str, not %G", v[0]);
    size_t length;
    char *owned = NULL;
    const char *source = str_utf8(v[0], &length, &owned);
    if (!source)
        return VALUE_NULL;
    Value self = memchr(source, 0, length) ? raise_value_error("embedded null character")
                                           : iter_of_source(type, source, length);
    buffer_free(owned);
    return self;
}

static Value iter_next(Value self) {
    TokenizerIter *iter = iter_of(self);
    int64_t count = tuple_length(iter->tokens);
    int64_t limit = count + !value_is_null(iter->error);
    int64_t next = __atomic_load_n(&iter->next, __ATOMIC_RELAXED);
    do {
        if (next >= limit) {
            Value reason = str_from_cstr("EOF");
            if (!value_is_null(reason))
                raise_stop_iteration(reason);
            ref_release(reason);
            return VALUE_NULL;
        }
    } while (!__atomic_compare_exchange_n(&iter->next, &next, next + 1, true, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
    if (next == count) {
        raise_object(iter->error);
        return VALUE_NULL;
    }
    return ref_new(tuple_item(iter->tokens, next));
}

static void iter_destroy(Object *self) {
    TokenizerIter *iter = (TokenizerIter *)self;
    ref_release(iter->tokens);
    ref_release(iter->error);
    object_free_fixed(self);
}

static void iter_traverse(Object *self, GcVisitor *visitor) {
    TokenizerIter *iter = (TokenizerIter *)self;
    gc_visit(visitor, iter->tokens);
    gc_visit(visitor, iter->error);
}

static Type iter_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_tokenize.TokenizerIter",
    .basic_size = sizeof(TokenizerIter),
    .kind = HEAP_CONTAINER,
    .call_new = iter_new,
    .destroy = iter_destroy,
    .traverse = iter_traverse,
    .iter = object_self_iter,
    .next = iter_next,
};

static int tokenize_fill(Value module) {
    return module_add_type(module, &iter_type);
}

const NativeModule module_tokenize = {
    .name = "_tokenize",
    .fill = tokenize_fill,
};
