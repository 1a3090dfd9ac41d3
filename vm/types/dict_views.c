// SPDX-License-Identifier: MIT
//
// d.keys(), d.values(), d.items(), and the iterators over them.
//
// An iterator that only one thread can reach steps without its own lock; else it holds both its
// own lock and the dict's, taken together, for the step.
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/repr_guard.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static Type dict_reverse_key_iterator_type, dict_reverse_value_iterator_type,
    dict_reverse_item_iterator_type;

// ---- stepping --------------------------------------------------------------------------

enum { STEP_END = 0, STEP_ITEM = 1, STEP_RESIZED = -1, STEP_CHANGED = -2 };

// Locks held. New references in *key and *value.
static inline int step_locked(DictIterator *it, Dict *d, bool backward, Value *key, Value *value) {
    if (UNLIKELY(it->length != d->length)) {
        it->length = -1; // and so it stays
        return STEP_RESIZED;
    }
    DictTable *t = d->table;
    if (UNLIKELY(!t))
        return STEP_END;
    int64_t i = it->position;
    if (backward) {
        if (i >= t->used_entries)
            i = t->used_entries - 1;
        while (i >= (int64_t)t->first && value_is_null(t->entries[i].key))
            i--;
        if (i < (int64_t)t->first)
            return STEP_END;
        it->position = i - 1;
    } else {
        i = dict_live_from(t, i);
        if (i >= t->used_entries)
            return STEP_END;
        it->position = i + 1;
    }
    if (UNLIKELY(it->remaining == 0))
        return STEP_CHANGED;
    it->remaining--;
    DictEntry *e = &t->entries[i];
    if (key) {
        *key = field_raw(&e->key);
        field_retain_locked(*key, false);
    }
    if (value) {
        *value = field_raw(&e->value);
        field_retain_locked(*value, false);
    }
    return STEP_ITEM;
}

// The same without the lock (gc/field.h) for the common case; false: take it.
ALWAYS_INLINE bool step_unlocked(DictIterator *it, const Dict *d, Value *key, Value *value) {
    uint64_t seen;
    DictTable *const *table = &d->table;
    if (UNLIKELY(!field_read_begin(&d->header, &d->mutations, &seen)))
        return false;
    const DictTable *t = __atomic_load_n(table, SHARED_LOAD);
    if (UNLIKELY(!t || it->remaining == 0 ||
                 it->length != __atomic_load_n(&d->length, SHARED_LOAD)))
        return false;
    // Entries below used_entries were all written once.
    int64_t i = it->position, used = __atomic_load_n(&t->used_entries, SHARED_LOAD);
    int64_t first = (int64_t)__atomic_load_n(&t->first, SHARED_LOAD);
    if (i < first)
        i = first;
    while (i < used && value_is_null(field_raw(&t->entries[i].key)))
        i++;
    if (UNLIKELY(i >= used))
        return false;
    FieldHold key_hold = FIELD_UNCOUNTED, value_hold = FIELD_UNCOUNTED;
    if (key && (key_hold = field_try_load(&t->entries[i].key, false, key)) == FIELD_LOST)
        return false;
    if (value)
        value_hold = field_try_load(&t->entries[i].value, false, value);
    if (LIKELY(value_hold != FIELD_LOST && field_read_valid(&d->header, &d->mutations, seen))) {
        it->position = i + 1;
        it->remaining--;
        return true;
    }
    if (key)
        field_undo(key_hold, *key);
    if (value)
        field_undo(value_hold, *value);
    return false;
}

static __attribute__((noinline)) int step_finish(DictIterator *it, int status) {
    if (status == STEP_RESIZED)
        return raise_int(&exception_RuntimeError, "dictionary changed size during iteration");
    object_lock(&it->header);
    Value dict = field_swap_locked(&it->dict, VALUE_NULL);
    object_unlock(&it->header);
    ref_release(dict);
    if (status == STEP_CHANGED)
        return raise_int(&exception_RuntimeError, "dictionary keys changed during iteration");
    return 0;
}

