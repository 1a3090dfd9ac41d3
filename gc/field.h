// SPDX-License-Identifier: MIT
//
// Fields: slots of objects that more than one thread may see.
//
// Who reads and who writes: any thread. What orders them: the lock of the object that owns
// the slot (locks/object_lock.h), which is nothing at all under a GIL. Slots that are set
// once, before the object is seen by others, and never again (a tuple's items, a bound
// method's self) are read with field_constant and need no lock.
//
// The accesses themselves are atomics (relaxed, or acquire and release where reads take no lock:
// SHARED_LOAD, SHARED_STORE), because strategies with unlocked reads read a slot while another
// thread writes it; they compile to plain moves.
//
// Reading without the lock (LOCKSMITH_READS=optimistic). The reader has a reference to the owner.
// It loads the slot, takes a reference to the object found (ref_try_retain_object: the object may
// be gone and its memory be another's), and loads the slot again. If the slot is still the same
// word, it holds that object now, whatever happened between, so the reference is one to what the
// slot holds. Otherwise the reference goes back and the reader takes the lock, under which
// everything is still; so nobody starves. What must hold:
//
//   1. A word that was once loaded as a slot of a reachable owner stays memory with a count until
//   the reader's next
//      safepoint (gc/heap.h); there is none in these functions.
//   2. A slot is never a word that is no value: arrays are filled before they are published
//   (release), and readers
//      know that the index is within the array before they look (each structure says how).
//   3. A slot outside its structure's length or in an array that was replaced may still hold the
//   word of a value that
//      has gone. So what says that the slot is in use (length, array, shape, version) is looked at
//      again AFTER the reference was taken. An array never becomes that of its owner again once it
//      was replaced, and is freed after a grace period (reclaim_array), or at once if nobody can
//      have begun to look into it (object_has_no_readers).
//
// Structures that are read in several words (dict, set, deque) have a counter `mutations` that
// every critical section which changes them in more than one word advances; field_read_begin and
// field_read_valid make a sequence lock of that counter and the lock bit (Boehm, "Can seqlocks get
// along with programming language memory models?", 2012, for the orders; here all data are atomics
// with acquire, so no fence is needed):
//   - a reader that begins has loaded the counter (acquire) and then found the lock free (acquire):
//   all sections
//     whose advance it saw are over and seen in full;
//   - a reader that saw any store of a later section sees that section's lock taken, or, if it
//   finds the
//     lock free, that section's unlock and so its advance: the read is not valid.
#ifndef LOCKSMITH_GC_FIELD_H
#define LOCKSMITH_GC_FIELD_H

#include "gc/ref.h"
#include "gc/uncounted.h"
#include "locks/object_lock.h"
#include <string.h>

// A constant: 1 if other threads may look at fields while the owner's lock is held.
#if LOCKSMITH_READS_OPTIMISTIC
#define FIELD_READS_UNLOCKED 1
#else
#define FIELD_READS_UNLOCKED 0
#endif

ALWAYS_INLINE Value field_raw(const Value *slot) {
    return (Value){__atomic_load_n(&slot->bits, SHARED_LOAD)};
}
ALWAYS_INLINE void field_raw_store(Value *slot, Value v) {
    __atomic_store_n(&slot->bits, v.bits, SHARED_STORE);
}

// Owner's lock held, many slots: plain stores unless somebody may be looking.
ALWAYS_INLINE void field_put_locked(Value *slot, Value v) {
#if FIELD_READS_UNLOCKED
    field_raw_store(slot, v);
#else
    *slot = v;
#endif
}
// Two slots at once, loaded with acquire, stored with release. Each word is read and written whole:
// x86-64's vector instructions do not divide an aligned word (HotSpot copies arrays of references
// like that), and all its loads and stores have these orders.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
ALWAYS_INLINE void field_put_two(Value *to, const Value *from) {
    typedef uint64_t Two __attribute__((vector_size(16), aligned(8), may_alias));
    Two two = *(const volatile Two *)from;
    __asm__ volatile("" ::: "memory");
    *(volatile Two *)to = two;
    __asm__ volatile("" ::: "memory");
}
#else
ALWAYS_INLINE void field_put_two(Value *to, const Value *from) {
    Value first = field_raw(&from[0]), second = field_raw(&from[1]);
    field_raw_store(&to[0], first);
    field_raw_store(&to[1], second);
}
#endif
#if FIELD_READS_UNLOCKED
// The same, eight at once: all are loaded before the first is stored. Give how many slots are left,
// fewer than eight: the last ones, or, for the second, which begins at the end, the first ones.
int64_t field_copy_eights(Value *to, const Value *from, int64_t count);
int64_t field_copy_eights_down(Value *to, const Value *from, int64_t count);
enum { FIELD_COPY_MANY = 16 }; // slots for which calling one of them pays
#endif

