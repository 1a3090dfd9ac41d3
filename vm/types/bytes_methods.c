// SPDX-License-Identifier: MIT
//
// The methods that bytes and bytearray have in common, one implementation for both. Those about
// ASCII characters are in bytes_ascii.c.
//
// A bytearray may change under a method at any time. Searching happens with its lock held (it
// calls nothing); methods that make new objects work on a copy taken in one go, so each sees the
// bytes as they were at one moment. Arguments are looked at before, since that may run Python code.
#include "vm/copy.h"
#include "vm/runtime/errors.h"
#include "vm/types/codecs.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_methods.h"
#include "vm/types/tuple.h"
#include "vm/types/arguments.h"

// self is a bytes or a bytearray, or an instance of a subclass.
static inline bool is_array(Value self) {
    return !value_is_bytes(self);
}

Value bytes_result(Value self, const void *data, int64_t length) {
    if (UNLIKELY(is_array(self)))
        return bytearray_new(data, (size_t)length);
    if (length == bytes_length(self) && data == bytes_data(self) &&
        value_is_exactly(self, &bytes_type))
        return ref_new(self);
    return bytes_new(data, (size_t)length);
}

Value bytes_result_allocate(Value self, int64_t length, uint8_t **out) {
    return is_array(self) ? bytearray_allocate(length, out) : bytes_allocate(length, out);
}

// ---- searching --------------------------------------------------------------------------------

// A needle: a bytes-like object or one byte as an int.
static int needle_get(Value v, ByteText *text) {
    if (value_type(v)->get_buffer)
        return byte_text_get(v, text);
    if (!value_is_int(v) && !value_type(v)->index)
        return raise_int(&exception_TypeError,
                         "argument should be integer or bytes-like object, not '%T'", v);
    int byte = byte_from_value(v, "byte must be in range(0, 256)");
    if (byte < 0)
        return -1;
    text->copy = NULL;
    text->view.owner = VALUE_NULL;
    text->small[0] = (uint8_t)byte;
    text->data = text->small;
    text->length = 1;
    return 0;
}

typedef enum { SEARCH_FIRST, SEARCH_LAST, SEARCH_COUNT, SEARCH_START, SEARCH_END } Search;

// Pure.
static int64_t search_in(Search search, const uint8_t *data, int64_t length, int64_t start,
                         int64_t end, const ByteText *needle) {
    range_adjust(length, &start, &end);
    int64_t n = end - start, m = needle->length, at = -1;
    switch (search) {
    case SEARCH_FIRST:
        at = m <= n ? units_find(data + start, n, needle->data, m, 0) : -1;
        return at < 0 ? -1 : at + start;
    case SEARCH_LAST:
        at = m <= n ? units_find_last(data + start, n, needle->data, m, 0) : -1;
        return at < 0 ? -1 : at + start;
    case SEARCH_COUNT:
        if (m > n)
            return 0;
        return m == 0 ? n + 1 : units_count(data + start, n, needle->data, m, 0, INT64_MAX);
    case SEARCH_START:
        return m <= n && (m == 0 || memcmp(data + start, needle->data, (size_t)m) == 0);
    default:
        return m <= n && (m == 0 || memcmp(data + end - m, needle->data, (size_t)m) == 0);
    }
}

static int64_t search_self(Search search, Value self, int64_t start, int64_t end,
                           const ByteText *needle) {
    if (value_is_bytes(self))
        return search_in(search, bytes_data(self), bytes_length(self), start, end, needle);
    ByteArray *array = bytearray_of(self);
    object_lock(&array->header);
    int64_t result = search_in(search, array->data, array->length, start, end, needle);
    object_unlock(&array->header);
    return result;
}

static Value search_method(const char *name, Search search, Value self, const Value *args,
                           size_t nargs, bool must) {
    int64_t start, end;
    ByteText needle;
    if (search_arguments_count(name, nargs) < 0 ||
        range_arguments(args, nargs, 1, &start, &end) < 0 || needle_get(args[0], &needle) < 0)
        return VALUE_NULL;
    int64_t at = search_self(search, self, start, end, &needle);
    byte_text_release(&needle);
    if (at < 0 && must)
        return raise_value_error("subsection not found");
    return value_from_int(at);
}

static Value method_find(Value self, const Value *args, size_t nargs) {
    return search_method("find", SEARCH_FIRST, self, args, nargs, false);
}
static Value method_rfind(Value self, const Value *args, size_t nargs) {
    return search_method("rfind", SEARCH_LAST, self, args, nargs, false);
}
static Value method_index(Value self, const Value *args, size_t nargs) {
    return search_method("index", SEARCH_FIRST, self, args, nargs, true);
}
static Value method_rindex(Value self, const Value *args, size_t nargs) {
    return search_method("rindex", SEARCH_LAST, self, args, nargs, true);
}
static Value method_count(Value self, const Value *args, size_t nargs) {
    return search_method("count", SEARCH_COUNT, self, args, nargs, false);
}

