// SPDX-License-Identifier: MIT
//
// Generators, and what coroutines and asynchronous generators share with them. A generator owns its
// frame: it lies in the object while suspended and is copied to the top of the register stack to
// run, so that what it calls finds its window where every window is.
//
// State: SUSPENDED -> RUNNING by compare-and-swap (acquire), so that of two threads one gets it
// and the other's attempt raises ValueError; RUNNING -> SUSPENDED or FINISHED by the running
// thread (release). All other fields belong to whoever runs it, or to who has stopped the world:
// the collector, and who looks at a suspended one (look_begin); a finished generator's fields are
// constant.
#include "vm/interp/trace.h"
#include "vm/types/generator.h"
#include "vm/types/iterators.h"

static inline Generator *generator_of(Value v) {
    return (Generator *)value_object(v);
}
static inline uint32_t generator_state(const Generator *g) {
    return __atomic_load_n(&g->state, __ATOMIC_ACQUIRE);
}
static inline size_t generator_size(const Generator *g) {
    return sizeof(Generator) + g->register_count * sizeof(Value);
}

const char *generator_kind(const Type *type) {
    return type == &coroutine_type         ? "coroutine"
           : type == &async_generator_type ? "async generator"
                                           : "generator";
}

Value generator_from_frame(Frame *frame) {
    Code *code = frame_code(frame);
    Function *function = frame_function(frame);
    Type *type = &generator_type;
    Value origin = VALUE_NULL;
    if (UNLIKELY(code->flags & (CODE_COROUTINE | CODE_ASYNC_GENERATOR))) {
        type = code->flags & CODE_COROUTINE ? &coroutine_type : &async_generator_type;
        int depth = thread_current()->origin_depth;
        if (depth > 0 && type == &coroutine_type) {
            origin = coroutine_origin(frame_previous(frame), depth);
            if (value_is_null(origin))
                return origin;
        }
    }
    uint32_t count = code->register_count;
    Generator *g =
        object_allocate_exact(type, sizeof(Generator) + count * sizeof(Value), HEAP_CONTAINER);
    if (!g) {
        ref_release(origin);
        raise_memory_error();
        return VALUE_NULL;
    }
    g->origin = origin;
    g->register_count = count;
    ref_retain_unless_deferred(code);
    g->code = code;
    g->state = GENERATOR_SUSPENDED;
    g->name = field_load(&function->header, &function->name);
    g->qualname = field_load(&function->header, &function->qualname);
    g->live = code->local_count;
    memcpy(&g->frame, frame, sizeof(Frame));
    memcpy(g->frame.registers, frame->registers, g->live * sizeof(Value));
    g->frame.object = frame->object;
    if (UNLIKELY(!value_is_null(frame->object)))
        frame_object_moved(&g->frame);
    g->frame.previous_tagged = 1;
    g->frame.info = FRAME_SUSPENDED;
    for (uint32_t i = 0; !REGISTERS_ARE_COUNTED && i < g->live; i++)
        saved_register_note(g->frame.registers[i]);
    saved_registers_begin(&g->saved, g);
    frame->function = VALUE_NULL;
    frame->object = VALUE_NULL;
    memset(frame->registers, 0, g->live * sizeof(Value));
    return value_from_object(g);
}

Frame *generator_push(Thread *thread, Generator *g, uint32_t flags) {
    Frame *caller = thread->frame;
    uint64_t *base = (uint64_t *)stack_top(thread);
    Frame *frame = (Frame *)(base + 1);
    uint64_t depth = caller ? caller->info >> 8 : 0;
    if (UNLIKELY(frame->registers + g->register_count > thread->stack_limit ||
                 ((int64_t)depth + thread->depth >=
                      __atomic_load_n(&thread_recursion_limit, __ATOMIC_RELAXED) &&
                  thread_raise_recursion("") < 0))) {
        if (!error_occurred())
            raise_error(&exception_RecursionError, "maximum recursion depth exceeded");
        __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
        return NULL;
    }
    saved_registers_end(&g->saved, g);
    // Where registers are not counted, this one keeps the generator alive.
    base[0] = (uint64_t)g | REGISTERS_ARE_COUNTED;
    frame->pc_tagged = g->frame.pc_tagged;
    frame->code_tagged = g->frame.code_tagged;
    frame->function = g->frame.function;
    frame->object = g->frame.object;
    // What lies above the live registers holds no references on either side.
    for (uint32_t i = 0; i < g->live; i++)
        frame->registers[i] = g->frame.registers[i];
    frame->previous_tagged = (uint64_t)caller | 1;
    frame->info = (depth + 1) << 8 | 1 | flags | FRAME_GENERATOR;
    g->handled.previous = thread->handled;
    thread->handled = &g->handled;
    thread->frame = frame;
    if (UNLIKELY(!value_is_null(frame->object)))
        frame_object_moved(frame);
    // The frame's references moved to the stack; whoever entered keeps the generator alive.
    return frame;
}

