// SPDX-License-Identifier: MIT
//
// bytes: making, comparing, hashing, the type and its constructor. Methods are in
// bytes_methods.c, shared with bytearray.
//
// Invariants: length bytes of data and a 0 after them; nothing changes once a second reference
// exists. The empty object and the 256 of one byte are shared and immortal.
#include "vm/copy.h"
#include "vm/runtime/options.h"
#include "vm/runtime/errors.h"
#include "vm/types/codecs.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/str_methods.h"
#include "vm/types/type.h"
#include <stdio.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static Value empty_bytes;
static Value single_bytes[256];

#define BYTES_LENGTH_MAX ((int64_t)1 << 46)

// ---- making ------------------------------------------------------------------------------------

static Bytes *allocate(int64_t length) {
    if (UNLIKELY(length > BYTES_LENGTH_MAX || length < 0)) {
        raise_memory_error();
        return NULL;
    }
    Bytes *b = object_allocate_exact(&bytes_type, sizeof(Bytes) + (size_t)length + 1, HEAP_LEAF);
    if (UNLIKELY(!b))
        return NULL;
    b->hash = 0;
    b->length = length;
    b->data[length] = 0;
    return b;
}

Value bytes_shared(uint8_t byte) {
    return ref_new(single_bytes[byte]);
}

Value bytes_new(const void *data, size_t length) {
    if (length <= 1)
        return length ? bytes_shared(*(const uint8_t *)data) : ref_new(empty_bytes);
    Bytes *b = allocate((int64_t)length);
    if (!b)
        return VALUE_NULL;
    copy_bytes(b->data, data, length);
    return value_from_object(b);
}

Value bytes_allocate(int64_t length, uint8_t **data_out) {
    Bytes *b = allocate(length);
    if (!b)
        return VALUE_NULL;
    *data_out = b->data;
    return value_from_object(b);
}

Value bytes_as_type(Type *type, Value bytes) {
    int64_t length = bytes_length(bytes);
    if (type == &bytes_type)
        return value_is_exactly(bytes, &bytes_type) ? ref_new(bytes)
                                                    : bytes_new(bytes_data(bytes), (size_t)length);
    Bytes *copy = object_allocate_sized(type, bytes_data_end(value_object(bytes)));
    if (!copy)
        return VALUE_NULL;
    copy->hash = __atomic_load_n(&bytes_of(bytes)->hash, __ATOMIC_RELAXED);
    copy->length = length;
    memcpy(copy->data, bytes_data(bytes), (size_t)length + 1);
    return value_from_object(copy);
}

static void bytes_destroy(Object *self) {
    if (LIKELY(self->type == &bytes_type))
        object_free_exact(self, sizeof(Bytes) + (size_t)((Bytes *)self)->length + 1, HEAP_LEAF);
    else
        type_free_instance(self);
}

// ---- from objects ------------------------------------------------------------------------------

int byte_from_value(Value v, const char *range_message) {
    if (LIKELY(value_is_int(v))) {
        int64_t n = value_int(v);
        if (LIKELY(n >= 0 && n < 256))
            return (int)n;
    } else {
        Value index = value_index(v);
        if (value_is_null(index))
            return -1;
        int64_t n;
        bool fits = int_to_i64(index, &n) && n >= 0 && n < 256;
        ref_release(index);
        if (fits)
            return (int)n;
    }
    return raise_int(&exception_ValueError, "%s", range_message);
}

typedef struct {
    uint8_t *data;
    int64_t length, capacity;
    const char *message;
} ByteCollector;

static int collect_byte(Value item, void *context) {
    ByteCollector *c = context;
    int byte = byte_from_value(item, c->message);
    ref_release(item);
    if (byte < 0)
        return -1;
    if (c->length == c->capacity) {
        int64_t capacity = c->capacity * 2 + 64;
        uint8_t *data = buffer_resize(c->data, (size_t)capacity);
        if (!data)
            return raise_memory_error(), -1;
        c->data = data;
        c->capacity = capacity;
    }
    c->data[c->length++] = (uint8_t)byte;
    return 0;
}

