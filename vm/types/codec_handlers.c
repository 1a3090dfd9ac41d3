// SPDX-License-Identifier: MIT
//
// The standard error handlers as Python callables (codecs.lookup_error("ignore") and so on):
// each takes a UnicodeError and gives (replacement, position) or raises it. The engine
// (codecs_engine.c) does the common ones without coming here.
#include "vm/runtime/errors.h"
#include "vm/types/codecs_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/unicode_names.h"
#include "vm/types/tuple.h"
#include <stdio.h>

typedef struct {
    enum { CASE_ENCODE, CASE_DECODE, CASE_TRANSLATE } which;
    Value object; // str or bytes, new reference
    int64_t start, end;
} Case;

static int read_position(Value exception, const char *name, int64_t *out) {
    Value v = value_getattr_cstr(exception, name);
    if (value_is_null(v))
        return -1;
    int result = value_to_size(v, out);
    ref_release(v);
    return result;
}

// Reads the exception; -1 with TypeError for others. start and end are brought into the object.
static int raise_unknown(Value exception) {
    return raise_int(&exception_TypeError, "don't know how to handle %T in error callback",
                     exception);
}
static int read_case(Value exception, Case *c) {
    if (value_is_instance(exception, &exception_UnicodeEncodeError))
        c->which = CASE_ENCODE;
    else if (value_is_instance(exception, &exception_UnicodeDecodeError))
        c->which = CASE_DECODE;
    else if (value_is_instance(exception, &exception_UnicodeTranslateError))
        c->which = CASE_TRANSLATE;
    else
        return raise_unknown(exception);
    if (read_position(exception, "start", &c->start) < 0 ||
        read_position(exception, "end", &c->end) < 0)
        return -1;
    c->object = value_getattr_cstr(exception, "object");
    if (value_is_null(c->object))
        return -1;
    bool right = c->which == CASE_DECODE ? value_is_bytes(c->object) : value_is_str(c->object);
    if (!right) {
        ref_release(c->object);
        return raise_int(&exception_TypeError, "object attribute must be %s",
                         c->which == CASE_DECODE ? "bytes" : "unicode");
    }
    int64_t length = c->which == CASE_DECODE ? bytes_length(c->object) : str_length(c->object);
    if (c->start < 0)
        c->start = 0;
    if (c->start >= length)
        c->start = length ? length - 1 : 0;
    if (c->end < 1)
        c->end = length ? 1 : 0;
    if (c->end > length)
        c->end = length;
    return 0;
}

static Value answer(Value replacement, int64_t position) { // consumes replacement
    if (value_is_null(replacement))
        return replacement;
    Value result = tuple_pack(2, replacement, value_from_int(position));
    ref_release(replacement);
    return result;
}

static Value cannot(Value exception) {
    return raise_type_error("don't know how to handle %T in error callback", exception);
}

static Value handle_strict(Value self, Value exception) {
    if (value_is_instance(exception, &exception_BaseException))
        return raise_object(exception);
    return raise_type_error("codec must pass exception instance");
}

static Value handle_ignore(Value self, Value exception) {
    Case c;
    if (read_case(exception, &c) < 0)
        return VALUE_NULL;
    ref_release(c.object);
    return answer(str_empty(), c.end);
}

static Value handle_replace(Value self, Value exception) {
    Case c;
    if (read_case(exception, &c) < 0)
        return VALUE_NULL;
    ref_release(c.object);
    if (c.which == CASE_DECODE)
        return answer(str_from_code_point(0xfffd), c.end);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_repeat(&b, c.which == CASE_ENCODE ? '?' : 0xfffd, c.end - c.start);
    return answer(str_builder_finish(&b), c.end);
}

