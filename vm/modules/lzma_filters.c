// SPDX-License-Identifier: MIT
//
// _lzma: filter chains between Python's dicts and the library's structures, and the library's
// errors as exceptions.
#include "vm/modules/lzma_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <stdlib.h>

Value lzma_error;

static int fail(const char *message) {
    return raise_int((Type *)value_object(lzma_error), "%s", message);
}

int lzma_status(lzma_ret code) {
    switch (code) {
    case LZMA_OK:
    case LZMA_STREAM_END:
    case LZMA_NO_CHECK:
    case LZMA_GET_CHECK:
        return 0;
    case LZMA_MEM_ERROR:
        return raise_memory_error(), -1;
    case LZMA_UNSUPPORTED_CHECK:
        return fail("Unsupported integrity check");
    case LZMA_MEMLIMIT_ERROR:
        return fail("Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR:
        return fail("Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR:
        return fail("Invalid or unsupported options");
    case LZMA_DATA_ERROR:
        return fail("Corrupt input data");
    case LZMA_BUF_ERROR:
        return fail("Insufficient buffer space");
    case LZMA_PROG_ERROR:
        return fail("Internal error");
    default:
        return raise_int((Type *)value_object(lzma_error), "Unrecognized error from liblzma: %d",
                         (int)code);
    }
}

// ---- numbers -----------------------------------------------------------------------------------

int lzma_u64(Value v, uint64_t *out, const char *type_name) {
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "an integer is required");
    if (int_to_u64(v, out))
        return 0;
    return raise_int(&exception_OverflowError, "%s",
                     int_sign(v) < 0 ? "can't convert negative int to unsigned"
                                     : "int too big to convert");
}

int lzma_u32(Value v, uint32_t *out) {
    uint64_t n;
    if (lzma_u64(v, &n, "uint32_t") < 0)
        return -1;
    if (n > UINT32_MAX)
        return raise_int(&exception_OverflowError, "Value too large for uint32_t type");
    *out = (uint32_t)n;
    return 0;
}

// ---- from Python -------------------------------------------------------------------------------

typedef struct {
    const char *name;
    uint32_t *to; // NULL: the entry may be there, and is read elsewhere
} Entry;

// Reads the entries of a dict; anything wrong, an unknown entry too, is one error that names the
// kind of filter.
static int read_entries(Value spec, const Entry *entries, const char *kind) {
    Value key = VALUE_NULL, value = VALUE_NULL;
    bool ok = value_has_flag(spec, TYPE_DICT_SUBCLASS);
    int64_t position = 0;
    while (ok && dict_next(spec, &position, &key, &value, NULL)) {
        const Entry *e = entries;
        while (e->name && !(value_is_str(key) && str_equal_cstr(key, e->name)))
            e++;
        ok = e->name && (!e->to || lzma_u32(value, e->to) == 0);
        ref_release(key);
        ref_release(value);
    }
    if (ok)
        return 0;
    error_clear();
    return raise_int(&exception_ValueError, "Invalid filter specifier for %s filter", kind);
}

static Value get(Value spec, const char *name) {
    Value key = str_intern_cstr(name), value = value_getitem(spec, key);
    ref_release(key);
    return value;
}

static int read_lzma(Value spec, lzma_options_lzma *options) {
    uint32_t preset = LZMA_PRESET_DEFAULT, mode, match_finder;
    Value v = get(spec, "preset");
    if (value_is_null(v)) {
        if (!error_matches(&exception_KeyError))
            return -1;
        error_clear();
    } else {
        int status = lzma_u32(v, &preset);
        ref_release(v);
        if (status < 0)
            return -1;
    }
    if (lzma_lzma_preset(options, preset))
        return raise_int((Type *)value_object(lzma_error), "Invalid compression preset: %u",
                         preset);
    mode = options->mode;
    match_finder = options->mf;
    const Entry entries[] = {{"id", NULL},
                             {"preset", NULL},
                             {"dict_size", &options->dict_size},
                             {"lc", &options->lc},
                             {"lp", &options->lp},
                             {"pb", &options->pb},
                             {"mode", &mode},
                             {"nice_len", &options->nice_len},
                             {"mf", &match_finder},
                             {"depth", &options->depth},
                             {NULL, NULL}};
    if (read_entries(spec, entries, "LZMA") < 0)
        return -1;
    options->mode = (lzma_mode)mode;
    options->mf = (lzma_match_finder)match_finder;
    return 0;
}

static int read_delta(Value spec, lzma_options_delta *options) {
    uint32_t distance = 1;
    const Entry entries[] = {{"id", NULL}, {"dist", &distance}, {NULL, NULL}};
    *options = (lzma_options_delta){.type = LZMA_DELTA_TYPE_BYTE};
    int status = read_entries(spec, entries, "delta");
    options->dist = distance;
    return status;
}

static int read_bcj(Value spec, lzma_options_bcj *options) {
    *options = (lzma_options_bcj){0};
    const Entry entries[] = {{"id", NULL}, {"start_offset", &options->start_offset}, {NULL, NULL}};
    return read_entries(spec, entries, "BCJ");
}

// One filter of a chain, with its options in the place of the same number.
static int read_filter(Value spec, LzmaFilters *out, size_t i) {
    lzma_filter *filter = &out->chain[i];
    if (!value_type(spec)->getitem)
        return raise_int(&exception_TypeError,
                         "Filter specifier must be a dict or dict-like object");
    Value id = get(spec, "id");
    if (value_is_null(id))
        return error_matches(&exception_KeyError)
                   ? (error_clear(), raise_int(&exception_ValueError,
                                               "Filter specifier must have an \"id\" entry"))
                   : -1;
    int status = lzma_u64(id, &filter->id, "lzma_vli");
    ref_release(id);
    if (status < 0)
        return -1;
    filter->options = &out->options[i];
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
    case LZMA_FILTER_LZMA2:
        return read_lzma(spec, &out->options[i].lzma);
    case LZMA_FILTER_DELTA:
        return read_delta(spec, &out->options[i].delta);
    case LZMA_FILTER_X86:
    case LZMA_FILTER_POWERPC:
    case LZMA_FILTER_IA64:
    case LZMA_FILTER_ARM:
    case LZMA_FILTER_ARMTHUMB:
    case LZMA_FILTER_SPARC:
        return read_bcj(spec, &out->options[i].bcj);
    default:
        return raise_int(&exception_ValueError, "Invalid filter ID: %llu",
                         (unsigned long long)filter->id);
    }
}

