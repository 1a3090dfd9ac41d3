// SPDX-License-Identifier: MIT
//
// Counting references. DESIGN: three kinds of place can hold one.
//
//   local     C code of the runtime: ref_retain / ref_release. Counted, unless immortal.
//   field     a slot of another object: gc/field.h. Counted like a local in every strategy
//             that counts.
//   register  a slot of an interpreter frame: reg_*. Counted, unless immortal or deferred; not
//             counted at all where REGISTERS_ARE_COUNTED is 0.
//
// The strategy decides how a count is kept (LOCKSMITH_REFCOUNT), whether constants, builtin
// types and interned names are counted at all (LOCKSMITH_IMMORTAL) and whether functions,
// types, modules and code are counted from registers (LOCKSMITH_DEFERRED).
//
// A release may run Python code (a finaliser, a weak reference's callback): never release
// with an object lock held, nor while a structure is between two valid states.
//
// Where registers are not counted, no release destroys anything: what nothing counts any more is
// destroyed after a look at the registers, at some later safepoint (gc/settle.h).
#ifndef LOCKSMITH_GC_REF_H
#define LOCKSMITH_GC_REF_H

#include "gc/header.h"
#include "vm/value.h"

// The object's last reference is gone: finalise, clear weak references, free. May run Python.
void ref_destroy(Object *o);
// The same for an object whose count is 1, the caller's reference, which goes with it unless
// another thread has got one meanwhile. Only with COUNT_LAST_IS_PLAIN (gc/count_atomic.h).
void ref_destroy_last(Object *o);

// A constant: are the registers of frames counted. If not, the last counted reference that goes
// does not end its object.
#if LOCKSMITH_REFCOUNT_DEFERRED
#define REGISTERS_ARE_COUNTED 0
#else
#define REGISTERS_ARE_COUNTED 1
#endif
#if LOCKSMITH_REFCOUNT_NONE || HEAP_IS_TRACED
#define COUNT_IS_KEPT 0
#else
#define COUNT_IS_KEPT 1
#endif
#if LOCKSMITH_REFCOUNT_BIASED
#include "gc/count_biased.h"
#elif LOCKSMITH_REFCOUNT_DEFERRED
#include "gc/count_deferred.h"
#else
#if LOCKSMITH_REFCOUNT_PLAIN
#include "gc/count_plain.h"
#elif LOCKSMITH_REFCOUNT_ATOMIC
#include "gc/count_atomic.h"
#elif LOCKSMITH_REFCOUNT_NONE
#include "gc/count_none.h"
#elif LOCKSMITH_REFCOUNT_TRACING
#include "gc/count_tracing.h"
#else
#error "no counting policy selected"
#endif
#include "gc/count_single.h"
#endif
// The policy gives:
//   count_read(o): the references, in the ranges of gc/header.h. With the world stopped, or if
//     nobody else has the object, exact.
//   count_is_gone(o): a free slot, or an object that is dying and can be had no more.
//   count_range(o): a word that lies in the immortal or deferred range if the object does, and
//     below both otherwise; that is all it says. One load.
//   count_is_own(o): the caller counts references to o in a place of its own. Then
//     count_increment_own(o), count_release_own(o), count_try_increment_own(o), else
//     count_increment_other(o), count_release_other(o), count_try_increment_other(o), the first two
//     for no immortal object; the releases destroy o when its last reference is gone. A constant
//     false where all threads count in one place.
//   count_increment(o), count_decrement(o) -> true when the last reference is gone (the caller
//     destroys then), count_add(o, n): whichever of the two it is; no immortal object.
//   count_release_seen(o, range): count_release_other(o) by who has just had range from
//     count_range(o).
//   count_try_increment(o): a reference from none, false if o is dying or free. Where other
//     threads than one may try it on o, somebody has called ref_mark_shared(o) before.
//   count_is_one(o): the caller's reference is the only one, and nobody can make a second one. May
//     be false although it is, so only something that saves work may depend on it.
//   count_is_exactly(o, n): the n references that the caller knows of are all there are. As above.
//   count_make_immortal(o), count_make_deferred(o), count_make_ordinary(o) (deferred no longer;
//     world stopped), count_revive(o): o, whose last reference is gone, has one again.
//   COUNT_IS_KEPT: 0 where no last reference frees an object: none is freed, or those that the
//     collector does not reach (HEAP_IS_TRACED).

