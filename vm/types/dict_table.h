// SPDX-License-Identifier: MIT
//
// The table of a dict: index slots over an array of entries (the compact layout that Raymond
// Hettinger proposed for CPython in 2012). Private to vm/types/dict*.c and to OrderedDict.
//
// Invariants, with the dict's lock held
//  - Each live entry (key not VALUE_NULL) has exactly one index slot with its number; every
//    other slot that is not empty is marked deleted.
//  - Slots that are not empty <= used_entries + (the capacity it was made with - capacity), and
//  that
//    capacity is less than the number of slots, so every probe ends.
//  - Entries from used_entries on were never used; entries before `first` are deleted.
//  - A new key always takes an empty slot, never a deleted one. So no probe for an older key
//    passes the slot of the newest live entry, and removing that entry may empty its slot,
//    unless the table is `reordered`.
//  - So, too, who compares a live entry's key without the lock can go on from its slot if the
//    entries were kept meanwhile (dict_entries_kept): no key was put into a slot that he has
//    passed.
//  - all_str: the key of every live entry is an exact str.
#ifndef LOCKSMITH_VM_TYPES_DICT_TABLE_H
#define LOCKSMITH_VM_TYPES_DICT_TABLE_H

#include "vm/types/dict.h"
#include "vm/types/hashing.h"

#define DICT_EMPTY (-1)
#define DICT_DELETED (-2)
#define DICT_ABSENT (-1)
#define DICT_ERROR (-2)
#define DICT_UNKNOWN (-3)                       // only __eq__ can tell
#define DICT_ENTRIES_CHANGE ((uint64_t)1 << 40) // `mutations`: how much a change of entries counts
#define DICT_LOG2_MIN 3
#define DICT_LOG2_MAX 40

// Probing: linear congruential steps that take in all bits of the hash little by little (Tim
// Peters' scheme, described in the notes to CPython's dict).
#define DICT_PERTURB_SHIFT 5

typedef struct {
    size_t slot, mask;
    uint64_t perturb;
} DictProbe;

static inline DictProbe dict_probe_start(const DictTable *t, int64_t hash) {
    size_t mask = ((size_t)1 << t->log2_size) - 1;
    return (DictProbe){.slot = (size_t)hash & mask, .mask = mask, .perturb = (uint64_t)hash};
}
static inline void dict_probe_step(DictProbe *p) {
    p->perturb >>= DICT_PERTURB_SHIFT;
    p->slot = (p->slot * 5 + (size_t)p->perturb + 1) & p->mask;
}

static inline int64_t dict_index_get(const DictTable *t, size_t slot, unsigned log2_width) {
    switch (log2_width) {
    case 0:
        return ((const int8_t *)t->index)[slot];
    case 1:
        return ((const int16_t *)t->index)[slot];
    case 2:
        return ((const int32_t *)t->index)[slot];
    default:
        return ((const int64_t *)t->index)[slot];
    }
}
// The same for a reader without the lock: the entry was written before.
static inline int64_t dict_index_shared(const DictTable *t, size_t slot, unsigned log2_width) {
    switch (log2_width) {
    case 0:
        return __atomic_load_n((const int8_t *)t->index + slot, SHARED_LOAD);
    case 1:
        return __atomic_load_n((const int16_t *)t->index + slot, SHARED_LOAD);
    case 2:
        return __atomic_load_n((const int32_t *)t->index + slot, SHARED_LOAD);
    default:
        return __atomic_load_n((const int64_t *)t->index + slot, SHARED_LOAD);
    }
}
static inline void dict_index_set(DictTable *t, size_t slot, int64_t entry) {
    switch (t->log2_width) {
    case 0:
        __atomic_store_n((int8_t *)t->index + slot, (int8_t)entry, SHARED_STORE);
        break;
    case 1:
        __atomic_store_n((int16_t *)t->index + slot, (int16_t)entry, SHARED_STORE);
        break;
    case 2:
        __atomic_store_n((int32_t *)t->index + slot, (int32_t)entry, SHARED_STORE);
        break;
    default:
        __atomic_store_n((int64_t *)t->index + slot, entry, SHARED_STORE);
    }
}
// Writes an entry that no index slot leads to yet. Lock held.
static inline void dict_entry_write(DictEntry *e, Value key, Value value, int64_t hash) {
    field_raw_store(&e->key, key);
    field_raw_store(&e->value, value);
    __atomic_store_n(&e->hash, hash, SHARED_STORE);
}

static inline bool dict_table_has_room(const DictTable *t) {
    return t && t->used_entries < t->capacity;
}

