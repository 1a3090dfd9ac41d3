// SPDX-License-Identifier: MIT
//
// int to text and back, in any base from 2 to 36.
//
// Small numbers are converted by hand, others by GMP, whose conversions are subquadratic.
// Conversions in bases that are no power of two obey sys.set_int_max_str_digits: a program that
// reads numbers from strangers would otherwise spend minutes on one of them.
#include "vm/types/bytes.h"
#include "vm/types/int_internal.h"

int64_t int_max_str_digits = INT_MAX_STR_DIGITS_DEFAULT;

static inline int64_t digit_limit(void) {
    return __atomic_load_n(&int_max_str_digits, __ATOMIC_RELAXED);
}

static inline bool is_power_of_two(int base) {
    return (base & (base - 1)) == 0;
}

// ---- to text ---------------------------------------------------------------------------------

static const char digit_pairs[] = "00010203040506070809101112131415161718192021222324"
                                  "25262728293031323334353637383940414243444546474849"
                                  "50515253545556575859606162636465666768697071727374"
                                  "75767778798081828384858687888990919293949596979899";

static const char digit_characters[] = "0123456789abcdefghijklmnopqrstuvwxyz";

static inline int decimal_length(uint64_t n) {
    int length = 1;
    for (;;) {
        if (n < 10)
            return length;
        if (n < 100)
            return length + 1;
        if (n < 1000)
            return length + 2;
        if (n < 10000)
            return length + 3;
        n /= 10000;
        length += 4;
    }
}

// Writes n's digits so that they end before `end`.
static inline void write_decimal(uint64_t n, char *end) {
    while (n >= 100) {
        end -= 2;
        memcpy(end, digit_pairs + n % 100 * 2, 2);
        n /= 100;
    }
    if (n >= 10)
        memcpy(end - 2, digit_pairs + n * 2, 2);
    else
        end[-1] = (char)('0' + n);
}

// Eight digits at once, in the bytes of a word: n < 10^8 is split into halves of four digits, these
// into pairs, these into digits, each step in all parts at the same time.
static inline void write_eight(uint32_t n, char *out) {
    uint64_t x = n / 10000 | (uint64_t)(n % 10000) << 32;
    uint64_t hundreds = (x * 5243 >> 19) & 0x7f0000007f; // x / 100 below 10,000
    x = hundreds | (x - hundreds * 100) << 16;
    uint64_t tens = (x * 103 >> 10) & 0x000f000f000f000f; // x / 10 below 100
    x = (tens | (x - tens * 10) << 8) + 0x3030303030303030;
    memcpy(out, &x, 8);
}

#define CHUNK_DIGITS 19 // of a word
#define CHUNK 10000000000000000000u

static inline void write_chunk(uint64_t n, char *out) {
    uint64_t high = n / 100000000;
    uint32_t top = (uint32_t)(high / 100000000);
    out[0] = (char)('0' + top / 100);
    memcpy(out + 1, digit_pairs + top % 100 * 2, 2);
    write_eight((uint32_t)(high % 100000000), out + 3);
    write_eight((uint32_t)(n % 100000000), out + 11);
}

// The decimal digits of a magnitude of 2 to DECIMAL_LIMBS limbs, taken off 19 at a time. GMP does
// better with more.
#define DECIMAL_LIMBS 12
static char *decimal_digits(const IntView *view, char *local, size_t local_size,
                            size_t *length_out) {
    mp_limb_t limbs[DECIMAL_LIMBS];
    uint64_t chunks[DECIMAL_LIMBS + 2];
    int64_t n = view->count;
    memcpy(limbs, view->limbs, (size_t)n * sizeof *limbs);
    size_t count = 0;
    while (n > 1) {
        chunks[count++] = mpn_divrem_1(limbs, 0, limbs, n, CHUNK);
        n -= limbs[n - 1] == 0;
    }
    if (limbs[0] >= CHUNK) {
        chunks[count++] = limbs[0] % CHUNK;
        limbs[0] /= CHUNK;
    }
    int top = decimal_length(limbs[0]); // not zero: a word holds more than a chunk
    size_t length = (size_t)top + count * CHUNK_DIGITS;
    char *digits = local;
    if (length > local_size) {
        digits = buffer_allocate(length);
        if (UNLIKELY(!digits)) {
            raise_memory_error();
            return NULL;
        }
    }
    write_decimal(limbs[0], digits + top);
    char *out = digits + top;
    while (count > 0) {
        write_chunk(chunks[--count], out);
        out += CHUNK_DIGITS;
    }
    *length_out = length;
    return digits;
}

