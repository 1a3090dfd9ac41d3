// SPDX-License-Identifier: MIT
//
// `posix`: forking, running programs, signals to processes, the environment.
//
// The functions of register_at_fork are kept in three lists that only grow. fork() itself is made
// safe by the handlers of vm/runtime/thread.c: it happens with the world stopped.
#include "vm/modules/asyncio_module.h"
#include "vm/modules/imp_module.h"
#include "vm/modules/posix.h"
#include "vm/runtime/import.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>

// ---- fork --------------------------------------------------------------------------------------

enum { AT_BEFORE, AT_CHILD, AT_PARENT, AT_COUNT };
static Value at_fork[AT_COUNT]; // lists, made by the module before any other use

static void run_at_fork(int when, bool backwards) {
    Value functions = value_is_null(at_fork[when]) ? VALUE_NULL : list_to_tuple(at_fork[when]);
    if (value_is_null(functions)) {
        error_clear();
        return;
    }
    int64_t n = tuple_length(functions);
    for (int64_t i = 0; i < n; i++) {
        Value function = tuple_item(functions, backwards ? n - 1 - i : i);
        Value result = value_call_none(function);
        if (value_is_null(result))
            error_report_unraisable(NULL, function);
        ref_release(result);
    }
    ref_release(functions);
}
void posix_before_fork(void) {
    run_at_fork(AT_BEFORE, true);
    imp_before_fork();
    import_before_fork();
    types_lock(); // who has it may be waiting for the world to stop, and would not be in the child
}
void posix_after_fork(pid_t pid) {
    types_unlock();
    if (pid == 0) {
        threads_after_fork_in_child();
        asyncio_after_fork_in_child();
    }
    import_after_fork(pid == 0);
    imp_after_fork(pid == 0);
    run_at_fork(pid == 0 ? AT_CHILD : AT_PARENT, false);
}

static Value posix_register_at_fork(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("register_at_fork", 0, 0, 0, "before", "after_in_child", "after_in_parent");
    static const char *const what[] = {"before", "after_in_child", "after_in_parent"};
    bool any = false;
    for (int i = 0; i < AT_COUNT; i++) {
        if (value_is_null(v[i]))
            continue;
        any = true;
        if (!value_is_callable(v[i]))
            return raise_type_error("'%s' must be callable, not %T", what[i], v[i]);
    }
    if (!any)
        return raise_type_error("At least one argument is required.");
    for (int i = 0; i < AT_COUNT; i++)
        if (!value_is_null(v[i]) && list_append(at_fork[i], v[i]) < 0)
            return VALUE_NULL;
    return none_new();
}

static Value posix_fork(Value self) {
    posix_before_fork();
    pid_t pid = fork();
    int problem = errno;
    posix_after_fork(pid);
    errno = problem;
    return posix_number(pid);
}
static Value posix_forkpty(Value self) {
    int master = -1;
    posix_before_fork();
    pid_t pid = forkpty(&master, NULL, NULL, NULL);
    int problem = errno;
    if (pid > 0)
        fcntl(master, F_SETFD, FD_CLOEXEC);
    posix_after_fork(pid);
    errno = problem;
    return pid < 0 ? posix_status(-1) : posix_pair(pid, master);
}

// ---- other programs ----------------------------------------------------------------------------

static Value check_argv(const char *function, Value argv) {
    if (!value_is_tuple(argv) && !value_is_list(argv))
        return raise_type_error("%s must be a tuple or list", function);
    int64_t n = value_length(argv);
    if (n == 0)
        return raise_value_error("%s must not be empty", function);
    return n < 0 ? VALUE_NULL : VALUE_NONE;
}
static Value run_program(const char *function, const char *argv_name, Value path_value, Value list,
                         Value mapping) {
    PosixPath path;
    if (posix_path(function, "path", path_value, value_is_null(mapping) ? 0 : PATH_FD, &path) < 0)
        return VALUE_NULL;
    char **argv = NULL, **environment = NULL;
    if (!value_is_null(check_argv(argv_name, list)) && (argv = posix_strings(list))) {
        if (argv[0][0] == 0)
            raise_value_error("%s first element cannot be empty", argv_name);
        else if (!value_is_null(mapping) && !value_type(mapping)->getitem)
            raise_type_error("%s: environment must be a mapping object", function);
        else if (value_is_null(mapping) || (environment = posix_environment(mapping))) {
            char **given = environment ? environment : environ;
            if (path.text)
                execve(path.text, argv, given);
            else
                fexecve(path.fd, argv, given);
            if (path.fd < 0 && !path.text)
                errno = EFAULT; // as in posix_path_error
            if (value_is_null(mapping))
                raise_errno(errno);
            else
                posix_path_error(&path);
        }
    }
    posix_strings_free(argv);
    posix_strings_free(environment);
    posix_path_done(&path);
    return VALUE_NULL;
}
static Value posix_execv(Value self, const Value *args, size_t nargs) {
    return run_program("execv", "execv() arg 2", args[0], args[1], VALUE_NULL);
}
static Value posix_execve(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("execve", 0, 3, 3, "path", "argv", "env");
    return run_program("execve", "execve: argv", v[0], v[1], v[2]);
}
static Value posix_system(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("system", 0, 1, 1, "command");
    Value command = posix_fs_encode(v[0]);
    if (value_is_null(command))
        return VALUE_NULL;
    // The bytes are immutable and held by `command`.
    thread_detach();
    int status = system((const char *)bytes_data(command));
    thread_attach();
    ref_release(command);
    return value_from_int(status);
}

