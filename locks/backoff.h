// SPDX-License-Identifier: MIT
//
// How long to look away from a lock that was found taken (Anderson, "The Performance of Spin Lock
// Alternatives for Shared-Memory Multiprocessors", 1990). A look takes the lock's cache line from
// the thread that works under it, which costs that thread more than most critical sections take.
// So who finds a lock taken looks away for a microsecond, then twice as long, and so on: the others
// pass the lock among themselves meanwhile, mostly from one section of a thread to its next one,
// and threads that all want one lock all the time take turns of some microseconds instead of
// fighting for every section.
#ifndef LOCKSMITH_LOCKS_BACKOFF_H
#define LOCKSMITH_LOCKS_BACKOFF_H

// So many looks before it is cheaper to sleep: about 10 microseconds in all.
#define BACKOFF_ROUNDS 4
#define BACKOFF_FIRST 48 // pauses; one takes 40 to 140 cycles

static inline void backoff(int round) {
    for (int i = BACKOFF_FIRST << round; i > 0; i--)
        __builtin_ia32_pause();
}

#endif
