// SPDX-License-Identifier: MIT
//
// `posix`: posix_spawn and posix_spawnp.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>

// ---- file actions ------------------------------------------------------------------------------

// Paths of open actions must outlive the call: they are kept in `kept`, a list.
static int add_action(posix_spawn_file_actions_t *actions, Value action, Value kept) {
    if (!value_is_tuple(action) || tuple_length(action) == 0)
        return raise_int(&exception_TypeError,
                         "Each file_actions element must be a non-empty tuple");
    int tag, fd, other, status;
    if (int_argument(tuple_item(action, 0), &tag) < 0)
        return -1;
    int64_t n = tuple_length(action);
    switch (tag) {
    case 0: { // open
        int flags;
        int64_t mode;
        if (n != 5)
            return raise_int(&exception_TypeError, "A open file_action tuple must have 5 elements");
        if (int_argument(tuple_item(action, 1), &fd) < 0)
            return -1;
        Value path = posix_fs_encode(tuple_item(action, 2));
        if (value_is_null(path) || list_append_owned(kept, path) < 0 ||
            int_argument(tuple_item(action, 3), &flags) < 0 ||
            posix_i64(tuple_item(action, 4), &mode) < 0)
            return -1;
        status = posix_spawn_file_actions_addopen(actions, fd, (const char *)bytes_data(path),
                                                  flags, (mode_t)mode);
        break;
    }
    case 1: // close
        if (n != 2)
            return raise_int(&exception_TypeError,
                             "A close file_action tuple must have 2 elements");
        if (int_argument(tuple_item(action, 1), &fd) < 0)
            return -1;
        status = posix_spawn_file_actions_addclose(actions, fd);
        break;
    case 2: // dup2
        if (n != 3)
            return raise_int(&exception_TypeError, "A dup2 file_action tuple must have 3 elements");
        if (int_argument(tuple_item(action, 1), &fd) < 0 ||
            int_argument(tuple_item(action, 2), &other) < 0)
            return -1;
        status = posix_spawn_file_actions_adddup2(actions, fd, other);
        break;
    default:
        return raise_int(&exception_TypeError, "Unknown file_actions identifier");
    }
    if (status) {
        raise_errno(status);
        return -1;
    }
    return 0;
}

static int add_actions(posix_spawn_file_actions_t *actions, Value sequence, Value kept) {
    Type *type = value_type(sequence);
    if (!value_is_tuple(sequence) && !value_is_list(sequence) && !type->iter && !type->getitem)
        return raise_int(&exception_TypeError, "file_actions must be a sequence or None");
    Value items = tuple_from_iterable(sequence);
    int status = value_is_null(items) ? -1 : 0;
    for (int64_t i = 0; status == 0 && i < tuple_length(items); i++)
        status = add_action(actions, tuple_item(items, i), kept);
    ref_release(items);
    return status;
}

// ---- attributes --------------------------------------------------------------------------------

static int signal_set(Value iterable, sigset_t *set) {
    Value items = tuple_from_iterable(iterable);
    if (value_is_null(items))
        return -1;
    sigemptyset(set);
    int status = 0;
    for (int64_t i = 0; status == 0 && i < tuple_length(items); i++) {
        int64_t number;
        status = value_to_i64(tuple_item(items, i), &number);
        if (status < 0)
            break;
        if (number <= 0 || number >= NSIG)
            status = raise_int(&exception_ValueError, "signal number %lld out of range [1; %d]",
                               (long long)number, NSIG - 1);
        else
            sigaddset(set, (int)number);
    }
    ref_release(items);
    return status;
}

typedef struct {
    Value setpgroup, resetids, setsid, sigmask, sigdef, scheduler; // borrowed or VALUE_NULL
} Wishes;

