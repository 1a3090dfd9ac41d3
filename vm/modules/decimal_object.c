// SPDX-License-Identifier: MIT
//
// Decimal objects: made of numbers, and of ints, texts, tuples, floats and other Decimals, exactly
// or rounded to a context.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- objects -----------------------------------------------------------------------------------

static inline Decimal *allocate(Type *type) {
    return LIKELY(type == &decimal_type)
               ? object_allocate_exact(&decimal_type, sizeof(Decimal), HEAP_LEAF)
               : object_allocate(type);
}

static inline void fill(Decimal *d, const DecimalView *v, mp_limb_t *buffer) {
    d->kind = v->kind;
    d->negative = v->negative;
    d->count = (uint64_t)v->count;
    d->exponent = v->exponent;
    d->digits = v->digits;
    d->limbs = buffer ? buffer : d->inside;
    if (!buffer)
        for (int64_t i = 0; i < DECIMAL_INSIDE_LIMBS; i++)
            d->inside[i] = i < v->count ? v->limbs[i] : 0;
}

Value decimal_make_view(Type *type, const DecimalView *v) {
    mp_limb_t *buffer = NULL;
    if (UNLIKELY(v->count > DECIMAL_INSIDE_LIMBS)) {
        buffer = buffer_allocate((size_t)v->count * sizeof(mp_limb_t));
        if (!buffer)
            return raise_memory_error();
        memcpy(buffer, v->limbs, (size_t)v->count * sizeof(mp_limb_t));
    }
    Decimal *d = allocate(type);
    if (UNLIKELY(!d)) {
        buffer_free(buffer);
        return VALUE_NULL;
    }
    fill(d, v, buffer);
    return value_from_object(d);
}

Value decimal_make(Type *type, DecimalNumber *n) {
    DecimalView v = decimal_view(n);
    Value result;
    // A buffer much larger than the number is not worth keeping.
    if (UNLIKELY(n->limbs != n->local && n->count > DECIMAL_INSIDE_LIMBS &&
                 n->room <= 2 * n->count)) {
        Decimal *d = allocate(type);
        if (!d) {
            decimal_clear(n);
            return VALUE_NULL;
        }
        fill(d, &v, n->limbs);
        n->limbs = n->local; // the object's now
        n->room = DECIMAL_LOCAL_LIMBS;
        result = value_from_object(d);
    } else {
        result = decimal_make_view(type, &v);
    }
    decimal_clear(n);
    return result;
}

Value decimal_from_i64(int64_t n) {
    DecimalNumber number;
    mp_limb_t limb = n < 0 ? -(mp_limb_t)n : (mp_limb_t)n;
    decimal_init(&number);
    if (decimal_from_limbs(&number, &limb, n != 0, n < 0, 0) < 0)
        return VALUE_NULL;
    return decimal_make(&decimal_type, &number);
}

void decimal_destroy(Object *self) {
    Decimal *d = (Decimal *)self;
    if (UNLIKELY(d->limbs != d->inside))
        buffer_free(d->limbs);
    if (LIKELY(self->type == &decimal_type))
        object_free_exact(self, sizeof(Decimal), HEAP_LEAF);
    else
        type_free_instance(self);
}

// ---- operands ----------------------------------------------------------------------------------

int decimal_number_from_int(DecimalNumber *number, Value v) {
    if (LIKELY(value_is_int(v) || value_is_bool(v))) {
        int64_t n = value_is_int(v) ? value_int(v) : value_same(v, VALUE_TRUE);
        mp_limb_t limb = n < 0 ? -(mp_limb_t)n : (mp_limb_t)n;
        return decimal_from_limbs(number, &limb, n != 0, n < 0, 0);
    }
    const IntObject *o = (const IntObject *)value_object(v);
    return decimal_from_limbs(number, o->limbs, o->size < 0 ? -o->size : o->size, o->size < 0, 0);
}

int decimal_operand_open(DecimalOperand *o, Value v) {
    o->is_made = false;
    if (LIKELY(value_is_decimal(v))) {
        o->view = decimal_view_of(v);
        return 1;
    }
    if (!value_is_any_int(v))
        return 0;
    decimal_init(&o->made);
    if (decimal_number_from_int(&o->made, v) < 0) {
        decimal_clear(&o->made);
        return -1;
    }
    o->is_made = true;
    o->view = decimal_view(&o->made);
    return 1;
}

