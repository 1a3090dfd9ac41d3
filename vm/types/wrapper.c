// SPDX-License-Identifier: MIT
//
// Slot wrappers (int.__add__) and what they bind to (the method-wrapper (1).__add__): the slots of
// native types as Python callables.
#include "vm/types/type_internal.h"

typedef struct {
    Object header;
    Wrapper *wrapper; // owned
    Value self;       // constant
} MethodWrapper;

static inline Wrapper *wrapper_of(Value v) {
    return (Wrapper *)value_object(v);
}
static inline MethodWrapper *bound_of(Value v) {
    return (MethodWrapper *)value_object(v);
}

Value wrapper_new(Type *owner, const SlotDef *def, void *function) {
    Wrapper *w = object_allocate(&wrapper_type);
    if (!w)
        return VALUE_NULL;
    w->owner = owner;
    w->def = def;
    w->function = function;
    return value_from_object(w);
}

// ---- calling a slot function as the method it stands for ----------------------------------------

// These have a name in CPython's message, which is empty.
static const char *empty_name(WrapKind kind) {
    bool named = kind == WRAP_SETATTR || kind == WRAP_SETITEM || kind == WRAP_REPEAT ||
                 kind == WRAP_DESCR_GET || kind == WRAP_DESCR_SET || kind == WRAP_POWER ||
                 kind == WRAP_POWER_REFLECTED;
    return named ? " " : "";
}

static Value expected(WrapKind kind, size_t wanted, size_t given) {
    return raise_type_error("%sexpected %zu argument%s, got %zu", empty_name(kind), wanted,
                            wanted == 1 ? "" : "s", given);
}

static Value none_or_null(int result) {
    return result < 0 ? VALUE_NULL : none_new();
}

// object.__setattr__ must not get around what a nearer native type forbids (type's own rules).
static int may_set_attribute(Value self, void *function, const char *what) {
    Type *native = type_native_base(value_type(self));
    if ((void *)native->setattr == function || (!value_is_type(self) && !native->setattr))
        return 0;
    if ((void *)native->setattr != function && value_is_type(self))
        return raise_int(&exception_TypeError, "can't apply this %s to %T object", what, self);
    return 0;
}

