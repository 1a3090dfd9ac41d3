// SPDX-License-Identifier: MIT
//
// Python functions and cells.
//
// code, defaults and kwdefaults are read by calls without the function's lock: setters swap one
// word and retire the old value, or keep it as long as the function lives (code: what still runs
// holds the function alone).
#include "vm/types/function.h"
#include "vm/interp/frame.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/type_internal.h"

static inline Function *function_of(Value v) {
    return (Function *)value_object(v);
}

// ---- making ------------------------------------------------------------------------------------

// The namespace of builtins for functions with these globals; new reference.
static Value builtins_for(Value globals) {
    Frame *frame = thread_current()->frame;
    Function *running = frame ? frame_function(frame) : NULL;
    if (LIKELY(running && value_same(running->globals, globals)))
        return ref_new_immortal(running->builtins);
    Value v = dict_get_str(globals, name___builtins__);
    if (!value_is_null(v)) {
        if (value_is_instance(v, &module_type)) {
            Value dict = ref_new(module_dict(v));
            ref_release(v);
            return dict;
        }
        return v;
    }
    if (error_occurred())
        return v;
    if (running)
        return ref_new(running->builtins);
    Value module = import_module_cstr("builtins");
    if (value_is_null(module))
        return module;
    v = ref_new(module_dict(module));
    ref_release(module);
    return v;
}

// What the globals have for __name__; new reference, or VALUE_NULL.
static Value module_name(Code *code, Value globals) {
    if (code->flags & CODE_NESTED) {
        uint64_t word = __atomic_load_n(&code->module_entry, __ATOMIC_RELAXED);
        if (LIKELY(word)) {
            Value v = dict_entry_load(globals, (uint32_t)(word >> 32), (uint32_t)word);
            if (LIKELY(!value_is_null(v)))
                return reg_to_local(v);
        }
        uint32_t version = 0;
        int64_t entry = dict_entry_of(globals, name___name__, &version);
        if (entry >= 0 && entry <= (int64_t)UINT32_MAX && version)
            __atomic_store_n(&code->module_entry, (uint64_t)version << 32 | (uint64_t)entry,
                             __ATOMIC_RELAXED);
    }
    return dict_get_str(globals, name___name__);
}

Value function_new(Code *code, Value globals, Value qualname) {
    Value builtins = builtins_for(globals);
    if (value_is_null(builtins))
        return builtins;
    Value module = module_name(code, globals);
    Function *f = object_allocate_exact(&function_type, sizeof(Function), HEAP_CONTAINER);
    if (UNLIKELY(!f)) {
        ref_release(builtins);
        ref_release(module);
        return VALUE_NULL;
    }
    // A function made within another one mostly dies with
    // the call; only the collector would find that.
    if (!(code->flags & CODE_NESTED))
        ref_defer(f);
    ref_retain_unless_deferred(code);
    f->code = code;
    f->globals = ref_new(globals);
    f->builtins = builtins;
    f->module = module;
    f->name = ref_new_immortal(code->name);
    f->qualname = ref_new_immortal(value_is_null(qualname) ? code->qualname : qualname);
    // The compiler puts the docstring, or None, first among a function's constants.
    if (code->constant_count && !(code->flags & CODE_HAS_NAMESPACE) &&
        value_is_str(code->constants[0]))
        f->doc = ref_new_immortal(code->constants[0]);
    return value_from_object(f);
}

static int check_closure(const Code *code, Value closure) {
    int64_t wanted = tuple_length(code->free_names);
    if (value_is_null(closure) || value_is_none(closure)) {
        if (wanted)
            return raise_int(&exception_TypeError, "arg 5 (closure) must be tuple");
        return 0;
    }
    if (!value_is_tuple(closure))
        return raise_int(&exception_TypeError, "arg 5 (closure) must be None or tuple");
    if (tuple_length(closure) != wanted)
        return raise_int(&exception_ValueError, "%V requires closure of length %lld, not %lld",
                         code->name, (long long)wanted, (long long)tuple_length(closure));
    for (int64_t i = 0; i < wanted; i++)
        if (!value_is_exactly(tuple_item(closure, i), &cell_type))
            return raise_int(&exception_TypeError, "arg 5 (closure) expected cell, found %T",
                             tuple_item(closure, i));
    return 0;
}

