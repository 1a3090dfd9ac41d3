// SPDX-License-Identifier: MIT
//
// For unit tests: a second thread of the VM that does one thing after another, attached, each while
// the test's own thread waits for it to be done.
#ifndef LOCKSMITH_TESTS_UNIT_OTHER_THREAD_H
#define LOCKSMITH_TESTS_UNIT_OTHER_THREAD_H

#include "vm/runtime/thread.h"
#include <pthread.h>
#include <unistd.h>

typedef struct {
    pthread_t handle;
    int stage; // odd: the thread is to run `step`; even: it has; -1: it is to end
    void (*step)(Object *o);
    Object *object;
    Thread *thread;
} Other;

static inline int stage_of(Other *other) {
    return __atomic_load_n(&other->stage, __ATOMIC_ACQUIRE);
}

static inline void *other_run(void *argument) {
    Other *other = argument;
    __atomic_store_n(&other->thread, thread_adopt(), __ATOMIC_RELEASE);
    for (int done = 0; stage_of(other) >= 0;) {
        if (stage_of(other) > done) {
            other->step(other->object);
            done = stage_of(other) + 1;
            __atomic_store_n(&other->stage, done, __ATOMIC_RELEASE);
        }
        usleep(100);
#if LOCKSMITH_LOCKING_GIL
        thread_yield();
#endif
    }
    thread_abandon();
    return NULL;
}

static inline void wait_a_little(void) {
#if LOCKSMITH_LOCKING_GIL
    thread_yield();
#endif
    usleep(100);
}

static inline void other_start(Other *other) {
    *other = (Other){0};
    pthread_create(&other->handle, NULL, other_run, other);
    while (!__atomic_load_n(&other->thread, __ATOMIC_ACQUIRE))
        wait_a_little(); // not attached yet, it would not be waited for by who stops the world
}
// The caller stays attached and passes no safepoint (but lets go of a GIL).
static inline void other_do(Other *other, void (*step)(Object *), Object *o) {
    other->step = step;
    other->object = o;
    int stage = __atomic_add_fetch(&other->stage, 1, __ATOMIC_RELEASE);
    while (stage_of(other) == stage)
        wait_a_little();
}
static inline void other_end(Other *other) {
    __atomic_store_n(&other->stage, -1, __ATOMIC_RELEASE);
    thread_detach();
    pthread_join(other->handle, NULL);
    thread_attach();
}

#endif
