// SPDX-License-Identifier: MIT
//
// Folding: an expression whose parts are constants becomes a constant, in the tree itself. Nothing
// is folded that would raise, run long or become large; the limits are CPython's, so that code
// objects hold the same constants. Called by symbols_build.c bottom-up, so the children are folded
// already. Runs no Python code: only exact builtin types meet.
#include "vm/compile/compiler.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

enum { MAX_INT_BITS = 128, MAX_TEXT = 4096, MAX_TUPLE = 256, MAX_ITEMS = 1024 };

bool expression_constant(Compiler *c, const AstExpr *e, Value *out) {
    if (e->kind != AST_CONSTANT)
        return false;
    *out = constant_value(c, &e->constant);
    return true;
}

bool constant_small_int(const AstExpr *e, int *out) {
    if (!constant_is(e, AST_CONSTANT_INT) || e->constant.integer < -32768 ||
        e->constant.integer > 32767)
        return false;
    *out = (int)e->constant.integer;
    return true;
}

bool constant_truth(Compiler *c, const AstExpr *e, bool *truth) {
    if (e->kind == AST_NAME && e->name.id == c->n_debug) {
        *truth = c->optimize == 0;
        return true;
    }
    if (e->kind != AST_CONSTANT)
        return false;
    switch (e->constant.kind) {
    case AST_CONSTANT_NONE:
    case AST_CONSTANT_FALSE:
        *truth = false;
        return true;
    case AST_CONSTANT_TRUE:
    case AST_CONSTANT_ELLIPSIS:
    case AST_CONSTANT_BIG_INT:
        *truth = true;
        return true;
    case AST_CONSTANT_INT:
        *truth = e->constant.integer != 0;
        return true;
    case AST_CONSTANT_FLOAT:
    case AST_CONSTANT_IMAGINARY:
        *truth = e->constant.real != 0;
        return true;
    case AST_CONSTANT_STR:
    case AST_CONSTANT_BYTES:
        *truth = e->constant.text.length != 0;
        return true;
    }
    int status = value_truth(constant_value(c, &e->constant));
    if (status < 0)
        compile_fail(c);
    *truth = status;
    return true;
}

// Makes e the constant v (consumed).
static void become(Compiler *c, AstExpr *e, Value v) {
    AstConstant k = {0};
    if (value_is_int(v)) {
        k.kind = AST_CONSTANT_INT;
        k.integer = value_int(v);
    } else if (value_is_flonum(v)) {
        k.kind = AST_CONSTANT_FLOAT;
        k.real = value_flonum(v);
    } else if (value_is_none(v)) {
        k.kind = AST_CONSTANT_NONE;
    } else if (value_is_bool(v)) {
        k.kind = value_same(v, VALUE_TRUE) ? AST_CONSTANT_TRUE : AST_CONSTANT_FALSE;
    } else {
        k.kind = AST_CONSTANT_FOLDED;
        k.integer = (int64_t)constant_share(c, v).bits;
        v = VALUE_NULL;
    }
    ref_release(v);
    e->kind = AST_CONSTANT;
    e->constant = k;
}

// The result of a folding attempt: a failure is not one of the program.
static void become_if(Compiler *c, AstExpr *e, Value v) {
    if (value_is_null(v))
        error_clear();
    else
        become(c, e, v);
}

static int64_t items_in(Value v, int64_t limit) { // items of nested tuples, or a number above limit
    if (!value_is_tuple(v))
        return 0;
    int64_t total = tuple_length(v);
    for (int64_t i = 0; i < tuple_length(v) && total <= limit; i++)
        total += items_in(tuple_item(v, i), limit);
    return total;
}

static bool repeat_allowed(Value sequence, Value count) {
    int64_t n;
    if (!int_to_i64(count, &n))
        return false;
    if (value_is_tuple(sequence)) {
        int64_t length = tuple_length(sequence);
        return !length || (n >= 0 && n <= MAX_TUPLE / length &&
                           (!n || items_in(sequence, MAX_ITEMS) <= MAX_ITEMS / n));
    }
    int64_t length = value_is_str(sequence) ? str_length(sequence) : bytes_length(sequence);
    return !length || (n >= 0 && n <= MAX_TEXT / length);
}

static bool is_plain_int(Value v) {
    return value_is_any_int(v) && !value_is_bool(v);
}
static bool is_sequence(Value v) {
    return value_is_str(v) || value_is_bytes(v) || value_is_tuple(v);
}

