// SPDX-License-Identifier: MIT
//
// _symtable: the compiler's scopes and symbols as objects, for the module symtable. An entry is
// made of a scope once that is resolved (vm/compile/symbols.h) and is constant from then on.
#include "vm/compile/compiler.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

enum { // the values of CPython's symtable.h, which programs see
    DEF_GLOBAL = 1,
    DEF_LOCAL = 2,
    DEF_PARAM = 4,
    DEF_NONLOCAL = 8,
    USE = 16,
    DEF_FREE = 32,
    DEF_FREE_CLASS = 64,
    DEF_IMPORT = 128,
    DEF_ANNOT = 256,
    DEF_COMP_ITER = 512,
    DEF_BOUND = DEF_LOCAL | DEF_PARAM | DEF_IMPORT,
    SCOPE_OFF = 11,
    SCOPE_MASK = 15,
    LOCAL = 1,
    GLOBAL_EXPLICIT = 2,
    GLOBAL_IMPLICIT = 3,
    FREE = 4,
    CELL = 5,
    TYPE_FUNCTION = 0,
    TYPE_CLASS = 1,
    TYPE_MODULE = 2,
};

typedef struct {
    Object header;
    Value name, symbols, varnames, children; // constant
    int type, line;
    bool nested;
} TableEntry;

static inline TableEntry *entry_of(Value v) {
    return (TableEntry *)value_object(v);
}

// ---- the type ------------------------------------------------------------------------------

static Value get_id(Value self) {
    return int_from_u64((uint64_t)value_object(self));
}
static Value get_type(Value self) {
    return value_from_int(entry_of(self)->type);
}
static Value get_line(Value self) {
    return value_from_int(entry_of(self)->line);
}
static Value get_nested(Value self) {
    return value_from_int(entry_of(self)->nested);
}

static Value entry_repr(Value self) {
    Value id = get_id(self);
    Value text = str_format("<symtable entry %V(%V), line %d>", entry_of(self)->name, id,
                            entry_of(self)->line);
    ref_release(id);
    return text;
}

static void entry_destroy(Object *self) {
    TableEntry *e = (TableEntry *)self;
    ref_release(e->name);
    ref_release(e->symbols);
    ref_release(e->varnames);
    ref_release(e->children);
    object_free_fixed(self);
}

static void entry_traverse(Object *self, GcVisitor *visitor) {
    TableEntry *e = (TableEntry *)self;
    gc_visit(visitor, e->name);
    gc_visit(visitor, e->symbols);
    gc_visit(visitor, e->varnames);
    gc_visit(visitor, e->children);
}

static const GetSetDef entry_getsets[] = {
    {"id", get_id, NULL, NULL},       {"type", get_type, NULL, NULL},
    {"lineno", get_line, NULL, NULL}, {"nested", get_nested, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const MemberDef entry_members[] = {
    {"name", offsetof(TableEntry, name), true, false},
    {"symbols", offsetof(TableEntry, symbols), true, false},
    {"varnames", offsetof(TableEntry, varnames), true, false},
    {"children", offsetof(TableEntry, children), true, false},
    {NULL, 0, false, false},
};

static Type entry_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "symtable entry",
    .basic_size = sizeof(TableEntry),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = entry_destroy,
    .traverse = entry_traverse,
    .repr = entry_repr,
    .getsets = entry_getsets,
    .members = entry_members,
};

// ---- from scopes ---------------------------------------------------------------------------

static int symbol_flags(const Scope *scope, const Symbol *s) {
    static const struct {
        uint32_t own;
        int seen;
    } pairs[] = {{SYMBOL_GLOBAL, DEF_GLOBAL},
                 {SYMBOL_LOCAL, DEF_LOCAL},
                 {SYMBOL_PARAMETER, DEF_PARAM},
                 {SYMBOL_NONLOCAL, DEF_NONLOCAL},
                 {SYMBOL_USED, USE},
                 {SYMBOL_IMPORTED, DEF_IMPORT},
                 {SYMBOL_ANNOTATED, DEF_ANNOT},
                 {SYMBOL_ITERATION, DEF_COMP_ITER},
                 {SYMBOL_FREE_IN_CLASS, DEF_FREE_CLASS}};
    int flags = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (s->flags & pairs[i].own)
            flags |= pairs[i].seen;
    int where = 0;
    switch (s->binding) {
    case BINDING_LOCAL:
        where = LOCAL;
        break;
    case BINDING_CELL:
        where = CELL;
        break;
    case BINDING_FREE:
        where = FREE;
        break;
    case BINDING_GLOBAL_EXPLICIT:
        where = GLOBAL_EXPLICIT;
        break;
    case BINDING_GLOBAL_IMPLICIT:
    case BINDING_UNKNOWN:
        where = GLOBAL_IMPLICIT;
        break;
    }
    if (scope->kind == SCOPE_MODULE && where == GLOBAL_IMPLICIT && (flags & DEF_BOUND))
        where = LOCAL;
    return flags | where << SCOPE_OFF;
}

static Value scope_name(Compiler *c, const Scope *scope) {
    static const char *const comprehensions[] = {
        [LIST_COMPREHENSION] = "listcomp",
        [SET_COMPREHENSION] = "setcomp",
        [DICT_COMPREHENSION] = "dictcomp",
        [GENERATOR_EXPRESSION] = "genexpr",
    };
    if (scope->kind == SCOPE_MODULE)
        return str_from_cstr("top");
    if (scope->comprehension != NOT_COMPREHENSION)
        return str_from_cstr(comprehensions[scope->comprehension]);
    if (scope->name == c->n_lambda)
        return str_from_cstr("lambda");
    return ref_new(compile_name(c, scope->name));
}

static void fill(Compiler *c, TableEntry *e, const Scope *scope) {
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        const Symbol *s = scope->symbols[i];
        Value name = compile_name(c, s->name);
        if (dict_set(e->symbols, name, value_from_int(symbol_flags(scope, s))) < 0 ||
            ((s->flags & SYMBOL_PARAMETER) && list_append(e->varnames, name) < 0))
            compile_fail(c);
    }
}

