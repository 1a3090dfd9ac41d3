// SPDX-License-Identifier: MIT
//
// Writing pickles: classes, functions and other globals by name, and objects by what __reduce_ex__,
// a dispatch table or reducer_override says of them.
//
// Instances of ordinary classes that leave all of that to `object` are written without asking: what
// __reduce_ex__ would give is known, and their attributes are read where they are.
#include "vm/modules/pickle_internal.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/type_internal.h"

enum { PLAIN_ATTRIBUTES_MAX = 24 };

// ---- globals -----------------------------------------------------------------------------------

// A module that has the object under this name, or "__main__". New reference.
static Value search_modules(Value v, Value name) {
    Value items = VALUE_NULL, modules = import_modules_dict(), result = VALUE_NULL;
    if (!value_is_null(modules) && value_is_dict(modules))
        items = dict_items_list(modules);
    if (value_is_null(items))
        return VALUE_NULL;
    bool failed = false;
    for (int64_t i = 0; !failed && value_is_null(result) && i < list_length(items); i++) {
        Value pair = list_get_fast(list_of(items), (uint64_t)i);
        if (value_is_null(pair))
            break;
        Value module_name = tuple_item(pair, 0), module = tuple_item(pair, 1);
        if (!value_is_none(module) &&
            !(value_is_str(module_name) && (str_equal_cstr(module_name, "__main__") ||
                                            str_equal_cstr(module_name, "__mp_main__")))) {
            int found;
            Value candidate = pickle_deep_attribute(module, name, NULL, &found);
            failed = found < 0;
            if (found > 0 && value_same(candidate, v))
                result = ref_new(module_name);
            ref_release(candidate);
        }
        ref_release(pair);
    }
    ref_release(items);
    return value_is_null(result) && !failed ? ref_new(name___main__) : result;
}

static Value which_module(Value v, Value name) {
    Value module_name;
    int found = value_lookup_attr(v, name___module__, &module_name);
    if (found < 0)
        return VALUE_NULL;
    if (found && !value_is_none(module_name))
        return module_name;
    ref_release(module_name);
    return search_modules(v, name);
}

// A line of GLOBAL. what: "module" or "global".
static int put_identifier(Pickling *p, Value text, const char *what) {
    Value encoded = codec_encode(text, p->protocol == 3 ? "utf-8" : "ascii", NULL);
    if (value_is_null(encoded)) {
        if (error_matches(&exception_UnicodeEncodeError)) {
            error_clear();
            pickle_raise_pickling("can't pickle %s identifier '%V' using pickle protocol %d", what,
                                  text, p->protocol);
        }
        return -1;
    }
    int status = pickle_put(p, bytes_data(encoded), (size_t)bytes_length(encoded)) < 0
                     ? -1
                     : pickle_put_byte(p, '\n');
    ref_release(encoded);
    return status;
}

// GLOBAL with two lines. module and name are consumed.
static int put_global(Pickling *p, Value module, Value name) {
    int status = pickle_put_byte(p, PICKLE_GLOBAL);
    if (status == 0 && p->fix_imports)
        status = pickle_translate(&module, &name, false);
    if (status == 0)
        status = put_identifier(p, module, "module");
    if (status == 0)
        status = put_identifier(p, name, "global");
    ref_release(module);
    ref_release(name);
    return status;
}

// 1: written as an extension code; 0: there is none; -1.
static int save_extension(Pickling *p, Value v, Value module_name, Value name) {
    Value key = tuple_pack(2, module_name, name);
    Value code = value_is_null(key) ? key : dict_get(pickle_shared.extension_registry, key);
    ref_release(key);
    if (value_is_null(code))
        return error_occurred() ? -1 : 0;
    int64_t number = 0;
    int status;
    if (!value_is_any_int(code))
        status =
            pickle_raise_pickling("Can't pickle %R: extension code %R isn't an integer", v, code);
    else if (!int_to_i64(code, &number) || number <= 0 || number > INT32_MAX)
        status =
            pickle_raise_pickling("Can't pickle %R: extension code %V is out of range", v, code);
    else if (number <= 0xff)
        status = pickle_put_number(p, PICKLE_EXT1, (uint64_t)number, 1);
    else if (number <= 0xffff)
        status = pickle_put_number(p, PICKLE_EXT2, (uint64_t)number, 2);
    else
        status = pickle_put_number(p, PICKLE_EXT4, (uint64_t)number, 4);
    ref_release(code);
    return status < 0 ? -1 : 1;
}

