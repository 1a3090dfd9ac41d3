// SPDX-License-Identifier: MIT
//
// The header that every object begins with, and the bits of its words.
//
//   count       references; written by every thread that holds one, ordered by the counting
//               policy (gc/ref.h)
//   shape_lock  low byte: lock and flag bits; upper 24 bits: shape id
//   type        set at birth; changed only by an assignment to __class__, under the object's
//               lock, between types of one layout
//   lock_word   only where the mutex in objects (LOCKSMITH_MUTEX) needs more than two bits: the
//               mutex's own (locks/object_lock_*.h); 0 when the object is born
//   owner       only with biased counts or LOCKSMITH_PRIVATE=ON: the number of the thread that
//               made the object (gc/count_biased.h, locks/private.h); 0: nobody's
//
// With LOCKSMITH_REFCOUNT=biased the references are counted in two words (gc/count_biased.h):
//   count, owner  the references that the owner thread counts, and its number; read together
//               as one 64-bit word; written by the owner while it is attached, or by who has
//               the right to merge
//   shared      the references that all others count, and two bits of state; atomic
//
// A free slot of the block heap has a count of 0 (count_is_zero) and keeps its free-list link
// in `type` (gc/heap.c), so that a stale reader that tries to count it up always fails.
//
// count, read as unsigned:
//   0x00000000..0x7fffffff  an ordinary count
//   0x80000000..0xbfffffff  deferred: the low 30 bits count fields and locals, registers are
//                           not counted; the cycle collector frees it
//   0xc0000000..0xffffffff  immortal: never counted, never freed
// With LOCKSMITH_REFCOUNT=deferred the three low bits are flags and the references begin above them
// (gc/count_deferred.h); the ranges are the same.
// An ordinary count that ever reached 2^31 would turn into one of the other ranges and the
// object would leak, which is sound (there is no room for so many references in 16 GiB).
#ifndef LOCKSMITH_GC_HEADER_H
#define LOCKSMITH_GC_HEADER_H

#include "gc/compare.h"
#include <stdint.h>

struct Type;

// A constant: 1 where nothing is counted and the collector alone finds what is dead, so that it has
// to know every reference there is (gc/roots.h).
#if LOCKSMITH_REFCOUNT_TRACING
#define HEAP_IS_TRACED 1
#else
#define HEAP_IS_TRACED 0
#endif

#if LOCKSMITH_REFCOUNT_BIASED
typedef struct Object {
    uint32_t count;
    uint32_t owner;
    uint32_t shape_lock;
    int32_t shared;
    struct Type *type;
} Object;
_Static_assert(sizeof(Object) == 24, "no strategy has a larger header");
#else
typedef struct Object {
    uint32_t count;
    uint32_t shape_lock;
    struct Type *type;
#if LOCKSMITH_LOCK_WORD
    uint64_t lock_word;
#elif LOCKSMITH_PRIVATE
    uint32_t owner;
    uint32_t unused;
#endif
} Object;
#if LOCKSMITH_LOCK_WORD || LOCKSMITH_PRIVATE
_Static_assert(sizeof(Object) == 24, "no header is larger than 24 bytes");
#else
_Static_assert(sizeof(Object) == 16, "the gil header is 16 bytes");
#endif
#endif

#define COUNT_DEFERRED 0x80000000u
#define COUNT_IMMORTAL 0xc0000000u
// Where immortal and deferred objects start: in the middle of their range, so that a stray
// update by a path that does not look first never leaves it.
#define COUNT_IMMORTAL_START 0xe0000000u

// One reference.
#if LOCKSMITH_REFCOUNT_DEFERRED
#define COUNT_ONE 8u
#else
#define COUNT_ONE 1u
#endif

// The count that statically allocated objects (types, None) are born with.
#if LOCKSMITH_IMMORTAL
#define COUNT_STATIC COUNT_IMMORTAL_START
#else
#define COUNT_STATIC COUNT_ONE
#endif

// The two low bits of Object.shared: the state of the counts, as in PEP 703. The rest, signed,
// is the count.
#define SHARED_WEAK 1   // other threads may try to count up what they have no reference to
#define SHARED_QUEUED 2 // to be merged by the owner, whose queue holds a reference
#define SHARED_MERGED 3 // there is no owner: all references are counted here
#define SHARED_STATE 3
#define SHARED_ONE 4 // one reference

