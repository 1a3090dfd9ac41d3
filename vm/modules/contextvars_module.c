// SPDX-License-Identifier: MIT
//
// _contextvars: variables whose values belong to a context, and the contexts.
//
// Each thread has a current context (Thread.context, its own), made when it first sets a variable.
// A Context holds a persistent map (contextvars_map.h) in a field that is guarded by its lock and
// replaced as a whole; only the thread that has entered the context replaces it, anyone may read or
// copy it. Whether a context is entered is one atomic flag, taken by compare-and-swap, so that two
// threads cannot enter the same one.
#include "vm/modules/contextvars_module.h"
#include "vm/modules/contextvars_map.h"
#include "vm/runtime/errors.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value map;    // context_node or VALUE_NULL
    bool entered; // atomic
    // The number of this map (contextvars_state), 0: none yet. Read and written only by the thread
    // whose current context this is; `entered` hands it on to the next one.
    uint64_t state;
} Context;

typedef struct {
    Object header;
    Value name, default_value; // constant; default VALUE_NULL: none
    int64_t serial;            // constant, never used twice
} Variable;

typedef struct {
    Object header;
    Value variable, context; // constant
    Value old;               // constant; VALUE_NULL: the variable had no value
    bool used;               // atomic
} Token;

static Type context_type, variable_type, token_type, missing_type;
static Object missing = OBJECT_STATIC(&missing_type);
static int64_t last_serial; // atomic
static uint64_t last_state; // atomic

static Context *context_of(Value v) {
    return (Context *)value_object(v);
}
static Variable *variable_of(Value v) {
    return (Variable *)value_object(v);
}
static Token *token_of(Value v) {
    return (Token *)value_object(v);
}

// ---- contexts --------------------------------------------------------------------------------

static Value context_make(Value map) { // map borrowed
    Context *c = object_allocate(&context_type);
    if (!c)
        return VALUE_NULL;
    c->map = ref_new(map);
    return value_from_object(c);
}

static Value context_map(Value self) {
    return field_load(value_object(self), &context_of(self)->map);
}

// The calling thread's context, borrowed; made if there is none. VALUE_NULL with MemoryError.
static Value current(void) {
    Thread *thread = thread_current();
    if (value_is_null(thread->context))
        thread->context = context_make(VALUE_NULL);
    return thread->context;
}

static Value context_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs || !value_is_null(kwnames))
        return raise_type_error("Context() does not accept any arguments");
    return context_make(VALUE_NULL);
}

static void context_destroy(Object *self) {
    ref_release(((Context *)self)->map);
    type_free_instance(self);
}
static void context_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Context *)self)->map);
}
static void context_clear(Object *self) {
    field_clear(self, &((Context *)self)->map);
}

static Value context_run(Value self, const Value *args, size_t nargs, Value kwnames) {
    size_t positional = nargs;
    if (positional < 1)
        return raise_type_error("run() missing 1 required positional argument");
    Context *c = context_of(self);
    if (__atomic_exchange_n(&c->entered, true, __ATOMIC_ACQUIRE))
        return raise_error(&exception_RuntimeError, "cannot enter context: %R is already entered",
                           self);
    Thread *thread = thread_current();
    Value outer = thread->context;
    thread->context = ref_new(self);
    Value result = value_call(args[0], args + 1, nargs - 1, kwnames);
    Value own = thread->context;
    thread->context = outer;
    __atomic_store_n(&c->entered, false, __ATOMIC_RELEASE);
    ref_release(own);
    return result;
}

static Value context_copy(Value self) {
    Value map = context_map(self), copy = context_make(map);
    ref_release(map);
    return copy;
}

// The value of a key as a new reference in *out, or VALUE_NULL. -1 with TypeError if key is no
// variable.
static int context_find(Value self, Value key, Value *out) {
    if (!value_is_exactly(key, &variable_type))
        return raise_int(&exception_TypeError, "a ContextVar key was expected, got %R", key);
    Value map = context_map(self);
    *out = ref_new(context_map_get(map, variable_of(key)->serial));
    ref_release(map);
    return 0;
}

static Value context_getitem(Value self, Value key) {
    Value value;
    if (context_find(self, key, &value) < 0)
        return VALUE_NULL;
    return value_is_null(value) ? raise_key_error(key) : value;
}

static int context_contains(Value self, Value key) {
    Value value;
    if (context_find(self, key, &value) < 0)
        return -1;
    ref_release(value);
    return !value_is_null(value);
}

