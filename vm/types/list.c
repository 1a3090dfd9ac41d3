// SPDX-License-Identifier: MIT
//
// list: the array and what C code does with it. The methods that Python sees are in
// list_methods.c, sorting in list_sort.c.
//
// Invariants, with the list's lock held: 0 <= length <= capacity; items[0..length) are
// references the list owns; items is NULL exactly if capacity is 0. Arrays are allocated before
// the lock is taken and given to reclaim_array after it is dropped; removed items are released
// after it is dropped.
#include "vm/types/list.h"
#include "vm/types/list_empty.h"
#include "gc/reclaim.h"
#include "gc/ref_run.h"
#include "vm/modules/collections_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/generator.h"
#include "vm/types/generator_run.h"
#include "vm/types/hashing.h"
#include "vm/types/iterators.h"
#include "vm/types/range.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

#define LIST_LENGTH_MAX ((int64_t)1 << 58)

static inline void store_length(List *l, int64_t length) {
    __atomic_store_n(&l->length, length, SHARED_STORE);
}

// More than asked for: half as much again for short lists, which are made in greatest number, an
// eighth for long ones. Rounded up to a size class of jemalloc (multiples of 16 bytes up to 128,
// then four classes to each doubling), so that no byte of it is wasted.
int64_t list_capacity_for(int64_t length) {
    int part = length < 64 ? 1 : length < 1024 ? 2 : 3;
    uint64_t bytes = ((uint64_t)length + ((uint64_t)length >> part) + 3) * sizeof(Value);
    uint64_t spacing = 16;
    if (bytes > 128)
        spacing = (uint64_t)1 << (63 - __builtin_clzll(bytes - 1) - 2);
    bytes = (bytes + spacing - 1) & ~(spacing - 1);
    return (int64_t)(bytes / sizeof(Value));
}

// NULL with MemoryError.
static Value *array_allocate(int64_t capacity) {
    if (UNLIKELY(capacity > LIST_LENGTH_MAX)) {
        raise_memory_error();
        return NULL;
    }
    Value *items = buffer_allocate((size_t)capacity * sizeof(Value));
    if (UNLIKELY(!items))
        raise_memory_error();
    return items;
}

static void release_all(Value *items, int64_t length) {
    ref_run_release(items, length);
}

// ---- making ----------------------------------------------------------------------------

Value list_new(void) {
    return value_from_object(object_allocate_exact(&list_type, sizeof(List), HEAP_CONTAINER));
}

Value list_new_sized(int64_t capacity) {
    Value *items = NULL;
    if (capacity > 1)
        capacity = (capacity + 1) & ~(int64_t)1; // as much memory
    if (capacity > 0 && !(items = array_allocate(capacity)))
        return VALUE_NULL;
    List *l = object_allocate_exact(&list_type, sizeof(List), HEAP_CONTAINER);
    if (UNLIKELY(!l)) {
        buffer_free(items);
        return VALUE_NULL;
    }
    l->items = items;
    l->capacity = capacity > 0 ? capacity : 0;
    return value_from_object(l);
}

Value list_from_array(const Value *items, int64_t length) {
    Value list = list_new_sized(length);
    if (UNLIKELY(value_is_null(list)))
        return VALUE_NULL;
    List *l = list_of(list);
    ref_run_copy(l->items, items, length);
    l->length = length;
    return list;
}

Value list_from_owned(Value *items, int64_t length) {
    Value list = list_new_sized(length);
    if (UNLIKELY(value_is_null(list))) {
        release_all(items, length);
        return VALUE_NULL;
    }
    if (length)
        memcpy(list_of(list)->items, items, (size_t)length * sizeof(Value));
    list_of(list)->length = length;
    return list;
}

