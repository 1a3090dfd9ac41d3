// SPDX-License-Identifier: MIT
//
// `posix`: reading folders (listdir, scandir), and os.PathLike.
//
// scandir() reads the whole folder at once: the iterator then is a list and a position, which
// threads can share. An entry's results of stat() are kept once they are known.
#include "vm/modules/posix.h"
#include "vm/modules/warnings_module.h"
#include "vm/types/generic_alias.h"
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

// NULL with errno. Not the caller's descriptor itself: closing the folder would close it, and the
// position in the folder belongs to whoever opened it.
static DIR *open_folder(const PosixPath *path) {
    if (path->text)
        return opendir(path->text);
    int fd = fcntl(path->fd, F_DUPFD_CLOEXEC, 0);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder) {
        rewinddir(folder);
    } else if (fd >= 0) {
        int kept = errno;
        close(fd);
        errno = kept;
    }
    return folder;
}

// Calls add for each entry but . and .. until it gives -1. 0, or -1 with an exception.
static int each_entry(const PosixPath *path,
                      int (*add)(const struct dirent *entry, const PosixPath *path, Value list),
                      Value list) {
    thread_detach();
    DIR *folder = open_folder(path);
    thread_attach();
    if (!folder) {
        if (path->text)
            posix_path_error(path);
        else
            raise_errno(errno);
        return -1;
    }
    // Read by the batch, so that the thread need not detach for each.
    _Alignas(struct dirent) char batch[8192];
    int status = 0;
    for (bool more = true; more && status == 0;) {
        size_t used = 0;
        int failure = 0;
        thread_detach();
        while (used <= sizeof batch - sizeof(struct dirent)) {
            errno = 0;
            const struct dirent *entry = readdir(folder);
            if (!entry) {
                failure = errno;
                more = false;
                break;
            }
            const char *name = entry->d_name;
            if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2])))
                continue;
            memcpy(batch + used, entry, entry->d_reclen);
            used += entry->d_reclen; // a multiple of the alignment
        }
        thread_attach();
        for (size_t at = 0; at < used && status == 0;) {
            const struct dirent *entry = (const struct dirent *)(batch + at);
            at += entry->d_reclen;
            status = add(entry, path, list);
        }
        if (failure && status == 0) {
            errno = failure;
            posix_path_error(path);
            status = -1;
        }
    }
    thread_detach();
    if (!path->text)
        rewinddir(folder);
    closedir(folder);
    thread_attach();
    return status;
}

static int add_name(const struct dirent *entry, const PosixPath *path, Value list) {
    return list_append_owned(list, posix_decode(entry->d_name, path->is_bytes));
}

static Value posix_listdir(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("listdir", 0, 1, 0, "path");
    PosixPath path;
    if (posix_path("listdir", "path", v[0], PATH_FD | PATH_NONE, &path) < 0)
        return VALUE_NULL;
    Value list = list_new();
    if (!value_is_null(list) && each_entry(&path, add_name, list) < 0) {
        ref_release(list);
        list = VALUE_NULL;
    }
    posix_path_done(&path);
    return list;
}

// ---- scandir -----------------------------------------------------------------------------------

typedef struct {
    Object header;
    Value name, path; // constant, as what follows
    uint64_t inode;
    int dir;                     // a descriptor scandir() was given, or AT_FDCWD
    uint8_t kind;                // d_type
    Value stat_follow, stat_own; // VALUE_NULL until known; guarded by the lock
} DirEntry;
typedef struct {
    Object header;
    Value list;   // of DirEntry; constant
    int64_t next; // guarded by the lock
    bool closed;  // closed or used up; the same
} ScandirIterator;

static inline DirEntry *entry_of(Value v) {
    return (DirEntry *)value_object(v);
}

