// SPDX-License-Identifier: MIT
//
// _sqlite3: class Cursor. Running statements is in sqlite_execute.c, rows are in sqlite_fetch.c.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/arguments.h"
#include "vm/types/type.h"

// ---- entering ----------------------------------------------------------------------------------

static bool is_connection(SqliteCursor *c, const SqliteConnection *k) {
    return value_same(field_raw(&c->connection), value_from_object(k));
}

static SqliteConnection *refuse(SqliteConnection *k, const char *message) {
    if (message)
        sqlite_raise(PROGRAMMING, "%s", message);
    if (k)
        ref_release_object(k);
    return NULL;
}

// The cursor's connection with its lock, whether it is open or not.
static SqliteConnection *lock_connection(SqliteCursor *c) {
    for (;;) {
        Value v = field_load(&c->header, &c->connection);
        if (value_is_null(v) || !__atomic_load_n(&c->initialized, __ATOMIC_RELAXED)) {
            ref_release(v);
            return refuse(NULL, "Base Cursor.__init__ not called.");
        }
        SqliteConnection *k = sqlite_connection_of(v);
        if (__atomic_load_n(&c->closed, __ATOMIC_RELAXED))
            return refuse(k, "Cannot operate on a closed cursor.");
        if (sqlite_check_thread(k) < 0)
            return refuse(k, NULL);
        sqlite_lock(k->database);
        if (is_connection(c, k)) // else __init__ was called meanwhile
            return k;
        sqlite_unlock(k->database);
        ref_release(v);
    }
}

SqliteConnection *sqlite_cursor_enter(SqliteCursor *c) {
    SqliteConnection *k = lock_connection(c);
    if (!k)
        return NULL;
    bool recursive = c->locked;
    if (sqlite_check_open(k) == 0 && !recursive)
        return k;
    if (!error_occurred())
        sqlite_raise(PROGRAMMING, "Recursive use of cursors not allowed.");
    sqlite_cursor_leave(k);
    return NULL;
}

void sqlite_cursor_leave(SqliteConnection *k) {
    sqlite_unlock(k->database);
    ref_release_object(k);
}

void sqlite_cursor_drop_statement(SqliteCursor *c) {
    Value statement = c->statement;
    if (value_is_null(statement))
        return;
    sqlite_statement_reset(sqlite_statement_of(statement));
    sqlite_cursor_set_statement(c, VALUE_NULL);
}

void sqlite_cursor_set_statement(SqliteCursor *c, Value statement) {
    SqliteResource *running =
        value_is_null(statement) ? NULL : sqlite_statement_of(statement)->resource;
    if (running)
        __atomic_fetch_add(&running->holders, 1, __ATOMIC_RELAXED);
    Value old = c->statement;
    SqliteResource *ran = c->running;
    c->statement = statement;
    c->running = running;
    if (ran)
        sqlite_resource_release(ran);
    ref_release(old);
}

// ---- life --------------------------------------------------------------------------------------

static Value cursor_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    SqliteCursor *c = object_allocate(type);
    return c ? value_from_object(c) : VALUE_NULL;
}

// Under the old connection's lock, if there is one: the cursor is as new.
static int begin(SqliteCursor *c, Value connection) {
    if (c->locked) {
        sqlite_raise(PROGRAMMING, "Recursive use of cursors not allowed.");
        return -1;
    }
    sqlite_cursor_drop_statement(c);
    field_clear(&c->header, &c->casts);
    field_clear(&c->header, &c->description);
    field_clear(&c->header, &c->lastrowid);
    field_clear(&c->header, &c->row_factory);
    __atomic_store_n(&c->arraysize, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&c->rowcount, -1, __ATOMIC_RELAXED);
    __atomic_store_n(&c->closed, false, __ATOMIC_RELAXED);
    field_store(&c->header, &c->connection, ref_new(connection));
    __atomic_store_n(&c->initialized, true, __ATOMIC_RELAXED);
    return 0;
}

static int cursor_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    SqliteCursor *c = sqlite_cursor_of(self);
    if (!value_is_null(kwnames) && tuple_length(kwnames))
        return raise_int(&exception_TypeError, "Cursor() takes no keyword arguments");
    if (nargs != 1)
        return raise_int(&exception_TypeError, "Cursor expected 1 argument, got %zu", nargs);
    if (!value_is_instance(args[0], &sqlite_connection_type))
        return raise_int(&exception_TypeError,
                         "Cursor() argument 1 must be sqlite3.Connection, not %s",
                         value_is_none(args[0]) ? "None" : type_full_name(value_type(args[0])));
    Value old = field_load(&c->header, &c->connection);
    SqliteDatabase *d = value_is_null(old) ? sqlite_connection_of(args[0])->database
                                           : sqlite_connection_of(old)->database;
    sqlite_lock(d);
    int status = value_is_null(old) || is_connection(c, sqlite_connection_of(old))
                     ? begin(c, args[0])
                     : 0; // another thread's __init__ came first
    sqlite_unlock(d);
    ref_release(old);
    return status < 0 ? -1 : sqlite_check_thread(sqlite_connection_of(args[0]));
}

