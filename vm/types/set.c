// SPDX-License-Identifier: MIT
//
// The table of set and frozenset and what C code does with it. The methods are in set_methods.c.
//
// Probing and growth follow CPython's published scheme (runs of neighbouring entries, then a
// jump that takes in more bits of the hash; Raymond Hettinger), down to the numbers, so that sets
// of the same ints print in the same order.
//
// Invariants, with the lock held: fill * 5 < mask * 3 or a thread is about to grow the table,
// so there is always an empty entry; length <= fill.
#include "vm/types/set.h"
#include "gc/reclaim.h"
#include "gc/ref_run.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/hashing.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/list_cursor.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

#define NEIGHBOURS 9
#define PERTURB_SHIFT 5
#define TABLE_MIN 8
#define KEY_DELETED (-1) // the hash of a deleted entry; no key hashes to -1

static inline void store_length(Set *s, int64_t length) {
    __atomic_store_n(&s->length, length, SHARED_STORE);
}

// Lock held: a change of keys or table that other threads may be looking at.
static inline void count_mutation(Set *s) {
    __atomic_store_n(&s->mutations, s->mutations + 1, SHARED_STORE);
}
static inline void store_mask(Set *s, int64_t mask) {
    __atomic_store_n(&s->mask, mask, SHARED_STORE);
}
static inline void store_entry(SetEntry *e, Value key, int64_t hash) {
    field_raw_store(&e->key, key);
    __atomic_store_n(&e->hash, hash, SHARED_STORE);
}

static inline bool wants_growth(const Set *s) {
    return s->fill * 5 >= s->mask * 3;
}

// ---- the table -------------------------------------------------------------------------

// Not filled. NULL with MemoryError.
static SetEntry *table_allocate(int64_t size) {
    SetEntry *table = buffer_allocate((size_t)size * sizeof(SetEntry));
    if (UNLIKELY(!table))
        raise_memory_error();
    return table;
}

static SetEntry *table_new(int64_t size) {
    // Cleared here: jemalloc clears large blocks by giving their pages back to the system first.
    SetEntry *table = table_allocate(size);
    if (LIKELY(table))
        memset(table, 0, (size_t)size * sizeof(SetEntry));
    return table;
}

#define TABLE_STRIDE (sizeof(SetEntry) / sizeof(Value))

static __attribute__((noinline)) void large_copy(SetEntry *to, const SetEntry *table,
                                                 int64_t size) {
    ref_run_each_apart(&to->key, &table->key, TABLE_STRIDE, size, true);
}
static __attribute__((noinline)) void large_release(const SetEntry *table, int64_t size) {
    ref_run_each_apart(NULL, &table->key, TABLE_STRIDE, size, false);
}

// Copies a table of `size` entries, with references of its own to all keys. Nobody writes the
// table meanwhile, and nobody else sees the copy.
static inline void table_copy(SetEntry *to, const SetEntry *table, int64_t size) {
    if (size != TABLE_MIN) {
        large_copy(to, table, size);
        return;
    }
    for (int i = 0; i < TABLE_MIN; i++)
        ref_retain(table[i].key);
    memcpy(to, table, TABLE_MIN * sizeof(SetEntry)); // some moves, no call
}
// The references of a table to all keys are dropped (which may run Python code). Nobody writes the
// table meanwhile.
static inline void table_release(const SetEntry *table, int64_t size) {
    if (size != TABLE_MIN) {
        large_release(table, size);
        return;
    }
    for (int i = 0; i < TABLE_MIN; i++)
        ref_release(table[i].key);
}

static int64_t size_above(int64_t entries) {
    int64_t size = TABLE_MIN;
    while (size <= entries)
        size <<= 1;
    return size;
}

