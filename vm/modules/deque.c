// SPDX-License-Identifier: MIT
//
// collections.deque: its changes, methods and type. The layout and its invariants are in deque.h,
// the iterators in deque_iterators.c.
//
// As with lists, rings are allocated before the lock is taken and items released after it is
// dropped.
#include "gc/reclaim.h"
#include "gc/ref_run.h"
#include "vm/modules/collections_module.h"
#include "vm/modules/deque.h"
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
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

#define RING_MIN 8

static bool is_deque(Value v) {
    return value_is_instance(v, &deque_type);
}
static inline int64_t limit_of(const Deque *d) {
    return __atomic_load_n(&d->limit, __ATOMIC_RELAXED);
}
static inline int64_t length_of(const Deque *d) {
    return __atomic_load_n(&d->length, __ATOMIC_RELAXED);
}
static inline void changed(Deque *d, int64_t length) {
    __atomic_store_n(&d->length, length, SHARED_STORE);
    __atomic_store_n(&d->mutations, d->mutations + 1, SHARED_STORE);
}
static inline void set_head(Deque *d, int64_t head) {
    __atomic_store_n(&d->head, head, SHARED_STORE);
}
static inline void set_ring(Deque *d, Value *ring, int64_t capacity) {
    set_head(d, 0);
    __atomic_store_n(&d->capacity, capacity, SHARED_STORE);
    __atomic_store_n(&d->items, ring, SHARED_STORE);
}

// Copies the items to the beginning of ring. Lock held.
static void unroll(const Deque *d, Value *ring) {
    int64_t first = d->capacity - d->head;
    if (first > d->length)
        first = d->length;
    if (first)
        memcpy(ring, d->items + d->head, (size_t)first * sizeof(Value));
    if (d->length > first)
        memcpy(ring + first, d->items, (size_t)(d->length - first) * sizeof(Value));
}

// Makes room for `extra` more and returns with the lock held, or gives -1 without it.
static int reserve_and_lock(Deque *d, int64_t extra) {
    for (;;) {
        object_lock(&d->header);
        int64_t wanted = d->length + extra;
        if (LIKELY(wanted <= d->capacity))
            return 0;
        object_unlock(&d->header);
        int64_t capacity = RING_MIN;
        while (capacity < wanted)
            capacity <<= 1;
        Value *ring =
            capacity < (int64_t)1 << 58 ? buffer_allocate((size_t)capacity * sizeof(Value)) : NULL;
        if (!ring) {
            raise_memory_error();
            return -1;
        }
        object_lock(&d->header);
        bool unread = object_has_no_readers(&d->header);
        if (d->length <= capacity && d->capacity < capacity) {
            Value *old = d->items;
            unroll(d, ring);
            set_ring(d, ring, capacity);
            if (!old && extra <= capacity)
                return 0;
            ring = old;
        }
        object_unlock(&d->header);
        reclaim_replaced(ring, unread);
    }
}

// item is consumed. With maxlen the item at the other end falls out.
static int push_right(Deque *d, Value item) {
    if (UNLIKELY(limit_of(d) == 0)) {
        ref_release(item);
        return 0;
    }
    if (UNLIKELY(reserve_and_lock(d, 1) < 0)) {
        ref_release(item);
        return -1;
    }
    Value dropped = VALUE_NULL;
    field_raw_store(deque_slot(d, d->length), item);
    int64_t length = d->length + 1;
    if (limit_of(d) >= 0 && length > limit_of(d)) {
        dropped = *deque_slot(d, 0);
        field_forget_locked(deque_slot(d, 0), 1);
        set_head(d, (d->head + 1) & (d->capacity - 1));
        length--;
    }
    changed(d, length);
    object_unlock(&d->header);
    ref_release(dropped);
    return 0;
}

static int push_left(Deque *d, Value item) {
    if (UNLIKELY(limit_of(d) == 0)) {
        ref_release(item);
        return 0;
    }
    if (UNLIKELY(reserve_and_lock(d, 1) < 0)) {
        ref_release(item);
        return -1;
    }
    Value dropped = VALUE_NULL;
    set_head(d, (d->head - 1) & (d->capacity - 1));
    field_raw_store(deque_slot(d, 0), item);
    int64_t length = d->length + 1;
    if (limit_of(d) >= 0 && length > limit_of(d)) {
        dropped = *deque_slot(d, limit_of(d));
        field_forget_locked(deque_slot(d, limit_of(d)), 1);
        length--;
    }
    changed(d, length);
    object_unlock(&d->header);
    ref_release(dropped);
    return 0;
}

