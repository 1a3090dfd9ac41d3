// SPDX-License-Identifier: MIT
//
// types.GenericAlias: list[int]. Also the substitution of type variables that it shares with
// types.UnionType; typing's variables take part through __typing_subst__ and
// __typing_prepare_subst__.
#include "vm/types/type_internal.h"

typedef struct {
    Object header;
    Value origin, args; // constant
    Value parameters;   // tuple, VALUE_NULL until asked for; guarded by the lock
    bool starred;       // *tuple[int]: unpacked
} GenericAlias;

typedef struct {
    Object header;
    Value alias; // VALUE_NULL once given; guarded by the lock
} AliasIterator;

static Type alias_iterator_type;

static inline GenericAlias *alias_of(Value v) {
    return (GenericAlias *)value_object(v);
}

static Value make(Type *type, Value origin, Value args, bool starred) {
    Value tuple = value_is_tuple(args) ? ref_new(args) : tuple_pack(1, args);
    if (value_is_null(tuple))
        return tuple;
    GenericAlias *a = object_allocate(type);
    if (!a) {
        ref_release(tuple);
        return VALUE_NULL;
    }
    a->origin = ref_new(origin);
    a->args = tuple;
    a->starred = starred;
    return value_from_object(a);
}

Value generic_alias_new(Value origin, Value args) {
    return make(&generic_alias_type, origin, args, false);
}

Value generic_alias_class_getitem(Value type, Value args) {
    return generic_alias_new(type, args);
}

static Value alias_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("GenericAlias", kwnames) < 0 ||
        arguments_count("GenericAlias", nargs, 2, 2) < 0)
        return VALUE_NULL;
    return make(type, args[0], args[1], false);
}

// ---- type variables ---------------------------------------------------------------------------

static int add_once(Value list, Value item) {
    for (int64_t i = 0; i < list_length(list); i++)
        if (value_same(list_of(list)->items[i], item)) // nobody else has the list
            return 0;
    return list_append(list, item);
}

