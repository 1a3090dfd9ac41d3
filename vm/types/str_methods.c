// SPDX-License-Identifier: MIT
//
// str's methods that search, cut and put together, and the table of all methods. Case is in
// str_case.c, translation in str_translate.c, formatting in str_template.c.
//
// Text is immutable, so none of this takes a lock. Arguments that are not str are refused
// before anything is computed; start and end go through __index__ and may run Python code.
#include "vm/runtime/errors.h"
#include "vm/types/codecs.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_methods.h"
#include "vm/types/tuple.h"
#include "vm/types/unicode.h"
#include "vm/types/arguments.h"

// ---- arguments -------------------------------------------------------------------------------

int range_arguments(const Value *args, size_t nargs, size_t first, int64_t *start, int64_t *end) {
    *start = 0;
    *end = INT64_MAX;
    for (size_t i = first; i < nargs && i < first + 2; i++) {
        int64_t *out = i == first ? start : end;
        if (value_is_none(args[i]))
            continue;
        if (value_is_int(args[i]))
            *out = value_int(args[i]);
        else if (!value_type(args[i])->index)
            return raise_int(&exception_TypeError,
                             "slice indices must be integers or None or have an "
                             "__index__ method");
        else if (value_to_size_clamped(args[i], out) < 0)
            return -1;
    }
    return 0;
}

int search_arguments_count(const char *function, size_t nargs) {
    if (nargs >= 1 && nargs <= 3)
        return 0;
    return raise_int(&exception_TypeError, "%s() takes at %s %d argument%s (%d given)", function,
                     nargs ? "most" : "least", nargs ? 3 : 1, nargs ? "s" : "", (int)nargs);
}

static int range_of_text(Value self, const Value *args, size_t nargs, int64_t *start,
                         int64_t *end) {
    if (range_arguments(args, nargs, 1, start, end) < 0)
        return -1;
    range_adjust(str_length(self), start, end);
    return 0;
}

static bool want_str(Value v) {
    if (LIKELY(value_is_str(v)))
        return true;
    raise_type_error("must be str, not %T", v);
    return false;
}

// ---- find, index, count ------------------------------------------------------------------------

static int64_t str_find_last(Value s, Value needle, int64_t start, int64_t end) {
    unsigned kind = str_kind(s);
    int64_t m = str_length(needle);
    if (m > end - start || str_kind(needle) > kind)
        return -1;
    void *owned;
    const void *text = str_data_as(needle, kind, &owned);
    if (!text)
        return -2;
    int64_t at = units_find_last(str_of(s)->data + (start << kind), end - start, text, m, kind);
    buffer_free(owned);
    return at < 0 ? -1 : at + start;
}

// Position, -1 absent, -2 error.
static int64_t find_with(const char *name, Value self, const Value *args, size_t nargs, bool last) {
    int64_t start, end;
    if (search_arguments_count(name, nargs) < 0 ||
        range_of_text(self, args, nargs, &start, &end) < 0 || !want_str(args[0]))
        return -2;
    return last ? str_find_last(self, args[0], start, end) : str_find(self, args[0], start, end);
}

static Value method_find(Value self, const Value *args, size_t nargs) {
    int64_t at = find_with("find", self, args, nargs, false);
    return at == -2 ? VALUE_NULL : value_from_int(at);
}
static Value method_rfind(Value self, const Value *args, size_t nargs) {
    int64_t at = find_with("rfind", self, args, nargs, true);
    return at == -2 ? VALUE_NULL : value_from_int(at);
}
static Value method_index(Value self, const Value *args, size_t nargs) {
    int64_t at = find_with("index", self, args, nargs, false);
    if (at == -1)
        return raise_value_error("substring not found");
    return at == -2 ? VALUE_NULL : value_from_int(at);
}
static Value method_rindex(Value self, const Value *args, size_t nargs) {
    int64_t at = find_with("rindex", self, args, nargs, true);
    if (at == -1)
        return raise_value_error("substring not found");
    return at == -2 ? VALUE_NULL : value_from_int(at);
}

static Value method_count(Value self, const Value *args, size_t nargs) {
    int64_t start, end;
    if (search_arguments_count("count", nargs) < 0 ||
        range_of_text(self, args, nargs, &start, &end) < 0 || !want_str(args[0]))
        return VALUE_NULL;
    int64_t m = str_length(args[0]);
    unsigned kind = str_kind(self);
    if (m > end - start || str_kind(args[0]) > kind)
        return value_from_int(0);
    if (m == 0)
        return value_from_int(end - start + 1);
    void *owned;
    const void *text = str_data_as(args[0], kind, &owned);
    if (!text)
        return VALUE_NULL;
    int64_t total =
        units_count(str_of(self)->data + (start << kind), end - start, text, m, kind, INT64_MAX);
    buffer_free(owned);
    return value_from_int(total);
}

