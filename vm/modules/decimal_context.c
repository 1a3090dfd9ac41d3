// SPDX-License-Identifier: MIT
//
// Context: what arithmetic obeys, and which context a thread computes in.
//
// The current context is the value of a context variable. Arithmetic asks for it all the time, so
// each thread remembers the answer with the number of the state of its variables that it holds for
// (contextvars_state).
#include "vm/modules/contextvars_module.h"
#include "vm/modules/decimal_objects.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

enum { ROUNDING_COUNT = 8 };
static const char *const rounding_texts[ROUNDING_COUNT] = {
    "ROUND_UP",      "ROUND_DOWN",      "ROUND_CEILING",   "ROUND_FLOOR",
    "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};
static Value rounding_names[ROUNDING_COUNT]; // interned; set once

static Value current_variable; // a ContextVar; set once
static Value templates[3];     // DefaultContext, BasicContext, ExtendedContext; set once

Value decimal_template(int which) {
    return templates[which];
}

// ---- making ------------------------------------------------------------------------------------

static DecimalContext *allocate(Type *type, uint32_t flags, uint32_t traps) {
    Value flag_dict = signal_dict_new(flags), trap_dict = signal_dict_new(traps);
    DecimalContext *c = NULL;
    if (!value_is_null(flag_dict) && !value_is_null(trap_dict))
        c = object_allocate(type);
    if (!c) {
        ref_release(flag_dict);
        ref_release(trap_dict);
        return NULL;
    }
    c->flags = flag_dict;
    c->traps = trap_dict;
    return c;
}

static int64_t load(const int64_t *word) {
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}
static void store(int64_t *word, int64_t n) {
    __atomic_store_n(word, n, __ATOMIC_RELAXED);
}
static uint8_t load_small(const uint8_t *word) {
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}
static void store_small(uint8_t *word, uint8_t n) {
    __atomic_store_n(word, n, __ATOMIC_RELAXED);
}

// to is nobody else's yet.
static void copy_settings(DecimalContext *to, const DecimalContext *from) {
    to->precision = load(&from->precision);
    to->exponent_max = load(&from->exponent_max);
    to->exponent_min = load(&from->exponent_min);
    to->rounding = load_small(&from->rounding);
    to->clamp = load_small(&from->clamp);
    to->capitals = load_small(&from->capitals);
}

Value decimal_context_copy(DecimalContext *c, bool with_flags) {
    DecimalContext *copy =
        allocate(&decimal_context_type, with_flags ? signal_dict_bits(c->flags) : 0,
                 signal_dict_bits(c->traps));
    if (!copy)
        return VALUE_NULL;
    copy_settings(copy, c);
    return value_from_object(copy);
}

// All that a new context has before its arguments are looked at is DefaultContext's.
static Value context_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    DecimalContext *model = decimal_context_of(templates[0]);
    DecimalContext *c =
        allocate(type, signal_dict_bits(model->flags), signal_dict_bits(model->traps));
    if (!c)
        return VALUE_NULL;
    copy_settings(c, model);
    return value_from_object(c);
}

static Value make_template(int64_t precision, DecimalRounding rounding, uint32_t traps) {
    DecimalContext *c = allocate(&decimal_context_type, 0, traps);
    if (!c)
        return VALUE_NULL;
    c->precision = precision;
    c->exponent_max = 999999;
    c->exponent_min = -999999;
    c->rounding = rounding;
    c->clamp = 0;
    c->capitals = 1;
    return value_from_object(c);
}

static void context_destroy(Object *self) {
    ref_release(((DecimalContext *)self)->flags);
    ref_release(((DecimalContext *)self)->traps);
    type_free_instance(self);
}

static void context_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((DecimalContext *)self)->flags);
    gc_visit(visitor, ((DecimalContext *)self)->traps);
}

// ---- the current one ---------------------------------------------------------------------------

// The thread's own: no other reads or writes it. The context is borrowed, and alive as long as the
// state is the current one.
static _Thread_local struct {
    uint64_t state;
    DecimalContext *context;
} remembered;

