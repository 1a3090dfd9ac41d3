// SPDX-License-Identifier: MIT
//
// What the cycle collector (gc/collect.c) does while the world is stopped: finding the containers
// that only their own cycles keep alive, and, after finalisers have run, those of them that came
// back to life. Threads that are stopped help (thread_share_work).
//
// All of this: by the thread that collects, world stopped; one collection at a time.
#ifndef LOCKSMITH_GC_FIND_H
#define LOCKSMITH_GC_FIND_H

#include "gc/header.h"
#include "gc/objects.h"
#include <stdbool.h>
#include <stddef.h>

#if !HEAP_IS_TRACED

// Finds the garbage among all containers (full), or among those that have survived no collection,
// and appends it to `garbage`, in about the order of birth. What is alive grows old. False: memory
// has run out, nothing is known to be garbage. *survivors: containers looked at that are alive.
// Until find_end, find_is_garbage says whether an object is garbage.
bool find_garbage(bool full, Objects *garbage, size_t *survivors);
bool find_is_garbage(const Object *o);
// The garbage, of which the caller has one reference each, may have been resurrected. What is held
// from outside, with all it reaches, is moved to the end; how many were not. The heap's other
// objects may have changed in every way since find_garbage.
size_t find_still_garbage(Objects *garbage);
void find_end(void);

#endif

static inline void flags_set_stopped(Object *o, uint32_t flags) {
    // With the world stopped no thread is within a lock, a private section or object_set_flag, so
    // nobody else writes the word but threads that help to collect, which write the same; and who
    // goes on afterwards sees it, for it was stopped.
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    __atomic_store_n(&o->shape_lock, word | flags, __ATOMIC_RELAXED);
}

#endif
