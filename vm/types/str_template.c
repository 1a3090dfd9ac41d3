// SPDX-License-Identifier: MIT
//
// str.format and str.format_map: parsing the markup (PEP 3101's) and filling it in.
#include "vm/types/str_template.h"
#include "vm/runtime/errors.h"
#include "vm/types/str_internal.h"
#include "vm/types/tuple.h"
#include "vm/types/unicode.h"

// ---- parsing ----------------------------------------------------------------------------------

static int bad(const char *message) {
    return raise_int(&exception_ValueError, "%s", message);
}

// After the opening brace: name, conversion, specification, closing brace.
static int parse_field(TemplateParser *p, TemplatePiece *piece) {
    uint32_t c = 0;
    piece->has_field = true;
    piece->name_start = p->at;
    while (p->at < p->end) {
        c = str_at(p->text, p->at++);
        if (c == '{')
            return bad("unexpected '{' in field name");
        if (c == '[') {
            while (p->at < p->end && str_at(p->text, p->at) != ']')
                p->at++;
            continue;
        }
        if (c == '}' || c == ':' || c == '!')
            break;
    }
    if (c != '}' && c != ':' && c != '!')
        return bad("expected '}' before end of string");
    piece->name_end = p->at - 1;
    piece->spec_start = piece->spec_end = p->at;
    if (c == '}')
        return 1;
    if (c == '!') {
        if (p->at >= p->end)
            return bad("end of string while looking for conversion specifier");
        piece->conversion = str_at(p->text, p->at++);
        if (p->at < p->end) {
            c = str_at(p->text, p->at++);
            if (c == '}')
                return 1;
            if (c != ':')
                return bad("expected ':' after conversion specifier");
        }
    }
    piece->spec_start = p->at;
    for (int depth = 1; p->at < p->end;) {
        c = str_at(p->text, p->at++);
        if (c == '{') {
            piece->nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            piece->spec_end = p->at - 1;
            return 1;
        }
    }
    return bad("unmatched '{' in format spec");
}

int template_next(TemplateParser *p, TemplatePiece *piece) {
    *piece = (TemplatePiece){0};
    if (p->at >= p->end)
        return 0;
    piece->literal_start = p->at;
    while (p->at < p->end) {
        uint32_t c = str_at(p->text, p->at);
        if (c == '{' || c == '}') {
            bool last = p->at + 1 >= p->end;
            bool doubled = !last && str_at(p->text, p->at + 1) == c;
            if (doubled) { // the literal ends with one of the two
                piece->literal_end = p->at + 1;
                p->at += 2;
                return 1;
            }
            if (c == '}')
                return bad("Single '}' encountered in format string");
            if (last)
                return bad("Single '{' encountered in format string");
            piece->literal_end = p->at++;
            return parse_field(p, piece);
        }
        p->at++;
    }
    piece->literal_end = p->at;
    return 1;
}

int64_t template_first_end(Value text, int64_t start, int64_t end) {
    while (start < end && str_at(text, start) != '.' && str_at(text, start) != '[')
        start++;
    return start;
}

int template_accessor_next(Value text, int64_t *at, int64_t end, bool *is_attribute,
                           int64_t *name_start, int64_t *name_end) {
    if (*at >= end)
        return 0;
    uint32_t c = str_at(text, (*at)++);
    if (c == '.') {
        *is_attribute = true;
        *name_start = *at;
        *at = *name_end = template_first_end(text, *at, end);
    } else if (c == '[') {
        *is_attribute = false;
        *name_start = *at;
        while (*at < end && str_at(text, *at) != ']')
            (*at)++;
        if (*at >= end)
            return bad("Missing ']' in format string");
        *name_end = (*at)++;
    } else {
        return bad("Only '.' or '[' may follow ']' in format field specifier");
    }
    if (*name_start == *name_end)
        return bad("Empty attribute in format string");
    return 1;
}

int64_t template_number(Value text, int64_t start, int64_t end) {
    int64_t number = 0;
    if (start == end)
        return -1;
    for (int64_t i = start; i < end; i++) {
        int digit = char_decimal(str_at(text, i));
        if (digit < 0)
            return -1;
        if (number > (INT64_MAX - digit) / 10) {
            bad("Too many decimal digits in format string");
            return -2;
        }
        number = number * 10 + digit;
    }
    return number;
}

// ---- filling in -------------------------------------------------------------------------------

typedef struct {
    const Value *args; // NULL: format_map
    size_t nargs;
    Value kwnames; // tuple or VALUE_NULL; their values follow the positional ones
    Value mapping; // format_map
    enum { NUMBERING_UNKNOWN, NUMBERING_AUTOMATIC, NUMBERING_MANUAL } numbering;
    int64_t next; // of automatic numbering
} Arguments;

static Value positional(Arguments *a, int64_t index) {
    if (!a->args)
        return raise_value_error("Format string contains positional fields");
    if ((uint64_t)index >= a->nargs)
        return raise_error(&exception_IndexError,
                           "Replacement index %lld out of range for positional args tuple",
                           (long long)index);
    return ref_new(a->args[index]);
}

static Value by_name(Arguments *a, Value key) {
    if (!value_is_null(a->mapping))
        return value_getitem(a->mapping, key);
    if (!value_is_null(a->kwnames))
        for (int64_t i = 0; i < tuple_length(a->kwnames); i++)
            if (str_equal(tuple_item(a->kwnames, i), key))
                return ref_new(a->args[a->nargs + (size_t)i]);
    return raise_key_error(key);
}

