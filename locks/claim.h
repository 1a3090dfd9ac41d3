// SPDX-License-Identifier: MIT
//
// Claiming: a word of state that one of several threads takes from one value to another, and the
// one that took it has what the word guards until it stores another value (release). Under a global
// interpreter lock nobody else runs between the comparison and the store, and the lock orders them.
#ifndef LOCKSMITH_LOCKS_CLAIM_H
#define LOCKSMITH_LOCKS_CLAIM_H

#include "locks/private.h"
#include "vm/value.h"
#include <stdbool.h>

// True: *word was `from`, is `to` now, and what its last holder did is seen.
ALWAYS_INLINE bool claim_word(uint32_t *word, uint32_t from, uint32_t to) {
#if LOCKSMITH_LOCKING_GIL
    if (__atomic_load_n(word, __ATOMIC_RELAXED) != from)
        return false;
    __atomic_store_n(word, to, __ATOMIC_RELAXED);
    return true;
#else
    return __atomic_compare_exchange_n(word, &from, to, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
#endif
}

// The same for a word of o that all threads claim in this way. While o is private to the caller it
// takes no atomic instruction.
ALWAYS_INLINE bool claim_word_of(struct Object *o, uint32_t *word, uint32_t from, uint32_t to) {
    if (!private_enter(o))
        return claim_word(word, from, to);
    bool mine = __atomic_load_n(word, __ATOMIC_RELAXED) == from;
    if (mine)
        __atomic_store_n(word, to, __ATOMIC_RELAXED);
    private_exit();
    return mine;
}

#endif
