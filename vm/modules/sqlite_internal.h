// SPDX-License-Identifier: MIT
//
// _sqlite3: what its files share.
//
// A mutex of the library's own in each connection would not do: a thread would wait for it
// attached, while its holder waits for the world in a callback; and what our objects remember of a
// connection changes together with it. So connections are opened without (SQLITE_OPEN_NOMUTEX), and
// each has a lock of ours, in a SqliteDatabase that the connection and its statements and blobs
// share. It is held around every call of the library with that connection, but for three that only
// read a word, or set one (sqlite_connection.c: interrupt(), total_changes, in_transaction). The
// holder may take it again: callbacks run Python code with the lock held, in the thread that holds
// it, and may use the same connection. Other threads wait, detached.
//
// Whatever may take long, wait, or call back is called detached; callbacks attach. What reads
// columns and binds parameters is called attached: it takes moments, and nobody is waited for.
//
// An object that dies cannot wait for the lock, since the collector may be waiting for it. Where
// the lock is another's, what has to be done with a statement or a blob is put into a list, which
// the holder empties when he lets go of the lock.
#ifndef LOCKSMITH_VM_MODULES_SQLITE_INTERNAL_H
#define LOCKSMITH_VM_MODULES_SQLITE_INTERNAL_H

#include "locks/recursive_mutex.h"
#include "vm/modules/sqlite_library.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

enum { SQLITE_PARSE_DECLTYPES = 1, SQLITE_PARSE_COLNAMES = 2 };

// ---- objects -----------------------------------------------------------------------------------

// A statement or a blob of the library, and what is still to be done with it. Held by its object,
// by a cursor that runs the statement (which may be destroyed after that object), and by the list
// of what is to be done.
typedef struct SqliteResource {
    struct SqliteDatabase *database; // constant
    uint32_t holders;                // atomic
    sqlite3_stmt *statement; // NULL: a blob, or without a text, or ended; changes when it is ended
    sqlite3_blob *blob;      // database's lock; NULL once closed
    uint32_t wanted;         // RESOURCE_*, atomic
    bool in_use;             // a statement: not reset since it was run; database's lock
    struct SqliteResource *next_pending; // who puts it into the list, then who empties that
    struct SqliteResource *next_open, *previous_open; // blobs: database's lock
} SqliteResource;

// What SQLite calls: a function, a collation or a handler in Python. In the database's list from
// its making to its end, in which the connection's traverse slot finds it. The list changes, and
// `callable` is dropped, with the database's lock held and attached.
typedef struct SqliteCallback {
    struct SqliteCallback *next, *previous;
    struct SqliteDatabase *database;
    Value callable; // VALUE_NULL: the connection has died
} SqliteCallback;

// An instance of an aggregate's class, in a list as above.
typedef struct SqliteAggregate {
    struct SqliteAggregate *next, *previous;
    Value instance; // VALUE_NULL: __init__ has failed, or the connection has died
} SqliteAggregate;

// A connection of the library that a callback has closed while a call was using it.
typedef struct SqliteClosed {
    struct SqliteClosed *next;
    sqlite3 *db;
} SqliteClosed;

typedef struct SqliteDatabase {
    RecursiveMutex lock;
    uint32_t uses; // atomic: the connection, and each resource
    // Held for a moment, attached. db is written with this and the lock, read with either.
    Mutex guard;
    sqlite3 *db;             // NULL: not open
    SqliteResource *pending; // atomic
    // A backup to this database is between its beginning and its end, when the library allows
    // nobody to use it, although no step of it may be running. Written with the lock, sequentially
    // consistent with `pending` (has_work); read relaxed, with the lock, by who is about to use the
    // database.
    bool is_copied_to;
    // The rest: lock.
    SqliteResource *blobs; // open ones
    SqliteClosed *closed;  // ends when the lock's holder lets go of it
    SqliteCallback *callbacks;
    SqliteAggregate *aggregates;
    bool quiet; // something dies: aggregates end without their method finalize()
} SqliteDatabase;

typedef struct {
    Object header;
    SqliteDatabase *database; // constant
    // Written by __init__ with the lock held; read by anyone, relaxed: who uses a connection while
    // another thread calls __init__ again finds either.
    bool initialized, check_same_thread;
    int detect_types;
    uint64_t thread;             // that called __init__
    const char *isolation_level; // of sqlite_isolation_levels, or NULL; atomic
    Value row_factory, text_factory;
    // The rest: database's lock.
    SqliteCallback *authorizer, *progress, *trace; // in the database's list; NULL: none
    Value cache;           // dict from SQL texts to statements, the oldest first; or VALUE_NULL
    int cache_size;        // how many it may have
    uint64_t cache_newest; // the word of the text that was used last; only compared
} SqliteConnection;