// Gives memory back once less than an eighth of the ring is used. Fails silently.
static __attribute__((noinline)) void shrink(Deque *d) {
    int64_t capacity = RING_MIN, length = length_of(d);
    while (capacity < 2 * length)
        capacity <<= 1;
    Value *ring = buffer_allocate((size_t)capacity * sizeof(Value));
    if (!ring)
        return;
    object_lock(&d->header);
    bool unread = object_has_no_readers(&d->header);
    if (d->length <= capacity && capacity < d->capacity) {
        Value *old = d->items;
        unroll(d, ring);
        set_ring(d, ring, capacity);
        ring = old;
    }
    object_unlock(&d->header);
    reclaim_replaced(ring, unread);
}

static Value take(Deque *d, bool left) {
    object_lock(&d->header);
    int64_t length = d->length;
    if (UNLIKELY(length == 0)) {
        object_unlock(&d->header);
        return raise_error(&exception_IndexError, "pop from an empty deque");
    }
    Value *end = deque_slot(d, left ? 0 : length - 1), item = *end;
    field_forget_locked(end, 1);
    if (left)
        set_head(d, (d->head + 1) & (d->capacity - 1));
    changed(d, length - 1);
    bool shrinking = d->capacity > 64 && length < d->capacity >> 3;
    object_unlock(&d->header);
    if (UNLIKELY(shrinking))
        shrink(d);
    return item;
}

// Without the lock: true with the item, or VALUE_NULL if there is none, in *item. A negative i
// counts from the end.
static inline bool try_item_at(const Deque *d, int64_t i, Value *item) {
    uint64_t seen;
    Value *const *items = &d->items;
    if (UNLIKELY(!field_read_begin(&d->header, &d->mutations, &seen)))
        return false;
    const Value *ring = __atomic_load_n(items, SHARED_LOAD);
    int64_t capacity = __atomic_load_n(&d->capacity, SHARED_LOAD);
    int64_t head = __atomic_load_n(&d->head, SHARED_LOAD);
    int64_t length = __atomic_load_n(&d->length, SHARED_LOAD);
    // They must belong together before the ring is looked into.
    if (UNLIKELY(!field_read_valid(&d->header, &d->mutations, seen) ||
                 __atomic_load_n(items, SHARED_LOAD) != ring))
        return false;
    *item = VALUE_NULL;
    if (i < 0)
        i += length;
    if (UNLIKELY(i < 0 || i >= length))
        return true;
    FieldHold hold = field_try_load(&ring[(head + i) & (capacity - 1)], false, item);
    if (UNLIKELY(hold == FIELD_LOST))
        return false;
    if (LIKELY(field_read_valid(&d->header, &d->mutations, seen) &&
               __atomic_load_n(items, SHARED_LOAD) == ring))
        return true;
    field_undo(hold, *item);
    return false;
}

// The item as a new reference, or VALUE_NULL. A negative i counts from the end.
static inline Value item_at(Deque *d, int64_t i) {
    Value item = VALUE_NULL;
    if (FIELD_READS_UNLOCKED && LIKELY(try_item_at(d, i, &item)))
        return item;
    item = VALUE_NULL;
    object_read_lock(&d->header);
    if (i < 0)
        i += d->length;
    if (i >= 0 && i < d->length) {
        item = field_raw(deque_slot(d, i));
        field_retain_locked(item, false);
    }
    object_read_unlock(&d->header);
    return item;
}

static void deque_drop(Object *self) {
    Deque *d = (Deque *)self;
    object_lock(self);
    bool unread = object_has_no_readers(&d->header);
    Value *items = d->items;
    int64_t head = d->head, capacity = d->capacity, length = d->length;
    set_ring(d, NULL, 0);
    changed(d, 0);
    object_unlock(self);
    for (int64_t i = 0; i < length; i++)
        ref_release(items[(head + i) & (capacity - 1)]);
    reclaim_replaced(items, unread);
}

Value deque_list(Value self) {
    Deque *d = deque_of(self);
    for (;;) {
        int64_t room = length_of(d);
        Value list = list_new_sized(room);
        if (value_is_null(list))
            return VALUE_NULL;
        List *out = list_of(list); // nobody else sees it yet
        object_read_lock(&d->header);
        int64_t length = d->length;
        if (LIKELY(length && length <= room)) {
            int64_t first = d->capacity - d->head;
            first = first < length ? first : length;
            ref_run_copy(out->items, d->items + d->head, first);
            ref_run_copy(out->items + first, d->items, length - first);
            out->length = length;
        }
        object_read_unlock(&d->header);
        if (LIKELY(length <= room))
            return list;
        ref_release(list);
    }
}

