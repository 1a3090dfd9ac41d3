// SPDX-License-Identifier: MIT
//
// Layouts of the struct module: reading a format, writing and reading items by it.
#include "vm/modules/struct_layout.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "items are swapped for big-endian only");

Value struct_error;

// ---- reading a format --------------------------------------------------------------------

typedef struct {
    char letter;
    uint8_t kind;
    uint8_t native_size, standard_size; // standard 0: native mode only
} Letter;

static const Letter letters[] = {
    {'b', STEP_SIGNED, 1, 1},   {'B', STEP_UNSIGNED, 1, 1}, {'h', STEP_SIGNED, 2, 2},
    {'H', STEP_UNSIGNED, 2, 2}, {'i', STEP_SIGNED, 4, 4},   {'I', STEP_UNSIGNED, 4, 4},
    {'l', STEP_SIGNED, 8, 4},   {'L', STEP_UNSIGNED, 8, 4}, {'q', STEP_SIGNED, 8, 8},
    {'Q', STEP_UNSIGNED, 8, 8}, {'n', STEP_SIGNED, 8, 0},   {'N', STEP_UNSIGNED, 8, 0},
    {'c', STEP_CHAR, 1, 1},     {'?', STEP_BOOL, 1, 1},     {'e', STEP_HALF, 2, 2},
    {'f', STEP_FLOAT, 4, 4},    {'d', STEP_DOUBLE, 8, 8},   {'s', STEP_STRING, 1, 1},
    {'p', STEP_PASCAL, 1, 1},   {'P', STEP_POINTER, 8, 0},
};

static const Letter *letter_find(char c) {
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].letter == c)
            return &letters[i];
    return NULL;
}

static int fail(const char *message) {
    raise_error((Type *)value_object(struct_error), "%s", message);
    return -1;
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Goes through the format; steps may be NULL to count only. -1 with an exception.
static int read_format(const char *text, Step *steps, int64_t *step_count, int64_t *size_out,
                       int64_t *items_out) {
    bool native = true, swapped = false;
    switch (*text) {
    case '<':
    case '=':
        native = false;
        text++;
        break;
    case '>':
    case '!':
        native = false;
        swapped = true;
        text++;
        break;
    case '@':
        text++;
    }
    int64_t size = 0, items = 0, count = 0;
    while (*text) {
        char c = *text++;
        if (is_blank(c))
            continue;
        int64_t number = 1;
        if (c >= '0' && c <= '9') {
            number = c - '0';
            while (*text >= '0' && *text <= '9')
                if (__builtin_mul_overflow(number, 10, &number) ||
                    __builtin_add_overflow(number, *text++ - '0', &number))
                    return fail("total struct size too long");
            c = *text;
            if (!c)
                return fail("repeat count given without format specifier");
            text++;
        }
        const Letter *letter = letter_find(c);
        int64_t width = c == 'x'  ? 1
                        : !letter ? 0
                        : native  ? letter->native_size
                                  : letter->standard_size;
        if (!width)
            return fail("bad char in struct format");
        if (native) {
            int64_t aligned;
            if (__builtin_add_overflow(size, width - 1, &aligned))
                return fail("total struct size too long");
            size = aligned & -width;
        }
        int64_t total, offset = size;
        if (__builtin_mul_overflow(number, width, &total) ||
            __builtin_add_overflow(size, total, &size))
            return fail("total struct size too long");
        if (c == 'x')
            continue;
        bool text_item = letter->kind == STEP_STRING || letter->kind == STEP_PASCAL;
        int64_t repeats = text_item ? 1 : number;
        if (repeats == 0)
            continue;
        items += repeats;
        if (steps)
            steps[count] = (Step){.kind = letter->kind,
                                  .letter = (uint8_t)c,
                                  .swapped = swapped && width > 1,
                                  .native = native,
                                  .offset = offset,
                                  .size = text_item ? number : width,
                                  .repeats = repeats};
        count++;
    }
    *step_count = count;
    *size_out = size;
    *items_out = items;
    return 0;
}

Value layout_new(Value format) {
    Value bytes;
    if (value_is_str(format))
        bytes = codec_encode(format, "ascii", NULL);
    else if (value_is_bytes(format))
        bytes = ref_new(format);
    else
        return raise_type_error("Struct() argument 1 must be a str or bytes object, not %N",
                                value_type(format));
    if (value_is_null(bytes))
        return VALUE_NULL;
    const char *text = (const char *)bytes_data(bytes);
    int64_t count, size, items;
    Layout *layout = NULL;
    if ((int64_t)strlen(text) != bytes_length(bytes))
        fail("embedded null character");
    else if (read_format(text, NULL, &count, &size, &items) == 0)
        layout = object_allocate_sized(&struct_layout_type,
                                       sizeof(Layout) + (size_t)count * sizeof(Step));
    if (layout) {
        layout->step_count = count;
        layout->size = size;
        layout->items = items;
        layout->format =
            codec_decode(bytes_data(bytes), (size_t)bytes_length(bytes), "latin-1", NULL);
        if (!value_is_null(layout->format)) {
            read_format(text, layout->steps, &count, &size, &items);
        } else {
            ref_release_object(layout);
            layout = NULL;
        }
    }
    ref_release(bytes);
    return layout ? value_from_object(layout) : VALUE_NULL;
}

static void layout_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Layout *)self)->format);
}

