// SPDX-License-Identifier: MIT
//
// What is traced: which events an instruction causes, and the calls of the trace and profile
// functions. See trace.h.
//
// A frame's FRAME_CALLED says that its 'call' event was sent, or that it ran before tracing began.
// The frame of a generator gets one at each resumption, as in CPython.
#include "vm/interp/trace.h"
#include "vm/interp/frame_object.h"
#include "vm/types/exceptions.h"

// ---- on and off ----------------------------------------------------------------------------

static void wish(Thread *thread) {
    bool on = thread->tracing == 0 &&
              (!value_is_null(thread->trace_function) || !value_is_null(thread->profile_function));
    if (on)
        __atomic_fetch_or(&thread->wanted, WANT_TRACE, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&thread->wanted, ~(uint32_t)WANT_TRACE, __ATOMIC_RELAXED);
}

// What the finaliser of the old function may not do is to set another one. 0, -1.
static int set(Value *slot, Value function, const char *what) {
    Thread *thread = thread_current();
    if (thread->setting_trace)
        return raise_int(
            &exception_RuntimeError,
            "Cannot install a %s function while another %s function is being installed", what,
            what);
    if (value_is_null(thread->trace_function) && value_is_null(thread->profile_function))
        for (Frame *f = thread->frame; f; f = frame_previous(f))
            f->info |= FRAME_CALLED; // they run already
    Value old = *slot;
    *slot = value_is_none(function) ? VALUE_NULL : ref_new(function);
    wish(thread);
    thread->setting_trace = true;
    ref_release(old);
    thread->setting_trace = false;
    return 0;
}

int trace_set(Value function) {
    return set(&thread_current()->trace_function, function, "trace");
}
int profile_set(Value function) {
    return set(&thread_current()->profile_function, function, "profile");
}
static Value or_none(Value v) {
    return ref_new(value_is_null(v) ? VALUE_NONE : v);
}
Value trace_get(void) {
    return or_none(thread_current()->trace_function);
}
Value profile_get(void) {
    return or_none(thread_current()->profile_function);
}

Value trace_call_tracing(Value function, Value arguments) {
    Thread *thread = thread_current();
    int32_t tracing = thread->tracing;
    thread->tracing = 0;
    wish(thread);
    Value result = value_call_tuple(function, arguments, VALUE_NULL);
    thread->tracing = tracing;
    wish(thread);
    return result;
}

void trace_pause(bool begins) {
    Thread *thread = thread_current();
    thread->tracing += begins ? 1 : -1;
    wish(thread);
}

// ---- between the loops ---------------------------------------------------------------------

// The plain loop always begins with the frame's instruction. Whether by raising.
static bool plain_entry(Thread *thread, LoopEntry entry) {
    if (entry == LOOP_AFTER) {
        Pc pc = frame_pc(thread->frame);
        thread->frame->pc_tagged = (uint64_t)(pc + opcode_length(pc->op)) | 1;
    }
    return entry == LOOP_THROW;
}

Value interp_run(Thread *thread, LoopEntry entry, bool *yielded) {
    const bool outer = thread->in_traced_loop;
    for (;;) {
        Value result;
        if (UNLIKELY(trace_wanted(thread))) {
            thread->in_traced_loop = true;
            result = interp_loop_traced(thread, entry, yielded);
            thread->in_traced_loop = outer;
        } else if (UNLIKELY(outer)) {
            thread->in_traced_loop = false;
            result = interp_loop(thread, plain_entry(thread, entry), yielded);
            thread->in_traced_loop = true;
        } else {
            result = interp_loop(thread, plain_entry(thread, entry), yielded);
        }
        if (LIKELY(thread->loop_switch == SWITCH_NONE))
            return result;
        entry = trace_switched(thread);
    }
}

int trace_safepoint(Thread *thread) {
    if (thread_safepoint_slow() < 0)
        return -1;
    if (LIKELY(!trace_wanted(thread)))
        return 0;
    thread->loop_switch = SWITCH_HERE;
    return -1;
}

Value trace_result_slow(Thread *thread, Value result) {
    if (value_is_null(result))
        return result;
    thread->loop_switch = SWITCH_AFTER;
    thread->switch_result = result;
    return VALUE_NULL;
}

