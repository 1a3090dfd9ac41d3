// SPDX-License-Identifier: MIT
//
// `posix`: who the process is: users, groups, sessions.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>

#define GETTER(name)                                                                               \
    static Value posix_##name(Value self) {                                                        \
        return int_from_i64((int64_t)name());                                                      \
    }
GETTER(getpid)
GETTER(getppid)
GETTER(getuid)
GETTER(geteuid)
GETTER(getgid)
GETTER(getegid)
GETTER(getpgrp)

#define SETTER(name, type, convert)                                                                \
    static Value posix_##name(Value self, Value v) {                                               \
        type id;                                                                                   \
        return convert(v, &id) < 0 ? VALUE_NULL : posix_status(name(id));                          \
    }
SETTER(setuid, uid_t, posix_uid)
SETTER(seteuid, uid_t, posix_uid)
SETTER(setgid, gid_t, posix_gid)
SETTER(setegid, gid_t, posix_gid)

#define SETTER_TWO(name, type, convert)                                                            \
    static Value posix_##name(Value self, const Value *args, size_t nargs) {                       \
        type a, b;                                                                                 \
        if (convert(args[0], &a) < 0 || convert(args[1], &b) < 0)                                  \
            return VALUE_NULL;                                                                     \
        return posix_status(name(a, b));                                                           \
    }
SETTER_TWO(setreuid, uid_t, posix_uid)
SETTER_TWO(setregid, gid_t, posix_gid)
SETTER_TWO(setpgid, int, int_format_argument)

#define SETTER_THREE(name, type, convert)                                                          \
    static Value posix_##name(Value self, const Value *args, size_t nargs) {                       \
        type a, b, c;                                                                              \
        if (convert(args[0], &a) < 0 || convert(args[1], &b) < 0 || convert(args[2], &c) < 0)      \
            return VALUE_NULL;                                                                     \
        return posix_status(name(a, b, c));                                                        \
    }
SETTER_THREE(setresuid, uid_t, posix_uid)
SETTER_THREE(setresgid, gid_t, posix_gid)

static Value three(int64_t a, int64_t b, int64_t c) {
    return tuple_pack(3, value_from_int(a), value_from_int(b), value_from_int(c));
}
static Value posix_getresuid(Value self) {
    uid_t a, b, c;
    return getresuid(&a, &b, &c) < 0 ? posix_status(-1) : three(a, b, c);
}
static Value posix_getresgid(Value self) {
    gid_t a, b, c;
    return getresgid(&a, &b, &c) < 0 ? posix_status(-1) : three(a, b, c);
}
static Value posix_setpgrp(Value self) {
    return posix_status(setpgid(0, 0));
}
static Value posix_setsid(Value self) {
    return posix_status(setsid());
}
static Value posix_getsid(Value self, Value v) {
    int pid;
    return int_format_argument(v, &pid) < 0 ? VALUE_NULL : posix_number(getsid(pid));
}
static Value posix_getpgid(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getpgid", 0, 1, 1, "pid");
    int pid;
    return int_format_argument(v[0], &pid) < 0 ? VALUE_NULL : posix_number(getpgid(pid));
}

// ---- groups ------------------------------------------------------------------------------------

