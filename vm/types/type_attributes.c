// SPDX-License-Identifier: MIT
//
// The attributes and methods of type objects: __name__, __bases__, __mro__, __dict__, mro(),
// __subclasses__(), __instancecheck__(), ...
#include "vm/runtime/audit.h"
#include "vm/types/type_internal.h"

static int immutable(Type *type, const char *name) {
    if (type_has(type, TYPE_HEAP))
        return 0;
    return raise_int(&exception_TypeError, "cannot set '%s' attribute of immutable type '%s'", name,
                     type_full_name(type));
}
static int no_delete(Type *type, const char *name) {
    return raise_int(&exception_TypeError, "cannot delete '%s' attribute of immutable type '%s'",
                     name, type_full_name(type));
}

// ---- names -------------------------------------------------------------------------------------

static Value get_name(Value self) {
    Type *type = type_of_value(self);
    Value v = field_published(&type->name_object);
    return value_is_null(v) ? str_intern_cstr(type_name(type)) : ref_new(v);
}
static int set_name(Value self, Value value) {
    Type *type = type_of_value(self);
    if (immutable(type, "__name__") < 0)
        return -1;
    if (value_is_null(value))
        return no_delete(type, "__name__");
    if (!value_is_str(value))
        return raise_int(&exception_TypeError, "can only assign string to %s.__name__, not '%T'",
                         type_full_name(type), value);
    if (audit("object.__setattr__", 3, self, name___name__, value) < 0)
        return -1;
    return type_set_name_object(type, value);
}

static Value get_qualname(Value self) {
    return type_qualname(type_of_value(self));
}
static int set_qualname(Value self, Value value) {
    Type *type = type_of_value(self);
    if (immutable(type, "__qualname__") < 0)
        return -1;
    if (value_is_null(value))
        return no_delete(type, "__qualname__");
    if (!value_is_str(value))
        return raise_int(&exception_TypeError,
                         "can only assign string to %s.__qualname__, not '%T'",
                         type_full_name(type), value);
    ref_retain(value);
    types_lock();
    Value old = field_publish_locked(&type->qualname, value);
    types_unlock();
    if (!value_is_null(old))
        reclaim_reference(old);
    return 0;
}

static Value get_module(Value self) {
    Value v = type_module(type_of_value(self));
    if (value_is_null(v) && !error_occurred())
        return raise_error(&exception_AttributeError, "__module__");
    return v;
}
static int set_module(Value self, Value value) {
    Type *type = type_of_value(self);
    if (immutable(type, "__module__") < 0)
        return -1;
    if (value_is_null(value))
        return no_delete(type, "__module__");
    return type_set_attribute(type, name___module__, value);
}

static Value get_doc(Value self) {
    Type *type = type_of_value(self);
    if (!type_has(type, TYPE_HEAP) && type->doc) {
        const char *end = strstr(type->doc, "\n--\n\n");
        return str_from_cstr(end ? end + 5 : type->doc);
    }
    Value doc = dict_get_str(type->dict, name___doc__);
    if (value_is_null(doc))
        return error_occurred() ? doc : none_new();
    Value (*get)(Value, Value, Value) = value_type(doc)->descr_get;
    if (!get)
        return doc;
    Value v = get(doc, VALUE_NULL, self);
    ref_release(doc);
    return v;
}
static int set_doc(Value self, Value value) {
    Type *type = type_of_value(self);
    if (immutable(type, "__doc__") < 0)
        return -1;
    if (value_is_null(value))
        return no_delete(type, "__doc__");
    return type_set_attribute(type, name___doc__, value);
}

// A class has the signature that its docstring begins with: its name, parentheses, and a line of
// two dashes, without an empty line before.
static Value get_text_signature(Value self) {
    static const char mark[] = ")\n--\n\n";
    Type *type = type_of_value(self);
    const char *name = type_name(type), *doc = type->doc;
    size_t length = strlen(name), ignored;
    char *owned = NULL;
    Value text = VALUE_NULL, result = VALUE_NULL;
    if (type_has(type, TYPE_HEAP)) {
        text = dict_get_str(type->dict, name___doc__);
        if (value_is_null(text) && error_occurred())
            return VALUE_NULL;
        doc = !value_is_null(text) && value_is_str(text) ? str_utf8_wtf(text, &ignored, &owned)
                                                         : NULL;
    }
    const char *end = doc ? strstr(doc, mark) : NULL, *empty = doc ? strstr(doc, "\n\n") : NULL;
    if (end && empty > end && strncmp(doc, name, length) == 0 && doc[length] == '(')
        result = str_from_utf8(doc + length, (size_t)(end + 1 - doc) - length);
    else if (!error_occurred())
        result = none_new();
    buffer_free(owned);
    ref_release(text);
    return result;
}