static int set_attributes(const char *function, posix_spawnattr_t *attributes, const Wishes *w) {
    short flags = 0;
    int reset = 0, session = 0;
    sigset_t set;
    if (!value_is_null(w->setpgroup)) {
        int64_t group;
        if (value_to_i64(w->setpgroup, &group) < 0)
            return -1;
        posix_spawnattr_setpgroup(attributes, (pid_t)group);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (int_argument(w->resetids, &reset) < 0 || int_argument(w->setsid, &session) < 0)
        return -1;
    if (reset)
        flags |= POSIX_SPAWN_RESETIDS;
    if (session)
        flags |= POSIX_SPAWN_SETSID;
    if (!value_is_null(w->sigmask)) {
        if (signal_set(w->sigmask, &set) < 0)
            return -1;
        posix_spawnattr_setsigmask(attributes, &set);
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (!value_is_null(w->sigdef)) {
        if (signal_set(w->sigdef, &set) < 0)
            return -1;
        posix_spawnattr_setsigdefault(attributes, &set);
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (!value_is_null(w->scheduler) && !value_is_none(w->scheduler)) {
        if (!value_is_tuple(w->scheduler) || tuple_length(w->scheduler) != 2)
            return raise_int(&exception_TypeError, "%s: scheduler must be a tuple or None",
                             function);
        struct sched_param parameter;
        Value policy = tuple_item(w->scheduler, 0);
        Value priority = value_getattr_cstr(tuple_item(w->scheduler, 1), "sched_priority");
        int number = 0;
        int status = value_is_null(priority) ? -1 : int_argument(priority, &number);
        ref_release(priority);
        if (status < 0)
            return -1;
        parameter.sched_priority = number;
        if (!value_is_none(policy)) {
            if (int_argument(policy, &number) < 0)
                return -1;
            posix_spawnattr_setschedpolicy(attributes, number);
            flags |= POSIX_SPAWN_SETSCHEDULER;
        }
        posix_spawnattr_setschedparam(attributes, &parameter);
        flags |= POSIX_SPAWN_SETSCHEDPARAM;
    }
    int problem = posix_spawnattr_setflags(attributes, flags);
    if (problem) {
        raise_errno(problem);
        return -1;
    }
    return 0;
}

static Value spawn(const char *function, bool search, const Value *args, size_t nargs,
                   Value kwnames) {
    static const char *const names[] = {"path",      "argv",      "env",    "file_actions",
                                        "setpgroup", "resetids",  "setsid", "setsigmask",
                                        "setsigdef", "scheduler", NULL};
    Value v[10], result = VALUE_NULL;
    PosixPath path;
    if (arguments_parse(function, args, nargs, kwnames, names, 3, 3, 3, v) < 0)
        return VALUE_NULL;
    if (!value_is_tuple(v[1]) && !value_is_list(v[1]))
        return raise_type_error("%s: argv must be a tuple or list", function);
    if (value_length(v[1]) == 0)
        return raise_value_error("%s: argv must not be empty", function);
    if (!value_type(v[2])->getitem)
        return raise_type_error("%s: environment must be a mapping object", function);
    if (posix_path(function, "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    Value kept = list_new();
    char **argv = value_is_null(kept) ? NULL : posix_strings(v[1]), **environment = NULL;
    if (argv && argv[0][0] == 0)
        raise_value_error("%s: argv first element cannot be empty", function);
    else if (argv)
        environment = posix_environment(v[2]);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    Wishes wishes = {v[4], v[5], v[6], v[7], v[8], v[9]};
    if (environment &&
        (value_is_null(v[3]) || value_is_none(v[3]) || add_actions(&actions, v[3], kept) == 0) &&
        set_attributes(function, &attributes, &wishes) == 0) {
        pid_t pid;
        thread_detach();
        int problem = (search ? posix_spawnp : posix_spawn)(&pid, path.text, &actions, &attributes,
                                                            argv, environment);
        thread_attach();
        errno = problem;
        result = problem ? posix_path_error(&path) : value_from_int(pid);
    }
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    posix_strings_free(argv);
    posix_strings_free(environment);
    ref_release(kept);
    posix_path_done(&path);
    return result;
}
static Value posix_posix_spawn(Value self, const Value *args, size_t nargs, Value kwnames) {
    return spawn("posix_spawn", false, args, nargs, kwnames);
}
static Value posix_posix_spawnp(Value self, const Value *args, size_t nargs, Value kwnames) {
    return spawn("posix_spawnp", true, args, nargs, kwnames);
}

const NativeDef posix_spawn_functions[] = {
    DEF_VECTOR("posix_spawn", posix_posix_spawn,
               "posix_spawn($module, path, argv, env, /, *, file_actions=(),\n"
               "            setpgroup=<unrepresentable>, resetids=False, setsid=False,\n"
               "            setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)\n--\n\n"
               "Runs a program in a child process; gives its number."),
    DEF_VECTOR("posix_spawnp", posix_posix_spawnp,
               "posix_spawnp($module, path, argv, env, /, *, file_actions=(),\n"
               "             setpgroup=<unrepresentable>, resetids=False, setsid=False,\n"
               "             setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)\n--\n\n"
               "As posix_spawn(), with the program looked for in PATH."),
    DEF_END,
};
