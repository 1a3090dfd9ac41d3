// SPDX-License-Identifier: MIT
//
// Module objects: a namespace that is a dict, with __getattr__ as a hook for names it lacks.
#include "vm/runtime/import.h"
#include "vm/types/module.h"
#include "vm/types/type_internal.h"

Value module_new(Value name, Value doc) {
    Module *m = object_allocate(&module_type);
    if (!m)
        return VALUE_NULL;
    ref_defer(m);
    Value v = value_from_object(m);
    m->dict = dict_new();
    if (value_is_null(m->dict) || dict_set(m->dict, name___name__, name) < 0 ||
        dict_set(m->dict, name___doc__, value_is_null(doc) ? VALUE_NONE : doc) < 0 ||
        dict_set(m->dict, name___package__, VALUE_NONE) < 0 ||
        dict_set(m->dict, name___loader__, VALUE_NONE) < 0 ||
        dict_set(m->dict, name___spec__, VALUE_NONE) < 0) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

Value module_new_cstr(const char *name, const char *doc) {
    Value name_object = str_intern_cstr(name);
    Value doc_object = doc ? str_from_cstr(doc) : VALUE_NULL;
    Value v = value_is_null(name_object) || (doc && value_is_null(doc_object))
                  ? VALUE_NULL
                  : module_new(name_object, doc_object);
    ref_release(name_object);
    ref_release(doc_object);
    return v;
}

// ---- for native modules ------------------------------------------------------------------------

int module_add(Value module, const char *name, Value value) {
    if (value_is_null(value))
        return -1;
    Value key = str_intern_cstr(name);
    int result = value_is_null(key) ? -1 : dict_set(module_dict(module), key, value);
    ref_release(key);
    ref_release(value);
    return result;
}

int module_add_int(Value module, const char *name, int64_t value) {
    return module_add(module, name, int_from_i64(value));
}

int module_add_str(Value module, const char *name, const char *utf8) {
    return module_add(module, name, str_from_cstr(utf8));
}

int module_add_type(Value module, Type *type) {
    type_ready(type);
    return module_add(module, type_name(type), ref_new(value_from_object(type)));
}

// ---- the type ----------------------------------------------------------------------------------

static Value module_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Module *m = object_allocate(type);
    if (!m)
        return VALUE_NULL;
    m->dict = dict_new();
    if (value_is_null(m->dict)) {
        ref_release_object(m);
        return VALUE_NULL;
    }
    return value_from_object(m);
}

static int module_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "doc", NULL};
    Value given[2];
    if (arguments_parse("module", args, nargs, kwnames, names, 0, 2, 1, given) < 0)
        return -1;
    if (!value_is_str(given[0]))
        return raise_int(&exception_TypeError, "module() argument 'name' must be str, not %G",
                         given[0]);
    Value dict = module_dict(self);
    if (dict_set(dict, name___name__, given[0]) < 0 ||
        dict_set(dict, name___doc__, value_is_null(given[1]) ? VALUE_NONE : given[1]) < 0 ||
        dict_set(dict, name___package__, VALUE_NONE) < 0 ||
        dict_set(dict, name___loader__, VALUE_NONE) < 0 ||
        dict_set(dict, name___spec__, VALUE_NONE) < 0)
        return -1;
    return 0;
}

// The module is being imported: its spec says so.
static bool is_initializing(Value dict) {
    Value spec = dict_get_str(dict, name___spec__), flag;
    bool result = false;
    if (!value_is_null(spec) && value_lookup_attr(spec, name__initializing, &flag) > 0) {
        result = value_truth(flag) > 0;
        ref_release(flag);
    }
    ref_release(spec);
    error_clear();
    return result;
}

int module_find(Value self, Value name, Value *out) {
    int found = object_generic_find(self, name, out);
    if (LIKELY(found > 0))
        return found;
    if (found < 0) {
        if (!error_matches(&exception_AttributeError))
            return -1;
        error_clear();
    }
    Value hook = dict_get_str(module_dict(self), name___getattr__);
    *out = VALUE_NULL;
    if (value_is_null(hook))
        return error_occurred() ? -1 : 0;
    *out = value_call_one(hook, name);
    ref_release(hook);
    return value_is_null(*out) ? -1 : 1;
}

Value module_getattr(Value self, Value name) {
    Value v;
    if (LIKELY(module_find(self, name, &v) != 0))
        return v;
    Value dict = module_dict(self);
    Value own_name = dict_get_str(dict, name___name__);
    if (value_is_null(own_name) || !value_is_str(own_name))
        raise_error(&exception_AttributeError, "module has no attribute '%V'", name);
    else if (is_initializing(dict))
        raise_error(&exception_AttributeError,
                    "partially initialized module '%V' has no attribute '%V' (most likely due to "
                    "a circular import)",
                    own_name, name);
    else if (import_is_running(own_name, name))
        raise_error(&exception_AttributeError,
                    "cannot access submodule '%V' of module '%V' (most likely due to a circular "
                    "import)",
                    name, own_name);
    else
        raise_error(&exception_AttributeError, "module '%V' has no attribute '%V'", own_name, name);
    error_set_name_object(name, self);
    ref_release(own_name);
    return VALUE_NULL;
}

