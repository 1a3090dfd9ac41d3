// SPDX-License-Identifier: MIT
//
// property, staticmethod and classmethod.
//
// What they hold is guarded by the object's lock and read as a new reference: __init__ may be
// called again, by any thread, also by the function that is running.
#include "vm/types/type_internal.h"

static inline Property *property_of(Value v) {
    return (Property *)value_object(v);
}

// A function of a property: new reference, or VALUE_NULL.
static Value function_of(Property *p, const Value *field) {
    return field_load(&p->header, field);
}

// ---- property ---------------------------------------------------------------------------------

static Value property_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

// Takes the getter's docstring if none was given.
static int doc_from_getter(Value self, Value getter) {
    Property *p = property_of(self);
    Value doc;
    int found = value_lookup_attr(getter, name___doc__, &doc);
    if (found <= 0)
        return found;
    if (value_is_none(doc)) {
        ref_release(doc);
        return 0;
    }
    if (value_is_exactly(self, &property_type)) {
        field_store(&p->header, &p->doc, doc);
    } else {
        // A subclass shows it as an ordinary attribute, so that its class's own docstring does not
        // hide it.
        int result = value_setattr(self, name___doc__, doc);
        ref_release(doc);
        if (result < 0)
            return -1;
    }
    __atomic_store_n(&p->doc_from_getter, true, __ATOMIC_RELAXED);
    return 0;
}

static int property_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"fget", "fset", "fdel", "doc", NULL};
    Value given[4];
    if (arguments_parse("property", args, nargs, kwnames, names, 0, 4, 0, given) < 0)
        return -1;
    Property *p = property_of(self);
    Value *slots[] = {&p->get, &p->set, &p->del};
    for (int i = 0; i < 3; i++) {
        Value v =
            value_is_null(given[i]) || value_is_none(given[i]) ? VALUE_NULL : ref_new(given[i]);
        field_store(&p->header, slots[i], v);
    }
    bool has_doc = !value_is_null(given[3]) && !value_is_none(given[3]);
    __atomic_store_n(&p->doc_from_getter, false, __ATOMIC_RELAXED);
    field_store(&p->header, &p->doc, has_doc ? ref_new(given[3]) : VALUE_NULL);
    field_store(&p->header, &p->name, VALUE_NULL);
    bool has_getter = !value_is_null(given[0]) && !value_is_none(given[0]);
    return has_doc || !has_getter ? 0 : doc_from_getter(self, given[0]);
}

// "property 'x' of 'C' object has no getter"
static void no_function(Property *p, Value object, const char *what) {
    Value name = field_load(&p->header, &p->name);
    Value owner = value_is_null(object) ? VALUE_NULL : type_qualname(value_type(object));
    if (!value_is_null(name) && !value_is_null(owner))
        raise_error(&exception_AttributeError, "property %R of %R object has no %s", name, owner,
                    what);
    else if (!value_is_null(owner))
        raise_error(&exception_AttributeError, "property of %R object has no %s", owner, what);
    else
        raise_error(&exception_AttributeError, "property has no %s", what);
    ref_release(name);
    ref_release(owner);
}

Value property_read(Value property, Value object) {
    Property *p = property_of(property);
    Value getter = function_of(p, &p->get);
    if (UNLIKELY(value_is_null(getter))) {
        no_function(p, object, "getter");
        return VALUE_NULL;
    }
    Value v = value_call_one(getter, object);
    ref_release(getter);
    return v;
}

static Value property_get(Value self, Value object, Value owner) {
    if (value_is_null(object) || value_is_none(object))
        return ref_new(self);
    return property_read(self, object);
}

