// SPDX-License-Identifier: MIT
//
// Generic operations of containers: length, items, membership, iteration; buffers.
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// ---- length ------------------------------------------------------------------------------------

int64_t value_length(Value v) {
    Type *type = value_type(v);
    if (LIKELY(type->length != NULL))
        return type->length(v);
    return raise_int(&exception_TypeError, "object of type '%T' has no len()", v);
}

int64_t value_length_hint(Value v, int64_t fallback) {
    Type *type = value_type(v);
    if (type->length) {
        int64_t length = type->length(v);
        if (length >= 0 || !error_matches(&exception_TypeError))
            return length;
        error_clear();
    }
    Value method;
    int found = value_lookup_special(v, name___length_hint__, &method);
    if (found <= 0)
        return found < 0 ? -1 : fallback;
    Value hint = value_call_none(method);
    ref_release(method);
    if (value_is_null(hint)) {
        if (!error_matches(&exception_TypeError))
            return -1;
        error_clear();
        return fallback;
    }
    int64_t result = fallback;
    if (value_same(hint, VALUE_NOT_IMPLEMENTED)) {
        // no hint
    } else if (!value_is_any_int(hint)) {
        result =
            raise_int(&exception_TypeError, "__length_hint__ must be an integer, not %T", hint);
    } else if (!int_to_i64(hint, &result)) {
        result =
            raise_int(&exception_OverflowError, "Python int too large to convert to C ssize_t");
    } else if (result < 0) {
        result = raise_int(&exception_ValueError, "__length_hint__() should return >= 0");
    }
    ref_release(hint);
    return result;
}

// ---- items -------------------------------------------------------------------------------------

// v[key] for types with items by position only.
static Value item_by_position(Value v, Type *type, Value key) {
    if (!value_is_any_int(key) && !value_type(key)->index)
        return raise_type_error("sequence index must be integer, not '%T'", key);
    int64_t index;
    if (value_to_position(key, &index) < 0)
        return VALUE_NULL;
    if (index < 0 && type->length) {
        int64_t length = type->length(v);
        if (length < 0)
            return VALUE_NULL;
        index += length;
    }
    return type->sequence_item(v, index);
}

// T[key] for classes: __class_getitem__.
static Value class_item(Value class, Value key) {
    if (value_same(class, value_from_object(&type_type)))
        return generic_alias_new(class, key);
    Value method;
    int found = value_lookup_attr(class, name___class_getitem__, &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found || value_is_none(method)) {
        if (found)
            ref_release(method);
        return raise_type_error("type '%s' is not subscriptable",
                                ((Type *)value_object(class))->name);
    }
    Value v = value_call_one(method, key);
    ref_release(method);
    return v;
}

Value value_getitem(Value v, Value key) {
    Type *type = value_type(v);
    if (LIKELY(type->getitem != NULL))
        return type->getitem(v, key);
    if (type->sequence_item)
        return item_by_position(v, type, key);
    if (value_has_flag(v, TYPE_TYPE_SUBCLASS))
        return class_item(v, key);
    return raise_type_error("'%T' object is not subscriptable", v);
}

// v has no items that could be changed: what CPython says of that depends on whether it takes v for
// a sequence, as any object of a class of Python code, and key for a position in it.
static int refuse_change(Value v, Value key, const char *otherwise, const char *in_sequence) {
    Type *type = value_type(v);
    int64_t index;
    if ((type->sequence_item || type->length || type->contains || !heap_is_static(type)) &&
        (value_is_any_int(key) || value_type(key)->index)) {
        if (value_to_position(key, &index) < 0)
            return -1;
        otherwise = in_sequence;
    }
    return raise_int(&exception_TypeError, otherwise, v);
}

int value_setitem(Value v, Value key, Value value) {
    Type *type = value_type(v);
    if (LIKELY(type->setitem != NULL))
        return type->setitem(v, key, value);
    const char *text = "'%T' object does not support item assignment";
    return refuse_change(v, key, text, text);
}

int value_delitem(Value v, Value key) {
    Type *type = value_type(v);
    if (LIKELY(type->setitem != NULL))
        return type->setitem(v, key, VALUE_NULL);
    return refuse_change(v, key, "'%T' object does not support item deletion",
                         "'%T' object doesn't support item deletion");
}

// ---- iteration and membership -----------------------------------------------------------------

bool value_is_sequence(Value v) {
    const Type *type = value_type(v);
    return type->sequence_item ||
           (type->getitem && (type_flags(type) & TYPE_HEAP) && !value_is_dict(v));
}

Value value_iter(Value v) {
    Type *type = value_type(v);
    if (LIKELY(type->iter != NULL)) {
        Value iterator = type->iter(v);
        if (!value_is_null(iterator) && UNLIKELY(!value_type(iterator)->next)) {
            raise_type_error("iter() returned non-iterator of type '%T'", iterator);
            ref_release(iterator);
            return VALUE_NULL;
        }
        return iterator;
    }
    if (value_is_sequence(v))
        return sequence_iterator_new(v);
    return raise_type_error("'%T' object is not iterable", v);
}

Value value_step(Value iterator) {
    Type *type = value_type(iterator);
    if (UNLIKELY(!type->next))
        return raise_type_error("'%T' object is not an iterator", iterator);
    if (thread_stack_is_low()) {
        thread_raise_stack();
        return VALUE_NULL;
    }
    return type->next(iterator);
}

Value value_next(Value iterator) {
    Value item = value_step(iterator);
    if (UNLIKELY(value_is_null(item)) && error_matches(&exception_StopIteration))
        error_clear();
    return item;
}

int value_contains(Value container, Value item) {
    Type *type = value_type(container);
    if (LIKELY(type->contains != NULL))
        return type->contains(container, item);
    Value iterator = value_iter_or_say(container, "argument of type '%T' is not iterable");
    if (value_is_null(iterator))
        return -1;
    int result = 0;
    while (result == 0) {
        Value v = value_next(iterator);
        if (value_is_null(v)) {
            result = error_occurred() ? -1 : 0;
            break;
        }
        result = value_equals(v, item);
        ref_release(v);
    }
    ref_release(iterator);
    return result;
}

Value object_self_iter(Value self) {
    return ref_new(self);
}
