// SPDX-License-Identifier: MIT
//
// dict as C code uses it: everything dict.h declares but views, iterators and what only Python sees
// (dict_methods.c, dict_views.c).
#include "vm/types/dict.h"
#include "gc/reclaim.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict_read.h"
#include "vm/types/dict_table.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

Value dict_new(void) {
    return value_from_object(object_allocate_exact(&dict_type, sizeof(Dict), HEAP_CONTAINER));
}

Value dict_new_sized(int64_t entries) {
    Value dict = dict_new();
    if (entries > 0 && !value_is_null(dict)) {
        dict_of(dict)->table = dict_table_new(entries);
        if (!dict_of(dict)->table) {
            ref_release(dict);
            return VALUE_NULL;
        }
    }
    return dict;
}

// ---- reading ---------------------------------------------------------------------------

// One more attempt after the first: a writer may just have been passing.
enum { READ_ATTEMPTS = 2 };

// dict_find_locked for who could not look without the lock. Perhaps only because the key there,
// which is not the same object, could not be had without: the next time it can.
static int64_t find_contended(Dict *d, Value key, int64_t hash) {
    int64_t i = dict_find_locked(d, key, hash);
    if (i >= 0 && !value_same(d->table->entries[i].key, key))
        field_mark_locked(d->table->entries[i].key);
    return i;
}

ALWAYS_INLINE Value get_hashed(Value dict, Value key, int64_t hash, bool in_register) {
    Dict *d = dict_of(dict);
    Value value = VALUE_NULL;
    int64_t i;
    if (object_enter_to_read(&d->header)) {
        i = dict_find_locked(d, key, hash);
    } else {
        bool found;
        for (int attempt = 0; FIELD_READS_UNLOCKED && attempt < READ_ATTEMPTS; attempt++)
            if (dict_try_find(d, key, hash, &found, &value, in_register) == DICT_READ_DONE)
                return value;
        value = VALUE_NULL;
        object_lock(&d->header);
        i = find_contended(d, key, hash);
    }
    if (i >= 0) {
        value = field_raw(&d->table->entries[i].value);
        field_retain_locked(value, in_register);
    }
    object_unlock(&d->header);
    return value;
}

Value dict_get_hashed(Value dict, Value key, int64_t hash) {
    return get_hashed(dict, key, hash, false);
}

// The same, not inline.
static __attribute__((noinline)) Value get_hashed_register(Value dict, Value key, int64_t hash) {
    return get_hashed(dict, key, hash, true);
}

// key is exactly a str, and d was entered to read, which ends here.
ALWAYS_INLINE Value get_str_entered(Dict *d, Value key, bool in_register) {
    Value value = VALUE_NULL;
    int64_t hash = str_hash_inline(key);
    DictTable *t = d->table;
    if (LIKELY(t && t->all_str)) {
        int64_t i = dict_find_str(t, key, hash);
        if (i >= 0) {
            value = field_raw(&t->entries[i].value);
            field_retain_locked(value, in_register);
        }
        object_leave(&d->header);
        return value;
    }
    object_leave(&d->header);
    if (!t)
        return VALUE_NULL;
    return in_register ? get_hashed_register(value_from_object(d), key, hash)
                       : dict_get_hashed(value_from_object(d), key, hash);
}
static __attribute__((noinline)) Value find_str(Dict *d, Value key) {
    return get_str_entered(d, key, false);
}
static __attribute__((noinline)) Value find_str_register(Dict *d, Value key) {
    return get_str_entered(d, key, true);
}
// The same where entry e, whose key is an exact str, has the key's hash.
ALWAYS_INLINE Value get_equal(Dict *d, Value key, const DictEntry *e, bool in_register) {
    if (UNLIKELY(!str_equal(e->key, key)))
        return in_register ? find_str_register(d, key) : find_str(d, key);
    Value value = field_raw(&e->value);
    field_retain_locked(value, in_register);
    object_leave(&d->header);
    return value;
}
static __attribute__((noinline)) Value equal_str(Dict *d, Value key, const DictEntry *e) {
    return get_equal(d, key, e, false);
}
static __attribute__((noinline)) Value equal_str_register(Dict *d, Value key, const DictEntry *e) {
    return get_equal(d, key, e, true);
}
static __attribute__((noinline)) Value get_str_shared(Value dict, Value key) {
    return get_hashed(dict, key, str_hash_inline(key), false);
}
static __attribute__((noinline)) Value get_str_shared_register(Value dict, Value key) {
    return get_hashed(dict, key, str_hash_inline(key), true);
}

