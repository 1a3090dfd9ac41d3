// SPDX-License-Identifier: MIT
//
// The table of weak references: for each object that has some, the list of their links.
//
// Shards by the target's address; a shard's lock guards its slots, the lists that begin there
// and the words of the links in them, targets included. A target word only ever goes from an
// address to NULL while its link is in a list, and the dying target's memory is given back only
// after it was taken out of the table; so with the lock held, a link whose target is not NULL
// has a target that is still there, though perhaps with a count of 0.
#include "gc/weak.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "locks/object_lock.h"
#include "locks/raw_lock.h"
#include <stdlib.h>

#define SHARDS 64

typedef struct {
    Object *target; // NULL: empty slot
    WeakLink *first;
} Slot;

typedef struct {
    _Alignas(64) RawLock lock;
    Slot *slots;       // open addressing, linear probing
    size_t used, mask; // mask + 1 slots; slots NULL at first
} Shard;

static Shard shards[SHARDS] = {[0 ... SHARDS - 1] = {.lock = RAW_LOCK_INIT}};

static uint64_t hash_of(const Object *target) {
    return (uint64_t)(uintptr_t)target * 0x9e3779b97f4a7c15ULL;
}
static Shard *shard_of(const Object *target) {
    return &shards[hash_of(target) >> 58];
}
static size_t home_of(const Object *target, const Shard *shard) {
    return (hash_of(target) >> 20) & shard->mask;
}

static WeakObject *weak_of(WeakLink *link) {
    return (WeakObject *)((char *)link - offsetof(WeakObject, link));
}

// The slot of target, or the empty one where it belongs; NULL if there are no slots.
static Slot *slot_find(Shard *shard, const Object *target) {
    if (!shard->slots)
        return NULL;
    size_t i = home_of(target, shard);
    while (shard->slots[i].target && shard->slots[i].target != target)
        i = (i + 1) & shard->mask;
    return &shard->slots[i];
}

static bool shard_grow(Shard *shard) {
    size_t size = shard->slots ? (shard->mask + 1) * 2 : 8;
    Slot *old = shard->slots;
    size_t old_size = old ? shard->mask + 1 : 0;
    Slot *slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    shard->slots = slots;
    shard->mask = size - 1;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i].target)
            *slot_find(shard, old[i].target) = old[i];
    }
    free(old);
    return true;
}

static void slot_remove(Shard *shard, Slot *slot) {
    size_t hole = (size_t)(slot - shard->slots), i = hole;
    shard->used--;
    for (;;) { // move back what probed past the hole (Knuth, 6.4, algorithm R)
        i = (i + 1) & shard->mask;
        if (!shard->slots[i].target)
            break;
        size_t home = home_of(shard->slots[i].target, shard);
        if (((i - home) & shard->mask) >= ((i - hole) & shard->mask)) {
            shard->slots[hole] = shard->slots[i];
            hole = i;
        }
    }
    shard->slots[hole] = (Slot){NULL, NULL};
}

// Release and acquire: a dying weak reference that finds its target gone without taking the
// lock gives its memory back; the store of NULL must have been the last access to the link.
static Object *target_raw(const WeakLink *link) {
    return __atomic_load_n(&link->target, __ATOMIC_ACQUIRE);
}
static void target_store(WeakLink *link, Object *target) {
    __atomic_store_n(&link->target, target, __ATOMIC_RELEASE);
}

// With the shard's lock held. Of those that are not shared, which come last and may be many, accept
// takes all or none.
static Value find_accepted(Slot *slot, bool (*accept)(WeakObject *weak)) {
    for (WeakLink *link = slot && slot->target ? slot->first : NULL; link; link = link->next) {
        WeakObject *weak = weak_of(link);
        if (!accept(weak)) {
            if (weak_rank(weak) == 2)
                break;
        } else if (count_try_increment(&weak->header)) {
            return value_from_object(weak);
        }
    }
    return VALUE_NULL;
}

bool weak_link_unless(WeakObject *weak, Object *target, bool (*accept)(WeakObject *weak),
                      Value *found) {
    object_set_flag(target, OBJECT_FLAG_WEAK);
    ref_mark_shared(target); // found here without a reference, as is what points to it
    ref_mark_shared(weak);
    Shard *shard = shard_of(target);
    raw_lock(&shard->lock);
    *found = accept ? find_accepted(slot_find(shard, target), accept) : VALUE_NULL;
    if (!value_is_null(*found)) {
        raw_unlock(&shard->lock);
        return true;
    }
    if ((!shard->slots || shard->used * 4 >= (shard->mask + 1) * 3) && !shard_grow(shard)) {
        raw_unlock(&shard->lock);
        return false;
    }
    Slot *slot = slot_find(shard, target);
    if (!slot->target) {
        slot->target = target;
        slot->first = NULL;
        shard->used++;
    }
    int rank = weak_rank(weak);
    WeakLink *before = NULL, *after = slot->first;
    while (after && weak_rank(weak_of(after)) < rank) { // at most twice
        before = after;
        after = after->next;
    }
    weak->link.previous = before;
    weak->link.next = after;
    if (before)
        before->next = &weak->link;
    else
        slot->first = &weak->link;
    if (after)
        after->previous = &weak->link;
    target_store(&weak->link, target);
    raw_unlock(&shard->lock);
    return true;
}

