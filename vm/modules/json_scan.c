// SPDX-License-Identifier: MIT
//
// _json.make_scanner and scanstring: JSON text to Python objects.
//
// A scanner's fields are constant; what a scan needs beside lies on the C stack. Keys of objects
// are shared within one scan: plain short ones are found by their bytes in a small table before any
// string is made, the others in a dict. The items of arrays and objects that are not yet complete
// lie on one stack of values, so that each list and dict is made once, in its size. Who fails
// leaves there what he put there: nobody goes on after an error.
#include "vm/modules/json_internal.h"
#include "gc/ref_run.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/stop_point.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"

typedef struct {
    Object header;
    Value object_hook, object_pairs_hook, parse_float, parse_int, parse_constant; // constant
    bool strict;
} Scanner;

enum { KEYS = 64, KEY_LENGTH_MAX = 32, NUMBER_SMALL = 64, STACK_FIRST = 64 };

typedef struct {
    const Scanner *scanner;
    Value text; // a str
    const void *data;
    int64_t length;
    unsigned kind;
    bool ascii, strict;
    Value memo;       // Dict or VALUE_NULL
    Value keys[KEYS]; // references or VALUE_NULL
    // What is still without its list or dict, references: keys before their values.
    Value *stack; // first, or a buffer
    int64_t depth, room;
    Value first[STACK_FIRST];
} Scan;

static inline uint32_t at(const Scan *s, int64_t i) {
    if (LIKELY(s->kind == 0))
        return ((const uint8_t *)s->data)[i];
    return s->kind == 1 ? ((const uint16_t *)s->data)[i] : ((const uint32_t *)s->data)[i];
}

static inline bool is_blank(uint32_t c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}
static inline bool is_digit(uint32_t c) {
    return c - '0' < 10;
}

static inline int64_t skip_blanks(const Scan *s, int64_t i) {
    while (i < s->length && is_blank(at(s, i)))
        i++;
    return i;
}

static void start(Scan *s, const Scanner *scanner, Value text, bool strict) {
    s->scanner = scanner;
    s->text = text;
    s->data = str_data(text);
    s->length = str_length(text);
    s->kind = str_kind(text);
    s->ascii = str_is_ascii(text);
    s->strict = strict;
    s->memo = VALUE_NULL;
}

// json.decoder.JSONDecodeError(message, text, position)
static Value fail(const Scan *s, const char *message, int64_t position) {
    Value module = import_module_cstr("json.decoder");
    if (value_is_null(module))
        return VALUE_NULL;
    Value class = value_getattr_cstr(module, "JSONDecodeError");
    ref_release(module);
    if (value_is_null(class))
        return VALUE_NULL;
    Value args[3] = {str_from_cstr(message), s->text, value_from_int(position)};
    Value error = value_is_null(args[0]) ? VALUE_NULL : value_call(class, args, 3, VALUE_NULL);
    ref_release(args[0]);
    ref_release(class);
    if (!value_is_null(error))
        raise_object(error);
    ref_release(error);
    return VALUE_NULL;
}

static Value no_value(int64_t position) {
    raise_stop_iteration(value_from_int(position));
    return VALUE_NULL;
}

// ---- strings ---------------------------------------------------------------------------------

// The four hexadecimal digits at i, or -1.
static int32_t hex4(const Scan *s, int64_t i) {
    int32_t c = 0;
    for (int k = 0; k < 4; k++) {
        uint32_t digit = at(s, i + k), low = digit | 0x20;
        if (is_digit(digit))
            c = c << 4 | (int32_t)(digit - '0');
        else if (low >= 'a' && low <= 'f' && digit < 128)
            c = c << 4 | (int32_t)(low - 'a' + 10);
        else
            return -1;
    }
    return c;
}

static int64_t run_end(const Scan *s, int64_t i) {
    if (LIKELY(s->kind == 0))
        return json_run_end(s->data, i, s->length);
    while (i < s->length) {
        uint32_t c = at(s, i);
        if (c < 0x20 || c == '"' || c == '\\')
            break;
        i++;
    }
    return i;
}

static Value piece(const Scan *s, int64_t from, int64_t to) {
    if (LIKELY(s->ascii))
        return str_from_ascii((const char *)s->data + from, (size_t)(to - from));
    return str_substring(s->text, from, to);
}

