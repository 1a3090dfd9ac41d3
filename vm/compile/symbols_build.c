// SPDX-License-Identifier: MIT
//
// The first walk over the tree: makes a Scope for everything that has one and records what each
// scope does with each name. Errors that can be told from that alone are raised here. Folds
// constant expressions after their children have been seen.
//
// The order of visits within a statement is CPython's where it decides which of two errors is found
// first or whether a name counts as used before a global statement.
#include "vm/compile/compiler.h"

// ---- scopes and symbols --------------------------------------------------------------------

static uint32_t pointer_hash(const void *p) {
    return (uint32_t)(((uintptr_t)p >> 4) * 0x9e3779b97f4a7c15ULL >> 32);
}

Symbol *scope_find(const Scope *scope, const AstName *name) {
    if (!scope->table) {
        for (uint32_t i = 0; i < scope->symbol_count; i++)
            if (scope->symbols[i]->name == name)
                return scope->symbols[i];
        return NULL;
    }
    uint32_t mask = scope->table_size - 1;
    for (uint32_t i = pointer_hash(name) & mask; scope->table[i]; i = (i + 1) & mask)
        if (scope->table[i]->name == name)
            return scope->table[i];
    return NULL;
}

static void table_insert(Scope *scope, Symbol *symbol) {
    uint32_t mask = scope->table_size - 1;
    uint32_t i = pointer_hash(symbol->name) & mask;
    while (scope->table[i])
        i = (i + 1) & mask;
    scope->table[i] = symbol;
}

Symbol *scope_add(Compiler *c, Scope *scope, const AstName *name) {
    Symbol *symbol = scope_find(scope, name);
    if (symbol)
        return symbol;
    symbol = NEW(c, Symbol);
    symbol->name = name;
    ARRAY_RESERVE(c, scope->symbols, scope->symbol_count, scope->symbol_capacity);
    scope->symbols[scope->symbol_count++] = symbol;
    if (scope->table && scope->symbol_count * 2 <= scope->table_size) {
        table_insert(scope, symbol);
    } else if (scope->symbol_count > 8) {
        scope->table_size = scope->table ? scope->table_size * 2 : 64;
        scope->table = arena_allocate(c->arena, scope->table_size * sizeof(Symbol *));
        for (uint32_t i = 0; i < scope->symbol_count; i++)
            table_insert(scope, scope->symbols[i]);
    }
    return symbol;
}

Scope *scope_of_node(Compiler *c, const void *node) {
    uint32_t mask = c->scope_table_size - 1;
    for (uint32_t i = pointer_hash(node) & mask; c->scope_keys[i]; i = (i + 1) & mask)
        if (c->scope_keys[i] == node)
            return c->scope_values[i];
    return NULL;
}

static void remember_scope(Compiler *c, Scope *scope) {
    if (c->scope_table_count * 2 >= c->scope_table_size) {
        uint32_t old_size = c->scope_table_size, size = old_size ? old_size * 2 : 64;
        const void **keys = arena_allocate(c->arena, size * sizeof *keys);
        Scope **values = arena_allocate(c->arena, size * sizeof *values);
        for (uint32_t i = 0; i < old_size; i++) {
            if (!c->scope_keys[i])
                continue;
            uint32_t j = pointer_hash(c->scope_keys[i]) & (size - 1);
            while (keys[j])
                j = (j + 1) & (size - 1);
            keys[j] = c->scope_keys[i];
            values[j] = c->scope_values[i];
        }
        c->scope_keys = keys;
        c->scope_values = values;
        c->scope_table_size = size;
    }
    uint32_t mask = c->scope_table_size - 1, i = pointer_hash(scope->node) & mask;
    while (c->scope_keys[i])
        i = (i + 1) & mask;
    c->scope_keys[i] = scope->node;
    c->scope_values[i] = scope;
    c->scope_table_count++;
}

const AstName *mangle_name(Compiler *c, const AstName *private_name, const AstName *name) {
    if (!private_name || name->length < 3 || name->text[0] != '_' || name->text[1] != '_')
        return name;
    if (name->text[name->length - 1] == '_' && name->text[name->length - 2] == '_')
        return name;
    if (memchr(name->text, '.', name->length))
        return name;
    const char *class_text = private_name->text;
    uint32_t class_length = private_name->length;
    while (class_length && *class_text == '_') {
        class_text++;
        class_length--;
    }
    if (!class_length)
        return name;
    char *text = arena_allocate(c->arena, 1 + class_length + name->length);
    text[0] = '_';
    memcpy(text + 1, class_text, class_length);
    memcpy(text + 1 + class_length, name->text, name->length);
    return arena_intern(c->arena, text, 1 + class_length + name->length);
}