static bool allowed(AstOperator op, Value a, Value b) {
    bool ints = value_is_any_int(a) && value_is_any_int(b);
    switch (op) {
    case AST_MULT:
        if (ints)
            return int_bit_length(a) + int_bit_length(b) <= MAX_INT_BITS;
        if (is_plain_int(a) && is_sequence(b))
            return repeat_allowed(b, a);
        if (is_plain_int(b) && is_sequence(a))
            return repeat_allowed(a, b);
        return true;
    case AST_POW:
        if (ints && int_sign(b) > 0 && int_sign(a) != 0) {
            int64_t n;
            return int_to_i64(b, &n) && n <= MAX_INT_BITS && int_bit_length(a) * n <= MAX_INT_BITS;
        }
        return true;
    case AST_L_SHIFT:
        if (ints && int_sign(b) != 0 && int_sign(a) != 0) {
            int64_t n;
            return int_to_i64(b, &n) && n >= 0 && n <= MAX_INT_BITS &&
                   int_bit_length(a) <= MAX_INT_BITS - n;
        }
        return true;
    case AST_MOD:
        return !value_is_str(a) && !value_is_bytes(a);
    default:
        return true;
    }
}

// ---- '%s and %r' % (a, b): an f-string in disguise --------------------------------------------

static AstExpr *new_expr(Compiler *c, AstExprKind kind, const AstExpr *at) {
    AstExpr *e = NEW(c, AstExpr);
    e->kind = kind;
    e->height = 1;
    e->line = at->line;
    e->column = at->column;
    e->end_line = at->end_line;
    e->end_column = at->end_column;
    return e;
}

static AstExpr *new_text(Compiler *c, const char *text, size_t length, const AstExpr *at) {
    AstExpr *e = new_expr(c, AST_CONSTANT, at);
    e->constant.kind = AST_CONSTANT_STR;
    e->constant.text.data = arena_copy(c->arena, text, length);
    e->constant.text.length = length;
    return e;
}

// One conversion after its %: the number of bytes, or 0 if it is none that can be done so. *spec:
// its format.
static size_t parse_conversion(const char *text, size_t length, char *conversion, char spec[16]) {
    size_t i = 0;
    bool left = false, width = false;
    char *out = spec;
    for (; i < length && text[i] == '-'; i++)
        left = true;
    size_t start = i;
    for (; i < length && text[i] >= '0' && text[i] <= '9' && i - start < 3; i++) {
        if (i == start && text[i] == '0')
            return 0;
        if (!width && !left)
            *out++ = '>';
        width = true;
        *out++ = text[i];
    }
    if (i < length && text[i] == '.') {
        *out++ = text[i++];
        start = i;
        for (; i < length && text[i] >= '0' && text[i] <= '9' && i - start < 2; i++)
            *out++ = text[i];
        if (i == start)
            *out++ = '0';
    }
    *out = 0;
    if (i >= length || (text[i] != 's' && text[i] != 'r' && text[i] != 'a'))
        return 0;
    *conversion = text[i];
    return i + 1;
}

static void fold_format(Compiler *c, AstExpr *e) {
    const AstConstant *k = &e->bin_op.left->constant;
    const AstExprSeq *args = &e->bin_op.right->tuple.elts;
    const char *text = k->text.data;
    size_t length = k->text.length, used = 0;
    AstExpr **parts = arena_allocate(c->arena, (args->count * 2 + 1) * sizeof *parts);
    char *literal = arena_allocate(c->arena, length + 1);
    uint32_t count = 0, next = 0;
    for (uint32_t i = 0; i < args->count; i++)
        if (args->items[i]->kind == AST_STARRED)
            return;
    for (size_t i = 0; i < length;) {
        if (text[i] != '%') {
            literal[used++] = text[i++];
            continue;
        }
        if (i + 1 < length && text[i + 1] == '%') {
            literal[used++] = '%';
            i += 2;
            continue;
        }
        char conversion, spec[16];
        size_t bytes = parse_conversion(text + i + 1, length - i - 1, &conversion, spec);
        if (!bytes || next == args->count)
            return;
        if (used)
            parts[count++] = new_text(c, literal, used, e);
        used = 0;
        AstExpr *value = new_expr(c, AST_FORMATTED_VALUE, args->items[next]);
        value->formatted_value.value = args->items[next++];
        value->formatted_value.conversion = conversion;
        if (*spec)
            value->formatted_value.format_spec = new_text(c, spec, strlen(spec), e);
        parts[count++] = value;
        i += 1 + bytes;
    }
    if (next != args->count)
        return;
    if (used)
        parts[count++] = new_text(c, literal, used, e);
    e->kind = AST_JOINED_STR;
    e->joined_str.values = (AstExprSeq){count, parts};
}

