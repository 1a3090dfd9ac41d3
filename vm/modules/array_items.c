// SPDX-License-Identifier: MIT
//
// Items of arrays: between bytes and values, with the errors that each type code has.
#include "vm/modules/array_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/str.h"

static const ItemKind kinds[] = {
    {'b', 1, true, true, "b"},  {'B', 1, false, true, "B"}, {'u', 4, false, false, "w"},
    {'h', 2, true, true, "h"},  {'H', 2, false, true, "H"}, {'i', 4, true, true, "i"},
    {'I', 4, false, true, "I"}, {'l', 8, true, true, "l"},  {'L', 8, false, true, "L"},
    {'q', 8, true, true, "q"},  {'Q', 8, false, true, "Q"}, {'f', 4, true, false, "f"},
    {'d', 8, true, false, "d"},
};

const ItemKind *array_kind(uint32_t code) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if ((uint32_t)kinds[i].code == code)
            return &kinds[i];
    return NULL;
}

Value array_unpack(const ItemKind *kind, const uint8_t *from) {
    uint64_t bits = 0;
    if (kind->is_integer && kind->size == 4) {
        int32_t n;
        memcpy(&n, from, sizeof n);
        return value_from_int(kind->is_signed ? n : (int64_t)(uint32_t)n);
    }
    switch (kind->size) { // little-endian
    case 1:
        bits = *from;
        break;
    case 2:
        memcpy(&bits, from, 2);
        break;
    case 4:
        memcpy(&bits, from, 4);
        break;
    default:
        memcpy(&bits, from, sizeof bits);
    }
    switch (kind->code) {
    case 'u':
        if (bits > 0x10ffff)
            return raise_value_error("chr() arg not in range(0x110000)");
        return str_from_code_point((uint32_t)bits);
    case 'f': {
        float f;
        memcpy(&f, from, sizeof f);
        return float_new((double)f);
    }
    case 'd': {
        double d;
        memcpy(&d, from, sizeof d);
        return float_new(d);
    }
    default:
        if (!kind->is_signed)
            return int_from_u64(bits);
        return int_from_i64((int64_t)(bits << (64 - 8 * kind->size)) >> (64 - 8 * kind->size));
    }
}

static int overflow(const char *what, bool above) {
    return raise_int(&exception_OverflowError, "%s is %s", what,
                     above ? "greater than maximum" : "less than minimum");
}

// The small codes are read as a wider C type first, whose limits have words of their own.
static int pack_small(const ItemKind *kind, Value index, int64_t *out) {
    int64_t n;
    if (!int_to_i64(index, &n))
        return raise_int(&exception_OverflowError, "Python int too large to convert to C long");
    *out = n;
    switch (kind->code) {
    case 'b':
        if (n != (int16_t)n)
            return overflow("signed short integer", n > 0);
        return n == (int8_t)n ? 0 : overflow("signed char", n > 0);
    case 'B':
        return n == (uint8_t)n ? 0 : overflow("unsigned byte integer", n > 0);
    case 'h':
        return n == (int16_t)n ? 0 : overflow("signed short integer", n > 0);
    case 'H':
        if (n != (int32_t)n)
            return overflow("signed integer", n > 0);
        return n == (uint16_t)n ? 0 : overflow("unsigned short", n > 0);
    case 'i':
        return n == (int32_t)n ? 0 : overflow("signed integer", n > 0);
    }
    return 0;
}

static int pack_wide_unsigned(const ItemKind *kind, Value index, uint64_t *bits) {
    bool is_long_long = kind->code == 'Q';
    if (int_sign(index) < 0)
        return raise_int(&exception_OverflowError,
                         is_long_long ? "can't convert negative int to unsigned"
                                      : "can't convert negative value to unsigned int");
    if (!int_to_u64(index, bits))
        return raise_int(&exception_OverflowError,
                         is_long_long ? "int too big to convert"
                                      : "Python int too large to convert to C unsigned long");
    if (kind->code == 'I' && *bits > UINT32_MAX)
        return overflow("unsigned int", true);
    return 0;
}

static int pack_integer(const ItemKind *kind, Value v, uint8_t *to) {
    Value index = value_index(v);
    if (value_is_null(index))
        return -1;
    uint64_t bits = 0;
    int64_t n = 0;
    int status = 0;
    if (kind->code == 'I' || kind->code == 'L' || kind->code == 'Q') {
        status = pack_wide_unsigned(kind, index, &bits);
    } else if (kind->code == 'q') {
        if (!int_to_i64(index, &n))
            status = raise_int(&exception_OverflowError, "int too big to convert");
        bits = (uint64_t)n;
    } else {
        status = pack_small(kind, index, &n);
        bits = (uint64_t)n;
    }
    ref_release(index);
    memcpy(to, &bits, sizeof bits);
    return status;
}

bool array_pack_plain(const ItemKind *kind, Value v, uint8_t *to) {
    uint64_t bits;
    if (LIKELY(kind->is_integer)) {
        if (!value_is_int(v))
            return false;
        int64_t n = value_int(v);
        int unused = 64 - 8 * kind->size;
        bits = (uint64_t)n;
        if (kind->is_signed ? (int64_t)(bits << unused) >> unused != n
                            : n < 0 || bits << unused >> unused != bits)
            return false;
    } else {
        double d;
        if (kind->code == 'u')
            return false;
        if (value_is_flonum(v))
            d = value_flonum(v);
        else if (value_is_int(v))
            d = (double)value_int(v);
        else
            return false;
        float f = (float)d;
        if (kind->code == 'f') {
            memcpy(to, &f, sizeof f);
            return true;
        }
        memcpy(&bits, &d, sizeof bits);
    }
    memcpy(to, &bits, sizeof bits);
    return true;
}

int array_pack(const ItemKind *kind, Value v, uint8_t *to) {
    if (kind->is_integer)
        return pack_integer(kind, v, to);
    if (kind->code == 'u') {
        if (!value_is_str(v) || str_length(v) != 1)
            return raise_int(&exception_TypeError, "array item must be unicode character");
        uint32_t c = str_at(v, 0);
        memcpy(to, &c, sizeof c);
        return 0;
    }
    double d;
    if (value_to_double(v, &d) < 0)
        return -1;
    float f = (float)d;
    if (kind->code == 'f')
        memcpy(to, &f, sizeof f);
    else
        memcpy(to, &d, sizeof d);
    return 0;
}
