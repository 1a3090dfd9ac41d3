// SPDX-License-Identifier: MIT
//
// _sqlite3: adapters, which make of an object what the library can store, and converters, which
// make an object of what it has stored. Both are in dicts that programs may see and change.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/module.h"

Value sqlite_adapters, sqlite_converters;

// A type that needs no adapter has been given one: written once, never cleared, relaxed. Who
// registers an adapter and then wakes another thread has an order by that.
static bool base_type_adapted;

static bool is_base_type(const Type *type) {
    return type == &int_type || type == &float_type || type == &str_type || type == &bytearray_type;
}

// What obj's or the protocol's own method makes of it: 1 and *adapted; 0: it cannot; -1.
static int adapt_by_method(Value owner, const char *method, Value argument, Value *adapted) {
    Value function;
    int found = value_lookup_attr_cstr(owner, method, &function);
    if (found <= 0)
        return found;
    *adapted = value_call_one(function, argument);
    ref_release(function);
    if (value_is_null(*adapted)) {
        if (!error_matches(&exception_TypeError))
            return -1;
        error_clear();
        return 0;
    }
    if (!value_is_none(*adapted))
        return 1;
    ref_release(*adapted);
    return 0;
}

// fallback: what is given if nobody can adapt it; VALUE_NULL: ProgrammingError.
static Value adapt(Value v, Value protocol, Value fallback) {
    Value adapted, key = tuple_pack(2, value_from_object(value_type(v)), protocol);
    if (value_is_null(key))
        return VALUE_NULL;
    Value adapter = dict_get(sqlite_adapters, key);
    ref_release(key);
    if (!value_is_null(adapter)) {
        adapted = value_call_one(adapter, v);
        ref_release(adapter);
        return adapted;
    }
    if (error_occurred())
        return VALUE_NULL;
    int done = adapt_by_method(protocol, "__adapt__", v, &adapted);
    if (done == 0)
        done = adapt_by_method(v, "__conform__", protocol, &adapted);
    if (done != 0)
        return done < 0 ? VALUE_NULL : adapted;
    return value_is_null(fallback) ? sqlite_raise(PROGRAMMING, "can't adapt") : ref_new(fallback);
}

Value sqlite_adapt_parameter(Value v) {
    if (is_base_type(value_type(v)) && !__atomic_load_n(&base_type_adapted, __ATOMIC_RELAXED))
        return ref_new(v);
    return adapt(v, value_from_object(&sqlite_protocol_type), v);
}

Value sqlite_converter(const char *name, size_t length) {
    Value text = codec_decode((const uint8_t *)name, length, NULL, NULL);
    Value key = value_is_null(text) ? VALUE_NULL : value_call_method_cstr(text, "upper", NULL, 0);
    ref_release(text);
    Value converter = value_is_null(key) ? VALUE_NULL : dict_get(sqlite_converters, key);
    ref_release(key);
    return converter;
}

// ---- functions ---------------------------------------------------------------------------------

Value sqlite_module_adapt(Value self, const Value *args, size_t nargs) {
    Value protocol = nargs > 1 ? args[1] : value_from_object(&sqlite_protocol_type);
    return adapt(args[0], protocol, nargs > 2 ? args[2] : VALUE_NULL);
}

Value sqlite_module_register_adapter(Value self, const Value *args, size_t nargs) {
    for (Type *const *t = (Type *const[]){&int_type, &float_type, &str_type, &bytearray_type, NULL};
         *t; t++)
        if (value_same(args[0], value_from_object(*t)))
            __atomic_store_n(&base_type_adapted, true, __ATOMIC_RELAXED);
    Value key = tuple_pack(2, args[0], value_from_object(&sqlite_protocol_type));
    int status = value_is_null(key) ? -1 : dict_set(sqlite_adapters, key, args[1]);
    ref_release(key);
    return status < 0 ? VALUE_NULL : none_new();
}

Value sqlite_module_register_converter(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("register_converter() argument 1 must be str, not %G", args[0]);
    Value key = value_call_method_cstr(args[0], "upper", NULL, 0);
    int status = value_is_null(key) ? -1 : dict_set(sqlite_converters, key, args[1]);
    ref_release(key);
    return status < 0 ? VALUE_NULL : none_new();
}

int sqlite_adapt_fill(Value module) {
    if ((value_is_null(sqlite_adapters) && value_is_null(sqlite_adapters = dict_new())) ||
        (value_is_null(sqlite_converters) && value_is_null(sqlite_converters = dict_new())))
        return -1;
    return module_add(module, "adapters", ref_new(sqlite_adapters)) < 0 ||
                   module_add(module, "converters", ref_new(sqlite_converters)) < 0
               ? -1
               : 0;
}

// ---- PrepareProtocol ---------------------------------------------------------------------------

static Value protocol_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Object *o = object_allocate(type);
    return o ? value_from_object(o) : VALUE_NULL;
}
static int protocol_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return 0;
}
static void protocol_destroy(Object *self) {
    object_free_fixed(self);
}

Type sqlite_protocol_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "sqlite3.PrepareProtocol",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_IMMUTABLE,
    .doc = "PEP 246 style object adaption protocol type.",
    .call_new = protocol_new,
    .init = protocol_init,
    .destroy = protocol_destroy,
};