ALWAYS_INLINE void field_copy_locked(Value *to, const Value *from, int64_t count) {
#if FIELD_READS_UNLOCKED
    if (count >= FIELD_COPY_MANY) {
        int64_t left = field_copy_eights(to, from, count);
        to += count - left;
        from += count - left;
        count = left;
    }
    int64_t i = 0;
    for (; i + 2 <= count; i += 2)
        field_put_two(&to[i], &from[i]);
    if (i < count)
        field_raw_store(&to[i], from[i]);
#else
    memcpy(to, from, (size_t)count * sizeof(Value));
#endif
}
// to and from may overlap; a reader of any one slot sees what it held or what it will hold.
ALWAYS_INLINE void field_move_locked(Value *to, const Value *from, int64_t count) {
#if FIELD_READS_UNLOCKED
    if (to <= from) {
        field_copy_locked(to, from, count);
    } else {
        if (count >= FIELD_COPY_MANY)
            count = field_copy_eights_down(to, from, count);
        for (; count >= 2; count -= 2)
            field_put_two(&to[count - 2], &from[count - 2]);
        if (count > 0)
            field_raw_store(&to[0], from[0]);
    }
#else
    memmove(to, from, (size_t)count * sizeof(Value));
#endif
}

// Slots at an end of an array that are out of use by now: what lay in them must not live on because
// C code happens to have the array in hand (gc/trace.c reads such an array word by word). A late
// reader finds VALUE_NULL there: at that moment the structure ended before the slot.
ALWAYS_INLINE void field_forget_locked(Value *slots, int64_t count) {
#if HEAP_IS_TRACED
    for (int64_t i = 0; i < count; i++)
        field_raw_store(&slots[i], VALUE_NULL);
#endif
}

// First store into a slot that nobody else can see yet. Consumes the reference v.
ALWAYS_INLINE void field_init(Value *slot, Value v) {
    slot->bits = v.bits;
}

// The value of a slot that never changes while its owner lives. Borrowed from the owner.
ALWAYS_INLINE Value field_constant(const Value *slot) {
    return field_raw(slot);
}

// ---- reading with the lock, and without ----------------------------------------------------
// Many functions come in two forms: what they give is a new local reference, or (in_register, a
// constant at each call) what a register may keep, in which deferred objects are not counted.

// The owner's lock is held, and with it what one of its slots holds was looked at, because that
// could not be had without: the next reader will not need the lock. An owner did not need it, and
// may be the only reader. It needs no reference: the slot's own is one, which nobody takes out
// before the lock is let go. (With biased counts the mark is an atomic change of the word that v's
// owner reads with acquire after its count was 0; with atomic ones a flag in the header, which the
// unlocking orders before whatever drops the slot's reference.)
ALWAYS_INLINE void field_mark_locked(Value v) {
#if FIELD_READS_UNLOCKED
    if (value_is_object(v) && !count_is_own(value_object(v)))
        ref_mark_shared(value_object(v));
#endif
}
// The owner's lock is held: a reference to what one of its slots holds.
ALWAYS_INLINE void field_retain_locked(Value v, bool in_register) {
    if (in_register)
        reg_retain(v);
    else
        ref_retain(v);
    field_mark_locked(v);
}

typedef enum {
    FIELD_LOST,      // none: take the lock
    FIELD_COUNTED,   // a reference to what lay there when it was taken
    FIELD_UNCOUNTED, // a deferred object that needs no reference; the same
    FIELD_NUMBER,    // a number, nothing, or an object of the executable: needs no reference
    FIELD_OWN,       // a reference to an object of the caller's own
} FieldHold;

// A reference to what was found without a lock and is not the caller's thread's own; FIELD_LOST:
// none, take the lock.
ALWAYS_INLINE FieldHold field_try_hold_other(Value v, bool in_register) {
    if (!value_is_object(v))
        return FIELD_UNCOUNTED;
    Object *o = value_object(v);
    if (in_register && ref_is_uncounted_in_register(o))
        return FIELD_UNCOUNTED; // a deferred object dies with the world stopped
    return LIKELY(ref_try_retain_object(o)) ? FIELD_COUNTED : FIELD_LOST;
}

// The reference was one to some other object, whose last it may be by now: drops it at a safepoint,
// so that reading never runs a finaliser.
void field_give_back(Value v);

