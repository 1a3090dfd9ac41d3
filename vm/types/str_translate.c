// SPDX-License-Identifier: MIT
//
// str.translate and str.maketrans.
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/str_internal.h"
#include "vm/types/str_methods.h"

enum {
    ANSWER_KEEP = -1,
    ANSWER_DELETE = -2,
    ANSWER_TEXT = -3,
    ANSWER_ERROR = -4,
    ANSWER_UNKNOWN = -5
};

// What the table says about c: a code point, or one of the above; the text (new reference) in *text
// for ANSWER_TEXT. May run Python code.
static int64_t look_up(Value table, uint32_t c, Value *text) {
    Value key = value_from_int(c);
    Value found =
        value_is_exactly(table, &dict_type) ? dict_get(table, key) : value_getitem(table, key);
    if (value_is_null(found)) {
        if (!error_occurred())
            return ANSWER_KEEP;
        if (!error_matches(&exception_LookupError))
            return ANSWER_ERROR;
        error_clear();
        return ANSWER_KEEP;
    }
    if (value_is_none(found)) {
        ref_release(found);
        return ANSWER_DELETE;
    }
    if (value_is_any_int(found)) {
        int64_t point;
        bool fits = int_to_i64(found, &point);
        ref_release(found);
        if (!fits || point < 0 || point > 0x10ffff) {
            raise_value_error("character mapping must be in range(0x%x)", 0x110000);
            return ANSWER_ERROR;
        }
        return point;
    }
    if (value_is_str(found)) {
        if (str_length(found) == 1) {
            int64_t point = str_at(found, 0);
            ref_release(found);
            return point;
        }
        *text = found;
        return ANSWER_TEXT;
    }
    ref_release(found);
    raise_type_error("character mapping must return integer, None or str");
    return ANSWER_ERROR;
}

// The part of ASCII text that a dict maps to ASCII characters or deletes, written to `out` (as long
// as the text); where that ends in *done, bytes written returned. Answers are remembered: one
// look-up a character.
static int64_t translate_ascii(Value self, Value table, uint8_t *out, int64_t *done) {
    enum { UNKNOWN = 0xff, DELETE = 0xfe, STOP = 0xfd };
    uint8_t known[128];
    memset(known, UNKNOWN, sizeof known);
    const uint8_t *text = str_data(self);
    int64_t length = str_length(self), i = 0, to = 0;
    for (; i < length; i++) {
        uint8_t c = text[i], answer = known[c];
        if (UNLIKELY(answer >= STOP)) {
            if (answer == UNKNOWN) {
                Value other = VALUE_NULL;
                int64_t found = look_up(table, c, &other);
                ref_release(other);
                if (found == ANSWER_ERROR)
                    error_clear(); // raised again by the general way
                answer = found == ANSWER_KEEP        ? c
                         : found == ANSWER_DELETE    ? DELETE
                         : found >= 0 && found < 128 ? (uint8_t)found
                                                     : STOP;
                known[c] = answer;
            }
            if (answer == STOP)
                break;
            if (answer == DELETE)
                continue;
        }
        out[to++] = answer;
    }
    *done = i;
    return to;
}

Value str_method_translate(Value self, Value table) {
    int64_t length = str_length(self), start = 0;
    // Answers about ASCII characters, remembered: one look-up a character, as long as nothing
    // but exact dicts is asked (others may answer differently each time).
    int64_t known[128];
    bool remember = value_is_exactly(table, &dict_type) && length > 8;
    if (remember)
        for (int i = 0; i < 128; i++)
            known[i] = ANSWER_UNKNOWN;
    StrBuilder b;
    str_builder_start(&b);
    if (remember && str_is_ascii(self)) {
        uint8_t *out = buffer_allocate((size_t)length);
        if (!out)
            return raise_memory_error();
        int64_t written = translate_ascii(self, table, out, &start);
        if (start == length) {
            Value result = str_from_ascii((const char *)out, (size_t)written);
            buffer_free(out);
            return result;
        }
        str_builder_ascii(&b, (const char *)out, (size_t)written);
        buffer_free(out);
    }
    for (int64_t i = start; i < length; i++) {
        uint32_t c = str_at(self, i);
        Value text = VALUE_NULL;
        int64_t answer = remember && c < 128 ? known[c] : ANSWER_UNKNOWN;
        if (answer == ANSWER_UNKNOWN) {
            answer = look_up(table, c, &text);
            if (remember && c < 128 && answer != ANSWER_TEXT)
                known[c] = answer;
        }
        switch (answer) {
        case ANSWER_KEEP:
            str_builder_char(&b, c);
            break;
        case ANSWER_DELETE:
            break;
        case ANSWER_TEXT:
            str_builder_str(&b, text);
            ref_release(text);
            break;
        case ANSWER_ERROR:
            str_builder_discard(&b);
            return VALUE_NULL;
        default:
            str_builder_char(&b, (uint32_t)answer);
            break;
        }
    }
    return str_builder_finish(&b);
}

static int copy_table(Value to, Value from) {
    int64_t position = 0;
    Value key, value;
    while (dict_next(from, &position, &key, &value, NULL)) {
        int result = -1;
        if (value_is_str(key)) {
            if (str_length(key) != 1)
                raise_value_error("string keys in translate table must be of length 1");
            else
                result = dict_set(to, value_from_int(str_at(key, 0)), value);
        } else if (value_is_any_int(key)) {
            result = dict_set(to, key, value);
        } else {
            raise_type_error("keys in translate table must be strings or integers");
        }
        ref_release(key);
        ref_release(value);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int fill_table(Value table, const Value *args, size_t nargs) {
    if (nargs == 1) {
        if (!value_is_exactly(args[0], &dict_type))
            return raise_int(&exception_TypeError,
                             "if you give only one argument to maketrans it must be a dict");
        return copy_table(table, args[0]);
    }
    if (!value_is_str(args[0]))
        return raise_int(&exception_TypeError,
                         "first maketrans argument must be a string if there is "
                         "a second argument");
    int64_t length = str_length(args[0]);
    if (str_length(args[1]) != length)
        return raise_int(&exception_ValueError,
                         "the first two maketrans arguments must have equal length");
    for (int64_t i = 0; i < length; i++)
        if (dict_set(table, value_from_int(str_at(args[0], i)),
                     value_from_int(str_at(args[1], i))) < 0)
            return -1;
    if (nargs > 2)
        for (int64_t i = 0; i < str_length(args[2]); i++)
            if (dict_set(table, value_from_int(str_at(args[2], i)), VALUE_NONE) < 0)
                return -1;
    return 0;
}

Value str_method_maketrans(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("maketrans", kwnames) < 0 ||
        arguments_count("maketrans", nargs, 1, 3) < 0)
        return VALUE_NULL;
    for (size_t i = 1; i < nargs; i++)
        if (!value_is_str(args[i]))
            return raise_type_error("maketrans() argument %d must be str, not %G", (int)i + 1,
                                    args[i]);
    Value table = dict_new();
    if (value_is_null(table) || fill_table(table, args, nargs) == 0)
        return table;
    ref_release(table);
    return VALUE_NULL;
}
