// SPDX-License-Identifier: MIT
//
// Code for if and loops, and for leaving blocks by return, break and continue: what lies between is
// unwound in line, and finally bodies are compiled once more for each such exit.
//
// Loops are inverted: the test, or FOR_ITER, is at the bottom and jumps back to the body, so that
// an iteration costs one jump.
#include "vm/compile/compiler.h"

static const Position nowhere = {0, 0, -1, -1};

// ---- if ------------------------------------------------------------------------------------

void compile_if(Compiler *c, AstStmt *s) {
    Label end = label_new(c);
    for (;;) {
        Label otherwise = s->if_.orelse.count ? label_new(c) : end;
        bool truth;
        if (constant_truth(c, s->if_.test, &truth))
            emit(c, OP_NOP, 0, 0, 0); // as for pass
        compile_jump(c, s->if_.test, false, otherwise);
        compile_statements(c, &s->if_.body);
        if (!s->if_.orelse.count)
            break;
        c->unit->position = nowhere;
        emit_jump(c, end);
        label_bind(c, otherwise);
        if (s->if_.orelse.count == 1 && s->if_.orelse.items[0]->kind == AST_IF) { // elif
            s = s->if_.orelse.items[0];
            c->unit->position = position_of_stmt(s);
            continue;
        }
        compile_statements(c, &s->if_.orelse);
        break;
    }
    label_bind(c, end);
}

// ---- leaving blocks ------------------------------------------------------------------------

static void clear_name(Compiler *c, const AstName *name) {
    Unit *u = c->unit;
    Symbol *symbol;
    Access access = access_name(c, name, &symbol);
    if (access == ACCESS_FAST) {
        emit(c, OP_CLEAR, symbol->slot, 0, 0);
        assigned_remove(u, (Reg)symbol->slot);
        return;
    }
    // The program may have deleted it: bind it first.
    Reg r = temp_push(c);
    emit_constant(c, r, VALUE_NONE);
    compile_store_name(c, name, r);
    u->top--;
    compile_delete_name(c, name);
}

// The end of an except clause: its variable goes, what was handled before is handled again.
void emit_handler_end(Compiler *c, const Block *b) {
    if (b->kind == BLOCK_NAMED_HANDLER)
        clear_name(c, b->name);
    else
        emit(c, OP_POP_HANDLED, b->reg, 0, 0);
}

static bool needs_leaving(BlockKind kind) {
    return kind == BLOCK_FINALLY || kind == BLOCK_FINALLY_END || kind == BLOCK_WITH ||
           kind == BLOCK_HANDLER || kind == BLOCK_NAMED_HANDLER;
}

static void refuse_star(Compiler *c, const Block *b, Position position) {
    if (b->star)
        compile_error(c, position,
                      "'break', 'continue' and 'return' cannot appear in an except* block");
}

// Emits what has to happen between here and outside of all blocks from number `stop` on. The blocks
// are gone then; blocks_restore brings them back for the code that follows. value: a temporary on
// its way out with a return, that a break or continue in a finally body has to drop; else a local.
static void leave_blocks(Compiler *c, uint32_t stop, Block *saved, Reg value) {
    Unit *u = c->unit;
    Position position = u->position, statement = position;
    memcpy(saved, u->blocks + stop, (u->block_count - stop) * sizeof *saved);
    while (u->block_count > stop) {
        Block b = u->blocks[u->block_count - 1];
        refuse_star(c, &b, statement);
        block_pop(c);
        switch (b.kind) {
        case BLOCK_FOR:
        case BLOCK_VALUE:
            emit(c, OP_CLEAR, b.reg, 0, 0);
            break;
        case BLOCK_FINALLY:
            if (!u->reachable)
                break;
            if (reg_is_temp(value))
                block_push(c, BLOCK_VALUE, NO_LABEL, 0)->reg = value;
            compile_statements(c, b.body);
            if (reg_is_temp(value))
                block_pop(c);
            break;
        case BLOCK_FINALLY_END:
            u->position = nowhere;
            emit(c, OP_POP_HANDLED, b.reg, 0, 0);
            emit(c, OP_CLEAR, b.exception, 0, 0);
            break;
        case BLOCK_WITH:
            u->position = b.position;
            emit_with_exit(c, &b);
            break;
        case BLOCK_HANDLER:
        case BLOCK_NAMED_HANDLER:
            u->position = nowhere;
            emit_handler_end(c, &b);
            break;
        default:
            break;
        }
        // What follows a block that was left has no line of its own: the statement is behind us.
        if (needs_leaving(b.kind))
            position = nowhere;
        u->position = position;
    }
}