static int affix_matches(Search search, Value self, Value affix, int64_t start, int64_t end) {
    ByteText text;
    if (byte_text_get(affix, &text) < 0)
        return -1;
    int result = (int)search_self(search, self, start, end, &text);
    byte_text_release(&text);
    return result;
}

static Value affix_method(Search search, Value self, const Value *args, size_t nargs) {
    int64_t start, end;
    const char *name = search == SEARCH_START ? "startswith" : "endswith";
    if (search_arguments_count(name, nargs) < 0 ||
        range_arguments(args, nargs, 1, &start, &end) < 0)
        return VALUE_NULL;
    if (value_is_tuple(args[0])) {
        for (int64_t i = 0; i < tuple_length(args[0]); i++) {
            int result = affix_matches(search, self, tuple_item(args[0], i), start, end);
            if (result)
                return result < 0 ? VALUE_NULL : bool_new(true);
        }
        return bool_new(false);
    }
    if (!value_type(args[0])->get_buffer)
        return raise_type_error("%s first arg must be bytes or a tuple of bytes, not %T", name,
                                args[0]);
    int result = affix_matches(search, self, args[0], start, end);
    return result < 0 ? VALUE_NULL : bool_new(result);
}
static Value method_startswith(Value self, const Value *args, size_t nargs) {
    return affix_method(SEARCH_START, self, args, nargs);
}
static Value method_endswith(Value self, const Value *args, size_t nargs) {
    return affix_method(SEARCH_END, self, args, nargs);
}

// ---- one or two bytes-like arguments, then a new object ---------------------------------------

// self and up to two bytes-like arguments at one moment each. 0, or -1 with nothing held.
typedef struct {
    ByteText self, first, second;
} Operands;

static int operands_get(Operands *o, Value self, Value first, Value second) {
    o->first.view.owner = o->second.view.owner = VALUE_NULL;
    o->first.copy = o->second.copy = NULL;
    if (!value_is_null(first) && byte_text_get(first, &o->first) < 0)
        return -1;
    if (!value_is_null(second) && byte_text_get(second, &o->second) < 0) {
        byte_text_release(&o->first);
        return -1;
    }
    if (byte_text_get(self, &o->self) < 0) {
        byte_text_release(&o->first);
        byte_text_release(&o->second);
        return -1;
    }
    return 0;
}
static void operands_release(Operands *o) {
    byte_text_release(&o->self);
    byte_text_release(&o->first);
    byte_text_release(&o->second);
}

static Value remove_affix(Value self, Value affix, bool at_end) {
    Operands o;
    if (operands_get(&o, self, affix, VALUE_NULL) < 0)
        return VALUE_NULL;
    const uint8_t *data = o.self.data;
    int64_t length = o.self.length;
    if (search_in(at_end ? SEARCH_END : SEARCH_START, data, length, 0, length, &o.first)) {
        length -= o.first.length;
        if (!at_end)
            data += o.first.length;
    }
    Value result = bytes_result(self, data, length);
    operands_release(&o);
    return result;
}
static Value method_removeprefix(Value self, Value affix) {
    return remove_affix(self, affix, false);
}
static Value method_removesuffix(Value self, Value affix) {
    return remove_affix(self, affix, true);
}

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static inline bool is_space(uint8_t c) {
    return c == ' ' || (c >= 9 && c <= 13);
}

static Value strip_with(Value self, const Value *args, size_t nargs, int sides) {
    Operands o;
    Value set = nargs && !value_is_none(args[0]) ? args[0] : VALUE_NULL;
    if (value_is_null(set)) {
        ByteText text;
        if (byte_text_get(self, &text) < 0)
            return VALUE_NULL;
        int64_t start = 0, end = text.length;
        if (sides & STRIP_LEFT)
            while (start < end && is_space(text.data[start]))
                start++;
        if (sides & STRIP_RIGHT)
            while (end > start && is_space(text.data[end - 1]))
                end--;
        Value result = bytes_result(self, text.data + start, end - start);
        byte_text_release(&text);
        return result;
    }
    if (operands_get(&o, self, set, VALUE_NULL) < 0)
        return VALUE_NULL;
    bool goes[256] = {false};
    for (int64_t i = 0; i < o.first.length; i++)
        goes[o.first.data[i]] = true;
    int64_t start = 0, end = o.self.length;
    if (sides & STRIP_LEFT)
        while (start < end && goes[o.self.data[start]])
            start++;
    if (sides & STRIP_RIGHT)
        while (end > start && goes[o.self.data[end - 1]])
            end--;
    Value result = bytes_result(self, o.self.data + start, end - start);
    operands_release(&o);
    return result;
}
static Value method_strip(Value self, const Value *args, size_t nargs) {
    return strip_with(self, args, nargs, STRIP_LEFT | STRIP_RIGHT);
}
static Value method_lstrip(Value self, const Value *args, size_t nargs) {
    return strip_with(self, args, nargs, STRIP_LEFT);
}
static Value method_rstrip(Value self, const Value *args, size_t nargs) {
    return strip_with(self, args, nargs, STRIP_RIGHT);
}

