// SPDX-License-Identifier: MIT
//
// itertools that combine items: product, combinations, combinations_with_replacement,
// permutations, which share one structure, and zip_longest.
//
// The four pick result item k from a pool at position indices[k] and differ in how the indices
// advance (the index algorithms given in Python in the documentation of itertools). The indices
// are guarded by the lock and advanced in one step.
#include "vm/modules/itertools_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value pools;      // product: tuple of tuples; else one tuple; constant
    int64_t count;    // items of a result; constant
    int64_t *indices; // one a result item; permutations: one a pool item
    int64_t *cycles;  // permutations: one a result item; within the allocation of indices
    Value result;     // the last tuple given, or VALUE_NULL
    bool started, stopped;
} Picker;

static inline Picker *picker_of(Value v) {
    return (Picker *)value_object(v);
}

// pools is consumed (VALUE_NULL: an exception is set).
static Picker *picker_make(Type *type, Value pools, int64_t count, int64_t indices,
                           int64_t cycles) {
    if (value_is_null(pools))
        return NULL;
    int64_t *array = NULL;
    if (indices + cycles) {
        array = buffer_allocate_zeroed((size_t)(indices + cycles) * sizeof(int64_t));
        if (!array) {
            ref_release(pools);
            raise_memory_error();
            return NULL;
        }
    }
    Picker *p = object_allocate(type);
    if (!p) {
        ref_release(pools);
        buffer_free(array);
        return NULL;
    }
    p->pools = pools;
    p->count = count;
    p->indices = array;
    p->cycles = array + indices;
    return p;
}

static void picker_destroy(Object *self) {
    Picker *p = (Picker *)self;
    ref_release(p->pools);
    ref_release(p->result);
    buffer_free(p->indices);
    type_free_instance(self);
}
static void picker_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Picker *)self)->pools);
    gc_visit(visitor, ((Picker *)self)->result);
}

