// SPDX-License-Identifier: MIT
//
// The end of what the cycle collector has found dead: each object loses what it refers to, and then
// the collector's reference. Where threads run at once, each thread does this for what it has
// allocated: its core has it in its cache, counts it without atomic instructions and takes its
// slots back at once. What belongs to a thread that is blocked is done by the collecting one.
//
// Called by gc/collect.c and vm/runtime/thread.c only.
#ifndef LOCKSMITH_GC_CLEAR_H
#define LOCKSMITH_GC_CLEAR_H

#include "gc/find.h"

struct Thread;

#if !HEAP_IS_TRACED

// World stopped, by the thread that collects or one that helps it: o gets a reference more, which
// keeps it until it is cleared.
void clear_keep(Object *o);
// World stopped, after clear_keep. share: the threads that only wait for the world to start get
// their part of the garbage, which disappears from the list. Of the rest the caller is made the
// owner, as far as there are owners.
void clear_hand_out(Objects *garbage, bool share);
// World stopped: appends what threads were given and have not begun with to `garbage`, and makes
// the caller its owner.
void clear_take_back(Objects *garbage);
// Attached, the world runs: the end of all in the list, or of what blocked threads were given. Runs
// Python code.
void clear_garbage(Objects *garbage);
void clear_for_blocked(void);
// A safepoint that finds WANT_CLEAR, or the end of the thread: what it was given. Runs Python code.
void clear_pending(void);
// In the child of a fork, for a thread that is not there any more: what it was given stays.
void clear_thread_forget(struct Thread *thread);

#else

static inline void clear_pending(void) {}
static inline void clear_thread_forget(struct Thread *thread) {}

#endif
#endif
