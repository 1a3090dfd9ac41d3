// SPDX-License-Identifier: MIT
//
// Builtin values written in CPython's format (the comments of versions 0 to 4 are those of the
// `marshal` module's documentation). From version 3 on, what is met again is referred to by the
// number of objects before it that can be. CPython does so only for what has more than one
// reference; here everything can be referred to, for counts say nothing.
#include "vm/modules/marshal_internal.h"
#include "vm/interp/code.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict_table.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <string.h>
#include <stdlib.h>

typedef MarshalWriter Writer;

static __attribute__((noinline)) int make_room(Writer *w, size_t length) {
    size_t capacity = (w->length + length) * 2 + 64;
    uint8_t *larger = buffer_resize(w->data, capacity);
    if (!larger) {
        raise_memory_error();
        return -1;
    }
    w->data = larger;
    w->capacity = capacity;
    return 0;
}
// Where `length` bytes go, which count as written; NULL with MemoryError.
ALWAYS_INLINE uint8_t *put_space(Writer *w, size_t length) {
    if (UNLIKELY(w->capacity - w->length < length) && make_room(w, length) < 0)
        return NULL;
    w->length += length;
    return w->data + w->length - length;
}
int marshal_put(Writer *w, const void *data, size_t length) {
    uint8_t *to = put_space(w, length);
    if (!to)
        return -1;
    memcpy(to, data, length);
    return 0;
}
int marshal_put_byte(Writer *w, int byte) {
    uint8_t *to = put_space(w, 1);
    if (!to)
        return -1;
    *to = (uint8_t)byte;
    return 0;
}
static int put_number(Writer *w, int64_t n, int bytes) {
    return marshal_put(w, &n, (size_t)bytes);
} // little-endian
static int put_head(Writer *w, int code, int64_t size) {
    if (UNLIKELY(size > INT32_MAX))
        return raise_int(&exception_ValueError, "unmarshallable object");
    uint8_t *to = put_space(w, 5);
    if (!to)
        return -1;
    to[0] = (uint8_t)code;
    int32_t narrow = (int32_t)size;
    memcpy(to + 1, &narrow, 4);
    return 0;
}

static int write_int(Writer *w, int flag, Value v) {
    int64_t n;
    if (int_to_i64(v, &n) && n >= INT32_MIN && n <= INT32_MAX)
        return put_head(w, 'i' | flag, n);
    // Digits of 15 bits, the sign in their number.
    bool negative = int_sign(v) < 0;
    Value magnitude = negative ? int_negative(v) : ref_new(v);
    Value text = value_is_null(magnitude) ? magnitude : int_to_str(magnitude, 2, false);
    ref_release(magnitude);
    if (value_is_null(text))
        return -1;
    int64_t bits = str_length(text), digits = (bits + 14) / 15;
    int status = put_head(w, 'l' | flag, negative ? -digits : digits);
    for (int64_t d = 0; status == 0 && d < digits; d++) {
        int64_t digit = 0;
        for (int64_t i = 14; i >= 0; i--) {
            int64_t at = bits - 1 - (d * 15 + i);
            digit = digit << 1 | (at >= 0 && str_at(text, at) == '1');
        }
        status = put_number(w, digit, 2);
    }
    ref_release(text);
    return status;
}

// Until version 1 as text, behind its length.
static int write_double(Writer *w, double d) {
    if (w->version > 1)
        return marshal_put(w, &d, 8);
    StrBuilder b;
    str_builder_start(&b);
    float_format(&b, d, 'g', 17, false, false);
    Value text = str_builder_finish(&b);
    int status = value_is_null(text) || marshal_put_byte(w, (int)str_length(text)) < 0
                     ? -1
                     : marshal_put(w, str_of(text)->data, (size_t)str_length(text));
    ref_release(text);
    return status;
}

// Of a list, tuple or set, given as an array of it that nobody changes.
static int write_items(Writer *w, int code, const Value *items, int64_t count, int depth) {
    int status = put_head(w, code, count);
    for (int64_t i = 0; status == 0 && i < count; i++)
        status = marshal_write(w, items[i], depth + 1);
    return status;
}

static int write_list(Writer *w, int code, Value list, int depth) {
    Value *items;
    int64_t count;
    if (list_snapshot(list, &items, &count) < 0)
        return -1;
    int status = write_items(w, code, items, count, depth);
    for (int64_t i = 0; i < count; i++)
        ref_release(items[i]);
    buffer_free(items);
    return status;
}

