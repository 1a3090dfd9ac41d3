// SPDX-License-Identifier: MIT
//
// Audit hooks (PEP 578): sys.addaudithook, and the events that this VM reports to the hooks.
// Without a hook an event costs one load.
#ifndef LOCKSMITH_VM_RUNTIME_AUDIT_H
#define LOCKSMITH_VM_RUNTIME_AUDIT_H

#include "vm/object.h"

extern bool audit_has_hooks; // set once, never cleared; relaxed

static inline bool audit_on(void) {
    return __builtin_expect(__atomic_load_n(&audit_has_hooks, __ATOMIC_RELAXED), 0);
}
// Calls the hooks with event and a tuple of the `count` borrowed Values. 0, or -1: a hook raised.
int audit(const char *event, int count, ...);
int audit_event(Value event, Value arguments); // a str and a tuple
int audit_add_hook(Value hook);                // 0, -1

#endif