Value wrapper_apply(const SlotDef *def, Type *owner, void *function, Value self, const Value *args,
                    size_t nargs, Value kwnames) {
    WrapKind kind = def->wrap;
    if (kind == WRAP_CALL)
        return ((NativeVector)function)(self, args, nargs, kwnames);
    if (kind == WRAP_INIT)
        return none_or_null(
            ((int (*)(Value, const Value *, size_t, Value))function)(self, args, nargs, kwnames));
    if (!value_is_null(kwnames) && tuple_length(kwnames))
        return raise_type_error("wrapper %s() takes no keyword arguments", def->name);
    static const uint8_t counts[] = {
        [WRAP_UNARY] = 0,    [WRAP_BINARY] = 1,    [WRAP_REFLECTED] = 1,    [WRAP_ONE] = 1,
        [WRAP_HASH] = 0,     [WRAP_COMPARE] = 1,   [WRAP_GETATTR] = 1,      [WRAP_SETATTR] = 2,
        [WRAP_DELATTR] = 1,  [WRAP_DESCR_SET] = 2, [WRAP_DESCR_DELETE] = 1, [WRAP_NEXT] = 0,
        [WRAP_BOOL] = 0,     [WRAP_LENGTH] = 0,    [WRAP_SETITEM] = 2,      [WRAP_DELITEM] = 1,
        [WRAP_CONTAINS] = 1, [WRAP_ITEM] = 1,      [WRAP_FINALIZE] = 0,     [WRAP_NOTHING] = 0,
        [WRAP_REPEAT] = 1,
    };
    if (kind == WRAP_DESCR_GET || kind == WRAP_POWER || kind == WRAP_POWER_REFLECTED) {
        if (nargs < 1 || nargs > 2)
            return raise_type_error("%sexpected at %s %d argument%s, got %zu", empty_name(kind),
                                    nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 2,
                                    nargs < 1 ? "" : "s", nargs);
    } else if (nargs != counts[kind]) {
        return expected(kind, counts[kind], nargs);
    }
    switch (kind) {
    case WRAP_UNARY:
        return ((UnaryFunction)function)(self);
    case WRAP_BINARY:
    case WRAP_ONE:
    case WRAP_REPEAT:
        return ((BinaryFunction)function)(self, args[0]);
    case WRAP_REFLECTED:
        return ((BinaryFunction)function)(args[0], self);
    case WRAP_HASH: {
        int64_t hash = ((int64_t(*)(Value))function)(self);
        return hash == -1 ? VALUE_NULL : int_from_i64(hash);
    }
    case WRAP_COMPARE:
        return ((Value(*)(Value, Value, CompareOperator))function)(self, args[0],
                                                                   (CompareOperator)def->operator);
    case WRAP_GETATTR:
        if (!value_is_str(args[0])) // getattr slots rely on it
            return raise_type_error("attribute name must be string, not '%T'", args[0]);
        return ((BinaryFunction)function)(self, args[0]);
    case WRAP_SETATTR:
        if (may_set_attribute(self, function, "__setattr__") < 0)
            return VALUE_NULL;
        return none_or_null(((int (*)(Value, Value, Value))function)(self, args[0], args[1]));
    case WRAP_DELATTR:
        if (may_set_attribute(self, function, "__delattr__") < 0)
            return VALUE_NULL;
        return none_or_null(((int (*)(Value, Value, Value))function)(self, args[0], VALUE_NULL));
    case WRAP_SETITEM:
    case WRAP_DESCR_SET:
        return none_or_null(((int (*)(Value, Value, Value))function)(self, args[0], args[1]));
    case WRAP_DELITEM:
    case WRAP_DESCR_DELETE:
        return none_or_null(((int (*)(Value, Value, Value))function)(self, args[0], VALUE_NULL));
    case WRAP_DESCR_GET: {
        Value object = value_is_none(args[0]) ? VALUE_NULL : args[0];
        Value type = nargs > 1 && !value_is_none(args[1]) ? args[1] : VALUE_NULL;
        if (value_is_null(object) && value_is_null(type))
            return raise_type_error("__get__(None, None) is invalid");
        return ((Value(*)(Value, Value, Value))function)(self, object, type);
    }
    case WRAP_NEXT: {
        Value v = ((UnaryFunction)function)(self);
        if (value_is_null(v) && !error_occurred())
            return raise_stop_iteration(VALUE_NULL);
        return v;
    }
    case WRAP_BOOL: {
        int truth = ((int (*)(Value))function)(self);
        return truth < 0 ? VALUE_NULL : bool_new(truth);
    }
    case WRAP_LENGTH: {
        int64_t length = ((int64_t(*)(Value))function)(self);
        return length < 0 ? VALUE_NULL : int_from_i64(length);
    }
    case WRAP_CONTAINS: {
        int result = ((int (*)(Value, Value))function)(self, args[0]);
        return result < 0 ? VALUE_NULL : bool_new(result);
    }
    case WRAP_ITEM: {
        int64_t index;
        if (value_to_size(args[0], &index) < 0)
            return VALUE_NULL;
        if (index < 0 && value_type(self)->length) {
            int64_t length = value_type(self)->length(self);
            if (length < 0)
                return VALUE_NULL;
            index += length;
        }
        return ((Value(*)(Value, int64_t))function)(self, index);
    }
    case WRAP_POWER:
        if (nargs == 2 && !value_is_none(args[1]))
            return owner->power_modulo ? owner->power_modulo(self, args[0], args[1])
                                       : not_implemented_new();
        return ((BinaryFunction)function)(self, args[0]);
    case WRAP_POWER_REFLECTED:
        if (nargs == 2 && !value_is_none(args[1]))
            return owner->power_modulo ? owner->power_modulo(args[0], self, args[1])
                                       : not_implemented_new();
        return ((BinaryFunction)function)(args[0], self);
    case WRAP_FINALIZE:
        ((void (*)(Object *))function)(value_object(self));
        return none_new();
    default:
        return raise_error(&exception_SystemError, "bad slot wrapper");
    }
}

// ---- slot wrappers ----------------------------------------------------------------------------