static int property_set(Value self, Value object, Value value) {
    Property *p = property_of(self);
    bool deletes = value_is_null(value);
    Value function = function_of(p, deletes ? &p->del : &p->set);
    if (value_is_null(function)) {
        no_function(p, object, deletes ? "deleter" : "setter");
        return -1;
    }
    Value result =
        deletes ? value_call_one(function, object) : value_call_two(function, object, value);
    ref_release(function);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

// A copy with one function replaced.
static Value copy_with(Value self, Value get, Value set, Value del) {
    Property *p = property_of(self);
    Value args[4] = {get, set, del, VALUE_NONE};
    const Value old[3] = {function_of(p, &p->get), function_of(p, &p->set),
                          function_of(p, &p->del)};
    for (int i = 0; i < 3; i++)
        if (value_is_null(args[i]) || value_is_none(args[i]))
            args[i] = value_is_null(old[i]) ? VALUE_NONE : old[i];
    Value doc = VALUE_NULL;
    bool from_getter = __atomic_load_n(&p->doc_from_getter, __ATOMIC_RELAXED);
    if (!from_getter || value_is_none(args[0])) {
        doc = field_load(&p->header, &p->doc);
        if (!value_is_null(doc))
            args[3] = doc;
    }
    Value type = value_from_object(value_type(self));
    Value copy = value_call(type, args, 4, VALUE_NULL);
    ref_release(doc);
    for (int i = 0; i < 3; i++)
        ref_release(old[i]);
    if (!value_is_null(copy) && value_is_instance(copy, &property_type)) {
        Property *c = property_of(copy);
        Value name = field_load(&p->header, &p->name);
        field_store(&c->header, &c->name, name);
    }
    return copy;
}
static Value property_with_getter(Value self, Value f) {
    return copy_with(self, f, VALUE_NULL, VALUE_NULL);
}
static Value property_with_setter(Value self, Value f) {
    return copy_with(self, VALUE_NULL, f, VALUE_NULL);
}
static Value property_with_deleter(Value self, Value f) {
    return copy_with(self, VALUE_NULL, VALUE_NULL, f);
}

static Value property_set_name(Value self, const Value *args, size_t nargs) {
    if (nargs != 2)
        return raise_type_error("__set_name__() takes 2 positional arguments but %zu were given",
                                nargs);
    Property *p = property_of(self);
    field_store(&p->header, &p->name, ref_new(args[1]));
    return none_new();
}

static Value property_is_abstract(Value self) {
    Property *p = property_of(self);
    const Value *fields[] = {&p->get, &p->set, &p->del};
    for (int i = 0; i < 3; i++) {
        Value function = function_of(p, fields[i]);
        int abstract = function_is_abstract(function);
        ref_release(function);
        if (abstract)
            return abstract < 0 ? VALUE_NULL : bool_new(true);
    }
    return bool_new(false);
}

int function_is_abstract(Value function) {
    if (value_is_null(function))
        return 0;
    // A property can be its own getter.
    if (thread_enter_recursive(" while calling a Python object") < 0)
        return -1;
    Value v;
    int found = value_lookup_attr(function, name___isabstractmethod__, &v);
    thread_leave_recursive();
    if (found <= 0)
        return found;
    int truth = value_truth(v);
    ref_release(v);
    return truth;
}

static void property_destroy(Object *o) {
    Property *p = (Property *)o;
    ref_release(p->get);
    ref_release(p->set);
    ref_release(p->del);
    ref_release(p->doc);
    ref_release(p->name);
    type_free_instance(o);
}
static void property_traverse(Object *o, GcVisitor *visitor) {
    Property *p = (Property *)o;
    gc_visit(visitor, field_raw(&p->get));
    gc_visit(visitor, field_raw(&p->set));
    gc_visit(visitor, field_raw(&p->del));
    gc_visit(visitor, field_raw(&p->doc));
    gc_visit(visitor, field_raw(&p->name));
}

static const NativeDef property_methods[] = {
    DEF_ONE("getter", property_with_getter, "A copy of the property with another getter."),
    DEF_ONE("setter", property_with_setter, "A copy of the property with another setter."),
    DEF_ONE("deleter", property_with_deleter, "A copy of the property with another deleter."),
    DEF_FIXED("__set_name__", property_set_name, 0, -1, "Remembers the attribute's name."),
    DEF_END,
};
static const MemberDef property_members[] = {
    {"fget", offsetof(Property, get), true, true},
    {"fset", offsetof(Property, set), true, true},
    {"fdel", offsetof(Property, del), true, true},
    {"__doc__", offsetof(Property, doc), false, true},
    {NULL, 0, false, false},
};
static const GetSetDef property_getsets[] = {
    {"__isabstractmethod__", property_is_abstract, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

Type property_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "property",
    .basic_size = sizeof(Property),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\n"
           "An attribute whose reading, setting and deletion are function calls.",
    .call_new = property_call_new,
    .init = property_init,
    .destroy = property_destroy,
    .traverse = property_traverse,
    .descr_get = property_get,
    .descr_set = property_set,
    .methods = property_methods,
    .members = property_members,
    .getsets = property_getsets,
};

// ---- staticmethod and classmethod -------------------------------------------------------------

static inline MethodWrapping *wrapping_of(Value v) {
    return (MethodWrapping *)value_object(v);
}

static Value wrapping_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

// Module, names, doc and annotations of the function are shown by the wrapper too.
static int copy_names(Value self, Value callable) {
    Value *const names[] = {&name___module__, &name___name__, &name___qualname__, &name___doc__,
                            &name___annotations__};
    for (int i = 0; i < 5; i++) {
        Value v;
        int found = value_lookup_attr(callable, *names[i], &v);
        if (found > 0) {
            found = instance_set(self, *names[i], v) < 0 ? -1 : 1;
            ref_release(v);
        }
        if (found < 0)
            return -1;
    }
    return 0;
}

static int wrapping_init(const char *name, Value self, const Value *args, size_t nargs,
                         Value kwnames) {
    if (arguments_no_keywords(name, kwnames) < 0 || arguments_count(name, nargs, 1, 1) < 0)
        return -1;
    MethodWrapping *w = wrapping_of(self);
    field_store(&w->header, &w->callable, ref_new(args[0]));
    return copy_names(self, args[0]);
}
static int static_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return wrapping_init("staticmethod", self, args, nargs, kwnames);
}
static int class_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return wrapping_init("classmethod", self, args, nargs, kwnames);
}

