// SPDX-License-Identifier: MIT
//
// Counting references. DESIGN: three kinds of place can hold one.
//
//   local     C code of the runtime: ref_retain / ref_release. Counted, unless immortal.
//   field     a slot of another object: gc/field.h. Counted like a local in every strategy
//             that counts.
//   register  a slot of an interpreter frame: reg_*. Counted, unless immortal or deferred.
//
// The strategy decides how a count is kept (LOCKSMITH_REFCOUNT), whether constants, builtin
// types and interned names are counted at all (LOCKSMITH_IMMORTAL) and whether functions,
// types, modules and code are counted from registers (LOCKSMITH_DEFERRED).
//
// A release may run Python code (a finaliser, a weak reference's callback): never release
// with an object lock held, nor while a structure is between two valid states.
#ifndef LOCKSMITH_GC_REF_H
#define LOCKSMITH_GC_REF_H

#include "gc/header.h"
#include "vm/value.h"

// The object's last reference is gone: finalise, clear weak references, free. May run Python.
void ref_destroy(Object *o);

#if LOCKSMITH_REFCOUNT_PLAIN
#include "gc/count_plain.h"
#elif LOCKSMITH_REFCOUNT_ATOMIC
#include "gc/count_atomic.h"
#else
#error "no counting policy selected"
#endif
// The policy gives:
//   count_increment(o), count_decrement(o) -> true when it reached zero, count_add(o, n),
//   count_read(o), count_try_increment(o) -> false if it was zero,
//   count_is_one(o) -> the caller's reference is the only one.

ALWAYS_INLINE bool count_is_immortal(uint32_t count) {
#if LOCKSMITH_IMMORTAL
    return count >= COUNT_IMMORTAL;
#else
    return false;
#endif
}

ALWAYS_INLINE void ref_retain_object(void *object) {
    Object *o = object;
    if (!count_is_immortal(count_read(o)))
        count_increment(o);
}

ALWAYS_INLINE void ref_release_object(void *object) {
    Object *o = object;
    if (!count_is_immortal(count_read(o)) && count_decrement(o))
        ref_destroy(o);
}

ALWAYS_INLINE void ref_retain(Value v) {
    if (value_is_object(v))
        ref_retain_object(value_object(v));
}

// v may be VALUE_NULL.
ALWAYS_INLINE void ref_release(Value v) {
    if (value_is_object(v))
        ref_release_object(value_object(v));
}

// v as a new reference (for `return ref_new(v)`).
ALWAYS_INLINE Value ref_new(Value v) {
    ref_retain(v);
    return v;
}

// ---- references to what is found without a lock (LOCKSMITH_READS=optimistic; gc/field.h) ----
// Takes a reference to an object that a slot seemed to hold. Its memory may have been freed
// meanwhile (count 0: false) or be another object's of the same size class by now, but is no other
// kind of memory before the caller's next safepoint (gc/heap.h). True: the caller must look whether
// the slot still holds o; if so the reference is one to what the slot holds, else it must go the
// way field_give_back (gc/field.h) takes.
ALWAYS_INLINE bool ref_try_retain_object(Object *o) {
    return count_try_increment(o);
}
// The caller has a reference: from now on ref_try_retain_object succeeds for every thread, as long
// as o lives.
ALWAYS_INLINE void ref_mark_shared(Object *o) {
    (void)o;
}
// A register may hold o without counting it. Acquires, like a try that succeeded.
ALWAYS_INLINE bool ref_is_uncounted_in_register(const Object *o) {
#if LOCKSMITH_DEFERRED
    return (int32_t)__atomic_load_n(&o->count, __ATOMIC_ACQUIRE) < 0;
#else
    (void)o;
    return false;
#endif
}

// n more references to v at once (list repetition).
ALWAYS_INLINE void ref_retain_many(Value v, uint32_t n) {
    if (value_is_object(v) && !count_is_immortal(count_read(value_object(v))))
        count_add(value_object(v), n);
}

// Makes o immortal where the strategy has immortals; elsewhere gives it one reference more
// than it ever returns. Call only before a second thread can see o.
ALWAYS_INLINE void ref_immortalize(void *object) {
    Object *o = object;
#if LOCKSMITH_IMMORTAL
    __atomic_store_n(&o->count, COUNT_IMMORTAL_START, __ATOMIC_RELAXED);
#else
    count_increment(o);
#endif
}

