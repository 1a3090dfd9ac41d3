// SPDX-License-Identifier: MIT
//
// class Pickler, and PicklerMemoProxy, which stands for a Pickler's memo in Python code.
//
// `memo` is touched only by the thread that has `lock`, and by the collector with the world
// stopped. The references, and what __init__ was given, are guarded by the object's lock; dump()
// works with what they are when it begins.
#include "vm/modules/pickle_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    RecursiveMutex lock;
    PickleMemo memo; // lock
    Value write;     // VALUE_NULL: __init__ was not called
    Value buffer_callback, dispatch_table;
    Value persistent_id;       // function, or VALUE_NULL
    bool persistent_is_method; // the Pickler itself is its first argument
    bool fix_imports;
    int protocol;      // relaxed
    int32_t bin, fast; // relaxed
} Pickler;

static inline Pickler *pickler_of(Value v) {
    return (Pickler *)value_object(v);
}

static Value pickler_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Pickler *p = object_allocate(type);
    return p ? value_from_object(p) : VALUE_NULL;
}

// Stores all that __init__ decides; the references are consumed.
static void configure(Pickler *p, const Value *given, const bool *flags, int protocol) {
    Value old[4] = {given[0], given[1], given[2], given[3]};
    Value *slots[4] = {&p->write, &p->buffer_callback, &p->dispatch_table, &p->persistent_id};
    object_lock(&p->header);
    for (int i = 0; i < 4; i++)
        old[i] = field_swap_locked(slots[i], old[i]);
    p->persistent_is_method = flags[0];
    p->fix_imports = flags[1];
    object_unlock(&p->header);
    __atomic_store_n(&p->protocol, protocol, __ATOMIC_RELAXED);
    __atomic_store_n(&p->bin, protocol > 0, __ATOMIC_RELAXED);
    __atomic_store_n(&p->fast, 0, __ATOMIC_RELAXED);
    for (int i = 0; i < 4; i++)
        ref_release(old[i]);
}

static int init(Value self, const Value *v) {
    int protocol, fix_imports = value_is_null(v[2]) ? 1 : value_truth(v[2]);
    if (fix_imports < 0 || pickle_protocol(v[1], &protocol) < 0)
        return -1;
    Value given[4] = {VALUE_NULL}; // write, buffer_callback, dispatch_table, persistent_id
    bool flags[2] = {false, fix_imports && protocol < 3};
    int status = value_lookup_attr(v[0], name_write, &given[0]);
    if (status == 0)
        status = raise_int(&exception_TypeError, "file must have a 'write' attribute");
    if (status > 0 && !value_is_null(v[3]) && !value_is_none(v[3])) {
        if (protocol < 5)
            status = raise_int(&exception_ValueError, "buffer_callback needs protocol >= 5");
        else
            given[1] = ref_new(v[3]);
    }
    if (status > 0)
        status =
            pickle_own_method(self, pickle_shared.persistent_id, &given[3], &flags[0]) < 0 ? -1 : 1;
    if (status > 0)
        status = value_lookup_attr(self, pickle_shared.dispatch_name, &given[2]) < 0 ? -1 : 1;
    if (status > 0) {
        configure(pickler_of(self), given, flags, protocol);
        return 0;
    }
    for (int i = 0; i < 4; i++)
        ref_release(given[i]);
    return -1;
}

static int pickler_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"file", "protocol", "fix_imports", "buffer_callback", NULL};
    Value v[4];
    Pickler *p = pickler_of(self);
    if (arguments_parse("Pickler", args, nargs, kwnames, names, 0, 4, 1, v) < 0 ||
        pickle_begin(&p->lock, "Pickler") < 0)
        return -1;
    int status = init(self, v);
    recursive_mutex_unlock(&p->lock);
    return status;
}

