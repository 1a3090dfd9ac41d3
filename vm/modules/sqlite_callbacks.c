// SPDX-License-Identifier: MIT
//
// _sqlite3: what the library calls of a program's: the lists that the collector finds them in,
// collations, and the handlers of a connection. Functions are in sqlite_functions.c.
//
// The library is called detached, by a thread that holds the database's lock; a callback attaches
// and detaches again (SqliteScope). Only a collation may also be called by a thread of the
// library's own, which sorts.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/arguments.h"
#include <pthread.h>
#include <stdlib.h>

bool sqlite_tracebacks;

// ---- scopes ------------------------------------------------------------------------------------

// A thread of the library's own becomes one of ours with its first callback, and is given up when
// it ends, by the key's destructor.
static pthread_once_t adopted_once = PTHREAD_ONCE_INIT;
static pthread_key_t adopted_key; // constant after that

static void end_adopted(void *thread) {
    thread_attach();
    thread_abandon();
}
static void make_adopted_key(void) {
    if (pthread_key_create(&adopted_key, end_adopted) != 0)
        abort();
}
static void adopt(void) {
    pthread_once(&adopted_once, make_adopted_key);
    Thread *thread = thread_adopt();
    if (!thread || pthread_setspecific(adopted_key, thread) != 0)
        abort(); // no memory for a thread
}

void sqlite_scope_enter(SqliteScope *scope) {
    if (thread_current())
        thread_attach();
    else
        adopt();
    scope->exception = error_take();
}
void sqlite_scope_leave(SqliteScope *scope) {
    if (!value_is_null(scope->exception)) {
        error_clear();
        error_restore(scope->exception);
    }
    thread_detach();
}

void sqlite_callback_failed(Value callable) {
    if (__atomic_load_n(&sqlite_tracebacks, __ATOMIC_RELAXED))
        error_report_unraisable(NULL, callable);
    else
        error_clear();
}

// ---- their life --------------------------------------------------------------------------------

SqliteCallback *sqlite_callback_new(SqliteDatabase *d, Value callable) {
    SqliteCallback *c = buffer_allocate(sizeof *c);
    if (!c) {
        raise_memory_error();
        return NULL;
    }
    *c = (SqliteCallback){.next = d->callbacks, .database = d, .callable = ref_new(callable)};
    if (c->next)
        c->next->previous = c;
    d->callbacks = c;
    return c;
}

void sqlite_callback_free(SqliteCallback *c) {
    if (!c)
        return;
    if (c->previous)
        c->previous->next = c->next;
    else
        c->database->callbacks = c->next;
    if (c->next)
        c->next->previous = c->previous;
    Value callable = c->callable;
    buffer_free(c);
    ref_release(callable);
}

void sqlite_callback_end(void *callback) {
    SqliteScope scope;
    sqlite_scope_enter(&scope);
    sqlite_callback_free(callback);
    sqlite_scope_leave(&scope);
}

void sqlite_handlers_end(SqliteConnection *c) {
    SqliteCallback *handlers[] = {c->authorizer, c->progress, c->trace};
    sqlite3 *db = c->database->db;
    c->authorizer = c->progress = c->trace = NULL;
    if (db) {
        sqlite3_set_authorizer(db, NULL, NULL);
        sqlite3_progress_handler(db, 0, NULL, NULL);
        sqlite3_trace_v2(db, 0, NULL, NULL);
    }
    for (int i = 0; i < 3; i++)
        sqlite_callback_free(handlers[i]);
}

// A reference to what is to be called, or VALUE_NULL where the connection has died.
static Value callable_of(const SqliteCallback *c) {
    return value_is_null(c->callable) ? VALUE_NULL : ref_new(c->callable);
}

// ---- collations --------------------------------------------------------------------------------

static int order_of(Value answer) {
    int64_t n;
    Value index = value_is_null(answer) ? VALUE_NULL : value_index(answer);
    if (value_is_null(index)) {
        if (!value_is_null(answer))
            error_clear();
        return 0;
    }
    int order = int_sign(index);
    if (int_to_i64(index, &n))
        order = n > 0 ? 1 : n < 0 ? -1 : 0;
    ref_release(index);
    return order;
}

// An exception stays, for who has called the library; until he has it, all is equal.
static int on_collation(void *context, int length_a, const void *a, int length_b, const void *b) {
    SqliteScope scope;
    sqlite_scope_enter(&scope);
    int order = 0;
    Value callable = value_is_null(scope.exception) ? callable_of(context) : VALUE_NULL;
    if (!value_is_null(callable)) {
        Value args[2] = {codec_decode(a, (size_t)length_a, NULL, NULL),
                         codec_decode(b, (size_t)length_b, NULL, NULL)};
        if (!value_is_null(args[0]) && !value_is_null(args[1])) {
            Value answer = value_call(callable, args, 2, VALUE_NULL);
            order = order_of(answer);
            ref_release(answer);
        }
        ref_release(args[0]);
        ref_release(args[1]);
        ref_release(callable);
    }
    if (error_occurred() && pthread_once(&adopted_once, make_adopted_key) == 0 &&
        pthread_getspecific(adopted_key))
        error_clear(); // nobody will look
    sqlite_scope_leave(&scope);
    return order;
}

