// SPDX-License-Identifier: MIT
//
// _sqlite3: class Blob: one value of a table, read and written in parts.
#include "vm/modules/sqlite_internal.h"
#include "vm/types/arguments.h"
#include "vm/types/slice.h"
#include <limits.h>
#include <stdio.h>

static SqliteBlob *blob_of(Value v) {
    return (SqliteBlob *)value_object(v);
}
static SqliteConnection *connection_of(const SqliteBlob *b) {
    return sqlite_connection_of(b->connection);
}

// The connection's lock is held then. 0 or -1.
static int enter(SqliteBlob *b) {
    SqliteConnection *c = connection_of(b);
    if (sqlite_enter(c) < 0)
        return -1;
    if (b->resource->blob)
        return 0;
    sqlite_raise(PROGRAMMING, "Cannot operate on a closed blob.");
    sqlite_leave(c);
    return -1;
}
static void leave(SqliteBlob *b) {
    sqlite_leave(connection_of(b));
}

// ---- opening -----------------------------------------------------------------------------------

static Value open_blob(Value connection, const char *database, const char *table,
                       const char *column, int row, bool readonly) {
    SqliteConnection *c = sqlite_connection_of(connection);
    sqlite3 *db = c->database->db;
    sqlite3_blob *blob;
    thread_detach();
    int code = sqlite3_blob_open(db, database, table, column, row, !readonly, &blob);
    thread_attach();
    if (code == SQLITE_MISUSE)
        return sqlite_raise(INTERFACE, "%s", sqlite3_errstr(code));
    if (code != SQLITE_OK)
        return sqlite_raise_last(db);
    SqliteResource *resource = sqlite_resource_new(c->database, NULL, blob);
    SqliteBlob *b = resource ? object_allocate(&sqlite_blob_type) : NULL;
    if (b) {
        b->connection = ref_new(connection);
        b->resource = resource;
        b->offset = 0;
        return value_from_object(b);
    }
    if (resource)
        sqlite_resource_leave(resource, RESOURCE_END);
    else
        sqlite3_blob_close(blob); // no memory
    return VALUE_NULL;
}

Value sqlite_connection_blobopen(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "", "", "readonly", "name", NULL};
    Value v[5], result = VALUE_NULL;
    int row, readonly = 0;
    if (arguments_parse("blobopen", args, nargs, kwnames, names, 3, 3, 3, v) < 0)
        return VALUE_NULL;
    char *owned[3] = {NULL, NULL, NULL};
    const char *database = "main", *column = NULL;
    const char *table = sqlite_text_argument("blobopen", "1", v[0], &owned[0]);
    if (table)
        column = sqlite_text_argument("blobopen", "2", v[1], &owned[1]);
    bool ok = column && int_argument(v[2], &row) == 0 &&
              (value_is_null(v[3]) || (readonly = value_truth(v[3])) >= 0);
    if (ok && !value_is_null(v[4]))
        database = sqlite_text_argument("blobopen", "'name'", v[4], &owned[2]);
    if (ok && database && sqlite_enter(sqlite_connection_of(self)) == 0) {
        result = open_blob(self, database, table, column, row, readonly);
        sqlite_leave(sqlite_connection_of(self));
    }
    for (int i = 0; i < 3; i++)
        buffer_free(owned[i]);
    return result;
}

static void blob_destroy(Object *self) {
    SqliteBlob *b = (SqliteBlob *)self;
    sqlite_resource_leave(b->resource, RESOURCE_END);
    ref_release(b->connection);
    object_free_fixed(self);
}
static void blob_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SqliteBlob *)self)->connection);
}

static Value blob_close(Value self) {
    SqliteBlob *b = blob_of(self);
    SqliteConnection *c = connection_of(b);
    if (sqlite_enter(c) < 0)
        return VALUE_NULL;
    sqlite_blob_close_locked(c->database, b->resource);
    sqlite_leave(c);
    return none_new();
}

// ---- bytes -------------------------------------------------------------------------------------
// All with the lock held.

static int size(const SqliteBlob *b) {
    return sqlite3_blob_bytes(b->resource->blob);
}

static int fail(SqliteBlob *b) {
    sqlite_raise_last(connection_of(b)->database->db);
    return -1;
}

static int read_into(SqliteBlob *b, void *out, int length, int offset) {
    thread_detach();
    int code = sqlite3_blob_read(b->resource->blob, out, length, offset);
    thread_attach();
    return code == SQLITE_OK ? 0 : fail(b);
}

static Value read_bytes(SqliteBlob *b, int length, int offset) {
    uint8_t *out;
    Value bytes = bytes_allocate(length, &out);
    if (!value_is_null(bytes) && read_into(b, out, length, offset) < 0) {
        ref_release(bytes);
        return VALUE_NULL;
    }
    return bytes;
}

