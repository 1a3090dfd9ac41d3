// SPDX-License-Identifier: MIT
//
// int: integers of any size. 63 bits live in the Value; longer ones are IntObjects with their
// limbs inside, computed by GMP's mpn layer. Exact ints are canonical: what fits in a Value is
// never an IntObject of type int (instances of int's subclasses always are IntObjects; bool
// has its own two objects).
#ifndef LOCKSMITH_VM_TYPES_INT_H
#define LOCKSMITH_VM_TYPES_INT_H

#include "vm/object.h"
#include "vm/types/str.h"
#include <gmp.h>

// Immutable. The magnitude's limbs, least significant first, no leading zero limbs. (In
// subclasses of int the dict field, if any, follows the limbs at an aligned offset found by
// Type.dict_offset being 0 and int_dict_slot.)
typedef struct {
    Object header;
    int64_t size; // number of limbs, negative for negative numbers; 0 for zero (subclasses only)
    mp_limb_t limbs[];
} IntObject;

extern Type int_type, bool_type;

// An int or a subclass's instance (bool included).
static inline bool value_is_any_int(Value v) {
    return value_is_int(v) || value_has_flag(v, TYPE_INT_SUBCLASS);
}

Value int_from_i64(int64_t n);
Value int_from_u64(uint64_t n);
Value int_from_double(double d); // truncates; OverflowError / ValueError for inf, nan
Value int_from_limbs(const mp_limb_t *limbs, int64_t count, bool negative); // normalises
// Digits of one base (2..36), underscores allowed between, no sign or prefix: what the lexer gives.
Value int_from_digits(const char *digits, size_t length, int base);
Value int_from_str(Value text, int base); // int("..."): sign, prefix, spaces; ValueError
// The exact int value of any int (a bool or subclass instance becomes a plain int).
Value int_exact(Value v);
// v must be any int. false if it does not fit.
bool int_to_i64(Value v, int64_t *out);
bool int_to_u64(Value v, uint64_t *out); // false also for negative
uint64_t int_low_64_bits(Value v);       // two's complement
int int_to_double(Value v, double *out); // OverflowError "int too large to convert to float"
int int_sign(Value v);                   // -1, 0, 1
int int_compare(Value a, Value b);       // <0, 0, >0
int64_t int_hash(Value v);
int64_t int_bit_length(Value v);
Value int_add(Value a, Value b), int_subtract(Value a, Value b), int_multiply(Value a, Value b);
Value int_floor_divide(Value a, Value b), int_modulo(Value a, Value b),
    int_power(Value a, Value b, Value modulus_or_none);
Value int_true_divide(Value a, Value b);
Value int_divmod(Value a, Value b);
Value int_lshift(Value a, Value b), int_rshift(Value a, Value b);
Value int_and(Value a, Value b), int_or(Value a, Value b), int_xor(Value a, Value b);
Value int_negative(Value a), int_invert(Value a);
Value int_to_str(Value v, int base,
                 bool prefix); // decimal: ValueError beyond sys.int_max_str_digits
Value int_from_bytes(const uint8_t *bytes, size_t length, bool little, bool is_signed);
// Fills exactly length bytes; OverflowError "int too big to convert".
int int_to_bytes(Value v, uint8_t *out, size_t length, bool little, bool is_signed);
Value int_gcd(Value a, Value b);
Value int_isqrt(Value n);
void int_start(void), bool_start(void);

// sys.set_int_max_str_digits: most digits of a conversion from or to text in a base that is no
// power of two; 0: no limit. Read and written relaxed by any thread.
extern int64_t int_max_str_digits;
#define INT_MAX_STR_DIGITS_DEFAULT 4300
#define INT_MAX_STR_DIGITS_THRESHOLD 640 // the lowest limit that may be set

// Where a subclass instance keeps its __dict__ (variable-size: after the limbs). Used by
// vm/types/instance.c through type_dict_slot.
#endif
