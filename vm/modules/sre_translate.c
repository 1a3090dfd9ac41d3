// SPDX-License-Identifier: MIT
//
// Regular expressions: from the numbers that the library's `re._compiler` makes to a program.
//
// The numbers may come from anybody who calls _sre.compile(), so everything is checked on the way:
// a program that was made cannot lead the matcher out of any array or let it run in circles without
// a safepoint.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"

typedef struct {
    SreProgram *program;
    const uint32_t *code;
    uint32_t groups;
} Translator;

// 0: translated. -1: an exception is set. INVALID: the code makes no sense.
enum { INVALID = -2 };

#define CHECK(call)                                                                                \
    do {                                                                                           \
        int status_ = (call);                                                                      \
        if (status_ < 0)                                                                           \
            return status_;                                                                        \
    } while (0)

int sre_grow(void *array_pointer, uint32_t count, uint32_t *room, size_t size) {
    if (count < *room)
        return 0;
    void **array = array_pointer;
    uint32_t wanted = *room ? *room * 2 : 8;
    void *larger = wanted > *room ? buffer_resize(*array, wanted * size) : NULL;
    if (!larger)
        return raise_memory_error(), -1;
    *array = larger;
    *room = wanted;
    return 0;
}

// Appends a step; its number in *number.
static int emit(Translator *t, SreStep step, uint32_t *number) {
    SreProgram *p = t->program;
    CHECK(sre_grow(&p->steps, p->step_count, &p->step_room, sizeof(SreStep)));
    step.first = step.next = SRE_NONE;
    p->steps[p->step_count] = step;
    if (number)
        *number = p->step_count;
    p->step_count++;
    return 0;
}
static int emit_plain(Translator *t, SreStepKind kind, uint32_t argument) {
    return emit(t, (SreStep){.kind = kind, .argument = argument}, NULL);
}
static uint32_t here(const Translator *t) {
    return t->program->step_count;
}

static int add_set(Translator *t, SreSetKind kind, SreFold fold, uint32_t operand,
                   uint32_t *number) {
    SreProgram *p = t->program;
    CHECK(sre_grow(&p->sets, p->set_count, &p->set_room, sizeof(SreSet)));
    SreSet *set = &p->sets[p->set_count];
    set->kind = kind;
    set->fold = fold;
    set->operand = operand;
    set->map = NULL;
    sre_set_fill(t->code, set);
    *number = p->set_count++;
    return 0;
}

// ---- one character -----------------------------------------------------------------------

typedef struct {
    SreTest test;
    uint32_t argument;
} Unit;

static int set_unit(Translator *t, SreSetKind kind, SreFold fold, uint32_t operand, Unit *unit) {
    CHECK(add_set(t, kind, fold, operand, &unit->argument));
    unit->test = t->program->sets[unit->argument].dynamic ? TEST_ASK : TEST_SET;
    return 0;
}

