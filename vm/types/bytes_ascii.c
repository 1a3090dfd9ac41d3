// SPDX-License-Identifier: MIT
//
// Methods of bytes and bytearray that take the bytes for ASCII text: case, kinds of characters,
// padding. Each works on the bytes as they were at one moment (see bytes_methods.c).
#include "vm/runtime/errors.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/function.h"
#include "vm/types/str_internal.h"
#include "vm/types/arguments.h"

static inline bool is_upper(uint8_t c) {
    return (uint8_t)(c - 'A') < 26;
}
static inline bool is_lower(uint8_t c) {
    return (uint8_t)(c - 'a') < 26;
}
static inline bool is_alpha(uint8_t c) {
    return is_lower(c | 32);
}
static inline bool is_digit(uint8_t c) {
    return (uint8_t)(c - '0') < 10;
}
static inline bool is_space(uint8_t c) {
    return c == ' ' || (c >= 9 && c <= 13);
}
static inline uint8_t to_lower(uint8_t c) {
    return (uint8_t)(c + is_upper(c) * 32);
}
static inline uint8_t to_upper(uint8_t c) {
    return (uint8_t)(c - is_lower(c) * 32);
}

// ---- case -------------------------------------------------------------------------------------

typedef void (*Mapping)(uint8_t *to, const uint8_t *from, int64_t length);

static Value mapped(Value self, Mapping map) {
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    uint8_t *out;
    Value result;
    if (text.length <= 1) {
        uint8_t one;
        map(&one, text.data, text.length);
        result = bytes_result(self, &one, text.length);
    } else {
        result = bytes_result_allocate(self, text.length, &out);
        if (!value_is_null(result))
            map(out, text.data, text.length);
    }
    byte_text_release(&text);
    return result;
}

static void map_lower(uint8_t *to, const uint8_t *from, int64_t length) {
    for (int64_t i = 0; i < length; i++)
        to[i] = to_lower(from[i]);
}
static void map_upper(uint8_t *to, const uint8_t *from, int64_t length) {
    for (int64_t i = 0; i < length; i++)
        to[i] = to_upper(from[i]);
}
static void map_swap(uint8_t *to, const uint8_t *from, int64_t length) {
    for (int64_t i = 0; i < length; i++)
        to[i] = is_alpha(from[i]) ? from[i] ^ 32 : from[i];
}
static void map_capitalize(uint8_t *to, const uint8_t *from, int64_t length) {
    map_lower(to, from, length);
    if (length)
        to[0] = to_upper(from[0]);
}
static void map_title(uint8_t *to, const uint8_t *from, int64_t length) {
    bool in_word = false;
    for (int64_t i = 0; i < length; i++) {
        uint8_t c = from[i];
        to[i] = in_word ? to_lower(c) : to_upper(c);
        in_word = is_alpha(c);
    }
}

Value bytes_method_lower(Value self) {
    return mapped(self, map_lower);
}
Value bytes_method_upper(Value self) {
    return mapped(self, map_upper);
}
Value bytes_method_swapcase(Value self) {
    return mapped(self, map_swap);
}
Value bytes_method_capitalize(Value self) {
    return mapped(self, map_capitalize);
}
Value bytes_method_title(Value self) {
    return mapped(self, map_title);
}

// ---- questions --------------------------------------------------------------------------------

typedef bool (*Question)(const uint8_t *data, int64_t length);

ALWAYS_INLINE Value asked(Value self, Question question) {
    if (LIKELY(value_is_bytes(self)))
        return bool_new(question(bytes_data(self), bytes_length(self)));
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    bool answer = question(text.data, text.length);
    byte_text_release(&text);
    return bool_new(answer);
}

#define ALL_QUESTION(name, test)                                                                   \
    static bool name(const uint8_t *data, int64_t length) {                                        \
        for (int64_t i = 0; i < length; i++)                                                       \
            if (!(test))                                                                           \
                return false;                                                                      \
        return length > 0;                                                                         \
    }
ALL_QUESTION(all_alnum, is_alpha(data[i]) || is_digit(data[i]))
ALL_QUESTION(all_alpha, is_alpha(data[i]))
ALL_QUESTION(all_digit, is_digit(data[i]))
ALL_QUESTION(all_space, is_space(data[i]))

static bool all_ascii(const uint8_t *data, int64_t length) {
    return bytes_are_ascii(data, (size_t)length);
}
static bool all_lower(const uint8_t *data, int64_t length) {
    bool cased = false;
    for (int64_t i = 0; i < length; i++) {
        if (is_upper(data[i]))
            return false;
        cased |= is_lower(data[i]);
    }
    return cased;
}
static bool all_upper(const uint8_t *data, int64_t length) {
    bool cased = false;
    for (int64_t i = 0; i < length; i++) {
        if (is_lower(data[i]))
            return false;
        cased |= is_upper(data[i]);
    }
    return cased;
}
static bool all_title(const uint8_t *data, int64_t length) {
    bool cased = false, in_word = false;
    for (int64_t i = 0; i < length; i++) {
        uint8_t c = data[i];
        if (is_alpha(c)) {
            if (is_upper(c) == in_word)
                return false;
            cased = in_word = true;
        } else {
            in_word = false;
        }
    }
    return cased;
}