// A list of small ints at one moment. VALUE_NULL without an error: something else is in it, or it
// changed meanwhile.
static Value bytes_from_list(List *list) {
    int64_t length = list_length(value_from_object(list)), i = 0;
    if (length < 2)
        return VALUE_NULL;
    uint8_t *out;
    Value made = bytes_allocate(length, &out);
    if (value_is_null(made))
        return made;
    object_lock(&list->header);
    for (; list->length == length && i < length; i++) {
        Value item = field_raw(&list->items[i]);
        if (!value_is_int(item) || (uint64_t)value_int(item) > 255)
            break;
        out[i] = (uint8_t)value_int(item);
    }
    object_unlock(&list->header);
    if (LIKELY(i == length))
        return made;
    ref_release(made);
    return VALUE_NULL;
}

static Value bytes_from_iterable(Value source, const char *kind) {
    ByteCollector c = {.message = strcmp(kind, "bytes") ? "byte must be in range(0, 256)"
                                                        : "bytes must be in range(0, 256)"};
    if (value_is_exactly(source, &list_type)) {
        Value made = bytes_from_list(list_of(source));
        if (!value_is_null(made) || error_occurred())
            return made;
    }
    int64_t hint = value_length_hint(source, 0);
    if (hint < 0)
        return VALUE_NULL;
    if (hint > 0 && hint < BYTES_LENGTH_MAX && (c.data = buffer_allocate((size_t)hint)))
        c.capacity = hint;
    Value result = VALUE_NULL;
    Value iterator =
        value_iter_or_say(source, strcmp(kind, "bytes") ? "cannot convert '%T' object to bytearray"
                                                        : "cannot convert '%T' object to bytes");
    if (!value_is_null(iterator) && iterate(iterator, collect_byte, &c) == 0)
        result = bytes_new(c.data, (size_t)c.length);
    ref_release(iterator);
    buffer_free(c.data);
    return result;
}

Value bytes_from_source(Value source, const char *kind) {
    Type *type = value_type(source);
    if (value_is_str(source))
        return raise_type_error("string argument without an encoding");
    if (type->index) {
        int64_t size;
        if (value_to_size(source, &size) == 0) {
            if (size < 0)
                return raise_value_error("negative count");
            uint8_t *data;
            if (size == 0)
                return ref_new(empty_bytes);
            Value result = bytes_allocate(size, &data);
            if (!value_is_null(result))
                memset(data, 0, (size_t)size);
            return result;
        }
        if (!error_matches(&exception_TypeError))
            return VALUE_NULL;
        error_clear();
    }
    if (type == &bytearray_type)
        return bytearray_to_bytes(source);
    if (value_is_exactly(source, &memoryview_type))
        return memoryview_to_bytes(source);
    if (type->get_buffer) {
        ByteText text;
        if (byte_text_get(source, &text) < 0)
            return VALUE_NULL;
        Value result = bytes_new(text.data, (size_t)text.length);
        byte_text_release(&text);
        return result;
    }
    if (!value_may_iterate(source))
        return raise_type_error("cannot convert '%T' object to %s", source, kind);
    return bytes_from_iterable(source, kind);
}

// v.__bytes__() if there is one: 1 and *out, 0, -1.
static int convert_by_method(Value v, Value *out) {
    Value method;
    int found = value_lookup_special(v, name___bytes__, &method);
    if (found <= 0)
        return found;
    Value result = value_call_none(method);
    ref_release(method);
    if (value_is_null(result))
        return -1;
    if (!value_is_bytes(result)) {
        raise_type_error("__bytes__ returned non-bytes (type %T)", result);
        ref_release(result);
        return -1;
    }
    *out = result;
    return 1;
}

Value bytes_from_object(Value v) {
    if (value_is_exactly(v, &bytes_type))
        return ref_new(v);
    if (value_is_exactly(v, &bytearray_type)) // has no __bytes__
        return bytearray_to_bytes(v);
    if (value_is_int(v)) // neither has an int
        return bytes_from_source(v, "bytes");
    Value result;
    int found = convert_by_method(v, &result);
    if (found)
        return found < 0 ? VALUE_NULL : result;
    return bytes_from_source(v, "bytes");
}