// key is known to be absent and table to have no deleted entries.
static inline void insert_clean(SetEntry *table, uint64_t mask, Value key, int64_t hash) {
    uint64_t perturb = (uint64_t)hash, i = (uint64_t)hash & mask;
    for (;;) {
        SetEntry *e = &table[i];
        for (int left = i + NEIGHBOURS <= mask ? NEIGHBOURS : 0;; left--, e++) {
            if (value_is_null(e->key)) {
                store_entry(e, key, hash);
                return;
            }
            if (left == 0)
                break;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

// Lock held: moves all keys into the empty table; gives the old one for reclaim_replaced.
static SetEntry *replace_table(Set *s, SetEntry *table, int64_t size) {
    SetEntry *old = s->table;
    if (old)
        for (int64_t i = 0; i <= s->mask; i++)
            if (!value_is_null(old[i].key))
                insert_clean(table, (uint64_t)size - 1, old[i].key, old[i].hash);
    count_mutation(s);
    __atomic_store_n(&s->table, table, __ATOMIC_RELEASE);
    store_mask(s, size - 1);
    s->fill = s->length;
    return old;
}

// Lock not held. Gives the set a table of more than `entries` entries, always or if it still wants
// to grow (or has none).
static __attribute__((noinline)) int grow(Set *s, int64_t entries, bool always) {
    int64_t size = size_above(entries);
    SetEntry *table = table_new(size);
    if (!table)
        return -1;
    object_lock(&s->header);
    bool unread = object_has_no_readers(&s->header);
    if ((always || !s->table || wants_growth(s)) && s->length * 5 < (size - 1) * 3)
        table = replace_table(s, table, size);
    object_unlock(&s->header);
    reclaim_replaced(table, unread);
    return 0;
}

#define SET_ABSENT (-1)
#define SET_ERROR (-2)   // exception set
#define SET_UNKNOWN (-3) // only __eq__ can tell

// Where key is, SET_ABSENT, or SET_UNKNOWN. Lock held throughout. With SET_ABSENT *vacant (if not
// NULL: a constant at each call) is where the key would go, the last deleted entry met if any; -1
// without a table. A lookup among deleted entries is what this loop is shaped for: one of those
// costs two comparisons of its hash.
ALWAYS_INLINE int64_t probe(const Set *s, Value key, int64_t hash, int64_t *vacant) {
    const SetEntry *table = s->table, *deleted = NULL, *e;
    if (UNLIKELY(!table)) {
        if (vacant)
            *vacant = -1;
        return SET_ABSENT;
    }
    uint64_t mask = (uint64_t)s->mask, perturb = (uint64_t)hash, i = (uint64_t)hash & mask;
    for (;;) {
        e = &table[i];
        const SetEntry *last = i + NEIGHBOURS <= mask ? e + NEIGHBOURS : e;
        do {
            if (e->hash == hash) {
                if (value_same(e->key, key))
                    return e - table;
                if (value_is_null(e->key))
                    goto empty; // hash is 0: a deleted entry's is that of no key
                int equal = value_equal_simple(e->key, key);
                if (equal)
                    return equal < 0 ? SET_UNKNOWN : e - table;
            } else if (e->hash == 0 && value_is_null(e->key)) {
                goto empty;
            } else if (vacant && e->hash == KEY_DELETED) {
                deleted = e;
            }
        } while (e++ != last);
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
empty:
    if (vacant)
        *vacant = (deleted ? deleted : e) - table;
    return SET_ABSENT;
}

// The same for keys that only __eq__ can tell apart; lets go of the lock while it runs.
static __attribute__((noinline)) int64_t find_asking(Set *s, Value key, int64_t hash,
                                                     int64_t *vacant) {
restart:;
    SetEntry *table = s->table;
    if (!table) {
        *vacant = -1;
        return SET_ABSENT;
    }
    uint64_t mask = (uint64_t)s->mask, perturb = (uint64_t)hash, i = (uint64_t)hash & mask;
    int64_t deleted = -1;
    for (;;) {
        SetEntry *e = &table[i];
        for (int left = i + NEIGHBOURS <= mask ? NEIGHBOURS : 0;; left--, e++) {
            if (value_is_null(e->key)) {
                if (e->hash == 0) {
                    *vacant = deleted >= 0 ? deleted : e - table;
                    return SET_ABSENT;
                }
                deleted = e - table;
            } else if (e->hash == hash) {
                int equal = value_same(e->key, key) ? 1 : value_equal_simple(e->key, key);
                if (equal < 0) {
                    Value candidate = ref_new(e->key);
                    uint64_t mutations = s->mutations;
                    object_unlock(&s->header);
                    equal = value_equals(candidate, key);
                    ref_release(candidate);
                    object_lock(&s->header);
                    if (equal < 0)
                        return SET_ERROR;
                    if (s->mutations != mutations)
                        goto restart;
                }
                if (equal)
                    return e - table;
            }
            if (left == 0)
                break;
        }
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

// Lock held: the table position of key, SET_ABSENT or SET_ERROR. May let go of the lock and take it
// again. vacant as for probe.
ALWAYS_INLINE int64_t find_locked(Set *s, Value key, int64_t hash, int64_t *vacant) {
    int64_t i = probe(s, key, hash, vacant), unused;
    if (UNLIKELY(i == SET_UNKNOWN))
        i = find_asking(s, key, hash, vacant ? vacant : &unused);
    return i;
}

// More entries than this a set gets that has grown to that length.
static inline int64_t size_after(int64_t length) {
    return length > 50000 ? length * 2 : length * 4;
}

// key is consumed. 0 or -1.
static __attribute__((noinline)) int add_probing(Set *s, Value key, int64_t hash) {
    for (;;) {
        int64_t vacant;
        object_lock(&s->header);
        int64_t i = find_locked(s, key, hash, &vacant);
        if (UNLIKELY(i != SET_ABSENT)) {
            object_unlock(&s->header);
            ref_release(key);
            return i >= 0 ? 0 : -1;
        }
        if (LIKELY(vacant >= 0)) {
            SetEntry *e = &s->table[vacant];
            bool fresh = e->hash != KEY_DELETED;
            store_entry(e, key, hash);
            s->fill += fresh;
            store_length(s, s->length + 1);
            count_mutation(s);
            bool growing = fresh && wants_growth(s);
            int64_t length = s->length;
            object_unlock(&s->header);
            return UNLIKELY(growing) ? grow(s, size_after(length), false) : 0;
        }
        object_unlock(&s->header);
        if (grow(s, 0, false) < 0) {
            ref_release(key);
            return -1;
        }
    }
}

int set_add_owned(Set *s, Value key, int64_t hash) {
    // Where the first neighbours tell: this key itself, or an empty entry with nothing before it
    // that might be equal or be used again.
    if (UNLIKELY(!object_enter(&s->header)))
        return add_probing(s, key, hash);
    SetEntry *e = s->table;
    if (LIKELY(e != NULL)) {
        uint64_t mask = (uint64_t)s->mask, i = (uint64_t)hash & mask;
        e += i;
        const SetEntry *last = i + NEIGHBOURS <= mask ? e + NEIGHBOURS : e;
        do {
            int64_t other = e->hash;
            if (other == 0 && value_is_null(e->key)) {
                store_entry(e, key, hash);
                int64_t length = s->length + 1;
                s->fill++;
                store_length(s, length);
                count_mutation(s);
                bool growing = wants_growth(s);
                object_leave(&s->header);
                return UNLIKELY(growing) ? grow(s, size_after(length), false) : 0;
            }
            if (other == hash && value_same(e->key, key)) {
                object_leave(&s->header);
                ref_release(key);
                return 0;
            }
            if (other == hash || other == KEY_DELETED)
                break;
        } while (e++ != last);
    }
    object_leave(&s->header);
    return add_probing(s, key, hash);
}

// With an entry's key of the right hash, without the lock: 1 equal, 0 not so, -1 take the lock.
static __attribute__((noinline, unused)) int read_equal(const Set *s, uint64_t seen,
                                                        const SetEntry *e, Value key) {
    Value candidate;
    FieldHold hold = field_try_peek(&e->key, &candidate);
    if (hold == FIELD_LOST)
        return -1;
    if (!field_read_valid(&s->header, &s->mutations, seen) || value_is_null(candidate)) {
        field_undo(hold, candidate);
        return -1;
    }
    int equal = value_same(candidate, key) ? 1 : value_equal_simple(candidate, key);
    field_peeked(hold, candidate);
    return equal;
}

// One lookup without the lock: 1 there, 0 absent, -1 take the lock.
static inline int try_contains(const Set *s, Value key, int64_t hash) {
    uint64_t seen;
    if (UNLIKELY(!field_read_begin(&s->header, &s->mutations, &seen)))
        return -1;
    SetEntry *const *table_word = &s->table;
    const SetEntry *table = __atomic_load_n(table_word, SHARED_LOAD);
    uint64_t mask = (uint64_t)__atomic_load_n(&s->mask, SHARED_LOAD);
    // The mask must be the table's before it is used.
    if (UNLIKELY(!field_read_valid(&s->header, &s->mutations, seen)))
        return -1;
    int found = 0;
    uint64_t perturb = (uint64_t)hash, i = (uint64_t)hash & mask;
    while (table) {
        const SetEntry *e = &table[i], *last = i + NEIGHBOURS <= mask ? e + NEIGHBOURS : e;
        do {
            int64_t other = __atomic_load_n(&e->hash, SHARED_LOAD);
            if (other != hash && other != 0)
                continue;
            Value candidate = field_raw(&e->key);
            if (other == hash && value_same(candidate, key)) {
                found = 1;
                goto done;
            }
            if (value_is_null(candidate))
                goto done;
            if (other == hash) {
                found = read_equal(s, seen, e, key);
                if (UNLIKELY(found < 0))
                    return -1;
                if (found)
                    goto done;
            }
        } while (e++ != last);
        // Also makes an end of probing a table that changes.
        if (UNLIKELY(__atomic_load_n(&s->mutations, __ATOMIC_ACQUIRE) != seen))
            return -1;
        perturb >>= PERTURB_SHIFT;
        i = (i * 5 + 1 + perturb) & mask;
    }
done:
    return LIKELY(field_read_valid(&s->header, &s->mutations, seen)) ? found : -1;
}

int set_contains_hashed(Set *s, Value key, int64_t hash) {
    if (LIKELY(object_enter_to_read(&s->header))) {
        int64_t i = find_locked(s, key, hash, NULL);
        object_unlock(&s->header); // it may have been let go, and taken as a common one
        return i >= 0 ? 1 : i == SET_ABSENT ? 0 : -1;
    }
    for (int attempt = 0; FIELD_READS_UNLOCKED && attempt < 2; attempt++) {
        int found = try_contains(s, key, hash);
        if (LIKELY(found >= 0))
            return found;
    }
    object_lock(&s->header);
    int64_t i = find_locked(s, key, hash, NULL);
    if (i >= 0 && !value_same(s->table[i].key, key))
        field_mark_locked(s->table[i].key); // perhaps only that could not be had without the lock
    object_unlock(&s->header);
    return i >= 0 ? 1 : i == SET_ABSENT ? 0 : -1;
}

int set_discard_hashed(Set *s, Value key, int64_t hash) {
    object_lock(&s->header);
    int64_t i = find_locked(s, key, hash, NULL);
    if (i < 0) {
        object_unlock(&s->header);
        return i == SET_ABSENT ? 0 : -1;
    }
    SetEntry *e = &s->table[i];
    Value own = e->key;
    store_entry(e, VALUE_NULL, KEY_DELETED);
    store_length(s, s->length - 1);
    count_mutation(s);
    object_unlock(&s->header);
    ref_release(own);
    return 1;
}

int set_reserve(Set *s, int64_t more) {
    object_lock(&s->header);
    int64_t mask = s->table ? s->mask : TABLE_MIN - 1;
    bool growing = (s->fill + more) * 5 >= mask * 3, bare = !s->table;
    int64_t wanted = growing ? (s->length + more) * 2 : 0;
    object_unlock(&s->header);
    return growing || bare ? grow(s, wanted, true) : 0;
}

int set_compact(Set *s) {
    object_lock(&s->header);
    bool many = s->table && s->fill - s->length > s->mask / 4;
    int64_t length = s->length;
    object_unlock(&s->header);
    return many ? grow(s, size_after(length), true) : 0;
}

void set_table_drop(SetEntry *table, int64_t mask, bool unread) {
    if (table) {
        table_release(table, mask + 1);
        reclaim_replaced(table, unread);
    }
}

// Lock held: the set is empty; gives its table and what belongs to it for set_table_drop or
// another set.
typedef struct {
    SetEntry *table;
    int64_t mask, fill, length;
    bool unread; // nobody else can have begun to look into it
} Contents;

static Contents take_out_locked(Set *s) {
    Contents c = {s->table, s->mask, s->fill, s->length, object_has_no_readers(&s->header)};
    if (c.table)
        count_mutation(s);
    __atomic_store_n(&s->table, NULL, SHARED_STORE);
    store_mask(s, 0);
    s->fill = 0;
    store_length(s, 0);
    return c;
}

void set_take_over(Set *s, Set *other) {
    object_lock(&other->header);
    Contents fresh = take_out_locked(other);
    object_unlock(&other->header);
    object_lock(&s->header);
    Contents old = take_out_locked(s);
    count_mutation(s);
    __atomic_store_n(&s->table, fresh.table, __ATOMIC_RELEASE);
    store_mask(s, fresh.mask);
    s->fill = fresh.fill;
    store_length(s, fresh.length);
    object_unlock(&s->header);
    // Who has found `other`, as gc.get_objects() does, may be reading what is s's now.
    if (!fresh.unread)
        object_make_common(&s->header);
    set_table_drop(old.table, old.mask, old.unread);
}

int set_clear(Set *s) {
    object_lock(&s->header);
    Contents old = take_out_locked(s);
    object_unlock(&s->header);
    set_table_drop(old.table, old.mask, old.unread);
    return 0;
}

void set_destroy_table(Set *s) {
    SetEntry *table = s->table;
    s->table = NULL;
    if (table) {
        table_release(table, s->mask + 1);
        buffer_free(table); // a reader would hold a reference to the set
    }
}

bool set_next_entry(Set *s, int64_t *position, Value *key, int64_t *hash) {
    bool found = false;
    object_read_lock(&s->header);
    if (s->table) {
        int64_t i = *position;
        while (i <= s->mask && value_is_null(s->table[i].key))
            i++;
        if (i <= s->mask) {
            *key = ref_new(s->table[i].key);
            *hash = s->table[i].hash;
            found = true;
        }
        *position = i + 1;
    }
    object_read_unlock(&s->header);
    return found;
}

bool set_next(Value set, int64_t *position, Value *item) {
    int64_t hash;
    return set_next_entry(set_of(set), position, item, &hash);
}

// ---- whole sets --------------------------------------------------------------------------
// With both locks held, as long as no comparison has to call out.

// Both locks held, s without any entry but with a table: takes all keys of other.
static void fill_empty(Set *s, const Set *other) {
    SetEntry *table = s->table;
    if (s->mask == other->mask && other->fill == other->length) {
        for (int64_t i = 0; i <= other->mask; i++) {
            SetEntry e = other->table[i];
            if (!value_is_null(e.key))
                ref_retain(e.key);
            store_entry(&table[i], e.key, e.hash);
        }
    } else {
        for (int64_t i = 0; i <= other->mask; i++) {
            SetEntry e = other->table[i];
            if (value_is_null(e.key))
                continue;
            ref_retain(e.key);
            insert_clean(table, (uint64_t)s->mask, e.key, e.hash);
        }
    }
    s->fill = other->length;
    store_length(s, other->length);
    count_mutation(s);
}

// A table with other's keys as a set without a table gets it, with new references, which nobody
// else has seen; its mask and number of keys. NULL: there are none, or (*length -1) MemoryError.
static SetEntry *clone_table(Set *other, int64_t *mask, int64_t *length) {
    for (;;) {
        object_read_lock(&other->header);
        int64_t count = other->length, old_mask = other->mask;
        uint64_t mutations = other->mutations;
        bool clean = other->fill == count;
        object_read_unlock(&other->header);
        *length = count;
        if (count == 0)
            return NULL;
        int64_t size = count * 5 >= (TABLE_MIN - 1) * 3 ? size_above(count * 2) : TABLE_MIN;
        bool alike = clean && old_mask == size - 1; // then every entry goes where it was
        SetEntry *table = alike ? table_allocate(size) : table_new(size);
        if (UNLIKELY(!table)) {
            *length = -1;
            return NULL;
        }
        object_read_lock(&other->header);
        bool same = other->mutations == mutations;
        if (LIKELY(same)) {
            const SetEntry *from = other->table;
            if (alike)
                table_copy(table, from, size);
            for (int64_t i = 0; !alike && i <= old_mask; i++) {
                SetEntry e = from[i];
                if (value_is_null(e.key))
                    continue;
                ref_retain(e.key);
                insert_clean(table, (uint64_t)size - 1, e.key, e.hash);
            }
        }
        object_read_unlock(&other->header);
        if (LIKELY(same)) {
            *mask = size - 1;
            return table;
        }
        buffer_free(table);
    }
}

// set_merge into a set that had no table: true if that is still so, and then with other's keys or
// *status -1.
static bool merge_into_bare(Set *s, Set *other, int *status) {
    int64_t mask = 0, length;
    *status = 0;
    SetEntry *table = clone_table(other, &mask, &length);
    if (!table) {
        *status = length < 0 ? -1 : 0;
        return true;
    }
    object_lock(&s->header);
    bool bare = !s->table;
    if (LIKELY(bare)) {
        count_mutation(s);
        __atomic_store_n(&s->table, table, __ATOMIC_RELEASE);
        store_mask(s, mask);
        s->fill = length;
        store_length(s, length);
    }
    object_unlock(&s->header);
    if (LIKELY(bare))
        return true;
    table_release(table, mask + 1);
    buffer_free(table);
    return false;
}

int set_merge(Set *s, Set *other) {
    if (s == other)
        return 0;
    SetEntry *const *table_word = &s->table;
    int status;
    if (!__atomic_load_n(table_word, __ATOMIC_RELAXED) && merge_into_bare(s, other, &status))
        return status;
    for (bool room = false; !room;) {
        object_lock_two(&s->header, &other->header);
        int64_t more = other->length, mask = s->table ? s->mask : TABLE_MIN - 1;
        uint64_t mutations = s->mutations;
        bool growing = (s->fill + more) * 5 >= mask * 3, bare = !s->table;
        int64_t size = growing || bare ? size_above(growing ? (s->length + more) * 2 : 0) : 0;
        object_unlock_two(&s->header, &other->header);
        if (more == 0)
            return 0;
        SetEntry *table = size ? table_new(size) : NULL;
        if (size && !table)
            return -1;
        bool done = false;
        object_lock_two(&s->header, &other->header);
        bool unread = object_has_no_readers(&s->header);
        if (s->mutations == mutations && other->length == more) {
            room = true;
            if (size)
                table = replace_table(s, table, size);
            if (s->fill == 0) {
                fill_empty(s, other);
                done = true;
            }
        }
        object_unlock_two(&s->header, &other->header);
        reclaim_replaced(table, unread);
        if (done)
            return 0;
    }
    for (int64_t position = 0;;) {
        Value unknown = VALUE_NULL;
        int64_t hash = 0, length = 0, vacant;
        bool growing = false;
        object_lock_two(&s->header, &other->header);
        for (; other->table && position <= other->mask && !growing; position++) {
            SetEntry e = other->table[position];
            if (value_is_null(e.key))
                continue;
            int64_t found = probe(s, e.key, e.hash, &vacant);
            if (found >= 0)
                continue;
            if (found == SET_UNKNOWN || vacant < 0) {
                unknown = ref_new(e.key);
                hash = e.hash;
                position++;
                break;
            }
            ref_retain(e.key);
            bool fresh = s->table[vacant].hash != KEY_DELETED;
            store_entry(&s->table[vacant], e.key, e.hash);
            s->fill += fresh;
            store_length(s, s->length + 1);
            count_mutation(s);
            growing = fresh && wants_growth(s);
            length = s->length;
        }
        object_unlock_two(&s->header, &other->header);
        if (!value_is_null(unknown)) {
            if (set_add_owned(s, unknown, hash) < 0)
                return -1;
        } else if (!growing) {
            return 0;
        } else if (grow(s, size_after(length), false) < 0) {
            return -1;
        }
    }
}

Value set_keys_list(Value set) {
    Set *s = set_of(set);
    for (;;) {
        int64_t length = set_length(set), n = 0;
        Value list = list_new_sized(length);
        if (UNLIKELY(value_is_null(list)))
            return VALUE_NULL;
        List *l = list_of(list);
        object_read_lock(&s->header);
        bool same = s->length == length;
        if (LIKELY(same && s->table)) {
            // Every word is stored, and the next one over it if it is no key.
            const SetEntry *e = s->table;
            for (; n < length; e++) {
                l->items[n] = e->key;
                n += !value_is_null(e->key);
            }
            ref_run_retain(l->items, length);
        }
        object_read_unlock(&s->header);
        if (LIKELY(same)) {
            l->length = length;
            return list;
        }
        ref_release(list);
    }
}

int64_t set_select(Set *a, Set *b, bool wanted, SetEntry small[SET_SELECT_SMALL + 1],
                   SetEntry **entries) {
    SetEntry *out = small;
    int64_t capacity = SET_SELECT_SMALL, n = 0;
    bool *unknown = (bool *)(out + capacity); // which ones have still to be asked about
    bool any_unknown = false;
    for (;;) {
        object_lock_two(&a->header, &b->header);
        int64_t length = a->length;
        if (length <= capacity) {
            for (int64_t i = 0; a->table && i <= a->mask; i++) {
                SetEntry e = a->table[i];
                if (value_is_null(e.key))
                    continue;
                int64_t found = probe(b, e.key, e.hash, NULL);
                unknown[n] = found == SET_UNKNOWN;
                if (!unknown[n] && (found >= 0) != wanted)
                    continue;
                any_unknown |= unknown[n];
                ref_retain(e.key);
                out[n++] = e;
            }
            object_unlock_two(&a->header, &b->header);
            break;
        }
        object_unlock_two(&a->header, &b->header);
        if (out != small)
            buffer_free(out);
        out = buffer_allocate((size_t)length * (sizeof(SetEntry) + sizeof(bool)));
        if (!out) {
            raise_memory_error();
            return -1;
        }
        capacity = length;
        unknown = (bool *)(out + length);
    }
    *entries = out;
    if (LIKELY(!any_unknown))
        return n;
    int64_t kept = 0;
    int status = 0;
    for (int64_t i = 0; i < n; i++) {
        if (status >= 0 && unknown[i])
            status = set_contains_hashed(b, out[i].key, out[i].hash);
        if (status < 0 || (unknown[i] && (status > 0) != wanted))
            ref_release(out[i].key);
        else
            out[kept++] = out[i];
    }
    if (status >= 0)
        return kept;
    for (int64_t i = 0; i < kept; i++)
        ref_release(out[i].key);
    if (out != small)
        buffer_free(out);
    return -1;
}

int set_fill_new(Set *s, SetEntry *entries, int64_t count) {
    if (count && !s->table && LIKELY(s->table = table_new(TABLE_MIN)))
        s->mask = TABLE_MIN - 1;
    for (int64_t i = 0; i < count; i++) {
        if (UNLIKELY(!s->table || wants_growth(s))) {
            int64_t length = s->length;
            if (!s->table || grow(s, size_after(length), false) < 0) {
                for (; i < count; i++)
                    ref_release(entries[i].key);
                return -1;
            }
        }
        insert_clean(s->table, (uint64_t)s->mask, entries[i].key, entries[i].hash);
        s->fill++;
        s->length++;
    }
    if (s->table && wants_growth(s))
        return grow(s, size_after(s->length), false);
    return 0;
}

int set_is_subset(Set *a, Set *b) {
    int result = 1;
    object_lock_two(&a->header, &b->header);
    if (a->length > b->length)
        result = 0;
    for (int64_t i = 0; result > 0 && a->table && i <= a->mask; i++) {
        SetEntry e = a->table[i];
        if (value_is_null(e.key))
            continue;
        int64_t found = probe(b, e.key, e.hash, NULL);
        result = found >= 0 ? 1 : found == SET_UNKNOWN ? -1 : 0;
    }
    object_unlock_two(&a->header, &b->header);
    if (LIKELY(result >= 0))
        return result;
    int64_t position = 0, hash;
    Value key;
    do {
        if (!set_next_entry(a, &position, &key, &hash))
            return 1;
        result = set_contains_hashed(b, key, hash);
        ref_release(key);
    } while (result > 0);
    return result;
}

Value set_allocate(Type *type) {
    Set *s;
    if (LIKELY(type == &set_type))
        s = object_allocate_exact(&set_type, sizeof(Set), HEAP_CONTAINER);
    else if (type == &frozenset_type)
        s = object_allocate_exact(&frozenset_type, sizeof(Set), HEAP_CONTAINER);
    else
        s = object_allocate(type);
    if (UNLIKELY(!s))
        return VALUE_NULL;
    s->hash = type == &set_type || type_is_subtype(type, &set_type) ? 0 : -1;
    return value_from_object(s);
}

Value set_new_to_fill(void) {
    Value set = set_allocate(&set_type);
    if (LIKELY(!value_is_null(set))) {
        Set *s = set_of(set);
        s->table = table_new(TABLE_MIN);
        if (UNLIKELY(!s->table)) {
            ref_release(set);
            return VALUE_NULL;
        }
        s->mask = TABLE_MIN - 1;
    }
    return set;
}

Value set_copy_as(Type *type, Value source) {
    Value set = set_allocate(type);
    if (!value_is_null(set) && set_merge(set_of(set), set_of(source)) < 0) {
        ref_release(set);
        return VALUE_NULL;
    }
    return set;
}

// ---- for C code ------------------------------------------------------------------------

bool set_is_of_subclass(Value v) {
    Type *type = value_type(v);
    return (type_flags(type) & TYPE_HEAP) &&
           (type_is_subtype(type, &set_type) || type_is_subtype(type, &frozenset_type));
}

Value set_new(void) {
    return set_allocate(&set_type);
}

static Value made_from(Type *type, Value iterable) {
    Value set = set_allocate(type);
    if (!value_is_null(set) && set_update(set, iterable) < 0) {
        ref_release(set);
        return VALUE_NULL;
    }
    return set;
}

Value set_from_iterable(Value iterable) {
    return made_from(&set_type, iterable);
}

Value frozenset_from_iterable(Value iterable) {
    if (value_is_exactly(iterable, &frozenset_type))
        return ref_new(iterable);
    return made_from(&frozenset_type, iterable);
}

int set_add(Value set, Value item) {
    int64_t hash = value_hash_inline(item);
    if (UNLIKELY(hash == -1))
        return -1;
    return set_add_owned(set_of(set), ref_new(item), hash);
}

int set_contains(Value set, Value item) {
    int64_t hash = value_hash_inline(item);
    return UNLIKELY(hash == -1) ? -1 : set_contains_hashed(set_of(set), item, hash);
}

int set_discard(Value set, Value item) {
    int64_t hash = value_hash_inline(item);
    return UNLIKELY(hash == -1) ? -1 : set_discard_hashed(set_of(set), item, hash);
}

int64_t set_length(Value set) {
    return __atomic_load_n(&set_of(set)->length, __ATOMIC_RELAXED);
}

int set_update(Value set, Value iterable) {
    Set *s = set_of(set);
    if (value_is_any_set(iterable))
        return set_merge(s, set_of(iterable));
    Value key;
    int64_t position = 0, hash;
    if (value_is_exactly(iterable, &dict_type)) {
        if (set_reserve(s, dict_length(iterable)) < 0)
            return -1;
        while (dict_next(iterable, &position, &key, NULL, &hash))
            if (set_add_owned(s, key, hash) < 0)
                return -1;
        return 0;
    }
    // Lists and tuples need no iterator.
    bool list = value_is_exactly(iterable, &list_type);
    if (list || value_is_exactly(iterable, &tuple_type)) {
        int status = 0;
        ListCursor cursor;
        ref_retain(iterable);
        if (list && list_cursor_start(&cursor, iterable) < 0) {
            ref_release(iterable);
            return -1;
        }
        for (int64_t i = 0; LIKELY(status == 0); i++) {
            if (list)
                key = list_cursor_next(&cursor);
            else
                key = i < tuple_length(iterable) ? ref_new(tuple_item(iterable, i)) : VALUE_NULL;
            if (UNLIKELY(value_is_null(key)))
                break;
            hash = LIKELY(value_is_exact_str(key)) ? str_hash_inline(key) : value_hash_inline(key);
            if (UNLIKELY(hash == -1)) {
                ref_release(key);
                status = -1;
            } else {
                status = set_add_owned(s, key, hash);
            }
        }
        if (list)
            list_cursor_end(&cursor);
        ref_release(iterable);
        return status;
    }
    if (value_is_exact_str(iterable) && str_kind(iterable) == 0) {
        const uint8_t *data = str_data(iterable);
        for (int64_t i = 0, length = str_length(iterable); i < length; i++) {
            key = ref_new(str_characters[data[i]]);
            if (UNLIKELY(set_add_owned(s, key, str_hash_inline(key)) < 0))
                return -1;
        }
        return 0;
    }
    Value iterator = value_iter_at_once(iterable);
    if (value_is_null(iterator))
        return -1;
    while (!value_is_null(key = value_next(iterator))) {
        hash = value_hash_inline(key);
        if (UNLIKELY(hash == -1)) {
            ref_release(key);
            break;
        }
        if (UNLIKELY(set_add_owned(s, key, hash) < 0))
            break;
    }
    ref_release(iterator);
    return error_occurred() ? -1 : 0;
}
