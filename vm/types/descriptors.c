// SPDX-License-Identifier: MIT
//
// The descriptors that the tables of native types become: methods, computed attributes, fields;
// and the cells of __slots__.
//
// A descriptor's owner is borrowed if it is a native type (these live for ever) and counted if it
// is a class. All fields are constant.
#include "vm/types/type_internal.h"

typedef struct {
    Object header;
    Type *owner;
    const GetSetDef *def;
} GetSet;

static inline MethodDescriptor *method_of(Value v) {
    return (MethodDescriptor *)value_object(v);
}
static inline GetSet *getset_of(Value v) {
    return (GetSet *)value_object(v);
}
static inline Member *member_of(Value v) {
    return (Member *)value_object(v);
}

static void hold_owner(Type *owner) {
    if (type_has(owner, TYPE_HEAP))
        ref_retain_object(owner);
}
static void drop_owner(Type *owner) {
    if (type_has(owner, TYPE_HEAP))
        ref_release_object(owner);
}
static void visit_owner(GcVisitor *visitor, Type *owner) {
    if (type_flags(owner) & TYPE_HEAP)
        gc_visit_object(visitor, owner);
}

static Value qualified(Type *owner, Value name) {
    Value prefix = type_qualname(owner);
    Value v = value_is_null(prefix) ? prefix : str_format("%V.%V", prefix, name);
    ref_release(prefix);
    return v;
}

static Value wrong_object(Value name, Type *owner, Value object) {
    return raise_type_error("descriptor '%V' for '%s' objects doesn't apply to a '%T' object", name,
                            type_full_name(owner), object);
}

static Value reduce_to_getattr(Type *owner, Value name_owned) {
    Value getattr = import_builtin("getattr");
    Value args = value_is_null(getattr) || value_is_null(name_owned)
                     ? VALUE_NULL
                     : tuple_pack(2, value_from_object(owner), name_owned);
    Value v = value_is_null(args) ? args : tuple_pack(2, getattr, args);
    ref_release(args);
    ref_release(getattr);
    ref_release(name_owned);
    return v;
}

Value native_doc(const char *doc) {
    if (!doc)
        return none_new();
    const char *end = strstr(doc, "\n--\n\n");
    return str_from_cstr(end ? end + 5 : doc);
}

Value native_signature(const char *doc) {
    const char *end = doc ? strstr(doc, "\n--\n\n") : NULL;
    const char *start = doc ? strchr(doc, '(') : NULL;
    if (!end || !start || start > end)
        return none_new();
    return str_from_utf8(start, (size_t)(end - start));
}

// ---- methods -----------------------------------------------------------------------------------

Value descriptor_new_method(Type *owner, const NativeDef *def) {
    if (def->binding == METHOD_STATIC) {
        Value function = native_function_new(def, value_from_object(owner), VALUE_NULL);
        if (value_is_null(function))
            return function;
        MethodWrapping *s = object_allocate(&static_method_type);
        if (!s) {
            ref_release(function);
            return VALUE_NULL;
        }
        s->callable = function;
        return value_from_object(s);
    }
    MethodDescriptor *m = object_allocate(
        def->binding == METHOD_CLASS ? &class_method_descriptor_type : &method_descriptor_type);
    if (!m)
        return VALUE_NULL;
    m->def = def;
    m->owner = owner;
    ref_retain_object(owner);
    return value_from_object(m);
}

static Value method_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    MethodDescriptor *m = method_of(self);
    if (UNLIKELY(nargs < 1))
        return raise_type_error("unbound method %N.%s() needs an argument", m->owner, m->def->name);
    if (UNLIKELY(!value_is_instance(args[0], m->owner)))
        return raise_type_error("descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                                m->def->name, type_full_name(m->owner), args[0]);
    return native_function_call(m->def, args[0], args + 1, nargs - 1, kwnames);
}

