// SPDX-License-Identifier: MIT
//
// Native functions as Python objects (len, [].append), calling them by their definition, and the
// errors about their arguments.
#include "vm/types/module.h"
#include "vm/types/type_internal.h"

static inline NativeFunction *native_of(Value v) {
    return (NativeFunction *)value_object(v);
}

// ---- arguments --------------------------------------------------------------------------------

static size_t keyword_count(Value kwnames) {
    return value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames);
}

int arguments_no_keywords(const char *function, Value kwnames) {
    if (LIKELY(keyword_count(kwnames) == 0))
        return 0;
    return raise_int(&exception_TypeError, "%s() takes no keyword arguments", function);
}

int arguments_count(const char *function, size_t nargs, int min, int max) {
    if (LIKELY((int64_t)nargs >= min && (max < 0 || (int64_t)nargs <= max)))
        return 0;
    int wanted = (int64_t)nargs < min ? min : max;
    const char *bound = min == max ? "" : (int64_t)nargs < min ? "at least " : "at most ";
    return raise_int(&exception_TypeError, "%s expected %s%d argument%s, got %zu", function, bound,
                     wanted, wanted == 1 ? "" : "s", nargs);
}

static int too_many(const char *function, size_t nargs, size_t keywords, int count, int required,
                    int max_positional) {
    size_t given = nargs + keywords;
    if (!function) // one without a name of its own
        return raise_int(&exception_TypeError, "function takes at most %d argument%s (%zu given)",
                         count, count == 1 ? "" : "s", given);
    if (given > (size_t)count)
        return raise_int(&exception_TypeError, "%s() takes at most %d %sargument%s (%zu given)",
                         function, count, nargs == 0 ? "keyword " : "", count == 1 ? "" : "s",
                         given);
    if (max_positional == 0)
        return raise_int(&exception_TypeError, "%s() takes no positional arguments", function);
    return raise_int(&exception_TypeError, "%s() takes %s %d positional argument%s (%zu given)",
                     function, required < max_positional ? "at most" : "exactly", max_positional,
                     max_positional == 1 ? "" : "s", nargs);
}

int arguments_parse(const char *function, const Value *args, size_t nargs, Value kwnames,
                    const char *const *names, int positional_only, int max_positional, int required,
                    Value *out) {
    int count = 0;
    while (names[count])
        count++;
    size_t keywords = keyword_count(kwnames);
    if (UNLIKELY(nargs + keywords > (size_t)count || nargs > (size_t)max_positional))
        return too_many(function, nargs, keywords, count, required, max_positional);
    for (int i = 0; i < count; i++)
        out[i] = i < (int)nargs ? args[i] : VALUE_NULL;
    for (size_t k = 0; k < keywords; k++) {
        Value name = tuple_item(kwnames, (int64_t)k);
        int i = positional_only;
        while (i < count && !str_equal_cstr(name, names[i]))
            i++;
        if (UNLIKELY(i == count)) {
            for (int j = 0; j < positional_only; j++)
                if (j >= (int)nargs && j < required && str_equal_cstr(name, names[j]))
                    return raise_int(&exception_TypeError,
                                     "%s() takes at least %d positional argument%s (%zu given)",
                                     function,
                                     required < positional_only ? required : positional_only,
                                     required == 1 ? "" : "s", nargs);
            return raise_int(&exception_TypeError, "'%V' is an invalid keyword argument for %s%s",
                             name, function ? function : "this function", function ? "()" : "");
        }
        if (UNLIKELY(i < (int)nargs))
            return raise_int(&exception_TypeError,
                             "argument for %s() given by name ('%s') and position (%d)", function,
                             names[i], i + 1);
        out[i] = args[nargs + k];
    }
    for (int i = (int)nargs; i < required; i++) {
        if (LIKELY(!value_is_null(out[i])))
            continue;
        if (i < positional_only) {
            int least = required < positional_only ? required : positional_only;
            return raise_int(&exception_TypeError,
                             "%s() takes %s %d positional argument%s (%zu given)", function,
                             least < max_positional ? "at least" : "exactly", least,
                             least == 1 ? "" : "s", nargs);
        }
        return raise_int(&exception_TypeError, "%s%s missing required argument '%s' (pos %d)",
                         function ? function : "function", function ? "()" : "", names[i], i + 1);
    }
    return 0;
}

