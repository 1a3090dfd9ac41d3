// SPDX-License-Identifier: MIT
//
// itertools that pass on, drop or transform the items of one iterator: compress, dropwhile,
// takewhile, filterfalse, starmap, islice, accumulate, pairwise.
#include "vm/modules/itertools_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// Two constants (a function or data, and an iterator) and a flag: all of the simple ones.
typedef struct {
    Object header;
    Value first, iterator; // constant
    bool flag;             // guarded by the lock
} Simple;

static inline Simple *simple_of(Value v) {
    return (Simple *)value_object(v);
}

static bool flag_of(Simple *s) {
    object_lock(&s->header);
    bool flag = s->flag;
    object_unlock(&s->header);
    return flag;
}
static void set_flag(Simple *s, bool flag) {
    object_lock(&s->header);
    s->flag = flag;
    object_unlock(&s->header);
}

static void simple_destroy(Object *self) {
    ref_release(((Simple *)self)->first);
    ref_release(((Simple *)self)->iterator);
    type_free_instance(self);
}
static void simple_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Simple *)self)->first);
    gc_visit(visitor, ((Simple *)self)->iterator);
}

// first is borrowed, iterator consumed (VALUE_NULL: an exception is set).
static Value simple_make(Type *type, Value first, Value iterator) {
    Simple *s = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!s) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    s->first = ref_new(first);
    s->iterator = iterator;
    return value_from_object(s);
}

// type(function, iterable)
static Value function_and_iterable(Type *type, Type *exact, const Value *args, size_t nargs,
                                   Value kwnames) {
    const char *name = type_name(exact);
    if (new_no_keywords(name, type, exact, kwnames) < 0 || arguments_count(name, nargs, 2, 2) < 0)
        return VALUE_NULL;
    return simple_make(type, args[0], value_iter(args[1]));
}

static Value simple_reduce(Value self) {
    Simple *s = simple_of(self);
    return itertools_reduce(self, tuple_pack(2, s->first, s->iterator), VALUE_NULL);
}
static Value flagged_reduce(Value self) {
    Simple *s = simple_of(self);
    return itertools_reduce(self, tuple_pack(2, s->first, s->iterator), value_from_int(flag_of(s)));
}
static Value flagged_setstate(Value self, Value state) {
    int flag = value_truth(state);
    if (flag < 0)
        return VALUE_NULL;
    set_flag(simple_of(self), flag);
    return none_new();
}

static const NativeDef simple_methods[] = {
    DEF_NONE("__reduce__", simple_reduce, "How to pickle the iterator."),
    DEF_END,
};
static const NativeDef flagged_methods[] = {
    DEF_NONE("__reduce__", flagged_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", flagged_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

// The truth of function(item).
static int verdict(Value function, Value item) {
    Value result = value_call_one(function, item);
    if (value_is_null(result))
        return -1;
    int truth = value_truth(result);
    ref_release(result);
    return truth;
}

#define SIMPLE_TYPE(variable, type_name_text, doc_text, new_function, next_function, method_table) \
    Type variable = {                                                                              \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = type_name_text,                                                                    \
        .basic_size = sizeof(Simple),                                                              \
        .kind = HEAP_CONTAINER,                                                                    \
        .flags = TYPE_BASE,                                                                        \
        .doc = doc_text,                                                                           \
        .call_new = new_function,                                                                  \
        .destroy = simple_destroy,                                                                 \
        .traverse = simple_traverse,                                                               \
        .iter = object_self_iter,                                                                  \
        .next = next_function,                                                                     \
        .methods = method_table,                                                                   \
    }

// ---- compress: first is the iterator over the data, iterator the one over the selectors -------

static Value compress_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "selectors", NULL};
    Value values[2];
    if (arguments_parse("compress", args, nargs, kwnames, names, 0, 2, 2, values) < 0)
        return VALUE_NULL;
    Value data = value_iter(values[0]);
    if (value_is_null(data))
        return VALUE_NULL;
    Value result = simple_make(type, data, value_iter(values[1]));
    ref_release(data);
    return result;
}

