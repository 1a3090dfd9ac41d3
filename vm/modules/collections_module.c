// SPDX-License-Identifier: MIT
//
// _collections: defaultdict, the getters of named tuples, counting. deque and OrderedDict have
// files of their own.
#include "vm/modules/collections_module.h"
#include "gc/reclaim.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/module.h"
#include "vm/types/repr_guard.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- defaultdict -------------------------------------------------------------------------

typedef struct {
    Dict dict;
    Value factory; // VALUE_NULL: None; guarded by the lock
} DefaultDict;

static inline DefaultDict *default_of(Value v) {
    return (DefaultDict *)value_object(v);
}

static Value factory_of(Value self) { // new reference, None if there is none
    DefaultDict *d = default_of(self);
    Value factory = field_load(&d->dict.header, &d->factory);
    return value_is_null(factory) ? none_new() : factory;
}

static int default_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value factory = VALUE_NULL;
    if (nargs) {
        if (!value_is_none(args[0])) {
            if (!value_is_callable(args[0]))
                return raise_int(&exception_TypeError, "first argument must be callable or None");
            factory = ref_new(args[0]);
        }
        args++;
        nargs--;
    }
    DefaultDict *d = default_of(self);
    field_store(&d->dict.header, &d->factory, factory);
    return dict_update_arguments("dict", self, args, nargs, kwnames);
}

static Value default_missing(Value self, Value key) {
    Value factory = factory_of(self);
    if (value_is_none(factory)) {
        ref_release(factory);
        return raise_key_error(key);
    }
    Value value = value_call_none(factory);
    ref_release(factory);
    if (value_is_null(value))
        return VALUE_NULL;
    Value result;
    if (value_type(self)->setitem == dict_setitem) {
        // What another thread has put there meanwhile stays, and both threads get it.
        result = dict_setdefault(self, key, value);
    } else {
        result = value_setitem(self, key, value) < 0 ? VALUE_NULL : ref_new(value);
    }
    ref_release(value);
    return result;
}

static Value default_getitem(Value self, Value key) {
    if (UNLIKELY(!value_is_exactly(self, &default_dict_type)))
        return dict_getitem(self, key); // __missing__ may be overridden
    Value value = dict_get(self, key);
    if (LIKELY(!value_is_null(value)))
        return value;
    return error_occurred() ? VALUE_NULL : default_missing(self, key);
}

static void default_destroy(Object *self) {
    DefaultDict *d = (DefaultDict *)self;
    DictTable *t = d->dict.table;
    d->dict.table = NULL;
    d->dict.length = 0;
    dict_table_destroy(t);
    ref_release(d->factory);
    type_free_instance(self);
}
static void default_traverse(Object *self, GcVisitor *visitor) {
    dict_traverse(self, visitor);
    gc_visit(visitor, ((DefaultDict *)self)->factory);
}
static void default_drop(Object *self) {
    dict_drop(self);
    field_clear(self, &((DefaultDict *)self)->factory);
}

static Value default_repr(Value self) {
    Value base = dict_repr(self), factory, text = VALUE_NULL, shown;
    if (value_is_null(base))
        return VALUE_NULL;
    factory = factory_of(self);
    // The factory may be a method of the dict itself.
    int running = repr_enter(factory);
    if (running == 0) {
        shown = value_repr(factory);
        repr_leave(factory);
    } else {
        shown = running < 0 ? VALUE_NULL : str_from_cstr("...");
    }
    if (!value_is_null(shown))
        text = str_format("%s(%V, %V)", type_name(value_type(self)), shown, base);
    ref_release(shown);
    ref_release(factory);
    ref_release(base);
    return text;
}

static Value default_copy(Value self) {
    Value factory = factory_of(self);
    Value args[2] = {factory, self};
    Value copy = value_call(value_from_object(value_type(self)), args, 2, VALUE_NULL);
    ref_release(factory);
    return copy;
}

