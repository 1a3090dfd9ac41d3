// SPDX-License-Identifier: MIT
//
// An independent check of finished code, by abstract interpretation: follows every path,
// exceptional ones included, and knows of each register whether it holds something. Debug builds
// run it on all code they compile; the unit tests run it over the standard library.
//
// What it proves of code that passes:
//  - a temporary is written before it is read, read (consumed) exactly once, and never overwritten
//  while it holds
//    something; paths that meet agree on which temporaries hold something;
//  - nothing live lies in the window of a call but its callable and arguments, nor above what
//  RETURN looks at;
//  - a local is bound on every path to where it is an operand (or CHECK_LOCAL has looked);
//  - operands are in range, jumps land on instructions, and go backward only where the table
//  allows.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdio.h>
#include <stdlib.h>

static const char *const names[] = {
#define OP(name, format, cache) #name,
#include "vm/interp/opcodes.def"
#undef OP
};
static const char *const formats[] = {
#define OP(name, format, cache) format,
#include "vm/interp/opcodes.def"
#undef OP
};

enum { DEAD = CODE_DEAD, LIVE = CODE_LIVE, MAYBE = CODE_MAYBE };

typedef struct {
    const Code *code;
    uint8_t *states;  // register_count of Content for each word that was reached
    uint8_t *reached; // by word: 1 state known
    uint8_t *starts;  // by word: an instruction begins here
    uint32_t *work;   // words whose state has changed
    uint8_t *queued;
    uint32_t work_count;
    uint8_t *state; // of the instruction at hand
    uint32_t word, size;
    const Instruction *i;
    char *error;
} Checker;

static _Thread_local char error_text[200];

static void complain(Checker *k, const char *what, uint32_t number) {
    if (k->error)
        return;
    snprintf(error_text, sizeof error_text, "word %u %s: %s %u", k->word,
             k->i && k->i->op < OP_PUBLIC_COUNT ? names[k->i->op] : "?", what, number);
    k->error = error_text;
}

static bool is_local(const Checker *k, uint32_t r) {
    return r < k->code->local_count;
}

static void use(Checker *k, uint32_t r, bool kept) {
    if (r >= k->size) {
        complain(k, "no such register", r);
        return;
    }
    if (k->state[r] != LIVE)
        complain(k, is_local(k, r) ? "local may be unbound:" : "temporary is empty:", r);
    if (!kept && !is_local(k, r))
        k->state[r] = DEAD;
}
static void take(Checker *k, uint32_t r) {
    use(k, r, false);
}
static void keep(Checker *k, uint32_t r) {
    use(k, r, true);
}
static void run(Checker *k, uint32_t first, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        if (is_local(k, first + i))
            complain(k, "local in a run:", first + i);
        take(k, first + i);
    }
}
static void define(Checker *k, uint32_t r) {
    if (r >= k->size) {
        complain(k, "no such register", r);
        return;
    }
    if (!is_local(k, r) && k->state[r] != DEAD)
        complain(k, "temporary overwritten:", r);
    k->state[r] = LIVE;
}
static void define_temporary(Checker *k, uint32_t r) {
    if (is_local(k, r))
        complain(k, "not a temporary:", r);
    define(k, r);
}
static void nothing_from(Checker *k, uint32_t r) {
    for (; r < k->size; r++)
        if (!is_local(k, r) && k->state[r] != DEAD)
            complain(k, "live in the window:", r);
}

static void window(Checker *k, uint32_t base, uint32_t first, uint32_t count, bool method) {
    if (is_local(k, base))
        complain(k, "window among locals", base);
    take(k, base + FRAME_FUNCTION);
    if (method) {
        take(k, base + FRAME_FUNCTION + 1);
        take(k, base + FRAME_WORDS);
    }
    run(k, base + first, count);
    nothing_from(k, base);
}

