// SPDX-License-Identifier: MIT
//
// The interpreter of grammars; see peg.h, and diagnose_grammar.c for the notation.
#include "vm/parse/peg.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

// --- compiled grammar ----------------------------------------------------------------------------

typedef enum Repeat { ONCE, OPTIONAL, ANY, SOME, SEPARATED } Repeat;
typedef enum Look { TAKE, AHEAD, NOT_AHEAD } Look;

typedef struct Item {
    uint8_t token;    // TokenKind; unless one of the next three is set
    const char *soft; // a NAME with this text
    bool soft_prefix; // or with the beginning of it
    const PegRule *rule;
    const PegAlternative *group;
    Repeat repeat;
    Look look;
    uint8_t separator;
    bool must;   // a token whose absence is an error
    bool cut;    // no item: the alternatives after this one are out
    int capture; // -1: none
    const struct Item *next;
} Item;

struct PegAlternative {
    const Item *items;
    const char *action;
    const PegAlternative *next;
};

struct PegRule {
    const char *name;
    const PegAlternative *alternatives;
    uint32_t index;
    bool remembered_once;
    bool bad;     // a mistake
    bool plain;   // no mistakes are looked for inside
    bool literal; // the client reads it too
    PegRule *next;
};

typedef struct Memo {
    uint64_t key; // 0: free
    int32_t end;
} Memo;

// Constant once it is compiled.
struct PegGrammar {
    Arena *arena; // its own
    PegRule *rules;
    uint32_t rule_count;
};

struct Peg {
    Arena *arena;
    const PegGrammar *grammar;
    const Token *tokens;
    PegClient client;
    bool mistakes;
    int depth;
    int64_t farthest;
    Memo *memos; // a block of the arena; power of two
    uint32_t memo_count, memo_size;
};

enum { NO = -1 };

const char *peg_rule_name(const PegRule *rule) {
    return rule->name;
}

// --- compiling -----------------------------------------------------------------------------------

static PegRule *find_rule(PegGrammar *grammar, const char *name, size_t length) {
    for (PegRule *rule = grammar->rules; rule != NULL; rule = rule->next) {
        if (strncmp(rule->name, name, length) == 0 && rule->name[length] == 0) {
            return rule;
        }
    }
    PegRule *rule = arena_allocate(grammar->arena, sizeof *rule);
    rule->name = arena_copy(grammar->arena, name, length);
    rule->bad = strncmp(rule->name, "bad_", 4) == 0;
    rule->plain = strcmp(rule->name, "plain_expression") == 0;
    rule->literal = strcmp(rule->name, "strings") == 0;
    rule->index = ++grammar->rule_count;
    rule->next = grammar->rules;
    grammar->rules = rule;
    return rule;
}

static TokenKind token_by_text(const char *text, size_t length) {
    static const struct {
        const char *text;
        TokenKind kind;
    } table[] = {
#define X(kind, spelling) {spelling, TOKEN_##kind},
        TOKEN_OPERATORS(X) TOKEN_KEYWORDS(X)
#undef X
            {"END", TOKEN_END},
        {"NEWLINE", TOKEN_NEWLINE},
        {"INDENT", TOKEN_INDENT},
        {"DEDENT", TOKEN_DEDENT},
        {"NAME", TOKEN_NAME},
        {"NUMBER", TOKEN_NUMBER},
        {"STRING", TOKEN_STRING},
        {"NOTHING", TOKEN_KIND_COUNT},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strncmp(table[i].text, text, length) == 0 && table[i].text[length] == 0) {
            return table[i].kind;
        }
    }
    abort(); // a mistake in the grammar
}

static const PegAlternative *compile_alternatives(PegGrammar *grammar, const char **cursor);

static void skip_spaces(const char **cursor) {
    while (**cursor == ' ') {
        ++*cursor;
    }
}

static size_t word_length(const char *text) {
    size_t length = 0;
    while (isalnum((unsigned char)text[length]) || text[length] == '_') {
        length++;
    }
    return length;
}

static TokenKind compile_quoted(const char **cursor) {
    const char *start = ++*cursor;
    const char *end = strchr(start, '\'');
    *cursor = end + 1;
    return token_by_text(start, (size_t)(end - start));
}

// One token, rule or group, without what stands before or after it.
static void compile_primary(PegGrammar *grammar, const char **cursor, Item *item) {
    switch (**cursor) {
    case '\'':
        item->token = compile_quoted(cursor);
        return;
    case '(':
    case '[': {
        char open = *(*cursor)++;
        item->group = compile_alternatives(grammar, cursor);
        item->repeat = open == '[' ? OPTIONAL : ONCE;
        ++*cursor;
        return;
    }
    case '%': {
        size_t length = word_length(++*cursor);
        item->soft = arena_copy(grammar->arena, *cursor, length);
        *cursor += length;
        item->soft_prefix = **cursor == '~';
        *cursor += item->soft_prefix;
        return;
    }
    }
    size_t length = word_length(*cursor);
    if (isupper((unsigned char)**cursor)) {
        item->token = token_by_text(*cursor, length);
    } else {
        item->rule = find_rule(grammar, *cursor, length);
    }
    *cursor += length;
}

