// SPDX-License-Identifier: MIT
//
// The interactive prompt. A statement is read until it is whole: a compound one ends with an
// empty line. With a terminal, lines are edited (editor.h); what completes names and keeps the
// history is for sys.__interactivehook__ to say.
#include "vm/runtime/prompt.h"
#include "vm/interp/frame.h"
#include "vm/runtime/audit.h"
#include "vm/runtime/build_info.h"
#include "vm/runtime/editor.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/runtime/run.h"
#include "vm/runtime/start.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- a line ------------------------------------------------------------------------------------

static Value prompt_text(const char *name) {
    Value v = sys_get(name), text = VALUE_NULL;
    if (!value_is_null(v))
        text = value_str(v);
    ref_release(v);
    error_clear();
    return value_is_null(text) ? str_from_cstr("") : text;
}

static void flush_output(void) {
    Value out = sys_get("stdout");
    if (!value_is_null(out) && !value_is_none(out))
        ref_release(value_call_method(out, name_flush, NULL, 0));
    error_clear();
    ref_release(out);
}

// The next byte of standard input; 0 at its end, -1 with an exception.
static int next_byte(char *byte) {
    for (;;) {
        thread_detach();
        ssize_t n = read(0, byte, 1);
        thread_attach();
        if (n >= 0)
            return (int)n;
        if (errno != EINTR)
            return 0;
        if (thread_check_signals() < 0)
            return -1;
    }
}

// A line that nobody edits.
static EditorResult read_plain_line(const char *prompt, char **result) {
    fputs(prompt, stderr);
    fflush(stderr);
    size_t length = 0, capacity = 0;
    char *line = NULL;
    for (;;) {
        if (length == capacity) {
            char *larger = realloc(line, capacity = capacity ? capacity * 2 : 256);
            if (!larger) {
                free(line);
                raise_memory_error();
                return EDITOR_FAILED;
            }
            line = larger;
        }
        int got = next_byte(&line[length]);
        if (got < 0 || (got == 0 && length == 0)) {
            free(line);
            return got < 0 ? EDITOR_FAILED : EDITOR_END;
        }
        if (got == 0 || line[length] == '\n')
            break;
        length++;
    }
    line[length] = 0;
    *result = line;
    return EDITOR_LINE;
}

// After the prompt that sys has under this name.
static EditorResult read_line(const char *prompt_name, char **line) {
    flush_output();
    Value prompt = prompt_text(prompt_name);
    char *owned = NULL;
    const char *shown = value_is_null(prompt) ? NULL : str_utf8_wtf(prompt, NULL, &owned);
    error_clear();
    if (!shown)
        shown = "";
    EditorResult result =
        editor_is_possible() ? editor_read_line(shown, line) : read_plain_line(shown, line);
    buffer_free(owned);
    ref_release(prompt);
    return result;
}

// ---- a statement -------------------------------------------------------------------------------

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

typedef struct {
    char *text; // malloc'ed
    size_t length;
} Source;

static bool source_add(Source *s, const char *line) {
    size_t n = strlen(line);
    char *larger = realloc(s->text, s->length + n + 2);
    if (!larger)
        return false;
    s->text = larger;
    memcpy(larger + s->length, line, n);
    s->length += n;
    larger[s->length++] = '\n';
    larger[s->length] = 0;
    return true;
}

// EDITOR_LINE: *code is a code object, or VALUE_NULL, without exception for nothing to run.
static EditorResult read_statement(Value *code) {
    Source source = {0};
    bool more = false, compound = false;
    EditorResult result;
    *code = VALUE_NULL;
    do {
        char *line;
        result = read_line(more ? "ps2" : "ps1", &line);
        if (result == EDITOR_END) {
            fputs("\n", stderr);
            if (more) // only the statement is given up
                result = EDITOR_LINE;
            break;
        }
        if (result == EDITOR_FAILED)
            break;
        bool empty = strspn(line, " \t") == strlen(line), added = source_add(&source, line);
        free(line);
        if (!added)
            raise_memory_error();
        if (!added || (!more && empty))
            break;
        if (opens_block(source.text, source.length) || begins_compound(source.text))
            compound = true;
        *code = try_compile(source.text, source.length, empty, compound, &more);
    } while (more);
    free(source.text);
    return result;
}

// ---- the loop ----------------------------------------------------------------------------------

// The pending exception is shown. Whether it was SystemExit, with its exit code.
static bool print_error(int *exit_code) {
    bool leaving = error_matches(&exception_SystemExit);
    int code = error_print_and_exit_code();
    error_exit_by_interrupt = false;
    if (leaving)
        *exit_code = code;
    return leaving;
}

static void run_statement(Value code) { // consumes it
    Value result = interp_run_code(code_of(code), start_main_namespace(), VALUE_NULL, VALUE_NULL);
    ref_release(code);
    ref_release(result);
}

static int loop(void) {
    int exit_code = 0;
    for (;;) {
        Value code;
        EditorResult result = read_statement(&code);
        if (result == EDITOR_END)
            return exit_code;
        if (result == EDITOR_FAILED && error_matches(&exception_KeyboardInterrupt)) {
            error_clear();
            fputs("\nKeyboardInterrupt\n", stderr);
            continue;
        }
        if (!value_is_null(code))
            run_statement(code);
        if (error_occurred() && print_error(&exit_code))
            return exit_code;
    }
}

static void set_prompt(const char *name, const char *text) {
    Value v = sys_get(name);
    error_clear();
    if (value_is_null(v)) {
        v = str_from_cstr(text);
        if (value_is_null(v) || sys_set(name, v) < 0)
            error_clear();
    }
    ref_release(v);
}

// Then input() edits too, and what the user's files say of it can be done.
static void import_readline(void) {
    if (options.isolated)
        return;
    ref_release(import_module_cstr("readline"));
    error_clear();
}

// sys.__interactivehook__(). Whether it wants the process to end, with *exit_code.
static bool run_hook(int *exit_code) {
    Value hook = sys_get("__interactivehook__"), result = VALUE_NULL;
    error_clear();
    if (value_is_null(hook))
        return false;
    if (!audit_on() || audit("cpython.run_interactivehook", 1, hook) == 0)
        result = value_call_none(hook);
    ref_release(hook);
    bool failed = value_is_null(result);
    ref_release(result);
    if (!failed)
        return false;
    fputs("Failed calling sys.__interactivehook__\n", stderr);
    return print_error(exit_code);
}

static int begin_loop(void) {
    int exit_code = 0;
    if (run_hook(&exit_code))
        return exit_code;
    set_prompt("ps1", ">>> ");
    set_prompt("ps2", "... ");
    return loop();
}

int prompt_run(void) {
    start_add_path("");
    import_readline();
    if (!options.quiet) {
        build_info_short_version(stderr);
        fprintf(stderr, "Type help() for help, exit() or Ctrl-D to leave.\n");
    }
    int exit_code = 0;
    return run_startup(&exit_code) ? exit_code : begin_loop();
}

int prompt_run_after_program(void) {
    import_readline();
    return begin_loop();
}
