// SPDX-License-Identifier: MIT
//
// `_dbm`: files of keys and values, both bytes, through the ndbm interface of Berkeley DB, whose
// functions are found when the module is imported. (The interface: POSIX, <ndbm.h>.)
//
// A database is one thread's at a time: what the library gives lies in memory of the database, and
// the keys are gone through by a cursor of it. Its lock can be taken again by its holder, since
// making bytes may run finalisers that come back to the same database, and may close it.
#include "locks/recursive_mutex.h"
#include "vm/modules/exception_class.h"
#include "vm/modules/posix.h"
#include "vm/types/str.h"
#include "vm/types/arguments.h"
#include <dlfcn.h>

typedef struct {
    const char *data; // NULL: there is none
    int length;
} Datum;
typedef struct DbmFile DbmFile; // the library's
enum { DBM_INSERT = 0, DBM_REPLACE = 1 };

// Set when the module is first imported, never changed after.
static struct {
    DbmFile *(*open)(const char *, int, mode_t);
    void (*close)(DbmFile *);
    Datum (*fetch)(DbmFile *, Datum);
    Datum (*firstkey)(DbmFile *);
    Datum (*nextkey)(DbmFile *);
    int (*store)(DbmFile *, Datum, Datum, int);
    int (*delete)(DbmFile *, Datum);
    int (*clearerr)(DbmFile *);
    int (*rdonly)(DbmFile *);
} library;
static Value dbm_error; // the class _dbm.error

typedef struct {
    Object header;
    RecursiveMutex lock; // guards the next, and all use of it
    DbmFile *file;       // NULL: closed
} Database;

static inline Database *database_of(Value v) {
    return (Database *)value_object(v);
}
static Value fail(const char *message) {
    return raise_error((Type *)value_object(dbm_error), "%s", message);
}
// The open file with the lock held, or NULL with an error and the lock free.
static DbmFile *enter(Value self) {
    Database *d = database_of(self);
    recursive_mutex_lock(&d->lock);
    if (d->file)
        return d->file;
    recursive_mutex_unlock(&d->lock);
    fail("DBM object has already been closed");
    return NULL;
}
static void leave(Value self) {
    recursive_mutex_unlock(&database_of(self)->lock);
}

// ---- keys and values ---------------------------------------------------------------------------

// What a str or bytes gives the library, for as long as both live.
typedef struct {
    Datum datum;
    BufferView view;
    char *owned; // UTF-8
    bool has_view;
} Input;
static void input_done(Input *b) {
    if (b->has_view)
        buffer_view_release(&b->view);
    buffer_free(b->owned);
}
static int input_set(Input *b, const void *data, int64_t length) {
    if (length > INT32_MAX) {
        input_done(b);
        return raise_int(&exception_OverflowError, "size does not fit in an int");
    }
    // An empty one is not none.
    b->datum = (Datum){length ? data : "", (int)length};
    return 0;
}
static int input_of_str(Value v, Input *b) {
    size_t length;
    *b = (Input){0};
    const char *text = str_utf8(v, &length, &b->owned);
    return text ? input_set(b, text, (int64_t)length) : -1;
}
// str, or any bytes that do not change.
static int input_of_any(Value v, Input *b) {
    if (value_is_str(v))
        return input_of_str(v, b);
    *b = (Input){0};
    if (buffer_view_get(v, &b->view, false) < 0)
        return -1;
    b->has_view = true;
    if (!b->view.readonly || !value_is_bytes(v)) {
        input_done(b);
        return raise_int(&exception_TypeError,
                         "argument must be read-only bytes-like object, not %T", v);
    }
    return input_set(b, b->view.data, b->view.length);
}
// str or bytes; `what` goes into the message.
static int input_of(Value v, Input *b, const char *what) {
    if (value_is_str(v) || value_is_bytes(v))
        return input_of_any(v, b);
    return raise_int(&exception_TypeError, "dbm mappings have bytes or string %s only", what);
}

static Value bytes_from(Datum d) {
    return bytes_new(d.data, (size_t)d.length);
}

// ---- the mapping -------------------------------------------------------------------------------

// The value, VALUE_NULL without an error if there is none.
static Value find(Value self, const Input *key) {
    DbmFile *file = enter(self);
    if (!file)
        return VALUE_NULL;
    Datum found = library.fetch(file, key->datum);
    Value v = found.data ? bytes_from(found) : VALUE_NULL;
    leave(self);
    return v;
}
static int store(Value self, const Input *key, const Input *value) {
    DbmFile *file = enter(self);
    if (!file)
        return -1;
    int status = library.store(file, key->datum, value->datum, DBM_REPLACE);
    if (status < 0)
        library.clearerr(file);
    leave(self);
    if (status < 0)
        fail("cannot add item to database");
    return status < 0 ? -1 : 0;
}

