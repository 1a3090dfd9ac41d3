// SPDX-License-Identifier: MIT
//
// Checks of a tree that was made by hand, as CPython's compile() makes them, and the measuring of
// its nodes (ast.h: height and depth), which the parser has done for others. What passes here must
// be safe for the compiler: every place that relies on what a parser never gives is checked here.
#include "vm/compile/compiler.h"
#include "vm/compile/tree.h"
#include "vm/parse/ast_build.h"
#include "vm/types/float.h"
#include "vm/types/int.h"

static void check_expr(Compiler *c, AstExpr *e, AstContext context);
static void check_statements(Compiler *c, const AstStmtSeq *statements);
static void check_pattern(Compiler *c, AstPattern *p, bool star_ok);

#define REFUSE(c, ...)                                                                             \
    do {                                                                                           \
        raise_value_error(__VA_ARGS__);                                                            \
        compile_fail(c);                                                                           \
    } while (0)

_Noreturn static void too_deep(Compiler *c) {
    raise_error(&exception_RecursionError, "maximum recursion depth exceeded during compilation");
    compile_fail(c);
}

static void check_positions(Compiler *c, int line, int column, int end_line, int end_column) {
    if (line > end_line)
        REFUSE(c, "AST node line range (%d, %d) is not valid", line, end_line);
    if ((line < 0 && end_line != line) || (column < 0 && column != end_column))
        REFUSE(c, "AST node column range (%d, %d) for line range (%d, %d) is not valid", column,
               end_column, line, end_line);
    if (line == end_line && column > end_column)
        REFUSE(c, "line %d, column %d-%d is not a valid range", line, column, end_column);
}
#define CHECK_POSITIONS(c, node)                                                                   \
    check_positions(c, (node)->line, (node)->column, (node)->end_line, (node)->end_column)

static void check_name(Compiler *c, const AstName *name) {
    static const char *const forbidden[] = {"None", "True", "False"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(name->text, forbidden[i]))
            REFUSE(c, "identifier field can't represent '%s' constant", forbidden[i]);
}

static void check_not_empty(Compiler *c, uint32_t count, const char *what, const char *owner) {
    if (count == 0)
        REFUSE(c, "empty %s on %s", what, owner);
}

// ---- expressions ---------------------------------------------------------------------------

static void check_optional(Compiler *c, AstExpr *e) {
    if (e)
        check_expr(c, e, AST_LOAD);
}

static void check_exprs(Compiler *c, const AstExprSeq *exprs, AstContext context, bool null_ok) {
    for (uint32_t i = 0; i < exprs->count; i++) {
        if (exprs->items[i])
            check_expr(c, exprs->items[i], context);
        else if (!null_ok)
            REFUSE(c, "None disallowed in expression list");
    }
}

static void check_keywords(Compiler *c, const AstKeywordSeq *keywords) {
    for (uint32_t i = 0; i < keywords->count; i++)
        check_expr(c, keywords->items[i]->value, AST_LOAD);
}

static void check_comprehensions(Compiler *c, const AstComprehensionSeq *generators) {
    if (generators->count == 0)
        REFUSE(c, "comprehension with no generators");
    for (uint32_t i = 0; i < generators->count; i++) {
        const AstComprehension *g = generators->items[i];
        check_expr(c, g->target, AST_STORE);
        check_expr(c, g->iter, AST_LOAD);
        check_exprs(c, &g->ifs, AST_LOAD, false);
    }
}

static void check_parameter(Compiler *c, const AstArg *a) {
    CHECK_POSITIONS(c, a);
    check_optional(c, a->annotation);
}

