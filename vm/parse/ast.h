// SPDX-License-Identifier: MIT
//
// The abstract syntax tree of Python 3.11.
//
// Node names, fields and their order follow the abstract grammar that Python's own `ast` module
// documents, so that its documentation is this one's too. All nodes live in the arena they were
// parsed into (arena.h); nobody frees a node.
//
// Invariants:
//  - lines count from 1, columns are byte offsets into the UTF-8 line and count from 0, ends are
//    exclusive;
//  - a sequence with count 0 may have items NULL; items are never NULL except where a field says;
//  - `height` of a node is 1 + that of its highest child; but a BinOp that is the left operand of a
//    BinOp, and an If that is alone in the orelse of an If (elif), add nothing: passes should loop
//    along those two chains. It is never above AST_MAX_HEIGHT, so all other recursion is safe;
//  - `depth` is the same with nothing left out, never above AST_MAX_DEPTH: what a pass has to bear
//    that recurses along the chains, too;
//  - names are interned: equal names are the same pointer. They are in NFKC, and not mangled.
//
// No Python object appears here, and nothing here runs Python code.
#ifndef LOCKSMITH_VM_PARSE_AST_H
#define LOCKSMITH_VM_PARSE_AST_H

#include "vm/parse/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The parser refuses trees that are higher. It is what makes recursion in later passes safe: size
// their frames so that this many fit the C stack.
#define AST_MAX_HEIGHT 3000
#define AST_MAX_DEPTH 15000

typedef struct AstExpr AstExpr;
typedef struct AstStmt AstStmt;
typedef struct AstPattern AstPattern;
typedef struct AstArguments AstArguments;

// Sequences. The items are pointers; `ExprSeq` as Dict.keys and as AstArguments.kw_defaults may
// hold NULL items.
typedef struct AstExprSeq {
    uint32_t count;
    AstExpr **items;
} AstExprSeq;

typedef struct AstStmtSeq {
    uint32_t count;
    AstStmt **items;
} AstStmtSeq;

typedef struct AstPatternSeq {
    uint32_t count;
    AstPattern **items;
} AstPatternSeq;

typedef struct AstNameSeq {
    uint32_t count;
    const AstName **items;
} AstNameSeq;

// --- constants -----------------------------------------------------------------------------------

typedef enum AstConstantKind {
    AST_CONSTANT_NONE,
    AST_CONSTANT_TRUE,
    AST_CONSTANT_FALSE,
    AST_CONSTANT_ELLIPSIS,
    AST_CONSTANT_INT,       // integer: 0 <= integer < 2**62
    AST_CONSTANT_BIG_INT,   // digits, base: anything larger
    AST_CONSTANT_FLOAT,     // real
    AST_CONSTANT_IMAGINARY, // real: the imaginary part of 1j and the like
    AST_CONSTANT_STR, // text: WTF-8, that is UTF-8 in which lone surrogates take their 3-byte form
    AST_CONSTANT_BYTES, // text: raw bytes
} AstConstantKind;

typedef struct AstConstant {
    AstConstantKind kind;
    uint8_t base;  // of `digits`: 2, 8, 10 or 16
    bool u_prefix; // a str whose first literal was written with a u prefix (the field `kind` of
                   // ast.Constant)
    union {
        int64_t integer;
        double real;
        struct {
            const char *digits; // without prefix and underscores; followed by a zero byte
            size_t length;
        } big;
        struct {
            const char *data; // may hold zero bytes; followed by one that does not count
            size_t length;    // bytes
        } text;
    };
} AstConstant;

// --- expressions ---------------------------------------------------------------------------------

typedef enum AstContext { AST_LOAD, AST_STORE, AST_DEL } AstContext;

typedef enum AstBoolOp { AST_AND, AST_OR } AstBoolOp;

typedef enum AstOperator {
    AST_ADD,
    AST_SUB,
    AST_MULT,
    AST_MAT_MULT,
    AST_DIV,
    AST_MOD,
    AST_POW,
    AST_L_SHIFT,
    AST_R_SHIFT,
    AST_BIT_OR,
    AST_BIT_XOR,
    AST_BIT_AND,
    AST_FLOOR_DIV,
} AstOperator;

