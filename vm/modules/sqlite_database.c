// SPDX-License-Identifier: MIT
//
// _sqlite3: what a connection, its statements and its blobs share: the lock, and the list of what
// is to be done with statements and blobs whose objects have died. See the internal header.
#include "vm/modules/sqlite_internal.h"

SqliteDatabase *sqlite_database_new(void) {
    SqliteDatabase *d = buffer_allocate(sizeof *d);
    if (!d)
        return NULL;
    memset(d, 0, sizeof *d);
    d->uses = 1;
    return d;
}

void sqlite_database_release(SqliteDatabase *d) {
    if (__atomic_fetch_sub(&d->uses, 1, __ATOMIC_ACQ_REL) == 1) {
        assert(!d->pending && !d->db && !d->blobs && !d->closed);
        buffer_free(d);
    }
}

// ---- statements and blobs that wait ------------------------------------------------------------

SqliteResource *sqlite_resource_new(SqliteDatabase *d, sqlite3_stmt *statement,
                                    sqlite3_blob *blob) {
    SqliteResource *r = buffer_allocate(sizeof *r);
    if (!r) {
        raise_memory_error();
        return NULL;
    }
    *r = (SqliteResource){.database = d, .holders = 1, .statement = statement, .blob = blob};
    __atomic_fetch_add(&d->uses, 1, __ATOMIC_RELAXED);
    if (blob) {
        r->next_open = d->blobs;
        if (d->blobs)
            d->blobs->previous_open = r;
        d->blobs = r;
    }
    return r;
}

void sqlite_blob_close_locked(SqliteDatabase *d, SqliteResource *r) {
    sqlite3_blob *blob = r->blob;
    if (!blob)
        return;
    r->blob = NULL;
    if (r->previous_open)
        r->previous_open->next_open = r->next_open;
    else
        d->blobs = r->next_open;
    if (r->next_open)
        r->next_open->previous_open = r->previous_open;
    r->next_open = r->previous_open = NULL;
    thread_detach();
    sqlite3_blob_close(blob);
    thread_attach();
}

void sqlite_blobs_close_locked(SqliteDatabase *d) {
    while (d->blobs)
        sqlite_blob_close_locked(d, d->blobs);
}

void sqlite_resource_release(SqliteResource *r) {
    if (__atomic_fetch_sub(&r->holders, 1, __ATOMIC_ACQ_REL) == 1) {
        SqliteDatabase *d = r->database;
        buffer_free(r);
        sqlite_database_release(d);
    }
}

// Lock held.
static void work_off(SqliteDatabase *d, SqliteResource *r, uint32_t wanted) {
    sqlite3_stmt *statement = r->statement;
    if (statement) {
        bool ends = wanted & RESOURCE_END;
        if (ends)
            r->statement = NULL;
        thread_detach();
        int code = ends ? sqlite3_finalize(statement) : sqlite3_reset(statement);
        thread_attach();
        r->in_use = code != SQLITE_OK;
    }
    if (wanted & RESOURCE_END) {
        sqlite_blob_close_locked(d, r);
        sqlite_resource_release(r);
    }
}

// Lock held. The caller keeps the database.
static void work_off_pending(SqliteDatabase *d) {
    SqliteResource *r = __atomic_exchange_n(&d->pending, NULL, __ATOMIC_ACQUIRE), *next;
    bool quiet = d->quiet;
    d->quiet = true;
    for (; r; r = next) {
        next = r->next_pending;
        work_off(d, r, __atomic_exchange_n(&r->wanted, 0, __ATOMIC_ACQ_REL));
        sqlite_resource_release(r); // the list's
    }
    d->quiet = quiet;
}

// Lock held, by nobody else's call within a call.
static void work_off_closed(SqliteDatabase *d) {
    while (d->closed) {
        SqliteClosed *closed = d->closed;
        d->closed = closed->next;
        thread_detach();
        sqlite3_close_v2(closed->db);
        thread_attach();
        buffer_free(closed);
    }
}

// Nothing of a database that is being copied to: a step writes there for a change in the source,
// which another thread may make with the source's lock alone.
static bool has_work(SqliteDatabase *d) {
    return __atomic_load_n(&d->pending, __ATOMIC_SEQ_CST) != NULL &&
           !__atomic_load_n(&d->is_copied_to, __ATOMIC_SEQ_CST);
}

