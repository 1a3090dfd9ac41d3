// SPDX-License-Identifier: MIT
//
// _sqlite3: class Connection: opening and closing, transactions, settings. Copies of whole
// databases are in sqlite_copy.c, callbacks in sqlite_callbacks.c and sqlite_functions.c.
#include "vm/modules/posix.h"
#include "vm/modules/sqlite_internal.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include "vm/types/dict.h"
#include "vm/types/module.h"
#include "vm/types/type.h"
#include <strings.h>

enum { CACHED_STATEMENTS = 128 };

const char *const sqlite_isolation_levels[] = {"", "DEFERRED", "IMMEDIATE", "EXCLUSIVE", NULL};

// ---- checks ------------------------------------------------------------------------------------

int sqlite_check_thread(SqliteConnection *c) {
    uint64_t here = thread_current()->id, there = __atomic_load_n(&c->thread, __ATOMIC_RELAXED);
    if (here == there || !__atomic_load_n(&c->initialized, __ATOMIC_RELAXED) ||
        !__atomic_load_n(&c->check_same_thread, __ATOMIC_RELAXED))
        return 0;
    sqlite_raise(PROGRAMMING,
                 "SQLite objects created in a thread can only be used in that same thread. The "
                 "object was created in thread id %llu and this is thread id %llu.",
                 (unsigned long long)there, (unsigned long long)here);
    return -1;
}

static int check_not_copied_to(SqliteConnection *c) {
    if (__atomic_load_n(&c->database->is_copied_to, __ATOMIC_RELAXED)) {
        sqlite_raise(OPERATIONAL, "database is locked");
        return -1;
    }
    return 0;
}

int sqlite_check_open(SqliteConnection *c) {
    if (!__atomic_load_n(&c->initialized, __ATOMIC_RELAXED))
        sqlite_raise(PROGRAMMING, "Base Connection.__init__ not called.");
    else if (!__atomic_load_n(&c->database->db, __ATOMIC_RELAXED))
        sqlite_raise(PROGRAMMING, "Cannot operate on a closed database.");
    else
        return check_not_copied_to(c);
    return -1;
}

int sqlite_enter(SqliteConnection *c) {
    if (sqlite_check_thread(c) < 0)
        return -1;
    sqlite_lock(c->database);
    if (sqlite_check_open(c) == 0)
        return 0;
    sqlite_unlock(c->database);
    return -1;
}

void sqlite_leave(SqliteConnection *c) {
    sqlite_unlock(c->database);
}

const char *sqlite_text_argument(const char *function, const char *label, Value v, char **owned) {
    *owned = NULL;
    if (!value_is_str(v)) {
        raise_type_error("%s() argument%s%s must be str, not %G", function, *label ? " " : "",
                         label, v);
        return NULL;
    }
    size_t length;
    const char *text = str_utf8(v, &length, owned);
    if (text && strlen(text) != length) {
        raise_value_error("embedded null character");
        buffer_free(*owned);
        *owned = NULL;
        return NULL;
    }
    return text;
}

// ---- opening and closing -----------------------------------------------------------------------

// 0 and *level one of the constants, or NULL for None; or -1.
static int isolation_level_of(Value v, const char **level) {
    *level = NULL;
    if (value_is_none(v))
        return 0;
    if (!value_is_str(v))
        return raise_int(&exception_TypeError, "isolation_level must be str or None");
    char *owned;
    const char *text = sqlite_text_argument("", "", v, &owned);
    if (!text)
        return -1;
    for (int i = 0; sqlite_isolation_levels[i] && !*level; i++)
        if (strcasecmp(sqlite_isolation_levels[i], text) == 0)
            *level = sqlite_isolation_levels[i];
    buffer_free(owned);
    return *level ? 0
                  : raise_int(&exception_ValueError, "isolation_level string must be '', "
                                                     "'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
}

// Lock held. What was open is closed.
static void close_locked(SqliteConnection *c) {
    sqlite_blobs_close_locked(c->database);
    Value cache = c->cache;
    c->cache = VALUE_NULL;
    ref_release(cache);
    sqlite_handlers_end(c);
    sqlite_database_close(c->database);
}

static Value connection_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    SqliteDatabase *d = sqlite_database_new();
    if (!d)
        return raise_memory_error();
    SqliteConnection *c = object_allocate(type);
    if (!c) {
        sqlite_database_release(d);
        return VALUE_NULL;
    }
    c->database = d;
    return value_from_object(c);
}

