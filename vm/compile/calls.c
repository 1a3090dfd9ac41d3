// SPDX-License-Identifier: MIT
//
// Code for calls. A call needs a window of temporaries with nothing live above it: the callee's
// frame header (FRAME_WORDS words, of which one holds the callable), then the arguments, which
// become the callee's registers.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"
#include "vm/types/tuple.h"

enum { WINDOW_ARGUMENTS_MAX = 1000 }; // beyond it arguments travel in a tuple

// The window may begin in the destination itself if that is the uppermost temporary: it is empty
// until the result arrives, when the window is empty again.
uint32_t call_window(Compiler *c, Reg destination) {
    uint32_t top = c->unit->top;
    if (reg_is_temp(destination) && destination - REG_TEMP + 1u == top)
        return top - 1;
    return top;
}

static void check_keywords(Compiler *c, const AstKeywordSeq *keywords) {
    for (uint32_t i = 0; i < keywords->count; i++) {
        const AstKeyword *k = keywords->items[i];
        if (!k->arg)
            continue;
        forbid_debug(c, k->arg, false, c->unit->position);
        for (uint32_t j = i + 1; j < keywords->count; j++) {
            const AstKeyword *other = keywords->items[j];
            if (other->arg == k->arg)
                compile_error(
                    c, (Position){other->line, other->end_line, other->column, other->end_column},
                    "keyword argument repeated: %s", k->arg->text);
        }
    }
}

static bool needs_unpacking(const AstExprSeq *args, const AstKeywordSeq *keywords) {
    if (args->count + keywords->count > WINDOW_ARGUMENTS_MAX)
        return true;
    for (uint32_t i = 0; i < args->count; i++)
        if (args->items[i]->kind == AST_STARRED)
            return true;
    for (uint32_t i = 0; i < keywords->count; i++)
        if (!keywords->items[i]->arg)
            return true;
    return false;
}

// f(..., a=1, **b, c=2): one dict, made of runs of plain keywords and the mappings between them.
// For **b alone there may be none.
static void compile_keyword_dict(Compiler *c, const AstKeywordSeq *keywords, Reg dict,
                                 Reg function) {
    Unit *u = c->unit;
    enum { RUN = 32 };
    bool made = false;
    if (keywords->count == 1 && !keywords->items[0]->arg) {
        uint32_t mark = u->top;
        Reg r = compile_operand(c, keywords->items[0]->value);
        emit(c, OP_KEYWORDS, dict, r, function);
        u->top = mark;
        return;
    }
    for (uint32_t i = 0; i < keywords->count;) {
        uint32_t mark = u->top, count = 0;
        if (!keywords->items[i]->arg) {
            if (!made)
                emit(c, OP_BUILD_MAP, dict, dict, 0);
            made = true;
            Reg r = compile_operand(c, keywords->items[i++]->value);
            emit(c, OP_DICT_MERGE, dict, r, function);
            u->top = mark;
            continue;
        }
        uint32_t run = made ? mark : dict - REG_TEMP;
        temp_reserve(c, run);
        for (; i < keywords->count && keywords->items[i]->arg && count < RUN; i++, count++) {
            Reg name = temp_push(c);
            if (u->reachable)
                emit_constant(c, name, compile_name(c, keywords->items[i]->arg));
            Reg value = temp_push(c);
            compile_into(c, keywords->items[i]->value, value);
        }
        emit(c, OP_BUILD_MAP, temp_at(run), temp_at(run), count);
        if (made)
            emit(c, OP_DICT_MERGE, dict, temp_at(run), function);
        made = true;
        u->top = mark;
    }
}

static void compile_call_unpacking(Compiler *c, uint32_t base, uint32_t prefilled,
                                   const AstExprSeq *args, const AstKeywordSeq *keywords,
                                   Reg destination, Position position) {
    Unit *u = c->unit;
    Reg tuple = temp_at(base + FRAME_WORDS);
    if (!prefilled)
        temp_reserve(c, base + FRAME_WORDS + 1);
    if (!prefilled && args->count == 1 && args->items[0]->kind == AST_STARRED)
        compile_into(c, args->items[0]->starred.value, tuple); // CALL_EX takes any iterable
    else
        compile_sequence(c, OP_BUILD_TUPLE, args, tuple, prefilled);
    bool has_keywords = keywords->count > 0;
    if (has_keywords) {
        Reg dict = temp_push(c);
        compile_keyword_dict(c, keywords, dict, temp_at(base + FRAME_FUNCTION));
    }
    u->position = position;
    emit(c, OP_CALL_EX, temp_at(base), has_keywords, destination);
}

