// SPDX-License-Identifier: MIT
//
// Promotion (LOCKSMITH_PROMOTE=ON): an object whose count several threads write all the time
// becomes deferred. Registers then do not count it any more, its other references are counted by
// each thread for itself (gc/spread.h), and only the cycle collector frees it. So threads that use
// one object together stop fighting for the cache line of its count; the price is that it is freed
// later than by counting, as functions and types are.
//
// Found by sampling: every PROMOTE_INTERVAL-th time that a thread counts up an object that it does
// not own, it notes which one. An object noted PROMOTE_HITS times is promoted at the thread's next
// safepoint, and with it what was noted half as often, with the world stopped, as what the
// registers had counted must be taken off its count. Registers are the threads' and those of
// suspended generators; nothing else is looked at, so that a stop takes some tens of microseconds.
// Stops take a hundredth of the time at the most, but for the first two milliseconds of them after
// a while without any: what begins to be shared begins together, and until it is promoted threads
// are slower than one alone. Waiting until the world has stopped keeps one thread only, and may be
// long where another is in the middle of an operation in C, or has no processor; it is a tenth of
// the time at the most.
//
// Leaves (strings, mostly) are promoted too, if they are small; and with a leaf those beside it, in
// the containers that the running function has at hand, which others than their owners have
// counted: threads that read one dict use its keys, of which each alone is used too rarely to be
// noted. Leaves are no candidates of the collector, but a leaf refers to nothing, so it
// is dead when nothing counts it and no register holds it: a full collection looks for such ones.
// Of leaves LEAVES_MAX at the most are deferred at a time, and so kept longer than needed.
//
// Objects whose death somebody waits for (finalisers, weak references) are left as they are.
//
// Called by gc/biased.c, but for the collector's part.
#ifndef LOCKSMITH_GC_PROMOTE_H
#define LOCKSMITH_GC_PROMOTE_H

#include "gc/header.h"
#include "vm/value.h"

#if LOCKSMITH_PROMOTE

#define PROMOTE_INTERVAL 61 // a prime, or a loop that counts several objects would show only one
#define PROMOTE_HITS 8

extern _Thread_local int32_t promote_left __attribute__((tls_model("local-exec")));
void promote_sample(Object *o);

// The calling thread counts up o, which it does not own and which is neither deferred nor immortal.
ALWAYS_INLINE void promote_note(Object *o) {
    if (UNLIKELY(--promote_left < 0))
        promote_sample(o);
}
// At a safepoint. Stops the world if there is anything to do.
void promote_pending(void);
// Whether a stop may begin at this moment; and one was made, for which the world stood still from
// `stopped` on (nanoseconds). Any thread.
bool promote_may_stop(uint64_t now);
void promote_note_stop(uint64_t begin, uint64_t stopped, uint64_t end);

// By the collector: deferred leaves that are dead are counted again, with one reference. World
// stopped.
void promote_find_dead(void);
// Drops those references. The world runs.
void promote_free_dead(void);

#else

ALWAYS_INLINE void promote_note(Object *o) {}
ALWAYS_INLINE void promote_pending(void) {}
ALWAYS_INLINE void promote_find_dead(void) {}
ALWAYS_INLINE void promote_free_dead(void) {}

#endif
#endif
