// SPDX-License-Identifier: MIT
//
// `posix`: waiting for processes, and what their status says.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/arguments.h"
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static Value waitid_type; // set once by posix_wait_fill

static Value posix_waitpid(Value self, const Value *args, size_t nargs) {
    int pid, options, status = 0, got;
    if (int_format_argument(args[0], &pid) < 0 || int_argument(args[1], &options) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(got, waitpid(pid, &status, options));
    return got < 0 ? posix_status(-1) : posix_pair(got, status);
}
static Value posix_wait(Value self) {
    int status = 0, got;
    POSIX_BLOCKING(got, wait(&status));
    return got < 0 ? posix_status(-1) : posix_pair(got, status);
}

// (pid, status, resource.struct_rusage)
static Value with_usage(int pid, int status, const struct rusage *usage) {
    if (pid < 0)
        return posix_status(-1);
    Value used = resource_usage(usage);
    Value result = value_is_null(used)
                       ? used
                       : tuple_pack(3, value_from_int(pid), value_from_int(status), used);
    ref_release(used);
    return result;
}
static Value posix_wait3(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("wait3", 0, 1, 1, "options");
    int options, status = 0, got;
    struct rusage usage = {0};
    if (int_argument(v[0], &options) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(got, wait3(&status, options, &usage));
    return with_usage(got, status, &usage);
}
static Value posix_wait4(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("wait4", 0, 2, 2, "pid", "options");
    int pid, options, status = 0, got;
    struct rusage usage = {0};
    if (int_format_argument(v[0], &pid) < 0 || int_argument(v[1], &options) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(got, wait4(pid, &status, options, &usage));
    return with_usage(got, status, &usage);
}
static Value posix_waitid(Value self, const Value *args, size_t nargs) {
    int type, id, options, status;
    siginfo_t info = {.si_pid = 0};
    if (int_argument(args[0], &type) < 0 || int_argument(args[1], &id) < 0 ||
        int_argument(args[2], &options) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, waitid((idtype_t)type, (id_t)id, &info, options));
    if (status < 0)
        return posix_status(-1);
    if (info.si_pid == 0)
        return none_new();
    Value v[5] = {value_from_int(info.si_pid), value_from_int(info.si_uid),
                  value_from_int(info.si_signo), value_from_int(info.si_status),
                  value_from_int(info.si_code)};
    return struct_sequence_new(waitid_type, v);
}

static Value posix_waitstatus_to_exitcode(Value self, const Value *args, size_t nargs,
                                          Value kwnames) {
    POSIX_ARGUMENTS("waitstatus_to_exitcode", 0, 1, 1, "status");
    int status;
    if (int_argument(v[0], &status) < 0)
        return VALUE_NULL;
    if (WIFEXITED(status))
        return value_from_int(WEXITSTATUS(status));
    if (WIFSIGNALED(status))
        return value_from_int(-WTERMSIG(status));
    if (WIFSTOPPED(status))
        return raise_value_error("process stopped by delivery of signal %d", WSTOPSIG(status));
    return raise_value_error("invalid wait status: %d", status);
}

#define STATUS_MACRO(macro, make)                                                                  \
    static Value posix_##macro(Value self, const Value *args, size_t nargs, Value kwnames) {       \
        POSIX_ARGUMENTS(#macro, 0, 1, 1, "status");                                                \
        int status;                                                                                \
        return int_argument(v[0], &status) < 0 ? VALUE_NULL : make(macro(status));                 \
    }
STATUS_MACRO(WIFEXITED, bool_new)
STATUS_MACRO(WIFSIGNALED, bool_new)
STATUS_MACRO(WIFSTOPPED, bool_new)
STATUS_MACRO(WIFCONTINUED, bool_new)
STATUS_MACRO(WEXITSTATUS, value_from_int)
STATUS_MACRO(WTERMSIG, value_from_int)
STATUS_MACRO(WSTOPSIG, value_from_int)
static Value posix_WCOREDUMP(Value self, Value v) {
    int status;
    return int_argument(v, &status) < 0 ? VALUE_NULL : bool_new(WCOREDUMP(status));
}

#define STATUS_DEF(macro, doc)                                                                     \
    DEF_VECTOR(#macro, posix_##macro, #macro "($module, /, status)\n--\n\n" doc)
const NativeDef posix_wait_functions[] = {
    DEF_FIXED("waitpid", posix_waitpid, 2, 2,
              "waitpid($module, pid, options, /)\n--\n\nWaits for a child: (pid, status)."),
    DEF_NONE("wait", posix_wait, "wait($module, /)\n--\n\nWaits for any child: (pid, status)."),
    DEF_VECTOR("wait3", posix_wait3,
               "wait3($module, /, options)\n--\n\n"
               "Waits for any child: (pid, status, what it used)."),
    DEF_VECTOR("wait4", posix_wait4,
               "wait4($module, /, pid, options)\n--\n\n"
               "Waits for a child: (pid, status, what it used)."),
    DEF_FIXED("waitid", posix_waitid, 3, 3,
              "waitid($module, idtype, id, options, /)\n--\n\n"
              "Waits for a child to change its state: a waitid_result or None."),
    DEF_VECTOR("waitstatus_to_exitcode", posix_waitstatus_to_exitcode,
               "waitstatus_to_exitcode($module, /, status)\n--\n\n"
               "The exit code, or the negative number of the signal that ended the process."),
    STATUS_DEF(WIFEXITED, "Did the process end by itself?"),
    STATUS_DEF(WIFSIGNALED, "Did a signal end the process?"),
    STATUS_DEF(WIFSTOPPED, "Did a signal stop the process?"),
    STATUS_DEF(WIFCONTINUED, "Did the process go on after it was stopped?"),
    STATUS_DEF(WEXITSTATUS, "The exit code."),
    STATUS_DEF(WTERMSIG, "The signal that ended the process."),
    STATUS_DEF(WSTOPSIG, "The signal that stopped the process."),
    DEF_ONE("WCOREDUMP", posix_WCOREDUMP,
            "WCOREDUMP($module, status, /)\n--\n\nDid the process leave an image of its memory?"),
    DEF_END,
};

int posix_wait_fill(Value module) {
    static const char *const fields[] = {"si_pid",    "si_uid",  "si_signo",
                                         "si_status", "si_code", NULL};
    waitid_type = struct_sequence_type("posix.waitid_result", fields);
    return module_add(module, "waitid_result", ref_new(waitid_type));
}
