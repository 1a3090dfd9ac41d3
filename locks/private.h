// SPDX-License-Identifier: MIT
//
// What only its owner has touched needs no lock (LOCKSMITH_PRIVATE=ON): biased locking, as in
// Kawachiya, Koseki and Onodera, "Lock Reservation" (OOPSLA 2002) and Russell and Detlefs,
// "Eliminating Synchronization-Related Atomic Operations with Biased Locking and Bulk Rebiasing"
// (OOPSLA 2006), made for the leaf rule of locks/object_lock.h, which leaves little of it.
//
// Every object has an owner, the thread that made it (a number in the header; 0: none, any more).
// An object is born private. While it is, its owner does in a section what others would do with the
// lock held: it says in a word of its own, `inside`, that it is in a section, then looks whether
// the object is (still) private, and if so goes on without any atomic instruction. A section is as
// long as a lock is held: it ends without anybody's help.
//
// Another thread that wants the lock, or to read under the sequence lock of gc/field.h, makes the
// object common first, for ever:
//   1. it sets OBJECT_FLAG_REVOKED in the header;
//   2. it has all threads pass a memory barrier (membarrier(2), a private expedited one), unless
//      the owner is detached and so in no section;
//   3. it waits until the owner is not inside;
//   4. it sets OBJECT_FLAG_COMMON. Who sees that flag needs none of this.
// The barrier makes this Dekker's algorithm with all the cost on one side (Dice, Huang and Yang,
// "Asymmetric Dekker Synchronization", 2001): the owner stores `inside` and loads the flags, the
// other stores the flag and loads `inside`; after the barrier either the owner has seen the flag
// or the other sees `inside`.
//
// Each step costs about a microsecond, so a thread whose objects are often wanted by others has
// its privacy taken for a while (PRIVATE_BUDGET, locks/private.c): then it locks its objects like
// anybody, and others need only set the flags. Which of the two it is never decides whether
// something is right: every object that another thread locks has the flags.
//
// Shared words, and what orders them:
//   Object.owner      set at birth; becomes 0 (biased counts) by who has the right to merge, who
//                     is in no section of it: release, and acquired by the slow path here
//   flags             set by anybody who has a reference, never cleared while the object lives
//   inside            written by its thread (release when a section ends), read by who revokes
//                     (acquire): so all sections of an object happen before what is done to it as
//                     a common one
//   number            written under registry_lock, by the thread itself or by who takes its
//   privacy,
//                     which then does steps 2 and 3
#ifndef LOCKSMITH_LOCKS_PRIVATE_H
#define LOCKSMITH_LOCKS_PRIVATE_H

#include "gc/header.h"
#include "vm/value.h"
#include <stdbool.h>

struct Thread;

#if LOCKSMITH_PRIVATE

// Registers the calling OS thread, which becomes `thread`, before it makes an object. The first
// call asks the kernel for its barriers; without them no object is ever private.
void private_thread_start(struct Thread *thread, uint32_t number);
// The calling thread makes and touches no object any more.
void private_thread_exit(void);
// In the child of a fork: a thread that is not there any more.
void private_thread_forget(struct Thread *thread);
void private_fork_prepare(void);
void private_fork_done(void);

// Makes o common. The caller is attached, has a reference to o, is not its owner and in no section.
void private_revoke(Object *o);
void private_resume(void);

// Now and then, in no section: a thread that lost its privacy may have it again.
ALWAYS_INLINE void private_poll(void) {
    if (__builtin_expect(
            __atomic_load_n(&private_self.number, __ATOMIC_RELAXED) != private_self.own, 0))
        private_resume();
}

// The two stores to `inside`: relaxed; and release. And its thread's own load. (An atomic access to
// a thread's variable computes its address first, with GCC 12; these are one instruction each.)
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
ALWAYS_INLINE void private_begin_section(void) {
    *(volatile uint32_t *)&private_self.inside = 1;
    __asm__ volatile("" ::: "memory"); // the other half of it is the revoker's membarrier
}
ALWAYS_INLINE void private_end_section(void) {
    __asm__ volatile("" ::: "memory");
    *(volatile uint32_t *)&private_self.inside = 0;
}
ALWAYS_INLINE bool private_is_inside(void) {
    return *(volatile uint32_t *)&private_self.inside;
}
#else
ALWAYS_INLINE void private_begin_section(void) {
    __atomic_store_n(&private_self.inside, 1, __ATOMIC_RELAXED);
    __asm__ volatile("" ::: "memory"); // as above
}
ALWAYS_INLINE void private_end_section(void) {
    __atomic_store_n(&private_self.inside, 0, __ATOMIC_RELEASE);
}
ALWAYS_INLINE bool private_is_inside(void) {
    return __atomic_load_n(&private_self.inside, __ATOMIC_RELAXED);
}
#endif

