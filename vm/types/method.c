// SPDX-License-Identifier: MIT
//
// Bound methods: a callable and the object that becomes its first argument. Both are constant.
#include "vm/types/type_internal.h"

static inline Method *method_of(Value v) {
    return (Method *)value_object(v);
}

Value method_new(Value function, Value self) {
    Method *m = object_allocate_exact(&method_type, sizeof(Method), HEAP_CONTAINER);
    if (UNLIKELY(!m))
        return VALUE_NULL;
    if (value_is_object(function))
        ref_retain_unless_deferred(value_object(function));
    m->function = function;
    m->self = ref_new(self);
    return value_from_object(m);
}

static Value method_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("method", kwnames) < 0 || arguments_count("method", nargs, 2, 2) < 0)
        return VALUE_NULL;
    if (!value_is_callable(args[0]))
        return raise_type_error("first argument must be callable");
    if (value_is_none(args[1]))
        return raise_type_error("instance must not be None");
    return method_new(args[0], args[1]);
}

#define ARGS_ON_STACK 16

static Value method_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Method *m = method_of(self);
    size_t count = nargs + (value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames));
    Value space[ARGS_ON_STACK], *all = space;
    if (count + 1 > ARGS_ON_STACK) {
        all = buffer_allocate((count + 1) * sizeof(Value));
        if (!all)
            return raise_memory_error();
    }
    all[0] = m->self;
    if (count)
        memcpy(all + 1, args, count * sizeof(Value));
    // The method may be dropped by what it calls.
    Value function = ref_new(m->function), object = ref_new(m->self);
    Value result = value_call(function, all, nargs + 1, kwnames);
    ref_release(function);
    ref_release(object);
    if (all != space)
        buffer_free(all);
    return result;
}

// Attributes that a method has not come from its function.
static Value method_getattr(Value self, Value name) {
    Value v;
    Value descriptor = type_lookup(&method_type, name);
    if (!value_is_null(descriptor)) {
        ref_release(descriptor);
        return object_generic_getattr(self, name);
    }
    v = value_getattr(method_of(self)->function, name);
    return v;
}

static Value method_repr(Value self) {
    Method *m = method_of(self);
    Value name;
    int found = value_lookup_attr(m->function, name___qualname__, &name);
    if (found == 0)
        found = value_lookup_attr(m->function, name___name__, &name);
    if (found < 0)
        return VALUE_NULL;
    Value v;
    if (found && value_is_str(name))
        v = str_format("<bound method %V of %R>", name, m->self);
    else
        v = str_format("<bound method ? of %R>", m->self);
    if (found)
        ref_release(name);
    return v;
}

static int64_t method_hash(Value self) {
    Method *m = method_of(self);
    int64_t function = value_hash(m->function);
    if (function == -1)
        return -1;
    int64_t hash = function ^ (int64_t)(m->self.bits >> 4 | m->self.bits << 60);
    return hash == -1 ? -2 : hash;
}

static Value method_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &method_type))
        return not_implemented_new();
    Method *a = method_of(self), *b = method_of(other);
    int equal = value_same(a->self, b->self) ? value_equals(a->function, b->function) : 0;
    return equal < 0 ? VALUE_NULL : bool_new(equal == (op == COMPARE_EQ));
}

static Value method_get_doc(Value self) {
    return value_getattr(method_of(self)->function, name___doc__);
}

static Value method_reduce(Value self) {
    Method *m = method_of(self);
    Value getattr = import_builtin("getattr");
    Value name = value_is_null(getattr) ? getattr : value_getattr(m->function, name___name__);
    Value args = value_is_null(name) ? name : tuple_pack(2, m->self, name);
    Value v = value_is_null(args) ? args : tuple_pack(2, getattr, args);
    ref_release(args);
    ref_release(name);
    ref_release(getattr);
    return v;
}

static void method_destroy(Object *o) {
    Method *m = (Method *)o;
    if (value_is_object(m->function))
        ref_release_unless_deferred(value_object(m->function));
    ref_release(m->self);
    object_free_exact(o, sizeof(Method), HEAP_CONTAINER);
}
static void method_traverse(Object *o, GcVisitor *visitor) {
    Method *m = (Method *)o;
    gc_visit_register(visitor, m->function);
    gc_visit(visitor, m->self);
}

static const MemberDef method_members[] = {
    {"__func__", offsetof(Method, function), true, false},
    {"__self__", offsetof(Method, self), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef method_getsets[] = {
    {"__doc__", method_get_doc, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const NativeDef method_methods[] = {
    DEF_NONE("__reduce__", method_reduce, "How to pickle the method."),
    DEF_END,
};

Type method_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "method",
    .basic_size = sizeof(Method),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE,
    .doc = "method(function, instance, /)\n--\n\nA function bound to an instance.",
    .call_new = method_call_new,
    .destroy = method_destroy,
    .traverse = method_traverse,
    .repr = method_repr,
    .hash = method_hash,
    .compare = method_compare,
    .call = method_call,
    .getattr = method_getattr,
    .members = method_members,
    .getsets = method_getsets,
    .methods = method_methods,
};

void method_start(void) {
    type_ready(&method_type);
}
