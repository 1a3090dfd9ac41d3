// SPDX-License-Identifier: MIT
//
// Growing and joining text: the builder, concatenation, appending in place, join.
#include "vm/copy.h"
#include "vm/runtime/errors.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_utf8.h"
#include "vm/types/tuple.h"

// ---- all at once ---------------------------------------------------------------------------

Value str_concat_all(const Value *texts, size_t count) {
    int64_t length = 0;
    unsigned kind = 0, ascii = STR_ASCII;
    for (size_t i = 0; i < count; i++) {
        unsigned own = str_kind(texts[i]);
        kind = own > kind ? own : kind;
        ascii &= str_flags(texts[i]);
        if (UNLIKELY(__builtin_add_overflow(length, str_length(texts[i]), &length)))
            return raise_memory_error();
    }
    if (UNLIKELY(length <= 1)) { // one of those that are made already, if any
        for (size_t i = 0; i < count; i++)
            if (str_length(texts[i]))
                return str_from_code_point(str_at(texts[i], 0));
        return str_empty();
    }
    Str *made = str_allocate_raw(length, kind | ascii);
    if (UNLIKELY(!made))
        return VALUE_NULL;
    int64_t at = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t own = str_length(texts[i]);
        units_copy(made->data, kind, at, str_data(texts[i]), str_kind(texts[i]), 0, own);
        at += own;
    }
    return value_from_object(made);
}

// ---- builder -------------------------------------------------------------------------------

void str_builder_start(StrBuilder *b) {
    b->data = b->first;
    b->length = 0;
    b->capacity = sizeof b->first;
    b->kind = 0;
    b->failed = false;
}

static void builder_free(StrBuilder *b) {
    if (b->data != b->first)
        buffer_free(b->data);
}

void str_builder_discard(StrBuilder *b) {
    builder_free(b);
    str_builder_start(b);
}

static bool builder_fail(StrBuilder *b) {
    str_builder_discard(b);
    b->failed = true;
    raise_memory_error();
    return false;
}

// Room for `more` units of `kind`; afterwards b->kind >= kind. False once failed.
static bool builder_reserve_slow(StrBuilder *b, int64_t more, unsigned kind) {
    if (b->failed)
        return false;
    if (kind < b->kind)
        kind = b->kind;
    if (more > STR_LENGTH_MAX - b->length)
        return builder_fail(b);
    int64_t capacity = b->length + more;
    if (kind == b->kind && capacity <= b->capacity)
        return true;
    if (b->data != b->first || capacity << kind > (int64_t)sizeof b->first)
        capacity += capacity / 2 + 16;
    if (b->data != b->first && capacity < b->capacity) // when widening: what was reserved is wanted
        capacity = b->capacity;
    if (kind == b->kind && b->data != b->first) {
        void *data = buffer_resize(b->data, (size_t)capacity << kind);
        if (!data)
            return builder_fail(b);
        b->data = data;
        b->capacity = capacity;
        return true;
    }
    if (capacity << kind <= (int64_t)sizeof b->first && b->data == b->first) {
        // Widening in place, from the end.
        for (int64_t i = b->length - 1; i >= 0; i--)
            unit_set(b->first, kind, i, unit_at(b->first, b->kind, i));
        b->kind = kind;
        b->capacity = (int64_t)(sizeof b->first >> kind);
        return true;
    }
    void *data = buffer_allocate((size_t)capacity << kind);
    if (!data)
        return builder_fail(b);
    units_copy(data, kind, 0, b->data, b->kind, 0, b->length);
    builder_free(b);
    b->data = data;
    b->kind = kind;
    b->capacity = capacity;
    return true;
}

static inline bool builder_reserve(StrBuilder *b, int64_t more, unsigned kind) {
    if (LIKELY(kind <= b->kind && more <= b->capacity - b->length && !b->failed))
        return true;
    return builder_reserve_slow(b, more, kind);
}

void str_builder_reserve(StrBuilder *b, int64_t count) {
    if (count <= b->capacity - b->length || b->failed || b->data != b->first ||
        count > STR_LENGTH_MAX)
        return;
    void *data = buffer_allocate((size_t)(b->length + count) << b->kind);
    if (!data)
        return; // perhaps not so much is needed
    memcpy(data, b->data, (size_t)b->length << b->kind);
    b->data = data;
    b->capacity = b->length + count;
}