static bool part_equals(Value s, int64_t at, Value part) {
    int64_t m = str_length(part);
    unsigned kind = str_kind(s), own = str_kind(part);
    if (own == kind)
        return memcmp(str_of(s)->data + (at << kind), str_data(part), (size_t)m << kind) == 0;
    for (int64_t i = 0; i < m; i++)
        if (str_at(s, at + i) != str_at(part, i))
            return false;
    return true;
}

static bool has_affix(Value s, Value affix, int64_t start, int64_t end, bool at_end) {
    int64_t m = str_length(affix);
    if (end - start < m)
        return false;
    return part_equals(s, at_end ? end - m : start, affix);
}

static Value affix_with(Value self, const Value *args, size_t nargs, bool at_end) {
    int64_t start, end;
    const char *name = at_end ? "endswith" : "startswith";
    if (search_arguments_count(name, nargs) < 0 ||
        range_of_text(self, args, nargs, &start, &end) < 0)
        return VALUE_NULL;
    if (LIKELY(value_is_str(args[0])))
        return bool_new(has_affix(self, args[0], start, end, at_end));
    if (!value_is_tuple(args[0]))
        return raise_type_error("%s first arg must be str or a tuple of str, not %T", name,
                                args[0]);
    for (int64_t i = 0; i < tuple_length(args[0]); i++) {
        Value affix = tuple_item(args[0], i);
        if (!value_is_str(affix))
            return raise_type_error("tuple for %s must only contain str, not %T", name, affix);
        if (has_affix(self, affix, start, end, at_end))
            return bool_new(true);
    }
    return bool_new(false);
}

static Value method_startswith(Value self, const Value *args, size_t nargs) {
    return affix_with(self, args, nargs, false);
}
static Value method_endswith(Value self, const Value *args, size_t nargs) {
    return affix_with(self, args, nargs, true);
}

static Value method_removeprefix(Value self, Value prefix) {
    if (!value_is_str(prefix))
        return raise_type_error("removeprefix() argument must be str, not %G", prefix);
    int64_t length = str_length(self);
    if (has_affix(self, prefix, 0, length, false))
        return str_substring(self, str_length(prefix), length);
    return str_exact(self);
}

static Value method_removesuffix(Value self, Value suffix) {
    if (!value_is_str(suffix))
        return raise_type_error("removesuffix() argument must be str, not %G", suffix);
    int64_t length = str_length(self);
    if (has_affix(self, suffix, 0, length, true))
        return str_substring(self, 0, length - str_length(suffix));
    return str_exact(self);
}

// ---- strip ------------------------------------------------------------------------------------

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

static Value strip_with(Value self, const Value *args, size_t nargs, int sides, const char *name) {
    int64_t start = 0, end = str_length(self);
    unsigned kind = str_kind(self);
    const void *data = str_data(self);
    if (nargs == 0 || value_is_none(args[0])) {
        if (str_is_ascii(self)) {
            const uint16_t *flags = unicode_pages[0];
            const uint8_t *p = data;
            if (sides & STRIP_LEFT)
                while (start < end && flags[p[start]] & UNICODE_SPACE)
                    start++;
            if (sides & STRIP_RIGHT)
                while (end > start && flags[p[end - 1]] & UNICODE_SPACE)
                    end--;
            return str_substring(self, start, end);
        }
        if (sides & STRIP_LEFT)
            while (start < end && unicode_flags(unit_at(data, kind, start)) & UNICODE_SPACE)
                start++;
        if (sides & STRIP_RIGHT)
            while (end > start && unicode_flags(unit_at(data, kind, end - 1)) & UNICODE_SPACE)
                end--;
        return str_substring(self, start, end);
    }
    Value set = args[0];
    if (!value_is_str(set))
        return raise_type_error("%s arg must be None or str", name);
    unsigned set_kind = str_kind(set);
    const void *set_data = str_data(set);
    int64_t set_length = str_length(set);
    if (set_length == 1) {
        uint32_t only = unit_at(set_data, set_kind, 0);
        if (sides & STRIP_LEFT)
            while (start < end && unit_at(data, kind, start) == only)
                start++;
        if (sides & STRIP_RIGHT)
            while (end > start && unit_at(data, kind, end - 1) == only)
                end--;
        return str_substring(self, start, end);
    }
    if (sides & STRIP_LEFT)
        while (start < end &&
               units_find_unit(set_data, set_kind, set_length, unit_at(data, kind, start)) >= 0)
            start++;
    if (sides & STRIP_RIGHT)
        while (end > start &&
               units_find_unit(set_data, set_kind, set_length, unit_at(data, kind, end - 1)) >= 0)
            end--;
    return str_substring(self, start, end);
}

static Value method_strip(Value self, const Value *args, size_t nargs) {
    return strip_with(self, args, nargs, STRIP_LEFT | STRIP_RIGHT, "strip");
}
static Value method_lstrip(Value self, const Value *args, size_t nargs) {
    return strip_with(self, args, nargs, STRIP_LEFT, "lstrip");
}
static Value method_rstrip(Value self, const Value *args, size_t nargs) {
    return strip_with(self, args, nargs, STRIP_RIGHT, "rstrip");
}

