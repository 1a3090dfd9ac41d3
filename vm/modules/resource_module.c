// SPDX-License-Identifier: MIT
//
// `resource`: what the process has used, and its limits.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/arguments.h"
#include <sys/resource.h>
#include <sys/time.h>

static Value usage_type; // struct_rusage; set once by fill

Value resource_usage(const struct rusage *usage) {
    Value module = import_module_cstr("resource"); // os.wait4() may be the first to need the type
    if (value_is_null(module))
        return module;
    ref_release(module);
    Value v[16] = {
        float_new((double)usage->ru_utime.tv_sec + 1e-6 * (double)usage->ru_utime.tv_usec),
        float_new((double)usage->ru_stime.tv_sec + 1e-6 * (double)usage->ru_stime.tv_usec)};
    const long numbers[] = {usage->ru_maxrss, usage->ru_ixrss,   usage->ru_idrss,
                            usage->ru_isrss,  usage->ru_minflt,  usage->ru_majflt,
                            usage->ru_nswap,  usage->ru_inblock, usage->ru_oublock,
                            usage->ru_msgsnd, usage->ru_msgrcv,  usage->ru_nsignals,
                            usage->ru_nvcsw,  usage->ru_nivcsw};
    for (int i = 0; i < 14; i++)
        v[2 + i] = int_from_i64(numbers[i]);
    Value result = struct_sequence_new(usage_type, v);
    for (int i = 0; i < 16; i++)
        ref_release(v[i]);
    return result;
}

static Value resource_getrusage(Value self, Value v) {
    int who;
    struct rusage usage;
    if (int_argument(v, &who) < 0)
        return VALUE_NULL;
    if (getrusage((__rusage_who_t)who, &usage) < 0)
        return errno == EINVAL ? raise_value_error("invalid who parameter") : posix_status(-1);
    return resource_usage(&usage);
}

// ---- limits ------------------------------------------------------------------------------------

static Value make_limit(const struct rlimit *limit) {
    Value v[2] = {
        limit->rlim_cur == RLIM_INFINITY ? value_from_int(-1) : int_from_u64(limit->rlim_cur),
        limit->rlim_max == RLIM_INFINITY ? value_from_int(-1) : int_from_u64(limit->rlim_max)};
    return tuple_from_owned(v, 2);
}
static int to_limit(Value v, rlim_t *out) {
    Value number = value_index(v);
    if (value_is_null(number))
        return -1;
    int64_t n;
    uint64_t u;
    bool fits = int_to_u64(number, &u), is_signed = int_to_i64(number, &n);
    ref_release(number);
    if (is_signed)
        *out = (rlim_t)n;
    else if (fits)
        *out = u;
    else
        return raise_int(&exception_OverflowError, "Python int too large to convert to C long");
    return 0;
}
static int limits_argument(Value v, struct rlimit *out) {
    Value items = tuple_from_iterable(v);
    if (value_is_null(items))
        return -1;
    int status = tuple_length(items) != 2
                     ? raise_int(&exception_ValueError, "expected a tuple of 2 integers")
                 : to_limit(tuple_item(items, 0), &out->rlim_cur) < 0 ||
                         to_limit(tuple_item(items, 1), &out->rlim_max) < 0
                     ? -1
                     : 0;
    ref_release(items);
    return status;
}
static int resource_argument(Value v, int *out) {
    if (int_argument(v, out) < 0)
        return -1;
    if (*out < 0 || *out >= (int)RLIM_NLIMITS)
        return raise_int(&exception_ValueError, "invalid resource specified");
    return 0;
}
static Value limit_error(void) {
    return errno == EINVAL  ? raise_value_error("current limit exceeds maximum limit")
           : errno == EPERM ? raise_value_error("not allowed to raise maximum limit")
                            : posix_status(-1);
}
static Value resource_getrlimit(Value self, Value v) {
    int which;
    struct rlimit limit;
    if (resource_argument(v, &which) < 0)
        return VALUE_NULL;
    return getrlimit((__rlimit_resource_t)which, &limit) < 0 ? posix_status(-1)
                                                             : make_limit(&limit);
}
static Value resource_setrlimit(Value self, const Value *args, size_t nargs) {
    int which;
    struct rlimit limit;
    if (resource_argument(args[0], &which) < 0 || limits_argument(args[1], &limit) < 0)
        return VALUE_NULL;
    return setrlimit((__rlimit_resource_t)which, &limit) < 0 ? limit_error() : none_new();
}
static Value resource_prlimit(Value self, const Value *args, size_t nargs) {
    int pid, which;
    struct rlimit old, new;
    bool set = nargs > 2 && !value_is_none(args[2]);
    if (int_format_argument(args[0], &pid) < 0 || resource_argument(args[1], &which) < 0 ||
        (set && limits_argument(args[2], &new) < 0))
        return VALUE_NULL;
    if (prlimit(pid, (__rlimit_resource_t)which, set ? &new : NULL, &old) < 0)
        return errno == EINVAL ? limit_error() : posix_status(-1);
    return make_limit(&old);
}
static Value resource_getpagesize(Value self) {
    return value_from_int(getpagesize());
}

