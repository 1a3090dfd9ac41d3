// SPDX-License-Identifier: MIT
//
// A list of objects that grows, in a buffer. All zeros: empty. What a place in it means, a
// reference or less, is its owner's affair, as is who may touch it.
#ifndef LOCKSMITH_GC_OBJECTS_H
#define LOCKSMITH_GC_OBJECTS_H

#include "gc/header.h"
#include "gc/heap.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    Object **items;
    size_t count, capacity;
} Objects;

bool objects_grow(Objects *objects);

// False: memory has run out, and the list is as it was.
static inline bool objects_push(Objects *objects, Object *o) {
    if (UNLIKELY(objects->count == objects->capacity) && !objects_grow(objects))
        return false;
    objects->items[objects->count++] = o;
    return true;
}

// What is in it moves to the result.
static inline Objects objects_take(Objects *objects) {
    Objects taken = *objects;
    *objects = (Objects){0};
    return taken;
}

static inline void objects_free(Objects *objects) {
    buffer_free(objects->items);
    *objects = (Objects){0};
}

#endif
