// SPDX-License-Identifier: MIT
//
// Arguments of the functions of `posix`: numbers, descriptors, paths, arrays of strings.
#include "vm/modules/posix.h"
#include "vm/types/codecs.h"
#include "vm/types/arguments.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

// ---- numbers -----------------------------------------------------------------------------------

int posix_i64(Value v, int64_t *out) {
    return value_is_null(v) ? 0 : value_to_i64(v, out);
}

int posix_bool(Value v, bool *out) {
    if (value_is_null(v))
        return 0;
    int truth = value_truth(v);
    if (truth < 0)
        return -1;
    *out = truth;
    return 0;
}

int posix_fd(Value v, int *out) {
    if (value_is_null(v))
        return 0;
    if (value_is_any_int(v)) {
        if (int_argument(v, out) < 0)
            return -1;
    } else {
        Value method;
        int found = value_lookup_attr(v, name_fileno, &method);
        if (found < 0)
            return -1;
        if (found == 0)
            return raise_int(&exception_TypeError,
                             "argument must be an int, or have a fileno() method.");
        Value fd = value_call_none(method);
        ref_release(method);
        if (value_is_null(fd))
            return -1;
        int status = value_is_any_int(fd)
                         ? int_argument(fd, out)
                         : raise_int(&exception_TypeError, "fileno() returned a non-integer");
        ref_release(fd);
        if (status < 0)
            return -1;
    }
    if (*out < 0)
        return raise_int(&exception_ValueError, "file descriptor cannot be a negative integer (%d)",
                         *out);
    return 0;
}

static int fd_number(Value v, int *out) {
    Value number = value_index(v);
    if (value_is_null(number))
        return -1;
    int64_t n;
    bool fits = int_to_i64(number, &n);
    if (!fits)
        n = int_sign(number) < 0 ? INT64_MIN : INT64_MAX;
    ref_release(number);
    if (n > INT_MAX)
        return raise_int(&exception_OverflowError, "fd is greater than maximum");
    if (n < INT_MIN)
        return raise_int(&exception_OverflowError, "fd is less than minimum");
    *out = (int)n;
    return 0;
}

int posix_dir_fd(Value v, int *out) {
    if (value_is_null(v) || value_is_none(v)) {
        *out = AT_FDCWD;
        return 0;
    }
    if (!value_is_any_int(v) && !value_type(v)->index)
        return raise_int(&exception_TypeError, "argument should be integer or None, not %T", v);
    return fd_number(v, out);
}

// Identities are unsigned, -1 means: leave it.
static int identity(Value v, const char *what, uint32_t *out) {
    if (value_is_null(v))
        return 0;
    if (!value_is_any_int(v) && !value_type(v)->index)
        return raise_int(&exception_TypeError, "%s should be integer, not %T", what, v);
    Value number = value_index(v);
    if (value_is_null(number)) { // whatever it was
        error_clear();
        return raise_int(&exception_TypeError, "%s should be integer, not %T", what, v);
    }
    int64_t n;
    bool fits = int_to_i64(number, &n), huge = !fits && int_sign(number) > 0;
    ref_release(number);
    if (huge)
        return raise_int(&exception_OverflowError, "%s is greater than maximum", what);
    if (!fits || n < -1 || n > UINT32_MAX) // the words are CPython's, for both
        return raise_int(&exception_OverflowError, "%s is less than minimum", what);
    *out = (uint32_t)n;
    return 0;
}
int posix_uid(Value v, uid_t *out) {
    return identity(v, "uid", out);
}
int posix_gid(Value v, gid_t *out) {
    return identity(v, "gid", out);
}

// ---- paths -------------------------------------------------------------------------------------

Value posix_decode(const char *text, bool bytes) {
    size_t length = strlen(text);
    return bytes ? bytes_new(text, length)
                 : codec_decode_utf8((const uint8_t *)text, length, "surrogateescape", NULL);
}

// str or bytes of an os.PathLike, *found false (and VALUE_NULL) if v is none.
static Value fspath(Value v, bool *found) {
    Value method;
    int status = value_lookup_special(v, name___fspath__, &method);
    *found = status != 0;
    if (status <= 0)
        return VALUE_NULL;
    Value path = value_call_none(method);
    ref_release(method);
    if (!value_is_null(path) && !value_is_str(path) && !value_is_bytes(path)) {
        raise_type_error("expected %T.__fspath__() to return str or bytes, not %T", v, path);
        ref_release(path);
        return VALUE_NULL;
    }
    return path;
}