static Scope *enter(Compiler *c, ScopeKind kind, const AstName *name, const void *node,
                    Position position) {
    Scope *scope = NEW(c, Scope), *parent = c->scope;
    scope->kind = kind;
    scope->name = name;
    scope->node = node;
    scope->position = position;
    scope->parent = parent;
    if (parent) {
        scope->private_name = parent->private_name;
        scope->nested = parent->nested || parent->kind == SCOPE_FUNCTION;
        scope->in_iterable = parent->in_iterable;
        // Annotations that become strings bind and use nothing.
        if (kind != SCOPE_ANNOTATION) {
            if (parent->last_child)
                parent->last_child->next_sibling = scope;
            else
                parent->first_child = scope;
            parent->last_child = scope;
        }
    }
    if (kind != SCOPE_ANNOTATION)
        remember_scope(c, scope);
    if (kind == SCOPE_MODULE)
        c->module_scope = scope;
    c->scope = scope;
    return scope;
}

static void leave(Compiler *c) {
    c->scope = c->scope->parent;
}

static void add_to(Compiler *c, Scope *scope, const AstName *name, uint32_t flag,
                   Position position) {
    const AstName *mangled = mangle_name(c, c->scope->private_name, name);
    Symbol *symbol = scope_add(c, scope, mangled);
    if ((flag & SYMBOL_PARAMETER) && (symbol->flags & SYMBOL_PARAMETER))
        compile_error(c, position, "duplicate argument '%s' in function definition", name->text);
    symbol->flags |= flag;
    if (c->scope->in_iteration_target) {
        if (symbol->flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL))
            compile_error(
                c, position,
                "comprehension inner loop cannot rebind assignment expression target '%s'",
                name->text);
        symbol->flags |= SYMBOL_ITERATION;
    }
    if ((flag & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL)) && !symbol->declared.line)
        symbol->declared = position;
    // The module itself then means its globals by the name too, even if it runs with another
    // namespace.
    if ((flag & SYMBOL_GLOBAL) && scope->parent)
        scope_add(c, c->module_scope, mangled)->flags |= SYMBOL_GLOBAL;
}

static void add(Compiler *c, const AstName *name, uint32_t flag, Position position) {
    add_to(c, c->scope, name, flag, position);
}

// ---- expressions ---------------------------------------------------------------------------

static void visit(Compiler *c, AstExpr *e);
static void visit_statement(Compiler *c, AstStmt *s);

static void visit_all(Compiler *c, const AstExprSeq *seq) {
    for (uint32_t i = 0; i < seq->count; i++)
        if (seq->items[i])
            visit(c, seq->items[i]);
}

static void visit_body(Compiler *c, const AstStmtSeq *body) {
    for (uint32_t i = 0; i < body->count; i++)
        visit_statement(c, body->items[i]);
}

static void refuse_in_annotation(Compiler *c, const char *what, const AstExpr *e) {
    if (c->scope->kind == SCOPE_ANNOTATION)
        compile_error(c, position_of_expr(e), "'%s' can not be used within an annotation", what);
}

static void visit_parameter(Compiler *c, const AstArg *arg) {
    add(c, arg->arg, SYMBOL_PARAMETER,
        (Position){arg->line, arg->end_line, arg->column, arg->end_column});
}

static void visit_parameters(Compiler *c, const AstArguments *args) {
    for (uint32_t i = 0; i < args->posonlyargs.count; i++)
        visit_parameter(c, args->posonlyargs.items[i]);
    for (uint32_t i = 0; i < args->args.count; i++)
        visit_parameter(c, args->args.items[i]);
    for (uint32_t i = 0; i < args->kwonlyargs.count; i++)
        visit_parameter(c, args->kwonlyargs.items[i]);
    if (args->vararg) {
        visit_parameter(c, args->vararg);
        c->scope->has_varargs = true;
    }
    if (args->kwarg) {
        visit_parameter(c, args->kwarg);
        c->scope->has_varkeywords = true;
    }
    c->scope->parameter_count = c->scope->symbol_count;
}