static Value wrapper_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Wrapper *w = wrapper_of(self);
    if (nargs < 1)
        return raise_type_error("descriptor '%s' of '%N' object needs an argument", w->def->name,
                                w->owner);
    if (!value_is_instance(args[0], w->owner))
        return raise_type_error("descriptor '%s' requires a '%N' object but received a '%T'",
                                w->def->name, w->owner, args[0]);
    return wrapper_apply(w->def, w->owner, w->function, args[0], args + 1, nargs - 1, kwnames);
}

static Value wrapper_get(Value self, Value object, Value owner) {
    Wrapper *w = wrapper_of(self);
    if (value_is_null(object))
        return ref_new(self);
    if (!value_is_instance(object, w->owner))
        return raise_type_error("descriptor '%s' for '%N' objects doesn't apply to a '%T' object",
                                w->def->name, w->owner, object);
    MethodWrapper *bound = object_allocate(&method_wrapper_type);
    if (!bound)
        return VALUE_NULL;
    ref_retain(self);
    bound->wrapper = w;
    bound->self = ref_new(object);
    return value_from_object(bound);
}

static Value wrapper_repr(Value self) {
    Wrapper *w = wrapper_of(self);
    return str_format("<slot wrapper '%s' of '%s' objects>", w->def->name,
                      type_full_name(w->owner));
}

static Value wrapper_get_name(Value self) {
    return ref_new(wrapper_of(self)->def->name_object);
}
static Value wrapper_get_qualname(Value self) {
    Wrapper *w = wrapper_of(self);
    Value owner = type_qualname(w->owner);
    Value v = value_is_null(owner) ? owner : str_format("%V.%s", owner, w->def->name);
    ref_release(owner);
    return v;
}
static Value wrapper_get_owner(Value self) {
    return ref_new(value_from_object(wrapper_of(self)->owner));
}
static Value wrapper_get_doc(Value self) {
    const char *doc = wrapper_of(self)->def->doc;
    return doc ? str_from_cstr(doc) : none_new();
}
static const char *signature_of(const SlotDef *def) {
    switch ((WrapKind)def->wrap) {
    case WRAP_CALL:
    case WRAP_INIT:
        return "($self, /, *args, **kwargs)";
    case WRAP_BINARY:
        if (!strcmp(def->name, "__getitem__"))
            return "($self, key, /)";
        return "($self, value, /)";
    case WRAP_REFLECTED:
    case WRAP_REPEAT:
    case WRAP_ONE:
    case WRAP_COMPARE:
        return "($self, value, /)";
    case WRAP_GETATTR:
    case WRAP_DELATTR:
        return "($self, name, /)";
    case WRAP_SETATTR:
        return "($self, name, value, /)";
    case WRAP_DESCR_GET:
        return "($self, instance, owner=None, /)";
    case WRAP_DESCR_SET:
        return "($self, instance, value, /)";
    case WRAP_DESCR_DELETE:
        return "($self, instance, /)";
    case WRAP_SETITEM:
        return "($self, key, value, /)";
    case WRAP_DELITEM:
    case WRAP_CONTAINS:
    case WRAP_ITEM:
        return "($self, key, /)";
    case WRAP_POWER:
    case WRAP_POWER_REFLECTED:
        return "($self, value, mod=None, /)";
    default:
        return "($self, /)";
    }
}
static Value wrapper_get_signature(Value self) {
    return str_from_cstr(signature_of(wrapper_of(self)->def));
}
static Value wrapper_reduce(Value self) {
    Value getattr = import_builtin("getattr");
    if (value_is_null(getattr))
        return getattr;
    Wrapper *w = wrapper_of(self);
    Value args = tuple_pack(2, value_from_object(w->owner), w->def->name_object);
    Value v = value_is_null(args) ? args : tuple_pack(2, getattr, args);
    ref_release(args);
    ref_release(getattr);
    return v;
}