typedef struct {
    Value database;
    double timeout;
    int detect_types, cache_size;
    const char *isolation_level;
    bool check_same_thread, uri;
} Settings;

static int parse(const Value *args, size_t nargs, Value kwnames, Settings *s) {
    static const char *const names[] = {"database",
                                        "timeout",
                                        "detect_types",
                                        "isolation_level",
                                        "check_same_thread",
                                        "factory",
                                        "cached_statements",
                                        "uri",
                                        NULL};
    Value v[8];
    *s = (Settings){.timeout = 5,
                    .cache_size = CACHED_STATEMENTS,
                    .isolation_level = sqlite_isolation_levels[0],
                    .check_same_thread = true};
    if (arguments_parse("Connection", args, nargs, kwnames, names, 0, 8, 1, v) < 0)
        return -1;
    s->database = v[0];
    if ((!value_is_null(v[1]) && value_to_double(v[1], &s->timeout) < 0) ||
        int_argument(v[2], &s->detect_types) < 0 ||
        (!value_is_null(v[3]) && isolation_level_of(v[3], &s->isolation_level) < 0) ||
        posix_bool(v[4], &s->check_same_thread) < 0 || int_argument(v[6], &s->cache_size) < 0 ||
        posix_bool(v[7], &s->uri) < 0)
        return -1;
    return 0;
}

// The library's connection, or NULL with an exception.
static sqlite3 *open_database(const char *path, const Settings *s) {
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    thread_detach();
    int code = sqlite3_open_v2(path, &db, s->uri ? flags | SQLITE_OPEN_URI : flags, NULL);
    if (code == SQLITE_OK)
        sqlite3_busy_timeout(db, (int)(s->timeout * 1000));
    thread_attach();
    if (code == SQLITE_OK)
        return db;
    if (!db) {
        raise_memory_error();
        return NULL;
    }
    sqlite_raise_last(db);
    thread_detach();
    sqlite3_close_v2(db);
    thread_attach();
    return NULL;
}

static int connection_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    SqliteConnection *c = sqlite_connection_of(self);
    Settings s;
    if (parse(args, nargs, kwnames, &s) < 0 ||
        (audit_on() && audit("sqlite3.connect", 1, s.database) < 0))
        return -1;
    Value path = posix_fs_encode(s.database);
    if (value_is_null(path))
        return -1;
    sqlite_lock(c->database);
    if (check_not_copied_to(c) < 0) {
        sqlite_unlock(c->database);
        ref_release(path);
        return -1;
    }
    if (c->initialized) {
        close_locked(c);
        __atomic_store_n(&c->initialized, false, __ATOMIC_RELAXED);
    }
    Value cache = dict_new();
    sqlite3 *db = value_is_null(cache) ? NULL : open_database((const char *)bytes_data(path), &s);
    ref_release(path);
    if (!db) {
        ref_release(cache);
        sqlite_unlock(c->database);
        return -1;
    }
    c->cache = cache;
    c->cache_size = s.cache_size;
    c->cache_newest = 0;
    __atomic_store_n(&c->detect_types, s.detect_types, __ATOMIC_RELAXED);
    __atomic_store_n(&c->isolation_level, s.isolation_level, __ATOMIC_RELAXED);
    __atomic_store_n(&c->check_same_thread, s.check_same_thread, __ATOMIC_RELAXED);
    __atomic_store_n(&c->thread, thread_current()->id, __ATOMIC_RELAXED);
    field_store(&c->header, &c->row_factory, none_new());
    field_store(&c->header, &c->text_factory, ref_new(value_from_object(&str_type)));
    sqlite_database_set(c->database, db);
    int status = audit_on() ? audit("sqlite3.connect/handle", 1, self) : 0;
    if (status == 0)
        __atomic_store_n(&c->initialized, true, __ATOMIC_RELAXED);
    sqlite_unlock(c->database);
    return status;
}

static Value connection_close(Value self) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_thread(c) < 0)
        return VALUE_NULL;
    if (!__atomic_load_n(&c->initialized, __ATOMIC_RELAXED))
        return sqlite_raise(PROGRAMMING, "Base Connection.__init__ not called.");
    sqlite_lock(c->database);
    int status = check_not_copied_to(c);
    if (status == 0)
        close_locked(c);
    sqlite_unlock(c->database);
    return status < 0 ? VALUE_NULL : none_new();
}

