// SPDX-License-Identifier: MIT
//
// The parking lot. Buckets of waiters, hashed by address; each thread has one Waiter, since it
// waits for one thing at a time, with a futex word to sleep on.
//
// Waiter.state: who writes what
//   WAITING      the owner, before it enters a queue
//   WOKEN        the unparker, after it has taken the waiter out of its queue (release; the
//                owner's acquire load sees the token and all the unparker did before)
//   INTERRUPTED  a signal handler, by compare-and-swap from WAITING alone
// A waiter that timed out or was interrupted takes its bucket's lock and looks whether it is
// still queued: if not, an unparker has chosen it and WOKEN is about to appear, whatever else
// was written. The wake-up call itself comes after the store and may hit the thread's next
// wait or, after the thread's end, nothing; every sleeper expects to be woken for no reason.
#include "locks/parking.h"
#include "locks/backoff.h"
#include "locks/futex.h"
#include "vm/runtime/thread.h"
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#define BUCKETS 256
#define STARVING_NS 1000000

enum { IDLE, WAITING, WOKEN, INTERRUPTED };

typedef struct Waiter {
    uint32_t state;      // see above; atomic
    const void *address; // NULL: in no queue. This and what follows: the bucket's lock
    struct Waiter *next;
    int64_t since;
    uintptr_t token; // written before state WOKEN is
} Waiter;

typedef struct {
    _Alignas(64) pthread_mutex_t lock; // held for a few instructions; waiting does not detach
    Waiter *first, *last;              // in order of arrival, addresses mixed
    int64_t starving_next;             // nobody is starving before this time
} Bucket;

