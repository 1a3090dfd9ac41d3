// SPDX-License-Identifier: MIT
//
// Weak references and proxies as Python sees them.
//
// A weak reference's link is guarded by its shard of the table in gc/weak.c, its callback by its
// own lock. It leaves the table (weak_unlink) before it gives up anything else.
#include "vm/types/weakref.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

static WeakReference *reference_of(Value v) {
    return (WeakReference *)value_object(v);
}

static bool has_callback(const WeakReference *r) {
    return !value_is_null(field_raw(&r->callback));
}

// ---- for gc/weak.c -------------------------------------------------------------------------

bool weak_has_callback(WeakObject *weak) {
    return has_callback((WeakReference *)weak);
}

void weak_run_callback(WeakObject *weak) {
    WeakReference *r = (WeakReference *)weak;
    Value callback = field_swap(&weak->header, &r->callback, VALUE_NULL);
    if (value_is_null(callback))
        return;
    Value result = value_call_one(callback, value_from_object(weak));
    if (value_is_null(result))
        error_report_unraisable(NULL, callback);
    ref_release(result);
    ref_release(callback);
}

// ---- making ----------------------------------------------------------------------------------

static bool is_plain_reference(WeakObject *weak) {
    return weak->header.type == &weakref_type && !weak_has_callback(weak);
}
static bool is_plain_proxy(WeakObject *weak) {
    return (weak->header.type == &weak_proxy_type ||
            weak->header.type == &weak_callable_proxy_type) &&
           !weak_has_callback(weak);
}

int weak_rank(const WeakObject *weak) {
    WeakObject *w = (WeakObject *)weak;
    return is_plain_reference(w) ? 0 : is_plain_proxy(w) ? 1 : 2;
}

static Value make(Type *type, Value target, Value callback, bool (*shared)(WeakObject *weak)) {
    Type *target_type = value_type(target);
    if (!value_is_object(target) ||
        !(__atomic_load_n(&target_type->flags, __ATOMIC_RELAXED) & TYPE_WEAKREFABLE))
        return raise_type_error("cannot create weak reference to '%s' object",
                                type_full_name(target_type));
    if (value_is_none(callback))
        callback = VALUE_NULL;
    if (value_is_null(callback) && shared) {
        Value found = weak_find(value_object(target), shared);
        if (!value_is_null(found))
            return found;
    }
    WeakReference *r = object_allocate(type);
    if (!r)
        return VALUE_NULL;
    r->hash = -1;
    field_init(&r->callback, ref_new(callback));
    Value found; // another thread's, made meanwhile
    bool linked = weak_link_unless(&r->weak, value_object(target),
                                   value_is_null(callback) ? shared : NULL, &found);
    if (LIKELY(linked && value_is_null(found)))
        return value_from_object(r);
    ref_release_object(r);
    return linked ? found : raise_memory_error();
}

Value weakref_new(Value target, Value callback) {
    return make(&weakref_type, target, callback, is_plain_reference);
}

Value weak_proxy_new(Value target, Value callback) {
    return make(value_is_callable(target) ? &weak_callable_proxy_type : &weak_proxy_type, target,
                callback, is_plain_proxy);
}

Value weakref_list(Value v) {
    if (!value_is_object(v))
        return list_new();
    size_t capacity = 8;
    for (;;) {
        Value *items = buffer_allocate(capacity * sizeof *items);
        if (!items)
            return raise_memory_error();
        size_t count = weak_collect(value_object(v), items, capacity);
        size_t got = count < capacity ? count : capacity;
        if (count <= capacity) {
            Value list = list_from_owned(items, (int64_t)got);
            buffer_free(items);
            return list;
        }
        for (size_t i = 0; i < got; i++)
            ref_release(items[i]);
        buffer_free(items);
        capacity = count + 8;
    }
}

int64_t weakref_count(Value v) {
    return value_is_object(v) ? (int64_t)weak_collect(value_object(v), NULL, 0) : 0;
}

// ---- weakref.ref -------------------------------------------------------------------------------

static Value reference_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_count("__new__", nargs, 1, 2) < 0)
        return VALUE_NULL;
    Value callback = nargs > 1 ? args[1] : VALUE_NULL;
    return make(type, args[0], callback, type == &weakref_type ? is_plain_reference : NULL);
}

static int reference_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("ref", kwnames) < 0)
        return -1;
    return arguments_count("__init__", nargs, 1, 2);
}

static void reference_destroy(Object *self) {
    WeakReference *r = (WeakReference *)self;
    weak_unlink(&r->weak);
    ref_release(r->callback);
    type_free_instance(self);
}

static void reference_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, field_raw(&((WeakReference *)self)->callback));
}

static void reference_clear(Object *self) {
    WeakReference *r = (WeakReference *)self;
    weak_unlink(&r->weak);
    field_clear(self, &r->callback);
}

