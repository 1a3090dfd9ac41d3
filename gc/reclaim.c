// SPDX-License-Identifier: MIT
//
// Quiescent-state based reclamation with a global sequence number.
//
//   sequence                  advanced for each batch of retirements, starts at 1
//   Thread.reclaim_sequence   the sequence the thread saw at its last quiescent moment, written by
//                             the thread itself; OFFLINE while it is detached; 0 before that
//
// What a thread retires is open at first. When it closes the batch it advances the sequence, once,
// and what was open gets the number n that the sequence became (FreeBSD's SMR defers its advances
// like that): a word that all threads write for each retirement would be what keeps them from
// scaling. What has the number n is free for the taking once every thread is offline or has written
// a number >= n: it has then passed a moment, after the batch was closed and so after the
// retirement, at which it held no unprotected pointer.
//
// Why this is enough: a thread goes online by storing the sequence and then reading shared
// pointers; the reclaimer unlinks the pointers of a batch, advances the sequence, then reads the
// threads' numbers. (To take the number that comes next without advancing would not do: a load does
// not keep the unlinking store before it.) All four accesses to sequence and reclaim_sequence are
// sequentially consistent, so either the reclaimer sees the thread online with an old number, or
// the thread's load of the sequence comes after the advance and, that being acquire and release,
// the thread sees the pointer unlinked.
//
// What a thread retires waits in its own queue (Thread.reclaim_local). What it has not freed
// when it ends goes to a common queue, which whoever reclaims next takes over.
//
// As long as there is one Thread only, no reader can be in the middle of anything, and buffers are
// freed at once (threads_known).
//
// References wait there too, under a GIL as well: dropping one may run Python code, which only
// a safepoint may.
#include "gc/reclaim.h"
#include "gc/heap.h"
#include "gc/reclaim_private.h"
#include "gc/ref.h"
#include "locks/object_lock.h"
#include "vm/runtime/thread.h"
#include <linux/membarrier.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OFFLINE UINT64_MAX
// The others are asked for a quiescent moment after so many retirements, so many of arrays, which
// nobody waits for, or when buffers take so much. Asking takes the threads lock, and makes every
// thread take it too, at its next safepoint: lists and dicts that grow are common enough for
// threads to meet there. It is done when the batch is closed, so that one moment of each thread is
// enough; and who does not come by, as he has no processor, is not asked again before the next.
#define BATCH 64
#define BATCH_ARRAYS 512
#define BATCH_BYTES (1 << 20)
// What a thread retires goes at its next safepoint if nobody else is attached. When others kept
// something waiting there, the thread does not look at them again before so many retirements, or
// before it has waited for somebody (attached again) or a thread has ended.
#define LOOK_EACH 8

#define OPEN UINT64_MAX // the sequence of what has no number yet

typedef struct {
    uint64_t sequence;
    Value value;      // a reference to drop, or VALUE_NULL
    void *buffer;     // a buffer to free, or NULL
    HeapBlock *block; // a block of the heap to give back, or NULL
} Retired;

typedef struct {
    Retired *items; // in order of sequence
    size_t begin, end, capacity;
    size_t open;      // the last ones, which have no number yet
    unsigned unasked; // retirements since the threads were last asked, as so many of arrays
    unsigned skip;    // retirements without a look that are left
    uint64_t ended;   // threads_ended at the last look
    size_t unasked_bytes;
    bool asking;  // a batch is full: those who keep it waiting are asked at the next look
    bool running; // within reclaim_quiescent, which runs Python code
} Queue;

// Thread.reclaim_local
typedef struct Local {
    Queue retired;
    Queue given_back; // references of its own that the thread drops at its next safepoint
#if HEAP_IS_TRACED
    struct Local *next; // the collector's, while the world is stopped
#endif
} Local;

static uint64_t sequence = 1;
static uint64_t threads_ended; // relaxed

static pthread_mutex_t orphans_lock = PTHREAD_MUTEX_INITIALIZER; // no waiting within
static Queue orphans;
static bool orphans_exist; // relaxed hint