// What is wrapped: new reference, or VALUE_NULL with an exception. (__init__ can be called again.)
static Value wrapped(Value self, const char *name) {
    MethodWrapping *w = wrapping_of(self);
    Value callable = field_load(&w->header, &w->callable);
    if (value_is_null(callable))
        return raise_error(&exception_RuntimeError, "uninitialized %s object", name);
    return callable;
}

static Value static_get(Value self, Value object, Value owner) {
    return wrapped(self, "staticmethod");
}

static Value class_get(Value self, Value object, Value owner) {
    Value callable = wrapped(self, "classmethod");
    if (value_is_null(callable))
        return callable;
    Value class = value_is_null(owner) ? value_from_object(value_type(object)) : owner;
    // A descriptor within (a property, say; itself even) is bound to the class.
    Value (*get)(Value, Value, Value) = value_type(callable)->descr_get;
    Value bound = VALUE_NULL;
    if (!get || value_is_exactly(callable, &function_type)) {
        bound = method_new(callable, class);
    } else if (thread_enter_recursive(" while calling a Python object") == 0) {
        bound = get(callable, class, class);
        thread_leave_recursive();
    }
    ref_release(callable);
    return bound;
}

static Value static_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value callable = wrapped(self, "staticmethod");
    if (value_is_null(callable))
        return callable;
    Value result = value_call(callable, args, nargs, kwnames);
    ref_release(callable);
    return result;
}

static Value wrapping_repr(Value self) {
    MethodWrapping *w = wrapping_of(self);
    Value callable = field_load(&w->header, &w->callable);
    bool is_static = type_is_subtype(value_type(self), &static_method_type);
    Value text = str_format("<%s(%R)>", is_static ? "staticmethod" : "classmethod",
                            value_is_null(callable) ? VALUE_NONE : callable);
    ref_release(callable);
    return text;
}
static Value wrapping_is_abstract(Value self) {
    MethodWrapping *w = wrapping_of(self);
    Value callable = field_load(&w->header, &w->callable);
    int abstract = function_is_abstract(callable);
    ref_release(callable);
    return abstract < 0 ? VALUE_NULL : bool_new(abstract);
}
static Value wrapping_get_dict(Value self) {
    return instance_dict(self);
}
static int wrapping_set_dict(Value self, Value dict) {
    return instance_set_dict(self, dict);
}

static void wrapping_destroy(Object *o) {
    MethodWrapping *w = (MethodWrapping *)o;
    ref_release(w->callable);
    ref_release(w->dict);
    type_free_instance(o);
}
static void wrapping_traverse(Object *o, GcVisitor *visitor) {
    MethodWrapping *w = (MethodWrapping *)o;
    gc_visit(visitor, field_raw(&w->callable));
    gc_visit(visitor, field_raw(&w->dict));
}
static void wrapping_clear(Object *o) {
    field_clear(o, &((MethodWrapping *)o)->callable);
    field_clear(o, &((MethodWrapping *)o)->dict);
}

static const MemberDef wrapping_members[] = {
    {"__func__", offsetof(MethodWrapping, callable), true, true},
    {"__wrapped__", offsetof(MethodWrapping, callable), true, true},
    {NULL, 0, false, false},
};
static const GetSetDef wrapping_getsets[] = {
    {"__isabstractmethod__", wrapping_is_abstract, NULL, NULL},
    {"__dict__", wrapping_get_dict, wrapping_set_dict, NULL},
    {NULL, NULL, NULL, NULL},
};

Type static_method_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "staticmethod",
    .basic_size = sizeof(MethodWrapping),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD,
    .dict_offset = offsetof(MethodWrapping, dict),
    .doc = "staticmethod(function)\n--\n\nA method that gets neither instance nor class.",
    .call_new = wrapping_call_new,
    .init = static_init,
    .destroy = wrapping_destroy,
    .traverse = wrapping_traverse,
    .clear = wrapping_clear,
    .repr = wrapping_repr,
    .call = static_call,
    .descr_get = static_get,
    .members = wrapping_members,
    .getsets = wrapping_getsets,
};

Type class_method_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "classmethod",
    .basic_size = sizeof(MethodWrapping),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD,
    .dict_offset = offsetof(MethodWrapping, dict),
    .doc = "classmethod(function)\n--\n\nA method whose first argument is the class.",
    .call_new = wrapping_call_new,
    .init = class_init,
    .destroy = wrapping_destroy,
    .traverse = wrapping_traverse,
    .clear = wrapping_clear,
    .repr = wrapping_repr,
    .descr_get = class_get,
    .members = wrapping_members,
    .getsets = wrapping_getsets,
};

void property_start(void) {
    type_ready(&property_type);
    type_ready(&static_method_type);
    type_ready(&class_method_type);
}
