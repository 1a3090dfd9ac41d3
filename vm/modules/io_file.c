// SPDX-License-Identifier: MIT
//
// `_io.FileIO`: a raw file over a descriptor. Every system call runs detached; EINTR runs the
// signal handlers and tries again. fd is an atomic word: -1 once closed.
#include "vm/runtime/audit.h"
#include "vm/modules/io_internal.h"
#include "vm/modules/posix.h"
#include "vm/modules/warnings_module.h"
#include "vm/types/arguments.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    IoBase base;
    int fd; // atomic
    bool readable, writable, appending, created, closefd;
    int8_t seekable;    // -1 not known yet; atomic
    int32_t block_size; // what the file system likes; set by __init__
    Value name;         // guarded by the object's lock
} FileIO;

static inline FileIO *file_of(Value v) {
    return (FileIO *)value_object(v);
}
static inline int descriptor(FileIO *f) {
    return __atomic_load_n(&f->fd, __ATOMIC_ACQUIRE);
}

static Value file_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    FileIO *f = object_allocate(type);
    if (!f)
        return VALUE_NULL;
    f->fd = -1;
    f->seekable = -1;
    f->closefd = true;
    f->block_size = IO_DEFAULT_BUFFER;
    return value_from_object(f);
}

static int parse_mode(FileIO *f, Value mode, int *flags) {
    bool reading = false, writing = false, plus = false, creating = false, appending = false;
    int kinds = 0;
    for (int64_t i = 0; i < str_length(mode); i++)
        switch (str_at(mode, i)) {
        case 'r':
            kinds++, reading = true;
            break;
        case 'w':
            kinds++, writing = true;
            break;
        case 'x':
            kinds++, creating = writing = true;
            break;
        case 'a':
            kinds++, appending = writing = true;
            break;
        case 'b':
            break;
        case '+':
            if (plus)
                goto bad;
            plus = true;
            break;
        default:
            return raise_int(&exception_ValueError, "invalid mode: %.200V", mode);
        }
    if (kinds != 1) {
    bad:
        return raise_int(
            &exception_ValueError,
            "Must have exactly one of create/read/write/append mode and at most one plus");
    }
    f->readable = reading || plus;
    f->writable = writing || plus;
    f->appending = appending;
    f->created = creating;
    *flags = f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY;
    if (creating)
        *flags |= O_EXCL | O_CREAT;
    else if (appending)
        *flags |= O_APPEND | O_CREAT;
    else if (writing)
        *flags |= O_CREAT | O_TRUNC;
    *flags |= O_CLOEXEC;
    return 0;
}

// file is str or bytes, named what errors name.
static int open_path(Value file, Value named, int flags) {
    size_t length;
    char *owned = NULL;
    const char *path;
    if (value_is_bytes(file)) {
        path = (const char *)bytes_data(file);
        length = (size_t)bytes_length(file);
    } else {
        path = str_utf8_wtf(file, &length, &owned);
        Value encoded = VALUE_NULL;
        if (path && !str_is_ascii(file)) { // undecodable bytes come back as they were
            encoded = codec_encode(file, "utf-8", "surrogateescape");
            buffer_free(owned);
            if (value_is_null(encoded))
                return -1;
            length = (size_t)bytes_length(encoded);
            owned = buffer_allocate(length + 1);
            if (owned)
                memcpy(owned, bytes_data(encoded), length + 1);
            ref_release(encoded);
            path = owned;
        }
    }
    if (!path)
        return -1;
    if (strlen(path) != length) {
        buffer_free(owned);
        return raise_int(&exception_ValueError, "embedded null byte");
    }
    int fd, problem;
    bool looked = false; // whether dead files have the descriptors
    do {
        thread_detach();
        fd = open(path, flags, 0666);
        problem = errno;
        thread_attach();
    } while (fd < 0 && ((problem == EINTR && thread_check_signals() == 0) ||
                        (problem == EMFILE && !looked && (looked = gc_find_dead()))));
    buffer_free(owned);
    if (fd < 0 && !error_occurred())
        raise_errno_path(problem, named);
    return fd;
}