static void add_backslashed(StrBuilder *b, uint32_t c) {
    char text[16];
    snprintf(text, sizeof text, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
    str_builder_cstr(b, text);
}

static Value handle_backslash(Value self, Value exception) {
    Case c;
    if (read_case(exception, &c) < 0)
        return VALUE_NULL;
    StrBuilder b;
    str_builder_start(&b);
    for (int64_t i = c.start; i < c.end; i++)
        add_backslashed(&b, c.which == CASE_DECODE ? bytes_data(c.object)[i] : str_at(c.object, i));
    ref_release(c.object);
    return answer(str_builder_finish(&b), c.end);
}

static Value handle_xml(Value self, Value exception) {
    Case c;
    if (read_case(exception, &c) < 0)
        return VALUE_NULL;
    if (c.which != CASE_ENCODE) {
        ref_release(c.object);
        return cannot(exception);
    }
    StrBuilder b;
    str_builder_start(&b);
    for (int64_t i = c.start; i < c.end; i++) {
        char text[16];
        snprintf(text, sizeof text, "&#%u;", str_at(c.object, i));
        str_builder_cstr(&b, text);
    }
    ref_release(c.object);
    return answer(str_builder_finish(&b), c.end);
}

static Value handle_name(Value self, Value exception) {
    Case c;
    if (read_case(exception, &c) < 0)
        return VALUE_NULL;
    if (c.which != CASE_ENCODE) {
        ref_release(c.object);
        return cannot(exception);
    }
    StrBuilder b;
    str_builder_start(&b);
    for (int64_t i = c.start; i < c.end; i++) {
        uint32_t point = str_at(c.object, i);
        char name[UNICODE_NAME_MAX];
        int length = unicode_name(point, name);
        if (length <= 0) {
            add_backslashed(&b, point);
        } else {
            str_builder_ascii(&b, "\\N{", 3);
            str_builder_ascii(&b, name, (size_t)length);
            str_builder_char(&b, '}');
        }
    }
    ref_release(c.object);
    return answer(str_builder_finish(&b), c.end);
}

// Encodings that surrogatepass knows: bytes of a unit (3: utf-8) and byte order. 0: not one.
static int wide_unit(Value exception, bool *big) {
    Value encoding = value_getattr_cstr(exception, "encoding");
    char name[32] = "", plain[32];
    size_t n = 0;
    if (!value_is_null(encoding) && value_is_str(encoding))
        str_copy_bounded(encoding, name, sizeof name);
    ref_release(encoding);
    for (size_t i = 0; name[i]; i++)
        if (name[i] != '-' && name[i] != '_')
            plain[n++] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] + 32) : name[i];
    plain[n] = 0;
    *big = n > 2 && strcmp(plain + n - 2, "be") == 0;
    if (strncmp(plain, "utf8", 4) == 0 || strcmp(plain, "cputf8") == 0 ||
        strcmp(plain, "cp65001") == 0)
        return 3;
    return strncmp(plain, "utf16", 5) == 0 ? 2 : strncmp(plain, "utf32", 5) == 0 ? 4 : 0;
}

// For handlers that have nothing to say of translation.
static int read_coding_case(Value exception, Case *c) {
    if (value_is_instance(exception, &exception_UnicodeTranslateError))
        return raise_unknown(exception);
    return read_case(exception, c);
}