// key is exactly a str. Mostly it is the very one, in the first slot where it may be, or that slot
// is empty: so much is done without calling anything.
ALWAYS_INLINE Value get_str(Value dict, Value key, bool in_register) {
    Dict *d = dict_of(dict);
    if (UNLIKELY(!object_enter_to_read(&d->header)))
        return in_register ? get_str_shared_register(dict, key) : get_str_shared(dict, key);
    const DictTable *t = d->table;
    int64_t hash = __atomic_load_n(&str_of(key)->hash, __ATOMIC_RELAXED); // 0: not known
    if (LIKELY(hash != 0 && t && t->log2_width <= 1)) {
        size_t slot = dict_probe_start(t, hash).slot;
        int64_t i =
            LIKELY(t->log2_width == 0) ? dict_index_get(t, slot, 0) : dict_index_get(t, slot, 1);
        if (LIKELY(i >= 0)) {
            const DictEntry *e = &t->entries[i];
            if (LIKELY(value_same(e->key, key))) {
                Value value = field_raw(&e->value);
                field_retain_locked(value, in_register);
                object_leave(&d->header);
                return value;
            }
            if (e->hash == hash && LIKELY(t->all_str))
                return in_register ? equal_str_register(d, key, e) : equal_str(d, key, e);
        } else if (i == DICT_EMPTY) {
            object_leave(&d->header);
            return VALUE_NULL;
        }
    }
    return in_register ? find_str_register(d, key) : find_str(d, key);
}

Value dict_get_str(Value dict, Value key) {
    return get_str(dict, key, false);
}

static __attribute__((noinline)) Value get_other_register(Value dict, Value key) {
    int64_t hash = value_hash_inline(key);
    return UNLIKELY(hash == -1) ? VALUE_NULL : get_hashed(dict, key, hash, true);
}

Value dict_get_register(Value dict, Value key) {
    if (LIKELY(value_is_exact_str(key)))
        return get_str(dict, key, true);
    return get_other_register(dict, key);
}

Value dict_get(Value dict, Value key) {
    if (LIKELY(value_is_exact_str(key)))
        return dict_get_str(dict, key);
    int64_t hash = value_hash_inline(key);
    return UNLIKELY(hash == -1) ? VALUE_NULL : dict_get_hashed(dict, key, hash);
}

Value dict_get_cstr(Value dict, const char *key) {
    Value name = str_from_cstr(key);
    if (value_is_null(name))
        return VALUE_NULL;
    Value value = dict_get_str(dict, name);
    ref_release(name);
    return value;
}

int dict_contains(Value dict, Value key) {
    int64_t hash = value_hash_inline(key);
    if (UNLIKELY(hash == -1))
        return -1;
    Dict *d = dict_of(dict);
    int64_t i;
    if (object_enter_to_read(&d->header)) {
        i = dict_find_locked(d, key, hash);
    } else {
        bool found;
        for (int attempt = 0; FIELD_READS_UNLOCKED && attempt < READ_ATTEMPTS; attempt++)
            if (dict_try_find(d, key, hash, &found, NULL, false) == DICT_READ_DONE)
                return found;
        object_lock(&d->header);
        i = find_contended(d, key, hash);
    }
    object_unlock(&d->header);
    return i >= 0 ? 1 : i == DICT_ABSENT ? 0 : -1;
}

