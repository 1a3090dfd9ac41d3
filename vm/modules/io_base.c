// SPDX-License-Identifier: MIT
//
// `_io`: the abstract bases. Their methods build on what subclasses define, by calling it.
#include "vm/modules/io_internal.h"

Value io_unsupported_operation;

Value io_unsupported(const char *what) {
    Value text = str_from_cstr(what);
    Value e = value_is_null(text) ? text : value_call_one(io_unsupported_operation, text);
    ref_release(text);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    return VALUE_NULL;
}

Value io_closed_error(void) {
    return raise_value_error("I/O operation on closed file.");
}

int io_is_closed(Value file) {
    // What is exactly of our classes answers without a call: every line that is read or written
    // asks.
    if (value_is_exactly(file, &io_file_type))
        return io_file_is_closed(file);
    if (value_is_exactly(file, &io_reader_type) || value_is_exactly(file, &io_writer_type) ||
        value_is_exactly(file, &io_random_type)) {
        int closed = io_buffered_is_closed(file);
        if (closed >= 0)
            return closed;
    }
    Value v = value_getattr(file, name_closed);
    if (value_is_null(v))
        return -1;
    int truth = value_truth(v);
    ref_release(v);
    return truth;
}

int io_check_open(Value file) {
    int closed = io_is_closed(file);
    if (closed > 0)
        io_closed_error();
    return closed ? -1 : 0;
}

int io_call_truth(Value file, const char *method) {
    Value v = value_call_method_cstr(file, method, NULL, 0);
    if (value_is_null(v))
        return -1;
    int truth = value_truth(v);
    ref_release(v);
    return truth;
}

void io_base_drop(IoBase *base) {
    Value dict = base->dict;
    base->dict = VALUE_NULL;
    ref_release(dict);
}
Value io_get_dict(Value self) {
    return instance_dict(self);
}
int io_set_dict(Value self, Value v) {
    return instance_set_dict(self, v);
}

int io_size_argument_slow(Value v, int64_t *out) {
    *out = -1;
    if (value_is_null(v) || value_is_none(v))
        return 0;
    if (!value_is_any_int(v) && !value_type(v)->index)
        return raise_int(&exception_TypeError, "argument should be integer or None, not '%T'", v);
    return value_to_size(v, out);
}

static inline IoBase *base_of(Value v) {
    return (IoBase *)value_object(v);
}

// ---- _IOBase ---------------------------------------------------------------------------------

static Value base_seek(Value self, const Value *args, size_t nargs) {
    return io_unsupported("seek");
}
static Value base_truncate(Value self, const Value *args, size_t nargs) {
    return io_unsupported("truncate");
}
static Value base_fileno(Value self) {
    return io_unsupported("fileno");
}
static Value base_tell(Value self) {
    Value args[2] = {value_from_int(0), value_from_int(1)};
    return value_call_method(self, name_seek, args, 2);
}
static Value base_flush(Value self) {
    return io_check_open(self) < 0 ? VALUE_NULL : none_new();
}
static Value base_false(Value self) {
    return bool_new(false);
}
static Value base_isatty(Value self) {
    return io_check_open(self) < 0 ? VALUE_NULL : bool_new(false);
}

Value io_base_close(Value self) {
    IoBase *base = base_of(self);
    if (__atomic_load_n(&base->closed, __ATOMIC_ACQUIRE))
        return none_new();
    Value r = value_call_method(self, name_flush, NULL, 0);
    __atomic_store_n(&base->closed, true, __ATOMIC_RELEASE);
    return r;
}

static Value base_get_closed(Value self) {
    return bool_new(__atomic_load_n(&base_of(self)->closed, __ATOMIC_ACQUIRE));
}

static Value base_check(Value self, const char *method, const char *text) {
    int ok = io_call_truth(self, method);
    if (ok < 0)
        return VALUE_NULL;
    return ok ? bool_new(true) : io_unsupported(text);
}
static Value base_check_closed(Value self, const Value *args, size_t nargs) {
    return io_check_open(self) < 0 ? VALUE_NULL : none_new();
}
static Value base_check_seekable(Value self, const Value *args, size_t nargs) {
    return base_check(self, "seekable", "File or stream is not seekable.");
}
static Value base_check_readable(Value self, const Value *args, size_t nargs) {
    return base_check(self, "readable", "File or stream is not readable.");
}
static Value base_check_writable(Value self, const Value *args, size_t nargs) {
    return base_check(self, "writable", "File or stream is not writable.");
}

