// SPDX-License-Identifier: MIT
//
// The matcher of sre_matcher.c for texts of one width; included once for each. The includer defines
//   UNIT       the type of one unit
//   KIND       log2 of its size
//   SRE(name)  the name of a function of this instance
//
// While anything is on the stack, marks and loop registers are changed only after an entry that
// restores them was pushed, unless the topmost entry restores the same one; with an empty stack
// nothing needs to be restored, because a failure then ends the attempt. So whoever pops an entry
// to try has everything as it was when that entry was pushed.

static inline bool SRE(test)(const SreProgram *program, SreTest test, uint32_t argument,
                             uint32_t c) {
    switch (test) {
    case TEST_CHAR:
        return c == argument;
    case TEST_NOT_CHAR:
        return c != argument;
    case TEST_LINE:
        return c != '\n';
    case TEST_ALL:
        return true;
    case TEST_SET: {
        SreSet *set = &program->sets[argument];
        if (KIND == 0 || LIKELY(c < 256))
            return set->table[c];
        return set->high == HIGH_ASK ? sre_set_high(program->code, set, c) : set->high == HIGH_ALL;
    }
    default:
        return sre_set_ask(program->code, &program->sets[argument], c);
    }
}

// The end of the units from p on (p <= limit) that pass.
static const UNIT *SRE(pass)(const SreProgram *program, SreTest test, uint32_t argument,
                             const UNIT *p, const UNIT *limit) {
    switch (test) {
    case TEST_CHAR:
        while (p < limit && *p == argument)
            p++;
        return p;
    case TEST_LINE:
        argument = '\n';
        // fall through
    case TEST_NOT_CHAR:
        if (KIND == 0 && limit - p > 16) {
            if (argument > 255)
                return limit;
            const UNIT *found = memchr(p, (int)argument, (size_t)(limit - p));
            return found ? found : limit;
        }
        while (p < limit && *p != argument)
            p++;
        return p;
    case TEST_ALL:
        return limit;
    case TEST_SET: {
        const uint8_t *table = program->sets[argument].table;
        if (KIND == 0) {
            while (limit - p >= 4) {
                if (!table[(uint8_t)p[0]])
                    return p;
                if (!table[(uint8_t)p[1]])
                    return p + 1;
                if (!table[(uint8_t)p[2]])
                    return p + 2;
                if (!table[(uint8_t)p[3]])
                    return p + 3;
                p += 4;
            }
            while (p < limit && table[(uint8_t)*p])
                p++;
            return p;
        }
    }
        // fall through
    default:
        while (p < limit && SRE(test)(program, test, argument, *p))
            p++;
        return p;
    }
}

// What comes at p may be what begins with `first`.
static inline bool SRE(may)(const SreFirst *first, const UNIT *p, const UNIT *end) {
    if (UNLIKELY(p >= end))
        return first->end;
    return KIND == 0 || LIKELY(*p < 256) ? first->table[(uint8_t)*p] : first->high;
}

// The same of what follows a repeat.
static inline bool SRE(may_follow)(const SreProgram *program, const SreStep *step, const UNIT *p,
                                   const UNIT *end) {
    if (step->wait_char)
        return p < end && *p == step->next;
    return step->next == SRE_NONE || SRE(may)(&program->firsts[step->next], p, end);
}

static bool SRE(at)(const UNIT *begin, const UNIT *end, const UNIT *p, uint32_t at) {
    switch (at) {
    case AT_BEGINNING:
    case AT_BEGINNING_STRING:
        return p == begin;
    case AT_BEGINNING_LINE:
        return p == begin || p[-1] == '\n';
    case AT_END:
        return p == end || (end - p == 1 && *p == '\n');
    case AT_END_LINE:
        return p == end || (p < end && *p == '\n');
    case AT_END_STRING:
        return p == end;
    default: {
        if (begin == end) // then there is neither a boundary nor none
            return false;
        bool before = p > begin && word_at(at, p[-1]), after = p < end && word_at(at, *p);
        bool inside =
            at == AT_NON_BOUNDARY || at == AT_LOC_NON_BOUNDARY || at == AT_UNI_NON_BOUNDARY;
        return (before == after) == inside;
    }
    }
}