static Value compress_next(Value self) {
    Simple *s = simple_of(self);
    for (;;) {
        Value item = iterator_next_of(&s->header, s->first);
        if (value_is_null(item))
            return VALUE_NULL;
        Value selector = iterator_next_of(&s->header, s->iterator);
        int truth = value_is_null(selector) ? -1 : value_truth(selector);
        ref_release(selector);
        if (truth > 0)
            return item;
        ref_release(item);
        if (truth < 0)
            return VALUE_NULL;
    }
}

SIMPLE_TYPE(compress_type, "itertools.compress",
            "compress(data, selectors)\n--\n\nThe items whose selector is true.", compress_new,
            compress_next, simple_methods);

// ---- dropwhile, takewhile, filterfalse ---------------------------------------------------------

static Value dropwhile_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return function_and_iterable(type, &dropwhile_type, args, nargs, kwnames);
}

static Value dropwhile_next(Value self) {
    Simple *s = simple_of(self);
    for (;;) {
        Value item = iterator_next_of(&s->header, s->iterator);
        if (value_is_null(item) || flag_of(s))
            return item;
        int drop = verdict(s->first, item);
        if (drop == 0) {
            set_flag(s, true);
            return item;
        }
        ref_release(item);
        if (drop < 0)
            return VALUE_NULL;
    }
}

static Value takewhile_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return function_and_iterable(type, &takewhile_type, args, nargs, kwnames);
}

static Value takewhile_next(Value self) {
    Simple *s = simple_of(self);
    if (flag_of(s))
        return VALUE_NULL;
    Value item = iterator_next_of(&s->header, s->iterator);
    if (value_is_null(item))
        return VALUE_NULL;
    int take = verdict(s->first, item);
    if (take > 0)
        return item;
    ref_release(item);
    if (take == 0)
        set_flag(s, true);
    return VALUE_NULL;
}

static Value filterfalse_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return function_and_iterable(type, &filterfalse_type, args, nargs, kwnames);
}

static Value filterfalse_next(Value self) {
    Simple *s = simple_of(self);
    bool own_truth = value_is_none(s->first) || value_same(s->first, value_from_object(&bool_type));
    for (;;) {
        Value item = iterator_next_of(&s->header, s->iterator);
        if (value_is_null(item))
            return VALUE_NULL;
        int truth = own_truth ? value_truth(item) : verdict(s->first, item);
        if (truth == 0)
            return item;
        ref_release(item);
        if (truth < 0)
            return VALUE_NULL;
    }
}

SIMPLE_TYPE(dropwhile_type, "itertools.dropwhile",
            "dropwhile(predicate, iterable, /)\n--\n\nWithout the first items it accepts.",
            dropwhile_new, dropwhile_next, flagged_methods);
SIMPLE_TYPE(takewhile_type, "itertools.takewhile",
            "takewhile(predicate, iterable, /)\n--\n\nThe first items, as long as it accepts them.",
            takewhile_new, takewhile_next, flagged_methods);
SIMPLE_TYPE(filterfalse_type, "itertools.filterfalse",
            "filterfalse(function, iterable, /)\n--\n\nThe items function does not accept.",
            filterfalse_new, filterfalse_next, simple_methods);

// ---- starmap -----------------------------------------------------------------------------

static Value starmap_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return function_and_iterable(type, &starmap_type, args, nargs, kwnames);
}

static Value starmap_next(Value self) {
    Simple *s = simple_of(self);
    Value item = iterator_next_of(&s->header, s->iterator);
    if (value_is_null(item))
        return VALUE_NULL;
    Value arguments = tuple_from_iterable(item);
    ref_release(item);
    if (value_is_null(arguments))
        return VALUE_NULL;
    Tuple *t = tuple_of(arguments);
    Value result = value_call(s->first, t->items, (size_t)t->length, VALUE_NULL);
    ref_release(arguments);
    return result;
}

SIMPLE_TYPE(starmap_type, "itertools.starmap",
            "starmap(function, iterable, /)\n--\n\nfunction(*item) for each item.", starmap_new,
            starmap_next, simple_methods);