// advance gives the first result item that changed, or -1 at the end. Lock held; pure arithmetic.
// The last tuple is filled again if only this iterator has it.
static inline __attribute__((always_inline)) Value
picker_next(Value self, int64_t (*advance)(Picker *p), bool product) {
    Picker *p = picker_of(self);
    int64_t count = p->count;
    if (LIKELY(ref_is_unshared(&p->header)) && p->started && !p->stopped &&
        !value_is_null(p->result) && ref_is_exclusive(value_object(p->result))) {
        int64_t changed = advance(p);
        if (changed < 0) {
            p->stopped = true;
            return VALUE_NULL;
        }
        Value result = ref_new(p->result);
        Tuple *t = tuple_of(result);
        for (int64_t k = changed; k < count; k++) {
            Value pool = product ? tuple_item(p->pools, k) : p->pools, old = t->items[k];
            t->items[k] = ref_new(tuple_item(pool, p->indices[k]));
            ref_release(old); // still in its pool: this is never the last reference
        }
        return result;
    }
    if (LIKELY(ref_is_unshared(&p->header)) && p->started && !p->stopped &&
        !value_is_null(p->result)) {
        Value result = tuple_allocate_unfilled(count), previous = p->result;
        if (value_is_null(result))
            return VALUE_NULL;
        int64_t changed = advance(p);
        Value *items = tuple_of(result)->items;
        if (changed < 0) {
            p->stopped = true;
            memset(items, 0, (size_t)count * sizeof(Value));
            ref_release(result);
            return VALUE_NULL;
        }
        const Value *before = tuple_of(previous)->items;
        const int64_t *indices = p->indices;
        for (int64_t k = 0; k < changed; k++)
            items[k] = ref_new(before[k]);
        for (int64_t k = changed; k < count; k++)
            items[k] =
                ref_new(tuple_item(product ? tuple_item(p->pools, k) : p->pools, indices[k]));
        p->result = ref_new(result);
        ref_release(previous); // its items are still in their pools
        return result;
    }
    object_lock(&p->header);
    bool over = p->stopped; // count may be more than there are indices then
    if (over && product)    // until now it could be copied as one that is new
        p->started = true;
    object_unlock(&p->header);
    if (over)
        return VALUE_NULL;
    Value result = tuple_allocate(count);
    if (value_is_null(result))
        return VALUE_NULL;
    Tuple *t = tuple_of(result);
    int64_t changed = 0;
    object_lock(&p->header);
    if (p->stopped)
        changed = -1;
    else if (!p->started)
        p->started = true;
    else if ((changed = advance(p)) < 0)
        p->stopped = true;
    for (int64_t k = 0; k < count && changed >= 0; k++) {
        Value pool = product ? tuple_item(p->pools, k) : p->pools;
        t->items[k] = ref_new(tuple_item(pool, p->indices[k]));
    }
    object_unlock(&p->header);
    if (changed < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    if (count) // always the newest, for only what changes is filled in
        field_store(&p->header, &p->result, ref_new(result));
    return result;
}

static Value indices_tuple(const int64_t *numbers, int64_t count) {
    Value tuple = tuple_allocate(count);
    if (!value_is_null(tuple))
        for (int64_t i = 0; i < count; i++)
            tuple_of(tuple)->items[i] = value_from_int(numbers[i]);
    return tuple;
}

// ---- product -----------------------------------------------------------------------------

static Value product_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    int64_t repeat = 1;
    if (!value_is_null(kwnames)) {
        for (int64_t i = 0; i < tuple_length(kwnames); i++) {
            if (!str_equal_cstr(tuple_item(kwnames, i), "repeat"))
                return raise_type_error("'%V' is an invalid keyword argument for product()",
                                        tuple_item(kwnames, i));
            if (size_argument(args[nargs + (size_t)i], &repeat) < 0)
                return VALUE_NULL;
            if (repeat < 0)
                return raise_value_error("repeat argument cannot be negative");
        }
    }
    int64_t given = repeat ? (int64_t)nargs : 0;
    if (given && repeat > ((int64_t)1 << 40) / given)
        return raise_error(&exception_OverflowError, "repeat argument too large");
    Value pools = tuple_allocate(given * repeat);
    bool empty = false;
    for (int64_t i = 0; i < given && !value_is_null(pools); i++) {
        Value pool = tuple_from_iterable(args[i]);
        if (value_is_null(pool)) {
            ref_release(pools);
            pools = VALUE_NULL;
            break;
        }
        empty |= tuple_length(pool) == 0;
        for (int64_t k = 0; k < repeat; k++)
            tuple_of(pools)->items[k * given + i] = ref_new(pool);
        ref_release(pool);
    }
    Picker *p = picker_make(type, pools, given * repeat, given * repeat, 0);
    if (p)
        p->stopped = empty;
    return value_from_object(p);
}

static int64_t product_advance(Picker *p) {
    for (int64_t k = p->count - 1; k >= 0; k--) {
        if (++p->indices[k] < tuple_length(tuple_item(p->pools, k)))
            return k;
        p->indices[k] = 0;
    }
    return -1;
}
static Value product_next(Value self) {
    return picker_next(self, product_advance, true);
}

static Value product_reduce(Value self) {
    Picker *p = picker_of(self);
    object_lock(&p->header);
    bool stopped = p->stopped, started = p->started;
    object_unlock(&p->header);
    if (stopped && started) {
        Value empty = tuple_empty();
        Value arguments = tuple_pack(1, empty);
        ref_release(empty);
        return itertools_reduce(self, arguments, VALUE_NULL);
    }
    if (!started)
        return itertools_reduce(self, ref_new(p->pools), VALUE_NULL);
    Value state = indices_tuple(p->indices, p->count);
    return itertools_reduce(self, value_is_null(state) ? VALUE_NULL : ref_new(p->pools), state);
}

// The numbers of a tuple of as many ints, each brought into 0..limit - 1. 0 or -1.
static int read_numbers(Value tuple, int64_t count, int64_t *out) {
    for (int64_t i = 0; i < count; i++)
        if (size_argument(tuple_item(tuple, i), &out[i]) < 0)
            return -1;
    return 0;
}
static inline int64_t within(int64_t n, int64_t low, int64_t high) {
    return n < low ? low : n > high ? high : n;
}