// ---- replace ----------------------------------------------------------------------------------

enum { PLACES = 128 }; // of matches that are remembered

// old (m units) and new (k units) have the text's kind; there are at least count matches. The first
// PLACES of them, or all, are in `places` (which is overwritten).
static void replace_fill(void *out, unsigned kind, Value self, const void *old, int64_t m,
                         const void *new, int64_t k, int64_t count, int64_t *places) {
    const char *data = str_data(self);
    int64_t length = str_length(self), from = 0, to = 0;
    if (m == k && m > 0 && count <= PLACES) {
        memcpy(out, data, (size_t)length << kind);
        for (int64_t i = 0; i < count; i++)
            memcpy((char *)out + (places[i] << kind), new, (size_t)k << kind);
        return;
    }
    if (m == 0) {
        for (int64_t i = 0; i < count; i++) {
            units_copy(out, kind, to, new, kind, 0, k);
            to += k;
            if (from < length)
                unit_set(out, kind, to++, unit_at(data, kind, from++));
        }
    } else {
        int64_t found;
        for (int64_t done = 0; done < count; done += found) {
            int64_t base = from, most = count - done < PLACES ? count - done : PLACES;
            found = done == 0 ? most
                              : units_find_all(data + (from << kind), length - from, old, m, kind,
                                               most, places);
            for (int64_t i = 0; i < found; i++) {
                int64_t skip = base + places[i] - from;
                units_copy(out, kind, to, data, kind, from, skip);
                to += skip;
                units_copy(out, kind, to, new, kind, 0, k);
                to += k;
                from += skip + m;
            }
        }
    }
    units_copy(out, kind, to, data, kind, from, length - from);
}

Value str_replace(Value self, Value old, Value new, int64_t most) {
    int64_t length = str_length(self), m = str_length(old), k = str_length(new);
    unsigned own = str_kind(self);
    if (most < 0)
        most = INT64_MAX;
    if (most == 0 || m > length || str_kind(old) > own || str_equal(old, new))
        return str_exact(self);
    // One ASCII character for another in ASCII text.
    if (m == 1 && k == 1 && str_is_ascii(self) && str_is_ascii(new) && most == INT64_MAX) {
        uint8_t from = (uint8_t)str_at(old, 0), to = (uint8_t)str_at(new, 0);
        if (!memchr(str_data(self), from, (size_t)length) || length == 1)
            return length == 1 && str_at(self, 0) == from ? ref_new(str_characters[to])
                                                          : str_exact(self);
        void *out;
        Value result = str_allocate(length, 0x7f, &out);
        if (value_is_null(result))
            return result;
        units_replace_byte(out, str_data(self), length, from, to);
        return result;
    }
    void *old_owned, *new_owned = NULL;
    const void *old_data = str_data_as(old, own, &old_owned);
    if (!old_data)
        return VALUE_NULL;
    int64_t count, places[PLACES];
    if (m == 0)
        count = length + 1 < most ? length + 1 : most;
    else if (m == 1 && k == 1 && most == INT64_MAX && length > 1 && str_kind(new) >= own &&
             str_kind(new) > 0) // it does not matter how many
        count = units_find_unit(str_data(self), own, length, unit_at(old_data, own, 0)) >= 0;
    else if ((count = units_find_all(str_data(self), length, old_data, m, own,
                                     most < PLACES ? most : PLACES, places)) == PLACES)
        count = units_count(str_data(self), length, old_data, m, own, most);
    if (count == 0) {
        buffer_free(old_owned);
        return str_exact(self);
    }
    Value result = VALUE_NULL;
    if (k > m && count > (STR_LENGTH_MAX - length) / (k - m)) {
        buffer_free(old_owned);
        return raise_error(&exception_OverflowError, "replace string is too long");
    }
    int64_t size = length + count * (k - m);
    if (m == 1 && k == 1 && most == INT64_MAX && length > 1 && str_kind(new) >= own &&
        str_kind(new) > 0) { // the result has the kind of the new character
        unsigned kind = str_kind(new);
        Str *s = str_allocate_raw(length, kind);
        if (s) {
            uint32_t from = str_at(old, 0), to = str_at(new, 0);
            uint16_t *half = (uint16_t *)s->data;
            uint32_t *full = (uint32_t *)s->data;
            if (own < kind || kind == 2)
                units_copy(s->data, kind, 0, str_data(self), own, 0, length);
            if (kind == 1)
                units_replace_half(half, own == 1 ? str_data(self) : half, length, (uint16_t)from,
                                   (uint16_t)to);
            for (int64_t i = 0; kind == 2 && i < length; i++)
                full[i] = full[i] == from ? to : full[i];
            result = value_from_object(s);
        }
    } else if (str_kind(new) <= own) {
        const void *new_data = str_data_as(new, own, &new_owned);
        bool exact = str_is_ascii(self) && str_is_ascii(new);
        Str *s =
            new_data && size > 1 ? str_allocate_raw(size, own | (exact ? STR_ASCII : 0)) : NULL;
        uint32_t small[2];
        if (new_data && (s || size <= 1)) {
            void *out = s ? (void *)s->data : small;
            replace_fill(out, own, self, old_data, m, new_data, k, count, places);
            if (exact && s) {
                result = value_from_object(s);
            } else { // what was widest may be gone
                if (s && kind_for_bound(units_bound(out, own, size)) == own && own > 0)
                    result = ref_new(value_from_object(s));
                else
                    result = str_from_units(out, own, size);
                if (s)
                    ref_release(value_from_object(s));
            }
        }
    } else {
        // The replacement is wider than the text, so the result has its kind.
        StrBuilder b;
        str_builder_start(&b);
        int64_t from = 0;
        if (m == 0) {
            for (int64_t i = 0; i < count; i++) {
                str_builder_str(&b, new);
                if (from < length)
                    str_builder_char(&b, str_at(self, from++));
            }
        } else {
            for (int64_t i = 0; i < count; i++) {
                int64_t skip = units_find((const char *)str_data(self) + (from << own),
                                          length - from, old_data, m, own);
                str_builder_substring(&b, self, from, from + skip);
                str_builder_str(&b, new);
                from += skip + m;
            }
        }
        str_builder_substring(&b, self, from, length);
        result = str_builder_finish(&b);
    }
    buffer_free(old_owned);
    buffer_free(new_owned);
    return result;
}

