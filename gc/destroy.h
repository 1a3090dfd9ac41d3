// SPDX-License-Identifier: MIT
//
// What gc/destroy.c needs from others: ref_destroy itself is declared in gc/ref.h.
#ifndef LOCKSMITH_GC_DESTROY_H
#define LOCKSMITH_GC_DESTROY_H

#include "gc/header.h"
#include <stdbool.h>
#include <stddef.h>

struct Thread;

// Runs o's finaliser unless it has run before (OBJECT_FLAG_FINALIZED). The caller holds a
// reference. A pending exception survives; errors of the finaliser are reported there.
// True if it ran. Runs Python code.
bool object_finalize(Object *o);
// The same for all of a collector's objects that have one: first those that run Python code
// (TYPE_HAS_DEL: `__del__` methods, and what is left of generators and coroutines), then native
// finalisers, which close the files and sockets that those may still want to use. CPython goes by
// age, with much the same effect: who uses a file is mostly older than the file.
bool objects_finalize(Object *const *objects, size_t count);
// The calling thread's list becomes known to the collector (Thread.trashcan).
void destroy_thread_start(struct Thread *thread);
// The types of the objects that the thread is destroying or has waiting. A dying object is
// invisible to the collector, and where types are deferred it keeps its own alive by nothing
// but this. World stopped; only where LOCKSMITH_DEFERRED, else none.
void destroy_each_type(struct Thread *thread, void (*visit)(Object *type, void *context),
                       void *context);
// The thread ends: frees the list of objects whose destruction waits (which is empty).
void destroy_thread_exit(void);

#endif