static Value posix__exit(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("_exit", 0, 1, 1, "status");
    int code;
    if (int_argument(v[0], &code) < 0)
        return VALUE_NULL;
    _exit(code);
}
static Value posix_abort(Value self) {
    abort();
}

// ---- signals -----------------------------------------------------------------------------------

// A signal to ourselves is seen now, as programs expect.
static Value sent(int status) {
    return status == 0 && thread_check_signals() < 0 ? VALUE_NULL : posix_status(status);
}
static Value posix_kill(Value self, const Value *args, size_t nargs) {
    int pid, number;
    if (int_format_argument(args[0], &pid) < 0 || int_argument(args[1], &number) < 0)
        return VALUE_NULL;
    return sent(kill(pid, number));
}
static Value posix_killpg(Value self, const Value *args, size_t nargs) {
    int group, number;
    if (int_format_argument(args[0], &group) < 0 || int_argument(args[1], &number) < 0)
        return VALUE_NULL;
    return sent(killpg(group, number));
}
static Value posix_pidfd_open(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("pidfd_open", 0, 2, 1, "pid", "flags");
    int pid, flags = 0;
    if (int_format_argument(v[0], &pid) < 0 || int_argument(v[1], &flags) < 0)
        return VALUE_NULL;
    return posix_number(syscall(SYS_pidfd_open, pid, flags));
}

// ---- the environment ---------------------------------------------------------------------------

static Value posix_putenv(Value self, const Value *args, size_t nargs) {
    Value key = posix_fs_encode(args[0]);
    Value value = value_is_null(key) ? VALUE_NULL : posix_fs_encode(args[1]);
    Value result = VALUE_NULL;
    if (!value_is_null(value)) {
        const char *text = (const char *)bytes_data(key);
        result = strchr(text, '=') ? raise_value_error("illegal environment variable name")
                                   : posix_status(setenv(text, (const char *)bytes_data(value), 1));
    }
    ref_release(key);
    ref_release(value);
    return result;
}
static Value posix_unsetenv(Value self, Value v) {
    Value key = posix_fs_encode(v);
    if (value_is_null(key))
        return VALUE_NULL;
    Value result = posix_status(unsetenv((const char *)bytes_data(key)));
    ref_release(key);
    return result;
}

static Value posix_strerror(Value self, Value v) {
    int number;
    return int_argument(v, &number) < 0 ? VALUE_NULL : str_from_cstr(strerror(number));
}

const NativeDef posix_process_functions[] = {
    DEF_VECTOR("register_at_fork", posix_register_at_fork,
               "register_at_fork($module, /, *, before=<unrepresentable>,\n"
               "                 after_in_child=<unrepresentable>,\n"
               "                 after_in_parent=<unrepresentable>)\n--\n\n"
               "Functions to call around fork()."),
    DEF_NONE("fork", posix_fork,
             "fork($module, /)\n--\n\nA child process: 0 in the child, its number in the parent."),
    DEF_NONE("forkpty", posix_forkpty,
             "forkpty($module, /)\n--\n\nAs fork(), with a new terminal: (pid, master)."),
    DEF_FIXED("execv", posix_execv, 2, 2,
              "execv($module, path, argv, /)\n--\n\nRuns a program in place of this one."),
    DEF_VECTOR("execve", posix_execve,
               "execve($module, /, path, argv, env)\n--\n\n"
               "Runs a program with an environment in place of this one."),
    DEF_VECTOR("system", posix_system,
               "system($module, /, command)\n--\n\nRuns a command in a shell."),
    DEF_VECTOR("_exit", posix__exit, "_exit($module, /, status)\n--\n\nEnds the process at once."),
    DEF_NONE("abort", posix_abort, "abort($module, /)\n--\n\nEnds the process by SIGABRT."),
    DEF_FIXED("kill", posix_kill, 2, 2,
              "kill($module, pid, signal, /)\n--\n\nSends a process a signal."),
    DEF_FIXED("killpg", posix_killpg, 2, 2,
              "killpg($module, pgid, signal, /)\n--\n\nSends a process group a signal."),
    DEF_VECTOR("pidfd_open", posix_pidfd_open,
               "pidfd_open($module, /, pid, flags=0)\n--\n\nA descriptor of a process."),
    DEF_FIXED("putenv", posix_putenv, 2, 2,
              "putenv($module, name, value, /)\n--\n\nSets an environment variable."),
    DEF_ONE("unsetenv", posix_unsetenv,
            "unsetenv($module, name, /)\n--\n\nRemoves an environment variable."),
    DEF_ONE("strerror", posix_strerror,
            "strerror($module, code, /)\n--\n\nWhat an error number means."),
    DEF_END,
};

int posix_process_fill(Value module) {
    for (int i = 0; i < AT_COUNT; i++)
        if (value_is_null(at_fork[i]) && value_is_null(at_fork[i] = list_new()))
            return -1;
    return 0;
}