static Value reference_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (!value_is_null(kwnames) && tuple_length(kwnames) > 0)
        return raise_type_error("weakref() takes no keyword arguments");
    if (nargs > 0)
        return raise_type_error("weakref expected 0 arguments, got %zu", nargs);
    Value target = weakref_target(self);
    return value_is_null(target) ? none_new() : target;
}

static int64_t reference_hash(Value self) {
    WeakReference *r = reference_of(self);
    int64_t hash = __atomic_load_n(&r->hash, __ATOMIC_RELAXED);
    if (hash != -1)
        return hash;
    Value target = weakref_target(self);
    if (value_is_null(target)) {
        raise_type_error("weak object has gone away");
        return -1;
    }
    hash = value_hash(target);
    ref_release(target);
    __atomic_store_n(&r->hash, hash, __ATOMIC_RELAXED);
    return hash;
}

static bool is_proxy(Value v) {
    return value_is_exactly(v, &weak_proxy_type) || value_is_exactly(v, &weak_callable_proxy_type);
}

// A proxy on the right stands for its target, too.
static Value reference_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_weakref(self) ||
        !(value_is_weakref(other) || is_proxy(other)))
        return not_implemented_new();
    Value a = weakref_target(self), b = weakref_target(other), result;
    if (value_is_null(a) || value_is_null(b))
        result = bool_new(value_same(self, other) == (op == COMPARE_EQ));
    else
        result = value_compare(a, b, op);
    ref_release(a);
    ref_release(b);
    return result;
}

static Value reference_repr(Value self) {
    Value target = weakref_target(self);
    if (value_is_null(target))
        return str_format("<weakref at %p; dead>", (void *)value_object(self));
    Value name, result;
    if (value_lookup_attr(target, name___name__, &name) < 0) {
        ref_release(target);
        return VALUE_NULL;
    }
    const char *type_name = type_full_name(value_type(target));
    if (value_is_str(name))
        result = str_format("<weakref at %p; to '%s' at %p (%V)>", (void *)value_object(self),
                            type_name, (void *)value_object(target), name);
    else
        result = str_format("<weakref at %p; to '%s' at %p>", (void *)value_object(self), type_name,
                            (void *)value_object(target));
    ref_release(name);
    ref_release(target);
    return result;
}

static const MemberDef reference_members[] = {
    {"__callback__", offsetof(WeakReference, callback), true, true},
    {0},
};

static const NativeDef reference_methods[] = {
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, "Generic alias of the class."),
    DEF_END,
};

Type weakref_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "weakref.ReferenceType",
    .basic_size = sizeof(WeakReference),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .call_new = reference_new,
    .init = reference_init,
    .destroy = reference_destroy,
    .traverse = reference_traverse,
    .clear = reference_clear,
    .repr = reference_repr,
    .hash = reference_hash,
    .compare = reference_compare,
    .call = reference_call,
    .members = reference_members,
    .methods = reference_methods,
};

// ---- proxies -----------------------------------------------------------------------------------

// What a proxy stands for, or the value itself, as a new reference; VALUE_NULL with ReferenceError.
static Value unwrap(Value v) {
    if (!is_proxy(v))
        return ref_new(v);
    Value target = weak_target(weak_object_of(v));
    if (value_is_null(target))
        return raise_error(&exception_ReferenceError, "weakly-referenced object no longer exists");
    return target;
}

#define UNWRAPPED(target, failure)                                                                 \
    Value target = unwrap(self);                                                                   \
    if (value_is_null(target))                                                                     \
        return failure;

#define PROXY_UNARY(function, operation)                                                           \
    static Value function(Value self) {                                                            \
        UNWRAPPED(target, VALUE_NULL)                                                              \
        Value result = operation(target);                                                          \
        ref_release(target);                                                                       \
        return result;                                                                             \
    }

static Value target_int(Value v) {
    return value_call_one(value_from_object(&int_type), v);
}
static Value target_float(Value v) {
    return value_call_one(value_from_object(&float_type), v);
}
PROXY_UNARY(proxy_str, value_str)
PROXY_UNARY(proxy_negative, value_negative)
PROXY_UNARY(proxy_positive, value_positive)
PROXY_UNARY(proxy_absolute, value_absolute)
PROXY_UNARY(proxy_invert, value_invert)
PROXY_UNARY(proxy_int, target_int)
PROXY_UNARY(proxy_float, target_float)
PROXY_UNARY(proxy_index, value_index)
PROXY_UNARY(proxy_iter, value_iter)

static Value target_bytes(Value v) {
    return value_call_method(v, name___bytes__, NULL, 0);
}
static Value target_reversed(Value v) {
    return value_call_method(v, name___reversed__, NULL, 0);
}
PROXY_UNARY(proxy_bytes, target_bytes)
PROXY_UNARY(proxy_reversed, target_reversed)

