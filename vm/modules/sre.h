// SPDX-License-Identifier: MIT
//
// The regular expression engine behind `re`: what the files sre*.c share; nobody else includes
// this.
//
// `re` (in the library) parses a pattern and gives the module `_sre` a list of numbers. The list is
// checked and translated once (sre_translate.c) into a program of steps, whose steps then learn
// what may follow them (sre_analyse.c). A matcher (sre_matcher.c, sre_matcher_body.h) walks the
// program over a text of units of 1, 2 or 4 bytes and keeps what it may have to come back to on a
// stack of its own, so long texts need no C stack.
#ifndef LOCKSMITH_VM_MODULES_SRE_H
#define LOCKSMITH_VM_MODULES_SRE_H

#include "vm/object.h"
#include "vm/runtime/thread.h"

// ---- the numbers of `re._constants` ------------------------------------------------------
#define SRE_MAGIC 20220615
#define SRE_MAXREPEAT UINT32_MAX
#define SRE_MAXGROUPS (INT32_MAX / 2)

enum {
    CODE_FAILURE,
    CODE_SUCCESS,
    CODE_ANY,
    CODE_ANY_ALL,
    CODE_ASSERT,
    CODE_ASSERT_NOT,
    CODE_AT,
    CODE_BRANCH,
    CODE_CATEGORY,
    CODE_CHARSET,
    CODE_BIGCHARSET,
    CODE_GROUPREF,
    CODE_GROUPREF_EXISTS,
    CODE_IN,
    CODE_INFO,
    CODE_JUMP,
    CODE_LITERAL,
    CODE_MARK,
    CODE_MAX_UNTIL,
    CODE_MIN_UNTIL,
    CODE_NOT_LITERAL,
    CODE_NEGATE,
    CODE_RANGE,
    CODE_REPEAT,
    CODE_REPEAT_ONE,
    CODE_SUBPATTERN,
    CODE_MIN_REPEAT_ONE,
    CODE_ATOMIC_GROUP,
    CODE_POSSESSIVE_REPEAT,
    CODE_POSSESSIVE_REPEAT_ONE,
    CODE_GROUPREF_IGNORE,
    CODE_IN_IGNORE,
    CODE_LITERAL_IGNORE,
    CODE_NOT_LITERAL_IGNORE,
    CODE_GROUPREF_LOC_IGNORE,
    CODE_IN_LOC_IGNORE,
    CODE_LITERAL_LOC_IGNORE,
    CODE_NOT_LITERAL_LOC_IGNORE,
    CODE_GROUPREF_UNI_IGNORE,
    CODE_IN_UNI_IGNORE,
    CODE_LITERAL_UNI_IGNORE,
    CODE_NOT_LITERAL_UNI_IGNORE,
    CODE_RANGE_UNI_IGNORE,
};
enum {
    AT_BEGINNING,
    AT_BEGINNING_LINE,
    AT_BEGINNING_STRING,
    AT_BOUNDARY,
    AT_NON_BOUNDARY,
    AT_END,
    AT_END_LINE,
    AT_END_STRING,
    AT_LOC_BOUNDARY,
    AT_LOC_NON_BOUNDARY,
    AT_UNI_BOUNDARY,
    AT_UNI_NON_BOUNDARY,
    AT_COUNT
};
enum {
    CATEGORY_DIGIT,
    CATEGORY_NOT_DIGIT,
    CATEGORY_SPACE,
    CATEGORY_NOT_SPACE,
    CATEGORY_WORD,
    CATEGORY_NOT_WORD,
    CATEGORY_LINEBREAK,
    CATEGORY_NOT_LINEBREAK,
    CATEGORY_LOC_WORD,
    CATEGORY_LOC_NOT_WORD,
    CATEGORY_UNI_DIGIT,
    CATEGORY_UNI_NOT_DIGIT,
    CATEGORY_UNI_SPACE,
    CATEGORY_UNI_NOT_SPACE,
    CATEGORY_UNI_WORD,
    CATEGORY_UNI_NOT_WORD,
    CATEGORY_UNI_LINEBREAK,
    CATEGORY_UNI_NOT_LINEBREAK,
    CATEGORY_COUNT
};
enum {
    FLAG_TEMPLATE = 1,
    FLAG_IGNORECASE = 2,
    FLAG_LOCALE = 4,
    FLAG_MULTILINE = 8,
    FLAG_DOTALL = 16,
    FLAG_UNICODE = 32,
    FLAG_VERBOSE = 64,
    FLAG_DEBUG = 128,
    FLAG_ASCII = 256,
};
enum { INFO_PREFIX = 1, INFO_LITERAL = 2, INFO_CHARSET = 4 };