static Value function_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"code", "globals", "name", "argdefs", "closure", NULL};
    Value given[5];
    if (arguments_parse("function", args, nargs, kwnames, names, 0, 5, 2, given) < 0)
        return VALUE_NULL;
    if (!value_is_exactly(given[0], &code_type))
        return raise_type_error("function() argument 'code' must be code, not %G", given[0]);
    if (!value_is_dict(given[1]))
        return raise_type_error("function() argument 'globals' must be dict, not %G", given[1]);
    for (int i = 2; i < 5; i++)
        if (!value_is_null(given[i]) && value_is_none(given[i]))
            given[i] = VALUE_NULL;
    if (!value_is_null(given[2]) && !value_is_str(given[2]))
        return raise_type_error("arg 3 (name) must be None or string");
    if (!value_is_null(given[3]) && !value_is_tuple(given[3]))
        return raise_type_error("arg 4 (defaults) must be None or tuple");
    Code *code = code_of(given[0]);
    if (check_closure(code, given[4]) < 0)
        return VALUE_NULL;
    Value v = function_new(code, given[1], VALUE_NULL);
    if (value_is_null(v))
        return v;
    Function *f = function_of(v);
    if (!value_is_null(given[2])) {
        ref_release(f->name);
        f->name = ref_new(given[2]);
    }
    if (!value_is_null(given[3]))
        f->defaults = ref_new(given[3]);
    if (!value_is_null(given[4]) && tuple_length(given[4]))
        f->closure = ref_new(given[4]);
    return v;
}

// ---- attributes --------------------------------------------------------------------------------

static Value none_if_null(Value v) {
    return value_is_null(v) ? none_new() : v;
}

// Calls may be reading the slot without the lock.
static void replace(Function *f, Value *slot, Value value) {
    ref_retain(value);
    object_lock(&f->header);
    Value old = field_publish_locked(slot, value);
    object_unlock(&f->header);
    __atomic_add_fetch(&f->version, 1, __ATOMIC_RELAXED);
    if (!value_is_null(old))
        reclaim_reference(old);
}

static Value get_code(Value self) {
    Function *f = function_of(self);
    Code *code = __atomic_load_n(&f->code, __ATOMIC_RELAXED);
    ref_retain_object(code);
    return value_from_object(code);
}
static bool list_has(Value list, Value wanted) {
    bool found = false;
    for (int64_t i = 0; !found; i++) {
        Value item = list_get_fast(list_of(list), (uint64_t)i);
        if (value_is_null(item))
            break;
        found = value_same(item, wanted);
        ref_release(item);
    }
    return found;
}

// From now on the function keeps what is its code, and `code`, which will be: frames that run it,
// and their frame objects, hold the function alone.
static int keep_code(Function *f, Code *code) {
    Value former = field_load(&f->header, &f->former);
    if (value_is_null(former)) {
        Code *first = __atomic_load_n(&f->code, __ATOMIC_ACQUIRE);
        former = list_from_array((Value[]){value_from_object(first)}, 1);
        if (value_is_null(former))
            return -1;
        object_lock(&f->header);
        Value other = field_raw(&f->former);
        if (value_is_null(other)) {
            field_raw_store(&f->former, ref_new(former));
            object_unlock(&f->header);
            ref_release_unless_deferred(first); // the list has it
        } else {                                // another thread was first
            field_retain_locked(other, false);
            object_unlock(&f->header);
            ref_release(former);
            former = other;
        }
    }
    Value added = value_from_object(code);
    int status = list_has(former, added) ? 0 : list_append(former, added);
    ref_release(former);
    return status;
}

