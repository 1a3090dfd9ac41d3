// SPDX-License-Identifier: MIT
//
// What readers without a lock do when they meet a writer (gc/field.h), which is unused where reads
// take the lock; and what writers do with an object that is not theirs alone.
#include "gc/field.h"
#include "gc/reclaim.h"

void field_give_back(Value v) {
    reclaim_give_back(v);
}

Value field_load_contended(const Object *owner, const Value *slot) {
    return field_load_locked(owner, slot, false);
}

Value field_load_contended_register(const Object *owner, const Value *slot) {
    return field_load_locked(owner, slot, true);
}

Value field_swap_contended(Object *owner, Value *slot, Value v) {
    object_lock(owner);
    Value old = field_swap_locked(slot, v);
    object_unlock(owner);
    return old;
}