static void check_arguments(Compiler *c, const AstArguments *a) {
    const AstArgSeq *lists[] = {&a->posonlyargs, &a->args};
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < lists[k]->count; i++)
            check_parameter(c, lists[k]->items[i]);
    if (a->vararg)
        check_optional(c, a->vararg->annotation);
    for (uint32_t i = 0; i < a->kwonlyargs.count; i++)
        check_parameter(c, a->kwonlyargs.items[i]);
    if (a->kwarg)
        check_optional(c, a->kwarg->annotation);
    if (a->defaults.count > a->posonlyargs.count + a->args.count)
        REFUSE(c, "more positional defaults than args on arguments");
    if (a->kw_defaults.count != a->kwonlyargs.count)
        REFUSE(c, "length of kwonlyargs is not the same as kw_defaults on arguments");
    check_exprs(c, &a->defaults, AST_LOAD, false);
    check_exprs(c, &a->kw_defaults, AST_LOAD, true);
}

static const char *context_name(AstContext context) {
    return context == AST_LOAD ? "Load" : context == AST_STORE ? "Store" : "Del";
}

// -1: the kind has no context, it is a value only.
static int context_of(const AstExpr *e) {
    switch (e->kind) {
    case AST_ATTRIBUTE:
        return e->attribute.ctx;
    case AST_SUBSCRIPT:
        return e->subscript.ctx;
    case AST_STARRED:
        return e->starred.ctx;
    case AST_NAME:
        return e->name.ctx;
    case AST_LIST:
    case AST_TUPLE:
        return e->list.ctx;
    default:
        return -1;
    }
}

static void check_context(Compiler *c, const AstExpr *e, AstContext context) {
    if (e->kind == AST_NAME)
        check_name(c, e->name.id);
    int own = context_of(e);
    if (own < 0 && context != AST_LOAD)
        REFUSE(c, "expression which can't be assigned to in %s context", context_name(context));
    if (own >= 0 && own != (int)context)
        REFUSE(c, "expression must have %s context but has %s instead", context_name(context),
               context_name((AstContext)own));
}

static void check_conversion(Compiler *c, const AstExpr *e) {
    int conversion = e->formatted_value.conversion;
    if (conversion != -1 && conversion != 's' && conversion != 'r' && conversion != 'a') {
        raise_error(&exception_SystemError, "Unrecognized conversion character %d", conversion);
        compile_fail(c);
    }
}

