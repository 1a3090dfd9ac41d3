// SPDX-License-Identifier: MIT
//
// Regular expressions: what can follow a step, found once for a program, so that matching does not
// try what cannot succeed. Everything here errs towards "perhaps".
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"

// As SreFirst, as bits.
typedef struct {
    uint64_t low[4];
    bool high, end;
} First;

// Steps and loops looked at for one question; then the answer is "perhaps".
#define LOOK_MAX 256
#define LOOPS_MAX 32

typedef struct {
    const SreProgram *program;
    First *first;
    uint32_t start; // the step that the question is about
    int left;
    int loop_count;
    uint32_t loops[LOOPS_MAX]; // the ends of loops that were passed already
} Look;

static void add_all(First *f) {
    memset(f->low, 0xff, sizeof f->low);
    f->high = f->end = true;
}
static void add(First *f, uint32_t c) {
    if (c < 256)
        f->low[c >> 6] |= (uint64_t)1 << (c & 63);
    else
        f->high = true;
}

static void add_test(const SreProgram *p, First *f, SreTest test, uint32_t argument) {
    switch (test) {
    case TEST_CHAR:
        add(f, argument);
        break;
    case TEST_NOT_CHAR:
    case TEST_LINE:
        for (uint32_t c = 0; c < 256; c++)
            if (c != (test == TEST_LINE ? '\n' : argument))
                add(f, c);
        f->high = true;
        break;
    case TEST_SET:
        for (uint32_t c = 0; c < 256; c++)
            if (p->sets[argument].table[c])
                add(f, c);
        f->high |= p->sets[argument].high != HIGH_NONE;
        break;
    default:
        memset(f->low, 0xff, sizeof f->low);
        f->high = true;
    }
}

// False if the loop that ends at this step was passed before.
static bool pass_loop(Look *look, uint32_t at) {
    for (int i = 0; i < look->loop_count; i++)
        if (look->loops[i] == at)
            return false;
    if (look->loop_count == LOOPS_MAX)
        return add_all(look->first), false;
    look->loops[look->loop_count++] = at;
    return true;
}

// The question is about a step within the group that ends at this one and is not come back to: such
// a group matches as if nothing followed.
static bool is_inside(const Look *look, uint32_t at) {
    return look->start > look->program->steps[at].target;
}

// Adds what a text must begin with for the steps from `at` on. Steps that take nothing are passed
// over.
static void add_from(Look *look, uint32_t at) {
    const SreProgram *p = look->program;
    First *f = look->first;
    for (;;) {
        if (--look->left < 0) {
            add_all(f);
            return;
        }
        const SreStep *step = &p->steps[at];
        switch ((SreStepKind)step->kind) {
        case STEP_CHAR:
        case STEP_NOT_CHAR:
        case STEP_LINE:
        case STEP_ALL:
        case STEP_SET:
        case STEP_ASK:
            add_test(p, f, (SreTest)(step->kind - STEP_CHAR), step->argument);
            return;
        case STEP_FAIL:
            return;
        case STEP_SUCCESS:
        case STEP_LOOK_END:
        case STEP_LOOK_NOT_END:
        case STEP_GROUP:
            add_all(f);
            return;
        case STEP_AT:
            if (step->argument == AT_END || step->argument == AT_END_LINE ||
                step->argument == AT_END_STRING) {
                f->end = true;
                if (step->argument != AT_END_STRING)
                    add(f, '\n');
                return;
            }
            at++;
            break;
        case STEP_JUMP:
        case STEP_LOOK: // what it demands comes on top of what follows
        case STEP_LOOK_NOT:
            at = step->target;
            break;
        case STEP_BRANCH: {
            const SreBranch *branch = &p->branches[step->argument];
            for (uint32_t i = 0; i < branch->count; i++)
                add_from(look, branch->targets[i]);
            return;
        }
        case STEP_REPEAT:
        case STEP_REPEAT_LAZY:
        case STEP_REPEAT_POSSESSIVE:
            if (step->maximum > 0)
                add_test(p, f, (SreTest)step->test, step->argument);
            if (step->minimum > 0)
                return;
            at++;
            break;
        case STEP_LOOP_ENTER:
            if (step->maximum > 0)
                add_from(look, at + 1);
            if (step->minimum > 0)
                return;
            at = step->target;
            break;
        case STEP_LOOP: // from the end of the body
        case STEP_STAR:
        case STEP_LOOP_LAZY:
        case STEP_STAR_LAZY:
            if (!pass_loop(look, at))
                return;
            add_from(look, step->target);
            at += step->kind == STEP_LOOP || step->kind == STEP_STAR ? 1 : 2;
            break;
        case STEP_POSSESSIVE_TRY:
            if (step->maximum > 0)
                add_from(look, at + 1);
            if (step->minimum > 0)
                return;
            at = step->target;
            break;
        case STEP_POSSESSIVE_END:
            if (is_inside(look, at)) {
                add_all(f);
                return;
            }
            if (!pass_loop(look, at))
                return;
            add_from(look, step->target + 1); // the body once more, or what is behind it
            at++;
            break;
        case STEP_ATOMIC_END:
            if (is_inside(look, at)) {
                add_all(f);
                return;
            }
            at++;
            break;
        case STEP_IF_GROUP:
            add_from(look, step->target);
            at++;
            break;
        case STEP_MARK:
        case STEP_LOOP_MORE:
        case STEP_POSSESSIVE_ENTER:
        case STEP_ATOMIC:
            at++;
            break;
        }
    }
}

