// SPDX-License-Identifier: MIT
//
// _lzma: compression over liblzma. What its objects share with those of other libraries, locking
// too, is in compression.h.
#include "vm/modules/compression.h"
#include "vm/modules/exception_class.h"
#include "vm/modules/lzma_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/type.h"
#include "vm/types/arguments.h"

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };
enum { CHECK_UNKNOWN = LZMA_CHECK_ID_MAX + 1 };

typedef struct {
    Compression common;
    lzma_stream stream;
    int check; // of decompressors: the integrity check that was found; as eof
} Stream;

static Type compressor_type, decompressor_type;

static Stream *stream_of(Value v) {
    return (Stream *)value_object(v);
}

static bool is_given(Value v) {
    return !value_is_null(v) && !value_is_none(v);
}

// Lets the library work on what it has for input, until it wants more of it, has reached the end,
// or the limit. What the library says; LZMA_MEM_ERROR if there is no memory for the output.
// Detached, mutex held.
static lzma_ret run(Stream *s, CompressionOutput *out, lzma_action action) {
    lzma_stream *z = &s->stream;
    for (;;) {
        if (!compression_reserve(out))
            return LZMA_MEM_ERROR;
        z->next_out = out->data + out->length;
        z->avail_out = out->capacity - out->length;
        lzma_ret code = lzma_code(z, action);
        out->length = out->capacity - z->avail_out;
        if (code == LZMA_NO_CHECK || code == LZMA_GET_CHECK) {
            __atomic_store_n(&s->check, (int)lzma_get_check(z), __ATOMIC_RELAXED);
            continue;
        }
        if (code == LZMA_BUF_ERROR && z->avail_in == 0 && z->avail_out > 0)
            code = LZMA_OK; // there was nothing to do
        bool wants_input = z->avail_in == 0 && z->avail_out > 0 && action == LZMA_RUN;
        if (code != LZMA_OK || wants_input || out->length == out->limit)
            return code;
    }
}

// ---- compressing -------------------------------------------------------------------------------

// The encoder of a format with a preset or, if there is one, a chain.
static int start_encoder(lzma_stream *z, int format, int check, uint32_t preset,
                         const LzmaFilters *filters) {
    lzma_options_lzma options;
    switch (format) {
    case FORMAT_XZ:
        check = check == -1 ? LZMA_CHECK_CRC64 : check;
        return lzma_status(filters ? lzma_stream_encoder(z, filters->chain, (lzma_check)check)
                                   : lzma_easy_encoder(z, preset, (lzma_check)check));
    case FORMAT_ALONE:
        if (!filters) {
            if (lzma_lzma_preset(&options, preset))
                return raise_int((Type *)value_object(lzma_error), "Invalid compression preset: %u",
                                 preset);
            return lzma_status(lzma_alone_encoder(z, &options));
        }
        if (filters->chain[0].id != LZMA_FILTER_LZMA1 || filters->chain[1].id != LZMA_VLI_UNKNOWN)
            return raise_int(&exception_ValueError,
                             "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 "
                             "filter");
        return lzma_status(lzma_alone_encoder(z, filters->chain[0].options));
    case FORMAT_RAW:
        if (!filters)
            return raise_int(&exception_ValueError, "Must specify filters for FORMAT_RAW");
        return lzma_status(lzma_raw_encoder(z, filters->chain));
    default:
        return raise_int(&exception_ValueError, "Invalid container format: %d", format);
    }
}

static Value compressor_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", "check", "preset", "filters", NULL};
    Value v[4];
    int format = FORMAT_XZ, check = -1;
    uint32_t preset = LZMA_PRESET_DEFAULT;
    LzmaFilters filters;
    if (arguments_parse("LZMACompressor", args, nargs, kwnames, names, 0, 4, 0, v) < 0 ||
        int_argument(v[0], &format) < 0 || int_argument(v[1], &check) < 0)
        return VALUE_NULL;
    if (is_given(v[2]) && is_given(v[3]))
        return raise_value_error("Cannot specify both preset and filter chain");
    if (format != FORMAT_XZ && check != -1 && check != LZMA_CHECK_NONE)
        return raise_value_error("Integrity checks are only supported by FORMAT_XZ");
    if (is_given(v[2]) && lzma_u32(v[2], &preset) < 0)
        return VALUE_NULL;
    if (is_given(v[3]) && lzma_filters_from(v[3], &filters) < 0)
        return VALUE_NULL;
    Stream *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    if (start_encoder(&s->stream, format, check, preset, is_given(v[3]) ? &filters : NULL) < 0) {
        ref_release_object(s);
        return VALUE_NULL;
    }
    return value_from_object(s);
}