static Value method_replace(Value self, const Value *args, size_t nargs) {
    for (int i = 0; i < 2; i++)
        if (!value_is_str(args[i]))
            return raise_type_error("replace() argument %d must be str, not %G", i + 1, args[i]);
    int64_t most = -1;
    if (nargs > 2 && size_argument(args[2], &most) < 0)
        return VALUE_NULL;
    return str_replace(self, args[0], args[1], most);
}

// ---- split ------------------------------------------------------------------------------------

static int split_arguments(const char *name, const Value *args, size_t nargs, Value kwnames,
                           Value *separator, int64_t *most) {
    static const char *const names[] = {"sep", "maxsplit", NULL};
    Value given[2] = {VALUE_NULL, VALUE_NULL};
    if (LIKELY(value_is_null(kwnames) && nargs <= 2)) {
        for (size_t i = 0; i < nargs; i++)
            given[i] = args[i];
    } else if (arguments_parse(name, args, nargs, kwnames, names, 0, 2, 0, given) < 0) {
        return -1;
    }
    *separator = value_is_null(given[0]) ? VALUE_NONE : given[0];
    *most = INT64_MAX;
    if (!value_is_null(given[1])) {
        int64_t n;
        if (size_argument(given[1], &n) < 0)
            return -1;
        if (n >= 0)
            *most = n;
    }
    if (value_is_none(*separator))
        return 0;
    if (!value_is_str(*separator))
        return raise_int(&exception_TypeError, "must be str or None, not %T", *separator);
    if (str_length(*separator) == 0)
        return raise_int(&exception_ValueError, "empty separator");
    return 0;
}

static inline bool is_space_at(const void *data, unsigned kind, int64_t i) {
    return unicode_flags(unit_at(data, kind, i)) & UNICODE_SPACE;
}

// The parts of ASCII text that are separated by one character or (separator < 0) by whitespace.
static int split_ascii(ValueList *parts, Value self, int separator, int64_t most) {
    const uint16_t *flags = unicode_pages[0];
    const uint8_t *data = str_data(self);
    int64_t length = str_length(self), start = 0, end;
    for (;;) {
        if (separator < 0) {
            while (start < length && flags[data[start]] & UNICODE_SPACE)
                start++;
            if (start == length)
                return 0;
            end = start + 1;
            if (parts->length < most)
                while (end < length && !(flags[data[end]] & UNICODE_SPACE))
                    end++;
            else
                end = length;
        } else {
            end = length;
            if (parts->length < most) {
                // Words are mostly short: a call of memchr pays only for longer ones.
                int64_t near = start + 16 < length ? start + 16 : length, at = start;
                while (at < near && data[at] != separator)
                    at++;
                if (at == near && near < length) {
                    const uint8_t *found = memchr(data + near, separator, (size_t)(length - near));
                    at = found ? found - data : length;
                }
                end = at;
            }
        }
        Value part = end - start == length
                         ? str_exact(self)
                         : str_from_ascii((const char *)data + start, (size_t)(end - start));
        if (value_list_push(parts, part) < 0)
            return -1;
        if (end == length)
            return 0;
        start = end + 1;
        if (separator >= 0 && start == length)
            return value_list_push(parts, str_empty());
    }
}

