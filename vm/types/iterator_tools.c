// SPDX-License-Identifier: MIT
//
// enumerate, zip, map, filter. What they were made from never changes; a tuple they have given
// before is filled again when nobody but the iterator holds it (it is swapped out of its field
// meanwhile, so that two threads never fill the same one). A for statement that takes the tuple
// apart at once gets the items without it (next_items).
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/range.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// The tuple in *slot filled anew with `count` owned items, or a fresh one (and then kept in the
// slot). New reference; the items are consumed, also on failure.
static inline Value tuple_again(Object *owner, Value *slot, Value *items, int64_t count) {
    bool exclusive = ref_is_unshared(owner);
    Value tuple = exclusive ? *slot : field_swap(owner, slot, VALUE_NULL);
    if (!value_is_null(tuple) && LIKELY(ref_is_exclusive(value_object(tuple)))) {
        Tuple *t = tuple_of(tuple);
        for (int64_t i = 0; i < count; i++) {
            Value old = t->items[i];
            t->items[i] = items[i];
            items[i] = old;
        }
        ref_retain(tuple);
        if (!exclusive)
            field_store(owner, slot, tuple);
        for (int64_t i = 0; i < count; i++)
            ref_release(items[i]);
        return tuple;
    }
    Value fresh = tuple_from_owned(items, count);
    if (value_is_null(tuple) && !value_is_null(fresh) && count) {
        ref_retain(fresh);
        field_store(owner, slot, fresh);
    } else if (!exclusive) {
        ref_release(tuple);
    }
    return fresh;
}

// iter() of each argument as a tuple.
static Value iterators_of(const Value *args, size_t count) {
    Value tuple = tuple_allocate((int64_t)count);
    for (size_t i = 0; i < count && !value_is_null(tuple); i++) {
        Value iterator = value_iter(args[i]);
        if (value_is_null(iterator)) {
            ref_release(tuple);
            return VALUE_NULL;
        }
        tuple_of(tuple)->items[i] = iterator;
    }
    return tuple;
}

#define ON_STACK 8 // arguments gathered without a buffer

// ---- enumerate ---------------------------------------------------------------------------

// enumerate's messages are its own.
static int enumerate_arguments(const Value *args, size_t nargs, Value kwnames, Value *values) {
    size_t keywords = value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames);
    if (nargs + keywords > 2)
        return raise_int(&exception_TypeError, "enumerate() takes at most 2 arguments (%lld given)",
                         (long long)(nargs + keywords));
    for (size_t i = 0; i < nargs; i++)
        values[i] = args[i];
    for (size_t i = 0; i < keywords; i++) {
        Value name = tuple_item(kwnames, (int64_t)i);
        bool start = str_equal_cstr(name, "start");
        // With iterable still missing, start alone is no valid keyword.
        if ((!start && !str_equal_cstr(name, "iterable")) || !value_is_null(values[start]) ||
            (start && nargs + keywords == 1))
            return raise_int(&exception_TypeError,
                             "'%V' is an invalid keyword argument for enumerate()", name);
        values[start] = args[nargs + i];
    }
    if (value_is_null(values[0]))
        return raise_int(&exception_TypeError, "enumerate() missing required argument 'iterable'");
    return 0;
}

static Value enumerate_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value values[2] = {VALUE_NULL, VALUE_NULL};
    if (enumerate_arguments(args, nargs, kwnames, values) < 0)
        return VALUE_NULL;
    Value start = value_from_int(0);
    if (!value_is_null(values[1])) {
        Value index = value_index(values[1]);
        if (value_is_null(index))
            return VALUE_NULL;
        start = int_exact(index);
        ref_release(index);
        if (value_is_null(start))
            return VALUE_NULL;
    }
    Value iterator = value_iter(values[0]);
    Enumerate *e = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!e) {
        ref_release(iterator);
        ref_release(start);
        return VALUE_NULL;
    }
    e->iterator = iterator;
    if (value_is_int(start)) {
        e->index = value_int(start);
    } else {
        e->index = INT64_MAX;
        e->big_index = start;
    }
    return value_from_object(e);
}

// The next index as a new reference; the counter moves on.
static Value take_index(Enumerate *e) {
    for (;;) {
        object_lock(&e->header);
        int64_t index = e->index;
        Value big = e->big_index;
        if (LIKELY(index != INT64_MAX)) {
            if (LIKELY(index < VALUE_INT_MAX)) {
                e->index = index + 1;
                object_unlock(&e->header);
                return value_from_int(index);
            }
            big = value_from_int(index);
        }
        ref_retain(big);
        object_unlock(&e->header);
        Value following = int_add(big, value_from_int(1));
        if (value_is_null(following)) {
            ref_release(big);
            return VALUE_NULL;
        }
        object_lock(&e->header);
        bool same = e->index == index && (index != INT64_MAX || value_same(e->big_index, big));
        if (same) {
            e->index = INT64_MAX;
            following = field_swap_locked(&e->big_index, following);
        }
        object_unlock(&e->header);
        ref_release(following);
        if (same)
            return big;
        ref_release(big);
    }
}