typedef enum AstUnaryOp { AST_INVERT, AST_NOT, AST_U_ADD, AST_U_SUB } AstUnaryOp;

typedef enum AstCompareOp {
    AST_EQ,
    AST_NOT_EQ,
    AST_LT,
    AST_LT_E,
    AST_GT,
    AST_GT_E,
    AST_IS,
    AST_IS_NOT,
    AST_IN,
    AST_NOT_IN,
} AstCompareOp;

typedef struct AstComprehension {
    AstExpr *target;
    AstExpr *iter;
    AstExprSeq ifs;
    bool is_async;
} AstComprehension;

typedef struct AstComprehensionSeq {
    uint32_t count;
    AstComprehension **items;
} AstComprehensionSeq;

typedef struct AstKeyword {
    const AstName *arg; // NULL for **value
    AstExpr *value;
    int line, column, end_line, end_column;
} AstKeyword;

typedef struct AstKeywordSeq {
    uint32_t count;
    AstKeyword **items;
} AstKeywordSeq;

typedef struct AstArg {
    const AstName *arg;
    AstExpr *annotation;         // or NULL
    const AstName *type_comment; // the text after `# type:`, or NULL; so are all of this name
    int line, column, end_line, end_column;
} AstArg;

typedef struct AstArgSeq {
    uint32_t count;
    AstArg **items;
} AstArgSeq;

struct AstArguments {
    AstArgSeq posonlyargs;
    AstArgSeq args;
    AstArg *vararg; // or NULL
    AstArgSeq kwonlyargs;
    AstExprSeq kw_defaults; // as many as kwonlyargs; NULL items where there is no default
    AstArg *kwarg;          // or NULL
    AstExprSeq defaults;    // of the last `count` of posonlyargs + args
};

typedef enum AstExprKind {
    AST_BOOL_OP,
    AST_NAMED_EXPR,
    AST_BIN_OP,
    AST_UNARY_OP,
    AST_LAMBDA,
    AST_IF_EXP,
    AST_DICT,
    AST_SET,
    AST_LIST_COMP,
    AST_SET_COMP,
    AST_DICT_COMP,
    AST_GENERATOR_EXP,
    AST_AWAIT,
    AST_YIELD,
    AST_YIELD_FROM,
    AST_COMPARE,
    AST_CALL,
    AST_FORMATTED_VALUE,
    AST_JOINED_STR,
    AST_CONSTANT,
    AST_ATTRIBUTE,
    AST_SUBSCRIPT,
    AST_STARRED,
    AST_NAME,
    AST_LIST,
    AST_TUPLE,
    AST_SLICE,
} AstExprKind;

struct AstExpr {
    AstExprKind kind : 16;
    unsigned height : 16;
    int line, column, end_line, end_column;
    uint32_t depth;
    union {
        struct {
            AstBoolOp op;
            AstExprSeq values; // two or more
        } bool_op;
        struct {
            AstExpr *target; // a Name in Store context
            AstExpr *value;
        } named_expr;
        struct {
            AstExpr *left;
            AstOperator op;
            AstExpr *right;
        } bin_op;
        struct {
            AstUnaryOp op;
            AstExpr *operand;
        } unary_op;
        struct {
            AstArguments *args;
            AstExpr *body;
        } lambda;
        struct {
            AstExpr *test, *body, *orelse;
        } if_exp;
        struct {
            AstExprSeq keys; // a NULL item stands for **value
            AstExprSeq values;
        } dict;
        struct {
            AstExprSeq elts;
        } set;
        struct {
            AstExpr *elt;
            AstComprehensionSeq generators;
        } comp; // ListComp, SetComp, GeneratorExp
        struct {
            AstExpr *key, *value;
            AstComprehensionSeq generators;
        } dict_comp;
        struct {
            AstExpr *value; // Await, YieldFrom: never NULL; Yield: or NULL
        } await, yield, yield_from;
        struct {
            AstExpr *left;
            AstCompareOp *ops; // comparators.count of them
            AstExprSeq comparators;
        } compare;
        struct {
            AstExpr *func;
            AstExprSeq args; // Starred for *x
            AstKeywordSeq keywords;
        } call;
        struct {
            AstExpr *value;
            int conversion;       // -1, 's', 'r' or 'a'
            AstExpr *format_spec; // a JoinedStr, or NULL
        } formatted_value;
        struct {
            AstExprSeq values; // Constant str and FormattedValue
        } joined_str;
        AstConstant constant;
        struct {
            AstExpr *value;
            const AstName *attr;
            AstContext ctx;
        } attribute;
        struct {
            AstExpr *value, *slice;
            AstContext ctx;
        } subscript;
        struct {
            AstExpr *value;
            AstContext ctx;
        } starred;
        struct {
            const AstName *id;
            AstContext ctx;
        } name;
        struct {
            AstExprSeq elts;
            AstContext ctx;
        } list, tuple;
        struct {
            AstExpr *lower, *upper, *step; // each or NULL
        } slice;
    };
};