// ---- islice ------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterator;     // VALUE_NULL once exhausted; this and the numbers guarded by the lock
    int64_t next, stop; // position of the next item wanted; -1: no stop
    int64_t step;       // constant
    int64_t taken;      // items taken from the iterator
} ISlice;

static Value islice_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("islice", type, &islice_type, kwnames) < 0 ||
        arguments_count("islice", nargs, 2, 4) < 0)
        return VALUE_NULL;
    int64_t start = 0, stop = -1, step = 1;
    Value stop_value = nargs == 2 ? args[1] : args[2];
    if (nargs > 2 && !value_is_none(args[1])) {
        if (value_to_size(args[1], &start) < 0) {
            error_clear();
            start = -1;
        }
    }
    if (!value_is_none(stop_value)) {
        if (value_to_size(stop_value, &stop) < 0) {
            error_clear();
            stop = -1;
        }
        if (stop == -1)
            return raise_value_error("Stop argument for islice() must be None or an integer: "
                                     "0 <= x <= sys.maxsize.");
    }
    if (start < 0 || stop < -1)
        return raise_value_error(
            "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (nargs == 4 && !value_is_none(args[3])) {
        if (value_to_size(args[3], &step) < 0) {
            error_clear();
            step = 0;
        }
        if (step < 1)
            return raise_value_error("Step for islice() must be a positive integer or None.");
    }
    Value iterator = value_iter(args[0]);
    ISlice *s = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!s) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    s->iterator = iterator;
    s->next = start;
    s->stop = stop;
    s->step = step;
    return value_from_object(s);
}

// The position wanted after `next`.
static int64_t position_after(int64_t next, int64_t step, int64_t stop) {
    int64_t following;
    if (__builtin_add_overflow(next, step, &following) || (stop >= 0 && following > stop))
        following = stop < 0 ? INT64_MAX : stop;
    return following;
}

static Value islice_next(Value self) {
    ISlice *s = (ISlice *)value_object(self);
    if (LIKELY(ref_is_unshared(&s->header)) && s->taken == s->next &&
        (s->stop < 0 || s->taken < s->stop) && iterator_is_plain(s->iterator)) {
        Value item = iterator_next_plain(s->iterator);
        if (LIKELY(!value_is_null(item))) {
            s->taken++;
            s->next = position_after(s->next, s->step, s->stop);
            return item;
        }
        field_clear(&s->header, &s->iterator);
        return VALUE_NULL;
    }
    // Nobody can come back to an exclusive slice while the iterator runs.
    bool exclusive = ref_is_exclusive(&s->header);
    object_lock(&s->header);
    Value iterator = s->iterator;
    if (!exclusive)
        ref_retain(iterator);
    int64_t next = s->next, stop = s->stop, taken = s->taken;
    object_unlock(&s->header);
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value item = VALUE_NULL;
    while (taken < next) {
        item = value_step(iterator);
        if (value_is_null(item))
            break;
        ref_release(item);
        item = VALUE_NULL;
        taken++;
    }
    if (taken >= next && (stop < 0 || taken < stop)) {
        item = value_step(iterator);
        if (!value_is_null(item)) {
            taken++;
            int64_t following = position_after(next, s->step, stop);
            object_lock(&s->header);
            s->next = following;
            s->taken = taken;
            object_unlock(&s->header);
        }
    }
    if (value_is_null(item)) {
        object_lock(&s->header);
        s->taken = taken;
        Value done = field_swap_locked(&s->iterator, VALUE_NULL);
        object_unlock(&s->header);
        ref_release(done);
    }
    if (!exclusive)
        ref_release(iterator);
    return item;
}

static void islice_destroy(Object *self) {
    ref_release(((ISlice *)self)->iterator);
    type_free_instance(self);
}
static void islice_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ISlice *)self)->iterator);
}

