// SPDX-License-Identifier: MIT
//
// Reading pickles: the machine that runs opcodes, its stack, its memo, and the opcodes that make
// builtin values.
//
// The stack is an array of references of the machine's own; marks are depths. What lies below the
// topmost mark (the fence) is out of reach. Every call of Python code happens between opcodes'
// changes, and nothing that such code can get hold of leads to the stack.
#include "gc/ref_run.h"
#include "vm/modules/codecs_module.h"
#include "vm/modules/pickle_internal.h"
#include "vm/runtime/stop_point.h"
#include "vm/types/bytes.h"
#include "vm/types/codecs.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>
#include <stdlib.h>

// ---- the memo ----------------------------------------------------------------------------------

// Numbers up to this one, and up to twice as many as there was room for, are in the array.
enum { NUMBERS_NEAR = 4096 };

static int numbers_grow(PickleNumbers *n, int64_t number) {
    int64_t capacity = n->capacity ? n->capacity : PICKLE_FIRST_NUMBERS;
    while (capacity <= number)
        capacity *= 2;
    Value *items = buffer_allocate((size_t)capacity * sizeof(Value));
    if (!items)
        return raise_memory_error(), -1;
    if (n->capacity)
        memcpy(items, n->items, (size_t)n->capacity * sizeof(Value));
    // Written at once: a page of zeros that is looked at first costs two faults, and the second one
    // an interrupt of every thread's processor.
    memset(items + n->capacity, 0, (size_t)(capacity - n->capacity) * sizeof(Value));
    Value *old = n->items;
    n->items = items;
    n->capacity = capacity;
    if (old != n->first)
        buffer_free(old);
    return 0;
}

static int numbers_put_far(PickleNumbers *n, int64_t number, Value object) {
    if (value_is_null(n->far) && value_is_null(n->far = dict_new()))
        return -1;
    Value key = int_from_i64(number);
    if (value_is_null(key))
        return -1;
    int64_t before = dict_length(n->far);
    int status = dict_set(n->far, key, object);
    n->count += dict_length(n->far) - before;
    ref_release(key);
    return status;
}

static Value numbers_get_far(const PickleNumbers *n, int64_t number) {
    if (value_is_null(n->far))
        return VALUE_NULL;
    Value key = int_from_i64(number);
    Value object = value_is_null(key) ? key : dict_get(n->far, key);
    ref_release(key);
    return object;
}

int pickle_numbers_put(PickleNumbers *n, int64_t number, Value object) {
    if (UNLIKELY(number >= n->capacity)) {
        if (number >= NUMBERS_NEAR && number / 2 >= n->capacity)
            return numbers_put_far(n, number, object);
        if (numbers_grow(n, number) < 0)
            return -1;
    }
    Value old = n->items[number];
    if (value_is_null(old)) {
        Value far = numbers_get_far(n, number);
        n->count += value_is_null(far);
        ref_release(far);
    }
    if (number >= n->used)
        n->used = number + 1;
    n->items[number] = ref_new(object);
    ref_release(old);
    return 0;
}

Value pickle_numbers_get(const PickleNumbers *n, int64_t number) {
    if (LIKELY((uint64_t)number < (uint64_t)n->capacity && !value_is_null(n->items[number])))
        return ref_new(n->items[number]);
    return numbers_get_far(n, number);
}

Value pickle_numbers_dict(const PickleNumbers *n) {
    Value dict = dict_new();
    int status = value_is_null(dict) ? -1 : 0;
    for (int64_t i = 0; status == 0 && i < n->used; i++)
        if (!value_is_null(n->items[i]))
            status = dict_set(dict, value_from_int(i), n->items[i]);
    if (status == 0 && !value_is_null(n->far))
        status = dict_merge_plain(dict, n->far, false);
    if (status == 0)
        return dict;
    ref_release(dict);
    return VALUE_NULL;
}

void pickle_numbers_clear(PickleNumbers *n) {
    PickleNumbers old = *n;
    *n = (PickleNumbers){0};
    for (int64_t i = 0; i < old.used; i++)
        ref_release(old.items[i]);
    if (old.items != old.first)
        buffer_free(old.items);
    ref_release(old.far);
}

// ---- the stack --------------------------------------------------------------------------------

