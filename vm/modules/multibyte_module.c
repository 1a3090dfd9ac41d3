// SPDX-License-Identifier: MIT
//
// _multibytecodec and the modules _codecs_cn, _hk, _iso2022, _jp, _kr and _tw that name its codecs:
// codec objects, which are constant, and the bases of their incremental and stream classes.
//
// What a coder remembers (its codec's state, what is pending) is touched only by the thread that
// has its lock, a recursive one because error handlers and streams are Python code. `errors` and
// `pending` are fields as others; `codec` and `stream` never change.
#include "locks/mutex.h"
#include "locks/recursive_mutex.h"
#include "vm/modules/multibyte_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes_internal.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/module.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

enum { MAX_PENDING_TEXT = 2, MAX_PENDING_BYTES = 8, STATE_BYTES = sizeof(MultibyteState) };

typedef struct {
    Object header;
    MultibyteCoding coding; // constant
} CodecObject;

typedef struct {
    Object header;
    RecursiveMutex lock;
    Value codec;  // a CodecObject
    Value stream; // of stream classes, else VALUE_NULL
    Value errors; // str
    MultibyteState state;
    Value pending;                     // of encoders: str that waits for more, or VALUE_NULL
    uint8_t unread[MAX_PENDING_BYTES]; // of decoders: bytes that wait for more
    size_t unread_length;
} Coder;

static Type codec_type, encoder_type, decoder_type, reader_type, writer_type;

static inline Coder *coder_of(Value v) {
    return (Coder *)value_object(v);
}
static inline const MultibyteCoding *coding_of(const Coder *c) {
    return &((CodecObject *)value_object(c->codec))->coding;
}

// ---- codecs ------------------------------------------------------------------------------------

static Value get_codec(const char *module, Value name) {
    if (!value_is_str(name))
        return raise_type_error("encoding name must be a string.");
    char text[32];
    str_copy_bounded(name, text, sizeof text);
    const MultibyteCodec *codec = multibyte_find(module, text);
    if (!codec)
        return raise_error(&exception_LookupError, "no such codec is supported.");
    MultibyteCoding coding = {.codec = codec};
    for (int i = 0; codec->sets[i] != CHARSET_NONE; i++)
        if (!(coding.sets[i] = charset_get(codec->sets[i])))
            return VALUE_NULL;
    CodecObject *o = object_allocate(&codec_type);
    if (!o)
        return VALUE_NULL;
    o->coding = coding;
    return value_from_object(o);
}

// The text of an argument: itself, or what str() makes of it. New reference.
static Value text_of(Value input) {
    return value_is_str(input) ? ref_new(input) : value_str(input);
}

static int check_errors(const char *function, Value errors) {
    if (value_is_null(errors) || value_is_none(errors))
        return 0;
    if (!value_is_str(errors))
        return raise_int(&exception_TypeError, "%s() argument 'errors' must be str or None, not %G",
                         function, errors);
    if (str_find_char(errors, 0, 0, str_length(errors)) >= 0)
        return raise_int(&exception_ValueError, "embedded null character");
    return 0;
}

static Value codec_encode_method(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"input", "errors", NULL};
    const MultibyteCoding *c = &((CodecObject *)value_object(self))->coding;
    Value v[2];
    if (arguments_parse("encode", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        check_errors("encode", v[1]) < 0)
        return VALUE_NULL;
    Value text = text_of(v[0]);
    if (value_is_null(text))
        return text;
    MultibyteState state = {{0}};
    int64_t at = 0;
    if (c->codec->start_encode)
        c->codec->start_encode(&state);
    Value bytes = multibyte_encode(c, &state, text, &at, value_is_none(v[1]) ? VALUE_NULL : v[1],
                                   MULTIBYTE_FLUSH | MULTIBYTE_RESET);
    Value result =
        value_is_null(bytes) ? VALUE_NULL : tuple_pack(2, bytes, value_from_int(str_length(text)));
    ref_release(bytes);
    ref_release(text);
    return result;
}