// A register that lies in g, which nobody else is about to run, becomes VALUE_NULL.
static void clear_saved(Generator *g, Value *slot) {
    Value old = *slot;
    *slot = VALUE_NULL;
    saved_register_drop(&g->saved, old);
}
static void clear_all_saved(Generator *g) {
    for (uint32_t i = 0; i < g->live; i++)
        clear_saved(g, &g->frame.registers[i]);
    clear_saved(g, &g->frame.function);
}

static void leave(Thread *thread, Frame *frame, Generator *g) {
    thread->handled = g->handled.previous;
    g->handled.previous = NULL;
    thread->frame = frame_previous(frame);
    ((uint64_t *)frame)[-1] |= 1;
}

void generator_pop_suspend(Thread *thread, Frame *frame) {
    Generator *g = frame_generator(frame);
    leave(thread, frame, g);
    const Instruction *pc = frame_pc(frame);
    uint32_t live = pc->c;
    if (__atomic_load_n(&pc->op, __ATOMIC_RELAXED) == OP_YIELD_FROM)
        live = (pc->b > pc->c ? pc->b : pc->c) + 1u;
    g->live = live;
    g->frame.pc_tagged = frame->pc_tagged;
    g->frame.function = frame->function;
    g->frame.object = frame->object;
    for (uint32_t i = 0; i < live; i++) {
        g->frame.registers[i] = frame->registers[i];
        frame->registers[i] = VALUE_NULL;
    }
    frame->function = VALUE_NULL;
    frame->object = VALUE_NULL;
    if (UNLIKELY(!value_is_null(g->frame.object)))
        frame_object_moved(&g->frame);
    saved_registers_begin(&g->saved, g);
    __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
}

// The registers are empty already.
void generator_pop_finish(Thread *thread, Frame *frame) {
    Generator *g = frame_generator(frame);
    leave(thread, frame, g);
    Value function = frame->function, handled = g->handled.exception;
    frame->function = VALUE_NULL;
    g->frame.function = VALUE_NULL;
    g->frame.object = VALUE_NULL;
    g->handled.exception = VALUE_NULL;
    g->live = 0;
    __atomic_store_n(&g->state, GENERATOR_FINISHED, __ATOMIC_RELEASE);
    reg_release(function);
    ref_release(handled);
}

// What the generator was handling is the context of what is raised (taken) in it.
static void raise_within(const Generator *g, Value exception) {
    if (value_is_null(g->handled.exception)) {
        error_restore(exception);
        return;
    }
    raise_object(exception);
    ref_release(exception);
}

// While it runs, whoever dropped the last other reference: where registers are counted, by this.
static inline void hold(Generator *g) {
    if (REGISTERS_ARE_COUNTED)
        ref_retain_object(g);
}
static inline void let_go(Generator *g) {
    if (REGISTERS_ARE_COUNTED)
        ref_release_object(g);
}

Value interp_resume(Generator *g, Value value, Value *returned) {
    Thread *thread = thread_current();
    if (thread_enter_recursive("") < 0) {
        __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
        return VALUE_NULL;
    }
    hold(g);
    *returned = VALUE_NULL;
    bool yielded = false;
    Value result = VALUE_NULL;
    bool throwing = value_is_null(value);
    Value pending = throwing ? error_take() : VALUE_NULL;
    Frame *frame = generator_push(thread, g, FRAME_ENTRY);
    if (!frame) {
        ref_release(pending);
    } else {
        LoopEntry entry = LOOP_THROW;
        if (throwing) {
            g->started = true;
            raise_within(g, pending);
        } else {
            entry = generator_deliver(g, frame, value) ? LOOP_START : LOOP_AFTER;
        }
        result = interp_run(thread, entry, &yielded);
        if (!yielded) {
            *returned = result;
            result = VALUE_NULL;
        }
    }
    let_go(g);
    thread_leave_recursive();
    return result;
}

