// SPDX-License-Identifier: MIT
//
// For native objects that keep a list which no program sees.
#ifndef LOCKSMITH_VM_TYPES_LIST_EMPTY_H
#define LOCKSMITH_VM_TYPES_LIST_EMPTY_H

#include "vm/types/list.h"

// list_clear in two steps, for who empties something else at the same moment. With the list's lock
// held: its items (or NULL) and their number, both the caller's now.
Value *list_empty_locked(List *list, int64_t *count);
// Without it: drops them. May run Python code.
void list_emptied(Value *items, int64_t count);

#endif
