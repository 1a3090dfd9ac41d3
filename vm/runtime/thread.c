// SPDX-License-Identifier: MIT
//
// Threads: their life, attaching and detaching, safepoints, stopping the world, recursion.
//
//   threads_lock   a plain pthread mutex: the list of threads, world.stopper, Thread.locals,
//                  and the change of a state to or from STOPPED. Held for a few instructions (or
//                  during the collector's look at the threads, when nobody else runs). Waiting
//                  for it does not detach.
//   world_mutex    who holds it stops the world or is about to; waiting for it detaches.
//
// With a GIL, whoever stops the world holds the GIL all the while, so every other thread is
// detached already and the handshake never waits.
#include "vm/runtime/thread.h"
#include "gc/clear.h"
#include "gc/collect.h"
#include "gc/destroy.h"
#include "gc/heap.h"
#include "gc/merge.h"
#include "gc/reclaim.h"
#include "gc/reclaim_private.h"
#include "gc/settle.h"
#include "gc/weak.h"
#include "locks/gil.h"
#include "locks/mutex.h"
#include "locks/object_lock.h"
#include "locks/parking.h"
#include "locks/private.h"
#include "vm/interp/frame.h"
#include "vm/modules/thread_module.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/share.h"
#include "vm/types/dict.h"
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEBIBYTE ((size_t)1 << 20)
#define MAIN_STACK_BYTES (64 * MEBIBYTE) // register stacks
#define THREAD_STACK_BYTES (16 * MEBIBYTE)
#define STACK_SLACK_WORDS 8192 // for frames whose size was checked a little late
#define C_STACK_BYTES (16 * MEBIBYTE)
#define C_STACK_MINIMUM MEBIBYTE   // what a thread gets that asked for less
#define C_STACK_SLACK (256 * 1024) // for C code that does not check

_Thread_local Thread *thread_current_pointer __attribute__((tls_model("local-exec")));
int32_t thread_recursion_limit = 1000;

// Adaptive: looks a few times before it sleeps.
static pthread_mutex_t threads_lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
static Thread *threads;     // all; threads_lock
static Thread *main_thread; // set at start and after fork
static Mutex world_mutex = MUTEX_INIT;
static Thread *world_stopper; // threads_lock
static bool world_finished;   // threads_lock: thread_finish_all ran, the world stays stopped
// What thread_share_work has to give, and who works at it (the caller apart). threads_lock.
static struct {
    void (*run)(void *context, unsigned worker); // NULL: nothing
    void *context;
    uint64_t number; // this one's; none has 0
    unsigned joined, most;
    unsigned active;
} world_work;
// Goes up when there is work or the world starts, so that a stopped thread can watch for either
// without the lock (watch_world). Atomic, written under threads_lock.
static uint32_t world_news;
static unsigned world_watchers;                                 // threads_lock
static pthread_cond_t world_changed = PTHREAD_COND_INITIALIZER; // to the stopper: look again
static pthread_cond_t world_started = PTHREAD_COND_INITIALIZER; // to the stopped
static int64_t running_count;                                   // threads of thread_spawn; atomic
static size_t stack_size_asked;                                 // _thread.stack_size(); relaxed
static bool fork_stopped_world; // written by the forking thread with the world stopped

Thread *thread_main(void) {
    return main_thread;
}

// ---- requests --------------------------------------------------------------------------------

void thread_request(Thread *thread, uint32_t want) {
    __atomic_fetch_or(&thread->wanted, want, __ATOMIC_SEQ_CST);
}

static void request_visit(Thread *thread, void *context) {
    thread_request(thread, *(uint32_t *)context);
}

void thread_request_all(uint32_t want) {
    threads_visit(request_visit, &want);
}

void threads_visit(void (*visit)(Thread *thread, void *context), void *context) {
    pthread_mutex_lock(&threads_lock);
    for (Thread *thread = threads; thread; thread = thread->next)
        visit(thread, context);
    pthread_mutex_unlock(&threads_lock);
}

// ---- attach, detach ----------------------------------------------------------------------------

static uint32_t state_read(const Thread *thread) {
    return __atomic_load_n(&thread->state, __ATOMIC_SEQ_CST);
}