static const NativeDef functions[] = {
    DEF_ONE("getrusage", resource_getrusage,
            "getrusage($module, who, /)\n--\n\nWhat the process or its children have used."),
    DEF_ONE("getrlimit", resource_getrlimit,
            "getrlimit($module, resource, /)\n--\n\nA limit: (current, highest)."),
    DEF_FIXED("setrlimit", resource_setrlimit, 2, 2,
              "setrlimit($module, resource, limits, /)\n--\n\nSets a limit."),
    DEF_FIXED("prlimit", resource_prlimit, 2, 3,
              "prlimit(pid, resource, [limits])\n\nA process's limit, and sets it."),
    DEF_NONE("getpagesize", resource_getpagesize,
             "getpagesize($module, /)\n--\n\nBytes of a page."),
    DEF_END,
};

static int fill(Value module) {
    static const char *const fields[] = {
        "ru_utime",  "ru_stime",    "ru_maxrss", "ru_ixrss",   "ru_idrss",   "ru_isrss",
        "ru_minflt", "ru_majflt",   "ru_nswap",  "ru_inblock", "ru_oublock", "ru_msgsnd",
        "ru_msgrcv", "ru_nsignals", "ru_nvcsw",  "ru_nivcsw",  NULL};
    static const PosixConstant constants[] = {
#define N(name) {#name, (int64_t)name}
        N(RLIMIT_AS),
        N(RLIMIT_CORE),
        N(RLIMIT_CPU),
        N(RLIMIT_DATA),
        N(RLIMIT_FSIZE),
        N(RLIMIT_MEMLOCK),
        N(RLIMIT_MSGQUEUE),
        N(RLIMIT_NICE),
        N(RLIMIT_NOFILE),
        N(RLIMIT_NPROC),
        N(RLIMIT_OFILE),
        N(RLIMIT_RSS),
        N(RLIMIT_RTPRIO),
        N(RLIMIT_RTTIME),
        N(RLIMIT_SIGPENDING),
        N(RLIMIT_STACK),
        N(RUSAGE_CHILDREN),
        N(RUSAGE_SELF),
        N(RUSAGE_THREAD),
        N(RLIM_INFINITY),
#undef N
        {0}};
    usage_type = struct_sequence_type("resource.struct_rusage", fields);
    return posix_add_constants(module, constants) < 0 ||
                   module_add(module, "struct_rusage", ref_new(usage_type)) < 0 ||
                   module_add(module, "error", ref_new(value_from_object(&exception_OSError))) < 0
               ? -1
               : 0;
}

const NativeModule module_resource = {"resource", "What a process uses and may use.", functions,
                                      fill};