static Value product_setstate(Value self, Value state) {
    Picker *p = picker_of(self);
    if (!value_is_tuple(state) || tuple_length(state) != p->count)
        return raise_value_error("invalid arguments");
    int64_t *numbers = buffer_allocate((size_t)(p->count + 1) * sizeof(int64_t));
    if (!numbers)
        return raise_memory_error();
    if (read_numbers(state, p->count, numbers) < 0) {
        buffer_free(numbers);
        return VALUE_NULL;
    }
    object_lock(&p->header);
    for (int64_t k = 0; k < p->count; k++) {
        int64_t length = tuple_length(tuple_item(p->pools, k));
        p->indices[k] = within(numbers[k], 0, length - 1);
        if (length == 0)
            p->stopped = true;
    }
    p->started = true;
    Value old = field_swap_locked(&p->result, VALUE_NULL);
    object_unlock(&p->header);
    ref_release(old);
    buffer_free(numbers);
    return none_new();
}

static Value product_sizeof(Value self) {
    Picker *p = picker_of(self);
    return int_from_i64(value_type(self)->basic_size +
                        (p->stopped ? 0 : p->count * (int64_t)sizeof(int64_t)));
}

static const NativeDef product_methods[] = {
    DEF_NONE("__reduce__", product_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", product_setstate, "Takes the state that __reduce__ gave."),
    DEF_NONE("__sizeof__", product_sizeof, "Bytes taken."),
    DEF_END,
};

// ---- combinations ------------------------------------------------------------------------

static Value combinations_make(Type *type, const char *name, const Value *args, size_t nargs,
                               Value kwnames, bool replacement) {
    static const char *const names[] = {"iterable", "r", NULL};
    Value values[2];
    int64_t r;
    if (arguments_parse(name, args, nargs, kwnames, names, 0, 2, 2, values) < 0)
        return VALUE_NULL;
    Value pool = tuple_from_iterable(values[0]);
    if (value_is_null(pool))
        return VALUE_NULL;
    if (size_argument(values[1], &r) < 0 || r < 0) {
        ref_release(pool);
        return error_occurred() ? VALUE_NULL : raise_value_error("r must be non-negative");
    }
    int64_t n = tuple_length(pool);
    bool stopped = replacement ? n == 0 && r > 0 : r > n;
    Picker *p = picker_make(type, pool, r, stopped ? 0 : r, 0);
    if (p) {
        p->stopped = stopped;
        if (!replacement && !stopped)
            for (int64_t i = 0; i < r; i++)
                p->indices[i] = i;
    }
    return value_from_object(p);
}

static Value combinations_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return combinations_make(type, "combinations", args, nargs, kwnames, false);
}
static Value combinations_with_replacement_new(Type *type, const Value *args, size_t nargs,
                                               Value kwnames) {
    return combinations_make(type, "combinations_with_replacement", args, nargs, kwnames, true);
}

static int64_t combinations_advance(Picker *p) {
    int64_t n = tuple_length(p->pools), k = p->count - 1;
    while (k >= 0 && p->indices[k] == k + n - p->count)
        k--;
    if (k < 0)
        return -1;
    p->indices[k]++;
    for (int64_t j = k + 1; j < p->count; j++)
        p->indices[j] = p->indices[j - 1] + 1;
    return k;
}
static Value combinations_next(Value self) {
    return picker_next(self, combinations_advance, false);
}

static int64_t replacement_advance(Picker *p) {
    int64_t last = tuple_length(p->pools) - 1, k = p->count - 1;
    while (k >= 0 && p->indices[k] == last)
        k--;
    if (k < 0)
        return -1;
    int64_t index = p->indices[k] + 1;
    for (int64_t j = k; j < p->count; j++)
        p->indices[j] = index;
    return k;
}
static Value combinations_with_replacement_next(Value self) {
    return picker_next(self, replacement_advance, false);
}