static void blocks_restore(Compiler *c, uint32_t stop, uint32_t count, const Block *saved) {
    Unit *u = c->unit;
    memcpy(u->blocks + stop, saved, (count - stop) * sizeof *saved);
    u->block_count = count;
    for (uint32_t i = stop; i < count; i++)
        if (saved[i - stop].open != NOT_BOUND)
            u->blocks[i].open = u->count;
}

void compile_return(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    AstExpr *value = s->return_.value;
    if (u->scope->kind != SCOPE_FUNCTION)
        compile_error(c, u->position, "'return' outside function");
    if (value && u->scope->is_async && u->scope->generator)
        compile_error(c, u->position, "'return' with value in async generator");
    uint32_t mark = u->top, count = u->block_count;
    Position position = u->position;
    bool leaving = false;
    for (uint32_t i = 0; i < count; i++)
        leaving |= needs_leaving(u->blocks[i].kind);
    bool constant = value && value->kind == AST_CONSTANT;
    Reg r = 0;
    if (value && !constant) {
        if (leaving) {
            r = temp_push(c);
            compile_into(c, value, r); // a copy: a finally body may change the local
        } else {
            r = compile_operand(c, value);
        }
    }
    u->position = position;
    Block saved[BLOCKS_ROOM];
    if (leaving) {
        if (!value || constant)
            line_begins(c, LINE_BEFORE);
        leave_blocks(c, 0, saved, r);
        u->position = nowhere; // for who traces: the return statement is behind us
    }
    if (constant && value->constant.kind != AST_CONSTANT_NONE) {
        r = temp_push(c);
        if (u->reachable)
            emit_constant(c, r, constant_value(c, &value->constant));
    }
    if (!value || (constant && value->constant.kind == AST_CONSTANT_NONE))
        emit_return_none(c);
    else
        emit_return(c, r);
    if (leaving)
        blocks_restore(c, 0, count, saved);
    u->top = mark;
}

static int64_t innermost_loop(const Unit *u) {
    for (uint32_t i = u->block_count; i-- > 0;)
        if (u->blocks[i].kind == BLOCK_FOR || u->blocks[i].kind == BLOCK_WHILE)
            return i;
    return -1;
}

static void compile_loop_exit(Compiler *c, bool is_break) {
    Unit *u = c->unit;
    int64_t loop = innermost_loop(u);
    for (int64_t i = u->block_count; --i > loop;)
        refuse_star(c, &u->blocks[i], u->position);
    if (loop < 0)
        compile_error(c, u->position,
                      is_break ? "'break' outside loop" : "'continue' not properly in loop");
    uint32_t stop = (uint32_t)loop + 1, count = u->block_count;
    Label target = is_break ? u->blocks[loop].on_break : u->blocks[loop].on_continue;
    bool clear = is_break && u->blocks[loop].kind == BLOCK_FOR;
    Reg iterator = u->blocks[loop].reg;
    Block saved[BLOCKS_ROOM];
    bool leaving = false;
    for (uint32_t i = stop; i < count; i++)
        leaving |= needs_leaving(u->blocks[i].kind);
    if (leaving)
        line_begins(c, LINE_BEFORE);
    leave_blocks(c, stop, saved, 0);
    if (leaving)
        u->position = nowhere; // for who traces: the statement is behind us
    if (clear)
        emit(c, OP_CLEAR, iterator, 0, 0);
    emit_jump(c, target);
    blocks_restore(c, stop, count, saved);
}