static Value base_enter(Value self) {
    return io_check_open(self) < 0 ? VALUE_NULL : ref_new(self);
}
static Value base_exit(Value self, const Value *args, size_t nargs) {
    return value_call_method(self, name_close, NULL, 0);
}

static Value base_readline(Value self, const Value *args, size_t nargs) {
    int64_t limit;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &limit) < 0)
        return VALUE_NULL;
    Value result = bytearray_new(NULL, 0), peek = VALUE_NULL;
    int has_peek = value_lookup_attr_cstr(self, "peek", &peek);
    if (has_peek < 0 || value_is_null(result)) {
        ref_release(result);
        return VALUE_NULL;
    }
    int64_t length = 0;
    bool failed = false;
    while (limit < 0 || length < limit) {
        int64_t want = 1;
        if (has_peek) {
            Value ahead = value_call_one(peek, value_from_int(1));
            if (value_is_null(ahead)) {
                failed = true;
                break;
            }
            if (value_is_bytes(ahead) && bytes_length(ahead) > 0) {
                const uint8_t *data = bytes_data(ahead), *end;
                want = bytes_length(ahead);
                if (limit >= 0 && want > limit - length)
                    want = limit - length;
                end = memchr(data, '\n', (size_t)want);
                if (end)
                    want = end - data + 1;
            }
            ref_release(ahead);
        }
        Value count = value_from_int(want);
        Value chunk = value_call_method(self, name_read, &count, 1);
        if (value_is_null(chunk) || !value_is_bytes(chunk)) {
            if (!value_is_null(chunk))
                raise_error(&exception_OSError,
                            "read() should have returned a bytes object, not '%T'", chunk);
            ref_release(chunk);
            failed = true;
            break;
        }
        int64_t n = bytes_length(chunk);
        bool end = n == 0 || bytes_data(chunk)[n - 1] == '\n';
        length += n;
        Value r = n ? value_call_method(result, name_extend, &chunk, 1) : none_new();
        ref_release(chunk);
        if (value_is_null(r)) {
            failed = true;
            break;
        }
        ref_release(r);
        if (end)
            break;
    }
    ref_release(peek);
    Value bytes = failed ? VALUE_NULL : bytes_from_object(result);
    ref_release(result);
    return bytes;
}

static Value base_iter(Value self) {
    return io_check_open(self) < 0 ? VALUE_NULL : ref_new(self);
}
static Value base_next(Value self) {
    Value line = value_call_method(self, name_readline, NULL, 0);
    if (value_is_null(line))
        return line;
    int64_t n = value_length(line);
    if (n > 0)
        return line;
    ref_release(line);
    return VALUE_NULL;
}

static Value base_readlines(Value self, const Value *args, size_t nargs) {
    int64_t hint, total = 0;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &hint) < 0)
        return VALUE_NULL;
    Value list = list_new(), iterator = value_iter(self), line;
    if (value_is_null(list) || value_is_null(iterator))
        goto fail;
    while (!value_is_null(line = value_next(iterator))) {
        if (hint > 0) { // without one nobody asks for lengths
            int64_t n = value_length(line);
            if (n < 0) {
                ref_release(line);
                goto fail;
            }
            total += n;
        }
        if (list_append_owned(list, line) < 0)
            goto fail;
        if (hint > 0 && total > hint)
            break;
    }
    if (error_occurred())
        goto fail;
    ref_release(iterator);
    return list;
fail:
    ref_release(list);
    ref_release(iterator);
    return VALUE_NULL;
}

static Value base_writelines(Value self, Value lines) {
    if (io_check_open(self) < 0)
        return VALUE_NULL;
    Value iterator = value_iter(lines), line;
    if (value_is_null(iterator))
        return iterator;
    while (!value_is_null(line = value_next(iterator))) {
        Value r = value_call_method(self, name_write, &line, 1);
        ref_release(line);
        if (value_is_null(r)) {
            ref_release(iterator);
            return VALUE_NULL;
        }
        ref_release(r);
    }
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : none_new();
}

static Value base_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

static void base_destroy(Object *self) {
    io_base_drop((IoBase *)self);
    type_free_instance(self);
}
static void base_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((IoBase *)self)->dict);
}
static void base_clear(Object *self) {
    io_base_drop((IoBase *)self);
}

void io_warn_unclosed(Value lower, Value file) {
    Value r = value_call_method_cstr(lower, "_dealloc_warn", &file, 1);
    if (value_is_null(r))
        error_clear();
    ref_release(r);
}