// ---- relations ---------------------------------------------------------------------------------

static Value get_bases(Value self) {
    return ref_new(field_published(&type_of_value(self)->bases));
}
static int set_bases(Value self, Value value) {
    if (audit("object.__setattr__", 3, self, name___bases__, value) < 0)
        return -1;
    return type_set_bases(type_of_value(self), value);
}
static Value get_dict(Value self) {
    return mapping_proxy_new(type_of_value(self)->dict);
}
static Value get_basic_size(Value self) {
    return int_from_i64(type_of_value(self)->basic_size);
}
static Value get_item_size(Value self) {
    return int_from_i64(type_of_value(self)->item_size);
}
static Value get_dict_offset(Value self) {
    return int_from_i64(type_of_value(self)->dict_offset);
}
static Value get_weakref_offset(Value self) {
    return int_from_i64(type_has(type_of_value(self), TYPE_WEAKREFABLE) ? 8 : 0);
}

// The flags that Python programs look at, by their published numbers.
static Value get_flags(Value self) {
    static const struct {
        uint32_t ours;
        int bit;
    } bits[] = {
        {TYPE_SEQUENCE, 5},
        {TYPE_MAPPING, 6},
        {TYPE_IMMUTABLE, 8},
        {TYPE_HEAP, 9},
        {TYPE_BASE, 10},
        {TYPE_READY, 12},
        {TYPE_METHOD_DESCRIPTOR, 17},
        {TYPE_ABSTRACT, 20},
        {TYPE_PATMA_SELF, 22},
        {TYPE_INT_SUBCLASS, 24},
        {TYPE_LIST_SUBCLASS, 25},
        {TYPE_TUPLE_SUBCLASS, 26},
        {TYPE_BYTES_SUBCLASS, 27},
        {TYPE_STR_SUBCLASS, 28},
        {TYPE_DICT_SUBCLASS, 29},
        {TYPE_EXCEPTION_SUBCLASS, 30},
        {TYPE_TYPE_SUBCLASS, 31},
        {TYPE_NO_NEW, 7},
    };
    Type *type = type_of_value(self);
    int64_t flags = type->kind == HEAP_CONTAINER ? 1 << 14 : 0;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
        if (type_has(type, bits[i].ours))
            flags |= (int64_t)1 << bits[i].bit;
    return int_from_i64(flags);
}

// ---- abstract methods, annotations -------------------------------------------------------------

static Value get_abstract(Value self) {
    Value v = value_same(self, value_from_object(&type_type))
                  ? VALUE_NULL
                  : dict_get_str(type_of_value(self)->dict, name___abstractmethods__);
    if (value_is_null(v) && !error_occurred())
        return raise_error(&exception_AttributeError, "__abstractmethods__");
    return v;
}
static int set_abstract(Value self, Value value) {
    Type *type = type_of_value(self);
    if (immutable(type, "__abstractmethods__") < 0)
        return -1;
    int abstract = 0;
    if (!value_is_null(value)) {
        abstract = value_truth(value);
        if (abstract < 0)
            return -1;
    } else if (!dict_contains(type->dict, name___abstractmethods__)) {
        return raise_int(&exception_AttributeError, "__abstractmethods__");
    }
    return type_set_abstract(type, value, abstract);
}

static Value get_annotations(Value self) {
    Type *type = type_of_value(self);
    if (!type_has(type, TYPE_HEAP)) {
        raise_error(&exception_AttributeError,
                    "type object '%s' has no attribute '__annotations__'", type_full_name(type));
        error_set_name_object(name___annotations__, self);
        return VALUE_NULL;
    }
    Value v = dict_get_str(type->dict, name___annotations__);
    if (!value_is_null(v)) {
        Value (*get)(Value, Value, Value) = value_type(v)->descr_get;
        if (!get)
            return v;
        Value result = get(v, VALUE_NULL, self);
        ref_release(v);
        return result;
    }
    if (error_occurred())
        return v;
    v = dict_new();
    if (!value_is_null(v) && type_set_attribute(type, name___annotations__, v) < 0) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}
static int set_annotations(Value self, Value value) {
    Type *type = type_of_value(self);
    if (!type_has(type, TYPE_HEAP))
        return raise_int(&exception_TypeError,
                         "cannot set '__annotations__' attribute of immutable type '%s'",
                         type_full_name(type));
    if (value_is_null(value) && !dict_contains(type->dict, name___annotations__))
        return raise_int(&exception_AttributeError, "__annotations__");
    return type_set_attribute(type, name___annotations__, value);
}

