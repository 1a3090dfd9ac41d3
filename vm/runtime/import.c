// SPDX-License-Identifier: MIT
//
// Importing: native modules from their table, Python modules and packages from sys.path.
//
// Two threads that import the same module: the second waits until the first has run it. A wait
// that would close a ring of threads waiting for each other's modules is not begun; the second
// thread then sees the module as far as it got (as CPython does).
#include "vm/runtime/import.h"
#include "locks/mutex.h"
#include "locks/parking.h"
#include "vm/interp/frame.h"
#include "vm/runtime/audit.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/import_trace.h"
#include "vm/runtime/options.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/namespace.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// ---- sys.modules ------------------------------------------------------------------------------

static Value modules; // set once at start-up
static Value sys_dict;

Value import_modules_dict(void) {
    return modules;
}

Value sys_get(const char *name) {
    if (value_is_null(sys_dict))
        return VALUE_NULL;
    return dict_get_cstr(sys_dict, name);
}
int sys_set(const char *name, Value value) {
    return dict_set_cstr(sys_dict, name, value);
}

// ---- who imports what ------------------------------------------------------------------------

// A module being imported. The list, and all fields, are guarded by import_lock; waiters park on
// the entry.
typedef struct Importing {
    Value name; // borrowed from the importing thread's stack frame
    Thread *owner;
    int waiters;
    bool done;
    struct Importing *next;
} Importing;

static Mutex import_lock;
static Importing
    *importing; // the head; also read without the lock, to see that nobody imports (relaxed)

static Importing *importing_find(Value name) {
    for (Importing *i = importing; i; i = i->next)
        if (!i->done && str_equal(i->name, name))
            return i;
    return NULL;
}

// Whom a thread waits for: guarded by import_lock, kept in a small table of waiting threads.
typedef struct Waiting {
    Thread *thread;
    Importing *on;
    struct Waiting *next;
} Waiting;
static Waiting *waiting;

static bool would_deadlock(Thread *self, Importing *on) {
    for (int steps = 0; on && steps < 1000; steps++) {
        if (on->owner == self)
            return true;
        Importing *next = NULL;
        for (Waiting *w = waiting; w; w = w->next)
            if (w->thread == on->owner)
                next = w->on;
        on = next;
    }
    return false;
}

static bool not_done(void *context) {
    return !__atomic_load_n(&((Importing *)context)->done, __ATOMIC_ACQUIRE);
}

enum Beginning {
    BEGINNING_OURS,   // nobody imports it: the entry is listed, this thread may begin
    BEGINNING_WAITED, // another thread did, and has ended
    BEGINNING_INSIDE, // this thread does, or waiting would close a ring: the module is as far as it
                      // got
};

static void importing_list(Importing *entry, Value name) { // with import_lock
    *entry = (Importing){.name = name, .owner = thread_current(), .next = importing};
    __atomic_store_n(&importing, entry, __ATOMIC_RELAXED);
}

// If another thread is importing name, waits for it.
static enum Beginning importing_begin(Importing *entry, Value name) {
    Thread *self = thread_current();
    mutex_lock(&import_lock);
    Importing *other = importing_find(name);
    if (!other) {
        importing_list(entry, name);
        mutex_unlock(&import_lock);
        return BEGINNING_OURS;
    }
    if (other->owner == self || would_deadlock(self, other)) {
        mutex_unlock(&import_lock);
        return BEGINNING_INSIDE;
    }
    Waiting w = {.thread = self, .on = other, .next = waiting};
    waiting = &w;
    other->waiters++;
    mutex_unlock(&import_lock);
    while (not_done(other))
        parking_park(other, not_done, other, -1, true, false, NULL);
    mutex_lock(&import_lock);
    for (Waiting **p = &waiting; *p; p = &(*p)->next)
        if (*p == &w) {
            *p = w.next;
            break;
        }
    __atomic_sub_fetch(&other->waiters, 1, __ATOMIC_RELEASE);
    mutex_unlock(&import_lock);
    return BEGINNING_WAITED;
}

