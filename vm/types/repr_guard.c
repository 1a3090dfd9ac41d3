// SPDX-License-Identifier: MIT
//
// The list of running reprs hangs on the thread and is touched by that thread alone.
#include "vm/types/repr_guard.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/list.h"

int repr_enter(Value v) {
    Thread *thread = thread_current();
    if (value_is_null(thread->repr_running)) {
        thread->repr_running = list_new();
        if (value_is_null(thread->repr_running))
            return -1;
    }
    List *running = list_of(thread->repr_running);
    for (int64_t i = running->length - 1; i >= 0; i--)
        if (value_same(running->items[i], v))
            return 1;
    if (thread_enter_recursive(" while getting the repr of an object") < 0)
        return -1;
    if (list_append(thread->repr_running, v) < 0) {
        thread_leave_recursive();
        return -1;
    }
    return 0;
}

void repr_leave(Value v) {
    Thread *thread = thread_current();
    thread_leave_recursive();
    List *running = list_of(thread->repr_running);
    for (int64_t i = running->length - 1; i >= 0; i--)
        if (value_same(running->items[i], v)) {
            Value exception = error_take();
            Value item = list_pop(thread->repr_running, i);
            ref_release(item);
            if (!value_is_null(exception))
                error_restore(exception);
            return;
        }
}
