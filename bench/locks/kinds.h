// SPDX-License-Identifier: MIT
//
// The mutexes that locks_bench measures.
#ifndef LOCKSMITH_BENCH_LOCKS_KINDS_H
#define LOCKSMITH_BENCH_LOCKS_KINDS_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *name;
    size_t bytes;                   // what one takes
    void (*reset)(void);            // no thread may be using it
    void (*alone)(uint64_t rounds); // lock and unlock, nobody else about
    // Locks, works and unlocks until *stop; the number of times.
    uint64_t (*contend)(const int *stop, uint64_t inside, uint64_t outside);
    uint64_t (*counter)(void); // how often its critical section was run since the reset
} Kind;

extern const Kind kinds[];
extern const size_t kind_count;

// A chain of multiplications that no compiler shortens: about 1.5 ns a step.
static inline uint64_t work(uint64_t x, uint64_t steps) {
    for (uint64_t i = 0; i < steps; i++) {
        x = x * 6364136223846793005ULL + 1442695040888963407ULL; // Knuth's MMIX generator
        __asm__ volatile("" : "+r"(x));
    }
    return x;
}

#endif
