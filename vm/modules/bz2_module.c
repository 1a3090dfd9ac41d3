// SPDX-License-Identifier: MIT
//
// _bz2: compression over libbz2. The stream of an object is guarded by its mutex rather than the
// object's lock, because the library works with the thread detached.
#include "locks/mutex.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <bzlib.h>
#include <limits.h>

enum { BUFFER_MIN = 8192 };

typedef struct {
    Object header;
    Mutex mutex; // guards the rest
    bz_stream stream;
    bool started, flushed; // the stream is the library's to end; flush() was called
    bool failed;           // of decompressors: the stream is of no use any more
    bool eof, needs_input; // of decompressors; atomic
    Value unused;          // of decompressors: bytes
    uint8_t *kept;         // of decompressors: input that is still to be taken
    size_t kept_length;
} Stream;

static Type compressor_type, decompressor_type;

static Stream *stream_of(Value v) {
    return (Stream *)value_object(v);
}

static int check(int code) {
    switch (code) {
    case BZ_OK:
    case BZ_RUN_OK:
    case BZ_FLUSH_OK:
    case BZ_FINISH_OK:
    case BZ_STREAM_END:
        return 0;
    case BZ_PARAM_ERROR:
        return raise_int(&exception_ValueError,
                         "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR:
        return raise_memory_error(), -1;
    case BZ_DATA_ERROR:
    case BZ_DATA_ERROR_MAGIC:
        return raise_int(&exception_OSError, "Invalid data stream");
    case BZ_IO_ERROR:
        return raise_int(&exception_OSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF:
        return raise_int(&exception_EOFError,
                         "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR:
        return raise_int(&exception_RuntimeError,
                         "Internal error - Invalid sequence of commands sent to libbzip2");
    default:
        return raise_int(&exception_OSError, "Unrecognized error from libbzip2: %d", code);
    }
}

typedef struct {
    uint8_t *data; // from buffer_allocate
    size_t length, capacity, limit;
} Output;

// Gives the library room for more output. False: no memory.
static bool make_room(bz_stream *z, Output *out) {
    if (out->length == out->capacity) {
        size_t capacity = out->capacity ? 2 * out->capacity : BUFFER_MIN;
        capacity = capacity > out->limit ? out->limit : capacity;
        uint8_t *data = buffer_resize(out->data, capacity ? capacity : 1);
        if (!data)
            return false;
        out->data = data;
        out->capacity = capacity;
    }
    size_t room = out->capacity - out->length;
    z->next_out = (char *)out->data + out->length;
    z->avail_out = room > UINT_MAX ? UINT_MAX : (unsigned)room;
    return true;
}

static Value finish(Output *out, int status) {
    Value bytes = status < 0 ? VALUE_NULL : bytes_new(out->data, out->length);
    buffer_free(out->data);
    return bytes;
}

// ---- compressing -------------------------------------------------------------------------------

static Value compressor_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", NULL};
    Value v[1];
    int64_t level = 9;
    if (arguments_parse("BZ2Compressor", args, nargs, kwnames, names, 1, 1, 0, v) < 0 ||
        (!value_is_null(v[0]) && value_to_i64(v[0], &level) < 0))
        return VALUE_NULL;
    if (level < 1 || level > 9)
        return raise_value_error("compresslevel must be between 1 and 9");
    Stream *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    if (check(BZ2_bzCompressInit(&s->stream, (int)level, 0, 0)) < 0) {
        ref_release_object(s);
        return VALUE_NULL;
    }
    s->started = true;
    return value_from_object(s);
}

// Mutex held.
static Value compress(Stream *s, const uint8_t *data, size_t length, int action) {
    Output out = {.limit = SIZE_MAX};
    int code = BZ_OK;
    bool memory = true;
    thread_detach();
    do {
        unsigned part = length > UINT_MAX ? UINT_MAX : (unsigned)length;
        s->stream.next_in = (char *)data;
        s->stream.avail_in = part;
        data += part;
        length -= part;
        do {
            memory = make_room(&s->stream, &out);
            if (!memory)
                break;
            unsigned room = s->stream.avail_out;
            if (action == BZ_RUN && s->stream.avail_in == 0)
                break;
            code = BZ2_bzCompress(&s->stream, action);
            out.length += room - s->stream.avail_out;
        } while (code == BZ_FINISH_OK || (code == BZ_RUN_OK && s->stream.avail_in > 0));
    } while (memory && length > 0 && code >= 0);
    thread_attach();
    if (!memory)
        raise_memory_error();
    return finish(&out, memory ? check(code) : -1);
}

static Value compressor_compress(Value self, Value data) {
    BufferView view;
    Stream *s = stream_of(self);
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    mutex_lock(&s->mutex);
    Value result = s->flushed ? raise_value_error("Compressor has been flushed")
                              : compress(s, view.data, (size_t)view.length, BZ_RUN);
    mutex_unlock(&s->mutex);
    buffer_view_release(&view);
    return result;
}

static Value compressor_flush(Value self) {
    Stream *s = stream_of(self);
    mutex_lock(&s->mutex);
    Value result;
    if (s->flushed) {
        result = raise_value_error("Repeated call to flush()");
    } else {
        s->flushed = true;
        result = compress(s, NULL, 0, BZ_FINISH);
    }
    mutex_unlock(&s->mutex);
    return result;
}

// ---- decompressing -----------------------------------------------------------------------------

static Value decompressor_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs || !value_is_null(kwnames))
        return raise_type_error("BZ2Decompressor() takes no %s arguments",
                                value_is_null(kwnames) ? "positional" : "keyword");
    Stream *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    s->needs_input = true;
    if (value_is_null(s->unused = bytes_new(NULL, 0)) ||
        check(BZ2_bzDecompressInit(&s->stream, 0, 0)) < 0) {
        ref_release_object(s);
        return VALUE_NULL;
    }
    s->started = true;
    return value_from_object(s);
}