Value list_from_iterable(Value iterable) {
    if (value_is_exactly(iterable, &list_type))
        return list_slice(iterable, 0, INT64_MAX);
    if (value_is_exactly(iterable, &tuple_type))
        return list_from_array(tuple_of(iterable)->items, tuple_length(iterable));
    if (value_is_exactly(iterable, &dict_type))
        return dict_keys_list(iterable);
    if (value_is_exactly(iterable, &dict_keys_type) ||
        value_is_exactly(iterable, &dict_values_type) ||
        value_is_exactly(iterable, &dict_items_type))
        return dict_view_list(iterable);
    if (value_is_exactly(iterable, &set_type) || value_is_exactly(iterable, &frozenset_type))
        return set_keys_list(iterable);
    if (value_is_exactly(iterable, &deque_type))
        return deque_list(iterable);
    if (ordered_dict_is_plain(value_type(iterable)))
        return ordered_dict_list(iterable);
    if (value_is_exact_str(iterable) && str_kind(iterable) == 0 && str_length(iterable)) {
        // Characters that are there already: nothing is allocated on the way.
        int64_t length = str_length(iterable);
        const uint8_t *data = str_data(iterable);
        Value made = list_new_sized(length);
        if (value_is_null(made))
            return VALUE_NULL;
        for (int64_t i = 0; i < length; i++)
            list_of(made)->items[i] = ref_new(str_characters[data[i]]);
        list_of(made)->length = length;
        return made;
    }
    Value list = list_new();
    if (value_is_null(list))
        return VALUE_NULL;
    if (list_extend(list, iterable) < 0) {
        ref_release(list);
        return VALUE_NULL;
    }
    return list;
}

// ---- growing and shrinking -------------------------------------------------------------

// Makes room for at least `extra` more items and returns with the lock HELD, or gives -1 without
// the lock and with MemoryError.
static int reserve_and_lock(List *l, int64_t extra) {
    for (;;) {
        object_lock(&l->header);
        int64_t wanted = l->length + extra;
        if (LIKELY(wanted <= l->capacity))
            return 0;
        bool fresh = l->capacity == 0;
        object_unlock(&l->header);
        // The first array of a list that gets all its items at once is not made larger, but for the
        // item that has room in the same size class.
        int64_t capacity = fresh && extra > 1 ? wanted + (wanted & 1) : list_capacity_for(wanted);
        Value *items = array_allocate(capacity), *old = NULL;
        if (!items)
            return -1;
        object_lock(&l->header);
        if (l->length + extra <= capacity && l->capacity < capacity) {
            old = l->items;
            if (l->length)
                memcpy(items, old, (size_t)l->length * sizeof(Value));
            __atomic_store_n(&l->items, items, __ATOMIC_RELEASE);
            l->capacity = capacity;
            if (!old)
                return 0;
            items = old;
        }
        object_unlock(&l->header);
        reclaim_array(items);
    }
}

int list_append_slow(List *l, Value item) {
    if (UNLIKELY(reserve_and_lock(l, 1) < 0)) {
        ref_release(item);
        return -1;
    }
    field_raw_store(&l->items[l->length], item);
    store_length(l, l->length + 1);
    object_unlock(&l->header);
    return 0;
}

// Gives memory back once less than half of the array is used. Fails silently.
static __attribute__((noinline)) void shrink(List *l) {
    int64_t capacity = list_capacity_for(list_length(value_from_object(l)));
    Value *items = buffer_allocate((size_t)capacity * sizeof(Value));
    if (!items)
        return;
    object_lock(&l->header);
    if (l->length <= capacity && capacity < l->capacity) {
        Value *old = l->items;
        memcpy(items, old, (size_t)l->length * sizeof(Value));
        __atomic_store_n(&l->items, items, __ATOMIC_RELEASE);
        l->capacity = capacity;
        items = old;
    }
    object_unlock(&l->header);
    reclaim_array(items);
}

#define SHRINK_FROM 16 // smaller arrays are left alone

Value list_swap_contended(List *l, int64_t index, Value item) {
    object_lock(&l->header);
    Value old = list_swap_locked(l, index, item);
    object_unlock(&l->header);
    return old;
}

static inline bool wants_shrinking(int64_t length, int64_t capacity) {
    return capacity > SHRINK_FROM && length < capacity >> 1;
}

