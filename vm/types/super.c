// SPDX-License-Identifier: MIT
//
// super: attribute lookup along the mro of an object's type, from behind a given class on.
#include "vm/interp/frame.h"
#include "vm/types/type_internal.h"

// All guarded by the object's lock in __init__, constant in practice after it.
typedef struct {
    Object header;
    Value type;        // the class to start behind; VALUE_NULL before __init__
    Value object;      // the instance or class, or VALUE_NULL (unbound)
    Value object_type; // whose mro is searched, or VALUE_NULL
} Super;

static inline Super *super_of(Value v) {
    return (Super *)value_object(v);
}

Value super_find(Type *start, Type *object_type, Value name) {
    Value mro = ref_new(type_mro(object_type)), found = VALUE_NULL;
    int64_t count = value_is_null(mro) ? 0 : tuple_length(mro), i = 0;
    while (i < count && !value_same(tuple_item(mro, i), value_from_object(start)))
        i++;
    if (++i < count) {
        // If the next class would search just what is left, its cached lookup serves.
        Type *next = type_of_value(tuple_item(mro, i));
        Value rest = type_mro(next);
        if (tuple_length(rest) == count - i &&
            memcmp(tuple_of(rest)->items, tuple_of(mro)->items + i,
                   (size_t)(count - i) * sizeof(Value)) == 0) {
            found = type_lookup(next, name);
        } else {
            for (; i < count && value_is_null(found); i++)
                found = dict_get_str(type_of_value(tuple_item(mro, i))->dict, name);
        }
    }
    ref_release(mro);
    return found;
}

// Gives 1 with *out, 0 without exception, or -1.
static int lookup(Type *start, Type *object_type, Value object, Value name, Value *out) {
    Value found = super_find(start, object_type, name);
    *out = found;
    if (value_is_null(found))
        return error_occurred() ? -1 : 0;
    Value (*get)(Value, Value, Value) = value_type(found)->descr_get;
    if (get) {
        Value self = value_same(object, value_from_object(object_type)) ? VALUE_NULL : object;
        *out = get(found, self, value_from_object(object_type));
        ref_release(found);
    }
    return value_is_null(*out) ? -1 : 1;
}

Value super_lookup(Type *start, Type *object_type, Value object, Value name) {
    Value v;
    int found = lookup(start, object_type, object, name, &v);
    if (found)
        return v;
    Super *s = object_allocate_exact(&super_type, sizeof(Super), HEAP_CONTAINER);
    if (!s)
        return VALUE_NULL;
    ref_retain_object(start);
    ref_retain_object(object_type);
    s->type = value_from_object(start);
    s->object_type = value_from_object(object_type);
    s->object = ref_new(object);
    v = object_generic_getattr(value_from_object(s), name);
    ref_release_object(s);
    return v;
}

static Value super_getattr(Value self, Value name) {
    Super *s = super_of(self);
    if (!value_is_null(s->object_type) && value_is_str(name) && !str_equal(name, name___class__)) {
        Value v;
        int found =
            lookup(type_of_value(s->type), type_of_value(s->object_type), s->object, name, &v);
        if (found)
            return v;
    }
    return object_generic_getattr(self, name);
}

// The type whose mro is searched for object: new reference, VALUE_NULL with TypeError.
static Value check_object(Type *type, Value object) {
    if (value_is_type(object) && type_is_subtype(type_of_value(object), type))
        return ref_new(object);
    if (value_is_instance(object, type))
        return ref_new(value_from_object(value_type(object)));
    Value class;
    int found = value_lookup_attr(object, name___class__, &class);
    if (found < 0)
        return VALUE_NULL;
    if (found) {
        if (value_is_type(class) && !value_same(class, value_from_object(value_type(object))) &&
            type_is_subtype(type_of_value(class), type))
            return class;
        ref_release(class);
    }
    return raise_type_error("super(type, obj): obj must be an instance or subtype of type");
}

static bool is_cell_variable(const Code *code, Value name) {
    for (int64_t i = 0; i < tuple_length(code->cell_names); i++)
        if (value_same(tuple_item(code->cell_names, i), name))
            return true;
    return false;
}