static void check_children(Compiler *c, AstExpr *e, AstContext context) {
    switch (e->kind) {
    case AST_BOOL_OP:
        if (e->bool_op.values.count < 2)
            REFUSE(c, "BoolOp with less than 2 values");
        check_exprs(c, &e->bool_op.values, AST_LOAD, false);
        break;
    case AST_NAMED_EXPR:
        if (e->named_expr.target->kind != AST_NAME)
            REFUSE(c, "NamedExpr with a target that is not a Name");
        e->named_expr.target->name.ctx = AST_STORE; // CPython does not look at it
        check_expr(c, e->named_expr.target, AST_STORE);
        check_expr(c, e->named_expr.value, AST_LOAD);
        break;
    case AST_BIN_OP:
        check_expr(c, e->bin_op.left, AST_LOAD);
        check_expr(c, e->bin_op.right, AST_LOAD);
        break;
    case AST_UNARY_OP:
        check_expr(c, e->unary_op.operand, AST_LOAD);
        break;
    case AST_LAMBDA:
        check_arguments(c, e->lambda.args);
        check_expr(c, e->lambda.body, AST_LOAD);
        break;
    case AST_IF_EXP:
        check_expr(c, e->if_exp.test, AST_LOAD);
        check_expr(c, e->if_exp.body, AST_LOAD);
        check_expr(c, e->if_exp.orelse, AST_LOAD);
        break;
    case AST_DICT:
        if (e->dict.keys.count != e->dict.values.count)
            REFUSE(c, "Dict doesn't have the same number of keys as values");
        check_exprs(c, &e->dict.keys, AST_LOAD, true);
        check_exprs(c, &e->dict.values, AST_LOAD, false);
        break;
    case AST_SET:
        check_exprs(c, &e->set.elts, AST_LOAD, false);
        break;
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR_EXP:
        check_comprehensions(c, &e->comp.generators);
        check_expr(c, e->comp.elt, AST_LOAD);
        break;
    case AST_DICT_COMP:
        check_comprehensions(c, &e->dict_comp.generators);
        check_expr(c, e->dict_comp.key, AST_LOAD);
        check_expr(c, e->dict_comp.value, AST_LOAD);
        break;
    case AST_YIELD:
        check_optional(c, e->yield.value);
        break;
    case AST_YIELD_FROM:
    case AST_AWAIT:
        check_expr(c, e->await.value, AST_LOAD);
        break;
    case AST_COMPARE: // that there are as many operators was seen when they were read
        check_exprs(c, &e->compare.comparators, AST_LOAD, false);
        check_expr(c, e->compare.left, AST_LOAD);
        break;
    case AST_CALL:
        check_expr(c, e->call.func, AST_LOAD);
        check_exprs(c, &e->call.args, AST_LOAD, false);
        check_keywords(c, &e->call.keywords);
        break;
    case AST_FORMATTED_VALUE:
        check_conversion(c, e);
        check_expr(c, e->formatted_value.value, AST_LOAD);
        check_optional(c, e->formatted_value.format_spec);
        break;
    case AST_JOINED_STR:
        check_exprs(c, &e->joined_str.values, AST_LOAD, false);
        break;
    case AST_CONSTANT:
    case AST_NAME:
        break;
    case AST_ATTRIBUTE:
        check_expr(c, e->attribute.value, AST_LOAD);
        break;
    case AST_SUBSCRIPT:
        check_expr(c, e->subscript.slice, AST_LOAD);
        check_expr(c, e->subscript.value, AST_LOAD);
        break;
    case AST_STARRED:
        check_expr(c, e->starred.value, context);
        break;
    case AST_LIST:
    case AST_TUPLE:
        check_exprs(c, &e->list.elts, context, false);
        break;
    case AST_SLICE:
        check_optional(c, e->slice.lower);
        check_optional(c, e->slice.upper);
        check_optional(c, e->slice.step);
        break;
    }
}

static void check_expr(Compiler *c, AstExpr *e, AstContext context) {
    compile_check_stack(c);
    CHECK_POSITIONS(c, e);
    check_context(c, e, context);
    check_children(c, e, context);
    if (!ast_measure_expr(e))
        too_deep(c);
}

// ---- patterns ------------------------------------------------------------------------------

static bool is_number(const AstExpr *e, bool real_ok, bool imaginary_ok) {
    if (e->kind != AST_CONSTANT)
        return false;
    switch (e->constant.kind) {
    case AST_CONSTANT_INT:
    case AST_CONSTANT_BIG_INT:
    case AST_CONSTANT_FLOAT:
        return real_ok;
    case AST_CONSTANT_IMAGINARY:
        return imaginary_ok;
    default:
        break;
    }
    if ((int)e->constant.kind != (int)AST_CONSTANT_FOLDED)
        return false;
    Value v = {(uint64_t)e->constant.integer};
    return (real_ok && value_is_exactly(v, &int_type)) ||
           (imaginary_ok && value_is_exactly(v, &complex_type));
}

static bool is_negative(const AstExpr *e, bool real_ok, bool imaginary_ok) {
    return e->kind == AST_UNARY_OP && e->unary_op.op == AST_U_SUB &&
           is_number(e->unary_op.operand, real_ok, imaginary_ok);
}

static bool is_complex(const AstExpr *e) {
    if (e->kind != AST_BIN_OP || (e->bin_op.op != AST_ADD && e->bin_op.op != AST_SUB))
        return false;
    const AstExpr *left = e->bin_op.left, *right = e->bin_op.right;
    return (is_number(left, true, false) || is_negative(left, true, false)) &&
           is_number(right, false, true);
}

