// SPDX-License-Identifier: MIT
//
// Threads of the VM. A thread is attached (it may touch objects) or detached (in a blocking
// call, in a lock wait, waiting for the GIL). Whatever blocks detaches first.
//
// The states and who moves between them (Thread.state, one atomic word, sequentially consistent
// together with WANT_STOP: who stops the world sets the bit and then reads the state, who
// detaches writes the state and then reads the bit, so one of them sees the other):
//   DETACHED -> ATTACHED   the thread itself, unless the world is stopped (then it waits)
//   ATTACHED -> DETACHED   the thread itself, also at a safepoint that sees WANT_STOP
//   DETACHED -> STOPPED    who stops the world, or the thread itself on its way to attach
//   STOPPED  -> DETACHED   who starts the world
//   DETACHED -> BORROWED   another, attached thread, which does for a few instructions what only
//                          the thread itself may (thread_borrow); the thread that wants to attach
//                          and who stops the world wait for it
//   BORROWED -> DETACHED   the same
// With a GIL, being attached means holding it.
#ifndef LOCKSMITH_VM_RUNTIME_THREAD_H
#define LOCKSMITH_VM_RUNTIME_THREAD_H

#include "gc/ref.h"
#include "gc/roots.h"
#include "locks/gil.h"
#include "vm/value.h"
#include <pthread.h>

struct Frame;
struct HeapThread;

// Why a safepoint must take its slow path: bits of Thread.wanted. Written by any thread (atomic
// or); cleared by the thread itself in thread_safepoint_slow. No other order is needed than
// that the bit is seen eventually; what it announces has locks of its own.
enum {
    WANT_GIL_DROP = 1, // another thread has waited its 5 ms
    WANT_STOP = 2,     // stop the world
    WANT_SIGNAL = 4,   // a signal handler is to be run (main thread)
    WANT_COLLECT = 8,  // the cycle collector should run
    WANT_RECLAIM = 16, // retired memory waits for a quiescent state of this thread
    WANT_TRACE = 32,   // settrace/setprofile is on
    WANT_MERGE = 64,   // counts of objects are to be merged (gc/merge.h)
    WANT_SETTLE = 128, // objects nobody counts are to be looked at (gc/settle.h)
    WANT_CLEAR = 256,  // the collector has left garbage for the thread (gc/clear.h)
};

typedef struct Thread {
    // ---- touched by every call or loop iteration: first cache line
    uint32_t wanted;     // WANT_* bits, see above
    int32_t depth;       // Python frames plus nested C calls, for the recursion limit
    struct Frame *frame; // innermost running frame; own thread, or with the world stopped
    Value *stack_limit;  // end of the register stack
    char *c_stack_limit; // lowest address C code may use before RecursionError
    struct HeapThread *heap;
    Value exception; // the exception being raised (instance), or VALUE_NULL; a local ref
    struct HandledItem *handled; // levels of sys.exc_info(), innermost first (vm/interp/frame.h)
    int32_t recursion_headroom;  // > 0 while RecursionError is being handled
    // ---- rarely touched
    uint32_t state;                     // see above
    uint64_t id;                        // Python's thread ident (pthread_self)
    uint64_t reclaim_sequence;          // gc/reclaim.c
    Value *stack;                       // the register stack
    void *handled_base;                 // the outermost level
    Value context;                      // contextvars' current context or VALUE_NULL
    Value running_loop;                 // asyncio's, or VALUE_NULL; own thread
    Value async_first, async_finalizer; // sys.set_asyncgen_hooks(), or VALUE_NULL; own thread
    int32_t origin_depth;               // sys.set_coroutine_origin_tracking_depth(); own thread
    Value repr_running;                 // list of objects whose repr is being made, or VALUE_NULL
    struct Thread *next, *previous;     // all threads; guarded by the threads lock
    // A Mutex got while detached, until attached; by its thread, or who stays when that has gone.
    void *taken;
    pthread_t handle;
    bool is_main, daemon;
    bool ended; // its parts are given up already; by itself, attached; for the child of a fork
    void *reclaim_local; // gc/reclaim.c
    void *trashcan;      // gc/destroy.c; set by the thread, read with the world stopped
    void *garbage;       // gc/clear.c
    bool at_start;       // it waits for the world to start, to attach; threads lock
    void *owner;         // gc/merge.h; set before the thread runs
    void *zeros;         // gc/settle.h; the same
    uint64_t native_id;  // the kernel's thread id
    // _thread._set_sentinel's lock and what lets it go, when this thread ends. Own thread only.
    Value sentinel;
    void (*sentinel_release)(Value sentinel);
    // Dict from the number of a _thread._local with attributes here to a weak reference to it, or
    // VALUE_NULL. Set and cleared by the thread itself under the threads lock; read by others
    // under that lock.
    Value locals;
    // sys.settrace, sys.setprofile (vm/interp/trace.h). Own thread only.
    Value trace_function, profile_function; // VALUE_NULL: none
    int32_t tracing;                        // trace functions that are running
    int32_t trace_event;                    // the last one (vm/interp/trace.h)
    bool setting_trace;                     // one of the two is being replaced
    bool in_traced_loop;                    // the innermost loop is the traced one
    uint32_t loop_switch;                   // the interpreter goes from one loop to the other
    Value switch_result;
    const void *unwound_from;     // what the frame that handles an exception was at
    int64_t serial;               // never used twice in a process
    Value function, args, kwargs; // what a thread of thread_spawn calls; references of its own
    RootsStack c_stack;           // gc/roots.h
} Thread;
enum { THREAD_DETACHED, THREAD_ATTACHED, THREAD_STOPPED, THREAD_BORROWED };

