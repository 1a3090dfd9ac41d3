// SPDX-License-Identifier: MIT
//
// The `_weakref` module; the types are in vm/types/weakref.c.
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/weakref.h"

static Value weakref_module_count(Value self, Value v) {
    return int_from_i64(weakref_count(v));
}

static Value weakref_module_list(Value self, Value v) {
    return weakref_list(v);
}

static Value weakref_module_proxy(Value self, const Value *args, size_t nargs) {
    return weak_proxy_new(args[0], nargs > 1 ? args[1] : VALUE_NULL);
}

// Deletes dict[key] if its value is a dead weak reference.
static Value weakref_module_remove_dead(Value self, const Value *args, size_t nargs) {
    if (!value_is_dict(args[0]))
        return raise_type_error("_remove_dead_weakref() argument 1 must be dict, not %G", args[0]);
    Value found = dict_get(args[0], args[1]);
    if (value_is_null(found))
        return error_occurred() ? found : none_new();
    if (!value_is_weakref(found)) {
        ref_release(found);
        return raise_type_error("not a weakref");
    }
    Value target = weakref_target(found);
    ref_release(found);
    if (!value_is_null(target)) {
        ref_release(target);
        return none_new();
    }
    return dict_delete_if_present(args[0], args[1]) < 0 ? VALUE_NULL : none_new();
}

static const NativeDef weakref_functions[] = {
    DEF_ONE("getweakrefcount", weakref_module_count,
            "getweakrefcount($module, object, /)\n--\n\n"
            "How many weak references and proxies the object has."),
    DEF_ONE("getweakrefs", weakref_module_list,
            "A list of the object's weak references and proxies."),
    DEF_FIXED("proxy", weakref_module_proxy, 1, 2,
              "proxy(object[, callback])\n\nA proxy that stands for object while it lives."),
    DEF_FIXED("_remove_dead_weakref", weakref_module_remove_dead, 2, 2,
              "_remove_dead_weakref($module, dct, key, /)\n--\n\n"
              "Deletes the entry if its value is a dead weak reference."),
    DEF_END,
};

static int weakref_fill(Value module) {
    return module_add_type(module, &weakref_type) < 0 ||
                   module_add(module, "ref", ref_new(value_from_object(&weakref_type))) < 0 ||
                   module_add_type(module, &weak_proxy_type) < 0 ||
                   module_add_type(module, &weak_callable_proxy_type) < 0
               ? -1
               : 0;
}

const NativeModule module__weakref = {
    "_weakref",
    "Weak references: what the weakref module is built on.",
    weakref_functions,
    weakref_fill,
};
