// SPDX-License-Identifier: MIT
//
// Pattern.sub() and subn().
//
// Templates are parsed by the library. What its parser made is kept with the pattern until another
// template comes, as a tuple: the template, then texts and numbers of groups in turn.
#include "vm/modules/sre.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

// What sub() puts together. It must come out as if the pieces had been joined: a piece of the wrong
// type is an error that tells its number, once all matches have been replaced.
typedef struct {
    bool is_bytes;
    int64_t pieces;
    int64_t wrong; // number of the first piece of the wrong type, -1: none
    Value wrong_piece;
    StrBuilder text;
    uint8_t *data;
    int64_t length, room;
} Output;

static void output_start(Output *out, bool is_bytes) {
    *out = (Output){.is_bytes = is_bytes, .wrong = -1};
    if (!is_bytes)
        str_builder_start(&out->text);
}

static int add_bytes(Output *out, const void *data, int64_t length) {
    if (out->length + length > out->room) {
        int64_t room = (out->length + length) * 2;
        uint8_t *larger = buffer_resize(out->data, (size_t)room);
        if (!larger)
            return raise_memory_error(), -1;
        out->data = larger;
        out->room = room;
    }
    if (length)
        memcpy(out->data + out->length, data, (size_t)length);
    out->length += length;
    return 0;
}

static int add_slice(Output *out, const SreText *text, Value string, int64_t start, int64_t end) {
    if (out->is_bytes)
        return add_bytes(out, (const uint8_t *)text->data + start, end - start);
    str_builder_substring(&out->text, string, start, end);
    return out->text.failed ? -1 : 0;
}

static int add_value(Output *out, Value v) {
    if (!out->is_bytes && value_is_str(v)) {
        str_builder_str(&out->text, v);
        return out->text.failed ? -1 : 0;
    }
    if (out->is_bytes && value_is_object(v) && value_type(v)->get_buffer) {
        SreText piece;
        if (sre_text_get(v, &piece, false) == 0) {
            int status = add_bytes(out, piece.data, piece.length);
            sre_text_release(&piece);
            return status;
        }
        error_clear();
    }
    if (out->wrong < 0) {
        out->wrong = out->pieces;
        out->wrong_piece = ref_new(v);
    }
    return 0;
}

static Value output_finish(Output *out) {
    if (out->wrong >= 0)
        return raise_type_error(out->is_bytes
                                    ? "sequence item %lld: expected a bytes-like object, %T found"
                                    : "sequence item %lld: expected str instance, %T found",
                                (long long)out->wrong, out->wrong_piece);
    if (out->is_bytes)
        return bytes_new(out->data ? out->data : (const uint8_t *)"", (size_t)out->length);
    return str_builder_finish(&out->text);
}

static void output_discard(Output *out) {
    if (!out->is_bytes)
        str_builder_discard(&out->text);
    buffer_free(out->data);
    ref_release(out->wrong_piece);
}

// ---- templates ---------------------------------------------------------------------------

// The library's parsed template (groups, literals) as our tuple. groups are pairs: a place in
// literals, and the number of the group whose text goes there.
static Value take_parsed(Value template, Value parsed) {
    Value groups = VALUE_NULL, literals = VALUE_NULL, result = VALUE_NULL;
    if (value_is_tuple(parsed) && tuple_length(parsed) == 2) {
        groups = tuple_from_iterable(tuple_item(parsed, 0));
        if (!value_is_null(groups))
            literals = tuple_from_iterable(tuple_item(parsed, 1));
        if (value_is_null(groups) || value_is_null(literals))
            goto finish;
        int64_t count = tuple_length(literals);
        result = tuple_allocate(count + 1);
        if (value_is_null(result))
            goto finish;
        field_init(&tuple_of(result)->items[0], ref_new(template));
        for (int64_t i = 0; i < count; i++)
            field_init(&tuple_of(result)->items[i + 1], ref_new(tuple_item(literals, i)));
        for (int64_t i = 0; i < tuple_length(groups); i++) {
            Value pair = tuple_item(groups, i);
            if (!value_is_tuple(pair) || tuple_length(pair) != 2)
                goto malformed;
            Value place = tuple_item(pair, 0), number = tuple_item(pair, 1);
            if (!value_is_int(place) || !value_is_int(number) || value_int(place) < 0 ||
                value_int(place) >= count)
                goto malformed;
            Value *item = &tuple_of(result)->items[value_int(place) + 1];
            ref_release(*item);
            field_init(item, number);
        }
        goto finish;
    }
malformed:
    ref_release(result);
    result = raise_type_error("malformed template of a substitution");
finish:
    ref_release(groups);
    ref_release(literals);
    return result;
}

