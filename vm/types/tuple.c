// SPDX-License-Identifier: MIT
//
// tuple and its iterator. Items are set before anybody else can see the tuple and never change,
// so they are read without a lock; only the iterator has state to guard.
#include "vm/types/tuple.h"
#include "gc/ref_run.h"
#include "vm/compare.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/repr_guard.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/native_keywords.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <stdarg.h>

static Tuple empty_tuple = {.header = OBJECT_STATIC(&tuple_type), .length = 0};

#define TUPLE_LENGTH_MAX ((int64_t)1 << 58)

// ---- making ----------------------------------------------------------------------------

Value tuple_empty(void) {
    return ref_new(value_from_object(&empty_tuple));
}

static Tuple *allocate(Type *type, int64_t length) {
    if (UNLIKELY(length > TUPLE_LENGTH_MAX)) {
        raise_memory_error();
        return NULL;
    }
    Tuple *t = object_allocate_sized(type, sizeof(Tuple) + (size_t)length * sizeof(Value));
    if (LIKELY(t != NULL))
        t->length = length;
    return t;
}

static inline Tuple *allocate_unfilled(int64_t length) {
    Tuple *t = LIKELY(length <= TUPLE_LENGTH_MAX)
                   ? heap_allocate_unzeroed(sizeof(Tuple) + (size_t)length * sizeof(Value),
                                            HEAP_CONTAINER, &tuple_type, 0)
                   : NULL;
    if (UNLIKELY(!t)) {
        raise_memory_error();
        return NULL;
    }
    t->length = length;
    return t;
}

Value tuple_allocate_unfilled(int64_t length) {
    return value_from_object(allocate_unfilled(length));
}

Value tuple_allocate(int64_t length) {
    if (length == 0)
        return tuple_empty();
    return value_from_object(allocate(&tuple_type, length));
}

Value tuple_from_array(const Value *items, int64_t length) {
    if (length == 0)
        return tuple_empty();
    Tuple *t = allocate_unfilled(length);
    if (UNLIKELY(!t))
        return VALUE_NULL;
    ref_run_copy(t->items, items, length);
    return value_from_object(t);
}

Value tuple_from_owned(Value *items, int64_t length) {
    if (length == 0)
        return tuple_empty();
    Tuple *t = allocate_unfilled(length);
    if (UNLIKELY(!t)) {
        for (int64_t i = 0; i < length; i++)
            ref_release(items[i]);
        return VALUE_NULL;
    }
    int64_t i = 0; // short ones mostly
    do
        t->items[i] = items[i];
    while (++i < length && i < 8);
    if (i < length)
        memcpy(t->items + i, items + i, (size_t)(length - i) * sizeof(Value));
    return value_from_object(t);
}

Value tuple_pair_owned(Value a, Value b) {
    Tuple *t = allocate_unfilled(2);
    if (UNLIKELY(!t)) {
        ref_release(a);
        ref_release(b);
        return VALUE_NULL;
    }
    t->items[0] = a;
    t->items[1] = b;
    return value_from_object(t);
}

Value tuple_pack(int64_t count, ...) {
    Value tuple = tuple_allocate(count);
    if (value_is_null(tuple))
        return VALUE_NULL;
    va_list arguments;
    va_start(arguments, count);
    for (int64_t i = 0; i < count; i++)
        tuple_of(tuple)->items[i] = ref_new(va_arg(arguments, Value));
    va_end(arguments);
    return tuple;
}

Value tuple_from_iterable(Value iterable) {
    if (value_is_exactly(iterable, &tuple_type))
        return ref_new(iterable);
    if (value_is_exactly(iterable, &list_type))
        return list_to_tuple(iterable);
    // A named tuple, say: its items are those that tuple's own iterator would give.
    if (value_is_tuple(iterable) && value_type(iterable)->iter == tuple_type.iter)
        return tuple_from_array(tuple_of(iterable)->items, tuple_length(iterable));
    Value list = list_from_iterable(iterable);
    if (value_is_null(list))
        return VALUE_NULL;
    // Nobody else has seen the list: its references move over.
    List *l = list_of(list);
    int64_t length = l->length;
    l->length = 0;
    Value tuple = tuple_from_owned(l->items, length);
    ref_release(list);
    return tuple;
}