// Called when no room is left at the end.
static __attribute__((noinline)) bool queue_grow(Queue *queue) {
    size_t count = queue->end - queue->begin;
    if (queue->begin > queue->capacity / 2) {
        memmove(queue->items, queue->items + queue->begin, count * sizeof *queue->items);
    } else {
        size_t capacity = queue->capacity ? queue->capacity * 2 : 64;
        Retired *items = malloc(capacity * sizeof *items);
        if (!items)
            return false;
        if (count)
            memcpy(items, queue->items + queue->begin, count * sizeof *items);
        free(queue->items);
        queue->items = items;
        queue->capacity = capacity;
    }
    queue->begin = 0;
    queue->end = count;
    return true;
}

// Room for one more, which the caller fills in; NULL: memory is out.
static inline Retired *queue_next(Queue *queue) {
    if (UNLIKELY(queue->end == queue->capacity) && !queue_grow(queue))
        return NULL;
    return &queue->items[queue->end++];
}

static bool queue_add(Queue *queue, Retired item) {
    Retired *next = queue_next(queue);
    if (next)
        *next = item;
    return next;
}

// NULL when memory is out.
static Local *local_of(Thread *thread) {
    if (!thread->reclaim_local)
        thread->reclaim_local = calloc(1, sizeof(Local));
    return thread->reclaim_local;
}

static void retire(Value value, void *buffer, size_t bytes) {
    Thread *thread = thread_current();
    Local *local = local_of(thread);
    Queue *queue = local ? &local->retired : NULL;
    // Without memory for the queue the item stays allocated: nobody may be waited for here.
    Retired *item = queue ? queue_next(queue) : NULL;
    if (!item)
        return;
    *item = (Retired){.sequence = OPEN, .value = value, .buffer = buffer};
    queue->open++;
    queue->unasked_bytes += bytes;
    queue->unasked += bytes ? 1 : BATCH_ARRAYS / BATCH;
    if (queue->unasked >= BATCH_ARRAYS || queue->unasked_bytes >= BATCH_BYTES) {
        queue->unasked = 0;
        queue->unasked_bytes = 0;
        queue->asking = true;
        thread_request(thread, WANT_RECLAIM);
    } else if (bytes) {
        return;
    } else if (queue->skip && queue->ended == __atomic_load_n(&threads_ended, __ATOMIC_RELAXED)) {
        queue->skip--;
    } else {
        thread_request(thread, WANT_RECLAIM);
    }
}

static void note_thread_ended(void) {
    __atomic_fetch_add(&threads_ended, 1, __ATOMIC_RELAXED);
}

static void close_batch(Queue *queue) {
    if (!queue->open)
        return;
    uint64_t number = __atomic_add_fetch(&sequence, 1, __ATOMIC_SEQ_CST);
    for (; queue->open; queue->open--)
        queue->items[queue->end - queue->open].sequence = number;
}

#if OBJECT_LOCK_IS_REAL

// Threads that are known: written under the threads lock, read by anybody. One becomes known before
// it attaches, so whoever finds itself alone knows that nobody has found anything yet.
static int64_t threads_known;

void reclaim_thread_known(void) {
    __atomic_fetch_add(&threads_known, 1, __ATOMIC_ACQ_REL);
}
void reclaim_thread_forgotten(void) {
    __atomic_fetch_sub(&threads_known, 1, __ATOMIC_ACQ_REL);
    note_thread_ended();
}
bool reclaim_adopts(void) {
    return syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0) & MEMBARRIER_CMD_GLOBAL;
}
void reclaim_thread_adopted(void) {
    syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}
// Acquire: what threads that are forgotten by now did is seen. And a thread that becomes known
// later sees all that the caller unlinked before: either the caller started it, or it waits for
// reclaim_thread_adopted, a barrier that every thread passes. Had the caller unlinked something
// after it passed, it would have found that it is not alone.
static bool alone(void) {
    return __atomic_load_n(&threads_known, __ATOMIC_ACQUIRE) <= 1;
}

// What was freed without a grace period, by a thread that was alone.
static uint64_t freed_alone; // relaxed

static void note_freed_alone(void) {
    __atomic_store_n(&freed_alone, __atomic_load_n(&freed_alone, __ATOMIC_RELAXED) + 1,
                     __ATOMIC_RELAXED);
}