int list_append_and_lock(List *l, Value item) {
    ref_retain(item);
    if (UNLIKELY(reserve_and_lock(l, 1) < 0)) {
        ref_release(item);
        return -1;
    }
    field_raw_store(&l->items[l->length], item);
    store_length(l, l->length + 1);
    return 0;
}

Value list_take_last_locked(List *l) {
    int64_t length = l->length - 1;
    Value item = l->items[length];
    store_length(l, length);
    field_forget_locked(l->items + length, 1);
    return item;
}

void list_unlock_shrinking(List *l) {
    bool shrinking = wants_shrinking(l->length, l->capacity);
    object_unlock(&l->header);
    if (UNLIKELY(shrinking))
        shrink(l);
}

int list_append_owned(Value list, Value item) {
    return list_append_fast(list_of(list), item);
}

int list_append(Value list, Value item) {
    ref_retain(item);
    return list_append_fast(list_of(list), item);
}

int list_extend_owned(Value list, Value *owned, int64_t count) {
    if (count == 0)
        return 0;
    List *l = list_of(list);
    if (reserve_and_lock(l, count) < 0) {
        release_all(owned, count);
        return -1;
    }
    field_copy_locked(l->items + l->length, owned, count);
    store_length(l, l->length + count);
    object_unlock(&l->header);
    return 0;
}

void list_retain_repeated(const Value *items, int64_t length, int64_t times) {
    for (int64_t i = 0; i < length; i++)
        for (int64_t left = times; left > 0; left -= INT32_MAX)
            ref_retain_many(items[i], (uint32_t)(left < INT32_MAX ? left : INT32_MAX));
}

int list_repeat_in_place(Value list, int64_t times) {
    List *l = list_of(list);
    for (;;) {
        int64_t length = list_length(list);
        if (length == 0 || times == 1)
            return 0;
        if (times - 1 > ((int64_t)1 << 58) / length)
            return raise_memory_error(), -1;
        if (reserve_and_lock(l, length * (times - 1)) < 0)
            return -1;
        length = l->length;
        bool fits = length <= l->capacity / times; // it may have grown since
        if (LIKELY(fits)) {
            list_retain_repeated(l->items, length, times - 1);
            for (int64_t i = 1; i < times; i++)
                field_copy_locked(l->items + i * length, l->items, length);
            store_length(l, length * times);
        }
        object_unlock(&l->header);
        if (LIKELY(fits))
            return 0;
    }
}

int list_splice(Value list, int64_t start, int64_t end, Value *owned, int64_t count) {
    List *l = list_of(list);
    enum { ON_STACK = 8 };
    Value small[ON_STACK], *removed = small, *spare = NULL;
    int64_t removed_capacity = ON_STACK, spare_capacity = 0, removed_count;
    for (;;) {
        object_lock(&l->header);
        int64_t from = start, to = end;
        removed_count = slice_adjust(l->length, &from, &to, 1);
        to = from + removed_count;
        int64_t length = l->length - removed_count + count;
        int64_t need_spare = length > l->capacity && length > spare_capacity ? length : 0;
        if (LIKELY(!need_spare && removed_count <= removed_capacity)) {
            Value *old = l->items;
            if (removed_count)
                memcpy(removed, old + from, (size_t)removed_count * sizeof(Value));
            int64_t tail = l->length - to;
            if (length > l->capacity) {
                if (from)
                    memcpy(spare, old, (size_t)from * sizeof(Value));
                if (tail)
                    memcpy(spare + from + count, old + to, (size_t)tail * sizeof(Value));
                memcpy(spare + from, owned, (size_t)count * sizeof(Value));
                __atomic_store_n(&l->items, spare, __ATOMIC_RELEASE);
                l->capacity = spare_capacity;
                spare = old;
            } else {
                if (tail && removed_count != count)
                    field_move_locked(old + from + count, old + to, tail);
                if (count)
                    field_copy_locked(old + from, owned, count);
            }
            int64_t before = l->length;
            store_length(l, length);
            field_forget_locked(l->items + length, before - length);
            bool shrinking = count < removed_count && wants_shrinking(length, l->capacity);
            object_unlock(&l->header);
            if (spare)
                reclaim_array(spare);
            if (shrinking)
                shrink(l);
            release_all(removed, removed_count);
            if (removed != small)
                buffer_free(removed);
            return 0;
        }
        object_unlock(&l->header);
        if (need_spare) {
            buffer_free(spare);
            spare_capacity = list_capacity_for(need_spare);
            if (!(spare = array_allocate(spare_capacity)))
                break;
        }
        if (removed_count > removed_capacity) {
            if (removed != small)
                buffer_free(removed);
            removed_capacity = removed_count;
            if (!(removed = array_allocate(removed_capacity)))
                break;
        }
    }
    buffer_free(spare);
    if (removed != small)
        buffer_free(removed);
    release_all(owned, count);
    return -1;
}