Value bytes_method_isalnum(Value self) {
    return asked(self, all_alnum);
}
Value bytes_method_isalpha(Value self) {
    return asked(self, all_alpha);
}
Value bytes_method_isascii(Value self) {
    return asked(self, all_ascii);
}
Value bytes_method_isdigit(Value self) {
    return asked(self, all_digit);
}
Value bytes_method_islower(Value self) {
    return asked(self, all_lower);
}
Value bytes_method_isspace(Value self) {
    return asked(self, all_space);
}
Value bytes_method_istitle(Value self) {
    return asked(self, all_title);
}
Value bytes_method_isupper(Value self) {
    return asked(self, all_upper);
}

// ---- padding ----------------------------------------------------------------------------------

// The text with left and right fill bytes around it; `sign`: its first byte stays in front.
static Value padded(Value self, const ByteText *text, int64_t left, int64_t right, uint8_t fill,
                    bool sign) {
    if (left <= 0 && right <= 0)
        return bytes_result(self, text->data, text->length);
    if (left > STR_LENGTH_MAX || right > STR_LENGTH_MAX)
        return raise_memory_error();
    uint8_t *out;
    int64_t size = left + text->length + right;
    Value result = bytes_allocate(size, &out);
    if (value_is_null(result))
        return result;
    memset(out, fill, (size_t)left);
    if (text->length)
        memcpy(out + left, text->data, (size_t)text->length);
    memset(out + left + text->length, fill, (size_t)right);
    if (sign) {
        out[left] = fill;
        out[0] = text->data[0];
    }
    if (value_is_bytes(self) && size > 1)
        return result;
    Value final = bytes_result(self, out, size);
    ref_release(result);
    return final;
}

typedef enum { PAD_LEFT, PAD_RIGHT, PAD_BOTH } Pad;

static Value pad_method(const char *name, Value self, const Value *args, size_t nargs, Pad pad) {
    int64_t width;
    uint8_t fill = ' ';
    if (size_argument(args[0], &width) < 0)
        return VALUE_NULL;
    if (nargs > 1) {
        ByteText text;
        bool right = value_is_bytes(args[1]) || value_is_bytearray(args[1]);
        if (right && byte_text_get(args[1], &text) < 0)
            return VALUE_NULL;
        if (!right || text.length != 1) {
            if (right)
                byte_text_release(&text);
            return raise_type_error("%s() argument 2 must be a byte string of length 1, not %G",
                                    name, args[1]);
        }
        fill = text.data[0];
        byte_text_release(&text);
    }
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    int64_t room = width > text.length ? width - text.length : 0;
    int64_t left = pad == PAD_LEFT ? room : pad == PAD_RIGHT ? 0 : room / 2 + (room & width & 1);
    Value result = padded(self, &text, left, room - left, fill, false);
    byte_text_release(&text);
    return result;
}

Value bytes_method_center(Value self, const Value *args, size_t nargs) {
    return pad_method("center", self, args, nargs, PAD_BOTH);
}
Value bytes_method_ljust(Value self, const Value *args, size_t nargs) {
    return pad_method("ljust", self, args, nargs, PAD_RIGHT);
}
Value bytes_method_rjust(Value self, const Value *args, size_t nargs) {
    return pad_method("rjust", self, args, nargs, PAD_LEFT);
}

Value bytes_method_zfill(Value self, Value given) {
    int64_t width;
    ByteText text;
    if (size_argument(given, &width) < 0 || byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    bool sign = text.length > 0 && (text.data[0] == '+' || text.data[0] == '-');
    int64_t room = width > text.length ? width - text.length : 0;
    Value result = padded(self, &text, room, 0, '0', sign && room > 0);
    byte_text_release(&text);
    return result;
}

Value bytes_method_expandtabs(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"tabsize", NULL};
    Value given[1];
    int size = 8;
    if (arguments_parse("expandtabs", args, nargs, kwnames, names, 0, 1, 0, given) < 0)
        return VALUE_NULL;
    if (int_argument(given[0], &size) < 0)
        return VALUE_NULL;
    ByteText text;
    if (byte_text_get(self, &text) < 0)
        return VALUE_NULL;
    // The widths first, so that the result is allocated once.
    Value result = VALUE_NULL;
    int64_t total = 0;
    for (int pass = 0; pass < 2; pass++) {
        uint8_t *out = NULL;
        Value made = VALUE_NULL;
        if (pass == 1) {
            made = bytes_allocate(total, &out);
            if (value_is_null(made))
                break;
        }
        int64_t column = 0;
        for (int64_t i = 0; i < text.length; i++) {
            uint8_t c = text.data[i];
            if (c == '\t') {
                int64_t step = size > 0 ? size - column % size : 0;
                column += step;
                if (pass == 0) {
                    total += step;
                } else {
                    memset(out, ' ', (size_t)step);
                    out += step;
                }
                continue;
            }
            column = c == '\n' || c == '\r' ? 0 : column + 1;
            if (pass == 0)
                total++;
            else
                *out++ = c;
        }
        if (pass == 1) {
            result = value_is_bytearray(self) || total <= 1
                         ? bytes_result(self, bytes_data(made), total)
                         : ref_new(made);
            ref_release(made);
        }
    }
    byte_text_release(&text);
    return result;
}