static Value entry_fetch_stat(DirEntry *e, bool follow) {
    PosixPath path;
    if (posix_path("DirEntry", "path", e->dir == AT_FDCWD ? e->path : e->name, 0, &path) < 0)
        return VALUE_NULL;
    ref_release(path.object); // messages show the path
    path.object = ref_new(e->path);
    Value st = posix_stat_at(e->dir, &path, follow);
    posix_path_done(&path);
    return st;
}
static Value entry_stat_flag(Value self, bool follow) {
    DirEntry *e = entry_of(self);
    if (follow && e->kind != DT_LNK && e->kind != DT_UNKNOWN)
        follow = false; // the same, and fetched only once
    Value *slot = follow ? &e->stat_follow : &e->stat_own;
    Value known = field_load(&e->header, slot);
    if (!value_is_null(known))
        return known;
    Value st = entry_fetch_stat(e, follow);
    if (!value_is_null(st))
        field_store(&e->header, slot, ref_new(st));
    return st;
}
static int follow_argument(const char *function, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"follow_symlinks", NULL};
    Value v[1];
    if (arguments_parse(function, args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return -1;
    return value_is_null(v[0]) ? 1 : value_truth(v[0]);
}
static Value entry_stat(Value self, const Value *args, size_t nargs, Value kwnames) {
    int follow = follow_argument("stat", args, nargs, kwnames);
    return follow < 0 ? VALUE_NULL : entry_stat_flag(self, follow);
}
static Value entry_is(Value self, int follow, mode_t wanted, uint8_t kind) {
    DirEntry *e = entry_of(self);
    if (follow < 0)
        return VALUE_NULL;
    if (e->kind != DT_UNKNOWN && !(e->kind == DT_LNK && follow))
        return bool_new(e->kind == kind);
    Value st = entry_stat_flag(self, follow);
    if (value_is_null(st)) {
        if (!error_matches(&exception_FileNotFoundError))
            return st;
        error_clear();
        return bool_new(false);
    }
    int64_t mode = 0;
    int status = value_to_i64(tuple_item(st, 0), &mode);
    ref_release(st);
    return status < 0 ? VALUE_NULL : bool_new(((mode_t)mode & S_IFMT) == wanted);
}
static Value entry_is_dir(Value self, const Value *args, size_t nargs, Value kwnames) {
    return entry_is(self, follow_argument("is_dir", args, nargs, kwnames), S_IFDIR, DT_DIR);
}
static Value entry_is_file(Value self, const Value *args, size_t nargs, Value kwnames) {
    return entry_is(self, follow_argument("is_file", args, nargs, kwnames), S_IFREG, DT_REG);
}
static Value entry_is_symlink(Value self) {
    return entry_is(self, 0, S_IFLNK, DT_LNK);
}
static Value entry_inode(Value self) {
    return int_from_u64(entry_of(self)->inode);
}
static Value entry_fspath(Value self) {
    return ref_new(entry_of(self)->path);
}
static Value entry_repr(Value self) {
    return str_format("<DirEntry %R>", entry_of(self)->name);
}
static void entry_destroy(Object *self) {
    DirEntry *e = (DirEntry *)self;
    ref_release(e->name);
    ref_release(e->path);
    ref_release(e->stat_follow);
    ref_release(e->stat_own);
    object_free_fixed(self);
}
static void entry_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((DirEntry *)self)->stat_follow);
    gc_visit(visitor, ((DirEntry *)self)->stat_own);
    gc_visit(visitor, ((DirEntry *)self)->name);
    gc_visit(visitor, ((DirEntry *)self)->path);
}
static const NativeDef entry_methods[] = {
    DEF_VECTOR("stat", entry_stat,
               "stat($self, /, *, follow_symlinks=True)\n--\n\nThe entry's os.stat_result."),
    DEF_VECTOR("is_dir", entry_is_dir,
               "is_dir($self, /, *, follow_symlinks=True)\n--\n\nIs it a folder?"),
    DEF_VECTOR("is_file", entry_is_file,
               "is_file($self, /, *, follow_symlinks=True)\n--\n\nIs it a regular file?"),
    DEF_NONE("is_symlink", entry_is_symlink, "is_symlink($self, /)\n--\n\nIs it a symbolic link?"),
    DEF_NONE("inode", entry_inode, "inode($self, /)\n--\n\nThe inode's number."),
    DEF_NONE("__fspath__", entry_fspath, "__fspath__($self, /)\n--\n\nThe path."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, NULL),
    DEF_END};
