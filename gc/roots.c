// SPDX-License-Identifier: MIT
//
// Looking at all roots, see gc/roots.h. Stacks and static data are read as words without regard to
// what they are, which is what the sanitizers exist to report: hence the attributes below, which
// are on the functions that read such words and on nothing else. With the world stopped no other
// thread changes a reference in what is read; a detached thread may change other words of its
// stack.
#include "gc/roots.h"

#if HEAP_IS_TRACED
#include "gc/buffers.h"
#include "locks/raw_lock.h"
#include "vm/interp/frame.h"
#include "vm/runtime/thread.h"
#include <stdlib.h>
#include <string.h>

// Between the variables of a frame AddressSanitizer leaves room, which nobody writes: what earlier
// frames left there is no reference.
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define IS_VARIABLE(word) (!__asan_address_is_poisoned(word))
#else
#define IS_VARIABLE(word) true
#endif

#define READS_ANY_WORD __attribute__((no_sanitize("address"), no_sanitize("thread"), noinline))
// The words above a thread's innermost frame are numbers or references that a call is moving.
#define REGISTERS_ABOVE 1024

static RawLock immortal_lock = RAW_LOCK_INIT;
static Object **immortals; // under the lock, or with the world stopped
static size_t immortal_count, immortal_capacity;
static bool immortals_lost;

RootsStack roots_collector;

enum { EXCLUDED_MAX = 16 };
// In order of address; written at start.
static struct {
    const char *begin, *end;
} excluded[EXCLUDED_MAX] = {{(char *)&roots_collector, (char *)(&roots_collector + 1)}};
static int excluded_count = 1;

extern char __data_start[], _end[];

READS_ANY_WORD void roots_publish(RootsStack *stack, void *frame) {
    uintptr_t *from = __builtin_frame_address(0), *to = (uintptr_t *)frame + 2;
    size_t count = (size_t)(to - from);
    if (count > ROOTS_SPILLED_MAX)
        count = ROOTS_SPILLED_MAX; // the nearest to the caller are what was saved for it
    for (size_t i = 0; i < count; i++)
        stack->spilled[i] = to[-(ptrdiff_t)count + (ptrdiff_t)i];
    stack->spilled_count = count;
    stack->limit = to;
}

void roots_add_immortal(Object *o) {
    if (!o->type->traverse)
        return; // the collector does not free it, and there is nothing behind it
    raw_lock(&immortal_lock);
    if (immortal_count == immortal_capacity) {
        size_t capacity = immortal_capacity ? immortal_capacity * 2 : 1024;
        Object **more = realloc(immortals, capacity * sizeof *more);
        if (more) {
            immortals = more;
            immortal_capacity = capacity;
        }
    }
    if (immortal_count < immortal_capacity)
        immortals[immortal_count++] = o;
    else
        immortals_lost = true;
    raw_unlock(&immortal_lock);
}

void roots_exclude(const void *memory, size_t size) {
    int i = excluded_count;
    if (i == EXCLUDED_MAX)
        abort();
    for (; i > 0 && excluded[i - 1].begin > (const char *)memory; i--)
        excluded[i] = excluded[i - 1];
    excluded[i].begin = memory;
    excluded[i].end = (const char *)memory + size;
    excluded_count++;
}

READS_ANY_WORD void roots_scan(const void *begin, const void *end,
                               void (*ambiguous)(uintptr_t word, void *context), void *context) {
    const uintptr_t *word = (const uintptr_t *)(((uintptr_t)begin + 7) & ~(uintptr_t)7);
    const uintptr_t *last = (const uintptr_t *)((uintptr_t)end & ~(uintptr_t)7);
    for (; word < last; word++) {
        uintptr_t found = *(const volatile uintptr_t *)word;
        if (found >= 4096 && IS_VARIABLE(word))
            ambiguous(found, context);
    }
}

typedef struct {
    void (*ambiguous)(uintptr_t word, void *context);
    void *context;
} Scan;

static void scan_registers(Thread *thread, Scan *scan) {
    Frame *frame = thread->frame;
    Value *end = frame ? frame->registers + frame_code(frame)->register_count : thread->stack;
    Value *last =
        thread->stack_limit - end < REGISTERS_ABOVE ? thread->stack_limit : end + REGISTERS_ABOVE;
    for (Value *v = thread->stack; v < last; v++) {
        if (value_is_object(*v))
            scan->ambiguous((uintptr_t)v->bits, scan->context);
    }
    // What headers hold tagged.
    for (; frame; frame = frame_previous(frame)) {
        scan->ambiguous((uintptr_t)frame_code(frame), scan->context);
        if (frame->info & FRAME_GENERATOR)
            scan->ambiguous((uintptr_t)((const Value *)frame)[-1].bits, scan->context);
    }
}

static void scan_thread(Thread *thread, void *context) {
    Scan *scan = context;
    RootsStack *stack = &thread->c_stack;
    roots_scan(thread, stack, scan->ambiguous, scan->context);
    roots_scan(stack + 1, thread + 1, scan->ambiguous, scan->context);
    for (HandledItem *item = thread->handled; item; item = item->previous)
        roots_scan(item, item + 1, scan->ambiguous, scan->context);
    scan_registers(thread, scan);
    if (thread == thread_current())
        stack = &roots_collector;
    if (!stack->limit)
        return; // has not run yet
    roots_scan(stack->spilled, stack->spilled + stack->spilled_count, scan->ambiguous,
               scan->context);
    roots_scan(stack->limit, thread->c_stack.top, scan->ambiguous, scan->context);
}

bool roots_each(void (*in_data)(uintptr_t word, void *context),
                void (*in_code)(uintptr_t word, void *context),
                void (*exact)(Object *o, void *context), void *context) {
    if (immortals_lost)
        return false;
    for (size_t i = 0; i < immortal_count; i++)
        exact(immortals[i], context);
    const char *begin = __data_start;
    for (int i = 0; i < excluded_count; i++) {
        roots_scan(begin, excluded[i].begin, in_data, context);
        begin = excluded[i].end;
    }
    roots_scan(begin, _end, in_data, context);
    Scan scan = {in_code, context};
    thread_each(scan_thread, &scan);
    return true;
}

void roots_fork_prepare(void) {
    raw_lock(&immortal_lock);
    buffers_lock();
}
void roots_fork_done(void) {
    buffers_unlock();
    raw_unlock(&immortal_lock);
}

#endif
