// SPDX-License-Identifier: MIT
//
// itertools: the module, and count, repeat, cycle, chain.
#include <sched.h>
#include "vm/modules/itertools_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/repr_guard.h"
#include "vm/types/arguments.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

Value itertools_reduce(Value self, Value arguments, Value state) {
    Value result = VALUE_NULL, type = value_from_object(value_type(self));
    if (!value_is_null(arguments))
        result = value_is_null(state) ? tuple_pack(2, type, arguments)
                                      : tuple_pack(3, type, arguments, state);
    ref_release(arguments);
    ref_release(state);
    return result;
}

// ---- count -------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value current; // the next number; guarded by the lock
    Value step;    // constant
} Count;

static Value count_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"start", "step", NULL};
    Value values[2];
    if (arguments_parse("count", args, nargs, kwnames, names, 0, 2, 0, values) < 0)
        return VALUE_NULL;
    Value start = value_is_null(values[0]) ? value_from_int(0) : values[0];
    Value step = value_is_null(values[1]) ? value_from_int(1) : values[1];
    if (!value_is_number(start) || !value_is_number(step))
        return raise_type_error("a number is required");
    Count *c = object_allocate(type);
    if (!c)
        return VALUE_NULL;
    // Counting by ones gives plain ints, whatever int it began with.
    int64_t first, by;
    bool ones =
        value_is_any_int(start) && value_is_any_int(step) && int_to_i64(step, &by) && by == 1;
    c->current = ones && int_to_i64(start, &first) ? int_from_i64(first) : ref_new(start);
    c->step = ones ? value_from_int(1) : ref_new(step);
    return value_from_object(c);
}

static Value count_next(Value self) {
    Count *c = (Count *)value_object(self);
    for (;;) {
        object_lock(&c->header);
        Value current = c->current;
        if (LIKELY(value_both_int(current, c->step))) {
            int64_t sum = value_int(current) + value_int(c->step); // two 63-bit numbers
            if (LIKELY(value_int_fits(sum))) {
                field_raw_store(&c->current, value_from_int(sum));
                object_unlock(&c->header);
                return current;
            }
        }
        ref_retain(current);
        object_unlock(&c->header);
        Value next = value_binary(current, c->step, BINARY_ADD);
        if (value_is_null(next)) {
            ref_release(current);
            return VALUE_NULL;
        }
        object_lock(&c->header);
        bool same = value_same(c->current, current);
        if (same)
            next = field_swap_locked(&c->current, next);
        object_unlock(&c->header);
        ref_release(next);
        if (same)
            return current;
        ref_release(current);
    }
}

static bool is_one(Value v) {
    return value_same(v, value_from_int(1));
}

static Value count_repr(Value self) {
    Count *c = (Count *)value_object(self);
    Value current = field_load(&c->header, &c->current);
    Value text = is_one(c->step)
                     ? str_format("%s(%R)", type_name(value_type(self)), current)
                     : str_format("%s(%R, %R)", type_name(value_type(self)), current, c->step);
    ref_release(current);
    return text;
}

static Value count_reduce(Value self) {
    Count *c = (Count *)value_object(self);
    Value current = field_load(&c->header, &c->current);
    Value arguments = is_one(c->step) && value_is_int(current) ? tuple_pack(1, current)
                                                               : tuple_pack(2, current, c->step);
    ref_release(current);
    return itertools_reduce(self, arguments, VALUE_NULL);
}

static void count_destroy(Object *self) {
    ref_release(((Count *)self)->current);
    ref_release(((Count *)self)->step);
    type_free_instance(self);
}
static void count_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Count *)self)->current);
    gc_visit(visitor, ((Count *)self)->step);
}

static const NativeDef count_methods[] = {
    DEF_NONE("__reduce__", count_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type count_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.count",
    .basic_size = sizeof(Count),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "count(start=0, step=1)\n--\n\nThe numbers from start on, without end.",
    .call_new = count_new,
    .destroy = count_destroy,
    .traverse = count_traverse,
    .repr = count_repr,
    .iter = object_self_iter,
    .next = count_next,
    .methods = count_methods,
};

// ---- repeat ------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value element; // constant
    int64_t left;  // -1: without end; guarded by the lock
} Repeat;

