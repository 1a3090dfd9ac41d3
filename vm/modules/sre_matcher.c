// SPDX-License-Identifier: MIT
//
// Regular expressions: the matcher's memory, and its instances for the three widths of text.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"
#include "vm/types/text_search.h"

// Steps (weighted by how much text they may have looked at) between two safepoints.
#define SAFEPOINT_INTERVAL 20000

// What an entry of the stack is: something to try, or something to undo.
enum {
    ENTRY_GO,      // go on at `step` with position `at`
    ENTRY_BRANCH,  // alternatives `number` (bits) of the branch at `step`
    ENTRY_BACK,    // the repeat before `step` may give back units down to `other`
    ENTRY_FORWARD, // the lazy repeat before `step` may take units up to `other`
    ENTRY_MARK,    // mark number `step` was `at`, and last_index `number`
    ENTRY_LOOP,    // loop register `step` was `number` and `at`
};
#define ENTRY_UNDO ENTRY_MARK // from here on: undo

int sre_matcher_start(SreMatcher *m, const SreProgram *p, const SreText *text, int64_t end) {
    m->program = p;
    m->kind = text->kind;
    m->begin = text->data;
    m->end = (const char *)text->data + (end << text->kind);
    m->advance = NULL;
    m->whole = false;
    m->last_index = -1;
    m->thread = thread_current();
    m->budget = SAFEPOINT_INTERVAL;
    m->stack = m->small_stack;
    m->stack_end = m->small_stack + SRE_STACK_SMALL;
    size_t marks = 2 * (size_t)p->group_count * sizeof(void *);
    size_t size = marks + p->loop_count * sizeof(SreLoop) + p->atom_count * sizeof(SreAtom);
    m->words = m->small_words;
    if (UNLIKELY(size > sizeof m->small_words)) {
        m->words = buffer_allocate(size);
        if (!m->words)
            return raise_memory_error(), -1;
    }
    m->marks = m->words;
    m->loops = (SreLoop *)((char *)m->words + marks);
    m->atoms = (SreAtom *)(m->loops + p->loop_count);
    memset(m->words, 0, size);
    return 0;
}

void sre_matcher_finish(SreMatcher *m) {
    if (UNLIKELY(m->words != m->small_words))
        buffer_free(m->words);
    if (UNLIKELY(m->stack != m->small_stack))
        buffer_free(m->stack);
}

SreEntry *sre_stack_grow(SreMatcher *m, SreEntry *top) {
    size_t used = (size_t)(top - m->stack), room = used * 2;
    SreEntry *larger =
        buffer_resize(m->stack == m->small_stack ? NULL : m->stack, room * sizeof(SreEntry));
    if (!larger) {
        raise_memory_error();
        return NULL;
    }
    if (m->stack == m->small_stack)
        memcpy(larger, m->small_stack, used * sizeof(SreEntry));
    m->stack = larger;
    m->stack_end = larger + room;
    return larger + used;
}

// The top after a group that is not to be come back to: what was to be tried above `bottom` goes,
// what is to be undone stays.
static SreEntry *cut(SreEntry *base, SreEntry *bottom, SreEntry *top) {
    if (bottom == base)
        return base; // nothing to come back to at all: nothing to undo
    for (SreEntry *e = bottom; e < top; e++)
        if (e->kind >= ENTRY_UNDO)
            *bottom++ = *e;
    return bottom;
}

static __attribute__((noinline)) int safepoint(SreMatcher *m) {
    m->budget = SAFEPOINT_INTERVAL;
    return thread_safepoint(m->thread);
}

static bool word_at(uint32_t at, uint32_t c) {
    return sre_category(at == AT_BOUNDARY || at == AT_NON_BOUNDARY           ? CATEGORY_WORD
                        : at == AT_LOC_BOUNDARY || at == AT_LOC_NON_BOUNDARY ? CATEGORY_LOC_WORD
                                                                             : CATEGORY_UNI_WORD,
                        c);
}

#define UNIT uint8_t
#define KIND 0
#define SRE(name) name##_1
#include "vm/modules/sre_matcher_body.h"

#define UNIT uint16_t
#define KIND 1
#define SRE(name) name##_2
#include "vm/modules/sre_matcher_body.h"

#define UNIT uint32_t
#define KIND 2
#define SRE(name) name##_4
#include "vm/modules/sre_matcher_body.h"

// Marks of an earlier match go.
static void forget(SreMatcher *m) {
    if (m->last_index < 0 && !m->program->group_count)
        return;
    memset(m->marks, 0, 2 * (size_t)m->program->group_count * sizeof(void *));
    m->last_index = -1;
}

int sre_match_at(SreMatcher *m, int64_t from) {
    forget(m);
    switch (m->kind) {
    case 0:
        return match_1(m, (const uint8_t *)m->begin + from);
    case 1:
        return match_2(m, (const uint16_t *)m->begin + from);
    default:
        return match_4(m, (const uint32_t *)m->begin + from);
    }
}

int sre_search(SreMatcher *m, int64_t from) {
    forget(m);
    switch (m->kind) {
    case 0:
        return search_1(m, (const uint8_t *)m->begin + from);
    case 1:
        return search_2(m, (const uint16_t *)m->begin + from);
    default:
        return search_4(m, (const uint32_t *)m->begin + from);
    }
}
