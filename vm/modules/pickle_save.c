// SPDX-License-Identifier: MIT
//
// Writing pickles: None, numbers, text, bytes and the builtin containers. pickle_save() is the way
// into all of it.
#include "vm/modules/pickle_internal.h"
#include "vm/runtime/stop_point.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/str_utf8.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <stdio.h>

enum { FAST_DEPTH_MAX = 50 };

// ---- the memo ----------------------------------------------------------------------------------

static int put_decimal(Pickling *p, int opcode, int64_t number) {
    char text[32];
    int length = snprintf(text, sizeof text, "%c%lld\n", opcode, (long long)number);
    return pickle_put(p, text, (size_t)length);
}

int pickle_put_get(Pickling *p, int64_t number) {
    if (!p->binary)
        return put_decimal(p, PICKLE_GET, number);
    if (number < 256)
        return pickle_put_number(p, PICKLE_BINGET, (uint64_t)number, 1);
    if (number <= UINT32_MAX)
        return pickle_put_number(p, PICKLE_LONG_BINGET, (uint64_t)number, 4);
    return pickle_raise_pickling("memo id too large for LONG_BINGET");
}

int pickle_put_memo(Pickling *p, Value v) {
    if (UNLIKELY(p->fast))
        return 0;
    int64_t number = p->memo->count;
    if (UNLIKELY(pickle_memo_put(p->memo, v, number) < 0))
        return -1;
    if (LIKELY(p->protocol >= 4))
        return pickle_put_byte(p, PICKLE_MEMOIZE);
    if (!p->binary)
        return put_decimal(p, PICKLE_PUT, number);
    if (number < 256)
        return pickle_put_number(p, PICKLE_BINPUT, (uint64_t)number, 1);
    if (number <= UINT32_MAX)
        return pickle_put_number(p, PICKLE_LONG_BINPUT, (uint64_t)number, 4);
    return pickle_raise_pickling("memo id too large for LONG_BINPUT");
}

// Without a memo a cycle would never end: from some depth on, containers being written are noted.
static int fast_enter(Pickling *p, Value v) {
    if (LIKELY(!p->fast) || ++p->fast_depth < FAST_DEPTH_MAX)
        return 0;
    if (value_is_null(p->fast_seen) && value_is_null(p->fast_seen = set_new()))
        return -1;
    Value address = int_from_u64(v.bits);
    int found = value_is_null(address) ? -1 : set_contains(p->fast_seen, address);
    if (found > 0)
        raise_value_error("fast mode: can't pickle cyclic objects including object type %s at %p",
                          type_full_name(value_type(v)), (void *)value_object(v));
    else if (found == 0)
        found = set_add(p->fast_seen, address) < 0 ? -1 : 0;
    ref_release(address);
    return found ? -1 : 0;
}
static int fast_leave(Pickling *p, Value v, int status) {
    if (LIKELY(!p->fast) || p->fast_depth-- < FAST_DEPTH_MAX || status < 0)
        return status;
    Value address = int_from_u64(v.bits);
    if (value_is_null(address) || set_discard(p->fast_seen, address) < 0)
        status = -1;
    ref_release(address);
    return status;
}

// ---- numbers ----------------------------------------------------------------------------------

static int save_wide_int(Pickling *p, Value v) {
    if (p->protocol < 2) {
        Value text = int_to_str(v, 10, false);
        int status = value_is_null(text) || pickle_put_byte(p, PICKLE_LONG) < 0 ||
                             pickle_put(p, str_data(text), (size_t)str_length(text)) < 0
                         ? -1
                         : pickle_put(p, "L\n", 2);
        ref_release(text);
        return status;
    }
    size_t length = (size_t)(int_bit_length(v) >> 3) + 1;
    if (length > INT32_MAX)
        return raise_int(&exception_OverflowError, "int too large to pickle");
    if (pickle_make_room(p, length + 5) < 0)
        return -1;
    uint8_t small[16], *bytes = length <= sizeof small ? small : buffer_allocate(length);
    if (!bytes)
        return raise_memory_error(), -1;
    int status = int_to_bytes(v, bytes, length, true, true);
    // The last byte of a negative number may say nothing that the one before does not.
    if (status == 0 && length > 1 && bytes[length - 1] == 0xff && bytes[length - 2] & 0x80)
        length--;
    if (status == 0)
        status = length < 256 ? pickle_put_number(p, PICKLE_LONG1, length, 1)
                              : pickle_put_number(p, PICKLE_LONG4, length, 4);
    if (status == 0)
        status = pickle_put(p, bytes, length);
    if (bytes != small)
        buffer_free(bytes);
    return status;
}

