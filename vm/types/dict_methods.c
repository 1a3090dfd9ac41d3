// SPDX-License-Identifier: MIT
//
// What Python sees of dict: slots and methods. Views and iterators are in dict_views.c.
#include "gc/reclaim.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/repr_guard.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- life ------------------------------------------------------------------------------

Value dict_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

int dict_update_arguments(const char *function, Value self, const Value *args, size_t nargs,
                          Value kwnames) {
    if (arguments_count(function, nargs, 0, 1) < 0)
        return -1;
    if (nargs && dict_update(self, args[0]) < 0)
        return -1;
    if (!value_is_null(kwnames))
        for (int64_t i = 0; i < tuple_length(kwnames); i++)
            if (dict_set(self, tuple_item(kwnames, i), args[nargs + (size_t)i]) < 0)
                return -1;
    return 0;
}

static int dict_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return dict_update_arguments("dict", self, args, nargs, kwnames);
}

void dict_drop(Object *self) {
    dict_clear(value_from_object(self));
}

static void dict_destroy(Object *self) {
    Dict *d = (Dict *)self;
    DictTable *t = d->table;
    d->table = NULL;
    d->length = 0;
    dict_table_destroy(t);
    if (LIKELY(self->type == &dict_type))
        object_free_exact(self, sizeof(Dict), HEAP_CONTAINER);
    else
        type_free_instance(self);
}

void dict_traverse(Object *self, GcVisitor *visitor) {
    DictTable *t = ((Dict *)self)->table;
    if (!t)
        return;
    for (int64_t i = t->first; i < t->used_entries; i++) {
        gc_visit(visitor, t->entries[i].key);
        gc_visit(visitor, t->entries[i].value);
    }
}

// ---- slots -----------------------------------------------------------------------------

Value dict_repr(Value self) {
    if (dict_length(self) == 0)
        return str_from_cstr("{}");
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("{...}");
    StrBuilder b;
    str_builder_start(&b);
    str_builder_char(&b, '{');
    int64_t position = 0;
    bool more = false, failed = false;
    Value key, value;
    while (!failed && dict_next(self, &position, &key, &value, NULL)) {
        if (more)
            str_builder_ascii(&b, ", ", 2);
        more = true;
        Value text = value_repr(key);
        failed = value_is_null(text);
        if (!failed) {
            str_builder_str(&b, text);
            str_builder_ascii(&b, ": ", 2);
            ref_release(text);
            text = value_repr(value);
            failed = value_is_null(text);
            if (!failed) {
                str_builder_str(&b, text);
                ref_release(text);
            }
        }
        ref_release(key);
        ref_release(value);
    }
    repr_leave(self);
    if (failed) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    str_builder_char(&b, '}');
    return str_builder_finish(&b);
}

// Every entry of a is in b with an equal value: 1, 0, -1.
static int entries_in(Value a, Value b) {
    int64_t position = 0, hash;
    Value key, value;
    Dict *first = dict_of(a), *second = dict_of(b);
    object_lock_two(&first->header, &second->header);
    int equal = dict_entries_in_locked(first, second, &position);
    object_unlock_two(&first->header, &second->header);
    if (equal >= 0)
        return equal;
    equal = 1;
    while (equal > 0 && dict_next(a, &position, &key, &value, &hash)) {
        Value other = dict_get_hashed(b, key, hash);
        if (value_is_null(other)) {
            equal = error_occurred() ? -1 : 0;
        } else {
            if (!value_same(value, other)) {
                equal = value_equal_simple(value, other);
                if (equal < 0)
                    equal = value_equals(value, other);
            }
            ref_release(other);
        }
        ref_release(key);
        ref_release(value);
    }
    return equal;
}

Value dict_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_dict(self) || !value_is_dict(other))
        return not_implemented_new();
    int equal = 0;
    if (dict_length(self) == dict_length(other)) {
        if (thread_enter_recursive(" in comparison") < 0)
            return VALUE_NULL;
        equal = entries_in(self, other);
        thread_leave_recursive();
    }
    return equal < 0 ? VALUE_NULL : bool_new(equal == (op == COMPARE_EQ));
}

int64_t dict_length_slot(Value self) {
    return dict_length(self);
}