// An initialiser for the header of a static object: immortal, or with one reference.
#if LOCKSMITH_REFCOUNT_BIASED && LOCKSMITH_IMMORTAL
#define OBJECT_STATIC(type)                                                                        \
    { COUNT_STATIC, 0, 0, SHARED_MERGED, type }
#elif LOCKSMITH_REFCOUNT_BIASED
#define OBJECT_STATIC(type) OBJECT_WITH_ONE(type)
#else
#define OBJECT_STATIC(type)                                                                        \
    { COUNT_STATIC, 0, type }
#endif
// The same for an ordinary object with one reference, for which every thread is alike (tests).
#if LOCKSMITH_REFCOUNT_BIASED
#define OBJECT_WITH_ONE(type)                                                                      \
    { 0, 0, 0, SHARED_ONE | SHARED_MERGED, type }
#else
#define OBJECT_WITH_ONE(type)                                                                      \
    { COUNT_ONE, 0, type }
#endif

// Bits of the low byte of shape_lock. The two lock bits belong to locks/object_lock.h. The
// flags are only ever set (never cleared) while the object lives, by object_set_flag.
#define LOCK_BIT_LOCKED 0x01u
#define LOCK_BIT_PARKED 0x02u
#define LOCK_BITS (LOCK_BIT_LOCKED | LOCK_BIT_PARKED)
// Has (had) weak references: gc/weak.h must be told of its death. With atomic counts also: may be
// found by who has no reference to it (ref_mark_shared).
#define OBJECT_FLAG_WEAK 0x04u
#define OBJECT_FLAG_FINALIZED 0x08u // its finaliser has run and will not run again
// gc.freeze(): not collected. The exception: set and cleared by the collector, world stopped.
#define OBJECT_FLAG_FROZEN 0x10u
#define OBJECT_FLAG_OLD 0x20u // has survived a collection; set by the collector, world stopped
// locks/private.h: no private section on it begins any more; and none is under way.
#define OBJECT_FLAG_REVOKED 0x40u
#define OBJECT_FLAG_COMMON 0x80u

// Where reads take no lock (LOCKSMITH_READS=optimistic), the order of the accesses themselves is
// what readers rely on; elsewhere the lock orders them. Loads and stores of shared words take these
// orders.
#if LOCKSMITH_READS_OPTIMISTIC
#define SHARED_LOAD __ATOMIC_ACQUIRE
#define SHARED_STORE __ATOMIC_RELEASE
#else
#define SHARED_LOAD __ATOMIC_RELAXED
#define SHARED_STORE __ATOMIC_RELAXED
#endif

// A constant: the bytes that make an object of `size` fill whole lines of the cache. For types
// whose objects threads lock all the time although each thread uses its own (the dict of a module's
// globals): two of them made one after the other would lie in one line, and each lock taken in one
// would take the line from who uses the other. The heap's slots begin at a line (gc/heap_inline.h),
// so an object of whole lines shares none. 0 where objects have no locks.
#define CACHE_LINE 64u
#if LOCKSMITH_LOCKING_GIL
#define OBJECT_LINE_FILL(size) 0
#else
#define OBJECT_LINE_FILL(size) (-(size) & (CACHE_LINE - 1))
#endif

#if LOCKSMITH_PRIVATE
// What a thread says of itself (locks/private.h).
#define PRIVATE_NOBODY 0xfffffffeu // no thread's number
typedef struct PrivateThread {
    uint32_t number;  // of the owner whose objects the thread uses without their lock, or nobody's
    uint32_t inside;  // 1 while it does
    uint32_t own;     // the thread's number, 0 before it starts and after it ends
    uint32_t revoked; // objects taken from it in the window; this and the rest: registry's lock
    uint64_t window_end; // nanoseconds
    uint64_t rest_end;   // no privacy until then
    struct Thread *thread;
    struct PrivateThread *next;
} PrivateThread;
extern _Thread_local PrivateThread private_self __attribute__((tls_model("local-exec")));
#endif

