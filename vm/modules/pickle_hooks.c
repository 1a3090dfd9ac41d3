// SPDX-License-Identifier: MIT
//
// The method of a subclass, or the function given later, that a Pickler or Unpickler asks for what
// is stored elsewhere (persistent_id, persistent_load). The object's lock guards it.
#include "vm/modules/pickle_internal.h"
#include "vm/types/function.h"
#include "vm/types/type.h"

int pickle_own_method(Value self, Value name, Value *function, bool *is_method) {
    *is_method = false;
    if (value_lookup_attr(self, name, function) < 0)
        return -1;
    if (value_is_null(*function) || !value_is_exactly(*function, &method_type))
        return 0;
    Method *method = (Method *)value_object(*function);
    if (!value_same(method->self, self))
        return 0;
    Value inner = ref_new(method->function);
    ref_release(*function);
    *function = inner;
    *is_method = true;
    return 0;
}

Value pickle_hook_get(Value self, Value *hook, bool *is_method, const char *name) {
    Object *o = value_object(self);
    object_lock(o);
    Value function = field_raw(hook);
    bool with_self = *is_method;
    field_retain_locked(function, false);
    object_unlock(o);
    if (value_is_null(function))
        return raise_error(&exception_AttributeError, "%s", name);
    if (!with_self)
        return function;
    Value method = method_new(function, self);
    ref_release(function);
    return method;
}

int pickle_hook_set(Value self, Value *hook, bool *is_method, const char *name, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "attribute deletion is not supported");
    if (!value_is_callable(value))
        return raise_int(&exception_TypeError, "%s must be a callable taking one argument", name);
    Object *o = value_object(self);
    ref_retain(value);
    object_lock(o);
    Value old = field_swap_locked(hook, value);
    *is_method = false;
    object_unlock(o);
    ref_release(old);
    return 0;
}
