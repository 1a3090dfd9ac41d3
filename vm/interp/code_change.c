// SPDX-License-Identifier: MIT
//
// Code objects made of others: replace() and types.CodeType(). Neither makes instructions. Names,
// constants, lines and flags may be others, as far as the instructions can still rely on what they
// index; the rest may be given only with the value that it has, and the exception table also as
// b"", for none. types.CodeType finds the instructions behind co_exceptiontable (code_image.c), so
// that it does with the attributes of a code object, the same or other ones, what replace() does.
#include "vm/compile/compiler.h"
#include "vm/interp/code_tables.h"
#include "vm/interp/interp_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/native_keywords.h"
#include <limits.h>

enum {
    R_ARGCOUNT,
    R_POSONLY,
    R_KWONLY,
    R_NLOCALS,
    R_STACKSIZE,
    R_FLAGS,
    R_CODE,
    R_CONSTS,
    R_NAMES,
    R_VARNAMES,
    R_FILENAME,
    R_NAME,
    R_QUALNAME,
    R_FIRSTLINE,
    R_LINETABLE,
    R_EXCEPTIONTABLE,
    R_FREEVARS,
    R_CELLVARS,
    R_COUNT,
};
typedef enum { KIND_INT, KIND_BYTES, KIND_TUPLE, KIND_STR } FieldKind;

// In the order of types.CodeType's arguments.
static const struct {
    const char *name; // behind "co_"
    FieldKind kind;
} fields[R_COUNT] = {
    [R_ARGCOUNT] = {"argcount", KIND_INT},     [R_POSONLY] = {"posonlyargcount", KIND_INT},
    [R_KWONLY] = {"kwonlyargcount", KIND_INT}, [R_NLOCALS] = {"nlocals", KIND_INT},
    [R_STACKSIZE] = {"stacksize", KIND_INT},   [R_FLAGS] = {"flags", KIND_INT},
    [R_CODE] = {"code", KIND_BYTES},           [R_CONSTS] = {"consts", KIND_TUPLE},
    [R_NAMES] = {"names", KIND_TUPLE},         [R_VARNAMES] = {"varnames", KIND_TUPLE},
    [R_FILENAME] = {"filename", KIND_STR},     [R_NAME] = {"name", KIND_STR},
    [R_QUALNAME] = {"qualname", KIND_STR},     [R_FIRSTLINE] = {"firstlineno", KIND_INT},
    [R_LINETABLE] = {"linetable", KIND_BYTES}, [R_EXCEPTIONTABLE] = {"exceptiontable", KIND_BYTES},
    [R_FREEVARS] = {"freevars", KIND_TUPLE},   [R_CELLVARS] = {"cellvars", KIND_TUPLE},
};

// What was asked for. `given` is borrowed from the arguments; numbers are in `numbers`.
typedef struct {
    Value given[R_COUNT];
    int numbers[R_COUNT];
    const CodeImage *image; // what the instructions rely on
    bool anew;              // by types.CodeType
} Change;

static bool has(const Change *change, int field) {
    return !value_is_null(change->given[field]);
}

// ---- arguments -----------------------------------------------------------------------------

static int wrong_type(const Change *change, int field, const char *wanted) {
    Value v = change->given[field];
    if (!change->anew)
        return raise_int(&exception_TypeError, "replace() argument 'co_%s' must be %s, not %G",
                         fields[field].name, wanted, v);
    if (value_is_none(v))
        return raise_int(&exception_TypeError, "code() argument %d must be %s, not None", field + 1,
                         wanted);
    return raise_int(&exception_TypeError, "code() argument %d must be %s, not %G", field + 1,
                     wanted, v);
}

static int take_number(Change *change, int field) {
    int64_t n;
    if (value_to_i64(change->given[field], &n) < 0 || n < INT_MIN || n > INT_MAX) {
        if (!error_occurred() || error_matches(&exception_OverflowError)) {
            error_clear();
            raise_error(&exception_OverflowError, "Python int too large to convert to C int");
        }
        return -1;
    }
    change->numbers[field] = (int)n;
    return 0;
}