static Value cannot_convert(Value v) {
    return raise_type_error("conversion from %T to Decimal is not supported", v);
}

int decimal_operand_require(DecimalOperand *o, Value v) {
    int found = decimal_operand_open(o, v);
    if (UNLIKELY(found == 0))
        cannot_convert(v);
    return found == 1 ? 0 : -1;
}

void decimal_settings_widest(DecimalSettings *s) {
    *s = (DecimalSettings){.precision = DECIMAL_MAX_PREC,
                           .exponent_max = DECIMAL_MAX_EMAX,
                           .exponent_min = DECIMAL_MIN_EMIN,
                           .rounding = DECIMAL_ROUND_HALF_EVEN};
}

// ---- floats ------------------------------------------------------------------------------------

// m * 2^e = m * 5^-e * 10^e for a negative e, where m is odd; else an integer.
int decimal_number_from_double(DecimalNumber *number, double d) {
    if (isnan(d) || isinf(d)) {
        decimal_set_special(number, isnan(d) ? DECIMAL_QUIET_NAN : DECIMAL_INFINITE,
                            signbit(d) != 0);
        return 0;
    }
    int e;
    double fraction = frexp(fabs(d), &e);
    mp_limb_t mantissa = (mp_limb_t)ldexp(fraction, 53);
    e -= 53;
    if (mantissa == 0)
        e = 0;
    while (mantissa && !(mantissa & 1)) {
        mantissa >>= 1;
        e++;
    }
    // 2^1074 and 5^1074 * 2^53 are below 2^2560.
    mp_limb_t limbs[2560 / GMP_NUMB_BITS + 2];
    int64_t count = mantissa != 0;
    limbs[0] = mantissa;
    mp_limb_t base = e < 0 ? 5 : 2;
    mp_limb_t step = e < 0 ? 7450580596923828125u : (mp_limb_t)1 << 27; // base^27
    for (int left = e < 0 ? -e : e; left > 0 && count;) {
        mp_limb_t factor = step;
        int taken = left < 27 ? left : 27;
        if (taken < 27) {
            factor = 1;
            for (int i = 0; i < taken; i++)
                factor *= base;
        }
        mp_limb_t carry = mpn_mul_1(limbs, limbs, (mp_size_t)count, factor);
        if (carry)
            limbs[count++] = carry;
        left -= taken;
    }
    return decimal_from_limbs(number, limbs, count, signbit(d) != 0, e < 0 ? e : 0);
}

Value decimal_convert_double(Type *type, double d) {
    DecimalNumber number;
    decimal_init(&number);
    if (decimal_number_from_double(&number, d) < 0) {
        decimal_clear(&number);
        return VALUE_NULL;
    }
    return decimal_make(type, &number);
}

// ---- text --------------------------------------------------------------------------------------

// The text as ASCII: digits of all scripts as 0 to 9, other space as blanks; `loosely`: without
// space around it and without underscores. What cannot be part of a number makes the whole empty.
// *length bytes, to be freed.
static char *text_as_ascii(Value v, bool loosely, size_t *length) {
    int64_t start = 0, end = str_length(v);
    char *out = buffer_allocate((size_t)end + 1);
    if (!out) {
        raise_memory_error();
        return NULL;
    }
    if (loosely) {
        while (start < end && char_is_space(str_at(v, start)))
            start++;
        while (start < end && char_is_space(str_at(v, end - 1)))
            end--;
    }
    size_t n = 0;
    for (int64_t i = start; i < end; i++) {
        uint32_t c = str_at(v, i);
        if (c == '_' && loosely)
            continue;
        if (c > 127 || c == 0) {
            int digit = char_decimal(c);
            if (c > 127 && char_is_space(c)) {
                c = ' ';
            } else if (digit < 0) {
                n = 0;
                break;
            } else {
                c = '0' + (uint32_t)digit;
            }
        }
        out[n++] = (char)c;
    }
    out[n] = 0;
    *length = n;
    return out;
}

static int number_from_text(DecimalNumber *number, Value v, bool loosely, uint32_t *status) {
    size_t length;
    char *text = text_as_ascii(v, loosely, &length);
    if (!text)
        return -1;
    int result = decimal_from_text(number, text, length, status);
    buffer_free(text);
    return result;
}

// ---- tuples ------------------------------------------------------------------------------------

