// SPDX-License-Identifier: MIT
//
// list.sort: the algorithm is in list_sort_body.h; here are its instances, one a kind of key, and
// the frame around them.
//
// While it is sorted the array belongs to the sort alone and the list is empty, so comparisons
// may run Python code and other threads may use the list; whatever they put into it meanwhile is
// lost, with ValueError("list modified during sort").
#include "gc/reclaim.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/stop_point.h"
#include "vm/types/bytes.h"
#include "vm/types/hashing.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

#define GALLOP_FROM 7
#define RUNS_MAX 72 // powers of the runs on the stack rise, and none is above 64 + 1

typedef struct {
    int64_t start, length;
    int power; // of the boundary to the run above it
} SortRun;

typedef struct {
    void *temporary;
    size_t temporary_size;
    int64_t gallop_from;
    int run_count;
    SortRun runs[RUNS_MAX];
} Sorter;

static void *sorter_temporary(Sorter *s, size_t size) {
    if (size > s->temporary_size) {
        buffer_free(s->temporary);
        s->temporary_size = 0;
        s->temporary = buffer_allocate(size);
        if (!s->temporary) {
            raise_memory_error();
            return NULL;
        }
        s->temporary_size = size;
    }
    return s->temporary;
}

// Runs shorter than this are extended by insertion: n divided by a power of two, 32..64.
static int64_t sorter_least_run(int64_t n) {
    int64_t lost = 0;
    while (n >= 64) {
        lost |= n & 1;
        n >>= 1;
    }
    return n + lost;
}