// What was kept of earlier input, and data behind it, in s->kept. Mutex held. 0 or -1.
static int keep(Stream *s, const uint8_t *data, size_t length) {
    if (length == 0)
        return 0;
    uint8_t *kept = buffer_resize(s->kept, s->kept_length + length);
    if (!kept)
        return raise_memory_error(), -1;
    memcpy(kept + s->kept_length, data, length);
    s->kept = kept;
    s->kept_length += length;
    return 0;
}

// Mutex held.
static Value decompress(Stream *s, size_t limit) {
    Output out = {.limit = limit};
    const uint8_t *data = s->kept;
    size_t left = s->kept_length;
    int code = BZ_OK;
    bool memory = true;
    thread_detach();
    while (memory && code == BZ_OK) {
        if (out.length >= limit)
            break;
        memory = make_room(&s->stream, &out);
        if (!memory)
            break;
        unsigned room = s->stream.avail_out, part = left > UINT_MAX ? UINT_MAX : (unsigned)left;
        s->stream.next_in = (char *)data;
        s->stream.avail_in = part;
        code = BZ2_bzDecompress(&s->stream);
        data += part - s->stream.avail_in;
        left -= part - s->stream.avail_in;
        out.length += room - s->stream.avail_out;
        if (left == 0 && s->stream.avail_out > 0)
            break;
    }
    thread_attach();
    int status = memory ? check(code) : (raise_memory_error(), -1);
    if (status < 0) {
        s->failed = true;
        __atomic_store_n(&s->needs_input, false, __ATOMIC_RELAXED);
        return finish(&out, status);
    }
    if (code == BZ_STREAM_END) {
        Value unused = bytes_new(data, left);
        if (value_is_null(unused))
            status = -1;
        else
            field_store(&s->header, &s->unused, unused);
        left = 0;
        __atomic_store_n(&s->eof, true, __ATOMIC_RELAXED);
    }
    if (left)
        memmove(s->kept, data, left);
    s->kept_length = left;
    __atomic_store_n(&s->needs_input, code != BZ_STREAM_END && left == 0 && out.length < limit,
                     __ATOMIC_RELAXED);
    return finish(&out, status);
}

