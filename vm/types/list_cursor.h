// SPDX-License-Identifier: MIT
//
// Going through a list in C code that, where a GIL is held, sees it at one moment unless its items
// run Python code. While there are other threads these are the items that the list held when the
// cursor was started, taken together; else, and with a GIL, each is looked for when it is its turn,
// as what the items' own code does to the list is to be seen.
#ifndef LOCKSMITH_VM_TYPES_LIST_CURSOR_H
#define LOCKSMITH_VM_TYPES_LIST_CURSOR_H

#include "gc/ref_run.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"

enum { LIST_CURSOR_SMALL = 16 };

// Of one C function. Owns what it has not yet given, and borrows the list.
typedef struct {
    Value list;
    Value *items; // NULL: those of the list
    int64_t next, count;
    Value small[LIST_CURSOR_SMALL];
} ListCursor;

// 0, or -1 with MemoryError, and then there is nothing to end.
static inline int list_cursor_start(ListCursor *cursor, Value list) {
    cursor->list = list;
    cursor->items = NULL;
    cursor->next = cursor->count = 0;
    if (!threads_may_come_between())
        return 0;
    cursor->count = list_copy_small(list, cursor->small, LIST_CURSOR_SMALL);
    if (cursor->count >= 0) {
        cursor->items = cursor->small;
        return 0;
    }
    if (list_snapshot(list, &cursor->items, &cursor->count) < 0)
        return -1;
    if (!cursor->items) // it has become empty
        cursor->items = cursor->small;
    return 0;
}
// A new reference, or VALUE_NULL at the end.
static inline Value list_cursor_next(ListCursor *cursor) {
    int64_t i = cursor->next++;
    if (LIKELY(!cursor->items))
        return list_get_fast(list_of(cursor->list), (uint64_t)i);
    return i < cursor->count ? cursor->items[i] : VALUE_NULL;
}
static inline void list_cursor_end(ListCursor *cursor) {
    if (LIKELY(!cursor->items))
        return;
    if (cursor->next < cursor->count)
        ref_run_release(cursor->items + cursor->next, cursor->count - cursor->next);
    if (cursor->items != cursor->small)
        buffer_free(cursor->items);
}

#endif