static Value combinations_reduce(Value self) {
    Picker *p = picker_of(self);
    object_lock(&p->header);
    bool stopped = p->stopped, started = p->started;
    object_unlock(&p->header);
    Value count = value_from_int(p->count);
    if (stopped && started) {
        Value empty = tuple_empty(), arguments = tuple_pack(2, empty, count);
        ref_release(empty);
        return itertools_reduce(self, arguments, VALUE_NULL);
    }
    Value state = started ? indices_tuple(p->indices, p->count) : VALUE_NULL;
    return itertools_reduce(self, tuple_pack(2, p->pools, count), state);
}

static Value set_indices(Value self, Value state, bool replacement) {
    Picker *p = picker_of(self);
    if (!value_is_tuple(state) || tuple_length(state) != p->count)
        return raise_value_error("invalid arguments");
    if (p->stopped)
        return none_new(); // there never was anything to give
    int64_t n = tuple_length(p->pools);
    int64_t *numbers = buffer_allocate((size_t)(p->count + 1) * sizeof(int64_t));
    if (!numbers)
        return raise_memory_error();
    if (read_numbers(state, p->count, numbers) < 0) {
        buffer_free(numbers);
        return VALUE_NULL;
    }
    object_lock(&p->header);
    for (int64_t k = 0; k < p->count; k++)
        p->indices[k] = within(numbers[k], 0, replacement ? n - 1 : k + n - p->count);
    p->started = true;
    Value old = field_swap_locked(&p->result, VALUE_NULL);
    object_unlock(&p->header);
    ref_release(old);
    buffer_free(numbers);
    return none_new();
}
static Value combinations_setstate(Value self, Value state) {
    return set_indices(self, state, false);
}
static Value combinations_with_replacement_setstate(Value self, Value state) {
    return set_indices(self, state, true);
}