// The object is what module_name has under name; parent is what has it under the name's last part.
static int save_found(Pickling *p, Value v, Value module, Value module_name, Value name,
                      Value parent) {
    if (p->protocol >= 2) {
        int status = save_extension(p, v, module_name, name);
        if (status)
            return status < 0 ? -1 : 0;
    }
    bool nested = !value_same(parent, module);
    int64_t dot = -1, length = str_length(name);
    for (int64_t at = 0; (at = str_find_char(name, '.', at, length)) >= 0; at++)
        dot = at;
    Value last = str_substring(name, dot + 1, length);
    if (value_is_null(last))
        return -1;
    int status;
    if (p->protocol >= 4) {
        status = pickle_save(p, module_name, false) < 0 ||
                         pickle_save(p, nested ? name : last, false) < 0
                     ? -1
                     : pickle_put_byte(p, PICKLE_STACK_GLOBAL);
    } else if (nested) {
        Value args = tuple_pack(2, parent, last);
        Value reduced = value_is_null(args) ? args : tuple_pack(2, pickle_shared.getattr, args);
        status = value_is_null(reduced) ? -1 : pickle_save_reduce(p, reduced, VALUE_NULL);
        ref_release(args);
        ref_release(reduced);
    } else {
        status = put_global(p, ref_new(module_name), ref_new(last));
    }
    ref_release(last);
    return status < 0 ? -1 : pickle_put_memo(p, v);
}

static int save_named(Pickling *p, Value v, Value name) {
    Value module_name, module = VALUE_NULL, parent = VALUE_NULL, found_object = VALUE_NULL;
    int status = -1, found;
    if (!value_is_str(name))
        return raise_int(&exception_TypeError,
                         "descriptor 'split' for 'str' objects doesn't apply "
                         "to a '%T' object",
                         name);
    if (pickle_path_is_local(name))
        return raise_int(&exception_AttributeError, "Can't pickle local object %R", name);
    module_name = which_module(v, name);
    if (value_is_null(module_name))
        return -1;
    if (value_is_str(module_name))
        module = pickle_import(module_name);
    else
        raise_type_error("module name must be a string");
    if (value_is_null(module)) {
        error_clear();
        pickle_raise_pickling("Can't pickle %R: import of module %R failed", v, module_name);
        goto out;
    }
    found_object = pickle_deep_attribute(module, name, &parent, &found);
    if (found <= 0) {
        error_clear();
        pickle_raise_pickling("Can't pickle %R: attribute lookup %V on %V failed", v, name,
                              module_name);
    } else if (!value_same(found_object, v)) {
        pickle_raise_pickling("Can't pickle %R: it's not the same object as %V.%V", v, module_name,
                              name);
    } else {
        status = save_found(p, v, module, module_name, name, parent);
    }
out:
    ref_release(module_name);
    ref_release(module);
    ref_release(parent);
    ref_release(found_object);
    return status;
}

int pickle_save_global(Pickling *p, Value v, Value name) {
    if (!value_is_null(name))
        return save_named(p, v, name);
    Value own;
    int found = value_lookup_attr(v, name___qualname__, &own);
    if (found < 0)
        return -1;
    if (!found)
        own = value_getattr(v, name___name__);
    int status = value_is_null(own) ? -1 : save_named(p, v, own);
    ref_release(own);
    return status;
}

// The classes of None, NotImplemented and Ellipsis have no name of their own.
static int save_type(Pickling *p, Value v) {
    Value single = value_same(v, value_from_object(value_type(VALUE_NONE)))       ? VALUE_NONE
                   : value_same(v, value_from_object(value_type(VALUE_ELLIPSIS))) ? VALUE_ELLIPSIS
                   : value_same(v, value_from_object(value_type(VALUE_NOT_IMPLEMENTED)))
                       ? VALUE_NOT_IMPLEMENTED
                       : VALUE_NULL;
    if (value_is_null(single))
        return pickle_save_global(p, v, VALUE_NULL);
    Value args = tuple_pack(1, single);
    Value reduced = value_is_null(args) ? args : tuple_pack(2, value_from_object(&type_type), args);
    int status = value_is_null(reduced) ? -1 : pickle_save_reduce(p, reduced, v);
    ref_release(args);
    ref_release(reduced);
    return status;
}

// ---- what __reduce_ex__ gave -------------------------------------------------------------------

