// SPDX-License-Identifier: MIT
//
// `posix`: reading from and writing to descriptors.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <sys/sendfile.h>
#include <sys/uio.h>

// ---- one buffer --------------------------------------------------------------------------------

// -1 offset: at the file's position.
static Value read_bytes(int fd, int64_t n, bool positioned, int64_t offset) {
    if (n < 0) {
        errno = EINVAL;
        return posix_status(-1);
    }
    uint8_t *data = buffer_allocate((size_t)n + 1);
    if (!data)
        return raise_memory_error();
    ssize_t got;
    POSIX_BLOCKING(got,
                   positioned ? pread(fd, data, (size_t)n, offset) : read(fd, data, (size_t)n));
    Value result = got < 0 ? posix_status(-1) : bytes_new(data, (size_t)got);
    buffer_free(data);
    return result;
}
static Value posix_read(Value self, const Value *args, size_t nargs) {
    int fd;
    int64_t n;
    if (int_argument(args[0], &fd) < 0 || size_argument(args[1], &n) < 0)
        return VALUE_NULL;
    return read_bytes(fd, n, false, 0);
}
static Value posix_pread(Value self, const Value *args, size_t nargs) {
    int fd;
    int64_t n, offset;
    if (int_argument(args[0], &fd) < 0 || size_argument(args[1], &n) < 0 ||
        posix_i64(args[2], &offset) < 0)
        return VALUE_NULL;
    return read_bytes(fd, n, true, offset);
}
static Value posix_write(Value self, const Value *args, size_t nargs) {
    int fd;
    BufferView view;
    if (int_argument(args[0], &fd) < 0 || buffer_view_get(args[1], &view, false) < 0)
        return VALUE_NULL;
    ssize_t n;
    POSIX_BLOCKING(n, write(fd, view.data, (size_t)view.length));
    // It may be a signal that cut it short: its handler runs now, not with the next call.
    bool failed = n >= 0 && n < view.length && thread_check_signals() < 0;
    buffer_view_release(&view);
    return failed ? VALUE_NULL : posix_number(n);
}
static Value posix_pwrite(Value self, const Value *args, size_t nargs) {
    int fd;
    int64_t offset;
    BufferView view;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[2], &offset) < 0 ||
        buffer_view_get(args[1], &view, false) < 0)
        return VALUE_NULL;
    ssize_t n;
    POSIX_BLOCKING(n, pwrite(fd, view.data, (size_t)view.length, offset));
    buffer_view_release(&view);
    return posix_number(n);
}

// ---- several buffers ---------------------------------------------------------------------------

typedef struct {
    struct iovec *vectors;
    BufferView *views;
    int count;
    Value items;
} Vectors;

static void vectors_done(Vectors *o) {
    int kept = errno;
    for (int i = 0; i < o->count; i++)
        buffer_view_release(&o->views[i]);
    buffer_free(o->vectors);
    buffer_free(o->views);
    ref_release(o->items);
    errno = kept;
}
static int vectors_get(const char *function, Value sequence, bool writable, Vectors *o) {
    *o = (Vectors){.items = VALUE_NULL};
    Type *type = value_type(sequence);
    if (!value_is_tuple(sequence) && !value_is_list(sequence) &&
        !(type->length && value_is_sequence(sequence)))
        return raise_int(&exception_TypeError, "%s() arg 2 must be a sequence", function);
    o->items = tuple_from_iterable(sequence);
    if (value_is_null(o->items))
        return -1;
    int64_t n = tuple_length(o->items);
    o->vectors = buffer_allocate((size_t)(n ? n : 1) * sizeof *o->vectors);
    o->views = buffer_allocate((size_t)(n ? n : 1) * sizeof *o->views);
    if (!o->vectors || !o->views) {
        raise_memory_error();
        vectors_done(o);
        return -1;
    }
    for (int64_t i = 0; i < n; i++) {
        if (buffer_view_get(tuple_item(o->items, i), &o->views[i], writable) < 0) {
            vectors_done(o);
            return -1;
        }
        o->count++;
        o->vectors[i] = (struct iovec){o->views[i].data, (size_t)o->views[i].length};
    }
    return 0;
}
static Value posix_readv(Value self, const Value *args, size_t nargs) {
    int fd;
    Vectors o;
    ssize_t n;
    if (int_argument(args[0], &fd) < 0 || vectors_get("readv", args[1], true, &o) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, readv(fd, o.vectors, o.count));
    vectors_done(&o);
    return posix_number(n);
}
static Value posix_writev(Value self, const Value *args, size_t nargs) {
    int fd;
    Vectors o;
    ssize_t n;
    if (int_argument(args[0], &fd) < 0 || vectors_get("writev", args[1], false, &o) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, writev(fd, o.vectors, o.count));
    vectors_done(&o);
    return posix_number(n);
}
static Value posix_preadv(Value self, const Value *args, size_t nargs) {
    int fd, flags = 0;
    int64_t offset;
    Vectors o;
    ssize_t n;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[2], &offset) < 0 ||
        (nargs > 3 && int_argument(args[3], &flags) < 0) ||
        vectors_get("preadv2", args[1], true, &o) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, preadv2(fd, o.vectors, o.count, offset, flags));
    vectors_done(&o);
    return posix_number(n);
}
static Value posix_pwritev(Value self, const Value *args, size_t nargs) {
    int fd, flags = 0;
    int64_t offset;
    Vectors o;
    ssize_t n;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[2], &offset) < 0 ||
        (nargs > 3 && int_argument(args[3], &flags) < 0) ||
        vectors_get("pwritev", args[1], false, &o) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, pwritev2(fd, o.vectors, o.count, offset, flags));
    vectors_done(&o);
    return posix_number(n);
}

