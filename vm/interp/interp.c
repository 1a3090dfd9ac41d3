// SPDX-License-Identifier: MIT
//
// The interpreter loop: fetch, dispatch, and the fast path of every instruction. It is one
// function; parts of its text are in loop_objects.h, loop_operators.h and loop_calls.h, and what
// its fast paths share in loop_helpers.h. What is rare or long lives in slow.c, call.c, cache.c and
// unwind.c.
//
// Invariants
//  - Every word of a live register window holds a Value, VALUE_NULL or something that looks like a
//    number; above the innermost window the stack holds no references at all.
//  - thread->frame is the innermost frame whenever anything that can run Python is called, and
//    its pc is saved (SAVE) before anything that can raise, or drop a last reference.
//  - No instruction holds an object lock when it goes on to the next.
#include "vm/interp/trace.h"
#include "vm/types/generator.h"
#include "vm/types/hashing.h"
#include "vm/types/iterators.h"
#include "vm/types/range.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/slot_functions.h"
#include "vm/types/type_internal.h"

#define TARGET(name) L_##name:
#define TYPE_OF(o) __atomic_load_n(&(o)->type, __ATOMIC_RELAXED)
#define FETCH_OP(p) __atomic_load_n(&(p)->op, __ATOMIC_RELAXED)
// This text is compiled twice (trace.h). In the copy that traces, every instruction is preceded by
// a look for events, and where the plain copy leaves for the other one, that one goes on.
#ifdef INTERP_TRACED
#define DISPATCH() goto traced_dispatch
#define TRACE_LEAVE(value)                                                                         \
    do {                                                                                           \
        if (UNLIKELY(trace_leave(thread, frame, value) < 0)) {                                     \
            reg_drop(value);                                                                       \
            goto error;                                                                            \
        }                                                                                          \
    } while (0)
#define TRACE_EXCEPTION() trace_exception(thread, thread->frame, &traced_native)
#define TRACE_STOP(value)                                                                          \
    do {                                                                                           \
        if (UNLIKELY(trace_stop(thread, frame, pc, value) < 0)) {                                  \
            reg_drop(value);                                                                       \
            goto error;                                                                            \
        }                                                                                          \
    } while (0)
#define SWITCH_RESULT(call) (call)
#define SWITCH_DONE(call) (call)
#else
#define DISPATCH() goto *labels[FETCH_OP(pc)]
#define TRACE_LEAVE(value) ((void)0)
#define TRACE_EXCEPTION() ((void)0)
#define TRACE_STOP(value) ((void)0)
#define SWITCH_RESULT(call) trace_result(thread, call)
#define SWITCH_DONE(call) trace_done(thread, call)
#endif
#define NEXT(words)                                                                                \
    do {                                                                                           \
        pc += (words);                                                                             \
        DISPATCH();                                                                                \
    } while (0)
// Instructions are aligned: this sets the low bit in one step.
#define SAVE() (frame->pc_tagged = (uint64_t)pc + 1)
// The running frame's registers: a fixed distance from the frame, so no variable of their own.
#define R (frame->registers)
#define A (pc->a)
#define B (pc->b)
#define C (pc->c)
#define IMMEDIATE_C ((int64_t)(int16_t)pc->c)
#define IMMEDIATE_B ((int64_t)(int16_t)pc->b)
// In the width of pointers this is a load and one addition.
#define JUMP_C() (pc = (Pc)((const char *)(pc + 1) + (int64_t)(int16_t)pc->c))
#define JUMP_BC() (pc = (Pc)((const char *)(pc + 1) + (int64_t)instruction_bc(pc)))
// What a register held goes: a finaliser may ask for the line, so the frame is told first.
#define DROP(value)                                                                                \
    do {                                                                                           \
        Value dropped_ = (value);                                                                  \
        if (REGISTERS_ARE_COUNTED && value_may_be_counted(dropped_)) {                             \
            SAVE();                                                                                \
            reg_release(dropped_);                                                                 \
        }                                                                                          \
    } while (0)
// The same for what a field of an object held.
#define DROP_FIELD(value)                                                                          \
    do {                                                                                           \
        Value dropped_ = (value);                                                                  \
        if (value_may_be_counted(dropped_)) {                                                      \
            SAVE();                                                                                \
            ref_release(dropped_);                                                                 \
        }                                                                                          \
    } while (0)
