// SPDX-License-Identifier: MIT
//
// Mutex `mcs`: a queue of waiters, each watching a word of its own, so that a hand-over disturbs
// one waiter's cache and not all (Mellor-Crummey and Scott 1991, section 2.3). First come, first
// served. A waiter spins for a little while and then sleeps on its word (spin-then-block);
// the one that hands over sees from the word whether there is somebody to wake. As with every FIFO
// lock the next in line gets it, running or not: with more threads than cores each hand-over may
// cost a change of context.
//
// A thread has two nodes, since no more than two locks are held at a time (object_lock_two); a
// node is found again by the lock that it queues for.
//
// In an object it is the header's lock_word: builds with this mutex have headers of 24 bytes.
#ifndef LOCKSMITH_LOCKS_OBJECT_LOCK_MCS_H
#define LOCKSMITH_LOCKS_OBJECT_LOCK_MCS_H

#include "gc/header.h"
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct McsNode {
    struct McsNode *next; // who comes after: NULL by the owner, then written by that one (release)
    uint32_t state;       // MCS_*; atomic. WAITING, SLEEPING by the owner, GRANTED by who is before
    struct McsLock *lock; // which lock the node queues for or holds; NULL: unused. Own thread only
} McsNode;
enum { MCS_WAITING, MCS_GRANTED, MCS_SLEEPING };

typedef struct McsLock {
    McsNode *tail; // the last in the queue, whose first is the holder; NULL: free. Atomic
} McsLock;

typedef struct {
    _Alignas(64) McsNode node; // alone in its cache line: that is the point of the algorithm
} McsOwnNode;
extern _Thread_local McsOwnNode mcs_nodes[2] __attribute__((tls_model("local-exec")));

void mcs_lock_slow(McsNode *node, McsNode *before);
void mcs_unlock_slow(McsNode *node);

static inline McsNode *mcs_node_prepare(McsLock *lock) {
    McsNode *node = &mcs_nodes[mcs_nodes[0].node.lock != NULL].node;
    assert(node->lock == NULL);
    node->lock = lock;
    __atomic_store_n(&node->next, NULL, __ATOMIC_RELAXED);
    __atomic_store_n(&node->state, MCS_WAITING, __ATOMIC_RELAXED);
    return node;
}

static inline void mcs_lock(McsLock *lock) {
    McsNode *node = mcs_node_prepare(lock);
    // Acquires what the last holder did; releases the node's first contents to who comes next.
    McsNode *before = __atomic_exchange_n(&lock->tail, node, __ATOMIC_ACQ_REL);
    if (__builtin_expect(before != NULL, 0))
        mcs_lock_slow(node, before);
}

static inline bool mcs_try_lock(McsLock *lock) {
    McsNode *free = NULL;
    if (__atomic_load_n(&lock->tail, __ATOMIC_RELAXED) != NULL)
        return false;
    McsNode *node = mcs_node_prepare(lock);
    if (__atomic_compare_exchange_n(&lock->tail, &free, node, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_RELAXED))
        return true;
    node->lock = NULL;
    return false;
}

static inline void mcs_unlock(McsLock *lock) {
    McsNode *node = &mcs_nodes[mcs_nodes[0].node.lock != lock].node;
    assert(node->lock == lock);
    McsNode *last = node;
    if (__builtin_expect(__atomic_load_n(&node->next, __ATOMIC_RELAXED) != NULL ||
                             !__atomic_compare_exchange_n(&lock->tail, &last, NULL, false,
                                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED),
                         0))
        mcs_unlock_slow(node);
    node->lock = NULL;
}

#if LOCKSMITH_MUTEX_MCS
typedef McsLock ObjectMutex;
static inline ObjectMutex *object_mutex(Object *o) {
    return (McsLock *)&o->lock_word;
}
static inline void object_mutex_lock(ObjectMutex *lock) {
    mcs_lock(lock);
}
static inline bool object_mutex_try_lock(ObjectMutex *lock) {
    return mcs_try_lock(lock);
}
static inline void object_mutex_unlock(ObjectMutex *lock) {
    mcs_unlock(lock);
}
#endif

#endif