int pickle_underflow(const Loading *l) {
    return pickle_raise_unpickling(l->mark_count ? "unexpected MARK found"
                                                 : "unpickling stack underflow");
}

static __attribute__((noinline)) int stack_grow(Loading *l) {
    int64_t capacity = 2 * l->capacity;
    bool first = l->stack == l->first_stack;
    Value *stack = buffer_resize(first ? NULL : l->stack, (size_t)capacity * sizeof(Value));
    if (!stack)
        return raise_memory_error(), -1;
    if (first)
        memcpy(stack, l->first_stack, sizeof l->first_stack);
    l->stack = stack;
    l->capacity = capacity;
    return 0;
}

ALWAYS_INLINE int push(Loading *l, Value v) {
    if (UNLIKELY(value_is_null(v)))
        return -1;
    if (UNLIKELY(l->depth == l->capacity) && stack_grow(l) < 0) {
        ref_release(v);
        return -1;
    }
    l->stack[l->depth++] = v;
    return 0;
}
int pickle_push(Loading *l, Value v) {
    return push(l, v);
}

Value pickle_pop(Loading *l) {
    if (l->depth <= l->fence) {
        pickle_underflow(l);
        return VALUE_NULL;
    }
    return l->stack[--l->depth];
}

void pickle_drop_to(Loading *l, int64_t depth) {
    while (l->depth > depth) {
        Value v = l->stack[--l->depth];
        ref_release(v);
    }
}

static int put_mark(Loading *l) {
    thread_stop_point();
    if (UNLIKELY(l->mark_count == l->mark_capacity)) {
        int64_t capacity = 2 * l->mark_capacity;
        bool first = l->marks == l->first_marks;
        int64_t *marks = buffer_resize(first ? NULL : l->marks, (size_t)capacity * sizeof *marks);
        if (!marks)
            return raise_memory_error(), -1;
        if (first)
            memcpy(marks, l->first_marks, sizeof l->first_marks);
        l->marks = marks;
        l->mark_capacity = capacity;
    }
    l->marks[l->mark_count++] = l->fence = l->depth;
    return 0;
}

int64_t pickle_pop_mark(Loading *l) {
    if (UNLIKELY(l->mark_count == 0))
        return pickle_raise_unpickling("could not find MARK");
    int64_t mark = l->marks[--l->mark_count];
    l->fence = l->mark_count ? l->marks[l->mark_count - 1] : 0;
    return mark;
}

Value pickle_pop_tuple(Loading *l, int64_t start) {
    int64_t count = l->depth - start;
    if (start < l->fence) {
        pickle_underflow(l);
        return VALUE_NULL;
    }
    l->depth = start; // the references move
    return tuple_from_owned(l->stack + start, count);
}

// ---- values that lie in the pickle ------------------------------------------------------------

static inline uint64_t little_endian(const uint8_t *at, int bytes) { // 1, 2, 4 or 8
    uint64_t n;
    uint32_t half;
    if (bytes == 1)
        return *at;
    if (bytes == 2)
        return (uint64_t)at[0] | (uint64_t)at[1] << 8;
    if (bytes == 4) {
        memcpy(&half, at, sizeof half);
        return half;
    }
    memcpy(&n, at, sizeof n);
    return n;
}

// A number of that many bytes without a sign: 0 or -1.
static int read_number(Loading *l, int bytes, uint64_t *number) {
    const uint8_t *at = pickle_read(l->input, bytes);
    if (UNLIKELY(!at))
        return -1;
    *number = little_endian(at, bytes);
    return 0;
}

static int load_signed(Loading *l) {
    uint64_t number;
    if (read_number(l, 4, &number) < 0)
        return -1;
    return push(l, value_from_int((int32_t)number));
}
static int load_unsigned(Loading *l, int bytes) {
    uint64_t number;
    if (read_number(l, bytes, &number) < 0)
        return -1;
    return push(l, value_from_int((int64_t)number));
}

// A line that must have something before its end.
static int64_t read_full_line(Loading *l, const uint8_t **line) {
    int64_t length = pickle_read_line(l->input, line);
    if (length >= 0 && length < 2)
        return pickle_raise_unpickling("pickle data was truncated");
    return length;
}