static Value codec_decode_method(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"input", "errors", NULL};
    const MultibyteCoding *c = &((CodecObject *)value_object(self))->coding;
    Value v[2];
    ByteText data;
    if (arguments_parse("decode", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        check_errors("decode", v[1]) < 0 || byte_text_get(v[0], &data) < 0)
        return VALUE_NULL;
    MultibyteState state = {{0}};
    if (c->codec->start_decode)
        c->codec->start_decode(&state);
    MultibyteDecoding d;
    multibyte_decoding_start(&d, data.data, (size_t)data.length,
                             value_is_none(v[1]) ? VALUE_NULL : v[1]);
    Value text = multibyte_decoding_finish(&d, multibyte_decode(c, &state, &d, true));
    Value result =
        value_is_null(text) ? VALUE_NULL : tuple_pack(2, text, value_from_int(data.length));
    ref_release(text);
    byte_text_release(&data);
    return result;
}

static void codec_destroy(Object *self) {
    object_free_fixed(self);
}

static const NativeDef codec_methods[] = {
    DEF_VECTOR("encode", codec_encode_method,
               "encode($self, /, input, errors=None)\n--\n\n(bytes, characters encoded)."),
    DEF_VECTOR("decode", codec_decode_method,
               "decode($self, /, input, errors=None)\n--\n\n(text, bytes decoded)."),
    DEF_END,
};
static Type codec_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_multibytecodec.MultibyteCodec",
    .basic_size = sizeof(CodecObject),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = codec_destroy,
    .methods = codec_methods,
};

// ---- coders ------------------------------------------------------------------------------------

// A new coder of a class, whose attribute `codec` says which encoding; args are (errors) or, with a
// stream, (stream, errors).
static Value coder_new(Type *type, const char *name, bool has_stream, const Value *args,
                       size_t nargs, Value kwnames) {
    static const char *const with_stream[] = {"stream", "errors", NULL};
    const char *const *names = has_stream ? with_stream : with_stream + 1;
    Value v[2] = {VALUE_NULL, VALUE_NULL};
    if (arguments_parse(name, args, nargs, kwnames, names, 0, has_stream ? 2 : 1, has_stream,
                        has_stream ? v : v + 1) < 0)
        return VALUE_NULL;
    if (!value_is_null(v[1]) && !value_is_str(v[1]))
        return raise_type_error("%s() argument %d must be str, not %G", name, has_stream ? 2 : 1,
                                v[1]);
    if (check_errors(name, v[1]) < 0)
        return VALUE_NULL;
    Value codec = value_getattr_cstr(value_from_object(type), "codec");
    if (value_is_null(codec))
        return codec;
    Coder *c = NULL;
    Value errors = VALUE_NULL;
    if (!value_is_exactly(codec, &codec_type))
        raise_type_error("codec is unexpected type");
    else if (!value_is_null(errors = value_is_null(v[1]) ? str_from_cstr("strict") : ref_new(v[1])))
        c = object_allocate(type);
    if (!c) {
        ref_release(errors);
        ref_release(codec);
        return VALUE_NULL;
    }
    field_init(&c->codec, codec);
    field_init(&c->errors, errors);
    field_init(&c->stream, value_is_null(v[0]) ? VALUE_NULL : ref_new(v[0]));
    return value_from_object(c);
}

// Arguments were for new; the library's classes, whose other base has an __init__, pass here.
static int coder_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    return 0;
}

static void coder_drop(Object *self) {
    Coder *c = (Coder *)self;
    field_clear(self, &c->stream);
    field_clear(self, &c->errors);
    field_clear(self, &c->pending);
}
static void coder_destroy(Object *self) {
    coder_drop(self);
    field_clear(self, &((Coder *)self)->codec);
    type_free_instance(self);
}
static void coder_traverse(Object *self, GcVisitor *visitor) {
    Coder *c = (Coder *)self;
    gc_visit(visitor, c->codec);
    gc_visit(visitor, c->stream);
    gc_visit(visitor, c->errors);
    gc_visit(visitor, c->pending);
}