// Eight hexadecimal digits at once, as write_eight does it.
static inline void write_eight_hex(uint32_t n, char *out) {
    uint64_t x = __builtin_bswap32(n);
    x = (x | x << 16) & 0x0000ffff0000ffff;
    x = (x | x << 8) & 0x00ff00ff00ff00ff;
    x = (x >> 4 | x << 8) & 0x0f0f0f0f0f0f0f0f;
    uint64_t letters = (x + 0x0606060606060606) >> 4 & 0x0101010101010101;
    x += 0x3030303030303030 + letters * ('a' - '0' - 10);
    memcpy(out, &x, 8);
}

// The digits of a magnitude of any length in a base of 2^bits.
static char *binary_digits(const IntView *view, int bits, char *local, size_t local_size,
                           size_t *length_out) {
    size_t length = ((size_t)int_view_bits(view) + (size_t)bits - 1) / (size_t)bits;
    char *digits = local;
    if (length > local_size) {
        digits = buffer_allocate(length);
        if (UNLIKELY(!digits)) {
            raise_memory_error();
            return NULL;
        }
    }
    *length_out = length;
    char *out = digits + length; // the lowest come first
    if (bits == 4) {
        const mp_limb_t *limb = view->limbs;
        for (; out - digits >= 16; limb++) {
            out -= 16;
            write_eight_hex((uint32_t)(*limb >> 32), out);
            write_eight_hex((uint32_t)*limb, out + 8);
        }
        for (mp_limb_t rest = out > digits ? *limb : 0; out > digits; rest >>= 4)
            *--out = digit_characters[rest & 15];
        return digits;
    }
    unsigned mask = (1u << bits) - 1;
    int held = 0; // bits of `word` that are left
    mp_limb_t word = 0;
    for (int64_t i = 0; out > digits;) {
        unsigned digit = (unsigned)word;
        if (held < bits && i < view->count) {
            word = view->limbs[i++];
            digit |= (unsigned)word << held;
            word >>= bits - held;
            held += 64 - bits;
        } else {
            word >>= bits;
            held -= bits;
        }
        *--out = digit_characters[digit & mask];
    }
    return digits;
}

static void raise_too_long(int64_t limit) {
    raise_value_error("Exceeds the limit (%lld digits) for integer string conversion; use "
                      "sys.set_int_max_str_digits() to increase the limit",
                      (long long)limit);
}

