// SPDX-License-Identifier: MIT
//
// _functools: partial, reduce, cmp_to_key. The LRU cache is in functools_cache.c.
#include "vm/modules/functools_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/module.h"
#include "vm/types/repr_guard.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- partial -----------------------------------------------------------------------------

// function, args (exact tuple) and keywords (exact dict) are replaced by __setstate__ alone, under
// the lock.
typedef struct {
    Object header;
    Value function, args, keywords;
    Value dict; // attributes, VALUE_NULL until used
} Partial;

static inline Partial *partial_of(Value v) {
    return (Partial *)value_object(v);
}

static Value partial_call(Value self, const Value *args, size_t nargs, Value kwnames);

static int add_keywords(Value dict, const Value *values, Value kwnames) {
    if (!value_is_null(kwnames))
        for (int64_t i = 0; i < tuple_length(kwnames); i++)
            if (dict_set(dict, tuple_item(kwnames, i), values[i]) < 0)
                return -1;
    return 0;
}

static Value partial_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 1)
        return raise_type_error("type 'partial' takes at least one argument");
    Value function = ref_new(args[0]);
    Value before = VALUE_NULL, keywords = VALUE_NULL, all = VALUE_NULL;
    // A partial of a partial (without attributes of its own) is made one.
    if (value_type(function)->call == partial_call &&
        value_is_null(field_raw(&partial_of(function)->dict))) {
        Partial *inner = partial_of(function);
        object_lock(&inner->header);
        Value inner_function = ref_new(inner->function);
        before = ref_new(inner->args);
        keywords = ref_new(inner->keywords);
        object_unlock(&inner->header);
        ref_release(function);
        function = inner_function;
    }
    if (!value_is_callable(function)) {
        ref_release(function);
        ref_release(before);
        ref_release(keywords);
        return raise_type_error("the first argument must be callable");
    }
    int64_t first = value_is_null(before) ? 0 : tuple_length(before);
    all = tuple_allocate(first + (int64_t)nargs - 1);
    if (!value_is_null(all)) {
        for (int64_t i = 0; i < first; i++)
            tuple_of(all)->items[i] = ref_new(tuple_item(before, i));
        for (size_t i = 1; i < nargs; i++)
            tuple_of(all)->items[first + (int64_t)i - 1] = ref_new(args[i]);
    }
    Value own = value_is_null(keywords) ? dict_new() : dict_copy(keywords);
    ref_release(before);
    ref_release(keywords);
    Partial *p = NULL;
    if (!value_is_null(all) && !value_is_null(own) && add_keywords(own, args + nargs, kwnames) == 0)
        p = object_allocate(type);
    if (!p) {
        ref_release(function);
        ref_release(all);
        ref_release(own);
        return VALUE_NULL;
    }
    p->function = function;
    p->args = all;
    p->keywords = own;
    return value_from_object(p);
}

#define ON_STACK 12

static Value partial_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Partial *p = partial_of(self);
    object_lock(&p->header);
    Value function = ref_new(p->function), bound = ref_new(p->args),
          keywords = ref_new(p->keywords);
    object_unlock(&p->header);
    int64_t more = dict_length(keywords), count = tuple_length(bound);
    int64_t passed = value_is_null(kwnames) ? 0 : tuple_length(kwnames);
    Value names = VALUE_NULL, merged = VALUE_NULL, result = VALUE_NULL;
    Value small[ON_STACK], *all = small;
    if (LIKELY(more == 0 && passed == 0 && (size_t)count + nargs <= ON_STACK)) {
        for (int64_t i = 0; i < count; i++)
            small[i] = tuple_item(bound, i);
        for (size_t i = 0; i < nargs; i++)
            small[(size_t)count + i] = args[i];
        result = value_call(function, small, (size_t)count + nargs, VALUE_NULL);
        goto finish;
    }
    if (more) {
        merged = dict_copy(keywords);
        if (value_is_null(merged) || add_keywords(merged, args + nargs, kwnames) < 0)
            goto finish;
        passed = dict_length(merged);
        names = tuple_allocate(passed);
        if (value_is_null(names))
            goto finish;
    }
    size_t total = (size_t)count + nargs + (size_t)passed;
    if (total > ON_STACK && !(all = buffer_allocate(total * sizeof(Value)))) {
        raise_memory_error();
        goto finish;
    }
    memcpy(all, tuple_of(bound)->items, (size_t)count * sizeof(Value));
    if (!more) {
        memcpy(all + count, args, (nargs + (size_t)passed) * sizeof(Value));
        result = value_call(function, all, (size_t)count + nargs, kwnames);
    } else {
        memcpy(all + count, args, nargs * sizeof(Value));
        Value *out = all + count + nargs, key, value;
        int64_t position = 0, i = 0;
        while (i < passed && dict_next(merged, &position, &key, &value, NULL)) {
            tuple_of(names)->items[i] = key;
            out[i++] = value; // merged keeps it alive
            ref_release(value);
        }
        result = value_call(function, all, (size_t)count + nargs, names);
    }
    if (all != small)
        buffer_free(all);
