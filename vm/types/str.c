// SPDX-License-Identifier: MIT
//
// str: making, destroying, comparing and hashing strings; the type and its constructor.
//
// Invariants: data holds length + 1 units, the last 0; the kind is the least that fits; the
// STR_ASCII flag is set exactly if all units are below 128. Text never changes once a second
// reference exists (str_append changes it before that). Interning is in str_intern.c, UTF-8 in
// str_utf8.c, growing text in str_builder.c, methods in str_methods*.c.
#include "vm/copy.h"
#include "vm/runtime/errors.h"
#include "vm/types/codecs.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/slice.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_methods.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/unicode.h"
#ifdef __SSE2__
#include <emmintrin.h>
#endif

Value str_characters[256];
static Value empty_str;

// ---- making ----------------------------------------------------------------------------

Str *str_allocate_raw(int64_t length, unsigned flags) {
    unsigned kind = flags & STR_KIND_MASK;
    if (UNLIKELY(length > STR_LENGTH_MAX || length < 0)) {
        raise_memory_error();
        return NULL;
    }
    Str *s = object_allocate_exact(&str_type, str_allocation_size(length, kind), HEAP_LEAF);
    if (UNLIKELY(!s))
        return NULL;
    s->hash = 0;
    s->length_kind = (uint64_t)length << 8 | flags;
    unit_set(s->data, kind, length, 0);
    return s;
}

static unsigned flags_for_bound(uint32_t bound) {
    return bound < 0x80 ? STR_ASCII : kind_for_bound(bound);
}

Value str_empty(void) {
    return ref_new(empty_str);
}

Value str_allocate(int64_t length, uint32_t max_point, void **data_out) {
    Str *s = str_allocate_raw(length, flags_for_bound(max_point));
    if (UNLIKELY(!s))
        return VALUE_NULL;
    *data_out = s->data;
    return value_from_object(s);
}

Value str_from_code_point(uint32_t point) {
    if (LIKELY(point < 256))
        return ref_new(str_characters[point]);
    Str *s = str_allocate_raw(1, point < 0x10000 ? 1 : 2);
    if (UNLIKELY(!s))
        return VALUE_NULL;
    unit_set(s->data, point < 0x10000 ? 1 : 2, 0, point);
    return value_from_object(s);
}

Value str_from_ascii(const char *ascii, size_t length) {
    if (UNLIKELY(length <= 1))
        return length ? ref_new(str_characters[(uint8_t)ascii[0]]) : ref_new(empty_str);
    Str *s = str_allocate_raw((int64_t)length, STR_ASCII);
    if (UNLIKELY(!s))
        return VALUE_NULL;
    copy_bytes(s->data, ascii, length);
    return value_from_object(s);
}

Value str_from_latin1(const uint8_t *data, size_t length) {
    if (length <= 1)
        return length ? ref_new(str_characters[data[0]]) : ref_new(empty_str);
    Str *s = str_allocate_raw((int64_t)length, bytes_are_ascii(data, length) ? STR_ASCII : 0);
    if (UNLIKELY(!s))
        return VALUE_NULL;
    copy_bytes(s->data, data, length);
    return value_from_object(s);
}

Value str_from_units(const void *data, unsigned kind, int64_t count) {
    if (count <= 1)
        return count ? str_from_code_point(unit_at(data, kind, 0)) : ref_new(empty_str);
    uint32_t bound = units_bound(data, kind, count);
    Str *s = str_allocate_raw(count, flags_for_bound(bound));
    if (UNLIKELY(!s))
        return VALUE_NULL;
    units_copy(s->data, kind_for_bound(bound), 0, data, kind, 0, count);
    return value_from_object(s);
}

Value str_from_ucs4(const uint32_t *points, size_t length) {
    return str_from_units(points, 2, (int64_t)length);
}

Value str_substring(Value s, int64_t start, int64_t end) {
    int64_t count = end - start;
    if (count == str_length(s) && value_is_exact_str(s))
        return ref_new(s);
    unsigned flags = str_flags(s), kind = flags & STR_KIND_MASK;
    if (count <= 1)
        return count > 0 ? str_from_code_point(str_at(s, start)) : ref_new(empty_str);
    if (flags & STR_ASCII)
        return str_from_ascii((const char *)str_of(s)->data + start, (size_t)count);
    return str_from_units(str_of(s)->data + (start << kind), kind, count);
}