static int set_code(Value self, Value value) {
    Function *f = function_of(self);
    if (value_is_null(value) || !value_is_exactly(value, &code_type))
        return raise_int(&exception_TypeError, "__code__ must be set to a code object");
    int64_t wanted = tuple_length(code_of(value)->free_names);
    int64_t have = value_is_null(f->closure) ? 0 : tuple_length(f->closure);
    if (wanted != have)
        return raise_int(&exception_ValueError,
                         "%V() requires a code object with %lld free vars, not %lld", f->name,
                         (long long)have, (long long)wanted);
    if (keep_code(f, code_of(value)) < 0)
        return -1;
    __atomic_store_n(&f->code, code_of(value), __ATOMIC_RELEASE);
    __atomic_add_fetch(&f->version, 1, __ATOMIC_RELAXED);
    return 0;
}

static Value get_defaults(Value self) {
    Function *f = function_of(self);
    return none_if_null(field_load(&f->header, &f->defaults));
}
static int set_defaults(Value self, Value value) {
    if (!value_is_null(value) && value_is_none(value))
        value = VALUE_NULL;
    if (!value_is_null(value) && !value_is_tuple(value))
        return raise_int(&exception_TypeError, "__defaults__ must be set to a tuple object");
    replace(function_of(self), &function_of(self)->defaults, value);
    return 0;
}

static Value get_kwdefaults(Value self) {
    Function *f = function_of(self);
    return none_if_null(field_load(&f->header, &f->kwdefaults));
}
static int set_kwdefaults(Value self, Value value) {
    if (!value_is_null(value) && value_is_none(value))
        value = VALUE_NULL;
    if (!value_is_null(value) && !value_is_dict(value))
        return raise_int(&exception_TypeError, "__kwdefaults__ must be set to a dict object");
    replace(function_of(self), &function_of(self)->kwdefaults, value);
    return 0;
}

static Value get_name(Value self) {
    Function *f = function_of(self);
    return field_load(&f->header, &f->name);
}
static int set_name(Value self, Value value) {
    Function *f = function_of(self);
    if (value_is_null(value) || !value_is_str(value))
        return raise_int(&exception_TypeError, "__name__ must be set to a string object");
    field_store(&f->header, &f->name, ref_new(value));
    return 0;
}
static Value get_qualname(Value self) {
    Function *f = function_of(self);
    return field_load(&f->header, &f->qualname);
}
static int set_qualname(Value self, Value value) {
    Function *f = function_of(self);
    if (value_is_null(value) || !value_is_str(value))
        return raise_int(&exception_TypeError, "__qualname__ must be set to a string object");
    field_store(&f->header, &f->qualname, ref_new(value));
    return 0;
}

static Value get_doc(Value self) {
    Function *f = function_of(self);
    return none_if_null(field_load(&f->header, &f->doc));
}
static int set_doc(Value self, Value value) {
    Function *f = function_of(self);
    field_store(&f->header, &f->doc, value_is_null(value) ? value : ref_new(value));
    return 0;
}
static Value get_module(Value self) {
    Function *f = function_of(self);
    return none_if_null(field_load(&f->header, &f->module));
}
static int set_module(Value self, Value value) {
    Function *f = function_of(self);
    field_store(&f->header, &f->module, value_is_null(value) ? value : ref_new(value));
    return 0;
}

static Value pairs_to_dict(Value pairs) {
    Value dict = dict_new();
    for (int64_t i = 0; !value_is_null(dict) && i + 1 < tuple_length(pairs); i += 2)
        if (dict_set(dict, tuple_item(pairs, i), tuple_item(pairs, i + 1)) < 0) {
            ref_release(dict);
            return VALUE_NULL;
        }
    return dict;
}