char *int_digits(Value v, int base, char *local, size_t local_size, size_t *length_out) {
    IntView view;
    int_view(&view, int_simple(v));
    if (LIKELY(view.count <= 1 && local_size >= 64)) {
        uint64_t n = view.count ? view.limbs[0] : 0;
        if (base == 10) {
            *length_out = (size_t)decimal_length(n);
            write_decimal(n, local + *length_out);
            return local;
        }
        char reversed[64];
        size_t length = 0;
        do {
            reversed[length++] = digit_characters[n % (unsigned)base];
            n /= (unsigned)base;
        } while (n);
        for (size_t i = 0; i < length; i++)
            local[i] = reversed[length - 1 - i];
        *length_out = length;
        return local;
    }
    if (view.count > 1) {
        if (is_power_of_two(base))
            return binary_digits(&view, __builtin_ctz((unsigned)base), local, local_size,
                                 length_out);
        // No limit may be set that so few limbs could pass.
        static_assert(DECIMAL_LIMBS * 64 * 0.302 < INT_MAX_STR_DIGITS_THRESHOLD);
        if (base == 10 && view.count <= DECIMAL_LIMBS)
            return decimal_digits(&view, local, local_size, length_out);
    }
    int64_t limit = is_power_of_two(base) ? 0 : digit_limit();
    // 2^b has more than b * 0.30102 decimal digits.
    if (limit && (double)(int_view_bits(&view) - 1) * 0.30102 > (double)limit) {
        raise_too_long(limit);
        return NULL;
    }
    mpz_t z;
    int_view_mpz(z, &(IntView){view.limbs, view.count, false, 0});
    size_t room = mpz_sizeinbase(z, base) + 2;
    char *digits = local;
    if (room > local_size) {
        digits = buffer_allocate(room);
        if (UNLIKELY(!digits)) {
            raise_memory_error();
            return NULL;
        }
    }
    mpz_get_str(digits, base, z);
    size_t length = strlen(digits);
    if (limit && length > (size_t)limit) {
        int_digits_free(local, digits);
        raise_too_long(limit);
        return NULL;
    }
    *length_out = length;
    return digits;
}

Value int_to_str(Value v, int base, bool prefix) {
    v = int_simple(v);
    if (LIKELY(base == 10 && value_is_int(v))) {
        int64_t n = value_int(v);
        if (n >= 0 && n < 10)
            return ref_new(str_characters['0' + n]);
        uint64_t magnitude = n < 0 ? -(uint64_t)n : (uint64_t)n;
        int length = decimal_length(magnitude) + (n < 0);
        void *data;
        Value text = str_allocate(length, 0x7f, &data);
        if (UNLIKELY(value_is_null(text)))
            return text;
        write_decimal(magnitude, (char *)data + length);
        if (n < 0)
            *(char *)data = '-';
        return text;
    }
    char local[1024];
    size_t length;
    char *digits = int_digits(v, base, local, sizeof local, &length);
    if (UNLIKELY(!digits))
        return VALUE_NULL;
    char lead[3];
    size_t lead_length = 0;
    if (int_sign(v) < 0)
        lead[lead_length++] = '-';
    if (prefix && (base == 2 || base == 8 || base == 16)) {
        lead[lead_length++] = '0';
        lead[lead_length++] = base == 2 ? 'b' : base == 8 ? 'o' : 'x';
    }
    void *data;
    Value text = str_allocate((int64_t)(lead_length + length), 0x7f, &data);
    if (LIKELY(!value_is_null(text))) {
        memcpy(data, lead, lead_length);
        memcpy((char *)data + lead_length, digits, length);
    }
    int_digits_free(local, digits);
    return text;
}

Value int_repr(Value v) {
    return int_to_str(v, 10, false);
}

// ---- from text -------------------------------------------------------------------------------

// What a character is worth plus one; 0 is worth nothing.
#define LETTERS(first)                                                                             \
    [first] = 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,  \
    32, 33, 34, 35, 36
static const uint8_t digit_values[256] = {['0'] = 1,    2,           3, 4, 5, 6, 7, 8, 9, 10,
                                          LETTERS('A'), LETTERS('a')};

// 0 to 35, or more than any base.
static inline unsigned digit_value(char c) {
    return (uint8_t)(digit_values[(uint8_t)c] - 1);
}

// The number of eight decimal digits: pairs, fours and eights are put together in all parts of the
// word at the same time.
static inline uint64_t read_eight(const char *text) {
    uint64_t x;
    memcpy(&x, text, 8);
    x = (x & 0x0f0f0f0f0f0f0f0f) * (10 << 8 | 1) >> 8 & 0x00ff00ff00ff00ff;
    x = x * (100 << 16 | 1) >> 16 & 0x0000ffff0000ffff;
    return x * ((uint64_t)10000 << 32 | 1) >> 32;
}

