// SPDX-License-Identifier: MIT
//
// _json.make_encoder and the functions that quote strings: Python objects to JSON text.
//
// An encoder's fields are constant but for the dict of markers, which guards against cycles and is
// the caller's.
#include "vm/modules/json_internal.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/stop_point.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/list_cursor.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>

// ---- strings ---------------------------------------------------------------------------------

static char *escape_unit(char *out, uint32_t unit) {
    *out++ = '\\';
    *out++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *out++ = "0123456789abcdef"[unit >> shift & 15];
    return out;
}

// Writes c, escaped if it must be or has no place in ASCII; gives where to go on. 12 bytes at most.
static inline char *escape_point(char *out, uint32_t c, bool keep_del) {
    if (c >= ' ' && c < (keep_del ? 0x80u : 0x7fu) && c != '"' && c != '\\') {
        *out++ = (char)c;
        return out;
    }
    char letter = 0;
    switch (c) {
    case '"':
    case '\\':
        letter = (char)c;
        break;
    case '\n':
        letter = 'n';
        break;
    case '\r':
        letter = 'r';
        break;
    case '\t':
        letter = 't';
        break;
    case '\b':
        letter = 'b';
        break;
    case '\f':
        letter = 'f';
        break;
    }
    if (letter) {
        *out++ = '\\';
        *out++ = letter;
        return out;
    }
    if (c >= 0x10000) {
        c -= 0x10000;
        out = escape_unit(out, 0xd800 | c >> 10);
        c = 0xdc00 | (c & 0x3ff);
    }
    return escape_unit(out, c);
}

#define ESCAPED_AT_ONCE 32 // characters

// Adds the next few characters of s, as ASCII; gives where to go on.
static int64_t escape_some(StrBuilder *b, Value s, int64_t start, int64_t length, bool keep_del) {
    char text[ESCAPED_AT_ONCE * 12], *out = text;
    int64_t end = length - start > ESCAPED_AT_ONCE ? start + ESCAPED_AT_ONCE : length;
    for (int64_t i = start; i < end; i++)
        out = escape_point(out, str_at(s, i), keep_del);
    str_builder_ascii(b, text, (size_t)(out - text));
    return end;
}

// Characters beyond ASCII stay, and what must be escaped is rare.
static void escape_wide(StrBuilder *b, Value s, int64_t length) {
    for (int64_t start = 0; start < length;) {
        int64_t end = start;
        for (; end < length; end++) {
            uint32_t c = str_at(s, end);
            if (c < 0x20 || c == '"' || c == '\\')
                break;
        }
        str_builder_substring(b, s, start, end);
        if (end < length) {
            char text[12];
            str_builder_ascii(b, text, (size_t)(escape_point(text, str_at(s, end), true) - text));
        }
        start = end + 1;
    }
}

void json_escape(StrBuilder *b, Value s, bool ascii) {
    int64_t length = str_length(s), start = 0;
    bool plain = str_is_ascii(s);
    str_builder_ascii(b, "\"", 1);
    if (!plain && !ascii) {
        escape_wide(b, s, length);
        start = length;
    }
    while (start < length) {
        if (LIKELY(plain)) {
            int64_t end = json_run_end(str_data(s), start, length);
            if (ascii) { // DEL is no printable character either
                const void *del =
                    memchr((const uint8_t *)str_data(s) + start, 0x7f, (size_t)(end - start));
                if (UNLIKELY(del != NULL))
                    end = (const uint8_t *)del - (const uint8_t *)str_data(s);
            }
            str_builder_substring(b, s, start, end);
            start = end;
        }
        if (start < length)
            start = escape_some(b, s, start, length, !ascii);
    }
    str_builder_ascii(b, "\"", 1);
}

static Value quoted(Value text, bool ascii) {
    if (!value_is_str(text))
        return raise_type_error("first argument must be a string, not %T", text);
    StrBuilder b;
    str_builder_start(&b);
    json_escape(&b, text, ascii);
    return str_builder_finish(&b);
}
Value json_encode_basestring(Value self, Value text) {
    return quoted(text, false);
}
Value json_encode_basestring_ascii(Value self, Value text) {
    return quoted(text, true);
}

// ---- the encoder -----------------------------------------------------------------------------

