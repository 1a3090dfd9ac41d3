// SPDX-License-Identifier: MIT
//
// itertools.groupby and tee.
#include "vm/modules/itertools_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// Groups and tee iterators reach the iterator behind the back of its owner: see iterator_next_of.
static inline Value iterator_next_shared(Value iterator) {
    ref_retain(iterator);
    Value item = value_next(iterator);
    ref_release(iterator);
    return item;
}

// ---- groupby -----------------------------------------------------------------------------

typedef struct {
    Object header;
    Value iterator, function; // constant; function None: the item is its own key
    // VALUE_NULL before they exist; guarded by the lock
    Value target_key;           // of the group being given
    Value current_key, current; // the item read last, not yet given if current is not VALUE_NULL
    uint64_t generation;        // of the newest group; guarded by the lock
} GroupBy;

typedef struct {
    Object header;
    Value parent, target_key; // constant
    uint64_t generation;      // constant
} Grouper;

static Value groupby_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "key", NULL};
    Value values[2];
    if (arguments_parse("groupby", args, nargs, kwnames, names, 0, 2, 1, values) < 0)
        return VALUE_NULL;
    Value iterator = value_iter(values[0]);
    GroupBy *g = value_is_null(iterator) ? NULL : object_allocate(type);
    if (!g) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    g->iterator = iterator;
    g->function = value_is_null(values[1]) ? none_new() : ref_new(values[1]);
    return value_from_object(g);
}

// Reads the next item and its key. 1, 0 exhausted, -1.
static int read_item(GroupBy *g) {
    Value item = iterator_next_shared(g->iterator);
    if (value_is_null(item))
        return error_occurred() ? -1 : 0;
    Value key = value_is_none(g->function) ? ref_new(item) : value_call_one(g->function, item);
    if (value_is_null(key)) {
        ref_release(item);
        return -1;
    }
    object_lock(&g->header);
    key = field_swap_locked(&g->current_key, key);
    item = field_swap_locked(&g->current, item);
    object_unlock(&g->header);
    ref_release(key);
    ref_release(item);
    return 1;
}

// Whether the current key equals key; -1; 2 if there is no current key yet.
static int current_matches(GroupBy *g, Value key) {
    Value current = field_load(&g->header, &g->current_key);
    if (value_is_null(current))
        return 2;
    int equal = value_equals(key, current);
    ref_release(current);
    return equal;
}

static Value grouper_make(GroupBy *g, Value key, uint64_t generation) {
    Grouper *group = object_allocate(&grouper_type);
    if (!group)
        return VALUE_NULL;
    group->parent = ref_new(value_from_object(g));
    group->target_key = ref_new(key);
    group->generation = generation;
    return value_from_object(group);
}

static Value groupby_next(Value self) {
    GroupBy *g = (GroupBy *)value_object(self);
    object_lock(&g->header);
    uint64_t generation = ++g->generation; // earlier groups are over
    object_unlock(&g->header);
    // Skips to the first item with another key.
    for (;;) {
        Value target = field_load(&g->header, &g->target_key), current;
        if (value_is_null(target)) {
            current = field_load(&g->header, &g->current_key);
            ref_release(current);
            if (!value_is_null(current))
                break;
        } else {
            int match = current_matches(g, target);
            ref_release(target);
            if (match < 0)
                return VALUE_NULL;
            if (match == 0)
                break;
        }
        if (read_item(g) <= 0)
            return VALUE_NULL;
    }
    Value key = field_load(&g->header, &g->current_key);
    if (value_is_null(key))
        return VALUE_NULL;
    field_store(&g->header, &g->target_key, ref_new(key));
    Value group = grouper_make(g, key, generation);
    if (value_is_null(group)) {
        ref_release(key);
        return VALUE_NULL;
    }
    return tuple_pair_owned(key, group);
}