// ---- from descriptor to descriptor -------------------------------------------------------------

// None or not given: NULL; otherwise into *storage.
static int optional_offset(Value v, loff_t *storage, loff_t **out) {
    *out = NULL;
    if (value_is_null(v) || value_is_none(v))
        return 0;
    int64_t n;
    if (posix_i64(v, &n) < 0)
        return -1;
    *storage = n;
    *out = storage;
    return 0;
}
static Value posix_sendfile(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("sendfile", 0, 4, 4, "out_fd", "in_fd", "offset", "count");
    int out, in;
    loff_t storage, *offset;
    int64_t count;
    ssize_t n;
    if (int_argument(v[0], &out) < 0 || int_argument(v[1], &in) < 0 ||
        optional_offset(v[2], &storage, &offset) < 0 || size_argument(v[3], &count) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, sendfile(out, in, offset, (size_t)count));
    return posix_number(n);
}
static Value posix_copy_file_range(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("copy_file_range", 0, 5, 3, "src", "dst", "count", "offset_src", "offset_dst");
    int from, to;
    loff_t a, b, *from_offset, *to_offset;
    int64_t count;
    ssize_t n;
    if (int_argument(v[0], &from) < 0 || int_argument(v[1], &to) < 0 ||
        size_argument(v[2], &count) < 0)
        return VALUE_NULL;
    if (count < 0)
        return raise_value_error("negative value for 'count' not allowed");
    if (optional_offset(v[3], &a, &from_offset) < 0 || optional_offset(v[4], &b, &to_offset) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, copy_file_range(from, from_offset, to, to_offset, (size_t)count, 0));
    return posix_number(n);
}
static Value posix_splice(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("splice", 0, 6, 3, "src", "dst", "count", "offset_src", "offset_dst", "flags");
    int from, to, flags = 0;
    loff_t a, b, *from_offset, *to_offset;
    int64_t count;
    ssize_t n;
    if (int_argument(v[0], &from) < 0 || int_argument(v[1], &to) < 0 ||
        size_argument(v[2], &count) < 0)
        return VALUE_NULL;
    if (count < 0)
        return raise_value_error("negative value for 'count' not allowed");
    if (optional_offset(v[3], &a, &from_offset) < 0 || optional_offset(v[4], &b, &to_offset) < 0 ||
        int_argument(v[5], &flags) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(n, splice(from, from_offset, to, to_offset, (size_t)count, (unsigned)flags));
    return posix_number(n);
}

// ---- position, length, locks -------------------------------------------------------------------

static Value posix_lseek(Value self, const Value *args, size_t nargs) {
    int fd, whence;
    int64_t offset;
    off_t at;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[1], &offset) < 0 ||
        int_argument(args[2], &whence) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(at, lseek(fd, offset, whence));
    return posix_number(at);
}
static Value posix_ftruncate(Value self, const Value *args, size_t nargs) {
    int fd, status;
    int64_t length;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[1], &length) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, ftruncate(fd, length));
    return posix_status(status);
}
static Value posix_fsync(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fsync", 0, 1, 1, "fd");
    int fd, status;
    if (posix_fd(v[0], &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fsync(fd));
    return posix_status(status);
}
static Value posix_fdatasync(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fdatasync", 0, 1, 1, "fd");
    int fd, status;
    if (posix_fd(v[0], &fd) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, fdatasync(fd));
    return posix_status(status);
}
static Value posix_lockf(Value self, const Value *args, size_t nargs) {
    int fd, command, status;
    int64_t length;
    if (int_argument(args[0], &fd) < 0 || int_argument(args[1], &command) < 0 ||
        posix_i64(args[2], &length) < 0)
        return VALUE_NULL;
    POSIX_BLOCKING(status, lockf(fd, command, length));
    return posix_status(status);
}
// These two give the error itself instead of -1.
static Value posix_posix_fallocate(Value self, const Value *args, size_t nargs) {
    int fd, problem;
    int64_t offset, length;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[1], &offset) < 0 ||
        posix_i64(args[2], &length) < 0)
        return VALUE_NULL;
    do {
        thread_detach();
        problem = posix_fallocate(fd, offset, length);
        thread_attach();
    } while (problem == EINTR && thread_check_signals() == 0);
    errno = problem;
    return posix_status(problem ? -1 : 0);
}
static Value posix_posix_fadvise(Value self, const Value *args, size_t nargs) {
    int fd, advice, problem;
    int64_t offset, length;
    if (int_argument(args[0], &fd) < 0 || posix_i64(args[1], &offset) < 0 ||
        posix_i64(args[2], &length) < 0 || int_argument(args[3], &advice) < 0)
        return VALUE_NULL;
    do {
        thread_detach();
        problem = posix_fadvise(fd, offset, length, advice);
        thread_attach();
    } while (problem == EINTR && thread_check_signals() == 0);
    errno = problem;
    return posix_status(problem ? -1 : 0);
}