static __attribute__((noinline)) int step_shared(DictIterator *it, bool backward, Value *key,
                                                 Value *value) {
    object_lock(&it->header);
    Value dict = it->dict;
    ref_retain(dict);
    object_unlock(&it->header);
    if (value_is_null(dict))
        return 0;
    Dict *d = dict_of(dict);
    object_lock_two(&it->header, &d->header);
    int status = value_is_null(it->dict) ? STEP_ITEM + 1 : step_locked(it, d, backward, key, value);
    object_unlock_two(&it->header, &d->header);
    if (status == STEP_ITEM + 1)
        status = 0; // another thread saw the end meanwhile
    else if (status != STEP_ITEM)
        status = step_finish(it, status);
    ref_release(dict);
    return status;
}

static inline int step(DictIterator *it, bool backward, Value *key, Value *value) {
    if (UNLIKELY(!ref_is_still_unshared(&it->header)))
        return step_shared(it, backward, key, value);
    if (UNLIKELY(value_is_null(it->dict)))
        return 0;
    Dict *d = dict_of(it->dict);
    if (FIELD_READS_UNLOCKED && !backward && LIKELY(step_unlocked(it, d, key, value)))
        return 1;
    object_read_lock(&d->header);
    int status = step_locked(it, d, backward, key, value);
    object_read_unlock(&d->header);
    return LIKELY(status == STEP_ITEM) ? 1 : step_finish(it, status);
}

// The pair (key, value), both consumed, in the iterator's own tuple if nobody else holds that.
static Value make_pair(DictIterator *it, Value key, Value value) {
    if (LIKELY(ref_is_still_unshared(&it->header))) {
        Value pair = it->result;
        if (LIKELY(!value_is_null(pair)) && ref_is_exclusive(value_object(pair))) {
            Tuple *t = tuple_of(pair);
            Value old_key = t->items[0], old_value = t->items[1];
            t->items[0] = key;
            t->items[1] = value;
            ref_retain(pair);
            ref_release(old_key);
            ref_release(old_value);
            return pair;
        }
        if (value_is_null(pair)) {
            pair = tuple_pair_owned(key, value);
            if (!value_is_null(pair))
                it->result = ref_new(pair);
            return pair;
        }
    }
    return tuple_pair_owned(key, value);
}

static inline Value next_of(Value self, int kind, bool backward) {
    DictIterator *it = (DictIterator *)value_object(self);
    Value key, value;
    int status =
        step(it, backward, kind == DICT_VALUES ? NULL : &key, kind == DICT_KEYS ? NULL : &value);
    if (status <= 0)
        return VALUE_NULL;
    return kind == DICT_KEYS ? key : kind == DICT_VALUES ? value : make_pair(it, key, value);
}

static Value key_next(Value self) {
    return next_of(self, DICT_KEYS, false);
}
static Value value_next_slot(Value self) {
    return next_of(self, DICT_VALUES, false);
}
static Value item_next(Value self) {
    return next_of(self, DICT_ITEMS, false);
}
static int item_next_items(Value self, Value *items, uint32_t count) {
    if (UNLIKELY(count != 2))
        return NEXT_ITEMS_OTHER;
    return step((DictIterator *)value_object(self), false, &items[0], &items[1]);
}
static Value key_previous(Value self) {
    return next_of(self, DICT_KEYS, true);
}
static Value value_previous(Value self) {
    return next_of(self, DICT_VALUES, true);
}
static Value item_previous(Value self) {
    return next_of(self, DICT_ITEMS, true);
}

// ---- iterator objects ------------------------------------------------------------------

static Value new_iterator(Type *type, Value dict, bool backward) {
    DictIterator *it = object_allocate_exact(type, sizeof(DictIterator), HEAP_CONTAINER);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    Dict *d = dict_of(dict);
    it->dict = ref_new(dict);
    object_read_lock(&d->header);
    it->length = it->remaining = d->length;
    it->position = backward && d->table ? d->table->used_entries - 1 : 0;
    object_read_unlock(&d->header);
    return value_from_object(it);
}

Value dict_iterator_new(Value dict, int kind) {
    return new_iterator(kind == DICT_KEYS     ? &dict_key_iterator_type
                        : kind == DICT_VALUES ? &dict_value_iterator_type
                                              : &dict_item_iterator_type,
                        dict, false);
}

