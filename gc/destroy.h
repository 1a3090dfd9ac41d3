// SPDX-License-Identifier: MIT
//
// What gc/destroy.c needs from others: ref_destroy itself is declared in gc/ref.h.
#ifndef LOCKSMITH_GC_DESTROY_H
#define LOCKSMITH_GC_DESTROY_H

#include "gc/header.h"
#include <stdbool.h>

// Runs o's finaliser unless it has run before (OBJECT_FLAG_FINALIZED). The caller holds a
// reference. A pending exception survives; errors of the finaliser are reported there.
// True if it ran. Runs Python code.
bool object_finalize(Object *o);
// The thread ends: frees the list of objects whose destruction waits (which is empty).
void destroy_thread_exit(void);

#endif
