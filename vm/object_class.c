// SPDX-License-Identifier: MIT
//
// isinstance() and issubclass(): by the mro for real classes, through __bases__ and __class__ for
// what only looks like a class, and through __instancecheck__ and __subclasscheck__.
#include "vm/types/generic_alias.h"
#include "vm/types/type_internal.h"

// The __bases__ of something that looks like a class: a tuple (new reference), VALUE_NULL without
// exception if it has none.
static Value abstract_bases(Value class) {
    Value bases;
    int found = value_lookup_attr(class, name___bases__, &bases);
    if (found > 0 && !value_is_tuple(bases)) {
        ref_release(bases);
        return VALUE_NULL;
    }
    return bases;
}

static int abstract_is_subclass(Value derived, Value class) {
    if (value_same(derived, class))
        return 1;
    Value bases = abstract_bases(derived);
    if (value_is_null(bases))
        return error_occurred() ? -1 : 0;
    int result = 0;
    if (thread_enter_recursive(" in __issubclass__") < 0) {
        ref_release(bases);
        return -1;
    }
    for (int64_t i = 0; result == 0 && i < tuple_length(bases); i++)
        result = abstract_is_subclass(tuple_item(bases, i), class);
    thread_leave_recursive();
    ref_release(bases);
    return result;
}

// Is it a class of some sort? 1, or -1 with TypeError(text).
static int check_class(Value class, const char *text) {
    if (value_is_type(class))
        return 1;
    Value bases = abstract_bases(class);
    if (value_is_null(bases))
        return error_occurred() ? -1 : raise_int(&exception_TypeError, "%s", text);
    ref_release(bases);
    return 1;
}

static const char instance_text[] =
    "isinstance() arg 2 must be a type, a tuple of types, or a union";
static const char subclass_text[] =
    "issubclass() arg 2 must be a class, a tuple of classes, or a union";

int type_is_instance_by_class(Value object, Type *type) {
    Type *own = value_type(object);
    if (own == type || type_is_subtype(own, type))
        return 1;
    // An object may claim another __class__ (proxies do); of native types only with a getattr of
    // their own.
    if (own->getattr == object_generic_getattr) {
        if (!type_has(own, TYPE_HEAP))
            return 0;
        Value plain = type_lookup_borrowed(own, name___class__);
        if (value_is_exactly(plain, &get_set_type))
            return 0;
    }
    Value class;
    int found = value_lookup_attr(object, name___class__, &class);
    if (found <= 0)
        return found;
    int result = !value_same(class, value_from_object(own)) && value_is_type(class) &&
                 type_is_subtype(type_of_value(class), type);
    ref_release(class);
    return result;
}

static int plain_is_instance(Value object, Value class) {
    if (value_is_type(class))
        return type_is_instance_by_class(object, type_of_value(class));
    if (check_class(class, instance_text) < 0)
        return -1;
    Value own;
    int found = value_lookup_attr(object, name___class__, &own);
    if (found <= 0)
        return found;
    int result = abstract_is_subclass(own, class);
    ref_release(own);
    return result;
}

int type_is_subclass_by_bases(Value derived, Value class) {
    if (value_is_type(derived) && value_is_type(class))
        return type_is_subtype(type_of_value(derived), type_of_value(class));
    if (check_class(derived, "issubclass() arg 1 must be a class") < 0 ||
        check_class(class, subclass_text) < 0)
        return -1;
    return abstract_is_subclass(derived, class);
}

typedef int (*Test)(Value a, Value class);

// Of the classes up to the first that might run Python code when asked: 1 if one is the object's,
// 0 if none is, 2 if there are more to ask.
static int quick_in_tuple(Value object, Value classes) {
    const Type *own = value_type(object);
    bool plain = own->getattr == object_generic_getattr && !type_has(own, TYPE_HEAP);
    for (int64_t i = 0; i < tuple_length(classes); i++) {
        Value class = tuple_item(classes, i);
        if (value_same(value_from_object(own), class))
            return 1;
        if (!value_is_exactly(class, &type_type))
            return 2;
        if (type_is_subtype(own, type_of_value(class)))
            return 1;
        if (!plain)
            return 2;
    }
    return 0;
}

static int each_of_tuple(Value a, Value classes, Test test) {
    if (thread_enter_recursive(test == value_is_instance_of ? " in __instancecheck__"
                                                            : " in __subclasscheck__") < 0)
        return -1;
    int result = 0;
    ref_retain(classes);
    for (int64_t i = 0; result == 0 && i < tuple_length(classes); i++)
        result = test(a, tuple_item(classes, i));
    ref_release(classes);
    thread_leave_recursive();
    return result;
}

// Asks the class's type through `name`; 2: it has no such method.
static int ask(Value a, Value class, Value name, const char *where) {
    Value method = type_lookup(value_type(class), name);
    if (value_is_null(method))
        return 2;
    bool binds = type_has(value_type(method), TYPE_METHOD_DESCRIPTOR); // needs no bound method
    if (!binds) {
        ref_release(method);
        int found = value_lookup_special(class, name, &method);
        if (found <= 0)
            return found < 0 ? -1 : 2;
    }
    if (thread_enter_recursive(where) < 0) {
        ref_release(method);
        return -1;
    }
    Value answer = binds ? value_call_two(method, class, a) : value_call_one(method, a);
    thread_leave_recursive();
    ref_release(method);
    if (value_is_null(answer))
        return -1;
    int truth = value_truth(answer);
    ref_release(answer);
    return truth;
}

int value_is_instance_of(Value v, Value class) {
    if (value_same(value_from_object(value_type(v)), class))
        return 1;
    if (value_is_exactly(class, &type_type))
        return type_is_instance_by_class(v, type_of_value(class));
    if (value_is_tuple(class)) {
        int quick = quick_in_tuple(v, class);
        return quick < 2 ? quick : each_of_tuple(v, class, value_is_instance_of);
    }
    if (value_is_exactly(class, &union_type)) { // its own answer, if that needs no Python code
        int quick = quick_in_tuple(v, union_members_of(class));
        if (quick < 2)
            return quick;
    }
    int answer = ask(v, class, name___instancecheck__, " in __instancecheck__");
    return answer == 2 ? plain_is_instance(v, class) : answer;
}

int value_is_subclass_of(Value v, Value class) {
    if (value_is_exactly(class, &type_type)) {
        if (value_same(v, class))
            return 1;
        return type_is_subclass_by_bases(v, class);
    }
    if (value_is_tuple(class))
        return each_of_tuple(v, class, value_is_subclass_of);
    int answer = ask(v, class, name___subclasscheck__, " in __subclasscheck__");
    return answer == 2 ? type_is_subclass_by_bases(v, class) : answer;
}
