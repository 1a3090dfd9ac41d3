// SPDX-License-Identifier: MIT
//
// The mechanics of dict's table; dict_table.h states the invariants.
#include "vm/types/dict_table.h"
#include "gc/reclaim.h"
#include "vm/runtime/errors.h"

// ---- size ------------------------------------------------------------------------------

ALWAYS_INLINE unsigned width_of(unsigned log2_size) {
    return log2_size <= 7 ? 0 : log2_size <= 15 ? 1 : log2_size <= 31 ? 2 : 3;
}

// Entries of a table with 2^log2_size index slots: two thirds, and what further fits into the
// allocator's size class (four to each doubling) up to three quarters.
ALWAYS_INLINE int64_t capacity_of(unsigned log2_size) {
    size_t slots = (size_t)1 << log2_size;
    size_t fixed = sizeof(DictTable) + (slots << width_of(log2_size));
    size_t bytes = fixed + slots * 2 / 3 * sizeof(DictEntry);
    size_t spacing = 16;
    if (bytes > 128)
        spacing = (size_t)1 << (63 - __builtin_clzll(bytes - 1) - 2);
    size_t room = ((bytes + spacing - 1) & ~(spacing - 1)) - fixed;
    size_t entries = room / sizeof(DictEntry), most = slots * 3 / 4;
    return (int64_t)(entries < most ? entries : most);
}

ALWAYS_INLINE DictTable *table_new(unsigned log2_size, int64_t capacity) {
    size_t index_bytes = (size_t)1 << (log2_size + width_of(log2_size));
    DictTable *t =
        buffer_allocate(sizeof(DictTable) + index_bytes + (size_t)capacity * sizeof(DictEntry));
    if (UNLIKELY(!t)) {
        raise_memory_error();
        return NULL;
    }
    t->log2_size = (uint8_t)log2_size;
    t->log2_width = (uint8_t)width_of(log2_size);
    t->all_str = true;
    t->reordered = t->watched = t->unread = false;
    t->first = 0;
    t->used_entries = 0;
    t->capacity = capacity;
    t->entries = (DictEntry *)(t->index + index_bytes);
    memset(t->index, 0xff, index_bytes);
    return t;
}

DictTable *dict_table_new(int64_t entries) {
    unsigned log2_size = DICT_LOG2_MIN;
    int64_t capacity = capacity_of(DICT_LOG2_MIN);
    if (LIKELY(entries <= capacity)) // all numbers are constants
        return table_new(DICT_LOG2_MIN, capacity);
    do {
        if (++log2_size > DICT_LOG2_MAX) {
            raise_memory_error();
            return NULL;
        }
    } while ((capacity = capacity_of(log2_size)) < entries);
    return table_new(log2_size, capacity);
}

// ---- finding ---------------------------------------------------------------------------

// dict_probe where __eq__ may have to be asked. Lets go of the lock meanwhile.
static __attribute__((noinline)) int64_t find_asking(Dict *d, Value key, int64_t hash,
                                                     size_t *slot) {
restart:;
    DictTable *t = d->table;
    if (!t)
        return DICT_ABSENT;
    unsigned log2_width = t->log2_width;
    DictProbe p = dict_probe_start(t, hash);
    for (;;) {
        int64_t i = dict_index_get(t, p.slot, log2_width);
        *slot = p.slot;
        if (i >= 0) {
            DictEntry *e = &t->entries[i];
            if (value_same(e->key, key))
                return i;
            if (e->hash == hash) {
                int equal = value_equal_simple(e->key, key);
                if (UNLIKELY(equal < 0)) {
                    Value candidate = ref_new(e->key);
                    uint64_t mutations = d->mutations;
                    object_unlock(&d->header);
                    equal = value_equals(candidate, key);
                    ref_release(candidate);
                    object_lock(&d->header);
                    if (equal < 0)
                        return DICT_ERROR;
                    if (!dict_entries_kept(d, mutations) || value_is_null(e->key))
                        goto restart;
                }
                if (equal)
                    return i;
            }
        } else if (i == DICT_EMPTY) {
            return DICT_ABSENT;
        }
        dict_probe_step(&p);
    }
}

