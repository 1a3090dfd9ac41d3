// SPDX-License-Identifier: MIT
//
// The type `object`: what every object can do, and how objects are pickled by default.
#include "vm/types/module.h"
#include "vm/runtime/audit.h"
#include "vm/types/type_internal.h"

// ---- making ------------------------------------------------------------------------------------

static bool has_arguments(size_t nargs, Value kwnames) {
    return nargs || (!value_is_null(kwnames) && tuple_length(kwnames));
}

static Value cannot_instantiate(Type *type) {
    Value abstract = dict_get_str(type->dict, name___abstractmethods__);
    if (value_is_null(abstract) && !error_occurred()) // gone meanwhile
        return type_new_instance(type);
    Value sorted = VALUE_NULL, joined = VALUE_NULL;
    if (!value_is_null(abstract))
        sorted = list_from_iterable(abstract);
    if (!value_is_null(sorted) && list_sort(sorted, VALUE_NONE, false) == 0) {
        Value comma = str_from_cstr(", ");
        joined = str_join(comma, sorted);
        ref_release(comma);
    }
    if (!value_is_null(joined))
        raise_type_error("Can't instantiate abstract class %s with abstract method%s %V",
                         type_full_name(type), list_length(sorted) > 1 ? "s" : "", joined);
    ref_release(joined);
    ref_release(sorted);
    ref_release(abstract);
    return VALUE_NULL;
}

Value object_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(has_arguments(nargs, kwnames))) {
        if (type->call_new != object_call_new)
            return raise_type_error(
                "object.__new__() takes exactly one argument (the type to instantiate)");
        if (type->init == object_init)
            return raise_type_error("%s() takes no arguments", type_full_name(type));
    }
    if (UNLIKELY(type_has(type, TYPE_ABSTRACT)))
        return cannot_instantiate(type);
    return type_new_instance(type);
}

int object_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(has_arguments(nargs, kwnames))) {
        Type *type = value_type(self);
        if (type->init != object_init)
            return raise_int(
                &exception_TypeError,
                "object.__init__() takes exactly one argument (the instance to initialize)");
        if (type->call_new == object_call_new)
            return raise_int(
                &exception_TypeError,
                "%s.__init__() takes exactly one argument (the instance to initialize)",
                type_full_name(type));
    }
    return 0;
}

// ---- slots -------------------------------------------------------------------------------------

static Value object_repr(Value self) {
    Type *type = value_type(self);
    Value module = type_module(type);
    if (value_is_null(module))
        error_clear();
    Value v;
    if (!value_is_null(module) && value_is_str(module) && !str_equal_cstr(module, "builtins")) {
        Value qualname = type_qualname(type);
        v = str_format("<%V.%V object at %p>", module, qualname, (void *)self.bits);
        ref_release(qualname);
    } else {
        v = str_format("<%s object at %p>", type_full_name(type), (void *)self.bits);
    }
    ref_release(module);
    return v;
}

static Value object_str(Value self) {
    Type *type = value_type(self);
    return type->repr ? type->repr(self) : object_repr(self);
}

static int64_t object_hash(Value self) {
    // Addresses are multiples of 16 or so: the low bits go to the top.
    int64_t hash = (int64_t)(self.bits >> 4 | self.bits << 60);
    return hash == -1 ? -2 : hash;
}

static Value object_compare(Value self, Value other, CompareOperator op) {
    if (op == COMPARE_EQ)
        return value_same(self, other) ? bool_new(true) : not_implemented_new();
    if (op != COMPARE_NE)
        return not_implemented_new();
    // != is what == is not.
    Value (*compare)(Value, Value, CompareOperator) = value_type(self)->compare;
    if (!compare)
        return not_implemented_new();
    Value equal = compare(self, other, COMPARE_EQ);
    if (value_is_null(equal) || value_same(equal, VALUE_NOT_IMPLEMENTED))
        return equal;
    int truth = value_truth(equal);
    ref_release(equal);
    return truth < 0 ? VALUE_NULL : bool_new(!truth);
}

// ---- __class__ ---------------------------------------------------------------------------------

static Value get_class(Value self) {
    return ref_new(value_from_object(value_type(self)));
}

static int set_class(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "can't delete __class__ attribute");
    if (!value_is_type(value))
        return raise_int(&exception_TypeError, "__class__ must be set to a class, not '%T' object",
                         value);
    if (audit("object.__setattr__", 3, self, name___class__, value) < 0)
        return -1;
    Type *from = value_type(self), *to = type_of_value(value);
    bool modules = type_is_subtype(from, &module_type) && type_is_subtype(to, &module_type);
    if (!modules && (!type_has(from, TYPE_HEAP) || !type_has(to, TYPE_HEAP)))
        return raise_int(
            &exception_TypeError,
            "__class__ assignment only supported for mutable types or ModuleType subclasses");
    if (from != to && !(modules && type_has(from, TYPE_HEAP) != type_has(to, TYPE_HEAP)) &&
        type_check_layouts(from, to, "__class__") < 0)
        return -1;
    return instance_set_class(self, to);
}

