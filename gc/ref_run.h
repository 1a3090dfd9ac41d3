// SPDX-License-Identifier: MIT
//
// References that lie in a row: what lists and tuples do to all of them. Numbers have no count, and
// are often all there is, so eight at a time are looked at first. Only for arrays that nobody
// writes meanwhile: no other thread sees them, or their owner's lock is held (then without the
// releases), or they are constant.
#ifndef LOCKSMITH_GC_REF_RUN_H
#define LOCKSMITH_GC_REF_RUN_H

#include "gc/ref.h"
#include <string.h>

enum { REF_RUN = 8 };

// Whether none of REF_RUN words is an object (or VALUE_NULL).
ALWAYS_INLINE bool ref_run_is_numbers(const Value *items) {
    typedef uint64_t Pair __attribute__((vector_size(16), aligned(8), may_alias));
    const Pair *words = (const Pair *)items;
    Pair a = words[0], b = words[1], c = words[2], d = words[3], all = a & b & (c & d);
    if (LIKELY(all[0] & all[1] & 1)) // ints
        return true;
    // A number has one of the two lowest bits at least.
    all = (a | a >> 1) & (b | b >> 1) & (c | c >> 1) & (d | d >> 1);
    return all[0] & all[1] & 1;
}

// Whether REF_RUN words are all the same object, as `[x] * n` makes them. The first is an object or
// VALUE_NULL. Two tell of most runs that they are not so.
ALWAYS_INLINE bool ref_run_is_same(const Value *items) {
    uint64_t first = items[0].bits, differs = 0;
    if (!COUNT_IS_KEPT || LIKELY(items[1].bits != first) || value_is_null(items[0]))
        return false;
    for (int i = 2; i < REF_RUN; i++)
        differs |= items[i].bits ^ first;
    return !differs;
}

// Whether they are so and that is not counted: None.
ALWAYS_INLINE bool ref_run_is_uncounted(const Value *items) {
    return ref_run_is_same(items) && count_is_immortal(count_range(value_object(items[0])));
}

// Whether they are so, and the references are dropped now (nothing to do for None), because others
// are left.
ALWAYS_INLINE bool ref_run_drop_same(const Value *items) {
    if (!ref_run_is_same(items))
        return false;
    Object *o = value_object(items[0]);
    if (count_is_immortal(count_range(o)))
        return true;
#if LOCKSMITH_REFCOUNT_PLAIN
    if (count_read(o) > REF_RUN) {
        o->count -= REF_RUN;
        return true;
    }
#endif
    return false;
}

// Whether REF_RUN words are objects, all of them and none VALUE_NULL.
ALWAYS_INLINE bool ref_run_is_objects(const Value *items) {
    typedef uint64_t Pair __attribute__((vector_size(16), aligned(8), may_alias));
    const Pair *words = (const Pair *)items;
    // With this added, an address has the highest bit and the two lowest. 0 has not the one, and a
    // number not both of the others.
    const uint64_t most = INT64_MAX, wanted = (most + 1) | 3;
    Pair all = ((words[0] + most) & (words[1] + most)) & ((words[2] + most) & (words[3] + most));
    return (all[0] & all[1] & wanted) == wanted;
}

// Of REF_RUN words, by the first one: which question is worth asking about the others.
ALWAYS_INLINE bool ref_run_begins_with_number(const Value *items) {
    return items[0].bits & 3;
}

// Copies references and makes new ones of them. The arrays do not overlap.
ALWAYS_INLINE void ref_run_copy(Value *restrict to, const Value *restrict from, int64_t count) {
    for (; count >= REF_RUN; count -= REF_RUN, from += REF_RUN, to += REF_RUN) {
        if (ref_run_begins_with_number(from) && ref_run_is_numbers(from)) {
            memcpy(to, from, REF_RUN * sizeof(Value));
            continue;
        }
        if (COUNT_IS_KEPT && ref_run_is_objects(from)) {
#pragma GCC unroll 8
            for (int i = 0; i < REF_RUN; i++) {
                Value v = from[i];
                ref_retain_object(value_object(v));
                to[i] = v;
            }
            continue;
        }
        for (int i = 0; i < REF_RUN; i++) {
            Value v = from[i];
            ref_retain(v);
            to[i] = v;
        }
    }
    for (int64_t i = 0; i < count; i++) {
        Value v = from[i];
        ref_retain(v);
        to[i] = v;
    }
}

