// SPDX-License-Identifier: MIT
//
// Making and measuring nodes; see ast_build.h, and ast.h for what height and depth mean.
#include "vm/parse/ast_build.h"

AstExpr *ast_new_expr(Arena *arena, AstExprKind kind) {
    AstExpr *node = arena_allocate(arena, sizeof *node);
    node->kind = kind;
    return node;
}

AstStmt *ast_new_stmt(Arena *arena, AstStmtKind kind) {
    AstStmt *node = arena_allocate(arena, sizeof *node);
    node->kind = kind;
    return node;
}

AstPattern *ast_new_pattern(Arena *arena, AstPatternKind kind) {
    AstPattern *node = arena_allocate(arena, sizeof *node);
    node->kind = kind;
    return node;
}

// The highest of the children seen so far.
typedef struct Measure {
    uint32_t height, depth;
} Measure;

static inline void include(Measure *measure, uint32_t height, uint32_t depth) {
    if (height > measure->height) {
        measure->height = height;
    }
    if (depth > measure->depth) {
        measure->depth = depth;
    }
}

static inline void include_expr(Measure *measure, const AstExpr *expr) {
    if (expr != NULL) {
        include(measure, expr->height, expr->depth);
    }
}

static void include_exprs(Measure *measure, AstExprSeq exprs) {
    for (uint32_t i = 0; i < exprs.count; i++) {
        include_expr(measure, exprs.items[i]);
    }
}

static void include_keywords(Measure *measure, AstKeywordSeq keywords) {
    for (uint32_t i = 0; i < keywords.count; i++) {
        include_expr(measure, keywords.items[i]->value);
    }
}

static void include_comprehensions(Measure *measure, AstComprehensionSeq generators) {
    for (uint32_t i = 0; i < generators.count; i++) {
        include_expr(measure, generators.items[i]->target);
        include_expr(measure, generators.items[i]->iter);
        include_exprs(measure, generators.items[i]->ifs);
    }
}

static void include_parameters(Measure *measure, AstArgSeq parameters) {
    for (uint32_t i = 0; i < parameters.count; i++) {
        include_expr(measure, parameters.items[i]->annotation);
    }
}

static void include_arguments(Measure *measure, const AstArguments *arguments) {
    include_parameters(measure, arguments->posonlyargs);
    include_parameters(measure, arguments->args);
    include_parameters(measure, arguments->kwonlyargs);
    include_exprs(measure, arguments->kw_defaults);
    include_exprs(measure, arguments->defaults);
    if (arguments->vararg != NULL) {
        include_expr(measure, arguments->vararg->annotation);
    }
    if (arguments->kwarg != NULL) {
        include_expr(measure, arguments->kwarg->annotation);
    }
}

static void include_stmts(Measure *measure, AstStmtSeq stmts) {
    for (uint32_t i = 0; i < stmts.count; i++) {
        include(measure, stmts.items[i]->height, stmts.items[i]->depth);
    }
}

static void include_patterns(Measure *measure, AstPatternSeq patterns) {
    for (uint32_t i = 0; i < patterns.count; i++) {
        include(measure, patterns.items[i]->height, patterns.items[i]->height);
    }
}

