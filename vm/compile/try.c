// SPDX-License-Identifier: MIT
//
// Code for try and with. What they protect costs nothing: the handlers are found by table (Region).
// A handler begins with the exception in temporary number `depth` of its region.
//
// While an except clause or a finally body runs because of an exception, that is the one being
// handled (sys.exc_info()); the one handled before waits in a temporary, and every way out puts it
// back.
#include "vm/compile/compiler.h"

static const Position nowhere = {0, 0, -1, -1};

// Opens a protected region whose only purpose is to put back what was handled before: the handler,
// emitted by cleanup_end, does that and raises again. Nothing else is nested in between.
static Block *cleanup_begin(Compiler *c, BlockKind kind, Reg handled) {
    Block *b = block_push(c, kind, label_new(c), c->unit->top);
    b->reg = handled;
    return b;
}

// Out of line: the handler of a cleanup region, that has been popped. Who traces sees it at the
// position; the frame's line is that of what raised the exception.
static void cleanup_handler(Compiler *c, Label handler, uint32_t depth, Reg handled,
                            const uint64_t *assigned, Position position) {
    Unit *u = c->unit;
    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    u->position = position;
    uint32_t mark = u->top;
    temp_reserve(c, depth + 1);
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    u->position = nowhere;
    emit(c, OP_RERAISE, temp_at(depth), 0, 0);
    u->top = mark;
}

// ---- try-except ----------------------------------------------------------------------------

static void compile_clause_body(Compiler *c, AstExceptHandler *clause, Reg exception, Reg handled,
                                Label end) {
    Unit *u = c->unit;
    Block *outer = &u->blocks[u->block_count - 1]; // around all clauses
    if (!clause->name) {
        emit(c, OP_CLEAR, exception, 0, 0);
        compile_statements(c, &clause->body);
        u->position = nowhere;
        region_close(c, outer);
        emit(c, OP_POP_HANDLED, handled, 0, 0);
        emit_jump(c, end);
        outer->open = u->count;
        return;
    }
    compile_store_name(c, clause->name, exception);
    uint64_t *assigned = assigned_copy(c);
    Block *b = block_push(c, BLOCK_NAMED_HANDLER, label_new(c), u->top);
    b->name = clause->name;
    Label handler = b->handler;
    uint32_t depth = b->depth;
    compile_statements(c, &clause->body);
    u->position = nowhere;
    Block done = u->blocks[u->block_count - 1];
    block_pop(c);
    region_close(c, outer);
    emit_handler_end(c, &done);
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    emit_jump(c, end);
    outer->open = u->count;
    // An exception in the body: the variable goes too. Still inside the region around all clauses,
    // whose handler does the rest.
    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    uint32_t mark = u->top;
    temp_reserve(c, depth + 1);
    emit_handler_end(c, &done);
    emit(c, OP_RERAISE, temp_at(depth), 0, 0);
    u->top = mark;
}

static void compile_try_except(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    Label end = label_new(c);
    uint64_t *assigned = assigned_copy(c);
    Label handler = label_new(c);
    block_push(c, BLOCK_TRY, handler, mark);
    compile_statements(c, &s->try_.body);
    block_pop(c);
    compile_statements(c, &s->try_.orelse);
    u->position = nowhere;
    emit_jump(c, end);

    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    Reg exception = temp_push(c), handled = temp_push(c);
    emit(c, OP_PUSH_HANDLED, handled, exception, 0);
    uint32_t inner = u->top;
    Block *b = cleanup_begin(c, BLOCK_HANDLER, handled);
    Label cleanup = b->handler;
    const AstExceptHandlerSeq *clauses = &s->try_.handlers;
    bool caught_all = false;
    for (uint32_t i = 0; i < clauses->count; i++) {
        AstExceptHandler *clause = clauses->items[i];
        u->position =
            (Position){clause->line, clause->end_line, clause->column, clause->end_column};
        if (!clause->type && i + 1 < clauses->count)
            compile_error(c, u->position, "default 'except:' must be last");
        Label next = label_new(c);
        if (clause->type) {
            Position position = u->position;
            Reg r = compile_operand(c, clause->type);
            u->position = position;
            emit_branch(c, OP_IF_NOT_EXCEPTION, exception, r, next);
            u->top = inner;
        } else {
            caught_all = true;
        }
        compile_clause_body(c, clause, exception, handled, end);
        label_bind(c, next);
    }
    // No clause matched: the line is that of the last one.
    const AstExceptHandler *last = clauses->items[clauses->count - 1];
    u->position = (Position){last->line, last->end_line, last->column, last->end_column};
    block_pop(c);
    if (!caught_all) {
        emit(c, OP_POP_HANDLED, handled, 0, 0);
        emit(c, OP_RERAISE, exception, 0, 0);
    }
    cleanup_handler(c, cleanup, inner, handled, assigned, nowhere);
    u->top = mark;
    label_bind(c, end);
}