static Value method_get(Value self, Value object, Value owner) {
    MethodDescriptor *m = method_of(self);
    if (value_is_null(object))
        return ref_new(self);
    if (UNLIKELY(!value_is_instance(object, m->owner)))
        return raise_type_error("descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                                m->def->name, type_full_name(m->owner), object);
    return native_function_new(m->def, object, VALUE_NULL);
}

static Value method_get_name(Value self) {
    return str_intern_cstr(method_of(self)->def->name);
}
static Value method_get_owner(Value self) {
    return ref_new(value_from_object(method_of(self)->owner));
}
static Value method_get_qualname(Value self) {
    Value name = method_get_name(self);
    Value v = value_is_null(name) ? name : qualified(method_of(self)->owner, name);
    ref_release(name);
    return v;
}
static Value method_get_doc(Value self) {
    return native_doc(method_of(self)->def->doc);
}
static Value method_get_signature(Value self) {
    return native_signature(method_of(self)->def->doc);
}
static Value method_repr(Value self) {
    MethodDescriptor *m = method_of(self);
    return str_format("<method '%s' of '%s' objects>", m->def->name, type_full_name(m->owner));
}
static Value method_reduce(Value self) {
    return reduce_to_getattr(method_of(self)->owner, method_get_name(self));
}
static void method_destroy(Object *o) {
    ref_release_object(((MethodDescriptor *)o)->owner);
    object_free_fixed(o);
}
static void method_traverse(Object *o, GcVisitor *visitor) {
    gc_visit_object(visitor, ((MethodDescriptor *)o)->owner);
}

static const GetSetDef method_getsets[] = {
    {"__name__", method_get_name, NULL, NULL},
    {"__qualname__", method_get_qualname, NULL, NULL},
    {"__objclass__", method_get_owner, NULL, NULL},
    {"__doc__", method_get_doc, NULL, NULL},
    {"__text_signature__", method_get_signature, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const NativeDef method_methods[] = {
    DEF_NONE("__reduce__", method_reduce, "How to pickle the method."),
    DEF_END,
};

Type method_descriptor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "method_descriptor",
    .basic_size = sizeof(MethodDescriptor),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_METHOD_DESCRIPTOR | TYPE_NO_NEW,
    .destroy = method_destroy,
    .traverse = method_traverse,
    .repr = method_repr,
    .call = method_call,
    .descr_get = method_get,
    .getsets = method_getsets,
    .methods = method_methods,
};

// ---- class methods -----------------------------------------------------------------------------

static Value class_method_get(Value self, Value object, Value owner) {
    MethodDescriptor *m = method_of(self);
    Value class = owner;
    if (value_is_null(class)) {
        if (value_is_null(object))
            return raise_type_error(
                "descriptor '%s' for type '%N' needs either an object or a type", m->def->name,
                m->owner);
        class = value_from_object(value_type(object));
    }
    if (!value_is_type(class))
        return raise_type_error("descriptor '%s' for type '%N' needs a type, not a '%T' as arg 2",
                                m->def->name, m->owner, class);
    if (!type_is_subtype(type_of_value(class), m->owner))
        return raise_type_error("descriptor '%s' requires a subtype of '%N' but received '%N'",
                                m->def->name, m->owner, type_of_value(class));
    return native_function_new(m->def, class, VALUE_NULL);
}

static Value class_method_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    MethodDescriptor *m = method_of(self);
    if (nargs < 1)
        return raise_type_error("descriptor '%s' of '%N' object needs an argument", m->def->name,
                                m->owner);
    Value bound = class_method_get(self, VALUE_NULL, args[0]);
    if (value_is_null(bound))
        return bound;
    ref_release(bound);
    return native_function_call(m->def, args[0], args + 1, nargs - 1, kwnames);
}

Type class_method_descriptor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "classmethod_descriptor",
    .basic_size = sizeof(MethodDescriptor),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = method_destroy,
    .traverse = method_traverse,
    .repr = method_repr,
    .call = class_method_call,
    .descr_get = class_method_get,
    .getsets = method_getsets,
};

// ---- computed attributes ----------------------------------------------------------------------

Value descriptor_new_getset(Type *owner, const GetSetDef *def) {
    GetSet *g = object_allocate(&get_set_type);
    if (!g)
        return VALUE_NULL;
    g->def = def;
    g->owner = owner;
    hold_owner(owner);
    return value_from_object(g);
}