static void fold_binary(Compiler *c, AstExpr *e) {
    const AstExpr *left = e->bin_op.left, *right = e->bin_op.right;
    if (e->bin_op.op == AST_MOD && constant_is(left, AST_CONSTANT_STR) &&
        right->kind == AST_TUPLE) {
        fold_format(c, e);
        return;
    }
    if (left->kind != AST_CONSTANT || right->kind != AST_CONSTANT)
        return;
    AstOperator op = e->bin_op.op;
    Value a = constant_value(c, &left->constant), b = constant_value(c, &right->constant);
    if (!allowed(op, a, b))
        return;
    static const uint8_t operators[] = {
        [AST_ADD] = BINARY_ADD,
        [AST_SUB] = BINARY_SUBTRACT,
        [AST_MULT] = BINARY_MULTIPLY,
        [AST_MAT_MULT] = BINARY_MATRIX_MULTIPLY,
        [AST_DIV] = BINARY_TRUE_DIVIDE,
        [AST_MOD] = BINARY_MODULO,
        [AST_POW] = BINARY_POWER,
        [AST_L_SHIFT] = BINARY_LSHIFT,
        [AST_R_SHIFT] = BINARY_RSHIFT,
        [AST_BIT_OR] = BINARY_OR,
        [AST_BIT_XOR] = BINARY_XOR,
        [AST_BIT_AND] = BINARY_AND,
        [AST_FLOOR_DIV] = BINARY_FLOOR_DIVIDE,
    };
    if (op == AST_POW)
        become_if(c, e, value_power(a, b, VALUE_NONE));
    else
        become_if(c, e, value_binary(a, b, operators[op]));
}

static void fold_unary(Compiler *c, AstExpr *e) {
    const AstExpr *operand = e->unary_op.operand;
    if (operand->kind != AST_CONSTANT)
        return;
    if (e->unary_op.op == AST_U_SUB && operand->constant.kind == AST_CONSTANT_INT) {
        int64_t n = operand->constant.integer;
        e->kind = AST_CONSTANT;
        e->constant = (AstConstant){.kind = AST_CONSTANT_INT, .integer = -n};
        return;
    }
    Value v = constant_value(c, &operand->constant);
    switch (e->unary_op.op) {
    case AST_U_SUB:
        become_if(c, e, value_negative(v));
        break;
    case AST_U_ADD:
        become_if(c, e, value_positive(v));
        break;
    case AST_INVERT:
        become_if(c, e, value_invert(v));
        break;
    case AST_NOT: {
        bool truth;
        if (constant_truth(c, operand, &truth))
            become(c, e, bool_new(!truth));
        break;
    }
    }
}

static void fold_tuple(Compiler *c, AstExpr *e) {
    const AstExprSeq *elts = &e->tuple.elts;
    for (uint32_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind != AST_CONSTANT)
            return;
    Value tuple = elts->count ? tuple_allocate(elts->count) : tuple_empty();
    if (value_is_null(tuple))
        compile_fail(c);
    for (uint32_t i = 0; i < elts->count; i++)
        tuple_of(tuple)->items[i] = ref_new(constant_value(c, &elts->items[i]->constant));
    become(c, e, tuple);
}

void fold_expression(Compiler *c, AstExpr *e) {
    if (c->fold_disabled)
        return;
    switch (e->kind) {
    case AST_BIN_OP:
        fold_binary(c, e);
        break;
    case AST_UNARY_OP:
        fold_unary(c, e);
        break;
    case AST_TUPLE:
        fold_tuple(c, e);
        break;
    case AST_SUBSCRIPT: {
        const AstExpr *value = e->subscript.value, *slice = e->subscript.slice;
        if (value->kind == AST_CONSTANT && slice->kind == AST_CONSTANT) {
            Value v = constant_value(c, &value->constant);
            if (is_sequence(v))
                become_if(c, e, value_getitem(v, constant_value(c, &slice->constant)));
        }
        break;
    }
    default:
        break;
    }
}
