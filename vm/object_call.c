// SPDX-License-Identifier: MIT
//
// Calling any value.
#include "vm/object.h"
#include "vm/interp/frame.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict_table.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

bool value_is_callable(Value v) {
    return value_type(v)->call != NULL;
}

Value value_call(Value callable, const Value *args, size_t nargs, Value kwnames) {
    object_lock_assert_none();
    Type *type = value_type(callable);
    if (LIKELY(type == &function_type))
        return interp_call_function((Function *)value_object(callable), args, nargs, kwnames);
    NativeVector call = type->call;
    if (UNLIKELY(!call))
        return raise_type_error("'%T' object is not callable", callable);
    // Native callables may call each other without a Python frame between.
    if (UNLIKELY(thread_enter_recursive(" while calling a Python object") < 0))
        return VALUE_NULL;
    Value result = call(callable, args, nargs, kwnames);
    thread_leave_recursive();
    assert(!value_is_null(result) || error_occurred());
    return result;
}

Value value_call_none(Value callable) {
    return value_call(callable, NULL, 0, VALUE_NULL);
}
Value value_call_one(Value callable, Value arg) {
    return value_call(callable, &arg, 1, VALUE_NULL);
}
Value value_call_two(Value callable, Value a, Value b) {
    Value args[2] = {a, b};
    return value_call(callable, args, 2, VALUE_NULL);
}

#define ARGS_ON_STACK 16

enum { KEYWORDS_ON_STACK = 8 };

// Consumes the keys; the values stay the caller's.
static Value call_with_entries(Value callable, Value args_tuple, DictEntry *entries,
                               int64_t keywords) {
    size_t positional = (size_t)tuple_length(args_tuple), count = positional + (size_t)keywords;
    Value space[ARGS_ON_STACK], names = tuple_allocate(keywords), result = VALUE_NULL;
    Value *all = count <= ARGS_ON_STACK ? space : buffer_allocate(count * sizeof(Value));
    if (!all)
        raise_memory_error();
    bool usable = all && !value_is_null(names), all_str = true;
    for (int64_t i = 0; i < keywords; i++) {
        if (!usable) {
            ref_release(entries[i].key);
            continue;
        }
        all_str &= value_is_str(entries[i].key);
        tuple_of(names)->items[i] = entries[i].key;
        all[positional + (size_t)i] = entries[i].value;
    }
    if (usable && !all_str) {
        raise_type_error("keywords must be strings");
    } else if (usable) {
        memcpy(all, tuple_of(args_tuple)->items, positional * sizeof(Value));
        result = value_call(callable, all, positional, keywords ? names : VALUE_NULL);
    }
    if (all != space)
        buffer_free(all);
    ref_release(names);
    return result;
}

static Value call_with_keywords(Value callable, Value args_tuple, Value kwargs) {
    DictEntry few[KEYWORDS_ON_STACK], *entries = few; // one moment's content
    int64_t keywords = dict_copy_small(dict_of(kwargs), few, KEYWORDS_ON_STACK);
    if (keywords < 0) {
        entries = dict_snapshot(dict_of(kwargs), &keywords);
        if (keywords < 0)
            return VALUE_NULL;
    }
    Value result = call_with_entries(callable, args_tuple, entries, keywords);
    for (int64_t i = 0; i < keywords; i++)
        ref_release(entries[i].value);
    if (entries != few)
        buffer_free(entries);
    return result;
}

Value value_call_tuple(Value callable, Value args_tuple, Value kwargs) {
    ref_retain(args_tuple); // the callee may drop what the caller got it from
    Value result;
    if (value_is_null(kwargs) || value_is_none(kwargs) || dict_length(kwargs) == 0)
        result = value_call(callable, tuple_of(args_tuple)->items, (size_t)tuple_length(args_tuple),
                            VALUE_NULL);
    else
        result = call_with_keywords(callable, args_tuple, kwargs);
    ref_release(args_tuple);
    return result;
}

Value value_call_method(Value v, Value name, const Value *args, size_t nargs) {
    Value method;
    int unbound = value_get_method(v, name, &method);
    if (unbound < 0)
        return VALUE_NULL;
    Value result;
    if (unbound) {
        Value space[ARGS_ON_STACK], *all = space;
        if (nargs + 1 > ARGS_ON_STACK) {
            all = buffer_allocate((nargs + 1) * sizeof(Value));
            if (!all) {
                ref_release(method);
                return raise_memory_error();
            }
        }
        all[0] = v;
        if (nargs)
            memcpy(all + 1, args, nargs * sizeof(Value));
        result = value_call(method, all, nargs + 1, VALUE_NULL);
        if (all != space)
            buffer_free(all);
    } else {
        result = value_call(method, args, nargs, VALUE_NULL);
    }
    ref_release(method);
    return result;
}

Value value_call_method_cstr(Value v, const char *name, const Value *args, size_t nargs) {
    Value name_object = str_intern_cstr(name);
    if (value_is_null(name_object))
        return name_object;
    Value result = value_call_method(v, name_object, args, nargs);
    ref_release(name_object);
    return result;
}
