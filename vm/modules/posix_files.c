// SPDX-License-Identifier: MIT
//
// `posix`: files, folders, descriptors.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <utime.h>

// ---- paths -----------------------------------------------------------------------------------

Value posix_decode(const char *text, bool bytes) {
    size_t length = strlen(text);
    return bytes ? bytes_new(text, length) : codec_decode((const uint8_t *)text, length, "utf-8", "surrogateescape");
}

int posix_path(const char *function, const char *argument, Value v, bool fd_ok, PosixPath *out) {
    *out = (PosixPath){.fd = -1};
    if (fd_ok && value_is_any_int(v)) {
        int64_t n;
        if (value_to_i64(v, &n) < 0)
            return -1;
        out->fd = (int)n;
        out->object = ref_new(v);
        return 0;
    }
    Value path = VALUE_NULL, method;
    if (value_is_str(v) || value_is_bytes(v)) {
        path = ref_new(v);
    } else {
        int found = value_lookup_special(v, name___fspath__, &method);
        if (found < 0)
            return -1;
        if (found) {
            path = value_call_none(method);
            ref_release(method);
            if (value_is_null(path))
                return -1;
            if (!value_is_str(path) && !value_is_bytes(path)) {
                raise_type_error("expected %T.__fspath__() to return str or bytes, not %T", v, path);
                ref_release(path);
                return -1;
            }
        } else {
            bool none_ok = strcmp(function, "listdir") == 0 || strcmp(function, "scandir") == 0;
            return raise_int(&exception_TypeError, "%s: %s should be string, bytes%s, not %T", function, argument,
                             none_ok ? ", os.PathLike, integer or None"
                             : fd_ok ? ", os.PathLike or integer"
                                     : " or os.PathLike",
                             v);
        }
    }
    Value encoded = value_is_bytes(path) ? ref_new(path) : codec_encode(path, "utf-8", "surrogateescape");
    out->is_bytes = value_is_bytes(path);
    if (value_is_null(encoded)) {
        ref_release(path);
        return -1;
    }
    size_t length = (size_t)bytes_length(encoded);
    if (memchr(bytes_data(encoded), 0, length)) {
        ref_release(path);
        ref_release(encoded);
        return raise_int(&exception_ValueError, "%s: embedded null character in %s", function, argument);
    }
    out->owned = buffer_allocate(length + 1);
    if (out->owned)
        memcpy(out->owned, bytes_data(encoded), length + 1);
    out->text = out->owned;
    out->object = path;
    ref_release(encoded);
    if (!out->owned) {
        ref_release(path);
        raise_memory_error();
        return -1;
    }
    return 0;
}
void posix_path_done(PosixPath *path) {
    int kept = errno;
    buffer_free(path->owned);
    ref_release(path->object);
    errno = kept;
}
Value posix_path_error(PosixPath *path) {
    if (!error_occurred())
        raise_errno_path(errno, path->object);
    return VALUE_NULL;
}
int posix_fd(Value v, int *out) {
    int64_t n;
    if (!value_is_any_int(v)) {
        Value method;
        int found = value_lookup_attr(v, name_fileno, &method);
        if (found <= 0)
            return found < 0 ? -1 : raise_int(&exception_TypeError, "argument must be an int, or have a fileno() method.");
        Value fd = value_call_none(method);
        ref_release(method);
        if (value_is_null(fd))
            return -1;
        int status = value_to_i64(fd, &n);
        ref_release(fd);
        if (status < 0)
            return -1;
    } else if (value_to_i64(v, &n) < 0) {
        return -1;
    }
    *out = (int)n;
    return 0;
}
int posix_dir_fd(Value v, int *out) {
    if (value_is_null(v) || value_is_none(v)) {
        *out = AT_FDCWD;
        return 0;
    }
    return posix_fd(v, out);
}
Value posix_status(int status) {
    if (status < 0)
        return error_occurred() ? VALUE_NULL : raise_errno(errno);
    return none_new();
}

// ---- stat --------------------------------------------------------------------------------------

static Value stat_result_type, terminal_size_type;
static const char *const stat_fields[] = {"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size",
    "_st_atime", "_st_mtime", "_st_ctime", "st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns",
    "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev", NULL};

