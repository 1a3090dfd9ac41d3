// SPDX-License-Identifier: MIT
//
// `_testcalls`: what tests need from below Python: functions of every calling convention that
// native functions have (NativeKind, and methods, class methods and static methods of each), ways
// to call an object from C, threads that Python did not start. Nothing else uses it.
//
// CPython's own tests take such things from a module `_testcapi`, which tests its C API. There is
// no C API here; tests/cpython/child.py shows this module under that name to the test modules that
// find in it all they ask for, and the names are theirs. Everything is done by the VM's own
// functions: nothing here only pretends.
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <float.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>

// ---- calling conventions: each gives back what it was called with -----------------------------

static Type static_type;

// What is passed as the function's self; the class, with which static methods are called, is none.
static Value self_of(Value self) {
    return value_is_null(self) || value_same(self, value_from_object(&static_type)) ? VALUE_NONE
                                                                                    : self;
}

static Value meth_noargs(Value self) {
    return ref_new(self_of(self));
}
static Value meth_o(Value self, Value v) {
    return tuple_pack(2, self_of(self), v);
}
static Value meth_fixed(Value self, const Value *args, size_t nargs) {
    Value given = tuple_from_array(args, (int64_t)nargs);
    Value result = value_is_null(given) ? given : tuple_pack(2, self_of(self), given);
    ref_release(given);
    return result;
}
static Value meth_vector(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value given = tuple_from_array(args, (int64_t)nargs), keywords = none_new();
    int64_t count = value_is_null(kwnames) ? 0 : tuple_length(kwnames);
    if (count > 0)
        keywords = dict_new();
    for (int64_t i = 0; !value_is_null(keywords) && i < count; i++) {
        if (dict_set(keywords, tuple_item(kwnames, i), args[(int64_t)nargs + i]) < 0) {
            ref_release(keywords);
            keywords = VALUE_NULL;
        }
    }
    Value result = value_is_null(given) || value_is_null(keywords)
                       ? VALUE_NULL
                       : tuple_pack(3, self_of(self), given, keywords);
    ref_release(given);
    ref_release(keywords);
    return result;
}

#define CONVENTIONS(binding)                                                                       \
    {"meth_noargs", {.none = meth_noargs}, NATIVE_NONE, binding, 0, 0, NULL},                      \
        {"meth_o", {.one = meth_o}, NATIVE_ONE, binding, 1, 1, NULL},                              \
        {"meth_varargs", {.fixed = meth_fixed}, NATIVE_FIXED, binding, 0, 64, NULL},               \
        {"meth_fastcall", {.fixed = meth_fixed}, NATIVE_FIXED, binding, 0, 64, NULL},              \
        {"meth_varargs_keywords", {.vector = meth_vector}, NATIVE_VECTOR, binding, 0, 0, NULL}, {  \
        "meth_fastcall_keywords", {.vector = meth_vector}, NATIVE_VECTOR, binding, 0, 0, NULL      \
    }

static const NativeDef instance_methods[] = {CONVENTIONS(METHOD_INSTANCE), DEF_END};
static const NativeDef class_methods[] = {CONVENTIONS(METHOD_CLASS), DEF_END};
static const NativeDef static_methods[] = {CONVENTIONS(METHOD_STATIC), DEF_END};

static Value make(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("this type", kwnames) < 0 ||
        arguments_count("this type", nargs, 0, 0) < 0)
        return VALUE_NULL;
    Object *made = object_allocate(type);
    return made ? value_from_object(made) : VALUE_NULL;
}

static Type instance_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethInstance",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .call_new = make,
    .methods = instance_methods,
};
static Type class_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethClass",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .call_new = make,
    .methods = class_methods,
};
static Type static_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethStatic",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .call_new = make,
    .methods = static_methods,
};

// ---- callable objects that bind like methods --------------------------------------------------

static Value base_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (arguments_no_keywords("MethodDescriptor", kwnames) < 0 ||
        arguments_count("MethodDescriptor", nargs, 1, 1) < 0)
        return VALUE_NULL;
    return bool_new(true);
}
static Value second_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Value v = base_call(self, args, nargs, kwnames);
    if (value_is_null(v))
        return v;
    ref_release(v);
    return bool_new(false);
}
static Value nop_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    return tuple_from_array(args, (int64_t)nargs);
}
static Value base_get(Value self, Value object, Value owner) {
    return value_is_null(object) || value_is_none(object) ? ref_new(self)
                                                          : method_new(self, object);
}
static Value nop_get(Value self, Value object, Value owner) {
    return ref_new(self);
}

