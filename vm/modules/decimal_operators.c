// SPDX-License-Identifier: MIT
//
// Operators on Decimals, and comparisons with numbers of other types. Results are rounded to the
// current context.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/type.h"

static Value rational_class; // numbers.Rational; set once

// ---- arithmetic --------------------------------------------------------------------------------

// One that is a NULL context or not opened has nothing to close.
typedef struct {
    DecimalContext *context;
    DecimalOperand a, b;
    DecimalSettings settings;
} Operation;

// 1: ready; 0: an operand is of no type that is known here; -1: error.
static inline int operation_begin(Operation *o, Value a, Value b) {
    o->context = decimal_context_current();
    if (UNLIKELY(!o->context))
        return -1;
    int found = decimal_operand_open(&o->a, a);
    if (UNLIKELY(found != 1))
        return found;
    found = decimal_operand_open(&o->b, b);
    if (UNLIKELY(found != 1)) {
        decimal_operand_close(&o->a);
        return found;
    }
    decimal_settings_load(o->context, &o->settings);
    return 1;
}

static inline void operation_end(Operation *o) {
    decimal_operand_close(&o->a);
    decimal_operand_close(&o->b);
}

// An operand is no plain Decimal.
static __attribute__((noinline)) Value binary_mixed(Value a, Value b, DecimalBinary *compute) {
    Operation o;
    int found = operation_begin(&o, a, b);
    if (UNLIKELY(found != 1))
        return found == 0 ? not_implemented_new() : VALUE_NULL;
    Value result = decimal_compute_two(o.context, &o.a.view, &o.b.view, compute);
    operation_end(&o);
    return result;
}

static inline Value binary(Value a, Value b, DecimalBinary *compute) {
    if (UNLIKELY(!value_is_exactly(a, &decimal_type) || !value_is_exactly(b, &decimal_type)))
        return binary_mixed(a, b, compute);
    DecimalContext *c = decimal_context_current();
    if (UNLIKELY(!c))
        return VALUE_NULL;
    DecimalView left = decimal_view_of(a), right = decimal_view_of(b);
    return decimal_compute_two(c, &left, &right, compute);
}

Value decimal_binary_add(Value a, Value b) {
    return binary(a, b, decimal_add);
}
Value decimal_binary_subtract(Value a, Value b) {
    return binary(a, b, decimal_subtract);
}
Value decimal_binary_multiply(Value a, Value b) {
    return binary(a, b, decimal_multiply);
}
Value decimal_binary_divide(Value a, Value b) {
    return binary(a, b, decimal_divide);
}
Value decimal_binary_floor_divide(Value a, Value b) {
    return binary(a, b, decimal_divide_integer);
}
Value decimal_binary_remainder(Value a, Value b) {
    return binary(a, b, decimal_remainder);
}
Value decimal_binary_power(Value a, Value b) {
    return binary(a, b, decimal_power);
}

Value decimal_binary_divmod(Value a, Value b) {
    Operation o;
    int found = operation_begin(&o, a, b);
    if (found != 1)
        return found == 0 ? not_implemented_new() : VALUE_NULL;
    DecimalNumber quotient, remainder;
    decimal_init(&quotient);
    decimal_init(&remainder);
    int status = decimal_divmod(&quotient, &remainder, &o.a.view, &o.b.view, &o.settings);
    operation_end(&o);
    if (status == 0 && decimal_context_signal(o.context, o.settings.status) == 0)
        return pair_owned(decimal_make(&decimal_type, &quotient),
                          decimal_make(&decimal_type, &remainder));
    decimal_clear(&quotient);
    decimal_clear(&remainder);
    return VALUE_NULL;
}

Value decimal_power_slot(Value base, Value exponent, Value modulus) {
    if (value_is_none(modulus))
        return decimal_binary_power(base, exponent);
    Operation o;
    DecimalOperand m;
    int found = operation_begin(&o, base, exponent);
    if (found != 1)
        return found == 0 ? not_implemented_new() : VALUE_NULL;
    found = decimal_operand_open(&m, modulus);
    if (found != 1) {
        operation_end(&o);
        return found == 0 ? not_implemented_new() : VALUE_NULL;
    }
    DecimalNumber result;
    decimal_init(&result);
    int status = decimal_power_modulo(&result, &o.a.view, &o.b.view, &m.view, &o.settings);
    operation_end(&o);
    decimal_operand_close(&m);
    if (status == 0)
        return decimal_finish_with(o.context, &result, o.settings.status);
    decimal_clear(&result);
    return VALUE_NULL;
}

static Value unary(Value self, DecimalUnary *compute) {
    DecimalContext *c = decimal_context_current();
    DecimalView view = decimal_view_of(self);
    return c ? decimal_compute_one(c, &view, compute) : VALUE_NULL;
}

Value decimal_negative(Value self) {
    return unary(self, decimal_minus);
}
Value decimal_positive(Value self) {
    return unary(self, decimal_plus);
}
Value decimal_absolute_slot(Value self) {
    return unary(self, decimal_absolute);
}
int decimal_boolean(Value self) {
    DecimalView view = decimal_view_of(self);
    return !decimal_view_is_zero(&view);
}

// ---- comparison --------------------------------------------------------------------------------