static int file_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"file", "mode", "closefd", "opener", NULL};
    Value v[4];
    if (arguments_parse("FileIO", args, nargs, kwnames, names, 0, 4, 1, v) < 0)
        return -1;
    FileIO *f = file_of(self);
    Value mode = value_is_null(v[1]) ? str_from_code_point('r') : ref_new(v[1]);
    if (!value_is_str(mode)) {
        ref_release(mode);
        return raise_int(&exception_TypeError, "FileIO() argument 'mode' must be str, not %G",
                         v[1]);
    }
    int flags = 0, closefd = value_is_null(v[2]) ? 1 : value_truth(v[2]);
    int status = closefd < 0 ? -1 : parse_mode(f, mode, &flags);
    ref_release(mode);
    if (status < 0)
        return -1;
    f->closefd = closefd;
    Value file = ref_new(v[0]);
    int fd = -1;
    bool given = false;
    if (audit_on()) {
        Value shown = value_is_null(v[1]) ? str_from_code_point('r') : ref_new(v[1]);
        int refused = audit("open", 3, file, shown, value_from_int(flags));
        ref_release(shown);
        if (refused < 0)
            goto fail;
    }
    if (value_is_any_int(file) || value_type(file)->index)
        given = int_argument(file, &fd) == 0;
    if (given && fd < 0) {
        raise_value_error("negative file descriptor");
        goto fail;
    }
    if (!given) { // a number that cannot be one is as wrong as any other name
        error_clear();
        Value path = io_fspath(file);
        if (value_is_null(path))
            goto fail;
        ref_release(file);
        file = path;
        if (!closefd) {
            raise_value_error("Cannot use closefd=False with file name");
            goto fail;
        }
        if (!value_is_null(v[3]) && !value_is_none(v[3])) {
            Value made = value_call_two(v[3], file, value_from_int(flags));
            if (value_is_null(made))
                goto fail;
            if (!value_is_any_int(made)) {
                ref_release(made);
                raise_type_error("expected integer from opener");
                goto fail;
            }
            int bad = int_argument(made, &fd);
            ref_release(made);
            if (bad < 0)
                goto fail;
            if (fd < 0) {
                raise_value_error("opener returned %d", fd);
                goto fail;
            }
        } else {
            fd = open_path(file, v[0], flags);
            if (fd < 0)
                goto fail;
        }
    }
    struct stat st;
    int problem = fstat(fd, &st) < 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    if (problem == EBADF || problem == EISDIR) {
        if (!given)
            close(fd);
        if (problem == EISDIR)
            raise_errno_path(problem, v[0]);
        else
            raise_errno(problem);
        goto fail;
    }
    if (f->appending)
        lseek(fd, 0, SEEK_END);
    f->block_size = !problem && st.st_blksize > 1 && st.st_blksize <= INT32_MAX
                        ? (int32_t)st.st_blksize
                        : IO_DEFAULT_BUFFER;
    if (value_setattr(self, name_name, v[0]) < 0) { // a subclass may have another idea of it
        if (!given)
            close(fd);
        goto fail;
    }
    ref_release(file);
    __atomic_store_n(&f->fd, fd, __ATOMIC_RELEASE);
    return 0;
fail:
    ref_release(file);
    return -1;
}

static int open_fd(FileIO *f) {
    int fd = descriptor(f);
    if (fd < 0)
        io_closed_error();
    return fd;
}

static Value file_fileno(Value self) {
    int fd = open_fd(file_of(self));
    return fd < 0 ? VALUE_NULL : value_from_int(fd);
}
static Value file_isatty(Value self) {
    int fd = open_fd(file_of(self));
    return fd < 0 ? VALUE_NULL : bool_new(isatty(fd));
}
static Value file_readable(Value self) {
    return open_fd(file_of(self)) < 0 ? VALUE_NULL : bool_new(file_of(self)->readable);
}
static Value file_writable(Value self) {
    return open_fd(file_of(self)) < 0 ? VALUE_NULL : bool_new(file_of(self)->writable);
}
int io_file_can_seek(Value self) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    if (fd < 0)
        return -1;
    int8_t known = __atomic_load_n(&f->seekable, __ATOMIC_RELAXED);
    if (known < 0) {
        known = lseek(fd, 0, SEEK_CUR) >= 0;
        __atomic_store_n(&f->seekable, known, __ATOMIC_RELAXED);
    }
    return known;
}
static Value file_seekable(Value self) {
    int known = io_file_can_seek(self);
    return known < 0 ? VALUE_NULL : bool_new(known);
}

