// SPDX-License-Identifier: MIT
//
// Counting policy `plain`: the count is an ordinary word. Right only where one thread at a
// time runs (a global interpreter lock orders all accesses). Included by gc/ref.h alone.
#ifndef LOCKSMITH_GC_COUNT_PLAIN_H
#define LOCKSMITH_GC_COUNT_PLAIN_H

ALWAYS_INLINE uint32_t count_read(const Object *o) {
    return o->count;
}
ALWAYS_INLINE void count_increment(Object *o) {
    o->count++;
}
ALWAYS_INLINE bool count_decrement(Object *o) {
    return --o->count == 0;
}
ALWAYS_INLINE void count_add(Object *o, uint32_t n) {
    o->count += n;
}
ALWAYS_INLINE bool count_is_one(const Object *o) {
    return o->count == 1;
}
ALWAYS_INLINE bool count_try_increment(Object *o) {
    if (o->count == 0)
        return false;
    if (o->count < COUNT_IMMORTAL)
        o->count++;
    return true;
}

#endif