static bool state_change(Thread *thread, uint32_t from, uint32_t to) {
    return __atomic_compare_exchange_n(&thread->state, &from, to, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

// A thread that sleeps is back some tens of microseconds after what it waits for, which is long
// beside a young collection. So who stops the world, and who is stopped, looks again for so long
// first; but no more threads at a time than there are processors for.
#define WATCH_ROUNDS 200
#define WATCH_PAUSES 16 // about a quarter of a microsecond

static void watch_pause(void) {
    for (int i = 0; i < WATCH_PAUSES; i++)
        __builtin_ia32_pause();
}

static unsigned processor_count(void) {
    static unsigned count; // relaxed; 0: not asked yet
    unsigned known = __atomic_load_n(&count, __ATOMIC_RELAXED);
    if (!known) {
        cpu_set_t set;
        known = sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
        __atomic_store_n(&count, known, __ATOMIC_RELAXED);
    }
    return known;
}

// For who has stopped the world and looks for the rounds-th time (from 0): until what it waits for
// may have come. With threads_lock held, which it gives up meanwhile.
static void await_change(int rounds) {
    if (rounds < WATCH_ROUNDS && processor_count() > 1) {
        pthread_mutex_unlock(&threads_lock);
        watch_pause();
        pthread_mutex_lock(&threads_lock);
    } else {
        pthread_cond_wait(&world_changed, &threads_lock);
    }
}

// With threads_lock held, which it gives up meanwhile: whether there may be news.
static bool watch_world(void) {
    if (world_finished || world_watchers + 1 >= processor_count())
        return false;
    world_watchers++;
    uint32_t seen = world_news;
    pthread_mutex_unlock(&threads_lock);
    bool news = false;
    for (int i = 0; i < WATCH_ROUNDS && !news; i++) {
        watch_pause();
        news = __atomic_load_n(&world_news, __ATOMIC_RELAXED) != seen;
    }
    pthread_mutex_lock(&threads_lock);
    world_watchers--;
    return world_news != seen;
}

// With threads_lock held, which it gives up meanwhile. done: the number of the work this thread has
// taken part in last. Whether it did now.
static bool help_world(uint64_t *done) {
    if (!world_work.run || world_work.number == *done || world_work.joined == world_work.most)
        return false;
    *done = world_work.number;
    unsigned worker = world_work.joined++;
    void (*run)(void *context, unsigned worker) = world_work.run;
    void *context = world_work.context;
    world_work.active++;
    pthread_mutex_unlock(&threads_lock);
    run(context, worker);
    pthread_mutex_lock(&threads_lock);
    if (--world_work.active == 0)
        pthread_cond_signal(&world_changed);
    return true;
}

// With threads_lock held, in state STOPPED: until the world is started. If that will never be,
// others must not wait for the mutex that this thread was about to go on with.
static void wait_for_start(Thread *thread) {
    uint64_t done = 0;
    while (state_read(thread) == THREAD_STOPPED) {
        // One that has ended has no heap and no counts of its own any more.
        if ((!thread->ended && help_world(&done)) || watch_world())
            continue;
        Mutex *taken = thread->taken;
        if (world_finished && taken) {
            thread->taken = NULL;
            mutex_unlock(taken);
        }
        pthread_cond_wait(&world_started, &threads_lock);
    }
}

// The thread has the GIL, if there is one, and is to go on when it may: ATTACHED then.
static void become_attached(Thread *thread) {
    for (;;) {
        if (!(__atomic_load_n(&thread->wanted, __ATOMIC_SEQ_CST) & WANT_STOP) &&
            state_change(thread, THREAD_DETACHED, THREAD_ATTACHED))
            break;
        if (state_read(thread) == THREAD_BORROWED) {
            sched_yield();
            continue;
        }
        gil_drop(thread);
        pthread_mutex_lock(&threads_lock);
        // Spare the stopper a second look at this thread.
        if (world_stopper && state_change(thread, THREAD_DETACHED, THREAD_STOPPED))
            pthread_cond_signal(&world_changed);
        thread->at_start = true;
        wait_for_start(thread);
        thread->at_start = false;
        pthread_mutex_unlock(&threads_lock);
        gil_take(thread);
    }
    reclaim_thread_attach();
}

static void become_detached(Thread *thread) {
    object_lock_assert_none();
    reclaim_thread_detach();
    __atomic_exchange_n(&thread->state, THREAD_DETACHED, __ATOMIC_SEQ_CST);
    uint32_t wanted = __atomic_load_n(&thread->wanted, __ATOMIC_SEQ_CST);
    if (UNLIKELY(wanted & WANT_MERGE))
        merge_left_behind(thread);
    if (UNLIKELY(wanted & WANT_STOP)) {
        pthread_mutex_lock(&threads_lock);
        pthread_cond_signal(&world_changed);
        pthread_mutex_unlock(&threads_lock);
    }
}

void thread_attach(void) {
    int saved_errno = errno;
    Thread *thread = thread_current();
    gil_take(thread);
    become_attached(thread);
    errno = saved_errno;
}

__attribute__((noinline)) void thread_detach(void) {
    int saved_errno = errno;
    Thread *thread = thread_current();
    ROOTS_PUBLISH(&thread->c_stack);
    become_detached(thread);
    gil_drop(thread);
    errno = saved_errno;
}

__attribute__((noinline)) void thread_yield(void) {
    int saved_errno = errno;
    Thread *thread = thread_current();
    ROOTS_PUBLISH(&thread->c_stack);
    become_detached(thread);
    gil_yield(thread);
    become_attached(thread);
    errno = saved_errno;
}

// ---- safepoints -------------------------------------------------------------------------------

static uint32_t take_wish(Thread *thread, uint32_t want) {
    return __atomic_fetch_and(&thread->wanted, ~want, __ATOMIC_SEQ_CST) & want;
}

int thread_safepoint_slow(void) {
    Thread *thread = thread_current();
    object_lock_assert_none();
    uint32_t wanted = __atomic_load_n(&thread->wanted, __ATOMIC_SEQ_CST);
    if ((wanted & WANT_MERGE) && take_wish(thread, WANT_MERGE))
        merge_pending();
    if ((wanted & WANT_SETTLE) && take_wish(thread, WANT_SETTLE))
        settle_pending();
    if ((wanted & (WANT_STOP | WANT_GIL_DROP)) || gil_ticks_over())
        thread_yield(); // the GIL clears WANT_GIL_DROP, whoever starts the world WANT_STOP
    if ((wanted & WANT_CLEAR) && take_wish(thread, WANT_CLEAR))
        clear_pending();
    if ((wanted & WANT_RECLAIM) && take_wish(thread, WANT_RECLAIM))
        reclaim_quiescent();
    if ((wanted & WANT_COLLECT) && take_wish(thread, WANT_COLLECT))
        gc_collect_if_wanted();
    if (wanted & WANT_SIGNAL) {
        take_wish(thread, WANT_SIGNAL);
        return thread_check_signals();
    }
    return 0;
}

// ---- stop the world ---------------------------------------------------------------------------

// For debug builds' assertion in locks/mutex.h.
static void forbid_mutexes(bool forbidden) {
#ifndef NDEBUG
    mutex_forbidden = forbidden;
#else
    (void)forbidden;
#endif
}

void thread_stop_world(void) {
    Thread *self = thread_current();
    if (world_finished && world_stopper == self)
        return;
    mutex_lock(&world_mutex);
    forbid_mutexes(true);
    pthread_mutex_lock(&threads_lock);
    world_stopper = self;
    for (Thread *thread = threads; thread; thread = thread->next) {
        if (thread != self)
            thread_request(thread, WANT_STOP);
    }
    for (int rounds = 0;; rounds++) {
        bool stopped = true;
        for (Thread *thread = threads; thread; thread = thread->next) {
            if (thread != self && !state_change(thread, THREAD_DETACHED, THREAD_STOPPED) &&
                state_read(thread) != THREAD_STOPPED)
                stopped = false;
        }
        if (stopped)
            break;
        await_change(rounds);
    }
    pthread_mutex_unlock(&threads_lock);
}

void thread_share_work(void (*work)(void *context, unsigned worker), void *context, unsigned most) {
    if (most > processor_count())
        most = processor_count();
    if (most < 2) {
        work(context, 0);
        return;
    }
    pthread_mutex_lock(&threads_lock);
    world_work.run = work;
    world_work.context = context;
    world_work.number++;
    world_work.joined = 1;
    world_work.most = most;
    __atomic_store_n(&world_news, world_news + 1, __ATOMIC_RELAXED);
    for (unsigned i = 1; i < most; i++)
        pthread_cond_signal(&world_started);
    pthread_mutex_unlock(&threads_lock);
    work(context, 0);
    pthread_mutex_lock(&threads_lock);
    world_work.run = NULL;
    for (int rounds = 0; world_work.active; rounds++)
        await_change(rounds);
    pthread_mutex_unlock(&threads_lock);
}

void thread_start_world(void) {
    if (world_finished)
        return;
    pthread_mutex_lock(&threads_lock);
    __atomic_store_n(&world_news, world_news + 1, __ATOMIC_RELAXED);
    for (Thread *thread = threads; thread; thread = thread->next) {
        if (thread == world_stopper)
            continue;
        __atomic_fetch_and(&thread->wanted, ~(uint32_t)WANT_STOP, __ATOMIC_SEQ_CST);
        state_change(thread, THREAD_STOPPED, THREAD_DETACHED);
    }
    world_stopper = NULL;
    pthread_cond_broadcast(&world_started);
    pthread_mutex_unlock(&threads_lock);
    forbid_mutexes(false);
    mutex_unlock(&world_mutex);
}

bool thread_borrow(Thread *thread) {
    if (state_change(thread, THREAD_DETACHED, THREAD_BORROWED))
        return true;
    // Nobody is there any more to start the world (thread_finish_all).
    return world_finished && world_stopper == thread_current() &&
           state_read(thread) == THREAD_STOPPED;
}

void thread_give_back(Thread *thread) {
    state_change(thread, THREAD_BORROWED, THREAD_DETACHED);
}

bool thread_is_attached(const Thread *thread) {
    return state_read(thread) == THREAD_ATTACHED;
}

bool thread_try_each(void (*visit)(Thread *thread, void *context), void *context) {
    if (pthread_mutex_trylock(&threads_lock))
        return false;
    for (Thread *thread = threads; thread; thread = thread->next)
        visit(thread, context);
    pthread_mutex_unlock(&threads_lock);
    return true;
}

void thread_each(void (*visit)(Thread *thread, void *context), void *context) {
    threads_visit(visit, context);
}

// For good: nobody starts the world again. Whoever is stopped or comes to attach stays so.
void thread_finish_all(void) {
    thread_stop_world();
    pthread_mutex_lock(&threads_lock);
    world_finished = true; // whoever waits for a mutex lets it go again (Thread.taken)
    forbid_mutexes(false);
    pthread_cond_broadcast(&world_started); // see wait_for_start
    pthread_mutex_unlock(&threads_lock);
}

// ---- life -------------------------------------------------------------------------------------

static void set_c_stack_limit(Thread *thread) {
    pthread_attr_t attributes;
    void *lowest;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return;
    if (pthread_attr_getstack(&attributes, &lowest, &size) == 0) {
        size_t usable = size;
        if (usable > 256 * MEBIBYTE) // an unlimited main stack: do not trust its size
            usable = 256 * MEBIBYTE;
        char *top = (char *)lowest + size;
        size_t slack = C_STACK_SLACK < usable / 4 ? C_STACK_SLACK : usable / 4;
        thread->c_stack_limit = top - usable + slack;
        roots_stack_top(&thread->c_stack, top);
    }
    pthread_attr_destroy(&attributes);
}

// Register stacks of threads that have ended, for those to come: mapping a new one and touching
// its pages costs more than the rest of starting a thread. threads_lock.
#define SPARE_STACKS 8
#define SPARE_KEPT (64 * 1024) // bytes of each that stay in memory
static Value *spare_stacks[SPARE_STACKS];
static int spare_count;

static Value *stack_take(size_t bytes) {
    Value *stack = NULL;
    if (bytes == THREAD_STACK_BYTES) {
        pthread_mutex_lock(&threads_lock);
        if (spare_count)
            stack = spare_stacks[--spare_count];
        pthread_mutex_unlock(&threads_lock);
        if (stack)
            return stack;
    }
    stack = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                 -1, 0);
    return stack == MAP_FAILED ? NULL : stack;
}

// What an ended thread leaves in its stack are numbers and VALUE_NULL, as in any stack above its
// innermost frame.
static void stack_give_back(Value *stack, size_t bytes) {
    if (bytes == THREAD_STACK_BYTES) {
        madvise((char *)stack + SPARE_KEPT, bytes - SPARE_KEPT, MADV_DONTNEED);
        pthread_mutex_lock(&threads_lock);
        if (spare_count < SPARE_STACKS) {
            spare_stacks[spare_count++] = stack;
            stack = NULL;
        }
        pthread_mutex_unlock(&threads_lock);
    }
    if (stack)
        munmap(stack, bytes);
}

static Thread *thread_create(size_t stack_bytes) {
    Thread *thread = calloc(1, sizeof *thread);
    if (!thread)
        return NULL;
    Value *stack = stack_take(stack_bytes);
    // A line of the cache of its own: each handler of an exception writes it, and those of threads
    // that one thread starts would lie side by side.
    HandledItem *base = aligned_alloc(CACHE_LINE, CACHE_LINE);
    if (base)
        *base = (HandledItem){VALUE_NULL, NULL};
    thread->heap = heap_thread_create();
    static int64_t last_serial; // atomic
    thread->serial = __atomic_add_fetch(&last_serial, 1, __ATOMIC_RELAXED);
    if (!stack || !base || !thread->heap || !settle_thread_create(thread) ||
        !merge_thread_create(thread)) {
        if (stack)
            stack_give_back(stack, stack_bytes);
        if (thread->heap)
            heap_thread_destroy(thread->heap);
        settle_thread_free(thread);
        free(base);
        free(thread);
        return NULL;
    }
    thread->stack = stack;
    thread->stack_limit = thread->stack + stack_bytes / sizeof(Value) - STACK_SLACK_WORDS;
    thread->handled = thread->handled_base = base;
    thread->state = THREAD_DETACHED;
    thread->reclaim_sequence = UINT64_MAX; // offline
    return thread;
}

static size_t stack_bytes_of(const Thread *thread) {
    return (size_t)(thread->stack_limit + STACK_SLACK_WORDS - thread->stack) * sizeof(Value);
}

static void thread_free(Thread *thread) {
    stack_give_back(thread->stack, stack_bytes_of(thread));
    merge_thread_free(thread);
    settle_thread_free(thread);
    free(thread->handled_base);
    free(thread);
}

static void thread_register(Thread *thread) {
    pthread_mutex_lock(&threads_lock);
    if (world_stopper) {
        thread->state = THREAD_STOPPED;
        thread->wanted |= WANT_STOP;
    }
    thread->previous = NULL;
    thread->next = threads;
    if (threads)
        threads->previous = thread;
    threads = thread;
    reclaim_thread_known();
    pthread_mutex_unlock(&threads_lock);
}

static void thread_unlink(Thread *thread) {
    reclaim_thread_forgotten();
    if (thread->previous)
        thread->previous->next = thread->next;
    else
        threads = thread->next;
    if (thread->next)
        thread->next->previous = thread->previous;
}

// Detached. Not while the world is stopped: the collector may be looking at this thread.
static void thread_unregister(Thread *thread) {
    pthread_mutex_lock(&threads_lock);
    wait_for_start(thread);
    thread_unlink(thread);
    pthread_cond_signal(&world_changed);
    pthread_mutex_unlock(&threads_lock);
}

// The OS thread becomes this Thread; not yet attached.
static void thread_enter(Thread *thread) {
    thread_current_pointer = thread;
    heap_thread_use(thread->heap);
    merge_thread_start(thread);
    settle_thread_start(thread);
    private_thread_start(thread, (uint32_t)thread->serial);
    destroy_thread_start(thread);
    thread->handle = pthread_self();
    thread->id = (uint64_t)thread->handle;
    thread->native_id = (uint64_t)syscall(SYS_gettid);
    set_c_stack_limit(thread);
}

static void fork_prepare(void) {
    Thread *thread = thread_current();
    fork_stopped_world = thread && state_read(thread) == THREAD_ATTACHED;
    if (fork_stopped_world)
        thread_stop_world(); // so nobody holds an object lock in the child for ever
    pthread_mutex_lock(&threads_lock);
    merge_fork_prepare();
    private_fork_prepare();
    heap_fork_prepare();
    reclaim_fork_prepare();
    weak_fork_prepare();
    roots_fork_prepare();
    parking_fork_prepare();
}

static void fork_parent(void) {
    parking_fork_parent();
    roots_fork_done();
    weak_fork_done();
    reclaim_fork_done();
    heap_fork_done();
    private_fork_done();
    merge_fork_done();
    pthread_mutex_unlock(&threads_lock);
    if (fork_stopped_world)
        thread_start_world();
}

static void fork_child(void) {
    parking_fork_child();
    roots_fork_done();
    weak_fork_done();
    reclaim_fork_done();
    heap_fork_done();
    private_fork_done();
    merge_fork_done();
    world_stopper = NULL;
    forbid_mutexes(false);
    world_mutex = (Mutex)MUTEX_INIT;
    world_changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    world_started = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    pthread_mutex_unlock(&threads_lock);
    Thread *thread = thread_current();
    if (thread && fork_stopped_world) {
        gil_after_fork(thread);
        __atomic_fetch_and(&thread->wanted, ~(uint32_t)(WANT_STOP | WANT_GIL_DROP),
                           __ATOMIC_SEQ_CST);
    }
}

// The frames of a thread that is not there any more end: their stack goes, but who has asked for
// them still has their objects.
static void frames_forget(Thread *thread) {
    for (Frame *frame = thread->frame; frame; frame = frame_previous(frame))
        if (!value_is_null(frame->object))
            frame_object_detach(frame);
    thread->frame = NULL;
}

void threads_after_fork_in_child(void) {
    Thread *self = thread_current(), *others = NULL;
    pthread_mutex_lock(&threads_lock);
    for (Thread *thread = threads, *next; thread; thread = next) {
        next = thread->next;
        if (thread == self)
            continue;
        thread_unlink(thread);
        thread->next = others;
        others = thread;
    }
    main_thread = self;
    world_watchers = 0; // they are not there any more
    pthread_mutex_unlock(&threads_lock);
    for (Thread *thread = others; thread; thread = thread->next) {
        frames_forget(thread);
        if (thread->taken) // a mutex that nobody else will let go
            mutex_unlock(thread->taken);
    }
    while (others) {
        Thread *thread = others;
        others = thread->next;
        if (!thread->ended) {
            clear_thread_forget(thread);
            merge_thread_forget(thread);
            settle_thread_forget(thread);
            private_thread_forget(thread);
            heap_thread_destroy(thread->heap);
        }
        thread_free(thread);
    }
    gc_after_fork_in_child();
    self->is_main = true;
    self->native_id = (uint64_t)syscall(SYS_gettid);
    __atomic_store_n(&running_count, 0, __ATOMIC_RELAXED);
    parking_set_main();
}

Thread *thread_start_main(void) {
    Thread *thread = thread_create(MAIN_STACK_BYTES);
    if (!thread)
        abort();
    thread->is_main = true;
    main_thread = thread;
    thread_enter(thread);
    parking_set_main();
    pthread_atfork(fork_prepare, fork_parent, fork_child);
    thread_register(thread);
    thread_attach();
    return thread;
}

static void start_discard(Thread *thread) {
    Value function = thread->function, args = thread->args, kwargs = thread->kwargs;
    thread->function = thread->args = thread->kwargs = VALUE_NULL;
    ref_release(function);
    ref_release(args);
    ref_release(kwargs);
}

// Drops what Python code left with the thread. May run Python code, which may leave more.
static void thread_clear(Thread *thread) {
    __atomic_fetch_and(&thread->wanted, ~(uint32_t)WANT_TRACE, __ATOMIC_RELAXED);
    Value tracer = thread->trace_function, profiler = thread->profile_function;
    thread->trace_function = thread->profile_function = VALUE_NULL;
    ref_release(tracer);
    ref_release(profiler);
    for (int round = 0; round < 10; round++) {
        pthread_mutex_lock(&threads_lock);
        Value locals = thread->locals;
        thread->locals = VALUE_NULL;
        pthread_mutex_unlock(&threads_lock);
        Value context = thread->context, repr = thread->repr_running, loop = thread->running_loop;
        thread->context = thread->repr_running = thread->running_loop = VALUE_NULL;
        Value first = thread->async_first, finalizer = thread->async_finalizer;
        thread->async_first = thread->async_finalizer = VALUE_NULL;
        HandledItem *base = thread->handled_base;
        Value handled = base->exception;
        base->exception = VALUE_NULL;
        thread->handled = base;
        if (!value_is_object(locals) && !value_is_object(context) && !value_is_object(repr) &&
            !value_is_object(loop) && !value_is_object(handled) && !value_is_object(first) &&
            !value_is_object(finalizer))
            break;
        if (value_is_object(locals)) {
            thread_module_drop_locals(locals, thread->serial);
            ref_release(locals);
        }
        ref_release(context);
        ref_release(loop);
        ref_release(first);
        ref_release(finalizer);
        ref_release(repr);
        ref_release(handled);
    }
    error_clear();
}

// The end of a Thread, attached. Whoever joins goes on when the sentinel is let go, perhaps to
// end the interpreter: nothing after that may need more of it than its locks.
static void thread_end(Thread *thread) {
    thread_clear(thread);
    do {
        clear_pending();
        merge_pending();
    } while (thread->garbage);
    reclaim_thread_exit();
    if (!value_is_null(thread->sentinel)) {
        Value sentinel = thread->sentinel;
        thread->sentinel = VALUE_NULL;
        thread->sentinel_release(sentinel);
        ref_release(sentinel);
    }
    // Up to thread_detach the world is not stopped: who forks finds all of this done, or nothing.
    merge_thread_exit(thread);
    settle_thread_exit(thread);
    destroy_thread_exit();
    heap_thread_destroy(thread->heap);
    heap_thread_use(NULL);
    private_thread_exit();
    thread->ended = true;
    thread_detach();
    thread_unregister(thread);
    thread_current_pointer = NULL;
    thread_free(thread);
}

static void *thread_run(void *argument) {
    Thread *thread = argument;
    thread_enter(thread);
    thread_attach();
    Value result = value_call_tuple(thread->function, thread->args, thread->kwargs);
    if (value_is_null(result)) {
        if (error_matches(&exception_SystemExit))
            error_clear();
        else
            error_report_unraisable("Exception ignored in thread started by", thread->function);
    }
    ref_release(result);
    start_discard(thread);
    __atomic_fetch_sub(&running_count, 1, __ATOMIC_RELAXED);
    thread_end(thread);
    return NULL;
}

Thread *thread_adopt(void) {
    Thread *thread = reclaim_adopts() ? thread_create(THREAD_STACK_BYTES) : NULL;
    if (!thread)
        return NULL;
    thread->daemon = true;
    thread_enter(thread);
    thread_register(thread);
    reclaim_thread_adopted();
    thread_attach();
    return thread;
}

void thread_abandon(void) {
    thread_end(thread_current());
}

int thread_spawn(Value function, Value args, Value kwargs, uint64_t *ident_out) {
    Thread *thread = thread_create(THREAD_STACK_BYTES);
    if (!thread) {
        raise_memory_error();
        return -1;
    }
    thread->function = ref_new(function);
    thread->args = ref_new(args);
    thread->kwargs = ref_new(kwargs);
    thread->daemon = true; // Python's threading joins the others by itself

    size_t size = __atomic_load_n(&stack_size_asked, __ATOMIC_RELAXED);
    if (size == 0)
        size = C_STACK_BYTES;
    if (size < C_STACK_MINIMUM)
        size = C_STACK_MINIMUM;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, size);
    __atomic_fetch_add(&running_count, 1, __ATOMIC_RELAXED);
    thread_register(thread);
    pthread_t handle;
    int result = pthread_create(&handle, &attributes, thread_run, thread);
    pthread_attr_destroy(&attributes);
    if (result != 0) {
        __atomic_fetch_sub(&running_count, 1, __ATOMIC_RELAXED);
        pthread_mutex_lock(&threads_lock); // attached, so nobody has stopped the world
        thread_unlink(thread);
        pthread_mutex_unlock(&threads_lock);
        start_discard(thread);
        heap_thread_destroy(thread->heap);
        thread_free(thread);
        raise_error(&exception_RuntimeError, "can't start new thread");
        return -1;
    }
    if (ident_out)
        *ident_out = (uint64_t)handle;
    return 0;
}

