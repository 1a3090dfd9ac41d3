// SPDX-License-Identifier: MIT
//
// `fcntl`: flags and locks of descriptors, requests to devices.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>

enum { BUFFER_BYTES = 1024 }; // what is copied in and out

// An int argument wraps at the width of the C type.
static int wrapped(Value v, uint64_t *out) {
    Value number = value_index(v);
    if (value_is_null(number))
        return -1;
    *out = int_low_64_bits(number);
    ref_release(number);
    return 0;
}

static Value fcntl_fcntl(Value self, const Value *args, size_t nargs) {
    int fd, command, result;
    if (posix_fd(args[0], &fd) < 0 || int_argument(args[1], &command) < 0)
        return VALUE_NULL;
    if (nargs > 2 && !value_is_any_int(args[2])) {
        BufferView view;
        char *owned = NULL;
        size_t length;
        char data[BUFFER_BYTES];
        const void *from;
        if (value_is_str(args[2])) {
            from = str_utf8(args[2], &length, &owned);
            if (!from)
                return VALUE_NULL;
        } else {
            if (value_type(args[2])->index || !value_type(args[2])->get_buffer)
                goto number;
            if (buffer_view_get(args[2], &view, false) < 0)
                return VALUE_NULL;
            from = view.data;
            length = (size_t)view.length;
        }
        bool fits = length <= sizeof data;
        if (fits)
            memcpy(data, from, length);
        if (value_is_str(args[2]))
            buffer_free(owned);
        else
            buffer_view_release(&view);
        if (!fits)
            return raise_value_error("fcntl argument 3 is too long");
        POSIX_BLOCKING(result, fcntl(fd, command, data));
        return result < 0 ? posix_status(-1) : bytes_new(data, length);
    }
number:;
    uint64_t argument = 0;
    if (nargs > 2 && wrapped(args[2], &argument) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(result, fcntl(fd, command, (int)argument));
    return posix_number(result);
}

static Value fcntl_ioctl(Value self, const Value *args, size_t nargs) {
    int fd, result;
    uint64_t request, argument = 0;
    bool mutate = true;
    if (posix_fd(args[0], &fd) < 0 || wrapped(args[1], &request) < 0 ||
        (nargs > 3 && posix_bool(args[3], &mutate) < 0))
        return VALUE_NULL;
    request &= UINT32_MAX;
    bool buffer = nargs > 2 && !value_is_any_int(args[2]) &&
                  (value_is_str(args[2]) || value_type(args[2])->get_buffer);
    if (!buffer) {
        if (nargs > 2 && wrapped(args[2], &argument) < 0)
            return VALUE_NULL;
        POSIX_BLOCKING(result, ioctl(fd, request, (int)argument));
        return posix_number(result);
    }
    BufferView view;
    // One byte more: what the C library writes is text at times.
    char data[BUFFER_BYTES + 1];
    if (!value_is_str(args[2]) && buffer_view_get(args[2], &view, true) == 0) {
        size_t length = (size_t)view.length;
        bool copied = !mutate || length <= BUFFER_BYTES;
        if (!mutate && length > BUFFER_BYTES) {
            buffer_view_release(&view);
            return raise_value_error("ioctl argument 3 is too long");
        }
        if (copied) {
            memcpy(data, view.data, length);
            data[length] = 0;
        }
        void *at = copied ? data : view.data;
        POSIX_BLOCKING(result, ioctl(fd, request, at));
        if (mutate && copied)
            memcpy(view.data, data, length);
        int kept = errno;
        buffer_view_release(&view);
        errno = kept;
        if (result < 0)
            return posix_status(-1);
        return mutate ? value_from_int(result) : bytes_new(data, length);
    }
    error_clear();
    size_t length;
    if (value_is_str(args[2])) {
        char *owned = NULL;
        const char *from = str_utf8(args[2], &length, &owned);
        if (!from)
            return VALUE_NULL;
        if (length <= BUFFER_BYTES)
            memcpy(data, from, length);
        buffer_free(owned);
    } else {
        if (buffer_view_get(args[2], &view, false) < 0)
            return VALUE_NULL;
        length = (size_t)view.length;
        if (length <= BUFFER_BYTES)
            memcpy(data, view.data, length);
        buffer_view_release(&view);
    }
    if (length > BUFFER_BYTES)
        return raise_value_error("ioctl argument 3 is too long");
    data[length] = 0;
    POSIX_BLOCKING(result, ioctl(fd, request, data));
    return result < 0 ? posix_status(-1) : bytes_new(data, length);
}

static Value fcntl_flock(Value self, const Value *args, size_t nargs) {
    int fd, operation, result;
    if (posix_fd(args[0], &fd) < 0 || int_argument(args[1], &operation) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(result, flock(fd, operation));
    return posix_status(result);
}

static Value fcntl_lockf(Value self, const Value *args, size_t nargs) {
    int fd, operation, whence = 0, result;
    int64_t length = 0, start = 0;
    if (posix_fd(args[0], &fd) < 0 || int_argument(args[1], &operation) < 0 ||
        (nargs > 2 && posix_i64(args[2], &length) < 0) ||
        (nargs > 3 && posix_i64(args[3], &start) < 0) ||
        (nargs > 4 && int_argument(args[4], &whence) < 0))
        return VALUE_NULL;
    struct flock lock = {.l_whence = (short)whence, .l_start = start, .l_len = length};
    if (operation == LOCK_UN)
        lock.l_type = F_UNLCK;
    else if (operation & LOCK_SH)
        lock.l_type = F_RDLCK;
    else if (operation & LOCK_EX)
        lock.l_type = F_WRLCK;
    else
        return raise_value_error("unrecognized lockf argument");
    POSIX_BLOCKING(result, fcntl(fd, operation & LOCK_NB ? F_SETLK : F_SETLKW, &lock));
    return posix_status(result);
}

static const NativeDef functions[] = {
    DEF_FIXED("fcntl", fcntl_fcntl, 2, 3,
              "fcntl($module, fd, cmd, arg=0, /)\n--\n\nA command for a descriptor."),
    DEF_FIXED("ioctl", fcntl_ioctl, 2, 4,
              "ioctl($module, fd, request, arg=0, mutate_flag=True, /)\n--\n\n"
              "A request to a device."),
    DEF_FIXED("flock", fcntl_flock, 2, 2,
              "flock($module, fd, operation, /)\n--\n\nLocks or unlocks a file."),
    DEF_FIXED("lockf", fcntl_lockf, 2, 5,
              "lockf($module, fd, cmd, len=0, start=0, whence=0, /)\n--\n\n"
              "Locks or unlocks a part of a file."),
    DEF_END,
};

static int fill(Value module) {
    static const PosixConstant constants[] = {
#define N(name) {#name, name}
        N(DN_ACCESS),
        N(DN_ATTRIB),
        N(DN_CREATE),
        N(DN_DELETE),
        N(DN_MODIFY),
        {"DN_MULTISHOT", DN_MULTISHOT},
        N(DN_RENAME),
        N(FASYNC),
        N(FD_CLOEXEC),
        N(F_ADD_SEALS),
        N(F_DUPFD),
        N(F_DUPFD_CLOEXEC),
        N(F_EXLCK),
        N(F_GETFD),
        N(F_GETFL),
        N(F_GETLEASE),
        N(F_GETLK),
        N(F_GETLK64),
        N(F_GETOWN),
        N(F_GETPIPE_SZ),
        N(F_GETSIG),
        N(F_GET_SEALS),
        N(F_NOTIFY),
        N(F_OFD_GETLK),
        N(F_OFD_SETLK),
        N(F_OFD_SETLKW),
        N(F_RDLCK),
        N(F_SEAL_GROW),
        N(F_SEAL_SEAL),
        N(F_SEAL_SHRINK),
        N(F_SEAL_WRITE),
        N(F_SETFD),
        N(F_SETFL),
        N(F_SETLEASE),
        N(F_SETLK),
        N(F_SETLK64),
        N(F_SETLKW),
        N(F_SETLKW64),
        N(F_SETOWN),
        N(F_SETPIPE_SZ),
        N(F_SETSIG),
        N(F_SHLCK),
        N(F_UNLCK),
        N(F_WRLCK),
        N(LOCK_EX),
        N(LOCK_MAND),
        N(LOCK_NB),
        N(LOCK_READ),
        N(LOCK_RW),
        N(LOCK_SH),
        N(LOCK_UN),
        N(LOCK_WRITE),
#undef N
        {0}};
    return posix_add_constants(module, constants);
}

const NativeModule module_fcntl = {"fcntl", "Flags and locks of descriptors.", functions, fill};
