// SPDX-License-Identifier: MIT
//
// Code for try-except*. The exception is split clause by clause: each takes what it matches as a
// group and leaves the rest. What clauses raise and what nobody took is gathered in a list, from
// which one exception is made in the end (PEP 654). Splitting and joining are native functions that
// the code holds as constants.
#include "vm/compile/compiler.h"
#include "vm/interp/frame.h"
#include "vm/types/exceptions.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

static const Position nowhere = {0, 0, -1, -1};

// ---- the native functions ------------------------------------------------------------------

static bool is_group(Value v) {
    return value_is_instance(v, &exception_BaseExceptionGroup);
}

static int check_class(Value class) {
    bool exception = value_has_flag(class, TYPE_TYPE_SUBCLASS) &&
                     type_is_subtype((Type *)value_object(class), &exception_BaseException);
    if (!exception)
        return raise_int(&exception_TypeError,
                         "catching classes that do not inherit from BaseException is not allowed");
    if (type_is_subtype((Type *)value_object(class), &exception_BaseExceptionGroup))
        return raise_int(&exception_TypeError,
                         "catching ExceptionGroup with except* is not allowed. "
                         "Use except instead.");
    return 0;
}

static int check_classes(Value classes) {
    if (!value_is_tuple(classes))
        return check_class(classes);
    for (int64_t i = 0; i < tuple_length(classes); i++)
        if (check_class(tuple_item(classes, i)) < 0)
            return -1;
    return 0;
}

static Value new_group(Value exceptions) {
    Value args[2] = {str_empty(), exceptions};
    Value group = value_call(value_from_object(&exception_BaseExceptionGroup), args, 2, VALUE_NULL);
    ref_release(args[0]);
    return group;
}

// (exception or None, classes): what matches and the rest, each a group or None.
static Value native_split(Value self, const Value *args, size_t nargs) {
    Value exception = args[0], classes = args[1];
    if (check_classes(classes) < 0)
        return VALUE_NULL;
    if (value_is_none(exception))
        return tuple_pack(2, VALUE_NONE, VALUE_NONE);
    if (!is_group(exception)) {
        int matches = exception_matches(exception, classes);
        if (matches < 0)
            return VALUE_NULL;
        if (!matches)
            return tuple_pack(2, VALUE_NONE, exception);
        // A naked exception is wrapped; the group has no traceback.
        Value items = tuple_pack(1, exception);
        Value group = value_is_null(items) ? items : new_group(items);
        ref_release(items);
        if (value_is_null(group))
            return group;
        Value pair = tuple_pack(2, group, VALUE_NONE);
        ref_release(group);
        return pair;
    }
    Value pair = value_call_method_cstr(exception, "split", &classes, 1);
    if (!value_is_null(pair) && (!value_is_tuple(pair) || tuple_length(pair) != 2)) {
        raise_type_error("%T.split must return a 2-tuple, got %T", exception, pair);
        ref_release(pair);
        return VALUE_NULL;
    }
    return pair;
}

// Was the exception raised again as it came, part of the original?
static int same_origin(Value a, Value b) {
    static const char *const attributes[] = {"__notes__", "__traceback__", "__cause__",
                                             "__context__"};
    for (int i = 0; i < 4; i++) {
        Value x = VALUE_NULL, y = VALUE_NULL;
        int status = value_lookup_attr_cstr(a, attributes[i], &x) < 0 ||
                             value_lookup_attr_cstr(b, attributes[i], &y) < 0
                         ? -1
                         : value_same(x, y);
        ref_release(x);
        ref_release(y);
        if (status <= 0)
            return status;
    }
    return 1;
}

// Adds the addresses of the exceptions that are no groups to the set.
static int collect_leaves(Value exception, Value ids) {
    if (!is_group(exception)) {
        Value id = int_from_u64((uint64_t)(uintptr_t)value_object(exception));
        int status = value_is_null(id) ? -1 : set_add(ids, id);
        ref_release(id);
        return status;
    }
    if (thread_enter_recursive(" in collecting exception leaves") < 0)
        return -1;
    Value items = value_getattr_cstr(exception, "exceptions");
    int status = value_is_null(items) ? -1 : 0;
    for (int64_t i = 0; status == 0 && value_is_tuple(items) && i < tuple_length(items); i++)
        status = collect_leaves(tuple_item(items, i), ids);
    ref_release(items);
    thread_leave_recursive();
    return status;
}