static Value context_get(Value self, const Value *args, size_t nargs) {
    Value value;
    if (context_find(self, args[0], &value) < 0)
        return VALUE_NULL;
    return value_is_null(value) ? ref_new(nargs > 1 ? args[1] : VALUE_NONE) : value;
}

static int64_t context_length(Value self) {
    Value map = context_map(self);
    int64_t length = context_map_length(map);
    ref_release(map);
    return length;
}

typedef struct {
    Value other;
    bool equal, failed;
} Comparison;

static int compare_entry(Value variable, Value value, void *context) {
    Comparison *c = context;
    Value other = context_map_get(c->other, variable_of(variable)->serial);
    int equal = value_is_null(other) ? 0 : value_equals(value, other);
    c->failed = equal < 0;
    c->equal = equal > 0;
    return equal != 1;
}

static Value context_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_exactly(other, &context_type) || (op != COMPARE_EQ && op != COMPARE_NE))
        return not_implemented_new();
    Value a = context_map(self), b = context_map(other);
    Comparison c = {.other = b, .equal = context_map_length(a) == context_map_length(b)};
    if (c.equal && !value_same(a, b))
        context_map_each(a, compare_entry, &c);
    ref_release(a);
    ref_release(b);
    return c.failed ? VALUE_NULL : bool_new(c.equal == (op == COMPARE_EQ));
}

// ---- iterating: over the map as it was ---------------------------------------------------------

typedef struct {
    Object header;
    Value iterator; // over a list; constant
} Entries;

static Type keys_type, values_type, items_type;

static int add_entry(Value variable, Value value, void *context) {
    Value *pair = context; // type, list
    Type *type = (Type *)value_object(pair[0]);
    Value item = type == &keys_type     ? ref_new(variable)
                 : type == &values_type ? ref_new(value)
                                        : tuple_pack(2, variable, value);
    return value_is_null(item) || list_append_owned(pair[1], item) < 0 ? -1 : 0;
}

static Value entries_new(Value self, Type *type) {
    Value map = context_map(self), list = list_new(), iterator = VALUE_NULL;
    Value pair[2] = {value_from_object(type), list};
    if (!value_is_null(list) && context_map_each(map, add_entry, pair) == 0)
        iterator = value_iter(list);
    ref_release(list);
    ref_release(map);
    if (value_is_null(iterator))
        return VALUE_NULL;
    Entries *entries = object_allocate(type);
    if (!entries) {
        ref_release(iterator);
        return VALUE_NULL;
    }
    entries->iterator = iterator;
    return value_from_object(entries);
}

static Value entries_next(Value self) {
    return iterator_next_of(value_object(self), ((Entries *)value_object(self))->iterator);
}
static void entries_destroy(Object *self) {
    ref_release(((Entries *)self)->iterator);
    object_free_fixed(self);
}
static void entries_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Entries *)self)->iterator);
}

#define ENTRIES(which, text)                                                                       \
    static Type which##_type = {                                                                   \
        .header = STATIC_TYPE_HEADER,                                                              \
        .name = text,                                                                              \
        .basic_size = sizeof(Entries),                                                             \
        .kind = HEAP_CONTAINER,                                                                    \
        .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,                                                     \
        .destroy = entries_destroy,                                                                \
        .traverse = entries_traverse,                                                              \
        .iter = object_self_iter,                                                                  \
        .next = entries_next,                                                                      \
    };                                                                                             \
    static Value context_##which(Value self) {                                                     \
        return entries_new(self, &which##_type);                                                   \
    }
ENTRIES(keys, "keys")
ENTRIES(values, "values")
ENTRIES(items, "items")
#undef ENTRIES

static const NativeDef context_methods[] = {
    DEF_VECTOR("run", context_run, "run(callable, *args, **kwargs): calls it in this context."),
    DEF_NONE("copy", context_copy, "copy($self, /)\n--\n\nA copy of the context."),
    DEF_FIXED("get", context_get, 1, 2,
              "get($self, key, default=None, /)\n--\n\nThe value of a variable, or default."),
    DEF_NONE("keys", context_keys, "keys($self, /)\n--\n\nThe variables."),
    DEF_NONE("values", context_values, "values($self, /)\n--\n\nThe variables' values."),
    DEF_NONE("items", context_items, "items($self, /)\n--\n\nVariables and their values."),
    DEF_END,
};

static Type context_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_contextvars.Context",
    .basic_size = sizeof(Context),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE | TYPE_UNHASHABLE | TYPE_WEAKREFABLE,
    .call_new = context_new,
    .destroy = context_destroy,
    .traverse = context_traverse,
    .clear = context_clear,
    .compare = context_compare,
    .iter = context_keys,
    .length = context_length,
    .getitem = context_getitem,
    .contains = context_contains,
    .methods = context_methods,
};

