// SPDX-License-Identifier: MIT
//
// Counting policy `biased`: what is not on the fast path of gc/count_biased.h, and the queues by
// which an owner learns that others have dropped more references than they had counted.
//
// Who queues an object has taken its state to QUEUED, which happens once in an object's life, and
// has left the reference it dropped to the queue. The right to merge it is with
//   the owner, while it is attached: at its next safepoint (WANT_MERGE);
//   who borrows the owner, while that is detached: at once, by the thread that was about to queue
//     it. What had been queued before the owner detached is taken over at the next safepoint of
//     any thread: the owner that detaches and the thread that queues both look at the other's word
//     after they have written their own (Thread.state and Thread.wanted, sequentially consistent),
//     so that at least one of them sees to it, and who was asked to but detaches asks all others;
//   who queues it, if the owner has ended: numbers are never used again.
// The owner itself may bring its count to 0 and so merge an object that is in its queue.
//
// Locks: a bucket's lock guards its owners' queues and membership, and only with it is an owner
// borrowed; within it nothing waits but for orphans_lock. Waiting for either does not detach.
#include "gc/ref.h"

#if LOCKSMITH_REFCOUNT_BIASED

#include "gc/merge.h"
#include "gc/objects.h"
#include "gc/promote.h"
#include "gc/spread.h"
#include "vm/runtime/thread.h"
#include <pthread.h>
#include <stdlib.h>

#define NOBODY UINT32_MAX // no thread's number
#define BUCKETS 64
#define STICKS (SHARED_LIMIT * SHARED_ONE)

_Thread_local uint32_t count_self __attribute__((tls_model("local-exec"))) = NOBODY;
_Thread_local uint64_t count_newborn __attribute__((tls_model("local-exec"))) =
    (uint64_t)NOBODY << 32 | 1;

typedef struct Owner {
    uint32_t number;
    Thread *thread;
    struct Owner *next;   // in the bucket
    SpreadThread *spread; // NULL before it runs
    Objects queue;        // each with a reference
    bool merging;         // within merge_pending; own thread only
} Owner;

typedef struct {
    _Alignas(64) pthread_mutex_t lock;
    Owner *first;
} Bucket;

