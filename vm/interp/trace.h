// SPDX-License-Identifier: MIT
//
// Tracing: sys.settrace and sys.setprofile. It costs nothing when off, because it is another loop:
// interp.c is compiled twice, and its second copy (interp_traced.c) looks for events before each
// instruction. trace.c decides what the events are; they are those of CPython's.
//
// How a thread gets from one loop to the other. Tracing on is a wish, WANT_TRACE in Thread.wanted,
// which stays set. The plain loop comes to the slow side of a safepoint, or of an instruction that
// has run Python code in C, sees the wish, and fails without an exception but with
// Thread.loop_switch set: where it would unwind, it returns to interp_run, which lets the traced
// loop go on. sys.settrace itself does the same when the loop called it, so that tracing begins
// with the next instruction. The traced loop looks before each instruction whether the wish is
// still there, and goes back in the same way. interp_run is how every loop begins.
//
// While a trace function runs, its thread is not traced (Thread.tracing > 0, no wish).
// All fields used here are the thread's own.
#ifndef LOCKSMITH_VM_INTERP_TRACE_H
#define LOCKSMITH_VM_INTERP_TRACE_H

#include "vm/interp/interp_internal.h"

enum { TRACE_EVENT_CALL, TRACE_EVENT_LINE };     // of Thread.trace_event
enum { SWITCH_NONE, SWITCH_HERE, SWITCH_AFTER }; // Thread.loop_switch: is the instruction done?

// How a loop begins: with the frame's instruction, by raising the pending exception there, or after
// that instruction, which is done.
typedef enum { LOOP_START, LOOP_THROW, LOOP_AFTER } LoopEntry;

Value interp_loop_traced(Thread *thread, LoopEntry entry, bool *yielded);

static inline bool trace_wanted(const Thread *thread) {
    return __atomic_load_n(&thread->wanted, __ATOMIC_RELAXED) & WANT_TRACE;
}
// The loop that the thread wants. LOOP_AFTER: of a generator's frame, whose yield is over.
Value interp_run(Thread *thread, LoopEntry entry, bool *yielded);

// ---- between the loops ---------------------------------------------------------------------
// A safepoint of the plain loop: 0, or -1 with an exception or a switch.
int trace_safepoint(Thread *thread);
// A C function that may have run Python code gives this result to an instruction of the plain
// loop: the same, or VALUE_NULL and a switch with it.
Value trace_result_slow(Thread *thread, Value result);
static inline Value trace_result(Thread *thread, Value result) {
    return LIKELY(!trace_wanted(thread)) ? result : trace_result_slow(thread, result);
}
// The same for an instruction that has stored its result.
static inline int trace_done(Thread *thread, int status) {
    if (UNLIKELY(trace_wanted(thread)) && status == 0) {
        thread->loop_switch = SWITCH_AFTER;
        return -1;
    }
    return status;
}
// The result of the native function `def`, by trace_result if the loop itself has called it.
Value trace_result_of_native(Thread *thread, Value result, const char *name);
// thread->loop_switch is set: finishes what the instruction left, and says where to go on.
LoopEntry trace_switched(Thread *thread);

// ---- events, called by the traced loop -----------------------------------------------------
typedef enum { TRACE_GO, TRACE_MOVED, TRACE_ERROR, TRACE_OFF } TraceStep;
// Before the instruction at pc: frame->pc is still that of the one before. *native: the native
// function that this one called, for the profiler. TRACE_MOVED: the trace function has set
// f_lineno.
TraceStep trace_step(Thread *thread, Frame *frame, Pc pc, Value *native);
// The frame is left, or suspended, with this value (borrowed, as a register keeps it). 0, -1.
int trace_leave(Thread *thread, Frame *frame, Value value);
// The pending exception was raised in, or came to, the frame; it may become another one. Also in
// the plain loop; does nothing there.
void trace_exception(Thread *thread, Frame *frame, Value *native);
// The pending exception is thrown into the frame, which begins to run with it. 0, or -1: it is
// another one.
int trace_thrown(Thread *thread, Frame *frame);
// The generator that the frame's instruction at pc consumes has returned this value. 0, -1.
int trace_stop(Thread *thread, Frame *frame, Pc pc, Value value);
// The pending exception leaves the frame.
void trace_unwind(Thread *thread, Frame *frame);

// ---- sys -----------------------------------------------------------------------------------
int trace_set(Value function);   // borrowed; None: off. 0, -1
int profile_set(Value function); // the same
Value trace_get(void);           // new references
Value profile_get(void);
// Until the matching call with false, this thread is not traced.
void trace_pause(bool begins);
Value trace_call_tracing(Value function,
                         Value arguments); // with tracing on inside a trace function
// f_lineno = line, from the trace function of a live frame. 0, -1.
int trace_jump(Frame *frame, int line);

#endif