bool ast_measure_expr(AstExpr *node) {
    Measure m = {0, 0};
    uint32_t chain = 0; // height of what continues a chain: not counted
    switch (node->kind) {
    case AST_BOOL_OP:
        include_exprs(&m, node->bool_op.values);
        break;
    case AST_NAMED_EXPR:
        include_expr(&m, node->named_expr.target);
        include_expr(&m, node->named_expr.value);
        break;
    case AST_BIN_OP:
        if (node->bin_op.left->kind == AST_BIN_OP) {
            chain = node->bin_op.left->height;
            include(&m, 0, node->bin_op.left->depth);
        } else {
            include_expr(&m, node->bin_op.left);
        }
        include_expr(&m, node->bin_op.right);
        break;
    case AST_UNARY_OP:
        include_expr(&m, node->unary_op.operand);
        break;
    case AST_LAMBDA:
        include_arguments(&m, node->lambda.args);
        include_expr(&m, node->lambda.body);
        break;
    case AST_IF_EXP:
        include_expr(&m, node->if_exp.test);
        include_expr(&m, node->if_exp.body);
        include_expr(&m, node->if_exp.orelse);
        break;
    case AST_DICT:
        include_exprs(&m, node->dict.keys);
        include_exprs(&m, node->dict.values);
        break;
    case AST_SET:
        include_exprs(&m, node->set.elts);
        break;
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR_EXP:
        include_expr(&m, node->comp.elt);
        include_comprehensions(&m, node->comp.generators);
        break;
    case AST_DICT_COMP:
        include_expr(&m, node->dict_comp.key);
        include_expr(&m, node->dict_comp.value);
        include_comprehensions(&m, node->dict_comp.generators);
        break;
    case AST_AWAIT:
    case AST_YIELD:
    case AST_YIELD_FROM:
        include_expr(&m, node->yield.value);
        break;
    case AST_COMPARE:
        include_expr(&m, node->compare.left);
        include_exprs(&m, node->compare.comparators);
        break;
    case AST_CALL:
        include_expr(&m, node->call.func);
        include_exprs(&m, node->call.args);
        include_keywords(&m, node->call.keywords);
        break;
    case AST_FORMATTED_VALUE:
        include_expr(&m, node->formatted_value.value);
        include_expr(&m, node->formatted_value.format_spec);
        break;
    case AST_JOINED_STR:
        include_exprs(&m, node->joined_str.values);
        break;
    case AST_CONSTANT:
    case AST_NAME:
        break;
    case AST_ATTRIBUTE:
        include_expr(&m, node->attribute.value);
        break;
    case AST_SUBSCRIPT:
        include_expr(&m, node->subscript.value);
        include_expr(&m, node->subscript.slice);
        break;
    case AST_STARRED:
        include_expr(&m, node->starred.value);
        break;
    case AST_LIST:
    case AST_TUPLE:
        include_exprs(&m, node->list.elts);
        break;
    case AST_SLICE:
        include_expr(&m, node->slice.lower);
        include_expr(&m, node->slice.upper);
        include_expr(&m, node->slice.step);
        break;
    }
    uint32_t height = m.height + 1 > chain ? m.height + 1 : chain;
    if (height > AST_MAX_HEIGHT || m.depth >= AST_MAX_DEPTH) {
        return false;
    }
    node->height = height;
    node->depth = m.depth + 1;
    return true;
}

bool ast_measure_pattern(AstPattern *node) {
    Measure m = {0, 0};
    switch (node->kind) {
    case AST_MATCH_VALUE:
        include_expr(&m, node->match_value.value);
        break;
    case AST_MATCH_SINGLETON:
    case AST_MATCH_STAR:
        break;
    case AST_MATCH_SEQUENCE:
    case AST_MATCH_OR:
        include_patterns(&m, node->match_or.patterns);
        break;
    case AST_MATCH_MAPPING:
        include_exprs(&m, node->match_mapping.keys);
        include_patterns(&m, node->match_mapping.patterns);
        break;
    case AST_MATCH_CLASS:
        include_expr(&m, node->match_class.cls);
        include_patterns(&m, node->match_class.patterns);
        include_patterns(&m, node->match_class.kwd_patterns);
        break;
    case AST_MATCH_AS:
        if (node->match_as.pattern != NULL) {
            include(&m, node->match_as.pattern->height, 0);
        }
        break;
    }
    if (m.height >= AST_MAX_HEIGHT) {
        return false;
    }
    node->height = m.height + 1;
    return true;
}

