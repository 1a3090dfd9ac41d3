// SPDX-License-Identifier: MIT
//
// Decimal numbers as _decimal computes with them: Mike Cowlishaw's General Decimal Arithmetic
// Specification, version 1.70, with the signals of PEP 327. Nothing here knows objects of Python
// but for raising MemoryError; nothing here runs Python code or blocks.
//
// A number is (-1)^negative * coefficient * 10^exponent. The coefficient is kept in binary, as
// limbs for GMP's mpn layer; how many decimal digits it has is kept beside it.
//
// Numbers that are read are never written: several threads may compute with one at a time. A result
// and the settings belong to the caller alone.
#ifndef LOCKSMITH_VM_MODULES_DECIMAL_NUMBER_H
#define LOCKSMITH_VM_MODULES_DECIMAL_NUMBER_H

#include <gmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The limits of a context on machines of 64 bits, as CPython's decimal has them.
#define DECIMAL_MAX_PREC 999999999999999999
#define DECIMAL_MAX_EMAX 999999999999999999
#define DECIMAL_MIN_EMIN (-999999999999999999)
#define DECIMAL_MIN_ETINY (DECIMAL_MIN_EMIN - (DECIMAL_MAX_PREC - 1))

typedef enum {
    DECIMAL_FINITE,
    DECIMAL_INFINITE,
    DECIMAL_QUIET_NAN,    // its coefficient is the diagnostic information, 0 for none
    DECIMAL_SIGNALING_NAN // likewise
} DecimalKind;

// In the order of decimal's constants where they are numbers.
typedef enum {
    DECIMAL_ROUND_UP,
    DECIMAL_ROUND_DOWN,
    DECIMAL_ROUND_CEILING,
    DECIMAL_ROUND_FLOOR,
    DECIMAL_ROUND_HALF_UP,
    DECIMAL_ROUND_HALF_DOWN,
    DECIMAL_ROUND_HALF_EVEN,
    DECIMAL_ROUND_05UP
} DecimalRounding;

// What a computation met: bits of DecimalSettings.status. Those of DECIMAL_INVALID_CLASSES are
// told apart for messages and count as InvalidOperation.
enum {
    DECIMAL_CLAMPED = 1 << 0,
    DECIMAL_DIVISION_BY_ZERO = 1 << 1,
    DECIMAL_INEXACT = 1 << 2,
    DECIMAL_ROUNDED = 1 << 3,
    DECIMAL_SUBNORMAL = 1 << 4,
    DECIMAL_OVERFLOW = 1 << 5,
    DECIMAL_UNDERFLOW = 1 << 6,
    DECIMAL_FLOAT_OPERATION = 1 << 7, // set by the objects' side only
    DECIMAL_INVALID_OPERATION = 1 << 8,
    DECIMAL_CONVERSION_SYNTAX = 1 << 9,
    DECIMAL_DIVISION_IMPOSSIBLE = 1 << 10,
    DECIMAL_DIVISION_UNDEFINED = 1 << 11,
    DECIMAL_INVALID_CONTEXT = 1 << 12,
    DECIMAL_INVALID_CLASSES = DECIMAL_INVALID_OPERATION | DECIMAL_CONVERSION_SYNTAX |
                              DECIMAL_DIVISION_IMPOSSIBLE | DECIMAL_DIVISION_UNDEFINED |
                              DECIMAL_INVALID_CONTEXT
};

// What a computation obeys and reports to. A copy of a context's, on the caller's stack.
typedef struct {
    int64_t precision;    // 1 .. DECIMAL_MAX_PREC
    int64_t exponent_max; // of the adjusted exponent
    int64_t exponent_min;
    DecimalRounding rounding;
    bool clamp;
    uint32_t status; // what was met is added
} DecimalSettings;

// 4 limbs hold 77 digits: what nearly all programs use needs no allocation.
#define DECIMAL_LOCAL_LIMBS 4

// A number that is read: `limbs` points anywhere (into an object, say) and lives as long as that.
typedef struct {
    uint8_t kind; // DecimalKind
    bool negative;
    int64_t exponent; // 0 unless finite
    int64_t digits;   // of the coefficient; 1 for zero
    int64_t count;    // limbs without leading zeros: 0 for zero
    const mp_limb_t *limbs;
} DecimalView;

// A number that is made: `limbs` are `local` or a buffer (buffer_allocate) that belongs to it.
// decimal_init() before, decimal_clear() after use.
typedef struct {
    uint8_t kind;
    bool negative;
    int64_t exponent, digits, count;
    int64_t room; // limbs that fit
    mp_limb_t *limbs;
    mp_limb_t local[DECIMAL_LOCAL_LIMBS];
} DecimalNumber;

