// SPDX-License-Identifier: MIT
//
// `_io.BufferedReader`, `BufferedWriter`, `BufferedRandom` over a raw file.
//
// One structure serves them: bytes read ahead are data[read_at .. read_end), bytes not yet
// written are data[0 .. write_end); never both at once. The raw file's position is after read_end,
// or before the unwritten bytes. Everything is guarded by the file's lock (IoLock), which is held
// across raw calls. So is which raw file it is: who has the lock borrows it (raw_of), who has not
// takes a reference (raw_new).
#include "vm/modules/io_internal.h"
#include "vm/types/arguments.h"
#include <errno.h>

typedef struct {
    IoBase base;
    Value raw; // VALUE_NULL once detached or before __init__
    IoLock lock;
    uint8_t *data;
    int64_t size, read_at, read_end, write_end;
    int64_t raw_at;           // where the raw file stands, -1: not known
    bool can_read, can_write; // atomic; what its type says
} Buffered;

static inline Buffered *buffered_of(Value v) {
    return (Buffered *)value_object(v);
}

static Value buffered_allocate(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

static bool derives(Value self, Type *type) {
    return value_is_instance(self, type);
}

// 0 if the raw file says that it is so; else -1, with an exception.
static int require_raw(Value raw, const char *method, const char *otherwise) {
    int ok = io_call_truth(raw, method);
    if (ok == 0)
        io_unsupported(otherwise);
    return ok > 0 ? 0 : -1;
}

static int buffered_setup(Value self, Value raw, int64_t size) {
    Buffered *b = buffered_of(self);
    field_store(&b->base.header, &b->raw,
                VALUE_NULL); // where __init__ fails again, there is no file any more
    __atomic_store_n(&b->can_read, !derives(self, &io_writer_type), __ATOMIC_RELAXED);
    __atomic_store_n(&b->can_write, !derives(self, &io_reader_type), __ATOMIC_RELAXED);
    if (b->can_read && b->can_write &&
        require_raw(raw, "seekable", "File or stream is not seekable.") < 0)
        return -1;
    if (b->can_read && require_raw(raw, "readable", "File or stream is not readable.") < 0)
        return -1;
    if (b->can_write && require_raw(raw, "writable", "File or stream is not writable.") < 0)
        return -1;
    if (size <= 0)
        return raise_int(&exception_ValueError, "buffer size must be strictly positive");
    uint8_t *data = buffer_allocate((size_t)size);
    if (!data) {
        raise_memory_error();
        return -1;
    }
    buffer_free(b->data);
    __atomic_store_n(&b->data, data, __ATOMIC_RELAXED);
    b->size = size;
    b->read_at = b->read_end = b->write_end = 0;
    b->raw_at = -1;
    field_store(&b->base.header, &b->raw, ref_new(raw));
    return 0;
}

static int buffered_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"raw", "buffer_size", NULL};
    Value v[2];
    int64_t size = IO_DEFAULT_BUFFER;
    if (arguments_parse(type_name(value_type(self)), args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        (!value_is_null(v[1]) && size_argument(v[1], &size) < 0))
        return -1;
    Buffered *b = buffered_of(self);
    if (io_enter(&b->lock, self) < 0) // another thread may be reading into the old memory
        return -1;
    int status = buffered_setup(self, v[0], size);
    io_leave(&b->lock, self);
    return status;
}

Value io_buffered_new(Type *type, Value raw, int64_t size) {
    Value self = value_from_object(object_allocate(type));
    if (!value_is_null(self) && buffered_setup(self, raw, size) < 0) {
        ref_release(self);
        return VALUE_NULL;
    }
    return self;
}

static Value check_raw(Buffered *b, Value raw) {
    if (UNLIKELY(value_is_null(raw)))
        raise_value_error(__atomic_load_n(&b->data, __ATOMIC_RELAXED)
                              ? "raw stream has been detached"
                              : "I/O operation on uninitialized object");
    return raw;
}
// The raw file, or an error. With the lock held, without which detach and __init__ do not replace
// it: borrowed.
static Value raw_of(Buffered *b) {
    return check_raw(b, field_raw(&b->raw));
}
// Without the lock: a new reference.
static Value raw_new(Value self) {
    Buffered *b = buffered_of(self);
    return check_raw(b, field_load(&b->base.header, &b->raw));
}

int io_buffered_is_closed(Value self) {
    Buffered *b = buffered_of(self);
    object_read_lock(&b->base.header); // which keeps the raw file in its slot
    Value raw = field_raw(&b->raw);
    int closed =
        !value_is_null(raw) && value_is_exactly(raw, &io_file_type) ? io_file_is_closed(raw) : -1;
    object_read_unlock(&b->base.header);
    return closed;
}