// The same for hexadecimal digits.
static inline uint64_t read_eight_hex(const char *text) {
    uint64_t x;
    memcpy(&x, text, 8);
    x = __builtin_bswap64((x & 0x0f0f0f0f0f0f0f0f) + (x >> 6 & 0x0101010101010101) * 9);
    x = (x | x >> 4) & 0x00ff00ff00ff00ff;
    x = (x | x >> 8) & 0x0000ffff0000ffff;
    return (x | x >> 16) & 0xffffffff;
}

static inline uint64_t read_decimal(const char *text, size_t length) {
    uint64_t n = 0;
    for (; length >= 8; text += 8, length -= 8)
        n = n * 100000000 + read_eight(text);
    for (; length > 0; length--)
        n = n * 10 + (uint64_t)(*text++ - '0');
    return n;
}

// The number of at most DECIMAL_MAX decimal digits, without underscores. GMP does better with more.
#define DECIMAL_MAX 380
static Value convert_decimal(const char *text, size_t length, bool negative) {
    mp_limb_t limbs[DECIMAL_MAX / CHUNK_DIGITS + 1];
    size_t first = length % CHUNK_DIGITS;
    limbs[0] = read_decimal(text, first);
    int64_t n = 1;
    for (const char *end = text + length, *p = text + first; p < end; p += CHUNK_DIGITS) {
        mp_limb_t carry = mpn_mul_1(limbs, limbs, n, CHUNK);
        carry += mpn_add_1(limbs, limbs, n, read_decimal(p, CHUNK_DIGITS));
        if (carry)
            limbs[n++] = carry;
    }
    return int_from_limbs(limbs, n, negative);
}

// The number of `length` digits of a base of 2^bits, without underscores.
static Value convert_binary(const char *text, size_t length, int bits, bool negative) {
    int64_t n = (int64_t)((length * (size_t)bits + 63) / 64);
    IntObject *o = int_allocate(n);
    if (UNLIKELY(!o))
        return VALUE_NULL;
    mp_limb_t *limb = o->limbs;
    const char *p = text + length; // the lowest come first
    if (bits == 4) {
        for (; p - text >= 16; p -= 16)
            *limb++ = read_eight_hex(p - 16) << 32 | read_eight_hex(p - 8);
    }
    mp_limb_t word = 0;
    int held = 0; // bits in `word`
    while (p > text) {
        mp_limb_t digit = digit_value(*--p);
        word |= digit << held;
        held += bits;
        if (held >= 64) {
            *limb++ = word;
            held -= 64;
            word = digit >> (bits - held);
        }
    }
    if (limb < o->limbs + n)
        *limb = word;
    return int_finish(o, n, negative);
}

// The digits (of which there are `count`, all valid) among `length` characters that are digits or
// underscores, negated if `negative`.
static Value convert_digits(const char *text, size_t length, size_t count, int base,
                            bool negative) {
    static const uint8_t safe[37] = {[2] = 62, [8] = 20, [10] = 18, [16] = 15}; // below 2^62
    if (count <= (safe[base] ? safe[base] : 11)) {
        int64_t n = 0;
        for (size_t i = 0; i < length; i++) {
            if (text[i] != '_')
                n = n * base + (int64_t)digit_value(text[i]);
        }
        return value_from_int(negative ? -n : n);
    }
    int64_t limit = is_power_of_two(base) ? 0 : digit_limit();
    if (limit && count > (size_t)limit)
        return raise_value_error("Exceeds the limit (%lld digits) for integer string conversion: "
                                 "value has %zu digits; use sys.set_int_max_str_digits() to "
                                 "increase the limit",
                                 (long long)limit, count);
    int bits = 64 - __builtin_clzll((uint64_t)base - 1);
    if (count / 64 > (size_t)INT_LIMBS_MAX / 6)
        return raise_memory_error();
    if (count == length && is_power_of_two(base))
        return convert_binary(text, length, bits, negative);
    // The limit cannot be so low.
    static_assert(DECIMAL_MAX < INT_MAX_STR_DIGITS_THRESHOLD);
    if (count == length && base == 10 && count <= DECIMAL_MAX)
        return convert_decimal(text, length, negative);
    uint8_t local[256];
    uint8_t *digits = local;
    if (count > sizeof local && !(digits = buffer_allocate(count)))
        return raise_memory_error();
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = digit_value(text[i]);
        if (text[i] != '_' && (used || digit))
            digits[used++] = (uint8_t)digit;
    }
    Value result = value_from_int(0);
    if (used) {
        int64_t room = (int64_t)(used * (size_t)bits / 64) + 2;
        mp_limb_t local_limbs[40];
        mp_limb_t *limbs = int_scratch(local_limbs, 40, room);
        result = VALUE_NULL;
        if (LIKELY(limbs != NULL)) {
            int64_t n = mpn_set_str(limbs, digits, used, base);
            result = int_from_limbs(limbs, n, negative);
            int_scratch_free(local_limbs, limbs);
        }
    }
    if (digits != local)
        buffer_free(digits);
    return result;
}