Value str_exact(Value s) {
    return value_is_exact_str(s) ? ref_new(s) : str_substring(s, 0, str_length(s));
}

const void *str_data_as(Value s, unsigned kind, void **owned) {
    *owned = NULL;
    unsigned own = str_kind(s);
    if (own == kind)
        return str_data(s);
    int64_t length = str_length(s);
    void *copy = buffer_allocate(((size_t)length + 1) << kind);
    if (!copy) {
        raise_memory_error();
        return NULL;
    }
    units_copy(copy, kind, 0, str_data(s), own, 0, length);
    *owned = copy;
    return copy;
}

Value str_as_type(Type *type, Value s) {
    if (type == &str_type)
        return str_exact(s);
    int64_t length = str_length(s);
    unsigned flags = str_flags(s) & (STR_KIND_MASK | STR_ASCII), kind = flags & STR_KIND_MASK;
    // The words that the class adds follow (object_allocate_sized makes room for them).
    Str *copy = object_allocate_sized(type, (sizeof(Str) + (((size_t)length + 1) << kind) + 7) &
                                                ~(size_t)7);
    if (!copy)
        return VALUE_NULL;
    copy->hash = __atomic_load_n(&str_of(s)->hash, __ATOMIC_RELAXED);
    copy->length_kind = (uint64_t)length << 8 | flags;
    memcpy(copy->data, str_data(s), ((size_t)length + 1) << kind);
    return value_from_object(copy);
}

static void str_destroy(Object *self) {
    if (LIKELY(self->type == &str_type)) {
        uint64_t word = ((Str *)self)->length_kind;
        object_free_exact(self, str_allocation_size((int64_t)(word >> 8), word & STR_KIND_MASK),
                          HEAP_LEAF);
    } else {
        type_free_instance(self);
    }
}

// ---- equality, order, hash ---------------------------------------------------------------

bool str_equal(Value a, Value b) {
    if (value_same(a, b))
        return true;
    const uint64_t mask = ~(uint64_t)0xff | STR_KIND_MASK;
    uint64_t word = __atomic_load_n(&str_of(a)->length_kind, __ATOMIC_RELAXED) & mask;
    if (word != (__atomic_load_n(&str_of(b)->length_kind, __ATOMIC_RELAXED) & mask))
        return false;
    const uint8_t *p = str_of(a)->data, *q = str_of(b)->data;
    size_t bytes = (size_t)(word >> 8) << (word & STR_KIND_MASK);
    if (bytes && p[0] != q[0])
        return false;
    return memcmp(p, q, bytes) == 0;
}

bool str_equal_cstr(Value a, const char *ascii) {
    if (!str_is_ascii(a))
        return false;
    size_t length = strlen(ascii);
    return (size_t)str_length(a) == length && memcmp(str_data(a), ascii, length) == 0;
}

int str_compare_order(Value a, Value b) {
    if (value_same(a, b))
        return 0;
    int64_t n = str_length(a), m = str_length(b), common = n < m ? n : m;
    unsigned kind_a = str_kind(a), kind_b = str_kind(b);
    const void *p = str_data(a), *q = str_data(b);
    if (kind_a == 0 && kind_b == 0) {
        if (common == 0)
            return n < m ? -1 : n > m;
        int order = *(const uint8_t *)p - *(const uint8_t *)q; // mostly decides
        if (order == 0)
            order = memcmp(p, q, (size_t)common);
        if (order)
            return order;
    } else {
        for (int64_t i = 0; i < common; i++) {
            uint32_t x = unit_at(p, kind_a, i), y = unit_at(q, kind_b, i);
            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return n < m ? -1 : n > m;
}

static Value str_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_str(other) || !value_is_str(self))
        return not_implemented_new();
    bool result;
    switch (op) {
    case COMPARE_EQ:
        result = str_equal(self, other);
        break;
    case COMPARE_NE:
        result = !str_equal(self, other);
        break;
    case COMPARE_LT:
        result = str_compare_order(self, other) < 0;
        break;
    case COMPARE_LE:
        result = str_compare_order(self, other) <= 0;
        break;
    case COMPARE_GT:
        result = str_compare_order(self, other) > 0;
        break;
    default:
        result = str_compare_order(self, other) >= 0;
        break;
    }
    return bool_new(result);
}