static Type base_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethodDescriptorBase",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_METHOD_DESCRIPTOR,
    .call_new = make,
    .call = base_call,
    .descr_get = base_get,
};
static Type derived_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethodDescriptorDerived",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_METHOD_DESCRIPTOR,
    .base = &base_type,
};
static Type nop_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethodDescriptorNopGet",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .base = &base_type,
    .call = nop_call,
    .descr_get = nop_get,
};
static Type second_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_testcalls.MethodDescriptor2",
    .basic_size = sizeof(Object),
    .kind = HEAP_LEAF,
    .flags = TYPE_METHOD_DESCRIPTOR,
    .base = &base_type,
    .call = second_call,
};

// ---- calling from C ---------------------------------------------------------------------------

// The items of args (a tuple or None).
static int positional(Value args, const Value **items, size_t *count) {
    *items = NULL;
    *count = 0;
    if (value_is_none(args))
        return 0;
    if (!value_is_exactly(args, &tuple_type))
        return raise_int(&exception_TypeError, "args must be None or a tuple");
    *items = tuple_of(args)->items;
    *count = (size_t)tuple_length(args);
    return 0;
}

static Value pyobject_fastcall(Value self, const Value *args, size_t nargs) {
    const Value *items;
    size_t count;
    if (positional(args[1], &items, &count) < 0)
        return VALUE_NULL;
    return value_call(args[0], items, count, VALUE_NULL);
}

// The last names of the tuple args[2] (or None) go with the last arguments.
static Value pyobject_vectorcall(Value self, const Value *args, size_t nargs) {
    const Value *items;
    size_t count;
    if (positional(args[1], &items, &count) < 0)
        return VALUE_NULL;
    if (value_is_none(args[2]))
        return value_call(args[0], items, count, VALUE_NULL);
    if (!value_is_exactly(args[2], &tuple_type) || (size_t)tuple_length(args[2]) > count)
        return raise_type_error("kwnames must be None or a tuple no longer than args");
    return value_call(args[0], items, count - (size_t)tuple_length(args[2]), args[2]);
}

// func(*args, **kwargs) with a dict, or None.
static Value call_with_dict(Value self, const Value *args, size_t nargs) {
    const Value *items;
    size_t count;
    if (positional(args[1], &items, &count) < 0)
        return VALUE_NULL;
    if (nargs < 3 || value_is_none(args[2]))
        return value_call(args[0], items, count, VALUE_NULL);
    if (!value_is_exactly(args[2], &dict_type))
        return raise_type_error("kwargs must be None or a dict");
    Value keywords = dict_items_list(args[2]), names = VALUE_NULL, result = VALUE_NULL;
    Value *all = NULL;
    if (value_is_null(keywords))
        return VALUE_NULL;
    size_t extra = (size_t)list_length(keywords);
    names = tuple_allocate((int64_t)extra);
    all = buffer_allocate((count + extra + 1) * sizeof *all);
    if (value_is_null(names) || !all)
        goto done;
    for (size_t i = 0; i < count; i++)
        all[i] = items[i];
    for (size_t i = 0; i < extra; i++) { // the pairs keep what is borrowed here
        Value pair = list_get(keywords, (int64_t)i);
        tuple_of(names)->items[i] = ref_new(tuple_item(pair, 0));
        all[count + i] = tuple_item(pair, 1);
        ref_release(pair);
    }
    result = value_call(args[0], all, count, names);
done:
    buffer_free(all);
    ref_release(names);
    ref_release(keywords);
    return result;
}

static Value sequence_getitem(Value self, const Value *args, size_t nargs) {
    return value_getitem(args[0], args[1]);
}
static Value sequence_setitem(Value self, const Value *args, size_t nargs) {
    return value_setitem(args[0], args[1], args[2]) < 0 ? VALUE_NULL : none_new();
}

// A __get__ that makes an instance of the class it is found in, whose __new__ may change the class.
static Value bad_get(Value self, const Value *args, size_t nargs) {
    Value made = value_call(args[2], NULL, 0, VALUE_NULL);
    if (value_is_null(made))
        return made;
    ref_release(made);
    return value_repr(args[0]);
}

// A SIGINT arrives just before a generator is resumed.
static Value raise_sigint(Value self, Value generator) {
    Value none = VALUE_NONE;
    raise(SIGINT);
    return value_call_method_cstr(generator, "send", &none, 1);
}

// ---- threads that Python did not start --------------------------------------------------------

// One at a time: who moves state away from IDLE or RUNNING has the other fields for itself.
enum { TEMPORARY_IDLE, TEMPORARY_RUNNING, TEMPORARY_TAKEN };
static struct {
    int state;
    pthread_t thread;
    Value function; // a reference of the thread's
} temporary;