static int check_newobj_ex(Value args) {
    if (tuple_length(args) != 3)
        return pickle_raise_pickling(
            "length of the NEWOBJ_EX argument tuple must be exactly 3, not %lld",
            (long long)tuple_length(args));
    if (!value_has_flag(tuple_item(args, 0), TYPE_TYPE_SUBCLASS))
        return pickle_raise_pickling(
            "first item from NEWOBJ_EX argument tuple must be a class, not %T",
            tuple_item(args, 0));
    if (!value_is_tuple(tuple_item(args, 1)))
        return pickle_raise_pickling(
            "second item from NEWOBJ_EX argument tuple must be a tuple, not %T",
            tuple_item(args, 1));
    if (!value_is_dict(tuple_item(args, 2)))
        return pickle_raise_pickling(
            "third item from NEWOBJ_EX argument tuple must be a dict, not %T", tuple_item(args, 2));
    return 0;
}

// Protocols 2 and 3: partial(class.__new__, class, *args, **kwargs) is called.
static int save_partial_new(Pickling *p, Value class, Value args, Value kwargs) {
    int64_t count = tuple_length(args);
    Value new = value_getattr(class, name___new__), all = VALUE_NULL, partial = VALUE_NULL;
    if (!value_is_null(new) && !value_is_null(all = tuple_allocate(count + 2))) {
        tuple_of(all)->items[0] = ref_new(new);
        tuple_of(all)->items[1] = ref_new(class);
        for (int64_t i = 0; i < count; i++)
            tuple_of(all)->items[i + 2] = ref_new(tuple_item(args, i));
        partial = value_call_tuple(pickle_shared.partial, all, kwargs);
    }
    Value none = value_is_null(partial) ? VALUE_NULL : tuple_empty();
    int status =
        value_is_null(none) || pickle_save(p, partial, false) < 0 || pickle_save(p, none, false) < 0
            ? -1
            : pickle_put_byte(p, PICKLE_REDUCE);
    ref_release(none);
    ref_release(partial);
    ref_release(all);
    ref_release(new);
    return status;
}

static int save_newobj_ex(Pickling *p, Value args) {
    if (check_newobj_ex(args) < 0)
        return -1;
    if (p->protocol < 4)
        return save_partial_new(p, tuple_item(args, 0), tuple_item(args, 1), tuple_item(args, 2));
    for (int i = 0; i < 3; i++)
        if (pickle_save(p, tuple_item(args, i), false) < 0)
            return -1;
    return pickle_put_byte(p, PICKLE_NEWOBJ_EX);
}

static int save_newobj(Pickling *p, Value args, Value object) {
    if (tuple_length(args) < 1)
        return pickle_raise_pickling("__newobj__ arglist is empty");
    Value class = tuple_item(args, 0);
    if (!value_has_flag(class, TYPE_TYPE_SUBCLASS))
        return pickle_raise_pickling("args[0] from __newobj__ args is not a type");
    if (!value_is_null(object)) {
        Value own = value_getattr(object, name___class__);
        bool same = value_same(own, class), failed = value_is_null(own);
        ref_release(own);
        if (failed)
            return -1;
        if (!same)
            return pickle_raise_pickling("args[0] from __newobj__ args has the wrong class");
    }
    if (pickle_save(p, class, false) < 0)
        return -1;
    Value rest = tuple_slice(args, 1, tuple_length(args));
    int status = value_is_null(rest) ? -1 : pickle_save(p, rest, false);
    ref_release(rest);
    return status < 0 ? -1 : pickle_put_byte(p, PICKLE_NEWOBJ);
}

// Which opcode the function of a reduction stands for: PICKLE_NEWOBJ_EX, PICKLE_NEWOBJ,
// PICKLE_REDUCE; -1.
static int opcode_of(const Pickling *p, Value function) {
    int opcode = PICKLE_REDUCE;
    if (p->protocol < 2)
        return opcode;
    Value name;
    int found = value_lookup_attr(function, name___name__, &name);
    if (found < 0)
        return -1;
    if (found && value_is_str(name)) {
        if (str_equal_cstr(name, "__newobj_ex__"))
            opcode = PICKLE_NEWOBJ_EX;
        else if (str_equal_cstr(name, "__newobj__"))
            opcode = PICKLE_NEWOBJ;
    }
    ref_release(name);
    return opcode;
}

static int save_state(Pickling *p, Value object, Value state, Value setter) {
    if (value_is_null(setter))
        return pickle_save(p, state, false) < 0 ? -1 : pickle_put_byte(p, PICKLE_BUILD);
    static const char call[] = {(char)PICKLE_TUPLE2, PICKLE_REDUCE, PICKLE_POP};
    return pickle_save(p, setter, false) < 0 || pickle_save(p, object, false) < 0 ||
                   pickle_save(p, state, false) < 0
               ? -1
               : pickle_put(p, call, sizeof call);
}

