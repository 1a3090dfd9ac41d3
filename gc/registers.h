// SPDX-License-Identifier: MIT
//
// What the register stacks hold, for who has stopped the world.
#ifndef LOCKSMITH_GC_REGISTERS_H
#define LOCKSMITH_GC_REGISTERS_H

#include "vm/interp/frame.h"
#include "vm/runtime/thread.h"

// Calls visit for each object in the thread's register windows: functions that run, what their
// registers hold, frame objects.
ALWAYS_INLINE void registers_each(Thread *thread, void (*visit)(Object *o, void *context),
                                  void *context) {
    Frame *frame = thread->frame;
    if (!frame)
        return;
    Value *end = frame->registers + frame_code(frame)->register_count;
    for (Value *v = thread->stack; v < end; v++) {
        if (value_is_object(*v))
            visit(value_object(*v), context);
    }
}

#endif
