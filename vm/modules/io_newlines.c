// SPDX-License-Identifier: MIT
//
// `_io.IncrementalNewlineDecoder`: turns \r\n and \r into \n piece by piece, behind another
// decoder or none.
#include "vm/modules/io_internal.h"
#include "vm/types/arguments.h"

typedef struct {
    Object header;
    Value decoder, errors; // set by __init__, then constant
    Mutex mutex;           // guards the rest
    bool translate, pending_return;
    uint8_t seen; // SEEN_*
} NewlineDecoder;

static inline NewlineDecoder *newline_decoder_of(Value v) {
    return (NewlineDecoder *)value_object(v);
}
static Value newline_allocate(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}
static int newline_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"decoder", "translate", "errors", NULL};
    Value v[3];
    if (arguments_parse("IncrementalNewlineDecoder", args, nargs, kwnames, names, 0, 3, 2, v) < 0)
        return -1;
    int translate;
    if (int_argument(v[1], &translate) < 0)
        return -1;
    NewlineDecoder *d = newline_decoder_of(self);
    field_store(&d->header, &d->decoder, ref_new(v[0]));
    field_store(&d->header, &d->errors,
                value_is_null(v[2]) ? str_intern_cstr("strict") : ref_new(v[2]));
    d->translate = translate != 0;
    return 0;
}
static Value newline_decode(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"input", "final", NULL};
    Value v[2];
    if (arguments_parse("decode", args, nargs, kwnames, names, 0, 2, 1, v) < 0)
        return VALUE_NULL;
    int final = value_is_null(v[1]) ? 0 : value_truth(v[1]);
    if (final < 0)
        return VALUE_NULL;
    NewlineDecoder *d = newline_decoder_of(self);
    Value text;
    if (value_is_null(d->decoder) || value_is_none(d->decoder)) {
        text = ref_new(v[0]);
    } else {
        Value decode_args[2] = {v[0], value_from_bool(final)};
        text = value_call_method(d->decoder, name_decode, decode_args, 2);
    }
    if (value_is_null(text) || !value_is_str(text)) {
        if (!value_is_null(text))
            raise_type_error("decoder should return a string result, not '%T'", text);
        ref_release(text);
        return VALUE_NULL;
    }
    mutex_lock(&d->mutex);
    StrBuilder b;
    str_builder_start(&b);
    int64_t n = str_length(text);
    bool held = d->pending_return && (n > 0 || final);
    if (held)
        d->pending_return = false;
    bool after_return = false;
    for (int64_t i = held ? -1 : 0; i < n; i++) {
        uint32_t c = i < 0 ? '\r' : str_at(text, i);
        if (after_return) {
            after_return = false;
            if (c == '\n') {
                d->seen |= 4;
                if (!d->translate)
                    str_builder_char(&b, '\r');
                str_builder_char(&b, '\n');
                continue;
            }
            d->seen |= 2;
            str_builder_char(&b, d->translate ? '\n' : '\r');
        }
        if (c == '\r') {
            after_return = true;
            continue;
        }
        if (c == '\n')
            d->seen |= 1;
        str_builder_char(&b, c);
    }
    if (after_return) {
        if (final) {
            d->seen |= 2;
            str_builder_char(&b, d->translate ? '\n' : '\r');
        } else {
            d->pending_return = true;
        }
    }
    mutex_unlock(&d->mutex);
    ref_release(text);
    return str_builder_finish(&b);
}
static Value newline_getstate(Value self) {
    NewlineDecoder *d = newline_decoder_of(self);
    Value buffer = VALUE_NULL;
    int64_t flag = 0;
    if (!value_is_null(d->decoder) && !value_is_none(d->decoder)) {
        Value state = value_call_method_cstr(d->decoder, "getstate", NULL, 0);
        if (value_is_null(state) || !value_is_tuple(state) || tuple_length(state) != 2 ||
            value_to_i64(tuple_item(state, 1), &flag) < 0) {
            if (!error_occurred())
                raise_type_error("illegal decoder state");
            ref_release(state);
            return VALUE_NULL;
        }
        buffer = ref_new(tuple_item(state, 0));
        ref_release(state);
    } else {
        buffer = bytes_new(NULL, 0);
    }
    flag = flag << 1 | d->pending_return;
    Value result = tuple_pack(2, buffer, value_from_int(flag));
    ref_release(buffer);
    return result;
}
static Value newline_setstate(Value self, Value state) {
    NewlineDecoder *d = newline_decoder_of(self);
    int64_t flag;
    if (!value_is_tuple(state) || tuple_length(state) != 2)
        return raise_type_error("state argument must be a tuple");
    if (value_to_i64(tuple_item(state, 1), &flag) < 0)
        return VALUE_NULL;
    d->pending_return = flag & 1;
    if (value_is_null(d->decoder) || value_is_none(d->decoder))
        return none_new();
    Value inner = tuple_pack(2, tuple_item(state, 0), value_from_int(flag >> 1));
    Value r =
        value_is_null(inner) ? inner : value_call_method_cstr(d->decoder, "setstate", &inner, 1);
    ref_release(inner);
    return r;
}
static Value newline_reset(Value self) {
    NewlineDecoder *d = newline_decoder_of(self);
    d->seen = 0;
    d->pending_return = false;
    if (value_is_null(d->decoder) || value_is_none(d->decoder))
        return none_new();
    return value_call_method_cstr(d->decoder, "reset", NULL, 0);
}
static Value newline_get_newlines(Value self) {
    return io_newlines_seen(newline_decoder_of(self)->seen);
}
static void newline_destroy(Object *self) {
    ref_release(((NewlineDecoder *)self)->decoder);
    ref_release(((NewlineDecoder *)self)->errors);
    type_free_instance(self);
}
static void newline_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((NewlineDecoder *)self)->decoder);
    gc_visit(visitor, ((NewlineDecoder *)self)->errors);
}
static const NativeDef newline_methods[] = {
    DEF_VECTOR("decode", newline_decode, NULL), DEF_NONE("getstate", newline_getstate, NULL),
    DEF_ONE("setstate", newline_setstate, NULL), DEF_NONE("reset", newline_reset, NULL), DEF_END};
static const GetSetDef newline_getsets[] = {{"newlines", newline_get_newlines, NULL, NULL}, {0}};
Type io_newline_decoder_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_io.IncrementalNewlineDecoder",
    .basic_size = sizeof(NewlineDecoder),
    .doc = "IncrementalNewlineDecoder(decoder, translate, errors='strict')\n--\n\nTranslates the "
           "ends of lines, piece by piece.",
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE,
    .call_new = newline_allocate,
    .init = newline_init,
    .destroy = newline_destroy,
    .traverse = newline_traverse,
    .methods = newline_methods,
    .getsets = newline_getsets,
};
