// SPDX-License-Identifier: MIT
//
// Code objects as bytes. The form is this interpreter's own: the tables as they are in memory, but
// for positions, which are mostly small steps and written as such. It begins with a number that
// stands for the compiler that this binary was built with; code of another one is refused. What is
// read is otherwise trusted, as CPython does (debug builds verify it).
#include "vm/modules/marshal_internal.h"
#include "vm/compile/compiler.h"
#include "vm/interp/code.h"
#include "vm/runtime/build_info.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <string.h>

uint64_t marshal_code_form(void) {
    return build_info_compiler_hash();
}

enum { NUMBERS = 12 };

// ---- numbers of varying length -----------------------------------------------------------------

static int put_step(MarshalWriter *w, int64_t step) {
    uint64_t n = (uint64_t)step << 1 ^ (uint64_t)(step >> 63);
    uint8_t bytes[10];
    size_t count = 0;
    do {
        bytes[count++] = (uint8_t)((n & 0x7f) | (n > 0x7f ? 0x80 : 0));
        n >>= 7;
    } while (n);
    return marshal_put(w, bytes, count);
}
// Reads within [*at, end); past the end gives zeros, which the caller finds by comparing.
static int64_t get_step(const uint8_t **at, const uint8_t *end) {
    uint64_t n = 0;
    for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
        uint8_t byte = *(*at)++;
        n |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            break;
    }
    return (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
}

static int put_positions(MarshalWriter *w, const Code *code) {
    CodePosition last = {.line = code->first_line};
    int status = 0;
    for (uint32_t i = 0; i < code->position_count && status == 0; i++) {
        const CodePosition *p = &code->positions[i];
        const int64_t steps[] = {(int64_t)p->start - last.start, (int64_t)p->line - last.line,
                                 (int64_t)p->end_line - p->line, p->column,
                                 (int64_t)p->end_column - p->column};
        for (int k = 0; k < 5 && status == 0; k++)
            status = put_step(w, steps[k]);
        last = *p;
    }
    return status;
}
static bool get_positions(const uint8_t *at, const uint8_t *end, Code *code) {
    CodePosition last = {.line = code->first_line};
    for (uint32_t i = 0; i < code->position_count; i++) {
        if (at >= end)
            return false;
        CodePosition *p = &code->positions[i];
        p->start = (uint32_t)(last.start + get_step(&at, end));
        p->line = (int32_t)(last.line + get_step(&at, end));
        p->end_line = (int32_t)(p->line + get_step(&at, end));
        p->column = (int32_t)get_step(&at, end);
        p->end_column = (int32_t)(p->column + get_step(&at, end));
        last = *p;
        if (!options.debug_ranges) {
            p->end_line = p->line;
            p->column = p->end_column = -1;
        }
    }
    return at == end;
}

// ---- writing -----------------------------------------------------------------------------------

static int write_tables(MarshalWriter *w, Value v) {
    const Code *code = code_of(v);
    uint64_t form = marshal_code_form();
    const uint32_t numbers[NUMBERS] = {code->flags,
                                       code->argument_count,
                                       code->positional_only_count,
                                       code->keyword_only_count,
                                       code->local_count,
                                       code->register_count,
                                       (uint32_t)code->first_line,
                                       code->word_count,
                                       code->handler_count,
                                       code->position_count,
                                       code->constant_count,
                                       code->extra_line_count};
    Value instructions = code_instruction_bytes(v);
    if (value_is_null(instructions))
        return -1;
    int status = marshal_put(w, &form, sizeof form);
    if (status == 0)
        status = marshal_put(w, numbers, sizeof numbers);
    if (status == 0)
        status = marshal_put(w, bytes_data(instructions), (size_t)code->word_count * 8);
    if (status == 0)
        status = marshal_put(w, code->handlers, code->handler_count * sizeof(CodeHandler));
    if (status == 0 && code->extra_line_count)
        status = marshal_put(w, code->extra_lines, code->extra_line_count * sizeof(CodeLine));
    ref_release(instructions);
    // The length of the positions goes in front of them.
    size_t at = w->length;
    uint32_t length = 0;
    if (status == 0)
        status = marshal_put(w, &length, sizeof length);
    if (status == 0)
        status = put_positions(w, code);
    if (status == 0) {
        length = (uint32_t)(w->length - at - sizeof length);
        memcpy(w->data + at, &length, sizeof length);
    }
    return status;
}