// Locks and checks. 0 or -1.
static int begin(Value self, const char *closed_text) {
    Buffered *b = buffered_of(self);
    if (io_enter(&b->lock, self) < 0)
        return -1;
    Value raw = raw_of(b);
    int closed = value_is_null(raw) ? -1 : io_is_closed(raw);
    if (closed) {
        if (closed > 0)
            raise_value_error("%s", closed_text);
        io_leave(&b->lock, self);
        return -1;
    }
    return 0;
}
static Value end(Value self, Value result) {
    io_leave(&buffered_of(self)->lock, self);
    return result;
}

// ---- raw calls; with the lock held -----------------------------------------------------------

// The raw file if it is a native one of which no attribute was replaced, so that what its methods
// do can be done without calling them; else VALUE_NULL. Borrowed.
static Value native_raw(Buffered *b) {
    Value raw = field_raw(&b->raw);
    bool plain =
        !value_is_null(raw) && value_is_exactly(raw, &io_file_type) && io_file_is_plain(raw);
    return plain ? raw : VALUE_NULL;
}

static void raw_moved(Buffered *b, int64_t n) {
    b->raw_at = n >= 0 && b->raw_at >= 0 ? b->raw_at + n : -1;
}

// As raw_read, of raw files that are not native.
static int64_t foreign_read(Buffered *b, uint8_t *data, int64_t length) {
    Value raw = raw_of(b);
    if (value_is_null(raw))
        return -1;
    // Raw files written in Python get a bytearray to fill; its content is copied out.
    Value target = value_call_one(value_from_object(&bytearray_type), int_from_i64(length));
    if (value_is_null(target))
        return -1;
    Value count;
    for (;;) {
        count = value_call_method(raw, name_readinto, &target, 1);
        if (!value_is_null(count) || !error_matches(&exception_InterruptedError))
            break;
        error_clear();
    }
    int64_t n = -1;
    if (value_is_null(count)) {
        n = -1;
    } else if (value_is_none(count)) {
        n = -2;
    } else if (value_to_size(count, &n) < 0) {
        if (error_matches(&exception_TypeError)) {
            Value cause = error_take();
            raise_error(&exception_OSError, "raw readinto() failed");
            Value error = error_take();
            exception_set_cause(error, ref_new(cause));
            exception_set_context(error, cause);
            error_restore(error);
        }
        n = -1;
    } else if (n < 0 || n > length) {
        raise_error(
            &exception_OSError,
            "raw readinto() returned invalid length %lld (should have been between 0 and %lld)",
            (long long)n, (long long)length);
        n = -1;
    } else {
        BufferView view;
        if (buffer_view_get_brief(target, &view) < 0) {
            n = -1;
        } else {
            memcpy(data, view.data, (size_t)(n < view.length ? n : view.length));
            buffer_view_release(&view);
        }
    }
    ref_release(count);
    ref_release(target);
    return n;
}

// Reads into data; bytes, 0 at the end, -1 error, -2 would block.
static int64_t raw_read(Buffered *b, uint8_t *data, int64_t length) {
    Value file = native_raw(b);
    int64_t n =
        value_is_null(file) ? foreign_read(b, data, length) : io_file_read_into(file, data, length);
    raw_moved(b, n);
    return n;
}

// Writes data; bytes, -1 error, -2 would block.
static int64_t raw_write(Buffered *b, const uint8_t *data, int64_t length) {
    b->raw_at = -1; // a file that is appended to moves to its end
    Value file = native_raw(b);
    if (!value_is_null(file))
        return io_file_write_from(file, data, length);
    Value raw = raw_of(b);
    if (value_is_null(raw))
        return -1;
    Value source = bytes_new(data, (size_t)length), count = VALUE_NULL;
    int64_t n = -1;
    while (!value_is_null(source)) {
        count = value_call_method(raw, name_write, &source, 1);
        if (!value_is_null(count) || !error_matches(&exception_InterruptedError))
            break;
        error_clear();
    }
    if (!value_is_null(count)) {
        if (value_is_none(count)) {
            n = -2;
        } else if (value_to_size(count, &n) == 0 && (n < 0 || n > length)) {
            raise_error(
                &exception_OSError,
                "raw write() returned invalid length %lld (should have been between 0 and %lld)",
                (long long)n, (long long)length);
            n = -1;
        } else if (error_occurred()) {
            n = -1;
        }
    }
    ref_release(count);
    ref_release(source);
    return n;
}