enum { PLACES = 128 }; // of matches that are remembered

static Value replace_in(Value self, const Operands *o, int64_t most) {
    int64_t places[PLACES], found;
    const uint8_t *data = o->self.data, *old = o->first.data, *new = o->second.data;
    int64_t length = o->self.length, m = o->first.length, k = o->second.length, count;
    if (most < 0)
        most = INT64_MAX;
    if (most == 0 || m > length || (m == 0 && k == 0))
        return bytes_result(self, data, length);
    if (m == 1 && k == 1 && most == INT64_MAX && length > 1) { // one byte for another
        const uint8_t *found = memchr(data, old[0], (size_t)length);
        if (!found)
            return bytes_result(self, data, length);
        uint8_t *out, from = old[0], to = new[0];
        Value result = bytes_result_allocate(self, length, &out);
        if (value_is_null(result))
            return result;
        units_replace_byte(out, data, length, from, to);
        return result;
    }
    if (m == 0)
        count = length + 1 < most ? length + 1 : most;
    else if ((count = units_find_all(data, length, old, m, 0, most < PLACES ? most : PLACES,
                                     places)) == PLACES)
        count = units_count(data, length, old, m, 0, most);
    if (count == 0)
        return bytes_result(self, data, length);
    if (k > m && count > (STR_LENGTH_MAX - length) / (k - m))
        return raise_error(&exception_OverflowError, "replace bytes is too long");
    if (length + count * (k - m) == 0)
        return bytes_result(self, NULL, 0);
    uint8_t *out;
    Value result = bytes_result_allocate(self, length + count * (k - m), &out);
    if (value_is_null(result))
        return result;
    int64_t from = 0;
    for (int64_t i = 0; i < count && m == 0; i++) {
        copy_bytes(out, new, (size_t)k);
        out += k;
        if (from < length)
            *out++ = data[from++];
    }
    if (m == k && count <= PLACES) {
        memcpy(out, data, (size_t)length);
        for (int64_t i = 0; i < count; i++)
            memcpy(out + places[i], new, (size_t)k);
        return result;
    }
    for (int64_t done = 0; done < count && m > 0; done += found) {
        int64_t base = from, room = count - done < PLACES ? count - done : PLACES;
        if (done == 0)
            found = room;
        else
            found = units_find_all(data + from, length - from, old, m, 0, room, places);
        for (int64_t i = 0; i < found; i++) {
            int64_t skip = base + places[i] - from;
            copy_bytes(out, data + from, (size_t)skip);
            copy_bytes(out + skip, new, (size_t)k);
            out += skip + k;
            from += skip + m;
        }
    }
    if (length > from)
        copy_bytes(out, data + from, (size_t)(length - from));
    return result;
}

static Value method_replace(Value self, const Value *args, size_t nargs) {
    int64_t most = -1;
    Operands o;
    if (nargs > 2 && size_argument(args[2], &most) < 0)
        return VALUE_NULL;
    if (operands_get(&o, self, args[0], args[1]) < 0)
        return VALUE_NULL;
    Value result = replace_in(self, &o, most);
    operands_release(&o);
    return result;
}

// ---- split ------------------------------------------------------------------------------------

static int split_space(ValueList *parts, Value self, const uint8_t *data, int64_t length,
                       int64_t most, bool from_right) {
    int64_t i = from_right ? length : 0;
    for (;;) {
        int64_t start, end;
        if (!from_right) {
            while (i < length && is_space(data[i]))
                i++;
            if (i == length)
                return 0;
            start = i;
            while (i < length && (parts->length >= most || !is_space(data[i])))
                i++;
            end = i;
        } else {
            while (i > 0 && is_space(data[i - 1]))
                i--;
            if (i == 0)
                return 0;
            end = i;
            while (i > 0 && (parts->length >= most || !is_space(data[i - 1])))
                i--;
            start = i;
        }
        if (value_list_push(parts, bytes_result(self, data + start, end - start)) < 0)
            return -1;
    }
}

// At each of one byte, from the left.
static int split_at_byte(ValueList *parts, Value self, const uint8_t *data, int64_t length,
                         uint8_t separator, int64_t most) {
    const uint8_t *p = data, *end = data + length;
    while (parts->length < most) {
        // Parts are mostly short: a call of memchr pays only for longer ones.
        const uint8_t *start = p, *near = end - p > 16 ? p + 16 : end;
        while (p < near && *p != separator)
            p++;
        if (p == near && p < end) {
            p = memchr(p, separator, (size_t)(end - p));
            if (!p)
                p = end;
        }
        if (UNLIKELY(value_list_push(parts, bytes_result(self, start, p - start)) < 0))
            return -1;
        if (p == end)
            return 0;
        p++;
    }
    return value_list_push(parts, bytes_result(self, p, end - p));
}

