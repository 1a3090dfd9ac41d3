// SPDX-License-Identifier: MIT
//
// Code objects: life, lookups in their tables, and what Python sees of them. Made by
// vm/compile/assemble.c and by
// vm/interp/code_change.c; constant afterwards but for the instructions' opcodes and
// cache words (code.h).
//
// Offsets that Python sees (co_lines, f_lasti, tb_lasti) count two to an instruction word, so that
// offset // 2 indexes co_positions as the traceback module expects.
#include "vm/interp/code_tables.h"
#include "vm/interp/interp_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"

static const uint8_t cache_words[] = {
#define OP(name, format, cache) cache,
#include "vm/interp/opcodes.def"
#undef OP
};

const char opcode_formats[][4] = {
#define OP(name, format, cache) format,
#include "vm/interp/opcodes.def"
#undef OP
};

uint8_t instruction_temporaries(const Instruction *i, uint32_t local_count) {
    const uint16_t operands[] = {i->a, i->b, i->c};
    uint8_t temporaries = 0;
    for (int k = 0; k < 3; k++)
        if (opcode_formats[i->op][k] == 'r' && operands[k] >= local_count)
            temporaries |= (uint8_t)(TEMPORARY_A << k);
    return temporaries;
}

int opcode_length(uint16_t op) {
    return op < OP_PUBLIC_COUNT ? 1 + cache_words[op] : 1;
}

// ---- life ----------------------------------------------------------------------------------

Code *code_allocate(void) {
    Code *code = object_allocate(&code_type);
    if (code)
        ref_defer(code);
    return code;
}

static void code_destroy(Object *self) {
    Code *code = (Code *)self;
    if (code->instructions)
        code_free_caches(code);
    for (uint32_t i = 0; i < code->constant_count; i++)
        ref_release(code->constants[i]);
    buffer_free(code->instructions);
    buffer_free(code->constants);
    buffer_free(code->handlers);
    buffer_free(code->positions);
    buffer_free(code->extra_lines);
    ref_release(code->names);
    ref_release(code->local_names);
    ref_release(code->cell_names);
    ref_release(code->cell_locals);
    ref_release(code->free_names);
    ref_release(code->name);
    ref_release(code->qualname);
    ref_release(code->filename);
    object_free_fixed(self);
}

static void code_traverse(Object *self, GcVisitor *visitor) {
    Code *code = (Code *)self;
    for (uint32_t i = 0; i < code->constant_count; i++)
        gc_visit(visitor, code->constants[i]);
    gc_visit(visitor, code->names);
    gc_visit(visitor, code->local_names);
    gc_visit(visitor, code->cell_names);
    gc_visit(visitor, code->cell_locals);
    gc_visit(visitor, code->free_names);
    gc_visit(visitor, code->name);
    gc_visit(visitor, code->qualname);
    gc_visit(visitor, code->filename);
}

// ---- tables --------------------------------------------------------------------------------

const CodePosition *code_position(const Code *code, uint32_t word) {
    uint32_t low = 0, high = code->position_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (code->positions[middle].start <= word)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &code->positions[low - 1] : NULL;
}

int code_line(const Code *code, uint32_t word) {
    const CodePosition *p = code_position(code, word);
    return p ? p->line : 0;
}

// ---- attributes ----------------------------------------------------------------------------

static Value none_or_int(int n, bool none) {
    return none ? VALUE_NONE : value_from_int(n);
}

