// SPDX-License-Identifier: MIT
//
// A place within a long operation in C at which others may stop the world.
//
// Who stops the world waits for every attached thread. An operation that takes milliseconds without
// calling Python code would keep him, and all who have stopped already, waiting for as long.
#ifndef LOCKSMITH_VM_RUNTIME_STOP_POINT_H
#define LOCKSMITH_VM_RUNTIME_STOP_POINT_H

#include "vm/runtime/thread.h"

// A safepoint that only lets the world be stopped: runs no Python code, cannot fail, and keeps the
// GIL, so that what is atomic under it stays so. The caller holds no object lock, and only such
// references as may be held across a call of Python code.
static inline void thread_stop_point(void) {
    if (UNLIKELY(__atomic_load_n(&thread_current()->wanted, __ATOMIC_RELAXED) & WANT_STOP))
        thread_yield();
}

#endif