static Value entry_of_scope(Compiler *c, const Scope *scope) { // borrowed from the compilation
    compile_check_stack(c);
    TableEntry *e = object_allocate(&entry_type);
    if (!e) {
        raise_memory_error();
        compile_fail(c);
    }
    Value self = compiler_own(c, value_from_object(e));
    e->type = scope->kind == SCOPE_MODULE  ? TYPE_MODULE
              : scope->kind == SCOPE_CLASS ? TYPE_CLASS
                                           : TYPE_FUNCTION;
    e->line = scope->kind == SCOPE_MODULE ? 0 : scope->position.line;
    e->nested = scope->nested;
    e->name = compiler_check(c, scope_name(c, scope));
    e->symbols = compiler_check(c, dict_new());
    e->varnames = compiler_check(c, list_new());
    e->children = compiler_check(c, list_new());
    fill(c, e, scope);
    for (const Scope *child = scope->first_child; child; child = child->next_sibling)
        if (child->kind != SCOPE_ANNOTATION &&
            list_append(e->children, entry_of_scope(c, child)) < 0)
            compile_fail(c);
    return self;
}

Value symtable_of_module(Compiler *c, const Scope *scope) {
    return entry_of_scope(c, scope);
}

// ---- the module ----------------------------------------------------------------------------

static Value symtable(Value self, const Value *args, size_t nargs) {
    CompileOptions options = {.only_symbols = true};
    if (!value_is_str(args[2]))
        return raise_type_error("symtable() argument 3 must be str, not %G", args[2]);
    if (str_equal_cstr(args[2], "exec"))
        options.mode = COMPILE_EXEC;
    else if (str_equal_cstr(args[2], "eval"))
        options.mode = COMPILE_EVAL;
    else if (str_equal_cstr(args[2], "single"))
        options.mode = COMPILE_SINGLE;
    else
        return raise_value_error("symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    Value filename = compile_file_name(args[1]);
    if (value_is_null(filename))
        return filename;
    Value table = compile_any_source(args[0], filename, &options, "symtable", 0);
    ref_release(filename);
    return table;
}

static const NativeDef symtable_functions[] = {
    DEF_FIXED("symtable", symtable, 3, 3, "Return symbol and scope dictionaries used internally."),
    DEF_END,
};

static int symtable_fill(Value module) {
    static const struct {
        const char *name;
        int value;
    } constants[] = {
        {"USE", USE},
        {"DEF_GLOBAL", DEF_GLOBAL},
        {"DEF_NONLOCAL", DEF_NONLOCAL},
        {"DEF_LOCAL", DEF_LOCAL},
        {"DEF_PARAM", DEF_PARAM},
        {"DEF_FREE", DEF_FREE},
        {"DEF_FREE_CLASS", DEF_FREE_CLASS},
        {"DEF_IMPORT", DEF_IMPORT},
        {"DEF_BOUND", DEF_BOUND},
        {"DEF_ANNOT", DEF_ANNOT},
        {"TYPE_FUNCTION", TYPE_FUNCTION},
        {"TYPE_CLASS", TYPE_CLASS},
        {"TYPE_MODULE", TYPE_MODULE},
        {"LOCAL", LOCAL},
        {"GLOBAL_EXPLICIT", GLOBAL_EXPLICIT},
        {"GLOBAL_IMPLICIT", GLOBAL_IMPLICIT},
        {"FREE", FREE},
        {"CELL", CELL},
        {"SCOPE_OFF", SCOPE_OFF},
        {"SCOPE_MASK", SCOPE_MASK},
    };
    type_ready(&entry_type);
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (module_add_int(module, constants[i].name, constants[i].value) < 0)
            return -1;
    return 0;
}

const NativeModule module_symtable = {
    .name = "_symtable",
    .functions = symtable_functions,
    .fill = symtable_fill,
};