// The escape whose backslash is at i; *next gets where the text goes on. -1 with an exception.
static int64_t escape(const Scan *s, int64_t begin, int64_t i, int64_t *next) {
    i++;
    if (i == s->length) {
        fail(s, "Unterminated string starting at", begin);
        return -1;
    }
    uint32_t c = at(s, i);
    *next = i + 1;
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        break;
    default:
        fail(s, "Invalid \\escape", i - 1);
        return -1;
    }
    i++;
    int32_t point = i + 4 < s->length ? hex4(s, i) : -1;
    if (point < 0) {
        fail(s, "Invalid \\uXXXX escape", i - 1);
        return -1;
    }
    i += 4;
    if ((point & 0xfc00) == 0xd800 && i + 6 < s->length && at(s, i) == '\\' &&
        at(s, i + 1) == 'u') {
        int32_t low = hex4(s, i + 2);
        if (low < 0) {
            fail(s, "Invalid \\uXXXX escape", i + 1);
            return -1;
        }
        if ((low & 0xfc00) == 0xdc00) {
            point = 0x10000 + ((point & 0x3ff) << 10 | (low & 0x3ff));
            i += 6;
        }
    }
    *next = i;
    return point;
}

// The string whose first character is at i, behind its quote.
static Value scan_string(const Scan *s, int64_t i, int64_t *next) {
    int64_t begin = i - 1, end = run_end(s, i);
    if (LIKELY(end < s->length && at(s, end) == '"')) {
        *next = end + 1;
        return piece(s, i, end);
    }
    StrBuilder b;
    str_builder_start(&b);
    for (;;) {
        str_builder_substring(&b, s->text, i, end);
        if (end == s->length) {
            fail(s, "Unterminated string starting at", begin);
            break;
        }
        uint32_t c = at(s, end);
        if (c == '"') {
            *next = end + 1;
            return str_builder_finish(&b);
        }
        if (c == '\\') {
            int64_t point = escape(s, begin, end, &i);
            if (point < 0)
                break;
            str_builder_char(&b, (uint32_t)point);
        } else if (s->strict) {
            fail(s, "Invalid control character at", end);
            break;
        } else {
            str_builder_char(&b, c);
            i = end + 1;
        }
        end = run_end(s, i);
    }
    str_builder_discard(&b);
    return VALUE_NULL;
}

// The same for a key. Equal keys of one scan are one object.
static Value scan_key(Scan *s, int64_t i, int64_t *next) {
    Value *cached = NULL;
    if (LIKELY(s->ascii)) {
        const uint8_t *data = (const uint8_t *)s->data + i;
        int64_t end = run_end(s, i), n = end - i;
        if (LIKELY(end < s->length && n > 1 && n <= KEY_LENGTH_MAX && at(s, end) == '"')) {
            uint32_t hash = (uint32_t)n;
            for (int64_t k = 0; k < n; k++)
                hash = hash * 31 + data[k];
            cached = &s->keys[(hash ^ hash >> 7) % KEYS];
            if (LIKELY(!value_is_null(*cached)) && str_length(*cached) == n &&
                memcmp(str_data(*cached), data, (size_t)n) == 0) {
                *next = end + 1;
                return ref_new(*cached);
            }
        }
    }
    Value key = scan_string(s, i, next);
    if (value_is_null(key))
        return VALUE_NULL;
    if (cached && value_is_null(*cached)) {
        *cached = ref_new(key);
        return key;
    }
    if (value_is_null(s->memo) && value_is_null(s->memo = dict_new())) {
        ref_release(key);
        return VALUE_NULL;
    }
    Value shared = dict_setdefault(s->memo, key, key);
    ref_release(key);
    return shared;
}

Value json_scanstring(Value self, const Value *args, size_t nargs) {
    int64_t end, next;
    if (size_argument(args[1], &end) < 0)
        return VALUE_NULL;
    if (!value_is_str(args[0]))
        return raise_type_error("first argument must be a string, not %T", args[0]);
    int strict = nargs > 2 ? value_truth(args[2]) : 1;
    if (strict < 0)
        return VALUE_NULL;
    Scan s;
    start(&s, NULL, args[0], strict);
    if (end < 0 || end > s.length)
        return raise_value_error("end is out of bounds");
    Value text = scan_string(&s, end, &next);
    return value_is_null(text) ? VALUE_NULL : tuple_pair_owned(text, value_from_int(next));
}

// ---- numbers ---------------------------------------------------------------------------------

