// SPDX-License-Identifier: MIT
//
// `_posixsubprocess`: fork_exec(), what the library's subprocess stands on.
//
// Between fork and exec the child calls only what may be called in a signal handler (but for a
// preexec_fn, which needs a whole fork). Without one the child is made by vfork(): it borrows the
// parent's memory, so signals are blocked until it has reset their handlers, and everything it
// needs has been made before.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <dirent.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>

typedef struct {
    char **programs, **argv, **environment; // environment NULL: this process's
    const char *folder;                     // or NULL
    int *kept;                              // descriptors to keep, ascending
    int64_t kept_count;
    int to_child[3],
        of_parent[3]; // stdin, stdout, stderr: the child's end, the parent's end; -1 none
    int error_read, error_write;
    bool close_fds, restore_signals, new_session;
    int group, file_mask; // -1: stay
    bool set_gid, set_uid;
    gid_t gid;
    uid_t uid;
    gid_t *groups; // NULL: stay
    int64_t group_count;
    Value preexec; // None or callable
    sigset_t mask; // what to set before exec when forked by vfork()
    bool has_mask;
} Child;

// ---- in the child ------------------------------------------------------------------------------

// Descriptors from 3 on but those that are kept.
static void close_others(const Child *c) {
    int from = 3;
    for (int64_t i = 0; i <= c->kept_count; i++) {
        int before = i < c->kept_count ? c->kept[i] : INT_MAX;
        if (before < from)
            continue;
        if (before > from && syscall(SYS_close_range, from, before - 1, 0) < 0) {
            int limit = (int)sysconf(_SC_OPEN_MAX);
            for (int fd = from; fd < before && fd < limit; fd++)
                close(fd);
        }
        if (before == INT_MAX)
            break;
        from = before + 1;
    }
}

static int set_inheritable(int fd) {
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? -1 : fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

// 0, or -1 with errno: the standard descriptors are in place.
static int arrange_descriptors(Child *c) {
    for (int64_t i = 0; i < c->kept_count; i++) {
        if (c->kept[i] != c->error_write && set_inheritable(c->kept[i]) < 0 && errno != EBADF)
            return -1;
    }
    // The parent's ends are not the child's business.
    for (int i = 0; i < 3; i++)
        if (c->of_parent[i] >= 0)
            close(c->of_parent[i]);
    close(c->error_read);
    // No end may lie where another is about to be put.
    for (int i = 1; i < 3; i++) {
        while (c->to_child[i] >= 0 && c->to_child[i] < i) {
            int fd = dup(c->to_child[i]);
            if (fd < 0)
                return -1;
            c->to_child[i] = fd;
        }
    }
    for (int i = 0; i < 3; i++) {
        if (c->to_child[i] == i ? set_inheritable(i) < 0
                                : c->to_child[i] >= 0 && dup2(c->to_child[i], i) < 0)
            return -1;
    }
    return 0;
}

static void write_all(int fd, const char *text, size_t length) {
    while (length) {
        ssize_t n = write(fd, text, length);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            text += n;
            length -= (size_t)n;
        }
    }
}

// "OSError:<errno in hexadecimal>:<where>", which subprocess reads.
static void report(int fd, const char *class, int problem, const char *where) {
    char text[128], digits[16];
    size_t n = 0, d = 0;
    while (class[n])
        text[n] = class[n], n++;
    text[n++] = ':';
    for (unsigned rest = (unsigned)problem; rest || !d; rest >>= 4)
        digits[d++] = "0123456789abcdef"[rest & 15];
    while (d)
        text[n++] = digits[--d];
    text[n++] = ':';
    while (*where)
        text[n++] = *where++;
    write_all(fd, text, n);
}