static int check_kinds(Change *change) {
    for (int i = 0; i < R_COUNT; i++) {
        if (!has(change, i))
            continue;
        Value v = change->given[i];
        switch (fields[i].kind) {
        case KIND_INT:
            if (take_number(change, i) < 0)
                return -1;
            break;
        case KIND_BYTES:
            if (!value_is_bytes(v))
                return wrong_type(change, i, "bytes");
            break;
        case KIND_TUPLE:
            if (!value_is_tuple(v))
                return wrong_type(change, i, "tuple");
            break;
        case KIND_STR:
            if (!value_is_str(v))
                return wrong_type(change, i, "str");
            break;
        }
    }
    return 0;
}

static int check_signs(const Change *change) {
    for (int i = 0; i < R_COUNT; i++) {
        if (!has(change, i) || fields[i].kind != KIND_INT || change->numbers[i] >= 0)
            continue;
        if (!change->anew)
            return raise_int(&exception_ValueError, "co_%s must be a positive integer",
                             fields[i].name);
        if (i <= R_NLOCALS)
            return raise_int(&exception_ValueError, "code: %s must not be negative",
                             fields[i].name);
        if (i != R_FIRSTLINE)
            return raise_int(&exception_SystemError, "bad argument to internal function");
    }
    return 0;
}

static int check_names(const Change *change) {
    static const int tuples[] = {R_NAMES, R_VARNAMES, R_FREEVARS, R_CELLVARS};
    for (size_t k = 0; k < sizeof tuples / sizeof *tuples; k++) {
        Value v = change->given[tuples[k]];
        for (int64_t i = 0; !value_is_null(v) && i < tuple_length(v); i++) {
            Value name = tuple_item(v, i);
            if (value_is_str(name))
                continue;
            if (!change->anew)
                return raise_int(&exception_SystemError, "non-string found in code slot");
            return raise_int(&exception_TypeError,
                             "name tuples must contain only strings, not '%T'", name);
        }
    }
    return 0;
}

static int check_arguments(Change *change) {
    return check_kinds(change) < 0 || check_signs(change) < 0 || check_names(change) < 0 ? -1 : 0;
}

// ---- what the instructions depend on -------------------------------------------------------

static int cannot_differ(int field) {
    return raise_int(&exception_ValueError, "code: co_%s must be that of the instructions",
                     fields[field].name);
}

static int must_equal(const Change *change, int field, Value current) {
    int equal = value_is_null(current) ? -1 : value_equals(change->given[field], current);
    ref_release(current);
    return equal == 0 ? cannot_differ(field) : equal < 0 ? -1 : 0;
}

static int check_parameters(const Code *code, const Change *change) {
    const struct {
        int field;
        uint32_t now;
    } counts[] = {{R_ARGCOUNT, code->argument_count},
                  {R_POSONLY, code->positional_only_count},
                  {R_KWONLY, code->keyword_only_count}};
    const uint32_t rest = CODE_VARARGS | CODE_VARKEYWORDS;
    uint32_t flags = has(change, R_FLAGS) ? (uint32_t)change->numbers[R_FLAGS] : code->flags;
    uint64_t parameters = !!(flags & CODE_VARARGS) + !!(flags & CODE_VARKEYWORDS);
    for (int i = 0; i < 3; i++)
        if (counts[i].field != R_POSONLY)
            parameters += has(change, counts[i].field) ? (uint32_t)change->numbers[counts[i].field]
                                                       : counts[i].now;
    uint64_t variables = has(change, R_VARNAMES) ? (uint64_t)tuple_length(change->given[R_VARNAMES])
                                                 : change->image->variable_count;
    if (parameters > variables)
        return raise_int(&exception_ValueError, "code: co_varnames is too small");
    if (has(change, R_NLOCALS) && (uint64_t)change->numbers[R_NLOCALS] != variables)
        return raise_int(&exception_ValueError, "code: co_nlocals != len(co_varnames)");
    for (int i = 0; i < 3; i++)
        if (has(change, counts[i].field) &&
            (uint32_t)change->numbers[counts[i].field] != counts[i].now)
            return cannot_differ(counts[i].field);
    return (flags & rest) == (code->flags & rest) ? 0 : cannot_differ(R_FLAGS);
}

static int check_code(Code *code, const Change *change) {
    if (has(change, R_CODE)) {
        if (bytes_length(change->given[R_CODE]) % 2)
            return raise_int(&exception_ValueError, "code: co_code is malformed");
        if (must_equal(change, R_CODE, code_units(code)) < 0)
            return -1;
    }
    if (has(change, R_EXCEPTIONTABLE) && !change->anew) {
        if (bytes_length(change->given[R_EXCEPTIONTABLE]) == 0)
            code->handler_count = 0;
        else if (must_equal(change, R_EXCEPTIONTABLE, code_exception_table(code)) < 0)
            return -1;
    }
    return 0;
}

