// SPDX-License-Identifier: MIT
//
// Syntax trees as Python objects: the classes of the module `ast`, and the way between such objects
// and the tree of vm/parse/ast.h. All of it is driven by one table, made from
// vm/parse/ast_nodes.def.
#ifndef LOCKSMITH_VM_COMPILE_TREE_H
#define LOCKSMITH_VM_COMPILE_TREE_H

#include "vm/object.h"
#include "vm/parse/ast.h"

struct Compiler;

// What a field holds: a node of one of the groups and products, or something plain.
typedef enum {
    TREE_MOD,
    TREE_STMT,
    TREE_EXPR,
    TREE_PATTERN,
    TREE_COMPREHENSION,
    TREE_EXCEPTHANDLER,
    TREE_ARGUMENTS,
    TREE_ARG,
    TREE_KEYWORD,
    TREE_ALIAS,
    TREE_WITHITEM,
    TREE_MATCH_CASE,
    TREE_TYPE_IGNORE,
    TREE_STRUCTS, // those before have a struct; the next ones are enums
    TREE_EXPR_CONTEXT = TREE_STRUCTS,
    TREE_BOOLOP,
    TREE_OPERATOR,
    TREE_UNARYOP,
    TREE_CMPOP,
    TREE_KINDS,
    TREE_IDENTIFIER = TREE_KINDS, // const AstName *
    TREE_STRING,                  // the same, but any text
    TREE_INT,
    TREE_BOOL,      // an int in Python, a bool here
    TREE_CONSTANT,  // AstConstant
    TREE_U_PREFIX,  // the same one's u_prefix: 'u' or None
    TREE_SINGLETON, // AstConstantKind
} TreeKind;

typedef enum { TREE_ONE, TREE_MAYBE, TREE_MANY, TREE_MANY_OR_NONE } TreeQuantity;

typedef struct TreeField {
    const char *name;
    uint8_t kind;     // TreeKind
    uint8_t quantity; // TreeQuantity
    uint16_t offset;
} TreeField;

typedef struct TreeClass {
    const char *name;
    TreeKind kind;
    int tag;                  // which node of its group
    bool is_group;            // abstract
    bool has_positions;       // of groups, too; nodes have their group's
    bool end_is_optional;     // end_lineno and end_col_offset may be missing
    uint16_t position_offset; // of line, column, end_line, end_column
    const TreeField *fields;
    int field_count;
    int group; // index of the group's class, or -1
} TreeClass;

// All classes, in the order of the description.
const TreeClass *tree_classes(int *count);
const TreeClass *tree_class_of(TreeKind kind, int tag);
static inline const void *tree_at(const void *node, size_t offset) {
    return (const char *)node + offset;
}

// The Python classes are made when first asked for; 0, or -1 with an exception.
int tree_types_make(void);
Value tree_base(void);                            // ast.AST, borrowed; after tree_types_make
Value tree_type(const TreeClass *class);          // borrowed; after tree_types_make
Value tree_singleton(const TreeClass *class);     // of an enum's class: its one instance, borrowed
const TreeClass *tree_class_of_value(Value node); // NULL: no node, or abstract
bool tree_is_node(Value v);                       // an instance of ast.AST

// ---- conversions; both leave with compile_fail ---------------------------------------------
Value tree_to_objects(struct Compiler *c, const AstModule *module); // borrowed from the compilation
AstModule *tree_from_objects(struct Compiler *c, Value root, int mode); // COMPILE_*; validated
// Refuses what no parser gives, and measures the nodes.
void tree_validate(struct Compiler *c, AstModule *module);

#endif