// A Pickling with what the Pickler has now, as new references.
static void begin(Value self, Pickling *job) {
    Pickler *p = pickler_of(self);
    *job = (Pickling){.memo = &p->memo, .memo_is_seen = true, .frame = PICKLE_NO_FRAME};
    object_lock(&p->header);
    job->write = field_raw(&p->write);
    job->buffer_callback = field_raw(&p->buffer_callback);
    job->dispatch_table = field_raw(&p->dispatch_table);
    job->persistent_id = field_raw(&p->persistent_id);
    field_retain_locked(job->write, false);
    field_retain_locked(job->buffer_callback, false);
    field_retain_locked(job->dispatch_table, false);
    field_retain_locked(job->persistent_id, false);
    if (p->persistent_is_method)
        job->persistent_self = self;
    job->fix_imports = p->fix_imports;
    object_unlock(&p->header);
    job->protocol = __atomic_load_n(&p->protocol, __ATOMIC_RELAXED);
    job->binary = __atomic_load_n(&p->bin, __ATOMIC_RELAXED) != 0;
    job->fast = __atomic_load_n(&p->fast, __ATOMIC_RELAXED) != 0;
}
static void end(Pickling *job) {
    pickle_end(job);
    ref_release(job->write);
    ref_release(job->buffer_callback);
    ref_release(job->dispatch_table);
    ref_release(job->persistent_id);
    ref_release(job->reducer_override);
}

static int dump(Value self, Value object) {
    Pickling job;
    begin(self, &job);
    int status = -1;
    if (value_is_null(job.write))
        pickle_raise_pickling("Pickler.__init__() was not called by %s.__init__()",
                              type_full_name(value_type(self)));
    else if (value_lookup_attr(self, pickle_shared.reducer_override, &job.reducer_override) >= 0 &&
             pickle_run(&job, object) == 0)
        status = pickle_flush(&job);
    end(&job);
    return status;
}

static Value pickler_dump(Value self, Value object) {
    Pickler *p = pickler_of(self);
    if (pickle_begin(&p->lock, "Pickler") < 0)
        return VALUE_NULL;
    int status = dump(self, object);
    recursive_mutex_unlock(&p->lock);
    return status < 0 ? VALUE_NULL : none_new();
}

// ---- the memo ---------------------------------------------------------------------------------

// *p gets what is in *memo, which gets what was there.
static void swap_memo(Pickler *p, PickleMemo *memo) {
    recursive_mutex_lock(&p->lock);
    PickleMemo old = p->memo;
    p->memo = *memo;
    recursive_mutex_unlock(&p->lock);
    *memo = old;
}

static void clear_memo(Value self) {
    PickleMemo memo = {0};
    swap_memo(pickler_of(self), &memo);
    pickle_memo_clear(&memo);
}
static Value pickler_clear_memo(Value self) {
    clear_memo(self);
    return none_new();
}

static int copy_memo(Value self, PickleMemo *memo) {
    Pickler *p = pickler_of(self);
    recursive_mutex_lock(&p->lock);
    int status = pickle_memo_copy(&p->memo, memo);
    recursive_mutex_unlock(&p->lock);
    if (status < 0)
        pickle_memo_clear(memo);
    return status;
}

// {id(object): (number, object)}
static Value memo_as_dict(Value self) {
    PickleMemo memo = {0};
    if (copy_memo(self, &memo) < 0)
        return VALUE_NULL;
    Value dict = dict_new();
    for (int64_t i = 0; !value_is_null(dict) && i < memo.count; i++) {
        Value id = int_from_u64(memo.entries[i].object.bits);
        Value pair = tuple_pack(2, value_from_int(memo.entries[i].number), memo.entries[i].object);
        if (value_is_null(id) || value_is_null(pair) || dict_set(dict, id, pair) < 0) {
            ref_release(dict);
            dict = VALUE_NULL;
        }
        ref_release(id);
        ref_release(pair);
    }
    pickle_memo_clear(&memo);
    return dict;
}

static int memo_from_dict(Value dict, PickleMemo *memo) {
    int64_t position = 0, number;
    Value pair;
    while (dict_next(dict, &position, NULL, &pair, NULL)) {
        int status = -1;
        if (!value_is_tuple(pair) || tuple_length(pair) != 2)
            raise_type_error("'memo' values must be 2-item tuples");
        else if (value_to_i64(tuple_item(pair, 0), &number) == 0)
            status = pickle_memo_put(memo, tuple_item(pair, 1), number);
        ref_release(pair);
        if (status < 0)
            return -1;
    }
    return 0;
}

// ---- PicklerMemoProxy --------------------------------------------------------------------------

