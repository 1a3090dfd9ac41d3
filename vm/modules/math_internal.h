// SPDX-License-Identifier: MIT
//
// What the files of the `math` module share. Private to vm/modules/math_*.c.
#ifndef LOCKSMITH_VM_MODULES_MATH_INTERNAL_H
#define LOCKSMITH_VM_MODULES_MATH_INTERNAL_H

#include "vm/object.h"

Value math_domain_error(void); // ValueError, VALUE_NULL
Value math_range_error(void);  // OverflowError, VALUE_NULL

// The gamma function and the logarithm of its absolute value; errno is EDOM or ERANGE afterwards if
// the result is not to be used, else 0.
double math_gamma(double x);
double math_lgamma(double x);
// The Euclidean length of a vector of absolute values, largest of them max. Nearly always correctly
// rounded; overflows only if the length does.
double math_norm(const double *values, int64_t count, double max, bool has_nan);
Value math_fsum(Value self, Value iterable);

void math_integer_start(void); // makes tables; when the module is made
Value math_factorial(Value self, Value v);
Value math_comb(Value self, const Value *args, size_t nargs);
Value math_perm(Value self, const Value *args, size_t nargs);
Value math_gcd(Value self, const Value *args, size_t nargs);
Value math_lcm(Value self, const Value *args, size_t nargs);
Value math_isqrt(Value self, Value v);
Value math_prod(Value self, const Value *args, size_t nargs, Value kwnames);

#endif
