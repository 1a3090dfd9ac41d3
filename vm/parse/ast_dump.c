// SPDX-License-Identifier: MIT
//
// The tree as text, in the format of Python's ast.dump(tree, indent=1): for tests that compare with
// it, and for looking.
//
// Every node is first turned into a list of named fields, because how it is laid out depends on all
// of them: on one line if there are at most three and none is a node with fields of its own, or a
// list with items.
#include "vm/parse/ast.h"
#include "vm/parse/ast_repr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum FieldKind {
    EXPR,
    EXPRS,
    STMTS,
    PATTERN,
    PATTERNS,
    ARGUMENTS,
    ARGUMENT,
    ARGUMENT_LIST,
    KEYWORDS,
    COMPREHENSIONS,
    ALIASES,
    WITH_ITEMS,
    HANDLERS,
    CASES,
    OPERATORS, // names of operators, as a list of nodes without fields
    WORD,      // a node without fields
    NAME,
    NAMES,
    NUMBER,
    CONSTANT,
    EMPTY_LIST,
} FieldKind;

typedef struct Field {
    const char *name;
    FieldKind kind;
    const void *value; // a sequence's address, a node, a name, a text
    int number;
} Field;

enum { MAX_FIELDS = 12 };

typedef struct Node {
    const char *name;
    int count;
    Field fields[MAX_FIELDS];
} Node;

typedef struct Dump {
    ReprBuffer out;
    bool attributes;
} Dump;

// --- nodes to fields -----------------------------------------------------------------------------

static void add(Node *node, const char *name, FieldKind kind, const void *value) {
    node->fields[node->count++] = (Field){name, kind, value, 0};
}

static void add_optional(Node *node, const char *name, FieldKind kind, const void *value) {
    if (value != NULL) {
        add(node, name, kind, value);
    }
}

static void add_number(Node *node, const char *name, int number) {
    node->fields[node->count++] = (Field){name, NUMBER, NULL, number};
}

static void add_place(const Dump *dump, Node *node, int line, int column, int end_line,
                      int end_column) {
    if (dump->attributes) {
        add_number(node, "lineno", line);
        add_number(node, "col_offset", column);
        add_number(node, "end_lineno", end_line);
        add_number(node, "end_col_offset", end_column);
    }
}

#define ADD_PLACE(dump, node, from)                                                                \
    add_place(dump, node, (from)->line, (from)->column, (from)->end_line, (from)->end_column)

static const char *context_name(AstContext ctx) {
    return ctx == AST_LOAD ? "Load" : ctx == AST_STORE ? "Store" : "Del";
}

static const char *const operator_names[] = {"Add",    "Sub",    "Mult",    "MatMult", "Div",
                                             "Mod",    "Pow",    "LShift",  "RShift",  "BitOr",
                                             "BitXor", "BitAnd", "FloorDiv"};
static const char *const unary_names[] = {"Invert", "Not", "UAdd", "USub"};
static const char *const compare_names[] = {"Eq",  "NotEq", "Lt",    "LtE", "Gt",
                                            "GtE", "Is",    "IsNot", "In",  "NotIn"};

static const char *const expr_names[] = {
    "BoolOp",    "NamedExpr", "BinOp",   "UnaryOp",        "Lambda",       "IfExp",    "Dict",
    "Set",       "ListComp",  "SetComp", "DictComp",       "GeneratorExp", "Await",    "Yield",
    "YieldFrom", "Compare",   "Call",    "FormattedValue", "JoinedStr",    "Constant", "Attribute",
    "Subscript", "Starred",   "Name",    "List",           "Tuple",        "Slice"};

