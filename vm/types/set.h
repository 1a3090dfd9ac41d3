// SPDX-License-Identifier: MIT
//
// set and frozenset: an open-addressing table guarded by the object's lock (a frozenset's
// table never changes once others can see it and is read without).
#ifndef LOCKSMITH_VM_TYPES_SET_H
#define LOCKSMITH_VM_TYPES_SET_H

#include "vm/object.h"

extern Type set_type, frozenset_type;
bool value_is_any_set(Value v); // set, frozenset or a subclass
Value set_new(void);
Value set_from_iterable(Value iterable);
Value frozenset_from_iterable(Value iterable); // an exact frozenset: itself
int set_add(Value set, Value item);
int set_contains(Value set, Value item);
int set_discard(Value set, Value item); // 1 removed, 0 absent, -1
int set_update(Value set, Value iterable);
int64_t set_length(Value set);
bool set_next(Value set, int64_t *position, Value *item); // like dict_next
void set_start(void);

#endif
