// SPDX-License-Identifier: MIT
//
// Code for simple statements, and the dispatch over all of them.
#include "vm/compile/compiler.h"
#include "vm/types/tuple.h"

// ---- import --------------------------------------------------------------------------------

// The imported module in a new temporary. Level and list are constants, loaded in this order,
// whatever they are: so what looks for imports in co_code (modulefinder) finds them there.
static Reg emit_import(Compiler *c, const AstName *module, Value from_list, int level) {
    Unit *u = c->unit;
    Reg r = temp_push(c), r_level = temp_push(c);
    emit_wide(c, OP_LOAD_CONST, r_level, unit_constant(c, value_from_int(level)));
    emit_wide(c, OP_LOAD_CONST, r, unit_constant(c, from_list));
    emit(c, OP_IMPORT_NAME, r, unit_name(c, module), r);
    u->top--;
    return r;
}

static void compile_import(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    for (uint32_t i = 0; i < s->import.names.count; i++) {
        const AstAlias *alias = s->import.names.items[i];
        uint32_t mark = u->top;
        const AstName *name = alias->name;
        Reg r = emit_import(c, name, VALUE_NONE, 0);
        const char *dot = memchr(name->text, '.', name->length);
        if (!alias->asname) {
            compile_store_name(
                c, dot ? arena_intern(c->arena, name->text, (size_t)(dot - name->text)) : name, r);
        } else {
            const char *end = name->text + name->length;
            while (dot) { // walk down to the last module
                const char *start = dot + 1;
                dot = memchr(start, '.', (size_t)(end - start));
                const AstName *part =
                    arena_intern(c->arena, start, (size_t)((dot ? dot : end) - start));
                Reg inner = temp_push(c);
                emit(c, OP_IMPORT_FROM, inner, r, unit_name(c, part));
                emit(c, OP_CLEAR, r, 0, 0);
                emit(c, OP_MOVE, r, inner, 0);
                u->top--;
            }
            compile_store_name(c, alias->asname, r);
        }
        u->top = mark;
    }
}

static void compile_import_from(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    const AstAliasSeq *names = &s->import_from.names;
    const AstName *module = s->import_from.module;
    uint32_t mark = u->top;
    if (module == c->n_future && s->line > c->future_line && s->import_from.level == 0)
        compile_error(c, u->position,
                      "from __future__ imports must occur at the beginning of the file");
    if (!module)
        module = arena_intern(c->arena, "", 0);
    Value list = tuple_allocate(names->count);
    compiler_check(c, list);
    for (uint32_t i = 0; i < names->count; i++)
        tuple_of(list)->items[i] = ref_new(compile_name(c, names->items[i]->name));
    Reg r = emit_import(c, module, constant_share(c, list), s->import_from.level);
    if (names->count == 1 && names->items[0]->name == c->n_star) {
        emit(c, OP_IMPORT_STAR, r, 0, 0);
        u->top = mark;
        return;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        const AstAlias *alias = names->items[i];
        Reg item = temp_push(c);
        emit(c, OP_IMPORT_FROM, item, r, unit_name(c, alias->name));
        compile_store_name(c, alias->asname ? alias->asname : alias->name, item);
        u->top--;
    }
    emit(c, OP_CLEAR, r, 0, 0);
    u->top = mark;
}

// ---- others --------------------------------------------------------------------------------

static void compile_raise(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    uint32_t mark = u->top, count = 0;
    Reg a = 0, b = 0;
    if (s->raise.exc) {
        a = compile_operand_before(c, s->raise.exc, 0, s->raise.cause);
        count = 1;
        if (s->raise.cause) {
            b = compile_operand(c, s->raise.cause);
            count = 2;
        }
    }
    emit(c, OP_RAISE, a, b, count);
    u->top = mark;
}

static void compile_assert(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *test = s->assert_.test;
    if (test->kind == AST_TUPLE
            ? test->tuple.elts.count > 0
            : test->kind == AST_CONSTANT && test->constant.kind == AST_CONSTANT_FOLDED &&
                  value_is_tuple(constant_value(c, &test->constant)) &&
                  tuple_length(constant_value(c, &test->constant)) > 0)
        compile_warn(c, u->position, "assertion is always true, perhaps remove parentheses?");
    if (c->optimize)
        return;
    Label end = label_new(c);
    compile_jump(c, test, true, end);
    uint32_t mark = u->top;
    u->position = position_of_expr(test);
    Reg r = temp_push(c);
    if (s->assert_.msg) {
        uint32_t base = mark;
        temp_reserve(c, base + 4);
        emit(c, OP_LOAD_ASSERTION_ERROR, temp_at(base + 3), 0, 0);
        AstExprSeq args = {1, &s->assert_.msg};
        AstKeywordSeq keywords = {0, NULL};
        temp_reserve(c, base + 6);
        compile_call_arguments(c, base, 0, false, &args, &keywords, r, u->position);
    } else {
        emit(c, OP_LOAD_ASSERTION_ERROR, r, 0, 0);
    }
    emit(c, OP_RAISE, r, 0, 1);
    u->top = mark;
    label_bind(c, end);
}

static void compile_expression_statement(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *e = s->expr.value;
    if (c->interactive && !u->parent) {
        uint32_t mark = u->top;
        Reg r = compile_operand(c, e);
        emit(c, OP_PRINT_EXPR, r, 0, 0);
        u->top = mark;
    } else {
        uint32_t before = u->count;
        compile_discard(c, e);
        if (u->count == before)
            emit(c, OP_NOP, 0, 0, 0); // as for pass
    }
}