static const GetSetDef wrapper_getsets[] = {
    {"__name__", wrapper_get_name, NULL, NULL},
    {"__qualname__", wrapper_get_qualname, NULL, NULL},
    {"__objclass__", wrapper_get_owner, NULL, NULL},
    {"__doc__", wrapper_get_doc, NULL, NULL},
    {"__text_signature__", wrapper_get_signature, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const NativeDef wrapper_methods[] = {
    DEF_NONE("__reduce__", wrapper_reduce, "How to pickle the wrapper."),
    DEF_END,
};

Type wrapper_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "wrapper_descriptor",
    .basic_size = sizeof(Wrapper),
    .kind = HEAP_LEAF,
    .flags = TYPE_METHOD_DESCRIPTOR | TYPE_NO_NEW,
    .destroy = (void (*)(Object *))object_free_fixed,
    .repr = wrapper_repr,
    .call = wrapper_call,
    .descr_get = wrapper_get,
    .getsets = wrapper_getsets,
    .methods = wrapper_methods,
};

// ---- method wrappers --------------------------------------------------------------------------

static Value bound_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    MethodWrapper *b = bound_of(self);
    return wrapper_apply(b->wrapper->def, b->wrapper->owner, b->wrapper->function, b->self, args,
                         nargs, kwnames);
}
static Value bound_repr(Value self) {
    MethodWrapper *b = bound_of(self);
    return str_format("<method-wrapper '%s' of %T object at %p>", b->wrapper->def->name, b->self,
                      value_is_object(b->self) ? (void *)value_object(b->self)
                                               : (void *)b->self.bits);
}
static int64_t bound_hash(Value self) {
    MethodWrapper *b = bound_of(self);
    int64_t hash = (int64_t)(b->self.bits >> 4 ^ (uint64_t)b->wrapper >> 4);
    return hash == -1 ? -2 : hash;
}
static Value bound_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &method_wrapper_type))
        return not_implemented_new();
    MethodWrapper *a = bound_of(self), *b = bound_of(other);
    bool equal = a->wrapper == b->wrapper && value_same(a->self, b->self);
    return bool_new(equal == (op == COMPARE_EQ));
}
static Value bound_get_name(Value self) {
    return ref_new(bound_of(self)->wrapper->def->name_object);
}
static Value bound_get_qualname(Value self) {
    return wrapper_get_qualname(value_from_object(bound_of(self)->wrapper));
}
static Value bound_get_owner(Value self) {
    return ref_new(value_from_object(bound_of(self)->wrapper->owner));
}
static Value bound_get_doc(Value self) {
    return wrapper_get_doc(value_from_object(bound_of(self)->wrapper));
}
static Value bound_get_signature(Value self) {
    return wrapper_get_signature(value_from_object(bound_of(self)->wrapper));
}
static Value bound_reduce(Value self) {
    Value getattr = import_builtin("getattr");
    if (value_is_null(getattr))
        return getattr;
    Value args = tuple_pack(2, bound_of(self)->self, bound_of(self)->wrapper->def->name_object);
    Value v = value_is_null(args) ? args : tuple_pack(2, getattr, args);
    ref_release(args);
    ref_release(getattr);
    return v;
}
static void bound_destroy(Object *o) {
    MethodWrapper *b = (MethodWrapper *)o;
    ref_release(b->self);
    ref_release_object(b->wrapper);
    object_free_fixed(o);
}
static void bound_traverse(Object *o, GcVisitor *visitor) {
    MethodWrapper *b = (MethodWrapper *)o;
    gc_visit(visitor, b->self);
    gc_visit_object(visitor, b->wrapper);
}

static const GetSetDef bound_getsets[] = {
    {"__name__", bound_get_name, NULL, NULL},
    {"__qualname__", bound_get_qualname, NULL, NULL},
    {"__objclass__", bound_get_owner, NULL, NULL},
    {"__doc__", bound_get_doc, NULL, NULL},
    {"__text_signature__", bound_get_signature, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const MemberDef bound_members[] = {
    {"__self__", offsetof(MethodWrapper, self), true, false},
    {NULL, 0, false, false},
};
static const NativeDef bound_methods[] = {
    DEF_NONE("__reduce__", bound_reduce, "How to pickle the method."),
    DEF_END,
};

Type method_wrapper_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "method-wrapper",
    .basic_size = sizeof(MethodWrapper),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = bound_destroy,
    .traverse = bound_traverse,
    .repr = bound_repr,
    .hash = bound_hash,
    .compare = bound_compare,
    .call = bound_call,
    .getsets = bound_getsets,
    .members = bound_members,
    .methods = bound_methods,
};
