// SPDX-License-Identifier: MIT
//
// Driving text through an East Asian codec: what happens where a codec stops, error handlers
// included.
#include "vm/modules/multibyte_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/exceptions.h"
#include "vm/types/int.h"
#include "vm/types/tuple.h"

static ErrorsKind kind_of(Value errors) {
    if (value_is_null(errors) || str_equal_cstr(errors, "strict"))
        return ERRORS_STRICT;
    return str_equal_cstr(errors, "ignore")    ? ERRORS_IGNORE
           : str_equal_cstr(errors, "replace") ? ERRORS_REPLACE
                                               : ERRORS_OTHER;
}

static const char *reason_of(int status) {
    return status > 0 ? "illegal multibyte sequence" : "incomplete multibyte sequence";
}

// Calls the handler of a name with UnicodeDecodeError or UnicodeEncodeError about
// object[start:end]: its answer, (replacement, place to go on), or VALUE_NULL.
static Value ask_handler(Type *type, const char *encoding, Value object, int64_t start, int64_t end,
                         const char *reason, Value errors, const char *what) {
    char *owned;
    const char *name = str_utf8(errors, NULL, &owned);
    Value handler = name ? codec_lookup_error(name) : VALUE_NULL;
    buffer_free(owned);
    if (value_is_null(handler))
        return VALUE_NULL;
    Value args[5] = {str_from_cstr(encoding), object, value_from_int(start), value_from_int(end),
                     str_from_cstr(reason)};
    Value exception = value_is_null(args[0]) || value_is_null(args[4])
                          ? VALUE_NULL
                          : exception_new(type, args, 5);
    ref_release(args[0]);
    ref_release(args[4]);
    Value answer = value_is_null(exception) ? VALUE_NULL : value_call_one(handler, exception);
    ref_release(exception);
    ref_release(handler);
    if (value_is_null(answer))
        return answer;
    bool right = value_is_tuple(answer) && tuple_length(answer) == 2 &&
                 value_is_any_int(tuple_item(answer, 1));
    if (right) {
        Value replacement = tuple_item(answer, 0);
        right = value_is_str(replacement) ||
                (type == &exception_UnicodeEncodeError && value_is_bytes(replacement));
    }
    if (right)
        return answer;
    ref_release(answer);
    return raise_type_error("%s error handler must return (str, int) tuple", what);
}

// Where an answer says to go on, from 0 to length; -1 with IndexError.
static int64_t place_of(Value answer, int64_t length) {
    int64_t place;
    if (!int_to_i64(tuple_item(answer, 1), &place))
        place = -1;
    else if (place < 0)
        place += length;
    if (place < 0 || place > length)
        return raise_int(&exception_IndexError, "position %lld from error handler out of bounds",
                         (long long)place);
    return place;
}

// ---- encoding ----------------------------------------------------------------------------------

static int add_bytes(ByteBuilder *out, Value bytes) { // consumes bytes
    if (value_is_null(bytes))
        return -1;
    byte_builder_add(out, bytes_data(bytes), (size_t)bytes_length(bytes));
    ref_release(bytes);
    return out->failed ? -1 : 0;
}

// The question mark, in the encoding if it has one.
static int add_question_mark(const MultibyteCoding *c, MultibyteState *state, ByteBuilder *out) {
    Value mark = str_from_code_point('?');
    if (value_is_null(mark))
        return -1;
    MultibyteText in = {mark, 1, 0, true};
    if (c->codec->encode(c, state, &in, out) != MULTIBYTE_DONE)
        byte_builder_byte(out, '?');
    ref_release(mark);
    return out->failed ? -1 : 0;
}

