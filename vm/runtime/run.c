// SPDX-License-Identifier: MIT
//
// Running a program: from the command line's text, a module, a file, standard input.
#include "vm/runtime/run.h"
#include "vm/interp/frame.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/runtime/start.h"
#include "vm/types/bytes.h"
#include "vm/types/codecs.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Runs code (consumed; VALUE_NULL: an exception is set) in __main__. 0, -1.
static int run_in_main(Value code) {
    Value result = VALUE_NULL;
    if (!value_is_null(code))
        result = interp_run_code(code_of(code), start_main_namespace(), VALUE_NULL, VALUE_NULL);
    ref_release(code);
    int status = value_is_null(result) ? -1 : 0;
    ref_release(result);
    return status;
}
static int run_code(Value code) {
    return run_in_main(code) < 0 ? error_print_and_exit_code() : 0;
}

static Value compile_text(const char *text, size_t length, const char *filename) {
    Value name = str_from_cstr(filename);
    CompileOptions options = {.mode = COMPILE_EXEC, .optimize = import_optimize_level};
    Value code = value_is_null(name) ? name : compile_source(text, length, name, &options, NULL);
    ref_release(name);
    return code;
}

static void set_main(const char *name, Value v) { // consumes v
    if (value_is_null(v) || dict_set_cstr(start_main_namespace(), name, v) < 0)
        error_clear();
    ref_release(v);
}

int run_command(const char *text) {
    start_add_path("");
    Value decoded = codec_decode((const uint8_t *)text, strlen(text), "utf-8", "surrogateescape");
    Value source = value_is_null(decoded) ? decoded : codec_encode(decoded, "utf-8", NULL);
    ref_release(decoded);
    if (value_is_null(source)) {
        fputs("Unable to decode the command from the command line:\n", stderr);
        return error_print_and_exit_code();
    }
    Value newline = bytes_new("\n", 1), name = str_from_cstr("<string>"), whole = VALUE_NULL,
          code = VALUE_NULL;
    if (!value_is_null(newline) && !value_is_null(name))
        whole = bytes_concat(source, newline);
    // The text has an encoding already, whatever its first lines say.
    CompileOptions options = {
        .mode = COMPILE_EXEC, .optimize = import_optimize_level, .from_str = true};
    if (!value_is_null(whole))
        code = compile_source((const char *)bytes_data(whole), (size_t)bytes_length(whole), name,
                              &options, NULL);
    ref_release(whole);
    ref_release(name);
    ref_release(newline);
    ref_release(source);
    return run_code(code);
}

int run_standard_input(void) {
    start_add_path("");
    size_t length = 0, capacity = 65536;
    char *text = malloc(capacity);
    while (text) {
        if (length == capacity) {
            char *larger = realloc(text, capacity *= 2);
            if (!larger)
                free(text);
            text = larger;
            continue;
        }
        ssize_t n = read(0, text + length, capacity - length);
        if (n < 0 && errno == EINTR) {
            if (thread_check_signals() < 0) {
                free(text);
                return error_print_and_exit_code();
            }
            continue;
        }
        if (n <= 0)
            break;
        length += (size_t)n;
    }
    if (!text) {
        fprintf(stderr, "locksmith: not enough memory for the program on standard input\n");
        return 1;
    }
    Value code = compile_text(text, length, "<stdin>");
    free(text);
    return run_code(code);
}

// Names the first byte of the file that begins no UTF-8 character. VALUE_NULL if there is none.
static Value not_utf8_message(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return VALUE_NULL;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    Value message = VALUE_NULL;
    for (int number = 1; value_is_null(message) && (length = getline(&line, &capacity, file)) >= 0;
         number++) {
        Value whole = codec_decode_utf8((const uint8_t *)line, (size_t)length, NULL, NULL);
        if (!value_is_null(whole)) {
            ref_release(whole);
            continue;
        }
        Value e = error_take(), start = VALUE_NULL;
        if (value_lookup_attr_cstr(e, "start", &start) > 0 && value_is_int(start) &&
            value_int(start) < length) {
            char shown[8];
            snprintf(shown, sizeof shown, "\\x%02x", (unsigned char)line[value_int(start)]);
            message = str_format("Non-UTF-8 code starting with '%s' in file %s on line %d, but no "
                                 "encoding declared; "
                                 "see https://peps.python.org/pep-0263/ for details",
                                 shown, path, number);
        }
        ref_release(start);
        ref_release(e);
        if (value_is_null(message))
            break;
    }
    free(line);
    fclose(file);
    return message;
}

// What CPython says of a program file whose text cannot be decoded; what it says of a module
// differs. Replaces the pending SyntaxError if it is of that kind.
static Value undecodable_program(const char *shown) {
    Value pending = error_take(), message = VALUE_NULL, text = VALUE_NULL;
    if (value_is_instance(pending, &exception_SyntaxError) &&
        value_lookup_attr_cstr(pending, "msg", &message) > 0 && value_is_str(message)) {
        char *owned = NULL;
        const char *said = str_utf8_wtf(message, NULL, &owned);
        static const char unknown[] = "unknown encoding: ",
                          wrong[] = "(unicode error) 'utf-8' codec can't decode byte";
        if (said && strncmp(said, unknown, strlen(unknown)) == 0)
            text = str_format("encoding problem: %s", said + strlen(unknown));
        else if (said && strncmp(said, wrong, strlen(wrong)) == 0)
            text = not_utf8_message(shown);
        buffer_free(owned);
    } else if (value_is_instance(pending, &exception_ValueError)) {
        text = not_utf8_message(shown); // there is a null byte, but that is said first
    }
    error_clear();
    ref_release(message);
    if (value_is_null(text)) {
        error_restore(pending);
    } else {
        raise_error(&exception_SyntaxError, "%V", text);
        ref_release(pending);
        ref_release(text);
    }
    return VALUE_NULL;
}