// What a group matched comes at p too: where it ends, else NULL. Nothing comes anywhere, also
// behind the end (a search whose start is there is tried once).
static const UNIT *SRE(same)(const UNIT *from, const UNIT *to, const UNIT *p, const UNIT *end,
                             SreFold fold) {
    if (from < to && end - p < to - from)
        return NULL;
    for (; from < to; from++, p++)
        if (*from != *p && (fold == FOLD_NONE || sre_fold(fold, *from) != sre_fold(fold, *p)))
            return NULL;
    return p;
}

#define PUSH(...)                                                                                  \
    do {                                                                                           \
        if (UNLIKELY(top == m->stack_end)) {                                                       \
            top = sre_stack_grow(m, top);                                                          \
            if (!top)                                                                              \
                return -1;                                                                         \
        }                                                                                          \
        *top++ = (SreEntry){__VA_ARGS__};                                                          \
    } while (0)
#define SAVE_LOOP(r)                                                                               \
    do {                                                                                           \
        if (top != m->stack && !(top[-1].kind == ENTRY_LOOP && top[-1].step == (r)))               \
            PUSH(ENTRY_LOOP, (r), loops[r].last, {.number = loops[r].count});                      \
    } while (0)
#define SPEND(n)                                                                                   \
    do {                                                                                           \
        if (UNLIKELY((m->budget -= (n)) < 0) && safepoint(m) < 0)                                  \
            return -1;                                                                             \
    } while (0)
#define NUMBER_OF(s) ((uint32_t)((s)-program->steps))

