// SPDX-License-Identifier: MIT
//
// _thread._local: an object whose attributes each thread has to itself.
//
// The object owns `dicts`, a dict from a thread's serial number to that thread's attributes; so
// the collector sees cycles through them. A thread that has attributes here notes the object,
// weakly, in Thread.locals, and drops its entry when it ends. Only the thread itself adds its
// entry; an ending thread and the collector (clear) remove.
#include "vm/modules/thread_lock.h"
#include "vm/modules/thread_module.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/weakref.h"

typedef struct {
    Object header;
    Value args, kwnames; // what __init__ is called with in each new thread; constant
    int64_t arg_count;   // positional ones among args; constant
    int64_t number;      // of this object; constant
    Value dicts;         // constant until clear
} Local;

static int64_t last_number; // atomic

static Local *local_of(Value v) {
    return (Local *)value_object(v);
}

// A new dict for the running thread. Borrowed from the object's dicts.
static Value add_dict(Value self) {
    Local *local = local_of(self);
    Value noted = thread_locals();
    if (value_is_null(noted))
        return VALUE_NULL;
    Value key = int_from_i64(thread_current()->serial), number = int_from_i64(local->number);
    Value dicts = field_load(&local->header, &local->dicts);
    Value weak = weakref_new(self, VALUE_NULL);
    Value dict = dict_new(), result = VALUE_NULL;
    if (!value_is_null(weak) && !value_is_null(dict) && !value_is_null(dicts) &&
        dict_set(noted, number, weak) >= 0 && dict_set(dicts, key, dict) >= 0)
        result = dict;
    if (value_is_null(dicts) && !error_occurred())
        raise_error(&exception_SystemError, "_thread._local cleared");
    ref_release(dicts);
    ref_release(weak);
    ref_release(dict);
    return result;
}

// The running thread's dict, a new reference. The first time in a thread, __init__ runs.
static Value own_dict(Value self) {
    Local *local = local_of(self);
    Value key = int_from_i64(thread_current()->serial);
    Value dicts = field_load(&local->header, &local->dicts);
    Value dict = value_is_null(dicts) ? VALUE_NULL : dict_get(dicts, key);
    if (!value_is_null(dict) || error_occurred()) {
        ref_release(dicts);
        return dict;
    }
    dict = ref_new(add_dict(self));
    Type *type = value_type(self);
    if (!value_is_null(dict) && type->init && type->init != object_type.init &&
        type->init(self, tuple_of(local->args)->items, (size_t)local->arg_count, local->kwnames) <
            0) {
        Value failure = error_take(); // as if this thread had never been here
        if (dict_delete_if_present(dicts, key) < 0)
            error_clear();
        error_restore(failure);
        ref_release(dict);
        dict = VALUE_NULL;
    }
    ref_release(dicts);
    return dict;
}

static Value local_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    size_t total = nargs + (value_is_null(kwnames) ? 0 : (size_t)tuple_length(kwnames));
    if (total > 0 && (!type->init || type->init == object_type.init))
        return raise_type_error("Initialization arguments are not supported");
    Local *local = object_allocate(type);
    if (!local)
        return VALUE_NULL;
    Value self = value_from_object(local);
    local->number = __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
    local->arg_count = (int64_t)nargs;
    local->kwnames = ref_new(kwnames);
    local->args = tuple_from_array(args, (int64_t)total);
    local->dicts = dict_new();
    if (value_is_null(local->args) || value_is_null(local->dicts) ||
        value_is_null(add_dict(self))) {
        ref_release(self);
        return VALUE_NULL;
    }
    return self;
}

static void local_traverse(Object *self, GcVisitor *visitor) {
    Local *local = (Local *)self;
    gc_visit(visitor, local->args);
    gc_visit(visitor, local->kwnames);
    gc_visit(visitor, field_raw(&local->dicts));
}

static void local_clear(Object *self) {
    field_clear(self, &((Local *)self)->dicts);
}

