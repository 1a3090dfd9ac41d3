// SPDX-License-Identifier: MIT
//
// The lines a user has typed. The list here is what counts; libedit gets a copy of it before a line
// is edited, so that its own ways of counting lines are nobody's business.
#include "vm/runtime/editor.h"
#if HAVE_LIBEDIT
#include "vm/runtime/editor_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// All under the library's mutex.
static struct {
    char **lines; // malloc'ed, as each of them
    size_t count, capacity;
    size_t shown; // this many of the library's lines are these
    size_t given; // this many lines the library has
    bool no_auto; // edited lines are not added
} history;

static int insert_last(char *line) { // takes line
    if (line && history.count == history.capacity) {
        size_t capacity = history.capacity ? history.capacity * 2 : 64;
        char **larger = realloc(history.lines, capacity * sizeof *larger);
        if (larger) {
            history.lines = larger;
            history.capacity = capacity;
        } else {
            free(line);
            line = NULL;
        }
    }
    if (!line)
        return ENOMEM;
    history.lines[history.count++] = line;
    return 0;
}

static void changed_at(size_t position) {
    if (history.shown > position)
        history.shown = position;
}

void editor_history_show(void) {
    if (history.shown < history.given) {
        clear_history();
        history.shown = history.given = 0;
    }
    while (history.shown < history.count)
        add_history(history.lines[history.shown++]);
    history.given = history.shown;
}

void editor_history_remember(const char *line) {
    bool again = history.count && strcmp(history.lines[history.count - 1], line) == 0;
    if (!history.no_auto && *line && !again)
        insert_last(strdup(line));
}

void editor_set_auto_history(bool on) {
    editor_enter();
    history.no_auto = !on;
    editor_leave();
}

size_t editor_history_count(void) {
    editor_enter();
    size_t count = history.count;
    editor_leave();
    return count;
}

char *editor_history_line(size_t position, bool *found) {
    editor_enter();
    *found = position < history.count;
    char *line = *found ? strdup(history.lines[position]) : NULL;
    editor_leave();
    return line;
}

int editor_history_add(const char *line) {
    editor_enter();
    int problem = insert_last(strdup(line));
    editor_leave();
    return problem;
}

int editor_history_remove(size_t position) {
    editor_enter();
    bool found = position < history.count;
    if (found) {
        free(history.lines[position]);
        history.count--;
        memmove(history.lines + position, history.lines + position + 1,
                (history.count - position) * sizeof *history.lines);
        changed_at(position);
    }
    editor_leave();
    return found ? 0 : EINVAL;
}

int editor_history_replace(size_t position, const char *line) {
    editor_enter();
    int problem = EINVAL;
    if (position < history.count) {
        char *copy = strdup(line);
        problem = copy ? 0 : ENOMEM;
        if (copy) {
            free(history.lines[position]);
            history.lines[position] = copy;
            changed_at(position);
        }
    }
    editor_leave();
    return problem;
}

void editor_history_clear(void) {
    editor_enter();
    while (history.count)
        free(history.lines[--history.count]);
    changed_at(0);
    editor_leave();
}

// ---- files -------------------------------------------------------------------------------------

// `given`, or for NULL the default one, in `space`.
static const char *file_path(const char *given, char space[PATH_MAX]) {
    if (given)
        return given;
    const char *home = getenv("HOME");
    struct passwd entry, *user = NULL;
    char words[1024];
    if (!home && getpwuid_r(getuid(), &entry, words, sizeof words, &user) == 0 && user)
        home = user->pw_dir;
    snprintf(space, PATH_MAX, "%s/.history", home ? home : ".");
    return space;
}

// libedit's own files write some characters as three octal digits.
static void decode_octal(char *line) {
    char *out = line;
    for (const char *in = line; *in; in++) {
        if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' &&
            in[3] >= '0' && in[3] <= '7') {
            *out++ = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 + in[3] - '0');
            in += 3;
        } else {
            *out++ = *in;
        }
    }
    *out = 0;
}

static int read_lines(FILE *file) {
    static const char first_of_libedit[] = "_HiStOrY_V2_";
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool is_first = true, of_libedit = false;
    int problem = 0;
    errno = 0;
    while (!problem && (length = getline(&line, &capacity, file)) >= 0) {
        while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = 0;
        if (is_first && strcmp(line, first_of_libedit) == 0) {
            of_libedit = true;
        } else if (*line) {
            if (of_libedit)
                decode_octal(line);
            problem = insert_last(strdup(line));
        }
        is_first = false;
        errno = 0;
    }
    if (!problem && ferror(file))
        problem = errno ? errno : EIO;
    free(line);
    return problem;
}

int editor_history_read(const char *path) {
    char space[PATH_MAX];
    editor_enter();
    FILE *file = fopen(file_path(path, space), "re");
    int problem = file ? read_lines(file) : errno;
    if (file)
        fclose(file);
    editor_leave();
    return problem;
}

// The lines from `begin` on, to a file opened with these flags.
static int write_lines(const char *path, int flags, size_t begin) {
    int fd = open(path, O_WRONLY | O_CLOEXEC | flags, S_IRUSR | S_IWUSR);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file) {
        int problem = errno;
        if (fd >= 0)
            close(fd);
        return problem;
    }
    errno = 0;
    for (size_t i = begin; i < history.count; i++) {
        fputs(history.lines[i], file);
        putc('\n', file);
    }
    int problem = ferror(file) ? errno : 0;
    if (fclose(file) != 0 && !problem)
        problem = errno;
    return problem;
}

int editor_history_write(const char *path) {
    char space[PATH_MAX];
    editor_enter();
    int problem = write_lines(file_path(path, space), O_CREAT | O_TRUNC, 0);
    editor_leave();
    return problem;
}

int editor_history_append(const char *path, int count) {
    char space[PATH_MAX];
    editor_enter();
    size_t wanted = count < 0 ? 0 : (size_t)count;
    size_t begin = wanted < history.count ? history.count - wanted : 0;
    int problem = write_lines(file_path(path, space), O_APPEND, begin);
    editor_leave();
    return problem;
}

// Where the last `count` lines of the text begin.
static size_t last_lines(const char *text, size_t length, size_t count) {
    size_t begin = length;
    for (; begin > 0 && count > 0; count--) {
        begin--; // what ends the line
        while (begin > 0 && text[begin - 1] != '\n')
            begin--;
    }
    return begin;
}

static int keep_last_lines(int fd, size_t size, size_t count) {
    char *text = malloc(size + 1);
    ssize_t length = text ? read(fd, text, size) : -1;
    int problem = !text ? ENOMEM : length < 0 ? errno : 0;
    if (length > 0) {
        size_t begin = last_lines(text, (size_t)length, count), rest = (size_t)length - begin;
        if (begin && (pwrite(fd, text + begin, rest, 0) < 0 || ftruncate(fd, (off_t)rest) < 0))
            problem = errno;
    }
    free(text);
    return problem;
}

static int truncate_file(const char *path, size_t count) {
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC), problem = 0;
    if (fd < 0 || fstat(fd, &st) < 0)
        problem = errno;
    else if (S_ISREG(st.st_mode))
        problem = keep_last_lines(fd, (size_t)st.st_size, count);
    if (fd >= 0)
        close(fd);
    return problem;
}

int editor_history_truncate(const char *path, size_t count) {
    char space[PATH_MAX];
    editor_enter();
    int problem = truncate_file(file_path(path, space), count);
    editor_leave();
    return problem;
}

#endif
