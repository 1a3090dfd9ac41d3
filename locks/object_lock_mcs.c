// SPDX-License-Identifier: MIT
//
// Mutex `mcs`: joining the queue and handing over.
//
// No wake-up is lost: a waiter sleeps only after it has changed its state from WAITING to
// SLEEPING, and who hands over changes the state to GRANTED and wakes if it was SLEEPING.
#include "locks/object_lock_mcs.h"
#include "locks/futex.h"
#include <errno.h>
#include <sched.h>

#define SPINS 200

_Thread_local McsOwnNode mcs_nodes[2] __attribute__((tls_model("local-exec")));

void mcs_lock_slow(McsNode *node, McsNode *before) {
    __atomic_store_n(&before->next, node, __ATOMIC_RELEASE);
    for (int spins = 0; spins < SPINS; spins++) {
        if (__atomic_load_n(&node->state, __ATOMIC_ACQUIRE) == MCS_GRANTED)
            return;
        __builtin_ia32_pause();
    }
    uint32_t state = MCS_WAITING;
    if (!__atomic_compare_exchange_n(&node->state, &state, MCS_SLEEPING, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_ACQUIRE))
        return;
    int saved_errno = errno;
    while (__atomic_load_n(&node->state, __ATOMIC_ACQUIRE) != MCS_GRANTED)
        futex_wait(&node->state, MCS_SLEEPING, -1);
    errno = saved_errno;
}

// Somebody is behind: in `next`, or about to write itself there (it has changed the tail).
void mcs_unlock_slow(McsNode *node) {
    McsNode *next;
    for (int spins = 0; !(next = __atomic_load_n(&node->next, __ATOMIC_ACQUIRE)); spins++) {
        if (spins < SPINS)
            __builtin_ia32_pause();
        else
            sched_yield(); // it lost its core between two instructions
    }
    if (__atomic_exchange_n(&next->state, MCS_GRANTED, __ATOMIC_RELEASE) == MCS_SLEEPING) {
        // By now the node may wait for another lock, or its thread may be gone: see locks/futex.h.
        int saved_errno = errno;
        futex_wake(&next->state);
        errno = saved_errno;
    }
}
