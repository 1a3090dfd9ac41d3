// SPDX-License-Identifier: MIT
//
// From the tree to Python objects (PyCF_ONLY_AST). Every object made belongs to the compilation
// until that ends, so leaving half-way frees all.
#include "vm/compile/compiler.h"
#include "vm/compile/tree.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/type.h"

static Value convert(Compiler *c, TreeKind kind, const void *node, int depth);

typedef struct {
    uint32_t count;
    void **items;
} AnySeq; // what all sequences of ast.h look like

static const TreeClass *class_of_node(TreeKind kind, const void *node) {
    switch (kind) {
    case TREE_MOD:
        return tree_class_of(kind, (int)((const AstModule *)node)->kind);
    case TREE_STMT:
        return tree_class_of(kind, (int)((const AstStmt *)node)->kind);
    case TREE_EXPR:
        return tree_class_of(kind, (int)((const AstExpr *)node)->kind);
    case TREE_PATTERN:
        return tree_class_of(kind, (int)((const AstPattern *)node)->kind);
    default:
        return tree_class_of(kind, 0);
    }
}

static Value name_or_none(Compiler *c, const AstName *name) {
    return name ? compile_name(c, name) : VALUE_NONE;
}

static Value singleton_value(AstConstantKind kind) {
    return kind == AST_CONSTANT_NONE ? VALUE_NONE : value_from_bool(kind == AST_CONSTANT_TRUE);
}

static Value convert_many(Compiler *c, const TreeField *f, const void *at, const void *node,
                          int depth) {
    const AnySeq *items = at;
    uint32_t count = items->count;
    if (f->kind == TREE_CMPOP)
        count = ((const AstExpr *)node)->compare.comparators.count;
    Value list = compiler_own(c, list_new_sized(count));
    for (uint32_t i = 0; i < count; i++) {
        Value item;
        if (f->kind == TREE_CMPOP)
            item = tree_singleton(tree_class_of(TREE_CMPOP, (*(AstCompareOp *const *)at)[i]));
        else if (f->kind == TREE_IDENTIFIER)
            item = compile_name(c, items->items[i]);
        else if (!items->items[i])
            item = VALUE_NONE;
        else
            item = convert(c, (TreeKind)f->kind, items->items[i], depth);
        if (list_append(list, item) < 0)
            compile_fail(c);
    }
    return list;
}

static Value convert_field(Compiler *c, const TreeField *f, const void *node, int depth) {
    const void *at = tree_at(node, f->offset);
    if (f->quantity >= TREE_MANY)
        return convert_many(c, f, at, node, depth);
    switch (f->kind) {
    case TREE_IDENTIFIER:
    case TREE_STRING:
        return name_or_none(c, *(const AstName *const *)at);
    case TREE_INT:
        return value_from_int(*(const int *)at);
    case TREE_BOOL:
        return value_from_int(*(const bool *)at);
    case TREE_CONSTANT:
        return constant_value(c, at);
    case TREE_U_PREFIX:
        return ((const AstConstant *)at)->u_prefix ? constant_str(c, "u") : VALUE_NONE;
    case TREE_SINGLETON:
        return singleton_value(*(const AstConstantKind *)at);
    default:
        break;
    }
    if (f->kind >= TREE_STRUCTS)
        return tree_singleton(tree_class_of((TreeKind)f->kind, *(const int *)at));
    const void *child = *(const void *const *)at;
    return child ? convert(c, (TreeKind)f->kind, child, depth) : VALUE_NONE;
}

static void put(Compiler *c, Value object, Value name, Value v) {
    if (instance_set(object, name, v) < 0)
        compile_fail(c);
}

static Value convert(Compiler *c, TreeKind kind, const void *node, int depth) {
    // As deep as CPython goes: three times the recursion limit.
    if (depth > 3 * __atomic_load_n(&thread_recursion_limit, __ATOMIC_RELAXED) ||
        (const char *)__builtin_frame_address(0) < c->stack_limit) {
        raise_error(&exception_RecursionError,
                    "maximum recursion depth exceeded during ast construction");
        compile_fail(c);
    }
    const TreeClass *class = class_of_node(kind, node);
    Value object = compiler_own(c, type_new_instance((Type *)value_object(tree_type(class))));
    for (int i = 0; i < class->field_count; i++) {
        const TreeField *f = &class->fields[i];
        put(c, object, compile_name(c, arena_intern(c->arena, f->name, strlen(f->name))),
            convert_field(c, f, node, depth + 1));
    }
    if (class->has_positions) {
        const int *position = tree_at(node, class->position_offset);
        put(c, object, name_lineno, value_from_int(position[0]));
        put(c, object, name_col_offset, value_from_int(position[1]));
        put(c, object, name_end_lineno, value_from_int(position[2]));
        put(c, object, name_end_col_offset, value_from_int(position[3]));
    }
    return object;
}

Value tree_to_objects(Compiler *c, const AstModule *module) {
    if (tree_types_make() < 0)
        compile_fail(c);
    return convert(c, TREE_MOD, module, 0);
}