static Value make_stat(const struct stat *st) {
    const struct timespec *times[] = {&st->st_atim, &st->st_mtim, &st->st_ctim};
    Value v[19] = {int_from_u64(st->st_mode), int_from_u64(st->st_ino), int_from_u64(st->st_dev), int_from_u64(st->st_nlink),
                   int_from_u64(st->st_uid), int_from_u64(st->st_gid), int_from_i64(st->st_size)};
    for (int i = 0; i < 3; i++) {
        v[7 + i] = int_from_i64(times[i]->tv_sec);
        v[10 + i] = float_new((double)times[i]->tv_sec + 1e-9 * (double)times[i]->tv_nsec);
        v[13 + i] = int_from_i64(times[i]->tv_sec * 1000000000 + times[i]->tv_nsec);
    }
    v[16] = int_from_i64(st->st_blksize);
    v[17] = int_from_i64(st->st_blocks);
    v[18] = int_from_u64(st->st_rdev);
    Value result = struct_sequence_new(stat_result_type, v);
    for (int i = 0; i < 19; i++)
        ref_release(v[i]);
    return result;
}

static Value do_stat(const char *function, Value path_value, Value dir_value, bool follow) {
    PosixPath path;
    int dir, status;
    struct stat st;
    if (posix_dir_fd(dir_value, &dir) < 0 || posix_path(function, "path", path_value, true, &path) < 0)
        return VALUE_NULL;
    if (path.text)
        POSIX_BLOCKING(status, fstatat(dir, path.text, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    else
        POSIX_BLOCKING(status, fstat(path.fd, &st));
    Value result = status < 0 ? posix_path_error(&path) : make_stat(&st);
    posix_path_done(&path);
    return result;
}
static Value posix_stat(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "dir_fd", "follow_symlinks", NULL};
    Value v[3];
    if (arguments_parse("stat", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    int follow = value_is_null(v[2]) ? 1 : value_truth(v[2]);
    return follow < 0 ? VALUE_NULL : do_stat("stat", v[0], v[1], follow);
}
static Value posix_lstat(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "dir_fd", NULL};
    Value v[2];
    if (arguments_parse("lstat", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return do_stat("lstat", v[0], v[1], false);
}
static Value posix_fstat(Value self, Value v) {
    int fd, status;
    struct stat st;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fstat(fd, &st));
    return status < 0 ? posix_status(-1) : make_stat(&st);
}
static Value posix_access(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "mode", "dir_fd", "effective_ids", "follow_symlinks", NULL};
    Value v[5];
    PosixPath path;
    int64_t mode;
    int dir;
    if (arguments_parse("access", args, nargs, kwnames, names, 0, 2, 2, v) < 0 || value_to_i64(v[1], &mode) < 0 ||
        posix_dir_fd(v[2], &dir) < 0 || posix_path("access", "path", v[0], false, &path) < 0)
        return VALUE_NULL;
    int status = faccessat(dir, path.text, (int)mode, 0);
    posix_path_done(&path);
    return bool_new(status == 0);
}

// ---- descriptors ----------------------------------------------------------------------------------

static Value posix_open(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "flags", "mode", "dir_fd", NULL};
    Value v[4];
    PosixPath path;
    int64_t flags, mode = 0777;
    int dir, fd;
    if (arguments_parse("open", args, nargs, kwnames, names, 0, 3, 2, v) < 0 || value_to_i64(v[1], &flags) < 0 ||
        (!value_is_null(v[2]) && value_to_i64(v[2], &mode) < 0) || posix_dir_fd(v[3], &dir) < 0 ||
        posix_path("open", "path", v[0], false, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(fd, openat(dir, path.text, (int)flags | O_CLOEXEC, (mode_t)mode));
    Value result = fd < 0 ? posix_path_error(&path) : value_from_int(fd);
    posix_path_done(&path);
    return result;
}
static Value posix_close(Value self, Value v) {
    int fd, status;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    thread_detach();
    status = close(fd);
    thread_attach();
    return status < 0 && errno != EINTR ? posix_status(-1) : none_new();
}
static Value posix_closerange(Value self, const Value *args, size_t nargs) {
    int low, high;
    if (posix_fd(args[0], &low) < 0 || posix_fd(args[1], &high) < 0)
        return VALUE_NULL;
    for (int fd = low; fd < high; fd++)
        close(fd);
    return none_new();
}
static Value posix_read(Value self, const Value *args, size_t nargs) {
    int fd;
    int64_t n;
    if (posix_fd(args[0], &fd) < 0 || value_to_size(args[1], &n) < 0)
        return VALUE_NULL;
    if (n < 0) {
        errno = EINVAL;
        return posix_status(-1);
    }
    uint8_t *data = buffer_allocate((size_t)n + 1);
    if (!data)
        return raise_memory_error();
    ssize_t got;
    POSIX_BLOCKING(got, read(fd, data, (size_t)n));
    Value result = got < 0 ? posix_status(-1) : bytes_new(data, (size_t)got);
    buffer_free(data);
    return result;
}
static Value posix_write(Value self, const Value *args, size_t nargs) {
    int fd;
    BufferView view;
    if (posix_fd(args[0], &fd) < 0 || buffer_view_get(args[1], &view, false) < 0)
        return VALUE_NULL;
    ssize_t n;
    POSIX_BLOCKING(n, write(fd, view.data, (size_t)view.length));
    buffer_view_release(&view);
    return n < 0 ? posix_status(-1) : int_from_i64(n);
}
static Value posix_lseek(Value self, const Value *args, size_t nargs) {
    int fd;
    int64_t offset, whence;
    if (posix_fd(args[0], &fd) < 0 || value_to_i64(args[1], &offset) < 0 || value_to_i64(args[2], &whence) < 0)
        return VALUE_NULL;
    off_t at = lseek(fd, offset, (int)whence);
    return at < 0 ? posix_status(-1) : int_from_i64(at);
}
static Value posix_pipe(Value self) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0)
        return posix_status(-1);
    return tuple_pack(2, value_from_int(fds[0]), value_from_int(fds[1]));
}
static Value posix_pipe2(Value self, Value v) {
    int fds[2];
    int64_t flags;
    if (value_to_i64(v, &flags) < 0)
        return VALUE_NULL;
    if (pipe2(fds, (int)flags) < 0)
        return posix_status(-1);
    return tuple_pack(2, value_from_int(fds[0]), value_from_int(fds[1]));
}
static Value posix_dup(Value self, Value v) {
    int fd;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? posix_status(-1) : value_from_int(fd);
}
static Value posix_dup2(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"fd", "fd2", "inheritable", NULL};
    Value v[3];
    int fd, fd2;
    if (arguments_parse("dup2", args, nargs, kwnames, names, 0, 3, 2, v) < 0 || posix_fd(v[0], &fd) < 0 || posix_fd(v[1], &fd2) < 0)
        return VALUE_NULL;
    int inheritable = value_is_null(v[2]) ? 1 : value_truth(v[2]);
    if (inheritable < 0)
        return VALUE_NULL;
    int status = inheritable ? dup2(fd, fd2) : dup3(fd, fd2, O_CLOEXEC);
    return status < 0 ? posix_status(-1) : value_from_int(fd2);
}
static Value posix_isatty(Value self, Value v) {
    int fd;
    return posix_fd(v, &fd) < 0 ? VALUE_NULL : bool_new(isatty(fd));
}
static Value posix_fsync(Value self, Value v) {
    int fd, status;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fsync(fd));
    return posix_status(status);
}
static Value posix_ftruncate(Value self, const Value *args, size_t nargs) {
    int fd, status;
    int64_t size;
    if (posix_fd(args[0], &fd) < 0 || value_to_i64(args[1], &size) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, ftruncate(fd, size));
    return posix_status(status);
}
static Value posix_get_inheritable(Value self, Value v) {
    int fd;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? posix_status(-1) : bool_new(!(flags & FD_CLOEXEC));
}
static Value posix_set_inheritable(Value self, const Value *args, size_t nargs) {
    int fd, on = value_truth(args[1]);
    if (on < 0 || posix_fd(args[0], &fd) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFD);
    return posix_status(flags < 0 ? -1 : fcntl(fd, F_SETFD, on ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC));
}
static Value posix_get_blocking(Value self, Value v) {
    int fd;
    if (posix_fd(v, &fd) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? posix_status(-1) : bool_new(!(flags & O_NONBLOCK));
}
static Value posix_set_blocking(Value self, const Value *args, size_t nargs) {
    int fd, on = value_truth(args[1]);
    if (on < 0 || posix_fd(args[0], &fd) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFL);
    return posix_status(flags < 0 ? -1 : fcntl(fd, F_SETFL, on ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}
static Value posix_get_terminal_size(Value self, const Value *args, size_t nargs) {
    int fd = 1;
    struct winsize size;
    if (nargs && posix_fd(args[0], &fd) < 0)
        return VALUE_NULL;
    if (ioctl(fd, TIOCGWINSZ, &size) < 0)
        return posix_status(-1);
    Value v[2] = {value_from_int(size.ws_col), value_from_int(size.ws_row)};
    return struct_sequence_new(terminal_size_type, v);
}

// ---- changing the tree ------------------------------------------------------------------------------

// One path, an optional mode or flag, an optional dir_fd.
#define PATH_CALL(function, text, call)                                                            \
    static Value function(Value self, const Value *args, size_t nargs, Value kwnames) {            \
        static const char *const names[] = {"path", "dir_fd", NULL};                               \
        Value v[2];                                                                                \
        PosixPath path;                                                                            \
        int dir, status;                                                                           \
        if (arguments_parse(text, args, nargs, kwnames, names, 0, 1, 1, v) < 0 ||                  \
            posix_dir_fd(v[1], &dir) < 0 || posix_path(text, "path", v[0], false, &path) < 0)      \
            return VALUE_NULL;                                                                     \
        POSIX_BLOCKING(status, call);                                                              \
        Value result = status < 0 ? posix_path_error(&path) : none_new();                          \
        posix_path_done(&path);                                                                    \
        return result;                                                                             \
    }
PATH_CALL(posix_unlink, "unlink", unlinkat(dir, path.text, 0))
PATH_CALL(posix_remove, "remove", unlinkat(dir, path.text, 0))
PATH_CALL(posix_rmdir, "rmdir", unlinkat(dir, path.text, AT_REMOVEDIR))

static Value posix_mkdir(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "mode", "dir_fd", NULL};
    Value v[3];
    PosixPath path;
    int64_t mode = 0777;
    int dir, status;
    if (arguments_parse("mkdir", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        (!value_is_null(v[1]) && value_to_i64(v[1], &mode) < 0) || posix_dir_fd(v[2], &dir) < 0 ||
        posix_path("mkdir", "path", v[0], false, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, mkdirat(dir, path.text, (mode_t)mode));
    Value result = status < 0 ? posix_path_error(&path) : none_new();
    posix_path_done(&path);
    return result;
}
static Value posix_chmod(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "mode", "dir_fd", "follow_symlinks", NULL};
    Value v[4];
    PosixPath path;
    int64_t mode;
    int dir, status;
    if (arguments_parse("chmod", args, nargs, kwnames, names, 0, 2, 2, v) < 0 || value_to_i64(v[1], &mode) < 0 ||
        posix_dir_fd(v[2], &dir) < 0 || posix_path("chmod", "path", v[0], true, &path) < 0)
        return VALUE_NULL;
    if (path.text)
        POSIX_BLOCKING(status, fchmodat(dir, path.text, (mode_t)mode, 0));
    else
        POSIX_BLOCKING(status, fchmod(path.fd, (mode_t)mode));
    Value result = status < 0 ? posix_path_error(&path) : none_new();
    posix_path_done(&path);
    return result;
}
static Value posix_chdir(Value self, Value v) {
    PosixPath path;
    int status;
    if (posix_path("chdir", "path", v, true, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, path.text ? chdir(path.text) : fchdir(path.fd));
    Value result = status < 0 ? posix_path_error(&path) : none_new();
    posix_path_done(&path);
    return result;
}
static Value get_cwd(bool bytes) {
    char *text = getcwd(NULL, 0);
    if (!text)
        return posix_status(-1);
    Value v = posix_decode(text, bytes);
    free(text);
    return v;
}
static Value posix_getcwd(Value self) { return get_cwd(false); }
static Value posix_getcwdb(Value self) { return get_cwd(true); }

// Two paths; the error shows both.
static Value two_paths(const char *function, const Value *args, size_t nargs, Value kwnames, int which) {
    static const char *const names[] = {"src", "dst", "src_dir_fd", "dst_dir_fd", "follow_symlinks", "target_is_directory", "dir_fd", NULL};
    Value v[7];
    PosixPath a, b;
    int da, db, status;
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 3, 2, v) < 0)
        return VALUE_NULL;
    if (which == 2)
        v[2] = VALUE_NULL, v[3] = v[6];
    if (posix_dir_fd(v[2], &da) < 0 || posix_dir_fd(v[3], &db) < 0 || posix_path(function, "src", v[0], false, &a) < 0)
        return VALUE_NULL;
    if (posix_path(function, "dst", v[1], false, &b) < 0) {
        posix_path_done(&a);
        return VALUE_NULL;
    }
    if (which == 0)
        POSIX_BLOCKING(status, renameat(da, a.text, db, b.text));
    else if (which == 1)
        POSIX_BLOCKING(status, linkat(da, a.text, db, b.text, 0));
    else
        POSIX_BLOCKING(status, symlinkat(a.text, db, b.text));
    Value result = VALUE_NULL;
    if (status < 0 && !error_occurred()) {
        Value text = str_from_cstr(strerror(errno));
        Value e_args[5] = {value_from_int(errno), text, a.object, VALUE_NONE, b.object};
        Value e = value_call(value_from_object(&exception_OSError), e_args, 5, VALUE_NULL);
        if (!value_is_null(e))
            raise_object(e);
        ref_release(e);
        ref_release(text);
    } else if (status >= 0) {
        result = none_new();
    }
    posix_path_done(&a);
    posix_path_done(&b);
    return result;
}
static Value posix_rename(Value s, const Value *args, size_t n, Value k) { return two_paths("rename", args, n, k, 0); }
static Value posix_replace(Value s, const Value *args, size_t n, Value k) { return two_paths("replace", args, n, k, 0); }
static Value posix_link(Value s, const Value *args, size_t n, Value k) { return two_paths("link", args, n, k, 1); }
static Value posix_symlink(Value s, const Value *args, size_t n, Value k) { return two_paths("symlink", args, n, k, 2); }

static Value posix_readlink(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "dir_fd", NULL};
    Value v[2];
    PosixPath path;
    int dir;
    char target[4097];
    if (arguments_parse("readlink", args, nargs, kwnames, names, 0, 1, 1, v) < 0 || posix_dir_fd(v[1], &dir) < 0 ||
        posix_path("readlink", "path", v[0], false, &path) < 0)
        return VALUE_NULL;
    ssize_t n = readlinkat(dir, path.text, target, sizeof target - 1);
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
static Value posix_truncate(Value self, const Value *args, size_t nargs) {
    PosixPath path;
    int64_t size;
    int status;
    if (value_to_i64(args[1], &size) < 0 || posix_path("truncate", "path", args[0], true, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, path.text ? truncate(path.text, size) : ftruncate(path.fd, size));
    Value result = status < 0 ? posix_path_error(&path) : none_new();
    posix_path_done(&path);
    return result;
}
static int to_timespec(Value v, bool ns, struct timespec *out) {
    if (ns) {
        int64_t n;
        if (value_to_i64(v, &n) < 0)
            return -1;
        out->tv_sec = n / 1000000000 - (n % 1000000000 < 0);
        out->tv_nsec = n - out->tv_sec * 1000000000;
        return 0;
    }
    double d;
    if (value_to_double(v, &d) < 0)
        return -1;
    out->tv_sec = (time_t)(d < 0 ? d - 1 : d);
    out->tv_nsec = (long)((d - (double)out->tv_sec) * 1e9);
    return 0;
}
static Value posix_utime(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", "times", "ns", "dir_fd", "follow_symlinks", NULL};
    Value v[5];
    PosixPath path;
    int dir;
    if (arguments_parse("utime", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    Value given = !value_is_null(v[2]) ? v[2] : v[1];
    if (!value_is_null(given) && !value_is_none(given)) {
        if (!value_is_tuple(given) || tuple_length(given) != 2)
            return raise_type_error("utime: '%s' must be %s", value_is_null(v[2]) ? "times" : "ns",
                                    value_is_null(v[2]) ? "either a tuple of two ints or None" : "a tuple of two ints");
        for (int i = 0; i < 2; i++)
            if (to_timespec(tuple_item(given, i), !value_is_null(v[2]), &times[i]) < 0)
                return VALUE_NULL;
    }
    int follow = value_is_null(v[4]) ? 1 : value_truth(v[4]);
    if (follow < 0 || posix_dir_fd(v[3], &dir) < 0 || posix_path("utime", "path", v[0], true, &path) < 0)
        return VALUE_NULL;
    int status = path.text ? utimensat(dir, path.text, times, follow ? 0 : AT_SYMLINK_NOFOLLOW) : futimens(path.fd, times);
    Value result = status < 0 ? posix_path_error(&path) : none_new();
    posix_path_done(&path);
    return result;
}

// ---- folders --------------------------------------------------------------------------------------------

static Value posix_listdir(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", NULL};
    Value v[1];
    PosixPath path;
    Value dot = str_from_code_point('.');
    if (arguments_parse("listdir", args, nargs, kwnames, names, 0, 1, 0, v) < 0 ||
        posix_path("listdir", "path", value_is_null(v[0]) || value_is_none(v[0]) ? dot : v[0], true, &path) < 0) {
        ref_release(dot);
        return VALUE_NULL;
    }
    ref_release(dot);
    thread_detach();
    DIR *dir = path.text ? opendir(path.text) : fdopendir(dup(path.fd));
    int problem = errno;
    thread_attach();
    errno = problem;
    Value list = dir ? list_new() : posix_path_error(&path);
    while (!value_is_null(list)) {
        thread_detach();
        errno = 0;
        struct dirent *entry = readdir(dir);
        problem = errno;
        thread_attach();
        if (!entry)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        Value name = posix_decode(entry->d_name, path.is_bytes);
        if (value_is_null(name) || list_append_owned(list, name) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    if (dir)
        closedir(dir);
    posix_path_done(&path);
    return list;
}

// scandir: the entries are read at once; the iterator is that of a list with close() and `with`.
typedef struct {
    Object header;
    Value name, path;
    uint8_t kind; // d_type
    Value stat_follow, stat_own; // cached; guarded by the lock
} DirEntry;
typedef struct {
    Object header;
    Value list;     // of DirEntry
    int64_t next;   // guarded by the lock
} ScandirIterator;
extern Type dir_entry_type, scandir_type;

static inline DirEntry *entry_of(Value v) { return (DirEntry *)value_object(v); }
static Value entry_stat_flag(Value self, bool follow) {
    DirEntry *e = entry_of(self);
    Value *slot = follow ? &e->stat_follow : &e->stat_own;
    Value known = field_load(&e->header, slot);
    if (!value_is_null(known))
        return known;
    Value st = do_stat("stat", e->path, VALUE_NULL, follow);
    if (!value_is_null(st))
        field_store(&e->header, slot, ref_new(st));
    return st;
}
static int follow_argument(const char *function, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"follow_symlinks", NULL};
    Value v[1];
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return -1;
    return value_is_null(v[0]) ? 1 : value_truth(v[0]);
}
static Value entry_stat(Value self, const Value *args, size_t nargs, Value kwnames) {
    int follow = follow_argument("stat", args, nargs, kwnames);
    return follow < 0 ? VALUE_NULL : entry_stat_flag(self, follow);
}
static Value entry_is(Value self, int follow, mode_t wanted, uint8_t kind) {
    DirEntry *e = entry_of(self);
    if (follow < 0)
        return VALUE_NULL;
    if (e->kind != DT_UNKNOWN && !(e->kind == DT_LNK && follow))
        return bool_new(e->kind == kind);
    Value st = entry_stat_flag(self, follow);
    if (value_is_null(st)) {
        if (!error_matches(&exception_FileNotFoundError))
            return st;
        error_clear();
        return bool_new(false);
    }
    int64_t mode = 0;
    int status = value_to_i64(tuple_item(st, 0), &mode);
    ref_release(st);
    return status < 0 ? VALUE_NULL : bool_new(((mode_t)mode & S_IFMT) == wanted);
}
static Value entry_is_dir(Value self, const Value *args, size_t nargs, Value kwnames) {
    return entry_is(self, follow_argument("is_dir", args, nargs, kwnames), S_IFDIR, DT_DIR);
}
static Value entry_is_file(Value self, const Value *args, size_t nargs, Value kwnames) {
    return entry_is(self, follow_argument("is_file", args, nargs, kwnames), S_IFREG, DT_REG);
}
static Value entry_is_symlink(Value self) { return entry_is(self, 0, S_IFLNK, DT_LNK); }
static Value entry_inode(Value self) {
    Value st = entry_stat_flag(self, false);
    if (value_is_null(st))
        return st;
    Value v = ref_new(tuple_item(st, 1));
    ref_release(st);
    return v;
}
static Value entry_fspath(Value self) { return ref_new(entry_of(self)->path); }
static Value entry_repr(Value self) { return str_format("<DirEntry %R>", entry_of(self)->name); }
static void entry_destroy(Object *self) {
    DirEntry *e = (DirEntry *)self;
    ref_release(e->name);
    ref_release(e->path);
    ref_release(e->stat_follow);
    ref_release(e->stat_own);
    object_free_fixed(self);
}
static void entry_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((DirEntry *)self)->name);
    gc_visit(visitor, ((DirEntry *)self)->path);
    gc_visit(visitor, ((DirEntry *)self)->stat_follow);
    gc_visit(visitor, ((DirEntry *)self)->stat_own);
}
static const NativeDef entry_methods[] = {
    DEF_VECTOR("stat", entry_stat, NULL), DEF_VECTOR("is_dir", entry_is_dir, NULL), DEF_VECTOR("is_file", entry_is_file, NULL),
    DEF_NONE("is_symlink", entry_is_symlink, NULL), DEF_NONE("inode", entry_inode, NULL),
    DEF_NONE("__fspath__", entry_fspath, NULL), DEF_END};
static const MemberDef entry_members[] = {{"name", offsetof(DirEntry, name), true, true}, {"path", offsetof(DirEntry, path), true, true}, {0}};
Type dir_entry_type = {.header = STATIC_TYPE_HEADER, .name = "posix.DirEntry", .basic_size = sizeof(DirEntry), .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW, .destroy = entry_destroy, .traverse = entry_traverse, .repr = entry_repr, .methods = entry_methods, .members = entry_members};

static Value scandir_next(Value self) {
    ScandirIterator *s = (ScandirIterator *)value_object(self);
    object_lock(&s->header);
    int64_t i = s->next++;
    object_unlock(&s->header);
    if (i >= list_length(s->list))
        return VALUE_NULL;
    return list_get(s->list, i);
}
static Value scandir_close(Value self) {
    ScandirIterator *s = (ScandirIterator *)value_object(self);
    __atomic_store_n(&s->next, INT64_MAX / 2, __ATOMIC_RELAXED);
    return none_new();
}
static Value scandir_enter(Value self) { return ref_new(self); }
static Value scandir_exit(Value self, const Value *args, size_t nargs) { return scandir_close(self); }
static void scandir_destroy(Object *self) {
    ref_release(((ScandirIterator *)self)->list);
    object_free_fixed(self);
}
static void scandir_traverse(Object *self, GcVisitor *visitor) { gc_visit(visitor, ((ScandirIterator *)self)->list); }
static const NativeDef scandir_methods[] = {DEF_NONE("close", scandir_close, NULL), DEF_NONE("__enter__", scandir_enter, NULL),
                                            DEF_FIXED("__exit__", scandir_exit, 0, -1, NULL), DEF_END};
Type scandir_type = {.header = STATIC_TYPE_HEADER, .name = "posix.ScandirIterator", .basic_size = sizeof(ScandirIterator), .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW, .destroy = scandir_destroy, .traverse = scandir_traverse, .iter = object_self_iter, .next = scandir_next, .methods = scandir_methods};

static Value posix_scandir(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", NULL};
    Value v[1];
    PosixPath path;
    Value dot = str_from_code_point('.');
    if (arguments_parse("scandir", args, nargs, kwnames, names, 0, 1, 0, v) < 0 ||
        posix_path("scandir", "path", value_is_null(v[0]) || value_is_none(v[0]) ? dot : v[0], false, &path) < 0) {
        ref_release(dot);
        return VALUE_NULL;
    }
    ref_release(dot);
    thread_detach();
    DIR *dir = opendir(path.text);
    int problem = errno;
    thread_attach();
    errno = problem;
    Value list = dir ? list_new() : posix_path_error(&path);
    size_t stem = strlen(path.text);
    while (!value_is_null(list)) {
        thread_detach();
        struct dirent *d = readdir(dir);
        thread_attach();
        if (!d)
            break;
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        DirEntry *e = object_allocate(&dir_entry_type);
        char *full = malloc(stem + strlen(d->d_name) + 2);
        if (!e || !full)
            break;
        sprintf(full, "%s%s%s", path.text, stem && path.text[stem - 1] == '/' ? "" : "/", d->d_name);
        e->name = posix_decode(d->d_name, path.is_bytes);
        e->path = posix_decode(full, path.is_bytes);
        e->kind = d->d_type;
        free(full);
        if (list_append_owned(list, value_from_object(e)) < 0)
            break;
    }
    if (dir)
        closedir(dir);
    posix_path_done(&path);
    if (value_is_null(list) || error_occurred()) {
        ref_release(list);
        return VALUE_NULL;
    }
    ScandirIterator *s = object_allocate(&scandir_type);
    if (!s) {
        ref_release(list);
        return VALUE_NULL;
    }
    s->list = list;
    return value_from_object(s);
}

static Value posix_fspath(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"path", NULL};
    Value v[1], method;
    if (arguments_parse("fspath", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    if (value_is_str(v[0]) || value_is_bytes(v[0]))
        return ref_new(v[0]);
    int found = value_lookup_special(v[0], name___fspath__, &method);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : raise_type_error("expected str, bytes or os.PathLike object, not %T", v[0]);
    Value path = value_call_none(method);
    ref_release(method);
    if (!value_is_null(path) && !value_is_str(path) && !value_is_bytes(path)) {
        raise_type_error("expected %T.__fspath__() to return str or bytes, not %T", v[0], path);
        ref_release(path);
        return VALUE_NULL;
    }
    return path;
}

const NativeDef posix_file_functions[] = {
    DEF_VECTOR("stat", posix_stat, NULL), DEF_VECTOR("lstat", posix_lstat, NULL), DEF_ONE("fstat", posix_fstat, NULL),
    DEF_VECTOR("access", posix_access, NULL), DEF_VECTOR("open", posix_open, NULL), DEF_ONE("close", posix_close, NULL),
    DEF_FIXED("closerange", posix_closerange, 2, 2, NULL), DEF_FIXED("read", posix_read, 2, 2, NULL),
    DEF_FIXED("write", posix_write, 2, 2, NULL), DEF_FIXED("lseek", posix_lseek, 3, 3, NULL), DEF_NONE("pipe", posix_pipe, NULL),
    DEF_ONE("pipe2", posix_pipe2, NULL), DEF_ONE("dup", posix_dup, NULL), DEF_VECTOR("dup2", posix_dup2, NULL),
    DEF_ONE("isatty", posix_isatty, NULL), DEF_ONE("fsync", posix_fsync, NULL), DEF_ONE("fdatasync", posix_fsync, NULL),
    DEF_FIXED("ftruncate", posix_ftruncate, 2, 2, NULL), DEF_ONE("get_inheritable", posix_get_inheritable, NULL),
    DEF_FIXED("set_inheritable", posix_set_inheritable, 2, 2, NULL), DEF_ONE("get_blocking", posix_get_blocking, NULL),
    DEF_FIXED("set_blocking", posix_set_blocking, 2, 2, NULL), DEF_FIXED("get_terminal_size", posix_get_terminal_size, 0, 1, NULL),
    DEF_VECTOR("unlink", posix_unlink, NULL), DEF_VECTOR("remove", posix_remove, NULL), DEF_VECTOR("rmdir", posix_rmdir, NULL),
    DEF_VECTOR("mkdir", posix_mkdir, NULL), DEF_VECTOR("chmod", posix_chmod, NULL), DEF_ONE("chdir", posix_chdir, NULL),
    DEF_NONE("getcwd", posix_getcwd, NULL), DEF_NONE("getcwdb", posix_getcwdb, NULL), DEF_VECTOR("rename", posix_rename, NULL),
    DEF_VECTOR("replace", posix_replace, NULL), DEF_VECTOR("link", posix_link, NULL), DEF_VECTOR("symlink", posix_symlink, NULL),
    DEF_VECTOR("readlink", posix_readlink, NULL), DEF_FIXED("truncate", posix_truncate, 2, 2, NULL), DEF_VECTOR("utime", posix_utime, NULL),
    DEF_VECTOR("listdir", posix_listdir, NULL), DEF_VECTOR("scandir", posix_scandir, NULL), DEF_VECTOR("fspath", posix_fspath, NULL),
    DEF_END,
};

int posix_files_fill(Value module) {
    static const char *const terminal_fields[] = {"columns", "lines", NULL};
    stat_result_type = struct_sequence_type_hidden("os.stat_result", stat_fields, 10);
    terminal_size_type = struct_sequence_type("os.terminal_size", terminal_fields);
    if (module_add(module, "stat_result", ref_new(stat_result_type)) < 0 ||
        module_add(module, "terminal_size", ref_new(terminal_size_type)) < 0 || module_add_type(module, &dir_entry_type) < 0)
        return -1;
    if (!(scandir_type.flags & TYPE_READY))
        type_ready(&scandir_type);
    return 0;
}