static void groupby_destroy(Object *self) {
    GroupBy *g = (GroupBy *)self;
    ref_release(g->iterator);
    ref_release(g->function);
    ref_release(g->target_key);
    ref_release(g->current_key);
    ref_release(g->current);
    type_free_instance(self);
}
static void groupby_traverse(Object *self, GcVisitor *visitor) {
    GroupBy *g = (GroupBy *)self;
    gc_visit(visitor, g->iterator);
    gc_visit(visitor, g->function);
    gc_visit(visitor, g->target_key);
    gc_visit(visitor, g->current_key);
    gc_visit(visitor, g->current);
}

static Value groupby_reduce(Value self) {
    GroupBy *g = (GroupBy *)value_object(self);
    object_lock(&g->header);
    Value current = g->current, target = g->target_key, key = g->current_key;
    ref_retain(current);
    ref_retain(target);
    ref_retain(key);
    object_unlock(&g->header);
    Value arguments = tuple_pack(2, g->iterator, g->function), state = VALUE_NULL;
    if (!value_is_null(arguments) && !value_is_null(current) && !value_is_null(target) &&
        !value_is_null(key)) {
        state = tuple_pack(3, current, target, key);
        if (value_is_null(state)) {
            ref_release(arguments);
            arguments = VALUE_NULL;
        }
    }
    ref_release(current);
    ref_release(target);
    ref_release(key);
    return itertools_reduce(self, arguments, state);
}

static Value groupby_setstate(Value self, Value state) {
    GroupBy *g = (GroupBy *)value_object(self);
    if (!value_is_tuple(state))
        return raise_type_error("state is not a tuple");
    if (tuple_length(state) != 3)
        return raise_type_error("function takes exactly 3 arguments (%lld given)",
                                (long long)tuple_length(state));
    field_store(&g->header, &g->current, ref_new(tuple_item(state, 0)));
    field_store(&g->header, &g->target_key, ref_new(tuple_item(state, 1)));
    field_store(&g->header, &g->current_key, ref_new(tuple_item(state, 2)));
    return none_new();
}

static const NativeDef groupby_methods[] = {
    DEF_NONE("__reduce__", groupby_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", groupby_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

Type groupby_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools.groupby",
    .basic_size = sizeof(GroupBy),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "groupby(iterable, key=None)\n--\n\nRuns of items with equal keys: (key, items).",
    .call_new = groupby_new,
    .destroy = groupby_destroy,
    .traverse = groupby_traverse,
    .iter = object_self_iter,
    .next = groupby_next,
    .methods = groupby_methods,
};

static Value grouper_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("_grouper", kwnames) < 0 ||
        arguments_count("_grouper", nargs, 2, 2) < 0)
        return VALUE_NULL;
    if (!value_is_instance(args[0], &groupby_type))
        return raise_type_error("_grouper() argument 1 must be itertools.groupby, not %G", args[0]);
    GroupBy *g = (GroupBy *)value_object(args[0]);
    object_lock(&g->header);
    uint64_t generation = ++g->generation;
    object_unlock(&g->header);
    return grouper_make(g, args[1], generation);
}

static Value grouper_next(Value self) {
    Grouper *group = (Grouper *)value_object(self);
    GroupBy *g = (GroupBy *)value_object(group->parent);
    object_lock(&g->header);
    bool over = g->generation != group->generation, waiting = !value_is_null(g->current);
    object_unlock(&g->header);
    if (over || (!waiting && read_item(g) <= 0))
        return VALUE_NULL;
    if (current_matches(g, group->target_key) != 1)
        return VALUE_NULL;
    object_lock(&g->header);
    Value item = field_swap_locked(&g->current, VALUE_NULL);
    Value key = field_swap_locked(&g->current_key, VALUE_NULL);
    object_unlock(&g->header);
    ref_release(key);
    return item;
}

static void grouper_destroy(Object *self) {
    ref_release(((Grouper *)self)->parent);
    ref_release(((Grouper *)self)->target_key);
    object_free_fixed(self);
}
static void grouper_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Grouper *)self)->parent);
    gc_visit(visitor, ((Grouper *)self)->target_key);
}