// The instruction at code[at], if it takes one character: 1 with what it tests and where it ends.
// 0: it is another one.
static int unit_at_code(Translator *t, int64_t at, int64_t end, Unit *unit, int64_t *next) {
    const uint32_t *code = t->code;
    uint32_t operand = at + 1 < end ? code[at + 1] : 0;
    SreFold fold = FOLD_NONE;
    SreSetKind kind = SET_LITERAL;
    int64_t length = 2;
    switch (code[at]) {
    case CODE_ANY:
    case CODE_ANY_ALL:
        *unit = (Unit){code[at] == CODE_ANY ? TEST_LINE : TEST_ALL, 0};
        *next = at + 1;
        return 1;
    case CODE_LITERAL:
    case CODE_NOT_LITERAL:
        if (at + 2 > end)
            return INVALID;
        *unit = (Unit){code[at] == CODE_LITERAL ? TEST_CHAR : TEST_NOT_CHAR, operand};
        *next = at + 2;
        return 1;
    case CODE_CATEGORY:
        if (operand >= CATEGORY_COUNT)
            return INVALID;
        kind = SET_CATEGORY;
        break;
    case CODE_LITERAL_IGNORE:
        fold = FOLD_ASCII;
        break;
    case CODE_LITERAL_LOC_IGNORE:
        fold = FOLD_LOCALE;
        break;
    case CODE_LITERAL_UNI_IGNORE:
        fold = FOLD_UNICODE;
        break;
    case CODE_NOT_LITERAL_IGNORE:
        kind = SET_NOT_LITERAL;
        fold = FOLD_ASCII;
        break;
    case CODE_NOT_LITERAL_LOC_IGNORE:
        kind = SET_NOT_LITERAL;
        fold = FOLD_LOCALE;
        break;
    case CODE_NOT_LITERAL_UNI_IGNORE:
        kind = SET_NOT_LITERAL;
        fold = FOLD_UNICODE;
        break;
    case CODE_IN:
    case CODE_IN_IGNORE:
    case CODE_IN_LOC_IGNORE:
    case CODE_IN_UNI_IGNORE:
        kind = SET_CHARSET;
        fold = code[at] == CODE_IN              ? FOLD_NONE
               : code[at] == CODE_IN_IGNORE     ? FOLD_ASCII
               : code[at] == CODE_IN_LOC_IGNORE ? FOLD_LOCALE
                                                : FOLD_UNICODE;
        length = 1 + (int64_t)operand;
        if (operand < 2 || at + length > end || !sre_charset_valid(code, at + 2, at + length))
            return INVALID;
        operand = (uint32_t)at + 2;
        break;
    default:
        return 0;
    }
    if (at + length > end)
        return INVALID;
    CHECK(set_unit(t, kind, fold, operand, unit));
    *next = at + length;
    return 1;
}

// ---- the rest ----------------------------------------------------------------------------

static int translate(Translator *t, int64_t at, int64_t end);

// Alternatives that begin at code[at] (where the first one's length is); steps that end one are
// chained by their targets in *jumps. The end of the code of them all in *end_out, 0 before it is
// known.
static int branch(Translator *t, int64_t at, int64_t end, uint32_t *jumps, int64_t *end_out) {
    SreProgram *p = t->program;
    CHECK(sre_grow(&p->branches, p->branch_count, &p->branch_room, sizeof(SreBranch)));
    uint32_t number = p->branch_count++, count = 0;
    CHECK(emit_plain(t, STEP_BRANCH, number));
    for (;;) {
        if (at >= end)
            return INVALID;
        int64_t skip = t->code[at];
        if (skip == 0)
            break;
        // The alternative's code ends with a jump to behind the word that ends them all.
        if (skip < 3 || at + skip >= end || t->code[at + skip - 2] != CODE_JUMP)
            return INVALID;
        int64_t to = at + skip - 1 + t->code[at + skip - 1];
        if (*end_out == 0)
            *end_out = to;
        if (to != *end_out || to <= at + skip)
            return INVALID;
        p->branches[number].targets[count++] = here(t);
        if (count == SRE_ALTERNATIVES && t->code[at + skip] != 0) {
            CHECK(thread_enter_recursive(" in a regular expression"));
            int status = branch(t, at, end, jumps, end_out);
            thread_leave_recursive();
            CHECK(status);
            p->branches[number].count = count;
            return 0;
        }
        CHECK(translate(t, at + 1, at + skip - 2));
        uint32_t jump;
        CHECK(emit(t, (SreStep){.kind = STEP_JUMP, .target = *jumps}, &jump));
        *jumps = jump;
        at += skip;
    }
    if (count == 0 || *end_out != at + 1)
        return INVALID;
    p->branches[number].count = count;
    return 0;
}

static int translate_branch(Translator *t, int64_t at, int64_t end, int64_t *next) {
    uint32_t jumps = SRE_NONE;
    int64_t after = 0;
    CHECK(branch(t, at, end, &jumps, &after));
    while (jumps != SRE_NONE) {
        SreStep *step = &t->program->steps[jumps];
        jumps = step->target;
        step->target = here(t);
    }
    *next = after;
    return 0;
}

