// SPDX-License-Identifier: MIT
//
// From Python objects to the tree (compile() of an ast.AST). What is read from objects may be
// anything, and reading may run Python code; errors are worded as CPython's are. What the table
// cannot say about a right tree, tree_validate.c checks afterwards: until then a sequence may hold
// NULL where the list held None.
#include "vm/compile/compiler.h"
#include "vm/compile/tree.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <limits.h>
#include <stdio.h>

static void *convert(Compiler *c, TreeKind kind, Value v, int *tag);

// The attribute, owned by the compilation; VALUE_NULL: there is none.
static Value attribute(Compiler *c, Value object, const char *name) {
    Value key = compile_name(c, arena_intern(c->arena, name, strlen(name)));
    Value v = VALUE_NULL;
    if (value_lookup_attr(object, key, &v) < 0)
        compile_fail(c);
    return value_is_null(v) ? v : compiler_own(c, v);
}

_Noreturn static void missing(Compiler *c, const char *field, const char *class) {
    raise_type_error("required field \"%s\" missing from %s", field, class);
    compile_fail(c);
}

// ---- plain fields --------------------------------------------------------------------------

static int to_int(Compiler *c, Value v) {
    if (!value_is_any_int(v)) {
        raise_value_error("invalid integer value: %R", v);
        compile_fail(c);
    }
    int64_t n;
    if (!int_to_i64(v, &n) || n < INT_MIN || n > INT_MAX) {
        raise_error(&exception_OverflowError, "Python int too large to convert to C int");
        compile_fail(c);
    }
    return (int)n;
}

static const AstName *to_name(Compiler *c, Value v, const char *what) {
    if (value_is_none(v))
        return NULL;
    if (!value_is_exact_str(v)) {
        raise_type_error("AST %s must be of type str", what);
        compile_fail(c);
    }
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8_wtf(v, &length, &owned);
    if (!text)
        compile_fail(c);
    const AstName *name = arena_intern(c->arena, text, length);
    buffer_free(owned);
    return name;
}

static void check_constant(Compiler *c, Value v) {
    compile_check_stack(c);
    if (value_is_none(v) || value_same(v, VALUE_ELLIPSIS) || value_is_bool(v) || value_is_int(v) ||
        value_is_exact_float(v) || value_is_exact_str(v) || value_is_exactly(v, &int_type) ||
        value_is_exactly(v, &bytes_type) || value_is_exactly(v, &complex_type))
        return;
    bool frozen = value_is_exactly(v, &frozenset_type);
    if (!frozen && !value_is_exactly(v, &tuple_type)) {
        raise_type_error("got an invalid type in Constant: %T", v);
        compile_fail(c);
    }
    Value items = frozen ? compiler_own(c, tuple_from_iterable(v)) : v;
    for (int64_t i = 0; i < tuple_length(items); i++)
        check_constant(c, tuple_item(items, i));
}

static AstConstant to_constant(Compiler *c, Value v) {
    AstConstant k = {0};
    if (value_is_none(v)) {
        k.kind = AST_CONSTANT_NONE;
    } else if (value_is_bool(v)) {
        k.kind = value_same(v, VALUE_TRUE) ? AST_CONSTANT_TRUE : AST_CONSTANT_FALSE;
    } else if (value_same(v, VALUE_ELLIPSIS)) {
        k.kind = AST_CONSTANT_ELLIPSIS;
    } else if (value_is_int(v)) {
        k.kind = AST_CONSTANT_INT;
        k.integer = value_int(v);
    } else if (value_is_exact_float(v)) {
        k.kind = AST_CONSTANT_FLOAT;
        k.real = float_value(v);
    } else if (value_is_exact_str(v)) {
        size_t length;
        char *owned = NULL;
        const char *text = str_utf8_wtf(v, &length, &owned);
        if (!text)
            compile_fail(c);
        k.kind = AST_CONSTANT_STR;
        k.text.data = arena_copy(c->arena, text, length);
        k.text.length = length;
        buffer_free(owned);
    } else if (value_is_exactly(v, &bytes_type)) {
        k.kind = AST_CONSTANT_BYTES;
        k.text.length = (size_t)bytes_length(v);
        k.text.data = arena_copy(c->arena, (const char *)bytes_data(v), k.text.length);
    } else {
        check_constant(c, v);
        k.kind = AST_CONSTANT_FOLDED;
        k.integer = (int64_t)constant_share(c, ref_new(v)).bits;
    }
    return k;
}

