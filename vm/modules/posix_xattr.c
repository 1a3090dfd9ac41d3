// SPDX-License-Identifier: MIT
//
// `posix`: extended attributes of files.
#include "vm/modules/posix.h"
#include "vm/types/arguments.h"
#include <linux/limits.h>
#include <stdlib.h>
#include <sys/xattr.h>

// The path of an extended attribute call; None is ".".
static int start(const char *function, Value path_value, Value follow_value, int flags,
                 PosixPath *path, bool *follow) {
    *follow = true;
    if (posix_bool(follow_value, follow) < 0 ||
        posix_path(function, "path", path_value, flags, path) < 0)
        return -1;
    if (!path->text && path->fd < 0) {
        path->fd = -1; // a negative number is no descriptor here
        path->text = flags & PATH_NONE ? "." : NULL;
    }
    if (posix_path_check(function, path, AT_FDCWD, *follow) < 0) {
        posix_path_done(path);
        return -1;
    }
    return 0;
}

static ssize_t get_attribute(const PosixPath *path, bool follow, const char *name, void *data,
                             size_t size) {
    return !path->text ? fgetxattr(path->fd, name, data, size)
           : follow    ? getxattr(path->text, name, data, size)
                       : lgetxattr(path->text, name, data, size);
}
static ssize_t list_attributes(const PosixPath *path, bool follow, char *data, size_t size) {
    return !path->text ? flistxattr(path->fd, data, size)
           : follow    ? listxattr(path->text, data, size)
                       : llistxattr(path->text, data, size);
}

static Value posix_getxattr(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getxattr", 0, 2, 2, "path", "attribute", "follow_symlinks");
    PosixPath path;
    bool follow;
    if (start("getxattr", v[0], v[2], PATH_FD, &path, &follow) < 0)
        return VALUE_NULL;
    PosixPath name;
    if (posix_path("getxattr", "attribute", v[1], 0, &name) < 0) {
        posix_path_done(&path);
        return VALUE_NULL;
    }
    Value result = VALUE_NULL;
    // First with little room, then with as much as an attribute can take.
    for (size_t size = 128;; size = XATTR_SIZE_MAX) {
        char *data = malloc(size);
        if (!data) {
            raise_memory_error();
            break;
        }
        ssize_t n;
        POSIX_BLOCKING(n, get_attribute(&path, follow, name.text, data, size));
        bool again = n < 0 && errno == ERANGE && size < XATTR_SIZE_MAX;
        if (!again)
            result = n < 0 ? posix_path_error(&path) : bytes_new(data, (size_t)n);
        free(data);
        if (!again)
            break;
    }
    posix_path_done(&name);
    posix_path_done(&path);
    return result;
}
static Value posix_setxattr(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("setxattr", 0, 4, 3, "path", "attribute", "value", "flags", "follow_symlinks");
    PosixPath path;
    BufferView value;
    bool follow;
    int flags = 0, status;
    if (int_argument(v[3], &flags) < 0 ||
        start("setxattr", v[0], v[4], PATH_FD, &path, &follow) < 0)
        return VALUE_NULL;
    PosixPath attribute = {0};
    if (posix_path("setxattr", "attribute", v[1], 0, &attribute) < 0 ||
        buffer_view_get(v[2], &value, false) < 0) {
        posix_path_done(&attribute);
        posix_path_done(&path);
        return VALUE_NULL;
    }
    const char *name = attribute.text;
    size_t length = (size_t)value.length;
    if (!path.text)
        POSIX_BLOCKING(status, fsetxattr(path.fd, name, value.data, length, flags));
    else if (follow)
        POSIX_BLOCKING(status, setxattr(path.text, name, value.data, length, flags));
    else
        POSIX_BLOCKING(status, lsetxattr(path.text, name, value.data, length, flags));
    int problem = errno;
    buffer_view_release(&value);
    posix_path_done(&attribute);
    errno = problem;
    return posix_path_status(&path, status);
}
static Value posix_removexattr(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("removexattr", 0, 2, 2, "path", "attribute", "follow_symlinks");
    PosixPath path;
    bool follow;
    int status;
    if (start("removexattr", v[0], v[2], PATH_FD, &path, &follow) < 0)
        return VALUE_NULL;
    PosixPath attribute;
    if (posix_path("removexattr", "attribute", v[1], 0, &attribute) < 0) {
        posix_path_done(&path);
        return VALUE_NULL;
    }
    const char *name = attribute.text;
    if (!path.text)
        POSIX_BLOCKING(status, fremovexattr(path.fd, name));
    else if (follow)
        POSIX_BLOCKING(status, removexattr(path.text, name));
    else
        POSIX_BLOCKING(status, lremovexattr(path.text, name));
    posix_path_done(&attribute);
    return posix_path_status(&path, status);
}
static Value posix_listxattr(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("listxattr", 0, 1, 0, "path", "follow_symlinks");
    PosixPath path;
    bool follow;
    if (start("listxattr", v[0], v[1], PATH_FD | PATH_NONE, &path, &follow) < 0)
        return VALUE_NULL;
    Value result = VALUE_NULL;
    for (size_t size = 256;; size = XATTR_LIST_MAX) {
        char *data = malloc(size);
        if (!data) {
            raise_memory_error();
            break;
        }
        ssize_t n;
        POSIX_BLOCKING(n, list_attributes(&path, follow, data, size));
        bool again = n < 0 && errno == ERANGE && size < XATTR_LIST_MAX;
        if (n < 0 && !again)
            posix_path_error(&path);
        if (n >= 0)
            result = list_new();
        for (const char *name = data; n > 0 && name < data + n && !value_is_null(result);
             name += strlen(name) + 1) {
            if (list_append_owned(result, posix_decode(name, false)) < 0) {
                ref_release(result);
                result = VALUE_NULL;
            }
        }
        free(data);
        if (!again)
            break;
    }
    posix_path_done(&path);
    return result;
}

const NativeDef posix_xattr_functions[] = {
    DEF_VECTOR("getxattr", posix_getxattr,
               "getxattr($module, /, path, attribute, *, follow_symlinks=True)\n--\n\n"
               "The value of a file's extended attribute."),
    DEF_VECTOR("setxattr", posix_setxattr,
               "setxattr($module, /, path, attribute, value, flags=0, *,\n"
               "         follow_symlinks=True)\n--\n\nSets a file's extended attribute."),
    DEF_VECTOR("removexattr", posix_removexattr,
               "removexattr($module, /, path, attribute, *, follow_symlinks=True)\n--\n\n"
               "Removes a file's extended attribute."),
    DEF_VECTOR("listxattr", posix_listxattr,
               "listxattr($module, /, path=None, *, follow_symlinks=True)\n--\n\n"
               "The names of a file's extended attributes."),
    DEF_END,
};
