// SPDX-License-Identifier: MIT
//
// Brief views: the buffer protocol for native calls that nobody can interrupt where a GIL is held
// (bytes(array), zlib.crc32(bytearray)). There no thread ever meets such a view, so where objects
// have locks, resizing must not fail because of one.
//
// A lasting view (buffer_view_get) keeps the length and the place of the bytes: resizing raises
// BufferError. A brief view keeps only the memory it was given. Who wants to change what a
// bytearray or an array.array holds while there are brief views, leaves that memory to them and
// goes on with a copy; the last view frees what was left. So the bytes under a brief view stay
// those of the moment when it was taken, but for single items that are set in place, and what is
// written through memoryviews. Nobody waits for anybody: the holder of a brief view may allocate,
// pass safepoints and wait for locks. It is for calls that read, run no Python code and let no
// other thread run in CPython; where those do run, a resize that raises is what programs know.
//
// With a GIL a brief view is a lasting one, and all of this is nothing.
#ifndef LOCKSMITH_VM_TYPES_BRIEF_H
#define LOCKSMITH_VM_TYPES_BRIEF_H

#include "vm/object.h"

// As buffer_view_get, for reading. Let go of by buffer_view_release.
int buffer_view_get_brief(Value v, BufferView *view);

// ---- for types that can be resized -------------------------------------------------------------

// Memory that was replaced under brief views.
typedef struct LeftMemory LeftMemory;
struct LeftMemory {
    void *base; // from buffer_allocate
    uint32_t views;
    LeftMemory *next;
};

// Who looks at the memory of an object. Guarded by the object's lock (lasting may be read without).
typedef struct {
    uint32_t lasting, brief; // views of the memory that the object uses now
    LeftMemory *left;        // what earlier views have
} Viewers;

// Where an object keeps its bytes.
typedef struct {
    Viewers *viewers;
    uint8_t **base, **data; // data lies within base; may be the same variable
    const int64_t *capacity;
    size_t item_size; // of what capacity counts
} ViewedMemory;

// For release_buffer slots. Lock not held.
void viewers_leave(Object *o, ViewedMemory memory, BufferView *view);

// Takes the lock for changing or moving bytes: no brief view looks at the memory then, unless there
// are lasting views too, with which nothing can move. False: MemoryError, and the lock is not held.
bool viewers_part(Object *o, ViewedMemory memory); // the slow half; the lock is held
static inline bool object_lock_to_change(Object *o, ViewedMemory memory) {
    object_lock(o);
    return !OBJECT_LOCK_IS_REAL || LIKELY(memory.viewers->brief == 0) || viewers_part(o, memory);
}

// What BufferView.internal is while a get_buffer slot is asked for a brief view. One that gives
// such a view puts the base of the memory there; else the view is a lasting one.
extern char brief_view_wanted;
// For get_buffer slots: one view more, of memory that begins at base (NULL: there is none). Lock
// held.
static inline void viewers_join(Viewers *viewers, BufferView *view, void *base) {
    bool brief = view->internal == &brief_view_wanted && base;
    view->internal = brief ? base : NULL;
    if (brief)
        viewers->brief++;
    else
        __atomic_store_n(&viewers->lasting, viewers->lasting + 1, __ATOMIC_RELAXED);
}

#endif
