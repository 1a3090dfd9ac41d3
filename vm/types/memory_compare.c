// SPDX-License-Identifier: MIT
//
// memoryview: a == b, by items or by bytes. Called by the type's compare slot alone. The guards of
// two buffers are never held at once.
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/bytes.h"
#include "vm/types/memoryview.h"
#include <string.h>

static bool is_simple(const char *format) {
    return strchr("bBcHIQLNhilqnP", memory_plain_format(format)[0]) &&
           !memory_plain_format(format)[1];
}

// A view that is compared, its managed buffer, and the place in it.
typedef struct {
    MemoryView *view;
    Value managed;
    const uint8_t *at;
} Compared;

// 1 equal, 0 not, -1 error.
static int equal_items(Compared a, Compared b, int dimension) {
    if (dimension == a.view->ndim) {
        Value x = memoryview_unpack_item(a.view, a.managed, a.at);
        if (value_is_null(x))
            return -1;
        Value y = memoryview_unpack_item(b.view, b.managed, b.at);
        int equal = value_is_null(y) ? -1 : value_compare_bool(x, y, COMPARE_EQ);
        if (equal == 1 && value_same(x, y) && value_is_any_float(x))
            equal = float_value(x) == float_value(y); // a NaN equals nothing
        ref_release(x);
        ref_release(y);
        return equal;
    }
    for (int64_t i = 0; i < memoryview_shape(a.view)[dimension]; i++) {
        int equal = equal_items(a, b, dimension + 1);
        if (equal != 1)
            return equal;
        a.at += memoryview_strides(a.view)[dimension];
        b.at += memoryview_strides(b.view)[dimension];
    }
    return 1;
}

// Are the bytes the same? In pieces, since two guards are never held at once. -1: error.
static int equal_bytes(Compared a, Compared b, int64_t length) {
    uint8_t piece[1024];
    for (int64_t done = 0, n; done < length; done += n) {
        n = length - done < (int64_t)sizeof piece ? length - done : (int64_t)sizeof piece;
        if (!memoryview_bytes_enter(a.managed))
            return memoryview_raise_released();
        memcpy(piece, a.at + done, (size_t)n);
        memoryview_bytes_leave(a.managed);
        if (!memoryview_bytes_enter(b.managed))
            return memoryview_raise_released();
        int order = memcmp(piece, b.at + done, (size_t)n);
        memoryview_bytes_leave(b.managed);
        if (order)
            return 0;
    }
    return 1;
}

static int equal_views(MemoryView *a, Value a_managed, MemoryView *b, Value b_managed) {
    Compared left = {a, a_managed, a->data}, right = {b, b_managed, b->data};
    if (a->ndim != b->ndim)
        return 0;
    for (int i = 0; i < a->ndim; i++)
        if (memoryview_shape(a)[i] != memoryview_shape(b)[i])
            return 0;
    if (strcmp(memory_plain_format(a->format), memory_plain_format(b->format)) == 0 &&
        is_simple(a->format) && memoryview_is_c_contiguous(a) && memoryview_is_c_contiguous(b))
        return equal_bytes(left, right, a->length);
    int equal = equal_items(left, right, 0);
    if (equal < 0 && error_matches(&exception_NotImplementedError)) {
        error_clear(); // formats nobody can read compare unequal
        return 0;
    }
    return equal;
}

Value memoryview_compare(Value self, Value other, CompareOperator op) {
    if (op != COMPARE_EQ && op != COMPARE_NE)
        return not_implemented_new();
    if (!value_is_exactly(self, &memoryview_type))
        return not_implemented_new();
    MemoryView *a = (MemoryView *)value_object(self);
    Value managed = field_load(&a->header, &a->managed);
    if (value_is_null(managed)) // released
        return bool_new(value_same(self, other) == (op == COMPARE_EQ));
    Value right = VALUE_NULL;
    if (value_type(other)->get_buffer)
        right = memoryview_new_brief(other);
    if (value_is_null(right)) {
        ref_release(managed);
        bool released = value_is_exactly(other, &memoryview_type);
        if (error_occurred())
            error_clear();
        return released ? bool_new((value_same(self, other)) == (op == COMPARE_EQ))
                        : not_implemented_new();
    }
    MemoryView *b = (MemoryView *)value_object(right); // nobody else's, so not released
    int equal = equal_views(a, managed, b, b->managed);
    memoryview_drop(b);
    ref_release(managed);
    return equal < 0 ? VALUE_NULL : bool_new(equal == (op == COMPARE_EQ));
}