static int split_at(ValueList *parts, Value self, const Operands *o, int64_t most,
                    bool from_right) {
    const uint8_t *data = o->self.data, *separator = o->first.data;
    int64_t start = 0, end = o->self.length, m = o->first.length;
    while (parts->length < most) {
        int64_t at;
        if (from_right) {
            at = units_find_last(data, end, separator, m, 0);
        } else {
            at = units_find(data + start, end - start, separator, m, 0);
        }
        if (at < 0)
            break;
        Value part = from_right ? bytes_result(self, data + at + m, end - at - m)
                                : bytes_result(self, data + start, at);
        if (value_list_push(parts, part) < 0)
            return -1;
        if (from_right)
            end = at;
        else
            start += at + m;
    }
    return value_list_push(parts, bytes_result(self, data + start, end - start));
}

static Value split_method(const char *name, Value self, const Value *args, size_t nargs,
                          Value kwnames, bool from_right) {
    static const char *const names[] = {"sep", "maxsplit", NULL};
    Value given[2] = {VALUE_NULL, VALUE_NULL};
    int64_t most = -1;
    if (LIKELY(value_is_null(kwnames) && nargs <= 2)) {
        for (size_t i = 0; i < nargs; i++)
            given[i] = args[i];
    } else if (arguments_parse(name, args, nargs, kwnames, names, 0, 2, 0, given) < 0) {
        return VALUE_NULL;
    }
    if (!value_is_null(given[1]) && size_argument(given[1], &most) < 0)
        return VALUE_NULL;
    if (most < 0)
        most = INT64_MAX;
    Value separator = value_is_null(given[0]) || value_is_none(given[0]) ? VALUE_NULL : given[0];
    Operands o;
    if (operands_get(&o, self, separator, VALUE_NULL) < 0)
        return VALUE_NULL;
    ValueList parts;
    value_list_start(&parts);
    int result;
    if (value_is_null(separator))
        result = split_space(&parts, self, o.self.data, o.self.length, most, from_right);
    else if (o.first.length == 0)
        result = raise_int(&exception_ValueError, "empty separator");
    else if (o.first.length == 1 && !from_right)
        result = split_at_byte(&parts, self, o.self.data, o.self.length,
                               *(const uint8_t *)o.first.data, most);
    else
        result = split_at(&parts, self, &o, most, from_right);
    operands_release(&o);
    if (result < 0) {
        value_list_discard(&parts);
        return VALUE_NULL;
    }
    if (from_right)
        for (int64_t i = 0, j = parts.length - 1; i < j; i++, j--) {
            Value swapped = parts.items[i];
            parts.items[i] = parts.items[j];
            parts.items[j] = swapped;
        }
    return value_list_finish(&parts);
}
static Value method_split(Value self, const Value *args, size_t nargs, Value kwnames) {
    return split_method("split", self, args, nargs, kwnames, false);
}
static Value method_rsplit(Value self, const Value *args, size_t nargs, Value kwnames) {
    return split_method("rsplit", self, args, nargs, kwnames, true);
}

static Value method_splitlines(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"keepends", NULL};
    Value given[1] = {VALUE_NULL};
    if ((nargs || !value_is_null(kwnames)) &&
        arguments_parse("splitlines", args, nargs, kwnames, names, 0, 1, 0, given) < 0)
        return VALUE_NULL;
    int keep = 0;
    ByteText text;
    if (int_argument(given[0], &keep) < 0 || byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    ValueList lines;
    value_list_start(&lines);
    int result = 0;
    for (int64_t i = 0; i < text.length && result == 0;) {
        int64_t start = i;
        int64_t line = bytes_find_either(text.data + i, text.length - i, '\n', '\r');
        i = line < 0 ? text.length : i + line;
        int64_t end = i;
        if (i < text.length) {
            bool pair = text.data[i] == '\r' && i + 1 < text.length && text.data[i + 1] == '\n';
            i += pair ? 2 : 1;
            if (keep)
                end = i;
        }
        result = value_list_push(&lines, bytes_result(self, text.data + start, end - start));
    }
    byte_text_release(&text);
    if (result < 0) {
        value_list_discard(&lines);
        return VALUE_NULL;
    }
    return value_list_finish(&lines);
}

static Value partition_with(Value self, Value separator, bool last) {
    Operands o;
    if (operands_get(&o, self, separator, VALUE_NULL) < 0)
        return VALUE_NULL;
    Value items[3] = {VALUE_NULL, VALUE_NULL, VALUE_NULL}, result = VALUE_NULL;
    const uint8_t *data = o.self.data;
    int64_t length = o.self.length, m = o.first.length;
    if (m == 0) {
        raise_value_error("empty separator");
    } else {
        int64_t at = last ? units_find_last(data, length, o.first.data, m, 0)
                          : units_find(data, length, o.first.data, m, 0);
        if (at < 0) {
            items[last ? 2 : 0] = bytes_result(self, data, length);
            items[1] = bytes_result(self, NULL, 0);
            items[last ? 0 : 2] = bytes_result(self, NULL, 0);
        } else {
            items[0] = bytes_result(self, data, at);
            items[1] = value_is_bytes(self) ? ref_new(separator) // whatever it is
                                            : bytes_result(self, o.first.data, m);
            items[2] = bytes_result(self, data + at + m, length - at - m);
        }
        if (!value_is_null(items[0]) && !value_is_null(items[1]) && !value_is_null(items[2])) {
            result = tuple_from_owned(items, 3);
        } else {
            for (int i = 0; i < 3; i++)
                ref_release(items[i]);
        }
    }
    operands_release(&o);
    return result;
}
static Value method_partition(Value self, Value separator) {
    return partition_with(self, separator, false);
}
static Value method_rpartition(Value self, Value separator) {
    return partition_with(self, separator, true);
}

