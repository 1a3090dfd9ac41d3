// SPDX-License-Identifier: MIT
//
// _sqlite3: rows: the columns of a statement's present row as Python values, and what is known of
// the columns.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/arguments.h"
#include "vm/types/float.h"
#include "vm/types/list.h"
#include <stdio.h>

// ---- about columns -----------------------------------------------------------------------------

// The converter of a type in a column's name: `as "name [type]"`.
static Value converter_by_name(const char *name) {
    const char *begin = NULL;
    for (const char *p = name; *p; p++) {
        if (*p == '[')
            begin = p + 1;
        else if (*p == ']' && begin)
            return sqlite_converter(begin, (size_t)(p - begin));
    }
    return VALUE_NULL;
}

static Value converter_of(int detect_types, sqlite3_stmt *statement, int column) {
    Value converter = VALUE_NULL;
    if (detect_types & SQLITE_PARSE_COLNAMES) {
        const char *name = sqlite3_column_name(statement, column);
        if (!name)
            return raise_memory_error();
        converter = converter_by_name(name);
    }
    if (value_is_null(converter) && !error_occurred() && detect_types & SQLITE_PARSE_DECLTYPES) {
        const char *type = sqlite3_column_decltype(statement, column);
        if (type) // its first word
            converter = sqlite_converter(type, strcspn(type, " ("));
    }
    return value_is_null(converter) && !error_occurred() ? none_new() : converter;
}

int sqlite_cursor_find_casts(SqliteCursor *c, SqliteConnection *k, sqlite3_stmt *statement) {
    int detect_types = __atomic_load_n(&k->detect_types, __ATOMIC_RELAXED);
    if (!detect_types)
        return 0;
    int count = sqlite3_column_count(statement);
    Value casts = count ? tuple_allocate(count) : tuple_empty();
    if (value_is_null(casts))
        return -1;
    for (int i = 0; i < count; i++) {
        Value converter = converter_of(detect_types, statement, i);
        if (value_is_null(converter)) {
            ref_release(casts);
            return -1;
        }
        field_init(&tuple_of(casts)->items[i], converter);
    }
    field_store(&c->header, &c->casts, casts);
    return 0;
}

int sqlite_cursor_describe(SqliteCursor *c, SqliteConnection *k, sqlite3_stmt *statement) {
    int count = sqlite3_column_count(statement);
    if (count == 0 || !value_is_null(c->description))
        return 0;
    Value description = tuple_allocate(count);
    if (value_is_null(description))
        return -1;
    for (int i = 0; i < count; i++) {
        const char *text = sqlite3_column_name(statement, i);
        size_t length = text ? strlen(text) : 0;
        if (__atomic_load_n(&k->detect_types, __ATOMIC_RELAXED) & SQLITE_PARSE_COLNAMES) {
            length = text ? strcspn(text, "[") : 0;
            if (length && text[length] == '[' && text[length - 1] == ' ')
                length--;
        }
        Value name =
            text ? codec_decode((const uint8_t *)text, length, NULL, NULL) : raise_memory_error();
        Value item = value_is_null(name) ? VALUE_NULL
                                         : tuple_pack(7, name, VALUE_NONE, VALUE_NONE, VALUE_NONE,
                                                      VALUE_NONE, VALUE_NONE, VALUE_NONE);
        ref_release(name);
        if (value_is_null(item)) {
            ref_release(description);
            return -1;
        }
        field_init(&tuple_of(description)->items[i], item);
    }
    field_store(&c->header, &c->description, description);
    return 0;
}

// ---- columns -----------------------------------------------------------------------------------

static Value undecodable(sqlite3_stmt *statement, int column, const char *text) {
    char message[200];
    error_clear();
    const char *name = sqlite3_column_name(statement, column);
    if (!name)
        return raise_memory_error();
    snprintf(message, sizeof message - 1, "Could not decode to UTF-8 column '%s' with text '%s'",
             name, text);
    Value shown = codec_decode((const uint8_t *)message, strlen(message), "ascii", "replace");
    if (value_is_null(shown))
        return VALUE_NULL;
    sqlite_raise(OPERATIONAL, "%V", shown);
    ref_release(shown);
    return VALUE_NULL;
}

static Value decode(const char *text, size_t length) {
    // Our own reader takes surrogates, which begin with this byte.
    return memchr(text, 0xed, length) ? codec_decode((const uint8_t *)text, length, NULL, NULL)
                                      : str_from_utf8(text, length);
}

static Value text_column(SqliteConnection *k, sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    if (!text)
        return raise_memory_error();
    size_t length = (size_t)sqlite3_column_bytes(statement, column);
    Value factory = field_load(&k->header, &k->text_factory), result;
    if (value_same(factory, value_from_object(&str_type))) {
        result = decode(text, length);
        if (value_is_null(result) && error_matches(&exception_UnicodeDecodeError))
            undecodable(statement, column, text);
    } else if (value_same(factory, value_from_object(&bytes_type))) {
        result = bytes_new(text, length);
    } else if (value_same(factory, value_from_object(&bytearray_type))) {
        result = bytearray_new(text, length);
    } else {
        Value bytes = bytes_new(text, length);
        result = value_is_null(bytes)
                     ? bytes
                     : value_call_one(value_is_null(factory) ? VALUE_NONE : factory, bytes);
        ref_release(bytes);
    }
    ref_release(factory);
    return result;
}