static Value dbm_getitem(Value self, Value key) {
    Input k;
    if (input_of_any(key, &k) < 0)
        return VALUE_NULL;
    Value v = find(self, &k);
    input_done(&k);
    return value_is_null(v) && !error_occurred() ? raise_key_error(key) : v;
}

static int remove_key(Value self, Value key, const Input *k) {
    DbmFile *file = enter(self);
    if (!file)
        return -1;
    int status = library.delete(file, k->datum);
    bool readonly = status < 0 && library.rdonly(file);
    if (status < 0)
        library.clearerr(file);
    leave(self);
    if (readonly)
        fail("cannot delete item from database");
    else if (status < 0)
        raise_key_error(key);
    return status < 0 ? -1 : 0;
}
static int dbm_setitem(Value self, Value key, Value value) {
    Input k, v;
    if (input_of(key, &k, "keys") < 0)
        return -1;
    int status;
    if (value_is_null(value)) {
        status = remove_key(self, key, &k);
    } else if ((status = input_of(value, &v, "elements")) == 0) {
        status = store(self, &k, &v);
        input_done(&v);
    }
    input_done(&k);
    return status;
}

static int dbm_contains(Value self, Value key) {
    Input k;
    if (!value_is_str(key) && !value_is_bytes(key))
        return raise_int(&exception_TypeError, "dbm key must be bytes or string, not %T", key);
    if (input_of_any(key, &k) < 0)
        return -1;
    DbmFile *file = enter(self);
    int found = file ? library.fetch(file, k.datum).data != NULL : -1;
    if (file)
        leave(self);
    input_done(&k);
    return found;
}

static int64_t dbm_length(Value self) {
    DbmFile *file = enter(self);
    if (!file)
        return -1;
    int64_t count = 0;
    for (Datum key = library.firstkey(file); key.data; key = library.nextkey(file))
        count++;
    leave(self);
    return count;
}
static int dbm_boolean(Value self) {
    DbmFile *file = enter(self);
    if (!file)
        return -1;
    bool any = library.firstkey(file).data != NULL;
    leave(self);
    return any;
}

static Value dbm_keys(Value self) {
    DbmFile *file = enter(self);
    if (!file)
        return VALUE_NULL;
    Value list = list_new();
    // What runs while a bytes object is made may have closed the file.
    for (Datum key = library.firstkey(file); key.data && !value_is_null(list);
         key = database_of(self)->file ? library.nextkey(file) : (Datum){0}) {
        Value v = bytes_from(key);
        if (value_is_null(v) || list_append_owned(list, v) < 0) {
            ref_release(list);
            list = VALUE_NULL;
        }
    }
    leave(self);
    return list;
}

static Value dbm_get(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("get", 2, 2, 1, "key", "default");
    Input k;
    if (input_of_any(v[0], &k) < 0)
        return VALUE_NULL;
    Value found = find(self, &k);
    input_done(&k);
    if (!value_is_null(found) || error_occurred())
        return found;
    return value_is_null(v[1]) ? none_new() : ref_new(v[1]);
}

static Value dbm_setdefault(Value self, const Value *args, size_t nargs) {
    Input k, v;
    if (input_of_any(args[0], &k) < 0)
        return VALUE_NULL;
    Database *d = database_of(self);
    recursive_mutex_lock(&d->lock); // finding and storing are one step
    Value found = find(self, &k);
    if (value_is_null(found) && !error_occurred()) {
        Value value = nargs > 1 ? ref_new(args[1]) : bytes_new(NULL, 0);
        if (!value_is_null(value) && input_of(value, &v, "elements") == 0) {
            if (store(self, &k, &v) == 0)
                found = ref_new(value);
            input_done(&v);
        }
        ref_release(value);
    }
    recursive_mutex_unlock(&d->lock);
    input_done(&k);
    return found;
}

// ---- opening and closing -----------------------------------------------------------------------

static void close_file(Database *d) {
    DbmFile *file = d->file;
    d->file = NULL;
    if (file)
        library.close(file);
}
static Value dbm_close(Value self) {
    Database *d = database_of(self);
    recursive_mutex_lock(&d->lock);
    close_file(d);
    recursive_mutex_unlock(&d->lock);
    return none_new();
}
static Value dbm_enter(Value self) {
    return ref_new(self);
}
static Value dbm_exit(Value self, const Value *args, size_t nargs, Value kwnames) {
    return dbm_close(self);
}
static void dbm_destroy(Object *self) {
    close_file((Database *)self);
    object_free_fixed(self);
}