static Value native_is_among(Value ids, Value exception) {
    Value id = int_from_u64((uint64_t)(uintptr_t)value_object(exception));
    int found = value_is_null(id) ? -1 : set_contains(ids, id);
    ref_release(id);
    return found < 0 ? VALUE_NULL : bool_new(found);
}
static const NativeDef def_is_among = DEF_ONE("is_among", native_is_among, NULL);

// The part of the original group whose leaves are in the list `kept`, or None.
static Value projection(Value original, Value kept) {
    Value ids = set_new(), predicate = VALUE_NULL, pair = VALUE_NULL, result = VALUE_NULL;
    int status = value_is_null(ids) ? -1 : 0;
    for (int64_t i = 0; i < list_length(kept) && status == 0; i++) {
        Value e = list_get(kept, i);
        status = value_is_null(e) ? -1 : collect_leaves(e, ids);
        ref_release(e);
    }
    if (status == 0)
        predicate = native_function_new(&def_is_among, ids, VALUE_NULL);
    if (!value_is_null(predicate))
        pair = value_call_method_cstr(original, "split", &predicate, 1);
    if (!value_is_null(pair) && value_is_tuple(pair) && tuple_length(pair) == 2)
        result = ref_new(tuple_item(pair, 0));
    ref_release(ids);
    ref_release(predicate);
    ref_release(pair);
    return result;
}

static int sort_out(Value original, Value all, Value raised, Value again) {
    for (int64_t i = 0; i < list_length(all); i++) {
        Value e = list_get(all, i);
        if (value_is_null(e))
            return -1;
        int same = value_is_none(e) ? 2 : same_origin(e, original);
        int status = same < 0 ? -1 : (same == 2 ? 0 : list_append(same ? again : raised, e));
        ref_release(e);
        if (status < 0)
            return -1;
    }
    return 0;
}

// (original, list of what was raised or left, None among them): what is to be raised, or None.
static Value native_join(Value self, const Value *args, size_t nargs) {
    Value original = args[0], all = args[1];
    if (!is_group(original)) { // one clause at most has run
        for (int64_t i = 0; i < list_length(all); i++) {
            Value e = list_get(all, i);
            if (value_is_null(e) || !value_is_none(e))
                return e;
        }
        return none_new();
    }
    Value raised = list_new(), again = list_new(), part = VALUE_NULL, result = VALUE_NULL;
    if (value_is_null(raised) || value_is_null(again) || sort_out(original, all, raised, again) < 0)
        goto done;
    part = list_length(again) ? projection(original, again) : none_new();
    if (value_is_null(part))
        goto done;
    if (list_length(raised) == 0) // what nobody took goes on as it was
        result = ref_new(part);
    else if (value_is_none(part) || list_append(raised, part) == 0)
        result = new_group(raised);
done:
    ref_release(raised);
    ref_release(again);
    ref_release(part);
    return result;
}

static const NativeDef def_split = DEF_FIXED("except_star", native_split, 2, 2, NULL);
static const NativeDef def_join = DEF_FIXED("except_star_end", native_join, 2, 2, NULL);
const NativeDef *const compile_try_star_natives[] = {&def_split, &def_join, NULL};

// ---- code ----------------------------------------------------------------------------------

// destination = def(first, second); second NULL: a local
static void emit_call_two(Compiler *c, const NativeDef *def, Reg first, Reg second_local,
                          AstExpr *second, Reg destination) {
    Unit *u = c->unit;
    uint32_t base = u->top;
    Position position = u->position;
    Value function = compiler_own(c, native_function_new(def, VALUE_NULL, VALUE_NULL));
    temp_reserve(c, base + FRAME_WORDS + 2);
    if (u->reachable)
        emit_constant(c, temp_at(base + FRAME_FUNCTION), function);
    emit(c, OP_MOVE, temp_at(base + FRAME_WORDS), first, 0);
    if (second)
        compile_into(c, second, temp_at(base + FRAME_WORDS + 1));
    else
        emit(c, OP_MOVE, temp_at(base + FRAME_WORDS + 1), second_local, 0);
    u->position = position;
    emit(c, OP_CALL, temp_at(base), 2, destination);
    u->top = base;
}

typedef struct {
    Reg original, rest, results, matched; // hidden locals
} Star;

static void clause_end(Compiler *c, const AstExceptHandler *clause, Reg handled) {
    if (clause->name) {
        Block name = {.kind = BLOCK_NAMED_HANDLER, .name = clause->name};
        emit_handler_end(c, &name);
    }
    emit(c, OP_POP_HANDLED, handled, 0, 0);
}

