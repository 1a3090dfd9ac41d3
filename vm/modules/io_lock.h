// SPDX-License-Identifier: MIT
//
// The lock of a file object. It guards the file's buffers and position, is held across blocking
// calls, which an object's lock must never be, and waiting for it detaches. Entering it twice from
// one thread (a raw file written in Python that calls back) is an error that says so.
//
// Nearly every line that is read or written takes it and lets it go without anybody waiting, so
// that costs only a section on the object, which is nothing under a GIL and no atomic instruction
// for the object's owner.
//
// `word`: the holder's id, 0 if free, plus IO_LOCK_WAITING if somebody may be parked on the word's
// address. Who writes it, by what order:
//   a taker, when it is free, and one who waits, to set the bit: within a section on the object;
//   the holder, when the bit is not set: within a section;
//   the holder, when it is set: under the parking lot's lock (decide), which needs no section,
//   since until then the others have nothing to write. Release; takers acquire.
// One who waits parks only if the word is still held and waited for under the parking lot's lock,
// so no wake-up is lost; the woken thread competes for the lock again.
#ifndef LOCKSMITH_VM_MODULES_IO_LOCK_H
#define LOCKSMITH_VM_MODULES_IO_LOCK_H

#include "locks/object_lock.h"
#include "vm/runtime/thread.h"

typedef struct {
    uint64_t word; // atomic
} IoLock;

#define IO_LOCK_WAITING 1u // no thread's id is odd

// Both with self, the object that the lock is in.
int io_enter_slow(IoLock *lock, Value self);
void io_leave_slow(IoLock *lock);

// 0, or -1 with RuntimeError "reentrant call inside ..." or, while the interpreter ends, for a lock
// that is never let go. May block, detached.
static inline int io_enter(IoLock *lock, Value self) {
    Object *object = value_object(self);
    object_lock(object);
    uint64_t word = __atomic_load_n(&lock->word, __ATOMIC_ACQUIRE);
    bool taken = (word & ~(uint64_t)IO_LOCK_WAITING) == 0;
    if (taken)
        __atomic_store_n(&lock->word, thread_current()->id | word, __ATOMIC_RELAXED);
    object_unlock(object);
    return taken ? 0 : io_enter_slow(lock, self);
}
static inline void io_leave(IoLock *lock, Value self) {
    Object *object = value_object(self);
    object_lock(object);
    bool waited = __atomic_load_n(&lock->word, __ATOMIC_RELAXED) & IO_LOCK_WAITING;
    if (!waited)
        __atomic_store_n(&lock->word, 0, __ATOMIC_RELEASE);
    object_unlock(object);
    if (waited)
        io_leave_slow(lock);
}

#endif
