// SPDX-License-Identifier: MIT
//
// The `gc` module: the cycle collector's settings and what it knows. The collector has two
// generations: the API's 0 and 1 are its young one.
#include "gc/collect.h"
#include "gc/questions.h"
#include "gc/heap.h"
#include "vm/runtime/errors.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/runtime/audit.h"
#include "vm/types/tuple.h"

static const int64_t default_thresholds[3] = {700, 10, 10};
// As Python code set them; only the first, and only if it is not the default, has an effect.
// Relaxed: each is a number of its own.
static int64_t thresholds[3] = {700, 10, 10};

static Value callbacks; // the list gc.callbacks; set by fill, kept for ever

// ---- listeners -----------------------------------------------------------------------------

static void call_listeners(bool begin, int generation, int64_t collected, int64_t uncollectable) {
    if (value_is_null(callbacks) || list_length(callbacks) == 0)
        return;
    Value phase = str_intern_cstr(begin ? "start" : "stop");
    Value info = dict_new();
    Value functions = list_to_tuple(callbacks);
    if (!value_is_null(phase) && !value_is_null(info) && !value_is_null(functions) &&
        dict_set_cstr(info, "generation", value_from_int(generation)) == 0 &&
        dict_set_cstr(info, "collected", value_from_int(collected)) == 0 &&
        dict_set_cstr(info, "uncollectable", value_from_int(uncollectable)) == 0) {
        for (int64_t i = 0; i < tuple_length(functions); i++) {
            Value result = value_call_two(tuple_item(functions, i), phase, info);
            if (value_is_null(result))
                error_report_unraisable(NULL, tuple_item(functions, i));
            ref_release(result);
        }
    }
    error_clear();
    ref_release(phase);
    ref_release(info);
    ref_release(functions);
}

// ---- functions -----------------------------------------------------------------------------

static Value gc_enable(Value self) {
    gc_set_enabled(true);
    return none_new();
}
static Value gc_disable(Value self) {
    gc_set_enabled(false);
    return none_new();
}
static Value gc_isenabled(Value self) {
    return bool_new(gc_is_enabled());
}

static Value gc_collect_function(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"generation", NULL};
    Value v;
    int64_t generation = 2;
    if (arguments_parse("collect", args, nargs, kwnames, names, 0, 1, 0, &v) < 0)
        return VALUE_NULL;
    if (!value_is_null(v) && value_to_i64(v, &generation) < 0)
        return VALUE_NULL;
    if (generation < 0 || generation > 2)
        return raise_value_error("invalid generation");
    return int_from_i64(gc_collect_generation((int)generation));
}

static Value gc_set_debug_function(Value self, Value v) {
    int64_t flags;
    if (value_to_i64(v, &flags) < 0)
        return VALUE_NULL;
    gc_set_debug((int)flags);
    return none_new();
}
static Value gc_get_debug(Value self) {
    return value_from_int(gc_debug());
}

static Value gc_set_threshold(Value self, const Value *args, size_t nargs) {
    if (nargs < 1)
        return raise_type_error("set_threshold() takes at least 1 argument (0 given)");
    if (nargs > 3)
        return raise_type_error("set_threshold() takes at most 3 arguments (%zu given)", nargs);
    int64_t wanted[3];
    for (int i = 0; i < 3; i++)
        wanted[i] = __atomic_load_n(&thresholds[i], __ATOMIC_RELAXED);
    for (size_t i = 0; i < nargs; i++) {
        if (value_to_i64(args[i], &wanted[i]) < 0)
            return VALUE_NULL;
    }
    bool is_default = true;
    for (int i = 0; i < 3; i++) {
        __atomic_store_n(&thresholds[i], wanted[i], __ATOMIC_RELAXED);
        is_default = is_default && wanted[i] == default_thresholds[i];
    }
    gc_set_limit(is_default ? -1 : wanted[0] > 0 ? wanted[0] : 0);
    return none_new();
}

static Value gc_get_threshold(Value self) {
    Value v[3];
    for (int i = 0; i < 3; i++)
        v[i] = int_from_i64(__atomic_load_n(&thresholds[i], __ATOMIC_RELAXED));
    return tuple_from_owned(v, 3);
}