static void compile_clause(Compiler *c, AstExceptHandler *clause, const Star *star) {
    Unit *u = c->unit;
    uint32_t mark = u->top;
    Label next = label_new(c), handler = label_new(c);
    u->position = (Position){clause->line, clause->end_line, clause->column, clause->end_column};
    Reg pair = temp_push(c);
    emit_call_two(c, &def_split, star->rest, 0, clause->type, pair);
    temp_reserve(c, mark + 3);
    emit(c, OP_UNPACK_SEQUENCE, pair, temp_at(mark + 1), 2);
    emit(c, OP_MOVE, star->matched, temp_at(mark + 1), 0);
    emit(c, OP_MOVE, star->rest, temp_at(mark + 2), 0);
    emit_branch(c, OP_JUMP_IF_NONE, star->matched, 0, next);
    u->top = mark;
    Reg handled = temp_push(c);
    emit(c, OP_PUSH_HANDLED, handled, star->matched, 0);
    uint64_t *assigned = assigned_copy(c);
    Block *b = block_push(c, BLOCK_HANDLER, handler, u->top);
    b->reg = handled;
    b->star = true;
    if (clause->name)
        compile_store_name(c, clause->name, star->matched);
    emit(c, OP_CLEAR, star->matched, 0, 0);
    compile_statements(c, &clause->body);
    u->position = nowhere;
    block_pop(c);
    clause_end(c, clause, handled);
    emit_jump(c, next);
    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    Reg exception = temp_push(c);
    clause_end(c, clause, handled);
    emit(c, OP_LIST_APPEND, star->results, exception, 0);
    label_bind(c, next);
    u->top = mark;
}

void compile_try_star(Compiler *c, AstStmt *s) {
    if (s->try_.finalbody.count) {
        compile_try(c, s);
        return;
    }
    compile_try_except_star(c, s);
}

void compile_try_except_star(Compiler *c, AstStmt *s) {
    Unit *u = c->unit;
    uint32_t mark = u->top, hidden_mark = u->hidden;
    Label end = label_new(c), handler = label_new(c), cleanup = label_new(c), done = label_new(c);
    uint64_t *assigned = assigned_copy(c);
    block_push(c, BLOCK_TRY, handler, mark);
    compile_statements(c, &s->try_.body);
    block_pop(c);
    compile_statements(c, &s->try_.orelse);
    u->position = nowhere;
    emit_jump(c, end);

    label_bind_handler(c, handler, assigned, label_is_used(u, handler));
    Reg exception = temp_push(c), handled = temp_push(c);
    Star star = {hidden_push(c), hidden_push(c), hidden_push(c), hidden_push(c)};
    emit(c, OP_PUSH_HANDLED, handled, exception, 0);
    emit(c, OP_MOVE, star.original, exception, 0);
    emit(c, OP_MOVE, star.rest, star.original, 0);
    emit(c, OP_BUILD_LIST, star.results, temp_at(u->top), 0);
    Block *b = block_push(c, BLOCK_HANDLER, cleanup, u->top);
    b->reg = handled;
    b->star = true;
    for (uint32_t i = 0; i < s->try_.handlers.count; i++)
        compile_clause(c, s->try_.handlers.items[i], &star);
    u->position = nowhere;
    emit(c, OP_LIST_APPEND, star.results, star.rest, 0);
    emit_call_two(c, &def_join, star.original, star.results, NULL, star.matched);
    block_pop(c);
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    emit(c, OP_CLEAR, star.original, 0, 0);
    emit(c, OP_CLEAR, star.rest, 0, 0);
    emit(c, OP_CLEAR, star.results, 0, 0);
    emit_branch(c, OP_JUMP_IF_NONE, star.matched, 0, done);
    u->top = mark;
    Reg r = temp_push(c);
    emit(c, OP_MOVE, r, star.matched, 0);
    emit(c, OP_CLEAR, star.matched, 0, 0);
    emit(c, OP_RERAISE, r, 0, 0);
    // Something else went wrong on the way.
    label_bind_handler(c, cleanup, assigned, label_is_used(u, cleanup));
    u->top = mark + 2;
    r = temp_push(c);
    emit(c, OP_POP_HANDLED, handled, 0, 0);
    emit(c, OP_RERAISE, r, 0, 0);
    label_bind(c, done);
    emit(c, OP_CLEAR, star.matched, 0, 0);
    u->top = mark;
    label_bind(c, end);
    u->hidden = hidden_mark;
}
