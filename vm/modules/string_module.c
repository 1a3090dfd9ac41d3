// SPDX-License-Identifier: MIT
//
// The module _string: the parts of str.format that string.Formatter builds on.
#include "vm/runtime/errors.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str_template.h"
#include "vm/types/tuple.h"

// A tuple of owned items, some of which may be VALUE_NULL (an error is set).
static Value tuple_of_owned(Value *items, int64_t count) {
    bool ok = true;
    for (int64_t i = 0; i < count; i++)
        ok = ok && !value_is_null(items[i]);
    if (ok)
        return tuple_from_owned(items, count);
    for (int64_t i = 0; i < count; i++)
        ref_release(items[i]);
    return VALUE_NULL;
}

// An iterator over list (consumed).
static Value iterate_list(Value list) {
    Value iterator = value_iter(list);
    ref_release(list);
    return iterator;
}

static Value formatter_parser(Value self, Value text) {
    if (!value_is_str(text))
        return raise_type_error("expected str, got %T", text);
    Value list = list_new();
    TemplateParser p = {text, 0, str_length(text)};
    TemplatePiece piece;
    int more = 0;
    while (!value_is_null(list) && (more = template_next(&p, &piece)) > 0) {
        Value items[4];
        items[0] = str_substring(text, piece.literal_start, piece.literal_end);
        if (piece.has_field) {
            items[1] = str_substring(text, piece.name_start, piece.name_end);
            items[2] = str_substring(text, piece.spec_start, piece.spec_end);
        } else {
            items[1] = none_new();
            items[2] = none_new();
        }
        items[3] = piece.conversion ? str_from_code_point(piece.conversion) : none_new();
        Value tuple = tuple_of_owned(items, 4);
        if (value_is_null(tuple) || list_append_owned(list, tuple) < 0)
            more = -1;
        if (more < 0)
            break;
    }
    if (value_is_null(list) || more < 0) {
        ref_release(list);
        return VALUE_NULL;
    }
    return iterate_list(list);
}

// A part of a field name: an int if it is a number, else text.
static Value name_or_number(Value text, int64_t start, int64_t end) {
    int64_t number = template_number(text, start, end);
    if (number == -2)
        return VALUE_NULL;
    return number >= 0 ? value_from_int(number) : str_substring(text, start, end);
}

static Value formatter_field_name_split(Value self, Value text) {
    if (!value_is_str(text))
        return raise_type_error("expected str, got %T", text);
    int64_t end = str_length(text), at = template_first_end(text, 0, end), from, to;
    Value first = name_or_number(text, 0, at), list = list_new();
    bool is_attribute;
    int more = value_is_null(first) || value_is_null(list) ? -1 : 0;
    while (more >= 0 &&
           (more = template_accessor_next(text, &at, end, &is_attribute, &from, &to)) > 0) {
        Value items[2] = {bool_new(is_attribute), is_attribute ? str_substring(text, from, to)
                                                               : name_or_number(text, from, to)};
        Value tuple = tuple_of_owned(items, 2);
        if (value_is_null(tuple) || list_append_owned(list, tuple) < 0)
            more = -1;
    }
    if (more < 0) {
        ref_release(first);
        ref_release(list);
        return VALUE_NULL;
    }
    Value items[2] = {first, iterate_list(list)};
    return tuple_of_owned(items, 2);
}

static const NativeDef functions[] = {
    DEF_ONE("formatter_parser", formatter_parser,
            "The (literal, field name, format specification, conversion) pieces of a template."),
    DEF_ONE("formatter_field_name_split", formatter_field_name_split,
            "The first part of a field name and an iterator over the rest."),
    DEF_END,
};

const NativeModule module__string = {"_string", "Helpers of the module string.", functions, NULL};
