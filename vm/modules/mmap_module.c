// SPDX-License-Identifier: MIT
//
// mmap: files in memory.
//
// Everything in a Map is guarded by its mutex, not by the object's lock: touching the memory may
// wait for a disk. While a buffer view is held (exports > 0) the memory stays where it is.
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/text_search.h"
#include "vm/runtime/audit.h"
#include "vm/types/type.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY } Access;

typedef struct {
    Object header;
    Mutex mutex;
    uint8_t *data; // NULL: closed
    int64_t size, position, exports;
    int64_t offset; // in the file; constant
    int fd;         // a copy of what was given, -1: none
    Access access;  // constant
} Map;

static Type map_type;

static Map *map_of(Value v) {
    return (Map *)value_object(v);
}

// The mutex, if the map is open: 0, or -1 with an exception.
static int enter(Map *m) {
    mutex_lock(&m->mutex);
    if (m->data)
        return 0;
    mutex_unlock(&m->mutex);
    return raise_int(&exception_ValueError, "mmap closed or invalid");
}
// The same for what changes the memory.
static int enter_to_write(Map *m) {
    if (enter(m) < 0)
        return -1;
    if (m->access != ACCESS_READ)
        return 0;
    mutex_unlock(&m->mutex);
    return raise_int(&exception_TypeError, "mmap can't modify a readonly memory map.");
}
// With the mutex, which is let go of meanwhile: is a view held? Those that nobody holds any more
// are let go of first. Whether the map is still open has to be looked at again.
static bool is_exported(Map *m) {
    if (m->exports == 0)
        return false;
    mutex_unlock(&m->mutex);
    gc_find_dead();
    mutex_lock(&m->mutex);
    return m->exports > 0;
}
static Value leave(Map *m, Value result) {
    mutex_unlock(&m->mutex);
    return result;
}
static Value leave_with(Map *m, Type *type, const char *message) {
    mutex_unlock(&m->mutex);
    return raise_error(type, "%s", message);
}
static Value leave_errno(Map *m) {
    int error = errno;
    mutex_unlock(&m->mutex);
    return raise_errno(error);
}

// ---- making and closing ------------------------------------------------------------------------

// The size to be mapped, checked against the file's. -1 with an exception.
static int64_t size_of_file(int fd, int64_t size, int64_t offset) {
    struct stat status;
    thread_detach();
    int failed = fstat(fd, &status);
    thread_attach();
    if (failed || !S_ISREG(status.st_mode))
        return size;
    if (size == 0) {
        if (status.st_size == 0)
            return raise_int(&exception_ValueError, "cannot mmap an empty file");
        if (offset >= status.st_size)
            return raise_int(&exception_ValueError, "mmap offset is greater than file size");
        return status.st_size - offset;
    }
    if (offset > status.st_size || status.st_size - offset < size)
        return raise_int(&exception_ValueError, "mmap length is greater than file size");
    return size;
}

static Value map_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"fileno", "length", "flags", "prot",
                                        "access", "offset", NULL};
    Value v[6];
    int fd, flags = MAP_SHARED, protection = PROT_READ | PROT_WRITE, access = ACCESS_DEFAULT;
    int64_t size, offset = 0;
    if (arguments_parse(NULL, args, nargs, kwnames, names, 0, 6, 2, v) < 0 ||
        int_argument(v[0], &fd) < 0 || size_argument(v[1], &size) < 0 ||
        int_argument(v[2], &flags) < 0 || int_argument(v[3], &protection) < 0 ||
        int_argument(v[4], &access) < 0 ||
        (!value_is_null(v[5]) && value_to_i64(v[5], &offset) < 0))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(&exception_OverflowError, "memory mapped length must be positive");
    if (offset < 0)
        return raise_error(&exception_OverflowError, "memory mapped offset must be positive");
    if (access != ACCESS_DEFAULT && (flags != MAP_SHARED || protection != (PROT_READ | PROT_WRITE)))
        return raise_value_error("mmap can't specify both access and flags, prot.");
    switch (access) {
    case ACCESS_READ:
        protection = PROT_READ;
        break;
    case ACCESS_WRITE:
        break;
    case ACCESS_COPY:
        flags = MAP_PRIVATE;
        break;
    case ACCESS_DEFAULT:
        if (!(protection & PROT_READ) || !(protection & PROT_WRITE))
            access = protection & PROT_WRITE ? ACCESS_WRITE : ACCESS_READ;
        break;
    default:
        return raise_value_error("mmap invalid access parameter.");
    }
    if (audit("mmap.__new__", 4, value_from_int(fd), value_from_int(size), value_from_int(access),
              value_from_int(offset)) < 0 ||
        (fd != -1 && (size = size_of_file(fd, size, offset)) < 0))
        return VALUE_NULL;
    Map *m = object_allocate(type);
    if (!m)
        return VALUE_NULL;
    m->mutex = (Mutex)MUTEX_INIT;
    m->data = NULL;
    m->size = size;
    m->position = m->exports = 0;
    m->offset = offset;
    m->access = (Access)access;
    m->fd = fd == -1 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
    void *data = MAP_FAILED;
    if (fd == -1 || m->fd != -1) {
        thread_detach();
        data = mmap(NULL, (size_t)size, protection, fd == -1 ? flags | MAP_ANONYMOUS : flags, m->fd,
                    offset);
        thread_attach();
    }
    if (data == MAP_FAILED) {
        int error = errno;
        ref_release_object(m);
        return raise_errno(error);
    }
    m->data = data;
    return value_from_object(m);
}

