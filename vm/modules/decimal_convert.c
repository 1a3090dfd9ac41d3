// SPDX-License-Identifier: MIT
//
// Decimals as other things: ints, floats, texts, tuples, ratios, hashes, and what pickle keeps.
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <math.h>

static Value tuple_class; // DecimalTuple, a namedtuple; set once

// ---- text --------------------------------------------------------------------------------------

Value decimal_text(const DecimalView *view, bool engineering, DecimalContext *c) {
    char *text;
    size_t length;
    bool capitals = __atomic_load_n(&c->capitals, __ATOMIC_RELAXED);
    if (decimal_to_text(view, engineering, capitals, &text, &length) < 0)
        return VALUE_NULL;
    Value result = str_from_ascii(text, length);
    buffer_free(text);
    return result;
}

Value decimal_str(Value self) {
    DecimalContext *c = decimal_context_current();
    DecimalView view = decimal_view_of(self);
    return c ? decimal_text(&view, false, c) : VALUE_NULL;
}

Value decimal_repr(Value self) {
    Value text = decimal_str(self);
    if (value_is_null(text))
        return text;
    Value result = str_format("Decimal('%V')", text);
    ref_release(text);
    return result;
}

// ---- integers ----------------------------------------------------------------------------------

static Value integer_of(const DecimalView *view) {
    mp_limb_t *limbs;
    int64_t count;
    if (decimal_to_limbs(view, &limbs, &count) < 0)
        return VALUE_NULL;
    Value result = int_from_limbs(limbs, count, view->negative);
    buffer_free(limbs);
    return result;
}

static int check_finite(const DecimalView *view, const char *to) {
    if (decimal_view_is_nan(view))
        return raise_int(&exception_ValueError, "cannot convert NaN to %s", to);
    if (view->kind == DECIMAL_INFINITE)
        return raise_int(&exception_OverflowError, "cannot convert Infinity to %s", to);
    return 0;
}

// Rounded to an int in that direction, whatever the context is.
static Value to_int(Value self, DecimalRounding rounding) {
    DecimalView view = decimal_view_of(self);
    if (check_finite(&view, "integer") < 0)
        return VALUE_NULL;
    if (view.exponent >= 0 || rounding == DECIMAL_ROUND_DOWN)
        return integer_of(&view);
    DecimalSettings s;
    DecimalNumber n;
    decimal_settings_widest(&s);
    s.rounding = rounding;
    decimal_init(&n);
    Value result = VALUE_NULL;
    if (decimal_to_integral_value(&n, &view, &s) == 0) {
        DecimalView rounded = decimal_view(&n);
        result = integer_of(&rounded);
    }
    decimal_clear(&n);
    return result;
}

Value decimal_to_int(Value self) {
    return to_int(self, DECIMAL_ROUND_DOWN);
}
Value decimal_floor(Value self) {
    return to_int(self, DECIMAL_ROUND_FLOOR);
}
Value decimal_ceil(Value self) {
    return to_int(self, DECIMAL_ROUND_CEILING);
}

// round(d): an int, ties to even; round(d, n): d.quantize(Decimal("1e-n")).
Value decimal_round(Value self, const Value *args, size_t nargs) {
    if (nargs == 0)
        return to_int(self, DECIMAL_ROUND_HALF_EVEN);
    if (nargs > 1)
        return raise_type_error("function takes at most 1 argument (%zu given)", nargs);
    int64_t places;
    if (!value_is_any_int(args[0]))
        return raise_type_error("optional arg must be an integer");
    if (!int_to_i64(args[0], &places))
        return raise_error(&exception_OverflowError,
                           "Python int too large to convert to C ssize_t");
    DecimalContext *c = decimal_context_current();
    if (!c)
        return VALUE_NULL;
    DecimalSettings s;
    DecimalNumber n;
    DecimalView view = decimal_view_of(self);
    DecimalView model = {
        .kind = DECIMAL_FINITE, .digits = 1, .count = 1, .limbs = (mp_limb_t[]){1}};
    model.exponent = places == INT64_MIN ? INT64_MAX : -places;
    decimal_settings_load(c, &s);
    decimal_init(&n);
    if (decimal_quantize(&n, &view, &model, &s) < 0) {
        decimal_clear(&n);
        return VALUE_NULL;
    }
    return decimal_finish_with(c, &n, s.status);
}