static void importing_end(Importing *entry) {
    mutex_lock(&import_lock);
    for (Importing **p = &importing; *p; p = &(*p)->next)
        if (*p == entry) {
            __atomic_store_n(p, entry->next, __ATOMIC_RELAXED);
            break;
        }
    __atomic_store_n(&entry->done, true, __ATOMIC_RELEASE);
    mutex_unlock(&import_lock);
    // The entry lies on this stack: let every waiter go before it does.
    while (__atomic_load_n(&entry->waiters, __ATOMIC_ACQUIRE)) {
        parking_unpark_all(entry);
        thread_detach();
        usleep(50);
        thread_attach();
    }
}

bool import_is_running(Value package, Value leaf) {
    if (!__atomic_load_n(&importing, __ATOMIC_RELAXED))
        return false;
    Value full = str_format("%V.%V", package, leaf);
    if (value_is_null(full)) {
        error_clear();
        return false;
    }
    mutex_lock(&import_lock);
    bool running = importing_find(full) != NULL;
    mutex_unlock(&import_lock);
    ref_release(full);
    return running;
}

void import_before_fork(void) {
    mutex_lock(&import_lock);
}
void import_after_fork(bool child) {
    if (!child) {
        mutex_unlock(&import_lock);
        return;
    }
    import_lock = (Mutex)MUTEX_INIT;
    waiting = NULL;
    // What other threads were importing, nobody finishes.
    for (Importing **p = &importing; *p;) {
        if ((*p)->owner == thread_current()) {
            (*p)->waiters = 0;
            p = &(*p)->next;
        } else {
            *p = (*p)->next;
        }
    }
}

// ---- finding and loading ---------------------------------------------------------------------

static const NativeModule *native_find(Value name) {
    for (const NativeModule *const *m = native_modules; *m; m++)
        if (str_equal_cstr(name, (*m)->name))
            return *m;
    return NULL;
}

bool import_is_native(Value name) {
    return native_find(name) != NULL;
}

static int set_attribute(Value module, const char *name, Value v) { // consumes v
    if (value_is_null(v))
        return -1;
    int status = dict_set_cstr(module_dict(module), name, v);
    ref_release(v);
    return status;
}

Value import_make_spec(Value name, Value origin, Value parent, Value search) {
    Value spec = import_real_spec(name, origin, search);
    if (!value_is_null(spec) || error_occurred())
        return spec;
    bool has_location = !value_is_none(origin) && !str_equal_cstr(origin, "built-in");
    spec = namespace_new();
    Value cached = has_location ? import_cache_name(origin) : none_new();
    if (value_is_null(spec) || value_is_null(cached)) {
        ref_release(spec);
        ref_release(cached);
        return VALUE_NULL;
    }
    if (value_setattr(spec, name_name, name) < 0 ||
        value_setattr_cstr(spec, "loader", VALUE_NONE) < 0 ||
        value_setattr_cstr(spec, "origin", origin) < 0 ||
        value_setattr_cstr(spec, "parent", parent) < 0 ||
        value_setattr_cstr(spec, "has_location", value_from_bool(has_location)) < 0 ||
        value_setattr_cstr(spec, "cached", cached) < 0 ||
        value_setattr(spec, name_submodule_search_locations, search) < 0 ||
        value_setattr(spec, name__initializing, VALUE_TRUE) < 0) {
        ref_release(spec);
        ref_release(cached);
        return VALUE_NULL;
    }
    ref_release(cached);
    return spec;
}

Value import_parent_name(Value name) {
    int64_t dot = -1;
    for (int64_t i = str_length(name) - 1; i >= 0 && dot < 0; i--)
        if (str_at(name, i) == '.')
            dot = i;
    return dot < 0 ? str_empty() : str_substring(name, 0, dot);
}