static bool temporary_take(int from) {
    return __atomic_compare_exchange_n(&temporary.state, &from, TEMPORARY_TAKEN, false,
                                       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}
static void temporary_give(int to) {
    __atomic_store_n(&temporary.state, to, __ATOMIC_RELEASE);
}

static void *temporary_run(void *unused) {
    if (!thread_adopt())
        return NULL;
    Value result = value_call(temporary.function, NULL, 0, VALUE_NULL);
    if (value_is_null(result))
        error_report_unraisable(NULL, temporary.function);
    ref_release(result);
    ref_release(temporary.function);
    temporary.function = VALUE_NULL;
    thread_abandon();
    return NULL;
}

static Value join_temporary(Value self) {
    if (!temporary_take(TEMPORARY_RUNNING))
        return raise_error(&exception_RuntimeError, "no temporary thread is running");
    thread_detach();
    pthread_join(temporary.thread, NULL);
    thread_attach();
    temporary_give(TEMPORARY_IDLE);
    return none_new();
}

static Value call_in_temporary(Value self, const Value *args, size_t nargs) {
    int wait = nargs < 2 ? 1 : value_truth(args[1]);
    if (wait < 0)
        return VALUE_NULL;
    if (!temporary_take(TEMPORARY_IDLE))
        return raise_error(&exception_RuntimeError, "a temporary thread is running");
    temporary.function = ref_new(args[0]);
    if (pthread_create(&temporary.thread, NULL, temporary_run, NULL)) {
        ref_release(temporary.function);
        temporary_give(TEMPORARY_IDLE);
        return raise_error(&exception_RuntimeError, "can't start new thread");
    }
    temporary_give(TEMPORARY_RUNNING);
    return wait ? join_temporary(self) : none_new();
}

// ---- numbers ------------------------------------------------------------------------------------

static Value call_struct(const char *method, int64_t size, int64_t little, Value v) {
    if (size != 2 && size != 4 && size != 8)
        return raise_value_error("size must be 2, 4 or 8");
    char text[3] = {little ? '<' : '>', size == 2 ? 'e' : size == 4 ? 'f' : 'd', 0};
    Value format = str_from_cstr(text), module = import_module_cstr("_struct"), result = VALUE_NULL;
    if (!value_is_null(format) && !value_is_null(module)) {
        Value args[2] = {format, v};
        result = value_call_method_cstr(module, method, args, 2);
    }
    ref_release(format);
    ref_release(module);
    return result;
}
static Value float_pack(Value self, const Value *args, size_t nargs) {
    int64_t size, little;
    if (value_to_i64(args[0], &size) < 0 || value_to_i64(args[2], &little) < 0)
        return VALUE_NULL;
    return call_struct("pack", size, little, args[1]);
}
static Value float_unpack(Value self, const Value *args, size_t nargs) {
    int64_t little, size = value_length(args[0]);
    if (size < 0 || value_to_i64(args[1], &little) < 0)
        return VALUE_NULL;
    Value tuple = call_struct("unpack", size, little, args[0]);
    if (value_is_null(tuple))
        return tuple;
    Value v = ref_new(tuple_item(tuple, 0));
    ref_release(tuple);
    return v;
}

static Value w_stopcode(Value self, Value v) {
    int64_t n;
    return value_to_i64(v, &n) < 0 ? VALUE_NULL : value_from_int(W_STOPCODE((int)n));
}

static const NativeDef functions[] = {
    CONVENTIONS(METHOD_INSTANCE),
    DEF_FIXED("pyobject_fastcall", pyobject_fastcall, 2, 2, NULL),
    DEF_FIXED("pyobject_fastcalldict", call_with_dict, 3, 3, NULL),
    DEF_FIXED("pyobject_vectorcall", pyobject_vectorcall, 3, 3, NULL),
    DEF_FIXED("pyvectorcall_call", call_with_dict, 2, 3, NULL),
    DEF_FIXED("sequence_getitem", sequence_getitem, 2, 2, NULL),
    DEF_FIXED("sequence_setitem", sequence_setitem, 3, 3, NULL),
    DEF_FIXED("bad_get", bad_get, 3, 3, NULL),
    DEF_ONE("raise_SIGINT_then_send_None", raise_sigint, NULL),
    DEF_FIXED("call_in_temporary_c_thread", call_in_temporary, 1, 2, NULL),
    DEF_NONE("join_temporary_c_thread", join_temporary, NULL),
    DEF_FIXED("float_pack", float_pack, 3, 3, NULL),
    DEF_FIXED("float_unpack", float_unpack, 2, 2, NULL),
    DEF_ONE("W_STOPCODE", w_stopcode, NULL),
    DEF_END,
};

static int fill(Value module) {
    Type *const types[] = {&instance_type, &class_type, &static_type, &base_type,
                           &derived_type,  &nop_type,   &second_type};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    return module_add(module, "FLT_MAX", float_new(FLT_MAX));
}

const NativeModule module_testcalls = {
    .name = "_testcalls",
    .doc = "Native functions for tests.",
    .functions = functions,
    .fill = fill,
};