Value bytes_from_arguments(const Value given[3], const char *kind) {
    Value source = given[0], encoding = given[1], errors = given[2];
    for (int i = 1; i <= 2; i++)
        if (!value_is_null(given[i]) && !value_is_str(given[i]))
            return raise_type_error("%s() argument '%s' must be str, not %G", kind,
                                    i == 1 ? "encoding" : "errors", given[i]);
    if (value_is_null(encoding) && value_is_null(errors)) {
        if (value_is_null(source))
            return ref_new(empty_bytes);
        return strcmp(kind, "bytes") == 0 ? bytes_from_object(source)
                                          : bytes_from_source(source, kind);
    }
    if (value_is_null(source) || !value_is_str(source))
        return raise_type_error(value_is_null(encoding) ? "errors without a string argument"
                                                        : "encoding without a string argument");
    if (value_is_null(encoding))
        return raise_type_error("string argument without an encoding");
    char *owned[2] = {NULL, NULL};
    const char *text[2] = {NULL, NULL};
    Value result = VALUE_NULL;
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++)
        if (!value_is_null(given[i + 1]))
            ok = (text[i] = str_utf8(given[i + 1], NULL, &owned[i])) != NULL;
    if (ok && codec_check_names(text[0], text[1]) == 0)
        result = codec_encode(source, text[0], text[1]);
    buffer_free(owned[0]);
    buffer_free(owned[1]);
    return result;
}

static Value bytes_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"source", "encoding", "errors", NULL};
    Value given[3];
    if (arguments_parse("bytes", args, nargs, kwnames, names, 0, 3, 0, given) < 0)
        return VALUE_NULL;
    Value made = bytes_from_arguments(given, "bytes");
    if (value_is_null(made) || type == &bytes_type)
        return made;
    Value result = bytes_as_type(type, made);
    ref_release(made);
    return result;
}

// ---- showing -----------------------------------------------------------------------------------

// Are there sixteen bytes that show as themselves, whatever the quotes?
static inline bool plain_block(const uint8_t *data, int64_t left) {
#ifdef __SSE2__
    if (left < 16)
        return false;
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
    // As signed numbers those from 0x80 on are below ' ' too.
    __m128i odd = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')),
                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\'')));
    return _mm_movemask_epi8(odd) == 0;
#else
    return false;
#endif
}

Value bytes_repr_of(const uint8_t *data, int64_t length, const char *prefix, const char *suffix,
                    bool always_escape_single) {
    static const char digits[] = "0123456789abcdef";
    bool single = false, twice = false;
    int64_t size = (int64_t)(strlen(prefix) + strlen(suffix)) + 2;
    int64_t look = 0; // where a block may begin
    for (int64_t i = 0; i < length; i++) {
        if (i >= look) {
            look = i + 16;
            if (plain_block(data + i, length - i)) {
                i += 15;
                size += 16;
                continue;
            }
        }
        uint8_t c = data[i];
        single |= c == '\'';
        twice |= c == '"';
        size += c == '\\' || c == '\t' || c == '\n' || c == '\r' ? 2 : c < ' ' || c >= 0x7f ? 4 : 1;
    }
    char quote = single && !twice ? '"' : '\'';
    if (single && (quote == '\'' || always_escape_single))
        size += units_count_unit(data, 0, length, '\'');
    void *out;
    Value result = str_allocate(size, 0x7f, &out);
    if (value_is_null(result))
        return result;
    char *p = stpcpy(out, prefix);
    *p++ = quote;
    look = 0;
    for (int64_t i = 0; i < length; i++) {
        if (i >= look) {
            look = i + 16;
            if (plain_block(data + i, length - i)) {
                memcpy(p, data + i, 16);
                p += 16;
                i += 15;
                continue;
            }
        }
        uint8_t c = data[i];
        if (c == quote || c == '\\' || (c == '\'' && always_escape_single)) {
            *p++ = '\\';
            *p++ = (char)c;
        } else if (c == '\t' || c == '\n' || c == '\r') {
            *p++ = '\\';
            *p++ = c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
        } else if (c < ' ' || c >= 0x7f) {
            *p++ = '\\';
            *p++ = 'x';
            *p++ = digits[c >> 4];
            *p++ = digits[c & 15];
        } else {
            *p++ = (char)c;
        }
    }
    *p++ = quote;
    memcpy(p, suffix, strlen(suffix));
    return result;
}