Value dict_iter(Value self) {
    return dict_iterator_new(self, DICT_KEYS);
}
Value dict_reversed(Value self) {
    return new_iterator(&dict_reverse_key_iterator_type, self, true);
}

static void iterator_destroy(Object *self) {
    DictIterator *it = (DictIterator *)self;
    ref_release(it->dict);
    ref_release(it->result);
    object_free_exact(self, sizeof(DictIterator), HEAP_CONTAINER);
}
static void iterator_traverse(Object *self, GcVisitor *visitor) {
    DictIterator *it = (DictIterator *)self;
    gc_visit(visitor, it->dict);
    gc_visit(visitor, it->result);
}

static Value iterator_length_hint(Value self) {
    DictIterator *it = (DictIterator *)value_object(self);
    object_lock(&it->header);
    Value dict = it->dict;
    ref_retain(dict);
    int64_t length = it->length, remaining = it->remaining;
    object_unlock(&it->header);
    if (value_is_null(dict) || dict_length(dict) != length)
        remaining = 0;
    ref_release(dict);
    return value_from_int(remaining);
}

// As a list iterator over what is left; the iterator itself does not move.
static Value iterator_reduce_method(Value self) {
    DictIterator *it = (DictIterator *)value_object(self);
    DictIterator *copy = object_allocate(value_type(self));
    if (!copy)
        return VALUE_NULL;
    object_lock(&it->header);
    copy->dict = it->dict;
    ref_retain(copy->dict);
    copy->length = it->length;
    copy->remaining = it->remaining;
    copy->position = it->position;
    object_unlock(&it->header);
    Value list = list_from_iterable(value_from_object(copy));
    ref_release(value_from_object(copy));
    return iterator_reduce("iter", list, VALUE_NULL);
}

static const NativeDef iterator_methods[] = {
    DEF_NONE("__length_hint__", iterator_length_hint, "Items left."),
    DEF_NONE("__reduce__", iterator_reduce_method, "How to pickle the iterator."),
    DEF_END,
};

#define ITERATOR_TYPE(variable, type_name, step_function, items_function)                          \
    Type variable = {                                                                              \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = type_name,                                                                         \
        .basic_size = sizeof(DictIterator),                                                        \
        .kind = HEAP_CONTAINER,                                                                    \
        .flags = TYPE_NO_NEW,                                                                      \
        .destroy = iterator_destroy,                                                               \
        .traverse = iterator_traverse,                                                             \
        .iter = object_self_iter,                                                                  \
        .next = step_function,                                                                     \
        .next_items = items_function,                                                              \
        .methods = iterator_methods,                                                               \
    }

ITERATOR_TYPE(dict_key_iterator_type, "dict_keyiterator", key_next, NULL);
ITERATOR_TYPE(dict_value_iterator_type, "dict_valueiterator", value_next_slot, NULL);
ITERATOR_TYPE(dict_item_iterator_type, "dict_itemiterator", item_next, item_next_items);
static ITERATOR_TYPE(dict_reverse_key_iterator_type, "dict_reversekeyiterator", key_previous, NULL);
static ITERATOR_TYPE(dict_reverse_value_iterator_type, "dict_reversevalueiterator", value_previous,
                     NULL);
static ITERATOR_TYPE(dict_reverse_item_iterator_type, "dict_reverseitemiterator", item_previous,
                     NULL);

// ---- views -----------------------------------------------------------------------------

static inline Value view_dict(Value v) {
    return ((DictView *)value_object(v))->dict;
}

Value dict_view_make(Type *type, Value dict) {
    DictView *view = object_allocate(type);
    if (UNLIKELY(!view))
        return VALUE_NULL;
    view->dict = ref_new(dict);
    return value_from_object(view);
}

Value dict_view_list(Value view) {
    Value dict = view_dict(view);
    return value_is_exactly(view, &dict_keys_type)     ? dict_keys_list(dict)
           : value_is_exactly(view, &dict_values_type) ? dict_values_list(dict)
                                                       : dict_items_list(dict);
}

Value dict_view_new(Value dict, int kind) {
    return dict_view_make(kind == DICT_KEYS     ? &dict_keys_type
                          : kind == DICT_VALUES ? &dict_values_type
                                                : &dict_items_type,
                          dict);
}