// dict_find_locked, and where: see dict_probe. *slot means nothing without a table.
ALWAYS_INLINE int64_t find_slot(Dict *d, Value key, int64_t hash, size_t *slot) {
    const DictTable *t = d->table;
    if (UNLIKELY(!t))
        return DICT_ABSENT;
    if (t->all_str && value_is_exact_str(key))
        return dict_probe(t, key, hash, true, slot);
    int64_t i = dict_probe(t, key, hash, false, slot);
    return UNLIKELY(i == DICT_UNKNOWN) ? find_asking(d, key, hash, slot) : i;
}

int64_t dict_find_locked(Dict *d, Value key, int64_t hash) {
    size_t slot;
    return find_slot(d, key, hash, &slot);
}

size_t dict_slot_of(const DictTable *t, int64_t entry) {
    DictProbe p = dict_probe_start(t, t->entries[entry].hash);
    while (dict_index_get(t, p.slot, t->log2_width) != entry)
        dict_probe_step(&p);
    return p.slot;
}

// ---- changing --------------------------------------------------------------------------

static inline size_t empty_slot(const DictTable *t, int64_t hash) {
    DictProbe p = dict_probe_start(t, hash);
    while (dict_index_get(t, p.slot, t->log2_width) != DICT_EMPTY)
        dict_probe_step(&p);
    return p.slot;
}

static inline void index_add(DictTable *t, int64_t entry, int64_t hash) {
    dict_index_set(t, empty_slot(t, hash), entry);
}

static inline void store_first(DictTable *t, int64_t first) {
    __atomic_store_n(&t->first, (uint32_t)first, SHARED_STORE);
}

// slot: the first empty one that a probe for key meets.
ALWAYS_INLINE void append_at(Dict *d, size_t slot, Value key, int64_t hash, Value value) {
    DictTable *t = d->table;
    int64_t i = t->used_entries;
    dict_keys_changed(d);
    dict_entry_write(&t->entries[i], key, value, hash);
    dict_index_set(t, slot, i);
    if (UNLIKELY(!value_is_exact_str(key)))
        t->all_str = false;
    __atomic_store_n(&t->used_entries, i + 1, SHARED_STORE);
    dict_store_length(d, d->length + 1);
}

void dict_append_locked(Dict *d, Value key, int64_t hash, Value value) {
    append_at(d, empty_slot(d->table, hash), key, hash, value);
}

ALWAYS_INLINE void remove_at(Dict *d, int64_t i, size_t slot, Value *key, Value *value) {
    DictTable *t = d->table;
    DictEntry *e = &t->entries[i];
    dict_keys_changed(d);
    *key = e->key;
    *value = e->value;
    field_raw_store(&e->key, VALUE_NULL);
    field_raw_store(&e->value, VALUE_NULL);
    dict_store_length(d, d->length - 1);
    if (i == t->used_entries - 1 && !t->reordered) { // the newest: see the invariants
        dict_index_set(t, slot, DICT_EMPTY);
    } else {
        dict_index_set(t, slot, DICT_DELETED);
        if ((int64_t)t->first == i && t->first < UINT32_MAX)
            store_first(t, i + 1);
    }
    if (d->length == 0)
        t->all_str = true;
}

void dict_remove_locked(Dict *d, int64_t i, Value *key, Value *value) {
    remove_at(d, i, dict_slot_of(d->table, i), key, value);
}

int dict_take_locked(Dict *d, Value key, int64_t hash, Value *own_key, Value *value) {
    size_t slot;
    int64_t i = find_slot(d, key, hash, &slot);
    if (UNLIKELY(i < 0))
        return i == DICT_ABSENT ? 0 : -1;
    remove_at(d, i, slot, own_key, value);
    return 1;
}