int64_t str_hash(Value v) {
    Str *s = str_of(v);
    int64_t hash = __atomic_load_n(&s->hash, __ATOMIC_RELAXED);
    if (hash)
        return hash;
    hash = hash_buffer(s->data, (size_t)str_length(v) << str_kind(v));
    __atomic_store_n(&s->hash, hash, __ATOMIC_RELAXED);
    return hash;
}

// ---- repr --------------------------------------------------------------------------------

static const char hex_digits[] = "0123456789abcdef";

// Of ASCII characters other than the quote.
static uint8_t ascii_escaped_width[128];

static void escapes_start(void) {
    for (int c = 0; c < 128; c++)
        ascii_escaped_width[c] = c == '\\' || c == '\n' || c == '\r' || c == '\t' ? 2
                                 : c < 0x20 || c == 0x7f                          ? 4
                                                                                  : 1;
}

static inline int64_t escaped_width(uint32_t c, uint32_t quote) {
    if (c < 0x80)
        return c == quote ? 2 : ascii_escaped_width[c];
    if (unicode_flags(c) & UNICODE_PRINTABLE)
        return 1;
    return c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
}

// Writes c escaped in one of the numeric forms; gives the next position.
static int64_t write_numeric_escape(void *out, unsigned kind, int64_t at, uint32_t c) {
    int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
    unit_set(out, kind, at++, '\\');
    unit_set(out, kind, at++, digits == 2 ? 'x' : digits == 4 ? 'u' : 'U');
    while (digits-- > 0)
        unit_set(out, kind, at++, (uint32_t)hex_digits[c >> (4 * digits) & 15]);
    return at;
}

// How many of the units show as themselves, up to the first that may not: a multiple of eight, and
// only ASCII ones are known.
ALWAYS_INLINE int64_t plain_run(const void *data, unsigned kind, int64_t from, int64_t length,
                                uint32_t quote) {
    int64_t i = from;
#ifdef __SSE2__
    for (; i + 8 <= length; i += 8) {
        __m128i units;
        if (kind == 0)
            units = _mm_unpacklo_epi8(
                _mm_loadl_epi64((const __m128i *)(const void *)((const uint8_t *)data + i)),
                _mm_setzero_si128());
        else if (kind == 1)
            units = _mm_loadu_si128((const __m128i *)(const void *)((const uint16_t *)data + i));
        else // what is above 0x7fff becomes that
            units = _mm_packs_epi32(
                _mm_loadu_si128((const __m128i *)(const void *)((const uint32_t *)data + i)),
                _mm_loadu_si128((const __m128i *)(const void *)((const uint32_t *)data + i + 4)));
        // ' '..'~' as signed numbers from -32768 on
        __m128i moved = _mm_add_epi16(units, _mm_set1_epi16((short)(0x8000 - ' ')));
        __m128i odd = _mm_cmpgt_epi16(moved, _mm_set1_epi16((short)(0x8000 + '~' - ' ')));
        odd = _mm_or_si128(odd, _mm_cmpeq_epi16(units, _mm_set1_epi16('\\')));
        odd = _mm_or_si128(odd, _mm_cmpeq_epi16(units, _mm_set1_epi16((short)quote)));
        if (_mm_movemask_epi8(odd))
            break;
    }
#endif
    return i - from;
}

// What of the text repr() (or ascii()) shows takes, without the quotes, and the greatest character
// that shows as itself.
ALWAYS_INLINE int64_t repr_size(const void *data, unsigned kind, int64_t length, uint32_t quote,
                                bool ascii, uint32_t *bound) {
    int64_t size = 0;
    uint32_t most = 0x7f;
    for (int64_t i = 0; i < length;) {
        int64_t run = plain_run(data, kind, i, length, quote);
        i += run;
        size += run;
        int64_t stop = i + 8 < length ? i + 8 : length;
        for (; i < stop; i++) {
            uint32_t c = unit_at(data, kind, i);
            int64_t width = c < 0x80 || !ascii ? escaped_width(c, quote)
                            : c < 0x100        ? 4
                            : c < 0x10000      ? 6
                                               : 10;
            size += width;
            if (width == 1 && c > most)
                most = c;
        }
    }
    *bound = most;
    return size;
}