static bool is_call(uint16_t op) {
    return op == OP_CALL || op == OP_CALL_METHOD || op == OP_CALL_KW || op == OP_CALL_METHOD_KW ||
           op == OP_CALL_EX;
}
static bool is_method_call(uint16_t op) {
    return op == OP_CALL_METHOD || op == OP_CALL_METHOD_KW;
}

// The callable in the window of a call, borrowed.
static Value called(const Frame *frame, Pc pc) {
    const Value *window = &frame->registers[pc->a];
    Value f = window[FRAME_FUNCTION];
    return is_method_call(pc->op) && value_is_null(f) ? window[FRAME_FUNCTION + 1] : f;
}

Value trace_result_of_native(Thread *thread, Value result, const char *name) {
    const Frame *frame = thread->frame;
    if (!frame || thread->in_traced_loop || !trace_wanted(thread))
        return result;
    Pc pc = frame_pc(frame);
    if (!is_call(pc->op) || pc->op == OP_CALL_EX)
        return result;
    Value f = called(frame, pc);
    // Otherwise C code has called it, and waits for a result.
    const NativeDef *def = NULL;
    if (value_is_exactly(f, &native_function_type))
        def = ((NativeFunction *)value_object(f))->def;
    else if (value_is_exactly(f, &method_descriptor_type))
        def = ((MethodDescriptor *)value_object(f))->def;
    bool direct = def && !strcmp(def->name, name);
    return direct ? trace_result(thread, result) : result;
}

LoopEntry trace_switched(Thread *thread) {
    Frame *frame = thread->frame;
    Pc pc = frame_pc(frame);
    uint32_t how = thread->loop_switch;
    Value result = thread->switch_result;
    thread->loop_switch = SWITCH_NONE;
    thread->switch_result = VALUE_NULL;
    if (!value_is_null(result)) { // of a call: its window is dead
        registers_clear(frame->registers, pc->a, frame_code(frame)->register_count);
        reg_set(&frame->registers[pc->c], result);
    }
    return how == SWITCH_AFTER ? LOOP_AFTER : LOOP_START;
}

// ---- calling the functions -----------------------------------------------------------------

typedef enum {
    EVENT_CALL = TRACE_EVENT_CALL,
    EVENT_LINE = TRACE_EVENT_LINE,
    EVENT_RETURN,
    EVENT_EXCEPTION,
    EVENT_OPCODE,
    EVENT_C_CALL,
    EVENT_C_RETURN,
    EVENT_C_EXCEPTION,
} Event;

// callback(frame, event, argument), untraced. VALUE_NULL: it raised.
// The first instruction that is not there to make the frame ready.
static uint32_t entry_word(const Code *code) {
    uint32_t word = 0;
    while (word < code->word_count && (code->instructions[word].op == OP_RETURN_GENERATOR ||
                                       code->instructions[word].op == OP_MAKE_CELL))
        word++;
    return word;
}

// Is the frame called, and not a generator's that goes on?
static bool is_at_begin(const Frame *frame) {
    const Code *code = frame_code(frame);
    return !(code->flags & CODE_MAKES_GENERATOR) || frame_word(frame) < entry_word(code);
}

static Value call_back(Thread *thread, Frame *frame, Value callback, Event event, Value argument) {
    static const char *const names[] = {"call",   "line",   "return",   "exception",
                                        "opcode", "c_call", "c_return", "c_exception"};
    Value object = frame_object(frame);
    Value name = str_intern_cstr(names[event]);
    Value result = VALUE_NULL;
    if (!value_is_null(object) && !value_is_null(name)) {
        FrameObject *o = frame_object_of(object);
        frame_object_refresh_locals(o);
        o->call_event = event == EVENT_CALL && is_at_begin(frame);
        thread->tracing++;
        thread->trace_event = event;
        wish(thread);
        Value args[3] = {object, name, argument};
        result = value_call(callback, args, 3, VALUE_NULL);
        thread->tracing--;
        wish(thread);
        o->call_event = false;
        Value pending = error_take();
        frame_object_write_locals(o);
        if (!value_is_null(pending)) {
            error_restore(pending);
            error_add_traceback(frame);
        }
    }
    ref_release(name);
    ref_release(object);
    return result;
}

