// SPDX-License-Identifier: MIT
//
// A code object's instructions, positions and handlers as the bytes that CPython 3.11 programs
// know: co_code, co_linetable, co_exceptiontable, co_lnotab. (Formats: the notes on locations and
// on exception handling in CPython's Objects and InternalDocs folders, and PEP 626.) One 64-bit
// word of ours counts as one code unit of two bytes everywhere, in f_lasti and co_lines() too.
//
// co_code is a sketch: the few instructions that mean the same in CPython are shown as its own,
// with their constants and names; all others, which work on registers, as NOP. So that dis and what
// searches code for names can read it; nothing runs it. What runs is behind the entries of
// co_exceptiontable (code_image.c).
#include "vm/interp/code_tables.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include <string.h>

typedef struct {
    uint8_t *data;
    size_t length, capacity;
    bool failed;
} Out;

static void put(Out *out, unsigned byte) {
    if (out->length == out->capacity) {
        size_t capacity = out->capacity ? out->capacity * 2 : 128;
        uint8_t *grown = buffer_resize(out->data, capacity);
        if (!grown) {
            out->failed = true;
            return;
        }
        out->data = grown;
        out->capacity = capacity;
    }
    out->data[out->length++] = (uint8_t)byte;
}

static Value finish(Out *out) {
    Value v = out->failed ? raise_memory_error() : bytes_new(out->data, out->length);
    buffer_free(out->data);
    return v;
}

// ---- co_code -------------------------------------------------------------------------------

enum { // numbers of CPython 3.11 (its module opcode)
    PY_CACHE = 0,
    PY_NOP = 9,
    PY_RETURN_GENERATOR = 75,
    PY_RETURN_VALUE = 83,
    PY_IMPORT_STAR = 84,
    PY_STORE_NAME = 90,
    PY_DELETE_NAME = 91,
    PY_STORE_GLOBAL = 97,
    PY_DELETE_GLOBAL = 98,
    PY_LOAD_CONST = 100,
    PY_LOAD_NAME = 101,
    PY_IMPORT_NAME = 108,
    PY_IMPORT_FROM = 109,
    PY_JUMP_FORWARD = 110,
    PY_RERAISE = 119,
    PY_JUMP_BACKWARD = 140,
};

// The operand, if it fits a byte: then *op is set.
static unsigned show(unsigned py, int64_t operand, unsigned *op) {
    if (operand < 0 || operand > 255)
        return 0;
    *op = py;
    return (unsigned)operand;
}

static unsigned unit_of(const Instruction *i, unsigned *op) {
    switch (i->op) {
    case OP_LOAD_CONST:
    case OP_LIST_OF_CONST:
    case OP_SET_OF_CONST:
        return show(PY_LOAD_CONST, instruction_bc(i), op);
    case OP_LOAD_NAME:
    case OP_LOAD_GLOBAL: // dis takes the five units behind a LOAD_GLOBAL for its caches: LOAD_NAME
        return show(PY_LOAD_NAME, i->b, op);
    case OP_STORE_NAME:
        return show(PY_STORE_NAME, i->a, op);
    case OP_STORE_GLOBAL:
        return show(PY_STORE_GLOBAL, i->a, op);
    case OP_DELETE_GLOBAL:
        return show(PY_DELETE_GLOBAL, i->a, op);
    case OP_DELETE_NAME:
        return show(PY_DELETE_NAME, i->a, op);
    case OP_IMPORT_NAME:
        return show(PY_IMPORT_NAME, i->b, op);
    case OP_IMPORT_FROM:
        return show(PY_IMPORT_FROM, i->c, op);
    case OP_IMPORT_STAR:
        return show(PY_IMPORT_STAR, 0, op);
    case OP_JUMP:
        return show(PY_JUMP_FORWARD, instruction_jump_bc(i), op);
    case OP_JUMP_BACK:
        return show(PY_JUMP_BACKWARD, -instruction_jump_bc(i), op);
    case OP_RETURN:
    case OP_RETURN_NONE:
        return show(PY_RETURN_VALUE, 0, op);
    case OP_RETURN_GENERATOR:
        return show(PY_RETURN_GENERATOR, 0, op);
    case OP_RERAISE:
        return show(PY_RERAISE, 0, op);
    default:
        return 0;
    }
}

Value code_units(const Code *code) {
    Out out = {0};
    for (uint32_t word = 0; word < code->word_count;) {
        const Instruction *i = &code->instructions[word];
        unsigned op = PY_NOP;
        unsigned operand = unit_of(i, &op);
        put(&out, op);
        put(&out, operand);
        int length = opcode_length(i->op);
        for (int n = 1; n < length; n++) {
            put(&out, PY_NOP);
            put(&out, 0);
        }
        word += (uint32_t)length;
    }
    return finish(&out);
}

// ---- co_linetable --------------------------------------------------------------------------

enum { FORM_NO_COLUMNS = 13, FORM_LONG = 14, FORM_NONE = 15, ENTRY_UNITS_MAX = 8 };

static void put_varint(Out *out, uint32_t n) {
    for (; n >= 64; n >>= 6)
        put(out, 64 | (n & 63));
    put(out, n);
}
static void put_signed_varint(Out *out, int32_t n) {
    put_varint(out, n < 0 ? ((uint32_t)-n << 1) | 1 : (uint32_t)n << 1);
}

static void put_location(Out *out, const CodePosition *p, uint32_t units, int *line) {
    int form = !p || p->line <= 0 ? FORM_NONE : p->column < 0 ? FORM_NO_COLUMNS : FORM_LONG;
    put(out, 128u | (unsigned)form << 3 | (units - 1));
    if (form == FORM_NONE)
        return;
    put_signed_varint(out, p->line - *line);
    *line = p->line;
    if (form == FORM_NO_COLUMNS)
        return;
    put_varint(out, (uint32_t)(p->end_line - p->line));
    put_varint(out, (uint32_t)p->column + 1);
    put_varint(out, (uint32_t)(p->end_column + 1));
}