static __attribute__((noinline)) DecimalContext *find_current(void) {
    Value context = contextvars_get(current_variable);
    if (value_is_null(context)) {
        context = decimal_context_copy(decimal_context_of(templates[0]), false);
        if (value_is_null(context))
            return NULL;
        if (contextvars_set(current_variable, context) < 0) {
            ref_release(context);
            return NULL;
        }
    }
    remembered.state = contextvars_number_state();
    remembered.context = decimal_context_of(context);
    ref_release(context); // the variable has it
    return remembered.context;
}

DecimalContext *decimal_context_current(void) {
    uint64_t state = contextvars_state();
    return LIKELY(state != 0 && state == remembered.state) ? remembered.context : find_current();
}

int decimal_context_set_current(Value context) {
    return contextvars_set(current_variable, context);
}

DecimalContext *decimal_context_argument(Value v) {
    if (value_is_null(v) || value_is_none(v))
        return decimal_context_current();
    if (value_is_a(v, &decimal_context_type))
        return decimal_context_of(v);
    raise_type_error("optional argument must be a context");
    return NULL;
}

void decimal_settings_load(const DecimalContext *c, DecimalSettings *s) {
    s->precision = load(&c->precision);
    s->exponent_max = load(&c->exponent_max);
    s->exponent_min = load(&c->exponent_min);
    s->rounding = load_small(&c->rounding);
    s->clamp = load_small(&c->clamp);
    s->status = 0;
}

int decimal_context_signal_slow(DecimalContext *c, uint32_t status) {
    uint32_t *flags = &signal_dict_of(c->flags)->bits;
    // Mostly they are set already: then nothing is written.
    if (status & ~__atomic_load_n(flags, __ATOMIC_RELAXED))
        __atomic_fetch_or(flags, status, __ATOMIC_RELAXED);
    uint32_t trapped = status & signal_dict_bits(c->traps);
    return LIKELY(!trapped) ? 0 : decimal_signal_raise(trapped);
}

// ---- settings ----------------------------------------------------------------------------------

int decimal_rounding_parse(Value v) {
    for (int i = 0; i < ROUNDING_COUNT; i++)
        if (value_same(v, rounding_names[i]))
            return i;
    for (int i = 0; i < ROUNDING_COUNT && value_is_str(v); i++)
        if (str_equal_cstr(v, rounding_texts[i]))
            return i;
    return raise_int(&exception_TypeError,
                     "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, "
                     "ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   "
                     "ROUND_05UP]");
}

// An int within bounds, or ValueError("valid " + what).
static int whole(Value v, int64_t low, int64_t high, const char *what, int64_t *out) {
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "context attributes cannot be deleted");
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "an integer is required");
    if (!int_to_i64(v, out))
        return raise_int(&exception_OverflowError, "Python int too large to convert to C ssize_t");
    if (*out < low || *out > high)
        return raise_int(&exception_ValueError, "valid %s", what);
    return 0;
}

static int set_precision(Value self, Value v) {
    int64_t n;
    if (whole(v, 1, DECIMAL_MAX_PREC, "range for prec is [1, MAX_PREC]", &n) < 0)
        return -1;
    store(&decimal_context_of(self)->precision, n);
    return 0;
}
static int set_exponent_min(Value self, Value v) {
    int64_t n;
    if (whole(v, DECIMAL_MIN_EMIN, 0, "range for Emin is [MIN_EMIN, 0]", &n) < 0)
        return -1;
    store(&decimal_context_of(self)->exponent_min, n);
    return 0;
}
static int set_exponent_max(Value self, Value v) {
    int64_t n;
    if (whole(v, 0, DECIMAL_MAX_EMAX, "range for Emax is [0, MAX_EMAX]", &n) < 0)
        return -1;
    store(&decimal_context_of(self)->exponent_max, n);
    return 0;
}
static int set_rounding(Value self, Value v) {
    int rounding = value_is_null(v) ? -1 : decimal_rounding_parse(v);
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "context attributes cannot be deleted");
    if (rounding < 0)
        return -1;
    store_small(&decimal_context_of(self)->rounding, (uint8_t)rounding);
    return 0;
}
static int set_capitals(Value self, Value v) {
    int64_t n;
    if (whole(v, 0, 1, "values for capitals are 0 or 1", &n) < 0)
        return -1;
    store_small(&decimal_context_of(self)->capitals, (uint8_t)n);
    return 0;
}
static int set_clamp(Value self, Value v) {
    int64_t n;
    if (whole(v, 0, 1, "values for clamp are 0 or 1", &n) < 0)
        return -1;
    store_small(&decimal_context_of(self)->clamp, (uint8_t)n);
    return 0;
}