finish:
    ref_release(names);
    ref_release(merged);
    ref_release(function);
    ref_release(bound);
    ref_release(keywords);
    return result;
}

static void partial_destroy(Object *self) {
    Partial *p = (Partial *)self;
    ref_release(p->function);
    ref_release(p->args);
    ref_release(p->keywords);
    ref_release(p->dict);
    type_free_instance(self);
}
static void partial_traverse(Object *self, GcVisitor *visitor) {
    Partial *p = (Partial *)self;
    gc_visit(visitor, p->function);
    gc_visit(visitor, p->args);
    gc_visit(visitor, p->keywords);
    gc_visit(visitor, p->dict);
}

static Value partial_repr(Value self) {
    Partial *p = partial_of(self);
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("...");
    Value function = field_load(&p->header, &p->function);
    Value args = field_load(&p->header, &p->args);
    Value keywords = field_load(&p->header, &p->keywords);
    StrBuilder b;
    str_builder_start(&b);
    // The full name for the type itself, the class name alone for subclasses.
    str_builder_cstr(&b, type_full_name(value_type(self)));
    str_builder_char(&b, '(');
    Value text = value_repr(function), key, value;
    if (!value_is_null(text)) {
        str_builder_str(&b, text);
        ref_release(text);
    }
    for (int64_t i = 0; i < tuple_length(args) && !error_occurred(); i++) {
        text = value_repr(tuple_item(args, i));
        if (value_is_null(text))
            break;
        str_builder_ascii(&b, ", ", 2);
        str_builder_str(&b, text);
        ref_release(text);
    }
    int64_t position = 0;
    while (!error_occurred() && dict_next(keywords, &position, &key, &value, NULL)) {
        text = str_format(", %V=%R", key, value);
        if (!value_is_null(text))
            str_builder_str(&b, text);
        ref_release(text);
        ref_release(key);
        ref_release(value);
    }
    ref_release(function);
    ref_release(args);
    ref_release(keywords);
    repr_leave(self);
    if (error_occurred()) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

static Value partial_reduce(Value self) {
    Partial *p = partial_of(self);
    object_lock(&p->header);
    Value function = ref_new(p->function), args = ref_new(p->args), keywords = ref_new(p->keywords),
          dict = ref_new(value_is_null(p->dict) ? VALUE_NONE : p->dict);
    object_unlock(&p->header);
    Value arguments = tuple_pack(1, function), state = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(arguments))
        state = tuple_pack(4, function, args, keywords, dict);
    if (!value_is_null(state))
        result = tuple_pack(3, value_from_object(value_type(self)), arguments, state);
    Value used[] = {function, args, keywords, dict, arguments, state};
    for (int i = 0; i < 6; i++)
        ref_release(used[i]);
    return result;
}

static Value partial_setstate(Value self, Value state) {
    Partial *p = partial_of(self);
    if (!value_is_tuple(state) || tuple_length(state) != 4 ||
        !value_is_callable(tuple_item(state, 0)) || !value_is_tuple(tuple_item(state, 1)) ||
        (!value_is_none(tuple_item(state, 2)) && !value_is_dict(tuple_item(state, 2))))
        return raise_type_error("invalid partial state");
    Value dict = tuple_item(state, 3), given = tuple_item(state, 2);
    Value args = tuple_from_iterable(tuple_item(state, 1));
    Value keywords = value_is_none(given)                  ? dict_new()
                     : value_is_exactly(given, &dict_type) ? ref_new(given)
                                                           : dict_copy(given);
    if (value_is_null(args) || value_is_null(keywords)) {
        ref_release(args);
        ref_release(keywords);
        return VALUE_NULL;
    }
    Value fresh[4] = {ref_new(tuple_item(state, 0)), args, keywords,
                      value_is_none(dict) ? VALUE_NULL : ref_new(dict)};
    instance_dict_field_used(&p->header);
    object_lock(&p->header);
    fresh[0] = field_swap_locked(&p->function, fresh[0]);
    fresh[1] = field_swap_locked(&p->args, fresh[1]);
    fresh[2] = field_swap_locked(&p->keywords, fresh[2]);
    fresh[3] = field_swap_locked(&p->dict, fresh[3]);
    object_unlock(&p->header);
    for (int i = 0; i < 4; i++)
        ref_release(fresh[i]);
    return none_new();
}

static Value partial_dict(Value self) {
    return instance_dict(self);
}
static int partial_set_dict(Value self, Value dict) {
    if (value_is_null(dict))
        return raise_int(&exception_TypeError, "cannot delete __dict__");
    return instance_set_dict(self, dict);
}