typedef enum { QUOTE_CALL, QUOTE_PLAIN, QUOTE_ASCII } Quoting;

typedef struct {
    Object header;
    Value markers, default_function, encoder, indent, key_separator, item_separator; // constant
    Quoting quoting; // QUOTE_CALL: encoder is a function that must be called
    bool sort_keys, skip_keys, allow_nan;
} Encoder;

static Encoder *encoder_of(Value v) {
    return (Encoder *)value_object(v);
}

static int encode(Encoder *e, StrBuilder *b, Value v);

static int encode_str(Encoder *e, StrBuilder *b, Value s) {
    if (LIKELY(e->quoting != QUOTE_CALL)) {
        json_escape(b, s, e->quoting == QUOTE_ASCII);
        return b->failed ? -1 : 0;
    }
    Value text = value_call_one(e->encoder, s);
    if (value_is_null(text))
        return -1;
    if (!value_is_str(text)) {
        raise_type_error("encoder() must return a string, not %T", text);
        ref_release(text);
        return -1;
    }
    str_builder_str(b, text);
    ref_release(text);
    return 0;
}

static int encode_int(StrBuilder *b, Value v) {
    if (LIKELY(value_is_int(v))) {
        str_builder_i64(b, value_int(v));
        return 0;
    }
    Value n = int_exact(v), text = value_is_null(n) ? VALUE_NULL : int_to_str(n, 10, false);
    ref_release(n);
    if (value_is_null(text))
        return -1;
    str_builder_str(b, text);
    ref_release(text);
    return 0;
}