// read(2) into memory that only the caller sees. Bytes read, -1 with an exception, -2: would block.
static int64_t read_some(int fd, void *data, int64_t size) {
    for (;;) {
        thread_detach();
        ssize_t n = read(fd, data, (size_t)size);
        int problem = errno;
        thread_attach();
        if (n >= 0)
            return n;
        if (problem == EAGAIN)
            return -2;
        if (problem != EINTR) {
            raise_errno(problem);
            return -1;
        }
        if (thread_check_signals() < 0)
            return -1;
    }
}

static Value file_readinto(Value self, Value target) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    if (fd < 0)
        return VALUE_NULL;
    if (!f->readable)
        return io_unsupported("File not open for reading");
    BufferView view;
    if (io_target_view(target, &view) < 0)
        return VALUE_NULL;
    int64_t n = read_some(fd, view.data, view.length);
    buffer_view_release(&view);
    return n == -2 ? none_new() : n < 0 ? VALUE_NULL : int_from_i64(n);
}

bool io_file_is_plain(Value self) {
    return value_is_null(field_raw(&file_of(self)->base.dict));
}

int64_t io_file_read_into(Value self, void *data, int64_t size) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    if (fd < 0)
        return -1;
    if (!f->readable) {
        io_unsupported("File not open for reading");
        return -1;
    }
    return read_some(fd, data, size);
}

// To the end of a file that has more than `head_length` bytes, those of `head` before.
static Value read_on(int fd, const uint8_t *head, int64_t head_length) {
    int64_t capacity = head_length + head_length / 2 + IO_DEFAULT_BUFFER, length = head_length;
    uint8_t *data = buffer_allocate((size_t)capacity);
    if (!data)
        return raise_memory_error();
    if (head_length)
        memcpy(data, head, (size_t)head_length);
    for (;;) {
        if (length == capacity) {
            uint8_t *larger = buffer_resize(data, (size_t)(capacity += capacity / 2));
            if (!larger) {
                buffer_free(data);
                return raise_memory_error();
            }
            data = larger;
        }
        int64_t n = read_some(fd, data + length, capacity - length);
        if (n == -1 || (n == -2 && length == 0)) {
            buffer_free(data);
            return n == -1 ? VALUE_NULL : none_new();
        }
        if (n <= 0)
            break;
        length += n;
    }
    Value result = bytes_new(data, (size_t)length);
    buffer_free(data);
    return result;
}

static Value file_readall(Value self) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    if (fd < 0)
        return VALUE_NULL;
    if (!f->readable)
        return io_unsupported("File not open for reading");
    struct stat st;
    off_t at = lseek(fd, 0, SEEK_CUR);
    if (at < 0 || fstat(fd, &st) < 0 || st.st_size <= at)
        return read_on(fd, NULL, 0);
    // As much as the file says that it has goes to its place at once; mostly that is all.
    int64_t expected = st.st_size - at, length = 0, n = 1;
    uint8_t *data;
    Value whole = bytes_allocate(expected, &data);
    if (value_is_null(whole))
        return whole;
    while (length < expected && (n = read_some(fd, data + length, expected - length)) > 0)
        length += n;
    uint8_t more[512];
    if (n > 0)
        n = read_some(fd, more, sizeof more);
    if (n == 0 && length == expected)
        return whole;
    Value result = VALUE_NULL;
    if (n > 0) {
        uint8_t *head = buffer_allocate((size_t)(length + n));
        if (head) {
            memcpy(head, data, (size_t)length);
            memcpy(head + length, more, (size_t)n);
            result = read_on(fd, head, length + n);
            buffer_free(head);
        } else {
            raise_memory_error();
        }
    } else if (n != -1) {
        result = n == -2 && length == 0 ? none_new() : bytes_new(data, (size_t)length);
    }
    ref_release(whole);
    return result;
}

static Value file_read(Value self, const Value *args, size_t nargs) {
    FileIO *f = file_of(self);
    int64_t size;
    int fd = open_fd(f);
    if (fd < 0)
        return VALUE_NULL;
    if (!f->readable)
        return io_unsupported("File not open for reading");
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &size) < 0)
        return VALUE_NULL;
    if (size < 0)
        return file_readall(self);
    uint8_t *data = buffer_allocate((size_t)size + 1);
    if (!data)
        return raise_memory_error();
    int64_t n = read_some(fd, data, size);
    Value result = n == -2 ? none_new() : n < 0 ? VALUE_NULL : bytes_new(data, (size_t)n);
    buffer_free(data);
    return result;
}