static void describe_expr(const Dump *dump, const AstExpr *expr, Node *node) {
    node->name = expr_names[expr->kind];
    switch (expr->kind) {
    case AST_BOOL_OP:
        add(node, "op", WORD, expr->bool_op.op == AST_AND ? "And" : "Or");
        add(node, "values", EXPRS, &expr->bool_op.values);
        break;
    case AST_NAMED_EXPR:
        add(node, "target", EXPR, expr->named_expr.target);
        add(node, "value", EXPR, expr->named_expr.value);
        break;
    case AST_BIN_OP:
        add(node, "left", EXPR, expr->bin_op.left);
        add(node, "op", WORD, operator_names[expr->bin_op.op]);
        add(node, "right", EXPR, expr->bin_op.right);
        break;
    case AST_UNARY_OP:
        add(node, "op", WORD, unary_names[expr->unary_op.op]);
        add(node, "operand", EXPR, expr->unary_op.operand);
        break;
    case AST_LAMBDA:
        add(node, "args", ARGUMENTS, expr->lambda.args);
        add(node, "body", EXPR, expr->lambda.body);
        break;
    case AST_IF_EXP:
        add(node, "test", EXPR, expr->if_exp.test);
        add(node, "body", EXPR, expr->if_exp.body);
        add(node, "orelse", EXPR, expr->if_exp.orelse);
        break;
    case AST_DICT:
        add(node, "keys", EXPRS, &expr->dict.keys);
        add(node, "values", EXPRS, &expr->dict.values);
        break;
    case AST_SET:
        add(node, "elts", EXPRS, &expr->set.elts);
        break;
    case AST_LIST_COMP:
    case AST_SET_COMP:
    case AST_GENERATOR_EXP:
        add(node, "elt", EXPR, expr->comp.elt);
        add(node, "generators", COMPREHENSIONS, &expr->comp.generators);
        break;
    case AST_DICT_COMP:
        add(node, "key", EXPR, expr->dict_comp.key);
        add(node, "value", EXPR, expr->dict_comp.value);
        add(node, "generators", COMPREHENSIONS, &expr->dict_comp.generators);
        break;
    case AST_AWAIT:
    case AST_YIELD:
    case AST_YIELD_FROM:
        add_optional(node, "value", EXPR, expr->yield.value);
        break;
    case AST_COMPARE:
        add(node, "left", EXPR, expr->compare.left);
        add(node, "ops", OPERATORS, expr);
        add(node, "comparators", EXPRS, &expr->compare.comparators);
        break;
    case AST_CALL:
        add(node, "func", EXPR, expr->call.func);
        add(node, "args", EXPRS, &expr->call.args);
        add(node, "keywords", KEYWORDS, &expr->call.keywords);
        break;
    case AST_FORMATTED_VALUE:
        add(node, "value", EXPR, expr->formatted_value.value);
        add_number(node, "conversion", expr->formatted_value.conversion);
        add_optional(node, "format_spec", EXPR, expr->formatted_value.format_spec);
        break;
    case AST_JOINED_STR:
        add(node, "values", EXPRS, &expr->joined_str.values);
        break;
    case AST_CONSTANT:
        add(node, "value", CONSTANT, &expr->constant);
        if (expr->constant.u_prefix) {
            add(node, "kind", CONSTANT, NULL);
        }
        break;
    case AST_ATTRIBUTE:
        add(node, "value", EXPR, expr->attribute.value);
        add(node, "attr", NAME, expr->attribute.attr);
        add(node, "ctx", WORD, context_name(expr->attribute.ctx));
        break;
    case AST_SUBSCRIPT:
        add(node, "value", EXPR, expr->subscript.value);
        add(node, "slice", EXPR, expr->subscript.slice);
        add(node, "ctx", WORD, context_name(expr->subscript.ctx));
        break;
    case AST_STARRED:
        add(node, "value", EXPR, expr->starred.value);
        add(node, "ctx", WORD, context_name(expr->starred.ctx));
        break;
    case AST_NAME:
        add(node, "id", NAME, expr->name.id);
        add(node, "ctx", WORD, context_name(expr->name.ctx));
        break;
    case AST_LIST:
    case AST_TUPLE:
        add(node, "elts", EXPRS, &expr->tuple.elts);
        add(node, "ctx", WORD, context_name(expr->tuple.ctx));
        break;
    case AST_SLICE:
        add_optional(node, "lower", EXPR, expr->slice.lower);
        add_optional(node, "upper", EXPR, expr->slice.upper);
        add_optional(node, "step", EXPR, expr->slice.step);
        break;
    }
    ADD_PLACE(dump, node, expr);
}