// ---- names and constants -------------------------------------------------------------------

static void set_value(Value *field, Value new_one) {
    Value old = *field;
    *field = new_one;
    ref_release(old);
}

// A name as code keeps it: an interned str, never of a subclass. New; NULL without memory.
static Value name_from(Value v) {
    Value name = str_substring(v, 0, str_length(v));
    return value_is_null(name) ? name : str_intern(name);
}

// A tuple of `count` names, still empty. NULL without memory.
static Value names_allocate(int64_t count) {
    return count ? tuple_allocate(count) : tuple_empty();
}

static int set_names(Value *field, Value names) {
    int64_t count = tuple_length(names);
    Value copy = names_allocate(count);
    for (int64_t i = 0; !value_is_null(copy) && i < count; i++) {
        Value name = name_from(tuple_item(names, i));
        tuple_of(copy)->items[i] = name;
        if (value_is_null(name)) {
            ref_release(copy);
            copy = VALUE_NULL;
        }
    }
    if (value_is_null(copy))
        return -1;
    set_value(field, copy);
    return 0;
}

// The variables' and cells' names go where code_locals found them.
static int set_locals(Code *code, const Change *change, Value variables, Value cells) {
    Value names = names_allocate(code->local_count);
    int status = value_is_null(names) ? -1 : 0;
    for (uint32_t i = 0; i < code->local_count && status == 0; i++) {
        CodeLocal local = change->image->locals[i];
        Value variable = local.variable ? tuple_item(variables, local.variable - 1) : VALUE_NULL;
        Value cell = local.cell ? tuple_item(cells, local.cell - 1) : VALUE_NULL;
        if (local.variable && local.cell && !str_equal(variable, cell)) {
            status = cannot_differ(R_CELLVARS);
            break;
        }
        Value name = local.variable ? name_from(variable)
                     : local.cell   ? name_from(cell)
                                    : str_empty();
        tuple_of(names)->items[i] = name;
        status = value_is_null(name) ? -1 : 0;
    }
    if (status < 0) {
        ref_release(names);
        return -1;
    }
    set_value(&code->local_names, names);
    return set_names(&code->cell_names, cells);
}

static int change_locals(Code *code, const Change *change) {
    if (!has(change, R_VARNAMES) && !has(change, R_CELLVARS))
        return 0;
    Value variables = has(change, R_VARNAMES) ? ref_new(change->given[R_VARNAMES])
                                              : code_variable_names(value_from_object(code));
    Value cells = ref_new(has(change, R_CELLVARS) ? change->given[R_CELLVARS] : code->cell_names);
    int status = -1;
    if (value_is_null(variables))
        status = -1;
    else if (tuple_length(variables) != change->image->variable_count)
        status = cannot_differ(R_VARNAMES);
    else if (tuple_length(cells) != change->image->cell_count)
        status = cannot_differ(R_CELLVARS);
    else
        status = set_locals(code, change, variables, cells);
    ref_release(variables);
    ref_release(cells);
    return status;
}