static const NativeDef database_methods[] = {
    DEF_NONE("close", dbm_close, "close($self, /)\n--\n\nCloses the database."),
    DEF_NONE("keys", dbm_keys, "keys($self, /)\n--\n\nA list of all keys."),
    DEF_VECTOR("get", dbm_get, "The value of a key, or the default if there is none."),
    DEF_FIXED("setdefault", dbm_setdefault, 1, 2,
              "The value of a key, which is set to the default if there is none."),
    DEF_NONE("__enter__", dbm_enter, NULL),
    DEF_VECTOR("__exit__", dbm_exit, NULL),
    DEF_END,
};
static Type database_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_dbm.dbm",
    .doc = "A file of keys and values.",
    .flags = TYPE_NO_NEW,
    .basic_size = sizeof(Database),
    .kind = HEAP_LEAF,
    .destroy = dbm_destroy,
    .getitem = dbm_getitem,
    .setitem = dbm_setitem,
    .contains = dbm_contains,
    .length = dbm_length,
    .boolean = dbm_boolean,
    .methods = database_methods,
};

// The flags that the letters stand for, or -1.
static int open_flags(Value v) {
    static const struct {
        const char *letters;
        int flags;
    } modes[] = {{"r", O_RDONLY},
                 {"w", O_RDWR},
                 {"rw", O_RDWR | O_CREAT},
                 {"c", O_RDWR | O_CREAT},
                 {"n", O_RDWR | O_CREAT | O_TRUNC}};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (str_equal_cstr(v, modes[i].letters))
            return modes[i].flags;
    fail("arg 2 to open should be 'r', 'w', 'c', or 'n'");
    return -1;
}

static Value open_failed(int problem, Value path) {
    Value args[3] = {value_from_int(problem), str_from_cstr(strerror(problem)), path};
    Value e = value_is_null(args[1]) ? VALUE_NULL : value_call(dbm_error, args, 3, VALUE_NULL);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(e);
    ref_release(args[1]);
    return VALUE_NULL;
}

static Value dbm_open(Value self, const Value *args, size_t nargs) {
    int flags = O_RDONLY, mode = 0666;
    if (nargs > 1 && !value_is_str(args[1]))
        return raise_type_error("open() argument 2 must be str, not %G", args[1]);
    if (nargs > 2 && int_argument(args[2], &mode) < 0)
        return VALUE_NULL;
    if (nargs > 1 && (flags = open_flags(args[1])) < 0)
        return VALUE_NULL;
    Value path = posix_fs_encode(args[0]);
    Database *d = value_is_null(path) ? NULL : object_allocate(&database_type);
    if (d) {
        d->lock = (RecursiveMutex){0};
        errno = 0;
        d->file = library.open((const char *)bytes_data(path), flags, (mode_t)mode);
        if (!d->file) {
            open_failed(errno, args[0]);
            ref_release_object(d);
            d = NULL;
        }
    }
    ref_release(path);
    return d ? value_from_object(d) : VALUE_NULL;
}

static const NativeDef functions[] = {
    DEF_FIXED("open", dbm_open, 1, 3,
              "open($module, filename, flags=\'r\', mode=0o666, /)\n--\n\nOpens a database."),
    DEF_END,
};

static int load_library(void) {
    static const struct {
        const char *name;
        void **function;
    } wanted[] = {
        {"__db_ndbm_open", (void **)&library.open},
        {"__db_ndbm_close", (void **)&library.close},
        {"__db_ndbm_fetch", (void **)&library.fetch},
        {"__db_ndbm_firstkey", (void **)&library.firstkey},
        {"__db_ndbm_nextkey", (void **)&library.nextkey},
        {"__db_ndbm_store", (void **)&library.store},
        {"__db_ndbm_delete", (void **)&library.delete},
        {"__db_ndbm_clearerr", (void **)&library.clearerr},
        {"__db_ndbm_rdonly", (void **)&library.rdonly},
    };
    void *handle = dlopen("libdb-5.3.so", RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *symbol = handle ? dlsym(handle, wanted[i].name) : NULL;
        if (!symbol)
            return raise_int(&exception_ImportError, "libdb-5.3.so cannot be loaded");
        *wanted[i].function = symbol;
    }
    return 0;
}

static int fill(Value module) {
    if (load_library() < 0 || exception_class_add(module, &dbm_error, "_dbm", "error",
                                                  value_from_object(&exception_OSError), NULL) < 0)
        return -1;
    type_ready(&database_type);
    return module_add(module, "library", str_from_cstr("Berkeley DB"));
}

const NativeModule module_dbm = {"_dbm", "Files of keys and values.", functions, fill};
