// SPDX-License-Identifier: MIT
//
// What the files of _decimal share that know objects of Python. The numbers themselves are computed
// below decimal_number.h.
//
//   decimal_object.c     Decimal: making one of an int, a text, a tuple, a float, another Decimal
//   decimal_convert.c    and back: int, float, text, hash, tuple, ratio, pickle
//   decimal_format.c     format()
//   decimal_operators.c  + - * / // % ** and comparisons, also with numbers of other types
//   decimal_methods.c    methods of Decimal that compute, its type
//   decimal_context.c    Context: settings, the current one
//   decimal_compute.c    methods of Context that compute
//   decimal_signals.c    the exceptions, and the mapping from them to bools
//   decimal_module.c     the module, localcontext()
//
// A Decimal is complete before anybody else sees it and never changes, so reading needs no lock. A
// Context may be changed by one thread while others compute with it: see its words below.
#ifndef LOCKSMITH_VM_MODULES_DECIMAL_OBJECTS_H
#define LOCKSMITH_VM_MODULES_DECIMAL_OBJECTS_H

#include "vm/modules/datetime_internal.h" // ArgumentList
#include "vm/modules/decimal_number.h"
#include "vm/object.h"

// 38 digits: more than the default precision leaves.
#define DECIMAL_INSIDE_LIMBS 2

typedef struct {
    Object header;
    uint64_t kind : 2; // DecimalKind
    uint64_t negative : 1;
    uint64_t count : 61; // of limbs
    int64_t exponent, digits;
    mp_limb_t *limbs; // `inside`, or a buffer that goes with the object
    mp_limb_t inside[DECIMAL_INSIDE_LIMBS];
} Decimal;

// The mapping that is a context's `flags` or `traps`. Its class is made when the module is (so that
// it is a MutableMapping); instances begin with this.
typedef struct {
    Object header;
    // DECIMAL_* bits. Any thread may set and clear some, each change one atomic instruction, so
    // that none is lost; what they say orders nothing else (relaxed).
    uint32_t bits;
} SignalDict;

// Each setting is a word of its own, read and written relaxed by any thread that has the context:
// who computes while another thread sets two of them may see one change without the other.
typedef struct {
    Object header;
    int64_t precision, exponent_max, exponent_min;
    uint8_t rounding; // DecimalRounding
    uint8_t clamp, capitals;
    Value flags, traps; // SignalDicts of its own; constant
} DecimalContext;

extern Type decimal_type, decimal_context_type, signal_dict_type;

static inline Decimal *decimal_of(Value v) {
    return (Decimal *)value_object(v);
}
static inline DecimalContext *decimal_context_of(Value v) {
    return (DecimalContext *)value_object(v);
}
static inline SignalDict *signal_dict_of(Value v) {
    return (SignalDict *)value_object(v);
}
static inline bool value_is_decimal(Value v) {
    return value_is_a(v, &decimal_type);
}
static inline DecimalView decimal_view_of(Value v) {
    const Decimal *d = decimal_of(v);
    return (DecimalView){(uint8_t)d->kind, d->negative,       d->exponent,
                         d->digits,        (int64_t)d->count, d->limbs};
}
static inline bool decimal_view_is_nan(const DecimalView *v) {
    return v->kind >= DECIMAL_QUIET_NAN;
}
static inline bool decimal_view_is_zero(const DecimalView *v) {
    return v->kind == DECIMAL_FINITE && v->count == 0;
}
// The exponent of the first digit. Of what is finite.
static inline int64_t decimal_view_adjusted(const DecimalView *v) {
    return v->exponent + (v->digits - 1);
}

// ---- decimal_object.c ------------------------------------------------------------------------

// An object of the very type, of a number that is given up. New reference; MemoryError.
Value decimal_make(Type *type, DecimalNumber *number);
Value decimal_make_view(Type *type, const DecimalView *view); // a copy
// The same of small ints.
Value decimal_from_i64(int64_t n);
// The exact value of v, an int.
int decimal_number_from_int(DecimalNumber *number, Value v);
// The exact value.
int decimal_number_from_double(DecimalNumber *number, double d);
// Decimal(v) for a type below Decimal. Signals in context (borrowed; it may raise), which may run
// Python code.
Value decimal_convert_exactly(Type *type, Value v, DecimalContext *context);
// Context.create_decimal(v): rounded.
Value decimal_convert_rounded(Value v, DecimalContext *context);
Value decimal_convert_double(Type *type, double d);
Value decimal_call_new(Type *type, const Value *args, size_t nargs, Value kwnames);
void decimal_destroy(Object *self);
// The settings without limits, for what is computed exactly.
void decimal_settings_widest(DecimalSettings *s);

// An operand as the numbers' side sees it: a Decimal's own limbs, or an int's. Needs no reference
// of its own as long as the caller has one to v.
typedef struct {
    DecimalView view;
    bool is_made;
    DecimalNumber made;
} DecimalOperand;
// 1; 0: v is neither a Decimal nor an int; -1 with MemoryError. Runs no Python code.
int decimal_operand_open(DecimalOperand *o, Value v);
// The same with TypeError instead of 0: 0 or -1.
int decimal_operand_require(DecimalOperand *o, Value v);
static inline void decimal_operand_close(DecimalOperand *o) {
    if (o->is_made)
        decimal_clear(&o->made);
}

// ---- decimal_context.c -----------------------------------------------------------------------