// ---- variables -------------------------------------------------------------------------------

static Value variable_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "default", NULL};
    Value v[2];
    if (arguments_parse("ContextVar", args, nargs, kwnames, names, 1, 1, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_str(v[0]))
        return raise_type_error("context variable name must be a str");
    Variable *variable = object_allocate(&variable_type);
    if (!variable)
        return VALUE_NULL;
    variable->name = ref_new(v[0]);
    variable->default_value = ref_new(v[1]);
    variable->serial = __atomic_add_fetch(&last_serial, 1, __ATOMIC_RELAXED);
    return value_from_object(variable);
}

Value contextvars_variable_new(const char *name) {
    Value text = str_from_cstr(name), variable = VALUE_NULL;
    if (!value_is_null(text))
        variable = variable_new(&variable_type, &text, 1, VALUE_NULL);
    ref_release(text);
    return variable;
}

static void variable_destroy(Object *self) {
    ref_release(((Variable *)self)->name);
    ref_release(((Variable *)self)->default_value);
    type_free_instance(self);
}
static void variable_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Variable *)self)->name);
    gc_visit(visitor, ((Variable *)self)->default_value);
}

static Value variable_repr(Value self) {
    Variable *v = variable_of(self);
    if (value_is_null(v->default_value))
        return str_format("<ContextVar name=%R at %p>", v->name, (void *)v);
    return str_format("<ContextVar name=%R default=%R at %p>", v->name, v->default_value,
                      (void *)v);
}

Value contextvars_get(Value variable) {
    Value context = thread_current()->context;
    if (value_is_null(context))
        return VALUE_NULL;
    Value map = context_map(context);
    Value value = ref_new(context_map_get(map, variable_of(variable)->serial));
    ref_release(map);
    return value;
}

static Value variable_get(Value self, const Value *args, size_t nargs) {
    Variable *v = variable_of(self);
    Value value = contextvars_get(self);
    if (!value_is_null(value))
        return value;
    if (nargs)
        return ref_new(args[0]);
    if (!value_is_null(v->default_value))
        return ref_new(v->default_value);
    Value error = value_call_one(value_from_object(&exception_LookupError), self);
    if (!value_is_null(error))
        raise_object(error);
    ref_release(error);
    return VALUE_NULL;
}

// value VALUE_NULL: the variable has none from now on.
static int variable_store(Value self, Value context, Value map, Value value) {
    int64_t serial = variable_of(self)->serial;
    Value next;
    if (value_is_null(value)) {
        if (value_is_null(context_map_get(map, serial)))
            return 0;
        if (context_map_delete(map, serial, &next) < 0)
            return -1;
    } else if (context_map_set(map, serial, self, value, &next) < 0) {
        return -1;
    }
    context_of(context)->state = 0;
    field_store(value_object(context), &context_of(context)->map, next);
    return 0;
}

int contextvars_set(Value variable, Value value) {
    Value context = current();
    if (value_is_null(context))
        return -1;
    Value map = context_map(context);
    int status = variable_store(variable, context, map, value);
    ref_release(map);
    return status;
}

uint64_t contextvars_state(void) {
    Value context = thread_current()->context;
    return value_is_null(context) ? 0 : context_of(context)->state;
}

uint64_t contextvars_number_state(void) {
    Value context = thread_current()->context;
    if (value_is_null(context))
        return 0;
    Context *c = context_of(context);
    if (c->state == 0)
        c->state = __atomic_add_fetch(&last_state, 1, __ATOMIC_RELAXED);
    return c->state;
}

static Value variable_set(Value self, Value value) {
    Value context = current();
    if (value_is_null(context))
        return VALUE_NULL;
    Token *token = object_allocate(&token_type);
    if (!token)
        return VALUE_NULL;
    Value map = context_map(context);
    token->variable = ref_new(self);
    token->context = ref_new(context);
    token->old = ref_new(context_map_get(map, variable_of(self)->serial));
    int status = variable_store(self, token->context, map, value);
    ref_release(map);
    if (status == 0)
        return value_from_object(token);
    ref_release_object(token);
    return VALUE_NULL;
}