static Value make_float(const Scan *s, int64_t from, int64_t to) {
    int64_t n = to - from;
    double d;
    if (LIKELY(n <= NUMBER_SMALL)) {
        char text[NUMBER_SMALL];
        for (int64_t i = 0; i < n; i++)
            text[i] = (char)at(s, from + i);
        if (float_parse_ascii(text, text + n, &d) == text + n)
            return float_new(d);
    }
    Value text = str_substring(s->text, from, to), result;
    if (value_is_null(text))
        return VALUE_NULL;
    result = float_from_str(text);
    ref_release(text);
    return result;
}

static Value make_int(const Scan *s, int64_t from, int64_t to) {
    if (LIKELY(to - from <= 18)) {
        bool negative = at(s, from) == '-';
        int64_t n = 0;
        for (int64_t i = from + negative; i < to; i++)
            n = n * 10 + (int64_t)(at(s, i) - '0');
        return int_from_i64(negative ? -n : n);
    }
    Value text = str_substring(s->text, from, to), result;
    if (value_is_null(text))
        return VALUE_NULL;
    result = int_from_str(text, 10);
    ref_release(text);
    return result;
}

static Value scan_number(const Scan *s, int64_t begin, int64_t *next) {
    int64_t i = begin, n = s->length;
    bool is_float = false;
    if (at(s, i) == '-' && ++i >= n)
        return no_value(begin);
    uint32_t c = at(s, i);
    if (c >= '1' && c <= '9')
        do
            i++;
        while (i < n && is_digit(at(s, i)));
    else if (c == '0')
        i++;
    else
        return no_value(begin);
    if (i + 1 < n && at(s, i) == '.' && is_digit(at(s, i + 1))) {
        is_float = true;
        i += 2;
        while (i < n && is_digit(at(s, i)))
            i++;
    }
    if (i + 1 < n && (at(s, i) | 0x20) == 'e') {
        int64_t e = i + 1;
        if (e + 1 < n && (at(s, e) == '-' || at(s, e) == '+'))
            e++;
        int64_t digits = e;
        while (e < n && is_digit(at(s, e)))
            e++;
        if (e > digits) {
            is_float = true;
            i = e;
        }
    }
    *next = i;
    Value function = is_float ? s->scanner->parse_float : s->scanner->parse_int;
    if (LIKELY(value_same(function, value_from_object(is_float ? &float_type : &int_type))))
        return is_float ? make_float(s, begin, i) : make_int(s, begin, i);
    Value text = str_substring(s->text, begin, i), result;
    if (value_is_null(text))
        return VALUE_NULL;
    result = value_call_one(function, text);
    ref_release(text);
    return result;
}

// ---- values ----------------------------------------------------------------------------------

static Value scan_once(Scan *s, int64_t i, int64_t *next);

static Value scan_constant(const Scan *s, const char *name, int64_t after, int64_t *next) {
    Value text = str_from_cstr(name), result;
    if (value_is_null(text))
        return VALUE_NULL;
    *next = after;
    result = value_call_one(s->scanner->parse_constant, text);
    ref_release(text);
    return result;
}

static bool matches(const Scan *s, int64_t i, const char *word) {
    for (; *word; word++, i++)
        if (i >= s->length || at(s, i) != (uint8_t)*word)
            return false;
    return true;
}

static __attribute__((noinline)) int grow_stack(Scan *s) {
    int64_t room = s->room + (s->room >> 1);
    Value *stack = buffer_allocate((size_t)room * sizeof(Value));
    if (!stack) {
        raise_memory_error();
        return -1;
    }
    memcpy(stack, s->stack, (size_t)s->depth * sizeof(Value));
    if (s->stack != s->first)
        buffer_free(s->stack);
    s->stack = stack;
    s->room = room;
    return 0;
}

// v is consumed; VALUE_NULL: there is an exception. 0 or -1.
static inline int push(Scan *s, Value v) {
    if (UNLIKELY(value_is_null(v)))
        return -1;
    if (UNLIKELY(s->depth == s->room) && grow_stack(s) < 0) {
        ref_release(v);
        return -1;
    }
    s->stack[s->depth++] = v;
    return 0;
}

