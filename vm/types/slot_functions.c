// SPDX-License-Identifier: MIT
//
// The slots of classes written in Python: each looks up a dunder method on the type and calls
// it, without making a bound method where the method is a plain function.
#include "vm/types/slot_functions.h"

// Calls a method that was found on args[0]'s type (a reference that is consumed) with args (args[0]
// is self).
static Value call_found(Value method, const Value *args, size_t nargs, Value kwnames) {
    Type *kind = value_type(method);
    Value result;
    if (LIKELY(type_has(kind, TYPE_METHOD_DESCRIPTOR))) {
        result = value_call(method, args, nargs, kwnames);
    } else if (kind->descr_get) {
        Value bound = kind->descr_get(method, args[0], value_from_object(value_type(args[0])));
        if (value_is_null(bound)) {
            result = VALUE_NULL;
        } else {
            result = value_call(bound, args + 1, nargs - 1, kwnames);
            ref_release(bound);
        }
    } else {
        result = value_call(method, args + 1, nargs - 1, kwnames);
    }
    ref_release(method);
    return result;
}

// Calls the method `name` of args[0]'s type with args. If there is none, gives VALUE_NULL without
// an exception and *missing is true.
static Value special(Value name, const Value *args, size_t nargs, Value kwnames, bool *missing) {
    Value method = type_lookup(value_type(args[0]), name);
    *missing = value_is_null(method);
    return UNLIKELY(*missing) ? method : call_found(method, args, nargs, kwnames);
}

// The same where the method must be there (it was when the slot was set).
static Value special_required(Value name, const Value *args, size_t nargs) {
    bool missing;
    Value result = special(name, args, nargs, VALUE_NULL, &missing);
    if (missing)
        raise_error(&exception_AttributeError, "%V", name);
    return result;
}

// ---- operators -----------------------------------------------------------------------------

static Value call_binary(Value name, Value self, Value other) {
    Value args[2] = {self, other};
    bool missing;
    Value result = special(name, args, 2, VALUE_NULL, &missing);
    return missing ? not_implemented_new() : result;
}

// Whether the type of b has another method `reflected` than the type of a.
static bool is_overloaded(Value a, Value b, Value reflected) {
    Value of_b = type_lookup(value_type(b), reflected);
    if (value_is_null(of_b))
        return false;
    Value of_a = type_lookup(value_type(a), reflected);
    bool different = !value_same(of_a, of_b);
    ref_release(of_a);
    ref_release(of_b);
    return different;
}

// a op b, where the slot of a's or of b's type (or both) is `function`.
static Value binary(Value a, Value b, BinaryOperator op, BinaryFunction function, Value name,
                    Value reflected) {
    Type *type_a = value_type(a), *type_b = value_type(b);
    bool other = type_a != type_b && type_b->binary[op] == function;
    if (type_a->binary[op] == function) {
        if (other && type_is_subtype(type_b, type_a) && is_overloaded(a, b, reflected)) {
            Value result = call_binary(reflected, b, a);
            if (!value_same(result, VALUE_NOT_IMPLEMENTED))
                return result;
            ref_release(result);
            other = false;
        }
        Value result = call_binary(name, a, b);
        if (!other || !value_same(result, VALUE_NOT_IMPLEMENTED))
            return result;
        ref_release(result);
    }
    if (other)
        return call_binary(reflected, b, a);
    return not_implemented_new();
}

#define X(name, OP, text)                                                                          \
    Value slot_binary_##name(Value a, Value b) {                                                   \
        return binary(a, b, BINARY_##OP, slot_binary_##name, name___##name##__,                    \
                      name___r##name##__);                                                         \
    }                                                                                              \
    Value slot_inplace_##name(Value a, Value b) {                                                  \
        return call_binary(name___i##name##__, a, b);                                              \
    }
SLOT_BINARY_OPERATORS(X)
#undef X

Value slot_binary_divmod(Value a, Value b) {
    return binary(a, b, BINARY_DIVMOD, slot_binary_divmod, name___divmod__, name___rdivmod__);
}

// Three arguments never ask the exponent or the modulus.
Value slot_power_modulo(Value base, Value exponent, Value modulus) {
    if (value_type(base)->power_modulo != slot_power_modulo)
        return not_implemented_new();
    Value args[3] = {base, exponent, modulus};
    bool missing;
    Value result = special(name___pow__, args, 3, VALUE_NULL, &missing);
    return missing ? not_implemented_new() : result;
}

#define UNARY(function, dunder)                                                                    \
    Value function(Value self) {                                                                   \
        return special_required(dunder, &self, 1);                                                 \
    }