static Value binary(Value left, Value right, BinaryOperator op, bool in_place) {
    Value a = unwrap(left);
    if (value_is_null(a))
        return a;
    Value b = unwrap(right), result = VALUE_NULL;
    if (!value_is_null(b))
        result = in_place ? value_inplace(a, b, op) : value_binary(a, b, op);
    ref_release(a);
    ref_release(b);
    return result;
}

#define PROXY_BINARY(name, op)                                                                     \
    static Value proxy_##name(Value left, Value right) {                                           \
        return binary(left, right, op, false);                                                     \
    }
#define PROXY_INPLACE(name, op)                                                                    \
    static Value proxy_inplace_##name(Value left, Value right) {                                   \
        return binary(left, right, op, true);                                                      \
    }
PROXY_BINARY(add, BINARY_ADD)
PROXY_BINARY(subtract, BINARY_SUBTRACT)
PROXY_BINARY(multiply, BINARY_MULTIPLY)
PROXY_BINARY(true_divide, BINARY_TRUE_DIVIDE)
PROXY_BINARY(floor_divide, BINARY_FLOOR_DIVIDE)
PROXY_BINARY(modulo, BINARY_MODULO)
PROXY_BINARY(power, BINARY_POWER)
PROXY_BINARY(matrix_multiply, BINARY_MATRIX_MULTIPLY)
PROXY_BINARY(lshift, BINARY_LSHIFT)
PROXY_BINARY(rshift, BINARY_RSHIFT)
PROXY_BINARY(and, BINARY_AND)
PROXY_BINARY(or, BINARY_OR)
PROXY_BINARY(xor, BINARY_XOR)
PROXY_BINARY(divmod, BINARY_DIVMOD)
PROXY_INPLACE(add, BINARY_ADD)
PROXY_INPLACE(subtract, BINARY_SUBTRACT)
PROXY_INPLACE(multiply, BINARY_MULTIPLY)
PROXY_INPLACE(true_divide, BINARY_TRUE_DIVIDE)
PROXY_INPLACE(floor_divide, BINARY_FLOOR_DIVIDE)
PROXY_INPLACE(modulo, BINARY_MODULO)
PROXY_INPLACE(power, BINARY_POWER)
PROXY_INPLACE(matrix_multiply, BINARY_MATRIX_MULTIPLY)
PROXY_INPLACE(lshift, BINARY_LSHIFT)
PROXY_INPLACE(rshift, BINARY_RSHIFT)
PROXY_INPLACE(and, BINARY_AND)
PROXY_INPLACE(or, BINARY_OR)
PROXY_INPLACE(xor, BINARY_XOR)

static Value proxy_power_modulo(Value base, Value exponent, Value modulus) {
    Value a = unwrap(base), result = VALUE_NULL;
    Value b = value_is_null(a) ? VALUE_NULL : unwrap(exponent);
    Value c = value_is_null(b) ? VALUE_NULL : unwrap(modulus);
    if (!value_is_null(c))
        result = value_power(a, b, c);
    ref_release(a);
    ref_release(b);
    ref_release(c);
    return result;
}

static Value proxy_compare(Value left, Value right, CompareOperator op) {
    Value a = unwrap(left);
    if (value_is_null(a))
        return a;
    Value b = unwrap(right);
    Value result = value_is_null(b) ? b : value_compare(a, b, op);
    ref_release(a);
    ref_release(b);
    return result;
}

static Value proxy_repr(Value self) {
    Value target = weak_target(weak_object_of(self));
    Value shown = value_is_null(target) ? VALUE_NONE : target;
    Value result = str_format("<weakproxy at %p to %s at %p>", (void *)value_object(self),
                              type_full_name(value_type(shown)), (void *)value_object(shown));
    ref_release(target);
    return result;
}

static Value proxy_getattr(Value self, Value name) {
    UNWRAPPED(target, VALUE_NULL)
    Value result = value_getattr(target, name);
    ref_release(target);
    return result;
}

static int proxy_setattr(Value self, Value name, Value value) {
    UNWRAPPED(target, -1)
    int result =
        value_is_null(value) ? value_delattr(target, name) : value_setattr(target, name, value);
    ref_release(target);
    return result;
}

static Value proxy_next(Value self) {
    UNWRAPPED(target, VALUE_NULL)
    Value result;
    Type *type = value_type(target);
    if (type->next)
        result = value_next(target);
    else
        result = raise_type_error("Weakref proxy referenced a non-iterator '%s' object",
                                  type_full_name(type));
    ref_release(target);
    return result;
}

static int proxy_boolean(Value self) {
    UNWRAPPED(target, -1)
    int result = value_truth(target);
    ref_release(target);
    return result;
}