static Value int_from_line(const uint8_t *line, int64_t length, int base) {
    Value text = str_from_latin1(line, (size_t)length);
    Value v = value_is_null(text) ? text : int_from_str(text, base);
    if (base == 0 && value_is_null(v) && error_matches(&exception_ValueError)) {
        error_clear(); // CPython tells the base that the digits were taken to have
        raise_value_error("invalid literal for int() with base 10: %R", text);
    }
    ref_release(text);
    return v;
}

// INT: a number as C reads it (010 is octal), 00 and 01 are False and True.
static int load_int(Loading *l) {
    const uint8_t *line;
    int64_t length = read_full_line(l, &line);
    if (length < 0)
        return -1;
    char text[32], *end;
    if ((size_t)length < sizeof text) {
        memcpy(text, line, (size_t)length);
        text[length] = 0;
        errno = 0;
        long n = strtol(text, &end, 0);
        if (errno == 0 && (*end == '\n' || *end == 0))
            return push(l, length == 3 && (n == 0 || n == 1) ? bool_new(n) : int_from_i64(n));
    }
    Value v = int_from_line(line, length, 0);
    if (value_is_null(v) && error_matches(&exception_ValueError)) {
        error_clear();
        raise_value_error("could not convert string to int");
    }
    return push(l, v);
}

static int load_long(Loading *l) {
    const uint8_t *line;
    int64_t length = read_full_line(l, &line);
    if (length < 0)
        return -1;
    if (line[length - 2] == 'L')
        length -= 2;
    return push(l, int_from_line(line, length, 0));
}

static int load_counted_long(Loading *l, int bytes) {
    uint64_t length;
    const uint8_t *at;
    if (read_number(l, bytes, &length) < 0)
        return -1;
    if (bytes == 4 && (int32_t)length < 0)
        return pickle_raise_unpickling("LONG pickle has negative byte count");
    if (!(at = pickle_read(l->input, (int64_t)length)))
        return -1;
    return push(l, int_from_bytes(at, length, true, true));
}

static int load_float(Loading *l) {
    const uint8_t *line;
    int64_t length = read_full_line(l, &line);
    if (length < 0)
        return -1;
    double d;
    const char *text = (const char *)line, *end = text + length - 1;
    if (float_parse_ascii(text, end, &d) != end) {
        Value shown = str_from_latin1(line, (size_t)length);
        if (!value_is_null(shown))
            raise_value_error("could not convert string to float: '%V'", shown);
        ref_release(shown);
        return -1;
    }
    return push(l, float_new(d));
}

static int load_binary_float(Loading *l) {
    const uint8_t *at = pickle_read(l->input, 8);
    if (!at)
        return -1;
    uint64_t bits = __builtin_bswap64(little_endian(at, 8));
    double d;
    memcpy(&d, &bits, sizeof d);
    return push(l, float_new(d));
}

// Python 2's str: bytes, or what the encoding makes of them.
static int push_text_of_2(Loading *l, const uint8_t *data, size_t length) {
    if (!value_is_null(l->encoding) && str_equal_cstr(l->encoding, "bytes"))
        return push(l, bytes_new(data, length));
    char *owned[2] = {NULL, NULL};
    const char *encoding = "ASCII", *errors = "strict";
    size_t ignored;
    if (!value_is_null(l->encoding))
        encoding = str_utf8(l->encoding, &ignored, &owned[0]);
    if (!value_is_null(l->errors))
        errors = str_utf8(l->errors, &ignored, &owned[1]);
    // The codec may run Python code, which might read on: the bytes have to stay.
    Value bytes = bytes_new(data, length);
    Value v = encoding && errors && !value_is_null(bytes)
                  ? codec_decode(bytes_data(bytes), length, encoding, errors)
                  : VALUE_NULL;
    ref_release(bytes);
    buffer_free(owned[0]);
    buffer_free(owned[1]);
    return push(l, v);
}

