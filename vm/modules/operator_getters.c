// SPDX-License-Identifier: MIT
//
// operator.itemgetter, attrgetter, methodcaller. Their fields never change once they are made.
#include "vm/modules/operator_module.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/repr_guard.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// What all three are called with.
static int check_call(const char *name, size_t nargs, Value kwnames) {
    if (arguments_no_keywords(name, kwnames) < 0)
        return -1;
    return arguments_count(name, nargs, 1, 1);
}

// "name(a, b, ...)"
static Value repr_with(Value self, Value items) {
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_format("%s(...)", type_full_name(value_type(self)));
    StrBuilder b;
    str_builder_start(&b);
    str_builder_cstr(&b, type_full_name(value_type(self)));
    str_builder_char(&b, '(');
    for (int64_t i = 0; i < tuple_length(items); i++) {
        Value part = value_repr(tuple_item(items, i));
        if (value_is_null(part)) {
            str_builder_discard(&b);
            repr_leave(self);
            return VALUE_NULL;
        }
        if (i)
            str_builder_ascii(&b, ", ", 2);
        str_builder_str(&b, part);
        ref_release(part);
    }
    repr_leave(self);
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

// ---- itemgetter --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value items; // tuple
} Getter;

static void getter_destroy(Object *self) {
    ref_release(((Getter *)self)->items);
    object_free_fixed(self);
}
static void getter_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Getter *)self)->items);
}

static Value itemgetter_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("itemgetter", kwnames) < 0 ||
        arguments_count("itemgetter", nargs, 1, nargs ? -1 : 1) < 0)
        return VALUE_NULL;
    Value items = tuple_from_array(args, (int64_t)nargs);
    Getter *g = value_is_null(items) ? NULL : object_allocate(type);
    if (!g) {
        ref_release(items);
        return VALUE_NULL;
    }
    g->items = items;
    return value_from_object(g);
}

static inline Value get_item(Value v, Value key) {
    if (value_is_int(key)) {
        if (value_is_exactly(v, &tuple_type) &&
            (uint64_t)value_int(key) < (uint64_t)tuple_length(v))
            return ref_new(tuple_item(v, value_int(key)));
        if (value_is_exactly(v, &list_type)) {
            Value item = list_get_fast(list_of(v), (uint64_t)value_int(key));
            if (!value_is_null(item))
                return item;
        }
    }
    return value_getitem(v, key);
}

static Value itemgetter_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(nargs != 1 || !value_is_null(kwnames)) &&
        check_call("itemgetter", nargs, kwnames) < 0)
        return VALUE_NULL;
    Value items = ((Getter *)value_object(self))->items;
    int64_t count = tuple_length(items);
    if (count == 1)
        return get_item(args[0], tuple_item(items, 0));
    Value result = tuple_allocate(count);
    for (int64_t i = 0; i < count && !value_is_null(result); i++) {
        Value item = get_item(args[0], tuple_item(items, i));
        if (value_is_null(item)) {
            ref_release(result);
            return VALUE_NULL;
        }
        tuple_of(result)->items[i] = item;
    }
    return result;
}

static Value getter_repr(Value self) {
    return repr_with(self, ((Getter *)value_object(self))->items);
}
static Value getter_reduce(Value self) {
    return tuple_pack(2, value_from_object(value_type(self)),
                      ((Getter *)value_object(self))->items);
}

static const NativeDef getter_methods[] = {
    DEF_NONE("__reduce__", getter_reduce, "How to pickle it."),
    DEF_END,
};

Type itemgetter_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "operator.itemgetter",
    .basic_size = sizeof(Getter),
    .kind = HEAP_CONTAINER,
    .doc = "itemgetter(item, /, *items)\n--\n\nf(x) is x[item], or a tuple of them.",
    .call_new = itemgetter_new,
    .destroy = getter_destroy,
    .traverse = getter_traverse,
    .repr = getter_repr,
    .call = itemgetter_call,
    .methods = getter_methods,
};

// ---- attrgetter --------------------------------------------------------------------------

typedef struct {
    Object header;
    Value items; // the names as given
    Value paths; // for each an interned str, or a tuple of them for a dotted name
} AttributeGetter;

static Value interned(Value name) {
    return str_intern(str_substring(name, 0, str_length(name)));
}