// ---- repr --------------------------------------------------------------------------------------

// spec.<name>, None if it has none.
static Value spec_get(Value spec, const char *name) {
    Value v;
    int found = value_lookup_attr_cstr(spec, name, &v);
    return found < 0 ? VALUE_NULL : found ? v : none_new();
}

static Value repr_from_spec(Value spec) {
    Value name = spec_get(spec, "name"), origin = spec_get(spec, "origin");
    Value loader = spec_get(spec, "loader"), located = spec_get(spec, "has_location");
    Value v = VALUE_NULL;
    if (value_is_null(name) || value_is_null(origin) || value_is_null(loader) ||
        value_is_null(located)) {
        // an exception is set
    } else if (value_is_none(origin)) {
        v = value_is_none(loader) ? str_format("<module %R>", name)
                                  : str_format("<module %R (%R)>", name, loader);
    } else {
        int truth = value_truth(located);
        if (truth >= 0)
            v = truth ? str_format("<module %R from %R>", name, origin)
                      : str_format("<module %R (%V)>", name, origin);
    }
    ref_release(name);
    ref_release(origin);
    ref_release(loader);
    ref_release(located);
    return v;
}

// loader.module_repr(module), if it has that and it works; else VALUE_NULL without exception.
static Value repr_from_loader(Value self, Value dict) {
    Value loader = dict_get_str(dict, name___loader__), method, v = VALUE_NULL;
    if (!value_is_null(loader) && !value_is_none(loader) &&
        value_lookup_attr_cstr(loader, "module_repr", &method) > 0) {
        v = value_call_one(method, self);
        ref_release(method);
    }
    ref_release(loader);
    error_clear();
    return v;
}

static Value module_repr(Value self) {
    Value dict = module_dict(self);
    Value spec = dict_get_str(dict, name___spec__);
    int has_spec = value_is_null(spec) ? 0 : value_truth(spec);
    if (has_spec) {
        Value v = has_spec < 0 ? VALUE_NULL : repr_from_spec(spec);
        ref_release(spec);
        return v;
    }
    ref_release(spec);
    Value from_loader = repr_from_loader(self, dict);
    if (!value_is_null(from_loader))
        return from_loader;
    Value name = dict_get_str(dict, name___name__);
    if (value_is_null(name))
        name = str_from_cstr("?");
    Value file = dict_get_str(dict, name___file__), loader = dict_get_str(dict, name___loader__);
    Value v;
    if (!value_is_null(file))
        v = str_format("<module %R from %R>", name, file);
    else if (value_is_null(loader) || value_is_none(loader))
        v = str_format("<module %R>", name);
    else
        v = str_format("<module %R (%R)>", name, loader);
    ref_release(name);
    ref_release(file);
    ref_release(loader);
    return v;
}

// ---- attributes --------------------------------------------------------------------------------

static Value get_annotations(Value self) {
    Value dict = module_dict(self);
    Value v = dict_get_str(dict, name___annotations__);
    if (!value_is_null(v) || error_occurred())
        return v;
    Value fresh = dict_new();
    if (value_is_null(fresh))
        return fresh;
    v = dict_setdefault(dict, name___annotations__, fresh);
    ref_release(fresh);
    return v;
}
static int set_annotations(Value self, Value value) {
    if (!value_is_null(value))
        return dict_set(module_dict(self), name___annotations__, value);
    int result = dict_delete_if_present(module_dict(self), name___annotations__);
    if (result == 0)
        return raise_int(&exception_AttributeError, "__annotations__");
    return result < 0 ? -1 : 0;
}

static Value module_dir(Value self) {
    Value dict = value_getattr(self, name___dict__);
    if (value_is_null(dict))
        return dict;
    Value v = VALUE_NULL;
    if (!value_is_dict(dict)) {
        raise_type_error("%T.__dict__ is not a dictionary", self);
    } else {
        Value hook = dict_get_str(dict, name___dir__);
        v = value_is_null(hook) ? dict_keys_list(dict) : value_call_none(hook);
        ref_release(hook);
    }
    ref_release(dict);
    return v;
}

static void module_destroy(Object *o) {
    ref_release(((Module *)o)->dict);
    type_free_instance(o);
}
static void module_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, ((Module *)o)->dict);
}

static const NativeDef module_methods[] = {
    DEF_NONE("__dir__", module_dir, "The names in the module."),
    DEF_END,
};
static const MemberDef module_members[] = {
    {"__dict__", offsetof(Module, dict), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef module_getsets[] = {
    {"__annotations__", get_annotations, set_annotations, NULL},
    {NULL, NULL, NULL, NULL},
};

Type module_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "module",
    .basic_size = sizeof(Module),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE,
    .dict_offset = offsetof(Module, dict),
    .doc = "module(name, doc=None)\n--\n\nA namespace of its own.",
    .call_new = module_call_new,
    .init = module_init,
    .destroy = module_destroy,
    .traverse = module_traverse,
    .repr = module_repr,
    .getattr = module_getattr,
    .methods = module_methods,
    .members = module_members,
    .getsets = module_getsets,
};

void module_start(void) {
    type_ready(&module_type);
}
