// SPDX-License-Identifier: MIT
//
// Signals: the exception classes of decimal, the bits that stand for them, and SignalDict, the
// mapping that a context's flags and traps are.
//
// The classes are made once, with the module, and never die.
#include "vm/modules/decimal_objects.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    const char *name;
    uint32_t bits;
    Value class; // set when the module is made first
} Signal;

// In the order in which they are raised and listed.
enum { SIGNAL_COUNT = 9 };
static Signal signals[SIGNAL_COUNT] = {
    {"InvalidOperation", DECIMAL_INVALID_CLASSES, {0}},
    {"FloatOperation", DECIMAL_FLOAT_OPERATION, {0}},
    {"DivisionByZero", DECIMAL_DIVISION_BY_ZERO, {0}},
    {"Overflow", DECIMAL_OVERFLOW, {0}},
    {"Underflow", DECIMAL_UNDERFLOW, {0}},
    {"Subnormal", DECIMAL_SUBNORMAL, {0}},
    {"Inexact", DECIMAL_INEXACT, {0}},
    {"Rounded", DECIMAL_ROUNDED, {0}},
    {"Clamped", DECIMAL_CLAMPED, {0}},
};

// What InvalidOperation is told apart into. The first is InvalidOperation itself.
enum { CONDITION_COUNT = 5 };
static Signal conditions[CONDITION_COUNT] = {
    {"InvalidOperation", DECIMAL_INVALID_OPERATION, {0}},
    {"ConversionSyntax", DECIMAL_CONVERSION_SYNTAX, {0}},
    {"DivisionImpossible", DECIMAL_DIVISION_IMPOSSIBLE, {0}},
    {"DivisionUndefined", DECIMAL_DIVISION_UNDEFINED, {0}},
    {"InvalidContext", DECIMAL_INVALID_CONTEXT, {0}},
};

static Value decimal_exception; // DecimalException
static Value signal_classes;    // tuple of the signals' classes
static Value signal_dict_class; // SignalDict

static const char *const which_signals =
    "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   "
    "Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";

// ---- raising -----------------------------------------------------------------------------------

// The classes that say most, InvalidOperation as what it was.
static Value condition_list(uint32_t bits) {
    Value list = list_new();
    for (int i = 0; i < CONDITION_COUNT && !value_is_null(list); i++)
        if ((bits & conditions[i].bits) && list_append(list, conditions[i].class) < 0)
            goto failed;
    for (int i = 1; i < SIGNAL_COUNT && !value_is_null(list); i++)
        if ((bits & signals[i].bits) && list_append(list, signals[i].class) < 0)
            goto failed;
    return list;
failed:
    ref_release(list);
    return VALUE_NULL;
}

int decimal_signal_raise(uint32_t trapped) {
    int first = 0;
    while (!(trapped & signals[first].bits))
        first++;
    Value list = condition_list(trapped);
    if (value_is_null(list))
        return -1;
    Value error = value_call_one(signals[first].class, list);
    if (!value_is_null(error))
        raise_object(error);
    ref_release(error);
    ref_release(list);
    return -1;
}