static AstConstantKind to_singleton(Compiler *c, Value v) {
    if (value_is_none(v))
        return AST_CONSTANT_NONE;
    if (value_is_bool(v))
        return value_same(v, VALUE_TRUE) ? AST_CONSTANT_TRUE : AST_CONSTANT_FALSE;
    raise_value_error("MatchSingleton can only contain True, False and None");
    compile_fail(c);
}

// ---- fields that hold nodes ----------------------------------------------------------------

static void *convert_item(Compiler *c, const TreeField *f, Value item) {
    if (f->kind == TREE_IDENTIFIER)
        return (void *)to_name(c, value_is_none(item) ? VALUE_NOT_IMPLEMENTED : item, "identifier");
    return convert(c, (TreeKind)f->kind, item, NULL);
}

static void convert_many(Compiler *c, const TreeClass *class, const TreeField *f, Value list,
                         void *at, void *node) {
    if (!value_is_list(list)) {
        raise_type_error("%s field \"%s\" must be a list, not a %T", class->name, f->name, list);
        compile_fail(c);
    }
    int64_t count = list_length(list);
    bool operators = f->kind == TREE_CMPOP;
    void **items = arena_allocate(c->arena, (size_t)(count + 1) * sizeof *items);
    AstCompareOp *ops =
        operators ? arena_allocate(c->arena, (size_t)(count + 1) * sizeof *ops) : NULL;
    for (int64_t i = 0; i < count; i++) {
        Value item = list_get_fast(list_of(list), (uint64_t)i);
        if (!value_is_null(item)) {
            compiler_own(c, item);
            if (operators) {
                int op = -1;
                convert(c, TREE_CMPOP, item, &op);
                ops[i] = (AstCompareOp)op;
            } else {
                items[i] = convert_item(c, f, item);
            }
        }
        if (list_length(list) != count) {
            raise_error(&exception_RuntimeError, "%s field \"%s\" changed size during iteration",
                        class->name, f->name);
            compile_fail(c);
        }
    }
    if (operators) {
        *(AstCompareOp **)at = ops;
        // Until the comparators are read the count is kept there.
        ((AstExpr *)node)->compare.comparators.count = (uint32_t)count;
        return;
    }
    AstExprSeq *sequence = at; // as all sequences
    if (f->offset == offsetof(AstExpr, compare.comparators) && class->kind == TREE_EXPR &&
        class->tag == AST_COMPARE) {
        if (count == 0 || sequence->count != count) {
            raise_value_error(count == 0
                                  ? "Compare with no comparators"
                                  : "Compare has a different number of comparators and operands");
            compile_fail(c);
        }
    }
    sequence->count = (uint32_t)count;
    sequence->items = (AstExpr **)items;
}

static void convert_field(Compiler *c, const TreeClass *class, const TreeField *f, Value object,
                          void *node) {
    Value v = attribute(c, object, f->name);
    void *at = (char *)node + f->offset;
    if (value_is_null(v)) {
        if (f->quantity != TREE_MAYBE)
            missing(c, f->name, class->name);
        v = VALUE_NONE;
    }
    if (f->quantity >= TREE_MANY) {
        convert_many(c, class, f, v, at, node);
        return;
    }
    switch (f->kind) {
    case TREE_IDENTIFIER:
        *(const AstName **)at = to_name(c, v, "identifier");
        return;
    case TREE_STRING:
        *(const AstName **)at = to_name(c, v, "string");
        return;
    case TREE_INT:
        *(int *)at = f->quantity == TREE_MAYBE && value_is_none(v) ? 0 : to_int(c, v);
        return;
    case TREE_BOOL:
        *(bool *)at = to_int(c, v) != 0;
        return;
    case TREE_CONSTANT:
        *(AstConstant *)at = to_constant(c, v);
        return;
    case TREE_U_PREFIX: {
        const AstName *prefix = to_name(c, v, "string");
        ((AstConstant *)at)->u_prefix = prefix && !strcmp(prefix->text, "u");
        return;
    }
    case TREE_SINGLETON:
        *(AstConstantKind *)at = to_singleton(c, v);
        return;
    default:
        break;
    }
    if (f->kind >= TREE_STRUCTS) {
        int tag = -1;
        convert(c, (TreeKind)f->kind, v, &tag);
        *(int *)at = tag;
    } else {
        *(void **)at = value_is_none(v) && f->quantity == TREE_MAYBE
                           ? NULL
                           : convert(c, (TreeKind)f->kind, v, NULL);
    }
}

