// SPDX-License-Identifier: MIT
//
// float and complex. A float is a flonum in the Value, or a FloatObject if its exponent does
// not fit or it is an instance of a subclass.
#ifndef LOCKSMITH_VM_TYPES_FLOAT_H
#define LOCKSMITH_VM_TYPES_FLOAT_H

#include "vm/object.h"
#include "vm/types/str.h"

typedef struct {
    Object header;
    double value; // immutable
} FloatObject;

typedef struct {
    Object header;
    double real, imaginary; // immutable
} ComplexObject;

extern Type float_type, complex_type;

static inline bool value_is_exact_float(Value v) {
    return value_is_flonum(v) || value_is_exactly(v, &float_type);
}
static inline bool value_is_any_float(Value v) {
    return value_is_flonum(v) || (value_is_object(v) && value_is_instance(v, &float_type));
}
// v must be any float.
static inline double float_value(Value v) {
    return value_is_flonum(v) ? value_flonum(v) : ((FloatObject *)value_object(v))->value;
}
Value float_new_slow(double d);
static inline Value float_new(double d) { // new reference; VALUE_NULL with MemoryError
    Value v = value_flonum_from_double(d);
    return LIKELY(!value_is_null(v)) ? v : float_new_slow(d);
}
Value float_from_str(
    Value text); // float("..."): ValueError "could not convert string to float: ..."
// Reads a decimal number: [sign] (digits [. digits] [e [sign] digits] | inf | infinity | nan), no
// blanks, no underscores. The end of what was read, or NULL if nothing could be.
const char *float_parse_ascii(const char *text, const char *end, double *out);
Value float_repr_double(double d); // shortest that reads back (repr)
// format_code: 'e' 'f' 'g' 'r' ... as in format specs, into a builder.
void float_format(StrBuilder *b, double d, char code, int precision, bool alternate,
                  bool add_dot_zero);
int64_t float_hash(double d);
Value float_floor_divide(double a, double b), float_modulo_value(double a, double b);
double float_modulo(double a, double b); // b != 0; Python's sign rule
Value float_power(double a, double b);   // may give complex or raise
Value float_round(double d, int64_t digits);
Value complex_new(double real, double imaginary);
void float_start(void), complex_start(void);

// format(): the format spec mini-language, shared by int, float, complex, str
// (vm/types/format_spec.c).
Value format_spec_int(Value v, Value spec);
Value format_spec_float(Value v, Value spec);
Value format_spec_complex(Value v, Value spec);
Value format_spec_str(Value v, Value spec);

#endif