// A name bound by := inside comprehensions belongs to the function (or module) around all of them.
static void extend_named_expr(Compiler *c, const AstExpr *target) {
    const AstName *name = target->name.id;
    const AstName *mangled = mangle_name(c, c->scope->private_name, name);
    Position position = position_of_expr(target);
    for (Scope *s = c->scope; s; s = s->parent) {
        if (s->comprehension) {
            Symbol *symbol = scope_find(s, mangled);
            if (symbol && (symbol->flags & SYMBOL_ITERATION) &&
                (symbol->flags & (SYMBOL_LOCAL | SYMBOL_GLOBAL)))
                compile_error(
                    c, position,
                    "assignment expression cannot rebind comprehension iteration variable '%s'",
                    name->text);
            continue;
        }
        if (s->kind == SCOPE_FUNCTION) {
            Symbol *symbol = scope_find(s, mangled);
            bool global = symbol && (symbol->flags & SYMBOL_GLOBAL);
            add(c, name, global ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL, position);
            scope_add(c, s, mangled)->flags |= SYMBOL_LOCAL | SYMBOL_NAMED_EXPR;
            return;
        }
        if (s->kind == SCOPE_MODULE) {
            add(c, name, SYMBOL_GLOBAL, position);
            scope_add(c, s, mangled)->flags |= SYMBOL_GLOBAL;
            return;
        }
        if (s->kind == SCOPE_CLASS)
            compile_error(
                c, position,
                "assignment expression within a comprehension cannot be used in a class body");
    }
}

static void visit_named_expr(Compiler *c, AstExpr *e) {
    refuse_in_annotation(c, "named expression", e);
    if (c->scope->in_iterable)
        compile_error(
            c, position_of_expr(e),
            "assignment expression cannot be used in a comprehension iterable expression");
    AstExpr *target = e->named_expr.target;
    if (c->scope->comprehension)
        extend_named_expr(c, target);
    visit(c, e->named_expr.value);
    visit(c, target);
    scope_add(c, c->scope, mangle_name(c, c->scope->private_name, target->name.id))->flags |=
        SYMBOL_NAMED_EXPR;
}

static void visit_comprehension(Compiler *c, AstExpr *e, ComprehensionKind kind,
                                const AstName *name, AstComprehensionSeq *generators,
                                AstExpr *first, AstExpr *second) {
    AstComprehension *outer = generators->items[0];
    c->scope->in_iterable++;
    visit(c, outer->iter);
    c->scope->in_iterable--;
    Scope *scope = enter(c, SCOPE_FUNCTION, name, e, position_of_expr(e));
    scope->comprehension = kind;
    scope->is_async = outer->is_async;
    add(c, c->n_dot_zero, SYMBOL_PARAMETER, scope->position);
    scope->parameter_count = 1;
    for (uint32_t i = 0; i < generators->count; i++) {
        AstComprehension *g = generators->items[i];
        scope->in_iteration_target = true;
        visit(c, g->target);
        scope->in_iteration_target = false;
        if (i > 0) {
            scope->in_iterable++;
            visit(c, g->iter);
            scope->in_iterable--;
            if (g->is_async)
                scope->is_async = true;
        }
        visit_all(c, &g->ifs);
    }
    if (second)
        visit(c, second);
    visit(c, first);
    if (scope->coroutine)
        scope->is_async = true;
    scope->generator = kind == GENERATOR_EXPRESSION;
    leave(c);
    if (scope->is_async && kind != GENERATOR_EXPRESSION)
        c->scope->coroutine = true;
}

static void visit_yield(Compiler *c, AstExpr *e) {
    refuse_in_annotation(c, "yield expression", e);
    if (e->yield.value)
        visit(c, e->yield.value);
    c->scope->generator = true;
    static const char *const where[] = {NULL, "list comprehension", "set comprehension",
                                        "dict comprehension", "generator expression"};
    if (c->scope->comprehension)
        compile_error(c, position_of_expr(e), "'yield' inside %s", where[c->scope->comprehension]);
}