static int encode_float(const Encoder *e, StrBuilder *b, double d) {
    if (UNLIKELY(!isfinite(d))) {
        if (!e->allow_nan)
            return raise_int(&exception_ValueError,
                             "Out of range float values are not JSON compliant");
        str_builder_cstr(b, isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
        return 0;
    }
    float_format(b, d, 'r', 0, false, true);
    return 0;
}

// None, bools and numbers into b: 1; anything else: 0; -1.
static int encode_simple(const Encoder *e, StrBuilder *b, Value v) {
    if (value_is_int(v)) {
        str_builder_i64(b, value_int(v));
        return 1;
    }
    if (value_is_none(v)) {
        str_builder_ascii(b, "null", 4);
        return 1;
    }
    if (value_same(v, VALUE_TRUE)) {
        str_builder_ascii(b, "true", 4);
        return 1;
    }
    if (value_same(v, VALUE_FALSE)) {
        str_builder_ascii(b, "false", 5);
        return 1;
    }
    if (value_is_any_int(v))
        return encode_int(b, v) < 0 ? -1 : 1;
    if (value_is_any_float(v))
        return encode_float(e, b, float_value(v)) < 0 ? -1 : 1;
    return 0;
}

// Marks v as being encoded: 0 with *ident (a new reference, or VALUE_NULL if there are no markers),
// or -1.
static int mark(const Encoder *e, Value v, Value *ident) {
    *ident = VALUE_NULL;
    if (value_is_none(e->markers))
        return 0;
    *ident = int_from_u64(v.bits);
    if (value_is_null(*ident))
        return -1;
    int found = dict_contains(e->markers, *ident);
    if (found == 0 && dict_set(e->markers, *ident, v) == 0)
        return 0;
    if (found > 0)
        raise_value_error("Circular reference detected");
    ref_release(*ident);
    return -1;
}
// status, or -1 if taking the mark away fails.
static int unmark(const Encoder *e, Value ident, int status) {
    if (value_is_null(ident))
        return status;
    if (status == 0)
        status = dict_delete(e->markers, ident);
    ref_release(ident);
    return status;
}

// A list is read as it is at each step: what default() does to it shows.
static int encode_list(Encoder *e, StrBuilder *b, Value v) {
    Value ident;
    bool is_list = value_is_list(v);
    if ((is_list ? list_length(v) : tuple_length(v)) == 0) {
        str_builder_ascii(b, "[]", 2);
        return 0;
    }
    int status = mark(e, v, &ident);
    if (status < 0)
        return -1;
    ListCursor cursor;
    if (is_list && list_cursor_start(&cursor, v) < 0)
        return unmark(e, ident, -1);
    str_builder_ascii(b, "[", 1);
    for (int64_t i = 0; status == 0; i++) {
        Value item = is_list               ? list_cursor_next(&cursor)
                     : i < tuple_length(v) ? ref_new(tuple_item(v, i))
                                           : VALUE_NULL;
        if (value_is_null(item))
            break;
        thread_stop_point();
        if (i)
            str_builder_str(b, e->item_separator);
        status = encode(e, b, item);
        ref_release(item);
    }
    if (is_list)
        list_cursor_end(&cursor);
    str_builder_ascii(b, "]", 1);
    return unmark(e, ident, status);
}

// 1: written; 0: to be left out; -1.
static int encode_key(Encoder *e, StrBuilder *b, Value key) {
    if (LIKELY(value_is_str(key)))
        return encode_str(e, b, key) < 0 ? -1 : 1;
    StrBuilder text;
    str_builder_start(&text);
    int status = encode_simple(e, &text, key);
    Value made = status > 0 ? str_builder_finish(&text) : VALUE_NULL;
    if (status <= 0) {
        str_builder_discard(&text);
        if (status < 0 || e->skip_keys)
            return status;
        return raise_int(&exception_TypeError, "keys must be str, int, float, bool or None, not %T",
                         key);
    }
    status = value_is_null(made) || encode_str(e, b, made) < 0 ? -1 : 1;
    ref_release(made);
    return status;
}

static int encode_member(Encoder *e, StrBuilder *b, Value key, Value value, bool *first) {
    int64_t length = b->length;
    if (!*first)
        str_builder_str(b, e->item_separator);
    int status = encode_key(e, b, key);
    if (status <= 0) {
        if (status == 0)
            b->length = length; // without the separator
        return status;
    }
    *first = false;
    str_builder_str(b, e->key_separator);
    return encode(e, b, value);
}

static int encode_dict(Encoder *e, StrBuilder *b, Value v) {
    Value ident;
    if (dict_length(v) == 0) {
        str_builder_ascii(b, "{}", 2);
        return 0;
    }
    if (mark(e, v, &ident) < 0)
        return -1;
    str_builder_ascii(b, "{", 1);
    Value items;
    if (value_is_exactly(v, &dict_type)) {
        items = dict_items_list(v);
    } else {
        Value view = value_call_method(v, name_items, NULL, 0);
        items = value_is_null(view) ? VALUE_NULL : list_from_iterable(view);
        ref_release(view);
    }
    int status = value_is_null(items) ? -1 : 0;
    if (status == 0 && e->sort_keys)
        status = list_sort(items, VALUE_NONE, false);
    bool first = true;
    for (int64_t i = 0; status == 0 && i < list_length(items); i++) {
        Value item = list_get_fast(list_of(items), (uint64_t)i);
        if (value_is_null(item))
            break;
        if (!value_is_tuple(item) || tuple_length(item) != 2)
            status = raise_int(&exception_ValueError, "items must return 2-tuples");
        else
            status = encode_member(e, b, tuple_item(item, 0), tuple_item(item, 1), &first);
        ref_release(item);
    }
    ref_release(items);
    str_builder_ascii(b, "}", 1);
    return unmark(e, ident, status);
}

static int encode_default(Encoder *e, StrBuilder *b, Value v) {
    Value ident;
    if (mark(e, v, &ident) < 0)
        return -1;
    Value made = value_call_one(e->default_function, v);
    int status = value_is_null(made) ? -1 : encode(e, b, made);
    ref_release(made);
    return unmark(e, ident, status);
}

static int encode(Encoder *e, StrBuilder *b, Value v) {
    if (value_is_str(v))
        return encode_str(e, b, v);
    int simple = encode_simple(e, b, v);
    if (simple)
        return simple < 0 ? -1 : 0;
    if (thread_enter_recursive(" while encoding a JSON object") < 0)
        return -1;
    thread_stop_point();
    int status = value_is_list(v) || value_is_tuple(v) ? encode_list(e, b, v)
                 : value_is_dict(v)                    ? encode_dict(e, b, v)
                                                       : encode_default(e, b, v);
    thread_leave_recursive();
    return b->failed ? -1 : status;
}

static Value encoder_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"obj", "_current_indent_level", NULL};
    Value v[2];
    int64_t level;
    if (arguments_parse("_iterencode", args, nargs, kwnames, names, 0, 2, 2, v) < 0 ||
        value_to_size(v[1], &level) < 0)
        return VALUE_NULL;
    StrBuilder b;
    str_builder_start(&b);
    if (encode(encoder_of(self), &b, v[0]) < 0) {
        if (!b.failed)
            str_builder_discard(&b);
        return VALUE_NULL;
    }
    Value text = str_builder_finish(&b);
    if (value_is_null(text))
        return VALUE_NULL;
    Value result = tuple_pack(1, text);
    ref_release(text);
    return result;
}