static int write_from(SqliteBlob *b, const void *data, int64_t length, int offset) {
    if (length > size(b) - offset)
        return raise_int(&exception_ValueError, "data longer than blob length");
    thread_detach();
    int code = sqlite3_blob_write(b->resource->blob, data, (int)length, offset);
    thread_attach();
    return code == SQLITE_OK ? 0 : fail(b);
}

static Value blob_read(Value self, const Value *args, size_t nargs) {
    SqliteBlob *b = blob_of(self);
    int length = -1;
    if ((nargs && int_argument(args[0], &length) < 0) || enter(b) < 0)
        return VALUE_NULL;
    int left = size(b) - b->offset;
    if (length < 0 || length > left)
        length = left;
    Value result = length > 0 ? read_bytes(b, length, b->offset) : bytes_new("", 0);
    if (!value_is_null(result) && length > 0)
        b->offset += length;
    leave(b);
    return result;
}

static Value blob_write(Value self, Value data) {
    SqliteBlob *b = blob_of(self);
    BufferView view;
    if (buffer_view_get(data, &view, false) < 0)
        return VALUE_NULL;
    int status = enter(b);
    if (status == 0) {
        status = write_from(b, view.data, view.length, b->offset);
        if (status == 0)
            b->offset += (int)view.length;
        leave(b);
    }
    buffer_view_release(&view);
    return status < 0 ? VALUE_NULL : none_new();
}

static Value blob_seek(Value self, const Value *args, size_t nargs) {
    SqliteBlob *b = blob_of(self);
    int offset, origin = SEEK_SET;
    if (int_argument(args[0], &offset) < 0 || (nargs > 1 && int_argument(args[1], &origin) < 0) ||
        enter(b) < 0)
        return VALUE_NULL;
    int base = origin == SEEK_CUR ? b->offset : origin == SEEK_END ? size(b) : 0;
    Value result = VALUE_NULL;
    if (origin != SEEK_SET && origin != SEEK_CUR && origin != SEEK_END) {
        raise_value_error("'origin' should be os.SEEK_SET, os.SEEK_CUR, or os.SEEK_END");
    } else if (offset > INT_MAX - base) {
        raise_error(&exception_OverflowError, "seek offset results in overflow");
    } else if (offset + base < 0 || offset + base > size(b)) {
        raise_value_error("offset out of blob range");
    } else {
        b->offset = offset + base;
        result = none_new();
    }
    leave(b);
    return result;
}

static Value blob_tell(Value self) {
    SqliteBlob *b = blob_of(self);
    if (enter(b) < 0)
        return VALUE_NULL;
    Value result = value_from_int(b->offset);
    leave(b);
    return result;
}

static Value blob_enter(Value self) {
    if (enter(blob_of(self)) < 0)
        return VALUE_NULL;
    leave(blob_of(self));
    return ref_new(self);
}
static Value blob_exit(Value self, const Value *args, size_t nargs) {
    if (enter(blob_of(self)) < 0)
        return VALUE_NULL;
    sqlite_blob_close_locked(connection_of(blob_of(self))->database, blob_of(self)->resource);
    leave(blob_of(self));
    return bool_new(false);
}

// ---- brackets ----------------------------------------------------------------------------------

static int64_t blob_length(Value self) {
    SqliteBlob *b = blob_of(self);
    if (enter(b) < 0)
        return -1;
    int64_t length = size(b);
    leave(b);
    return length;
}

// The position in brackets: 0, or -1.
static int position_of(SqliteBlob *b, Value key, int *out) {
    int64_t i;
    if (value_to_position(key, &i) < 0)
        return -1;
    int length = size(b);
    i = i < 0 ? i + length : i;
    if (i < 0 || i >= length)
        return raise_int(&exception_IndexError, "Blob index out of range");
    *out = (int)i;
    return 0;
}

static bool has_index(Value v) {
    return value_is_int(v) || value_type(v)->index;
}

// What a slice selects: count bytes, step apart, which lie in `span` bytes from `low` on.
typedef struct {
    int64_t count, step, start, low, span;
} Selection;

static int select_bytes(SqliteBlob *b, Value slice, Selection *s) {
    int64_t stop;
    s->count = slice_indices(slice, size(b), &s->start, &stop, &s->step);
    if (s->count < 0)
        return -1;
    int64_t last = s->start + (s->count - 1) * s->step;
    s->low = last < s->start ? last : s->start;
    s->span = s->count ? (last < s->start ? s->start - last : last - s->start) + 1 : 0;
    return 0;
}