static bool holds_just(const Deque *d, const List *list) {
    bool same = d->length == list->length;
    for (int64_t i = 0; same && i < d->length; i++)
        same = value_same(field_raw(deque_slot(d, i)), list->items[i]);
    return same;
}

// Puts what is in the list, which nobody else sees, at an end, at one moment. The list keeps what
// falls out with maxlen. With `expected`: if the deque holds that just then, else 1.
static int push_all(Deque *d, List *list, bool left, const List *expected) {
    int64_t limit = limit_of(d), count = list->length, skipped = 0;
    if (limit >= 0 && count > limit)
        skipped = count - limit; // they would go in and fall out again
    Value *items = list->items + skipped;
    count -= skipped;
    if (count == 0)
        return 0;
    if (UNLIKELY(reserve_and_lock(d, count) < 0))
        return -1;
    if (expected && OBJECT_LOCK_IS_REAL && UNLIKELY(!holds_just(d, expected))) {
        object_unlock(&d->header);
        return 1;
    }
    int64_t length = d->length + count, over = limit >= 0 && length > limit ? length - limit : 0;
    if (over > count)
        over = count;
    if (left)
        set_head(d, (d->head - count) & (d->capacity - 1));
    for (int64_t i = 0; i < count; i++)
        field_raw_store(deque_slot(d, left ? count - 1 - i : d->length + i), items[i]);
    for (int64_t i = 0; i < over; i++) {
        Value *fallen = deque_slot(d, left ? length - 1 - i : i);
        items[i] = *fallen;
        field_forget_locked(fallen, 1);
    }
    if (!left)
        set_head(d, (d->head + over) & (d->capacity - 1));
    changed(d, length - over);
    list->length = skipped + over;
    object_unlock(&d->header);
    return 0;
}

enum { EXPECTED_MAX = 1 << 20 };

static void reserve_for_range(Deque *d, const Range *range) {
    int64_t expected = value_is_int(range->length) ? value_int(range->length) : 0;
    if (expected <= 1 || expected >= EXPECTED_MAX)
        return;
    if (reserve_and_lock(d, expected) == 0)
        object_unlock(&d->header);
    else
        error_clear();
}

static int extend(Deque *d, Value iterable, bool left) {
    if (is_copied_at_once(iterable) || value_same(iterable, value_from_object(d))) {
        Value list = list_from_iterable(iterable);
        if (value_is_null(list))
            return -1;
        int status = push_all(d, list_of(list), left, NULL);
        ref_release(list);
        return status;
    }
    Value iterator = value_iter_at_once(iterable), item;
    if (value_is_null(iterator))
        return -1;
    if (value_is_exactly(iterable, &range_type) && limit_of(d) < 0) // room for all at once
        reserve_for_range(d, range_of(iterable));
    bool plain = iterator_is_plain(iterator);
    while (!value_is_null(item = plain ? iterator_next_plain(iterator) : value_next(iterator)))
        if ((left ? push_left(d, item) : push_right(d, item)) < 0)
            break;
    ref_release(iterator);
    return error_occurred() ? -1 : 0;
}

// ---- making ------------------------------------------------------------------------------

static Value deque_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Deque *d = object_allocate(type);
    if (UNLIKELY(!d))
        return VALUE_NULL;
    d->limit = -1;
    return value_from_object(d);
}

static int deque_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"iterable", "maxlen", NULL};
    Value values[2];
    if (arguments_parse("deque", args, nargs, kwnames, names, 0, 2, 0, values) < 0)
        return -1;
    int64_t limit = -1;
    if (!value_is_null(values[1]) && !value_is_none(values[1])) {
        if (!value_is_any_int(values[1]))
            return raise_int(&exception_TypeError, "an integer is required");
        if (size_argument(values[1], &limit) < 0)
            return -1;
        if (limit < 0)
            return raise_int(&exception_ValueError, "maxlen must be non-negative");
    }
    Deque *d = deque_of(self);
    object_lock(&d->header);
    __atomic_store_n(&d->limit, limit, __ATOMIC_RELAXED);
    object_unlock(&d->header);
    deque_drop(&d->header);
    return value_is_null(values[0]) ? 0 : extend(d, values[0], false);
}

// An empty deque of d's type and maxlen.
static Value make_like(Value self) {
    Deque *d = deque_of(self);
    Type *type = value_type(self);
    if (type == &deque_type) {
        Value fresh = deque_new(type, NULL, 0, VALUE_NULL);
        if (!value_is_null(fresh))
            deque_of(fresh)->limit = limit_of(d);
        return fresh;
    }
    Value empty = tuple_empty(), result;
    Value args[2] = {empty, limit_of(d) < 0 ? VALUE_NONE : value_from_int(limit_of(d))};
    result = value_call(value_from_object(type), args, limit_of(d) < 0 ? 0 : 2, VALUE_NULL);
    ref_release(empty);
    return result;
}