static const NativeDef combinations_methods[] = {
    DEF_NONE("__reduce__", combinations_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", combinations_setstate, "Takes the state that __reduce__ gave."),
    DEF_NONE("__sizeof__", product_sizeof, "Bytes taken."),
    DEF_END,
};
static const NativeDef combinations_with_replacement_methods[] = {
    DEF_NONE("__reduce__", combinations_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", combinations_with_replacement_setstate,
            "Takes the state that __reduce__ gave."),
    DEF_NONE("__sizeof__", product_sizeof, "Bytes taken."),
    DEF_END,
};

// ---- permutations ------------------------------------------------------------------------

static Value permutations_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "r", NULL};
    Value values[2];
    if (arguments_parse("permutations", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    Value pool = tuple_from_iterable(values[0]);
    if (value_is_null(pool))
        return VALUE_NULL;
    int64_t n = tuple_length(pool), r = n;
    if (!value_is_null(values[1]) && !value_is_none(values[1])) {
        if (!value_is_any_int(values[1]))
            raise_type_error("Expected int as r");
        else if (size_argument(values[1], &r) == 0 && r < 0)
            raise_value_error("r must be non-negative");
        if (error_occurred()) {
            ref_release(pool);
            return VALUE_NULL;
        }
    }
    bool stopped = r > n;
    Picker *p = picker_make(type, pool, r, n, stopped ? 0 : r);
    if (p) {
        p->stopped = stopped;
        for (int64_t i = 0; i < n; i++)
            p->indices[i] = i;
        for (int64_t i = 0; i < r && !stopped; i++)
            p->cycles[i] = n - i;
    }
    return value_from_object(p);
}

static int64_t permutations_advance(Picker *p) {
    int64_t n = tuple_length(p->pools);
    for (int64_t k = p->count - 1; k >= 0; k--) {
        if (--p->cycles[k] == 0) {
            int64_t index = p->indices[k];
            for (int64_t j = k; j < n - 1; j++)
                p->indices[j] = p->indices[j + 1];
            p->indices[n - 1] = index;
            p->cycles[k] = n - k;
        } else {
            int64_t j = n - p->cycles[k], index = p->indices[k];
            p->indices[k] = p->indices[j];
            p->indices[j] = index;
            return k;
        }
    }
    return -1;
}
static Value permutations_next(Value self) {
    return picker_next(self, permutations_advance, false);
}

static Value permutations_reduce(Value self) {
    Picker *p = picker_of(self);
    object_lock(&p->header);
    bool stopped = p->stopped, started = p->started;
    object_unlock(&p->header);
    Value count = value_from_int(p->count);
    if (stopped && started) {
        Value empty = tuple_empty(), arguments = tuple_pack(2, empty, count);
        ref_release(empty);
        return itertools_reduce(self, arguments, VALUE_NULL);
    }
    Value state = VALUE_NULL;
    if (started) {
        Value indices = indices_tuple(p->indices, tuple_length(p->pools));
        Value cycles = value_is_null(indices) ? VALUE_NULL : indices_tuple(p->cycles, p->count);
        if (!value_is_null(cycles))
            state = tuple_pack(2, indices, cycles);
        ref_release(indices);
        ref_release(cycles);
        if (value_is_null(state))
            return VALUE_NULL;
    }
    return itertools_reduce(self, tuple_pack(2, p->pools, count), state);
}

static Value permutations_setstate(Value self, Value state) {
    Picker *p = picker_of(self);
    int64_t n = tuple_length(p->pools);
    if (!value_is_tuple(state))
        return raise_error(&exception_TypeError, "state is not a tuple");
    if (tuple_length(state) != 2)
        return raise_error(&exception_TypeError, "function takes exactly 2 arguments (%zu given)",
                           (size_t)tuple_length(state));
    for (size_t i = 0; i < 2; i++)
        if (!value_is_tuple(tuple_item(state, i)))
            return raise_error(&exception_TypeError, "argument %zu must be tuple, not %T", i + 1,
                               tuple_item(state, i));
    if (tuple_length(tuple_item(state, 0)) != n || tuple_length(tuple_item(state, 1)) != p->count)
        return raise_value_error("invalid arguments");
    if (p->stopped)
        return none_new();
    int64_t *numbers = buffer_allocate((size_t)(n + p->count + 1) * sizeof(int64_t));
    if (!numbers)
        return raise_memory_error();
    if (read_numbers(tuple_item(state, 0), n, numbers) < 0 ||
        read_numbers(tuple_item(state, 1), p->count, numbers + n) < 0) {
        buffer_free(numbers);
        return VALUE_NULL;
    }
    object_lock(&p->header);
    for (int64_t i = 0; i < n; i++)
        p->indices[i] = within(numbers[i], 0, n - 1);
    for (int64_t i = 0; i < p->count; i++)
        p->cycles[i] = within(numbers[n + i], 1, n - i);
    p->started = true;
    Value old = field_swap_locked(&p->result, VALUE_NULL);
    object_unlock(&p->header);
    ref_release(old);
    buffer_free(numbers);
    return none_new();
}

static const NativeDef permutations_methods[] = {
    DEF_NONE("__reduce__", permutations_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", permutations_setstate, "Takes the state that __reduce__ gave."),
    DEF_NONE("__sizeof__", product_sizeof, "Bytes taken."),
    DEF_END,
};

#define PICKER_TYPE(prefix, doc_text)                                                              \
    Type prefix##_type = {                                                                         \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = "itertools." #prefix,                                                              \
        .basic_size = sizeof(Picker),                                                              \
        .kind = HEAP_CONTAINER,                                                                    \
        .flags = TYPE_BASE,                                                                        \
        .doc = doc_text,                                                                           \
        .call_new = prefix##_new,                                                                  \
        .destroy = picker_destroy,                                                                 \
        .traverse = picker_traverse,                                                               \
        .iter = object_self_iter,                                                                  \
        .next = prefix##_next,                                                                     \
        .methods = prefix##_methods,                                                               \
    }
PICKER_TYPE(product, "product(*iterables, repeat=1)\n\nAll tuples with one item of each.");
PICKER_TYPE(combinations,
            "combinations(iterable, r)\n--\n\nAll r items, in the order of the iterable.");
PICKER_TYPE(combinations_with_replacement, "combinations_with_replacement(iterable, r)\n--\n\n"
                                           "All r items in order, each as often as may be.");
PICKER_TYPE(permutations, "permutations(iterable, r=None)\n--\n\nAll r items in any order.");

// ---- zip_longest -------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterators; // private tuple whose items become VALUE_NULL; guarded by this object's lock
    int64_t active;  // iterators not yet exhausted; guarded by the lock
    Value fill;      // replaced by __setstate__ alone
} ZipLongest;

