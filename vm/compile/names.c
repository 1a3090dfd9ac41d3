// SPDX-License-Identifier: MIT
//
// Loading, storing and deleting variables, wherever the symbol table says they live.
#include "vm/compile/compiler.h"

Access access_name(Compiler *c, const AstName *name, Symbol **symbol_out) {
    Scope *scope = c->unit->scope;
    Symbol *symbol = scope_find(scope, mangle_name(c, scope->private_name, name));
    if (symbol_out)
        *symbol_out = symbol;
    if (!symbol)
        return scope->kind == SCOPE_FUNCTION ? ACCESS_GLOBAL : ACCESS_NAME;
    switch (symbol->binding) {
    case BINDING_LOCAL:
        return scope->kind == SCOPE_FUNCTION ? ACCESS_FAST : ACCESS_NAME;
    case BINDING_CELL:
        return ACCESS_CELL;
    case BINDING_FREE:
        return ACCESS_FREE;
    case BINDING_GLOBAL_EXPLICIT:
        return ACCESS_GLOBAL;
    default:
        return scope->kind == SCOPE_FUNCTION ? ACCESS_GLOBAL : ACCESS_NAME;
    }
}

bool is_fast_name(Compiler *c, const AstName *name, Symbol **symbol_out) {
    return access_name(c, name, symbol_out) == ACCESS_FAST && name != c->n_debug;
}

void compile_check_local(Compiler *c, Symbol *symbol) {
    Reg r = (Reg)symbol->slot;
    if (assigned_test(c->unit, r))
        return;
    emit(c, OP_CHECK_LOCAL, r, 0, 0);
    assigned_add(c->unit, r);
}

void forbid_debug(Compiler *c, const AstName *name, bool deletes, Position position) {
    if (name == c->n_debug)
        compile_error(c, position, "cannot %s __debug__", deletes ? "delete" : "assign to");
}

void compile_load_name(Compiler *c, const AstName *name, Reg destination) {
    if (name == c->n_debug) {
        emit_constant(c, destination, value_from_bool(c->optimize == 0));
        return;
    }
    Symbol *symbol;
    switch (access_name(c, name, &symbol)) {
    case ACCESS_FAST:
        compile_check_local(c, symbol);
        emit(c, OP_MOVE, destination, symbol->slot, 0);
        break;
    case ACCESS_CELL:
        emit(c, OP_LOAD_CELL, destination, symbol->slot, 0);
        break;
    case ACCESS_FREE:
        if (c->unit->scope->kind == SCOPE_CLASS)
            emit(c, OP_LOAD_CLASS_FREE, destination, symbol->slot, unit_name(c, name));
        else
            emit(c, OP_LOAD_FREE, destination, symbol->slot, 0);
        break;
    case ACCESS_GLOBAL:
        emit(c, OP_LOAD_GLOBAL, destination, unit_name(c, name), 0);
        break;
    case ACCESS_NAME:
        emit(c, OP_LOAD_NAME, destination, unit_name(c, name), 0);
        break;
    }
}

void compile_store_name(Compiler *c, const AstName *name, Reg value) {
    forbid_debug(c, name, false, c->unit->position);
    Symbol *symbol;
    switch (access_name(c, name, &symbol)) {
    case ACCESS_FAST:
        if (value != symbol->slot)
            emit(c, OP_MOVE, symbol->slot, value, 0);
        assigned_add(c->unit, (Reg)symbol->slot);
        break;
    case ACCESS_CELL:
        emit(c, OP_STORE_CELL, symbol->slot, value, 0);
        break;
    case ACCESS_FREE:
        emit(c, OP_STORE_FREE, symbol->slot, value, 0);
        break;
    case ACCESS_GLOBAL:
        emit(c, OP_STORE_GLOBAL, unit_name(c, name), value, 0);
        break;
    case ACCESS_NAME:
        emit(c, OP_STORE_NAME, unit_name(c, name), value, 0);
        break;
    }
}

void compile_delete_name(Compiler *c, const AstName *name) {
    forbid_debug(c, name, true, c->unit->position);
    Symbol *symbol;
    switch (access_name(c, name, &symbol)) {
    case ACCESS_FAST:
        emit(c, assigned_test(c->unit, (Reg)symbol->slot) ? OP_CLEAR : OP_DELETE_LOCAL,
             symbol->slot, 0, 0);
        assigned_remove(c->unit, (Reg)symbol->slot);
        break;
    case ACCESS_CELL:
        emit(c, OP_DELETE_CELL, symbol->slot, 0, 0);
        break;
    case ACCESS_FREE:
        emit(c, OP_DELETE_FREE, symbol->slot, 0, 0);
        break;
    case ACCESS_GLOBAL:
        emit(c, OP_DELETE_GLOBAL, unit_name(c, name), 0, 0);
        break;
    case ACCESS_NAME:
        emit(c, OP_DELETE_NAME, unit_name(c, name), 0, 0);
        break;
    }
}