static const MemberDef entry_members[] = {{"name", offsetof(DirEntry, name), true, true},
                                          {"path", offsetof(DirEntry, path), true, true},
                                          {0}};
static Type dir_entry_type = {.header = STATIC_TYPE_HEADER,
                              .name = "posix.DirEntry",
                              .basic_size = sizeof(DirEntry),
                              .kind = HEAP_CONTAINER,
                              .flags = TYPE_NO_NEW,
                              .destroy = entry_destroy,
                              .traverse = entry_traverse,
                              .repr = entry_repr,
                              .methods = entry_methods,
                              .members = entry_members};

static inline ScandirIterator *scandir_of(Value v) {
    return (ScandirIterator *)value_object(v);
}
static void scandir_set_closed(ScandirIterator *s) {
    object_lock(&s->header);
    s->closed = true;
    object_unlock(&s->header);
}
static Value scandir_next(Value self) {
    ScandirIterator *s = scandir_of(self);
    object_lock(&s->header);
    int64_t i = s->closed ? INT64_MAX : s->next++;
    object_unlock(&s->header);
    if (i < list_length(s->list))
        return list_get(s->list, i);
    scandir_set_closed(s);
    return VALUE_NULL;
}
static Value scandir_close(Value self) {
    scandir_set_closed(scandir_of(self));
    return none_new();
}
static Value scandir_enter(Value self) {
    return ref_new(self);
}
static Value scandir_exit(Value self, const Value *args, size_t nargs) {
    return scandir_close(self);
}
static void scandir_finalize(Object *self) {
    ScandirIterator *s = (ScandirIterator *)self;
    if (s->closed)
        return;
    s->closed = true;
    Value pending = error_take();
    if (warn_of_resource(value_from_object(self), "unclosed scandir iterator %R",
                         value_from_object(self)) < 0 &&
        error_matches(&exception_Warning))
        error_report_unraisable(NULL, value_from_object(self));
    error_clear();
    error_restore(pending);
}
static void scandir_destroy(Object *self) {
    ref_release(((ScandirIterator *)self)->list);
    object_free_fixed(self);
}
static void scandir_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((ScandirIterator *)self)->list);
}
static const NativeDef scandir_methods[] = {
    DEF_NONE("close", scandir_close, NULL), DEF_NONE("__enter__", scandir_enter, NULL),
    DEF_FIXED("__exit__", scandir_exit, 0, -1, NULL), DEF_END};
static Type scandir_type = {.header = STATIC_TYPE_HEADER,
                            .name = "posix.ScandirIterator",
                            .basic_size = sizeof(ScandirIterator),
                            .kind = HEAP_CONTAINER,
                            .flags = TYPE_NO_NEW,
                            .destroy = scandir_destroy,
                            .traverse = scandir_traverse,
                            .finalize = scandir_finalize,
                            .iter = object_self_iter,
                            .next = scandir_next,
                            .methods = scandir_methods};

static int add_entry(const struct dirent *entry, const PosixPath *path, Value list) {
    DirEntry *e = object_allocate(&dir_entry_type);
    if (!e)
        return -1;
    e->kind = entry->d_type;
    e->inode = entry->d_ino;
    e->dir = path->text ? AT_FDCWD : path->fd;
    e->name = posix_decode(entry->d_name, path->is_bytes);
    if (!path->text || value_is_none(path->object)) {
        // "." as the default and a descriptor do not show in the path
        e->path = path->text ? str_format("./%V", e->name) : ref_new(e->name);
    } else {
        size_t stem = strlen(path->text), length = strlen(entry->d_name);
        char *full = malloc(stem + length + 2);
        if (full) {
            memcpy(full, path->text, stem);
            if (stem && full[stem - 1] != '/')
                full[stem++] = '/';
            memcpy(full + stem, entry->d_name, length + 1);
            e->path = posix_decode(full, path->is_bytes);
            free(full);
        } else {
            raise_memory_error();
        }
    }
    if (value_is_null(e->name) || value_is_null(e->path)) {
        ref_release_object(e);
        return -1;
    }
    return list_append_owned(list, value_from_object(e));
}

