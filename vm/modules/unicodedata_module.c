// SPDX-License-Identifier: MIT
//
// unicodedata: names and properties of characters as of Unicode 14, and the object ucd_3_2_0 that
// tells those of Unicode 3.2. Nothing here changes once the module has been made.
#include "vm/modules/unicodedata_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/float.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include "vm/types/unicode_names.h"
#include <strings.h>

static Type ucd_type;
static Object ucd_old = OBJECT_STATIC(&ucd_type);

// The names of categories and so on by their numbers: interned, kept for ever, set when the module
// is made (each time to the same).
static Value category_texts[UNICODE_NAMES_MAX], bidirectional_texts[UNICODE_NAMES_MAX],
    width_texts[UNICODE_NAMES_MAX];

static void fill_texts(Value *texts, const char *(*name)(unsigned number)) {
    for (unsigned i = 0; i < UNICODE_NAMES_MAX && name(i); i++)
        texts[i] = str_intern_cstr(name(i));
}

enum { LOOKUP_MAX = 256 };

// self of the module's functions is the module.
static bool is_old(Value self) {
    return value_same(self, value_from_object(&ucd_old));
}

static int character(const char *function, bool numbered, Value v, uint32_t *out) {
    if (!value_is_str(v) || str_length(v) != 1)
        return raise_int(&exception_TypeError,
                         "%s() argument %smust be a unicode character, not %G", function,
                         numbered ? "1 " : "", v);
    *out = str_at(v, 0);
    return 0;
}

// The record of a function's only argument, or NULL.
static const UnicodeRecord *record_of(const char *function, Value v) {
    uint32_t point;
    return character(function, false, v, &point) < 0 ? NULL : unicode_record(point);
}

static bool unknown_to_old(Value self, const UnicodeRecord *record) {
    return is_old(self) && record->old_category == 0;
}

// ---- numbers ---------------------------------------------------------------------------------

static Value number(Value self, const char *function, const Value *args, size_t nargs,
                    const char *message) {
    uint32_t point;
    if (character(function, true, args[0], &point) < 0)
        return VALUE_NULL;
    const UnicodeNumber *n = unicode_number(point);
    const UnicodeRecord *record = unicode_record(point);
    // digit() has never looked at what 3.2 knew.
    if (n && (function[1] == 'i' || !unknown_to_old(self, record))) {
        bool old_decimal = is_old(self) && record->flags & UNICODE_RECORD_OLD_DECIMAL;
        if (function[0] == 'n')
            return float_new(n->value);
        int digit = function[1] == 'e' && !old_decimal ? n->decimal : n->digit;
        if (digit >= 0)
            return value_from_int(digit);
    }
    return nargs > 1 ? ref_new(args[1]) : raise_value_error("%s", message);
}
static Value ucd_decimal(Value self, const Value *args, size_t nargs) {
    return number(self, "decimal", args, nargs, "not a decimal");
}
static Value ucd_digit(Value self, const Value *args, size_t nargs) {
    return number(self, "digit", args, nargs, "not a digit");
}
static Value ucd_numeric(Value self, const Value *args, size_t nargs) {
    return number(self, "numeric", args, nargs, "not a numeric character");
}

// ---- properties ------------------------------------------------------------------------------

static Value ucd_category(Value self, Value v) {
    const UnicodeRecord *record = record_of("category", v);
    if (!record)
        return VALUE_NULL;
    return ref_new(category_texts[is_old(self) ? record->old_category : record->category]);
}
static Value ucd_bidirectional(Value self, Value v) {
    const UnicodeRecord *record = record_of("bidirectional", v);
    if (!record)
        return VALUE_NULL;
    return ref_new(
        bidirectional_texts[is_old(self) ? record->old_bidirectional : record->bidirectional]);
}
static Value ucd_east_asian_width(Value self, Value v) {
    const UnicodeRecord *record = record_of("east_asian_width", v);
    if (!record)
        return VALUE_NULL;
    return ref_new(width_texts[is_old(self) ? record->old_width : record->width]);
}
static Value ucd_combining(Value self, Value v) {
    const UnicodeRecord *record = record_of("combining", v);
    if (!record)
        return VALUE_NULL;
    return value_from_int(is_old(self) ? record->old_combining : record->combining);
}
static Value ucd_mirrored(Value self, Value v) {
    const UnicodeRecord *record = record_of("mirrored", v);
    if (!record)
        return VALUE_NULL;
    unsigned flag = is_old(self) ? UNICODE_RECORD_OLD_MIRRORED : UNICODE_RECORD_MIRRORED;
    return value_from_int((record->flags & flag) != 0);
}

