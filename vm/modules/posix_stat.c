// SPDX-License-Identifier: MIT
//
// `posix`: what the file system says of a file, and changing that (modes, owners, times).
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include "vm/types/arguments.h"
#include <math.h>
#include <sys/statvfs.h>

static Value stat_result_type, statvfs_result_type; // set once by posix_stat_fill
static const char *const stat_fields[] = {"st_mode",
                                          "st_ino",
                                          "st_dev",
                                          "st_nlink",
                                          "st_uid",
                                          "st_gid",
                                          "st_size",
                                          "",
                                          "",
                                          "",
                                          "st_atime",
                                          "st_mtime",
                                          "st_ctime",
                                          "st_atime_ns",
                                          "st_mtime_ns",
                                          "st_ctime_ns",
                                          "st_blksize",
                                          "st_blocks",
                                          "st_rdev",
                                          NULL};
enum { STAT_FIELDS = 19 };

// seconds * 10^9 + nanoseconds; file systems have times that do not fit 64 bits so.
static Value nanoseconds(const struct timespec *t) {
    int64_t n;
    if (!__builtin_mul_overflow(t->tv_sec, 1000000000, &n) &&
        !__builtin_add_overflow(n, t->tv_nsec, &n))
        return int_from_i64(n);
    Value seconds = int_from_i64(t->tv_sec);
    Value product = int_multiply(seconds, value_from_int(1000000000)), sum = VALUE_NULL;
    if (!value_is_null(product))
        sum = int_add(product, value_from_int(t->tv_nsec));
    ref_release(seconds);
    ref_release(product);
    return sum;
}

static Value make_stat(const struct stat *st) {
    const struct timespec *times[] = {&st->st_atim, &st->st_mtim, &st->st_ctim};
    Value v[STAT_FIELDS] = {int_from_u64(st->st_mode), int_from_u64(st->st_ino),
                            int_from_u64(st->st_dev),  int_from_u64(st->st_nlink),
                            int_from_u64(st->st_uid),  int_from_u64(st->st_gid),
                            int_from_i64(st->st_size)};
    for (int i = 0; i < 3; i++) {
        v[7 + i] = int_from_i64(times[i]->tv_sec);
        v[10 + i] = float_new((double)times[i]->tv_sec + 1e-9 * (double)times[i]->tv_nsec);
        v[13 + i] = nanoseconds(times[i]);
    }
    v[16] = int_from_i64(st->st_blksize);
    v[17] = int_from_i64(st->st_blocks);
    v[18] = int_from_u64(st->st_rdev);
    bool whole = true;
    for (int i = 0; i < STAT_FIELDS; i++)
        whole &= !value_is_null(v[i]);
    Value result = whole ? struct_sequence_new(stat_result_type, v) : VALUE_NULL;
    for (int i = 0; i < STAT_FIELDS; i++)
        ref_release(v[i]);
    return result;
}

