// SPDX-License-Identifier: MIT
//
// Methods of array.array, and its pickled form.
#include "vm/modules/array_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>

enum { FILE_BLOCK = 65536 };

static const ArrayPlace at_end = {ARRAY_END, 0, 0};

static Value method_append(Value self, Value v) {
    return array_insert(array_of(self), ARRAY_LENGTH_MAX, v) < 0 ? VALUE_NULL : none_new();
}

static Value method_extend(Value self, Value source) {
    return array_extend(self, source) < 0 ? VALUE_NULL : none_new();
}

static Value method_insert(Value self, const Value *args, size_t nargs) {
    int64_t index;
    if (size_argument(args[0], &index) < 0 || array_insert(array_of(self), index, args[1]) < 0)
        return VALUE_NULL;
    return none_new();
}

// Lock held. Takes out item i, which is there.
static void take_at(Array *a, int64_t i) {
    size_t size = a->kind->size;
    memmove(a->data + (size_t)i * size, a->data + (size_t)(i + 1) * size,
            (size_t)(a->length - i - 1) * size);
    __atomic_store_n(&a->length, a->length - 1, __ATOMIC_RELAXED);
}

// Is the item one that no object can be made of, a 'u' beyond the last code point?
static bool no_object(const ItemKind *kind, const uint8_t *item) {
    uint32_t point;
    memcpy(&point, item, sizeof point);
    return kind->code == 'u' && point > 0x10ffff;
}

// An item of which no object can be made stays.
static Value method_pop(Value self, const Value *args, size_t nargs) {
    int64_t index = -1;
    Array *a = array_of(self);
    if (nargs && size_argument(args[0], &index) < 0)
        return VALUE_NULL;
    uint8_t item[8] = {0};
    size_t size = a->kind->size;
    if (!array_lock_to_change(a))
        return VALUE_NULL;
    int64_t length = a->length;
    if (index < 0)
        index += length;
    bool found = index >= 0 && index<length, exported = a->viewers.lasting> 0;
    if (found && !exported) {
        memcpy(item, a->data + (size_t)index * size, size);
        if (!no_object(a->kind, item))
            take_at(a, index);
    }
    object_unlock(&a->header);
    if (!found)
        return raise_error(&exception_IndexError,
                           length ? "pop index out of range" : "pop from empty array");
    if (exported && array_exports_are_over(a))
        return method_pop(self, args, nargs);
    if (exported)
        return raise_error(&exception_BufferError,
                           "cannot resize an array that is exporting buffers");
    return array_unpack(a->kind, item);
}

// ---- searching --------------------------------------------------------------------------------

// What to look for without running code.
typedef struct {
    enum { WANTED_PACKED, WANTED_REAL, WANTED_NOTHING, WANTED_OTHER } how;
    uint8_t packed[8]; // an item of integers is equal if its bytes are
    double real;       // one of floats, if its value is
} Wanted;

static bool real_of(Value v, double *real) {
    enum { EXACT_BITS = 53 }; // of ints
    if (value_is_flonum(v) || value_is_exactly(v, &float_type)) {
        *real = float_value(v);
        return true;
    }
    if (!value_is_int(v) || value_int(v) > (int64_t)1 << EXACT_BITS ||
        value_int(v) < -((int64_t)1 << EXACT_BITS))
        return false;
    *real = (double)value_int(v);
    return true;
}

static Wanted wanted_of(const ItemKind *kind, Value v) {
    Wanted wanted = {.how = WANTED_OTHER};
    if (kind->code == 'u')
        return wanted;
    if (!kind->is_integer) {
        if (real_of(v, &wanted.real))
            wanted.how = WANTED_REAL;
        return wanted;
    }
    if (!value_is_int(v)) {
        // A float of an integral value that an int in a word can have, or of none.
        if (!real_of(v, &wanted.real) || !(fabs(wanted.real) < 0x1p61))
            return wanted;
        v = value_from_int((int64_t)wanted.real);
        if ((double)value_int(v) != wanted.real) {
            wanted.how = WANTED_NOTHING;
            return wanted;
        }
    }
    wanted.how = array_pack_plain(kind, v, wanted.packed) ? WANTED_PACKED : WANTED_NOTHING;
    return wanted;
}