// A digit, or a sign, in the type that CPython reads it in. 1; 0: no int; -1: OverflowError.
static int small_int(Value v, int64_t *out) {
    if (!value_is_any_int(v))
        return 0;
    if (int_to_i64(v, out))
        return 1;
    return raise_int(&exception_OverflowError, "Python int too large to convert to C long");
}

// The third item: a kind of special number, or an exponent.
static int tuple_exponent(Value v, DecimalKind *kind, int64_t *exponent) {
    *kind = DECIMAL_FINITE;
    *exponent = 0;
    if (value_is_str(v)) {
        if (str_equal_cstr(v, "F"))
            *kind = DECIMAL_INFINITE;
        else if (str_equal_cstr(v, "n"))
            *kind = DECIMAL_QUIET_NAN;
        else if (str_equal_cstr(v, "N"))
            *kind = DECIMAL_SIGNALING_NAN;
        else
            return raise_int(&exception_ValueError, "string argument in the third position must "
                                                    "be 'F', 'n' or 'N'");
        return 0;
    }
    if (!value_is_any_int(v))
        return raise_int(&exception_ValueError, "exponent must be an integer");
    if (!int_to_i64(v, exponent))
        return raise_int(&exception_OverflowError, "Python int too large to convert to C ssize_t");
    return 0;
}

static char *tuple_digits(Value digits, char *out) {
    for (int64_t i = 0; i < tuple_length(digits); i++) {
        int64_t digit;
        int found = small_int(tuple_item(digits, i), &digit);
        if (found < 0)
            return NULL;
        if (found == 0 || digit < 0 || digit > 9) {
            raise_value_error("coefficient must be a tuple of digits");
            return NULL;
        }
        *out++ = (char)('0' + digit);
    }
    return out;
}

static int number_from_items(DecimalNumber *number, Value items, uint32_t *status) {
    if (tuple_length(items) != 3)
        return raise_int(&exception_ValueError, "argument must be a sequence of length 3");
    int64_t sign, exponent;
    DecimalKind kind;
    int found = small_int(tuple_item(items, 0), &sign);
    if (found < 0)
        return -1;
    if (found == 0 || (sign != 0 && sign != 1))
        return raise_int(&exception_ValueError, "sign must be an integer with the value 0 or 1");
    if (tuple_exponent(tuple_item(items, 2), &kind, &exponent) < 0)
        return -1;
    Value coefficient = tuple_item(items, 1);
    if (!value_is_tuple(coefficient) && !value_is_list(coefficient))
        return raise_int(&exception_ValueError, "coefficient must be a tuple of digits");
    Value digits = tuple_from_iterable(coefficient);
    if (value_is_null(digits))
        return -1;
    // As a text, which is what it means: sign, word or digits, exponent.
    char *text = buffer_allocate((size_t)tuple_length(digits) + 40);
    int result = -1;
    if (!text) {
        raise_memory_error();
    } else {
        static const char *const words[] = {"", "Inf", "NaN", "sNaN"};
        char *at = stpcpy(text, sign ? "-" : "");
        at = stpcpy(at, words[kind]);
        char *first = at;
        at = tuple_digits(digits, at);
        if (at) {
            if (kind == DECIMAL_INFINITE)
                at = first;
            if (kind == DECIMAL_FINITE) {
                if (at == first)
                    *at++ = '0';
                at += sprintf(at, "E%lld", (long long)exponent);
            }
            result = decimal_from_text(number, text, (size_t)(at - text), status);
        }
    }
    buffer_free(text);
    ref_release(digits);
    return result;
}

static int number_from_tuple(DecimalNumber *number, Value v, uint32_t *status) {
    Value items = tuple_from_iterable(v);
    if (value_is_null(items))
        return -1;
    int result = number_from_items(number, items, status);
    ref_release(items);
    return result;
}

// ---- anything ----------------------------------------------------------------------------------

// Text and tuples may say what no context can hold.
static void refuse_inexact(DecimalNumber *number, uint32_t *status) {
    if (*status & (DECIMAL_INEXACT | DECIMAL_ROUNDED | DECIMAL_CLAMPED)) {
        decimal_set_special(number, DECIMAL_QUIET_NAN, false);
        *status |= DECIMAL_INVALID_OPERATION;
    }
    *status &= DECIMAL_INVALID_CLASSES;
}

// Of v, a text or a tuple: 1; 0: it is neither; -1.
static int number_from_written(DecimalNumber *number, Value v, bool loosely, uint32_t *status) {
    if (value_is_str(v))
        return number_from_text(number, v, loosely, status) < 0 ? -1 : 1;
    if (value_is_tuple(v) || value_is_list(v))
        return number_from_tuple(number, v, status) < 0 ? -1 : 1;
    return 0;
}