// After the object was made on the reader's stack. If it is in the memo already, it contains
// itself, and the one made first is taken.
static int memo_or_get(Pickling *p, Value object) {
    int64_t number = pickle_memo_find(p->memo, object);
    if (LIKELY(number < 0))
        return pickle_put_memo(p, object);
    return pickle_put_byte(p, PICKLE_POP) < 0 ? -1 : pickle_put_get(p, number);
}

int pickle_save_reduce(Pickling *p, Value reduced, Value object) {
    int64_t size = tuple_length(reduced);
    if (size < 2 || size > 6)
        return pickle_raise_pickling(
            "tuple returned by __reduce__ must contain 2 through 6 elements");
    Value part[6] = {VALUE_NULL};
    for (int64_t i = 0; i < size; i++) // None says that there is nothing, but for the first two
        part[i] =
            i >= 2 && value_is_none(tuple_item(reduced, i)) ? VALUE_NULL : tuple_item(reduced, i);
    Value function = part[0], args = part[1];
    if (!value_is_callable(function))
        return pickle_raise_pickling(
            "first item of the tuple returned by __reduce__ must be callable");
    if (!value_is_tuple(args))
        return pickle_raise_pickling(
            "second item of the tuple returned by __reduce__ must be a tuple");
    for (int i = 3; i < 5; i++)
        if (!value_is_null(part[i]) && !value_type(part[i])->next)
            return pickle_raise_pickling("%s element of the tuple returned by __reduce__ must be "
                                         "an iterator, not %T",
                                         i == 3 ? "fourth" : "fifth", part[i]);
    if (!value_is_null(part[5]) && !value_is_callable(part[5]))
        return pickle_raise_pickling(
            "sixth element of the tuple returned by __reduce__ must be a function, not %T",
            part[5]);
    int opcode = opcode_of(p, function), status;
    if (opcode < 0)
        return -1;
    if (opcode == PICKLE_NEWOBJ_EX)
        status = save_newobj_ex(p, args);
    else if (opcode == PICKLE_NEWOBJ)
        status = save_newobj(p, args, object);
    else
        status = pickle_save(p, function, false) < 0 || pickle_save(p, args, false) < 0
                     ? -1
                     : pickle_put_byte(p, PICKLE_REDUCE);
    if (status == 0 && !value_is_null(object))
        status = memo_or_get(p, object);
    if (status == 0 && !value_is_null(part[3]))
        status = pickle_save_items(p, part[3]);
    if (status == 0 && !value_is_null(part[4]))
        status = pickle_save_pairs(p, part[4]);
    if (status == 0 && !value_is_null(part[2]))
        status = save_state(p, object, part[2], part[5]);
    return status;
}

// ---- instances that leave it all to object -----------------------------------------------------

static bool inherits(Type *type, Value name, Type *from) {
    Value own = type_lookup(type, name), base = from ? type_lookup(from, name) : VALUE_NULL;
    bool same = value_same(own, base);
    ref_release(own);
    ref_release(base);
    return same;
}

// Instances of this type in shape mode are written as protocol 2 and up write what object's
// __reduce_ex__ gives. Its version as it was before looking, or 0.
static uint32_t plain_version(Type *type) {
    uint32_t version = __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
    uint32_t flags = type_flags(type);
    bool plain = (flags & TYPE_HAS_SHAPE_SLOTS) && type->getattr == object_generic_getattr &&
                 type->call_new && inherits(type, name___reduce_ex__, &object_type) &&
                 inherits(type, name___reduce__, &object_type) &&
                 inherits(type, name___getstate__, &object_type) &&
                 inherits(type, name___class__, &object_type) &&
                 inherits(type, name___getnewargs_ex__, NULL) &&
                 inherits(type, name___getnewargs__, NULL) &&
                 inherits(type, name___slots__, NULL) && type_native_base(type) == &object_type;
    return plain ? version : 0;
}

static bool is_plain(Pickling *p, Type *type) {
    uint32_t version = __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
    uint32_t *known = &p->plain_versions[version % 8];
    if (LIKELY(*known == version && version))
        return true;
    version = plain_version(type);
    if (version == 0)
        return false;
    p->plain_versions[version % 8] = version;
    return true;
}

// Would an instance's attribute be found where object's __reduce_ex__ looks for something else.
static bool is_hook(Value name) {
    return str_length(name) > 4 && str_at(name, 0) == '_' && str_at(name, 1) == '_';
}

