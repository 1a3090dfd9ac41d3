// SPDX-License-Identifier: MIT
//
// Reading pickles: the opcodes that find classes, call them, and give objects their items and
// state. All may run any Python code.
#include "vm/modules/pickle_internal.h"
#include "vm/runtime/audit.h"
#include "vm/types/codecs.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/type_internal.h"

// ---- finding -----------------------------------------------------------------------------------

// The object under a name of a module; dotted: the name may be a path.
static Value attribute_of(Value module, Value name, bool dotted) {
    Value object = VALUE_NULL;
    int found;
    if (!dotted) {
        found = value_lookup_attr(module, name, &object);
    } else {
        if (pickle_path_is_local(name))
            return raise_error(&exception_AttributeError, "Can't pickle local attribute %R on %R",
                               name, module);
        object = pickle_deep_attribute(module, name, NULL, &found);
    }
    if (found == 0)
        raise_error(&exception_AttributeError, "Can't get attribute %R on %R", name, module);
    return object;
}

Value pickle_find_class(int protocol, bool fix_imports, Value module_name, Value name) {
    if (audit_on() && audit("pickle.find_class", 2, module_name, name) < 0)
        return VALUE_NULL;
    if (!value_is_str(module_name))
        return raise_type_error("module name must be a string");
    if (!value_is_str(name))
        return raise_type_error("attribute name must be string, not '%T'", name);
    Value module = VALUE_NULL, object = VALUE_NULL;
    ref_retain(module_name);
    ref_retain(name);
    int status = 0;
    if (protocol < 3 && fix_imports)
        status = pickle_translate(&module_name, &name, true);
    if (status == 0)
        module = pickle_import(module_name);
    if (!value_is_null(module))
        object = attribute_of(module, name, protocol >= 4);
    ref_release(module);
    ref_release(module_name);
    ref_release(name);
    return object;
}

static Value find_class(Loading *l, Value module, Value name) {
    if (value_is_null(l->unpickler))
        return pickle_find_class(*l->protocol, l->fix_imports, module, name);
    Value args[2] = {module, name};
    return value_call_method(l->unpickler, pickle_shared.find_class, args, 2);
}

// A line without its end.
static Value read_name(Loading *l, const char *encoding) {
    const uint8_t *line;
    int64_t length = pickle_read_line(l->input, &line);
    if (length < 0)
        return VALUE_NULL;
    if (length < 2) {
        pickle_raise_unpickling("pickle data was truncated");
        return VALUE_NULL;
    }
    return codec_decode(line, (size_t)length - 1, encoding, NULL);
}

static Value find_named(Loading *l, const char *encoding) {
    Value module = read_name(l, encoding);
    Value name = value_is_null(module) ? module : read_name(l, encoding);
    Value object = value_is_null(name) ? name : find_class(l, module, name);
    ref_release(module);
    ref_release(name);
    return object;
}

int pickle_load_global(Loading *l) {
    return pickle_push(l, find_named(l, "utf-8"));
}

int pickle_load_stack_global(Loading *l) {
    Value name = VALUE_NULL, module = VALUE_NULL, object = VALUE_NULL;
    if (l->depth - 2 >= l->fence) {
        name = l->stack[--l->depth];
        module = l->stack[--l->depth];
    }
    if (value_is_exact_str(name) && value_is_exact_str(module))
        object = find_class(l, module, name);
    else
        pickle_raise_unpickling("STACK_GLOBAL requires str");
    ref_release(name);
    ref_release(module);
    return pickle_push(l, object);
}

static Value find_extension(Loading *l, int64_t number) {
    if (number <= 0) {
        pickle_raise_unpickling("EXT specifies code <= 0");
        return VALUE_NULL;
    }
    Value code = value_from_int(number), pair;
    Value object = dict_get(pickle_shared.extension_cache, code);
    if (!value_is_null(object) || error_occurred())
        return object;
    pair = dict_get(pickle_shared.inverted_registry, code);
    if (value_is_null(pair))
        return error_occurred()
                   ? pair
                   : raise_value_error("unregistered extension code %lld", (long long)number);
    if (!value_is_tuple(pair) || tuple_length(pair) != 2 || !value_is_str(tuple_item(pair, 0)) ||
        !value_is_str(tuple_item(pair, 1)))
        raise_value_error("_inverted_registry[%lld] isn't a 2-tuple of strings", (long long)number);
    else
        object = find_class(l, tuple_item(pair, 0), tuple_item(pair, 1));
    ref_release(pair);
    if (!value_is_null(object) && dict_set(pickle_shared.extension_cache, code, object) < 0) {
        ref_release(object);
        return VALUE_NULL;
    }
    return object;
}