static Value decompressor_decompress(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "max_length", NULL};
    Value v[2];
    int64_t most = -1;
    BufferView view;
    if (arguments_parse("decompress", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        (!value_is_null(v[1]) && value_to_size(v[1], &most) < 0) ||
        buffer_view_get(v[0], &view, false) < 0)
        return VALUE_NULL;
    Stream *s = stream_of(self);
    Value result = VALUE_NULL;
    mutex_lock(&s->mutex);
    if (s->eof)
        raise_error(&exception_EOFError, "End of stream already reached");
    else if (s->failed)
        raise_value_error("Decompressor is unusable after a previous error");
    else if (keep(s, view.data, (size_t)view.length) == 0)
        result = decompress(s, most < 0 ? SIZE_MAX : (size_t)most);
    mutex_unlock(&s->mutex);
    buffer_view_release(&view);
    return result;
}

static void stream_destroy(Object *self) {
    Stream *s = (Stream *)self;
    if (s->started)
        self->type == &compressor_type ? BZ2_bzCompressEnd(&s->stream)
                                       : BZ2_bzDecompressEnd(&s->stream);
    ref_release(s->unused);
    buffer_free(s->kept);
    object_free_fixed(self);
}

static void stream_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Stream *)self)->unused);
}

static Value decompressor_eof(Value self) {
    return bool_new(__atomic_load_n(&stream_of(self)->eof, __ATOMIC_RELAXED));
}
static Value decompressor_needs_input(Value self) {
    return bool_new(__atomic_load_n(&stream_of(self)->needs_input, __ATOMIC_RELAXED));
}

static const NativeDef compressor_methods[] = {
    DEF_ONE("compress", compressor_compress,
            "compress($self, data, /)\n--\n\nTakes data in; gives what is ready of the output."),
    DEF_NONE("flush", compressor_flush, "flush($self, /)\n--\n\nThe rest of the output."),
    DEF_END,
};
static Type compressor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_bz2.BZ2Compressor",
    .basic_size = sizeof(Stream),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE,
    .doc = "BZ2Compressor(compresslevel=9, /)\n--\n\nCompresses piece by piece.",
    .call_new = compressor_new,
    .destroy = stream_destroy,
    .traverse = stream_traverse,
    .methods = compressor_methods,
};

static const NativeDef decompressor_methods[] = {
    DEF_VECTOR("decompress", decompressor_decompress,
               "decompress($self, /, data, max_length=-1)\n--\n\n"
               "Takes data in; gives what is ready of the output, at most max_length bytes."),
    DEF_END,
};
static const MemberDef decompressor_members[] = {
    {"unused_data", offsetof(Stream, unused), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef decompressor_getsets[] = {
    {"eof", decompressor_eof, NULL, "True if the end-of-stream marker has been reached."},
    {"needs_input", decompressor_needs_input, NULL, "True if more input is needed."},
    {NULL},
};
static Type decompressor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_bz2.BZ2Decompressor",
    .basic_size = sizeof(Stream),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE,
    .doc = "BZ2Decompressor()\n--\n\nDecompresses piece by piece.",
    .call_new = decompressor_new,
    .destroy = stream_destroy,
    .traverse = stream_traverse,
    .methods = decompressor_methods,
    .members = decompressor_members,
    .getsets = decompressor_getsets,
};

static int bz2_fill(Value module) {
    return module_add_type(module, &compressor_type) < 0 ||
                   module_add_type(module, &decompressor_type) < 0
               ? -1
               : 0;
}

const NativeModule module_bz2 = {"_bz2", "Compression over libbz2.", NULL, bz2_fill};
