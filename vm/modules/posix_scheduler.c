// SPDX-License-Identifier: MIT
//
// `posix`: processors and who gets them.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/set.h"
#include "vm/types/arguments.h"
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>

static Value param_type; // os.sched_param; set once by posix_scheduler_fill

static Value posix_cpu_count(Value self) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? none_new() : value_from_int(count);
}
static Value posix_nice(Value self, Value v) {
    int increment;
    if (int_argument(v, &increment) < 0)
        return VALUE_NULL;
    errno = 0;
    int result = nice(increment);
    return result == -1 && errno ? posix_status(-1) : value_from_int(result);
}
static Value posix_getpriority(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getpriority", 0, 2, 2, "which", "who");
    int which, who;
    if (int_argument(v[0], &which) < 0 || int_argument(v[1], &who) < 0)
        return VALUE_NULL;
    errno = 0;
    int result = getpriority((__priority_which_t)which, (id_t)who);
    return errno ? posix_status(-1) : value_from_int(result);
}
static Value posix_setpriority(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("setpriority", 0, 3, 3, "which", "who", "priority");
    int which, who, priority;
    if (int_argument(v[0], &which) < 0 || int_argument(v[1], &who) < 0 ||
        int_argument(v[2], &priority) < 0)
        return VALUE_NULL;
    return posix_status(setpriority((__priority_which_t)which, (id_t)who, priority));
}

// ---- policies ----------------------------------------------------------------------------------