static void connection_destroy(Object *self) {
    SqliteConnection *c = (SqliteConnection *)self;
    SqliteDatabase *d = c->database;
    sqlite_database_clear(d);
    sqlite_lock(d);
    d->quiet = true;
    close_locked(c);
    sqlite_unlock(d);
    sqlite_database_release(d);
    ref_release(c->row_factory);
    ref_release(c->text_factory);
    type_free_instance(self);
}
static void connection_traverse(Object *self, GcVisitor *visitor) {
    SqliteConnection *c = (SqliteConnection *)self;
    gc_visit(visitor, c->row_factory);
    gc_visit(visitor, c->text_factory);
    gc_visit(visitor, c->cache);
    sqlite_database_traverse(c->database, visitor);
}
static void connection_clear(Object *self) {
    SqliteConnection *c = (SqliteConnection *)self;
    field_clear(self, &c->row_factory);
    field_clear(self, &c->text_factory);
    sqlite_database_clear(c->database);
}

// ---- transactions ------------------------------------------------------------------------------

int sqlite_begin(SqliteConnection *c) {
    char sql[32] = "BEGIN ";
    const char *level = __atomic_load_n(&c->isolation_level, __ATOMIC_RELAXED);
    if (level)
        strcat(sql, level);
    sqlite3 *db = c->database->db;
    if (sqlite_run_text(db, sql) == SQLITE_OK)
        return 0;
    sqlite_raise_last(db);
    return -1;
}

static Value end_transaction(SqliteConnection *c, const char *sql) {
    if (sqlite_enter(c) < 0)
        return VALUE_NULL;
    sqlite3 *db = c->database->db;
    Value result = VALUE_NULL;
    if (sqlite3_get_autocommit(db) || sqlite_run_text(db, sql) == SQLITE_OK)
        result = none_new();
    else
        sqlite_raise_last(db);
    sqlite_leave(c);
    return result;
}
static Value connection_commit(Value self) {
    return end_transaction(sqlite_connection_of(self), "COMMIT");
}
static Value connection_rollback(Value self) {
    return end_transaction(sqlite_connection_of(self), "ROLLBACK");
}

static Value connection_context_enter(Value self) {
    return sqlite_check_open(sqlite_connection_of(self)) < 0 ? VALUE_NULL : ref_new(self);
}

// A commit that fails is followed by a rollback, which lets the database go.
static Value connection_context_exit(Value self, const Value *args, size_t nargs) {
    bool commits = value_is_none(args[0]) && value_is_none(args[1]) && value_is_none(args[2]);
    Value result = commits ? connection_commit(self) : connection_rollback(self);
    if (!value_is_null(result)) {
        ref_release(result);
        return bool_new(false);
    }
    if (commits) {
        Value exception = error_take();
        result = connection_rollback(self);
        if (value_is_null(result)) {
            Value other = error_take();
            if (value_setattr_cstr(other, "__context__", exception) < 0)
                error_clear();
            ref_release(exception);
            error_restore(other);
        } else {
            ref_release(result);
            error_restore(exception);
        }
    }
    return VALUE_NULL;
}

// ---- cursors -----------------------------------------------------------------------------------

static Value new_cursor(Value self, Value factory) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_thread(c) < 0 || sqlite_check_open(c) < 0)
        return VALUE_NULL;
    Value cursor = value_call_one(factory, self);
    if (value_is_null(cursor))
        return VALUE_NULL;
    if (!value_is_instance(cursor, &sqlite_cursor_type)) {
        raise_type_error("factory must return a cursor, not %.100s",
                         type_full_name(value_type(cursor)));
        ref_release(cursor);
        return VALUE_NULL;
    }
    Value row_factory = field_load(&c->header, &c->row_factory);
    if (value_is_null(row_factory) || value_is_none(row_factory)) {
        ref_release(row_factory);
    } else {
        SqliteCursor *made = sqlite_cursor_of(cursor);
        field_store(&made->header, &made->row_factory, row_factory);
    }
    return cursor;
}