static const char *const pattern_names[] = {"MatchValue",   "MatchSingleton", "MatchSequence",
                                            "MatchMapping", "MatchClass",     "MatchStar",
                                            "MatchAs",      "MatchOr"};

static void describe_pattern(const Dump *dump, const AstPattern *pattern, Node *node) {
    node->name = pattern_names[pattern->kind];
    switch (pattern->kind) {
    case AST_MATCH_VALUE:
        add(node, "value", EXPR, pattern->match_value.value);
        break;
    case AST_MATCH_SINGLETON: {
        static const AstConstant singletons[] = {
            {.kind = AST_CONSTANT_NONE}, {.kind = AST_CONSTANT_TRUE}, {.kind = AST_CONSTANT_FALSE}};
        add(node, "value", CONSTANT, &singletons[pattern->match_singleton.value]);
        break;
    }
    case AST_MATCH_SEQUENCE:
    case AST_MATCH_OR:
        add(node, "patterns", PATTERNS, &pattern->match_or.patterns);
        break;
    case AST_MATCH_MAPPING:
        add(node, "keys", EXPRS, &pattern->match_mapping.keys);
        add(node, "patterns", PATTERNS, &pattern->match_mapping.patterns);
        add_optional(node, "rest", NAME, pattern->match_mapping.rest);
        break;
    case AST_MATCH_CLASS:
        add(node, "cls", EXPR, pattern->match_class.cls);
        add(node, "patterns", PATTERNS, &pattern->match_class.patterns);
        add(node, "kwd_attrs", NAMES, &pattern->match_class.kwd_attrs);
        add(node, "kwd_patterns", PATTERNS, &pattern->match_class.kwd_patterns);
        break;
    case AST_MATCH_STAR:
        add_optional(node, "name", NAME, pattern->match_star.name);
        break;
    case AST_MATCH_AS:
        add_optional(node, "pattern", PATTERN, pattern->match_as.pattern);
        add_optional(node, "name", NAME, pattern->match_as.name);
        break;
    }
    ADD_PLACE(dump, node, pattern);
}

static const char *const stmt_names[] = {"FunctionDef", "AsyncFunctionDef",
                                         "ClassDef",    "Return",
                                         "Delete",      "Assign",
                                         "AugAssign",   "AnnAssign",
                                         "For",         "AsyncFor",
                                         "While",       "If",
                                         "With",        "AsyncWith",
                                         "Match",       "Raise",
                                         "Try",         "TryStar",
                                         "Assert",      "Import",
                                         "ImportFrom",  "Global",
                                         "Nonlocal",    "Expr",
                                         "Pass",        "Break",
                                         "Continue"};