// Constants may be added; those that must be code objects stay such.
static int set_constants(Code *code, const Change *change) {
    Value v = change->given[R_CONSTS];
    uint32_t needed = change->image->constant_count;
    bool fits = tuple_length(v) >= needed;
    for (uint32_t i = 0; fits && i < needed; i++)
        fits = change->image->constant_is_code[i] == value_is_exactly(tuple_item(v, i), &code_type);
    if (!fits)
        return cannot_differ(R_CONSTS);
    size_t count = (size_t)tuple_length(v);
    Value *constants = buffer_allocate((count ? count : 1) * sizeof(Value));
    if (!constants) {
        raise_memory_error();
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        constants[i] = ref_new(tuple_item(v, (int64_t)i));
    Value *old = code->constants;
    uint32_t old_count = code->constant_count;
    code->constants = constants;
    code->constant_count = (uint32_t)count;
    for (uint32_t i = 0; i < old_count; i++)
        ref_release(old[i]);
    buffer_free(old);
    return 0;
}

static int change_names(Code *code, const Change *change) {
    if (has(change, R_NAMES)) {
        if (tuple_length(change->given[R_NAMES]) < change->image->name_count)
            return cannot_differ(R_NAMES);
        if (set_names(&code->names, change->given[R_NAMES]) < 0)
            return -1;
    }
    if (has(change, R_FREEVARS)) {
        if (tuple_length(change->given[R_FREEVARS]) < change->image->free_count)
            return cannot_differ(R_FREEVARS);
        if (set_names(&code->free_names, change->given[R_FREEVARS]) < 0)
            return -1;
    }
    const struct {
        int field;
        Value *to;
    } strs[] = {
        {R_FILENAME, &code->filename}, {R_NAME, &code->name}, {R_QUALNAME, &code->qualname}};
    for (int i = 0; i < 3; i++) {
        if (!has(change, strs[i].field))
            continue;
        Value name = name_from(change->given[strs[i].field]);
        if (value_is_null(name))
            return -1;
        set_value(strs[i].to, name);
    }
    return 0;
}

// Lines count from the first one.
static void move_lines(Code *code, int distance) {
    for (uint32_t i = 0; i < code->position_count; i++) {
        if (code->positions[i].line > 0) {
            code->positions[i].line += distance;
            code->positions[i].end_line += distance;
        }
    }
    for (uint32_t i = 0; i < code->extra_line_count; i++)
        code->extra_lines[i].line += distance;
}

static int change_all(Code *code, const Change *change) {
    if (check_parameters(code, change) < 0 || check_code(code, change) < 0 ||
        change_locals(code, change) < 0)
        return -1;
    if (has(change, R_FLAGS)) {
        const uint32_t kept = CODE_HAS_NAMESPACE | CODE_SIMPLE;
        code->flags = (code->flags & kept) | ((uint32_t)change->numbers[R_FLAGS] & ~kept);
    }
    if (has(change, R_FIRSTLINE)) {
        int first = change->numbers[R_FIRSTLINE];
        move_lines(code, (int)((unsigned)first - (unsigned)code->first_line));
        code->first_line = first;
    }
    if (has(change, R_LINETABLE)) {
        uint32_t extra = code->extra_line_count;
        if (code_set_line_table(code, change->given[R_LINETABLE]) < 0)
            return -1;
        if (change->anew) // they did not come with the table
            code->extra_line_count = extra;
    }
    if (has(change, R_CONSTS) && set_constants(code, change) < 0)
        return -1;
    return change_names(code, change);
}

// ---- replace() -----------------------------------------------------------------------------

static void *copy_buffer(const void *data, size_t size) {
    void *copy = buffer_allocate(size ? size : 1);
    if (copy && size)
        memcpy(copy, data, size);
    return copy;
}

// A copy without cached words; all fields valid even if it fails half-way (NULL then).
static Code *code_copy(const Code *from) {
    Code *code = code_allocate();
    if (!code)
        return NULL;
    code->flags = from->flags;
    code->argument_count = from->argument_count;
    code->positional_only_count = from->positional_only_count;
    code->keyword_only_count = from->keyword_only_count;
    code->local_count = from->local_count;
    code->register_count = from->register_count;
    code->first_line = from->first_line;
    code->names = ref_new(from->names);
    code->local_names = ref_new(from->local_names);
    code->cell_names = ref_new(from->cell_names);
    code->free_names = ref_new(from->free_names);
    code->name = ref_new(from->name);
    code->qualname = ref_new(from->qualname);
    code->filename = ref_new(from->filename);
    Value bytes = code_instruction_bytes(value_from_object(from));
    if (!value_is_null(bytes)) {
        code->instructions = copy_buffer(bytes_data(bytes), (size_t)from->word_count * 8);
        if (code->instructions)
            code->word_count = from->word_count;
        ref_release(bytes);
    }
    code->positions = copy_buffer(from->positions, from->position_count * sizeof(CodePosition));
    code->extra_lines = copy_buffer(from->extra_lines, from->extra_line_count * sizeof(CodeLine));
    code->handlers = copy_buffer(from->handlers, from->handler_count * sizeof(CodeHandler));
    code->constants = copy_buffer(from->constants, from->constant_count * sizeof(Value));
    if (!code->instructions || !code->positions || !code->extra_lines || !code->handlers ||
        !code->constants) {
        ref_release_object(code);
        if (!error_occurred())
            raise_memory_error();
        return NULL;
    }
    code->position_count = from->position_count;
    code->extra_line_count = from->extra_line_count;
    code->handler_count = from->handler_count;
    code->constant_count = from->constant_count;
    for (uint32_t i = 0; i < code->constant_count; i++)
        ref_retain(code->constants[i]);
    return code;
}

// What code_image_read would find for the code itself. Both buffers are the caller's to free.
static int describe(const Code *code, CodeImage *image, uint8_t **is_code) {
    image->locals = buffer_allocate((code->local_count + (size_t)1) * sizeof(CodeLocal));
    *is_code = buffer_allocate(code->constant_count + (size_t)1);
    Value variables = code_variable_names(value_from_object(code));
    if (!image->locals || !*is_code || value_is_null(variables)) {
        ref_release(variables);
        if (!error_occurred())
            raise_memory_error();
        return -1;
    }
    code_locals(code, variables, image->locals);
    for (uint32_t i = 0; i < code->constant_count; i++)
        (*is_code)[i] = value_is_exactly(code->constants[i], &code_type);
    image->constant_is_code = *is_code;
    image->variable_count = (uint32_t)tuple_length(variables);
    image->cell_count = (uint32_t)tuple_length(code->cell_names);
    image->free_count = (uint32_t)tuple_length(code->free_names);
    image->name_count = (uint32_t)tuple_length(code->names);
    image->constant_count = code->constant_count;
    ref_release(variables);
    return 0;
}

Value code_replace(Value self, const Value *args, size_t nargs, Value kwnames) {
    // In the order of `fields`; none may be given by position.
    static const char *const names[] = {"co_argcount",
                                        "co_posonlyargcount",
                                        "co_kwonlyargcount",
                                        "co_nlocals",
                                        "co_stacksize",
                                        "co_flags",
                                        "co_code",
                                        "co_consts",
                                        "co_names",
                                        "co_varnames",
                                        "co_filename",
                                        "co_name",
                                        "co_qualname",
                                        "co_firstlineno",
                                        "co_linetable",
                                        "co_exceptiontable",
                                        "co_freevars",
                                        "co_cellvars",
                                        NULL};
    Change change = {.anew = false};
    if (arguments_parse("replace", args, nargs, kwnames, names, 0, 0, 0, change.given) < 0 ||
        check_arguments(&change) < 0)
        return VALUE_NULL;
    CodeImage image = {0};
    uint8_t *is_code = NULL;
    change.image = &image;
    Code *code = describe(code_of(self), &image, &is_code) < 0 ? NULL : code_copy(code_of(self));
    if (code && change_all(code, &change) < 0) {
        ref_release_object(code);
        code = NULL;
    }
    buffer_free(is_code);
    code_image_done(&image);
    return code ? value_from_object(code) : VALUE_NULL;
}

// ---- types.CodeType() ----------------------------------------------------------------------

static int make_anew(Code *code, Change *change, CodeImage *image) {
    code->first_line = change->numbers[R_FIRSTLINE];
    code->names = tuple_empty();
    code->local_names = tuple_empty();
    code->cell_names = tuple_empty();
    code->free_names = tuple_empty();
    code->name = str_empty();
    code->qualname = str_empty();
    code->filename = str_empty();
    if (code_image_read(code, change->given[R_EXCEPTIONTABLE], image) < 0)
        return -1;
    for (uint32_t i = 0; i < code->extra_line_count; i++)
        code->extra_lines[i].line += code->first_line;
    if (change_all(code, change) < 0)
        return -1;
#ifndef NDEBUG
    code_verify(code);
#endif
    return 0;
}

Value code_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("code", kwnames) < 0)
        return VALUE_NULL;
    if (nargs < R_FREEVARS || nargs > R_COUNT)
        return raise_arguments("code", nargs, R_FREEVARS, R_COUNT);
    Change change = {.anew = true};
    memcpy(change.given, args, nargs * sizeof *args);
    Value none = nargs < R_COUNT ? tuple_empty() : VALUE_NULL;
    for (size_t i = nargs; i < R_COUNT; i++)
        change.given[i] = none;
    CodeImage image = {0};
    change.image = &image;
    Code *code = check_arguments(&change) < 0 ? NULL : code_allocate();
    if (code && make_anew(code, &change, &image) < 0) {
        ref_release_object(code);
        code = NULL;
    }
    code_image_done(&image);
    ref_release(none);
    return code ? value_from_object(code) : VALUE_NULL;
}