int pickle_load_extension(Loading *l, int bytes) {
    const uint8_t *at = pickle_read(l->input, bytes);
    uint32_t number = 0;
    if (!at)
        return -1;
    memcpy(&number, at, (size_t)bytes);
    return pickle_push(l, find_extension(l, (int32_t)number));
}

int pickle_load_persistent(Loading *l, bool binary) {
    if (value_is_null(l->persistent_load))
        return pickle_raise_unpickling("A load persistent id instruction was encountered,\n"
                                       "but no persistent_load function was specified.");
    Value id;
    if (binary) {
        id = pickle_pop(l);
    } else {
        const uint8_t *line;
        int64_t length = pickle_read_line(l->input, &line);
        if (length < 0)
            return -1;
        id = codec_decode_ascii(line, (size_t)length - 1, NULL);
        if (value_is_null(id) && error_matches(&exception_UnicodeDecodeError)) {
            error_clear();
            return pickle_raise_unpickling("persistent IDs in protocol 0 must be ASCII strings");
        }
    }
    if (value_is_null(id))
        return -1;
    Value object = value_is_null(l->persistent_self)
                       ? value_call_one(l->persistent_load, id)
                       : value_call_two(l->persistent_load, l->persistent_self, id);
    ref_release(id);
    return pickle_push(l, object);
}

// ---- making -----------------------------------------------------------------------------------

int pickle_load_reduce(Loading *l) {
    Value args = pickle_pop(l);
    if (value_is_null(args))
        return -1;
    Value function = pickle_pop(l), object = VALUE_NULL;
    if (!value_is_null(function)) {
        if (value_is_tuple(args))
            object = value_call_tuple(function, args, VALUE_NULL);
        else
            raise_type_error("argument list must be a tuple");
    }
    ref_release(args);
    ref_release(function);
    return pickle_push(l, object);
}

// What NEWOBJ and NEWOBJ_EX have to find on the stack.
static int check_new(Value class, Value args, Value kwargs, bool keywords) {
    const char *opcode = keywords ? "NEWOBJ_EX" : "NEWOBJ";
    if (!value_is_type(class))
        return pickle_raise_unpickling("%s class argument must be a type, not %T", opcode, class);
    Type *type = (Type *)value_object(class);
    if (!type->call_new)
        return pickle_raise_unpickling("%s class argument '%s' doesn't have __new__", opcode,
                                       type_full_name(type));
    if (!value_is_tuple(args))
        return pickle_raise_unpickling("%s args argument must be a tuple, not %T", opcode, args);
    if (keywords && !value_is_dict(kwargs))
        return pickle_raise_unpickling("%s kwargs argument must be a dict, not %T", opcode, kwargs);
    return 0;
}

// class.__new__(class, *args, **kwargs) through the type's slot. kwargs may be VALUE_NULL.
static Value call_new(Value class, Value args, Value kwargs) {
    Type *type = (Type *)value_object(class);
    int64_t positional = tuple_length(args), named = 0;
    Value names = VALUE_NULL, keys = VALUE_NULL, values = VALUE_NULL, object = VALUE_NULL;
    if (value_is_null(kwargs) || dict_length(kwargs) == 0)
        return type->call_new(type, tuple_of(args)->items, (size_t)positional, VALUE_NULL);
    Value copy = dict_copy(kwargs); // keys and values of one moment
    if (!value_is_null(copy)) {
        keys = dict_keys_list(copy);
        values = dict_values_list(copy);
    }
    if (!value_is_null(keys) && !value_is_null(values))
        names = list_to_tuple(keys);
    if (!value_is_null(names)) {
        named = tuple_length(names);
        for (int64_t i = 0; i < named; i++)
            if (!value_is_str(tuple_item(names, i)))
                named = -1;
    }
    if (named < 0) {
        raise_type_error("keywords must be strings");
    } else if (named > 0) {
        Value all = tuple_allocate(positional + named);
        if (!value_is_null(all)) {
            for (int64_t i = 0; i < positional; i++)
                tuple_of(all)->items[i] = ref_new(tuple_item(args, i));
            for (int64_t i = 0; i < named; i++)
                tuple_of(all)->items[positional + i] = list_get_fast(list_of(values), (uint64_t)i);
            object = type->call_new(type, tuple_of(all)->items, (size_t)positional, names);
        }
        ref_release(all);
    }
    ref_release(copy);
    ref_release(keys);
    ref_release(values);
    ref_release(names);
    return object;
}

