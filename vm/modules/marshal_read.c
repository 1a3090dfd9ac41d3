// SPDX-License-Identifier: MIT
//
// Builtin values read from CPython's format, versions 0 to 4, out of memory or of a file whose
// readinto() is called for each piece, so that nothing behind the value is read.
#include "vm/modules/marshal_internal.h"
#include "vm/interp/code.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include <string.h>

enum { MOST_AT_ONCE = 1 << 20 };

typedef MarshalReader Reader;

// Has readinto() fill a buffer of that size, and copies that to `to`.
static int take_piece(Reader *r, uint8_t *to, int64_t count) {
    memset(to, 0, (size_t)count);
    Value piece = bytearray_new(to, (size_t)count), shown = VALUE_NULL, taken = VALUE_NULL;
    int64_t got = -1;
    if (!value_is_null(piece))
        shown = memoryview_new(piece);
    if (!value_is_null(shown))
        taken = value_call_method(r->file, name_readinto, &shown, 1);
    int status = value_is_null(taken) || value_to_i64(taken, &got) < 0 ? -1 : 0;
    if (status == 0 && got != count) {
        status = -1;
        if (got > count)
            raise_value_error("read() returned too much data: %d bytes requested, %d returned",
                              (int)count, (int)got);
        else
            raise_error(&exception_EOFError, "EOF read where not expected");
    }
    BufferView view;
    if (status == 0 && (status = buffer_view_get_brief(piece, &view)) == 0) {
        if (view.length == count) // nobody has changed its length meanwhile
            memcpy(to, view.data, (size_t)count);
        else
            status = raise_int(&exception_ValueError, "buffer changed size while it was read into");
        buffer_view_release(&view);
    }
    ref_release(taken);
    ref_release(shown);
    ref_release(piece);
    return status;
}
static const uint8_t *take_from_file(Reader *r, int64_t count) {
    // What cannot be there is not made room for: memory grows with what has been read.
    for (int64_t got = 0; got < count;) {
        int64_t now = count - got < MOST_AT_ONCE ? count - got : MOST_AT_ONCE;
        if ((size_t)(got + now) > r->room) {
            uint8_t *larger = buffer_resize(r->taken, (size_t)(got + now));
            if (!larger) {
                raise_memory_error();
                return NULL;
            }
            r->taken = larger;
            r->room = (size_t)(got + now);
        }
        if (take_piece(r, r->taken + got, now) < 0)
            return NULL;
        got += now;
    }
    return r->taken ? r->taken : (const uint8_t *)"";
}
const uint8_t *marshal_take(Reader *r, int64_t count) {
    if (!value_is_null(r->file) && count >= 0)
        return take_from_file(r, count);
    if (count < 0 || (size_t)count > r->length - r->at) {
        raise_error(&exception_EOFError, "marshal data too short");
        return NULL;
    }
    r->at += (size_t)count;
    return r->data + r->at - count;
}
// The same, mostly without a call. (A reader of a file has no data.)
ALWAYS_INLINE const uint8_t *take(Reader *r, int64_t count) {
    if (UNLIKELY((uint64_t)count > r->length - r->at))
        return marshal_take(r, count);
    r->at += (size_t)count;
    return r->data + r->at - count;
}
static Value raise_end(void) {
    return raise_error(&exception_EOFError, "EOF read where object expected");
}
bool marshal_cannot_have(const Reader *r, uint64_t count) {
    return value_is_null(r->file) && count > r->length - r->at;
}
ALWAYS_INLINE int take_number(Reader *r, int bytes, int64_t *out) {
    const uint8_t *p = take(r, bytes);
    if (UNLIKELY(!p))
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
    int64_t count;
    if (take_number(r, 4, &count) < 0)
        return VALUE_NULL;
    bool negative = count < 0;
    if (negative)
        count = -count;
    if (count > INT32_MAX)
        return marshal_bad("long size out of range");
    const uint8_t *digits = take(r, 2 * count);
    char *bits = digits ? buffer_allocate((size_t)count * 15 + 2) : NULL;
    if (!digits)
        return VALUE_NULL;
    if (!bits)
        return raise_memory_error();
    bits[0] = '0';
    int16_t digit = 1;
    for (int64_t d = 0; d < count; d++) {
        memcpy(&digit, digits + 2 * d, 2);
        if (digit < 0) {
            buffer_free(bits);
            return marshal_bad("digit out of range in long");
        }
        for (int i = 0; i < 15; i++)
            bits[1 + (count - d) * 15 - 1 - i] = (char)('0' + (digit >> i & 1));
    }
    if (digit == 0) { // the last is the highest
        buffer_free(bits);
        return marshal_bad("unnormalized long data");
    }
    Value v = int_from_digits(bits, (size_t)count * 15 + 1, 2);
    buffer_free(bits);
    if (value_is_null(v) || !negative)
        return v;
    Value n = int_negative(v);
    ref_release(v);
    return n;
}