int64_t thread_count(void) {
    return __atomic_load_n(&running_count, __ATOMIC_RELAXED);
}

size_t thread_stack_size(size_t new_size) {
    if (new_size == 0)
        return __atomic_load_n(&stack_size_asked, __ATOMIC_RELAXED);
    return __atomic_exchange_n(&stack_size_asked, new_size == SIZE_MAX ? 0 : new_size,
                               __ATOMIC_RELAXED);
}

// ---- thread-local attributes ------------------------------------------------------------------

Value thread_locals(void) {
    Thread *thread = thread_current();
    if (value_is_null(thread->locals)) { // only this thread writes it
        Value dict = dict_new();
        if (value_is_null(dict))
            return VALUE_NULL;
        pthread_mutex_lock(&threads_lock);
        thread->locals = dict;
        pthread_mutex_unlock(&threads_lock);
    }
    return thread->locals;
}

Value *thread_all_locals(size_t *count) {
    for (size_t capacity = 8;; capacity *= 2) {
        *count = 0;
        Value *out = buffer_allocate(capacity * sizeof *out);
        if (!out)
            return NULL;
        size_t found = 0;
        pthread_mutex_lock(&threads_lock);
        for (Thread *thread = threads; thread; thread = thread->next) {
            if (value_is_null(thread->locals))
                continue;
            if (found < capacity)
                out[found] = ref_new(thread->locals);
            found++;
        }
        pthread_mutex_unlock(&threads_lock);
        if (found <= capacity) {
            *count = found;
            return out;
        }
        for (size_t i = 0; i < capacity; i++)
            ref_release(out[i]);
        buffer_free(out);
    }
}