static Value ucd_decomposition(Value self, Value v) {
    uint32_t point;
    if (character("decomposition", false, v, &point) < 0)
        return VALUE_NULL;
    const uint32_t *points;
    const char *tag;
    size_t n = unicode_decomposition(point, &points, &tag);
    if (n == 0 || unknown_to_old(self, unicode_record(point)))
        return str_empty();
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, tag);
    for (size_t i = 0; i < n; i++) {
        if (i || *tag)
            str_builder_char(&b, ' ');
        int digits = points[i] < 0x10000 ? 4 : points[i] < 0x100000 ? 5 : 6;
        while (digits--)
            str_builder_char(&b, (uint32_t) "0123456789ABCDEF"[points[i] >> 4 * digits & 15]);
    }
    return str_builder_finish(&b);
}

// ---- names -----------------------------------------------------------------------------------

static Value ucd_name(Value self, const Value *args, size_t nargs) {
    uint32_t point;
    char name[UNICODE_NAME_MAX];
    if (character("name", true, args[0], &point) < 0)
        return VALUE_NULL;
    int length = unicode_name(point, name);
    if (length < 0)
        return raise_memory_error();
    if (length > 0 && !(is_old(self) && unicode_named_later(point)))
        return str_from_ascii(name, (size_t)length);
    return nargs > 1 ? ref_new(args[1]) : raise_value_error("no such name");
}

static Value lookup(Value self, const char *name, size_t length) {
    if (length > LOOKUP_MAX)
        return raise_error(&exception_KeyError, "name too long");
    uint32_t points[UNICODE_SEQUENCE_MAX];
    int n = unicode_find_sequence(name, length, points);
    if (n < 0)
        return raise_memory_error();
    // To 3.2 neither aliases nor sequences are known.
    if (n > 0 && is_old(self)) {
        char own[UNICODE_NAME_MAX];
        int own_length = n > 1 || unicode_named_later(points[0]) ? 0 : unicode_name(points[0], own);
        bool numbered = own_length > 3 && memcmp(own, "CJK ", 4) == 0; // 04E00 will do for 4E00
        if (!numbered && (own_length != (int)length || strncasecmp(own, name, length) != 0))
            n = 0;
    }
    if (n > 0)
        return str_from_ucs4(points, (size_t)n);
    char copy[LOOKUP_MAX + 1];
    memcpy(copy, name, length);
    copy[length] = 0;
    return raise_error(&exception_KeyError, "undefined character name '%s'", copy);
}

static Value ucd_lookup(Value self, Value name) {
    Value result;
    if (value_is_str(name)) {
        char *owned;
        size_t length;
        const char *text = str_utf8(name, &length, &owned);
        if (!text)
            return VALUE_NULL;
        result = lookup(self, text, length);
        buffer_free(owned);
        return result;
    }
    ByteText text;
    if (byte_text_get(name, &text) < 0)
        return VALUE_NULL;
    result = lookup(self, (const char *)text.data, (size_t)text.length);
    byte_text_release(&text);
    return result;
}

// ---- normal forms ----------------------------------------------------------------------------

typedef struct {
    bool compose, compatible;
} Form;

// 1, 0: no form has that name, -1: TypeError.
static int form_of(const char *function, const Value *args, Form *form) {
    for (int i = 0; i < 2; i++)
        if (!value_is_str(args[i]))
            return raise_int(&exception_TypeError, "%s() argument %d must be str, not %G", function,
                             i + 1, args[i]);
    int64_t n = str_length(args[0]);
    if (!str_is_ascii(args[0]) || n < 3 || n > 4)
        return 0;
    const uint8_t *name = str_data(args[0]);
    uint8_t last = name[n - 1];
    *form = (Form){.compose = last == 'C', .compatible = n == 4};
    return name[0] == 'N' && name[1] == 'F' && (n == 3 || name[2] == 'K') &&
           (last == 'C' || last == 'D');
}

static Value normalized(Value self, Form form, Value text) {
    int64_t n = str_length(text), i = 0;
    // Below these characters nothing changes.
    uint32_t bound = form.compatible ? 0xa0 : form.compose ? 0x300 : 0xc0;
    if (str_is_ascii(text))
        return ref_new(text);
    if (!is_old(self)) {
        if (unicode_is_normal(str_data(text), str_kind(text), (size_t)n, form.compose,
                              form.compatible, bound))
            return ref_new(text);
    } else {
        while (i < n && str_at(text, i) < bound)
            i++;
        if (i == n)
            return ref_new(text);
    }
    uint32_t *points = buffer_allocate((size_t)n * sizeof *points);
    if (!points)
        return raise_memory_error();
    for (i = 0; i < n; i++)
        points[i] = str_at(text, i);
    size_t length = (size_t)n;
    Value result;
    if (unicode_decompose(&points, &length, form.compatible, is_old(self))) {
        if (form.compose)
            unicode_compose(points, &length);
        result = str_from_ucs4(points, length);
    } else {
        result = raise_memory_error();
    }
    buffer_free(points);
    return result;
}