bool run_startup(int *exit_code) {
    const char *path = options_environment("PYTHONSTARTUP");
    if (!path)
        return false;
    Value name = codec_decode((const uint8_t *)path, strlen(path), "utf-8", "surrogateescape");
    if (!value_is_null(name) && access(path, R_OK) < 0) {
        fprintf(stderr, "Could not open PYTHONSTARTUP\n");
        raise_errno_path(errno, name);
    }
    Value code = value_is_null(name) || error_occurred() ? VALUE_NULL
                                                         : import_compile_file(path, name, false);
    ref_release(name);
    if (run_in_main(code) == 0)
        return false;
    bool leaving = error_matches(&exception_SystemExit);
    *exit_code = error_print_and_exit_code();
    return leaving;
}

// runpy._run_module_as_main(name, alter_argv)
static int run_by_runpy(const char *name, bool alter_argv) {
    Value runpy = import_module_cstr("runpy"), text = str_from_cstr(name), result = VALUE_NULL;
    Value args[2] = {text, value_from_bool(alter_argv)};
    if (!value_is_null(runpy) && !value_is_null(text))
        result = value_call_method_cstr(runpy, "_run_module_as_main", args, 2);
    ref_release(text);
    ref_release(runpy);
    if (value_is_null(result))
        return error_print_and_exit_code();
    ref_release(result);
    return 0;
}

int run_module(const char *name) {
    char here[PATH_MAX];
    start_add_path(getcwd(here, sizeof here) ? here : "");
    return run_by_runpy(name, true);
}

// Is there a finder for the modules in a file: is it a zip archive?
static bool is_archive(const char *path) {
    FILE *file = fopen(path, "rb");
    char head[4] = "";
    bool archive = file && fread(head, 1, 4, file) == 4 && memcmp(head, "PK", 2) == 0;
    // An archive may have anything in front, a first line for the shell for example: the end tells.
    char tail[22];
    if (file && !archive && fseek(file, -22, SEEK_END) == 0 && fread(tail, 1, 22, file) == 22)
        archive = memcmp(tail, "PK\5\6", 4) == 0;
    if (file)
        fclose(file);
    return archive;
}

// Is it a file of compiled code: by its name, and its first bytes?
static bool is_compiled(const char *path) {
    uint8_t head[4], magic[4];
    size_t length = strlen(path);
    FILE *file = length > 4 && strcmp(path + length - 4, ".pyc") == 0 ? fopen(path, "rb") : NULL;
    import_cache_magic(magic);
    bool compiled = file && fread(head, 1, 4, file) == 4 && memcmp(head, magic, 4) == 0;
    if (file)
        fclose(file);
    return compiled;
}

int run_file(const char *path) {
    struct stat st;
    int problem = stat(path, &st) < 0 ? errno : 0;
    if (!problem && (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && is_archive(path)))) {
        // The folder or archive is a place to import __main__ from, whatever -P says.
        int safe = options.safe_path;
        options.safe_path = 0;
        start_add_path(path);
        options.safe_path = safe;
        return run_by_runpy("__main__", false);
    }
    if (!problem && access(path, R_OK) < 0)
        problem = errno;
    if (problem) {
        char here[PATH_MAX];
        bool relative = *path != '/' && getcwd(here, sizeof here);
        fprintf(stderr, "locksmith: can't open file '%s%s%s': [Errno %d] %s\n",
                relative ? here : "", relative ? "/" : "", path, problem, strerror(problem));
        return 2;
    }
    // The script's real folder comes first in sys.path.
    char folder[PATH_MAX];
    char *real = realpath(path, folder);
    start_add_path(real ? dirname(real) : ".");
    // Programs and tracebacks see the whole path.
    char here[PATH_MAX], whole[2 * PATH_MAX];
    if (*path == '/' || !getcwd(here, sizeof here))
        snprintf(whole, sizeof whole, "%s", path);
    else
        snprintf(whole, sizeof whole, "%s/%s", here, path);
    Value name = codec_decode((const uint8_t *)whole, strlen(whole), "utf-8", "surrogateescape");
    if (value_is_null(name))
        return error_print_and_exit_code();
    set_main("__file__", ref_new(name));
    set_main("__cached__", none_new());
    import_main_file_known();
    Value code = VALUE_NULL;
    if (is_compiled(path)) {
        Value main_name = str_from_cstr("__main__");
        code = value_is_null(main_name) ? main_name : import_compiled_code(path, name, main_name);
        ref_release(main_name);
    } else {
        code = import_compile_file(path, name, options.skip_first_line);
        if (value_is_null(code))
            code = undecodable_program(path);
    }
    ref_release(name);
    return run_code(code);
}