Value bytes_repr(Value v) {
    return bytes_repr_of(bytes_data(v), bytes_length(v), "b", "", false);
}

// ---- slots -------------------------------------------------------------------------------------

static int64_t bytes_hash(Value v) {
    Bytes *b = bytes_of(v);
    int64_t hash = __atomic_load_n(&b->hash, __ATOMIC_RELAXED);
    if (!hash) {
        hash = hash_buffer(b->data, (size_t)b->length);
        __atomic_store_n(&b->hash, hash, __ATOMIC_RELAXED);
    }
    return hash;
}

int bytes_warn_comparison(const char *what, Value other, CompareOperator op) {
    if (LIKELY(!options.bytes_warning) || (op != COMPARE_EQ && op != COMPARE_NE))
        return 0;
    if (value_is_str(other))
        return warn(&exception_BytesWarning, 1, "Comparison between %s and string", what);
    if (value_is_any_int(other))
        return warn(&exception_BytesWarning, 1, "Comparison between %s and int", what);
    return 0;
}

static Value bytes_str(Value self) {
    if (options.bytes_warning && warn(&exception_BytesWarning, 1, "str() on a bytes instance") < 0)
        return VALUE_NULL;
    return bytes_repr(self); // also where a subclass has another
}

static Value bytes_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_bytes(self) || !value_is_bytes(other)) {
        if (bytes_warn_comparison("bytes", other, op) < 0)
            return VALUE_NULL;
        return not_implemented_new();
    }
    int64_t n = bytes_length(self), m = bytes_length(other);
    if (op == COMPARE_EQ || op == COMPARE_NE) {
        bool equal = n == m && memcmp(bytes_data(self), bytes_data(other), (size_t)n) == 0;
        return bool_new(equal == (op == COMPARE_EQ));
    }
    int order = memcmp(bytes_data(self), bytes_data(other), (size_t)(n < m ? n : m));
    if (order == 0)
        order = n < m ? -1 : n > m;
    return bool_new(op == COMPARE_LT   ? order < 0
                    : op == COMPARE_LE ? order <= 0
                    : op == COMPARE_GT ? order > 0
                                       : order >= 0);
}

static int64_t bytes_length_slot(Value self) {
    return bytes_length(self);
}

static Value bytes_item(Value self, int64_t index) {
    if (index < 0 || index >= bytes_length(self))
        return raise_error(&exception_IndexError, "index out of range");
    return value_from_int(bytes_data(self)[index]);
}

Value bytes_slice(Value v, int64_t start, int64_t end) {
    if (end - start == bytes_length(v) && value_is_exactly(v, &bytes_type))
        return ref_new(v);
    return bytes_new(bytes_data(v) + start, (size_t)(end - start));
}

static Value bytes_getitem(Value self, Value key) {
    if (LIKELY(value_is_int(key))) {
        int64_t index = value_int(key);
        return bytes_item(self, index < 0 ? index + bytes_length(self) : index);
    }
    if (value_is_slice(key)) {
        int64_t start, stop, step;
        int64_t count = slice_indices(key, bytes_length(self), &start, &stop, &step);
        if (count < 0)
            return VALUE_NULL;
        if (step == 1 || count <= 1)
            return bytes_slice(self, start, start + count);
        uint8_t *out;
        Value result = bytes_allocate(count, &out);
        if (!value_is_null(result))
            units_copy_apart(out, bytes_data(self), 0, start, step, count);
        return result;
    }
    if (!value_type(key)->index)
        return raise_type_error("byte indices must be integers or slices, not %T", key);
    int64_t index;
    if (value_to_position(key, &index) < 0)
        return VALUE_NULL;
    return bytes_item(self, index < 0 ? index + bytes_length(self) : index);
}

