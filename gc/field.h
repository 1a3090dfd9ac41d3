// SPDX-License-Identifier: MIT
//
// Fields: slots of objects that more than one thread may see.
//
// Who reads and who writes: any thread. What orders them: the lock of the object that owns
// the slot (locks/object_lock.h), which is nothing at all under a GIL. Slots that are set
// once, before the object is seen by others, and never again (a tuple's items, a bound
// method's self) are read with field_constant and need no lock.
//
// The accesses themselves are relaxed atomics, because strategies with unlocked reads read a
// slot while another thread writes it; they compile to plain moves.
#ifndef LOCKSMITH_GC_FIELD_H
#define LOCKSMITH_GC_FIELD_H

#include "gc/ref.h"
#include "locks/object_lock.h"

ALWAYS_INLINE Value field_raw(const Value *slot) {
    return (Value){__atomic_load_n(&slot->bits, __ATOMIC_RELAXED)};
}
ALWAYS_INLINE void field_raw_store(Value *slot, Value v) {
    __atomic_store_n(&slot->bits, v.bits, __ATOMIC_RELAXED);
}

// First store into a slot that nobody else can see yet. Consumes the reference v.
ALWAYS_INLINE void field_init(Value *slot, Value v) {
    slot->bits = v.bits;
}

// The value of a slot that never changes while its owner lives. Borrowed from the owner.
ALWAYS_INLINE Value field_constant(const Value *slot) {
    return field_raw(slot);
}

// A slot's value as a new reference (or VALUE_NULL). Takes and drops the owner's read lock.
ALWAYS_INLINE Value field_load(const Object *owner, const Value *slot) {
    object_read_lock((Object *)owner);
    Value v = field_raw(slot);
    ref_retain(v);
    object_read_unlock((Object *)owner);
    return v;
}

// With the owner's lock held by the caller: store v (consumed), give back the old value, whose
// reference the caller now owns and must release after unlocking.
ALWAYS_INLINE Value field_swap_locked(Value *slot, Value v) {
    Value old = field_raw(slot);
    field_raw_store(slot, v);
    return old;
}

// A slot that is replaced under some lock but read without any: the reader sees the object as it
// was published (acquire/release), and may use it until its next safepoint, because whoever
// replaces it retires the old value (reclaim_reference) rather than releasing it.
ALWAYS_INLINE Value field_published(const Value *slot) {
    return (Value){__atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE)};
}
ALWAYS_INLINE Value field_publish_locked(Value *slot, Value v) {
    Value old = field_raw(slot);
    __atomic_store_n(&slot->bits, v.bits, __ATOMIC_RELEASE);
    return old;
}

// Stores v (consumed) and releases the old value. Takes the lock; may run Python code
// (a finaliser) after letting it go.
ALWAYS_INLINE void field_store(Object *owner, Value *slot, Value v) {
    object_lock(owner);
    Value old = field_swap_locked(slot, v);
    object_unlock(owner);
    ref_release(old);
}

ALWAYS_INLINE Value field_swap(Object *owner, Value *slot, Value v) {
    object_lock(owner);
    Value old = field_swap_locked(slot, v);
    object_unlock(owner);
    return old;
}

ALWAYS_INLINE void field_clear(Object *owner, Value *slot) {
    field_store(owner, slot, VALUE_NULL);
}

#endif