typedef struct {
    Object header;
    SqliteResource *resource; // constant
    bool is_dml;              // constant: INSERT, UPDATE, DELETE, REPLACE
} SqliteStatement;

typedef struct {
    Object header;
    Value connection; // replaced with the old connection's lock held, and the object's
    Value description, lastrowid, row_factory; // VALUE_NULL: None
    int32_t arraysize;                         // relaxed
    int64_t rowcount;                          // relaxed; written with the connection's lock
    bool initialized, closed;                  // the same
    // The rest: the connection's lock.
    bool locked;             // a method runs and may be calling Python code
    Value statement;         // SqliteStatement that has rows to give, or VALUE_NULL
    SqliteResource *running; // the statement's, or NULL
    Value casts;             // tuple: a converter or None for each column; or VALUE_NULL
} SqliteCursor;

typedef struct {
    Object header;
    Value connection;         // constant
    SqliteResource *resource; // constant
    int offset;               // connection's lock
} SqliteBlob;

typedef struct {
    Object header;
    Value description, data; // constant
} SqliteRow;

extern Type sqlite_connection_type, sqlite_cursor_type, sqlite_statement_type, sqlite_blob_type,
    sqlite_row_type, sqlite_protocol_type;

static inline SqliteConnection *sqlite_connection_of(Value v) {
    return (SqliteConnection *)value_object(v);
}
static inline SqliteCursor *sqlite_cursor_of(Value v) {
    return (SqliteCursor *)value_object(v);
}
static inline SqliteStatement *sqlite_statement_of(Value v) {
    return (SqliteStatement *)value_object(v);
}

// ---- errors (sqlite_errors.c) ------------------------------------------------------------------

// The classes, in the order of the table in sqlite_errors.c; set once by the module's fill.
enum {
    SQLITE_CLASS_ERROR,
    SQLITE_CLASS_WARNING,
    SQLITE_CLASS_INTERFACE,
    SQLITE_CLASS_DATABASE,
    SQLITE_CLASS_INTERNAL,
    SQLITE_CLASS_OPERATIONAL,
    SQLITE_CLASS_PROGRAMMING,
    SQLITE_CLASS_INTEGRITY,
    SQLITE_CLASS_DATA,
    SQLITE_CLASS_NOT_SUPPORTED,
    SQLITE_CLASS_COUNT
};
extern Value sqlite_classes[SQLITE_CLASS_COUNT];

