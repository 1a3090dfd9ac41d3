// SPDX-License-Identifier: MIT
//
// The code of modules: compiled from their source, or read from a file of compiled code where that
// is good. These files are what the library's importlib reads and writes, too: 16 bytes (magic
// number, flags, and the source's time and size or its hash), then the code as marshal writes it.
//
// A user who may not write where the library lies would compile it anew at every start, since no
// package brings compiled code for this interpreter. What cannot be kept beside its source is
// therefore kept in the user's own cache (XDG Base Directory Specification: $XDG_CACHE_HOME, else
// ~/.cache) under locksmith/, and looked for there when it is not beside its source.
#include "vm/modules/marshal.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/types/bytes.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/interp/code.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 16, HASH_BASED = 1, CHECK_SOURCE = 2 };

void import_cache_magic(uint8_t magic[4]) {
    uint64_t form = marshal_code_form();
    magic[0] = (uint8_t)form;
    magic[1] = (uint8_t)(form >> 8);
    magic[2] = '\r';
    magic[3] = '\n';
}

// Where the code of a source file is kept. False: nowhere.
static bool cache_path(const char *source, char *out, size_t capacity) {
    const char *slash = strrchr(source, '/'), *leaf = slash ? slash + 1 : source;
    size_t stem = strlen(leaf);
    if (stem < 4 || strcmp(leaf + stem - 3, ".py") != 0)
        return false;
    stem -= 3;
    char level[16] = "", folder[PATH_MAX];
    if (import_optimize_level)
        snprintf(level, sizeof level, ".opt-%d", import_optimize_level);
    size_t length = slash ? (size_t)(slash - source) : 0;
    if (length >= sizeof folder)
        return false;
    memcpy(folder, source, length);
    folder[length] = 0;
    int n;
    if (options.pycache_prefix) {
        char here[PATH_MAX];
        bool relative = *source != '/';
        if (relative && !getcwd(here, sizeof here))
            return false;
        n = snprintf(out, capacity, "%s%s%s/%s/%.*s.%s%s.pyc", options.pycache_prefix,
                     relative ? here : "", relative ? "/" : "", folder, (int)stem, leaf,
                     IMPORT_CACHE_TAG, level);
    } else {
        n = snprintf(out, capacity, "%s%s__pycache__/%.*s.%s%s.pyc", folder, slash ? "/" : "",
                     (int)stem, leaf, IMPORT_CACHE_TAG, level);
    }
    return n > 0 && (size_t)n < capacity;
}

// The place in the user's own cache of what cache_path names. False: none, or not to be trusted, as
// under -I and -s, where nothing of the user's is read, and in a program with another's rights.
static bool own_cache_path(const char *cache, char *out, size_t capacity) {
    if (options.no_user_site || options.pycache_prefix || *cache != '/' || getauxval(AT_SECURE))
        return false;
    const char *base = getenv("XDG_CACHE_HOME"), *below = "";
    if (!base || *base != '/') {
        base = getenv("HOME");
        below = "/.cache";
    }
    if (!base || *base != '/')
        return false;
    int n = snprintf(out, capacity, "%s%s/locksmith%s", base, below, cache);
    return n > 0 && (size_t)n < capacity;
}

Value import_cache_name(Value source) {
    char path[PATH_MAX];
    Value encoded =
        value_is_str(source) ? codec_encode(source, "utf-8", "surrogateescape") : VALUE_NULL;
    if (value_is_null(encoded)) {
        error_clear();
        return none_new();
    }
    const char *text = (const char *)bytes_data(encoded);
    size_t length = strlen(text);
    bool compiled = length > 4 && strcmp(text + length - 4, ".pyc") == 0;
    bool known = cache_path(text, path, sizeof path);
    ref_release(encoded);
    if (compiled)
        return ref_new(source);
    return known ? codec_decode((const uint8_t *)path, strlen(path), "utf-8", "surrogateescape")
                 : none_new();
}

