// SPDX-License-Identifier: MIT
//
// Where references are that no object holds, for a collector that must find them all
// (HEAP_IS_TRACED); elsewhere everything here is nothing.
//
//   - The executable's data: every static variable, the fields of static types included. What
//     only borrows says so (roots_exclude).
//   - Immortal objects.
//   - Threads: what a Thread holds, its register stack, its levels of handled exceptions.
//   - The C stacks, with the registers of the processor. A thread may be stopped only where it has
//     published how far its stack reaches: ROOTS_PUBLISH in each function that lets a thread be
//     stopped. The registers that the caller keeps across the call are then in that function's
//     frame, of which a copy is made, because a function that detaches returns while the thread is
//     still detached, and its frame is used again. So while a thread is detached it must not take a
//     reference from where it is found and put it only into a stack slot; it may not touch objects
//     then anyway.
//   - Buffers (gc/heap.h) that threads and stacks point to, and buffers that those point to: C code
//   may keep
//     references in a buffer whatever it is, for as long as it has a pointer to its beginning.
//
// All of these but immortal objects are looked at word by word, and a word that points into a live
// slot counts as a reference.
#ifndef LOCKSMITH_GC_ROOTS_H
#define LOCKSMITH_GC_ROOTS_H

#include "gc/header.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct Thread;

#if HEAP_IS_TRACED

enum { ROOTS_SPILLED_MAX = 160 };
typedef struct {
    uintptr_t *top;   // the stack's beginning, its highest address; constant
    uintptr_t *limit; // as far as it reaches; NULL: nothing yet. Written by the thread before it
                      // detaches, read with the world stopped
    size_t spilled_count;
    uintptr_t spilled[ROOTS_SPILLED_MAX]; // the publishing function's frame
} RootsStack;

// In a function that is not inlined, before the thread may be stopped.
#define ROOTS_PUBLISH(stack)                                                                       \
    (__builtin_unwind_init(), roots_publish(stack, __builtin_frame_address(0)))
void roots_publish(RootsStack *stack, void *frame);
static inline void roots_stack_top(RootsStack *stack, void *top) {
    stack->top = (uintptr_t *)top;
}

// The stack of the thread that collects, as far as it reached when it began to: what lies beyond is
// the collector's own, and what its frames happened to be laid over.
extern RootsStack roots_collector;

void roots_add_immortal(Object *o);
// Static memory whose pointers to objects keep nothing alive. At start.
void roots_exclude(const void *memory, size_t size);

// World stopped, by the caller: calls in_data for each word of static data, in_code for those of
// threads and stacks, and exact for each immortal object with fields. False: not all is known
// (memory ran out once), nothing may be taken for dead.
bool roots_each(void (*in_data)(uintptr_t word, void *context),
                void (*in_code)(uintptr_t word, void *context),
                void (*exact)(Object *o, void *context), void *context);
void roots_scan(const void *begin, const void *end,
                void (*ambiguous)(uintptr_t word, void *context), void *context);
void roots_fork_prepare(void);
void roots_fork_done(void);

#else

typedef struct {
} RootsStack;
#define ROOTS_PUBLISH(stack) ((void)0)
static inline void roots_stack_top(RootsStack *stack, void *top) {}
static inline void roots_exclude(const void *memory, size_t size) {}
static inline void roots_fork_prepare(void) {}
static inline void roots_fork_done(void) {}

#endif
#endif