// Matches from p on: 1, 0, -1.
static int SRE(match)(SreMatcher *m, const UNIT *p) {
    const SreProgram *const program = m->program;
    const SreStep *step = program->steps;
    const UNIT *const begin = m->begin, *const end = m->end;
    const void **const marks = m->marks;
    SreLoop *const loops = m->loops;
    SreAtom *const atoms = m->atoms;
    SreEntry *top = m->stack;
    bool marked = false;
    m->match_start = p;
    SPEND(1);
    for (;;) {
        switch ((SreStepKind)step->kind) {
        case STEP_CHAR:
            if (p >= end || *p != step->argument)
                goto fail;
            p++;
            step++;
            continue;
        case STEP_NOT_CHAR:
            if (p >= end || *p == step->argument)
                goto fail;
            p++;
            step++;
            continue;
        case STEP_LINE:
            if (p >= end || *p == '\n')
                goto fail;
            p++;
            step++;
            continue;
        case STEP_ALL:
            if (p >= end)
                goto fail;
            p++;
            step++;
            continue;
        case STEP_SET:
            if (p >= end || !SRE(test)(program, TEST_SET, step->argument, *p))
                goto fail;
            p++;
            step++;
            continue;
        case STEP_ASK:
            if (p >= end || !SRE(test)(program, TEST_ASK, step->argument, *p))
                goto fail;
            p++;
            step++;
            continue;
        case STEP_FAIL:
            goto fail;
        case STEP_SUCCESS:
            if ((m->whole && p != end) || p == m->advance)
                goto fail;
            m->match_end = p;
            return 1;
        case STEP_MARK: {
            uint32_t mark = step->argument;
            if (top != m->stack && !(top[-1].kind == ENTRY_MARK && top[-1].step == mark))
                PUSH(ENTRY_MARK, mark, marks[mark], {.number = m->last_index});
            marks[mark] = p;
            marked = true;
            if (mark & 1)
                m->last_index = mark / 2 + 1;
            step++;
            continue;
        }
        case STEP_AT:
            if (!SRE(at)(begin, end, p, step->argument))
                goto fail;
            step++;
            continue;
        case STEP_JUMP:
            step = program->steps + step->target;
            continue;
        case STEP_BRANCH: {
            const SreBranch *branch = &program->branches[step->argument];
            uint32_t mask = p >= end                        ? branch->end_mask
                            : KIND == 0 || LIKELY(*p < 256) ? branch->masks[(uint8_t)*p]
                                                            : branch->high_mask;
            if (!mask)
                goto fail;
            int alternative = __builtin_ctz(mask);
            mask &= mask - 1;
            if (mask)
                PUSH(ENTRY_BRANCH, NUMBER_OF(step), p, {.number = mask});
            step = program->steps + branch->targets[alternative];
            continue;
        }
        case STEP_REPEAT: {
            if (end - p < (int64_t)step->minimum)
                goto fail;
            const UNIT *limit = end - p > (int64_t)step->maximum ? p + step->maximum : end;
            const UNIT *q = SRE(pass)(program, step->test, step->argument, p, limit);
            const UNIT *low = p + step->minimum;
            m->budget -= (q - p) >> 4;
            if (q < low)
                goto fail;
            p = q;
            if (step->disjoint <= (KIND != 0)) {
                while (!SRE(may_follow)(program, step, p, end))
                    if (p-- == low)
                        goto fail;
                if (p != low)
                    PUSH(ENTRY_BACK, NUMBER_OF(step), p, {.other = low});
            }
            step++;
            continue;
        }
        case STEP_REPEAT_POSSESSIVE: {
            if (end - p < (int64_t)step->minimum)
                goto fail;
            const UNIT *limit = end - p > (int64_t)step->maximum ? p + step->maximum : end;
            const UNIT *q = SRE(pass)(program, step->test, step->argument, p, limit);
            m->budget -= (q - p) >> 4;
            if (q < p + step->minimum)
                goto fail;
            p = q;
            step++;
            continue;
        }
        case STEP_REPEAT_LAZY: {
            if (end - p < (int64_t)step->minimum)
                goto fail;
            const UNIT *limit = end - p > (int64_t)step->maximum ? p + step->maximum : end;
            const UNIT *low = p + step->minimum;
            if (SRE(pass)(program, step->test, step->argument, p, low) != low)
                goto fail;
            const UNIT *q = low;
            bool may;
            while (!(may = SRE(may_follow)(program, step, q, end)) && q < limit &&
                   SRE(test)(program, step->test, step->argument, *q))
                q++;
            m->budget -= (q - p) >> 4;
            if (!may)
                goto fail;
            p = q;
            if (p < limit)
                PUSH(ENTRY_FORWARD, NUMBER_OF(step), p, {.other = limit});
            step++;
            continue;
        }
        case STEP_LOOP_ENTER: {
            SreLoop *loop = &loops[step->argument];
            SAVE_LOOP(step->argument);
            loop->count = -1;
            loop->last = NULL;
            step = program->steps + step->target;
            continue;
        }
        case STEP_LOOP: {
            SreLoop *loop = &loops[step->argument];
            int64_t count = loop->count + 1;
            SPEND(1);
            if (count < (int64_t)step->minimum) {
                SAVE_LOOP(step->argument);
                loop->count = count;
                step = program->steps + step->target;
                continue;
            }
            if ((count < (int64_t)step->maximum || step->maximum == SRE_MAXREPEAT) &&
                p != loop->last &&
                (step->first == SRE_NONE || SRE(may)(&program->firsts[step->first], p, end))) {
                SAVE_LOOP(step->argument);
                loop->count = count;
                loop->last = p;
                if (step->next == SRE_NONE || SRE(may)(&program->firsts[step->next], p, end))
                    PUSH(ENTRY_GO, NUMBER_OF(step) + 1, p, {.number = 0});
                step = program->steps + step->target;
                continue;
            }
            step++;
            continue;
        }
        case STEP_STAR:
            SPEND(1);
            if (step->first != SRE_NONE && !SRE(may)(&program->firsts[step->first], p, end)) {
                step++;
                continue;
            }
            if (step->next == SRE_NONE || SRE(may)(&program->firsts[step->next], p, end))
                PUSH(ENTRY_GO, NUMBER_OF(step) + 1, p, {.number = 0});
            step = program->steps + step->target;
            continue;
        case STEP_STAR_LAZY:
            SPEND(1);
            PUSH(ENTRY_GO, NUMBER_OF(step) + 1, p, {.number = 0});
            step += 2;
            continue;
        case STEP_LOOP_LAZY: {
            SreLoop *loop = &loops[step->argument];
            SPEND(1);
            if (loop->count + 1 < (int64_t)step->minimum) {
                SAVE_LOOP(step->argument);
                loop->count++;
                step = program->steps + step->target;
                continue;
            }
            PUSH(ENTRY_GO, NUMBER_OF(step) + 1, p, {.number = 0});
            step += 2;
            continue;
        }
        case STEP_LOOP_MORE: {
            SreLoop *loop = &loops[step->argument];
            int64_t count = loop->count + 1;
            if ((count >= (int64_t)step->maximum && step->maximum != SRE_MAXREPEAT) ||
                p == loop->last)
                goto fail;
            SAVE_LOOP(step->argument);
            loop->count = count;
            loop->last = p;
            step = program->steps + step->target;
            continue;
        }
        case STEP_POSSESSIVE_ENTER:
            SAVE_LOOP(step->argument);
            loops[step->argument].count = 0;
            loops[step->argument].last = NULL;
            step++;
            continue;
        case STEP_POSSESSIVE_TRY: {
            SreLoop *loop = &loops[step->argument];
            SPEND(1);
            if (loop->count >= (int64_t)step->minimum) {
                if ((loop->count >= (int64_t)step->maximum && step->maximum != SRE_MAXREPEAT) ||
                    p == loop->last) {
                    step = program->steps + step->target;
                    continue;
                }
                SAVE_LOOP(step->argument);
                loop->last = p;
                atoms[step->next].height = top - m->stack;
                PUSH(ENTRY_GO, step->target, p, {.number = 0});
            } else {
                atoms[step->next].height = top - m->stack;
            }
            step++;
            continue;
        }
        case STEP_POSSESSIVE_END:
            top = cut(m->stack, m->stack + atoms[step->next].height, top);
            SAVE_LOOP(step->argument);
            loops[step->argument].count++;
            step = program->steps + step->target;
            continue;
        case STEP_ATOMIC:
            atoms[step->argument].height = top - m->stack;
            step++;
            continue;
        case STEP_ATOMIC_END:
            top = cut(m->stack, m->stack + atoms[step->argument].height, top);
            step++;
            continue;
        case STEP_LOOK:
            if (p - begin < (int64_t)step->minimum)
                goto fail;
            atoms[step->argument] = (SreAtom){top - m->stack, p};
            p -= step->minimum;
            step++;
            continue;
        case STEP_LOOK_END:
            top = cut(m->stack, m->stack + atoms[step->argument].height, top);
            p = atoms[step->argument].at;
            step++;
            continue;
        case STEP_LOOK_NOT:
            if (p - begin < (int64_t)step->minimum) {
                step = program->steps + step->target;
                continue;
            }
            atoms[step->argument].height = top - m->stack;
            PUSH(ENTRY_GO, step->target, p, {.number = 0});
            p -= step->minimum;
            step++;
            continue;
        case STEP_LOOK_NOT_END: {
            SreEntry *bottom = m->stack + atoms[step->argument].height;
            top = cut(m->stack, bottom + 1, top); // what remains is to be undone, and the way out
            memmove(bottom, bottom + 1, (size_t)(top - bottom - 1) * sizeof(SreEntry));
            top--;
            goto fail;
        }
        case STEP_GROUP: {
            const UNIT *from = marks[2 * step->argument], *to = marks[2 * step->argument + 1];
            if (!from || !to || to < from)
                goto fail;
            m->budget -= (to - from) >> 4;
            p = SRE(same)(from, to, p, end, step->test);
            if (!p)
                goto fail;
            step++;
            continue;
        }
        case STEP_IF_GROUP: {
            const void *from = marks[2 * step->argument], *to = marks[2 * step->argument + 1];
            if (!from || !to || to < from)
                step = program->steps + step->target;
            else
                step++;
            continue;
        }
        default:
            __builtin_unreachable();
        }
    fail:
        SPEND(1);
        for (;;) {
            if (top == m->stack) {
                if (marked) {
                    memset(marks, 0, 2 * (size_t)program->group_count * sizeof(void *));
                    m->last_index = -1;
                }
                return 0;
            }
            SreEntry *e = top - 1;
            step = program->steps + e->step;
            if (e->kind == ENTRY_MARK) {
                marks[e->step] = e->at;
                m->last_index = e->number;
                top--;
                continue;
            }
            if (e->kind == ENTRY_LOOP) {
                loops[e->step] = (SreLoop){e->number, e->at};
                top--;
                continue;
            }
            p = e->at;
            if (e->kind == ENTRY_GO) {
                top--;
                break;
            }
            if (e->kind == ENTRY_BRANCH) {
                uint32_t mask = (uint32_t)e->number;
                const SreBranch *branch = &program->branches[step->argument];
                step = program->steps + branch->targets[__builtin_ctz(mask)];
                mask &= mask - 1;
                if (mask)
                    e->number = mask;
                else
                    top--;
                break;
            }
            if (e->kind == ENTRY_BACK) {
                const UNIT *low = e->other;
                do
                    p--;
                while (p > low && !SRE(may_follow)(program, step, p, end));
                m->budget -= ((const UNIT *)e->at - p) >> 4;
                if (p > low) {
                    e->at = p;
                } else {
                    top--;
                    if (!SRE(may_follow)(program, step, p, end))
                        continue;
                }
                step++;
                break;
            }
            // ENTRY_FORWARD: more of a lazy repeat
            const UNIT *limit = e->other;
            bool more;
            do
                more = p < limit && SRE(test)(program, step->test, step->argument, *p);
            while (more && !SRE(may_follow)(program, step, ++p, end));
            m->budget -= (p - (const UNIT *)e->at) >> 4;
            if (!more) {
                top--;
                continue;
            }
            if (p < limit)
                e->at = p;
            else
                top--;
            step++;
            break;
        }
    }
}