// Mutex held, or the object dies.
static void unmap(Map *m) {
    if (m->data)
        munmap(m->data, (size_t)m->size);
    if (m->fd != -1)
        close(m->fd);
    m->data = NULL;
    m->fd = -1;
}

static void map_destroy(Object *self) {
    unmap((Map *)self);
    type_free_instance(self);
}

static Value map_close(Value self) {
    Map *m = map_of(self);
    mutex_lock(&m->mutex);
    if (is_exported(m))
        return leave_with(m, &exception_BufferError, "cannot close exported pointers exist");
    unmap(m);
    return leave(m, none_new());
}

static Value map_closed(Value self) {
    Map *m = map_of(self);
    mutex_lock(&m->mutex);
    return leave(m, bool_new(m->data == NULL));
}

static Value map_enter(Value self) {
    Map *m = map_of(self);
    return enter(m) < 0 ? VALUE_NULL : leave(m, ref_new(self));
}
static Value map_exit(Value self, const Value *args, size_t nargs) {
    return map_close(self);
}

static Value map_repr(Value self) {
    static const char *const names[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE",
                                        "ACCESS_COPY"};
    Map *m = map_of(self);
    mutex_lock(&m->mutex);
    bool closed = m->data == NULL;
    long long size = m->size, position = m->position;
    mutex_unlock(&m->mutex);
    if (closed)
        return str_format("<%s closed=True>", type_full_name(value_type(self)));
    return str_format("<%s closed=False, access=%s, length=%lld, pos=%lld, offset=%lld>",
                      type_full_name(value_type(self)), names[m->access], size, position,
                      (long long)m->offset);
}

// ---- reading and writing at the position -----------------------------------------------------

// The next n bytes. Mutex held.
static Value take(Map *m, int64_t n) {
    Value bytes = bytes_new(m->data + m->position, (size_t)n);
    if (!value_is_null(bytes))
        m->position += n;
    return bytes;
}

static Value map_read(Value self, const Value *args, size_t nargs) {
    Map *m = map_of(self);
    int64_t n = -1;
    if (nargs && !value_is_none(args[0]) && value_to_size(args[0], &n) < 0)
        return VALUE_NULL;
    if (enter(m) < 0)
        return VALUE_NULL;
    int64_t left = m->position < m->size ? m->size - m->position : 0;
    return leave(m, take(m, n < 0 || n > left ? left : n));
}

static Value map_readline(Value self) {
    Map *m = map_of(self);
    if (enter(m) < 0)
        return VALUE_NULL;
    int64_t left = m->position < m->size ? m->size - m->position : 0;
    const uint8_t *begin = m->data + m->position;
    const uint8_t *end = left ? memchr(begin, '\n', (size_t)left) : NULL;
    return leave(m, take(m, end ? end + 1 - begin : left));
}

static Value map_read_byte(Value self) {
    Map *m = map_of(self);
    if (enter(m) < 0)
        return VALUE_NULL;
    if (m->position >= m->size)
        return leave_with(m, &exception_ValueError, "read byte out of range");
    return leave(m, value_from_int(m->data[m->position++]));
}