// The thread's trace function, or for what happens inside a frame, the frame's own: a new
// reference, or VALUE_NULL.
static Value function_for(Thread *thread, Frame *frame, Event event) {
    if (event == EVENT_CALL)
        return ref_new(thread->trace_function);
    if (value_is_null(frame->object))
        return VALUE_NULL;
    FrameObject *o = frame_object_of(frame->object);
    return field_load(&o->header, &o->trace); // other threads may set f_trace, too
}

static int trace_event(Thread *thread, Frame *frame, Event event, Value argument) {
    Value callback = function_for(thread, frame, event);
    if (value_is_null(callback))
        return 0;
    Value result = call_back(thread, frame, callback, event, argument);
    ref_release(callback);
    if (value_is_null(result)) {
        Value pending = error_take();
        if (trace_set(VALUE_NONE) < 0)
            error_clear();
        if (!value_is_null(frame->object))
            frame_object_set_trace(frame_object_of(frame->object), VALUE_NULL);
        error_restore(pending);
        return -1;
    }
    if (!value_is_none(result) && !value_is_null(frame->object))
        frame_object_set_trace(frame_object_of(frame->object), result);
    else
        ref_release(result);
    return 0;
}

static int profile_event(Thread *thread, Frame *frame, Event event, Value argument) {
    Value callback = ref_new(thread->profile_function);
    Value result = call_back(thread, frame, callback, event, argument);
    ref_release(callback);
    if (value_is_null(result)) {
        Value pending = error_take();
        if (profile_set(VALUE_NONE) < 0)
            error_clear();
        error_restore(pending);
        return -1;
    }
    ref_release(result);
    return 0;
}

// An event for both.
static int both(Thread *thread, Frame *frame, Event event, Value argument) {
    if (thread->tracing)
        return 0;
    if (!value_is_null(thread->trace_function) && trace_event(thread, frame, event, argument) < 0)
        return -1;
    if (!value_is_null(thread->profile_function) &&
        profile_event(thread, frame, event, argument) < 0)
        return -1;
    return 0;
}

// ---- lines ---------------------------------------------------------------------------------

// Does the line belong on the way from `before` to `word`?
static bool line_is_passed(const Code *code, const CodeLine *l, uint32_t before, uint32_t word,
                           bool first) {
    switch ((CodeLineKind)l->kind) {
    case LINE_BEFORE:
        return l->word == word && (first || before < l->word || before >= l->end);
    case LINE_AROUND:
        return l->word == word && !first && before >= word;
    case LINE_TAKEN: // a jump to the next instruction is none any more
        return l->word == before && !first &&
               (code->instructions[before].op == OP_NOP ||
                word != before + (uint32_t)opcode_length(code->instructions[before].op));
    }
    return false;
}

// Lines without an instruction. *last: the line of the event before. 0, -1.
static int extra_lines(Thread *thread, Frame *frame, uint32_t before, bool first, int *last) {
    const Code *code = frame_code(frame);
    Pc pc = frame_pc(frame);
    uint32_t word = frame_word(frame);
    uint32_t passed = before; // the jump that would lead here, had none been threaded past it
    for (int taken = 1; taken >= 0; taken--) // the jump comes before what it leads to
        for (uint32_t i = 0; i < code->extra_line_count; i++) {
            const CodeLine *l = &code->extra_lines[i];
            if ((l->kind == LINE_TAKEN) != taken ||
                !line_is_passed(code, l, taken ? before : passed, word, first))
                continue;
            if (taken)
                passed = l->end;
            if (l->line == *last)
                continue;
            *last = l->line;
            FrameObject *o = frame_object_of(frame->object);
            o->last_line = l->line;
            if (!o->trace_lines)
                continue;
            o->event_line = l->line;
            int status = trace_event(thread, frame, EVENT_LINE, VALUE_NONE);
            o->event_line = 0;
            if (status < 0 || frame_pc(frame) != pc)
                return status;
        }
    return 0;
}