int marshal_write_code(MarshalWriter *w, Value v, int depth) {
    const Code *code = code_of(v);
    bool same_file = !value_is_null(w->filename) && value_same(w->filename, code->filename);
    Value outer = w->filename;
    int status = write_tables(w, v) < 0 || marshal_put_byte(w, same_file) < 0 ? -1 : 0;
    if (status == 0 && !same_file)
        status = marshal_write(w, code->filename, depth + 1);
    w->filename = code->filename;
    const Value parts[] = {code->name,        code->qualname,   code->names,
                           code->local_names, code->cell_names, code->free_names};
    for (size_t i = 0; i < sizeof parts / sizeof *parts && status == 0; i++)
        status = marshal_write(w, parts[i], depth + 1);
    for (uint32_t i = 0; i < code->constant_count && status == 0; i++)
        status = marshal_write(w, code->constants[i], depth + 1);
    w->filename = outer;
    return status;
}

// ---- builtins among constants ------------------------------------------------------------------
// Native functions of the compiler's own, and exception types: written as their names.

static Value builtin_named(Value name) {
    const NativeDef *def = compile_native(name);
    if (def)
        return native_function_new(def, VALUE_NULL, VALUE_NULL);
    Value builtins = import_module_cstr("builtins");
    Value v = value_is_null(builtins) ? VALUE_NULL : value_getattr(builtins, name);
    ref_release(builtins);
    return v;
}

int marshal_write_builtin(MarshalWriter *w, Value v, int depth) {
    Value name = value_getattr(v, name___name__);
    bool known;
    if (value_is_exactly(v, &native_function_type)) {
        known = compile_is_native(((NativeFunction *)value_object(v))->def);
    } else {
        Value found = value_is_null(name) ? VALUE_NULL : builtin_named(name);
        known = !value_is_null(found) && value_same(found, v);
        ref_release(found);
        error_clear();
    }
    int status = -1;
    if (!known)
        raise_value_error("unmarshallable object");
    else if (!value_is_null(name))
        status = marshal_put_byte(w, 'B') < 0 ? -1 : marshal_write(w, name, depth + 1);
    ref_release(name);
    return status;
}

Value marshal_read_builtin(MarshalReader *r, int depth) {
    Value name = marshal_read(r, depth + 1), v = VALUE_NULL;
    if (!value_is_null(name))
        v = value_is_exact_str(name) ? builtin_named(name) : marshal_bad("name");
    ref_release(name);
    return v;
}

// ---- reading -----------------------------------------------------------------------------------

static void *copy_table(MarshalReader *r, size_t size) {
    const uint8_t *data = marshal_take(r, (int64_t)size);
    void *copy = data ? buffer_allocate(size ? size : 1) : NULL;
    if (copy)
        memcpy(copy, data, size);
    else if (data)
        raise_memory_error();
    return copy;
}