// What the raw file's seekable() says; -1 with an exception.
static int raw_can_seek(Buffered *b) {
    Value file = native_raw(b);
    if (!value_is_null(file))
        return io_file_can_seek(file);
    Value raw = raw_of(b);
    return value_is_null(raw) ? -1 : io_call_truth(raw, "seekable");
}

static int64_t raw_seek(Buffered *b, int64_t offset, int whence) {
    Value raw = raw_of(b);
    if (value_is_null(raw))
        return -1;
    Value args[2] = {int_from_i64(offset), value_from_int(whence)};
    b->raw_at = -1;
    Value at = value_call_method(raw, name_seek, args, 2);
    int64_t n = -1;
    if (!value_is_null(at) && value_to_i64(at, &n) == 0 && n < 0)
        raise_error(&exception_OSError, "Raw stream returned invalid position %lld", (long long)n);
    ref_release(at);
    return error_occurred() ? -1 : (b->raw_at = n);
}

static int raise_blocking(int64_t written) {
    Value text = str_from_cstr("write could not complete without blocking");
    Value args[3] = {value_from_int(EAGAIN), text, int_from_i64(written)};
    Value e = value_call(value_from_object(&exception_BlockingIOError), args, 3, VALUE_NULL);
    ref_release(text);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return -1;
}

// Writes out what is pending. 0 or -1.
static int flush_writes(Buffered *b) {
    int64_t done = 0;
    while (done < b->write_end) {
        int64_t n = raw_write(b, b->data + done, b->write_end - done);
        if (n < 0) {
            memmove(b->data, b->data + done, (size_t)(b->write_end - done));
            b->write_end -= done;
            return n == -2 ? raise_blocking(0) : -1;
        }
        done += n;
        // A signal may have cut the write short: its handler runs before the next one blocks.
        if (done < b->write_end && thread_check_signals() < 0) {
            memmove(b->data, b->data + done, (size_t)(b->write_end - done));
            b->write_end -= done;
            return -1;
        }
    }
    b->write_end = 0;
    return 0;
}

// Forgets what was read ahead, moving the raw position back to where the reader stands.
static int drop_read_ahead(Buffered *b) {
    int64_t ahead = b->read_end - b->read_at;
    b->read_at = b->read_end = 0;
    return ahead && raw_seek(b, -ahead, 1) < 0 ? -1 : 0;
}

// Fills the empty read buffer. Bytes there now, 0 at the end, -1, -2.
static int64_t fill(Buffered *b) {
    b->read_at = b->read_end = 0;
    int64_t n = raw_read(b, b->data, b->size);
    if (n > 0)
        b->read_end = n;
    return n;
}

// Without the lock: an error if its kind of file is not `able`.
static int check_able(Buffered *b, const bool *able, const char *what) {
    if (__atomic_load_n(able, __ATOMIC_RELAXED))
        return 0;
    if (!value_is_null(raw_of(b))) // which is not looked at
        io_unsupported(what);
    return -1;
}
static int check_readable(Buffered *b) {
    return check_able(b, &b->can_read, "read");
}

// ---- reading ------------------------------------------------------------------------------------

// What a raw file without readall() gives by read(), again and again, after `head`: bytes; what
// read() gave, if that was nothing and head is empty.
static Value read_until_nothing(Value raw, Value head) {
    int64_t length = bytes_length(head), capacity = length;
    uint8_t *out = buffer_allocate((size_t)capacity + 1);
    if (!out)
        return raise_memory_error();
    memcpy(out, bytes_data(head), (size_t)length);
    Value result = VALUE_NULL;
    for (;;) {
        Value data = value_call_method_cstr(raw, "read", NULL, 0);
        bool good = !value_is_null(data) && (value_is_none(data) || value_is_bytes(data));
        if (!value_is_null(data) && !good)
            raise_type_error("read() should return bytes");
        int64_t more = good && !value_is_none(data) ? bytes_length(data) : 0;
        if (more == 0) {
            if (good)
                result = length ? bytes_new(out, (size_t)length) : ref_new(data);
            ref_release(data);
            break;
        }
        if (more > capacity - length) {
            capacity = length + more + length / 2;
            uint8_t *larger = buffer_resize(out, (size_t)capacity);
            if (!larger) {
                raise_memory_error();
                ref_release(data);
                break;
            }
            out = larger;
        }
        memcpy(out + length, bytes_data(data), (size_t)more);
        length += more;
        ref_release(data);
    }
    buffer_free(out);
    return result;
}

