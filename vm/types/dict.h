// SPDX-License-Identifier: MIT
//
// dict: insertion-ordered, an index table over an array of entries (Hettinger's compact
// layout). Everything is guarded by the dict's lock. A lookup that must call __eq__ retains
// the key, lets go of the lock, compares, takes it again; and starts over unless dict_entries_kept.
//
// Lookups that call nothing may be made without the lock (gc/field.h), as dict_read.h does:
//   - every change of keys or of the table advances `mutations` in the section that makes it
//   (dict_keys_changed):
//     that is the sequence lock under which index slots, keys and hashes are read;
//   - replacing a value is one store; the reader looks at the slot again;
//   - keys_version becomes 0 before any such change and no number is used twice, so for who knows
//   its number it is
//     the same as an unchanged `mutations`;
//   - an entry is written before the index slot that leads to it, so what a reader is led to was
//   always a value; a
//     replaced table keeps its words and is freed after a grace period, or at once if nobody else
//     can have seen it (dict_table_replaced_locked).
#ifndef LOCKSMITH_VM_TYPES_DICT_H
#define LOCKSMITH_VM_TYPES_DICT_H

#include "vm/object.h"

typedef struct {
    Value key; // VALUE_NULL: deleted
    Value value;
    int64_t hash;
} DictEntry;

// One allocation: this header, the index slots, the entries. 32 + 8 + 5 * 24 = 160 bytes for the
// smallest, a size class of the allocator.
typedef struct {
    uint8_t log2_size;    // index slots
    uint8_t log2_width;   // bytes of one index slot: 0, 1, 2, 3
    bool all_str;         // every key is an exact str
    bool reordered : 1;   // an entry was moved to the front (OrderedDict)
    bool watched : 1;     // it had a keys_version: may be read by who has not looked at the lock
    bool unread : 1;      // replaced, and no other thread has ever looked into it
    uint32_t first;       // entries before this one are deleted (a hint that may lag)
    int64_t used_entries; // entries appended, deleted ones included
    int64_t capacity;     // entries there is room for
    DictEntry *entries;   // within this allocation
    uint8_t index[];      // -1 empty, -2 deleted, else entry number, of the given width
} DictTable;

typedef struct {
    Object header;
    int64_t length;   // live entries
    DictTable *table; // NULL while empty and never used
    // Layout version: 0 while no inline cache depends on it. dict_watch_keys gives it a never used
    // number, and adding or removing a key or replacing the table makes it 0 again, so a cache of
    // (keys_version, entry number) holds as long as it finds its nonzero number here.
    uint32_t keys_version;
    // The same for any change, values included. For caches that hold a value itself.
    uint32_t watch_version;
    uint64_t mutations; // counts changes of keys or table: iterators, lookups and readers without
                        // the lock notice them
    // Dicts are locked more often than anything else: each name of a module that is looked up.
    char fill[OBJECT_LINE_FILL(sizeof(Object) + 32)];
} Dict;

extern Type dict_type;

static inline Dict *dict_of(Value v) {
    return (Dict *)value_object(v);
}
static inline bool value_is_dict(Value v) {
    return value_has_flag(v, TYPE_DICT_SUBCLASS);
}
static inline int64_t dict_length(Value v) {
    return __atomic_load_n(&dict_of(v)->length, __ATOMIC_RELAXED);
}

Value dict_new(void);
Value dict_new_sized(int64_t entries);
// Sets a key of a dict from dict_new_sized, to which no more than that many pairs come and which
// nobody else has seen. Both references are consumed. 0, -1.
int dict_fill_new(Dict *d, Value key, Value value);
// New reference, or VALUE_NULL: not there, or (check error_occurred()) an error.
Value dict_get(Value dict, Value key);
Value dict_get_register(Value dict, Value key); // the same as a register keeps it
Value dict_get_hashed(Value dict, Value key, int64_t hash);
// For interned or other exact str keys: never runs Python code when all keys of dict are str,
// never leaves an exception when the key is merely absent.
Value dict_get_str(Value dict, Value key);
Value dict_get_cstr(Value dict, const char *key);
// Without running Python code: true and *value as dict_get would give it (a new reference, or
// VALUE_NULL: absent); false: only __hash__ or __eq__ can tell. No exception.
bool dict_get_plainly(Value dict, Value key, Value *value);
// A change in two steps, for who must not run Python code or allocate when he makes it. dict_locate
// looks for key (*value: what it has, a new reference, or VALUE_NULL), may run some, and makes room
// for it if it is absent and to be added: 0 or -1. dict_change sets key to value (borrowed) or,
// where that is VALUE_NULL, deletes it: true; false where keys came or went since dict_locate, and
// nothing is done. What it took out is the caller's, who may not be able to release it at once.
typedef struct {
    int64_t hash, entry; // entry < 0: absent
    uint64_t mutations;
} DictPlace;
int dict_locate(Value dict, Value key, bool adds, DictPlace *place, Value *value);
bool dict_change(Value dict, Value key, const DictPlace *place, Value value, Value *old_key,
                 Value *old_value);