bool dict_get_plainly(Value dict, Value key, Value *value) {
    Dict *d = dict_of(dict);
    *value = VALUE_NULL;
    if (UNLIKELY(!value_is_exact_str(key)))
        return false;
    int64_t hash = str_hash_inline(key), i = DICT_ABSENT;
    size_t slot;
    object_read_lock(&d->header);
    if (LIKELY(d->table))
        i = dict_probe(d->table, key, hash, false, &slot);
    if (i >= 0) {
        *value = field_raw(&d->table->entries[i].value);
        field_retain_locked(*value, false);
    }
    object_read_unlock(&d->header);
    return i != DICT_UNKNOWN;
}

bool dict_has_str_keys(Value dict) {
    Dict *d = dict_of(dict);
    object_read_lock(&d->header);
    bool all_str = d->length == 0 || d->table->all_str;
    object_read_unlock(&d->header);
    return all_str;
}

bool dict_next(Value dict, int64_t *position, Value *key, Value *value, int64_t *hash) {
    Dict *d = dict_of(dict);
    bool found = false;
    object_read_lock(&d->header);
    DictTable *t = d->table;
    if (t) {
        int64_t i = dict_live_from(t, *position);
        if (i < t->used_entries) {
            DictEntry *e = &t->entries[i];
            if (key)
                *key = ref_new(e->key);
            if (value)
                *value = ref_new(e->value);
            if (hash)
                *hash = e->hash;
            *position = i + 1;
            found = true;
        }
    }
    object_read_unlock(&d->header);
    return found;
}

// ---- writing ---------------------------------------------------------------------------

int dict_set_cstr(Value dict, const char *key, Value value) {
    Value name = str_intern_cstr(key);
    if (value_is_null(name))
        return -1;
    int status = dict_set_hashed(dict, name, str_hash_inline(name), value);
    ref_release(name);
    return status;
}

int dict_locate(Value dict, Value key, bool adds, DictPlace *place, Value *value) {
    Dict *d = dict_of(dict);
    *value = VALUE_NULL;
    place->hash = value_hash_inline(key);
    if (UNLIKELY(place->hash == -1))
        return -1;
    for (int ready = 0; !ready;) {
        object_lock(&d->header);
        place->entry = dict_find_locked(d, key, place->hash);
        place->mutations = d->mutations;
        ready = 1;
        if (place->entry >= 0) {
            *value = field_raw(&d->table->entries[place->entry].value);
            field_retain_locked(*value, false);
        } else if (adds && place->entry != DICT_ERROR && !dict_table_has_room(d->table)) {
            object_unlock(&d->header);
            ready = dict_make_room(d, &place->mutations);
            if (UNLIKELY(ready < 0))
                return -1;
        }
        object_unlock(&d->header);
    }
    return UNLIKELY(place->entry == DICT_ERROR) ? -1 : 0;
}

bool dict_change(Value dict, Value key, const DictPlace *place, Value value, Value *old_key,
                 Value *old_value) {
    Dict *d = dict_of(dict);
    *old_key = *old_value = VALUE_NULL;
    object_lock(&d->header);
    bool same = d->mutations == place->mutations;
    if (!same) {
    } else if (place->entry >= 0 && value_is_null(value)) {
        dict_remove_locked(d, place->entry, old_key, old_value);
    } else if (place->entry >= 0) {
        ref_retain(value);
        dict_value_changed(d);
        *old_value = field_swap_locked(&d->table->entries[place->entry].value, value);
    } else if (!value_is_null(value)) {
        assert(dict_table_has_room(d->table));
        ref_retain(key);
        ref_retain(value);
        dict_append_locked(d, key, place->hash, value);
    }
    object_unlock(&d->header);
    return same;
}

Value dict_setdefault(Value dict, Value key, Value fallback) {
    Dict *d = dict_of(dict);
    bool str = value_is_exact_str(key);
    int64_t hash = LIKELY(str) ? str_hash_inline(key) : value_hash_inline(key);
    if (UNLIKELY(hash == -1))
        return VALUE_NULL;
    object_lock(&d->header);
    for (;;) {
        const DictTable *t = d->table;
        int64_t i = LIKELY(str && t && t->all_str) ? dict_find_str(t, key, hash)
                                                   : dict_find_locked(d, key, hash);
        if (i >= 0) {
            Value value = d->table->entries[i].value;
            ref_retain(value);
            object_unlock(&d->header);
            return value;
        }
        if (UNLIKELY(i == DICT_ERROR)) {
            object_unlock(&d->header);
            return VALUE_NULL;
        }
        bool room = dict_table_has_room(d->table);
        if (!room) {
            uint64_t mutations = d->mutations;
            object_unlock(&d->header);
            int made = dict_make_room(d, &mutations);
            if (UNLIKELY(made < 0))
                return VALUE_NULL;
            room = made;
        }
        if (LIKELY(room)) {
            ref_retain(key);
            ref_retain(fallback);
            ref_retain(fallback);
            dict_append_locked(d, key, hash, fallback);
            object_unlock(&d->header);
            return fallback;
        }
    }
}