// ---- join -------------------------------------------------------------------------------------

// The sum of the lengths, if all items are bytes and it is no monstrous one. Pure.
static bool measure_bytes(const Value *items, int64_t count, int64_t *total) {
    *total = 0;
    for (int64_t i = 0; i < count; i++) {
        Value item = field_raw(&items[i]);
        if (!value_is_bytes(item) || (*total += bytes_length(item)) > STR_LENGTH_MAX)
            return false;
    }
    return true;
}

// A list of bytes is measured and copied from under its lock, with the allocation between. False
// (no error): something else is in it, or it changed meanwhile.
static bool join_list(Value separator, Value list, Value *result) {
    List *l = list_of(list);
    int64_t gap = bytes_length(separator), total = 0, again = 0;
    object_lock(&l->header);
    int64_t count = l->length;
    bool plain = count > 1 && measure_bytes(l->items, count, &total);
    object_unlock(&l->header);
    if (!plain || gap > (STR_LENGTH_MAX - total) / count || (total += gap * (count - 1)) < 2)
        return false;
    uint8_t *out;
    *result = bytes_allocate(total, &out);
    if (value_is_null(*result))
        return true;
    object_lock(&l->header);
    bool same = object_lock_was_mine_alone() ||
                (l->length == count && measure_bytes(l->items, count, &again) &&
                 again + gap * (count - 1) == total);
    for (int64_t i = 0; same && i < count; i++) {
        if (i && gap == 1) {
            *out++ = bytes_data(separator)[0];
        } else if (i && gap) {
            copy_bytes(out, bytes_data(separator), (size_t)gap);
            out += gap;
        }
        Value item = field_raw(&l->items[i]);
        size_t n = (size_t)bytes_length(item);
        copy_bytes(out, bytes_data(item), n);
        out += n;
    }
    object_unlock(&l->header);
    if (!same)
        ref_release(*result);
    return same;
}

static Value join_plain(const ByteText *gap, const Value *items, int64_t count, int64_t total,
                        bool as_bytearray) {
    if (total > STR_LENGTH_MAX)
        return raise_error(&exception_OverflowError, "join() result is too long");
    uint8_t *out = NULL;
    Value result = total == 0 ? bytes_new(NULL, 0) : bytes_allocate(total, &out);
    if (value_is_null(result))
        return result;
    for (int64_t i = 0; i < count; i++) {
        if (i && gap->length) {
            copy_bytes(out, gap->data, (size_t)gap->length);
            out += gap->length;
        }
        size_t n = (size_t)bytes_length(items[i]);
        if (n)
            copy_bytes(out, bytes_data(items[i]), n);
        out += n;
    }
    if (!as_bytearray)
        return result;
    Value array = bytearray_new(bytes_data(result), (size_t)total);
    ref_release(result);
    return array;
}