static int bytes_contains(Value self, Value item) {
    if (value_is_int(item) || value_type(item)->index) {
        int byte = byte_from_value(item, "byte must be in range(0, 256)");
        return byte < 0 ? -1 : memchr(bytes_data(self), byte, (size_t)bytes_length(self)) != NULL;
    }
    ByteText text;
    if (byte_text_get(item, &text) < 0)
        return -1;
    int64_t at = units_find(bytes_data(self), bytes_length(self), text.data, text.length, 0);
    byte_text_release(&text);
    return at >= 0;
}

Value bytes_concat(Value a, Value b) {
    if (LIKELY(value_is_bytes(b) && bytes_length(a) && bytes_length(b))) {
        int64_t n = bytes_length(a), m = bytes_length(b);
        Bytes *made = allocate(n + m);
        if (UNLIKELY(!made))
            return VALUE_NULL;
        copy_bytes(made->data, bytes_data(a), (size_t)n);
        copy_bytes(made->data + n, bytes_data(b), (size_t)m);
        return value_from_object(made);
    }
    if (value_is_exactly(a, &bytes_type) && value_is_bytes(b) && bytes_length(b) == 0)
        return ref_new(a);
    if (value_is_exactly(b, &bytes_type) && bytes_length(a) == 0)
        return ref_new(b);
    ByteText right;
    if (!value_type(b)->get_buffer)
        return raise_type_error("can't concat %T to %T", b, a);
    if (byte_text_get(b, &right) < 0) { // not in one piece, or released
        error_clear();
        return raise_type_error("can't concat %T to %T", b, a);
    }
    int64_t n = bytes_length(a);
    uint8_t *out;
    Value result;
    if (n + right.length <= 1) {
        result = n ? bytes_new(bytes_data(a), 1) : bytes_new(right.data, (size_t)right.length);
    } else {
        result = bytes_allocate(n + right.length, &out);
        if (!value_is_null(result)) {
            memcpy(out, bytes_data(a), (size_t)n);
            memcpy(out + n, right.data, (size_t)right.length);
        }
    }
    byte_text_release(&right);
    return result;
}

static Value bytes_repeat(Value self, Value count) {
    int64_t n, length = bytes_length(self);
    if (value_to_size(count, &n) < 0)
        return VALUE_NULL;
    if (n <= 0 || length == 0)
        return ref_new(empty_bytes);
    if (n == 1)
        return bytes_as_type(&bytes_type, self);
    if (n > BYTES_LENGTH_MAX / length) {
        if (n > INT64_MAX / length)
            return raise_error(&exception_OverflowError, "repeated bytes are too long");
        return raise_memory_error();
    }
    uint8_t *out;
    Value result = bytes_allocate(length * n, &out);
    if (value_is_null(result))
        return result;
    if (length == 1) {
        memset(out, bytes_data(self)[0], (size_t)n);
    } else {
        size_t total = (size_t)(length * n), done = (size_t)length;
        memcpy(out, bytes_data(self), done);
        while (done < total) {
            size_t step = done < total - done ? done : total - done;
            memcpy(out + done, out, step);
            done += step;
        }
    }
    return result;
}

static int bytes_get_buffer(Value self, BufferView *view, bool writable) {
    if (writable)
        return raise_int(&exception_BufferError, "Object is not writable.");
    view->data = bytes_of(self)->data;
    view->length = bytes_length(self);
    view->readonly = true;
    return 0;
}

// ---- iterator ---------------------------------------------------------------------------------

// Guarded by the iterator's lock. At the end the iterator lets go of what it went over, for good.
typedef struct {
    Object header;
    Value bytes; // VALUE_NULL at the end
    int64_t index;
} BytesIterator;

static Value bytes_iter(Value self) {
    BytesIterator *it = object_allocate(&bytes_iterator_type);
    if (!it)
        return VALUE_NULL;
    it->index = 0;
    field_init(&it->bytes, ref_new(self));
    return value_from_object(it);
}

