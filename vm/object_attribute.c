// SPDX-License-Identifier: MIT
//
// Attribute access on any value: v.name through the getattr and setattr slots, and their default
// implementation (data descriptors of the type, then the instance's own attributes, then the
// rest of the type).
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type_internal.h"

static Value bad_name(Value name) {
    return raise_type_error("attribute name must be string, not '%T'", name);
}

static void no_attribute(Value self, Value name) {
    raise_error(&exception_AttributeError, "'%T' object has no attribute '%V'", self, name);
    error_set_name_object(name, self);
}

// ---- the default implementation ---------------------------------------------------------------

int object_generic_find_given(Value self, Value name, Value descriptor, Value *out) {
    Type *type = value_type(self);
    Value (*get)(Value, Value, Value) = NULL;
    if (!value_is_null(descriptor)) {
        Type *kind = value_type(descriptor);
        get = kind->descr_get;
        if (get && kind->descr_set) {
            *out = get(descriptor, self, value_from_object(type));
            ref_release(descriptor);
            return value_is_null(*out) ? -1 : 1;
        }
    }
    Value own = instance_get(self, name);
    if (!value_is_null(own) || UNLIKELY(error_occurred())) {
        ref_release(descriptor);
        *out = own;
        return value_is_null(own) ? -1 : 1;
    }
    if (get) {
        *out = get(descriptor, self, value_from_object(type));
        ref_release(descriptor);
        return value_is_null(*out) ? -1 : 1;
    }
    *out = descriptor;
    return !value_is_null(descriptor);
}

int object_generic_find(Value self, Value name, Value *out) {
    return object_generic_find_given(self, name, type_lookup(value_type(self), name), out);
}

Value object_generic_getattr(Value self, Value name) {
    if (UNLIKELY(!value_is_str(name)))
        return bad_name(name);
    Value v;
    int found = object_generic_find(self, name, &v);
    if (LIKELY(found > 0))
        return v;
    if (found == 0)
        no_attribute(self, name);
    return VALUE_NULL;
}

int object_generic_setattr(Value self, Value name, Value value) {
    if (UNLIKELY(!value_is_str(name))) {
        bad_name(name);
        return -1;
    }
    Type *type = value_type(self);
    Value descriptor = type_lookup(type, name);
    if (!value_is_null(descriptor)) {
        int (*set)(Value, Value, Value) = value_type(descriptor)->descr_set;
        if (set) {
            int result = set(descriptor, self, value);
            ref_release(descriptor);
            return result;
        }
    }
    bool on_type = !value_is_null(descriptor);
    ref_release(descriptor);
    if (type_has(type, TYPE_HAS_SHAPE_SLOTS | TYPE_HAS_DICT_FIELD)) {
        if (!value_is_null(value))
            return instance_set(self, name, value);
        int result = instance_delete(self, name);
        if (result == 0) // without name and obj, as in CPython
            raise_error(&exception_AttributeError, "'%T' object has no attribute '%V'", self, name);
        return result > 0 ? 0 : -1;
    }
    if (on_type)
        return raise_int(&exception_AttributeError, "'%T' object attribute '%V' is read-only", self,
                         name);
    return raise_int(&exception_AttributeError, "'%T' object has no attribute '%V'", self, name);
}

// ---- any value --------------------------------------------------------------------------------

Value value_getattr(Value v, Value name) {
    Type *type = value_type(v);
    if (LIKELY(type->getattr != NULL)) {
        if (UNLIKELY(!value_is_str(name)))
            return bad_name(name);
        return type->getattr(v, name);
    }
    return object_generic_getattr(v, name);
}

int value_lookup_attr(Value v, Value name, Value *out) {
    Type *type = value_type(v);
    if (UNLIKELY(!value_is_str(name))) {
        *out = bad_name(name);
        return -1;
    }
    // These three say that there is nothing without making an exception of it.
    int found;
    if (LIKELY(type->getattr == object_generic_getattr)) {
        found = object_generic_find(v, name, out);
    } else if (type->getattr == type_getattr_slot) {
        found = type_find(v, name, out);
    } else if (type->getattr == module_getattr) {
        found = module_find(v, name, out);
    } else {
        *out = value_getattr(v, name);
        found = value_is_null(*out) ? -1 : 1;
    }
    if (found >= 0)
        return found;
    *out = VALUE_NULL;
    if (!error_matches(&exception_AttributeError))
        return -1;
    error_clear();
    return 0;
}

int value_setattr(Value v, Value name, Value value) {
    Type *type = value_type(v);
    if (UNLIKELY(!value_is_str(name))) {
        bad_name(name);
        return -1;
    }
    return type->setattr ? type->setattr(v, name, value) : object_generic_setattr(v, name, value);
}

int value_delattr(Value v, Value name) {
    return value_setattr(v, name, VALUE_NULL);
}

Value value_getattr_cstr(Value v, const char *name) {
    Value name_object = str_intern_cstr(name);
    if (value_is_null(name_object))
        return name_object;
    Value result = value_getattr(v, name_object);
    ref_release(name_object);
    return result;
}

int value_lookup_attr_cstr(Value v, const char *name, Value *out) {
    *out = VALUE_NULL;
    Value name_object = str_intern_cstr(name);
    if (value_is_null(name_object))
        return -1;
    int found = value_lookup_attr(v, name_object, out);
    ref_release(name_object);
    return found;
}

int value_setattr_cstr(Value v, const char *name, Value value) {
    Value name_object = str_intern_cstr(name);
    if (value_is_null(name_object))
        return -1;
    int result = value_setattr(v, name_object, value);
    ref_release(name_object);
    return result;
}

int value_lookup_special(Value v, Value name, Value *out) {
    Type *type = value_type(v);
    Value found = type_lookup(type, name);
    *out = found;
    if (value_is_null(found))
        return 0;
    Value (*get)(Value, Value, Value) = value_type(found)->descr_get;
    if (get) {
        *out = get(found, v, value_from_object(type));
        ref_release(found);
    }
    return value_is_null(*out) ? -1 : 1;
}

int value_get_method(Value v, Value name, Value *out) {
    Type *type = value_type(v);
    if (UNLIKELY(type->getattr != object_generic_getattr)) {
        *out = value_getattr(v, name);
        return value_is_null(*out) ? -1 : 0;
    }
    Value found = type_lookup(type, name);
    if (!value_is_null(found) && type_has(value_type(found), TYPE_METHOD_DESCRIPTOR)) {
        Value own = instance_get(v, name);
        if (LIKELY(value_is_null(own))) {
            if (UNLIKELY(error_occurred())) {
                ref_release(found);
                return -1;
            }
            *out = found;
            return 1;
        }
        ref_release(found);
        *out = own;
        return 0;
    }
    ref_release(found);
    *out = object_generic_getattr(v, name);
    return value_is_null(*out) ? -1 : 0;
}

Value import_builtin(const char *name) {
    Value module = import_module_cstr("builtins");
    if (value_is_null(module))
        return module;
    Value v = value_getattr_cstr(module, name);
    ref_release(module);
    return v;
}
