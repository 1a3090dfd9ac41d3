// SPDX-License-Identifier: MIT
//
// What the files of str share (vm/types/str*.c, codecs*.c); nobody else includes this.
#ifndef LOCKSMITH_VM_TYPES_STR_INTERNAL_H
#define LOCKSMITH_VM_TYPES_STR_INTERNAL_H

#include "vm/types/str.h"
#include "vm/types/text_search.h"

extern const NativeDef str_methods[];
extern Type str_iterator_type;

// Bytes allocated for an exact str. A function of length and kind alone, so that the destroy slot
// can tell; it grows in steps of a quarter of the power of two below, which makes appending a
// character at a time linear on average (and is what jemalloc rounds to anyway).
static inline size_t str_allocation_size(int64_t length, unsigned kind) {
    size_t size = sizeof(Str) + (((size_t)length + 1) << kind);
    if (size <= 128)
        return (size + 15) & ~(size_t)15;
    size_t step = ((size_t)1 << (63 - __builtin_clzll(size - 1))) >> 2;
    return (size + step - 1) & ~(step - 1);
}

#define STR_LENGTH_MAX ((int64_t)1 << 46)

// An exact str with room for length units; only the header and the terminator are filled.
// flags: kind and STR_ASCII. length may be 0. NULL with MemoryError.
Str *str_allocate_raw(int64_t length, unsigned flags);

// The str of count units, narrowed to what they need.
Value str_from_units(const void *data, unsigned kind, int64_t count);

// Adds count units, none above bound, that the caller writes at once to where this points, in
// b->kind. NULL once the builder has failed.
void *str_builder_room(StrBuilder *b, int64_t count, uint32_t bound);

// Makes room for count more units if there is memory: about so many are going to be added.
void str_builder_reserve(StrBuilder *b, int64_t count);

// A copy of s as an instance of type (str or a subclass).
Value str_as_type(Type *type, Value s);

// s itself (new reference) if it is an exact str, else an exact copy.
Value str_exact(Value s);

// Makes data of s available in `kind` (>= its own): s's own, or a widened copy in *owned to be
// freed with buffer_free. NULL with MemoryError.
const void *str_data_as(Value s, unsigned kind, void **owned);

// Position of needle in s[start..end), -1 absent, -2 MemoryError.
int64_t str_find(Value s, Value needle, int64_t start, int64_t end);

Value str_modulo(Value format, Value args); // the % operator: str_format.c
Value str_template_format(Value self, const Value *args, size_t nargs, Value kwnames);
Value str_template_format_map(Value self, Value mapping);

void hash_start(void); // draws the keys
void str_intern_start(void);

// Growing array of owned references.
typedef struct {
    Value *items;
    int64_t length, capacity;
    Value first[16];
} ValueList;
static inline void value_list_start(ValueList *l) {
    l->items = l->first;
    l->length = 0;
    l->capacity = 16;
}
int value_list_push_slow(ValueList *l, Value consumed);
// -1 (also for VALUE_NULL: the error is set)
static inline int value_list_push(ValueList *l, Value consumed) {
    if (LIKELY(l->length < l->capacity && !value_is_null(consumed))) {
        l->items[l->length++] = consumed;
        return 0;
    }
    return value_list_push_slow(l, consumed);
}
Value value_list_finish(ValueList *l); // a new list
void value_list_discard(ValueList *l);

#endif