// Deals with what stopped the codec at in->at. 0, with in->at where to go on, or -1.
static int encoding_error(const MultibyteCoding *c, MultibyteState *state, MultibyteText *in,
                          ByteBuilder *out, int status, Value errors) {
    int64_t end = status > 0 ? in->at + status : in->length;
    switch (kind_of(errors)) {
    case ERRORS_STRICT:
        codec_raise_encode(c->codec->name, in->text, in->at, end, reason_of(status));
        return -1;
    case ERRORS_REPLACE:
        if (add_question_mark(c, state, out) < 0)
            return -1;
        in->at = end;
        return 0;
    case ERRORS_IGNORE:
        in->at = end;
        return 0;
    default:
        break;
    }
    Value answer = ask_handler(&exception_UnicodeEncodeError, c->codec->name, in->text, in->at, end,
                               reason_of(status), errors, "encoding");
    if (value_is_null(answer))
        return -1;
    Value replacement = tuple_item(answer, 0);
    int64_t at = 0;
    int result =
        add_bytes(out, value_is_bytes(replacement) ? ref_new(replacement)
                                                   : multibyte_encode(c, state, replacement, &at,
                                                                      VALUE_NULL, MULTIBYTE_FLUSH));
    if (result == 0) {
        int64_t place = place_of(answer, in->length);
        if (place < 0)
            result = -1;
        else
            in->at = place;
    }
    ref_release(answer);
    return result;
}

Value multibyte_encode(const MultibyteCoding *c, MultibyteState *state, Value text, int64_t *at,
                       Value errors, int flags) {
    ByteBuilder out = {0};
    MultibyteText in = {text, str_length(text), *at, flags & MULTIBYTE_FLUSH};
    bool ok = true;
    byte_builder_reserve(&out, (size_t)(in.length - in.at) * 2);
    while (ok && !out.failed && in.at < in.length) {
        int status = c->codec->encode(c, state, &in, &out);
        if (status == MULTIBYTE_DONE || (status == MULTIBYTE_TOO_FEW && !in.flush))
            break;
        ok = encoding_error(c, state, &in, &out, status, errors) == 0;
    }
    *at = in.at;
    if (ok && (flags & MULTIBYTE_RESET) && c->codec->reset_encode)
        c->codec->reset_encode(state, &out);
    if (ok)
        return byte_builder_finish(&out);
    byte_builder_discard(&out);
    return VALUE_NULL;
}

// ---- decoding ----------------------------------------------------------------------------------

void multibyte_decoding_start(MultibyteDecoding *d, const uint8_t *data, size_t length,
                              Value errors) {
    d->in = (MultibyteBytes){data, length, 0};
    d->errors = errors;
    d->object = VALUE_NULL;
    str_builder_start(&d->out);
}

Value multibyte_decoding_finish(MultibyteDecoding *d, int status) {
    ref_release(d->object);
    if (status == 0)
        return str_builder_finish(&d->out);
    str_builder_discard(&d->out);
    return VALUE_NULL;
}

static int decoding_error(const MultibyteCoding *c, MultibyteDecoding *d, int status) {
    size_t start = d->in.at, end = status > 0 ? start + (size_t)status : d->in.length;
    switch (kind_of(d->errors)) {
    case ERRORS_STRICT:
        codec_raise_decode(c->codec->name, d->in.data, d->in.length, start, end, reason_of(status));
        return -1;
    case ERRORS_REPLACE:
        str_builder_char(&d->out, 0xfffd);
        d->in.at = end;
        return 0;
    case ERRORS_IGNORE:
        d->in.at = end;
        return 0;
    default:
        break;
    }
    if (value_is_null(d->object) && value_is_null(d->object = bytes_new(d->in.data, d->in.length)))
        return -1;
    Value answer =
        ask_handler(&exception_UnicodeDecodeError, c->codec->name, d->object, (int64_t)start,
                    (int64_t)end, reason_of(status), d->errors, "decoding");
    if (value_is_null(answer))
        return -1;
    str_builder_str(&d->out, tuple_item(answer, 0));
    int64_t place = place_of(answer, (int64_t)d->in.length);
    if (place >= 0)
        d->in.at = (size_t)place;
    ref_release(answer);
    return place < 0 || d->out.failed ? -1 : 0;
}

int multibyte_decode_rest(const MultibyteCoding *c, MultibyteDecoding *d) {
    return decoding_error(c, d, MULTIBYTE_TOO_FEW);
}

int multibyte_decode(const MultibyteCoding *c, MultibyteState *state, MultibyteDecoding *d,
                     bool final) {
    while (d->in.at < d->in.length && !d->out.failed) {
        int status = c->codec->decode(c, state, &d->in, &d->out);
        if (status == MULTIBYTE_DONE || (status == MULTIBYTE_TOO_FEW && !final))
            break;
        if (decoding_error(c, d, status) < 0)
            return -1;
    }
    return d->out.failed ? -1 : 0;
}