static Value load_native(const NativeModule *native, Value name) {
    Value doc = native->doc ? str_from_cstr(native->doc) : VALUE_NULL;
    Value module = module_new(name, doc);
    ref_release(doc);
    if (value_is_null(module))
        return module;
    for (const NativeDef *def = native->functions; def && def->name; def++)
        if (set_attribute(module, def->name, native_function_new(def, module, name)) < 0)
            goto fail;
    Value empty = str_empty();
    Value origin = str_from_cstr("built-in");
    Value spec = import_make_spec(name, origin, empty, VALUE_NONE);
    ref_release(origin);
    if (!value_is_null(spec))
        value_setattr(spec, name__initializing, VALUE_FALSE);
    if (set_attribute(module, "__spec__", spec) < 0 ||
        set_attribute(module, "__package__", empty) < 0 || dict_set(modules, name, module) < 0)
        goto fail;
    if (native->fill && native->fill(module) < 0) {
        Value pending = error_take();
        dict_delete_if_present(modules, name);
        error_restore(pending);
        goto fail;
    }
    return module;
fail:
    ref_release(module);
    return VALUE_NULL;
}

int import_optimize_level;

static Value path_to_str(const char *path) {
    return codec_decode((const uint8_t *)path, strlen(path), "utf-8", "surrogateescape");
}

// What the code of a module gives as its file. CPython's importlib and runpy are frozen, and what
// shows or hides frames knows them by these names.
static Value shown_filename(Value name, Value path_value) {
    if (str_equal_cstr(name, "importlib._bootstrap"))
        return str_from_cstr("<frozen importlib._bootstrap>");
    if (str_equal_cstr(name, "importlib._bootstrap_external"))
        return str_from_cstr("<frozen importlib._bootstrap_external>");
    if (str_equal_cstr(name, "runpy"))
        return str_from_cstr("<frozen runpy>");
    return ref_new(path_value);
}

// Runs a Python module from a file. search: the package's __path__ list, or VALUE_NULL for a plain
// module.
static Value load_file(const char *path, Value name, Value search) {
    Value path_value = path_to_str(path), code = VALUE_NULL, module = VALUE_NULL, spec = VALUE_NULL;
    if (value_is_null(path_value))
        return VALUE_NULL;
    size_t length = strlen(path);
    bool compiled = length > 4 && strcmp(path + length - 4, ".pyc") == 0;
    Value shown = shown_filename(name, path_value);
    code = compiled ? import_compiled_code(path, shown, name) : import_module_code(path, shown);
    ref_release(shown);
    if (value_is_null(code))
        goto done;
    module = module_new(name, VALUE_NULL);
    if (value_is_null(module))
        goto done;
    Value package = value_is_null(search) ? import_parent_name(name) : ref_new(name);
    spec = import_make_spec(name, path_value, package, value_is_null(search) ? VALUE_NONE : search);
    Value dict = module_dict(module);
    Value builtins = dict_get_cstr(modules, "builtins");
    int status = value_is_null(spec) ? -1 : 0;
    status |= dict_set_cstr(dict, "__spec__", spec);
    status |= dict_set_cstr(dict, "__package__", package);
    status |= dict_set_cstr(dict, "__file__", path_value);
    status |= dict_set_cstr(dict, "__builtins__", module_dict(builtins));
    if (!value_is_null(search))
        status |= dict_set_cstr(dict, "__path__", search);
    static const char *const given[][2] = {{"loader", "__loader__"}, {"cached", "__cached__"}};
    for (int i = 0; i < 2 && status == 0; i++) {
        Value v = VALUE_NULL;
        if (value_lookup_attr_cstr(spec, given[i][0], &v) > 0 && !value_is_none(v))
            status = dict_set_cstr(dict, given[i][1], v);
        ref_release(v);
    }
    status |= dict_set(modules, name, module);
    ref_release(builtins);
    ref_release(package);
    if (status < 0) {
        ref_release(module);
        module = VALUE_NULL;
        goto done;
    }
    Value result = interp_run_code(code_of(code), dict, VALUE_NULL, VALUE_NULL);
    if (value_is_null(result)) {
        Value pending = error_take();
        dict_delete_if_present(modules, name);
        error_restore(pending);
        ref_release(module);
        module = VALUE_NULL;
        goto done;
    }
    ref_release(result);
    if (str_equal_cstr(name, "importlib._bootstrap_external") && import_set_magic(module) < 0)
        error_clear();
    if (value_setattr(spec, name__initializing, VALUE_FALSE) < 0)
        error_clear();
    // A module may put something else in its place.
    Value replaced = dict_get(modules, name);
    if (!value_is_null(replaced)) {
        ref_release(module);
        module = replaced;
    } else if (error_occurred()) {
        error_clear();
    }
done:
    ref_release(path_value);
    ref_release(code);
    ref_release(spec);
    return module;
}