static void check_match_value(Compiler *c, AstExpr *e) {
    check_expr(c, e, AST_LOAD);
    if (e->kind == AST_CONSTANT) {
        if (is_number(e, true, true) || e->constant.kind == AST_CONSTANT_STR ||
            e->constant.kind == AST_CONSTANT_BYTES)
            return;
        REFUSE(c, "unexpected constant inside of a literal pattern");
    }
    if (e->kind == AST_ATTRIBUTE || e->kind == AST_JOINED_STR || is_negative(e, true, true) ||
        is_complex(e))
        return;
    REFUSE(c, "patterns may only match literals and attribute lookups");
}

static void check_capture(Compiler *c, const AstName *name) {
    if (!strcmp(name->text, "_"))
        REFUSE(c, "can't capture name '_' in patterns");
    check_name(c, name);
}

static void check_patterns(Compiler *c, const AstPatternSeq *patterns, bool star_ok) {
    for (uint32_t i = 0; i < patterns->count; i++) {
        if (!patterns->items[i])
            REFUSE(c, "None disallowed in pattern list");
        check_pattern(c, patterns->items[i], star_ok);
    }
}

static void check_mapping(Compiler *c, const AstPattern *p) {
    if (p->match_mapping.keys.count != p->match_mapping.patterns.count)
        REFUSE(c, "MatchMapping doesn't have the same number of keys as patterns");
    if (p->match_mapping.rest)
        check_capture(c, p->match_mapping.rest);
    for (uint32_t i = 0; i < p->match_mapping.keys.count; i++) {
        AstExpr *key = p->match_mapping.keys.items[i];
        if (!key)
            REFUSE(c, "None disallowed in expression list");
        if (key->kind == AST_CONSTANT && (int)key->constant.kind <= (int)AST_CONSTANT_FALSE)
            check_expr(c, key, AST_LOAD);
        else
            check_match_value(c, key);
    }
    check_patterns(c, &p->match_mapping.patterns, false);
}

static void check_match_class(Compiler *c, const AstPattern *p) {
    if (p->match_class.kwd_attrs.count != p->match_class.kwd_patterns.count)
        REFUSE(c, "MatchClass doesn't have the same number of keyword attributes as patterns");
    check_expr(c, p->match_class.cls, AST_LOAD);
    const AstExpr *class = p->match_class.cls;
    while (class->kind == AST_ATTRIBUTE)
        class = class->attribute.value;
    if (class->kind != AST_NAME)
        REFUSE(c, "MatchClass cls field can only contain Name or Attribute nodes.");
    for (uint32_t i = 0; i < p->match_class.kwd_attrs.count; i++)
        check_name(c, p->match_class.kwd_attrs.items[i]);
    check_patterns(c, &p->match_class.patterns, false);
    check_patterns(c, &p->match_class.kwd_patterns, false);
}

static void check_pattern(Compiler *c, AstPattern *p, bool star_ok) {
    compile_check_stack(c);
    CHECK_POSITIONS(c, p);
    switch (p->kind) {
    case AST_MATCH_VALUE:
        check_match_value(c, p->match_value.value);
        break;
    case AST_MATCH_SINGLETON:
        break;
    case AST_MATCH_SEQUENCE:
        check_patterns(c, &p->match_sequence.patterns, true);
        break;
    case AST_MATCH_MAPPING:
        check_mapping(c, p);
        break;
    case AST_MATCH_CLASS:
        check_match_class(c, p);
        break;
    case AST_MATCH_STAR:
        if (!star_ok)
            REFUSE(c, "can't use MatchStar here");
        if (p->match_star.name)
            check_capture(c, p->match_star.name);
        break;
    case AST_MATCH_AS:
        if (p->match_as.name)
            check_capture(c, p->match_as.name);
        if (!p->match_as.pattern)
            break;
        if (!p->match_as.name)
            REFUSE(c, "MatchAs must specify a target name if a pattern is given");
        check_pattern(c, p->match_as.pattern, false);
        break;
    case AST_MATCH_OR:
        if (p->match_or.patterns.count < 2)
            REFUSE(c, "MatchOr requires at least 2 patterns");
        check_patterns(c, &p->match_or.patterns, false);
        break;
    }
    if (!ast_measure_pattern(p))
        too_deep(c);
}

