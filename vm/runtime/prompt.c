// SPDX-License-Identifier: MIT
//
// The interactive prompt. A statement is read until it is whole: a compound one ends with an
// empty line. With a terminal, lines are edited and remembered by libedit.
#include "vm/runtime/prompt.h"
#include "vm/interp/frame.h"
#include "vm/runtime/build_info.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/runtime/start.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#if HAVE_LIBEDIT
// The editor library declares a type named like ours.
#define Function EditorFunction
#include <editline/readline.h>
#undef Function
#endif

static bool use_editor;
static char history_path[PATH_MAX];

static void history_begin(void) {
#if HAVE_LIBEDIT
    use_editor = isatty(0) && isatty(1);
    if (!use_editor)
        return;
    rl_readline_name = "locksmith";
    using_history();
    stifle_history(1000);
    const char *home = getenv("HOME");
    if (home && !options.ignore_environment) {
        snprintf(history_path, sizeof history_path, "%s/.locksmith_history", home);
        read_history(history_path);
    }
#endif
}

static void history_end(void) {
#if HAVE_LIBEDIT
    if (use_editor && *history_path)
        write_history(history_path);
#endif
}

static Value prompt_text(const char *name, const char *fallback) {
    Value v = sys_get(name), text = VALUE_NULL;
    if (!value_is_null(v))
        text = value_str(v);
    ref_release(v);
    error_clear();
    return value_is_null(text) ? str_from_cstr(fallback) : text;
}

#if HAVE_LIBEDIT
// readline(), which shows the prompt before it changes the terminal's mode: a Ctrl-D typed in
// between would be taken by the old mode and be no key in the new one. So the mode is changed
// before; libedit restores the one that it found when it began (history_begin), if it came to
// changing it itself.
static char *edit_line(const char *prompt) {
    struct termios before, now;
    bool changed = tcgetattr(0, &before) == 0 && before.c_lflag & ICANON;
    if (changed) {
        now = before;
        now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        now.c_cc[VMIN] = 1;
        now.c_cc[VTIME] = 0;
        changed = tcsetattr(0, TCSADRAIN, &now) == 0;
    }
    char *line = readline(prompt);
    if (changed && tcgetattr(0, &now) == 0 && !(now.c_lflag & ICANON))
        tcsetattr(0, TCSADRAIN, &before);
    return line;
}
#endif

// A line without its newline, or NULL at the end of input. malloc'ed. *interrupted: Ctrl-C.
static char *read_line(const char *prompt, bool *interrupted) {
    *interrupted = false;
    Value out = sys_get("stdout");
    if (!value_is_null(out) && !value_is_none(out))
        ref_release(value_call_method(out, name_flush, NULL, 0));
    error_clear();
    ref_release(out);
    char *line = NULL;
#if HAVE_LIBEDIT
    if (use_editor) {
        thread_detach();
        line = edit_line(prompt);
        thread_attach();
        if (thread_check_signals() < 0) {
            free(line);
            *interrupted = true;
            return NULL;
        }
        if (line && *line)
            add_history(line);
        return line;
    }
#endif
    fputs(prompt, stderr);
    fflush(stderr);
    size_t length = 0, capacity = 256;
    line = malloc(capacity);
    while (line) {
        char c;
        thread_detach();
        ssize_t n = read(0, &c, 1);
        thread_attach();
        if (n < 0 && errno == EINTR) {
            if (thread_check_signals() < 0) {
                free(line);
                *interrupted = true;
                return NULL;
            }
            continue;
        }
        if (n <= 0) {
            if (length)
                break;
            free(line);
            return NULL;
        }
        if (c == '\n')
            break;
        if (length + 2 > capacity) {
            char *larger = realloc(line, capacity *= 2);
            if (!larger) {
                free(line);
                return NULL;
            }
            line = larger;
        }
        line[length++] = c;
    }
    if (line)
        line[length] = 0;
    return line;
}

// Does the source begin with a word that begins compound statements? Those end with an empty line.
static bool begins_compound(const char *source) {
    static const char *const words[] = {"if",   "while", "for",   "try",
                                        "with", "def",   "class", "async"};
    size_t n = strcspn(source, " \t\n:(\"'\\");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == n && strncmp(source, words[i], n) == 0)
            return true;
    return *source == '@';
}

static bool opens_block(const char *source, size_t length) {
    while (length > 0 && (source[length - 1] == '\n' || source[length - 1] == ' '))
        length--;
    return length > 0 && source[length - 1] == ':';
}

// Is the statement so far whole? A code object, or VALUE_NULL with *more or an exception.
static Value try_compile(const char *source, size_t length, bool empty_line, bool compound,
                         bool *more) {
    CompileOptions options = {
        .mode = COMPILE_SINGLE, .optimize = import_optimize_level, .incomplete_ok = true};
    *more = false;
    bool incomplete = false;
    Value code = compile_source(source, length, name_angle_stdin, &options, &incomplete);
    if (compound && !empty_line && !value_is_null(code)) { // more may follow
        ref_release(code);
        *more = true;
        return VALUE_NULL;
    }
    if (value_is_null(code) && incomplete && !empty_line) {
        error_clear();
        *more = true;
    }
    return code;
}

int prompt_run(bool greeting) {
    if (greeting)
        start_add_path("");
    history_begin();
    if (greeting) {
        build_info_short_version(stderr);
        fprintf(stderr, "Type help() for help, exit() or Ctrl-D to leave.\n");
    }
    Value ps1 = str_from_cstr(">>> "), ps2 = str_from_cstr("... ");
    sys_set("ps1", ps1);
    sys_set("ps2", ps2);
    ref_release(ps1);
    ref_release(ps2);
    int exit_code = 0;
    bool running = true;
    while (running) {
        char *source = NULL;
        size_t length = 0;
        bool more = false, compound = false, interrupted = false;
        Value code = VALUE_NULL;
        do {
            Value prompt = prompt_text(more ? "ps2" : "ps1", more ? "... " : ">>> ");
            char shown[128];
            str_copy_bounded(prompt, shown, sizeof shown);
            ref_release(prompt);
            char *line = read_line(shown, &interrupted);
            if (!line) {
                if (!interrupted) {
                    if (!more)
                        running = false;
                    fputs("\n", stderr);
                }
                break;
            }
            size_t n = strlen(line);
            char *larger = realloc(source, length + n + 2);
            if (!larger) {
                free(line);
                break;
            }
            source = larger;
            memcpy(source + length, line, n);
            length += n;
            source[length++] = '\n';
            source[length] = 0;
            bool empty = strspn(line, " \t") == n;
            free(line);
            if (!more && empty)
                break;
            if (opens_block(source, length) || begins_compound(source))
                compound = true;
            code = try_compile(source, length, empty, compound, &more);
        } while (more);
        free(source);
        if (interrupted) {
            error_clear();
            fputs("\nKeyboardInterrupt\n", stderr);
            continue;
        }
        if (!value_is_null(code)) {
            Value r =
                interp_run_code(code_of(code), start_main_namespace(), VALUE_NULL, VALUE_NULL);
            ref_release(code);
            ref_release(r);
        }
        if (error_occurred()) {
            bool leaving = error_matches(&exception_SystemExit);
            exit_code = error_print_and_exit_code();
            error_exit_by_interrupt = false;
            if (leaving)
                break;
            exit_code = 0;
        }
    }
    history_end();
    return exit_code;
}