// at: the word behind the opcode, as below.
static int translate_repeat_one(Translator *t, uint32_t opcode, int64_t at, int64_t end,
                                int64_t *next) {
    if (at + 3 > end)
        return INVALID;
    int64_t after = at + t->code[at], stop;
    uint32_t minimum = t->code[at + 1], maximum = t->code[at + 2];
    if (after > end || after < at + 5 || minimum > maximum || t->code[after - 1] != CODE_SUCCESS)
        return INVALID;
    Unit unit;
    int is_unit = unit_at_code(t, at + 3, after - 1, &unit, &stop);
    CHECK(is_unit);
    if (!is_unit || stop != after - 1)
        return INVALID;
    SreStepKind kind = opcode == CODE_REPEAT_ONE       ? STEP_REPEAT
                       : opcode == CODE_MIN_REPEAT_ONE ? STEP_REPEAT_LAZY
                                                       : STEP_REPEAT_POSSESSIVE;
    *next = after;
    return emit(t,
                (SreStep){.kind = kind,
                          .test = unit.test,
                          .argument = unit.argument,
                          .minimum = minimum,
                          .maximum = maximum},
                NULL);
}

static int translate_repeat(Translator *t, int64_t at, int64_t end, int64_t *next) {
    if (at + 3 > end)
        return INVALID;
    int64_t until = at + t->code[at];
    uint32_t minimum = t->code[at + 1], maximum = t->code[at + 2], enter;
    if (until >= end || until < at + 3 || minimum > maximum ||
        (t->code[until] != CODE_MAX_UNTIL && t->code[until] != CODE_MIN_UNTIL))
        return INVALID;
    bool lazy = t->code[until] == CODE_MIN_UNTIL;
    uint32_t loop = t->program->loop_count++;
    SreStep step = {.argument = loop, .minimum = minimum, .maximum = maximum};
    step.kind = STEP_LOOP_ENTER;
    CHECK(emit(t, step, &enter));
    CHECK(translate(t, at + 3, until));
    t->program->steps[enter].target = here(t);
    step.kind = lazy ? STEP_LOOP_LAZY : STEP_LOOP;
    step.target = enter + 1;
    CHECK(emit(t, step, NULL));
    if (lazy) {
        step.kind = STEP_LOOP_MORE;
        CHECK(emit(t, step, NULL));
    }
    *next = until + 1;
    return 0;
}

static int translate_possessive(Translator *t, int64_t at, int64_t end, int64_t *next) {
    if (at + 3 > end)
        return INVALID;
    int64_t until = at + t->code[at];
    uint32_t minimum = t->code[at + 1], maximum = t->code[at + 2], attempt;
    if (until >= end || until < at + 3 || minimum > maximum || t->code[until] != CODE_SUCCESS)
        return INVALID;
    SreStep step = {.kind = STEP_POSSESSIVE_ENTER,
                    .argument = t->program->loop_count++,
                    .minimum = minimum,
                    .maximum = maximum};
    CHECK(emit(t, step, NULL));
    step.kind = STEP_POSSESSIVE_TRY;
    // Its other register is in `next` of both.
    CHECK(emit(t, step, &attempt));
    CHECK(translate(t, at + 3, until));
    step.kind = STEP_POSSESSIVE_END;
    step.target = attempt;
    CHECK(emit(t, step, NULL));
    SreStep *steps = t->program->steps;
    steps[attempt].target = here(t);
    steps[attempt].next = steps[here(t) - 1].next = t->program->atom_count++;
    *next = until + 1;
    return 0;
}

// Atomic groups and lookaround.
static int translate_assertion(Translator *t, uint32_t opcode, int64_t at, int64_t end,
                               int64_t *next) {
    int64_t operands = opcode == CODE_ATOMIC_GROUP ? 1 : 2;
    if (at + operands >= end)
        return INVALID;
    int64_t after = at + t->code[at];
    if (after > end || after < at + operands + 1 || t->code[after - 1] != CODE_SUCCESS)
        return INVALID;
    SreStep step = {.argument = t->program->atom_count++};
    uint32_t first;
    step.kind = opcode == CODE_ATOMIC_GROUP ? STEP_ATOMIC
                : opcode == CODE_ASSERT     ? STEP_LOOK
                                            : STEP_LOOK_NOT;
    if (operands == 2)
        step.minimum = t->code[at + 1];
    CHECK(emit(t, step, &first));
    CHECK(translate(t, at + operands, after - 1));
    step.kind = opcode == CODE_ATOMIC_GROUP ? STEP_ATOMIC_END
                : opcode == CODE_ASSERT     ? STEP_LOOK_END
                                            : STEP_LOOK_NOT_END;
    step.target = first;
    CHECK(emit(t, step, NULL));
    t->program->steps[first].target = here(t);
    *next = after;
    return 0;
}