// ---- sets of characters (sre_charset.c) --------------------------------------------------

typedef enum { FOLD_NONE, FOLD_ASCII, FOLD_LOCALE, FOLD_UNICODE } SreFold;
typedef enum { HIGH_NONE, HIGH_ALL, HIGH_ASK } SreHigh;
typedef enum { SET_CHARSET, SET_LITERAL, SET_NOT_LITERAL, SET_CATEGORY } SreSetKind;

// Anything that one character is tested for beyond equality. table and high are filled once, unless
// the answer depends on the locale (dynamic): then they mean nothing.
typedef struct {
    uint8_t table[256]; // 1: this code point belongs to the set
    SreHigh high;       // the same for code points from 256 on
    SreSetKind kind;
    SreFold fold;
    bool dynamic;
    // Answers about code points from 256 on that were asked for (sre_set_high); atomic, NULL: none
    // yet.
    struct SreHighMap *map;
    uint32_t operand; // where the set begins in the code; the character; the category
} SreSet;

bool sre_category(uint32_t category, uint32_t point);
uint32_t sre_fold(SreFold fold, uint32_t point); // to lower case
uint32_t sre_upper(uint32_t point);
bool sre_set_ask(const uint32_t *code, const SreSet *set, uint32_t point);
// The same for a set that is not dynamic and a code point from 256 on, answered from what was found
// before. Any thread.
bool sre_set_high(const uint32_t *code, SreSet *set, uint32_t point);
void sre_set_drop(SreSet *set);
void sre_set_fill(const uint32_t *code, SreSet *set);
// A set in code[at..end) is well formed.
bool sre_charset_valid(const uint32_t *code, int64_t at, int64_t end);

// ---- programs ----------------------------------------------------------------------------

// What one character is tested for. The same order as STEP_CHAR and following.
typedef enum { TEST_CHAR, TEST_NOT_CHAR, TEST_LINE, TEST_ALL, TEST_SET, TEST_ASK } SreTest;

typedef enum {
    // One character, if it passes the test `argument` is about (a character or a set's number).
    STEP_CHAR,
    STEP_NOT_CHAR,
    STEP_LINE,
    STEP_ALL,
    STEP_SET,
    STEP_ASK,
    STEP_FAIL,
    STEP_SUCCESS,
    STEP_MARK,   // argument: the mark
    STEP_AT,     // argument: AT_*
    STEP_JUMP,   // target
    STEP_BRANCH, // argument: number of the branch
    // One test again and again, from minimum to maximum times: greedily, from few to many, greedily
    // without coming back.
    STEP_REPEAT,
    STEP_REPEAT_LAZY,
    STEP_REPEAT_POSSESSIVE,
    // Repeats of more than that. argument: the loop's register. LOOP_ENTER jumps to LOOP or
    // LOOP_LAZY
    // behind the body, which jumps to the body (target) or goes on. LOOP_LAZY is followed by
    // LOOP_MORE.
    STEP_LOOP_ENTER,
    STEP_LOOP,
    STEP_LOOP_LAZY,
    STEP_LOOP_MORE,
    // The same without a register, for * and + of what cannot be empty: they need to know nothing
    // of what was before.
    STEP_STAR,
    STEP_STAR_LAZY,
    // POSSESSIVE_ENTER, POSSESSIVE_TRY (target: behind it all), the body, POSSESSIVE_END (target:
    // TRY)
    STEP_POSSESSIVE_ENTER,
    STEP_POSSESSIVE_TRY,
    STEP_POSSESSIVE_END,
    STEP_ATOMIC,
    STEP_ATOMIC_END, // argument: the register that keeps the stack's height
    // Lookaround: minimum is how far to step back. LOOK_NOT's target is where to go on.
    STEP_LOOK,
    STEP_LOOK_END,
    STEP_LOOK_NOT,
    STEP_LOOK_NOT_END,
    STEP_GROUP,    // what the group `argument` matched, compared as `test` (an SreFold) says
    STEP_IF_GROUP, // without a match of the group `argument`: target
} SreStepKind;

