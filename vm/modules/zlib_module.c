// SPDX-License-Identifier: MIT
//
// zlib: compression over the library of that name.
//
// The stream of a compression or decompression object is guarded by the object's mutex rather than
// its lock, because the library works with the thread detached. unused_data, unconsumed_tail and
// eof change with the mutex held; the two values are fields of the object and read through its
// lock.
#include "locks/mutex.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <zlib.h>

enum { BUFFER_SIZE = 16384, MEMORY_LEVEL = 8, LONG_DATA = 5120 };

static Value zlib_error_class;

typedef struct {
    Object header;
    Mutex mutex;
    z_stream stream;
    bool started;             // the stream is the library's to end
    bool eof;                 // atomic
    Value unused, unconsumed; // bytes
    Value dictionary;         // constant; a bytes-like object or VALUE_NULL
} Stream;

static Type compress_type, decompress_type;

static Stream *stream_of(Value v) {
    return (Stream *)value_object(v);
}

static Value fail(const z_stream *z, int code, const char *doing) {
    const char *message = code == Z_VERSION_ERROR ? "library version mismatch" : z->msg;
    if (!message)
        message = code == Z_BUF_ERROR      ? "incomplete or truncated stream"
                  : code == Z_STREAM_ERROR ? "inconsistent stream state"
                  : code == Z_DATA_ERROR   ? "invalid input data"
                                           : NULL;
    Type *error = (Type *)value_object(zlib_error_class);
    if (!message)
        return raise_error(error, "Error %d %s", code, doing);
    return raise_error(error, "Error %d %s: %.200s", code, doing, message);
}

static Value out_of_memory(const char *message) {
    return raise_error(&exception_MemoryError, "%s", message);
}

// ---- running the library -----------------------------------------------------------------------

typedef struct {
    uint8_t *data; // from buffer_allocate
    size_t length, capacity, limit;
} Output;

typedef int (*Step)(z_stream *, int flush);

// Calls step until it has taken all input and left room in the output, or an error or the end or
// the limit is reached. Detached; touches no object. The code, or Z_MEM_ERROR with *no_memory.
static int run(z_stream *z, Step step, int flush, const uint8_t **input, size_t *left, Output *out,
               bool *no_memory) {
    int code = Z_OK;
    *no_memory = false;
    do {
        z->next_in = (Bytef *)*input;
        z->avail_in = *left > UINT32_MAX ? UINT32_MAX : (uInt)*left;
        const Bytef *begin = z->next_in;
        bool last = z->avail_in == *left;
        do {
            if (out->length == out->capacity) {
                size_t capacity = out->capacity ? out->capacity * 2 : BUFFER_SIZE;
                if (capacity > out->limit)
                    capacity = out->limit;
                uint8_t *data = buffer_resize(out->data, capacity);
                if (!data) {
                    *no_memory = true;
                    return Z_MEM_ERROR;
                }
                out->data = data;
                out->capacity = capacity;
            }
            size_t room = out->capacity - out->length;
            z->next_out = out->data + out->length;
            z->avail_out = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
            uInt offered = z->avail_out;
            code = step(z, last || step == deflate ? flush : Z_SYNC_FLUSH);
            out->length += offered - z->avail_out;
        } while (z->avail_out == 0 && out->length < out->limit && code == Z_OK);
        size_t taken = (size_t)(z->next_in - begin);
        *input += taken;
        *left -= taken;
        if (code != Z_OK || out->length >= out->limit)
            break;
    } while (*left > 0);
    return code;
}

static Value finish_output(Output *out) {
    Value bytes = bytes_new(out->data, out->length);
    buffer_free(out->data);
    return bytes;
}

// ---- functions -------------------------------------------------------------------------------

