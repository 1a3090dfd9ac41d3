// SPDX-License-Identifier: MIT
//
// The layout of a collections.deque, for deque.c and deque_iterators.c alone: a ring of items whose
// capacity is a power of two.
//
// Invariants, with the lock held: 0 <= length <= capacity; items head, head + 1, ... modulo
// capacity are references the deque owns; items is NULL exactly if capacity is 0.
//
// Single items may be read without the lock (gc/field.h): every change but that of one slot or of
// the ring advances `mutations` in the section that makes it, and a new ring is stored after its
// head and capacity (set_ring), so a reader that finds the ring it began with at the end has had
// that ring's.
#ifndef LOCKSMITH_VM_MODULES_DEQUE_H
#define LOCKSMITH_VM_MODULES_DEQUE_H

#include "vm/object.h"

typedef struct {
    Object header;
    Value *items;
    int64_t capacity, head, length;
    int64_t limit;      // maxlen, -1: none; changed by __init__ alone
    uint64_t mutations; // counts changes: iterators notice them
} Deque;

static inline Deque *deque_of(Value v) {
    return (Deque *)value_object(v);
}

// Where item i is, 0 <= i < length. Lock held, or checked afterwards.
static inline Value *deque_slot(const Deque *d, int64_t i) {
    return &d->items[(d->head + i) & (d->capacity - 1)];
}

// iter() and reversed(): new references.
Value deque_iter(Value deque);
Value deque_reversed(Value deque);

#endif