// Threads forget the object.
static void forget(int64_t number) {
    Value pending = error_take();
    size_t count;
    Value *all = thread_all_locals(&count);
    for (size_t i = 0; i < count; i++) {
        ref_release(dict_pop(all[i], value_from_int(number), VALUE_NONE));
        ref_release(all[i]);
    }
    buffer_free(all);
    error_clear();
    if (!value_is_null(pending))
        error_restore(pending);
}

static void local_destroy(Object *self) {
    Local *local = (Local *)self;
    if (local->number)
        forget(local->number);
    ref_release(local->dicts);
    ref_release(local->args);
    ref_release(local->kwnames);
    type_free_instance(self);
}

void thread_module_drop_locals(Value locals, int64_t serial) {
    Value references = dict_values_list(locals);
    if (value_is_null(references)) {
        error_clear();
        return;
    }
    int64_t count = list_length(references);
    for (int64_t i = 0; i < count; i++) {
        Value weak = list_get(references, i);
        Value self = weakref_target(weak);
        if (!value_is_null(self)) {
            Value dicts = field_load(value_object(self), &local_of(self)->dicts);
            if (!value_is_null(dicts))
                ref_release(dict_pop(dicts, value_from_int(serial), VALUE_NONE));
            ref_release(dicts);
        }
        ref_release(self);
        ref_release(weak);
    }
    ref_release(references);
    error_clear();
}

// ---- attributes: like any object's, with the thread's dict in place of the object's -----------

static Value bind(Value attribute, Value self) {
    Type *type = value_type(attribute);
    if (!type->descr_get)
        return attribute;
    Value bound = type->descr_get(attribute, self, value_from_object(value_type(self)));
    ref_release(attribute);
    return bound;
}

static Value local_getattr(Value self, Value name) {
    Value dict = own_dict(self);
    if (value_is_null(dict))
        return dict;
    if (!value_is_str(name)) {
        ref_release(dict);
        return raise_type_error("attribute name must be string, not '%s'",
                                type_full_name(value_type(name)));
    }
    if (str_equal(name, name___dict__))
        return dict;
    Value attribute = type_lookup(value_type(self), name);
    if (!value_is_null(attribute)) {
        Type *type = value_type(attribute);
        if (type->descr_get && type->descr_set) {
            ref_release(dict);
            return bind(attribute, self);
        }
    }
    Value value = dict_get(dict, name);
    ref_release(dict);
    if (!value_is_null(value) || error_occurred()) {
        ref_release(attribute);
        return value;
    }
    if (!value_is_null(attribute))
        return bind(attribute, self);
    return raise_error(&exception_AttributeError, "'%s' object has no attribute '%V'",
                       type_full_name(value_type(self)), name);
}

static int local_setattr(Value self, Value name, Value value) {
    Value dict = own_dict(self);
    if (value_is_null(dict))
        return -1;
    int result = -1;
    Value attribute = VALUE_NULL;
    if (!value_is_str(name)) {
        raise_type_error("attribute name must be string, not '%s'",
                         type_full_name(value_type(name)));
        goto done;
    }
    if (str_equal(name, name___dict__)) {
        raise_error(&exception_AttributeError, "'%s' object attribute '__dict__' is read-only",
                    type_full_name(value_type(self)));
        goto done;
    }
    attribute = type_lookup(value_type(self), name);
    if (!value_is_null(attribute) && value_type(attribute)->descr_set) {
        result = value_type(attribute)->descr_set(attribute, self, value);
    } else if (!value_is_null(value)) {
        result = dict_set(dict, name, value);
    } else {
        int deleted = dict_delete_if_present(dict, name);
        if (deleted == 0)
            raise_error(&exception_AttributeError, "'%s' object has no attribute '%V'",
                        type_full_name(value_type(self)), name);
        result = deleted == 1 ? 0 : -1;
    }
done:
    ref_release(attribute);
    ref_release(dict);
    return result;
}

Type local_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_thread._local",
    .basic_size = sizeof(Local),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .call_new = local_new,
    .destroy = local_destroy,
    .traverse = local_traverse,
    .clear = local_clear,
    .getattr = local_getattr,
    .setattr = local_setattr,
    .doc = "Thread-local attributes.",
};