#define SRE_NONE UINT32_MAX

typedef struct {
    uint8_t kind; // SreStepKind
    uint8_t test; // repeats: SreTest; groups: SreFold
    // Repeats: a greedy one need never give back what it has, because what follows cannot begin
    // with it: 1 in a text of bytes, 2 in any.
    uint8_t disjoint;
    uint8_t wait_char; // what follows a repeat begins with the character `next`
    uint32_t argument, target, minimum, maximum;
    uint32_t first; // loops: what the body begins with, number of an SreFirst
    uint32_t next;  // repeats and loops: the same of what follows, or SRE_NONE
} SreStep;

// What a text must begin with for some steps to have a chance.
typedef struct {
    uint8_t table[256];
    uint8_t high; // 1: perhaps with a code point from 256 on
    uint8_t end;  // 1: perhaps with nothing
} SreFirst;

#define SRE_ALTERNATIVES 32
typedef struct {
    uint32_t count;
    uint32_t targets[SRE_ALTERNATIVES];
    uint32_t masks[256]; // bit i: alternative i can begin with this code point
    uint32_t high_mask, end_mask;
} SreBranch;

// Where a match can begin, if not anywhere: at the beginning of the text; of a line. Or: where the
// search begins, for what begins with .* and does not match from there does not match from farther
// on (in the same line).
typedef enum { ANCHOR_NONE, ANCHOR_TEXT, ANCHOR_LINE, ANCHOR_HERE, ANCHOR_HERE_OR_LINE } SreAnchor;

// Immutable once made.
typedef struct {
    uint32_t *code; // as given
    SreStep *steps;
    SreSet *sets;
    SreBranch *branches;
    SreFirst *firsts;
    int64_t code_length;
    uint32_t step_count, set_count, branch_count, first_count;
    uint32_t step_room, set_room, branch_room, first_room;
    uint32_t group_count, loop_count, atom_count;
    uint32_t minimum; // units that a match takes at least
    SreAnchor anchor;
    uint32_t first; // what a match begins with, or SRE_NONE
    uint32_t
        lead; // the step that takes the first character of every match; SRE_NONE: not so simple
    // What every match begins with, in units of each width that can hold it (else NULL).
    uint32_t prefix_length;
    void *prefix[3];
    bool literal; // the prefix is the whole pattern
} SreProgram;

// NULL with RuntimeError("invalid SRE code") or MemoryError. code is taken over, also on failure.
SreProgram *sre_program_new(uint32_t *code, int64_t length, uint32_t groups);
void sre_program_free(SreProgram *program);
int sre_program_analyse(SreProgram *program);
// Room for one more in a growing array of the program. -1 with MemoryError.
int sre_grow(void *array_pointer, uint32_t count, uint32_t *room, size_t size);

// ---- matching ----------------------------------------------------------------------------

typedef struct {
    const void *data;
    int64_t length; // units
    unsigned kind;  // log2 of the width
    bool is_bytes;
    BufferView view; // owner VALUE_NULL: none is held
} SreText;
// With a brief view (vm/types/brief.h), or with a lasting one for who keeps it or runs Python code
// meanwhile. TypeError.
int sre_text_get(Value v, SreText *text, bool lasting);
void sre_text_release(SreText *text);

// One thing to come back to. at and other are positions in the text, or numbers.
typedef struct {
    uint32_t kind;
    uint32_t step;
    const void *at;
    union {
        const void *other;
        int64_t number;
    };
} SreEntry;

typedef struct {
    int64_t count;
    const void *last; // where the last repetition began
} SreLoop;

