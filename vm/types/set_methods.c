// SPDX-License-Identifier: MIT
//
// What Python sees of set and frozenset: slots, operators, methods, the iterator.
#include "gc/reclaim.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/hashing.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/repr_guard.h"
#include "vm/types/set.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static bool is_mutable(Type *type) {
    return type == &set_type || type_is_subtype(type, &set_type);
}

// Results of operators are exact sets or frozensets, as the left operand is.
static Type *result_type(Value v) {
    Type *type = value_type(v);
    return type == &set_type || type_is_subtype(type, &set_type) ? &set_type : &frozenset_type;
}

// ---- life ------------------------------------------------------------------------------

static Value set_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return set_allocate(type);
}

static int set_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("set", kwnames) < 0 || arguments_count("set", nargs, 0, 1) < 0)
        return -1;
    if (set_length(self))
        set_clear(set_of(self));
    return nargs ? set_update(self, args[0]) : 0;
}

static Value frozenset_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("frozenset", type, &frozenset_type, kwnames) < 0)
        return VALUE_NULL;
    if (arguments_count(type_name(type), nargs, 0, 1) < 0)
        return VALUE_NULL;
    if (type == &frozenset_type && nargs && value_is_exactly(args[0], &frozenset_type))
        return ref_new(args[0]);
    Value set = set_allocate(type);
    if (!value_is_null(set) && nargs && set_update(set, args[0]) < 0) {
        ref_release(set);
        return VALUE_NULL;
    }
    return set;
}

static void set_drop(Object *self) {
    set_clear((Set *)self);
}

static void set_destroy(Object *self) {
    Set *s = (Set *)self;
    set_destroy_table(s);
    if (LIKELY(self->type == &set_type || self->type == &frozenset_type))
        object_free(self, sizeof(Set));
    else
        type_free_instance(self);
}

static void set_traverse(Object *self, GcVisitor *visitor) {
    Set *s = (Set *)self;
    if (s->table)
        for (int64_t i = 0; i <= s->mask; i++)
            gc_visit(visitor, s->table[i].key);
}

// ---- keys that are sets: looked up by the frozenset they equal ----------------------------

// Calls lookup(s, key, hash); an unhashable set is looked up as a frozenset.
static int with_key(Value self, Value key, int (*lookup)(Set *, Value, int64_t)) {
    int64_t hash = value_hash_inline(key);
    if (hash != -1)
        return lookup(set_of(self), key, hash);
    if (!value_is_any_set(key) || !error_matches(&exception_TypeError))
        return -1;
    error_clear();
    Value frozen = set_copy_as(&frozenset_type, key);
    if (value_is_null(frozen))
        return -1;
    hash = value_hash(frozen);
    int status = hash == -1 ? -1 : lookup(set_of(self), frozen, hash);
    ref_release(frozen);
    return status;
}

static int set_contains_slot(Value self, Value key) {
    return with_key(self, key, set_contains_hashed);
}

// ---- slots -----------------------------------------------------------------------------

static int64_t set_length_slot(Value self) {
    return set_length(self);
}

static Value set_repr(Value self) {
    Type *type = value_type(self);
    if (set_length(self) == 0)
        return str_format("%N()", type);
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_format("%N(...)", type);
    Value list = list_from_iterable(self), text = VALUE_NULL;
    if (!value_is_null(list)) {
        Value items = value_repr(list);
        ref_release(list);
        if (!value_is_null(items)) {
            Value inner = str_substring(items, 1, str_length(items) - 1);
            ref_release(items);
            if (!value_is_null(inner)) {
                text = type == &set_type ? str_format("{%V}", inner)
                                         : str_format("%N({%V})", type, inner);
                ref_release(inner);
            }
        }
    }
    repr_leave(self);
    return text;
}