int pickle_load_new(Loading *l, bool keywords) {
    int64_t count = keywords ? 3 : 2;
    if (l->depth - count < l->fence)
        return pickle_underflow(l);
    l->depth -= count;
    Value *at = l->stack + l->depth;
    Value class = at[0], args = at[1], kwargs = keywords ? at[2] : VALUE_NULL;
    Value object =
        check_new(class, args, kwargs, keywords) < 0 ? VALUE_NULL : call_new(class, args, kwargs);
    ref_release(kwargs);
    ref_release(args);
    ref_release(class);
    return pickle_push(l, object);
}

// OBJ and INST: the class is called, but without arguments it is only asked for a new instance,
// unless it has __getinitargs__. Both are consumed.
static Value instantiate(Value class, Value args) {
    Value object = VALUE_NULL;
    if (!value_is_null(class) && !value_is_null(args)) {
        int called = 1;
        if (tuple_length(args) == 0 && value_is_type(class)) {
            Value hook;
            called = value_lookup_attr(class, pickle_shared.getinitargs, &hook);
            ref_release(hook);
        }
        if (called > 0)
            object = value_call_tuple(class, args, VALUE_NULL);
        else if (called == 0) {
            Value new = value_getattr(class, name___new__);
            object = value_is_null(new) ? new : value_call_one(new, class);
            ref_release(new);
        }
    }
    ref_release(class);
    ref_release(args);
    return object;
}

int pickle_load_object(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    if (mark < 0)
        return -1;
    if (l->depth - mark < 1)
        return pickle_underflow(l);
    Value args = pickle_pop_tuple(l, mark + 1);
    if (value_is_null(args))
        return -1;
    Value class = pickle_pop(l);
    return pickle_push(l, instantiate(class, args));
}

int pickle_load_instance(Loading *l) {
    int64_t mark = pickle_pop_mark(l);
    if (mark < 0)
        return -1;
    Value class = find_named(l, "ascii");
    if (value_is_null(class))
        return -1;
    return pickle_push(l, instantiate(class, pickle_pop_tuple(l, mark)));
}

// ---- items ------------------------------------------------------------------------------------

// function(item) for what is above start, which then is dropped; function is consumed.
static int call_with_each(Loading *l, Value function, int64_t start) {
    int status = value_is_null(function) ? -1 : 0;
    for (int64_t i = start; status == 0 && i < l->depth; i++) {
        Value result = value_call_one(function, l->stack[i]);
        status = value_is_null(result) ? -1 : 0;
        ref_release(result);
    }
    ref_release(function);
    pickle_drop_to(l, start);
    return status;
}