// Whether the buffer, NULL allowed, is gone already.
static bool free_alone(void *buffer) {
    if (!buffer)
        return true;
    if (!alone())
        return false;
    note_freed_alone();
    buffer_free(buffer);
    return true;
}

void reclaim_buffer(void *buffer) {
    if (!free_alone(buffer))
        retire(VALUE_NULL, buffer, 0);
}

#else

void reclaim_thread_known(void) {}
void reclaim_thread_forgotten(void) {
    note_thread_ended();
}
bool reclaim_adopts(void) {
    return true;
}
void reclaim_thread_adopted(void) {}
void reclaim_buffer(void *buffer) {
    buffer_free(buffer);
}

#endif

#if LOCKSMITH_READS_OPTIMISTIC

// Both only grow. What was unlinked and may be free by now got a number above the one that this
// thread saw last when it found it.
uint64_t reclaim_moment(void) {
    return __atomic_load_n(&thread_current()->reclaim_sequence, __ATOMIC_RELAXED) +
           __atomic_load_n(&freed_alone, __ATOMIC_RELAXED);
}

void reclaim_array(void *buffer) {
    if (!free_alone(buffer))
        retire(VALUE_NULL, buffer, buffer_size(buffer));
}

// To the common queue: the thread may be past the end of its own.
void reclaim_block(HeapBlock *block) {
    if (HEAP_IS_TRACED || alone()) { // nobody tries the count of what he has no reference to
        note_freed_alone();
        heap_block_release(block);
        return;
    }
    // Who adopts it gives it a number that is at least this one.
    __atomic_add_fetch(&sequence, 1, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&orphans_lock);
    if (queue_add(&orphans, (Retired){.block = block}))
        __atomic_store_n(&orphans_exist, true, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&orphans_lock);
    thread_request(thread_current(), WANT_RECLAIM);
}

#else

// Every reader of an array or an object holds a lock or a reference.
void reclaim_array(void *buffer) {
    buffer_free(buffer);
}
void reclaim_block(HeapBlock *block) {
    heap_block_release(block);
}

#endif

void reclaim_reference(Value v) {
    if (!COUNT_IS_KEPT)
        return; // as it is, it lives as long as somebody may have it
    if (!REGISTERS_ARE_COUNTED)
        ref_release(v); // no object ends before every thread has passed a safepoint
    else if (value_is_object(v) && !count_is_immortal(count_range(value_object(v))))
        retire(v, NULL, 0);
}

void reclaim_give_back(Value v) {
    if (!COUNT_IS_KEPT || !value_is_object(v))
        return;
    if (!REGISTERS_ARE_COUNTED) {
        ref_release(v); // which runs nothing
        return;
    }
    Thread *thread = thread_current();
    Local *local = local_of(thread);
    if (!local || !queue_add(&local->given_back, (Retired){.value = v}))
        return; // as in retire
    thread_request(thread, WANT_RECLAIM);
}

typedef struct {
    uint64_t least;
    uint64_t wanted; // who has not seen this number is asked for a quiescent moment
} Minimum;

static void minimum_visit(Thread *thread, void *context) {
    uint64_t seen = __atomic_load_n(&thread->reclaim_sequence, __ATOMIC_SEQ_CST);
    Minimum *minimum = context;
    if (seen < minimum->least)
        minimum->least = seen;
    if (seen < minimum->wanted)
        thread_request(thread, WANT_RECLAIM);
}

static void adopt_orphans(Queue *queue) {
    if (!__atomic_load_n(&orphans_exist, __ATOMIC_RELAXED))
        return;
    pthread_mutex_lock(&orphans_lock);
    Queue all = orphans;
    orphans = (Queue){0};
    __atomic_store_n(&orphans_exist, false, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&orphans_lock);
    close_batch(queue); // what is open comes last
    uint64_t now = __atomic_load_n(&sequence, __ATOMIC_SEQ_CST);
    for (size_t i = all.begin; i < all.end; i++) {
        all.items[i].sequence = now; // the queue stays ordered; later than needed is safe
        queue_add(queue, all.items[i]);
    }
    free(all.items);
}