static Value zlib_compress(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "level", "wbits", NULL};
    Value v[3];
    int level = Z_DEFAULT_COMPRESSION, wbits = MAX_WBITS;
    BufferView view;
    if (arguments_parse("compress", args, nargs, kwnames, names, 1, 3, 1, v) < 0 ||
        int_argument(v[1], &level) < 0 || int_argument(v[2], &wbits) < 0 ||
        buffer_view_get(v[0], &view, false) < 0)
        return VALUE_NULL;
    z_stream z = {0};
    int code = deflateInit2(&z, level, Z_DEFLATED, wbits, MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
    Output out = {.limit = SIZE_MAX};
    Value result = VALUE_NULL;
    if (code == Z_OK) {
        const uint8_t *input = view.data;
        size_t left = (size_t)view.length;
        bool no_memory;
        thread_detach();
        // Z_FINISH only once the rest fits into one call.
        while (left > UINT32_MAX && code == Z_OK) {
            size_t part = UINT32_MAX, rest = left - part;
            code = run(&z, deflate, Z_NO_FLUSH, &input, &part, &out, &no_memory);
            left = rest + part;
        }
        if (code == Z_OK)
            code = run(&z, deflate, Z_FINISH, &input, &left, &out, &no_memory);
        thread_attach();
        deflateEnd(&z);
        if (code == Z_STREAM_END)
            result = finish_output(&out);
        else
            buffer_free(out.data);
    }
    buffer_view_release(&view);
    if (code == Z_STREAM_END)
        return result;
    return code == Z_MEM_ERROR ? out_of_memory("Out of memory while compressing data")
           : code == Z_STREAM_ERROR
               ? raise_error((Type *)value_object(zlib_error_class), "Bad compression level")
               : fail(&z, code, "while compressing data");
}

static Value zlib_decompress(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "wbits", "bufsize", NULL};
    Value v[3];
    int wbits = MAX_WBITS;
    int64_t buffer_size = BUFFER_SIZE;
    BufferView view;
    if (arguments_parse("decompress", args, nargs, kwnames, names, 1, 3, 1, v) < 0 ||
        int_argument(v[1], &wbits) < 0 ||
        (!value_is_null(v[2]) && size_argument(v[2], &buffer_size) < 0))
        return VALUE_NULL;
    if (buffer_size < 0)
        return raise_value_error("bufsize must be non-negative");
    if (buffer_view_get(v[0], &view, false) < 0)
        return VALUE_NULL;
    z_stream z = {0};
    int code = inflateInit2(&z, wbits);
    if (code != Z_OK) {
        buffer_view_release(&view);
        return code == Z_MEM_ERROR ? out_of_memory("Out of memory while decompressing data")
                                   : fail(&z, code, "while preparing to decompress data");
    }
    Output out = {.limit = SIZE_MAX};
    out.capacity = (size_t)(buffer_size ? buffer_size : 1);
    out.data = buffer_allocate(out.capacity);
    const uint8_t *input = view.data;
    size_t left = (size_t)view.length;
    bool no_memory = out.data == NULL;
    if (!no_memory) {
        thread_detach();
        code = run(&z, inflate, Z_FINISH, &input, &left, &out, &no_memory);
        // With Z_FINISH a full output is Z_BUF_ERROR, which more room heals.
        while (code == Z_BUF_ERROR && z.avail_out == 0)
            code = run(&z, inflate, Z_FINISH, &input, &left, &out, &no_memory);
        thread_attach();
    }
    buffer_view_release(&view);
    Value result = VALUE_NULL;
    if (no_memory || code == Z_MEM_ERROR)
        out_of_memory("Out of memory while decompressing data");
    else if (code != Z_STREAM_END)
        fail(&z, code, "while decompressing data");
    else
        result = bytes_new(out.data, out.length);
    buffer_free(out.data);
    inflateEnd(&z);
    return result;
}

static Value checksum(const Value *args, size_t nargs, uint32_t value,
                      uLong (*function)(uLong, const Bytef *, z_size_t)) {
    BufferView view;
    if (nargs > 1) {
        Value n = value_index(args[1]);
        if (value_is_null(n))
            return VALUE_NULL;
        value = (uint32_t)int_low_64_bits(n);
        ref_release(n);
    }
    if (buffer_view_get_brief(args[0], &view) < 0)
        return VALUE_NULL;
    bool detach = view.length > LONG_DATA;
    if (detach)
        thread_detach();
    value =
        (uint32_t)function(value, view.data ? view.data : (const Bytef *)"", (z_size_t)view.length);
    if (detach)
        thread_attach();
    buffer_view_release(&view);
    return value_from_int(value);
}
static Value zlib_crc32(Value self, const Value *args, size_t nargs) {
    return checksum(args, nargs, 0, crc32_z);
}
static Value zlib_adler32(Value self, const Value *args, size_t nargs) {
    return checksum(args, nargs, 1, adler32_z);
}