static Value handle_pass(Value self, Value exception) {
    Case c;
    if (read_coding_case(exception, &c) < 0)
        return VALUE_NULL;
    bool big;
    int width = wide_unit(exception, &big);
    if (error_occurred()) {
        ref_release(c.object);
        return VALUE_NULL;
    }
    Value result = VALUE_NULL;
    bool failed = width == 0;
    if (c.which == CASE_ENCODE && !failed) {
        ByteBuilder out = {0};
        for (int64_t i = c.start; i < c.end && !failed; i++) {
            uint32_t point = str_at(c.object, i);
            if (point < 0xd800 || point > 0xdfff) {
                failed = true;
            } else if (width == 3) {
                byte_builder_byte(&out, (uint8_t)(0xe0 | point >> 12));
                byte_builder_byte(&out, (uint8_t)(0x80 | (point >> 6 & 0x3f)));
                byte_builder_byte(&out, (uint8_t)(0x80 | (point & 0x3f)));
            } else {
                for (int k = 0; k < width; k++)
                    byte_builder_byte(&out, (uint8_t)(point >> (8 * (big ? width - 1 - k : k))));
            }
        }
        if (failed)
            byte_builder_discard(&out);
        else
            result = answer(byte_builder_finish(&out), c.end);
    } else if (!failed) {
        const uint8_t *p = bytes_data(c.object) + c.start;
        uint32_t point = 0;
        failed = bytes_length(c.object) - c.start < width;
        if (!failed && width == 3) {
            failed = p[0] != 0xed || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80;
            point = 0xd000 | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        } else if (!failed) {
            for (int k = 0; k < width; k++)
                point |= (uint32_t)p[big ? width - 1 - k : k] << (8 * k);
        }
        if (!failed && (point < 0xd800 || point > 0xdfff))
            failed = true;
        if (!failed)
            result = answer(str_from_code_point(point), c.start + width);
    }
    ref_release(c.object);
    return failed ? raise_object(exception) : result;
}

static Value handle_escape(Value self, Value exception) {
    Case c;
    if (read_coding_case(exception, &c) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    bool failed = false;
    if (c.which == CASE_ENCODE) {
        ByteBuilder out = {0};
        for (int64_t i = c.start; i < c.end && !failed; i++) {
            uint32_t point = str_at(c.object, i);
            failed = point < 0xdc80 || point > 0xdcff;
            byte_builder_byte(&out, (uint8_t)(point - 0xdc00));
        }
        if (failed)
            byte_builder_discard(&out);
        else
            result = answer(byte_builder_finish(&out), c.end);
    } else {
        StrBuilder b;
        str_builder_start(&b);
        int64_t i = c.start;
        for (; i < c.end && i < c.start + 4 && bytes_data(c.object)[i] >= 0x80; i++)
            str_builder_char(&b, 0xdc00u + bytes_data(c.object)[i]);
        failed = i == c.start;
        if (failed)
            str_builder_discard(&b);
        else
            result = answer(str_builder_finish(&b), i);
    }
    ref_release(c.object);
    return failed ? raise_object(exception) : result;
}

static const NativeDef handlers[] = {
    DEF_ONE("strict", handle_strict, "Raises the error."),
    DEF_ONE("ignore", handle_ignore, "Leaves out what cannot be converted."),
    DEF_ONE("replace", handle_replace, "Puts a replacement mark."),
    DEF_ONE("backslashreplace", handle_backslash, "Puts backslash escapes."),
    DEF_ONE("xmlcharrefreplace", handle_xml, "Puts XML character references."),
    DEF_ONE("namereplace", handle_name, "Puts \\N{...} escapes."),
    DEF_ONE("surrogatepass", handle_pass, "Lets surrogates through."),
    DEF_ONE("surrogateescape", handle_escape, "Smuggles bytes as surrogates."),
    DEF_END,
};

bool codec_is_name_handler(Value handler) {
    if (!value_is_exactly(handler, &native_function_type))
        return false;
    const NativeDef *def = ((NativeFunction *)value_object(handler))->def;
    return def->kind == NATIVE_ONE && def->call.one == handle_name;
}

int codec_handlers_register(Value to) {
    static const char *const names[] = {"strict_errors",
                                        "ignore_errors",
                                        "replace_errors",
                                        "backslashreplace_errors",
                                        "xmlcharrefreplace_errors",
                                        "namereplace_errors",
                                        "surrogatepass",
                                        "surrogateescape"};
    static NativeDef shown[8]; // the callables' own names differ from the handlers'
    for (int i = 0; handlers[i].name; i++) {
        shown[i] = handlers[i];
        shown[i].name = names[i];
        Value function = native_function_new(&shown[i], VALUE_NULL, VALUE_NULL);
        int result = value_is_null(function) ? -1 : dict_set_cstr(to, handlers[i].name, function);
        ref_release(function);
        if (result < 0)
            return -1;
    }
    return 0;
}