// write(2) from memory that does not change. Bytes written, -1 with an exception, -2: would block.
static int64_t write_some(int fd, const void *data, int64_t size) {
    for (;;) {
        thread_detach();
        ssize_t n = write(fd, data, (size_t)size);
        int problem = errno;
        thread_attach();
        // It may be a signal that cut it short: its handler runs now, not with the next call.
        if (n >= 0)
            return n == size || thread_check_signals() == 0 ? n : -1;
        if (problem == EAGAIN)
            return -2;
        if (problem != EINTR) {
            raise_errno(problem);
            return -1;
        }
        if (thread_check_signals() < 0)
            return -1;
    }
}

int64_t io_file_write_from(Value self, const void *data, int64_t size) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    if (fd < 0)
        return -1;
    if (!f->writable) {
        io_unsupported("File not open for writing");
        return -1;
    }
    return write_some(fd, data, size);
}

static Value file_write(Value self, Value source) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    if (fd < 0)
        return VALUE_NULL;
    if (!f->writable)
        return io_unsupported("File not open for writing");
    BufferView view;
    if (value_is_str(source))
        return raise_type_error("a bytes-like object is required, not '%T'", source);
    if (buffer_view_get(source, &view, false) < 0)
        return VALUE_NULL;
    int64_t n = write_some(fd, view.data, view.length);
    buffer_view_release(&view);
    return n == -2 ? none_new() : n < 0 ? VALUE_NULL : int_from_i64(n);
}

static Value file_seek(Value self, const Value *args, size_t nargs) {
    int fd = open_fd(file_of(self));
    int64_t offset, whence = 0;
    if (fd < 0 || value_to_i64(args[0], &offset) < 0 ||
        (nargs > 1 && value_to_i64(args[1], &whence) < 0))
        return VALUE_NULL;
    off_t at = lseek(fd, offset, (int)whence);
    return at < 0 ? raise_errno(errno) : int_from_i64(at);
}
static Value file_tell(Value self) {
    int fd = open_fd(file_of(self));
    if (fd < 0)
        return VALUE_NULL;
    off_t at = lseek(fd, 0, SEEK_CUR);
    return at < 0 ? raise_errno(errno) : int_from_i64(at);
}
static Value file_truncate(Value self, const Value *args, size_t nargs) {
    FileIO *f = file_of(self);
    int fd = open_fd(f);
    int64_t size;
    if (fd < 0)
        return VALUE_NULL;
    if (!f->writable)
        return io_unsupported("File not open for writing");
    if (nargs && !value_is_none(args[0])) {
        if (value_to_i64(args[0], &size) < 0)
            return VALUE_NULL;
    } else {
        size = lseek(fd, 0, SEEK_CUR);
    }
    return ftruncate(fd, size) < 0 ? raise_errno(errno) : int_from_i64(size);
}

// The descriptor is closed for want of a close(): says so about `source`, the file that was opened.
static Value file_warn_unclosed(Value self, Value source) {
    FileIO *f = file_of(self);
    if (descriptor(f) < 0 || !f->closefd)
        return none_new();
    Value pending = error_take();
    if (warn_of_resource(source, "unclosed file %R", source) < 0)
        error_report_unraisable(NULL,
                                source); // nobody is there to get the exception it was turned into
    if (!value_is_null(pending))
        error_restore(pending);
    return none_new();
}

static Value file_close(Value self) {
    FileIO *f = file_of(self);
    if (descriptor(f) < 0) {
        __atomic_store_n(&f->base.closed, true, __ATOMIC_RELEASE);
        return none_new();
    }
    if (f->base.finalizing)
        ref_release(file_warn_unclosed(self, self));
    // flush() may be a subclass's, and fail: the descriptor is closed all the same.
    Value result = io_base_close(self);
    int fd = __atomic_exchange_n(&f->fd, -1, __ATOMIC_ACQ_REL);
    if (fd < 0 || !f->closefd)
        return result;
    thread_detach();
    int status = close(fd), problem = errno;
    thread_attach();
    if (status == 0 || problem == EINTR)
        return result;
    Value before = error_take();
    raise_errno(problem);
    if (!value_is_null(before)) {
        Value error = error_take();
        exception_set_context(error, before);
        error_restore(error);
    }
    ref_release(result);
    return VALUE_NULL;
}

