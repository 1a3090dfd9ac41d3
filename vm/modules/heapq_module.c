// SPDX-License-Identifier: MIT
//
// _heapq: binary heaps in lists (Williams 1964, Floyd 1964; sifting to a leaf and back up as
// described in Knuth, TAOCP 5.2.3 exercise 18).
//
// Items that compare without Python code are moved with the list locked all the way; for the
// others the lock is dropped around each comparison, and a list whose length has changed meanwhile
// is an error, as in CPython.
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/hashing.h"
#include "vm/types/list.h"
#include "vm/types/module.h"

// what: "heappush() argument 1"
static int check_list(const char *what, Value heap) {
    if (LIKELY(value_is_list(heap)))
        return 0;
    return raise_int(&exception_TypeError, "%s must be list, not %G", what, heap);
}

// Whether item i belongs above item k (less than it; greater in a max heap). Lock held; dropped and
// taken again if Python code must tell. -1: exception, lock held.
static int above(List *l, int64_t i, int64_t k, bool max) {
    Value a = l->items[max ? k : i], b = l->items[max ? i : k];
    int less = value_less_simple(a, b);
    if (LIKELY(less >= 0))
        return less;
    int64_t length = l->length;
    ref_retain(a);
    ref_retain(b);
    object_unlock(&l->header);
    less = value_compare_bool(a, b, COMPARE_LT);
    ref_release(a);
    ref_release(b);
    if (less >= 0 && list_length(value_from_object(l)) != length)
        less = raise_int(&exception_RuntimeError, "list changed size during iteration");
    object_lock(&l->header);
    // Another thread may have shortened it just now; the caller's positions must stay inside.
    if (less >= 0 && UNLIKELY(l->length < length)) {
        object_unlock(&l->header);
        less = raise_int(&exception_RuntimeError, "list changed size during iteration");
        object_lock(&l->header);
    }
    return less;
}

static inline void swap(List *l, int64_t i, int64_t k) {
    Value x = l->items[i];
    field_raw_store(&l->items[i], l->items[k]);
    field_raw_store(&l->items[k], x);
}

// Lock held, before and after.
static int sift_towards_root(List *l, int64_t start, int64_t position, bool max) {
    if (position >= l->length)
        return 0;
    while (position > start) {
        int64_t parent = (position - 1) >> 1;
        int less = above(l, position, parent, max);
        if (less <= 0)
            return less;
        swap(l, position, parent);
        position = parent;
    }
    return 0;
}

static int sift_towards_leaf(List *l, int64_t start, bool max) {
    int64_t position = start, length = l->length, limit = length >> 1;
    while (position < limit) {
        int64_t child = 2 * position + 1;
        if (child + 1 < length) {
            int less = above(l, child, child + 1, max);
            if (less < 0)
                return -1;
            child += !less;
        }
        swap(l, position, child);
        position = child;
    }
    return sift_towards_root(l, start, position, max);
}