const GetSetDef type_getsets[] = {
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__module__", get_module, set_module, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {"__bases__", get_bases, set_bases, NULL},
    {"__dict__", get_dict, NULL, NULL},
    {"__basicsize__", get_basic_size, NULL, NULL},
    {"__itemsize__", get_item_size, NULL, NULL},
    {"__dictoffset__", get_dict_offset, NULL, NULL},
    {"__weakrefoffset__", get_weakref_offset, NULL, NULL},
    {"__flags__", get_flags, NULL, NULL},
    {"__abstractmethods__", get_abstract, set_abstract, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {NULL, NULL, NULL, NULL},
};

// A Type pointer has the bits of the Value that refers to the type.
const MemberDef type_members[] = {
    {"__mro__", offsetof(Type, mro), true, true},
    {"__base__", offsetof(Type, base), true, true},
    {NULL, 0, false, false},
};

// ---- methods ----------------------------------------------------------------------------------

static Value method_mro(Value self) {
    Value mro = type_compute_mro(type_of_value(self));
    if (value_is_null(mro))
        return mro;
    Value list = list_from_array(tuple_of(mro)->items, tuple_length(mro));
    ref_release(mro);
    return list;
}

static Value method_subclasses(Value self) {
    Type *type = type_of_value(self);
    Value list = list_new();
    if (value_is_null(list))
        return list;
    // References under the lock, the list outside it.
    types_lock();
    struct TypeSubclasses *s = type->subclasses;
    uint32_t count = 0;
    Value *found = s && s->count ? buffer_allocate(s->count * sizeof(Value)) : NULL;
    for (uint32_t i = 0; found && i < s->count; i++)
        if (count_try_increment(&s->items[i]->header))
            found[count++] = value_from_object(s->items[i]);
    types_unlock();
    int result = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (result == 0)
            result = list_append(list, found[i]);
        ref_release(found[i]);
    }
    buffer_free(found);
    if (result < 0) {
        ref_release(list);
        return VALUE_NULL;
    }
    return list;
}

static Value method_prepare(Value self, const Value *args, size_t nargs, Value kwnames) {
    return dict_new();
}

static Value method_instancecheck(Value self, Value object) {
    int result = type_is_instance_by_class(object, type_of_value(self));
    return result < 0 ? VALUE_NULL : bool_new(result);
}
static Value method_subclasscheck(Value self, Value other) {
    int result = type_is_subclass_by_bases(other, self);
    return result < 0 ? VALUE_NULL : bool_new(result);
}

static int merge_names(Value names, Type *type) {
    int64_t position = 0;
    Value key;
    while (dict_next(type->dict, &position, &key, NULL, NULL)) {
        int result = dict_set(names, key, VALUE_NONE);
        ref_release(key);
        if (result < 0)
            return -1;
    }
    return 0;
}

// Every attribute name along the mro.
static Value method_dir(Value self) {
    Type *type = type_of_value(self);
    Value names = dict_new();
    Value mro = ref_new(type_mro(type));
    int result = value_is_null(names) ? -1 : 0;
    for (int64_t i = 0; result == 0 && !value_is_null(mro) && i < tuple_length(mro); i++)
        result = merge_names(names, type_of_value(tuple_item(mro, i)));
    ref_release(mro);
    Value list = result < 0 ? VALUE_NULL : dict_keys_list(names);
    ref_release(names);
    return list;
}

static Value method_sizeof(Value self) {
    return int_from_i64((int64_t)type_instance_size(value_object(self)));
}

const NativeDef type_methods[] = {
    DEF_NONE("mro", method_mro,
             "mro($self, /)\n--\n\nThe order in which bases are searched, as a list."),
    DEF_NONE("__subclasses__", method_subclasses,
             "__subclasses__($self, /)\n--\n\nThe direct subclasses, as a list."),
    DEF_CLASS("__prepare__", method_prepare,
              "A new dict: the namespace for the body of a class statement."),
    DEF_ONE("__instancecheck__", method_instancecheck,
            "__instancecheck__($self, instance, /)\n--\n\nWhether an object is an instance."),
    DEF_ONE("__subclasscheck__", method_subclasscheck,
            "__subclasscheck__($self, subclass, /)\n--\n\nWhether a class is a subclass."),
    DEF_NONE("__dir__", method_dir, "__dir__($self, /)\n--\n\nThe names of all attributes."),
    DEF_NONE("__sizeof__", method_sizeof, "__sizeof__($self, /)\n--\n\nBytes that the type takes."),
    DEF_END,
};
