// SPDX-License-Identifier: MIT
//
// `posix`: the machine and its configuration, random bytes.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/arguments.h"
#include <stdlib.h>
#include <sys/random.h>
#include <sys/times.h>
#include <sys/utsname.h>

static Value uname_type, times_type; // set once by posix_system_fill

static Value posix_uname(Value self) {
    struct utsname u;
    if (uname(&u) < 0)
        return posix_status(-1);
    const char *text[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
    Value v[5], result = VALUE_NULL;
    bool whole = true;
    for (int i = 0; i < 5; i++)
        whole &= !value_is_null(v[i] = posix_decode(text[i], false));
    if (whole)
        result = struct_sequence_new(uname_type, v);
    for (int i = 0; i < 5; i++)
        ref_release(v[i]);
    return result;
}
static Value posix_times(Value self) {
    struct tms t;
    double tick = (double)sysconf(_SC_CLK_TCK), now = (double)times(&t);
    Value v[5] = {float_new((double)t.tms_utime / tick), float_new((double)t.tms_stime / tick),
                  float_new((double)t.tms_cutime / tick), float_new((double)t.tms_cstime / tick),
                  float_new(now / tick)};
    Value result = struct_sequence_new(times_type, v);
    for (int i = 0; i < 5; i++)
        ref_release(v[i]);
    return result;
}
static Value posix_getloadavg(Value self) {
    double load[3];
    if (getloadavg(load, 3) != 3)
        return raise_error(&exception_OSError, "Load averages are unobtainable");
    Value v[3] = {float_new(load[0]), float_new(load[1]), float_new(load[2])};
    return tuple_from_owned(v, 3);
}

// ---- random bytes ------------------------------------------------------------------------------

static Value posix_urandom(Value self, Value v) {
    int64_t n;
    uint8_t *data;
    if (size_argument(v, &n) < 0)
        return VALUE_NULL;
    if (n < 0)
        return raise_value_error("negative argument not allowed");
    Value bytes = bytes_allocate(n, &data);
    for (int64_t done = 0; !value_is_null(bytes) && done < n;) {
        ssize_t got;
        POSIX_BLOCKING(got, getrandom(data + done, (size_t)(n - done), 0));
        if (got < 0) {
            ref_release(bytes);
            return posix_status(-1);
        }
        done += got;
    }
    return bytes;
}
static Value posix_getrandom(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getrandom", 0, 2, 1, "size", "flags");
    int64_t n;
    int flags = 0;
    if (size_argument(v[0], &n) < 0 || int_argument(v[1], &flags) < 0)
        return VALUE_NULL;
    if (n < 0) {
        errno = EINVAL;
        return posix_status(-1);
    }
    uint8_t *data = buffer_allocate((size_t)n + 1);
    if (!data)
        return raise_memory_error();
    ssize_t got;
    POSIX_BLOCKING(got, getrandom(data, (size_t)n, (unsigned)flags));
    Value result = got < 0 ? posix_status(-1) : bytes_new(data, (size_t)got);
    buffer_free(data);
    return result;
}

// ---- configuration -----------------------------------------------------------------------------

typedef enum { CONFIGURATION_sysconf, CONFIGURATION_pathconf, CONFIGURATION_confstr } Kind;
static const struct {
    const char *name;
    int16_t number;
    int16_t kind; // Kind
} configuration[] = {
#define CONFIGURATION(call, name) {#name, _##name, CONFIGURATION_##call},
#include "vm/modules/posix_configuration.def"
#undef CONFIGURATION
};

static int configuration_argument(Kind kind, Value v, int *out) {
    if (value_is_any_int(v))
        return int_argument(v, out);
    if (!value_is_str(v))
        return raise_int(&exception_TypeError, "configuration names must be strings or integers");
    for (size_t i = 0; i < sizeof configuration / sizeof *configuration; i++) {
        if (configuration[i].kind == (int16_t)kind && str_equal_cstr(v, configuration[i].name)) {
            *out = configuration[i].number;
            return 0;
        }
    }
    char *owned = NULL;
    bool plain = str_utf8(v, NULL, &owned);
    buffer_free(owned);
    return plain ? raise_int(&exception_ValueError, "unrecognized configuration name") : -1;
}
static Value posix_sysconf(Value self, Value v) {
    int name;
    if (configuration_argument(CONFIGURATION_sysconf, v, &name) < 0)
        return VALUE_NULL;
    errno = 0;
    long result = sysconf(name);
    return result == -1 && errno ? posix_status(-1) : int_from_i64(result);
}
static Value posix_pathconf(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("pathconf", 0, 2, 2, "path", "name");
    int name;
    PosixPath path;
    if (configuration_argument(CONFIGURATION_pathconf, v[1], &name) < 0 ||
        posix_path("pathconf", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    thread_detach();
    errno = 0;
    long result = path.text ? pathconf(path.text, name) : fpathconf(path.fd, name);
    thread_attach();
    Value number = result == -1 && errno ? posix_path_error(&path) : int_from_i64(result);
    posix_path_done(&path);
    return number;
}
static Value posix_fpathconf(Value self, const Value *args, size_t nargs) {
    int fd, name;
    if (posix_fd(args[0], &fd) < 0 ||
        configuration_argument(CONFIGURATION_pathconf, args[1], &name) < 0)
        return VALUE_NULL;
    thread_detach();
    errno = 0;
    long result = fpathconf(fd, name);
    thread_attach();
    return result == -1 && errno ? posix_status(-1) : int_from_i64(result);
}
static Value posix_confstr(Value self, Value v) {
    int name;
    if (configuration_argument(CONFIGURATION_confstr, v, &name) < 0)
        return VALUE_NULL;
    errno = 0;
    size_t length = confstr(name, NULL, 0);
    if (length == 0)
        return errno ? posix_status(-1) : none_new();
    char *text = malloc(length);
    if (!text)
        return raise_memory_error();
    confstr(name, text, length);
    Value result = posix_decode(text, false);
    free(text);
    return result;
}

const NativeDef posix_system_functions[] = {
    DEF_NONE("uname", posix_uname, "uname($module, /)\n--\n\nThe operating system."),
    DEF_NONE("times", posix_times, "times($module, /)\n--\n\nThe process's times in seconds."),
    DEF_NONE("getloadavg", posix_getloadavg,
             "getloadavg($module, /)\n--\n\nHow many processes ran over 1, 5 and 15 minutes."),
    DEF_ONE("urandom", posix_urandom, "urandom($module, size, /)\n--\n\nRandom bytes."),
    DEF_VECTOR("getrandom", posix_getrandom,
               "getrandom($module, /, size, flags=0)\n--\n\nRandom bytes, at most size."),
    DEF_ONE("sysconf", posix_sysconf, "sysconf($module, name, /)\n--\n\nA system's limit."),
    DEF_VECTOR("pathconf", posix_pathconf,
               "pathconf($module, /, path, name)\n--\n\nA file's limit."),
    DEF_FIXED("fpathconf", posix_fpathconf, 2, 2,
              "fpathconf($module, fd, name, /)\n--\n\nAn open file's limit."),
    DEF_ONE("confstr", posix_confstr, "confstr($module, name, /)\n--\n\nA system's text."),
    DEF_END,
};

int posix_system_fill(Value module) {
    static const char *const uname_fields[] = {"sysname", "nodename", "release",
                                               "version", "machine",  NULL};
    static const char *const times_fields[] = {
        "user", "system", "children_user", "children_system", "elapsed", NULL};
    static const char *const names[] = {"sysconf_names", "pathconf_names", "confstr_names"};
    uname_type = struct_sequence_type("posix.uname_result", uname_fields);
    times_type = struct_sequence_type("posix.times_result", times_fields);
    if (module_add(module, "uname_result", ref_new(uname_type)) < 0 ||
        module_add(module, "times_result", ref_new(times_type)) < 0)
        return -1;
    for (int kind = 0; kind < 3; kind++) {
        Value dict = dict_new();
        if (value_is_null(dict))
            return -1;
        for (size_t i = 0; i < sizeof configuration / sizeof *configuration; i++) {
            if (configuration[i].kind == kind &&
                dict_set_cstr(dict, configuration[i].name,
                              value_from_int(configuration[i].number)) < 0) {
                ref_release(dict);
                return -1;
            }
        }
        if (module_add(module, names[kind], dict) < 0)
            return -1;
    }
    return 0;
}
