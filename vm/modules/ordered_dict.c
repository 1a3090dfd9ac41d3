// SPDX-License-Identifier: MIT
//
// collections.OrderedDict: a dict, whose table keeps the order anyway, with moves to either end.
// Moving to the end appends the entry anew; moving to the front takes a free entry before the
// first one, of which a rebuilt table has some (dict_table.h). So whatever dict's own methods do
// to an OrderedDict leaves it sound.
#include "gc/reclaim.h"
#include "vm/modules/collections_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/function.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/repr_guard.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Dict dict;
    Value attributes; // __dict__, VALUE_NULL until used
} OrderedDict;

static Type keys_type, values_type, items_type, iterator_type;

static bool is_exact(Value v) {
    return value_is_exactly(v, &ordered_dict_type);
}
static bool is_ordered(Value v) {
    return value_is_instance(v, &ordered_dict_type);
}

// ---- filling -----------------------------------------------------------------------------

// self[key] = value as a subclass may define it.
static int set(Value self, Value key, Value value) {
    return is_exact(self) ? dict_set(self, key, value) : value_setitem(self, key, value);
}

static int add_pairs(Value self, Value pairs) {
    Value iterator = value_iter(pairs), item;
    if (value_is_null(iterator))
        return -1;
    int status = 0;
    while (status == 0 && !value_is_null(item = value_next(iterator))) {
        Value pair = tuple_from_iterable(item);
        ref_release(item);
        if (value_is_null(pair)) {
            status = -1;
            break;
        }
        int64_t length = tuple_length(pair);
        if (length < 2)
            status = raise_int(&exception_ValueError, "need more than %lld value%s to unpack",
                               (long long)length, length == 1 ? "" : "s");
        else if (length > 2)
            status = raise_int(&exception_ValueError, "too many values to unpack (expected 2)");
        else
            status = set(self, tuple_item(pair, 0), tuple_item(pair, 1));
        ref_release(pair);
    }
    ref_release(iterator);
    return error_occurred() ? -1 : status;
}

static int add_from(Value self, Value other) {
    if (value_is_exactly(other, &dict_type)) {
        Value items = dict_items_list(other);
        if (value_is_null(items))
            return -1;
        int status = add_pairs(self, items);
        ref_release(items);
        return status;
    }
    Value method = VALUE_NULL;
    int found = value_lookup_attr(other, name_keys, &method);
    if (found < 0)
        return -1;
    if (found) {
        Value keys = value_call_none(method), key;
        ref_release(method);
        if (value_is_null(keys))
            return -1;
        Value iterator = value_iter(keys);
        ref_release(keys);
        if (value_is_null(iterator))
            return -1;
        while (!value_is_null(key = value_next(iterator))) {
            Value value = value_getitem(other, key);
            int status = value_is_null(value) ? -1 : set(self, key, value);
            ref_release(value);
            ref_release(key);
            if (status < 0)
                break;
        }
        ref_release(iterator);
        return error_occurred() ? -1 : 0;
    }
    found = value_lookup_attr(other, name_items, &method);
    if (found < 0)
        return -1;
    if (found) {
        Value items = value_call_none(method);
        ref_release(method);
        if (value_is_null(items))
            return -1;
        int status = add_pairs(self, items);
        ref_release(items);
        return status;
    }
    return add_pairs(self, other);
}

static int add_arguments(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs && add_from(self, args[0]) < 0)
        return -1;
    if (!value_is_null(kwnames))
        for (int64_t i = 0; i < tuple_length(kwnames); i++)
            if (set(self, tuple_item(kwnames, i), args[nargs + (size_t)i]) < 0)
                return -1;
    return 0;
}

static int ordered_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs > 1)
        return raise_int(&exception_TypeError, "expected at most 1 arguments, got %lld",
                         (long long)nargs);
    return add_arguments(self, args, nargs, kwnames);
}

static Value ordered_update(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs > 1)
        return raise_type_error("update() takes at most 1 positional argument (%lld given)",
                                (long long)nargs);
    return add_arguments(self, args, nargs, kwnames) < 0 ? VALUE_NULL : none_new();
}

static void ordered_destroy(Object *self) {
    OrderedDict *o = (OrderedDict *)self;
    DictTable *t = o->dict.table;
    o->dict.table = NULL;
    o->dict.length = 0;
    dict_table_destroy(t);
    ref_release(o->attributes);
    type_free_instance(self);
}
static void ordered_traverse(Object *self, GcVisitor *visitor) {
    dict_traverse(self, visitor);
    gc_visit(visitor, ((OrderedDict *)self)->attributes);
}