extern _Thread_local Thread *thread_current_pointer __attribute__((tls_model("local-exec")));
static inline Thread *thread_current(void) {
    return thread_current_pointer;
}

extern int32_t thread_recursion_limit; // sys.setrecursionlimit; relaxed, any thread

// ---- life ------------------------------------------------------------------------------
Thread *thread_start_main(void);
// Starts an OS thread that attaches, calls function() with args/kwargs (new references are
// taken), reports an uncaught exception through sys.unraisablehook, and ends. 0, or -1 with
// RuntimeError("can't start new thread"). ident_out gets the new thread's id.
int thread_spawn(Value function, Value args, Value kwargs, uint64_t *ident_out);
// An OS thread not made by thread_spawn becomes a Thread, attached; NULL when memory is out. It
// must give that up before it ends.
Thread *thread_adopt(void);
void thread_abandon(void);
int64_t thread_count(void); // threads started by thread_spawn and still running
// _thread.stack_size: 0 only asks, SIZE_MAX goes back to the default; gives the old size (0:
// default).
size_t thread_stack_size(size_t new_size);
// Other threads stop for good at their next attach or safepoint (interpreter shutdown).
void thread_finish_all(void);
// In the child of a fork(), attached: the other threads are forgotten (what their registers held
// stays allocated) and the caller becomes the main thread. The fork itself is made safe by
// handlers that thread_start_main registers.
void threads_after_fork_in_child(void);
Thread *thread_main(void); // the main thread
// This thread's Thread.locals, borrowed, made on first use; VALUE_NULL with MemoryError.
Value thread_locals(void);
// The locals dicts of all threads as new references in a buffer (buffer_free it). NULL with *count
// 0: none or no memory.
Value *thread_all_locals(size_t *count);

// ---- attach, detach --------------------------------------------------------------------
// A safepoint that only lets others run or stop: neither runs Python code nor fails.
void thread_yield(void);
// Around everything that blocks:  thread_detach(); read(...); thread_attach();
// errno survives both. Between them no object may be touched. May not be called with an object lock
// held.
void thread_detach(void);
void thread_attach(void);

// ---- safepoints ------------------------------------------------------------------------
// Serves what `wanted` asks for. May run Python code, stop, hand over the GIL. 0, or -1 with
// an exception set (a signal handler raised).
int thread_safepoint_slow(void);
// A macro: as an inline function it made the compiler lay out the interpreter's loop otherwise.
#define THREAD_IS_WANTED(thread) (__atomic_load_n(&(thread)->wanted, __ATOMIC_RELAXED) | GIL_TICK())
static inline int thread_safepoint(Thread *thread) {
    if (UNLIKELY(THREAD_IS_WANTED(thread)))
        return thread_safepoint_slow();
    return 0;
}
void thread_request(Thread *thread, uint32_t want); // any thread
void thread_request_all(uint32_t want);

// ---- stop the world --------------------------------------------------------------------
// All other threads are then detached or stopped. Nothing between may run Python code.
void thread_stop_world(void);
void thread_start_world(void);
// The caller, attached, may touch what is the detached thread's own until it gives it back, in
// between which it waits for nothing. False: the thread is attached, or stopped by another thread.
// The caller makes sure that the thread does not end meanwhile, and that no third one borrows it.
bool thread_borrow(Thread *thread);
void thread_give_back(Thread *thread);
bool thread_is_attached(const Thread *thread); // may have changed when the caller looks at it
// All threads, also some that have ended but are not forgotten yet.
// Under the threads lock: `visit` waits for nothing and asks for no memory of the heap.
void thread_each(void (*visit)(Thread *thread, void *context), void *context);
// The same, also in a signal handler: false if the list of threads is in use.
bool thread_try_each(void (*visit)(Thread *thread, void *context), void *context);

// ---- recursion -------------------------------------------------------------------------
// Guards C code that can nest without end (repr of nested lists, deep comparisons, calls from
// C to Python). 0, or -1 with RecursionError("maximum recursion depth exceeded<where>"),
// where being e.g. " while calling a Python object" or "".
int thread_enter_recursive(const char *where);
void thread_leave_recursive(void);
// For C code within C code that no depth counts, as an iterator over an iterator: whether the C
// stack comes to its end, and the RecursionError to raise then (-1).
static inline bool thread_stack_is_low(void) {
    return UNLIKELY((char *)__builtin_frame_address(0) < thread_current()->c_stack_limit);
}
int thread_raise_stack(void);
// Raises RecursionError, unless the limit is being stretched while one is handled (0 then: go on).
int thread_raise_recursion(const char *where);

Value thread_handled(void); // the exception being handled (sys.exc_info()), borrowed, or VALUE_NULL

// ---- signals ---------------------------------------------------------------------------
// A blocking call came back with EINTR: run handlers. 0, or -1 with an exception set.
int thread_check_signals(void);
void signals_start(void); // installs the SIGINT handler that raises KeyboardInterrupt

#endif