// The first match that begins at p or later: 1, 0, -1.
static int SRE(search)(SreMatcher *m, const UNIT *p) {
    const SreProgram *program = m->program;
    const UNIT *const begin = m->begin, *const end = m->end;
    if (end - p < (int64_t)program->minimum || p > end)
        return 0;
    const UNIT *last = end - program->minimum;
    int status;
    SPEND(1);
    if (program->prefix_length) {
        const void *prefix = program->prefix[KIND];
        int64_t length = program->prefix_length;
        for (; prefix && p <= last; p++) {
            int64_t found = units_find(p, last - p + length, prefix, length, KIND);
            if (found < 0)
                return 0;
            m->budget -= found >> 6;
            p += found;
            if (program->literal) {
                m->match_start = p;
                m->match_end = p + length;
                return 1;
            }
            status = SRE(match)(m, p);
            if (status)
                return status;
        }
        return 0;
    }
    if (program->anchor == ANCHOR_TEXT)
        return p == begin ? SRE(match)(m, p) : 0;
    if (program->anchor == ANCHOR_HERE)
        return SRE(match)(m, p);
    if (KIND != 0 && program->lead != SRE_NONE) {
        // What wide characters a match begins with is told better by its first step.
        const SreStep *lead = &program->steps[program->lead];
        SreTest test = lead->kind <= STEP_ASK ? (SreTest)(lead->kind - STEP_CHAR) : lead->test;
        for (; p <= last; p++) {
            while (p < end && !SRE(test)(program, test, lead->argument, *p))
                p++;
            if (p > last || p == end)
                return 0;
            status = SRE(match)(m, p);
            if (status)
                return status;
        }
        return 0;
    }
    const SreFirst *first = program->first == SRE_NONE ? NULL : &program->firsts[program->first];
    const bool lines = program->anchor == ANCHOR_LINE || program->anchor == ANCHOR_HERE_OR_LINE;
    const UNIT *const from = p;
    for (; p <= last; p++) {
        if (lines && p != (program->anchor == ANCHOR_LINE ? begin : from) && p[-1] != '\n') {
            int64_t found = units_find_unit(p, KIND, last - p, '\n');
            if (found < 0)
                return 0;
            p += found + 1;
        }
        if (first && !SRE(may)(first, p, end)) {
            if (lines)
                continue;
            do
                p++;
            while (p <= last && !SRE(may)(first, p, end));
            if (p > last)
                return 0;
        }
        status = SRE(match)(m, p);
        if (status)
            return status;
    }
    return 0;
}

#undef PUSH
#undef SAVE_LOOP
#undef SPEND
#undef NUMBER_OF
#undef UNIT
#undef KIND
#undef SRE