// The int or float v as a number. 1; 0: v is neither; -1.
static int number_from_number(DecimalNumber *number, Value v, DecimalContext *context) {
    if (value_is_any_int(v))
        return decimal_number_from_int(number, v) < 0 ? -1 : 1;
    if (!value_is_any_float(v))
        return 0;
    if (decimal_context_signal(context, DECIMAL_FLOAT_OPERATION) < 0)
        return -1;
    return decimal_number_from_double(number, float_value(v)) < 0 ? -1 : 1;
}

// What make gives where type is a class below Decimal is an object of that class.
static Value finish_as(Type *type, DecimalContext *c, DecimalNumber *number, uint32_t status) {
    if (UNLIKELY(decimal_context_signal(c, status) < 0)) {
        decimal_clear(number);
        return VALUE_NULL;
    }
    return decimal_make(type, number);
}

Value decimal_finish_with(DecimalContext *c, DecimalNumber *number, uint32_t status) {
    return finish_as(&decimal_type, c, number, status);
}

Value decimal_convert_exactly(Type *type, Value v, DecimalContext *context) {
    if (value_is_decimal(v)) {
        if (type == &decimal_type && value_is_exactly(v, type))
            return ref_new(v);
        DecimalView view = decimal_view_of(v);
        return decimal_make_view(type, &view);
    }
    DecimalNumber number;
    uint32_t status = 0;
    decimal_init(&number);
    int found = number_from_written(&number, v, true, &status);
    if (found == 1)
        refuse_inexact(&number, &status);
    else if (found == 0)
        found = number_from_number(&number, v, context);
    if (found == 1)
        return finish_as(type, context, &number, status);
    decimal_clear(&number);
    return found < 0 ? VALUE_NULL : cannot_convert(v);
}

// Rounds what was made exactly; a NaN must not carry more than fits.
static int round_made(DecimalNumber *number, DecimalSettings *s, uint32_t too_long) {
    if (number->kind >= DECIMAL_QUIET_NAN) {
        if (number->count && number->digits > s->precision - s->clamp) {
            decimal_set_special(number, DECIMAL_QUIET_NAN, false);
            s->status |= too_long;
        }
        return 0;
    }
    return decimal_finish(number, s);
}

Value decimal_convert_rounded(Value v, DecimalContext *context) {
    DecimalNumber number;
    DecimalSettings s;
    uint32_t status = 0;
    decimal_init(&number);
    int found = number_from_written(&number, v, false, &status);
    if (found == 0 && value_is_decimal(v)) {
        DecimalView view = decimal_view_of(v);
        found = decimal_copy(&number, &view) < 0 ? -1 : 1;
    }
    if (found == 0)
        found = number_from_number(&number, v, context);
    status &= DECIMAL_CONVERSION_SYNTAX; // the limits are the context's
    decimal_settings_load(context, &s);
    // CPython leaves the int 0 as it is, even where the context allows no exponent of 0.
    if (found == 1 && number.count == 0 && value_is_any_int(v))
        return decimal_finish_with(context, &number, 0);
    if (found == 1 && round_made(&number, &s, DECIMAL_CONVERSION_SYNTAX) == 0)
        return decimal_finish_with(context, &number, status | s.status);
    decimal_clear(&number);
    return found == 0 ? cannot_convert(v) : VALUE_NULL;
}

Value decimal_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"value", "context", NULL};
    static const ArgumentList list = {.names = names, .kinds = "OO", .positional = 2};
    Value v = VALUE_NULL, context = VALUE_NULL;
    if (LIKELY(nargs == 1 && value_is_null(kwnames)))
        v = args[0];
    else if (arguments_convert(&list, args, nargs, kwnames, (void *const[]){&v, &context}) < 0)
        return VALUE_NULL;
    DecimalContext *c = decimal_context_argument(context);
    if (!c)
        return VALUE_NULL;
    if (LIKELY(!value_is_tuple(v) && !value_is_list(v)))
        return decimal_convert_exactly(type, value_is_null(v) ? value_from_int(0) : v, c);
    // The __iter__ of a subclass may go to another context.
    ref_new(value_from_object(c));
    Value result = decimal_convert_exactly(type, v, c);
    ref_release(value_from_object(c));
    return result;
}
