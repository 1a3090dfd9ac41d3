// SPDX-License-Identifier: MIT
//
// Arguments of _datetime's functions. CPython parses them one after the other and reports the first
// thing that is wrong, so a bad year is told before a missing month is; arguments_parse() of
// vm/types/function.h looks for what is missing first.
#include "vm/modules/datetime_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"
#include "vm/types/arguments.h"

Value pair_owned(Value a, Value b) {
    if (!value_is_null(a) && !value_is_null(b))
        return tuple_pair_owned(a, b);
    ref_release(a);
    ref_release(b);
    return VALUE_NULL;
}

int arguments_exactly(const char *function, size_t nargs, size_t wanted) {
    if (LIKELY(nargs == wanted))
        return 0;
    return raise_int(&exception_TypeError, "%s() takes exactly %zu argument%s (%zu given)",
                     function, wanted, wanted == 1 ? "" : "s", nargs);
}

static int wrong_type(const ArgumentList *list, int i, const char *wanted, Value v) {
    return raise_int(&exception_TypeError, "%s%s argument %d must be %s, not %G",
                     list->function ? list->function : "function", list->function ? "()" : "",
                     i + 1, wanted, v);
}

// A str that C could read: no lone surrogate, no zero.
static int c_text(const ArgumentList *list, int i, Value v) {
    if (!value_is_str(v))
        return wrong_type(list, i, "str", v);
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8(v, &length, &owned);
    if (!text)
        return -1;
    int status =
        strlen(text) == length ? 0 : raise_int(&exception_ValueError, "embedded null character");
    buffer_free(owned);
    return status;
}

static int convert(const ArgumentList *list, int i, Value v, void *out) {
    const Type *type = NULL;
    switch (list->kinds[i]) {
    case 'i':
        return int_format_argument(v, out);
    case 'C':
        if (!value_is_str(v) || str_length(v) != 1)
            return wrong_type(list, i, "a unicode character", v);
        *(uint32_t *)out = str_at(v, 0);
        return 0;
    case 'U':
        if (!value_is_str(v))
            return wrong_type(list, i, "str", v);
        break;
    case 's':
        if (c_text(list, i, v) < 0)
            return -1;
        break;
    case 'd':
        type = &delta_type;
        break;
    case 'D':
        type = &date_type;
        break;
    case 'T':
        type = &time_of_day_type;
        break;
    }
    if (type && !value_is_a(v, type))
        return wrong_type(list, i, type_full_name(type), v);
    *(Value *)out = v;
    return 0;
}

// The value of the keyword argument of that name (borrowed), or VALUE_NULL.
static Value keyword(const Value *values, Value kwnames, const char *name) {
    for (int64_t k = 0; k < tuple_length(kwnames); k++)
        if (str_equal_cstr(tuple_item(kwnames, k), name))
            return values[k];
    return VALUE_NULL;
}

// Who gave something that was not asked for? There is such an argument.
static int complain_of_keyword(const ArgumentList *list, const Value *values, size_t nargs,
                               Value kwnames) {
    const char *function = list->function ? list->function : "function";
    const char *brackets = list->function ? "()" : "";
    for (int i = 0; i < (int)nargs; i++)
        if (!value_is_null(keyword(values, kwnames, list->names[i])))
            return raise_int(&exception_TypeError,
                             "argument for %s%s given by name ('%s') and position (%d)", function,
                             brackets, list->names[i], i + 1);
    for (int64_t k = 0; k < tuple_length(kwnames); k++) {
        int i = 0;
        while (list->names[i] && !str_equal_cstr(tuple_item(kwnames, k), list->names[i]))
            i++;
        if (!list->names[i])
            return raise_int(&exception_TypeError, "'%V' is an invalid keyword argument for %s%s",
                             tuple_item(kwnames, k), list->function ? function : "this function",
                             brackets);
    }
    return 0;
}

int arguments_convert(const ArgumentList *list, const Value *args, size_t nargs, Value kwnames,
                      void *const *out) {
    const char *function = list->function ? list->function : "function";
    const char *brackets = list->function ? "()" : "";
    size_t count = strlen(list->kinds), used = 0;
    size_t keywords = value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames);
    if (UNLIKELY(nargs + keywords > count))
        return raise_int(&exception_TypeError, "%s%s takes at most %zu %sargument%s (%zu given)",
                         function, brackets, count, nargs == 0 ? "keyword " : "",
                         count == 1 ? "" : "s", nargs + keywords);
    if (UNLIKELY(nargs > 0 && list->positional == 0))
        return raise_int(&exception_TypeError, "%s%s takes no positional arguments", function,
                         brackets);
    if (UNLIKELY(nargs > (size_t)list->positional))
        return raise_int(&exception_TypeError,
                         "%s%s takes at most %d positional arguments (%zu given)", function,
                         brackets, list->positional, nargs);
    for (size_t i = 0; i < count; i++) {
        Value v = VALUE_NULL;
        if (i < nargs) {
            v = args[i];
        } else if (used < keywords) {
            v = keyword(args + nargs, kwnames, list->names[i]);
            used += !value_is_null(v);
        }
        if (!value_is_null(v)) {
            if (UNLIKELY(convert(list, (int)i, v, out[i]) < 0))
                return -1;
        } else if (UNLIKELY((int)i < list->required)) {
            return raise_int(&exception_TypeError, "%s%s missing required argument '%s' (pos %zu)",
                             function, brackets, list->names[i], i + 1);
        } else if (used == keywords) {
            return 0; // all that was given has been used
        }
    }
    return used < keywords ? complain_of_keyword(list, args + nargs, nargs, kwnames) : 0;
}
