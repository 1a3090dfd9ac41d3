// SPDX-License-Identifier: MIT
//
// Runs a parsing expression grammar given as text over tokens, only to recognise: there are no
// trees. For diagnose.c.
//
// What a rule matches at a token is remembered, so that time stays in proportion to the text
// (packrat parsing, Ford 2002). A rule written "name# =" is remembered once, whether or not
// mistakes were looked for when it was tried, as CPython's parser does it: which mistake is found
// first depends on that. All others are remembered for each case.
#ifndef LOCKSMITH_VM_PARSE_PEG_H
#define LOCKSMITH_VM_PARSE_PEG_H

#include "vm/parse/arena.h"
#include "vm/parse/token.h"

enum { PEG_CAPTURES = 2, PEG_MAX_DEPTH = 6000 };

typedef struct PegRule PegRule;
typedef struct PegAlternative PegAlternative;

// What `a=` or `b=` stands before: tokens from start up to end, and the rule if it is one.
typedef struct PegCapture {
    uint32_t start, end;
    const PegRule *rule;
} PegCapture;

typedef struct Peg Peg;

// The caller's functions. None returns if it raises its error (longjmp).
typedef struct PegClient {
    void *context;
    // A token past the last one seen so far was looked at.
    void (*token_read)(void *context, uint32_t index);
    // The rule "strings" matched from there on.
    void (*literal_read)(void *context, uint32_t start);
    // An alternative with something to say matched up to `end`.
    void (*matched)(void *context, const char *action, const PegCapture *captures, uint32_t end);
    // A token that must be there is not.
    void (*missing)(void *context, TokenKind kind, uint32_t at);
    void (*too_deep)(void *context);
} PegClient;

// Compiles a grammar, whose text is right, in an arena that becomes its own. It does not change any
// more: threads may share it.
typedef struct PegGrammar PegGrammar;
PegGrammar *peg_compile(Arena *arena, const char *const *text);
void peg_grammar_free(PegGrammar *grammar);

// Everything is in `arena`; peg_free frees what is large before that.
Peg *peg_create(Arena *arena, const PegGrammar *grammar, const Token *tokens, PegClient client);
void peg_free(Peg *peg);

// Tries a rule, which is in the grammar, at a token. `mistakes`: are the rules that begin with
// "bad_" tried? Forgets what it remembered before.
bool peg_match(Peg *peg, const char *name, uint32_t start, bool mistakes);

const char *peg_rule_name(const PegRule *rule);

#endif
