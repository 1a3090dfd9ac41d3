// SPDX-License-Identifier: MIT
//
// Spread counts: each thread counts its references to deferred objects in a table of its own, at
// the object's number. Nobody waits for such a count to reach zero (only the cycle collector frees
// what is deferred, with the world stopped), so nobody needs the sum but the collector, and no two
// threads ever write one word. PEP 703 does this for the types of the heap; functions, code,
// modules and what was promoted (gc/promote.h) are counted so here too.
//
// The references to an object are base[number] + the sum of all threads' counts[number].
//
//   SpreadThread.counts   written by its thread, or by anybody with the world stopped; read by
//                         others under spread_lock; moved to another place under spread_lock
//   base, free numbers    spread_lock
//   an object's number    in Object.shared, from its deferral until spread_end
//
// Called by gc/biased.c and gc/merge.h's hooks in it only.
#ifndef LOCKSMITH_GC_SPREAD_H
#define LOCKSMITH_GC_SPREAD_H

#include "vm/value.h"
#include <stdbool.h>
#include <stdint.h>

#define SPREAD_NUMBERS (1u << 26) // so many at the most; larger ones are none

// A number for an object that has so many references; SPREAD_NUMBERS when numbers or memory have
// run out.
uint32_t spread_begin(int64_t references);
// The references; the number may be given to another object. World stopped, or nobody else knows
// it.
int64_t spread_end(uint32_t number);
// About right while other threads count, exact with the world stopped.
int64_t spread_read(uint32_t number);

typedef struct SpreadThread {
    int64_t *counts;
    uint32_t capacity;
    bool known; // in the list of all
    struct SpreadThread *next;
} SpreadThread;
extern _Thread_local SpreadThread spread_self __attribute__((tls_model("local-exec")));

void spread_add_slow(uint32_t number, int64_t n);
ALWAYS_INLINE void spread_add(uint32_t number, int64_t n) {
    SpreadThread *self = &spread_self;
    if (LIKELY(number < self->capacity)) {
        int64_t *count = &self->counts[number];
        __atomic_store_n(count, __atomic_load_n(count, __ATOMIC_RELAXED) + n, __ATOMIC_RELAXED);
    } else {
        spread_add_slow(number, n);
    }
}

// The calling thread's, for spread_thread_end.
static inline SpreadThread *spread_thread(void) {
    return &spread_self;
}
// What the thread has counted goes into base. By itself at its end, or in the child of a fork.
void spread_thread_end(SpreadThread *thread);
void spread_fork_prepare(void);
void spread_fork_done(void);

#endif