Value bytes_join(Value separator, Value iterable, bool as_bytearray) {
    Value joined;
    if (value_is_exactly(iterable, &list_type) && value_is_bytes(separator) && !as_bytearray &&
        join_list(separator, iterable, &joined))
        return joined;
    Value sequence, result = VALUE_NULL;
    if (value_is_exactly(iterable, &tuple_type) || value_is_exactly(iterable, &list_type)) {
        sequence = tuple_from_iterable(iterable);
    } else {
        Value iterator = value_iter_or_say(iterable, "can only join an iterable");
        if (value_is_null(iterator))
            return VALUE_NULL;
        sequence = tuple_from_iterable(iterator);
        ref_release(iterator);
    }
    if (value_is_null(sequence))
        return VALUE_NULL;
    int64_t count = tuple_length(sequence), total = 0, ready = 0;
    ByteText gap, *texts = NULL;
    if (byte_text_get(separator, &gap) < 0)
        goto done;
    if (count == 1 && value_is_exactly(tuple_item(sequence, 0), &bytes_type) && !as_bytearray) {
        result = ref_new(tuple_item(sequence, 0));
        goto done_gap;
    }
    int64_t plain = 0; // leading items that are bytes
    while (plain < count && value_is_bytes(tuple_item(sequence, plain)))
        total += bytes_length(tuple_item(sequence, plain++)) + gap.length;
    if (plain == count && count > 1) {
        result =
            join_plain(&gap, tuple_of(sequence)->items, count, total - gap.length, as_bytearray);
        goto done_gap;
    }
    total = 0;
    texts = buffer_allocate((size_t)(count ? count : 1) * sizeof *texts);
    if (!texts) {
        raise_memory_error();
        goto done_gap;
    }
    for (; ready < count; ready++) {
        Value item = tuple_item(sequence, ready);
        if (!value_type(item)->get_buffer || byte_text_get(item, &texts[ready]) < 0) {
            error_clear(); // whatever it was
            raise_type_error("sequence item %lld: expected a bytes-like object, %T found",
                             (long long)ready, item);
            goto done_texts;
        }
        total += texts[ready].length + (ready ? gap.length : 0);
        if (total > STR_LENGTH_MAX) {
            ready++;
            raise_error(&exception_OverflowError, "join() result is too long");
            goto done_texts;
        }
    }
    uint8_t *out = NULL;
    result = total == 0 ? bytes_new(NULL, 0) : bytes_allocate(total, &out);
    if (!value_is_null(result) && total)
        for (int64_t i = 0; i < count; i++) {
            if (i && gap.length) {
                copy_bytes(out, gap.data, (size_t)gap.length);
                out += gap.length;
            }
            copy_bytes(out, texts[i].data, (size_t)texts[i].length);
            out += texts[i].length;
        }
    if (!value_is_null(result) && as_bytearray) {
        Value array = bytearray_new(bytes_data(result), (size_t)total);
        ref_release(result);
        result = array;
    }
done_texts:
    while (ready-- > 0)
        byte_text_release(&texts[ready]);
    buffer_free(texts);
done_gap:
    byte_text_release(&gap);
done:
    ref_release(sequence);
    return result;
}

static Value method_join(Value self, Value iterable) {
    return bytes_join(self, iterable, value_is_bytearray(self));
}

// ---- decode, translate, hex -------------------------------------------------------------------

static Value method_decode(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"encoding", "errors", NULL};
    Value given[2];
    if (nargs == 0 && value_is_null(kwnames) && value_is_bytes(self))
        return codec_decode_utf8(bytes_data(self), (size_t)bytes_length(self), NULL, NULL);
    if (arguments_parse("decode", args, nargs, kwnames, names, 0, 2, 0, given) < 0)
        return VALUE_NULL;
    char *owned[2] = {NULL, NULL};
    const char *text[2] = {NULL, NULL};
    Value result = VALUE_NULL;
    for (int i = 0; i < 2; i++) {
        if (value_is_null(given[i]))
            continue;
        size_t length;
        if (!value_is_str(given[i])) {
            raise_type_error("decode() argument '%s' must be str, not %G", names[i], given[i]);
            goto done;
        }
        if (!(text[i] = str_utf8(given[i], &length, &owned[i])))
            goto done;
        if (strlen(text[i]) != length) {
            raise_value_error("embedded null character");
            goto done;
        }
    }
    ByteText bytes;
    if (codec_check_names(text[0], text[1]) == 0 && byte_text_get(self, &bytes) == 0) {
        result = codec_decode(bytes.data, (size_t)bytes.length, text[0], text[1]);
        byte_text_release(&bytes);
    }
done:
    for (int i = 0; i < 2; i++)
        if (UNLIKELY(owned[i] != NULL))
            buffer_free(owned[i]);
    return result;
}

static void translate_bytes(uint8_t *to, const uint8_t *from, int64_t length, const uint8_t *map) {
    int64_t i = 0;
    for (; i + 8 <= length; i += 8) { // eight to a store
        uint64_t word, made = 0;
        memcpy(&word, from + i, 8);
        for (int j = 0; j < 64; j += 8)
            made |= (uint64_t)map[word >> j & 0xff] << j;
        memcpy(to + i, &made, 8);
    }
    for (; i < length; i++)
        to[i] = map[from[i]];
}

