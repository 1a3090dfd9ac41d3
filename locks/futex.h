// SPDX-License-Identifier: MIT
//
// The kernel's futex (Franke, Russell and Kirkwood 2002), for locks/ and for queues. Both calls
// change errno. A wake-up may reach a word whose owner is gone (an object or a thread that ended),
// and so every sleeper expects to be woken for no reason and looks again.
#ifndef LOCKSMITH_LOCKS_FUTEX_H
#define LOCKSMITH_LOCKS_FUTEX_H

#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Sleeps while *word == expected, until deadline_ns of the monotonic clock (< 0: for ever).
static inline void futex_wait(uint32_t *word, uint32_t expected, int64_t deadline_ns) {
    struct timespec ts, *limit = NULL;
    if (deadline_ns >= 0) {
        ts.tv_sec = deadline_ns / 1000000000;
        ts.tv_nsec = deadline_ns % 1000000000;
        limit = &ts;
    }
    syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, limit, NULL,
            FUTEX_BITSET_MATCH_ANY);
}

// Wakes one sleeper.
static inline void futex_wake(uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

#endif
