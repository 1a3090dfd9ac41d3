// SPDX-License-Identifier: MIT
//
// The second step over the scopes: decides what every name means, by Python's scoping rules
// ("Naming and binding" in the language reference), and hands out registers and closure slots.
//
// What a name means outside the scope at hand is kept in one dense table by name index: not bound,
// bound by an enclosing function, or declared global by one. A scope that changes entries for its
// children puts them back when it is done, so the whole step is linear.
#include "vm/compile/compiler.h"
#include <stdlib.h>

typedef enum { OUTER_NONE, OUTER_BOUND, OUTER_GLOBAL } Outer;

typedef struct {
    Compiler *c;
    uint8_t *outer; // Outer of each name
    Symbol **free;  // free names found in the scopes done so far and not yet bound: a stack
    uint32_t free_count, free_capacity;
    uint32_t *seen; // stamp by name index, to list a free name once per scope
    uint32_t stamp;
} Resolver;

typedef struct {
    uint32_t index;
    uint8_t outer;
} Undo;

static void resolve_symbol(Resolver *r, Scope *scope, Symbol *symbol) {
    Compiler *c = r->c;
    uint32_t flags = symbol->flags;
    Outer outer = r->outer[symbol->name->index];
    if (flags & SYMBOL_GLOBAL) {
        if (flags & SYMBOL_NONLOCAL)
            compile_error(c, symbol->declared, "name '%s' is nonlocal and global",
                          symbol->name->text);
        symbol->binding = BINDING_GLOBAL_EXPLICIT;
    } else if (flags & SYMBOL_NONLOCAL) {
        if (scope->kind == SCOPE_MODULE)
            compile_error(c, symbol->declared, "nonlocal declaration not allowed at module level");
        if (outer != OUTER_BOUND)
            compile_error(c, symbol->declared, "no binding for nonlocal '%s' found",
                          symbol->name->text);
        symbol->binding = BINDING_FREE;
    } else if (flags & SYMBOL_BOUND) {
        symbol->binding = BINDING_LOCAL;
    } else {
        symbol->binding = outer == OUTER_BOUND ? BINDING_FREE : BINDING_GLOBAL_IMPLICIT;
    }
}

static int by_name(const void *a, const void *b) {
    return strcmp((*(Symbol *const *)a)->name->text, (*(Symbol *const *)b)->name->text);
}

static void sort_symbols(Symbol **symbols, uint32_t count) {
    if (count > 1)
        qsort(symbols, count, sizeof *symbols, by_name);
}

static void free_push(Resolver *r, Symbol *symbol) {
    ARRAY_RESERVE(r->c, r->free, r->free_count, r->free_capacity);
    r->free[r->free_count++] = symbol;
}

// Registers: parameters first, then the other locals in order of appearance. Class and module code
// has its namespace in register 0 and after it only cells.
static void assign_slots(Resolver *r, Scope *scope) {
    uint32_t next = scope->kind == SCOPE_FUNCTION ? 0 : 1;
    uint32_t cells = 0, free_count = 0;
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        Symbol *symbol = scope->symbols[i];
        if (symbol->binding == BINDING_CELL ||
            (symbol->binding == BINDING_LOCAL && scope->kind == SCOPE_FUNCTION))
            symbol->slot = next++;
        cells += symbol->binding == BINDING_CELL;
        free_count += symbol->binding == BINDING_FREE || (symbol->flags & SYMBOL_FREE_IN_CLASS);
    }
    if (scope->class_cell)
        scope->class_cell->slot = next++;
    scope->local_count = next;
    scope->cells = arena_allocate(r->c->arena, (cells + 2) * sizeof(Symbol *));
    scope->free = arena_allocate(r->c->arena, (free_count + 1) * sizeof(Symbol *));
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        Symbol *symbol = scope->symbols[i];
        if (symbol->binding == BINDING_CELL)
            scope->cells[scope->cell_count++] = symbol;
        if (symbol->binding == BINDING_FREE || (symbol->flags & SYMBOL_FREE_IN_CLASS))
            scope->free[scope->free_count++] = symbol;
    }
    sort_symbols(scope->cells, scope->cell_count);
    if (scope->class_cell) // a class has no other cells
        scope->cells[scope->cell_count++] = scope->class_cell;
    sort_symbols(scope->free, free_count);
    for (uint32_t i = 0; i < free_count; i++) {
        scope->free[i]->free_slot = i;
        if (scope->free[i]->binding == BINDING_FREE)
            scope->free[i]->slot = i;
    }
}

