// SPDX-License-Identifier: MIT
//
// _sqlite3: a statement's parameters. With the database's lock held; adapters run Python code.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/list.h"
#include <limits.h>

static int bind_text(sqlite3_stmt *statement, int position, Value v, bool *failed) {
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8(v, &length, &owned);
    *failed = true;
    if (!text)
        return SQLITE_OK;
    if (length > INT_MAX) {
        raise_error(&exception_OverflowError, "string longer than INT_MAX bytes");
        buffer_free(owned);
        return SQLITE_OK;
    }
    *failed = false;
    int code = sqlite3_bind_text(statement, position, text, (int)length, SQLITE_TRANSIENT);
    buffer_free(owned);
    return code;
}

static int bind_buffer(sqlite3_stmt *statement, int position, Value v, bool *failed) {
    BufferView view;
    *failed = true;
    if (buffer_view_get(v, &view, false) < 0)
        return SQLITE_OK;
    int code = SQLITE_OK;
    if (view.length > INT_MAX) {
        raise_error(&exception_OverflowError, "BLOB longer than INT_MAX bytes");
    } else {
        *failed = false;
        // Without an address the library would take it for NULL.
        code = sqlite3_bind_blob(statement, position, view.length ? view.data : "",
                                 (int)view.length, SQLITE_TRANSIENT);
    }
    buffer_view_release(&view);
    return code;
}

// 0 or -1.
static int bind_value(sqlite3_stmt *statement, int position, Value v) {
    int code;
    bool failed = false;
    if (value_is_none(v)) {
        code = sqlite3_bind_null(statement, position);
    } else if (value_is_any_int(v)) {
        int64_t n;
        if (!int_to_i64(v, &n))
            return raise_int(&exception_OverflowError,
                             "Python int too large to convert to SQLite INTEGER");
        code = sqlite3_bind_int64(statement, position, n);
    } else if (value_is_any_float(v)) {
        code = sqlite3_bind_double(statement, position, float_value(v));
    } else if (value_is_str(v)) {
        code = bind_text(statement, position, v, &failed);
    } else if (value_type(v)->get_buffer) {
        code = bind_buffer(statement, position, v, &failed);
    } else {
        sqlite_raise(PROGRAMMING, "Error binding parameter %d: type '%s' is not supported",
                     position, type_full_name(value_type(v)));
        return -1;
    }
    if (failed)
        return -1;
    if (code == SQLITE_OK)
        return 0;
    sqlite_raise_last(sqlite3_db_handle(statement));
    return -1;
}

// v is consumed; VALUE_NULL: there is an exception already.
static int bind_adapted(sqlite3_stmt *statement, int position, Value v) {
    Value adapted = value_is_null(v) ? VALUE_NULL : sqlite_adapt_parameter(v);
    ref_release(v);
    if (value_is_null(adapted))
        return -1;
    int status = bind_value(statement, position, adapted);
    ref_release(adapted);
    return status;
}

static int check_count(int needed, int64_t given) {
    if (given == needed)
        return 0;
    sqlite_raise(PROGRAMMING,
                 "Incorrect number of bindings supplied. The current statement uses %d, and there "
                 "are %lld supplied.",
                 needed, (long long)given);
    return -1;
}

static int bind_sequence(sqlite3_stmt *statement, int needed, Value parameters) {
    bool is_tuple = value_is_exactly(parameters, &tuple_type);
    bool is_list = value_is_exactly(parameters, &list_type);
    int64_t count = is_tuple  ? tuple_length(parameters)
                    : is_list ? list_length(parameters)
                              : value_length(parameters);
    if (count < 0 || check_count(needed, count) < 0)
        return -1;
    int status = 0;
    for (int i = 0; i < needed && status == 0; i++) {
        Value v = is_tuple  ? ref_new(tuple_item(parameters, i))
                  : is_list ? list_get(parameters, i)
                            : value_getitem(parameters, value_from_int(i));
        status = bind_adapted(statement, i + 1, v);
    }
    return status;
}

static int bind_named(sqlite3_stmt *statement, int needed, Value parameters) {
    bool is_dict = value_is_exactly(parameters, &dict_type);
    int status = 0;
    for (int i = 1; i <= needed && status == 0; i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        if (!name) {
            sqlite_raise(PROGRAMMING,
                         "Binding %d has no name, but you supplied a dictionary (which has only "
                         "names).",
                         i);
            return -1;
        }
        Value key = str_from_utf8(name + 1, strlen(name + 1)); // without the ':'
        if (value_is_null(key))
            return -1;
        Value v = is_dict ? dict_get(parameters, key) : value_getitem(parameters, key);
        if (value_is_null(v) && (!error_occurred() || error_matches(&exception_LookupError))) {
            error_clear();
            sqlite_raise(PROGRAMMING, "You did not supply a value for binding parameter :%V.", key);
        }
        ref_release(key);
        status = bind_adapted(statement, i, v);
    }
    return status;
}

int sqlite_bind(SqliteStatement *s, Value parameters) {
    sqlite3_stmt *statement = s->resource->statement;
    int needed = sqlite3_bind_parameter_count(statement);
    if (value_is_exactly(parameters, &tuple_type) || value_is_exactly(parameters, &list_type) ||
        (!value_is_dict(parameters) && value_is_sequence(parameters)))
        return bind_sequence(statement, needed, parameters);
    if (value_is_dict(parameters))
        return bind_named(statement, needed, parameters);
    sqlite_raise(PROGRAMMING, "parameters are of unsupported type");
    return -1;
}