// Left operands may nest deeper than the C stack allows.
static void visit_bin_op(Compiler *c, AstExpr *e) {
    uint32_t count = 1, i = 0;
    for (AstExpr *x = e; x->bin_op.left->kind == AST_BIN_OP; x = x->bin_op.left)
        count++;
    AstExpr *few[8] = {e}, **chain = few;
    if (count > 8)
        chain = arena_allocate(c->arena, count * sizeof *chain);
    for (AstExpr *x = e; i < count; x = x->bin_op.left)
        chain[i++] = x;
    visit(c, chain[count - 1]->bin_op.left);
    while (i-- > 0) {
        visit(c, chain[i]->bin_op.right);
        fold_expression(c, chain[i]);
    }
}

static void visit(Compiler *c, AstExpr *e) {
    compile_check_stack(c);
    switch (e->kind) {
    case AST_BOOL_OP:
        visit_all(c, &e->bool_op.values);
        break;
    case AST_NAMED_EXPR:
        visit_named_expr(c, e);
        break;
    case AST_BIN_OP:
        visit_bin_op(c, e);
        break;
    case AST_UNARY_OP:
        visit(c, e->unary_op.operand);
        fold_expression(c, e);
        break;
    case AST_LAMBDA: {
        AstArguments *args = e->lambda.args;
        visit_all(c, &args->defaults);
        visit_all(c, &args->kw_defaults);
        enter(c, SCOPE_FUNCTION, c->n_lambda, e, position_of_expr(e));
        visit_parameters(c, args);
        visit(c, e->lambda.body);
        leave(c);
        break;
    }
    case AST_IF_EXP:
        visit(c, e->if_exp.test);
        visit(c, e->if_exp.body);
        visit(c, e->if_exp.orelse);
        break;
    case AST_DICT:
        visit_all(c, &e->dict.keys);
        visit_all(c, &e->dict.values);
        break;
    case AST_SET:
        visit_all(c, &e->set.elts);
        break;
    case AST_LIST_COMP:
        visit_comprehension(c, e, LIST_COMPREHENSION, c->n_listcomp, &e->comp.generators,
                            e->comp.elt, NULL);
        break;
    case AST_SET_COMP:
        visit_comprehension(c, e, SET_COMPREHENSION, c->n_setcomp, &e->comp.generators, e->comp.elt,
                            NULL);
        break;
    case AST_GENERATOR_EXP:
        visit_comprehension(c, e, GENERATOR_EXPRESSION, c->n_genexpr, &e->comp.generators,
                            e->comp.elt, NULL);
        break;
    case AST_DICT_COMP:
        visit_comprehension(c, e, DICT_COMPREHENSION, c->n_dictcomp, &e->dict_comp.generators,
                            e->dict_comp.key, e->dict_comp.value);
        break;
    case AST_AWAIT:
        refuse_in_annotation(c, "await expression", e);
        visit(c, e->await.value);
        c->scope->coroutine = true;
        break;
    case AST_YIELD:
    case AST_YIELD_FROM:
        visit_yield(c, e);
        break;
    case AST_COMPARE:
        visit(c, e->compare.left);
        visit_all(c, &e->compare.comparators);
        break;
    case AST_CALL:
        visit(c, e->call.func);
        visit_all(c, &e->call.args);
        for (uint32_t i = 0; i < e->call.keywords.count; i++)
            visit(c, e->call.keywords.items[i]->value);
        break;
    case AST_FORMATTED_VALUE:
        visit(c, e->formatted_value.value);
        if (e->formatted_value.format_spec)
            visit(c, e->formatted_value.format_spec);
        break;
    case AST_JOINED_STR:
        visit_all(c, &e->joined_str.values);
        break;
    case AST_CONSTANT:
        break;
    case AST_ATTRIBUTE:
        visit(c, e->attribute.value);
        break;
    case AST_SUBSCRIPT:
        visit(c, e->subscript.value);
        visit(c, e->subscript.slice);
        if (e->subscript.ctx == AST_LOAD)
            fold_expression(c, e);
        break;
    case AST_STARRED:
        visit(c, e->starred.value);
        break;
    case AST_SLICE:
        if (e->slice.lower)
            visit(c, e->slice.lower);
        if (e->slice.upper)
            visit(c, e->slice.upper);
        if (e->slice.step)
            visit(c, e->slice.step);
        break;
    case AST_NAME: {
        AstContext ctx = e->name.ctx;
        add(c, e->name.id,
            ctx == AST_LOAD ? SYMBOL_USED
                            : (ctx == AST_DEL ? SYMBOL_LOCAL | SYMBOL_DELETED : SYMBOL_LOCAL),
            position_of_expr(e));
        if (ctx == AST_LOAD && c->scope->kind == SCOPE_FUNCTION && e->name.id == c->n_super)
            add(c, c->n_class, SYMBOL_USED, position_of_expr(e));
        break;
    }
    case AST_LIST:
        visit_all(c, &e->list.elts);
        break;
    case AST_TUPLE:
        visit_all(c, &e->tuple.elts);
        if (e->tuple.ctx == AST_LOAD)
            fold_expression(c, e);
        break;
    }
}