// --- patterns ------------------------------------------------------------------------------------

typedef enum AstPatternKind {
    AST_MATCH_VALUE,
    AST_MATCH_SINGLETON,
    AST_MATCH_SEQUENCE,
    AST_MATCH_MAPPING,
    AST_MATCH_CLASS,
    AST_MATCH_STAR,
    AST_MATCH_AS,
    AST_MATCH_OR,
} AstPatternKind;

struct AstPattern {
    AstPatternKind kind : 16;
    unsigned height : 16;
    int line, column, end_line, end_column;
    union {
        struct {
            AstExpr *value;
        } match_value;
        struct {
            AstConstantKind value; // NONE, TRUE or FALSE
        } match_singleton;
        struct {
            AstPatternSeq patterns;
        } match_sequence, match_or;
        struct {
            AstExprSeq keys;
            AstPatternSeq patterns; // as many as keys
            const AstName *rest;    // or NULL
        } match_mapping;
        struct {
            AstExpr *cls;
            AstPatternSeq patterns;
            AstNameSeq kwd_attrs;
            AstPatternSeq kwd_patterns; // as many as kwd_attrs
        } match_class;
        struct {
            const AstName *name; // NULL for *_
        } match_star;
        struct {
            AstPattern *pattern; // or NULL
            const AstName *name; // or NULL; both NULL: the wildcard _
        } match_as;
    };
};

typedef struct AstMatchCase {
    AstPattern *pattern;
    AstExpr *guard; // or NULL
    AstStmtSeq body;
} AstMatchCase;

typedef struct AstMatchCaseSeq {
    uint32_t count;
    AstMatchCase **items;
} AstMatchCaseSeq;

// --- statements ----------------------------------------------------------------------------------

typedef struct AstAlias {
    const AstName *name;   // dotted for `import a.b`; "*" for `from m import *`
    const AstName *asname; // or NULL
    int line, column, end_line, end_column;
} AstAlias;

typedef struct AstAliasSeq {
    uint32_t count;
    AstAlias **items;
} AstAliasSeq;

typedef struct AstWithItem {
    AstExpr *context_expr;
    AstExpr *optional_vars; // or NULL
} AstWithItem;

typedef struct AstWithItemSeq {
    uint32_t count;
    AstWithItem **items;
} AstWithItemSeq;

typedef struct AstExceptHandler {
    AstExpr *type;       // or NULL
    const AstName *name; // or NULL
    AstStmtSeq body;
    int line, column, end_line, end_column;
} AstExceptHandler;

typedef struct AstExceptHandlerSeq {
    uint32_t count;
    AstExceptHandler **items;
} AstExceptHandlerSeq;

typedef enum AstStmtKind {
    AST_FUNCTION_DEF,
    AST_ASYNC_FUNCTION_DEF,
    AST_CLASS_DEF,
    AST_RETURN,
    AST_DELETE,
    AST_ASSIGN,
    AST_AUG_ASSIGN,
    AST_ANN_ASSIGN,
    AST_FOR,
    AST_ASYNC_FOR,
    AST_WHILE,
    AST_IF,
    AST_WITH,
    AST_ASYNC_WITH,
    AST_MATCH,
    AST_RAISE,
    AST_TRY,
    AST_TRY_STAR,
    AST_ASSERT,
    AST_IMPORT,
    AST_IMPORT_FROM,
    AST_GLOBAL,
    AST_NONLOCAL,
    AST_EXPR,
    AST_PASS,
    AST_BREAK,
    AST_CONTINUE,
} AstStmtKind;

