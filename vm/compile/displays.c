// SPDX-License-Identifier: MIT
//
// Code for dict displays and f-strings.
#include "vm/compile/compiler.h"

enum { PAIRS_MAX = 32, STRING_PARTS_MAX = 64 };

// ---- dicts ---------------------------------------------------------------------------------

void compile_dict(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    const AstExprSeq *keys = &e->dict.keys, *values = &e->dict.values;
    bool scratch = reg_is_temp(destination);
    bool in_place = scratch && destination - REG_TEMP + 1u == u->top;
    uint32_t run = in_place ? destination - REG_TEMP : u->top;
    uint32_t after = in_place ? run + 1 : u->top, next = 0;

    bool plain = values->count <= PAIRS_MAX;
    for (uint32_t i = 0; plain && i < keys->count; i++)
        plain = keys->items[i] != NULL;
    Reg whole = scratch || plain ? destination : temp_at(run);
    uint32_t above = scratch || plain ? after : run + 1;

    temp_reserve(c, run);
    for (; next < values->count && keys->items[next] && next < PAIRS_MAX; next++) {
        Reg key = temp_push(c);
        compile_into(c, keys->items[next], key);
        Reg value = temp_push(c);
        compile_into(c, values->items[next], value);
    }
    emit(c, OP_BUILD_MAP, whole, temp_at(run), next);
    temp_reserve(c, above);
    for (; next < values->count; next++) {
        if (keys->items[next]) {
            Reg key = compile_operand_before(c, keys->items[next], 0, values->items[next]);
            Reg value = compile_operand(c, values->items[next]);
            emit(c, OP_MAP_ADD, whole, key, value);
        } else {
            Reg mapping = compile_operand(c, values->items[next]);
            emit(c, OP_DICT_UPDATE, whole, mapping, 0);
        }
        u->top = above;
    }
    if (whole != destination)
        emit(c, OP_MOVE, destination, whole, 0);
    u->top = after;
}

// ---- f-strings -----------------------------------------------------------------------------

void compile_formatted_value(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    uint32_t flags = 0;
    switch (e->formatted_value.conversion) {
    case 's':
        flags = 1;
        break;
    case 'r':
        flags = 2;
        break;
    case 'a':
        flags = 3;
        break;
    }
    AstExpr *spec = e->formatted_value.format_spec;
    if (!spec) {
        Reg r = compile_operand_in(c, e->formatted_value.value, destination);
        emit(c, OP_FORMAT_VALUE, destination, r, flags);
    } else {
        // The value and its format side by side.
        Reg r = destination;
        if (!reg_is_temp(destination) || destination - REG_TEMP + 1u != mark)
            r = temp_push(c);
        compile_into(c, e->formatted_value.value, r);
        Reg format = temp_push(c);
        compile_into(c, spec, format);
        emit(c, OP_FORMAT_VALUE, destination, r, flags | 4);
    }
    u->top = mark;
}

void compile_joined_str(Compiler *c, AstExpr *e, Reg destination) {
    Unit *u = c->unit;
    const AstExprSeq *values = &e->joined_str.values;
    if (values->count == 0) {
        if (u->reachable)
            emit_constant(c, destination, constant_str(c, ""));
        return;
    }
    if (values->count == 1) { // a constant, or a format, which gives a str or an error
        compile_into(c, values->items[0], destination);
        return;
    }
    bool in_place = reg_is_temp(destination) && destination - REG_TEMP + 1u == u->top;
    uint32_t run = in_place ? destination - REG_TEMP : u->top, mark = u->top, count = 0;
    u->top = run;
    for (uint32_t i = 0; i < values->count; i++) {
        if (count == STRING_PARTS_MAX) {
            emit(c, OP_BUILD_STRING, temp_at(run), temp_at(run), count);
            u->top = run + 1;
            count = 1;
        }
        Reg r = temp_push(c);
        compile_into(c, values->items[i], r);
        count++;
    }
    emit(c, OP_BUILD_STRING, destination, temp_at(run), count);
    u->top = mark;
}