#define EMPTY(index)                                                                               \
    do {                                                                                           \
        Value old_ = R[index];                                                                     \
        R[index] = VALUE_NULL;                                                                     \
        DROP(old_);                                                                                \
    } while (0)
// Of A, B and C, by name.
#define IS_TEMPORARY(operand) (pc->temporaries & TEMPORARY_##operand)
#define CONSUME_IF(condition, index)                                                               \
    do {                                                                                           \
        if (condition) {                                                                           \
            Value used_ = R[index];                                                                \
            if ((used_.bits & 3) == 0) {                                                           \
                R[index] = VALUE_NULL;                                                             \
                DROP(used_);                                                                       \
            }                                                                                      \
        }                                                                                          \
    } while (0)
// A local keeps what it holds, a temporary does not.
#define CONSUME(operand) CONSUME_IF((pc->temporaries & TEMPORARY_##operand), operand)
// The same where A is set next, which releases what it held.
#define CONSUME_UNLESS_SET(operand)                                                                \
    CONSUME_IF((pc->temporaries & TEMPORARY_##operand) && A != operand, operand)
#define TAKE(operand) take_operand(frame, (pc->temporaries & TEMPORARY_##operand) != 0, operand)
// Stores what a register may keep (a number, or a reference already counted for it).
#define SET(index, value)                                                                          \
    do {                                                                                           \
        Value new_ = (value), old_ = R[index];                                                     \
        R[index] = new_;                                                                           \
        DROP(old_);                                                                                \
    } while (0)
#define SET_LOCAL_REFERENCE(index, value) SET(index, reg_take_local(value))
#define NAME_OPERAND(index) tuple_item(frame_code(frame)->names, index)
#define SLOW(call)                                                                                 \
    do {                                                                                           \
        SAVE();                                                                                    \
        if (UNLIKELY((call) < 0))                                                                  \
            goto error;                                                                            \
    } while (0)
#ifdef INTERP_TRACED
// The saved instruction stays the one before: it tells which line the next one comes from.
#define SAFEPOINT()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(THREAD_IS_WANTED(thread) & ~(uint32_t)WANT_TRACE) &&                          \
            thread_safepoint_slow() < 0)                                                           \
            goto error;                                                                            \
    } while (0)
#else
#define SAFEPOINT()                                                                                \
    do {                                                                                           \
        if (UNLIKELY(THREAD_IS_WANTED(thread))) {                                                  \
            SAVE();                                                                                \
            if (trace_safepoint(thread) < 0)                                                       \
                goto error;                                                                        \
        }                                                                                          \
    } while (0)
#endif

#include "vm/interp/loop_helpers.h"