// Takes key out: 1 with its value in *value (owned), 0 absent, -1.
static int take(Value dict, Value key, Value *value) {
    Dict *d = dict_of(dict);
    int64_t hash = value_hash_inline(key);
    if (UNLIKELY(hash == -1))
        return -1;
    Value own_key;
    object_lock(&d->header);
    int status = dict_take_locked(d, key, hash, &own_key, value);
    object_unlock(&d->header);
    if (LIKELY(status > 0))
        ref_release(own_key);
    return status;
}

int dict_delete_if_present(Value dict, Value key) {
    Value value;
    int status = take(dict, key, &value);
    if (status > 0)
        ref_release(value);
    return status;
}

int dict_delete(Value dict, Value key) {
    int status = dict_delete_if_present(dict, key);
    if (UNLIKELY(status == 0)) {
        raise_key_error(key);
        return -1;
    }
    return status < 0 ? -1 : 0;
}

Value dict_pop(Value dict, Value key, Value fallback) {
    Value value;
    int status = take(dict, key, &value);
    if (status > 0)
        return value;
    if (status < 0)
        return VALUE_NULL;
    return value_is_null(fallback) ? raise_key_error(key) : ref_new(fallback);
}

int dict_clear(Value dict) {
    Dict *d = dict_of(dict);
    object_lock(&d->header);
    DictTable *t = dict_detach_locked(d);
    object_unlock(&d->header);
    dict_table_release(t);
    return 0;
}

// ---- copying and merging ---------------------------------------------------------------

// A copy of d's table with new references; NULL if d is empty (*failed false) or memory is out.
static DictTable *clone_table(Dict *d, int64_t *length, bool *failed) {
    *failed = false;
    for (;;) {
        int64_t wanted = dict_length(value_from_object(d));
        if (wanted == 0)
            return NULL;
        DictTable *fresh = dict_table_new(wanted);
        if (!fresh) {
            *failed = true;
            return NULL;
        }
        object_read_lock(&d->header);
        DictTable *t = d->table;
        if (LIKELY(t && d->length <= fresh->capacity)) {
            *length = d->length;
            dict_copy_table_locked(d, fresh);
            object_read_unlock(&d->header);
            return fresh;
        }
        object_read_unlock(&d->header);
        buffer_free(fresh);
    }
}

Value dict_copy(Value dict) {
    bool failed;
    int64_t length = 0;
    DictTable *t = clone_table(dict_of(dict), &length, &failed);
    if (failed)
        return VALUE_NULL;
    Value copy = dict_new();
    if (value_is_null(copy)) {
        dict_table_destroy(t);
        return VALUE_NULL;
    }
    dict_of(copy)->table = t;
    dict_of(copy)->length = t ? length : 0;
    return copy;
}