static Value get_argcount(Value self) {
    return value_from_int(code_of(self)->argument_count);
}
static Value get_posonly(Value self) {
    return value_from_int(code_of(self)->positional_only_count);
}
static Value get_kwonly(Value self) {
    return value_from_int(code_of(self)->keyword_only_count);
}
static Value get_stacksize(Value self) {
    return value_from_int(code_of(self)->register_count - code_of(self)->local_count);
}
static Value get_flags(Value self) {
    return value_from_int(code_of(self)->flags & ~(uint32_t)(CODE_HAS_NAMESPACE | CODE_SIMPLE));
}
static Value get_firstlineno(Value self) {
    return value_from_int(code_of(self)->first_line);
}
static Value get_names(Value self) {
    return ref_new(code_of(self)->names);
}
static Value get_cellvars(Value self) {
    return ref_new(code_of(self)->cell_names);
}
static Value get_freevars(Value self) {
    return ref_new(code_of(self)->free_names);
}
static Value get_filename(Value self) {
    return ref_new(code_of(self)->filename);
}
static Value get_name(Value self) {
    return ref_new(code_of(self)->name);
}
static Value get_qualname(Value self) {
    return ref_new(code_of(self)->qualname);
}

static uint32_t parameter_count(const Code *code) {
    return code->argument_count + code->keyword_only_count + !!(code->flags & CODE_VARARGS) +
           !!(code->flags & CODE_VARKEYWORDS);
}

static bool is_cell_name(const Code *code, Value name) {
    for (int64_t i = 0; i < tuple_length(code->cell_names); i++)
        if (value_same(tuple_item(code->cell_names, i), name))
            return true;
    return false;
}

// Parameters and other plain locals; hidden ones have no name.
Value code_variable_names(Value self) {
    const Code *code = code_of(self);
    uint32_t parameters = parameter_count(code);
    int64_t total = tuple_length(code->local_names), count = 0;
    for (int pass = 0;; pass++) {
        Value tuple = pass ? (count ? tuple_allocate(count) : tuple_empty()) : VALUE_NULL;
        if (pass && value_is_null(tuple))
            return tuple;
        count = 0;
        for (int64_t i = 0; i < total; i++) {
            Value name = tuple_item(code->local_names, i);
            if (i >= parameters && (str_length(name) == 0 || is_cell_name(code, name)))
                continue;
            if (pass)
                tuple_of(tuple)->items[count] = ref_new(name);
            count++;
        }
        if (pass)
            return tuple;
    }
}

static Value get_nlocals(Value self) {
    Value names = code_variable_names(self);
    if (value_is_null(names))
        return names;
    int64_t count = tuple_length(names);
    ref_release(names);
    return value_from_int(count);
}

static Value get_consts(Value self) {
    const Code *code = code_of(self);
    return code->constant_count ? tuple_from_array(code->constants, code->constant_count)
                                : tuple_empty();
}

// The instructions as they were compiled: cache words 0.
Value code_instruction_bytes(Value self) {
    const Code *code = code_of(self);
    uint8_t *data;
    Value bytes = bytes_allocate((int64_t)code->word_count * 8, &data);
    if (value_is_null(bytes))
        return bytes;
    for (uint32_t i = 0; i < code->word_count;) {
        Instruction word = code->instructions[i];
        word.op = __atomic_load_n(&code->instructions[i].op, __ATOMIC_RELAXED);
        memcpy(data + (size_t)i * 8, &word, 8);
        int length = opcode_length(word.op);
        for (int k = 1; k < length && i + (uint32_t)k < code->word_count; k++)
            memset(data + ((size_t)i + (size_t)k) * 8, 0, 8);
        i += (uint32_t)length;
    }
    return bytes;
}

static Value get_code(Value self) {
    return code_units(code_of(self));
}
static Value get_line_table(Value self) {
    return code_line_table(code_of(self));
}
static Value get_line_deltas(Value self) {
    return code_line_deltas(code_of(self));
}
static Value get_exception_table(Value self) {
    return code_exception_table(code_of(self));
}

// ---- co_lines, co_positions ----------------------------------------------------------------

static Value iterator_over(Value list) {
    if (value_is_null(list))
        return list;
    Value iterator = value_iter(list);
    ref_release(list);
    return iterator;
}

static int append_owned(Value list, Value item) {
    return value_is_null(item) ? -1 : list_append_owned(list, item);
}

static int append_lines(Value list, uint32_t start, uint32_t end, int line, bool is_none) {
    return append_owned(list,
                        tuple_pack(3, value_from_int((int64_t)start * 2),
                                   value_from_int((int64_t)end * 2), none_or_int(line, is_none)));
}