// Fields that may not be None, once all are read.
static void check_required(Compiler *c, const TreeClass *class, const void *node) {
    for (int i = 0; i < class->field_count; i++) {
        const TreeField *f = &class->fields[i];
        if (f->quantity != TREE_ONE ||
            !(f->kind < TREE_STRUCTS || f->kind == TREE_IDENTIFIER || f->kind == TREE_STRING))
            continue;
        const void *at = tree_at(node, f->offset);
        if (!*(void *const *)at) {
            raise_value_error("field '%s' is required for %s", f->name, class->name);
            compile_fail(c);
        }
    }
}

static void convert_positions(Compiler *c, const TreeClass *class, Value object, int *position) {
    static const char *const names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    const char *owner = class->group >= 0 ? tree_classes(NULL)[class->group].name : class->name;
    for (int i = 0; i < 4; i++) {
        Value v = attribute(c, object, names[i]);
        if (i >= 2 && class->end_is_optional && (value_is_null(v) || value_is_none(v))) {
            position[i] = position[i - 2];
            continue;
        }
        if (value_is_null(v))
            missing(c, names[i], owner);
        position[i] = to_int(c, v);
    }
}

static void *new_node(Compiler *c, const TreeClass *class) {
    static const size_t sizes[TREE_STRUCTS] = {
        [TREE_MOD] = sizeof(AstModule),
        [TREE_STMT] = sizeof(AstStmt),
        [TREE_EXPR] = sizeof(AstExpr),
        [TREE_PATTERN] = sizeof(AstPattern),
        [TREE_COMPREHENSION] = sizeof(AstComprehension),
        [TREE_EXCEPTHANDLER] = sizeof(AstExceptHandler),
        [TREE_ARGUMENTS] = sizeof(AstArguments),
        [TREE_ARG] = sizeof(AstArg),
        [TREE_KEYWORD] = sizeof(AstKeyword),
        [TREE_ALIAS] = sizeof(AstAlias),
        [TREE_WITHITEM] = sizeof(AstWithItem),
        [TREE_MATCH_CASE] = sizeof(AstMatchCase),
        [TREE_TYPE_IGNORE] = sizeof(AstTypeIgnore),
    };
    void *node = arena_allocate(c->arena, sizes[class->kind]);
    switch (class->kind) {
    case TREE_MOD:
        ((AstModule *)node)->kind = (AstModuleKind) class->tag;
        break;
    case TREE_STMT:
        ((AstStmt *)node)->kind = (AstStmtKind) class->tag;
        break;
    case TREE_EXPR:
        ((AstExpr *)node)->kind = (AstExprKind) class->tag;
        break;
    case TREE_PATTERN:
        ((AstPattern *)node)->kind = (AstPatternKind) class->tag;
        break;
    default:
        break;
    }
    return node;
}

// The node, or (enums) its number in *tag. None stands for no node where the kind is a group.
static void *convert(Compiler *c, TreeKind kind, Value v, int *tag) {
    const TreeClass *first = tree_class_of(kind, 0), *class = tree_class_of_value(v);
    if (first->group < 0) {
        class = first; // products are taken by their attributes alone
    } else if (value_is_none(v) && kind < TREE_STRUCTS) {
        return NULL;
    } else if (!class || class->kind != kind) {
        raise_type_error("expected some sort of %s, but got %R",
                         tree_classes(NULL)[first->group].name, v);
        compile_fail(c);
    }
    if (kind >= TREE_STRUCTS) {
        *tag = class->tag;
        return NULL;
    }
    char where[80];
    snprintf(where, sizeof where, " while traversing '%s' node",
             class->group < 0 ? class->name : tree_classes(NULL)[class->group].name);
    if (thread_enter_recursive(where) < 0)
        compile_fail(c);
    void *node = new_node(c, class);
    bool is_product = class->group < 0; // their positions are read last
    int *positions = (int *)((char *)node + class->position_offset);
    if (class->has_positions && !is_product)
        convert_positions(c, class, v, positions);
    for (int i = 0; i < class->field_count; i++)
        convert_field(c, class, &class->fields[i], v, node);
    if (class->has_positions && is_product)
        convert_positions(c, class, v, positions);
    check_required(c, class, node);
    thread_leave_recursive();
    return node;
}

AstModule *tree_from_objects(Compiler *c, Value root, int mode) {
    const TreeClass *wanted = tree_class_of(TREE_MOD, mode == COMPILE_EXEC     ? AST_MODULE
                                                      : mode == COMPILE_SINGLE ? AST_INTERACTIVE
                                                                               : AST_EXPRESSION);
    const TreeClass *class = tree_class_of_value(root);
    if (class != wanted) {
        raise_type_error("expected %s node, got %T", wanted->name, root);
        compile_fail(c);
    }
    AstModule *module = convert(c, TREE_MOD, root, NULL);
    tree_validate(c, module);
    return module;
}