static void layout_destroy(Object *self) {
    Layout *layout = (Layout *)self;
    ref_release(layout->format);
    object_free(self, sizeof(Layout) + (size_t)layout->step_count * sizeof(Step));
}

Type struct_layout_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_struct.Layout",
    .basic_size = sizeof(Layout),
    .item_size = sizeof(Step),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = layout_destroy,
    .traverse = layout_traverse,
};

// ---- writing ------------------------------------------------------------------------------

static inline void put_bits(uint8_t *to, uint64_t bits, int64_t size, bool swapped) {
    if (UNLIKELY(swapped))
        bits = __builtin_bswap64(bits) >> (64 - 8 * size);
    switch (size) {
    case 1:
        *to = (uint8_t)bits;
        return;
    case 2: {
        uint16_t b = (uint16_t)bits;
        memcpy(to, &b, 2);
        return;
    }
    case 4: {
        uint32_t b = (uint32_t)bits;
        memcpy(to, &b, 4);
        return;
    }
    default:
        memcpy(to, &bits, 8);
    }
}

static inline uint64_t get_bits(const uint8_t *from, int64_t size, bool swapped) {
    uint64_t bits;
    switch (size) {
    case 1:
        return *from;
    case 2: {
        uint16_t b;
        memcpy(&b, from, 2);
        return swapped ? __builtin_bswap16(b) : b;
    }
    case 4: {
        uint32_t b;
        memcpy(&b, from, 4);
        return swapped ? __builtin_bswap32(b) : b;
    }
    default:
        memcpy(&bits, from, 8);
        return swapped ? __builtin_bswap64(bits) : bits;
    }
}

static int out_of_range(const Step *step) {
    Type *error = (Type *)value_object(struct_error);
    bool is_signed = step->kind == STEP_SIGNED;
    switch (step->size) {
    case 1:
        return is_signed ? raise_int(error, "byte format requires -128 <= number <= 127")
                         : raise_int(error, "ubyte format requires 0 <= number <= 255");
    case 2:
        if (step->swapped)
            return is_signed ? raise_int(error, "'h' format requires -32768 <= number <= 32767")
                             : raise_int(error, "'H' format requires 0 <= number <= 65535");
        return is_signed ? raise_int(error, "short format requires -32768 <= number <= 32767")
                         : raise_int(error, "ushort format requires 0 <= number <= 65535");
    default:
        return is_signed
                   ? raise_int(error, "'%c' format requires -2147483648 <= number <= 2147483647",
                               step->letter)
                   : raise_int(error, "'%c' format requires 0 <= number <= 4294967295",
                               step->letter);
    }
}

