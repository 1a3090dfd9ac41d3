// SPDX-License-Identifier: MIT
//
// Frames: a header of FRAME_WORDS words in the register stack, then the registers. The caller
// leaves room for the header below the arguments, so that a call copies nothing.
//
// Header words that are no Values are stored with their low bit set, so that a stale header in
// a caller's temporaries looks like numbers and never like references.
//
// Only the owning thread touches a frame, or the collector with the world stopped. A suspended
// generator's frame lies in the generator object and is copied to the stack while it runs.
#ifndef LOCKSMITH_VM_INTERP_FRAME_H
#define LOCKSMITH_VM_INTERP_FRAME_H

#include "gc/settle.h"
#include "vm/interp/code.h"
#include "vm/runtime/thread.h"
#include "vm/types/function.h"

typedef struct Frame {
    uint64_t previous_tagged; // the calling frame, also across C
    uint64_t pc_tagged;       // the instruction being executed; saved before anything that may look
    uint64_t code_tagged;
    Value function; // a Function, always; a register
    Value object;   // the frame object if one was asked for, else VALUE_NULL; a local reference
    uint64_t info;  // bit 0 set; FRAME_*; depth << 8
    Value registers[];
} Frame;

#define FRAME_WORDS 6
#define FRAME_FUNCTION 3
_Static_assert(sizeof(Frame) == FRAME_WORDS * 8, "opcodes.def describes the header");

enum {
    FRAME_ENTRY = 2,     // returning from it leaves the interpreter loop
    FRAME_GENERATOR = 4, // returning from it finishes a generator
    FRAME_INIT = 8,      // __init__ called by a class call: the result is the first argument
    // Called by an instruction whose operands stay where they are until it returns: LOAD_ITEM,
    // LOAD_ITEM_INT, LOAD_ITEM_CONST, CALL_EX, WITH_ENTER (its manager is the frame's alone) or
    // WITH_EXIT.
    FRAME_OPERATION = 16,
    FRAME_APPENDS = 32,  // strings were made by appending in this frame (append.h)
    FRAME_CALLED = 64,   // tracing: the 'call' event is over (trace.h)
    FRAME_KEPT = 128,    // a generator's: a yield leaves it where it is (vm/types/generator_run.h)
    FRAME_SUSPENDED = 1, // the whole word, of a frame that lies in a generator
};

static inline Frame *frame_previous(const Frame *f) {
    return (Frame *)(f->previous_tagged & ~(uint64_t)1);
}
static inline Instruction *frame_pc(const Frame *f) {
    return (Instruction *)(f->pc_tagged & ~(uint64_t)1);
}
static inline Code *frame_code(const Frame *f) {
    return (Code *)(f->code_tagged & ~(uint64_t)1);
}
static inline int32_t frame_depth(const Frame *f) {
    return (int32_t)(f->info >> 8);
}
static inline Function *frame_function(const Frame *f) {
    return (Function *)value_object(f->function);
}
static inline uint32_t frame_word(const Frame *f) { // index of the instruction being executed
    return (uint32_t)(frame_pc(f) - frame_code(f)->instructions);
}
static inline int frame_line(const Frame *f) {
    return code_line(frame_code(f), frame_word(f));
}

struct Generator;

// Runs a Python function from C. Args borrowed.
Value interp_call_function(Function *function, const Value *args, size_t nargs, Value kwnames);
// The same with the arguments self, unless that is VALUE_NULL, and those of a tuple, all borrowed,
// and with a dict of keywords in a register, which nobody else has, and which moves into the call
// if the function can have it for its ** as it is. False if it is to be called in another way, and
// nothing was done.
bool interp_call_with_dict(Value function, Value self, Value args_tuple, Value *keywords,
                           Value *result);
// Runs code with these globals and namespace (VALUE_NULL: the globals), closure VALUE_NULL or a
// tuple: exec, import, class bodies. The code of a function is called without arguments.
Value interp_run_code(Code *code, Value globals, Value namespace, Value closure);
// Resumes a generator: sends value (borrowed), or with value VALUE_NULL raises the pending
// exception in it. VALUE_NULL: it returned (then *returned is its result, new reference) or raised.
Value interp_resume(struct Generator *generator, Value value, Value *returned);

// ---- introspection (vm/interp/frame_object.c) ----------------------------------------------
extern Type frame_type;
Value frame_object_of_thread(Frame *frame,
                             uint64_t thread_id); // of another thread, with the world stopped
Value frame_object(Frame *frame); // the frame object, made if need be; new reference
Value frame_locals(
    Frame *frame); // locals(): the namespace, or a new dict of the function's variables
// The frame ends: its object, if anybody else holds it, takes over the locals; else it goes.
void frame_object_detach(Frame *frame);
void frame_object_moved(Frame *frame); // a generator's frame lies elsewhere now
void frame_start(void);

// ---- generators (vm/types/generator.c) -----------------------------------------------------
enum { GENERATOR_SUSPENDED, GENERATOR_RUNNING, GENERATOR_FINISHED };
typedef struct HandledItem {
    Value exception; // VALUE_NULL: nothing handled at this level; a local reference
    struct HandledItem *previous;
} HandledItem;

typedef struct Generator {
    Object header;
    uint32_t
        state; // GENERATOR_*; claimed RUNNING by compare-and-swap, so two threads cannot resume it
    bool started;
    bool closed;      // asynchronous generators: closed, or ended by an exception; as hooked
    bool hooked;      // asynchronous generators: the thread's hooks were asked; relaxed, any thread
    uint32_t awaited; // asynchronous generators: 1 while an awaitable of it is being run; by
                      // compare-and-swap
    SavedRegisters saved; // how the registers below are counted
    HandledItem handled;  // its own level of sys.exc_info()
    Value name, qualname;
    Value origin; // a coroutine's cr_origin or an asynchronous generator's finalizer, or
                  // VALUE_NULL: set once
    Code *code;   // owned: outlives the frame's function
    uint32_t register_count;
    uint32_t live; // registers that are saved while suspended
    Frame frame;   // then its registers
} Generator;
extern Type generator_type, coroutine_type,
    async_generator_type;                 // instances of all three are Generators
Value generator_from_frame(Frame *frame); // moves it off the stack
void generator_start(void);

#endif