static Value read_int64(Reader *r) {
    const uint8_t *p = take(r, 8);
    return p ? int_from_bytes(p, 8, true, true) : VALUE_NULL;
}

static Value read_text(Reader *r, int64_t count, bool ascii, bool intern) {
    if (count < 0)
        return marshal_bad("string size out of range");
    const uint8_t *p = take(r, count);
    if (!p)
        return VALUE_NULL;
    Value v =
        ascii ? str_from_latin1(p, (size_t)count) : str_from_utf8((const char *)p, (size_t)count);
    return intern && !value_is_null(v) ? str_intern(v) : v;
}

// As eight bytes, or as text behind its length.
static int read_double(Reader *r, bool binary, double *d) {
    const uint8_t *p = take(r, binary ? 8 : 1);
    if (!p)
        return -1;
    if (binary) {
        memcpy(d, p, 8);
        return 0;
    }
    int64_t length = *p;
    if (!(p = take(r, length)))
        return -1;
    const char *text = (const char *)p;
    return float_parse_ascii(text, text + length, d) == text + length
               ? 0
               : raise_int(&exception_ValueError, "could not convert string to float: '%.*s'",
                           (int)length, text);
}
static Value read_float(Reader *r, bool binary) {
    double d;
    return read_double(r, binary, &d) < 0 ? VALUE_NULL : float_new(d);
}
static Value read_complex(Reader *r, bool binary) {
    double d[2];
    return read_double(r, binary, &d[0]) < 0 || read_double(r, binary, &d[1]) < 0
               ? VALUE_NULL
               : complex_new(d[0], d[1]);
}

// ---- references --------------------------------------------------------------------------------
// An object's number is that of its place in r->references. None is the place of one that is not
// there yet; None itself is never referred to.

static int64_t reserve(Reader *r) {
    int64_t slot = list_length(r->references);
    return list_append(r->references, VALUE_NONE) < 0 ? -1 : slot;
}
// v, or VALUE_NULL and v released. slot -1: nobody will refer to it.
ALWAYS_INLINE Value enter(Reader *r, int64_t slot, Value v) {
    if (slot >= 0 && !value_is_null(v) && list_set(r->references, slot, v) < 0) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}
static Value read_reference(Reader *r) {
    int64_t n;
    if (take_number(r, 4, &n) < 0)
        return VALUE_NULL;
    Value v = n < 0 || n >= list_length(r->references) ? VALUE_NULL : list_get(r->references, n);
    return value_is_null(v) || value_is_none(v) ? marshal_bad("invalid reference") : v;
}

// ---- containers --------------------------------------------------------------------------------
// They can be referred to before they are complete, but for what hashes by its items.

static Value read_object(Reader *r, int depth);
static Value read_item(Reader *r, const char *of, int depth) {
    Value item = read_object(r, depth + 1);
    if (value_is_null(item) && !error_occurred())
        raise_type_error("NULL object in marshal data for %s", of);
    return item;
}

