// SPDX-License-Identifier: MIT
//
// _abc: what abc.ABCMeta does at each isinstance() and issubclass(): registered classes and the
// two caches of earlier answers.
//
// Each abstract class has one AbcData in its namespace (_abc_impl). registry, cache and negative
// are sets of weak references, or VALUE_NULL until used; the slots are guarded by the object's
// lock, the sets guard themselves. Negative answers hold until any class is registered anywhere
// (invalidation).
//
// In front of the caches are two small tables of the answers asked for last, which need no
// reference: a class is known in them by its version, which no other class and no later state of it
// has.
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/type_internal.h"
#include "vm/types/weakref.h"

enum { RECENT = 8 }; // a power of two

typedef struct {
    Object header;
    Value registry, cache, negative;
    uint64_t negative_version; // relaxed; a stale one only makes an answer be looked up again
    uint32_t resets;           // of the caches so far; atomic, counted after the sets are gone
    // Relaxed. The class's version, and under which stamp the answer was found, read before the
    // sets were: `resets` (yes), or that plus `invalidation` (no). Both only grow, so that no other
    // pair of them that was ever true has this sum.
    uint64_t recent_yes[RECENT], recent_no[RECENT];
} AbcData;

static uint64_t invalidation; // relaxed
static Value name_impl;       // "_abc_impl"

static Type abc_data_type;

static inline AbcData *data_of(Value v) {
    return (AbcData *)value_object(v);
}

static Value data_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("_abc_data", kwnames) < 0 ||
        arguments_count("_abc_data", nargs, 0, 0) < 0)
        return VALUE_NULL;
    AbcData *d = object_allocate(&abc_data_type);
    if (!d)
        return VALUE_NULL;
    d->negative_version = __atomic_load_n(&invalidation, __ATOMIC_RELAXED);
    return value_from_object(d);
}

static void data_destroy(Object *o) {
    AbcData *d = (AbcData *)o;
    ref_release(d->registry);
    ref_release(d->cache);
    ref_release(d->negative);
    object_free_fixed(o);
}
static void data_traverse(Object *o, GcVisitor *visitor) {
    AbcData *d = (AbcData *)o;
    gc_visit(visitor, field_raw(&d->registry));
    gc_visit(visitor, field_raw(&d->cache));
    gc_visit(visitor, field_raw(&d->negative));
}
static void data_clear(Object *o) {
    AbcData *d = (AbcData *)o;
    field_clear(o, &d->registry);
    field_clear(o, &d->cache);
    field_clear(o, &d->negative);
}

static Type abc_data_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_abc._abc_data",
    .basic_size = sizeof(AbcData),
    .kind = HEAP_CONTAINER,
    .call_new = data_call_new,
    .destroy = data_destroy,
    .traverse = data_traverse,
    .clear = data_clear,
};

static Value data_for(Value class) { // new reference
    Value v = value_getattr(class, name_impl);
    if (!value_is_null(v) && !value_is_exactly(v, &abc_data_type)) {
        ref_release(v);
        return raise_type_error("_abc_impl is set to a wrong type");
    }
    return v;
}

// ---- sets of weak references ------------------------------------------------------------------

// Runs when a class in a set dies. self is the set.
static Value forget(Value self, Value reference) {
    return set_discard(self, reference) < 0 ? VALUE_NULL : none_new();
}
static const NativeDef forget_def = {"_destroy", {.one = forget}, NATIVE_ONE, METHOD_INSTANCE, 1, 1,
                                     NULL};

static int weak_add(Value data, Value *slot, Value class) {
    Object *o = value_object(data);
    Value set = field_load(o, slot);
    if (value_is_null(set)) {
        Value fresh = set_new();
        if (value_is_null(fresh))
            return -1;
        object_lock(o);
        set = field_raw(slot);
        if (value_is_null(set)) {
            field_raw_store(slot, ref_new(fresh));
            set = fresh;
            fresh = VALUE_NULL;
        } else {
            ref_retain(set);
        }
        object_unlock(o);
        ref_release(fresh);
    }
    Value callback = native_function_new(&forget_def, set, VALUE_NULL);
    Value reference = value_is_null(callback) ? callback : weakref_new(class, callback);
    int result = value_is_null(reference) ? -1 : set_add(set, reference);
    ref_release(reference);
    ref_release(callback);
    ref_release(set);
    return result;
}