// The whole file, or NULL, with errno. free() it.
static uint8_t *read_whole(const char *path, size_t *length_out) {
    struct stat st;
    thread_detach();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    uint8_t *data = NULL;
    size_t length = 0;
    int error = 0;
    if (fd < 0 || fstat(fd, &st) < 0) {
        error = errno;
    } else if (!S_ISREG(st.st_mode)) {
        error = EISDIR;
    } else if (!(data = malloc((size_t)st.st_size + 1))) {
        error = ENOMEM;
    } else {
        while (length < (size_t)st.st_size) {
            ssize_t n = read(fd, data + length, (size_t)st.st_size - length);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0)
                break;
            length += (size_t)n;
        }
    }
    if (fd >= 0)
        close(fd);
    thread_attach();
    *length_out = length;
    errno = error;
    return data;
}

static uint32_t number_at(const uint8_t *data) {
    uint32_t n;
    memcpy(&n, data, 4);
    return n;
}

static Value cache_load(const char *cache, const struct stat *source, Value path_value) {
    size_t length;
    uint8_t *data = read_whole(cache, &length), magic[4];
    if (!data)
        return VALUE_NULL;
    import_cache_magic(magic);
    bool good = length > HEAD && memcmp(data, magic, 4) == 0;
    uint32_t flags = good ? number_at(data + 4) : 0;
    if (flags & HASH_BASED) // one that is to be checked is left to importlib, which has the hash
        good = flags == HASH_BASED && strcmp(options.check_hash_pycs, "always") != 0;
    else
        good = good && flags == 0 && number_at(data + 8) == (uint32_t)source->st_mtim.tv_sec &&
               number_at(data + 12) == (uint32_t)source->st_size;
    Value code = good ? marshal_loads(data + HEAD, length - HEAD, path_value) : VALUE_NULL;
    free(data);
    if (!value_is_null(code) && !value_is_exactly(code, &code_type)) {
        ref_release(code);
        code = VALUE_NULL;
    }
    if (value_is_null(code))
        error_clear(); // it is as if there were none
    return code;
}

Value import_compiled_code(const char *path, Value path_value, Value name) {
    size_t length;
    uint8_t *data = read_whole(path, &length), magic[4];
    if (!data)
        return errno == ENOMEM ? raise_memory_error() : raise_errno_path(errno, path_value);
    import_cache_magic(magic);
    Value code = VALUE_NULL;
    if (length < 4 || memcmp(data, magic, 4) != 0) {
        Value found = bytes_new(data, length < 4 ? (int64_t)length : 4),
              names = tuple_pack(1, name_name);
        Value args[2] = {VALUE_NULL, name}, e = VALUE_NULL;
        if (!value_is_null(found))
            args[0] = str_format("bad magic number in %R: %R", name, found);
        if (!value_is_null(args[0]) && !value_is_null(names))
            e = value_call(value_from_object(&exception_ImportError), args, 1, names);
        if (!value_is_null(e))
            raise_object(e);
        ref_release(e);
        ref_release(args[0]);
        ref_release(names);
        ref_release(found);
    } else if (length < HEAD) {
        raise_error(&exception_EOFError, "reached EOF while reading pyc header of %R", name);
    } else {
        code = marshal_loads(data + HEAD, length - HEAD, VALUE_NULL);
        if (!value_is_null(code) && !value_is_exactly(code, &code_type)) {
            ref_release(code);
            code = raise_error(&exception_ImportError, "Non-code object in %R", path_value);
        }
    }
    free(data);
    return code;
}

// Makes the folders that lead to a file, as far as they are missing.
static void make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0777);
        *slash = '/';
    }
}