static bool try_lock(SqliteDatabase *d) {
    if (!recursive_mutex_is_own(&d->lock) && !mutex_try_lock(&d->lock.mutex))
        return false;
    __atomic_store_n(&d->lock.holder, thread_current()->id, __ATOMIC_RELAXED);
    d->lock.depth++;
    return true;
}

void sqlite_lock(SqliteDatabase *d) {
    recursive_mutex_lock(&d->lock);
}

// Who puts something into the list tries the lock after that, if no copy is made; who has it looks
// at the list after he has let go of it, also when he has just ended a copy. So one of the two sees
// the other.
void sqlite_unlock(SqliteDatabase *d) {
    bool is_last = d->lock.depth == 1;
    while (is_last && (has_work(d) || d->closed)) {
        work_off_pending(d);
        work_off_closed(d);
    }
    recursive_mutex_unlock(&d->lock);
    while (is_last && has_work(d) && try_lock(d)) {
        work_off_pending(d);
        recursive_mutex_unlock(&d->lock);
    }
}

void sqlite_resource_leave(SqliteResource *r, uint32_t wanted) {
    SqliteDatabase *d = r->database;
    // Of its own while this works: r may be freed by another thread.
    __atomic_fetch_add(&d->uses, 1, __ATOMIC_RELAXED);
    uint32_t old = __atomic_fetch_or(&r->wanted, wanted | RESOURCE_QUEUED, __ATOMIC_ACQ_REL);
    if (!(old & RESOURCE_QUEUED)) {
        __atomic_fetch_add(&r->holders, 1, __ATOMIC_RELAXED);
        SqliteResource *first = __atomic_load_n(&d->pending, __ATOMIC_RELAXED);
        do
            r->next_pending = first;
        while (!__atomic_compare_exchange_n(&d->pending, &first, r, false, __ATOMIC_SEQ_CST,
                                            __ATOMIC_RELAXED));
    }
    while (has_work(d) && try_lock(d)) {
        work_off_pending(d);
        recursive_mutex_unlock(&d->lock);
    }
    sqlite_database_release(d);
}

// ---- the connection ----------------------------------------------------------------------------

void sqlite_database_set(SqliteDatabase *d, sqlite3 *db) {
    mutex_lock(&d->guard);
    __atomic_store_n(&d->db, db, __ATOMIC_RELAXED);
    mutex_unlock(&d->guard);
}

// Statements that are still there keep the library's part alive until they die. What a callback
// closes stays until the call that it was called in is over.
void sqlite_database_close(SqliteDatabase *d) {
    sqlite3 *db = d->db;
    if (!db)
        return;
    sqlite_database_set(d, NULL);
    SqliteClosed *closed = d->lock.depth > 1 ? buffer_allocate(sizeof *closed) : NULL;
    if (closed) {
        *closed = (SqliteClosed){.next = d->closed, .db = db};
        d->closed = closed;
        return;
    }
    thread_detach();
    sqlite3_close_v2(db);
    thread_attach();
}

void sqlite_database_clear(SqliteDatabase *d) {
    recursive_mutex_lock(&d->lock);
    // A release may run Python code that changes the lists: each time from the front.
    for (SqliteCallback *c = d->callbacks; c;) {
        Value callable = c->callable;
        c->callable = VALUE_NULL;
        ref_release(callable);
        c = value_is_null(callable) ? c->next : d->callbacks;
    }
    for (SqliteAggregate *a = d->aggregates; a;) {
        Value instance = a->instance;
        a->instance = VALUE_NULL;
        ref_release(instance);
        a = value_is_null(instance) ? a->next : d->aggregates;
    }
    sqlite_unlock(d);
}

void sqlite_database_traverse(SqliteDatabase *d, GcVisitor *visitor) {
    for (SqliteCallback *c = d->callbacks; c; c = c->next)
        gc_visit(visitor, c->callable);
    for (SqliteAggregate *a = d->aggregates; a; a = a->next)
        gc_visit(visitor, a->instance);
}

int sqlite_run_text(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    thread_detach();
    int code = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        (void)sqlite3_step(statement);
        code = sqlite3_finalize(statement);
    }
    thread_attach();
    return code;
}

int sqlite_step(sqlite3_stmt *statement) {
    thread_detach();
    int code = sqlite3_step(statement);
    thread_attach();
    return code;
}