#ifndef COUNT_LAST_IS_PLAIN
#define COUNT_LAST_IS_PLAIN 0
#endif
#ifndef COUNT_RELEASE_SEES_RANGE
ALWAYS_INLINE void count_release_seen(Object *o, uint32_t range) {
    (void)range;
    count_release_other(o);
}
#endif

ALWAYS_INLINE bool count_is_immortal(uint32_t count) {
#if LOCKSMITH_IMMORTAL
    return count >= COUNT_IMMORTAL;
#else
    return false;
#endif
}

ALWAYS_INLINE void ref_retain_object(void *object) {
    Object *o = object;
    if (count_is_own(o))
        count_increment_own(o);
    else if (!count_is_immortal(count_range(o)))
        count_increment_other(o);
}

ALWAYS_INLINE void ref_release_object(void *object) {
    Object *o = object;
#if HEAP_IS_TRACED
    __asm__ volatile("" : : "g"(o)); // up to here the reference is somewhere
#endif
    if (count_is_own(o)) {
        count_release_own(o);
        return;
    }
    uint32_t range = count_range(o);
    if (!count_is_immortal(range))
        count_release_seen(o, range);
}

// For readers without a lock. Takes a reference to an object that a read found in a slot: what
// lies there may meanwhile be a free slot of the heap, or another object of the same size class,
// but is never unmapped. False if it cannot be had: o is dying or free, or alive but nobody said
// ref_mark_shared; the reader then takes the lock. On success the caller reads the slot again, and
// if it has changed, gives the reference back (field_give_back, gc/field.h). Acquire, so that the
// second read comes after. For who has just found that !count_is_own(o).
ALWAYS_INLINE bool ref_try_retain_object(Object *o) {
#if HEAP_IS_TRACED
    return true; // what a slot held lives at least until this thread's next safepoint
#else
    return count_try_increment_other(o);
#endif
}

// Later ref_try_retain_object(o) succeed, from any thread, while o lives. The caller has a
// reference to o. For who could not get a reference without the lock, and has one now; and for
// who puts o where others find it without a reference (weak references, lists of subclasses).
ALWAYS_INLINE void ref_mark_shared(void *object) {
    count_mark_shared((Object *)object);
}

ALWAYS_INLINE void ref_retain(Value v) {
    if (value_is_object(v))
        ref_retain_object(value_object(v));
}

// v may be VALUE_NULL.
ALWAYS_INLINE void ref_release(Value v) {
#if HEAP_IS_TRACED
    __asm__ volatile("" : : "g"(v.bits)); // as above
#endif
    if (value_is_object(v))
        ref_release_object(value_object(v));
}

// A local that was released or handed on and lives on unused: where the collector looks at C
// stacks, it does not find the object there any more.
#if HEAP_IS_TRACED
#define REF_FORGET(v)                                                                              \
    do {                                                                                           \
        (v) = VALUE_NULL;                                                                          \
        __asm__ volatile("" : "+m"((v).bits));                                                     \
    } while (0)
#else
#define REF_FORGET(v) ((void)0)
#endif

// v as a new reference (for `return ref_new(v)`).
ALWAYS_INLINE Value ref_new(Value v) {
    ref_retain(v);
    return v;
}

// A register may hold o without counting it. Acquires, like a try that succeeded.
ALWAYS_INLINE bool ref_is_uncounted_in_register(const Object *o) {
#if !REGISTERS_ARE_COUNTED
    (void)o;
    return true;
#elif LOCKSMITH_DEFERRED
    return compare_negative_acquire(&o->count); // as count_range
#else
    (void)o;
    return false;
#endif
}