static Value islice_reduce(Value self) {
    ISlice *s = (ISlice *)value_object(self);
    object_lock(&s->header);
    Value iterator = s->iterator;
    ref_retain(iterator);
    int64_t next = s->next, stop = s->stop, taken = s->taken;
    object_unlock(&s->header);
    Value arguments;
    if (value_is_null(iterator)) {
        Value empty = list_new();
        iterator = value_is_null(empty) ? VALUE_NULL : value_iter(empty);
        ref_release(empty);
        if (value_is_null(iterator))
            return VALUE_NULL;
        arguments = tuple_pack(2, iterator, value_from_int(0));
        taken = 0;
    } else {
        arguments =
            tuple_pack(4, iterator, value_from_int(next),
                       stop < 0 ? VALUE_NONE : value_from_int(stop), value_from_int(s->step));
    }
    ref_release(iterator);
    return itertools_reduce(self, arguments, value_from_int(taken));
}

static Value islice_setstate(Value self, Value state) {
    ISlice *s = (ISlice *)value_object(self);
    int64_t taken;
    if (value_to_size(state, &taken) < 0)
        return VALUE_NULL;
    object_lock(&s->header);
    s->taken = taken;
    object_unlock(&s->header);
    return none_new();
}

static const NativeDef islice_methods[] = {
    DEF_NONE("__reduce__", islice_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", islice_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

Type islice_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.islice",
    .basic_size = sizeof(ISlice),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "islice(iterable, stop)\nislice(iterable, start, stop[, step])\n\n"
           "The items at some positions.",
    .call_new = islice_new,
    .destroy = islice_destroy,
    .traverse = islice_traverse,
    .iter = object_self_iter,
    .next = islice_next,
    .methods = islice_methods,
};

// ---- accumulate --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterator; // constant
    Value function; // VALUE_NULL: addition; constant
    Value total;    // VALUE_NULL before the first item; guarded by the lock
    Value initial;  // VALUE_NULL if there is none (any more); guarded by the lock
} Accumulate;

static Value accumulate_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "func", "initial", NULL};
    Value values[3];
    if (arguments_parse("accumulate", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    Value iterator = value_iter(values[0]);
    Accumulate *a = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!a) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    a->iterator = iterator;
    if (!value_is_null(values[1]) && !value_is_none(values[1]))
        a->function = ref_new(values[1]);
    if (!value_is_null(values[2]) && !value_is_none(values[2]))
        a->initial = ref_new(values[2]);
    return value_from_object(a);
}

static Value accumulate_next(Value self) {
    Accumulate *a = (Accumulate *)value_object(self);
    Value initial = field_swap(&a->header, &a->initial, VALUE_NULL);
    if (!value_is_null(initial)) {
        field_store(&a->header, &a->total, ref_new(initial));
        return initial;
    }
    Value item = iterator_next_of(&a->header, a->iterator);
    if (value_is_null(item))
        return VALUE_NULL;
    Value total = field_load(&a->header, &a->total);
    if (!value_is_null(total)) {
        Value sum = value_is_null(a->function) ? value_binary(total, item, BINARY_ADD)
                                               : value_call_two(a->function, total, item);
        ref_release(total);
        ref_release(item);
        if (value_is_null(sum))
            return VALUE_NULL;
        item = sum;
    }
    field_store(&a->header, &a->total, ref_new(item));
    return item;
}

static void accumulate_destroy(Object *self) {
    Accumulate *a = (Accumulate *)self;
    ref_release(a->iterator);
    ref_release(a->function);
    ref_release(a->total);
    ref_release(a->initial);
    type_free_instance(self);
}
static void accumulate_traverse(Object *self, GcVisitor *visitor) {
    Accumulate *a = (Accumulate *)self;
    gc_visit(visitor, a->iterator);
    gc_visit(visitor, a->function);
    gc_visit(visitor, a->total);
    gc_visit(visitor, a->initial);
}

// chain.from_iterable-like: a chain of [first] and iterator.
static Value chained(Value first, Value iterator) {
    Value pair = tuple_pack(1, first), result = VALUE_NULL;
    if (!value_is_null(pair)) {
        Value parts[2] = {pair, iterator};
        result = value_call(value_from_object(&chain_type), parts, 2, VALUE_NULL);
    }
    ref_release(pair);
    return result;
}