static Value get_errors(Value self) {
    Coder *c = coder_of(self);
    return field_load(&c->header, &c->errors);
}
static int set_errors(Value self, Value value) {
    Coder *c = coder_of(self);
    if (value_is_null(value))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    if (!value_is_str(value))
        return raise_int(&exception_TypeError, "errors must be a string");
    field_store(&c->header, &c->errors, ref_new(value));
    return 0;
}

// `final` as an int; absent: 0.
static int final_of(Value v, bool *final) {
    int64_t n = 0;
    if (!value_is_null(v) && value_to_i64(v, &n) < 0)
        return -1;
    *final = n != 0;
    return 0;
}

// ---- encoders ----------------------------------------------------------------------------------

static void start_encoder(Value self) {
    Coder *c = coder_of(self);
    const MultibyteCodec *codec = coding_of(c)->codec;
    if (codec->start_encode)
        codec->start_encode(&c->state);
}

// Encodes what is pending and then input; what waits for more stays pending. With the lock.
static Value encode_piece(Coder *c, Value input, bool final) {
    const MultibyteCoding *coding = coding_of(c);
    Value text = text_of(input), pending = field_load(&c->header, &c->pending), bytes = VALUE_NULL;
    if (!value_is_null(text) && !value_is_null(pending)) {
        Value both = str_concat(pending, text);
        ref_release(text);
        text = both;
    }
    ref_release(pending);
    if (value_is_null(text))
        return text;
    Value errors = field_load(&c->header, &c->errors);
    int64_t at = 0, length = str_length(text);
    bytes = multibyte_encode(coding, &c->state, text, &at, errors,
                             final ? MULTIBYTE_FLUSH | MULTIBYTE_RESET : 0);
    Value rest = VALUE_NULL;
    if (!value_is_null(bytes) && at < length) {
        if (length - at > MAX_PENDING_TEXT)
            codec_raise_encode(coding->codec->name, text, at, length, "pending buffer overflow");
        else
            rest = str_substring(text, at, length);
        if (value_is_null(rest)) {
            ref_release(bytes);
            bytes = VALUE_NULL;
        }
    }
    if (!value_is_null(bytes))
        field_store(&c->header, &c->pending, rest);
    ref_release(errors);
    ref_release(text);
    return bytes;
}

static Value encoder_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value self = coder_new(type, "IncrementalEncoder", false, args, nargs, kwnames);
    if (!value_is_null(self))
        start_encoder(self);
    return self;
}

static Value encoder_encode(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"input", "final", NULL};
    Coder *c = coder_of(self);
    Value v[2];
    bool final;
    if (arguments_parse("encode", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        final_of(v[1], &final) < 0)
        return VALUE_NULL;
    recursive_mutex_lock(&c->lock);
    Value bytes = encode_piece(c, v[0], final);
    recursive_mutex_unlock(&c->lock);
    return bytes;
}

static Value encoder_reset(Value self) {
    Coder *c = coder_of(self);
    const MultibyteCodec *codec = coding_of(c)->codec;
    ByteBuilder unused = {0};
    recursive_mutex_lock(&c->lock);
    if (codec->reset_encode)
        codec->reset_encode(&c->state, &unused);
    field_store(&c->header, &c->pending, VALUE_NULL);
    recursive_mutex_unlock(&c->lock);
    bool failed = unused.failed;
    byte_builder_discard(&unused);
    return failed ? VALUE_NULL : none_new();
}

// The state of an encoder as a number, least significant byte first: how long what is pending is in
// UTF-8, that, and the codec's state.
enum { MAX_PENDING_UTF8 = 4 * MAX_PENDING_TEXT };

static Value encoder_getstate(Value self) {
    Coder *c = coder_of(self);
    uint8_t out[1 + MAX_PENDING_UTF8 + STATE_BYTES] = {0};
    recursive_mutex_lock(&c->lock);
    MultibyteState state = c->state;
    Value pending = field_load(&c->header, &c->pending);
    recursive_mutex_unlock(&c->lock);
    if (!value_is_null(pending)) {
        Value utf8 = codec_encode_utf8(pending, NULL);
        ref_release(pending);
        if (value_is_null(utf8))
            return utf8;
        int64_t length = bytes_length(utf8); // of at most MAX_PENDING_TEXT characters
        out[0] = (uint8_t)length;
        memcpy(out + 1, bytes_data(utf8), (size_t)length);
        ref_release(utf8);
    }
    memcpy(out + 1 + out[0], state.bytes, STATE_BYTES);
    return int_from_bytes(out, 1u + out[0] + STATE_BYTES, true, false);
}

