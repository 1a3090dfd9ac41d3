// SPDX-License-Identifier: MIT
//
// None, NotImplemented and Ellipsis.
#include "vm/types/type_internal.h"

static Type none_type, not_implemented_type, ellipsis_type;
static Value none_text; // set once by singletons_start, kept for ever

Object none_object = OBJECT_STATIC(&none_type);
Object not_implemented_object = OBJECT_STATIC(&not_implemented_type);
Object ellipsis_object = OBJECT_STATIC(&ellipsis_type);

static Value the_one(Type *type, Value value, size_t nargs, Value kwnames) {
    if (nargs || (!value_is_null(kwnames) && tuple_length(kwnames)))
        return raise_type_error("%s takes no arguments",
                                type == &ellipsis_type ? "EllipsisType" : type_full_name(type));
    return ref_new(value);
}

static Value none_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return the_one(type, VALUE_NONE, nargs, kwnames);
}
static Value none_repr(Value self) {
    return ref_new(none_text);
}
static int none_bool(Value self) {
    return 0;
}
// Nobody may rely on it, but the same in every process.
static int64_t none_hash(Value self) {
    return 0x6e6f6e65;
}

static Type none_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "NoneType",
    .basic_size = sizeof(Object),
    .call_new = none_call_new,
    .repr = none_repr,
    .boolean = none_bool,
    .hash = none_hash,
};

static Value not_implemented_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return the_one(type, VALUE_NOT_IMPLEMENTED, nargs, kwnames);
}
static Value not_implemented_repr(Value self) {
    return str_intern_cstr("NotImplemented");
}
static int not_implemented_bool(Value self) {
    if (warn(&exception_DeprecationWarning, 1,
             "NotImplemented should not be used in a boolean context") < 0)
        return -1;
    return 1;
}
static Value not_implemented_reduce(Value self) {
    return str_intern_cstr("NotImplemented");
}
static const NativeDef not_implemented_methods[] = {
    DEF_NONE("__reduce__", not_implemented_reduce, NULL),
    DEF_END,
};

static Type not_implemented_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "NotImplementedType",
    .basic_size = sizeof(Object),
    .call_new = not_implemented_call_new,
    .repr = not_implemented_repr,
    .boolean = not_implemented_bool,
    .methods = not_implemented_methods,
};

static Value ellipsis_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return the_one(type, VALUE_ELLIPSIS, nargs, kwnames);
}
static Value ellipsis_repr(Value self) {
    return str_intern_cstr("Ellipsis");
}
static const NativeDef ellipsis_methods[] = {
    DEF_NONE("__reduce__", ellipsis_repr, NULL),
    DEF_END,
};

static Type ellipsis_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "ellipsis",
    .basic_size = sizeof(Object),
    .call_new = ellipsis_call_new,
    .repr = ellipsis_repr,
    .methods = ellipsis_methods,
};

void singletons_start(void) {
    none_text = str_intern_cstr("None");
    type_ready(&none_type);
    type_ready(&not_implemented_type);
    type_ready(&ellipsis_type);
}