static __attribute__((noinline)) Value missing(Value self, Value key) {
    if (!value_is_exactly(self, &dict_type)) {
        Value method = VALUE_NULL;
        int found = value_lookup_special(self, name___missing__, &method);
        if (found < 0)
            return VALUE_NULL;
        if (found) {
            Value value = value_call_one(method, key);
            ref_release(method);
            return value;
        }
    }
    return raise_key_error(key);
}

Value dict_getitem(Value self, Value key) {
    Value value = dict_get(self, key);
    if (LIKELY(!value_is_null(value)))
        return value;
    return error_occurred() ? VALUE_NULL : missing(self, key);
}

int dict_setitem(Value self, Value key, Value value) {
    return value_is_null(value) ? dict_delete(self, key) : dict_set(self, key, value);
}

static Value dict_or(Value left, Value right) {
    if (!value_is_dict(left) || !value_is_dict(right))
        return not_implemented_new();
    Value result = dict_copy(left);
    if (!value_is_null(result) && dict_update(result, right) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value dict_inplace_or(Value self, Value other) {
    return dict_update(self, other) < 0 ? VALUE_NULL : ref_new(self);
}

// ---- methods ---------------------------------------------------------------------------

static Value dict_get_method(Value self, const Value *args, size_t nargs) {
    Value value = dict_get(self, args[0]);
    if (!value_is_null(value) || error_occurred())
        return value;
    return nargs > 1 ? ref_new(args[1]) : none_new();
}

static Value dict_setdefault_method(Value self, const Value *args, size_t nargs) {
    return dict_setdefault(self, args[0], nargs > 1 ? args[1] : VALUE_NONE);
}

static Value dict_pop_method(Value self, const Value *args, size_t nargs) {
    if (dict_length(self) == 0) // does not even hash the key
        return nargs > 1 ? ref_new(args[1]) : raise_key_error(args[0]);
    return dict_pop(self, args[0], nargs > 1 ? args[1] : VALUE_NULL);
}

static Value dict_popitem(Value self) {
    Dict *d = dict_of(self);
    object_lock(&d->header);
    if (d->length == 0) {
        object_unlock(&d->header);
        return raise_error(&exception_KeyError, "popitem(): dictionary is empty");
    }
    Value key, value;
    dict_remove_last_locked(d, &key, &value);
    object_unlock(&d->header);
    return tuple_pair_owned(key, value);
}

static Value dict_contains_method(Value self, Value key) {
    int found = dict_contains(self, key);
    return found < 0 ? VALUE_NULL : bool_new(found);
}

static Value dict_clear_method(Value self) {
    dict_clear(self);
    return none_new();
}

static Value dict_copy_method(Value self) {
    return dict_copy(self);
}
static Value dict_keys_method(Value self) {
    return dict_view_new(self, DICT_KEYS);
}
static Value dict_values_method(Value self) {
    return dict_view_new(self, DICT_VALUES);
}
static Value dict_items_method(Value self) {
    return dict_view_new(self, DICT_ITEMS);
}

static Value dict_update_method(Value self, const Value *args, size_t nargs, Value kwnames) {
    return dict_update_arguments("update", self, args, nargs, kwnames) < 0 ? VALUE_NULL
                                                                           : none_new();
}

static Value dict_fromkeys(Value class, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("fromkeys", kwnames) < 0 ||
        arguments_count("fromkeys", nargs, 1, 2) < 0)
        return VALUE_NULL;
    Value value = nargs > 1 ? args[1] : VALUE_NONE;
    Value result = value_call_none(class);
    if (value_is_null(result))
        return VALUE_NULL;
    bool exact = value_is_exactly(result, &dict_type);
    Value key;
    if (exact && (value_is_exactly(args[0], &dict_type) || value_is_exactly(args[0], &set_type) ||
                  value_is_exactly(args[0], &frozenset_type))) {
        // The hashes are known.
        int64_t position = 0, hash;
        int status = dict_reserve(result, value_is_dict(args[0]) ? dict_length(args[0])
                                                                 : set_length(args[0]));
        while (status == 0 &&
               (value_is_dict(args[0]) ? dict_next(args[0], &position, &key, NULL, &hash)
                                       : set_next_entry(set_of(args[0]), &position, &key, &hash))) {
            status = dict_set_hashed(result, key, hash, value);
            ref_release(key);
        }
        if (status == 0)
            return result;
        ref_release(result);
        return VALUE_NULL;
    }
    Value iterator = value_iter_at_once(args[0]);
    if (value_is_null(iterator)) {
        ref_release(result);
        return VALUE_NULL;
    }
    while (!value_is_null(key = value_next(iterator))) {
        int status = exact ? dict_set(result, key, value) : value_setitem(result, key, value);
        ref_release(key);
        if (status < 0)
            break;
    }
    ref_release(iterator);
    if (error_occurred()) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value dict_sizeof(Value self) {
    Dict *d = dict_of(self);
    int64_t size = value_type(self)->basic_size;
    object_lock(&d->header);
    DictTable *t = d->table;
    if (t)
        size += (int64_t)(sizeof(DictTable) + dict_index_bytes(t)) +
                t->capacity * (int64_t)sizeof(DictEntry);
    object_unlock(&d->header);
    return value_from_int(size);
}

static const NativeDef dict_methods[] = {
    DEF_ONE("__contains__", dict_contains_method,
            "__contains__($self, key, /)\n--\n\nWhether the dict has key."),
    DEF_ONE("__getitem__", dict_getitem, "__getitem__($self, key, /)\n--\n\nThe value of key."),
    DEF_NONE("__sizeof__", dict_sizeof, "__sizeof__($self, /)\n--\n\nBytes taken by the dict."),
    DEF_FIXED("get", dict_get_method, 1, 2,
              "get($self, key, default=None, /)\n--\n\nThe value of key, or default."),
    DEF_FIXED("setdefault", dict_setdefault_method, 1, 2,
              "setdefault($self, key, default=None, /)\n--\n\n"
              "The value of key; sets it to default first if absent."),
    DEF_FIXED("pop", dict_pop_method, 1, 2,
              "pop($self, key, default=<unrepresentable>, /)\n--\n\n"
              "Takes key out and gives its value, or default, or raises KeyError."),
    DEF_NONE("popitem", dict_popitem,
             "popitem($self, /)\n--\n\nTakes out the newest key: (key, value)."),
    DEF_NONE("keys", dict_keys_method, "keys($self, /)\n--\n\nA set-like view of the keys."),
    DEF_NONE("items", dict_items_method,
             "items($self, /)\n--\n\nA set-like view of the (key, value) pairs."),
    DEF_NONE("values", dict_values_method, "values($self, /)\n--\n\nA view of the values."),
    DEF_VECTOR("update", dict_update_method,
               "update($self, other=(), /, **keywords)\n--\n\n"
               "Sets keys from a mapping or from pairs, then from keywords."),
    DEF_CLASS("fromkeys", dict_fromkeys,
              "fromkeys($type, iterable, value=None, /)\n--\n\n"
              "A new dict with keys from iterable, each set to value."),
    DEF_NONE("clear", dict_clear_method, "clear($self, /)\n--\n\nTakes all keys out."),
    DEF_NONE("copy", dict_copy_method, "copy($self, /)\n--\n\nA new dict of the same items."),
    DEF_NONE("__reversed__", dict_reversed,
             "__reversed__($self, /)\n--\n\nAn iterator from the newest key to the oldest."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

Type dict_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "dict",
    .basic_size = sizeof(Dict),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_DICT_SUBCLASS | TYPE_MAPPING | TYPE_PATMA_SELF | TYPE_UNHASHABLE |
             TYPE_COMPARE_COUNTS_DEPTH,
    .doc = "dict(other=(), /, **keywords)\n--\n\nA mapping that keeps the order of insertion.",
    .call_new = dict_call_new,
    .init = dict_init,
    .destroy = dict_destroy,
    .traverse = dict_traverse,
    .clear = dict_drop,
    .repr = dict_repr,
    .compare = dict_compare,
    .iter = dict_iter,
    .length = dict_length_slot,
    .getitem = dict_getitem,
    .setitem = dict_setitem,
    .contains = dict_contains,
    .binary[BINARY_OR] = dict_or,
    .inplace[BINARY_OR] = dict_inplace_or,
    .methods = dict_methods,
};

void dict_views_start(void); // dict_views.c

void dict_start(void) {
    type_ready(&dict_type);
    dict_views_start();
}