static void cursor_destroy(Object *self) {
    SqliteCursor *c = (SqliteCursor *)self;
    if (c->running) {
        sqlite_resource_leave(c->running, RESOURCE_RESET);
        sqlite_resource_release(c->running);
    }
    ref_release(c->statement);
    ref_release(c->casts);
    ref_release(c->connection);
    ref_release(c->description);
    ref_release(c->lastrowid);
    ref_release(c->row_factory);
    type_free_instance(self);
}
static void cursor_traverse(Object *self, GcVisitor *visitor) {
    SqliteCursor *c = (SqliteCursor *)self;
    gc_visit(visitor, c->statement);
    gc_visit(visitor, c->casts);
    gc_visit(visitor, c->connection);
    gc_visit(visitor, c->description);
    gc_visit(visitor, c->lastrowid);
    gc_visit(visitor, c->row_factory);
}
// The connection stays: what resets the statement wants its lock.
static void cursor_clear(Object *self) {
    SqliteCursor *c = (SqliteCursor *)self;
    field_clear(self, &c->casts);
    field_clear(self, &c->row_factory);
    field_clear(self, &c->description);
}

static Value cursor_close(Value self) {
    SqliteCursor *c = sqlite_cursor_of(self);
    Value v = field_load(&c->header, &c->connection);
    if (value_is_null(v))
        return sqlite_raise(PROGRAMMING, "Base Cursor.__init__ not called.");
    SqliteConnection *k = sqlite_connection_of(v);
    Value result = VALUE_NULL;
    if (sqlite_check_thread(k) == 0) {
        sqlite_lock(k->database);
        if (c->locked) {
            sqlite_raise(PROGRAMMING, "Recursive use of cursors not allowed.");
        } else if (sqlite_check_open(k) == 0) {
            sqlite_cursor_drop_statement(c);
            __atomic_store_n(&c->closed, true, __ATOMIC_RELAXED);
            result = none_new();
        }
        sqlite_unlock(k->database);
    }
    ref_release(v);
    return result;
}

// ---- methods -----------------------------------------------------------------------------------

static Value cursor_execute(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("execute() argument 1 must be str, not %G", args[0]);
    return sqlite_cursor_run(self, false, args[0], nargs > 1 ? args[1] : VALUE_NULL);
}
static Value cursor_executemany(Value self, const Value *args, size_t nargs) {
    if (!value_is_str(args[0]))
        return raise_type_error("executemany() argument 1 must be str, not %G", args[0]);
    return sqlite_cursor_run(self, true, args[0], args[1]);
}
static Value cursor_setinputsizes(Value self, Value sizes) {
    return none_new();
}
static Value cursor_setoutputsize(Value self, const Value *args, size_t nargs) {
    return none_new();
}

static Value get_rowcount(Value self) {
    return int_from_i64(__atomic_load_n(&sqlite_cursor_of(self)->rowcount, __ATOMIC_RELAXED));
}
static int set_rowcount(Value self, Value v) {
    return raise_int(&exception_AttributeError, "readonly attribute");
}

static const GetSetDef cursor_getsets[] = {
    {"rowcount", get_rowcount, set_rowcount, NULL},
    {NULL},
};
static const MemberDef cursor_members[] = {
    {"connection", offsetof(SqliteCursor, connection), true, true},
    {"description", offsetof(SqliteCursor, description), true, true},
    {"lastrowid", offsetof(SqliteCursor, lastrowid), true, true},
    {"row_factory", offsetof(SqliteCursor, row_factory), false, true},
    {"arraysize", offsetof(SqliteCursor, arraysize), false, false, MEMBER_INT},
    {NULL, 0, false, false},
};
static const NativeDef cursor_methods[] = {
    DEF_NONE("close", cursor_close, "close($self, /)\n--\n\nCloses the cursor."),
    DEF_FIXED("execute", cursor_execute, 1, 2,
              "execute($self, sql, parameters=(), /)\n--\n\nRuns a statement."),
    DEF_FIXED("executemany", cursor_executemany, 2, 2,
              "executemany($self, sql, seq_of_parameters, /)\n--\n\n"
              "Runs a statement for each of many parameters."),
    DEF_ONE("executescript", sqlite_cursor_run_script,
            "executescript($self, sql_script, /)\n--\n\nRuns statements, after a commit."),
    DEF_NONE("fetchall", sqlite_cursor_fetchall,
             "fetchall($self, /)\n--\n\nAll rows that are left."),
    DEF_VECTOR("fetchmany", sqlite_cursor_fetchmany,
               "fetchmany($self, /, size=1)\n--\n\nThe next rows."),
    DEF_NONE("fetchone", sqlite_cursor_fetchone,
             "fetchone($self, /)\n--\n\nThe next row, or None."),
    DEF_ONE("setinputsizes", cursor_setinputsizes,
            "setinputsizes($self, sizes, /)\n--\n\nDoes nothing."),
    DEF_FIXED("setoutputsize", cursor_setoutputsize, 1, 2,
              "setoutputsize($self, size, column=None, /)\n--\n\nDoes nothing."),
    DEF_END,
};

Type sqlite_cursor_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "sqlite3.Cursor",
    .basic_size = sizeof(SqliteCursor),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE | TYPE_WEAKREFABLE,
    .doc = "SQLite database cursor class.",
    .call_new = cursor_new,
    .init = cursor_init,
    .destroy = cursor_destroy,
    .traverse = cursor_traverse,
    .clear = cursor_clear,
    .iter = object_self_iter,
    .next = sqlite_cursor_next,
    .methods = cursor_methods,
    .getsets = cursor_getsets,
    .members = cursor_members,
};
