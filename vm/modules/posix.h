// SPDX-License-Identifier: MIT
//
// What the parts of the `posix` module share. Each part is a file with a table of functions;
// posix_module.c puts them together.
#ifndef LOCKSMITH_VM_MODULES_POSIX_H
#define LOCKSMITH_VM_MODULES_POSIX_H

#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Parses the arguments of a DEF_VECTOR function into v[] (VALUE_NULL: not given).
#define POSIX_ARGUMENTS(function, positional_only, max_positional, required, ...)                  \
    static const char *const names_[] = {__VA_ARGS__, NULL};                                       \
    Value v[sizeof names_ / sizeof *names_ - 1];                                                   \
    if (arguments_parse(function, args, nargs, kwnames, names_, positional_only, max_positional,   \
                        required, v) < 0)                                                          \
    return VALUE_NULL

// ---- arguments (posix_path.c) ------------------------------------------------------------------
// Each gives 0, or -1 with an exception. VALUE_NULL (argument not given) leaves *out as it was.
int posix_i64(Value v, int64_t *out);
int posix_bool(Value v, bool *out);  // by truth
int posix_fd(Value v, int *out);     // an int, or an object with fileno()
int posix_dir_fd(Value v, int *out); // None: AT_FDCWD
int posix_uid(Value v, uid_t *out);
int posix_gid(Value v, gid_t *out);

// A path argument: str, bytes, os.PathLike, or (PATH_FD) a descriptor.
typedef struct {
    const char *text; // NUL-terminated, or NULL for a descriptor
    char *owned;
    int fd;       // -1 for a path, or if it was given, for none of either
    Value object; // new reference: what messages show: as given, or what an os.PathLike is
    bool is_bytes;
} PosixPath;
enum { PATH_FD = 1, PATH_NONE = 2 }; // also a descriptor; also None (or not given): "."
int posix_path(const char *function, const char *argument, Value v, int flags, PosixPath *out);
void posix_path_done(PosixPath *path); // keeps errno
// ValueError if what was asked does not go together with a descriptor as the path.
int posix_path_check(const char *function, const PosixPath *path, int dir_fd, bool follow);
Value posix_path_error(const PosixPath *path); // raises errno with the path; VALUE_NULL
// None, or raises errno with the path (the other function: without); the path is done with.
Value posix_path_status(PosixPath *path, int64_t status);
Value posix_path_status_alone(PosixPath *path, int64_t status);
// bytes of a str, bytes or os.PathLike without NUL, a new reference ("expected str, bytes or
// os.PathLike object").
Value posix_fs_encode(Value v);
Value posix_decode(const char *text, bool bytes); // surrogateescape
Value posix_status(int64_t status);               // None, or raises errno
Value posix_number(int64_t number);               // an int, or raises errno if it is negative
Value posix_pair(int a, int b);                   // a tuple of two ints
// A NULL-terminated array of C strings; VALUE_NULL is no argument here. free with
// posix_strings_free.
char **posix_strings(Value sequence);
char **posix_environment(Value mapping);
void posix_strings_free(char **strings);

typedef struct {
    const char *name;
    int64_t value;
} PosixConstant;
int posix_add_constants(Value module, const PosixConstant *constants); // ends with a NULL name

// Runs call detached, again after EINTR. errno is kept.
#define POSIX_BLOCKING(result, call)                                                               \
    do {                                                                                           \
        thread_detach();                                                                           \
        (result) = (call);                                                                         \
        int kept_ = errno;                                                                         \
        thread_attach();                                                                           \
        errno = kept_;                                                                             \
    } while ((result) < 0 && errno == EINTR && thread_check_signals() == 0)

// ---- the parts ---------------------------------------------------------------------------------
extern const NativeDef posix_stat_functions[], posix_tree_functions[], posix_folder_functions[],
    posix_descriptor_functions[], posix_io_functions[], posix_process_functions[],
    posix_spawn_functions[], posix_wait_functions[], posix_identity_functions[],
    posix_scheduler_functions[], posix_system_functions[], posix_xattr_functions[],
    posix_terminal_functions[];
int posix_stat_fill(Value module);
int posix_folders_fill(Value module);
int posix_process_fill(Value module);
int posix_wait_fill(Value module);
int posix_scheduler_fill(Value module);
int posix_system_fill(Value module);
int posix_terminal_fill(Value module);

// posix_stat.c, for folder entries: os.stat_result or VALUE_NULL with errno's exception.
Value posix_stat_at(int dir, const PosixPath *path, bool follow);
// resource_module.c: a resource.struct_rusage.
struct rusage;
Value resource_usage(const struct rusage *usage);
// posix_process.c: the functions of os.register_at_fork.
void posix_before_fork(void);
void posix_after_fork(pid_t pid); // 0: in the child

#endif
