// SPDX-License-Identifier: MIT
//
// _sqlite3: a program's functions and aggregates, called by the library as sqlite_callbacks.c says.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/arguments.h"
#include "vm/types/float.h"
#include <limits.h>

enum { MOST_ARGUMENTS = 127 }; // the library's highest limit

// ---- values ------------------------------------------------------------------------------------

static Value value_from_sqlite(sqlite3_value *v) {
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER:
        return int_from_i64(sqlite3_value_int64(v));
    case SQLITE_FLOAT:
        return float_new(sqlite3_value_double(v));
    case SQLITE_TEXT: {
        const uint8_t *text = sqlite3_value_text(v);
        return codec_decode(text, (size_t)sqlite3_value_bytes(v), NULL, NULL);
    }
    case SQLITE_BLOB: {
        const void *data = sqlite3_value_blob(v);
        return bytes_new(data, (size_t)sqlite3_value_bytes(v));
    }
    default:
        return none_new();
    }
}

// callable(*values): VALUE_NULL with an exception.
static Value call_with(Value callable, int count, sqlite3_value **values) {
    Value args[MOST_ARGUMENTS], result = VALUE_NULL;
    int made = 0;
    while (made < count && !value_is_null(args[made] = value_from_sqlite(values[made])))
        made++;
    if (made == count)
        result = value_call(callable, args, (size_t)count, VALUE_NULL);
    while (made)
        ref_release(args[--made]);
    return result;
}

static int give_text(sqlite3_context *context, Value v) {
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8(v, &length, &owned);
    if (!text)
        return -1;
    if (length <= INT_MAX)
        sqlite3_result_text(context, text, (int)length, SQLITE_TRANSIENT);
    buffer_free(owned);
    return length <= INT_MAX
               ? 0
               : raise_int(&exception_OverflowError, "string is longer than INT_MAX bytes");
}

static int give_buffer(sqlite3_context *context, Value v) {
    BufferView view;
    if (buffer_view_get(v, &view, false) < 0)
        return -1;
    bool fits = view.length <= INT_MAX;
    if (fits)
        sqlite3_result_blob(context, view.length ? view.data : "", (int)view.length,
                            SQLITE_TRANSIENT);
    buffer_view_release(&view);
    return fits ? 0 : raise_int(&exception_OverflowError, "BLOB longer than INT_MAX bytes");
}

static int give(sqlite3_context *context, Value v) {
    if (value_is_none(v)) {
        sqlite3_result_null(context);
    } else if (value_is_any_int(v)) {
        int64_t n;
        if (!int_to_i64(v, &n))
            return raise_int(&exception_OverflowError,
                             "Python int too large to convert to SQLite INTEGER");
        sqlite3_result_int64(context, n);
    } else if (value_is_any_float(v)) {
        sqlite3_result_double(context, float_value(v));
    } else if (value_is_str(v)) {
        return give_text(context, v);
    } else if (value_type(v)->get_buffer) {
        return give_buffer(context, v);
    } else {
        sqlite_raise(PROGRAMMING, "User-defined functions cannot return '%s' values to SQLite",
                     type_full_name(value_type(v)));
        return -1;
    }
    return 0;
}

// The statement fails with this message. An exception is pending.
static void fail(sqlite3_context *context, Value callable, const char *message) {
    if (error_matches(&exception_MemoryError))
        sqlite3_result_error_nomem(context);
    else if (error_matches(&exception_OverflowError))
        sqlite3_result_error_toobig(context);
    else
        sqlite3_result_error(context, message, -1);
    sqlite_callback_failed(callable);
}

// What the context's function is, with a scope entered: a new reference, or VALUE_NULL where the
// connection has died, and the statement fails.
static Value enter(sqlite3_context *context, SqliteScope *scope) {
    sqlite_scope_enter(scope);
    const SqliteCallback *c = sqlite3_user_data(context);
    if (!value_is_null(c->callable))
        return ref_new(c->callable);
    sqlite3_result_error(context, "the connection is closed", -1);
    return VALUE_NULL;
}

// ---- functions ---------------------------------------------------------------------------------

