// SPDX-License-Identifier: MIT
//
// Starting the interpreter in a workable order, sys.path, and finishing.
#include "vm/runtime/start.h"
#include "gc/collect.h"
#include "gc/reclaim.h"
#include "gc/reserve.h"
#include "vm/interp/frame.h"
#include "vm/modules/atexit_module.h"
#include "vm/modules/faulthandler_module.h"
#include "vm/modules/tracemalloc_module.h"
#include "vm/modules/io.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/executable.h"
#include "vm/runtime/import.h"
#include "vm/runtime/options.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/type.h"
#include "vm/types/weakref.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef LOCKSMITH_STANDARD_LIBRARY
#define LOCKSMITH_STANDARD_LIBRARY "/usr/lib/python3.11"
#endif

static bool finishing;
static Value main_module;

bool start_is_finishing(void) {
    return __atomic_load_n(&finishing, __ATOMIC_RELAXED);
}
Value start_main_namespace(void) {
    return module_dict(main_module);
}

static void die(const char *what) {
    fprintf(stderr, "locksmith: cannot start: %s\n", what);
    if (error_occurred()) {
        Value e = error_take(), text = value_str(e);
        char shown[256] = "";
        if (!value_is_null(text))
            str_copy_bounded(text, shown, sizeof shown);
        fprintf(stderr, "  %s: %s\n", type_name(value_type(e)), shown);
    }
    exit(2);
}

static void set_str(const char *name, const char *text) {
    Value v = str_from_cstr(text);
    if (value_is_null(v) || sys_set(name, v) < 0)
        die(name);
    ref_release(v);
}

static void append_str(Value list, const char *text, size_t length) {
    Value v = str_from_utf8(text, length);
    if (value_is_null(v) || list_append_owned(list, v) < 0)
        die("sys.path");
}

static const char *library_folder(void) {
    const char *home = options_environment("LOCKSMITHHOME");
    return home ? home : LOCKSMITH_STANDARD_LIBRARY;
}

// sys.path as site finds it: what the environment names, then the library.
static void set_path(void) {
    Value path = list_new();
    if (value_is_null(path))
        die("sys.path");
    const char *extra[] = {"LOCKSMITHPATH", "PYTHONPATH"};
    for (int i = 0; i < 2; i++) {
        const char *p = options_environment(extra[i]);
        while (p) {
            const char *end = strchrnul(p, ':');
            append_str(path, p, (size_t)(end - p));
            p = *end ? end + 1 : NULL;
        }
    }
    append_str(path, library_folder(), strlen(library_folder()));
    if (sys_set("path", path) < 0)
        die("sys.path");
    ref_release(path);
}

void start_add_path(const char *first) {
    if (options.safe_path)
        return;
    Value path = sys_get("path"),
          item = codec_decode((const uint8_t *)first, strlen(first), "utf-8", "surrogateescape");
    if (!value_is_null(path) && value_is_list(path) && !value_is_null(item) &&
        list_insert(path, 0, item) < 0)
        error_clear();
    ref_release(item);
    ref_release(path);
}

static void set_files(void) {
    static const struct {
        const char *name, *original, *mode;
    } files[] = {
        {"stdin", "__stdin__", "r"}, {"stdout", "__stdout__", "w"}, {"stderr", "__stderr__", "w"}};
    Value io = import_module_cstr("_io"); // readies the types
    if (value_is_null(io))
        die("_io");
    ref_release(io);
    // encoding:errors, each of which may be left out
    const char *asked = options_environment("PYTHONIOENCODING");
    char *encoding = asked ? strdup(asked) : NULL,
         *errors = encoding ? strchr(encoding, ':') : NULL;
    if (errors) {
        *errors++ = 0;
        errors = *errors ? errors : NULL;
    }
    const char *text_encoding = encoding && *encoding ? encoding : NULL;
    for (int fd = 0; fd < 3; fd++) {
        struct stat st;
        Value file;
        if (fstat(fd, &st) < 0) { // closed: the program has no such file
            file = none_new();
        } else {
            char shown[16];
            snprintf(shown, sizeof shown, "<%s>", files[fd].name);
            bool lines = fd == 2 || isatty(fd);
            file = io_open_standard(fd, files[fd].mode, shown, lines, options.unbuffered != 0,
                                    text_encoding, errors);
        }
        if (value_is_null(file) || sys_set(files[fd].name, file) < 0 ||
            sys_set(files[fd].original, file) < 0)
            die("standard files");
        ref_release(file);
    }
    free(encoding);
}

static void set_executable(const char *argv0) {
    char path[PATH_MAX], base[PATH_MAX];
    executable_find(argv0, path);
    executable_base(path, base);
    set_str("executable", path);
    set_str("_base_executable", base);
    // In a virtual environment site sets the first two anew.
    static const char *const prefixes[] = {"prefix", "exec_prefix", "base_prefix",
                                           "base_exec_prefix"};
    for (int i = 0; i < 4; i++)
        set_str(prefixes[i], "/usr");
    set_str("_stdlib_dir", library_folder());
}

static int set_annotations(Value namespace) {
    Value annotations = dict_new();
    int status =
        value_is_null(annotations) ? -1 : dict_set(namespace, name___annotations__, annotations);
    ref_release(annotations);
    return status;
}

// A list of command line words as sys shows them.
static void set_words(const char *name, const char *first, char **words, int count) {
    Value list = list_new();
    for (int i = first ? -1 : 0; i < count && !value_is_null(list); i++) {
        const char *word = i < 0 ? first : words[i];
        Value v = codec_decode((const uint8_t *)word, strlen(word), "utf-8", "surrogateescape");
        if (value_is_null(v) || list_append_owned(list, v) < 0)
            die(name);
    }
    if (value_is_null(list) || sys_set(name, list) < 0)
        die(name);
    ref_release(list);
}