// ---- try-finally ---------------------------------------------------------------------------

// Where CPython sees the exception raised again behind a finally clause, as far as that does not
// depend on the way taken through it: the statement written last in an if, even if it did not
// run; the first line of a while or with; the last pattern of a match. An expression leaves none.
static Position end_position(const AstStmtSeq *statements) {
    for (;;) {
        const AstStmt *s = statements->items[statements->count - 1];
        switch (s->kind) {
        case AST_IF:
            statements = s->if_.orelse.count ? &s->if_.orelse : &s->if_.body;
            break;
        case AST_WHILE:
            if (!s->while_.orelse.count)
                return position_of_stmt(s);
            statements = &s->while_.orelse;
            break;
        case AST_FOR:
        case AST_ASYNC_FOR:
            if (!s->for_.orelse.count)
                return nowhere;
            statements = &s->for_.orelse;
            break;
        case AST_EXPR:
            return s->expr.value->kind == AST_CONSTANT ? position_of_stmt(s) : nowhere;
        case AST_MATCH: {
            const AstMatchCase *last = s->match.cases.items[s->match.cases.count - 1];
            const AstPattern *p = last->pattern;
            bool is_wildcard = p->kind == AST_MATCH_AS && !p->match_as.name;
            if (!is_wildcard || s->match.cases.count == 1)
                return (Position){p->line, p->end_line, p->column, p->end_column};
            statements = &last->body;
            break;
        }
        case AST_TRY:
        case AST_TRY_STAR:
            return nowhere;
        default:
            return position_of_stmt(s);
        }
    }
}

// The same where an exception raised in the clause itself goes on; behind a with there is none.
static Position cleanup_position(const AstStmtSeq *statements) {
    const AstStmt *s = statements->items[statements->count - 1];
    while (s->kind == AST_IF) {
        const AstStmtSeq *branch = s->if_.orelse.count ? &s->if_.orelse : &s->if_.body;
        s = branch->items[branch->count - 1];
    }
    if (s->kind == AST_WITH || s->kind == AST_ASYNC_WITH)
        return nowhere;
    return end_position(statements);
}

static void compile_try_finally(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    Label end = label_new(c), handler = label_new(c);
    uint64_t *assigned = assigned_copy(c);
    Block *b = block_push(c, BLOCK_FINALLY, handler, mark);
    b->body = &s->try_.finalbody;
    if (s->kind == AST_TRY_STAR)
        compile_try_except_star(c, s);
    else if (s->try_.handlers.count)
        compile_try_except(c, s);
    else
        compile_statements(c, &s->try_.body);
    block_pop(c);
    if (u->reachable)
        compile_statements(c, &s->try_.finalbody);
    u->position = nowhere;
    emit_jump(c, end);

    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    Reg exception = temp_push(c), handled = temp_push(c);
    emit(c, OP_PUSH_HANDLED, handled, exception, 0);
    uint32_t inner = u->top;
    b = cleanup_begin(c, BLOCK_FINALLY_END, handled);
    b->exception = exception;
    Label cleanup = b->handler;
    compile_statements(c, &s->try_.finalbody);
    u->position = end_position(&s->try_.finalbody);
    block_pop(c);
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    emit(c, OP_RERAISE, exception, 1, 0);
    cleanup_handler(c, cleanup, inner, handled, assigned, cleanup_position(&s->try_.finalbody));
    u->top = mark;
    label_bind(c, end);
}

