// SPDX-License-Identifier: MIT
//
// Source text from an expression, for annotations that `from __future__ import annotations` keeps
// as strings. Spaces and parentheses are those that CPython puts, since programs see the strings.
#include "vm/compile/compiler.h"
#include "vm/types/float.h"
#include "vm/types/str.h"

typedef enum { // how tightly an expression binds
    LEVEL_TUPLE,
    LEVEL_TEST,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARE,
    LEVEL_BIT_OR,
    LEVEL_BIT_XOR,
    LEVEL_BIT_AND,
    LEVEL_SHIFT,
    LEVEL_ARITHMETIC,
    LEVEL_TERM,
    LEVEL_FACTOR,
    LEVEL_POWER,
    LEVEL_AWAIT,
    LEVEL_ATOM,
} Level;
#define LEVEL_EXPRESSION LEVEL_BIT_OR

typedef struct {
    Compiler *c;
    StrBuilder b;
} Writer;

static void write(Writer *w, const AstExpr *e, int level);

static void text(Writer *w, const char *s) {
    str_builder_cstr(&w->b, s);
}
static void text_if(Writer *w, bool condition, const char *s) {
    if (condition)
        text(w, s);
}

static void write_list(Writer *w, const AstExprSeq *items, int level) {
    for (uint32_t i = 0; i < items->count; i++) {
        text_if(w, i > 0, ", ");
        write(w, items->items[i], level);
    }
}

static void write_repr(Writer *w, Value v) {
    Value repr = value_repr(v);
    if (value_is_null(repr)) {
        str_builder_discard(&w->b);
        compile_fail(w->c);
    }
    str_builder_str(&w->b, repr);
    ref_release(repr);
}

static void write_constant(Writer *w, const AstConstant *k) {
    if (k->kind == AST_CONSTANT_ELLIPSIS) {
        text(w, "...");
        return;
    }
    if (k->kind == AST_CONSTANT_FLOAT && k->real > 1.7976931348623157e308) {
        text(w, "1e309");
        return;
    }
    if (k->kind == AST_CONSTANT_IMAGINARY && k->real > 1.7976931348623157e308) {
        text(w, "1e309j");
        return;
    }
    text_if(w, k->u_prefix, "u");
    write_repr(w, constant_value(w->c, k));
}

static void write_argument(Writer *w, const AstArg *arg, const AstExpr *value, bool *first) {
    text_if(w, !*first, ", ");
    *first = false;
    text(w, arg->arg->text);
    if (arg->annotation) {
        text(w, ": ");
        write(w, arg->annotation, LEVEL_TEST);
    }
    if (value) {
        text(w, "=");
        write(w, value, LEVEL_TEST);
    }
}

static void write_arguments(Writer *w, const AstArguments *args) {
    bool first = true;
    uint32_t only = args->posonlyargs.count, total = only + args->args.count;
    for (uint32_t i = 0; i < total; i++) {
        const AstArg *arg = i < only ? args->posonlyargs.items[i] : args->args.items[i - only];
        uint32_t without = total - args->defaults.count;
        write_argument(w, arg, i >= without ? args->defaults.items[i - without] : NULL, &first);
        text_if(w, only && i + 1 == only, ", /");
    }
    if (args->vararg || args->kwonlyargs.count) {
        text_if(w, !first, ", ");
        first = false;
        text(w, "*");
        if (args->vararg) {
            bool begin = true;
            write_argument(w, args->vararg, NULL, &begin);
        }
    }
    for (uint32_t i = 0; i < args->kwonlyargs.count; i++)
        write_argument(w, args->kwonlyargs.items[i], args->kw_defaults.items[i], &first);
    if (args->kwarg) {
        text_if(w, !first, ", ");
        text(w, "**");
        bool begin = true;
        write_argument(w, args->kwarg, NULL, &begin);
    }
}

static void write_generators(Writer *w, const AstComprehensionSeq *generators) {
    for (uint32_t i = 0; i < generators->count; i++) {
        const AstComprehension *g = generators->items[i];
        text(w, g->is_async ? " async for " : " for ");
        write(w, g->target, LEVEL_TUPLE);
        text(w, " in ");
        write(w, g->iter, LEVEL_TEST + 1);
        for (uint32_t j = 0; j < g->ifs.count; j++) {
            text(w, " if ");
            write(w, g->ifs.items[j], LEVEL_TEST + 1);
        }
    }
}

