// SPDX-License-Identifier: MIT
//
// Brief views; see brief.h.
#include "vm/types/brief.h"
#include "vm/runtime/errors.h"

char brief_view_wanted;

void viewers_leave(Object *o, ViewedMemory memory, BufferView *view) {
    Viewers *viewers = memory.viewers;
    LeftMemory *over = NULL;
    object_lock(o);
    if (!view->internal) {
        __atomic_store_n(&viewers->lasting, viewers->lasting - 1, __ATOMIC_RELAXED);
    } else if (view->internal == *memory.base) {
        viewers->brief--;
    } else {
        LeftMemory **link = &viewers->left;
        while ((*link)->base != view->internal)
            link = &(*link)->next;
        if (--(*link)->views == 0) {
            over = *link;
            *link = over->next;
        }
    }
    object_unlock(o);
    if (over)
        buffer_free(over->base);
    buffer_free(over);
}

// Another round of viewers_part: the lock is let go for freeing what was too small, and for room.
static bool make_room(Object *o, uint8_t **copy, LeftMemory **left, size_t needed) {
    object_unlock(o);
    buffer_free(*copy);
    *copy = buffer_allocate(needed);
    if (!*left)
        *left = buffer_allocate(sizeof **left);
    if (!*copy || !*left) {
        buffer_free(*copy);
        buffer_free(*left);
        return raise_memory_error(), false;
    }
    object_lock(o);
    return true;
}

bool viewers_part(Object *o, ViewedMemory memory) {
    Viewers *viewers = memory.viewers;
    LeftMemory *left = NULL;
    uint8_t *copy = NULL;
    size_t room = 0;
    while (viewers->brief && !viewers->lasting) {
        size_t used = (size_t)*memory.capacity * memory.item_size;
        if (!left || room < used) {
            if (!make_room(o, &copy, &left, used))
                return false;
            room = used;
            continue;
        }
        uint8_t *old = *memory.base;
        ptrdiff_t skipped = *memory.data - old;
        memcpy(copy, old, used);
        *left = (LeftMemory){old, viewers->brief, viewers->left};
        viewers->left = left;
        viewers->brief = 0;
        *memory.base = copy;
        *memory.data = copy + skipped;
        return true;
    }
    if (left) { // the views are gone, or a lasting one has come
        object_unlock(o);
        buffer_free(copy);
        buffer_free(left);
        return object_lock_to_change(o, memory);
    }
    return true;
}