static Value repeat_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"object", "times", NULL};
    Value values[2];
    int64_t left = -1;
    if (arguments_parse("repeat", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    if (!value_is_null(values[1])) {
        if (size_argument(values[1], &left) < 0)
            return VALUE_NULL;
        if (left < 0)
            left = 0;
    }
    Repeat *r = object_allocate(type);
    if (!r)
        return VALUE_NULL;
    r->element = ref_new(values[0]);
    r->left = left;
    return value_from_object(r);
}

static Value repeat_next(Value self) {
    Repeat *r = (Repeat *)value_object(self);
    object_lock(&r->header);
    bool more = r->left != 0;
    if (r->left > 0)
        r->left--;
    object_unlock(&r->header);
    return more ? ref_new(r->element) : VALUE_NULL;
}

static int64_t repeat_left(Value self) {
    Repeat *r = (Repeat *)value_object(self);
    object_lock(&r->header);
    int64_t left = r->left;
    object_unlock(&r->header);
    return left;
}

static Value repeat_repr(Value self) {
    Repeat *r = (Repeat *)value_object(self);
    int64_t left = repeat_left(self);
    const char *name = type_name(value_type(self));
    return left < 0 ? str_format("%s(%R)", name, r->element)
                    : str_format("%s(%R, %lld)", name, r->element, (long long)left);
}

static Value repeat_reduce(Value self) {
    Repeat *r = (Repeat *)value_object(self);
    int64_t left = repeat_left(self);
    return itertools_reduce(self,
                            left < 0 ? tuple_pack(1, r->element)
                                     : tuple_pack(2, r->element, value_from_int(left)),
                            VALUE_NULL);
}

static Value repeat_length_hint(Value self) {
    int64_t left = repeat_left(self);
    return left < 0 ? raise_type_error("len() of unsized object") : int_from_i64(left);
}

static void repeat_destroy(Object *self) {
    ref_release(((Repeat *)self)->element);
    type_free_instance(self);
}
static void repeat_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Repeat *)self)->element);
}

static const NativeDef repeat_methods[] = {
    DEF_NONE("__length_hint__", repeat_length_hint, "How often it still comes."),
    DEF_NONE("__reduce__", repeat_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type repeat_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.repeat",
    .basic_size = sizeof(Repeat),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "repeat(object[, times])\n\nThe object again and again.",
    .call_new = repeat_new,
    .destroy = repeat_destroy,
    .traverse = repeat_traverse,
    .repr = repeat_repr,
    .iter = object_self_iter,
    .next = repeat_next,
    .methods = repeat_methods,
};

// ---- cycle -------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterator; // VALUE_NULL once exhausted; guarded by the lock
    Value saved;    // list of what it gave; replaced by __setstate__ alone, under the lock
    int64_t index;  // of the next saved item; guarded by the lock
    bool complete;  // saved holds all items already (__setstate__)
} Cycle;

static Value cycle_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("cycle", type, &cycle_type, kwnames) < 0)
        return VALUE_NULL;
    if (arguments_count("cycle", nargs, 1, 1) < 0)
        return VALUE_NULL;
    Value iterator = value_iter(args[0]);
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value saved = list_new();
    Cycle *c = value_is_null(saved) ? NULL : object_allocate(type);
    if (!c) {
        ref_release(iterator);
        ref_release(saved);
        return VALUE_NULL;
    }
    c->iterator = iterator;
    c->saved = saved;
    return value_from_object(c);
}

static Value cycle_next(Value self) {
    Cycle *c = (Cycle *)value_object(self);
    if (LIKELY(ref_is_unshared(&c->header)) && value_is_null(c->iterator)) {
        Value item = list_get_fast(list_of(c->saved), (uint64_t)c->index);
        if (LIKELY(!value_is_null(item))) {
            c->index = c->index + 1 < list_length(c->saved) ? c->index + 1 : 0;
            return item;
        }
    }
    Value iterator = field_load(&c->header, &c->iterator);
    if (!value_is_null(iterator)) {
        Value item = value_next(iterator);
        ref_release(iterator);
        if (!value_is_null(item)) {
            Value saved = field_load(&c->header, &c->saved);
            if (!c->complete && list_append(saved, item) < 0) {
                ref_release(item);
                item = VALUE_NULL;
            }
            ref_release(saved);
            return item;
        }
        if (error_occurred())
            return VALUE_NULL;
        field_clear(&c->header, &c->iterator);
    }
    Value saved = field_load(&c->header, &c->saved), item = VALUE_NULL;
    int64_t length = list_length(saved);
    if (length) {
        object_lock(&c->header);
        int64_t index = c->index < length ? c->index : 0;
        c->index = index + 1 < length ? index + 1 : 0;
        object_unlock(&c->header);
        item = list_get_fast(list_of(saved), (uint64_t)index);
    }
    ref_release(saved);
    return item;
}

static void cycle_destroy(Object *self) {
    ref_release(((Cycle *)self)->iterator);
    ref_release(((Cycle *)self)->saved);
    type_free_instance(self);
}
static void cycle_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Cycle *)self)->iterator);
    gc_visit(visitor, ((Cycle *)self)->saved);
}