static const NativeDef partial_methods[] = {
    DEF_NONE("__reduce__", partial_reduce, "How to pickle it."),
    DEF_ONE("__setstate__", partial_setstate, "Takes the state that __reduce__ gave."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};
static const MemberDef partial_members[] = {
    {"func", offsetof(Partial, function), true, false},
    {"args", offsetof(Partial, args), true, false},
    {"keywords", offsetof(Partial, keywords), true, false},
    {NULL},
};
static const GetSetDef partial_getsets[] = {
    {"__dict__", partial_dict, partial_set_dict, NULL},
    {NULL},
};

Type partial_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "functools.partial",
    .basic_size = sizeof(Partial),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE | TYPE_HAS_DICT_FIELD,
    .dict_offset = offsetof(Partial, dict),
    .doc = "partial(func, /, *args, **keywords)\n\nfunc with some arguments filled in.",
    .call_new = partial_new,
    .destroy = partial_destroy,
    .traverse = partial_traverse,
    .repr = partial_repr,
    .call = partial_call,
    .methods = partial_methods,
    .members = partial_members,
    .getsets = partial_getsets,
};

// ---- cmp_to_key --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value compare; // constant
    Value object;  // VALUE_NULL in what cmp_to_key gives; writable as obj
} ComparisonKey;

static Value comparison_key_make(Value compare, Value object) {
    ComparisonKey *k = object_allocate(&comparison_key_type);
    if (!k)
        return VALUE_NULL;
    k->compare = ref_new(compare);
    k->object = value_is_null(object) ? VALUE_NULL : ref_new(object);
    return value_from_object(k);
}

static Value comparison_key_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"obj", NULL};
    Value object;
    if (arguments_parse("K", args, nargs, kwnames, names, 0, 1, 1, &object) < 0)
        return VALUE_NULL;
    return comparison_key_make(((ComparisonKey *)value_object(self))->compare, object);
}

static Value comparison_key_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_exactly(other, &comparison_key_type))
        return raise_type_error("other argument must be K instance");
    ComparisonKey *a = (ComparisonKey *)value_object(self),
                  *b = (ComparisonKey *)value_object(other);
    Value x = field_load(&a->header, &a->object), y = field_load(&b->header, &b->object);
    Value result = VALUE_NULL;
    if (value_is_null(x) || value_is_null(y)) {
        raise_error(&exception_AttributeError, "object");
    } else {
        Value order = value_call_two(a->compare, x, y);
        if (!value_is_null(order))
            result = value_compare(order, value_from_int(0), op);
        ref_release(order);
    }
    ref_release(x);
    ref_release(y);
    return result;
}

static void comparison_key_destroy(Object *self) {
    ref_release(((ComparisonKey *)self)->compare);
    ref_release(((ComparisonKey *)self)->object);
    object_free_fixed(self);
}
static void comparison_key_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ComparisonKey *)self)->compare);
    gc_visit(visitor, ((ComparisonKey *)self)->object);
}

static const MemberDef comparison_key_members[] = {
    {"obj", offsetof(ComparisonKey, object), false, false},
    {NULL},
};

Type comparison_key_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "functools.KeyWrapper",
    .basic_size = sizeof(ComparisonKey),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_UNHASHABLE,
    .destroy = comparison_key_destroy,
    .traverse = comparison_key_traverse,
    .call = comparison_key_call,
    .compare = comparison_key_compare,
    .members = comparison_key_members,
};

static Value cmp_to_key(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"mycmp", NULL};
    Value compare;
    if (arguments_parse("cmp_to_key", args, nargs, kwnames, names, 0, 1, 1, &compare) < 0)
        return VALUE_NULL;
    return comparison_key_make(compare, VALUE_NULL);
}

// ---- reduce ------------------------------------------------------------------------------

static Value reduce(Value self, const Value *args, size_t nargs) {
    Value iterator = value_iter(args[1]), item;
    if (value_is_null(iterator)) {
        if (error_matches(&exception_TypeError)) {
            error_clear();
            raise_type_error("reduce() arg 2 must support iteration");
        }
        return VALUE_NULL;
    }
    Value result = nargs > 2 ? ref_new(args[2]) : value_next(iterator);
    if (value_is_null(result)) {
        if (!error_occurred())
            raise_type_error("reduce() of empty iterable with no initial value");
    } else {
        while (!value_is_null(item = value_next(iterator))) {
            Value next = value_call_two(args[0], result, item);
            ref_release(item);
            ref_release(result);
            result = next;
            if (value_is_null(result))
                break;
        }
        if (error_occurred()) {
            ref_release(result);
            result = VALUE_NULL;
        }
    }
    ref_release(iterator);
    return result;
}

// ---- the module --------------------------------------------------------------------------

static const NativeDef functools_functions[] = {
    DEF_FIXED("reduce", reduce, 2, 3,
              "reduce(function, iterable[, initial], /)\n\n"
              "function(function(function(a, b), c), ...) of the items."),
    DEF_VECTOR("cmp_to_key", cmp_to_key,
               "cmp_to_key(mycmp)\n\nA key function from one that compares two."),
    DEF_END,
};

static int functools_fill(Value module) {
    if (functools_cache_start() < 0)
        return -1;
    type_ready(&comparison_key_type);
    return module_add_type(module, &partial_type) < 0 ? -1
                                                      : module_add_type(module, &lru_cache_type);
}

const NativeModule module_functools = {
    .name = "_functools",
    .doc = "Tools that work on functions.",
    .functions = functools_functions,
    .fill = functools_fill,
};