static Value default_or(Value left, Value right) {
    bool on_left = value_is_instance(left, &default_dict_type);
    Value self = on_left ? left : right, other = on_left ? right : left;
    if (!value_is_dict(other))
        return not_implemented_new();
    // Like copy(), but of the left operand.
    Value factory = factory_of(self);
    Value args[2] = {factory, left};
    Value result = value_call(value_from_object(value_type(self)), args, 2, VALUE_NULL);
    ref_release(factory);
    if (!value_is_null(result) && dict_update(result, right) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

static Value default_reduce(Value self) {
    DefaultDict *d = default_of(self);
    Value factory = field_load(&d->dict.header, &d->factory), arguments, view = VALUE_NULL,
          iterator = VALUE_NULL, result = VALUE_NULL;
    arguments = value_is_null(factory) ? tuple_empty() : tuple_pack(1, factory);
    if (!value_is_null(arguments))
        view = value_call_method(self, name_items, NULL, 0);
    if (!value_is_null(view))
        iterator = value_iter(view);
    if (!value_is_null(iterator))
        result = tuple_pack(5, value_from_object(value_type(self)), arguments, VALUE_NONE,
                            VALUE_NONE, iterator);
    ref_release(factory);
    ref_release(arguments);
    ref_release(view);
    ref_release(iterator);
    return result;
}

static const NativeDef default_methods[] = {
    DEF_ONE("__missing__", default_missing,
            "__missing__(key) sets and gives what the factory makes."),
    DEF_NONE("copy", default_copy, "A new defaultdict of the same items."),
    DEF_NONE("__copy__", default_copy, "A new defaultdict of the same items."),
    DEF_NONE("__reduce__", default_reduce, "How to pickle the dict."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};
static const MemberDef default_members[] = {
    {"default_factory", offsetof(DefaultDict, factory), false, true},
    {NULL},
};

Type default_dict_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "collections.defaultdict",
    .basic_size = sizeof(DefaultDict),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_DICT_SUBCLASS | TYPE_MAPPING | TYPE_UNHASHABLE,
    .base = &dict_type,
    .doc = "defaultdict(default_factory=None, /, [...])\n\n"
           "A dict that makes a value for a key that is missing.",
    .call_new = dict_call_new,
    .init = default_init,
    .destroy = default_destroy,
    .traverse = default_traverse,
    .clear = default_drop,
    .repr = default_repr,
    .getitem = default_getitem,
    .binary[BINARY_OR] = default_or,
    .methods = default_methods,
    .members = default_members,
};

// ---- getters of named tuples ---------------------------------------------------------------

typedef struct {
    Object header;
    int64_t index; // constant
    Value doc;     // guarded by the lock
} TupleGetter;

static Value tuple_getter_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    int64_t index;
    if (arguments_no_keywords("_tuplegetter", kwnames) < 0 ||
        arguments_count("_tuplegetter", nargs, 2, 2) < 0 || size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    TupleGetter *g = object_allocate(type);
    if (!g)
        return VALUE_NULL;
    g->index = index;
    g->doc = ref_new(args[1]);
    return value_from_object(g);
}

int64_t tuple_getter_index(Value getter) {
    return ((TupleGetter *)value_object(getter))->index;
}

static Value tuple_getter_get(Value self, Value object, Value owner) {
    TupleGetter *g = (TupleGetter *)value_object(self);
    if (value_is_null(object))
        return ref_new(self);
    if (UNLIKELY(!value_is_tuple(object))) {
        if (value_is_none(object))
            return ref_new(self);
        return raise_type_error(
            "descriptor for index '%lld' for tuple subclasses doesn't apply to '%T' object",
            (long long)g->index, object);
    }
    if (UNLIKELY(g->index < 0 || g->index >= tuple_length(object)))
        return raise_error(&exception_IndexError, "tuple index out of range");
    return ref_new(tuple_item(object, g->index));
}

static int tuple_getter_set(Value self, Value object, Value value) {
    return raise_int(&exception_AttributeError,
                     value_is_null(value) ? "can't delete attribute" : "can't set attribute");
}

static void tuple_getter_destroy(Object *self) {
    ref_release(((TupleGetter *)self)->doc);
    object_free_fixed(self);
}
static void tuple_getter_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((TupleGetter *)self)->doc);
}

static Value tuple_getter_repr(Value self) {
    TupleGetter *g = (TupleGetter *)value_object(self);
    Value doc = field_load(&g->header, &g->doc);
    Value text = str_format("%s(%lld, %R)", type_name(value_type(self)), (long long)g->index,
                            value_is_null(doc) ? VALUE_NONE : doc);
    ref_release(doc);
    return text;
}

static Value tuple_getter_reduce(Value self) {
    TupleGetter *g = (TupleGetter *)value_object(self);
    Value doc = field_load(&g->header, &g->doc);
    Value arguments =
        tuple_pack(2, value_from_int(g->index), value_is_null(doc) ? VALUE_NONE : doc);
    ref_release(doc);
    if (value_is_null(arguments))
        return VALUE_NULL;
    return tuple_pair_owned(ref_new(value_from_object(value_type(self))), arguments);
}

