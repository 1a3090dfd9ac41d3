// SPDX-License-Identifier: MIT
//
// `posix`: changing the tree of files and folders, and where in it the process is.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

// One path and an optional dir_fd.
#define PATH_CALL(function, text, call)                                                            \
    static Value function(Value self, const Value *args, size_t nargs, Value kwnames) {            \
        POSIX_ARGUMENTS(text, 0, 1, 1, "path", "dir_fd");                                          \
        PosixPath path;                                                                            \
        int dir, status;                                                                           \
        if (posix_dir_fd(v[1], &dir) < 0 || posix_path(text, "path", v[0], 0, &path) < 0)          \
            return VALUE_NULL;                                                                     \
        POSIX_BLOCKING(status, call);                                                              \
        return posix_path_status(&path, status);                                                   \
    }
PATH_CALL(posix_unlink, "unlink", unlinkat(dir, path.text, 0))
PATH_CALL(posix_remove, "remove", unlinkat(dir, path.text, 0))
PATH_CALL(posix_rmdir, "rmdir", unlinkat(dir, path.text, AT_REMOVEDIR))

// One path, an optional mode, an optional dir_fd.
static Value make(const char *function, const Value *args, size_t nargs, Value kwnames, int mode,
                  int (*call)(int dir, const char *path, mode_t mode)) {
    static const char *const names[] = {"path", "mode", "dir_fd", NULL};
    Value v[3];
    PosixPath path;
    int dir, status;
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        int_argument(v[1], &mode) < 0 || posix_dir_fd(v[2], &dir) < 0 ||
        posix_path(function, "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, call(dir, path.text, (mode_t)mode));
    return call == mkdirat ? posix_path_status(&path, status)
                           : posix_path_status_alone(&path, status);
}
static Value posix_mkdir(Value self, const Value *args, size_t nargs, Value kwnames) {
    return make("mkdir", args, nargs, kwnames, 0777, mkdirat);
}
static Value posix_mkfifo(Value self, const Value *args, size_t nargs, Value kwnames) {
    return make("mkfifo", args, nargs, kwnames, 0666, mkfifoat);
}
static int device_argument(Value v, uint64_t *out) {
    Value number = value_index(v);
    if (value_is_null(number))
        return -1;
    bool fits = int_to_u64(number, out), negative = int_sign(number) < 0;
    ref_release(number);
    return fits ? 0
                : raise_int(&exception_OverflowError, negative
                                                          ? "can't convert negative int to unsigned"
                                                          : "int too big to convert");
}
static Value posix_mknod(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("mknod", 0, 3, 1, "path", "mode", "device", "dir_fd");
    PosixPath path;
    int mode = 0600, dir, status;
    uint64_t device = 0;
    if (int_argument(v[1], &mode) < 0 ||
        (!value_is_null(v[2]) && device_argument(v[2], &device) < 0) ||
        posix_dir_fd(v[3], &dir) < 0 || posix_path("mknod", "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, mknodat(dir, path.text, (mode_t)mode, (dev_t)device));
    return posix_path_status_alone(&path, status);
}
static Value posix_makedev(Value self, const Value *args, size_t nargs) {
    int a, b;
    if (int_argument(args[0], &a) < 0 || int_argument(args[1], &b) < 0)
        return VALUE_NULL;
    return int_from_u64(makedev((unsigned)a, (unsigned)b));
}
static Value posix_major(Value self, Value v) {
    uint64_t device;
    return device_argument(v, &device) < 0 ? VALUE_NULL : int_from_u64(major((dev_t)device));
}
static Value posix_minor(Value self, Value v) {
    uint64_t device;
    return device_argument(v, &device) < 0 ? VALUE_NULL : int_from_u64(minor((dev_t)device));
}

// ---- two paths ---------------------------------------------------------------------------------

// Raises errno with both paths.
static Value two_paths_error(const PosixPath *a, const PosixPath *b) {
    if (error_occurred())
        return VALUE_NULL;
    Value text = str_from_cstr(strerror(errno));
    Value arguments[5] = {value_from_int(errno), text, a->object, VALUE_NONE, b->object};
    Value e = value_is_null(text)
                  ? text
                  : value_call(value_from_object(&exception_OSError), arguments, 5, VALUE_NULL);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    ref_release(text);
    return VALUE_NULL;
}
static int two_paths(const char *function, Value src, Value dst, PosixPath *a, PosixPath *b) {
    if (posix_path(function, "src", src, 0, a) < 0)
        return -1;
    if (posix_path(function, "dst", dst, 0, b) < 0) {
        posix_path_done(a);
        return -1;
    }
    return 0;
}
static Value two_paths_status(PosixPath *a, PosixPath *b, int status) {
    Value result = status < 0 ? two_paths_error(a, b) : none_new();
    posix_path_done(a);
    posix_path_done(b);
    return result;
}
static Value rename_as(const char *function, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"src", "dst", "src_dir_fd", "dst_dir_fd", NULL};
    Value v[4];
    PosixPath a, b;
    int from, to, status;
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 2, 2, v) < 0 ||
        posix_dir_fd(v[2], &from) < 0 || posix_dir_fd(v[3], &to) < 0 ||
        two_paths(function, v[0], v[1], &a, &b) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, renameat(from, a.text, to, b.text));
    return two_paths_status(&a, &b, status);
}
static Value posix_rename(Value self, const Value *args, size_t nargs, Value kwnames) {
    return rename_as("rename", args, nargs, kwnames);
}
static Value posix_replace(Value self, const Value *args, size_t nargs, Value kwnames) {
    return rename_as("replace", args, nargs, kwnames);
}
static Value posix_link(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("link", 0, 2, 2, "src", "dst", "src_dir_fd", "dst_dir_fd", "follow_symlinks");
    PosixPath a, b;
    int from, to, status;
    bool follow = true;
    if (posix_dir_fd(v[2], &from) < 0 || posix_dir_fd(v[3], &to) < 0 ||
        posix_bool(v[4], &follow) < 0 || two_paths("link", v[0], v[1], &a, &b) < 0)
        return VALUE_NULL;
    // link() does not follow symbolic links here, and os.link() without options is link().
    bool plain = from == AT_FDCWD && to == AT_FDCWD;
    POSIX_BLOCKING(status,
                   linkat(from, a.text, to, b.text, follow && !plain ? AT_SYMLINK_FOLLOW : 0));
    return two_paths_status(&a, &b, status);
}
static Value posix_symlink(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("symlink", 0, 3, 2, "src", "dst", "target_is_directory", "dir_fd");
    PosixPath a, b;
    int dir, status;
    if (posix_dir_fd(v[3], &dir) < 0 || two_paths("symlink", v[0], v[1], &a, &b) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, symlinkat(a.text, dir, b.text));
    return two_paths_status(&a, &b, status);
}
static Value posix_readlink(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("readlink", 0, 1, 1, "path", "dir_fd");
    PosixPath path;
    int dir;
    char target[PATH_MAX + 1];
    ssize_t n;
    if (posix_dir_fd(v[1], &dir) < 0 || posix_path("readlink", "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, readlinkat(dir, path.text, target, sizeof target - 1));
    Value result;
    if (n < 0) {
        result = posix_path_error(&path);
    } else {
        target[n] = 0;
        result = posix_decode(target, path.is_bytes);
    }
    posix_path_done(&path);
    return result;
}
static Value posix_truncate(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("truncate", 0, 2, 2, "path", "length");
    PosixPath path;
    int64_t length;
    int status;
    if (posix_i64(v[1], &length) < 0 || posix_path("truncate", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, path.text ? truncate(path.text, length) : ftruncate(path.fd, length));
    return path.text || path.fd == -1 ? posix_path_status(&path, status)
                                      : posix_path_status_alone(&path, status);
}

// ---- where the process is ----------------------------------------------------------------------

static Value posix_chdir(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("chdir", 0, 1, 1, "path");
    PosixPath path;
    int status;
    if (posix_path("chdir", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, path.text ? chdir(path.text) : fchdir(path.fd));
    return posix_path_status(&path, status);
}
static Value posix_fchdir(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fchdir", 0, 1, 1, "fd");
    int fd, status;
    if (posix_fd(v[0], &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fchdir(fd));
    return posix_status(status);
}
static Value posix_chroot(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("chroot", 0, 1, 1, "path");
    PosixPath path;
    int status;
    if (posix_path("chroot", "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, chroot(path.text));
    return posix_path_status(&path, status);
}
static Value current(bool bytes) {
    thread_detach();
    char *text = getcwd(NULL, 0);
    thread_attach();
    if (!text)
        return posix_status(-1);
    Value path = posix_decode(text, bytes);
    free(text);
    return path;
}
static Value posix_getcwd(Value self) {
    return current(false);
}
static Value posix_getcwdb(Value self) {
    return current(true);
}

static Value posix_umask(Value self, Value v) {
    int mask;
    return int_argument(v, &mask) < 0 ? VALUE_NULL : value_from_int(umask((mode_t)mask));
}
static Value posix_sync(Value self) {
    thread_detach();
    sync();
    thread_attach();
    return none_new();
}

const NativeDef posix_tree_functions[] = {
    DEF_VECTOR("unlink", posix_unlink,
               "unlink($module, /, path, *, dir_fd=None)\n--\n\nRemoves a file."),
    DEF_VECTOR("remove", posix_remove,
               "remove($module, /, path, *, dir_fd=None)\n--\n\nRemoves a file."),
    DEF_VECTOR("rmdir", posix_rmdir,
               "rmdir($module, /, path, *, dir_fd=None)\n--\n\nRemoves an empty folder."),
    DEF_VECTOR("mkdir", posix_mkdir,
               "mkdir($module, /, path, mode=511, *, dir_fd=None)\n--\n\nMakes a folder."),
    DEF_VECTOR("mkfifo", posix_mkfifo,
               "mkfifo($module, /, path, mode=438, *, dir_fd=None)\n--\n\nMakes a named pipe."),
    DEF_VECTOR("mknod", posix_mknod,
               "mknod($module, /, path, mode=384, device=0, *, dir_fd=None)\n--\n\n"
               "Makes a file, a device or a named pipe."),
    DEF_FIXED("makedev", posix_makedev, 2, 2,
              "makedev($module, major, minor, /)\n--\n\nThe number of a device."),
    DEF_ONE("major", posix_major, "major($module, device, /)\n--\n\nA device's major number."),
    DEF_ONE("minor", posix_minor, "minor($module, device, /)\n--\n\nA device's minor number."),
    DEF_VECTOR("rename", posix_rename,
               "rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)\n--\n\n"
               "Renames a file or folder."),
    DEF_VECTOR("replace", posix_replace,
               "replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)\n--\n\n"
               "Renames a file or folder over what is there."),
    DEF_VECTOR("link", posix_link,
               "link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,\n"
               "     follow_symlinks=True)\n--\n\nGives a file another name."),
    DEF_VECTOR("symlink", posix_symlink,
               "symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)\n--\n\n"
               "Makes a symbolic link named dst to src."),
    DEF_VECTOR("readlink", posix_readlink,
               "readlink($module, /, path, *, dir_fd=None)\n--\n\nWhat a symbolic link says."),
    DEF_VECTOR("truncate", posix_truncate,
               "truncate($module, /, path, length)\n--\n\nMakes a file that long."),
    DEF_VECTOR("chdir", posix_chdir, "chdir($module, /, path)\n--\n\nGoes to a folder."),
    DEF_VECTOR("fchdir", posix_fchdir, "fchdir($module, /, fd)\n--\n\nGoes to an open folder."),
    DEF_VECTOR("chroot", posix_chroot,
               "chroot($module, /, path)\n--\n\nMakes a folder the process's root."),
    DEF_NONE("getcwd", posix_getcwd, "getcwd($module, /)\n--\n\nThe current folder, a str."),
    DEF_NONE("getcwdb", posix_getcwdb, "getcwdb($module, /)\n--\n\nThe current folder, bytes."),
    DEF_ONE("umask", posix_umask,
            "umask($module, mask, /)\n--\n\nSets which bits new files lack; gives the old mask."),
    DEF_NONE("sync", posix_sync, "sync($module, /)\n--\n\nWrites all buffers to the disks."),
    DEF_END,
};
