// SPDX-License-Identifier: MIT
//
// The end of an object's life: finaliser (once, may resurrect), weak references, destroy slot.
//
// A destroy slot releases the object's fields, which may destroy further objects, and so on
// along a list of any length. The trashcan bounds that: beyond NESTING_LIMIT nested destroys
// of containers an object waits in the thread's list, which the outermost destroy empties. A
// waiting object has count 0: weak references to it give nothing, the collector takes it for
// a free slot, and its fields still hold their references. (Idea: CPython's trashcan, 2000.)
#include "gc/destroy.h"
#include "gc/objects.h"
#include "gc/weak.h"
#include "vm/object.h"
#include "vm/runtime/thread.h"

#define NESTING_LIMIT 50

// The thread's own.
typedef struct {
    int nesting;
    Objects waiting;
#if LOCKSMITH_DEFERRED
    Type *types[NESTING_LIMIT + 2]; // of the objects being destroyed, by nesting from 1
#endif
} Trashcan;
static _Thread_local Trashcan trashcan __attribute__((tls_model("local-exec")));

// Of the object that is destroyed at this depth, which is no more than NESTING_LIMIT + 1.
static inline void note_type(Trashcan *can, int depth, Type *type) {
#if LOCKSMITH_DEFERRED
    can->types[depth] = type;
#endif
}

void destroy_thread_start(Thread *thread) {
    thread->trashcan = &trashcan;
}

void destroy_each_type(Thread *thread, void (*visit)(Object *type, void *context), void *context) {
#if LOCKSMITH_DEFERRED
    Trashcan *can = thread->trashcan;
    if (!can) // has not run yet
        return;
    for (int i = 1; i <= can->nesting && i <= NESTING_LIMIT + 1; i++)
        visit(&can->types[i]->header, context);
    for (size_t i = 0; i < can->waiting.count; i++)
        visit(&can->waiting.items[i]->type->header, context);
#endif
}

void destroy_thread_exit(void) {
    objects_free(&trashcan.waiting);
    trashcan = (Trashcan){0};
}

// alone: nobody else can reach o, whose header then needs no atomic update.
static inline bool finalize(Object *o, bool alone) {
    Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
    if (!type->finalize || object_has_flag(o, OBJECT_FLAG_FINALIZED))
        return false;
    if (alone)
        object_set_flag_private(o, OBJECT_FLAG_FINALIZED);
    else
        object_set_flag(o, OBJECT_FLAG_FINALIZED);
    Thread *thread = thread_current();
    Value pending = thread->exception;
    thread->exception = VALUE_NULL;
    type->finalize(o);
    Value raised = thread->exception; // a finaliser reports its own errors; be sure
    thread->exception = pending;
    ref_release(raised);
    return true;
}

bool object_finalize(Object *o) {
    return finalize(o, false);
}

bool objects_finalize(Object *const *objects, size_t count) {
    bool ran = false;
    for (int native = 0; native <= 1; native++)
        for (size_t i = 0; i < count; i++) {
            Type *type = __atomic_load_n(&objects[i]->type, __ATOMIC_RELAXED);
            uint32_t flags = __atomic_load_n(&type->flags, __ATOMIC_RELAXED);
            if ((flags & TYPE_HAS_FINALIZER) && native == ((flags & TYPE_HAS_DEL) == 0))
                ran |= object_finalize(objects[i]);
        }
    return ran;
}

// Before the destroy slot, for objects with a finaliser or weak references. False: it was
// resurrected, and the count is right.
static bool last_rites(Object *o, Type *type) {
    if ((__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_HAS_FINALIZER) &&
        !object_has_flag(o, OBJECT_FLAG_FINALIZED)) {
        count_revive(o);
        finalize(o, !object_has_flag(o, OBJECT_FLAG_WEAK)); // the last reference is gone
        if (!count_decrement(o))
            return false;
#if !REGISTERS_ARE_COUNTED
        settle_enter(o); // the finaliser may have left it in a register
        return false;
#endif
    }
    if (object_has_flag(o, OBJECT_FLAG_WEAK)) {
        Thread *thread = thread_current();
        Value pending = thread->exception;
        thread->exception = VALUE_NULL;
        weak_clear_and_call(o);
        thread->exception = pending;
    }
    return true;
}

static __attribute__((noinline)) void destroy_with_rites(Object *o, Type *type, int depth) {
    if (!last_rites(o, type))
        return;
    type = __atomic_load_n(&o->type, __ATOMIC_RELAXED); // __class__ may have been assigned
    note_type(&trashcan, depth, type);
    type->destroy(o);
}

static inline void destroy_now(Object *o, Type *type, int depth) {
    note_type(&trashcan, depth, type);
    if (UNLIKELY((__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_HAS_FINALIZER) ||
                 object_has_flag(o, OBJECT_FLAG_WEAK)))
        destroy_with_rites(o, type, depth);
    else
        type->destroy(o);
}

static __attribute__((noinline)) void empty_trashcan(void) {
    Trashcan *can = &trashcan;
    // Nesting stays 1, so that what is destroyed here is not the outermost.
    while (can->waiting.count) {
        can->nesting = 1;
        Object *o = can->waiting.items[--can->waiting.count];
        destroy_now(o, __atomic_load_n(&o->type, __ATOMIC_RELAXED), 1);
    }
    can->nesting = 0;
    if (can->waiting.capacity > 65536)
        objects_free(&can->waiting);
}

// Beyond the limit objects nest only when memory is out; the innermost then share a place.
static __attribute__((noinline)) void destroy_deep(Object *o, Type *type) {
    Trashcan *can = &trashcan;
    if (objects_push(&can->waiting, o))
        return;
    can->nesting++;
    destroy_now(o, type, NESTING_LIMIT + 1);
    can->nesting--;
}

// Not inline, as destroy_with_rites, so that who comes here with a leaf saves no registers.
static __attribute__((noinline)) void destroy_nested(Object *o, Type *type) {
    Trashcan *can = &trashcan;
    int depth = can->nesting + 1;
    if (UNLIKELY(depth > NESTING_LIMIT)) {
        destroy_deep(o, type);
        return;
    }
    can->nesting = depth;
    destroy_now(o, type, depth);
    if (UNLIKELY(--can->nesting == 0 && can->waiting.count))
        empty_trashcan();
}

ALWAYS_INLINE void destroy(Object *o) {
    object_lock_assert_none();
    Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
    if (type->kind == HEAP_LEAF && LIKELY(!object_has_flag(o, OBJECT_FLAG_WEAK)) &&
        !(__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_HAS_FINALIZER))
        type->destroy(o); // releases nothing that could nest
    else
        destroy_nested(o, type);
}

void ref_destroy(Object *o) {
    destroy(o);
}

#if COUNT_LAST_IS_PLAIN
void ref_destroy_last(Object *o) {
    // Acquire: what the others did to the object before letting go is seen, the flag too.
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_ACQUIRE);
    if (LIKELY(count == 1 && !object_has_flag(o, OBJECT_FLAG_WEAK)))
        header_end(o);
    else if (!count_decrement(o))
        return;
    destroy(o);
}
#endif