static inline int enumerate_step(Value self, Value *pair) {
    Enumerate *e = (Enumerate *)value_object(self);
    pair[1] = iterator_next_of(&e->header, e->iterator);
    if (UNLIKELY(value_is_null(pair[1])))
        return error_occurred() ? -1 : 0;
    pair[0] = take_index(e);
    if (UNLIKELY(value_is_null(pair[0]))) {
        ref_release(pair[1]);
        return -1;
    }
    return 1;
}

static int enumerate_next_items(Value self, Value *items, uint32_t count) {
    return LIKELY(count == 2) ? enumerate_step(self, items) : NEXT_ITEMS_OTHER;
}

static Value enumerate_next(Value self) {
    Value pair[2];
    if (enumerate_step(self, pair) <= 0)
        return VALUE_NULL;
    Enumerate *e = (Enumerate *)value_object(self);
    return tuple_again(&e->header, &e->result, pair, 2);
}

static void enumerate_destroy(Object *self) {
    Enumerate *e = (Enumerate *)self;
    ref_release(e->iterator);
    ref_release(e->big_index);
    ref_release(e->result);
    type_free_instance(self);
}
static void enumerate_traverse(Object *self, GcVisitor *visitor) {
    Enumerate *e = (Enumerate *)self;
    gc_visit(visitor, e->iterator);
    gc_visit(visitor, e->big_index);
    gc_visit(visitor, e->result);
}

static Value enumerate_reduce(Value self) {
    Enumerate *e = (Enumerate *)value_object(self);
    object_lock(&e->header);
    Value index = e->index == INT64_MAX ? ref_new(e->big_index) : value_from_int(e->index);
    object_unlock(&e->header);
    Value arguments = tuple_pack(2, e->iterator, index), result = VALUE_NULL;
    ref_release(index);
    if (!value_is_null(arguments))
        result = tuple_pack(2, value_from_object(value_type(self)), arguments);
    ref_release(arguments);
    return result;
}

static const NativeDef enumerate_methods[] = {
    DEF_NONE("__reduce__", enumerate_reduce, "How to pickle the iterator."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

Type enumerate_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "enumerate",
    .basic_size = sizeof(Enumerate),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "enumerate(iterable, start=0)\n--\n\nAn iterator of (number, item) pairs.",
    .call_new = enumerate_call_new,
    .destroy = enumerate_destroy,
    .traverse = enumerate_traverse,
    .iter = object_self_iter,
    .next = enumerate_next,
    .next_items = enumerate_next_items,
    .methods = enumerate_methods,
};

// ---- zip ---------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterators; // tuple, constant
    Value result;    // the last tuple given, or VALUE_NULL
    bool strict;     // set at birth or by __setstate__; read and written relaxed
} Zip;

static Value zip_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    bool strict = false;
    if (!value_is_null(kwnames)) {
        if (tuple_length(kwnames) > 1)
            return raise_type_error("zip() takes at most 1 keyword argument (%lld given)",
                                    (long long)tuple_length(kwnames));
        for (int64_t i = 0; i < tuple_length(kwnames); i++) {
            Value name = tuple_item(kwnames, i);
            if (str_equal_cstr(name, "strict")) {
                int truth = value_truth(args[nargs + (size_t)i]);
                if (truth < 0)
                    return VALUE_NULL;
                strict = truth;
            } else {
                return raise_type_error("'%V' is an invalid keyword argument for zip()", name);
            }
        }
    }
    Value iterators = iterators_of(args, nargs);
    Zip *z = value_is_null(iterators) ? NULL : object_allocate(type);
    if (!z) {
        ref_release(iterators);
        return VALUE_NULL;
    }
    z->iterators = iterators;
    z->strict = strict;
    return value_from_object(z);
}

// After a step that gave no item: whether that is an exception and not the end.
static bool step_failed(void) {
    if (error_matches(&exception_StopIteration))
        error_clear();
    return error_occurred();
}

static Value raise_uneven(int64_t i, const char *relation) {
    if (i == 1)
        return raise_value_error("zip() argument 2 is %s than argument 1", relation);
    return raise_value_error("zip() argument %lld is %s than arguments 1-%lld", (long long)i + 1,
                             relation, (long long)i);
}