static Value group_list(const gid_t *groups, int count) {
    Value list = list_new();
    for (int i = 0; i < count && !value_is_null(list); i++) {
        if (list_append_owned(list, int_from_u64(groups[i])) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
    }
    return list;
}
static Value posix_getgroups(Value self) {
    gid_t groups[NGROUPS_MAX];
    int count = getgroups(NGROUPS_MAX, groups);
    return count < 0 ? posix_status(-1) : group_list(groups, count);
}
static Value posix_setgroups(Value self, Value sequence) {
    if (!value_is_list(sequence) && !value_is_tuple(sequence) && !value_type(sequence)->getitem)
        return raise_type_error("setgroups argument must be a sequence");
    Value items = tuple_from_iterable(sequence);
    if (value_is_null(items))
        return VALUE_NULL;
    int64_t n = tuple_length(items);
    gid_t groups[NGROUPS_MAX];
    Value result = VALUE_NULL;
    if (n > NGROUPS_MAX) {
        raise_value_error("too many groups");
    } else {
        int64_t i = 0;
        for (; i < n; i++) {
            if (!value_is_any_int(tuple_item(items, i))) {
                raise_type_error("groups must be integers");
                break;
            }
            if (posix_gid(tuple_item(items, i), &groups[i]) < 0)
                break;
        }
        if (i == n)
            result = posix_status(setgroups((size_t)n, groups));
    }
    ref_release(items);
    return result;
}
static Value posix_initgroups(Value self, const Value *args, size_t nargs) {
    gid_t group;
    Value name = posix_fs_encode(args[0]);
    Value result = VALUE_NULL;
    int status;
    if (!value_is_null(name) && posix_gid(args[1], &group) == 0) {
        POSIX_BLOCKING(status, initgroups((const char *)bytes_data(name), group));
        result = posix_status(status);
    }
    ref_release(name);
    return result;
}
static Value posix_getgrouplist(Value self, const Value *args, size_t nargs) {
    gid_t base;
    if (!value_is_str(args[0]))
        return raise_type_error("getgrouplist() argument 1 must be str, not %G", args[0]);
    Value name = posix_fs_encode(args[0]);
    if (value_is_null(name) || posix_gid(args[1], &base) < 0) {
        ref_release(name);
        return VALUE_NULL;
    }
    Value result = VALUE_NULL;
    for (int capacity = 64;; capacity *= 2) {
        gid_t *groups = malloc((size_t)capacity * sizeof *groups);
        int count = capacity;
        if (!groups) {
            raise_memory_error();
            break;
        }
        thread_detach();
        int status = getgrouplist((const char *)bytes_data(name), base, groups, &count);
        thread_attach();
        if (status >= 0)
            result = group_list(groups, count);
        free(groups);
        if (status >= 0)
            break;
    }
    ref_release(name);
    return result;
}

static Value posix_getlogin(Value self) {
    char name[LOGIN_NAME_MAX];
    int problem = getlogin_r(name, sizeof name);
    return problem ? raise_errno(problem) : posix_decode(name, false);
}

#define GETTER_DEF(name, doc) DEF_NONE(#name, posix_##name, #name "($module, /)\n--\n\n" doc)
const NativeDef posix_identity_functions[] = {
    GETTER_DEF(getpid, "This process's number."),
    GETTER_DEF(getppid, "The parent process's number."),
    GETTER_DEF(getuid, "The real user."),
    GETTER_DEF(geteuid, "The effective user."),
    GETTER_DEF(getgid, "The real group."),
    GETTER_DEF(getegid, "The effective group."),
    GETTER_DEF(getpgrp, "The process group."),
    GETTER_DEF(getresuid, "The real, effective and saved user."),
    GETTER_DEF(getresgid, "The real, effective and saved group."),
    GETTER_DEF(getgroups, "The supplementary groups."),
    GETTER_DEF(getlogin, "Who is logged in at the terminal."),
    GETTER_DEF(setpgrp, "Makes the process the leader of a group of its own."),
    GETTER_DEF(setsid, "Makes the process the leader of a session of its own."),
    DEF_ONE("setuid", posix_setuid, "setuid($module, uid, /)\n--\n\nSets the user."),
    DEF_ONE("seteuid", posix_seteuid, "seteuid($module, euid, /)\n--\n\nSets the effective user."),
    DEF_ONE("setgid", posix_setgid, "setgid($module, gid, /)\n--\n\nSets the group."),
    DEF_ONE("setegid", posix_setegid, "setegid($module, egid, /)\n--\n\nSets the effective group."),
    DEF_FIXED("setreuid", posix_setreuid, 2, 2,
              "setreuid($module, ruid, euid, /)\n--\n\nSets the real and effective user."),
    DEF_FIXED("setregid", posix_setregid, 2, 2,
              "setregid($module, rgid, egid, /)\n--\n\nSets the real and effective group."),
    DEF_FIXED("setresuid", posix_setresuid, 3, 3,
              "setresuid($module, ruid, euid, suid, /)\n--\n\n"
              "Sets the real, effective and saved user."),
    DEF_FIXED("setresgid", posix_setresgid, 3, 3,
              "setresgid($module, rgid, egid, sgid, /)\n--\n\n"
              "Sets the real, effective and saved group."),
    DEF_FIXED("setpgid", posix_setpgid, 2, 2,
              "setpgid($module, pid, pgrp, /)\n--\n\nPuts a process into a group."),
    DEF_ONE("getsid", posix_getsid, "getsid($module, pid, /)\n--\n\nA process's session."),
    DEF_VECTOR("getpgid", posix_getpgid, "getpgid($module, /, pid)\n--\n\nA process's group."),
    DEF_ONE("setgroups", posix_setgroups,
            "setgroups($module, groups, /)\n--\n\nSets the supplementary groups."),
    DEF_FIXED("initgroups", posix_initgroups, 2, 2,
              "initgroups($module, username, gid, /)\n--\n\n"
              "Sets the groups to those that a user is in."),
    DEF_FIXED("getgrouplist", posix_getgrouplist, 2, 2,
              "getgrouplist($module, user, group, /)\n--\n\nThe groups that a user is in."),
    DEF_END,
};
