// SPDX-License-Identifier: MIT
//
// "Did you mean": the known name nearest to one that was not found, by an edit distance in which
// a changed case costs half as much as any other change (Levenshtein, 1965; the costs and limits
// are CPython's, since programs see what comes out).
#include "vm/interp/code.h"
#include "vm/interp/frame_object.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions_internal.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

enum { MOVE = 2, CASE = 1, LONGEST = 40, MOST_CANDIDATES = 750 };

static int substitution(char a, char b) {
    if (a == b)
        return 0;
    if ((a & 31) != (b & 31))
        return MOVE;
    char x = a >= 'A' && a <= 'Z' ? (char)(a + 32) : a,
         y = b >= 'A' && b <= 'Z' ? (char)(b + 32) : b;
    return x == y ? CASE : MOVE;
}

// The distance, or anything above `limit` if it is larger than that.
static int64_t distance(const char *a, int64_t a_length, const char *b, int64_t b_length,
                        int64_t limit) {
    while (a_length && b_length && *a == *b)
        a++, b++, a_length--, b_length--;
    while (a_length && b_length && a[a_length - 1] == b[b_length - 1])
        a_length--, b_length--;
    if (!a_length || !b_length)
        return (a_length + b_length) * MOVE;
    if (a_length > LONGEST || b_length > LONGEST)
        return limit + 1;
    if (b_length < a_length) {
        const char *t = a;
        a = b;
        b = t;
        int64_t n = a_length;
        a_length = b_length;
        b_length = n;
    }
    if ((b_length - a_length) * MOVE > limit)
        return limit + 1;
    int64_t row[LONGEST];
    for (int64_t i = 0; i < a_length; i++)
        row[i] = (i + 1) * MOVE;
    int64_t result = 0;
    for (int64_t j = 0; j < b_length; j++) {
        int64_t diagonal = result = j * MOVE, smallest = INT64_MAX;
        for (int64_t i = 0; i < a_length; i++) {
            int64_t substitute = diagonal + substitution(b[j], a[i]);
            diagonal = row[i];
            int64_t other = (result < diagonal ? result : diagonal) + MOVE;
            result = substitute < other ? substitute : other;
            row[i] = result;
            if (result < smallest)
                smallest = result;
        }
        if (smallest > limit)
            return limit + 1;
    }
    return result;
}

// The item of a list nearest to name; VALUE_NULL if none is near. New reference.
static Value nearest(Value candidates, Value name) {
    int64_t count = list_length(candidates);
    char *owned = NULL;
    size_t length;
    const char *text = count < MOST_CANDIDATES ? str_utf8_wtf(name, &length, &owned) : NULL;
    Value best = VALUE_NULL;
    int64_t best_distance = INT64_MAX;
    for (int64_t i = 0; text && i < count; i++) {
        Value item = list_get(candidates, i);
        if (value_is_null(item) || !value_is_str(item)) {
            ref_release(item);
            break;
        }
        char *item_owned = NULL;
        size_t item_length;
        const char *item_text =
            str_equal(item, name) ? NULL : str_utf8_wtf(item, &item_length, &item_owned);
        if (item_text) {
            // At most a third of the letters may be wrong, and it must beat what was found before.
            int64_t limit = (int64_t)(length + item_length + 3) * MOVE / 6;
            if (limit > best_distance - 1)
                limit = best_distance - 1;
            int64_t d = distance(text, (int64_t)length, item_text, (int64_t)item_length, limit);
            if (d <= limit) {
                Value old = best;
                best = ref_new(item);
                best_distance = d;
                ref_release(old);
            }
        }
        buffer_free(item_owned);
        ref_release(item);
    }
    buffer_free(owned);
    return best;
}

static Value in_keys(Value mapping, Value name) {
    if (value_is_null(mapping) || !value_is_dict(mapping))
        return VALUE_NULL;
    Value keys = dict_keys_list(mapping);
    Value found = value_is_null(keys) ? VALUE_NULL : nearest(keys, name);
    ref_release(keys);
    return found;
}

// The names the frame could see where the exception was raised: locals, globals, builtins.
static Value for_name(Value exception, Value name) {
    Value traceback = exception_traceback(exception);
    if (value_is_null(traceback))
        return VALUE_NULL;
    Traceback *t = (Traceback *)value_object(traceback);
    while (!value_is_null(t->next))
        t = (Traceback *)value_object(t->next);
    Value frame = ref_new(t->frame), found = VALUE_NULL;
    ref_release(traceback);
    Code *code = code_of(frame_object_code(frame));
    Value locals = list_from_iterable(code->local_names);
    if (!value_is_null(locals) && list_extend(locals, code->free_names) == 0)
        found = nearest(locals, name);
    ref_release(locals);
    if (value_is_null(found) && !error_occurred())
        found = in_keys(frame_object_globals(frame), name);
    if (value_is_null(found) && !error_occurred()) {
        Value builtins = value_getattr_cstr(frame, "f_builtins");
        found = in_keys(builtins, name);
        ref_release(builtins);
    }
    ref_release(frame);
    return found;
}

static Value for_attribute(Value object, Value name) {
    Value builtins = import_module_cstr("builtins");
    Value names =
        value_is_null(builtins) ? VALUE_NULL : value_call_method_cstr(builtins, "dir", &object, 1);
    Value found = !value_is_null(names) && value_is_list(names) ? nearest(names, name) : VALUE_NULL;
    ref_release(names);
    ref_release(builtins);
    return found;
}

Value exception_suggestion(Value exception) {
    bool attribute = value_is_exactly(exception, &exception_AttributeError);
    if (!attribute && !value_is_exactly(exception, &exception_NameError))
        return VALUE_NULL;
    Value *fields = (Value *)((char *)value_object(exception) + sizeof(Exception));
    Value name = field_load(value_object(exception), &fields[0]), found = VALUE_NULL;
    if (!value_is_null(name) && value_is_str(name)) {
        if (attribute) {
            Value object = field_load(value_object(exception), &fields[1]);
            if (!value_is_null(object))
                found = for_attribute(object, name);
            ref_release(object);
        } else {
            found = for_name(exception, name);
        }
    }
    ref_release(name);
    error_clear();
    return found;
}