Value *list_empty_locked(List *l, int64_t *count) {
    Value *items = l->items;
    *count = l->length;
    store_length(l, 0);
    l->capacity = 0;
    __atomic_store_n(&l->items, NULL, SHARED_STORE);
    return items;
}
void list_emptied(Value *items, int64_t count) {
    ref_run_release_backwards(items, count);
    if (items)
        reclaim_array(items);
}

int list_clear(Value list) {
    List *l = list_of(list);
    int64_t count;
    object_lock(&l->header);
    Value *items = list_empty_locked(l, &count);
    object_unlock(&l->header);
    list_emptied(items, count);
    return 0;
}

// ---- items -----------------------------------------------------------------------------

Value list_get_contended(List *list, uint64_t index) {
    return list_get_locked(list, index, false);
}

Value list_get_contended_register(List *list, uint64_t index) {
    return list_get_locked(list, index, true);
}

Value list_get_from_end_contended(List *list, int64_t index) {
    return list_get_from_end_locked(list, index, false);
}

Value list_get_from_end_contended_register(List *list, int64_t index) {
    return list_get_from_end_locked(list, index, true);
}

Value list_get(Value list, int64_t index) {
    List *l = list_of(list);
    Value item = LIKELY(index >= 0) ? list_get_fast(l, (uint64_t)index)
                                    : list_get_from_end_contended(l, index);
    if (UNLIKELY(value_is_null(item)))
        return raise_error(&exception_IndexError, "list index out of range");
    return item;
}

int list_set(Value list, int64_t index, Value item) {
    ref_retain(item);
    Value old = list_swap_fast(list_of(list), index, item);
    if (LIKELY(!value_is_null(old))) {
        ref_release(old);
        return 0;
    }
    ref_release(item);
    return raise_int(&exception_IndexError, "list assignment index out of range");
}

int list_insert(Value list, int64_t index, Value item) {
    List *l = list_of(list);
    ref_retain(item);
    if (UNLIKELY(reserve_and_lock(l, 1) < 0)) {
        ref_release(item);
        return -1;
    }
    int64_t length = l->length;
    if (index < 0 && (index += length) < 0)
        index = 0;
    if (index > length)
        index = length;
    field_move_locked(l->items + index + 1, l->items + index, length - index);
    field_raw_store(&l->items[index], item);
    store_length(l, length + 1);
    object_unlock(&l->header);
    return 0;
}

