// SPDX-License-Identifier: MIT
//
// `posix`: the module, its constants and the environment. The functions are in the other files.
#include "vm/modules/posix.h"
#include <dlfcn.h>
#include <limits.h>
#include <linux/memfd.h>
#include <linux/limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <sysexits.h>

#ifndef SCHED_RESET_ON_FORK
#define SCHED_RESET_ON_FORK 0x40000000
#endif

static const PosixConstant constants[] = {
#define N(name)                                                                                    \
    { #name, name }
    N(CLD_CONTINUED),
    N(CLD_DUMPED),
    N(CLD_EXITED),
    N(CLD_KILLED),
    N(CLD_STOPPED),
    N(CLD_TRAPPED),
    N(EFD_CLOEXEC),
    N(EFD_NONBLOCK),
    N(EFD_SEMAPHORE),
    N(EX_CANTCREAT),
    N(EX_CONFIG),
    N(EX_DATAERR),
    N(EX_IOERR),
    N(EX_NOHOST),
    N(EX_NOINPUT),
    N(EX_NOPERM),
    N(EX_NOUSER),
    N(EX_OK),
    N(EX_OSERR),
    N(EX_OSFILE),
    N(EX_PROTOCOL),
    N(EX_SOFTWARE),
    N(EX_TEMPFAIL),
    N(EX_UNAVAILABLE),
    N(EX_USAGE),
    N(F_LOCK),
    N(F_OK),
    N(F_TEST),
    N(F_TLOCK),
    N(F_ULOCK),
    N(GRND_NONBLOCK),
    N(GRND_RANDOM),
    N(MFD_ALLOW_SEALING),
    N(MFD_CLOEXEC),
    N(MFD_HUGETLB),
    N(MFD_HUGE_16GB),
    N(MFD_HUGE_16MB),
    N(MFD_HUGE_1GB),
    N(MFD_HUGE_1MB),
    N(MFD_HUGE_256MB),
    N(MFD_HUGE_2GB),
    N(MFD_HUGE_2MB),
    N(MFD_HUGE_32MB),
    N(MFD_HUGE_512KB),
    N(MFD_HUGE_512MB),
    N(MFD_HUGE_64KB),
    N(MFD_HUGE_8MB),
    N(MFD_HUGE_MASK),
    N(MFD_HUGE_SHIFT),
    N(NGROUPS_MAX),
    N(O_ACCMODE),
    N(O_APPEND),
    N(O_ASYNC),
    N(O_CLOEXEC),
    N(O_CREAT),
    N(O_DIRECT),
    N(O_DIRECTORY),
    N(O_DSYNC),
    N(O_EXCL),
    N(O_FSYNC),
    N(O_NDELAY),
    N(O_NOATIME),
    N(O_NOCTTY),
    N(O_NOFOLLOW),
    N(O_NONBLOCK),
    N(O_PATH),
    N(O_RDONLY),
    N(O_RDWR),
    N(O_RSYNC),
    N(O_SYNC),
    N(O_TMPFILE),
    N(O_TRUNC),
    N(O_WRONLY),
    N(POSIX_FADV_DONTNEED),
    N(POSIX_FADV_NOREUSE),
    N(POSIX_FADV_NORMAL),
    N(POSIX_FADV_RANDOM),
    N(POSIX_FADV_SEQUENTIAL),
    N(POSIX_FADV_WILLNEED),
    N(PRIO_PGRP),
    N(PRIO_PROCESS),
    N(PRIO_USER),
    N(P_ALL),
    N(P_PGID),
    N(P_PID),
    N(P_PIDFD),
    N(RTLD_DEEPBIND),
    N(RTLD_GLOBAL),
    N(RTLD_LAZY),
    N(RTLD_LOCAL),
    N(RTLD_NODELETE),
    N(RTLD_NOLOAD),
    N(RTLD_NOW),
    N(RWF_APPEND),
    N(RWF_DSYNC),
    N(RWF_HIPRI),
    N(RWF_NOWAIT),
    N(RWF_SYNC),
    N(R_OK),
    N(SCHED_BATCH),
    N(SCHED_FIFO),
    N(SCHED_IDLE),
    N(SCHED_OTHER),
    N(SCHED_RESET_ON_FORK),
    N(SCHED_RR),
    N(SEEK_DATA),
    N(SEEK_HOLE),
    N(SPLICE_F_MORE),
    N(SPLICE_F_MOVE),
    N(SPLICE_F_NONBLOCK),
    N(ST_APPEND),
    N(ST_MANDLOCK),
    N(ST_NOATIME),
    N(ST_NODEV),
    N(ST_NODIRATIME),
    N(ST_NOEXEC),
    N(ST_NOSUID),
    N(ST_RDONLY),
    N(ST_RELATIME),
    N(ST_SYNCHRONOUS),
    N(ST_WRITE),
    N(TMP_MAX),
    N(WCONTINUED),
    N(WEXITED),
    N(WNOHANG),
    N(WNOWAIT),
    N(WSTOPPED),
    N(WUNTRACED),
    N(W_OK),
    N(XATTR_CREATE),
    N(XATTR_REPLACE),
    N(XATTR_SIZE_MAX),
    N(X_OK),
    {"O_LARGEFILE", O_LARGEFILE},
    {"POSIX_SPAWN_CLOSE", 1},
    {"POSIX_SPAWN_DUP2", 2},
    {"POSIX_SPAWN_OPEN", 0},
#undef N
    {0}};

static int add_environment(Value module) {
    Value environment = dict_new();
    if (value_is_null(environment))
        return -1;
    for (char **e = environ; e && *e; e++) {
        const char *equals = strchr(*e, '=');
        if (!equals)
            continue;
        Value key = bytes_new(*e, (size_t)(equals - *e)),
              value = bytes_new(equals + 1, strlen(equals + 1));
        // Of a name that occurs twice the first counts, as for getenv().
        int has =
            value_is_null(key) || value_is_null(value) ? -1 : value_contains(environment, key);
        int status = has < 0 ? -1 : has ? 0 : dict_set(environment, key, value);
        ref_release(key);
        ref_release(value);
        if (status < 0) {
            ref_release(environment);
            return -1;
        }
    }
    return module_add(module, "environ", environment);
}

static int add_functions(Value module) {
    const NativeDef *tables[] = {
        posix_stat_functions,       posix_tree_functions,   posix_folder_functions,
        posix_descriptor_functions, posix_io_functions,     posix_process_functions,
        posix_spawn_functions,      posix_wait_functions,   posix_identity_functions,
        posix_scheduler_functions,  posix_system_functions, posix_xattr_functions,
        posix_terminal_functions};
    Value name = str_intern_cstr("posix");
    int status = 0;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const NativeDef *def = tables[t]; status == 0 && def->name; def++)
            status = module_add(module, def->name, native_function_new(def, module, name));
    ref_release(name);
    return status;
}

