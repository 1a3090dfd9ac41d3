// SPDX-License-Identifier: MIT
//
// _sqlite3: a cursor runs statements: execute(), executemany(), executescript(). With the
// connection's lock held from the beginning to the end, and the cursor marked as locked, so that
// what parameters and callbacks run in Python does not come back to it.
#include "vm/modules/sqlite_internal.h"

typedef struct {
    SqliteCursor *cursor;
    SqliteConnection *connection;
    sqlite3 *db; // the library keeps it for as long as the statement is not ended
    bool many;
} Run;

static SqliteStatement *statement_of(const Run *run) {
    return sqlite_statement_of(run->cursor->statement);
}

// The statement, not used by another cursor, and a transaction if it needs one. 0 or -1.
static int begin(Run *run, Value sql) {
    SqliteCursor *c = run->cursor;
    field_clear(&c->header, &c->description);
    sqlite_cursor_drop_statement(c);
    Value statement = sqlite_statement_cached(run->connection, sql);
    if (value_is_null(statement))
        return -1;
    sqlite_cursor_set_statement(c, statement);
    if (run->many && sqlite3_stmt_readonly(statement_of(run)->resource->statement)) {
        sqlite_raise(PROGRAMMING, "executemany() can only execute DML statements.");
        return -1;
    }
    if (statement_of(run)->resource->in_use) {
        Value other = sqlite_statement_new(run->connection, sql);
        if (value_is_null(other))
            return -1;
        sqlite_cursor_set_statement(c, other);
    }
    SqliteStatement *s = statement_of(run);
    sqlite_statement_reset(s);
    s->resource->in_use = true;
    __atomic_store_n(&c->rowcount, s->is_dml ? 0 : -1, __ATOMIC_RELAXED);
    bool implicit = __atomic_load_n(&run->connection->isolation_level, __ATOMIC_RELAXED) != NULL;
    if (implicit && s->is_dml && sqlite3_get_autocommit(run->db))
        return sqlite_begin(run->connection);
    return 0;
}

// Adapters may have closed the connection.
static int check_still_open(Run *run) {
    if (run->connection->database->db == run->db)
        return 0;
    sqlite_raise(PROGRAMMING, "Cannot operate on a closed database.");
    return -1;
}

// One execution. 0, or -1, mostly with an exception.
static int run_once(Run *run, Value parameters) {
    SqliteCursor *c = run->cursor;
    SqliteStatement *s = statement_of(run);
    sqlite3_stmt *statement = s->resource->statement;
    if (sqlite_bind(s, parameters) < 0 || check_still_open(run) < 0)
        return -1;
    int code = sqlite_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        if (error_occurred()) // a collation's
            sqlite_callback_failed(VALUE_NONE);
        sqlite_raise_last(run->db);
        return -1;
    }
    if (error_occurred())
        return -1;
    if (sqlite_cursor_find_casts(c, run->connection, statement) < 0) {
        Value cause = error_take();
        sqlite_raise(OPERATIONAL, "Error while building row_cast_map");
        Value exception = error_take();
        value_setattr_cstr(exception, "__cause__", cause);
        ref_release(cause);
        error_restore(exception);
        return -1;
    }
    if (sqlite_cursor_describe(c, run->connection, statement) < 0)
        return -1;
    if (code == SQLITE_DONE) {
        if (s->is_dml)
            __atomic_store_n(&c->rowcount, c->rowcount + sqlite3_changes(run->db),
                             __ATOMIC_RELAXED);
        sqlite_statement_reset(s);
    }
    return 0;
}

static int run_many(Run *run, Value iterator) {
    Value parameters;
    while (!value_is_null(parameters = value_next(iterator))) {
        int status = check_still_open(run);
        if (status == 0) {
            statement_of(run)->resource->in_use = true;
            status = run_once(run, parameters);
            sqlite_statement_reset(statement_of(run)); // rows are not kept
        }
        ref_release(parameters);
        if (status < 0 || thread_safepoint(thread_current()) < 0)
            return -1;
    }
    return error_occurred() ? -1 : 0;
}

static int run_one(Run *run, Value parameters) {
    Value given = value_is_null(parameters) ? tuple_empty() : ref_new(parameters);
    int status = run_once(run, given);
    ref_release(given);
    if (status == 0) {
        Value id = int_from_i64(sqlite3_last_insert_rowid(run->db));
        if (value_is_null(id))
            return -1;
        field_store(&run->cursor->header, &run->cursor->lastrowid, id);
    }
    return status;
}

Value sqlite_cursor_run(Value cursor, bool many, Value sql, Value parameters) {
    SqliteCursor *c = sqlite_cursor_of(cursor);
    SqliteConnection *k = sqlite_cursor_enter(c);
    if (!k)
        return VALUE_NULL;
    Run run = {.cursor = c, .connection = k, .db = k->database->db, .many = many};
    c->locked = true;
    Value iterator = VALUE_NULL;
    if (many)
        iterator = value_type(parameters)->next ? ref_new(parameters) : value_iter(parameters);
    if ((!many || !value_is_null(iterator)) && check_still_open(&run) == 0 && begin(&run, sql) == 0)
        many ? run_many(&run, iterator) : run_one(&run, parameters);
    ref_release(iterator);
    c->locked = false;
    Value result = VALUE_NULL;
    if (error_occurred()) {
        sqlite_cursor_drop_statement(c);
        __atomic_store_n(&c->rowcount, -1, __ATOMIC_RELAXED);
    } else {
        if (!value_is_null(c->statement) &&
            !sqlite3_stmt_busy(statement_of(&run)->resource->statement))
            sqlite_cursor_drop_statement(c);
        result = ref_new(cursor);
    }
    sqlite_cursor_leave(k);
    return result;
}

// ---- scripts -----------------------------------------------------------------------------------

// 0; -1: the last call has failed, or (in which case there is an exception) a signal has come.
static int run_script(SqliteConnection *k, const char *sql, size_t length) {
    sqlite3 *db = k->database->db;
    if (!sqlite3_get_autocommit(db) && sqlite_run_text(db, "COMMIT") != SQLITE_OK)
        return -1;
    while (*sql) {
        sqlite3_stmt *statement;
        const char *tail = sql;
        thread_detach();
        int code = sqlite3_prepare_v2(db, sql, (int)length + 1, &statement, &tail);
        if (code == SQLITE_OK) {
            do
                code = sqlite3_step(statement);
            while (code == SQLITE_ROW);
            code = sqlite3_finalize(statement);
        }
        thread_attach();
        if (code != SQLITE_OK || thread_safepoint(thread_current()) < 0)
            return -1;
        if (k->database->db != db) {
            sqlite_raise(PROGRAMMING, "Cannot operate on a closed database.");
            return -1;
        }
        length -= (size_t)(tail - sql);
        sql = tail;
    }
    return 0;
}

Value sqlite_cursor_run_script(Value cursor, Value script) {
    char *owned;
    const char *sql = sqlite_text_argument("executescript", "", script, &owned);
    SqliteConnection *k = sql ? sqlite_cursor_enter(sqlite_cursor_of(cursor)) : NULL;
    Value result = VALUE_NULL;
    if (k) {
        sqlite3 *db = k->database->db;
        size_t length = strlen(sql);
        if (length > (size_t)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, -1)) {
            sqlite_raise(DATA, "query string is too large");
        } else if (run_script(k, sql, length) == 0) {
            result = error_occurred() ? VALUE_NULL : ref_new(cursor);
        } else if (!error_occurred()) {
            sqlite_raise_last(db);
        }
        sqlite_cursor_leave(k);
    }
    buffer_free(owned);
    return result;
}