static Value bytes_iterator_next(Value self) {
    BytesIterator *it = (BytesIterator *)value_object(self);
    Value done = VALUE_NULL;
    uint8_t byte = 0;
    bool found = false;
    object_lock(&it->header);
    if (LIKELY(!value_is_null(it->bytes))) {
        found = it->index < bytes_length(it->bytes);
        if (LIKELY(found))
            byte = bytes_data(it->bytes)[it->index++];
        else
            done = field_swap_locked(&it->bytes, VALUE_NULL);
    }
    object_unlock(&it->header);
    if (LIKELY(found))
        return value_from_int(byte);
    ref_release(done);
    return VALUE_NULL;
}

static void bytes_iterator_destroy(Object *self) {
    ref_release(((BytesIterator *)self)->bytes);
    object_free_fixed(self);
}

static Value bytes_iterator_length_hint(Value self) {
    BytesIterator *it = (BytesIterator *)value_object(self);
    object_lock(&it->header);
    int64_t left = value_is_null(it->bytes) ? 0 : bytes_length(it->bytes) - it->index;
    object_unlock(&it->header);
    return value_from_int(left);
}

static Value bytes_iterator_reduce(Value self) {
    BytesIterator *it = (BytesIterator *)value_object(self);
    object_lock(&it->header);
    Value bytes = it->bytes;
    ref_retain(bytes);
    int64_t index = it->index;
    object_unlock(&it->header);
    if (value_is_null(bytes))
        return iterator_reduce("iter", tuple_empty(), VALUE_NULL);
    return iterator_reduce("iter", bytes, value_from_int(index));
}

static Value bytes_iterator_setstate(Value self, Value state) {
    BytesIterator *it = (BytesIterator *)value_object(self);
    int64_t index;
    if (value_to_size(state, &index) < 0)
        return VALUE_NULL;
    object_lock(&it->header);
    if (!value_is_null(it->bytes)) {
        int64_t length = bytes_length(it->bytes);
        it->index = index < 0 ? 0 : index > length ? length : index;
    }
    object_unlock(&it->header);
    return none_new();
}

static void bytes_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((BytesIterator *)self)->bytes);
}

static const NativeDef bytes_iterator_methods[] = {
    DEF_NONE("__length_hint__", bytes_iterator_length_hint, "How many bytes are left."),
    DEF_NONE("__reduce__", bytes_iterator_reduce, "State for pickling."),
    DEF_ONE("__setstate__", bytes_iterator_setstate, "Sets the position."),
    DEF_END,
};

Type bytes_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "bytes_iterator",
    .basic_size = sizeof(BytesIterator),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = bytes_iterator_destroy,
    .traverse = bytes_iterator_traverse,
    .iter = object_self_iter,
    .next = bytes_iterator_next,
    .methods = bytes_iterator_methods,
};

Type bytes_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "bytes",
    .basic_size = sizeof(Bytes),
    .item_size = 1,
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_BYTES_SUBCLASS | TYPE_IMMUTABLE | TYPE_PATMA_SELF,
    .doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
           "bytes(bytes_or_buffer) -> bytes\nbytes(int) -> bytes of zeros\nbytes() -> b''\n\n"
           "An immutable sequence of bytes.",
    .call_new = bytes_call_new,
    .destroy = bytes_destroy,
    .repr = bytes_repr,
    .hash = bytes_hash,
    .str = bytes_str,
    .compare = bytes_compare,
    .iter = bytes_iter,
    .binary = {[BINARY_MODULO] = bytes_remainder},
    .length = bytes_length_slot,
    .getitem = bytes_getitem,
    .sequence_item = bytes_item,
    .contains = bytes_contains,
    .concatenate = bytes_concat,
    .repeat = bytes_repeat,
    .get_buffer = bytes_get_buffer,
    .methods = bytes_methods,
};

void bytes_start(void) {
    Bytes *empty = allocate(0);
    ref_immortalize(empty);
    empty_bytes = value_from_object(empty);
    for (int i = 0; i < 256; i++) {
        Bytes *b = allocate(1);
        b->data[0] = (uint8_t)i;
        ref_immortalize(b);
        single_bytes[i] = value_from_object(b);
    }
    bytes_hex_start();
    type_ready(&bytes_type);
    type_ready(&bytes_iterator_type);
    bytearray_start();
    memoryview_start();
}