static int load_string(Loading *l) {
    const uint8_t *line;
    int64_t length = pickle_read_line(l->input, &line);
    if (length < 0)
        return -1;
    length--;
    if (length < 2 || line[0] != line[length - 1] || (line[0] != '\'' && line[0] != '"'))
        return pickle_raise_unpickling("the STRING opcode argument must be quoted");
    Value bytes = codecs_unescape(line + 1, length - 2, NULL);
    if (value_is_null(bytes))
        return -1;
    int status = push_text_of_2(l, bytes_data(bytes), (size_t)bytes_length(bytes));
    ref_release(bytes);
    return status;
}

// A length of that many bytes, and what it announces.
static const uint8_t *read_counted(Loading *l, int bytes, const char *what, uint64_t *length) {
    if (read_number(l, bytes, length) < 0)
        return NULL;
    if (*length > INT64_MAX) {
        raise_error(&exception_OverflowError, "%s exceeds system's maximum size of %lld bytes",
                    what, (long long)INT64_MAX);
        return NULL;
    }
    return pickle_read(l->input, (int64_t)*length);
}

static int load_counted_string(Loading *l, int bytes) {
    uint64_t length;
    const uint8_t *at = read_counted(l, bytes, "BINSTRING", &length);
    return at ? push_text_of_2(l, at, length) : -1;
}
static int load_counted_bytes(Loading *l, int bytes) {
    uint64_t length;
    const uint8_t *at = read_counted(l, bytes, "BINBYTES", &length);
    return at ? push(l, bytes_new(at, length)) : -1;
}
static int load_counted_text(Loading *l, int bytes) {
    uint64_t length;
    const uint8_t *at = read_counted(l, bytes, "BINUNICODE", &length);
    if (UNLIKELY(!at))
        return -1;
    return push(l, str_from_utf8((const char *)at, length));
}

static int load_bytearray(Loading *l) {
    uint64_t length;
    if (read_number(l, 8, &length) < 0)
        return -1;
    if (length > INT64_MAX)
        return raise_int(&exception_OverflowError,
                         "BYTEARRAY8 exceeds system's maximum size of %lld bytes",
                         (long long)INT64_MAX);
    if (value_is_null(l->input->read) && (int64_t)length > l->input->length - l->input->at)
        return pickle_raise_unpickling("pickle data was truncated");
    Value size = int_from_u64(length);
    Value v = value_is_null(size) ? size : value_call_one(value_from_object(&bytearray_type), size);
    ref_release(size);
    if (value_is_null(v))
        return -1;
    if (pickle_read_into(l->input, v, (int64_t)length) < 0) {
        ref_release(v);
        return -1;
    }
    return push(l, v);
}

static int load_unicode(Loading *l) {
    const uint8_t *line;
    int64_t length = pickle_read_line(l->input, &line);
    return length < 0
               ? -1
               : push(l, codec_decode_raw_unicode_escape(line, (size_t)length - 1, NULL, NULL));
}

static int load_next_buffer(Loading *l) {
    if (value_is_null(l->buffers))
        return pickle_raise_unpickling("pickle stream refers to out-of-band data but no *buffers* "
                                       "argument was given");
    Value buffer = value_next(l->buffers);
    if (value_is_null(buffer) && !error_occurred())
        return pickle_raise_unpickling("not enough out-of-band buffers");
    return push(l, buffer);
}

static int load_readonly_buffer(Loading *l) {
    if (l->depth <= l->fence)
        return pickle_underflow(l);
    BufferView view;
    Value buffer = l->stack[l->depth - 1];
    if (!value_type(buffer)->get_buffer)
        return raise_int(&exception_TypeError,
                         "memoryview: a bytes-like object is required, not '%T'", buffer);
    if (buffer_view_get_brief(buffer, &view) < 0)
        return -1;
    bool readonly = view.readonly;
    buffer_view_release(&view);
    if (readonly)
        return 0;
    Value memory = memoryview_new(buffer);
    Value fixed =
        value_is_null(memory) ? memory : value_call_method_cstr(memory, "toreadonly", NULL, 0);
    ref_release(memory);
    if (value_is_null(fixed))
        return -1;
    l->stack[l->depth - 1] = fixed;
    ref_release(buffer);
    return 0;
}

// ---- containers -------------------------------------------------------------------------------