// ---- statements ----------------------------------------------------------------------------

static void check_body(Compiler *c, const AstStmtSeq *body, const char *owner) {
    check_not_empty(c, body->count, "body", owner);
    check_statements(c, body);
}

static void check_targets(Compiler *c, const AstExprSeq *targets, AstContext context) {
    check_not_empty(c, targets->count, "targets", context == AST_DEL ? "Delete" : "Assign");
    check_exprs(c, targets, context, false);
}

static void check_try(Compiler *c, const AstStmt *s, const char *owner) {
    check_body(c, &s->try_.body, owner);
    if (!s->try_.handlers.count && !s->try_.finalbody.count)
        REFUSE(c, "%s has neither except handlers nor finalbody", owner);
    if (!s->try_.handlers.count && s->try_.orelse.count)
        REFUSE(c, "%s has orelse but no except handlers", owner);
    for (uint32_t i = 0; i < s->try_.handlers.count; i++) {
        const AstExceptHandler *h = s->try_.handlers.items[i];
        if (!h)
            REFUSE(c, "None disallowed in handler list");
        CHECK_POSITIONS(c, h);
        check_optional(c, h->type);
        check_body(c, &h->body, "ExceptHandler");
    }
    check_statements(c, &s->try_.orelse);
    check_statements(c, &s->try_.finalbody);
    for (uint32_t i = 0; i < s->try_.handlers.count; i++) {
        const AstExceptHandler *h = s->try_.handlers.items[i];
        Position p = {h->line, h->end_line, h->column, h->end_column};
        if (!h->type && s->kind == AST_TRY_STAR)
            compile_error(c, p, "expected one or more exception types");
        if (!h->type && i + 1 < s->try_.handlers.count)
            compile_error(c, p, "default 'except:' must be last");
    }
}

static void check_with(Compiler *c, const AstStmt *s) {
    const char *owner = s->kind == AST_WITH ? "With" : "AsyncWith";
    check_not_empty(c, s->with.items.count, "items", owner);
    for (uint32_t i = 0; i < s->with.items.count; i++) {
        const AstWithItem *item = s->with.items.items[i];
        check_expr(c, item->context_expr, AST_LOAD);
        if (item->optional_vars)
            check_expr(c, item->optional_vars, AST_STORE);
    }
    check_body(c, &s->with.body, owner);
}

static void check_match(Compiler *c, const AstStmt *s) {
    check_expr(c, s->match.subject, AST_LOAD);
    check_not_empty(c, s->match.cases.count, "cases", "Match");
    for (uint32_t i = 0; i < s->match.cases.count; i++) {
        const AstMatchCase *m = s->match.cases.items[i];
        check_pattern(c, m->pattern, false);
        check_optional(c, m->guard);
        check_body(c, &m->body, "match_case");
    }
}

// An augmented or annotated assignment has one plain target.
static void check_single_target(Compiler *c, const AstExpr *target, const char *what) {
    if (target->kind == AST_NAME || target->kind == AST_ATTRIBUTE || target->kind == AST_SUBSCRIPT)
        return;
    raise_error(&exception_SystemError, "invalid node type (%d) for %s assignment",
                (int)target->kind + 1, what);
    compile_fail(c);
}

