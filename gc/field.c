// SPDX-License-Identifier: MIT
//
// What readers without a lock do when they meet a writer (gc/field.h). Unused where reads take the
// lock.
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
