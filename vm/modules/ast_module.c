// SPDX-License-Identifier: MIT
//
// _ast: the classes of syntax trees (made by vm/compile/tree_classes.c) and the flags of compile()
// that give and take trees.
#include "vm/compile/tree.h"
#include "vm/types/module.h"

enum { ALLOW_TOP_LEVEL_AWAIT = 0x2000, ONLY_AST = 0x400, TYPE_COMMENTS = 0x1000 };

static int ast_fill(Value module) {
    if (tree_types_make() < 0 || module_add(module, "AST", ref_new(tree_base())) < 0 ||
        module_add_int(module, "PyCF_ALLOW_TOP_LEVEL_AWAIT", ALLOW_TOP_LEVEL_AWAIT) < 0 ||
        module_add_int(module, "PyCF_ONLY_AST", ONLY_AST) < 0 ||
        module_add_int(module, "PyCF_TYPE_COMMENTS", TYPE_COMMENTS) < 0)
        return -1;
    int count;
    const TreeClass *classes = tree_classes(&count);
    for (int i = 0; i < count; i++)
        if (module_add(module, classes[i].name, ref_new(tree_type(&classes[i]))) < 0)
            return -1;
    return 0;
}

const NativeModule module_ast = {
    .name = "_ast",
    .fill = ast_fill,
};