static Value map_write(Value self, Value data) {
    Map *m = map_of(self);
    BufferView view;
    if (buffer_view_get_brief(data, &view) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (enter_to_write(m) == 0) {
        if (m->position > m->size || m->size - m->position < view.length) {
            result = leave_with(m, &exception_ValueError, "data out of range");
        } else {
            if (view.length)
                memmove(m->data + m->position, view.data, (size_t)view.length);
            m->position += view.length;
            result = leave(m, int_from_i64(view.length));
        }
    }
    buffer_view_release(&view);
    return result;
}

static Value map_write_byte(Value self, Value byte) {
    Map *m = map_of(self);
    int64_t n;
    if (value_to_i64(byte, &n) < 0)
        return VALUE_NULL;
    if (n < 0 || n > 255)
        return raise_error(&exception_OverflowError, "unsigned byte integer is %s",
                           n < 0 ? "less than minimum" : "greater than maximum");
    if (enter_to_write(m) < 0)
        return VALUE_NULL;
    if (m->position >= m->size)
        return leave_with(m, &exception_ValueError, "write byte out of range");
    m->data[m->position++] = (uint8_t)n;
    return leave(m, none_new());
}

static Value map_seek(Value self, const Value *args, size_t nargs) {
    Map *m = map_of(self);
    int64_t distance, whence = 0;
    if (size_argument(args[0], &distance) < 0 ||
        (nargs > 1 && value_to_i64(args[1], &whence) < 0) || enter(m) < 0)
        return VALUE_NULL;
    if (whence < 0 || whence > 2)
        return leave_with(m, &exception_ValueError, "unknown seek type");
    int64_t base = whence == 0 ? 0 : whence == 1 ? m->position : m->size, where;
    if (__builtin_add_overflow(base, distance, &where) || where < 0 || where > m->size)
        return leave_with(m, &exception_ValueError, "seek out of range");
    m->position = where;
    return leave(m, none_new());
}

static Value map_tell(Value self) {
    Map *m = map_of(self);
    return enter(m) < 0 ? VALUE_NULL : leave(m, int_from_i64(m->position));
}

// ---- the whole --------------------------------------------------------------------------------

static Value find(Value self, const Value *args, size_t nargs, bool backwards) {
    Map *m = map_of(self);
    BufferView view;
    int64_t start = 0, end = 0;
    if ((nargs > 1 && size_argument(args[1], &start) < 0) ||
        (nargs > 2 && size_argument(args[2], &end) < 0) ||
        buffer_view_get_brief(args[0], &view) < 0)
        return VALUE_NULL;
    int64_t found = -1;
    Value result = VALUE_NULL;
    if (enter(m) == 0) {
        int64_t size = m->size, n = view.length;
        if (nargs < 2)
            start = m->position;
        if (nargs < 3)
            end = size;
        start = start < 0 ? start + size : start;
        start = start < 0 ? 0 : start > size ? size : start;
        end = end < 0 ? end + size : end;
        end = end < 0 ? 0 : end > size ? size : end;
        if (end - start >= n) {
            const uint8_t *from = m->data + start;
            found = backwards ? units_find_last(from, end - start, view.data, n, 0)
                              : units_find(from, end - start, view.data, n, 0);
            if (found >= 0)
                found += start;
        }
        result = leave(m, int_from_i64(found));
    }
    buffer_view_release(&view);
    return result;
}
static Value map_find(Value self, const Value *args, size_t nargs) {
    return find(self, args, nargs, false);
}
static Value map_rfind(Value self, const Value *args, size_t nargs) {
    return find(self, args, nargs, true);
}

static Value map_move(Value self, const Value *args, size_t nargs) {
    Map *m = map_of(self);
    int64_t to, from, count;
    if (size_argument(args[0], &to) < 0 || size_argument(args[1], &from) < 0 ||
        size_argument(args[2], &count) < 0 || enter_to_write(m) < 0)
        return VALUE_NULL;
    if (to < 0 || from < 0 || count < 0 || m->size - to < count || m->size - from < count)
        return leave_with(m, &exception_ValueError, "source, destination, or count out of range");
    memmove(m->data + to, m->data + from, (size_t)count);
    return leave(m, none_new());
}

static Value map_flush(Value self, const Value *args, size_t nargs) {
    Map *m = map_of(self);
    int64_t offset = 0, size = 0;
    if ((nargs > 0 && size_argument(args[0], &offset) < 0) ||
        (nargs > 1 && size_argument(args[1], &size) < 0) || enter(m) < 0)
        return VALUE_NULL;
    if (nargs < 2)
        size = m->size;
    if (size < 0 || offset < 0 || m->size - offset < size)
        return leave_with(m, &exception_ValueError, "flush values out of range");
    if (m->access == ACCESS_READ || m->access == ACCESS_COPY)
        return leave(m, none_new());
    thread_detach();
    int failed = msync(m->data + offset, (size_t)size, MS_SYNC);
    thread_attach();
    return failed ? leave_errno(m) : leave(m, none_new());
}

static Value map_resize(Value self, Value new_size) {
    Map *m = map_of(self);
    int64_t size;
    if (size_argument(new_size, &size) < 0 || enter(m) < 0)
        return VALUE_NULL;
    if (is_exported(m))
        return leave_with(m, &exception_BufferError,
                          "mmap can't resize with extant buffers exported.");
    if (!m->data)
        return leave_with(m, &exception_ValueError, "mmap closed or invalid");
    if (m->access == ACCESS_READ || m->access == ACCESS_COPY)
        return leave_with(m, &exception_TypeError,
                          "mmap can't resize a readonly or copy-on-write memory map.");
    int64_t end;
    if (size < 0 || __builtin_add_overflow(m->offset, size, &end))
        return leave_with(m, &exception_ValueError, "new size out of range");
    thread_detach();
    bool ok = m->fd == -1 || ftruncate(m->fd, end) == 0;
    void *data = ok ? mremap(m->data, (size_t)m->size, (size_t)size, MREMAP_MAYMOVE) : MAP_FAILED;
    thread_attach();
    if (data == MAP_FAILED)
        return leave_errno(m);
    m->data = data;
    m->size = size;
    return leave(m, none_new());
}

static Value map_size(Value self) {
    Map *m = map_of(self);
    struct stat status;
    if (enter(m) < 0)
        return VALUE_NULL;
    thread_detach();
    int failed = fstat(m->fd, &status);
    thread_attach();
    return failed ? leave_errno(m) : leave(m, int_from_i64(status.st_size));
}

static Value map_advise(Value self, const Value *args, size_t nargs) {
    Map *m = map_of(self);
    int64_t option, start = 0, length = 0;
    if (value_to_i64(args[0], &option) < 0 || (nargs > 1 && size_argument(args[1], &start) < 0) ||
        (nargs > 2 && size_argument(args[2], &length) < 0) || enter(m) < 0)
        return VALUE_NULL;
    if (nargs < 3)
        length = m->size;
    if (start < 0 || start >= m->size)
        return leave_with(m, &exception_ValueError, "madvise start out of bounds");
    if (length < 0)
        return leave_with(m, &exception_ValueError, "madvise length invalid");
    if (INT64_MAX - start < length)
        return leave_with(m, &exception_OverflowError, "madvise length too large");
    if (start + length > m->size)
        length = m->size - start;
    return madvise(m->data + start, (size_t)length, (int)option) ? leave_errno(m)
                                                                 : leave(m, none_new());
}

// ---- items -----------------------------------------------------------------------------------

static int64_t map_length(Value self) {
    Map *m = map_of(self);
    if (enter(m) < 0)
        return -1;
    int64_t size = m->size;
    mutex_unlock(&m->mutex);
    return size;
}

// One byte as bytes: what iterating gives.
static Value map_item(Value self, int64_t index) {
    Map *m = map_of(self);
    if (enter(m) < 0)
        return VALUE_NULL;
    if (index < 0 || index >= m->size)
        return leave_with(m, &exception_IndexError, "mmap index out of range");
    return leave(m, bytes_shared(m->data[index]));
}

static Value map_getitem(Value self, Value key) {
    Map *m = map_of(self);
    int64_t start, stop, step;
    if (value_is_slice(key)) {
        if (slice_unpack(key, &start, &stop, &step) < 0 || enter(m) < 0)
            return VALUE_NULL;
        int64_t count = slice_adjust(m->size, &start, &stop, step);
        uint8_t *out;
        Value bytes = bytes_allocate(count > 0 ? count : 0, &out);
        for (int64_t i = 0; i < count && !value_is_null(bytes); i++)
            out[i] = m->data[start + i * step];
        return leave(m, bytes);
    }
    if (!value_type(key)->index)
        return raise_type_error("mmap indices must be integers");
    if (value_to_position(key, &start) < 0 || enter(m) < 0)
        return VALUE_NULL;
    if (start < 0)
        start += m->size;
    if (start < 0 || start >= m->size)
        return leave_with(m, &exception_IndexError, "mmap index out of range");
    return leave(m, value_from_int(m->data[start]));
}

static int set_slice(Map *m, Value key, Value value) {
    int64_t start, stop, step;
    BufferView view;
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "mmap object doesn't support slice deletion");
    if (slice_unpack(key, &start, &stop, &step) < 0 || buffer_view_get_brief(value, &view) < 0)
        return -1;
    int status = enter_to_write(m);
    if (status == 0) {
        int64_t count = slice_adjust(m->size, &start, &stop, step);
        bool fits = (count > 0 ? count : 0) == view.length;
        for (int64_t i = 0; fits && i < view.length; i++)
            m->data[start + i * step] = ((uint8_t *)view.data)[i];
        mutex_unlock(&m->mutex);
        if (!fits)
            status = raise_int(&exception_IndexError, "mmap slice assignment is wrong size");
    }
    buffer_view_release(&view);
    return status;
}