void io_finalize(Object *self) {
    Value pending = error_take();
    Value file = value_from_object(self);
    int closed = io_is_closed(file);
    if (closed < 0)
        error_clear();
    if (closed == 0) {
        base_of(file)->finalizing = true;
        Value r = value_call_method(file, name_close, NULL, 0);
        if (value_is_null(r))
            error_clear();
        ref_release(r);
        base_of(file)->finalizing = false; // it may come back
    }
    if (!value_is_null(pending))
        error_restore(pending);
}

static const NativeDef base_methods[] = {
    DEF_FIXED("seek", base_seek, 1, 2, "Change the position."),
    DEF_NONE("tell", base_tell, "The position."),
    DEF_FIXED("truncate", base_truncate, 0, 1, "Cut to a size."),
    DEF_NONE("flush", base_flush, "Write out what is buffered."),
    DEF_NONE("close", io_base_close, "Flush and close; harmless the second time."),
    DEF_NONE("seekable", base_false, "Whether seek() works."),
    DEF_NONE("readable", base_false, "Whether read() works."),
    DEF_NONE("writable", base_false, "Whether write() works."),
    DEF_FIXED("_checkClosed", base_check_closed, 0, 1, NULL),
    DEF_FIXED("_checkSeekable", base_check_seekable, 0, 1, NULL),
    DEF_FIXED("_checkReadable", base_check_readable, 0, 1, NULL),
    DEF_FIXED("_checkWritable", base_check_writable, 0, 1, NULL),
    DEF_NONE("fileno", base_fileno, "The file descriptor."),
    DEF_NONE("isatty", base_isatty, "Whether it is a terminal."),
    DEF_NONE("__enter__", base_enter, NULL),
    DEF_FIXED("__exit__", base_exit, 0, -1, NULL),
    DEF_FIXED("readline", base_readline, 0, 1, "One line, its newline included."),
    DEF_FIXED("readlines", base_readlines, 0, 1, "A list of lines."),
    DEF_ONE("writelines", base_writelines, "Write each item."),
    DEF_END,
};
static const GetSetDef base_getsets[] = {
    {"closed", base_get_closed, NULL, NULL}, {"__dict__", io_get_dict, io_set_dict, NULL}, {0}};

#define BASE_SLOTS                                                                                 \
    .header = STATIC_TYPE_HEADER, .basic_size = sizeof(IoBase), .kind = HEAP_CONTAINER,            \
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_HAS_FINALIZER,              \
    .dict_offset = offsetof(IoBase, dict), .call_new = base_new, .destroy = base_destroy,          \
    .traverse = base_traverse, .clear = base_clear, .finalize = io_finalize

Type io_base_type = {BASE_SLOTS,        .name = "_io._IOBase",   .iter = base_iter,
                     .next = base_next, .methods = base_methods, .getsets = base_getsets};

int io_target_view(Value target, BufferView *view) {
    if (buffer_view_get(target, view, true) == 0)
        return 0;
    if (!error_matches(&exception_TypeError) && !error_matches(&exception_BufferError))
        return -1;
    error_clear();
    return raise_int(&exception_TypeError,
                     "readinto() argument must be read-write bytes-like object, not %G", target);
}

// ---- _RawIOBase -------------------------------------------------------------------------------

static Value raw_readall(Value self) {
    Value parts = list_new(), size = value_from_int(IO_DEFAULT_BUFFER);
    if (value_is_null(parts))
        return parts;
    for (;;) {
        Value chunk = value_call_method(self, name_read, &size, 1);
        if (value_is_null(chunk)) {
            ref_release(parts);
            return chunk;
        }
        if (value_is_none(chunk) && list_length(parts) == 0) {
            ref_release(parts);
            return chunk;
        }
        if (value_is_none(chunk) || (value_is_bytes(chunk) && bytes_length(chunk) == 0)) {
            ref_release(chunk);
            break;
        }
        if (!value_is_bytes(chunk)) {
            ref_release(chunk);
            ref_release(parts);
            return raise_type_error("read() should return bytes");
        }
        list_append(parts, chunk);
        ref_release(chunk);
    }
    Value empty = bytes_new(NULL, 0);
    Value result = value_call_method_cstr(empty, "join", &parts, 1);
    ref_release(empty);
    ref_release(parts);
    return result;
}

