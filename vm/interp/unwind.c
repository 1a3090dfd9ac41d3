// SPDX-License-Identifier: MIT
//
// Unwinding: from where an exception was raised to the handler that the code's table names, or
// out of the loop. Costs nothing until something is raised.
#include "vm/interp/frame_object.h"
#include "vm/interp/trace.h"
#include "vm/types/generator.h"

// What the compiler added to raise an exception again without a line: the frame's is that of what
// raised it here before, be it a raise statement in a handler.
static void note_raised(Frame *frame, Code *code) {
    uint32_t word = frame_word(frame);
    if (code->instructions[word].op != OP_RERAISE || code_line(code, word))
        frame_object_of(frame->object)->raised_word = word;
}
static void note_line(const Frame *frame, const Code *code) {
    FrameObject *o = frame_object_of(frame->object);
    uint32_t word = frame_word(frame);
    const Instruction *pc = &code->instructions[word];
    if (code_line(code, word) != 0)
        return;
    bool has_followed = !value_is_null(o->trace) && pc->op == OP_RERAISE && pc->b == 1;
    if (!has_followed) // else the line of the last event is that of the statement before
        o->last_line = code_line(code, o->raised_word);
}

UnwindResult unwind(Thread *thread) {
    Value no_native = VALUE_NULL;
    for (;;) {
        Frame *frame = thread->frame;
        Code *code = frame_code(frame);
        const CodeHandler *handler = code_handler(code, frame_word(frame));
        if (handler) {
            if (!value_is_null(frame->object))
                note_raised(frame, code);
            // Releasing temporaries may run finalisers: keep the exception out of their way.
            Value exception = error_take();
            temporaries_clear(frame->registers, handler->depth, code->register_count);
            reg_set(&frame->registers[handler->depth], exception);
            thread->unwound_from = frame_pc(frame);
            frame->pc_tagged = (uint64_t)(code->instructions + handler->handler) | 1;
            return UNWIND_HANDLER;
        }
        if (!value_is_null(frame->object))
            note_line(frame, code);
        trace_unwind(thread, frame);
        Value exception = error_take();
        if (!value_is_null(frame->object))
            frame_object_detach(frame); // takes the locals over if somebody holds it
        temporaries_clear(frame->registers, code->local_count, code->register_count);
        registers_clear(frame->registers, 0, code->local_count);
        uint64_t info = frame->info;
        if (info & FRAME_GENERATOR) {
            const Type *type = frame_generator(frame)->header.type;
            generator_pop_finish(thread, frame);
            exception = generator_wrap_stop(type, exception);
        } else {
            Value function = frame->function;
            frame->function = VALUE_NULL;
            thread->frame = frame_previous(frame);
            reg_release(function);
        }
        error_restore(exception);
        if (info & FRAME_ENTRY)
            return UNWIND_LEAVE;
        error_add_traceback(thread->frame);
        trace_exception(thread, thread->frame, &no_native);
    }
}
