// SPDX-License-Identifier: MIT
//
// What other C code asks of frame objects (made by frame_object in frame.h).
#ifndef LOCKSMITH_VM_INTERP_FRAME_OBJECT_H
#define LOCKSMITH_VM_INTERP_FRAME_OBJECT_H

#include "vm/interp/frame.h"

// `live` and what detaching fills are written by the thread that owns the frame; `live` is an
// atomic word (release store of NULL after the rest is filled, acquire load by readers).
// `trace` and `dict` are guarded by the object's lock. `dict` is set once while the frame lives.
// Once detached, `locals` and `count` are guarded by it too; before that nobody reads them.
typedef struct {
    Object header;
    Frame *live;
    Code *code;     // the function keeps it
    Value function; // uncounted if deferred
    Value back;     // frame object or VALUE_NULL; valid once detached
    Value *locals;  // taken over, or NULL
    uint32_t count;
    uint32_t word; // of the instruction, once detached
    uint64_t thread_id;
    Value trace; // f_trace, or VALUE_NULL
    Value dict;  // what f_locals and locals() gave of a function, or VALUE_NULL
    bool trace_lines, trace_opcodes;
    uint32_t raised_word; // of the instruction whose exception came to a handler last
    int last_line;        // traced: the line of the last instruction that has one
    int event_line;       // traced: of an event for a line without instructions, else 0
    bool cleared;         // by clear(): there are no variables any more
    bool call_event; // it is being called and the event is handled: f_lineno is the opening line
} FrameObject;

static inline FrameObject *frame_object_of(Value v) {
    return (FrameObject *)value_object(v);
}

int frame_object_line(Value frame_object);      // 0: none
Value frame_object_code(Value frame_object);    // borrowed
Value frame_object_globals(Value frame_object); // borrowed

// For tracing, by the thread that runs the frame; neither leaves an exception.
void frame_object_refresh_locals(FrameObject *o); // `dict`, if it is there, shows what is
void frame_object_write_locals(FrameObject *o);   // and variables become what it says
void frame_object_set_trace(FrameObject *o, Value function); // consumed

#endif
