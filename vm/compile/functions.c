// SPDX-License-Identifier: MIT
//
// Definitions: functions, lambdas, classes, with their decorators, defaults, annotations and
// closures.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"
#include "vm/types/str.h"

// ---- names of code objects -----------------------------------------------------------------

static Value qualified_name(Compiler *c, Scope *scope) {
    Unit *u = c->unit, *outer = u->parent;
    if (!outer || outer->scope->kind == SCOPE_MODULE)
        return u->name;
    // A name declared global belongs to the module.
    if (scope->kind == SCOPE_CLASS || !scope->comprehension) {
        Symbol *symbol =
            scope_find(outer->scope, mangle_name(c, outer->scope->private_name, scope->name));
        if (scope->name != c->n_lambda && symbol && symbol->binding == BINDING_GLOBAL_EXPLICIT)
            return u->name;
    }
    bool locals = outer->scope->kind == SCOPE_FUNCTION && !outer->scope->comprehension;
    const char *middle = locals ? ".<locals>." : ".";
    StrBuilder b;
    str_builder_start(&b);
    str_builder_str(&b, outer->qualname);
    str_builder_cstr(&b, middle);
    str_builder_str(&b, u->name);
    return compiler_own(c, str_intern(compiler_check(c, str_builder_finish(&b))));
}

// What every code begins with: qualified name, flags, cells.
void unit_prologue(Compiler *c) {
    Unit *u = c->unit;
    Scope *scope = u->scope;
    u->qualname = qualified_name(c, scope);
    if (scope->kind == SCOPE_FUNCTION) {
        u->flags = CODE_OPTIMIZED | CODE_NEWLOCALS;
        if (scope->nested)
            u->flags |= CODE_NESTED;
        if (scope->is_async && scope->generator)
            u->flags |= CODE_ASYNC_GENERATOR;
        else if (scope->is_async)
            u->flags |= CODE_COROUTINE;
        else if (scope->generator)
            u->flags |= CODE_GENERATOR;
        if (scope->has_varargs)
            u->flags |= CODE_VARARGS;
        if (scope->has_varkeywords)
            u->flags |= CODE_VARKEYWORDS;
        if (!scope->has_varargs && !scope->has_varkeywords && !u->keyword_only_count)
            u->flags |= CODE_SIMPLE;
        if (scope->generator || scope->is_async)
            emit(c, OP_RETURN_GENERATOR, 0, 0, 0);
    } else {
        u->flags = CODE_HAS_NAMESPACE;
        if (scope->is_async && scope->coroutine) { // await at top level
            u->flags |= CODE_COROUTINE;
            emit(c, OP_RETURN_GENERATOR, 0, 0, 0);
        }
    }
    u->flags |= c->future & FUTURE_MASK;
    for (uint32_t i = 0; i < scope->cell_count; i++)
        emit(c, OP_MAKE_CELL, scope->cells[i]->slot, 0, 0);
}

// ---- making functions ----------------------------------------------------------------------

// The cells that the code of scope closes over, gathered in temporaries from the top on.
static void compile_closure(Compiler *c, Scope *scope) {
    Scope *here = c->unit->scope;
    for (uint32_t i = 0; i < scope->free_count; i++) {
        const AstName *name = scope->free[i]->name;
        Symbol *symbol = here->class_cell && name == here->class_cell->name
                             ? here->class_cell
                             : scope_find(here, name);
        Reg r = temp_push(c);
        if (symbol->binding == BINDING_CELL)
            emit(c, OP_MOVE, r, symbol->slot, 0);
        else
            emit(c, OP_LOAD_CLOSURE, r, symbol->free_slot, 0);
    }
}