// Until it is complete nobody else has it, and its items are None.
static Value read_tuple(Reader *r, int64_t count, int64_t slot, int depth) {
    if (count < 0)
        return marshal_bad("tuple size out of range");
    if (marshal_cannot_have(r, (uint64_t)count))
        return raise_end();
    Value v = tuple_allocate(count);
    if (value_is_null(v))
        return v;
    for (int64_t i = 0; i < count; i++)
        tuple_of(v)->items[i] = none_new();
    v = enter(r, slot, v);
    for (int64_t i = 0; i < count && !value_is_null(v); i++) {
        Value item = read_item(r, "tuple", depth);
        if (value_is_null(item)) {
            ref_release(v);
            return VALUE_NULL;
        }
        Value none = tuple_of(v)->items[i];
        tuple_of(v)->items[i] = item;
        ref_release(none);
    }
    return v;
}

static int fill_list(Reader *r, Value list, int64_t count, const char *of, int depth) {
    for (int64_t i = 0; i < count; i++) {
        Value item = read_item(r, of, depth);
        if (value_is_null(item) || list_append_owned(list, item) < 0)
            return -1;
    }
    return 0;
}
static int fill_set(Reader *r, Value set, int64_t count, int depth) {
    int status = 0;
    for (int64_t i = 0; status == 0 && i < count; i++) {
        Value item = read_item(r, "set", depth);
        status = value_is_null(item) ? -1 : set_add(set, item);
        ref_release(item);
    }
    return status;
}
static Value read_frozenset(Reader *r, int64_t count, int depth) {
    Value items = list_new(), v = VALUE_NULL;
    if (!value_is_null(items) && fill_list(r, items, count, "set", depth) == 0)
        v = frozenset_from_iterable(items);
    ref_release(items);
    return v;
}
static int fill_dict(Reader *r, Value dict, int depth) {
    for (;;) {
        Value key = read_object(r, depth + 1),
              value = value_is_null(key) ? key : read_object(r, depth + 1);
        int status = value_is_null(value) ? -1 : dict_set(dict, key, value);
        ref_release(key);
        ref_release(value);
        if (status < 0)
            return error_occurred() ? -1 : 0; // '0' is the end
    }
}

static Value read_slice(Reader *r, int depth) {
    Value parts[3] = {VALUE_NULL, VALUE_NULL, VALUE_NULL}, v = VALUE_NULL;
    int count = 0;
    while (count < 3 && !value_is_null(parts[count] = marshal_read(r, depth + 1)))
        count++;
    if (count == 3)
        v = slice_new(parts[0], parts[1], parts[2]);
    for (int i = 0; i < count; i++)
        ref_release(parts[i]);
    return v;
}

static Value read_container(Reader *r, int code, int64_t slot, int depth) {
    int64_t count = 0;
    int status = 0;
    const uint8_t *p;
    if (code == ')') {
        if (!(p = take(r, 1)))
            return VALUE_NULL;
        return read_tuple(r, *p, slot, depth);
    }
    if (code != '{' && take_number(r, 4, &count) < 0)
        return VALUE_NULL;
    if (code == '(')
        return read_tuple(r, count, slot, depth);
    if (count < 0)
        return marshal_bad(code == '[' ? "list size out of range" : "set size out of range");
    if (code == '>')
        return enter(r, slot, read_frozenset(r, count, depth));
    Value v = enter(r, slot, code == '[' ? list_new() : code == '<' ? set_new() : dict_new());
    if (value_is_null(v))
        return v;
    status = code == '['   ? fill_list(r, v, count, "list", depth)
             : code == '<' ? fill_set(r, v, count, depth)
                           : fill_dict(r, v, depth);
    if (status == 0)
        return v;
    ref_release(v);
    return VALUE_NULL;
}

// ---- objects -----------------------------------------------------------------------------------