static First first_from(const SreProgram *p, uint32_t at) {
    First f = {.high = false};
    Look look = {.program = p, .first = &f, .start = at, .left = LOOK_MAX};
    add_from(&look, at);
    return f;
}

static bool says_nothing(const First *f) {
    return f->high && f->end && (f->low[0] & f->low[1] & f->low[2] & f->low[3]) == UINT64_MAX;
}
static bool has(const First *f, uint32_t c) {
    return f->low[c >> 6] >> (c & 63) & 1;
}

// The number of an SreFirst that says f, SRE_NONE if it says nothing.
static int keep(SreProgram *p, const First *f, uint32_t *number) {
    *number = SRE_NONE;
    if (says_nothing(f))
        return 0;
    if (sre_grow(&p->firsts, p->first_count, &p->first_room, sizeof(SreFirst)) < 0)
        return -1;
    SreFirst *kept = &p->firsts[p->first_count];
    for (uint32_t c = 0; c < 256; c++)
        kept->table[c] = has(f, c);
    kept->high = f->high;
    kept->end = f->end;
    *number = p->first_count++;
    return 0;
}

static bool single_char(const First *f, uint32_t *c) {
    if (f->high || f->end)
        return false;
    int count = 0;
    for (int i = 0; i < 4; i++) {
        count += __builtin_popcountll(f->low[i]);
        if (f->low[i])
            *c = (uint32_t)(64 * i + __builtin_ctzll(f->low[i]));
    }
    return count == 1;
}

// ---- loops without registers -------------------------------------------------------------

// Whether the steps from `at` on may get to `stop` without taking a character.
static bool passes(const SreProgram *p, uint32_t at, uint32_t stop, int *left) {
    while (at != stop) {
        if (--*left < 0)
            return true;
        const SreStep *step = &p->steps[at];
        switch ((SreStepKind)step->kind) {
        case STEP_CHAR:
        case STEP_NOT_CHAR:
        case STEP_LINE:
        case STEP_ALL:
        case STEP_SET:
        case STEP_ASK:
        case STEP_FAIL:
            return false;
        case STEP_SUCCESS:
        case STEP_LOOK_END:
        case STEP_LOOK_NOT_END:
            return true;
        case STEP_REPEAT:
        case STEP_REPEAT_LAZY:
        case STEP_REPEAT_POSSESSIVE:
            if (step->minimum > 0)
                return false;
            at++;
            break;
        case STEP_JUMP:
        case STEP_LOOK:
        case STEP_LOOK_NOT:
            at = step->target;
            break;
        case STEP_LOOP_ENTER:
        case STEP_POSSESSIVE_TRY:
            at = step->minimum > 0 ? at + 1 : step->target;
            break;
        case STEP_LOOP_LAZY:
        case STEP_STAR_LAZY:
            at += 2;
            break;
        case STEP_BRANCH: {
            const SreBranch *branch = &p->branches[step->argument];
            for (uint32_t i = 0; i < branch->count; i++)
                if (passes(p, branch->targets[i], stop, left))
                    return true;
            return false;
        }
        case STEP_IF_GROUP:
            if (passes(p, step->target, stop, left))
                return true;
            at++;
            break;
        case STEP_MARK:
        case STEP_AT:
        case STEP_LOOP:
        case STEP_STAR:
        case STEP_LOOP_MORE:
        case STEP_POSSESSIVE_ENTER:
        case STEP_POSSESSIVE_END:
        case STEP_ATOMIC:
        case STEP_ATOMIC_END:
        case STEP_GROUP:
            at++;
            break;
        }
    }
    return true;
}

// A loop that begins before its body at steps[at].target becomes a simpler one if it may.
static void simplify_loop(SreProgram *p, uint32_t at) {
    SreStep *step = &p->steps[at], *enter = &p->steps[step->target - 1];
    int left = LOOK_MAX;
    if (step->maximum != SRE_MAXREPEAT || step->minimum > 1 || passes(p, step->target, at, &left))
        return;
    enter->kind = STEP_JUMP;
    if (step->minimum == 1)
        enter->target = step->target;
    if (step->kind == STEP_LOOP) {
        step->kind = STEP_STAR;
    } else {
        step->kind = STEP_STAR_LAZY;
        p->steps[at + 1].kind = STEP_JUMP; // was LOOP_MORE
    }
}