// The same by one character from the right, where the limit makes that something else.
static int split_ascii_right(ValueList *parts, Value self, int separator, int64_t most) {
    const char *data = str_data(self);
    int64_t end = str_length(self), at = end;
    while (parts->length < most) {
        // As above.
        int64_t near = end > 16 ? end - 16 : 0;
        at = end;
        while (at > near && data[at - 1] != separator)
            at--;
        if (at == near) {
            const char *found = near ? memrchr(data, separator, (size_t)near) : NULL;
            if (!found)
                break;
            at = found - data + 1;
        }
        if (value_list_push(parts, str_from_ascii(data + at, (size_t)(end - at))) < 0)
            return -1;
        end = at - 1;
    }
    return value_list_push(parts, str_substring(self, 0, end));
}

ALWAYS_INLINE int split_space_left(ValueList *parts, Value self, const void *data, unsigned kind,
                                   int64_t most) {
    int64_t length = str_length(self), i = 0;
    for (;;) {
        while (i < length && is_space_at(data, kind, i))
            i++;
        if (i == length)
            return 0;
        int64_t start = i, end = length;
        if (parts->length < most) {
            while (i < length && !is_space_at(data, kind, i))
                i++;
            end = i;
        } else {
            i = length;
        }
        if (value_list_push(parts, str_substring(self, start, end)) < 0)
            return -1;
    }
}

ALWAYS_INLINE int split_space_right(ValueList *parts, Value self, const void *data, unsigned kind,
                                    int64_t most) {
    int64_t i = str_length(self);
    for (;;) {
        while (i > 0 && is_space_at(data, kind, i - 1))
            i--;
        if (i == 0)
            return 0;
        int64_t end = i, start = 0;
        if (parts->length < most) {
            while (i > 0 && !is_space_at(data, kind, i - 1))
                i--;
            start = i;
        } else {
            i = 0;
        }
        if (value_list_push(parts, str_substring(self, start, end)) < 0)
            return -1;
    }
}

static int split_space(ValueList *parts, Value self, int64_t most, bool from_right) {
    const void *data = str_data(self);
    unsigned kind = str_kind(self);
    if (!from_right)
        return kind == 0   ? split_space_left(parts, self, data, 0, most)
               : kind == 1 ? split_space_left(parts, self, data, 1, most)
                           : split_space_left(parts, self, data, 2, most);
    return kind == 0   ? split_space_right(parts, self, data, 0, most)
           : kind == 1 ? split_space_right(parts, self, data, 1, most)
                       : split_space_right(parts, self, data, 2, most);
}

static int split_text(ValueList *parts, Value self, Value separator, int64_t most,
                      bool from_right) {
    unsigned kind = str_kind(self);
    int64_t length = str_length(self), m = str_length(separator);
    if (str_kind(separator) > kind || m > length)
        return value_list_push(parts, str_exact(self));
    void *owned;
    const void *text = str_data_as(separator, kind, &owned);
    if (!text)
        return -1;
    const char *data = str_data(self);
    int result = 0;
    if (!from_right) {
        int64_t from = 0;
        while (parts->length < most) {
            int64_t skip = units_find(data + (from << kind), length - from, text, m, kind);
            if (skip < 0)
                break;
            if ((result = value_list_push(parts, str_substring(self, from, from + skip))) < 0)
                break;
            from += skip + m;
        }
        if (result == 0)
            result = value_list_push(parts, str_substring(self, from, length));
    } else {
        int64_t end = length;
        while (parts->length < most) {
            int64_t at = units_find_last(data, end, text, m, kind);
            if (at < 0)
                break;
            if ((result = value_list_push(parts, str_substring(self, at + m, end))) < 0)
                break;
            end = at;
        }
        if (result == 0)
            result = value_list_push(parts, str_substring(self, 0, end));
    }
    buffer_free(owned);
    return result;
}

static Value split_with(Value self, Value separator, int64_t most, bool from_right) {
    ValueList parts;
    value_list_start(&parts);
    int result;
    // Without a limit only a longer separator can be found at other places from the right.
    if (most == INT64_MAX && (value_is_none(separator) || str_length(separator) == 1))
        from_right = false;
    if (str_is_ascii(self) && !from_right && value_is_none(separator))
        result = split_ascii(&parts, self, -1, most);
    else if (str_is_ascii(self) && !from_right && str_length(separator) == 1 &&
             str_is_ascii(separator))
        result = split_ascii(&parts, self, (int)str_at(separator, 0), most);
    else if (str_is_ascii(self) && from_right && !value_is_none(separator) &&
             str_length(separator) == 1 && str_is_ascii(separator))
        result = split_ascii_right(&parts, self, (int)str_at(separator, 0), most);
    else
        result = value_is_none(separator) ? split_space(&parts, self, most, from_right)
                                          : split_text(&parts, self, separator, most, from_right);
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
    Value separator;
    int64_t most;
    if (split_arguments("split", args, nargs, kwnames, &separator, &most) < 0)
        return VALUE_NULL;
    return split_with(self, separator, most, false);
}
static Value method_rsplit(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value separator;
    int64_t most;
    if (split_arguments("rsplit", args, nargs, kwnames, &separator, &most) < 0)
        return VALUE_NULL;
    return split_with(self, separator, most, true);
}