static int load_counted_tuple(Loading *l, int count) {
    if (UNLIKELY(l->depth - count < l->fence))
        return pickle_underflow(l);
    l->depth -= count;
    return push(l, tuple_from_owned(l->stack + l->depth, count));
}
static int load_tuple(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    return mark < 0 ? -1 : push(l, pickle_pop_tuple(l, mark));
}
static int load_list(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    if (mark < 0)
        return -1;
    int64_t count = l->depth - mark;
    l->depth = mark;
    return push(l, list_from_owned(l->stack + mark, count));
}

// Keys and values from `start` on, which are taken off the stack, into a dict.
static int fill_dict(Loading *l, Value dict, int64_t start) {
    Value *item = l->stack + start, *end = l->stack + l->depth;
    l->depth = start;
    int status = dict_reserve(dict, (end - item) / 2);
    for (; status == 0 && item < end; item += 2)
        status = dict_set_owned(dict, item[0], item[1]);
    ref_run_release(item, end - item);
    return status;
}
static int load_dict(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    if (mark < 0)
        return -1;
    if ((l->depth - mark) % 2)
        return pickle_raise_unpickling("odd number of items for DICT");
    Value dict = dict_new_sized((l->depth - mark) / 2);
    if (value_is_null(dict))
        return -1;
    if (fill_dict(l, dict, mark) < 0) {
        ref_release(dict);
        return -1;
    }
    return push(l, dict);
}

int pickle_load_setitems(Loading *l, int64_t end) {
    if (end > l->depth || end <= l->fence)
        return pickle_underflow(l);
    if (end == l->depth)
        return 0;
    if ((l->depth - end) % 2)
        return pickle_raise_unpickling("odd number of items for SETITEMS");
    Value dict = l->stack[end - 1];
    int status = 0;
    if (LIKELY(value_is_exactly(dict, &dict_type)))
        status = fill_dict(l, dict, end);
    else
        for (int64_t i = end; status == 0 && i < l->depth; i += 2)
            status = value_setitem(dict, l->stack[i], l->stack[i + 1]);
    pickle_drop_to(l, end);
    return status;
}

static int load_frozenset(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    Value items = mark < 0 ? VALUE_NULL : pickle_pop_tuple(l, mark);
    Value v = value_is_null(items) ? items : frozenset_from_iterable(items);
    ref_release(items);
    return push(l, v);
}

// ---- the memo's opcodes -----------------------------------------------------------------------

static int load_memo(Loading *l, int64_t number) {
    Value object = pickle_numbers_get(l->memo, number);
    if (UNLIKELY(value_is_null(object)))
        return pickle_raise_unpickling("Memo value not found at index %lld", (long long)number);
    return push(l, object);
}
static int store_memo(Loading *l, int64_t number) {
    if (UNLIKELY(l->depth <= l->fence))
        return pickle_underflow(l);
    return pickle_numbers_put(l->memo, number, l->stack[l->depth - 1]);
}
static int load_memo_counted(Loading *l, int bytes) {
    uint64_t number;
    return read_number(l, bytes, &number) < 0 ? -1 : load_memo(l, (int64_t)number);
}
static int store_memo_counted(Loading *l, int bytes) {
    uint64_t number;
    return read_number(l, bytes, &number) < 0 ? -1 : store_memo(l, (int64_t)number);
}

// The decimal number of a line: 0 or -1.
static int read_decimal(Loading *l, int64_t *number) {
    const uint8_t *line;
    int64_t length = read_full_line(l, &line);
    Value v = length < 0 ? VALUE_NULL : int_from_line(line, length, 10);
    int status = value_is_null(v) ? -1 : value_to_i64(v, number);
    ref_release(v);
    return status;
}
static int load_get(Loading *l) {
    int64_t number;
    return read_decimal(l, &number) < 0 ? -1 : load_memo(l, number);
}
static int load_put(Loading *l) {
    int64_t number;
    if (read_decimal(l, &number) < 0)
        return -1;
    if (l->depth <= l->fence)
        return pickle_underflow(l);
    if (number < 0)
        return raise_int(&exception_ValueError, "negative PUT argument");
    return store_memo(l, number);
}

// ---- the rest ---------------------------------------------------------------------------------

