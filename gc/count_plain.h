// SPDX-License-Identifier: MIT
//
// Counting policy `plain`: the count is an ordinary word. Right only where one thread at a
// time runs (a global interpreter lock orders all accesses). Included by gc/ref.h alone.
#ifndef LOCKSMITH_GC_COUNT_PLAIN_H
#define LOCKSMITH_GC_COUNT_PLAIN_H

static inline uint32_t count_read(const Object *o) { return o->count; }
static inline void count_increment(Object *o) { o->count++; }
static inline bool count_decrement(Object *o) { return --o->count == 0; }
static inline void count_add(Object *o, uint32_t n) { o->count += n; }
static inline bool count_is_one(const Object *o) { return o->count == 1; }
static inline bool count_try_increment(Object *o) {
    if (o->count == 0)
        return false;
    if (o->count < COUNT_IMMORTAL)
        o->count++;
    return true;
}

#endif