static Value cycle_reduce(Value self) {
    Cycle *c = (Cycle *)value_object(self);
    object_lock(&c->header);
    Value iterator = c->iterator, saved = ref_new(c->saved);
    ref_retain(iterator);
    int64_t index = c->index;
    bool complete = c->complete;
    object_unlock(&c->header);
    if (value_is_null(iterator)) { // an iterator over the rest of this round
        iterator = value_iter(saved);
        if (!value_is_null(iterator) && index) {
            Value position = value_from_int(index);
            Value done = value_call_method(iterator, name___setstate__, &position, 1);
            if (value_is_null(done)) {
                ref_release(iterator);
                iterator = VALUE_NULL;
            }
            ref_release(done);
        }
        complete = true;
    }
    Value arguments = value_is_null(iterator) ? VALUE_NULL : tuple_pack(1, iterator);
    Value state =
        value_is_null(arguments) ? VALUE_NULL : tuple_pack(2, saved, value_from_bool(complete));
    ref_release(iterator);
    ref_release(saved);
    return itertools_reduce(self, arguments, state);
}

static Value cycle_setstate(Value self, Value state) {
    Cycle *c = (Cycle *)value_object(self);
    if (!value_is_tuple(state))
        return raise_type_error("state is not a tuple");
    if (tuple_length(state) != 2 || !value_is_list(tuple_item(state, 0)))
        return raise_type_error("function takes exactly 2 arguments (%lld given)",
                                (long long)tuple_length(state));
    int64_t complete;
    if (value_to_i64(tuple_item(state, 1), &complete) < 0)
        return VALUE_NULL;
    Value saved = ref_new(tuple_item(state, 0));
    object_lock(&c->header);
    saved = field_swap_locked(&c->saved, saved);
    c->index = 0;
    c->complete = complete != 0;
    object_unlock(&c->header);
    ref_release(saved);
    return none_new();
}

static const NativeDef cycle_methods[] = {
    DEF_NONE("__reduce__", cycle_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", cycle_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

Type cycle_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.cycle",
    .basic_size = sizeof(Cycle),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "cycle(iterable, /)\n--\n\nThe items again and again.",
    .call_new = cycle_new,
    .destroy = cycle_destroy,
    .traverse = cycle_traverse,
    .iter = object_self_iter,
    .next = cycle_next,
    .methods = cycle_methods,
};

// ---- chain -------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value source; // iterator over the iterables; VALUE_NULL once exhausted; guarded by the lock
    Value active; // iterator over the current one or VALUE_NULL; guarded by the lock
    // The thread that asks source for the next iterable, or 0; claimed by compare-and-swap, so that
    // of several threads that find no active iterator one advances and the others wait for it.
    uint64_t advancing;
} Chain;

// source is consumed.
static Value chain_make(Type *type, Value source) {
    Chain *c = value_is_null(source) ? NULL : object_allocate(type);
    if (!c) {
        ref_release(source);
        return VALUE_NULL;
    }
    c->source = source;
    return value_from_object(c);
}

static Value chain_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (new_no_keywords("chain", type, &chain_type, kwnames) < 0)
        return VALUE_NULL;
    Value iterables = tuple_from_array(args, (int64_t)nargs);
    if (value_is_null(iterables))
        return VALUE_NULL;
    Value source = value_iter(iterables);
    ref_release(iterables);
    return chain_make(type, source);
}

static Value chain_from_iterable(Value class, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("chain.from_iterable", kwnames) < 0 ||
        arguments_count("chain.from_iterable", nargs, 1, 1) < 0)
        return VALUE_NULL;
    return chain_make((Type *)value_object(class), value_iter(args[0]));
}