// The calling thread's context, borrowed: it lives until the thread runs Python code. NULL with
// MemoryError.
DecimalContext *decimal_context_current(void);
int decimal_context_set_current(Value context); // borrowed
// The context argument of a method (VALUE_NULL, None: the current one), borrowed; NULL with
// TypeError.
DecimalContext *decimal_context_argument(Value v);
void decimal_settings_load(const DecimalContext *c, DecimalSettings *s); // status 0
// A plain Context with the same settings and traps, and the same flags, or none. New reference.
Value decimal_context_copy(DecimalContext *c, bool with_flags);
// Settings by name: what is VALUE_NULL or None stays. values: precision, rounding, Emin, Emax,
// capitals, clamp, flags, traps. Runs Python code. 0 or -1.
enum { DECIMAL_SETTING_COUNT = 8 };
int decimal_context_set_all(DecimalContext *c, const Value *values);
// A rounding's name as DecimalRounding; -1 with TypeError.
int decimal_rounding_parse(Value v);
Value decimal_context_reduce(Value self);
int decimal_context_fill(Value module);

// Takes the status of a computation: sets the flags, and raises if one is trapped. 0, or -1. Where
// it raises, Python code runs: the context may be gone then.
int decimal_context_signal_slow(DecimalContext *c, uint32_t status);
static inline int decimal_context_signal(DecimalContext *c, uint32_t status) {
    return status == 0 ? 0 : decimal_context_signal_slow(c, status);
}
// Gives up the number and makes it a Decimal, unless the status is trapped.
Value decimal_finish_with(DecimalContext *c, DecimalNumber *number, uint32_t status);
// A function of one or two numbers, in a context, as a new Decimal; or what is trapped is raised,
// when Python code runs. The numbers are not looked at after that.
static inline Value decimal_compute_one(DecimalContext *c, const DecimalView *a,
                                        DecimalUnary *compute) {
    DecimalSettings s;
    DecimalNumber result;
    decimal_settings_load(c, &s);
    decimal_init(&result);
    if (LIKELY(compute(&result, a, &s) == 0))
        return decimal_finish_with(c, &result, s.status);
    decimal_clear(&result);
    return VALUE_NULL;
}
static inline Value decimal_compute_two(DecimalContext *c, const DecimalView *a,
                                        const DecimalView *b, DecimalBinary *compute) {
    DecimalSettings s;
    DecimalNumber result;
    decimal_settings_load(c, &s);
    decimal_init(&result);
    if (LIKELY(compute(&result, a, b, &s) == 0))
        return decimal_finish_with(c, &result, s.status);
    decimal_clear(&result);
    return VALUE_NULL;
}

// ---- decimal_signals.c -----------------------------------------------------------------------

int decimal_signals_fill(Value module);
Value signal_dict_new(uint32_t bits);
static inline uint32_t signal_dict_bits(Value v) {
    return __atomic_load_n(&signal_dict_of(v)->bits, __ATOMIC_RELAXED);
}
static inline void signal_dict_set_bits(Value v, uint32_t bits) {
    __atomic_store_n(&signal_dict_of(v)->bits, bits, __ATOMIC_RELAXED);
}
// The bits that a SignalDict or dict (of all signals) says, or also a list (of those that are set).
// -1: TypeError, KeyError, or what the truth of a value raises.
int signal_bits_from(Value v, bool list_too, uint32_t *bits);
Value signal_list(uint32_t bits);                // of exception classes
void signal_names(StrBuilder *b, uint32_t bits); // as Context's repr shows them
int decimal_signal_raise(uint32_t trapped);      // raises what stands first; -1

// ---- the others ------------------------------------------------------------------------------

// decimal_convert.c
Value decimal_repr(Value self), decimal_str(Value self), decimal_to_float(Value self),
    decimal_to_int(Value self);
int64_t decimal_hash(Value self);
Value decimal_floor(Value self), decimal_ceil(Value self),
    decimal_round(Value self, const Value *args, size_t nargs), decimal_to_complex(Value self),
    decimal_as_tuple(Value self), decimal_ratio(Value self), decimal_reduce(Value self),
    decimal_from_float(Value class, Value v);
Value decimal_text(const DecimalView *view, bool engineering, DecimalContext *c);
int decimal_convert_fill(Value module);
// decimal_format.c
Value decimal_format_method(Value self, const Value *args, size_t nargs);
// decimal_operators.c
Value decimal_binary_add(Value a, Value b), decimal_binary_subtract(Value a, Value b),
    decimal_binary_multiply(Value a, Value b), decimal_binary_divide(Value a, Value b),
    decimal_binary_floor_divide(Value a, Value b), decimal_binary_remainder(Value a, Value b),
    decimal_binary_divmod(Value a, Value b), decimal_binary_power(Value a, Value b);
Value decimal_power_slot(Value base, Value exponent, Value modulus);
Value decimal_negative(Value self), decimal_positive(Value self), decimal_absolute_slot(Value self);
int decimal_boolean(Value self);
Value decimal_compare_slot(Value self, Value other, CompareOperator op);
int decimal_operators_fill(void);
// decimal_methods.c: what Context has, too
const char *decimal_number_class(const DecimalView *v, const DecimalContext *c);
bool decimal_is_normal(const DecimalView *v, const DecimalContext *c);
bool decimal_is_subnormal(const DecimalView *v, const DecimalContext *c);
bool decimal_same_quantum(const DecimalView *a, const DecimalView *b);
// A copy of v, one of Decimal itself, with that sign.
Value decimal_with_sign(const DecimalView *v, bool negative);
// decimal_compute.c
extern const NativeDef decimal_context_methods[];
// decimal_module.c
Value decimal_template(int which); // 0 DefaultContext, 1 BasicContext, 2 ExtendedContext; borrowed

#endif