static Value get_annotations(Value self) {
    Function *f = function_of(self);
    Value v = field_load(&f->header, &f->annotations);
    if (!value_is_null(v) && value_is_dict(v))
        return v;
    Value fresh = value_is_null(v) ? dict_new() : pairs_to_dict(v);
    ref_release(v);
    if (value_is_null(fresh))
        return fresh;
    object_lock(&f->header);
    Value now = field_raw(&f->annotations);
    bool first = value_same(now, v);
    if (first)
        field_raw_store(&f->annotations, ref_new(fresh));
    else
        ref_retain(now);
    object_unlock(&f->header);
    if (!first) {
        ref_release(fresh);
        return now;
    }
    ref_release(now);
    return fresh;
}
static int set_annotations(Value self, Value value) {
    Function *f = function_of(self);
    if (!value_is_null(value) && value_is_none(value))
        value = VALUE_NULL;
    if (!value_is_null(value) && !value_is_dict(value))
        return raise_int(&exception_TypeError, "__annotations__ must be set to a dict object");
    field_store(&f->header, &f->annotations, value_is_null(value) ? value : ref_new(value));
    return 0;
}

static Value get_dict(Value self) {
    return instance_dict(self);
}
static int set_dict(Value self, Value value) {
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "cannot delete __dict__");
    return instance_set_dict(self, value);
}
static const GetSetDef function_getsets[] = {
    {"__code__", get_code, set_code, NULL},
    {"__defaults__", get_defaults, set_defaults, NULL},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__dict__", get_dict, set_dict, NULL},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__module__", get_module, set_module, NULL},
    {NULL, NULL, NULL, NULL},
};

static const MemberDef function_members[] = {
    {"__closure__", offsetof(Function, closure), true, true},
    {"__globals__", offsetof(Function, globals), true, false},
    {"__builtins__", offsetof(Function, builtins), true, false},
    {NULL, 0, false, false},
};

static Value function_repr(Value self) {
    Value qualname = get_qualname(self);
    Value v = str_format("<function %V at %p>", qualname, (void *)value_object(self));
    ref_release(qualname);
    return v;
}

static Value function_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    return interp_call_function(function_of(self), args, nargs, kwnames);
}

static Value function_get(Value self, Value object, Value owner) {
    return value_is_null(object) ? ref_new(self) : method_new(self, object);
}

static void function_destroy(Object *o) {
    Function *f = (Function *)o;
    if (f->code && value_is_null(f->former)) // else the list holds it
        ref_release_unless_deferred(f->code);
    ref_release(f->former);
    ref_release(f->globals);
    ref_release_immortal(f->builtins);
    ref_release(f->closure);
    ref_release(f->defaults);
    ref_release(f->kwdefaults);
    ref_release_immortal(f->name);
    ref_release_immortal(f->qualname);
    ref_release_immortal(f->module);
    ref_release_immortal(f->doc);
    ref_release(f->annotations);
    ref_release(f->dict);
    object_free_exact(o, sizeof(Function), HEAP_CONTAINER);
}

static void function_traverse(Object *o, GcVisitor *visitor) {
    Function *f = (Function *)o;
    if (f->code && value_is_null(f->former))
        gc_visit_register(visitor, value_from_object(f->code));
    gc_visit(visitor, f->former);
    gc_visit(visitor, f->globals);
    gc_visit(visitor, f->builtins);
    gc_visit(visitor, f->closure);
    gc_visit(visitor, f->defaults);
    gc_visit(visitor, f->kwdefaults);
    gc_visit(visitor, f->name);
    gc_visit(visitor, f->qualname);
    gc_visit(visitor, f->module);
    gc_visit(visitor, f->doc);
    gc_visit(visitor, f->annotations);
    gc_visit(visitor, f->dict);
}