// self op other, both as numbers.
static Value compare_views(const DecimalView *a, const DecimalView *b, CompareOperator op,
                           DecimalContext *c) {
    if (LIKELY(!decimal_view_is_nan(a) && !decimal_view_is_nan(b))) {
        int order = decimal_order(a, b);
        return LIKELY(order >= -1) ? compare_result(order, op) : VALUE_NULL;
    }
    bool equality = op == COMPARE_EQ || op == COMPARE_NE;
    if (!equality || a->kind == DECIMAL_SIGNALING_NAN || b->kind == DECIMAL_SIGNALING_NAN)
        if (decimal_context_signal(c, DECIMAL_INVALID_OPERATION) < 0)
            return VALUE_NULL;
    return bool_new(op == COMPARE_NE);
}

// With a float or the real part of a complex.
static Value compare_double(Value self, double d, CompareOperator op, DecimalContext *c) {
    DecimalNumber n;
    decimal_init(&n);
    if (decimal_number_from_double(&n, d) < 0) {
        decimal_clear(&n);
        return VALUE_NULL;
    }
    DecimalView a = decimal_view_of(self), b = decimal_view(&n);
    Value result = compare_views(&a, &b, op, c);
    decimal_clear(&n);
    return result;
}

// Equality may be asked of anything, so the signal is noted then and never raised.
static int note_float(CompareOperator op, DecimalContext *c) {
    if (op != COMPARE_EQ && op != COMPARE_NE)
        return decimal_context_signal(c, DECIMAL_FLOAT_OPERATION);
    __atomic_fetch_or(&signal_dict_of(c->flags)->bits, DECIMAL_FLOAT_OPERATION, __ATOMIC_RELAXED);
    return 0;
}

// An attribute of other that must be an int, as an operand. *held is to be released after use.
static int rational_part(Value other, const char *name, Value *held, DecimalOperand *o) {
    *held = value_getattr_cstr(other, name);
    if (value_is_null(*held))
        return -1;
    if (!value_is_any_int(*held)) {
        ref_release(*held);
        return raise_int(&exception_TypeError, "numerator and denominator of a Rational must be "
                                               "ints");
    }
    if (decimal_operand_open(o, *held) == 1)
        return 0;
    ref_release(*held);
    return -1;
}

// self op n/d as self * d op n.
static Value compare_parts(Value self, const DecimalView *n, const DecimalView *d,
                           CompareOperator op, DecimalContext *c) {
    DecimalView a = decimal_view_of(self);
    if (a.kind != DECIMAL_FINITE)
        return compare_views(&a, n, op, c);
    DecimalSettings s;
    DecimalNumber product;
    decimal_settings_widest(&s);
    decimal_init(&product);
    // The exponent may be at its limit: the product is made without it.
    DecimalView coefficient = a;
    coefficient.exponent = 0;
    Value result = VALUE_NULL;
    if (decimal_multiply(&product, &coefficient, d, &s) == 0) {
        DecimalView left = decimal_view(&product);
        left.exponent += a.exponent;
        result = compare_views(&left, n, op, c);
    }
    decimal_clear(&product);
    return result;
}

static Value compare_rational(Value self, Value other, CompareOperator op) {
    int rational = value_is_instance_of(other, rational_class);
    if (rational <= 0)
        return rational < 0 ? VALUE_NULL : not_implemented_new();
    Value numerator, denominator, result = VALUE_NULL;
    DecimalOperand n, d;
    if (rational_part(other, "numerator", &numerator, &n) < 0)
        return VALUE_NULL;
    if (rational_part(other, "denominator", &denominator, &d) == 0) {
        DecimalContext *c = decimal_context_current(); // no other code runs from here on
        if (c)
            result = compare_parts(self, &n.view, &d.view, op, c);
        decimal_operand_close(&d);
        ref_release(denominator);
    }
    decimal_operand_close(&n);
    ref_release(numerator);
    return result;
}

Value decimal_compare_slot(Value self, Value other, CompareOperator op) {
    DecimalContext *c = decimal_context_current();
    if (UNLIKELY(!c))
        return VALUE_NULL;
    DecimalOperand b;
    int found = decimal_operand_open(&b, other);
    if (LIKELY(found == 1)) {
        DecimalView a = decimal_view_of(self);
        Value result = compare_views(&a, &b.view, op, c);
        decimal_operand_close(&b);
        return result;
    }
    if (found < 0)
        return VALUE_NULL;
    if (value_is_any_float(other)) {
        if (note_float(op, c) < 0)
            return VALUE_NULL;
        return compare_double(self, float_value(other), op, c);
    }
    if (value_is_a(other, &complex_type)) {
        const ComplexObject *z = (const ComplexObject *)value_object(other);
        if ((op != COMPARE_EQ && op != COMPARE_NE) || z->imaginary != 0)
            return not_implemented_new();
        note_float(op, c);
        return compare_double(self, z->real, op, c);
    }
    return compare_rational(self, other, op);
}

int decimal_operators_fill(void) {
    Value numbers = import_module_cstr("numbers");
    if (!value_is_null(numbers))
        rational_class = value_getattr_cstr(numbers, "Rational");
    ref_release(numbers);
    return value_is_null(rational_class) ? -1 : 0;
}