// The place of the first such item from start on, before stop, or -1. Lock held.
static int64_t find_wanted(const Array *a, const Wanted *wanted, int64_t start, int64_t stop) {
    size_t size = a->kind->size;
    if (stop > a->length)
        stop = a->length;
    int64_t i = start < 0 ? 0 : start;
    if (wanted->how == WANTED_NOTHING)
        return -1;
    if (wanted->how == WANTED_PACKED) {
        for (; i < stop; i++)
            if (memcmp(a->data + (size_t)i * size, wanted->packed, size) == 0)
                return i;
    } else if (size == sizeof(float)) {
        for (const float *items = (const float *)(const void *)a->data; i < stop; i++)
            if ((double)items[i] == wanted->real)
                return i;
    } else {
        for (const double *items = (const double *)(const void *)a->data; i < stop; i++)
            if (items[i] == wanted->real)
                return i;
    }
    return -1;
}

// By comparing the items as objects, which may run Python code.
static int64_t find_by_comparing(Array *a, Value v, int64_t start, int64_t stop, bool counting) {
    int64_t found = 0;
    for (int64_t i = start < 0 ? 0 : start; i < stop; i++) {
        Value item = array_get(a, i);
        if (value_is_null(item)) {
            if (error_occurred())
                return -2;
            break;
        }
        int equal = value_equals(item, v);
        ref_release(item);
        if (equal < 0)
            return -2;
        if (equal && !counting)
            return i;
        found += equal;
    }
    return counting ? found : -1;
}

int64_t array_find(Array *a, Value v, int64_t start, int64_t stop, bool counting) {
    Wanted wanted = wanted_of(a->kind, v);
    if (wanted.how == WANTED_OTHER)
        return find_by_comparing(a, v, start, stop, counting);
    int64_t found = 0;
    object_lock(&a->header);
    int64_t i = find_wanted(a, &wanted, start, stop);
    for (int64_t at = i; counting && at >= 0; found++)
        at = find_wanted(a, &wanted, at + 1, stop);
    object_unlock(&a->header);
    return counting ? found : i;
}

// Takes out the first one at one moment: 1; 0: there is none, 2: a view is in the way, -1:
// MemoryError.
static int remove_wanted(Array *a, const Wanted *wanted) {
    if (!array_lock_to_change(a))
        return -1;
    int64_t i = find_wanted(a, wanted, 0, INT64_MAX);
    int result = i < 0 ? 0 : a->viewers.lasting > 0 ? 2 : 1;
    if (result == 1)
        take_at(a, i);
    object_unlock(&a->header);
    return result;
}

static Value method_index(Value self, const Value *args, size_t nargs) {
    int64_t start = 0, stop = INT64_MAX, length;
    if ((nargs > 1 && slice_bound(args[1], &start) < 0) ||
        (nargs > 2 && slice_bound(args[2], &stop) < 0))
        return VALUE_NULL;
    length = array_length(self);
    if (start < 0 && (start += length) < 0)
        start = 0;
    if (stop < 0)
        stop += length;
    int64_t i = array_find(array_of(self), args[0], start, stop, false);
    if (i == -1)
        raise_value_error("array.index(x): x not in array");
    return i < 0 ? VALUE_NULL : value_from_int(i);
}

static Value method_count(Value self, Value v) {
    int64_t count = array_find(array_of(self), v, 0, INT64_MAX, true);
    return count < 0 ? VALUE_NULL : value_from_int(count);
}

static Value method_remove(Value self, Value v) {
    Array *a = array_of(self);
    Wanted wanted = wanted_of(a->kind, v);
    bool plain = wanted.how != WANTED_OTHER;
    int removed = plain ? remove_wanted(a, &wanted) : 0;
    if (removed < 0)
        return VALUE_NULL;
    if (removed == 1)
        return none_new();
    // With a view in the way array_splice raises, or finds it gone.
    int64_t i = plain && !removed ? -1 : array_find(a, v, 0, INT64_MAX, false);
    if (i == -1)
        return raise_value_error("array.remove(x): x not in array");
    if (i < 0 || array_splice(a, (ArrayPlace){ARRAY_SLICE, i, i + 1}, NULL, 0) < 0)
        return VALUE_NULL;
    return none_new();
}

static Value method_reverse(Value self) {
    Array *a = array_of(self);
    size_t size = a->kind->size;
    if (!array_lock_to_change(a))
        return VALUE_NULL;
    for (int64_t i = 0, j = a->length - 1; i < j; i++, j--) {
        uint8_t item[8];
        memcpy(item, a->data + (size_t)i * size, size);
        memcpy(a->data + (size_t)i * size, a->data + (size_t)j * size, size);
        memcpy(a->data + (size_t)j * size, item, size);
    }
    object_unlock(&a->header);
    return none_new();
}

