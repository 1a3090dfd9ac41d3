// SPDX-License-Identifier: MIT
//
// class Unpickler, and UnpicklerMemoProxy, which stands for an Unpickler's memo in Python code.
//
// `input` and `memo` are touched only by the thread that has `lock`, and by the collector with
// the world stopped. The other references are guarded by the object's lock; load() works with what
// they are when it begins.
#include "vm/modules/pickle_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    RecursiveMutex lock;
    bool ready;         // lock: __init__ has been called
    PickleInput input;  // lock
    PickleNumbers memo; // lock
    Value buffers;      // iterator, or VALUE_NULL
    Value encoding, errors;
    Value persistent_load;     // function, or VALUE_NULL
    bool persistent_is_method; // the Unpickler itself is its first argument
    bool fix_imports;          // relaxed
    int protocol;              // of the pickle being read; relaxed
} Unpickler;

static inline Unpickler *unpickler_of(Value v) {
    return (Unpickler *)value_object(v);
}

static Value unpickler_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Unpickler *u = object_allocate(type);
    return u ? value_from_object(u) : VALUE_NULL;
}

int pickle_text_argument(const char *function, const char *name, Value v) {
    if (value_is_null(v))
        return 0;
    if (!value_is_str(v))
        return raise_int(&exception_TypeError, "%s() argument '%s' must be str, not %G", function,
                         name, v);
    if (str_find_char(v, 0, 0, str_length(v)) >= 0)
        return raise_int(&exception_ValueError, "embedded null character");
    return 0;
}

// With the lock: the input is changed to the file, and all else to what __init__ was given.
static int init(Value self, const Value *v) {
    Unpickler *u = unpickler_of(self);
    int fix_imports = value_is_null(v[1]) ? 1 : value_truth(v[1]);
    if (fix_imports < 0 || pickle_text_argument("Unpickler", "encoding", v[2]) < 0 ||
        pickle_text_argument("Unpickler", "errors", v[3]) < 0)
        return -1;
    PickleInput input;
    Value function, buffers = VALUE_NULL;
    bool is_method;
    if (pickle_input_file(&input, v[0]) < 0)
        return -1;
    int status = 0;
    if (!value_is_null(v[4]) && !value_is_none(v[4]) && value_is_null(buffers = value_iter(v[4])))
        status = -1;
    if (status == 0)
        status = pickle_own_method(self, pickle_shared.persistent_load, &function, &is_method);
    if (status < 0) {
        pickle_input_drop(&input);
        ref_release(buffers);
        return -1;
    }
    Value old[4] = {buffers, value_is_null(v[2]) ? v[2] : ref_new(v[2]),
                    value_is_null(v[3]) ? v[3] : ref_new(v[3]), function};
    Value *slots[4] = {&u->buffers, &u->encoding, &u->errors, &u->persistent_load};
    PickleInput old_input = u->input;
    PickleNumbers old_memo = u->memo;
    u->input = input;
    u->memo = (PickleNumbers){0};
    u->ready = true;
    object_lock(&u->header);
    for (int i = 0; i < 4; i++)
        old[i] = field_swap_locked(slots[i], old[i]);
    u->persistent_is_method = is_method;
    object_unlock(&u->header);
    __atomic_store_n(&u->fix_imports, fix_imports, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++)
        ref_release(old[i]);
    pickle_input_drop(&old_input);
    pickle_numbers_clear(&old_memo);
    return 0;
}

static int unpickler_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"file",   "fix_imports", "encoding",
                                        "errors", "buffers",     NULL};
    Value v[5];
    Unpickler *u = unpickler_of(self);
    if (arguments_parse("Unpickler", args, nargs, kwnames, names, 0, 1, 1, v) < 0 ||
        pickle_begin(&u->lock, "Unpickler") < 0)
        return -1;
    int status = init(self, v);
    recursive_mutex_unlock(&u->lock);
    return status;
}

