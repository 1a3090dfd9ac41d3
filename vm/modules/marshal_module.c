// SPDX-License-Identifier: MIT
//
// The `marshal` module: builtin values as bytes, in CPython's format (version 4, written without
// back references but for names in code; they are understood when read). Code objects
// (marshal_code.c) have a form of their own: this interpreter's code means nothing to CPython.
#include "vm/modules/marshal_internal.h"
#include "vm/interp/code.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict_table.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/runtime/audit.h"
#include "vm/types/tuple.h"
#include <string.h>

enum { VERSION = 4, DEEPEST = 2000, FLAG_REFERENCE = 0x80 };

// ---- writing --------------------------------------------------------------------------------

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

static int write_int(Writer *w, Value v) {
    int64_t n;
    if (int_to_i64(v, &n) && n >= INT32_MIN && n <= INT32_MAX)
        return put_head(w, 'i', n);
    // Digits of 15 bits, the sign in their number.
    bool negative = int_sign(v) < 0;
    Value magnitude = negative ? int_negative(v) : ref_new(v);
    Value text = value_is_null(magnitude) ? magnitude : int_to_str(magnitude, 2, false);
    ref_release(magnitude);
    if (value_is_null(text))
        return -1;
    int64_t bits = str_length(text), digits = (bits + 14) / 15;
    int status = put_head(w, 'l', negative ? -digits : digits);
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

static int write_double(Writer *w, double d) {
    return marshal_put(w, &d, 8);
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

static int write_set(Writer *w, int code, Value set, int depth) {
    Value items = list_from_iterable(set);
    int status = value_is_null(items) ? -1 : write_list(w, code, items, depth);
    ref_release(items);
    return status;
}

static int write_dict(Writer *w, Value v, int depth) {
    int64_t count;
    DictEntry *entries = dict_snapshot(dict_of(v), &count);
    int status = count < 0 ? -1 : marshal_put_byte(w, '{');
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

static int write_str(Writer *w, Value v) {
    int code = str_is_interned(v) ? 't' : 'u';
    if (code == 't' && !value_is_null(w->seen)) {
        Value number = dict_get(w->seen, v);
        if (!value_is_null(number))
            return put_head(w, 'r', value_int(number));
        if (error_occurred() || dict_set(w->seen, v, value_from_int(dict_length(w->seen))) < 0)
            return -1;
        code |= FLAG_REFERENCE;
    }
    if (str_is_ascii(v))
        return put_head(w, code, str_length(v)) < 0
                   ? -1
                   : marshal_put(w, str_of(v)->data, (size_t)str_length(v));
    Value data = codec_encode(v, "utf-8", "surrogatepass");
    int status = value_is_null(data) || put_head(w, code, bytes_length(data)) < 0
                     ? -1
                     : marshal_put(w, bytes_data(data), (size_t)bytes_length(data));
    ref_release(data);
    return status;
}

// Within code, names are written once. (Nothing else that is written is referred to.)
static int write_outer_code(Writer *w, Value v, int depth) {
    if (value_is_null(w->seen)) {
        w->seen = dict_new();
        if (value_is_null(w->seen))
            return -1;
    }
    return marshal_write_code(w, v, depth);
}

int marshal_write(Writer *w, Value v, int depth) {
    if (depth > DEEPEST)
        return raise_int(&exception_ValueError, "object too deeply nested to marshal");
    Type *type = value_type(v);
    if (type == &int_type)
        return write_int(w, v);
    if (type == &str_type)
        return write_str(w, v);
    if (value_is_none(v))
        return marshal_put_byte(w, 'N');
    if (value_is_bool(v))
        return marshal_put_byte(w, value_same(v, VALUE_TRUE) ? 'T' : 'F');
    if (value_same(v, VALUE_ELLIPSIS))
        return marshal_put_byte(w, '.');
    if (value_same(v, value_from_object(&exception_StopIteration)))
        return marshal_put_byte(w, 'S');
    if (type == &float_type) {
        double d;
        return value_to_double(v, &d) < 0 || marshal_put_byte(w, 'g') < 0 ? -1 : write_double(w, d);
    }
    if (type == &complex_type) {
        Value parts[2] = {value_getattr_cstr(v, "real"), value_getattr_cstr(v, "imag")};
        double d[2];
        int status = value_to_double(parts[0], &d[0]) | value_to_double(parts[1], &d[1]);
        return status < 0 || marshal_put_byte(w, 'y') < 0 || write_double(w, d[0]) < 0
                   ? -1
                   : write_double(w, d[1]);
    }
    if (type == &code_type)
        return write_outer_code(w, v, depth);
    if (type == &tuple_type)
        return write_items(w, '(', tuple_of(v)->items, tuple_length(v), depth);
    if (type == &list_type)
        return write_list(w, '[', v, depth);
    if (type == &set_type || type == &frozenset_type)
        return write_set(w, type == &set_type ? '<' : '>', v, depth);
    if (type == &dict_type)
        return write_dict(w, v, depth);
    if (!value_is_null(w->seen) && (type == &native_function_type || type == &type_type))
        return marshal_write_builtin(w, v, depth);
    if (!value_is_null(w->seen) && type == &slice_type) {
        const Slice *slice = (const Slice *)value_object(v);
        return marshal_put_byte(w, ':') < 0 || marshal_write(w, slice->start, depth + 1) < 0 ||
                       marshal_write(w, slice->stop, depth + 1) < 0
                   ? -1
                   : marshal_write(w, slice->step, depth + 1);
    }
    BufferView view;
    if (type->get_buffer && buffer_view_get(v, &view, false) == 0) {
        int status =
            put_head(w, 's', view.length) < 0 ? -1 : marshal_put(w, view.data, (size_t)view.length);
        buffer_view_release(&view);
        return status;
    }
    error_clear();
    return raise_int(&exception_ValueError, "unmarshallable object");
}

Value marshal_dumps(Value v) {
    Writer w = {.seen = VALUE_NULL, .filename = VALUE_NULL};
    Value result = marshal_write(&w, v, 0) < 0 ? VALUE_NULL : bytes_new(w.data, w.length);
    ref_release(w.seen);
    buffer_free(w.data);
    return result;
}

static Value dumps(Value self, const Value *args, size_t nargs) {
    int64_t version;
    if (nargs > 1 && value_to_i64(args[1], &version) < 0)
        return VALUE_NULL;
    if (audit("marshal.dumps", 2, args[0], nargs > 1 ? args[1] : value_from_int(VERSION)) < 0)
        return VALUE_NULL;
    return marshal_dumps(args[0]);
}

static Value dump(Value self, const Value *args, size_t nargs) {
    Value data = dumps(self, args, 1);
    Value r = value_is_null(data) ? data : value_call_method(args[1], name_write, &data, 1);
    ref_release(data);
    return r;
}

// ---- reading --------------------------------------------------------------------------------

typedef MarshalReader Reader;

const uint8_t *marshal_take(Reader *r, int64_t count) {
    if (count < 0 || (size_t)count > r->length - r->at) {
        raise_error(&exception_EOFError, "marshal data too short");
        return NULL;
    }
    r->at += (size_t)count;
    return r->data + r->at - count;
}
static int take_number(Reader *r, int bytes, int64_t *out) {
    const uint8_t *p = marshal_take(r, bytes);
    if (!p)
        return -1;
    int32_t wide = 0;
    int16_t narrow = 0;
    memcpy(bytes == 4 ? (void *)&wide : (void *)&narrow, p, (size_t)bytes);
    *out = bytes == 4 ? wide : narrow;
    return 0;
}
Value marshal_bad(const char *what) {
    return raise_value_error("bad marshal data (%s)", what);
}

static Value read_long(Reader *r) {
    int64_t count, digit;
    if (take_number(r, 4, &count) < 0)
        return VALUE_NULL;
    bool negative = count < 0;
    if (negative)
        count = -count;
    if ((size_t)count * 2 > r->length - r->at)
        return marshal_bad("long size out of range");
    char *bits = buffer_allocate((size_t)count * 15 + 2);
    if (!bits)
        return raise_memory_error();
    bits[0] = '0';
    for (int64_t d = 0; d < count; d++) {
        if (take_number(r, 2, &digit) < 0 || digit < 0) {
            buffer_free(bits);
            return error_occurred() ? VALUE_NULL : marshal_bad("digit out of range in long");
        }
        for (int i = 0; i < 15; i++)
            bits[1 + (count - d) * 15 - 1 - i] = (char)('0' + (digit >> i & 1));
    }
    Value v = int_from_digits(bits, (size_t)count * 15 + 1, 2);
    buffer_free(bits);
    if (value_is_null(v) || !negative)
        return v;
    Value n = int_negative(v);
    ref_release(v);
    return n;
}

// count items into a new list.
static Value read_items(Reader *r, int64_t count, int depth) {
    if (count < 0 || (size_t)count > r->length - r->at)
        return marshal_bad("size out of range");
    Value list = list_new();
    for (int64_t i = 0; !value_is_null(list) && i < count; i++) {
        Value item = marshal_read(r, depth + 1);
        if (value_is_null(item) || list_append_owned(list, item) < 0) {
            ref_release(list);
            if (!error_occurred())
                raise_type_error("NULL object in marshal data");
            return VALUE_NULL;
        }
    }
    return list;
}

static int fill_dict(Reader *r, Value dict, int depth) {
    while (r->at < r->length && (r->data[r->at] & ~FLAG_REFERENCE) != '0') {
        Value key = marshal_read(r, depth + 1),
              value = value_is_null(key) ? key : marshal_read(r, depth + 1);
        int status = value_is_null(value) ? -1 : dict_set(dict, key, value);
        ref_release(key);
        ref_release(value);
        if (status < 0)
            return -1;
    }
    return marshal_take(r, 1) ? 0 : -1;
}

static Value read_text(Reader *r, int64_t count, bool ascii, bool intern) {
    const uint8_t *p = marshal_take(r, count);
    if (!p)
        return VALUE_NULL;
    Value v =
        ascii ? str_from_latin1(p, (size_t)count) : str_from_utf8((const char *)p, (size_t)count);
    return intern && !value_is_null(v) ? str_intern(v) : v;
}

static Value read_double(Reader *r, bool two) {
    double d[2] = {0, 0};
    const uint8_t *p = marshal_take(r, two ? 16 : 8);
    if (!p)
        return VALUE_NULL;
    memcpy(d, p, two ? 16 : 8);
    return two ? complex_new(d[0], d[1]) : float_new(d[0]);
}

Value marshal_read(Reader *r, int depth) {
    if (depth > DEEPEST)
        return raise_value_error("recursion limit exceeded");
    const uint8_t *p = marshal_take(r, 1);
    if (!p) {
        error_clear();
        return raise_error(&exception_EOFError, "EOF read where object expected");
    }
    int code = *p & ~FLAG_REFERENCE;
    bool refer = *p & FLAG_REFERENCE;
    int64_t n, slot = list_length(r->references);
    Value v = VALUE_NULL, items = VALUE_NULL;
    if (refer &&
        list_append(r->references, VALUE_NONE) < 0) // its place, in the order of beginnings
        return VALUE_NULL;
    switch (code) {
    case 'N':
        return none_new();
    case 'T':
    case 'F':
        return bool_new(code == 'T');
    case '.':
        return ref_new(VALUE_ELLIPSIS);
    case 'S':
        return ref_new(value_from_object(&exception_StopIteration));
    case 'i':
        v = take_number(r, 4, &n) < 0 ? VALUE_NULL : value_from_int(n);
        break;
    case 'l':
        v = read_long(r);
        break;
    case 'g':
    case 'y':
        v = read_double(r, code == 'y');
        break;
    case 's':
        if (take_number(r, 4, &n) == 0 && (p = marshal_take(r, n)))
            v = bytes_new(p, (size_t)n);
        break;
    case 'u':
    case 't':
    case 'a':
    case 'A':
        if (take_number(r, 4, &n) == 0)
            v = read_text(r, n, code == 'a' || code == 'A', code == 't' || code == 'A');
        break;
    case 'z':
    case 'Z':
        if ((p = marshal_take(r, 1)))
            v = read_text(r, *p, true, code == 'Z');
        break;
    case ')':
    case '(':
    case '[':
    case '<':
    case '>':
        if (code == ')') {
            if (!(p = marshal_take(r, 1)))
                return VALUE_NULL;
            n = *p;
        } else if (take_number(r, 4, &n) < 0) {
            return VALUE_NULL;
        }
        items = read_items(r, n, depth);
        if (!value_is_null(items))
            v = code == '['   ? ref_new(items)
                : code == '<' ? set_from_iterable(items)
                : code == '>' ? frozenset_from_iterable(items)
                              : list_to_tuple(items);
        ref_release(items);
        break;
    case '{':
        v = dict_new();
        if (!value_is_null(v) && fill_dict(r, v, depth) < 0) {
            ref_release(v);
            return VALUE_NULL;
        }
        break;
    case 'c':
        v = marshal_read_code(r, depth);
        break;
    case ':':
        items = read_items(r, 3, depth);
        if (!value_is_null(items)) {
            Value parts[3] = {list_get(items, 0), list_get(items, 1), list_get(items, 2)};
            v = slice_new(parts[0], parts[1], parts[2]);
            for (int i = 0; i < 3; i++)
                ref_release(parts[i]);
        }
        ref_release(items);
        break;
    case 'B':
        return marshal_read_builtin(r, depth);
    case 'r':
        if (take_number(r, 4, &n) < 0)
            return VALUE_NULL;
        return n < 0 || n >= slot ? marshal_bad("invalid reference") : list_get(r->references, n);
    default:
        return marshal_bad("unknown type code");
    }
    if (refer && !value_is_null(v) && list_set(r->references, slot, v) < 0) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

// *used (may be NULL): how many bytes that took.
static Value read_whole(const uint8_t *data, size_t length, Value filename, size_t *used) {
    Reader r = {.data = data,
                .length = length,
                .references = list_new(),
                .filename = VALUE_NULL,
                .instead = filename};
    Value v = value_is_null(r.references) ? VALUE_NULL : marshal_read(&r, 0);
    ref_release(r.references);
    if (used)
        *used = r.at;
    return v;
}

Value marshal_loads(const uint8_t *data, size_t length, Value filename) {
    return read_whole(data, length, filename, NULL);
}

static Value loads(Value self, Value data) {
    BufferView view;
    if (audit("marshal.loads", 1, data) < 0)
        return VALUE_NULL;
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    Value v = marshal_loads(view.data, (size_t)view.length, VALUE_NULL);
    buffer_view_release(&view);
    return v;
}

// Reads what the file has and puts it back behind what was used.
static Value load(Value self, Value file) {
    if (audit("marshal.load", 0) < 0)
        return VALUE_NULL;
    Value position = value_call_method(file, name_tell, NULL, 0);
    Value data = value_is_null(position) ? position : value_call_method(file, name_read, NULL, 0);
    BufferView view;
    int64_t start;
    Value v = VALUE_NULL;
    if (!value_is_null(data) && value_to_i64(position, &start) == 0 &&
        buffer_view_get(data, &view, false) == 0) {
        size_t used;
        v = read_whole(view.data, (size_t)view.length, VALUE_NULL, &used);
        buffer_view_release(&view);
        Value at = value_from_int(start + (int64_t)used);
        Value moved = value_is_null(v) ? VALUE_NULL : value_call_method(file, name_seek, &at, 1);
        if (value_is_null(moved)) {
            ref_release(v);
            v = VALUE_NULL;
        }
        ref_release(moved);
    }
    ref_release(position);
    ref_release(data);
    return v;
}

static const NativeDef functions[] = {
    DEF_FIXED("dumps", dumps, 1, 2, "The value as bytes."),
    DEF_FIXED("dump", dump, 2, 3, "Write the value to a file."),
    DEF_ONE("loads", loads, "The value in bytes; what follows it is ignored."),
    DEF_ONE("load", load, "Read one value from a file."),
    DEF_END,
};
static int fill(Value module) {
    return module_add_int(module, "version", VERSION);
}

const NativeModule module_marshal = {"marshal", "Builtin values as bytes.", functions, fill};