// What is in the buffer, and all that follows it.
static Value read_rest(Buffered *b) {
    Value raw = raw_of(b), method;
    int found = value_is_null(raw) ? -1 : value_lookup_attr_cstr(raw, "readall", &method);
    if (found < 0)
        return VALUE_NULL;
    Value head = bytes_new(b->data + b->read_at, (size_t)(b->read_end - b->read_at));
    b->read_at = b->read_end = 0;
    Value result = VALUE_NULL;
    if (!found) {
        result = value_is_null(head) ? VALUE_NULL : read_until_nothing(raw, head);
    } else if (!value_is_null(head)) {
        Value all = value_call_none(method);
        if (!value_is_null(all) && value_is_none(all))
            result = ref_new(bytes_length(head) ? head : all);
        else if (!value_is_null(all) && !value_is_bytes(all))
            raise_type_error("readall() should return bytes");
        else if (!value_is_null(all))
            result = bytes_length(head) ? bytes_concat(head, all) : ref_new(all);
        ref_release(all);
    }
    if (found)
        ref_release(method);
    ref_release(head);
    return result;
}

// size < 0: to the end.
static Value read_bytes(Buffered *b, int64_t size) {
    if (b->write_end && flush_writes(b) < 0)
        return VALUE_NULL;
    int64_t have = b->read_end - b->read_at;
    if (size >= 0 && have >= size) {
        Value v = bytes_new(b->data + b->read_at, (size_t)size);
        b->read_at += size;
        return v;
    }
    if (size < 0)
        return read_rest(b);
    int64_t length = have;
    uint8_t *out = buffer_allocate((size_t)size + 1);
    if (!out)
        return raise_memory_error();
    memcpy(out, b->data + b->read_at, (size_t)have);
    b->read_at = b->read_end = 0;
    bool blocked = false;
    while (length < size) {
        int64_t room = size - length, n;
        if (room >= b->size) {
            n = raw_read(b, out + length, room - room % b->size);
        } else {
            n = fill(b);
            if (n > 0) {
                n = n < room ? n : room;
                memcpy(out + length, b->data, (size_t)n);
                b->read_at = n;
            }
        }
        if (n == -1) {
            buffer_free(out);
            return VALUE_NULL;
        }
        if (n == -2)
            blocked = true;
        if (n <= 0)
            break;
        length += n;
    }
    Value result = blocked && length == 0 ? none_new() : bytes_new(out, (size_t)length);
    buffer_free(out);
    return result;
}

static Value buffered_read(Value self, const Value *args, size_t nargs) {
    int64_t size;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &size) < 0)
        return VALUE_NULL;
    if (size < -1)
        return raise_value_error("read length must be non-negative or -1");
    Buffered *b = buffered_of(self);
    if (check_readable(b) < 0 || begin(self, "read of closed file") < 0)
        return VALUE_NULL;
    return end(self, read_bytes(b, size));
}

// With the lock: one read of the raw file, past the empty buffer.
static Value read_once(Buffered *b, int64_t size) {
    uint8_t *data = buffer_allocate((size_t)size);
    if (!data)
        return raise_memory_error();
    b->read_at = b->read_end = 0;
    int64_t n = raw_read(b, data, size);
    Value result = n == -1 ? VALUE_NULL : bytes_new(data, n < 0 ? 0 : (size_t)n);
    buffer_free(data);
    return result;
}

static Value buffered_read1(Value self, const Value *args, size_t nargs) {
    int64_t size = -1;
    Buffered *b = buffered_of(self);
    if ((nargs && size_argument(args[0], &size) < 0) || check_readable(b) < 0)
        return VALUE_NULL;
    if (begin(self, "read of closed file") < 0)
        return VALUE_NULL;
    if (size < 0)
        size = b->size;
    Value result = VALUE_NULL;
    if (b->write_end && flush_writes(b) < 0)
        return end(self, VALUE_NULL);
    int64_t have = b->read_end - b->read_at;
    if (size && !have)
        return end(self, read_once(b, size));
    if (size > have)
        size = have;
    result = bytes_new(b->data + b->read_at, (size_t)size);
    b->read_at += size;
    return end(self, result);
}

bool io_reader_is_plain(Value file) {
    return value_is_exactly(file, &io_reader_type) &&
           value_is_null(field_raw(&buffered_of(file)->base.dict));
}

int64_t io_reader_read1_into(Value self, uint8_t *data, int64_t size) {
    Buffered *b = buffered_of(self);
    if (begin(self, "read of closed file") < 0)
        return -1;
    int64_t have = b->read_end - b->read_at;
    if (!have)
        have = fill(b);
    int64_t n = have == -2 ? 0 : have > size ? size : have;
    if (n > 0) {
        memcpy(data, b->data + b->read_at, (size_t)n);
        b->read_at += n;
    }
    end(self, VALUE_NULL);
    return n;
}