static const char *wanted_path(int flags) {
    return flags & PATH_FD && flags & PATH_NONE ? "string, bytes, os.PathLike, integer or None"
           : flags & PATH_FD                    ? "string, bytes, os.PathLike or integer"
           : flags & PATH_NONE                  ? "string, bytes, os.PathLike or None"
                                                : "string, bytes or os.PathLike";
}

int posix_path(const char *function, const char *argument, Value v, int flags, PosixPath *out) {
    *out = (PosixPath){.fd = -1};
    if ((flags & PATH_NONE) && (value_is_null(v) || value_is_none(v))) {
        out->text = ".";
        out->object = none_new();
        return 0;
    }
    Value path, shown = v;
    if (value_is_str(v) || value_is_bytes(v)) {
        path = ref_new(v);
    } else if ((flags & PATH_FD) && (value_is_any_int(v) || value_type(v)->index)) {
        if (fd_number(v, &out->fd) < 0)
            return -1;
        if (out->fd == -1 && (flags & PATH_NONE))
            out->text = ".";
        out->object = ref_new(v);
        return 0;
    } else {
        bool found;
        path = fspath(v, &found);
        if (found)
            shown = path;
        if (!found && value_type(v)->get_buffer) {
            // Other bytes than `bytes` were once allowed, and still are.
            if (warn(&exception_DeprecationWarning, 1, "%s: %s should be %s, not %T", function,
                     argument, wanted_path(flags), v) < 0)
                return -1;
            path = bytes_from_object(v);
        } else if (!found) {
            return raise_int(&exception_TypeError, "%s: %s should be %s, not %T", function,
                             argument, wanted_path(flags), v);
        }
        if (value_is_null(path))
            return -1;
    }
    out->is_bytes = value_is_bytes(path);
    Value encoded = out->is_bytes ? ref_new(path) : codec_encode(path, "utf-8", "surrogateescape");
    if (value_is_null(encoded)) {
        ref_release(path);
        return -1;
    }
    size_t length = (size_t)bytes_length(encoded);
    if (memchr(bytes_data(encoded), 0, length)) {
        ref_release(path);
        ref_release(encoded);
        return out->is_bytes ? raise_int(&exception_ValueError, "%s: embedded null character in %s",
                                         function, argument)
                             : raise_int(&exception_ValueError, "embedded null byte");
    }
    out->owned = buffer_allocate(length + 1);
    if (out->owned)
        memcpy(out->owned, bytes_data(encoded), length + 1);
    out->text = out->owned;
    out->object = ref_new(shown);
    ref_release(path);
    ref_release(encoded);
    if (!out->owned) {
        ref_release(out->object);
        out->object = VALUE_NULL;
        raise_memory_error();
        return -1;
    }
    return 0;
}

void posix_path_done(PosixPath *path) {
    int kept = errno;
    buffer_free(path->owned);
    ref_release(path->object);
    errno = kept;
}

int posix_path_check(const char *function, const PosixPath *path, int dir_fd, bool follow) {
    if (path->text)
        return 0;
    if (dir_fd != AT_FDCWD)
        return raise_int(&exception_ValueError, "%s: can't specify dir_fd without matching path",
                         function);
    if (!follow && path->fd > 0)
        return raise_int(&exception_ValueError, "%s: cannot use fd and follow_symlinks together",
                         function);
    return 0;
}

Value posix_path_error(const PosixPath *path) {
    if (!error_occurred()) {
        // To CPython -1 is no descriptor: it asks for the path that is not there.
        if (!path->text && path->fd == -1)
            errno = EFAULT;
        if (value_is_none(path->object))
            raise_errno(errno);
        else
            raise_errno_path(errno, path->object);
    }
    return VALUE_NULL;
}

Value posix_path_status(PosixPath *path, int64_t status) {
    Value result = status < 0 ? posix_path_error(path) : none_new();
    posix_path_done(path);
    return result;
}

Value posix_path_status_alone(PosixPath *path, int64_t status) {
    posix_path_done(path);
    return posix_status(status);
}