// "a.b.c" as ("a", "b", "c"), "a" as itself.
static Value path_of(Value name) {
    int64_t length = str_length(name), dot = str_find_char(name, '.', 0, length);
    if (dot < 0)
        return interned(name);
    Value list = list_new();
    for (int64_t start = 0; !value_is_null(list);) {
        Value part = str_substring(name, start, dot < 0 ? length : dot);
        if (!value_is_null(part))
            part = str_intern(part);
        if (value_is_null(part) || list_append_owned(list, part) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
        if (dot < 0)
            break;
        start = dot + 1;
        dot = str_find_char(name, '.', start, length);
    }
    if (value_is_null(list))
        return VALUE_NULL;
    Value path = list_to_tuple(list);
    ref_release(list);
    return path;
}

static Value attrgetter_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("attrgetter", kwnames) < 0 ||
        arguments_count("attrgetter", nargs, 1, nargs ? -1 : 1) < 0)
        return VALUE_NULL;
    Value paths = tuple_allocate((int64_t)nargs), items = VALUE_NULL;
    for (size_t i = 0; i < nargs && !value_is_null(paths); i++) {
        Value path = value_is_str(args[i]) ? path_of(args[i])
                                           : raise_type_error("attribute name must be a string");
        if (value_is_null(path)) {
            ref_release(paths);
            return VALUE_NULL;
        }
        tuple_of(paths)->items[i] = path;
    }
    if (!value_is_null(paths))
        items = tuple_from_array(args, (int64_t)nargs);
    AttributeGetter *g = value_is_null(items) ? NULL : object_allocate(type);
    if (!g) {
        ref_release(paths);
        ref_release(items);
        return VALUE_NULL;
    }
    g->items = items;
    g->paths = paths;
    return value_from_object(g);
}

static Value get_path(Value v, Value path) {
    if (value_is_str(path))
        return value_getattr(v, path);
    Value at = ref_new(v);
    for (int64_t i = 0; i < tuple_length(path) && !value_is_null(at); i++) {
        Value next = value_getattr(at, tuple_item(path, i));
        ref_release(at);
        at = next;
    }
    return at;
}

static Value attrgetter_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(nargs != 1 || !value_is_null(kwnames)) &&
        check_call("attrgetter", nargs, kwnames) < 0)
        return VALUE_NULL;
    Value paths = ((AttributeGetter *)value_object(self))->paths;
    int64_t count = tuple_length(paths);
    if (count == 1)
        return get_path(args[0], tuple_item(paths, 0));
    Value result = tuple_allocate(count);
    for (int64_t i = 0; i < count && !value_is_null(result); i++) {
        Value item = get_path(args[0], tuple_item(paths, i));
        if (value_is_null(item)) {
            ref_release(result);
            return VALUE_NULL;
        }
        tuple_of(result)->items[i] = item;
    }
    return result;
}

static void attrgetter_traverse(Object *self, GcVisitor *visitor) {
    getter_traverse(self, visitor);
    gc_visit(visitor, ((AttributeGetter *)self)->paths);
}
static void attrgetter_destroy(Object *self) {
    ref_release(((AttributeGetter *)self)->paths);
    getter_destroy(self);
}

Type attrgetter_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "operator.attrgetter",
    .basic_size = sizeof(AttributeGetter),
    .kind = HEAP_CONTAINER,
    .doc = "attrgetter(attr, /, *attrs)\n--\n\nf(x) is x.attr, or a tuple of them.",
    .call_new = attrgetter_new,
    .destroy = attrgetter_destroy,
    .traverse = attrgetter_traverse,
    .repr = getter_repr,
    .call = attrgetter_call,
    .methods = getter_methods,
};

// ---- methodcaller ------------------------------------------------------------------------

typedef struct {
    Object header;
    Value name;    // interned str
    Value args;    // tuple: positional arguments, then the keyword ones
    Value kwnames; // tuple or VALUE_NULL
} MethodCaller;

static Value methodcaller_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 1)
        return raise_type_error("methodcaller needs at least one argument, the method name");
    if (!value_is_str(args[0]))
        return raise_type_error("method name must be a string");
    int64_t keywords = value_is_null(kwnames) ? 0 : tuple_length(kwnames);
    Value name = interned(args[0]), rest = VALUE_NULL;
    if (!value_is_null(name))
        rest = tuple_from_array(args + 1, (int64_t)nargs - 1 + keywords);
    MethodCaller *m = value_is_null(rest) ? NULL : object_allocate(type);
    if (!m) {
        ref_release(name);
        ref_release(rest);
        return VALUE_NULL;
    }
    m->name = name;
    m->args = rest;
    m->kwnames = keywords ? ref_new(kwnames) : VALUE_NULL;
    return value_from_object(m);
}

