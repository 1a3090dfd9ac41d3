// SPDX-License-Identifier: MIT
//
// The cycle collector of the counting strategies. It stops the world, finds the containers
// that only their own cycles keep alive (trial deletion: Bacon and Rajan 2001, section 2;
// the form that walks all containers and subtracts internal references is the one CPython's
// documentation describes), and lets the world run before finalisers do.
//
// Two generations. A young collection looks only at containers that have survived none
// (OBJECT_FLAG_OLD), whose references from older ones count as references from outside, so no
// write barrier is needed; a full one looks at all.
#ifndef LOCKSMITH_GC_COLLECT_H
#define LOCKSMITH_GC_COLLECT_H

#include "gc/header.h"
#include "vm/value.h"
#include <stdbool.h>
#include <stddef.h>

// Passed to a type's traverse slot. `visit_field` for counted references held by the object;
// `visit_register` for a suspended frame's registers and what ref_retain_unless_deferred took (not
// counted for deferred objects).
typedef struct GcVisitor {
    void (*visit_field)(struct GcVisitor *self, Value v);    // v may be VALUE_NULL or a number
    void (*visit_register)(struct GcVisitor *self, Value v); // the same
} GcVisitor;

static inline void gc_visit(GcVisitor *visitor, Value v) {
    if (value_is_object(v))
        visitor->visit_field(visitor, v);
}
static inline void gc_visit_object(GcVisitor *visitor, const void *object) {
    if (object)
        visitor->visit_field(visitor, value_from_object(object));
}
static inline void gc_visit_register(GcVisitor *visitor, Value v) {
    if (value_is_object(v))
        visitor->visit_register(visitor, v);
}

// An object that is not counted, because it sees to it when it dies that this one has no use for it
// any more. Where objects live as long as they can be reached, it has to be.
static inline void gc_visit_uncounted(GcVisitor *visitor, const void *object) {
    if (HEAP_IS_TRACED)
        visitor->visit_field(visitor, value_from_object(object));
}

// Collects now; the number of unreachable objects found. Runs Python code (finalisers,
// callbacks). Errors in them are reported as unraisable. Waits for a collection of another thread;
// 0 within a collection.
int64_t gc_collect(void);
// For who finds that an object is in use, which it may be by objects that are dead but not yet
// found to be, or not yet destroyed: sees to those. False, and nothing done, where the dead are
// destroyed at once. Runs Python code.
bool gc_find_dead(void);
int64_t gc_collect_generation(int generation); // 0 and 1: only what is new; 2: everything
// In the child of a fork, alone: a collection of a thread that is not there any more is over. What
// it had found and not yet destroyed stays.
void gc_after_fork_in_child(void);
// Called at a safepoint when allocation asked for it.
void gc_collect_if_wanted(void);
void gc_set_enabled(bool enabled);
bool gc_is_enabled(void);
// How many new containers make a collection: 0 never, -1 by the collector's own rule.
void gc_set_limit(int64_t containers);
// Collections of generation 0 since the last higher one; of generation 1 since the last full one.
void gc_counts(int64_t *young, int64_t *middle);
// Told of each collection's begin and end. Runs Python code; NULL: nobody is told.
typedef void (*GcListener)(bool begin, int generation, int64_t collected, int64_t uncollectable);
void gc_set_listener(GcListener listener);
enum {
    GC_DEBUG_STATS = 1,
    GC_DEBUG_COLLECTABLE = 2,
    GC_DEBUG_UNCOLLECTABLE = 4,
    GC_DEBUG_SAVEALL = 32
};
void gc_set_debug(int flags);
int gc_debug(void);
Value gc_garbage(void); // the list gc.garbage, borrowed; made on first use; VALUE_NULL: no memory
// What exists now is left out of collections until gc_unfreeze.
void gc_freeze(void);
void gc_unfreeze(void);
int64_t gc_frozen_count(void);
typedef struct {
    int64_t collections, collected, uncollectable;
    int64_t pause_ns_total, pause_ns_max;
} GcStatistics;
void gc_statistics(GcStatistics *out, bool full); // of the full collections, or of the others
// Whether the collector knows this object.
bool gc_is_container(Value v);

#endif