_Noreturn static void child_run(Child *c) {
    const char *where = "noexec";
    if (arrange_descriptors(c) < 0)
        goto fail;
    if (c->folder && chdir(c->folder) < 0)
        goto fail;
    if (c->file_mask >= 0)
        umask((mode_t)c->file_mask);
    if (c->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (c->has_mask)
        sigprocmask(SIG_SETMASK, &c->mask, NULL);
    if (c->new_session)
        setsid();
    if (c->group >= 0 && setpgid(0, c->group) < 0)
        goto fail;
    if (c->groups && setgroups((size_t)c->group_count, c->groups) < 0)
        goto fail;
    if (c->set_gid && setregid(c->gid, c->gid) < 0)
        goto fail;
    if (c->set_uid && setreuid(c->uid, c->uid) < 0)
        goto fail;
    if (!value_is_none(c->preexec)) {
        Value result = value_call_none(c->preexec);
        if (value_is_null(result)) {
            static const char text[] = "SubprocessError:0:Exception occurred in preexec_fn.";
            write_all(c->error_write, text, sizeof text - 1);
            _exit(255);
        }
        ref_release(result);
    }
    if (c->close_fds)
        close_others(c);
    where = "";
    int saved = 0;
    for (char **program = c->programs; *program; program++) {
        execve(*program, c->argv, c->environment ? c->environment : environ);
        // What says more than "there is no such file" is kept.
        if (errno != ENOENT && errno != ENOTDIR && saved == 0)
            saved = errno;
    }
    if (saved)
        errno = saved;
fail:
    report(c->error_write, "OSError", errno, where);
    _exit(255);
}

// Before the parent's handlers could run in memory that it shares.
static void reset_handlers(void) {
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_IGN &&
            action.sa_handler != SIG_DFL) {
            action.sa_handler = SIG_DFL;
            sigaction(number, &action, NULL);
        }
    }
}

__attribute__((noinline)) static pid_t start_vfork(Child *c) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &c->mask);
    c->has_mask = true;
    pid_t pid = vfork();
    if (pid == 0) {
        reset_handlers();
        child_run(c);
    }
    int problem = errno;
    pthread_sigmask(SIG_SETMASK, &c->mask, NULL);
    errno = problem;
    return pid;
}

// ---- arguments ---------------------------------------------------------------------------------

static int get_kept(Value v, Child *c) {
    if (!value_is_tuple(v))
        return raise_int(&exception_TypeError, "fork_exec() argument 4 must be tuple, not %G", v);
    c->kept_count = tuple_length(v);
    c->kept = malloc((size_t)(c->kept_count + 1) * sizeof *c->kept);
    if (!c->kept) {
        raise_memory_error();
        return -1;
    }
    int64_t previous = -1, fd;
    for (int64_t i = 0; i < c->kept_count; i++) {
        Value item = tuple_item(v, i);
        if (!value_is_any_int(item) || !int_to_i64(item, &fd) || fd <= previous || fd > INT_MAX)
            return raise_int(&exception_ValueError, "bad value(s) in fds_to_keep");
        c->kept[i] = (int)(previous = fd);
    }
    return 0;
}
static int get_groups(Value v, Child *c) {
    if (value_is_none(v))
        return 0;
    if (!value_is_list(v))
        return raise_int(&exception_TypeError, "setgroups argument must be a list");
    Value items = list_to_tuple(v);
    if (value_is_null(items))
        return -1;
    c->group_count = tuple_length(items);
    int status = c->group_count > NGROUPS_MAX
                     ? raise_int(&exception_ValueError, "too many extra_groups")
                     : 0;
    c->groups = status ? NULL : malloc((size_t)(c->group_count + 1) * sizeof *c->groups);
    if (!c->groups && status == 0) {
        raise_memory_error();
        status = -1;
    }
    for (int64_t i = 0; status == 0 && i < c->group_count; i++) {
        if (!value_is_any_int(tuple_item(items, i)))
            status = raise_int(&exception_TypeError, "extra_groups must be integers");
        else if (posix_gid(tuple_item(items, i), &c->groups[i]) < 0) {
            error_clear();
            status = raise_int(&exception_ValueError, "invalid group id");
        }
    }
    ref_release(items);
    return status;
}

enum { ARGUMENTS = 23 };

