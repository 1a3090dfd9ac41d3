// SPDX-License-Identifier: MIT
//
// Lists of objects: how they grow (gc/objects.h).
#include "gc/objects.h"

#define FIRST_CAPACITY 256

bool objects_grow(Objects *objects) {
    size_t capacity = objects->capacity ? objects->capacity * 2 : FIRST_CAPACITY;
    Object **items = buffer_resize(objects->items, capacity * sizeof *items);
    if (!items)
        return false;
    objects->items = items;
    objects->capacity = capacity;
    return true;
}