// ---- the name in messages ---------------------------------------------------------------------

static bool owns(const Type *type, const NativeDef *def) {
    for (const NativeDef *d = type->methods; d && d->name; d++)
        if (d == def)
            return true;
    return false;
}

// "len", "list.append", "math.sqrt": as a new str, or VALUE_NULL.
static Value display_name(const NativeDef *def, Value self) {
    if (value_is_null(self))
        return str_from_cstr(def->name);
    if (value_is_instance(self, &module_type)) {
        Value name = dict_get_str(module_dict(self), name___name__);
        Value v;
        if (value_is_null(name) || !value_is_str(name) || str_equal_cstr(name, "builtins"))
            v = str_from_cstr(def->name);
        else
            v = str_format("%V.%s", name, def->name);
        ref_release(name);
        return v;
    }
    Type *type = value_type(self);
    if (def->binding == METHOD_CLASS && value_is_type(self)) {
        Value qualname = type_qualname(type_of_value(self));
        Value v = value_is_null(qualname) ? qualname : str_format("%V.%s", qualname, def->name);
        ref_release(qualname);
        return v;
    }
    for (Type *t = type; t; t = type_base(t))
        if (owns(t, def))
            return str_format("%s.%s", type_name(t), def->name);
    return str_format("%s.%s", type_name(type), def->name);
}

// The name of a bound method is given, else of what owns it, as a call o.method() finds it. Takes
// it.
static Value wrong_count_of(const NativeDef *def, Value name, size_t nargs) {
    if (value_is_null(name))
        return name;
    if (def->kind == NATIVE_NONE)
        raise_type_error("%V() takes no arguments (%zu given)", name, nargs);
    else
        raise_type_error("%V() takes exactly one argument (%zu given)", name, nargs);
    ref_release(name);
    return VALUE_NULL;
}

static Value wrong_count(const NativeDef *def, Value self, size_t nargs) {
    return wrong_count_of(def, display_name(def, self), nargs);
}

static Value no_keywords(const NativeDef *def, Value self) {
    Value name = display_name(def, self);
    if (!value_is_null(name))
        raise_type_error("%V() takes no keyword arguments", name);
    ref_release(name);
    return VALUE_NULL;
}

// ---- calling ----------------------------------------------------------------------------------

Value native_function_call(const NativeDef *def, Value self, const Value *args, size_t nargs,
                           Value kwnames) {
    if (def->kind == NATIVE_VECTOR)
        return def->call.vector(self, args, nargs, kwnames);
    if (UNLIKELY(keyword_count(kwnames) != 0))
        return no_keywords(def, self);
    switch ((NativeKind)def->kind) {
    case NATIVE_NONE:
        if (UNLIKELY(nargs != 0))
            return wrong_count(def, self, nargs);
        return def->call.none(self);
    case NATIVE_ONE:
        if (UNLIKELY(nargs != 1))
            return wrong_count(def, self, nargs);
        return def->call.one(self, args[0]);
    default:
        if (UNLIKELY(arguments_count(def->name, nargs, def->min, def->max) < 0))
            return VALUE_NULL;
        return def->call.fixed(self, args, nargs);
    }
}

Value native_function_new(const NativeDef *def, Value self, Value module_name) {
    NativeFunction *f =
        object_allocate_exact(&native_function_type, sizeof(NativeFunction), HEAP_CONTAINER);
    if (!f)
        return VALUE_NULL;
    // Functions of modules are as shared as Python functions; bound methods come and go.
    if (value_is_null(self) || value_is_exactly(self, &module_type))
        ref_defer(f);
    f->def = def;
    ref_retain(self);
    f->self = self;
    ref_retain(module_name);
    f->module = module_name;
    return value_from_object(f);
}

// ---- attributes --------------------------------------------------------------------------------

static bool is_module_function(const NativeFunction *f) {
    return value_is_null(f->self) || value_is_instance(f->self, &module_type);
}

static Value native_get_name(Value self) {
    return str_intern_cstr(native_of(self)->def->name);
}