static Value gc_get_count(Value self) {
    int64_t growth = heap_growth();
    int64_t young, middle;
    gc_counts(&young, &middle);
    return tuple_pack(3, value_from_int(growth > 0 ? growth : 0), value_from_int(young),
                      value_from_int(middle));
}

static Value gc_get_stats(Value self) {
    Value list = list_new();
    for (int generation = 0; generation < 3 && !value_is_null(list); generation++) {
        GcStatistics statistics = {0};
        if (generation != 1)
            gc_statistics(&statistics, generation == 2);
        Value entry = dict_new();
        if (value_is_null(entry) ||
            dict_set_cstr(entry, "collections", value_from_int(statistics.collections)) < 0 ||
            dict_set_cstr(entry, "collected", value_from_int(statistics.collected)) < 0 ||
            dict_set_cstr(entry, "uncollectable", value_from_int(statistics.uncollectable)) < 0 ||
            list_append(list, entry) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
        ref_release(entry);
    }
    return list;
}

static Value gc_get_objects(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"generation", NULL};
    Value v;
    if (arguments_parse("get_objects", args, nargs, kwnames, names, 0, 1, 0, &v) < 0)
        return VALUE_NULL;
    if (audit("gc.get_objects", 1, value_is_null(v) ? VALUE_NONE : v) < 0)
        return VALUE_NULL;
    if (value_is_null(v) || value_is_none(v))
        return gc_objects(GC_NEW | GC_OLD);
    int64_t generation;
    if (value_to_i64(v, &generation) < 0)
        return VALUE_NULL;
    if (generation >= 3)
        return raise_value_error("generation parameter must be less than the number of available "
                                 "generations (3)");
    if (generation < 0)
        return raise_value_error("generation parameter cannot be negative");
    return generation == 1 ? list_new() : gc_objects(generation == 0 ? GC_NEW : GC_OLD);
}

static int audit_objects(const char *event, const Value *args, size_t nargs) {
    if (!audit_on())
        return 0;
    Value objects = tuple_from_array(args, (int64_t)nargs);
    int status = value_is_null(objects) ? -1 : audit(event, 1, objects);
    ref_release(objects);
    return status;
}

static Value gc_get_referrers(Value self, const Value *args, size_t nargs) {
    return audit_objects("gc.get_referrers", args, nargs) < 0 ? VALUE_NULL
                                                              : gc_referrers(args, nargs);
}
// The collector does not see numbers in the exact builtin containers; programs expect them here.
static Value gc_get_referents(Value self, const Value *args, size_t nargs) {
    if (audit_objects("gc.get_referents", args, nargs) < 0)
        return VALUE_NULL;
    Value found = list_new();
    for (size_t i = 0; i < nargs && !value_is_null(found); i++) {
        Value part;
        if (value_is_exactly(args[i], &list_type) || value_is_exactly(args[i], &tuple_type))
            part = ref_new(args[i]);
        else if (value_is_exactly(args[i], &dict_type))
            part = dict_values_list(args[i]);
        else
            part = gc_referents(&args[i], 1);
        int result = value_is_null(part) ? -1 : list_extend(found, part);
        ref_release(part);
        if (result == 0 && value_is_exactly(args[i], &dict_type)) {
            part = dict_keys_list(args[i]);
            result = value_is_null(part) ? -1 : list_extend(found, part);
            ref_release(part);
        }
        if (result < 0) {
            ref_release(found);
            found = VALUE_NULL;
        }
    }
    return found;
}

// Whether cycles may go through it: as in CPython, a dict counts once it holds such a value.
static bool is_tracked(Value v) {
    if (!gc_is_container(v) || value_is_exactly(v, &object_type))
        return false;
    if (value_is_exactly(v, &tuple_type))
        return tuple_length(v) > 0;
    if (!value_is_exactly(v, &dict_type))
        return true;
    int64_t position = 0, hash;
    Value key, item;
    bool tracked = false;
    while (!tracked && dict_next(v, &position, &key, &item, &hash)) {
        tracked = gc_is_container(key) || gc_is_container(item);
        if (tracked && value_is_exactly(item, &dict_type) && !gc_is_container(key))
            tracked = dict_length(item) > 0;
        ref_release(key);
        ref_release(item);
    }
    return tracked;
}
static Value gc_is_tracked(Value self, Value v) {
    return bool_new(is_tracked(v));
}

