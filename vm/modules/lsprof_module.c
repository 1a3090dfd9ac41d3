// SPDX-License-Identifier: MIT
//
// _lsprof: the profiler behind cProfile. A Profiler is the profile function of the threads that
// enabled it (it is callable as such): it keeps, for each code object or native function, how often
// it was called and how long it took, and the same for each pair of caller and callee.
//
// `entries`, `index` and the stack of running calls are guarded by the profiler's mutex; calls nest
// properly only within one thread, so one profiler measures one thread at a time, as in CPython.
#include "locks/mutex.h"
#include "vm/interp/frame_object.h"
#include "vm/interp/trace.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <time.h>

typedef struct {
    int64_t calls, recursive_calls, level;
    double total, own;
} Times;

typedef struct {
    uint32_t callee;
    Times times;
} SubEntry;

typedef struct {
    Value what; // the code object, or a text that names the native function
    Times times;
    SubEntry *subs;
    uint32_t sub_count, sub_capacity;
} Entry;

typedef struct {
    uint32_t entry;
    double start, inner; // inner: spent in calls from here
} Running;

typedef struct {
    Object header;
    Mutex mutex;
    Value timer; // or VALUE_NULL
    double unit; // of the timer's results; 0: they are seconds
    bool subcalls, builtins;
    Value index; // dict: what was called -> number of its entry
    Entry *entries;
    uint32_t count, capacity;
    Running *stack;
    uint32_t depth, stack_capacity;
} Profiler;

static Type profiler_type;
static Value entry_type, subentry_type; // set when the module is made

static inline Profiler *profiler_of(Value v) {
    return (Profiler *)value_object(v);
}

// ---- times ---------------------------------------------------------------------------------

// What the timer raises cannot go anywhere: the time is 0 then.
static int now(const Profiler *p, double *seconds) {
    Value timer = field_load(&p->header, &p->timer);
    if (value_is_null(timer)) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        *seconds = (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
        return 0;
    }
    Value v = value_call_none(timer);
    if (value_is_null(v) || value_to_double(v, seconds) < 0) {
        error_report_unraisable(NULL, timer);
        *seconds = 0;
    }
    ref_release(v);
    ref_release(timer);
    if (p->unit > 0)
        *seconds *= p->unit;
    return 0;
}

static void times_begin(Times *t) {
    t->level++;
}
static void times_end(Times *t, double total, double own) {
    if (--t->level == 0)
        t->total += total;
    else
        t->recursive_calls++;
    t->own += own;
    t->calls++;
}

// ---- entries -------------------------------------------------------------------------------

static bool grow(void **array, uint32_t count, uint32_t *capacity, size_t size) {
    if (count < *capacity)
        return true;
    uint32_t wanted = *capacity ? *capacity * 2 : 16;
    void *grown = buffer_resize(*array, wanted * size);
    if (!grown) {
        raise_memory_error();
        return false;
    }
    *array = grown;
    *capacity = wanted;
    return true;
}

// Number of the entry for a key (borrowed), which is shown as `what` (borrowed); -1.
static int64_t entry_of(Profiler *p, Value key, Value what) {
    Value number = dict_get(p->index, key);
    if (!value_is_null(number)) {
        int64_t n = value_int(number);
        ref_release(number);
        return n;
    }
    if (error_occurred() || !grow((void **)&p->entries, p->count, &p->capacity, sizeof(Entry)) ||
        dict_set(p->index, key, value_from_int(p->count)) < 0)
        return -1;
    p->entries[p->count] = (Entry){.what = ref_new(what)};
    return p->count++;
}

static SubEntry *sub_of(Profiler *p, uint32_t caller, uint32_t callee) {
    Entry *e = &p->entries[caller];
    for (uint32_t i = 0; i < e->sub_count; i++)
        if (e->subs[i].callee == callee)
            return &e->subs[i];
    if (!grow((void **)&e->subs, e->sub_count, &e->sub_capacity, sizeof(SubEntry)))
        return NULL;
    e->subs[e->sub_count] = (SubEntry){.callee = callee};
    return &e->subs[e->sub_count++];
}

static int enter(Profiler *p, Value key, Value what) {
    int64_t entry = entry_of(p, key, what);
    if (entry < 0 || !grow((void **)&p->stack, p->depth, &p->stack_capacity, sizeof(Running)))
        return -1;
    times_begin(&p->entries[entry].times);
    if (p->subcalls && p->depth) {
        SubEntry *sub = sub_of(p, p->stack[p->depth - 1].entry, (uint32_t)entry);
        if (!sub)
            return -1;
        times_begin(&sub->times);
    }
    Running *r = &p->stack[p->depth++];
    *r = (Running){.entry = (uint32_t)entry};
    return now(p, &r->start);
}