// The caller has begun a section.
ALWAYS_INLINE bool private_is_mine(const Object *o) {
    return compare_relaxed(&o->owner, __atomic_load_n(&private_self.number, __ATOMIC_RELAXED)) &&
           !header_has_any(o, OBJECT_FLAG_REVOKED | OBJECT_FLAG_COMMON);
}
ALWAYS_INLINE bool private_is_own(const Object *o) {
    return compare_relaxed(&o->owner, private_self.own);
}
// The caller is about to take o's lock.
ALWAYS_INLINE void private_give_up(Object *o) {
    if (!header_has_any(o, OBJECT_FLAG_COMMON) && !private_is_own(o))
        private_revoke(o);
}
// The owner's side of the handshake. True: the caller is in a section on o (and b), which it leaves
// with private_leave. False: it needs the lock, and may take it.
ALWAYS_INLINE bool private_enter_two(Object *a, Object *b) {
    private_begin_section();
    if (__builtin_expect(private_is_mine(a), 1) && (a == b || private_is_mine(b)))
        return true;
    private_end_section();
    private_give_up(a);
    if (a != b)
        private_give_up(b);
    return false;
}
ALWAYS_INLINE bool private_enter(Object *o) {
    return private_enter_two(o, o);
}
// For paths where every instruction counts. True: the caller is in a section on o, which it leaves
// with private_exit; False: it is in none, and o is as it was.
ALWAYS_INLINE bool private_try_enter(Object *o) {
    private_begin_section();
    if (__builtin_expect(private_is_mine(o), 1))
        return true;
    private_end_section();
    return false;
}
// The same if also the shape id is that in the upper 24 bits of `shape`, whose bits 6 and 7 are 0.
// Within the section it stays what it is.
ALWAYS_INLINE bool private_try_enter_shape(Object *o, uint32_t shape) {
    private_begin_section();
    uint32_t word = __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
    if (__builtin_expect(
            ((word ^ shape) &
             (SHAPE_ID_MAX << SHAPE_SHIFT | OBJECT_FLAG_REVOKED | OBJECT_FLAG_COMMON)) == 0 &&
                compare_relaxed(&o->owner, __atomic_load_n(&private_self.number, __ATOMIC_RELAXED)),
            1))
        return true;
    private_end_section();
    return false;
}
ALWAYS_INLINE void private_exit(void) {
    private_end_section();
}
// True: the caller was in a section, and has left it. False: it holds a lock.
ALWAYS_INLINE bool private_leave(void) {
    if (!private_is_inside())
        return false;
    private_end_section();
    return true;
}
// What readers without a lock must know: nobody changes o in a section, or only the caller does.
ALWAYS_INLINE bool private_allows_reading(const Object *o, uint32_t flags) {
    return __builtin_expect(flags & OBJECT_FLAG_COMMON, 1) || private_is_own(o);
}

#else

ALWAYS_INLINE void private_thread_start(struct Thread *thread, uint32_t number) {}
ALWAYS_INLINE void private_thread_exit(void) {}
ALWAYS_INLINE void private_thread_forget(struct Thread *thread) {}
ALWAYS_INLINE void private_fork_prepare(void) {}
ALWAYS_INLINE void private_fork_done(void) {}
ALWAYS_INLINE void private_poll(void) {}
ALWAYS_INLINE bool private_enter_two(Object *a, Object *b) {
    return false;
}
ALWAYS_INLINE bool private_enter(Object *o) {
    return false;
}
ALWAYS_INLINE void private_exit(void) {}
ALWAYS_INLINE bool private_leave(void) {
    return false;
}
ALWAYS_INLINE bool private_allows_reading(const Object *o, uint32_t flags) {
    return true;
}

#endif
#endif
