// SPDX-License-Identifier: MIT
//
// _csv.reader: lines to rows.
//
// All state of a row being read lies on the C stack of the call that reads it, so threads that
// share a reader share only the input iterator and the number of lines, which is counted
// atomically.
#include "vm/modules/csv_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value input, dialect; // constant
    int64_t lines;        // atomic
} Reader;

typedef enum {
    START_RECORD,
    START_FIELD,
    ESCAPED,
    IN_FIELD,
    IN_QUOTED,
    ESCAPED_IN_QUOTED,
    QUOTE_IN_QUOTED,
    EAT_END,
    AFTER_ESCAPED_END
} State;

#define LINE_END UINT32_MAX // what follows the last character of a line

typedef struct {
    const Dialect *dialect;
    Value row; // a list
    StrBuilder field;
    int64_t limit;
    State state;
    bool numeric;
} Parse;

static Value fail(const char *message) {
    return raise_error((Type *)value_object(csv_error), "%s", message);
}

static int save(Parse *p) {
    Value text = str_builder_finish(&p->field);
    str_builder_start(&p->field);
    if (!value_is_null(text) && p->numeric) {
        Value number = float_from_str(text);
        ref_release(text);
        text = number;
    }
    p->numeric = false;
    return value_is_null(text) ? -1 : list_append_owned(p->row, text);
}

static int add(Parse *p, uint32_t c) {
    if (p->field.length >= p->limit)
        return raise_int((Type *)value_object(csv_error), "field larger than field limit (%lld)",
                         (long long)p->limit);
    str_builder_char(&p->field, c);
    return p->field.failed ? -1 : 0;
}

static inline bool ends_line(uint32_t c) {
    return c == '\n' || c == '\r' || c == LINE_END;
}

static int end_field(Parse *p, uint32_t c) {
    p->state = c == LINE_END ? START_RECORD : EAT_END;
    return save(p);
}

static int start_field(Parse *p, uint32_t c) {
    const Dialect *d = p->dialect;
    if (ends_line(c))
        return end_field(p, c);
    if (c == d->quote && d->quoting != QUOTE_NONE) {
        p->state = IN_QUOTED;
    } else if (c == d->escape) {
        p->state = ESCAPED;
    } else if (c == ' ' && d->skip_space) {
        // nothing
    } else if (c == d->delimiter) {
        return save(p);
    } else {
        p->numeric = d->quoting == QUOTE_NONNUMERIC;
        p->state = IN_FIELD;
        return add(p, c);
    }
    return 0;
}

static int in_field(Parse *p, uint32_t c) {
    const Dialect *d = p->dialect;
    if (ends_line(c))
        return end_field(p, c);
    if (c == d->escape) {
        p->state = ESCAPED;
    } else if (c == d->delimiter) {
        p->state = START_FIELD;
        return save(p);
    } else {
        return add(p, c);
    }
    return 0;
}

static int after_quote(Parse *p, uint32_t c) {
    const Dialect *d = p->dialect;
    if (d->quoting != QUOTE_NONE && c == d->quote) {
        p->state = IN_QUOTED;
        return add(p, c);
    }
    if (c == d->delimiter) {
        p->state = START_FIELD;
        return save(p);
    }
    if (ends_line(c))
        return end_field(p, c);
    if (!d->strict) {
        p->state = IN_FIELD;
        return add(p, c);
    }
    Value delimiter = str_from_code_point(d->delimiter), quote = str_from_code_point(d->quote);
    if (!value_is_null(delimiter) && !value_is_null(quote))
        raise_error((Type *)value_object(csv_error), "'%V' expected after '%V'", delimiter, quote);
    ref_release(delimiter);
    ref_release(quote);
    return -1;
}

static int step(Parse *p, uint32_t c) {
    const Dialect *d = p->dialect;
    switch (p->state) {
    case START_RECORD:
        if (c == LINE_END)
            return 0; // an empty line is an empty row
        if (c == '\n' || c == '\r') {
            p->state = EAT_END;
            return 0;
        }
        p->state = START_FIELD;
        return start_field(p, c);
    case START_FIELD:
        return start_field(p, c);
    case ESCAPED:
        p->state = c == '\n' || c == '\r' ? AFTER_ESCAPED_END : IN_FIELD;
        return add(p, c == LINE_END ? '\n' : c);
    case AFTER_ESCAPED_END:
        return c == LINE_END ? 0 : in_field(p, c); // still in this state unless the field ends
    case IN_FIELD:
        return in_field(p, c);
    case IN_QUOTED:
        if (c == LINE_END)
            return 0;
        if (c == d->escape) {
            p->state = ESCAPED_IN_QUOTED;
        } else if (c == d->quote && d->quoting != QUOTE_NONE) {
            p->state = d->double_quote ? QUOTE_IN_QUOTED : IN_FIELD;
        } else {
            return add(p, c);
        }
        return 0;
    case ESCAPED_IN_QUOTED:
        p->state = IN_QUOTED;
        return add(p, c == LINE_END ? '\n' : c);
    case QUOTE_IN_QUOTED:
        return after_quote(p, c);
    case EAT_END:
        if (c == '\n' || c == '\r')
            return 0;
        if (c == LINE_END) {
            p->state = START_RECORD;
            return 0;
        }
        fail("new-line character seen in unquoted field - do you need to open the file in "
             "universal-newline mode?");
        return -1;
    }
    return 0;
}