// Resumes for send() and next(): VALUE_NULL with *returned set: it returned; without: it raised.
static Value resume(Generator *g, Value value, Value *returned) {
    *returned = VALUE_NULL;
    if (!generator_claim(g)) {
        if (generator_state(g) == GENERATOR_RUNNING) {
            raise_value_error("%s already executing", generator_kind(g->header.type));
            return VALUE_NULL;
        }
        if (g->header.type == &coroutine_type) {
            raise_error(&exception_RuntimeError, "cannot reuse already awaited coroutine");
            return VALUE_NULL;
        }
        *returned = none_new();
        return VALUE_NULL;
    }
    if (!g->started && !value_is_null(value) && !value_is_none(value)) {
        __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
        raise_type_error("can't send non-None value to a just-started %s",
                         generator_kind(g->header.type));
        return VALUE_NULL;
    }
    return interp_resume(g, value, returned);
}

Value generator_resume(Value generator, Value value, Value *returned) {
    return resume(generator_of(generator), value, returned);
}

Value iterator_send_plainly(Value iterator, Value value) {
    Type *type = value_type(iterator);
    if (value_is_none(value) && type->next)
        return type->next(iterator);
    return value_call_method(iterator, name_send, &value, 1);
}

Value iterator_send(Value iterator, Value value, Value *returned) {
    *returned = VALUE_NULL;
    if (generator_is_delegate(iterator))
        return generator_resume(iterator, value, returned);
    if (value_type(iterator)->send)
        return value_type(iterator)->send(iterator, value, returned);
    Value v = iterator_send_plainly(iterator, value);
    if (value_is_null(v))
        *returned = error_occurred() ? error_take_stop_iteration() : none_new();
    return v;
}

Value generator_raise_stop(Value generator, Value returned) {
    if (value_is_exactly(generator, &async_generator_type))
        raise_error(&exception_StopAsyncIteration, NULL);
    else if (value_is_none(returned))
        raise_stop_iteration(VALUE_NULL);
    else
        raise_stop_iteration(returned);
    ref_release(returned);
    return VALUE_NULL;
}

static Value generator_next(Value self) {
    Value returned, v = resume(generator_of(self), VALUE_NONE, &returned);
    if (value_is_null(v) && !value_is_null(returned)) {
        if (!value_is_none(returned))
            return generator_raise_stop(self, returned);
        ref_release(returned);
    }
    return v;
}

Value generator_send(Value self, Value value) {
    Value returned, v = resume(generator_of(self), value, &returned);
    if (value_is_null(v) && !value_is_null(returned))
        return generator_raise_stop(self, returned);
    return v;
}

// The iterator a suspended generator delegates to, borrowed, or VALUE_NULL. The caller has claimed
// it or stopped the world.
static Value delegate(Generator *g) {
    if (!g->started)
        return VALUE_NULL;
    const Instruction *pc = frame_pc(&g->frame);
    if (__atomic_load_n(&pc->op, __ATOMIC_RELAXED) != OP_YIELD_FROM)
        return VALUE_NULL;
    return g->frame.registers[pc->b];
}

static int close_iterator(Value iterator) {
    if (generator_is_delegate(iterator)) {
        Value r = generator_close(iterator);
        ref_release(r);
        return value_is_null(r) ? -1 : 0;
    }
    Value method;
    int found = value_lookup_attr(iterator, name_close, &method);
    if (found <= 0) {
        if (found < 0)
            error_report_unraisable(NULL, iterator);
        return 0;
    }
    Value r = value_call_none(method);
    ref_release(method);
    ref_release(r);
    return value_is_null(r) ? -1 : 0;
}

// What throw() was called with.
typedef struct {
    const Value *args; // for an iterator that is no generator; nargs 0: the exception itself
    size_t nargs;
    bool into_awaited; // so it is with GeneratorExit, else the iterator is closed
    bool invalid;      // no exception can be made of that: the TypeError is for who called
} Throwing;