// Reads and writes of the instruction, but for jumps with their own effects.
static void effects(Checker *k) {
    const Instruction *i = k->i;
    uint32_t a = i->a, b = i->b, c = i->c;
    switch (i->op) {
    case OP_NOP:
    case OP_SETUP_ANNOTATIONS:
    case OP_RETURN_GENERATOR:
    case OP_DELETE_GLOBAL:
    case OP_DELETE_NAME:
    case OP_DELETE_FREE:
    case OP_JUMP:
    case OP_JUMP_BACK:
        break;
    case OP_RETURN_NONE:
        nothing_from(k, b);
        break;
    case OP_LOAD_CONST:
    case OP_LIST_OF_CONST:
    case OP_SET_OF_CONST:
    case OP_LOAD_INT:
    case OP_LOAD_FREE:
    case OP_LOAD_CLOSURE:
    case OP_LOAD_CLASS_FREE:
    case OP_LOAD_GLOBAL:
    case OP_LOAD_NAME:
    case OP_LOAD_LOCALS:
    case OP_LOAD_BUILD_CLASS:
    case OP_LOAD_ASSERTION_ERROR:
        define(k, a);
        break;
    case OP_CLEAR:
        if (!is_local(k, a))
            take(k, a);
        else
            k->state[a] = DEAD;
        break;
    case OP_CHECK_LOCAL:
        if (!is_local(k, a))
            complain(k, "not a local:", a);
        k->state[a] = LIVE;
        break;
    case OP_DELETE_LOCAL:
        k->state[a] = DEAD;
        break;
    case OP_MAKE_CELL:
        if (!is_local(k, a))
            complain(k, "not a local:", a);
        k->state[a] = LIVE;
        break;
    case OP_STORE_CELL:
        take(k, b);
        keep(k, a);
        break;
    case OP_DELETE_CELL:
        keep(k, a);
        break;
    case OP_STORE_FREE:
    case OP_STORE_GLOBAL:
    case OP_STORE_NAME:
        take(k, b);
        break;
    case OP_STORE_ATTR:
        take(k, b);
        take(k, a);
        break;
    case OP_DELETE_ATTR:
        take(k, a);
        break;
    case OP_LOAD_METHOD:
        take(k, b);
        define_temporary(k, a + FRAME_FUNCTION);
        define_temporary(k, a + FRAME_FUNCTION + 1);
        define_temporary(k, a + FRAME_WORDS);
        break;
    case OP_STORE_ITEM:
        if (b == c && !is_local(k, b))
            complain(k, "one temporary twice", b);
        take(k, a);
        take(k, b);
        take(k, c);
        break;
    case OP_DELETE_ITEM:
        take(k, a);
        take(k, b);
        break;
    case OP_JUMP_IF_TRUE:
    case OP_JUMP_IF_FALSE:
    case OP_JUMP_IF_NONE:
    case OP_JUMP_IF_NOT_NONE:
    case OP_JUMP_IF_TRUE_KEEP: // kept on the other path, see below
    case OP_JUMP_IF_FALSE_KEEP:
        take(k, a);
        break;
    case OP_FOR_ITER:
        break; // see below
    case OP_UNPACK_SEQUENCE:
        take(k, a);
        for (uint32_t n = 0; n < c; n++) {
            if (is_local(k, b + n) != is_local(k, b))
                complain(k, "temporaries among locals:", b + n);
            if (b + n == a)
                complain(k, "taken apart into itself:", a);
            define(k, b + n);
        }
        break;
    case OP_UNPACK_EX:
        take(k, a);
        for (uint32_t n = 0; n < (c & 255) + (c >> 8) + 1; n++)
            define_temporary(k, b + n);
        break;
    case OP_BUILD_SLICE:
    case OP_BUILD_TUPLE:
    case OP_BUILD_LIST:
    case OP_BUILD_SET:
    case OP_BUILD_STRING:
        run(k, b, c);
        define(k, a);
        break;
    case OP_BUILD_MAP:
        run(k, b, c * 2);
        define(k, a);
        break;
    case OP_LIST_APPEND:
    case OP_SET_ADD:
    case OP_LIST_EXTEND:
    case OP_SET_UPDATE:
    case OP_DICT_UPDATE:
        take(k, b);
        keep(k, a);
        break;
    case OP_MAP_ADD:
        take(k, b);
        take(k, c);
        keep(k, a);
        break;
    case OP_KEYWORDS:
        take(k, b);
        keep(k, c);
        define(k, a);
        break;
    case OP_DICT_MERGE:
        take(k, b);
        keep(k, a);
        keep(k, c);
        break;
    case OP_FORMAT_VALUE:
        take(k, b);
        if (c & 4)
            take(k, b + 1);
        define(k, a);
        break;
    case OP_CALL:
        window(k, a, FRAME_WORDS, b, false);
        define(k, c);
        break;
    case OP_CALL_METHOD:
        window(k, a, FRAME_WORDS + 1, b, true);
        define(k, c);
        break;
    case OP_CALL_KW:
        window(k, a, FRAME_WORDS, b + 1, false);
        define(k, c);
        break;
    case OP_CALL_METHOD_KW:
        window(k, a, FRAME_WORDS + 1, b + 1, true);
        define(k, c);
        break;
    case OP_CALL_EX:
        window(k, a, FRAME_WORDS, b + 1, false);
        define(k, c);
        break;
    case OP_RETURN:
        take(k, a);
        if (b)
            nothing_from(k, b);
        break;
    case OP_MAKE_FUNCTION: {
        uint32_t parts = (c & 1) + (c >> 1 & 1) + (c >> 2 & 1) + (c >> 3 & 1);
        run(k, a, parts);
        define_temporary(k, a);
        if (!value_is_exactly(k->code->constants[b], &code_type))
            complain(k, "not code: constant", b);
        break;
    }
    case OP_YIELD_FROM:
        keep(k, c);
        take(k, b);
        define(k, a);
        break;
    case OP_RAISE:
        if (c > 0)
            take(k, a);
        if (c > 1)
            take(k, b);
        break;
    case OP_RERAISE:
        take(k, a);
        break;
    case OP_PUSH_HANDLED:
        keep(k, b);
        define_temporary(k, a);
        break;
    case OP_POP_HANDLED:
        take(k, a);
        break;
    case OP_IF_NOT_EXCEPTION:
        keep(k, a);
        take(k, b);
        break;
    case OP_WITH_ENTER:
        take(k, b);
        define_temporary(k, a);
        define_temporary(k, a + 1);
        break;
    case OP_WITH_EXIT:
    case OP_IMPORT_STAR:
    case OP_PRINT_EXPR:
        take(k, a);
        break;
    case OP_WITH_EXCEPT:
        take(k, a);
        keep(k, b);
        define(k, c);
        break;
    case OP_IMPORT_NAME:
        run(k, c, 2);
        define(k, a);
        break;
    case OP_IMPORT_FROM:
        keep(k, b);
        define(k, a);
        break;
    default: {
        // Operators and the like: a = f(b, c); the IF_* forms only read.
        const char *format = formats[i->op];
        bool condition = format[2] == 'j';
        if (condition && format[0] == 'r')
            take(k, a);
        if (format[1] == 'r') {
            if (condition && a == b && !is_local(k, b))
                complain(k, "one temporary twice", b);
            take(k, b);
        }
        if (format[2] == 'r')
            take(k, c);
        if (!condition)
            define(k, a);
    }
    }
}