// super(): the class from the caller's __class__ cell, the object from its first argument.
static int from_caller(Value *type, Value *object) {
    Frame *frame = thread_current()->frame;
    if (!frame)
        return raise_int(&exception_RuntimeError, "super(): no current frame");
    Code *code = frame_code(frame);
    if (code->argument_count == 0 || (code->flags & CODE_HAS_NAMESPACE))
        return raise_int(&exception_RuntimeError, "super(): no arguments");
    Value first = frame->registers[0];
    if (value_is_exactly(first, &cell_type) &&
        is_cell_variable(code, tuple_item(code->local_names, 0)))
        first = cell_get(first);
    else
        ref_retain(first);
    if (value_is_null(first))
        return raise_int(&exception_RuntimeError, "super(): arg[0] deleted");
    Value closure = frame_function(frame)->closure, cell = VALUE_NULL;
    for (int64_t i = 0; i < tuple_length(code->free_names) && !value_is_null(closure); i++)
        if (value_same(tuple_item(code->free_names, i), name___class__))
            cell = tuple_item(closure, i);
    const char *problem = NULL;
    Value class = VALUE_NULL;
    if (value_is_null(cell)) {
        problem = "super(): __class__ cell not found";
    } else {
        class = cell_get(cell);
        if (value_is_null(class))
            problem = "super(): empty __class__ cell";
    }
    if (problem) {
        ref_release(first);
        return raise_int(&exception_RuntimeError, "%s", problem);
    }
    if (!value_is_type(class)) {
        raise_error(&exception_RuntimeError, "super(): __class__ is not a type (%T)", class);
        ref_release(first);
        ref_release(class);
        return -1;
    }
    *type = class;
    *object = first;
    return 0;
}

static int super_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("super", kwnames) < 0 || arguments_count("super()", nargs, 0, 2) < 0)
        return -1;
    Value type, object = VALUE_NULL;
    if (nargs == 0) {
        if (from_caller(&type, &object) < 0)
            return -1;
    } else {
        if (!value_is_type(args[0]))
            return raise_int(&exception_TypeError, "super() argument 1 must be %stype, not %G",
                             value_is_exactly(self, &super_type) ? "a " : "", args[0]);
        type = ref_new(args[0]);
        if (nargs > 1 && !value_is_none(args[1]))
            object = ref_new(args[1]);
    }
    Value object_type = VALUE_NULL;
    if (!value_is_null(object)) {
        object_type = check_object(type_of_value(type), object);
        if (value_is_null(object_type)) {
            ref_release(type);
            ref_release(object);
            return -1;
        }
    }
    Object *o = value_object(self);
    Super *s = super_of(self);
    field_store(o, &s->type, type);
    field_store(o, &s->object, object);
    field_store(o, &s->object_type, object_type);
    return 0;
}

static Value super_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

// An unbound super as a class attribute binds to the instance.
static Value super_descr_get(Value self, Value object, Value owner) {
    Super *s = super_of(self);
    if (value_is_null(object) || value_is_none(object) || !value_is_null(s->object) ||
        value_is_null(s->type))
        return ref_new(self);
    if (!value_is_exactly(self, &super_type))
        return value_call_two(value_from_object(value_type(self)), s->type, object);
    Value object_type = check_object(type_of_value(s->type), object);
    if (value_is_null(object_type))
        return object_type;
    Super *bound = object_allocate(&super_type);
    if (!bound) {
        ref_release(object_type);
        return VALUE_NULL;
    }
    bound->type = ref_new(s->type);
    bound->object = ref_new(object);
    bound->object_type = object_type;
    return value_from_object(bound);
}

static Value super_repr(Value self) {
    Super *s = super_of(self);
    const char *name = value_is_null(s->type) ? "NULL" : type_full_name(type_of_value(s->type));
    if (!value_is_null(s->object_type))
        return str_format("<super: <class '%s'>, <%s object>>", name,
                          type_full_name(type_of_value(s->object_type)));
    return str_format("<super: <class '%s'>, NULL>", name);
}

static void super_destroy(Object *o) {
    Super *s = (Super *)o;
    ref_release(s->type);
    ref_release(s->object);
    ref_release(s->object_type);
    type_free_instance(o);
}
static void super_traverse(Object *o, GcVisitor *visitor) {
    Super *s = (Super *)o;
    gc_visit(visitor, field_raw(&s->type));
    gc_visit(visitor, field_raw(&s->object));
    gc_visit(visitor, field_raw(&s->object_type));
}

static const MemberDef super_members[] = {
    {"__thisclass__", offsetof(Super, type), true, true},
    {"__self__", offsetof(Super, object), true, true},
    {"__self_class__", offsetof(Super, object_type), true, true},
    {NULL, 0, false, false},
};

Type super_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "super",
    .basic_size = sizeof(Super),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "Attribute lookup in the classes behind a given one.\n\n"
           "super() in a method means super(the class being defined, the first argument).",
    .call_new = super_call_new,
    .init = super_init,
    .destroy = super_destroy,
    .traverse = super_traverse,
    .repr = super_repr,
    .getattr = super_getattr,
    .descr_get = super_descr_get,
    .members = super_members,
};

void super_start(void) {
    type_ready(&super_type);
}