Value posix_stat_at(int dir, const PosixPath *path, bool follow) {
    int status;
    struct stat st;
    if (path->text)
        POSIX_BLOCKING(status, fstatat(dir, path->text, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    else
        POSIX_BLOCKING(status, fstat(path->fd, &st));
    return status < 0 ? posix_path_error(path) : make_stat(&st);
}

static Value stat_path(const char *function, Value path_value, int dir, int flags, bool follow) {
    PosixPath path;
    if (posix_path(function, "path", path_value, flags, &path) < 0)
        return VALUE_NULL;
    Value result = posix_path_check(function, &path, dir, follow) < 0
                       ? VALUE_NULL
                       : posix_stat_at(dir, &path, follow);
    posix_path_done(&path);
    return result;
}
static Value posix_stat(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("stat", 0, 1, 1, "path", "dir_fd", "follow_symlinks");
    bool follow = true;
    int dir;
    if (posix_dir_fd(v[1], &dir) < 0 || posix_bool(v[2], &follow) < 0)
        return VALUE_NULL;
    return stat_path("stat", v[0], dir, PATH_FD, follow);
}
static Value posix_lstat(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("lstat", 0, 1, 1, "path", "dir_fd");
    int dir;
    if (posix_dir_fd(v[1], &dir) < 0)
        return VALUE_NULL;
    return stat_path("lstat", v[0], dir, 0, false);
}
static Value posix_fstat(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fstat", 0, 1, 1, "fd");
    int fd, status;
    struct stat st;
    if (int_argument(v[0], &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fstat(fd, &st));
    return status < 0 ? posix_status(-1) : make_stat(&st);
}

static Value posix_access(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("access", 0, 2, 2, "path", "mode", "dir_fd", "effective_ids",
                    "follow_symlinks");
    PosixPath path;
    int mode, dir, status;
    bool effective = false, follow = true;
    if (int_argument(v[1], &mode) < 0 || posix_dir_fd(v[2], &dir) < 0 ||
        posix_bool(v[3], &effective) < 0 || posix_bool(v[4], &follow) < 0 ||
        posix_path("access", "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    int flags = (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
    POSIX_BLOCKING(status, faccessat(dir, path.text, mode, flags));
    posix_path_done(&path);
    return error_occurred() ? VALUE_NULL : bool_new(status == 0);
}

// ---- modes and owners --------------------------------------------------------------------------

static Value posix_chmod(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("chmod", 0, 2, 2, "path", "mode", "dir_fd", "follow_symlinks");
    PosixPath path;
    int mode, dir, status;
    bool follow = true;
    if (int_argument(v[1], &mode) < 0 || posix_dir_fd(v[2], &dir) < 0 ||
        posix_bool(v[3], &follow) < 0 || posix_path("chmod", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    if (!path.text)
        POSIX_BLOCKING(status, fchmod(path.fd, (mode_t)mode));
    else
        POSIX_BLOCKING(status,
                       fchmodat(dir, path.text, (mode_t)mode, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    if (status < 0 && !follow && (errno == ENOTSUP || errno == EOPNOTSUPP)) {
        posix_path_done(&path);
        return dir != AT_FDCWD
                   ? raise_value_error("chmod: cannot use dir_fd and follow_symlinks together")
                   : raise_error(&exception_NotImplementedError,
                                 "chmod: follow_symlinks unavailable on this platform");
    }
    return posix_path_status(&path, status);
}
static Value posix_fchmod(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fchmod", 0, 2, 2, "fd", "mode");
    int fd, mode, status;
    if (int_argument(v[0], &fd) < 0 || int_argument(v[1], &mode) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fchmod(fd, (mode_t)mode));
    return posix_status(status);
}
static Value posix_chown(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("chown", 0, 3, 3, "path", "uid", "gid", "dir_fd", "follow_symlinks");
    PosixPath path;
    uid_t uid;
    gid_t gid;
    int dir, status;
    bool follow = true;
    if (posix_uid(v[1], &uid) < 0 || posix_gid(v[2], &gid) < 0 || posix_dir_fd(v[3], &dir) < 0 ||
        posix_bool(v[4], &follow) < 0 || posix_path("chown", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    if (posix_path_check("chown", &path, dir, follow) < 0) {
        posix_path_done(&path);
        return VALUE_NULL;
    }
    if (!path.text)
        POSIX_BLOCKING(status, fchown(path.fd, uid, gid));
    else
        POSIX_BLOCKING(status,
                       fchownat(dir, path.text, uid, gid, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    return posix_path_status(&path, status);
}
static Value posix_fchown(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fchown", 0, 3, 3, "fd", "uid", "gid");
    uid_t uid;
    gid_t gid;
    int fd, status;
    if (int_argument(v[0], &fd) < 0 || posix_uid(v[1], &uid) < 0 || posix_gid(v[2], &gid) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fchown(fd, uid, gid));
    return posix_status(status);
}
static Value posix_lchown(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("lchown", 0, 3, 3, "path", "uid", "gid");
    PosixPath path;
    uid_t uid;
    gid_t gid;
    int status;
    if (posix_uid(v[1], &uid) < 0 || posix_gid(v[2], &gid) < 0 ||
        posix_path("lchown", "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, lchown(path.text, uid, gid));
    return posix_path_status(&path, status);
}

// ---- times -------------------------------------------------------------------------------------

// Seconds as an int or a float, rounded down to nanoseconds.
static int seconds_to_timespec(Value v, struct timespec *out) {
    if (!value_has_flag(v, TYPE_INT_SUBCLASS) && !value_is_int(v) && value_type(v)->to_float &&
        !value_type(v)->index) {
        double d, whole;
        if (value_to_double(v, &d) < 0)
            return -1;
        if (isnan(d))
            return raise_int(&exception_ValueError, "Invalid value NaN (not a number)");
        double fraction = floor(modf(d, &whole) * 1e9);
        if (fraction < 0) {
            fraction += 1e9;
            whole -= 1;
        } else if (fraction >= 1e9) {
            fraction -= 1e9;
            whole += 1;
        }
        if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
            return raise_int(&exception_OverflowError,
                             "timestamp out of range for platform time_t");
        out->tv_sec = (time_t)whole;
        out->tv_nsec = (long)fraction;
        return 0;
    }
    Value number = value_index(v);
    if (value_is_null(number))
        return -1;
    int64_t n;
    bool fits = int_to_i64(number, &n);
    ref_release(number);
    if (!fits)
        return raise_int(&exception_OverflowError, "timestamp out of range for platform time_t");
    *out = (struct timespec){.tv_sec = n};
    return 0;
}
static int nanoseconds_to_timespec(Value v, struct timespec *out) {
    Value pair = value_binary(v, value_from_int(1000000000), BINARY_DIVMOD);
    if (value_is_null(pair))
        return -1;
    int64_t seconds = 0, rest = 0;
    int status;
    if (!value_is_tuple(pair) || tuple_length(pair) != 2)
        status = raise_int(&exception_TypeError, "%T.__divmod__() must return a 2-tuple, not %T", v,
                           pair);
    else
        status = value_to_i64(tuple_item(pair, 0), &seconds) < 0 ||
                         value_to_i64(tuple_item(pair, 1), &rest) < 0
                     ? -1
                     : 0;
    ref_release(pair);
    *out = (struct timespec){seconds, (long)rest};
    return status;
}
static Value posix_utime(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("utime", 0, 2, 1, "path", "times", "ns", "dir_fd", "follow_symlinks");
    PosixPath path;
    int dir, status;
    bool follow = true, has_times = !value_is_null(v[1]) && !value_is_none(v[1]),
         has_ns = !value_is_null(v[2]);
    struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    if (has_times && has_ns)
        return raise_value_error("utime: you may specify either 'times' or 'ns' but not both");
    if (has_times || has_ns) {
        Value given = has_ns ? v[2] : v[1];
        if (!value_is_tuple(given) || tuple_length(given) != 2)
            return raise_type_error(has_ns ? "utime: 'ns' must be a tuple of two ints"
                                           : "utime: 'times' must be either a tuple of two ints "
                                             "or None");
        for (int i = 0; i < 2; i++)
            if ((has_ns ? nanoseconds_to_timespec : seconds_to_timespec)(tuple_item(given, i),
                                                                         &times[i]) < 0)
                return VALUE_NULL;
    }
    if (posix_dir_fd(v[3], &dir) < 0 || posix_bool(v[4], &follow) < 0 ||
        posix_path("utime", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    if (posix_path_check("utime", &path, dir, follow) < 0) {
        posix_path_done(&path);
        return VALUE_NULL;
    }
    if (path.text)
        POSIX_BLOCKING(status, utimensat(dir, path.text, times, follow ? 0 : AT_SYMLINK_NOFOLLOW));
    else
        POSIX_BLOCKING(status, futimens(path.fd, times));
    return posix_path_status_alone(&path, status);
}

// ---- file systems ------------------------------------------------------------------------------

static const char *const statvfs_fields[] = {"f_bsize",  "f_frsize",  "f_blocks", "f_bfree",
                                             "f_bavail", "f_files",   "f_ffree",  "f_favail",
                                             "f_flag",   "f_namemax", "f_fsid",   NULL};

static Value make_statvfs(const struct statvfs *st) {
    uint64_t numbers[] = {st->f_bsize,  st->f_frsize,  st->f_blocks, st->f_bfree,
                          st->f_bavail, st->f_files,   st->f_ffree,  st->f_favail,
                          st->f_flag,   st->f_namemax, st->f_fsid};
    Value v[11];
    for (int i = 0; i < 11; i++)
        v[i] = int_from_u64(numbers[i]);
    Value result = struct_sequence_new(statvfs_result_type, v);
    for (int i = 0; i < 11; i++)
        ref_release(v[i]);
    return result;
}
static Value posix_statvfs(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("statvfs", 0, 1, 1, "path");
    PosixPath path;
    struct statvfs st;
    int status;
    if (posix_path("statvfs", "path", v[0], PATH_FD, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, path.text ? statvfs(path.text, &st) : fstatvfs(path.fd, &st));
    Value result = status < 0 ? posix_path_error(&path) : make_statvfs(&st);
    posix_path_done(&path);
    return result;
}
static Value posix_fstatvfs(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fstatvfs", 0, 1, 1, "fd");
    struct statvfs st;
    int fd, status;
    if (int_argument(v[0], &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fstatvfs(fd, &st));
    return status < 0 ? posix_status(-1) : make_statvfs(&st);
}

const NativeDef posix_stat_functions[] = {
    DEF_VECTOR("stat", posix_stat,
               "stat($module, /, path, *, dir_fd=None, follow_symlinks=True)\n--\n\n"
               "What the file system says of a file."),
    DEF_VECTOR("lstat", posix_lstat,
               "lstat($module, /, path, *, dir_fd=None)\n--\n\n"
               "As stat(), of a symbolic link itself."),
    DEF_VECTOR("fstat", posix_fstat, "fstat($module, /, fd)\n--\n\nAs stat(), of an open file."),
    DEF_VECTOR("access", posix_access,
               "access($module, /, path, mode, *, dir_fd=None, effective_ids=False,\n"
               "       follow_symlinks=True)\n--\n\nMay the real user access the file so?"),
    DEF_VECTOR("chmod", posix_chmod,
               "chmod($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)\n--\n\n"
               "Sets a file's mode."),
    DEF_VECTOR("fchmod", posix_fchmod,
               "fchmod($module, /, fd, mode)\n--\n\nSets an open file's mode."),
    DEF_VECTOR("chown", posix_chown,
               "chown($module, /, path, uid, gid, *, dir_fd=None,\n      follow_symlinks=True)"
               "\n--\n\nSets a file's owner and group; -1 leaves one as it is."),
    DEF_VECTOR("fchown", posix_fchown,
               "fchown($module, /, fd, uid, gid)\n--\n\nSets an open file's owner and group."),
    DEF_VECTOR("lchown", posix_lchown,
               "lchown($module, /, path, uid, gid)\n--\n\n"
               "Sets the owner and group of a symbolic link itself."),
    DEF_VECTOR("utime", posix_utime,
               "utime($module, /, path, times=None, *, ns=<unrepresentable>,\n      dir_fd=None, "
               "follow_symlinks=True)\n--\n\nSets when a file was last read and changed."),
    DEF_VECTOR("statvfs", posix_statvfs,
               "statvfs($module, /, path)\n--\n\nWhat is known of a file's file system."),
    DEF_VECTOR("fstatvfs", posix_fstatvfs,
               "fstatvfs($module, /, fd)\n--\n\nWhat is known of an open file's file system."),
    DEF_END,
};

int posix_stat_fill(Value module) {
    stat_result_type = struct_sequence_type_hidden("os.stat_result", stat_fields, 10);
    statvfs_result_type = struct_sequence_type_hidden("os.statvfs_result", statvfs_fields, 10);
    return module_add(module, "stat_result", ref_new(stat_result_type)) < 0 ||
                   module_add(module, "statvfs_result", ref_new(statvfs_result_type)) < 0
               ? -1
               : 0;
}