// An int that is not in a word, or an object with __index__.
static int pack_integer_slow(const Step *step, Value item, uint8_t *to) {
    if (!value_is_any_int(item) && !value_type(item)->index)
        return fail("required argument is not an integer");
    Value n = value_index(item);
    if (value_is_null(n))
        return -1;
    int64_t wide;
    uint64_t bits;
    bool is_small = int_to_i64(n, &wide), fits = is_small;
    if (is_small)
        bits = (uint64_t)wide;
    else
        fits = int_to_u64(n, &bits);
    ref_release(n);
    if (step->kind == STEP_POINTER) {
        if (!fits)
            return fail("int too large to convert");
        put_bits(to, bits, 8, false);
        return 0;
    }
    // Numbers that a C long (for the wider unsigned formats, an unsigned one) cannot hold are
    // refused before the range of the format is looked at.
    bool as_unsigned = step->kind == STEP_UNSIGNED && (step->size >= 4 || step->swapped);
    if (as_unsigned ? !fits || (is_small && wide < 0) : !is_small) {
        if (step->swapped && step->size == 8)
            return fail("int too large to convert");
        return fail("argument out of range");
    }
    if (step->size < 8) {
        int shift = 8 * (int)step->size;
        bool inside = step->kind == STEP_UNSIGNED ? bits >> shift == 0
                                                  : wide >= -((int64_t)1 << (shift - 1)) &&
                                                        wide < (int64_t)1 << (shift - 1);
        if (!inside)
            return out_of_range(step);
    }
    put_bits(to, bits, step->size, step->swapped);
    return 0;
}

static inline int pack_integer(const Step *step, Value item, uint8_t *to) {
    if (LIKELY(value_is_int(item))) {
        int64_t n = value_int(item);
        int shift = 8 * (int)step->size;
        bool fits = step->kind == STEP_SIGNED ? shift == 64 || (n >= -((int64_t)1 << (shift - 1)) &&
                                                                n < (int64_t)1 << (shift - 1))
                                              : n >= 0 && (shift == 64 || n >> shift == 0);
        if (LIKELY(fits)) {
            put_bits(to, (uint64_t)n, step->size, step->swapped);
            return 0;
        }
    }
    return pack_integer_slow(step, item, to);
}

static int too_large(Value item, const char *message) {
    if (value_is_any_int(item))
        return fail("int too large to convert");
    return raise_int(&exception_OverflowError, "%s", message);
}

static int pack_float(const Step *step, Value item, uint8_t *to) {
    double d;
    if (LIKELY(value_is_any_float(item))) {
        d = float_value(item);
    } else if (value_to_double(item, &d) < 0) {
        error_clear();
        return fail("required argument is not a float");
    }
    uint64_t bits = 0;
    if (step->kind == STEP_DOUBLE) {
        memcpy(&bits, &d, sizeof d);
    } else if (step->kind == STEP_FLOAT) {
        float f = (float)d;
        if (isinf(f) && !isinf(d) && !step->native)
            return too_large(item, "float too large to pack with f format");
        memcpy(&bits, &f, sizeof f);
    } else {
        _Float16 h = (_Float16)d;
        if (isinf((double)h) && !isinf(d))
            return too_large(item, "float too large to pack with e format");
        memcpy(&bits, &h, sizeof h);
        if (isnan(d)) // quiet, and nothing of the payload
            bits = signbit(d) ? 0xfe00 : 0x7e00;
    }
    put_bits(to, bits, step->size, step->swapped);
    return 0;
}

static int pack_text(const Step *step, Value item, uint8_t *to) {
    if (!value_is_bytes(item) && !value_is_bytearray(item))
        return fail(step->kind == STEP_STRING ? "argument for 's' must be a bytes object"
                                              : "argument for 'p' must be a bytes object");
    ByteText text;
    if (byte_text_get(item, &text) < 0)
        return -1;
    int64_t room = step->size, n = text.length;
    if (step->kind == STEP_PASCAL && room > 0) {
        room--;
        n = n < room ? n : room;
        *to++ = (uint8_t)(n < 255 ? n : 255);
    }
    n = n < room ? n : room;
    if (n > 0)
        memcpy(to, text.data, (size_t)n);
    byte_text_release(&text);
    return 0;
}