static Value posix_sched_yield(Value self) {
    thread_detach();
    int status = sched_yield();
    thread_attach();
    return posix_status(status);
}
static Value posix_sched_get_priority_max(Value self, const Value *args, size_t nargs,
                                          Value kwnames) {
    POSIX_ARGUMENTS("sched_get_priority_max", 0, 1, 1, "policy");
    int policy;
    return int_argument(v[0], &policy) < 0 ? VALUE_NULL
                                           : posix_number(sched_get_priority_max(policy));
}
static Value posix_sched_get_priority_min(Value self, const Value *args, size_t nargs,
                                          Value kwnames) {
    POSIX_ARGUMENTS("sched_get_priority_min", 0, 1, 1, "policy");
    int policy;
    return int_argument(v[0], &policy) < 0 ? VALUE_NULL
                                           : posix_number(sched_get_priority_min(policy));
}
static Value posix_sched_getscheduler(Value self, Value v) {
    int pid;
    return int_format_argument(v, &pid) < 0 ? VALUE_NULL : posix_number(sched_getscheduler(pid));
}
static int param_argument(Value v, struct sched_param *out) {
    if (!value_same(value_from_object(value_type(v)), param_type))
        return raise_int(&exception_TypeError, "must have a sched_param object");
    int priority;
    if (int_argument(tuple_item(v, 0), &priority) < 0)
        return -1;
    out->sched_priority = priority;
    return 0;
}
static Value posix_sched_setscheduler(Value self, const Value *args, size_t nargs) {
    int pid, policy;
    struct sched_param parameter;
    if (int_format_argument(args[0], &pid) < 0 || int_argument(args[1], &policy) < 0 ||
        param_argument(args[2], &parameter) < 0)
        return VALUE_NULL;
    return posix_status(sched_setscheduler(pid, policy, &parameter));
}
static Value posix_sched_getparam(Value self, Value v) {
    int pid;
    struct sched_param parameter;
    if (int_format_argument(v, &pid) < 0)
        return VALUE_NULL;
    if (sched_getparam(pid, &parameter) < 0)
        return posix_status(-1);
    Value priority = value_from_int(parameter.sched_priority);
    return struct_sequence_new(param_type, &priority);
}
static Value posix_sched_setparam(Value self, const Value *args, size_t nargs) {
    int pid;
    struct sched_param parameter;
    if (int_format_argument(args[0], &pid) < 0 || param_argument(args[1], &parameter) < 0)
        return VALUE_NULL;
    return posix_status(sched_setparam(pid, &parameter));
}
static Value posix_sched_rr_get_interval(Value self, Value v) {
    int pid;
    struct timespec t;
    if (int_format_argument(v, &pid) < 0)
        return VALUE_NULL;
    return sched_rr_get_interval(pid, &t) < 0
               ? posix_status(-1)
               : float_new((double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}

// ---- affinity ----------------------------------------------------------------------------------

static Value posix_sched_getaffinity(Value self, Value v) {
    int pid;
    if (int_format_argument(v, &pid) < 0)
        return VALUE_NULL;
    for (int capacity = CPU_SETSIZE;; capacity *= 2) {
        size_t size = CPU_ALLOC_SIZE(capacity);
        cpu_set_t *cpus = CPU_ALLOC(capacity);
        if (!cpus)
            return raise_memory_error();
        Value result = VALUE_NULL;
        bool again = false;
        if (sched_getaffinity(pid, size, cpus) < 0) {
            again = errno == EINVAL && capacity < 1 << 20;
            if (!again)
                posix_status(-1);
        } else {
            result = set_new();
            for (int i = 0; i < capacity && !value_is_null(result); i++) {
                if (CPU_ISSET_S(i, size, cpus) && set_add(result, value_from_int(i)) < 0) {
                    ref_release(result);
                    result = VALUE_NULL;
                }
            }
        }
        CPU_FREE(cpus);
        if (!again)
            return result;
    }
}
static Value posix_sched_setaffinity(Value self, const Value *args, size_t nargs) {
    int pid;
    if (int_format_argument(args[0], &pid) < 0)
        return VALUE_NULL;
    Value items = tuple_from_iterable(args[1]);
    if (value_is_null(items))
        return VALUE_NULL;
    enum { LIMIT = 1 << 16 };
    size_t size = CPU_ALLOC_SIZE(LIMIT);
    cpu_set_t *cpus = CPU_ALLOC(LIMIT);
    Value result = VALUE_NULL;
    if (!cpus) {
        raise_memory_error();
    } else {
        CPU_ZERO_S(size, cpus);
        int64_t i = 0, cpu;
        for (; i < tuple_length(items); i++) {
            Value item = tuple_item(items, i);
            if (!value_is_any_int(item)) {
                raise_type_error("expected an iterator of ints, but iterator yielded %R",
                                 value_from_object(value_type(item)));
                break;
            }
            if (value_to_i64(item, &cpu) < 0)
                break;
            if (cpu < 0) {
                raise_value_error("negative CPU number");
                break;
            }
            if (cpu >= LIMIT) {
                raise_error(&exception_OverflowError, "CPU number too large");
                break;
            }
            CPU_SET_S((size_t)cpu, size, cpus);
        }
        if (i == tuple_length(items))
            result = posix_status(sched_setaffinity(pid, size, cpus));
        CPU_FREE(cpus);
    }
    ref_release(items);
    return result;
}

const NativeDef posix_scheduler_functions[] = {
    DEF_NONE("cpu_count", posix_cpu_count, "cpu_count($module, /)\n--\n\nHow many CPUs run."),
    DEF_ONE("nice", posix_nice,
            "nice($module, increment, /)\n--\n\nMakes the process nicer; gives its niceness."),
    DEF_VECTOR("getpriority", posix_getpriority,
               "getpriority($module, /, which, who)\n--\n\nA niceness."),
    DEF_VECTOR("setpriority", posix_setpriority,
               "setpriority($module, /, which, who, priority)\n--\n\nSets a niceness."),
    DEF_NONE("sched_yield", posix_sched_yield, "sched_yield($module, /)\n--\n\nLets others run."),
    DEF_VECTOR("sched_get_priority_max", posix_sched_get_priority_max,
               "sched_get_priority_max($module, /, policy)\n--\n\nA policy's highest priority."),
    DEF_VECTOR("sched_get_priority_min", posix_sched_get_priority_min,
               "sched_get_priority_min($module, /, policy)\n--\n\nA policy's lowest priority."),
    DEF_ONE("sched_getscheduler", posix_sched_getscheduler,
            "sched_getscheduler($module, pid, /)\n--\n\nA process's policy."),
    DEF_FIXED("sched_setscheduler", posix_sched_setscheduler, 3, 3,
              "sched_setscheduler($module, pid, policy, param, /)\n--\n\n"
              "Sets a process's policy."),
    DEF_ONE("sched_getparam", posix_sched_getparam,
            "sched_getparam($module, pid, /)\n--\n\nA process's priority as a sched_param."),
    DEF_FIXED("sched_setparam", posix_sched_setparam, 2, 2,
              "sched_setparam($module, pid, param, /)\n--\n\nSets a process's priority."),
    DEF_ONE("sched_rr_get_interval", posix_sched_rr_get_interval,
            "sched_rr_get_interval($module, pid, /)\n--\n\nSeconds of a turn."),
    DEF_ONE("sched_getaffinity", posix_sched_getaffinity,
            "sched_getaffinity($module, pid, /)\n--\n\nThe CPUs a process may use."),
    DEF_FIXED("sched_setaffinity", posix_sched_setaffinity, 2, 2,
              "sched_setaffinity($module, pid, mask, /)\n--\n\n"
              "Sets the CPUs a process may use."),
    DEF_END,
};

// Made from its only field, not from a sequence.
static Value param_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("sched_param", 0, 1, 1, "sched_priority");
    return struct_sequence_new(value_from_object(type), v);
}

int posix_scheduler_fill(Value module) {
    static const char *const fields[] = {"sched_priority", NULL};
    param_type = struct_sequence_type("posix.sched_param", fields);
    if (value_is_null(param_type))
        return -1;
    ((Type *)value_object(param_type))->call_new = param_new;
    return module_add(module, "sched_param", ref_new(param_type));
}
