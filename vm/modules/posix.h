// SPDX-License-Identifier: MIT
//
// The `posix` module's parts: files (posix_files.c), processes (posix_process.c), the rest and the
// module itself (posix_module.c).
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
#include <sys/stat.h>
#include <unistd.h>

// A path argument: str, bytes, os.PathLike, or (if fd_ok) a descriptor.
typedef struct {
    const char *text; // NUL-terminated, or NULL for a descriptor
    char *owned;
    int fd;           // -1 for a path
    Value object;     // new reference: what messages show
    bool is_bytes;
} PosixPath;
int posix_path(const char *function, const char *argument, Value v, bool fd_ok, PosixPath *out);
void posix_path_done(PosixPath *path);
Value posix_path_error(PosixPath *path);     // raises errno with the path; VALUE_NULL
Value posix_decode(const char *text, bool bytes); // surrogateescape
int posix_fd(Value v, int *out);
int posix_dir_fd(Value v, int *out);         // None or VALUE_NULL: AT_FDCWD
Value posix_status(int status);              // None, or raises errno

// Runs call detached, again after EINTR. errno is kept.
#define POSIX_BLOCKING(result, call)                                                               \
    do {                                                                                           \
        thread_detach();                                                                           \
        (result) = (call);                                                                         \
        int kept_ = errno;                                                                         \
        thread_attach();                                                                           \
        errno = kept_;                                                                             \
    } while ((result) < 0 && errno == EINTR && thread_check_signals() == 0)

extern const NativeDef posix_file_functions[], posix_process_functions[];
int posix_files_fill(Value module);
int posix_process_fill(Value module);

#endif