static int pack_one(const Step *step, Value item, uint8_t *to) {
    switch ((StepKind)step->kind) {
    case STEP_SIGNED:
    case STEP_UNSIGNED:
        return pack_integer(step, item, to);
    case STEP_POINTER:
        return pack_integer_slow(step, item, to);
    case STEP_HALF:
    case STEP_FLOAT:
    case STEP_DOUBLE:
        return pack_float(step, item, to);
    case STEP_BOOL: {
        int truth = value_truth(item);
        if (truth < 0)
            return -1;
        *to = (uint8_t)truth;
        return 0;
    }
    case STEP_CHAR:
        if (!value_is_bytes(item) || bytes_length(item) != 1)
            return fail("char format requires a bytes object of length 1");
        *to = bytes_data(item)[0];
        return 0;
    case STEP_STRING:
    case STEP_PASCAL:
        return pack_text(step, item, to);
    }
    return 0;
}

int layout_pack(const Layout *layout, const Value *items, uint8_t *to) {
    memset(to, 0, (size_t)layout->size);
    for (int64_t s = 0; s < layout->step_count; s++) {
        const Step *step = &layout->steps[s];
        uint8_t *at = to + step->offset;
        if (step->kind <= STEP_UNSIGNED) {
            for (int64_t i = 0; i < step->repeats; i++, at += step->size)
                if (UNLIKELY(pack_integer(step, *items++, at) < 0))
                    return -1;
        } else {
            for (int64_t i = 0; i < step->repeats; i++, at += step->size)
                if (UNLIKELY(pack_one(step, *items++, at) < 0))
                    return -1;
        }
    }
    return 0;
}

// ---- reading -------------------------------------------------------------------------------

static Value unpack_one(const Step *step, const uint8_t *from) {
    switch ((StepKind)step->kind) {
    case STEP_SIGNED: {
        uint64_t bits = get_bits(from, step->size, step->swapped);
        int shift = 64 - 8 * (int)step->size;
        return int_from_i64((int64_t)(bits << shift) >> shift);
    }
    case STEP_UNSIGNED:
    case STEP_POINTER:
        return int_from_u64(get_bits(from, step->size, step->swapped));
    case STEP_BOOL:
        return bool_new(*from != 0);
    case STEP_CHAR:
        return bytes_shared(*from);
    case STEP_HALF: {
        uint16_t bits = (uint16_t)get_bits(from, 2, step->swapped);
        _Float16 h;
        memcpy(&h, &bits, sizeof h);
        return float_new((double)h);
    }
    case STEP_FLOAT: {
        uint32_t bits = (uint32_t)get_bits(from, 4, step->swapped);
        float f;
        memcpy(&f, &bits, sizeof f);
        return float_new((double)f);
    }
    case STEP_DOUBLE: {
        uint64_t bits = get_bits(from, 8, step->swapped);
        double d;
        memcpy(&d, &bits, sizeof d);
        return float_new(d);
    }
    case STEP_STRING:
        return bytes_new(from, (size_t)step->size);
    case STEP_PASCAL: {
        int64_t n = step->size > 0 ? *from : 0;
        if (n >= step->size)
            n = step->size > 0 ? step->size - 1 : 0;
        return bytes_new(from + 1, (size_t)n);
    }
    }
    return VALUE_NULL;
}

Value layout_unpack(const Layout *layout, const uint8_t *from) {
    Value tuple = tuple_allocate(layout->items);
    if (value_is_null(tuple))
        return VALUE_NULL;
    Value *items = tuple_of(tuple)->items;
    for (int64_t s = 0; s < layout->step_count; s++) {
        const Step *step = &layout->steps[s];
        const uint8_t *at = from + step->offset;
        for (int64_t i = 0; i < step->repeats; i++, at += step->size) {
            Value item = unpack_one(step, at);
            if (UNLIKELY(value_is_null(item))) {
                ref_release(tuple);
                return VALUE_NULL;
            }
            *items++ = item;
        }
    }
    return tuple;
}