Value tuple_slice(Value v, int64_t start, int64_t end) {
    Tuple *t = tuple_of(v);
    if (start < 0)
        start = 0;
    if (end > t->length)
        end = t->length;
    if (start >= end)
        return tuple_empty();
    if (start == 0 && end == t->length && value_is_exactly(v, &tuple_type))
        return ref_new(v);
    return tuple_from_array(t->items + start, end - start);
}

static Value tuple_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (LIKELY(type == &tuple_type && nargs == 1 && value_is_null(kwnames)))
        return tuple_from_iterable(args[0]);
    if (new_no_keywords("tuple", type, &tuple_type, kwnames) < 0)
        return VALUE_NULL;
    if (arguments_count("tuple", nargs, 0, 1) < 0)
        return VALUE_NULL;
    Value source = nargs ? tuple_from_iterable(args[0]) : tuple_empty();
    if (type == &tuple_type || value_is_null(source))
        return source;
    int64_t length = tuple_length(source);
    Tuple *t = allocate(type, length);
    if (t)
        ref_run_copy(t->items, tuple_of(source)->items, length);
    ref_release(source);
    return value_from_object(t);
}

// ---- life ------------------------------------------------------------------------------

static void tuple_destroy(Object *self) {
    Tuple *t = (Tuple *)self;
    ref_run_release_backwards(t->items, t->length);
    if (LIKELY(self->type == &tuple_type))
        object_free_exact(self, sizeof(Tuple) + (size_t)t->length * sizeof(Value), HEAP_CONTAINER);
    else
        type_free_instance(self);
}

static void tuple_traverse(Object *self, GcVisitor *visitor) {
    Tuple *t = (Tuple *)self;
    for (int64_t i = 0; i < t->length; i++)
        gc_visit(visitor, t->items[i]);
}

// ---- operations ------------------------------------------------------------------------

static Value tuple_repr(Value self) {
    Tuple *t = tuple_of(self);
    if (t->length == 0)
        return str_from_cstr("()");
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("(...)");
    StrBuilder b;
    str_builder_start(&b);
    str_builder_char(&b, '(');
    for (int64_t i = 0; i < t->length; i++) {
        if (i)
            str_builder_ascii(&b, ", ", 2);
        Value text = value_repr(t->items[i]);
        if (value_is_null(text)) {
            str_builder_discard(&b);
            repr_leave(self);
            return VALUE_NULL;
        }
        str_builder_str(&b, text);
        ref_release(text);
    }
    if (t->length == 1)
        str_builder_char(&b, ',');
    str_builder_char(&b, ')');
    repr_leave(self);
    return str_builder_finish(&b);
}

// The mixing of xxHash (Collet), one 64-bit lane an item, as CPython's documentation of tuple
// hashing describes, so that tuples of ints hash as they do there. Tuples within tuples are walked
// with a stack of our own: they may be nested without end.
#define HASH_PRIME_1 11400714785074694791ULL
#define HASH_PRIME_2 14029467366897019727ULL
#define HASH_PRIME_5 2870177450012600261ULL

typedef struct {
    const Tuple *tuple;
    int64_t next; // item to be mixed in next
    uint64_t sum;
} HashLevel;

static inline uint64_t mix(uint64_t sum, int64_t lane) {
    sum += (uint64_t)lane * HASH_PRIME_2;
    sum = sum << 31 | sum >> 33;
    return sum * HASH_PRIME_1;
}