void dict_remove_last_locked(Dict *d, Value *key, Value *value) {
    DictTable *t = d->table;
    int64_t i = t->used_entries - 1;
    // Their slots are still marked deleted, so the room they took is given up with them.
    while (value_is_null(t->entries[i].key))
        i--;
    t->capacity -= t->used_entries - 1 - i;
    dict_entries_changed(d);
    __atomic_store_n(&t->used_entries, i + 1, SHARED_STORE);
    dict_remove_locked(d, i, key, value);
    if (t->reordered)
        t->capacity--;
    __atomic_store_n(&t->used_entries, i, SHARED_STORE);
    if ((int64_t)t->first > i)
        store_first(t, i);
}

void dict_move_to_end_locked(Dict *d, int64_t i) {
    DictTable *t = d->table;
    int64_t last = t->used_entries;
    if (i == last - 1)
        return;
    DictEntry e = t->entries[i];
    dict_keys_changed(d);
    dict_index_set(t, dict_slot_of(t, i), DICT_DELETED);
    field_raw_store(&t->entries[i].key, VALUE_NULL);
    field_raw_store(&t->entries[i].value, VALUE_NULL);
    if ((int64_t)t->first == i && t->first < UINT32_MAX)
        store_first(t, i + 1);
    dict_entry_write(&t->entries[last], e.key, e.value, e.hash);
    index_add(t, last, e.hash);
    __atomic_store_n(&t->used_entries, last + 1, SHARED_STORE);
}

void dict_move_to_front_locked(Dict *d, int64_t i) {
    DictTable *t = d->table;
    if (dict_live_from(t, 0) == i)
        return;
    int64_t front = (int64_t)t->first - 1;
    dict_entries_changed(d);
    size_t slot = dict_slot_of(t, i);
    dict_entry_write(&t->entries[front], t->entries[i].key, t->entries[i].value,
                     t->entries[i].hash);
    dict_index_set(t, slot, front); // keeps its slot: see `reordered`
    field_raw_store(&t->entries[i].key, VALUE_NULL);
    field_raw_store(&t->entries[i].value, VALUE_NULL);
    store_first(t, front);
    t->reordered = true;
}

// Moves or (retaining, a constant at each call) copies the live entries of t into the fresh table,
// from number `next` on. Their number.
ALWAYS_INLINE int64_t copy_entries_width(DictTable *fresh, int64_t next, const DictTable *t,
                                         bool retaining, unsigned log2_width) {
    fresh->log2_width = (uint8_t)log2_width; // as it was: said once for the loop
    DictEntry *out = fresh->entries + next;
    const DictEntry *end = t->entries + t->used_entries;
    int64_t entry = next;
    for (const DictEntry *e = t->entries + t->first; e < end; e++) {
        Value key = e->key, value = e->value;
        int64_t hash = e->hash;
        if (UNLIKELY(value_is_null(key)))
            continue;
        if (retaining) {
            ref_retain(key);
            ref_retain(value);
        }
        *out++ = (DictEntry){key, value, hash};
        DictProbe p = dict_probe_start(fresh, hash);
        while (dict_index_get(fresh, p.slot, log2_width) != DICT_EMPTY)
            dict_probe_step(&p);
        switch (log2_width) {
        case 0:
            ((int8_t *)fresh->index)[p.slot] = (int8_t)entry;
            break;
        case 1:
            ((int16_t *)fresh->index)[p.slot] = (int16_t)entry;
            break;
        default:
            dict_index_set(fresh, p.slot, entry);
        }
        entry++;
    }
    return entry - next;
}
ALWAYS_INLINE int64_t copy_entries(DictTable *fresh, int64_t next, const DictTable *t,
                                   bool retaining) {
    switch (fresh->log2_width) {
    case 0:
        return copy_entries_width(fresh, next, t, retaining, 0);
    case 1:
        return copy_entries_width(fresh, next, t, retaining, 1);
    default:
        return copy_entries_width(fresh, next, t, retaining, fresh->log2_width);
    }
}