static int map_setitem(Value self, Value key, Value value) {
    Map *m = map_of(self);
    int64_t index, byte;
    if (m->access == ACCESS_READ) {
        raise_type_error("mmap can't modify a readonly memory map.");
        return -1;
    }
    if (value_is_slice(key))
        return set_slice(m, key, value);
    if (!value_type(key)->index)
        return raise_int(&exception_TypeError, "mmap indices must be integer");
    if (value_to_position(key, &index) < 0)
        return -1;
    int64_t length = map_length(self);
    if (length < 0)
        return -1;
    if (index >= length || index < -length)
        return raise_int(&exception_IndexError, "mmap index out of range");
    if (value_is_null(value))
        return raise_int(&exception_TypeError, "mmap doesn't support item deletion");
    if (!value_type(value)->index)
        return raise_int(&exception_TypeError, "mmap item value must be an int");
    if (size_argument(value, &byte) < 0)
        return -1;
    if (byte < 0 || byte > 255)
        return raise_int(&exception_ValueError, "mmap item value must be in range(0, 256)");
    if (enter_to_write(m) < 0)
        return -1;
    if (index < 0)
        index += m->size;
    bool found = index >= 0 && index < m->size;
    if (found)
        m->data[index] = (uint8_t)byte;
    mutex_unlock(&m->mutex);
    return found ? 0 : raise_int(&exception_IndexError, "mmap index out of range");
}