static void thread_jumps(SreProgram *p) {
    for (uint32_t at = 0; at < p->step_count; at++) {
        SreStep *step = &p->steps[at];
        int left = 16;
        while (step->kind == STEP_JUMP && p->steps[step->target].kind == STEP_JUMP && left-- > 0)
            step->target = p->steps[step->target].target;
    }
}

// ---- what each step learns ---------------------------------------------------------------

static int analyse_repeat(SreProgram *p, uint32_t at) {
    First next = first_from(p, at + 1), own = {.high = false};
    SreStep *step = &p->steps[at];
    add_test(p, &own, (SreTest)step->test, step->argument);
    bool low = false;
    for (int i = 0; i < 4; i++)
        low |= (own.low[i] & next.low[i]) != 0;
    step->disjoint = low ? 0 : own.high && next.high ? 1 : 2;
    uint32_t c;
    if (single_char(&next, &c)) {
        step->wait_char = 1;
        step->next = c;
        return 0;
    }
    uint32_t number;
    if (keep(p, &next, &number) < 0)
        return -1;
    step->next = number;
    return 0;
}

static int analyse_loop(SreProgram *p, uint32_t at) {
    First body = first_from(p, p->steps[at].target), next = first_from(p, at + 1);
    return keep(p, &body, &p->steps[at].first) < 0 || keep(p, &next, &p->steps[at].next) < 0 ? -1
                                                                                             : 0;
}

static void analyse_branch(SreProgram *p, uint32_t number) {
    SreBranch *branch = &p->branches[number];
    memset(branch->masks, 0, sizeof branch->masks);
    branch->high_mask = branch->end_mask = 0;
    for (uint32_t i = 0; i < branch->count; i++) {
        First f = first_from(p, branch->targets[i]);
        uint32_t bit = (uint32_t)1 << i;
        for (uint32_t c = 0; c < 256; c++)
            if (has(&f, c))
                branch->masks[c] |= bit;
        if (f.high)
            branch->high_mask |= bit;
        if (f.end)
            branch->end_mask |= bit;
    }
}

// A step that every match passes first, before it takes anything, and whose answer at one place
// cannot change.
static SreAnchor find_anchor(const SreProgram *p) {
    uint32_t at = 0;
    while (p->steps[at].kind == STEP_MARK)
        at++;
    const SreStep *step = &p->steps[at];
    bool dots = (step->kind == STEP_REPEAT || step->kind == STEP_REPEAT_LAZY) &&
                step->maximum == SRE_MAXREPEAT;
    // What a group took depends on where the match began, and may be asked for again.
    for (uint32_t i = 0; dots && at > 0 && i < p->step_count; i++)
        dots = p->steps[i].kind != STEP_GROUP;
    if (dots && step->test == TEST_ALL)
        return ANCHOR_HERE;
    if (dots && step->test == TEST_LINE)
        return ANCHOR_HERE_OR_LINE;
    if (step->kind != STEP_AT)
        return ANCHOR_NONE;
    switch (step->argument) {
    case AT_BEGINNING:
    case AT_BEGINNING_STRING:
        return ANCHOR_TEXT;
    case AT_BEGINNING_LINE:
        return ANCHOR_LINE;
    default:
        return ANCHOR_NONE;
    }
}

// A step that tests the first character of every match.
static uint32_t find_lead(const SreProgram *p) {
    uint32_t at = 0;
    while (p->steps[at].kind == STEP_MARK)
        at++;
    const SreStep *step = &p->steps[at];
    bool repeats = step->kind == STEP_REPEAT || step->kind == STEP_REPEAT_LAZY ||
                   step->kind == STEP_REPEAT_POSSESSIVE;
    return step->kind <= STEP_ASK || (repeats && step->minimum > 0) ? at : SRE_NONE;
}

int sre_program_analyse(SreProgram *p) {
    for (uint32_t at = 0; at < p->step_count; at++)
        if (p->steps[at].kind == STEP_LOOP || p->steps[at].kind == STEP_LOOP_LAZY)
            simplify_loop(p, at);
    thread_jumps(p);
    for (uint32_t at = 0; at < p->step_count; at++) {
        switch (p->steps[at].kind) {
        case STEP_REPEAT:
        case STEP_REPEAT_LAZY:
            if (analyse_repeat(p, at) < 0)
                return -1;
            break;
        case STEP_LOOP:
        case STEP_STAR:
            if (analyse_loop(p, at) < 0)
                return -1;
            break;
        }
    }
    for (uint32_t i = 0; i < p->branch_count; i++)
        analyse_branch(p, i);
    p->anchor = find_anchor(p);
    p->lead = p->anchor == ANCHOR_NONE ? find_lead(p) : SRE_NONE;
    First first = first_from(p, 0);
    return keep(p, &first, &p->first);
}
