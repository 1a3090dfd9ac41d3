// SPDX-License-Identifier: MIT
//
// `_posixshmem`: shared memory by name.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <sys/mman.h>

static Value path_argument(const char *function, Value v) {
    return value_is_str(v)
               ? posix_fs_encode(v)
               : raise_type_error("%s() argument 'path' must be str, not %G", function, v);
}

static Value posixshmem_open(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("shm_open", 0, 3, 2, "path", "flags", "mode");
    int flags, mode = 0777, fd;
    Value path = path_argument("shm_open", v[0]);
    if (value_is_null(path) || int_argument(v[1], &flags) < 0 || int_argument(v[2], &mode) < 0) {
        ref_release(path);
        return VALUE_NULL;
    }
    POSIX_BLOCKING(fd, shm_open((const char *)bytes_data(path), flags, (mode_t)mode));
    ref_release(path);
    if (fd < 0 && !error_occurred())
        return raise_errno_path(errno, v[0]);
    return fd < 0 ? VALUE_NULL : value_from_int(fd);
}
static Value posixshmem_unlink(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("shm_unlink", 0, 1, 1, "path");
    int status;
    Value path = path_argument("shm_unlink", v[0]);
    if (value_is_null(path))
        return path;
    POSIX_BLOCKING(status, shm_unlink((const char *)bytes_data(path)));
    ref_release(path);
    if (status < 0 && !error_occurred())
        return raise_errno_path(errno, v[0]);
    return status < 0 ? VALUE_NULL : none_new();
}

static const NativeDef functions[] = {
    DEF_VECTOR("shm_open", posixshmem_open,
               "shm_open($module, /, path, flags, mode=511)\n--\n\nOpens shared memory."),
    DEF_VECTOR("shm_unlink", posixshmem_unlink,
               "shm_unlink($module, /, path)\n--\n\nForgets the name of shared memory."),
    DEF_END,
};

const NativeModule module_posixshmem = {"_posixshmem", "Shared memory by name.", functions, NULL};
