// SPDX-License-Identifier: MIT
//
// _bz2: compression over libbz2. What its objects share with those of other libraries, locking too,
// is in compression.h.
#include "vm/modules/compression.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <bzlib.h>
#include <limits.h>

typedef struct {
    Compression common;
    bz_stream stream;
    bool started; // the stream is the library's to end
    bool failed;  // of decompressors: the stream is of no use any more; mutex
} Stream;

static Type compressor_type, decompressor_type;

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

// Gives the library room for more output. False: no memory.
static bool make_room(bz_stream *z, CompressionOutput *out) {
    if (!compression_reserve(out))
        return false;
    size_t room = out->capacity - out->length;
    z->next_out = (char *)out->data + out->length;
    z->avail_out = room > UINT_MAX ? UINT_MAX : (unsigned)room;
    return true;
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

static Value compress(Compression *common, const uint8_t *data, size_t length, bool last) {
    Stream *s = (Stream *)common;
    CompressionOutput out = {.limit = SIZE_MAX};
    int action = last ? BZ_FINISH : BZ_RUN;
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
    return compression_finish(&out, memory ? check(code) : -1);
}

static Value compressor_compress(Value self, Value data) {
    return compression_compress(self, data, compress);
}
static Value compressor_flush(Value self) {
    return compression_flush(self, compress);
}

// ---- decompressing -----------------------------------------------------------------------------

static Value decompressor_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    if (nargs || !value_is_null(kwnames))
        return raise_type_error("BZ2Decompressor() takes no %s arguments",
                                value_is_null(kwnames) ? "positional" : "keyword");
    Stream *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    if (compression_start(&s->common) < 0 || check(BZ2_bzDecompressInit(&s->stream, 0, 0)) < 0) {
        ref_release_object(s);
        return VALUE_NULL;
    }
    s->started = true;
    return value_from_object(s);
}

static Value decompress(Compression *common, size_t limit) {
    Stream *s = (Stream *)common;
    CompressionOutput out = {.limit = limit};
    const uint8_t *data = common->kept;
    size_t left = common->kept_length;
    if (s->failed) {
        common->kept_length = 0;
        return raise_value_error("Decompressor is unusable after a previous error");
    }
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
        common->kept_length = 0;
        __atomic_store_n(&common->needs_input, false, __ATOMIC_RELAXED);
    } else {
        status = compression_took(common, data, left, code == BZ_STREAM_END, out.length >= limit);
    }
    return compression_finish(&out, status);
}

static Value decompressor_decompress(Value self, const Value *args, size_t nargs, Value kwnames) {
    return compression_decompress(self, args, nargs, kwnames, "End of stream already reached",
                                  decompress);
}

static void stream_destroy(Object *self) {
    Stream *s = (Stream *)self;
    if (s->started)
        self->type == &compressor_type ? BZ2_bzCompressEnd(&s->stream)
                                       : BZ2_bzDecompressEnd(&s->stream);
    compression_drop(&s->common);
    object_free_fixed(self);
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
    .traverse = compression_traverse,
    .methods = compressor_methods,
};

static const NativeDef decompressor_methods[] = {
    DEF_VECTOR("decompress", decompressor_decompress,
               "decompress($self, /, data, max_length=-1)\n--\n\n"
               "Takes data in; gives what is ready of the output, at most max_length bytes."),
    DEF_END,
};
static const MemberDef decompressor_members[] = {
    {"unused_data", offsetof(Compression, unused), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef decompressor_getsets[] = {
    {"eof", compression_eof, NULL, "True if the end-of-stream marker has been reached."},
    {"needs_input", compression_needs_input, NULL, "True if more input is needed."},
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
    .traverse = compression_traverse,
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