static int translate_one(Translator *t, int64_t at, int64_t end, int64_t *next);

static int translate_if_group(Translator *t, int64_t at, int64_t end, int64_t *next) {
    if (at + 2 > end || t->code[at] >= t->groups)
        return INVALID;
    int64_t no = at + t->code[at + 1];
    if (no > end || no < at + 2)
        return INVALID;
    uint32_t condition;
    CHECK(emit(t, (SreStep){.kind = STEP_IF_GROUP, .argument = t->code[at]}, &condition));
    int64_t i = at + 2;
    while (i < no) {
        // A jump over what is matched otherwise: only at the end of the first part.
        if (i == no - 2 && t->code[i] == CODE_JUMP) {
            int64_t after = no - 1 + t->code[no - 1];
            uint32_t jump;
            if (after < no || after > end)
                return INVALID;
            CHECK(emit(t, (SreStep){.kind = STEP_JUMP}, &jump));
            t->program->steps[condition].target = here(t);
            CHECK(translate(t, no, after));
            t->program->steps[jump].target = here(t);
            *next = after;
            return 0;
        }
        CHECK(translate_one(t, i, no, &i));
    }
    t->program->steps[condition].target = here(t);
    *next = no;
    return 0;
}

static int translate_one(Translator *t, int64_t at, int64_t end, int64_t *next) {
    const uint32_t *code = t->code;
    uint32_t opcode = code[at];
    Unit unit;
    int is_unit = unit_at_code(t, at, end, &unit, next);
    CHECK(is_unit);
    if (is_unit)
        return emit_plain(t, STEP_CHAR + unit.test, unit.argument);
    at++;
    switch (opcode) {
    case CODE_FAILURE:
        *next = at;
        return emit_plain(t, STEP_FAIL, 0);
    case CODE_MARK:
        if (at >= end || code[at] / 2 >= t->groups)
            return INVALID;
        *next = at + 1;
        return emit_plain(t, STEP_MARK, code[at]);
    case CODE_AT:
        if (at >= end || code[at] >= AT_COUNT)
            return INVALID;
        *next = at + 1;
        return emit_plain(t, STEP_AT, code[at]);
    case CODE_GROUPREF:
    case CODE_GROUPREF_IGNORE:
    case CODE_GROUPREF_LOC_IGNORE:
    case CODE_GROUPREF_UNI_IGNORE: {
        if (at >= end || code[at] >= t->groups)
            return INVALID;
        SreFold fold = opcode == CODE_GROUPREF              ? FOLD_NONE
                       : opcode == CODE_GROUPREF_IGNORE     ? FOLD_ASCII
                       : opcode == CODE_GROUPREF_LOC_IGNORE ? FOLD_LOCALE
                                                            : FOLD_UNICODE;
        *next = at + 1;
        return emit(t, (SreStep){.kind = STEP_GROUP, .test = fold, .argument = code[at]}, NULL);
    }
    }
    CHECK(thread_enter_recursive(" in a regular expression"));
    int status = INVALID;
    switch (opcode) {
    case CODE_BRANCH:
        status = translate_branch(t, at, end, next);
        break;
    case CODE_REPEAT_ONE:
    case CODE_MIN_REPEAT_ONE:
    case CODE_POSSESSIVE_REPEAT_ONE:
        status = translate_repeat_one(t, opcode, at, end, next);
        break;
    case CODE_REPEAT:
        status = translate_repeat(t, at, end, next);
        break;
    case CODE_POSSESSIVE_REPEAT:
        status = translate_possessive(t, at, end, next);
        break;
    case CODE_ATOMIC_GROUP:
    case CODE_ASSERT:
    case CODE_ASSERT_NOT:
        status = translate_assertion(t, opcode, at, end, next);
        break;
    case CODE_GROUPREF_EXISTS:
        status = translate_if_group(t, at, end, next);
        break;
    }
    thread_leave_recursive();
    return status;
}

