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
            reversed[length++] = "0123456789abcdefghijklmnopqrstuvwxyz"[n % (unsigned)base];
            n /= (unsigned)base;
        } while (n);
        for (size_t i = 0; i < length; i++)
            local[i] = reversed[length - 1 - i];
        *length_out = length;
        return local;
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

static inline int digit_value(uint8_t c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 36;
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
                n = n * base + digit_value((uint8_t)text[i]);
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
    uint8_t local[256];
    uint8_t *digits = local;
    if (count > sizeof local && !(digits = buffer_allocate(count)))
        return raise_memory_error();
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = digit_value((uint8_t)text[i]);
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
    bool nonzero = false;
    char previous = '_'; // none may come first
    for (; p < end; p++) {
        if (*p == '_') {
            if (previous == '_')
                return raise_invalid(wanted, shown);
        } else {
            if (digit_value((uint8_t)*p) >= base)
                break;
            count++;
            nonzero |= *p != '0';
        }
        previous = *p;
    }
    if (count == 0 || previous == '_' || (only_zeros && nonzero))
        return raise_invalid(wanted, shown);
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
    // Decimal digits and spaces of any script stand for the ASCII ones.
    char local[128] = "";
    char *ascii = local;
    if ((size_t)length > sizeof local && !(ascii = buffer_allocate((size_t)length)))
        return raise_memory_error();
    for (int64_t i = 0; i < length; i++) {
        uint32_t point = str_at(text, i);
        int digit = char_decimal(point);
        ascii[i] = digit >= 0             ? (char)('0' + digit)
                   : char_is_space(point) ? ' '
                   : point < 128          ? (char)point
                                          : '?';
    }
    Value result = int_from_ascii(ascii, (size_t)length, base, text);
    if (ascii != local)
        buffer_free(ascii);
    return result;
}