static int set_signals(Value dict, Value v, bool list_too) {
    uint32_t bits;
    if (signal_bits_from(v, list_too, &bits) < 0)
        return -1;
    signal_dict_set_bits(dict, bits);
    return 0;
}
static int set_flags(Value self, Value v) {
    return set_signals(decimal_context_of(self)->flags, v, false);
}
static int set_traps(Value self, Value v) {
    return set_signals(decimal_context_of(self)->traps, v, false);
}

int decimal_context_set_all(DecimalContext *c, const Value *values) {
    static int (*const setters[])(Value self, Value v) = {
        set_precision, set_rounding, set_exponent_min, set_exponent_max, set_capitals, set_clamp};
    for (int i = 0; i < 6; i++)
        if (!value_is_null(values[i]) && !value_is_none(values[i]) &&
            setters[i](value_from_object(c), values[i]) < 0)
            return -1;
    // CPython looks at the traps first.
    for (int i = 7; i >= 6; i--)
        if (!value_is_null(values[i]) && !value_is_none(values[i]) &&
            set_signals(i == 6 ? c->flags : c->traps, values[i], true) < 0)
            return -1;
    return 0;
}

static int context_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"prec",  "rounding", "Emin",  "Emax", "capitals",
                                        "clamp", "flags",    "traps", NULL};
    static const ArgumentList list = {
        .names = names, .kinds = "OOOOOOOO", .positional = DECIMAL_SETTING_COUNT};
    Value v[DECIMAL_SETTING_COUNT];
    void *out[DECIMAL_SETTING_COUNT];
    for (int i = 0; i < DECIMAL_SETTING_COUNT; i++) {
        v[i] = VALUE_NULL;
        out[i] = &v[i];
    }
    if (arguments_convert(&list, args, nargs, kwnames, out) < 0)
        return -1;
    return decimal_context_set_all(decimal_context_of(self), v);
}

static Value get_precision(Value self) {
    return int_from_i64(load(&decimal_context_of(self)->precision));
}
static Value get_exponent_min(Value self) {
    return int_from_i64(load(&decimal_context_of(self)->exponent_min));
}
static Value get_exponent_max(Value self) {
    return int_from_i64(load(&decimal_context_of(self)->exponent_max));
}
static Value get_rounding(Value self) {
    return ref_new(rounding_names[load_small(&decimal_context_of(self)->rounding)]);
}
static Value get_capitals(Value self) {
    return value_from_int(load_small(&decimal_context_of(self)->capitals));
}
static Value get_clamp(Value self) {
    return value_from_int(load_small(&decimal_context_of(self)->clamp));
}
static Value get_flags(Value self) {
    return ref_new(decimal_context_of(self)->flags);
}
static Value get_traps(Value self) {
    return ref_new(decimal_context_of(self)->traps);
}

static const GetSetDef context_getsets[] = {
    {"prec", get_precision, set_precision, NULL},
    {"Emax", get_exponent_max, set_exponent_max, NULL},
    {"Emin", get_exponent_min, set_exponent_min, NULL},
    {"rounding", get_rounding, set_rounding, NULL},
    {"capitals", get_capitals, set_capitals, NULL},
    {"clamp", get_clamp, set_clamp, NULL},
    {"flags", get_flags, set_flags, NULL},
    {"traps", get_traps, set_traps, NULL},
    {NULL},
};

static int context_setattr(Value self, Value name, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_AttributeError, "context attributes cannot be deleted");
    return object_generic_setattr(self, name, value);
}

// ---- text and pickling -------------------------------------------------------------------------