// What lies on the stack from `base` on, taken off and made a list or a dict.
static Value take_list(Scan *s, int64_t base) {
    int64_t count = s->depth - base;
    s->depth = base;
    return list_from_owned(s->stack + base, count);
}
static Value take_dict(Scan *s, int64_t base) {
    int64_t count = s->depth - base;
    Value dict = dict_new_sized(count / 2), *item = s->stack + base;
    if (UNLIKELY(value_is_null(dict)))
        return VALUE_NULL;
    s->depth = base;
    for (; count > 0; count -= 2, item += 2)
        if (UNLIKELY(dict_fill_new(dict_of(dict), item[0], item[1]) < 0)) {
            ref_run_release(item + 2, count - 2);
            ref_release(dict);
            return VALUE_NULL;
        }
    return dict;
}

// The members behind '{': keys and values, or pairs of them, onto the stack. 0 or -1.
static int scan_members(Scan *s, bool as_pairs, int64_t i, int64_t *next) {
    i = skip_blanks(s, i);
    if (i < s->length && at(s, i) == '}') {
        *next = i + 1;
        return 0;
    }
    for (;;) {
        if (i >= s->length || at(s, i) != '"') {
            fail(s, "Expecting property name enclosed in double quotes", i);
            return -1;
        }
        if (push(s, scan_key(s, i + 1, &i)) < 0)
            return -1;
        i = skip_blanks(s, i);
        if (i >= s->length || at(s, i) != ':') {
            fail(s, "Expecting ':' delimiter", i);
            return -1;
        }
        i = skip_blanks(s, i + 1);
        if (push(s, scan_once(s, i, &i)) < 0)
            return -1;
        if (as_pairs) {
            s->depth -= 2;
            if (push(s, tuple_from_owned(s->stack + s->depth, 2)) < 0)
                return -1;
        }
        i = skip_blanks(s, i);
        uint32_t c = i < s->length ? at(s, i) : 0;
        if (c == '}') {
            *next = i + 1;
            return 0;
        }
        if (c != ',') {
            fail(s, "Expecting ',' delimiter", i);
            return -1;
        }
        i = skip_blanks(s, i + 1);
    }
}

static Value scan_object(Scan *s, int64_t i, int64_t *next) {
    Value pairs_hook = s->scanner->object_pairs_hook, hook = s->scanner->object_hook;
    bool as_pairs = !value_is_none(pairs_hook);
    int64_t base = s->depth;
    thread_stop_point();
    if (scan_members(s, as_pairs, i, next) < 0)
        return VALUE_NULL;
    Value members = as_pairs ? take_list(s, base) : take_dict(s, base);
    Value function = as_pairs ? pairs_hook : hook;
    if (value_is_null(members) || value_is_none(function))
        return members;
    Value result = value_call_one(function, members);
    ref_release(members);
    return result;
}

static Value scan_array(Scan *s, int64_t i, int64_t *next) {
    int64_t base = s->depth;
    i = skip_blanks(s, i);
    if (i < s->length && at(s, i) == ']') {
        *next = i + 1;
        return list_new();
    }
    for (;;) {
        thread_stop_point();
        if (push(s, scan_once(s, i, &i)) < 0)
            return VALUE_NULL;
        i = skip_blanks(s, i);
        uint32_t c = i < s->length ? at(s, i) : 0;
        if (c == ']') {
            *next = i + 1;
            return take_list(s, base);
        }
        if (c != ',')
            return fail(s, "Expecting ',' delimiter", i);
        i = skip_blanks(s, i + 1);
    }
}

static Value scan_once(Scan *s, int64_t i, int64_t *next) {
    if (i >= s->length)
        return no_value(i);
    switch (at(s, i)) {
    case '"':
        return scan_string(s, i + 1, next);
    case '{':
    case '[': {
        bool is_object = at(s, i) == '{';
        if (thread_enter_recursive(is_object
                                       ? " while decoding a JSON object from a unicode string"
                                       : " while decoding a JSON array from a unicode string") < 0)
            return VALUE_NULL;
        Value result = is_object ? scan_object(s, i + 1, next) : scan_array(s, i + 1, next);
        thread_leave_recursive();
        return result;
    }
    case 'n':
        if (!matches(s, i, "null"))
            break;
        *next = i + 4;
        return none_new();
    case 't':
        if (!matches(s, i, "true"))
            break;
        *next = i + 4;
        return bool_new(true);
    case 'f':
        if (!matches(s, i, "false"))
            break;
        *next = i + 5;
        return bool_new(false);
    case 'N':
        if (!matches(s, i, "NaN"))
            break;
        return scan_constant(s, "NaN", i + 3, next);
    case 'I':
        if (!matches(s, i, "Infinity"))
            break;
        return scan_constant(s, "Infinity", i + 8, next);
    case '-':
        if (!matches(s, i, "-Infinity"))
            break;
        return scan_constant(s, "-Infinity", i + 9, next);
    }
    return scan_number(s, i, next);
}