// code, globals and builtins stay: a finaliser of the same garbage may still call the function.
static void function_clear(Object *o) {
    Function *f = (Function *)o;
    field_clear(o, &f->closure);
    field_clear(o, &f->defaults);
    field_clear(o, &f->kwdefaults);
    field_clear(o, &f->annotations);
    field_clear(o, &f->dict);
    field_clear(o, &f->doc);
    field_clear(o, &f->module);
}

Type function_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "function",
    .basic_size = sizeof(Function),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_METHOD_DESCRIPTOR | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE,
    .dict_offset = offsetof(Function, dict),
    .doc = "function(code, globals, name=None, argdefs=None, closure=None)\n--\n\n"
           "A function made of a code object.",
    .call_new = function_call_new,
    .destroy = function_destroy,
    .traverse = function_traverse,
    .clear = function_clear,
    .repr = function_repr,
    .call = function_call,
    .descr_get = function_get,
    .getsets = function_getsets,
    .members = function_members,
};

// ---- cells -------------------------------------------------------------------------------------

static inline Cell *cell_of(Value v) {
    return (Cell *)value_object(v);
}

Value cell_new(Value value) {
    Cell *c = object_allocate_exact(&cell_type, sizeof(Cell), HEAP_CONTAINER);
    if (!c)
        return VALUE_NULL;
    ref_retain(value);
    c->value = value;
    return value_from_object(c);
}

Value cell_get(Value cell) {
    return field_load(value_object(cell), &cell_of(cell)->value);
}

static Value cell_call_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("cell", kwnames) < 0 || arguments_count("cell", nargs, 0, 1) < 0)
        return VALUE_NULL;
    return cell_new(nargs ? args[0] : VALUE_NULL);
}

static Value cell_get_contents(Value self) {
    Value v = cell_get(self);
    return value_is_null(v) ? raise_value_error("Cell is empty") : v;
}
static int cell_set_contents(Value self, Value value) {
    ref_retain(value);
    field_store(value_object(self), &cell_of(self)->value, value);
    return 0;
}

static Value cell_repr(Value self) {
    Value content = cell_get(self);
    if (value_is_null(content))
        return str_format("<cell at %p: empty>", (void *)value_object(self));
    Value v = str_format("<cell at %p: %T object at %p>", (void *)value_object(self), content,
                         (void *)content.bits);
    ref_release(content);
    return v;
}

static Value cell_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_exactly(other, &cell_type))
        return not_implemented_new();
    Value a = cell_get(self), b = cell_get(other), result;
    if (!value_is_null(a) && !value_is_null(b)) {
        result = value_compare(a, b, op);
    } else {
        // An empty cell is less than any other.
        int left = !value_is_null(a), right = !value_is_null(b);
        result = value_compare(value_from_int(left), value_from_int(right), op);
    }
    ref_release(a);
    ref_release(b);
    return result;
}

static void cell_destroy(Object *o) {
    ref_release(((Cell *)o)->value);
    object_free_exact(o, sizeof(Cell), HEAP_CONTAINER);
}
static void cell_traverse(Object *o, GcVisitor *visitor) {
    gc_visit(visitor, field_raw(&((Cell *)o)->value));
}
static void cell_clear(Object *o) {
    field_clear(o, &((Cell *)o)->value);
}

static const GetSetDef cell_getsets[] = {
    {"cell_contents", cell_get_contents, cell_set_contents, NULL},
    {NULL, NULL, NULL, NULL},
};

Type cell_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "cell",
    .basic_size = sizeof(Cell),
    .kind = HEAP_CONTAINER,
    .doc = "cell([contents])\n--\n\nHolds a variable that closures share.",
    .call_new = cell_call_new,
    .destroy = cell_destroy,
    .traverse = cell_traverse,
    .clear = cell_clear,
    .repr = cell_repr,
    .compare = cell_compare,
    .getsets = cell_getsets,
};

void function_start(void) {
    type_ready(&function_type);
    type_ready(&native_function_type);
    type_ready(&cell_type);
}