static Value posix_scandir(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("scandir", 0, 1, 0, "path");
    PosixPath path;
    if (posix_path("scandir", "path", v[0], PATH_FD | PATH_NONE, &path) < 0)
        return VALUE_NULL;
    Value list = list_new();
    ScandirIterator *s = NULL;
    if (!value_is_null(list) && each_entry(&path, add_entry, list) == 0)
        s = object_allocate(&scandir_type);
    posix_path_done(&path);
    if (!s) {
        ref_release(list);
        return VALUE_NULL;
    }
    s->list = list;
    return value_from_object(s);
}

static Value posix_fspath(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("fspath", 0, 1, 1, "path");
    if (value_is_str(v[0]) || value_is_bytes(v[0]))
        return ref_new(v[0]);
    Value method;
    int found = value_lookup_special(v[0], name___fspath__, &method);
    if (found <= 0)
        return found < 0 ? VALUE_NULL
                         : raise_type_error("expected str, bytes or os.PathLike object, not %N",
                                            value_type(v[0]));
    Value path = value_call_none(method);
    ref_release(method);
    if (!value_is_null(path) && !value_is_str(path) && !value_is_bytes(path)) {
        raise_type_error("expected %T.__fspath__() to return str or bytes, not %T", v[0], path);
        ref_release(path);
        return VALUE_NULL;
    }
    return path;
}

// Writes the normalised path, in which NUL is a character like others; gives its end.
// `..` takes a name away where it can.
static char *normalise(char *out, const char *path, size_t size) {
    const char *stop = path + size;
    char *start = out;
    if (*path == '/') {
        *out++ = '/';
        // Exactly two slashes in front are kept: POSIX leaves to systems what they mean.
        if (path[1] == '/' && path[2] != '/')
            *out++ = '/';
        start = out;
    }
    bool rooted = out != start || *path == '/';
    int kept = 0; // names in front that `..` may take away
    while (path < stop) {
        const char *end = memchr(path, '/', (size_t)(stop - path));
        end = end ? end : stop;
        size_t length = (size_t)(end - path);
        if (length == 0 || (length == 1 && *path == '.')) {
        } else if (length == 2 && path[0] == '.' && path[1] == '.' && (rooted || kept)) {
            if (kept) {
                while (out > start && out[-1] != '/')
                    out--;
                if (out > start)
                    out--;
                kept--;
            }
        } else {
            if (out > start)
                *out++ = '/';
            memcpy(out, path, length);
            out += length;
            if (length != 2 || path[0] != '.' || path[1] != '.')
                kept++;
        }
        path = end < stop ? end + 1 : end;
    }
    return out;
}
static Value posix_path_normpath(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("_path_normpath", 0, 1, 1, "path");
    if (!value_is_str(v[0]))
        return raise_type_error("_path_normpath() argument 'path' must be str, not %G", v[0]);
    char *owned = NULL;
    size_t length;
    const char *text = str_utf8_wtf(v[0], &length, &owned);
    if (!text)
        return VALUE_NULL;
    char *out = malloc(length + 2);
    Value result = VALUE_NULL;
    if (!out) {
        raise_memory_error();
    } else {
        size_t kept = (size_t)(normalise(out, text, length) - out);
        result = kept ? str_from_utf8(out, kept) : str_from_cstr(".");
    }
    free(out);
    buffer_free(owned);
    return result;
}

const NativeDef posix_folder_functions[] = {
    DEF_VECTOR("listdir", posix_listdir,
               "listdir($module, /, path=None)\n--\n\nThe names in a folder."),
    DEF_VECTOR("scandir", posix_scandir,
               "scandir($module, /, path=None)\n--\n\nAn iterator of a folder's entries."),
    DEF_VECTOR("fspath", posix_fspath,
               "fspath($module, /, path)\n--\n\nWhat names the file: str or bytes."),
    DEF_VECTOR("_path_normpath", posix_path_normpath,
               "_path_normpath($module, /, path)\n--\n\n"
               "A path without doubled slashes, `.` and `..`."),
    DEF_END,
};

int posix_folders_fill(Value module) {
    if (!(scandir_type.flags & TYPE_READY))
        type_ready(&scandir_type);
    return module_add_type(module, &dir_entry_type);
}