static void describe_stmt(const Dump *dump, const AstStmt *stmt, Node *node) {
    node->name = stmt_names[stmt->kind];
    switch (stmt->kind) {
    case AST_FUNCTION_DEF:
    case AST_ASYNC_FUNCTION_DEF:
        add(node, "name", NAME, stmt->function_def.name);
        add(node, "args", ARGUMENTS, stmt->function_def.args);
        add(node, "body", STMTS, &stmt->function_def.body);
        add(node, "decorator_list", EXPRS, &stmt->function_def.decorator_list);
        add_optional(node, "returns", EXPR, stmt->function_def.returns);
        break;
    case AST_CLASS_DEF:
        add(node, "name", NAME, stmt->class_def.name);
        add(node, "bases", EXPRS, &stmt->class_def.bases);
        add(node, "keywords", KEYWORDS, &stmt->class_def.keywords);
        add(node, "body", STMTS, &stmt->class_def.body);
        add(node, "decorator_list", EXPRS, &stmt->class_def.decorator_list);
        break;
    case AST_RETURN:
        add_optional(node, "value", EXPR, stmt->return_.value);
        break;
    case AST_DELETE:
        add(node, "targets", EXPRS, &stmt->delete_.targets);
        break;
    case AST_ASSIGN:
        add(node, "targets", EXPRS, &stmt->assign.targets);
        add(node, "value", EXPR, stmt->assign.value);
        break;
    case AST_AUG_ASSIGN:
        add(node, "target", EXPR, stmt->aug_assign.target);
        add(node, "op", WORD, operator_names[stmt->aug_assign.op]);
        add(node, "value", EXPR, stmt->aug_assign.value);
        break;
    case AST_ANN_ASSIGN:
        add(node, "target", EXPR, stmt->ann_assign.target);
        add(node, "annotation", EXPR, stmt->ann_assign.annotation);
        add_optional(node, "value", EXPR, stmt->ann_assign.value);
        add_number(node, "simple", stmt->ann_assign.simple);
        break;
    case AST_FOR:
    case AST_ASYNC_FOR:
        add(node, "target", EXPR, stmt->for_.target);
        add(node, "iter", EXPR, stmt->for_.iter);
        add(node, "body", STMTS, &stmt->for_.body);
        add(node, "orelse", STMTS, &stmt->for_.orelse);
        break;
    case AST_WHILE:
    case AST_IF:
        add(node, "test", EXPR, stmt->if_.test);
        add(node, "body", STMTS, &stmt->if_.body);
        add(node, "orelse", STMTS, &stmt->if_.orelse);
        break;
    case AST_WITH:
    case AST_ASYNC_WITH:
        add(node, "items", WITH_ITEMS, &stmt->with.items);
        add(node, "body", STMTS, &stmt->with.body);
        break;
    case AST_MATCH:
        add(node, "subject", EXPR, stmt->match.subject);
        add(node, "cases", CASES, &stmt->match.cases);
        break;
    case AST_RAISE:
        add_optional(node, "exc", EXPR, stmt->raise.exc);
        add_optional(node, "cause", EXPR, stmt->raise.cause);
        break;
    case AST_TRY:
    case AST_TRY_STAR:
        add(node, "body", STMTS, &stmt->try_.body);
        add(node, "handlers", HANDLERS, &stmt->try_.handlers);
        add(node, "orelse", STMTS, &stmt->try_.orelse);
        add(node, "finalbody", STMTS, &stmt->try_.finalbody);
        break;
    case AST_ASSERT:
        add(node, "test", EXPR, stmt->assert_.test);
        add_optional(node, "msg", EXPR, stmt->assert_.msg);
        break;
    case AST_IMPORT:
        add(node, "names", ALIASES, &stmt->import.names);
        break;
    case AST_IMPORT_FROM:
        add_optional(node, "module", NAME, stmt->import_from.module);
        add(node, "names", ALIASES, &stmt->import_from.names);
        add_number(node, "level", stmt->import_from.level);
        break;
    case AST_GLOBAL:
    case AST_NONLOCAL:
        add(node, "names", NAMES, &stmt->global.names);
        break;
    case AST_EXPR:
        add(node, "value", EXPR, stmt->expr.value);
        break;
    case AST_PASS:
    case AST_BREAK:
    case AST_CONTINUE:
        break;
    }
    ADD_PLACE(dump, node, stmt);
}

// --- layout --------------------------------------------------------------------------------------

static void write_node(Dump *dump, const Node *node, int level);

static void write_text(Dump *dump, const char *text) {
    repr_append(&dump->out, text, strlen(text));
}

static void write_break(Dump *dump, int level) {
    write_text(dump, "\n");
    for (; level > 0; level--) {
        write_text(dump, " ");
    }
}