// ---- moving ------------------------------------------------------------------------------

static int move_to_end(Value self, Value key) {
    Dict *d = dict_of(self);
    int64_t hash = value_hash_inline(key);
    if (hash == -1)
        return -1;
    object_lock(&d->header);
    for (;;) {
        int64_t i = dict_find_locked(d, key, hash);
        if (i < 0) {
            object_unlock(&d->header);
            if (i == DICT_ABSENT)
                raise_key_error(key);
            return -1;
        }
        if (i == d->table->used_entries - 1 || dict_table_has_room(d->table)) {
            dict_move_to_end_locked(d, i);
            object_unlock(&d->header);
            return 0;
        }
        uint64_t mutations = d->mutations;
        object_unlock(&d->header);
        if (dict_make_room(d, &mutations) < 0)
            return -1;
    }
}

static int move_to_front(Value self, Value key) {
    Dict *d = dict_of(self);
    int64_t hash = value_hash_inline(key);
    if (hash == -1)
        return -1;
    for (;;) {
        object_lock(&d->header);
        int64_t i = dict_find_locked(d, key, hash);
        if (i < 0) {
            object_unlock(&d->header);
            if (i == DICT_ABSENT)
                raise_key_error(key);
            return -1;
        }
        DictTable *t = d->table;
        if (dict_live_from(t, 0) == i || t->first > 0) {
            dict_move_to_front_locked(d, i);
            object_unlock(&d->header);
            return 0;
        }
        int64_t length = d->length;
        object_unlock(&d->header);
        // A table with free entries in front, a quarter of what it holds, so that moves to the
        // front take constant time on average.
        int64_t gap = 2 + (length >> 2);
        DictTable *fresh = dict_table_new(length + gap + 2 + (length >> 2)), *unused = fresh;
        if (!fresh)
            return -1;
        object_lock(&d->header);
        if (d->table && d->length + gap + 1 <= fresh->capacity)
            unused = dict_replace_table_locked(d, fresh, gap);
        object_unlock(&d->header);
        dict_table_reclaim(unused);
    }
}