static Value accumulate_reduce(Value self) {
    Accumulate *a = (Accumulate *)value_object(self);
    Value function = value_is_null(a->function) ? VALUE_NONE : a->function;
    Value initial = field_load(&a->header, &a->initial), total = field_load(&a->header, &a->total);
    Value source = ref_new(a->iterator), result = VALUE_NULL;
    if (!value_is_null(initial)) {
        ref_release(source);
        source = chained(initial, a->iterator);
        if (!value_is_null(source))
            result = itertools_reduce(self, tuple_pack(2, source, function), none_new());
    } else if (!value_is_null(total) && value_is_none(total)) {
        // None as state means no total yet, so a total of None is given back as a first item.
        ref_release(source);
        source = chained(VALUE_NONE, a->iterator);
        Value inner = VALUE_NULL;
        if (!value_is_null(source)) {
            Value arguments[2] = {source, function};
            inner = value_call(value_from_object(value_type(self)), arguments, 2, VALUE_NULL);
        }
        if (!value_is_null(inner)) {
            Value arguments = tuple_pack(4, inner, value_from_int(1), VALUE_NONE, VALUE_NONE);
            if (!value_is_null(arguments))
                result = tuple_pack(2, value_from_object(&islice_type), arguments);
            ref_release(arguments);
        }
        ref_release(inner);
    } else {
        result = itertools_reduce(self, tuple_pack(2, source, function),
                                  value_is_null(total) ? none_new() : ref_new(total));
    }
    ref_release(source);
    ref_release(initial);
    ref_release(total);
    return result;
}

static Value accumulate_setstate(Value self, Value state) {
    Accumulate *a = (Accumulate *)value_object(self);
    field_store(&a->header, &a->total, value_is_none(state) ? VALUE_NULL : ref_new(state));
    return none_new();
}

static const NativeDef accumulate_methods[] = {
    DEF_NONE("__reduce__", accumulate_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", accumulate_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

Type accumulate_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.accumulate",
    .basic_size = sizeof(Accumulate),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "accumulate(iterable, func=None, *, initial=None)\n--\n\n"
           "Running totals, or results of func.",
    .call_new = accumulate_new,
    .destroy = accumulate_destroy,
    .traverse = accumulate_traverse,
    .iter = object_self_iter,
    .next = accumulate_next,
    .methods = accumulate_methods,
};

// ---- pairwise ----------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterator, old; // VALUE_NULL once exhausted, before the first item; guarded by the lock
} Pairwise;

static Value pairwise_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("pairwise", type, &pairwise_type, kwnames) < 0 ||
        arguments_count("pairwise", nargs, 1, 1) < 0)
        return VALUE_NULL;
    Value iterator = value_iter(args[0]);
    Pairwise *p = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!p) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    p->iterator = iterator;
    return value_from_object(p);
}

static Value pairwise_next(Value self) {
    Pairwise *p = (Pairwise *)value_object(self);
    Value iterator = field_load(&p->header, &p->iterator);
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value old = field_load(&p->header, &p->old), item = VALUE_NULL;
    if (value_is_null(old)) {
        old = value_step(iterator);
        if (!value_is_null(old))
            field_store(&p->header, &p->old, ref_new(old));
    }
    if (!value_is_null(old))
        item = value_step(iterator);
    if (value_is_null(item)) {
        field_clear(&p->header, &p->iterator);
        field_clear(&p->header, &p->old);
        ref_release(old);
        ref_release(iterator);
        return VALUE_NULL;
    }
    field_store(&p->header, &p->old, ref_new(item));
    ref_release(iterator);
    return tuple_pair_owned(old, item);
}

static void pairwise_destroy(Object *self) {
    ref_release(((Pairwise *)self)->iterator);
    ref_release(((Pairwise *)self)->old);
    type_free_instance(self);
}
static void pairwise_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Pairwise *)self)->iterator);
    gc_visit(visitor, ((Pairwise *)self)->old);
}

Type pairwise_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.pairwise",
    .basic_size = sizeof(Pairwise),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "pairwise(iterable, /)\n--\n\nEach item with the one after it.",
    .call_new = pairwise_new,
    .destroy = pairwise_destroy,
    .traverse = pairwise_traverse,
    .iter = object_self_iter,
    .next = pairwise_next,
};