// The function is made in temporary `base`; defaults etc. (`parts` of them, named by flags) lie
// there already.
void compile_make_function(Compiler *c, uint32_t base, uint32_t parts, uint32_t flags, Value code,
                           Scope *scope) {
    Unit *u = c->unit;
    if (scope->free_count) {
        uint32_t at = base + parts;
        u->top = at;
        compile_closure(c, scope);
        emit(c, OP_BUILD_TUPLE, temp_at(at), temp_at(at), scope->free_count);
        flags |= 8;
    }
    temp_reserve(c, base + 1);
    if (!u->reachable)
        return;
    uint32_t index = unit_constant(c, code);
    if (index > UINT16_MAX)
        compile_error(c, u->position, "too many constants");
    emit(c, OP_MAKE_FUNCTION, temp_at(base), index, flags);
}

static void compile_defaults(Compiler *c, AstArguments *args, uint32_t base, uint32_t *parts,
                             uint32_t *flags) {
    Unit *u = c->unit;
    if (args->defaults.count) {
        temp_reserve(c, base + 1);
        AstExpr tuple = {.kind = AST_TUPLE, .tuple = {.elts = args->defaults, .ctx = AST_LOAD}};
        fold_expression(c, &tuple);
        tuple.line = (int)u->position.line;
        Position saved = u->position;
        if (tuple.kind == AST_CONSTANT) {
            if (u->reachable)
                emit_constant(c, temp_at(base), constant_value(c, &tuple.constant));
        } else {
            compile_sequence(c, OP_BUILD_TUPLE, &args->defaults, temp_at(base), 0);
        }
        u->position = saved;
        *flags |= 1;
        ++*parts;
    }
    uint32_t at = base + *parts, count = 0;
    u->top = at;
    for (uint32_t i = 0; i < args->kwonlyargs.count; i++) {
        if (!args->kw_defaults.items[i])
            continue;
        Reg key = temp_push(c);
        if (u->reachable)
            emit_constant(c, key,
                          compile_name(c, mangle_name(c, u->scope->private_name,
                                                      args->kwonlyargs.items[i]->arg)));
        Reg value = temp_push(c);
        compile_into(c, args->kw_defaults.items[i], value);
        count++;
    }
    if (count) {
        emit(c, OP_BUILD_MAP, temp_at(at), temp_at(at), count);
        *flags |= 2;
        ++*parts;
    }
    temp_reserve(c, base + *parts);
}

// An annotation's value, or with the future statement its source.
void compile_annotation(Compiler *c, AstExpr *annotation, Reg destination) {
    if (c->future & FUTURE_ANNOTATIONS) {
        if (c->unit->reachable)
            emit_constant(c, destination,
                          constant_share(c, str_intern(ast_unparse(c, annotation))));
        return;
    }
    compile_into(c, annotation, destination);
}

static void compile_argument_annotation(Compiler *c, const AstName *name, AstExpr *annotation,
                                        uint32_t *count) {
    if (!annotation)
        return;
    Unit *u = c->unit;
    Reg key = temp_push(c);
    if (u->reachable)
        emit_constant(c, key, compile_name(c, mangle_name(c, u->scope->private_name, name)));
    Reg value = temp_push(c);
    if (annotation->kind == AST_STARRED && !(c->future & FUTURE_ANNOTATIONS)) {
        // *args: *Ts
        Reg r = compile_operand_in(c, annotation->starred.value, value);
        Reg item = temp_push(c);
        emit(c, OP_UNPACK_SEQUENCE, r, item, 1);
        emit(c, OP_MOVE, value, item, 0);
        u->top--;
    } else {
        compile_annotation(c, annotation, value);
    }
    ++*count;
}

