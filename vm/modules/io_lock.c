// SPDX-License-Identifier: MIT
//
// The lock of a file object: waiting for it, and waking who waits (io_lock.h).
#include "vm/modules/io_lock.h"
#include "locks/parking.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/start.h"

#define SHUTDOWN_WAIT_NS 1000000000 // for a daemon thread that was stopped within a write

static uint64_t holder_of(uint64_t word) {
    return word & ~(uint64_t)IO_LOCK_WAITING;
}

static bool still_held(void *context) {
    uint64_t word = __atomic_load_n(&((IoLock *)context)->word, __ATOMIC_RELAXED);
    return (word & IO_LOCK_WAITING) && holder_of(word);
}

int io_enter_slow(IoLock *lock, Value self) {
    Object *object = value_object(self);
    uint64_t me = thread_current()->id;
    for (ParkResult result = PARK_WOKEN;;) {
        object_lock(object);
        uint64_t word = __atomic_load_n(&lock->word, __ATOMIC_ACQUIRE), holder = holder_of(word);
        if (!holder)
            __atomic_store_n(&lock->word, me | word, __ATOMIC_RELAXED);
        else if (holder != me && !(word & IO_LOCK_WAITING))
            __atomic_store_n(&lock->word, word | IO_LOCK_WAITING, __ATOMIC_RELAXED);
        object_unlock(object);
        if (!holder)
            return 0;
        if (holder == me)
            return raise_int(&exception_RuntimeError, "reentrant call inside %R", self);
        if (result == PARK_TIMEOUT)
            return raise_int(&exception_RuntimeError,
                             "could not acquire lock for %R at interpreter shutdown, possibly due "
                             "to daemon threads",
                             self);
        int64_t timeout = start_is_finishing() ? SHUTDOWN_WAIT_NS : -1;
        result = parking_park(lock, still_held, lock, timeout, true, false, NULL);
    }
}

static uintptr_t decide(void *context, bool found, bool more, bool starving) {
    __atomic_store_n(&((IoLock *)context)->word, more ? IO_LOCK_WAITING : 0, __ATOMIC_RELEASE);
    return 0;
}

void io_leave_slow(IoLock *lock) {
    parking_unpark_one(lock, decide, lock);
}