static bool same_template(Value a, Value b) {
    if (value_same(a, b))
        return true;
    if (value_is_exact_str(a) && value_is_exact_str(b))
        return str_equal(a, b);
    return value_is_exactly(a, &bytes_type) && value_is_exactly(b, &bytes_type) &&
           bytes_length(a) == bytes_length(b) &&
           memcmp(bytes_data(a), bytes_data(b), (size_t)bytes_length(a)) == 0;
}

typedef enum { FILTER_LITERAL, FILTER_CALLABLE, FILTER_TEMPLATE, FILTER_FAILED } FilterKind;

static bool has_backslash(const SreText *text) {
    switch (text->kind) {
    case 0:
        return memchr(text->data, '\\', (size_t)text->length);
    case 1:
        for (int64_t i = 0; i < text->length; i++)
            if (((const uint16_t *)text->data)[i] == '\\')
                return true;
        return false;
    default:
        for (int64_t i = 0; i < text->length; i++)
            if (((const uint32_t *)text->data)[i] == '\\')
                return true;
        return false;
    }
}

// What is to be done with each match; *filter is a new reference.
static FilterKind filter_of(Value pattern, Value template, Value string, Value *filter) {
    SrePattern *p = sre_pattern_of(pattern);
    *filter = VALUE_NULL;
    if (value_is_callable(template)) {
        *filter = ref_new(template);
        return FILTER_CALLABLE;
    }
    SreText text;
    if (sre_text_get(template, &text, false) == 0) {
        bool literal = !has_backslash(&text);
        sre_text_release(&text);
        if (literal) {
            *filter = ref_new(template);
            return FILTER_LITERAL;
        }
    } else {
        error_clear();
    }
    // The library's way to expand asks other texts for more than to be bytes-like.
    bool known = (value_is_exact_str(template) || value_is_exactly(template, &bytes_type)) &&
                 (value_is_exact_str(string) || value_is_exactly(string, &bytes_type) ||
                  value_is_exactly(string, &bytearray_type));
    Value kept = known ? field_load(&p->header, &p->replacement) : VALUE_NULL;
    if (!value_is_null(kept)) {
        if (same_template(tuple_item(kept, 0), template)) {
            *filter = kept;
            return FILTER_TEMPLATE;
        }
        ref_release(kept);
    }
    // re._subx reports what is wrong with the template. If it is more than a text, its parsed form
    // is got from the cache that re._subx has just put it into.
    Value arguments[2] = {pattern, template};
    *filter = sre_call_re("_subx", arguments, 2);
    if (value_is_null(*filter))
        return FILTER_FAILED;
    if (!value_is_callable(*filter))
        return FILTER_LITERAL;
    if (!known)
        return FILTER_CALLABLE;
    ref_release(*filter);
    Value swapped[2] = {template, pattern};
    Value parsed = sre_call_re("_compile_repl", swapped, 2);
    *filter = value_is_null(parsed) ? VALUE_NULL : take_parsed(template, parsed);
    ref_release(parsed);
    if (value_is_null(*filter))
        return FILTER_FAILED;
    field_store(&p->header, &p->replacement, ref_new(*filter));
    return FILTER_TEMPLATE;
}