static Value native_get_qualname(Value self) {
    NativeFunction *f = native_of(self);
    if (is_module_function(f))
        return native_get_name(self);
    Type *type = value_is_type(f->self) ? type_of_value(f->self) : value_type(f->self);
    Value owner = type_qualname(type);
    Value v = value_is_null(owner) ? owner : str_format("%V.%s", owner, f->def->name);
    ref_release(owner);
    return v;
}

// CPython names the class of self here, "defaultdict.clear()", where o.clear() names the owner.
Value native_bound_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    NativeFunction *f = native_of(self);
    bool counted = f->def->kind == NATIVE_NONE || f->def->kind == NATIVE_ONE;
    if (UNLIKELY(counted && nargs != (f->def->kind == NATIVE_ONE) && !is_module_function(f) &&
                 keyword_count(kwnames) == 0))
        return wrong_count_of(f->def, native_get_qualname(self), nargs);
    return native_function_call(f->def, f->self, args, nargs, kwnames);
}

static Value native_get_self(Value self) {
    NativeFunction *f = native_of(self);
    return value_is_null(f->self) ? none_new() : ref_new(f->self);
}
static Value native_get_doc(Value self) {
    return native_doc(native_of(self)->def->doc);
}
static Value native_get_signature(Value self) {
    return native_signature(native_of(self)->def->doc);
}

static Value native_repr(Value self) {
    NativeFunction *f = native_of(self);
    if (is_module_function(f))
        return str_format("<built-in function %s>", f->def->name);
    return str_format("<built-in method %s of %T object at %p>", f->def->name, f->self,
                      (void *)f->self.bits);
}

static int64_t native_hash(Value self) {
    NativeFunction *f = native_of(self);
    int64_t hash = (int64_t)((uint64_t)f->def >> 4 ^ (f->self.bits >> 4 | f->self.bits << 60));
    return hash == -1 ? -2 : hash;
}

static Value native_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_exactly(other, &native_function_type))
        return not_implemented_new();
    NativeFunction *a = native_of(self), *b = native_of(other);
    bool equal = a->def == b->def && value_same(a->self, b->self);
    return bool_new(equal == (op == COMPARE_EQ));
}

static Value native_reduce(Value self) {
    NativeFunction *f = native_of(self);
    if (is_module_function(f))
        return native_get_name(self);
    Value getattr = import_builtin("getattr");
    Value name = value_is_null(getattr) ? getattr : native_get_name(self);
    Value args = value_is_null(name) ? name : tuple_pack(2, f->self, name);
    Value v = value_is_null(args) ? args : tuple_pack(2, getattr, args);
    ref_release(args);
    ref_release(name);
    ref_release(getattr);
    return v;
}

static void native_destroy(Object *o) {
    NativeFunction *f = (NativeFunction *)o;
    ref_release(f->self);
    ref_release(f->module);
    object_free_exact(o, sizeof(NativeFunction), HEAP_CONTAINER);
}
static void native_traverse(Object *o, GcVisitor *visitor) {
    NativeFunction *f = (NativeFunction *)o;
    gc_visit(visitor, f->self);
    gc_visit(visitor, f->module);
}

static const GetSetDef native_getsets[] = {
    {"__name__", native_get_name, NULL, NULL},
    {"__qualname__", native_get_qualname, NULL, NULL},
    {"__self__", native_get_self, NULL, NULL},
    {"__doc__", native_get_doc, NULL, NULL},
    {"__text_signature__", native_get_signature, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
static const MemberDef native_members[] = {
    {"__module__", offsetof(NativeFunction, module), false, true},
    {NULL, 0, false, false},
};
static const NativeDef native_methods[] = {
    DEF_NONE("__reduce__", native_reduce, "How to pickle the function."),
    DEF_END,
};

Type native_function_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "builtin_function_or_method",
    .basic_size = sizeof(NativeFunction),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_WEAKREFABLE | TYPE_NO_NEW,
    .destroy = native_destroy,
    .traverse = native_traverse,
    .repr = native_repr,
    .hash = native_hash,
    .compare = native_compare,
    .call = native_bound_call,
    .getsets = native_getsets,
    .members = native_members,
    .methods = native_methods,
};