void dict_view_destroy(Object *self) {
    ref_release(((DictView *)self)->dict);
    object_free_fixed(self);
}
void dict_view_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((DictView *)self)->dict);
}

static int64_t view_length(Value self) {
    return dict_length(view_dict(self));
}

static Value keys_iter(Value self) {
    return dict_iterator_new(view_dict(self), DICT_KEYS);
}
static Value values_iter(Value self) {
    return dict_iterator_new(view_dict(self), DICT_VALUES);
}
static Value items_iter(Value self) {
    return dict_iterator_new(view_dict(self), DICT_ITEMS);
}

static Value keys_reversed(Value self) {
    return new_iterator(&dict_reverse_key_iterator_type, view_dict(self), true);
}
static Value values_reversed(Value self) {
    return new_iterator(&dict_reverse_value_iterator_type, view_dict(self), true);
}
static Value items_reversed(Value self) {
    return new_iterator(&dict_reverse_item_iterator_type, view_dict(self), true);
}

static int keys_contains(Value self, Value key) {
    return dict_contains(view_dict(self), key);
}

static int items_contains(Value self, Value item) {
    if (!value_is_tuple(item) || tuple_length(item) != 2)
        return 0;
    Value found = dict_get(view_dict(self), tuple_item(item, 0));
    if (value_is_null(found))
        return error_occurred() ? -1 : 0;
    int equal = value_equals(found, tuple_item(item, 1));
    ref_release(found);
    return equal;
}

static Value view_repr(Value self) {
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("...");
    Value list = list_from_iterable(self), text = VALUE_NULL;
    if (!value_is_null(list)) {
        text = str_format("%N(%R)", value_type(self), list);
        ref_release(list);
    }
    repr_leave(self);
    return text;
}

static bool is_set_like_view(Value v) {
    return value_is_instance(v, &dict_keys_type) || value_is_instance(v, &dict_items_type);
}

// Everything iterable gives is in container: 1, 0, -1.
static int all_contained(Value iterable, Value container) {
    Value iterator = value_iter_at_once(iterable), item;
    if (value_is_null(iterator))
        return -1;
    int result = 1;
    while (result > 0 && !value_is_null(item = value_next(iterator))) {
        result = value_contains(container, item);
        ref_release(item);
    }
    ref_release(iterator);
    return error_occurred() ? -1 : result;
}

static Value view_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_any_set(other) && !is_set_like_view(other))
        return not_implemented_new();
    int64_t length = view_length(self), other_length = value_length(other);
    if (other_length < 0)
        return VALUE_NULL;
    int result = 0;
    switch (op) {
    case COMPARE_EQ:
    case COMPARE_NE:
        if (length == other_length)
            result = all_contained(self, other);
        if (op == COMPARE_NE && result >= 0)
            result = !result;
        break;
    case COMPARE_LT:
        if (length < other_length)
            result = all_contained(self, other);
        break;
    case COMPARE_LE:
        if (length <= other_length)
            result = all_contained(self, other);
        break;
    case COMPARE_GT:
        if (length > other_length)
            result = all_contained(other, self);
        break;
    case COMPARE_GE:
        if (length >= other_length)
            result = all_contained(other, self);
        break;
    }
    return result < 0 ? VALUE_NULL : bool_new(result);
}