static int read_tables(MarshalReader *r, Code *code) {
    uint64_t form;
    uint32_t numbers[NUMBERS], length;
    const uint8_t *data = marshal_take(r, sizeof form + sizeof numbers);
    if (!data)
        return -1;
    memcpy(&form, data, sizeof form);
    memcpy(numbers, data + sizeof form, sizeof numbers);
    if (form != marshal_code_form()) {
        marshal_bad("code of another interpreter");
        return -1;
    }
    // Sizes that cannot be are found before they are multiplied.
    for (int i = 7; i < NUMBERS; i++) {
        if (marshal_cannot_have(r, numbers[i])) {
            marshal_bad("size out of range");
            return -1;
        }
    }
    code->flags = numbers[0];
    code->argument_count = (uint16_t)numbers[1];
    code->positional_only_count = (uint16_t)numbers[2];
    code->keyword_only_count = (uint16_t)numbers[3];
    code->local_count = (uint16_t)numbers[4];
    code->register_count = (uint16_t)numbers[5];
    code->first_line = (int32_t)numbers[6];
    if (!(code->instructions = copy_table(r, (size_t)numbers[7] * 8)))
        return -1;
    code->word_count = numbers[7];
    if (!(code->handlers = copy_table(r, numbers[8] * sizeof(CodeHandler))))
        return -1;
    code->handler_count = (uint16_t)numbers[8];
    if (!(code->extra_lines = copy_table(r, numbers[11] * sizeof(CodeLine))))
        return -1;
    code->extra_line_count = numbers[11];
    data = marshal_take(r, sizeof length);
    if (!data)
        return -1;
    memcpy(&length, data, sizeof length);
    code->positions = buffer_allocate((numbers[9] ? numbers[9] : 1) * sizeof(CodePosition));
    code->constants = buffer_allocate((numbers[10] ? numbers[10] : 1) * sizeof(Value));
    if (!code->positions || !code->constants) {
        raise_memory_error();
        return -1;
    }
    data = marshal_take(r, length);
    if (!data)
        return -1;
    code->position_count = numbers[9];
    if (!get_positions(data, data + length, code)) {
        marshal_bad("positions");
        return -1;
    }
    return (int)numbers[10];
}

static int read_part(MarshalReader *r, Type *type, Value *out, int depth) {
    *out = marshal_read(r, depth + 1);
    if (value_is_null(*out))
        return -1;
    if (!value_is_exactly(*out, type)) {
        marshal_bad("code");
        return -1;
    }
    return 0;
}

Value marshal_read_code(MarshalReader *r, int depth) {
    Code *code = code_allocate();
    if (!code)
        return VALUE_NULL;
    Value outer = r->filename;
    int constants = read_tables(r, code);
    const uint8_t *same_file = constants < 0 ? NULL : marshal_take(r, 1);
    int status = same_file ? 0 : -1;
    if (status == 0 && *same_file && !value_is_null(outer))
        code->filename = ref_new(outer);
    else if (status == 0)
        status = read_part(r, &str_type, &code->filename, depth);
    if (status == 0 && value_is_null(outer) && !value_is_null(r->instead)) {
        ref_release(code->filename);
        code->filename = ref_new(r->instead);
    }
    r->filename = code->filename;
    if (status == 0)
        status = read_part(r, &str_type, &code->name, depth);
    if (status == 0)
        status = read_part(r, &str_type, &code->qualname, depth);
    Value *const tuples[] = {&code->names, &code->local_names, &code->cell_names,
                             &code->free_names};
    for (size_t i = 0; i < 4 && status == 0; i++)
        status = read_part(r, &tuple_type, tuples[i], depth);
    for (int i = 0; i < constants && status == 0; i++) {
        Value constant = marshal_read(r, depth + 1);
        if (value_is_null(constant)) {
            status = -1;
        } else {
            code->constants[i] = constant;
            code->constant_count = (uint32_t)i + 1;
        }
    }
    r->filename = outer;
    if (status < 0) {
        ref_release_object(code);
        return VALUE_NULL;
    }
#ifndef NDEBUG
    code_verify(code);
#endif
    return value_from_object(code);
}

void marshal_fix_filename(Value v, Value old_name, Value new_name) {
    Code *code = code_of(v);
    if (!str_equal(code->filename, old_name))
        return;
    for (uint32_t i = 0; i < code->constant_count; i++)
        if (value_is_exactly(code->constants[i], &code_type))
            marshal_fix_filename(code->constants[i], old_name, new_name);
    Value old = code->filename;
    code->filename = ref_new(new_name);
    ref_release(old);
}
