// SPDX-License-Identifier: MIT
//
// What readers without a lock do when they meet a writer (gc/field.h), which is unused where reads
// take the lock; and what writers do with an object that is not theirs alone.
#include "gc/field.h"
#include "gc/reclaim.h"

void field_give_back(Value v) {
    reclaim_give_back(v);
}

Value field_load_contended(const Object *owner, const Value *slot) {
    return field_load_locked(owner, slot, false);
}

Value field_load_contended_register(const Object *owner, const Value *slot) {
    return field_load_locked(owner, slot, true);
}

Value field_swap_contended(Object *owner, Value *slot, Value v) {
    object_lock(owner);
    Value old = field_swap_locked(slot, v);
    object_unlock(owner);
    return old;
}

#if FIELD_READS_UNLOCKED
// Both ways load whole words and store whole words (field_put_two), and work for ranges that
// overlap: no slot is loaded after one that was stored to.
ALWAYS_INLINE void put_eight(Value *to, const Value *from) {
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
    typedef uint64_t Two __attribute__((vector_size(16), aligned(8), may_alias));
    const volatile Two *source = (const volatile Two *)from;
    volatile Two *target = (volatile Two *)to;
    Two a = source[0], b = source[1], c = source[2], d = source[3];
    __asm__ volatile("" ::: "memory");
    target[0] = a;
    target[1] = b;
    target[2] = c;
    target[3] = d;
    __asm__ volatile("" ::: "memory");
#else
    Value words[8];
    for (int i = 0; i < 8; i++)
        words[i] = field_raw(&from[i]);
    for (int i = 0; i < 8; i++)
        field_raw_store(&to[i], words[i]);
#endif
}

int64_t field_copy_eights(Value *to, const Value *from, int64_t count) {
    for (; count >= 8; count -= 8, to += 8, from += 8)
        put_eight(to, from);
    return count;
}

int64_t field_copy_eights_down(Value *to, const Value *from, int64_t count) {
    for (; count >= 8; count -= 8)
        put_eight(to + count - 8, from + count - 8);
    return count;
}
#endif