void *str_builder_room(StrBuilder *b, int64_t count, uint32_t bound) {
    if (UNLIKELY(!builder_reserve(b, count, kind_for_bound(bound))))
        return NULL;
    void *room = (uint8_t *)b->data + (b->length << b->kind);
    b->length += count;
    return room;
}

void str_builder_char(StrBuilder *b, uint32_t point) {
    if (builder_reserve(b, 1, kind_for_bound(point)))
        unit_set(b->data, b->kind, b->length++, point);
}

void str_builder_ascii(StrBuilder *b, const char *ascii, size_t length) {
    if (builder_reserve(b, (int64_t)length, 0)) {
        if (LIKELY(b->kind == 0))
            copy_bytes((uint8_t *)b->data + b->length, ascii, length);
        else
            units_copy(b->data, b->kind, b->length, ascii, 0, 0, (int64_t)length);
        b->length += (int64_t)length;
    }
}

void str_builder_cstr(StrBuilder *b, const char *utf8) {
    size_t length = strlen(utf8);
    if (bytes_are_ascii((const uint8_t *)utf8, length)) {
        str_builder_ascii(b, utf8, length);
        return;
    }
    for (size_t i = 0; i < length;) {
        uint32_t point;
        unsigned error_length;
        int n = utf8_decode_one((const uint8_t *)utf8 + i, length - i, true, &point, &error_length);
        str_builder_char(b, n < 0 ? 0xfffd : point);
        i += n < 0 ? error_length : (size_t)n;
    }
}

void str_builder_substring(StrBuilder *b, Value s, int64_t start, int64_t end) {
    if (start >= end)
        return;
    if (LIKELY(str_is_ascii(s))) {
        str_builder_ascii(b, (const char *)str_of(s)->data + start, (size_t)(end - start));
        return;
    }
    unsigned kind = str_kind(s), need = kind;
    const void *data = str_data(s);
    if (kind > b->kind && end - start < str_length(s)) {
        // Only part of s: perhaps not its widest units.
        uint32_t bound = units_bound((const char *)data + (start << kind), kind, end - start);
        need = kind_for_bound(bound);
    }
    if (builder_reserve(b, end - start, need)) {
        units_copy(b->data, b->kind, b->length, data, kind, start, end - start);
        b->length += end - start;
    }
}

void str_builder_str(StrBuilder *b, Value s) {
    str_builder_substring(b, s, 0, str_length(s));
}

void str_builder_i64(StrBuilder *b, int64_t n) {
    char digits[24], *p = digits + sizeof digits;
    uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (n < 0)
        *--p = '-';
    str_builder_ascii(b, p, (size_t)(digits + sizeof digits - p));
}

void str_builder_repeat(StrBuilder *b, uint32_t point, int64_t times) {
    if (times <= 0 || !builder_reserve(b, times, kind_for_bound(point)))
        return;
    if (b->kind == 0)
        memset((uint8_t *)b->data + b->length, (int)point, (size_t)times);
    else
        for (int64_t i = 0; i < times; i++)
            unit_set(b->data, b->kind, b->length + i, point);
    b->length += times;
}

Value str_builder_finish(StrBuilder *b) {
    if (b->failed)
        return VALUE_NULL;
    Value s = VALUE_NULL;
    if (b->length <= 1) {
        s = b->length ? str_from_code_point(unit_at(b->data, b->kind, 0)) : str_empty();
    } else if (b->kind == 0) {
        s = str_from_latin1(b->data, (size_t)b->length);
    } else {
        Str *made = str_allocate_raw(b->length, b->kind);
        if (made) {
            copy_bytes(made->data, b->data, (size_t)b->length << b->kind);
            s = value_from_object(made);
        }
    }
    builder_free(b);
    str_builder_start(b);
    return s;
}

// ---- concatenation -------------------------------------------------------------------------