static Value blob_column(sqlite3_stmt *statement, int column) {
    const void *data = sqlite3_column_blob(statement, column);
    if (!data && sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
        return raise_memory_error();
    return bytes_new(data, (size_t)sqlite3_column_bytes(statement, column));
}

static Value converted_column(sqlite3_stmt *statement, int column, Value converter) {
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return none_new();
    // An empty value has no address, and counts as none.
    if (!sqlite3_column_blob(statement, column))
        return sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM ? raise_memory_error()
                                                                             : none_new();
    Value bytes = blob_column(statement, column);
    Value result = value_is_null(bytes) ? bytes : value_call_one(converter, bytes);
    ref_release(bytes);
    return result;
}

static Value plain_column(SqliteConnection *k, sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
        return none_new();
    case SQLITE_INTEGER:
        return int_from_i64(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
        return float_new(sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
        return text_column(k, statement, column);
    default:
        return blob_column(statement, column);
    }
}

// The present row, a tuple. Converters and the text factory run Python code, which may change the
// cursor's fields; the statement is the caller's.
static Value make_row(SqliteConnection *k, sqlite3_stmt *statement, Value casts) {
    int count = sqlite3_data_count(statement);
    Value row = tuple_allocate(count);
    if (value_is_null(row))
        return VALUE_NULL;
    bool converts = __atomic_load_n(&k->detect_types, __ATOMIC_RELAXED) && !value_is_null(casts);
    for (int i = 0; i < count; i++) {
        Value converter = converts && i < tuple_length(casts) ? tuple_item(casts, i) : VALUE_NONE;
        Value v = value_is_none(converter) ? plain_column(k, statement, i)
                                           : converted_column(statement, i, converter);
        if (value_is_null(v)) {
            ref_release(row);
            return VALUE_NULL;
        }
        field_init(&tuple_of(row)->items[i], v);
    }
    return row;
}

// ---- rows --------------------------------------------------------------------------------------

// The present row; then the statement goes a step on. VALUE_NULL without an exception: the end.
// Lock held.
static Value take_row(SqliteCursor *c, SqliteConnection *k) {
    if (value_is_null(c->statement))
        return VALUE_NULL;
    Value owner = ref_new(c->statement), casts = VALUE_NULL;
    SqliteStatement *s = sqlite_statement_of(owner);
    sqlite3_stmt *statement = s->resource->statement;
    Value row = VALUE_NULL;
    if (sqlite3_data_count(statement) == 0) {
        sqlite_cursor_drop_statement(c);
    } else {
        sqlite3 *db = sqlite3_db_handle(statement);
        casts = value_is_null(c->casts) ? VALUE_NULL : ref_new(c->casts);
        c->locked = true;
        row = make_row(k, statement, casts);
        c->locked = false;
        int code = value_is_null(row) ? SQLITE_ROW : sqlite_step(statement);
        if (code == SQLITE_DONE) {
            if (s->is_dml)
                __atomic_store_n(&c->rowcount, sqlite3_changes(db), __ATOMIC_RELAXED);
            sqlite_cursor_drop_statement(c);
        } else if (code != SQLITE_ROW) {
            if (error_occurred())
                sqlite_callback_failed(VALUE_NONE);
            sqlite_raise_last(db);
            sqlite_cursor_drop_statement(c);
        }
        if (error_occurred()) {
            ref_release(row);
            row = VALUE_NULL;
        }
    }
    ref_release(casts);
    ref_release(owner);
    return row;
}

Value sqlite_cursor_next(Value self) {
    SqliteCursor *c = sqlite_cursor_of(self);
    SqliteConnection *k = sqlite_cursor_enter(c);
    if (!k)
        return VALUE_NULL;
    Value row = take_row(c, k);
    sqlite_cursor_leave(k);
    if (value_is_null(row) || error_occurred())
        return row;
    Value factory = field_load(&c->header, &c->row_factory);
    if (!value_is_null(factory) && !value_is_none(factory)) {
        Value made = value_call_two(factory, self, row);
        ref_release(row);
        row = made;
    }
    ref_release(factory);
    return row;
}

Value sqlite_cursor_fetchone(Value self) {
    Value row = sqlite_cursor_next(self);
    return value_is_null(row) && !error_occurred() ? none_new() : row;
}

// most: 0 or less: all.
static Value fetch(Value self, int64_t most) {
    Value rows = list_new(), row;
    if (value_is_null(rows))
        return VALUE_NULL;
    int64_t count = 0;
    while (!value_is_null(row = sqlite_cursor_next(self))) {
        if (list_append_owned(rows, row) < 0 || ++count == most)
            break;
    }
    if (!error_occurred())
        return rows;
    ref_release(rows);
    return VALUE_NULL;
}

Value sqlite_cursor_fetchall(Value self) {
    return fetch(self, 0);
}

Value sqlite_cursor_fetchmany(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"size", NULL};
    Value v[1];
    int most = __atomic_load_n(&sqlite_cursor_of(self)->arraysize, __ATOMIC_RELAXED);
    if (arguments_parse("fetchmany", args, nargs, kwnames, names, 0, 1, 0, v) < 0 ||
        int_argument(v[0], &most) < 0)
        return VALUE_NULL;
    return fetch(self, most);
}
