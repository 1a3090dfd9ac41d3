// SPDX-License-Identifier: MIT
//
// Privacy's slow half: making an object common, and taking a thread's privacy for a while when that
// happens too often. The protocol is in locks/private.h.
#include "locks/private.h"

#if LOCKSMITH_PRIVATE

#include "vm/runtime/thread.h"
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// A thread keeps its privacy while others take no more than PRIVATE_BUDGET objects from it in
// PRIVATE_WINDOW, which costs all of them some 2 % of that time. Otherwise it does without for
// PRIVATE_REST.
#define MILLISECOND 1000000u // nanoseconds
#define PRIVATE_WINDOW (10 * MILLISECOND)
#define PRIVATE_BUDGET 200
#define PRIVATE_REST (100 * MILLISECOND)

_Thread_local PrivateThread private_self
    __attribute__((tls_model("local-exec"))) = {.number = PRIVATE_NOBODY};

// Guards the list, every record's `number`, and what a record says of its budget. Held across the
// barrier; the threads that are waited for never need it for leaving a section.
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static PrivateThread *first;
static bool asked, barriers; // does the kernel have them? Written before there is a second thread

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 * MILLISECOND + (uint64_t)t.tv_nsec;
}

// The whole word that holds the owner: where counts are biased it is changed at once.
static uint32_t owner_acquire(const Object *o) {
#if LOCKSMITH_REFCOUNT_BIASED
    return (
        uint32_t)(__atomic_load_n((const uint64_t *)(const void *)&o->count, __ATOMIC_ACQUIRE) >>
                  32);
#else
    return __atomic_load_n(&o->owner, __ATOMIC_ACQUIRE);
#endif
}

static PrivateThread *find(uint32_t number) {
    PrivateThread *record = first;
    while (record && record->own != number)
        record = record->next;
    return record;
}

// The flag is set: the owner's next section on the object will not be one. Waits for this one.
static void wait_outside(PrivateThread *owner) {
    uint64_t time = now();
    if (time >= owner->window_end) {
        owner->window_end = time + PRIVATE_WINDOW;
        owner->revoked = 0;
    }
    if (++owner->revoked > PRIVATE_BUDGET) {
        __atomic_store_n(&owner->number, PRIVATE_NOBODY, __ATOMIC_RELAXED);
        owner->rest_end = time + PRIVATE_REST;
    }
    syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
    for (int tries = 0; __atomic_load_n(&owner->inside, __ATOMIC_ACQUIRE); tries++) {
        if (tries < 64)
            __builtin_ia32_pause();
        else
            sched_yield(); // it lost its core within a section
    }
}

void private_revoke(Object *o) {
    uint32_t number = owner_acquire(o);
    if (number != 0) {
        pthread_mutex_lock(&registry_lock);
        __atomic_fetch_or(&o->shape_lock, (uint32_t)OBJECT_FLAG_REVOKED, __ATOMIC_SEQ_CST);
        PrivateThread *owner = find(number);
        // Without privacy, ended or detached it is in no section, nor in one on o later: whoever
        // took the privacy has waited; a detached thread attaches by a full barrier.
        if (owner && owner->number != PRIVATE_NOBODY && thread_is_attached(owner->thread))
            wait_outside(owner);
        pthread_mutex_unlock(&registry_lock);
    }
    __atomic_fetch_or(&o->shape_lock, (uint32_t)(OBJECT_FLAG_REVOKED | OBJECT_FLAG_COMMON),
                      __ATOMIC_ACQ_REL);
}

// Others have set the flags of this thread's objects under the same lock, so the next section sees
// them.
void private_resume(void) {
    if (!barriers || private_self.own == 0)
        return;
    pthread_mutex_lock(&registry_lock);
    if (now() >= private_self.rest_end)
        __atomic_store_n(&private_self.number, private_self.own, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&registry_lock);
}

// ---- threads -----------------------------------------------------------------------------------

void private_thread_start(Thread *thread, uint32_t number) {
    pthread_mutex_lock(&registry_lock);
    if (!asked) {
        asked = true;
        barriers = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    }
    private_self.own = number;
    __atomic_store_n(&private_self.number, barriers ? number : PRIVATE_NOBODY, __ATOMIC_RELAXED);
    private_self.thread = thread;
    private_self.next = first;
    first = &private_self;
    pthread_mutex_unlock(&registry_lock);
}

static void forget(PrivateThread *record) {
    PrivateThread **link = &first;
    while (*link && *link != record)
        link = &(*link)->next;
    if (*link)
        *link = record->next;
}

void private_thread_exit(void) {
    pthread_mutex_lock(&registry_lock);
    forget(&private_self);
    private_self.own = 0;
    private_self.number = PRIVATE_NOBODY;
    pthread_mutex_unlock(&registry_lock);
}

void private_thread_forget(Thread *thread) {
    PrivateThread *record = first;
    while (record && record->thread != thread)
        record = record->next;
    if (record)
        forget(record);
}

void private_fork_prepare(void) {
    pthread_mutex_lock(&registry_lock);
}
void private_fork_done(void) {
    pthread_mutex_unlock(&registry_lock);
}

#endif