// ---- objects -----------------------------------------------------------------------------------

static Stream *stream_new(Type *type) {
    Stream *s = object_allocate(type);
    if (!s)
        return NULL;
    s->mutex = (Mutex)MUTEX_INIT;
    s->unused = bytes_new(NULL, 0);
    s->unconsumed = bytes_new(NULL, 0);
    return s;
}

static void stream_destroy(Object *self) {
    Stream *s = (Stream *)self;
    if (s->started)
        value_is_exactly(value_from_object(self), &compress_type) ? deflateEnd(&s->stream)
                                                                  : inflateEnd(&s->stream);
    ref_release(s->unused);
    ref_release(s->unconsumed);
    ref_release(s->dictionary);
    object_free_fixed(self);
}
static void stream_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Stream *)self)->unused);
    gc_visit(visitor, ((Stream *)self)->unconsumed);
    gc_visit(visitor, ((Stream *)self)->dictionary);
}

static Value invalid_option(Stream *s) {
    ref_release_object(s);
    return raise_value_error("Invalid initialization option");
}

static Value zlib_compressobj(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"level",    "method", "wbits", "memLevel",
                                        "strategy", "zdict",  NULL};
    Value v[6];
    int level = Z_DEFAULT_COMPRESSION, method = Z_DEFLATED, wbits = MAX_WBITS;
    int memory = MEMORY_LEVEL, strategy = Z_DEFAULT_STRATEGY;
    if (arguments_parse("compressobj", args, nargs, kwnames, names, 0, 6, 0, v) < 0 ||
        int_argument(v[0], &level) < 0 || int_argument(v[1], &method) < 0 ||
        int_argument(v[2], &wbits) < 0 || int_argument(v[3], &memory) < 0 ||
        int_argument(v[4], &strategy) < 0)
        return VALUE_NULL;
    BufferView dictionary = {.owner = VALUE_NULL};
    if (!value_is_null(v[5]) && !value_is_none(v[5]) &&
        buffer_view_get_brief(v[5], &dictionary) < 0)
        return VALUE_NULL;
    Stream *s = stream_new(&compress_type);
    if (!s) {
        buffer_view_release(&dictionary);
        return VALUE_NULL;
    }
    int code = deflateInit2(&s->stream, level, method, wbits, memory, strategy);
    Value result = VALUE_NULL;
    if (code == Z_OK) {
        s->started = true;
        if (!value_is_null(dictionary.owner))
            code = deflateSetDictionary(&s->stream, dictionary.data, (uInt)dictionary.length);
        if (code == Z_OK) {
            result = value_from_object(s);
        } else {
            ref_release_object(s);
            raise_value_error(code == Z_STREAM_ERROR ? "Invalid dictionary"
                                                     : "deflateSetDictionary()");
        }
    } else if (code == Z_STREAM_ERROR) {
        invalid_option(s);
    } else {
        if (code == Z_MEM_ERROR)
            out_of_memory("Can't allocate memory for compression object");
        else
            fail(&s->stream, code, "while creating compression object");
        ref_release_object(s);
    }
    buffer_view_release(&dictionary);
    return result;
}

// deflate with the mutex held around it. end_after: the stream ends with Z_STREAM_END.
static Value compress_step(Stream *s, const uint8_t *input, size_t left, int flush,
                           const char *doing) {
    Output out = {.limit = SIZE_MAX};
    bool no_memory;
    mutex_lock(&s->mutex);
    thread_detach();
    int code = run(&s->stream, deflate, flush, &input, &left, &out, &no_memory);
    thread_attach();
    Value result = VALUE_NULL;
    if (no_memory) {
        raise_memory_error();
    } else if (code == Z_STREAM_END && flush == Z_FINISH) {
        code = deflateEnd(&s->stream);
        s->started = false;
        if (code == Z_OK)
            result = bytes_new(out.data, out.length);
        else
            fail(&s->stream, code, "while finishing compression");
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
        fail(&s->stream, code, doing);
    } else {
        result = bytes_new(out.data, out.length);
    }
    mutex_unlock(&s->mutex);
    buffer_free(out.data);
    return result;
}

static Value compress_compress(Value self, Value data) {
    BufferView view;
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    Value result = compress_step(stream_of(self), view.data, (size_t)view.length, Z_NO_FLUSH,
                                 "while compressing data");
    buffer_view_release(&view);
    return result;
}

