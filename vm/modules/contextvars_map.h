// SPDX-License-Identifier: MIT
//
// A persistent map from context variables to values: adding or removing makes a new map that shares
// most of the old one. A treap (Seidel and Aragon, "Randomized search trees", 1996) over the
// variables' serial numbers, whose priorities are a hash of the same numbers, so equal sets of
// variables have equal shapes.
//
// A map is VALUE_NULL (empty) or its root node. Nodes are objects, immutable, and so read by any
// thread without a lock.
#ifndef LOCKSMITH_VM_MODULES_CONTEXTVARS_MAP_H
#define LOCKSMITH_VM_MODULES_CONTEXTVARS_MAP_H

#include "vm/object.h"

extern Type context_node_type;

// The value, borrowed from the map; VALUE_NULL: not there.
Value context_map_get(Value map, int64_t serial);
// *out gets a new map (a new reference). 0, or -1 with MemoryError.
int context_map_set(Value map, int64_t serial, Value variable, Value value, Value *out);
int context_map_delete(Value map, int64_t serial, Value *out); // it must be there
int64_t context_map_length(Value map);
// Calls each() for the entries in order of the serial numbers until it gives nonzero, and gives
// that.
int context_map_each(Value map, int (*each)(Value variable, Value value, void *context),
                     void *context);

#endif