static int load_pop(Loading *l) {
    if (l->mark_count && l->marks[l->mark_count - 1] == l->depth)
        return pickle_pop_mark(l) < 0 ? -1 : 0;
    if (l->depth <= l->fence)
        return pickle_underflow(l);
    pickle_drop_to(l, l->depth - 1);
    return 0;
}
static int load_pop_mark(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    if (mark < 0)
        return -1;
    pickle_drop_to(l, mark);
    return 0;
}
static int load_dup(Loading *l) {
    if (l->depth <= l->fence)
        return pickle_underflow(l);
    return push(l, ref_new(l->stack[l->depth - 1]));
}

static int load_protocol(Loading *l) {
    uint64_t number;
    if (read_number(l, 1, &number) < 0)
        return -1;
    if (number > PICKLE_PROTOCOL_HIGHEST)
        return raise_int(&exception_ValueError, "unsupported pickle protocol: %d", (int)number);
    __atomic_store_n(l->protocol, (int)number, __ATOMIC_RELAXED);
    return 0;
}

// A frame says how much there is to be read at once.
static int load_frame(Loading *l) {
    uint64_t length;
    if (read_number(l, 8, &length) < 0)
        return -1;
    if (length > INT64_MAX)
        return raise_int(&exception_OverflowError,
                         "FRAME length exceeds system's maximum of %lld bytes",
                         (long long)INT64_MAX);
    if (!pickle_read(l->input, (int64_t)length))
        return -1;
    l->input->at -= (int64_t)length;
    return 0;
}

static int invalid_opcode(int opcode) {
    if (opcode >= ' ' && opcode <= '~' && opcode != '\'' && opcode != '\\')
        return pickle_raise_unpickling("invalid load key, '%c'.", opcode);
    return pickle_raise_unpickling("invalid load key, '\\x%02x'.", opcode);
}

static int load_appends(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    return mark < 0 ? -1 : pickle_load_appends(l, mark);
}
static int load_setitems(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    return mark < 0 ? -1 : pickle_load_setitems(l, mark);
}
static int load_append(Loading *l) {
    return l->depth - 1 <= l->fence ? pickle_underflow(l) : pickle_load_appends(l, l->depth - 1);
}