static Value compress_flush(Value self, const Value *args, size_t nargs) {
    int mode = Z_FINISH;
    if (nargs && int_argument(args[0], &mode) < 0)
        return VALUE_NULL;
    if (mode == Z_NO_FLUSH)
        return bytes_new(NULL, 0);
    return compress_step(stream_of(self), NULL, 0, mode, "while flushing");
}

static Value stream_copy(Value self) {
    bool compressing = value_is_exactly(self, &compress_type);
    Stream *from = stream_of(self), *to = stream_new(value_type(self));
    if (!to)
        return VALUE_NULL;
    mutex_lock(&from->mutex);
    int code = compressing ? deflateCopy(&to->stream, &from->stream)
                           : inflateCopy(&to->stream, &from->stream);
    if (code == Z_OK) {
        to->started = from->started;
        to->eof = from->eof;
        ref_release(to->unused);
        ref_release(to->unconsumed);
        to->unused = ref_new(from->unused);
        to->unconsumed = ref_new(from->unconsumed);
        to->dictionary = ref_new(from->dictionary);
    }
    mutex_unlock(&from->mutex);
    if (code == Z_OK)
        return value_from_object(to);
    if (code == Z_STREAM_ERROR)
        raise_value_error("Inconsistent stream state");
    else if (code == Z_MEM_ERROR)
        out_of_memory(compressing ? "Can't allocate memory for compression object"
                                  : "Can't allocate memory for decompression object");
    else
        fail(&from->stream, code,
             compressing ? "while copying compression object"
                         : "while copying decompression object");
    ref_release_object(to);
    return VALUE_NULL;
}
static Value stream_deepcopy(Value self, Value memo) {
    return stream_copy(self);
}

// ---- decompression objects --------------------------------------------------------------------

// Gives the library the dictionary. Mutex held. 0 or -1.
static int set_dictionary(Stream *s) {
    BufferView view;
    if (buffer_view_get_brief(s->dictionary, &view) < 0)
        return -1;
    int code = inflateSetDictionary(&s->stream, view.data, (uInt)view.length);
    buffer_view_release(&view);
    if (code == Z_OK)
        return 0;
    fail(&s->stream, code, "while setting zdict");
    return -1;
}

static Value zlib_decompressobj(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"wbits", "zdict", NULL};
    Value v[2];
    int wbits = MAX_WBITS;
    if (arguments_parse("decompressobj", args, nargs, kwnames, names, 0, 2, 0, v) < 0 ||
        int_argument(v[0], &wbits) < 0)
        return VALUE_NULL;
    if (!value_is_null(v[1]) && !value_type(v[1])->get_buffer)
        return raise_type_error("zdict argument must support the buffer protocol");
    Stream *s = stream_new(&decompress_type);
    if (!s)
        return VALUE_NULL;
    s->dictionary = ref_new(v[1]);
    int code = inflateInit2(&s->stream, wbits);
    if (code == Z_OK) {
        s->started = true;
        if (value_is_null(s->dictionary) || wbits >= 0 || set_dictionary(s) == 0)
            return value_from_object(s);
    } else if (code == Z_STREAM_ERROR) {
        return invalid_option(s);
    } else if (code == Z_MEM_ERROR) {
        out_of_memory("Can't allocate memory for decompression object");
    } else {
        fail(&s->stream, code, "while creating decompression object");
    }
    ref_release_object(s);
    return VALUE_NULL;
}

// What the library has not taken: behind the end of the stream it is unused, else unconsumed.
static int keep_rest(Stream *s, int code, const uint8_t *input, size_t left) {
    if (code == Z_STREAM_END && left > 0) {
        Value rest = bytes_new(input, left);
        if (value_is_null(rest))
            return -1;
        Value all = bytes_concat(s->unused, rest);
        ref_release(rest);
        if (value_is_null(all))
            return -1;
        field_store(&s->header, &s->unused, all);
        left = 0;
    }
    if (left > 0 || bytes_length(s->unconsumed) > 0) {
        Value rest = bytes_new(input, left);
        if (value_is_null(rest))
            return -1;
        field_store(&s->header, &s->unconsumed, rest);
    }
    return 0;
}