static const NativeDef tuple_getter_methods[] = {
    DEF_NONE("__reduce__", tuple_getter_reduce, NULL),
    DEF_END,
};
static const MemberDef tuple_getter_members[] = {
    {"__doc__", offsetof(TupleGetter, doc), false, true},
    {NULL},
};

Type tuple_getter_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_collections._tuplegetter",
    .basic_size = sizeof(TupleGetter),
    .kind = HEAP_CONTAINER,
    .call_new = tuple_getter_new,
    .destroy = tuple_getter_destroy,
    .traverse = tuple_getter_traverse,
    .repr = tuple_getter_repr,
    .descr_get = tuple_getter_get,
    .descr_set = tuple_getter_set,
    .methods = tuple_getter_methods,
    .members = tuple_getter_members,
};

// ---- counting ----------------------------------------------------------------------------

static Value add_one(Value count) {
    if (LIKELY(value_is_int(count) && value_int(count) < VALUE_INT_MAX))
        return value_from_int(value_int(count) + 1);
    return value_binary(count, value_from_int(1), BINARY_ADD);
}

// One more of key in a dict with dict's own methods.
static int count_in_dict(Value mapping, Value key) {
    Dict *d = dict_of(mapping);
    int64_t hash = value_hash_inline(key);
    if (hash == -1)
        return -1;
    // Small counts are changed in place, as one step.
    object_lock(&d->header);
    int64_t i = dict_find_locked(d, key, hash);
    Value count = i >= 0 ? field_raw(&d->table->entries[i].value) : VALUE_NULL;
    if (LIKELY(value_is_int(count) && value_int(count) < VALUE_INT_MAX)) {
        dict_value_changed(d);
        field_raw_store(&d->table->entries[i].value, value_from_int(value_int(count) + 1));
        object_unlock(&d->header);
        return 0;
    }
    if (i >= 0)
        ref_retain(count);
    object_unlock(&d->header);
    if (i == DICT_ERROR)
        return -1;
    Value sum = i >= 0 ? add_one(count) : value_from_int(1);
    ref_release(count);
    int status = value_is_null(sum) ? -1 : dict_set_hashed(mapping, key, hash, sum);
    ref_release(sum);
    return status;
}

static int count_in_mapping(Value mapping, Value get, Value key) {
    Value args[2] = {key, value_from_int(0)};
    Value count = value_call(get, args, 2, VALUE_NULL);
    if (value_is_null(count))
        return -1;
    Value sum = add_one(count);
    ref_release(count);
    int status = value_is_null(sum) ? -1 : value_setitem(mapping, key, sum);
    ref_release(sum);
    return status;
}

// The type has dict's own attribute of that name.
static bool same_attribute(Type *type, Value name) {
    Value own = type_lookup(type, name), dicts = type_lookup(&dict_type, name);
    ref_release(own);
    ref_release(dicts);
    return value_same(own, dicts);
}

static Value count_elements(Value self, const Value *args, size_t nargs) {
    Value mapping = args[0], key;
    Value iterator = value_iter_at_once(args[1]);
    if (value_is_null(iterator))
        return VALUE_NULL;
    bool plain = value_is_dict(mapping) && same_attribute(value_type(mapping), name_get) &&
                 same_attribute(value_type(mapping), name___setitem__);
    Value get = plain ? VALUE_NULL : value_getattr(mapping, name_get);
    if (plain || !value_is_null(get)) {
        while (!value_is_null(key = value_next(iterator))) {
            int status = plain ? count_in_dict(mapping, key) : count_in_mapping(mapping, get, key);
            ref_release(key);
            if (status < 0)
                break;
        }
    }
    ref_release(get);
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : none_new();
}

// ---- the module --------------------------------------------------------------------------

static const NativeDef collections_functions[] = {
    DEF_FIXED("_count_elements", count_elements, 2, 2,
              "_count_elements($module, mapping, iterable, /)\n--\n\n"
              "Adds one to the count of every item."),
    DEF_END,
};

static int collections_fill(Value module) {
    Type *const types[] = {&deque_type,          &default_dict_type,           &ordered_dict_type,
                           &deque_iterator_type, &deque_reverse_iterator_type, &tuple_getter_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    ordered_dict_start();
    return 0;
}

const NativeModule module_collections = {
    .name = "_collections",
    .doc = "Containers beside the builtin ones.",
    .functions = collections_functions,
    .fill = collections_fill,
};