void decimal_init(DecimalNumber *n);
void decimal_clear(DecimalNumber *n);
static inline DecimalView decimal_view(const DecimalNumber *n) {
    return (DecimalView){n->kind, n->negative, n->exponent, n->digits, n->count, n->limbs};
}

// All that follow: 0, or -1 with MemoryError raised. The result must not be an operand's memory.
typedef int DecimalUnary(DecimalNumber *result, const DecimalView *a, DecimalSettings *s);
typedef int DecimalBinary(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                          DecimalSettings *s);

// --- decimal_number.c: memory, rounding to the settings, exact conversions
int decimal_copy(DecimalNumber *result, const DecimalView *a); // exact
int decimal_from_limbs(DecimalNumber *result, const mp_limb_t *limbs, int64_t count, bool negative,
                       int64_t exponent); // exact
void decimal_set_special(DecimalNumber *result, DecimalKind kind, bool negative);
// Rounds and bounds what was computed exactly: the specification's "finalize".
int decimal_finish(DecimalNumber *result, DecimalSettings *s);
// a finite, integral value as limbs: truncated toward zero. *out is buffer_allocate()d.
int decimal_to_limbs(const DecimalView *a, mp_limb_t **out, int64_t *count);
// The coefficient's digits, most significant first, without terminator; a->digits of them.
int decimal_digits(const DecimalView *a, char *out);

// --- decimal_text.c
// ASCII text (digits of other scripts, underscores and spaces are the caller's to change), exact:
// DECIMAL_CONVERSION_SYNTAX in *status if it is no number, as quiet NaN.
//   The result is not rounded or bounded: decimal_finish() with a context's settings does what
// Context.create_decimal does (which refuses a NaN of more digits than precision - clamp, as a
// conversion syntax error, before). A number that no context holds is told by DECIMAL_INEXACT,
// DECIMAL_ROUNDED or DECIMAL_CLAMPED in *status, and Decimal() refuses it; its exponent is beyond
// the limits, so it must not be kept without decimal_finish(), which makes it infinity or zero.
int decimal_from_text(DecimalNumber *result, const char *text, size_t length, uint32_t *status);
// Scientific (or engineering) text. *out is buffer_allocate()d, NUL-terminated.
int decimal_to_text(const DecimalView *a, bool engineering, bool capitals, char **out,
                    size_t *length);

// --- decimal_arithmetic.c
DecimalUnary decimal_plus, decimal_minus, decimal_absolute;
DecimalBinary decimal_add, decimal_subtract, decimal_multiply, decimal_divide,
    decimal_divide_integer, decimal_remainder, decimal_remainder_near;
int decimal_divmod(DecimalNumber *quotient, DecimalNumber *remainder, const DecimalView *a,
                   const DecimalView *b, DecimalSettings *s);
int decimal_fma(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                const DecimalView *c, DecimalSettings *s);

// --- decimal_compare.c
// -1, 0, 1 of two numbers that are no NaN. Exact. -2 with MemoryError raised (only for thousands of
// digits).
int decimal_order(const DecimalView *a, const DecimalView *b);
DecimalBinary decimal_compare, decimal_compare_signal, decimal_compare_total,
    decimal_compare_total_magnitude, decimal_max, decimal_max_magnitude, decimal_min,
    decimal_min_magnitude;
DecimalUnary decimal_next_minus, decimal_next_plus;
DecimalBinary decimal_next_toward;

// --- decimal_scale.c: exponents and digits
DecimalBinary decimal_quantize, decimal_scaleb, decimal_shift, decimal_rotate, decimal_and,
    decimal_or, decimal_xor;
DecimalUnary decimal_normalize, decimal_logb, decimal_invert, decimal_to_integral_exact,
    decimal_to_integral_value;
// Rounds to an exponent whatever the precision is (round(d, n), __format__).
int decimal_rescale(DecimalNumber *result, const DecimalView *a, int64_t exponent,
                    DecimalSettings *s);

// --- decimal_functions.c: correctly rounded, as _decimal's
DecimalUnary decimal_square_root, decimal_exp, decimal_ln, decimal_log10;
DecimalBinary decimal_power;
int decimal_power_modulo(DecimalNumber *result, const DecimalView *a, const DecimalView *b,
                         const DecimalView *modulus, DecimalSettings *s);

#endif