// ---- recursion --------------------------------------------------------------------------------

static int raise_recursion(Thread *thread, const char *where) {
    thread->recursion_headroom++;
    raise_error(&exception_RecursionError, "maximum recursion depth exceeded%s", where);
    thread->recursion_headroom--;
    return -1;
}

// Making the error may itself call: that much the limit is stretched.
int thread_raise_recursion(const char *where) {
    Thread *thread = thread_current();
    return thread->recursion_headroom > 0 ? 0 : raise_recursion(thread, where);
}

int thread_enter_recursive(const char *where) {
    Thread *thread = thread_current();
    int32_t depth = ++thread->depth + (thread->frame ? frame_depth(thread->frame) : 0);
    bool no_stack = (char *)__builtin_frame_address(0) < thread->c_stack_limit;
    if (LIKELY(depth <= __atomic_load_n(&thread_recursion_limit, __ATOMIC_RELAXED) && !no_stack))
        return 0;
    // The C stack is no matter of choice: there is room enough below to make the error.
    if (no_stack ? raise_recursion(thread, where) < 0 : thread_raise_recursion(where) < 0) {
        thread->depth--;
        return -1;
    }
    return 0;
}

int thread_raise_stack(void) {
    return raise_recursion(thread_current(), "");
}

void thread_leave_recursive(void) {
    thread_current()->depth--;
}

Value thread_handled(void) {
    for (HandledItem *item = thread_current()->handled; item; item = item->previous) {
        if (!value_is_null(item->exception))
            return item->exception;
    }
    return VALUE_NULL;
}