static Value set_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_any_set(self) || !value_is_any_set(other))
        return not_implemented_new();
    Set *a = set_of(self), *b = set_of(other);
    int64_t a_length = set_length(self), b_length = set_length(other);
    int result = 0;
    switch (op) {
    case COMPARE_EQ:
    case COMPARE_NE:
        result = a_length == b_length;
        if (result && !is_mutable(value_type(self)) && !is_mutable(value_type(other))) {
            int64_t a_hash = __atomic_load_n(&a->hash, __ATOMIC_RELAXED);
            int64_t b_hash = __atomic_load_n(&b->hash, __ATOMIC_RELAXED);
            if (a_hash != -1 && b_hash != -1 && a_hash != b_hash)
                result = 0;
        }
        if (result)
            result = set_is_subset(a, b);
        if (op == COMPARE_NE && result >= 0)
            result = !result;
        break;
    case COMPARE_LE:
        result = set_is_subset(a, b);
        break;
    case COMPARE_GE:
        result = set_is_subset(b, a);
        break;
    case COMPARE_LT:
        result = a_length < b_length ? set_is_subset(a, b) : 0;
        break;
    case COMPARE_GT:
        result = a_length > b_length ? set_is_subset(b, a) : 0;
        break;
    }
    return result < 0 ? VALUE_NULL : bool_new(result);
}

// Independent of the order of the keys: their hashes, each spread over all bits, are combined
// by exclusive or (the scheme of CPython's frozenset, so that the numbers agree).
static int64_t frozenset_hash(Value self) {
    Set *s = set_of(self);
    int64_t known = __atomic_load_n(&s->hash, __ATOMIC_RELAXED);
    if (known != -1)
        return known;
    uint64_t hash = 0;
    if (s->table)
        for (int64_t i = 0; i <= s->mask; i++)
            if (!value_is_null(s->table[i].key)) {
                uint64_t h = (uint64_t)s->table[i].hash;
                hash ^= ((h ^ 89869747u) ^ (h << 16)) * 3644798167u;
            }
    hash ^= ((uint64_t)s->length + 1) * 1927868237u;
    hash ^= (hash >> 11) ^ (hash >> 25);
    hash = hash * 69069u + 907133923u;
    if (hash == UINT64_MAX)
        hash = 590923713u;
    __atomic_store_n(&s->hash, (int64_t)hash, __ATOMIC_RELAXED);
    return (int64_t)hash;
}

// ---- combining -------------------------------------------------------------------------

// A new set of the entries of a that are in b, or are not; b is a set.
static Value selected(Type *type, Value a, Value b, bool wanted) {
    SetEntry small[SET_SELECT_SMALL + 1], *entries;
    int64_t count = set_select(set_of(a), set_of(b), wanted, small, &entries);
    if (count < 0)
        return VALUE_NULL;
    Value result = set_allocate(type);
    if (value_is_null(result)) {
        for (int64_t i = 0; i < count; i++)
            ref_release(entries[i].key);
    } else if (set_fill_new(set_of(result), entries, count) < 0) {
        ref_release(result);
        result = VALUE_NULL;
    }
    if (entries != small)
        buffer_free(entries);
    return result;
}