static int64_t tuple_hash(Value self) {
    enum { ON_STACK = 8 };
    HashLevel small[ON_STACK], *levels = small, *level = small;
    size_t capacity = ON_STACK;
    *level = (HashLevel){tuple_of(self), 0, HASH_PRIME_5};
    int64_t hash = -1;
    for (;;) {
        const Tuple *t = level->tuple;
        int64_t i = level->next;
        uint64_t sum = level->sum;
        for (; i < t->length; i++) {
            Value item = t->items[i];
            if (UNLIKELY(value_is_exactly(item, &tuple_type)))
                break;
            int64_t lane = value_hash_inline(item);
            if (UNLIKELY(lane == -1)) {
                hash = -1;
                goto finish;
            }
            sum = mix(sum, lane);
        }
        if (i < t->length) {
            level->next = i;
            level->sum = sum;
            size_t depth = (size_t)(level - levels) + 1;
            if (UNLIKELY(depth == capacity)) {
                HashLevel *more = buffer_allocate(2 * capacity * sizeof(HashLevel));
                if (!more) {
                    raise_memory_error();
                    hash = -1;
                    goto finish;
                }
                memcpy(more, levels, capacity * sizeof(HashLevel));
                if (levels != small)
                    buffer_free(levels);
                levels = more;
                capacity *= 2;
            }
            level = &levels[depth];
            *level = (HashLevel){tuple_of(t->items[i]), 0, HASH_PRIME_5};
            continue;
        }
        sum += (uint64_t)t->length ^ (HASH_PRIME_5 ^ 3527539ULL);
        hash = sum == UINT64_MAX ? 1546275796 : (int64_t)sum;
        if (level == levels)
            break;
        level--;
        level->sum = mix(level->sum, hash);
        level->next++;
    }
finish:
    if (levels != small)
        buffer_free(levels);
    return hash;
}

// Of two items that are not simple: one level deeper.
static int equals_within(Value x, Value y) {
    if (thread_enter_recursive(" in comparison") < 0)
        return -1;
    int equal = value_equals(x, y);
    thread_leave_recursive();
    return equal;
}

static Value compare_items(Tuple *a, Tuple *b, CompareOperator op) {
    int64_t shorter = a->length < b->length ? a->length : b->length;
    int64_t i;
    for (i = 0; i < shorter; i++) {
        Value x = a->items[i], y = b->items[i];
        if (value_same(x, y))
            continue;
        int equal = value_equal_simple(x, y);
        if (equal < 0)
            equal = equals_within(x, y);
        if (equal < 0)
            return VALUE_NULL;
        if (!equal)
            break;
    }
    if (i >= shorter)
        return bool_new(compare_i64(a->length, b->length, op));
    if (op == COMPARE_EQ)
        return bool_new(false);
    if (op == COMPARE_NE)
        return bool_new(true);
    if (thread_enter_recursive(" in comparison") < 0)
        return VALUE_NULL;
    Value result = value_compare(a->items[i], b->items[i], op);
    thread_leave_recursive();
    return result;
}

static Value tuple_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_tuple(self) || !value_is_tuple(other))
        return not_implemented_new();
    return compare_items(tuple_of(self), tuple_of(other), op);
}

static int64_t tuple_length_slot(Value self) {
    return tuple_length(self);
}

static Value tuple_sequence_item(Value self, int64_t index) {
    Tuple *t = tuple_of(self);
    if (UNLIKELY(index < 0 || index >= t->length))
        return raise_error(&exception_IndexError, "tuple index out of range");
    return ref_new(t->items[index]);
}

static Value tuple_getitem(Value self, Value key) {
    Tuple *t = tuple_of(self);
    if (LIKELY(value_is_int(key))) {
        int64_t i = value_int(key);
        if (i < 0)
            i += t->length;
        return tuple_sequence_item(self, i);
    }
    if (value_is_slice(key)) {
        int64_t start, stop, step;
        int64_t count = slice_indices(key, t->length, &start, &stop, &step);
        if (count < 0)
            return VALUE_NULL;
        if (step == 1)
            return tuple_slice(self, start, start + count);
        Value result = tuple_allocate(count);
        if (value_is_null(result))
            return VALUE_NULL;
        for (int64_t i = 0; i < count; i++, start += step)
            tuple_of(result)->items[i] = ref_new(t->items[start]);
        return result;
    }
    if (value_is_any_int(key) || value_type(key)->index) {
        int64_t i;
        if (value_to_position(key, &i) < 0)
            return VALUE_NULL;
        return tuple_sequence_item(self, i < 0 ? i + t->length : i);
    }
    return raise_type_error("tuple indices must be integers or slices, not %T", key);
}

static int tuple_contains(Value self, Value item) {
    Tuple *t = tuple_of(self);
    for (int64_t i = 0; i < t->length; i++) {
        Value x = t->items[i];
        if (value_same(x, item))
            return 1;
        int equal = value_equal_simple(x, item);
        if (equal < 0)
            equal = value_equals(x, item);
        if (equal)
            return equal;
    }
    return 0;
}