static void end_innermost(Profiler *p, double at) {
    Running r = p->stack[--p->depth];
    double total = at - r.start, own = total - r.inner;
    times_end(&p->entries[r.entry].times, total, own);
    if (!p->depth)
        return;
    Running *caller = &p->stack[p->depth - 1];
    caller->inner += total;
    if (p->subcalls) {
        SubEntry *sub = sub_of(p, caller->entry, r.entry);
        if (sub)
            times_end(&sub->times, total, own);
        else
            error_clear();
    }
}

static int leave(Profiler *p, Value key) {
    if (!p->depth)
        return 0;
    Value number = dict_get(p->index, key);
    if (value_is_null(number))
        return error_occurred() ? -1 : 0; // it began before the profiler
    double at;
    int status = now(p, &at);
    if (status == 0)
        end_innermost(p, at);
    return status;
}

// ---- events --------------------------------------------------------------------------------

// How a native function is named: "<built-in method builtins.len>", "<method 'append' of 'list'
// objects>".
static Value native_name(Value function) {
    const NativeFunction *f = (NativeFunction *)value_object(function);
    if (!value_is_null(f->self) && !value_is_exactly(f->self, &module_type)) {
        Value name = str_from_cstr(f->def->name);
        Value text = VALUE_NULL,
              method = value_is_null(name) ? VALUE_NULL : type_lookup(value_type(f->self), name);
        if (!value_is_null(method))
            text = value_repr(method);
        ref_release(method);
        ref_release(name);
        if (!value_is_null(text) || error_occurred())
            return text;
    }
    if (!value_is_null(f->module) && value_is_str(f->module))
        return str_format("<built-in method %V.%s>", f->module, f->def->name);
    return str_format("<built-in method %s>", f->def->name);
}

static int native_event(Profiler *p, Value function, bool begins) {
    if (!p->builtins || !value_is_exactly(function, &native_function_type))
        return 0;
    Value name = native_name(function);
    if (value_is_null(name))
        return -1;
    int status = begins ? enter(p, name, name) : leave(p, name);
    ref_release(name);
    return status;
}

static Value profiler_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs != 3 || !value_is_exactly(args[0], &frame_type) || !value_is_str(args[1]))
        return raise_type_error("a Profiler is called by the interpreter only");
    Profiler *p = profiler_of(self);
    Value code = frame_object_code(args[0]);
    int status = 0;
    mutex_lock(&p->mutex);
    if (str_equal_cstr(args[1], "call"))
        status = enter(p, code, code);
    else if (str_equal_cstr(args[1], "return"))
        status = leave(p, code);
    else if (str_equal_cstr(args[1], "c_call"))
        status = native_event(p, args[2], true);
    else
        status = native_event(p, args[2], false);
    mutex_unlock(&p->mutex);
    return status < 0 ? VALUE_NULL : none_new();
}

// ---- methods -------------------------------------------------------------------------------

static int flag(Value v, bool *out) {
    int truth = value_is_null(v) ? *out : value_truth(v);
    *out = truth > 0;
    return truth < 0 ? -1 : 0;
}

static Value profiler_enable(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"subcalls", "builtins", NULL};
    Value v[2];
    Profiler *p = profiler_of(self);
    if (arguments_parse("enable", args, nargs, kwnames, names, 0, 2, 0, v) < 0 ||
        flag(v[0], &p->subcalls) < 0 || flag(v[1], &p->builtins) < 0)
        return VALUE_NULL;
    if (profile_set(self) < 0)
        return VALUE_NULL;
    return trace_result_of_native(thread_current(), none_new(), "enable");
}

static Value profiler_disable(Value self) {
    Profiler *p = profiler_of(self);
    if (profile_set(VALUE_NONE) < 0)
        return VALUE_NULL;
    mutex_lock(&p->mutex);
    double at = 0;
    int status = p->depth ? now(p, &at) : 0;
    while (status == 0 && p->depth)
        end_innermost(p, at);
    mutex_unlock(&p->mutex);
    return status < 0 ? VALUE_NULL : none_new();
}

static void forget(Profiler *p) {
    Entry *entries = p->entries;
    uint32_t count = p->count;
    p->entries = NULL;
    p->count = p->capacity = p->depth = 0;
    for (uint32_t i = 0; i < count; i++) {
        ref_release(entries[i].what);
        buffer_free(entries[i].subs);
    }
    buffer_free(entries);
}

