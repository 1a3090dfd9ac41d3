// SPDX-License-Identifier: MIT
//
// Mutex `ticket`: waiting for one's turn.
#include "locks/object_lock_ticket.h"
#include <sched.h>

#define PAUSES 30 // for each thread in front: about a short critical section
#define LOOKS 16  // before the core is given away

void ticket_lock_slow(TicketLock *lock, uint32_t ticket) {
    for (unsigned looks = 0;; looks++) {
        uint32_t before = ticket - __atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE);
        if (before == 0)
            return;
        if (looks >= LOOKS) {
            sched_yield();
            continue;
        }
        for (uint32_t i = before * PAUSES; i > 0; i--)
            __builtin_ia32_pause();
    }
}