static void swap_bytes(uint8_t *data, int64_t count, size_t size) {
    if (size == 2) {
        uint16_t *words = (uint16_t *)(void *)data;
        for (int64_t i = 0; i < count; i++)
            words[i] = (uint16_t)(words[i] << 8 | words[i] >> 8);
    } else if (size == 4) {
        uint32_t *words = (uint32_t *)(void *)data;
        for (int64_t i = 0; i < count; i++)
            words[i] = __builtin_bswap32(words[i]);
    } else if (size == 8) {
        uint64_t *words = (uint64_t *)(void *)data;
        for (int64_t i = 0; i < count; i++)
            words[i] = __builtin_bswap64(words[i]);
    }
}

static Value method_byteswap(Value self) {
    Array *a = array_of(self);
    if (!array_lock_to_change(a))
        return VALUE_NULL;
    swap_bytes(a->data, a->length, a->kind->size);
    object_unlock(&a->header);
    return none_new();
}

static Value method_buffer_info(Value self) {
    Array *a = array_of(self);
    object_lock(&a->header);
    uint8_t *data = a->data;
    int64_t length = a->length;
    object_unlock(&a->header);
    return tuple_pair_owned(int_from_u64((uint64_t)data), value_from_int(length));
}

// ---- bytes, lists, text, files -----------------------------------------------------------------

