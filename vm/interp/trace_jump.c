// SPDX-License-Identifier: MIT
//
// frame.f_lineno = line: a trace function sends its frame elsewhere.
//
// What may be done is what keeps the registers right. The target must want no temporary that the
// frame does not hold for the same purpose: one that is live on all the way between the two places
// and whose next use at the target is one that the value allows. Temporaries that the target does
// not know are released; a handled exception that is left that way is put back as it was. Locals
// that the target takes for bound and that are not become None; but hidden ones, which hold what a
// statement works with, must be there. If the line begins in several places, because a finally
// clause stands once for each way into it, the one that keeps most of what is held is taken.
#include "vm/interp/trace.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdlib.h>

static uint8_t state_at(const CodeContents *contents, uint32_t word, uint32_t r) {
    return contents->states[(size_t)word * contents->size + r];
}

// The next instruction in order from `word` on that has register r as an operand.
static Pc next_use(const Code *code, uint32_t word, uint32_t r) {
    while (word < code->word_count) {
        Pc pc = &code->instructions[word];
        switch (pc->op) {
        case OP_FOR_ITER:
        case OP_POP_HANDLED:
        case OP_WITH_EXIT:
        case OP_WITH_EXCEPT:
        case OP_RERAISE:
        case OP_IF_NOT_EXCEPTION:
            if (pc->a == r)
                return pc;
            break;
        case OP_PUSH_HANDLED:
            if (pc->b == r)
                return pc;
            break;
        default:
            break;
        }
        word += (uint32_t)opcode_length(pc->op);
    }
    return NULL;
}

// What a temporary is for, by the instruction that uses it.
static int purpose(uint16_t op) {
    switch (op) {
    case OP_FOR_ITER:
        return 0;
    case OP_POP_HANDLED:
        return 1;
    case OP_WITH_EXIT:
    case OP_WITH_EXCEPT:
        return 2;
    default:
        return 3; // an exception
    }
}

static const char incompatible[] = "incompatible stacks";

// Why register r, live at the target, cannot be kept; NULL: it can.
static const char *unusable(const Frame *frame, const CodeContents *contents, uint32_t from,
                            uint32_t to, uint32_t r) {
    const Code *code = frame_code(frame);
    Pc use = next_use(code, to, r);
    if (!use)
        return incompatible;
    const char *what = use->op == OP_FOR_ITER ? "can't jump into the body of a for loop"
                       : use->op == OP_WITH_EXIT || use->op == OP_WITH_EXCEPT
                           ? incompatible
                           : "can't jump into an 'except' block as there's no exception";
    Pc here = state_at(contents, from, r) == CODE_LIVE ? next_use(code, from, r) : NULL;
    if (!here || purpose(here->op) != purpose(use->op))
        return what;
    Value v = frame->registers[r];
    bool right;
    switch (use->op) {
    case OP_FOR_ITER:
        right = !value_is_null(v) && value_type(v)->next;
        break;
    case OP_POP_HANDLED:
        right = value_is_null(v) || value_has_flag(v, TYPE_EXCEPTION_SUBCLASS);
        break;
    case OP_WITH_EXIT:
    case OP_WITH_EXCEPT:
        right = value_is_object(v);
        break;
    default:
        right = value_has_flag(v, TYPE_EXCEPTION_SUBCLASS);
        break;
    }
    return right ? NULL : what;
}

// Does the local have no name, and is not the namespace of a module or class either?
static bool is_hidden(const Code *code, uint32_t r) {
    return !(r == 0 && (code->flags & CODE_HAS_NAMESPACE)) &&
           str_length(tuple_of(code->local_names)->items[r]) == 0;
}

// Was hidden local r given to a native function when it was last used above `word`? Then it is the
// iterator of an asynchronous loop.
static bool is_async_iterator(const Code *code, uint32_t word, uint32_t r) {
    bool is = false;
    Pc before = NULL;
    for (Pc pc = code->instructions, end = pc + word; pc < end; pc += opcode_length(pc->op)) {
        if (pc->op == OP_MOVE && pc->b == r)
            is = before && before->op == OP_LOAD_CONST &&
                 value_type(code->constants[before->b]) == &native_function_type;
        before = pc;
    }
    return is;
}