// ---- small methods -----------------------------------------------------------------------------

static Value object_format(Value self, Value spec) {
    if (!value_is_str(spec))
        return raise_type_error("__format__() argument must be str, not %G", spec);
    if (str_length(spec) > 0)
        return raise_type_error("unsupported format string passed to %T.__format__", self);
    return value_str(self);
}

static Value object_sizeof(Value self) {
    if (!value_is_object(self))
        return int_from_i64(8);
    return int_from_i64((int64_t)type_instance_size(value_object(self)));
}

static Value object_init_subclass(Value self) {
    return none_new();
}
static Value object_subclass_hook(Value self, const Value *args, size_t nargs, Value kwnames) {
    return not_implemented_new();
}

static int add_names(Value names, Value dict) {
    int64_t position = 0;
    Value key;
    while (dict_next(dict, &position, &key, NULL, NULL)) {
        int result = dict_set(names, key, VALUE_NONE);
        ref_release(key);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int add_class_names(Value names, Value class) {
    if (!value_is_type(class))
        return 0;
    Value mro = ref_new(type_mro(type_of_value(class)));
    int result = 0;
    for (int64_t i = 0; result == 0 && i < tuple_length(mro); i++)
        result = add_names(names, type_of_value(tuple_item(mro, i))->dict);
    ref_release(mro);
    return result;
}

static Value object_dir(Value self) {
    Value names = VALUE_NULL;
    // What __dict__ says, unless it is the ordinary one: that need not be made for this.
    Value on_type = type_lookup(value_type(self), name___dict__);
    bool ordinary = value_is_exactly(on_type, &get_set_type) &&
                    descriptor_getset(on_type) == &type_instance_dict_def;
    ref_release(on_type);
    if (ordinary) {
        names = instance_copy_dict(self);
    } else {
        Value dict;
        int found = value_lookup_attr(self, name___dict__, &dict);
        if (found < 0)
            return VALUE_NULL;
        names = dict_new();
        if (found && value_is_dict(dict) && !value_is_null(names) && add_names(names, dict) < 0) {
            ref_release(dict);
            goto failed;
        }
        if (found)
            ref_release(dict);
    }
    if (value_is_null(names))
        return names;
    Value class;
    int found = value_lookup_attr(self, name___class__, &class);
    if (found < 0)
        goto failed;
    if (found) {
        int result = add_class_names(names, class);
        ref_release(class);
        if (result < 0)
            goto failed;
    }
    Value list = dict_keys_list(names);
    ref_release(names);
    return list;
failed:
    ref_release(names);
    return VALUE_NULL;
}

// ---- pickling ----------------------------------------------------------------------------------

// Interned at the start.
static Value name_copyreg, name___newobj__, name___newobj_ex__, name__reduce_ex, name__slotnames,
    name___slotnames__;

static Value copyreg_get(Value name) {
    Value module = import_module(name_copyreg, VALUE_NULL, VALUE_NONE, 0);
    if (value_is_null(module))
        return module;
    Value v = value_getattr(module, name);
    ref_release(module);
    return v;
}

// The names in __slots__ along the mro: a list or None.
static Value slot_names(Type *type) {
    Value names = dict_get_str(type->dict, name___slotnames__);
    if (!value_is_null(names))
        return names;
    Value function = copyreg_get(name__slotnames);
    if (value_is_null(function))
        return function;
    names = value_call_one(function, value_from_object(type));
    ref_release(function);
    if (!value_is_null(names) && !value_is_none(names) && !value_is_list(names)) {
        ref_release(names);
        return raise_type_error("copyreg._slotnames didn't return a list or None");
    }
    return names;
}

static Value slots_state(Value self, Value names) {
    Value slots = dict_new();
    for (int64_t i = 0; !value_is_null(slots) && i < list_length(names); i++) {
        Value name = list_get(names, i), value = VALUE_NULL;
        int found = value_is_null(name) ? -1 : value_lookup_attr(self, name, &value);
        if (found > 0 && dict_set(slots, name, value) < 0)
            found = -1;
        ref_release(value);
        ref_release(name);
        if (found < 0) {
            ref_release(slots);
            return VALUE_NULL;
        }
    }
    return slots;
}

static Value default_state(Value self, bool required) {
    Type *type = value_type(self);
    Type *native = type_native_base(type);
    if (required && type->item_size)
        return raise_type_error("cannot pickle %s objects", type_full_name(type));
    if (required && native->basic_size > sizeof(Object))
        return raise_type_error("cannot pickle '%s' object", type_full_name(type));
    Value state = instance_copy_dict(self);
    if (value_is_null(state))
        return state;
    if (dict_length(state) == 0) {
        ref_release(state);
        state = none_new();
    }
    Value names = type_has(type, TYPE_HEAP) ? slot_names(type) : none_new();
    if (value_is_null(names)) {
        ref_release(state);
        return names;
    }
    if (value_is_list(names) && list_length(names) > 0) {
        Value slots = slots_state(self, names);
        if (value_is_null(slots)) {
            ref_release(state);
            state = slots;
        } else if (dict_length(slots) > 0) {
            Value both = tuple_pack(2, state, slots);
            ref_release(state);
            ref_release(slots);
            state = both;
        } else {
            ref_release(slots);
        }
    }
    ref_release(names);
    return state;
}

static Value object_getstate(Value self) {
    return default_state(self, false);
}

static Value state_of(Value self, bool required) {
    Value method = type_lookup(value_type(self), name___getstate__);
    bool own = value_is_exactly(method, &method_descriptor_type) &&
               ((MethodDescriptor *)value_object(method))->def->call.none == object_getstate;
    ref_release(method);
    if (own) {
        Value in_instance = instance_get(self, name___getstate__);
        if (value_is_null(in_instance))
            return error_occurred() ? VALUE_NULL : default_state(self, required);
        ref_release(in_instance);
    }
    return value_call_method(self, name___getstate__, NULL, 0);
}

// What __getnewargs_ex__ or __getnewargs__ says. *args VALUE_NULL: neither is there.
static int new_arguments(Value self, Value *args, Value *kwargs) {
    *args = *kwargs = VALUE_NULL;
    Value method;
    int found = value_lookup_special(self, name___getnewargs_ex__, &method);
    if (found < 0)
        return -1;
    if (found) {
        Value both = value_call_none(method);
        ref_release(method);
        if (value_is_null(both))
            return -1;
        int result = -1;
        if (!value_is_tuple(both))
            raise_type_error("__getnewargs_ex__ should return a tuple, not '%T'", both);
        else if (tuple_length(both) != 2)
            raise_value_error("__getnewargs_ex__ should return a tuple of length 2, not %lld",
                              (long long)tuple_length(both));
        else if (!value_is_tuple(tuple_item(both, 0)))
            raise_type_error("first item of the tuple returned by __getnewargs_ex__ must be a "
                             "tuple, not '%T'",
                             tuple_item(both, 0));
        else if (!value_is_dict(tuple_item(both, 1)))
            raise_type_error("second item of the tuple returned by __getnewargs_ex__ must be a "
                             "dict, not '%T'",
                             tuple_item(both, 1));
        else
            result = 0;
        if (result == 0) {
            *args = ref_new(tuple_item(both, 0));
            *kwargs = ref_new(tuple_item(both, 1));
        }
        ref_release(both);
        return result;
    }
    found = value_lookup_special(self, name___getnewargs__, &method);
    if (found <= 0)
        return found;
    *args = value_call_none(method);
    ref_release(method);
    if (value_is_null(*args))
        return -1;
    if (!value_is_tuple(*args)) {
        raise_type_error("__getnewargs__ should return a tuple, not '%T'", *args);
        ref_release(*args);
        return -1;
    }
    return 0;
}

// How the object is made again: *function and its *arguments.
static int reduce_new(Value self, Value args, Value kwargs, Value *function, Value *arguments) {
    Value class = value_from_object(value_type(self));
    if (value_is_null(kwargs) || dict_length(kwargs) == 0) {
        *function = copyreg_get(name___newobj__);
        int64_t count = value_is_null(args) ? 0 : tuple_length(args);
        *arguments = tuple_allocate(count + 1);
        if (!value_is_null(*arguments)) {
            tuple_of(*arguments)->items[0] = ref_new(class);
            for (int64_t i = 0; i < count; i++)
                tuple_of(*arguments)->items[i + 1] = ref_new(tuple_item(args, i));
        }
    } else {
        *function = copyreg_get(name___newobj_ex__);
        *arguments = tuple_pack(3, class, args, kwargs);
    }
    return value_is_null(*function) || value_is_null(*arguments) ? -1 : 0;
}

static Value reduce_protocol_2(Value self) {
    Type *type = value_type(self);
    if (!type->call_new)
        return raise_type_error("cannot pickle '%s' object", type_full_name(type));
    Value args, kwargs, function = VALUE_NULL, arguments = VALUE_NULL, state = VALUE_NULL;
    Value list_items = VALUE_NULL, dict_items = VALUE_NULL, result = VALUE_NULL;
    if (new_arguments(self, &args, &kwargs) < 0)
        return VALUE_NULL;
    bool required = value_is_null(args) && !value_is_list(self) && !value_is_dict(self);
    if (reduce_new(self, args, kwargs, &function, &arguments) < 0)
        goto out;
    state = state_of(self, required);
    if (value_is_null(state))
        goto out;
    list_items = value_is_list(self) ? value_iter(self) : none_new();
    if (value_is_null(list_items))
        goto out;
    if (value_is_dict(self)) {
        Value items = value_call_method(self, name_items, NULL, 0);
        dict_items = value_is_null(items) ? items : value_iter(items);
        ref_release(items);
    } else {
        dict_items = none_new();
    }
    if (!value_is_null(dict_items))
        result = tuple_pack(5, function, arguments, state, list_items, dict_items);
out:
    ref_release(dict_items);
    ref_release(list_items);
    ref_release(state);
    ref_release(arguments);
    ref_release(function);
    ref_release(kwargs);
    ref_release(args);
    return result;
}

static Value common_reduce(Value self, int64_t protocol) {
    if (protocol >= 2)
        return reduce_protocol_2(self);
    Value function = copyreg_get(name__reduce_ex);
    if (value_is_null(function))
        return function;
    Value v = value_call_two(function, self, value_from_int(protocol));
    ref_release(function);
    return v;
}

static Value object_reduce(Value self) {
    return common_reduce(self, 0);
}

static Value object_reduce_ex(Value self, Value protocol) {
    int64_t number;
    if (value_to_i64(protocol, &number) < 0)
        return VALUE_NULL;
    Type *type = value_type(self);
    Value of_type = type_lookup(type, name___reduce__);
    Value of_object = type_lookup(&object_type, name___reduce__);
    bool overridden = !value_same(of_type, of_object);
    ref_release(of_type);
    ref_release(of_object);
    // It is asked for even if it is object's own and not called: a __getattribute__ may notice.
    if (overridden || type->getattr != object_generic_getattr) {
        Value method;
        int found = value_lookup_attr(self, name___reduce__, &method);
        if (found < 0)
            return VALUE_NULL;
        if (found && overridden) {
            Value v = value_call_none(method);
            ref_release(method);
            return v;
        }
        ref_release(method);
    }
    return common_reduce(self, number);
}

static const NativeDef object_methods[] = {
    DEF_NONE("__reduce__", object_reduce, "__reduce__($self, /)\n--\n\nHow to pickle the object."),
    DEF_ONE("__reduce_ex__", object_reduce_ex,
            "__reduce_ex__($self, protocol, /)\n--\n\nHow to pickle the object with a protocol."),
    DEF_NONE("__getstate__", object_getstate,
             "__getstate__($self, /)\n--\n\nThe state that pickling keeps."),
    DEF_ONE("__format__", object_format,
            "__format__($self, format_spec, /)\n--\n\nThe object as text; only '' is understood."),
    DEF_NONE("__sizeof__", object_sizeof,
             "__sizeof__($self, /)\n--\n\nBytes that the object takes."),
    DEF_NONE("__dir__", object_dir, "__dir__($self, /)\n--\n\nThe names of all attributes."),
    {"__init_subclass__",
     {.none = object_init_subclass},
     NATIVE_NONE,
     METHOD_CLASS,
     0,
     0,
     "Called when a class gets a subclass; does nothing."},
    DEF_CLASS("__subclasshook__", object_subclass_hook,
              "Asked by issubclass() of abstract classes; has no opinion."),
    DEF_END,
};

static const GetSetDef object_getsets[] = {
    {"__class__", get_class, set_class, "The class of the object."},
    {NULL, NULL, NULL, NULL},
};

Type object_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "object",
    .basic_size = sizeof(Object),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "object()\n--\n\nThe base of all classes.",
    .call_new = object_call_new,
    .init = object_init,
    .destroy = type_free_instance,
    .repr = object_repr,
    .str = object_str,
    .hash = object_hash,
    .compare = object_compare,
    .getattr = object_generic_getattr,
    .setattr = object_generic_setattr,
    .methods = object_methods,
    .getsets = object_getsets,
};

void object_start(void) {
    name_copyreg = str_intern_cstr("copyreg");
    name___newobj__ = str_intern_cstr("__newobj__");
    name___newobj_ex__ = str_intern_cstr("__newobj_ex__");
    name__reduce_ex = str_intern_cstr("_reduce_ex");
    name__slotnames = str_intern_cstr("_slotnames");
    name___slotnames__ = str_intern_cstr("__slotnames__");
    type_ready(&object_type);
}