static Value connection_cursor(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"factory", NULL};
    Value v[1];
    if (arguments_parse("cursor", args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return VALUE_NULL;
    return new_cursor(self, value_is_null(v[0]) ? value_from_object(&sqlite_cursor_type) : v[0]);
}

static Value run_in_new_cursor(Value self, const char *function, bool many, Value sql,
                               Value parameters) {
    if (!value_is_str(sql))
        return raise_type_error("%s() argument 1 must be str, not %G", function, sql);
    Value cursor = new_cursor(self, value_from_object(&sqlite_cursor_type));
    if (value_is_null(cursor))
        return VALUE_NULL;
    Value result = sqlite_cursor_run(cursor, many, sql, parameters);
    ref_release(cursor);
    return result;
}
static Value connection_execute(Value self, const Value *args, size_t nargs) {
    return run_in_new_cursor(self, "execute", false, args[0], nargs > 1 ? args[1] : VALUE_NULL);
}
static Value connection_executemany(Value self, const Value *args, size_t nargs) {
    return run_in_new_cursor(self, "executemany", true, args[0], args[1]);
}
static Value connection_executescript(Value self, Value script) {
    Value cursor = new_cursor(self, value_from_object(&sqlite_cursor_type));
    if (value_is_null(cursor))
        return VALUE_NULL;
    Value result = sqlite_cursor_run_script(cursor, script);
    ref_release(cursor);
    return result;
}

static Value connection_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_open(c) < 0)
        return VALUE_NULL;
    if (!value_is_null(kwnames) && tuple_length(kwnames))
        return raise_type_error("sqlite3.Connection() takes no keyword arguments");
    if (nargs != 1)
        return raise_type_error("function takes exactly 1 argument (%zu given)", nargs);
    if (!value_is_str(args[0]))
        return raise_type_error("argument 1 must be str, not %G", args[0]);
    if (sqlite_enter(c) < 0)
        return VALUE_NULL;
    Value statement = sqlite_statement_new(c, args[0]);
    sqlite_leave(c);
    return statement;
}

static Value connection_iterdump(Value self) {
    if (sqlite_check_open(sqlite_connection_of(self)) < 0)
        return VALUE_NULL;
    Value module = import_module_cstr("sqlite3.dump");
    if (value_is_null(module))
        return VALUE_NULL;
    Value function;
    int found = value_lookup_attr_cstr(module, "_iterdump", &function);
    ref_release(module);
    if (found < 0)
        return VALUE_NULL;
    if (found == 0)
        return sqlite_raise(OPERATIONAL, "Failed to obtain _iterdump() reference");
    Value result = value_call_one(function, self);
    ref_release(function);
    return result;
}

// ---- what needs no lock of ours ----------------------------------------------------------------
// These look at one word, and wait for no statement that another thread runs.

static Value connection_interrupt(Value self) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_open(c) < 0)
        return VALUE_NULL;
    mutex_lock(&c->database->guard);
    if (c->database->db)
        sqlite3_interrupt(c->database->db);
    mutex_unlock(&c->database->guard);
    return none_new();
}
static Value get_total_changes(Value self) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_open(c) < 0)
        return VALUE_NULL;
    mutex_lock(&c->database->guard);
    int64_t n = c->database->db ? sqlite3_total_changes(c->database->db) : 0;
    mutex_unlock(&c->database->guard);
    return value_from_int(n);
}
static Value get_in_transaction(Value self) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_open(c) < 0)
        return VALUE_NULL;
    mutex_lock(&c->database->guard);
    bool within = c->database->db && !sqlite3_get_autocommit(c->database->db);
    mutex_unlock(&c->database->guard);
    return bool_new(within);
}

// ---- settings ----------------------------------------------------------------------------------