static void enqueue(Checker *k, uint32_t word) {
    if (!k->queued[word]) {
        k->queued[word] = 1;
        k->work[k->work_count++] = word;
    }
}

// The state flows to a word. Handlers take temporaries that not all paths agree on as MAYBE.
static void flow(Checker *k, uint32_t word, const uint8_t *state, bool handler) {
    if (word >= k->code->word_count || !k->starts[word]) {
        complain(k, "goes to what is no instruction:", word);
        return;
    }
    uint8_t *there = k->states + (size_t)word * k->size;
    if (!k->reached[word]) {
        k->reached[word] = 1;
        memcpy(there, state, k->size);
        enqueue(k, word);
        return;
    }
    for (uint32_t r = 0; r < k->size; r++) {
        if (there[r] == state[r] || there[r] == MAYBE)
            continue;
        if (is_local(k, r)) {
            if (there[r] == LIVE) {
                there[r] = DEAD;
                enqueue(k, word);
            }
        } else if (handler) {
            there[r] = MAYBE;
            enqueue(k, word);
        } else {
            complain(k, "paths disagree on a temporary at word", word);
            return;
        }
    }
}

static bool may_go_back(uint16_t op) {
    switch (op) {
    case OP_JUMP_BACK:
    case OP_FOR_ITER:
    case OP_JUMP_IF_TRUE:
    case OP_JUMP_IF_FALSE:
    case OP_JUMP_IF_NONE:
    case OP_JUMP_IF_NOT_NONE:
        return true;
    default:
        return (op >= OP_IF_LT && op <= OP_IF_GE) || (op >= OP_IF_LT_INT && op <= OP_IF_GE_INT) ||
               (op >= OP_IF_IS && op <= OP_IF_NOT_IN);
    }
}