UNARY(slot_neg, name___neg__)
UNARY(slot_pos, name___pos__)
UNARY(slot_abs, name___abs__)
UNARY(slot_invert, name___invert__)
UNARY(slot_int, name___int__)
UNARY(slot_float, name___float__)
UNARY(slot_index, name___index__)
UNARY(slot_repr, name___repr__)
UNARY(slot_str, name___str__)
UNARY(slot_await, name___await__)
UNARY(slot_aiter, name___aiter__)
UNARY(slot_anext, name___anext__)

Value slot_iter(Value self) {
    Value method = type_lookup_borrowed(value_type(self), name___iter__);
    if (value_is_none(method))
        return raise_type_error("'%T' object is not iterable", self);
    return special_required(name___iter__, &self, 1);
}

Value slot_next(Value self) {
    return special_required(name___next__, &self, 1);
}

int slot_bool(Value self) {
    Value v = special_required(name___bool__, &self, 1);
    if (value_is_null(v))
        return -1;
    int result = value_same(v, VALUE_TRUE);
    if (!value_is_bool(v))
        result = raise_int(&exception_TypeError, "__bool__ should return bool, returned %T", v);
    ref_release(v);
    return result;
}

int64_t slot_hash(Value self) {
    Value v = special_required(name___hash__, &self, 1);
    if (value_is_null(v))
        return -1;
    int64_t hash;
    if (!value_is_any_int(v))
        hash = raise_int(&exception_TypeError, "__hash__ method should return an integer");
    else if (!int_to_i64(v, &hash))
        hash = int_hash(v);
    else if (hash == -1)
        hash = -2;
    ref_release(v);
    return hash;
}

Value slot_compare(Value self, Value other, CompareOperator op) {
    static Value *const names[] = {&name___lt__, &name___le__, &name___eq__,
                                   &name___ne__, &name___gt__, &name___ge__};
    Value name = *names[op];
    // Most classes define few of the six; the others are object's, which need no call.
    Value method = type_lookup(value_type(self), name);
    if (value_is_exactly(method, &wrapper_type)) {
        Wrapper *w = (Wrapper *)value_object(method);
        Value (*compare)(Value, Value, CompareOperator) =
            (Value(*)(Value, Value, CompareOperator))w->function;
        if (LIKELY(type_is_subtype(value_type(self), w->owner))) {
            Value result = compare(self, other, (CompareOperator)w->def->operator);
            ref_release(method);
            return result;
        }
    }
    // Unlike elsewhere, a method that cannot be bound counts as missing.
    Type *kind = value_is_null(method) ? NULL : value_type(method);
    if (kind && kind->descr_get && !type_has(kind, TYPE_METHOD_DESCRIPTOR)) {
        Value bound = kind->descr_get(method, self, value_from_object(value_type(self)));
        ref_release(method);
        if (value_is_null(bound)) {
            error_clear();
            return not_implemented_new();
        }
        Value result = value_call_one(bound, other);
        ref_release(bound);
        return result;
    }
    if (UNLIKELY(value_is_null(method)))
        return not_implemented_new();
    Value args[2] = {self, other};
    return call_found(method, args, 2, VALUE_NULL);
}

// ---- calls and attributes --------------------------------------------------------------------

// args with self in front.
#define ARGS_ON_STACK 8
static Value *prepend(Value self, const Value *args, size_t count, Value *space) {
    Value *all = space;
    if (count + 1 > ARGS_ON_STACK) {
        all = buffer_allocate((count + 1) * sizeof(Value));
        if (!all) {
            raise_memory_error();
            return NULL;
        }
    }
    all[0] = self;
    memcpy(all + 1, args, count * sizeof(Value));
    return all;
}

static Value call_with_self(Value name, Value self, const Value *args, size_t nargs, Value kwnames,
                            bool *missing) {
    size_t count = nargs; // positional ones; the values of keywords follow
    size_t all_count = count + (value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames));
    Value space[ARGS_ON_STACK];
    *missing = false;
    Value *all = prepend(self, args, all_count, space);
    if (!all)
        return VALUE_NULL;
    Value result = special(name, all, count + 1, kwnames, missing);
    if (all != space)
        buffer_free(all);
    return result;
}

Value slot_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    bool missing;
    Value result = call_with_self(name___call__, self, args, nargs, kwnames, &missing);
    if (missing)
        return raise_type_error("'%T' object is not callable", self);
    return result;
}

int slot_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    bool missing;
    Value result = call_with_self(name___init__, self, args, nargs, kwnames, &missing);
    if (missing)
        return raise_int(&exception_AttributeError, "__init__");
    if (value_is_null(result))
        return -1;
    int status = 0;
    if (!value_is_none(result))
        status = raise_int(&exception_TypeError, "__init__() should return None, not '%T'", result);
    ref_release(result);
    return status;
}