static Value get_isolation_level(Value self) {
    SqliteConnection *c = sqlite_connection_of(self);
    if (sqlite_check_open(c) < 0)
        return VALUE_NULL;
    const char *level = __atomic_load_n(&c->isolation_level, __ATOMIC_RELAXED);
    return level ? str_from_cstr(level) : none_new();
}
static int set_isolation_level(Value self, Value v) {
    SqliteConnection *c = sqlite_connection_of(self);
    const char *level;
    if (value_is_null(v))
        return raise_int(&exception_AttributeError, "cannot delete attribute");
    if (isolation_level_of(v, &level) < 0)
        return -1;
    __atomic_store_n(&c->isolation_level, level, __ATOMIC_RELAXED);
    if (level)
        return 0;
    Value result = connection_commit(self);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

static Value set_limit(Value self, Value category, Value limit) {
    SqliteConnection *c = sqlite_connection_of(self);
    int which, most = -1;
    if (int_argument(category, &which) < 0 || int_argument(limit, &most) < 0 || sqlite_enter(c) < 0)
        return VALUE_NULL;
    int old = sqlite3_limit(c->database->db, which, most);
    sqlite_leave(c);
    return old < 0 ? sqlite_raise(PROGRAMMING, "'category' is out of bounds") : value_from_int(old);
}
static Value connection_setlimit(Value self, const Value *args, size_t nargs) {
    return set_limit(self, args[0], args[1]);
}
static Value connection_getlimit(Value self, Value category) {
    return set_limit(self, category, VALUE_NULL);
}

static Value connection_enable_load_extension(Value self, Value v) {
    SqliteConnection *c = sqlite_connection_of(self);
    int on = value_truth(v);
    if (on < 0 ||
        (audit_on() && audit("sqlite3.enable_load_extension", 2, self, value_from_bool(on)) < 0) ||
        sqlite_enter(c) < 0)
        return VALUE_NULL;
    int code = sqlite3_enable_load_extension(c->database->db, on);
    sqlite_leave(c);
    return code == SQLITE_OK ? none_new()
                             : sqlite_raise(OPERATIONAL, "Error enabling load extension");
}
static Value connection_load_extension(Value self, Value v) {
    SqliteConnection *c = sqlite_connection_of(self);
    char *owned, *error = NULL;
    const char *name = sqlite_text_argument("load_extension", "", v, &owned);
    Value result = VALUE_NULL;
    if (name && (!audit_on() || audit("sqlite3.load_extension", 2, self, v) == 0) &&
        sqlite_enter(c) == 0) {
        thread_detach();
        int code = sqlite3_load_extension(c->database->db, name, NULL, &error);
        thread_attach();
        if (code == SQLITE_OK)
            result = none_new();
        else
            sqlite_raise(OPERATIONAL, "%s", error ? error : sqlite3_errmsg(c->database->db));
        sqlite3_free(error);
        sqlite_leave(c);
    }
    buffer_free(owned);
    return result;
}

#define CLASS_GETTER(name, which)                                                                  \
    static Value get_##name(Value self) {                                                          \
        return ref_new(sqlite_classes[SQLITE_CLASS_##which]);                                      \
    }                                                                                              \
    static int set_##name(Value self, Value v) {                                                   \
        return raise_int(&exception_AttributeError, "readonly attribute");                         \
    }
CLASS_GETTER(Warning, WARNING)
CLASS_GETTER(Error, ERROR)
CLASS_GETTER(InterfaceError, INTERFACE)
CLASS_GETTER(DatabaseError, DATABASE)
CLASS_GETTER(DataError, DATA)
CLASS_GETTER(OperationalError, OPERATIONAL)
CLASS_GETTER(IntegrityError, INTEGRITY)
CLASS_GETTER(InternalError, INTERNAL)
CLASS_GETTER(ProgrammingError, PROGRAMMING)
CLASS_GETTER(NotSupportedError, NOT_SUPPORTED)

static const GetSetDef connection_getsets[] = {
    {"isolation_level", get_isolation_level, set_isolation_level, NULL},
    {"total_changes", get_total_changes, NULL, NULL},
    {"in_transaction", get_in_transaction, NULL, NULL},
#define CLASS(name)                                                                                \
    { #name, get_##name, set_##name, NULL }
    CLASS(Warning),
    CLASS(Error),
    CLASS(InterfaceError),
    CLASS(DatabaseError),
    CLASS(DataError),
    CLASS(OperationalError),
    CLASS(IntegrityError),
    CLASS(InternalError),
    CLASS(ProgrammingError),
    CLASS(NotSupportedError),
#undef CLASS
    {NULL},
};
static const MemberDef connection_members[] = {
    {"row_factory", offsetof(SqliteConnection, row_factory), false, true},
    {"text_factory", offsetof(SqliteConnection, text_factory), false, true},
    {NULL, 0, false, false},
};
static const NativeDef connection_methods[] = {
    DEF_VECTOR("backup", sqlite_connection_backup,
               "backup($self, /, target, *, pages=-1, progress=None, name='main',\n"
               "       sleep=0.25)\n--\n\nCopies the database to another connection's."),
    DEF_VECTOR("blobopen", sqlite_connection_blobopen,
               "blobopen($self, table, column, row, /, *, readonly=False, name='main')\n--\n\n"
               "A Blob, through which one value can be read and written in parts."),
    DEF_NONE("close", connection_close,
             "close($self, /)\n--\n\nCloses the connection, without a commit."),
    DEF_NONE("commit", connection_commit, "commit($self, /)\n--\n\nEnds the transaction, if any."),
    DEF_VECTOR("create_aggregate", sqlite_create_aggregate,
               "create_aggregate($self, /, name, n_arg, aggregate_class)\n--\n\n"),
    DEF_FIXED("create_collation", sqlite_create_collation, 2, 2,
              "create_collation($self, name, callback, /)\n--\n\n"),
    DEF_VECTOR("create_function", sqlite_create_function,
               "create_function($self, /, name, narg, func, *, deterministic=False)\n--\n\n"),
    DEF_FIXED("create_window_function", sqlite_create_window_function, 3, 3,
              "create_window_function($self, name, num_params, aggregate_class, /)\n--\n\n"),
    DEF_VECTOR("cursor", connection_cursor,
               "cursor($self, /, factory=<unrepresentable>)\n--\n\nA new cursor."),
    DEF_VECTOR("deserialize", sqlite_connection_deserialize,
               "deserialize($self, data, /, *, name='main')\n--\n\n"
               "Puts what serialize() gave in place of the database."),
    DEF_ONE("enable_load_extension", connection_enable_load_extension,
            "enable_load_extension($self, enable, /)\n--\n\n"),
    DEF_FIXED("execute", connection_execute, 1, 2,
              "execute($self, sql, parameters=<unrepresentable>, /)\n--\n\n"
              "Runs a statement in a new cursor."),
    DEF_FIXED("executemany", connection_executemany, 2, 2,
              "executemany($self, sql, parameters, /)\n--\n\n"
              "Runs a statement in a new cursor, for each of many parameters."),
    DEF_ONE("executescript", connection_executescript,
            "executescript($self, sql_script, /)\n--\n\nRuns statements in a new cursor."),
    DEF_ONE("getlimit", connection_getlimit, "getlimit($self, category, /)\n--\n\n"),
    DEF_NONE("interrupt", connection_interrupt,
             "interrupt($self, /)\n--\n\nStatements that are running fail."),
    DEF_NONE("iterdump", connection_iterdump,
             "iterdump($self, /)\n--\n\nAn iterator over statements that make this database."),
    DEF_ONE("load_extension", connection_load_extension,
            "load_extension($self, name, /)\n--\n\nLoads a library of SQLite's."),
    DEF_NONE("rollback", connection_rollback,
             "rollback($self, /)\n--\n\nUndoes the transaction, if any."),
    DEF_VECTOR("serialize", sqlite_connection_serialize,
               "serialize($self, /, *, name='main')\n--\n\nThe database as bytes."),
    DEF_VECTOR("set_authorizer", sqlite_set_authorizer,
               "set_authorizer($self, /, authorizer_callback)\n--\n\n"),
    DEF_VECTOR("set_progress_handler", sqlite_set_progress_handler,
               "set_progress_handler($self, /, progress_handler, n)\n--\n\n"),
    DEF_VECTOR("set_trace_callback", sqlite_set_trace_callback,
               "set_trace_callback($self, /, trace_callback)\n--\n\n"),
    DEF_FIXED("setlimit", connection_setlimit, 2, 2, "setlimit($self, category, limit, /)\n--\n\n"),
    DEF_NONE("__enter__", connection_context_enter, "__enter__($self, /)\n--\n\n"),
    DEF_FIXED("__exit__", connection_context_exit, 3, 3,
              "__exit__($self, type, value, traceback, /)\n--\n\n"),
    DEF_END,
};

Type sqlite_connection_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "sqlite3.Connection",
    .basic_size = sizeof(SqliteConnection),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_IMMUTABLE,
    .doc = "SQLite database connection object.",
    .call_new = connection_new,
    .init = connection_init,
    .call = connection_call,
    .destroy = connection_destroy,
    .traverse = connection_traverse,
    .clear = connection_clear,
    .methods = connection_methods,
    .getsets = connection_getsets,
    .members = connection_members,
};