// Makes o deferred where the strategy has that. Call only right after its birth, while the
// caller's reference is the only one; that reference stays a counted local one.
ALWAYS_INLINE void ref_defer(void *object) {
#if LOCKSMITH_DEFERRED && LOCKSMITH_READS_OPTIMISTIC
    // Whoever found an earlier object here may count this one up and down meanwhile.
    __atomic_fetch_or(&((Object *)object)->count, COUNT_DEFERRED, __ATOMIC_RELAXED);
#elif LOCKSMITH_DEFERRED
    Object *o = object;
    uint32_t count = __atomic_load_n(&o->count, __ATOMIC_RELAXED);
    if (count < COUNT_DEFERRED)
        __atomic_store_n(&o->count, count | COUNT_DEFERRED, __ATOMIC_RELAXED);
#else
    (void)object;
#endif
}

ALWAYS_INLINE bool ref_is_deferred(const Object *o) {
#if LOCKSMITH_DEFERRED
    uint32_t count = count_read(o);
    return count >= COUNT_DEFERRED && count < COUNT_IMMORTAL;
#else
    (void)o;
    return false;
#endif
}

// The caller's reference to o is the only one, and no weak reference can give another thread
// a second one: nobody else can touch o until the caller lets it be seen.
ALWAYS_INLINE bool ref_is_exclusive(const Object *o) {
    return count_is_one(o) &&
           (__atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) & OBJECT_FLAG_WEAK) == 0;
}

// No other thread can touch o before the caller next calls out, blocks or reaches a safepoint:
// always so under a GIL, else only if the caller has the one reference to it.
ALWAYS_INLINE bool ref_is_unshared(const Object *o) {
#if LOCKSMITH_LOCKING_GIL
    (void)o;
    return true;
#else
    return ref_is_exclusive(o);
#endif
}

// ---- registers -------------------------------------------------------------------------
// Every slot of a live register window holds a Value or VALUE_NULL at any time, so that the
// unwinder and the collector can walk it. Only the owning thread (or the collector with the
// world stopped) touches it.

ALWAYS_INLINE void reg_retain(Value v) {
    if (value_is_object(v)) {
        Object *o = value_object(v);
#if LOCKSMITH_DEFERRED
        if ((int32_t)count_read(o) >= 0)
            count_increment(o);
#else
        ref_retain_object(o);
#endif
    }
}

ALWAYS_INLINE void reg_release(Value v) {
    if (value_is_object(v)) {
        Object *o = value_object(v);
#if LOCKSMITH_DEFERRED
        if ((int32_t)count_read(o) >= 0 && count_decrement(o))
            ref_destroy(o);
#else
        ref_release_object(o);
#endif
    }
}

// A new local reference becomes what a register holds (the count that a register does not
// keep is given back).
ALWAYS_INLINE Value reg_from_local(Value v) {
#if LOCKSMITH_DEFERRED
    if (value_is_object(v) && ref_is_deferred(value_object(v)))
        count_decrement(value_object(v));
#endif
    return v;
}

// What a register held becomes a local reference that the caller owns; the register must be
// overwritten without a release.
ALWAYS_INLINE Value reg_to_local(Value v) {
#if LOCKSMITH_DEFERRED
    if (value_is_object(v) && ref_is_deferred(value_object(v)))
        count_increment(value_object(v));
#endif
    return v;
}

// Store into a register what it may keep (already in the register's form), releasing the old.
ALWAYS_INLINE void reg_store(Value *slot, Value v) {
    Value old = *slot;
    *slot = v;
    reg_release(old);
}
// Store a new local reference into a register.
ALWAYS_INLINE void reg_set(Value *slot, Value v) {
    reg_store(slot, reg_from_local(v));
}
// Copy a borrowed value into a register.
ALWAYS_INLINE void reg_copy(Value *slot, Value v) {
    reg_retain(v);
    reg_store(slot, v);
}
ALWAYS_INLINE void reg_clear(Value *slot) {
    Value old = *slot;
    *slot = VALUE_NULL;
    reg_release(old);
}

#endif