static Value method_splitlines(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"keepends", NULL};
    Value given[1] = {VALUE_NULL};
    if ((nargs || !value_is_null(kwnames)) &&
        arguments_parse("splitlines", args, nargs, kwnames, names, 0, 1, 0, given) < 0)
        return VALUE_NULL;
    int keep = 0;
    if (int_argument(given[0], &keep) < 0)
        return VALUE_NULL;
    ValueList lines;
    value_list_start(&lines);
    const void *data = str_data(self);
    unsigned kind = str_kind(self);
    int64_t length = str_length(self);
    for (int64_t i = 0; i < length;) {
        int64_t start = i;
        if (kind == 0) {
            const uint16_t *flags = unicode_pages[0];
            const uint8_t *p = data;
            while (i < length && !(flags[p[i]] & UNICODE_LINE_BREAK))
                i++;
        }
        while (i < length && !(unicode_flags(unit_at(data, kind, i)) & UNICODE_LINE_BREAK))
            i++;
        int64_t end = i;
        if (i < length) {
            bool pair = unit_at(data, kind, i) == '\r' && i + 1 < length &&
                        unit_at(data, kind, i + 1) == '\n';
            i += pair ? 2 : 1;
            if (keep)
                end = i;
        }
        if (value_list_push(&lines, str_substring(self, start, end)) < 0) {
            value_list_discard(&lines);
            return VALUE_NULL;
        }
    }
    return value_list_finish(&lines);
}

static Value three(Value a, Value b, Value c) { // consumed
    Value result = VALUE_NULL;
    if (!value_is_null(a) && !value_is_null(b) && !value_is_null(c)) {
        Value items[3] = {a, b, c};
        return tuple_from_owned(items, 3);
    }
    ref_release(a);
    ref_release(b);
    ref_release(c);
    return result;
}

static Value method_partition(Value self, Value separator) {
    if (!want_str(separator))
        return VALUE_NULL;
    int64_t m = str_length(separator), length = str_length(self);
    if (m == 0)
        return raise_value_error("empty separator");
    int64_t at = str_find(self, separator, 0, length);
    if (at == -2)
        return VALUE_NULL;
    if (at < 0)
        return three(str_exact(self), str_empty(), str_empty());
    return three(str_substring(self, 0, at), str_exact(separator),
                 str_substring(self, at + m, length));
}

static Value method_rpartition(Value self, Value separator) {
    if (!want_str(separator))
        return VALUE_NULL;
    int64_t m = str_length(separator), length = str_length(self);
    if (m == 0)
        return raise_value_error("empty separator");
    int64_t at = str_find_last(self, separator, 0, length);
    if (at == -2)
        return VALUE_NULL;
    if (at < 0)
        return three(str_empty(), str_empty(), str_exact(self));
    return three(str_substring(self, 0, at), str_exact(separator),
                 str_substring(self, at + m, length));
}

// ---- padding ----------------------------------------------------------------------------------

static Value pad(Value self, int64_t left, int64_t right, uint32_t fill) {
    if (left < 0)
        left = 0;
    if (right < 0)
        right = 0;
    if (left == 0 && right == 0)
        return str_exact(self);
    int64_t length = str_length(self);
    if (left > STR_LENGTH_MAX - length || right > STR_LENGTH_MAX - length - left)
        return raise_error(&exception_OverflowError, "padded string is too long");
    unsigned kind = str_kind(self);
    uint32_t bound = str_is_ascii(self) ? 0x7f : kind == 0 ? 0xff : kind == 1 ? 0xffff : 0x10ffff;
    if (fill > bound)
        bound = fill;
    if (left + length + right == 1)
        return str_from_code_point(fill);
    void *out;
    Value result = str_allocate(left + length + right, bound, &out);
    if (value_is_null(result))
        return result;
    unsigned to = str_kind(result);
    if (to == 0) {
        memset(out, (int)fill, (size_t)left);
        memset((uint8_t *)out + left + length, (int)fill, (size_t)right);
    } else {
        for (int64_t i = 0; i < left; i++)
            unit_set(out, to, i, fill);
        for (int64_t i = 0; i < right; i++)
            unit_set(out, to, left + length + i, fill);
    }
    units_copy(out, to, left, str_data(self), kind, 0, length);
    return result;
}

static int pad_arguments(const Value *args, size_t nargs, int64_t *width, uint32_t *fill) {
    *fill = ' ';
    if (size_argument(args[0], width) < 0)
        return -1;
    if (nargs > 1) {
        if (!value_is_str(args[1]))
            return raise_int(&exception_TypeError,
                             "The fill character must be a unicode character, not %T", args[1]);
        if (str_length(args[1]) != 1)
            return raise_int(&exception_TypeError,
                             "The fill character must be exactly one character long");
        *fill = str_at(args[1], 0);
    }
    return 0;
}