// Has a jump back led from `before` to pc? CPython's for statement begins with what takes the next
// item, and its body jumps back there; ours ends with that, and it jumps back to the body. So that
// the events are CPython's, going on from the body to the end of the loop counts as the jump.
static bool has_jumped_back(const Code *code, uint32_t before, Pc pc) {
    uint32_t word = (uint32_t)(pc - code->instructions);
    if (pc->op == OP_FOR_ITER) {
        uint32_t body = word + 1 + (uint32_t)instruction_jump_c(pc);
        return before >= body && (before != word || body == word); // the body may be empty
    }
    return word < before && pc->op != OP_YIELD_FROM && code->instructions[before].op != OP_FOR_ITER;
}

static int line_events(Thread *thread, Frame *frame, uint32_t before, bool fresh) {
    if (value_is_null(frame->object) || value_is_null(frame_object_of(frame->object)->trace))
        return 0;
    const Code *code = frame_code(frame);
    Pc pc = frame_pc(frame);
    uint32_t word = frame_word(frame), entry = entry_word(code);
    FrameObject *o = frame_object_of(frame->object);
    bool first = before < entry || (fresh && before == word && word == entry);
    int last = first ? -1 : code_line(code, before);
    // An instruction without a line belongs to the one before; not so one that ends a handler: the
    // next one begins its line anew.
    if (last == 0)
        last = code->instructions[before].op == OP_RERAISE ? -1 : o->last_line;
    if (code->extra_line_count) {
        if (extra_lines(thread, frame, before, first, &last) < 0)
            return -1;
        if (frame_pc(frame) != pc)
            return 0;
    }
    int line = code_line(code, word);
    if (line > 0)
        o->last_line = line;
    if (line > 0 && o->trace_lines && (line != last || has_jumped_back(code, before, pc)) &&
        trace_event(thread, frame, EVENT_LINE, VALUE_NONE) < 0)
        return -1;
    if (o->trace_opcodes)
        return trace_event(thread, frame, EVENT_OPCODE, VALUE_NONE);
    return 0;
}

// ---- calls of native functions -------------------------------------------------------------

// What the call at pc will call, as the profiler is shown it: a new reference; VALUE_NULL: no
// native function (or an exception).
static Value native_to_be_called(const Frame *frame, Pc pc) {
    const Value *window = &frame->registers[pc->a];
    Value f = called(frame, pc);
    if (value_is_exactly(f, &native_function_type))
        return ref_new(f);
    if (!value_is_exactly(f, &method_descriptor_type))
        return VALUE_NULL;
    Value self = VALUE_NULL;
    if (pc->op == OP_CALL_EX) {
        Value args = window[FRAME_WORDS];
        if (value_is_exactly(args, &tuple_type) && tuple_length(args))
            self = tuple_item(args, 0);
    } else if (is_method_call(pc->op)) { // with or without the object below the arguments
        bool has_object = !value_is_null(window[FRAME_FUNCTION]);
        if (has_object || pc->b > 0)
            self = window[has_object ? FRAME_WORDS : FRAME_WORDS + 1];
    } else if (pc->b > 0) {
        self = window[FRAME_WORDS];
    }
    MethodDescriptor *descriptor = (MethodDescriptor *)value_object(f);
    if (value_is_null(self) || !value_is_instance(self, descriptor->owner))
        return VALUE_NULL;
    return value_type(f)->descr_get(f, self, VALUE_NULL);
}

// ---- the traced loop asks ------------------------------------------------------------------

static int native_returned(Thread *thread, Frame *frame, Value *native, Event event) {
    Value function = *native;
    *native = VALUE_NULL;
    int status = 0;
    if (!value_is_null(thread->profile_function) && !thread->tracing)
        status = profile_event(thread, frame, event, function);
    ref_release(function);
    return status;
}