// Takes an item out, with the lock held, which it lets go; entered, a constant: by object_leave.
// VALUE_NULL (no exception): index is out of range.
ALWAYS_INLINE Value take_and_unlock(List *l, int64_t index, bool entered) {
    int64_t length = l->length;
    if (index < 0)
        index += length;
    if (UNLIKELY(index < 0 || index >= length)) {
        object_unlock(&l->header);
        return VALUE_NULL;
    }
    Value item = l->items[index];
    length--;
    if (index < length)
        field_move_locked(l->items + index, l->items + index + 1, length - index);
    store_length(l, length);
    field_forget_locked(l->items + length, 1);
    bool shrinking = wants_shrinking(length, l->capacity);
    if (entered)
        object_leave(&l->header);
    else
        object_unlock(&l->header);
    if (UNLIKELY(shrinking))
        shrink(l);
    return item;
}
static __attribute__((noinline)) Value take_contended(List *l, int64_t index) {
    object_lock(&l->header);
    return take_and_unlock(l, index, false);
}
Value list_pop(Value list, int64_t index) {
    List *l = list_of(list);
    Value item = LIKELY(object_enter(&l->header)) ? take_and_unlock(l, index, true)
                                                  : take_contended(l, index);
    if (UNLIKELY(value_is_null(item))) {
        bool empty = index == 0 || index == -1 || list_length(list) == 0;
        raise_error(&exception_IndexError,
                    empty ? "pop from empty list" : "pop index out of range");
    }
    return item;
}

int list_delete(Value list, int64_t index) {
    Value item = take_contended(list_of(list), index);
    if (value_is_null(item))
        return raise_int(&exception_IndexError, "list assignment index out of range");
    ref_release(item);
    return 0;
}

int list_reverse(Value list) {
    List *l = list_of(list);
    object_lock(&l->header);
    Value *low = l->items, *high = low + l->length;
    // Several at a time, so that the loads need not wait for the stores before them.
    for (; high - low >= 8; low += 4) {
        high -= 4;
        Value a = low[0], b = low[1], c = low[2], d = low[3];
        Value w = high[0], x = high[1], y = high[2], z = high[3];
        field_put_locked(&low[0], z), field_put_locked(&low[1], y);
        field_put_locked(&low[2], x), field_put_locked(&low[3], w);
        field_put_locked(&high[0], d), field_put_locked(&high[1], c);
        field_put_locked(&high[2], b), field_put_locked(&high[3], a);
    }
    for (; high - low >= 2; low++) {
        high--;
        Value x = *low;
        field_put_locked(low, *high);
        field_put_locked(high, x);
    }
    object_unlock(&l->header);
    return 0;
}

// The items of a slice start:end as new references, at one moment. *items has room for *capacity
// (grown if need be). The number of items, or -1 with MemoryError.
static int64_t copy_items(List *l, int64_t start, int64_t end, Value **items, int64_t *capacity) {
    for (;;) {
        object_read_lock(&l->header);
        int64_t from = start, to = end, count = slice_adjust(l->length, &from, &to, 1);
        if (LIKELY(count <= *capacity)) {
            ref_run_copy(*items, l->items + from, count);
            object_read_unlock(&l->header);
            return count;
        }
        object_read_unlock(&l->header);
        buffer_free(*items);
        *items = array_allocate(count);
        *capacity = *items ? count : 0;
        if (!*items)
            return -1;
    }
}

Value list_slice(Value list, int64_t start, int64_t end) {
    Value result = list_new();
    if (value_is_null(result))
        return VALUE_NULL;
    List *l = list_of(result);
    int64_t count = copy_items(list_of(list), start, end, &l->items, &l->capacity);
    if (UNLIKELY(count < 0)) {
        ref_release(result);
        return VALUE_NULL;
    }
    l->length = count;
    return result;
}

int64_t list_copy_small(Value list, Value *out, int64_t room) {
    List *l = list_of(list);
    object_read_lock(&l->header);
    int64_t count = l->length <= room ? l->length : -1;
    ref_run_copy(out, l->items, count);
    object_read_unlock(&l->header);
    return count;
}

int list_snapshot(Value list, Value **items_out, int64_t *length_out) {
    int64_t capacity = 0;
    *items_out = NULL;
    *length_out = copy_items(list_of(list), 0, INT64_MAX, items_out, &capacity);
    return *length_out < 0 ? -1 : 0;
}

Value list_to_tuple(Value list) {
    List *l = list_of(list);
    for (;;) {
        int64_t length = list_length(list);
        if (length == 0)
            return tuple_empty();
        Value tuple = tuple_allocate_unfilled(length);
        if (value_is_null(tuple))
            return VALUE_NULL;
        object_read_lock(&l->header);
        bool same = l->length == length;
        if (LIKELY(same))
            ref_run_copy(tuple_of(tuple)->items, l->items, length);
        else
            memset(tuple_of(tuple)->items, 0, (size_t)length * sizeof(Value));
        object_read_unlock(&l->header);
        if (LIKELY(same))
            return tuple;
        ref_release(tuple);
    }
}