Value sqlite_create_collation(Value self, const Value *args, size_t nargs) {
    SqliteConnection *c = sqlite_connection_of(self);
    char *owned;
    const char *name = sqlite_text_argument("create_collation", "1", args[0], &owned);
    if (!name)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    bool none = value_is_none(args[1]);
    if (sqlite_enter(c) == 0) {
        SqliteCallback *callback = NULL;
        if (!none && !value_is_callable(args[1]))
            raise_type_error("parameter must be callable");
        else if (none || (callback = sqlite_callback_new(c->database, args[1]))) {
            sqlite3 *db = c->database->db;
            thread_detach();
            int code = sqlite3_create_collation_v2(db, name, SQLITE_UTF8, callback,
                                                   none ? NULL : on_collation,
                                                   none ? NULL : sqlite_callback_end);
            thread_attach();
            if (code == SQLITE_OK) {
                result = none_new();
            } else {
                sqlite_callback_free(callback); // here the library does not
                sqlite_raise_last(db);
            }
        }
        sqlite_leave(c);
    }
    buffer_free(owned);
    return result;
}

// ---- handlers ----------------------------------------------------------------------------------

static Value text_or_none(const char *text) {
    return text ? str_from_utf8(text, strlen(text)) : none_new();
}

static int on_authorizer(void *context, int action, const char *a, const char *b,
                         const char *database, const char *source) {
    SqliteScope scope;
    sqlite_scope_enter(&scope);
    int code = SQLITE_DENY;
    Value callable = callable_of(context);
    if (!value_is_null(callable)) {
        Value args[5] = {value_from_int(action), text_or_none(a), text_or_none(b),
                         text_or_none(database), text_or_none(source)};
        Value answer = error_occurred() ? VALUE_NULL : value_call(callable, args, 5, VALUE_NULL);
        if (value_is_null(answer)) {
            sqlite_callback_failed(callable);
        } else if (value_is_any_int(answer) && int_argument(answer, &code) < 0) {
            sqlite_callback_failed(callable);
            code = SQLITE_DENY;
        }
        ref_release(answer);
        for (int i = 0; i < 5; i++)
            ref_release(args[i]);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
    return code;
}

static int on_progress(void *context) {
    SqliteScope scope;
    sqlite_scope_enter(&scope);
    int stop = 1;
    Value callable = callable_of(context);
    if (!value_is_null(callable)) {
        Value answer = value_call_none(callable);
        stop = value_is_null(answer) ? -1 : value_truth(answer);
        if (stop < 0)
            sqlite_callback_failed(callable);
        ref_release(answer);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
    return stop;
}

static Value traced_text(sqlite3_stmt *statement, const char *sql, Value callable) {
    char *expanded = sqlite3_expanded_sql(statement);
    if (!expanded) {
        if (sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM)
            return raise_memory_error();
        sqlite_raise(DATA, "Expanded SQL string exceeds the maximum string length");
        sqlite_callback_failed(callable);
        return str_from_utf8(sql, strlen(sql));
    }
    Value text = str_from_utf8(expanded, strlen(expanded));
    sqlite3_free(expanded);
    return text;
}

static int on_trace(unsigned type, void *context, void *statement, void *sql) {
    if (type != SQLITE_TRACE_STMT)
        return 0;
    SqliteScope scope;
    sqlite_scope_enter(&scope);
    Value callable = callable_of(context);
    if (!value_is_null(callable)) {
        Value text = traced_text(statement, sql, callable);
        Value answer = value_is_null(text) ? VALUE_NULL : value_call_one(callable, text);
        if (value_is_null(answer))
            sqlite_callback_failed(callable);
        ref_release(text);
        ref_release(answer);
        ref_release(callable);
    }
    sqlite_scope_leave(&scope);
    return 0;
}

// A new handler in place of the one in *slot, which the library is told of by `install`. None: no
// handler.
static Value set_handler(SqliteConnection *c, SqliteCallback **slot, Value callable, int n,
                         int (*install)(sqlite3 *, SqliteCallback *, int), const char *message) {
    if (sqlite_enter(c) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    SqliteCallback *callback = NULL;
    if (value_is_none(callable) || (callback = sqlite_callback_new(c->database, callable))) {
        SqliteCallback *old = *slot;
        if (install(c->database->db, callback, n) == SQLITE_OK) {
            *slot = callback;
            sqlite_callback_free(old);
            result = none_new();
        } else {
            sqlite_callback_free(callback);
            sqlite_raise(OPERATIONAL, "%s", message);
        }
    }
    sqlite_leave(c);
    return result;
}

static int install_authorizer(sqlite3 *db, SqliteCallback *callback, int n) {
    return sqlite3_set_authorizer(db, callback ? on_authorizer : NULL, callback);
}
static int install_progress(sqlite3 *db, SqliteCallback *callback, int n) {
    sqlite3_progress_handler(db, callback ? n : 0, callback ? on_progress : NULL, callback);
    return SQLITE_OK;
}
static int install_trace(sqlite3 *db, SqliteCallback *callback, int n) {
    return sqlite3_trace_v2(db, callback ? SQLITE_TRACE_STMT : 0, callback ? on_trace : NULL,
                            callback);
}

Value sqlite_set_authorizer(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"authorizer_callback", NULL};
    Value v[1];
    SqliteConnection *c = sqlite_connection_of(self);
    if (arguments_parse("set_authorizer", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return set_handler(c, &c->authorizer, v[0], 0, install_authorizer,
                       "Error setting authorizer callback");
}

Value sqlite_set_progress_handler(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"progress_handler", "n", NULL};
    Value v[2];
    int n;
    SqliteConnection *c = sqlite_connection_of(self);
    if (arguments_parse("set_progress_handler", args, nargs, kwnames, names, 0, 2, 2, v) < 0 ||
        int_argument(v[1], &n) < 0)
        return VALUE_NULL;
    return set_handler(c, &c->progress, v[0], n, install_progress, "");
}

Value sqlite_set_trace_callback(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"trace_callback", NULL};
    Value v[1];
    SqliteConnection *c = sqlite_connection_of(self);
    if (arguments_parse("set_trace_callback", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    return set_handler(c, &c->trace, v[0], 0, install_trace, "Error setting trace callback");
}