static int save_attributes(Pickling *p, const Value *names, const Value *values, int count) {
    static const char single[] = {PICKLE_SETITEM, PICKLE_BUILD};
    static const char many[] = {PICKLE_SETITEMS, PICKLE_BUILD};
    if (count == 0)
        return 0;
    if (pickle_put_byte(p, PICKLE_EMPTY_DICT) < 0 || pickle_put_memo(p, VALUE_NULL) < 0 ||
        (count > 1 && pickle_put_byte(p, PICKLE_MARK) < 0))
        return -1;
    for (int i = 0; i < count; i++)
        if (pickle_save(p, names[i], false) < 0 || pickle_save(p, values[i], false) < 0)
            return -1;
    return pickle_put(p, count > 1 ? many : single, 2);
}

// 1: done; 0: it must be asked; -1. Only where nobody sees the memo, in which the dict is missing.
static int save_plain(Pickling *p, Value v, Type *type) {
    static const char make[] = {PICKLE_EMPTY_TUPLE, (char)PICKLE_NEWOBJ};
    Value names[PLAIN_ATTRIBUTES_MAX], values[PLAIN_ATTRIBUTES_MAX];
    if (p->memo_is_seen || p->protocol < 2 || p->fast || !is_plain(p, type))
        return 0;
    int count = instance_snapshot(v, names, values, PLAIN_ATTRIBUTES_MAX);
    if (count < 0)
        return 0;
    int status = 1;
    for (int i = 0; i < count; i++)
        if (is_hook(names[i]))
            status = 0;
    if (status > 0 && (pickle_save(p, value_from_object(type), false) < 0 ||
                       pickle_put(p, make, sizeof make) < 0 || memo_or_get(p, v) < 0 ||
                       save_attributes(p, names, values, count) < 0))
        status = -1;
    for (int i = 0; i < count; i++)
        ref_release(values[i]);
    return status;
}

// ---- objects ----------------------------------------------------------------------------------

static Value reduce(Pickling *p, Value v) {
    Value method;
    int found = value_lookup_attr(v, name___reduce_ex__, &method);
    Value result = VALUE_NULL;
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        result = value_call_one(method, value_from_int(p->protocol));
    } else {
        found = value_lookup_attr(v, name___reduce__, &method);
        if (found == 0)
            pickle_raise_pickling("can't pickle '%s' object: %R", type_full_name(value_type(v)), v);
        if (found <= 0)
            return VALUE_NULL;
        result = value_call_none(method);
    }
    ref_release(method);
    return result;
}

// What is registered for a class: a new reference, or VALUE_NULL (look whether an error occurred).
static Value registered(Pickling *p, Value class) {
    if (LIKELY(value_is_null(p->dispatch_table)))
        return dict_get(pickle_shared.dispatch_table, class);
    Value function = value_getitem(p->dispatch_table, class);
    if (value_is_null(function) && error_matches(&exception_KeyError))
        error_clear();
    return function;
}

static int save_reduced(Pickling *p, Value reduced, Value v) {
    if (value_is_null(reduced))
        return -1;
    if (value_is_str(reduced))
        return pickle_save_global(p, v, reduced);
    if (value_is_tuple(reduced))
        return pickle_save_reduce(p, reduced, v);
    return pickle_raise_pickling("__reduce__ must return a string or tuple");
}

int pickle_save_object(Pickling *p, Value v) {
    Type *type = value_type(v);
    Value reduced;
    if (!value_is_null(p->reducer_override)) {
        reduced = value_call_one(p->reducer_override, v);
        if (!value_same(reduced, VALUE_NOT_IMPLEMENTED)) {
            int status = save_reduced(p, reduced, v);
            ref_release(reduced);
            return status;
        }
        ref_release(reduced);
    }
    if (type == &type_type)
        return save_type(p, v);
    if (type == &function_type)
        return pickle_save_global(p, v, VALUE_NULL);
    Value function = registered(p, value_from_object(type));
    if (value_is_null(function)) {
        if (error_occurred())
            return -1;
        if (type_flags(type) & TYPE_TYPE_SUBCLASS)
            return pickle_save_global(p, v, VALUE_NULL);
        int status = save_plain(p, v, type);
        if (status)
            return status < 0 ? -1 : 0;
        reduced = reduce(p, v);
    } else {
        reduced = value_call_one(function, v);
        ref_release(function);
    }
    int status = save_reduced(p, reduced, v);
    ref_release(reduced);
    return status;
}