int sqlite_errors_fill(Value module);
// Raises a class with this text, in raise_error's format.
#define sqlite_raise(which, ...)                                                                   \
    raise_error((Type *)value_object(sqlite_classes[SQLITE_CLASS_##which]), __VA_ARGS__)
// Raises what the library says of the last call with db; nothing if that went well. The lock is
// held. VALUE_NULL.
Value sqlite_raise_last(sqlite3 *db);

// ---- databases (sqlite_database.c) -------------------------------------------------------------

SqliteDatabase *sqlite_database_new(void); // NULL with MemoryError
void sqlite_database_release(SqliteDatabase *d);
void sqlite_lock(SqliteDatabase *d); // may block, detached
void sqlite_unlock(SqliteDatabase *d);
void sqlite_database_set(SqliteDatabase *d, sqlite3 *db); // lock held; nothing is open
void sqlite_database_close(SqliteDatabase *d);            // lock held; d->db, if any
void sqlite_database_clear(SqliteDatabase *d); // drops what callbacks refer to. Takes the lock.
void sqlite_database_traverse(SqliteDatabase *d, GcVisitor *visitor);
// Runs a statement without results. Detached inside; lock held. A code of the library.
int sqlite_run_text(sqlite3 *db, const char *sql);

// A new resource, held once. NULL with MemoryError.
SqliteResource *sqlite_resource_new(SqliteDatabase *d, sqlite3_stmt *statement, sqlite3_blob *blob);
enum { RESOURCE_RESET = 1, RESOURCE_END = 2, RESOURCE_QUEUED = 4 };
// For objects that die: has it reset, or ended. END gives up the object's hold.
void sqlite_resource_leave(SqliteResource *r, uint32_t wanted);
void sqlite_resource_release(SqliteResource *r);
void sqlite_cursor_set_statement(SqliteCursor *c, Value statement);  // consumed. Lock held.
void sqlite_blob_close_locked(SqliteDatabase *d, SqliteResource *r); // lock held
void sqlite_blobs_close_locked(SqliteDatabase *d);

// ---- connections (sqlite_connection.c, sqlite_copy.c) ------------------------------------------

extern const char *const sqlite_isolation_levels[]; // ends with NULL; the first is ""
// 0, or -1 with ProgrammingError. The first needs no lock, the second the lock.
int sqlite_check_thread(SqliteConnection *c);
int sqlite_check_open(SqliteConnection *c);
// Both, and the lock is held then.
int sqlite_enter(SqliteConnection *c);
void sqlite_leave(SqliteConnection *c);
// BEGIN, as the isolation level says. Lock held. 0 or -1.
int sqlite_begin(SqliteConnection *c);
// A str without NUL as UTF-8 that ends with NUL. NULL: "function() argument <label> must be str",
// label with quotes if it has any. *owned: buffer_free it.
const char *sqlite_text_argument(const char *function, const char *label, Value v, char **owned);

Value sqlite_connection_backup(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_connection_serialize(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_connection_deserialize(Value self, const Value *args, size_t nargs, Value kwnames);

// ---- statements (sqlite_statement.c, sqlite_bind.c) --------------------------------------------

// A new statement of a text. Lock held. VALUE_NULL with an exception.
Value sqlite_statement_new(SqliteConnection *c, Value sql);
Value sqlite_statement_cached(SqliteConnection *c, Value sql); // or one from the cache
void sqlite_statement_reset(SqliteStatement *s);               // lock held
// Gives the statement its parameters. Lock held. Runs Python code. 0 or -1.
int sqlite_bind(SqliteStatement *s, Value parameters);

// ---- adapters (sqlite_adapt.c) -----------------------------------------------------------------

extern Value sqlite_adapters, sqlite_converters; // dicts; set once by the module's fill
int sqlite_adapt_fill(Value module);
// v as the library can store it: adapted, or v itself. Runs Python code.
Value sqlite_adapt_parameter(Value v);
// The converter for a name of that many bytes: new reference, or VALUE_NULL, maybe with an
// exception.
Value sqlite_converter(const char *name, size_t length);
Value sqlite_module_adapt(Value self, const Value *args, size_t nargs);
Value sqlite_module_register_adapter(Value self, const Value *args, size_t nargs);
Value sqlite_module_register_converter(Value self, const Value *args, size_t nargs);

// ---- callbacks (sqlite_callbacks.c, sqlite_functions.c) ----------------------------------------

extern bool sqlite_tracebacks; // enable_callback_tracebacks; relaxed

// Around a callback's Python code: what was pending is put aside.
typedef struct {
    Value exception;
} SqliteScope;
void sqlite_scope_enter(SqliteScope *scope);
void sqlite_scope_leave(SqliteScope *scope);
// The exception of a callback is reported or dropped.
void sqlite_callback_failed(Value callable);

// Lock held, attached. NULL with MemoryError.
SqliteCallback *sqlite_callback_new(SqliteDatabase *d, Value callable);
void sqlite_callback_free(SqliteCallback *callback); // NULL: nothing
void sqlite_callback_end(void *callback);            // the same, called by the library
// The connection is being closed, or __init__ is called again. Lock held.
void sqlite_handlers_end(SqliteConnection *c);

Value sqlite_create_function(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_create_aggregate(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_create_window_function(Value self, const Value *args, size_t nargs);
Value sqlite_create_collation(Value self, const Value *args, size_t nargs);
Value sqlite_set_authorizer(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_set_progress_handler(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_set_trace_callback(Value self, const Value *args, size_t nargs, Value kwnames);

// ---- cursors (sqlite_cursor.c, sqlite_execute.c, sqlite_fetch.c) -------------------------------

// The cursor's connection with its lock held, as a new reference; or NULL with ProgrammingError.
SqliteConnection *sqlite_cursor_enter(SqliteCursor *c);
void sqlite_cursor_leave(SqliteConnection *connection);
void sqlite_cursor_drop_statement(SqliteCursor *c); // reset and forgotten. Lock held.
// execute() and executemany(): the cursor, a new reference. parameters: VALUE_NULL if not given.
Value sqlite_cursor_run(Value cursor, bool many, Value sql, Value parameters);
Value sqlite_cursor_run_script(Value cursor, Value script);
// The converters of the columns, for a statement that has begun. Lock held.
int sqlite_cursor_find_casts(SqliteCursor *c, SqliteConnection *k, sqlite3_stmt *statement);
int sqlite_cursor_describe(SqliteCursor *c, SqliteConnection *k, sqlite3_stmt *statement);
Value sqlite_cursor_next(Value self); // the slot: VALUE_NULL at the end
Value sqlite_cursor_fetchone(Value self);
Value sqlite_cursor_fetchmany(Value self, const Value *args, size_t nargs, Value kwnames);
Value sqlite_cursor_fetchall(Value self);
// One step. Detached inside; lock held.
int sqlite_step(sqlite3_stmt *statement);

// ---- blobs (sqlite_blob.c) ---------------------------------------------------------------------

Value sqlite_connection_blobopen(Value self, const Value *args, size_t nargs, Value kwnames);

#endif