static void map_guard(Value owner, bool take) {
    Mutex *mutex = &map_of(owner)->mutex;
    if (take)
        mutex_lock(mutex);
    else
        mutex_unlock(mutex);
}
static int map_get_buffer(Value self, BufferView *view, bool writable) {
    Map *m = map_of(self);
    if (writable && m->access == ACCESS_READ)
        return raise_int(&exception_BufferError, "Object is not writable.");
    if (enter(m) < 0)
        return -1;
    m->exports++;
    view->data = m->data;
    view->length = m->size;
    view->readonly = m->access == ACCESS_READ;
    view->guard = map_guard;
    mutex_unlock(&m->mutex);
    return 0;
}
static void map_release_buffer(Value self, BufferView *view) {
    Map *m = map_of(self);
    mutex_lock(&m->mutex);
    m->exports--;
    mutex_unlock(&m->mutex);
}

// ---- iterating: by the bytes of one byte each ---------------------------------------------------

typedef struct {
    Object header;
    Value map;     // constant
    int64_t index; // atomic: each step takes an index of its own
} MapIterator;

static Type map_iterator_type;

static Value map_iter(Value self) {
    MapIterator *it = object_allocate(&map_iterator_type);
    if (!it)
        return VALUE_NULL;
    it->map = ref_new(self);
    return value_from_object(it);
}

static Value map_iterator_next(Value self) {
    MapIterator *it = (MapIterator *)value_object(self);
    Value item = map_item(it->map, __atomic_fetch_add(&it->index, 1, __ATOMIC_RELAXED));
    if (value_is_null(item) && error_matches(&exception_IndexError))
        error_clear();
    return item;
}

static void map_iterator_destroy(Object *self) {
    ref_release(((MapIterator *)self)->map);
    object_free_fixed(self);
}
static void map_iterator_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((MapIterator *)self)->map);
}

