// SPDX-License-Identifier: MIT
//
// Making native types ready: base, mro, the dict filled from the type's tables, wrappers for its
// slots, inherited slots, a version. Start-up (and first import of a native module) only; any
// failure ends the process.
#include "vm/types/type_internal.h"
#include <stdio.h>
#include <stdlib.h>

static void check(bool ok, const Type *type) {
    if (ok)
        return;
    fprintf(stderr, "locksmith: cannot make type %s ready\n", type->name);
    abort();
}

static void add(Type *type, const char *name, Value value) {
    check(!value_is_null(value), type);
    Value key = str_intern_cstr(name);
    // Native types live for ever, and so does what all threads use of them at every call.
    if (value_is_object(value))
        ref_immortalize(value_object(value));
    check(dict_set(type->dict, key, value) == 0, type);
    ref_release(key);
    ref_release(value);
}

// The text of a docstring without the signature that may lead it.
static Value doc_text(const char *doc) {
    if (!doc)
        return none_new();
    const char *end = strstr(doc, "\n--\n\n");
    return str_from_cstr(end ? end + 5 : doc);
}

static void add_tables(Type *type) {
    for (const NativeDef *def = type->methods; def && def->name; def++)
        add(type, def->name, descriptor_new_method(type, def));
    for (const MemberDef *def = type->members; def && def->name; def++)
        add(type, def->name, descriptor_new_member(type, def));
    for (const GetSetDef *def = type->getsets; def && def->name; def++)
        add(type, def->name, descriptor_new_getset(type, def));
}

static void inherit_layout(Type *type, const Type *base) {
    const uint32_t inherited =
        TYPE_INT_SUBCLASS | TYPE_STR_SUBCLASS | TYPE_LIST_SUBCLASS | TYPE_TUPLE_SUBCLASS |
        TYPE_DICT_SUBCLASS | TYPE_BYTES_SUBCLASS | TYPE_TYPE_SUBCLASS | TYPE_EXCEPTION_SUBCLASS |
        TYPE_SEQUENCE | TYPE_MAPPING | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_PATMA_SELF;
    type->flags |= base->flags & inherited;
    if (type->basic_size == 0)
        type->basic_size = base->basic_size;
    if (type->item_size == 0)
        type->item_size = base->item_size;
    if (type->dict_offset == 0)
        type->dict_offset = base->dict_offset;
    // (object's own instances hold nothing: str, int and other leaves derive from it.)
    if (base->kind == HEAP_CONTAINER && base != &object_type)
        type->kind = HEAP_CONTAINER;
}

static Value native_mro(Type *type) {
    int64_t count = 0;
    for (Type *t = type; t; t = t->base)
        count++;
    Value mro = tuple_allocate(count);
    check(!value_is_null(mro), type);
    int64_t i = 0;
    for (Type *t = type; t; t = t->base)
        tuple_of(mro)->items[i++] = ref_new(value_from_object(t));
    return mro;
}

void type_ready(Type *type) {
    if (type->flags & TYPE_READY)
        return;
    slots_start();
    if (!type->base && type != &object_type)
        type->base = &object_type;
    if (type->base)
        type_ready(type->base);
    if (!type->header.type)
        type->header.type = &type_type;
    type->flags |= TYPE_READY;
    if (!(type->flags & TYPE_HEAP))
        type->flags |= TYPE_IMMUTABLE;
    Type *base = type->base;
    if (base)
        inherit_layout(type, base);

    type->bases = base ? tuple_pack(1, value_from_object(base)) : tuple_empty();
    check(!value_is_null(type->bases), type);
    type->dict = dict_new();
    check(!value_is_null(type->dict), type);
    if (type->compare && !type->hash)
        type->hash = hash_not_implemented;
    if (type->flags & TYPE_UNHASHABLE)
        type->hash = hash_not_implemented;
    add_tables(type);
    slots_add_wrappers(type);
    if (type->call_new && !(type->flags & TYPE_NO_NEW))
        add(type, "__new__",
            native_function_new(&type_native_new_def, value_from_object(type), VALUE_NULL));
    if (!dict_contains(type->dict, name___doc__))
        add(type, "__doc__", doc_text(type->doc));
    const char *dot = strrchr(type->name, '.');
    if (dot && !dict_contains(type->dict, name___module__))
        add(type, "__module__", str_intern(str_from_utf8(type->name, (size_t)(dot - type->name))));
    if ((type->flags & TYPE_HAS_DICT_FIELD) && !(base && (base->flags & TYPE_HAS_DICT_FIELD)) &&
        !dict_contains(type->dict, name___dict__))
        add(type, "__dict__", descriptor_new_getset(type, &type_instance_dict_def));
    type->mro = native_mro(type);
    ref_immortalize(value_object(type->mro));
    if (base)
        slots_inherit(type, base);
    if (type->flags & TYPE_NO_NEW)
        type->call_new = NULL;
    if (!type->destroy)
        type->destroy = type_free_instance;
    if (type->getattr == object_generic_getattr)
        type->flags |= TYPE_DEFAULT_GETATTR;
    if (type->setattr == object_generic_setattr)
        type->flags |= TYPE_DEFAULT_SETATTR;
    if (type->hash == hash_not_implemented)
        type->flags |= TYPE_UNHASHABLE;
    if (type->finalize)
        type->flags |= TYPE_HAS_FINALIZER;
    types_lock();
    if (base)
        check(type_subclasses_add(base, type) == 0, type);
    type_modified_locked(type);
    types_unlock();
}

// ---- __new__ of native types -------------------------------------------------------------------

static Value native_new(Value self, const Value *args, size_t nargs, Value kwnames) {
    Type *type = type_of_value(self);
    if (nargs < 1)
        return raise_type_error("%s.__new__(): not enough arguments", type->name);
    if (!value_is_type(args[0]))
        return raise_type_error("%s.__new__(X): X is not a type object (%T)", type->name, args[0]);
    Type *wanted = type_of_value(args[0]);
    if (!type_is_subtype(wanted, type))
        return raise_type_error("%s.__new__(%s): %s is not a subtype of %s", type->name,
                                type_full_name(wanted), type_full_name(wanted), type->name);
    // object.__new__(list) would make a list that list knows nothing of.
    Type *native = type_native_base(wanted);
    if (native->call_new != type->call_new)
        return raise_type_error("%s.__new__(%s) is not safe, use %s.__new__()", type->name,
                                type_full_name(wanted), native->name);
    return type->call_new(wanted, args + 1, nargs - 1, kwnames);
}

const NativeDef type_native_new_def = {
    "__new__",
    {.vector = native_new},
    NATIVE_VECTOR,
    METHOD_STATIC,
    0,
    0,
    "__new__($type, *args, **kwargs)\n--\n\nMakes a new object of the type given first."};