static void on_function(sqlite3_context *context, int count, sqlite3_value **values) {
    SqliteScope scope;
    Value callable = enter(context, &scope);
    if (!value_is_null(callable)) {
        Value result = call_with(callable, count, values);
        if (value_is_null(result) || give(context, result) < 0)
            fail(context, callable, "user-defined function raised exception");
        ref_release(result);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
}

// ---- aggregates --------------------------------------------------------------------------------

// The pointer to an instance that the library keeps for one evaluation.
static SqliteAggregate *aggregate_of(sqlite3_context *context, bool makes) {
    SqliteAggregate **place =
        sqlite3_aggregate_context(context, makes ? (int)sizeof(SqliteAggregate *) : 0);
    SqliteDatabase *d = ((SqliteCallback *)sqlite3_user_data(context))->database;
    if (!place || *place || !makes)
        return place ? *place : NULL;
    SqliteAggregate *a = buffer_allocate(sizeof *a);
    if (!a)
        return NULL;
    *a = (SqliteAggregate){.next = d->aggregates};
    if (a->next)
        a->next->previous = a;
    return *place = d->aggregates = a;
}

static void aggregate_free(SqliteDatabase *d, SqliteAggregate *a) {
    if (a->previous)
        a->previous->next = a->next;
    else
        d->aggregates = a->next;
    if (a->next)
        a->next->previous = a->previous;
    Value instance = a->instance;
    buffer_free(a);
    ref_release(instance);
}

// The method's result is not wanted.
static void call_method(sqlite3_context *context, Value callable, Value instance, const char *name,
                        int count, sqlite3_value **values, const char *missing,
                        const char *raised) {
    Value method = value_getattr_cstr(instance, name);
    if (value_is_null(method)) {
        fail(context, callable, missing);
        return;
    }
    Value result = call_with(method, count, values);
    if (value_is_null(result))
        fail(context, callable, raised);
    ref_release(result);
    ref_release(method);
}

static void on_step(sqlite3_context *context, int count, sqlite3_value **values) {
    SqliteScope scope;
    Value callable = enter(context, &scope);
    if (!value_is_null(callable)) {
        SqliteAggregate *a = aggregate_of(context, true);
        if (!a) {
            sqlite3_result_error_nomem(context);
        } else if (value_is_null(a->instance)) {
            Value made = value_call_none(callable);
            a->instance = made;
            if (value_is_null(made))
                fail(context, callable, "user-defined aggregate's '__init__' method raised error");
        }
        Value instance = a && !value_is_null(a->instance) ? ref_new(a->instance) : VALUE_NULL;
        if (!value_is_null(instance))
            call_method(context, callable, instance, "step", count, values,
                        "user-defined aggregate's 'step' method not defined",
                        "user-defined aggregate's 'step' method raised error");
        ref_release(instance);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
}

static void on_inverse(sqlite3_context *context, int count, sqlite3_value **values) {
    SqliteScope scope;
    Value callable = enter(context, &scope);
    if (!value_is_null(callable)) {
        SqliteAggregate *a = aggregate_of(context, false);
        Value instance = a && !value_is_null(a->instance) ? ref_new(a->instance) : VALUE_NULL;
        if (!value_is_null(instance))
            call_method(context, callable, instance, "inverse", count, values,
                        "user-defined aggregate's 'inverse' method not defined",
                        "user-defined aggregate's 'inverse' method raised error");
        ref_release(instance);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
}

// value() and finalize(), whose result becomes the expression's.
static void ask(sqlite3_context *context, Value callable, Value instance, const char *name,
                const char *missing, const char *raised) {
    Value result = value_call_method_cstr(instance, name, NULL, 0);
    if (value_is_null(result) || give(context, result) < 0)
        fail(context, callable, error_matches(&exception_AttributeError) ? missing : raised);
    ref_release(result);
}

static void on_value(sqlite3_context *context) {
    SqliteScope scope;
    Value callable = enter(context, &scope);
    if (!value_is_null(callable)) {
        SqliteAggregate *a = aggregate_of(context, false);
        Value instance = a && !value_is_null(a->instance) ? ref_new(a->instance) : VALUE_NULL;
        if (!value_is_null(instance))
            ask(context, callable, instance, "value",
                "user-defined aggregate's 'value' method not defined",
                "user-defined aggregate's 'value' method raised error");
        ref_release(instance);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
}

// Also called for an evaluation that ends early, when its statement is reset.
static void on_final(sqlite3_context *context) {
    SqliteScope scope;
    Value callable = enter(context, &scope);
    SqliteDatabase *d = ((SqliteCallback *)sqlite3_user_data(context))->database;
    SqliteAggregate *a = aggregate_of(context, false); // none: no row was met
    if (a) {
        Value instance = value_is_null(a->instance) ? VALUE_NULL : ref_new(a->instance);
        if (!value_is_null(callable) && !value_is_null(instance) && !d->quiet)
            ask(context, callable, instance, "finalize",
                "user-defined aggregate's 'finalize' method not defined",
                "user-defined aggregate's 'finalize' method raised error");
        aggregate_free(d, a);
        ref_release(instance);
    }
    ref_release(callable);
    sqlite_scope_leave(&scope);
}

// ---- making them -------------------------------------------------------------------------------

enum { KIND_FUNCTION, KIND_AGGREGATE, KIND_WINDOW };

static int create(sqlite3 *db, int kind, const char *name, int count, int flags,
                  SqliteCallback *callback) {
    void (*end)(void *) = callback ? sqlite_callback_end : NULL;
    bool on = callback != NULL;
    thread_detach();
    int code =
        kind == KIND_FUNCTION ? sqlite3_create_function_v2(db, name, count, flags, callback,
                                                           on ? on_function : NULL, NULL, NULL, end)
        : kind == KIND_AGGREGATE
            ? sqlite3_create_function_v2(db, name, count, flags, callback, NULL,
                                         on ? on_step : NULL, on ? on_final : NULL, end)
            : sqlite3_create_window_function(db, name, count, flags, callback, on ? on_step : NULL,
                                             on ? on_final : NULL, on ? on_value : NULL,
                                             on ? on_inverse : NULL, end);
    thread_attach();
    return code;
}

static Value create_any(Value self, int kind, const char *function, const char *label, Value name,
                        Value count_value, int flags, Value callable) {
    SqliteConnection *c = sqlite_connection_of(self);
    char *owned;
    int count;
    const char *text = sqlite_text_argument(function, label, name, &owned);
    Value result = VALUE_NULL;
    if (text && int_argument(count_value, &count) == 0 && sqlite_enter(c) == 0) {
        SqliteCallback *callback = NULL;
        sqlite3 *db = c->database->db;
        // None takes a window function away; the others are called, and fail.
        if ((value_is_none(callable) && kind == KIND_WINDOW) ||
            (callback = sqlite_callback_new(c->database, callable))) {
            // If this fails, the library has ended the callback, and says nothing of why.
            int code = create(db, kind, text, count, flags, callback);
            if (code == SQLITE_OK)
                result = none_new();
            else if (kind == KIND_WINDOW)
                sqlite_raise(PROGRAMMING, "%s", sqlite3_errstr(code));
            else
                sqlite_raise(OPERATIONAL, "Error creating %s",
                             kind == KIND_FUNCTION ? "function" : "aggregate");
        }
        sqlite_leave(c);
    }
    buffer_free(owned);
    return result;
}

Value sqlite_create_function(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "narg", "func", "deterministic", NULL};
    Value v[4];
    if (arguments_parse("create_function", args, nargs, kwnames, names, 0, 3, 3, v) < 0)
        return VALUE_NULL;
    int deterministic = value_is_null(v[3]) ? 0 : value_truth(v[3]);
    if (deterministic < 0)
        return VALUE_NULL;
    return create_any(self, KIND_FUNCTION, "create_function", "'name'", v[0], v[1],
                      SQLITE_UTF8 | (deterministic ? SQLITE_DETERMINISTIC : 0), v[2]);
}

Value sqlite_create_aggregate(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", "n_arg", "aggregate_class", NULL};
    Value v[3];
    if (arguments_parse("create_aggregate", args, nargs, kwnames, names, 0, 3, 3, v) < 0)
        return VALUE_NULL;
    return create_any(self, KIND_AGGREGATE, "create_aggregate", "'name'", v[0], v[1], SQLITE_UTF8,
                      v[2]);
}

Value sqlite_create_window_function(Value self, const Value *args, size_t nargs) {
    return create_any(self, KIND_WINDOW, "create_window_function", "1", args[0], args[1],
                      SQLITE_UTF8, args[2]);
}