static void write_bin_op(Writer *w, const AstExpr *e, int level) {
    static const struct {
        const char *text;
        Level level;
    } operators[] = {
        [AST_ADD] = {" + ", LEVEL_ARITHMETIC},  [AST_SUB] = {" - ", LEVEL_ARITHMETIC},
        [AST_MULT] = {" * ", LEVEL_TERM},       [AST_MAT_MULT] = {" @ ", LEVEL_TERM},
        [AST_DIV] = {" / ", LEVEL_TERM},        [AST_MOD] = {" % ", LEVEL_TERM},
        [AST_POW] = {" ** ", LEVEL_POWER},      [AST_L_SHIFT] = {" << ", LEVEL_SHIFT},
        [AST_R_SHIFT] = {" >> ", LEVEL_SHIFT},  [AST_BIT_OR] = {" | ", LEVEL_BIT_OR},
        [AST_BIT_XOR] = {" ^ ", LEVEL_BIT_XOR}, [AST_BIT_AND] = {" & ", LEVEL_BIT_AND},
        [AST_FLOOR_DIV] = {" // ", LEVEL_TERM},
    };
    int own = operators[e->bin_op.op].level;
    bool right = e->bin_op.op == AST_POW; // groups to the right
    text_if(w, level > own, "(");
    write(w, e->bin_op.left, own + right);
    text(w, operators[e->bin_op.op].text);
    write(w, e->bin_op.right, own + !right);
    text_if(w, level > own, ")");
}

static void write_compare(Writer *w, const AstExpr *e, int level) {
    static const char *const operators[] = {
        [AST_EQ] = " == ", [AST_NOT_EQ] = " != ",     [AST_LT] = " < ",  [AST_LT_E] = " <= ",
        [AST_GT] = " > ",  [AST_GT_E] = " >= ",       [AST_IS] = " is ", [AST_IS_NOT] = " is not ",
        [AST_IN] = " in ", [AST_NOT_IN] = " not in ",
    };
    text_if(w, level > LEVEL_COMPARE, "(");
    write(w, e->compare.left, LEVEL_COMPARE + 1);
    for (uint32_t i = 0; i < e->compare.comparators.count; i++) {
        text(w, operators[e->compare.ops[i]]);
        write(w, e->compare.comparators.items[i], LEVEL_COMPARE + 1);
    }
    text_if(w, level > LEVEL_COMPARE, ")");
}

static void write_call(Writer *w, const AstExpr *e) {
    write(w, e->call.func, LEVEL_ATOM);
    const AstExprSeq *args = &e->call.args;
    if (args->count == 1 && e->call.keywords.count == 0 &&
        args->items[0]->kind == AST_GENERATOR_EXP) {
        write(w, args->items[0], LEVEL_TEST); // brings its own parentheses
        return;
    }
    text(w, "(");
    write_list(w, args, LEVEL_TEST);
    for (uint32_t i = 0; i < e->call.keywords.count; i++) {
        const AstKeyword *k = e->call.keywords.items[i];
        text_if(w, i > 0 || args->count > 0, ", ");
        if (k->arg) {
            text(w, k->arg->text);
            text(w, "=");
        } else {
            text(w, "**");
        }
        write(w, k->value, LEVEL_TEST);
    }
    text(w, ")");
}

// The inside of an f-string.
static void write_joined(Writer *w, const AstExpr *e);

static void write_formatted(Writer *w, const AstExpr *e) {
    Writer inner = {.c = w->c};
    str_builder_start(&inner.b);
    write(&inner, e->formatted_value.value, LEVEL_TEST + 1);
    Value value = compiler_own(w->c, str_builder_finish(&inner.b));
    text(w, str_length(value) > 0 && str_at(value, 0) == '{' ? "{ " : "{");
    str_builder_str(&w->b, value);
    if (e->formatted_value.conversion > 0) {
        char conversion[3] = {'!', (char)e->formatted_value.conversion, 0};
        text(w, conversion);
    }
    if (e->formatted_value.format_spec) {
        text(w, ":");
        write_joined(w, e->formatted_value.format_spec);
    }
    text(w, "}");
}

