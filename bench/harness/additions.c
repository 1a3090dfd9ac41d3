// SPDX-License-Identifier: MIT
//
// What one addition to a word in memory costs that no other core touches, plain and atomic: the
// price that thread-safe counts start from, which differs by processor. Prints one line of JSON,
// in nanoseconds. The least of many short rounds: what disturbs them only adds time. machine.py
// builds and runs it.
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { ROUNDS = 300, ADDITIONS = 10000 };

static uint64_t word;

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double add_plainly(void) {
    double begin = nanoseconds();
    for (int i = 0; i < ADDITIONS; i++)
        *(volatile uint64_t *)&word += 1;
    return nanoseconds() - begin;
}

static double add_atomically(void) {
    double begin = nanoseconds();
    for (int i = 0; i < ADDITIONS; i++)
        __atomic_fetch_add(&word, 1, __ATOMIC_RELAXED);
    return nanoseconds() - begin;
}

int main(void) {
    double plain = add_plainly(), atomic = add_atomically();
    for (int i = 1; i < ROUNDS; i++) {
        double again = add_plainly();
        plain = again < plain ? again : plain;
        again = add_atomically();
        atomic = again < atomic ? again : atomic;
    }
    printf("{\"plain\": %.2f, \"atomic\": %.2f}\n", plain / ADDITIONS, atomic / ADDITIONS);
    return 0;
}