static int translate(Translator *t, int64_t at, int64_t end) {
    while (at < end)
        CHECK(translate_one(t, at, end, &at));
    return at == end ? 0 : INVALID;
}

// ---- what the code says about itself -----------------------------------------------------

static int take_prefix(SreProgram *p, const uint32_t *prefix, uint32_t length) {
    uint32_t widest = 0;
    for (uint32_t i = 0; i < length; i++)
        widest |= prefix[i];
    p->prefix_length = length;
    for (unsigned kind = 0; kind < 3; kind++) {
        if (kind < 2 && widest >> (8 << kind))
            continue;
        void *units = buffer_allocate((size_t)length << kind);
        if (!units)
            return raise_memory_error(), -1;
        p->prefix[kind] = units;
        for (uint32_t i = 0; i < length; i++) {
            if (kind == 0)
                ((uint8_t *)units)[i] = (uint8_t)prefix[i];
            else if (kind == 1)
                ((uint16_t *)units)[i] = (uint16_t)prefix[i];
            else
                ((uint32_t *)units)[i] = prefix[i];
        }
    }
    return 0;
}

// The block that may begin the code. *next: where the pattern itself begins.
static int take_info(SreProgram *p, int64_t end, int64_t *next) {
    const uint32_t *code = p->code;
    *next = 0;
    if (end < 1 || code[0] != CODE_INFO)
        return 0;
    if (end < 5)
        return INVALID;
    int64_t after = 1 + (int64_t)code[1];
    if (after > end || after < 5 || code[2] & ~(uint32_t)7)
        return INVALID;
    p->minimum = code[3];
    if (code[2] & INFO_PREFIX) {
        if (code[2] & INFO_CHARSET || after < 7)
            return INVALID;
        int64_t length = code[5];
        if (length == 0 || 7 + 2 * length != after || length > code[3])
            return INVALID;
        p->literal = code[2] & INFO_LITERAL;
        CHECK(take_prefix(p, code + 7, (uint32_t)length));
    } else if (code[2] & INFO_CHARSET && !sre_charset_valid(code, 5, after)) {
        return INVALID;
    }
    *next = after;
    return 0;
}

SreProgram *sre_program_new(uint32_t *code, int64_t length, uint32_t groups) {
    SreProgram *p = buffer_allocate_zeroed(sizeof(SreProgram));
    if (!p) {
        buffer_free(code);
        raise_memory_error();
        return NULL;
    }
    p->code = code;
    p->code_length = length;
    p->group_count = groups;
    p->first = p->lead = SRE_NONE;
    Translator t = {p, code, groups};
    int64_t at = 0;
    int status = length > 0 && code[length - 1] == CODE_SUCCESS ? 0 : INVALID;
    if (status == 0)
        status = take_info(p, length - 1, &at);
    if (status == 0)
        status = translate(&t, at, length - 1);
    if (status == 0)
        status = emit_plain(&t, STEP_SUCCESS, 0);
    if (status == 0)
        status = sre_program_analyse(p);
    if (status == 0)
        return p;
    if (status == INVALID)
        raise_error(&exception_RuntimeError, "invalid SRE code");
    sre_program_free(p);
    return NULL;
}

void sre_program_free(SreProgram *p) {
    buffer_free(p->code);
    buffer_free(p->steps);
    for (uint32_t i = 0; i < p->set_count; i++)
        sre_set_drop(&p->sets[i]);
    buffer_free(p->sets);
    buffer_free(p->branches);
    buffer_free(p->firsts);
    for (int i = 0; i < 3; i++)
        buffer_free(p->prefix[i]);
    buffer_free(p);
}