int dict_merge_plain(Value dict, Value other, bool override) {
    if (value_same(dict, other))
        return 0;
    Dict *d = dict_of(dict), *source = dict_of(other);
    if (dict_length(dict) == 0 && dict_length(other) > 0) {
        bool failed;
        int64_t length;
        DictTable *t = clone_table(source, &length, &failed);
        if (failed)
            return -1;
        if (t) {
            object_lock(&d->header);
            DictTable *old = t;
            if (d->length == 0) {
                dict_entries_changed(d);
                old = d->table;
                if (old)
                    dict_table_replaced_locked(d, old);
                __atomic_store_n(&d->table, t, __ATOMIC_RELEASE);
                dict_store_length(d, length);
            }
            object_unlock(&d->header);
            dict_table_release(old);
            if (old != t)
                return 0;
        }
    }
    int64_t count;
    DictEntry *entries = dict_snapshot(source, &count);
    if (count < 0)
        return -1;
    int status = dict_reserve(dict, count);
    for (int64_t i = 0; i < count; i++) {
        DictEntry *e = &entries[i];
        if (status == 0 && !override) {
            object_lock(&d->header);
            int64_t found = dict_find_locked(d, e->key, e->hash);
            object_unlock(&d->header);
            if (found != DICT_ABSENT) {
                if (found == DICT_ERROR)
                    status = -1;
                ref_release(e->key);
                ref_release(e->value);
                continue;
            }
        }
        if (status < 0) {
            ref_release(e->key);
            ref_release(e->value);
        } else {
            // Only a comparison that runs Python code may change the source here in this thread;
            // that others change it is no matter, for a copy of it is what is merged.
            bool calls_out = value_is_object(e->key) && !value_is_exact_str(e->key);
            uint64_t mutations = __atomic_load_n(&source->mutations, __ATOMIC_RELAXED);
            status = dict_insert_owned(d, e->key, e->hash, e->value);
            if (calls_out && status == 0 &&
                __atomic_load_n(&source->mutations, __ATOMIC_RELAXED) != mutations)
                status = raise_int(&exception_RuntimeError, "dict mutated during update");
        }
    }
    buffer_free(entries);
    return status;
}

// iter(list(mapping.keys())): as in CPython, all keys are asked for before the first value.
static Value iterator_of_keys(Value mapping) {
    Value keys = value_call_method(mapping, name_keys, NULL, 0);
    if (value_is_null(keys))
        return keys;
    Value iterator = value_iter(keys);
    if (value_is_null(iterator) && error_matches(&exception_TypeError)) {
        error_clear();
        raise_type_error("%T.keys() returned a non-iterable (type %T)", mapping, keys);
    }
    ref_release(keys);
    Value list = value_is_null(iterator) ? iterator : list_from_iterable(iterator);
    ref_release(iterator);
    iterator = value_is_null(list) ? list : value_iter(list);
    ref_release(list);
    return iterator;
}

static int merge_from_mapping(Value dict, Value other, bool override) {
    Value iterator = iterator_of_keys(other);
    if (value_is_null(iterator))
        return -1;
    int status = 0;
    Value key;
    while (status == 0 && !value_is_null(key = value_next(iterator))) {
        if (!override && (status = dict_contains(dict, key)) != 0) {
            status = status < 0 ? -1 : 0;
            ref_release(key);
            continue;
        }
        Value value = value_getitem(other, key);
        status = value_is_null(value) ? -1 : dict_set(dict, key, value);
        ref_release(value);
        ref_release(key);
    }
    ref_release(iterator);
    return status < 0 || error_occurred() ? -1 : 0;
}

int dict_merge(Value dict, Value other, bool override) {
    if (value_is_dict(other) && dict_iterates_plainly(value_type(other)))
        return dict_merge_plain(dict, other, override);
    return merge_from_mapping(dict, other, override);
}

static int merge_from_pairs(Value dict, Value pairs) {
    Value iterator = value_iter_at_once(pairs);
    if (value_is_null(iterator))
        return -1;
    int status = 0;
    for (int64_t number = 0; status == 0; number++) {
        Value item = value_next(iterator);
        if (value_is_null(item)) {
            if (error_occurred())
                status = -1;
            break;
        }
        Value pair = tuple_from_iterable(item);
        ref_release(item);
        if (value_is_null(pair)) {
            if (error_matches(&exception_TypeError)) {
                error_clear();
                raise_type_error("cannot convert dictionary update sequence element #%lld to a "
                                 "sequence",
                                 (long long)number);
            }
            status = -1;
            break;
        }
        if (tuple_length(pair) != 2)
            status = raise_int(&exception_ValueError,
                               "dictionary update sequence element #%lld has length %lld; "
                               "2 is required",
                               (long long)number, (long long)tuple_length(pair));
        else
            status = dict_set(dict, tuple_item(pair, 0), tuple_item(pair, 1));
        ref_release(pair);
    }
    ref_release(iterator);
    return status;
}

