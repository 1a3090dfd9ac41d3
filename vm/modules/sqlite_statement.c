// SPDX-License-Identifier: MIT
//
// _sqlite3: statements, and a connection's cache of them. All with the database's lock held, but
// for what happens when a statement dies.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/dict.h"
#include "vm/types/type.h"
#include <strings.h>

// The first character that is neither space nor in a comment, or NULL: there is none.
static const char *skip_blanks(const char *sql) {
    const char *p = sql;
    for (;;) {
        if (*p == ' ' || *p == '\t' || *p == '\f' || *p == '\n' || *p == '\r') {
            p++;
        } else if (p[0] == '-' && p[1] == '-') {
            p = strchr(p, '\n');
            if (!p)
                return NULL;
        } else if (p[0] == '/' && p[1] == '*') {
            p = strstr(p + 2, "*/");
            if (!p)
                return NULL;
            p += 2;
        } else {
            return *p ? p : NULL;
        }
    }
}

static bool begins_dml(const char *sql) {
    const char *p = skip_blanks(sql);
    return p && (strncasecmp(p, "insert", 6) == 0 || strncasecmp(p, "update", 6) == 0 ||
                 strncasecmp(p, "delete", 6) == 0 || strncasecmp(p, "replace", 7) == 0);
}

static Value prepare(SqliteConnection *c, const char *sql, size_t length) {
    sqlite3 *db = c->database->db;
    if (length > (size_t)sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, -1))
        return sqlite_raise(DATA, "query string is too large");
    if (strlen(sql) != length)
        return sqlite_raise(PROGRAMMING, "the query contains a null character");
    sqlite3_stmt *statement;
    const char *tail;
    thread_detach();
    int code = sqlite3_prepare_v2(db, sql, (int)length + 1, &statement, &tail);
    thread_attach();
    if (code != SQLITE_OK)
        return sqlite_raise_last(db);
    SqliteStatement *s = NULL;
    SqliteResource *resource = NULL;
    if (skip_blanks(tail))
        sqlite_raise(PROGRAMMING, "You can only execute one statement at a time.");
    else if ((resource = sqlite_resource_new(c->database, statement, NULL)))
        s = object_allocate(&sqlite_statement_type);
    if (s) {
        s->resource = resource;
        s->is_dml = begins_dml(sql);
        return value_from_object(s);
    }
    if (resource) {
        sqlite_resource_leave(resource, RESOURCE_END);
    } else {
        thread_detach();
        sqlite3_finalize(statement);
        thread_attach();
    }
    return VALUE_NULL;
}

Value sqlite_statement_new(SqliteConnection *c, Value sql) {
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8(sql, &length, &owned);
    if (!text)
        return VALUE_NULL;
    Value s = prepare(c, text, length);
    buffer_free(owned);
    return s;
}

// An authorizer, called by the library, may close the connection, and take the cache away.
static int remember(SqliteConnection *c, Value sql, Value statement) {
    Value cache = value_is_null(c->cache) ? VALUE_NULL : ref_new(c->cache);
    if (value_is_null(cache))
        return 0;
    int status = dict_set(cache, sql, statement);
    c->cache_newest = sql.bits;
    if (status == 0 && dict_length(cache) > c->cache_size) {
        int64_t position = 0, hash;
        Value oldest;
        if (dict_next(cache, &position, &oldest, NULL, &hash)) {
            status = dict_delete_if_present(cache, oldest) < 0 ? -1 : 0;
            ref_release(oldest);
        }
    }
    ref_release(cache);
    return status;
}

Value sqlite_statement_cached(SqliteConnection *c, Value sql) {
    if (c->cache_size <= 0 || value_is_null(c->cache) || !value_is_exact_str(sql))
        return sqlite_statement_new(c, sql);
    Value statement = dict_get(c->cache, sql); // all keys are exact strs: no Python code runs
    if (!value_is_null(statement)) {
        if (c->cache_newest == sql.bits)
            return statement;
        if (dict_delete_if_present(c->cache, sql) < 0 || remember(c, sql, statement) < 0) {
            ref_release(statement);
            return VALUE_NULL;
        }
        return statement;
    }
    if (error_occurred())
        return VALUE_NULL;
    statement = sqlite_statement_new(c, sql);
    if (!value_is_null(statement) && remember(c, sql, statement) < 0) {
        ref_release(statement);
        return VALUE_NULL;
    }
    return statement;
}

void sqlite_statement_reset(SqliteStatement *s) {
    if (!s->resource->in_use || !s->resource->statement)
        return;
    thread_detach();
    int code = sqlite3_reset(s->resource->statement);
    thread_attach();
    if (code == SQLITE_OK)
        s->resource->in_use = false;
}

static void statement_destroy(Object *self) {
    sqlite_resource_leave(((SqliteStatement *)self)->resource, RESOURCE_END);
    object_free_fixed(self);
}

Type sqlite_statement_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "sqlite3.Statement",
    .basic_size = sizeof(SqliteStatement),
    .kind = HEAP_LEAF,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = statement_destroy,
};
