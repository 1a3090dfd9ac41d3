// SPDX-License-Identifier: MIT
//
// `s += t` where registers are not counted: when does a register hold the only reference to its
// string, so that it can grow in place?
//
// It does if
//   - nobody has counted the string since it was put into a register (ref_is_private): so no field
//     and no local ever had it, and only registers of this thread can;
//   - this activation made it, by appending, for this very register (an entry of `appended` says
//   so,
//     and FRAME_APPENDS that the entry is not from an earlier frame in this place): so no caller
//     has it, and a callee that had it has returned;
//   - no other register of the frame holds it;
//   - no generator does: what a suspended one holds is private no longer (settle.c), and in a
//     generator's own frame nothing is noted.
// The entries are only compared, so what they name may be gone.
#ifndef LOCKSMITH_VM_INTERP_APPEND_H
#define LOCKSMITH_VM_INTERP_APPEND_H

#include "vm/interp/frame.h"

typedef struct {
    const Value *slot;
    Value string;
} Appended;
#define APPENDED_COUNT 16u
extern _Thread_local Appended appended[APPENDED_COUNT] __attribute__((tls_model("local-exec")));

static inline Appended *appended_of(const Value *slot) {
    return &appended[((uintptr_t)slot >> 3) % APPENDED_COUNT];
}
// The slot has just got a new string, made by appending to what it held.
static inline void append_note(Frame *frame, const Value *slot) {
    if (frame->info & FRAME_GENERATOR)
        return;
    frame->info |= FRAME_APPENDS;
    *appended_of(slot) = (Appended){slot, *slot};
}
static inline bool append_is_alone(const Frame *frame, const Value *slot) {
    const Appended *entry = appended_of(slot);
    if (!(frame->info & FRAME_APPENDS) || entry->slot != slot ||
        !value_same(entry->string, *slot) || !ref_is_private(value_object(*slot), 1))
        return false;
    uint32_t count = frame_code(frame)->register_count, holders = 0;
    for (uint32_t i = 0; i < count; i++)
        holders += value_same(frame->registers[i], *slot);
    return holders == 1;
}

#endif