ALWAYS_INLINE int64_t repr_fill(void *out, unsigned to, int64_t at, const void *data, unsigned kind,
                                int64_t length, uint32_t quote, bool ascii) {
    for (int64_t i = 0; i < length;) {
        int64_t run = plain_run(data, kind, i, length, quote);
        if (run) {
            units_copy(out, to, at, data, kind, i, run);
            i += run;
            at += run;
        }
        int64_t stop = i + 8 < length ? i + 8 : length;
        for (; i < stop; i++) {
            uint32_t c = unit_at(data, kind, i);
            if (c < 0x80 && escaped_width(c, quote) == 2) {
                unit_set(out, to, at++, '\\');
                unit_set(out, to, at++, c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c);
            } else if (c < 0x80 ? escaped_width(c, quote) == 1
                                : !ascii && unicode_flags(c) & UNICODE_PRINTABLE) {
                unit_set(out, to, at++, c);
            } else {
                at = write_numeric_escape(out, to, at, c);
            }
        }
    }
    return at;
}

static Value repr_of(Value s, bool ascii) {
    int64_t length = str_length(s), single = 0, twice = 0;
    unsigned kind = str_kind(s);
    const void *data = str_data(s);
    single = units_count_unit(data, kind, length, '\'');
    twice = single ? units_count_unit(data, kind, length, '"') : 0;
    uint32_t quote = single && !twice ? '"' : '\'';
    int64_t size = 0;
    uint32_t bound = 0x7f;
    if (str_is_ascii(s)) {
        const uint8_t *p = data;
        for (int64_t i = 0; i < length; i++)
            size += ascii_escaped_width[p[i]];
        if (quote == '\'')
            size += single;
    } else if (kind == 0) {
        size = repr_size(data, 0, length, quote, ascii, &bound);
    } else if (kind == 1) {
        size = repr_size(data, 1, length, quote, ascii, &bound);
    } else {
        size = repr_size(data, 2, length, quote, ascii, &bound);
    }
    void *out;
    Value result = str_allocate(size + 2, bound, &out);
    if (value_is_null(result))
        return result;
    unsigned to = str_kind(result);
    int64_t at = 1;
    unit_set(out, to, 0, quote);
    if (size == length) {
        units_copy(out, to, at, data, kind, 0, length);
        at += length;
    } else if (to == 0 && kind == 0) {
        at = repr_fill(out, 0, at, data, 0, length, quote, ascii);
    } else if (to == 0 && kind == 1) {
        at = repr_fill(out, 0, at, data, 1, length, quote, ascii);
    } else if (to == 1 && kind == 1) {
        at = repr_fill(out, 1, at, data, 1, length, quote, ascii);
    } else {
        at = repr_fill(out, to, at, data, 2, length, quote, ascii);
    }
    unit_set(out, to, at, quote);
    return result;
}

Value str_repr(Value s) {
    return repr_of(s, false);
}

Value str_ascii_repr(Value s) {
    return repr_of(s, true);
}

ALWAYS_INLINE int64_t escaped_size(const void *data, unsigned kind, int64_t length) {
    int64_t size = 0;
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = unit_at(data, kind, i);
        size += c < 0x80 ? 1 : c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
    }
    return size;
}
ALWAYS_INLINE void escape_fill(uint8_t *out, const void *data, unsigned kind, int64_t length) {
    int64_t at = 0;
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = unit_at(data, kind, i);
        if (c < 0x80)
            out[at++] = (uint8_t)c;
        else
            at = write_numeric_escape(out, 0, at, c);
    }
}

Value str_escape_non_ascii(Value s) {
    if (str_is_ascii(s))
        return str_exact(s);
    int64_t length = str_length(s);
    unsigned kind = str_kind(s);
    const void *data = str_data(s);
    int64_t size = kind == 0   ? escaped_size(data, 0, length)
                   : kind == 1 ? escaped_size(data, 1, length)
                               : escaped_size(data, 2, length);
    void *out;
    Value result = str_allocate(size, 0x7f, &out);
    if (value_is_null(result))
        return result;
    if (kind == 0)
        escape_fill(out, data, 0, length);
    else if (kind == 1)
        escape_fill(out, data, 1, length);
    else
        escape_fill(out, data, 2, length);
    return result;
}

// ---- sequence ------------------------------------------------------------------------------

static int64_t str_length_slot(Value self) {
    return str_length(self);
}

static Value str_item(Value self, int64_t index) {
    if (UNLIKELY(index < 0 || index >= str_length(self)))
        return raise_error(&exception_IndexError, "string index out of range");
    return str_from_code_point(str_at(self, index));
}