// Item `i` of a sequence, as a node or written at once.
static void write_item(Dump *dump, const Field *field, uint32_t i, int level) {
    Node node = {.count = 0};
    switch (field->kind) {
    case EXPRS: {
        const AstExpr *item = ((const AstExprSeq *)field->value)->items[i];
        if (item == NULL) {
            write_text(dump, "None");
            return;
        }
        describe_expr(dump, item, &node);
        break;
    }
    case STMTS:
        describe_stmt(dump, ((const AstStmtSeq *)field->value)->items[i], &node);
        break;
    case PATTERNS:
        describe_pattern(dump, ((const AstPatternSeq *)field->value)->items[i], &node);
        break;
    case ARGUMENT_LIST: {
        const AstArg *item = ((const AstArgSeq *)field->value)->items[i];
        node.name = "arg";
        add(&node, "arg", NAME, item->arg);
        add_optional(&node, "annotation", EXPR, item->annotation);
        ADD_PLACE(dump, &node, item);
        break;
    }
    case KEYWORDS: {
        const AstKeyword *item = ((const AstKeywordSeq *)field->value)->items[i];
        node.name = "keyword";
        add_optional(&node, "arg", NAME, item->arg);
        add(&node, "value", EXPR, item->value);
        ADD_PLACE(dump, &node, item);
        break;
    }
    case COMPREHENSIONS: {
        const AstComprehension *item = ((const AstComprehensionSeq *)field->value)->items[i];
        node.name = "comprehension";
        add(&node, "target", EXPR, item->target);
        add(&node, "iter", EXPR, item->iter);
        add(&node, "ifs", EXPRS, &item->ifs);
        add_number(&node, "is_async", item->is_async);
        break;
    }
    case ALIASES: {
        const AstAlias *item = ((const AstAliasSeq *)field->value)->items[i];
        node.name = "alias";
        add(&node, "name", NAME, item->name);
        add_optional(&node, "asname", NAME, item->asname);
        ADD_PLACE(dump, &node, item);
        break;
    }
    case WITH_ITEMS: {
        const AstWithItem *item = ((const AstWithItemSeq *)field->value)->items[i];
        node.name = "withitem";
        add(&node, "context_expr", EXPR, item->context_expr);
        add_optional(&node, "optional_vars", EXPR, item->optional_vars);
        break;
    }
    case HANDLERS: {
        const AstExceptHandler *item = ((const AstExceptHandlerSeq *)field->value)->items[i];
        node.name = "ExceptHandler";
        add_optional(&node, "type", EXPR, item->type);
        add_optional(&node, "name", NAME, item->name);
        add(&node, "body", STMTS, &item->body);
        ADD_PLACE(dump, &node, item);
        break;
    }
    case CASES: {
        const AstMatchCase *item = ((const AstMatchCaseSeq *)field->value)->items[i];
        node.name = "match_case";
        add(&node, "pattern", PATTERN, item->pattern);
        add_optional(&node, "guard", EXPR, item->guard);
        add(&node, "body", STMTS, &item->body);
        break;
    }
    case NAMES: {
        const AstName *item = ((const AstNameSeq *)field->value)->items[i];
        repr_string(&dump->out, item->text, item->length);
        return;
    }
    case OPERATORS:
        write_text(dump, compare_names[((const AstExpr *)field->value)->compare.ops[i]]);
        write_text(dump, "()");
        return;
    default:
        abort();
    }
    write_node(dump, &node, level);
}

static bool is_sequence(FieldKind kind) {
    switch (kind) {
    case EXPRS:
    case STMTS:
    case PATTERNS:
    case ARGUMENT_LIST:
    case KEYWORDS:
    case COMPREHENSIONS:
    case ALIASES:
    case WITH_ITEMS:
    case HANDLERS:
    case CASES:
    case NAMES:
    case OPERATORS:
        return true;
    default:
        return false;
    }
}

// All sequences begin with their count.
static uint32_t sequence_count(const Field *field) {
    return field->kind == OPERATORS ? ((const AstExpr *)field->value)->compare.comparators.count
                                    : *(const uint32_t *)field->value;
}