// With the lock.
static Value load(Value self) {
    Unpickler *u = unpickler_of(self);
    if (!u->ready) {
        pickle_raise_unpickling("Unpickler.__init__() was not called by %s.__init__()",
                                type_full_name(value_type(self)));
        return VALUE_NULL;
    }
    Loading job;
    pickle_load_begin(&job);
    job.input = &u->input;
    job.memo = &u->memo;
    job.protocol = &u->protocol;
    job.fix_imports = __atomic_load_n(&u->fix_imports, __ATOMIC_RELAXED);
    if (value_type(self) != &pickle_unpickler_type)
        job.unpickler = self;
    object_lock(&u->header);
    job.buffers = field_raw(&u->buffers);
    job.encoding = field_raw(&u->encoding);
    job.errors = field_raw(&u->errors);
    job.persistent_load = field_raw(&u->persistent_load);
    field_retain_locked(job.buffers, false);
    field_retain_locked(job.encoding, false);
    field_retain_locked(job.errors, false);
    field_retain_locked(job.persistent_load, false);
    if (u->persistent_is_method)
        job.persistent_self = self;
    object_unlock(&u->header);
    Value result = pickle_load(&job);
    pickle_load_end(&job);
    ref_release(job.buffers);
    ref_release(job.encoding);
    ref_release(job.errors);
    ref_release(job.persistent_load);
    return result;
}

static Value unpickler_load(Value self) {
    Unpickler *u = unpickler_of(self);
    if (pickle_begin(&u->lock, "Unpickler") < 0)
        return VALUE_NULL;
    Value result = load(self);
    recursive_mutex_unlock(&u->lock);
    return result;
}

static Value unpickler_find_class(Value self, const Value *args, size_t nargs) {
    Unpickler *u = unpickler_of(self);
    return pickle_find_class(__atomic_load_n(&u->protocol, __ATOMIC_RELAXED),
                             __atomic_load_n(&u->fix_imports, __ATOMIC_RELAXED), args[0], args[1]);
}

// ---- the memo ---------------------------------------------------------------------------------

static void swap_memo(Unpickler *u, PickleNumbers *memo) {
    recursive_mutex_lock(&u->lock);
    PickleNumbers old = u->memo;
    u->memo = *memo;
    recursive_mutex_unlock(&u->lock);
    *memo = old;
}

static int memo_from_dict(Value dict, PickleNumbers *memo) {
    int64_t position = 0, number;
    Value key, object;
    while (dict_next(dict, &position, &key, &object, NULL)) {
        int status = -1;
        if (!value_is_any_int(key))
            raise_type_error("memo key must be integers");
        else if (value_to_i64(key, &number) == 0) {
            if (number < 0)
                raise_value_error("memo key must be positive integers.");
            else
                status = pickle_numbers_put(memo, number, object);
        }
        ref_release(key);
        ref_release(object);
        if (status < 0)
            return -1;
    }
    return 0;
}

// {number: object}
static Value memo_as_dict(Value self) {
    Unpickler *u = unpickler_of(self);
    recursive_mutex_lock(&u->lock);
    Value dict = pickle_numbers_dict(&u->memo);
    recursive_mutex_unlock(&u->lock);
    return dict;
}

// ---- UnpicklerMemoProxy ------------------------------------------------------------------------

static Value proxy_clear(Value self) {
    PickleNumbers memo = {0};
    swap_memo(unpickler_of(pickle_proxy_of(self)), &memo);
    pickle_numbers_clear(&memo);
    return none_new();
}
static Value proxy_copy(Value self) {
    return memo_as_dict(pickle_proxy_of(self));
}
static const NativeDef proxy_methods[] = {
    DEF_NONE("clear", proxy_clear, "clear($self, /)\n--\n\nEmpties the memo."),
    DEF_NONE("copy", proxy_copy, "copy($self, /)\n--\n\nThe memo as a dict."),
    DEF_NONE("__reduce__", pickle_proxy_reduce,
             "__reduce__($self, /)\n--\n\nHow to pickle it: as a dict."),
    DEF_END,
};
Type pickle_unpickler_memo_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_pickle.UnpicklerMemoProxy",
    .basic_size = sizeof(PickleProxy),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE | TYPE_UNHASHABLE,
    .destroy = pickle_proxy_destroy,
    .traverse = pickle_proxy_traverse,
    .methods = proxy_methods,
};

// ---- attributes -------------------------------------------------------------------------------

