// SPDX-License-Identifier: MIT
//
// str: immutable text. Each code point takes 1, 2 or 4 bytes, the least that the widest one
// needs, so indexing is O(1) and equal strings have equal kinds (PEP 393's representation).
#ifndef LOCKSMITH_VM_TYPES_STR_H
#define LOCKSMITH_VM_TYPES_STR_H

#include "vm/object.h"
#include <stdarg.h>

typedef struct {
    Object header;
    // Computed on first use, written by any thread (relaxed; every writer writes the same),
    // 0 = not yet known.
    int64_t hash;
    uint64_t length_kind; // length << 8 | flags
    uint8_t data[];       // (length + 1) << shift bytes, the last code unit 0
} Str;

#define STR_KIND_MASK 3u // 0: 1 byte, 1: 2 bytes, 2: 4 bytes (log2 of the width)
#define STR_ASCII 4u
#define STR_INTERNED 8u // set by str_intern under the intern table's lock (atomic or)

extern Type str_type;

static inline Str *str_of(Value v) {
    return (Str *)value_object(v);
}
static inline bool value_is_str(Value v) {
    return value_has_flag(v, TYPE_STR_SUBCLASS);
}
static inline bool value_is_exact_str(Value v) {
    return value_is_exactly(v, &str_type);
}
static inline int64_t str_length(Value v) {
    return (int64_t)(__atomic_load_n(&str_of(v)->length_kind, __ATOMIC_RELAXED) >> 8);
}
static inline unsigned str_flags(Value v) {
    return (unsigned)(__atomic_load_n(&str_of(v)->length_kind, __ATOMIC_RELAXED) & 0xff);
}
static inline unsigned str_kind(Value v) {
    return str_flags(v) & STR_KIND_MASK;
}
static inline bool str_is_ascii(Value v) {
    return str_flags(v) & STR_ASCII;
}
static inline bool str_is_interned(Value v) {
    return str_flags(v) & STR_INTERNED;
}
static inline const void *str_data(Value v) {
    return str_of(v)->data;
}
static inline uint32_t str_at(Value v, int64_t i) {
    const void *data = str_data(v);
    switch (str_kind(v)) {
    case 0:
        return ((const uint8_t *)data)[i];
    case 1:
        return ((const uint16_t *)data)[i];
    default:
        return ((const uint32_t *)data)[i];
    }
}

// Offset of the first byte after the text, rounded up to 8: where a subclass instance has the words
// that its class adds.
static inline size_t str_data_end(const Object *o) {
    uint64_t word = __atomic_load_n(&((const Str *)o)->length_kind, __ATOMIC_RELAXED);
    return (sizeof(Str) + (((size_t)(word >> 8) + 1) << (word & STR_KIND_MASK)) + 7) & ~(size_t)7;
}

// The one-character strings below 256: shared, never freed. Set by str_start.
extern Value str_characters[256];

// All give new references, VALUE_NULL with an exception on failure; none runs Python code.
Value str_empty(void);
Value str_from_cstr(const char *utf8);                // must be valid UTF-8 (WTF-8)
Value str_from_utf8(const char *utf8, size_t length); // WTF-8 allowed; UnicodeDecodeError otherwise
Value str_from_ascii(const char *ascii, size_t length);
Value str_from_latin1(const uint8_t *data, size_t length);
Value str_from_ucs4(const uint32_t *points, size_t length); // narrows
Value str_from_code_point(uint32_t point); // one-character strings below 256 are shared
Value str_allocate(int64_t length, uint32_t max_point, void **data_out); // fill at once
Value str_concat_all(const Value *texts, size_t count); // strs, or instances of subclasses
Value str_format(const char *format, ...);              // the format of raise_error
Value str_format_va(const char *format, va_list args);
Value str_concat(Value a, Value b);
// a is consumed: appended to in place when nobody else can see it (the += of the loop).
Value str_append(Value a_consumed, Value b);
// Appends b to a, which nobody else holds, if that needs no other memory. Both exact strs.
bool str_grow(Value a, Value b);
Value str_join(Value separator, Value iterable);          // may run Python code
Value str_substring(Value s, int64_t start, int64_t end); // 0 <= start <= end <= length
bool str_equal(Value a, Value b);
bool str_equal_cstr(Value a, const char *ascii);
int str_compare_order(Value a, Value b); // <0, 0, >0
int64_t str_hash(Value v);               // never -1; random per process unless PYTHONHASHSEED
int64_t str_find_char(Value s, uint32_t point, int64_t start, int64_t end); // -1

Value str_repr(Value s);
Value str_ascii_repr(Value s);       // ascii(s)
Value str_escape_non_ascii(Value s); // what ascii() does to a repr: \x.., \u...., \U........

// Hash of any bytes, keyed like str's; never -1, 0 for length 0 only.
int64_t hash_buffer(const void *data, size_t length);

// The interned equal of s; consumes s, gives a new reference. Never fails (gives s itself).
Value str_intern(Value s_consumed);
Value str_intern_cstr(const char *utf8); // new reference
// The interned equal of s if there is one (borrowed: interned strings never die), else VALUE_NULL:
// then no attribute anywhere has this name.
Value str_find_interned(Value s);
// A name used by C code, interned once: NAME(append) declares nothing at run time but a
// load. All are listed in vm/types/names.def.
#define NAME_DECLARE(name) extern Value name_##name;
#define NAME_DECLARE_AS(identifier, text) extern Value name_##identifier;
#define NAME(name) NAME_DECLARE(name)
#define NAME_AS(identifier, text) NAME_DECLARE_AS(identifier, text)
#include "vm/types/names.def"
#undef NAME
#undef NAME_AS

// UTF-8 of s: for ASCII strings a pointer into s, else a NUL-terminated copy in *owned that
// the caller frees with buffer_free. Surrogates: UnicodeEncodeError (or kept, WTF-8, with
// str_utf8_wtf). NULL on error.
const char *str_utf8(Value s, size_t *length_out, char **owned);
const char *str_utf8_wtf(Value s, size_t *length_out, char **owned);
// For messages: a bounded copy, never fails.
void str_copy_bounded(Value s, char *out, size_t capacity);

// Growing text. The builder is a C local (or lies in an object that does not move); abandon
// with str_builder_discard. After a failure every call does nothing.
typedef struct {
    void *data;
    int64_t length, capacity;
    unsigned kind;      // as STR_KIND_MASK
    bool failed;        // MemoryError is set
    uint32_t first[32]; // short texts stay here
} StrBuilder;
void str_builder_start(StrBuilder *b);
void str_builder_char(StrBuilder *b, uint32_t point);
void str_builder_ascii(StrBuilder *b, const char *ascii, size_t length);
void str_builder_cstr(StrBuilder *b, const char *utf8);
void str_builder_str(StrBuilder *b, Value s);
void str_builder_substring(StrBuilder *b, Value s, int64_t start, int64_t end);
void str_builder_i64(StrBuilder *b, int64_t n); // in decimal
void str_builder_repeat(StrBuilder *b, uint32_t point, int64_t times);
Value str_builder_finish(StrBuilder *b); // new str; VALUE_NULL if failed
void str_builder_discard(StrBuilder *b);

// Character properties for identifiers and methods (utf8proc).
bool str_is_identifier(Value s);
uint32_t char_lower(uint32_t point); // simple mapping
uint32_t char_upper(uint32_t point);
bool char_is_space(uint32_t point);
int char_decimal(uint32_t point); // -1

uint32_t char_title(uint32_t point);

void str_start(void);       // intern table, names, shared characters; first of all types
void str_types_start(void); // readies str and its iterators; once types can be readied

#endif