static int weak_contains(Value data, Value *slot, Value class) {
    Value set = field_load(value_object(data), slot);
    if (value_is_null(set))
        return 0;
    int result = 0;
    if (set_length(set) > 0) {
        Value reference = weakref_new(class, VALUE_NULL);
        if (value_is_null(reference)) {
            result = error_matches(&exception_TypeError) ? (error_clear(), 0) : -1;
        } else {
            result = set_contains(set, reference);
            ref_release(reference);
        }
    }
    ref_release(set);
    return result;
}

// The live classes in a set as a new list.
static Value weak_members(Value data, Value *slot) {
    Value list = list_new(), set = field_load(value_object(data), slot), reference;
    int64_t position = 0;
    while (!value_is_null(list) && !value_is_null(set) && set_next(set, &position, &reference)) {
        Value class = weakref_target(reference);
        ref_release(reference);
        if (!value_is_null(class) && list_append_owned(list, class) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    ref_release(set);
    return list;
}

// ---- abstract methods -------------------------------------------------------------------------

// Names in the class's own namespace that are abstract.
static int own_abstract(Value class, Value names) {
    Value items = dict_items_list(type_of_value(class)->dict);
    int result = value_is_null(items) ? -1 : 0;
    for (int64_t i = 0; result == 0 && i < list_length(items); i++) {
        Value pair = list_get(items, i);
        result = value_is_null(pair) ? -1 : function_is_abstract(tuple_item(pair, 1));
        if (result > 0)
            result = set_add(names, tuple_item(pair, 0));
        ref_release(pair);
    }
    ref_release(items);
    return result;
}

// Names that base says are abstract and that still are in class.
static int inherited_abstract(Value class, Value base, Value names) {
    Value theirs;
    int found = value_lookup_attr(base, name___abstractmethods__, &theirs);
    if (found <= 0)
        return found;
    Value list = list_from_iterable(theirs);
    ref_release(theirs);
    int result = value_is_null(list) ? -1 : 0;
    for (int64_t i = 0; result == 0 && i < list_length(list); i++) {
        Value name = list_get(list, i), value = VALUE_NULL;
        result = value_is_null(name) ? -1 : value_lookup_attr(class, name, &value);
        if (result > 0) {
            result = function_is_abstract(value);
            if (result > 0)
                result = set_add(names, name);
        }
        ref_release(value);
        ref_release(name);
    }
    ref_release(list);
    return result;
}

static int compute_abstract(Value class) {
    Value names = set_new();
    int result = value_is_null(names) ? -1 : own_abstract(class, names);
    Value bases = ref_new(field_published(&type_of_value(class)->bases));
    for (int64_t i = 0; result == 0 && i < tuple_length(bases); i++)
        result = inherited_abstract(class, tuple_item(bases, i), names);
    ref_release(bases);
    Value frozen = result < 0 ? VALUE_NULL : frozenset_from_iterable(names);
    ref_release(names);
    if (value_is_null(frozen))
        return -1;
    result = value_setattr(class, name___abstractmethods__, frozen);
    ref_release(frozen);
    return result;
}

enum { COLLECTION_SEQUENCE = 1 << 5, COLLECTION_MAPPING = 1 << 6 }; // as __abc_tpflags__ says it

static int take_collection_flags(Type *type) {
    Value name = str_intern_cstr("__abc_tpflags__");
    Value flags = dict_get_str(type->dict, name);
    int result = 0;
    if (!value_is_null(flags)) {
        int64_t bits = 0;
        if (value_is_any_int(flags) && int_to_i64(flags, &bits)) {
            if ((bits & COLLECTION_SEQUENCE) && (bits & COLLECTION_MAPPING))
                result = raise_int(&exception_TypeError,
                                   "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and "
                                   "Py_TPFLAGS_MAPPING");
            else
                type_flags_change(type, bits ? TYPE_SEQUENCE | TYPE_MAPPING : 0,
                                  (bits & COLLECTION_SEQUENCE ? TYPE_SEQUENCE : 0) |
                                      (bits & COLLECTION_MAPPING ? TYPE_MAPPING : 0));
        }
        ref_release(flags);
        if (result == 0)
            result = type_set_attribute(type, name, VALUE_NULL);
    }
    ref_release(name);
    return result;
}

static Value abc_init(Value module, Value class) {
    if (!value_is_type(class))
        return raise_type_error("_abc_init() argument must be a class");
    if (compute_abstract(class) < 0)
        return VALUE_NULL;
    Value data = data_call_new(&abc_data_type, NULL, 0, VALUE_NULL);
    int result = value_is_null(data) ? -1 : value_setattr(class, name_impl, data);
    ref_release(data);
    if (result < 0 || take_collection_flags(type_of_value(class)) < 0)
        return VALUE_NULL;
    return none_new();
}

// ---- register ---------------------------------------------------------------------------------

static void spread_flags(Type *type, uint32_t flags) {
    if (type_has(type, TYPE_IMMUTABLE) ||
        (type_flags(type) & (TYPE_SEQUENCE | TYPE_MAPPING)) == flags)
        return;
    type_flags_change(type, TYPE_SEQUENCE | TYPE_MAPPING, flags);
    struct TypeSubclasses *s = type->subclasses;
    for (uint32_t i = 0; s && i < s->count; i++)
        spread_flags(s->items[i], flags);
}

static Value abc_register(Value module, const Value *args, size_t nargs) {
    Value self = args[0], subclass = args[1];
    if (!value_is_type(subclass))
        return raise_type_error("Can only register classes");
    int result = value_is_subclass_of(subclass, self);
    if (result)
        return result < 0 ? VALUE_NULL : ref_new(subclass);
    result = value_is_subclass_of(self, subclass);
    if (result)
        return result < 0 ? VALUE_NULL
                          : raise_error(&exception_RuntimeError,
                                        "Refusing to create an inheritance cycle");
    Value data = data_for(self);
    if (value_is_null(data))
        return data;
    result = weak_add(data, &data_of(data)->registry, subclass);
    ref_release(data);
    if (result < 0)
        return VALUE_NULL;
    __atomic_add_fetch(&invalidation, 1, __ATOMIC_RELAXED);
    if (value_is_type(self)) {
        uint32_t flags = type_flags(type_of_value(self)) & (TYPE_SEQUENCE | TYPE_MAPPING);
        if (flags) {
            types_lock();
            spread_flags(type_of_value(subclass), flags);
            types_unlock();
        }
    }
    return ref_new(subclass);
}

// ---- answers asked for last -------------------------------------------------------------------

static uint32_t class_version(Value class) {
    return value_is_type(class) ? __atomic_load_n(&type_of_value(class)->version, __ATOMIC_ACQUIRE)
                                : 0;
}

// version 0: not known, nothing is kept.
static bool recent_find(const uint64_t *table, uint32_t version, uint32_t stamp) {
    return version && __atomic_load_n(&table[version % RECENT], __ATOMIC_RELAXED) ==
                          ((uint64_t)version << 32 | stamp);
}
static void recent_keep(uint64_t *table, uint32_t version, uint32_t stamp) {
    if (version)
        __atomic_store_n(&table[version % RECENT], (uint64_t)version << 32 | stamp,
                         __ATOMIC_RELAXED);
}

// A class in the cache of those that are subclasses: 1, 0, -1.
static int known_positive(Value data, Value class) {
    AbcData *d = data_of(data);
    uint32_t version = class_version(class);
    uint32_t resets = __atomic_load_n(&d->resets, __ATOMIC_ACQUIRE);
    if (recent_find(d->recent_yes, version, resets))
        return 1;
    int result = weak_contains(data, &d->cache, class);
    if (result > 0)
        recent_keep(d->recent_yes, version, resets);
    return result;
}

// ---- checks -----------------------------------------------------------------------------------

// An earlier "no" that still holds: 1, 0, -1.
static int known_negative(Value data, Value class) {
    AbcData *d = data_of(data);
    uint32_t resets = __atomic_load_n(&d->resets, __ATOMIC_ACQUIRE);
    uint64_t now = __atomic_load_n(&invalidation, __ATOMIC_RELAXED);
    uint32_t version = class_version(class), stamp = resets + (uint32_t)now;
    if (recent_find(d->recent_no, version, stamp))
        return 1;
    if (__atomic_load_n(&d->negative_version, __ATOMIC_RELAXED) == now) {
        int result = weak_contains(data, &d->negative, class);
        if (result > 0)
            recent_keep(d->recent_no, version, stamp);
        return result;
    }
    field_clear(value_object(data), &d->negative);
    __atomic_store_n(&d->negative_version, now, __ATOMIC_RELAXED);
    return 0;
}

// What __subclasshook__ says: 1, 0, 2 for no opinion, -1.
static int ask_hook(Value self, Value subclass) {
    Value answer = value_call_method(self, name___subclasshook__, &subclass, 1);
    if (value_is_null(answer))
        return -1;
    int result = 2;
    if (value_same(answer, VALUE_TRUE))
        result = 1;
    else if (value_same(answer, VALUE_FALSE))
        result = 0;
    else if (!value_same(answer, VALUE_NOT_IMPLEMENTED))
        result = raise_int(&exception_AssertionError,
                           "__subclasshook__ must return either False, True, or NotImplemented");
    ref_release(answer);
    return result;
}

static int any_is_base(Value list, Value subclass) {
    int result = value_is_null(list) ? -1 : 0;
    for (int64_t i = 0; result == 0 && i < list_length(list); i++) {
        Value class = list_get(list, i);
        result = value_is_null(class) ? -1 : value_is_subclass_of(subclass, class);
        ref_release(class);
    }
    ref_release(list);
    return result;
}

// The long way: registered classes and subclasses. 1, 0, -1.
static int search(Value self, Value data, Value subclass) {
    AbcData *d = data_of(data);
    if (value_is_type(self) && type_is_subtype(type_of_value(subclass), type_of_value(self)))
        return 1;
    int result = weak_contains(data, &d->registry, subclass);
    if (result == 0)
        result = any_is_base(weak_members(data, &d->registry), subclass);
    if (result)
        return result;
    Value below = value_call_method(self, name___subclasses__, NULL, 0);
    if (value_is_null(below))
        return -1;
    if (!value_is_list(below)) {
        ref_release(below);
        return raise_int(&exception_TypeError, "__subclasses__() must return a list");
    }
    return any_is_base(below, subclass);
}

static int subclass_check(Value self, Value data, Value subclass) {
    AbcData *d = data_of(data);
    int result = known_positive(data, subclass);
    if (result)
        return result;
    result = known_negative(data, subclass);
    if (result)
        return result < 0 ? -1 : 0;
    result = ask_hook(self, subclass);
    if (result == 2)
        result = search(self, data, subclass);
    if (result < 0 || weak_add(data, result ? &d->cache : &d->negative, subclass) < 0)
        return -1;
    return result;
}

static Value abc_subclasscheck(Value module, const Value *args, size_t nargs) {
    if (!value_is_type(args[1]))
        return raise_type_error("issubclass() arg 1 must be a class");
    Value data = data_for(args[0]);
    if (value_is_null(data))
        return data;
    int result = subclass_check(args[0], data, args[1]);
    ref_release(data);
    return result < 0 ? VALUE_NULL : bool_new(result);
}

static int ask_subclass(Value self, Value class) {
    Value answer = value_call_method(self, name___subclasscheck__, &class, 1);
    if (value_is_null(answer))
        return -1;
    int truth = value_truth(answer);
    ref_release(answer);
    return truth;
}

static int instance_check(Value self, Value data, Value instance, Value class) {
    int result = known_positive(data, class);
    if (result)
        return result;
    Value type = value_from_object(value_type(instance));
    if (value_same(type, class)) {
        result = known_negative(data, class);
        if (result)
            return result < 0 ? -1 : 0;
        return ask_subclass(self, class);
    }
    result = ask_subclass(self, class);
    return result ? result : ask_subclass(self, type);
}

static Value abc_instancecheck(Value module, const Value *args, size_t nargs) {
    Value data = data_for(args[0]);
    if (value_is_null(data))
        return data;
    Value class = value_getattr(args[1], name___class__);
    int result = value_is_null(class) ? -1 : instance_check(args[0], data, args[1], class);
    ref_release(class);
    ref_release(data);
    return result < 0 ? VALUE_NULL : bool_new(result);
}

// ---- the rest ---------------------------------------------------------------------------------

static Value get_cache_token(Value module) {
    return int_from_u64(__atomic_load_n(&invalidation, __ATOMIC_RELAXED));
}

static Value reset_registry(Value module, Value self) {
    Value data = data_for(self);
    if (value_is_null(data))
        return data;
    field_clear(value_object(data), &data_of(data)->registry);
    ref_release(data);
    return none_new();
}

static Value reset_caches(Value module, Value self) {
    Value data = data_for(self);
    if (value_is_null(data))
        return data;
    AbcData *d = data_of(data);
    field_clear(value_object(data), &d->cache);
    field_clear(value_object(data), &d->negative);
    __atomic_add_fetch(&d->resets, 1, __ATOMIC_RELEASE);
    ref_release(data);
    return none_new();
}

static Value set_copy(Value data, Value *slot) {
    Value set = field_load(value_object(data), slot);
    if (value_is_null(set))
        return set_new();
    Value copy = set_from_iterable(set);
    ref_release(set);
    return copy;
}

static Value get_dump(Value module, Value self) {
    Value data = data_for(self);
    if (value_is_null(data))
        return data;
    AbcData *d = data_of(data);
    Value registry = set_copy(data, &d->registry), cache = set_copy(data, &d->cache);
    Value negative = set_copy(data, &d->negative);
    Value version = int_from_u64(d->negative_version), v = VALUE_NULL;
    if (!value_is_null(registry) && !value_is_null(cache) && !value_is_null(negative))
        v = tuple_pack(4, registry, cache, negative, version);
    ref_release(version);
    ref_release(negative);
    ref_release(cache);
    ref_release(registry);
    ref_release(data);
    return v;
}

static const NativeDef functions[] = {
    DEF_NONE("get_cache_token", get_cache_token,
             "get_cache_token($module, /)\n--\n\nChanges whenever a class is registered."),
    DEF_ONE("_abc_init", abc_init, "Prepares a new abstract class."),
    DEF_FIXED("_abc_register", abc_register, 2, 2, "Registers a class as a virtual subclass."),
    DEF_FIXED("_abc_instancecheck", abc_instancecheck, 2, 2, "isinstance() for abstract classes."),
    DEF_FIXED("_abc_subclasscheck", abc_subclasscheck, 2, 2, "issubclass() for abstract classes."),
    DEF_ONE("_reset_registry", reset_registry, "Forgets the registered classes."),
    DEF_ONE("_reset_caches", reset_caches, "Forgets earlier answers."),
    DEF_ONE("_get_dump", get_dump, "Registry and caches, for debugging."),
    DEF_END,
};

static int fill(Value module) {
    name_impl = str_intern_cstr("_abc_impl");
    type_ready(&abc_data_type);
    return value_is_null(name_impl) ? -1 : 0;
}

const NativeModule module__abc = {"_abc", "What abc is made of.", functions, fill};