static Value tuple_concatenate(Value self, Value other) {
    if (!value_is_tuple(other))
        return raise_type_error("can only concatenate tuple (not \"%T\") to tuple", other);
    Tuple *a = tuple_of(self), *b = tuple_of(other);
    if (a->length == 0 && value_is_exactly(other, &tuple_type))
        return ref_new(other);
    if (b->length == 0 && value_is_exactly(self, &tuple_type))
        return ref_new(self);
    Value result = tuple_allocate(a->length + b->length);
    if (value_is_null(result))
        return VALUE_NULL;
    Value *out = tuple_of(result)->items;
    ref_run_copy(out, a->items, a->length);
    ref_run_copy(out + a->length, b->items, b->length);
    return result;
}

static Value tuple_repeat(Value self, Value count) {
    int64_t n;
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    Tuple *t = tuple_of(self);
    if (n == 1 && value_is_exactly(self, &tuple_type))
        return ref_new(self);
    if (n <= 0 || t->length == 0)
        return value_is_exactly(self, &tuple_type) && t->length == 0 ? ref_new(self)
                                                                     : tuple_empty();
    if (n > TUPLE_LENGTH_MAX / t->length)
        return raise_memory_error();
    Value result = tuple_allocate(t->length * n);
    if (value_is_null(result))
        return VALUE_NULL;
    Value *out = tuple_of(result)->items;
    for (int64_t i = 0; i < t->length; i++)
        for (int64_t left = n; left > 0; left -= INT32_MAX)
            ref_retain_many(t->items[i], (uint32_t)(left < INT32_MAX ? left : INT32_MAX));
    for (int64_t k = 0; k < n; k++, out += t->length)
        memcpy(out, t->items, (size_t)t->length * sizeof(Value));
    return result;
}

static Value tuple_count(Value self, Value item) {
    Tuple *t = tuple_of(self);
    int64_t found = 0;
    for (int64_t i = 0; i < t->length; i++) {
        int equal = value_same(t->items[i], item) ? 1 : value_equals(t->items[i], item);
        if (equal < 0)
            return VALUE_NULL;
        found += equal;
    }
    return value_from_int(found);
}

static Value tuple_index(Value self, const Value *args, size_t nargs) {
    Tuple *t = tuple_of(self);
    int64_t start = 0, stop = t->length;
    if (nargs > 1 && slice_bound(args[1], &start) < 0)
        return VALUE_NULL;
    if (nargs > 2 && slice_bound(args[2], &stop) < 0)
        return VALUE_NULL;
    if (start < 0 && (start += t->length) < 0)
        start = 0;
    if (stop < 0)
        stop += t->length;
    for (int64_t i = start; i < stop && i < t->length; i++) {
        int equal = value_same(t->items[i], args[0]) ? 1 : value_equals(t->items[i], args[0]);
        if (equal < 0)
            return VALUE_NULL;
        if (equal)
            return value_from_int(i);
    }
    return raise_value_error("tuple.index(x): x not in tuple");
}

static Value tuple_getnewargs(Value self) {
    Value copy = tuple_from_array(tuple_of(self)->items, tuple_length(self));
    if (value_is_null(copy))
        return VALUE_NULL;
    Value result = tuple_from_array(&copy, 1);
    ref_release(copy);
    return result;
}

// ---- iterator --------------------------------------------------------------------------

static Value tuple_iter(Value self) {
    TupleIterator *it =
        object_allocate_exact(&tuple_iterator_type, sizeof(TupleIterator), HEAP_CONTAINER);
    if (UNLIKELY(!it))
        return VALUE_NULL;
    it->tuple = ref_new(self);
    return value_from_object(it);
}

// With the iterator's lock held. *done: what the caller releases after letting go.
static inline Value tuple_iterator_step(TupleIterator *it, Value *done) {
    if (value_is_null(it->tuple))
        return VALUE_NULL;
    Tuple *t = tuple_of(it->tuple);
    if (LIKELY(it->index < t->length))
        return ref_new(t->items[it->index++]);
    *done = field_swap_locked(&it->tuple, VALUE_NULL);
    return VALUE_NULL;
}
static __attribute__((noinline)) Value tuple_iterator_next_contended(TupleIterator *it) {
    Value done = VALUE_NULL;
    object_lock(&it->header);
    Value item = tuple_iterator_step(it, &done);
    object_unlock(&it->header);
    ref_release(done);
    return item;
}
static Value tuple_iterator_next(Value self) {
    TupleIterator *it = (TupleIterator *)value_object(self);
    if (UNLIKELY(!object_enter(&it->header)))
        return tuple_iterator_next_contended(it);
    Value done = VALUE_NULL, item = tuple_iterator_step(it, &done);
    object_leave(&it->header);
    if (UNLIKELY(!value_is_null(done)))
        ref_release(done);
    return item;
}

