// SPDX-License-Identifier: MIT
//
// The GIL, `interval` form. Algorithm: Antoine Pitrou's "new GIL" (2009), as the comments in
// Python 3.2's sources describe it.
//
//   gil.lock guards every word of the structure. The holder runs without it.
//   free       signalled when the GIL is dropped
//   switched   signalled when a thread takes it that did not have it last: wakes the thread
//              that gave it up on request, which would else take it straight back
#include "locks/gil.h"
#include "vm/runtime/thread.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static uint64_t interval_us = 5000; // written and read by any thread, relaxed

void gil_set_interval(uint64_t microseconds) {
    __atomic_store_n(&interval_us, microseconds ? microseconds : 1, __ATOMIC_RELAXED);
}

uint64_t gil_interval(void) {
    return __atomic_load_n(&interval_us, __ATOMIC_RELAXED);
}

#if LOCKSMITH_LOCKING_GIL && LOCKSMITH_GIL_INTERVAL

static struct {
    pthread_mutex_t lock;
    pthread_cond_t free, switched;
    bool held, conditions_ready;
    Thread *holder;    // while held: alive, since a thread drops the GIL before it ends
    const void *last;  // who had it last; compared, never followed
    uint64_t switches; // how often it went to another thread
    int waiters;
} gil = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void conditions_make(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&gil.free, &attributes);
    pthread_cond_init(&gil.switched, &attributes);
    pthread_condattr_destroy(&attributes);
    gil.conditions_ready = true;
}

static void take_locked(Thread *thread) {
    if (!gil.conditions_ready)
        conditions_make();
    gil.waiters++;
    while (gil.held) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        uint64_t ns = (uint64_t)until.tv_nsec + gil_interval() * 1000;
        until.tv_sec += (time_t)(ns / 1000000000);
        until.tv_nsec = (long)(ns % 1000000000);
        uint64_t switches = gil.switches;
        int result = pthread_cond_timedwait(&gil.free, &gil.lock, &until);
        // Nobody else got it during the whole interval: ask.
        if (result == ETIMEDOUT && gil.held && gil.switches == switches)
            thread_request(gil.holder, WANT_GIL_DROP);
    }
    gil.waiters--;
    gil.held = true;
    gil.holder = thread;
    if (gil.last != thread) {
        gil.last = thread;
        gil.switches++;
        pthread_cond_signal(&gil.switched);
    }
    __atomic_fetch_and(&thread->wanted, ~(uint32_t)WANT_GIL_DROP, __ATOMIC_RELAXED);
}

static void drop_locked(void) {
    gil.held = false;
    gil.holder = NULL;
    if (gil.waiters)
        pthread_cond_signal(&gil.free);
}

void gil_take(Thread *thread) {
    int saved_errno = errno;
    pthread_mutex_lock(&gil.lock);
    take_locked(thread);
    pthread_mutex_unlock(&gil.lock);
    errno = saved_errno;
}

void gil_drop(Thread *thread) {
    (void)thread;
    int saved_errno = errno;
    pthread_mutex_lock(&gil.lock);
    drop_locked();
    pthread_mutex_unlock(&gil.lock);
    errno = saved_errno;
}

void gil_yield(Thread *thread) {
    int saved_errno = errno;
    pthread_mutex_lock(&gil.lock);
    drop_locked();
    while (gil.waiters && gil.last == thread)
        pthread_cond_wait(&gil.switched, &gil.lock);
    take_locked(thread);
    pthread_mutex_unlock(&gil.lock);
    errno = saved_errno;
}

void gil_after_fork(Thread *thread) {
    gil.lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    conditions_make();
    gil.held = true;
    gil.holder = thread;
    gil.last = thread;
    gil.waiters = 0;
}

#endif
