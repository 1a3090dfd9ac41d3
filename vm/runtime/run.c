// SPDX-License-Identifier: MIT
//
// Running a program: from the command line's text, a module, a file, standard input.
#include "vm/runtime/run.h"
#include "vm/interp/frame.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import.h"
#include "vm/runtime/start.h"
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

// Runs code (consumed; VALUE_NULL: an exception is set) in __main__.
static int run_code(Value code) {
    Value result = VALUE_NULL;
    if (!value_is_null(code))
        result = interp_run_code(code_of(code), start_main_namespace(), VALUE_NULL, VALUE_NULL);
    ref_release(code);
    if (value_is_null(result))
        return error_print_and_exit_code();
    ref_release(result);
    return 0;
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
    start_set_path(start_options.isolated ? NULL : "");
    size_t length = strlen(text);
    char *with_newline = malloc(length + 2);
    if (!with_newline)
        return 1;
    memcpy(with_newline, text, length);
    with_newline[length] = '\n';
    with_newline[length + 1] = 0;
    Value code = compile_text(with_newline, length + 1, "<string>");
    free(with_newline);
    return run_code(code);
}

int run_standard_input(void) {
    start_set_path(start_options.isolated ? NULL : "");
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
    for (int number = 1; value_is_null(message) && (length = getline(&line, &capacity, file)) >= 0; number++) {
        Value whole = str_from_utf8(line, (size_t)length);
        if (!value_is_null(whole)) {
            ref_release(whole);
            continue;
        }
        Value e = error_take(), start = VALUE_NULL;
        if (value_lookup_attr_cstr(e, "start", &start) > 0 && value_is_int(start) && value_int(start) < length) {
            char shown[8];
            snprintf(shown, sizeof shown, "\\x%02x", (unsigned char)line[value_int(start)]);
            message = str_format("Non-UTF-8 code starting with '%s' in file %s on line %d, but no encoding declared; "
                                 "see https://peps.python.org/pep-0263/ for details", shown, path, number);
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

// What CPython says of a program file whose text cannot be decoded; what it says of a module differs.
// Replaces the pending SyntaxError if it is of that kind.
static Value undecodable_program(const char *shown) {
    Value pending = error_take(), message = VALUE_NULL, text = VALUE_NULL;
    if (value_is_instance(pending, &exception_SyntaxError) && value_lookup_attr_cstr(pending, "msg", &message) > 0 &&
        value_is_str(message)) {
        char *owned = NULL;
        const char *said = str_utf8_wtf(message, NULL, &owned);
        static const char unknown[] = "unknown encoding: ", wrong[] = "(unicode error) 'utf-8' codec can't decode byte";
        if (said && strncmp(said, unknown, strlen(unknown)) == 0)
            text = str_format("encoding problem: %s", said + strlen(unknown));
        else if (said && strncmp(said, wrong, strlen(wrong)) == 0)
            text = not_utf8_message(shown);
        buffer_free(owned);
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

int run_file(const char *path) {
    struct stat st;
    int problem = stat(path, &st) < 0 ? errno : 0;
    char shown[PATH_MAX], folder[PATH_MAX];
    snprintf(shown, sizeof shown, "%s", path);
    if (!problem && S_ISDIR(st.st_mode)) {
        snprintf(shown, sizeof shown, "%s/__main__.py", path);
        if (access(shown, R_OK) < 0) {
            fprintf(stderr, "locksmith: can't find '__main__' module in '%s'\n", path);
            return 1;
        }
        start_set_path(start_options.isolated ? NULL : path);
    } else {
        if (!problem && access(path, R_OK) < 0)
            problem = errno;
        if (problem) {
            char here[PATH_MAX];
            bool relative = *path != '/' && getcwd(here, sizeof here);
            fprintf(stderr, "locksmith: can't open file '%s%s%s': [Errno %d] %s\n", relative ? here : "",
                    relative ? "/" : "", path, problem, strerror(problem));
            return 2;
        }
        // The script's real folder comes first in sys.path.
        char *real = realpath(path, folder);
        start_set_path(start_options.isolated ? NULL : real ? dirname(real) : ".");
    }
    Value name = str_from_cstr(shown);
    if (value_is_null(name))
        return error_print_and_exit_code();
    set_main("__file__", ref_new(name));
    set_main("__cached__", none_new());
    Value code = import_compile_file(shown, name);
    ref_release(name);
    if (value_is_null(code))
        code = undecodable_program(shown);
    return run_code(code);
}

// The file of module `name` on sys.path (its package's folders are found by importing the package).
static bool module_file(const char *name, char *out, size_t capacity, char *package, size_t package_capacity) {
    const char *dot = strrchr(name, '.');
    Value search;
    if (dot) {
        char parent[256];
        snprintf(parent, sizeof parent, "%.*s", (int)(dot - name), name);
        Value module = import_module_cstr(parent);
        if (value_is_null(module))
            return false;
        search = value_getattr(module, name___path__);
        ref_release(module);
        snprintf(package, package_capacity, "%s", parent);
    } else {
        search = sys_get("path");
        *package = 0;
    }
    bool found = false;
    const char *leaf = dot ? dot + 1 : name;
    int64_t count = !value_is_null(search) && value_is_list(search) ? list_length(search) : 0;
    for (int64_t i = 0; i < count && !found; i++) {
        Value folder = list_get(search, i);
        char *owned = NULL;
        const char *text = value_is_null(folder) ? NULL : str_utf8_wtf(folder, NULL, &owned);
        if (text) {
            snprintf(out, capacity, "%s/%s.py", *text ? text : ".", leaf);
            found = access(out, R_OK) == 0;
            if (!found) {
                snprintf(out, capacity, "%s/%s/__main__.py", *text ? text : ".", leaf);
                found = access(out, R_OK) == 0;
                if (found)
                    snprintf(package, package_capacity, "%s", name);
            }
        }
        buffer_free(owned);
        ref_release(folder);
    }
    error_clear();
    ref_release(search);
    return found;
}

static bool is_package(const char *name) {
    Value module = import_module_cstr(name), path = VALUE_NULL;
    bool package = !value_is_null(module) && value_lookup_attr(module, name___path__, &path) > 0;
    ref_release(path);
    ref_release(module);
    error_clear();
    return package;
}

int run_module(const char *name) {
    char file[PATH_MAX], package[256], here[PATH_MAX];
    start_set_path(start_options.isolated ? NULL : getcwd(here, sizeof here) ? here : "");
    if (!module_file(name, file, sizeof file, package, sizeof package)) {
        if (error_occurred() && !error_matches(&exception_ModuleNotFoundError))
            return error_print_and_exit_code();
        error_clear();
        if (is_package(name))
            fprintf(stderr, "locksmith: No module named %s.__main__; '%s' is a package and cannot be directly executed\n",
                    name, name);
        else
            fprintf(stderr, "locksmith: No module named %s\n", name);
        return 1;
    }
    bool main_of_package = strcmp(package, name) == 0;
    if (main_of_package) { // its __main__ may import from it
        Value module = import_module_cstr(package);
        if (value_is_null(module))
            return error_print_and_exit_code();
        ref_release(module);
    }
    Value path = str_from_cstr(file), argv = sys_get("argv");
    if (!value_is_null(argv) && value_is_list(argv) && !value_is_null(path))
        list_set(argv, 0, path);
    ref_release(argv);
    Value parent = str_from_cstr(package);
    Value full = str_format(main_of_package ? "%s.__main__" : "%s", name);
    Value spec = value_is_null(path) || value_is_null(parent) || value_is_null(full)
                     ? VALUE_NULL
                     : import_make_spec(full, path, parent, VALUE_NONE);
    ref_release(full);
    set_main("__spec__", spec);
    set_main("__file__", ref_new(path));
    set_main("__package__", parent);
    Value code = value_is_null(path) ? path : import_compile_file(file, path);
    ref_release(path);
    return run_code(code);
}
