// SPDX-License-Identifier: MIT
//
// `posix`: the module, its constants and the environment.
#include "vm/modules/posix.h"
#include <string.h>
#include <sys/wait.h>

static int add_environment(Value module) {
    Value environment = dict_new();
    if (value_is_null(environment))
        return -1;
    for (char **e = environ; e && *e; e++) {
        const char *equals = strchr(*e, '=');
        if (!equals)
            continue;
        Value key = bytes_new(*e, (size_t)(equals - *e)), value = bytes_new(equals + 1, strlen(equals + 1));
        int status = value_is_null(key) || value_is_null(value) ? -1 : dict_set(environment, key, value);
        ref_release(key);
        ref_release(value);
        if (status < 0)
            return -1;
    }
    return module_add(module, "environ", environment);
}

static int posix_fill(Value module) {
    static const struct {
        const char *name;
        int64_t value;
    } numbers[] = {
#define N(name) {#name, name}
        N(F_OK), N(R_OK), N(W_OK), N(X_OK), N(O_RDONLY), N(O_WRONLY), N(O_RDWR), N(O_APPEND), N(O_CREAT), N(O_EXCL),
        N(O_TRUNC), N(O_NONBLOCK), N(O_NDELAY), N(O_SYNC), N(O_DSYNC), N(O_CLOEXEC), N(O_DIRECTORY), N(O_NOFOLLOW), N(O_NOCTTY),
        N(O_TMPFILE), N(O_PATH), N(SEEK_DATA), N(SEEK_HOLE), N(WNOHANG), N(WUNTRACED), N(WCONTINUED), N(WEXITED), N(WNOWAIT),
        N(P_ALL), N(P_PID), N(P_PGID),
        {"EX_OK", 0}, {"EX_USAGE", 64}, {"EX_DATAERR", 65}, {"EX_NOINPUT", 66}, {"EX_UNAVAILABLE", 69}, {"EX_SOFTWARE", 70},
        {"EX_OSERR", 71}, {"EX_CANTCREAT", 73}, {"EX_IOERR", 74}, {"EX_TEMPFAIL", 75}, {"EX_NOPERM", 77}, {"EX_CONFIG", 78},
        {"NGROUPS_MAX", 65536}, {"TMP_MAX", 238328}, {"GRND_NONBLOCK", 1}, {"GRND_RANDOM", 2},
#undef N
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0)
            return -1;
    const NativeDef *tables[] = {posix_file_functions, posix_process_functions};
    Value name = str_intern_cstr("posix");
    for (int t = 0; t < 2; t++)
        for (const NativeDef *def = tables[t]; def->name; def++)
            if (module_add(module, def->name, native_function_new(def, module, name)) < 0)
                return -1;
    ref_release(name);
    static const char *const have[] = {"HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FDOPENDIR", "HAVE_FSTATAT",
        "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_LINKAT", "HAVE_LSTAT", "HAVE_MKDIRAT", "HAVE_OPENAT", "HAVE_READLINKAT",
        "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};
    Value list = list_new();
    for (size_t i = 0; i < sizeof have / sizeof *have; i++)
        if (list_append_owned(list, str_intern_cstr(have[i])) < 0)
            return -1;
    if (module_add(module, "_have_functions", list) < 0 || posix_files_fill(module) < 0 || posix_process_fill(module) < 0 ||
        module_add(module, "error", ref_new(value_from_object(&exception_OSError))) < 0)
        return -1;
    // The sysconf names that programs ask for.
    Value names = dict_new();
    if (value_is_null(names) || dict_set_cstr(names, "SC_PAGE_SIZE", value_from_int(_SC_PAGESIZE)) < 0 ||
        dict_set_cstr(names, "SC_NPROCESSORS_ONLN", value_from_int(_SC_NPROCESSORS_ONLN)) < 0 ||
        module_add(module, "sysconf_names", names) < 0)
        return -1;
    return add_environment(module);
}

const NativeModule module_posix = {"posix", "Calls of the operating system.", NULL, posix_fill};