static Value throw_pending(Generator *g, const Throwing *throwing, Value *returned);

// With an exception pending, what it does to the iterator that a generator delegates to: a yielded
// value, or VALUE_NULL with *returned set if the iterator finished (new reference), else an
// exception is pending; *refused: one that is not for the generator but for who called throw().
static Value throw_to_delegate(Value inner, const Throwing *throwing, Value *returned,
                               bool *refused) {
    *returned = VALUE_NULL;
    *refused = false;
    if (!throwing->into_awaited && error_matches(&exception_GeneratorExit)) {
        Value pending = error_take();
        if (close_iterator(inner) == 0)
            error_restore(pending);
        else
            ref_release(pending);
        return VALUE_NULL;
    }
    if (generator_is_delegate(inner)) {
        Generator *sub = generator_of(inner);
        if (generator_claim(sub))
            return throw_pending(sub, throwing, returned);
        if (generator_state(sub) == GENERATOR_RUNNING) {
            error_clear();
            raise_value_error("%s already executing", generator_kind(sub->header.type));
        }
        return VALUE_NULL;
    }
    Value method, pending = error_take();
    int found = value_lookup_attr(inner, name_throw, &method);
    if (found == 0)
        error_restore(pending);
    else if (found < 0)
        ref_release(pending);
    if (found <= 0) {
        *refused = found < 0 || throwing->invalid;
        return VALUE_NULL;
    }
    Value result = throwing->nargs ? value_call(method, throwing->args, throwing->nargs, VALUE_NULL)
                                   : value_call_one(method, pending);
    ref_release(method);
    ref_release(pending);
    if (value_is_null(result))
        *returned = error_take_stop_iteration();
    return result;
}

// With an exception pending: delivers it to the generator (claimed by us). Gives a yielded value,
// or sets *returned, or leaves an exception.
static Value throw_pending(Generator *g, const Throwing *throwing, Value *returned) {
    *returned = VALUE_NULL;
    Value inner = delegate(g);
    if (value_is_null(inner) && throwing->invalid) {
        __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
        return VALUE_NULL;
    }
    if (value_is_null(inner))
        return interp_resume(g, VALUE_NULL, returned);
    // The generator is on the stack while what it waits for runs: who looks sees it there.
    Thread *thread = thread_current();
    Value pending = error_take();
    if (thread_enter_recursive("") < 0) {
        ref_release(pending);
        __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
        return VALUE_NULL;
    }
    hold(g);
    ref_retain(inner);
    Value result = VALUE_NULL;
    Frame *frame = generator_push(thread, g, FRAME_ENTRY);
    if (!frame) {
        ref_release(pending);
    } else {
        error_restore(pending);
        Value value;
        bool yielded = false, refused;
        result = throw_to_delegate(inner, throwing, &value, &refused);
        if (!value_is_null(result) || refused) { // the inner iterator yielded: so does this one
            generator_pop_suspend(thread, frame);
        } else {
            bool failed = value_is_null(value);
            Value exception = failed ? error_take() : VALUE_NULL;
            // The inner iterator, which this may end, is let go before the generator goes on.
            const Instruction *pc = frame_pc(frame);
            reg_clear(&frame->registers[pc->b]);
            reg_clear(&frame->registers[pc->c]);
            ref_release(inner);
            inner = VALUE_NULL;
            if (failed)
                raise_within(g, exception);
            else // it finished: its result is the value of the yield from
                reg_set(&frame->registers[pc->a], value);
            result = interp_run(thread, failed ? LOOP_THROW : LOOP_AFTER, &yielded);
            if (!yielded) {
                *returned = result;
                result = VALUE_NULL;
            }
        }
    }
    ref_release(inner);
    let_go(g);
    thread_leave_recursive();
    return result;
}

static Value throw_with(Value self, Value exception, const Throwing *throwing, Value *returned) {
    Generator *g = generator_of(self);
    *returned = VALUE_NULL;
    if (!generator_claim(g)) {
        if (throwing->invalid) {
            error_restore(ref_new(exception));
            return VALUE_NULL;
        }
        if (generator_state(g) == GENERATOR_RUNNING)
            return raise_value_error("%s already executing", generator_kind(g->header.type));
        if (g->header.type == &coroutine_type)
            return raise_error(&exception_RuntimeError, "cannot reuse already awaited coroutine");
        error_restore(ref_new(exception));
        return VALUE_NULL;
    }
    error_restore(ref_new(exception)); // the caller's handled exception is none of its context
    return throw_pending(g, throwing, returned);
}