void compile_break(Compiler *c, AstStmt *s) {
    compile_loop_exit(c, true);
}
void compile_continue(Compiler *c, AstStmt *s) {
    compile_loop_exit(c, false);
}

// ---- loops ---------------------------------------------------------------------------------

// The iterable of a loop: a list display is as good as a tuple, which may be constant.
void compile_iterable(Compiler *c, AstExpr *e, Reg iterator) {
    Unit *u = c->unit;
    Position saved = u->position;
    if (e->kind == AST_LIST) {
        AstExpr tuple = *e;
        tuple.kind = AST_TUPLE;
        fold_expression(c, &tuple);
        Reg r = compile_operand_in(c, &tuple, iterator);
        u->position = saved;
        emit(c, OP_GET_ITER, iterator, r, 0);
        return;
    }
    Reg r = compile_operand_in(c, e, iterator);
    emit(c, OP_GET_ITER, iterator, r, 0);
}

// A loop that only goes round has no instruction for its body.
static bool is_pass(const AstStmtSeq *body) {
    return body->count == 1 && body->items[0]->kind == AST_PASS;
}
static void note_pass(Compiler *c, const AstStmtSeq *body, CodeLineKind kind) {
    if (c->unit->reachable)
        line_note(c, c->unit, c->unit->count, body->items[0]->line, kind);
}

void compile_for(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    Position position = u->position;
    uint32_t mark = u->top;
    Reg iterator = temp_push(c);
    Label body = label_new(c), next = label_new(c), end = label_new(c);
    Block *b = block_push(c, BLOCK_FOR, NO_LABEL, 0);
    b->reg = iterator;
    b->on_break = end;
    b->on_continue = next;
    compile_iterable(c, s->for_.iter, iterator);
    uint32_t inner = u->top;
    bool reachable = u->reachable;
    emit_jump(c, next);
    u->reachable = reachable; // by way of FOR_ITER
    label_bind_loop(c, body);
    Reg item = compile_target_register(c, s->for_.target);
    uint32_t first = u->count;
    compile_store(c, s->for_.target, item);
    u->top = inner;
    if (u->count == first && is_pass(&s->for_.body))
        note_pass(c, &s->for_.body, LINE_AROUND);
    else
        compile_statements(c, &s->for_.body);
    label_bind(c, next);
    u->position = position;
    emit_branch(c, OP_FOR_ITER, iterator, item, body);
    block_pop(c);
    u->top = mark;
    compile_statements(c, &s->for_.orelse);
    label_bind(c, end);
}

void compile_while(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    Label body = label_new(c), next = label_new(c), past = label_new(c), end = label_new(c);
    bool truth, endless = constant_truth(c, s->while_.test, &truth) && truth;
    if (!endless && constant_truth(c, s->while_.test, &truth))
        emit(c, OP_NOP, 0, 0, 0); // while 0
    if (!endless)
        compile_jump(c, s->while_.test, false, past);
    uint32_t line = endless ? line_begins(c, LINE_BEFORE) : NOT_BOUND;
    label_bind_loop(c, body);
    Block *b = block_push(c, BLOCK_WHILE, NO_LABEL, 0);
    b->on_break = end;
    b->on_continue = next;
    if (is_pass(&s->while_.body))
        note_pass(c, &s->while_.body, LINE_BEFORE);
    else
        compile_statements(c, &s->while_.body);
    label_bind(c, next);
    block_pop(c);
    u->position = position_of_stmt(s);
    if (endless)
        emit_jump(c, body);
    else
        compile_jump(c, s->while_.test, true, body);
    line_ends(c, line);
    label_bind(c, past);
    compile_statements(c, &s->while_.orelse);
    label_bind(c, end);
}