Value list_into_tuple(Value list) {
    List *l = list_of(list);
    int64_t length = list_length(list);
    Value tuple = length ? tuple_allocate_unfilled(length) : tuple_empty();
    if (length == 0 || value_is_null(tuple))
        return tuple;
    object_lock(&l->header);
    bool same = l->length == length;
    if (LIKELY(same)) {
        memcpy(tuple_of(tuple)->items, l->items, (size_t)length * sizeof(Value));
        store_length(l, 0);
        field_forget_locked(l->items, length);
    } else { // gc.get_objects() finds all lists
        memset(tuple_of(tuple)->items, 0, (size_t)length * sizeof(Value));
    }
    object_unlock(&l->header);
    if (LIKELY(same))
        return tuple;
    ref_release(tuple);
    return list_to_tuple(list);
}

// ---- extending -------------------------------------------------------------------------

static int extend_from_range(Value list, Range *r) {
    int64_t length, start, step;
    if (!value_both_int(r->start, r->stop) || !value_both_int(r->step, r->length))
        return 1;
    length = value_int(r->length), start = value_int(r->start), step = value_int(r->step);
    if (length == 0)
        return 0;
    List *l = list_of(list);
    if (reserve_and_lock(l, length) < 0)
        return -1;
    Value *out = l->items + l->length;
    for (int64_t i = 0; i < length; i++, start += step)
        field_put_locked(&out[i], value_from_int(start));
    store_length(l, l->length + length);
    object_unlock(&l->header);
    return 0;
}

static int extend_from_iterator(Value list, Value iterable) {
    Value iterator = value_iter_at_once(iterable);
    if (value_is_null(iterator))
        return -1;
    int64_t hint = value_length_hint(iterable, 8);
    if (hint < 0) {
        ref_release(iterator);
        return -1;
    }
    List *l = list_of(list);
    object_lock(&l->header);
    int64_t length = l->length, room = l->capacity - length;
    object_unlock(&l->header);
    // No memory for what it promises is an error; a sum that overflows is not, as in CPython.
    if (hint > room && hint <= INT64_MAX - length) {
        if (reserve_and_lock(l, hint < LIST_LENGTH_MAX ? hint : LIST_LENGTH_MAX) < 0) {
            ref_release(iterator);
            return -1;
        }
        object_unlock(&l->header);
    }
    UnaryFunction next = value_type(iterator)->next;
    GeneratorRun run = {.iterator = iterator};
    bool of_generator = value_is_exactly(iterator, &generator_type);
    int status = 0;
    for (;;) {
        Value item = of_generator ? generator_run_next(&run) : next(iterator);
        if (UNLIKELY(value_is_null(item))) {
            if (error_occurred()) {
                if (error_matches(&exception_StopIteration))
                    error_clear();
                else
                    status = -1;
            }
            break;
        }
        if (UNLIKELY(list_append_fast(l, item) < 0)) {
            status = -1;
            break;
        }
    }
    generator_run_pause(&run);
    ref_release(iterator);
    object_lock(&l->header);
    bool shrinking = wants_shrinking(l->length, l->capacity);
    object_unlock(&l->header);
    if (shrinking)
        shrink(l);
    return status;
}

static int extend_from_list(List *l, List *other) {
    int64_t expected = list_length(value_from_object(other));
    if (reserve_and_lock(l, expected) < 0)
        return -1;
    object_unlock(&l->header);
    object_lock_two(&l->header, &other->header);
    int64_t count = other->length;
    bool fits = count <= l->capacity - l->length;
    if (LIKELY(fits && count)) {
        ref_run_retain(other->items, count);
        field_copy_locked(l->items + l->length, other->items, count);
        store_length(l, l->length + count);
    }
    object_unlock_two(&l->header, &other->header);
    if (LIKELY(fits))
        return 0;
    Value *items; // somebody else is at work on one of the two
    if (list_snapshot(value_from_object(other), &items, &count) < 0)
        return -1;
    int status = list_extend_owned(value_from_object(l), items, count);
    buffer_free(items);
    return status;
}