static Value buffered_peek(Value self, const Value *args, size_t nargs) {
    Buffered *b = buffered_of(self);
    int64_t size; // means nothing
    if ((nargs && size_argument(args[0], &size) < 0) || check_readable(b) < 0 ||
        begin(self, "peek of closed file") < 0)
        return VALUE_NULL;
    if (b->write_end && flush_writes(b) < 0)
        return end(self, VALUE_NULL);
    // Who can be written to as well looks at the file again.
    if (value_is_instance(self, &io_random_type) && drop_read_ahead(b) < 0)
        return end(self, VALUE_NULL);
    if (b->read_at == b->read_end && fill(b) == -1)
        return end(self, VALUE_NULL);
    return end(self, bytes_new(b->data + b->read_at, (size_t)(b->read_end - b->read_at)));
}

static Value read_into(Value self, Value target, bool once) {
    Buffered *b = buffered_of(self);
    BufferView view;
    if (check_readable(b) < 0 || io_target_view(target, &view) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (begin(self, "readinto of closed file") == 0) {
        int64_t done = 0;
        bool failed = b->write_end && flush_writes(b) < 0, blocked = false;
        while (!failed && done < view.length) {
            int64_t have = b->read_end - b->read_at;
            if (!have) {
                bool direct =
                    view.length - done > b->size; // larger than the buffer: no way through it
                if (once && done && !direct)
                    break;
                int64_t n =
                    direct ? raw_read(b, (uint8_t *)view.data + done, view.length - done) : fill(b);
                if (direct && n > 0) {
                    b->read_at = b->read_end = 0;
                    done += n;
                    if (once)
                        break;
                    continue;
                }
                if (n <= 0) {
                    failed = n == -1;
                    blocked = n == -2;
                    break;
                }
                have = n;
            }
            int64_t n = have < view.length - done ? have : view.length - done;
            memcpy((uint8_t *)view.data + done, b->data + b->read_at, (size_t)n);
            b->read_at += n;
            done += n;
        }
        result = failed ? VALUE_NULL : blocked && !done ? none_new() : int_from_i64(done);
        end(self, result);
    }
    buffer_view_release(&view);
    return result;
}
static Value buffered_readinto(Value self, Value target) {
    return read_into(self, target, false);
}
static Value buffered_readinto1(Value self, Value target) {
    return read_into(self, target, true);
}

// With the lock: the next line if it lies in the buffer whole, as nearly every line does; else
// VALUE_NULL, mostly without an exception.
static inline Value line_at_hand(Buffered *b) {
    const uint8_t *from = b->data + b->read_at;
    int64_t have = b->read_end - b->read_at;
    const uint8_t *newline = have ? memchr(from, '\n', (size_t)have) : NULL;
    if (UNLIKELY(!newline))
        return VALUE_NULL;
    Value line = bytes_new(from, (size_t)(newline + 1 - from));
    if (LIKELY(!value_is_null(line)))
        b->read_at += newline + 1 - from;
    return line;
}

// With the lock, which it leaves: a line that line_at_hand did not give.
__attribute__((noinline)) static Value rest_of_line(Value self, int64_t limit) {
    Buffered *b = buffered_of(self);
    int64_t length = 0, capacity = 0;
    if (error_occurred() || (b->write_end && flush_writes(b) < 0))
        return end(self, VALUE_NULL);
    uint8_t *line = NULL;
    for (;;) {
        int64_t have = b->read_end - b->read_at;
        if (!have) {
            int64_t n = fill(b);
            if (n == -1) {
                buffer_free(line);
                return end(self, VALUE_NULL);
            }
            if (n <= 0)
                break;
            have = n;
        }
        if (limit >= 0 && have > limit - length)
            have = limit - length;
        const uint8_t *from = b->data + b->read_at;
        const uint8_t *newline = memchr(from, '\n', (size_t)have);
        int64_t n = newline ? newline - from + 1 : have;
        if (newline && !line) {
            Value v = bytes_new(from, (size_t)n);
            b->read_at += n;
            return end(self, v);
        }
        if (length + n > capacity) {
            capacity = (length + n) * 2;
            uint8_t *larger = buffer_resize(line, (size_t)capacity);
            if (!larger) {
                buffer_free(line);
                raise_memory_error();
                return end(self, VALUE_NULL);
            }
            line = larger;
        }
        if (n)
            memcpy(line + length, from, (size_t)n);
        length += n;
        b->read_at += n;
        if (newline || (limit >= 0 && length >= limit))
            break;
    }
    Value v = bytes_new(line, (size_t)length);
    buffer_free(line);
    return end(self, v);
}

static Value buffered_readline(Value self, const Value *args, size_t nargs) {
    int64_t limit;
    Buffered *b = buffered_of(self);
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &limit) < 0 || check_readable(b) < 0 ||
        begin(self, "readline of closed file") < 0)
        return VALUE_NULL;
    if (LIKELY(limit < 0)) {
        Value line = line_at_hand(b);
        if (LIKELY(!value_is_null(line)))
            return end(self, line);
    }
    return rest_of_line(self, limit);
}