static void compile_annotations(Compiler *c, AstArguments *args, AstExpr *returns, uint32_t base,
                                uint32_t *parts, uint32_t *flags) {
    uint32_t at = base + *parts, count = 0;
    c->unit->top = at;
    const AstArgSeq *plain[] = {&args->args, &args->posonlyargs};
    for (int s = 0; s < 2; s++)
        for (uint32_t i = 0; i < plain[s]->count; i++)
            compile_argument_annotation(c, plain[s]->items[i]->arg, plain[s]->items[i]->annotation,
                                        &count);
    if (args->vararg)
        compile_argument_annotation(c, args->vararg->arg, args->vararg->annotation, &count);
    for (uint32_t i = 0; i < args->kwonlyargs.count; i++)
        compile_argument_annotation(c, args->kwonlyargs.items[i]->arg,
                                    args->kwonlyargs.items[i]->annotation, &count);
    if (args->kwarg)
        compile_argument_annotation(c, args->kwarg->arg, args->kwarg->annotation, &count);
    compile_argument_annotation(c, c->n_return, returns, &count);
    if (count) {
        emit(c, OP_BUILD_MAP, temp_at(at), temp_at(at), count);
        *flags |= 4;
        ++*parts;
    }
    temp_reserve(c, base + *parts);
}

static void forbid_debug_arguments(Compiler *c, const AstArguments *args) {
    Position position = c->unit->position;
    const AstArgSeq *all[] = {&args->posonlyargs, &args->args, &args->kwonlyargs};
    for (int s = 0; s < 3; s++)
        for (uint32_t i = 0; i < all[s]->count; i++)
            forbid_debug(c, all[s]->items[i]->arg, false, position);
    if (args->vararg)
        forbid_debug(c, args->vararg->arg, false, position);
    if (args->kwarg)
        forbid_debug(c, args->kwarg->arg, false, position);
}

static Unit *function_enter(Compiler *c, Scope *scope, const AstName *name, int first_line,
                            const AstArguments *args) {
    Unit *u = unit_enter(c, scope, name, first_line);
    u->positional_only_count = args->posonlyargs.count;
    u->argument_count = args->posonlyargs.count + args->args.count;
    u->keyword_only_count = args->kwonlyargs.count;
    unit_prologue(c);
    return u;
}

void compile_lambda(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    forbid_debug_arguments(c, e->lambda.args);
    Scope *scope = scope_of_node(c, e);
    uint32_t mark = u->top, base = call_window(c, destination), parts = 0, flags = 0;
    temp_reserve(c, base);
    compile_defaults(c, e->lambda.args, base, &parts, &flags);
    Unit *inner = function_enter(c, scope, c->n_lambda, e->line, e->lambda.args);
    unit_constant(c, VALUE_NONE); // no docstring
    uint32_t inner_mark = inner->top;
    Reg r = compile_operand(c, e->lambda.body);
    inner->position = position_of_expr(e->lambda.body);
    emit_return(c, r);
    inner->top = inner_mark;
    Value code = unit_assemble(c);
    unit_leave(c);
    temp_reserve(c, base + (parts ? parts : 1));
    compile_make_function(c, base, parts, flags, code, scope);
    if (temp_at(base) != destination)
        emit(c, OP_MOVE, destination, temp_at(base), 0);
    u->top = mark;
}

// ---- decorators ----------------------------------------------------------------------------

// Each decorator waits as the callable of a window whose only argument is the next window's result.
// Gives the base of the temporaries for what is decorated.
static void compile_decorators(Compiler *c, const AstExprSeq *decorators) {
    Unit *u = c->unit;
    for (uint32_t i = 0; i < decorators->count; i++) {
        uint32_t base = u->top;
        temp_reserve(c, base + FRAME_FUNCTION + 1);
        compile_into(c, decorators->items[i], temp_at(base + FRAME_FUNCTION));
        temp_reserve(c, base + FRAME_WORDS);
    }
}

static void apply_decorators(Compiler *c, const AstExprSeq *decorators, uint32_t mark) {
    Unit *u = c->unit;
    Position saved = u->position;
    for (uint32_t i = decorators->count; i-- > 0;) {
        uint32_t base = mark + i * FRAME_WORDS;
        u->position = position_of_expr(decorators->items[i]);
        emit(c, OP_CALL, temp_at(base), 1, temp_at(base));
    }
    u->position = saved;
}