typedef struct {
    Writer alone; // what the item is by itself
    Value item;
} SetItem;
static int by_bytes(const void *a, const void *b) {
    const Writer *x = &((const SetItem *)a)->alone, *y = &((const SetItem *)b)->alone;
    size_t common = x->length < y->length ? x->length : y->length;
    int order = common ? memcmp(x->data, y->data, common) : 0;
    return order ? order : (x->length > y->length) - (x->length < y->length);
}
static void release_writer(Writer *w) {
    pickle_memo_clear(&w->memo);
    buffer_free(w->data);
}
// In the order of what the items are in bytes: that of the set may be another one in each process.
static int write_set(Writer *w, int code, Value set, int depth) {
    Value list = list_from_iterable(set);
    Value *items;
    int64_t count, sorted = 0;
    if (value_is_null(list) || list_snapshot(list, &items, &count) < 0) {
        ref_release(list);
        return -1;
    }
    ref_release(list);
    SetItem *order = buffer_allocate((size_t)(count ? count : 1) * sizeof *order);
    int status = order ? 0 : -1;
    if (!order)
        raise_memory_error();
    for (; status == 0 && sorted < count; sorted++) {
        order[sorted] =
            (SetItem){{.version = w->version, .code_depth = w->code_depth}, items[sorted]};
        status = marshal_write(&order[sorted].alone, items[sorted], depth + 1);
    }
    if (status == 0) {
        qsort(order, (size_t)count, sizeof *order, by_bytes);
        status = put_head(w, code, count);
    }
    for (int64_t i = 0; status == 0 && i < count; i++)
        status = marshal_write(w, order[i].item, depth + 1);
    for (int64_t i = 0; i < sorted; i++)
        release_writer(&order[i].alone);
    buffer_free(order);
    for (int64_t i = 0; i < count; i++)
        ref_release(items[i]);
    buffer_free(items);
    return status;
}

static int write_dict(Writer *w, int code, Value v, int depth) {
    int64_t count;
    DictEntry *entries = dict_snapshot(dict_of(v), &count);
    int status = count < 0 ? -1 : marshal_put_byte(w, code);
    for (int64_t i = 0; status == 0 && i < count; i++) {
        status = marshal_write(w, entries[i].key, depth + 1);
        if (status == 0)
            status = marshal_write(w, entries[i].value, depth + 1);
    }
    for (int64_t i = 0; i < count; i++) {
        ref_release(entries[i].key);
        ref_release(entries[i].value);
    }
    buffer_free(entries);
    return status < 0 ? -1 : marshal_put_byte(w, '0');
}

// flag: FLAG_REFERENCE or 0.
static int write_str(Writer *w, int flag, Value v) {
    bool interned = w->version >= 3 && str_is_interned(v);
    int64_t length = str_length(v);
    if (w->version >= 4 && str_is_ascii(v)) {
        int status;
        if (length < 256)
            status = marshal_put_byte(w, (interned ? 'Z' : 'z') | flag) < 0
                         ? -1
                         : marshal_put_byte(w, (int)length);
        else
            status = put_head(w, (interned ? 'A' : 'a') | flag, length);
        return status < 0 ? -1 : marshal_put(w, str_of(v)->data, (size_t)length);
    }
    Value data = codec_encode(v, "utf-8", "surrogatepass");
    int status =
        value_is_null(data) || put_head(w, (interned ? 't' : 'u') | flag, bytes_length(data)) < 0
            ? -1
            : marshal_put(w, bytes_data(data), (size_t)bytes_length(data));
    ref_release(data);
    return status;
}

static int write_tuple(Writer *w, int flag, Value v, int depth) {
    const Tuple *t = tuple_of(v);
    if (w->version < 4 || t->length > 255)
        return write_items(w, '(' | flag, t->items, t->length, depth);
    int status = marshal_put_byte(w, ')' | flag) < 0 ? -1 : marshal_put_byte(w, (int)t->length);
    for (int64_t i = 0; status == 0 && i < t->length; i++)
        status = marshal_write(w, t->items[i], depth + 1);
    return status;
}