static Value encoder_setstate(Value self, Value number) {
    Coder *c = coder_of(self);
    uint8_t in[1 + MAX_PENDING_UTF8 + STATE_BYTES];
    if (!value_is_any_int(number))
        return raise_type_error("setstate() argument must be int, not %G", number);
    if (int_to_bytes(number, in, sizeof in, true, false) < 0)
        return VALUE_NULL;
    if (in[0] > MAX_PENDING_UTF8)
        return raise_error(&exception_UnicodeError, "pending buffer too large");
    Value pending = VALUE_NULL;
    if (in[0] && value_is_null(pending = codec_decode_utf8(in + 1, in[0], NULL, NULL)))
        return VALUE_NULL;
    recursive_mutex_lock(&c->lock);
    memcpy(c->state.bytes, in + 1 + in[0], STATE_BYTES);
    field_store(&c->header, &c->pending, pending);
    recursive_mutex_unlock(&c->lock);
    return none_new();
}

// ---- decoders ----------------------------------------------------------------------------------

static void start_decoder(Value self) {
    Coder *c = coder_of(self);
    const MultibyteCodec *codec = coding_of(c)->codec;
    if (codec->start_decode)
        codec->start_decode(&c->state);
}

static int keep_unread(Coder *c, const MultibyteDecoding *d) {
    size_t left = d->in.length - d->in.at;
    if (left > MAX_PENDING_BYTES)
        return raise_int(&exception_UnicodeError, "pending buffer overflow");
    memcpy(c->unread, d->in.data + d->in.at, left);
    c->unread_length = left;
    return 0;
}

// Decodes what is unread and then data; an unfinished sequence stays unread, or is an error at the
// end of the input. With the lock. keep: such an error leaves unread what was so before.
static Value decode_piece(Coder *c, const uint8_t *data, size_t length, bool end, bool keep) {
    const MultibyteCoding *coding = coding_of(c);
    size_t before = c->unread_length;
    uint8_t *joined = NULL;
    if (before) {
        if (!(joined = buffer_allocate(before + length)))
            return raise_memory_error();
        memcpy(joined, c->unread, before);
        if (length)
            memcpy(joined + before, data, length);
        data = joined;
        length += before;
        c->unread_length = 0;
    }
    Value errors = field_load(&c->header, &c->errors);
    MultibyteDecoding d;
    multibyte_decoding_start(&d, data, length, errors);
    int status = multibyte_decode(coding, &c->state, &d, false);
    if (status == 0 && end && d.in.at < d.in.length) {
        status = multibyte_decode_rest(coding, &d);
        if (status < 0 && keep) {
            memcpy(c->unread, data, before);
            c->unread_length = before;
        }
    }
    if (status == 0 && d.in.at < d.in.length)
        status = keep_unread(c, &d);
    Value text = multibyte_decoding_finish(&d, status);
    ref_release(errors);
    buffer_free(joined);
    return text;
}

static Value decoder_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value self = coder_new(type, "IncrementalDecoder", false, args, nargs, kwnames);
    if (!value_is_null(self))
        start_decoder(self);
    return self;
}

static Value decoder_decode(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"input", "final", NULL};
    Coder *c = coder_of(self);
    Value v[2];
    bool final;
    ByteText data;
    if (arguments_parse("decode", args, nargs, kwnames, names, 0, 2, 1, v) < 0 ||
        final_of(v[1], &final) < 0 || byte_text_get(v[0], &data) < 0)
        return VALUE_NULL;
    recursive_mutex_lock(&c->lock);
    Value text = decode_piece(c, data.data, (size_t)data.length, final, true);
    recursive_mutex_unlock(&c->lock);
    byte_text_release(&data);
    return text;
}