Value int_from_digits(const char *digits, size_t length, int base) {
    size_t count = length;
    for (size_t i = 0; i < length; i++)
        count -= digits[i] == '_';
    return convert_digits(digits, length, count, base, false);
}

static Value raise_invalid(int base, Value shown) {
    Value repr = value_repr(shown);
    if (value_is_null(repr))
        return repr;
    if (str_length(repr) > 200) {
        Value cut = str_substring(repr, 0, 200);
        ref_release(repr);
        if (value_is_null(cut))
            return cut;
        repr = cut;
    }
    raise_value_error("invalid literal for int() with base %d: %V", base, repr);
    ref_release(repr);
    return VALUE_NULL;
}

static inline bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

Value int_from_ascii(const char *text, size_t length, int base, Value shown) {
    const char *p = text, *end = text + length;
    int wanted = base;
    while (p < end && is_space(*p))
        p++;
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-'))
        negative = *p++ == '-';
    char mark = end - p >= 2 && p[0] == '0' ? (char)(p[1] | 0x20) : 0;
    int prefix = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    bool only_zeros = false;
    if (base == 0) {
        base = prefix ? prefix : 10;
        // 010 meant 8 once: refused, unless all digits are zeros.
        only_zeros = !prefix && p < end && *p == '0';
    }
    if (prefix && prefix == base) {
        p += 2;
        if (p < end && *p == '_')
            p++;
    }
    const char *start = p;
    size_t count = 0;
    for (;; p++) { // runs of digits with one underscore between
        const char *run = p;
        while (p < end && digit_value(*p) < (unsigned)base)
            p++;
        if (p == run)
            return raise_invalid(wanted, shown);
        count += (size_t)(p - run);
        if (p == end || *p != '_')
            break;
    }
    if (only_zeros) {
        for (const char *q = start; q < p; q++) {
            if (*q != '0' && *q != '_')
                return raise_invalid(wanted, shown);
        }
    }
    Value result = convert_digits(start, (size_t)(p - start), count, base, negative);
    while (p < end && is_space(*p))
        p++;
    if (LIKELY(p == end) || value_is_null(result))
        return result;
    ref_release(result);
    return raise_invalid(wanted, shown);
}

Value int_from_str(Value text, int base) {
    int64_t length = str_length(text);
    if (LIKELY(str_is_ascii(text)))
        return int_from_ascii(str_data(text), (size_t)length, base, text);
    // Decimal digits and spaces of any script stand for the ASCII ones; ASCII stands for itself.
    char local[128] = "";
    char *ascii = local;
    if ((size_t)length > sizeof local && !(ascii = buffer_allocate((size_t)length)))
        return raise_memory_error();
    for (int64_t i = 0; i < length; i++) {
        uint32_t point = str_at(text, i);
        int digit = char_decimal(point);
        ascii[i] = point < 128            ? (char)point
                   : digit >= 0           ? (char)('0' + digit)
                   : char_is_space(point) ? ' '
                                          : '?';
    }
    Value result = int_from_ascii(ascii, (size_t)length, base, text);
    if (ascii != local)
        buffer_free(ascii);
    return result;
}