// From the first to the last; retaining, a constant at each call, or releasing.
ALWAYS_INLINE void ref_run_each(const Value *items, int64_t count, bool retaining) {
    for (; count >= REF_RUN; count -= REF_RUN, items += REF_RUN) {
        if (ref_run_begins_with_number(items) ? ref_run_is_numbers(items)
                                              : ref_run_is_uncounted(items))
            continue;
        if (COUNT_IS_KEPT && ref_run_is_objects(items)) {
#pragma GCC unroll 8
            for (int i = 0; i < REF_RUN; i++)
                if (retaining)
                    ref_retain_object(value_object(items[i]));
                else
                    ref_release_object(value_object(items[i]));
            continue;
        }
        for (int i = 0; i < REF_RUN; i++) {
            if (retaining)
                ref_retain(items[i]);
            else
                ref_release(items[i]);
        }
    }
    for (int64_t i = 0; i < count; i++) {
        if (retaining)
            ref_retain(items[i]);
        else
            ref_release(items[i]);
    }
}
ALWAYS_INLINE void ref_run_retain(const Value *items, int64_t count) {
    ref_run_each(items, count, true);
}
// May run Python code.
ALWAYS_INLINE void ref_run_release(const Value *items, int64_t count) {
    ref_run_each(items, count, false);
}

// From the last to the first. May run Python code.
ALWAYS_INLINE void ref_run_release_backwards(const Value *items, int64_t count) {
    for (; count >= REF_RUN; count -= REF_RUN) {
        const Value *run = items + count - REF_RUN;
        if (ref_run_begins_with_number(run) ? ref_run_is_numbers(run) : ref_run_drop_same(run))
            continue;
        if (COUNT_IS_KEPT && ref_run_is_objects(run)) {
#pragma GCC unroll 8
            for (int i = REF_RUN; i-- > 0;)
                ref_release_object(value_object(run[i]));
            continue;
        }
        for (int i = REF_RUN; i-- > 0;)
            ref_release(run[i]);
    }
    while (count > 0)
        ref_release(items[--count]);
}

// ---- among empty words -----------------------------------------------------------------------
// The entries of a hash table: `count` references, a multiple of REF_RUN, each the first word of
// `stride`, with VALUE_NULL among them in no order. What is not VALUE_NULL is picked out first,
// without a jump that depends on the word: half of those would be guessed wrong. The pieces are
// long because the end of each is such a jump, too.

// Objects only, and no VALUE_NULL.
ALWAYS_INLINE void ref_run_objects(const Value *items, uint64_t count, bool retaining) {
    const Value *end = items + count;
    for (; end - items >= 4; items += 4)
#pragma GCC unroll 4
        for (int i = 0; i < 4; i++)
            if (retaining)
                ref_retain_object(value_object(items[i]));
            else
                ref_release_object(value_object(items[i]));
    for (; items != end; items++)
        if (retaining)
            ref_retain_object(value_object(*items));
        else
            ref_release_object(value_object(*items));
}

// retaining, a constant at each call, or releasing, which may run Python code. On the way all words
// of the entries are copied to `to`, if it is not NULL (a constant, too).
ALWAYS_INLINE void ref_run_each_apart(Value *to, const Value *items, int64_t stride, int64_t count,
                                      bool retaining) {
    if (!COUNT_IS_KEPT) {
        if (to)
            memcpy(to, items, (size_t)(count * stride) * sizeof(Value));
        return;
    }
    enum { PIECE = 32 * REF_RUN };
    Value picked[PIECE + 1];
    for (; count > 0; count -= PIECE) {
        const Value *start = items, *end = items + stride * (count < PIECE ? count : PIECE);
        uint64_t n = 0, all = 0;
        while (items != end) {
#pragma GCC unroll 8
            for (int i = 0; i < REF_RUN; i++, items += stride) {
                Value item = *items;
                picked[n] = item;
                n += !value_is_null(item);
                all |= item.bits;
            }
        }
        if (to) { // what has just been read is near
            memcpy(to, start, (size_t)(end - start) * sizeof(Value));
            to += end - start;
        }
        if ((all & 3) == 0) // as value_is_object has it
            ref_run_objects(picked, n, retaining);
        else
            ref_run_each(picked, (int64_t)n, retaining);
    }
}

#endif