static Value decoder_reset(Value self) {
    Coder *c = coder_of(self);
    const MultibyteCodec *codec = coding_of(c)->codec;
    recursive_mutex_lock(&c->lock);
    if (codec->reset_decode)
        codec->reset_decode(&c->state);
    c->unread_length = 0;
    recursive_mutex_unlock(&c->lock);
    return none_new();
}

static Value decoder_getstate(Value self) {
    Coder *c = coder_of(self);
    uint8_t unread[MAX_PENDING_BYTES];
    recursive_mutex_lock(&c->lock);
    MultibyteState state = c->state;
    size_t length = c->unread_length;
    memcpy(unread, c->unread, length);
    recursive_mutex_unlock(&c->lock);
    Value bytes = bytes_new(unread, length);
    Value number = int_from_bytes(state.bytes, STATE_BYTES, true, false);
    Value result =
        value_is_null(bytes) || value_is_null(number) ? VALUE_NULL : tuple_pack(2, bytes, number);
    ref_release(bytes);
    ref_release(number);
    return result;
}

static Value decoder_setstate(Value self, Value state) {
    Coder *c = coder_of(self);
    uint8_t bytes[STATE_BYTES];
    if (!value_is_tuple(state))
        return raise_type_error("setstate() argument must be tuple, not %G", state);
    if (tuple_length(state) != 2 || !value_is_bytes(tuple_item(state, 0)) ||
        !value_is_any_int(tuple_item(state, 1)))
        return raise_type_error("setstate(): illegal state argument");
    if (int_to_bytes(tuple_item(state, 1), bytes, sizeof bytes, true, false) < 0)
        return VALUE_NULL;
    Value unread = tuple_item(state, 0);
    if (bytes_length(unread) > MAX_PENDING_BYTES)
        return raise_error(&exception_UnicodeError, "pending buffer too large");
    recursive_mutex_lock(&c->lock);
    c->unread_length = (size_t)bytes_length(unread);
    memcpy(c->unread, bytes_data(unread), c->unread_length);
    memcpy(c->state.bytes, bytes, sizeof bytes);
    recursive_mutex_unlock(&c->lock);
    return none_new();
}

// ---- stream readers ----------------------------------------------------------------------------

static Value reader_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value self = coder_new(type, "StreamReader", true, args, nargs, kwnames);
    if (!value_is_null(self))
        start_decoder(self);
    return self;
}

// What a method of the stream gives, decoded: reads on, a byte at a time, while it is less than a
// character. size < 0: all there is.
static Value read_text(Coder *c, const char *method, int64_t size) {
    for (;;) {
        Value number = size < 0 ? VALUE_NULL : int_from_i64(size);
        Value data = value_call_method_cstr(c->stream, method, &number, size >= 0);
        ref_release(number);
        if (value_is_null(data))
            return data;
        if (!value_is_bytes(data)) {
            raise_type_error("stream function returned a non-bytes object (%T)", data);
            ref_release(data);
            return VALUE_NULL;
        }
        size_t length = (size_t)bytes_length(data);
        bool nothing = length + c->unread_length == 0;
        Value text = decode_piece(c, bytes_data(data), length, length == 0 || size < 0, false);
        ref_release(data);
        if (value_is_null(text) || size < 0 || nothing || str_length(text) > 0)
            return text;
        ref_release(text);
        size = 1;
    }
}

static Value read_method(Value self, const char *method, const Value *args, size_t nargs) {
    Coder *c = coder_of(self);
    int64_t size = -1;
    if (nargs && !value_is_none(args[0])) {
        if (!value_is_any_int(args[0]))
            return raise_type_error("arg 1 must be an integer");
        if (!int_to_i64(args[0], &size))
            return raise_error(&exception_OverflowError,
                               "Python int too large to convert to C ssize_t");
    }
    if (size == 0)
        return str_empty();
    recursive_mutex_lock(&c->lock);
    Value text = read_text(c, method, size);
    recursive_mutex_unlock(&c->lock);
    return text;
}

