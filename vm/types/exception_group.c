// SPDX-License-Identifier: MIT
//
// BaseExceptionGroup and ExceptionGroup (PEP 654). Message and exceptions are set by __new__,
// before anybody sees the group, and never change.
#include "vm/runtime/errors.h"
#include "vm/types/exceptions_internal.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type_internal.h"

typedef struct {
    Exception base;
    Value message;    // str
    Value exceptions; // tuple
} Group;

static inline Group *group_of(Value v) {
    return (Group *)value_object(v);
}
static bool is_group(Value v) {
    return value_is_instance(v, &exception_BaseExceptionGroup);
}

static bool is_exception_class(Value v) {
    return value_has_flag(v, TYPE_TYPE_SUBCLASS) &&
           type_is_subtype((Type *)value_object(v), &exception_BaseException);
}

// ---- making one -----------------------------------------------------------------------------

// The class to make, when `type` is asked for and the exceptions are these. NULL with TypeError.
static Type *class_for(Type *type, Value exceptions) {
    bool base_exception = false;
    for (int64_t i = 0; i < tuple_length(exceptions); i++) {
        Value e = tuple_item(exceptions, i);
        if (!value_has_flag(e, TYPE_EXCEPTION_SUBCLASS)) {
            raise_value_error("Item %lld of second argument (exceptions) is not an exception",
                              (long long)i);
            return NULL;
        }
        base_exception |= !value_is_instance(e, &exception_Exception);
    }
    if (type == &exception_BaseExceptionGroup)
        return base_exception ? type : &exception_ExceptionGroup;
    if (base_exception && type == &exception_ExceptionGroup) {
        raise_type_error("Cannot nest BaseExceptions in an ExceptionGroup");
        return NULL;
    }
    if (base_exception && type_is_subtype(type, &exception_Exception)) {
        raise_type_error("Cannot nest BaseExceptions in '%s'", type_full_name(type));
        return NULL;
    }
    return type;
}

static Value group_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs != 2)
        return raise_type_error(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)", nargs);
    if (!value_is_str(args[0]))
        return raise_type_error("BaseExceptionGroup.__new__() argument 1 must be str, not %G",
                                args[0]);
    if (!value_is_sequence(args[1]))
        return raise_type_error("second argument (exceptions) must be a sequence");
    Value exceptions = tuple_from_iterable(args[1]);
    if (value_is_null(exceptions))
        return exceptions;
    if (tuple_length(exceptions) == 0) {
        ref_release(exceptions);
        return raise_value_error("second argument (exceptions) must be a non-empty sequence");
    }
    type = class_for(type, exceptions);
    Value self =
        type ? exception_BaseException.call_new(type, args, nargs, VALUE_NULL) : VALUE_NULL;
    if (value_is_null(self)) {
        ref_release(exceptions);
        return self;
    }
    Group *group = group_of(self);
    field_init(&group->message, ref_new(args[0]));
    field_init(&group->exceptions, exceptions);
    return self;
}

static Value group_str(Value self) {
    Group *group = group_of(self);
    int64_t count = tuple_length(group->exceptions);
    return str_format("%V (%lld sub-exception%s)", group->message, (long long)count,
                      count == 1 ? "" : "s");
}

static Value derive(Value self, Value exceptions) {
    Value args[2] = {group_of(self)->message, exceptions};
    return group_new(&exception_BaseExceptionGroup, args, 2, VALUE_NULL);
}

// ---- parts of one ---------------------------------------------------------------------------

static int check_matcher(Value matcher) {
    bool ok = is_exception_class(matcher) || value_is_exactly(matcher, &function_type) ||
              value_is_exactly(matcher, &native_function_type);
    if (!ok && value_is_tuple(matcher)) {
        ok = true;
        for (int64_t i = 0; i < tuple_length(matcher); i++)
            ok &= is_exception_class(tuple_item(matcher, i));
    }
    return ok ? 0
              : raise_int(&exception_TypeError,
                          "expected a function, exception type or tuple of exception types");
}

static int matches(Value exception, Value matcher) {
    if (value_is_tuple(matcher) || is_exception_class(matcher))
        return exception_matches(exception, matcher);
    Value answer = value_call_one(matcher, exception);
    int truth = value_is_null(answer) ? -1 : value_truth(answer);
    ref_release(answer);
    return truth;
}