const GetSetDef *descriptor_getset(Value descriptor) {
    return getset_of(descriptor)->def;
}
const GetSetDef *descriptor_getset_for(Value descriptor, const Type *type) {
    return type_is_subtype(type, getset_of(descriptor)->owner) ? getset_of(descriptor)->def : NULL;
}

static Value getset_get(Value self, Value object, Value owner) {
    GetSet *g = getset_of(self);
    if (value_is_null(object))
        return ref_new(self);
    if (UNLIKELY(!value_is_instance(object, g->owner)))
        return raise_type_error("descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                                g->def->name, type_full_name(g->owner), object);
    return g->def->get(object);
}

static int getset_set(Value self, Value object, Value value) {
    GetSet *g = getset_of(self);
    if (!value_is_instance(object, g->owner))
        return raise_int(&exception_TypeError,
                         "descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                         g->def->name, type_full_name(g->owner), object);
    if (!g->def->set)
        return raise_int(&exception_AttributeError,
                         "attribute '%s' of '%s' objects is not writable", g->def->name,
                         type_full_name(g->owner));
    return g->def->set(object, value);
}

static Value getset_get_name(Value self) {
    return str_intern_cstr(getset_of(self)->def->name);
}
static Value getset_get_owner(Value self) {
    return ref_new(value_from_object(getset_of(self)->owner));
}
static Value getset_get_qualname(Value self) {
    Value name = getset_get_name(self);
    Value v = value_is_null(name) ? name : qualified(getset_of(self)->owner, name);
    ref_release(name);
    return v;
}
static Value getset_get_doc(Value self) {
    return native_doc(getset_of(self)->def->doc);
}
static Value getset_repr(Value self) {
    GetSet *g = getset_of(self);
    return str_format("<attribute '%s' of '%s' objects>", g->def->name, type_full_name(g->owner));
}
static void getset_destroy(Object *o) {
    drop_owner(((GetSet *)o)->owner);
    object_free_fixed(o);
}
static void getset_traverse(Object *o, GcVisitor *visitor) {
    visit_owner(visitor, ((GetSet *)o)->owner);
}

static const GetSetDef getset_getsets[] = {
    {"__name__", getset_get_name, NULL, NULL},
    {"__qualname__", getset_get_qualname, NULL, NULL},
    {"__objclass__", getset_get_owner, NULL, NULL},
    {"__doc__", getset_get_doc, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

Type get_set_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "getset_descriptor",
    .basic_size = sizeof(GetSet),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = getset_destroy,
    .traverse = getset_traverse,
    .repr = getset_repr,
    .descr_get = getset_get,
    .descr_set = getset_set,
    .getsets = getset_getsets,
};

// ---- fields ------------------------------------------------------------------------------------

static Member *new_member(Type *owner, Value name, uint32_t offset) {
    Member *m = value_is_null(name) ? NULL : object_allocate(&member_type);
    if (!m)
        return NULL;
    m->owner = owner;
    hold_owner(owner);
    m->name = ref_new(name);
    m->offset = offset;
    return m;
}

Value descriptor_new_member(Type *owner, const MemberDef *def) {
    Value name_object = str_intern_cstr(def->name);
    Member *m = new_member(owner, name_object, def->offset);
    ref_release(name_object);
    if (!m)
        return VALUE_NULL;
    m->readonly = def->readonly;
    m->none_if_null = def->none_if_null;
    m->is_int = def->kind == MEMBER_INT;
    m->def = def;
    return value_from_object(m);
}

Value descriptor_new_cell(Type *owner, Value name, uint32_t offset, bool trailing) {
    Member *m = new_member(owner, name, offset);
    if (!m)
        return VALUE_NULL;
    m->trailing = trailing;
    m->cell = true;
    return value_from_object(m);
}

uint32_t descriptor_member_offset(Value descriptor, const Type *type) {
    Member *m = member_of(descriptor);
    return m->cell && !m->trailing && type_is_subtype(type, m->owner) ? m->offset : 0;
}

static Value *member_slot(Member *m, Value object) {
    Object *o = value_object(object);
    return m->trailing ? type_trailing_words(o) + m->offset : (Value *)((char *)o + m->offset);
}

static int32_t *member_int(Member *m, Value object) {
    return (int32_t *)((char *)value_object(object) + m->offset);
}

static int set_int(int32_t *number, Value value) {
    int64_t n;
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "can't delete numeric/char attribute");
    if (value_to_i64(value, &n) < 0)
        return -1;
    __atomic_store_n(number, (int32_t)n, __ATOMIC_RELAXED);
    return 0;
}

bool descriptor_member_is_native(Value descriptor, const Type *type) {
    Member *m = member_of(descriptor);
    return m->def && !type_has(m->owner, TYPE_HEAP) && type_is_subtype(type, m->owner);
}

Value descriptor_read_member(Value descriptor, Value object) {
    Member *m = member_of(descriptor);
    if (m->is_int)
        return value_from_int(__atomic_load_n(member_int(m, object), __ATOMIC_RELAXED));
    Value v = field_load(value_object(object), member_slot(m, object));
    if (LIKELY(!value_is_null(v)))
        return v;
    if (m->none_if_null)
        return none_new();
    raise_error(&exception_AttributeError, "'%T' object has no attribute '%V'", object, m->name);
    error_set_name_object(m->name, object);
    return VALUE_NULL;
}

static Value member_get(Value self, Value object, Value owner) {
    Member *m = member_of(self);
    if (value_is_null(object))
        return ref_new(self);
    if (UNLIKELY(!value_is_instance(object, m->owner)))
        return wrong_object(m->name, m->owner, object);
    return descriptor_read_member(self, object);
}

static int member_set(Value self, Value object, Value value) {
    Member *m = member_of(self);
    if (!value_is_instance(object, m->owner)) {
        wrong_object(m->name, m->owner, object);
        return -1;
    }
    if (m->readonly)
        return raise_int(&exception_AttributeError, "readonly attribute");
    if (m->is_int)
        return set_int(member_int(m, object), value);
    ref_retain(value);
    Value old = field_swap(value_object(object), member_slot(m, object), value);
    if (value_is_null(value) && value_is_null(old) && !m->none_if_null)
        return raise_int(&exception_AttributeError, "%V", m->name);
    ref_release(old);
    return 0;
}

static Value member_get_name(Value self) {
    return ref_new(member_of(self)->name);
}
static Value member_get_owner(Value self) {
    return ref_new(value_from_object(member_of(self)->owner));
}
static Value member_get_qualname(Value self) {
    return qualified(member_of(self)->owner, member_of(self)->name);
}
static Value member_get_doc(Value self) {
    const MemberDef *def = member_of(self)->def;
    return def && def->doc ? str_from_cstr(def->doc) : none_new();
}
static Value member_repr(Value self) {
    Member *m = member_of(self);
    return str_format("<member '%V' of '%s' objects>", m->name, type_full_name(m->owner));
}
static Value member_reduce(Value self) {
    return reduce_to_getattr(member_of(self)->owner, ref_new(member_of(self)->name));
}
static void member_destroy(Object *o) {
    Member *m = (Member *)o;
    ref_release(m->name);
    drop_owner(m->owner);
    object_free_fixed(o);
}
static void member_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, ((Member *)o)->name);
    visit_owner(visitor, ((Member *)o)->owner);
}

static const GetSetDef member_getsets[] = {
    {"__name__", member_get_name, NULL, NULL},
    {"__qualname__", member_get_qualname, NULL, NULL},
    {"__objclass__", member_get_owner, NULL, NULL},
    {"__doc__", member_get_doc, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const NativeDef member_methods[] = {
    DEF_NONE("__reduce__", member_reduce, "How to pickle the descriptor."),
    DEF_END,
};

Type member_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "member_descriptor",
    .basic_size = sizeof(Member),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = member_destroy,
    .traverse = member_traverse,
    .repr = member_repr,
    .descr_get = member_get,
    .descr_set = member_set,
    .getsets = member_getsets,
    .methods = member_methods,
};

void descriptors_start(void) {
    type_ready(&wrapper_type);
    type_ready(&method_wrapper_type);
    type_ready(&method_descriptor_type);
    type_ready(&class_method_descriptor_type);
    type_ready(&get_set_type);
    type_ready(&member_type);
    type_ready(&mapping_proxy_type);
}
