// SPDX-License-Identifier: MIT
//
// Which weak references an object has: a sharded table keyed by the object's address, so that
// objects pay nothing for it but a flag (OBJECT_FLAG_WEAK) in their header. The weak reference
// objects themselves are in vm/types/weakref.c.
//
// A weak reference's target word is written only under its table shard's lock; reading the
// target takes that lock and count_try_increment, so that it gives a reference or nothing.
#ifndef LOCKSMITH_GC_WEAK_H
#define LOCKSMITH_GC_WEAK_H

#include "gc/header.h"
#include "vm/value.h"
#include <stdbool.h>

// Embedded in a weak reference object, directly after its Object header.
typedef struct WeakLink {
    struct WeakLink *next, *previous; // of the same target; guarded by the shard's lock
    Object *target;                   // NULL once dead; guarded by the shard's lock
} WeakLink;

typedef struct {
    Object header;
    WeakLink link;
} WeakObject;

// Links a weak reference (its target set to nothing before) to target and flags the target, unless
// target has a live weak reference already that `accept`s: that one then, as a new reference, in
// *found (else VALUE_NULL). accept runs under the shard lock: no calls out. Of those whose
// weak_rank is 2 it takes all or none. False, and nothing done, when memory is out.
bool weak_link_unless(WeakObject *weak, Object *target, bool (*accept)(WeakObject *weak),
                      Value *found);
// Unlinks it (its own death). Harmless if the target died before.
void weak_unlink(WeakObject *weak);
// The target as a new reference, or VALUE_NULL if it is dead or dying.
Value weak_target(WeakObject *weak);
// The first live weak reference to target whose object `accept`s (for sharing callback-less
// references), as a new reference, or VALUE_NULL. accept as above.
Value weak_find(Object *target, bool (*accept)(WeakObject *weak));
// Every weak reference object of target, as new references into `out` (up to capacity);
// gives their number, those beyond capacity included.
size_t weak_collect(Object *target, Value *out, size_t capacity);
// The object is dying: clears its weak references, then calls their callbacks (newest first)
// through weak_run_callback (vm/types/weakref.c). Runs Python code. The object's memory is still
// there.
void weak_clear_and_call(Object *dying);
// Clears the references without calling back, handing live weak objects that have a callback
// to `keep` as new references (used by the collector with the world stopped).
void weak_clear_collect(Object *dying, void (*keep)(WeakObject *weak, void *context),
                        void *context);
// Around fork: no other thread is within the table's locks.
void weak_fork_prepare(void);
void weak_fork_done(void);

// In vm/types/weakref.c: its place in the list: 0 first (the shared reference), 1 (the shared
// proxy), 2 all others, the newest first. No calls out.
int weak_rank(const WeakObject *weak);
// Also there: whether it has a callback; call it (errors are unraisable).
bool weak_has_callback(WeakObject *weak);
void weak_run_callback(WeakObject *weak);

#endif