typedef struct {
    int64_t height; // of the stack
    const void *at;
} SreAtom;

#define SRE_STACK_SMALL 48
#define SRE_WORDS_SMALL 48

// A C local: it may not move. Filled by sre_matcher_start.
typedef struct {
    const SreProgram *program;
    const void *begin, *end; // of the text; ^ is at begin
    const void *advance;     // no match may end here; NULL: it may anywhere
    bool whole;              // it must end at the end
    unsigned kind;
    const void *match_start, *match_end; // of the last match found
    int64_t last_index;                  // group closed last, -1: none
    const void **marks;                  // 2 for each group; NULL: not set
    SreLoop *loops;
    SreAtom *atoms;
    SreEntry *stack, *stack_end;
    Thread *thread;
    int64_t budget; // steps until the next safepoint
    void *words;
    uint64_t small_words[SRE_WORDS_SMALL];
    SreEntry small_stack[SRE_STACK_SMALL];
} SreMatcher;

// 0 or -1 (MemoryError). The text and the program outlive the matcher. end is clamped by the
// caller.
int sre_matcher_start(SreMatcher *m, const SreProgram *program, const SreText *text, int64_t end);
void sre_matcher_finish(SreMatcher *m);
// 1: match_start, match_end, marks and last_index tell of a match, 0: none, -1: exception. Both
// reach safepoints. `from` is a position of the text, perhaps beyond `end`.
int sre_match_at(SreMatcher *m, int64_t from);
int sre_search(SreMatcher *m, int64_t from);
// Makes room on the stack. The new top, or NULL with MemoryError.
SreEntry *sre_stack_grow(SreMatcher *m, SreEntry *top);
static inline int64_t sre_offset(const SreMatcher *m, const void *at) {
    return ((const char *)at - (const char *)m->begin) >> m->kind;
}

// ---- Python's objects --------------------------------------------------------------------

typedef struct {
    Object header;
    Value pattern, group_index, index_group; // constant, as are:
    Value flags, groups;                     // ints in a word
    SreProgram *program;
    int8_t is_bytes;   // -1: made from no text, fits any
    int64_t hash;      // 0: not yet asked; relaxed, every writer writes the same
    Value replacement; // the last template of sub() parsed, or VALUE_NULL: (template, piece, ...),
                       // guarded by the lock. Pieces are texts and numbers of groups.
} SrePattern;

// Immutable but for regs.
typedef struct {
    Object header;
    Value string, position, end_position;
    Value pattern;                   // borrowed from
    Value holder;                    // itself, or a scanner of it
    Value regs;                      // tuple once asked for, guarded by the lock
    int32_t last_index, group_count; // the whole match counted
    int64_t marks[];                 // 2 for each group; -1: not set
} SreMatch;

extern Type sre_pattern_type, sre_match_type, sre_scanner_type;
static inline SrePattern *sre_pattern_of(Value v) {
    return (SrePattern *)value_object(v);
}
static inline SreMatch *sre_match_of(Value v) {
    return (SreMatch *)value_object(v);
}

// holder: the pattern, or what keeps it alive. That is better where it belongs to one thread and
// the pattern to all: threads that find matches of one pattern need not count them all there.
Value sre_match_new(const SreMatcher *m, Value pattern, Value holder, Value string,
                    int64_t position, int64_t end_position);
// The text of one of a matcher's groups, or `fallback` (new reference).
Value sre_group_text(const SreMatcher *m, const SreText *text, Value string, uint32_t group,
                     Value fallback);
Value sre_slice(const SreText *text, Value string, int64_t start, int64_t end);
// The text of `string`, and that pattern may be used on it. 0 or -1.
int sre_pattern_text(Value pattern, Value string, SreText *text, bool lasting);
void sre_clamp(int64_t length, int64_t *start, int64_t *end);
Value sre_scanner_new(Value pattern, Value string, int64_t start, int64_t end);
Value sre_substitute(Value pattern, Value template, Value string, int64_t count, bool with_count);
Value sre_call_re(const char *function, const Value *args, size_t nargs); // re.<function>(...)

#endif