// Keeps dict_length() readable without the lock.
static inline void dict_store_length(Dict *d, int64_t length) {
    __atomic_store_n(&d->length, length, SHARED_STORE);
}
static inline void dict_count_mutation(Dict *d, uint64_t step) {
    __atomic_store_n(&d->mutations, d->mutations + step, SHARED_STORE);
    if (UNLIKELY(d->keys_version | d->watch_version)) {
        __atomic_store_n(&d->keys_version, 0, SHARED_STORE);
        __atomic_store_n(&d->watch_version, 0, SHARED_STORE);
    }
}
// A key was or is about to be added or removed, and no entry is used again. Lock held.
static inline void dict_keys_changed(Dict *d) {
    dict_count_mutation(d, 1);
}
// The table is replaced, or an entry that was used before will be. Lock held.
static inline void dict_entries_changed(Dict *d) {
    dict_count_mutation(d, DICT_ENTRIES_CHANGE);
}
// Whether an entry that lives now is the one that had its number at `mutations`, in the same slot.
static inline bool dict_entries_kept(const Dict *d, uint64_t mutations) {
    return d->mutations / DICT_ENTRIES_CHANGE == mutations / DICT_ENTRIES_CHANGE;
}
static inline void dict_value_changed(Dict *d) {
    if (UNLIKELY(d->watch_version))
        __atomic_store_n(&d->watch_version, 0, __ATOMIC_RELAXED);
}

// An empty table for at least `entries` entries; NULL with MemoryError. No lock may be held.
DictTable *dict_table_new(int64_t entries);
// How many entries a dict of that length gets room for when its table is full.
static inline int64_t dict_table_growth(int64_t length) {
    return length + (length >> 1) + 1;
}
static inline size_t dict_index_bytes(const DictTable *t) {
    return (size_t)1 << (t->log2_size + t->log2_width);
}

// All below: lock held. None releases or allocates.
//
// The entry of key: its number, DICT_ABSENT, or DICT_ERROR with an exception. It may let go of the
// lock to call __eq__, and takes it again.
int64_t dict_find_locked(Dict *d, Value key, int64_t hash);
// One lookup that never calls out: an entry's number, DICT_ABSENT or DICT_UNKNOWN. *slot is then
// the slot of that entry, or the empty one where key would go. strs (a constant at each call): key
// is an exact str and t->all_str, so nothing is unknown.
ALWAYS_INLINE int64_t dict_probe_width(const DictTable *t, Value key, int64_t hash, bool strs,
                                       unsigned log2_width, size_t *slot) {
    DictProbe p = dict_probe_start(t, hash);
    for (;;) {
        int64_t i = dict_index_get(t, p.slot, log2_width);
        if (LIKELY(i >= 0)) {
            const DictEntry *e = &t->entries[i];
            bool same = value_same(e->key, key);
            if (!same && e->hash == hash) {
                int equal = strs ? str_equal(e->key, key) : value_equal_simple(e->key, key);
                if (UNLIKELY(equal < 0))
                    return DICT_UNKNOWN;
                same = equal;
            }
            if (same) {
                *slot = p.slot;
                return i;
            }
        } else if (i == DICT_EMPTY) {
            *slot = p.slot;
            return DICT_ABSENT;
        }
        dict_probe_step(&p);
    }
}
ALWAYS_INLINE int64_t dict_probe(const DictTable *t, Value key, int64_t hash, bool strs,
                                 size_t *slot) {
    switch (t->log2_width) {
    case 0:
        return dict_probe_width(t, key, hash, strs, 0, slot);
    case 1:
        return dict_probe_width(t, key, hash, strs, 1, slot);
    default:
        return dict_probe_width(t, key, hash, strs, t->log2_width, slot);
    }
}
static inline int64_t dict_find_str(const DictTable *t, Value key, int64_t hash) {
    size_t slot;
    return dict_probe(t, key, hash, true, &slot);
}
// Appends an entry that is known to be absent; t has room. References move in.
void dict_append_locked(Dict *d, Value key, int64_t hash, Value value);
// Finds key and removes it: 1 with its references moved out, 0 absent, -1 with an exception. As
// dict_find_locked.
int dict_take_locked(Dict *d, Value key, int64_t hash, Value *own_key, Value *value);
// Removes live entry i; its references move out. The entry is not used again before the table is
// replaced (so that an iterator that is behind it sees what is added later).
void dict_remove_locked(Dict *d, int64_t i, Value *key, Value *value);
// Removes the newest entry of a dict that is not empty; it may be used again.
void dict_remove_last_locked(Dict *d, Value *key, Value *value);
// Copies the live entries of d, whose lock is held, with new references into the empty table
// `fresh`, which has room for them and which nobody else has seen. d is not changed.
void dict_copy_table_locked(const Dict *d, DictTable *fresh);
// Every entry of a from number *position on is in b with an equal value: 1, 0, or -1 if only Python
// code can tell about the entry that *position then stands for. The locks of both are held.
int dict_entries_in_locked(const Dict *a, const Dict *b, int64_t *position);
// Makes live entry i the newest. It must be the last entry already or the table have room.
void dict_move_to_end_locked(Dict *d, int64_t i);
// Makes live entry i the oldest. It must be the first already (dict_live_from(t, 0) == i) or
// t->first > 0, which a gap gives.
void dict_move_to_front_locked(Dict *d, int64_t i);
// Copies the live entries into the empty table `fresh`, which has room for them, with `gap` unused
// entries in front, and makes it the dict's table. The old one (may be NULL) is returned, its
// references moved; give it to dict_table_reclaim after unlocking.
DictTable *dict_replace_table_locked(Dict *d, DictTable *fresh, int64_t gap);
// The index slot that holds entry i.
size_t dict_slot_of(const DictTable *t, int64_t i);
// Takes everything out: the table to be dropped with dict_table_release after unlocking.
DictTable *dict_detach_locked(Dict *d);
// t was the table of d, whose lock is still held. The two functions above have said so.
static inline void dict_table_replaced_locked(const Dict *d, DictTable *t) {
    t->unread = object_has_no_readers(&d->header) && !t->watched;
}
// Frees a table that was replaced and has no references of its own, when nobody can be reading it.
void dict_table_reclaim(DictTable *t);
// Releases the references of a detached table and the table. Runs Python code; no lock held.
void dict_table_release(DictTable *t);
// The same for the table of a dict that dies: a reader would hold a reference to it.
void dict_table_destroy(DictTable *t);