static Item *compile_item(PegGrammar *grammar, const char **cursor) {
    Item *item = arena_allocate(grammar->arena, sizeof *item);
    item->capture = -1;
    if (**cursor == '~') {
        ++*cursor;
        item->cut = true;
        return item;
    }
    if (**cursor == '&' || **cursor == '!') {
        item->look = *(*cursor)++ == '&' ? AHEAD : NOT_AHEAD;
    } else if (**cursor == '?') {
        ++*cursor;
        item->must = true;
    } else if ((**cursor == 'a' || **cursor == 'b') && (*cursor)[1] == '=') {
        item->capture = **cursor - 'a';
        *cursor += 2;
    }
    compile_primary(grammar, cursor, item);
    if (**cursor == '.') { // what was compiled is the separator
        ++*cursor;
        item->separator = item->token;
        compile_primary(grammar, cursor, item);
        item->repeat = SEPARATED;
        ++*cursor; // the plus
    } else if (**cursor == '*') {
        ++*cursor;
        item->repeat = ANY;
    } else if (**cursor == '+') {
        ++*cursor;
        item->repeat = SOME;
    }
    return item;
}

static const PegAlternative *compile_alternatives(PegGrammar *grammar, const char **cursor) {
    const PegAlternative *first = NULL, **link = &first;
    for (;;) {
        PegAlternative *alternative = arena_allocate(grammar->arena, sizeof *alternative);
        *link = alternative;
        link = &alternative->next;
        const Item **item_link = &alternative->items;
        for (skip_spaces(cursor); **cursor != 0 && strchr("|)]", **cursor) == NULL;
             skip_spaces(cursor)) {
            if ((*cursor)[0] == '-' && (*cursor)[1] == '>') {
                const char *start = *cursor + 3, *end = strstr(start, " | ");
                size_t length = end == NULL ? strlen(start) : (size_t)(end - start);
                alternative->action = arena_copy(grammar->arena, start, length);
                *cursor = start + length;
                continue;
            }
            Item *item = compile_item(grammar, cursor);
            *item_link = item;
            item_link = &item->next;
        }
        if (**cursor != '|') {
            return first;
        }
        ++*cursor;
    }
}

PegGrammar *peg_compile(Arena *arena, const char *const *text) {
    PegGrammar *grammar = arena_allocate(arena, sizeof *grammar);
    grammar->arena = arena;
    for (; *text != NULL; text++) {
        const char *cursor = *text;
        size_t length = word_length(cursor);
        PegRule *rule = find_rule(grammar, cursor, length);
        cursor += length;
        rule->remembered_once = *cursor == '#';
        cursor = strchr(cursor, '=') + 1;
        rule->alternatives = compile_alternatives(grammar, &cursor);
    }
    return grammar;
}

void peg_grammar_free(PegGrammar *grammar) {
    arena_destroy(grammar->arena);
}

Peg *peg_create(Arena *arena, const PegGrammar *grammar, const Token *tokens, PegClient client) {
    Peg *peg = arena_allocate(arena, sizeof *peg);
    peg->arena = arena;
    peg->grammar = grammar;
    peg->tokens = tokens;
    peg->client = client;
    peg->farthest = -1;
    return peg;
}

void peg_free(Peg *peg) {
    arena_block_free(peg->arena, peg->memos);
    peg->memos = NULL;
}

// --- memory --------------------------------------------------------------------------------------

static Memo *find_memo(Peg *peg, uint64_t key) {
    uint32_t mask = peg->memo_size - 1;
    uint32_t i = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & mask;
    while (peg->memos[i].key != 0 && peg->memos[i].key != key) {
        i = (i + 1) & mask;
    }
    return &peg->memos[i];
}

static void forget(Peg *peg, uint32_t size) {
    arena_block_free(peg->arena, peg->memos);
    peg->memos = NULL;
    peg->memos =
        memset(arena_block(peg->arena, size * sizeof *peg->memos), 0, size * sizeof *peg->memos);
    peg->memo_size = size;
    peg->memo_count = 0;
}

static void remember(Peg *peg, uint64_t key, int32_t end) {
    if (peg->memo_count * 2 >= peg->memo_size) {
        Memo *old = peg->memos;
        uint32_t old_size = peg->memo_size;
        peg->memos = NULL;
        forget(peg, old_size * 2);
        for (uint32_t i = 0; i < old_size; i++) {
            if (old[i].key != 0) {
                *find_memo(peg, old[i].key) = old[i];
                peg->memo_count++;
            }
        }
        arena_block_free(peg->arena, old);
    }
    Memo *memo = find_memo(peg, key);
    peg->memo_count += memo->key == 0;
    *memo = (Memo){key, end};
}