Value generic_parameters(Value args) {
    Value list = list_new();
    if (value_is_null(list))
        return list;
    for (int64_t i = 0; i < tuple_length(args); i++) {
        Value arg = tuple_item(args, i), found;
        if (value_is_type(arg))
            continue; // a class's own __parameters__ is a descriptor for its instances
        int has = value_lookup_attr_cstr(arg, "__typing_subst__", &found);
        if (has > 0) {
            ref_release(found);
            has = add_once(list, arg);
        } else if (has == 0) {
            has = value_lookup_attr(arg, name___parameters__, &found);
            if (has > 0) {
                has = 0;
                for (int64_t j = 0; has == 0 && value_is_tuple(found) && j < tuple_length(found);
                     j++)
                    has = add_once(list, tuple_item(found, j));
                ref_release(found);
            }
        }
        if (has < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    Value tuple = list_to_tuple(list);
    ref_release(list);
    return tuple;
}

// What *tuple[int, str] stands for: its args, or VALUE_NULL (no exception) for anything else.
static Value unpacked_tuple_args(Value arg) {
    if (value_is_object(arg) && value_is_instance(arg, &generic_alias_type)) {
        GenericAlias *a = alias_of(arg);
        if (a->starred && value_same(a->origin, value_from_object(&tuple_type)))
            return ref_new(a->args);
        return VALUE_NULL;
    }
    Value v;
    int found = value_lookup_attr_cstr(arg, "__typing_unpacked_tuple_args__", &v);
    if (found <= 0)
        return VALUE_NULL;
    if (value_is_none(v)) {
        ref_release(v);
        return VALUE_NULL;
    }
    return v;
}

// The items given as a tuple, with starred tuples of known length spread out.
static Value unpack_args(Value item) {
    Value list = list_new();
    int64_t count = value_is_tuple(item) ? tuple_length(item) : 1;
    for (int64_t i = 0; !value_is_null(list) && i < count; i++) {
        Value arg = value_is_tuple(item) ? tuple_item(item, i) : item;
        Value inner = value_is_type(arg) ? VALUE_NULL : unpacked_tuple_args(arg);
        int result = error_occurred() ? -1 : 0;
        int64_t length = value_is_null(inner) || !value_is_tuple(inner) ? 0 : tuple_length(inner);
        bool spread = !value_is_null(inner) && value_is_tuple(inner) &&
                      !(length && value_same(tuple_item(inner, length - 1), VALUE_ELLIPSIS));
        if (result == 0)
            result = spread ? list_extend(list, inner) : list_append(list, arg);
        ref_release(inner);
        if (result < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    if (value_is_null(list))
        return list;
    Value tuple = list_to_tuple(list);
    ref_release(list);
    return tuple;
}

static int64_t index_in(Value tuple, Value item) {
    for (int64_t i = 0; i < tuple_length(tuple); i++)
        if (value_same(tuple_item(tuple, i), item))
            return i;
    return -1;
}

// arg (an alias with parameters of its own) with them replaced.
static Value substitute_inner(Value arg, Value parameters, Value items) {
    Value inner;
    int found = value_lookup_attr(arg, name___parameters__, &inner);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return ref_new(arg);
    Value result = VALUE_NULL;
    if (!value_is_tuple(inner) || tuple_length(inner) == 0) {
        ref_release(inner);
        return ref_new(arg);
    }
    Value list = list_new();
    for (int64_t i = 0; !value_is_null(list) && i < tuple_length(inner); i++) {
        Value parameter = tuple_item(inner, i), given = parameter;
        int64_t at = index_in(parameters, parameter);
        bool spread = false;
        if (at >= 0) {
            given = tuple_item(items, at);
            spread = value_type(parameter)->iter && value_is_tuple(given);
        }
        if ((spread ? list_extend(list, given) : list_append(list, given)) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    Value args = value_is_null(list) ? list : list_to_tuple(list);
    if (!value_is_null(args))
        result = value_getitem(arg, args);
    ref_release(args);
    ref_release(list);
    ref_release(inner);
    return result;
}

static int truth_of(Value v, const char *name) {
    Value flag;
    int found = value_lookup_attr_cstr(v, name, &flag);
    if (found <= 0)
        return found;
    int truth = value_truth(flag);
    ref_release(flag);
    return truth;
}

// One arg, its variables replaced; appended to list.
static int substitute_one(Value list, Value arg, Value parameters, Value items) {
    if (value_is_type(arg))
        return list_append(list, arg);
    int unpack = truth_of(arg, "__typing_is_unpacked_typevartuple__");
    if (unpack < 0)
        return -1;
    Value substitute, result;
    int found = value_lookup_attr_cstr(arg, "__typing_subst__", &substitute);
    if (found < 0)
        return -1;
    if (found) {
        int64_t at = index_in(parameters, arg);
        result = at < 0 ? ref_new(arg) : value_call_one(substitute, tuple_item(items, at));
        ref_release(substitute);
    } else {
        result = substitute_inner(arg, parameters, items);
    }
    if (value_is_null(result))
        return -1;
    int status =
        unpack && value_is_tuple(result) ? list_extend(list, result) : list_append(list, result);
    ref_release(result);
    return status;
}

Value generic_substitute(Value self, Value args, Value parameters, Value item) {
    int64_t count = tuple_length(parameters);
    if (count == 0)
        return raise_type_error("%R is not a generic class", self);
    Value items = unpack_args(item);
    for (int64_t i = 0; !value_is_null(items) && i < count; i++) {
        Value prepare;
        int found =
            value_lookup_attr_cstr(tuple_item(parameters, i), "__typing_prepare_subst__", &prepare);
        if (found == 0)
            continue;
        Value prepared = VALUE_NULL;
        if (found > 0) {
            prepared =
                value_is_none(prepare) ? ref_new(items) : value_call_two(prepare, self, items);
            ref_release(prepare);
        }
        if (!value_is_null(prepared) && !value_is_tuple(prepared)) {
            Value tuple = tuple_pack(1, prepared);
            ref_release(prepared);
            prepared = tuple;
        }
        ref_release(items);
        items = prepared;
    }
    if (value_is_null(items))
        return items;
    Value result = VALUE_NULL;
    if (tuple_length(items) != count) {
        raise_type_error("Too %s arguments for %R; actual %lld, expected %lld",
                         tuple_length(items) > count ? "many" : "few", self,
                         (long long)tuple_length(items), (long long)count);
    } else {
        Value list = list_new();
        int status = value_is_null(list) ? -1 : 0;
        for (int64_t i = 0; status == 0 && i < tuple_length(args); i++)
            status = substitute_one(list, tuple_item(args, i), parameters, items);
        if (status == 0)
            result = list_to_tuple(list);
        ref_release(list);
    }
    ref_release(items);
    return result;
}

// ---- repr -------------------------------------------------------------------------------------

int generic_repr_item(StrBuilder *b, Value v) {
    if (value_same(v, VALUE_ELLIPSIS)) {
        str_builder_ascii(b, "...", 3);
        return 0;
    }
    Value origin = VALUE_NULL, args = VALUE_NULL, qualname = VALUE_NULL, module = VALUE_NULL;
    Value text = VALUE_NULL;
    int found = value_lookup_attr(v, name___origin__, &origin);
    if (found > 0)
        found = value_lookup_attr(v, name___args__, &args);
    if (found == 0) {
        found = value_lookup_attr(v, name___qualname__, &qualname);
        if (found > 0)
            found = value_lookup_attr(v, name___module__, &module);
        if (found > 0 && !value_is_none(module)) {
            text = value_is_str(module) && str_equal_cstr(module, "builtins")
                       ? value_str(qualname)
                       : str_format("%V.%V", module, qualname);
            found = value_is_null(text) ? -1 : 1;
        }
    }
    if (found >= 0 && value_is_null(text))
        text = value_repr(v);
    ref_release(origin);
    ref_release(args);
    ref_release(qualname);
    ref_release(module);
    if (value_is_null(text))
        return -1;
    str_builder_str(b, text);
    ref_release(text);
    return 0;
}

// A list among the args (of a ParamSpec) shows its items the same way.
static int repr_arg(StrBuilder *b, Value v) {
    if (!value_is_list(v))
        return generic_repr_item(b, v);
    Value items = list_to_tuple(v);
    if (value_is_null(items))
        return -1;
    str_builder_char(b, '[');
    int result = 0;
    for (int64_t i = 0; result == 0 && i < tuple_length(items); i++) {
        if (i)
            str_builder_ascii(b, ", ", 2);
        result = generic_repr_item(b, tuple_item(items, i));
    }
    str_builder_char(b, ']');
    ref_release(items);
    return result;
}

static Value alias_repr(Value self) {
    GenericAlias *a = alias_of(self);
    StrBuilder b;
    str_builder_start(&b);
    if (a->starred)
        str_builder_char(&b, '*');
    int result = generic_repr_item(&b, a->origin);
    str_builder_char(&b, '[');
    for (int64_t i = 0; result == 0 && i < tuple_length(a->args); i++) {
        if (i)
            str_builder_ascii(&b, ", ", 2);
        result = repr_arg(&b, tuple_item(a->args, i));
    }
    if (tuple_length(a->args) == 0)
        str_builder_ascii(&b, "()", 2);
    str_builder_char(&b, ']');
    if (result < 0) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    return str_builder_finish(&b);
}

// ---- the rest of the type ---------------------------------------------------------------------

static Value parameters_of(Value self) {
    GenericAlias *a = alias_of(self);
    Value v = field_load(&a->header, &a->parameters);
    if (!value_is_null(v))
        return v;
    v = generic_parameters(a->args);
    if (!value_is_null(v))
        field_store(&a->header, &a->parameters, ref_new(v));
    return v;
}

static Value alias_getitem(Value self, Value item) {
    GenericAlias *a = alias_of(self);
    Value parameters = parameters_of(self);
    if (value_is_null(parameters))
        return parameters;
    Value args = generic_substitute(self, a->args, parameters, item);
    ref_release(parameters);
    if (value_is_null(args))
        return args;
    Value v = make(&generic_alias_type, a->origin, args, a->starred);
    ref_release(args);
    return v;
}

static int64_t alias_hash(Value self) {
    GenericAlias *a = alias_of(self);
    if (thread_stack_is_low())
        return thread_raise_stack();
    int64_t origin = value_hash(a->origin);
    if (origin == -1)
        return -1;
    int64_t args = value_hash(a->args);
    if (args == -1)
        return -1;
    int64_t hash = origin ^ args;
    return hash == -1 ? -2 : hash;
}

static Value alias_compare(Value self, Value other, CompareOperator op) {
    if ((op != COMPARE_EQ && op != COMPARE_NE) || !value_is_instance(self, &generic_alias_type) ||
        !value_is_instance(other, &generic_alias_type))
        return not_implemented_new();
    GenericAlias *a = alias_of(self), *b = alias_of(other);
    int equal = a->starred == b->starred ? value_equals(a->origin, b->origin) : 0;
    if (equal > 0)
        equal = value_equals(a->args, b->args);
    return equal < 0 ? VALUE_NULL : bool_new(equal == (op == COMPARE_EQ));
}

static Value alias_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value v = value_call(alias_of(self)->origin, args, nargs, kwnames);
    if (value_is_null(v))
        return v;
    if (value_setattr_cstr(v, "__orig_class__", self) < 0) {
        if (!error_matches(&exception_AttributeError) && !error_matches(&exception_TypeError)) {
            ref_release(v);
            return VALUE_NULL;
        }
        error_clear();
    }
    return v;
}

static const char *const own_attributes[] = {
    "__class__",
    "__bases__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
};

static Value alias_getattr(Value self, Value name) {
    for (size_t i = 0; i < sizeof own_attributes / sizeof own_attributes[0]; i++)
        if (str_equal_cstr(name, own_attributes[i]))
            return object_generic_getattr(self, name);
    return value_getattr(alias_of(self)->origin, name);
}

static Value alias_iter(Value self) {
    AliasIterator *it = object_allocate(&alias_iterator_type);
    if (!it)
        return VALUE_NULL;
    it->alias = ref_new(self);
    return value_from_object(it);
}

static Value alias_mro_entries(Value self, Value bases) {
    return tuple_pack(1, alias_of(self)->origin);
}
static Value alias_instancecheck(Value self, Value v) {
    return raise_type_error("isinstance() argument 2 cannot be a parameterized generic");
}
static Value alias_subclasscheck(Value self, Value v) {
    return raise_type_error("issubclass() argument 2 cannot be a parameterized generic");
}
static Value alias_reduce(Value self) {
    GenericAlias *a = alias_of(self);
    if (a->starred) {
        Value next = import_builtin("next");
        Value plain = generic_alias_new(a->origin, a->args);
        Value iterator = value_is_null(plain) ? plain : value_iter(plain);
        Value args = value_is_null(iterator) ? iterator : tuple_pack(1, iterator);
        Value v =
            value_is_null(args) || value_is_null(next) ? VALUE_NULL : tuple_pack(2, next, args);
        ref_release(args);
        ref_release(iterator);
        ref_release(plain);
        ref_release(next);
        return v;
    }
    Value args = tuple_pack(2, a->origin, a->args);
    Value v = value_is_null(args) ? args : tuple_pack(2, value_from_object(value_type(self)), args);
    ref_release(args);
    return v;
}
static Value alias_dir(Value self) {
    Value dir = import_builtin("dir");
    Value list = value_is_null(dir) ? dir : value_call_one(dir, alias_of(self)->origin);
    ref_release(dir);
    Value names = value_is_null(list) ? list : list_from_iterable(list);
    ref_release(list);
    for (size_t i = 0; i < sizeof own_attributes / sizeof own_attributes[0]; i++) {
        if (value_is_null(names))
            return names;
        Value name = str_intern_cstr(own_attributes[i]);
        int has = value_contains(names, name);
        if (has == 0)
            has = list_append(names, name);
        ref_release(name);
        if (has < 0) {
            ref_release(names);
            return VALUE_NULL;
        }
    }
    return names;
}

static Value get_parameters(Value self) {
    return parameters_of(self);
}
static Value get_unpacked(Value self) {
    return bool_new(alias_of(self)->starred);
}
static Value get_unpacked_args(Value self) {
    Value v = unpacked_tuple_args(self);
    return value_is_null(v) && !error_occurred() ? none_new() : v;
}

static void alias_destroy(Object *o) {
    GenericAlias *a = (GenericAlias *)o;
    ref_release(a->origin);
    ref_release(a->args);
    ref_release(a->parameters);
    type_free_instance(o);
}
static void alias_traverse(Object *o, GcVisitor *visitor) {
    GenericAlias *a = (GenericAlias *)o;
    gc_visit(visitor, a->origin);
    gc_visit(visitor, a->args);
    gc_visit(visitor, field_raw(&a->parameters));
}

static const NativeDef alias_methods[] = {
    DEF_ONE("__mro_entries__", alias_mro_entries, "What to inherit from instead: the origin."),
    DEF_ONE("__instancecheck__", alias_instancecheck, NULL),
    DEF_ONE("__subclasscheck__", alias_subclasscheck, NULL),
    DEF_NONE("__reduce__", alias_reduce, "How to pickle the alias."),
    DEF_NONE("__dir__", alias_dir, "The names of all attributes."),
    DEF_END,
};
static const MemberDef alias_members[] = {
    {"__origin__", offsetof(GenericAlias, origin), true, false},
    {"__args__", offsetof(GenericAlias, args), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef alias_getsets[] = {
    {"__parameters__", get_parameters, NULL, "The type variables in the alias."},
    {"__unpacked__", get_unpacked, NULL, NULL},
    {"__typing_unpacked_tuple_args__", get_unpacked_args, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

Type generic_alias_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "types.GenericAlias",
    .basic_size = sizeof(GenericAlias),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .doc = "GenericAlias(origin, args, /)\n--\n\nA class with type arguments, as in list[int].",
    .call_new = alias_call_new,
    .destroy = alias_destroy,
    .traverse = alias_traverse,
    .repr = alias_repr,
    .hash = alias_hash,
    .compare = alias_compare,
    .call = alias_call,
    .getattr = alias_getattr,
    .iter = alias_iter,
    .getitem = alias_getitem,
    .binary[BINARY_OR] = union_or,
    .methods = alias_methods,
    .members = alias_members,
    .getsets = alias_getsets,
};

// ---- *list[int] -------------------------------------------------------------------------------

static Value iterator_next(Value self) {
    AliasIterator *it = (AliasIterator *)value_object(self);
    Value alias = field_swap(&it->header, &it->alias, VALUE_NULL);
    if (value_is_null(alias))
        return alias;
    Value v = make(&generic_alias_type, alias_of(alias)->origin, alias_of(alias)->args, true);
    ref_release(alias);
    return v;
}
static Value iterator_reduce(Value self) {
    AliasIterator *it = (AliasIterator *)value_object(self);
    Value alias = field_load(&it->header, &it->alias);
    if (value_is_null(alias))
        alias = tuple_empty();
    Value iter = import_builtin("iter");
    Value args = tuple_pack(1, alias), v = VALUE_NULL;
    if (!value_is_null(iter) && !value_is_null(args))
        v = tuple_pack(2, iter, args);
    ref_release(args);
    ref_release(iter);
    ref_release(alias);
    return v;
}
static const NativeDef iterator_methods[] = {
    DEF_NONE("__reduce__", iterator_reduce, "How to pickle the iterator."),
    DEF_END,
};
static void iterator_destroy(Object *o) {
    ref_release(((AliasIterator *)o)->alias);
    object_free_fixed(o);
}
static void iterator_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, field_raw(&((AliasIterator *)o)->alias));
}

static Type alias_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "generic_alias_iterator",
    .basic_size = sizeof(AliasIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .iter = object_self_iter,
    .next = iterator_next,
    .methods = iterator_methods,
};

void generic_alias_start(void) {
    type_ready(&generic_alias_type);
    type_ready(&alias_iterator_type);
}