static int posix_fill(Value module) {
    static int (*const fills[])(Value module) = {
        add_functions,      posix_stat_fill,     posix_folders_fill,
        posix_process_fill, posix_wait_fill,     posix_scheduler_fill,
        posix_system_fill,  posix_terminal_fill, add_environment};
    if (posix_add_constants(module, constants) < 0)
        return -1;
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++)
        if (fills[i](module) < 0)
            return -1;
    static const char *const have[] = {
        "HAVE_EVENTFD",      "HAVE_FACCESSAT",  "HAVE_FCHDIR",   "HAVE_FCHMOD",
        "HAVE_FCHMODAT",     "HAVE_FCHOWN",     "HAVE_FCHOWNAT", "HAVE_FEXECVE",
        "HAVE_FDOPENDIR",    "HAVE_FPATHCONF",  "HAVE_FSTATAT",  "HAVE_FSTATVFS",
        "HAVE_FTRUNCATE",    "HAVE_FUTIMENS",   "HAVE_FUTIMES",  "HAVE_FUTIMESAT",
        "HAVE_LINKAT",       "HAVE_LCHOWN",     "HAVE_LSTAT",    "HAVE_LUTIMES",
        "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT",    "HAVE_MKFIFOAT", "HAVE_MKNODAT",
        "HAVE_OPENAT",       "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT",
        "HAVE_UNLINKAT",     "HAVE_UTIMENSAT"};
    Value list = list_new();
    if (value_is_null(list))
        return -1;
    for (size_t i = 0; i < sizeof have / sizeof *have; i++) {
        if (list_append_owned(list, str_intern_cstr(have[i])) < 0) {
            ref_release(list);
            return -1;
        }
    }
    return module_add(module, "_have_functions", list) < 0 ||
                   module_add(module, "error", ref_new(value_from_object(&exception_OSError))) < 0
               ? -1
               : 0;
}

const NativeModule module_posix = {"posix", "Calls of the operating system.", NULL, posix_fill};