static void tuple_iterator_destroy(Object *self) {
    ref_release(((TupleIterator *)self)->tuple);
    object_free_exact(self, sizeof(TupleIterator), HEAP_CONTAINER);
}
static void tuple_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((TupleIterator *)self)->tuple);
}

static Value tuple_iterator_length_hint(Value self) {
    TupleIterator *it = (TupleIterator *)value_object(self);
    int64_t left = 0;
    object_lock(&it->header);
    if (!value_is_null(it->tuple))
        left = tuple_length(it->tuple) - it->index;
    object_unlock(&it->header);
    return value_from_int(left);
}

static Value tuple_iterator_reduce(Value self) {
    TupleIterator *it = (TupleIterator *)value_object(self);
    object_lock(&it->header);
    Value tuple = it->tuple;
    ref_retain(tuple);
    int64_t index = it->index;
    object_unlock(&it->header);
    return iterator_reduce("iter", value_is_null(tuple) ? tuple_empty() : tuple,
                           value_is_null(tuple) ? VALUE_NULL : value_from_int(index));
}

static Value tuple_iterator_setstate(Value self, Value state) {
    TupleIterator *it = (TupleIterator *)value_object(self);
    int64_t index;
    if (size_argument(state, &index) < 0)
        return VALUE_NULL;
    object_lock(&it->header);
    if (!value_is_null(it->tuple)) {
        int64_t length = tuple_length(it->tuple);
        it->index = index < 0 ? 0 : index > length ? length : index;
    }
    object_unlock(&it->header);
    return none_new();
}

static const NativeDef tuple_iterator_methods[] = {
    DEF_NONE("__length_hint__", tuple_iterator_length_hint, "Items left."),
    DEF_NONE("__reduce__", tuple_iterator_reduce, "How to pickle the iterator."),
    DEF_ONE("__setstate__", tuple_iterator_setstate, "Goes to a position."),
    DEF_END,
};

Type tuple_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "tuple_iterator",
    .basic_size = sizeof(TupleIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = tuple_iterator_destroy,
    .traverse = tuple_iterator_traverse,
    .iter = object_self_iter,
    .next = tuple_iterator_next,
    .methods = tuple_iterator_methods,
};

// ---- the type --------------------------------------------------------------------------

static const NativeDef tuple_methods[] = {
    DEF_NONE("__getnewargs__", tuple_getnewargs, NULL),
    DEF_FIXED("index", tuple_index, 1, 3,
              "index($self, value, start=0, stop=sys.maxsize, /)\n--\n\n"
              "Position of the first item equal to value; ValueError if there is none."),
    DEF_ONE("count", tuple_count,
            "count($self, value, /)\n--\n\nHow many items are equal to value."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

Type tuple_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "tuple",
    .basic_size = sizeof(Tuple),
    .item_size = sizeof(Value),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_TUPLE_SUBCLASS | TYPE_SEQUENCE | TYPE_PATMA_SELF |
             TYPE_COMPARE_COUNTS_DEPTH,
    .doc = "tuple(iterable=(), /)\n--\n\nAn immutable sequence of the items of iterable.",
    .call_new = tuple_call_new,
    .destroy = tuple_destroy,
    .traverse = tuple_traverse,
    .repr = tuple_repr,
    .hash = tuple_hash,
    .compare = tuple_compare,
    .iter = tuple_iter,
    .length = tuple_length_slot,
    .getitem = tuple_getitem,
    .contains = tuple_contains,
    .sequence_item = tuple_sequence_item,
    .concatenate = tuple_concatenate,
    .repeat = tuple_repeat,
    .methods = tuple_methods,
};

void tuple_start(void) {
    type_ready(&tuple_type);
    type_ready(&tuple_iterator_type);
}
