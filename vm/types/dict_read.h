// SPDX-License-Identifier: MIT
//
// Looking into a dict without its lock. dict.h says what makes it right, gc/field.h how it is done;
// only vm/types/dict*.c call these, and where FIELD_READS_UNLOCKED is 0 nothing is left of them.
//
// None runs Python code but by dropping the last reference to a key that was removed meanwhile, and
// keys that are exact strs die quietly.
#ifndef LOCKSMITH_VM_TYPES_DICT_READ_H
#define LOCKSMITH_VM_TYPES_DICT_READ_H

#include "vm/types/dict_table.h"

typedef enum {
    DICT_READ_FAILED, // take the lock: a writer was in the way, or only __eq__ can tell
    DICT_READ_DONE,
} DictRead;

// With an entry's key of the right hash: 1 equal, 0 not so, -1 take the lock.
static __attribute__((noinline, unused)) int dict_read_equal(const Dict *d, uint64_t seen,
                                                             const DictEntry *e, Value key) {
    Value candidate;
    FieldHold hold = field_try_peek(&e->key, &candidate);
    if (hold == FIELD_LOST)
        return -1;
    if (!field_read_valid(&d->header, &d->mutations, seen) || value_is_null(candidate)) {
        field_undo(hold, candidate);
        return -1;
    }
    int equal = value_same(candidate, key) ? 1 : value_equal_simple(candidate, key);
    field_peeked(hold, candidate);
    return equal;
}

// One attempt to find key. value may be NULL (a constant at each call), else *value is a new
// reference to what was found, or what a register keeps (in_register). VALUE_NULL in *value, or
// *found false: absent.
ALWAYS_INLINE DictRead dict_try_find(const Dict *d, Value key, int64_t hash, bool *found,
                                     Value *value, bool in_register) {
    uint64_t seen;
    if (UNLIKELY(!field_read_begin(&d->header, &d->mutations, &seen)))
        return DICT_READ_FAILED;
    DictTable *const *table = &d->table;
    const DictTable *t = __atomic_load_n(table, SHARED_LOAD);
    *found = false;
    if (value)
        *value = VALUE_NULL;
    if (t) {
        unsigned log2_width = t->log2_width;
        DictProbe p = dict_probe_start(t, hash);
        for (;;) {
            int64_t i = dict_index_shared(t, p.slot, log2_width);
            if (LIKELY(i >= 0)) {
                const DictEntry *e = &t->entries[i];
                bool same = value_same(field_raw(&e->key), key);
                if (!same && __atomic_load_n(&e->hash, SHARED_LOAD) == hash) {
                    int equal = dict_read_equal(d, seen, e, key);
                    if (UNLIKELY(equal < 0))
                        return DICT_READ_FAILED;
                    same = equal;
                }
                if (LIKELY(same)) {
                    FieldHold hold = FIELD_UNCOUNTED;
                    if (value) {
                        hold = field_try_load(&e->value, in_register, value);
                        if (UNLIKELY(hold == FIELD_LOST))
                            return DICT_READ_FAILED;
                    }
                    if (UNLIKELY(!field_read_valid(&d->header, &d->mutations, seen))) {
                        if (value)
                            field_undo(hold, *value);
                        return DICT_READ_FAILED;
                    }
                    *found = true;
                    return DICT_READ_DONE;
                }
            } else if (i == DICT_EMPTY) {
                break;
            }
            // Also makes an end of probing a table that changes.
            if (UNLIKELY(__atomic_load_n(&d->mutations, __ATOMIC_ACQUIRE) != seen))
                return DICT_READ_FAILED;
            dict_probe_step(&p);
        }
    }
    return LIKELY(field_read_valid(&d->header, &d->mutations, seen)) ? DICT_READ_DONE
                                                                     : DICT_READ_FAILED;
}

#endif
