// SPDX-License-Identifier: MIT
//
// What memoryview.c, memory_compare.c and memory_items.c share; nobody else includes this.
#ifndef LOCKSMITH_VM_TYPES_MEMORYVIEW_H
#define LOCKSMITH_VM_TYPES_MEMORYVIEW_H

#include "vm/object.h"

typedef struct {
    Object header;
    BufferView view; // constant
    int64_t views;   // memoryviews over it that are not released; guarded by its lock
    bool ended; // atomic: there are none any more, and the view is given back; see memoryview.c
} ManagedBuffer;

typedef struct {
    Object header;
    Value managed; // ManagedBuffer; VALUE_NULL: released
    int64_t exports;
    int64_t hash;   // once computed, else 0; relaxed, every writer writes the same
    uint8_t *data;  // from here on constant: the first item
    int64_t length; // item_size times the product of the shape
    int64_t item_size;
    const char *format; // static, or as long-lived as the buffer
    int ndim;
    bool readonly;
    int64_t dimensions[]; // shape, then strides
} MemoryView;

#define MEMORYVIEW_DIMENSIONS_MAX 64
static inline int64_t *memoryview_shape(MemoryView *m) {
    return m->dimensions;
}
static inline int64_t *memoryview_strides(MemoryView *m) {
    return m->dimensions + m->ndim;
}

extern Type managed_buffer_type, memory_iterator_type;

// What `managed` (that of m, held by the caller) views.
static inline const BufferView *memoryview_buffer(Value managed) {
    return &((ManagedBuffer *)value_object(managed))->view;
}

// Around a short access to the bytes. False, with nothing entered: the buffer has ended.
static inline bool memoryview_bytes_enter(Value managed) {
    const ManagedBuffer *b = (const ManagedBuffer *)value_object(managed);
    buffer_view_enter(&b->view);
    if (LIKELY(!__atomic_load_n(&b->ended, __ATOMIC_RELAXED)))
        return true;
    buffer_view_leave(&b->view);
    return false;
}
static inline void memoryview_bytes_leave(Value managed) {
    buffer_view_leave(memoryview_buffer(managed));
}

// memoryview.c
Value memoryview_new_brief(Value v); // for a short while, and memoryview_drop (vm/types/brief.h)
int memoryview_raise_released(void); // -1 with ValueError
bool memoryview_is_c_contiguous(MemoryView *m);
// The item at an address as an object. managed is m's, held by the caller.
Value memoryview_unpack_item(MemoryView *m, Value managed, const uint8_t *at);
// A view that nobody else has, of which the caller gives up the reference, is over: its buffer is
// given back now, whenever the view dies. May run Python code.
void memoryview_drop(MemoryView *m);
// memory_compare.c: the type's compare slot. May run Python code.
Value memoryview_compare(Value self, Value other, CompareOperator op);

// Without the @ that says what is so anyway.
static inline const char *memory_plain_format(const char *format) {
    return format + (format[0] == '@');
}

// Items by native single-character format (an '@' may lead).
Value memory_unpack(const uint8_t *at, const char *format); // NotImplementedError for others
int memory_pack(uint8_t *at, const char *format, Value value);
int64_t memory_item_size(const char *format); // 0: not a native single-character format
const char *memory_native_format(Value text); // the static string of that format, or NULL

#endif