// Either operand may be the view; the result is a new set. The keys of a dict are added with the
// hashes that it knows.
static Value combined(Value left, Value right, int (*change)(Value, Value)) {
    bool plain =
        value_is_exactly(left, &dict_keys_type) && value_is_exactly(view_dict(left), &dict_type);
    Value result = set_from_iterable(plain ? view_dict(left) : left);
    if (!value_is_null(result) && change(result, right) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}
static Value view_subtract(Value left, Value right) {
    return combined(left, right, set_difference_update);
}
static Value view_or(Value left, Value right) {
    return combined(left, right, set_update);
}
static Value view_xor(Value left, Value right) {
    return combined(left, right, set_symmetric_difference_update);
}
static Value view_and(Value left, Value right) {
    if (!is_set_like_view(left)) {
        Value x = left;
        left = right;
        right = x;
    }
    if (value_is_exactly(right, &set_type) && view_length(left) <= set_length(right))
        return value_call_method_cstr(right, "intersection", &left, 1);
    // Walk the shorter one if both can tell quickly what they contain.
    if (is_set_like_view(right) && dict_length(view_dict(right)) > dict_length(view_dict(left))) {
        Value x = left;
        left = right;
        right = x;
    }
    Value iterator = value_iter_at_once(right), item;
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value result = set_new();
    while (!value_is_null(result) && !value_is_null(item = value_next(iterator))) {
        int contained = value_contains(left, item);
        if (contained > 0)
            contained = set_add(result, item);
        ref_release(item);
        if (contained < 0)
            break;
    }
    ref_release(iterator);
    if (error_occurred()) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value view_isdisjoint(Value self, Value other) {
    if (value_same(self, other))
        return bool_new(view_length(self) == 0);
    Value container = self;
    if ((value_is_any_set(other) || is_set_like_view(other)) &&
        value_length(other) > view_length(self)) {
        container = other;
        other = self;
    }
    Value iterator = value_iter_at_once(other), item;
    if (value_is_null(iterator))
        return VALUE_NULL;
    int contained = 0;
    while (contained == 0 && !value_is_null(item = value_next(iterator))) {
        contained = value_contains(container, item);
        ref_release(item);
    }
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : bool_new(contained == 0);
}

static Value view_mapping(Value self) {
    return mapping_proxy_new(view_dict(self));
}

static const GetSetDef view_getsets[] = {
    {"mapping", view_mapping, NULL, "The dict the view is of, read-only."},
    {NULL},
};
#define REVERSED_DOC "An iterator from the newest to the oldest."
#define DISJOINT_DOC "Whether the view and the other have nothing in common."
static const NativeDef keys_methods[] = {
    DEF_ONE("isdisjoint", view_isdisjoint, DISJOINT_DOC),
    DEF_NONE("__reversed__", keys_reversed, REVERSED_DOC),
    DEF_END,
};
static const NativeDef items_methods[] = {
    DEF_ONE("isdisjoint", view_isdisjoint, DISJOINT_DOC),
    DEF_NONE("__reversed__", items_reversed, REVERSED_DOC),
    DEF_END,
};
static const NativeDef values_methods[] = {
    DEF_NONE("__reversed__", values_reversed, REVERSED_DOC),
    DEF_END,
};

Type dict_keys_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "dict_keys",
    .basic_size = sizeof(DictView),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_UNHASHABLE,
    .destroy = dict_view_destroy,
    .traverse = dict_view_traverse,
    .repr = view_repr,
    .compare = view_compare,
    .iter = keys_iter,
    .length = view_length,
    .contains = keys_contains,
    .binary[BINARY_SUBTRACT] = view_subtract,
    .binary[BINARY_AND] = view_and,
    .binary[BINARY_OR] = view_or,
    .binary[BINARY_XOR] = view_xor,
    .methods = keys_methods,
    .getsets = view_getsets,
};

Type dict_items_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "dict_items",
    .basic_size = sizeof(DictView),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_UNHASHABLE,
    .destroy = dict_view_destroy,
    .traverse = dict_view_traverse,
    .repr = view_repr,
    .compare = view_compare,
    .iter = items_iter,
    .length = view_length,
    .contains = items_contains,
    .binary[BINARY_SUBTRACT] = view_subtract,
    .binary[BINARY_AND] = view_and,
    .binary[BINARY_OR] = view_or,
    .binary[BINARY_XOR] = view_xor,
    .methods = items_methods,
    .getsets = view_getsets,
};

Type dict_values_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "dict_values",
    .basic_size = sizeof(DictView),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = dict_view_destroy,
    .traverse = dict_view_traverse,
    .repr = view_repr,
    .iter = values_iter,
    .length = view_length,
    .methods = values_methods,
    .getsets = view_getsets,
};

void dict_views_start(void) {
    type_ready(&dict_key_iterator_type);
    type_ready(&dict_value_iterator_type);
    type_ready(&dict_item_iterator_type);
    type_ready(&dict_reverse_key_iterator_type);
    type_ready(&dict_reverse_value_iterator_type);
    type_ready(&dict_reverse_item_iterator_type);
    type_ready(&dict_keys_type);
    type_ready(&dict_values_type);
    type_ready(&dict_items_type);
}