// A run of no registers may begin anywhere.
static bool is_empty_run(const Instruction *i) {
    switch (i->op) {
    case OP_BUILD_TUPLE:
    case OP_BUILD_LIST:
    case OP_BUILD_SET:
    case OP_BUILD_MAP:
    case OP_UNPACK_SEQUENCE:
        return i->c == 0;
    default:
        return false;
    }
}

static void check_ranges(Checker *k) {
    const char *format = formats[k->i->op];
    const uint16_t operands[3] = {k->i->a, k->i->b, k->i->c};
    for (int n = 0; n < 3; n++) {
        switch (format[n]) {
        case 'r':
            if (operands[n] >= k->size && k->i->op != OP_RAISE && !(n == 1 && is_empty_run(k->i)))
                complain(k, "no such register", operands[n]);
            break;
        case 'n':
            if (operands[n] >= tuple_length(k->code->names))
                complain(k, "no such name", operands[n]);
            break;
        case 'k':
            if (operands[n] >= k->code->constant_count)
                complain(k, "no such constant", operands[n]);
            break;
        case 'K':
            if ((uint32_t)instruction_bc(k->i) >= k->code->constant_count)
                complain(k, "no such constant", (uint32_t)instruction_bc(k->i));
            break;
        }
    }
    int64_t frees = tuple_length(k->code->free_names);
    if (((k->i->op == OP_LOAD_FREE || k->i->op == OP_LOAD_CLOSURE ||
          k->i->op == OP_LOAD_CLASS_FREE) &&
         k->i->b >= frees) ||
        ((k->i->op == OP_STORE_FREE || k->i->op == OP_DELETE_FREE) && k->i->a >= frees))
        complain(k, "no such closure variable", k->i->b);
}

static void step(Checker *k) {
    const Code *code = k->code;
    const Instruction *i = k->i;
    if (i->temporaries != instruction_temporaries(i, code->local_count))
        complain(k, "marked as temporaries:", i->temporaries);
    // An exception: the handler sees the state before the instruction.
    for (uint32_t h = 0; h < code->handler_count; h++) {
        const CodeHandler *handler = &code->handlers[h];
        if (k->word < handler->start || k->word >= handler->end)
            continue;
        uint8_t *state = malloc(k->size);
        memcpy(state, k->state, k->size);
        if (handler->depth < code->local_count || handler->depth >= k->size) {
            complain(k, "handler depth", handler->depth);
        } else {
            for (uint32_t r = handler->depth; r < k->size; r++)
                state[r] = DEAD;
            state[handler->depth] = LIVE;
            flow(k, handler->handler, state, true);
        }
        free(state);
        break;
    }
    check_ranges(k);
    if (k->error)
        return;
    bool keeps = i->op == OP_JUMP_IF_TRUE_KEEP || i->op == OP_JUMP_IF_FALSE_KEEP;
    uint32_t next = k->word + (uint32_t)opcode_length(i->op);
    const char *format = formats[i->op];
    effects(k);
    if (format[2] == 'j' || format[1] == 'J') {
        int64_t distance = format[2] == 'j' ? instruction_jump_c(i) : instruction_jump_bc(i);
        uint16_t low = format[2] == 'j' ? i->c : i->b;
        if (low % sizeof(Instruction))
            complain(k, "jumps into an instruction", low);
        if (distance < 0 && !may_go_back(i->op))
            complain(k, "may not jump backward", 0);
        if (i->op == OP_JUMP_BACK && distance >= 0)
            complain(k, "jumps forward", 0);
        uint32_t target = (uint32_t)((int64_t)next + distance);
        if (i->op == OP_FOR_ITER) {
            uint8_t before = i->b < k->size ? k->state[i->b] : DEAD;
            keep(k, i->a);
            define(k, i->b);
            flow(k, target, k->state, false);
            k->state[i->b] = before;
            k->state[i->a] = DEAD;
        } else {
            if (keeps && !is_local(k, i->a))
                k->state[i->a] = LIVE;
            flow(k, target, k->state, false);
            if (keeps && !is_local(k, i->a))
                k->state[i->a] = DEAD;
        }
    }
    switch (i->op) {
    case OP_JUMP:
    case OP_JUMP_BACK:
    case OP_RETURN:
    case OP_RETURN_NONE:
    case OP_RAISE:
    case OP_RERAISE:
        return;
    }
    flow(k, next, k->state, false);
}