static Value grouper_reduce(Value self) {
    Grouper *group = (Grouper *)value_object(self);
    GroupBy *g = (GroupBy *)value_object(group->parent);
    object_lock(&g->header);
    bool over = g->generation != group->generation;
    object_unlock(&g->header);
    if (!over)
        return itertools_reduce(self, tuple_pack(2, group->parent, group->target_key), VALUE_NULL);
    Value empty = tuple_empty(), iterator = value_iter(empty);
    ref_release(empty);
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value list = list_new(), result = VALUE_NULL;
    if (!value_is_null(list)) {
        Value reduced = value_call_method(iterator, name___reduce__, NULL, 0);
        result = reduced;
    }
    ref_release(list);
    ref_release(iterator);
    return result;
}

static const NativeDef grouper_methods[] = {
    DEF_NONE("__reduce__", grouper_reduce, "How to pickle the iterator."),
    DEF_END,
};

Type grouper_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools._grouper",
    .basic_size = sizeof(Grouper),
    .kind = HEAP_CONTAINER,
    .call_new = grouper_new,
    .destroy = grouper_destroy,
    .traverse = grouper_traverse,
    .iter = object_self_iter,
    .next = grouper_next,
    .methods = grouper_methods,
};

// ---- tee ---------------------------------------------------------------------------------
// The iterators of one tee() walk along a chain of blocks that hold the items; the last block reads
// further ones from the iterator. A block is dropped when the slowest has passed it.

#define BLOCK_ITEMS 57 // a block then fills a size class of the heap

typedef struct {
    Object header;
    Value iterator; // constant
    Value next;     // the following block or VALUE_NULL; set once, under the lock
    int32_t read;   // items read so far; guarded by the lock
    bool reading;   // somebody asks the iterator; guarded by the lock
    Value items[BLOCK_ITEMS];
} TeeData;

typedef struct {
    Object header;
    Value data;    // the block to read next; guarded by the lock
    int64_t index; // in it; guarded by the lock
} Tee;

static inline TeeData *data_of(Value v) {
    return (TeeData *)value_object(v);
}
static inline Tee *tee_of(Value v) {
    return (Tee *)value_object(v);
}

static Value data_make(Value iterator) { // borrowed
    TeeData *d = object_allocate(&tee_data_type);
    if (!d)
        return VALUE_NULL;
    d->iterator = ref_new(iterator);
    return value_from_object(d);
}

// Item i of the block, read if need be; VALUE_NULL: exhausted or an exception.
static Value data_item(TeeData *d, int64_t i) {
    object_lock(&d->header);
    if (i < d->read) {
        Value item = ref_new(d->items[i]);
        object_unlock(&d->header);
        return item;
    }
    bool busy = d->reading;
    if (!busy)
        d->reading = true;
    object_unlock(&d->header);
    if (busy)
        return raise_error(&exception_RuntimeError, "cannot re-enter the tee iterator");
    Value item = iterator_next_shared(d->iterator);
    object_lock(&d->header);
    d->reading = false;
    if (!value_is_null(item)) {
        d->items[d->read++] = item;
        ref_retain(item);
    }
    object_unlock(&d->header);
    return item;
}

// The block after d, made if need be; new reference.
static Value data_next(TeeData *d) {
    Value next = field_load(&d->header, &d->next);
    if (!value_is_null(next))
        return next;
    Value fresh = data_make(d->iterator);
    if (value_is_null(fresh))
        return VALUE_NULL;
    object_lock(&d->header);
    if (value_is_null(d->next))
        field_raw_store(&d->next, fresh), ref_retain(fresh), next = fresh;
    else
        next = ref_new(d->next);
    object_unlock(&d->header);
    if (!value_same(next, fresh))
        ref_release(fresh);
    return next;
}