// Fields of a field that is a node.
static void describe_field(const Dump *dump, const Field *field, Node *node) {
    switch (field->kind) {
    case EXPR:
        describe_expr(dump, field->value, node);
        break;
    case PATTERN:
        describe_pattern(dump, field->value, node);
        break;
    case ARGUMENT: {
        const AstArg *argument = field->value;
        node->name = "arg";
        add(node, "arg", NAME, argument->arg);
        add_optional(node, "annotation", EXPR, argument->annotation);
        ADD_PLACE(dump, node, argument);
        break;
    }
    case ARGUMENTS: {
        const AstArguments *arguments = field->value;
        node->name = "arguments";
        add(node, "posonlyargs", ARGUMENT_LIST, &arguments->posonlyargs);
        add(node, "args", ARGUMENT_LIST, &arguments->args);
        add_optional(node, "vararg", ARGUMENT, arguments->vararg);
        add(node, "kwonlyargs", ARGUMENT_LIST, &arguments->kwonlyargs);
        add(node, "kw_defaults", EXPRS, &arguments->kw_defaults);
        add_optional(node, "kwarg", ARGUMENT, arguments->kwarg);
        add(node, "defaults", EXPRS, &arguments->defaults);
        break;
    }
    default:
        abort();
    }
}

static bool is_node(FieldKind kind) {
    return kind == EXPR || kind == PATTERN || kind == ARGUMENTS || kind == ARGUMENT;
}

static void write_field(Dump *dump, const Field *field, int level) {
    if (is_sequence(field->kind)) {
        uint32_t count = sequence_count(field);
        write_text(dump, "[");
        for (uint32_t i = 0; i < count; i++) {
            if (i > 0) {
                write_text(dump, ",");
            }
            write_break(dump, level + 1);
            write_item(dump, field, i, level + 1);
        }
        write_text(dump, "]");
        return;
    }
    switch (field->kind) {
    case WORD:
        write_text(dump, field->value);
        write_text(dump, "()");
        break;
    case NAME: {
        const AstName *name = field->value;
        repr_string(&dump->out, name->text, name->length);
        break;
    }
    case NUMBER: {
        char number[16];
        snprintf(number, sizeof number, "%d", field->number);
        write_text(dump, number);
        break;
    }
    case CONSTANT:
        if (field->value == NULL) {
            write_text(dump, "'u'");
        } else {
            repr_constant(&dump->out, field->value);
        }
        break;
    case EMPTY_LIST:
        write_text(dump, "[]");
        break;
    default: {
        Node node = {.count = 0};
        describe_field(dump, field, &node);
        write_node(dump, &node, level);
    }
    }
}

static void write_node(Dump *dump, const Node *node, int level) {
    bool simple = node->count <= 3;
    for (int i = 0; simple && i < node->count; i++) {
        const Field *field = &node->fields[i];
        if (is_sequence(field->kind)) {
            simple = sequence_count(field) == 0;
        } else if (is_node(field->kind)) {
            Node child = {.count = 0};
            describe_field(dump, field, &child);
            simple = child.count == 0;
        }
    }
    write_text(dump, node->name);
    write_text(dump, "(");
    for (int i = 0; i < node->count; i++) {
        if (!simple) {
            write_text(dump, i > 0 ? "," : "");
            write_break(dump, level + 1);
        } else if (i > 0) {
            write_text(dump, ", ");
        }
        write_text(dump, node->fields[i].name);
        write_text(dump, "=");
        write_field(dump, &node->fields[i], level + 1);
    }
    write_text(dump, ")");
}

char *ast_dump(const AstModule *module, bool attributes, size_t *length) {
    Dump dump = {.attributes = attributes};
    Node node = {.count = 0};
    switch (module->kind) {
    case AST_MODULE:
        node.name = "Module";
        add(&node, "body", STMTS, &module->body);
        add(&node, "type_ignores", EMPTY_LIST, NULL);
        break;
    case AST_INTERACTIVE:
        node.name = "Interactive";
        add(&node, "body", STMTS, &module->body);
        break;
    case AST_EXPRESSION:
        node.name = "Expression";
        add(&node, "body", EXPR, module->expression);
        break;
    case AST_FUNCTION_TYPE:
        node.name = "FunctionType";
        add(&node, "argtypes", EXPRS, &module->argtypes);
        add(&node, "returns", EXPR, module->expression);
        break;
    }
    write_node(&dump, &node, 0);
    repr_append(&dump.out, "\n", 2); // and the zero byte
    if (length != NULL) {
        *length = dump.out.length - 1;
    }
    return dump.out.data;
}