int dict_update(Value dict, Value other) {
    if (value_is_exactly(other, &dict_type))
        return dict_merge_plain(dict, other, true);
    Value keys = VALUE_NULL;
    int found = value_lookup_attr(other, name_keys, &keys);
    if (found < 0)
        return -1;
    if (!found)
        return merge_from_pairs(dict, other);
    ref_release(keys);
    return dict_merge(dict, other, true);
}

// "module.name()" as messages about calls name a function.
Value callable_text(Value function) {
    Value qualname = VALUE_NULL, module = VALUE_NULL, text;
    if (value_lookup_attr(function, name___qualname__, &qualname) < 0)
        return VALUE_NULL;
    if (value_is_null(qualname))
        return value_str(function);
    if (value_lookup_attr(function, name___module__, &module) < 0) {
        ref_release(qualname);
        return VALUE_NULL;
    }
    if (!value_is_null(module) && !value_is_none(module) &&
        !(value_is_str(module) && str_equal_cstr(module, "builtins")))
        text = str_format("%V.%V()", module, qualname);
    else
        text = str_format("%V()", qualname);
    ref_release(module);
    ref_release(qualname);
    return text;
}

// Adds a keyword argument of a call of function, which must not be there yet. 0 or -1.
static int add_keyword(Value dict, Value key, int64_t hash, Value value, Value function) {
    Dict *d = dict_of(dict);
    object_lock(&d->header);
    int64_t found = dict_find_locked(d, key, hash);
    object_unlock(&d->header);
    if (found == DICT_ERROR)
        return -1;
    if (found < 0)
        return dict_set_hashed(dict, key, hash, value);
    Value text = callable_text(function);
    if (!value_is_null(text))
        raise_type_error("%V got multiple values for keyword argument '%V'", text, key);
    ref_release(text);
    return -1;
}

// The same for each of a mapping's keys().
static int merge_mapping_keywords(Value dict, Value mapping, Value function) {
    Value iterator = iterator_of_keys(mapping), key;
    if (value_is_null(iterator))
        return -1;
    int status = 0;
    while (status == 0 && !value_is_null(key = value_next(iterator))) {
        Value value = value_getitem(mapping, key);
        int64_t hash = value_is_null(value) ? -1 : value_hash(key);
        status = hash == -1 ? -1 : add_keyword(dict, key, hash, value, function);
        ref_release(value);
        ref_release(key);
    }
    ref_release(iterator);
    return status < 0 || error_occurred() ? -1 : 0;
}

int dict_merge_keywords(Value dict, Value other, Value function) {
    Value source = VALUE_NULL;
    if (value_is_dict(other) && dict_iterates_plainly(value_type(other))) {
        source = ref_new(other);
    } else {
        Value keys = VALUE_NULL;
        int found = value_lookup_attr(other, name_keys, &keys);
        ref_release(keys);
        if (found < 0)
            return -1;
        if (!found) {
            Value text = callable_text(function);
            if (!value_is_null(text))
                raise_type_error("%V argument after ** must be a mapping, not %T", text, other);
            ref_release(text);
            return -1;
        }
        return merge_mapping_keywords(dict, other, function);
    }
    if (dict_length(dict) == 0) { // nothing can be there twice
        int status = dict_merge_plain(dict, source, true);
        ref_release(source);
        return status;
    }
    // All of one moment: what another thread takes out and puts in again is not there twice.
    int64_t count;
    DictEntry *entries = dict_snapshot(dict_of(source), &count);
    int status = count < 0 ? -1 : 0;
    for (int64_t i = 0; i < count; i++) {
        if (status == 0)
            status = add_keyword(dict, entries[i].key, entries[i].hash, entries[i].value, function);
        ref_release(entries[i].key);
        ref_release(entries[i].value);
    }
    buffer_free(entries);
    ref_release(source);
    return status;
}

// ---- snapshots -------------------------------------------------------------------------