static Type map_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "iterator",
    .basic_size = sizeof(MapIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = map_iterator_destroy,
    .traverse = map_iterator_traverse,
    .iter = object_self_iter,
    .next = map_iterator_next,
};

// ---- the type and the module ------------------------------------------------------------------

static const NativeDef map_methods[] = {
    DEF_NONE("close", map_close, "Lets go of the memory."),
    DEF_FIXED("find", map_find, 1, 3, "Where bytes first are, -1 nowhere."),
    DEF_FIXED("rfind", map_rfind, 1, 3, "Where bytes last are, -1 nowhere."),
    DEF_FIXED("flush", map_flush, 0, 2, "Writes changes to the file."),
    DEF_FIXED("madvise", map_advise, 1, 3, "Tells the kernel what use is made of the memory."),
    DEF_FIXED("move", map_move, 3, 3, "Copies bytes within the map."),
    DEF_FIXED("read", map_read, 0, 1, "The next bytes."),
    DEF_NONE("read_byte", map_read_byte, "The next byte as an int."),
    DEF_NONE("readline", map_readline, "The bytes up to and with the next newline."),
    DEF_ONE("resize", map_resize, "Changes the size of map and file."),
    DEF_FIXED("seek", map_seek, 1, 2, "Sets the position."),
    DEF_NONE("size", map_size, "The size of the file."),
    DEF_NONE("tell", map_tell, "The position."),
    DEF_ONE("write", map_write, "Writes bytes at the position."),
    DEF_ONE("write_byte", map_write_byte, "Writes one byte at the position."),
    DEF_NONE("__enter__", map_enter, NULL),
    DEF_FIXED("__exit__", map_exit, 0, -1, NULL),
    DEF_END,
};
static const GetSetDef map_getsets[] = {
    {"closed", map_closed, NULL, NULL},
    {NULL},
};

static Type map_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "mmap.mmap",
    .basic_size = sizeof(Map),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE | TYPE_WEAKREFABLE,
    .doc =
        "mmap(fileno, length[, flags[, prot[, access[, offset]]]])\n\nA file in memory; fileno -1: "
        "memory without a file.",
    .call_new = map_new,
    .destroy = map_destroy,
    .repr = map_repr,
    .iter = map_iter,
    .length = map_length,
    .getitem = map_getitem,
    .setitem = map_setitem,
    .sequence_item = map_item,
    .get_buffer = map_get_buffer,
    .release_buffer = map_release_buffer,
    .methods = map_methods,
    .getsets = map_getsets,
};

static int mmap_fill(Value module) {
    static const struct {
        const char *name;
        int value;
    } numbers[] = {
#define N(name) {#name, name}
        N(ACCESS_DEFAULT), N(ACCESS_READ),      N(ACCESS_WRITE),   N(ACCESS_COPY),
        N(PROT_EXEC),      N(PROT_READ),        N(PROT_WRITE),     N(MAP_SHARED),
        N(MAP_PRIVATE),    N(MAP_DENYWRITE),    N(MAP_EXECUTABLE), N(MAP_ANON),
        N(MAP_ANONYMOUS),  N(MAP_POPULATE),     N(MAP_STACK),      N(MADV_NORMAL),
        N(MADV_RANDOM),    N(MADV_SEQUENTIAL),  N(MADV_WILLNEED),  N(MADV_DONTNEED),
        N(MADV_REMOVE),    N(MADV_DONTFORK),    N(MADV_DOFORK),    N(MADV_HWPOISON),
        N(MADV_MERGEABLE), N(MADV_UNMERGEABLE), N(MADV_HUGEPAGE),  N(MADV_NOHUGEPAGE),
        N(MADV_DONTDUMP),  N(MADV_DODUMP),      N(MADV_FREE),
#undef N
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0)
            return -1;
    type_ready(&map_iterator_type);
    int64_t page = sysconf(_SC_PAGESIZE);
    if (module_add_int(module, "PAGESIZE", page) < 0 ||
        module_add_int(module, "ALLOCATIONGRANULARITY", page) < 0 ||
        module_add(module, "error", ref_new(value_from_object(&exception_OSError))) < 0)
        return -1;
    return module_add_type(module, &map_type);
}

const NativeModule module_mmap = {"mmap", "Files in memory.", NULL, mmap_fill};