static Value method_frombytes(Value self, Value data) {
    ByteText text;
    size_t size = array_of(self)->kind->size;
    if (byte_text_get(data, &text) < 0)
        return VALUE_NULL;
    int status;
    if (!value_is_null(text.view.owner) && text.view.item_size > 1)
        status = raise_int(&exception_TypeError, "a bytes-like object is required");
    else if (text.length % (int64_t)size)
        status = raise_int(&exception_ValueError, "bytes length not a multiple of item size");
    else
        status = array_splice(array_of(self), at_end, text.data, text.length / (int64_t)size);
    byte_text_release(&text);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value method_tobytes(Value self) {
    uint8_t *items;
    int64_t count;
    if (array_snapshot(array_of(self), &items, &count) < 0)
        return VALUE_NULL;
    Value bytes = bytes_new(items, (size_t)count * array_of(self)->kind->size);
    buffer_free(items);
    return bytes;
}

static Value method_tolist(Value self) {
    const ItemKind *kind = array_of(self)->kind;
    uint8_t *items;
    int64_t count;
    if (array_snapshot(array_of(self), &items, &count) < 0)
        return VALUE_NULL;
    Value list = list_new_sized(count);
    List *out = value_is_null(list) ? NULL : list_of(list); // nobody else sees it yet
    size_t size = kind->size;
    for (int64_t i = 0; out && i < count; i++) {
        Value item = array_unpack(kind, items + (size_t)i * size);
        if (UNLIKELY(value_is_null(item))) {
            ref_release(list);
            list = VALUE_NULL;
            break;
        }
        out->items[i] = item;
        out->length = i + 1;
    }
    buffer_free(items);
    return list;
}

static Value method_fromlist(Value self, Value list) {
    const ItemKind *kind = array_of(self)->kind;
    if (!value_is_list(list))
        return raise_type_error("arg must be list");
    Value tuple = list_to_tuple(list);
    if (value_is_null(tuple))
        return VALUE_NULL;
    int64_t count = tuple_length(tuple);
    uint8_t *items = buffer_allocate((size_t)count * kind->size + 8);
    int status = items ? 0 : (raise_memory_error(), -1);
    for (int64_t i = 0; i < count && status == 0; i++)
        status = array_pack(kind, tuple_item(tuple, i), items + (size_t)i * kind->size);
    if (status == 0)
        status = array_splice(array_of(self), at_end, items, count);
    buffer_free(items);
    ref_release(tuple);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value method_fromunicode(Value self, Value text) {
    if (!value_is_str(text))
        return raise_type_error("fromunicode() argument must be str, not %G", text);
    if (array_of(self)->kind->code != 'u')
        return raise_value_error("fromunicode() may only be called on unicode type arrays");
    int64_t n = str_length(text);
    uint32_t *points = buffer_allocate((size_t)n * sizeof *points + 1);
    if (!points)
        return raise_memory_error();
    for (int64_t i = 0; i < n; i++)
        points[i] = str_at(text, i);
    int status = array_splice(array_of(self), at_end, (const uint8_t *)points, n);
    buffer_free(points);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value method_tounicode(Value self) {
    if (array_of(self)->kind->code != 'u')
        return raise_value_error("tounicode() may only be called on unicode type arrays");
    uint8_t *items;
    int64_t count;
    if (array_snapshot(array_of(self), &items, &count) < 0)
        return VALUE_NULL;
    const uint32_t *points = (const uint32_t *)items;
    Value text = VALUE_NULL;
    int64_t i = 0;
    while (i < count && points[i] <= 0x10ffff)
        i++;
    if (i < count)
        raise_value_error("character U+%x is not in range [U+0000; U+10ffff]", points[i]);
    else
        text = str_from_ucs4(points, (size_t)count);
    buffer_free(items);
    return text;
}

static Value method_tofile(Value self, Value file) {
    uint8_t *items;
    int64_t count;
    if (array_snapshot(array_of(self), &items, &count) < 0)
        return VALUE_NULL;
    int64_t bytes = count * array_of(self)->kind->size;
    int status = 0;
    for (int64_t at = 0; at < bytes && status == 0; at += FILE_BLOCK) {
        int64_t n = bytes - at < FILE_BLOCK ? bytes - at : FILE_BLOCK;
        Value block = bytes_new(items + at, (size_t)n);
        Value done = value_is_null(block) ? block : value_call_method(file, name_write, &block, 1);
        status = value_is_null(done) ? -1 : 0;
        ref_release(block);
        ref_release(done);
    }
    buffer_free(items);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value method_fromfile(Value self, const Value *args, size_t nargs) {
    int64_t n, bytes, size = array_of(self)->kind->size;
    if (size_argument(args[1], &n) < 0)
        return VALUE_NULL;
    if (n < 0)
        return raise_value_error("negative count");
    if (__builtin_mul_overflow(n, size, &bytes))
        return raise_memory_error();
    Value count = int_from_i64(bytes);
    Value data = value_call_method(args[0], name_read, &count, 1);
    ref_release(count);
    if (value_is_null(data))
        return VALUE_NULL;
    if (!value_is_bytes(data)) {
        ref_release(data);
        return raise_type_error("read() didn't return bytes");
    }
    bool enough = bytes_length(data) == bytes;
    Value result = method_frombytes(self, data);
    ref_release(data);
    if (!value_is_null(result) && !enough) {
        ref_release(result);
        return raise_error(&exception_EOFError, "read() didn't return enough bytes");
    }
    return result;
}

// ---- copying and pickling ---------------------------------------------------------------------

Value array_copy(Value self) {
    Value copy = array_make(&array_type, array_of(self)->kind);
    if (!value_is_null(copy) && array_extend(copy, self) < 0) {
        ref_release(copy);
        return VALUE_NULL;
    }
    return copy;
}
static Value method_deepcopy(Value self, Value memo) {
    return array_copy(self);
}

// Machine formats of pickled arrays; each little-endian code is even from 2 on, its big-endian one
// follows.
enum {
    FORMAT_UNSIGNED_8,
    FORMAT_SIGNED_8,
    FORMAT_UNSIGNED_16,
    FORMAT_SIGNED_16 = 4,
    FORMAT_UNSIGNED_32 = 6,
    FORMAT_SIGNED_32 = 8,
    FORMAT_UNSIGNED_64 = 10,
    FORMAT_SIGNED_64 = 12,
    FORMAT_FLOAT = 14,
    FORMAT_DOUBLE = 16,
    FORMAT_UTF16 = 18,
    FORMAT_UTF32 = 20,
    FORMAT_COUNT = 22
};

static int format_of(const ItemKind *kind) {
    if (kind->code == 'u')
        return FORMAT_UTF32;
    if (!kind->is_integer)
        return kind->code == 'f' ? FORMAT_FLOAT : FORMAT_DOUBLE;
    switch (kind->size) {
    case 1:
        return kind->is_signed ? FORMAT_SIGNED_8 : FORMAT_UNSIGNED_8;
    case 2:
        return kind->is_signed ? FORMAT_SIGNED_16 : FORMAT_UNSIGNED_16;
    case 4:
        return kind->is_signed ? FORMAT_SIGNED_32 : FORMAT_UNSIGNED_32;
    default:
        return kind->is_signed ? FORMAT_SIGNED_64 : FORMAT_UNSIGNED_64;
    }
}

static Value method_reduce_ex(Value self, Value protocol_value) {
    int64_t protocol;
    if (value_to_i64(protocol_value, &protocol) < 0)
        return VALUE_NULL;
    const ItemKind *kind = array_of(self)->kind;
    Value dict, parts[4], result = VALUE_NULL;
    if (value_lookup_attr(self, name___dict__, &dict) < 0)
        return VALUE_NULL;
    if (value_is_null(dict))
        dict = none_new();
    Value type = value_from_object(value_type(self)),
          code = str_from_code_point((uint8_t)kind->code);
    if (protocol < 3) {
        Value items = method_tolist(self);
        Value args = value_is_null(items) ? items : tuple_pack(2, code, items);
        if (!value_is_null(args))
            result = tuple_pack(3, type, args, dict);
        ref_release(items);
        ref_release(args);
    } else {
        Value module = import_module_cstr("array");
        parts[0] =
            value_is_null(module) ? module : value_getattr_cstr(module, "_array_reconstructor");
        parts[1] = method_tobytes(self);
        parts[2] = value_is_null(parts[0]) || value_is_null(parts[1])
                       ? VALUE_NULL
                       : tuple_pack(4, type, code, value_from_int(format_of(kind)), parts[1]);
        if (!value_is_null(parts[2]))
            result = tuple_pack(3, parts[0], parts[2], dict);
        ref_release(module);
        for (int i = 0; i < 3; i++)
            ref_release(parts[i]);
    }
    ref_release(code);
    ref_release(dict);
    return result;
}

// Items of another machine format: each is read as a value and packed as this array's kind.
static int decode_items(Value self, int format, const uint8_t *data, int64_t length) {
    bool big = format >= 2 && (format & 1);
    int base = format < 2 ? format : format & ~1;
    if (base >= FORMAT_UTF16) {
        static const char *const names[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
        Value text = codec_decode(data, (size_t)length, names[format - FORMAT_UTF16], NULL);
        if (value_is_null(text))
            return -1;
        Value done = method_fromunicode(self, text);
        ref_release(text);
        ref_release(done);
        return value_is_null(done) ? -1 : 0;
    }
    static const uint8_t sizes[] = {1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 8, 8};
    size_t size = sizes[format];
    for (int64_t at = 0; at < length; at += (int64_t)size) {
        uint8_t item[8] = {0};
        memcpy(item, data + at, size);
        if (big)
            swap_bytes(item, 1, size);
        Value v;
        if (base >= FORMAT_FLOAT) {
            v = array_unpack(array_kind(base == FORMAT_FLOAT ? 'f' : 'd'), item);
        } else {
            bool is_signed = base == FORMAT_SIGNED_8 || base == FORMAT_SIGNED_16 ||
                             base == FORMAT_SIGNED_32 || base == FORMAT_SIGNED_64;
            v = int_from_bytes(item, size, true, is_signed);
        }
        Value done = value_is_null(v) ? v : method_append(self, v);
        ref_release(v);
        if (value_is_null(done))
            return -1;
        ref_release(done);
    }
    return 0;
}

// The kind that a pickled array of integers gets here: one with the machine format's size and sign.
static const ItemKind *kind_for(const ItemKind *kind, int format) {
    int base = format < 2 ? format : format & ~1;
    if (base >= FORMAT_FLOAT || format_of(kind) == base)
        return kind;
    for (const char *code = "qQlLiIhHbB"; *code; code++)
        if (format_of(array_kind((uint8_t)*code)) == base)
            return array_kind((uint8_t)*code);
    return kind;
}

Value array_reconstruct(Value self, const Value *args, size_t nargs) {
    if (!value_is_instance(args[0], &type_type))
        return raise_type_error("first argument must be a type object, not %T", args[0]);
    Type *type = (Type *)value_object(args[0]);
    if (!type_is_subtype(type, &array_type))
        return raise_type_error("%N is not a subtype of array.array", type);
    if (!value_is_str(args[1]) || str_length(args[1]) != 1)
        return raise_type_error(
            "_array_reconstructor() argument 2 must be a unicode character, not %G", args[1]);
    int64_t format;
    if (value_to_i64(args[2], &format) < 0)
        return VALUE_NULL;
    const ItemKind *kind = array_kind(str_at(args[1], 0));
    if (!kind)
        return raise_value_error("second argument must be a valid type code");
    if (format < 0 || format >= FORMAT_COUNT)
        return raise_value_error("third argument must be a valid machine format code.");
    if (!value_is_bytes(args[3]))
        return raise_type_error("fourth argument should be bytes, not %T", args[3]);
    static const uint8_t sizes[] = {1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8,
                                    8, 8, 8, 4, 4, 8, 8, 2, 2, 4, 4};
    const uint8_t *data = bytes_data(args[3]);
    int64_t length = bytes_length(args[3]);
    bool same = format_of(kind) == format;
    if (!same && format < FORMAT_UTF16 && length % sizes[format])
        return raise_value_error("string length not a multiple of item size");
    Value array = array_make(type, same ? kind : kind_for(kind, (int)format));
    if (value_is_null(array))
        return VALUE_NULL;
    int status;
    if (same) {
        Value done = method_frombytes(array, args[3]);
        status = value_is_null(done) ? -1 : 0;
        ref_release(done);
    } else {
        status = decode_items(array, (int)format, data, length);
    }
    if (status == 0)
        return array;
    ref_release(array);
    return VALUE_NULL;
}

static Value method_sizeof(Value self) {
    Array *a = array_of(self);
    object_lock(&a->header);
    int64_t bytes = (int64_t)sizeof(Array) + a->capacity * a->kind->size;
    object_unlock(&a->header);
    return value_from_int(bytes);
}

const NativeDef array_methods[] = {
    DEF_ONE("append", method_append, "append($self, v, /)\n--\n\nPuts v at the end."),
    DEF_NONE("buffer_info", method_buffer_info,
             "buffer_info($self, /)\n--\n\nThe address and the number of items."),
    DEF_NONE("byteswap", method_byteswap,
             "byteswap($self, /)\n--\n\nTurns round the bytes of each item."),
    DEF_ONE("count", method_count, "count($self, v, /)\n--\n\nHow often v occurs."),
    DEF_ONE("extend", method_extend, "extend($self, bb, /)\n--\n\nAppends items from an iterable."),
    DEF_FIXED("fromfile", method_fromfile, 2, 2,
              "fromfile($self, f, n, /)\n--\n\nAppends n items read from a file."),
    DEF_ONE("fromlist", method_fromlist,
            "fromlist($self, list, /)\n--\n\nAppends the items of a list."),
    DEF_ONE("frombytes", method_frombytes,
            "frombytes($self, buffer, /)\n--\n\nAppends items given as machine values."),
    DEF_ONE("fromunicode", method_fromunicode,
            "fromunicode($self, ustr, /)\n--\n\nAppends the characters of a text."),
    DEF_FIXED("index", method_index, 1, 3,
              "index($self, v, start=0, stop=sys.maxsize, /)\n--\n\nThe place of the first v."),
    DEF_FIXED("insert", method_insert, 2, 2,
              "insert($self, i, v, /)\n--\n\nPuts v before place i."),
    DEF_FIXED("pop", method_pop, 0, 1, "pop($self, i=-1, /)\n--\n\nTakes out the item at place i."),
    DEF_ONE("remove", method_remove, "remove($self, v, /)\n--\n\nTakes out the first v."),
    DEF_NONE("reverse", method_reverse,
             "reverse($self, /)\n--\n\nTurns round the order of the items."),
    DEF_ONE("tofile", method_tofile, "tofile($self, f, /)\n--\n\nWrites the items to a file."),
    DEF_NONE("tolist", method_tolist, "tolist($self, /)\n--\n\nThe items as a list."),
    DEF_NONE("tobytes", method_tobytes, "tobytes($self, /)\n--\n\nThe items as machine values."),
    DEF_NONE("tounicode", method_tounicode, "tounicode($self, /)\n--\n\nThe items as a text."),
    DEF_NONE("__copy__", array_copy, "__copy__($self, /)\n--\n\nA copy."),
    DEF_ONE("__deepcopy__", method_deepcopy, "__deepcopy__($self, unused, /)\n--\n\nA copy."),
    DEF_ONE("__reduce_ex__", method_reduce_ex,
            "__reduce_ex__($self, value, /)\n--\n\nState for pickling."),
    DEF_NONE("__sizeof__", method_sizeof, "__sizeof__($self, /)\n--\n\nBytes taken."),
    DEF_END,
};
