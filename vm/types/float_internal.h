// SPDX-License-Identifier: MIT
//
// What the files of float and complex share. Private to vm/types/float*.c and complex.c.
#ifndef LOCKSMITH_VM_TYPES_FLOAT_INTERNAL_H
#define LOCKSMITH_VM_TYPES_FLOAT_INTERNAL_H

#include "vm/types/float.h"
#include <stdint.h>

// d = digits * 10^exponent with the fewest digits that read back as d (and of those the nearest
// to d). d is finite and greater than zero. digits has no trailing zeros.
typedef struct {
    uint64_t digits;
    int exponent;
} FloatDecimal;
FloatDecimal float_shortest(double d);

// |d| * 10^digits rounded to an integer, half to even, exactly; false if this quick way cannot
// (too large, too many digits). d finite, 0 <= digits <= 22.
bool float_scaled(double d, int digits, uint64_t *out);

extern const double float_powers_of_ten[23]; // exact

// The text of a str of a number: Unicode digits and blanks as ASCII ones, underscores dropped.
// small has FLOAT_TEXT_SMALL bytes; *owned is freed by the caller with buffer_free. NULL (no
// exception): malformed.
#define FLOAT_TEXT_SMALL 64
const char *float_number_text(Value text, char *small, char **owned, size_t *length);

Value float_parse_value(Value v); // float(v) for str and bytes-like objects; TypeError otherwise
Value float_fromhex_text(Value text); // a float; ValueError, OverflowError
Value float_hex_text(double d);

// (34, 'Numerical result out of range')
Value float_raise_range(void);
// base ** exponent of complex numbers. 0, or -1 with ZeroDivisionError or OverflowError.
int complex_power_parts(double base_real, double base_imaginary, double exponent_real,
                        double exponent_imaginary, double *real, double *imaginary);

#endif