static Bucket buckets[BUCKETS] = {[0 ... BUCKETS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};
static _Thread_local Waiter own_waiter;
// The main thread's waiter; thread-local storage of the main thread lives as long as the
// process. Written at start and after fork, read by signal handlers.
static Waiter *main_waiter;
static uint32_t interrupt_pending; // set by handlers, cleared by the main thread; atomic

_Thread_local BackoffSelf backoff_self __attribute__((tls_model("local-exec")));

static Bucket *bucket_of(const void *address) {
    uint64_t hash = (uint64_t)(uintptr_t)address * 0x9e3779b97f4a7c15ULL;
    return &buckets[hash >> 56];
}

static int64_t now_ns(void) {
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void bucket_remove(Bucket *bucket, Waiter *waiter, Waiter *before) {
    if (before)
        before->next = waiter->next;
    else
        bucket->first = waiter->next;
    if (bucket->last == waiter)
        bucket->last = before;
    waiter->next = NULL;
    waiter->address = NULL;
}

static void wake(Waiter *waiter) {
    __atomic_store_n(&waiter->state, WOKEN, __ATOMIC_RELEASE);
    futex_wake(&waiter->state);
}

// Gives up waiting: true if the waiter was still queued (and no longer is).
static bool withdraw(Bucket *bucket, Waiter *waiter) {
    pthread_mutex_lock(&bucket->lock);
    bool queued = waiter->address != NULL;
    if (queued) {
        Waiter *before = NULL;
        for (Waiter *w = bucket->first; w != waiter; w = w->next)
            before = w;
        bucket_remove(bucket, waiter, before);
    }
    pthread_mutex_unlock(&bucket->lock);
    return queued;
}

ParkResult parking_park(const void *address, bool (*validate)(void *context), void *context,
                        int64_t timeout_ns, bool detach, bool interruptible, uintptr_t *token_out) {
    int saved_errno = errno;
    Waiter *self = &own_waiter;
    Bucket *bucket = bucket_of(address);
    int64_t now = now_ns();
    int64_t deadline = -1;
    if (timeout_ns >= 0)
        deadline = timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
    interruptible = interruptible && self == __atomic_load_n(&main_waiter, __ATOMIC_RELAXED);

    pthread_mutex_lock(&bucket->lock);
    if (validate && !validate(context)) {
        pthread_mutex_unlock(&bucket->lock);
        errno = saved_errno;
        return PARK_INVALID;
    }
    self->since = now;
    self->token = 0;
    self->address = address;
    self->next = NULL;
    // Only an interruptible wait can be seen as WAITING by a signal handler.
    uint32_t waiting = interruptible ? WAITING : IDLE;
    __atomic_store_n(&self->state, waiting, __ATOMIC_SEQ_CST);
    if (bucket->last)
        bucket->last->next = self;
    else
        bucket->first = self;
    bucket->last = self;
    pthread_mutex_unlock(&bucket->lock);

    if (detach)
        thread_detach();
    ParkResult result;
    for (;;) {
        uint32_t state = __atomic_load_n(&self->state, __ATOMIC_ACQUIRE);
        if (state == WOKEN) {
            result = PARK_WOKEN;
            break;
        }
        // A signal before state became WAITING left its mark in interrupt_pending; one after
        // it changes state. (Both orders are sequentially consistent.)
        bool interrupted = interruptible && (state == INTERRUPTED ||
                                             __atomic_load_n(&interrupt_pending, __ATOMIC_SEQ_CST));
        bool late = deadline >= 0 && now_ns() >= deadline;
        if (interrupted || late) {
            if (withdraw(bucket, self)) {
                result = interrupted ? PARK_INTERRUPTED : PARK_TIMEOUT;
                break;
            }
            // Chosen by an unparker meanwhile: wait for its word.
            while ((state = __atomic_load_n(&self->state, __ATOMIC_ACQUIRE)) != WOKEN)
                futex_wait(&self->state, state, -1);
            result = PARK_WOKEN;
            break;
        }
        futex_wait(&self->state, waiting, deadline);
    }
    if (token_out)
        *token_out = result == PARK_WOKEN ? self->token : 0;
    __atomic_store_n(&self->state, IDLE, __ATOMIC_RELAXED);
    if (detach)
        thread_attach();
    errno = saved_errno;
    return result;
}

void parking_unpark_one(const void *address, ParkDecide decide, void *context) {
    Bucket *bucket = bucket_of(address);
    pthread_mutex_lock(&bucket->lock);
    Waiter *before = NULL, *waiter = bucket->first;
    while (waiter && waiter->address != address) {
        before = waiter;
        waiter = waiter->next;
    }
    bool more = false, starving = false;
    if (waiter) {
        for (Waiter *w = waiter->next; w && !more; w = w->next)
            more = w->address == address;
        int64_t now = now_ns();
        starving = now - waiter->since > STARVING_NS && now >= bucket->starving_next;
        if (starving)
            bucket->starving_next = now + STARVING_NS;
        bucket_remove(bucket, waiter, before);
    }
    uintptr_t token = decide ? decide(context, waiter != NULL, more, starving) : 0;
    if (waiter)
        waiter->token = token;
    pthread_mutex_unlock(&bucket->lock);
    if (waiter)
        wake(waiter);
}

void parking_unpark_all(const void *address) {
    Bucket *bucket = bucket_of(address);
    Waiter *woken = NULL, **tail = &woken;
    pthread_mutex_lock(&bucket->lock);
    Waiter *before = NULL, *waiter = bucket->first;
    while (waiter) {
        Waiter *next = waiter->next;
        if (waiter->address == address) {
            bucket_remove(bucket, waiter, before);
            *tail = waiter;
            tail = &waiter->next;
        } else {
            before = waiter;
        }
        waiter = next;
    }
    pthread_mutex_unlock(&bucket->lock);
    while (woken) { // next is read before the waiter may go on and reuse it
        waiter = woken;
        woken = waiter->next;
        wake(waiter);
    }
}

void parking_set_main(void) {
    __atomic_store_n(&main_waiter, &own_waiter, __ATOMIC_RELAXED);
}

void parking_interrupt_main(void) {
    __atomic_store_n(&interrupt_pending, 1, __ATOMIC_SEQ_CST);
    Waiter *waiter = __atomic_load_n(&main_waiter, __ATOMIC_RELAXED);
    uint32_t expected = WAITING;
    if (waiter && __atomic_compare_exchange_n(&waiter->state, &expected, INTERRUPTED, false,
                                              __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)) {
        int saved_errno = errno;
        futex_wake(&waiter->state);
        errno = saved_errno;
    }
}

void parking_clear_interrupt(void) {
    __atomic_store_n(&interrupt_pending, 0, __ATOMIC_SEQ_CST);
}

void parking_fork_prepare(void) {
    for (int i = 0; i < BUCKETS; i++)
        pthread_mutex_lock(&buckets[i].lock);
}

void parking_fork_parent(void) {
    for (int i = BUCKETS; i-- > 0;)
        pthread_mutex_unlock(&buckets[i].lock);
}

void parking_fork_child(void) {
    for (int i = BUCKETS; i-- > 0;) {
        buckets[i].first = buckets[i].last = NULL;
        pthread_mutex_unlock(&buckets[i].lock);
    }
}