static Value ordered_move_to_end(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "last", NULL};
    Value values[2];
    if (arguments_parse("move_to_end", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    int last = value_is_null(values[1]) ? 1 : value_truth(values[1]);
    if (last < 0)
        return VALUE_NULL;
    int status = last ? move_to_end(self, values[0]) : move_to_front(self, values[0]);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value ordered_popitem(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"last", NULL};
    Value last_value;
    if (arguments_parse("popitem", args, nargs, kwnames, names, 0, 1, 0, &last_value) < 0)
        return VALUE_NULL;
    int last = value_is_null(last_value) ? 1 : value_truth(last_value);
    if (last < 0)
        return VALUE_NULL;
    Dict *d = dict_of(self);
    object_lock(&d->header);
    if (d->length == 0) {
        object_unlock(&d->header);
        return raise_error(&exception_KeyError, "dictionary is empty");
    }
    Value key, value;
    if (last)
        dict_remove_last_locked(d, &key, &value);
    else
        dict_remove_locked(d, dict_live_from(d->table, 0), &key, &value);
    object_unlock(&d->header);
    return tuple_pair_owned(key, value);
}

// ---- methods -----------------------------------------------------------------------------

static Value ordered_pop(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "default", NULL};
    Value values[2];
    if (arguments_parse("pop", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    return dict_pop(self, values[0], values[1]);
}

static Value ordered_setdefault(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"key", "default", NULL};
    Value values[2];
    if (arguments_parse("setdefault", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    Value fallback = value_is_null(values[1]) ? VALUE_NONE : values[1];
    if (is_exact(self))
        return dict_setdefault(self, values[0], fallback);
    int present = value_contains(self, values[0]);
    if (present < 0)
        return VALUE_NULL;
    if (present)
        return value_getitem(self, values[0]);
    return value_setitem(self, values[0], fallback) < 0 ? VALUE_NULL : ref_new(fallback);
}

static Value ordered_clear(Value self) {
    dict_clear(self);
    return none_new();
}

static Value ordered_copy(Value self) {
    Value copy;
    if (is_exact(self)) {
        copy = value_from_object(object_allocate(&ordered_dict_type));
        if (!value_is_null(copy) && dict_merge_plain(copy, self, true) == 0)
            return copy;
    } else {
        copy = value_call_none(value_from_object(value_type(self)));
        Value keys = value_is_null(copy) ? VALUE_NULL : dict_keys_list(self);
        int status = value_is_null(keys) ? -1 : 0;
        for (int64_t i = 0; status == 0 && i < list_length(keys); i++) {
            Value key = list_of(keys)->items[i], value = value_getitem(self, key);
            status = value_is_null(value) ? -1 : value_setitem(copy, key, value);
            ref_release(value);
        }
        ref_release(keys);
        if (status == 0)
            return copy;
    }
    ref_release(copy);
    return VALUE_NULL;
}

static Value ordered_fromkeys(Value class, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "value", NULL};
    Value values[2], key;
    if (arguments_parse("fromkeys", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    Value result = value_call_none(class);
    if (value_is_null(result))
        return VALUE_NULL;
    Value iterator = value_iter(values[0]);
    if (!value_is_null(iterator)) {
        Value value = value_is_null(values[1]) ? VALUE_NONE : values[1];
        while (!value_is_null(key = value_next(iterator))) {
            int status = set(result, key, value);
            ref_release(key);
            if (status < 0)
                break;
        }
        ref_release(iterator);
    }
    if (error_occurred()) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value ordered_repr(Value self) {
    const char *name = type_name(value_type(self));
    if (dict_length(self) == 0)
        return str_format("%s()", name);
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("...");
    Value items, text = VALUE_NULL;
    if (is_exact(self)) {
        items = dict_items_list(self);
    } else {
        Value view = value_call_method(self, name_items, NULL, 0);
        items = value_is_null(view) ? VALUE_NULL : list_from_iterable(view);
        ref_release(view);
    }
    if (!value_is_null(items))
        text = str_format("%s(%R)", name, items);
    ref_release(items);
    repr_leave(self);
    return text;
}

// Same keys in the same order: 1, 0, -1.
static int same_order(Value a, Value b) {
    int64_t i = 0, k = 0;
    Value x, y;
    int equal = 1;
    while (equal > 0 && dict_next(a, &i, &x, NULL, NULL)) {
        if (dict_next(b, &k, &y, NULL, NULL)) {
            equal = value_same(x, y) ? 1 : value_equals(x, y);
            ref_release(y);
        } else {
            equal = 0;
        }
        ref_release(x);
    }
    return equal;
}

static Value ordered_compare(Value self, Value other, CompareOperator op) {
    if (op != COMPARE_EQ && op != COMPARE_NE)
        return not_implemented_new();
    Value equal = dict_compare(self, other, COMPARE_EQ);
    if (value_is_null(equal) || value_same(equal, VALUE_NOT_IMPLEMENTED))
        return equal;
    bool result = value_same(equal, VALUE_TRUE);
    ref_release(equal);
    if (result && is_ordered(self) && is_ordered(other)) {
        int status = same_order(self, other);
        if (status < 0)
            return VALUE_NULL;
        result = status;
    }
    return bool_new(result == (op == COMPARE_EQ));
}

static Value ordered_or(Value left, Value right) {
    if (!value_is_dict(left) || !value_is_dict(right))
        return not_implemented_new();
    Type *type = value_type(is_ordered(left) ? left : right);
    Value result = value_call_one(value_from_object(type), left);
    if (!value_is_null(result) && add_from(result, right) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value ordered_inplace_or(Value self, Value other) {
    return add_from(self, other) < 0 ? VALUE_NULL : ref_new(self);
}

static Value ordered_reduce(Value self) {
    Value state = value_call_method(self, name___getstate__, NULL, 0), view, iterator = VALUE_NULL,
          empty = tuple_empty(), result = VALUE_NULL;
    if (!value_is_null(state)) {
        view = value_call_method(self, name_items, NULL, 0);
        if (!value_is_null(view))
            iterator = value_iter(view);
        ref_release(view);
    }
    if (!value_is_null(iterator))
        result =
            tuple_pack(5, value_from_object(value_type(self)), empty, state, VALUE_NONE, iterator);
    ref_release(state);
    ref_release(iterator);
    ref_release(empty);
    return result;
}

static Value ordered_sizeof(Value self) {
    Dict *d = dict_of(self);
    int64_t size = value_type(self)->basic_size;
    object_lock(&d->header);
    if (d->table)
        size += (int64_t)(sizeof(DictTable) + dict_index_bytes(d->table)) +
                d->table->capacity * (int64_t)sizeof(DictEntry);
    object_unlock(&d->header);
    return value_from_int(size);
}

static Value ordered_dict_attribute(Value self) {
    return instance_dict(self);
}
static int ordered_set_dict_attribute(Value self, Value dict) {
    if (value_is_null(dict))
        return raise_int(&exception_TypeError, "cannot delete __dict__");
    return instance_set_dict(self, dict);
}

// ---- iterators and views -------------------------------------------------------------------

// Like CPython's, it looks for the next entry when it gives one, so that changes made after the
// last one was given go unnoticed.
typedef struct {
    Object header;
    Value dict;       // VALUE_NULL once exhausted; this and position guarded by the lock
    int64_t position; // next entry, -1: none
    uint64_t mutations;
    uint8_t kind; // DICT_*
    bool backward;
} OrderedIterator;

// The first live entry from i on in the direction, or -1. Lock of the dict held.
static int64_t live_position(const Dict *d, int64_t i, bool backward) {
    const DictTable *t = d->table;
    if (!t)
        return -1;
    if (!backward) {
        i = dict_live_from(t, i);
        return i < t->used_entries ? i : -1;
    }
    while (i >= (int64_t)t->first && value_is_null(t->entries[i].key))
        i--;
    return i >= (int64_t)t->first ? i : -1;
}

static Value iterator_new(Value dict, int kind, bool backward) {
    OrderedIterator *it = object_allocate(&iterator_type);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    Dict *d = dict_of(dict);
    it->dict = ref_new(dict);
    it->kind = (uint8_t)kind;
    it->backward = backward;
    object_read_lock(&d->header);
    it->mutations = d->mutations;
    it->position =
        live_position(d, backward && d->table ? d->table->used_entries - 1 : 0, backward);
    object_read_unlock(&d->header);
    return value_from_object(it);
}

static Value iterator_next(Value self) {
    OrderedIterator *it = (OrderedIterator *)value_object(self);
    Value dict = field_load(&it->header, &it->dict);
    if (value_is_null(dict))
        return VALUE_NULL;
    Dict *d = dict_of(dict);
    Value key = VALUE_NULL, value = VALUE_NULL;
    object_lock_two(&it->header, &d->header);
    bool over = it->position < 0, mutated = d->mutations != it->mutations;
    if (!over && !mutated) {
        DictEntry *e = &d->table->entries[it->position];
        key = ref_new(e->key);
        value = ref_new(e->value);
        it->position = live_position(d, it->position + (it->backward ? -1 : 1), it->backward);
    }
    object_unlock_two(&it->header, &d->header);
    ref_release(dict);
    if (over) {
        field_clear(&it->header, &it->dict);
        return VALUE_NULL;
    }
    if (mutated)
        return raise_error(&exception_RuntimeError, "OrderedDict mutated during iteration");
    if (it->kind == DICT_ITEMS)
        return tuple_pair_owned(key, value);
    ref_release(it->kind == DICT_KEYS ? value : key);
    return it->kind == DICT_KEYS ? key : value;
}

static void iterator_destroy(Object *self) {
    ref_release(((OrderedIterator *)self)->dict);
    object_free_fixed(self);
}
static void iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((OrderedIterator *)self)->dict);
}

static Value iterator_reduce_method(Value self) {
    OrderedIterator *it = (OrderedIterator *)value_object(self);
    OrderedIterator *copy = object_allocate(&iterator_type);
    if (!copy)
        return VALUE_NULL;
    object_lock(&it->header);
    copy->dict = it->dict;
    ref_retain(copy->dict);
    copy->position = it->position;
    copy->mutations = it->mutations;
    object_unlock(&it->header);
    copy->kind = it->kind;
    copy->backward = it->backward;
    Value list = list_from_iterable(value_from_object(copy));
    ref_release(value_from_object(copy));
    return iterator_reduce("iter", list, VALUE_NULL);
}

static const NativeDef iterator_methods[] = {
    DEF_NONE("__reduce__", iterator_reduce_method, "How to pickle the iterator."),
    DEF_END,
};

static Type iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "odict_iterator",
    .basic_size = sizeof(OrderedIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .iter = object_self_iter,
    .next = iterator_next,
    .methods = iterator_methods,
};

static inline Value view_dict(Value v) {
    return ((DictView *)value_object(v))->dict;
}

#define VIEW(prefix, type_name_text, base_type, kind_of_view)                                      \
    static Value prefix##_iter(Value self) {                                                       \
        return iterator_new(view_dict(self), kind_of_view, false);                                 \
    }                                                                                              \
    static Value prefix##_reversed(Value self) {                                                   \
        return iterator_new(view_dict(self), kind_of_view, true);                                  \
    }                                                                                              \
    static const NativeDef prefix##_methods[] = {                                                  \
        DEF_NONE("__reversed__", prefix##_reversed, "An iterator from the last to the first."),    \
        DEF_END,                                                                                   \
    };                                                                                             \
    static Type prefix##_type = {                                                                  \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = type_name_text,                                                                    \
        .basic_size = sizeof(DictView),                                                            \
        .kind = HEAP_CONTAINER,                                                                    \
        .flags = TYPE_NO_NEW,                                                                      \
        .base = &base_type,                                                                        \
        .destroy = dict_view_destroy,                                                              \
        .traverse = dict_view_traverse,                                                            \
        .iter = prefix##_iter,                                                                     \
        .methods = prefix##_methods,                                                               \
    };                                                                                             \
    static Value ordered_##prefix(Value self) {                                                    \
        return dict_view_make(&prefix##_type, self);                                               \
    }
VIEW(keys, "odict_keys", dict_keys_type, DICT_KEYS)
VIEW(values, "odict_values", dict_values_type, DICT_VALUES)
VIEW(items, "odict_items", dict_items_type, DICT_ITEMS)

bool ordered_dict_is_plain(const Type *type) {
    return type == &ordered_dict_type || type == &keys_type || type == &values_type ||
           type == &items_type;
}

Value ordered_dict_list(Value v) {
    const Type *type = value_type(v);
    return type == &ordered_dict_type ? dict_keys_list(v)
           : type == &keys_type       ? dict_keys_list(view_dict(v))
           : type == &values_type     ? dict_values_list(view_dict(v))
                                      : dict_items_list(view_dict(v));
}

Value ordered_dict_iter(Value self) {
    return iterator_new(self, DICT_KEYS, false);
}
static Value ordered_reversed(Value self) {
    return iterator_new(self, DICT_KEYS, true);
}

// ---- the type ----------------------------------------------------------------------------

static const NativeDef ordered_methods[] = {
    DEF_CLASS("fromkeys", ordered_fromkeys,
              "fromkeys($type, /, iterable, value=None)\n--\n\n"
              "A new OrderedDict with keys from iterable, each set to value."),
    DEF_NONE("__sizeof__", ordered_sizeof, NULL),
    DEF_NONE("__reduce__", ordered_reduce, "How to pickle the dict."),
    DEF_VECTOR("setdefault", ordered_setdefault,
               "setdefault($self, /, key, default=None)\n--\n\n"
               "The value of key; sets it to default first if absent."),
    DEF_VECTOR("pop", ordered_pop,
               "pop($self, /, key, default=<unrepresentable>)\n--\n\n"
               "Takes key out and gives its value, or default, or raises KeyError."),
    DEF_VECTOR("popitem", ordered_popitem,
               "popitem($self, /, last=True)\n--\n\nTakes out the last or the first key."),
    DEF_NONE("keys", ordered_keys, NULL),
    DEF_NONE("values", ordered_values, NULL),
    DEF_NONE("items", ordered_items, NULL),
    DEF_VECTOR("update", ordered_update, NULL),
    DEF_NONE("clear", ordered_clear, "Takes all keys out."),
    DEF_NONE("copy", ordered_copy, "A new OrderedDict of the same items."),
    DEF_NONE("__reversed__", ordered_reversed, "An iterator from the last key to the first."),
    DEF_VECTOR("move_to_end", ordered_move_to_end,
               "move_to_end($self, /, key, last=True)\n--\n\n"
               "Makes an existing key the last, or the first."),
    DEF_END,
};
static const GetSetDef ordered_getsets[] = {
    {"__dict__", ordered_dict_attribute, ordered_set_dict_attribute, NULL},
    {NULL},
};

Type ordered_dict_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "collections.OrderedDict",
    .basic_size = sizeof(OrderedDict),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_DICT_SUBCLASS | TYPE_MAPPING | TYPE_UNHASHABLE | TYPE_WEAKREFABLE |
             TYPE_HAS_DICT_FIELD,
    .dict_offset = offsetof(OrderedDict, attributes),
    .base = &dict_type,
    .doc = "A dict that can move keys to either end and whose comparison heeds the order.",
    .call_new = dict_call_new,
    .init = ordered_init,
    .destroy = ordered_destroy,
    .traverse = ordered_traverse,
    .clear = dict_drop,
    .repr = ordered_repr,
    .compare = ordered_compare,
    .iter = ordered_dict_iter,
    .setitem = dict_setitem,
    .binary[BINARY_OR] = ordered_or,
    .inplace[BINARY_OR] = ordered_inplace_or,
    .methods = ordered_methods,
    .getsets = ordered_getsets,
};

void ordered_dict_start(void) {
    type_ready(&iterator_type);
    type_ready(&keys_type);
    type_ready(&values_type);
    type_ready(&items_type);
}
