// SPDX-License-Identifier: MIT
//
// code_disassemble: a listing of a code object and of those among its constants. One line an
// instruction: source line where it changes, word number, name, operands with what they stand for;
// then the handler table. For people and for golden tests, so the format is kept steady.
#include "vm/interp/code.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <stdio.h>

static const struct {
    const char *name, *format;
} table[] = {
#define OP(name, format, cache) {#name, format},
#include "vm/interp/opcodes.def"
#undef OP
};

static void put(StrBuilder *b, const char *format, ...) {
    char text[160];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    str_builder_cstr(b, text);
}

static void put_repr(StrBuilder *b, Value v) {
    if (value_is_exactly(v, &code_type)) {
        str_builder_cstr(b, "<code ");
        str_builder_str(b, code_of(v)->qualname);
        str_builder_char(b, '>');
        return;
    }
    Value repr = value_repr(v);
    if (value_is_null(repr)) {
        b->failed = true;
        return;
    }
    str_builder_str(b, repr);
    ref_release(repr);
}

static void put_register(StrBuilder *b, const Code *code, uint32_t r) {
    if (r >= code->local_count) {
        put(b, " t%u", r - code->local_count);
        return;
    }
    Value name = tuple_item(code->local_names, r);
    str_builder_char(b, ' ');
    if (str_length(name))
        str_builder_str(b, name);
    else
        put(b, "h%u", r);
}

static void put_constant(StrBuilder *b, const Code *code, uint32_t index) {
    str_builder_char(b, ' ');
    if (index < code->constant_count)
        put_repr(b, code->constants[index]);
    else
        put(b, "constant %u?", index);
}

static void put_operands(StrBuilder *b, const Code *code, const Instruction *i, uint32_t word) {
    const char *format = table[i->op].format;
    const uint16_t operands[3] = {i->a, i->b, i->c};
    uint32_t next = word + (uint32_t)opcode_length(i->op);
    for (int k = 0; k < 3 && format[k]; k++) {
        switch (format[k]) {
        case 'r':
            put_register(b, code, operands[k]);
            break;
        case 'n':
            str_builder_char(b, ' ');
            if (operands[k] < tuple_length(code->names))
                str_builder_str(b, tuple_item(code->names, operands[k]));
            else
                put(b, "name %u?", operands[k]);
            break;
        case 'k':
            put_constant(b, code, operands[k]);
            break;
        case 'K':
            put_constant(b, code, (uint32_t)instruction_bc(i));
            break;
        case 'i':
            put(b, " #%d", (int16_t)operands[k]);
            break;
        case 'I':
            put(b, " #%d", instruction_bc(i));
            break;
        case 'u':
            put(b, " %u", operands[k]);
            break;
        case 'j':
            put(b, " -> %u", next + (uint32_t)instruction_jump_c(i));
            break;
        case 'J':
            put(b, " -> %u", next + (uint32_t)instruction_jump_bc(i));
            break;
        }
    }
}

static void put_code(StrBuilder *b, const Code *code) {
    str_builder_cstr(b, "code ");
    str_builder_str(b, code->qualname);
    put(b, ": %u locals, %u registers\n", code->local_count, code->register_count);
    int last_line = -1;
    for (uint32_t word = 0; word < code->word_count;) {
        Instruction i = code->instructions[word];
        int line = code_line(code, word);
        if (line != last_line && line)
            put(b, "%5d ", line);
        else
            str_builder_cstr(b, "      ");
        last_line = line;
        if (i.op >= OP_PUBLIC_COUNT) { // specialised
            put(b, "%4u  op%u %u %u %u\n", word, i.op, i.a, i.b, i.c);
            word++;
            continue;
        }
        put(b, "%4u  %s", word, table[i.op].name);
        put_operands(b, code, &i, word);
        str_builder_char(b, '\n');
        word += (uint32_t)opcode_length(i.op);
    }
    for (uint32_t k = 0; k < code->handler_count; k++) {
        const CodeHandler *h = &code->handlers[k];
        put(b, "      handler %u..%u -> %u, t%u\n", h->start, h->end, h->handler,
            h->depth - code->local_count);
    }
    for (uint32_t k = 0; k < code->constant_count; k++)
        if (value_is_exactly(code->constants[k], &code_type)) {
            str_builder_char(b, '\n');
            put_code(b, code_of(code->constants[k]));
        }
}

Value code_disassemble(Value code) {
    StrBuilder b;
    str_builder_start(&b);
    put_code(&b, code_of(code));
    return str_builder_finish(&b);
}