// Leaves the scope's free names on r->free.
static void resolve_scope(Resolver *r, Scope *scope) {
    Compiler *c = r->c;
    compile_check_stack(c);
    for (uint32_t i = 0; i < scope->symbol_count; i++)
        resolve_symbol(r, scope, scope->symbols[i]);

    // What the children see.
    Undo *undo = NULL;
    uint32_t undo_count = 0;
    if (scope->kind == SCOPE_FUNCTION) {
        undo = arena_allocate(c->arena, (scope->symbol_count + 1) * sizeof *undo);
        for (uint32_t i = 0; i < scope->symbol_count; i++) {
            Symbol *symbol = scope->symbols[i];
            uint32_t index = symbol->name->index;
            Outer outer = symbol->binding == BINDING_LOCAL             ? OUTER_BOUND
                          : symbol->binding == BINDING_GLOBAL_EXPLICIT ? OUTER_GLOBAL
                                                                       : r->outer[index];
            if (outer != r->outer[index]) {
                undo[undo_count++] = (Undo){index, r->outer[index]};
                r->outer[index] = (uint8_t)outer;
            }
        }
    } else if (scope->kind == SCOPE_CLASS) {
        undo = arena_allocate(c->arena, sizeof *undo);
        undo[undo_count++] = (Undo){c->n_class->index, r->outer[c->n_class->index]};
        r->outer[c->n_class->index] = OUTER_BOUND;
    }
    uint32_t free_start = r->free_count;
    for (Scope *child = scope->first_child; child; child = child->next_sibling)
        resolve_scope(r, child);
    while (undo_count > 0) {
        undo_count--;
        r->outer[undo[undo_count].index] = undo[undo_count].outer;
    }

    // The children's free names: bound here (then they are cells) or passed on.
    uint32_t stamp = ++r->stamp, kept = free_start;
    for (uint32_t i = free_start; i < r->free_count; i++) {
        Symbol *inner = r->free[i];
        const AstName *name = inner->name;
        if (r->seen[name->index] == stamp)
            continue;
        r->seen[name->index] = stamp;
        Symbol *symbol = scope_find(scope, name);
        if (scope->kind == SCOPE_FUNCTION && symbol && symbol->binding == BINDING_LOCAL) {
            symbol->binding = BINDING_CELL;
            continue;
        }
        if (scope->kind == SCOPE_CLASS && name == c->n_class) {
            scope->class_cell = NEW(c, Symbol);
            scope->class_cell->name = name;
            scope->class_cell->binding = BINDING_CELL;
            continue;
        }
        if (symbol) {
            if (scope->kind == SCOPE_CLASS && (symbol->flags & (SYMBOL_BOUND | SYMBOL_GLOBAL)) &&
                symbol->binding != BINDING_FREE)
                symbol->flags |= SYMBOL_FREE_IN_CLASS;
            else if (symbol->binding != BINDING_FREE)
                continue; // a global of this scope: the child's name was bound by something further
                          // out
        } else {
            symbol = scope_add(c, scope, name);
            symbol->binding = BINDING_FREE;
        }
        if (symbol->binding != BINDING_FREE)
            r->free[kept++] = symbol; // passed through a class
    }
    r->free_count = kept;
    for (uint32_t i = 0; i < scope->symbol_count; i++)
        if (scope->symbols[i]->binding == BINDING_FREE)
            free_push(r, scope->symbols[i]);
    assign_slots(r, scope);
}

void symbols_resolve(Compiler *c, Scope *module_scope) {
    uint32_t names = arena_name_count(c->arena) + 1;
    Resolver r = {.c = c};
    r.outer = arena_allocate(c->arena, names);
    r.seen = arena_allocate(c->arena, names * sizeof *r.seen);
    resolve_scope(&r, module_scope);
}