// The power of the boundary between a run and its right neighbour among n elements: the first
// binary digit in which their middles, as fractions of n, differ.
static int sorter_power(int64_t start, int64_t length, int64_t next_length, int64_t n) {
    int64_t a = 2 * start + length, b = a + length + next_length; // twice the middles
    int power = 0;
    for (;;) {
        power++;
        if (a >= n) {
            a -= n;
            b -= n;
        } else if (b >= n) {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

// ---- comparisons -----------------------------------------------------------------------

typedef struct {
    Value key, value;
} Pair;

static inline int str_less(Value a, Value b) {
    if (LIKELY(str_kind(a) == 0 && str_kind(b) == 0)) {
        int64_t a_length = str_length(a), b_length = str_length(b);
        int order =
            memcmp(str_data(a), str_data(b), (size_t)(a_length < b_length ? a_length : b_length));
        return order < 0 || (order == 0 && a_length < b_length);
    }
    return str_compare_order(a, b) < 0;
}

// Of two lists, if the items that decide can be compared without calling out: 1, 0; -1: they
// cannot.
static int list_less_simply(List *a, List *b) {
    int result = -1;
    object_lock_two(&a->header, &b->header);
    int64_t a_length = a->length, b_length = b->length, i = 0;
    for (; i < a_length && i < b_length; i++) {
        Value x = a->items[i], y = b->items[i];
        int equal = value_same(x, y) ? 1 : value_equal_simple(x, y);
        if (equal == 1)
            continue;
        if (equal == 0 && value_both_int(x, y))
            result = (int64_t)x.bits < (int64_t)y.bits;
        else if (equal == 0 && value_is_flonum(x) && value_is_flonum(y))
            result = value_flonum(x) < value_flonum(y);
        else if (equal == 0 && value_is_exact_str(x) && value_is_exact_str(y))
            result = str_less(x, y);
        break;
    }
    if (i == a_length || i == b_length)
        result = a_length < b_length;
    object_unlock_two(&a->header, &b->header);
    return result;
}

// Of two that are not both ints or floats in a word, or strs.
static __attribute__((noinline)) int object_less(Value a, Value b) {
    if (value_is_exactly(a, &bytes_type) && value_is_exactly(b, &bytes_type)) {
        int64_t a_length = bytes_length(a), b_length = bytes_length(b);
        int order = memcmp(bytes_data(a), bytes_data(b),
                           (size_t)(a_length < b_length ? a_length : b_length));
        return order < 0 || (order == 0 && a_length < b_length);
    }
    if ((value_is_int(a) || value_is_exactly(a, &int_type)) &&
        (value_is_int(b) || value_is_exactly(b, &int_type)))
        return int_compare(a, b) < 0;
    if (value_is_exactly(a, &list_type) && value_is_exactly(b, &list_type) && !value_same(a, b)) {
        int less = list_less_simply(list_of(a), list_of(b));
        if (less >= 0)
            return less;
    }
    // What value_compare comes to for two of a native type, or None of that.
    Type *type = value_type(a);
    if (type == value_type(b) && type->compare &&
        !(__atomic_load_n(&type->flags, __ATOMIC_RELAXED) & TYPE_HEAP)) {
        Value v = type->compare(a, b, COMPARE_LT);
        if (LIKELY(value_same(v, VALUE_TRUE) || value_same(v, VALUE_FALSE))) {
            bool less = value_same(v, VALUE_TRUE);
            ref_release(v);
            return less;
        }
        if (value_is_null(v))
            return -1;
        ref_release(v); // NotImplemented
    }
    return value_compare_bool(a, b, COMPARE_LT);
}

static inline int any_less(Value a, Value b) {
    if (value_both_int(a, b))
        return (int64_t)a.bits < (int64_t)b.bits;
    if (value_is_flonum(a) && value_is_flonum(b))
        return value_flonum(a) < value_flonum(b);
    if (value_is_exact_str(a) && value_is_exact_str(b))
        return str_less(a, b);
    return object_less(a, b);
}

// Tuples, of classes too that compare as tuples do (named tuples).
static int tuple_less(Value a, Value b) {
    int64_t a_length = tuple_length(a), b_length = tuple_length(b);
    for (int64_t i = 0; i < a_length && i < b_length; i++) {
        Value x = tuple_item(a, i), y = tuple_item(b, i);
        if (value_same(x, y))
            continue;
        int equal = value_equal_simple(x, y);
        if (equal < 0 && (equal = value_equals(x, y)) < 0)
            return -1;
        if (!equal)
            return any_less(x, y);
    }
    return a_length < b_length;
}

#define SORT(name) ints_##name
#define ELEMENT int64_t
#define LESS(a, b) (*(a) < *(b))
#define LESS_MAY_FAIL 0
#include "vm/types/list_sort_body.h"

#define SORT(name) int_keys_##name
#define ELEMENT Pair
#define LESS(a, b) ((int64_t)(a)->key.bits < (int64_t)(b)->key.bits)
#define LESS_MAY_FAIL 0
#include "vm/types/list_sort_body.h"

#define SORT(name) strs_##name
#define ELEMENT Value
#define LESS(a, b) str_less(*(a), *(b))
#define LESS_MAY_FAIL 0
#include "vm/types/list_sort_body.h"

// Strings of bytes go with the first eight after what all have in common as a number (key), which
// mostly decides without a look at the string.
#define SORT(name) prefixes_##name
#define ELEMENT Pair
#define LESS(a, b)                                                                                 \
    ((a)->key.bits != (b)->key.bits ? (a)->key.bits < (b)->key.bits                                \
                                    : str_less((a)->value, (b)->value))
#define LESS_MAY_FAIL 0
#include "vm/types/list_sort_body.h"

// Ints that not all fit a word go with a number that orders as they do, or is the same.
#define SORT(name) bigs_##name
#define ELEMENT Pair
#define LESS(a, b)                                                                                 \
    ((a)->key.bits != (b)->key.bits ? (int64_t)(a)->key.bits < (int64_t)(b)->key.bits              \
                                    : int_compare((a)->value, (b)->value) < 0)
#define LESS_MAY_FAIL 0
#include "vm/types/list_sort_body.h"

#define SORT(name) str_keys_##name
#define ELEMENT Pair
#define LESS(a, b) str_less((a)->key, (b)->key)
#define LESS_MAY_FAIL 0
#include "vm/types/list_sort_body.h"

#define SORT(name) tuples_##name
#define ELEMENT Value
#define LESS(a, b) tuple_less(*(a), *(b))
#define LESS_MAY_FAIL 1
#include "vm/types/list_sort_body.h"

#define SORT(name) tuple_keys_##name
#define ELEMENT Pair
#define LESS(a, b) tuple_less((a)->key, (b)->key)
#define LESS_MAY_FAIL 1
#include "vm/types/list_sort_body.h"

#define SORT(name) any_##name
#define ELEMENT Value
#define LESS(a, b) any_less(*(a), *(b))
#define LESS_MAY_FAIL 1
#include "vm/types/list_sort_body.h"

#define SORT(name) any_keys_##name
#define ELEMENT Pair
#define LESS(a, b) any_less((a)->key, (b)->key)
#define LESS_MAY_FAIL 1
#include "vm/types/list_sort_body.h"

// ---- kinds of keys ---------------------------------------------------------------------

typedef enum {
    KEYS_ANY,
    KEYS_INT,
    KEYS_BOOL, // some of them may be ints in a word
    KEYS_BIG,  // exact ints; some may be in a word
    KEYS_FLOAT,
    KEYS_STR,
    KEYS_TUPLE,
} KeyKind;

static inline KeyKind kind_of(Value v) {
    if (value_is_int(v))
        return KEYS_INT;
    if (value_is_flonum(v))
        return KEYS_FLOAT;
    if (value_is_exact_str(v))
        return KEYS_STR;
    Type *type = value_type(v);
    return type == &tuple_type || (value_is_tuple(v) && type->compare == tuple_type.compare)
               ? KEYS_TUPLE
           : type == &int_type ? KEYS_BIG
           : value_is_bool(v)  ? KEYS_BOOL
                               : KEYS_ANY;
}

// The kind all keys have; they lie `stride` Values apart.
static KeyKind common_kind(const Value *keys, int64_t n, int stride) {
    KeyKind kind = kind_of(keys[0]);
    for (int64_t i = 1; i < n && kind != KEYS_ANY; i++) {
        KeyKind own = kind_of(keys[i * stride]);
        if (own == kind)
            continue;
        kind = own == KEYS_INT && (kind == KEYS_BOOL || kind == KEYS_BIG)  ? kind
               : kind == KEYS_INT && (own == KEYS_BOOL || own == KEYS_BIG) ? own
                                                                           : KEYS_ANY;
    }
    return kind;
}

// A flonum as a number that orders as it does among signed integers, and back. (Neither -0.0 nor
// NaN fits a word, so the order is total.)
static void floats_to_ints(Value *keys, int64_t n, int stride) {
    for (int64_t i = 0; i < n; i++) {
        double d = value_flonum(keys[i * stride]);
        int64_t bits;
        memcpy(&bits, &d, sizeof bits);
        keys[i * stride].bits = (uint64_t)(bits ^ ((bits >> 63) & INT64_MAX));
    }
}
static void ints_to_floats(Value *keys, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        int64_t bits = (int64_t)keys[i].bits;
        bits ^= (bits >> 63) & INT64_MAX;
        double d;
        memcpy(&d, &bits, sizeof d);
        keys[i] = value_flonum_from_double(d);
    }
}

// Keys that are only compared: bools become the ints that they stand for.
static void bools_to_ints(Pair *pairs, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        if (value_is_bool(pairs[i].key)) {
            Value key = pairs[i].key;
            pairs[i].key = value_from_int(value_same(key, VALUE_TRUE));
            ref_release(key);
        }
}

#define PREFIXES_FROM 32 // strings; fewer are not worth it

// How many bytes all of the strings (of bytes) begin with.
static int64_t common_prefix(const Value *items, int64_t n) {
    const uint8_t *first = str_data(items[0]);
    int64_t common = str_length(items[0]);
    for (int64_t i = 1; i < n && common; i++) {
        const uint8_t *other = str_data(items[i]);
        int64_t length = str_length(items[i]), k = 0;
        if (length < common)
            common = length;
        while (k < common && first[k] == other[k])
            k++;
        common = k;
    }
    return common;
}

static int sort_strs(Value *items, int64_t n) {
    Pair *pairs = NULL;
    bool bytes = n >= PREFIXES_FROM;
    for (int64_t i = 0; i < n && bytes; i++)
        bytes = str_kind(items[i]) == 0;
    if (bytes)
        pairs = buffer_allocate((size_t)n * sizeof(Pair));
    if (!pairs)
        return strs_sort(items, n);
    int64_t common = common_prefix(items, n);
    for (int64_t i = 0; i < n; i++) {
        int64_t length = str_length(items[i]) - common;
        uint64_t prefix = 0; // shorter strings are padded with zeros: equal prefixes are looked at
        memcpy(&prefix, str_data(items[i]) + common, (size_t)(length < 8 ? length : 8));
        pairs[i] = (Pair){{__builtin_bswap64(prefix)}, items[i]};
    }
    int status = prefixes_sort(pairs, n);
    for (int64_t i = 0; i < n; i++)
        items[i] = pairs[i].value;
    buffer_free(pairs);
    return status;
}

// The number of bits of n, and below that the uppermost 40 of them; the negative of it for negative
// n.
static int64_t big_rank(Value n) {
    if (value_is_bool(n))
        n = value_from_int(value_same(n, VALUE_TRUE));
    mp_limb_t small, next = 0;
    const mp_limb_t *top = &small;
    int64_t limbs = 1;
    bool negative;
    if (value_is_int(n)) {
        int64_t number = value_int(n);
        negative = number < 0;
        small = negative ? -(mp_limb_t)number : (mp_limb_t)number;
        if (small == 0)
            return 0;
    } else {
        const IntObject *o = (const IntObject *)value_object(n);
        negative = o->size < 0;
        limbs = negative ? -o->size : o->size;
        top = &o->limbs[limbs - 1];
        if (limbs > 1)
            next = top[-1];
    }
    int zeros = __builtin_clzll(*top);
    int64_t bits = limbs * 64 - zeros;
    mp_limb_t upper = zeros ? *top << zeros | next >> (64 - zeros) : *top;
    int64_t rank = bits < 1 << 22 ? bits << 40 | (int64_t)(upper >> 24) : (int64_t)1 << 62;
    return negative ? -rank : rank;
}

// Exact ints and bools.
static int sort_bigs(Value *items, int64_t n) {
    Pair *pairs = buffer_allocate((size_t)n * sizeof(Pair));
    if (!pairs)
        return any_sort(items, n);
    for (int64_t i = 0; i < n; i++)
        pairs[i] = (Pair){{(uint64_t)big_rank(items[i])}, items[i]};
    int status = bigs_sort(pairs, n);
    for (int64_t i = 0; i < n; i++)
        items[i] = pairs[i].value;
    buffer_free(pairs);
    return status;
}

static int sort_plain(Value *items, int64_t n) {
    switch (common_kind(items, n, 1)) {
    case KEYS_INT:
        return ints_sort((int64_t *)items, n);
    case KEYS_FLOAT:
        floats_to_ints(items, n, 1);
        int status = ints_sort((int64_t *)items, n);
        ints_to_floats(items, n);
        return status;
    case KEYS_STR:
        return sort_strs(items, n);
    case KEYS_BOOL:
    case KEYS_BIG:
        return sort_bigs(items, n);
    case KEYS_TUPLE:
        return tuples_sort(items, n);
    default:
        return any_sort(items, n);
    }
}

static int sort_pairs(Pair *pairs, int64_t n) {
    switch (common_kind(&pairs->key, n, 2)) {
    case KEYS_FLOAT:
        floats_to_ints(&pairs->key, n, 2); // numbers: nothing to be released afterwards
        return int_keys_sort(pairs, n);
    case KEYS_BOOL:
        bools_to_ints(pairs, n);
        return int_keys_sort(pairs, n);
    case KEYS_INT:
        return int_keys_sort(pairs, n);
    case KEYS_STR:
        return str_keys_sort(pairs, n);
    case KEYS_TUPLE:
        return tuple_keys_sort(pairs, n);
    default:
        return any_keys_sort(pairs, n);
    }
}

static void reverse(Value *items, int64_t n) {
    for (int64_t i = 0, j = n - 1; i < j; i++, j--) {
        Value x = items[i];
        items[i] = items[j];
        items[j] = x;
    }
}

static int sort_by_key(Value *items, int64_t n, Value key, bool descending) {
    Pair *pairs = buffer_allocate((size_t)n * sizeof(Pair));
    if (!pairs) {
        raise_memory_error();
        return -1;
    }
    int status = 0;
    int64_t made = 0;
    bool counted = false; // some key is an object
    for (; made < n; made++) {
        Value v = value_call_one(key, items[made]);
        if (UNLIKELY(value_is_null(v))) {
            status = -1;
            break;
        }
        // Descending order is ascending order of the reversed list, reversed: so it stays stable.
        Pair *pair = &pairs[descending ? n - 1 - made : made];
        pair->key = v;
        pair->value = items[made];
        counted |= value_is_object(v);
    }
    if (status == 0) {
        status = n > 1 ? sort_pairs(pairs, n) : 0;
        for (int64_t i = 0; i < n; i++)
            items[i] = pairs[descending ? n - 1 - i : i].value;
    }
    if (counted)
        for (int64_t i = 0; i < made; i++)
            ref_release(pairs[status < 0 && made < n && descending ? n - 1 - i : i].key);
    buffer_free(pairs);
    return status;
}

// Where other threads really look at the list meanwhile, one whose comparisons call nothing is
// sorted as a copy that takes the list's place at one moment, if the list is still what was copied.
// 1 done, 0 not so, -1 error.
static int sort_copy(Value list, bool descending) {
    List *l = list_of(list);
    // A failed attempt means that somebody else changed the list: the threads together make
    // progress.
    for (int attempt = 0; attempt < 1000; attempt++) {
        Value *before;
        int64_t n;
        if (list_snapshot(list, &before, &n) < 0)
            return -1;
        KeyKind kind = n > 1 ? common_kind(before, n, 1) : KEYS_INT;
        bool plain = kind != KEYS_ANY && kind != KEYS_TUPLE;
        Value *sorted = plain ? buffer_allocate((size_t)n * sizeof(Value) + 1) : NULL;
        int status = 0;
        if (sorted) {
            if (n)
                memcpy(sorted, before, (size_t)n * sizeof(Value));
            if (descending)
                reverse(sorted, n);
            status = n > 1 ? sort_plain(sorted, n) : 0;
            if (descending)
                reverse(sorted, n);
            object_lock(&l->header);
            if (status == 0 && l->length == n &&
                (n == 0 || memcmp(l->items, before, (size_t)n * sizeof(Value)) == 0)) {
                for (int64_t i = 0; i < n; i++)
                    field_raw_store(&l->items[i], sorted[i]);
                status = 1;
            }
            object_unlock(&l->header);
        }
        for (int64_t i = 0; i < n; i++)
            ref_release(before[i]);
        buffer_free(before);
        buffer_free(sorted);
        if (status || !plain)
            return status;
    }
    return 0;
}

int list_sort(Value list, Value key, bool descending) {
    List *l = list_of(list);
    if (OBJECT_LOCK_IS_REAL && value_is_none(key)) {
        int done = sort_copy(list, descending);
        if (done)
            return done < 0 ? -1 : 0;
    }
    // Where readers take no lock, the array that was the list's may not be changed any more nor
    // come back: what is sorted is a copy.
    Value *copy = NULL;
    int64_t room = 0;
    object_lock(&l->header);
    while (FIELD_READS_UNLOCKED && room < l->capacity) {
        room = l->capacity;
        object_unlock(&l->header);
        buffer_free(copy);
        copy = buffer_allocate((size_t)room * sizeof(Value));
        if (!copy)
            return raise_memory_error(), -1;
        object_lock(&l->header);
    }
    Value *items = l->items, *retired = NULL;
    int64_t length = l->length, capacity = l->capacity;
    __atomic_store_n(&l->length, 0, SHARED_STORE);
    __atomic_store_n(&l->items, NULL, SHARED_STORE);
    l->capacity = 0;
    object_unlock(&l->header);
    if (FIELD_READS_UNLOCKED && items) {
        memcpy(copy, items, (size_t)length * sizeof(Value));
        retired = items;
        items = copy;
        capacity = room;
    } else {
        buffer_free(copy);
    }
    if (retired)
        reclaim_array(retired);

    int status = 0;
    if (!value_is_none(key)) {
        if (length)
            status = sort_by_key(items, length, key, descending);
    } else if (length > 1) {
        if (descending)
            reverse(items, length);
        status = sort_plain(items, length);
        if (descending)
            reverse(items, length);
    }

    object_lock(&l->header);
    Value *meanwhile = l->items;
    int64_t meanwhile_length = l->length;
    l->capacity = capacity;
    __atomic_store_n(&l->length, 0, SHARED_STORE); // that of `meanwhile` does not go with items
    __atomic_store_n(&l->items, items, __ATOMIC_RELEASE);
    __atomic_store_n(&l->length, length, SHARED_STORE);
    object_unlock(&l->header);
    if (UNLIKELY(meanwhile != NULL)) {
        Value exception = error_take();
        for (int64_t i = 0; i < meanwhile_length; i++)
            ref_release(meanwhile[i]);
        reclaim_array(meanwhile);
        if (!value_is_null(exception))
            error_restore(exception);
        else
            return raise_int(&exception_ValueError, "list modified during sort");
    }
    return status;
}