static Value get_slice(SqliteBlob *b, Value slice) {
    Selection s;
    if (select_bytes(b, slice, &s) < 0)
        return VALUE_NULL;
    if (s.count == 0)
        return bytes_new("", 0);
    Value all = read_bytes(b, (int)s.span, (int)s.low);
    if (value_is_null(all) || s.step == 1)
        return all;
    uint8_t *out;
    Value result = bytes_allocate(s.count, &out);
    for (int64_t i = 0; !value_is_null(result) && i < s.count; i++)
        out[i] = bytes_data(all)[s.start + i * s.step - s.low];
    ref_release(all);
    return result;
}

static Value blob_getitem(Value self, Value key) {
    SqliteBlob *b = blob_of(self);
    if (enter(b) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    int position;
    uint8_t byte;
    if (value_is_slice(key))
        result = get_slice(b, key);
    else if (!has_index(key))
        raise_type_error("Blob indices must be integers");
    else if (position_of(b, key, &position) == 0 && read_into(b, &byte, 1, position) == 0)
        result = value_from_int(byte);
    leave(b);
    return result;
}

static int set_index(SqliteBlob *b, Value key, Value v) {
    int position;
    int64_t n;
    if (position_of(b, key, &position) < 0)
        return -1;
    if (value_is_null(v))
        return raise_int(&exception_TypeError, "Blob doesn't support item deletion");
    if (!value_is_any_int(v))
        return raise_int(&exception_TypeError, "'%T' object cannot be interpreted as an integer",
                         v);
    if (!int_to_i64(v, &n) || n < 0 || n > 255)
        return raise_int(&exception_ValueError, "byte must be in range(0, 256)");
    uint8_t byte = (uint8_t)n;
    return write_from(b, &byte, 1, position);
}

static int put_bytes(SqliteBlob *b, const Selection *s, const uint8_t *data) {
    if (s->step == 1)
        return write_from(b, data, s->count, (int)s->low);
    uint8_t *all = buffer_allocate((size_t)s->span);
    if (!all)
        return raise_memory_error(), -1;
    int status = read_into(b, all, (int)s->span, (int)s->low);
    for (int64_t i = 0; status == 0 && i < s->count; i++)
        all[s->start + i * s->step - s->low] = data[i];
    if (status == 0)
        status = write_from(b, all, s->span, (int)s->low);
    buffer_free(all);
    return status;
}

static int set_slice(SqliteBlob *b, Value slice, Value v) {
    if (value_is_null(v))
        return raise_int(&exception_TypeError, "Blob doesn't support slice deletion");
    Selection s;
    if (select_bytes(b, slice, &s) < 0)
        return -1;
    if (s.count == 0)
        return 0;
    BufferView view;
    if (buffer_view_get(v, &view, false) < 0)
        return -1;
    int status = view.length == s.count
                     ? put_bytes(b, &s, view.data)
                     : raise_int(&exception_IndexError, "Blob slice assignment is wrong size");
    buffer_view_release(&view);
    return status;
}

static int blob_setitem(Value self, Value key, Value v) {
    SqliteBlob *b = blob_of(self);
    if (enter(b) < 0)
        return -1;
    int status = value_is_slice(key) ? set_slice(b, key, v)
                 : has_index(key)
                     ? set_index(b, key, v)
                     : raise_int(&exception_TypeError, "Blob indices must be integers");
    leave(b);
    return status;
}

static const NativeDef blob_methods[] = {
    DEF_NONE("close", blob_close, "close($self, /)\n--\n\nCloses the blob."),
    DEF_FIXED("read", blob_read, 0, 1,
              "read($self, length=-1, /)\n--\n\nThe next bytes; all that are left if negative."),
    DEF_FIXED("seek", blob_seek, 1, 2,
              "seek($self, offset, origin=0, /)\n--\n\nGoes to a position."),
    DEF_NONE("tell", blob_tell, "tell($self, /)\n--\n\nThe present position."),
    DEF_ONE("write", blob_write, "write($self, data, /)\n--\n\nWrites at the present position."),
    DEF_NONE("__enter__", blob_enter, "__enter__($self, /)\n--\n\n"),
    DEF_FIXED("__exit__", blob_exit, 3, 3, "__exit__($self, type, val, tb, /)\n--\n\n"),
    DEF_END,
};

Type sqlite_blob_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "sqlite3.Blob",
    .basic_size = sizeof(SqliteBlob),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE | TYPE_WEAKREFABLE,
    .destroy = blob_destroy,
    .traverse = blob_traverse,
    .length = blob_length,
    .getitem = blob_getitem,
    .setitem = blob_setitem,
    .methods = blob_methods,
};