int code_opening_line(const Code *code) {
    return str_equal_cstr(code->name, "<module>") ? 0 : code->first_line;
}

static Value code_lines(Value self) {
    const Code *code = code_of(self);
    Value list = list_new();
    if (value_is_null(list))
        return list;
    // We have no instruction there: a range of no width stands for it (PEP 626 allows for those).
    int opening = code_opening_line(code);
    if (code->position_count && code->positions[0].line != opening &&
        append_lines(list, 0, 0, opening, false) < 0) {
        ref_release(list);
        return VALUE_NULL;
    }
    for (uint32_t i = 0; i < code->position_count;) {
        uint32_t start = code->positions[i].start;
        int line = code->positions[i].line;
        while (i < code->position_count && code->positions[i].line == line)
            i++;
        uint32_t end = i < code->position_count ? code->positions[i].start : code->word_count;
        if (append_lines(list, start, end, line, line == 0) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return iterator_over(list);
}

static Value code_positions(Value self) {
    const Code *code = code_of(self);
    Value list = list_new();
    if (value_is_null(list))
        return list;
    // Without any position, as after replace(co_linetable=b""), there is nothing to go through.
    uint32_t count = code->position_count ? code->word_count : 0;
    for (uint32_t word = 0; word < count; word++) {
        const CodePosition *p = code_position(code, word);
        CodePosition none = {0, 0, 0, -1, -1};
        if (!p)
            p = &none;
        if (append_owned(list, tuple_pack(4, none_or_int(p->line, p->line == 0),
                                          none_or_int(p->end_line, p->line == 0),
                                          none_or_int(p->column, p->column < 0),
                                          none_or_int(p->end_column, p->end_column < 0))) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return iterator_over(list);
}

static Value code_varname_from_oparg(Value self, Value index) {
    int64_t i;
    if (value_to_i64(index, &i) < 0)
        return VALUE_NULL;
    const Code *code = code_of(self);
    if (i < 0 || i >= tuple_length(code->local_names))
        return raise_error(&exception_IndexError, "tuple index out of range");
    return ref_new(tuple_item(code->local_names, i));
}

// ---- comparison ----------------------------------------------------------------------------

// Constants compare with their types, so that 1 and 1.0 and True differ.
static int constants_equal(Value a, Value b) {
    if (value_same(a, b))
        return 1;
    if (value_type(a) != value_type(b))
        return 0;
    if (value_is_exactly(a, &tuple_type)) {
        if (tuple_length(a) != tuple_length(b))
            return 0;
        for (int64_t i = 0; i < tuple_length(a); i++) {
            int equal = constants_equal(tuple_item(a, i), tuple_item(b, i));
            if (equal <= 0)
                return equal;
        }
        return 1;
    }
    if (value_is_exact_float(a)) {
        double x = float_value(a), y = float_value(b);
        return memcmp(&x, &y, sizeof x) == 0;
    }
    return value_equals(a, b);
}

static int code_equal(const Code *a, const Code *b) {
    if (a == b)
        return 1;
    if (a->argument_count != b->argument_count ||
        a->positional_only_count != b->positional_only_count ||
        a->keyword_only_count != b->keyword_only_count || a->flags != b->flags ||
        a->first_line != b->first_line || a->local_count != b->local_count ||
        a->constant_count != b->constant_count || a->word_count != b->word_count ||
        !str_equal(a->name, b->name))
        return 0;
    Value x = code_instruction_bytes(value_from_object(a)),
          y = code_instruction_bytes(value_from_object(b));
    int equal = value_is_null(x) || value_is_null(y)
                    ? -1
                    : !memcmp(bytes_data(x), bytes_data(y), (size_t)a->word_count * 8);
    ref_release(x);
    ref_release(y);
    const Value *tuples[][2] = {{&a->names, &b->names},
                                {&a->local_names, &b->local_names},
                                {&a->cell_names, &b->cell_names},
                                {&a->free_names, &b->free_names}};
    for (int i = 0; i < 4 && equal > 0; i++)
        equal = value_equals(*tuples[i][0], *tuples[i][1]);
    if (equal > 0 &&
        (a->position_count != b->position_count ||
         memcmp(a->positions, b->positions, a->position_count * sizeof(CodePosition)) ||
         a->handler_count != b->handler_count ||
         (a->handler_count &&
          memcmp(a->handlers, b->handlers, a->handler_count * sizeof(CodeHandler)))))
        equal = 0;
    for (uint32_t i = 0; i < a->constant_count && equal > 0; i++)
        equal = constants_equal(a->constants[i], b->constants[i]);
    return equal;
}

static Value code_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &code_type))
        return not_implemented_new();
    int equal = code_equal(code_of(self), code_of(other));
    return equal < 0 ? VALUE_NULL : bool_new(equal == (op == COMPARE_EQ));
}

static int64_t code_hash(Value self) {
    const Code *code = code_of(self);
    uint64_t h = (uint64_t)str_hash(code->name);
    const Value tuples[] = {code->names, code->local_names, code->free_names, code->cell_names};
    for (int i = 0; i < 4; i++) {
        int64_t part = value_hash(tuples[i]);
        if (part == -1)
            return -1;
        h = h * 1000003 ^ (uint64_t)part;
    }
    h = h * 1000003 ^ (uint64_t)code->first_line ^ (uint64_t)code->word_count << 20 ^
        code->argument_count;
    return (int64_t)h == -1 ? -2 : (int64_t)h;
}

static Value code_repr(Value self) {
    const Code *code = code_of(self);
    return str_format("<code object %V at %p, file \"%V\", line %d>", code->name, (void *)code,
                      code->filename, code->first_line ? code->first_line : -1);
}

// ---- the type ------------------------------------------------------------------------------

static const GetSetDef code_getsets[] = {
    {"co_argcount", get_argcount, NULL, NULL},
    {"co_posonlyargcount", get_posonly, NULL, NULL},
    {"co_kwonlyargcount", get_kwonly, NULL, NULL},
    {"co_nlocals", get_nlocals, NULL, NULL},
    {"co_stacksize", get_stacksize, NULL, NULL},
    {"co_flags", get_flags, NULL, NULL},
    {"co_firstlineno", get_firstlineno, NULL, NULL},
    {"co_code", get_code, NULL, NULL},
    {"co_consts", get_consts, NULL, NULL},
    {"co_names", get_names, NULL, NULL},
    {"co_varnames", code_variable_names, NULL, NULL},
    {"co_cellvars", get_cellvars, NULL, NULL},
    {"co_freevars", get_freevars, NULL, NULL},
    {"co_filename", get_filename, NULL, NULL},
    {"co_name", get_name, NULL, NULL},
    {"co_qualname", get_qualname, NULL, NULL},
    {"co_lnotab", get_line_deltas, NULL, NULL},
    {"co_linetable", get_line_table, NULL, NULL},
    {"co_exceptiontable", get_exception_table, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

static const NativeDef code_methods[] = {
    DEF_NONE("co_lines", code_lines, "Iterates over (start, end, line) of the instructions."),
    DEF_NONE("co_positions", code_positions,
             "Iterates over (line, end line, column, end column), one for each instruction word."),
    DEF_VECTOR("replace", code_replace, "A copy with some fields given new values."),
    DEF_ONE("_varname_from_oparg", code_varname_from_oparg, NULL),
    DEF_END,
};

Type code_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "code",
    .basic_size = sizeof(Code),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE,
    .doc = "A compiled function body, class body or module.",
    .call_new = code_new,
    .destroy = code_destroy,
    .traverse = code_traverse,
    .repr = code_repr,
    .hash = code_hash,
    .compare = code_compare,
    .methods = code_methods,
    .getsets = code_getsets,
};

void code_start(void) {
    type_ready(&code_type);
}
