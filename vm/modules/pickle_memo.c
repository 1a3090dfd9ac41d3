// SPDX-License-Identifier: MIT
//
// The memo of a pickle being written: which objects were, and their numbers. A hash table by
// identity: slots lead to entries that lie in the order of writing. The caller has the memo to
// itself. And what the two proxies of memos have in common.
#include "vm/modules/pickle_internal.h"
#include "vm/types/dict.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): addresses come in arithmetic
// progressions, which it spreads evenly.
static inline uint32_t first_slot(const PickleMemo *memo, uint64_t bits) {
    return (uint32_t)((bits >> 3) * 0x9e3779b97f4a7c15u >> 32) & memo->mask;
}

int64_t pickle_memo_find(const PickleMemo *memo, Value object) {
    if (UNLIKELY(!memo->slots))
        return -1;
    uint32_t slot = first_slot(memo, object.bits), number;
    while ((number = memo->slots[slot]) != 0) {
        const PickleMemoEntry *entry = &memo->entries[number - 1];
        if (value_same(entry->object, object))
            return entry->number;
        slot = (slot + 1) & memo->mask;
    }
    return -1;
}

static void enter(PickleMemo *memo, int64_t entry) {
    Value object = memo->entries[entry].object;
    if (value_is_null(object))
        return;
    uint32_t slot = first_slot(memo, object.bits);
    while (memo->slots[slot] != 0)
        slot = (slot + 1) & memo->mask;
    memo->slots[slot] = (uint32_t)entry + 1;
}

static int grow(PickleMemo *memo) {
    int64_t capacity = memo->capacity ? 2 * memo->capacity : PICKLE_FIRST_ENTRIES;
    uint32_t *slots = NULL;
    PickleMemoEntry *entries = NULL;
    if (capacity <= UINT32_MAX / 4) {
        // Written at once: a page that is read before it is written costs two faults, the second
        // of which interrupts all threads.
        size_t bytes = 2 * (size_t)capacity * sizeof *slots;
        slots = buffer_allocate(bytes);
        if (slots)
            memset(slots, 0, bytes);
        entries = buffer_resize(memo->is_first ? NULL : memo->entries,
                                (size_t)capacity * sizeof *entries);
    }
    if (entries && !memo->is_first)
        memo->entries = entries;
    if (!slots || !entries) {
        if (memo->is_first)
            buffer_free(entries);
        buffer_free(slots);
        raise_memory_error();
        return -1;
    }
    uint32_t *old = memo->slots;
    if (memo->is_first) {
        memcpy(entries, memo->entries, (size_t)memo->count * sizeof *entries);
        memo->entries = entries;
        memo->is_first = false;
        old = NULL;
    }
    memo->slots = slots;
    memo->capacity = capacity;
    memo->mask = (uint32_t)(2 * capacity - 1);
    for (int64_t i = 0; i < memo->count; i++)
        enter(memo, i);
    buffer_free(old);
    return 0;
}

int pickle_memo_put(PickleMemo *memo, Value object, int64_t number) {
    if (UNLIKELY(memo->count == memo->capacity) && grow(memo) < 0)
        return -1;
    ref_retain(object);
    memo->entries[memo->count] = (PickleMemoEntry){object, number};
    enter(memo, memo->count++);
    return 0;
}

void pickle_memo_clear(PickleMemo *memo) {
    PickleMemo old = *memo;
    *memo = (PickleMemo){0};
    for (int64_t i = 0; i < old.count; i++)
        ref_release(old.entries[i].object);
    if (old.is_first)
        return;
    buffer_free(old.entries);
    buffer_free(old.slots);
}

void pickle_memo_begin(PickleMemo *memo, PickleFirstMemo *first) {
    memset(first->slots, 0, sizeof first->slots);
    *memo = (PickleMemo){.entries = first->entries,
                         .capacity = PICKLE_FIRST_ENTRIES,
                         .slots = first->slots,
                         .mask = 2 * PICKLE_FIRST_ENTRIES - 1,
                         .is_first = true};
}

int pickle_memo_copy(const PickleMemo *from, PickleMemo *to) {
    for (int64_t i = 0; i < from->count; i++)
        if (pickle_memo_put(to, from->entries[i].object, from->entries[i].number) < 0)
            return -1;
    return 0;
}

size_t pickle_memo_size(const PickleMemo *memo) {
    return (size_t)memo->capacity * (sizeof *memo->entries + 2 * sizeof *memo->slots);
}

// ---- proxies -----------------------------------------------------------------------------------

Value pickle_proxy_new(Type *type, Value source) {
    PickleProxy *proxy = object_allocate(type);
    if (!proxy)
        return VALUE_NULL;
    proxy->source = ref_new(source);
    return value_from_object(proxy);
}
Value pickle_proxy_reduce(Value self) {
    Value dict = value_call_method_cstr(self, "copy", NULL, 0);
    Value args = value_is_null(dict) ? dict : tuple_pack(1, dict);
    Value result = value_is_null(args) ? args : tuple_pack(2, value_from_object(&dict_type), args);
    ref_release(dict);
    ref_release(args);
    return result;
}
void pickle_proxy_destroy(Object *self) {
    ref_release(((PickleProxy *)self)->source);
    object_free_fixed(self);
}
void pickle_proxy_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((PickleProxy *)self)->source);
}
