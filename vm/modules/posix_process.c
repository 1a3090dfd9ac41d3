// SPDX-License-Identifier: MIT
//
// `posix`: processes, identity, the machine.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>

static Value uname_type, times_type;

#define GETTER(function, call)                                                                     \
    static Value function(Value self) { return int_from_i64((int64_t)call); }
GETTER(posix_getpid, getpid())
GETTER(posix_getppid, getppid())
GETTER(posix_getuid, getuid())
GETTER(posix_geteuid, geteuid())
GETTER(posix_getgid, getgid())
GETTER(posix_getegid, getegid())
GETTER(posix_getpgrp, getpgrp())
GETTER(posix_cpu_count, sysconf(_SC_NPROCESSORS_ONLN))

static Value posix_exit(Value self, Value v) {
    int64_t code;
    if (value_to_i64(v, &code) < 0)
        return VALUE_NULL;
    _exit((int)code);
}
static Value posix_abort(Value self) { abort(); }
static Value posix_kill(Value self, const Value *args, size_t nargs) {
    int64_t pid, number;
    if (value_to_i64(args[0], &pid) < 0 || value_to_i64(args[1], &number) < 0)
        return VALUE_NULL;
    Value result = posix_status(kill((pid_t)pid, (int)number));
    // A signal to ourselves is seen now, as programs expect.
    if (!value_is_null(result) && thread_check_signals() < 0) {
        ref_release(result);
        return VALUE_NULL;
    }
    return result;
}
static Value posix_fork(Value self) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        threads_after_fork_in_child();
    return pid < 0 ? posix_status(-1) : value_from_int(pid);
}
static Value posix_waitpid(Value self, const Value *args, size_t nargs) {
    int64_t pid, options;
    int status = 0;
    pid_t got;
    if (value_to_i64(args[0], &pid) < 0 || value_to_i64(args[1], &options) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(got, waitpid((pid_t)pid, &status, (int)options));
    return got < 0 ? posix_status(-1) : tuple_pack(2, value_from_int(got), value_from_int(status));
}
static Value posix_wait(Value self) {
    int status = 0;
    pid_t got;
    POSIX_BLOCKING(got, wait(&status));
    return got < 0 ? posix_status(-1) : tuple_pack(2, value_from_int(got), value_from_int(status));
}
static Value posix_waitstatus_to_exitcode(Value self, Value v) {
    int64_t status;
    if (value_to_i64(v, &status) < 0)
        return VALUE_NULL;
    if (WIFEXITED((int)status))
        return value_from_int(WEXITSTATUS((int)status));
    if (WIFSIGNALED((int)status))
        return value_from_int(-WTERMSIG((int)status));
    return raise_value_error("process still running or stopped: status %lld", (long long)status);
}
#define STATUS_MACRO(function, make, expression)                                                   \
    static Value function(Value self, Value v) {                                                   \
        int64_t n;                                                                                 \
        if (value_to_i64(v, &n) < 0)                                                               \
            return VALUE_NULL;                                                                     \
        int status = (int)n;                                                                       \
        return make(expression);                                                                   \
    }
STATUS_MACRO(posix_wifexited, bool_new, WIFEXITED(status))
STATUS_MACRO(posix_wifsignaled, bool_new, WIFSIGNALED(status))
STATUS_MACRO(posix_wifstopped, bool_new, WIFSTOPPED(status))
STATUS_MACRO(posix_wexitstatus, value_from_int, WEXITSTATUS(status))
STATUS_MACRO(posix_wtermsig, value_from_int, WTERMSIG(status))
STATUS_MACRO(posix_wstopsig, value_from_int, WSTOPSIG(status))
STATUS_MACRO(posix_wcoredump, bool_new, WCOREDUMP(status))

// A NULL-terminated array of C strings from a sequence; freed by free_strings.
static void free_strings(char **strings) {
    for (char **s = strings; s && *s; s++)
        buffer_free(*s);
    free(strings);
}
static char **make_strings(const char *function, Value sequence) {
    Value items = tuple_from_iterable(sequence);
    if (value_is_null(items))
        return NULL;
    int64_t n = tuple_length(items);
    char **out = calloc((size_t)n + 1, sizeof *out);
    for (int64_t i = 0; out && i < n; i++) {
        PosixPath path;
        if (posix_path(function, "argument", tuple_item(items, i), false, &path) < 0) {
            free_strings(out);
            out = NULL;
            break;
        }
        out[i] = path.owned;
        path.owned = NULL;
        posix_path_done(&path);
    }
    ref_release(items);
    return out;
}
static char **make_environment(Value mapping) {
    Value items = value_call_method(mapping, name_items, NULL, 0), list;
    list = value_is_null(items) ? items : list_from_iterable(items);
    ref_release(items);
    if (value_is_null(list))
        return NULL;
    int64_t n = list_length(list);
    char **out = calloc((size_t)n + 1, sizeof *out);
    for (int64_t i = 0; out && i < n; i++) {
        Value pair = list_get(list, i);
        PosixPath key, value;
        bool ok = value_is_tuple(pair) && posix_path("execve", "env", tuple_item(pair, 0), false, &key) == 0;
        if (ok && posix_path("execve", "env", tuple_item(pair, 1), false, &value) < 0) {
            posix_path_done(&key);
            ok = false;
        }
        if (ok) {
            size_t a = strlen(key.text), b = strlen(value.text);
            out[i] = buffer_allocate(a + b + 2);
            memcpy(out[i], key.text, a);
            out[i][a] = '=';
            memcpy(out[i] + a + 1, value.text, b + 1);
            posix_path_done(&key);
            posix_path_done(&value);
        }
        ref_release(pair);
        if (!ok) {
            free_strings(out);
            out = NULL;
        }
    }
    ref_release(list);
    return out;
}
static Value posix_execv(Value self, const Value *args, size_t nargs) {
    PosixPath path;
    char **argv, **environment = NULL;
    if (posix_path("execv", "path", args[0], false, &path) < 0)
        return VALUE_NULL;
    argv = make_strings("execv", args[1]);
    if (argv && nargs > 2)
        environment = make_environment(args[2]);
    if (argv && (nargs < 3 || environment)) {
        execve(path.text, argv, environment ? environment : environ);
        posix_path_error(&path);
    }
    free_strings(argv);
    free_strings(environment);
    posix_path_done(&path);
    return VALUE_NULL;
}
static Value posix_system(Value self, Value command) {
    PosixPath path;
    int status;
    if (posix_path("system", "command", command, false, &path) < 0)
        return VALUE_NULL;
    thread_detach();
    status = system(path.text);
    thread_attach();
    posix_path_done(&path);
    return value_from_int(status);
}
static Value posix_urandom(Value self, Value v) {
    int64_t n;
    uint8_t *data;
    if (value_to_size(v, &n) < 0)
        return VALUE_NULL;
    if (n < 0)
        return raise_value_error("negative argument not allowed");
    Value bytes = bytes_allocate(n, &data);
    for (int64_t done = 0; !value_is_null(bytes) && done < n;) {
        ssize_t got = getrandom(data + done, (size_t)(n - done), 0);
        if (got < 0 && errno != EINTR) {
            ref_release(bytes);
            return posix_status(-1);
        }
        done += got < 0 ? 0 : got;
    }
    return bytes;
}
static Value posix_getrandom(Value self, const Value *args, size_t nargs) { return posix_urandom(self, args[0]); }
static Value posix_strerror(Value self, Value v) {
    int64_t n;
    return value_to_i64(v, &n) < 0 ? VALUE_NULL : str_from_cstr(strerror((int)n));
}
static Value posix_umask(Value self, Value v) {
    int64_t n;
    return value_to_i64(v, &n) < 0 ? VALUE_NULL : value_from_int(umask((mode_t)n));
}
static Value posix_putenv(Value self, const Value *args, size_t nargs) {
    PosixPath key, value;
    if (posix_path("putenv", "name", args[0], false, &key) < 0)
        return VALUE_NULL;
    if (posix_path("putenv", "value", args[1], false, &value) < 0) {
        posix_path_done(&key);
        return VALUE_NULL;
    }
    Value result = strchr(key.text, '=') ? raise_value_error("illegal environment variable name")
                                         : posix_status(setenv(key.text, value.text, 1));
    posix_path_done(&key);
    posix_path_done(&value);
    return result;
}
static Value posix_unsetenv(Value self, Value v) {
    PosixPath key;
    if (posix_path("unsetenv", "name", v, false, &key) < 0)
        return VALUE_NULL;
    Value result = posix_status(unsetenv(key.text));
    posix_path_done(&key);
    return result;
}
static Value posix_uname(Value self) {
    struct utsname u;
    if (uname(&u) < 0)
        return posix_status(-1);
    const char *text[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
    Value v[5];
    for (int i = 0; i < 5; i++)
        v[i] = str_from_cstr(text[i]);
    Value result = struct_sequence_new(uname_type, v);
    for (int i = 0; i < 5; i++)
        ref_release(v[i]);
    return result;
}
static Value posix_times(Value self) {
    struct tms t;
    double tick = (double)sysconf(_SC_CLK_TCK), now = (double)times(&t);
    Value v[5] = {float_new((double)t.tms_utime / tick), float_new((double)t.tms_stime / tick),
                  float_new((double)t.tms_cutime / tick), float_new((double)t.tms_cstime / tick), float_new(now / tick)};
    return struct_sequence_new(times_type, v);
}
static Value posix_getloadavg(Value self) {
    double load[3];
    if (getloadavg(load, 3) != 3)
        return raise_error(&exception_OSError, "Load averages are unobtainable");
    return tuple_pack(3, float_new(load[0]), float_new(load[1]), float_new(load[2]));
}
static Value posix_sched_yield(Value self) {
    thread_detach();
    sched_yield();
    thread_attach();
    return none_new();
}
static Value posix_sched_getaffinity(Value self, Value v) {
    int64_t pid;
    cpu_set_t set;
    if (value_to_i64(v, &pid) < 0)
        return VALUE_NULL;
    if (sched_getaffinity((pid_t)pid, sizeof set, &set) < 0)
        return posix_status(-1);
    Value list = list_new();
    for (int i = 0; i < CPU_SETSIZE && !value_is_null(list); i++)
        if (CPU_ISSET(i, &set))
            list_append(list, value_from_int(i));
    Value result = value_is_null(list) ? list : value_call_one(value_getattr_cstr(import_module_cstr("builtins"), "set"), list);
    ref_release(list);
    return result;
}
static Value posix_sched_setaffinity(Value self, const Value *args, size_t nargs) {
    int64_t pid, cpu;
    cpu_set_t set;
    CPU_ZERO(&set);
    if (value_to_i64(args[0], &pid) < 0)
        return VALUE_NULL;
    Value items = tuple_from_iterable(args[1]);
    if (value_is_null(items))
        return items;
    for (int64_t i = 0; i < tuple_length(items); i++) {
        if (value_to_i64(tuple_item(items, i), &cpu) < 0) {
            ref_release(items);
            return VALUE_NULL;
        }
        if (cpu >= 0 && cpu < CPU_SETSIZE)
            CPU_SET((int)cpu, &set);
    }
    ref_release(items);
    return posix_status(sched_setaffinity((pid_t)pid, sizeof set, &set));
}
static Value posix_nice(Value self, Value v) {
    int64_t n;
    if (value_to_i64(v, &n) < 0)
        return VALUE_NULL;
    errno = 0;
    int result = nice((int)n);
    return result == -1 && errno ? posix_status(-1) : value_from_int(result);
}
static Value posix_sysconf(Value self, Value v) {
    int64_t n = -1;
    if (value_is_str(v)) {
        if (str_equal_cstr(v, "SC_PAGE_SIZE") || str_equal_cstr(v, "SC_PAGESIZE"))
            n = _SC_PAGESIZE;
        else if (str_equal_cstr(v, "SC_NPROCESSORS_ONLN"))
            n = _SC_NPROCESSORS_ONLN;
        else if (str_equal_cstr(v, "SC_NPROCESSORS_CONF"))
            n = _SC_NPROCESSORS_CONF;
        else if (str_equal_cstr(v, "SC_CLK_TCK"))
            n = _SC_CLK_TCK;
        else if (str_equal_cstr(v, "SC_OPEN_MAX"))
            n = _SC_OPEN_MAX;
        else if (str_equal_cstr(v, "SC_PHYS_PAGES"))
            n = _SC_PHYS_PAGES;
        else
            return raise_value_error("unrecognized configuration name");
    } else if (value_to_i64(v, &n) < 0) {
        return VALUE_NULL;
    }
    return int_from_i64(sysconf((int)n));
}
static Value posix_register_at_fork(Value self, const Value *args, size_t nargs, Value kwnames) { return none_new(); }
static Value posix_device_encoding(Value self, Value v) {
    int fd;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    return isatty(fd) ? str_from_cstr("UTF-8") : none_new();
}
static Value posix_getlogin(Value self) {
    char name[256];
    int problem = getlogin_r(name, sizeof name);
    if (problem)
        return raise_errno(problem);
    return posix_decode(name, false);
}
static Value posix_setsid(Value self) { return posix_status(setsid()); }

const NativeDef posix_process_functions[] = {
    DEF_NONE("getpid", posix_getpid, NULL), DEF_NONE("getppid", posix_getppid, NULL), DEF_NONE("getuid", posix_getuid, NULL),
    DEF_NONE("geteuid", posix_geteuid, NULL), DEF_NONE("getgid", posix_getgid, NULL), DEF_NONE("getegid", posix_getegid, NULL),
    DEF_NONE("getpgrp", posix_getpgrp, NULL), DEF_NONE("cpu_count", posix_cpu_count, NULL), DEF_ONE("_exit", posix_exit, NULL),
    DEF_NONE("abort", posix_abort, NULL), DEF_FIXED("kill", posix_kill, 2, 2, NULL), DEF_NONE("fork", posix_fork, NULL),
    DEF_FIXED("waitpid", posix_waitpid, 2, 2, NULL), DEF_NONE("wait", posix_wait, NULL),
    DEF_ONE("waitstatus_to_exitcode", posix_waitstatus_to_exitcode, NULL), DEF_ONE("WIFEXITED", posix_wifexited, NULL),
    DEF_ONE("WIFSIGNALED", posix_wifsignaled, NULL), DEF_ONE("WIFSTOPPED", posix_wifstopped, NULL),
    DEF_ONE("WEXITSTATUS", posix_wexitstatus, NULL), DEF_ONE("WTERMSIG", posix_wtermsig, NULL),
    DEF_ONE("WSTOPSIG", posix_wstopsig, NULL), DEF_ONE("WCOREDUMP", posix_wcoredump, NULL),
    DEF_FIXED("execv", posix_execv, 2, 2, NULL), DEF_FIXED("execve", posix_execv, 3, 3, NULL), DEF_ONE("system", posix_system, NULL),
    DEF_ONE("urandom", posix_urandom, NULL), DEF_FIXED("getrandom", posix_getrandom, 1, 2, NULL), DEF_ONE("strerror", posix_strerror, NULL),
    DEF_ONE("umask", posix_umask, NULL), DEF_FIXED("putenv", posix_putenv, 2, 2, NULL), DEF_ONE("unsetenv", posix_unsetenv, NULL),
    DEF_NONE("uname", posix_uname, NULL), DEF_NONE("times", posix_times, NULL), DEF_NONE("getloadavg", posix_getloadavg, NULL),
    DEF_NONE("sched_yield", posix_sched_yield, NULL), DEF_ONE("sched_getaffinity", posix_sched_getaffinity, NULL),
    DEF_FIXED("sched_setaffinity", posix_sched_setaffinity, 2, 2, NULL), DEF_ONE("nice", posix_nice, NULL),
    DEF_ONE("sysconf", posix_sysconf, NULL), DEF_VECTOR("register_at_fork", posix_register_at_fork, NULL),
    DEF_ONE("device_encoding", posix_device_encoding, NULL), DEF_NONE("getlogin", posix_getlogin, NULL),
    DEF_NONE("setsid", posix_setsid, NULL), DEF_END,
};

int posix_process_fill(Value module) {
    static const char *const uname_fields[] = {"sysname", "nodename", "release", "version", "machine", NULL};
    static const char *const times_fields[] = {"user", "system", "children_user", "children_system", "elapsed", NULL};
    uname_type = struct_sequence_type("posix.uname_result", uname_fields);
    times_type = struct_sequence_type("posix.times_result", times_fields);
    return module_add(module, "uname_result", ref_new(uname_type)) < 0 ||
                   module_add(module, "times_result", ref_new(times_type)) < 0
               ? -1
               : 0;
}