// One attempt to read a slot without the lock, by who has just loaded its word, v: a reference to
// it, unless that is FIELD_LOST. If the slot might not be in use any more, the caller has to look
// after that, and to undo with field_undo.
//
// A number or an object of the executable is not looked at twice, nor is an object that the
// caller's thread owns (count_is_own). Let the word be one that the structure held, in use, at some
// moment t after the reader began to look. Then:
//   - the object that lived there at t is the one that is there now: had its memory become
//     another's, and that one the reader's own, the reader would have allocated it since t, and it
//     has run nothing but this;
//   - so it was the reader's own at t already, since nobody becomes the owner of what has lived;
//   - so it lives still: only its owner may free it, or who merges the counts (gc/count_biased.h):
//     the reader itself, who borrows it while it is detached, or the collector with the world
//     stopped.
// What the reader has counted is thus a reference to what the slot held at t. An object that has no
// owner or another one may have been freed since t, and what lies there now be anything, immortal
// and deferred objects too: hence the second look for those. A word that was NOT in use since the
// reader began may also be that of an object which dies in this thread at this moment, its count 0;
// in_use, a constant: the caller knows that it was in use.
ALWAYS_INLINE FieldHold field_try_hold_loaded(const Value *slot, Value v, bool in_use,
                                              bool in_register) {
    if (!REGISTERS_ARE_COUNTED && in_register)
        return FIELD_UNCOUNTED; // it lives until the caller's next safepoint; nothing is written
    if (!value_may_be_counted(v))
        return FIELD_NUMBER;
    if (count_is_own(value_object(v))) {
        if (in_use)
            count_increment_own(value_object(v));
        else if (UNLIKELY(!count_try_increment_own(value_object(v))))
            return FIELD_LOST;
        return FIELD_OWN;
    }
    FieldHold hold = field_try_hold_other(v, in_register);
    // Where nothing is counted there is no count of another object to be afraid of.
    if (!HEAP_IS_TRACED && LIKELY(hold != FIELD_LOST) &&
        UNLIKELY(!compare_long_acquire(&slot->bits, v.bits))) {
        if (hold == FIELD_COUNTED)
            field_give_back(v);
        hold = FIELD_LOST;
    }
    return hold;
}
// The same, and loads the word.
ALWAYS_INLINE FieldHold field_try_load_as(const Value *slot, bool in_use, bool in_register,
                                          Value *v) {
    *v = field_raw(slot);
    return field_try_hold_loaded(slot, *v, in_use, in_register);
}
ALWAYS_INLINE FieldHold field_try_load(const Value *slot, bool in_register, Value *v) {
    return field_try_load_as(slot, false, in_register, v);
}
ALWAYS_INLINE void field_undo(FieldHold hold, Value v) {
    if (hold == FIELD_COUNTED || hold == FIELD_OWN)
        field_give_back(v);
}
// Whether the word needs no second look, if it is one that the structure has held since the reader
// began to look.
ALWAYS_INLINE bool field_is_sure(FieldHold hold) {
    return hold == FIELD_NUMBER || hold == FIELD_OWN;
}
// For who only wants to look at what a slot holds, before the next safepoint: as field_try_load,
// and the end of it. What a register would not count is not counted here either.
ALWAYS_INLINE FieldHold field_try_peek(const Value *slot, Value *v) {
    return field_try_load(slot, true, v);
}
ALWAYS_INLINE void field_peeked(FieldHold hold, Value v) {
    if (hold == FIELD_COUNTED || hold == FIELD_OWN)
        ref_release(v);
}

// The sequence lock described above. False: a writer is at work.
ALWAYS_INLINE bool field_read_begin(const Object *owner, const uint64_t *mutations,
                                    uint64_t *seen) {
    *seen = __atomic_load_n(mutations, __ATOMIC_ACQUIRE);
    return object_lock_is_free(owner);
}
ALWAYS_INLINE bool field_read_valid(const Object *owner, const uint64_t *mutations, uint64_t seen) {
    return object_lock_is_free(owner) && compare_long_acquire(mutations, seen);
}

ALWAYS_INLINE Value field_load_locked(const Object *owner, const Value *slot, bool in_register) {
    object_read_lock((Object *)owner);
    Value v = field_raw(slot);
    field_retain_locked(v, in_register);
    object_read_unlock((Object *)owner);
    return v;
}
// The two forms of that, not inline: after an attempt that failed.
Value field_load_contended(const Object *owner, const Value *slot);
Value field_load_contended_register(const Object *owner, const Value *slot);

// A slot's value as a new reference (or VALUE_NULL). Takes and drops the owner's read lock, or none
// at all.
ALWAYS_INLINE Value field_load(const Object *owner, const Value *slot) {
#if FIELD_READS_UNLOCKED
    Value v;
    return LIKELY(field_try_load_as(slot, true, false, &v) != FIELD_LOST)
               ? v
               : field_load_contended(owner, slot);
#else
    return field_load_locked(owner, slot, false);
#endif
}
// The same as a register keeps it.
ALWAYS_INLINE Value field_load_register(const Object *owner, const Value *slot) {
#if FIELD_READS_UNLOCKED
    Value v;
    return LIKELY(field_try_load_as(slot, true, true, &v) != FIELD_LOST)
               ? v
               : field_load_contended_register(owner, slot);
#else
    return field_load_locked(owner, slot, true);
#endif
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

// Stores v (consumed), and gives the old value, whose reference is the caller's. Takes the lock.
Value field_swap_contended(Object *owner, Value *slot, Value v); // the same, not inline
ALWAYS_INLINE Value field_swap(Object *owner, Value *slot, Value v) {
    if (UNLIKELY(!object_enter(owner)))
        return field_swap_contended(owner, slot, v);
    Value old = field_swap_locked(slot, v);
    object_leave(owner);
    return old;
}

// Stores v (consumed) and releases the old value. Takes the lock; may run Python code
// (a finaliser) after letting it go.
ALWAYS_INLINE void field_store(Object *owner, Value *slot, Value v) {
    ref_release(field_swap(owner, slot, v));
}

ALWAYS_INLINE void field_clear(Object *owner, Value *slot) {
    field_store(owner, slot, VALUE_NULL);
}

#endif