static Quoting quoting_of(Value function) {
    if (!value_is_exactly(function, &native_function_type))
        return QUOTE_CALL;
    const NativeDef *def = ((NativeFunction *)value_object(function))->def;
    return def->kind != NATIVE_ONE                         ? QUOTE_CALL
           : def->call.one == json_encode_basestring       ? QUOTE_PLAIN
           : def->call.one == json_encode_basestring_ascii ? QUOTE_ASCII
                                                           : QUOTE_CALL;
}

static Value encoder_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {
        "markers",        "default",   "encoder",  "indent",    "key_separator",
        "item_separator", "sort_keys", "skipkeys", "allow_nan", NULL};
    Value v[9];
    if (arguments_parse("make_encoder", args, nargs, kwnames, names, 0, 9, 9, v) < 0)
        return VALUE_NULL;
    for (int i = 4; i < 6; i++)
        if (!value_is_str(v[i]))
            return raise_type_error("make_encoder() argument %d must be str, not %G", i + 1, v[i]);
    if (!value_is_dict(v[0]) && !value_is_none(v[0]))
        return raise_type_error("make_encoder() argument 1 must be dict or None, not %G", v[0]);
    int flags[3];
    for (int i = 0; i < 3; i++)
        if ((flags[i] = value_truth(v[6 + i])) < 0)
            return VALUE_NULL;
    Encoder *e = object_allocate(type);
    if (!e)
        return VALUE_NULL;
    e->markers = ref_new(v[0]);
    e->default_function = ref_new(v[1]);
    e->encoder = ref_new(v[2]);
    e->indent = ref_new(v[3]);
    e->key_separator = ref_new(v[4]);
    e->item_separator = ref_new(v[5]);
    e->sort_keys = flags[0];
    e->skip_keys = flags[1];
    e->allow_nan = flags[2];
    e->quoting = quoting_of(v[2]);
    return value_from_object(e);
}

static void encoder_destroy(Object *self) {
    Encoder *e = (Encoder *)self;
    ref_release(e->markers);
    ref_release(e->default_function);
    ref_release(e->encoder);
    ref_release(e->indent);
    ref_release(e->key_separator);
    ref_release(e->item_separator);
    type_free_instance(self);
}

static void encoder_traverse(Object *self, GcVisitor *visitor) {
    Encoder *e = (Encoder *)self;
    gc_visit(visitor, e->markers);
    gc_visit(visitor, e->default_function);
    gc_visit(visitor, e->encoder);
    gc_visit(visitor, e->indent);
    gc_visit(visitor, e->key_separator);
    gc_visit(visitor, e->item_separator);
}

static Value encoder_sort_keys(Value self) {
    return bool_new(encoder_of(self)->sort_keys);
}
static Value encoder_skip_keys(Value self) {
    return bool_new(encoder_of(self)->skip_keys);
}

static const MemberDef encoder_members[] = {
    {"markers", offsetof(Encoder, markers), true, false},
    {"default", offsetof(Encoder, default_function), true, false},
    {"encoder", offsetof(Encoder, encoder), true, false},
    {"indent", offsetof(Encoder, indent), true, false},
    {"key_separator", offsetof(Encoder, key_separator), true, false},
    {"item_separator", offsetof(Encoder, item_separator), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef encoder_getsets[] = {
    {"sort_keys", encoder_sort_keys, NULL, "sort_keys"},
    {"skipkeys", encoder_skip_keys, NULL, "skipkeys"},
    {NULL},
};

Type json_encoder_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_json.Encoder",
    .basic_size = sizeof(Encoder),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, "
           "skipkeys, allow_nan)",
    .call_new = encoder_new,
    .destroy = encoder_destroy,
    .traverse = encoder_traverse,
    .call = encoder_call,
    .members = encoder_members,
    .getsets = encoder_getsets,
};