static int64_t proxy_length(Value self) {
    UNWRAPPED(target, -1)
    int64_t result = value_length(target);
    ref_release(target);
    return result;
}

static Value proxy_getitem(Value self, Value key) {
    UNWRAPPED(target, VALUE_NULL)
    Value result = value_getitem(target, key);
    ref_release(target);
    return result;
}

static int proxy_setitem(Value self, Value key, Value value) {
    UNWRAPPED(target, -1)
    int result =
        value_is_null(value) ? value_delitem(target, key) : value_setitem(target, key, value);
    ref_release(target);
    return result;
}

static int proxy_contains(Value self, Value item) {
    UNWRAPPED(target, -1)
    int result = value_contains(target, item);
    ref_release(target);
    return result;
}

static Value proxy_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    UNWRAPPED(target, VALUE_NULL)
    Value result = value_call(target, args, nargs, kwnames);
    ref_release(target);
    return result;
}

static const NativeDef proxy_methods[] = {
    DEF_NONE("__bytes__", proxy_bytes, "bytes() of what the proxy stands for."),
    DEF_NONE("__reversed__", proxy_reversed, "reversed() of what the proxy stands for."),
    DEF_END,
};

// What both kinds of proxy share.
#define PROXY_SLOTS                                                                                \
    .basic_size = sizeof(WeakReference), .kind = HEAP_CONTAINER,                                   \
    .flags = TYPE_NO_NEW | TYPE_UNHASHABLE, .destroy = reference_destroy,                          \
    .traverse = reference_traverse, .clear = reference_clear, .repr = proxy_repr,                  \
    .str = proxy_str, .compare = proxy_compare, .getattr = proxy_getattr,                          \
    .setattr = proxy_setattr, .iter = proxy_iter, .next = proxy_next,                              \
    .binary =                                                                                      \
        {                                                                                          \
            [BINARY_ADD] = proxy_add,                                                              \
            [BINARY_SUBTRACT] = proxy_subtract,                                                    \
            [BINARY_MULTIPLY] = proxy_multiply,                                                    \
            [BINARY_TRUE_DIVIDE] = proxy_true_divide,                                              \
            [BINARY_FLOOR_DIVIDE] = proxy_floor_divide,                                            \
            [BINARY_MODULO] = proxy_modulo,                                                        \
            [BINARY_POWER] = proxy_power,                                                          \
            [BINARY_MATRIX_MULTIPLY] = proxy_matrix_multiply,                                      \
            [BINARY_LSHIFT] = proxy_lshift,                                                        \
            [BINARY_RSHIFT] = proxy_rshift,                                                        \
            [BINARY_AND] = proxy_and,                                                              \
            [BINARY_OR] = proxy_or,                                                                \
            [BINARY_XOR] = proxy_xor,                                                              \
            [BINARY_DIVMOD] = proxy_divmod,                                                        \
    },                                                                                             \
    .inplace =                                                                                     \
        {                                                                                          \
            [BINARY_ADD] = proxy_inplace_add,                                                      \
            [BINARY_SUBTRACT] = proxy_inplace_subtract,                                            \
            [BINARY_MULTIPLY] = proxy_inplace_multiply,                                            \
            [BINARY_TRUE_DIVIDE] = proxy_inplace_true_divide,                                      \
            [BINARY_FLOOR_DIVIDE] = proxy_inplace_floor_divide,                                    \
            [BINARY_MODULO] = proxy_inplace_modulo,                                                \
            [BINARY_POWER] = proxy_inplace_power,                                                  \
            [BINARY_MATRIX_MULTIPLY] = proxy_inplace_matrix_multiply,                              \
            [BINARY_LSHIFT] = proxy_inplace_lshift,                                                \
            [BINARY_RSHIFT] = proxy_inplace_rshift,                                                \
            [BINARY_AND] = proxy_inplace_and,                                                      \
            [BINARY_OR] = proxy_inplace_or,                                                        \
            [BINARY_XOR] = proxy_inplace_xor,                                                      \
    },                                                                                             \
    .power_modulo = proxy_power_modulo, .negative = proxy_negative, .positive = proxy_positive,    \
    .absolute = proxy_absolute, .invert = proxy_invert, .to_int = proxy_int,                       \
    .to_float = proxy_float, .index = proxy_index, .boolean = proxy_boolean,                       \
    .length = proxy_length, .getitem = proxy_getitem, .setitem = proxy_setitem,                    \
    .contains = proxy_contains, .methods = proxy_methods

Type weak_proxy_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "weakref.ProxyType",
    PROXY_SLOTS,
};

Type weak_callable_proxy_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "weakref.CallableProxyType",
    .call = proxy_call,
    PROXY_SLOTS,
};

void weakref_start(void) {
    type_ready(&weakref_type);
    type_ready(&weak_proxy_type);
    type_ready(&weak_callable_proxy_type);
}