static Value intersection(Value self, Value other) {
    Type *type = result_type(self);
    if (value_same(self, other))
        return set_copy_as(type, self);
    if (value_is_any_set(other))
        return set_length(other) > set_length(self) ? selected(type, self, other, true)
                                                    : selected(type, other, self, true);
    Value result = set_allocate(type);
    if (value_is_null(result))
        return VALUE_NULL;
    Value iterator = value_iter_at_once(other), key;
    int status = value_is_null(iterator) ? -1 : 0;
    bool all = false; // of self are found: as in CPython nothing more is asked for
    while (status >= 0 && !all && !value_is_null(key = value_next(iterator))) {
        int64_t hash = value_hash_inline(key);
        status = hash == -1 ? -1 : set_contains_hashed(set_of(self), key, hash);
        if (status > 0) {
            status = set_add_owned(set_of(result), key, hash);
            all = set_length(result) >= set_length(self);
        } else {
            ref_release(key);
        }
    }
    ref_release(iterator);
    if (status < 0 || error_occurred()) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

int set_difference_update(Value set, Value iterable) {
    Set *s = set_of(set);
    if (value_same(set, iterable))
        return set_clear(s);
    Value key;
    int64_t hash, position = 0;
    if (value_is_any_set(iterable)) {
        while (set_next_entry(set_of(iterable), &position, &key, &hash)) {
            int status = set_discard_hashed(s, key, hash);
            ref_release(key);
            if (status < 0)
                return -1;
        }
        return set_compact(s);
    }
    Value iterator = value_iter_at_once(iterable);
    if (value_is_null(iterator))
        return -1;
    while (!value_is_null(key = value_next(iterator))) {
        hash = value_hash_inline(key);
        int status = hash == -1 ? -1 : set_discard_hashed(s, key, hash);
        ref_release(key);
        if (status < 0)
            break;
    }
    ref_release(iterator);
    return error_occurred() ? -1 : set_compact(s);
}

static Value difference(Value self, Value other) {
    bool is_set = value_is_any_set(other), is_dict = value_is_exactly(other, &dict_type);
    int64_t other_length = is_set ? set_length(other) : is_dict ? dict_length(other) : 0;
    // Far fewer to take away than there are, or no quick way to ask: copy and take away.
    if ((!is_set && !is_dict) || set_length(self) >> 2 > other_length) {
        Value result = set_copy_as(result_type(self), self);
        if (!value_is_null(result) && set_difference_update(result, other) < 0) {
            ref_release(result);
            return VALUE_NULL;
        }
        return result;
    }
    if (is_set)
        return selected(result_type(self), self, other, false);
    Value result = set_allocate(result_type(self));
    if (value_is_null(result))
        return VALUE_NULL;
    int64_t position = 0, hash;
    Value key;
    while (set_next_entry(set_of(self), &position, &key, &hash)) {
        Value found = dict_get_hashed(other, key, hash);
        int status = 0;
        if (!value_is_null(found) || error_occurred()) {
            status = value_is_null(found) ? -1 : 0;
            ref_release(found);
            ref_release(key);
        } else {
            status = set_add_owned(set_of(result), key, hash);
        }
        if (status < 0) {
            ref_release(result);
            return VALUE_NULL;
        }
    }
    return result;
}

// Takes key (consumed) out of s, or puts it in.
static int toggle(Set *s, Value key, int64_t hash) {
    int status = set_discard_hashed(s, key, hash);
    if (status == 0)
        return set_add_owned(s, key, hash);
    ref_release(key);
    return status < 0 ? -1 : 0;
}

int set_symmetric_difference_update(Value set, Value iterable) {
    Set *s = set_of(set);
    if (value_same(set, iterable))
        return set_clear(s);
    Value key, other = VALUE_NULL;
    int64_t hash, position = 0;
    if (value_is_exactly(iterable, &dict_type)) {
        while (dict_next(iterable, &position, &key, NULL, &hash))
            if (toggle(s, key, hash) < 0)
                return -1;
        return 0;
    }
    other = value_is_any_set(iterable) ? ref_new(iterable) : set_from_iterable(iterable);
    if (value_is_null(other))
        return -1;
    int status = 0;
    while (status == 0 && set_next_entry(set_of(other), &position, &key, &hash))
        status = toggle(s, key, hash);
    ref_release(other);
    return status;
}

static Value symmetric_difference(Value self, Value other) {
    Value result = set_allocate(result_type(self));
    if (!value_is_null(result) &&
        (set_update(result, other) < 0 || set_symmetric_difference_update(result, self) < 0)) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value union_of(Value self, Value other) {
    Value result = set_copy_as(result_type(self), self);
    if (!value_is_null(result) && !value_same(self, other) && set_update(result, other) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

// Makes self have other's keys; other is consumed.
static void take_over(Value self, Value other) {
    set_take_over(set_of(self), set_of(other));
    ref_release(other);
}

// ---- operators -------------------------------------------------------------------------

#define OPERATOR(name, function)                                                                   \
    static Value name(Value left, Value right) {                                                   \
        if (!value_is_any_set(left) || !value_is_any_set(right))                                   \
            return not_implemented_new();                                                          \
        return function(left, right);                                                              \
    }
OPERATOR(set_or, union_of)
OPERATOR(set_and, intersection)
OPERATOR(set_subtract, difference)
OPERATOR(set_xor, symmetric_difference)

static Value set_inplace_or(Value self, Value other) {
    if (!value_is_any_set(other))
        return not_implemented_new();
    return set_update(self, other) < 0 ? VALUE_NULL : ref_new(self);
}
static Value set_inplace_and(Value self, Value other) {
    if (!value_is_any_set(other))
        return not_implemented_new();
    Value result = intersection(self, other);
    if (value_is_null(result))
        return VALUE_NULL;
    take_over(self, result);
    return ref_new(self);
}
static Value set_inplace_subtract(Value self, Value other) {
    if (!value_is_any_set(other))
        return not_implemented_new();
    return set_difference_update(self, other) < 0 ? VALUE_NULL : ref_new(self);
}
static Value set_inplace_xor(Value self, Value other) {
    if (!value_is_any_set(other))
        return not_implemented_new();
    return set_symmetric_difference_update(self, other) < 0 ? VALUE_NULL : ref_new(self);
}

// ---- methods ---------------------------------------------------------------------------

static Value set_add_method(Value self, Value key) {
    return set_add(self, key) < 0 ? VALUE_NULL : none_new();
}

static Value set_clear_method(Value self) {
    set_clear(set_of(self));
    return none_new();
}

static Value set_contains_method(Value self, Value key) {
    int status = set_contains_slot(self, key);
    return status < 0 ? VALUE_NULL : bool_new(status);
}

static Value set_copy_method(Value self) {
    Type *type = value_type(self);
    if (type == &frozenset_type)
        return ref_new(self);
    return set_copy_as(result_type(self), self);
}

static Value set_discard_method(Value self, Value key) {
    return with_key(self, key, set_discard_hashed) < 0 ? VALUE_NULL : none_new();
}

static Value set_remove_method(Value self, Value key) {
    int status = with_key(self, key, set_discard_hashed);
    if (status == 0)
        return raise_key_error(key);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value set_pop_method(Value self) {
    Set *s = set_of(self);
    object_lock(&s->header);
    if (s->length == 0) {
        object_unlock(&s->header);
        return raise_error(&exception_KeyError, "pop from an empty set");
    }
    int64_t i = s->hash & s->mask;
    while (value_is_null(s->table[i].key))
        i = (i + 1) & s->mask;
    Value key = s->table[i].key;
    field_raw_store(&s->table[i].key, VALUE_NULL);
    __atomic_store_n(&s->table[i].hash, -1, SHARED_STORE);
    s->hash = i + 1;
    __atomic_store_n(&s->length, s->length - 1, SHARED_STORE);
    __atomic_store_n(&s->mutations, s->mutations + 1, SHARED_STORE);
    object_unlock(&s->header);
    return key;
}

static Value fold(Value self, const Value *args, size_t nargs, Value (*step)(Value, Value)) {
    if (nargs == 0)
        return set_copy_as(result_type(self), self);
    Value result = ref_new(self);
    for (size_t i = 0; i < nargs && !value_is_null(result); i++) {
        Value next = step(result, args[i]);
        ref_release(result);
        result = next;
    }
    return result;
}
static Value set_intersection_method(Value self, const Value *args, size_t nargs) {
    return fold(self, args, nargs, intersection);
}
static Value set_difference_method(Value self, const Value *args, size_t nargs) {
    if (nargs == 0)
        return set_copy_as(result_type(self), self);
    Value result = difference(self, args[0]);
    for (size_t i = 1; i < nargs && !value_is_null(result); i++)
        if (set_difference_update(result, args[i]) < 0) {
            ref_release(result);
            return VALUE_NULL;
        }
    return result;
}
static Value set_union_method(Value self, const Value *args, size_t nargs) {
    Value result = set_copy_as(result_type(self), self);
    for (size_t i = 0; i < nargs && !value_is_null(result); i++) {
        if (value_same(args[i], self))
            continue;
        if (set_update(result, args[i]) < 0) {
            ref_release(result);
            return VALUE_NULL;
        }
    }
    return result;
}
static Value set_symmetric_difference_method(Value self, Value other) {
    return symmetric_difference(self, other);
}

static Value set_update_method(Value self, const Value *args, size_t nargs) {
    for (size_t i = 0; i < nargs; i++)
        if (set_update(self, args[i]) < 0)
            return VALUE_NULL;
    return none_new();
}
static Value set_difference_update_method(Value self, const Value *args, size_t nargs) {
    for (size_t i = 0; i < nargs; i++)
        if (set_difference_update(self, args[i]) < 0)
            return VALUE_NULL;
    return none_new();
}
static Value set_intersection_update_method(Value self, const Value *args, size_t nargs) {
    Value result = nargs ? fold(self, args, nargs, intersection) : VALUE_NULL;
    if (nargs == 0)
        return none_new();
    if (value_is_null(result))
        return VALUE_NULL;
    take_over(self, result);
    return none_new();
}
static Value set_symmetric_difference_update_method(Value self, Value other) {
    return set_symmetric_difference_update(self, other) < 0 ? VALUE_NULL : none_new();
}

static Value set_issubset(Value self, Value other) {
    if (value_is_any_set(other)) {
        int result = set_is_subset(set_of(self), set_of(other));
        return result < 0 ? VALUE_NULL : bool_new(result);
    }
    Value all = set_from_iterable(other);
    if (value_is_null(all))
        return VALUE_NULL;
    int result = set_is_subset(set_of(self), set_of(all));
    ref_release(all);
    return result < 0 ? VALUE_NULL : bool_new(result);
}

static Value set_issuperset(Value self, Value other) {
    if (value_is_any_set(other)) {
        int result = set_is_subset(set_of(other), set_of(self));
        return result < 0 ? VALUE_NULL : bool_new(result);
    }
    Value iterator = value_iter_at_once(other), key;
    if (value_is_null(iterator))
        return VALUE_NULL;
    int contained = 1;
    while (contained > 0 && !value_is_null(key = value_next(iterator))) {
        contained = set_contains(self, key);
        ref_release(key);
    }
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : bool_new(contained);
}

static Value set_isdisjoint(Value self, Value other) {
    Value key;
    int64_t position = 0, hash;
    int contained = 0;
    if (value_same(self, other))
        return bool_new(set_length(self) == 0);
    if (value_is_exactly(other, &set_type) || value_is_exactly(other, &frozenset_type)) {
        if (set_length(other) > set_length(self)) {
            Value x = self;
            self = other;
            other = x;
        }
        while (contained == 0 && set_next_entry(set_of(other), &position, &key, &hash)) {
            contained = set_contains_hashed(set_of(self), key, hash);
            ref_release(key);
        }
        return contained < 0 ? VALUE_NULL : bool_new(!contained);
    }
    Value iterator = value_iter_at_once(other);
    if (value_is_null(iterator))
        return VALUE_NULL;
    while (contained == 0 && !value_is_null(key = value_next(iterator))) {
        contained = set_contains(self, key);
        ref_release(key);
    }
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : bool_new(!contained);
}

static Value set_reduce(Value self) {
    Value list = list_from_iterable(self);
    if (value_is_null(list))
        return VALUE_NULL;
    Value arguments = tuple_from_owned(&list, 1);
    if (value_is_null(arguments))
        return VALUE_NULL;
    Value state = value_call_method(self, name___getstate__, NULL, 0), result = VALUE_NULL;
    if (!value_is_null(state))
        result = tuple_pack(3, value_from_object(value_type(self)), arguments, state);
    ref_release(arguments);
    ref_release(state);
    return result;
}

static Value set_sizeof(Value self) {
    Set *s = set_of(self);
    object_lock(&s->header);
    int64_t size = value_type(self)->basic_size;
    if (s->table)
        size += (s->mask + 1) * (int64_t)sizeof(SetEntry);
    object_unlock(&s->header);
    return value_from_int(size);
}

// ---- iterator --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value set;         // VALUE_NULL once exhausted; this and the rest guarded by the lock
    int64_t length;    // of the set when the iteration began; -1: it has failed
    int64_t remaining; // keys not yet given
    int64_t position;
} SetIterator;

static Value set_iter(Value self) {
    SetIterator *it =
        object_allocate_exact(&set_iterator_type, sizeof(SetIterator), HEAP_CONTAINER);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->set = ref_new(self);
    it->length = it->remaining = set_length(self);
    return value_from_object(it);
}

// A step of an iterator that nobody else has, without the set's lock (gc/field.h); VALUE_NULL: take
// it.
static inline Value step_unlocked(SetIterator *it) {
    if (UNLIKELY(value_is_null(it->set)))
        return VALUE_NULL;
    const Set *s = set_of(it->set);
    uint64_t seen;
    SetEntry *const *table_word = &s->table;
    if (UNLIKELY(!field_read_begin(&s->header, &s->mutations, &seen)))
        return VALUE_NULL;
    const SetEntry *table = __atomic_load_n(table_word, SHARED_LOAD);
    int64_t mask = __atomic_load_n(&s->mask, SHARED_LOAD), i = it->position;
    // The mask must be the table's before it is used.
    if (UNLIKELY(!table || it->length != __atomic_load_n(&s->length, SHARED_LOAD) ||
                 !field_read_valid(&s->header, &s->mutations, seen)))
        return VALUE_NULL;
    while (i <= mask && value_is_null(field_raw(&table[i].key)))
        i++;
    Value key;
    FieldHold hold = i <= mask ? field_try_load(&table[i].key, false, &key) : FIELD_LOST;
    if (UNLIKELY(hold == FIELD_LOST))
        return VALUE_NULL;
    if (LIKELY(field_read_valid(&s->header, &s->mutations, seen))) {
        it->position = i + 1;
        it->remaining--;
        return key;
    }
    field_undo(hold, key);
    return VALUE_NULL;
}

static Value set_iterator_next(Value self) {
    SetIterator *it = (SetIterator *)value_object(self);
    bool exclusive = ref_is_unshared(&it->header);
    if (FIELD_READS_UNLOCKED && exclusive) {
        Value key = step_unlocked(it);
        if (LIKELY(!value_is_null(key)))
            return key;
    }
    if (!exclusive)
        object_lock(&it->header);
    Value set = it->set;
    if (!exclusive) {
        ref_retain(set); // another thread may drop the iterator's reference
        object_unlock(&it->header);
    }
    if (value_is_null(set))
        return VALUE_NULL;
    Set *s = set_of(set);
    Value key = VALUE_NULL;
    bool changed = false;
    object_lock_two(&it->header, &s->header);
    if (UNLIKELY(it->length != s->length)) {
        changed = true;
        it->length = -1;
    } else if (s->table) {
        int64_t i = it->position;
        while (i <= s->mask && value_is_null(s->table[i].key))
            i++;
        it->position = i + 1;
        if (i <= s->mask) {
            key = field_raw(&s->table[i].key);
            field_retain_locked(key, false);
            it->remaining--;
        }
    }
    object_unlock_two(&it->header, &s->header);
    if (UNLIKELY(value_is_null(key)) && !changed) {
        object_lock(&it->header);
        Value done = field_swap_locked(&it->set, VALUE_NULL);
        object_unlock(&it->header);
        ref_release(done);
    }
    if (!exclusive)
        ref_release(set);
    if (UNLIKELY(changed))
        return raise_error(&exception_RuntimeError, "Set changed size during iteration");
    return key;
}

static void set_iterator_destroy(Object *self) {
    ref_release(((SetIterator *)self)->set);
    object_free_exact(self, sizeof(SetIterator), HEAP_CONTAINER);
}
static void set_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SetIterator *)self)->set);
}