static Value deque_copy(Value self) {
    Value copy = make_like(self);
    if (value_is_null(copy))
        return VALUE_NULL;
    if (is_deque(copy)) {
        if (extend(deque_of(copy), self, false) == 0)
            return copy;
    } else {
        Value result = value_call_method(copy, name_extend, &self, 1);
        ref_release(result);
        if (!value_is_null(result))
            return copy;
    }
    ref_release(copy);
    return VALUE_NULL;
}

static void deque_destroy(Object *self) {
    deque_drop(self);
    type_free_instance(self);
}
static void deque_traverse(Object *self, GcVisitor *visitor) {
    Deque *d = (Deque *)self;
    for (int64_t i = 0; i < d->length; i++)
        gc_visit(visitor, *deque_slot(d, i));
}

// ---- slots -------------------------------------------------------------------------------

static int64_t deque_length(Value self) {
    return length_of(deque_of(self));
}

static Value deque_repr(Value self) {
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_from_cstr("[...]");
    Value list = list_from_iterable(self), text = VALUE_NULL;
    if (!value_is_null(list)) {
        Deque *d = deque_of(self);
        const char *name = type_name(value_type(self));
        text = limit_of(d) < 0
                   ? str_format("%s(%R)", name, list)
                   : str_format("%s(%R, maxlen=%lld)", name, list, (long long)limit_of(d));
        ref_release(list);
    }
    repr_leave(self);
    return text;
}

// The answer at one moment of both, if it can be told without running code: 1, 0; else 2.
static int order_without_code(Deque *a, Deque *b, CompareOperator op) {
    object_lock_two(&a->header, &b->header);
    int64_t common = a->length < b->length ? a->length : b->length, i = 0;
    int equal = 1, order = a->length < b->length ? -1 : a->length > b->length;
    Value x = VALUE_NULL, y = VALUE_NULL;
    while (i < common && equal > 0) {
        x = field_raw(deque_slot(a, i));
        y = field_raw(deque_slot(b, i++));
        equal = value_equal_without_code(x, y);
    }
    if (equal == 0 && op != COMPARE_EQ && op != COMPARE_NE) {
        int less = value_both_int(x, y) || (value_is_exact_str(x) && value_is_exact_str(y))
                       ? value_less_simple(x, y)
                       : -1;
        equal = less < 0 ? -1 : 0;
        order = less > 0 ? -1 : 1;
    } else if (equal == 0) {
        order = 1;
    }
    object_unlock_two(&a->header, &b->header);
    bool result[] = {[COMPARE_LT] = order<0, [COMPARE_LE] = order <= 0, [COMPARE_EQ] = order == 0,
                                          [COMPARE_NE] = order != 0, [COMPARE_GT] = order> 0,
                     [COMPARE_GE] = order >= 0};
    return equal < 0 ? 2 : result[op];
}