bool io_file_is_closed(Value self) {
    return descriptor(file_of(self)) < 0;
}
static Value get_closed(Value self) {
    return bool_new(io_file_is_closed(self));
}
static Value get_closefd(Value self) {
    return bool_new(file_of(self)->closefd);
}
static const char *mode_text(FileIO *f) {
    if (f->created)
        return f->readable ? "xb+" : "xb";
    if (f->appending)
        return f->readable ? "ab+" : "ab";
    return f->readable ? (f->writable ? "rb+" : "rb") : "wb";
}
static Value get_mode(Value self) {
    return str_from_cstr(mode_text(file_of(self)));
}
static Value get_name(Value self) {
    FileIO *f = file_of(self);
    Value v = field_load(&f->base.header, &f->name);
    return value_is_null(v) ? raise_error(&exception_AttributeError, "name") : v;
}
static int set_name(Value self, Value v) {
    FileIO *f = file_of(self);
    field_store(&f->base.header, &f->name, ref_new(v));
    return 0;
}
static Value get_blksize(Value self) {
    return value_from_int(file_of(self)->block_size);
}

static Value file_repr(Value self) {
    FileIO *f = file_of(self);
    if (descriptor(f) < 0)
        return str_from_cstr("<_io.FileIO [closed]>");
    Value name = field_load(&f->base.header, &f->name);
    Value text = value_is_null(name)
                     ? str_format("<_io.FileIO fd=%d mode='%s' closefd=%s>", descriptor(f),
                                  mode_text(f), f->closefd ? "True" : "False")
                     : str_format("<_io.FileIO name=%R mode='%s' closefd=%s>", name, mode_text(f),
                                  f->closefd ? "True" : "False");
    ref_release(name);
    return text;
}

static void file_destroy(Object *self) {
    FileIO *f = (FileIO *)self;
    if (f->closefd && f->fd >= 0)
        close(f->fd);
    io_base_drop(&f->base);
    ref_release(f->name);
    type_free_instance(self);
}
static void file_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((FileIO *)self)->base.dict);
    gc_visit(visitor, ((FileIO *)self)->name);
}

static const NativeDef file_methods[] = {
    DEF_NONE("fileno", file_fileno, NULL),
    DEF_NONE("isatty", file_isatty, NULL),
    DEF_NONE("readable", file_readable, NULL),
    DEF_NONE("writable", file_writable, NULL),
    DEF_NONE("seekable", file_seekable, NULL),
    DEF_ONE("readinto", file_readinto, NULL),
    DEF_NONE("readall", file_readall, NULL),
    DEF_FIXED("read", file_read, 0, 1, NULL),
    DEF_ONE("write", file_write, NULL),
    DEF_FIXED("seek", file_seek, 1, 2, NULL),
    DEF_NONE("tell", file_tell, NULL),
    DEF_FIXED("truncate", file_truncate, 0, 1, NULL),
    DEF_NONE("close", file_close, NULL),
    DEF_ONE("_dealloc_warn", file_warn_unclosed, NULL),
    DEF_END,
};
static const GetSetDef file_getsets[] = {{"closed", get_closed, NULL, "True if the file is closed"},
                                         {"closefd", get_closefd, NULL, NULL},
                                         {"mode", get_mode, NULL, NULL},
                                         {"name", get_name, set_name, NULL},
                                         {"_blksize", get_blksize, NULL, NULL},
                                         {0}};

Type io_file_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_io.FileIO",
    .basic_size = sizeof(FileIO),
    .doc = "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nA file of the operating "
           "system, unbuffered.",
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_HAS_FINALIZER,
    .dict_offset = offsetof(IoBase, dict),
    .base = &io_raw_base_type,
    .call_new = file_new,
    .init = file_init,
    .destroy = file_destroy,
    .traverse = file_traverse,
    .finalize = io_finalize,
    .repr = file_repr,
    .methods = file_methods,
    .getsets = file_getsets,
};