static Value str_getitem(Value self, Value key) {
    if (LIKELY(value_is_int(key))) {
        int64_t index = value_int(key);
        return str_item(self, index < 0 ? index + str_length(self) : index);
    }
    if (value_is_slice(key)) {
        int64_t start, stop, step,
            count = slice_indices(key, str_length(self), &start, &stop, &step);
        if (count < 0)
            return VALUE_NULL;
        if (count == 0)
            return ref_new(empty_str);
        if (step == 1)
            return str_substring(self, start, start + count);
        unsigned kind = str_kind(self);
        const void *data = str_data(self);
        if (count == 1)
            return str_from_code_point(unit_at(data, kind, start));
        unsigned flags = str_flags(self) & (STR_KIND_MASK | STR_ASCII);
        Str *result = str_allocate_raw(count, flags);
        if (!result)
            return VALUE_NULL;
        units_copy_apart(result->data, data, kind, start, step, count);
        if (flags & STR_ASCII || flags == flags_for_bound(units_bound(result->data, kind, count)))
            return value_from_object(result);
        Value narrower = str_from_units(result->data, kind, count);
        ref_release(value_from_object(result));
        return narrower;
    }
    if (value_is_any_int(key) || value_type(key)->index) {
        int64_t index;
        if (value_to_position(key, &index) < 0)
            return VALUE_NULL;
        return str_item(self, index < 0 ? index + str_length(self) : index);
    }
    return raise_type_error("string indices must be integers, not '%T'", key);
}

int64_t str_find_char(Value s, uint32_t point, int64_t start, int64_t end) {
    unsigned kind = str_kind(s);
    int64_t at = units_find_unit(str_of(s)->data + (start << kind), kind, end - start, point);
    return at < 0 ? -1 : at + start;
}

int64_t str_find(Value s, Value needle, int64_t start, int64_t end) {
    unsigned kind = str_kind(s), own = str_kind(needle);
    int64_t m = str_length(needle);
    if (m > end - start || own > kind)
        return -1;
    const uint8_t *data = str_of(s)->data + (start << kind);
    if (m == 1) {
        int64_t at = units_find_unit(data, kind, end - start, str_at(needle, 0));
        return at < 0 ? -1 : at + start;
    }
    void *owned;
    const void *text = str_data_as(needle, kind, &owned);
    if (!text)
        return -2;
    int64_t at = units_find(data, end - start, text, m, kind);
    buffer_free(owned);
    return at < 0 ? -1 : at + start;
}

static int str_contains(Value self, Value item) {
    if (!value_is_str(item))
        return raise_int(&exception_TypeError,
                         "'in <string>' requires string as left operand, not %T", item);
    unsigned kind = str_kind(self);
    if (LIKELY(str_kind(item) == kind))
        return units_find(str_data(self), str_length(self), str_data(item), str_length(item),
                          kind) >= 0;
    int64_t at = str_find(self, item, 0, str_length(self));
    return at >= 0 ? 1 : at == -1 ? 0 : -1;
}

static Value str_iter(Value self);

// ---- constructor ---------------------------------------------------------------------------

static Value str_make(const Value *given) {
    Value object = given[0], encoding = given[1], errors = given[2];
    if (value_is_null(object))
        return ref_new(empty_str);
    if (value_is_null(encoding) && value_is_null(errors))
        return value_str(object);
    for (int i = 1; i <= 2; i++)
        if (!value_is_null(given[i]) && !value_is_str(given[i]))
            return raise_type_error("str() argument '%s' must be str, not %G",
                                    i == 1 ? "encoding" : "errors", given[i]);
    if (value_is_str(object))
        return raise_type_error("decoding str is not supported");
    BufferView view;
    if (!value_type(object)->get_buffer)
        return raise_type_error("decoding to str: need a bytes-like object, %T found", object);
    if (buffer_view_get_brief(object, &view) < 0)
        return VALUE_NULL;
    char *encoding_owned = NULL, *errors_owned = NULL;
    Value result = VALUE_NULL;
    const char *encoding_text = NULL, *errors_text = NULL;
    if (!value_is_null(encoding) && !(encoding_text = str_utf8(encoding, NULL, &encoding_owned)))
        goto done;
    if (!value_is_null(errors) && !(errors_text = str_utf8(errors, NULL, &errors_owned)))
        goto done;
    if (codec_check_names(encoding_text, errors_text) == 0)
        result = codec_decode(view.data, (size_t)view.length, encoding_text, errors_text);
done:
    buffer_free(encoding_owned);
    buffer_free(errors_owned);
    buffer_view_release(&view);
    return result;
}