static void compile_statement(Compiler *c, AstStmt *s) {
    compile_check_stack(c);
    Unit *u = c->unit;
    u->position = position_of_stmt(s);
    uint32_t line; // of a try statement
    switch (s->kind) {
    case AST_FUNCTION_DEF:
    case AST_ASYNC_FUNCTION_DEF:
        compile_function_def(c, s);
        break;
    case AST_CLASS_DEF:
        compile_class_def(c, s);
        break;
    case AST_RETURN:
        compile_return(c, s);
        break;
    case AST_DELETE:
        for (uint32_t i = 0; i < s->delete_.targets.count; i++)
            compile_delete(c, s->delete_.targets.items[i]);
        break;
    case AST_ASSIGN:
        compile_assign(c, s);
        break;
    case AST_AUG_ASSIGN:
        compile_aug_assign(c, s);
        break;
    case AST_ANN_ASSIGN:
        compile_ann_assign(c, s);
        break;
    case AST_FOR:
        compile_for(c, s);
        break;
    case AST_ASYNC_FOR:
        compile_async_for(c, s);
        break;
    case AST_WHILE:
        compile_while(c, s);
        break;
    case AST_IF:
        compile_if(c, s);
        break;
    case AST_WITH:
        compile_with(c, s);
        break;
    case AST_ASYNC_WITH:
        compile_async_with(c, s);
        break;
    case AST_MATCH:
        compile_match(c, s);
        break;
    case AST_RAISE:
        compile_raise(c, s);
        break;
    case AST_TRY:
        line = line_begins(c, LINE_BEFORE);
        compile_try(c, s);
        line_ends(c, line);
        break;
    case AST_TRY_STAR:
        line = line_begins(c, LINE_BEFORE);
        compile_try_star(c, s);
        line_ends(c, line);
        break;
    case AST_ASSERT:
        compile_assert(c, s);
        break;
    case AST_IMPORT:
        compile_import(c, s);
        break;
    case AST_IMPORT_FROM:
        compile_import_from(c, s);
        break;
    case AST_GLOBAL:
    case AST_NONLOCAL:
        break;
    case AST_PASS:
        emit(c, OP_NOP, 0, 0, 0); // goes if the next instruction is of the same line
        break;
    case AST_EXPR:
        compile_expression_statement(c, s);
        break;
    case AST_BREAK:
        compile_break(c, s);
        break;
    case AST_CONTINUE:
        compile_continue(c, s);
        break;
    }
}

void compile_statements(Compiler *c, const AstStmtSeq *body) {
    for (uint32_t i = 0; i < body->count; i++)
        compile_statement(c, body->items[i]);
}

// ---- bodies of modules and classes ---------------------------------------------------------

const AstConstant *docstring_of(const AstStmtSeq *body) {
    if (body->count == 0 || body->items[0]->kind != AST_EXPR)
        return NULL;
    const AstExpr *e = body->items[0]->expr.value;
    return constant_is(e, AST_CONSTANT_STR) ? &e->constant : NULL;
}

static bool has_annotations(const AstStmtSeq *body) {
    for (uint32_t i = 0; i < body->count; i++) {
        const AstStmt *s = body->items[i];
        switch (s->kind) {
        case AST_ANN_ASSIGN:
            return true;
        case AST_FOR:
        case AST_ASYNC_FOR:
            if (has_annotations(&s->for_.body) || has_annotations(&s->for_.orelse))
                return true;
            break;
        case AST_IF:
            while (s->if_.orelse.count == 1 && s->if_.orelse.items[0]->kind == AST_IF) {
                if (has_annotations(&s->if_.body))
                    return true;
                s = s->if_.orelse.items[0];
            }
            // fall through
        case AST_WHILE:
            if (has_annotations(&s->if_.body) || has_annotations(&s->if_.orelse))
                return true;
            break;
        case AST_WITH:
        case AST_ASYNC_WITH:
            if (has_annotations(&s->with.body))
                return true;
            break;
        case AST_MATCH:
            for (uint32_t j = 0; j < s->match.cases.count; j++)
                if (has_annotations(&s->match.cases.items[j]->body))
                    return true;
            break;
        case AST_TRY:
        case AST_TRY_STAR:
            if (has_annotations(&s->try_.body) || has_annotations(&s->try_.orelse) ||
                has_annotations(&s->try_.finalbody))
                return true;
            for (uint32_t j = 0; j < s->try_.handlers.count; j++)
                if (has_annotations(&s->try_.handlers.items[j]->body))
                    return true;
            break;
        default:
            break;
        }
    }
    return false;
}

void compile_body(Compiler *c, const AstStmtSeq *body) {
    Unit *u = c->unit;
    if (has_annotations(body))
        emit(c, OP_SETUP_ANNOTATIONS, 0, 0, 0);
    AstStmtSeq rest = *body;
    const AstConstant *doc = c->interactive && !u->parent ? NULL : docstring_of(body);
    if (doc) {
        if (c->optimize < 2) {
            u->position = position_of_stmt(body->items[0]);
            Reg r = temp_push(c);
            emit_constant(c, r, constant_value(c, doc));
            emit(c, OP_STORE_NAME, unit_name_plain(c, c->n_doc), r, 0);
            u->top--;
        }
        rest.items++;
        rest.count--;
    }
    compile_statements(c, &rest);
}