// ---- annotations ---------------------------------------------------------------------------

// With `from __future__ import annotations` they become strings: names in them mean nothing here.
static void annotations_begin(Compiler *c, const void *node, Position position) {
    if (c->future & FUTURE_ANNOTATIONS) {
        enter(c, SCOPE_ANNOTATION, c->n_annotations, node, position);
        c->fold_disabled++;
    }
}
static void annotations_end(Compiler *c) {
    if (c->future & FUTURE_ANNOTATIONS) {
        c->fold_disabled--;
        leave(c);
    }
}

static void visit_argument_annotations(Compiler *c, const AstArgSeq *args) {
    for (uint32_t i = 0; i < args->count; i++)
        if (args->items[i]->annotation)
            visit(c, args->items[i]->annotation);
}

static void visit_annotations(Compiler *c, AstStmt *s) {
    AstArguments *args = s->function_def.args;
    annotations_begin(c, s, position_of_stmt(s));
    visit_argument_annotations(c, &args->posonlyargs);
    visit_argument_annotations(c, &args->args);
    if (args->vararg && args->vararg->annotation)
        visit(c, args->vararg->annotation);
    if (args->kwarg && args->kwarg->annotation)
        visit(c, args->kwarg->annotation);
    visit_argument_annotations(c, &args->kwonlyargs);
    annotations_end(c);
    if (s->function_def.returns) {
        annotations_begin(c, s, position_of_stmt(s));
        visit(c, s->function_def.returns);
        annotations_end(c);
    }
}

// ---- statements ----------------------------------------------------------------------------

static void visit_declaration(Compiler *c, AstStmt *s, bool global) {
    const AstNameSeq *names = global ? &s->global.names : &s->nonlocal.names;
    const char *keyword = global ? "global" : "nonlocal";
    Position position = position_of_stmt(s);
    for (uint32_t i = 0; i < names->count; i++) {
        const AstName *name = names->items[i];
        Symbol *symbol = scope_find(c->scope, mangle_name(c, c->scope->private_name, name));
        uint32_t flags = symbol ? symbol->flags : 0;
        if (flags & SYMBOL_PARAMETER)
            compile_error(c, position, "name '%s' is parameter and %s", name->text, keyword);
        if (flags & SYMBOL_USED)
            compile_error(c, position, "name '%s' is used prior to %s declaration", name->text,
                          keyword);
        if (flags & SYMBOL_ANNOTATED)
            compile_error(c, position, "annotated name '%s' can't be %s", name->text, keyword);
        if (flags & SYMBOL_LOCAL)
            compile_error(c, position, "name '%s' is assigned to before %s declaration", name->text,
                          keyword);
        add(c, name, global ? SYMBOL_GLOBAL : SYMBOL_NONLOCAL, position);
    }
}

static void visit_ann_assign(Compiler *c, AstStmt *s) {
    AstExpr *target = s->ann_assign.target;
    if (target->kind == AST_NAME) {
        const AstName *name = target->name.id;
        Symbol *symbol = scope_find(c->scope, mangle_name(c, c->scope->private_name, name));
        uint32_t flags = symbol ? symbol->flags : 0;
        if ((flags & (SYMBOL_GLOBAL | SYMBOL_NONLOCAL)) && c->scope->kind != SCOPE_MODULE &&
            s->ann_assign.simple)
            compile_error(c, position_of_stmt(s), "annotated name '%s' can't be %s", name->text,
                          flags & SYMBOL_GLOBAL ? "global" : "nonlocal");
        if (s->ann_assign.simple)
            add(c, name, SYMBOL_ANNOTATED | SYMBOL_LOCAL, position_of_expr(target));
        else if (s->ann_assign.value)
            add(c, name, SYMBOL_LOCAL, position_of_expr(target));
    } else {
        visit(c, target);
    }
    annotations_begin(c, s, position_of_expr(s->ann_assign.annotation));
    visit(c, s->ann_assign.annotation);
    annotations_end(c);
    if (s->ann_assign.value)
        visit(c, s->ann_assign.value);
}

