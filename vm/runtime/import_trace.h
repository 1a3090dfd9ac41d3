// SPDX-License-Identifier: MIT
#ifndef LOCKSMITH_VM_RUNTIME_IMPORT_TRACE_H
#define LOCKSMITH_VM_RUNTIME_IMPORT_TRACE_H

#include "vm/value.h"

typedef struct {
    int64_t begin, outer;
} ImportTrace;

// Around the loading of one module (VALUE_NULL: it failed). Do nothing unless the options ask.
void import_trace_begin(ImportTrace *trace);
void import_trace_end(ImportTrace *trace, Value name, Value module);

#endif