Value generator_throw(Value self, const Value *args, size_t nargs) {
    Value returned, v = generator_throw_into(self, args, nargs, false, &returned);
    if (value_is_null(v) && !value_is_null(returned))
        return generator_raise_stop(self, returned);
    return v;
}

// The exception that throw() of these makes, a new reference; VALUE_NULL with a TypeError if they
// are invalid. What goes wrong while it is made is what is thrown.
static Value exception_of_arguments(Value type, Value value, Value traceback) {
    Value exception;
    if (!value_is_none(traceback) && !value_is_exactly(traceback, &traceback_type))
        return raise_type_error("throw() third argument must be a traceback object");
    if (value_has_flag(type, TYPE_TYPE_SUBCLASS) &&
        type_is_subtype((Type *)value_object(type), &exception_BaseException)) {
        if (value_is_instance(value, (Type *)value_object(type)))
            exception = ref_new(value);
        else if (value_is_none(value))
            exception = value_call_none(type);
        else if (value_is_tuple(value))
            exception = value_call_tuple(type, value, VALUE_NULL);
        else
            exception = value_call_one(type, value);
        if (!value_is_null(exception) && !value_has_flag(exception, TYPE_EXCEPTION_SUBCLASS)) {
            raise_type_error("calling %R should have returned an instance of BaseException, not %T",
                             type, exception);
            ref_release(exception);
            exception = VALUE_NULL;
        }
        if (value_is_null(exception))
            exception = error_take();
    } else if (value_has_flag(type, TYPE_EXCEPTION_SUBCLASS)) {
        if (!value_is_none(value))
            return raise_type_error("instance exception may not have a separate value");
        exception = ref_new(type);
    } else {
        return raise_type_error(
            "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (!value_is_none(traceback))
        exception_set_traceback(exception, ref_new(traceback));
    return exception;
}

Value generator_throw_into(Value self, const Value *args, size_t nargs, bool into_awaited,
                           Value *returned) {
    Throwing throwing = {args, nargs, into_awaited, false};
    Value exception = exception_of_arguments(args[0], nargs > 1 ? args[1] : VALUE_NONE,
                                             nargs > 2 ? args[2] : VALUE_NONE);
    if (value_is_null(exception)) {
        exception = error_take();
        throwing.invalid = true;
    }
    Value result = throw_with(self, exception, &throwing, returned);
    ref_release(exception);
    return result;
}

// Would what is raised in g, which is claimed, leave it at once, without anybody who looks on?
static bool has_no_handler(const Generator *g) {
    const Thread *thread = thread_current();
    const Frame *frame = &g->frame;
    if (g->header.type == &async_generator_type || !value_is_null(frame->object) ||
        !value_is_null(g->handled.exception) || trace_wanted(thread) || thread->in_traced_loop)
        return false;
    if (!g->started)
        return true;
    return __atomic_load_n(&frame_pc(frame)->op, __ATOMIC_RELAXED) != OP_YIELD_FROM &&
           !code_handler(frame_code(frame), frame_word(frame));
}

Value generator_close(Value self) {
    Generator *g = generator_of(self);
    Value returned;
    if (!generator_claim(g)) {
        if (generator_state(g) == GENERATOR_RUNNING)
            return raise_value_error("%s already executing", generator_kind(g->header.type));
        return none_new();
    }
    if (has_no_handler(g)) {
        hold(g);
        clear_all_saved(g);
        g->live = 0;
        __atomic_store_n(&g->state, GENERATOR_FINISHED, __ATOMIC_RELEASE);
        let_go(g);
        return none_new();
    }
    raise_error(&exception_GeneratorExit, NULL);
    Value v = throw_pending(g, &(Throwing){0}, &returned);
    if (!value_is_null(v)) {
        ref_release(v);
        return raise_error(&exception_RuntimeError, "%s ignored GeneratorExit",
                           generator_kind(g->header.type));
    }
    if (!value_is_null(returned)) {
        ref_release(returned);
        return none_new();
    }
    if (error_matches(&exception_GeneratorExit) || error_matches(&exception_StopIteration)) {
        error_clear();
        return none_new();
    }
    return VALUE_NULL;
}

Value generator_wrap_stop(const Type *type, Value exception) {
    const char *what = NULL;
    if (exception_matches(exception, value_from_object(&exception_StopIteration)) == 1)
        what = "StopIteration";
    else if (type == &async_generator_type &&
             exception_matches(exception, value_from_object(&exception_StopAsyncIteration)) == 1)
        what = "StopAsyncIteration";
    if (!what)
        return exception;
    raise_error(&exception_RuntimeError, "%s raised %s", generator_kind(type), what);
    Value wrapped = error_take();
    exception_set_cause(wrapped, ref_new(exception));
    exception_set_context(wrapped, exception);
    return wrapped;
}

// Could anybody notice a GeneratorExit in g: a handler, what it delegates to, or a trace function?
static bool exit_shows(Generator *g) {
    const Thread *thread = thread_current();
    return (g->started &&
            (frame_code(&g->frame)->handler_count != 0 || !value_is_null(delegate(g)))) ||
           (thread && trace_wanted(thread));
}

bool generator_needs_close(Object *self) {
    Generator *g = (Generator *)self;
    if (generator_state(g) != GENERATOR_SUSPENDED)
        return false;
    if (!g->started && self->type != &generator_type)
        return true;
    return self->type == &async_generator_type || exit_shows(g);
}

// A suspended generator dies: GeneratorExit is raised in it if a handler could care.
void generator_finalize(Object *self) {
    Generator *g = (Generator *)self;
    if (!generator_needs_close(self))
        return; // nothing to run
    if (self->type == &async_generator_type && async_generator_finalize(g))
        return;
    if (self->type == &coroutine_type && !g->started) {
        coroutine_warn_unawaited(value_from_object(self));
        return;
    }
    if (!exit_shows(g))
        return; // nothing to run
    Value pending = error_take();
    Value r = generator_close(value_from_object(self));
    if (value_is_null(r))
        error_report_unraisable(NULL, value_from_object(self));
    ref_release(r);
    if (!value_is_null(pending))
        error_restore(pending);
}

void generator_clear(Object *self) {
    Generator *g = (Generator *)self;
    if (generator_state(g) == GENERATOR_RUNNING)
        return;
    clear_all_saved(g);
    if (!value_is_null(g->frame.object))
        frame_object_detach(&g->frame);
    Value handled = g->handled.exception;
    g->handled.exception = VALUE_NULL;
    __atomic_store_n(&g->state, GENERATOR_FINISHED, __ATOMIC_RELEASE);
    ref_release(handled);
}

void generator_destroy(Object *self) {
    Generator *g = (Generator *)self;
    generator_clear(self);
    ref_release(g->name);
    ref_release(g->qualname);
    ref_release(g->origin);
    ref_release_unless_deferred(g->code);
    object_free_exact(self, generator_size(g), HEAP_CONTAINER);
}

void generator_traverse(Object *self, GcVisitor *visitor) {
    Generator *g = (Generator *)self;
    gc_visit(visitor, g->name);
    gc_visit(visitor, g->qualname);
    gc_visit(visitor, g->origin);
    gc_visit_register(visitor, value_from_object(g->code));
    gc_visit(visitor, g->handled.exception);
    if (g->state != GENERATOR_SUSPENDED)
        return; // a running frame's registers are on the stack
    gc_visit_saved_register(visitor, g->frame.function);
    gc_visit(visitor, g->frame.object);
    for (uint32_t i = 0; i < g->live; i++)
        gc_visit_saved_register(visitor, g->frame.registers[i]);
}

Value generator_repr(Value self) {
    Value qualname = generator_get_qualname(self);
    Value repr =
        str_format("<%N object %V at %p>", value_type(self), qualname, (void *)value_object(self));
    ref_release(qualname);
    return repr;
}

Value generator_get_running(Value self) {
    return bool_new(generator_state(generator_of(self)) == GENERATOR_RUNNING);
}
Value generator_get_suspended(Value self) {
    Generator *g = generator_of(self);
    return bool_new(generator_state(g) == GENERATOR_SUSPENDED && g->started);
}
// A suspended generator is nobody's: other threads may look at it as well, or go on with it, and to
// claim it for a look would have those told that it is running. So the world is stopped, where
// other threads may come between. Whether it is suspended (look_end follows in any case).
static bool look_begin(const Generator *g, bool *stopped) {
    *stopped = threads_may_come_between();
    if (*stopped)
        thread_stop_world();
    uint32_t state = generator_state(g);
    return state != GENERATOR_FINISHED && state != GENERATOR_RUNNING;
}
static void look_end(bool stopped) {
    if (stopped)
        thread_start_world();
}
bool generator_delegates(Value self) {
    Generator *g = generator_of(self);
    if (!generator_claim(g))
        return false;
    bool delegates = !value_is_null(delegate(g));
    __atomic_store_n(&g->state, GENERATOR_SUSPENDED, __ATOMIC_RELEASE);
    return delegates;
}
Value generator_get_yieldfrom(Value self) {
    Generator *g = generator_of(self);
    bool stopped, suspended = look_begin(g, &stopped);
    Value v = suspended ? delegate(g) : VALUE_NULL;
    v = value_is_null(v) ? none_new() : ref_new(v);
    look_end(stopped);
    return v;
}
Value generator_get_code(Value self) {
    return ref_new(value_from_object(generator_of(self)->code));
}
Value generator_get_frame(Value self) {
    Generator *g = generator_of(self);
    if (generator_state(g) == GENERATOR_RUNNING) {
        for (Frame *f = thread_current()->frame; f; f = frame_previous(f))
            if ((f->info & FRAME_GENERATOR) && frame_generator(f) == g)
                return frame_object(f);
        return none_new();
    }
    bool stopped, suspended = look_begin(g, &stopped);
    Value frame = suspended ? frame_object(&g->frame) : none_new();
    look_end(stopped);
    return frame;
}
Value generator_get_name(Value self) {
    Generator *g = generator_of(self);
    return field_load(&g->header, &g->name);
}
int generator_set_name(Value self, Value value) {
    Generator *g = generator_of(self);
    if (value_is_null(value) || !value_is_str(value))
        return raise_int(&exception_TypeError, "__name__ must be set to a string object");
    field_store(&g->header, &g->name, ref_new(value));
    return 0;
}
Value generator_get_qualname(Value self) {
    Generator *g = generator_of(self);
    return field_load(&g->header, &g->qualname);
}
int generator_set_qualname(Value self, Value value) {
    Generator *g = generator_of(self);
    if (value_is_null(value) || !value_is_str(value))
        return raise_int(&exception_TypeError, "__qualname__ must be set to a string object");
    field_store(&g->header, &g->qualname, ref_new(value));
    return 0;
}

static const NativeDef generator_methods[] = {
    DEF_ONE("send", generator_send, "Resume with a value for the pending yield."),
    DEF_FIXED("throw", generator_throw, 1, 3, "Raise an exception at the pending yield."),
    DEF_NONE("close", generator_close,
             "Raise GeneratorExit at the pending yield and expect the end."),
    DEF_END,
};

static const GetSetDef generator_getsets[] = {
    {"gi_running", generator_get_running, NULL, NULL},
    {"gi_suspended", generator_get_suspended, NULL, NULL},
    {"gi_yieldfrom", generator_get_yieldfrom, NULL, NULL},
    {"gi_code", generator_get_code, NULL, NULL},
    {"gi_frame", generator_get_frame, NULL, NULL},
    {"__name__", generator_get_name, generator_set_name, "The name of the generator."},
    {"__qualname__", generator_get_qualname, generator_set_qualname,
     "The qualified name of the generator."},
    {NULL, NULL, NULL, NULL},
};

Type generator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "generator",
    .basic_size = sizeof(Generator),
    .item_size = sizeof(Value),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_NO_NEW | TYPE_HAS_FINALIZER | TYPE_HAS_DEL, // runs Python code
    .destroy = generator_destroy,
    .traverse = generator_traverse,
    .clear = generator_clear,
    .finalize = generator_finalize,
    .repr = generator_repr,
    .iter = object_self_iter,
    .next = generator_next,
    .methods = generator_methods,
    .getsets = generator_getsets,
};

void generator_start(void) {
    type_ready(&generator_type);
    coroutine_start();
    async_generator_start();
}