static void queue_run(Queue *queue, uint64_t least) {
    if (queue->running)
        return; // called again from a finaliser; the outer call goes on
    queue->running = true;
    while (queue->begin < queue->end && queue->items[queue->begin].sequence <= least) {
        Retired item = queue->items[queue->begin++];
        if (item.sequence == OPEN) // all threads are offline, or the world is stopped
            queue->open--;
        buffer_free(item.buffer);
        if (item.block)
            heap_block_release(item.block);
        ref_release(item.value);
    }
    if (queue->begin == queue->end)
        queue->begin = queue->end = 0;
    queue->running = false;
}

void reclaim_quiescent(void) {
    Thread *thread = thread_current();
    if (thread->reclaim_local)
        close_batch(&((Local *)thread->reclaim_local)->retired);
    uint64_t now = __atomic_load_n(&sequence, __ATOMIC_SEQ_CST);
    __atomic_store_n(&thread->reclaim_sequence, now, __ATOMIC_SEQ_CST);
    if (!thread->reclaim_local && !__atomic_load_n(&orphans_exist, __ATOMIC_RELAXED))
        return;
    Local *local = local_of(thread);
    if (!local)
        return;
    queue_run(&local->given_back, UINT64_MAX);
    Queue *queue = &local->retired;
    adopt_orphans(queue);
    if (queue->begin == queue->end) {
        queue->skip = 0;
        return;
    }
    Minimum minimum = {UINT64_MAX, 0};
    size_t closed = queue->end - queue->open;
    if ((queue->asking || closed - queue->begin > BATCH * 4) && closed > queue->begin)
        minimum.wanted = queue->items[closed - 1].sequence;
    queue->asking = false;
    threads_visit(minimum_visit, &minimum);
    queue_run(queue, minimum.least);
    queue->skip = queue->begin == queue->end ? 0 : LOOK_EACH;
    queue->ended = __atomic_load_n(&threads_ended, __ATOMIC_RELAXED);
}

void reclaim_thread_attach(void) {
    Thread *thread = thread_current();
    if (thread->reclaim_local)
        ((Local *)thread->reclaim_local)->retired.skip = 0;
    uint64_t now = __atomic_load_n(&sequence, __ATOMIC_SEQ_CST);
    __atomic_store_n(&thread->reclaim_sequence, now, __ATOMIC_SEQ_CST);
}

// Sequentially consistent, so also a release: what the thread read stays before it.
void reclaim_thread_detach(void) {
    __atomic_store_n(&thread_current()->reclaim_sequence, OFFLINE, __ATOMIC_SEQ_CST);
}

void reclaim_thread_exit(void) {
    Thread *thread = thread_current();
    Local *local = thread->reclaim_local;
    if (!local)
        return;
    while (local->given_back.begin < local->given_back.end)
        queue_run(&local->given_back, UINT64_MAX);
    thread->reclaim_local = NULL;
    Queue *queue = &local->retired;
    close_batch(queue); // who adopts it gives it a number that is at least this one
    pthread_mutex_lock(&orphans_lock);
    for (size_t i = queue->begin; i < queue->end; i++)
        queue_add(&orphans, queue->items[i]);
    if (orphans.end > orphans.begin)
        __atomic_store_n(&orphans_exist, true, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&orphans_lock);
    free(local->given_back.items);
    free(local->retired.items);
    free(local);
}

#if HEAP_IS_TRACED

static void gather(Thread *thread, void *first) {
    Local *local = thread->reclaim_local;
    if (local) {
        local->next = *(Local **)first;
        *(Local **)first = local;
    }
}

void reclaim_stopped(void) {
    // Freed when the visit is over: nothing is locked under the threads lock.
    Local *first = NULL;
    threads_visit(gather, &first);
    for (Local *local = first; local; local = local->next)
        queue_run(&local->retired, UINT64_MAX);
    pthread_mutex_lock(&orphans_lock);
    Queue all = orphans;
    orphans = (Queue){0};
    __atomic_store_n(&orphans_exist, false, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&orphans_lock);
    queue_run(&all, UINT64_MAX);
    free(all.items);
}

#endif

void reclaim_fork_prepare(void) {
    pthread_mutex_lock(&orphans_lock);
}
void reclaim_fork_done(void) {
    pthread_mutex_unlock(&orphans_lock);
}
