// SPDX-License-Identifier: MIT
//
// Making exception classes for native modules. See the header.
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

Value exception_class_new(const char *module, const char *name, Value base, const char *doc) {
    Value bases = value_is_tuple(base) ? ref_new(base) : tuple_pack(1, base),
          text = str_intern_cstr(name), namespace = dict_new(), owner = str_intern_cstr(module),
          result = VALUE_NULL;
    if (!value_is_null(bases) && !value_is_null(namespace) &&
        dict_set_cstr(namespace, "__module__", owner) == 0) {
        Value about = doc ? str_from_cstr(doc) : none_new();
        if (!value_is_null(about) && dict_set_cstr(namespace, "__doc__", about) == 0)
            result = type_create(&type_type, text, bases, namespace, VALUE_NULL);
        ref_release(about);
    }
    ref_release(bases);
    ref_release(text);
    ref_release(namespace);
    ref_release(owner);
    return result;
}

int exception_class_add(Value module, Value *slot, const char *module_name, const char *name,
                        Value base, const char *doc) {
    if (value_is_null(*slot))
        *slot = exception_class_new(module_name, name, base, doc);
    return value_is_null(*slot) ? -1 : module_add(module, name, ref_new(*slot));
}