Value signal_list(uint32_t bits) {
    Value list = list_new();
    for (int i = 0; i < SIGNAL_COUNT && !value_is_null(list); i++) {
        if ((bits & signals[i].bits) && list_append(list, signals[i].class) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return list;
}

// In the order of libmpdec's bits, where each condition has one and InvalidOperation stands for the
// first that is there.
void signal_names(StrBuilder *b, uint32_t bits) {
    static const struct {
        uint32_t bit;
        const char *name;
    } order[] = {
        {DECIMAL_CLAMPED, "Clamped"},
        {DECIMAL_CONVERSION_SYNTAX, "InvalidOperation"},
        {DECIMAL_DIVISION_BY_ZERO, "DivisionByZero"},
        {DECIMAL_DIVISION_IMPOSSIBLE, "InvalidOperation"},
        {DECIMAL_DIVISION_UNDEFINED, "InvalidOperation"},
        {DECIMAL_INEXACT, "Inexact"},
        {DECIMAL_INVALID_CONTEXT, "InvalidOperation"},
        {DECIMAL_INVALID_OPERATION, "InvalidOperation"},
        {DECIMAL_FLOAT_OPERATION, "FloatOperation"},
        {DECIMAL_OVERFLOW, "Overflow"},
        {DECIMAL_ROUNDED, "Rounded"},
        {DECIMAL_SUBNORMAL, "Subnormal"},
        {DECIMAL_UNDERFLOW, "Underflow"},
    };
    bool any = false;
    str_builder_char(b, '[');
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (!(bits & order[i].bit))
            continue;
        if (order[i].bit & DECIMAL_INVALID_CLASSES)
            bits &= ~(uint32_t)DECIMAL_INVALID_CLASSES;
        if (any)
            str_builder_ascii(b, ", ", 2);
        str_builder_cstr(b, order[i].name);
        any = true;
    }
    str_builder_char(b, ']');
}

// ---- bits from Python's values -----------------------------------------------------------------

// 0: KeyError with that text.
static uint32_t bits_or_raise(Value class, const char *message) {
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (value_same(class, signals[i].class))
            return signals[i].bits;
    raise_error(&exception_KeyError, "%s", message);
    return 0;
}
static uint32_t bits_of_class(Value class) {
    return bits_or_raise(class, which_signals);
}

static int bits_from_list(Value list, uint32_t *bits) {
    Value classes = list_to_tuple(list);
    if (value_is_null(classes))
        return -1;
    *bits = 0;
    int status = 0;
    for (int64_t i = 0; i < tuple_length(classes) && status == 0; i++) {
        uint32_t bit = bits_of_class(tuple_item(classes, i));
        *bits |= bit;
        status = bit ? 0 : -1;
    }
    ref_release(classes);
    return status;
}

static int bits_from_dict(Value dict, uint32_t *bits) {
    if (dict_length(dict) != SIGNAL_COUNT)
        return raise_int(&exception_KeyError, "invalid signal dict");
    Value items = dict_items_list(dict);
    if (value_is_null(items))
        return -1;
    Value pairs = list_into_tuple(items);
    ref_release(items);
    if (value_is_null(pairs))
        return -1;
    *bits = 0;
    int status = 0;
    for (int64_t i = 0; i < tuple_length(pairs) && status == 0; i++) {
        Value pair = tuple_item(pairs, i);
        uint32_t bit = bits_or_raise(tuple_item(pair, 0), "invalid signal dict");
        int truth = bit ? value_truth(tuple_item(pair, 1)) : -1;
        if (truth > 0)
            *bits |= bit;
        status = truth < 0 ? -1 : 0;
    }
    ref_release(pairs);
    return status;
}

static bool is_signal_dict(Value v) {
    return value_is_a(v, &signal_dict_type);
}

int signal_bits_from(Value v, bool list_too, uint32_t *bits) {
    if (is_signal_dict(v)) {
        *bits = signal_dict_bits(v);
        return 0;
    }
    if (list_too && value_is_list(v))
        return bits_from_list(v, bits);
    if (value_is_dict(v))
        return bits_from_dict(v, bits);
    return raise_int(&exception_TypeError, "argument must be a signal dict");
}

// ---- SignalDict --------------------------------------------------------------------------------

Value signal_dict_new(uint32_t bits) {
    SignalDict *d = object_allocate((Type *)value_object(signal_dict_class));
    if (!d)
        return VALUE_NULL;
    d->bits = bits;
    return value_from_object(d);
}

static Value signal_dict_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    SignalDict *d = object_allocate(type);
    if (!d)
        return VALUE_NULL;
    d->bits = 0;
    return value_from_object(d);
}

static Value signal_dict_iter(Value self) {
    return value_iter(signal_classes);
}
static int64_t signal_dict_length(Value self) {
    return SIGNAL_COUNT;
}

static Value signal_dict_getitem(Value self, Value key) {
    uint32_t bits = bits_of_class(key);
    return bits ? bool_new(signal_dict_bits(self) & bits) : VALUE_NULL;
}

static int signal_dict_setitem(Value self, Value key, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_ValueError, "signal keys cannot be deleted");
    uint32_t bits = bits_of_class(key);
    if (!bits)
        return -1;
    int truth = value_truth(value);
    if (truth < 0)
        return -1;
    if (truth)
        __atomic_fetch_or(&signal_dict_of(self)->bits, bits, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&signal_dict_of(self)->bits, ~bits, __ATOMIC_RELAXED);
    return 0;
}

static Value signal_dict_repr(Value self) {
    uint32_t bits = signal_dict_bits(self);
    StrBuilder b;
    str_builder_start(&b);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        str_builder_ascii(&b, i ? ", " : "{", i ? 2 : 1);
        str_builder_cstr(&b, "<class 'decimal.");
        str_builder_cstr(&b, signals[i].name);
        str_builder_cstr(&b, "'>:");
        str_builder_cstr(&b, bits & signals[i].bits ? "True" : "False");
    }
    str_builder_char(&b, '}');
    return str_builder_finish(&b);
}

static Value signal_dict_compare(Value self, Value other, CompareOperator op) {
    if (op != COMPARE_EQ && op != COMPARE_NE)
        return not_implemented_new();
    if (!is_signal_dict(other) && !value_is_dict(other))
        return not_implemented_new();
    uint32_t bits;
    if (signal_bits_from(other, false, &bits) < 0) {
        if (!error_matches(&exception_KeyError))
            return VALUE_NULL;
        error_clear();
        return not_implemented_new();
    }
    return bool_new((bits == signal_dict_bits(self)) == (op == COMPARE_EQ));
}