static Value buffered_next(Value self) {
    Value line;
    if (value_is_exactly(self, &io_reader_type)) {
        if (begin(self, "readline of closed file") < 0)
            return VALUE_NULL;
        line = line_at_hand(buffered_of(self));
        if (LIKELY(!value_is_null(line)))
            return end(self, line);
        line = rest_of_line(self, -1);
    } else {
        line = value_call_method(self, name_readline, NULL, 0);
    }
    if (!value_is_null(line) && value_length(line) == 0) {
        ref_release(line);
        return VALUE_NULL;
    }
    return line;
}

// ---- writing ----------------------------------------------------------------------------------

static Value buffered_write(Value self, Value source) {
    Buffered *b = buffered_of(self);
    if (check_able(b, &b->can_write, "write") < 0)
        return VALUE_NULL;
    BufferView view;
    if (value_is_str(source))
        return raise_type_error("a bytes-like object is required, not '%T'", source);
    if (buffer_view_get_brief(source, &view) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    if (begin(self, "write to closed file") == 0) {
        const uint8_t *data = view.data;
        int64_t left = view.length;
        bool failed = b->read_end != b->read_at ? drop_read_ahead(b) < 0
                                                : (b->read_at = b->read_end = 0, false);
        if (!failed && left > b->size - b->write_end && b->write_end)
            failed = flush_writes(b) < 0;
        while (!failed && left >= b->size) { // too large to be worth buffering
            int64_t n = raw_write(b, data, left);
            if (n == -2) {
                int64_t kept = left < b->size ? left : b->size;
                memcpy(b->data, data, (size_t)kept);
                b->write_end = kept;
                if (kept < left)
                    failed = raise_blocking(view.length - left + kept) < 0;
                left = 0;
                break;
            }
            if (n < 0) {
                failed = true;
                break;
            }
            data += n;
            left -= n;
            failed = left >= b->size && thread_check_signals() < 0; // as in flush_writes
        }
        if (!failed) {
            memcpy(b->data + b->write_end, data, (size_t)left);
            b->write_end += left;
            result = int_from_i64(view.length);
        }
        end(self, result);
    }
    buffer_view_release(&view);
    return result;
}

static Value buffered_flush(Value self) {
    Buffered *b = buffered_of(self);
    if (begin(self, "flush of closed file") < 0)
        return VALUE_NULL;
    int status = b->write_end ? flush_writes(b) : 0;
    if (status == 0 && b->can_write && b->can_read && b->read_end != b->read_at)
        status = drop_read_ahead(b);
    return end(self, status < 0 ? VALUE_NULL : none_new());
}

// ---- positions, life --------------------------------------------------------------------------

static Value buffered_seek(Value self, const Value *args, size_t nargs) {
    Buffered *b = buffered_of(self);
    int64_t offset, whence = 0;
    if (value_to_i64(args[0], &offset) < 0 || (nargs > 1 && value_to_i64(args[1], &whence) < 0))
        return VALUE_NULL;
    if (whence < 0 || whence > 2)
        return raise_value_error("whence value %lld unsupported", (long long)whence);
    if (begin(self, "seek of closed file") < 0)
        return VALUE_NULL;
    int ok = raw_can_seek(b);
    if (ok <= 0) {
        if (ok == 0)
            io_unsupported("File or stream is not seekable.");
        return end(self, VALUE_NULL);
    }
    if (b->write_end && flush_writes(b) < 0)
        return end(self, VALUE_NULL);
    if (whence < 2 && b->raw_at >= 0 && b->read_end) { // within what was read ahead?
        int64_t first = b->raw_at - b->read_end, from = whence ? first + b->read_at : 0, target;
        if (!__builtin_add_overflow(from, offset, &target) && target >= 0 && target >= first &&
            target <= b->raw_at) {
            b->read_at = target - first;
            return end(self, int_from_i64(target));
        }
    }
    if (whence == 1)
        offset -= b->read_end - b->read_at;
    int64_t at = raw_seek(b, offset, (int)whence);
    if (at < 0) // nothing has moved
        return end(self, VALUE_NULL);
    b->read_at = b->read_end = 0;
    return end(self, int_from_i64(at));
}

static Value buffered_tell(Value self) {
    Buffered *b = buffered_of(self);
    if (io_enter(&b->lock, self) < 0)
        return VALUE_NULL;
    Value raw = raw_of(b);
    if (value_is_null(raw))
        return end(self, VALUE_NULL);
    int64_t at = -1;
    Value v = value_call_method(raw, name_tell, NULL, 0);
    if (!value_is_null(v) && value_to_i64(v, &at) == 0 && at < 0)
        raise_error(&exception_OSError, "Raw stream returned invalid position %lld", (long long)at);
    else
        at += b->write_end - (b->read_end - b->read_at);
    ref_release(v);
    b->raw_at = error_occurred() ? -1 : at - b->write_end + (b->read_end - b->read_at);
    return end(self, error_occurred() ? VALUE_NULL : int_from_i64(at < 0 ? 0 : at));
}

static Value buffered_truncate(Value self, const Value *args, size_t nargs) {
    Buffered *b = buffered_of(self);
    if (!__atomic_load_n(&b->can_write, __ATOMIC_RELAXED))
        return io_unsupported("truncate");
    if (begin(self, "truncate of closed file") < 0)
        return VALUE_NULL;
    Value size = nargs ? ref_new(args[0]) : none_new(), result = VALUE_NULL;
    if ((!b->write_end || flush_writes(b) == 0) && drop_read_ahead(b) == 0)
        result = value_call_method(raw_of(b), name_truncate, &size, 1);
    b->raw_at = -1;
    ref_release(size);
    return end(self, result);
}

static Value buffered_close(Value self) {
    Buffered *b = buffered_of(self);
    Value raw = raw_new(self);
    if (value_is_null(raw))
        return VALUE_NULL;
    int closed = io_is_closed(raw);
    if (closed) {
        ref_release(raw);
        return closed < 0 ? VALUE_NULL : none_new();
    }
    if (b->base.finalizing)
        io_warn_unclosed(raw, self);
    Value r = value_call_method(self, name_flush, NULL, 0);
    Value failure = value_is_null(r) ? error_take() : VALUE_NULL;
    ref_release(r);
    // With the lock held: who waits to write finds the file closed then.
    if (io_enter(&b->lock, self) < 0) {
        ref_release(failure);
        ref_release(raw);
        return VALUE_NULL;
    }
    r = end(self, value_call_method(raw, name_close, NULL, 0));
    ref_release(raw);
    if (!value_is_null(failure)) {
        if (value_is_null(r)) {
            Value second = error_take();
            exception_set_context(second, failure);
            error_restore(second);
        } else {
            error_restore(failure);
        }
        ref_release(r);
        return VALUE_NULL;
    }
    return r;
}

static Value buffered_detach(Value self) {
    Buffered *b = buffered_of(self);
    Value r = value_is_null(raw_of(b)) ? VALUE_NULL : value_call_method(self, name_flush, NULL, 0);
    if (value_is_null(r))
        return r;
    ref_release(r);
    if (io_enter(&b->lock, self) < 0) // nobody may be using it
        return VALUE_NULL;
    Value raw = raw_of(b); // another thread may have been first
    return end(self, value_is_null(raw) ? raw : field_swap(&b->base.header, &b->raw, VALUE_NULL));
}

#define PASS_ON(function, method)                                                                  \
    static Value function(Value self) {                                                            \
        Value raw = raw_new(self);                                                                 \
        Value r = value_is_null(raw) ? raw : value_call_method_cstr(raw, method, NULL, 0);         \
        ref_release(raw);                                                                          \
        return r;                                                                                  \
    }
static Value buffered_warn_unclosed(Value self, Value source) {
    Value raw = field_load(value_object(self), &buffered_of(self)->raw);
    if (!value_is_null(raw))
        io_warn_unclosed(raw, source);
    ref_release(raw);
    return none_new();
}
PASS_ON(buffered_fileno, "fileno")
PASS_ON(buffered_isatty, "isatty")
PASS_ON(buffered_seekable, "seekable")
PASS_ON(buffered_readable, "readable")
PASS_ON(buffered_writable, "writable")
#define PASS_ATTRIBUTE(function, attribute)                                                        \
    static Value function(Value self) {                                                            \
        Value raw = raw_new(self);                                                                 \
        Value v = value_is_null(raw) ? raw : value_getattr_cstr(raw, attribute);                   \
        ref_release(raw);                                                                          \
        return v;                                                                                  \
    }
PASS_ATTRIBUTE(get_closed, "closed")
PASS_ATTRIBUTE(get_name, "name")
PASS_ATTRIBUTE(get_mode, "mode")
static Value get_raw(Value self) {
    Buffered *b = buffered_of(self);
    Value v = field_load(&b->base.header, &b->raw);
    return value_is_null(v) ? raise_value_error("raw stream has been detached") : v;
}

static Value buffered_repr(Value self) {
    Value name;
    if (value_lookup_attr(self, name_name, &name) <= 0) {
        error_clear();
        return str_format("<_io.%s>", type_name(value_type(self)));
    }
    Value text = str_format("<_io.%s name=%R>", type_name(value_type(self)), name);
    ref_release(name);
    return text;
}

static void buffered_destroy(Object *self) {
    Buffered *b = (Buffered *)self;
    io_base_drop(&b->base);
    ref_release(b->raw);
    buffer_free(b->data);
    type_free_instance(self);
}
static void buffered_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Buffered *)self)->base.dict);
    gc_visit(visitor, ((Buffered *)self)->raw);
}
static void buffered_finalize(Object *self) {
    if (!value_is_null(((Buffered *)self)->raw))
        io_finalize(self);
}