// ---- the scanner -----------------------------------------------------------------------------

static Scanner *scanner_of(Value v) {
    return (Scanner *)value_object(v);
}

static Value scanner_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"string", "idx", NULL};
    Value v[2];
    int64_t i, next = 0;
    if (arguments_parse("scan_once", args, nargs, kwnames, names, 0, 2, 2, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("first argument must be a string, not %T", v[0]);
    if (size_argument(v[1], &i) < 0)
        return VALUE_NULL;
    if (i < 0)
        return raise_value_error("idx cannot be negative");
    Scan s;
    start(&s, scanner_of(self), v[0], scanner_of(self)->strict);
    memset(s.keys, 0, sizeof s.keys);
    s.stack = s.first;
    s.depth = 0;
    s.room = STACK_FIRST;
    Value result = scan_once(&s, i, &next);
    ref_run_release(s.stack, s.depth);
    if (s.stack != s.first)
        buffer_free(s.stack);
    for (int k = 0; k < KEYS; k++)
        ref_release(s.keys[k]);
    ref_release(s.memo);
    return value_is_null(result) ? VALUE_NULL : tuple_pair_owned(result, value_from_int(next));
}

static Value scanner_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"context", NULL};
    Value context;
    if (arguments_parse("make_scanner", args, nargs, kwnames, names, 0, 1, 1, &context) < 0)
        return VALUE_NULL;
    Scanner *scanner = object_allocate(type);
    if (!scanner)
        return VALUE_NULL;
    Value strict = value_getattr_cstr(context, "strict");
    int truth = value_is_null(strict) ? -1 : value_truth(strict);
    ref_release(strict);
    scanner->strict = truth > 0;
    if (truth < 0 ||
        value_is_null(scanner->object_hook = value_getattr_cstr(context, "object_hook")) ||
        value_is_null(scanner->object_pairs_hook =
                          value_getattr_cstr(context, "object_pairs_hook")) ||
        value_is_null(scanner->parse_float = value_getattr_cstr(context, "parse_float")) ||
        value_is_null(scanner->parse_int = value_getattr_cstr(context, "parse_int")) ||
        value_is_null(scanner->parse_constant = value_getattr_cstr(context, "parse_constant"))) {
        ref_release_object(scanner);
        return VALUE_NULL;
    }
    return value_from_object(scanner);
}

static void scanner_destroy(Object *self) {
    Scanner *scanner = (Scanner *)self;
    ref_release(scanner->object_hook);
    ref_release(scanner->object_pairs_hook);
    ref_release(scanner->parse_float);
    ref_release(scanner->parse_int);
    ref_release(scanner->parse_constant);
    type_free_instance(self);
}

static void scanner_traverse(Object *self, GcVisitor *visitor) {
    Scanner *scanner = (Scanner *)self;
    gc_visit(visitor, scanner->object_hook);
    gc_visit(visitor, scanner->object_pairs_hook);
    gc_visit(visitor, scanner->parse_float);
    gc_visit(visitor, scanner->parse_int);
    gc_visit(visitor, scanner->parse_constant);
}

static Value scanner_strict(Value self) {
    return bool_new(scanner_of(self)->strict);
}

static const MemberDef scanner_members[] = {
    {"object_hook", offsetof(Scanner, object_hook), true, false},
    {"object_pairs_hook", offsetof(Scanner, object_pairs_hook), true, false},
    {"parse_float", offsetof(Scanner, parse_float), true, false},
    {"parse_int", offsetof(Scanner, parse_int), true, false},
    {"parse_constant", offsetof(Scanner, parse_constant), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef scanner_getsets[] = {
    {"strict", scanner_strict, NULL, "strict"},
    {NULL},
};

Type json_scanner_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_json.Scanner",
    .basic_size = sizeof(Scanner),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "JSON scanner object",
    .call_new = scanner_new,
    .destroy = scanner_destroy,
    .traverse = scanner_traverse,
    .call = scanner_call,
    .members = scanner_members,
    .getsets = scanner_getsets,
};