static Bucket buckets[BUCKETS] = {[0 ... BUCKETS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};
static pthread_mutex_t orphans_lock = PTHREAD_MUTEX_INITIALIZER;
static Objects orphans; // merged objects of threads that have ended; orphans_lock
// Somebody should look at the orphans and the queues of detached threads. Set by any thread before
// it sets WANT_MERGE of those who may, taken by one of them.
static bool left_behind;

static uint64_t *words_of(Object *o) {
    return (uint64_t *)(void *)&o->count;
} // count and owner

// ---- the shared word ----------------------------------------------------------------------------

static bool shared_change(Object *o, int32_t *from, int32_t to) {
    return __atomic_compare_exchange_n(&o->shared, from, to, true, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

// The word for so many references; at the limit, far enough above it that threads which have not
// noticed yet do not bring it down again.
static int32_t shared_word(int64_t references, int32_t state) {
    if (references >= SHARED_LIMIT)
        references = SHARED_LIMIT + SHARED_LIMIT / 2;
    return (int32_t)references * SHARED_ONE | state;
}

// ---- deferred objects ---------------------------------------------------------------------------

static bool is_deferred(const Object *o) {
    return count_range(o) >= COUNT_DEFERRED; // of what is not immortal
}
static uint32_t number_of(const Object *o) {
    return (uint32_t)(__atomic_load_n(&o->shared, __ATOMIC_RELAXED) >> 2) - SHARED_DEFERRED;
}

int64_t biased_deferred_count(const Object *o) {
    return spread_read(number_of(o));
}

// Without a number for it o stays what it is.
static void defer(Object *o, int64_t references) {
    uint32_t number = spread_begin(references);
    if (number == SPREAD_NUMBERS)
        return;
    __atomic_store_n(&o->shared, shared_word((int64_t)number + SHARED_DEFERRED, SHARED_MERGED),
                     __ATOMIC_RELAXED);
    __atomic_store_n(words_of(o), COUNT_DEFERRED, __ATOMIC_RELEASE);
}

void biased_defer(Object *o) {
    if (!is_deferred(o))
        defer(o, count_read(o));
}

void biased_promote(Object *o, int64_t in_registers) {
    if (!is_deferred(o))
        defer(o, count_read(o) - in_registers);
}

void biased_undefer(Object *o) {
    int64_t references = spread_end(number_of(o));
    __atomic_store_n(&o->shared, shared_word(references, SHARED_MERGED), __ATOMIC_RELAXED);
    __atomic_store_n(words_of(o), 0, __ATOMIC_RELAXED);
}

// ---- ordinary ones, by others than their owner --------------------------------------------------

void biased_add(Object *o, uint32_t n) {
    if (is_deferred(o)) {
        spread_add(number_of(o), n);
        return;
    }
    int32_t shared = __atomic_load_n(&o->shared, __ATOMIC_RELAXED);
    while (!shared_change(o, &shared,
                          shared_word((int64_t)(shared >> 2) + n, shared & SHARED_STATE))) {
    }
}

// Deferred objects come first in these, and what is left is another function, called last: so
// nothing is saved for it.
static __attribute__((noinline)) void increment_ordinary(Object *o) {
    promote_note(o);
    int32_t shared = __atomic_fetch_add(&o->shared, SHARED_ONE, __ATOMIC_RELAXED);
    if (UNLIKELY(shared >= STICKS))
        biased_add(o, 0); // sets it back to where it sticks
}
void biased_increment(Object *o) {
    if (LIKELY(is_deferred(o)))
        spread_add(number_of(o), 1);
    else
        increment_ordinary(o);
}

// Adds up the counts of an object whose owner is not looking. drop: one reference less. True: dead.
static bool merge(Object *o, bool drop) {
    int32_t shared = __atomic_load_n(&o->shared, __ATOMIC_ACQUIRE), wanted;
    if ((shared & SHARED_STATE) == SHARED_MERGED)
        return drop && biased_decrement(o);
    int64_t own = (int64_t)__atomic_load_n(&o->count, __ATOMIC_RELAXED) - drop;
    // Before the state says so: as soon as it does, others may free the object. Release: who sees
    // that there is no owner sees its private sections (locks/private.h).
    __atomic_store_n(words_of(o), 0, __ATOMIC_RELEASE);
    do {
        wanted = shared_word((shared >> 2) + own, SHARED_MERGED);
    } while (!shared_change(o, &shared, wanted));
    return wanted == SHARED_MERGED;
}

bool biased_merge_zero(Object *o) {
    return merge(o, false);
}

void biased_disown(Object *o) {
    if (count_range(o) < COUNT_DEFERRED)
        merge(o, false);
}

static bool queue_for_owner(Object *o);

static __attribute__((noinline)) bool decrement_ordinary(Object *o) {
    int32_t shared = __atomic_load_n(&o->shared, __ATOMIC_RELAXED);
    for (;;) {
        if (UNLIKELY(shared >= STICKS))
            return false;
        if ((shared & SHARED_STATE) == SHARED_MERGED)
            return __atomic_fetch_sub(&o->shared, SHARED_ONE, __ATOMIC_ACQ_REL) ==
                   (SHARED_ONE | SHARED_MERGED);
        if (shared == 0 || shared == SHARED_WEAK) {
            if (shared_change(o, &shared, SHARED_QUEUED))
                return queue_for_owner(o);
        } else if (shared_change(o, &shared, shared - SHARED_ONE)) {
            return false;
        }
    }
}

bool biased_decrement(Object *o) {
    if (UNLIKELY(!is_deferred(o)))
        return decrement_ordinary(o);
    spread_add(number_of(o), -1);
    return false;
}

static __attribute__((noinline)) void release_ordinary(Object *o) {
    if (decrement_ordinary(o))
        ref_destroy(o);
}
void biased_release(Object *o) {
    if (LIKELY(is_deferred(o)))
        spread_add(number_of(o), -1);
    else
        release_ordinary(o);
}

// Not inline in what is called for most objects that end, which then saves no registers.
static __attribute__((noinline)) void release_merged(Object *o) {
    if (biased_merge_zero(o))
        ref_destroy(o);
}
void biased_release_last(Object *o) {
    if (LIKELY(compare_acquire((const uint32_t *)&o->shared, 0)))
        ref_destroy(o);
    else
        release_merged(o);
}

bool biased_try_increment(Object *o) {
    uint32_t range = count_range(o);
    if (range >= COUNT_IMMORTAL)
        return true;
    if (range >= COUNT_DEFERRED) { // it dies with the world stopped
        spread_add(number_of(o), 1);
        return true;
    }
    int32_t shared = __atomic_load_n(&o->shared, __ATOMIC_RELAXED);
    do {
        // 0: the owner may be freeing it and would not notice.
        if (shared == 0 || shared == SHARED_MERGED)
            return false;
        if (UNLIKELY(shared >= STICKS))
            return true;
    } while (!shared_change(o, &shared, shared + SHARED_ONE));
    promote_note(o);
    return true;
}

void biased_mark_shared(Object *o) {
    int32_t shared = __atomic_load_n(&o->shared, __ATOMIC_RELAXED);
    while ((shared & SHARED_STATE) == 0 && !shared_change(o, &shared, shared | SHARED_WEAK)) {
    }
}

void biased_revive(Object *o) {
    if (count_is_own(o))
        __atomic_store_n(&o->count, 1, __ATOMIC_RELAXED);
    else
        __atomic_store_n(&o->shared, SHARED_ONE | SHARED_MERGED, __ATOMIC_RELAXED);
}

// ---- queues -----------------------------------------------------------------------------------

static Bucket *bucket_of(uint32_t number) {
    return &buckets[number % BUCKETS];
}

static Owner *find(const Bucket *bucket, uint32_t number) {
    Owner *owner = bucket->first;
    while (owner && owner->number != number)
        owner = owner->next;
    return owner;
}

// Merged objects' references; may run Python code. Whether there were any.
static bool queue_release(Objects *queue) {
    bool any = queue->count != 0;
    for (size_t i = 0; i < queue->count; i++)
        ref_release_object(queue->items[i]);
    objects_free(queue);
    return any;
}

static void queue_merge(const Objects *queue) {
    for (size_t i = 0; i < queue->count; i++)
        merge(queue->items[i], false);
}

static void leave_behind(void) {
    __atomic_store_n(&left_behind, true, __ATOMIC_SEQ_CST);
}

// The caller has a reference to o, which is the queue's from now on. True: it was merged at once,
// and that was the last.
static bool queue_for_owner(Object *o) {
    uint32_t number = __atomic_load_n(&o->owner, __ATOMIC_RELAXED);
    if (number == 0) // the owner is merging it, or has done so
        return biased_decrement(o);
    Bucket *bucket = bucket_of(number);
    pthread_mutex_lock(&bucket->lock);
    Owner *owner = find(bucket, number);
    bool dead = false, others_left = false;
    if (!owner) {
        pthread_mutex_unlock(&bucket->lock);
        return merge(o, true);
    }
    bool borrowed = thread_borrow(owner->thread);
    if (!borrowed) {
        // Without memory for the queue the object stays allocated: the owner cannot be waited for.
        bool pushed = objects_push(&owner->queue, o);
        thread_request(owner->thread, WANT_MERGE);
        // It may have detached before it could see that.
        borrowed = pushed && thread_borrow(owner->thread);
        if (borrowed)
            owner->queue.count--;
        else if (pushed && !thread_is_attached(owner->thread))
            others_left = true; // stopped
    }
    if (borrowed) {
        dead = merge(o, true);
        others_left = owner->queue.count != 0;
        thread_give_back(owner->thread);
    }
    pthread_mutex_unlock(&bucket->lock);
    if (others_left) {
        leave_behind();
        thread_request(thread_current(), WANT_MERGE);
    }
    return dead;
}

static bool merge_own(Owner *self) {
    Bucket *bucket = bucket_of(self->number);
    pthread_mutex_lock(&bucket->lock);
    Objects queue = objects_take(&self->queue);
    pthread_mutex_unlock(&bucket->lock);
    // All, before the first release runs Python code that may detach.
    queue_merge(&queue);
    return queue_release(&queue);
}

// The queue of some thread in the bucket that is not attached, merged; empty if there is none.
static Objects take_from_bucket(Bucket *bucket, const Owner *self) {
    Objects queue = {0};
    bool stopped = false;
    pthread_mutex_lock(&bucket->lock);
    for (Owner *owner = bucket->first; owner && !queue.count; owner = owner->next) {
        if (owner == self || owner->queue.count == 0)
            continue;
        if (thread_borrow(owner->thread)) {
            queue = objects_take(&owner->queue);
            queue_merge(&queue);
            // Its own business is done; and it need not say so again each time it detaches.
            __atomic_fetch_and(&owner->thread->wanted, ~(uint32_t)WANT_MERGE, __ATOMIC_SEQ_CST);
            thread_give_back(owner->thread);
        } else if (!thread_is_attached(owner->thread)) {
            stopped = true;
        }
    }
    pthread_mutex_unlock(&bucket->lock);
    if (stopped) {
        leave_behind();
        thread_request(self->thread, WANT_MERGE);
    }
    return queue;
}

static void merge_left(const Owner *self) {
    pthread_mutex_lock(&orphans_lock);
    Objects queue = objects_take(&orphans);
    pthread_mutex_unlock(&orphans_lock);
    queue_release(&queue);
    for (int i = 0; i < BUCKETS; i++) {
        do
            queue = take_from_bucket(&buckets[i], self);
        while (queue_release(&queue));
    }
}

void merge_pending(void) {
    Owner *self = thread_current()->owner;
    if (self->merging)
        return; // in a finaliser: the outer call goes on
    promote_pending();
    self->merging = true;
    bool more;
    do {
        if (__atomic_exchange_n(&left_behind, false, __ATOMIC_SEQ_CST))
            merge_left(self);
        more = merge_own(self) || __atomic_load_n(&left_behind, __ATOMIC_SEQ_CST);
        // Not for ever: somebody may queue as fast as this thread merges, or stop the world.
    } while (more && !__atomic_load_n(&self->thread->wanted, __ATOMIC_RELAXED));
    self->merging = false;
    if (more)
        thread_request(self->thread, WANT_MERGE);
}

void merge_left_behind(Thread *thread) {
    Owner *self = thread->owner;
    Bucket *bucket = bucket_of(self->number);
    pthread_mutex_lock(&bucket->lock);
    bool any = self->queue.count != 0;
    pthread_mutex_unlock(&bucket->lock);
    if (any)
        leave_behind();
    // Perhaps what others have left behind is what this thread was asked to see to, or asked
    // itself; it will not for a while.
    if (__atomic_load_n(&left_behind, __ATOMIC_SEQ_CST))
        thread_request_all(WANT_MERGE);
}

void merge_all(void) {
    Owner *self = thread_current()->owner;
    if (self->merging)
        return;
    merge_pending();
    // The world is stopped, or a thread that is just ending might have its queue in its hands.
    thread_stop_world();
    pthread_mutex_lock(&orphans_lock);
    Objects all = objects_take(&orphans);
    pthread_mutex_unlock(&orphans_lock);
    for (int i = 0; i < BUCKETS; i++) {
        pthread_mutex_lock(&buckets[i].lock);
        for (Owner *owner = buckets[i].first; owner; owner = owner->next) {
            queue_merge(&owner->queue);
            while (owner->queue.count &&
                   objects_push(&all, owner->queue.items[owner->queue.count - 1]))
                owner->queue.count--;
        }
        pthread_mutex_unlock(&buckets[i].lock);
    }
    thread_start_world();
    self->merging = true;
    queue_release(&all);
    self->merging = false;
    thread_request(self->thread, WANT_MERGE); // what was queued meanwhile
}

// ---- threads ----------------------------------------------------------------------------------

bool merge_thread_create(Thread *thread) {
    if (thread->serial >= NOBODY)
        return false;
    Owner *owner = calloc(1, sizeof *owner);
    if (!owner)
        return false;
    owner->number = (uint32_t)thread->serial;
    owner->thread = thread;
    thread->owner = owner;
    return true;
}

void merge_thread_free(Thread *thread) {
    free(thread->owner);
}

static void set_self(uint32_t number) {
    count_self = number;
    count_newborn = (uint64_t)number << 32 | 1;
}

void merge_thread_start(Thread *thread) {
    Owner *self = thread->owner;
    Bucket *bucket = bucket_of(self->number);
    pthread_mutex_lock(&bucket->lock);
    self->next = bucket->first;
    bucket->first = self;
    pthread_mutex_unlock(&bucket->lock);
    self->spread = spread_thread();
    set_self(self->number);
}

// From here on whoever drops a reference merges by itself.
void merge_thread_forget(Thread *thread) {
    Owner *ended = thread->owner;
    Bucket *bucket = bucket_of(ended->number);
    pthread_mutex_lock(&bucket->lock);
    Owner **link = &bucket->first;
    while (*link && *link != ended)
        link = &(*link)->next;
    if (*link) // else it never ran
        *link = ended->next;
    Objects queue = objects_take(&ended->queue);
    pthread_mutex_unlock(&bucket->lock);
    if (ended->spread)
        spread_thread_end(ended->spread);
    if (queue.count == 0)
        return;
    queue_merge(&queue);
    pthread_mutex_lock(&orphans_lock);
    for (size_t i = 0; i < queue.count; i++)
        objects_push(&orphans, queue.items[i]); // without memory it stays allocated
    pthread_mutex_unlock(&orphans_lock);
    objects_free(&queue);
    leave_behind();
    thread_request_all(WANT_MERGE);
}

void merge_thread_exit(Thread *thread) {
    merge_thread_forget(thread);
    set_self(NOBODY);
}

void merge_fork_prepare(void) {
    for (int i = 0; i < BUCKETS; i++)
        pthread_mutex_lock(&buckets[i].lock);
    pthread_mutex_lock(&orphans_lock);
    spread_fork_prepare();
}

void merge_fork_done(void) {
    spread_fork_done();
    pthread_mutex_unlock(&orphans_lock);
    for (int i = BUCKETS; i-- > 0;)
        pthread_mutex_unlock(&buckets[i].lock);
}

#endif