static Value compile_function_code(Compiler *c, AstStmt *s, Scope *scope, int first_line) {
    function_enter(c, scope, s->function_def.name, first_line, s->function_def.args);
    const AstStmtSeq *body = &s->function_def.body;
    const AstConstant *doc = docstring_of(body);
    AstStmtSeq rest = *body;
    if (doc && c->optimize < 2)
        unit_constant(c, constant_value(c, doc));
    else
        unit_constant(c, VALUE_NONE);
    if (doc) {
        rest.items++;
        rest.count--;
    }
    compile_statements(c, &rest);
    if (rest.count)
        position_nowhere(c);
    emit_return_none(c);
    Value code = unit_assemble(c);
    unit_leave(c);
    return code;
}

void compile_function_def(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    const AstExprSeq *decorators = &s->function_def.decorator_list;
    Scope *scope = scope_of_node(c, s);
    forbid_debug_arguments(c, s->function_def.args);
    forbid_debug(c, s->function_def.name, false, u->position);
    int first_line = decorators->count ? decorators->items[0]->line : s->line;
    uint32_t mark = u->top;
    compile_decorators(c, decorators);
    uint32_t base = u->top, parts = 0, flags = 0;
    compile_defaults(c, s->function_def.args, base, &parts, &flags);
    compile_annotations(c, s->function_def.args, s->function_def.returns, base, &parts, &flags);
    Value code = compile_function_code(c, s, scope, first_line);
    temp_reserve(c, base + (parts ? parts : 1));
    compile_make_function(c, base, parts, flags, code, scope);
    apply_decorators(c, decorators, mark);
    u->top = mark + 1;
    compile_store_name(c, s->function_def.name, temp_at(mark));
    u->top = mark;
}

// ---- classes -------------------------------------------------------------------------------

static Value compile_class_code(Compiler *c, AstStmt *s, Scope *scope, int first_line) {
    Unit *u = unit_enter(c, scope, s->class_def.name, first_line);
    unit_prologue(c);
    Reg r = temp_push(c);
    emit(c, OP_LOAD_NAME, r, unit_name_plain(c, c->n_name), 0);
    emit(c, OP_STORE_NAME, unit_name_plain(c, c->n_module), r, 0);
    emit_constant(c, r, u->qualname);
    emit(c, OP_STORE_NAME, unit_name_plain(c, c->n_qualname), r, 0);
    u->top--;
    compile_body(c, &s->class_def.body);
    if (scope->class_cell) {
        r = temp_push(c);
        emit(c, OP_MOVE, r, scope->class_cell->slot, 0);
        emit(c, OP_STORE_NAME, unit_name_plain(c, c->n_classcell), r, 0);
        u->top--;
        emit_return(c, (Reg)scope->class_cell->slot);
    } else {
        position_nowhere(c);
        emit_return_none(c);
    }
    Value code = unit_assemble(c);
    unit_leave(c);
    return code;
}

void compile_class_def(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    const AstExprSeq *decorators = &s->class_def.decorator_list;
    Scope *scope = scope_of_node(c, s);
    forbid_debug(c, s->class_def.name, false, u->position);
    int first_line = decorators->count ? decorators->items[0]->line : s->line;
    uint32_t mark = u->top;
    Position position = u->position;
    compile_decorators(c, decorators);
    uint32_t base = u->top;
    Value code = compile_class_code(c, s, scope, first_line);
    temp_reserve(c, base + FRAME_FUNCTION + 1);
    emit(c, OP_LOAD_BUILD_CLASS, temp_at(base + FRAME_FUNCTION), 0, 0);
    temp_reserve(c, base + FRAME_WORDS + 1);
    compile_make_function(c, base + FRAME_WORDS, 0, 0, code, scope);
    Reg name = temp_push(c);
    if (u->reachable)
        emit_constant(c, name, compile_name(c, s->class_def.name));
    compile_call_arguments(c, base, 2, false, &s->class_def.bases, &s->class_def.keywords,
                           temp_at(base), position);
    u->top = base + 1;
    apply_decorators(c, decorators, mark);
    u->top = mark + 1;
    u->position = position;
    compile_store_name(c, s->class_def.name, temp_at(mark));
    u->top = mark;
}