// Makes the next iterable of source active. 1, 0 at the end, -1.
static int chain_advance(Chain *c) {
    uint64_t nobody = 0, me = thread_current()->id;
    while (!__atomic_compare_exchange_n(&c->advancing, &nobody, me, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
        if (nobody == me)
            return raise_int(&exception_ValueError, "generator already executing");
        nobody = 0;
        thread_detach();
        sched_yield();
        thread_attach();
        if (thread_safepoint(thread_current()) < 0)
            return -1;
    }
    int status = 1;
    object_lock(&c->header);
    bool there = !value_is_null(field_raw(&c->active));
    object_unlock(&c->header);
    if (!there) {
        Value source = field_load(&c->header, &c->source), active = VALUE_NULL;
        if (!value_is_null(source)) {
            Value iterable = value_next(source);
            ref_release(source);
            if (!value_is_null(iterable)) {
                active = value_iter(iterable);
                ref_release(iterable);
            }
        }
        if (value_is_null(active)) {
            field_clear(&c->header, &c->source);
            status = error_occurred() ? -1 : 0;
        } else {
            field_store(&c->header, &c->active, active);
        }
    }
    __atomic_store_n(&c->advancing, 0, __ATOMIC_RELEASE);
    return status;
}

static Value chain_next(Value self) {
    Chain *c = (Chain *)value_object(self);
    for (;;) {
        if (LIKELY(ref_is_unshared(&c->header)) && iterator_is_plain(c->active)) {
            Value item = iterator_next_plain(c->active);
            if (LIKELY(!value_is_null(item)) || error_occurred())
                return item;
            field_clear(&c->header, &c->active);
        }
        // Nobody can come back to an exclusive chain while the iterator runs.
        if (LIKELY(ref_is_exclusive(&c->header) && !value_is_null(c->active))) {
            Value item = value_next(c->active);
            if (LIKELY(!value_is_null(item)) || error_occurred())
                return item;
            field_clear(&c->header, &c->active);
        }
        Value active = field_load(&c->header, &c->active);
        if (value_is_null(active)) {
            if (chain_advance(c) <= 0)
                return VALUE_NULL;
            continue;
        }
        Value item = value_next(active);
        if (LIKELY(!value_is_null(item)) || error_occurred()) {
            ref_release(active);
            return item;
        }
        // Another thread may have gone on to the next iterable already: only drop the one that
        // ended.
        object_lock(&c->header);
        Value ended = VALUE_NULL;
        if (value_same(field_raw(&c->active), active))
            ended = field_swap_locked(&c->active, VALUE_NULL);
        object_unlock(&c->header);
        ref_release(ended);
        ref_release(active);
    }
}

static void chain_destroy(Object *self) {
    ref_release(((Chain *)self)->source);
    ref_release(((Chain *)self)->active);
    type_free_instance(self);
}
static void chain_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Chain *)self)->source);
    gc_visit(visitor, ((Chain *)self)->active);
}

static Value chain_reduce(Value self) {
    Chain *c = (Chain *)value_object(self);
    Value source = field_load(&c->header, &c->source), active = field_load(&c->header, &c->active);
    Value state = VALUE_NULL, arguments = tuple_empty();
    if (!value_is_null(source)) {
        state = value_is_null(active) ? tuple_pack(1, source) : tuple_pack(2, source, active);
        if (value_is_null(state)) {
            ref_release(arguments);
            arguments = VALUE_NULL;
        }
    }
    ref_release(source);
    ref_release(active);
    return itertools_reduce(self, arguments, state);
}

static Value chain_setstate(Value self, Value state) {
    Chain *c = (Chain *)value_object(self);
    if (!value_is_tuple(state))
        return raise_type_error("state is not a tuple");
    int64_t length = tuple_length(state);
    if (length < 1 || length > 2)
        return raise_type_error("function takes %s (%lld given)",
                                length < 1 ? "at least 1 argument" : "at most 2 arguments",
                                (long long)length);
    for (int64_t i = 0; i < length; i++)
        if (!value_type(tuple_item(state, i))->next)
            return raise_type_error("Arguments must be iterators.");
    field_store(&c->header, &c->source, ref_new(tuple_item(state, 0)));
    field_store(&c->header, &c->active, length > 1 ? ref_new(tuple_item(state, 1)) : VALUE_NULL);
    return none_new();
}

static const NativeDef chain_methods[] = {
    DEF_CLASS("from_iterable", chain_from_iterable,
              "from_iterable($type, iterable, /)\n--\n\nchain() of what iterable gives."),
    DEF_NONE("__reduce__", chain_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", chain_setstate, "Takes the state that __reduce__ gave."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

Type chain_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.chain",
    .basic_size = sizeof(Chain),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "chain(*iterables)\n\nThe items of one iterable after the other.",
    .call_new = chain_new,
    .destroy = chain_destroy,
    .traverse = chain_traverse,
    .iter = object_self_iter,
    .next = chain_next,
    .methods = chain_methods,
};

// ---- the module --------------------------------------------------------------------------

static const NativeDef itertools_functions[] = {
    DEF_FIXED("tee", itertools_tee, 1, 2,
              "tee($module, iterable, n=2, /)\n--\n\nn iterators that each give all items."),
    DEF_END,
};

static int itertools_fill(Value module) {
    Type *const types[] = {
        &accumulate_type,  &combinations_type, &combinations_with_replacement_type,
        &cycle_type,       &dropwhile_type,    &takewhile_type,
        &islice_type,      &starmap_type,      &chain_type,
        &compress_type,    &filterfalse_type,  &count_type,
        &zip_longest_type, &pairwise_type,     &permutations_type,
        &product_type,     &repeat_type,       &groupby_type,
        &grouper_type,     &tee_type,          &tee_data_type,
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    return 0;
}

const NativeModule module_itertools = {
    .name = "itertools",
    .doc = "Building blocks for iterators.",
    .functions = itertools_functions,
    .fill = itertools_fill,
};