static Value reader_read(Value self, const Value *args, size_t nargs) {
    return read_method(self, "read", args, nargs);
}
static Value reader_readline(Value self, const Value *args, size_t nargs) {
    return read_method(self, "readline", args, nargs);
}
static Value reader_readlines(Value self, const Value *args, size_t nargs) {
    Value text = read_method(self, "read", args, nargs);
    if (value_is_null(text))
        return text;
    Value keep_ends = VALUE_TRUE, lines = value_call_method_cstr(text, "splitlines", &keep_ends, 1);
    ref_release(text);
    return lines;
}

// ---- stream writers ----------------------------------------------------------------------------

static Value writer_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    Value self = coder_new(type, "StreamWriter", true, args, nargs, kwnames);
    if (!value_is_null(self))
        start_encoder(self);
    return self;
}

static int write_bytes(Coder *c, Value bytes) { // consumes bytes
    if (value_is_null(bytes))
        return -1;
    Value result = value_call_method_cstr(c->stream, "write", &bytes, 1);
    ref_release(bytes);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

static int write_text(Coder *c, Value text) {
    recursive_mutex_lock(&c->lock);
    int status = write_bytes(c, encode_piece(c, text, false));
    recursive_mutex_unlock(&c->lock);
    return status;
}

static Value writer_write(Value self, Value text) {
    return write_text(coder_of(self), text) < 0 ? VALUE_NULL : none_new();
}

static Value writer_writelines(Value self, Value lines) {
    if (!value_is_sequence(lines))
        return raise_type_error("arg must be a sequence object");
    for (int64_t i = 0;; i++) {
        int64_t length = value_length(lines);
        if (length < 0)
            return VALUE_NULL;
        if (i >= length)
            return none_new();
        Value line = value_getitem(lines, value_from_int(i));
        int status = value_is_null(line) ? -1 : write_text(coder_of(self), line);
        ref_release(line);
        if (status < 0)
            return VALUE_NULL;
    }
}

// Writes what is pending. With the lock.
static int write_pending(Coder *c) {
    Value pending = field_load(&c->header, &c->pending);
    if (value_is_null(pending))
        return 0;
    Value errors = field_load(&c->header, &c->errors);
    int64_t at = 0;
    Value bytes = multibyte_encode(coding_of(c), &c->state, pending, &at, errors,
                                   MULTIBYTE_FLUSH | MULTIBYTE_RESET);
    field_store(&c->header, &c->pending, VALUE_NULL);
    ref_release(errors);
    ref_release(pending);
    return write_bytes(c, bytes);
}

static Value writer_reset(Value self) {
    Coder *c = coder_of(self);
    recursive_mutex_lock(&c->lock);
    int status = write_pending(c);
    recursive_mutex_unlock(&c->lock);
    return status < 0 ? VALUE_NULL : none_new();
}

// ---- types -------------------------------------------------------------------------------------

static const GetSetDef coder_getsets[] = {
    {"errors", get_errors, set_errors, "how to treat errors"},
    {NULL},
};
static const MemberDef stream_members[] = {
    {"stream", offsetof(Coder, stream), true, true},
    {NULL, 0, false, false},
};

#define CODER_TYPE(type_name)                                                                      \
    .header = STATIC_TYPE_HEADER, .name = "_multibytecodec." type_name,                            \
    .basic_size = sizeof(Coder), .kind = HEAP_CONTAINER, .flags = TYPE_BASE | TYPE_IMMUTABLE,      \
    .init = coder_init, .destroy = coder_destroy, .traverse = coder_traverse, .clear = coder_drop, \
    .getsets = coder_getsets

static const NativeDef encoder_methods[] = {
    DEF_VECTOR("encode", encoder_encode,
               "encode($self, /, input, final=False)\n--\n\nThe next piece of text, encoded."),
    DEF_NONE("reset", encoder_reset, "reset($self, /)\n--\n\nBack to the initial state."),
    DEF_NONE("getstate", encoder_getstate, "getstate($self, /)\n--\n\nThe state as an int."),
    DEF_ONE("setstate", encoder_setstate,
            "setstate($self, state, /)\n--\n\nBack to a state that getstate() gave."),
    DEF_END,
};
static Type encoder_type = {
    CODER_TYPE("MultibyteIncrementalEncoder"),
    .call_new = encoder_new,
    .methods = encoder_methods,
};

static const NativeDef decoder_methods[] = {
    DEF_VECTOR("decode", decoder_decode,
               "decode($self, /, input, final=False)\n--\n\nThe next piece of bytes, decoded."),
    DEF_NONE("reset", decoder_reset, "reset($self, /)\n--\n\nBack to the initial state."),
    DEF_NONE("getstate", decoder_getstate,
             "getstate($self, /)\n--\n\n(bytes that wait for more, state as an int)."),
    DEF_ONE("setstate", decoder_setstate,
            "setstate($self, state, /)\n--\n\nBack to a state that getstate() gave."),
    DEF_END,
};
static Type decoder_type = {
    CODER_TYPE("MultibyteIncrementalDecoder"),
    .call_new = decoder_new,
    .methods = decoder_methods,
};

static const NativeDef reader_methods[] = {
    DEF_FIXED("read", reader_read, 0, 1,
              "read($self, sizeobj=None, /)\n--\n\nText of about so many bytes."),
    DEF_FIXED("readline", reader_readline, 0, 1, "readline($self, sizeobj=None, /)\n--\n\nA line."),
    DEF_FIXED("readlines", reader_readlines, 0, 1,
              "readlines($self, sizehintobj=None, /)\n--\n\nThe lines, as a list."),
    DEF_NONE("reset", decoder_reset, "reset($self, /)\n--\n\nBack to the initial state."),
    DEF_END,
};
static Type reader_type = {
    CODER_TYPE("MultibyteStreamReader"),
    .call_new = reader_new,
    .methods = reader_methods,
    .members = stream_members,
};

static const NativeDef writer_methods[] = {
    DEF_ONE("write", writer_write, "write($self, strobj, /)\n--\n\nWrites text, encoded."),
    DEF_ONE("writelines", writer_writelines,
            "writelines($self, lines, /)\n--\n\nWrites each of a sequence."),
    DEF_NONE("reset", writer_reset, "reset($self, /)\n--\n\nWrites what waited for more."),
    DEF_END,
};
static Type writer_type = {
    CODER_TYPE("MultibyteStreamWriter"),
    .call_new = writer_new,
    .methods = writer_methods,
    .members = stream_members,
};

// ---- modules -----------------------------------------------------------------------------------

// The type of codecs belongs to seven modules, which threads may import at the same time.
static void codec_type_ready(void) {
    static Mutex mutex = MUTEX_INIT;
    mutex_lock(&mutex);
    type_ready(&codec_type);
    mutex_unlock(&mutex);
}

static int multibyte_fill(Value module) {
    codec_type_ready();
    return module_add_type(module, &encoder_type) < 0 ||
                   module_add_type(module, &decoder_type) < 0 ||
                   module_add_type(module, &reader_type) < 0 ||
                   module_add_type(module, &writer_type) < 0
               ? -1
               : 0;
}

const NativeModule module_multibytecodec = {
    "_multibytecodec", "The bases of the East Asian codecs' classes.", NULL, multibyte_fill};

static int codecs_fill(Value module) {
    codec_type_ready();
    return 0;
}

#define CODECS_MODULE(country)                                                                     \
    static Value getcodec_##country(Value self, Value name) {                                      \
        return get_codec("_codecs_" #country, name);                                               \
    }                                                                                              \
    static const NativeDef functions_##country[] = {                                               \
        DEF_ONE("getcodec", getcodec_##country,                                                    \
                "getcodec($module, name, /)\n--\n\nThe codec of a name."),                         \
        DEF_END,                                                                                   \
    };                                                                                             \
    const NativeModule module_codecs_##country = {"_codecs_" #country, "East Asian codecs.",       \
                                                  functions_##country, codecs_fill};

CODECS_MODULE(cn)
CODECS_MODULE(hk)
CODECS_MODULE(iso2022)
CODECS_MODULE(jp)
CODECS_MODULE(kr)
CODECS_MODULE(tw)
