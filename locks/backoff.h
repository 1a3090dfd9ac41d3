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
// microsecond. Who has had to wait a moment ago, compared with how long that took, is in such a
// fight. It looks away at once, even if the lock has been let go meanwhile (it has been let go
// after each section, to be taken again), and for longer, up to eight times as long, so that turns
// are long against what they begin with. Who meets a lock taken now and then does not.
//
//     Backoff looks = backoff_begin(at_once);
//     while (it is taken)
//         if (!backoff(&looks)) { sleep; backoff_again(&looks); }
//     backoff_end(&looks);
#ifndef LOCKSMITH_LOCKS_BACKOFF_H
#define LOCKSMITH_LOCKS_BACKOFF_H

#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_FIRST 48  // pauses; one takes 40 to 140 cycles
#define BACKOFF_SLEEP 500 // after so many it is cheaper to sleep: 10 to 25 microseconds
#define BACKOFF_LEVELS 3
// How soon after a wait the next one begins if both are of one fight, in cycles: twice as long as
// the wait took, and what moving the data takes.
#define BACKOFF_MOVE 4000
#define BACKOFF_WINDOW_MAX 200000

// The calling thread's last wait, and how many there were in a row.
typedef struct {
    uint64_t end, window; // cycles
    int level;
} BackoffSelf;
extern _Thread_local BackoffSelf backoff_self __attribute__((tls_model("local-exec")));

typedef struct {
    uint64_t begin;  // cycles
    int next, spent; // pauses
} Backoff;

static inline void backoff_again(Backoff *looks) {
    *looks = (Backoff){__builtin_ia32_rdtsc(), .next = BACKOFF_FIRST << backoff_self.level};
}

// False, at once: the caller has looked often enough and should sleep.
static inline bool backoff(Backoff *looks) {
    if (looks->spent >= BACKOFF_SLEEP)
        return false;
    for (int i = looks->next; i > 0; i--)
        __builtin_ia32_pause();
    looks->spent += looks->next;
    looks->next *= 2;
    return true;
}

// The caller has found the lock taken. at_once: in a fight it looks away before it looks again.
static inline Backoff backoff_begin(bool at_once) {
    BackoffSelf *self = &backoff_self;
    bool fight = __builtin_ia32_rdtsc() - self->end < self->window;
    self->level = !fight ? 0 : self->level < BACKOFF_LEVELS ? self->level + 1 : BACKOFF_LEVELS;
    Backoff looks;
    backoff_again(&looks);
    if (fight && at_once)
        backoff(&looks);
    return looks;
}

// The caller has the lock.
static inline void backoff_end(const Backoff *looks) {
    BackoffSelf *self = &backoff_self;
    self->end = __builtin_ia32_rdtsc();
    uint64_t window = 2 * (self->end - looks->begin) + BACKOFF_MOVE;
    self->window = window < BACKOFF_WINDOW_MAX ? window : BACKOFF_WINDOW_MAX;
}

#endif