struct AstStmt {
    AstStmtKind kind : 16;
    unsigned height : 16;
    int line, column, end_line, end_column; // of a decorated definition: from `def` or `class` on
    uint32_t depth;
    union {
        struct {
            const AstName *name;
            AstArguments *args;
            AstStmtSeq body;
            AstExprSeq decorator_list;
            AstExpr *returns; // or NULL
            const AstName *type_comment;
        } function_def; // FunctionDef, AsyncFunctionDef
        struct {
            const AstName *name;
            AstExprSeq bases;
            AstKeywordSeq keywords;
            AstStmtSeq body;
            AstExprSeq decorator_list;
        } class_def;
        struct {
            AstExpr *value; // or NULL
        } return_;
        struct {
            AstExprSeq targets;
        } delete_;
        struct {
            AstExprSeq targets;
            AstExpr *value;
            const AstName *type_comment;
        } assign;
        struct {
            AstExpr *target;
            AstOperator op;
            AstExpr *value;
        } aug_assign;
        struct {
            AstExpr *target;
            AstExpr *annotation;
            AstExpr *value; // or NULL
            bool simple;    // target is a Name without parentheses
        } ann_assign;
        struct {
            AstExpr *target;
            AstExpr *iter;
            AstStmtSeq body;
            AstStmtSeq orelse;
            const AstName *type_comment;
        } for_; // For, AsyncFor
        struct {
            AstExpr *test;
            AstStmtSeq body;
            AstStmtSeq orelse;
        } while_, if_; // elif: an If alone in orelse
        struct {
            AstWithItemSeq items;
            AstStmtSeq body;
            const AstName *type_comment;
        } with; // With, AsyncWith
        struct {
            AstExpr *subject;
            AstMatchCaseSeq cases;
        } match;
        struct {
            AstExpr *exc;   // or NULL
            AstExpr *cause; // or NULL
        } raise;
        struct {
            AstStmtSeq body;
            AstExceptHandlerSeq handlers;
            AstStmtSeq orelse;
            AstStmtSeq finalbody;
        } try_; // Try, TryStar
        struct {
            AstExpr *test;
            AstExpr *msg; // or NULL
        } assert_;
        struct {
            AstAliasSeq names;
        } import;
        struct {
            const AstName *module; // NULL for `from . import x`
            AstAliasSeq names;
            int level; // number of leading dots
        } import_from;
        struct {
            AstNameSeq names;
        } global, nonlocal;
        struct {
            AstExpr *value;
        } expr;
    };
};

// --- modules -------------------------------------------------------------------------------------

typedef enum AstModuleKind {
    AST_MODULE,        // a file: body
    AST_INTERACTIVE,   // what was typed at the prompt: body
    AST_EXPRESSION,    // what eval() takes: expression
    AST_FUNCTION_TYPE, // a signature's type comment: argtypes, expression (what it returns)
} AstModuleKind;

typedef struct AstTypeIgnore { // a comment `# type: ignore`
    int line;
    const AstName *tag; // what follows `ignore`
} AstTypeIgnore;

typedef struct AstTypeIgnoreSeq {
    uint32_t count;
    AstTypeIgnore **items;
} AstTypeIgnoreSeq;

typedef struct AstModule {
    AstModuleKind kind;
    AstStmtSeq body;
    AstTypeIgnoreSeq type_ignores;
    AstExprSeq argtypes;
    AstExpr *expression;
} AstModule;

// --- the dumper (ast_dump.c) ---------------------------------------------------------------------

// The tree as `ast.dump(tree, indent=1)` would print it, positions included if `attributes`. The
// text is allocated with malloc and ends in a newline and a zero byte; the caller frees it.
// `length` may be NULL.
char *ast_dump(const AstModule *module, bool attributes, size_t *length);

#endif