static Value first_part(Arguments *a, Value text, int64_t start, int64_t end) {
    int64_t index = template_number(text, start, end);
    if (index == -2)
        return VALUE_NULL;
    if (start == end || index >= 0) {
        bool automatic = start == end;
        if (a->numbering != NUMBERING_UNKNOWN && automatic != (a->numbering == NUMBERING_AUTOMATIC))
            return raise_value_error(automatic ? "cannot switch from manual field specification to "
                                                 "automatic field numbering"
                                               : "cannot switch from automatic field numbering to "
                                                 "manual field specification");
        if (!a->args)
            return raise_value_error("Format string contains positional fields");
        a->numbering = automatic ? NUMBERING_AUTOMATIC : NUMBERING_MANUAL;
        return positional(a, automatic ? a->next++ : index);
    }
    Value key = str_substring(text, start, end);
    if (value_is_null(key))
        return key;
    Value found = by_name(a, key);
    ref_release(key);
    return found;
}

// The object that a field name stands for.
static Value field_object(Arguments *a, Value text, int64_t start, int64_t end) {
    int64_t at = template_first_end(text, start, end);
    Value object = first_part(a, text, start, at);
    while (!value_is_null(object)) {
        bool is_attribute;
        int64_t name_start, name_end;
        int more = template_accessor_next(text, &at, end, &is_attribute, &name_start, &name_end);
        if (more == 0)
            return object;
        Value next = VALUE_NULL;
        if (more > 0) {
            int64_t index = is_attribute ? -1 : template_number(text, name_start, name_end);
            if (index >= 0) {
                next = value_getitem(object, value_from_int(index));
            } else if (index == -1) {
                Value name = str_substring(text, name_start, name_end);
                if (!value_is_null(name))
                    next = is_attribute ? value_getattr(object, name) : value_getitem(object, name);
                ref_release(name);
            }
        }
        ref_release(object);
        object = next;
    }
    return object;
}

static int fill(StrBuilder *out, Arguments *a, Value text, int64_t start, int64_t end, int depth);

// object (consumed) converted and formatted. Its text, or VALUE_NULL.
static Value render(Arguments *a, Value text, const TemplatePiece *piece, Value object, int depth) {
    if (piece->conversion) {
        Value converted = VALUE_NULL;
        switch (piece->conversion) {
        case 'r':
            converted = value_repr(object);
            break;
        case 's':
            converted = value_str(object);
            break;
        case 'a':
            converted = value_ascii(object);
            break;
        default:
            if (piece->conversion > 32 && piece->conversion < 127)
                raise_value_error("Unknown conversion specifier %c", (int)piece->conversion);
            else
                raise_value_error("Unknown conversion specifier \\x%x", piece->conversion);
        }
        ref_release(object);
        object = converted;
        if (value_is_null(object))
            return object;
    }
    if (piece->spec_start == piece->spec_end && value_is_exact_str(object))
        return object;
    Value spec = VALUE_NULL;
    bool ok = true;
    if (piece->nested) {
        StrBuilder b;
        str_builder_start(&b);
        ok = fill(&b, a, text, piece->spec_start, piece->spec_end, depth - 1) == 0;
        if (ok)
            spec = str_builder_finish(&b);
        else
            str_builder_discard(&b);
        ok = ok && !value_is_null(spec);
    } else if (piece->spec_start < piece->spec_end) {
        spec = str_substring(text, piece->spec_start, piece->spec_end);
        ok = !value_is_null(spec);
    }
    Value result = ok ? value_format(object, spec) : VALUE_NULL;
    ref_release(spec);
    ref_release(object);
    return result;
}

static int fill(StrBuilder *out, Arguments *a, Value text, int64_t start, int64_t end, int depth) {
    if (depth <= 0)
        return bad("Max string recursion exceeded");
    TemplateParser p = {text, start, end};
    TemplatePiece piece;
    int more;
    while ((more = template_next(&p, &piece)) > 0) {
        str_builder_substring(out, text, piece.literal_start, piece.literal_end);
        if (!piece.has_field)
            continue;
        Value object = field_object(a, text, piece.name_start, piece.name_end);
        if (value_is_null(object))
            return -1;
        if (value_is_int(object) && !piece.conversion && piece.spec_start == piece.spec_end) {
            str_builder_i64(out, value_int(object));
            continue;
        }
        Value shown = render(a, text, &piece, object, depth);
        if (value_is_null(shown))
            return -1;
        str_builder_str(out, shown);
        ref_release(shown);
    }
    return more < 0 || out->failed ? -1 : 0;
}

static Value fill_all(Arguments *a, Value text) {
    StrBuilder b;
    str_builder_start(&b);
    if (fill(&b, a, text, 0, str_length(text), 2) < 0) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    return str_builder_finish(&b);
}

Value str_template_format(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const Value nothing;
    Arguments a = {.args = args ? args : &nothing, .nargs = nargs, .kwnames = kwnames};
    return fill_all(&a, self);
}

Value str_template_format_map(Value self, Value mapping) {
    Arguments a = {.mapping = mapping};
    return fill_all(&a, self);
}