#define COMMON_METHODS                                                                             \
    DEF_NONE("fileno", buffered_fileno, NULL), DEF_NONE("isatty", buffered_isatty, NULL),          \
        DEF_NONE("seekable", buffered_seekable, NULL), DEF_NONE("flush", buffered_flush, NULL),    \
        DEF_NONE("close", buffered_close, NULL), DEF_NONE("detach", buffered_detach, NULL),        \
        DEF_FIXED("seek", buffered_seek, 1, 2, NULL), DEF_NONE("tell", buffered_tell, NULL),       \
        DEF_FIXED("truncate", buffered_truncate, 0, 1, NULL),                                      \
        DEF_ONE("_dealloc_warn", buffered_warn_unclosed, NULL)
#define READ_METHODS                                                                               \
    DEF_NONE("readable", buffered_readable, NULL), DEF_FIXED("read", buffered_read, 0, 1, NULL),   \
        DEF_FIXED("read1", buffered_read1, 0, 1, NULL),                                            \
        DEF_FIXED("peek", buffered_peek, 0, 1, NULL),                                              \
        DEF_ONE("readinto", buffered_readinto, NULL),                                              \
        DEF_ONE("readinto1", buffered_readinto1, NULL),                                            \
        DEF_FIXED("readline", buffered_readline, 0, 1, NULL)