static void write_joined(Writer *w, const AstExpr *e) {
    if (e->kind == AST_FORMATTED_VALUE) {
        write_formatted(w, e);
    } else if (e->kind == AST_CONSTANT) {
        Value s = constant_value(w->c, &e->constant);
        for (int64_t i = 0; i < str_length(s); i++) {
            uint32_t ch = str_at(s, i);
            str_builder_char(&w->b, ch);
            if (ch == '{' || ch == '}')
                str_builder_char(&w->b, ch);
        }
    } else {
        for (uint32_t i = 0; i < e->joined_str.values.count; i++)
            write_joined(w, e->joined_str.values.items[i]);
    }
}

static void write_f_string(Writer *w, const AstExpr *e) {
    Writer inner = {.c = w->c};
    str_builder_start(&inner.b);
    write_joined(&inner, e);
    Value body = compiler_own(w->c, str_builder_finish(&inner.b));
    text(w, "f");
    write_repr(w, body);
}

static void write_slice(Writer *w, const AstExpr *e) {
    if (e->slice.lower)
        write(w, e->slice.lower, LEVEL_TEST);
    text(w, ":");
    if (e->slice.upper)
        write(w, e->slice.upper, LEVEL_TEST);
    if (e->slice.step) {
        text(w, ":");
        write(w, e->slice.step, LEVEL_TEST);
    }
}

static void write_dict(Writer *w, const AstExpr *e) {
    text(w, "{");
    for (uint32_t i = 0; i < e->dict.values.count; i++) {
        text_if(w, i > 0, ", ");
        if (e->dict.keys.items[i]) {
            write(w, e->dict.keys.items[i], LEVEL_TEST);
            text(w, ": ");
            write(w, e->dict.values.items[i], LEVEL_TEST);
        } else {
            text(w, "**");
            write(w, e->dict.values.items[i], LEVEL_EXPRESSION);
        }
    }
    text(w, "}");
}

static void write_comprehension(Writer *w, const AstExpr *e, const char *open, const char *close) {
    text(w, open);
    if (e->kind == AST_DICT_COMP) {
        write(w, e->dict_comp.key, LEVEL_TEST);
        text(w, ": ");
        write(w, e->dict_comp.value, LEVEL_TEST);
        write_generators(w, &e->dict_comp.generators);
    } else {
        write(w, e->comp.elt, LEVEL_TEST);
        write_generators(w, &e->comp.generators);
    }
    text(w, close);
}

static void write_unary(Writer *w, const AstExpr *e, int level) {
    static const char *const operators[] = {
        [AST_INVERT] = "~", [AST_NOT] = "not ", [AST_U_ADD] = "+", [AST_U_SUB] = "-"};
    int own = e->unary_op.op == AST_NOT ? LEVEL_NOT : LEVEL_FACTOR;
    text_if(w, level > own, "(");
    text(w, operators[e->unary_op.op]);
    write(w, e->unary_op.operand, own);
    text_if(w, level > own, ")");
}