static Value compress(Compression *common, const uint8_t *data, size_t length, bool last) {
    Stream *s = (Stream *)common;
    CompressionOutput out = {.limit = SIZE_MAX};
    s->stream.next_in = data;
    s->stream.avail_in = length;
    thread_detach();
    lzma_ret code = run(s, &out, last ? LZMA_FINISH : LZMA_RUN);
    thread_attach();
    s->stream.next_in = NULL;
    s->stream.avail_in = 0;
    return compression_finish(&out, lzma_status(code));
}

static Value compressor_compress(Value self, Value data) {
    return compression_compress(self, data, compress);
}
static Value compressor_flush(Value self) {
    return compression_flush(self, compress);
}

// ---- decompressing -----------------------------------------------------------------------------

static int start_decoder(Stream *s, int format, uint64_t limit, const LzmaFilters *filters) {
    const uint32_t flags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
    lzma_stream *z = &s->stream;
    s->check = format == FORMAT_AUTO || format == FORMAT_XZ ? CHECK_UNKNOWN : LZMA_CHECK_NONE;
    switch (format) {
    case FORMAT_AUTO:
        return lzma_status(lzma_auto_decoder(z, limit, flags));
    case FORMAT_XZ:
        return lzma_status(lzma_stream_decoder(z, limit, flags));
    case FORMAT_ALONE:
        return lzma_status(lzma_alone_decoder(z, limit));
    case FORMAT_RAW:
        return lzma_status(lzma_raw_decoder(z, filters->chain));
    default:
        return raise_int(&exception_ValueError, "Invalid container format: %d", format);
    }
}

static Value decompressor_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"format", "memlimit", "filters", NULL};
    Value v[3];
    int format = FORMAT_AUTO;
    uint64_t limit = UINT64_MAX;
    LzmaFilters filters;
    if (arguments_parse("LZMADecompressor", args, nargs, kwnames, names, 0, 3, 0, v) < 0 ||
        int_argument(v[0], &format) < 0)
        return VALUE_NULL;
    if (is_given(v[1])) {
        if (format == FORMAT_RAW)
            return raise_value_error("Cannot specify memory limit with FORMAT_RAW");
        if (lzma_u64(v[1], &limit, "uint64_t") < 0)
            return VALUE_NULL;
    }
    if (format == FORMAT_RAW && !is_given(v[2]))
        return raise_value_error("Must specify filters for FORMAT_RAW");
    if (format != FORMAT_RAW && is_given(v[2]))
        return raise_value_error("Cannot specify filters except with FORMAT_RAW");
    if (format == FORMAT_RAW && lzma_filters_from(v[2], &filters) < 0)
        return VALUE_NULL;
    Stream *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    if (compression_start(&s->common) < 0 || start_decoder(s, format, limit, &filters) < 0) {
        ref_release_object(s);
        return VALUE_NULL;
    }
    return value_from_object(s);
}

static Value decompress(Compression *common, size_t limit) {
    Stream *s = (Stream *)common;
    CompressionOutput out = {.limit = limit};
    s->stream.next_in = common->kept;
    s->stream.avail_in = common->kept_length;
    thread_detach();
    lzma_ret code = run(s, &out, LZMA_RUN);
    thread_attach();
    const uint8_t *data = s->stream.next_in;
    size_t left = s->stream.avail_in;
    s->stream.next_in = NULL;
    s->stream.avail_in = 0;
    // A full output buffer of the size that was asked for is not for the library to complain about.
    if (code == LZMA_BUF_ERROR && out.length == limit)
        code = LZMA_OK;
    int status = lzma_status(code);
    if (status < 0)
        common->kept_length = 0;
    else
        status = compression_took(common, data, left, code == LZMA_STREAM_END, out.length >= limit);
    return compression_finish(&out, status);
}

static Value decompressor_decompress(Value self, const Value *args, size_t nargs, Value kwnames) {
    return compression_decompress(self, args, nargs, kwnames, "Already at end of stream",
                                  decompress);
}

static void stream_destroy(Object *self) {
    Stream *s = (Stream *)self;
    lzma_end(&s->stream);
    compression_drop(&s->common);
    object_free_fixed(self);
}

static Value decompressor_check(Value self) {
    return value_from_int(__atomic_load_n(&stream_of(self)->check, __ATOMIC_RELAXED));
}