void dict_copy_table_locked(const Dict *d, DictTable *fresh) {
    const DictTable *t = d->table;
    fresh->all_str = t->all_str;
    if (t->log2_size != fresh->log2_size || t->used_entries != d->length) {
        fresh->used_entries = copy_entries(fresh, 0, t, true);
        return;
    }
    // The same table: no probing.
    memcpy(fresh->index, t->index, dict_index_bytes(t));
    const DictEntry *from = t->entries;
    DictEntry *to = fresh->entries;
    for (int64_t i = 0, n = d->length; i < n; i++) {
        DictEntry e = from[i];
        ref_retain(e.key);
        ref_retain(e.value);
        to[i] = e;
    }
    fresh->used_entries = d->length;
    fresh->reordered = t->reordered;
}

DictTable *dict_replace_table_locked(Dict *d, DictTable *fresh, int64_t gap) {
    DictTable *old = d->table;
    dict_entries_changed(d);
    fresh->first = (uint32_t)gap;
    fresh->used_entries = gap;
    for (int64_t i = 0; i < gap; i++)
        fresh->entries[i] = (DictEntry){VALUE_NULL, VALUE_NULL, 0};
    if (old) {
        dict_table_replaced_locked(d, old);
        fresh->all_str = old->all_str;
        fresh->used_entries = gap + copy_entries(fresh, gap, old, false);
    }
    __atomic_store_n(&d->table, fresh, __ATOMIC_RELEASE);
    return old;
}

DictTable *dict_detach_locked(Dict *d) {
    DictTable *t = d->table;
    if (t) {
        dict_table_replaced_locked(d, t);
        dict_entries_changed(d);
    }
    __atomic_store_n(&d->table, NULL, SHARED_STORE);
    dict_store_length(d, 0);
    return t;
}

// t is nobody else's any more.
static inline void release_entries(DictTable *t) {
    const DictEntry *e = t->entries + t->first, *end = t->entries + t->used_entries;
    for (; e < end; e++) {
        Value key = e->key, value = e->value;
        ref_release(key);
        ref_release(value);
    }
}

void dict_table_reclaim(DictTable *t) {
    reclaim_replaced(t, t->unread);
}

void dict_table_release(DictTable *t) {
    if (!t)
        return;
    release_entries(t);
    dict_table_reclaim(t);
}

void dict_table_destroy(DictTable *t) {
    if (!t)
        return;
    release_entries(t);
    buffer_free(t);
}

int dict_make_room(Dict *d, uint64_t *mutations) {
    for (;;) {
        DictTable *fresh = dict_table_new(dict_table_growth(dict_length(value_from_object(d))));
        if (UNLIKELY(!fresh))
            return -1;
        object_lock(&d->header);
        bool same = d->mutations == *mutations;
        if (dict_table_has_room(d->table)) { // somebody else made it
            object_unlock(&d->header);
            buffer_free(fresh);
            object_lock(&d->header);
            same = d->mutations == *mutations;
            if (dict_table_has_room(d->table)) {
                *mutations = d->mutations;
                return same;
            }
            object_unlock(&d->header);
            continue;
        }
        DictTable *dropped = fresh;
        if (d->length < fresh->capacity)
            dropped = dict_replace_table_locked(d, fresh, 0);
        else
            same = false;
        uint64_t after = d->mutations;
        if (!dropped) {
            *mutations = after;
            return same;
        }
        object_unlock(&d->header);
        dict_table_reclaim(dropped);
        object_lock(&d->header);
        if (dict_table_has_room(d->table)) {
            same = same && d->mutations == after;
            *mutations = d->mutations;
            return same;
        }
        object_unlock(&d->header);
        *mutations = UINT64_MAX; // anything may have happened
    }
}