#ifdef INTERP_TRACED
Value interp_loop_traced(Thread *thread, LoopEntry entry, bool *yielded) {
    const bool throwing = entry == LOOP_THROW;
#else
Value interp_loop(Thread *thread, bool throwing, bool *yielded) {
#endif
    static const void *const labels[] = {
#define OP(name, format, cache) &&L_##name,
#include "vm/interp/opcodes.def"
#undef OP
    };
    Frame *frame = thread->frame;
    const Instruction *pc = frame_pc(frame);
    Value *K = frame_code(frame)->constants;
    Value result;
    Frame *callee; // of a call that is being prepared
    uint32_t nargs;
    Value f;

#define RELOAD()                                                                                   \
    do {                                                                                           \
        frame = thread->frame;                                                                     \
        pc = frame_pc(frame);                                                                      \
        K = frame_code(frame)->constants;                                                          \
    } while (0)

#ifdef INTERP_TRACED
    Value traced_native = VALUE_NULL; // the native function an instruction calls, for the profiler
    if (entry == LOOP_AFTER)
        goto traced_after;
#endif
#ifdef INTERP_TRACED
    if (throwing && trace_thrown(thread, frame) < 0)
        goto error;
#endif
    if (throwing)
        goto error;
    DISPATCH();
#ifdef INTERP_TRACED
traced_after:
    NEXT(opcode_length(FETCH_OP(pc)));
traced_dispatch:
    switch (trace_step(thread, frame, pc, &traced_native)) {
    case TRACE_MOVED:
        RELOAD();
        break;
    case TRACE_ERROR:
        goto error;
    case TRACE_OFF:
        thread->loop_switch = SWITCH_HERE;
        return VALUE_NULL;
    case TRACE_GO:
        break;
    }
    goto *labels[FETCH_OP(pc)];
#endif

    // ---- moves ---------------------------------------------------------------------------
    TARGET(NOP)
    NEXT(1);
    TARGET(MOVE)
    {
        Value v = R[B];
        if (IS_TEMPORARY(B))
            R[B] = VALUE_NULL;
        else if (value_may_be_counted(v))
            reg_retain_held(v);
        SET(A, v);
        NEXT(1);
    }
    TARGET(LOAD_CONST)
    {
        Value v = K[(uint32_t)instruction_bc(pc)];
        if (value_may_be_counted(v))
            reg_retain_uncounted(v);
        SET(A, v);
        NEXT(1);
    }
    TARGET(LOAD_INT)
    SET(A, value_from_int(instruction_bc(pc)));
    NEXT(1);
    TARGET(CLEAR)
    EMPTY(A);
    NEXT(1);
    TARGET(CHECK_LOCAL)
    if (UNLIKELY(value_is_null(R[A])))
        SLOW(unbound_local(frame, A));
    NEXT(1);
    TARGET(DELETE_LOCAL)
    if (UNLIKELY(value_is_null(R[A])))
        SLOW(unbound_local(frame, A));
    EMPTY(A);
    NEXT(1);

#include "vm/interp/loop_objects.h"
#include "vm/interp/loop_operators.h"

    // ---- jumps ---------------------------------------------------------------------------
    TARGET(JUMP)
    JUMP_BC();
    DISPATCH();
    TARGET(JUMP_BACK)
    JUMP_BC();
    SAFEPOINT();
    DISPATCH();
#define TRUTH_OF(v, truth)                                                                         \
    if (LIKELY(value_same(v, VALUE_TRUE)))                                                         \
        truth = 1;                                                                                 \
    else if (LIKELY(value_same(v, VALUE_FALSE) || value_is_none(v)))                               \
        truth = 0;                                                                                 \
    else if (value_is_int(v))                                                                      \
        truth = value_int(v) != 0;                                                                 \
    else {                                                                                         \
        SAVE();                                                                                    \
        truth = value_truth(v);                                                                    \
        if (UNLIKELY(truth < 0))                                                                   \
            goto error;                                                                            \
    }
#define JUMP_BY_TRUTH(name, sense)                                                                 \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value v = R[A];                                                                            \
        int truth;                                                                                 \
        TRUTH_OF(v, truth)                                                                         \
        CONSUME(A);                                                                                \
        if (truth == sense) {                                                                      \
            JUMP_BC();                                                                             \
            SAFEPOINT();                                                                           \
            DISPATCH();                                                                            \
        }                                                                                          \
        NEXT(1);                                                                                   \
    }
    JUMP_BY_TRUTH(JUMP_IF_TRUE, 1)
    JUMP_BY_TRUTH(JUMP_IF_FALSE, 0)
#define JUMP_BY_TRUTH_KEEP(name, sense)                                                            \
    TARGET(name)                                                                                   \
    {                                                                                              \
        Value v = R[A];                                                                            \
        int truth;                                                                                 \
        TRUTH_OF(v, truth)                                                                         \
        if (truth == sense) {                                                                      \
            JUMP_BC();                                                                             \
            DISPATCH();                                                                            \
        }                                                                                          \
        CONSUME(A);                                                                                \
        NEXT(1);                                                                                   \
    }
    JUMP_BY_TRUTH_KEEP(JUMP_IF_TRUE_KEEP, 1)
    JUMP_BY_TRUTH_KEEP(JUMP_IF_FALSE_KEEP, 0)
    TARGET(JUMP_IF_NONE)
    {
        bool none = value_is_none(R[A]);
        CONSUME(A);
        if (none) {
            JUMP_BC();
            SAFEPOINT();
            DISPATCH();
        }
        NEXT(1);
    }
    TARGET(JUMP_IF_NOT_NONE)
    {
        bool none = value_is_none(R[A]);
        CONSUME(A);
        if (!none) {
            JUMP_BC();
            SAFEPOINT();
            DISPATCH();
        }
        NEXT(1);
    }
    TARGET(NOT)
    {
        Value v = R[B];
        int truth;
        TRUTH_OF(v, truth)
        CONSUME_UNLESS_SET(B);
        SET(A, reg_new_static(value_from_bool(!truth)));
        NEXT(1);
    }

    // ---- iteration -----------------------------------------------------------------------
    TARGET(GET_ITER)
    {
        SAVE();
        Value iterator = value_iter(R[B]);
        if (UNLIKELY(value_is_null(iterator)))
            goto error;
        bool is_new = iterators_are_new(R[B]);
        CONSUME_UNLESS_SET(B);
        SET(A, is_new ? reg_from_new(iterator) : reg_from_local(iterator));
        NEXT(1);
    }
    TARGET(FOR_ITER)
    {
        Value iterator = R[A], item;
        Type *type = TYPE_OF(value_object(iterator));
        if (type == &range_iterator_type) {
            item = range_iterator_next_fast((RangeIterator *)value_object(iterator));
            if (LIKELY(!value_is_null(item))) {
                SET(B, item);
                goto for_iter_again;
            }
            goto for_iter_done;
        }
        if (type == &list_iterator_type) {
            item = list_iterator_next_register((ListIterator *)value_object(iterator));
            if (LIKELY(!value_is_null(item)))
                goto for_iter_item;
            goto for_iter_done;
        }
        if (type == &tuple_iterator_type &&
            tuple_iterator_next_register((TupleIterator *)value_object(iterator), &item))
            goto for_iter_item;
        if (type == &generator_type) {
            Generator *g = (Generator *)value_object(iterator);
            if (LIKELY(generator_claim(g))) {
                SAVE();
                Frame *pushed = generator_push(thread, g, FRAME_GENERATOR);
                if (UNLIKELY(!pushed))
                    goto error;
                bool again = generator_deliver(g, pushed, VALUE_NONE);
                RELOAD();
                if (UNLIKELY(again))
                    DISPATCH();
                NEXT(1);
            }
        }
        SAVE();
        if (UNLIKELY(!type->next)) {
            raise_type_error("iter() returned non-iterator of type '%T'", iterator);
            goto error;
        }
        item = VALUE_NULL;
#ifndef INTERP_TRACED // there, taking apart is an instruction with a line
        if (type->next_items) {
            int status = slow_for_items(frame, pc, type);
            if (LIKELY(status == 1)) {
                JUMP_C();
                pc += 1;
                SAFEPOINT();
                DISPATCH();
            }
            if (status == NEXT_ITEMS_OTHER)
                item = type->next(iterator);
        } else
#endif
            item = type->next(iterator);
        if (UNLIKELY(value_is_null(item))) {
            if (error_occurred()) {
#ifdef INTERP_TRACED
                if (error_matches(&exception_StopIteration))
                    TRACE_EXCEPTION(); // which may make it another one
#endif
                if (!error_matches(&exception_StopIteration))
                    goto error;
                error_clear();
            }
            goto for_iter_done;
        }
        item = reg_take_local(item);
    for_iter_item:
        SET(B, item);
    for_iter_again:
        JUMP_C();
        SAFEPOINT();
        DISPATCH();
    for_iter_done:
        EMPTY(A);
        NEXT(1);
    }
    TARGET(UNPACK_SEQUENCE)
    {
        Value v = R[A];
        uint32_t n = C, first = B;
        if (LIKELY(value_is_exactly(v, &tuple_type) && tuple_length(v) == n)) {
            // The tuple stays where it is meanwhile: what locals held goes, which may run code.
            if (LIKELY(n == 2)) {
                {
                    Value item = tuple_item(v, 0);
                    reg_keep(item);
                    SET(first, item);
                }
                {
                    Value item = tuple_item(v, 1);
                    reg_keep(item);
                    SET(first + 1, item);
                }
            } else {
                for (uint32_t i = 0; i < n; i++) {
                    Value item = tuple_item(v, i);
                    reg_keep(item);
                    SET(first + i, item);
                }
            }
            if (IS_TEMPORARY(A))
                EMPTY(A);
            NEXT(1);
        }
        SLOW(slow_unpack(frame, pc));
        NEXT(1);
    }
    TARGET(UNPACK_EX)
    SLOW(slow_unpack_ex(frame, pc));
    NEXT(1);

    // ---- building ------------------------------------------------------------------------
    TARGET(FORMAT_VALUE)
    if (A == B && C <= 1 && value_is_exact_str(R[B])) // as it is, or its str(): itself
        NEXT(1);
    SLOW(SWITCH_DONE(slow_misc(frame, pc)));
    NEXT(1);
    TARGET(BUILD_LIST)
    if (C == 0) {
        SAVE();
        result = list_new_sized(0);
        if (UNLIKELY(value_is_null(result)))
            goto error;
        result = reg_from_new(result);
        SET(A, result);
        NEXT(1);
    }
    SLOW(slow_build(frame, pc));
    NEXT(1);
    TARGET(BUILD_TUPLE)
    TARGET(BUILD_SET)
    TARGET(BUILD_MAP)
    TARGET(BUILD_STRING)
    SLOW(slow_build(frame, pc));
    NEXT(1);
    TARGET(LIST_OF_CONST)
    SLOW(slow_list_of_constant(frame, pc));
    NEXT(1);
    TARGET(BUILD_SLICE)
    {
        SAVE();
#ifndef INTERP_TRACED
        // For the item that is loaded next: taken without an object in between.
        if (C == 2 && FETCH_OP(pc + 1) == OP_LOAD_ITEM && pc[1].c == A && IS_TEMPORARY(A)) {
            result = slice_take(R[pc[1].b], R[B], R[B + 1]);
            if (LIKELY(!value_is_null(result))) {
                reg_empty_unless_number(&R[B]);
                reg_empty_unless_number(&R[B + 1]);
                pc += 1;
                CONSUME_UNLESS_SET(B);
                SET_LOCAL_REFERENCE(A, result);
                NEXT(1);
            }
            if (UNLIKELY(error_occurred()))
                goto error;
        }
#endif
        result = slice_new(R[B], R[B + 1], C == 3 ? R[B + 2] : VALUE_NONE);
        if (UNLIKELY(value_is_null(result)))
            goto error;
        for (uint32_t i = B, end = B + C; i < end; i++)
            reg_empty_unless_number(&R[i]);
        SET_LOCAL_REFERENCE(A, result);
        NEXT(1);
    }
    TARGET(LIST_APPEND)
    {
        SAVE();
        if (UNLIKELY(list_append_fast(list_of(R[A]), TAKE(B)) < 0))
            goto error;
        NEXT(1);
    }
    TARGET(SET_ADD)
    SLOW(set_add(R[A], R[B]));
    CONSUME(B);
    NEXT(1);
    TARGET(MAP_ADD)
    SLOW(dict_set(R[A], R[B], R[C]));
    CONSUME(B);
    CONSUME(C);
    NEXT(1);
    TARGET(SET_OF_CONST)
    SLOW(slow_set_of_constant(frame, pc));
    NEXT(1);
    TARGET(MAKE_FUNCTION)
    SLOW(slow_make_function(frame, pc));
    NEXT(1);

#include "vm/interp/loop_calls.h"

    // ---- generators ----------------------------------------------------------------------
    TARGET(RETURN_GENERATOR)
    {
        SAVE();
        uint64_t info = frame->info;
        Frame *caller = frame_previous(frame);
        result = generator_from_frame(frame); // empties the window; the frame moves to the heap
        if (UNLIKELY(value_is_null(result)))
            goto error;
        thread->frame = caller;
        result = reg_from_new(result);
        if (info & FRAME_ENTRY)
            return reg_to_local(result);
        RELOAD();
        if (info & FRAME_OPERATION)
            goto operation_done;
        SET(C, result);
        NEXT(2);
    }
    TARGET(YIELD)
    {
        result = R[B];
        if (!IS_TEMPORARY(B))
            reg_keep(result);
        else
            R[B] = VALUE_NULL;
        SAVE();
    yield_result:;
        TRACE_LEAVE(result);
        uint64_t info = frame->info;
        if (info & FRAME_ENTRY) {
            if (!(info & FRAME_KEPT))
                generator_pop_suspend(thread, frame);
            *yielded = true;
            return reg_to_local(result);
        }
        generator_pop_suspend(thread, frame);
        RELOAD(); // at the FOR_ITER or YIELD_FROM that resumed it
        if (FETCH_OP(pc) == OP_YIELD_FROM)
            goto yield_result;
        SET(B, result);
        JUMP_C();
        SAFEPOINT();
        DISPATCH();
    }
    TARGET(YIELD_FROM)
    {
        SAVE();
        Value iterator = R[B];
        if (LIKELY(generator_is_delegate(iterator))) {
            Generator *g = (Generator *)value_object(iterator);
            // A value for one that was not started is refused, below.
            if (LIKELY(generator_claim_to_send(g, R[C]))) {
                Frame *pushed = generator_push(thread, g, FRAME_GENERATOR);
                if (UNLIKELY(!pushed))
                    goto error;
                bool again = generator_deliver(g, pushed, R[C]);
                RELOAD();
                if (again)
                    DISPATCH();
                NEXT(1);
            }
        }
        int status = slow_yield_from(frame, pc, &result);
        if (UNLIKELY(status < 0))
            goto error;
        if (status == 0)
            NEXT(1);
        goto yield_result;
    }

    // ---- exceptions ----------------------------------------------------------------------
    TARGET(PUSH_HANDLED)
    {
        HandledItem *item = thread->handled;
        Value before = item->exception;
        item->exception = ref_new(R[B]);
        SET(A, reg_from_local(before));
        NEXT(1);
    }
    TARGET(POP_HANDLED)
    {
        HandledItem *item = thread->handled;
        Value old = item->exception;
        item->exception = reg_to_local(R[A]);
        R[A] = VALUE_NULL;
        DROP_FIELD(old);
        NEXT(1);
    }
    TARGET(IF_NOT_EXCEPTION)
    {
        SAVE();
        int status = exception_matches(R[A], R[B]);
        if (UNLIKELY(status < 0))
            goto error;
        CONSUME(B);
        if (!status) {
            JUMP_C();
            DISPATCH();
        }
        NEXT(1);
    }
    TARGET(RAISE)
    SAVE();
    slow_raise(frame, pc);
    if (C == 0)
        goto error_again; // raised again as it is: the traceback has this frame already
    goto error;
    TARGET(RERAISE)
    {
        SAVE();
        Value exception = TAKE(A);
        error_restore(exception);
        goto error_again; // the traceback has this frame already
    }
    // ---- everything else -----------------------------------------------------------------
    TARGET(MAKE_CELL)
    TARGET(DELETE_CELL)
    TARGET(DELETE_FREE)
    TARGET(LOAD_CLASS_FREE)
    TARGET(DELETE_GLOBAL)
    TARGET(DELETE_NAME)
    TARGET(LOAD_LOCALS)
    TARGET(SETUP_ANNOTATIONS)
    TARGET(DELETE_ATTR)
    TARGET(LIST_EXTEND)
    TARGET(SET_UPDATE)
    TARGET(DICT_UPDATE)
    TARGET(KEYWORDS)
    TARGET(DICT_MERGE)
    TARGET(LIST_TO_TUPLE)
    TARGET(LOAD_BUILD_CLASS)
    TARGET(GET_YIELD_FROM_ITER)
    TARGET(LOAD_ASSERTION_ERROR)
    TARGET(WITH_EXCEPT)
    TARGET(IMPORT_NAME)
    TARGET(IMPORT_FROM)
    TARGET(IMPORT_STAR)
    TARGET(PRINT_EXPR)
    SLOW(SWITCH_DONE(slow_misc(frame, pc)));
    NEXT(1);

error:
    if (UNLIKELY(thread->loop_switch)) // nothing was raised: interp_run goes on in the other loop
        return VALUE_NULL;
    error_add_traceback(thread->frame);
    TRACE_EXCEPTION();
error_again:
    // Finds the handler in this frame or its callers; frames without one are left behind.
    switch (unwind(thread)) {
    case UNWIND_HANDLER:
        RELOAD();
#ifdef INTERP_TRACED
        frame->pc_tagged = (uint64_t)thread->unwound_from | 1;
#endif
        DISPATCH();
    case UNWIND_LEAVE:
        return VALUE_NULL;
    }
    __builtin_unreachable();
}