#define SHAPE_SHIFT 8
#define SHAPE_ID_MAX 0xffffffu // no shape's: an instance whose dict field is or was in use

// The word that the shape's id is in, read in the order that SHARED_LOAD names.
static inline uint32_t header_shape_word(const Object *o) {
#if LOCKSMITH_READS_OPTIMISTIC
    return compare_load_acquire(&o->shape_lock);
#else
    return __atomic_load_n(&o->shape_lock, __ATOMIC_RELAXED);
#endif
}
static inline uint32_t object_shape_id(const Object *o) {
    return header_shape_word(o) >> SHAPE_SHIFT;
}

// Any of these bits of the low byte of shape_lock.
static inline bool header_has_any(const Object *o, uint8_t flags) {
    return compare_bits_relaxed((const uint8_t *)&o->shape_lock, flags);
}

// ---- what the heap does to headers ----------------------------------------------------------
// header_is_own(o): the calling thread has certainly made o. False: perhaps not.

#if LOCKSMITH_REFCOUNT_BIASED

// The calling thread's number as an owner (gc/biased.c). A thread that has none owns nothing.
extern _Thread_local uint32_t count_self __attribute__((tls_model("local-exec")));
// `count` and `owner` of an object that it has just made: one reference, its own.
extern _Thread_local uint64_t count_newborn __attribute__((tls_model("local-exec")));

static inline _Bool header_is_own(const Object *o) {
    return compare_relaxed(&o->owner, count_self);
}
// A free slot (or a dying object): nobody has a reference.
static inline _Bool count_is_zero(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_RELAXED) == 0 &&
           __atomic_load_n(&o->shared, __ATOMIC_RELAXED) >> 2 == 0;
}
// Makes it a free slot, whatever it was: `type` is the caller's to set.
static inline void header_make_free(Object *o) {
    __atomic_store_n((uint64_t *)(void *)&o->count, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&o->shared, 0, __ATOMIC_RELAXED);
}
// An object whose last reference is gone becomes a free slot. `shared` is 0 or SHARED_MERGED,
// and either makes a stale reader's attempt to count up fail.
static inline void header_end(Object *o) {
    __atomic_store_n((uint64_t *)(void *)&o->count, 0, __ATOMIC_RELAXED);
}
// A free slot becomes an object with one reference, which is the caller's. `shared` stays what
// a stale reader fails on until somebody who has a reference changes it.
static inline void header_begin(Object *o, struct Type *type, uint32_t shape_id) {
    __atomic_store_n(&o->type, type, __ATOMIC_RELAXED);
    __atomic_store_n((uint64_t *)(void *)&o->shape_lock, (uint64_t)shape_id << SHAPE_SHIFT,
                     __ATOMIC_RELAXED); // and shared = 0
    __atomic_store_n((uint64_t *)(void *)&o->count, count_newborn, SHARED_STORE);
}

#else

static inline _Bool header_is_own(const Object *o) {
#if LOCKSMITH_PRIVATE
    return compare_relaxed(&o->owner, private_self.own);
#else
    (void)o;
    return 0;
#endif
}
static inline _Bool count_is_zero(const Object *o) {
    return __atomic_load_n(&o->count, __ATOMIC_RELAXED) == 0;
}
static inline void header_make_free(Object *o) {
    o->count = 0;
}
static inline void header_end(Object *o) {
    __atomic_store_n(&o->count, 0, __ATOMIC_RELAXED);
}
static inline void header_begin(Object *o, struct Type *type, uint32_t shape_id) {
    __atomic_store_n(&o->type, type, __ATOMIC_RELAXED);
    // count and shape_lock in one store
#if LOCKSMITH_LOCK_WORD
    __atomic_store_n(&o->lock_word, 0, __ATOMIC_RELAXED);
#elif LOCKSMITH_PRIVATE
    __atomic_store_n(&o->owner, private_self.own, __ATOMIC_RELAXED);
#endif
    __atomic_store_n((uint64_t *)(void *)o, (uint64_t)shape_id << (32 + SHAPE_SHIFT) | COUNT_ONE,
                     SHARED_STORE);
}

#endif

#endif