static void visit_alias(Compiler *c, const AstAlias *alias) {
    Position position = {alias->line, alias->end_line, alias->column, alias->end_column};
    const AstName *name = alias->asname ? alias->asname : alias->name;
    if (name == c->n_star) {
        if (c->scope->kind != SCOPE_MODULE)
            compile_error(c, position, "import * only allowed at module level");
        return;
    }
    if (!alias->asname) {
        const char *dot = memchr(name->text, '.', name->length);
        if (dot)
            name = arena_intern(c->arena, name->text, (size_t)(dot - name->text));
    }
    add(c, name, SYMBOL_IMPORTED, position);
}

static void visit_pattern(Compiler *c, AstPattern *p) {
    compile_check_stack(c);
    Position position = {p->line, p->end_line, p->column, p->end_column};
    switch (p->kind) {
    case AST_MATCH_VALUE:
        visit(c, p->match_value.value);
        break;
    case AST_MATCH_SINGLETON:
        break;
    case AST_MATCH_SEQUENCE:
    case AST_MATCH_OR:
        for (uint32_t i = 0; i < p->match_or.patterns.count; i++)
            visit_pattern(c, p->match_or.patterns.items[i]);
        break;
    case AST_MATCH_MAPPING:
        visit_all(c, &p->match_mapping.keys);
        for (uint32_t i = 0; i < p->match_mapping.patterns.count; i++)
            visit_pattern(c, p->match_mapping.patterns.items[i]);
        if (p->match_mapping.rest)
            add(c, p->match_mapping.rest, SYMBOL_LOCAL, position);
        break;
    case AST_MATCH_CLASS:
        visit(c, p->match_class.cls);
        for (uint32_t i = 0; i < p->match_class.patterns.count; i++)
            visit_pattern(c, p->match_class.patterns.items[i]);
        for (uint32_t i = 0; i < p->match_class.kwd_patterns.count; i++)
            visit_pattern(c, p->match_class.kwd_patterns.items[i]);
        break;
    case AST_MATCH_STAR:
        if (p->match_star.name)
            add(c, p->match_star.name, SYMBOL_LOCAL, position);
        break;
    case AST_MATCH_AS:
        if (p->match_as.pattern)
            visit_pattern(c, p->match_as.pattern);
        if (p->match_as.name)
            add(c, p->match_as.name, SYMBOL_LOCAL, position);
        break;
    }
}

static void visit_function(Compiler *c, AstStmt *s) {
    add(c, s->function_def.name, SYMBOL_LOCAL, position_of_stmt(s));
    AstArguments *args = s->function_def.args;
    visit_all(c, &args->defaults);
    visit_all(c, &args->kw_defaults);
    visit_annotations(c, s);
    visit_all(c, &s->function_def.decorator_list);
    Scope *scope = enter(c, SCOPE_FUNCTION, s->function_def.name, s, position_of_stmt(s));
    scope->is_async = scope->coroutine = s->kind == AST_ASYNC_FUNCTION_DEF;
    visit_parameters(c, args);
    visit_body(c, &s->function_def.body);
    leave(c);
}

static void visit_class(Compiler *c, AstStmt *s) {
    add(c, s->class_def.name, SYMBOL_LOCAL, position_of_stmt(s));
    visit_all(c, &s->class_def.bases);
    for (uint32_t i = 0; i < s->class_def.keywords.count; i++)
        visit(c, s->class_def.keywords.items[i]->value);
    visit_all(c, &s->class_def.decorator_list);
    Scope *scope = enter(c, SCOPE_CLASS, s->class_def.name, s, position_of_stmt(s));
    scope->private_name = s->class_def.name;
    visit_body(c, &s->class_def.body);
    leave(c);
}

static void visit_try(Compiler *c, AstStmt *s) {
    visit_body(c, &s->try_.body);
    visit_body(c, &s->try_.orelse);
    for (uint32_t i = 0; i < s->try_.handlers.count; i++) {
        AstExceptHandler *handler = s->try_.handlers.items[i];
        if (handler->type)
            visit(c, handler->type);
        if (handler->name)
            add(c, handler->name, SYMBOL_LOCAL | SYMBOL_DELETED,
                (Position){handler->line, handler->end_line, handler->column, handler->end_column});
        visit_body(c, &handler->body);
    }
    visit_body(c, &s->try_.finalbody);
}