// n more references to v at once (list repetition).
ALWAYS_INLINE void ref_retain_many(Value v, uint32_t n) {
    if (value_is_object(v) && !count_is_immortal(count_range(value_object(v))))
        count_add(value_object(v), n);
}

// Makes o immortal where the strategy has immortals; elsewhere gives it one reference more
// than it ever returns. Call only before a second thread can see o.
ALWAYS_INLINE void ref_immortalize(void *object) {
    Object *o = object;
#if LOCKSMITH_IMMORTAL
    count_make_immortal(o);
#else
    count_increment(o);
#endif
}

// Makes o deferred where the strategy has that. Call only right after its birth, while the
// caller's reference is the only one; that reference stays a counted local one.
ALWAYS_INLINE void ref_defer(void *object) {
#if LOCKSMITH_DEFERRED
    count_make_deferred((Object *)object);
#else
    (void)object;
#endif
}

ALWAYS_INLINE bool ref_is_deferred(const Object *o) {
#if LOCKSMITH_DEFERRED
    uint32_t count = count_range(o);
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

// The caller knows of n counted references to o, all in registers or locals of its own thread:
// these are all there are, so no other thread has or can get one. Only for o that is neither
// deferred nor immortal. May be false although it is so; a constant under a GIL, where nobody needs
// to know.
ALWAYS_INLINE bool ref_is_private(const Object *o, uint32_t n) {
#if LOCKSMITH_LOCKING_GIL
    (void)o, (void)n;
    return false;
#else
    return count_is_exactly(o, n) &&
           (__atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) & OBJECT_FLAG_WEAK) == 0;
#endif
}

// The same, and o's shape id is that in the upper 24 bits of `shape`, whose bit OBJECT_FLAG_WEAK is
// 0. (Word by word: two read as one, of which one has just been written, would have to wait.)
ALWAYS_INLINE bool ref_is_private_of_shape(const Object *o, uint32_t n, uint32_t shape) {
    const uint32_t wanted = SHAPE_ID_MAX << SHAPE_SHIFT | OBJECT_FLAG_WEAK;
#if LOCKSMITH_LOCKING_GIL
    (void)o, (void)n, (void)shape, (void)wanted;
    return false;
#else
    return count_is_exactly(o, n) &&
           ((__atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED) ^ shape) & wanted) == 0;
#endif
}

// No other thread can touch o before the caller next calls out, blocks or reaches a safepoint:
// always so under a GIL, else only if the caller has the one reference to it.
ALWAYS_INLINE bool ref_is_unshared(const Object *o) {
#if LOCKSMITH_LOCKING_GIL
    (void)o;
    return true;
#elif !REGISTERS_ARE_COUNTED
    return ref_is_private(o, 1);
#else
    return ref_is_exclusive(o);
#endif
}

// The same for an o of a type without weak references whose counts nobody has changed lately, as
// with an iterator from step to step: two words are read as one, which has to wait for a store to
// one of them that is still on its way.
ALWAYS_INLINE bool ref_is_still_unshared(const Object *o) {
#if LOCKSMITH_REFCOUNT_BIASED && !LOCKSMITH_LOCKING_GIL
    // One reference, the caller's thread's own, and no other thread's. What is found without a
    // reference (ref_mark_shared) has a bit in `shared`.
    return compare_long_acquire((const uint64_t *)(const void *)&o->count, count_newborn) &&
           compare_acquire((const uint32_t *)&o->shared, 0);
#else
    return ref_is_unshared(o);
#endif
}

