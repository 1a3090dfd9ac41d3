// SPDX-License-Identifier: MIT
//
// Counting policy `biased` (Choi, Shull and Torrellas, PACT 2018; the states are PEP 703's).
// The thread that made an object owns it and counts its references without atomic instructions;
// all other threads count theirs in a second word, atomically. Included by gc/ref.h alone; the
// slow paths are in gc/biased.c, the model of the transitions in gc/biased.pml.
//
// The references are count + (shared >> 2). The second term may be negative, as a reference that
// the owner counted may be dropped by another thread.
//
//   state of `shared`  who counts where                                what may happen
//   0 (default)        owner: count, others: shared                    shared is 0: the owner frees
//                                                                      without an atomic
//                                                                      instruction
//   WEAK               the same, and stale readers may count up        the owner has to merge first
//   QUEUED             the same; one reference belongs to a queue      the owner will merge
//   MERGED             all: shared; owner and count are 0, for ever    who brings it to 0 frees
//
// Transitions:
//   default, WEAK -> QUEUED  a thread that is not the owner drops a reference when the others'
//                            count is 0: it keeps that reference for the queue (biased.c)
//   any but MERGED -> MERGED the owner's count reaches 0 and `shared` is not 0; or who has the
//                            right to merge a queued object; or the collector, with the world
//                            stopped, of what another thread owns and it will end
//   default -> WEAK          ref_mark_shared
// Who may write `count` and `owner`: the owner while it is attached; another thread that has
// borrowed the detached owner (thread_borrow); when the owner has ended, who queues (there is
// one such transition in an object's life) or takes over what was queued; the collector with the
// world stopped. An owner that looks at its own object therefore needs no ordering, and a thread
// that finds its number in `owner` is the owner.
//
// Immortal and deferred objects have no owner. `count` says what they are and stays as it is;
// `shared` of a deferred object holds its number in the tables where each thread counts its
// references to it (gc/spread.h), above a bias that makes it look like no small count. An object
// that threads fight for becomes deferred while it lives (gc/promote.h), with the world stopped.
//
// The others' count has 29 bits. From SHARED_LIMIT on it sticks: the object leaks, which is sound.
//
// Orders: every update of `shared` that drops a reference releases, the one that finds the object
// dead acquires; the owner's look at `shared` before it frees acquires.
#ifndef LOCKSMITH_GC_COUNT_BIASED_H
#define LOCKSMITH_GC_COUNT_BIASED_H

#define SHARED_DEFERRED (1 << 26) // the bias of deferred objects' numbers
#define SHARED_LIMIT (1 << 28)    // the same: counts from here on stick

// gc/biased.c
void biased_increment(Object *o);       // by others than the owner
void biased_release(Object *o);         // the same
void biased_release_last(Object *o);    // by the owner, whose count is 0
bool biased_decrement(Object *o);       // the same; true: dead
bool biased_merge_zero(Object *o);      // by the owner, whose count is 0; true: dead
void biased_add(Object *o, uint32_t n); // by others than the owner
bool biased_try_increment(Object *o);   // the same
void biased_mark_shared(Object *o);
int64_t biased_deferred_count(const Object *o);
void biased_defer(Object *o);
// The same while other threads know o, of whose references in_registers are registers'. World
// stopped.
void biased_promote(Object *o, int64_t in_registers);
void biased_undefer(Object *o);
void biased_disown(Object *o); // world stopped
void biased_revive(Object *o);

