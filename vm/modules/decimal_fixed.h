// SPDX-License-Identifier: MIT
//
// Exponential and logarithm of numbers in fixed point: an integer of GMP that stands for itself
// times 2^-bits. For decimal_functions.c.
//
// GMP takes its own memory here and ends the process if there is none: the caller has asked
// decimal_check_room() for a good deal more than `bits` take.
#ifndef LOCKSMITH_VM_MODULES_DECIMAL_FIXED_H
#define LOCKSMITH_VM_MODULES_DECIMAL_FIXED_H

#include "vm/modules/decimal_number.h"

// z: the magnitude of a finite number, too small by at most 2 units. 0 or -1 with MemoryError.
int decimal_fixed_from(mpz_ptr z, const DecimalView *a, int64_t bits);
// z: the natural logarithm of 10, too small by at most 1 unit.
void decimal_fixed_ln10(mpz_ptr z, int64_t bits);
// z = e^x for -3 < x < 3, wrong by at most 2 units. z is not x.
void decimal_fixed_exp(mpz_ptr z, mpz_srcptr x, int64_t bits);
// z = ln x for 0.3 < x < 3.3, wrong by at most 32 units, and by at most 8 if x is within 2^-20 of
// 1. z is not x.
void decimal_fixed_ln(mpz_ptr z, mpz_srcptr x, int64_t bits);

#endif