static bool find_starts(Checker *k) {
    const Code *code = k->code;
    for (uint32_t word = 0; word < code->word_count;) {
        if (code->instructions[word].op >= OP_PUBLIC_COUNT) {
            k->word = word;
            complain(k, "unknown opcode", code->instructions[word].op);
            return false;
        }
        k->starts[word] = 1;
        word += (uint32_t)opcode_length(code->instructions[word].op);
    }
    for (uint32_t h = 0; h < code->handler_count; h++) {
        const CodeHandler *handler = &code->handlers[h];
        if (handler->start >= handler->end || handler->end > code->word_count ||
            !k->starts[handler->start])
            complain(k, "bad handler", h);
        for (uint32_t g = 0; g < h; g++) // an inner one comes first
            if (code->handlers[g].start <= handler->start &&
                code->handlers[g].end >= handler->end &&
                !(code->handlers[g].start == handler->start &&
                  code->handlers[g].end == handler->end))
                complain(k, "handler never used:", h);
    }
    for (uint32_t p = 1; p < code->position_count; p++)
        if (code->positions[p].start <= code->positions[p - 1].start)
            complain(k, "positions out of order:", p);
    return !k->error;
}

// What is wrong, or NULL; then the states go to *contents, if that is asked for.
static const char *analyse(const Code *code, CodeContents *contents) {
    Checker checker = {.code = code, .size = code->register_count}, *k = &checker;
    uint32_t words = code->word_count + 1;
    k->states = calloc((size_t)words * (k->size + 1u), 1);
    k->reached = calloc(words, 1);
    k->starts = calloc(words, 1);
    k->queued = calloc(words, 1);
    k->work = calloc(words, sizeof *k->work);
    k->state = calloc(k->size + 1u, 1);
    if (find_starts(k)) {
        uint32_t parameters = code->argument_count + code->keyword_only_count +
                              !!(code->flags & CODE_VARARGS) + !!(code->flags & CODE_VARKEYWORDS);
        if (code->flags & CODE_HAS_NAMESPACE)
            parameters = 1;
        if (parameters > code->local_count || code->local_count > code->register_count)
            complain(k, "register counts", code->local_count);
        else
            memset(k->state, LIVE, parameters);
        flow(k, 0, k->state, false);
        while (k->work_count > 0 && !k->error) {
            k->word = k->work[--k->work_count];
            k->queued[k->word] = 0;
            k->i = &code->instructions[k->word];
            memcpy(k->state, k->states + (size_t)k->word * k->size, k->size);
            step(k);
        }
    }
    if (contents && !k->error) {
        *contents = (CodeContents){k->size, k->states, k->reached, k->starts};
    } else {
        free(k->states);
        free(k->reached);
        free(k->starts);
    }
    free(k->queued);
    free(k->work);
    free(k->state);
    return k->error;
}

// The states of code that is right, in malloc'ed memory; NULL: no memory.
CodeContents *code_contents(const Code *code) {
    CodeContents *contents = malloc(sizeof *contents);
    if (!contents)
        return NULL;
    if (analyse(code, contents) || !contents->states) {
        free(contents);
        return NULL;
    }
    return contents;
}

void code_contents_free(CodeContents *contents) {
    free(contents->states);
    free(contents->reached);
    free(contents->starts);
    free(contents);
}

const char *code_check(const Code *code) {
    return analyse(code, NULL);
}

#ifndef NDEBUG
void code_verify(const Code *code) {
    enum { TOO_LARGE = 1 << 26 }; // the check takes this much memory at most
    if ((uint64_t)code->word_count * code->register_count > TOO_LARGE)
        return;
    const char *error = code_check(code);
    if (!error)
        return;
    fprintf(stderr, "wrong code: %s\n", error);
    Value text = code_disassemble(value_from_object(code));
    size_t length;
    char *owned = NULL;
    const char *utf8 = value_is_null(text) ? NULL : str_utf8_wtf(text, &length, &owned);
    if (utf8)
        fputs(utf8, stderr);
    abort();
}
#endif
