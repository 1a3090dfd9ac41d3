// SPDX-License-Identifier: MIT
//
// Reading and writing the items of a memoryview by their native format.
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/memoryview.h"

const char *memory_native_format(Value text) {
    static const char codes[] = "bBchHiIlLqQnNfd?P";
    static const char formats[][3] = {"@b", "@B", "@c", "@h", "@H", "@i", "@I", "@l", "@L",
                                      "@q", "@Q", "@n", "@N", "@f", "@d", "@?", "@P"};
    int64_t length = str_length(text);
    if (!str_is_ascii(text) || length < 1 || length > 2)
        return NULL;
    const char *given = str_data(text);
    const char *found = strchr(codes, given[length - 1]);
    if (!found || !*found || (length == 2 && given[0] != '@'))
        return NULL;
    return formats[found - codes] + (length == 1);
}

static char format_code(const char *format) {
    if (format[0] == '@')
        format++;
    return format[0] && !format[1] ? format[0] : 0;
}

int64_t memory_item_size(const char *format) {
    switch (format_code(format)) {
    case 'b':
    case 'B':
    case 'c':
    case '?':
        return 1;
    case 'h':
    case 'H':
        return 2;
    case 'i':
    case 'I':
    case 'f':
        return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'd':
    case 'P':
        return 8;
    default:
        return 0;
    }
}

#define READ(type)                                                                                 \
    ({                                                                                             \
        type read_;                                                                                \
        memcpy(&read_, at, sizeof read_);                                                          \
        read_;                                                                                     \
    })

Value memory_unpack(const uint8_t *at, const char *format) {
    switch (format_code(format)) {
    case 'b':
        return value_from_int((int8_t)*at);
    case 'B':
        return value_from_int(*at);
    case 'c':
        return bytes_new(at, 1);
    case '?':
        return bool_new(*at);
    case 'h':
        return value_from_int(READ(int16_t));
    case 'H':
        return value_from_int(READ(uint16_t));
    case 'i':
        return value_from_int(READ(int32_t));
    case 'I':
        return value_from_int(READ(uint32_t));
    case 'l':
    case 'q':
    case 'n':
        return int_from_i64(READ(int64_t));
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
        return int_from_u64(READ(uint64_t));
    case 'f':
        return float_new((double)READ(float));
    case 'd':
        return float_new(READ(double));
    default:
        return raise_error(&exception_NotImplementedError, "memoryview: format %s not supported",
                           format);
    }
}

static int invalid(Type *type, const char *format) {
    return raise_int(type, "memoryview: invalid %s for format '%s'",
                     type == &exception_TypeError ? "type" : "value", format);
}

// The integer as 64 bits, checked to lie in the range of size bytes.
static int pack_integer(uint8_t *at, const char *format, Value value, int size, bool is_signed) {
    if (!value_is_any_int(value) && !value_type(value)->index)
        return invalid(&exception_TypeError, format);
    Value index = value_index(value);
    if (value_is_null(index))
        return -1;
    uint64_t bits = 0;
    bool fits;
    if (is_signed) {
        int64_t n, limit = size == 8 ? INT64_MAX : ((int64_t)1 << (8 * size - 1)) - 1;
        fits = int_to_i64(index, &n) && n <= limit && n >= -limit - 1;
        if (fits)
            bits = (uint64_t)n;
    } else {
        uint64_t n;
        int64_t below;
        fits = int_to_u64(index, &n) && (size == 8 || n >> (8 * size) == 0);
        if (fits) {
            bits = n;
        } else if (format_code(format) == 'P' && int_to_i64(index, &below)) { // as C casts it
            fits = true;
            bits = (uint64_t)below;
        }
    }
    ref_release(index);
    if (!fits)
        return invalid(&exception_ValueError, format);
    memcpy(at, &bits, (size_t)size); // little-endian
    return 0;
}

int memory_pack(uint8_t *at, const char *format, Value value) {
    char code = format_code(format);
    switch (code) {
    case 'b':
    case 'h':
    case 'i':
    case 'l':
    case 'q':
    case 'n':
        return pack_integer(at, format, value, (int)memory_item_size(format), true);
    case 'B':
    case 'H':
    case 'I':
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
        return pack_integer(at, format, value, (int)memory_item_size(format), false);
    case 'c':
        if (!value_is_bytes(value))
            return invalid(&exception_TypeError, format);
        if (bytes_length(value) != 1)
            return invalid(&exception_ValueError, format);
        *at = bytes_data(value)[0];
        return 0;
    case '?': {
        int truth = value_truth(value);
        if (truth < 0)
            return -1;
        *at = (uint8_t)truth;
        return 0;
    }
    case 'f':
    case 'd': {
        double d;
        if (value_to_double(value, &d) < 0) {
            if (!error_matches(&exception_TypeError))
                return -1;
            error_clear();
            return invalid(&exception_TypeError, format);
        }
        float f = (float)d;
        if (code == 'f')
            memcpy(at, &f, sizeof f);
        else
            memcpy(at, &d, sizeof d);
        return 0;
    }
    default:
        return raise_int(&exception_NotImplementedError, "memoryview: format %s not supported",
                         format);
    }
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "items are packed as their low bytes");
