// SPDX-License-Identifier: MIT
//
// bytes (immutable), bytearray (guarded by its lock; cannot be resized while a lasting view of
// it is held), memoryview.
#ifndef LOCKSMITH_VM_TYPES_BYTES_H
#define LOCKSMITH_VM_TYPES_BYTES_H

#include "vm/types/brief.h"

typedef struct {
    Object header;
    int64_t hash; // as Str.hash
    int64_t length;
    uint8_t data[]; // length + 1 bytes, the last 0
} Bytes;

// All guarded by the lock. data lies within [base, base + capacity]: what is deleted in front is
// only skipped. There is always room for a 0 after the last byte once base is not NULL.
typedef struct {
    Object header;
    int64_t length, capacity;
    uint8_t *data;   // == base while empty and never used: NULL
    uint8_t *base;   // from buffer_allocate
    Viewers viewers; // while there are lasting ones, length, data and base do not change
} ByteArray;

extern Type bytes_type, bytearray_type, memoryview_type;

static inline Bytes *bytes_of(Value v) {
    return (Bytes *)value_object(v);
}
static inline bool value_is_bytes(Value v) {
    return value_has_flag(v, TYPE_BYTES_SUBCLASS);
}
static inline int64_t bytes_length(Value v) {
    return bytes_of(v)->length;
}
static inline const uint8_t *bytes_data(Value v) {
    return bytes_of(v)->data;
}

// As str_data_end: where an instance of a subclass of bytes has the words that its class adds.
static inline size_t bytes_data_end(const Object *o) {
    return (sizeof(Bytes) + (size_t)((const Bytes *)o)->length + 1 + 7) & ~(size_t)7;
}

// All give new references, VALUE_NULL with an exception on failure.
Value bytes_new(const void *data, size_t length);
Value bytes_allocate(int64_t length, uint8_t **data_out); // fill at once
Value bytes_from_object(Value v); // bytes(v): buffer, iterable of ints, __bytes__
Value bytes_slice(Value v, int64_t start, int64_t end); // 0 <= start <= end <= length
Value bytes_concat(Value a, Value b);
Value bytes_repr(Value v); // b'...'
// -b: a comparison of `what` ("bytes", "bytearray") with text or a number is no use. 0, or -1 with
// BytesWarning.
int bytes_warn_comparison(const char *what, Value other, CompareOperator op);
static inline ByteArray *bytearray_of(Value v) {
    return (ByteArray *)value_object(v);
}
bool value_is_bytearray(Value v); // or a subclass
Value bytearray_new(const void *data, size_t length);
Value memoryview_new(Value v);
// str <-> bytes with an encoding and error handler (NULL: utf-8, strict). vm/types/codecs.c
Value codec_encode(Value str, const char *encoding, const char *errors);
Value codec_decode(const uint8_t *data, size_t length, const char *encoding, const char *errors);
// Buffers given by get_buffer slots are contiguous: memoryview refuses otherwise with BufferError.
void bytes_start(void); // bytes, bytearray, memoryview and their iterators

#endif
