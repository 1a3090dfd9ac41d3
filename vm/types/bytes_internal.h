// SPDX-License-Identifier: MIT
//
// What bytes, bytearray and memoryview share; nobody else includes this.
#ifndef LOCKSMITH_VM_TYPES_BYTES_INTERNAL_H
#define LOCKSMITH_VM_TYPES_BYTES_INTERNAL_H

#include "vm/types/bytes.h"
#include "vm/types/text_search.h"

extern const NativeDef bytes_methods[], bytearray_methods[];
extern Type bytes_iterator_type, bytearray_iterator_type;

// The bytes of any bytes-like object for the length of a C function, as they were at one moment
// (a bytearray is copied, others are borrowed through a view).
typedef struct {
    const uint8_t *data;
    int64_t length;
    BufferView view;
    uint8_t *copy;
    uint8_t small[64];
} ByteText;
int byte_text_get_slow(Value v, ByteText *text);
void byte_text_release_slow(ByteText *text);
// TypeError "a bytes-like object is required, not 'X'"
static inline int byte_text_get(Value v, ByteText *text) {
    if (LIKELY(value_is_bytes(v))) {
        text->view.owner = VALUE_NULL;
        text->copy = NULL;
        text->data = bytes_of(v)->data;
        text->length = bytes_of(v)->length;
        return 0;
    }
    return byte_text_get_slow(v, text);
}
static inline void byte_text_release(ByteText *text) {
    if (UNLIKELY(text->copy || !value_is_null(text->view.owner)))
        byte_text_release_slow(text);
}

Value memoryview_to_bytes(Value view); // its items in C order, whatever the strides

// A byte given as an int: 0..255, or -1 with the error (TypeError as value_index, ValueError
// message).
int byte_from_value(Value v, const char *range_message);

Value bytes_as_type(Type *type, Value bytes);
Value bytes_shared(uint8_t byte); // the one-byte object, new reference
// bytes made from an iterable, buffer or int, without str and __bytes__; what bytes() and
// bytearray() accept. `kind` is "bytes" or "bytearray" for messages.
Value bytes_from_source(Value source, const char *kind);
// source, encoding, errors of the two constructors.
Value bytes_from_arguments(const Value given[3], const char *kind);
// prefix'...'suffix. always_escape_single: \' even between double quotes, as bytearray's repr has
// it.
Value bytes_repr_of(const uint8_t *data, int64_t length, const char *prefix, const char *suffix,
                    bool always_escape_single);
Value bytes_remainder(Value left, Value right); // the % operator of both
Value bytes_join(Value separator, Value iterable, bool as_bytearray);

// A method's result: bytes for bytes, bytearray for bytearray.
Value bytes_result(Value self, const void *data, int64_t length);
// The same for a part of the bytes of self, or a result whose place is to be filled at once: *out.
Value bytes_result_allocate(Value self, int64_t length, uint8_t **out);

// A bytearray whose length bytes the caller fills in at once: nobody else knows it yet.
Value bytearray_allocate(int64_t length, uint8_t **out);
// bytes(v) of a bytearray: as it is at one moment.
Value bytearray_to_bytes(Value v);

// Two lower-case hexadecimal digits for each byte.
void bytes_write_hex(uint8_t *out, const uint8_t *data, int64_t length);

void bytes_hex_start(void), bytearray_start(void), memoryview_start(void);

#endif
