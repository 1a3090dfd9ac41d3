// SPDX-License-Identifier: MIT
//
// Finding the interpreter's program. Runs while there is one thread and before there are objects.
#include "vm/runtime/executable.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SELF "/proc/self/exe"

// Whether it is the file of the program that runs.
static bool is_self(const char *path) {
    struct stat a, b;
    return stat(path, &a) == 0 && stat(SELF, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static bool is_file(const char *path) {
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

// folder/name; false if that is too long.
static bool join(char path[PATH_MAX], const char *folder, size_t length, const char *name) {
    int n = snprintf(path, PATH_MAX, "%.*s/%s", (int)length, folder, name);
    return n > 0 && n < PATH_MAX;
}

// Takes empty parts, "." and ".." out of an absolute path, without a look at links.
static void tidy(char *path) {
    char *out = path;
    for (const char *part = path; *part;) {
        const char *end = strchrnul(part + 1, '/');
        size_t length = (size_t)(end - part);
        if (length == 3 && memcmp(part, "/..", 3) == 0) {
            while (out > path && *--out != '/')
                ;
        } else if (length > 1 && !(length == 2 && part[1] == '.')) {
            memmove(out, part, length);
            out += length;
        }
        part = end;
    }
    if (out == path)
        *out++ = '/';
    *out = 0;
}

static bool make_absolute(char path[PATH_MAX]) {
    if (path[0] != '/') {
        char folder[PATH_MAX], relative[PATH_MAX];
        memcpy(relative, path, PATH_MAX);
        if (!getcwd(folder, sizeof folder) || !join(path, folder, strlen(folder), relative))
            return false;
    }
    tidy(path);
    return true;
}

// The first program of that name in $PATH, if it is this one.
static bool find_in_path(const char *name, char path[PATH_MAX]) {
    const char *folder = getenv("PATH");
    while (folder && *name) {
        size_t length = (size_t)(strchrnul(folder, ':') - folder);
        if (join(path, length ? folder : ".", length ? length : 1, name) &&
            access(path, X_OK) == 0 && is_file(path))
            return is_self(path);
        folder = folder[length] ? folder + length + 1 : NULL;
    }
    return false;
}

void executable_find(const char *argv0, char path[PATH_MAX]) {
    // A caller may name a program anything; what is not this file is not believed.
    if (argv0 && strchr(argv0, '/')) {
        if (snprintf(path, PATH_MAX, "%s", argv0) < PATH_MAX && is_self(path) &&
            make_absolute(path))
            return;
    } else if (argv0 && find_in_path(argv0, path) && make_absolute(path)) {
        return;
    }
    ssize_t n = readlink(SELF, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = 0;
}

// The value of `home = FOLDER` in the file of a virtual environment.
static bool read_home(const char *file, char home[PATH_MAX]) {
    FILE *stream = fopen(file, "re");
    char *line = NULL;
    size_t size = 0;
    bool found = false;
    ssize_t length;
    while (stream && !found && (length = getline(&line, &size, stream)) > 0) {
        char *value = line + strspn(line, " \t");
        if (strncasecmp(value, "home", 4) != 0)
            continue;
        value += 4 + strspn(value + 4, " \t");
        if (*value++ != '=')
            continue;
        value += strspn(value, " \t");
        size_t n = strlen(value);
        while (n > 0 && strchr(" \t\r\n", value[n - 1]))
            n--;
        found = n > 0 && n < PATH_MAX;
        if (found)
            snprintf(home, PATH_MAX, "%.*s", (int)n, value);
    }
    free(line);
    if (stream)
        fclose(stream);
    return found;
}

void executable_base(const char path[PATH_MAX], char base[PATH_MAX]) {
    char file[PATH_MAX], home[PATH_MAX];
    const char *end = strrchr(path, '/');
    bool found = false;
    // Beside the program, or in the folder above.
    for (int level = 0; end && level < 2 && !found; level++) {
        found = join(file, path, (size_t)(end - path), "pyvenv.cfg") && read_home(file, home);
        end = memrchr(path, '/', (size_t)(end - path));
    }
    if (found && join(base, home, strlen(home), strrchr(path, '/') + 1) && is_file(base))
        return;
    // Linked there by another name, or copied.
    char *real = found ? realpath(path, NULL) : NULL;
    found = real && join(base, home, strlen(home), strrchr(real, '/') + 1) && is_file(base);
    free(real);
    if (!found)
        memcpy(base, path, PATH_MAX);
}