Value str_concat(Value a, Value b) {
    int64_t n = str_length(a), m = str_length(b);
    if (n == 0 && value_is_exact_str(b))
        return ref_new(b);
    if (m == 0 && value_is_exact_str(a))
        return ref_new(a);
    if (UNLIKELY(n + m <= 1))
        return n ? str_exact(a) : str_exact(b);
    unsigned flags_a = str_flags(a), flags_b = str_flags(b);
    unsigned kind_a = flags_a & STR_KIND_MASK, kind_b = flags_b & STR_KIND_MASK;
    unsigned kind = kind_a > kind_b ? kind_a : kind_b;
    Str *s = str_allocate_raw(n + m, kind | (flags_a & flags_b & STR_ASCII));
    if (UNLIKELY(!s))
        return VALUE_NULL;
    units_copy(s->data, kind, 0, str_data(a), kind_a, 0, n);
    units_copy(s->data, kind, n, str_data(b), kind_b, 0, m);
    return value_from_object(s);
}

// A string that nobody else holds is seen by this thread alone, so its words may be written
// plainly; interned strings are never so (the table's reference does not die).
bool str_grow(Value a, Value b) {
    Str *s = str_of(a);
    int64_t n = str_length(a), m = str_length(b);
    unsigned flags = str_flags(a), flags_b = str_flags(b), kind = flags & STR_KIND_MASK;
    if (UNLIKELY((flags_b & STR_KIND_MASK) > kind || (flags & STR_INTERNED) || n == 0 || m == 0))
        return false;
    if (!(flags_b & STR_ASCII))
        flags &= ~STR_ASCII;
    if (str_allocation_size(n + m, kind) != str_allocation_size(n, kind))
        return false;
    units_copy(s->data, kind, n, str_data(b), flags_b & STR_KIND_MASK, 0, m);
    unit_set(s->data, kind, n + m, 0);
    __atomic_store_n(&s->hash, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&s->length_kind, (uint64_t)(n + m) << 8 | flags, __ATOMIC_RELAXED);
    return true;
}

Value str_append(Value a_consumed, Value b) {
    Value a = a_consumed;
    if (ref_is_exclusive(value_object(a)) && value_is_exact_str(a) && str_grow(a, b))
        return a;
    Value result = str_concat(a, b);
    ref_release(a);
    return result;
}

// ---- join ----------------------------------------------------------------------------------

typedef struct {
    int64_t length; // of all pieces, without separators
    unsigned kind;
    unsigned ascii; // STR_ASCII if all pieces are
    int64_t wrong;  // index of the first item that is no str, or -1
} JoinSize;

// Pure: may be called with a list locked. False on overflow.
static bool join_measure(const Value *items, int64_t count, JoinSize *size) {
    *size = (JoinSize){.ascii = STR_ASCII, .wrong = -1};
    for (int64_t i = 0; i < count; i++) {
        Value item = field_raw(&items[i]);
        if (UNLIKELY(!value_is_str(item))) {
            size->wrong = i;
            return true;
        }
        unsigned flags = str_flags(item);
        if ((flags & STR_KIND_MASK) > size->kind)
            size->kind = flags & STR_KIND_MASK;
        size->ascii &= flags;
        size->length += str_length(item);
        if (UNLIKELY(size->length > STR_LENGTH_MAX))
            return false;
    }
    return true;
}

// Pure. The pieces were measured to fit.
static void join_fill(Str *out, unsigned kind, Value separator, const Value *items, int64_t count) {
    int64_t gap = str_length(separator), at = 0;
    unsigned gap_kind = str_kind(separator);
    const void *gap_data = str_data(separator);
    uint32_t gap_unit = gap == 1 ? str_at(separator, 0) : 0;
    for (int64_t i = 0; i < count; i++) {
        if (i > 0 && gap > 0) {
            if (gap == 1)
                unit_set(out->data, kind, at, gap_unit);
            else
                units_copy(out->data, kind, at, gap_data, gap_kind, 0, gap);
            at += gap;
        }
        Value item = field_raw(&items[i]);
        int64_t n = str_length(item);
        if (kind == 0 && n == 1) { // characters
            out->data[at++] = *(const uint8_t *)str_data(item);
            continue;
        }
        units_copy(out->data, kind, at, str_data(item), str_kind(item), 0, n);
        at += n;
    }
}

