// SPDX-License-Identifier: MIT
//
// Where registers are not counted (gc/count_deferred.h), an object without a counted reference may
// still be held by one. It waits in a table of the thread that took its last counted reference;
// settling looks at the registers of all threads, with the world stopped, and finds the dead. They
// are destroyed after the world runs again, by the thread in whose table they were.
//
// The registers of a suspended generator lie in its object (frame.h). They are like registers
// until the next settling, which counts them: so a generator that runs again soon is never counted,
// and one that sleeps is looked at once.
//
// Called by vm/runtime/thread.c, vm/types/generator.c and gc/; elsewhere all of this is nothing.
#ifndef LOCKSMITH_GC_SETTLE_H
#define LOCKSMITH_GC_SETTLE_H

#include "gc/collect.h"
#include "gc/ref.h"
#include <stdbool.h>
#include <stddef.h>

struct Generator;
struct Thread;

#if !REGISTERS_ARE_COUNTED

bool settle_thread_create(struct Thread *thread); // false: memory has run out
void settle_thread_free(struct Thread *thread);
// The calling OS thread is `thread` from now on, before it touches an object.
void settle_thread_start(struct Thread *thread);
// Attached, at the thread's end: others settle and destroy what is left in its tables.
void settle_thread_exit(struct Thread *thread);
// In the child of a fork: the same for a thread that is not there any more.
void settle_thread_forget(struct Thread *thread);
// At a safepoint that finds WANT_SETTLE: destroys what was found dead, settles if a table is full.
// Runs Python code.
void settle_pending(void);
// Settles now, whatever is in the tables, and destroys what is dead: so many objects. Runs Python
// code.
size_t settle_once(void);
// Settles again and again until nothing more is found dead, and destroys all that is. Runs Python
// code.
void settle_all(void);
// With the world stopped, before references are added up: counts the registers of suspended
// generators.
void settle_saved_registers(void);
// A buffer of this size was allocated: large ones call for a settling, as the dead may have others.
void settle_note_buffer(size_t size);

// The state of the registers that lie in a suspended generator.
typedef struct SavedRegisters {
    uint8_t state;  // SAVED_*; of who has claimed the generator, or with the world stopped
    bool listed;    // the next settling looks at it; with the world stopped, or by who saves
    uint32_t saver; // the thread that saved them, by its number
} SavedRegisters;
enum { SAVED_NONE, SAVED_UNCOUNTED, SAVED_COUNTED };
// The calling thread's number here; how often the tables were settled.
extern _Thread_local uint32_t settle_self __attribute__((tls_model("local-exec")));
extern uint32_t settle_count; // written with the world stopped
static inline uint32_t settle_number(void) {
    return __atomic_load_n(&settle_count, __ATOMIC_RELAXED);
}
void saved_registers_list(struct Generator *g);
void saved_registers_count_down(struct Generator *g);
void saved_register_share(Value v);
// The generator's registers have just been moved into it, by their running thread.
static inline void saved_registers_begin(SavedRegisters *saved, struct Generator *g) {
    saved->state = SAVED_UNCOUNTED;
    saved->saver = settle_self;
    if (UNLIKELY(!saved->listed))
        saved_registers_list(g);
}
// They are about to be moved to the calling thread's stack.
static inline void saved_registers_end(SavedRegisters *saved, struct Generator *g) {
    if (UNLIKELY(saved->state == SAVED_COUNTED || saved->saver != settle_self))
        saved_registers_count_down(g);
    saved->state = SAVED_NONE;
}
// A register of another frame's goes into a generator's without being counted.
static inline void saved_register_note(Value v) {
    if (value_is_object(v) && count_range(value_object(v)) == COUNT_OF_NEW)
        saved_register_share(v);
}
// What lay in one of them is dropped.
void saved_register_drop(SavedRegisters *saved, Value v);
// For the traverse slot.
static inline void gc_visit_saved_register(GcVisitor *visitor, Value v) {
    gc_visit(visitor, v);
}

#else

static inline bool settle_thread_create(struct Thread *thread) {
    return true;
}
static inline void settle_thread_free(struct Thread *thread) {}
static inline void settle_thread_start(struct Thread *thread) {}
static inline void settle_thread_exit(struct Thread *thread) {}
static inline void settle_thread_forget(struct Thread *thread) {}
static inline void settle_pending(void) {}
static inline size_t settle_once(void) {
    return 0;
}
static inline void settle_all(void) {}
static inline void settle_saved_registers(void) {}
static inline void settle_note_buffer(size_t size) {}

typedef struct SavedRegisters {
} SavedRegisters;
static inline uint32_t settle_number(void) {
    return 0;
}
static inline void saved_registers_begin(SavedRegisters *saved, struct Generator *g) {}
static inline void saved_registers_end(SavedRegisters *saved, struct Generator *g) {}
static inline void saved_register_note(Value v) {}
static inline void saved_register_drop(SavedRegisters *saved, Value v) {
    reg_release(v);
}
static inline void gc_visit_saved_register(GcVisitor *visitor, Value v) {
    gc_visit_register(visitor, v);
}

#endif
#endif