// inflate until the input or `limit` bytes of output are through. Mutex held. 0, or -1 with an
// exception.
static int decompress_run(Stream *s, const uint8_t **input, size_t *left, int flush, Output *out,
                          int *code) {
    for (;;) {
        bool no_memory;
        thread_detach();
        *code = run(&s->stream, inflate, flush, input, left, out, &no_memory);
        if (flush == Z_FINISH)
            while (*code == Z_BUF_ERROR && s->stream.avail_out == 0 && !no_memory)
                *code = run(&s->stream, inflate, flush, input, left, out, &no_memory);
        thread_attach();
        if (no_memory)
            return raise_memory_error(), -1;
        if (*code != Z_NEED_DICT || value_is_null(s->dictionary))
            return 0;
        if (set_dictionary(s) < 0)
            return -1;
    }
}

static Value decompress_decompress(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"data", "max_length", NULL};
    Value v[2];
    int64_t most = 0;
    if (arguments_parse("decompress", args, nargs, kwnames, names, 1, 2, 1, v) < 0 ||
        (!value_is_null(v[1]) && size_argument(v[1], &most) < 0))
        return VALUE_NULL;
    if (most < 0)
        return raise_value_error("max_length must be non-negative");
    BufferView view;
    if (buffer_view_get(v[0], &view, false) < 0)
        return VALUE_NULL;
    Stream *s = stream_of(self);
    Output out = {.limit = most ? (size_t)most : SIZE_MAX};
    const uint8_t *input = view.data;
    size_t left = (size_t)view.length;
    int code;
    Value result = VALUE_NULL;
    mutex_lock(&s->mutex);
    if (decompress_run(s, &input, &left, Z_SYNC_FLUSH, &out, &code) == 0 &&
        keep_rest(s, code, input, left) == 0) {
        if (code == Z_STREAM_END)
            __atomic_store_n(&s->eof, true, __ATOMIC_RELAXED);
        if (code == Z_OK || code == Z_BUF_ERROR || code == Z_STREAM_END)
            result = bytes_new(out.data, out.length);
        else
            fail(&s->stream, code, "while decompressing data");
    }
    mutex_unlock(&s->mutex);
    buffer_free(out.data);
    buffer_view_release(&view);
    return result;
}

static Value decompress_flush(Value self, const Value *args, size_t nargs) {
    int64_t length = BUFFER_SIZE;
    if (nargs && size_argument(args[0], &length) < 0)
        return VALUE_NULL;
    if (length <= 0)
        return raise_value_error("length must be greater than zero");
    Stream *s = stream_of(self);
    Output out = {.limit = SIZE_MAX};
    int code;
    Value result = VALUE_NULL;
    mutex_lock(&s->mutex);
    Value tail = ref_new(s->unconsumed);
    const uint8_t *input = bytes_data(tail);
    size_t left = (size_t)bytes_length(tail);
    if (decompress_run(s, &input, &left, Z_FINISH, &out, &code) == 0 &&
        keep_rest(s, code, input, left) == 0) {
        if (code == Z_STREAM_END) {
            __atomic_store_n(&s->eof, true, __ATOMIC_RELAXED);
            s->started = false;
            code = inflateEnd(&s->stream);
            if (code != Z_OK)
                fail(&s->stream, code, "while finishing decompression");
        }
        if (!error_occurred())
            result = bytes_new(out.data, out.length);
    }
    mutex_unlock(&s->mutex);
    ref_release(tail);
    buffer_free(out.data);
    return result;
}

static Value decompress_eof(Value self) {
    return bool_new(__atomic_load_n(&stream_of(self)->eof, __ATOMIC_RELAXED));
}

static const NativeDef compress_methods[] = {
    DEF_ONE("compress", compress_compress,
            "compress($self, data, /)\n--\n\nTakes data in; gives what is ready of the output."),
    DEF_FIXED("flush", compress_flush, 0, 1,
              "flush($self, mode=zlib.Z_FINISH, /)\n--\n\nThe rest of the output."),
    DEF_NONE("copy", stream_copy, "copy($self, /)\n--\n\nAn object in the same state."),
    DEF_NONE("__copy__", stream_copy, "__copy__($self, /)\n--\n\n"),
    DEF_ONE("__deepcopy__", stream_deepcopy, "__deepcopy__($self, memo, /)\n--\n\n"),
    DEF_END,
};

