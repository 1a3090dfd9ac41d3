// SPDX-License-Identifier: MIT
//
// Weak references: weakref.ref, weakref.proxy. The links to their targets are gc/weak.h's.
#ifndef LOCKSMITH_VM_TYPES_WEAKREF_H
#define LOCKSMITH_VM_TYPES_WEAKREF_H

#include "gc/weak.h"
#include "vm/object.h"

// Also the layout of proxies.
typedef struct {
    WeakObject weak;
    Value callback; // VALUE_NULL: none; taken away, under the object's lock, when it is called
    int64_t hash;   // of the target, -1: not asked yet; relaxed, every writer writes the same
} WeakReference;

extern Type weakref_type, weak_proxy_type, weak_callable_proxy_type;

static inline WeakObject *weak_object_of(Value v) {
    return (WeakObject *)value_object(v);
}
static inline bool value_is_weakref(Value v) {
    return value_is_instance(v, &weakref_type);
}

// A weak reference or proxy to target, shared with others if it has no callback (VALUE_NULL or
// None). New reference; TypeError "cannot create weak reference to 'X' object".
Value weakref_new(Value target, Value callback);
Value weak_proxy_new(Value target, Value callback);
// The target of a weakref_type instance as a new reference, or VALUE_NULL: it is dead.
static inline Value weakref_target(Value reference) {
    return weak_target(weak_object_of(reference));
}
// A new list of the weak references and proxies to v.
Value weakref_list(Value v);
int64_t weakref_count(Value v);

void weakref_start(void);

#endif