static Value heappush(Value self, const Value *args, size_t nargs) {
    if (check_list("heappush() argument 1", args[0]) < 0 ||
        list_append_and_lock(list_of(args[0]), args[1]) < 0)
        return VALUE_NULL;
    List *l = list_of(args[0]);
    int status = sift_towards_root(l, 0, l->length - 1, false);
    object_unlock(&l->header);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value pop(const char *what, Value heap, bool max) {
    if (check_list(what, heap) < 0)
        return VALUE_NULL;
    List *l = list_of(heap);
    object_lock(&l->header);
    if (l->length == 0) {
        object_unlock(&l->header);
        return raise_error(&exception_IndexError, "index out of range");
    }
    Value top = list_take_last_locked(l);
    int status = 0;
    if (l->length) {
        top = field_swap_locked(&l->items[0], top);
        status = sift_towards_leaf(l, 0, max);
    }
    list_unlock_shrinking(l);
    if (status < 0) {
        ref_release(top);
        return VALUE_NULL;
    }
    return top;
}
static Value heappop(Value self, Value heap) {
    return pop("heappop() argument", heap, false);
}
static Value heappop_max(Value self, Value heap) {
    return pop("_heappop_max() argument", heap, true);
}

// Lock held, which it lets go; the list is not empty.
static Value replace_and_unlock(List *l, Value item, bool max) {
    Value top = field_swap_locked(&l->items[0], ref_new(item));
    int status = sift_towards_leaf(l, 0, max);
    object_unlock(&l->header);
    if (status < 0) {
        ref_release(top);
        return VALUE_NULL;
    }
    return top;
}
static Value replace(const char *what, const Value *args, bool max) {
    if (check_list(what, args[0]) < 0)
        return VALUE_NULL;
    List *l = list_of(args[0]);
    object_lock(&l->header);
    if (l->length == 0) {
        object_unlock(&l->header);
        return raise_error(&exception_IndexError, "index out of range");
    }
    return replace_and_unlock(l, args[1], max);
}
static Value heapreplace(Value self, const Value *args, size_t nargs) {
    return replace("heapreplace() argument 1", args, false);
}
static Value heapreplace_max(Value self, const Value *args, size_t nargs) {
    return replace("_heapreplace_max() argument 1", args, true);
}

static Value heappushpop(Value self, const Value *args, size_t nargs) {
    static const char what[] = "heappushpop() argument 1";
    if (check_list(what, args[0]) < 0)
        return VALUE_NULL;
    List *l = list_of(args[0]);
    object_lock(&l->header);
    int less = l->length ? value_less_simple(l->items[0], args[1]) : 0;
    if (less > 0)
        return replace_and_unlock(l, args[1], false);
    Value top = less < 0 ? ref_new(l->items[0]) : VALUE_NULL;
    object_unlock(&l->header);
    if (less < 0) {
        less = value_compare_bool(top, args[1], COMPARE_LT);
        ref_release(top);
    }
    if (less < 0)
        return VALUE_NULL;
    return less ? replace(what, args, false) : ref_new(args[1]);
}

static Value make_heap(const char *what, Value heap, bool max) {
    if (check_list(what, heap) < 0)
        return VALUE_NULL;
    List *l = list_of(heap);
    int status = 0;
    object_lock(&l->header);
    for (int64_t i = (l->length >> 1) - 1; i >= 0 && status == 0; i--)
        status = sift_towards_leaf(l, i, max);
    object_unlock(&l->header);
    return status < 0 ? VALUE_NULL : none_new();
}
static Value heapify(Value self, Value heap) {
    return make_heap("heapify() argument", heap, false);
}
static Value heapify_max(Value self, Value heap) {
    return make_heap("_heapify_max() argument", heap, true);
}

static const NativeDef heapq_functions[] = {
    DEF_FIXED("heappush", heappush, 2, 2,
              "heappush($module, heap, item, /)\n--\n\nPuts item into the heap."),
    DEF_FIXED("heappushpop", heappushpop, 2, 2,
              "heappushpop($module, heap, item, /)\n--\n\n"
              "Puts item in, then takes the smallest out."),
    DEF_ONE("heappop", heappop,
            "heappop($module, heap, /)\n--\n\nTakes the smallest item out of the heap."),
    DEF_FIXED("heapreplace", heapreplace, 2, 2,
              "heapreplace($module, heap, item, /)\n--\n\n"
              "Takes the smallest item out, then puts item in."),
    DEF_ONE("heapify", heapify, "heapify($module, heap, /)\n--\n\nMakes a list a heap, in place."),
    DEF_ONE("_heappop_max", heappop_max, "heappop of a heap with the greatest item on top."),
    DEF_FIXED("_heapreplace_max", heapreplace_max, 2, 2,
              "heapreplace of a heap with the greatest item on top."),
    DEF_ONE("_heapify_max", heapify_max, "heapify with the greatest item on top."),
    DEF_END,
};

static int heapq_fill(Value module) {
    return module_add_str(module, "__about__", "Binary heaps in lists.");
}

const NativeModule module_heapq = {
    .name = "_heapq",
    .doc = "Binary heaps in lists.",
    .functions = heapq_functions,
    .fill = heapq_fill,
};
