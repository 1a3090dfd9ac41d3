// SPDX-License-Identifier: MIT
//
// The tracing collector (HEAP_IS_TRACED): what one collection does. When there is one, and what
// Python programs see of it, is gc/collect.c's.
#ifndef LOCKSMITH_GC_TRACE_H
#define LOCKSMITH_GC_TRACE_H

#include "gc/header.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int64_t collected; // containers that were destroyed
    int64_t survivors; // containers that were reached
    int64_t pause_ns;  // how long the world stood still
    bool ran_python;   // finalisers or callbacks ran: what they were for may be dead only now
} TraceResult;

// `keep`: what would be destroyed is given to this function as a new reference instead, where it
// is a container (gc.DEBUG_SAVEALL); NULL: is destroyed. `name` is told of each container first.
void trace_collect(TraceResult *result, void (*keep)(Object *o), void (*name)(Object *o));

#endif
