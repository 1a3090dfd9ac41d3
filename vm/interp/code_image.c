// SPDX-License-Identifier: MIT
//
// CPython's attributes of a code object are enough to make another (types.CodeType), in another
// process too. Ours are not: co_code is a sketch (code_tables.c). What is missing, the instructions
// first of all, follows the entries of co_exceptiontable, as the digits of a number that does not
// end, so that who reads the entries finds no other. It is in the form of the memory, begins with
// the number of the compiler (as in modules/marshal_code.c) and a sum over the rest; what passes
// these is trusted, as CPython trusts bytecode. Lines are counted from co_firstlineno.
#include "vm/interp/code_tables.h"
#include "vm/runtime/build_info.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <string.h>

typedef struct {
    uint64_t compiler, sum; // the sum is over what follows it
    uint32_t flags, argument_count, positional_only_count, keyword_only_count;
    uint32_t local_count, register_count, word_count, handler_count, extra_line_count;
    uint32_t variable_count, cell_count, free_count, name_count, constant_count;
} ImageHead;
enum { SUM_END = offsetof(ImageHead, sum) + sizeof(uint64_t) };

// FNV-1a.
static uint64_t sum_of(const uint8_t *data, size_t size) {
    uint64_t sum = 0xcbf29ce484222325;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ data[i]) * 0x100000001b3;
    return sum;
}

static uint16_t index_of(Value names, Value name) {
    for (int64_t i = 0; i < tuple_length(names); i++)
        if (value_same(tuple_item(names, i), name))
            return (uint16_t)(i + 1);
    return 0;
}

void code_locals(const Code *code, Value variables, CodeLocal *locals) {
    for (uint32_t i = 0; i < code->local_count; i++) {
        Value name = tuple_item(code->local_names, i);
        bool hidden = str_length(name) == 0;
        locals[i].variable = hidden ? 0 : index_of(variables, name);
        locals[i].cell = hidden ? 0 : index_of(code->cell_names, name);
    }
}

// The parts behind the head, in this order: those of 8 bytes first.
static uint64_t parts_size(const ImageHead *head) {
    return (uint64_t)head->word_count * sizeof(Instruction) +
           (uint64_t)head->handler_count * sizeof(CodeHandler) +
           (uint64_t)head->extra_line_count * sizeof(CodeLine) +
           (uint64_t)head->local_count * sizeof(CodeLocal) + head->constant_count;
}

uint8_t *code_image(const Code *code, size_t *size) {
    Value variables = code_variable_names(value_from_object(code));
    Value instructions =
        value_is_null(variables) ? VALUE_NULL : code_instruction_bytes(value_from_object(code));
    ImageHead head = {
        .compiler = build_info_compiler_hash(),
        .flags = code->flags,
        .argument_count = code->argument_count,
        .positional_only_count = code->positional_only_count,
        .keyword_only_count = code->keyword_only_count,
        .local_count = code->local_count,
        .register_count = code->register_count,
        .word_count = code->word_count,
        .handler_count = code->handler_count,
        .extra_line_count = code->extra_line_count,
        .cell_count = (uint32_t)tuple_length(code->cell_names),
        .free_count = (uint32_t)tuple_length(code->free_names),
        .name_count = (uint32_t)tuple_length(code->names),
        .constant_count = code->constant_count,
    };
    *size = sizeof head + (size_t)parts_size(&head);
    uint8_t *image = value_is_null(instructions) ? NULL : buffer_allocate(*size);
    if (image) {
        head.variable_count = (uint32_t)tuple_length(variables);
        uint8_t *at = image + sizeof head;
        at = mempcpy(at, bytes_data(instructions), head.word_count * sizeof(Instruction));
        if (head.handler_count)
            at = mempcpy(at, code->handlers, head.handler_count * sizeof(CodeHandler));
        for (uint32_t i = 0; i < head.extra_line_count; i++) {
            CodeLine line = code->extra_lines[i];
            line.line -= code->first_line;
            at = mempcpy(at, &line, sizeof line);
        }
        CodeLocal locals[UINT8_MAX]; // a few at a time would do; most code has fewer
        CodeLocal *all = head.local_count <= UINT8_MAX
                             ? locals
                             : buffer_allocate(head.local_count * sizeof(CodeLocal));
        if (all) {
            code_locals(code, variables, all);
            at = mempcpy(at, all, head.local_count * sizeof(CodeLocal));
            for (uint32_t i = 0; i < head.constant_count; i++)
                *at++ = value_is_exactly(code->constants[i], &code_type);
            memcpy(image, &head, sizeof head);
            head.sum = sum_of(image + SUM_END, *size - SUM_END);
            memcpy(image, &head, sizeof head);
        } else {
            buffer_free(image);
            image = NULL;
        }
        if (all != locals)
            buffer_free(all);
    }
    ref_release(instructions);
    ref_release(variables);
    if (!image)
        error_clear();
    return image;
}