static Value variable_reset(Value self, Value token_value) {
    if (!value_is_exactly(token_value, &token_type))
        return raise_type_error("expected an instance of Token, got %R", token_value);
    Token *token = token_of(token_value);
    if (__atomic_load_n(&token->used, __ATOMIC_RELAXED))
        return raise_error(&exception_RuntimeError, "%R has already been used once", token_value);
    if (!value_same(token->variable, self))
        return raise_value_error("%R was created by a different ContextVar", token_value);
    Value context = current();
    if (value_is_null(context))
        return VALUE_NULL;
    if (!value_same(token->context, context))
        return raise_value_error("%R was created in a different Context", token_value);
    // The context is this thread's, so no other thread gets as far as this.
    __atomic_store_n(&token->used, true, __ATOMIC_RELAXED);
    Value map = context_map(token->context);
    int status = variable_store(self, token->context, map, token->old);
    ref_release(map);
    return status < 0 ? VALUE_NULL : none_new();
}

static const NativeDef variable_methods[] = {
    DEF_FIXED("get", variable_get, 0, 1,
              "get($self, default=<unrepresentable>, /)\n--\n\n"
              "The value in the current context, or default, or the variable's default."),
    DEF_ONE(
        "set", variable_set,
        "set($self, value, /)\n--\n\nSets it in the current context; gives a token to undo that."),
    DEF_ONE(
        "reset", variable_reset,
        "reset($self, token, /)\n--\n\nGoes back to the value before the set() that gave token."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, "See PEP 585"),
    DEF_END,
};

static const MemberDef variable_members[] = {
    {"name", offsetof(Variable, name), true, false},
    {NULL, 0, false, false},
};

static Type variable_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_contextvars.ContextVar",
    .basic_size = sizeof(Variable),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE,
    .call_new = variable_new,
    .destroy = variable_destroy,
    .traverse = variable_traverse,
    .repr = variable_repr,
    .methods = variable_methods,
    .members = variable_members,
};

// ---- tokens ----------------------------------------------------------------------------------

static Value token_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return raise_error(&exception_RuntimeError, "Tokens can only be created by ContextVars");
}

static void token_destroy(Object *self) {
    ref_release(((Token *)self)->variable);
    ref_release(((Token *)self)->context);
    ref_release(((Token *)self)->old);
    type_free_instance(self);
}
static void token_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Token *)self)->variable);
    gc_visit(visitor, ((Token *)self)->context);
    gc_visit(visitor, ((Token *)self)->old);
}

static Value token_repr(Value self) {
    Token *t = token_of(self);
    return str_format("<Token%s var=%R at %p>",
                      __atomic_load_n(&t->used, __ATOMIC_RELAXED) ? " used" : "", t->variable,
                      (void *)t);
}

static Value token_variable(Value self) {
    return ref_new(token_of(self)->variable);
}
static Value token_old(Value self) {
    Value old = token_of(self)->old;
    return ref_new(value_is_null(old) ? value_from_object(&missing) : old);
}
static Value missing_repr(Value self) {
    return str_from_cstr("<Token.MISSING>");
}

static const NativeDef token_methods[] = {
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, "See PEP 585"),
    DEF_END,
};
static const GetSetDef token_getsets[] = {
    {"var", token_variable, NULL, NULL},
    {"old_value", token_old, NULL, NULL},
    {NULL},
};

static Type token_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_contextvars.Token",
    .basic_size = sizeof(Token),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_UNHASHABLE,
    .call_new = token_new,
    .destroy = token_destroy,
    .traverse = token_traverse,
    .repr = token_repr,
    .methods = token_methods,
    .getsets = token_getsets,
};

static Type missing_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "Token.MISSING",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .repr = missing_repr,
};

// ---- the module ------------------------------------------------------------------------------

Value contextvars_copy_current(void) {
    Value context = current();
    return value_is_null(context) ? VALUE_NULL : context_copy(context);
}
static Value copy_context(Value self) {
    return contextvars_copy_current();
}

static const NativeDef contextvars_functions[] = {
    DEF_NONE("copy_context", copy_context,
             "copy_context($module, /)\n--\n\nA copy of the current context."),
    DEF_END,
};

static int contextvars_fill(Value module) {
    type_ready(&missing_type);
    type_ready(&context_node_type);
    type_ready(&keys_type);
    type_ready(&values_type);
    type_ready(&items_type);
    if (module_add_type(module, &context_type) < 0 || module_add_type(module, &variable_type) < 0 ||
        module_add_type(module, &token_type) < 0)
        return -1;
    Value name = str_intern_cstr("MISSING");
    int status = type_set_attribute(&token_type, name, value_from_object(&missing));
    ref_release(name);
    return status;
}

const NativeModule module_contextvars = {"_contextvars", "Context Variables", contextvars_functions,
                                         contextvars_fill};
