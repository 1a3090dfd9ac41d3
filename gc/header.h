// SPDX-License-Identifier: MIT
//
// The header that every object begins with, and the bits of its words.
//
//   offset 0  count       references; written by every thread that holds one, ordered by
//                         the counting policy (gc/ref.h)
//   offset 4  shape_lock  low byte: lock and flag bits; upper 24 bits: shape id
//   offset 8  type        set at birth; changed only by an assignment to __class__, under
//                         the object's lock, between types of one layout
//
// A free slot of the block heap has count 0 and keeps its free-list link in `type`
// (gc/heap.c), so that a stale reader that tries to count it up always meets a count of 0.
//
// count, read as unsigned:
//   0x00000000..0x7fffffff  an ordinary count
//   0x80000000..0xbfffffff  deferred: the low 30 bits count fields and locals, registers are
//                           not counted; the cycle collector frees it
//   0xc0000000..0xffffffff  immortal: never counted, never freed
// An ordinary count that ever reached 2^31 would turn into one of the other ranges and the
// object would leak, which is sound (there is no room for so many references in 16 GiB).
#ifndef LOCKSMITH_GC_HEADER_H
#define LOCKSMITH_GC_HEADER_H

#include <stdint.h>

struct Type;

typedef struct Object {
    uint32_t count;
    uint32_t shape_lock;
    struct Type *type;
} Object;

_Static_assert(sizeof(Object) == 16, "the gil header is 16 bytes");

#define COUNT_DEFERRED 0x80000000u
#define COUNT_IMMORTAL 0xc0000000u
// Where immortal and deferred objects start: in the middle of their range, so that a stray
// update by a path that does not look first never leaves it.
#define COUNT_IMMORTAL_START 0xe0000000u

// The count that statically allocated objects (types, None) are born with.
#if LOCKSMITH_IMMORTAL
#define COUNT_STATIC COUNT_IMMORTAL_START
#else
#define COUNT_STATIC 1u
#endif

// Bits of the low byte of shape_lock. The two lock bits belong to locks/object_lock.h. The
// flags are only ever set (never cleared) while the object lives, by object_set_flag.
#define LOCK_BIT_LOCKED 0x01u
#define LOCK_BIT_PARKED 0x02u
#define OBJECT_FLAG_WEAK 0x04u // has (had) weak references: gc/weak.h must be told of its death
#define OBJECT_FLAG_FINALIZED 0x08u // its finaliser has run and will not run again
// gc.freeze(): not collected. The exception: set and cleared by the collector, world stopped.
#define OBJECT_FLAG_FROZEN 0x10u
#define OBJECT_FLAG_OLD 0x20u // has survived a collection; set by the collector, world stopped
#define OBJECT_FLAG_MASK 0xfcu

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

#define SHAPE_SHIFT 8
#define SHAPE_ID_MAX 0xffffffu

static inline uint32_t object_shape_id(const Object *o) {
    return __atomic_load_n(&o->shape_lock, SHARED_LOAD) >> SHAPE_SHIFT;
}

#endif