// Iterator number i was found exhausted, those before it were not; or all the rest are looked at.
static Value zip_finish(Zip *z, int64_t i) {
    if (!__atomic_load_n(&z->strict, __ATOMIC_RELAXED) || step_failed())
        return VALUE_NULL;
    if (i)
        return raise_uneven(i, "shorter");
    for (i = 1; i < tuple_length(z->iterators); i++) {
        Value item = iterator_next_of(&z->header, tuple_item(z->iterators, i));
        if (!value_is_null(item)) {
            ref_release(item);
            return raise_uneven(i, "longer");
        }
        if (step_failed())
            return VALUE_NULL;
    }
    return VALUE_NULL;
}

// The next of each as new references. False: there is none, or an exception.
static inline bool zip_step(Zip *z, Value *items, int64_t count) {
    const Value *iterators = tuple_of(z->iterators)->items;
#pragma GCC unroll 2
    for (int64_t i = 0; i < count; i++) {
        items[i] = iterator_next_of(&z->header, iterators[i]);
        if (LIKELY(!value_is_null(items[i])))
            continue;
        for (int64_t k = 0; k < i; k++)
            ref_release(items[k]);
        zip_finish(z, i);
        return false;
    }
    return count != 0;
}

static int zip_next_items(Value self, Value *items, uint32_t count) {
    Zip *z = (Zip *)value_object(self);
    if (UNLIKELY(tuple_length(z->iterators) != count))
        return NEXT_ITEMS_OTHER;
    // Two are the usual number.
    if (LIKELY(count == 2 ? zip_step(z, items, 2) : zip_step(z, items, count)))
        return 1;
    return error_occurred() ? -1 : 0;
}

static Value zip_next(Value self) {
    Zip *z = (Zip *)value_object(self);
    int64_t count = tuple_length(z->iterators);
    Value small[ON_STACK], *items = small, result = VALUE_NULL;
    if (LIKELY(count == 2))
        return zip_step(z, items, 2) ? tuple_again(&z->header, &z->result, items, 2) : VALUE_NULL;
    if (count > ON_STACK && !(items = buffer_allocate((size_t)count * sizeof(Value))))
        return raise_memory_error();
    if (LIKELY(zip_step(z, items, count)))
        result = tuple_again(&z->header, &z->result, items, count);
    if (items != small)
        buffer_free(items);
    return result;
}

static void zip_destroy(Object *self) {
    Zip *z = (Zip *)self;
    ref_release(z->iterators);
    ref_release(z->result);
    type_free_instance(self);
}
static void zip_traverse(Object *self, GcVisitor *visitor) {
    Zip *z = (Zip *)self;
    gc_visit(visitor, z->iterators);
    gc_visit(visitor, z->result);
}

static Value zip_reduce(Value self) {
    Zip *z = (Zip *)value_object(self);
    Value type = value_from_object(value_type(self));
    return __atomic_load_n(&z->strict, __ATOMIC_RELAXED)
               ? tuple_pack(3, type, z->iterators, VALUE_TRUE)
               : tuple_pack(2, type, z->iterators);
}

static Value zip_setstate(Value self, Value state) {
    int strict = value_truth(state);
    if (strict < 0)
        return VALUE_NULL;
    __atomic_store_n(&((Zip *)value_object(self))->strict, strict != 0, __ATOMIC_RELAXED);
    return none_new();
}

static const NativeDef zip_methods[] = {
    DEF_NONE("__reduce__", zip_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", zip_setstate, "Makes it strict or not."),
    DEF_END,
};

Type zip_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "zip",
    .basic_size = sizeof(Zip),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "zip(*iterables, strict=False)\n\nAn iterator of tuples with one item of each.\n\n"
           ">>> list(zip('ab', [1, 2, 3]))\n[('a', 1), ('b', 2)]",
    .call_new = zip_call_new,
    .destroy = zip_destroy,
    .traverse = zip_traverse,
    .iter = object_self_iter,
    .next = zip_next,
    .next_items = zip_next_items,
    .methods = zip_methods,
};

// ---- map ---------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value function;  // constant
    Value iterators; // tuple, constant
} Map;

static Value map_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("map", type, &map_type, kwnames) < 0)
        return VALUE_NULL;
    if (nargs < 2)
        return raise_type_error("map() must have at least two arguments.");
    Value iterators = iterators_of(args + 1, nargs - 1);
    Map *m = value_is_null(iterators) ? NULL : object_allocate(type);
    if (!m) {
        ref_release(iterators);
        return VALUE_NULL;
    }
    m->function = ref_new(args[0]);
    m->iterators = iterators;
    return value_from_object(m);
}

