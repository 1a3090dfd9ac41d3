// SPDX-License-Identifier: MIT
//
// How long to look away from a lock that was found taken (Anderson, "The Performance of Spin Lock
// Alternatives for Shared-Memory Multiprocessors", 1990). A look takes the lock's cache line from
// the thread that works under it, which costs that thread more than most critical sections take.
// So who finds a lock taken looks away for a microsecond, then twice as long, and so on: the others
// pass the lock among themselves meanwhile, mostly from one section of a thread to its next one,
// and threads that all want one lock all the time take turns of some microseconds instead of
// fighting for every section.
//
// A turn begins with moving whatever the lock guards to another core, which takes about half a
// microsecond. Who has had to wait a moment ago is in such a fight and looks away for longer from
// the beginning, up to eight times as long, so that turns are long against that; who meets a lock
// taken now and then is not.
//
//     Backoff looks = {0};
//     while (it is taken)
//         if (!backoff(&looks)) { sleep; backoff_again(&looks); }
//     backoff_end(&looks);
#ifndef LOCKSMITH_LOCKS_BACKOFF_H
#define LOCKSMITH_LOCKS_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_FIRST 48     // pauses; one takes 40 to 140 cycles
#define BACKOFF_SLEEP 500    // after so many it is cheaper to sleep: 10 to 25 microseconds
#define BACKOFF_SERIES 50000 // cycles: waits that begin so soon after the last one are of one fight
#define BACKOFF_LEVELS 3

// The calling thread's last wait: when it ended, and how many there were in a row.
typedef struct {
    uint64_t end;
    int level;
} BackoffSelf;
extern _Thread_local BackoffSelf backoff_self __attribute__((tls_model("local-exec")));

typedef struct {
    int next, spent; // pauses; 0 before the first look
} Backoff;

static inline void backoff_again(Backoff *looks) {
    *looks = (Backoff){.next = BACKOFF_FIRST << backoff_self.level};
}

// False, at once: the caller has looked often enough and should sleep.
static inline bool backoff(Backoff *looks) {
    if (looks->next == 0) {
        BackoffSelf *self = &backoff_self;
        if (__builtin_ia32_rdtsc() - self->end > BACKOFF_SERIES)
            self->level = 0;
        else if (self->level < BACKOFF_LEVELS)
            self->level++;
        backoff_again(looks);
    }
    if (looks->spent >= BACKOFF_SLEEP)
        return false;
    for (int i = looks->next; i > 0; i--)
        __builtin_ia32_pause();
    looks->spent += looks->next;
    looks->next *= 2;
    return true;
}

// The caller has the lock.
static inline void backoff_end(const Backoff *looks) {
    if (looks->next)
        backoff_self.end = __builtin_ia32_rdtsc();
}

#endif