// ---- floats ------------------------------------------------------------------------------------

// -1: error.
static int to_double(Value self, double *out) {
    DecimalView view = decimal_view_of(self);
    if (view.kind == DECIMAL_SIGNALING_NAN)
        return raise_int(&exception_ValueError, "cannot convert signaling NaN to float");
    if (view.kind == DECIMAL_QUIET_NAN) {
        *out = view.negative ? -(double)NAN : (double)NAN;
        return 0;
    }
    char *text;
    size_t length;
    if (decimal_to_text(&view, false, true, &text, &length) < 0)
        return -1;
    const char *end = float_parse_ascii(text, text + length, out);
    buffer_free(text);
    assert(end == text + length);
    (void)end;
    return 0;
}

Value decimal_to_float(Value self) {
    double d;
    return to_double(self, &d) < 0 ? VALUE_NULL : float_new(d);
}

Value decimal_to_complex(Value self) {
    double d;
    return to_double(self, &d) < 0 ? VALUE_NULL : complex_new(d, 0);
}

Value decimal_from_float(Value class, Value v) {
    Value made = VALUE_NULL;
    if (value_is_any_int(v)) {
        DecimalNumber n;
        decimal_init(&n);
        if (decimal_number_from_int(&n, v) < 0)
            decimal_clear(&n);
        else
            made = decimal_make(&decimal_type, &n);
    } else if (value_is_any_float(v)) {
        made = decimal_convert_double(&decimal_type, float_value(v));
    } else {
        return raise_type_error("argument must be int or float");
    }
    if (value_is_null(made) || value_same(class, value_from_object(&decimal_type)))
        return made;
    Value result = value_call_one(class, made);
    ref_release(made);
    return result;
}

// ---- hash --------------------------------------------------------------------------------------

// Numbers are hashed modulo the prime 2^61 - 1, those of all types alike.
#define HASH_PRIME (((uint64_t)1 << 61) - 1)
#define HASH_INFINITE 314159

static uint64_t multiply_modulo(uint64_t a, uint64_t b) {
    unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t n = (uint64_t)(product & HASH_PRIME) + (uint64_t)(product >> 61);
    return n >= HASH_PRIME ? n - HASH_PRIME : n;
}

static uint64_t power_modulo(uint64_t base, uint64_t exponent) {
    uint64_t result = 1;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            result = multiply_modulo(result, base);
        base = multiply_modulo(base, base);
    }
    return result;
}

// 2^64 is 8 modulo the prime.
static uint64_t limbs_modulo(const mp_limb_t *limbs, int64_t count) {
    uint64_t rest = 0;
    for (int64_t i = count - 1; i >= 0; i--) {
        unsigned __int128 n = (unsigned __int128)rest * 8 + limbs[i];
        rest = (uint64_t)(n & HASH_PRIME) + (uint64_t)(n >> 61);
        if (rest >= HASH_PRIME)
            rest -= HASH_PRIME;
    }
    return rest;
}

int64_t decimal_hash(Value self) {
    DecimalView view = decimal_view_of(self);
    if (view.kind == DECIMAL_SIGNALING_NAN)
        return raise_int(&exception_TypeError, "Cannot hash a signaling NaN value");
    if (view.kind == DECIMAL_QUIET_NAN)
        return object_type.hash(self);
    if (view.kind == DECIMAL_INFINITE)
        return view.negative ? -HASH_INFINITE : HASH_INFINITE;
    // The inverse of 10: 10^(prime - 2), as Fermat has it.
    const uint64_t tenth = 2075258708292324556;
    uint64_t scale = view.exponent >= 0 ? power_modulo(10, (uint64_t)view.exponent)
                                        : power_modulo(tenth, -(uint64_t)view.exponent);
    int64_t hash = (int64_t)multiply_modulo(limbs_modulo(view.limbs, view.count), scale);
    if (view.negative)
        hash = -hash;
    return hash == -1 ? -2 : hash;
}

// ---- parts -------------------------------------------------------------------------------------