static int save_int(Pickling *p, Value v) { // an exact int in its word
    int64_t n = value_int(v);
    if (UNLIKELY(n < INT32_MIN || n > INT32_MAX))
        return save_wide_int(p, v);
    if (UNLIKELY(!p->binary))
        return put_decimal(p, PICKLE_INT, n);
    if (n >= 0 && n <= 0xff)
        return pickle_put_number(p, PICKLE_BININT1, (uint64_t)n, 1);
    if (n >= 0 && n <= 0xffff)
        return pickle_put_number(p, PICKLE_BININT2, (uint64_t)n, 2);
    return pickle_put_number(p, PICKLE_BININT, (uint64_t)n, 4);
}

static int save_float(Pickling *p, Value v) {
    double d = float_value(v);
    if (LIKELY(p->binary)) {
        uint64_t bits;
        memcpy(&bits, &d, sizeof bits);
        return pickle_put_number(p, PICKLE_BINFLOAT, __builtin_bswap64(bits), 8);
    }
    Value text = float_repr_double(d);
    int status = value_is_null(text) || pickle_put_byte(p, PICKLE_FLOAT) < 0 ||
                         pickle_put(p, str_data(text), (size_t)str_length(text)) < 0
                     ? -1
                     : pickle_put_byte(p, '\n');
    ref_release(text);
    return status;
}

static int save_bool(Pickling *p, bool b) {
    if (p->protocol >= 2)
        return pickle_put_byte(p, b ? PICKLE_NEWTRUE : PICKLE_NEWFALSE);
    return pickle_put(p, b ? "I01\n" : "I00\n", 4);
}

// ---- text and bytes ---------------------------------------------------------------------------

// Protocol 0: a line in which what is beyond Latin-1, or would end or escape something, is escaped.
static int put_escaped(Pickling *p, Value v) {
    int64_t length = str_length(v);
    if (pickle_put_byte(p, PICKLE_UNICODE) < 0)
        return -1;
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = str_at(v, i);
        char text[12];
        int status;
        if (c >= 0x10000)
            status = pickle_put(p, text, (size_t)snprintf(text, sizeof text, "\\U%08x", c));
        else if (c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a)
            status = pickle_put(p, text, (size_t)snprintf(text, sizeof text, "\\u%04x", c));
        else
            status = pickle_put_byte(p, (int)c);
        if (status < 0)
            return -1;
    }
    return pickle_put_byte(p, '\n');
}

// The header of so many bytes: its length, or -1 with OverflowError.
static int size_header(const Pickling *p, uint8_t *header, uint64_t length, int code_1, int code_4,
                       int code_8, const char *what) {
    memcpy(header + 1, &length, sizeof length);
    if (length <= 0xff && code_1) {
        header[0] = (uint8_t)code_1;
        return 2;
    }
    if (length <= UINT32_MAX && code_4) {
        header[0] = (uint8_t)code_4;
        return 5;
    }
    if (p->protocol >= 4) {
        header[0] = (uint8_t)code_8;
        return 9;
    }
    return raise_int(&exception_OverflowError,
                     "serializing a %s larger than 4 GiB requires pickle protocol 4 or higher",
                     what);
}

static int put_utf8(Pickling *p, Value v) {
    bool ascii = str_is_ascii(v);
    size_t length = ascii ? (size_t)str_length(v) : utf8_size(v, &(int64_t){0});
    uint8_t header[9];
    int head = size_header(p, header, length, p->protocol >= 4 ? PICKLE_SHORT_BINUNICODE : 0,
                           PICKLE_BINUNICODE, PICKLE_BINUNICODE8, "string");
    if (head < 0)
        return -1;
    if (ascii)
        return pickle_put_large(p, header, (size_t)head, str_data(v), length, NULL, VALUE_NULL);
    if (length < PICKLE_FRAME_TARGET) {
        if (pickle_make_room(p, (size_t)head + length) < 0)
            return -1;
        memcpy(p->data + p->length, header, (size_t)head);
        utf8_write(v, p->data + p->length + head);
        p->length += (size_t)head + length;
        return 0;
    }
    uint8_t *copy = buffer_allocate(length);
    if (!copy)
        return raise_memory_error(), -1;
    utf8_write(v, copy);
    int status = pickle_put_large(p, header, (size_t)head, copy, length, NULL, VALUE_NULL);
    buffer_free(copy);
    return status;
}