Value slot_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value self = value_from_object(type);
    Value method = type_lookup(type, name___new__);
    if (value_is_null(method))
        return raise_error(&exception_AttributeError, "__new__");
    Value (*get)(Value, Value, Value) = value_type(method)->descr_get;
    if (get) {
        Value bound = get(method, VALUE_NULL, self);
        ref_release(method);
        if (value_is_null(bound))
            return bound;
        method = bound;
    }
    size_t all_count = nargs + (value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames));
    Value space[ARGS_ON_STACK];
    Value *all = prepend(self, args, all_count, space);
    Value result = all ? value_call(method, all, nargs + 1, kwnames) : VALUE_NULL;
    if (all && all != space)
        buffer_free(all);
    ref_release(method);
    return result;
}

// __getattribute__, then __getattr__ if that raised AttributeError.
Value slot_getattr(Value self, Value name) {
    Type *type = value_type(self);
    Value fallback = type_lookup(type, name___getattr__);
    Value args[2] = {self, name};
    Value result;
    Value getattribute = type_lookup(type, name___getattribute__);
    bool plain = value_is_exactly(getattribute, &wrapper_type) &&
                 ((Wrapper *)value_object(getattribute))->function == object_generic_getattr;
    ref_release(getattribute);
    if (plain && !value_is_null(fallback)) {
        int found = object_generic_find(self, name, &result);
        if (found != 0) {
            if (found < 0 && error_matches(&exception_AttributeError)) {
                error_clear();
            } else {
                ref_release(fallback);
                return result;
            }
        }
    } else {
        bool missing;
        result = plain ? object_generic_getattr(self, name)
                       : special(name___getattribute__, args, 2, VALUE_NULL, &missing);
        if (!value_is_null(result) || value_is_null(fallback) ||
            !error_matches(&exception_AttributeError)) {
            ref_release(fallback);
            return result;
        }
        error_clear();
    }
    ref_release(fallback);
    result = special_required(name___getattr__, args, 2);
    if (value_is_null(result))
        error_set_name_object(name, self);
    return result;
}

static int discard(Value result) {
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

int slot_setattr(Value self, Value name, Value value) {
    Value args[3] = {self, name, value};
    if (value_is_null(value))
        return discard(special_required(name___delattr__, args, 2));
    return discard(special_required(name___setattr__, args, 3));
}

Value slot_descr_get(Value self, Value object, Value owner) {
    Value args[3] = {self, value_is_null(object) ? VALUE_NONE : object,
                     value_is_null(owner) ? VALUE_NONE : owner};
    // Unlike other methods it is not bound, whatever it is: it gets all three.
    Value method = type_lookup(value_type(self), name___get__);
    if (value_is_null(method))
        return ref_new(self);
    Value result = value_call(method, args, 3, VALUE_NULL);
    ref_release(method);
    return result;
}

int slot_descr_set(Value self, Value object, Value value) {
    Value args[3] = {self, object, value};
    if (value_is_null(value))
        return discard(special_required(name___delete__, args, 2));
    return discard(special_required(name___set__, args, 3));
}

void slot_finalize(Object *o) {
    Value self = value_from_object(o);
    Value saved = error_take();
    Value method = type_lookup(value_type(self), name___del__);
    if (!value_is_null(method)) {
        bool missing;
        Value result = special(name___del__, &self, 1, VALUE_NULL, &missing);
        if (value_is_null(result) && !missing)
            error_report_unraisable(NULL, method);
        ref_release(result);
        ref_release(method);
    }
    if (!value_is_null(saved))
        error_restore(saved);
}

// ---- containers --------------------------------------------------------------------------------

int64_t slot_length(Value self) {
    Value v = special_required(name___len__, &self, 1);
    if (value_is_null(v))
        return -1;
    int64_t length = -1;
    if (LIKELY(value_is_int(v))) {
        length = value_int(v);
    } else {
        Value index = value_index(v);
        ref_release(v);
        if (value_is_null(index))
            return -1;
        v = index;
        if (int_sign(v) >= 0 && value_to_size(v, &length) < 0)
            length = -2;
    }
    ref_release(v);
    if (length == -2)
        return -1;
    if (length < 0)
        return raise_int(&exception_ValueError, "__len__() should return >= 0");
    return length;
}

Value slot_getitem(Value self, Value key) {
    Value args[2] = {self, key};
    return special_required(name___getitem__, args, 2);
}

int slot_setitem(Value self, Value key, Value value) {
    Value args[3] = {self, key, value};
    if (value_is_null(value))
        return discard(special_required(name___delitem__, args, 2));
    return discard(special_required(name___setitem__, args, 3));
}

int slot_contains(Value self, Value item) {
    Value method = type_lookup_borrowed(value_type(self), name___contains__);
    if (value_is_none(method))
        return raise_int(&exception_TypeError, "'%T' object is not a container", self);
    Value args[2] = {self, item};
    Value v = special_required(name___contains__, args, 2);
    if (value_is_null(v))
        return -1;
    int truth = value_truth(v);
    ref_release(v);
    return truth;
}
