// SPDX-License-Identifier: MIT
//
// The GIL, `ticks` form: Python 2's, as David Beazley took it apart ("Understanding the Python
// GIL", 2010). The lock is a semaphore, as it was on Linux. Its holder posts it and waits for it
// again at every hundredth safepoint (sys.getcheckinterval() was 100; sys.setswitchinterval has no
// effect here).
//
// The known effect, kept: letting go wakes a waiter, but the holder is awake already and mostly
// gets the lock back before the other's core has come round. So with more than one core the
// waiters are woken many times in vain, and a thread that needs the lock for a moment only (to
// serve I/O) may wait for hundreds of releases.
//
// A tick of Python 2 was a bytecode, with exceptions; here it is a safepoint: a jump backward or
// the entry of a function. A hundred take longer, by about the number of instructions between two.
#include "locks/gil.h"

#if LOCKSMITH_LOCKING_GIL && LOCKSMITH_GIL_TICKS

#include "vm/runtime/thread.h"
#include <errno.h>
#include <semaphore.h>

#define CHECK_INTERVAL 100

int32_t gil_ticks_left = CHECK_INTERVAL;

static sem_t gil;      // 1 when free
static bool ready;     // written by the main thread before there are others
static bool contended; // some thread has ever had to wait; never reset. Relaxed, any thread

static void take(void) {
    if (!ready) {
        sem_init(&gil, 0, 1);
        ready = true;
    }
    if (sem_trywait(&gil) != 0) {
        __atomic_store_n(&contended, true, __ATOMIC_RELAXED);
        while (sem_wait(&gil) != 0 && errno == EINTR) {
        }
    }
    gil_ticks_left = CHECK_INTERVAL;
}

void gil_take(Thread *thread) {
    (void)thread;
    int saved_errno = errno;
    take();
    errno = saved_errno;
}

void gil_drop(Thread *thread) {
    (void)thread;
    int saved_errno = errno;
    sem_post(&gil);
    errno = saved_errno;
}

void gil_yield(Thread *thread) {
    (void)thread;
    int saved_errno = errno;
    sem_post(&gil);
    take();
    errno = saved_errno;
}

// Python 2 made its lock when the first thread was started; without one there was nothing to let
// go of. `contended` stands for that.
bool gil_ticks_over(void) {
    if (gil_ticks_left > 0)
        return false;
    gil_ticks_left = CHECK_INTERVAL;
    return __atomic_load_n(&contended, __ATOMIC_RELAXED);
}

void gil_after_fork(Thread *thread) {
    (void)thread;
    sem_init(&gil, 0, 0); // the caller has it
    gil_ticks_left = CHECK_INTERVAL;
}

#endif