int pickle_load_appends(Loading *l, int64_t end) {
    if (UNLIKELY(end > l->depth || end <= l->fence))
        return pickle_underflow(l);
    int64_t count = l->depth - end;
    if (count == 0)
        return 0;
    Value list = l->stack[end - 1], extend;
    if (LIKELY(value_is_exactly(list, &list_type))) {
        l->depth = end; // the references move
        return count == 1 ? list_append_owned(list, l->stack[end])
                          : list_extend_owned(list, l->stack + end, count);
    }
    int found = value_lookup_attr(list, name_extend, &extend);
    if (found < 0)
        return -1;
    if (!found)
        return call_with_each(l, value_getattr(list, name_append), end);
    l->depth = end;
    Value items = list_from_owned(l->stack + end, count);
    Value result = value_is_null(items) ? items : value_call_one(extend, items);
    ref_release(items);
    ref_release(extend);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

int pickle_load_additems(Loading *l) {
    int64_t start = pickle_pop_mark(l);
    if (start < 0)
        return -1;
    if (start <= l->fence)
        return pickle_underflow(l);
    if (start == l->depth)
        return 0;
    Value set = l->stack[start - 1];
    if (!value_is_instance(set, &set_type))
        return call_with_each(l, value_getattr(set, name_add), start);
    int status = 0;
    for (int64_t i = start; status == 0 && i < l->depth; i++)
        status = set_add(set, l->stack[i]);
    pickle_drop_to(l, start);
    return status;
}

// ---- state ------------------------------------------------------------------------------------

static Value interned_key(Value key) {
    return value_is_exact_str(key) ? str_intern(ref_new(key)) : ref_new(key);
}

// Instances of this type have no __setstate__, and what their __dict__ shows are their attributes.
// Its version as it was before looking, or 0.
static uint32_t plain_version(Type *type) {
    uint32_t version = __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
    if (!type_has(type, TYPE_HAS_SHAPE_SLOTS) || type->getattr != object_generic_getattr)
        return 0;
    Value hook = type_lookup(type, name___setstate__), dict = type_lookup(type, name___dict__);
    bool plain = value_is_null(hook) && value_is_exactly(dict, &get_set_type);
    ref_release(hook);
    ref_release(dict);
    return plain ? version : 0;
}

// The state can go straight into the instance's attributes.
static bool is_plain(Loading *l, Value object, Value state) {
    if (!value_is_exactly(state, &dict_type))
        return false;
    Type *type = value_type(object);
    uint32_t version = __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
    if (UNLIKELY(l->plain_version != version || version == 0)) {
        version = plain_version(type);
        if (version == 0)
            return false;
        l->plain_version = version;
    }
    // It is new mostly, and has no attribute that could be a __setstate__ of its own.
    Value own = instance_get(object, name___setstate__);
    ref_release(own);
    return value_is_null(own);
}

static int store_in_dict(Value object, Value state) {
    if (value_is_none(state))
        return 0;
    if (!value_is_dict(state))
        return pickle_raise_unpickling("state is not a dictionary");
    Value dict = value_getattr(object, name___dict__), key, value;
    if (value_is_null(dict))
        return -1;
    int64_t position = 0;
    int status = 0;
    while (status == 0 && dict_next(state, &position, &key, &value, NULL)) {
        Value name = interned_key(key);
        status = value_setitem(dict, name, value);
        ref_release(name);
        ref_release(key);
        ref_release(value);
    }
    ref_release(dict);
    return status;
}

static int store_attributes(Value object, Value state) {
    int64_t position = 0;
    Value key, value;
    while (dict_next(state, &position, &key, &value, NULL)) {
        // Anything else needs a dict.
        bool is_name = value_is_exact_str(key);
        int status = is_name ? instance_set(object, key, value) : 0;
        ref_release(key);
        ref_release(value);
        if (UNLIKELY(!is_name))
            return store_in_dict(object, state);
        if (UNLIKELY(status < 0))
            return -1;
    }
    return 0;
}

static int store_slots(Value object, Value state) {
    if (!value_is_dict(state))
        return pickle_raise_unpickling("slot state is not a dictionary");
    int64_t position = 0;
    int status = 0;
    Value key, value;
    while (status == 0 && dict_next(state, &position, &key, &value, NULL)) {
        status = value_setattr(object, key, value);
        ref_release(key);
        ref_release(value);
    }
    return status;
}

static int set_state(Loading *l, Value object, Value state) {
    if (is_plain(l, object, state))
        return store_attributes(object, state);
    Value hook;
    int found = value_lookup_attr(object, name___setstate__, &hook);
    if (found < 0)
        return -1;
    if (found) {
        Value result = value_call_one(hook, state);
        ref_release(hook);
        ref_release(result);
        return value_is_null(result) ? -1 : 0;
    }
    if (!value_is_tuple(state) || tuple_length(state) != 2)
        return store_in_dict(object, state);
    return store_in_dict(object, tuple_item(state, 0)) < 0
               ? -1
               : store_slots(object, tuple_item(state, 1));
}

int pickle_load_build(Loading *l) {
    if (l->depth - 2 < l->fence)
        return pickle_underflow(l);
    Value state = l->stack[--l->depth];
    int status = set_state(l, l->stack[l->depth - 1], state);
    ref_release(state);
    return status;
}