// What has no parts that are objects.
ALWAYS_INLINE Value read_simple(Reader *r, int code) {
    int64_t n;
    const uint8_t *p;
    switch (code) {
    case 'i':
        return take_number(r, 4, &n) < 0 ? VALUE_NULL : value_from_int(n);
    case 'I':
        return read_int64(r);
    case 'l':
        return read_long(r);
    case 'f':
    case 'g':
        return read_float(r, code == 'g');
    case 'x':
    case 'y':
        return read_complex(r, code == 'y');
    case 's':
        if (take_number(r, 4, &n) < 0)
            return VALUE_NULL;
        if (n < 0)
            return marshal_bad("bytes object size out of range");
        return (p = take(r, n)) ? bytes_new(p, (size_t)n) : VALUE_NULL;
    case 'u':
    case 't':
    case 'a':
    case 'A':
        if (take_number(r, 4, &n) < 0)
            return VALUE_NULL;
        return read_text(r, n, code == 'a' || code == 'A', code == 't' || code == 'A');
    case 'z':
    case 'Z':
        return (p = take(r, 1)) ? read_text(r, *p, true, code == 'Z') : VALUE_NULL;
    default:
        return marshal_bad("unknown type code");
    }
}

// VALUE_NULL without an exception for '0', which stands where a dict ends.
static Value read_object(Reader *r, int depth) {
    if (depth >= MARSHAL_DEEPEST)
        return raise_value_error("recursion limit exceeded");
    const uint8_t *p = take(r, 1);
    if (!p) { // whatever the file raised
        error_clear();
        return raise_end();
    }
    int code = *p & ~FLAG_REFERENCE;
    bool refer = *p & FLAG_REFERENCE;
    switch (code) {
    case '0':
        return VALUE_NULL;
    case 'i': {
        int64_t n;
        if (LIKELY(!refer))
            return take_number(r, 4, &n) < 0 ? VALUE_NULL : value_from_int(n);
        break;
    }
    case 'N':
        return none_new();
    case 'T':
    case 'F':
        return bool_new(code == 'T');
    case '.':
        return ref_new(VALUE_ELLIPSIS);
    case 'S':
        return ref_new(value_from_object(&exception_StopIteration));
    case 'B':
        return marshal_read_builtin(r, depth);
    case 'r':
        return read_reference(r);
    default:
        break;
    }
    bool has_parts = code == ')' || code == '(' || code == '[' || code == '<' || code == '>' ||
                     code == '{' || code == 'c' || code == ':';
    if (LIKELY(!has_parts)) { // nothing within it has a number, so its own can wait
        Value v = read_simple(r, code);
        if (refer && !value_is_null(v) && list_append(r->references, v) < 0) {
            ref_release(v);
            return VALUE_NULL;
        }
        return v;
    }
    int64_t slot = refer ? reserve(r) : -1;
    if (refer && slot < 0)
        return VALUE_NULL;
    if (code == 'c')
        return enter(r, slot, marshal_read_code(r, depth));
    if (code == ':')
        return enter(r, slot, read_slice(r, depth));
    return read_container(r, code, slot, depth);
}

Value marshal_read(Reader *r, int depth) {
    Value v = read_object(r, depth);
    if (value_is_null(v) && !error_occurred())
        raise_type_error("NULL object in marshal data for object");
    return v;
}

static Value read_whole(Reader r) {
    r.references = list_new();
    r.filename = VALUE_NULL;
    Value v = value_is_null(r.references) ? VALUE_NULL : marshal_read(&r, 0);
    ref_release(r.references);
    buffer_free(r.taken);
    return v;
}

Value marshal_loads(const uint8_t *data, size_t length, Value filename) {
    return read_whole(
        (Reader){.data = data, .length = length, .file = VALUE_NULL, .instead = filename});
}
Value marshal_load(Value file) {
    return read_whole((Reader){.data = (const uint8_t *)"", .file = file, .instead = VALUE_NULL});
}