static void data_destroy(Object *self) {
    TeeData *d = (TeeData *)self;
    ref_release(d->iterator);
    for (int32_t i = 0; i < d->read; i++)
        ref_release(d->items[i]);
    ref_release(d->next);
    object_free_fixed(self);
}
static void data_traverse(Object *self, GcVisitor *visitor) {
    TeeData *d = (TeeData *)self;
    gc_visit(visitor, d->iterator);
    gc_visit(visitor, d->next);
    for (int32_t i = 0; i < d->read; i++)
        gc_visit(visitor, d->items[i]);
}

// _tee_dataobject(iterator, items, next): for pickle.
static Value data_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("_tee_dataobject", kwnames) < 0 ||
        arguments_count("_tee_dataobject", nargs, 3, 3) < 0)
        return VALUE_NULL;
    if (!value_is_list(args[1]))
        return raise_type_error("_tee_dataobject() argument 2 must be list, not %G", args[1]);
    Value *items;
    int64_t count;
    if (list_snapshot(args[1], &items, &count) < 0)
        return VALUE_NULL;
    bool full = count == BLOCK_ITEMS;
    bool valid = count <= BLOCK_ITEMS &&
                 (value_is_none(args[2]) || (full && value_is_exactly(args[2], &tee_data_type)));
    Value data = valid ? data_make(args[0]) : raise_value_error("Invalid arguments");
    for (int64_t i = 0; i < count; i++) {
        if (value_is_null(data))
            ref_release(items[i]);
        else
            data_of(data)->items[i] = items[i];
    }
    buffer_free(items);
    if (!value_is_null(data)) {
        data_of(data)->read = (int32_t)count;
        if (!value_is_none(args[2]))
            data_of(data)->next = ref_new(args[2]);
    }
    return data;
}

static Value data_reduce(Value self) {
    TeeData *d = data_of(self);
    object_lock(&d->header);
    int64_t count = d->read;
    Value next = value_is_null(d->next) ? none_new() : ref_new(d->next);
    object_unlock(&d->header);
    Value items = list_from_array(d->items, count), arguments = VALUE_NULL; // read ones stay
    if (!value_is_null(items))
        arguments = tuple_pack(3, d->iterator, items, next);
    ref_release(items);
    ref_release(next);
    return itertools_reduce(self, arguments, VALUE_NULL);
}

static const NativeDef data_methods[] = {
    DEF_NONE("__reduce__", data_reduce, "How to pickle it."),
    DEF_END,
};

Type tee_data_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools._tee_dataobject",
    .basic_size = sizeof(TeeData),
    .kind = HEAP_CONTAINER,
    .call_new = data_new,
    .destroy = data_destroy,
    .traverse = data_traverse,
    .methods = data_methods,
};

static Value tee_next(Value self) {
    Tee *t = tee_of(self);
    if (LIKELY(ref_is_unshared(&t->header)) && t->index < BLOCK_ITEMS) {
        TeeData *d = data_of(t->data);
        object_lock(&d->header);
        bool there = t->index < d->read;
        Value item = there ? ref_new(d->items[t->index]) : VALUE_NULL;
        object_unlock(&d->header);
        if (there) {
            t->index++;
            return item;
        }
    }
    object_lock(&t->header);
    Value data = ref_new(t->data);
    int64_t index = t->index;
    object_unlock(&t->header);
    if (index >= BLOCK_ITEMS) {
        Value next = data_next(data_of(data));
        ref_release(data);
        if (value_is_null(next))
            return VALUE_NULL;
        data = next;
        index = 0;
        object_lock(&t->header);
        next = field_swap_locked(&t->data, ref_new(next));
        t->index = 0;
        object_unlock(&t->header);
        ref_release(next);
    }
    Value item = data_item(data_of(data), index);
    if (!value_is_null(item)) {
        object_lock(&t->header);
        if (value_same(t->data, data))
            t->index = index + 1;
        object_unlock(&t->header);
    }
    ref_release(data);
    return item;
}

// data is consumed (VALUE_NULL: an exception is set).
static Value tee_make(Type *type, Value data, int64_t index) {
    Tee *t = value_is_null(data) ? NULL : object_allocate(type);
    if (!t) {
        ref_release(data);
        return VALUE_NULL;
    }
    t->data = data;
    t->index = index;
    return value_from_object(t);
}