static void check_children_of_statement(Compiler *c, AstStmt *s) {
    switch (s->kind) {
    case AST_FUNCTION_DEF:
    case AST_ASYNC_FUNCTION_DEF:
        check_body(c, &s->function_def.body,
                   s->kind == AST_FUNCTION_DEF ? "FunctionDef" : "AsyncFunctionDef");
        check_arguments(c, s->function_def.args);
        check_exprs(c, &s->function_def.decorator_list, AST_LOAD, false);
        check_optional(c, s->function_def.returns);
        break;
    case AST_CLASS_DEF:
        check_body(c, &s->class_def.body, "ClassDef");
        check_exprs(c, &s->class_def.bases, AST_LOAD, false);
        check_keywords(c, &s->class_def.keywords);
        check_exprs(c, &s->class_def.decorator_list, AST_LOAD, false);
        break;
    case AST_RETURN:
        check_optional(c, s->return_.value);
        break;
    case AST_DELETE:
        check_targets(c, &s->delete_.targets, AST_DEL);
        break;
    case AST_ASSIGN:
        check_targets(c, &s->assign.targets, AST_STORE);
        check_expr(c, s->assign.value, AST_LOAD);
        break;
    case AST_AUG_ASSIGN:
        check_expr(c, s->aug_assign.target, AST_STORE);
        check_expr(c, s->aug_assign.value, AST_LOAD);
        check_single_target(c, s->aug_assign.target, "augmented");
        break;
    case AST_ANN_ASSIGN:
        if (s->ann_assign.target->kind != AST_NAME && s->ann_assign.simple) {
            raise_type_error("AnnAssign with simple non-Name target");
            compile_fail(c);
        }
        check_expr(c, s->ann_assign.target, AST_STORE);
        check_optional(c, s->ann_assign.value);
        check_expr(c, s->ann_assign.annotation, AST_LOAD);
        check_single_target(c, s->ann_assign.target, "annotated");
        break;
    case AST_FOR:
    case AST_ASYNC_FOR:
        check_expr(c, s->for_.target, AST_STORE);
        check_expr(c, s->for_.iter, AST_LOAD);
        check_body(c, &s->for_.body, s->kind == AST_FOR ? "For" : "AsyncFor");
        check_statements(c, &s->for_.orelse);
        break;
    case AST_WHILE:
    case AST_IF:
        check_expr(c, s->if_.test, AST_LOAD);
        check_body(c, &s->if_.body, s->kind == AST_IF ? "If" : "While");
        check_statements(c, &s->if_.orelse);
        break;
    case AST_WITH:
    case AST_ASYNC_WITH:
        check_with(c, s);
        break;
    case AST_MATCH:
        check_match(c, s);
        break;
    case AST_RAISE:
        if (!s->raise.exc && s->raise.cause)
            REFUSE(c, "Raise with cause but no exception");
        check_optional(c, s->raise.exc);
        check_optional(c, s->raise.cause);
        break;
    case AST_TRY:
        check_try(c, s, "Try");
        break;
    case AST_TRY_STAR:
        check_try(c, s, "TryStar");
        break;
    case AST_ASSERT:
        check_expr(c, s->assert_.test, AST_LOAD);
        check_optional(c, s->assert_.msg);
        break;
    case AST_IMPORT:
        check_not_empty(c, s->import.names.count, "names", "Import");
        break;
    case AST_IMPORT_FROM:
        if (s->import_from.level < 0)
            REFUSE(c, "Negative ImportFrom level");
        check_not_empty(c, s->import_from.names.count, "names", "ImportFrom");
        break;
    case AST_GLOBAL:
        check_not_empty(c, s->global.names.count, "names", "Global");
        break;
    case AST_NONLOCAL:
        check_not_empty(c, s->nonlocal.names.count, "names", "Nonlocal");
        break;
    case AST_EXPR:
        check_expr(c, s->expr.value, AST_LOAD);
        break;
    case AST_PASS:
    case AST_BREAK:
    case AST_CONTINUE:
        break;
    }
}

static void check_statements(Compiler *c, const AstStmtSeq *statements) {
    compile_check_stack(c);
    for (uint32_t i = 0; i < statements->count; i++) {
        AstStmt *s = statements->items[i];
        if (!s)
            REFUSE(c, "None disallowed in statement list");
        CHECK_POSITIONS(c, s);
        check_children_of_statement(c, s);
        if (!ast_measure_stmt(s))
            too_deep(c);
    }
}

void tree_validate(Compiler *c, AstModule *module) {
    if (module->kind == AST_EXPRESSION)
        check_expr(c, module->expression, AST_LOAD);
    else
        check_statements(c, &module->body);
}