// The rest of insert() where there was no room (i is DICT_ABSENT) or comparing failed. The lock is
// not held.
static __attribute__((noinline)) int insert_growing(Dict *d, Value key, int64_t hash, Value value,
                                                    bool owned, int64_t i, uint64_t mutations) {
    if (!owned)
        ref_retain(key);
    for (;;) {
        int made = i == DICT_ABSENT ? dict_make_room(d, &mutations) : -1;
        if (UNLIKELY(made < 0))
            break;
        if (!made) { // somebody else changed the dict
            i = dict_find_locked(d, key, hash);
            if (i >= 0) {
                dict_value_changed(d);
                Value old = field_swap_locked(&d->table->entries[i].value, value);
                object_unlock(&d->header);
                ref_release(key);
                ref_release(old);
                return 0;
            }
            made = i == DICT_ABSENT && dict_table_has_room(d->table);
        }
        if (LIKELY(made)) {
            dict_append_locked(d, key, hash, value);
            object_unlock(&d->header);
            return 0;
        }
        mutations = d->mutations;
        object_unlock(&d->header);
    }
    ref_release(key);
    ref_release(value);
    return -1;
}

// value is consumed; so is key if owned (a constant at each call). 0 or -1. The lock is held, and
// let go.
ALWAYS_INLINE int insert_holding(Dict *d, Value key, int64_t hash, Value value, bool owned) {
    size_t slot;
    int64_t i = find_slot(d, key, hash, &slot);
    if (i >= 0) {
        dict_value_changed(d);
        Value old = field_swap_locked(&d->table->entries[i].value, value);
        object_unlock(&d->header);
        if (owned)
            ref_release(key);
        ref_release(old);
        return 0;
    }
    if (LIKELY(i == DICT_ABSENT && dict_table_has_room(d->table))) {
        if (!owned)
            ref_retain(key);
        append_at(d, slot, key, hash, value);
        object_unlock(&d->header);
        return 0;
    }
    uint64_t mutations = d->mutations;
    object_unlock(&d->header);
    return insert_growing(d, key, hash, value, owned, i, mutations);
}
ALWAYS_INLINE int insert(Dict *d, Value key, int64_t hash, Value value, bool owned) {
    object_lock(&d->header);
    return insert_holding(d, key, hash, value, owned);
}

int dict_insert_owned(Dict *d, Value key, int64_t hash, Value value) {
    return insert(d, key, hash, value, true);
}

int dict_set_hashed(Value dict, Value key, int64_t hash, Value value) {
    return insert(dict_of(dict), key, hash, ref_new(value), false);
}

// The two ways on from dict_set's fast path; value is consumed.
static __attribute__((noinline)) int set_holding(Dict *d, Value key, int64_t hash, Value value) {
    return insert_holding(d, key, hash, value, false);
}
static __attribute__((noinline)) int set_other(Dict *d, Value key, Value value) {
    int64_t hash = value_hash_inline(key);
    if (LIKELY(hash != -1))
        return insert(d, key, hash, value, false);
    ref_release(value);
    return -1;
}

// As get_str in dict.c: mostly the key is the very one, in the first slot where it may be.
int dict_set(Value dict, Value key, Value value) {
    Dict *d = dict_of(dict);
    ref_retain(value);
    if (UNLIKELY(!value_is_exact_str(key)))
        return set_other(d, key, value);
    int64_t hash = str_hash_inline(key);
    if (UNLIKELY(!object_enter(&d->header)))
        return set_other(d, key, value);
    DictTable *t = d->table;
    if (LIKELY(t && t->log2_width <= 1)) {
        size_t slot = dict_probe_start(t, hash).slot;
        int64_t i =
            LIKELY(t->log2_width == 0) ? dict_index_get(t, slot, 0) : dict_index_get(t, slot, 1);
        if (LIKELY(i >= 0 && value_same(t->entries[i].key, key))) {
            dict_value_changed(d);
            Value old = field_swap_locked(&t->entries[i].value, value);
            object_leave(&d->header);
            ref_release(old);
            return 0;
        }
    }
    return set_holding(d, key, hash, value);
}

int dict_set_owned(Value dict, Value key, Value value) {
    int64_t hash = LIKELY(value_is_exact_str(key)) ? str_hash_inline(key) : value_hash_inline(key);
    if (LIKELY(hash != -1))
        return dict_insert_owned(dict_of(dict), key, hash, value);
    ref_release(key);
    ref_release(value);
    return -1;
}