int lzma_filters_from(Value sequence, LzmaFilters *out) {
    int64_t count = value_length(sequence);
    if (count < 0)
        return -1;
    if (value_has_flag(sequence, TYPE_DICT_SUBCLASS))
        return raise_int(&exception_TypeError, "%T is not a sequence", sequence);
    if (count > LZMA_FILTERS_MAX)
        return raise_int(&exception_ValueError,
                         "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX);
    for (int64_t i = 0; i < count; i++) {
        Value spec = value_getitem(sequence, value_from_int(i));
        int status = value_is_null(spec) ? -1 : read_filter(spec, out, (size_t)i);
        ref_release(spec);
        if (status < 0)
            return -1;
    }
    out->chain[count] = (lzma_filter){.id = LZMA_VLI_UNKNOWN};
    return 0;
}

// ---- properties --------------------------------------------------------------------------------

Value lzma_encode_properties(Value self, Value spec) {
    LzmaFilters filters;
    uint32_t size;
    if (read_filter(spec, &filters, 0) < 0 ||
        lzma_status(lzma_properties_size(&size, filters.chain)) < 0)
        return VALUE_NULL;
    uint8_t *out;
    Value bytes = bytes_allocate(size, &out);
    if (value_is_null(bytes) || lzma_status(lzma_properties_encode(filters.chain, out)) == 0)
        return bytes;
    ref_release(bytes);
    return VALUE_NULL;
}

static int put(Value dict, const char *name, uint64_t n) {
    Value v = int_from_u64(n);
    int status = value_is_null(v) ? -1 : dict_set_cstr(dict, name, v);
    ref_release(v);
    return status;
}

// What the library has decoded, as a dict.
static Value filter_to_dict(const lzma_filter *filter) {
    Value dict = dict_new();
    const lzma_options_lzma *lzma = filter->options;
    int status = value_is_null(dict) ? -1 : put(dict, "id", filter->id);
    if (status == 0 && filter->options) {
        switch (filter->id) {
        case LZMA_FILTER_LZMA1: // these are what the properties tell
            if (put(dict, "lc", lzma->lc) < 0 || put(dict, "lp", lzma->lp) < 0 ||
                put(dict, "pb", lzma->pb) < 0)
                status = -1;
            // fallthrough
        case LZMA_FILTER_LZMA2:
            status = status < 0 ? status : put(dict, "dict_size", lzma->dict_size);
            break;
        case LZMA_FILTER_DELTA:
            status = put(dict, "dist", ((const lzma_options_delta *)filter->options)->dist);
            break;
        default:
            status = put(dict, "start_offset",
                         ((const lzma_options_bcj *)filter->options)->start_offset);
        }
    }
    if (status == 0)
        return dict;
    ref_release(dict);
    return VALUE_NULL;
}

Value lzma_decode_properties(Value self, const Value *args, size_t nargs) {
    lzma_filter filter = {0};
    BufferView view;
    if (lzma_u64(args[0], &filter.id, "lzma_vli") < 0 || buffer_view_get_brief(args[1], &view) < 0)
        return VALUE_NULL;
    lzma_ret code = lzma_properties_decode(&filter, NULL, view.data, (size_t)view.length);
    buffer_view_release(&view);
    if (lzma_status(code) < 0)
        return VALUE_NULL;
    Value dict = filter_to_dict(&filter);
    free(filter.options); // the library's default allocator is malloc
    return dict;
}