static Value profiler_clear(Value self) {
    Profiler *p = profiler_of(self);
    mutex_lock(&p->mutex);
    int status = dict_clear(p->index);
    forget(p);
    mutex_unlock(&p->mutex);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value times_tuple(Value type, Value what, const Times *t, Value calls_or_null) {
    Value items[6] = {what,
                      value_from_int(t->calls),
                      value_from_int(t->recursive_calls),
                      float_new(t->total),
                      float_new(t->own),
                      calls_or_null};
    Value result = value_is_null(items[3]) || value_is_null(items[4])
                       ? VALUE_NULL
                       : struct_sequence_new(type, items);
    ref_release(items[3]);
    ref_release(items[4]);
    return result;
}

static int add(Value list, Value owned) {
    int status = value_is_null(owned) ? -1 : list_append(list, owned);
    ref_release(owned);
    return status;
}

static Value sub_list(const Profiler *p, const Entry *e) {
    if (!e->sub_count)
        return none_new();
    Value list = list_new();
    for (uint32_t i = 0; i < e->sub_count && !value_is_null(list); i++) {
        const SubEntry *s = &e->subs[i];
        if (add(list, times_tuple(subentry_type, p->entries[s->callee].what, &s->times,
                                  VALUE_NULL)) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return list;
}

static Value profiler_getstats(Value self) {
    Value disabled = profiler_disable(self);
    if (value_is_null(disabled))
        return disabled;
    ref_release(disabled);
    Profiler *p = profiler_of(self);
    Value list = list_new();
    mutex_lock(&p->mutex);
    for (uint32_t i = 0; i < p->count && !value_is_null(list); i++) {
        Value calls = sub_list(p, &p->entries[i]);
        if (value_is_null(calls) || add(list, times_tuple(entry_type, p->entries[i].what,
                                                          &p->entries[i].times, calls)) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
        ref_release(calls);
    }
    mutex_unlock(&p->mutex);
    return list;
}

// ---- the type ------------------------------------------------------------------------------

static Value profiler_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value index = dict_new();
    if (value_is_null(index))
        return index;
    Profiler *p = object_allocate(type);
    if (!p) {
        ref_release(index);
        return raise_memory_error();
    }
    p->index = index;
    p->subcalls = p->builtins = true;
    return value_from_object(p);
}

static int profiler_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"timer", "timeunit", "subcalls", "builtins", NULL};
    Value v[4];
    Profiler *p = profiler_of(self);
    if (arguments_parse("Profiler", args, nargs, kwnames, names, 0, 4, 0, v) < 0 ||
        (!value_is_null(v[1]) && value_to_double(v[1], &p->unit) < 0) ||
        flag(v[2], &p->subcalls) < 0 || flag(v[3], &p->builtins) < 0)
        return -1;
    bool timer = !value_is_null(v[0]) && !value_is_none(v[0]);
    field_store(&p->header, &p->timer, timer ? ref_new(v[0]) : VALUE_NULL);
    return 0;
}

static void profiler_clear_slot(Object *self) {
    Profiler *p = (Profiler *)self;
    Value timer = p->timer;
    p->timer = VALUE_NULL;
    ref_release(timer);
}

static void profiler_destroy(Object *self) {
    Profiler *p = (Profiler *)self;
    profiler_clear_slot(self);
    forget(p);
    buffer_free(p->stack);
    ref_release(p->index);
    type_free_instance(self);
}

static void profiler_traverse(Object *self, GcVisitor *visitor) {
    Profiler *p = (Profiler *)self;
    gc_visit(visitor, p->timer);
    gc_visit(visitor, p->index);
}

static const NativeDef profiler_methods[] = {
    DEF_NONE("getstats", profiler_getstats, "A list of profiler_entry, one for each function."),
    DEF_VECTOR("enable", profiler_enable, "enable(subcalls=True, builtins=True): begin."),
    DEF_NONE("disable", profiler_disable, "Stop collecting."),
    DEF_NONE("clear", profiler_clear, "Forget what was collected."),
    DEF_END,
};

static Type profiler_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_lsprof.Profiler",
    .basic_size = sizeof(Profiler),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .doc = "Profiler(timer=None, timeunit=None, subcalls=True, builtins=True)",
    .call_new = profiler_new,
    .init = profiler_init,
    .destroy = profiler_destroy,
    .traverse = profiler_traverse,
    .clear = profiler_clear_slot,
    .call = profiler_call,
    .methods = profiler_methods,
};

static int lsprof_fill(Value module) {
    static const char *const entry_fields[] = {
        "code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls", NULL};
    static const char *const subentry_fields[] = {"code",      "callcount",  "reccallcount",
                                                  "totaltime", "inlinetime", NULL};
    entry_type = struct_sequence_type("_lsprof.profiler_entry", entry_fields);
    subentry_type = struct_sequence_type("_lsprof.profiler_subentry", subentry_fields);
    if (value_is_null(entry_type) || value_is_null(subentry_type))
        return -1;
    return module_add_type(module, &profiler_type) |
           module_add(module, "profiler_entry", ref_new(entry_type)) |
           module_add(module, "profiler_subentry", ref_new(subentry_type));
}

const NativeModule module_lsprof = {
    .name = "_lsprof",
    .doc = "The profiler behind cProfile.",
    .fill = lsprof_fill,
};