static int write_code(Writer *w, int flag, Value v, int depth) {
    int version = w->version;
    w->version = MARSHAL_VERSION; // the form is our own anyway, and names must be interned again
    w->code_depth++;
    int status = marshal_put_byte(w, 'c' | flag) < 0 ? -1 : marshal_write_code(w, v, depth);
    w->code_depth--;
    w->version = version;
    return status;
}

// Writes where the value was written before: 1; 0 if it was not, and -1. *flag becomes
// FLAG_REFERENCE if the value can be referred to from now on. Within code only names are: nothing
// else there has an identity that matters.
static int write_reference(Writer *w, Value v, int *flag) {
    *flag = 0;
    if (w->version < 3 || (w->code_depth && !(value_is_exact_str(v) && str_is_interned(v))))
        return 0;
    int64_t number = pickle_memo_find(&w->memo, v);
    if (number >= 0)
        return put_head(w, 'r', number) < 0 ? -1 : 1;
    *flag = FLAG_REFERENCE;
    return pickle_memo_put(&w->memo, v, w->memo.count);
}

static int write_builtin_object(Writer *w, int flag, Value v, int depth) {
    Type *type = value_type(v);
    if (type == &str_type)
        return write_str(w, flag, v);
    if (type == &int_type)
        return write_int(w, flag, v);
    if (type == &float_type)
        return marshal_put_byte(w, (w->version > 1 ? 'g' : 'f') | flag) < 0
                   ? -1
                   : write_double(w, float_value(v));
    if (type == &complex_type) {
        Value parts[2] = {value_getattr_cstr(v, "real"), value_getattr_cstr(v, "imag")};
        double d[2];
        int status = value_to_double(parts[0], &d[0]) | value_to_double(parts[1], &d[1]);
        ref_release(parts[0]);
        ref_release(parts[1]);
        return status < 0 || marshal_put_byte(w, (w->version > 1 ? 'y' : 'x') | flag) < 0 ||
                       write_double(w, d[0]) < 0
                   ? -1
                   : write_double(w, d[1]);
    }
    if (type == &code_type)
        return write_code(w, flag, v, depth);
    if (type == &tuple_type)
        return write_tuple(w, flag, v, depth);
    if (type == &list_type)
        return write_list(w, '[' | flag, v, depth);
    if (type == &set_type || type == &frozenset_type)
        return write_set(w, (type == &set_type ? '<' : '>') | flag, v, depth);
    if (type == &dict_type)
        return write_dict(w, '{' | flag, v, depth);
    if (w->code_depth && (type == &native_function_type || type == &type_type))
        return marshal_write_builtin(w, v, depth);
    if (w->code_depth && type == &slice_type) {
        const Slice *slice = (const Slice *)value_object(v);
        return marshal_put_byte(w, ':') < 0 || marshal_write(w, slice->start, depth + 1) < 0 ||
                       marshal_write(w, slice->stop, depth + 1) < 0
                   ? -1
                   : marshal_write(w, slice->step, depth + 1);
    }
    BufferView view;
    if (type->get_buffer && buffer_view_get_brief(v, &view) == 0) {
        int status = put_head(w, 's' | flag, view.length) < 0
                         ? -1
                         : marshal_put(w, view.data, (size_t)view.length);
        buffer_view_release(&view);
        return status;
    }
    error_clear();
    return raise_int(&exception_ValueError, "unmarshallable object");
}

int marshal_write(Writer *w, Value v, int depth) {
    if (depth >= MARSHAL_DEEPEST)
        return raise_int(&exception_ValueError, "object too deeply nested to marshal");
    if (value_is_int(v))
        return write_int(w, 0, v);
    if (value_is_none(v))
        return marshal_put_byte(w, 'N');
    if (value_is_bool(v))
        return marshal_put_byte(w, value_same(v, VALUE_TRUE) ? 'T' : 'F');
    if (value_same(v, VALUE_ELLIPSIS))
        return marshal_put_byte(w, '.');
    if (value_same(v, value_from_object(&exception_StopIteration)))
        return marshal_put_byte(w, 'S');
    int flag = 0, known = value_is_flonum(v) ? 0 : write_reference(w, v, &flag);
    return known ? (known < 0 ? -1 : 0) : write_builtin_object(w, flag, v, depth);
}

Value marshal_dumps(Value v, int version) {
    Writer w = {.version = version, .filename = VALUE_NULL};
    Value result = marshal_write(&w, v, 0) < 0 ? VALUE_NULL : bytes_new(w.data, w.length);
    release_writer(&w);
    return result;
}
