// SPDX-License-Identifier: MIT
//
// How the parser makes nodes: an empty one, its fields filled in by the caller, then measured once
// its children are.
#ifndef LOCKSMITH_VM_PARSE_AST_BUILD_H
#define LOCKSMITH_VM_PARSE_AST_BUILD_H

#include "vm/parse/ast.h"

// Zeroed nodes in the arena.
AstExpr *ast_new_expr(Arena *arena, AstExprKind kind);
AstStmt *ast_new_stmt(Arena *arena, AstStmtKind kind);
AstPattern *ast_new_pattern(Arena *arena, AstPatternKind kind);

// Set height and depth from the children's. False if the node would be higher than ast.h allows.
bool ast_measure_expr(AstExpr *node);
bool ast_measure_stmt(AstStmt *node);
bool ast_measure_pattern(AstPattern *node);

#endif