static void write(Writer *w, const AstExpr *e, int level) {
    compile_check_stack(w->c);
    switch (e->kind) {
    case AST_BOOL_OP: {
        int own = e->bool_op.op == AST_AND ? LEVEL_AND : LEVEL_OR;
        text_if(w, level > own, "(");
        for (uint32_t i = 0; i < e->bool_op.values.count; i++) {
            text_if(w, i > 0, e->bool_op.op == AST_AND ? " and " : " or ");
            write(w, e->bool_op.values.items[i], own + 1);
        }
        text_if(w, level > own, ")");
        break;
    }
    case AST_NAMED_EXPR:
        text_if(w, level > LEVEL_TUPLE, "(");
        write(w, e->named_expr.target, LEVEL_ATOM);
        text(w, " := ");
        write(w, e->named_expr.value, LEVEL_ATOM);
        text_if(w, level > LEVEL_TUPLE, ")");
        break;
    case AST_BIN_OP:
        write_bin_op(w, e, level);
        break;
    case AST_UNARY_OP:
        write_unary(w, e, level);
        break;
    case AST_LAMBDA: {
        const AstArguments *args = e->lambda.args;
        bool any = args->posonlyargs.count || args->args.count || args->vararg ||
                   args->kwonlyargs.count || args->kwarg;
        text_if(w, level > LEVEL_TEST, "(");
        text(w, any ? "lambda " : "lambda");
        write_arguments(w, args);
        text(w, ": ");
        write(w, e->lambda.body, LEVEL_TEST);
        text_if(w, level > LEVEL_TEST, ")");
        break;
    }
    case AST_IF_EXP:
        text_if(w, level > LEVEL_TEST, "(");
        write(w, e->if_exp.body, LEVEL_TEST + 1);
        text(w, " if ");
        write(w, e->if_exp.test, LEVEL_TEST + 1);
        text(w, " else ");
        write(w, e->if_exp.orelse, LEVEL_TEST);
        text_if(w, level > LEVEL_TEST, ")");
        break;
    case AST_DICT:
        write_dict(w, e);
        break;
    case AST_SET:
        text(w, "{");
        write_list(w, &e->set.elts, LEVEL_TEST);
        text(w, "}");
        break;
    case AST_LIST_COMP:
        write_comprehension(w, e, "[", "]");
        break;
    case AST_SET_COMP:
    case AST_DICT_COMP:
        write_comprehension(w, e, "{", "}");
        break;
    case AST_GENERATOR_EXP:
        write_comprehension(w, e, "(", ")");
        break;
    case AST_AWAIT:
        text_if(w, level > LEVEL_AWAIT, "(");
        text(w, "await ");
        write(w, e->await.value, LEVEL_ATOM);
        text_if(w, level > LEVEL_AWAIT, ")");
        break;
    case AST_YIELD:
        text(w, e->yield.value ? "(yield " : "(yield");
        if (e->yield.value)
            write(w, e->yield.value, LEVEL_TEST);
        text(w, ")");
        break;
    case AST_YIELD_FROM:
        text(w, "(yield from ");
        write(w, e->yield_from.value, LEVEL_TEST);
        text(w, ")");
        break;
    case AST_COMPARE:
        write_compare(w, e, level);
        break;
    case AST_CALL:
        write_call(w, e);
        break;
    case AST_FORMATTED_VALUE:
    case AST_JOINED_STR:
        write_f_string(w, e);
        break;
    case AST_CONSTANT:
        write_constant(w, &e->constant);
        break;
    case AST_ATTRIBUTE: {
        const AstExpr *value = e->attribute.value;
        write(w, value, LEVEL_ATOM);
        // 1 .real: a dot after the digits would belong to the number
        text(w, constant_is(value, AST_CONSTANT_INT) || constant_is(value, AST_CONSTANT_BIG_INT)
                    ? " ."
                    : ".");
        text(w, e->attribute.attr->text);
        break;
    }
    case AST_SUBSCRIPT:
        write(w, e->subscript.value, LEVEL_ATOM);
        text(w, "[");
        write(w, e->subscript.slice, LEVEL_TUPLE);
        text(w, "]");
        break;
    case AST_STARRED:
        text(w, "*");
        write(w, e->starred.value, LEVEL_EXPRESSION);
        break;
    case AST_NAME:
        text(w, e->name.id->text);
        break;
    case AST_LIST:
        text(w, "[");
        write_list(w, &e->list.elts, LEVEL_TEST);
        text(w, "]");
        break;
    case AST_TUPLE: {
        uint32_t count = e->tuple.elts.count;
        if (count == 0) {
            text(w, "()");
            break;
        }
        text_if(w, level > LEVEL_TUPLE, "(");
        write_list(w, &e->tuple.elts, LEVEL_TEST);
        text_if(w, count == 1, ",");
        text_if(w, level > LEVEL_TUPLE, ")");
        break;
    }
    case AST_SLICE:
        write_slice(w, e);
        break;
    }
}

Value ast_unparse(Compiler *c, const AstExpr *e) {
    Writer w = {.c = c};
    str_builder_start(&w.b);
    write(&w, e, LEVEL_TEST);
    return compiler_check(c, str_builder_finish(&w.b));
}