// Allocates what join_measure found; NULL with an exception.
static Str *join_allocate(Value separator, const JoinSize *size, int64_t count) {
    int64_t gap = str_length(separator);
    unsigned kind = size->kind, ascii = size->ascii;
    if (count > 1 && gap) {
        if (gap > (STR_LENGTH_MAX - size->length) / (count - 1)) {
            raise_error(&exception_OverflowError, "join() result is too long for a Python string");
            return NULL;
        }
        if (str_kind(separator) > kind)
            kind = str_kind(separator);
        ascii &= str_flags(separator);
    }
    int64_t gaps = count > 1 ? gap * (count - 1) : 0;
    return str_allocate_raw(size->length + gaps, kind | (ascii & STR_ASCII));
}

static Value join_wrong(int64_t index, Value item) {
    return raise_type_error("sequence item %lld: expected str instance, %T found", (long long)index,
                            item);
}

static Value join_array(Value separator, const Value *items, int64_t count) {
    JoinSize size;
    if (count == 0)
        return str_empty();
    if (count == 1 && value_is_exact_str(items[0]))
        return ref_new(items[0]);
    if (!join_measure(items, count, &size))
        return raise_error(&exception_OverflowError,
                           "join() result is too long for a Python string");
    if (size.wrong >= 0)
        return join_wrong(size.wrong, items[size.wrong]);
    if (size.length == 0 && (count == 1 || str_length(separator) == 0))
        return str_empty();
    Str *s = join_allocate(separator, &size, count);
    if (!s)
        return VALUE_NULL;
    join_fill(s, (unsigned)(s->length_kind & STR_KIND_MASK), separator, items, count);
    Value result = value_from_object(s);
    if (UNLIKELY(str_length(result) == 1)) { // shared characters
        Value shared = str_from_code_point(str_at(result, 0));
        ref_release(result);
        return shared;
    }
    return result;
}

static Value join_snapshot(Value separator, Value list) {
    Value *items;
    int64_t count;
    if (list_snapshot(list, &items, &count) < 0)
        return VALUE_NULL;
    Value result = join_array(separator, items, count);
    for (int64_t i = 0; i < count; i++)
        ref_release(items[i]);
    buffer_free(items);
    return result;
}

// A list is measured and copied from under its lock, with the allocation between; should it have
// changed meanwhile so that the result would not fit, a snapshot is joined instead.
static Value join_list(Value separator, Value list) {
    List *l = list_of(list);
    JoinSize size, again;
    object_lock(&l->header);
    int64_t count = l->length;
    if (count == 0) {
        object_unlock(&l->header);
        return str_empty();
    }
    if (count == 1 && value_is_exact_str(l->items[0])) {
        Value only = ref_new(l->items[0]);
        object_unlock(&l->header);
        return only;
    }
    bool fits = count >= 2 && join_measure(l->items, count, &size) && size.wrong < 0;
    object_unlock(&l->header);
    if (!fits || size.length + str_length(separator) * (count - 1) <= 1)
        return join_snapshot(separator, list);
    Str *s = join_allocate(separator, &size, count);
    if (!s)
        return VALUE_NULL;
    object_lock(&l->header);
    bool same =
        object_lock_was_mine_alone() ||
        (l->length == count && join_measure(l->items, count, &again) && again.wrong < 0 &&
         again.length == size.length && again.kind == size.kind && again.ascii == size.ascii);
    if (LIKELY(same))
        join_fill(s, (unsigned)(s->length_kind & STR_KIND_MASK), separator, l->items, count);
    object_unlock(&l->header);
    if (LIKELY(same))
        return value_from_object(s);
    ref_release(value_from_object(s));
    return join_snapshot(separator, list);
}

Value str_join(Value separator, Value iterable) {
    if (value_is_exactly(iterable, &list_type))
        return join_list(separator, iterable);
    if (value_is_exactly(iterable, &tuple_type))
        return join_array(separator, tuple_of(iterable)->items, tuple_length(iterable));
    Value iterator = value_iter_or_say(iterable, "can only join an iterable");
    if (value_is_null(iterator))
        return VALUE_NULL;
    Value list = list_from_iterable(iterator);
    ref_release(iterator);
    if (value_is_null(list))
        return VALUE_NULL;
    Value result = join_list(separator, list);
    ref_release(list);
    return result;
}