static Value signal_dict_copy(Value self) {
    uint32_t bits = signal_dict_bits(self);
    Value dict = dict_new();
    for (int i = 0; i < SIGNAL_COUNT && !value_is_null(dict); i++) {
        if (dict_set(dict, signals[i].class, value_from_bool(bits & signals[i].bits)) < 0) {
            ref_release(dict);
            return VALUE_NULL;
        }
    }
    return dict;
}

static Value signal_dict_reduce(Value self, Value protocol) {
    return raise_type_error("cannot pickle '%T' object", self);
}

static const NativeDef signal_dict_methods[] = {
    DEF_NONE("copy", signal_dict_copy, "A dict of the same."),
    DEF_ONE("__reduce_ex__", signal_dict_reduce, "Raises TypeError."),
    DEF_END,
};

Type signal_dict_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "decimal.SignalDictMixin",
    .basic_size = sizeof(SignalDict),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_UNHASHABLE,
    .call_new = signal_dict_call_new,
    .repr = signal_dict_repr,
    .compare = signal_dict_compare,
    .iter = signal_dict_iter,
    .length = signal_dict_length,
    .getitem = signal_dict_getitem,
    .setitem = signal_dict_setitem,
    .methods = signal_dict_methods,
};

// ---- the module's part -------------------------------------------------------------------------

static int add_class(Value module, Value *slot, const char *name, Value a, Value b, Value c) {
    Value bases = value_is_null(b)   ? tuple_pack(1, a)
                  : value_is_null(c) ? tuple_pack(2, a, b)
                                     : tuple_pack(3, a, b, c);
    if (value_is_null(bases))
        return -1;
    int status = exception_class_add(module, slot, "decimal", name, bases, NULL);
    ref_release(bases);
    return status;
}

static Signal *signal_named(const char *name) {
    Signal *s = signals;
    while (strcmp(s->name, name) != 0)
        s++;
    return s;
}

static int add_classes(Value module) {
    const Value none = VALUE_NULL;
    const Value arithmetic = value_from_object(&exception_ArithmeticError);
    const Value by_zero = value_from_object(&exception_ZeroDivisionError);
    if (add_class(module, &decimal_exception, "DecimalException", arithmetic, none, none) < 0)
        return -1;
    const Value top = decimal_exception;
    static const char *const plain[] = {"InvalidOperation", "Clamped", "Rounded", "Inexact",
                                        "Subnormal"};
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (add_class(module, &signal_named(plain[i])->class, plain[i], top, none, none) < 0)
            return -1;
    const Value inexact = signal_named("Inexact")->class, rounded = signal_named("Rounded")->class;
    if (add_class(module, &signal_named("FloatOperation")->class, "FloatOperation", top,
                  value_from_object(&exception_TypeError), none) < 0 ||
        add_class(module, &signal_named("DivisionByZero")->class, "DivisionByZero", top, by_zero,
                  none) < 0 ||
        add_class(module, &signal_named("Overflow")->class, "Overflow", inexact, rounded, none) <
            0 ||
        add_class(module, &signal_named("Underflow")->class, "Underflow", inexact, rounded,
                  signal_named("Subnormal")->class) < 0)
        return -1;
    conditions[0].class = signals[0].class;
    for (int i = 1; i < CONDITION_COUNT; i++)
        if (add_class(module, &conditions[i].class, conditions[i].name, signals[0].class,
                      conditions[i].bits == DECIMAL_DIVISION_UNDEFINED ? by_zero : none, none) < 0)
            return -1;
    return 0;
}

// class SignalDict(SignalDictMixin, collections.abc.MutableMapping)
static Value make_dict_class(void) {
    Value abc = import_module_cstr("collections.abc"), mapping = VALUE_NULL, class = VALUE_NULL;
    Value name = str_intern_cstr("SignalDict"), bases = VALUE_NULL, names = dict_new();
    if (!value_is_null(abc))
        mapping = value_getattr_cstr(abc, "MutableMapping");
    if (!value_is_null(mapping))
        bases = tuple_pack(2, value_from_object(&signal_dict_type), mapping);
    if (!value_is_null(bases) && !value_is_null(names)) {
        Value arguments[] = {name, bases, names};
        class = value_call(value_from_object(value_type(mapping)), arguments, 3, VALUE_NULL);
    }
    Value used[] = {abc, mapping, name, bases, names};
    for (int i = 0; i < 5; i++)
        ref_release(used[i]);
    return class;
}

int decimal_signals_fill(Value module) {
    if (add_classes(module) < 0)
        return -1;
    if (value_is_null(signal_classes)) {
        Value classes = tuple_allocate(SIGNAL_COUNT);
        if (value_is_null(classes))
            return -1;
        for (int i = 0; i < SIGNAL_COUNT; i++)
            tuple_of(classes)->items[i] = ref_new(signals[i].class);
        signal_classes = classes;
    }
    if (value_is_null(signal_dict_class)) {
        type_ready(&signal_dict_type);
        signal_dict_class = make_dict_class();
    }
    return value_is_null(signal_dict_class) ? -1 : 0;
}