static Value proxy_clear(Value self) {
    clear_memo(pickle_proxy_of(self));
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
Type pickle_pickler_memo_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_pickle.PicklerMemoProxy",
    .basic_size = sizeof(PickleProxy),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE | TYPE_UNHASHABLE,
    .destroy = pickle_proxy_destroy,
    .traverse = pickle_proxy_traverse,
    .methods = proxy_methods,
};

// ---- attributes -------------------------------------------------------------------------------

static Value get_memo(Value self) {
    return pickle_proxy_new(&pickle_pickler_memo_type, self);
}
static int set_memo(Value self, Value value) {
    PickleMemo memo = {0};
    int status;
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "attribute deletion is not supported");
    if (value_is_exactly(value, &pickle_pickler_memo_type))
        status = copy_memo(pickle_proxy_of(value), &memo);
    else if (value_is_dict(value))
        status = memo_from_dict(value, &memo);
    else
        status =
            raise_int(&exception_TypeError,
                      "'memo' attribute must be a PicklerMemoProxy object or dict, not %T", value);
    if (status == 0)
        swap_memo(pickler_of(self), &memo);
    pickle_memo_clear(&memo);
    return status;
}

static Value get_persistent_id(Value self) {
    Pickler *p = pickler_of(self);
    return pickle_hook_get(self, &p->persistent_id, &p->persistent_is_method, "persistent_id");
}
static int set_persistent_id(Value self, Value value) {
    Pickler *p = pickler_of(self);
    return pickle_hook_set(self, &p->persistent_id, &p->persistent_is_method, "persistent_id",
                           value);
}

static Value pickler_sizeof(Value self) {
    Pickler *p = pickler_of(self);
    recursive_mutex_lock(&p->lock);
    size_t size = value_type(self)->basic_size + pickle_memo_size(&p->memo);
    recursive_mutex_unlock(&p->lock);
    return value_from_int((int64_t)size);
}

// ---- the type ---------------------------------------------------------------------------------

static void pickler_drop(Object *self) {
    Pickler *p = (Pickler *)self;
    field_clear(self, &p->write);
    field_clear(self, &p->buffer_callback);
    field_clear(self, &p->dispatch_table);
    field_clear(self, &p->persistent_id);
    pickle_memo_clear(&p->memo);
}
static void pickler_destroy(Object *self) {
    pickler_drop(self);
    type_free_instance(self);
}
static void pickler_traverse(Object *self, GcVisitor *visitor) {
    Pickler *p = (Pickler *)self;
    gc_visit(visitor, p->write);
    gc_visit(visitor, p->buffer_callback);
    gc_visit(visitor, p->dispatch_table);
    gc_visit(visitor, p->persistent_id);
    for (int64_t i = 0; i < p->memo.count; i++)
        gc_visit(visitor, p->memo.entries[i].object);
}

static const NativeDef pickler_methods[] = {
    DEF_ONE("dump", pickler_dump, "dump($self, obj, /)\n--\n\nWrites obj to the file as a pickle."),
    DEF_NONE("clear_memo", pickler_clear_memo,
             "clear_memo($self, /)\n--\n\nForgets which objects were already written."),
    DEF_NONE("__sizeof__", pickler_sizeof, "__sizeof__($self, /)\n--\n\nBytes in memory."),
    DEF_END,
};
static const MemberDef pickler_members[] = {
    {"bin", offsetof(Pickler, bin), false, false, MEMBER_INT},
    {"fast", offsetof(Pickler, fast), false, false, MEMBER_INT},
    {"dispatch_table", offsetof(Pickler, dispatch_table), false, false},
    {NULL, 0, false, false},
};
static const GetSetDef pickler_getsets[] = {
    {"memo", get_memo, set_memo, NULL},
    {"persistent_id", get_persistent_id, set_persistent_id, NULL},
    {NULL},
};

Type pickle_pickler_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_pickle.Pickler",
    .basic_size = sizeof(Pickler),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\n"
           "Writes objects to a binary file as pickles of one protocol, 0 to 5.\n\n"
           "An object that comes up again is written as a reference to what was written first.",
    .call_new = pickler_new,
    .init = pickler_init,
    .destroy = pickler_destroy,
    .traverse = pickler_traverse,
    .clear = pickler_drop,
    .methods = pickler_methods,
    .members = pickler_members,
    .getsets = pickler_getsets,
};