// A tuple of the coefficient's digits. New reference.
static Value digit_tuple(const DecimalView *view) {
    if (view->count == 0 && decimal_view_is_nan(view))
        return tuple_empty();
    char *text = buffer_allocate((size_t)view->digits);
    if (!text)
        return raise_memory_error();
    Value digits = VALUE_NULL;
    if (decimal_digits(view, text) == 0)
        digits = tuple_allocate(view->digits);
    for (int64_t i = 0; i < view->digits && !value_is_null(digits); i++)
        tuple_of(digits)->items[i] = value_from_int(text[i] - '0');
    buffer_free(text);
    return digits;
}

Value decimal_as_tuple(Value self) {
    DecimalView view = decimal_view_of(self);
    static const char *const letters[] = {NULL, "F", "n", "N"};
    Value parts[3] = {value_from_int(view.negative), VALUE_NULL, VALUE_NULL};
    if (view.kind == DECIMAL_INFINITE) {
        Value zero = value_from_int(0);
        parts[1] = tuple_from_array(&zero, 1);
    } else {
        parts[1] = digit_tuple(&view);
    }
    parts[2] = view.kind == DECIMAL_FINITE ? int_from_i64(view.exponent)
                                           : str_intern_cstr(letters[view.kind]);
    Value result = VALUE_NULL;
    if (!value_is_null(parts[1]) && !value_is_null(parts[2]))
        result = value_call(tuple_class, parts, 3, VALUE_NULL);
    ref_release(parts[1]);
    ref_release(parts[2]);
    return result;
}

// (n, d) in lowest terms. Without its trailing zeros a coefficient has 2 or 5 in common with a
// power of ten, so the greatest common divisor has to be found.
static Value reduced_ratio(Value numerator, Value denominator) { // both consumed
    Value common = VALUE_NULL, a = VALUE_NULL, b = VALUE_NULL;
    if (!value_is_null(numerator) && !value_is_null(denominator))
        common = int_gcd(numerator, denominator);
    if (!value_is_null(common)) {
        a = int_floor_divide(numerator, common);
        b = int_floor_divide(denominator, common);
    }
    ref_release(common);
    ref_release(numerator);
    ref_release(denominator);
    return pair_owned(a, b);
}

Value decimal_ratio(Value self) {
    DecimalView view = decimal_view_of(self);
    if (check_finite(&view, "integer ratio") < 0)
        return VALUE_NULL;
    if (view.count == 0)
        return pair_owned(value_from_int(0), value_from_int(1));
    if (view.exponent >= 0)
        return pair_owned(integer_of(&view), value_from_int(1));
    Value scale = int_from_i64(-view.exponent);
    Value denominator = int_power(value_from_int(10), scale, VALUE_NONE);
    ref_release(scale);
    return reduced_ratio(int_from_limbs(view.limbs, view.count, view.negative), denominator);
}

// (type, (text,))
Value decimal_reduce(Value self) {
    Value text = decimal_str(self);
    if (value_is_null(text))
        return text;
    Value arguments = tuple_pack(1, text);
    ref_release(text);
    return pair_owned(ref_new(value_from_object(value_type(self))), arguments);
}

// ---- DecimalTuple ------------------------------------------------------------------------------

// collections.namedtuple("DecimalTuple", "sign digits exponent", module="decimal")
static Value make_tuple_class(void) {
    Value collections = import_module_cstr("collections"), function = VALUE_NULL,
          class = VALUE_NULL;
    Value names = tuple_allocate(1);
    if (!value_is_null(collections))
        function = value_getattr_cstr(collections, "namedtuple");
    if (!value_is_null(function) && !value_is_null(names)) {
        tuple_of(names)->items[0] = str_intern_cstr("module");
        Value arguments[] = {str_from_cstr("DecimalTuple"), str_from_cstr("sign digits exponent"),
                             str_intern_cstr("decimal")};
        class = value_call(function, arguments, 2, names);
        for (int i = 0; i < 3; i++)
            ref_release(arguments[i]);
    }
    ref_release(names);
    ref_release(function);
    ref_release(collections);
    return class;
}

int decimal_convert_fill(Value module) {
    if (value_is_null(tuple_class))
        tuple_class = make_tuple_class();
    return value_is_null(tuple_class) ? -1
                                      : module_add(module, "DecimalTuple", ref_new(tuple_class));
}