static Value snapshot_list(Value dict, int kind) {
    Dict *d = dict_of(dict);
    for (;;) {
        int64_t length = dict_length(dict);
        Value list = list_new_sized(length);
        if (value_is_null(list))
            return VALUE_NULL;
        Value *out = list_of(list)->items;
        int64_t count = 0;
        object_read_lock(&d->header);
        bool same = d->length == length;
        if (LIKELY(same) && length) {
            DictTable *t = d->table;
            for (int64_t i = t->first; i < t->used_entries; i++) {
                DictEntry *e = &t->entries[i];
                if (!value_is_null(e->key))
                    out[count++] = ref_new(kind == DICT_KEYS ? e->key : e->value);
            }
        }
        object_read_unlock(&d->header);
        list_of(list)->length = count;
        if (LIKELY(same))
            return list;
        ref_release(list);
    }
}

Value dict_keys_list(Value dict) {
    return snapshot_list(dict, DICT_KEYS);
}
Value dict_values_list(Value dict) {
    return snapshot_list(dict, DICT_VALUES);
}

Value dict_items_list(Value dict) {
    int64_t count;
    DictEntry *entries = dict_snapshot(dict_of(dict), &count);
    if (count < 0)
        return VALUE_NULL;
    Value list = list_new_sized(count);
    for (int64_t i = 0; i < count; i++) {
        if (value_is_null(list)) {
            ref_release(entries[i].key);
            ref_release(entries[i].value);
            continue;
        }
        Value pair = tuple_pair_owned(entries[i].key, entries[i].value);
        if (value_is_null(pair)) {
            ref_release(list);
            list = VALUE_NULL;
            continue;
        }
        list_of(list)->items[i] = pair;
        list_of(list)->length = i + 1;
    }
    buffer_free(entries);
    return list;
}

// ---- inline caches ---------------------------------------------------------------------

// 0 once four thousand million numbers are used up: then nothing is cached any more.
static uint32_t fresh_version(void) {
    static uint64_t last;
    uint64_t number = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
    return number <= UINT32_MAX ? (uint32_t)number : 0;
}

uint32_t dict_watch(Value dict) {
    Dict *d = dict_of(dict);
    object_lock(&d->header);
    uint32_t version = d->watch_version;
    if (!version) {
        version = fresh_version();
        __atomic_store_n(&d->watch_version, version, SHARED_STORE);
    }
    object_unlock(&d->header);
    return version;
}

static uint32_t keys_version_locked(Dict *d) {
    uint32_t version = d->keys_version;
    if (!version) {
        version = fresh_version();
        if (d->table)
            d->table->watched = true;
        __atomic_store_n(&d->keys_version, version, SHARED_STORE);
    }
    return version;
}

uint32_t dict_watch_keys(Value dict) {
    Dict *d = dict_of(dict);
    object_lock(&d->header);
    uint32_t version = keys_version_locked(d);
    object_unlock(&d->header);
    return version;
}

int64_t dict_entry_of(Value dict, Value key, uint32_t *keys_version_out) {
    Dict *d = dict_of(dict);
    int64_t hash = str_hash_inline(key), entry = -1;
    object_lock(&d->header);
    if (d->table && d->table->all_str)
        entry = dict_find_str(d->table, key, hash);
    if (entry >= 0) {
        *keys_version_out = keys_version_locked(d);
        if (!*keys_version_out)
            entry = -1;
    }
    object_unlock(&d->header);
    return entry;
}

Value dict_entry_load_contended(Dict *d, uint32_t keys_version, uint32_t entry) {
    return dict_entry_load_locked(d, keys_version, entry);
}

bool dict_entry_store(Value dict, uint32_t keys_version, uint32_t entry, Value v) {
    Dict *d = dict_of(dict);
    ref_retain(v);
    object_lock(&d->header);
    bool same = d->keys_version == keys_version;
    if (LIKELY(same)) {
        dict_value_changed(d);
        v = field_swap_locked(&d->table->entries[entry].value, v);
    }
    object_unlock(&d->header);
    ref_release(v); // the old value, or the one not stored
    return same;
}