static Value method_translate(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "delete", NULL};
    Value given[2] = {VALUE_NULL, VALUE_NULL};
    if (LIKELY(value_is_null(kwnames) && nargs == 1))
        given[0] = args[0];
    else if (arguments_parse("translate", args, nargs, kwnames, names, 1, 2, 1, given) < 0)
        return VALUE_NULL;
    Value table = value_is_none(given[0]) ? VALUE_NULL : given[0];
    if (!value_is_null(table)) { // its length is looked at before the other argument
        ByteText text;
        if (byte_text_get(table, &text) < 0)
            return VALUE_NULL;
        int64_t length = text.length;
        byte_text_release(&text);
        if (length != 256)
            return raise_value_error("translation table must be 256 characters long");
    }
    Operands o;
    if (operands_get(&o, self, table, given[1]) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (!value_is_null(table) && o.first.length != 256) { // changed meanwhile
        raise_value_error("translation table must be 256 characters long");
    } else {
        uint8_t map[256];
        bool gone[256] = {false};
        for (int i = 0; i < 256; i++)
            map[i] = value_is_null(table) ? (uint8_t)i : o.first.data[i];
        if (value_is_null(given[1]) && o.self.length > 1) { // nothing is deleted
            uint8_t *to;
            result = bytes_result_allocate(self, o.self.length, &to);
            if (!value_is_null(result)) {
                translate_bytes(to, o.self.data, o.self.length, map);
                if (value_is_exactly(self, &bytes_type) &&
                    memcmp(to, o.self.data, (size_t)o.self.length) == 0) {
                    ref_release(result);
                    result = ref_new(self);
                }
            }
            operands_release(&o);
            return result;
        }
        if (!value_is_null(given[1]))
            for (int64_t i = 0; i < o.second.length; i++)
                gone[o.second.data[i]] = true;
        int64_t length = 0;
        bool changed = false;
        uint8_t *out = buffer_allocate((size_t)o.self.length + 1);
        if (!out) {
            raise_memory_error();
        } else {
            for (int64_t i = 0; i < o.self.length; i++) {
                uint8_t c = o.self.data[i];
                changed |= gone[c] || map[c] != c;
                if (!gone[c])
                    out[length++] = map[c];
            }
            result = bytes_result(self, changed ? out : o.self.data, length);
            buffer_free(out);
        }
    }
    operands_release(&o);
    return result;
}

static Value method_maketrans(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("maketrans", kwnames) < 0 ||
        arguments_count("maketrans", nargs, 2, 2) < 0)
        return VALUE_NULL;
    ByteText from, to;
    if (byte_text_get(args[0], &from) < 0)
        return VALUE_NULL;
    if (byte_text_get(args[1], &to) < 0) {
        byte_text_release(&from);
        return VALUE_NULL;
    }
    Value result = VALUE_NULL;
    if (from.length != to.length) {
        raise_value_error("maketrans arguments must have same length");
    } else {
        uint8_t table[256];
        for (int i = 0; i < 256; i++)
            table[i] = (uint8_t)i;
        for (int64_t i = 0; i < from.length; i++)
            table[from.data[i]] = to.data[i];
        result = bytes_new(table, 256);
    }
    byte_text_release(&from);
    byte_text_release(&to);
    return result;
}

static Value method_hex(Value self, const Value *args, size_t nargs, Value kwnames) {
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    Value result = bytes_hex(text.data, text.length, args, nargs, kwnames);
    byte_text_release(&text);
    return result;
}

static Value bytes_fromhex(Value type, Value text) {
    return bytes_from_hex(type, text, &bytes_type);
}

static Value bytearray_fromhex(Value type, Value text) {
    return bytes_from_hex(type, text, &bytearray_type);
}

// ---- of one type only -------------------------------------------------------------------------

static Value bytes_getnewargs(Value self) {
    Value copy = bytes_as_type(&bytes_type, self);
    if (value_is_null(copy))
        return copy;
    Value items[1] = {copy};
    return tuple_from_owned(items, 1);
}
static Value bytes_to_bytes(Value self) {
    return bytes_as_type(&bytes_type, self);
}
static Value bytes_sizeof(Value self) {
    return value_from_int((int64_t)sizeof(Bytes) + bytes_length(self) + 1);
}