static Type compress_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "zlib.Compress",
    .basic_size = sizeof(Stream),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = stream_destroy,
    .traverse = stream_traverse,
    .methods = compress_methods,
};

static const NativeDef decompress_methods[] = {
    DEF_VECTOR(
        "decompress", decompress_decompress,
        "decompress($self, data, /, max_length=0)\n--\n\n"
        "Takes data in; gives what is ready of the output, at most max_length bytes (0: all)."),
    DEF_FIXED("flush", decompress_flush, 0, 1,
              "flush($self, length=zlib.DEF_BUF_SIZE, /)\n--\n\nThe rest of the output."),
    DEF_NONE("copy", stream_copy, "copy($self, /)\n--\n\nAn object in the same state."),
    DEF_NONE("__copy__", stream_copy, "__copy__($self, /)\n--\n\n"),
    DEF_ONE("__deepcopy__", stream_deepcopy, "__deepcopy__($self, memo, /)\n--\n\n"),
    DEF_END,
};
static const MemberDef decompress_members[] = {
    {"unused_data", offsetof(Stream, unused), true, false},
    {"unconsumed_tail", offsetof(Stream, unconsumed), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef decompress_getsets[] = {
    {"eof", decompress_eof, NULL, NULL},
    {NULL},
};

static Type decompress_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "zlib.Decompress",
    .basic_size = sizeof(Stream),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = stream_destroy,
    .traverse = stream_traverse,
    .methods = decompress_methods,
    .members = decompress_members,
    .getsets = decompress_getsets,
};

// ---- the module ------------------------------------------------------------------------------

static const NativeDef zlib_functions[] = {
    DEF_FIXED(
        "adler32", zlib_adler32, 1, 2,
        "adler32($module, data, value=1, /)\n--\n\nThe Adler-32 checksum, going on from value."),
    DEF_VECTOR("compress", zlib_compress,
               "compress($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)\n--\n\n"
               "The data compressed."),
    DEF_VECTOR("compressobj", zlib_compressobj,
               "compressobj($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,\n"
               "            wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,\n"
               "            strategy=Z_DEFAULT_STRATEGY, zdict=None)\n--\n\n"
               "An object that compresses piece by piece."),
    DEF_FIXED("crc32", zlib_crc32, 1, 2,
              "crc32($module, data, value=0, /)\n--\n\nThe CRC-32 checksum, going on from value."),
    DEF_VECTOR("decompress", zlib_decompress,
               "decompress($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)\n--\n\n"
               "The data decompressed."),
    DEF_VECTOR("decompressobj", zlib_decompressobj,
               "decompressobj($module, /, wbits=MAX_WBITS, zdict=b'')\n--\n\n"
               "An object that decompresses piece by piece."),
    DEF_END,
};

static int zlib_fill(Value module) {
    static const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"MAX_WBITS", MAX_WBITS},
        {"DEFLATED", Z_DEFLATED},
        {"DEF_MEM_LEVEL", MEMORY_LEVEL},
        {"DEF_BUF_SIZE", BUFFER_SIZE},
        {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
        {"Z_BEST_SPEED", Z_BEST_SPEED},
        {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
        {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION},
        {"Z_FILTERED", Z_FILTERED},
        {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
        {"Z_RLE", Z_RLE},
        {"Z_FIXED", Z_FIXED},
        {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
        {"Z_NO_FLUSH", Z_NO_FLUSH},
        {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
        {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
        {"Z_FULL_FLUSH", Z_FULL_FLUSH},
        {"Z_FINISH", Z_FINISH},
        {"Z_BLOCK", Z_BLOCK},
        {"Z_TREES", Z_TREES},
    };
    type_ready(&compress_type);
    type_ready(&decompress_type);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (module_add_int(module, numbers[i].name, numbers[i].value) < 0)
            return -1;
    if (module_add_str(module, "ZLIB_VERSION", ZLIB_VERSION) < 0 ||
        module_add_str(module, "ZLIB_RUNTIME_VERSION", zlibVersion()) < 0 ||
        module_add_str(module, "__version__", "1.0") < 0)
        return -1;
    return exception_class_add(module, &zlib_error_class, "zlib", "error",
                               value_from_object(&exception_Exception), NULL);
}

const NativeModule module_zlib = {
    "zlib", "Compression and checksums compatible with the zlib library and gzip.", zlib_functions,
    zlib_fill};