static int save_str(Pickling *p, Value v) {
    if (UNLIKELY((p->binary ? put_utf8(p, v) : put_escaped(p, v)) < 0))
        return -1;
    return pickle_put_memo(p, v);
}

// As if __reduce__ had given (callable, (a, b)), references a and b consumed; b may be VALUE_NULL.
static int save_call(Pickling *p, Value callable, Value a, Value b, Value object) {
    bool made = !value_is_null(a);
    Value args = !made ? VALUE_NULL : value_is_null(b) ? tuple_pack(1, a) : tuple_pack(2, a, b);
    Value reduced = value_is_null(args) ? args : tuple_pack(2, callable, args);
    int status = value_is_null(reduced) ? -1 : pickle_save_reduce(p, reduced, object);
    ref_release(reduced);
    ref_release(args);
    ref_release(a);
    ref_release(b);
    return status;
}
static int save_call_without(Pickling *p, Type *type, Value object) {
    Value args = tuple_empty(), reduced = tuple_pack(2, value_from_object(type), args);
    int status = value_is_null(reduced) ? -1 : pickle_save_reduce(p, reduced, object);
    ref_release(reduced);
    ref_release(args);
    return status;
}

// data NULL: the view's bytes.
static int put_bytes(Pickling *p, Value v, const void *data, size_t length,
                     const BufferView *view) {
    uint8_t header[9];
    int head = size_header(p, header, length, PICKLE_SHORT_BINBYTES, PICKLE_BINBYTES,
                           PICKLE_BINBYTES8, "bytes object");
    if (head < 0 || pickle_put_large(p, header, (size_t)head, data, length, view, v) < 0)
        return -1;
    return pickle_put_memo(p, v);
}

static int save_bytes(Pickling *p, Value v) {
    if (LIKELY(p->protocol >= 3))
        return put_bytes(p, v, bytes_data(v), (size_t)bytes_length(v), NULL);
    if (bytes_length(v) == 0)
        return save_call_without(p, &bytes_type, v);
    return save_call(p, pickle_shared.codecs_encode,
                     str_from_latin1(bytes_data(v), (size_t)bytes_length(v)),
                     ref_new(pickle_shared.latin1), v);
}

static int put_bytearray(Pickling *p, Value v, const BufferView *view) {
    uint8_t header[9];
    size_t length = (size_t)view->length;
    int head = size_header(p, header, length, 0, 0, PICKLE_BYTEARRAY8, "bytearray");
    if (head < 0 || pickle_put_large(p, header, (size_t)head, NULL, length, view, v) < 0)
        return -1;
    return pickle_put_memo(p, v);
}

static int save_bytearray(Pickling *p, Value v) {
    BufferView view;
    if (p->protocol < 5) {
        Value bytes = bytes_from_object(v);
        if (!value_is_null(bytes) && bytes_length(bytes) == 0) {
            ref_release(bytes);
            return save_call_without(p, &bytearray_type, v);
        }
        return save_call(p, value_from_object(&bytearray_type), bytes, VALUE_NULL, v);
    }
    if (buffer_view_get_brief(v, &view) < 0)
        return -1;
    int status = put_bytearray(p, v, &view);
    buffer_view_release(&view);
    return status;
}

