// SPDX-License-Identifier: MIT
//
// set and frozenset: an open-addressing table of (key, hash), guarded by the object's lock. A
// lookup that must call __eq__ lets go of the lock meanwhile, as with dict.
//
// A lookup that calls nothing may be made without the lock (gc/field.h): every change of the table
// advances `mutations` in the section that makes it. Table and mask are read under that sequence
// lock before the table is looked into; all words of a table are values from the beginning, and a
// replaced one is freed after a grace period, unless nobody can have seen it
// (object_has_no_readers): so the table of one set becomes that of another only in set_take_over.
#ifndef LOCKSMITH_VM_TYPES_SET_H
#define LOCKSMITH_VM_TYPES_SET_H

#include "vm/object.h"

typedef struct {
    Value key; // VALUE_NULL and hash 0: empty; VALUE_NULL and hash -1: deleted
    int64_t hash;
} SetEntry;

typedef struct {
    Object header;
    int64_t length;  // live entries
    int64_t fill;    // live and deleted entries
    int64_t mask;    // entries of the table less one; 0 with no table
    SetEntry *table; // from buffer_allocate; NULL while empty and never used
    int64_t hash; // frozenset: its hash, -1 until asked for (relaxed); set: where pop() looks next
    uint64_t
        mutations; // counts changes: iterators, lookups and readers without the lock notice them
} Set;

extern Type set_type, frozenset_type, set_iterator_type;
static inline Set *set_of(Value v) {
    return (Set *)value_object(v);
}
bool set_is_of_subclass(Value v);
static inline bool value_is_any_set(Value v) { // set, frozenset or a subclass
    const Type *type = value_type(v);
    return LIKELY(type == &set_type || type == &frozenset_type) || set_is_of_subclass(v);
}
Value set_new(void);
Value set_new_to_fill(void); // has its first table already, for who adds at once
Value set_from_iterable(Value iterable);
Value frozenset_from_iterable(Value iterable); // an exact frozenset: itself
int set_add(Value set, Value item);
int set_contains(Value set, Value item);
int set_discard(Value set, Value item); // 1 removed, 0 absent, -1
int set_update(Value set, Value iterable);
int64_t set_length(Value set);
Value set_keys_list(Value set); // the keys of one moment in a new list, in the table's order
// In place, with any iterable. 0 or -1.
int set_difference_update(Value set, Value iterable);
int set_symmetric_difference_update(Value set, Value iterable);
bool set_next(Value set, int64_t *position, Value *item); // like dict_next

// ---- shared by vm/types/set*.c -------------------------------------------------------------
int set_add_owned(Set *s, Value key, int64_t hash); // key consumed
int set_contains_hashed(Set *s, Value key, int64_t hash);
int set_discard_hashed(Set *s, Value key, int64_t hash);
// Grows the table now for that many more keys, as an update from a container of that size does. 0,
// -1.
int set_reserve(Set *s, int64_t more);
// Gets rid of deleted entries if they are more than a quarter of the table. 0, -1.
int set_compact(Set *s);
// Like set_next with the hash.
bool set_next_entry(Set *s, int64_t *position, Value *key, int64_t *hash);
int set_merge(Set *s, Set *other); // every key of other into s
// The entries of a whose keys are in b (wanted) or are not, in a's order, as new references in
// *entries: that is `small` (with room for a flag for each in its last word), or a buffer (then
// buffer_free it). Their number, or -1.
enum { SET_SELECT_SMALL = 16 };
int64_t set_select(Set *a, Set *b, bool wanted, SetEntry small[SET_SELECT_SMALL + 1],
                   SetEntry **entries);
// Puts distinct keys (references moved in, released on failure) into a set that nobody else has
// seen.
int set_fill_new(Set *s, SetEntry *entries, int64_t count);
int set_is_subset(Set *a, Set *b); // 1, 0, -1
int set_clear(Set *s);
// s has other's keys afterwards, and other none. May run Python code.
void set_take_over(Set *s, Set *other);
// Releases the keys of a table (NULL allowed) that was taken out of a set in a critical section in
// which object_has_no_readers() was `unread`, and frees it (reclaim_replaced). May run Python code.
void set_table_drop(SetEntry *table, int64_t mask, bool unread);
void set_destroy_table(Set *s);              // of a set that dies; may run Python code
Value set_allocate(Type *type);              // empty
Value set_copy_as(Type *type, Value source); // exact table copy where possible

void set_start(void);

#endif
