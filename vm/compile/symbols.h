// SPDX-License-Identifier: MIT
//
// Scopes and symbols: which variable each name of a program means. Built from the tree before any
// code is generated, in two steps: symbols_build.c walks the tree and records what each scope does
// with each name (and folds constants on the way), symbols_resolve.c decides from that where every
// name lives.
//
// Invariants after symbols_build and symbols_resolve:
//  - every function, class, lambda, comprehension and the module has one Scope, found by
//  scope_of_node;
//  - every Symbol's binding is known; in function scopes a LOCAL or CELL symbol has a register in
//  `slot`,
//    a FREE symbol (any scope) its index in the closure;
//  - symbols are in order of first appearance, parameters first, in the order the code object wants
//  them.
// Everything lies in the compilation's arena. Private to vm/compile.
#ifndef LOCKSMITH_VM_COMPILE_SYMBOLS_H
#define LOCKSMITH_VM_COMPILE_SYMBOLS_H

#include "vm/parse/ast.h"

struct Compiler;

typedef struct Position {
    int32_t line, end_line;     // line 0: none
    int32_t column, end_column; // UTF-8 bytes, -1: none
} Position;

enum {                 // Symbol.flags: what the scope does with the name
    SYMBOL_GLOBAL = 1, // declared global
    SYMBOL_LOCAL = 2,  // assigned
    SYMBOL_PARAMETER = 4,
    SYMBOL_NONLOCAL = 8, // declared nonlocal
    SYMBOL_USED = 16,
    SYMBOL_IMPORTED = 32, // bound by import
    SYMBOL_ANNOTATED = 64,
    SYMBOL_ITERATION = 128,  // iteration variable of a comprehension
    SYMBOL_DELETED = 256,    // by del or by the end of an except clause: may become unbound again
    SYMBOL_NAMED_EXPR = 512, // target of := : may change in the middle of an expression
    SYMBOL_FREE_IN_CLASS =
        1024, // a class binds the name and also passes an outer one to its methods
    SYMBOL_BOUND = SYMBOL_LOCAL | SYMBOL_PARAMETER | SYMBOL_IMPORTED,
};

typedef enum {
    BINDING_UNKNOWN,
    BINDING_LOCAL,
    BINDING_CELL, // local, shared with inner functions
    BINDING_FREE, // of an enclosing function (or the __class__ of an enclosing class)
    BINDING_GLOBAL_EXPLICIT,
    BINDING_GLOBAL_IMPLICIT,
} Binding;

typedef struct Symbol {
    const AstName *name;
    uint32_t flags;
    Binding binding;
    uint32_t slot;      // see above
    uint32_t free_slot; // SYMBOL_FREE_IN_CLASS: index in the closure
    Position declared;  // of the global or nonlocal statement, for errors
} Symbol;

typedef enum { SCOPE_MODULE, SCOPE_CLASS, SCOPE_FUNCTION, SCOPE_ANNOTATION } ScopeKind;
typedef enum {
    NOT_COMPREHENSION,
    LIST_COMPREHENSION,
    SET_COMPREHENSION,
    DICT_COMPREHENSION,
    GENERATOR_EXPRESSION,
} ComprehensionKind;

typedef struct Scope {
    ScopeKind kind;
    ComprehensionKind comprehension;
    const AstName *name;
    const AstName *private_name; // of the class whose __names are mangled here, or NULL
    struct Scope *parent, *first_child, *last_child, *next_sibling;
    const void *node;
    Position position;

    Symbol **symbols; // in order of appearance
    uint32_t symbol_count, symbol_capacity;
    Symbol **table; // open addressing by name, or NULL while there are few
    uint32_t table_size;

    Symbol **free; // closure, sorted by name
    uint32_t free_count;
    Symbol **cells; // sorted by name
    uint32_t cell_count;
    uint32_t local_count; // registers of locals (functions: set by symbols_resolve)
    uint32_t parameter_count;

    bool nested;    // inside a function
    bool generator; // contains yield
    bool coroutine; // async def, or contains await
    bool is_async;  // async def or an asynchronous comprehension
    bool has_varargs, has_varkeywords;
    // A class in which a method uses __class__ or super(): the cell it is in. No statement of the
    // class body can mean it, so it is not among the symbols.
    Symbol *class_cell;
    bool in_iteration_target; // while visiting a comprehension's target
    uint32_t in_iterable;     // while visiting a comprehension's iterable
} Scope;

// Walks the tree of c->module. Leaves with SyntaxError through compile_fail.
Scope *symbols_build(struct Compiler *c, AstModule *module);
void symbols_resolve(struct Compiler *c, Scope *module_scope);

// `name` as seen in a class named private_name (NULL: unchanged): __x becomes _Class__x.
const AstName *mangle_name(struct Compiler *c, const AstName *private_name, const AstName *name);

// The scope's symbol of an already mangled name, or NULL.
Symbol *scope_find(const Scope *scope, const AstName *name);
Symbol *scope_add(struct Compiler *c, Scope *scope, const AstName *name); // found or made
Scope *scope_of_node(struct Compiler *c, const void *node);

#endif