static int save_buffer(Pickling *p, Value v) {
    BufferView view;
    if (p->protocol < 5)
        return pickle_raise_pickling("PickleBuffer can only pickled with protocol >= 5");
    if (!pickle_buffer_is_contiguous(v))
        return pickle_raise_pickling(
            "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
    if (pickle_buffer_view(v, &view, false) < 0)
        return -1;
    int in_band = 1, status;
    if (!value_is_null(p->buffer_callback)) {
        Value answer = value_call_one(p->buffer_callback, v);
        in_band = value_is_null(answer) ? -1 : value_truth(answer);
        ref_release(answer);
    }
    if (in_band < 0)
        status = -1;
    else if (in_band)
        status = view.readonly ? put_bytes(p, v, NULL, (size_t)view.length, &view)
                               : put_bytearray(p, v, &view);
    else if ((status = pickle_put_byte(p, PICKLE_NEXT_BUFFER)) == 0 && view.readonly)
        status = pickle_put_byte(p, PICKLE_READONLY_BUFFER);
    buffer_view_release(&view);
    return status;
}

// ---- containers -------------------------------------------------------------------------------

// What had been put on the reader's stack is dropped, because by now the object itself is in the
// memo: it contains itself.
static int put_recursive(Pickling *p, int64_t pops, int64_t number) {
    if (pops < 0) {
        if (pickle_put_byte(p, PICKLE_POP_MARK) < 0)
            return -1;
    } else {
        for (int64_t i = 0; i < pops; i++)
            if (pickle_put_byte(p, PICKLE_POP) < 0)
                return -1;
    }
    return pickle_put_get(p, number);
}

static int save_tuple(Pickling *p, Value v) {
    int64_t length = tuple_length(v);
    if (length == 0) {
        if (p->protocol)
            return pickle_put_byte(p, PICKLE_EMPTY_TUPLE);
        return pickle_put(p, "(t", 2);
    }
    bool counted = length <= 3 && p->protocol >= 2;
    if (!counted && pickle_put_byte(p, PICKLE_MARK) < 0)
        return -1;
    for (int64_t i = 0; i < length; i++)
        if (pickle_save(p, tuple_item(v, i), false) < 0)
            return -1;
    int64_t number = pickle_memo_find(p->memo, v);
    if (UNLIKELY(number >= 0))
        return put_recursive(p, counted ? length : p->binary ? -1 : length + 1, number);
    if (pickle_put_byte(p, counted ? PICKLE_TUPLE1 + (int)length - 1 : PICKLE_TUPLE) < 0)
        return -1;
    return pickle_put_memo(p, v);
}

// An exact list, protocol 1 and up: as it is at each step.
static int save_items(Pickling *p, Value v) {
    List *list = list_of(v);
    bool single = list_length(v) == 1;
    int64_t i = 0;
    do {
        thread_stop_point();
        if (!single && pickle_put_byte(p, PICKLE_MARK) < 0)
            return -1;
        for (int64_t n = 0; n < PICKLE_BATCH; n++) {
            Value item = list_get_fast(list, (uint64_t)i);
            if (value_is_null(item))
                break;
            int status = pickle_save(p, item, false);
            ref_release(item);
            if (UNLIKELY(status < 0))
                return -1;
            i++;
            if (single)
                return pickle_put_byte(p, PICKLE_APPEND);
        }
        if (single) // it has become empty
            return 0;
        if (pickle_put_byte(p, PICKLE_APPENDS) < 0)
            return -1;
    } while (i < list_length(v));
    return 0;
}

static int save_list_items(Pickling *p, Value v) {
    Value list = threads_may_come_between() ? list_slice(v, 0, INT64_MAX) : ref_new(v);
    int status = value_is_null(list) ? -1 : save_items(p, list);
    ref_release(list);
    return status;
}

// What an iterator gives, each by `save`: one alone, then the opcode for one; several after a mark,
// then that for many. Protocol 0 knows no marks.
static int save_batches(Pickling *p, Value iterator, int (*save)(Pickling *, Value), int one,
                        int many) {
    for (;;) {
        Value item = value_next(iterator);
        if (value_is_null(item))
            return error_occurred() ? -1 : 0;
        Value second = p->protocol == 0 ? VALUE_NULL : value_next(iterator);
        if (value_is_null(second)) {
            int status = error_occurred() || save(p, item) < 0 ? -1 : pickle_put_byte(p, one);
            ref_release(item);
            if (status < 0 || p->protocol > 0)
                return status;
            continue;
        }
        int status = pickle_put_byte(p, PICKLE_MARK) < 0 ? -1 : save(p, item);
        int64_t n = 1;
        ref_release(item);
        while (status == 0 && !value_is_null(second)) {
            status = save(p, second);
            ref_release(second);
            second = VALUE_NULL;
            if (status < 0 || ++n == PICKLE_BATCH)
                break;
            second = value_next(iterator);
            if (value_is_null(second) && error_occurred())
                status = -1;
        }
        ref_release(second);
        if (status < 0 || pickle_put_byte(p, many) < 0)
            return -1;
        if (n < PICKLE_BATCH)
            return 0;
    }
}

static int save_item(Pickling *p, Value item) {
    return pickle_save(p, item, false);
}

int pickle_save_items(Pickling *p, Value iterator) {
    return save_batches(p, iterator, save_item, PICKLE_APPEND, PICKLE_APPENDS);
}

static int save_list(Pickling *p, Value v) {
    int status = p->binary ? pickle_put_byte(p, PICKLE_EMPTY_LIST) : pickle_put(p, "(l", 2);
    if (status < 0 || pickle_put_memo(p, v) < 0)
        return -1;
    if (list_length(v) == 0)
        return 0;
    if (LIKELY(p->protocol > 0))
        return save_list_items(p, v);
    Value iterator = value_iter(v);
    status = value_is_null(iterator) ? -1 : pickle_save_items(p, iterator);
    ref_release(iterator);
    return status;
}

static int save_pair(Pickling *p, Value pair) {
    if (!value_is_tuple(pair) || tuple_length(pair) != 2)
        return raise_int(&exception_TypeError, "dict items iterator must return 2-tuples");
    return pickle_save(p, tuple_item(pair, 0), false) < 0
               ? -1
               : pickle_save(p, tuple_item(pair, 1), false);
}

// An exact dict, protocol 1 and up.
static int save_dict_items(Pickling *p, Value v) {
    int64_t length = dict_length(v), position = 0, n;
    Value key, value;
    bool single = length == 1;
    do {
        thread_stop_point();
        n = 0;
        if (!single && pickle_put_byte(p, PICKLE_MARK) < 0)
            return -1;
        while (dict_next(v, &position, &key, &value, NULL)) {
            int status = pickle_save(p, key, false);
            if (LIKELY(status == 0))
                status = pickle_save(p, value, false);
            ref_release(key);
            ref_release(value);
            if (UNLIKELY(status < 0))
                return -1;
            if (single)
                return pickle_put_byte(p, PICKLE_SETITEM);
            if (++n == PICKLE_BATCH)
                break;
        }
        if (single)
            return 0;
        if (pickle_put_byte(p, PICKLE_SETITEMS) < 0)
            return -1;
        if (dict_length(v) != length)
            return raise_int(&exception_RuntimeError, "dictionary changed size during iteration");
    } while (n == PICKLE_BATCH);
    return 0;
}

int pickle_save_pairs(Pickling *p, Value iterator) {
    return save_batches(p, iterator, save_pair, PICKLE_SETITEM, PICKLE_SETITEMS);
}

static int save_dict(Pickling *p, Value v) {
    int status = p->binary ? pickle_put_byte(p, PICKLE_EMPTY_DICT) : pickle_put(p, "(d", 2);
    if (status < 0 || pickle_put_memo(p, v) < 0)
        return -1;
    if (dict_length(v) == 0)
        return 0;
    if (LIKELY(p->protocol > 0))
        return save_dict_items(p, v);
    Value items = dict_view_new(v, DICT_ITEMS);
    Value iterator = value_is_null(items) ? items : value_iter(items);
    status = value_is_null(iterator) ? -1 : pickle_save_pairs(p, iterator);
    ref_release(iterator);
    ref_release(items);
    return status;
}

static int save_set(Pickling *p, Value v) {
    if (p->protocol < 4)
        return save_call(p, value_from_object(&set_type), list_from_iterable(v), VALUE_NULL, v);
    if (pickle_put_byte(p, PICKLE_EMPTY_SET) < 0 || pickle_put_memo(p, v) < 0)
        return -1;
    int64_t length = set_length(v), position = 0, n;
    if (length == 0)
        return 0;
    do {
        Value item;
        n = 0;
        if (pickle_put_byte(p, PICKLE_MARK) < 0)
            return -1;
        while (set_next(v, &position, &item)) {
            int status = pickle_save(p, item, false);
            ref_release(item);
            if (status < 0)
                return -1;
            if (++n == PICKLE_BATCH)
                break;
        }
        if (pickle_put_byte(p, PICKLE_ADDITEMS) < 0)
            return -1;
        if (set_length(v) != length)
            return raise_int(&exception_RuntimeError, "set changed size during iteration");
    } while (n == PICKLE_BATCH);
    return 0;
}

static int save_frozenset(Pickling *p, Value v) {
    if (p->protocol < 4)
        return save_call(p, value_from_object(&frozenset_type), list_from_iterable(v), VALUE_NULL,
                         v);
    if (pickle_put_byte(p, PICKLE_MARK) < 0)
        return -1;
    int64_t position = 0;
    Value item;
    while (set_next(v, &position, &item)) {
        int status = pickle_save(p, item, false);
        ref_release(item);
        if (status < 0)
            return -1;
    }
    int64_t number = pickle_memo_find(p->memo, v);
    if (number >= 0)
        return put_recursive(p, -1, number);
    return pickle_put_byte(p, PICKLE_FROZENSET) < 0 ? -1 : pickle_put_memo(p, v);
}

// ---- the way in -------------------------------------------------------------------------------

// 1: it was a persistent object; 0: it is none; -1.
static int save_persistent(Pickling *p, Value v) {
    Value id = value_is_null(p->persistent_self)
                   ? value_call_one(p->persistent_id, v)
                   : value_call_two(p->persistent_id, p->persistent_self, v);
    if (value_is_null(id))
        return -1;
    if (value_is_none(id)) {
        ref_release(id);
        return 0;
    }
    int status;
    if (p->binary) {
        status = pickle_save(p, id, true) < 0 ? -1 : pickle_put_byte(p, PICKLE_BINPERSID);
    } else {
        Value text = value_str(id);
        if (value_is_null(text))
            status = -1;
        else if (!str_is_ascii(text))
            status = pickle_raise_pickling("persistent IDs in protocol 0 must be ASCII strings");
        else
            status = pickle_put_byte(p, PICKLE_PERSID) < 0 ||
                             pickle_put(p, str_data(text), (size_t)str_length(text)) < 0
                         ? -1
                         : pickle_put_byte(p, '\n');
        ref_release(text);
    }
    ref_release(id);
    return status < 0 ? -1 : 1;
}

static int save_container(Pickling *p, Value v, Type *type) {
    thread_stop_point();
    if (type == &tuple_type)
        return save_tuple(p, v);
    if (type == &set_type)
        return save_set(p, v);
    if (type == &bytearray_type)
        return save_bytearray(p, v);
    if (type == &pickle_buffer_type)
        return save_buffer(p, v);
    if (type != &list_type && type != &dict_type && type != &frozenset_type)
        return pickle_save_object(p, v);
    if (fast_enter(p, v) < 0)
        return -1;
    int status = type == &list_type   ? save_list(p, v)
                 : type == &dict_type ? save_dict(p, v)
                                      : save_frozenset(p, v);
    return fast_leave(p, v, status);
}

static __attribute__((noinline)) int save_object(Pickling *p, Value v) {
    // First what is written without a memo.
    Type *type = value_type(v);
    if (value_is_none(v))
        return pickle_put_byte(p, PICKLE_NONE);
    if (type == &bool_type)
        return save_bool(p, value_same(v, VALUE_TRUE));
    if (type == &int_type)
        return save_wide_int(p, v);
    if (type == &float_type)
        return save_float(p, v);
    int64_t number = pickle_memo_find(p->memo, v);
    if (number >= 0)
        return pickle_put_get(p, number);
    if (LIKELY(type == &str_type))
        return save_str(p, v);
    if (type == &bytes_type)
        return save_bytes(p, v);
    if (thread_enter_recursive(" while pickling an object") < 0)
        return -1;
    int status = save_container(p, v, type);
    thread_leave_recursive();
    return status;
}

static inline int save_value(Pickling *p, Value v) {
    if (value_is_int(v))
        return save_int(p, v);
    if (value_is_flonum(v))
        return save_float(p, v);
    return save_object(p, v);
}

static __attribute__((noinline)) int save_carefully(Pickling *p, Value v, bool no_persistent_id) {
    if (UNLIKELY(pickle_between_opcodes(p) < 0))
        return -1;
    if (!value_is_null(p->persistent_id) && !no_persistent_id) {
        int status = save_persistent(p, v);
        if (status)
            return status < 0 ? -1 : 0;
    }
    return save_value(p, v);
}

int pickle_save(Pickling *p, Value v, bool no_persistent_id) {
    if (UNLIKELY(pickle_frame_is_full(p) || !value_is_null(p->persistent_id)))
        return save_carefully(p, v, no_persistent_id);
    return save_value(p, v);
}
