// SPDX-License-Identifier: MIT
//
// types.UnionType: int | str.
#include "vm/types/set.h"
#include "vm/types/type_internal.h"

typedef struct {
    Object header;
    Value args;       // constant; at least two, no unions among them, no duplicates
    Value parameters; // tuple, VALUE_NULL until asked for; guarded by the lock
} Union;

static inline Union *union_of(Value v) {
    return (Union *)value_object(v);
}

static bool is_alias(Value v) {
    return value_is_object(v) && value_is_instance(v, &generic_alias_type);
}
static bool is_member(Value v) {
    return value_is_none(v) || value_is_type(v) || value_is_exactly(v, &union_type) || is_alias(v);
}

// The members found so far, borrowed from the operands.
typedef struct {
    Value *items;
    int64_t count;
} Members;

// Adds v unless it is there: aliases by equality, classes by identity. 0, -1.
static int add_member(Members *members, Value v) {
    if (value_is_none(v))
        v = value_from_object(none_object.type);
    for (int64_t i = 0; i < members->count; i++) {
        Value other = members->items[i];
        int same = value_same(other, v);
        if (!same && is_alias(v) && is_alias(other))
            same = value_equals(other, v);
        if (same)
            return same < 0 ? -1 : 0;
    }
    members->items[members->count++] = v;
    return 0;
}

static int64_t member_count(Value v) {
    return value_is_exactly(v, &union_type) ? tuple_length(union_of(v)->args) : 1;
}

static int add_flat(Members *members, Value v) {
    if (!value_is_exactly(v, &union_type))
        return add_member(members, v);
    Value args = union_of(v)->args;
    for (int64_t i = 0; i < tuple_length(args); i++)
        if (add_member(members, tuple_item(args, i)) < 0)
            return -1;
    return 0;
}

static Value union_of_members(const Members *members) {
    if (members->count == 1)
        return ref_new(members->items[0]);
    Value args = tuple_from_array(members->items, members->count);
    Union *u = value_is_null(args) ? NULL : object_allocate(&union_type);
    if (!u) {
        ref_release(args);
        return VALUE_NULL;
    }
    u->args = args;
    return value_from_object(u);
}

enum { MEMBERS_FEW = 8 };

Value union_or(Value a, Value b) {
    if (!is_member(a) || !is_member(b))
        return not_implemented_new();
    Value few[MEMBERS_FEW];
    int64_t room = member_count(a) + member_count(b);
    Members members = {.items = few};
    if (room > MEMBERS_FEW)
        members.items = buffer_allocate((size_t)room * sizeof(Value));
    if (!members.items)
        return raise_memory_error();
    bool added = add_flat(&members, a) == 0 && add_flat(&members, b) == 0;
    Value result = added ? union_of_members(&members) : VALUE_NULL;
    if (members.items != few)
        buffer_free(members.items);
    return result;
}

static Value union_repr(Value self) {
    Value args = union_of(self)->args;
    StrBuilder b;
    str_builder_start(&b);
    for (int64_t i = 0; i < tuple_length(args); i++) {
        Value arg = tuple_item(args, i);
        if (i)
            str_builder_ascii(&b, " | ", 3);
        if (value_same(arg, value_from_object(none_object.type))) {
            str_builder_ascii(&b, "None", 4);
        } else if (generic_repr_item(&b, arg) < 0) {
            str_builder_discard(&b);
            return VALUE_NULL;
        }
    }
    return str_builder_finish(&b);
}

static int64_t union_hash(Value self) {
    Value set = frozenset_from_iterable(union_of(self)->args);
    if (value_is_null(set))
        return -1;
    int64_t hash = value_hash(set);
    ref_release(set);
    return hash;
}

static Value union_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &union_type))
        return not_implemented_new();
    Value a = set_from_iterable(union_of(self)->args);
    Value b = value_is_null(a) ? a : set_from_iterable(union_of(other)->args);
    Value v = value_is_null(b) ? b : value_compare(a, b, op);
    ref_release(a);
    ref_release(b);
    return v;
}

Value union_members_of(Value v) {
    return union_of(v)->args;
}

static Value check_each(Value self, Value v, int (*test)(Value, Value)) {
    Value args = union_of(self)->args;
    for (int64_t i = 0; i < tuple_length(args); i++) {
        int result = test(v, tuple_item(args, i));
        if (result)
            return result < 0 ? VALUE_NULL : bool_new(true);
    }
    return bool_new(false);
}
static Value union_instancecheck(Value self, Value v) {
    return check_each(self, v, value_is_instance_of);
}
static Value union_subclasscheck(Value self, Value v) {
    if (!value_is_type(v))
        return raise_type_error("issubclass() arg 1 must be a class");
    return check_each(self, v, value_is_subclass_of);
}

static Value get_parameters(Value self) {
    Union *u = union_of(self);
    Value v = field_load(&u->header, &u->parameters);
    if (!value_is_null(v))
        return v;
    v = generic_parameters(u->args);
    if (!value_is_null(v))
        field_store(&u->header, &u->parameters, ref_new(v));
    return v;
}

static Value union_getitem(Value self, Value item) {
    Value parameters = get_parameters(self);
    if (value_is_null(parameters))
        return parameters;
    Value args = generic_substitute(self, union_of(self)->args, parameters, item);
    ref_release(parameters);
    if (value_is_null(args))
        return args;
    Value result = ref_new(tuple_item(args, 0));
    for (int64_t i = 1; !value_is_null(result) && i < tuple_length(args); i++) {
        Value next = value_binary(result, tuple_item(args, i), BINARY_OR);
        ref_release(result);
        result = next;
    }
    ref_release(args);
    return result;
}

static void union_destroy(Object *o) {
    ref_release(((Union *)o)->args);
    ref_release(((Union *)o)->parameters);
    object_free_fixed(o);
}
static void union_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, ((Union *)o)->args);
    gc_visit(visitor, field_raw(&((Union *)o)->parameters));
}

static const NativeDef union_methods[] = {
    DEF_ONE("__instancecheck__", union_instancecheck, NULL),
    DEF_ONE("__subclasscheck__", union_subclasscheck, NULL),
    DEF_END,
};
static const MemberDef union_members[] = {
    {"__args__", offsetof(Union, args), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef union_getsets[] = {
    {"__parameters__", get_parameters, NULL, "The type variables in the union."},
    {NULL, NULL, NULL, NULL},
};

Type union_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "types.UnionType",
    .basic_size = sizeof(Union),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .doc = "A union of types, as in int | str.",
    .destroy = union_destroy,
    .traverse = union_traverse,
    .repr = union_repr,
    .hash = union_hash,
    .compare = union_compare,
    .getitem = union_getitem,
    .binary[BINARY_OR] = union_or,
    .methods = union_methods,
    .members = union_members,
    .getsets = union_getsets,
};

void union_start(void) {
    type_ready(&union_type);
}
