// SPDX-License-Identifier: MIT
//
// _csv.writer: rows to lines. A writer has nothing that changes: a row is put together on the C
// stack and handed to write() in one piece.
#include "vm/modules/csv_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/arguments.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    Value write, dialect; // constant
} Writer;

static Writer *writer_of(Value v) {
    return (Writer *)value_object(v);
}

static int fail(const char *message) {
    return raise_int((Type *)value_object(csv_error), "%s", message);
}

static bool is_special(const Dialect *d, uint32_t c) {
    return c == d->delimiter || c == d->escape || c == d->quote ||
           str_find_char(d->line_end, c, 0, str_length(d->line_end)) >= 0;
}

// Must this character be preceded by another one: the quote itself or the escape character.
static bool needs_prefix(const Dialect *d, uint32_t c, bool *escape) {
    *escape = true;
    if (d->quoting == QUOTE_NONE)
        return true;
    if (c == d->quote) {
        *escape = !d->double_quote;
        return true;
    }
    return c == d->escape;
}

static int append(StrBuilder *b, const Dialect *d, Value text, bool quoted, bool first) {
    int64_t length = value_is_null(text) ? 0 : str_length(text), special = 0;
    // What makes quotes necessary: a special character that is not escaped.
    for (int64_t i = 0; i < length; i++) {
        uint32_t c = str_at(text, i);
        bool escape;
        if (!is_special(d, c))
            continue;
        special++;
        if (!needs_prefix(d, c, &escape) || !escape)
            quoted = true;
        else if (d->escape == CSV_NO_CHARACTER)
            return fail("need to escape, but no escapechar set");
    }
    if (!first)
        str_builder_char(b, d->delimiter);
    if (quoted)
        str_builder_char(b, d->quote);
    if (special == 0 && length) {
        str_builder_str(b, text);
    } else {
        for (int64_t i = 0; i < length; i++) {
            uint32_t c = str_at(text, i);
            bool escape;
            if (is_special(d, c) && needs_prefix(d, c, &escape))
                str_builder_char(b, escape ? d->escape : d->quote);
            str_builder_char(b, c);
        }
    }
    if (quoted)
        str_builder_char(b, d->quote);
    return b->failed ? -1 : 0;
}

static int append_field(StrBuilder *b, const Dialect *d, Value field, bool first) {
    bool quoted =
        d->quoting == QUOTE_ALL || (d->quoting == QUOTE_NONNUMERIC && !value_is_number(field));
    if (value_is_str(field))
        return append(b, d, field, quoted, first);
    if (value_is_none(field))
        return append(b, d, VALUE_NULL, quoted, first);
    Value text = value_str(field);
    if (value_is_null(text))
        return -1;
    int status = append(b, d, text, quoted, first);
    ref_release(text);
    return status;
}

static int append_row(StrBuilder *b, const Dialect *d, Value row) {
    Value iterator = value_iter(row), field;
    if (value_is_null(iterator)) {
        if (error_matches(&exception_TypeError)) {
            error_clear();
            raise_error((Type *)value_object(csv_error), "iterable expected, not %T", row);
        }
        return -1;
    }
    int64_t count = 0;
    int status = 0;
    while (status == 0 && !value_is_null(field = value_next(iterator))) {
        status = append_field(b, d, field, count++ == 0);
        ref_release(field);
    }
    ref_release(iterator);
    if (status < 0 || error_occurred())
        return -1;
    if (count > 0 && b->length == 0) { // a line with nothing in it would be read as no field at all
        if (d->quoting == QUOTE_NONE)
            return fail("single empty field record must be quoted");
        if (append(b, d, VALUE_NULL, true, true) < 0)
            return -1;
    }
    str_builder_str(b, d->line_end);
    return b->failed ? -1 : 0;
}

static Value writer_row(Value self, Value row) {
    Writer *w = writer_of(self);
    StrBuilder b;
    str_builder_start(&b);
    if (append_row(&b, csv_dialect_of(w->dialect), row) < 0) {
        if (!b.failed)
            str_builder_discard(&b);
        return VALUE_NULL;
    }
    Value line = str_builder_finish(&b);
    if (value_is_null(line))
        return VALUE_NULL;
    Value result = value_call_one(w->write, line);
    ref_release(line);
    return result;
}

static Value writer_rows(Value self, Value rows) {
    Value iterator = value_iter(rows), row;
    if (value_is_null(iterator))
        return VALUE_NULL;
    while (!value_is_null(row = value_next(iterator))) {
        Value result = writer_row(self, row);
        ref_release(row);
        if (value_is_null(result))
            break;
        ref_release(result);
    }
    ref_release(iterator);
    return error_occurred() ? VALUE_NULL : none_new();
}

Value csv_writer_function(Value self, const Value *args, size_t nargs, Value kwnames) {
    if (nargs < 1 || nargs > 2)
        return raise_type_error(" expected at %s, got %zu",
                                nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    Value dialect = csv_dialect_make(nargs > 1 ? args[1] : VALUE_NULL, args + nargs, kwnames);
    if (value_is_null(dialect))
        return VALUE_NULL;
    Value write;
    int found = value_lookup_attr(args[0], name_write, &write);
    Writer *w = NULL;
    if (found == 0 || (found > 0 && !value_is_callable(write)))
        raise_type_error("argument 1 must have a \"write\" method");
    else if (found > 0)
        w = object_allocate(&csv_writer_type);
    if (!w) {
        if (found > 0)
            ref_release(write);
        ref_release(dialect);
        return VALUE_NULL;
    }
    w->write = write;
    w->dialect = dialect;
    return value_from_object(w);
}

static void writer_destroy(Object *self) {
    ref_release(((Writer *)self)->write);
    ref_release(((Writer *)self)->dialect);
    object_free_fixed(self);
}
static void writer_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Writer *)self)->write);
    gc_visit(visitor, ((Writer *)self)->dialect);
}

static const NativeDef writer_methods[] = {
    DEF_ONE("writerow", writer_row,
            "writerow(iterable)\n\nWrites one row; gives what write() gave."),
    DEF_ONE("writerows", writer_rows, "writerows(iterable of iterables)\n\nWrites all rows."),
    DEF_END,
};
static const MemberDef writer_members[] = {
    {"dialect", offsetof(Writer, dialect), true, false},
    {NULL, 0, false, false},
};

Type csv_writer_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_csv.writer",
    .basic_size = sizeof(Writer),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .doc = "CSV writer\n\nWrites rows to an object with a write() method.",
    .destroy = writer_destroy,
    .traverse = writer_traverse,
    .methods = writer_methods,
    .members = writer_members,
};