// A reference in a field that does not count deferred objects, as a register does not: the class of
// an instance, the function of a bound method. The holder's traverse slot gives it to
// gc_visit_register, so that the collector, which alone ends deferred objects, finds it.
ALWAYS_INLINE void ref_retain_unless_deferred(void *object) {
    Object *o = object;
#if LOCKSMITH_DEFERRED
    if (compare_negative_relaxed(&o->count)) // as count_range
        return;
    if (count_is_own(o))
        count_increment_own(o);
    else
        count_increment_other(o);
#else
    ref_retain_object(o);
#endif
}
ALWAYS_INLINE void ref_release_unless_deferred(void *object) {
    Object *o = object;
#if LOCKSMITH_DEFERRED
    if (compare_negative_relaxed(&o->count)) // as count_range
        return;
    if (count_is_own(o))
        count_release_own(o);
    else
        count_release_seen(o, count_range(o));
#else
    ref_release_object(o);
#endif
}
// Whether such a field, or a register, counts o, by who has just found that !count_is_own(o).
ALWAYS_INLINE bool ref_other_is_counted(const Object *o) {
#if LOCKSMITH_DEFERRED
    return !compare_negative_relaxed(&o->count); // immortal objects too, as count_range
#else
    return !count_is_immortal(count_range(o));
#endif
}

// ---- registers -------------------------------------------------------------------------
// Every slot of a live register window holds a Value or VALUE_NULL at any time, so that the
// unwinder and the collector can walk it. Only the owning thread (or the collector with the
// world stopped) touches it. What a register keeps may be in a variable of C code only between
// two safepoints.

// Most of what registers hold is an own object, so that is looked at first.
ALWAYS_INLINE void reg_retain(Value v) {
    if (!REGISTERS_ARE_COUNTED || !value_is_object(v))
        return;
    if (count_is_own(value_object(v)))
        count_increment_own(value_object(v));
    else if (ref_other_is_counted(value_object(v)))
        count_increment_other(value_object(v));
}

ALWAYS_INLINE void reg_release(Value v) {
    if (!REGISTERS_ARE_COUNTED || !value_is_object(v))
        return;
    if (count_is_own(value_object(v)))
        count_release_own(value_object(v));
    else if (ref_other_is_counted(value_object(v)))
        count_release_seen(value_object(v), count_range(value_object(v)));
}

// The same as reg_retain and ref_new, for v in a register of the running frame: cheaper where its
// reference is the only one. Not for what is borrowed from a field.
ALWAYS_INLINE void reg_retain_held(Value v) {
#if COUNT_LAST_IS_PLAIN
    if (!value_is_object(v))
        return;
    Object *o = value_object(v);
    uint32_t count = count_range(o);
    if (count == 1 && LIKELY(count_second(o)))
        return;
#if LOCKSMITH_DEFERRED
    if ((int32_t)count >= 0)
#else
    if (!count_is_immortal(count))
#endif
        count_increment(o);
#else
    reg_retain(v);
#endif
}
ALWAYS_INLINE Value ref_new_held(Value v) {
#if COUNT_LAST_IS_PLAIN
    if (!value_is_object(v))
        return v;
    Object *o = value_object(v);
    uint32_t count = count_range(o);
    if (!(count == 1 && LIKELY(count_second(o))) && !count_is_immortal(count))
        count_increment(o);
    return v;
#else
    return ref_new(v);
#endif
}

// A new local reference becomes what a register holds (the count that a register does not
// keep is given back).
ALWAYS_INLINE Value reg_from_local(Value v) {
#if !REGISTERS_ARE_COUNTED
    ref_release(v);
#elif LOCKSMITH_DEFERRED
    if (value_is_object(v) && ref_is_deferred(value_object(v)))
        count_decrement(value_object(v));
#endif
    return v;
}

// The same for an object that the caller has just made: nobody else has a reference, or had one.
ALWAYS_INLINE Value reg_from_new(Value v) {
#if !REGISTERS_ARE_COUNTED
    if (LIKELY(count_make_new(value_object(v)))) {
        settle_enter(value_object(v));
        return v;
    }
#endif
    return reg_from_local(v);
}

// What a register held becomes a local reference that the caller owns; the register must be
// overwritten without a release.
ALWAYS_INLINE Value reg_to_local(Value v) {
#if !REGISTERS_ARE_COUNTED
    ref_retain(v);
#elif LOCKSMITH_DEFERRED
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