// With the lock NOT held: makes room for one more entry and gives true with the lock HELD if
// nothing but the table changed (d->mutations == *mutations before; updated); false with the lock
// held if somebody else changed the dict; -1 without the lock and with MemoryError.
int dict_make_room(Dict *d, uint64_t *mutations);

// ---- shared by the dict files ------------------------------------------------------------
// Inserts owned key and value (released on failure).
int dict_insert_owned(Dict *d, Value key, int64_t hash, Value value);
// All entries as new references in out, at one moment, if there are no more than `room`: their
// number. Else -1 (no exception), and out is untouched.
int64_t dict_copy_small(Dict *d, DictEntry *out, int64_t room);
// A snapshot of all entries as new references; *count of them. NULL and *count 0 if empty; NULL and
// *count -1 with MemoryError. buffer_free it.
DictEntry *dict_snapshot(Dict *d, int64_t *count);
// First live entry of t at or after i, or t->used_entries.
static inline int64_t dict_live_from(const DictTable *t, int64_t i) {
    if (i < (int64_t)t->first)
        i = (int64_t)t->first;
    while (i < t->used_entries && value_is_null(t->entries[i].key))
        i++;
    return i;
}

// Views of other mappings that are Dicts (OrderedDict) have the layout of dict's own.
typedef struct {
    Object header;
    Value dict; // constant
} DictView;
Value dict_view_make(Type *type, Value dict);
void dict_view_destroy(Object *self);
void dict_view_traverse(Object *self, GcVisitor *visitor);

Value dict_iter(Value self);
Value ordered_dict_iter(Value self); // vm/modules/ordered_dict.c
// Iterating over such a dict gives the keys of its table in order (no __iter__ of a subclass).
static inline bool dict_iterates_plainly(const Type *type) {
    return type->iter == dict_iter || type->iter == ordered_dict_iter;
}
// From a dict that iterates plainly; override: keys that exist already get the new values.
int dict_merge_plain(Value dict, Value other, bool override);
Value dict_reversed(Value self);
Value dict_repr(Value self);
Value dict_call_new(Type *type, const Value *args, size_t nargs, Value kwnames);
Value dict_compare(Value self, Value other, CompareOperator op);
int64_t dict_length_slot(Value self);
Value dict_getitem(Value self, Value key); // d[key] with __missing__
int dict_setitem(Value self, Value key, Value value);
// The slots that types with a Dict at their beginning share.
void dict_drop(Object *self); // clear
void dict_traverse(Object *self, GcVisitor *visitor);
// dict.update(): positional and keyword arguments.
int dict_update_arguments(const char *function, Value self, const Value *args, size_t nargs,
                          Value kwnames);

#endif