// --- matching ------------------------------------------------------------------------------------

static int32_t match_rule(Peg *peg, const PegRule *rule, int32_t at);

static const Token *read_token(Peg *peg, int32_t at) {
    if (at > peg->farthest) {
        peg->farthest = at;
        peg->client.token_read(peg->client.context, (uint32_t)at);
    }
    return &peg->tokens[at];
}

// The first of the alternatives that matches. An alternative that has something to say, but was not
// listened to, ends the search, as does one that failed after a cut.
static int32_t match_alternatives(Peg *peg, const PegAlternative *alternative, int32_t at);

static int32_t match_once(Peg *peg, const Item *item, int32_t at) {
    if (item->rule != NULL) {
        return match_rule(peg, item->rule, at);
    }
    if (item->group != NULL) {
        return match_alternatives(peg, item->group, at);
    }
    const Token *token = read_token(peg, at);
    if (item->soft != NULL) {
        size_t length = strlen(item->soft);
        bool same = token->kind == TOKEN_NAME &&
                    (token->length == length || (item->soft_prefix && token->length < length)) &&
                    memcmp(token->start, item->soft, token->length) == 0;
        return same ? at + 1 : NO;
    }
    if (token->kind == item->token) {
        // Nothing lies behind the end; matching it moves on all the same, so that loops make
        // progress.
        return token->kind == TOKEN_END ? at : at + 1;
    }
    if (item->must) {
        peg->client.missing(peg->client.context, (TokenKind)item->token, (uint32_t)at);
    }
    return NO;
}

static int32_t match_item(Peg *peg, const Item *item, int32_t at) {
    int32_t end = match_once(peg, item, at);
    switch (item->repeat) {
    case ONCE:
        return end;
    case OPTIONAL:
        return end == NO ? at : end;
    case ANY:
    case SOME:
        if (end == NO) {
            return item->repeat == ANY ? at : NO;
        }
        while (end > at) {
            at = end;
            end = match_once(peg, item, at);
        }
        return at;
    case SEPARATED:
        while (end != NO) {
            at = end;
            if (read_token(peg, at)->kind != item->separator) {
                return at;
            }
            end = match_once(peg, item, at + 1);
            if (end == NO) {
                return at;
            }
        }
        return NO;
    }
    return NO;
}

static int32_t match_alternatives(Peg *peg, const PegAlternative *alternative, int32_t start) {
    for (; alternative != NULL; alternative = alternative->next) {
        PegCapture captures[PEG_CAPTURES] = {0};
        int32_t at = start;
        bool cut = false;
        for (const Item *item = alternative->items; item != NULL && at != NO; item = item->next) {
            if (item->cut) {
                cut = true;
                continue;
            }
            int32_t end = match_item(peg, item, at);
            if (item->look != TAKE) {
                at = (end != NO) == (item->look == AHEAD) ? at : NO;
                continue;
            }
            if (item->capture >= 0) {
                captures[item->capture] =
                    (PegCapture){(uint32_t)at, (uint32_t)(end == NO ? at : end), item->rule};
            }
            at = end;
        }
        if (at != NO) {
            if (alternative->action == NULL) {
                return at;
            }
            peg->client.matched(peg->client.context, alternative->action, captures, (uint32_t)at);
            return NO;
        }
        if (cut) {
            return NO;
        }
    }
    return NO;
}

static int32_t match_rule(Peg *peg, const PegRule *rule, int32_t at) {
    if (rule->bad && !peg->mistakes) {
        return NO;
    }
    uint64_t key = (uint64_t)at << 32 | (uint64_t)rule->index << 1 |
                   (rule->remembered_once ? 0 : (uint64_t)peg->mistakes);
    Memo *memo = find_memo(peg, key);
    if (memo->key == key) {
        return memo->end;
    }
    if (++peg->depth > PEG_MAX_DEPTH) {
        peg->client.too_deep(peg->client.context);
    }
    bool mistakes = peg->mistakes;
    peg->mistakes = mistakes && !rule->plain;
    int32_t end = match_alternatives(peg, rule->alternatives, at);
    peg->mistakes = mistakes;
    peg->depth--;
    if (rule->literal && end != NO) {
        peg->client.literal_read(peg->client.context, (uint32_t)at);
    }
    remember(peg, key, end);
    return end;
}

bool peg_match(Peg *peg, const char *name, uint32_t start, bool mistakes) {
    const PegRule *rule = peg->grammar->rules;
    while (strcmp(rule->name, name) != 0) {
        rule = rule->next;
    }
    forget(peg, 4096);
    peg->mistakes = mistakes;
    peg->depth = 0;
    return match_rule(peg, rule, (int32_t)start) != NO;
}
