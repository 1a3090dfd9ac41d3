// SPDX-License-Identifier: MIT
//
// _sqlite3: whole databases: backup to another connection, and as bytes.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/arguments.h"

// ---- backup ------------------------------------------------------------------------------------

// The locks of both, in the order of their addresses, so that no two threads wait for each other.
static void lock_both(SqliteConnection *a, SqliteConnection *b) {
    bool in_order = a->database < b->database;
    sqlite_lock((in_order ? a : b)->database);
    sqlite_lock((in_order ? b : a)->database);
}
static void unlock_both(SqliteConnection *a, SqliteConnection *b) {
    sqlite_unlock(a->database);
    sqlite_unlock(b->database);
}

typedef struct {
    SqliteConnection *from, *to;
    sqlite3_backup *backup;
    Value progress; // VALUE_NULL: none
    int pages, sleep_ms;
} Copying;

// A callback between two steps, with no lock held. 0 or -1.
static int report(const Copying *job, int code, int remaining, int count) {
    Value args[3] = {value_from_int(code), value_from_int(remaining), value_from_int(count)};
    Value result = value_call(job->progress, args, 3, VALUE_NULL);
    ref_release(result);
    return value_is_null(result) ? -1 : 0;
}

// All steps. Between two of them others may use, and even close, the source: the library keeps it
// until the backup is finished. The target refuses everybody. The last code; -1: an exception.
static int copy(Copying *job) {
    int code;
    do {
        lock_both(job->from, job->to);
        thread_detach();
        code = sqlite3_backup_step(job->backup, job->pages);
        thread_attach();
        int remaining = sqlite3_backup_remaining(job->backup);
        int count = sqlite3_backup_pagecount(job->backup);
        unlock_both(job->from, job->to);
        if (!value_is_null(job->progress) && report(job, code, remaining, count) < 0)
            return -1;
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
            thread_detach();
            sqlite3_sleep(job->sleep_ms);
            thread_attach();
        }
        if (thread_safepoint(thread_current()) < 0)
            return -1;
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    return code;
}

static int finish(Copying *job) {
    lock_both(job->from, job->to);
    thread_detach();
    int code = sqlite3_backup_finish(job->backup);
    thread_attach();
    __atomic_store_n(&job->to->database->is_copied_to, false, __ATOMIC_SEQ_CST);
    unlock_both(job->from, job->to);
    return code;
}

static Value run_backup(Copying *job, const char *name) {
    lock_both(job->from, job->to);
    sqlite3 *from = job->from->database->db, *to = job->to->database->db;
    if (sqlite_check_open(job->from) == 0 && sqlite_check_open(job->to) == 0) {
        thread_detach();
        job->backup = sqlite3_backup_init(to, "main", from, name);
        thread_attach();
        if (job->backup)
            __atomic_store_n(&job->to->database->is_copied_to, true, __ATOMIC_SEQ_CST);
        else
            sqlite_raise_last(to);
    }
    unlock_both(job->from, job->to);
    if (!job->backup)
        return VALUE_NULL;
    int status = copy(job), code = finish(job);
    if (status < 0)
        return VALUE_NULL;
    if (code == SQLITE_NOMEM)
        return raise_memory_error();
    return code == SQLITE_OK ? none_new() : sqlite_raise(OPERATIONAL, "%s", sqlite3_errstr(code));
}