static Value map_next(Value self) {
    Map *m = (Map *)value_object(self);
    int64_t count = tuple_length(m->iterators);
    Value small[ON_STACK], *items = small, result = VALUE_NULL;
    if (LIKELY(count == 1)) {
        Value item = iterator_next_of(&m->header, tuple_item(m->iterators, 0));
        if (value_is_null(item))
            return VALUE_NULL;
        result = value_call_one(m->function, item);
        ref_release(item);
        return result;
    }
    if (count > ON_STACK && !(items = buffer_allocate((size_t)count * sizeof(Value))))
        return raise_memory_error();
    int64_t i = 0;
    for (; i < count; i++) {
        items[i] = iterator_next_of(&m->header, tuple_item(m->iterators, i));
        if (value_is_null(items[i]))
            break;
    }
    if (i == count)
        result = value_call(m->function, items, (size_t)count, VALUE_NULL);
    for (int64_t k = 0; k < i; k++)
        ref_release(items[k]);
    if (items != small)
        buffer_free(items);
    return result;
}

static void map_destroy(Object *self) {
    Map *m = (Map *)self;
    ref_release(m->function);
    ref_release(m->iterators);
    type_free_instance(self);
}
static void map_traverse(Object *self, GcVisitor *visitor) {
    Map *m = (Map *)self;
    gc_visit(visitor, m->function);
    gc_visit(visitor, m->iterators);
}

static Value map_reduce(Value self) {
    Map *m = (Map *)value_object(self);
    int64_t count = tuple_length(m->iterators);
    Value arguments = tuple_allocate(count + 1), result = VALUE_NULL;
    if (value_is_null(arguments))
        return VALUE_NULL;
    tuple_of(arguments)->items[0] = ref_new(m->function);
    for (int64_t i = 0; i < count; i++)
        tuple_of(arguments)->items[i + 1] = ref_new(tuple_item(m->iterators, i));
    result = tuple_pack(2, value_from_object(value_type(self)), arguments);
    ref_release(arguments);
    return result;
}

static const NativeDef map_methods[] = {
    DEF_NONE("__reduce__", map_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type map_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "map",
    .basic_size = sizeof(Map),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "map(function, /, *iterables)\n\nAn iterator of what function gives for the items.",
    .call_new = map_call_new,
    .destroy = map_destroy,
    .traverse = map_traverse,
    .iter = object_self_iter,
    .next = map_next,
    .methods = map_methods,
};

// ---- filter ------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value function; // None: the items' own truth; constant
    Value iterator; // constant
} Filter;

extern Type bool_type;

static Value filter_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("filter", type, &filter_type, kwnames) < 0)
        return VALUE_NULL;
    if (arguments_count("filter", nargs, 2, 2) < 0)
        return VALUE_NULL;
    Value iterator = value_iter(args[1]);
    Filter *f = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!f) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    f->function = ref_new(args[0]);
    f->iterator = iterator;
    return value_from_object(f);
}

static Value filter_next(Value self) {
    Filter *f = (Filter *)value_object(self);
    bool own_truth =
        value_is_none(f->function) || value_same(f->function, value_from_object(&bool_type));
    for (;;) {
        Value item = iterator_next_of(&f->header, f->iterator);
        if (value_is_null(item))
            return VALUE_NULL;
        int truth;
        if (own_truth) {
            truth = value_truth(item);
        } else {
            Value verdict = value_call_one(f->function, item);
            truth = value_is_null(verdict) ? -1 : value_truth(verdict);
            ref_release(verdict);
        }
        if (truth > 0)
            return item;
        ref_release(item);
        if (truth < 0)
            return VALUE_NULL;
    }
}

static void filter_destroy(Object *self) {
    Filter *f = (Filter *)self;
    ref_release(f->function);
    ref_release(f->iterator);
    type_free_instance(self);
}
static void filter_traverse(Object *self, GcVisitor *visitor) {
    Filter *f = (Filter *)self;
    gc_visit(visitor, f->function);
    gc_visit(visitor, f->iterator);
}

static Value filter_reduce(Value self) {
    Filter *f = (Filter *)value_object(self);
    Value arguments = tuple_pack(2, f->function, f->iterator), result = VALUE_NULL;
    if (!value_is_null(arguments))
        result = tuple_pack(2, value_from_object(value_type(self)), arguments);
    ref_release(arguments);
    return result;
}

static const NativeDef filter_methods[] = {
    DEF_NONE("__reduce__", filter_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type filter_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "filter",
    .basic_size = sizeof(Filter),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "filter(function or None, iterable)\n\nAn iterator of the items function accepts.",
    .call_new = filter_call_new,
    .destroy = filter_destroy,
    .traverse = filter_traverse,
    .iter = object_self_iter,
    .next = filter_next,
    .methods = filter_methods,
};

void iterator_tools_start(void) {
    type_ready(&enumerate_type);
    type_ready(&zip_type);
    type_ready(&map_type);
    type_ready(&filter_type);
}