#define SHARED_METHODS                                                                             \
    DEF_FIXED("find", method_find, 0, -1, "First position of a subsequence, or -1."),              \
        DEF_FIXED("rfind", method_rfind, 0, -1, "Last position of a subsequence, or -1."),         \
        DEF_FIXED("index", method_index, 0, -1,                                                    \
                  "First position of a subsequence, or ValueError."),                              \
        DEF_FIXED("rindex", method_rindex, 0, -1,                                                  \
                  "Last position of a subsequence, or ValueError."),                               \
        DEF_FIXED("count", method_count, 0, -1,                                                    \
                  "How often a subsequence occurs without overlap."),                              \
        DEF_FIXED("startswith", method_startswith, 0, -1,                                          \
                  "Whether it begins with bytes or one of a tuple."),                              \
        DEF_FIXED("endswith", method_endswith, 0, -1,                                              \
                  "Whether it ends with bytes or one of a tuple."),                                \
        DEF_ONE("removeprefix", method_removeprefix, "Without a prefix, if it has it."),           \
        DEF_ONE("removesuffix", method_removesuffix, "Without a suffix, if it has it."),           \
        DEF_FIXED("strip", method_strip, 0, 1, "Without whitespace or given bytes at both ends."), \
        DEF_FIXED("lstrip", method_lstrip, 0, 1, "Without leading whitespace or given bytes."),    \
        DEF_FIXED("rstrip", method_rstrip, 0, 1, "Without trailing whitespace or given bytes."),   \
        DEF_FIXED("replace", method_replace, 2, 3,                                                 \
                  "A copy with one subsequence replaced by another."),                             \
        DEF_VECTOR("split", method_split,                                                          \
                   "The parts between separators (runs of whitespace by default)."),               \
        DEF_VECTOR("rsplit", method_rsplit, "As split, but counting splits from the right."),      \
        DEF_VECTOR("splitlines", method_splitlines, "The lines, with their ends if asked for."),   \
        DEF_ONE("partition", method_partition, "(before, separator, after) at its first place."),  \
        DEF_ONE("rpartition", method_rpartition, "(before, separator, after) at its last place."), \
        DEF_ONE("join", method_join, "The items of an iterable with this one between them."),      \
        DEF_VECTOR("decode", method_decode, "The text that the bytes encode."),                    \
        DEF_VECTOR("translate", method_translate,                                                  \
                   "Every byte replaced through a table of 256, some deleted."),                   \
        DEF_STATIC("maketrans", method_maketrans, "A table for translate()."),                     \
        DEF_VECTOR("hex", method_hex,                                                              \
                   "Two hexadecimal digits a byte, with separators if asked for.\n\n"              \
                   ">>> b'\\x01\\xff'.hex(':')\n'01:ff'"),                                         \
        DEF_NONE("capitalize", bytes_method_capitalize,                                            \
                 "First byte in upper case, the rest in lower case."),                             \
        DEF_NONE("lower", bytes_method_lower, "ASCII letters in lower case."),                     \
        DEF_NONE("upper", bytes_method_upper, "ASCII letters in upper case."),                     \
        DEF_NONE("swapcase", bytes_method_swapcase, "Upper case to lower case and the reverse."),  \
        DEF_NONE("title", bytes_method_title, "Every word with a capital first letter."),          \
        DEF_FIXED("center", bytes_method_center, 1, 2, "Padded on both sides to a width."),        \
        DEF_FIXED("ljust", bytes_method_ljust, 1, 2, "Padded on the right to a width."),           \
        DEF_FIXED("rjust", bytes_method_rjust, 1, 2, "Padded on the left to a width."),            \
        DEF_ONE("zfill", bytes_method_zfill, "Padded with zeros after the sign."),                 \
        DEF_VECTOR("expandtabs", bytes_method_expandtabs,                                          \
                   "Tabs replaced by spaces up to the next column."),                              \
        DEF_NONE("isalnum", bytes_method_isalnum,                                                  \
                 "Whether all bytes are ASCII letters or digits."),                                \
        DEF_NONE("isalpha", bytes_method_isalpha, "Whether all bytes are ASCII letters."),         \
        DEF_NONE("isascii", bytes_method_isascii, "Whether all bytes are ASCII."),                 \
        DEF_NONE("isdigit", bytes_method_isdigit, "Whether all bytes are ASCII digits."),          \
        DEF_NONE("islower", bytes_method_islower,                                                  \
                 "Whether there are ASCII letters, all lower case."),                              \
        DEF_NONE("isspace", bytes_method_isspace, "Whether all bytes are ASCII whitespace."),      \
        DEF_NONE("istitle", bytes_method_istitle,                                                  \
                 "Whether every word has a capital first letter only."),                           \
        DEF_NONE("isupper", bytes_method_isupper,                                                  \
                 "Whether there are ASCII letters, all upper case.")

const NativeDef bytes_methods[] = {
    SHARED_METHODS,
    DEF_CLASS_ONE("fromhex", bytes_fromhex, "Bytes from pairs of hexadecimal digits."),
    DEF_NONE("__getnewargs__", bytes_getnewargs, "Arguments for pickling."),
    DEF_NONE("__bytes__", bytes_to_bytes, "The bytes as an exact bytes object."),
    DEF_NONE("__sizeof__", bytes_sizeof, "Memory it takes, in bytes."),
    DEF_END,
};

const NativeDef bytearray_methods[] = {
    SHARED_METHODS,
    DEF_CLASS_ONE("fromhex", bytearray_fromhex, "A bytearray from pairs of hexadecimal digits."),
    DEF_ONE("append", bytearray_method_append, "Adds one byte at the end."),
    DEF_ONE("extend", bytearray_method_extend, "Adds the bytes of an iterable at the end."),
    DEF_FIXED("insert", bytearray_method_insert, 2, 2, "Puts one byte before a position."),
    DEF_FIXED("pop", bytearray_method_pop, 0, 1,
              "Removes and gives the byte at a position, the last by default."),
    DEF_ONE("remove", bytearray_method_remove, "Removes the first byte of a value."),
    DEF_NONE("reverse", bytearray_method_reverse, "Reverses the order in place."),
    DEF_NONE("clear", bytearray_method_clear, "Removes all bytes."),
    DEF_NONE("copy", bytearray_method_copy, "A copy."),
    DEF_NONE("__alloc__", bytearray_method_alloc, "Bytes allocated."),
    DEF_NONE("__reduce__", bytearray_method_reduce, "State for pickling."),
    DEF_ONE("__reduce_ex__", bytearray_method_reduce_ex, "State for pickling with a protocol."),
    DEF_NONE("__sizeof__", bytearray_method_sizeof, "Memory it takes, in bytes."),
    DEF_END,
};