void compile_try(Compiler *c, AstStmt *s) {
    if (s->try_.finalbody.count)
        compile_try_finally(c, s);
    else
        compile_try_except(c, s);
}

// ---- with ----------------------------------------------------------------------------------

void emit_with_exit(Compiler *c, const Block *b) {
    if (b->is_async)
        emit_async_exit(c, b->reg);
    else
        emit(c, OP_WITH_EXIT, b->reg, 0, 0);
}

// The exceptional end of a with block: asks the exit function, in `exit_function`, whether to go
// on.
void compile_with_handler(Compiler *c, Label handler, Reg exit_function, const uint64_t *assigned,
                          Position position, bool is_async) {
    Unit *u = c->unit;
    uint32_t depth = exit_function - REG_TEMP + 1u;
    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    u->position = position;
    temp_reserve(c, depth);
    Reg exception = temp_push(c), handled = temp_push(c);
    emit(c, OP_PUSH_HANDLED, handled, exception, 0);
    uint32_t inner = u->top;
    Block *b = cleanup_begin(c, BLOCK_CLEANUP, handled);
    Label cleanup = b->handler, suppressed = label_new(c), end = label_new(c);
    Reg result = temp_push(c);
    emit(c, OP_WITH_EXCEPT, exit_function, exception, result);
    if (is_async)
        compile_await_exited(c, result, result);
    emit_branch(c, OP_JUMP_IF_TRUE, result, 0, suppressed);
    u->top = inner;
    block_pop(c);
    u->position = nowhere;
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    emit(c, OP_RERAISE, exception, 0, 0);
    label_bind(c, suppressed);
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    emit(c, OP_CLEAR, exception, 0, 0);
    emit_jump(c, end);
    cleanup_handler(c, cleanup, inner, handled, assigned, nowhere);
    label_bind(c, end);
}

static void compile_with_item(Compiler *c, AstStmt *s, uint32_t index) {
    compile_check_stack(c);
    Unit *u = c->unit;
    AstWithItem *item = s->with.items.items[index];
    Position position = position_of_stmt(s);
    bool is_async = s->kind == AST_ASYNC_WITH;
    uint32_t mark = u->top;
    Reg exit_function = temp_push(c);
    Reg manager = compile_operand_in(c, item->context_expr, exit_function);
    u->position = position;
    temp_reserve(c, mark + 2);
    if (is_async)
        emit_async_enter(c, exit_function, manager);
    else
        emit(c, OP_WITH_ENTER, exit_function, manager, 0);
    Reg entered = temp_at(mark + 1);
    if (is_async)
        compile_await_entered(c, entered, entered);
    uint64_t *assigned = assigned_copy(c);
    Label handler = label_new(c), end = label_new(c);
    u->top = mark + 1;
    Block *b = block_push(c, BLOCK_WITH, handler, mark + 1);
    b->reg = exit_function;
    b->is_async = is_async;
    b->position = position;
    u->top = mark + 2;
    if (item->optional_vars)
        compile_store(c, item->optional_vars, entered);
    else
        emit(c, OP_CLEAR, entered, 0, 0);
    u->top = mark + 1;
    if (index + 1 == s->with.items.count)
        compile_statements(c, &s->with.body);
    else
        compile_with_item(c, s, index + 1);
    Block done = u->blocks[u->block_count - 1];
    block_pop(c);
    u->position = position;
    emit_with_exit(c, &done);
    u->position = nowhere;
    emit_jump(c, end);
    compile_with_handler(c, handler, exit_function, assigned, position, is_async);
    label_bind(c, end);
    u->top = mark;
}

void compile_with(Compiler *c, AstStmt *s) {
    compile_with_item(c, s, 0);
}

void compile_async_with(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    if (!u->scope->is_async || u->scope->comprehension)
        compile_error(c, u->position, "'async with' outside async function");
    compile_with_item(c, s, 0);
}