// In the loop itself: what an instruction needs saved is saved once for all of them.
ALWAYS_INLINE int run(Loading *l, int opcode) {
    switch (opcode) {
    case PICKLE_NONE:
        return push(l, none_new());
    case PICKLE_NEWTRUE:
        return push(l, bool_new(true));
    case PICKLE_NEWFALSE:
        return push(l, bool_new(false));
    case PICKLE_BININT:
        return load_signed(l);
    case PICKLE_BININT1:
        return load_unsigned(l, 1);
    case PICKLE_BININT2:
        return load_unsigned(l, 2);
    case PICKLE_INT:
        return load_int(l);
    case PICKLE_LONG:
        return load_long(l);
    case PICKLE_LONG1:
        return load_counted_long(l, 1);
    case PICKLE_LONG4:
        return load_counted_long(l, 4);
    case PICKLE_FLOAT:
        return load_float(l);
    case PICKLE_BINFLOAT:
        return load_binary_float(l);
    case PICKLE_SHORT_BINBYTES:
        return load_counted_bytes(l, 1);
    case PICKLE_BINBYTES:
        return load_counted_bytes(l, 4);
    case PICKLE_BINBYTES8:
        return load_counted_bytes(l, 8);
    case PICKLE_BYTEARRAY8:
        return load_bytearray(l);
    case PICKLE_NEXT_BUFFER:
        return load_next_buffer(l);
    case PICKLE_READONLY_BUFFER:
        return load_readonly_buffer(l);
    case PICKLE_SHORT_BINSTRING:
        return load_counted_string(l, 1);
    case PICKLE_BINSTRING:
        return load_counted_string(l, 4);
    case PICKLE_STRING:
        return load_string(l);
    case PICKLE_UNICODE:
        return load_unicode(l);
    case PICKLE_SHORT_BINUNICODE:
        return load_counted_text(l, 1);
    case PICKLE_BINUNICODE:
        return load_counted_text(l, 4);
    case PICKLE_BINUNICODE8:
        return load_counted_text(l, 8);
    case PICKLE_EMPTY_TUPLE:
        return push(l, tuple_empty());
    case PICKLE_TUPLE1:
        return load_counted_tuple(l, 1);
    case PICKLE_TUPLE2:
        return load_counted_tuple(l, 2);
    case PICKLE_TUPLE3:
        return load_counted_tuple(l, 3);
    case PICKLE_TUPLE:
        return load_tuple(l);
    case PICKLE_EMPTY_LIST:
        return push(l, list_new());
    case PICKLE_LIST:
        return load_list(l);
    case PICKLE_EMPTY_DICT:
        return push(l, dict_new());
    case PICKLE_DICT:
        return load_dict(l);
    case PICKLE_EMPTY_SET:
        return push(l, set_new());
    case PICKLE_ADDITEMS:
        return pickle_load_additems(l);
    case PICKLE_FROZENSET:
        return load_frozenset(l);
    case PICKLE_APPEND:
        return load_append(l);
    case PICKLE_APPENDS:
        return load_appends(l);
    case PICKLE_SETITEM:
        return pickle_load_setitems(l, l->depth - 2);
    case PICKLE_SETITEMS:
        return load_setitems(l);
    case PICKLE_OBJ:
        return pickle_load_object(l);
    case PICKLE_INST:
        return pickle_load_instance(l);
    case PICKLE_NEWOBJ:
        return pickle_load_new(l, false);
    case PICKLE_NEWOBJ_EX:
        return pickle_load_new(l, true);
    case PICKLE_GLOBAL:
        return pickle_load_global(l);
    case PICKLE_STACK_GLOBAL:
        return pickle_load_stack_global(l);
    case PICKLE_REDUCE:
        return pickle_load_reduce(l);
    case PICKLE_BUILD:
        return pickle_load_build(l);
    case PICKLE_EXT1:
        return pickle_load_extension(l, 1);
    case PICKLE_EXT2:
        return pickle_load_extension(l, 2);
    case PICKLE_EXT4:
        return pickle_load_extension(l, 4);
    case PICKLE_PERSID:
        return pickle_load_persistent(l, false);
    case PICKLE_BINPERSID:
        return pickle_load_persistent(l, true);
    case PICKLE_MARK:
        return put_mark(l);
    case PICKLE_POP:
        return load_pop(l);
    case PICKLE_POP_MARK:
        return load_pop_mark(l);
    case PICKLE_DUP:
        return load_dup(l);
    case PICKLE_MEMOIZE:
        return store_memo(l, l->memo->count);
    case PICKLE_BINPUT:
        return store_memo_counted(l, 1);
    case PICKLE_LONG_BINPUT:
        return store_memo_counted(l, 4);
    case PICKLE_PUT:
        return load_put(l);
    case PICKLE_BINGET:
        return load_memo_counted(l, 1);
    case PICKLE_LONG_BINGET:
        return load_memo_counted(l, 4);
    case PICKLE_GET:
        return load_get(l);
    case PICKLE_PROTO:
        return load_protocol(l);
    case PICKLE_FRAME:
        return load_frame(l);
    default:
        return invalid_opcode(opcode);
    }
}

Value pickle_load(Loading *l) {
    __atomic_store_n(l->protocol, 0, __ATOMIC_RELAXED);
    l->stack = l->first_stack;
    l->capacity = PICKLE_FIRST_STACK;
    l->marks = l->first_marks;
    l->mark_capacity = PICKLE_FIRST_MARKS;
    for (;;) {
        const uint8_t *opcode = pickle_read(l->input, 1);
        if (UNLIKELY(!opcode)) {
            if (error_matches((Type *)value_object(pickle_shared.unpickling_error))) {
                error_clear();
                raise_error(&exception_EOFError, "Ran out of input");
            }
            return VALUE_NULL;
        }
        if (*opcode == PICKLE_STOP)
            break;
        if (UNLIKELY(run(l, *opcode) < 0))
            return VALUE_NULL;
    }
    return pickle_read_finish(l->input) < 0 ? VALUE_NULL : pickle_pop(l);
}

void pickle_load_end(Loading *l) {
    pickle_drop_to(l, 0);
    if (l->stack != l->first_stack)
        buffer_free(l->stack);
    if (l->marks != l->first_marks)
        buffer_free(l->marks);
    l->stack = NULL;
    l->marks = NULL;
}