static Value keyword_names(Compiler *c, const AstKeywordSeq *keywords) {
    Value names = tuple_allocate(keywords->count);
    if (value_is_null(names))
        compile_fail(c);
    for (uint32_t i = 0; i < keywords->count; i++)
        tuple_of(names)->items[i] = ref_new(compile_name(c, keywords->items[i]->arg));
    return constant_share(c, names);
}

void compile_call_arguments(Compiler *c, uint32_t base, uint32_t prefilled, bool method,
                            const AstExprSeq *args, const AstKeywordSeq *keywords, Reg destination,
                            Position position) {
    Unit *u = c->unit;
    check_keywords(c, keywords);
    if (!method && needs_unpacking(args, keywords)) {
        compile_call_unpacking(c, base, prefilled, args, keywords, destination, position);
        return;
    }
    uint32_t count = prefilled;
    for (uint32_t i = 0; i < args->count; i++, count++) {
        Reg r = temp_push(c);
        compile_into(c, args->items[i], r);
    }
    for (uint32_t i = 0; i < keywords->count; i++, count++) {
        Reg r = temp_push(c);
        compile_into(c, keywords->items[i]->value, r);
    }
    u->position = position;
    if (keywords->count) {
        Reg names = temp_push(c);
        if (u->reachable)
            emit_constant(c, names, keyword_names(c, keywords));
    }
    static const uint16_t ops[2][2] = {{OP_CALL, OP_CALL_KW}, {OP_CALL_METHOD, OP_CALL_METHOD_KW}};
    emit(c, ops[method][keywords->count > 0], temp_at(base), count, destination);
}

// Something that is surely not callable: CPython warns, a comma may be missing.
static void check_callee(Compiler *c, const AstExpr *func) {
    const char *type = func->kind == AST_LAMBDA ? NULL : expression_type(c, func);
    if (type)
        compile_warn(c, c->unit->position,
                     "'%s' object is not callable; perhaps you missed a comma?", type);
}

// Nobody notices when they are read: constants, and variables that are certainly bound. On this
// line, so that tracing sees the lines in order.
static bool arguments_are_still(Compiler *c, const AstExprSeq *args, int line) {
    for (uint32_t i = 0; i < args->count; i++) {
        const AstExpr *e = args->items[i];
        Symbol *symbol;
        if (e->line != line)
            return false;
        if (e->kind != AST_CONSTANT &&
            !(e->kind == AST_NAME && is_fast_name(c, e->name.id, &symbol) &&
              assigned_test(c->unit, (Reg)symbol->slot)))
            return false;
    }
    return true;
}

void compile_call(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    uint32_t mark = u->top, base = call_window(c, destination);
    AstExpr *func = e->call.func;
    Position position = u->position;
    if (func->kind == AST_ATTRIBUTE && !needs_unpacking(&e->call.args, &e->call.keywords)) {
        temp_reserve(c, base + 1);
        Reg object = compile_operand_in(c, func->attribute.value, temp_at(base));
        Position lookup = attribute_position(func, position_of_expr(func));
        bool late = !reg_is_temp(object) && e->call.keywords.count == 0 &&
                    arguments_are_still(c, &e->call.args, lookup.line);
        if (late) {
            // The loop makes less of a call that follows the lookup at once.
            temp_reserve(c, base + FRAME_WORDS + 1);
            for (uint32_t i = 0; i < e->call.args.count; i++)
                compile_into(c, e->call.args.items[i], temp_push(c));
        }
        u->position = lookup;
        emit(c, OP_LOAD_METHOD, temp_at(base), object, unit_name(c, func->attribute.attr));
        if (late) {
            u->position = attribute_position(func, position);
            emit(c, OP_CALL_METHOD, temp_at(base), e->call.args.count, destination);
        } else {
            temp_reserve(c, base + FRAME_WORDS + 1);
            compile_call_arguments(c, base, 0, true, &e->call.args, &e->call.keywords, destination,
                                   attribute_position(func, position));
        }
    } else {
        check_callee(c, func);
        temp_reserve(c, base + FRAME_FUNCTION + 1);
        compile_into(c, func, temp_at(base + FRAME_FUNCTION));
        temp_reserve(c, base + FRAME_WORDS);
        compile_call_arguments(c, base, 0, false, &e->call.args, &e->call.keywords, destination,
                               position);
    }
    u->top = mark;
}
