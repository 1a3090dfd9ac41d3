// SPDX-License-Identifier: MIT
//
// types.MappingProxyType: a mapping seen through a window that allows no changes. What
// T.__dict__ gives. All operations go on to the mapping behind.
#include "vm/types/type_internal.h"

typedef struct {
    Object header;
    Value mapping; // constant
} MappingProxy;

static inline Value behind(Value v) {
    return ((MappingProxy *)value_object(v))->mapping;
}

Value mapping_proxy_new(Value mapping) {
    MappingProxy *p = object_allocate(&mapping_proxy_type);
    if (!p)
        return VALUE_NULL;
    p->mapping = ref_new(mapping);
    return value_from_object(p);
}

static Value proxy_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"mapping", NULL};
    Value mapping;
    if (arguments_parse("mappingproxy", args, nargs, kwnames, names, 0, 1, 1, &mapping) < 0)
        return VALUE_NULL;
    Type *kind = value_type(mapping);
    if (!kind->getitem || value_is_list(mapping) || value_is_tuple(mapping))
        return raise_type_error("mappingproxy() argument must be a mapping, not %G", mapping);
    return mapping_proxy_new(mapping);
}

static Value proxy_getitem(Value self, Value key) {
    return value_getitem(behind(self), key);
}
static int64_t proxy_length(Value self) {
    return value_length(behind(self));
}
static int proxy_contains(Value self, Value key) {
    return value_contains(behind(self), key);
}
static Value proxy_iter(Value self) {
    return value_iter(behind(self));
}
static Value proxy_str(Value self) {
    return value_str(behind(self));
}
static Value proxy_repr(Value self) {
    return str_format("mappingproxy(%R)", behind(self));
}
static int64_t proxy_hash(Value self) {
    return value_hash(behind(self));
}
static Value proxy_compare(Value self, Value other, CompareOperator op) {
    if (value_is_exactly(other, &mapping_proxy_type))
        other = behind(other);
    return value_compare(behind(self), other, op);
}
static Value proxy_or(Value a, Value b) {
    if (value_is_exactly(a, &mapping_proxy_type))
        a = behind(a);
    if (value_is_exactly(b, &mapping_proxy_type))
        b = behind(b);
    return value_binary(a, b, BINARY_OR);
}
static Value proxy_inplace_or(Value self, Value other) {
    return raise_type_error("'|=' is not supported by %T; use '|' instead", self);
}

static Value pass_on(Value self, Value name, const Value *args, size_t nargs) {
    return value_call_method(behind(self), name, args, nargs);
}
static Value proxy_get(Value self, const Value *args, size_t nargs) {
    Value both[2] = {args[0], nargs > 1 ? args[1] : VALUE_NONE};
    return pass_on(self, name_get, both, 2);
}
static Value proxy_keys(Value self) {
    return pass_on(self, name_keys, NULL, 0);
}
static Value proxy_values(Value self) {
    return pass_on(self, name_values, NULL, 0);
}
static Value proxy_items(Value self) {
    return pass_on(self, name_items, NULL, 0);
}
static Value proxy_copy(Value self) {
    return pass_on(self, name_copy, NULL, 0);
}
static Value proxy_reversed(Value self) {
    return pass_on(self, name___reversed__, NULL, 0);
}

static void proxy_destroy(Object *o) {
    ref_release(((MappingProxy *)o)->mapping);
    object_free_fixed(o);
}
static void proxy_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, ((MappingProxy *)o)->mapping);
}

static const NativeDef proxy_methods[] = {
    DEF_FIXED("get", proxy_get, 1, 2,
              "get($self, key, default=None, /)\n--\n\nThe value for key, or default."),
    DEF_NONE("keys", proxy_keys, "A view of the keys."),
    DEF_NONE("values", proxy_values, "A view of the values."),
    DEF_NONE("items", proxy_items, "A view of the (key, value) pairs."),
    DEF_NONE("copy", proxy_copy, "A shallow copy of the mapping."),
    DEF_NONE("__reversed__", proxy_reversed, "A reverse iterator over the keys."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem,
                  "A parametrised form of the type."),
    DEF_END,
};

Type mapping_proxy_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "mappingproxy",
    .basic_size = sizeof(MappingProxy),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_MAPPING,
    .doc = "mappingproxy(mapping)\n--\n\nA read-only view of a mapping.",
    .call_new = proxy_call_new,
    .destroy = proxy_destroy,
    .traverse = proxy_traverse,
    .repr = proxy_repr,
    .str = proxy_str,
    .hash = proxy_hash,
    .compare = proxy_compare,
    .iter = proxy_iter,
    .length = proxy_length,
    .getitem = proxy_getitem,
    .contains = proxy_contains,
    .binary[BINARY_OR] = proxy_or,
    .inplace[BINARY_OR] = proxy_inplace_or,
    .methods = proxy_methods,
};