static Value methodcaller_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (UNLIKELY(nargs != 1 || !value_is_null(kwnames)) &&
        check_call("methodcaller", nargs, kwnames) < 0)
        return VALUE_NULL;
    MethodCaller *m = (MethodCaller *)value_object(self);
    Tuple *rest = tuple_of(m->args);
    if (value_is_null(m->kwnames))
        return value_call_method(args[0], m->name, rest->items, (size_t)rest->length);
    Value method = value_getattr(args[0], m->name);
    if (value_is_null(method))
        return VALUE_NULL;
    Value result = value_call(method, rest->items,
                              (size_t)(rest->length - tuple_length(m->kwnames)), m->kwnames);
    ref_release(method);
    return result;
}

static void methodcaller_destroy(Object *self) {
    MethodCaller *m = (MethodCaller *)self;
    ref_release(m->name);
    ref_release(m->args);
    ref_release(m->kwnames);
    object_free_fixed(self);
}
static void methodcaller_traverse(Object *self, GcVisitor *visitor) {
    MethodCaller *m = (MethodCaller *)self;
    gc_visit(visitor, m->name);
    gc_visit(visitor, m->args);
    gc_visit(visitor, m->kwnames);
}

static Value methodcaller_repr(Value self) {
    MethodCaller *m = (MethodCaller *)value_object(self);
    int running = repr_enter(self);
    if (running)
        return running < 0 ? VALUE_NULL : str_format("%s(...)", type_full_name(value_type(self)));
    int64_t count = tuple_length(m->args);
    int64_t keywords = value_is_null(m->kwnames) ? 0 : tuple_length(m->kwnames);
    StrBuilder b;
    str_builder_start(&b);
    Value text = value_repr(m->name);
    str_builder_cstr(&b, type_full_name(value_type(self)));
    str_builder_char(&b, '(');
    for (int64_t i = 0; !value_is_null(text); i++) {
        str_builder_str(&b, text);
        ref_release(text);
        if (i == count)
            break;
        str_builder_ascii(&b, ", ", 2);
        if (i >= count - keywords) {
            str_builder_str(&b, tuple_item(m->kwnames, i - (count - keywords)));
            str_builder_char(&b, '=');
        }
        text = value_repr(tuple_item(m->args, i));
    }
    repr_leave(self);
    if (error_occurred()) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    str_builder_char(&b, ')');
    return str_builder_finish(&b);
}

// (methodcaller, (name, *args)), or with keywords (partial(methodcaller, name, **keywords), args).
static Value methodcaller_reduce(Value self) {
    MethodCaller *m = (MethodCaller *)value_object(self);
    Value type = value_from_object(value_type(self));
    int64_t keywords = value_is_null(m->kwnames) ? 0 : tuple_length(m->kwnames);
    int64_t count = tuple_length(m->args) - keywords;
    if (!keywords) {
        Value arguments = tuple_allocate(count + 1);
        if (value_is_null(arguments))
            return VALUE_NULL;
        tuple_of(arguments)->items[0] = ref_new(m->name);
        for (int64_t i = 0; i < count; i++)
            tuple_of(arguments)->items[i + 1] = ref_new(tuple_item(m->args, i));
        Value result = tuple_pack(2, type, arguments);
        ref_release(arguments);
        return result;
    }
    Value functools = import_module_cstr("functools"), partial = VALUE_NULL, function = VALUE_NULL,
          plain = VALUE_NULL, result = VALUE_NULL, both = VALUE_NULL;
    if (!value_is_null(functools))
        partial = value_getattr_cstr(functools, "partial");
    if (!value_is_null(partial))
        both = tuple_allocate(2 + keywords);
    if (!value_is_null(both)) {
        Tuple *t = tuple_of(both);
        t->items[0] = ref_new(type);
        t->items[1] = ref_new(m->name);
        for (int64_t i = 0; i < keywords; i++)
            t->items[2 + i] = ref_new(tuple_item(m->args, count + i));
        function = value_call(partial, t->items, 2, m->kwnames);
    }
    if (!value_is_null(function))
        plain = tuple_slice(m->args, 0, count);
    if (!value_is_null(plain))
        result = tuple_pack(2, function, plain);
    Value used[] = {functools, partial, function, plain, both};
    for (int i = 0; i < 5; i++)
        ref_release(used[i]);
    return result;
}

static const NativeDef methodcaller_methods[] = {
    DEF_NONE("__reduce__", methodcaller_reduce, "How to pickle it."),
    DEF_END,
};

Type methodcaller_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "operator.methodcaller",
    .basic_size = sizeof(MethodCaller),
    .kind = HEAP_CONTAINER,
    .doc = "methodcaller(name, /, *args, **kwargs)\n--\n\nf(x) is x.name(*args, **kwargs).",
    .call_new = methodcaller_new,
    .destroy = methodcaller_destroy,
    .traverse = methodcaller_traverse,
    .repr = methodcaller_repr,
    .call = methodcaller_call,
    .methods = methodcaller_methods,
};