// What must be imported before the program: filters of warnings, site. A failure of site's is
// fatal, as in CPython.
static void import_first(void) {
    if (options.warnings) {
        Value warnings = import_module_cstr("warnings");
        if (value_is_null(warnings))
            error_report_unraisable("'import warnings' failed; traceback:", VALUE_NULL);
        ref_release(warnings);
    }
    if (options.no_site)
        return;
    Value site = import_module_cstr("site");
    if (value_is_null(site)) {
        fputs("Fatal Python error: init_import_site: Failed to import the site module\n", stderr);
        error_print_and_exit_code();
        exit(1);
    }
    ref_release(site);
}

void start_interpreter(int argc, char **argv) {
    import_optimize_level = options.optimize;
    if (options.int_max_str_digits >= 0)
        int_max_str_digits = options.int_max_str_digits;
    reserve_start();
    thread_start_main();
    types_start();
    import_start();
    const char *shown = options.command  ? "-c"
                        : options.module ? "-m"
                        : options.script ? options.script
                                         : "";
    set_words("argv", shown, argv + options.rest, argc - options.rest);
    set_words("orig_argv", NULL, argv, argc);
    set_executable(argv[0]);
    set_path();
    set_files();
    // __main__
    main_module = module_new_cstr("__main__", NULL);
    Value builtins = import_module_cstr("builtins");
    if (value_is_null(main_module) || value_is_null(builtins) ||
        dict_set_cstr(module_dict(main_module), "__builtins__", builtins) < 0 ||
        set_annotations(module_dict(main_module)) < 0 ||
        dict_set_cstr(import_modules_dict(), "__main__", main_module) < 0)
        die("__main__");
    ref_release(builtins);
    signals_start();
    faulthandler_start();
    tracemalloc_start();
    import_first();
}

static int flush(const char *name) {
    Value file = sys_get(name);
    int status = 0;
    if (!value_is_null(file) && !value_is_none(file)) {
        Value closed = value_getattr(file, name_closed);
        int is_closed = value_is_null(closed) ? 0 : value_truth(closed);
        ref_release(closed);
        error_clear();
        if (!is_closed) {
            Value r = value_call_method(file, name_flush, NULL, 0);
            status = value_is_null(r) ? -1 : 0;
            if (status < 0)
                error_report_unraisable(NULL, file);
            ref_release(r);
        }
    }
    ref_release(file);
    return status;
}

// threading._shutdown() joins the threads that are not daemons, if threading was ever imported.
static void join_threads(void) {
    Value threading = dict_get(import_modules_dict(), name_threading);
    if (value_is_null(threading)) {
        error_clear();
        return;
    }
    Value r = value_call_method_cstr(threading, "_shutdown", NULL, 0);
    if (value_is_null(r))
        error_report_unraisable(NULL, threading);
    ref_release(r);
    ref_release(threading);
}

// Sets the globals of a module that something still holds to None: first the names with one leading
// underscore, then the others, so that objects only they hold see their end.
static void clear_namespace(Value namespace) {
    Value keys = dict_keys_list(namespace);
    for (int pass = 0; pass < 2 && !value_is_null(keys); pass++) {
        for (int64_t i = 0; i < list_length(keys); i++) {
            Value key = list_get(keys, i);
            if (value_is_null(key))
                break;
            bool underscore = value_is_str(key) && str_length(key) > 0 && str_at(key, 0) == '_' &&
                              !(str_length(key) > 1 && str_at(key, 1) == '_');
            if (underscore == (pass == 0) && !str_equal_cstr(key, "__builtins__") &&
                dict_set(namespace, key, VALUE_NONE) < 0)
                error_clear();
            ref_release(key);
        }
    }
    ref_release(keys);
    error_clear();
}

// Lets go of all modules but sys and builtins. Finalisers of what their globals held run while
// those globals are whole: the collector finds the namespace and what refers to it as one piece of
// garbage.
static void drop_modules(void) {
    static const char *const last[] = {"last_type", "last_value", "last_traceback", "ps1", "ps2"};
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (sys_set(last[i], VALUE_NONE) < 0)
            error_clear();
    Value modules = import_modules_dict();
    Value weak = weakref_new(main_module, VALUE_NULL);
    Value sys = dict_get_cstr(modules, "sys"), builtins = dict_get_cstr(modules, "builtins");
    error_clear();
    dict_clear(modules);
    if ((!value_is_null(sys) && dict_set_cstr(modules, "sys", sys) < 0) ||
        (!value_is_null(builtins) && dict_set_cstr(modules, "builtins", builtins) < 0))
        error_clear();
    ref_release(sys);
    ref_release(builtins);
    Value module = main_module;
    main_module = VALUE_NULL;
    ref_release(module);
    gc_collect();
    module = value_is_null(weak) ? VALUE_NULL : weakref_target(weak);
    if (!value_is_null(module)) {
        clear_namespace(module_dict(module));
        ref_release(module);
        gc_collect();
    }
    ref_release(weak);
}

int start_finish(int code) {
    join_threads();
    atexit_run();
    bool flushed = flush("stdout") == 0;
    if (!flushed)
        code = 120;
    flush("stderr");
    __atomic_store_n(&finishing, true, __ATOMIC_RELAXED);
    types_lock(); // or another thread may have it, stopped for good, and classes are still to end
    thread_finish_all();
    types_unlock();
    drop_modules();
    if (flushed) // else it was said already
        flush("stdout");
    flush("stderr");
    fflush(NULL);
    return code;
}