int list_extend(Value list, Value iterable) {
    if (value_is_object(iterable)) {
        Type *type = value_type(iterable);
        if (type == &list_type)
            return extend_from_list(list_of(list), list_of(iterable));
        if (type == &tuple_type || (value_is_tuple(iterable) && type->iter == tuple_type.iter)) {
            int64_t count = tuple_length(iterable);
            if (count == 0)
                return 0;
            List *l = list_of(list);
            if (reserve_and_lock(l, count) < 0)
                return -1;
            ref_run_retain(tuple_of(iterable)->items, count);
            field_copy_locked(l->items + l->length, tuple_of(iterable)->items, count);
            store_length(l, l->length + count);
            object_unlock(&l->header);
            return 0;
        }
        bool is_view =
            type == &dict_keys_type || type == &dict_values_type || type == &dict_items_type;
        bool is_set = type == &set_type || type == &frozenset_type;
        if (is_view || is_set || type == &dict_type || type == &deque_type ||
            ordered_dict_is_plain(type) || value_same(iterable, list)) {
            Value snapshot = list_from_iterable(iterable); // all it holds at one moment
            if (value_is_null(snapshot))
                return -1;
            // Nobody else has seen it: its references move over.
            int64_t count = list_of(snapshot)->length;
            list_of(snapshot)->length = 0;
            int status = list_extend_owned(list, list_of(snapshot)->items, count);
            ref_release(snapshot);
            return status;
        }
        if (type == &str_type && str_kind(iterable) == 0) { // characters that are there already
            int64_t count = str_length(iterable);
            const uint8_t *data = str_data(iterable);
            List *l = list_of(list);
            if (count == 0)
                return 0;
            if (reserve_and_lock(l, count) < 0)
                return -1;
            for (int64_t i = 0; i < count; i++) {
                Value character = ref_new(str_characters[data[i]]);
                field_copy_locked(l->items + l->length + i, &character, 1);
            }
            store_length(l, l->length + count);
            object_unlock(&l->header);
            return 0;
        }
        if (type == &range_type) {
            int status = extend_from_range(list, range_of(iterable));
            if (status <= 0)
                return status;
        }
    }
    return extend_from_iterator(list, iterable);
}

// ---- searching -------------------------------------------------------------------------

// Where to look on for an int from i on: numbers in a word are equal only if the words are.
static inline int64_t skip_other_ints(const List *l, Value item, int64_t i, int64_t stop) {
    const Value *items = l->items;
    stop = stop < l->length ? stop : l->length;
    while (i < stop && value_is_int(items[i]) && items[i].bits != item.bits)
        i++;
    return i;
}

int64_t list_find(Value list, Value item, int64_t start, int64_t stop) {
    List *l = list_of(list);
    bool is_int = value_is_int(item);
    object_read_lock(&l->header);
    for (int64_t i = start;; i++) {
        if (is_int)
            i = skip_other_ints(l, item, i, stop);
        if (i >= stop || i >= l->length)
            break;
        Value candidate = field_raw(&l->items[i]);
        if (value_same(candidate, item)) {
            object_read_unlock(&l->header);
            return i;
        }
        int equal = value_equal_simple(candidate, item);
        if (equal < 0 && (equal = value_equal_without_code_slow(candidate, item)) < 0) {
            ref_retain(candidate);
            object_read_unlock(&l->header);
            equal = value_equals(candidate, item);
            ref_release(candidate);
            if (equal)
                return equal < 0 ? -2 : i;
            object_read_lock(&l->header);
        } else if (equal) {
            object_read_unlock(&l->header);
            return i;
        }
    }
    object_read_unlock(&l->header);
    return -1;
}