bool ast_measure_stmt(AstStmt *node) {
    Measure m = {0, 0};
    uint32_t chain = 0;
    switch (node->kind) {
    case AST_FUNCTION_DEF:
    case AST_ASYNC_FUNCTION_DEF:
        include_arguments(&m, node->function_def.args);
        include_stmts(&m, node->function_def.body);
        include_exprs(&m, node->function_def.decorator_list);
        include_expr(&m, node->function_def.returns);
        break;
    case AST_CLASS_DEF:
        include_exprs(&m, node->class_def.bases);
        include_keywords(&m, node->class_def.keywords);
        include_stmts(&m, node->class_def.body);
        include_exprs(&m, node->class_def.decorator_list);
        break;
    case AST_RETURN:
        include_expr(&m, node->return_.value);
        break;
    case AST_DELETE:
        include_exprs(&m, node->delete_.targets);
        break;
    case AST_ASSIGN:
        include_exprs(&m, node->assign.targets);
        include_expr(&m, node->assign.value);
        break;
    case AST_AUG_ASSIGN:
        include_expr(&m, node->aug_assign.target);
        include_expr(&m, node->aug_assign.value);
        break;
    case AST_ANN_ASSIGN:
        include_expr(&m, node->ann_assign.target);
        include_expr(&m, node->ann_assign.annotation);
        include_expr(&m, node->ann_assign.value);
        break;
    case AST_FOR:
    case AST_ASYNC_FOR:
        include_expr(&m, node->for_.target);
        include_expr(&m, node->for_.iter);
        include_stmts(&m, node->for_.body);
        include_stmts(&m, node->for_.orelse);
        break;
    case AST_IF: {
        AstStmtSeq orelse = node->if_.orelse;
        if (orelse.count == 1 && orelse.items[0]->kind == AST_IF) {
            chain = orelse.items[0]->height;
            include(&m, 0, orelse.items[0]->depth);
        } else {
            include_stmts(&m, orelse);
        }
        include_expr(&m, node->if_.test);
        include_stmts(&m, node->if_.body);
        break;
    }
    case AST_WHILE:
        include_expr(&m, node->while_.test);
        include_stmts(&m, node->while_.body);
        include_stmts(&m, node->while_.orelse);
        break;
    case AST_WITH:
    case AST_ASYNC_WITH:
        for (uint32_t i = 0; i < node->with.items.count; i++) {
            include_expr(&m, node->with.items.items[i]->context_expr);
            include_expr(&m, node->with.items.items[i]->optional_vars);
        }
        include_stmts(&m, node->with.body);
        break;
    case AST_MATCH:
        include_expr(&m, node->match.subject);
        for (uint32_t i = 0; i < node->match.cases.count; i++) {
            AstMatchCase *match_case = node->match.cases.items[i];
            include(&m, match_case->pattern->height, match_case->pattern->height);
            include_expr(&m, match_case->guard);
            include_stmts(&m, match_case->body);
        }
        break;
    case AST_RAISE:
        include_expr(&m, node->raise.exc);
        include_expr(&m, node->raise.cause);
        break;
    case AST_TRY:
    case AST_TRY_STAR:
        include_stmts(&m, node->try_.body);
        for (uint32_t i = 0; i < node->try_.handlers.count; i++) {
            include_expr(&m, node->try_.handlers.items[i]->type);
            include_stmts(&m, node->try_.handlers.items[i]->body);
        }
        include_stmts(&m, node->try_.orelse);
        include_stmts(&m, node->try_.finalbody);
        break;
    case AST_ASSERT:
        include_expr(&m, node->assert_.test);
        include_expr(&m, node->assert_.msg);
        break;
    case AST_EXPR:
        include_expr(&m, node->expr.value);
        break;
    case AST_IMPORT:
    case AST_IMPORT_FROM:
    case AST_GLOBAL:
    case AST_NONLOCAL:
    case AST_PASS:
    case AST_BREAK:
    case AST_CONTINUE:
        break;
    }
    uint32_t height = m.height + 1 > chain ? m.height + 1 : chain;
    if (height > AST_MAX_HEIGHT || m.depth >= AST_MAX_DEPTH) {
        return false;
    }
    node->height = height;
    node->depth = m.depth + 1;
    return true;
}