// args, programs, close_fds, fds_to_keep, cwd, env, 6 pipe ends, 2 error pipe ends,
// restore_signals, start_new_session, process_group, gid, groups, uid, umask, preexec_fn,
// allow_vfork
static int get_arguments(const Value *args, Child *c, bool *vfork_out, Value *folder) {
    static const int order[6][2] = {{0, 0}, {1, 0}, {0, 1}, {1, 1}, {0, 2}, {1, 2}};
    if (posix_bool(args[2], &c->close_fds) < 0 || get_kept(args[3], c) < 0)
        return -1;
    // The order of the ends: p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite.
    for (int i = 0; i < 6; i++) {
        bool childs = i == 0 || i == 3 || i == 5;
        if (int_argument(args[6 + i],
                         childs ? &c->to_child[order[i][1]] : &c->of_parent[order[i][1]]) < 0)
            return -1;
    }
    if (int_argument(args[12], &c->error_read) < 0 || int_argument(args[13], &c->error_write) < 0 ||
        posix_bool(args[14], &c->restore_signals) < 0 ||
        posix_bool(args[15], &c->new_session) < 0 || int_argument(args[16], &c->group) < 0)
        return -1;
    if (c->close_fds && c->error_write < 3)
        return raise_int(&exception_ValueError, "errpipe_write must be >= 3");
    if (!value_is_none(args[17])) {
        c->set_gid = true;
        if (posix_gid(args[17], &c->gid) < 0)
            return -1;
    }
    if (get_groups(args[18], c) < 0)
        return -1;
    if (!value_is_none(args[19])) {
        c->set_uid = true;
        if (posix_uid(args[19], &c->uid) < 0)
            return -1;
    }
    if (int_argument(args[20], &c->file_mask) < 0 || posix_bool(args[22], vfork_out) < 0)
        return -1;
    c->preexec = args[21];
    if (!value_is_none(args[4])) {
        *folder = posix_fs_encode(args[4]);
        if (value_is_null(*folder))
            return -1;
        c->folder = (const char *)bytes_data(*folder);
    }
    return 0;
}

// env is a list of "key=value".
static int get_strings(const Value *args, Child *c) {
    if (!value_is_tuple(args[0]) && !value_is_list(args[0]))
        return raise_int(&exception_TypeError, "'%T' object is not a sequence", args[0]);
    if (!(c->argv = posix_strings(args[0])) || !(c->programs = posix_strings(args[1])))
        return -1;
    return value_is_none(args[5]) || (c->environment = posix_strings(args[5])) ? 0 : -1;
}

static Value fork_exec(Value self, const Value *args, size_t nargs) {
    Child c = {.group = -1, .file_mask = -1};
    bool allow_vfork = true;
    Value folder = VALUE_NULL, result = VALUE_NULL;
    if (get_arguments(args, &c, &allow_vfork, &folder) < 0 || get_strings(args, &c) < 0)
        goto done;
    pid_t pid;
    bool whole = !value_is_none(c.preexec);
    bool plain = !whole && allow_vfork && !c.set_uid && !c.set_gid && !c.groups;
    if (plain) {
        pid = start_vfork(&c);
    } else {
        if (whole)
            posix_before_fork();
        pid = fork();
        if (pid == 0) {
            if (whole)
                posix_after_fork(0);
            child_run(&c);
        }
        int problem = errno;
        if (whole)
            posix_after_fork(pid);
        errno = problem;
    }
    result = posix_number(pid);
done:
    posix_strings_free(c.argv);
    posix_strings_free(c.programs);
    posix_strings_free(c.environment);
    free(c.kept);
    free(c.groups);
    ref_release(folder);
    return result;
}

static const NativeDef functions[] = {
    DEF_FIXED("fork_exec", fork_exec, ARGUMENTS, ARGUMENTS,
              "fork_exec(args, executable_list, close_fds, pass_fds, cwd, env,\n"
              "          p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite,\n"
              "          errpipe_read, errpipe_write, restore_signals, call_setsid,\n"
              "          process_group, gid, groups_list, uid, umask, preexec_fn, use_vfork)\n\n"
              "Runs a program in a child process; gives its number."),
    DEF_END,
};

const NativeModule module_posixsubprocess = {"_posixsubprocess", "What subprocess stands on.",
                                             functions, NULL};