static uint32_t position_end(const Code *code, uint32_t i) {
    return i + 1 < code->position_count ? code->positions[i + 1].start : code->word_count;
}

Value code_line_table(const Code *code) {
    Out out = {0};
    int line = code->first_line;
    for (uint32_t i = 0; i < code->position_count; i++)
        for (uint32_t at = code->positions[i].start, end = position_end(code, i); at < end;) {
            uint32_t units = end - at < ENTRY_UNITS_MAX ? end - at : ENTRY_UNITS_MAX;
            put_location(&out, &code->positions[i], units, &line);
            at += units;
        }
    return finish(&out);
}

typedef struct {
    const uint8_t *next, *end;
} In;

static uint32_t take_varint(In *in) {
    uint32_t n = 0;
    for (unsigned shift = 0; in->next < in->end && shift < 32; shift += 6) {
        uint8_t byte = *in->next++;
        n |= (uint32_t)(byte & 63) << shift;
        if (!(byte & 64))
            break;
    }
    return n;
}
static int32_t take_signed_varint(In *in) {
    uint32_t n = take_varint(in);
    return n & 1 ? -(int32_t)(n >> 1) : (int32_t)(n >> 1);
}

static CodePosition take_location(In *in, unsigned form, int *line) {
    CodePosition p = {0, 0, 0, -1, -1};
    if (form == FORM_NONE)
        return p;
    if (form < 10) { // short: the same line, columns in one more byte
        unsigned byte = in->next < in->end ? *in->next++ : 0;
        p.column = (int32_t)((form << 3) | (byte >> 4));
        p.end_column = p.column + (int32_t)(byte & 15);
    } else if (form < FORM_NO_COLUMNS) { // one line: 0 to 2 lines on, both columns
        *line += (int)form - 10;
        p.column = in->next < in->end ? *in->next++ : 0;
        p.end_column = in->next < in->end ? *in->next++ : 0;
    } else {
        *line += take_signed_varint(in);
    }
    p.line = p.end_line = *line;
    if (form == FORM_LONG) {
        p.end_line += (int32_t)take_varint(in);
        p.column = (int32_t)take_varint(in) - 1;
        p.end_column = (int32_t)take_varint(in) - 1;
    }
    return p;
}

int code_set_line_table(Code *code, Value table) {
    In in = {bytes_data(table), bytes_data(table) + bytes_length(table)};
    size_t room = (size_t)bytes_length(table) + 1;
    CodePosition *positions = buffer_allocate(room * sizeof *positions);
    if (!positions) {
        raise_memory_error();
        return -1;
    }
    uint32_t count = 0, word = 0;
    int line = code->first_line;
    while (in.next < in.end) {
        unsigned first = *in.next++;
        positions[count] = take_location(&in, (first >> 3) & 15, &line);
        positions[count++].start = word;
        word += (first & 7) + 1;
    }
    buffer_free(code->positions);
    code->positions = positions;
    code->position_count = count;
    code->extra_line_count = 0; // they belong to the lines that were
    return 0;
}

// ---- co_lnotab -----------------------------------------------------------------------------

Value code_line_deltas(const Code *code) {
    Out out = {0};
    int line = code->first_line;
    uint32_t done = 0; // bytes of code that are accounted for
    for (uint32_t i = 0; i < code->position_count; i++) {
        const CodePosition *p = &code->positions[i];
        if (p->line <= 0 || p->line == line)
            continue;
        uint32_t bytes = p->start * 2 - done;
        int delta = p->line - line;
        for (; bytes > 254; bytes -= 254) {
            put(&out, 254);
            put(&out, 0);
        }
        while (delta > 127 || delta < -128) {
            int step = delta > 0 ? 127 : -128;
            put(&out, bytes);
            put(&out, (unsigned)step & 255);
            bytes = 0;
            delta -= step;
        }
        put(&out, bytes);
        put(&out, (unsigned)delta & 255);
        done = p->start * 2;
        line = p->line;
    }
    return finish(&out);
}

// ---- co_exceptiontable ---------------------------------------------------------------------

// Six bits a byte, the highest first; bit 6: more follow. Bit 7 marks the first byte of an entry.
static void put_big_varint(Out *out, uint32_t n, unsigned mark) {
    for (int shift = 30; shift > 0; shift -= 6)
        if (n >> shift) {
            put(out, mark | 64 | ((n >> shift) & 63));
            mark = 0;
        }
    put(out, mark | (n & 63));
}

Value code_exception_table(const Code *code) {
    Out out = {0};
    for (uint32_t i = 0; i < code->handler_count; i++) {
        const CodeHandler *h = &code->handlers[i];
        put_big_varint(&out, h->start, 128);
        put_big_varint(&out, h->end - h->start, 0);
        put_big_varint(&out, h->handler, 0);
        put_big_varint(&out, (h->depth - code->local_count) << 1, 0);
    }
    // The image as digits of six bits, all of which say that more follow: a reader of the entries
    // comes to the end of the bytes within a number, and to no entry.
    size_t size;
    uint8_t *image = out.failed ? NULL : code_image(code, &size);
    if (!image)
        out.failed = true;
    for (size_t bit = 0; image && bit < size * 8; bit += 6) {
        unsigned two = image[bit / 8] | (bit / 8 + 1 < size ? image[bit / 8 + 1] << 8 : 0);
        put(&out, 64 | ((two >> bit % 8) & 63));
    }
    buffer_free(image);
    return finish(&out);
}