static Value context_repr(Value self) {
    DecimalContext *c = decimal_context_of(self);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, "Context(prec=");
    str_builder_i64(&b, load(&c->precision));
    str_builder_cstr(&b, ", rounding=");
    str_builder_cstr(&b, rounding_texts[load_small(&c->rounding)]);
    str_builder_cstr(&b, ", Emin=");
    str_builder_i64(&b, load(&c->exponent_min));
    str_builder_cstr(&b, ", Emax=");
    str_builder_i64(&b, load(&c->exponent_max));
    str_builder_cstr(&b, ", capitals=");
    str_builder_i64(&b, load_small(&c->capitals));
    str_builder_cstr(&b, ", clamp=");
    str_builder_i64(&b, load_small(&c->clamp));
    str_builder_cstr(&b, ", flags=");
    signal_names(&b, signal_dict_bits(c->flags));
    str_builder_cstr(&b, ", traps=");
    signal_names(&b, signal_dict_bits(c->traps));
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

// (type, (settings in the order of the constructor))
Value decimal_context_reduce(Value self) {
    DecimalContext *c = decimal_context_of(self);
    Value flags = signal_list(signal_dict_bits(c->flags));
    Value traps = signal_list(signal_dict_bits(c->traps));
    Value low = get_exponent_min(self), high = get_exponent_max(self), settings = VALUE_NULL;
    Value precision = get_precision(self);
    if (!value_is_null(flags) && !value_is_null(traps) && !value_is_null(low) &&
        !value_is_null(high) && !value_is_null(precision))
        settings = tuple_pack(8, precision, rounding_names[load_small(&c->rounding)], low, high,
                              get_capitals(self), get_clamp(self), flags, traps);
    Value used[] = {flags, traps, low, high, precision};
    for (int i = 0; i < 5; i++)
        ref_release(used[i]);
    return pair_owned(ref_new(value_from_object(value_type(self))), settings);
}

// ---- the type ----------------------------------------------------------------------------------

Type decimal_context_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "decimal.Context",
    .basic_size = sizeof(DecimalContext),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, "
           "flags=None, traps=None)\n--\n\nWhat arithmetic obeys: precision, rounding, limits, "
           "and which signals are raised.\n\n>>> Context(prec=3).divide(2, 3)\nDecimal('0.667')\n",
    .call_new = context_call_new,
    .init = context_init,
    .destroy = context_destroy,
    .traverse = context_traverse,
    .repr = context_repr,
    .getattr = object_generic_getattr,
    .setattr = context_setattr,
    .methods = decimal_context_methods,
    .getsets = context_getsets,
};

int decimal_context_fill(Value module) {
    for (int i = 0; i < ROUNDING_COUNT; i++) {
        if (value_is_null(rounding_names[i]))
            rounding_names[i] = str_intern_cstr(rounding_texts[i]);
        if (module_add(module, rounding_texts[i], ref_new(rounding_names[i])) < 0)
            return -1;
    }
    if (module_add_type(module, &decimal_context_type) < 0)
        return -1;
    if (value_is_null(current_variable)) {
        Value contextvars = import_module_cstr("_contextvars"); // readies its types
        ref_release(contextvars);
        if (!value_is_null(contextvars))
            current_variable = contextvars_variable_new("decimal_context");
        if (value_is_null(current_variable))
            return -1;
    }
    static const char *const names[] = {"DefaultContext", "BasicContext", "ExtendedContext"};
    const uint32_t most = DECIMAL_INVALID_CLASSES | DECIMAL_DIVISION_BY_ZERO | DECIMAL_OVERFLOW;
    if (value_is_null(templates[0])) {
        templates[0] = make_template(28, DECIMAL_ROUND_HALF_EVEN, most);
        templates[1] =
            make_template(9, DECIMAL_ROUND_HALF_UP, most | DECIMAL_UNDERFLOW | DECIMAL_CLAMPED);
        templates[2] = make_template(9, DECIMAL_ROUND_HALF_EVEN, 0);
    }
    for (int i = 0; i < 3; i++)
        if (module_add(module, names[i], ref_new(templates[i])) < 0)
            return -1;
    return 0;
}