static Value gc_is_finalized(Value self, Value v) {
    return bool_new(value_is_object(v) && object_has_flag(value_object(v), OBJECT_FLAG_FINALIZED));
}

static Value gc_freeze_function(Value self) {
    gc_freeze();
    return none_new();
}
static Value gc_unfreeze_function(Value self) {
    gc_unfreeze();
    return none_new();
}
static Value gc_get_freeze_count(Value self) {
    return int_from_i64(gc_frozen_count());
}

static const NativeDef gc_functions[] = {
    DEF_NONE("enable", gc_enable, "Lets collections happen by themselves."),
    DEF_NONE("disable", gc_disable, "Collections happen only when asked for."),
    DEF_NONE("isenabled", gc_isenabled, "Whether collections happen by themselves."),
    DEF_VECTOR("collect", gc_collect_function,
               "collect($module, /, generation=2)\n--\n\n"
               "Collects now; the number of unreachable objects found."),
    DEF_ONE("set_debug", gc_set_debug_function, "Sets DEBUG_* flags."),
    DEF_NONE("get_debug", gc_get_debug, "The DEBUG_* flags set."),
    DEF_FIXED("set_threshold", gc_set_threshold, 0, -1,
              "set_threshold(threshold0[, threshold1[, threshold2]])\n\n"
              "How many new containers make a collection; 0: never."),
    DEF_NONE("get_threshold", gc_get_threshold, "What set_threshold() set."),
    DEF_NONE("get_count", gc_get_count,
             "New containers, and collections of generations 0 and 1, since the next higher one."),
    DEF_NONE("get_stats", gc_get_stats, "One dict a generation: what collections have done."),
    DEF_VECTOR("get_objects", gc_get_objects,
               "get_objects($module, /, generation=None)\n--\n\n"
               "A list of all containers the collector knows."),
    DEF_FIXED("get_referrers", gc_get_referrers, 0, -1,
              "get_referrers(*objs)\n\nThe containers that refer to any of objs."),
    DEF_FIXED("get_referents", gc_get_referents, 0, -1,
              "get_referents(*objs)\n\nWhat objs refer to."),
    DEF_ONE("is_tracked", gc_is_tracked, "Whether the object may be part of a cycle."),
    DEF_ONE("is_finalized", gc_is_finalized, "Whether the object's finaliser has run."),
    DEF_NONE("freeze", gc_freeze_function, "Leaves all present objects out of collections."),
    DEF_NONE("unfreeze", gc_unfreeze_function, "Undoes freeze()."),
    DEF_NONE("get_freeze_count", gc_get_freeze_count, "How many objects are left out."),
    DEF_END,
};

static int gc_fill(Value module) {
    if (value_is_null(callbacks)) {
        callbacks = list_new();
        if (value_is_null(callbacks))
            return -1;
        gc_set_listener(call_listeners);
    }
    Value garbage = gc_garbage();
    if (value_is_null(garbage))
        return -1;
    if (module_add(module, "callbacks", ref_new(callbacks)) < 0 ||
        module_add(module, "garbage", ref_new(garbage)) < 0)
        return -1;
    static const struct {
        const char *name;
        int value;
    } flags[] = {
        {"DEBUG_STATS", GC_DEBUG_STATS},
        {"DEBUG_COLLECTABLE", GC_DEBUG_COLLECTABLE},
        {"DEBUG_UNCOLLECTABLE", GC_DEBUG_UNCOLLECTABLE},
        {"DEBUG_SAVEALL", GC_DEBUG_SAVEALL},
        {"DEBUG_LEAK", GC_DEBUG_COLLECTABLE | GC_DEBUG_UNCOLLECTABLE | GC_DEBUG_SAVEALL},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (module_add_int(module, flags[i].name, flags[i].value) < 0)
            return -1;
    }
    return 0;
}

const NativeModule module_gc = {
    "gc",
    "The collector of cycles: settings, statistics, and what it sees.",
    gc_functions,
    gc_fill,
};