// What says whether the object is immortal or deferred; otherwise without meaning.
ALWAYS_INLINE uint32_t count_range(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_RELAXED);
}
ALWAYS_INLINE bool count_is_own(const Object *o) {
    return LIKELY(compare_relaxed(&o->owner, count_self));
}
// The owner's count, one more or one less (true: it is 0 now): a load and a store, both relaxed,
// which the compiler does not make the one instruction that they are. No other thread writes it.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
ALWAYS_INLINE void count_one_more(Object *o) {
    __asm__("incl %0" : "+m"(o->count) : : "cc");
}
ALWAYS_INLINE bool count_one_less(Object *o) {
    bool zero;
    __asm__("decl %0" : "+m"(o->count), "=@ccz"(zero));
    return zero;
}
#else
ALWAYS_INLINE void count_one_more(Object *o) {
    __atomic_store_n(&o->count, count_range(o) + 1, __ATOMIC_RELAXED);
}
ALWAYS_INLINE bool count_one_less(Object *o) {
    uint32_t count = count_range(o) - 1;
    __atomic_store_n(&o->count, count, __ATOMIC_RELAXED);
    return count == 0;
}
#endif
ALWAYS_INLINE void count_increment_own(Object *o) {
    count_one_more(o);
}
ALWAYS_INLINE bool count_decrement_own(Object *o) {
    if (LIKELY(!count_one_less(o)))
        return false;
    return LIKELY(compare_acquire((const uint32_t *)&o->shared, 0)) || biased_merge_zero(o);
}
ALWAYS_INLINE void count_increment_other(Object *o) {
    biased_increment(o);
}
ALWAYS_INLINE void count_release_own(Object *o) {
    if (UNLIKELY(count_one_less(o)))
        biased_release_last(o);
}
ALWAYS_INLINE void count_release_other(Object *o) {
    biased_release(o);
}

// Exact only if no other thread counts at the moment.
ALWAYS_INLINE uint32_t count_read(const Object *o) {
    uint32_t count = count_range(o);
    if (count >= COUNT_IMMORTAL)
        return count;
    if (count >= COUNT_DEFERRED)
        return count + (uint32_t)biased_deferred_count(o);
    return count + (uint32_t)(__atomic_load_n(&o->shared, __ATOMIC_RELAXED) >> 2);
}
ALWAYS_INLINE bool count_is_gone(const Object *o) {
    return count_read(o) == 0;
}
ALWAYS_INLINE void count_increment(Object *o) {
    if (count_is_own(o))
        count_increment_own(o);
    else
        biased_increment(o);
}
ALWAYS_INLINE bool count_decrement(Object *o) {
    return count_is_own(o) ? count_decrement_own(o) : biased_decrement(o);
}
ALWAYS_INLINE void count_add(Object *o, uint32_t n) {
    if (count_is_own(o))
        __atomic_store_n(&o->count, count_range(o) + n, __ATOMIC_RELAXED);
    else
        biased_add(o, n);
}
// False also where it cannot be told: the one reference is counted by an owner that is not the
// caller. Acquire: what the last other holder did to the object before letting go is seen.
ALWAYS_INLINE bool count_is_one(const Object *o) {
    int32_t shared = __atomic_load_n(&o->shared, __ATOMIC_ACQUIRE);
    return count_is_own(o) ? shared == 0 && count_range(o) == 1
                           : shared == (SHARED_ONE | SHARED_MERGED);
}
ALWAYS_INLINE bool count_is_exactly(const Object *o, uint32_t n) {
    return count_is_own(o) && count_range(o) == n &&
           compare_acquire((const uint32_t *)&o->shared, 0);
}
ALWAYS_INLINE bool count_try_increment_own(Object *o) {
    if (UNLIKELY(count_range(o) == 0))
        return false; // dying in this thread
    count_one_more(o);
    return true;
}
ALWAYS_INLINE bool count_try_increment_other(Object *o) {
    return biased_try_increment(o);
}
ALWAYS_INLINE bool count_try_increment(Object *o) {
    return count_is_own(o) ? count_try_increment_own(o) : count_try_increment_other(o);
}
ALWAYS_INLINE void count_mark_shared(Object *o) {
    if ((__atomic_load_n(&o->shared, __ATOMIC_RELAXED) & SHARED_STATE) == 0)
        biased_mark_shared(o);
}
ALWAYS_INLINE void count_make_immortal(Object *o) {
    // A deferred object keeps its number: another thread may be about to count there.
    if (count_range(o) < COUNT_DEFERRED)
        __atomic_store_n(&o->shared, SHARED_MERGED, __ATOMIC_RELAXED);
    __atomic_store_n((uint64_t *)(void *)&o->count, COUNT_IMMORTAL_START, __ATOMIC_RELAXED);
}
ALWAYS_INLINE void count_make_deferred(Object *o) {
    biased_defer(o);
}
ALWAYS_INLINE void count_make_ordinary(Object *o) {
    biased_undefer(o);
}
ALWAYS_INLINE void count_revive(Object *o) {
    biased_revive(o);
}

#endif