// Every key is an exact str: looking for one runs no Python code.
bool dict_has_str_keys(Value dict);
int dict_contains(Value dict, Value key);
int dict_set(Value dict, Value key, Value value); // borrowed
int dict_set_hashed(Value dict, Value key, int64_t hash, Value value);
int dict_set_owned(Value dict, Value key, Value value); // both consumed, also on failure
int dict_set_cstr(Value dict, const char *key, Value value);
// For who is about to set `more` keys, none twice: if the table could not take them even if it were
// empty, room is made for all of them at once. 0, or -1 (MemoryError).
int dict_reserve(Value dict, int64_t more);
int dict_delete(Value dict, Value key);                        // KeyError if absent
int dict_delete_if_present(Value dict, Value key);             // 1 deleted, 0 absent, -1
Value dict_pop(Value dict, Value key, Value fallback_or_null); // KeyError
Value dict_setdefault(Value dict, Value key, Value value);     // atomic
int dict_clear(Value dict);
int dict_update(Value dict, Value other);               // mapping or iterable of pairs
int dict_merge(Value dict, Value other, bool override); // mapping
// For f(**a, **b): TypeError naming the function on duplicate keys.
// "module.qualname()" as error texts name a callable. New reference or VALUE_NULL.
Value callable_text(Value function);
int dict_merge_keywords(Value dict, Value other, Value function);
Value dict_copy(Value dict);
Value dict_keys_list(Value dict), dict_values_list(Value dict),
    dict_items_list(Value dict); // atomic snapshots
// Steps through entries: *position starts at 0. True with new references in key and value (each may
// be NULL if not wanted) and hash. Sees concurrent changes in an unspecified but safe way.
bool dict_next(Value dict, int64_t *position, Value *key, Value *value, int64_t *hash);

// ---- for inline caches (vm/interp, vm/types/type.c); none runs Python code ----------------
// The dict's current versions, assigning one if it has none (0 if the numbers ran out).
uint32_t dict_watch(Value dict);
uint32_t dict_watch_keys(Value dict);
// Entry number of an exact str key; -1 absent or not an all-str dict.
int64_t dict_entry_of(Value dict, Value key, uint32_t *keys_version_out);
// With keys_version still the same: the value as a register keeps it, else VALUE_NULL.
ALWAYS_INLINE Value dict_entry_load_locked(Dict *d, uint32_t keys_version, uint32_t entry) {
    Value v = VALUE_NULL;
    object_read_lock(&d->header);
    if (LIKELY(d->keys_version == keys_version)) {
        v = field_raw(&d->table->entries[entry].value);
        field_retain_locked(v, true);
    }
    object_read_unlock(&d->header);
    return v;
}
Value dict_entry_load_contended(Dict *d, uint32_t keys_version, uint32_t entry); // not inline
ALWAYS_INLINE Value dict_entry_load(Value dict, uint32_t keys_version, uint32_t entry) {
    Dict *d = dict_of(dict);
    if (!FIELD_READS_UNLOCKED)
        return dict_entry_load_locked(d, keys_version, entry);
    DictTable *const *table = &d->table;
    const DictTable *t = __atomic_load_n(table, SHARED_LOAD);
    // Read after the table: so this is the table that the number stands for, which has that entry.
    if (UNLIKELY(!compare_acquire(&d->keys_version, keys_version)))
        return VALUE_NULL;
    const Value *slot = &t->entries[entry].value;
    Value v = field_raw(slot);
    // Mostly a function, a class or a module: so that is asked first, and the slot and the version
    // are looked at again as gc/field.h has it for deferred objects.
    if (REGISTERS_ARE_COUNTED && value_is_object(v) &&
        LIKELY(ref_is_uncounted_in_register(value_object(v)))) {
        if (LIKELY(compare_long_acquire(&slot->bits, v.bits) &&
                   compare_acquire(&d->keys_version, keys_version)))
            return v;
        return dict_entry_load_contended(d, keys_version, entry);
    }
    FieldHold hold = field_try_load_as(slot, true, true, &v);
    if (LIKELY(hold != FIELD_LOST)) {
        if (LIKELY(field_is_sure(hold) || compare_acquire(&d->keys_version, keys_version)))
            return v;
        field_undo(hold, v);
    }
    return dict_entry_load_contended(d, keys_version, entry);
}
// With keys_version still the same: replaces the value (v borrowed); false if it moved.
bool dict_entry_store(Value dict, uint32_t keys_version, uint32_t entry, Value v);

// ---- iteration ---------------------------------------------------------------------------
enum { DICT_KEYS, DICT_VALUES, DICT_ITEMS };

typedef struct {
    Object header;
    Value dict;     // VALUE_NULL once exhausted; this and the rest guarded by the iterator's lock
    int64_t length; // of the dict when the iteration began; -1: it has failed
    int64_t remaining; // items not yet given
    int64_t position;  // next entry
    Value result;      // a pair to be used again when nobody else holds it, or VALUE_NULL
} DictIterator;

extern Type dict_key_iterator_type, dict_value_iterator_type, dict_item_iterator_type;
extern Type dict_keys_type, dict_values_type, dict_items_type;

Value dict_iterator_new(Value dict, int kind); // DICT_*
// What a view shows at one moment, as a new list.
Value dict_view_list(Value view);
Value dict_view_new(Value dict, int kind); // d.keys(), d.values(), d.items()

void dict_start(void);

#endif