Value sqlite_connection_backup(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"target", "pages", "progress", "name", "sleep", NULL};
    Value v[5];
    double sleep = 0.25;
    Copying job = {.from = sqlite_connection_of(self), .pages = -1};
    if (arguments_parse("backup", args, nargs, kwnames, names, 0, 1, 1, v) < 0)
        return VALUE_NULL;
    if (!value_is_instance(v[0], &sqlite_connection_type))
        return raise_type_error("backup() argument 'target' must be sqlite3.Connection, not %s",
                                value_is_none(v[0]) ? "None" : type_full_name(value_type(v[0])));
    if (int_argument(v[1], &job.pages) < 0)
        return VALUE_NULL;
    char *owned = NULL;
    const char *name =
        value_is_null(v[3]) ? "main" : sqlite_text_argument("backup", "'name'", v[3], &owned);
    Value result = VALUE_NULL;
    job.to = sqlite_connection_of(v[0]);
    if (!name || (!value_is_null(v[4]) && value_to_double(v[4], &sleep) < 0) ||
        sqlite_check_thread(job.from) < 0 || sqlite_check_open(job.from) < 0 ||
        sqlite_check_open(job.to) < 0) {
        // The exception is there.
    } else if (job.from == job.to) {
        raise_value_error("target cannot be the same connection instance");
    } else if (!value_is_null(v[2]) && !value_is_none(v[2]) && !value_is_callable(v[2])) {
        raise_type_error("progress argument must be a callable");
    } else {
        job.progress = value_is_null(v[2]) || value_is_none(v[2]) ? VALUE_NULL : v[2];
        job.sleep_ms = (int)(sleep * 1000);
        if (job.pages == 0)
            job.pages = -1;
        result = run_backup(&job, name);
    }
    buffer_free(owned);
    return result;
}

// ---- bytes -------------------------------------------------------------------------------------

static Value serialize(sqlite3 *db, const char *name) {
    sqlite3_int64 length;
    thread_detach();
    // Databases in memory may lie there in one piece.
    bool is_copy = false;
    uint8_t *data = sqlite3_serialize(db, name, &length, SQLITE_SERIALIZE_NOCOPY);
    if (!data) {
        data = sqlite3_serialize(db, name, &length, 0);
        is_copy = true;
    }
    thread_attach();
    if (!data)
        return sqlite_raise(OPERATIONAL, "unable to serialize '%s'", name);
    Value bytes = bytes_new(data, (size_t)length);
    if (is_copy)
        sqlite3_free(data);
    return bytes;
}

Value sqlite_connection_serialize(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"name", NULL};
    SqliteConnection *c = sqlite_connection_of(self);
    Value v[1], result = VALUE_NULL;
    char *owned = NULL;
    if (arguments_parse("serialize", args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return VALUE_NULL;
    const char *name =
        value_is_null(v[0]) ? "main" : sqlite_text_argument("serialize", "'name'", v[0], &owned);
    if (name && sqlite_enter(c) == 0) {
        result = serialize(c->database->db, name);
        sqlite_leave(c);
    }
    buffer_free(owned);
    return result;
}

static Value deserialize(SqliteConnection *c, const char *name, const void *data, size_t length) {
    uint8_t *copy = sqlite3_malloc64(length); // the library's, also if it fails
    if (!copy)
        return raise_memory_error();
    memcpy(copy, data, length);
    if (sqlite_enter(c) < 0) {
        sqlite3_free(copy);
        return VALUE_NULL;
    }
    sqlite3 *db = c->database->db;
    thread_detach();
    int code = sqlite3_deserialize(db, name, copy, (sqlite3_int64)length, (sqlite3_int64)length,
                                   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    thread_attach();
    Value result = code == SQLITE_OK ? none_new() : sqlite_raise_last(db);
    sqlite_leave(c);
    return result;
}

Value sqlite_connection_deserialize(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "name", NULL};
    SqliteConnection *c = sqlite_connection_of(self);
    Value v[2], result = VALUE_NULL;
    char *owned = NULL, *text_owned = NULL;
    if (arguments_parse("deserialize", args, nargs, kwnames, names, 1, 1, 1, v) < 0)
        return VALUE_NULL;
    BufferView view = {.owner = VALUE_NULL};
    size_t length = 0;
    const void *data = NULL;
    if (value_is_str(v[0])) {
        data = str_utf8(v[0], &length, &text_owned);
    } else if (buffer_view_get(v[0], &view, false) == 0) {
        data = view.length ? view.data : "";
        length = (size_t)view.length;
    }
    const char *name = !data ? NULL
                       : value_is_null(v[1])
                           ? "main"
                           : sqlite_text_argument("deserialize", "'name'", v[1], &owned);
    if (name && sqlite_check_thread(c) == 0 && sqlite_check_open(c) == 0)
        result = deserialize(c, name, data, length);
    buffer_view_release(&view);
    buffer_free(text_owned);
    buffer_free(owned);
    return result;
}