// A group like `original` of the exceptions in the list; None if there are none.
static Value subset(Value original, Value list) {
    if (list_length(list) == 0)
        return none_new();
    Value part = value_call_method_cstr(original, "derive", &list, 1);
    if (value_is_null(part))
        return part;
    if (!is_group(part)) {
        ref_release(part);
        return raise_type_error("derive must return an instance of BaseExceptionGroup");
    }
    Exception *from = (Exception *)value_object(original);
    exception_set_traceback(part, exception_traceback(original));
    exception_set_context(part, field_load(&from->header, &from->context));
    // With a cause or without one, a part does not show its context: in CPython it is the same.
    exception_set_cause(part, field_load(&from->header, &from->cause));
    Value notes;
    int found = value_lookup_attr(original, name___notes__, &notes);
    if (found > 0 && value_is_sequence(notes)) {
        // Each part has a list of its own, so that notes added to one are not seen on the other.
        Value copy = list_from_iterable(notes);
        found = value_is_null(copy) ? -1 : value_setattr(part, name___notes__, copy);
        ref_release(copy);
    }
    if (found >= 0)
        ref_release(notes);
    if (found < 0) {
        ref_release(part);
        return VALUE_NULL;
    }
    return part;
}

// What of exception matches goes to *match, the rest to *rest (NULL: not wanted), None for
// nothing; new references. 0 or -1.
static int split(Value exception, Value matcher, Value *match, Value *rest) {
    int whole = matches(exception, matcher);
    if (whole < 0)
        return -1;
    if (whole || !is_group(exception)) {
        *match = whole ? ref_new(exception) : none_new();
        if (rest)
            *rest = whole ? none_new() : ref_new(exception);
        return 0;
    }
    if (thread_enter_recursive(" in exceptiongroup_split_recursive") < 0)
        return -1;
    Value matched = list_new(), left = rest ? list_new() : VALUE_NULL;
    int status = value_is_null(matched) || (rest && value_is_null(left)) ? -1 : 0;
    Value items = group_of(exception)->exceptions;
    for (int64_t i = 0; status == 0 && i < tuple_length(items); i++) {
        Value m = VALUE_NULL, r = VALUE_NULL;
        status = split(tuple_item(items, i), matcher, &m, rest ? &r : NULL);
        if (status == 0 && !value_is_none(m))
            status = list_append(matched, m);
        if (status == 0 && rest && !value_is_none(r))
            status = list_append(left, r);
        ref_release(m);
        ref_release(r);
    }
    thread_leave_recursive();
    if (status == 0) {
        *match = subset(exception, matched);
        if (!value_is_null(*match) && rest) {
            *rest = subset(exception, left);
            if (value_is_null(*rest)) {
                ref_release(*match);
                *match = VALUE_NULL;
            }
        }
        status = value_is_null(*match) ? -1 : 0;
    }
    ref_release(matched);
    ref_release(left);
    return status;
}

static Value group_split(Value self, const Value *args, size_t nargs) {
    Value match, rest;
    if (check_matcher(args[0]) < 0 || split(self, args[0], &match, &rest) < 0)
        return VALUE_NULL;
    return tuple_pair_owned(match, rest);
}

static Value group_subgroup(Value self, const Value *args, size_t nargs) {
    Value match;
    if (check_matcher(args[0]) < 0 || split(self, args[0], &match, NULL) < 0)
        return VALUE_NULL;
    return match;
}

static const NativeDef group_methods[] = {
    DEF_ONE("derive", derive, "A group of these exceptions with the same message."),
    DEF_FIXED("split", group_split, 1, 1, "(what matches, the rest), each a group or None."),
    DEF_FIXED("subgroup", group_subgroup, 1, 1, "What matches, as a group, or None."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, NULL),
    DEF_END,
};
static const MemberDef group_members[] = {
    {"message", offsetof(Group, message), true, false},
    {"exceptions", offsetof(Group, exceptions), true, false},
    {0},
};

// ---- the types ------------------------------------------------------------------------------

Type exception_ExceptionGroup = {
    .header = STATIC_TYPE_HEADER,
    .name = "ExceptionGroup",
    .base = &exception_BaseExceptionGroup,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE, // in CPython a class as class statements make them
};

void exception_group_prepare(void) {
    Type *type = &exception_BaseExceptionGroup;
    type->basic_size = sizeof(Group);
    type->call_new = group_new;
    type->str = group_str;
    type->methods = group_methods;
    type->members = group_members;
}

void exception_group_start(void) {
    Type *type = &exception_ExceptionGroup;
    type_ready(type);
    // Readying knows one base; this native class alone has two.
    Type *second = &exception_Exception;
    Value bases = tuple_pack(2, value_from_object(type_base(type)), value_from_object(second));
    Value mro = tuple_pack(5, value_from_object(type), value_from_object(type_base(type)),
                           value_from_object(second), value_from_object(&exception_BaseException),
                           value_from_object(&object_type));
    if (value_is_null(bases) || value_is_null(mro))
        return;
    types_lock();
    Value old_bases = type->bases, old_mro = type->mro;
    type->bases = bases;
    type->mro = mro;
    type_subclasses_add(second, type);
    type_modified_locked(type);
    types_unlock();
    ref_release(old_bases);
    ref_release(old_mro);
}