static const char *forbidden(const Frame *frame, const CodeContents *contents, uint32_t from,
                             uint32_t to) {
    const Code *code = frame_code(frame);
    if (code->instructions[to].op == OP_RETURN_GENERATOR) // it has been made
        return incompatible;
    for (uint32_t r = 0; r < code->local_count; r++)
        if (state_at(contents, to, r) == CODE_LIVE && value_is_null(frame->registers[r]) &&
            is_hidden(code, r))
            return is_async_iterator(code, to, r) ? "can't jump into the body of a for loop"
                                                  : incompatible;
    const char *vague = NULL; // unless another register says more
    for (uint32_t r = code->local_count; r < contents->size; r++)
        if (state_at(contents, to, r) == CODE_LIVE) {
            const char *reason = unusable(frame, contents, from, to, r);
            if (reason && reason != incompatible)
                return reason;
            vague = reason ? reason : vague;
        }
    return vague;
}

// How many temporaries that hold something now are used at the target.
static uint32_t kept(const Frame *frame, const CodeContents *contents, uint32_t to) {
    uint32_t count = 0;
    for (uint32_t r = frame_code(frame)->local_count; r < contents->size; r++)
        count += state_at(contents, to, r) == CODE_LIVE;
    return count;
}

static void leave_temporary(Frame *frame, uint32_t from, uint32_t r) {
    Pc use = next_use(frame_code(frame), from, r);
    if (use && use->op == OP_POP_HANDLED) {
        HandledItem *item = thread_current()->handled;
        Value old = item->exception;
        item->exception = reg_to_local(frame->registers[r]);
        frame->registers[r] = VALUE_NULL;
        ref_release(old);
    } else {
        reg_clear(&frame->registers[r]);
    }
}

static void move(Frame *frame, const CodeContents *contents, uint32_t from, uint32_t to) {
    const Code *code = frame_code(frame);
    for (uint32_t r = contents->size; r-- > code->local_count;)
        if (state_at(contents, from, r) == CODE_LIVE && state_at(contents, to, r) != CODE_LIVE)
            leave_temporary(frame, from, r);
    for (uint32_t r = 0; r < code->local_count; r++)
        if (state_at(contents, to, r) == CODE_LIVE && value_is_null(frame->registers[r]) &&
            !(r == 0 && (code->flags & CODE_HAS_NAMESPACE)))
            frame->registers[r] = reg_from_local(none_new());
    frame->pc_tagged = (uint64_t)(code->instructions + to) | 1;
}

// The first line that has code and is not before `line`; -1: none.
static int next_line(const Code *code, int line) {
    int best = -1;
    for (uint32_t i = 0; i < code->position_count; i++) {
        int at = code->positions[i].line;
        if (at >= line && (best < 0 || at < best))
            best = at;
    }
    return best;
}

int trace_jump(Frame *frame, int line) {
    const Code *code = frame_code(frame);
    if (line < code->first_line)
        return raise_int(&exception_ValueError, "line %d comes before the current code block",
                         line);
    int wanted = line;
    line = next_line(code, line);
    if (line < 0)
        return raise_int(&exception_ValueError, "line %d comes after the current code block",
                         wanted);
    CodeContents *contents = code_contents(code);
    if (!contents) {
        raise_memory_error();
        return -1;
    }
    uint32_t from = frame_word(frame), last = 0, best = 0, most = 0;
    const char *reason = "cannot find bytecode for specified line";
    bool found = false;
    for (uint32_t word = 0; word < code->word_count; word++) {
        if (!contents->starts[word])
            continue;
        int here = code_line(code, word);
        if (here == line && (int)last != line) { // a line begins here
            const char *why = contents->reached[word] ? forbidden(frame, contents, from, word)
                                                      : "can't jump into unreachable code";
            uint32_t count = why ? 0 : kept(frame, contents, word);
            if (why && !found)
                reason = why;
            if (!why && (!found || count > most)) {
                found = true;
                best = word;
                most = count;
            }
        }
        last = (uint32_t)here;
    }
    if (found)
        move(frame, contents, from, best);
    code_contents_free(contents);
    return found ? 0 : raise_int(&exception_ValueError, "%s", reason);
}