static void visit_statement(Compiler *c, AstStmt *s) {
    compile_check_stack(c);
    switch (s->kind) {
    case AST_FUNCTION_DEF:
    case AST_ASYNC_FUNCTION_DEF:
        visit_function(c, s);
        break;
    case AST_CLASS_DEF:
        visit_class(c, s);
        break;
    case AST_RETURN:
        if (s->return_.value)
            visit(c, s->return_.value);
        break;
    case AST_DELETE:
        visit_all(c, &s->delete_.targets);
        break;
    case AST_ASSIGN:
        visit_all(c, &s->assign.targets);
        visit(c, s->assign.value);
        break;
    case AST_AUG_ASSIGN:
        visit(c, s->aug_assign.target);
        visit(c, s->aug_assign.value);
        break;
    case AST_ANN_ASSIGN:
        visit_ann_assign(c, s);
        break;
    case AST_FOR:
    case AST_ASYNC_FOR:
        c->scope->coroutine |= s->kind == AST_ASYNC_FOR;
        visit(c, s->for_.target);
        visit(c, s->for_.iter);
        visit_body(c, &s->for_.body);
        visit_body(c, &s->for_.orelse);
        break;
    case AST_IF:
        visit(c, s->if_.test);
        visit_body(c, &s->if_.body);
        while (s->if_.orelse.count == 1 && s->if_.orelse.items[0]->kind == AST_IF) { // elif
            s = s->if_.orelse.items[0];
            visit(c, s->if_.test);
            visit_body(c, &s->if_.body);
        }
        visit_body(c, &s->if_.orelse);
        break;
    case AST_WHILE:
        visit(c, s->if_.test);
        visit_body(c, &s->if_.body);
        visit_body(c, &s->if_.orelse);
        break;
    case AST_WITH:
    case AST_ASYNC_WITH:
        c->scope->coroutine |= s->kind == AST_ASYNC_WITH;
        for (uint32_t i = 0; i < s->with.items.count; i++) {
            visit(c, s->with.items.items[i]->context_expr);
            if (s->with.items.items[i]->optional_vars)
                visit(c, s->with.items.items[i]->optional_vars);
        }
        visit_body(c, &s->with.body);
        break;
    case AST_MATCH:
        visit(c, s->match.subject);
        for (uint32_t i = 0; i < s->match.cases.count; i++) {
            AstMatchCase *match_case = s->match.cases.items[i];
            visit_pattern(c, match_case->pattern);
            if (match_case->guard)
                visit(c, match_case->guard);
            visit_body(c, &match_case->body);
        }
        break;
    case AST_RAISE:
        if (s->raise.exc) {
            visit(c, s->raise.exc);
            if (s->raise.cause)
                visit(c, s->raise.cause);
        }
        break;
    case AST_TRY:
    case AST_TRY_STAR:
        visit_try(c, s);
        break;
    case AST_ASSERT:
        visit(c, s->assert_.test);
        if (s->assert_.msg)
            visit(c, s->assert_.msg);
        break;
    case AST_IMPORT:
        for (uint32_t i = 0; i < s->import.names.count; i++)
            visit_alias(c, s->import.names.items[i]);
        break;
    case AST_IMPORT_FROM:
        for (uint32_t i = 0; i < s->import_from.names.count; i++)
            visit_alias(c, s->import_from.names.items[i]);
        break;
    case AST_GLOBAL:
        visit_declaration(c, s, true);
        break;
    case AST_NONLOCAL:
        visit_declaration(c, s, false);
        break;
    case AST_EXPR:
        visit(c, s->expr.value);
        break;
    case AST_PASS:
    case AST_BREAK:
    case AST_CONTINUE:
        break;
    }
}

Scope *symbols_build(Compiler *c, AstModule *module) {
    Scope *scope = enter(c, SCOPE_MODULE, c->n_module_angle, module, (Position){0, 0, 0, 0});
    scope->is_async = c->top_level_await;
    if (module->kind == AST_EXPRESSION)
        visit(c, module->expression);
    else
        visit_body(c, &module->body);
    leave(c);
    return scope;
}