const NativeDef posix_io_functions[] = {
    DEF_FIXED("read", posix_read, 2, 2,
              "read($module, fd, length, /)\n--\n\nAt most length bytes."),
    DEF_FIXED("pread", posix_pread, 3, 3,
              "pread($module, fd, length, offset, /)\n--\n\nAt most length bytes at an offset."),
    DEF_FIXED("write", posix_write, 2, 2,
              "write($module, fd, data, /)\n--\n\nWrites; gives how many bytes were."),
    DEF_FIXED("pwrite", posix_pwrite, 3, 3,
              "pwrite($module, fd, buffer, offset, /)\n--\n\nWrites at an offset."),
    DEF_FIXED("readv", posix_readv, 2, 2,
              "readv($module, fd, buffers, /)\n--\n\nReads into buffers, one after the other."),
    DEF_FIXED("writev", posix_writev, 2, 2,
              "writev($module, fd, buffers, /)\n--\n\nWrites buffers, one after the other."),
    DEF_FIXED("preadv", posix_preadv, 3, 4,
              "preadv($module, fd, buffers, offset, flags=0, /)\n--\n\n"
              "Reads into buffers from an offset on."),
    DEF_FIXED("pwritev", posix_pwritev, 3, 4,
              "pwritev($module, fd, buffers, offset, flags=0, /)\n--\n\n"
              "Writes buffers from an offset on."),
    DEF_VECTOR("sendfile", posix_sendfile,
               "sendfile($module, /, out_fd, in_fd, offset, count)\n--\n\n"
               "Copies from one descriptor to another."),
    DEF_VECTOR("copy_file_range", posix_copy_file_range,
               "copy_file_range($module, /, src, dst, count, offset_src=None,\n"
               "                offset_dst=None)\n--\n\nCopies from one file to another."),
    DEF_VECTOR("splice", posix_splice,
               "splice($module, /, src, dst, count, offset_src=None,\n       offset_dst=None, "
               "flags=0)\n--\n\nMoves data from or to a pipe."),
    DEF_FIXED("lseek", posix_lseek, 3, 3,
              "lseek($module, fd, position, whence, /)\n--\n\nMoves a file's position."),
    DEF_FIXED("ftruncate", posix_ftruncate, 2, 2,
              "ftruncate($module, fd, length, /)\n--\n\nMakes an open file that long."),
    DEF_VECTOR("fsync", posix_fsync, "fsync($module, /, fd)\n--\n\nWrites a file to its disk."),
    DEF_VECTOR("fdatasync", posix_fdatasync,
               "fdatasync($module, /, fd)\n--\n\nWrites a file's contents to its disk."),
    DEF_FIXED("lockf", posix_lockf, 3, 3,
              "lockf($module, fd, command, length, /)\n--\n\nLocks a part of a file."),
    DEF_FIXED("posix_fallocate", posix_posix_fallocate, 3, 3,
              "posix_fallocate($module, fd, offset, length, /)\n--\n\nReserves room on the disk."),
    DEF_FIXED("posix_fadvise", posix_posix_fadvise, 4, 4,
              "posix_fadvise($module, fd, offset, length, advice, /)\n--\n\n"
              "Says how a file will be read."),
    DEF_END,
};