TraceStep trace_step(Thread *thread, Frame *frame, Pc pc, Value *native) {
    if (UNLIKELY(!value_is_null(*native)) &&
        native_returned(thread, frame, native, EVENT_C_RETURN) < 0)
        return TRACE_ERROR;
    uint32_t before = frame_word(frame);
    if (!trace_wanted(thread)) {
        frame->pc_tagged = (uint64_t)pc | 1;
        return TRACE_OFF;
    }
    bool fresh = !(frame->info & FRAME_CALLED);
    if (fresh) {
        const Code *code = frame_code(frame);
        if ((uint32_t)(pc - code->instructions) < entry_word(code)) {
            frame->pc_tagged = (uint64_t)pc | 1;
            return TRACE_GO;
        }
        frame->info |= FRAME_CALLED;
        if (both(thread, frame, EVENT_CALL, VALUE_NONE) < 0)
            return TRACE_ERROR;
    }
    frame->pc_tagged = (uint64_t)pc | 1;
    if (!value_is_null(thread->trace_function)) {
        if (line_events(thread, frame, before, fresh) < 0)
            return TRACE_ERROR;
        if (frame_pc(frame) != pc)
            return TRACE_MOVED;
    }
    if (!value_is_null(thread->profile_function) && is_call(pc->op)) {
        *native = native_to_be_called(frame, pc);
        if (value_is_null(*native))
            return error_occurred() ? TRACE_ERROR : TRACE_GO;
        Value function = ref_new(*native);
        int status = profile_event(thread, frame, EVENT_C_CALL, function);
        ref_release(function);
        if (status < 0) {
            ref_release(*native);
            *native = VALUE_NULL;
            return TRACE_ERROR;
        }
    }
    return TRACE_GO;
}

int trace_leave(Thread *thread, Frame *frame, Value value) {
    return trace_wanted(thread) ? both(thread, frame, EVENT_RETURN, value) : 0;
}

void trace_exception(Thread *thread, Frame *frame, Value *native) {
    if (!value_is_null(*native)) {
        Value pending = error_take();
        if (native_returned(thread, frame, native, EVENT_C_EXCEPTION) < 0)
            ref_release(pending);
        else
            error_restore(pending);
    }
    if (!trace_wanted(thread) || value_is_null(thread->trace_function) ||
        value_is_null(frame->object) || value_is_null(frame_object_of(frame->object)->trace))
        return;
    Value pending = error_take();
    Value traceback = exception_traceback(pending);
    Value argument = tuple_pack(3, value_from_object(value_type(pending)), pending,
                                value_is_null(traceback) ? VALUE_NONE : traceback);
    ref_release(traceback);
    if (!value_is_null(argument) && trace_event(thread, frame, EVENT_EXCEPTION, argument) == 0)
        error_restore(pending);
    else
        ref_release(pending);
    ref_release(argument);
}

int trace_thrown(Thread *thread, Frame *frame) {
    if (frame->info & FRAME_CALLED)
        return 0;
    frame->info |= FRAME_CALLED;
    Value pending = error_take();
    int status = both(thread, frame, EVENT_CALL, VALUE_NONE);
    if (status == 0)
        error_restore(pending);
    else
        ref_release(pending);
    return status;
}

// CPython's loop sees a StopIteration, but not of a generator that has returned None; of a
// coroutine that was waited for in any case.
int trace_stop(Thread *thread, Frame *frame, Pc pc, Value value) {
    bool awaits =
        pc->op == OP_YIELD_FROM && value_is_exactly(frame->registers[pc->b], &coroutine_type);
    if ((value_is_none(value) && !awaits) || !trace_wanted(thread) ||
        value_is_null(frame->object) || value_is_null(frame_object_of(frame->object)->trace))
        return 0;
    raise_stop_iteration(value_is_none(value) ? VALUE_NULL : value);
    Value exception = error_take();
    Value argument =
        tuple_pack(3, value_from_object(&exception_StopIteration), exception, VALUE_NONE);
    ref_release(exception);
    int status =
        value_is_null(argument) ? -1 : trace_event(thread, frame, EVENT_EXCEPTION, argument);
    ref_release(argument);
    return status;
}

void trace_unwind(Thread *thread, Frame *frame) {
    if (LIKELY(!trace_wanted(thread)) || !(frame->info & FRAME_CALLED))
        return;
    Value pending = error_take();
    if (both(thread, frame, EVENT_RETURN, VALUE_NONE) == 0)
        error_restore(pending);
    else
        ref_release(pending);
}