static Value set_iterator_length_hint(Value self) {
    SetIterator *it = (SetIterator *)value_object(self);
    object_lock(&it->header);
    int64_t remaining = it->remaining, length = it->length;
    Value set = it->set;
    ref_retain(set);
    object_unlock(&it->header);
    if (value_is_null(set) || set_length(set) != length)
        remaining = 0;
    ref_release(set);
    return value_from_int(remaining);
}

static Value set_iterator_reduce(Value self) {
    SetIterator *it = (SetIterator *)value_object(self);
    SetIterator *copy = object_allocate(&set_iterator_type);
    if (!copy)
        return VALUE_NULL;
    object_lock(&it->header);
    copy->set = it->set;
    ref_retain(copy->set);
    copy->length = it->length;
    copy->remaining = it->remaining;
    copy->position = it->position;
    object_unlock(&it->header);
    Value list = list_from_iterable(value_from_object(copy));
    ref_release(value_from_object(copy));
    return iterator_reduce("iter", list, VALUE_NULL);
}

static const NativeDef set_iterator_methods[] = {
    DEF_NONE("__length_hint__", set_iterator_length_hint, "Items left."),
    DEF_NONE("__reduce__", set_iterator_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type set_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "set_iterator",
    .basic_size = sizeof(SetIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = set_iterator_destroy,
    .traverse = set_iterator_traverse,
    .iter = object_self_iter,
    .next = set_iterator_next,
    .methods = set_iterator_methods,
};

// ---- the types -------------------------------------------------------------------------

#define SHARED_METHODS                                                                             \
    DEF_ONE("__contains__", set_contains_method, "x.__contains__(y) is y in x."),                  \
        DEF_NONE("copy", set_copy_method, "A set of the same items."),                             \
        DEF_FIXED("difference", set_difference_method, 0, -1, "What is in none of the others."),   \
        DEF_FIXED("intersection", set_intersection_method, 0, -1, "What is in all of them."),      \
        DEF_ONE("isdisjoint", set_isdisjoint, "Whether they have nothing in common."),             \
        DEF_ONE("issubset", set_issubset, "Whether the other has all of this."),                   \
        DEF_ONE("issuperset", set_issuperset, "Whether this has all of the other."),               \
        DEF_NONE("__reduce__", set_reduce, "How to pickle the set."),                              \
        DEF_NONE("__sizeof__", set_sizeof, "Bytes taken by the set."),                             \
        DEF_ONE("symmetric_difference", set_symmetric_difference_method,                           \
                "What is in exactly one of the two."),                                             \
        DEF_FIXED("union", set_union_method, 0, -1, "What is in any of them."),                    \
        DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,                            \
                      "A parametrised form of the type.")

static const NativeDef set_methods[] = {
    SHARED_METHODS,
    DEF_ONE("add", set_add_method, "Puts an item in, if it is not there yet."),
    DEF_NONE("clear", set_clear_method, "Takes all items out."),
    DEF_ONE("discard", set_discard_method, "Takes an item out if it is there."),
    DEF_FIXED("difference_update", set_difference_update_method, 0, -1,
              "Takes out what is in any of the others."),
    DEF_FIXED("intersection_update", set_intersection_update_method, 0, -1,
              "Takes out what is not in all of the others."),
    DEF_NONE("pop", set_pop_method, "Takes some item out and gives it; KeyError if empty."),
    DEF_ONE("remove", set_remove_method, "Takes an item out; KeyError if it is not there."),
    DEF_ONE("symmetric_difference_update", set_symmetric_difference_update_method,
            "Keeps what is in exactly one of the two."),
    DEF_FIXED("update", set_update_method, 0, -1, "Puts in what is in any of the others."),
    DEF_END,
};
static const NativeDef frozenset_methods[] = {SHARED_METHODS, DEF_END};

Type set_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "set",
    .basic_size = sizeof(Set),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE | TYPE_PATMA_SELF | TYPE_UNHASHABLE |
             TYPE_COMPARE_COUNTS_DEPTH,
    .doc = "set(iterable=(), /)\n--\n\nAn unordered collection of distinct hashable items.",
    .call_new = set_call_new,
    .init = set_init,
    .destroy = set_destroy,
    .traverse = set_traverse,
    .clear = set_drop,
    .repr = set_repr,
    .compare = set_compare,
    .iter = set_iter,
    .length = set_length_slot,
    .contains = set_contains_slot,
    .binary[BINARY_OR] = set_or,
    .binary[BINARY_AND] = set_and,
    .binary[BINARY_SUBTRACT] = set_subtract,
    .binary[BINARY_XOR] = set_xor,
    .inplace[BINARY_OR] = set_inplace_or,
    .inplace[BINARY_AND] = set_inplace_and,
    .inplace[BINARY_SUBTRACT] = set_inplace_subtract,
    .inplace[BINARY_XOR] = set_inplace_xor,
    .methods = set_methods,
};

Type frozenset_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "frozenset",
    .basic_size = sizeof(Set),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE | TYPE_PATMA_SELF | TYPE_COMPARE_COUNTS_DEPTH,
    .doc = "frozenset(iterable=(), /)\n--\n\nA set that cannot be changed.",
    .call_new = frozenset_call_new,
    .destroy = set_destroy,
    .traverse = set_traverse,
    .clear = set_drop,
    .repr = set_repr,
    .hash = frozenset_hash,
    .compare = set_compare,
    .iter = set_iter,
    .length = set_length_slot,
    .contains = set_contains_slot,
    .binary[BINARY_OR] = set_or,
    .binary[BINARY_AND] = set_and,
    .binary[BINARY_SUBTRACT] = set_subtract,
    .binary[BINARY_XOR] = set_xor,
    .methods = frozenset_methods,
};

void set_start(void) {
    type_ready(&set_type);
    type_ready(&frozenset_type);
    type_ready(&set_iterator_type);
}