Value posix_fs_encode(Value v) {
    Value path;
    bool found = true;
    if (value_is_str(v) || value_is_bytes(v))
        path = ref_new(v);
    else
        path = fspath(v, &found);
    if (!found)
        return raise_type_error("expected str, bytes or os.PathLike object, not %N", value_type(v));
    if (value_is_null(path) || value_is_bytes(path)) {
        if (!value_is_null(path) && memchr(bytes_data(path), 0, (size_t)bytes_length(path))) {
            ref_release(path);
            return raise_value_error("embedded null byte");
        }
        return path;
    }
    Value encoded = codec_encode(path, "utf-8", "surrogateescape");
    ref_release(path);
    if (!value_is_null(encoded) && memchr(bytes_data(encoded), 0, (size_t)bytes_length(encoded))) {
        ref_release(encoded);
        return raise_value_error("embedded null byte");
    }
    return encoded;
}

// ---- results -----------------------------------------------------------------------------------

Value posix_status(int64_t status) {
    if (status < 0)
        return error_occurred() ? VALUE_NULL : raise_errno(errno);
    return none_new();
}

Value posix_number(int64_t number) {
    return number < 0 ? posix_status(-1) : int_from_i64(number);
}

Value posix_pair(int a, int b) {
    return tuple_pack(2, value_from_int(a), value_from_int(b));
}

int posix_add_constants(Value module, const PosixConstant *constants) {
    for (; constants->name; constants++) {
        if (module_add_int(module, constants->name, constants->value) < 0)
            return -1;
    }
    return 0;
}

// ---- arrays of strings -------------------------------------------------------------------------

void posix_strings_free(char **strings) {
    for (char **s = strings; s && *s; s++)
        free(*s);
    free(strings);
}

static char *copy_bytes(Value bytes) {
    char *copy = malloc((size_t)bytes_length(bytes) + 1);
    if (copy)
        memcpy(copy, bytes_data(bytes), (size_t)bytes_length(bytes) + 1);
    else
        raise_memory_error();
    return copy;
}

char **posix_strings(Value sequence) {
    Value items = tuple_from_iterable(sequence);
    if (value_is_null(items))
        return NULL;
    int64_t n = tuple_length(items);
    char **out = calloc((size_t)n + 1, sizeof *out);
    if (!out)
        raise_memory_error();
    for (int64_t i = 0; out && i < n; i++) {
        Value encoded = posix_fs_encode(tuple_item(items, i));
        out[i] = value_is_null(encoded) ? NULL : copy_bytes(encoded);
        ref_release(encoded);
        if (!out[i]) {
            posix_strings_free(out);
            out = NULL;
        }
    }
    ref_release(items);
    return out;
}

// "key=value" of one pair.
static char *environment_item(Value pair) {
    if (!value_is_tuple(pair) || tuple_length(pair) != 2) {
        raise_type_error("environment must be a mapping object");
        return NULL;
    }
    char *text = NULL;
    Value key = posix_fs_encode(tuple_item(pair, 0));
    Value value = value_is_null(key) ? VALUE_NULL : posix_fs_encode(tuple_item(pair, 1));
    if (!value_is_null(value)) {
        size_t a = (size_t)bytes_length(key), b = (size_t)bytes_length(value);
        if (a == 0 || memchr(bytes_data(key) + 1, '=', a - 1)) {
            raise_value_error("illegal environment variable name");
        } else if ((text = malloc(a + b + 2))) {
            memcpy(text, bytes_data(key), a);
            text[a] = '=';
            memcpy(text + a + 1, bytes_data(value), b + 1);
        } else {
            raise_memory_error();
        }
    }
    ref_release(key);
    ref_release(value);
    return text;
}

char **posix_environment(Value mapping) {
    Value items = value_call_method(mapping, name_items, NULL, 0);
    Value pairs = value_is_null(items) ? items : tuple_from_iterable(items);
    ref_release(items);
    if (value_is_null(pairs))
        return NULL;
    int64_t n = tuple_length(pairs);
    char **out = calloc((size_t)n + 1, sizeof *out);
    if (!out)
        raise_memory_error();
    for (int64_t i = 0; out && i < n; i++) {
        out[i] = environment_item(tuple_item(pairs, i));
        if (!out[i]) {
            posix_strings_free(out);
            out = NULL;
        }
    }
    ref_release(pairs);
    return out;
}
