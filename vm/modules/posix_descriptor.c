// SPDX-License-Identifier: MIT
//
// `posix`: making, copying, closing descriptors, and what can be asked of them.
#include "vm/runtime/audit.h"
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <dlfcn.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <termios.h>

static Value posix_open(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("open", 0, 3, 2, "path", "flags", "mode", "dir_fd");
    PosixPath path;
    int flags, mode = 0777, dir, fd;
    if (int_argument(v[1], &flags) < 0 || int_argument(v[2], &mode) < 0 ||
        posix_dir_fd(v[3], &dir) < 0 ||
        audit("open", 3, v[0], VALUE_NONE, value_from_int(flags | O_CLOEXEC)) < 0 ||
        posix_path("open", "path", v[0], 0, &path) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(fd, openat(dir, path.text, flags | O_CLOEXEC, (mode_t)mode));
    Value result = fd < 0 ? posix_path_error(&path) : value_from_int(fd);
    posix_path_done(&path);
    return result;
}
static Value posix_close(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("close", 0, 1, 1, "fd");
    int fd, status;
    if (int_argument(v[0], &fd) < 0)
        return VALUE_NULL;
    // Not again after EINTR: the descriptor is closed by then.
    thread_detach();
    status = close(fd);
    thread_attach();
    return status < 0 && errno != EINTR ? posix_status(-1) : none_new();
}
static Value posix_closerange(Value self, const Value *args, size_t nargs) {
    int low, high;
    if (int_argument(args[0], &low) < 0 || int_argument(args[1], &high) < 0)
        return VALUE_NULL;
    if (low < 0)
        low = 0;
    if (high > low) {
        thread_detach();
        if (syscall(SYS_close_range, low, high - 1, 0) < 0) {
            for (int fd = low; fd < high; fd++)
                close(fd);
        }
        thread_attach();
    }
    return none_new();
}

static Value posix_pipe(Value self) {
    int fds[2];
    return pipe2(fds, O_CLOEXEC) < 0 ? posix_status(-1) : posix_pair(fds[0], fds[1]);
}
static Value posix_pipe2(Value self, Value v) {
    int fds[2], flags;
    if (int_argument(v, &flags) < 0)
        return VALUE_NULL;
    return pipe2(fds, flags) < 0 ? posix_status(-1) : posix_pair(fds[0], fds[1]);
}
static Value posix_dup(Value self, Value v) {
    int fd;
    return int_argument(v, &fd) < 0 ? VALUE_NULL : posix_number(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}
static Value posix_dup2(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("dup2", 0, 3, 2, "fd", "fd2", "inheritable");
    int fd, fd2, status;
    bool inheritable = true;
    if (int_argument(v[0], &fd) < 0 || int_argument(v[1], &fd2) < 0 ||
        posix_bool(v[2], &inheritable) < 0)
        return VALUE_NULL;
    // dup3() refuses equal numbers, dup2() leaves such a descriptor as it is.
    thread_detach();
    status = inheritable || fd == fd2 ? dup2(fd, fd2) : dup3(fd, fd2, O_CLOEXEC);
    thread_attach();
    return posix_number(status);
}
static Value posix_memfd_create(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("memfd_create", 0, 2, 1, "name", "flags");
    int flags = MFD_CLOEXEC;
    Value name = int_argument(v[1], &flags) < 0 ? VALUE_NULL : posix_fs_encode(v[0]);
    if (value_is_null(name))
        return VALUE_NULL;
    int fd = memfd_create((const char *)bytes_data(name), (unsigned)flags);
    ref_release(name);
    return posix_number(fd);
}
static Value posix_eventfd(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("eventfd", 0, 2, 1, "initval", "flags");
    int64_t initial;
    int flags = EFD_CLOEXEC;
    if (posix_i64(v[0], &initial) < 0 || int_argument(v[1], &flags) < 0)
        return VALUE_NULL;
    if (initial < 0)
        return raise_value_error("value must be positive");
    if (initial > UINT32_MAX)
        return raise_error(&exception_OverflowError,
                           "Python int too large to convert to C unsigned int");
    return posix_number(eventfd((unsigned)initial, flags));
}
static Value posix_eventfd_read(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("eventfd_read", 0, 1, 1, "fd");
    int fd, status;
    eventfd_t value;
    if (posix_fd(v[0], &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, eventfd_read(fd, &value));
    return status < 0 ? posix_status(-1) : int_from_u64(value);
}
static Value posix_eventfd_write(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("eventfd_write", 0, 2, 2, "fd", "value");
    int fd, status;
    if (posix_fd(v[0], &fd) < 0)
        return VALUE_NULL;
    Value number = value_index(v[1]);
    uint64_t value = 0;
    bool fits = !value_is_null(number) && int_to_u64(number, &value);
    ref_release(number);
    if (!fits)
        return error_occurred() ? VALUE_NULL
                                : raise_error(&exception_OverflowError, "int too big to convert");
    POSIX_BLOCKING(status, eventfd_write(fd, value));
    return posix_status(status);
}

// ---- questions and flags -----------------------------------------------------------------------

static Value posix_isatty(Value self, Value v) {
    int fd;
    return int_argument(v, &fd) < 0 ? VALUE_NULL : bool_new(isatty(fd));
}
static Value posix_get_inheritable(Value self, Value v) {
    int fd;
    if (int_argument(v, &fd) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? posix_status(-1) : bool_new(!(flags & FD_CLOEXEC));
}
static Value posix_set_inheritable(Value self, const Value *args, size_t nargs) {
    int fd, on;
    if (int_argument(args[0], &fd) < 0 || int_argument(args[1], &on) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
        flags = fcntl(fd, F_SETFD, on ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
    return posix_status(flags);
}
static Value posix_get_blocking(Value self, Value v) {
    int fd;
    if (int_argument(v, &fd) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? posix_status(-1) : bool_new(!(flags & O_NONBLOCK));
}
static Value posix_set_blocking(Value self, const Value *args, size_t nargs) {
    int fd, on;
    if (int_argument(args[0], &fd) < 0 || int_argument(args[1], &on) < 0)
        return VALUE_NULL;
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0)
        flags = fcntl(fd, F_SETFL, on ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
    return posix_status(flags);
}
static Value posix_device_encoding(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("device_encoding", 0, 1, 1, "fd");
    int fd;
    if (int_argument(v[0], &fd) < 0)
        return VALUE_NULL;
    return isatty(fd) ? str_from_cstr("UTF-8") : none_new();
}

const NativeDef posix_descriptor_functions[] = {
    DEF_VECTOR("open", posix_open,
               "open($module, /, path, flags, mode=511, *, dir_fd=None)\n--\n\n"
               "Opens a file; gives its descriptor."),
    DEF_VECTOR("close", posix_close, "close($module, /, fd)\n--\n\nCloses a descriptor."),
    DEF_FIXED("closerange", posix_closerange, 2, 2,
              "closerange($module, fd_low, fd_high, /)\n--\n\n"
              "Closes the descriptors from fd_low to before fd_high, ignoring errors."),
    DEF_NONE("pipe", posix_pipe, "pipe($module, /)\n--\n\nA pipe: (read end, write end)."),
    DEF_ONE("pipe2", posix_pipe2, "pipe2($module, flags, /)\n--\n\nA pipe with these flags."),
    DEF_ONE("dup", posix_dup, "dup($module, fd, /)\n--\n\nA copy of a descriptor."),
    DEF_VECTOR("dup2", posix_dup2,
               "dup2($module, /, fd, fd2, inheritable=True)\n--\n\nMakes fd2 a copy of fd."),
    DEF_VECTOR("memfd_create", posix_memfd_create,
               "memfd_create($module, /, name, flags=MFD_CLOEXEC)\n--\n\nA file in memory."),
    DEF_VECTOR("eventfd", posix_eventfd,
               "eventfd($module, /, initval, flags=EFD_CLOEXEC)\n--\n\n"
               "A descriptor that counts events."),
    DEF_VECTOR("eventfd_read", posix_eventfd_read,
               "eventfd_read($module, /, fd)\n--\n\nTakes the count."),
    DEF_VECTOR("eventfd_write", posix_eventfd_write,
               "eventfd_write($module, /, fd, value)\n--\n\nAdds to the count."),
    DEF_ONE("isatty", posix_isatty, "isatty($module, fd, /)\n--\n\nIs it a terminal?"),
    DEF_ONE("get_inheritable", posix_get_inheritable,
            "get_inheritable($module, fd, /)\n--\n\nDo new programs get the descriptor?"),
    DEF_FIXED("set_inheritable", posix_set_inheritable, 2, 2,
              "set_inheritable($module, fd, inheritable, /)\n--\n\n"
              "Sets whether new programs get the descriptor."),
    DEF_ONE("get_blocking", posix_get_blocking,
            "get_blocking($module, fd, /)\n--\n\nDo calls wait?"),
    DEF_FIXED("set_blocking", posix_set_blocking, 2, 2,
              "set_blocking($module, fd, blocking, /)\n--\n\nSets whether calls wait."),
    DEF_VECTOR("device_encoding", posix_device_encoding,
               "device_encoding($module, /, fd)\n--\n\nA terminal's encoding, or None."),
    DEF_END,
};