// How many characters from i on are ordinary in the present state and go into the field as they
// are.
static int64_t ordinary(const Parse *p, Value line, int64_t i, int64_t length) {
    const Dialect *d = p->dialect;
    int64_t begin = i, most = p->limit - p->field.length;
    bool quoted = p->state == IN_QUOTED;
    uint32_t stop = quoted ? d->quoting != QUOTE_NONE ? d->quote : CSV_NO_CHARACTER : d->delimiter;
    if (most < length - i)
        length = most > 0 ? i + most : i;
    if (str_kind(line) == 0) {
        const uint8_t *data = str_data(line);
        for (; i < length; i++)
            if (data[i] == stop || data[i] == d->escape ||
                (!quoted && (data[i] == '\n' || data[i] == '\r')))
                break;
        return i - begin;
    }
    for (; i < length; i++) {
        uint32_t c = str_at(line, i);
        if (c == stop || c == d->escape || (!quoted && (c == '\n' || c == '\r')))
            break;
    }
    return i - begin;
}

// At the start of a field that has nothing special about it and ends in this line: takes it as it
// is. The place behind it and what ended it, or i if the field needs a closer look; -1 with an
// exception.
static int64_t plain_field(Parse *p, Value line, int64_t i, int64_t length) {
    const Dialect *d = p->dialect;
    uint32_t c = str_at(line, i);
    if (c == d->quote || c == d->delimiter || c == ' ' || d->quoting == QUOTE_NONNUMERIC)
        return i;
    p->state = IN_FIELD;
    int64_t end = i + ordinary(p, line, i, length);
    p->state = START_FIELD;
    if (end == i || end == length)
        return i;
    c = str_at(line, end);
    if (c != d->delimiter && c != '\n' && c != '\r')
        return i;
    Value text = str_substring(line, i, end);
    if (value_is_null(text) || list_append_owned(p->row, text) < 0)
        return -1;
    if (c != d->delimiter)
        p->state = EAT_END;
    return end + 1;
}

static int parse_line(Parse *p, Value line) {
    int64_t length = str_length(line);
    for (int64_t i = 0; i < length;) {
        if (p->state == START_FIELD || p->state == START_RECORD) {
            State state = p->state;
            int64_t next = plain_field(p, line, i, length);
            if (next < 0)
                return -1;
            if (next > i) {
                i = next;
                continue;
            }
            p->state = state;
        }
        if (step(p, str_at(line, i++)) < 0)
            return -1;
        if (p->state != IN_FIELD && p->state != IN_QUOTED)
            continue;
        int64_t count = ordinary(p, line, i, length);
        str_builder_substring(&p->field, line, i, i + count);
        i += count;
        if (p->field.failed)
            return -1;
    }
    return step(p, LINE_END);
}

static Reader *reader_of(Value v) {
    return (Reader *)value_object(v);
}

// 1: a row is complete; 0: the input is at its end; -1.
static int read_row(Reader *r, Parse *p) {
    do {
        Value line = iterator_next_of(&r->header, r->input);
        if (value_is_null(line)) {
            if (error_occurred() && !error_matches(&exception_StopIteration))
                return -1;
            error_clear();
            if (p->field.length == 0 && p->state != IN_QUOTED)
                return 0;
            if (p->dialect->strict) {
                fail("unexpected end of data");
                return -1;
            }
            return save(p) < 0 ? -1 : 1;
        }
        if (!value_is_str(line)) {
            raise_error((Type *)value_object(csv_error),
                        "iterator should return strings, not %T (the file should be opened in text "
                        "mode)",
                        line);
            ref_release(line);
            return -1;
        }
        __atomic_add_fetch(&r->lines, 1, __ATOMIC_RELAXED);
        int status = parse_line(p, line);
        ref_release(line);
        if (status < 0)
            return -1;
    } while (p->state != START_RECORD);
    return 1;
}

static Value reader_next(Value self) {
    Reader *r = reader_of(self);
    Parse p = {.dialect = csv_dialect_of(r->dialect),
               .row = list_new(),
               .limit = __atomic_load_n(&csv_field_limit, __ATOMIC_RELAXED)};
    if (value_is_null(p.row))
        return VALUE_NULL;
    str_builder_start(&p.field);
    int status = read_row(r, &p);
    if (!p.field.failed)
        str_builder_discard(&p.field);
    if (status > 0)
        return p.row;
    ref_release(p.row);
    return VALUE_NULL;
}

Value csv_reader_function(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 1 || nargs > 2)
        return raise_type_error(" expected at %s, got %zu",
                                nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    Value input = value_iter(args[0]);
    if (value_is_null(input))
        return VALUE_NULL;
    Value dialect = csv_dialect_make(nargs > 1 ? args[1] : VALUE_NULL, args + nargs, kwnames);
    Reader *r = value_is_null(dialect) ? NULL : object_allocate(&csv_reader_type);
    if (!r) {
        ref_release(input);
        ref_release(dialect);
        return VALUE_NULL;
    }
    r->input = input;
    r->dialect = dialect;
    return value_from_object(r);
}

static void reader_destroy(Object *self) {
    ref_release(((Reader *)self)->input);
    ref_release(((Reader *)self)->dialect);
    object_free_fixed(self);
}
static void reader_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Reader *)self)->input);
    gc_visit(visitor, ((Reader *)self)->dialect);
}

static Value reader_lines(Value self) {
    return int_from_i64(__atomic_load_n(&reader_of(self)->lines, __ATOMIC_RELAXED));
}

static const MemberDef reader_members[] = {
    {"dialect", offsetof(Reader, dialect), true, false},
    {NULL, 0, false, false},
};
static const GetSetDef reader_getsets[] = {
    {"line_num", reader_lines, NULL, NULL},
    {NULL},
};

Type csv_reader_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_csv.reader",
    .basic_size = sizeof(Reader),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .doc = "CSV reader\n\nAn iterator over rows.",
    .destroy = reader_destroy,
    .traverse = reader_traverse,
    .iter = object_self_iter,
    .next = reader_next,
    .members = reader_members,
    .getsets = reader_getsets,
};