int dict_reserve(Value dict, int64_t more) {
    Dict *d = dict_of(dict);
    object_lock(&d->header);
    int64_t capacity = d->table ? d->table->capacity : capacity_of(DICT_LOG2_MIN);
    int64_t wanted = d->length + more;
    object_unlock(&d->header);
    if (LIKELY(more <= capacity))
        return 0;
    DictTable *fresh = dict_table_new(wanted);
    if (UNLIKELY(!fresh))
        return -1;
    DictTable *dropped = fresh;
    object_lock(&d->header);
    // Somebody else may have been at it meanwhile.
    if (LIKELY(d->length <= fresh->capacity && (!d->table || d->table->capacity < fresh->capacity)))
        dropped = dict_replace_table_locked(d, fresh, 0);
    object_unlock(&d->header);
    if (dropped)
        dict_table_reclaim(dropped);
    return 0;
}

int dict_fill_new(Dict *d, Value key, Value value) {
    DictTable *t = d->table;
    if (LIKELY(value_is_exact_str(key) && t->all_str)) {
        int64_t hash = str_hash_inline(key), used = t->used_entries;
        size_t slot;
        if (LIKELY(dict_probe(t, key, hash, true, &slot) == DICT_ABSENT)) {
            dict_entry_write(&t->entries[used], key, value, hash);
            dict_index_set(t, slot, used);
            t->used_entries = used + 1;
            d->length++;
            return 0;
        }
    }
    int64_t hash = value_hash_inline(key);
    if (LIKELY(hash != -1))
        return dict_insert_owned(d, key, hash, value);
    ref_release(key);
    ref_release(value);
    return -1;
}

// ---- two dicts ---------------------------------------------------------------------------

int dict_entries_in_locked(const Dict *a, const Dict *b, int64_t *position) {
    const DictTable *t = a->table, *other = b->table;
    if (!t)
        return 1;
    bool strs = other && t->all_str && other->all_str;
    for (int64_t i = dict_live_from(t, *position); i < t->used_entries; i++) {
        const DictEntry *e = &t->entries[i];
        if (value_is_null(e->key))
            continue;
        if (!other)
            return 0;
        int64_t found = i; // a dict and a copy of it have the same keys at the same places
        if (i >= other->used_entries || !value_same(other->entries[i].key, e->key)) {
            size_t slot;
            found = strs ? dict_probe(other, e->key, e->hash, true, &slot)
                         : dict_probe(other, e->key, e->hash, false, &slot);
        }
        if (found == DICT_ABSENT)
            return 0;
        int equal = found >= 0 ? 1 : -1;
        if (equal > 0 && !value_same(e->value, other->entries[found].value))
            equal = value_equal_simple(e->value, other->entries[found].value);
        if (equal <= 0) {
            *position = i;
            return equal;
        }
    }
    return 1;
}

int64_t dict_copy_small(Dict *d, DictEntry *out, int64_t room) {
    object_read_lock(&d->header);
    int64_t count = d->length <= room ? 0 : -1;
    if (count == 0 && d->length) {
        DictTable *t = d->table;
        for (int64_t i = t->first; i < t->used_entries; i++) {
            DictEntry *e = &t->entries[i];
            if (value_is_null(e->key))
                continue;
            out[count++] = *e;
            ref_retain(e->key);
            ref_retain(e->value);
        }
    }
    object_read_unlock(&d->header);
    return count;
}

DictEntry *dict_snapshot(Dict *d, int64_t *count) {
    DictEntry *copy = NULL;
    int64_t room = 0;
    while ((*count = dict_copy_small(d, copy, room)) < 0) {
        buffer_free(copy);
        room = dict_length(value_from_object(d));
        copy = buffer_allocate((size_t)(room ? room : 1) * sizeof(DictEntry));
        if (!copy) {
            raise_memory_error();
            *count = -1;
            break;
        }
    }
    return copy;
}