static Value tee_copy(Value self) {
    Tee *t = tee_of(self);
    object_lock(&t->header);
    Value data = ref_new(t->data);
    int64_t index = t->index;
    object_unlock(&t->header);
    return tee_make(&tee_type, data, index);
}

static Value tee_from_iterable(Value iterable) {
    Value iterator = value_iter(iterable);
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value result = value_is_instance(iterator, &tee_type)
                       ? tee_copy(iterator)
                       : tee_make(&tee_type, data_make(iterator), 0);
    ref_release(iterator);
    return result;
}

static Value tee_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("_tee", kwnames) < 0 || arguments_count("_tee", nargs, 1, 1) < 0)
        return VALUE_NULL;
    return tee_from_iterable(args[0]);
}

static void tee_destroy(Object *self) {
    ref_release(((Tee *)self)->data);
    object_free_fixed(self);
}
static void tee_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Tee *)self)->data);
}

static Value tee_reduce(Value self) {
    Tee *t = tee_of(self);
    object_lock(&t->header);
    Value data = ref_new(t->data);
    int64_t index = t->index;
    object_unlock(&t->header);
    Value state = tuple_pack(2, data, value_from_int(index)), empty = tuple_empty();
    Value arguments = value_is_null(state) ? VALUE_NULL : tuple_pack(1, empty);
    ref_release(empty);
    ref_release(data);
    return itertools_reduce(self, arguments, state);
}

static Value tee_setstate(Value self, Value state) {
    Tee *t = tee_of(self);
    if (!value_is_tuple(state))
        return raise_type_error("state is not a tuple");
    if (tuple_length(state) != 2 || !value_is_exactly(tuple_item(state, 0), &tee_data_type))
        return raise_type_error("function argument 1 must be itertools._tee_dataobject");
    int64_t index;
    if (size_argument(tuple_item(state, 1), &index) < 0)
        return VALUE_NULL;
    if (index < 0 || index > BLOCK_ITEMS)
        return raise_value_error("Index out of range");
    Value data = ref_new(tuple_item(state, 0));
    object_lock(&t->header);
    data = field_swap_locked(&t->data, data);
    t->index = index;
    object_unlock(&t->header);
    ref_release(data);
    return none_new();
}

static const NativeDef tee_methods[] = {
    DEF_NONE("__copy__", tee_copy, "Another iterator at the same position."),
    DEF_NONE("__reduce__", tee_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", tee_setstate, "Takes the state that __reduce__ gave."),
    DEF_END,
};

Type tee_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "itertools._tee",
    .basic_size = sizeof(Tee),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE,
    .call_new = tee_new,
    .destroy = tee_destroy,
    .traverse = tee_traverse,
    .iter = object_self_iter,
    .next = tee_next,
    .methods = tee_methods,
};

Value itertools_tee(Value self, const Value *args, size_t nargs) {
    int64_t count = 2;
    if (nargs > 1 && size_argument(args[1], &count) < 0)
        return VALUE_NULL;
    if (count < 0)
        return raise_value_error("n must be >= 0");
    Value result = tuple_allocate(count);
    if (value_is_null(result) || count == 0)
        return result;
    Value first = value_iter(args[0]), copy = VALUE_NULL;
    int found = value_is_null(first) ? -1 : value_lookup_attr(first, name___copy__, &copy);
    if (found == 0) {
        Value made = tee_from_iterable(first);
        ref_release(first);
        first = made;
        found = value_is_null(made) ? -1 : value_lookup_attr(first, name___copy__, &copy);
    }
    if (found > 0) {
        tuple_of(result)->items[0] = first;
        for (int64_t i = 1; i < count; i++) {
            Value next = value_call_none(copy);
            if (value_is_null(next)) {
                found = -1;
                break;
            }
            tuple_of(result)->items[i] = next;
        }
        first = VALUE_NULL;
    }
    ref_release(first);
    ref_release(copy);
    if (found < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}