static Value deque_compare(Value self, Value other, CompareOperator op) {
    if (!is_deque(self) || !is_deque(other))
        return not_implemented_new();
    int told = 2;
    if (threads_may_come_between() && !value_same(self, other))
        told = order_without_code(deque_of(self), deque_of(other), op);
    if (told < 2)
        return bool_new(told);
    int64_t a_length = deque_length(self), b_length = deque_length(other);
    if (value_same(self, other) ||
        (a_length != b_length && (op == COMPARE_EQ || op == COMPARE_NE))) {
        if (op == COMPARE_EQ || op == COMPARE_NE)
            return bool_new(value_same(self, other) == (op == COMPARE_EQ));
        if (op == COMPARE_LE || op == COMPARE_GE)
            return bool_new(true);
        return bool_new(false);
    }
    if (thread_enter_recursive(" in comparison") < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    for (int64_t i = 0;; i++) {
        Value x = item_at(deque_of(self), i), y = item_at(deque_of(other), i);
        if (value_is_null(x) || value_is_null(y)) {
            bool a_more = !value_is_null(x), b_more = !value_is_null(y);
            bool answer = op == COMPARE_EQ   ? !a_more && !b_more
                          : op == COMPARE_NE ? a_more || b_more
                          : op == COMPARE_LT ? !a_more && b_more
                          : op == COMPARE_LE ? !a_more
                          : op == COMPARE_GT ? a_more && !b_more
                                             : !b_more;
            ref_release(x);
            ref_release(y);
            result = bool_new(answer);
            break;
        }
        int equal = value_same(x, y) ? 1 : value_equals(x, y);
        if (equal == 0) {
            int answer = op == COMPARE_EQ || op == COMPARE_NE ? op == COMPARE_NE
                                                              : value_compare_bool(x, y, op);
            result = answer < 0 ? VALUE_NULL : bool_new(answer);
        }
        ref_release(x);
        ref_release(y);
        if (equal <= 0)
            break;
    }
    thread_leave_recursive();
    return result;
}

// find() below in a copy of the items.
static int64_t find_in_copy(Value self, Value item, int64_t start, int64_t stop, bool counting) {
    Value list = deque_list(self);
    if (value_is_null(list))
        return -2;
    int64_t found = 0, result = -1;
    for (int64_t i = start; i < stop && i < list_of(list)->length; i++) { // nobody else sees it
        Value candidate = list_of(list)->items[i];
        int equal = value_same(candidate, item) ? 1 : value_equals(candidate, item);
        found += equal;
        if (equal < 0 || (equal && !counting)) {
            result = equal < 0 ? -2 : i;
            break;
        }
    }
    ref_release(list);
    return counting && result != -2 ? found : result;
}
// Where the first item is that equals `item`, from start on and before stop, or with `counting` how
// many there are. -1: none; -2: exception. What can be compared without running code is compared at
// one moment; else a change of the deque meanwhile is an error, unless it may be another thread's:
// comparing may yet be without Python code, as tuples are compared, and then CPython lets none come
// between.
static int64_t find(Value self, Value item, int64_t start, int64_t stop, bool counting) {
    Deque *d = deque_of(self);
    int64_t found = 0;
    object_read_lock(&d->header);
    for (int64_t i = start; i < stop && i < d->length; i++) {
        Value candidate = field_raw(deque_slot(d, i));
        int equal = value_equal_without_code(candidate, item);
        bool mutated = false;
        if (UNLIKELY(equal < 0)) {
            uint64_t mutations = d->mutations;
            ref_retain(candidate);
            object_read_unlock(&d->header);
            if (threads_may_come_between()) {
                ref_release(candidate);
                return find_in_copy(self, item, start, stop, counting);
            }
            equal = value_equals(candidate, item);
            ref_release(candidate);
            if (equal < 0)
                return -2;
            object_read_lock(&d->header);
            mutated = d->mutations != mutations;
        }
        if ((equal && !counting) || mutated) {
            object_read_unlock(&d->header);
            return equal && !counting
                       ? i
                       : raise_int(&exception_RuntimeError, "deque mutated during iteration") - 1;
        }
        found += equal;
    }
    object_read_unlock(&d->header);
    return counting ? found : -1;
}

static int deque_contains(Value self, Value item) {
    int64_t i = find(self, item, 0, INT64_MAX, false);
    return i >= 0 ? 1 : i == -1 ? 0 : -1;
}

static int index_of(Value key, int64_t *out) {
    if (!value_is_any_int(key) && !value_type(key)->index)
        return raise_int(&exception_TypeError, "sequence index must be integer, not '%T'", key);
    return value_to_position(key, out);
}

static Value deque_sequence_item(Value self, int64_t i) {
    Value item = item_at(deque_of(self), i);
    return value_is_null(item) ? raise_error(&exception_IndexError, "deque index out of range")
                               : item;
}
static Value deque_getitem(Value self, Value key) {
    int64_t i;
    return index_of(key, &i) < 0 ? VALUE_NULL : deque_sequence_item(self, i);
}

// Lock held. Takes item i, which is there, out: its reference.
static Value take_at(Deque *d, int64_t i) {
    Value item = *deque_slot(d, i);
    if (i < d->length >> 1) {
        for (; i > 0; i--)
            field_put_locked(deque_slot(d, i), *deque_slot(d, i - 1));
        field_forget_locked(deque_slot(d, 0), 1);
        set_head(d, (d->head + 1) & (d->capacity - 1));
    } else {
        for (; i < d->length - 1; i++)
            field_put_locked(deque_slot(d, i), *deque_slot(d, i + 1));
        field_forget_locked(deque_slot(d, i), 1);
    }
    changed(d, d->length - 1);
    return item;
}

// Takes item i (negative: from the end) out: a new reference, or VALUE_NULL if it is not there.
static Value remove_at(Deque *d, int64_t i) {
    object_lock(&d->header);
    if (i < 0)
        i += d->length;
    Value item = i >= 0 && i < d->length ? take_at(d, i) : VALUE_NULL;
    object_unlock(&d->header);
    return item;
}

static int deque_setitem(Value self, Value key, Value value) {
    int64_t i;
    if (index_of(key, &i) < 0)
        return -1;
    Deque *d = deque_of(self);
    Value old = VALUE_NULL;
    if (value_is_null(value)) {
        old = remove_at(d, i);
    } else {
        ref_retain(value);
        object_lock(&d->header);
        if (i < 0)
            i += d->length;
        bool inside = i >= 0 && i < d->length;
        if (inside)
            old = field_swap_locked(deque_slot(d, i), value);
        object_unlock(&d->header);
        if (!inside)
            ref_release(value);
    }
    if (value_is_null(old))
        return raise_int(&exception_IndexError, "deque index out of range");
    ref_release(old);
    return 0;
}

static Value deque_inplace_concatenate(Value self, Value other) {
    return extend(deque_of(self), other, false) < 0 ? VALUE_NULL : ref_new(self);
}

static Value deque_concatenate(Value self, Value other) {
    if (!is_deque(other))
        return raise_type_error("can only concatenate deque (not \"%T\") to deque", other);
    Value result = deque_copy(self);
    // A deque to itself: what it held when it was copied.
    Value more =
        value_same(self, other) && !value_is_null(result) && is_deque(result) ? result : other;
    if (!value_is_null(result) && extend(deque_of(result), more, false) < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}

// Without maxlen, at one moment.
static int repeat_all(Deque *d, int64_t times) {
    for (;;) {
        int64_t length = length_of(d);
        if (length == 0 || times == 1)
            return 0;
        if (times > ((int64_t)1 << 57) / length)
            return raise_memory_error(), -1;
        if (UNLIKELY(reserve_and_lock(d, length * (times - 1)) < 0))
            return -1;
        length = d->length;
        bool fits = length <= d->capacity / times; // it may have grown since
        if (LIKELY(fits)) {
            for (int64_t i = 0; i < length; i++)
                list_retain_repeated(deque_slot(d, i), 1, times - 1);
            for (int64_t i = length; i < length * times; i++)
                field_raw_store(deque_slot(d, i), field_raw(deque_slot(d, i - length)));
            changed(d, length * times);
        }
        object_unlock(&d->header);
        if (LIKELY(fits))
            return 0;
    }
}

// With maxlen, where only the last rounds leave anything behind. At one moment, unless others
// change the deque all the time.
static int repeat_last(Deque *d, int64_t times) {
    enum { ATTEMPTS = 100 };
    int status = 1;
    for (int attempts = 0; status == 1; attempts++) {
        Value list = deque_list(value_from_object(d));
        if (value_is_null(list))
            return -1;
        int64_t length = list_length(list), limit = limit_of(d);
        if (length == 0 || times == 1) {
            ref_release(list);
            return 0;
        }
        int64_t rounds = times - 1 > limit / length + 1 ? limit / length + 1 : times - 1;
        Value more = list_new_sized(length * rounds);
        if (value_is_null(more)) {
            ref_release(list);
            return -1;
        }
        for (int64_t i = 0; i < rounds; i++)
            ref_run_copy(list_of(more)->items + i * length, list_of(list)->items, length);
        list_of(more)->length = length * rounds;
        status = push_all(d, list_of(more), false, attempts < ATTEMPTS ? list_of(list) : NULL);
        ref_release(more);
        ref_release(list);
    }
    return status;
}

static Value deque_inplace_repeat(Value self, Value count) {
    int64_t n;
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    Deque *d = deque_of(self);
    if (n <= 0)
        deque_drop(&d->header);
    else if ((limit_of(d) < 0 ? repeat_all(d, n) : repeat_last(d, n)) < 0)
        return VALUE_NULL;
    return ref_new(self);
}

static Value deque_repeat(Value self, Value count) {
    Value copy = deque_copy(self);
    if (value_is_null(copy))
        return VALUE_NULL;
    Value result = deque_inplace_repeat(copy, count);
    ref_release(copy);
    return result;
}

// ---- methods -----------------------------------------------------------------------------

static Value deque_append(Value self, Value item) {
    return push_right(deque_of(self), ref_new(item)) < 0 ? VALUE_NULL : none_new();
}
static Value deque_appendleft(Value self, Value item) {
    return push_left(deque_of(self), ref_new(item)) < 0 ? VALUE_NULL : none_new();
}
static Value deque_pop(Value self) {
    return take(deque_of(self), false);
}
static Value deque_popleft(Value self) {
    return take(deque_of(self), true);
}
static Value deque_clear(Value self) {
    deque_drop(value_object(self));
    return none_new();
}
static Value deque_extend(Value self, Value iterable) {
    return extend(deque_of(self), iterable, false) < 0 ? VALUE_NULL : none_new();
}
static Value deque_extendleft(Value self, Value iterable) {
    return extend(deque_of(self), iterable, true) < 0 ? VALUE_NULL : none_new();
}

static Value deque_count(Value self, Value item) {
    int64_t found = find(self, item, 0, INT64_MAX, true);
    return found < 0 ? VALUE_NULL : value_from_int(found);
}

static Value deque_index(Value self, const Value *args, size_t nargs) {
    int64_t start = 0, stop = INT64_MAX, length = deque_length(self);
    if ((nargs > 1 && slice_bound(args[1], &start) < 0) ||
        (nargs > 2 && slice_bound(args[2], &stop) < 0))
        return VALUE_NULL;
    if (start < 0 && (start += length) < 0)
        start = 0;
    if (stop < 0 && (stop += length) < 0)
        stop = 0;
    int64_t i = find(self, args[0], start, stop, false);
    if (i >= 0)
        return value_from_int(i);
    return i == -1 ? raise_value_error("%R is not in deque", args[0]) : VALUE_NULL;
}

static Value deque_insert(Value self, const Value *args, size_t nargs) {
    int64_t index;
    if (size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    Deque *d = deque_of(self);
    Value item = ref_new(args[1]);
    if (reserve_and_lock(d, 1) < 0) {
        ref_release(item);
        return VALUE_NULL;
    }
    int64_t length = d->length;
    if (limit_of(d) >= 0 && length >= limit_of(d)) {
        object_unlock(&d->header);
        ref_release(item);
        return raise_error(&exception_IndexError, "deque already at its maximum size");
    }
    if (index < 0 && (index += length) < 0)
        index = 0;
    if (index > length)
        index = length;
    if (index < length >> 1) {
        set_head(d, (d->head - 1) & (d->capacity - 1));
        for (int64_t i = 0; i < index; i++)
            field_put_locked(deque_slot(d, i), *deque_slot(d, i + 1));
    } else {
        for (int64_t i = length; i > index; i--)
            field_put_locked(deque_slot(d, i), *deque_slot(d, i - 1));
    }
    field_raw_store(deque_slot(d, index), item);
    changed(d, length + 1);
    object_unlock(&d->header);
    return none_new();
}

// Removes the first item equal to `item`, at one moment unless that takes code to tell: 1 and the
// reference, 0 there is none, -1 exception, -2 the deque was changed meanwhile.
static int remove_first(Deque *d, Value item, Value *removed) {
    int equal = 0;
    bool mutated = false;
    object_lock(&d->header);
    for (int64_t i = 0; !equal && !mutated && i < d->length; i++) {
        Value candidate = *deque_slot(d, i);
        equal = value_equal_without_code(candidate, item);
        if (UNLIKELY(equal < 0)) {
            uint64_t mutations = d->mutations;
            ref_retain(candidate);
            object_unlock(&d->header);
            equal = value_equals(candidate, item);
            ref_release(candidate);
            if (equal < 0)
                return -1;
            object_lock(&d->header);
            mutated = d->mutations != mutations;
        }
        if (equal && !mutated)
            *removed = take_at(d, i);
    }
    object_unlock(&d->header);
    return mutated ? -2 : equal;
}

static Value deque_remove(Value self, Value item) {
    enum { ATTEMPTS = 100 }; // while the changes may be another thread's
    Deque *d = deque_of(self);
    Value removed = VALUE_NULL;
    int status, attempts = 0;
    do
        status = remove_first(d, item, &removed);
    while (status == -2 && threads_may_come_between() && ++attempts < ATTEMPTS);
    if (status == -2)
        return raise_error(&exception_IndexError, "deque mutated during iteration");
    if (status == 0)
        return raise_value_error("%R is not in deque", item);
    if (status < 0)
        return VALUE_NULL;
    ref_release(removed);
    return none_new();
}

static Value deque_reverse(Value self) {
    Deque *d = deque_of(self);
    object_lock(&d->header);
    for (int64_t i = 0, j = d->length - 1; i < j; i++, j--) {
        Value x = *deque_slot(d, i);
        field_put_locked(deque_slot(d, i), *deque_slot(d, j));
        field_put_locked(deque_slot(d, j), x);
    }
    changed(d, d->length);
    object_unlock(&d->header);
    return none_new();
}

static Value deque_rotate(Value self, const Value *args, size_t nargs) {
    int64_t steps = 1;
    if (nargs && size_argument(args[0], &steps) < 0)
        return VALUE_NULL;
    Deque *d = deque_of(self);
    object_lock(&d->header);
    int64_t length = d->length;
    if (length > 1) {
        steps %= length;
        if (steps > length >> 1)
            steps -= length;
        else if (steps < -(length >> 1))
            steps += length;
        for (; steps > 0; steps--) { // last to front
            Value x = *deque_slot(d, length - 1);
            field_forget_locked(deque_slot(d, length - 1), 1);
            set_head(d, (d->head - 1) & (d->capacity - 1));
            field_put_locked(deque_slot(d, 0), x);
        }
        for (; steps < 0; steps++) {
            Value x = *deque_slot(d, 0);
            field_forget_locked(deque_slot(d, 0), 1);
            set_head(d, (d->head + 1) & (d->capacity - 1));
            field_put_locked(deque_slot(d, length - 1), x);
        }
        changed(d, length);
    }
    object_unlock(&d->header);
    return none_new();
}

static Value deque_reduce(Value self) {
    Deque *d = deque_of(self);
    Value state = value_call_method(self, name___getstate__, NULL, 0);
    Value iterator = value_is_null(state) ? VALUE_NULL : value_iter(self);
    Value empty = VALUE_NULL, arguments = VALUE_NULL, result = VALUE_NULL;
    if (!value_is_null(iterator)) {
        empty = tuple_empty();
        arguments =
            limit_of(d) < 0 ? ref_new(empty) : tuple_pack(2, empty, value_from_int(limit_of(d)));
    }
    if (!value_is_null(arguments))
        result = tuple_pack(4, value_from_object(value_type(self)), arguments, state, iterator);
    ref_release(state);
    ref_release(iterator);
    ref_release(empty);
    ref_release(arguments);
    return result;
}

static Value deque_sizeof(Value self) {
    return value_from_int(value_type(self)->basic_size +
                          deque_of(self)->capacity * (int64_t)sizeof(Value));
}

static Value deque_maxlen(Value self) {
    int64_t limit = limit_of(deque_of(self));
    return limit < 0 ? none_new() : value_from_int(limit);
}

// ---- the type ----------------------------------------------------------------------------

static const NativeDef deque_methods[] = {
    DEF_ONE("append", deque_append, "Puts an item at the right end."),
    DEF_ONE("appendleft", deque_appendleft, "Puts an item at the left end."),
    DEF_NONE("clear", deque_clear, "Takes all items out."),
    DEF_NONE("__copy__", deque_copy, "A new deque of the same items."),
    DEF_NONE("copy", deque_copy, "A new deque of the same items."),
    DEF_ONE("count", deque_count, "How many items are equal to the argument."),
    DEF_ONE("extend", deque_extend, "Appends every item of an iterable."),
    DEF_ONE("extendleft", deque_extendleft, "Appends every item of an iterable at the left end."),
    DEF_FIXED("index", deque_index, 1, 3,
              "Position of the first item equal to the argument; ValueError if there is none."),
    DEF_FIXED("insert", deque_insert, 2, 2, "insert(index, item) puts item before index."),
    DEF_NONE("pop", deque_pop, "Takes out the rightmost item."),
    DEF_NONE("popleft", deque_popleft, "Takes out the leftmost item."),
    DEF_NONE("__reduce__", deque_reduce, "How to pickle the deque."),
    DEF_ONE("remove", deque_remove, "Takes out the first item equal to the argument."),
    DEF_NONE("__reversed__", deque_reversed, "An iterator from right to left."),
    DEF_NONE("reverse", deque_reverse, "Turns the order round, in place."),
    DEF_FIXED("rotate", deque_rotate, 0, 1, "rotate(n=1) moves n items from right to left end."),
    DEF_NONE("__sizeof__", deque_sizeof, "Bytes taken by the deque."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};
static const GetSetDef deque_getsets[] = {
    {"maxlen", deque_maxlen, NULL, "The most items it may hold, or None."},
    {NULL},
};

Type deque_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "collections.deque",
    .basic_size = sizeof(Deque),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE | TYPE_SEQUENCE | TYPE_UNHASHABLE,
    .doc = "deque([iterable[, maxlen]])\n\nA sequence that grows and shrinks at both ends.",
    .call_new = deque_new,
    .init = deque_init,
    .destroy = deque_destroy,
    .traverse = deque_traverse,
    .clear = deque_drop,
    .repr = deque_repr,
    .compare = deque_compare,
    .iter = deque_iter,
    .length = deque_length,
    .getitem = deque_getitem,
    .setitem = deque_setitem,
    .contains = deque_contains,
    .sequence_item = deque_sequence_item,
    .concatenate = deque_concatenate,
    .repeat = deque_repeat,
    .inplace_concatenate = deque_inplace_concatenate,
    .inplace_repeat = deque_inplace_repeat,
    .methods = deque_methods,
    .getsets = deque_getsets,
};