static bool is_file(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
static bool is_directory(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

// Appends the suffix of a module's file that is there: source, or compiled code without a source.
static bool has_module(char *path, size_t stem) {
    memcpy(path + stem, ".py", 4);
    if (is_file(path))
        return true;
    memcpy(path + stem, ".pyc", 5);
    return is_file(path);
}

// Looks for `leaf` in the folders of `search` (a list; what is no str in it is passed over) and
// loads it as `name`. VALUE_NULL without an exception: nowhere.
static Value find_and_load(Value name, const char *leaf, Value search) {
    char path[4096], here[PATH_MAX];
    Value portions = VALUE_NULL; // folders without __init__.py: a namespace package
    int64_t count = value_is_list(search) ? list_length(search) : 0;
    for (int64_t i = 0; i < count; i++) {
        Value folder = list_get(search, i);
        if (value_is_null(folder)) {
            error_clear();
            break;
        }
        Value encoded =
            value_is_str(folder) ? codec_encode(folder, "utf-8", "surrogateescape") : VALUE_NULL;
        ref_release(folder);
        if (value_is_null(encoded)) {
            error_clear();
            continue;
        }
        const char *text = (const char *)bytes_data(encoded);
        int n = -1;
        // Relative folders are those of the moment.
        if (*text == '/')
            n = snprintf(path, sizeof path, "%s/%s", text, leaf);
        else if (getcwd(here, sizeof here))
            n = *text && strcmp(text, ".") != 0
                    ? snprintf(path, sizeof path, "%s/%s/%s", here, text, leaf)
                    : snprintf(path, sizeof path, "%s/%s", here, leaf);
        ref_release(encoded);
        if (n < 0 || (size_t)n + 16 >= sizeof path)
            continue;
        size_t stem = (size_t)n;
        if (is_directory(path)) {
            char *end = path + stem;
            memcpy(end, "/__init__.py", 13);
            bool package = is_file(path);
            if (!package) {
                memcpy(end, "/__init__.pyc", 14);
                package = is_file(path);
            }
            Value location = VALUE_NULL;
            *end = 0;
            location = path_to_str(path);
            if (value_is_null(location))
                return VALUE_NULL;
            if (package) {
                Value own = list_from_array(&location, 1);
                ref_release(location);
                ref_release(portions);
                if (value_is_null(own))
                    return own;
                *end = '/';
                Value module = load_file(path, name, own);
                ref_release(own);
                return module;
            }
            if (!has_module(path, stem)) {
                if (value_is_null(portions))
                    portions = list_new();
                list_append(portions, location);
            }
            ref_release(location);
        }
        if (has_module(path, stem)) {
            ref_release(portions);
            return load_file(path, name, VALUE_NULL);
        }
    }
    if (value_is_null(portions))
        return VALUE_NULL;
    Value module = import_namespace_package(name, portions);
    ref_release(portions);
    return module;
}

Value import_find_native(Value name) {
    const NativeModule *native = native_find(name);
    return native ? load_native(native, name) : VALUE_NULL;
}

Value import_load_native(Value name) {
    Value module = dict_get(modules, name);
    if (value_is_null(module) && !error_occurred())
        module = import_find_native(name);
    if (value_is_null(module) && !error_occurred())
        raise_error(&exception_ImportError, "no built-in module named %V", name);
    return module;
}

Value import_find_file(Value name, Value leaf, Value path) {
    Value search = value_is_none(path) ? sys_get("path") : list_from_iterable(path),
          module = VALUE_NULL;
    Value encoded = codec_encode(leaf, "utf-8", "surrogateescape");
    if (value_is_null(encoded)) {
        error_clear(); // no file has that name
    } else if (memchr(bytes_data(encoded), 0, (size_t)bytes_length(encoded)) ||
               memchr(bytes_data(encoded), '/', (size_t)bytes_length(encoded))) {
        // Nor this one.
    } else if (!value_is_null(search) &&
               thread_enter_recursive(" while calling a Python object") == 0) {
        if (import_by_path_hooks(name, search, &module) == 0)
            module = find_and_load(name, (const char *)bytes_data(encoded), search);
        thread_leave_recursive();
    }
    ref_release(encoded);
    ref_release(search);
    return module;
}

static Value raise_not_found(Value name, Value message) { // consumes message
    Value names = tuple_pack(1, name_name);
    Value args[2] = {message, name};
    Value e = value_is_null(names) || value_is_null(message)
                  ? VALUE_NULL
                  : value_call(value_from_object(&exception_ModuleNotFoundError), args, 1, names);
    ref_release(names);
    ref_release(message);
    if (!value_is_null(e)) {
        raise_object(e);
        ref_release(e);
    }
    return VALUE_NULL;
}

// The parent module gets its child as an attribute. The parent may have been replaced meanwhile.
static int bind_child(Value parent_name, Value leaf, Value module) {
    Value parent = dict_get(modules, parent_name);
    int status = value_is_null(parent) ? 0 : value_setattr(parent, leaf, module);
    ref_release(parent);
    if (status < 0 && error_matches(&exception_AttributeError)) {
        error_clear();
        status = warn(&exception_ImportWarning, 1,
                      "Cannot set an attribute on %R for child module %R", parent_name, leaf);
    }
    return status < 0 || error_occurred() ? -1 : 0;
}

// Finds and loads the module; it is in nobody's way. VALUE_NULL without an exception: nowhere.
static Value import_anew(Value name, Value leaf, Value search) {
    Value module = VALUE_NULL;
    if (audit_on()) {
        Value path = sys_get("path"), meta_path = sys_get("meta_path"),
              hooks = sys_get("path_hooks");
        int refused = audit("import", 5, name, VALUE_NONE, path, meta_path, hooks);
        ref_release(path);
        ref_release(meta_path);
        ref_release(hooks);
        if (refused < 0)
            return VALUE_NULL;
    }
    ImportTrace trace;
    import_trace_begin(&trace);
    if (import_by_finders(name, leaf, search, &module) == 0) {
        module = import_find_native(name);
        if (value_is_null(module) && !error_occurred())
            module = import_find_file(name, leaf, search);
    }
    Value pending = error_occurred() ? error_take() : VALUE_NULL;
    import_trace_end(&trace, name, module);
    if (!value_is_null(pending))
        error_restore(pending);
    if (!value_is_null(module) && str_equal_cstr(name, "importlib"))
        import_importlib_loaded();
    return module;
}

// The module `name` (absolute), imported if need be, with its parents. New reference.
Value import_by_name(Value name) {
    Value module = dict_get(modules, name);
    if (!value_is_null(module)) {
        if (value_is_none(module)) {
            ref_release(module);
            return raise_not_found(name,
                                   str_format("import of %V halted; None in sys.modules", name));
        }
        // Somebody may still be running it: wait, unless it is us.
        if (__atomic_load_n(&importing, __ATOMIC_RELAXED)) {
            mutex_lock(&import_lock);
            Importing *other = importing_find(name);
            bool wait = other && other->owner != thread_current();
            mutex_unlock(&import_lock);
            if (wait) {
                Importing entry;
                if (importing_begin(&entry, name) == BEGINNING_OURS)
                    importing_end(&entry);
            }
        }
        return module;
    }
    if (error_occurred())
        return VALUE_NULL;
    if (str_length(name) > 0 && str_at(name, 0) == '_' &&
        (str_equal_cstr(name, "_frozen_importlib") ||
         str_equal_cstr(name, "_frozen_importlib_external")) &&
        !dict_contains(modules, name_importlib)) {
        // Names that the library's importlib has too.
        Value importlib = import_by_name(name_importlib);
        if (value_is_null(importlib))
            return importlib;
        ref_release(importlib);
        return import_by_name(name);
    }
    Value parent_name = import_parent_name(name);
    if (value_is_null(parent_name))
        return VALUE_NULL;
    int64_t dot = str_length(parent_name);
    Value parent = VALUE_NULL, search = VALUE_NULL, leaf = VALUE_NULL;
    if (dot) {
        parent = import_by_name(parent_name);
        if (value_is_null(parent))
            goto fail;
        module = dict_get(modules, name); // the parent, or another thread, may have imported it
        if (!value_is_null(module)) {
            ref_release(module);
            module = import_by_name(name); // waits if it is not whole yet
            if (value_is_null(module))
                goto fail;
            goto bound;
        }
        int found = value_lookup_attr(parent, name___path__, &search);
        if (found < 0)
            goto fail;
        if (!found) {
            raise_not_found(
                name, str_format("No module named %R; %R is not a package", name, parent_name));
            goto fail;
        }
        leaf = str_substring(name, dot + 1, str_length(name));
    } else {
        search = none_new();
        leaf = ref_new(name);
    }
    Importing entry;
    enum Beginning beginning = importing_begin(&entry, name);
    module = dict_get(modules, name);
    if (!value_is_null(module) || error_occurred()) {
        if (beginning == BEGINNING_OURS)
            importing_end(&entry);
    } else if (beginning == BEGINNING_WAITED) { // the other thread failed: try ourselves
        module = import_by_name(name);
    } else {
        if (beginning == BEGINNING_INSIDE) { // begun, but not in sys.modules: begin anew
            mutex_lock(&import_lock);
            importing_list(&entry, name);
            mutex_unlock(&import_lock);
        }
        module = import_anew(name, leaf, search);
        importing_end(&entry);
    }
    if (value_is_null(module)) {
        if (!error_occurred())
            raise_not_found(name, str_format("No module named %R", name));
        goto fail;
    }
    if (!value_is_null(parent) && bind_child(parent_name, leaf, module) < 0)
        goto fail;
bound:
    ref_release(parent_name);
    ref_release(parent);
    ref_release(search);
    ref_release(leaf);
    return module;
fail:
    ref_release(module);
    ref_release(parent_name);
    ref_release(parent);
    ref_release(search);
    ref_release(leaf);
    return VALUE_NULL;
}

Value import_module_cstr(const char *text) {
    Value name = str_intern_cstr(text);
    Value module = import_by_name(name);
    ref_release(name);
    return module;
}

// ---- start-up -----------------------------------------------------------------------------------

void import_start(void) {
    modules = dict_new();
    Value sys_name = str_intern_cstr("sys"), builtins_name = str_intern_cstr("builtins");
    Value builtins = load_native(native_find(builtins_name), builtins_name);
    const NativeModule *native = native_find(sys_name);
    if (value_is_null(modules) || value_is_null(builtins) || !native)
        goto fail;
    // Every function that any thread makes refers to it, and it lives as long as the interpreter.
    ref_immortalize(value_object(module_dict(builtins)));
    // sys is reached through sys_dict while it fills itself.
    Value module = module_new(sys_name, VALUE_NULL);
    if (value_is_null(module))
        goto fail;
    sys_dict = ref_new(module_dict(module));
    for (const NativeDef *def = native->functions; def->name; def++)
        if (set_attribute(module, def->name, native_function_new(def, module, sys_name)) < 0)
            goto fail;
    if (dict_set(modules, sys_name, module) < 0 ||
        dict_set_cstr(sys_dict, "modules", modules) < 0 || native->fill(module) < 0)
        goto fail;
    import_hooks_start();
    Value origin = str_from_cstr("built-in"), empty = str_empty();
    Value spec =
        value_is_null(origin) ? origin : import_make_spec(sys_name, origin, empty, VALUE_NONE);
    ref_release(origin);
    ref_release(empty);
    if (value_is_null(spec) || value_setattr(spec, name__initializing, VALUE_FALSE) < 0 ||
        set_attribute(module, "__spec__", spec) < 0 ||
        set_attribute(module, "__package__", str_empty()) < 0)
        goto fail;
    ref_release(module);
    ref_release(builtins);
    ref_release(sys_name);
    ref_release(builtins_name);
    return;
fail:
    fprintf(stderr, "locksmith: cannot make the sys and builtins modules\n");
    exit(2);
}