// The template, joined for itself as the library does it: pieces of the wrong type are told by
// their number there.
static int add_template(Output *out, const SreMatcher *m, const SreText *text, Value string,
                        Value template) {
    for (int64_t i = 1; i < tuple_length(template); i++) {
        Value piece = tuple_item(template, i);
        if (value_is_int(piece)) {
            const void *start = m->match_start, *end = m->match_end;
            int64_t group = value_int(piece);
            if (group > m->program->group_count || group < 0)
                return raise_int(&exception_IndexError, "no such group");
            if (group) {
                start = m->marks[2 * group - 2];
                end = m->marks[2 * group - 1];
            }
            if (start && end && start <= end &&
                add_slice(out, text, string, sre_offset(m, start), sre_offset(m, end)) < 0)
                return -1;
        } else if (out->is_bytes ? !value_is_bytes(piece) : !value_is_str(piece)) {
            return raise_int(&exception_TypeError,
                             out->is_bytes
                                 ? "sequence item %lld: expected a bytes-like object, %T found"
                                 : "sequence item %lld: expected str instance, %T found",
                             (long long)i - 1, piece);
        } else if (add_value(out, piece) < 0) {
            return -1;
        }
    }
    return 0;
}

// ---- the loop ----------------------------------------------------------------------------

static int add_replacement(Output *out, FilterKind kind, Value filter, const SreMatcher *m,
                           const SreText *text, Value pattern, Value string) {
    if (kind == FILTER_TEMPLATE) {
        int status = add_template(out, m, text, string, filter);
        out->pieces++;
        return status;
    }
    Value piece;
    if (kind == FILTER_CALLABLE) {
        Value match = sre_match_new(m, pattern, pattern, string, 0, text->length);
        if (value_is_null(match))
            return -1;
        piece = value_call_one(filter, match);
        ref_release(match);
        if (value_is_null(piece))
            return -1;
    } else {
        piece = ref_new(filter);
    }
    int status = 0;
    if (!value_is_none(piece)) {
        status = add_value(out, piece);
        out->pieces++;
    }
    ref_release(piece);
    return status;
}

Value sre_substitute(Value pattern, Value template, Value string, int64_t most, bool with_count) {
    Value filter, result = VALUE_NULL;
    FilterKind kind = filter_of(pattern, template, string, &filter);
    if (kind == FILTER_FAILED)
        return VALUE_NULL;
    SreText text;
    SreMatcher m;
    if (sre_pattern_text(pattern, string, &text, kind == FILTER_CALLABLE) < 0) {
        ref_release(filter);
        return VALUE_NULL;
    }
    if (sre_matcher_start(&m, sre_pattern_of(pattern)->program, &text, text.length) == 0) {
        Output out;
        output_start(&out, text.is_bytes);
        int64_t count = 0, done = 0;
        int status = 0;
        while (most == 0 || count < most) {
            status = sre_search(&m, done);
            if (status <= 0)
                break;
            int64_t start = sre_offset(&m, m.match_start);
            if (done < start) {
                status = add_slice(&out, &text, string, done, start);
                out.pieces++;
            } else {
                status = 0;
            }
            if (status == 0)
                status = add_replacement(&out, kind, filter, &m, &text, pattern, string);
            if (status < 0)
                break;
            done = sre_offset(&m, m.match_end);
            m.advance = m.match_end == m.match_start ? m.match_end : NULL;
            count++;
        }
        sre_matcher_finish(&m);
        if (status >= 0 && count == 0)
            result = sre_slice(&text, string, 0, text.length);
        else if (status >= 0 && add_slice(&out, &text, string, done, text.length) == 0)
            result = output_finish(&out);
        output_discard(&out);
        if (with_count && !value_is_null(result))
            result = tuple_pair_owned(result, value_from_int(count));
    }
    sre_text_release(&text);
    ref_release(filter);
    return result;
}