static Value str_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (LIKELY(type == &str_type && nargs == 1 && value_is_null(kwnames)))
        return value_str(args[0]);
    static const char *const names[] = {"object", "encoding", "errors", NULL};
    Value given[3];
    if (arguments_parse("str", args, nargs, kwnames, names, 0, 3, 0, given) < 0)
        return VALUE_NULL;
    Value text = str_make(given);
    if (value_is_null(text) || type == &str_type)
        return text;
    Value result = str_as_type(type, text);
    ref_release(text);
    return result;
}

// ---- lists of values being collected --------------------------------------------------------

int value_list_push_slow(ValueList *l, Value consumed) {
    if (UNLIKELY(value_is_null(consumed)))
        return -1;
    if (UNLIKELY(l->length == l->capacity)) {
        int64_t capacity = l->capacity * 2;
        bool first = l->items == l->first;
        Value *items = first ? buffer_allocate((size_t)capacity * sizeof(Value))
                             : buffer_resize(l->items, (size_t)capacity * sizeof(Value));
        if (!items) {
            ref_release(consumed);
            return raise_memory_error(), -1;
        }
        if (first)
            memcpy(items, l->first, sizeof l->first);
        l->items = items;
        l->capacity = capacity;
    }
    l->items[l->length++] = consumed;
    return 0;
}

Value value_list_finish(ValueList *l) {
    Value list = list_from_owned(l->items, l->length);
    if (l->items != l->first)
        buffer_free(l->items);
    return list;
}

void value_list_discard(ValueList *l) {
    for (int64_t i = 0; i < l->length; i++)
        ref_release(l->items[i]);
    if (l->items != l->first)
        buffer_free(l->items);
}

// ---- iterator --------------------------------------------------------------------------------

// Guarded by the iterator's lock. At the end the iterator lets go of what it went over, for good.
typedef struct {
    Object header;
    Value text; // VALUE_NULL at the end
    int64_t index;
} StrIterator;

static Value str_iter(Value self) {
    StrIterator *it = object_allocate_exact(&str_iterator_type, sizeof(StrIterator), HEAP_LEAF);
    if (!it)
        return VALUE_NULL;
    it->index = 0;
    field_init(&it->text, ref_new(self));
    return value_from_object(it);
}

// With the iterator's lock held: the next code point, or -1. *done: what the caller releases after
// letting go.
static inline int64_t str_iterator_step(StrIterator *it, Value *done) {
    if (UNLIKELY(value_is_null(it->text)))
        return -1;
    if (LIKELY(it->index < str_length(it->text)))
        return str_at(it->text, it->index++);
    *done = field_swap_locked(&it->text, VALUE_NULL);
    return -1;
}
static __attribute__((noinline)) Value str_iterator_next_contended(StrIterator *it) {
    Value done = VALUE_NULL;
    object_lock(&it->header);
    int64_t point = str_iterator_step(it, &done);
    object_unlock(&it->header);
    ref_release(done);
    return point >= 0 ? str_from_code_point((uint32_t)point) : VALUE_NULL;
}
static Value str_iterator_next(Value self) {
    StrIterator *it = (StrIterator *)value_object(self);
    if (UNLIKELY(!object_enter(&it->header)))
        return str_iterator_next_contended(it);
    Value done = VALUE_NULL;
    int64_t point = str_iterator_step(it, &done);
    object_leave(&it->header);
    if (LIKELY(point >= 0))
        return str_from_code_point((uint32_t)point);
    ref_release(done);
    return VALUE_NULL;
}

static void str_iterator_destroy(Object *self) {
    ref_release(((StrIterator *)self)->text);
    object_free_exact(self, sizeof(StrIterator), HEAP_LEAF);
}

static Value str_iterator_length_hint(Value self) {
    StrIterator *it = (StrIterator *)value_object(self);
    object_lock(&it->header);
    int64_t left = value_is_null(it->text) ? 0 : str_length(it->text) - it->index;
    object_unlock(&it->header);
    return value_from_int(left);
}