static Value zip_longest_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value fill = VALUE_NONE;
    if (!value_is_null(kwnames) && tuple_length(kwnames)) {
        if (tuple_length(kwnames) != 1 || !str_equal_cstr(tuple_item(kwnames, 0), "fillvalue"))
            return raise_type_error("zip_longest() got an unexpected keyword argument");
        fill = args[nargs];
    }
    Value iterators = tuple_allocate((int64_t)nargs);
    for (size_t i = 0; i < nargs && !value_is_null(iterators); i++) {
        Value iterator = value_iter(args[i]);
        if (value_is_null(iterator)) {
            ref_release(iterators);
            return VALUE_NULL;
        }
        tuple_of(iterators)->items[i] = iterator;
    }
    ZipLongest *z = value_is_null(iterators) ? NULL : object_allocate(type);
    if (!z) {
        ref_release(iterators);
        return VALUE_NULL;
    }
    z->iterators = iterators;
    z->active = (int64_t)nargs;
    z->fill = ref_new(fill);
    return value_from_object(z);
}

static Value zip_longest_next(Value self) {
    ZipLongest *z = (ZipLongest *)value_object(self);
    Tuple *iterators = tuple_of(z->iterators);
    object_lock(&z->header);
    bool over = z->active == 0;
    object_unlock(&z->header);
    if (over)
        return VALUE_NULL;
    Value result = tuple_allocate(iterators->length);
    for (int64_t i = 0; i < iterators->length && !value_is_null(result); i++) {
        Value iterator = field_load(&z->header, &iterators->items[i]), item = VALUE_NULL;
        if (!value_is_null(iterator)) {
            item = value_next(iterator);
            ref_release(iterator);
            if (value_is_null(item)) {
                bool failed = error_occurred();
                object_lock(&z->header);
                Value done = field_swap_locked(&iterators->items[i], VALUE_NULL);
                if (!value_is_null(done))
                    z->active--;
                if (failed)
                    z->active = 0;
                over = z->active == 0;
                object_unlock(&z->header);
                ref_release(done);
                if (over) {
                    ref_release(result);
                    return VALUE_NULL;
                }
            }
        }
        tuple_of(result)->items[i] = value_is_null(item) ? field_load(&z->header, &z->fill) : item;
    }
    return result;
}

static void zip_longest_destroy(Object *self) {
    ref_release(((ZipLongest *)self)->iterators);
    ref_release(((ZipLongest *)self)->fill);
    type_free_instance(self);
}
static void zip_longest_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ZipLongest *)self)->iterators);
    gc_visit(visitor, ((ZipLongest *)self)->fill);
}

static Value zip_longest_reduce(Value self) {
    ZipLongest *z = (ZipLongest *)value_object(self);
    int64_t count = tuple_length(z->iterators);
    Value arguments = tuple_allocate(count);
    if (value_is_null(arguments))
        return VALUE_NULL;
    for (int64_t i = 0; i < count; i++) {
        Value iterator = field_load(&z->header, &tuple_of(z->iterators)->items[i]);
        tuple_of(arguments)->items[i] = value_is_null(iterator) ? tuple_empty() : iterator;
    }
    return itertools_reduce(self, arguments, field_load(&z->header, &z->fill));
}

static Value zip_longest_setstate(Value self, Value state) {
    ZipLongest *z = (ZipLongest *)value_object(self);
    field_store(&z->header, &z->fill, ref_new(state));
    return none_new();
}

static const NativeDef zip_longest_methods[] = {
    DEF_NONE("__reduce__", zip_longest_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", zip_longest_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

Type zip_longest_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.zip_longest",
    .basic_size = sizeof(ZipLongest),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "zip_longest(*iterables, fillvalue=None)\n\n"
           "Tuples with one item of each, until all are exhausted.",
    .call_new = zip_longest_new,
    .destroy = zip_longest_destroy,
    .traverse = zip_longest_traverse,
    .iter = object_self_iter,
    .next = zip_longest_next,
    .methods = zip_longest_methods,
};