// A new file of the head and the data (bytes), whole or not at all, since others read it meanwhile.
// The caller is detached.
static bool write_whole(const char *path, mode_t mode, const uint8_t head[HEAD], Value data) {
    char folders[PATH_MAX], temporary[PATH_MAX + 32];
    snprintf(temporary, sizeof temporary, "%s.%ld.%lx", path, (long)getpid(),
             (long)thread_current()->serial);
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int fd = open(temporary, flags, mode);
    if (fd < 0 && errno == ENOENT) {
        snprintf(folders, sizeof folders, "%s", path);
        make_folders(folders);
        fd = open(temporary, flags, mode);
    }
    if (fd < 0)
        return false;
    size_t length = (size_t)bytes_length(data);
    bool whole =
        write(fd, head, HEAD) == HEAD && write(fd, bytes_data(data), length) == (ssize_t)length;
    if (close(fd) == 0 && whole && rename(temporary, path) == 0)
        return true;
    unlink(temporary);
    return false;
}

// Keeps the code in one of the two places, as long as that is wanted; own: "" if there is none.
static void cache_store(const char *cache, const char *own, const struct stat *source, Value code) {
    Value wanted = sys_get("dont_write_bytecode");
    int forbidden = value_is_null(wanted) ? 0 : value_truth(wanted);
    ref_release(wanted);
    Value data = forbidden ? VALUE_NULL : marshal_dumps(code, MARSHAL_VERSION);
    if (value_is_null(data)) {
        error_clear();
        return;
    }
    uint8_t head[HEAD] = {0};
    uint32_t time = (uint32_t)source->st_mtim.tv_sec, size = (uint32_t)source->st_size;
    import_cache_magic(head);
    memcpy(head + 8, &time, 4);
    memcpy(head + 12, &size, 4);
    mode_t mode = (source->st_mode | 0200) & 0666;
    thread_detach();
    if (!write_whole(cache, mode, head, data) && *own)
        write_whole(own, mode, head, data);
    thread_attach();
    ref_release(data);
}

// ---- source ------------------------------------------------------------------------------------

// The bytes of a file. NULL with an OSError. *length_out its size; buffer_free it.
static char *read_file(const char *path, Value path_value, size_t *length_out) {
    thread_detach();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    int problem = fd < 0 || fstat(fd, &st) < 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    char *data = NULL;
    size_t length = 0, capacity = problem ? 0 : (size_t)st.st_size + 1;
    if (!problem) {
        data = buffer_allocate(capacity);
        while (data) {
            if (length == capacity) {
                char *larger = buffer_resize(data, capacity *= 2);
                if (!larger) {
                    buffer_free(data);
                    data = NULL;
                    break;
                }
                data = larger;
            }
            ssize_t n = read(fd, data + length, capacity - length);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0) {
                problem = errno;
                break;
            }
            if (n == 0)
                break;
            length += (size_t)n;
        }
    }
    if (fd >= 0)
        close(fd);
    thread_attach();
    if (problem) {
        buffer_free(data);
        raise_errno_path(problem, path_value);
        return NULL;
    }
    if (!data) {
        raise_memory_error();
        return NULL;
    }
    *length_out = length;
    return data;
}

Value import_compile_file(const char *path, Value path_value, bool skip_first_line) {
    size_t length;
    char *source = read_file(path, path_value, &length);
    if (!source)
        return VALUE_NULL;
    // The first line's end stays, so that lines keep their numbers.
    char *end = skip_first_line ? memchr(source, '\n', length) : source;
    size_t skipped = end ? (size_t)(end - source) : length;
    CompileOptions options = {.mode = COMPILE_EXEC, .optimize = import_optimize_level};
    Value code = compile_source(source + skipped, length - skipped, path_value, &options, NULL);
    buffer_free(source);
    return code;
}

Value import_module_code(const char *path, Value path_value) {
    struct stat st;
    char cache[PATH_MAX], own[PATH_MAX] = "";
    bool cacheable = stat(path, &st) == 0 && cache_path(path, cache, sizeof cache);
    Value code = cacheable ? cache_load(cache, &st, path_value) : VALUE_NULL;
    if (!value_is_null(code))
        return code;
    if (cacheable && own_cache_path(cache, own, sizeof own)) {
        code = cache_load(own, &st, path_value);
        if (!value_is_null(code))
            return code;
    }
    code = import_compile_file(path, path_value, false);
    if (!value_is_null(code) && cacheable)
        cache_store(cache, own, &st, code);
    return code;
}
