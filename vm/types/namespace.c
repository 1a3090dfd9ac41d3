// SPDX-License-Identifier: MIT
//
// types.SimpleNamespace: an object that is nothing but its attributes.
#include "vm/types/namespace.h"
#include "vm/types/repr_guard.h"
#include "vm/types/type_internal.h"

typedef struct {
    Object header;
    Value dict; // never VALUE_NULL after __new__; guarded by the object's lock
} Namespace;

static inline Namespace *namespace_of(Value v) {
    return (Namespace *)value_object(v);
}
static Value dict_now(Value self) {
    return field_load(value_object(self), &namespace_of(self)->dict);
}

static Value namespace_make(Type *type) {
    Namespace *n = object_allocate(type);
    if (!n)
        return VALUE_NULL;
    n->dict = dict_new();
    instance_dict_field_used(&n->header);
    if (value_is_null(n->dict)) {
        ref_release_object(n);
        return VALUE_NULL;
    }
    return value_from_object(n);
}

Value namespace_from_dict(Value dict) {
    Namespace *n = object_allocate(&namespace_type);
    if (!n) {
        ref_release(dict);
        return VALUE_NULL;
    }
    n->dict = dict;
    instance_dict_field_used(&n->header);
    return value_from_object(n);
}

Value namespace_new(void) {
    return namespace_make(&namespace_type);
}

static Value namespace_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return namespace_make(type);
}

static int namespace_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs)
        return raise_int(&exception_TypeError, "no positional arguments expected");
    for (int64_t i = 0; !value_is_null(kwnames) && i < tuple_length(kwnames); i++)
        if (instance_set(self, tuple_item(kwnames, i), args[i]) < 0)
            return -1;
    return 0;
}

static int append_items(StrBuilder *b, Value dict) {
    int64_t position = 0;
    Value key, value;
    bool first = true;
    while (dict_next(dict, &position, &key, &value, NULL)) {
        Value text = value_is_str(key) && str_length(key) > 0 ? value_repr(value) : str_empty();
        if (!value_is_null(text) && value_is_str(key) && str_length(key) > 0) {
            if (!first)
                str_builder_ascii(b, ", ", 2);
            first = false;
            str_builder_str(b, key);
            str_builder_char(b, '=');
            str_builder_str(b, text);
        }
        ref_release(key);
        ref_release(value);
        ref_release(text);
        if (value_is_null(text))
            return -1;
    }
    return 0;
}

static Value namespace_repr(Value self) {
    const char *name =
        value_is_exactly(self, &namespace_type) ? "namespace" : type_name(value_type(self));
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_format("%s(...)", name);
    Value dict = dict_now(self);
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, name);
    str_builder_char(&b, '(');
    int result = append_items(&b, dict);
    str_builder_char(&b, ')');
    ref_release(dict);
    repr_leave(self);
    if (result < 0) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    return str_builder_finish(&b);
}

static Value namespace_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_instance(self, &namespace_type) || !value_is_instance(other, &namespace_type))
        return not_implemented_new();
    Value a = dict_now(self), b = dict_now(other);
    Value v = value_compare(a, b, op);
    ref_release(a);
    ref_release(b);
    return v;
}

static Value namespace_reduce(Value self) {
    Value args = tuple_empty(), dict = dict_now(self);
    Value v = tuple_pack(3, value_from_object(value_type(self)), args, dict);
    ref_release(args);
    ref_release(dict);
    return v;
}

static Value namespace_get_dict(Value self) {
    return dict_now(self);
}

static void namespace_destroy(Object *o) {
    ref_release(((Namespace *)o)->dict);
    type_free_instance(o);
}
static void namespace_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, field_raw(&((Namespace *)o)->dict));
}

static const NativeDef namespace_methods[] = {
    DEF_NONE("__reduce__", namespace_reduce, "How to pickle the namespace."),
    DEF_END,
};
static const GetSetDef namespace_getsets[] = {
    {"__dict__", namespace_get_dict, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

Type namespace_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "types.SimpleNamespace",
    .basic_size = sizeof(Namespace),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD,
    .dict_offset = offsetof(Namespace, dict),
    .doc = "SimpleNamespace(**kwargs)\n--\n\nAn object with the attributes given.",
    .call_new = namespace_call_new,
    .init = namespace_init,
    .destroy = namespace_destroy,
    .traverse = namespace_traverse,
    .repr = namespace_repr,
    .compare = namespace_compare,
    .methods = namespace_methods,
    .getsets = namespace_getsets,
};

void namespace_start(void) {
    type_ready(&namespace_type);
}