static Value ucd_normalize(Value self, const Value *args, size_t nargs) {
    Form form;
    int known = form_of("normalize", args, &form);
    if (known < 0)
        return VALUE_NULL;
    if (str_length(args[1]) == 0)
        return ref_new(args[1]);
    if (!known)
        return raise_value_error("invalid normalization form");
    return normalized(self, form, args[1]);
}

static Value ucd_is_normalized(Value self, const Value *args, size_t nargs) {
    Form form;
    int known = form_of("is_normalized", args, &form);
    if (known < 0)
        return VALUE_NULL;
    if (str_length(args[1]) == 0)
        return bool_new(true);
    if (!known)
        return raise_value_error("invalid normalization form");
    Value text = normalized(self, form, args[1]);
    if (value_is_null(text))
        return VALUE_NULL;
    bool same = value_same(text, args[1]) || str_equal(text, args[1]);
    ref_release(text);
    return bool_new(same);
}

// ---- the module ------------------------------------------------------------------------------

static const NativeDef unicodedata_functions[] = {
    DEF_FIXED("decimal", ucd_decimal, 1, 2,
              "decimal($self, chr, default=<unrepresentable>, /)\n--\n\n"
              "The decimal value of a character as an int."),
    DEF_FIXED("digit", ucd_digit, 1, 2,
              "digit($self, chr, default=<unrepresentable>, /)\n--\n\n"
              "The digit value of a character as an int."),
    DEF_FIXED("numeric", ucd_numeric, 1, 2,
              "numeric($self, chr, default=<unrepresentable>, /)\n--\n\n"
              "The numeric value of a character as a float."),
    DEF_ONE("category", ucd_category, "category($self, chr, /)\n--\n\nThe general category."),
    DEF_ONE("bidirectional", ucd_bidirectional,
            "bidirectional($self, chr, /)\n--\n\nThe bidirectional class."),
    DEF_ONE("combining", ucd_combining,
            "combining($self, chr, /)\n--\n\nThe canonical combining class, 0 if none is defined."),
    DEF_ONE("mirrored", ucd_mirrored,
            "mirrored($self, chr, /)\n--\n\n1 if it is mirrored in bidirectional text, else 0."),
    DEF_ONE("east_asian_width", ucd_east_asian_width,
            "east_asian_width($self, chr, /)\n--\n\nThe East Asian width."),
    DEF_ONE("decomposition", ucd_decomposition,
            "decomposition($self, chr, /)\n--\n\nThe decomposition mapping as text, '' if there is "
            "none."),
    DEF_FIXED("name", ucd_name, 1, 2,
              "name($self, chr, default=<unrepresentable>, /)\n--\n\nThe name of a character."),
    DEF_ONE("lookup", ucd_lookup, "lookup($self, name, /)\n--\n\nThe character of that name."),
    DEF_FIXED("is_normalized", ucd_is_normalized, 2, 2,
              "is_normalized($self, form, unistr, /)\n--\n\nIs the text in that normal form."),
    DEF_FIXED("normalize", ucd_normalize, 2, 2,
              "normalize($self, form, unistr, /)\n--\n\n"
              "The normal form of a text: 'NFC', 'NFKC', 'NFD' or 'NFKD'."),
    DEF_END,
};

static Value ucd_version(Value self) {
    return str_from_cstr("3.2.0");
}
static const GetSetDef ucd_getsets[] = {
    {"unidata_version", ucd_version, NULL, NULL},
    {NULL},
};

static Type ucd_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "unicodedata.UCD",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .methods = unicodedata_functions,
    .getsets = ucd_getsets,
};

static int unicodedata_fill(Value module) {
    fill_texts(category_texts, unicode_category_name);
    fill_texts(bidirectional_texts, unicode_bidirectional_name);
    fill_texts(width_texts, unicode_width_name);
    if (module_add_type(module, &ucd_type) < 0 ||
        module_add_str(module, "unidata_version", "14.0.0") < 0)
        return -1;
    return module_add(module, "ucd_3_2_0", ref_new(value_from_object(&ucd_old)));
}

const NativeModule module_unicodedata = {"unicodedata", "The Unicode Character Database, 14.0.0.",
                                         unicodedata_functions, unicodedata_fill};