static Value raw_read(Value self, const Value *args, size_t nargs) {
    int64_t n;
    if (io_size_argument(nargs ? args[0] : VALUE_NULL, &n) < 0)
        return VALUE_NULL;
    if (n < 0)
        return value_call_method_cstr(self, "readall", NULL, 0);
    Value buffer = value_call_one(value_from_object(&bytearray_type), value_from_int(n));
    if (value_is_null(buffer))
        return buffer;
    Value count = value_call_method(self, name_readinto, &buffer, 1), result = VALUE_NULL;
    int64_t got;
    if (value_is_null(count)) {
        result = VALUE_NULL;
    } else if (value_is_none(count)) {
        result = none_new();
    } else if (value_to_size(count, &got) == 0) {
        BufferView view;
        if (buffer_view_get_brief(buffer, &view) == 0) {
            result = bytes_new(view.data, (size_t)(got < view.length ? got : view.length));
            buffer_view_release(&view);
        }
    }
    ref_release(count);
    ref_release(buffer);
    return result;
}
static Value not_defined_readinto(Value self, Value b) {
    return io_unsupported("readinto");
}
static Value not_defined_write(Value self, Value b) {
    return io_unsupported("write");
}
static Value not_defined_read(Value self, const Value *args, size_t nargs) {
    return io_unsupported("read");
}
static Value not_defined_readline(Value self, const Value *args, size_t nargs) {
    return io_unsupported("readline");
}
static Value not_defined_detach(Value self) {
    return io_unsupported("detach");
}

static const NativeDef raw_methods[] = {
    DEF_FIXED("read", raw_read, 0, 1, "Up to size bytes in one system call."),
    DEF_NONE("readall", raw_readall, "Everything to the end."),
    DEF_ONE("readinto", not_defined_readinto, NULL),
    DEF_ONE("write", not_defined_write, NULL),
    DEF_END,
};
Type io_raw_base_type = {BASE_SLOTS, .name = "_io._RawIOBase", .base = &io_base_type,
                         .methods = raw_methods};

// ---- _BufferedIOBase, _TextIOBase -------------------------------------------------------------

static Value readinto_by(Value self, Value target, const char *method) {
    BufferView view;
    if (io_target_view(target, &view) < 0)
        return VALUE_NULL;
    Value size = int_from_i64(view.length);
    Value data = value_call_method_cstr(self, method, &size, 1), result = VALUE_NULL;
    if (!value_is_null(data) && !value_is_bytes(data)) {
        raise_type_error("read() should return bytes");
    } else if (!value_is_null(data)) {
        int64_t n = bytes_length(data);
        if (n > view.length) {
            raise_value_error("read() returned too much data: %lld bytes requested, %lld returned",
                              (long long)view.length, (long long)n);
        } else {
            memcpy(view.data, bytes_data(data), (size_t)n);
            result = int_from_i64(n);
        }
    }
    ref_release(data);
    buffer_view_release(&view);
    return result;
}
static Value buffered_base_readinto(Value self, Value b) {
    return readinto_by(self, b, "read");
}
static Value buffered_base_readinto1(Value self, Value b) {
    return readinto_by(self, b, "read1");
}
static Value not_defined_read1(Value self, const Value *args, size_t nargs) {
    return io_unsupported("read1");
}

static const NativeDef buffered_base_methods[] = {
    DEF_FIXED("read", not_defined_read, 0, 1, NULL),
    DEF_FIXED("read1", not_defined_read1, 0, 1, NULL),
    DEF_ONE("readinto", buffered_base_readinto, NULL),
    DEF_ONE("readinto1", buffered_base_readinto1, NULL),
    DEF_ONE("write", not_defined_write, NULL),
    DEF_NONE("detach", not_defined_detach, NULL),
    DEF_END,
};
Type io_buffered_base_type = {BASE_SLOTS, .name = "_io._BufferedIOBase", .base = &io_base_type,
                              .methods = buffered_base_methods};

static Value text_base_none(Value self) {
    return none_new();
}
static const NativeDef text_base_methods[] = {
    DEF_FIXED("read", not_defined_read, 0, 1, NULL),
    DEF_FIXED("readline", not_defined_readline, 0, 1, NULL),
    DEF_ONE("write", not_defined_write, NULL),
    DEF_NONE("detach", not_defined_detach, NULL),
    DEF_END,
};
static const GetSetDef text_base_getsets[] = {{"encoding", text_base_none, NULL, NULL},
                                              {"newlines", text_base_none, NULL, NULL},
                                              {"errors", text_base_none, NULL, NULL},
                                              {0}};
Type io_text_base_type = {BASE_SLOTS, .name = "_io._TextIOBase", .base = &io_base_type,
                          .methods = text_base_methods, .getsets = text_base_getsets};