static Value method_center(Value self, const Value *args, size_t nargs) {
    int64_t width, length = str_length(self);
    uint32_t fill;
    if (pad_arguments(args, nargs, &width, &fill) < 0)
        return VALUE_NULL;
    if (width <= length)
        return str_exact(self);
    int64_t room = width - length, left = room / 2 + (room & width & 1);
    return pad(self, left, room - left, fill);
}
static Value method_ljust(Value self, const Value *args, size_t nargs) {
    int64_t width;
    uint32_t fill;
    if (pad_arguments(args, nargs, &width, &fill) < 0)
        return VALUE_NULL;
    return pad(self, 0, width <= str_length(self) ? 0 : width - str_length(self), fill);
}
static Value method_rjust(Value self, const Value *args, size_t nargs) {
    int64_t width;
    uint32_t fill;
    if (pad_arguments(args, nargs, &width, &fill) < 0)
        return VALUE_NULL;
    return pad(self, width <= str_length(self) ? 0 : width - str_length(self), 0, fill);
}

static Value method_zfill(Value self, Value given) {
    int64_t width, length = str_length(self);
    if (size_argument(given, &width) < 0)
        return VALUE_NULL;
    if (width <= length)
        return str_exact(self);
    bool sign = length > 0 && (str_at(self, 0) == '+' || str_at(self, 0) == '-');
    if (LIKELY(str_is_ascii(self) && width > 1)) {
        void *out;
        Value result = str_allocate(width, 0x7f, &out);
        if (value_is_null(result))
            return result;
        uint8_t *to = out;
        const uint8_t *from = str_data(self);
        memset(to, '0', (size_t)(width - length));
        memcpy(to + (width - length), from, (size_t)length);
        if (sign) {
            to[width - length] = '0';
            to[0] = from[0];
        }
        return result;
    }
    StrBuilder b;
    str_builder_start(&b);
    if (sign)
        str_builder_char(&b, str_at(self, 0));
    str_builder_repeat(&b, '0', width - length);
    str_builder_substring(&b, self, sign, length);
    return str_builder_finish(&b);
}

static Value method_expandtabs(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"tabsize", NULL};
    Value given[1];
    if (arguments_parse("expandtabs", args, nargs, kwnames, names, 0, 1, 0, given) < 0)
        return VALUE_NULL;
    int size = 8;
    if (int_argument(given[0], &size) < 0)
        return VALUE_NULL;
    int64_t length = str_length(self), column = 0;
    if (str_find_char(self, '\t', 0, length) < 0)
        return str_exact(self);
    StrBuilder b;
    str_builder_start(&b);
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = str_at(self, i);
        if (c == '\t') {
            if (size > 0) {
                int64_t step = size - column % size;
                column += step;
                str_builder_repeat(&b, ' ', step);
            }
            continue;
        }
        column = c == '\n' || c == '\r' ? 0 : column + 1;
        str_builder_char(&b, c);
    }
    return str_builder_finish(&b);
}

// ---- others -----------------------------------------------------------------------------------

static Value method_join(Value self, Value iterable) {
    return str_join(self, iterable);
}

static Value method_encode(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"encoding", "errors", NULL};
    Value given[2];
    if (nargs == 0 && value_is_null(kwnames))
        return codec_encode_utf8(self, NULL);
    if (arguments_parse("encode", args, nargs, kwnames, names, 0, 2, 0, given) < 0)
        return VALUE_NULL;
    char *owned[2] = {NULL, NULL};
    const char *text[2] = {NULL, NULL};
    Value result = VALUE_NULL;
    for (int i = 0; i < 2; i++) {
        if (value_is_null(given[i]))
            continue;
        if (!value_is_str(given[i])) {
            raise_type_error("encode() argument '%s' must be str, not %G", names[i], given[i]);
            goto done;
        }
        size_t length;
        text[i] = str_utf8(given[i], &length, &owned[i]);
        if (!text[i])
            goto done;
        if (strlen(text[i]) != length) {
            raise_value_error("embedded null character");
            goto done;
        }
    }
    if (codec_check_names(text[0], text[1]) == 0)
        result = codec_encode(self, text[0], text[1]);
done:
    for (int i = 0; i < 2; i++)
        if (UNLIKELY(owned[i] != NULL))
            buffer_free(owned[i]);
    return result;
}

static Value method_format_spec(Value self, Value spec) {
    if (!value_is_str(spec))
        return raise_type_error("__format__() argument must be str, not %G", spec);
    if (str_length(spec) == 0)
        return value_is_exact_str(self) ? ref_new(self) : value_str(self);
    return format_spec_str(self, spec);
}

static Value method_getnewargs(Value self) {
    // A copy, so that a subclass instance made from it shares nothing.
    Value copy = str_from_units(str_data(self), str_kind(self), str_length(self));
    if (value_is_null(copy))
        return copy;
    Value items[1] = {copy};
    return tuple_from_owned(items, 1);
}

static Value method_sizeof(Value self) {
    unsigned kind = str_kind(self);
    int64_t length = str_length(self);
    return value_from_int(value_is_exact_str(self) ? (int64_t)str_allocation_size(length, kind)
                                                   : (int64_t)str_data_end(value_object(self)));
}

