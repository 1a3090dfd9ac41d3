// SPDX-License-Identifier: MIT
//
// Interned strings: one object for each text, so that names compare by address.
//
// The table is open addressing over words that only ever change from empty to a string, and a
// string once in it never dies. So lookups take no lock: they read the table pointer, then
// slots, with acquire; inserting (and growing, which publishes a new table and retires the
// old) happens under intern_lock. A lookup that misses in an old table is repeated under it.
#include "gc/reclaim.h"
#include "locks/raw_lock.h"
#include "vm/types/str_internal.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    size_t mask;
    size_t used; // under intern_lock
    Str *slots[];
} InternTable;

static InternTable *intern_table; // written under intern_lock
// Who waits for it stays attached: while the world is stopped nobody has it, and so nobody who is
// not there in the child of a fork.
static RawLock intern_lock = RAW_LOCK_INIT;

#define NAME(name) Value name_##name;
#define NAME_AS(identifier, text) Value name_##identifier;
#include "vm/types/names.def"
#undef NAME
#undef NAME_AS

static InternTable *table_new(size_t slots) {
    InternTable *table = buffer_allocate_zeroed(sizeof(InternTable) + slots * sizeof(Str *));
    if (table)
        table->mask = slots - 1;
    return table;
}

// The slot that holds text equal to s, or the empty one where it would go.
static Str **table_slot(InternTable *table, Value s, int64_t hash) {
    size_t i = (size_t)hash & table->mask;
    for (;; i = (i + 1) & table->mask) {
        Str *there = __atomic_load_n(&table->slots[i], __ATOMIC_ACQUIRE);
        if (!there || (__atomic_load_n(&there->hash, __ATOMIC_RELAXED) == hash &&
                       str_equal(value_from_object(there), s)))
            return &table->slots[i];
    }
}

Value str_find_interned(Value s) {
    if (str_is_interned(s))
        return s;
    InternTable *table = __atomic_load_n(&intern_table, __ATOMIC_ACQUIRE);
    Str *found = __atomic_load_n(table_slot(table, s, str_hash(s)), __ATOMIC_ACQUIRE);
    return found ? value_from_object(found) : VALUE_NULL;
}

// Under intern_lock. False when memory is out.
static bool table_grow(void) {
    InternTable *old = intern_table, *table = table_new((old->mask + 1) * 2);
    if (!table)
        return false;
    for (size_t i = 0; i <= old->mask; i++)
        if (old->slots[i])
            *table_slot(table, value_from_object(old->slots[i]),
                        __atomic_load_n(&old->slots[i]->hash, __ATOMIC_RELAXED)) = old->slots[i];
    table->used = old->used;
    __atomic_store_n(&intern_table, table, __ATOMIC_RELEASE);
    reclaim_buffer(old);
    return true;
}

Value str_intern(Value s) {
    if (LIKELY(str_is_interned(s)) || !value_is_exact_str(s))
        return s;
    Value found = str_find_interned(s);
    if (value_is_null(found)) {
        int64_t hash = str_hash(s);
        raw_lock(&intern_lock);
        if (intern_table->used * 2 > intern_table->mask && !table_grow()) {
            raw_unlock(&intern_lock);
            return s; // not interned: only slower
        }
        Str **slot = table_slot(intern_table, s, hash);
        if (!*slot) {
            Str *object = str_of(s);
            ref_immortalize(object);
            // The empty text's hash is 0 like no other's; it too must be found by its hash.
            __atomic_fetch_or(&object->length_kind, STR_INTERNED, __ATOMIC_RELAXED);
            intern_table->used++;
            __atomic_store_n(slot, object, __ATOMIC_RELEASE);
        }
        found = value_from_object(*slot);
        raw_unlock(&intern_lock);
    }
    if (value_same(found, s))
        return s;
    ref_retain(found);
    ref_release(s);
    return found;
}

Value str_intern_cstr(const char *utf8) {
    Value s = str_from_cstr(utf8);
    return value_is_null(s) ? s : str_intern(s);
}

static Value start_name(const char *text) {
    Value s = str_intern_cstr(text);
    if (value_is_null(s)) {
        fputs("locksmith: out of memory at start\n", stderr);
        abort();
    }
    return s;
}

void str_intern_start(void) {
    intern_table = table_new(4096);
    if (!intern_table) {
        fputs("locksmith: out of memory at start\n", stderr);
        abort();
    }
    // The shared characters are the interned ones.
    for (int i = 0; i < 256; i++)
        str_characters[i] = str_intern(str_characters[i]);
    ref_release(str_intern(str_empty()));
#define NAME(name) name_##name = start_name(#name);
#define NAME_AS(identifier, text) name_##identifier = start_name(text);
#include "vm/types/names.def"
#undef NAME
#undef NAME_AS
}
