// SPDX-License-Identifier: MIT
//
// Spread counts (gc/spread.h).
#include "gc/spread.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local SpreadThread spread_self __attribute__((tls_model("local-exec")));

// Adaptive: threads that help to collect take it for each deferred object.
static pthread_mutex_t spread_lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
static SpreadThread *threads;
static struct {
    int64_t *base;  // of a free number: the next free one
    uint32_t count; // numbers given out so far
    uint32_t capacity;
    uint32_t free; // the first free number below count, or SPREAD_NUMBERS
} numbers = {.free = SPREAD_NUMBERS};

uint32_t spread_begin(int64_t references) {
    pthread_mutex_lock(&spread_lock);
    uint32_t number = numbers.free;
    if (number != SPREAD_NUMBERS) {
        numbers.free = (uint32_t)numbers.base[number];
    } else if (numbers.count < SPREAD_NUMBERS) {
        if (numbers.count == numbers.capacity) {
            uint32_t capacity = numbers.capacity ? numbers.capacity * 2 : 1024;
            int64_t *base = realloc(numbers.base, capacity * sizeof *base);
            if (base) {
                numbers.base = base;
                numbers.capacity = capacity;
            }
        }
        if (numbers.count < numbers.capacity)
            number = numbers.count++;
    }
    if (number != SPREAD_NUMBERS)
        numbers.base[number] = references;
    pthread_mutex_unlock(&spread_lock);
    return number;
}

// With the lock: what all threads have counted at this number; clear: and counts begin again at 0.
static int64_t sum(uint32_t number, bool clear) {
    int64_t total = numbers.base[number];
    for (SpreadThread *thread = threads; thread; thread = thread->next) {
        if (number >= thread->capacity)
            continue;
        total += __atomic_load_n(&thread->counts[number], __ATOMIC_RELAXED);
        if (clear)
            __atomic_store_n(&thread->counts[number], 0, __ATOMIC_RELAXED);
    }
    return total;
}

int64_t spread_read(uint32_t number) {
    pthread_mutex_lock(&spread_lock);
    int64_t total = sum(number, false);
    pthread_mutex_unlock(&spread_lock);
    return total;
}

int64_t spread_end(uint32_t number) {
    pthread_mutex_lock(&spread_lock);
    int64_t total = sum(number, true);
    numbers.base[number] = numbers.free;
    numbers.free = number;
    pthread_mutex_unlock(&spread_lock);
    return total;
}

// The thread's table is too short. Without memory for a longer one it counts in base.
void spread_add_slow(uint32_t number, int64_t n) {
    pthread_mutex_lock(&spread_lock);
    uint32_t capacity = numbers.capacity;
    int64_t *counts = realloc(spread_self.counts, capacity * sizeof *counts);
    if (counts) {
        if (!spread_self.known) {
            spread_self.known = true;
            spread_self.next = threads;
            threads = &spread_self;
        }
        for (uint32_t i = spread_self.capacity; i < capacity; i++)
            counts[i] = 0;
        spread_self.counts = counts;
        spread_self.capacity = capacity;
        counts[number] += n;
    } else {
        numbers.base[number] += n;
    }
    pthread_mutex_unlock(&spread_lock);
}

void spread_thread_end(SpreadThread *thread) {
    pthread_mutex_lock(&spread_lock);
    SpreadThread **link = &threads;
    while (*link && *link != thread)
        link = &(*link)->next;
    if (*link) {
        *link = thread->next;
        // Of free numbers it has counted nothing: spread_end has cleared them.
        for (uint32_t i = 0; i < thread->capacity; i++) {
            if (thread->counts[i])
                numbers.base[i] += thread->counts[i];
        }
        free(thread->counts);
        *thread = (SpreadThread){0};
    }
    pthread_mutex_unlock(&spread_lock);
}

void spread_fork_prepare(void) {
    pthread_mutex_lock(&spread_lock);
}
void spread_fork_done(void) {
    pthread_mutex_unlock(&spread_lock);
}