void weak_unlink(WeakObject *weak) {
    Object *target = target_raw(&weak->link);
    if (!target)
        return;
    Shard *shard = shard_of(target);
    raw_lock(&shard->lock);
    if (target_raw(&weak->link)) {
        WeakLink *link = &weak->link;
        if (link->previous) {
            link->previous->next = link->next;
        } else {
            Slot *slot = slot_find(shard, target);
            slot->first = link->next;
            if (!slot->first)
                slot_remove(shard, slot);
        }
        if (link->next)
            link->next->previous = link->previous;
        target_store(link, NULL);
    }
    raw_unlock(&shard->lock);
}

Value weak_target(WeakObject *weak) {
    Object *target = target_raw(&weak->link);
    if (!target)
        return VALUE_NULL;
    Shard *shard = shard_of(target);
    raw_lock(&shard->lock);
    bool alive = target_raw(&weak->link) && count_try_increment(target);
    raw_unlock(&shard->lock);
    return alive ? value_from_object(target) : VALUE_NULL;
}

Value weak_find(Object *target, bool (*accept)(WeakObject *weak)) {
    if (!object_has_flag(target, OBJECT_FLAG_WEAK))
        return VALUE_NULL;
    Shard *shard = shard_of(target);
    raw_lock(&shard->lock);
    Value found = find_accepted(slot_find(shard, target), accept);
    raw_unlock(&shard->lock);
    return found;
}

size_t weak_collect(Object *target, Value *out, size_t capacity) {
    if (!object_has_flag(target, OBJECT_FLAG_WEAK))
        return 0;
    size_t count = 0;
    Shard *shard = shard_of(target);
    raw_lock(&shard->lock);
    Slot *slot = slot_find(shard, target);
    if (slot && slot->target) {
        for (WeakLink *link = slot->first; link; link = link->next) {
            WeakObject *weak = weak_of(link);
            if (count < capacity) {
                if (count_try_increment(&weak->header))
                    out[count++] = value_from_object(weak);
            } else if (!count_is_gone(&weak->header)) {
                count++; // only counted
            }
        }
    }
    raw_unlock(&shard->lock);
    return count;
}

// Takes all links of target out of the table and clears them. Those whose object has a callback
// and is alive come back as a chain through `next`, each with a new reference, in list order.
static WeakLink *clear(Object *target) {
    WeakLink *kept = NULL, **tail = &kept;
    Shard *shard = shard_of(target);
    raw_lock(&shard->lock);
    Slot *slot = slot_find(shard, target);
    if (slot && slot->target) {
        WeakLink *link = slot->first;
        slot_remove(shard, slot);
        while (link) {
            WeakLink *next = link->next;
            WeakObject *weak = weak_of(link);
            link->next = link->previous = NULL;
            // Read before the target goes: from then on the object may die unnoticed.
            bool keep = weak_has_callback(weak) && count_try_increment(&weak->header);
            target_store(link, NULL);
            if (keep) {
                *tail = link;
                tail = &link->next;
            }
            link = next;
        }
    }
    raw_unlock(&shard->lock);
    return kept;
}

void weak_clear_and_call(Object *dying) {
    WeakLink *link = clear(dying);
    while (link) {
        WeakLink *next = link->next;
        WeakObject *weak = weak_of(link);
        link->next = NULL;
        weak_run_callback(weak);
        ref_release_object(weak);
        link = next;
    }
}

void weak_clear_collect(Object *dying, void (*keep)(WeakObject *weak, void *context),
                        void *context) {
    WeakLink *link = clear(dying);
    while (link) {
        WeakLink *next = link->next;
        link->next = NULL;
        keep(weak_of(link), context);
        link = next;
    }
}

void weak_fork_prepare(void) {
    for (int i = 0; i < SHARDS; i++)
        raw_lock(&shards[i].lock);
}

void weak_fork_done(void) {
    for (int i = SHARDS; i-- > 0;)
        raw_unlock(&shards[i].lock);
}