static Value get_memo(Value self) {
    return pickle_proxy_new(&pickle_unpickler_memo_type, self);
}
static int set_memo(Value self, Value value) {
    PickleNumbers memo = {0};
    int status;
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "attribute deletion is not supported");
    if (value_is_exactly(value, &pickle_unpickler_memo_type)) {
        Value dict = memo_as_dict(pickle_proxy_of(value));
        status = value_is_null(dict) ? -1 : memo_from_dict(dict, &memo);
        ref_release(dict);
    } else if (value_is_dict(value))
        status = memo_from_dict(value, &memo);
    else
        status = raise_int(&exception_TypeError,
                           "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %T",
                           value);
    if (status == 0)
        swap_memo(unpickler_of(self), &memo);
    pickle_numbers_clear(&memo);
    return status;
}

static Value get_persistent_load(Value self) {
    Unpickler *u = unpickler_of(self);
    return pickle_hook_get(self, &u->persistent_load, &u->persistent_is_method, "persistent_load");
}
static int set_persistent_load(Value self, Value value) {
    Unpickler *u = unpickler_of(self);
    return pickle_hook_set(self, &u->persistent_load, &u->persistent_is_method, "persistent_load",
                           value);
}

static Value unpickler_sizeof(Value self) {
    Unpickler *u = unpickler_of(self);
    recursive_mutex_lock(&u->lock);
    size_t size = value_type(self)->basic_size + (size_t)u->memo.capacity * sizeof(Value);
    recursive_mutex_unlock(&u->lock);
    return value_from_int((int64_t)size);
}

// ---- the type ---------------------------------------------------------------------------------

static void unpickler_drop(Object *self) {
    Unpickler *u = (Unpickler *)self;
    field_clear(self, &u->buffers);
    field_clear(self, &u->encoding);
    field_clear(self, &u->errors);
    field_clear(self, &u->persistent_load);
    pickle_numbers_clear(&u->memo);
    pickle_input_drop(&u->input);
}
static void unpickler_destroy(Object *self) {
    unpickler_drop(self);
    type_free_instance(self);
}
static void unpickler_traverse(Object *self, GcVisitor *visitor) {
    Unpickler *u = (Unpickler *)self;
    gc_visit(visitor, u->buffers);
    gc_visit(visitor, u->encoding);
    gc_visit(visitor, u->errors);
    gc_visit(visitor, u->persistent_load);
    gc_visit(visitor, u->input.view.owner);
    gc_visit(visitor, u->input.read);
    gc_visit(visitor, u->input.readline);
    gc_visit(visitor, u->input.readinto);
    gc_visit(visitor, u->input.peek);
    for (int64_t i = 0; i < u->memo.used; i++)
        gc_visit(visitor, u->memo.items[i]);
    gc_visit(visitor, u->memo.far);
}

static const NativeDef unpickler_methods[] = {
    DEF_NONE("load", unpickler_load,
             "load($self, /)\n--\n\nReads one pickle from the file and gives the object."),
    DEF_FIXED("find_class", unpickler_find_class, 2, 2,
              "find_class($self, module_name, global_name, /)\n--\n\n"
              "The object with this name in the module, which is imported if need be.\n\n"
              "A subclass that overrides it decides what pickles may refer to."),
    DEF_NONE("__sizeof__", unpickler_sizeof, "__sizeof__($self, /)\n--\n\nBytes in memory."),
    DEF_END,
};
static const GetSetDef unpickler_getsets[] = {
    {"memo", get_memo, set_memo, NULL},
    {"persistent_load", get_persistent_load, set_persistent_load, NULL},
    {NULL},
};

Type pickle_unpickler_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_pickle.Unpickler",
    .basic_size = sizeof(Unpickler),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n"
           "          buffers=())\n--\n\n"
           "Reads pickles from a binary file, whatever their protocol.\n\n"
           "encoding and errors say how to decode the strings of Python 2; encoding 'bytes' leaves "
           "them as they are.",
    .call_new = unpickler_new,
    .init = unpickler_init,
    .destroy = unpickler_destroy,
    .traverse = unpickler_traverse,
    .clear = unpickler_drop,
    .methods = unpickler_methods,
    .getsets = unpickler_getsets,
};