static Value str_iterator_reduce(Value self) {
    StrIterator *it = (StrIterator *)value_object(self);
    object_lock(&it->header);
    Value text = it->text;
    ref_retain(text);
    int64_t index = it->index;
    object_unlock(&it->header);
    if (value_is_null(text))
        return iterator_reduce("iter", ref_new(empty_str), VALUE_NULL);
    return iterator_reduce("iter", text, value_from_int(index));
}

static Value str_iterator_setstate(Value self, Value state) {
    StrIterator *it = (StrIterator *)value_object(self);
    int64_t index;
    if (value_to_size(state, &index) < 0)
        return VALUE_NULL;
    object_lock(&it->header);
    if (!value_is_null(it->text)) {
        int64_t length = str_length(it->text);
        it->index = index < 0 ? 0 : index > length ? length : index;
    }
    object_unlock(&it->header);
    return none_new();
}

static void str_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((StrIterator *)self)->text);
}

static const NativeDef str_iterator_methods[] = {
    DEF_NONE("__length_hint__", str_iterator_length_hint, "How many characters are left."),
    DEF_NONE("__reduce__", str_iterator_reduce, "State for pickling."),
    DEF_ONE("__setstate__", str_iterator_setstate, "Sets the position."),
    DEF_END,
};

Type str_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "str_iterator",
    .basic_size = sizeof(StrIterator),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = str_iterator_destroy,
    .traverse = str_iterator_traverse,
    .iter = object_self_iter,
    .next = str_iterator_next,
    .methods = str_iterator_methods,
};

// ---- the type --------------------------------------------------------------------------------

static Value str_str(Value self) {
    return str_exact(self);
}

static Value str_concatenate(Value self, Value other) {
    if (UNLIKELY(!value_is_str(other)))
        return raise_type_error("can only concatenate str (not \"%T\") to str", other);
    return str_concat(self, other);
}

static Value str_repeat(Value self, Value count) {
    int64_t n;
    if (value_is_int(count))
        n = value_int(count);
    else if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    int64_t length = str_length(self);
    if (n <= 0 || length == 0)
        return ref_new(empty_str);
    if (n == 1 && value_is_exact_str(self))
        return ref_new(self);
    if (n > STR_LENGTH_MAX / length)
        return raise_memory_error();
    unsigned flags = str_flags(self) & (STR_KIND_MASK | STR_ASCII), kind = flags & STR_KIND_MASK;
    if (length == 1 && n == 1)
        return str_from_code_point(str_at(self, 0));
    Str *s = str_allocate_raw(length * n, flags);
    if (!s)
        return VALUE_NULL;
    if (length == 1 && kind == 0) {
        memset(s->data, str_of(self)->data[0], (size_t)n);
    } else {
        size_t unit = (size_t)length << kind, total = unit * (size_t)n, done = unit;
        memcpy(s->data, str_data(self), unit);
        while (done < total) {
            size_t step = done < total - done ? done : total - done;
            memcpy(s->data + done, s->data, step);
            done += step;
        }
    }
    return value_from_object(s);
}

static Value str_remainder(Value left, Value right) {
    if (!value_is_str(left))
        return not_implemented_new();
    return str_modulo(left, right);
}

Type str_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "str",
    .basic_size = sizeof(Str),
    .item_size = 1,
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_STR_SUBCLASS | TYPE_IMMUTABLE | TYPE_PATMA_SELF,
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
           "Text made from an object, or decoded from bytes.",
    .call_new = str_new,
    .destroy = str_destroy,
    .repr = str_repr,
    .str = str_str,
    .hash = str_hash,
    .compare = str_compare,
    .iter = str_iter,
    .binary = {[BINARY_MODULO] = str_remainder},
    .length = str_length_slot,
    .getitem = str_getitem,
    .sequence_item = str_item,
    .contains = str_contains,
    .concatenate = str_concatenate,
    .repeat = str_repeat,
    .methods = str_methods,
};

void str_start(void) {
    hash_start();
    unicode_start();
    escapes_start();
    Str *empty = str_allocate_raw(0, STR_ASCII);
    empty_str = value_from_object(empty);
    ref_immortalize(empty);
    for (uint32_t i = 0; i < 256; i++) {
        Str *s = str_allocate_raw(1, i < 128 ? STR_ASCII : 0);
        s->data[0] = (uint8_t)i;
        ref_immortalize(s);
        str_characters[i] = value_from_object(s);
    }
    str_intern_start();
}

void str_types_start(void) {
    type_ready(&str_type);
    type_ready(&str_iterator_type);
}