// The bytes behind the entries: all that have bit 6, which the last one of an entry has not. NULL
// without memory.
static uint8_t *image_bytes(Value table, size_t *size) {
    const uint8_t *data = bytes_data(table);
    size_t end = (size_t)bytes_length(table), start = end;
    while (start > 0 && data[start - 1] & 64)
        start--;
    *size = (end - start) * 6 / 8;
    uint8_t *bytes = buffer_allocate(*size + 1);
    if (!bytes)
        return NULL;
    unsigned waiting = 0, bits = 0;
    size_t count = 0;
    for (size_t i = start; i < end; i++) {
        waiting |= (data[i] & 63u) << bits;
        bits += 6;
        if (bits >= 8) {
            bytes[count++] = (uint8_t)waiting;
            waiting >>= 8;
            bits -= 8;
        }
    }
    return bytes;
}

static bool is_image(const uint8_t *data, size_t size) {
    ImageHead head;
    if (size < sizeof head)
        return false;
    memcpy(&head, data, sizeof head);
    return head.compiler == build_info_compiler_hash() && parts_size(&head) == size - sizeof head &&
           head.sum == sum_of(data + SUM_END, size - SUM_END);
}

static void *copy_part(const uint8_t **at, size_t size) {
    void *copy = buffer_allocate(size ? size : 1);
    if (copy)
        memcpy(copy, *at, size);
    *at += size;
    return copy;
}

int code_image_read(Code *code, Value table, CodeImage *image) {
    *image = (CodeImage){0};
    size_t size;
    image->data = image_bytes(table, &size);
    if (!image->data) {
        raise_memory_error();
        return -1;
    }
    const uint8_t *at = image->data;
    if (!is_image(at, size))
        return raise_int(&exception_ValueError,
                         "code: co_exceptiontable must come from a code object of this "
                         "interpreter");
    ImageHead head;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    code->instructions = copy_part(&at, head.word_count * sizeof(Instruction));
    code->handlers = copy_part(&at, head.handler_count * sizeof(CodeHandler));
    code->extra_lines = copy_part(&at, head.extra_line_count * sizeof(CodeLine));
    image->locals = copy_part(&at, head.local_count * sizeof(CodeLocal));
    if (!code->instructions || !code->handlers || !code->extra_lines || !image->locals) {
        raise_memory_error();
        return -1;
    }
    code->word_count = head.word_count;
    code->handler_count = (uint16_t)head.handler_count;
    code->extra_line_count = head.extra_line_count;
    code->flags = head.flags;
    code->argument_count = (uint16_t)head.argument_count;
    code->positional_only_count = (uint16_t)head.positional_only_count;
    code->keyword_only_count = (uint16_t)head.keyword_only_count;
    code->local_count = (uint16_t)head.local_count;
    code->register_count = (uint16_t)head.register_count;
    image->variable_count = head.variable_count;
    image->cell_count = head.cell_count;
    image->free_count = head.free_count;
    image->name_count = head.name_count;
    image->constant_count = head.constant_count;
    image->constant_is_code = at;
    return 0;
}

void code_image_done(CodeImage *image) {
    buffer_free(image->locals);
    buffer_free(image->data);
}