const NativeDef str_methods[] = {
    DEF_VECTOR("encode", method_encode, "The text as bytes in an encoding."),
    DEF_FIXED("replace", method_replace, 2, 3, "A copy with one substring replaced by another."),
    DEF_VECTOR("split", method_split,
               "The parts between separators (runs of whitespace by default)."),
    DEF_VECTOR("rsplit", method_rsplit, "As split, but counting splits from the right."),
    DEF_ONE("join", method_join, "The strings of an iterable with this one between them."),
    DEF_NONE("capitalize", str_method_capitalize,
             "First character in title case, the rest in lower case."),
    DEF_NONE("casefold", str_method_casefold, "A form for comparing without regard to case."),
    DEF_NONE("title", str_method_title, "Every word in title case."),
    DEF_FIXED("center", method_center, 1, 2, "Padded on both sides to a width."),
    DEF_FIXED("count", method_count, 0, -1, "How often a substring occurs without overlap."),
    DEF_VECTOR("expandtabs", method_expandtabs, "Tabs replaced by spaces up to the next column."),
    DEF_FIXED("find", method_find, 0, -1, "First position of a substring, or -1."),
    DEF_ONE("partition", method_partition, "(before, separator, after) at its first place."),
    DEF_FIXED("index", method_index, 0, -1, "First position of a substring, or ValueError."),
    DEF_FIXED("ljust", method_ljust, 1, 2, "Padded on the right to a width."),
    DEF_NONE("lower", str_method_lower, "All cased characters in lower case."),
    DEF_FIXED("lstrip", method_lstrip, 0, 1, "Without leading whitespace or given characters."),
    DEF_FIXED("rfind", method_rfind, 0, -1, "Last position of a substring, or -1."),
    DEF_FIXED("rindex", method_rindex, 0, -1, "Last position of a substring, or ValueError."),
    DEF_FIXED("rjust", method_rjust, 1, 2, "Padded on the left to a width."),
    DEF_FIXED("rstrip", method_rstrip, 0, 1, "Without trailing whitespace or given characters."),
    DEF_ONE("rpartition", method_rpartition, "(before, separator, after) at its last place."),
    DEF_VECTOR("splitlines", method_splitlines, "The lines, with their ends if asked for."),
    DEF_FIXED("strip", method_strip, 0, 1, "Without whitespace or given characters at both ends."),
    DEF_NONE("swapcase", str_method_swapcase, "Upper case to lower case and the reverse."),
    DEF_ONE("translate", str_method_translate, "Every character replaced through a table."),
    DEF_NONE("upper", str_method_upper, "All cased characters in upper case."),
    DEF_FIXED("startswith", method_startswith, 0, -1,
              "Whether it begins with a string or one of a tuple."),
    DEF_FIXED("endswith", method_endswith, 0, -1,
              "Whether it ends with a string or one of a tuple."),
    DEF_ONE("removeprefix", method_removeprefix, "Without a prefix, if it has it."),
    DEF_ONE("removesuffix", method_removesuffix, "Without a suffix, if it has it."),
    DEF_NONE("isascii", str_method_isascii, "Whether all characters are ASCII."),
    DEF_NONE("islower", str_method_islower, "Whether there are cased characters, all lower case."),
    DEF_NONE("isupper", str_method_isupper, "Whether there are cased characters, all upper case."),
    DEF_NONE("istitle", str_method_istitle, "Whether every word is in title case."),
    DEF_NONE("isspace", str_method_isspace,
             "Whether all characters are whitespace, and there is one."),
    DEF_NONE("isdecimal", str_method_isdecimal, "Whether all characters are decimal digits."),
    DEF_NONE("isdigit", str_method_isdigit, "Whether all characters are digits."),
    DEF_NONE("isnumeric", str_method_isnumeric, "Whether all characters are numeric."),
    DEF_NONE("isalpha", str_method_isalpha, "Whether all characters are letters."),
    DEF_NONE("isalnum", str_method_isalnum, "Whether all characters are letters or numbers."),
    DEF_NONE("isidentifier", str_method_isidentifier, "Whether it could be a Python name."),
    DEF_NONE("isprintable", str_method_isprintable, "Whether repr() would escape nothing."),
    DEF_ONE("zfill", method_zfill, "Padded with zeros after the sign."),
    DEF_VECTOR("format", str_template_format, "Replacement fields filled in from the arguments."),
    DEF_ONE("format_map", str_template_format_map, "Replacement fields filled in from a mapping."),
    DEF_ONE("__format__", method_format_spec, "The text laid out as a format specification says."),
    DEF_STATIC("maketrans", str_method_maketrans, "A table for translate()."),
    DEF_NONE("__getnewargs__", method_getnewargs, "Arguments for pickling."),
    DEF_NONE("__sizeof__", method_sizeof, "Memory it takes, in bytes."),
    DEF_END,
};