#define WRITE_METHODS                                                                              \
    DEF_NONE("writable", buffered_writable, NULL), DEF_ONE("write", buffered_write, NULL)

static const NativeDef reader_methods[] = {COMMON_METHODS, READ_METHODS, DEF_END};
static const NativeDef writer_methods[] = {COMMON_METHODS, WRITE_METHODS, DEF_END};
static const NativeDef random_methods[] = {COMMON_METHODS, READ_METHODS, WRITE_METHODS, DEF_END};
static const GetSetDef buffered_getsets[] = {{"closed", get_closed, NULL, NULL},
                                             {"name", get_name, NULL, NULL},
                                             {"mode", get_mode, NULL, NULL},
                                             {"raw", get_raw, NULL, NULL},
                                             {0}};

#define BUFFERED_TYPE(name_, methods_, doc_)                                                       \
    .header = STATIC_TYPE_HEADER, .name = "_io." name_, .basic_size = sizeof(Buffered),            \
    .kind = HEAP_CONTAINER,                                                                        \
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_HAS_FINALIZER,              \
    .doc = name_ "(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\n" doc_,                            \
    .dict_offset = offsetof(IoBase, dict), .base = &io_buffered_base_type,                         \
    .call_new = buffered_allocate, .init = buffered_init, .destroy = buffered_destroy,             \
    .traverse = buffered_traverse, .finalize = buffered_finalize, .repr = buffered_repr,           \
    .next = buffered_next, .methods = methods_, .getsets = buffered_getsets

Type io_reader_type = {BUFFERED_TYPE("BufferedReader", reader_methods, "Reads a raw file ahead.")};
Type io_writer_type = {
    BUFFERED_TYPE("BufferedWriter", writer_methods, "Collects what is written to a raw file.")};
Type io_random_type = {
    BUFFERED_TYPE("BufferedRandom", random_methods, "Reads and writes a raw file that can seek.")};
