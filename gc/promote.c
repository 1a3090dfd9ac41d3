// SPDX-License-Identifier: MIT
//
// Promotion (gc/promote.h).
#include "gc/promote.h"

#if LOCKSMITH_PROMOTE

#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "vm/interp/frame.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <time.h>

enum { NOTED = 8, CHOSEN = 4 };

_Thread_local int32_t promote_left __attribute__((tls_model("local-exec")));
static _Thread_local struct {
    Object *object; // seen since the last safepoint or earlier: may be gone
    uint32_t hits;
} noted[NOTED];
// Alive when they were chosen; at the next safepoint their memory is at least still a slot's, since
// this thread has passed none in between (gc/heap.h).
static _Thread_local Object *chosen[CHOSEN];
static _Thread_local uint32_t chosen_count;
static uint64_t not_before; // nanoseconds; relaxed: a guess is good enough

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool may_be_deferred(const Object *o) {
    const Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
    return type->kind == HEAP_CONTAINER && type->traverse &&
           !(__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_HAS_FINALIZER) &&
           !object_has_flag(o, OBJECT_FLAG_WEAK) && heap_in_block(o);
}

void promote_sample(Object *o) {
    promote_left = PROMOTE_INTERVAL;
    size_t i = (uintptr_t)o / 64 % NOTED;
    if (noted[i].object != o) {
        if (noted[i].hits) {
            noted[i].hits--;
            return;
        }
        noted[i].object = o;
    }
    if (++noted[i].hits < PROMOTE_HITS || chosen_count == CHOSEN)
        return;
    noted[i].hits = 0;
    noted[i].object = NULL;
    if (!may_be_deferred(o))
        return;
    chosen[chosen_count++] = o;
    thread_request(thread_current(), WANT_MERGE);
}

// ---- with the world stopped
// ----------------------------------------------------------------------

typedef struct {
    GcVisitor visitor;
    int64_t in_registers[CHOSEN]; // references that registers have counted
} Count;

static void count(Count *c, Value v) {
    for (uint32_t i = 0; i < chosen_count; i++)
        c->in_registers[i] += value_object(v) == chosen[i];
}
static void visit_field(GcVisitor *visitor, Value v) {}
static void visit_register(GcVisitor *visitor, Value v) {
    count((Count *)visitor, v);
}
static void visit_thread(Thread *thread, void *context) {
    Frame *frame = thread->frame;
    if (!frame)
        return;
    Value *end = frame->registers + frame_code(frame)->register_count;
    for (Value *v = thread->stack; v < end; v++) {
        if (value_is_object(*v))
            count(context, *v);
    }
}
static void visit_container(Object *o, void *context) {
    const Type *type = o->type;
    if (type->traverse) // those of suspended frames
        type->traverse(o, context);
}

void promote_pending(void) {
    if (chosen_count == 0)
        return;
    uint64_t begin = now();
    if (begin >= __atomic_load_n(&not_before, __ATOMIC_RELAXED)) {
        thread_stop_world();
        for (uint32_t i = 0; i < chosen_count;) {
            const Object *o = chosen[i];
            if (count_is_zero(o) || count_range(o) >= COUNT_DEFERRED || !may_be_deferred(o))
                chosen[i] = chosen[--chosen_count];
            else
                i++;
        }
        Count c = {.visitor = {visit_field, visit_register}};
        if (chosen_count) {
            thread_each(visit_thread, &c);
            heap_each_container(visit_container, &c);
        }
        for (uint32_t i = 0; i < chosen_count; i++)
            biased_promote(chosen[i], c.in_registers[i]);
        thread_start_world();
        uint64_t end = now();
        __atomic_store_n(&not_before, end + 100 * (end - begin), __ATOMIC_RELAXED);
    }
    chosen_count = 0;
}

#endif