// ---- the types and the module ------------------------------------------------------------------

static const NativeDef compressor_methods[] = {
    DEF_ONE("compress", compressor_compress,
            "compress($self, data, /)\n--\n\nTakes data in; gives what is ready of the output."),
    DEF_NONE("flush", compressor_flush, "flush($self, /)\n--\n\nThe rest of the output."),
    DEF_END,
};
static Type compressor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_lzma.LZMACompressor",
    .basic_size = sizeof(Stream),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE,
    .doc = "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\n"
           "Compresses piece by piece.",
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
    {"check", decompressor_check, NULL, "The integrity check; CHECK_UNKNOWN at first."},
    {NULL},
};
static Type decompressor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_lzma.LZMADecompressor",
    .basic_size = sizeof(Stream),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_IMMUTABLE,
    .doc = "LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)\n\n"
           "Decompresses piece by piece.",
    .call_new = decompressor_new,
    .destroy = stream_destroy,
    .traverse = compression_traverse,
    .methods = decompressor_methods,
    .members = decompressor_members,
    .getsets = decompressor_getsets,
};

static Value is_check_supported(Value self, Value v) {
    int check = 0;
    return int_argument(v, &check) < 0 ? VALUE_NULL
                                       : bool_new(lzma_check_is_supported((lzma_check)check));
}

static const NativeDef lzma_functions[] = {
    DEF_ONE("is_check_supported", is_check_supported,
            "is_check_supported($module, check_id, /)\n--\n\nCan the library do this check."),
    DEF_ONE("_encode_filter_properties", lzma_encode_properties,
            "_encode_filter_properties($module, filter, /)\n--\n\n"
            "The properties of a filter as a container stores them."),
    DEF_FIXED("_decode_filter_properties", lzma_decode_properties, 2, 2,
              "_decode_filter_properties($module, filter_id, encoded_props, /)\n--\n\n"
              "The filter that stored properties stand for."),
    DEF_END,
};

static int lzma_fill(Value module) {
    static const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {
        {"FORMAT_AUTO", FORMAT_AUTO},
        {"FORMAT_XZ", FORMAT_XZ},
        {"FORMAT_ALONE", FORMAT_ALONE},
        {"FORMAT_RAW", FORMAT_RAW},
        {"CHECK_NONE", LZMA_CHECK_NONE},
        {"CHECK_CRC32", LZMA_CHECK_CRC32},
        {"CHECK_CRC64", LZMA_CHECK_CRC64},
        {"CHECK_SHA256", LZMA_CHECK_SHA256},
        {"CHECK_ID_MAX", LZMA_CHECK_ID_MAX},
        {"CHECK_UNKNOWN", CHECK_UNKNOWN},
        {"FILTER_LZMA1", LZMA_FILTER_LZMA1},
        {"FILTER_LZMA2", LZMA_FILTER_LZMA2},
        {"FILTER_DELTA", LZMA_FILTER_DELTA},
        {"FILTER_X86", LZMA_FILTER_X86},
        {"FILTER_IA64", LZMA_FILTER_IA64},
        {"FILTER_ARM", LZMA_FILTER_ARM},
        {"FILTER_ARMTHUMB", LZMA_FILTER_ARMTHUMB},
        {"FILTER_SPARC", LZMA_FILTER_SPARC},
        {"FILTER_POWERPC", LZMA_FILTER_POWERPC},
        {"MF_HC3", LZMA_MF_HC3},
        {"MF_HC4", LZMA_MF_HC4},
        {"MF_BT2", LZMA_MF_BT2},
        {"MF_BT3", LZMA_MF_BT3},
        {"MF_BT4", LZMA_MF_BT4},
        {"MODE_FAST", LZMA_MODE_FAST},
        {"MODE_NORMAL", LZMA_MODE_NORMAL},
        {"PRESET_DEFAULT", LZMA_PRESET_DEFAULT},
        {"PRESET_EXTREME", LZMA_PRESET_EXTREME},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (module_add(module, numbers[i].name, int_from_u64(numbers[i].value)) < 0)
            return -1;
    if (exception_class_add(module, &lzma_error, "_lzma", "LZMAError",
                            value_from_object(&exception_Exception),
                            "Call to liblzma failed.") < 0 ||
        module_add_type(module, &compressor_type) < 0)
        return -1;
    return module_add_type(module, &decompressor_type);
}

const NativeModule module_lzma = {"_lzma", NULL, lzma_functions, lzma_fill};
